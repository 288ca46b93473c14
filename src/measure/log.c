/* log.c - the rows since the last fold, kept in memory by indicator for those who read figures. */
#include "measure/log.h"

#include <pthread.h>

#include "app/app.h"
#include "base/map.h"
#include "gen/measure_sql.h"
#include "measure/measure_priv.h"

enum { CHUNK = 64 };
static const size_t CACHE_BYTES = (size_t)256 << 20;

struct kept {
    int64_t id, unit, num, den;
    int32_t day, bucket;
    uint32_t channel, procedure; /* procedure: its place among the names */
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
    struct arena *mem; /* of what follows */
    struct map *rows, *names;
};

static void cache_end(void *arg)
{
    struct log_cache *c = arg;
    arena_free(c->mem);
    pthread_rwlock_destroy(&c->lock);
}

static void cache_begin(struct log_cache *c, int64_t first)
{
    arena_reset(c->mem);
    c->first = first;
    c->last = first - 1;
    c->rows = map_new(c->mem);
    c->names = map_new(c->mem);
}

struct log_cache *log_cache_new(struct arena *mem)
{
    struct log_cache *c = arena_new_of(mem, struct log_cache);
    c->mem = arena_new(CACHE_BYTES);
    pthread_rwlock_init(&c->lock, NULL);
    cache_begin(c, -1);
    arena_on_free(mem, cache_end, c);
    return c;
}

/* -- filling -- */

static uint32_t name_place(struct log_cache *c, struct str name)
{
    const uint32_t *known = map_get(c->names, name);
    if (known)
        return *known;
    uint32_t *place = arena_new_of(c->mem, uint32_t);
    *place = (uint32_t)map_size(c->names);
    map_set(c->names, str_dup(c->mem, name), place);
    return *place;
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
    *row_new(c, rows_of(c, r->indicator)) = (struct kept){r->id,
                                                          r->unit,
                                                          r->num,
                                                          r->den,
                                                          (int32_t)r->day,
                                                          (int32_t)r->bucket,
                                                          (uint32_t)r->channel,
                                                          name_place(c, r->procedure)};
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
        enum rc rc = cache_fill(cx, c, b);
        pthread_rwlock_unlock(&c->lock);
        TRY(rc);
    }
}

/* -- reading -- */

static enum rc cache_walk(struct ctx *cx, const struct log_cache *c, struct str indicator,
                          int64_t last, log_fn *each, void *arg)
{
    const struct rows *rows = map_get(c->rows, indicator);
    for (const struct chunk *k = rows ? rows->first : NULL; k; k = k->next)
        for (size_t i = 0; i < k->n && k->v[i].id <= last; i++) {
            const struct kept *v = &k->v[i];
            struct log_row r = {.unit = v->unit,
                                .day = v->day,
                                .channel = v->channel,
                                .bucket = v->bucket,
                                .num = v->num,
                                .den = v->den};
            map_at(c->names, v->procedure, &r.procedure);
            TRY(each(cx, &r, arg));
        }
    return RC_OK;
}

struct direct {
    struct str indicator;
    log_fn *each;
    void *arg;
};

static enum rc direct_each(struct ctx *cx, const struct log_after_row *r, void *arg)
{
    const struct direct *d = arg;
    struct log_row row = {r->procedure, r->unit, r->day, r->channel, r->bucket, r->num, r->den};
    return str_eq(r->indicator, d->indicator) ? d->each(cx, &row, d->arg) : RC_OK;
}

enum rc log_read(struct ctx *cx, struct str indicator, log_fn *each, void *arg)
{
    struct log_cache *c = cx->app->measure->log;
    struct direct direct = {indicator, each, arg};
    struct log_bounds_row *b;
    if (db_is_writing(cx)) /* rows that may yet be rolled back are nobody else's */
        return sql_log_after(cx, -1, INT64_MAX, direct_each, &direct);
    TRY(sql_log_bounds(cx, &b));
    if (b->first < 0)
        return RC_OK;
    TRY(cache_take(cx, c, b));
    enum rc rc = cache_walk(cx, c, indicator, b->last, each, arg);
    pthread_rwlock_unlock(&c->lock);
    return rc;
}
