/* figure.c - a figure in words: value, target, definition, and when it is too small to judge. */
#include "app/app.h"
#include "cockpit/cockpit_priv.h"
#include "store/store.h"

/* A share of three dossiers says little, and may say who they were. */
bool figure_is_small(struct ctx *cx, const struct indicator *ind, const struct figure *f)
{
    int64_t n = ind->unit == IND_COUNT ? f->num : f->den;
    return n > 0 && n < cx->app->settings.small_number;
}

bool figure_is_missed(const struct indicator *ind, const struct figure *f)
{
    int64_t v = figure_value(ind, f);
    if (v == DB_NULL || ind->target == DB_NULL)
        return false;
    return ind->better > 0 ? v < ind->target * 100 : ind->better < 0 && v > ind->target * 100;
}

static struct str target_text(struct ctx *cx, const struct indicator *ind)
{
    struct json *args = json_new_obj(cx->mem);
    static const char *const keys[] = {"", "figure.percent", "figure.days", "figure.score",
                                       "figure.vnd"};
    struct str n = number_text(cx, ind->target);
    json_put_str(cx->mem, args, "n", n);
    return ind->unit == IND_COUNT ? n : msg_fill(cx, str_from(keys[ind->unit]), args);
}

static void words_put(struct ctx *cx, const struct indicator *ind, const struct figure *f,
                      struct json *o)
{
    json_put_str(cx->mem, o, "value", figure_text(cx, ind, f));
    json_put_str(cx->mem, o, "num", number_text(cx, f->num));
    json_put_str(cx->mem, o, "den", ind->unit == IND_COUNT ? STR("") : number_text(cx, f->den));
    json_put_bool(cx->mem, o, "is_ratio", ind->unit != IND_COUNT);
    json_put_bool(cx->mem, o, "is_small", figure_is_small(cx, ind, f));
    json_put_bool(cx->mem, o, "is_missed", figure_is_missed(ind, f));
}

static void card_add(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                     const struct figure *f, struct json *list)
{
    struct json *o = json_push(list, json_new_obj(cx->mem));
    struct str page = str_fmt(cx->mem, "/figures/%.*s", STR_ARG(ind->id));
    bool has_target = ind->target != DB_NULL;
    json_put_str(cx->mem, o, "id", ind->id);
    json_put_str(cx->mem, o, "label", label_text(cx, ind->name));
    json_put_str(cx->mem, o, "about", label_text(cx, ind->about));
    json_put_bool(cx->mem, o, "is_stock", ind->is_stock);
    json_put_bool(cx->mem, o, "has_target", has_target);
    json_put_str(cx->mem, o, "target_text", has_target ? target_text(cx, ind) : STR(""));
    json_put_str(cx->mem, o, "seq_text", number_text(cx, f->seq));
    json_put_bool(cx->mem, o, "is_adjusted", f->adjusted > 0);
    json_put_str(cx->mem, o, "adjusted_text", number_text(cx, f->adjusted));
    json_put_str(cx->mem, o, "href", asked_path(cx, a, str_z(cx->mem, page), NULL));
    json_put_int(cx->mem, o, "small_number", cx->app->settings.small_number);
    words_put(cx, ind, f, o);
    if (asked_is_incomplete(a) && f->num == 0 && f->den == 0)
        json_put_str(cx->mem, o, "value", STR("—")); /* no zero: it is not known */
}

enum rc cards_put(struct ctx *cx, const struct indicator *const *v, size_t n,
                  const struct asked *a, struct json *list)
{
    struct figure_ask *asks = arena_array(cx->mem, struct figure_ask, n + 1);
    for (size_t i = 0; i < n; i++)
        asks[i] = (struct figure_ask){.ind = v[i], .slice = a->slice};
    TRY(figures_get(cx, asks, n));
    for (size_t i = 0; i < n; i++)
        card_add(cx, v[i], a, &asks[i].f, list);
    return RC_OK;
}

struct json *rows_view(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                       const struct figure_rows *rows, const char *page)
{
    struct json *list = json_new_arr(cx->mem);
    for (size_t i = 0; i < rows->n; i++) {
        const struct figure_row *r = &rows->v[i];
        struct json *o = json_push(list, json_new_obj(cx->mem));
        const struct unit *u = page ? unit_find(cx, r->key) : NULL;
        bool leads = u && u != a->unit;
        json_put_str(cx->mem, o, "label", page ? r->label : r->label.n ? r->label : r->key);
        json_put_str(cx->mem, o, "href", leads ? asked_path(cx, a, page, u) : STR(""));
        json_put_bool(cx->mem, o, "is_itself", u && u == a->unit);
        words_put(cx, ind, &r->f, o);
    }
    return list;
}

/* -- what a figure says of itself -- */

static void formula_line(struct ctx *cx, const char *label, const struct json *y,
                         struct str sum, struct json *list)
{
    if (!y)
        return;
    struct json *o = json_push(list, json_new_obj(cx->mem)), *args = json_new_obj(cx->mem);
    struct str when = json_str(y, "if");
    const char *key = sum.n    ? when.n ? "cockpit.formula.sum_if" : "cockpit.formula.sum"
                      : when.n ? "cockpit.formula.count_if"
                               : "cockpit.formula.count";
    json_put_str(cx->mem, args, "event", json_str(y, "event"));
    json_put_str(cx->mem, args, "if", when);
    json_put_str(cx->mem, args, "sum", sum);
    json_put_str(cx->mem, o, "label", msg_get(cx->lang, str_from(label)));
    json_put_str(cx->mem, o, "text", msg_fill(cx, str_from(key), args));
}

/* The indicator as its pack declares it; NULL when the pack is gone. */
static const struct json *declared(struct ctx *cx, const struct indicator *ind)
{
    const struct pack *p = pack_current(cx, ind->pack);
    struct str dot, id = ind->id;
    if (str_starts(id, str_join(cx->mem, ind->pack, STR("."))))
        id = str_split(id, '.', &dot);
    JSON_EACH (p ? json_get(p->indicators, STR("indicators")) : NULL, y)
        if (str_eq(json_str(y, "id"), id))
            return y;
    return NULL;
}

void about_put(struct ctx *cx, const struct indicator *ind, const struct asked *a,
               struct json *view)
{
    const struct json *y = declared(cx, ind);
    struct json *list = json_put(view, STR("formula"), json_new_arr(cx->mem));
    bool is_ratio = json_get(y, STR("of")) != NULL;
    formula_line(cx, is_ratio ? "cockpit.num" : "cockpit.formula.counts",
                 json_get(y, STR("count")), json_str(y, "sum"), list);
    formula_line(cx, "cockpit.formula.minus", json_get(y, STR("minus")), STR(""), list);
    formula_line(cx, "cockpit.den", json_get(y, STR("of")), STR(""), list);
    json_put_bool(cx->mem, view, "has_formula", list->n > 0);
    json_put_str(cx->mem, view, "dossiers_href",
                 asked_path(cx, a, page_of(cx, ind, "/dossiers"), NULL));
}

void tabs_put(struct ctx *cx, const struct indicator *ind, const struct asked *a, enum tab now,
              struct json *view)
{
    static const char *const pages[TAB_COUNT] = {"", "/league", "/trend", "/distribution",
                                                 "/map"};
    static const char *const labels[TAB_COUNT] = {"cockpit.tab.figure", "cockpit.tab.league",
                                                  "cockpit.tab.trend", "cockpit.tab.spread",
                                                  "cockpit.tab.map"};
    struct json *list = json_put(view, STR("tabs"), json_new_arr(cx->mem));
    for (size_t i = 0; i < TAB_COUNT; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "label", msg_get(cx->lang, str_from(labels[i])));
        json_put_str(cx->mem, o, "href", asked_path(cx, a, page_of(cx, ind, pages[i]), NULL));
        json_put_bool(cx->mem, o, "is_now", i == now);
    }
    json_put_str(cx->mem, view, "title_tail", msg_get(cx->lang, str_from(labels[now])));
    json_put_str(cx->mem, view, "page", str_from(page_of(cx, ind, pages[now])));
    struct str csv =
        str_fmt(cx->mem, now == TAB_FIGURE ? "%s/csv" : "%s.csv", page_of(cx, ind, pages[now]));
    json_put_str(cx->mem, view, "csv_href", asked_path(cx, a, csv.p, NULL));
}

enum rc question_read(struct ctx *cx, struct req *rq, struct asked *a,
                      const struct indicator **ind)
{
    *ind = indicator_find(cx, req_str(rq, "id"));
    return *ind ? asked_read(cx, rq, a) : FAIL(cx, NOT_FOUND, "id", "no such indicator");
}

enum rc page_begin(struct ctx *cx, struct req *rq, enum tab tab, struct asked *a,
                   const struct indicator **ind, struct json *view)
{
    TRY(question_read(cx, rq, a, ind));
    asked_put(cx, a, page_of(cx, *ind, ""), view);
    tabs_put(cx, *ind, a, tab, view);
    struct str name = label_text(cx, (*ind)->name), tail = json_str(view, "title_tail");
    json_put_str(cx->mem, view, "title",
                 tab == TAB_FIGURE
                     ? name
                     : str_fmt(cx->mem, "%.*s: %.*s", STR_ARG(name), STR_ARG(tail)));
    json_put_str(cx->mem, view, "back", asked_path(cx, a, "/figures", NULL));
    about_put(cx, *ind, a, view);
    return cards_put(cx, ind, 1, a, json_put(view, STR("cards"), json_new_arr(cx->mem)));
}

/* -- cells -- */

struct json *cell_figure(struct ctx *cx, const struct indicator *ind, const struct figure *f,
                         struct json *row)
{
    int64_t v = figure_value(ind, f);
    struct json *c = table_number(cx, row, figure_text(cx, ind, f), table_raw(cx, v));
    json_put_bool(cx->mem, c, "is_small", figure_is_small(cx, ind, f));
    json_put_bool(cx->mem, c, "is_missed", figure_is_missed(ind, f));
    return c;
}

struct str change_text(struct ctx *cx, int64_t hundredths)
{
    if (hundredths == PICTURE_NONE)
        return STR("—");
    struct str s = hundredths_text(cx, hundredths < 0 ? -hundredths : hundredths, "");
    const char *sign = hundredths < 0 ? "−" : hundredths > 0 ? "+" : "±";
    return str_fmt(cx->mem, "%s%.*s", sign, STR_ARG(s));
}

enum rc csv_reply(struct ctx *cx, struct req *rq, const char *name, const struct json *table)
{
    struct str text;
    TRY(table_csv(cx, table, &text));
    return reply_csv(cx, rq, str_from(name), text);
}
