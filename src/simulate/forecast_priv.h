/* forecast_priv.h - what finished dossiers taught. See docs/internals/simulate.md.
 *
 * Learning writes `next`, which only the housekeeper's thread has, and publishes it in one
 * swap under the lock's writing side; readers hold the reading side while they look. So a
 * forecast never waits for learning, and memory is at most two sets of lessons. */
#ifndef SIMULATE_FORECAST_PRIV_H
#define SIMULATE_FORECAST_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/map.h"
#include "simulate/forecast.h"
#include "simulate/parts.h"

/* One stay of a finished dossier in a state. Office time, microseconds. */
struct stay {
    int64_t unit;
    float here;   /* in the state */
    float all;    /* from entering it to the end of the handling */
    float counts; /* of that, what the legal clock counts */
};
enum {
    STAYS_MAX = 600
}; /* of one state of one service; the latest are learnt first and stay */
struct stays {
    struct stay *v;
    size_t n;
};
/* What was learnt in one go; not changed once readers may see it. */
struct lessons {
    struct arena *mem;
    struct map *packs; /* pack id -> struct stays[FLOW_STATES_MAX], by the current version */
    struct sim_hours *hours;
    int64_t before; /* dossiers from this id on are learnt from */
    size_t dossiers;
};
struct forecasts {
    pthread_rwlock_t lock;
    struct lessons *now;  /* for readers */
    struct lessons *next; /* the housekeeper's alone */
    atomic_int playing;   /* simulations that requests have begun */
};

/* -- learn.c -- */
/* With an arena of its own and no dossier learnt; lessons_free gives it back. */
struct lessons *lessons_new(struct ctx *cx);
void lessons_free(struct lessons *l);
/* At most `most` further finished dossiers, the latest first; *done: how many were looked at,
 * 0 when there are no more. Durations only: nothing of a person or a dossier is kept. */
MUST_USE enum rc lessons_learn(struct ctx *cx, struct lessons *l, size_t most, size_t *done);
/* l takes the place of what readers see; the old ones are freed once nobody looks at them. */
void lessons_publish(struct forecasts *f, struct lessons *l);

#endif
