/* study.h - running a model: seeds, figures with their uncertainty, two cases side by side. See
 * docs/internals/simulate.md. Included by simulate/simulate.h.
 *
 * Figures are means over the seeds; the interval is Student's at 95 % over the seeds' own
 * means, so it tells of chance in the play and not of what the model assumes. Differences are
 * taken seed by seed, between runs in which the same people come: their interval is the
 * narrower one. */
#ifndef SIMULATE_STUDY_H
#define SIMULATE_STUDY_H

#include "base/ctx.h"
#include "text/json.h"

struct sim_model;
struct sim_knobs;

/* What is told of a case. Names in JSON and in CSV: sim_measure_name. */
enum sim_measure {
    SIM_LEAD50_WD, /* submission to the end of handling, working days; half are quicker */
    SIM_LEAD90_WD,
    SIM_LEAD50_CD, /* calendar days */
    SIM_LEAD90_CD,
    SIM_LATE,        /* share of dossiers that ran over, 0 … 1 */
    SIM_BACKLOG,     /* open dossiers, mean over the days */
    SIM_BACKLOG_END, /* on the last day */
    SIM_ARRIVED,     /* dossiers a day */
    SIM_WAITING,     /* tasks that wait for an officer, mean over time (Lq) */
    SIM_WAIT_HOURS,  /* mean wait of a task for an officer, hours of any time (Wq) */
    SIM_BUSY,        /* + role: share of working time in which officers of a role were busy */
    SIM_MEASURES = SIM_BUSY + 16
};
struct sim_figure {
    double mean, half; /* 95 % interval: mean ± half; half 0 with one seed */
    bool is_least;     /* more than that part had not ended: the true value is larger */
};
struct sim_side { /* one case */
    struct sim_figure figure[SIM_MEASURES];
    double *backlog;  /* [day], mean over the seeds */
    double *state;    /* [state of `shown`][day] */
    double *lead;     /* [working days, the last: that or more], share of dossiers */
    int64_t dossiers; /* looked at, all seeds */
    int64_t steps, turned_away, stuck;
    double little; /* the largest |L - sum of times / T| / L of all runs */
};
enum { SIM_LEAD_DAYS = 41 };

/* What to run. days 1 … SIM_DAYS_MAX, seeds 1 … SIM_SEEDS_MAX. progress may be NULL; it is
 * called now and then from the thread that runs, with steps done and expected. */
struct sim_plan {
    int32_t from;  /* first day that counts; knobs hold from it on */
    int32_t days;  /* that count */
    int32_t warm;  /* days before it, as today; not counted */
    int32_t drain; /* days after it in which what was begun is followed */
    int64_t seed;
    int seeds;
    size_t shown;      /* class whose figures are told; nclasses: all */
    int64_t steps_max; /* 0: none. Fewer seeds are run when it is used up */
    size_t live_max;   /* 0: SIM_LIVE_MAX */
    void (*progress)(void *arg, int64_t done, int64_t all);
    void *arg;
};
/* Both cases and what lies between them. Memory: the arena of the ctx that ran it. */
struct sim_study {
    struct sim_side today, what_if;
    struct sim_figure diff[SIM_MEASURES]; /* what-if less today, by pairs of seeds */
    int seeds;                            /* run in full */
    int64_t elapsed_us, steps;
};
/* Both cases with the same seeds and the same people coming. today may be NULL: plain;
 * what_if NULL: not run. INTERNAL when a run's own books do not balance (Little's law); OVERLOADED
 * when steps_max does not do for two seeds. */
MUST_USE enum rc sim_study_run(struct ctx *cx, const struct sim_model *m,
                               const struct sim_knobs *today, const struct sim_knobs *what_if,
                               const struct sim_plan *plan, struct sim_study *ret);
/* For requests: at most SIM_SLOTS play at a time in the process, so that other people's requests
 * keep their workers; OVERLOADED above it. Given back when cx->mem ends. */
enum { SIM_SLOTS = 2 };
MUST_USE enum rc sim_slot_take(struct ctx *cx);
/* {assumptions, today:{…}, what_if:{…}, difference:{…}, seeds, steps}. */
struct json *sim_study_json(struct ctx *cx, const struct sim_model *m,
                            const struct sim_plan *plan, const struct sim_study *s);
const char *sim_measure_name(enum sim_measure m); /* "lead50_wd"; NULL past the last */

#endif
