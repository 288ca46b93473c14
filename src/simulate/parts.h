/* parts.h - what a simulation is made of: random numbers, office hours, an event heap. See
 * docs/internals/simulate.md.
 *
 * All three are pure and allocate only in the arena they are given. Nothing here reads a
 * clock: time is what the caller says. */
#ifndef SIMULATE_PARTS_H
#define SIMULATE_PARTS_H

#include "simulate/simulate.h"

/* -- dice.c: the same seed, the same fate (splitmix64) -- */
/* Never shared between threads or purposes; 2^64 states, so streams that begin apart stay
 * apart. */
struct sim_dice {
    uint64_t state;
};
/* A stream of its own for every purpose, so that a changed knob leaves the other fates alone. */
struct sim_dice dice_of(uint64_t seed, uint64_t a, uint64_t b);
double dice_unit(struct sim_dice *d);                            /* 0 < u < 1 */
int64_t dice_time(struct sim_dice *d, const struct sim_time *t); /* microseconds, 0 or more */

/* -- hours.c: office time -- */
/* Office time as prefix counts over a span of days: any question is a look-up, none walks
 * days. Instants before and after the table count as its first and last day. */
struct sim_hours {
    int32_t first, n; /* days of the table */
    int64_t day_us;   /* office hours of a day */
    struct sim_span spans[SIM_SPANS_MAX];
    size_t nspans;
    bool *open;
    int32_t *before; /* office days before the i-th */
    int32_t *nth;    /* the n-th office day */
    int32_t working;
};
/* The model's days and office hours are that calendar's (model.c). */
void model_calendar(struct sim_model *m, const struct calendar *cal);
/* closed: further days off. */
struct sim_hours *hours_new(struct arena *mem, const struct sim_model *m, int32_t first,
                            int32_t n, const struct sim_knobs *k);
int64_t hours_worked(const struct sim_hours *h, int64_t at); /* office time before it */
/* The instant at which `work` of office time has passed since at; at itself for none. */
int64_t hours_after(const struct sim_hours *h, int64_t at, int64_t work);
bool hours_is_open(const struct sim_hours *h, int64_t at);
int64_t hours_next(const struct sim_hours *h, int64_t at); /* at, or when it opens */

/* -- run.c: what comes next -- */
/* What an event means, for the loop of run.c; the comment of each stands at its function. */
enum sim_kind {
    SIM_ARRIVE,
    SIM_DONE,
    SIM_APPLICANT,
    SIM_TIMER,
    SIM_SILENT,
    SIM_ANSWER,
    SIM_OPEN,
    SIM_AWAY,
    SIM_BACK,
    SIM_FREE,
    SIM_LATER
};
;
/* Something that will happen; void when `gen` is no longer that of `who`. */
struct sim_event {
    int64_t at;
    uint64_t order; /* of two at the same moment the first pushed comes first */
    uint32_t who, gen;
    uint8_t kind, extra;
};
/* A binary heap by (at, order): events of one moment keep the order in which they were
 * planned, without which a run could not be repeated. */
struct sim_heap {
    struct arena *mem;
    struct sim_event *v;
    size_t n, room;
    uint64_t pushed;
};
void heap_push(struct sim_heap *h, struct sim_event e); /* sets its order, unless it has one */
/* The earliest, taken out. The heap must not be empty. */
struct sim_event heap_pop(struct sim_heap *h);

#endif
