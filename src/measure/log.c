/* log.c - the rows since the last fold, kept in memory by indicator for those who read figures. */
#include "measure/log.h"

#include <pthread.h>

#include "app/app.h"
#include "base/map.h"
#include "gen/measure_sql.h"
#include "measure/measure_priv.h"

enum { CHUNK = 64, BATCH = 128 };
static const size_t CACHE_BYTES = (size_t)256 << 20, NAMES_BYTES = (size_t)4 << 20;

struct kept {
    int64_t id;
    struct log_row row; /* its procedure is one of the names */
};
struct chunk {
    struct chunk *next;
    size_t n;
    struct kept v[CHUNK];
};
struct rows { /* of one indicator */
    struct chunk *first, *last;
};
/* The rows first … last of the table. Another first row: it was folded since, and begins anew. */
struct log_cache {
    pthread_rwlock_t lock;
    int64_t first, last;
    uint64_t age;      /* how often it began */
    struct arena *mem; /* of the rows */
    struct map *rows;
    struct arena *names_mem; /* procedures, as many as were ever published: they stay */
    struct map *names;
};

static void cache_end(void *arg)
{
    struct log_cache *c = arg;
    arena_free(c->mem);
    arena_free(c->names_mem);
    pthread_rwlock_destroy(&c->lock);
}

static void cache_begin(struct log_cache *c, int64_t first)
{
    arena_reset(c->mem);
    c->age++;
    c->first = first;
    c->last = first - 1;
    c->rows = map_new(c->mem);
}

struct log_cache *log_cache_new(struct arena *mem)
{
    struct log_cache *c = arena_new_of(mem, struct log_cache);
    c->mem = arena_new(CACHE_BYTES);
    c->names_mem = arena_new(NAMES_BYTES);
    c->names = map_new(c->names_mem);
    pthread_rwlock_init(&c->lock, NULL);
    cache_begin(c, -1);
    arena_on_free(mem, cache_end, c);
    return c;
}

/* -- filling -- */

static struct str name_kept(struct log_cache *c, struct str name)
{
    const struct str *known = map_get(c->names, name);
    if (known)
        return *known;
    struct str *kept = arena_new_of(c->names_mem, struct str);
    *kept = str_dup(c->names_mem, name);
    map_set(c->names, *kept, kept);
    return *kept;
}

static struct rows *rows_of(struct log_cache *c, struct str indicator)
{
    struct rows *rows = map_get(c->rows, indicator);
    if (rows)
        return rows;
    rows = arena_new_of(c->mem, struct rows);
    map_set(c->rows, str_dup(c->mem, indicator), rows);
    return rows;
}

static struct kept *row_new(struct log_cache *c, struct rows *rows)
{
    if (!rows->last || rows->last->n == CHUNK) {
        struct chunk *chunk = arena_new_of(c->mem, struct chunk);
        *(rows->last ? &rows->last->next : &rows->first) = chunk;
        rows->last = chunk;
    }
    return &rows->last->v[rows->last->n++];
}

static enum rc keep_each(struct ctx *cx, const struct log_after_row *r, void *arg)
{
    struct log_cache *c = arg;
    *row_new(c, rows_of(c, r->indicator)) =
        (struct kept){r->id,
                      {name_kept(c, r->procedure), r->unit, r->day, r->channel, r->bucket,
                       r->num, r->den, r->id / ROWS_OF_EVENT, r->subject, r->undone}};
    c->last = r->id;
    return RC_OK;
}

static bool is_full(const struct log_cache *c, const struct log_bounds_row *b)
{
    return c->first == b->first && c->last >= b->last;
}

static enum rc cache_fill(struct ctx *cx, struct log_cache *c, const struct log_bounds_row *b)
{
    if (c->first != b->first)
        cache_begin(c, b->first);
    return is_full(c, b) ? RC_OK : sql_log_after(cx, c->last, b->last, keep_each, c);
}

/* Leaves it locked for reading, with all rows up to the caller's last. */
static enum rc cache_take(struct ctx *cx, struct log_cache *c, const struct log_bounds_row *b)
{
    for (;;) {
        pthread_rwlock_rdlock(&c->lock);
        if (is_full(c, b))
            return RC_OK;
        pthread_rwlock_unlock(&c->lock);
        pthread_rwlock_wrlock(&c->lock);
        struct arena *mem = cx->mem;
        cx->mem = c->mem; /* it has room: nobody leaves while holding the lock */
        enum rc rc = cache_fill(cx, c, b);
        cx->mem = mem;
        pthread_rwlock_unlock(&c->lock);
        TRY(rc);
    }
}

/* -- reading -- */

/* Rows are copied out some at a time and told without the lock: whoever is told may run out of
 * memory and never come back. */
struct batch {
    uint64_t age; /* of the cache where it began */
    const struct chunk *chunk;
    size_t at; /* the next row: its chunk, its place there */
    struct kept v[BATCH];
    size_t n;
};

static void batch_copy(struct batch *b, int64_t last)
{
    for (b->n = 0; b->chunk && b->n < BATCH;) {
        if (b->at == b->chunk->n) {
            if (!b->chunk->next)
                return;
            b->chunk = b->chunk->next;
            b->at = 0;
        }
        if (b->chunk->v[b->at].id > last)
            return;
        b->v[b->n++] = b->chunk->v[b->at++];
    }
}

/* False: it was folded meanwhile, and begun anew. */
static bool batch_next(struct log_cache *c, struct batch *b, int64_t last)
{
    pthread_rwlock_rdlock(&c->lock);
    bool same = c->age == b->age;
    if (same)
        batch_copy(b, last);
    pthread_rwlock_unlock(&c->lock);
    return same;
}

struct direct {
    struct str indicator;
    log_fn *each;
    void *arg;
};

static enum rc direct_each(struct ctx *cx, const struct log_after_row *r, void *arg)
{
    const struct direct *d = arg;
    struct log_row row = {r->procedure, r->unit,  r->day, r->channel,
                          r->bucket,    r->num,   r->den, r->id / ROWS_OF_EVENT,
                          r->subject,   r->undone};
    return str_eq(r->indicator, d->indicator) ? d->each(cx, &row, d->arg) : RC_OK;
}

static enum rc cache_walk(struct ctx *cx, struct log_cache *c, struct batch *b, int64_t last,
                          struct direct *d)
{
    int64_t told = -1;
    do {
        for (size_t i = 0; i < b->n; i++) {
            TRY(d->each(cx, &b->v[i].row, d->arg));
            told = b->v[i].id;
        }
        if (!batch_next(c, b, last)) /* this reader's state of the table still has them */
            return sql_log_after(cx, told, last, direct_each, d);
    } while (b->n);
    return RC_OK;
}

enum rc log_read(struct ctx *cx, struct str indicator, log_fn *each, void *arg)
{
    struct log_cache *c = cx->app->measure->log;
    struct direct direct = {indicator, each, arg};
    struct log_bounds_row *bounds;
    struct batch b = {.n = 0};
    if (db_is_writing(cx)) /* rows that may yet be rolled back are nobody else's */
        return sql_log_after(cx, -1, INT64_MAX, direct_each, &direct);
    TRY(sql_log_bounds(cx, &bounds));
    if (bounds->first < 0)
        return RC_OK;
    TRY(cache_take(cx, c, bounds));
    const struct rows *rows = map_get(c->rows, indicator);
    b.age = c->age;
    b.chunk = rows ? rows->first : NULL;
    batch_copy(&b, bounds->last);
    pthread_rwlock_unlock(&c->lock);
    return cache_walk(cx, c, &b, bounds->last, &direct);
}
