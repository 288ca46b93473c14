/* picture.c - figures as the marks of a picture (picture/picture.h draws them). */
#include "cockpit/cockpit_priv.h"
#include "store/store.h"

_Static_assert(PICTURE_NONE == DB_NULL, "a figure without a value is drawn nowhere");

struct str when_text(struct ctx *cx, struct str key)
{
    struct str year, month, day = str_split(str_split(key, '-', &year), '-', &month);
    if (day.n)
        return str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(day), STR_ARG(month));
    return month.n ? str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(month), STR_ARG(year)) : key;
}

struct mark mark_of(struct ctx *cx, const struct indicator *ind, struct str name,
                    const struct figure *f)
{
    return (struct mark){.name = name,
                         .text = figure_text(cx, ind, f),
                         .value = figure_value(ind, f),
                         .is_missed = figure_is_missed(ind, f),
                         .is_small = figure_is_small(cx, ind, f)};
}

static struct plot plot_of(struct ctx *cx, const struct indicator *ind,
                           const struct figure_rows *rows, bool is_time)
{
    struct mark *v = arena_array(cx->mem, struct mark, rows->n + 1);
    for (size_t i = 0; i < rows->n; i++)
        v[i] = mark_of(cx, ind, is_time ? when_text(cx, rows->v[i].key) : rows->v[i].label,
                       &rows->v[i].f);
    return (struct plot){v, rows->n, scale_full(ind), target_of(ind), axis_unit(ind)};
}

int64_t scale_full(const struct indicator *ind)
{
    return ind->unit == IND_PERCENT ? 10000 : 0;
}

int64_t target_of(const struct indicator *ind)
{
    return ind->target == DB_NULL ? PICTURE_NONE : ind->target * 100;
}

const char *axis_unit(const struct indicator *ind)
{
    return ind->unit == IND_PERCENT ? "%" : "";
}

struct json *figures_columns(struct ctx *cx, const struct indicator *ind,
                             const struct figure_rows *rows)
{
    struct plot p = plot_of(cx, ind, rows, true);
    return picture_columns(cx, &p);
}

struct json *figures_bars(struct ctx *cx, const struct indicator *ind,
                          const struct figure_rows *rows)
{
    struct plot p = plot_of(cx, ind, rows, false);
    return picture_bars(cx, &p);
}
