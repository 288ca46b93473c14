/* locked.c - a lock and memory of its own, until the owner ends. */
#include "base/locked.h"

static void locked_end(void *arg)
{
    struct locked *l = arg;
    arena_free(l->mem);
    pthread_mutex_destroy(&l->lock);
}

void locked_begin(struct locked *l, struct arena *life, size_t limit)
{
    l->mem = limit ? arena_new(limit) : NULL;
    pthread_mutex_init(&l->lock, NULL);
    arena_on_free(life, locked_end, l);
}

void locked_take(struct locked *l)
{
    pthread_mutex_lock(&l->lock);
}

void locked_give(struct locked *l)
{
    pthread_mutex_unlock(&l->lock);
}
