/* wall.c - large figures for an operations centre: all of them, then one after the other.
 *
 * The page turns by the Refresh header, so nothing needs a script; `every=0` stops it, and each
 * page has the links to stop, go back and go on (WCAG 2.2.2). With scripts figures also change
 * within a second of the commit. */
#include "cockpit/cockpit_priv.h"
#include "store/store.h"

enum { EVERY = 20, EVERY_LEAST = 5, EVERY_MAX = 600, TREND = 12, BEST = 5 };

struct wall {
    const struct indicator *heads[HEADLINES_MAX];
    size_t n;   /* of heads; there is one page more: the overview, number 0 */
    size_t now; /* which page */
    int64_t every;
    struct asked a;
};

static struct str wall_path(struct ctx *cx, const struct wall *w, size_t page, int64_t every)
{
    struct str path = asked_path(cx, &w->a, "/wall", NULL);
    return str_fmt(cx->mem, "%.*s&every=%lld&show=%zu", STR_ARG(path), (long long)every, page);
}

static void turns_put(struct ctx *cx, struct req *rq, const struct wall *w, struct json *v)
{
    size_t pages = w->n + 1, next = (w->now + 1) % pages;
    json_put_bool(cx->mem, v, "is_turning", w->every > 0);
    json_put_int(cx->mem, v, "every", w->every);
    json_put_int(cx->mem, v, "number", (int64_t)w->now + 1);
    json_put_int(cx->mem, v, "pages", (int64_t)pages);
    json_put_str(cx->mem, v, "next_href", wall_path(cx, w, next, w->every));
    json_put_str(cx->mem, v, "prev_href",
                 wall_path(cx, w, (w->now + pages - 1) % pages, w->every));
    json_put_str(cx->mem, v, "stop_href", wall_path(cx, w, w->now, 0));
    json_put_str(cx->mem, v, "go_href", wall_path(cx, w, next, EVERY));
    json_put_str(cx->mem, v, "leave_href", asked_path(cx, &w->a, "/figures", NULL));
    if (w->every > 0)
        reply_header(rq, "Refresh",
                     str_fmt(cx->mem, "%lld; url=%.*s", (long long)w->every,
                             STR_ARG(wall_path(cx, w, next, w->every))));
}

static enum rc overview_put(struct ctx *cx, const struct wall *w, struct json *v)
{
    struct json *list = json_put(v, STR("cards"), json_new_arr(cx->mem));
    return cards_put(cx, w->heads, w->n, &w->a, list);
}

static enum rc trend_put(struct ctx *cx, const struct wall *w, const struct indicator *ind,
                         struct json *v)
{
    struct figure f[TREND];
    struct str names[TREND];
    int64_t values[TREND];
    TRY(months_get(cx, ind, &w->a, TREND, f, names));
    for (size_t i = 0; i < TREND; i++)
        values[i] = figure_value(ind, &f[i]);
    struct json *t = json_put(v, STR("table"), table_new(cx));
    table_column(cx, t, "month", msg_get(cx->lang, STR("cockpit.month")), false);
    table_column(cx, t, "value", msg_get(cx->lang, STR("cockpit.value")), true);
    for (size_t i = 0; i < TREND; i++) {
        struct json *row = table_row(cx, t);
        table_text(cx, row, names[i], STR(""));
        cell_figure(cx, ind, &f[i], row);
    }
    json_put_str(cx->mem, v, "csv_href",
                 asked_path(cx, &w->a, page_of(cx, ind, "/trend.csv"), NULL));
    struct series s = {label_text(cx, ind->name), values, false};
    struct lines l = {names, TREND, &s, 1, scale_full(ind), target_of(ind), axis_unit(ind)};
    json_put(v, STR("trend"), picture_lines(cx, &l));
    return RC_OK;
}

/* The first places and, when there are more, the last. */
static enum rc places_put(struct ctx *cx, const struct wall *w, const struct indicator *ind,
                          struct json *v)
{
    struct standings all;
    struct json *list = json_put(v, STR("places"), json_new_arr(cx->mem));
    TRY(standings_get(cx, ind, &w->a, &all));
    size_t known = 0;
    while (known < all.n && (all.is_ranked ? all.v[known].rank > 0 : !all.v[known].is_small))
        known++;
    for (size_t i = 0; i < known; i++) {
        if (i >= BEST && i + BEST < known)
            continue;
        const struct standing *s = &all.v[i];
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "rank", s->rank ? str_fmt(cx->mem, "%d", s->rank) : STR("–"));
        json_put_str(cx->mem, o, "name", unit_name(cx, s->unit));
        json_put_str(cx->mem, o, "value", figure_text(cx, ind, &s->now));
        json_put_bool(cx->mem, o, "is_missed", figure_is_missed(ind, &s->now));
        json_put_bool(cx->mem, o, "is_gap", i == BEST - 1 && known > 2 * (size_t)BEST);
    }
    json_put_bool(cx->mem, v, "has_places", list->n > 0);
    return RC_OK;
}

static enum rc one_put(struct ctx *cx, const struct wall *w, struct json *v)
{
    const struct indicator *ind = w->heads[w->now - 1];
    TRY(cards_put(cx, &ind, 1, &w->a, json_put(v, STR("cards"), json_new_arr(cx->mem))));
    TRY(trend_put(cx, w, ind, v));
    return places_put(cx, w, ind, v);
}

enum rc get_wall(struct ctx *cx, struct req *rq)
{
    struct wall w = {.every = req_int(rq, "every", EVERY)};
    struct json *v = json_new_obj(cx->mem);
    if (w.every > 0 && w.every < EVERY_LEAST)
        w.every = EVERY_LEAST;
    w.n = headlines_of(cx, w.heads);
    w.now = (size_t)req_int(rq, "show", 0) % (w.n + 1);
    TRY(asked_read(cx, rq, &w.a));
    asked_put(cx, &w.a, "/wall", v);
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("cockpit.wall")));
    json_put_str(cx->mem, v, "now", time_text(cx->mem, cx->now_us));
    json_put_bool(cx->mem, v, "is_overview", w.now == 0);
    turns_put(cx, rq, &w, v);
    TRY(w.now == 0 ? overview_put(cx, &w, v) : one_put(cx, &w, v));
    return reply_page(cx, rq, "cockpit/wall", v);
}

const struct param wall_params[] = {
    PARAMS_ASKED,
    {"every", IN_QUERY, P_INT, false, 0, EVERY_MAX, "seconds a page stays; 0: for ever"},
    {"show", IN_QUERY, P_INT, false, 0, 1000, "which page; 0: the overview"},
    {0},
};
