/* beside.c - bulk work done by a second thread beside the caller. */
#include "base/beside.h"

#include <pthread.h>
#include <stdbool.h>

struct beside {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t turned; /* there is a job, or it is done, or all is over */
    beside_fn *job;        /* NULL: none */
    void *arg;
    bool is_alone, is_over; /* alone: without a thread */
};

static void *beside_main(void *of)
{
    struct beside *b = of;
    pthread_mutex_lock(&b->lock);
    for (;;) {
        while (!b->job && !b->is_over)
            pthread_cond_wait(&b->turned, &b->lock);
        if (!b->job)
            break;
        pthread_mutex_unlock(&b->lock);
        b->job(b->arg);
        pthread_mutex_lock(&b->lock);
        b->job = NULL;
        pthread_cond_broadcast(&b->turned);
    }
    pthread_mutex_unlock(&b->lock);
    return NULL;
}

static void beside_end(void *of)
{
    struct beside *b = of;
    pthread_mutex_lock(&b->lock);
    b->is_over = true;
    pthread_cond_broadcast(&b->turned);
    pthread_mutex_unlock(&b->lock);
    if (!b->is_alone)
        pthread_join(b->thread, NULL);
    pthread_cond_destroy(&b->turned);
    pthread_mutex_destroy(&b->lock);
}

struct beside *beside_new(struct arena *mem)
{
    struct beside *b = arena_new_of(mem, struct beside);
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->turned, NULL);
    b->is_alone = pthread_create(&b->thread, NULL, beside_main, b) != 0;
    arena_on_free(mem, beside_end, b);
    return b;
}

void beside_wait(struct beside *b)
{
    if (!b || b->is_alone)
        return;
    pthread_mutex_lock(&b->lock);
    while (b->job)
        pthread_cond_wait(&b->turned, &b->lock);
    pthread_mutex_unlock(&b->lock);
}

void beside_do(struct beside *b, beside_fn *job, void *arg)
{
    if (!b || b->is_alone) {
        job(arg);
        return;
    }
    beside_wait(b);
    pthread_mutex_lock(&b->lock);
    b->arg = arg;
    b->job = job;
    pthread_cond_broadcast(&b->turned);
    pthread_mutex_unlock(&b->lock);
}
