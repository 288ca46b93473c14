/* parts.h - what a simulation is made of: random numbers, office hours, an event heap. See
 * docs/internals/simulate.md. */
#ifndef SIMULATE_PARTS_H
#define SIMULATE_PARTS_H

#include "simulate/simulate.h"

/* -- dice.c: the same seed, the same fate (splitmix64) -- */
struct sim_dice {
    uint64_t state;
};
/* A stream of its own for every purpose, so that a changed knob leaves the other fates alone. */
struct sim_dice dice_of(uint64_t seed, uint64_t a, uint64_t b);
double dice_unit(struct sim_dice *d);                            /* 0 < u < 1 */
int64_t dice_time(struct sim_dice *d, const struct sim_time *t); /* microseconds, 0 or more */

/* -- hours.c: office time -- */
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
/* closed: further days off. */
struct sim_hours *hours_new(struct arena *mem, const struct sim_model *m, int32_t first,
                            int32_t n, const struct sim_knobs *k);
int64_t hours_worked(const struct sim_hours *h, int64_t at); /* office time before it */
int64_t hours_after(const struct sim_hours *h, int64_t at, int64_t work);
bool hours_is_open(const struct sim_hours *h, int64_t at);
int64_t hours_next(const struct sim_hours *h, int64_t at); /* at, or when it opens */

/* -- run.c: what comes next -- */
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
struct sim_event {
    int64_t at;
    uint64_t order; /* of two at the same moment the first pushed comes first */
    uint32_t who, gen;
    uint8_t kind, extra;
};
struct sim_heap {
    struct arena *mem;
    struct sim_event *v;
    size_t n, room;
    uint64_t pushed;
};
void heap_push(struct sim_heap *h, struct sim_event e); /* sets its order, unless it has one */
struct sim_event heap_pop(struct sim_heap *h);

#endif
