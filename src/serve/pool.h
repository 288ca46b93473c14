/* pool.h - a bounded queue of work and the threads that run it. See docs/internals/serve.md.
 *
 * New work needs a place first (pool_reserve): the queue never grows past its ceiling. Work
 * that comes back (its commit is durable) goes ahead of new work and needs no place, because
 * it held one before. */
#ifndef SERVE_POOL_H
#define SERVE_POOL_H

#include "base/arena.h"

#include <stdbool.h>

struct pool;

struct work { /* stands first in whatever is queued */
    struct work *next;
};

struct pool_setup {
    unsigned threads, max;
    void *(*begin)(void *arg);              /* each thread's own state; may be NULL */
    void (*run)(void *own, struct work *w); /* one piece of work */
    void (*end)(void *own);                 /* may be NULL */
    void *arg;
};

/* Starts the threads; fewer when the system refuses some, NULL when it refuses all. Lives in
 * mem, and must be stopped before mem ends. */
struct pool *pool_start(struct arena *mem, const struct pool_setup *s);
/* Takes a place in the queue; false when there is none. */
bool pool_reserve(struct pool *p);
/* Queues work whose place was reserved. */
void pool_push(struct pool *p, struct work *w);
/* Queues work that had its place before, ahead of new work. */
void pool_push_first(struct pool *p, struct work *w);
unsigned pool_waiting(const struct pool *p); /* new work not yet begun */
/* Runs what is queued, then ends the threads. Nothing may be pushed any more. */
void pool_stop(struct pool *p);

#endif
