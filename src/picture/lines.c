/* lines.c - up to four lines over the same steps of time, with gaps where nothing is known. */
#include "picture/picture_priv.h"

enum { TICKS = 4, PARTS_BYTES = 4096, NAME_POINTS = 24 };

static struct scale scale_of(const struct lines *l, size_t nsteps)
{
    int64_t most = l->target == PICTURE_NONE ? 0 : l->target;
    if (l->full > 0)
        return (struct scale){l->full, scale_make(l->full, TICKS).step};
    for (size_t s = 0; s < l->n && s < PICTURE_SERIES_MAX; s++)
        for (size_t i = 0; i < nsteps; i++)
            most = l->v[s].v[i] > most ? l->v[s].v[i] : most;
    return scale_make(most, TICKS);
}

static int64_t step_x(size_t i, size_t nsteps)
{
    int64_t room = PLOT_W - PLOT_LEFT - 50;
    return PLOT_LEFT + 10 + (nsteps > 1 ? room * (int64_t)i / (int64_t)(nsteps - 1) : room / 2);
}

/* One polyline for each stretch without a gap, and a dot for each value. */
static void series_put(struct ctx *cx, const struct series *s, size_t nsteps, int64_t full,
                       struct json *o)
{
    struct json *parts = json_put(o, STR("parts"), json_new_arr(cx->mem));
    struct json *dots = json_put(o, STR("dots"), json_new_arr(cx->mem));
    struct buf *b = NULL;
    for (size_t i = 0; i <= nsteps; i++) {
        bool is_known = i < nsteps && s->v[i] != PICTURE_NONE;
        if (!is_known && b)
            json_put_str(cx->mem, json_push(parts, json_new_obj(cx->mem)), "points",
                         buf_str(b));
        if (!is_known) {
            b = NULL;
            continue;
        }
        int64_t x = step_x(i, nsteps), y = plot_y(s->v[i], full);
        b = b ? b : buf_new(cx->mem, PARTS_BYTES);
        buf_fmt(b, "%s%lld,%lld", b->n ? " " : "", (long long)x, (long long)y);
        struct json *d = json_push(dots, json_new_obj(cx->mem));
        json_put_int(cx->mem, d, "x", x);
        json_put_int(cx->mem, d, "y", y);
    }
}

static void steps_put(struct ctx *cx, const struct lines *l, size_t nsteps, struct json *p)
{
    struct json *list = json_put(p, STR("labels"), json_new_arr(cx->mem));
    size_t every = nsteps / PLOT_LABELS_MAX + 1;
    for (size_t i = 0; i < nsteps; i += every) {
        struct json *t = json_push(list, json_new_obj(cx->mem));
        json_put_int(cx->mem, t, "x", step_x(i, nsteps));
        json_put_str(cx->mem, t, "text", utf8_cut(l->steps[i], NAME_POINTS));
    }
}

struct json *picture_lines(struct ctx *cx, const struct lines *l)
{
    size_t nsteps = l->nsteps < PICTURE_STEPS_MAX ? l->nsteps : PICTURE_STEPS_MAX;
    struct scale scale = scale_of(l, nsteps);
    struct json *p = picture_new(cx, PLOT_W, PLOT_TOP + PLOT_H + 30);
    struct json *list = json_put(p, STR("series"), json_new_arr(cx->mem));
    for (size_t i = 0; i < l->n && i < PICTURE_SERIES_MAX; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "name", l->v[i].name);
        json_put_int(cx->mem, o, "number", (int64_t)i + 1);
        json_put_bool(cx->mem, o, "is_dashed", l->v[i].is_dashed);
        series_put(cx, &l->v[i], nsteps, scale.high, o);
    }
    steps_put(cx, l, nsteps, p);
    axis_put(cx, &scale, l->unit, p);
    target_put(cx, l->target, scale.high, p);
    json_put_bool(cx->mem, p, "is_cut", l->nsteps > nsteps);
    json_put_bool(cx->mem, p, "has_key", list->n > 1);
    return p;
}
