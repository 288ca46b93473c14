/* figure.c - figures: sums of cells, in rows by unit, procedure, day or month, and in words. */
#include "app/app.h"
#include "gen/measure_sql.h"
#include "measure/read.h"
#include "text/i18n.h"

enum { FIGURE_ROWS_MAX = 4000, MARKS_MAX = 200000 };

struct sums {
    const struct indicator *ind;
    enum figure_by by;
    struct figure *one; /* NULL: rows */
    struct map *rows;   /* key -> struct figure_row */
    struct map *marks;  /* distinct: row and what is counted -> struct mark */
};
struct mark { /* one procedure or unit of a row */
    struct figure *of;
    int64_t num, den;
};

/* -- rows -- */

static struct str row_key(struct ctx *cx, const struct sums *s, const struct part *p)
{
    switch (s->by) {
    case BY_PROCEDURE:
        return p->procedure;
    case BY_DAY:
        return day_iso(cx->mem, p->day);
    case BY_MONTH:
        return str_fmt(cx->mem, "%04d-%02d", (int)(p->month / 12), (int)(p->month % 12) + 1);
    default:
        return p->row->code;
    }
}

static struct figure *row_of(struct ctx *cx, struct sums *s, const struct part *p)
{
    struct str key = row_key(cx, s, p);
    struct figure_row *row = map_get(s->rows, key);
    if (row || map_size(s->rows) == FIGURE_ROWS_MAX)
        return row ? &row->f : NULL;
    row = arena_new_of(cx->mem, struct figure_row);
    row->key = str_dup(cx->mem, key);
    if (s->by == BY_UNIT || s->by == BY_EACH)
        row->label = unit_name(cx, p->row);
    map_set(s->rows, row->key, row);
    return &row->f;
}

/* The procedure's, or the unit's, own sum within a row. */
static struct mark *mark_of(struct ctx *cx, struct sums *s, struct figure *f,
                            const struct part *p)
{
    struct str what = s->ind->distinct == DISTINCT_UNIT
                          ? str_fmt(cx->mem, "%lld", (long long)p->owner)
                          : p->procedure;
    struct str key = str_fmt(cx->mem, "%p %.*s", (void *)f, STR_ARG(what));
    struct mark *m = map_get(s->marks, key);
    if (m || map_size(s->marks) == MARKS_MAX)
        return m;
    m = arena_new_of(cx->mem, struct mark);
    m->of = f;
    map_set(s->marks, key, m);
    return m;
}

static enum rc part_add(struct ctx *cx, const struct part *p, void *arg)
{
    struct sums *s = arg;
    struct figure *f = s->one ? s->one : row_of(cx, s, p);
    if (!f)
        return FAIL(cx, TOO_LARGE, "by", "over %d rows", FIGURE_ROWS_MAX);
    f->adjusted += p->late;
    if (s->ind->distinct == DISTINCT_NONE) {
        f->num += p->num;
        f->den += p->den;
        return RC_OK;
    }
    struct mark *m = mark_of(cx, s, f, p);
    if (!m)
        return FAIL(cx, TOO_LARGE, "by", "over %d different ones", MARKS_MAX);
    m->num += p->num;
    m->den += p->den;
    return RC_OK;
}

static void marks_count(const struct sums *s)
{
    for (size_t i = 0; i < map_size(s->marks); i++) {
        const struct mark *m = map_at(s->marks, i, NULL);
        m->of->num += m->num > 0;
        m->of->den += m->den > 0;
    }
}

static enum rc sums_read(struct ctx *cx, const struct slice *slice, struct sums *s)
{
    struct reading r = {
        .ind = s->ind,
        .slice = slice,
        .rows = s->by == BY_UNIT && !s->one   ? ROWS_CHILD
                : s->by == BY_EACH && !s->one ? ROWS_EACH
                                              : ROWS_ONE,
        .by = s->by,
        .days = s->by == BY_DAY,
        .detail = s->by == BY_PROCEDURE || s->ind->distinct == DISTINCT_PROCEDURE,
        .apart = s->ind->distinct == DISTINCT_UNIT,
        .each = part_add,
        .arg = s,
    };
    s->marks = map_new(cx->mem);
    TRY(cells_read(cx, &r));
    marks_count(s);
    return RC_OK;
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
    struct sums sums = {.ind = ind, .by = BY_UNIT, .one = &sum};
    TRY(seq_now(cx, &sum.seq)); /* before the cells: they are at least that new */
    TRY(sums_read(cx, s, &sums));
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

/* What a month has only on its days outside the period is taken off to nothing: no row of its. */
static bool is_empty(const struct indicator *ind, const struct figure *f)
{
    return !ind->is_stock && !f->num && !f->den && !f->adjusted;
}

enum rc figure_rows(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                    enum figure_by by, struct figure_rows *ret)
{
    struct sums sums = {.ind = ind, .by = by, .rows = map_new(cx->mem)};
    int64_t seq;
    TRY(seq_now(cx, &seq));
    TRY(sums_read(cx, s, &sums));
    size_t n = map_size(sums.rows), used = 0;
    struct figure_row *v = arena_array(cx->mem, struct figure_row, n);
    for (size_t i = 0; i < n; i++) {
        struct figure_row *row = map_at(sums.rows, i, NULL);
        if (is_empty(ind, &row->f))
            continue;
        row->f.seq = seq;
        if (by == BY_PROCEDURE)
            row->label = procedure_label(cx, row->key);
        else if (by == BY_DAY || by == BY_MONTH)
            row->label = row->key;
        v[used++] = *row;
    }
    qsort(v, used, sizeof *v, row_cmp);
    *ret = (struct figure_rows){v, used};
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
    __extension__ typedef __int128 wide; /* sums of other nodes may be large */
    wide n = (wide)f->num * scale, half = f->den / 2;
    return (int64_t)((n < 0 ? n - half : n + half) / f->den);
}

static struct str value_text(struct ctx *cx, int64_t v, bool is_whole)
{
    if (is_whole)
        return number_text(cx, (v < 0 ? v - 50 : v + 50) / 100);
    int64_t size = v < 0 ? -v : v;
    struct str n = number_text(cx, size / 100);
    return str_fmt(cx->mem, "%s%.*s%s%02lld", v < 0 ? "-" : "", STR_ARG(n),
                   cx->lang == LANG_EN ? "." : ",", (long long)(size % 100));
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

enum rc figure_years(struct ctx *cx, int *ret, size_t most, size_t *n)
{
    struct clock_days_rows days;
    size_t used = 0;
    TRY(sql_clock_days(cx, &days));
    for (size_t i = 0; i < days.n && used < most; i++) {
        int year = civil_of_day((int32_t)days.v[i].day).year;
        if (!used || ret[used - 1] != year)
            ret[used++] = year;
    }
    *n = used;
    return RC_OK;
}
