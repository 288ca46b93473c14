/* simulate.h - an office in virtual time: what would happen with other staff, arrivals, order.
 * See docs/internals/simulate.md.
 *
 * A discrete-event simulation over the flows of packs: the interpreter of flow.h says what may
 * follow, casework's own fold (casework/clock.h) counts the clocks. The same model, knobs and
 * seed give the same figures. Floating point is for measuring; instants are whole.
 *
 * Everything allocates in cx->mem and nothing is stored; a run has an arena of its own that
 * goes with it. A model, once made, is not changed by running, so threads may share one.
 * Failures: INVALID with the knob as field, NOT_FOUND, OVERLOADED (steps, slots), INTERNAL
 * (the books). */
#ifndef SIMULATE_SIMULATE_H
#define SIMULATE_SIMULATE_H

#include "pack/pack.h"

enum {
    SIM_CLASSES_MAX = 16,   /* services that share an office */
    SIM_OFFICES_MAX = 9,    /* the office itself, and who is asked by a fork */
    SIM_OFFICERS_MAX = 200, /* of all offices */
    SIM_KNOBS_MAX = 16,     /* of each kind */
    SIM_DAYS_MAX = 1000,
    SIM_SEEDS_MAX = 100,
    SIM_LIVE_MAX =
        50000,        /* dossiers at one time; what comes above it is turned away and told */
    SIM_SPANS_MAX = 4 /* of an office day */
};

/* -- the model -- */
enum sim_shape {
    SIM_NONE, /* takes no time */
    SIM_FIXED,
    SIM_EXPONENTIAL, /* a: mean */
    SIM_LOGNORMAL,   /* a: median, b: nine in ten are shorter */
    SIM_TRIANGULAR,  /* a: least, b: likeliest, c: most */
    SIM_SAMPLES      /* v[0 … n-1], each as likely */
};
struct sim_time { /* microseconds: of office hours for officers, of any time for applicants */
    enum sim_shape shape;
    double a, b, c;
    const double *v;
    size_t n;
};
/* "fixed:30m" "exp:2wh" "lognormal:2wh/1wd" "triangular:1wh/2wh/1wd"; m, wh, wd (of eight hours),
 * cd. */
MUST_USE bool sim_time_parse(struct str s, struct sim_time *ret);
struct str sim_time_print(struct arena *mem, const struct sim_time *t);

struct sim_state {
    struct sim_time work; /* of the officer */
    struct sim_time span; /* from taking up to acting, when known: what is more than the work
                           * does not need the officer */
    struct sim_time wait; /* until the applicant acts */
    double silent;        /* share of applicants who never act */
    double weight[FLOW_ACTS_MAX];                /* how often each act is chosen */
    struct sim_time answer[FLOW_BRANCHES_MAX];   /* of a fork */
    double agree[FLOW_BRANCHES_MAX];             /* share of answers that agree */
    unsigned char office[FLOW_BRANCHES_MAX + 1]; /* who acts: [0] the state, else a branch */
};
/* Of the same span that the model was learnt from; shares 0 … 1, days as in sim_measure. */
struct sim_seen { /* what happened, for comparing */
    double lead50_wd, lead90_wd, late;
    size_t n; /* dossiers done */
};
/* One service in the model: its pack as it is published now, whatever version its past ran
 * under. */
struct sim_class {
    const struct pack *pack;
    double hourly[7 * 24];    /* arrivals an hour by weekday and hour, Monday 00:00 first */
    struct sim_state *states; /* by index */
    struct sim_seen seen;     /* n 0: nothing is known of the past */
};
/* Minutes after midnight at UTC+07:00, 0 … 1440; from_min < to_min. */
struct sim_span {
    int32_t from_min, to_min; /* of the day */
};
/* An office as it is today: who works there, what comes in, how long things take.
 * `assumptions` are shown to whoever reads the figures, in words: nothing is taken silently. */
struct sim_model {
    const struct calendar *cal;
    struct sim_span spans[SIM_SPANS_MAX]; /* office hours, in order */
    size_t nspans;
    bool is_always_open; /* every hour of every day: for queueing theory */
    struct sim_class classes[SIM_CLASSES_MAX];
    size_t nclasses;
    struct str offices[SIM_OFFICES_MAX]; /* duty; [0]: the office itself */
    size_t noffices;
    /* Officers with that role. An office without any for a task answers without a queue. */
    int staff[SIM_OFFICES_MAX][ROLE_COUNT];
    struct json *assumptions; /* [{key, …}] what was not known and what was taken instead */
};

/* Without history: arrivals spread over office hours, work from each stage's `within`, the first
 * act of a state 85 in 100 times. rate: dossiers a working day. */
MUST_USE enum rc sim_model_plain(struct ctx *cx, const struct pack *p, double rate,
                                 struct sim_model **ret);
/* From a unit's dossiers of the last `days` days: every service that it handled, its officers'
 * roles. Where a state has fewer than 30 samples in the unit, those of all units serve. NOT_FOUND
 * when the unit had no dossier. */
MUST_USE enum rc sim_model_history(struct ctx *cx, const struct unit *u, int32_t days,
                                   struct sim_model **ret);

/* -- knobs: what would be different from today -- */
/* One knob's turn. Days are civil days; which of n and factor counts depends on the knob. */
struct sim_change {
    unsigned char office, role;
    int n;            /* staff: the number; absent: how many */
    int32_t from, to; /* civil days, both included */
    double factor;    /* surge: 1.3 = 30 % more */
};
/* A case: zeroed, it is today. Knobs hold from the first counted day on; the warm-up is
 * today's. */
struct sim_knobs {
    struct sim_change staff[SIM_KNOBS_MAX], absent[SIM_KNOBS_MAX], surge[SIM_KNOBS_MAX];
    size_t nstaff, nabsent, nsurge;
    int32_t holidays[SIM_KNOBS_MAX];
    size_t nholidays;
    double arrivals; /* of all services, as a multiple; 0: as in the model */
    bool is_edf;     /* earliest due first; else first come, first served */
    bool is_serial;  /* who a fork asks is asked one after the other */
};
/* Each takes one option's text ("specialist=2,leader=1", "specialist=1:2026-12-01..2026-12-31",
 * "30%:2026-12-01..2026-12-31", "2026-12-31") and adds to *k. INVALID with the option as field. */
MUST_USE enum rc sim_staff_parse(struct ctx *cx, const struct sim_model *m, struct str s,
                                 struct sim_knobs *k);
MUST_USE enum rc sim_absent_parse(struct ctx *cx, const struct sim_model *m, struct str s,
                                  struct sim_knobs *k);
MUST_USE enum rc sim_surge_parse(struct ctx *cx, struct str s, struct sim_knobs *k);
MUST_USE enum rc sim_holiday_parse(struct ctx *cx, struct str s, struct sim_knobs *k);
/* The model's dossiers a working day, of one class or (nclasses) of all. */
double sim_model_rate(const struct sim_model *m, size_t class);
/* "processing=exp:2wh,signing=fixed:30m": into the model. NOT_FOUND: no class has such a state. */
MUST_USE enum rc sim_service_parse(struct ctx *cx, struct sim_model *m, struct str s);

#include "simulate/study.h" /* running it */

#endif
