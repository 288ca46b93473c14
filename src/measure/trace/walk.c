/* walk.c - through the traces of an indicator: the folded blocks, and the log behind them. */
#include <stdlib.h>

#include "gen/measure_sql.h"
#include "measure/log.h"
#include "measure/trace/trace.h"

static const size_t SCRATCH_MAX = (size_t)64 << 20;

/* Younger than the last fold, in order of events. */
struct young {
    struct trace *v;
    size_t n, room;
    int64_t *dropped; /* moves taken back since, in whatever block they are */
    size_t ndropped, dropped_room;
};
struct walk {
    const struct trace_walk *w;
    struct ctx *cx;        /* the caller's */
    struct ctx own;        /* the same, with memory for some blocks */
    struct arena *room;    /* of the next */
    struct trace *block;   /* room for one; NULL: none was read yet */
    struct numbers *units; /* in the forest; NULL: all are */
    struct young young;
    int64_t seen;
    bool stop;
};

/* -- what is wanted -- */

static bool unit_is_in(const struct walk *k, int64_t id)
{
    return !id || !k->units || numbers_have(k->units, id);
}

static bool is_wanted(const struct walk *k, const struct trace *t)
{
    const struct trace_walk *w = k->w;
    return t->day >= w->from && t->day < w->to && !((t->tag ^ w->tag) & w->mask) &&
           t->seq > w->after && unit_is_in(k, t->unit);
}

static bool is_dropped(const struct walk *k, int64_t seq)
{
    for (size_t i = 0; i < k->young.ndropped; i++)
        if (k->young.dropped[i] == seq)
            return true;
    return false;
}

static enum rc trace_tell(struct walk *k, const struct trace *t)
{
    if (k->stop || !is_wanted(k, t) || is_dropped(k, t->seq))
        return RC_OK;
    return k->w->each(k->cx, t, k->w->arg, &k->stop);
}

static enum rc run_tell(struct walk *k, const struct trace *v, size_t n)
{
    for (size_t i = 0; i < n && !k->stop; i++)
        TRY(trace_tell(k, &v[k->w->back ? n - 1 - i : i]));
    k->seen += (int64_t)n;
    return RC_OK;
}

/* -- the log -- */

/* Room for one more: twice as much each time. */
static void *grown(struct arena *mem, void *v, size_t n, size_t *room, size_t each)
{
    enum { AT_FIRST = 64 };
    if (n < *room)
        return v;
    *room = *room ? 2 * *room : AT_FIRST;
    void *more = arena_alloc_n(mem, *room, each);
    if (n)
        memcpy(more, v, n * each);
    return more;
}

static enum rc young_each(struct ctx *cx, const struct log_row *r, void *arg)
{
    struct walk *k = arg;
    struct young *y = &k->young;
    struct trace t = {.seq = r->seq,
                      .subject = r->subject,
                      .unit = r->unit,
                      .day = (int32_t)r->day,
                      .tag = trace_tag(r->procedure, r->channel),
                      .sign = (int8_t)((r->num > 0) - (r->num < 0))};
    if (r->undone) {
        y->dropped = grown(cx->mem, y->dropped, y->ndropped, &y->dropped_room, sizeof(int64_t));
        y->dropped[y->ndropped++] = r->undone;
    } else if (y->n && y->v[y->n - 1].seq == t.seq) { /* another cell of the same event */
        if (y->v[y->n - 1].sign <= 0 && t.sign)
            y->v[y->n - 1].sign = t.sign;
    } else {
        y->v = grown(cx->mem, y->v, y->n, &y->room, sizeof t);
        y->v[y->n++] = t;
    }
    return RC_OK;
}

/* -- the blocks -- */

static enum rc block_tell(struct walk *k, const struct trace_blocks_row *row)
{
    if (row->n < 0 || row->n > TRACE_EVENTS)
        return FAIL(&k->own, CORRUPT, "traces", "%lld in a block", (long long)row->n);
    if (!k->block) /* the same for all: hundreds may be passed over */
        k->block = arena_array(k->room, struct trace, TRACE_EVENTS);
    TRY(traces_decode(&k->own, row->traces, row->block, k->block, (size_t)row->n));
    return run_tell(k, k->block, (size_t)row->n);
}

static enum rc blocks_get(struct walk *k, int64_t at, struct trace_blocks_rows *ret)
{
    const struct trace_walk *w = k->w;
    struct trace_blocks_back_rows back;
    if (!w->back)
        return sql_trace_blocks(&k->own, w->ind->id, at, w->from, w->to, ret);
    TRY(sql_trace_blocks_back(&k->own, w->ind->id, at, w->from, w->to, &back));
    *ret = (struct trace_blocks_rows){back.v, back.n};
    return RC_OK;
}

/* Some of them, from *at on; *at: where to go on, INT64_MIN at the end. */
static enum rc blocks_some(struct walk *k, int64_t *at)
{
    struct trace_blocks_rows rows;
    TRY(blocks_get(k, *at, &rows));
    for (size_t i = 0; i < rows.n && !k->stop; i++)
        TRY(block_tell(k, &rows.v[i]));
    int64_t last = rows.n ? rows.v[rows.n - 1].block : 0;
    bool is_end = !rows.n || (k->w->back && last == 0);
    *at = is_end ? INT64_MIN : last + (k->w->back ? -1 : 1);
    return RC_OK;
}

static enum rc blocks_walk(struct walk *k, int64_t *rest)
{
    int64_t first = k->w->after < 0 ? 0 : k->w->after / TRACE_EVENTS; /* of it some is wanted */
    first += k->w->after >= 0 && k->w->after % TRACE_EVENTS == TRACE_EVENTS - 1;
    int64_t at = k->w->back ? INT64_MAX : first;
    while (at != INT64_MIN && !k->stop) {
        if (k->seen >= k->w->most) {
            *rest = k->w->back ? (at + 1) * TRACE_EVENTS : at * TRACE_EVENTS - 1;
            return RC_OK;
        }
        enum rc rc = blocks_some(k, &at);
        if (rc != RC_OK && k->own.err.rc != RC_OK)
            return ctx_fail(k->cx, rc, "traces", __FILE__, __LINE__, "%s", k->own.err.detail);
        TRY(rc);
        arena_reset(k->own.mem);
    }
    return RC_OK;
}

/* -- */

static struct walk walk_on(struct ctx *cx, const struct trace_walk *w)
{
    struct walk k = {.w = w, .cx = cx, .own = *cx};
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    k.units = w->forest->unit ? numbers_new(cx->mem) : NULL;
    for (size_t i = 0; k.units && i < n; i++)
        if (forest_row(w->forest, all[i]))
            numbers_add(k.units, all[i]->id.v);
    k.own.mem = arena_child(cx->mem, SCRATCH_MAX);
    k.room = arena_child(cx->mem, SCRATCH_MAX);
    return k;
}

enum rc trace_walk(struct ctx *cx, const struct trace_walk *w, int64_t *rest)
{
    struct walk k = walk_on(cx, w);
    *rest = -1;
    TRY(log_read(cx, w->ind->id, young_each, &k));
    if (w->back)
        TRY(run_tell(&k, k.young.v, k.young.n));
    TRY(blocks_walk(&k, rest));
    if (!w->back && !k.stop && *rest < 0)
        TRY(run_tell(&k, k.young.v, k.young.n));
    arena_reset(k.room);
    return RC_OK;
}
