/* picture.c - where the bars of a picture stand. The template writes the SVG; the table beside
 * it says the same in words. */
#include "cockpit/cockpit_priv.h"
#include "store/store.h"

enum {
    COLUMNS_W = 1100,
    COLUMNS_H = 220, /* of the plot; labels come below */
    COLUMNS_LEFT = 64,
    COLUMNS_MAX = 92,
    LABELS_MAX = 13,
    BARS_W = 1100,
    BARS_LEFT = 320,
    BARS_RIGHT = 160,
    BAR_STEP = 26,
    BARS_MAX = 30,
    LABEL_POINTS = 40
};

struct str when_text(struct ctx *cx, struct str key)
{
    struct str year, month, day = str_split(str_split(key, '-', &year), '-', &month);
    if (day.n)
        return str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(day), STR_ARG(month));
    return month.n ? str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(month), STR_ARG(year)) : key;
}

/* The whole height stands for: 100 % of a share, else a round number above the largest. */
static int64_t scale_of(const struct indicator *ind, const struct figure_rows *rows)
{
    int64_t most = ind->target == DB_NULL ? 0 : ind->target * 100, step = 100;
    if (ind->unit == IND_PERCENT)
        return 10000;
    for (size_t i = 0; i < rows->n; i++) {
        int64_t v = figure_value(ind, &rows->v[i].f);
        if (v != DB_NULL && v > most)
            most = v;
    }
    while (step * 10 <= most)
        step *= 10;
    int64_t scale = step;
    while (scale < most)
        scale += step;
    return scale;
}

static struct str scale_text(struct ctx *cx, const struct indicator *ind, int64_t v)
{
    struct str n = number_text(cx, v / 100);
    return ind->unit == IND_PERCENT ? str_fmt(cx->mem, "%.*s%%", STR_ARG(n)) : n;
}

static void ticks_put(struct ctx *cx, const struct indicator *ind, int64_t scale,
                      struct json *p)
{
    struct json *list = json_put(p, STR("ticks"), json_new_arr(cx->mem));
    for (int i = 0; i <= 2; i++) {
        if (i == 1 && scale < 200) /* half of a small scale is no whole number */
            continue;
        struct json *t = json_push(list, json_new_obj(cx->mem));
        json_put_int(cx->mem, t, "y", COLUMNS_H - (int64_t)COLUMNS_H * i / 2 + 10);
        json_put_str(cx->mem, t, "text", scale_text(cx, ind, scale * i / 2));
    }
}

static struct json *picture_new(struct ctx *cx, int64_t width, int64_t height)
{
    struct json *p = json_new_obj(cx->mem);
    json_put_int(cx->mem, p, "width", width);
    json_put_int(cx->mem, p, "height", height);
    json_put(p, STR("bars"), json_new_arr(cx->mem));
    json_put(p, STR("ticks"), json_new_arr(cx->mem));
    json_put_int(cx->mem, p, "left", COLUMNS_LEFT);
    return p;
}

static void column_put(struct ctx *cx, const struct indicator *ind,
                       const struct figure_row *row, int64_t scale, struct json *b)
{
    int64_t v = figure_value(ind, &row->f), h = v == DB_NULL || v < 0 ? 0 : v;
    h = h * COLUMNS_H / scale;
    json_put_int(cx->mem, b, "y", COLUMNS_H + 10 - h);
    json_put_int(cx->mem, b, "h", h);
    json_put_str(cx->mem, b, "name", when_text(cx, row->key));
    json_put_str(cx->mem, b, "value", figure_text(cx, ind, &row->f));
    json_put_bool(cx->mem, b, "is_missed", figure_is_missed(ind, &row->f));
}

struct json *picture_columns(struct ctx *cx, const struct indicator *ind,
                             const struct figure_rows *rows)
{
    int64_t scale = scale_of(ind, rows);
    size_t first = rows->n > COLUMNS_MAX ? rows->n - COLUMNS_MAX : 0, n = rows->n - first;
    struct json *p = picture_new(cx, COLUMNS_W, COLUMNS_H + 40);
    int64_t step = n ? (COLUMNS_W - COLUMNS_LEFT) / (int64_t)n : 0;
    size_t every = n / LABELS_MAX + 1;
    step = step > 90 ? 90 : step;
    for (size_t i = 0; i < n; i++) {
        struct json *b = json_push(json_get(p, STR("bars")), json_new_obj(cx->mem));
        int64_t x = COLUMNS_LEFT + step * (int64_t)i;
        column_put(cx, ind, &rows->v[first + i], scale, b);
        json_put_int(cx->mem, b, "x", x + step / 8);
        json_put_int(cx->mem, b, "w", step - step / 4 > 1 ? step - step / 4 : 1);
        json_put_int(cx->mem, b, "middle", x + step / 2);
        json_put_bool(cx->mem, b, "has_label", i % every == 0);
    }
    ticks_put(cx, ind, scale, p);
    if (ind->target != DB_NULL) {
        json_put_int(cx->mem, p, "target_y",
                     COLUMNS_H + 10 - ind->target * 100 * COLUMNS_H / scale);
        json_put_bool(cx->mem, p, "has_target", true);
    }
    return p;
}

static int64_t value_or_least(const struct indicator *ind, const struct figure_row *r)
{
    int64_t v = figure_value(ind, &r->f);
    return v == DB_NULL ? -1 : v;
}

/* The largest first; equal ones by their code, as in the table. */
static size_t largest_of(const struct indicator *ind, const struct figure_rows *rows,
                         const bool *used)
{
    size_t best = rows->n;
    for (size_t i = 0; i < rows->n; i++)
        if (!used[i] && (best == rows->n || value_or_least(ind, &rows->v[i]) >
                                                value_or_least(ind, &rows->v[best])))
            best = i;
    return best;
}

struct json *picture_bars(struct ctx *cx, const struct indicator *ind,
                          const struct figure_rows *rows)
{
    size_t n = rows->n < BARS_MAX ? rows->n : BARS_MAX;
    int64_t scale = scale_of(ind, rows), room = BARS_W - BARS_LEFT - BARS_RIGHT;
    bool *used = arena_array(cx->mem, bool, rows->n + 1);
    struct json *p = picture_new(cx, BARS_W, (int64_t)n * BAR_STEP + 14);
    for (size_t k = 0; k < n; k++) {
        size_t i = largest_of(ind, rows, used);
        const struct figure_row *row = &rows->v[i];
        struct json *b = json_push(json_get(p, STR("bars")), json_new_obj(cx->mem));
        int64_t v = value_or_least(ind, row), w = v > 0 ? v * room / scale : 0;
        struct str name = utf8_cut(row->label, LABEL_POINTS);
        used[i] = true;
        json_put_int(cx->mem, b, "y", (int64_t)k * BAR_STEP + 4);
        json_put_int(cx->mem, b, "text_y", (int64_t)k * BAR_STEP + 19);
        json_put_int(cx->mem, b, "w", w > room ? room : w);
        json_put_int(cx->mem, b, "value_x", BARS_LEFT + room + 12);
        json_put_str(cx->mem, b, "name",
                     name.n < row->label.n ? str_join(cx->mem, name, STR("…")) : name);
        json_put_str(cx->mem, b, "value", figure_text(cx, ind, &row->f));
        json_put_bool(cx->mem, b, "is_missed", figure_is_missed(ind, &row->f));
    }
    json_put_int(cx->mem, p, "left", BARS_LEFT);
    if (ind->target != DB_NULL && ind->target * 100 <= scale) {
        json_put_int(cx->mem, p, "target_x", BARS_LEFT + ind->target * 100 * room / scale);
        json_put_bool(cx->mem, p, "has_target", true);
    }
    json_put_bool(cx->mem, p, "is_cut", rows->n > n);
    json_put_int(cx->mem, p, "shown", (int64_t)n);
    return p;
}
