/* trend.c - a figure month by month, beside the same months of the year before. */
#include "cockpit/cockpit_priv.h"
#include "store/store.h"

enum { YEAR = 12 };

/* Months since year 0, so that differences are plain. */
static int month_named(struct str key)
{
    struct str year, month = str_split(key, '-', &year);
    int64_t y = 0, m = 0;
    return str_int(year, &y) && str_int(month, &m) ? (int)(y * YEAR + m - 1) : -1;
}

static void flows_fill(const struct figure_rows *rows, int first, size_t n, struct figure *ret)
{
    for (size_t i = 0; i < rows->n; i++) {
        int at = month_named(rows->v[i].key) - first;
        if (at >= 0 && (size_t)at < n)
            ret[at] = rows->v[i].f;
    }
}

/* What stood before the first month is carried into it, and from month to month. */
static void stocks_fill(const struct figure_rows *rows, int first, size_t n, struct figure *ret)
{
    struct figure sum = {0};
    size_t i = 0;
    for (size_t at = 0; at < n; at++) {
        while (i < rows->n && month_named(rows->v[i].key) <= first + (int)at) {
            sum.num += rows->v[i].f.num;
            sum.den += rows->v[i].f.den;
            sum.seq = rows->v[i++].f.seq;
        }
        ret[at] = sum;
    }
}

enum rc months_get(struct ctx *cx, const struct indicator *ind, const struct asked *a, size_t n,
                   struct figure *ret, struct str *names)
{
    struct figure_rows rows;
    struct slice s = a->slice;
    struct civil end = civil_of_day(s.period.to - 1);
    int first = end.year * YEAR + end.month - (int)n;
    s.period.from = day_make(first / YEAR, first % YEAR + 1, 1);
    for (size_t i = 0; i < n; i++) {
        int m = first + (int)i;
        ret[i] = (struct figure){0};
        names[i] = str_fmt(cx->mem, "%02d/%d", m % YEAR + 1, m / YEAR);
    }
    TRY(figure_rows(cx, ind, &s, BY_MONTH, &rows));
    (ind->is_stock ? stocks_fill : flows_fill)(&rows, first, n, ret);
    return RC_OK;
}

/* -- the page -- */

static struct json *trend_table(struct ctx *cx, const struct indicator *ind,
                                const struct figure *f, const struct str *names)
{
    static const struct {
        const char *key, *label;
    } columns[] = {{"value", "cockpit.value"},
                   {"numerator", "cockpit.num"},
                   {"denominator", "cockpit.den"},
                   {"year_before", "cockpit.year_before"},
                   {"change", "cockpit.change.year"}};
    struct json *t = table_new(cx);
    table_column(cx, t, "month", msg_get(cx->lang, STR("cockpit.month")), false);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(cx, t, columns[i].key, msg_get(cx->lang, str_from(columns[i].label)),
                     true);
    for (size_t i = YEAR; i < 2 * YEAR; i++) {
        struct json *row = table_row(cx, t);
        int64_t now = figure_value(ind, &f[i]), then = figure_value(ind, &f[i - YEAR]);
        int64_t change =
            now == PICTURE_NONE || then == PICTURE_NONE ? PICTURE_NONE : now - then;
        table_text(cx, row, names[i], STR(""));
        cell_figure(cx, ind, &f[i], row);
        table_number(cx, row, number_text(cx, f[i].num),
                     str_fmt(cx->mem, "%lld", (long long)f[i].num));
        bool has_den = ind->unit != IND_COUNT;
        table_number(cx, row, has_den ? number_text(cx, f[i].den) : STR("–"),
                     has_den ? str_fmt(cx->mem, "%lld", (long long)f[i].den) : STR(""));
        table_number(cx, row, figure_text(cx, ind, &f[i - YEAR]), table_raw(cx, then));
        table_number(cx, row, change_text(cx, change), table_raw(cx, change));
    }
    return t;
}

static struct json *trend_picture(struct ctx *cx, const struct indicator *ind,
                                  const struct figure *f, const struct str *names)
{
    int64_t *v = arena_array(cx->mem, int64_t, 2 * YEAR);
    bool has_before = false;
    for (size_t i = 0; i < 2 * YEAR; i++) {
        v[i] = figure_value(ind, &f[i]);
        has_before |= i < YEAR && v[i] != PICTURE_NONE && v[i] != 0;
    }
    struct series s[] = {{msg_get(cx->lang, STR("cockpit.year_now")), v + YEAR, false},
                         {msg_get(cx->lang, STR("cockpit.year_before")), v, true}};
    struct lines l = {.steps = names + YEAR,
                      .nsteps = YEAR,
                      .v = s,
                      .n = has_before ? 2 : 1,
                      .full = scale_full(ind),
                      .target = target_of(ind),
                      .unit = axis_unit(ind)};
    return picture_lines(cx, &l);
}

enum rc get_trend(struct ctx *cx, struct req *rq)
{
    struct asked a;
    const struct indicator *ind;
    struct figure f[2 * YEAR];
    struct str names[2 * YEAR];
    struct json *v = json_new_obj(cx->mem);
    TRY(page_begin(cx, rq, TAB_TREND, &a, &ind, v));
    TRY(months_get(cx, ind, &a, 2 * YEAR, f, names));
    json_put(v, STR("trend"), trend_picture(cx, ind, f, names));
    json_put(v, STR("table"), trend_table(cx, ind, f, names));
    json_put_str(cx->mem, v, "first_month", names[YEAR]);
    json_put_str(cx->mem, v, "last_month", names[2 * YEAR - 1]);
    return reply_page(cx, rq, "cockpit/trend", v);
}

enum rc get_trend_csv(struct ctx *cx, struct req *rq)
{
    struct asked a;
    const struct indicator *ind;
    struct figure f[2 * YEAR];
    struct str names[2 * YEAR];
    TRY(question_read(cx, rq, &a, &ind));
    TRY(months_get(cx, ind, &a, 2 * YEAR, f, names));
    struct str name = str_fmt(cx->mem, "%.*s-trend", STR_ARG(ind->id));
    return csv_reply(cx, rq, name.p, trend_table(cx, ind, f, names));
}
