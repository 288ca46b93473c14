/* locked.h - what many threads share: a lock, and memory that is nobody's unit of work. See
 * docs/internals/base.md.
 *
 * An arena is used by one thread at a time; what is filled by whichever thread comes has one of
 * its own, used under the lock. Stands in the struct that it guards. */
#ifndef BASE_LOCKED_H
#define BASE_LOCKED_H

#include <pthread.h>

#include "base/arena.h"

struct locked {
    pthread_mutex_t lock;
    struct arena *mem; /* may be replaced by another; NULL: none */
};

/* Until `life` ends: then the arena that stands in it is freed, and the lock is gone. limit: bytes
 * of an arena of its own; 0: only the lock. */
void locked_begin(struct locked *l, struct arena *life, size_t limit);
void locked_take(struct locked *l); /* waits; not twice by one thread */
void locked_give(struct locked *l);

#endif
