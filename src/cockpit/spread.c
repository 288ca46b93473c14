/* spread.c - how units are spread over the values of a figure: classes, quarters, and where most
 * stand. */
#include <stdlib.h>

#include "cockpit/cockpit_priv.h"
#include "store/store.h"

enum { CLASSES_MAX = 10, VALUES_MAX = 20, NAMES_SHOWN = 6 };

/* Units that can be compared, with their values, the least first. */
struct classes {
    const struct standing **unit;
    int64_t *v;
    size_t n, small, none;
    int64_t base, step; /* where the first class begins; width of a class; hundredths */
    size_t count;
};

static int value_cmp(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Shares that lie close together would stand in one class or two of ten: then the classes are
 * those of the part where they lie. */
static struct scale classes_choose(const struct indicator *ind, int64_t least, int64_t most,
                                   int64_t *base)
{
    const struct scale whole = {10000, 1000};
    *base = 0;
    if (ind->unit != IND_PERCENT)
        return scale_make(most, CLASSES_MAX);
    if (least < 0 || most > whole.high || most <= least || most - least > whole.high / 3)
        return whole;
    int64_t step =
        scale_make(most - least, CLASSES_MAX - 2).step; /* one may begin, one end it */
    int64_t high = (most / step + 1) * step;
    *base = least / step * step;
    return (struct scale){high < whole.high ? high : whole.high, step};
}

static size_t class_of(const struct classes *s, int64_t v)
{
    size_t at = v > s->base ? (size_t)((v - s->base) / s->step) : 0;
    return at < s->count ? at : s->count - 1; /* 100 % is in the last one */
}

static struct classes classes_of(struct ctx *cx, const struct indicator *ind,
                                 const struct standings *all)
{
    struct classes s = {.unit = arena_array(cx->mem, const struct standing *, all->n + 1),
                        .v = arena_array(cx->mem, int64_t, all->n + 1)};
    int64_t most = 0, least = INT64_MAX;
    for (size_t i = 0; i < all->n; i++) {
        int64_t v = figure_value(ind, &all->v[i].now);
        s.small += all->v[i].is_small;
        s.none += v == PICTURE_NONE;
        if (v == PICTURE_NONE || all->v[i].is_small)
            continue;
        s.unit[s.n] = &all->v[i];
        s.v[s.n++] = v;
        most = v > most ? v : most;
        least = v < least ? v : least;
    }
    struct scale scale = classes_choose(ind, least, most, &s.base);
    s.step = scale.step;
    s.count = (size_t)((scale.high - s.base + scale.step - 1) / scale.step);
    return s;
}

static struct str class_name(struct ctx *cx, const struct indicator *ind,
                             const struct classes *s, size_t i)
{
    const char *unit = axis_unit(ind);
    int64_t begin = s->base + (int64_t)i * s->step;
    struct str from = hundredths_text(cx, begin, "");
    struct str to = hundredths_text(cx, begin + s->step, unit);
    return str_fmt(cx->mem, "%.*s–%.*s", STR_ARG(from), STR_ARG(to));
}

/* The first few units of a class by name, then how many more. */
static struct str class_units(struct ctx *cx, const struct classes *s, size_t class)
{
    struct buf *b = buf_new(cx->mem, NAMES_SHOWN * (UNIT_NAME_MAX * 4 + 2) + 40);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (class_of(s, s->v[i]) != class)
            continue;
        if (n++ < NAMES_SHOWN) {
            struct str name = unit_name(cx, s->unit[i]->unit);
            buf_fmt(b, "%s%.*s", n > 1 ? ", " : "", STR_ARG(name));
        }
    }
    if (n > NAMES_SHOWN)
        buf_fmt(b, " … +%zu", n - NAMES_SHOWN);
    return buf_str(b);
}

static struct json *spread_table(struct ctx *cx, const struct indicator *ind,
                                 const struct classes *s)
{
    struct json *t = table_new(cx);
    table_column(cx, t, "class", msg_get(cx->lang, STR("cockpit.class")), false);
    table_column(cx, t, "units", msg_get(cx->lang, STR("cockpit.class.units")), true);
    table_column(cx, t, "names", msg_get(cx->lang, STR("cockpit.class.names")), false);
    for (size_t i = 0; s->n && i < s->count; i++) {
        struct json *row = table_row(cx, t);
        size_t n = 0;
        for (size_t k = 0; k < s->n; k++)
            n += class_of(s, s->v[k]) == i;
        table_text(cx, row, class_name(cx, ind, s, i), STR(""));
        struct str text = number_text(cx, (int64_t)n);
        struct json *c = table_number(cx, row, text, str_fmt(cx->mem, "%zu", n));
        json_put_int(cx->mem, c, "units", (int64_t)n);
        table_text(cx, row, class_units(cx, s, i), STR(""));
    }
    return t;
}

static struct json *spread_picture(struct ctx *cx, const struct json *table)
{
    const struct json *rows = json_get(table, STR("rows"));
    struct mark *v = arena_array(cx->mem, struct mark, rows->n + 1);
    size_t n = 0;
    JSON_EACH (rows, row) {
        const struct json *cells = json_get(row, STR("cells")), *count = json_at(cells, 1);
        v[n++] = (struct mark){.name = json_str(json_at(cells, 0), "text"),
                               .text = json_str(count, "text"),
                               .value = json_int(count, "units", 0) * 100};
    }
    return picture_columns(cx, &(struct plot){v, n, 0, PICTURE_NONE, ""});
}

/* Nearest rank: the least value that `percent` of the units do not exceed. */
static int64_t nearest(const int64_t *sorted, size_t n, size_t percent)
{
    size_t need = (n * percent + 99) / 100;
    return n ? sorted[need ? need - 1 : 0] : PICTURE_NONE;
}

static void quarters_put(struct ctx *cx, const struct indicator *ind, const struct classes *s,
                         struct json *v)
{
    static const size_t percents[] = {0, 25, 50, 75, 100};
    static const char *const labels[] = {"cockpit.least", "cockpit.quarter", "cockpit.half",
                                         "cockpit.three_quarters", "cockpit.largest"};
    struct json *list = json_put(v, STR("quarters"), json_new_arr(cx->mem));
    int64_t *sorted = arena_array(cx->mem, int64_t, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        sorted[i] = s->v[i];
    qsort(sorted, s->n, sizeof *sorted, value_cmp);
    for (size_t i = 0; s->n && i < sizeof percents / sizeof *percents; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        int64_t value = nearest(sorted, s->n, percents[i]);
        json_put_str(cx->mem, o, "label", msg_get(cx->lang, str_from(labels[i])));
        json_put_str(cx->mem, o, "value", hundredths_text(cx, value, axis_unit(ind)));
    }
}

/* -- a distribution's own values: how many dossiers lie where -- */

static struct json *values_table(struct ctx *cx, const struct spread *s, const int64_t *count,
                                 int64_t step, size_t n)
{
    struct json *t = table_new(cx);
    table_column(cx, t, "class", msg_get(cx->lang, STR("cockpit.class")), false);
    table_column(cx, t, "count", msg_get(cx->lang, STR("cockpit.values.count")), true);
    table_column(cx, t, "share", msg_get(cx->lang, STR("cockpit.values.share")), true);
    for (size_t i = 0; i < n; i++) {
        struct json *row = table_row(cx, t);
        struct str from = number_text(cx, (int64_t)i * step);
        struct str to = number_text(cx, (int64_t)(i + 1) * step - 1);
        int64_t share = s->all ? count[i] * 10000 / s->all : PICTURE_NONE;
        table_text(cx, row,
                   step > 1 ? str_fmt(cx->mem, "%.*s–%.*s", STR_ARG(from), STR_ARG(to)) : from,
                   STR(""));
        struct json *c = table_number(cx, row, number_text(cx, count[i]),
                                      str_fmt(cx->mem, "%lld", (long long)count[i]));
        json_put_int(cx->mem, c, "units", count[i]);
        table_number(cx, row, hundredths_text(cx, share, "%"), table_raw(cx, share));
    }
    return t;
}

/* Buckets are finer than a picture can show: they are added up in equal classes. */
static enum rc values_get(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                          struct json **ret)
{
    struct spread s;
    int64_t most = 0, count[VALUES_MAX + 1] = {0};
    TRY(figure_spread(cx, ind, &a->slice, &s));
    for (size_t i = 0; i < s.n; i++)
        most = s.v[i].to > most ? s.v[i].to : most;
    int64_t step = scale_make((most + 1) * 100, VALUES_MAX).step / 100;
    for (size_t i = 0; i < s.n; i++) {
        int64_t at = (s.v[i].from < 0 ? 0 : s.v[i].from) / step;
        count[at < VALUES_MAX ? at : VALUES_MAX] += s.v[i].count;
    }
    *ret = values_table(cx, &s, count, step, s.n ? (size_t)(most / step) + 1 : 0);
    return RC_OK;
}

static enum rc percentiles_put(struct ctx *cx, const struct indicator *ind,
                               const struct asked *a, struct json *v)
{
    static const int percents[] = {25, 50, 75, 90, 95};
    struct json *list = json_put(v, STR("percentiles"), json_new_arr(cx->mem));
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        int64_t value;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        TRY(figure_percentile(cx, ind, &a->slice, percents[i], &value));
        json_put_int(cx->mem, o, "percent", percents[i]);
        json_put_str(cx->mem, o, "value",
                     value == DB_NULL ? STR("—") : hundredths_text(cx, value, ""));
    }
    return RC_OK;
}

static enum rc values_put(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                          struct json *v)
{
    struct json *table;
    TRY(values_get(cx, ind, a, &table));
    TRY(percentiles_put(cx, ind, a, v));
    json_put(v, STR("values"), spread_picture(cx, table));
    json_put(v, STR("values_table"), table);
    json_put_bool(cx->mem, v, "has_values_of", true);
    return RC_OK;
}

enum rc get_spread(struct ctx *cx, struct req *rq)
{
    struct asked a;
    struct standings all;
    const struct indicator *ind;
    struct json *v = json_new_obj(cx->mem);
    TRY(page_begin(cx, rq, TAB_SPREAD, &a, &ind, v));
    TRY(standings_get(cx, ind, &a, &all));
    struct classes s = classes_of(cx, ind, &all);
    struct json *table = spread_table(cx, ind, &s);
    if (ind->is_distribution)
        TRY(values_put(cx, ind, &a, v));
    levels_put(cx, &a, page_of(cx, ind, "/distribution"), v);
    json_put(v, STR("spread"), spread_picture(cx, table));
    json_put(v, STR("table"), table);
    quarters_put(cx, ind, &s, v);
    json_put_bool(cx->mem, v, "has_values", s.n > 0);
    json_put_str(cx->mem, v, "compared", number_text(cx, (int64_t)s.n));
    json_put_str(cx->mem, v, "left_out", number_text(cx, (int64_t)(s.small + s.none)));
    json_put_bool(cx->mem, v, "has_left_out", s.small + s.none > 0);
    return reply_page(cx, rq, "cockpit/distribution", v);
}

enum rc get_spread_csv(struct ctx *cx, struct req *rq)
{
    struct asked a;
    struct standings all;
    const struct indicator *ind;
    TRY(question_read(cx, rq, &a, &ind));
    struct str file = str_fmt(cx->mem, "%.*s-distribution", STR_ARG(ind->id));
    if (ind->is_distribution && !a.level.n) { /* with a level: its units, as for any other */
        struct json *table;
        TRY(values_get(cx, ind, &a, &table));
        return csv_reply(cx, rq, file.p, table);
    }
    TRY(standings_get(cx, ind, &a, &all));
    struct classes s = classes_of(cx, ind, &all);
    return csv_reply(cx, rq, file.p, spread_table(cx, ind, &s));
}
