/* figure.c - reading cells: sums over the unit tree, by unit, procedure, day or month. */
#include "app/app.h"
#include "gen/measure_sql.h"
#include "base/map.h"
#include "measure/measure_priv.h"
#include "text/i18n.h"

enum { FIGURE_ROWS_MAX = 4000 };

struct fold {
    const struct slice *slice;
    const struct unit *unit; /* NULL: all */
    enum figure_by by;
    struct map *rows; /* key -> struct figure_row */
    struct figure *sum;
};

static struct period period_of(const struct indicator *ind, const struct slice *s)
{
    struct period p = s->period;
    if (p.to == 0)
        p.to = INT32_MAX;
    if (ind->is_stock) /* what stands at the end is everything that ever came or went */
        p.from = INT32_MIN;
    return p;
}

static struct figure_row *row_of(struct ctx *cx, struct fold *f, struct str key)
{
    struct figure_row *row = map_get(f->rows, key);
    if (!row && map_size(f->rows) < FIGURE_ROWS_MAX) {
        row = arena_new_of(cx->mem, struct figure_row);
        row->key = str_dup(cx->mem, key);
        map_set(f->rows, row->key, row);
    }
    return row;
}

/* The child of the slice's unit under which u lies; u's own row for the unit itself. */
static const struct unit *branch_of(const struct fold *f, const struct unit *u)
{
    while (u->parent && u->parent != f->unit && u != f->unit)
        u = u->parent;
    return u;
}

static void add(struct figure *f, int64_t num, int64_t den)
{
    f->num += num;
    f->den += den;
}

static enum rc fold_row(struct ctx *cx, struct fold *f, int64_t unit, struct str key,
                        const struct figure *amount)
{
    const struct unit *u = unit_of(cx, (struct unit_id){unit});
    if (!u || (f->unit && !unit_is_within(u, f->unit)))
        return RC_OK;
    if (f->sum) {
        add(f->sum, amount->num, amount->den);
        return RC_OK;
    }
    const struct unit *branch = f->by == BY_UNIT   ? branch_of(f, u)
                                : f->by == BY_EACH ? u
                                                   : NULL;
    struct figure_row *row = row_of(cx, f, branch ? branch->code : key);
    if (!row)
        return FAIL(cx, TOO_LARGE, "by", "over %d rows", FIGURE_ROWS_MAX);
    if (branch)
        row->label = unit_name(cx, branch);
    add(&row->f, amount->num, amount->den);
    return RC_OK;
}

static enum rc unit_each(struct ctx *cx, const struct cells_by_unit_row *r, void *arg)
{
    return fold_row(cx, arg, r->unit, STR(""), &(struct figure){r->num, r->den, 0});
}

static enum rc procedure_each(struct ctx *cx, const struct cells_by_procedure_row *r, void *arg)
{
    return fold_row(cx, arg, r->unit, r->key, &(struct figure){r->num, r->den, 0});
}

static enum rc day_each(struct ctx *cx, const struct cells_by_day_row *r, void *arg)
{
    const struct fold *f = arg;
    struct str key = day_iso(cx->mem, (int32_t)r->day);
    if (f->by == BY_MONTH)
        key = str_cut(key, 0, 7);
    return fold_row(cx, arg, r->unit, key, &(struct figure){r->num, r->den, 0});
}

static enum rc fold_all(struct ctx *cx, const struct indicator *ind, struct fold *f)
{
    const struct slice *s = f->slice;
    struct period p = period_of(ind, s);
    struct str procedure = s->procedure.p ? s->procedure : STR("");
    f->unit = unit_of(cx, s->unit);
    if (s->unit.v && !f->unit) /* an unknown unit is not everybody */
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    if (f->sum || f->by == BY_UNIT || f->by == BY_EACH)
        return sql_cells_by_unit(cx, ind->id, p.from, p.to, procedure, s->channel, unit_each,
                                 f);
    if (f->by == BY_PROCEDURE)
        return sql_cells_by_procedure(cx, ind->id, p.from, p.to, procedure, s->channel,
                                      procedure_each, f);
    return sql_cells_by_day(cx, ind->id, p.from, p.to, procedure, s->channel, day_each, f);
}

static enum rc seq_now(struct ctx *cx, int64_t *ret)
{
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    *ret = head.size;
    return RC_OK;
}

enum rc figure_get(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                   struct figure *ret)
{
    struct figure sum = {0};
    struct fold f = {.slice = s, .sum = &sum};
    TRY(seq_now(cx, &sum.seq)); /* before the cells: they are at least that new */
    TRY(fold_all(cx, ind, &f));
    *ret = sum;
    return RC_OK;
}

static int row_cmp(const void *a, const void *b)
{
    return str_cmp(((const struct figure_row *)a)->key, ((const struct figure_row *)b)->key);
}

static struct str procedure_label(struct ctx *cx, struct str procedure)
{
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i]->procedure, procedure))
            return label_text(cx, all[i]->name);
    return procedure;
}

enum rc figure_rows(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                    enum figure_by by, struct figure_rows *ret)
{
    struct fold f = {.slice = s, .by = by, .rows = map_new(cx->mem)};
    int64_t seq;
    TRY(seq_now(cx, &seq));
    TRY(fold_all(cx, ind, &f));
    size_t n = map_size(f.rows);
    struct figure_row *v = arena_array(cx->mem, struct figure_row, n);
    for (size_t i = 0; i < n; i++) {
        v[i] = *(struct figure_row *)map_at(f.rows, i, NULL);
        v[i].f.seq = seq;
        if (by == BY_PROCEDURE)
            v[i].label = procedure_label(cx, v[i].key);
        else if (by == BY_DAY || by == BY_MONTH)
            v[i].label = v[i].key;
    }
    qsort(v, n, sizeof *v, row_cmp);
    *ret = (struct figure_rows){v, n};
    return RC_OK;
}

struct buckets {
    struct fold f;
    int64_t n[BUCKETS_MAX], all;
};

static enum rc bucket_each(struct ctx *cx, const struct cells_by_bucket_row *r, void *arg)
{
    struct buckets *b = arg;
    struct figure sum = {0};
    b->f.sum = &sum;
    TRY(fold_row(cx, &b->f, r->unit, STR(""), &(struct figure){.den = r->n}));
    b->n[r->bucket % BUCKETS_MAX] += sum.den;
    b->all += sum.den;
    return RC_OK;
}

enum rc figure_percentile(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                          int percent, int64_t *hundredths)
{
    struct buckets *b = arena_new_of(cx->mem, struct buckets);
    struct period p = period_of(ind, s);
    b->f.unit = unit_of(cx, s->unit);
    if (!ind->is_distribution)
        return FAIL(cx, STATE, "indicator", "not a distribution");
    if (s->unit.v && !b->f.unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    TRY(sql_cells_by_bucket(cx, ind->id, p.from, p.to, s->procedure.p ? s->procedure : STR(""),
                            s->channel, bucket_each, b));
    *hundredths = percentile_of(b->n, b->all, percent);
    return RC_OK;
}

int64_t figure_value(const struct indicator *ind, const struct figure *f)
{
    bool is_sum = ind->unit == IND_COUNT || (ind->unit == IND_VND && !ind->has_of);
    if (is_sum && !ind->is_entered && !ind->is_distribution)
        return f->num * 100;
    if (f->den == 0)
        return DB_NULL;
    int64_t scale = ind->unit == IND_PERCENT ? 10000 : 100;
    return (f->num * scale + f->den / 2) / f->den;
}

static struct str value_text(struct ctx *cx, int64_t v, bool is_whole)
{
    if (is_whole)
        return number_text(cx, (v + 50) / 100);
    struct str n = number_text(cx, v / 100);
    return str_fmt(cx->mem, "%.*s%s%02lld", STR_ARG(n), cx->lang == LANG_EN ? "." : ",",
                   (long long)(v % 100));
}

struct str figure_text(struct ctx *cx, const struct indicator *ind, const struct figure *f)
{
    static const char *const keys[] = {"", "figure.percent", "figure.days", "figure.score",
                                       "figure.vnd"};
    int64_t v = figure_value(ind, f);
    if (v == DB_NULL)
        return STR("—"); /* LAW: QD766/2022: no denominator, no figure */
    if (ind->unit == IND_COUNT && !ind->is_distribution && !ind->is_entered)
        return number_text(cx, f->num);
    struct json *args = json_new_obj(cx->mem);
    struct str text = value_text(cx, v, ind->unit == IND_VND);
    json_put_str(cx->mem, args, "n", text);
    return ind->unit == IND_COUNT ? text : msg_fill(cx, str_from(keys[ind->unit]), args);
}
