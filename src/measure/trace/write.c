/* write.c - traces on their way into the table. */
#include <stdlib.h>

#include "gen/measure_sql.h"
#include "measure/trace/trace.h"

enum { CHUNK = 128 };

struct chunk {
    struct chunk *next;
    size_t n;
    struct trace v[CHUNK];
};
struct list { /* of one indicator, latest chunk first */
    struct chunk *added, *dropped;
    size_t nadded, ndropped;
};
/* In order of events. */
struct run {
    struct trace *v;
    size_t n;
};
/* What each list and each row in turn is made in: touching new memory took most of a fold. */
struct bench {
    struct trace *added, *dropped, *row;
    char *bytes;
};
struct traces {
    struct arena *mem;
    struct list *v;
    size_t n;
};

/* -- taking -- */

struct traces *traces_new(struct arena *mem)
{
    struct traces *t = arena_new_of(mem, struct traces);
    t->mem = mem;
    return t;
}

static struct list *list_of(struct traces *t, size_t indicator)
{
    if (indicator < t->n)
        return &t->v[indicator];
    size_t room = 2 * indicator + 64;
    struct list *v = arena_array(t->mem, struct list, room);
    if (t->n)
        memcpy(v, t->v, t->n * sizeof *v);
    t->v = v;
    t->n = room;
    return &t->v[indicator];
}

static void chunk_add(struct arena *mem, struct chunk **to, const struct trace *one)
{
    if (!*to || (*to)->n == CHUNK) {
        struct chunk *c = arena_new_of(mem, struct chunk);
        c->next = *to;
        *to = c;
    }
    (*to)->v[(*to)->n++] = *one;
}

void traces_add(struct traces *t, size_t indicator, const struct trace *one)
{
    struct list *l = list_of(t, indicator);
    chunk_add(t->mem, &l->added, one);
    l->nadded++;
}

void traces_drop(struct traces *t, size_t indicator, int64_t seq)
{
    struct list *l = list_of(t, indicator);
    chunk_add(t->mem, &l->dropped, &(struct trace){.seq = seq});
    l->ndropped++;
}

/* -- in order, none twice -- */

static int trace_cmp(const void *x, const void *y)
{
    const struct trace *a = x, *b = y;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

/* An event may add to several cells of an indicator: one that adds says more than one that takes
 * off, and that more than one below the line; so it matters not which comes first. */
static void signs_join(struct trace *t, const struct trace *other)
{
    if (t->sign <= 0 && other->sign)
        t->sign = other->sign;
}

static void run_join(struct run *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (n && r->v[n - 1].seq == r->v[i].seq)
            signs_join(&r->v[n - 1], &r->v[i]);
        else
            r->v[n++] = r->v[i];
    }
    r->n = n;
}

static void run_sort(struct run *r)
{
    size_t i = 1;
    while (i < r->n && r->v[i - 1].seq <= r->v[i].seq)
        i++;
    if (i < r->n) /* steps of a backfill go backwards */
        qsort(r->v, r->n, sizeof *r->v, trace_cmp);
    run_join(r);
}

/* The last chunk is the earliest. */
static struct run run_of(struct trace *room, const struct chunk *last, size_t n)
{
    struct run r = {room, n};
    for (size_t at = n; last; last = last->next) {
        at -= last->n;
        memcpy(&r.v[at], last->v, last->n * sizeof *r.v);
    }
    run_sort(&r);
    return r;
}

static int64_t block_of(const struct trace *t)
{
    return t->seq / TRACE_EVENTS;
}

/* Those of the block that r begins with; they are taken off it. */
static struct run block_take(struct run *r, int64_t block)
{
    struct run one = {r->v, 0};
    while (one.n < r->n && block_of(&r->v[one.n]) == block)
        one.n++;
    r->v += one.n;
    r->n -= one.n;
    return one;
}

/* -- a row -- */

/* What stands there already. */
static enum rc row_read(struct ctx *cx, struct str indicator, int64_t block, struct run *ret)
{
    struct trace_row_row *row;
    TRY(sql_trace_row(cx, indicator, block, &row));
    size_t n = row ? (size_t)row->n : 0;
    if (row && (row->n < 0 || row->n > TRACE_EVENTS))
        return FAIL(cx, CORRUPT, "traces", "%lld in a block", (long long)row->n);
    ret->n = n;
    return row ? traces_decode(cx, row->traces, block, ret->v, n) : RC_OK;
}

static void run_drop(struct run *r, const struct run *dropped)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (!dropped->n || !bsearch(&r->v[i], dropped->v, dropped->n, sizeof *r->v, trace_cmp))
            r->v[n++] = r->v[i];
    r->n = n;
}

static enum rc row_put(struct ctx *cx, struct str indicator, int64_t block, const struct run *r,
                       char *bytes)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < r->n; i++) {
        first = r->v[i].day < first ? r->v[i].day : first;
        last = r->v[i].day > last ? r->v[i].day : last;
    }
    if (!r->n)
        return sql_trace_delete(cx, indicator, block);
    return sql_trace_put(cx, indicator, block, first, last, (int64_t)r->n,
                         traces_code(bytes, r->v, r->n));
}

static enum rc row_write(struct ctx *cx, const struct bench *b, struct str indicator,
                         const struct run *added, const struct run *dropped)
{
    struct run all = {.v = b->row};
    int64_t block = block_of(added->n ? added->v : dropped->v);
    TRY(row_read(cx, indicator, block, &all));
    memcpy(&all.v[all.n], added->v, added->n * sizeof *all.v);
    all.n += added->n;
    run_sort(&all);
    run_drop(&all, dropped);
    return row_put(cx, indicator, block, &all, b->bytes);
}

static enum rc list_write(struct ctx *cx, const struct bench *b, struct str indicator,
                          const struct list *l)
{
    struct run added = run_of(b->added, l->added, l->nadded);
    struct run dropped = run_of(b->dropped, l->dropped, l->ndropped);
    while (added.n || dropped.n) {
        int64_t block = added.n ? block_of(added.v) : block_of(dropped.v);
        if (dropped.n && block_of(dropped.v) < block)
            block = block_of(dropped.v);
        struct run more = block_take(&added, block), less = block_take(&dropped, block);
        TRY(row_write(cx, b, indicator, &more, &less));
    }
    return RC_OK;
}

/* A run and a row have at most an event's trace each, so a block's are at most twice its events. */
static struct bench bench_for(const struct traces *t)
{
    enum { ROW = 2 * TRACE_EVENTS };
    size_t added = 0, dropped = 0;
    for (size_t i = 0; i < t->n; i++) {
        added = t->v[i].nadded > added ? t->v[i].nadded : added;
        dropped = t->v[i].ndropped > dropped ? t->v[i].ndropped : dropped;
    }
    return (struct bench){.added = arena_array(t->mem, struct trace, added + 1),
                          .dropped = arena_array(t->mem, struct trace, dropped + 1),
                          .row = arena_array(t->mem, struct trace, ROW),
                          .bytes = arena_alloc_n(t->mem, TRACE_EVENTS, TRACE_BYTES_MAX)};
}

enum rc traces_write(struct ctx *cx, struct traces *t, const struct map *names)
{
    struct arena *mem = cx->mem;
    enum rc rc = RC_OK;
    struct bench bench = bench_for(t);
    cx->mem = t->mem; /* it ends with what is written */
    for (size_t i = 0; i < t->n && rc == RC_OK; i++) {
        struct str indicator = STR("");
        if (!t->v[i].nadded && !t->v[i].ndropped)
            continue;
        map_at(names, i, &indicator);
        rc = list_write(cx, &bench, indicator, &t->v[i]);
    }
    cx->mem = mem;
    return rc;
}
