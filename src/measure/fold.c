/* fold.c - what reading needs, summed from the log of cells thousands of events at a time.
 *
 * Counting only adds rows at the end of `cell`; every FOLD_EVENTS-th event of the ledger moves
 * them into days, months and the sums of the units above. So the place of a fold depends on
 * nothing but the event, and a rebuild folds at the same ones. */
#include <stdlib.h>

#include "app/app.h"
#include "base/map.h"
#include "gen/measure_sql.h"
#include "measure/fold.h"
#include "measure/measure_priv.h"

/* More to a fold means more that falls together, and more that readers hold in memory. */
enum { FOLD_EVENTS = 16384, CHUNK = 512, ABOVE_MAX = 16 };
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
struct tally {
    struct arena *mem;
    struct map *names, *units; /* text → place; unit → struct place */
    struct chunk *chunks;
    size_t n, width;    /* parts; the most units that one is summed into */
    bool over;          /* more names, units or channels than fit */
    struct sum *sorted; /* room for one table's */
    size_t nsorted;
};

/* -- taking -- */

static void tally_end(void *mem)
{
    arena_free(mem);
}

struct tally *tally_new(struct ctx *cx)
{
    struct arena *mem = arena_new(FOLD_BYTES);
    arena_on_free(cx->mem, tally_end, mem);
    struct tally *t = arena_new_of(mem, struct tally);
    *t = (struct tally){.mem = mem, .names = map_new(mem), .units = map_new(mem)};
    return t;
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

void tally_add(struct tally *t, const struct tally_part *p)
{
    if (!t->chunks || t->chunks->n == CHUNK) {
        struct chunk *c = arena_new_of(t->mem, struct chunk);
        c->next = t->chunks;
        t->chunks = c;
    }
    uint64_t ind = name_place(t, p->indicator), procedure = name_place(t, p->procedure);
    uint64_t unit = unit_place(t, p->unit)->self, at = (uint64_t)(p->day + AT_ZERO);
    t->over |= p->channel < 0 || p->channel >= CHANNELS || at >= 2 * AT_ZERO || p->bucket < 0 ||
               p->bucket > UINT32_MAX;
    t->chunks->v[t->chunks->n++] = (struct sum){
        ind << 44 | unit << 24 | at,
        procedure << 44 | (uint64_t)p->channel << 32 | (uint64_t)p->bucket, p->num, p->den};
    t->n++;
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
    t->width = 1;
    for (size_t i = 0; i < n; i++) {
        struct climb c = {t, map_at(t->units, i, NULL)};
        if (!c.from->known)
            TRY(sql_above_of(cx, c.from->unit, above_each, &c));
        c.from->known = true;
        t->width = c.from->nabove + 1 > t->width ? c.from->nabove + 1 : t->width;
    }
    return RC_OK;
}

/* -- one table -- */

/* A sum's key again, as the table has it. */
struct cell_key {
    struct str indicator, procedure;
    int64_t unit, at, channel, bucket;
};

/* What a table keeps of a part: by day or month, with procedure and channel or without, of the
 * unit itself, of those above it, or of both. */
struct table {
    bool months, detail, own, above;
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

static enum rc sum_day_write(struct ctx *cx, const struct cell_key *k, int64_t num, int64_t den)
{
    return sql_sum_day_add(cx, k->indicator, k->unit, k->at, k->bucket, num, den);
}

static enum rc sum_month_write(struct ctx *cx, const struct cell_key *k, int64_t num,
                               int64_t den)
{
    return sql_sum_month_add(cx, k->indicator, k->unit, k->at, k->bucket, num, den);
}

static const struct table tables[] = {
    {false, true, true, false, day_write},        {true, true, true, false, month_write},
    {true, true, false, true, month_below_write}, {false, false, false, true, sum_day_write},
    {true, false, true, true, sum_month_write},
};

static void part_take(struct tally *t, const struct table *k, struct sum s)
{
    enum { UNIT_BITS = 24 };
    const struct place *unit = place_at(t, s.where);
    if (k->months)
        s.where = (s.where & ~(uint64_t)(2 * AT_ZERO - 1)) |
                  (uint64_t)(month_of((int32_t)at_of(&s)) + AT_ZERO);
    if (!k->detail)
        s.what &= UINT32_MAX;
    if (k->own)
        t->sorted[t->nsorted++] = s;
    s.where &= ~((uint64_t)(PLACES - 1) << UNIT_BITS);
    for (size_t i = 0; k->above && i < unit->nabove; i++) {
        t->sorted[t->nsorted] = s;
        t->sorted[t->nsorted++].where |= (uint64_t)unit->above[i] << UNIT_BITS;
    }
}

static int sum_cmp(const void *x, const void *y)
{
    const struct sum *a = x, *b = y;
    if (a->where != b->where)
        return a->where < b->where ? -1 : 1;
    return (a->what > b->what) - (a->what < b->what);
}

static struct cell_key key_of(const struct tally *t, const struct table *table,
                              const struct sum *s)
{
    struct cell_key k = {.unit = place_at(t, s->where)->unit,
                         .at = at_of(s),
                         .channel = s->what >> 32 & (CHANNELS - 1),
                         .bucket = s->what & UINT32_MAX};
    map_at(t->names, s->where >> 44, &k.indicator);
    if (table->detail)
        map_at(t->names, s->what >> 44, &k.procedure);
    return k;
}

/* Sorted, what falls together stands side by side. */
static enum rc table_write(struct ctx *cx, struct tally *t, const struct table *table)
{
    t->nsorted = 0;
    for (const struct chunk *c = t->chunks; c; c = c->next)
        for (size_t i = 0; i < c->n; i++)
            part_take(t, table, c->v[i]);
    qsort(t->sorted, t->nsorted, sizeof *t->sorted, sum_cmp);
    for (size_t i = 0; i < t->nsorted;) {
        const struct sum *first = &t->sorted[i];
        struct cell_key k = key_of(t, table, first);
        int64_t num = 0, den = 0;
        for (; i < t->nsorted && sum_cmp(first, &t->sorted[i]) == 0; i++) {
            num += t->sorted[i].num;
            den += t->sorted[i].den;
        }
        TRY(table->write(cx, &k, num, den));
    }
    return RC_OK;
}

enum rc tally_write(struct ctx *cx, struct tally *t)
{
    TRY(above_load(cx, t));
    if (t->over)
        return FAIL(cx, TOO_LARGE, "indicator",
                    "more names, units or channels than a fold holds");
    t->sorted = arena_array(t->mem, struct sum, t->n * t->width);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        TRY(table_write(cx, t, &tables[i]));
    return RC_OK;
}

/* -- a fold -- */

bool fold_is_due(const struct event *ev)
{
    return ev->kind == EV_INDICATOR_BACKFILLED || ev->seq % FOLD_EVENTS == FOLD_EVENTS - 1;
}

static enum rc fold_each(struct ctx *cx, const struct log_after_row *r, void *arg)
{
    tally_add(arg, &(struct tally_part){.indicator = r->indicator,
                                        .procedure = r->procedure,
                                        .unit = r->unit,
                                        .day = r->day,
                                        .channel = r->channel,
                                        .bucket = r->bucket,
                                        .num = r->num,
                                        .den = r->den});
    return RC_OK;
}

enum rc cells_fold(struct ctx *cx)
{
    struct tally *t = tally_new(cx);
    TRY(sql_log_after(cx, -1, INT64_MAX, fold_each, t));
    TRY(tally_write(cx, t));
    return sql_cell_clear(cx);
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
