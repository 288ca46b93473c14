/* table.c - a dataset's content of one period: added up, sorted, printed. */
#include "base/map.h"
#include "gen/opendata_sql.h"
#include "opendata/opendata_priv.h"
#include "store/store.h"
#include "text/csv.h"

enum { EVENTS_SCANNED_MAX = 20000000 };

/* -- dimensions -- */

/* A department is no area: its figures are the province's own row, as are those of anything that
 * lies in no area of the kind asked for. By itself it would mostly be too few dossiers. */
static int area_rank(const struct unit *u)
{
    switch (u->kind) {
    case UNIT_OFFICE:
    case UNIT_DEPARTMENT:
        return AREA_UNIT;
    case UNIT_COMMUNE:
        return AREA_COMMUNE;
    case UNIT_DISTRICT:
        return AREA_DISTRICT;
    default:
        return AREA_PROVINCE;
    }
}

const struct unit *grain_unit(const struct unit *u, enum dataset_area area)
{
    while (area_rank(u) < (int)area && u->parent)
        u = u->parent;
    return u;
}

/* What two rows of one grain are told apart by; sorts as people expect. */
static struct str key_of(struct arena *mem, const struct table_row *r)
{
    return str_fmt(mem, "%08d|%.*s|%.*s|%d", r->day, STR_ARG(r->unit ? r->unit->code : STR("")),
                   STR_ARG(r->procedure), r->channel);
}

static struct table_row dims_at(const struct grain *g, const struct table_row *r)
{
    return (struct table_row){
        .day = g->time == TIME_ALL ? 0 : grain_day(r->day, g->time),
        .unit = g->area == AREA_ALL || !r->unit ? NULL : grain_unit(r->unit, g->area),
        .procedure = g->procedure ? r->procedure : STR(""),
        .channel = g->channel ? r->channel : 0,
    };
}

/* -- adding up -- */

struct sums {
    struct map *rows; /* key -> struct table_row */
    struct table *t;
    size_t column;
};

static enum rc row_at(struct ctx *cx, struct sums *s, const struct table_row *dims,
                      struct table_row **ret)
{
    struct str key = key_of(cx->mem, dims);
    struct table_row *row = map_get(s->rows, key);
    if (!row) {
        if (map_size(s->rows) == RELEASE_ROWS_MAX)
            return FAIL(cx, TOO_LARGE, "dataset", "over %d rows", RELEASE_ROWS_MAX);
        size_t n = s->t->offer->d->ncolumns;
        row = arena_new_of(cx->mem, struct table_row);
        *row = *dims;
        row->procedure = str_dup(cx->mem, dims->procedure);
        row->num = arena_array(cx->mem, int64_t, n);
        row->den = arena_array(cx->mem, int64_t, n);
        map_set(s->rows, key, row);
    }
    *ret = row;
    return RC_OK;
}

static int row_cmp(const void *pa, const void *pb)
{
    const struct table_row *a = pa, *b = pb;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    int c = str_cmp(a->unit ? a->unit->code : STR(""), b->unit ? b->unit->code : STR(""));
    if (c == 0)
        c = str_cmp(a->procedure, b->procedure);
    if (c == 0)
        c = (a->channel > b->channel) - (a->channel < b->channel);
    return c;
}

/* The smallest number of dossiers that a figure of the row tells of; one that is zero tells of
 * nobody. */
static int64_t size_of(const struct table *t, const struct table_row *r)
{
    int64_t least = 0;
    for (size_t i = 0; i < t->offer->d->ncolumns; i++) {
        int64_t n = t->ind[i]->unit == IND_COUNT ? r->num[i] : r->den[i];
        if (n > 0 && (least == 0 || n < least))
            least = n;
    }
    return least;
}

/* Rows in which nothing happened are left out. */
static void rows_take(struct ctx *cx, struct sums *s)
{
    struct table *t = s->t;
    size_t n = map_size(s->rows);
    t->v = arena_array(cx->mem, struct table_row, n);
    t->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct table_row *r = map_at(s->rows, i, NULL);
        if (!t->offer->d->event)
            r->size = size_of(t, r);
        if (r->size > 0)
            t->v[t->n++] = *r;
    }
    if (t->n)
        qsort(t->v, t->n, sizeof *t->v, row_cmp);
}

/* -- figures -- */

static enum rc amount_add(struct ctx *cx, struct sums *s, int32_t day,
                          const struct amounts_by_day_row *r)
{
    const struct table *t = s->t;
    struct table_row *row;
    struct table_row at = {.day = day,
                           .unit = unit_of(cx, (struct unit_id){r->unit}),
                           .procedure = r->procedure,
                           .channel = (int)r->channel};
    struct table_row dims = dims_at(&t->grain, &at);
    TRY(row_at(cx, s, &dims, &row));
    row->num[s->column] += r->num;
    row->den[s->column] += r->den;
    return RC_OK;
}

static enum rc day_each(struct ctx *cx, const struct amounts_by_day_row *r, void *arg)
{
    return amount_add(cx, arg, (int32_t)r->at, r);
}

static enum rc month_each(struct ctx *cx, const struct amounts_by_month_row *r, void *arg)
{
    int month = (int)r->at;
    struct amounts_by_day_row same = {.unit = r->unit,
                                      .procedure = r->procedure,
                                      .channel = r->channel,
                                      .num = r->num,
                                      .den = r->den};
    return amount_add(cx, arg, day_make(month / 12, month % 12 + 1, 1), &same);
}

/* What stands at the end of a period is all that ever came or went: it belongs to its end. */
struct standing {
    struct sums *sums;
    int32_t last;
};

static enum rc standing_each(struct ctx *cx, const struct amounts_by_month_row *r, void *arg)
{
    struct standing *st = arg;
    struct amounts_by_day_row same = {.unit = r->unit,
                                      .procedure = r->procedure,
                                      .channel = r->channel,
                                      .num = r->num,
                                      .den = r->den};
    return amount_add(cx, st->sums, st->last, &same);
}

static enum rc figures_add(struct ctx *cx, struct sums *s, const struct data_period *p)
{
    const struct indicator *ind = s->t->ind[s->column];
    if (ind->is_stock) {
        struct standing st = {s, p->to - 1};
        return sql_amounts_by_month(cx, ind->id, 0, month_of(p->to), standing_each, &st);
    }
    if (s->t->grain.time == TIME_DAY)
        return sql_amounts_by_day(cx, ind->id, p->from, p->to, day_each, s);
    return sql_amounts_by_month(cx, ind->id, month_of(p->from), month_of(p->to), month_each, s);
}

/* -- events -- */

static struct str value_text(struct ctx *cx, const struct json *v)
{
    if (!v || v->kind == JSON_NULL)
        return STR("");
    if (v->kind == JSON_BOOL)
        return v->i ? STR("true") : STR("false");
    return v->kind == JSON_INT ? str_fmt(cx->mem, "%lld", (long long)v->i)
                               : str_dup(cx->mem, v->s);
}

struct picked {
    struct table *t;
    struct arena *mem; /* what outlives the walk's own arena */
    size_t room;
};

/* Room for one more, twice as much each time. */
static enum rc room_make(struct ctx *cx, struct picked *p)
{
    struct table *t = p->t;
    if (t->n == RELEASE_ROWS_MAX)
        return FAIL(cx, TOO_LARGE, "dataset", "over %d events", RELEASE_ROWS_MAX);
    if (t->n < p->room)
        return RC_OK;
    p->room = p->room ? 2 * p->room : 64;
    struct table_row *v = arena_array(p->mem, struct table_row, p->room);
    if (t->n)
        memcpy(v, t->v, t->n * sizeof *v);
    t->v = v;
    return RC_OK;
}

static bool is_own(const struct offer *o, const struct json *facts)
{
    return !o->pack->form || str_eq(o->pack->id, json_str(facts, "pack"));
}

static enum rc event_each(struct ctx *cx, const struct event *ev, void *arg, bool *stop)
{
    struct picked *p = arg;
    struct table *t = p->t;
    const struct dataset *d = t->offer->d;
    struct move_was_undone_row *undone = NULL;
    if (!is_own(t->offer, ev->facts) || !expr_is_true(cx, d->when, ev->facts))
        return RC_OK;
    if (ev->kind == EV_DOSSIER_MOVED)
        TRY(sql_move_was_undone(cx, ev->seq, &undone));
    if (undone)
        return RC_OK;
    TRY(room_make(cx, p));
    struct table_row at = {.day = day_of(ev->time_us),
                           .unit = unit_of(cx, ev->unit),
                           .procedure = json_str(ev->facts, "procedure"),
                           .channel = (int)json_int(ev->facts, "channel", 0)};
    struct table_row *row = &t->v[t->n++];
    *row = dims_at(&t->grain, &at);
    row->procedure = str_dup(p->mem, row->procedure);
    row->values = arena_array(p->mem, struct str, d->ncolumns);
    for (size_t i = 0; i < d->ncolumns; i++)
        row->values[i] = str_dup(p->mem, value_text(cx, json_get(ev->facts, d->columns[i])));
    row->size = 1;
    return RC_OK;
}

/* By dimensions, then by what they say: never in the order in which they happened. */
static int event_cmp(const void *pa, const void *pb)
{
    const struct table_row *a = pa, *b = pb;
    int c = row_cmp(a, b);
    for (size_t i = 0; c == 0 && i < (size_t)a->size; i++)
        c = str_cmp(a->values[i], b->values[i]);
    return c;
}

static void events_sort(struct table *t)
{
    int64_t ncolumns = (int64_t)t->offer->d->ncolumns;
    for (size_t i = 0; i < t->n; i++)
        t->v[i].size = ncolumns; /* how many values the comparison looks at */
    if (t->n)
        qsort(t->v, t->n, sizeof *t->v, event_cmp);
    for (size_t i = 0; i < t->n; i++)
        t->v[i].size = 1;
}

static enum rc events_collect(struct ctx *cx, const struct data_period *s, struct table *t)
{
    struct picked p = {t, cx->mem, 0};
    int64_t next;
    struct ledger_scan scan = {.kinds = {t->offer->d->event, t->offer->d->event},
                               .from_us = day_start(s->from),
                               .to_us = day_start(s->to),
                               .after = -1,
                               .most = EVENTS_SCANNED_MAX,
                               .each = event_each,
                               .arg = &p};
    TRY(ledger_scan(cx, &scan, &next));
    if (next >= 0)
        return FAIL(cx, TOO_LARGE, "dataset", "over %d events to look at", EVENTS_SCANNED_MAX);
    events_sort(t);
    return RC_OK;
}

/* -- the whole -- */

static enum rc columns_find(struct ctx *cx, const struct offer *o, struct table *t)
{
    for (size_t i = 0; i < o->d->ncolumns && !o->d->event; i++) {
        t->ind[i] = offer_column(cx, o, i);
        if (!t->ind[i])
            return FAIL(cx, NOT_FOUND, "indicator", "%.*s is not counted",
                        STR_ARG(o->d->columns[i]));
    }
    return RC_OK;
}

enum rc content_collect(struct ctx *cx, const struct offer *o, const struct data_period *s,
                        struct table *ret)
{
    struct table t = {.offer = o, .grain = o->d->grain};
    TRY(columns_find(cx, o, &t));
    if (o->d->event) {
        TRY(events_collect(cx, s, &t));
    } else {
        struct sums sums = {map_new(cx->mem), &t, 0};
        for (; sums.column < o->d->ncolumns; sums.column++)
            TRY(figures_add(cx, &sums, s));
        rows_take(cx, &sums);
    }
    *ret = t;
    return RC_OK;
}

enum rc content_coarsen(struct ctx *cx, const struct table *t, const struct grain *g,
                        struct table *ret)
{
    struct table out = {.offer = t->offer, .grain = *g};
    struct sums s = {map_new(cx->mem), &out, 0};
    memcpy(out.ind, t->ind, sizeof out.ind);
    for (size_t i = 0; i < t->n; i++) {
        struct table_row *row, dims = dims_at(g, &t->v[i]);
        TRY(row_at(cx, &s, &dims, &row));
        row->size += t->v[i].size; /* of events; figures are sized when they are added up */
        for (size_t c = 0; t->v[i].num && c < t->offer->d->ncolumns; c++) {
            row->num[c] += t->v[i].num[c];
            row->den[c] += t->v[i].den[c];
        }
    }
    rows_take(cx, &s);
    *ret = out;
    return RC_OK;
}

/* -- as a file -- */

static void head_put(struct ctx *cx, struct buf *b, const struct table *t)
{
    bool first = true;
    JSON_EACH (content_columns(cx, t->offer), c) {
        if (!first)
            buf_putc(b, ',');
        first = false;
        csv_cell(b, json_str(c, "name"));
    }
    buf_put(b, STR("\r\n"));
}

struct cells {
    struct buf *b;
    bool more;
};

static void cell_put(struct cells *c, struct str s)
{
    if (c->more)
        buf_putc(c->b, ',');
    c->more = true;
    csv_cell(c->b, s);
}

static void number_put(struct cells *c, int64_t n)
{
    if (c->more)
        buf_putc(c->b, ',');
    c->more = true;
    buf_fmt(c->b, "%lld", (long long)n);
}

static void dims_put(struct ctx *cx, struct cells *c, const struct table *t,
                     const struct table_row *r)
{
    if (t->grain.time != TIME_ALL)
        cell_put(c, grain_text(cx->mem, r->day, t->grain.time));
    if (t->grain.area != AREA_ALL) {
        cell_put(c, r->unit ? r->unit->code : STR(""));
        cell_put(c, r->unit ? r->unit->name_vi : STR(""));
    }
    if (t->grain.procedure)
        cell_put(c, r->procedure);
    if (t->grain.channel)
        number_put(c, r->channel);
}

static void row_put(struct ctx *cx, struct buf *b, const struct table *t,
                    const struct table_row *r)
{
    struct cells c = {b, false};
    dims_put(cx, &c, t, r);
    for (size_t i = 0; i < t->offer->d->ncolumns; i++) {
        if (r->values) {
            cell_put(&c, r->values[i]);
            continue;
        }
        number_put(&c, r->num[i]);
        if (t->ind[i]->unit != IND_COUNT)
            number_put(&c, r->den[i]);
    }
    buf_put(b, STR("\r\n"));
}

enum rc content_csv(struct ctx *cx, const struct table *t, struct str *ret)
{
    struct buf *b = buf_new(cx->mem, RELEASE_BYTES_MAX);
    head_put(cx, b, t);
    for (size_t i = 0; i < t->n; i++)
        row_put(cx, b, t, &t->v[i]);
    if (b->over)
        return FAIL(cx, TOO_LARGE, "dataset", "over %d bytes", RELEASE_BYTES_MAX);
    *ret = buf_str(b);
    return RC_OK;
}
