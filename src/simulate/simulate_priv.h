/* simulate_priv.h - what the files of simulate/ share. See docs/internals/simulate.md.
 *
 * The loop (run.c) takes the earliest event, moves `now` there and calls the function named
 * for its kind; that plans what follows. Dossiers live in pages that are never freed within a
 * run, so that a pointer stays good; officers and stations in arrays of fixed size. */
#ifndef SIMULATE_SIMULATE_PRIV_H
#define SIMULATE_SIMULATE_PRIV_H

#include "simulate/live.h"

/* -- a run -- */
/* One run of one case with one seed. `mem` ends with the run, `scratch` with each event.
 * from_us … to_us is the window that counts, to_us … end_us the draining after it; the same
 * two as office time (from_w, to_w) for the officers' books. */
struct sim_run {
    struct ctx *cx;
    const struct sim_model *m;
    const struct sim_knobs *before, *knobs; /* until, and from, the first day that counts */
    const struct sim_plan *plan;
    struct arena *mem, *scratch;
    const struct calendar *cal;
    struct sim_hours *hours;
    uint64_t seed;
    int64_t now, from_us, to_us, end_us, from_w, to_w;
    struct sim_heap events;
    bool open_planned;
    int64_t steps, turned_away, stuck;
    /* who works */
    struct sim_station stations[SIM_STATIONS_MAX];
    size_t nstations;
    struct sim_officer officers[SIM_OFFICERS_MAX];
    size_t nofficers;
    struct sim_task *tasks;
    size_t ntasks, tasks_room;
    uint32_t free_task;
    /* what is worked on */
    struct sim_case *pages[PAGES_MAX];
    uint32_t ncases, free_case;
    size_t live;
    struct sim_arrivals arrivals[SIM_CLASSES_MAX];
    /* what is measured */
    struct sim_level open, waiting;
    int64_t waits; /* tasks taken up in the window */
    int64_t arrived;
    int32_t *count; /* [class * FLOW_STATES_MAX + state] */
    int64_t shown_open;
    int64_t next_day_us;
    int32_t *day_open, *day_state; /* [day], [state * days + day] */
    float *lead_wd, *lead_cd;
    size_t nlead, lead_room;
    int64_t late, counted;
};
int64_t run_clip(const struct sim_run *r, int64_t from, int64_t to); /* part in the window */
/* delta more (or fewer) from now on; adds the area since the last move. */
void level_move(struct sim_run *r, struct sim_level *l, int delta);
bool run_shows(const struct sim_run *r, unsigned class);
void lead_add(struct sim_run *r, double working, double calendar);

/* -- arrive.c -- */
void arrivals_begin(struct sim_run *r);
/* Plans when the next one comes; nothing beyond the window's end. */
void arrival_next(struct sim_run *r, unsigned class, bool is_extra);
/* Whether the one who comes now really comes: holidays, surges. */
bool arrival_is_real(struct sim_run *r, unsigned class, bool is_extra, struct sim_dice *fate);

/* -- office.c -- */
void office_begin(struct sim_run *r);
/* Puts work for an officer of `roles` in that office into its station's queue. Never 0. */
uint32_t task_new(struct sim_run *r, uint32_t who, unsigned branch, unsigned office,
                  unsigned roles);
void task_end(struct sim_run *r, uint32_t task); /* wherever it is; frees the officer */
/* An absence begins: what was in hand goes back with what is left of it. */
void officer_away(struct sim_run *r, unsigned officer);
void officer_back(struct sim_run *r, unsigned officer);
void officer_next(struct sim_run *r, unsigned officer); /* takes up what waits */
/* When the office opens: every idle officer in turn takes up what waits. */
void stations_serve(struct sim_run *r);
void office_end(struct sim_run *r); /* the window's books */

/* -- life.c -- */
struct sim_case *case_at(const struct sim_run *r, uint32_t i);
void case_arrive(struct sim_run *r, unsigned class, bool is_extra);
/* Its legal time had not begun when it would have run out, had it begun when the dossier came:
 * whom nobody receives is late, though by the clock it never is. */
bool case_is_neglected(const struct sim_run *r, const struct sim_case *c);
/* The work on a task takes so long, drawn once. */
int64_t task_work(struct sim_run *r, const struct sim_task *t);
/* May this officer not take it: not_by of the state, or has answered another branch of the
 * fork. */
bool task_is_barred(const struct sim_run *r, const struct sim_task *t, unsigned officer);
MUST_USE enum rc task_done(struct sim_run *r, unsigned officer);
MUST_USE enum rc case_later(struct sim_run *r, uint32_t who); /* the act after the work */
MUST_USE enum rc case_applicant(struct sim_run *r, uint32_t who);
/* The state's `after` has run out: the dossier goes where the flow says. */
MUST_USE enum rc case_timer(struct sim_run *r, uint32_t who);
/* Nobody answered in time: agree, refuse, or the leader is asked for as long again. */
MUST_USE enum rc branch_silent(struct sim_run *r, uint32_t who, unsigned branch);
MUST_USE enum rc branch_answer(struct sim_run *r, uint32_t who, unsigned branch);

/* -- run.c -- */
struct sim_outcome { /* of one run */
    double value[SIM_MEASURES];
    bool is_least[SIM_MEASURES];
    double little;
};
/* Adds day figures and leads to *side. INTERNAL when the books do not balance; OVERLOADED above
 * steps_max. */
MUST_USE enum rc sim_run_once(struct ctx *cx, const struct sim_model *m,
                              const struct sim_knobs *before, const struct sim_knobs *knobs,
                              const struct sim_plan *plan, uint64_t seed, struct sim_side *side,
                              struct sim_outcome *ret);

/* -- model.c -- */
/* Adds a line to the model's assumptions: a key of po/ and its value. */
void assume(struct ctx *cx, struct sim_model *m, const char *key, struct str value);
MUST_USE enum rc model_class_add(struct ctx *cx, struct sim_model *m, const struct pack *p,
                                 struct sim_class **ret);
struct sim_model *model_new(struct ctx *cx);

#endif
