/* columns.c - columns over time and bars by size. */
#include "picture/picture_priv.h"

enum {
    TICKS = 4,
    COLUMN_W_MAX = 90,
    BARS_LEFT = 320,
    BARS_RIGHT = 160,
    BAR_STEP = 26,
    BAR_ROOM = PLOT_W - BARS_LEFT - BARS_RIGHT,
    LABEL_POINTS = 40
};

static struct scale scale_of(const struct plot *p)
{
    int64_t most = p->target == PICTURE_NONE ? 0 : p->target;
    if (p->full > 0)
        return (struct scale){p->full, scale_make(p->full, TICKS).step};
    for (size_t i = 0; i < p->n; i++)
        most = p->v[i].value > most ? p->v[i].value : most;
    return scale_make(most, TICKS);
}

static struct json *mark_put(struct ctx *cx, const struct mark *m, struct json *list)
{
    struct json *b = json_push(list, json_new_obj(cx->mem));
    struct str name = utf8_cut(m->name, LABEL_POINTS);
    bool is_long = name.n < m->name.n;
    json_put_str(cx->mem, b, "name", is_long ? str_join(cx->mem, name, STR("…")) : name);
    json_put_str(cx->mem, b, "value", m->text);
    json_put_str(cx->mem, b, "href", m->href);
    json_put_bool(cx->mem, b, "is_missed", m->is_missed);
    json_put_bool(cx->mem, b, "is_small", m->is_small);
    return b;
}

struct json *picture_columns(struct ctx *cx, const struct plot *p)
{
    struct scale scale = scale_of(p);
    size_t first = p->n > PICTURE_COLUMNS_MAX ? p->n - PICTURE_COLUMNS_MAX : 0;
    size_t n = p->n - first, every = n / PLOT_LABELS_MAX + 1;
    int64_t step = n ? (PLOT_W - PLOT_LEFT) / (int64_t)n : 0;
    struct json *ret = picture_new(cx, PLOT_W, PLOT_TOP + PLOT_H + 30);
    struct json *bars = json_put(ret, STR("bars"), json_new_arr(cx->mem));
    step = step > COLUMN_W_MAX ? COLUMN_W_MAX : step;
    for (size_t i = 0; i < n; i++) {
        const struct mark *m = &p->v[first + i];
        struct json *b = mark_put(cx, m, bars);
        int64_t x = PLOT_LEFT + step * (int64_t)i, y = plot_y(m->value, scale.high);
        json_put_int(cx->mem, b, "x", x + step / 8);
        json_put_int(cx->mem, b, "w", step - step / 4 > 1 ? step - step / 4 : 1);
        json_put_int(cx->mem, b, "y", y);
        json_put_int(cx->mem, b, "h", PLOT_TOP + PLOT_H - y);
        json_put_int(cx->mem, b, "middle", x + step / 2);
        json_put_bool(cx->mem, b, "has_label", i % every == 0);
    }
    axis_put(cx, &scale, p->unit, ret);
    target_put(cx, p->target, scale.high, ret);
    json_put_bool(cx->mem, ret, "is_cut", first > 0);
    json_put_int(cx->mem, ret, "shown", (int64_t)n);
    return ret;
}

/* The largest first; equal ones in the order given. PICTURE_NONE is the least of all. */
static size_t largest_of(const struct plot *p, const bool *used)
{
    size_t best = p->n;
    for (size_t i = 0; i < p->n; i++)
        if (!used[i] && (best == p->n || p->v[i].value > p->v[best].value))
            best = i;
    return best;
}

struct json *picture_bars(struct ctx *cx, const struct plot *p)
{
    struct scale scale = scale_of(p);
    size_t n = p->n < PICTURE_BARS_MAX ? p->n : PICTURE_BARS_MAX;
    bool *used = arena_array(cx->mem, bool, p->n + 1);
    struct json *ret = picture_new(cx, PLOT_W, (int64_t)n * BAR_STEP + 14);
    struct json *bars = json_put(ret, STR("bars"), json_new_arr(cx->mem));
    for (size_t k = 0; k < n; k++) {
        size_t i = largest_of(p, used);
        struct json *b = mark_put(cx, &p->v[i], bars);
        used[i] = true;
        json_put_int(cx->mem, b, "y", (int64_t)k * BAR_STEP + 4);
        json_put_int(cx->mem, b, "text_y", (int64_t)k * BAR_STEP + 19);
        json_put_int(cx->mem, b, "w",
                     BAR_ROOM * picture_share(p->v[i].value, scale.high) / 1000);
        json_put_int(cx->mem, b, "value_x", BARS_LEFT + BAR_ROOM + 12);
    }
    json_put_int(cx->mem, ret, "left", BARS_LEFT);
    bool has_target = p->target != PICTURE_NONE && p->target >= 0 && p->target <= scale.high;
    json_put_bool(cx->mem, ret, "has_target", has_target);
    if (has_target)
        json_put_int(cx->mem, ret, "target_x",
                     BARS_LEFT + BAR_ROOM * picture_share(p->target, scale.high) / 1000);
    json_put_bool(cx->mem, ret, "is_cut", p->n > n);
    json_put_int(cx->mem, ret, "shown", (int64_t)n);
    return ret;
}
