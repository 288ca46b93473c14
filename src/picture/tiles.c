/* tiles.c - a map of equal tiles in five classes of colour. */
#include "picture/picture_priv.h"

enum { TILE = 92, GAP = 4, LINE_POINTS = 12 };

static bool bounds_of(const struct tiles *t, int64_t *low, int64_t *high)
{
    *low = t->low;
    *high = t->high;
    if (t->high > t->low)
        return true;
    bool has_any = false;
    for (size_t i = 0; i < t->n; i++) {
        int64_t v = t->v[i].mark.value;
        if (v == PICTURE_NONE)
            continue;
        *low = has_any && *low < v ? *low : v;
        *high = has_any && *high > v ? *high : v;
        has_any = true;
    }
    return has_any;
}

/* 1 to PICTURE_CLASSES; 0 without a value. */
static int class_of(int64_t v, int64_t low, int64_t high)
{
    if (v == PICTURE_NONE)
        return 0;
    if (v <= low)
        return 1;
    if (v >= high)
        return PICTURE_CLASSES;
    return 1 + (int)((__int128)(v - low) * PICTURE_CLASSES / (high - low));
}

static void legend_put(struct ctx *cx, const struct tiles *t, int64_t low, int64_t high,
                       struct json *p)
{
    struct json *list = json_put(p, STR("legend"), json_new_arr(cx->mem));
    int classes = high > low ? PICTURE_CLASSES : 1;
    for (int i = 0; i < classes; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        int64_t from = low + (high - low) / classes * i;
        int64_t to = i + 1 == classes ? high : low + (high - low) / classes * (i + 1);
        json_put_int(cx->mem, o, "class", i + 1);
        json_put_str(cx->mem, o, "from", hundredths_text(cx, from, t->unit));
        json_put_str(cx->mem, o, "to", hundredths_text(cx, to, t->unit));
    }
}

/* As much of s as stands on a line, broken between words when it can be. */
static struct str line_of(struct str s, struct str *rest)
{
    struct str line = utf8_cut(s, LINE_POINTS);
    size_t end = line.n;
    while (line.n < s.n && end > 0 && s.p[end] != ' ')
        end--;
    if (line.n < s.n && end > 0)
        line.n = end;
    *rest = str_trim(str_skip(s, line.n));
    return line;
}

static void name_put(struct ctx *cx, struct str name, struct json *o)
{
    struct str rest, last, first = line_of(name, &rest), second = line_of(rest, &last);
    bool is_word = first.n == utf8_cut(name, LINE_POINTS).n && rest.n && name.p[first.n] != ' ';
    if (is_word) { /* one long word is no two lines */
        first = str_join(cx->mem, first, STR("…"));
        second = STR("");
    } else if (last.n) {
        second = str_join(cx->mem, second, STR("…"));
    }
    json_put_str(cx->mem, o, "line1", first);
    json_put_str(cx->mem, o, "line2", second);
    json_put_bool(cx->mem, o, "has_two", second.n > 0);
}

static void tile_put(struct ctx *cx, const struct tile *t, int class, struct json *list)
{
    struct json *o = json_push(list, json_new_obj(cx->mem));
    int64_t x = t->x * (TILE + GAP), y = t->y * (TILE + GAP);
    json_put_int(cx->mem, o, "x", x);
    json_put_int(cx->mem, o, "y", y);
    json_put_int(cx->mem, o, "size", TILE);
    json_put_int(cx->mem, o, "round", t->is_apart ? TILE / 2 : 4);
    json_put_int(cx->mem, o, "middle", x + TILE / 2);
    name_put(cx, t->mark.name, o);
    json_put_int(cx->mem, o, "line1_y", y + TILE / 2 - (json_bool(o, "has_two") ? 18 : 6));
    json_put_int(cx->mem, o, "line2_y", y + TILE / 2 - 3);
    json_put_int(cx->mem, o, "value_y", y + TILE / 2 + 20);
    json_put_int(cx->mem, o, "class", class);
    json_put_str(cx->mem, o, "name", t->mark.name);
    json_put_str(cx->mem, o, "value", t->mark.text);
    json_put_str(cx->mem, o, "href", t->mark.href);
    json_put_bool(cx->mem, o, "is_small", t->mark.is_small);
    json_put_bool(cx->mem, o, "is_missed", t->mark.is_missed);
}

static bool is_in_grid(const struct tile *t)
{
    return t->x >= 0 && t->y >= 0 && t->x < PICTURE_GRID_MAX && t->y < PICTURE_GRID_MAX;
}

struct json *picture_tiles(struct ctx *cx, const struct tiles *t)
{
    int64_t low = 0, high = 0, wide = 0, tall = 0;
    bool has_any = bounds_of(t, &low, &high);
    struct json *p = json_new_obj(cx->mem);
    struct json *list = json_put(p, STR("tiles"), json_new_arr(cx->mem));
    for (size_t i = 0; i < t->n; i++) {
        if (!is_in_grid(&t->v[i]))
            continue;
        tile_put(cx, &t->v[i], class_of(t->v[i].mark.value, low, high), list);
        wide = t->v[i].x >= wide ? t->v[i].x + 1 : wide;
        tall = t->v[i].y >= tall ? t->v[i].y + 1 : tall;
    }
    json_put_int(cx->mem, p, "width", wide * (TILE + GAP));
    json_put_int(cx->mem, p, "height", tall * (TILE + GAP));
    json_put_bool(cx->mem, p, "has_values", has_any);
    json_put_bool(cx->mem, p, "is_cut", list->n < t->n);
    if (has_any)
        legend_put(cx, t, low, high, p);
    return p;
}
