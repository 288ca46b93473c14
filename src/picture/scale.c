/* scale.c - round numbers for an axis, places in a ranking, and the frame of a chart. */
#include <stdlib.h>

#include "picture/picture_priv.h"
#include "text/i18n.h"

enum { WHOLE = 100 };

struct scale scale_make(int64_t most, int ticks)
{
    static const int64_t steps[] = {1, 2, 5};
    if (most < WHOLE)
        most = WHOLE;
    for (int64_t power = WHOLE; power <= INT64_MAX / 100; power *= 10)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            int64_t step = steps[i] * power, n = most / step + (most % step != 0);
            if (n <= ticks)
                return (struct scale){n * step, step};
        }
    return (struct scale){INT64_MAX, INT64_MAX};
}

int picture_share(int64_t value, int64_t full)
{
    if (value == PICTURE_NONE || value <= 0 || full <= 0)
        return 0;
    return value >= full ? 1000 : (int)((__int128)value * 1000 / full);
}

static int value_cmp(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* How many of the sorted values lie below v; with or_equal also those that equal it. */
static size_t below(const int64_t *sorted, size_t n, int64_t v, bool or_equal)
{
    size_t from = 0, to = n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (sorted[middle] < v || (or_equal && sorted[middle] == v))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

void rank_make(struct arena *mem, const int64_t *v, size_t n, bool is_down, int *ret)
{
    size_t known = 0;
    int64_t *sorted = arena_array(mem, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        if (v[i] != PICTURE_NONE)
            sorted[known++] = v[i];
    qsort(sorted, known, sizeof *sorted, value_cmp);
    for (size_t i = 0; i < n; i++) {
        size_t better = is_down ? below(sorted, known, v[i], false)
                                : known - below(sorted, known, v[i], true);
        ret[i] = v[i] == PICTURE_NONE ? 0 : (int)better + 1;
    }
}

/* -- the frame -- */

struct json *picture_new(struct ctx *cx, int64_t width, int64_t height)
{
    struct json *p = json_new_obj(cx->mem);
    json_put_int(cx->mem, p, "width", width);
    json_put_int(cx->mem, p, "height", height);
    json_put_int(cx->mem, p, "left", PLOT_LEFT);
    json_put(p, STR("ticks"), json_new_arr(cx->mem));
    return p;
}

int64_t plot_y(int64_t value, int64_t full)
{
    return PLOT_TOP + PLOT_H - (int64_t)PLOT_H * picture_share(value, full) / 1000;
}

struct str hundredths_text(struct ctx *cx, int64_t v, const char *unit)
{
    struct str whole = number_text(cx, v / WHOLE);
    int64_t part = v % WHOLE < 0 ? -(v % WHOLE) : v % WHOLE;
    const char *point = cx->lang == LANG_EN ? "." : ",", *sign = v < 0 && v > -WHOLE ? "-" : "";
    if (!part)
        return str_fmt(cx->mem, "%.*s%s", STR_ARG(whole), unit);
    if (part % 10 == 0)
        return str_fmt(cx->mem, "%s%.*s%s%d%s", sign, STR_ARG(whole), point, (int)part / 10,
                       unit);
    return str_fmt(cx->mem, "%s%.*s%s%02d%s", sign, STR_ARG(whole), point, (int)part, unit);
}

void axis_put(struct ctx *cx, const struct scale *s, const char *unit, struct json *p)
{
    struct json *list = json_get(p, STR("ticks"));
    for (int64_t v = 0; v <= s->high; v += s->step) {
        struct json *t = json_push(list, json_new_obj(cx->mem));
        json_put_int(cx->mem, t, "y", plot_y(v, s->high));
        json_put_str(cx->mem, t, "text", hundredths_text(cx, v, unit));
        if (v > s->high - s->step) /* the next one may not fit the type */
            break;
    }
}

void target_put(struct ctx *cx, int64_t target, int64_t full, struct json *p)
{
    bool is_within = target != PICTURE_NONE && target >= 0 && target <= full;
    json_put_bool(cx->mem, p, "has_target", is_within);
    if (is_within)
        json_put_int(cx->mem, p, "target_y", plot_y(target, full));
}
