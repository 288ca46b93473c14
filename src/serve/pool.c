/* pool.c - a bounded queue of work and the threads that run it. */
#include "serve/pool.h"

#include <pthread.h>
#include <stdatomic.h>

struct queue {
    struct work *head, *tail;
};

struct pool {
    struct pool_setup setup;
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct queue first, next;
    unsigned idle, threads;
    bool waking; /* a thread was called and has not come yet */
    bool stopping;
    atomic_uint waiting;
    pthread_t *thread;
};

static void queue_put(struct queue *q, struct work *w)
{
    w->next = NULL;
    if (q->tail)
        q->tail->next = w;
    else
        q->head = w;
    q->tail = w;
}

static struct work *queue_take(struct queue *q)
{
    struct work *w = q->head;
    if (w && !(q->head = w->next))
        q->tail = NULL;
    return w;
}

/* One call at a time: who comes calls the next one when there is more than it can take. A call
 * for every piece of work would cost more than most of the work. Called with the lock. */
static bool wake_is_due(struct pool *p)
{
    if (p->idle == 0 || p->waking || !(p->first.head || p->next.head))
        return false;
    p->waking = true;
    return true;
}

static struct work *queues_take(struct pool *p)
{
    struct work *w = queue_take(&p->first);
    if (!w && (w = queue_take(&p->next)))
        atomic_fetch_sub_explicit(&p->waiting, 1, memory_order_relaxed);
    return w;
}

/* The next piece of work, waiting for it; NULL when the pool ends. Called with the lock. */
static struct work *pool_take(struct pool *p)
{
    for (;;) {
        struct work *w = queues_take(p);
        if (w && wake_is_due(p))
            pthread_cond_signal(&p->some);
        if (w || p->stopping)
            return w;
        p->idle++;
        pthread_cond_wait(&p->some, &p->lock);
        p->idle--;
        p->waking = false;
    }
}

static void *thread_main(void *arg)
{
    struct pool *p = arg;
    void *own = p->setup.begin ? p->setup.begin(p->setup.arg) : p->setup.arg;
    pthread_mutex_lock(&p->lock);
    for (struct work *w; (w = pool_take(p));) {
        pthread_mutex_unlock(&p->lock);
        p->setup.run(own, w);
        pthread_mutex_lock(&p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    if (p->setup.end)
        p->setup.end(own);
    return NULL;
}

struct pool *pool_start(struct arena *mem, const struct pool_setup *s)
{
    struct pool *p = arena_new_of(mem, struct pool);
    p->setup = *s;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->some, NULL);
    p->thread = arena_array(mem, pthread_t, s->threads);
    while (p->threads < s->threads &&
           pthread_create(&p->thread[p->threads], NULL, thread_main, p) == 0)
        p->threads++;
    return p->threads ? p : NULL;
}

bool pool_reserve(struct pool *p)
{
    if (atomic_fetch_add_explicit(&p->waiting, 1, memory_order_relaxed) < p->setup.max)
        return true;
    atomic_fetch_sub_explicit(&p->waiting, 1, memory_order_relaxed);
    return false;
}

static void pool_put(struct pool *p, struct queue *q, struct work *w)
{
    pthread_mutex_lock(&p->lock);
    queue_put(q, w);
    if (wake_is_due(p)) /* with the lock: afterwards the pool may be gone */
        pthread_cond_signal(&p->some);
    pthread_mutex_unlock(&p->lock);
}

void pool_push(struct pool *p, struct work *w)
{
    pool_put(p, &p->next, w);
}

void pool_push_first(struct pool *p, struct work *w)
{
    pool_put(p, &p->first, w);
}

unsigned pool_waiting(const struct pool *p)
{
    return atomic_load_explicit(&p->waiting, memory_order_relaxed);
}

void pool_stop(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_mutex_unlock(&p->lock);
    pthread_cond_broadcast(&p->some);
    for (unsigned i = 0; i < p->threads; i++)
        pthread_join(p->thread[i], NULL);
    pthread_cond_destroy(&p->some);
    pthread_mutex_destroy(&p->lock);
}
