/* held.c - counting in bulk: what is counted waits in memory, and is counted beside the turn. */
#include "measure/sum/held.h"

#include "app/app.h"
#include "measure/measure_priv.h"

enum { HELD_PARTS = 1 << 20, EVENTS = 256 };
static const size_t HELD_BYTES = (size_t)512 << 20;
static const size_t BATCH_BYTES = (size_t)64 << 20, BATCH_FULL = (size_t)1 << 20;

struct later {
    struct event ev;
    int32_t clock;
    int64_t now_us;
};
struct batch {
    struct ctx
        cx; /* the thread's while it counts; facts and what counting needs are in its mem */
    held_count_fn *count;
    struct later v[EVENTS];
    size_t n;
    enum rc rc;
};
/* Two batches: one is filled by the turn, one counted by the thread. */
struct ahead {
    struct beside *thread;
    struct batch batch[2];
    struct batch *filling, *counting;
};
struct held {
    int64_t until;
    struct arena *mem, *ahead_mem; /* of the tally; of what counts beside */
    struct tally *tally;           /* NULL: nothing waits */
    struct ahead *ahead;           /* NULL: the turn counts itself */
};

static void tally_forget(struct held *h)
{
    arena_free(h->mem);
    h->mem = NULL;
    h->tally = NULL;
}

static void ahead_end(struct held *h)
{
    arena_free(h->ahead_mem);
    h->ahead_mem = NULL;
    h->ahead = NULL;
}

static void held_end(void *arg)
{
    ahead_end(arg);
    tally_forget(arg);
}

struct held *held_new(struct arena *mem)
{
    struct held *h = arena_new_of(mem, struct held);
    arena_on_free(mem, held_end, h);
    return h;
}

void held_until(struct held *h, int64_t until)
{
    if (!until)
        ahead_end(h); /* first: it counts by what is held */
    h->until = until;
}

bool held_is_on(const struct held *h)
{
    return h->until != 0;
}

bool held_takes(const struct held *h, int64_t seq)
{
    return seq < h->until;
}

void held_add(struct held *h, const struct tally_part *p)
{
    if (!h->tally) {
        h->mem = arena_new(HELD_BYTES);
        h->tally = tally_on(h->mem);
    }
    tally_add(h->tally, p);
}

bool held_is_full(const struct held *h)
{
    return h->tally && tally_parts(h->tally) >= HELD_PARTS;
}

static enum rc tally_settle(struct ctx *cx, struct held *h)
{
    if (!h->tally)
        return RC_OK;
    if (h->ahead)
        tally_beside(h->tally, h->ahead->thread);
    enum rc rc = tally_write(cx, h->tally);
    tally_forget(h);
    return rc;
}

/* -- beside the turn -- */

static void batch_count(void *arg)
{
    struct batch *b = arg;
    for (size_t i = 0; i < b->n && b->rc == RC_OK; i++) {
        b->cx.now_us = b->v[i].now_us;
        b->rc = b->count(&b->cx, &b->v[i].ev, b->v[i].clock);
    }
}

/* The thread rests afterwards, and what it counted may be looked at. */
static enum rc counted_take(struct ctx *cx, const struct ahead *a)
{
    beside_wait(a->thread);
    if (a->counting->rc != RC_OK && cx->err.rc == RC_OK)
        cx->err = a->counting->cx.err;
    return a->counting->rc;
}

/* What was filled is counted from now on, and the other batch filled. */
static enum rc batch_turn(struct ctx *cx, struct ahead *a)
{
    TRY(counted_take(cx, a));
    struct batch *full = a->filling;
    a->filling = a->counting;
    a->counting = full;
    arena_reset(a->filling->cx.mem);
    a->filling->n = 0;
    beside_do(a->thread, batch_count, full);
    return RC_OK;
}

static struct event event_kept(struct arena *mem, const struct event *ev)
{
    return (struct event){.seq = ev->seq,
                          .time_us = ev->time_us,
                          .kind = ev->kind,
                          .actor = ev->actor,
                          .unit = ev->unit,
                          .subject = ev->subject,
                          .facts = ev->facts ? json_copy(mem, ev->facts) : NULL};
}

enum rc held_later(struct ctx *cx, struct held *h, const struct event *ev, int32_t clock)
{
    struct ahead *a = h->ahead;
    if (a->filling->n == EVENTS || arena_used(a->filling->cx.mem) > BATCH_FULL) {
        TRY(counted_take(cx, a));
        if (held_is_full(h))
            TRY(tally_settle(cx, h));
        TRY(batch_turn(cx, a));
    }
    struct batch *b = a->filling;
    b->v[b->n++] = (struct later){event_kept(b->cx.mem, ev), clock, cx->now_us};
    return RC_OK;
}

enum rc held_wait(struct ctx *cx, struct held *h)
{
    if (!h->ahead)
        return RC_OK;
    if (h->ahead->filling->n)
        TRY(batch_turn(cx, h->ahead));
    return counted_take(cx, h->ahead);
}

enum rc held_write(struct ctx *cx, struct held *h)
{
    TRY(held_wait(cx, h));
    return tally_settle(cx, h);
}

bool held_is_beside(const struct held *h)
{
    return h->ahead != NULL;
}

static void batches_end(void *arg)
{
    struct ahead *a = arg;
    for (size_t i = 0; i < 2; i++)
        arena_free(a->batch[i].cx.mem);
}

void held_beside(struct held *h, struct app *app, held_count_fn *count)
{
    ahead_end(h);
    h->ahead_mem = arena_new(sizeof(struct ahead) + (1 << 20));
    struct ahead *a = arena_new_of(h->ahead_mem, struct ahead);
    for (size_t i = 0; i < 2; i++) {
        a->batch[i].cx = (struct ctx){.mem = arena_new(BATCH_BYTES), .app = app};
        a->batch[i].count = count;
    }
    a->filling = &a->batch[0];
    a->counting = &a->batch[1];
    arena_on_free(h->ahead_mem, batches_end, a);
    a->thread = beside_new(h->ahead_mem); /* ends before the batches do */
    h->ahead = a;
}
