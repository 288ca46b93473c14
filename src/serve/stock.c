/* stock.c - request arenas at rest. */
#include "serve/stock.h"

#include <pthread.h>

struct stock {
    pthread_mutex_t lock;
    size_t arena_limit;
    unsigned n;
    struct arena *at[STOCK_MAX];
};

struct stock *stock_new(struct arena *mem, size_t arena_limit)
{
    struct stock *s = arena_new_of(mem, struct stock);
    s->arena_limit = arena_limit;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

struct arena *stock_take(struct stock *s)
{
    struct arena *mem = NULL;
    pthread_mutex_lock(&s->lock);
    if (s->n)
        mem = s->at[--s->n];
    pthread_mutex_unlock(&s->lock);
    return mem ? mem : arena_new(s->arena_limit);
}

void stock_give(struct stock *s, struct arena *mem)
{
    arena_reset(mem);
    pthread_mutex_lock(&s->lock);
    if (s->n < STOCK_MAX) {
        s->at[s->n++] = mem;
        mem = NULL;
    }
    pthread_mutex_unlock(&s->lock);
    arena_free(mem);
}

void stock_empty(struct stock *s)
{
    while (s->n)
        arena_free(s->at[--s->n]);
    pthread_mutex_destroy(&s->lock);
}
