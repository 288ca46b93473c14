/* fold.c - what reading needs, summed from the log of cells thousands of events at a time.
 *
 * Counting only adds rows at the end of `cell`; every FOLD_EVENTS-th event of the ledger moves
 * them into days, months and the sums of the units above. Where that happens changes no sum: a
 * rebuild holds back what comes before the live log's first row and has the same tables. */
#include "app/app.h"
#include "base/map.h"
#include "gen/measure_sql.h"
#include "measure/sum/fold.h"
#include "measure/measure_priv.h"
#include "store/store.h"
#include "measure/trace/trace.h"

/* More to a fold means more that falls together, and more that readers hold in memory. */
enum {
    FOLD_EVENTS = 16384,
    CHUNK = 512,
    RECENT = 4096, /* keys that are likely to come again */
    ABOVE_MAX = 16,
    YOUNG_PARTS = 1 << 20,
    YOUNG_AT_START = 1024
};
static const size_t FOLD_BYTES = (size_t)512 << 20;

/* A sum on its way into a table. Its key there, in the order of the table's own key, stands in two
 * numbers that compare quickly; names and units are places in lists, in order of appearance. */
enum { PLACES = 1 << 20, CHANNELS = 1 << 12, AT_ZERO = 1 << 23 };
struct sum {
    uint64_t where; /* indicator 20 bits, unit 20, day or month + AT_ZERO 24 */
    uint64_t what;  /* procedure 20 bits, channel 12, bucket 32 */
    int64_t num, den;
};
struct chunk {
    struct chunk *next;
    size_t n;
    struct sum v[CHUNK];
};
struct place { /* of a unit */
    int64_t unit;
    uint32_t self, above[ABOVE_MAX];
    size_t nabove;
    bool known; /* what is above */
};
struct sums {
    struct sum *v;
    size_t n;
};
struct recent {
    uint64_t hash;
    struct sum *sum;
};
struct tally {
    struct arena *mem;
    struct map *names, *units; /* text → place; unit → struct place */
    struct chunk *chunks;
    size_t n, told; /* sums, one key may have several; the parts that they are made of */
    struct recent recent[RECENT];
    bool over;             /* more names, units or channels than fit */
    struct traces *traces; /* by place of the indicator's name */
    struct beside *beside; /* makes sums while others are written; NULL: nobody */
};

/* -- taking -- */

struct tally *tally_on(struct arena *mem)
{
    struct tally *t = arena_new_of(mem, struct tally);
    t->mem = mem;
    t->names = map_new(mem);
    t->units = map_new(mem);
    t->traces = traces_new(mem);
    return t;
}

struct tally *tally_new(struct ctx *cx)
{
    return tally_on(arena_child(cx->mem, FOLD_BYTES));
}

void tally_beside(struct tally *t, struct beside *b)
{
    t->beside = b;
}

size_t tally_parts(const struct tally *t)
{
    return t->told;
}

static uint32_t name_place(struct tally *t, struct str name)
{
    const uint32_t *known = map_get(t->names, name);
    if (known)
        return *known;
    uint32_t *place = arena_new_of(t->mem, uint32_t);
    *place = (uint32_t)map_size(t->names);
    map_set(t->names, str_dup(t->mem, name), place);
    t->over |= *place >= PLACES;
    return *place;
}

static struct place *unit_place(struct tally *t, int64_t unit)
{
    struct str key = {(const char *)&unit, sizeof unit};
    struct place *place = map_get(t->units, key);
    if (place)
        return place;
    place = arena_new_of(t->mem, struct place);
    *place = (struct place){.unit = unit, .self = (uint32_t)map_size(t->units)};
    map_set(t->units, (struct str){(const char *)&place->unit, sizeof unit}, place);
    t->over |= place->self >= PLACES;
    return place;
}

static void trace_part(struct tally *t, size_t indicator, const struct tally_part *p)
{
    struct trace one = {.seq = p->seq,
                        .subject = p->subject,
                        .unit = p->unit,
                        .day = (int32_t)p->day,
                        .tag = trace_tag(p->procedure, p->channel),
                        .sign = (int8_t)((p->num > 0) - (p->num < 0))};
    if (p->seq < 0)
        return;
    if (p->gone)
        traces_drop(t->traces, indicator, p->seq);
    else
        traces_add(t->traces, indicator, &one);
}

static bool is_same_key(const struct sum *a, const struct sum *b)
{
    return a->where == b->where && a->what == b->what;
}

/* The sum of s's key when it came lately, else a new one. */
static struct sum *sum_of(struct tally *t, const struct sum *s)
{
    uint64_t hash = (s->where * 0x9E3779B97F4A7C15u ^ s->what) * 0xD6E8FEB86659FD93u;
    struct recent *r = &t->recent[hash >> 32 & (RECENT - 1)];
    if (r->sum && r->hash == hash && is_same_key(r->sum, s))
        return r->sum;
    if (!t->chunks || t->chunks->n == CHUNK) {
        struct chunk *c = arena_new_of(t->mem, struct chunk);
        c->next = t->chunks;
        t->chunks = c;
    }
    t->n++;
    *r = (struct recent){hash, &t->chunks->v[t->chunks->n++]};
    *r->sum = (struct sum){s->where, s->what, 0, 0};
    return r->sum;
}

void tally_add(struct tally *t, const struct tally_part *p)
{
    uint64_t ind = name_place(t, p->indicator), procedure = name_place(t, p->procedure);
    uint64_t unit = unit_place(t, p->unit)->self, at = (uint64_t)(p->day + AT_ZERO);
    t->over |= p->channel < 0 || p->channel >= CHANNELS || at >= 2 * AT_ZERO || p->bucket < 0 ||
               p->bucket > UINT32_MAX;
    struct sum key = {.where = ind << 44 | unit << 24 | at,
                      .what =
                          procedure << 44 | (uint64_t)p->channel << 32 | (uint64_t)p->bucket};
    struct sum *sum = sum_of(t, &key);
    sum->num += p->num;
    sum->den += p->den;
    t->told++;
    trace_part(t, ind, p);
}

static struct place *place_at(const struct tally *t, uint64_t where)
{
    return map_at(t->units, where >> 24 & (PLACES - 1), NULL);
}

static int64_t at_of(const struct sum *s)
{
    return (int64_t)(s->where & (2 * AT_ZERO - 1)) - AT_ZERO;
}

/* -- the units above -- */

struct climb {
    struct tally *t;
    struct place *from;
};

static enum rc above_each(struct ctx *cx, const struct above_of_row *r, void *arg)
{
    struct climb *c = arg;
    if (c->from->nabove == ABOVE_MAX)
        return FAIL(cx, TOO_LARGE, "unit", "more than %d units above", ABOVE_MAX);
    c->from->above[c->from->nabove++] = unit_place(c->t, r->above)->self;
    return RC_OK;
}

/* Those of all units that parts name; the ones above are new places behind them. */
static enum rc above_load(struct ctx *cx, struct tally *t)
{
    size_t n = map_size(t->units);
    for (size_t i = 0; i < n; i++) {
        struct climb c = {t, map_at(t->units, i, NULL)};
        if (!c.from->known)
            TRY(sql_above_of(cx, c.from->unit, above_each, &c));
        c.from->known = true;
    }
    return RC_OK;
}

/* -- one table -- */

/* A sum's key again, as the table has it. */
struct cell_key {
    struct str indicator, procedure;
    int64_t unit, at, channel, bucket;
};

/* What a table makes of the sums that it is made from: months of days, sums without channel,
 * or without procedure either; and whose it has: the unit's own, those of the units above, or
 * both. */
enum { BUCKETS, PROCEDURES, CHANNELS_TOO };
struct table {
    enum { OF_PARTS, OF_DAYS, OF_MONTHS, OF_BELOW } of;
    int detail;
    bool to_months, own, above;
    enum rc (*write)(struct ctx *cx, const struct cell_key *k, int64_t num, int64_t den);
};

static enum rc day_write(struct ctx *cx, const struct cell_key *k, int64_t num, int64_t den)
{
    return sql_day_add(cx, k->indicator, k->unit, k->at, k->procedure, k->channel, k->bucket,
                       num, den);
}

static enum rc month_write(struct ctx *cx, const struct cell_key *k, int64_t num, int64_t den)
{
    return sql_month_add(cx, k->indicator, k->unit, k->at, 0, k->procedure, k->channel,
                         k->bucket, num, den);
}

static enum rc month_below_write(struct ctx *cx, const struct cell_key *k, int64_t num,
                                 int64_t den)
{
    return sql_month_add(cx, k->indicator, k->unit, k->at, 1, k->procedure, k->channel,
                         k->bucket, num, den);
}

static enum rc below_day_write(struct ctx *cx, const struct cell_key *k, int64_t num,
                               int64_t den)
{
    return sql_below_day_add(cx, k->indicator, k->unit, k->at, k->procedure, k->bucket, num,
                             den);
}

static enum rc sum_day_write(struct ctx *cx, const struct cell_key *k, int64_t num, int64_t den)
{
    return sql_sum_day_add(cx, k->indicator, k->unit, k->at, k->bucket, num, den);
}

static enum rc sum_month_write(struct ctx *cx, const struct cell_key *k, int64_t num,
                               int64_t den)
{
    return sql_sum_month_add(cx, k->indicator, k->unit, k->at, k->bucket, num, den);
}

/* The first three are what the others are made from. */
static const struct table tables[] = {
    {OF_PARTS, CHANNELS_TOO, false, true, false, day_write},
    {OF_DAYS, CHANNELS_TOO, true, true, false, month_write},
    {OF_DAYS, PROCEDURES, false, false, true, below_day_write},
    {OF_BELOW, BUCKETS, false, true, false, sum_day_write},
    {OF_MONTHS, CHANNELS_TOO, false, false, true, month_below_write},
    {OF_MONTHS, BUCKETS, false, true, true, sum_month_write},
};

static unsigned digit_of(const struct sum *s, int place)
{
    enum { WORD = sizeof s->what };
    return (place < WORD ? s->what >> 8 * place : s->where >> 8 * (place - WORD)) & UINT8_MAX;
}

/* Where each digit's sums begin, from how many there are. False: all have the same. */
static bool begins_of(uint32_t *n, size_t all)
{
    uint32_t at = 0;
    for (size_t d = 0; d <= UINT8_MAX; d++) {
        uint32_t these = n[d];
        if (these == all)
            return false;
        n[d] = at;
        at += these;
    }
    return true;
}

/* By where, then what: a pass for each byte of the keys, the lowest first, to and fro between
 * two arrays. Most bytes are the same in all; sums are millions in bulk, and comparing them took a
 * third of a fold. */
static void sums_sort(struct sums *s, struct sum *to)
{
    enum { DIGITS = sizeof s->v->what + sizeof s->v->where };
    uint32_t n[DIGITS][UINT8_MAX + 1] = {{0}};
    for (size_t i = 0; i < s->n; i++)
        for (int d = 0; d < DIGITS; d++)
            n[d][digit_of(&s->v[i], d)]++;
    for (int d = 0; d < DIGITS; d++) {
        if (!begins_of(n[d], s->n))
            continue;
        struct sum *from = s->v;
        for (size_t i = 0; i < s->n; i++)
            to[n[d][digit_of(&from[i], d)]++] = from[i];
        s->v = to;
        to = from;
    }
}

/* Side by side, what falls together is added up. */
static void sums_join(struct sums *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (n && is_same_key(&s->v[n - 1], &s->v[i])) {
            s->v[n - 1].num += s->v[i].num;
            s->v[n - 1].den += s->v[i].den;
        } else {
            s->v[n++] = s->v[i];
        }
    }
    s->n = n;
}

static struct sum sum_coarse(const struct table *k, struct sum s)
{
    if (k->to_months)
        s.where = (s.where & ~(uint64_t)(2 * AT_ZERO - 1)) |
                  (uint64_t)(month_of((int32_t)at_of(&s)) + AT_ZERO);
    if (k->detail == BUCKETS)
        s.what &= UINT32_MAX;
    if (k->detail == PROCEDURES)
        s.what &= ~((uint64_t)(CHANNELS - 1) << 32);
    return s;
}

static struct sums parts_of(const struct tally *t)
{
    struct sums all = {arena_array(t->mem, struct sum, t->n), 0};
    for (const struct chunk *c = t->chunks; c; c = c->next)
        for (size_t i = 0; i < c->n; i++)
            all.v[all.n++] = c->v[i];
    return all;
}

/* How many units a table sums the sums of one unit into. */
static size_t width_of(const struct tally *t, const struct table *k, const struct sum *s)
{
    return k->own + (k->above ? place_at(t, s->where)->nabove : 0);
}

static void sum_spread(const struct tally *t, const struct table *k, struct sum s,
                       struct sums *to)
{
    enum { UNIT_BITS = 24 };
    const struct place *unit = place_at(t, s.where);
    if (k->own)
        to->v[to->n++] = s;
    s.where &= ~((uint64_t)(PLACES - 1) << UNIT_BITS);
    for (size_t i = 0; k->above && i < unit->nabove; i++) {
        to->v[to->n] = s;
        to->v[to->n++].where |= (uint64_t)unit->above[i] << UNIT_BITS;
    }
}

/* A table's sums, in the order of its key. */
static struct sums sums_made(const struct tally *t, const struct table *k,
                             const struct sums *of)
{
    struct sums own = {arena_array(t->mem, struct sum, of->n), of->n}, all = {NULL, 0};
    size_t room = 0;
    for (size_t i = 0; i < of->n; i++)
        own.v[i] = sum_coarse(k, of->v[i]);
    sums_join(&own);
    for (size_t i = 0; i < own.n; i++)
        room += width_of(t, k, &own.v[i]);
    all.v = arena_array(t->mem, struct sum, room);
    for (size_t i = 0; i < own.n; i++)
        sum_spread(t, k, own.v[i], &all);
    sums_sort(&all, of->n < all.n ? arena_array(t->mem, struct sum, all.n) : own.v);
    sums_join(&all);
    return all;
}

static struct cell_key key_of(const struct tally *t, const struct table *table,
                              const struct sum *s)
{
    struct cell_key k = {.unit = place_at(t, s->where)->unit,
                         .at = at_of(s),
                         .channel = s->what >> 32 & (CHANNELS - 1),
                         .bucket = s->what & UINT32_MAX};
    map_at(t->names, s->where >> 44, &k.indicator);
    if (table->detail >= PROCEDURES)
        map_at(t->names, s->what >> 44, &k.procedure);
    return k;
}

static enum rc table_write(struct ctx *cx, const struct tally *t, const struct table *table,
                           const struct sums *all)
{
    for (size_t i = 0; i < all->n; i++) {
        struct cell_key k = key_of(t, table, &all->v[i]);
        TRY(table->write(cx, &k, all->v[i].num, all->v[i].den));
    }
    return RC_OK;
}

enum { TABLES = sizeof tables / sizeof *tables };
struct making {
    const struct tally *t;
    size_t next;
    struct sums made[TABLES + 1];
};

static void table_make(void *arg)
{
    struct making *m = arg;
    const struct table *table = &tables[m->next++];
    m->made[m->next] = sums_made(m->t, table, &m->made[table->of]);
}

static enum rc tables_write(struct ctx *cx, struct tally *t, struct making *m)
{
    enum rc rc = RC_OK;
    beside_do(t->beside, table_make, m);
    for (size_t i = 0; i < TABLES && rc == RC_OK; i++) {
        beside_wait(t->beside);
        if (i + 1 < TABLES)
            beside_do(t->beside, table_make, m);
        rc = table_write(cx, t, &tables[i], &m->made[i + 1]);
    }
    beside_wait(t->beside); /* what it makes is this function's */
    return rc;
}

enum rc tally_write(struct ctx *cx, struct tally *t)
{
    TRY(above_load(cx, t));
    if (t->over)
        return FAIL(cx, TOO_LARGE, "indicator",
                    "more names, units or channels than a fold holds");
    struct making m = {.t = t, .made = {parts_of(t)}};
    TRY(db_bytes_keep(cx, true)); /* nothing personal: pages that split need not be wiped */
    enum rc rc = tables_write(cx, t, &m);
    if (rc == RC_OK)
        rc = traces_write(cx, t->traces, t->names);
    enum rc back = db_bytes_keep(cx, false);
    return rc == RC_OK ? back : rc;
}

/* -- a fold -- */

bool fold_is_due(const struct event *ev)
{
    return ev->kind == EV_INDICATOR_BACKFILLED || ev->seq % FOLD_EVENTS == FOLD_EVENTS - 1;
}

/* first, last: ids of rows. The log was empty before the first; a row that is missing here, or one
 * too many, shows in them. */
struct young {
    struct arena *mem;
    struct tally *tally; /* NULL: nothing */
    int64_t first, last;
    int64_t at_us;
    bool is_whole; /* false: rows are there that were not told */
};

static struct tally_part part_of(const struct log_after_row *r)
{
    return (struct tally_part){.indicator = r->indicator,
                               .procedure = r->procedure,
                               .unit = r->unit,
                               .day = r->day,
                               .channel = r->channel,
                               .bucket = r->bucket,
                               .num = r->num,
                               .den = r->den,
                               .seq = r->undone ? r->undone : r->id / ROWS_OF_EVENT,
                               .subject = r->subject,
                               .gone = r->undone != 0};
}

static enum rc fold_each(struct ctx *cx, const struct log_after_row *r, void *arg)
{
    struct tally_part p = part_of(r);
    tally_add(arg, &p);
    return RC_OK;
}

/* The log's parts: known, or read from it. */
static enum rc parts_take(struct ctx *cx, const struct young *y, struct tally **ret)
{
    struct log_bounds_row *log;
    TRY(sql_log_bounds(cx, &log));
    *ret = y->tally;
    if (y->tally && log->first == y->first && log->last == y->last)
        return RC_OK;
    *ret = tally_new(cx);
    return sql_log_after(cx, -1, INT64_MAX, fold_each, *ret);
}

static enum rc log_fold(struct ctx *cx, const struct young *y)
{
    struct tally *t;
    TRY(parts_take(cx, y, &t));
    TRY(tally_write(cx, t));
    TRY(db_bytes_keep(cx, true));
    enum rc rc = sql_cell_clear(cx);
    enum rc back = db_bytes_keep(cx, false);
    return rc == RC_OK ? back : rc;
}

enum rc cells_fold(struct ctx *cx)
{
    struct young *y = cx->app->measure->young;
    enum rc rc = log_fold(cx, y);
    young_forget(y);
    y->is_whole = rc == RC_OK;
    return rc;
}

/* -- what the log holds, in memory -- */

static void young_end(void *arg)
{
    young_forget(arg);
}

struct young *young_new(struct arena *mem)
{
    struct young *y = arena_new_of(mem, struct young);
    arena_on_free(mem, young_end, y);
    return y;
}

void young_forget(struct young *y)
{
    arena_free(y->mem);
    *y = (struct young){.is_whole = false};
}

void young_add(struct ctx *cx, struct young *y, int64_t id, const struct tally_part *p)
{
    struct tally_part part = *p;
    if (!y->is_whole)
        return;
    if (!y->tally) {
        y->mem = arena_new(FOLD_BYTES);
        y->tally = tally_on(y->mem);
        y->first = id;
    }
    part.seq = p->gone ? p->seq : id / ROWS_OF_EVENT;
    tally_add(y->tally, &part);
    y->last = id;
    y->at_us = cx->now_us;
    if (y->tally->told >= YOUNG_PARTS)
        young_forget(y);
}

static enum rc young_each(struct ctx *cx, const struct log_after_row *r, void *arg)
{
    struct tally_part p = part_of(r);
    young_add(cx, arg, r->id, &p);
    return RC_OK;
}

enum rc young_begin(struct ctx *cx, struct young *y)
{
    struct log_bounds_row *log;
    TRY(sql_log_bounds(cx, &log));
    y->is_whole = (log->last - log->first) / ROWS_OF_EVENT < YOUNG_AT_START;
    return y->is_whole ? sql_log_after(cx, -1, INT64_MAX, young_each, y) : RC_OK;
}

enum rc figures_rest(struct ctx *cx)
{
    struct young *y = cx->app->measure->young;
    TRY(db_begin(cx));
    if (cx->now_us - y->at_us > MINUTE_US)
        young_forget(y);
    return db_commit(cx);
}

/* -- months of other nodes -- */

struct month_put {
    int64_t month;
    const struct month_cell *c;
};

static enum rc month_put_above(struct ctx *cx, const struct above_of_row *r, void *arg)
{
    const struct month_put *p = arg;
    const struct month_cell *c = p->c;
    TRY(sql_month_add(cx, c->indicator, r->above, p->month, 1, c->procedure, c->channel,
                      c->bucket, c->num, c->den));
    return sql_sum_month_add(cx, c->indicator, r->above, p->month, c->bucket, c->num, c->den);
}

enum rc month_cell_add(struct ctx *cx, int64_t month, const struct month_cell *c)
{
    struct month_put p = {month, c};
    atomic_fetch_add(cx->app->measure->changes, 1);
    TRY(sql_month_add(cx, c->indicator, c->unit.v, month, 0, c->procedure, c->channel,
                      c->bucket, c->num, c->den));
    TRY(sql_sum_month_add(cx, c->indicator, c->unit.v, month, c->bucket, c->num, c->den));
    return sql_above_of(cx, c->unit.v, month_put_above, &p);
}

struct month_walk {
    month_cell_fn *each;
    void *arg;
};

static enum rc month_each(struct ctx *cx, const struct month_own_row *r, void *arg)
{
    const struct month_walk *w = arg;
    struct month_cell c = {.indicator = r->indicator,
                           .unit = {r->unit},
                           .procedure = r->procedure,
                           .channel = r->channel,
                           .bucket = r->bucket,
                           .num = r->num,
                           .den = r->den};
    return w->each(cx, &c, w->arg);
}

enum rc month_cells(struct ctx *cx, int64_t month, month_cell_fn *each, void *arg)
{
    struct month_walk w = {each, arg};
    return sql_month_own(cx, month, month_each, &w);
}
