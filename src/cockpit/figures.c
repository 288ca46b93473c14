/* figures.c - the overview: headline figures, the trend, the units below, and every other one. */
#include <stdatomic.h>

#include "app/app.h"
#include "cockpit/cockpit_priv.h"
#include "ledger/ledger.h"
#include "store/store.h"

enum { COUNTS_FIRST = 3, TABLE_COLUMNS = 5, TREND_MONTHS = 12 };

/* What a scorecard is made of stands on its page, and what is entered with the targets. */
static bool is_shown(struct ctx *cx, const struct indicator *ind)
{
    const struct pack *p = pack_current(cx, ind->pack);
    return !ind->is_entered && !(p && p->scorecard);
}

static bool is_general(struct ctx *cx, const struct indicator *ind)
{
    return str_find(ind->id, '.', 0) == ind->id.n && is_shown(cx, ind);
}

/* The first counts of the general indicators, what stands open, and all that have a target. */
size_t headlines_of(struct ctx *cx, const struct indicator *ret[HEADLINES_MAX])
{
    size_t all, n = 0, counts = 0;
    const struct indicator *const *v = indicator_all(cx, &all);
    for (size_t i = 0; i < all && n < HEADLINES_MAX; i++) {
        if (!is_general(cx, v[i]))
            continue;
        bool is_count = v[i]->unit == IND_COUNT && counts < COUNTS_FIRST;
        if (!is_count && v[i]->target == DB_NULL && !v[i]->is_stock)
            continue;
        counts += is_count;
        ret[n++] = v[i];
    }
    return n;
}

static bool is_among(const struct indicator *ind, const struct indicator *const *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == ind)
            return true;
    return false;
}

static enum rc others_put(struct ctx *cx, const struct asked *a,
                          const struct indicator *const *heads, size_t nheads,
                          struct json *view)
{
    size_t all;
    const struct indicator *const *v = indicator_all(cx, &all);
    struct json *list = json_put(view, STR("others"), json_new_arr(cx->mem));
    const struct indicator **others = arena_array(cx->mem, const struct indicator *, all + 1);
    size_t n = 0;
    for (size_t i = 0; i < all; i++)
        if (is_shown(cx, v[i]) && !is_among(v[i], heads, nheads))
            others[n++] = v[i];
    return cards_put(cx, others, n, a, list);
}

/* One row a child unit, one column a headline figure. */
static struct json *unit_row(struct ctx *cx, const struct asked *a, struct json *list,
                             const struct figure_row *r, size_t columns)
{
    JSON_EACH (list, o)
        if (str_eq(json_str(o, "code"), r->key))
            return o;
    struct json *o = json_push(list, json_new_obj(cx->mem));
    const struct unit *u = unit_find(cx, r->key);
    json_put_str(cx->mem, o, "code", r->key);
    json_put_str(cx->mem, o, "label", r->label);
    bool leads = u && u != a->unit;
    json_put_str(cx->mem, o, "href", leads ? asked_path(cx, a, "/figures", u) : STR(""));
    struct json *cells = json_put(o, STR("cells"), json_new_arr(cx->mem));
    for (size_t i = 0; i < columns; i++)
        json_put_str(cx->mem, json_push(cells, json_new_obj(cx->mem)), "value", STR("—"));
    return o;
}

static size_t columns_of(const struct indicator *const *heads, size_t n,
                         const struct indicator *ret[TABLE_COLUMNS])
{
    size_t used = 0;
    for (size_t i = 0; i < n && used < TABLE_COLUMNS; i++)
        if (i == 0 || heads[i]->is_stock || heads[i]->unit != IND_COUNT)
            ret[used++] = heads[i];
    return used;
}

static enum rc units_put(struct ctx *cx, const struct asked *a,
                         const struct indicator *const *all, size_t nall, struct json *view)
{
    const struct indicator *heads[TABLE_COLUMNS];
    size_t n = columns_of(all, nall, heads);
    struct json *columns = json_put(view, STR("columns"), json_new_arr(cx->mem));
    struct json *list = json_put(view, STR("unit_rows"), json_new_arr(cx->mem));
    for (size_t c = 0; c < n; c++) {
        struct figure_rows rows;
        json_push(columns, json_new_str(cx->mem, label_text(cx, heads[c]->name)));
        TRY(figure_rows(cx, heads[c], &a->slice, BY_UNIT, &rows));
        for (size_t i = 0; i < rows.n; i++) {
            struct json *row = unit_row(cx, a, list, &rows.v[i], n);
            struct json *cell = json_at(json_get(row, STR("cells")), c);
            const struct figure *f = &rows.v[i].f;
            json_put_str(cx->mem, cell, "value", figure_text(cx, heads[c], f));
            json_put_bool(cx->mem, cell, "is_small", figure_is_small(cx, heads[c], f));
            json_put_bool(cx->mem, cell, "is_missed", figure_is_missed(heads[c], f));
        }
    }
    bool has_below = !a->unit || a->unit->nchildren; /* else: itself once more */
    json_put_bool(cx->mem, view, "has_units", has_below && list->n > 0);
    return RC_OK;
}

/* The twelve months up to the period's end, whatever the period. */
static enum rc trend_put(struct ctx *cx, const struct asked *a, const struct indicator *ind,
                         struct json *view)
{
    struct figure_rows rows;
    struct slice s = a->slice;
    struct civil end = civil_of_day(s.period.to - 1);
    int month = end.year * 12 + end.month - TREND_MONTHS;
    s.period.from = day_make(month / 12, month % 12 + 1, 1);
    TRY(figure_rows(cx, ind, &s, BY_MONTH, &rows));
    json_put(view, STR("trend"), figures_columns(cx, ind, &rows));
    json_put_str(cx->mem, view, "trend_label", label_text(cx, ind->name));
    json_put_bool(cx->mem, view, "has_trend", rows.n > 0);
    return RC_OK;
}

static void int_cell(struct ctx *cx, struct json *row, int64_t n)
{
    table_number(cx, row, number_text(cx, n), str_fmt(cx->mem, "%lld", (long long)n));
}

static enum rc get_figures(struct ctx *cx, struct req *rq)
{
    struct asked a;
    const struct indicator *heads[HEADLINES_MAX];
    size_t n = headlines_of(cx, heads);
    struct json *v = json_new_obj(cx->mem);
    TRY(asked_read(cx, rq, &a));
    asked_put(cx, &a, "/figures", v);
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("cockpit.title")));
    TRY(cards_put(cx, heads, n, &a, json_put(v, STR("cards"), json_new_arr(cx->mem))));
    TRY(others_put(cx, &a, heads, n, v));
    TRY(units_put(cx, &a, heads, n, v));
    if (n)
        TRY(trend_put(cx, &a, heads[0], v));
    bool may_play = a.unit && cx->who && who_can(cx, cx->who, CAP_FIGURES, a.unit->id);
    json_put_bool(cx->mem, v, "may_play", may_play);
    json_put_str(cx->mem, v, "now", time_text(cx->mem, cx->now_us));
    json_put_str(cx->mem, v, "csv_href", asked_path(cx, &a, "/figures.csv", NULL));
    return reply_page(cx, rq, "cockpit/figures", v);
}

/* Every indicator of the unit in the period, in the order of their packs. */
static enum rc get_figures_csv(struct ctx *cx, struct req *rq)
{
    static const struct {
        const char *key;
        bool is_number;
    } columns[] = {{"id", false},        {"label", false},      {"value", true},
                   {"numerator", true},  {"denominator", true}, {"target", true},
                   {"ledger_size", true}};
    struct asked a;
    size_t n;
    const struct indicator *const *all = indicator_all(cx, &n);
    struct json *t = table_new(cx);
    TRY(asked_read(cx, rq, &a));
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(cx, t, columns[i].key, str_from(columns[i].key), columns[i].is_number);
    struct figure_ask *asks = arena_array(cx->mem, struct figure_ask, n + 1);
    for (size_t i = 0; i < n; i++)
        asks[i] = (struct figure_ask){.ind = all[i], .slice = a.slice};
    TRY(figures_get(cx, asks, n));
    for (size_t i = 0; i < n; i++) {
        struct figure f = asks[i].f;
        struct json *row = table_row(cx, t);
        table_text(cx, row, all[i]->id, STR(""));
        table_text(cx, row, label_text(cx, all[i]->name), STR(""));
        cell_figure(cx, all[i], &f, row);
        int_cell(cx, row, f.num);
        if (all[i]->unit == IND_COUNT)
            table_number(cx, row, STR(""), STR(""));
        else
            int_cell(cx, row, f.den);
        table_number(cx, row, STR(""), table_raw(cx, target_of(all[i])));
        int_cell(cx, row, f.seq);
    }
    return csv_reply(cx, rq, "figures", t);
}

static enum rc get_events(struct ctx *cx, struct req *rq)
{
    return reply_events(cx, rq, STR("figures"));
}

/* -- telling watchers -- */

struct watch {
    struct app *app;
    uint64_t seen; /* the committer's alone */
};

static void on_durable(void *arg)
{
    struct watch *w = arg;
    uint64_t now = measure_changes(w->app);
    if (now == w->seen || !w->app->web)
        return;
    w->seen = now;
    web_publish(w->app->web, STR("figures"), STR("changed"));
}

void cockpit_watch(struct app *app)
{
    struct watch *w = arena_new_of(app->mem, struct watch);
    *w = (struct watch){app, measure_changes(app)};
    ledger_on_durable(app->ledger, on_durable, w);
}

/* Pages show what is wrong with a question over its form; files fail. */
#define PAGE(name)                                                                             \
    static enum rc name##_page(struct ctx *cx, struct req *rq)                                 \
    {                                                                                          \
        return page_or_wrong(cx, rq, get_##name);                                              \
    }
PAGE(figures)
PAGE(indicator)
PAGE(league)
PAGE(trend)
PAGE(spread)
PAGE(map)
PAGE(scorecards)
PAGE(scorecard)
PAGE(scorecard_units)
PAGE(wall)
PAGE(dossiers)

static const struct param figures_params[] = {PARAMS_ASKED, {0}};

const struct route cockpit_routes[] = {
    {GET, "/figures", figures_page, CAP_NONE, 0, figures_params, "figures",
     "Public figures of a unit and period", NULL},
    {GET, "/figures.csv", get_figures_csv, CAP_NONE, 0, figures_params, "figures",
     "Every figure of a unit and period as comma-separated values", NULL},
    {GET, "/figures/events", get_events, CAP_NONE, ROUTE_EVENTS, NULL, "figures",
     "Says when figures changed (server-sent events)", NULL},
    {GET, "/figures/what-if", get_whatif, CAP_FIGURES, ROUTE_NO_STORE, whatif_params, "figures",
     "A unit's office played in virtual time: today beside what if", NULL},
    {GET, "/figures/{id}", indicator_page, CAP_NONE, 0, indicator_params, "figures",
     "A figure by unit, procedure and month", NULL},
    {GET, "/figures/{id}/csv", get_csv, CAP_NONE, 0, csv_params, "figures",
     "The same as comma-separated values", NULL},
    {GET, "/figures/{id}/league", league_page, CAP_NONE, 0, league_params, "figures",
     "Units of one kind ranked by a figure", NULL},
    {GET, "/figures/{id}/league.csv", get_league_csv, CAP_NONE, 0, league_params, "figures",
     "The same as comma-separated values", NULL},
    {GET, "/figures/{id}/trend", trend_page, CAP_NONE, 0, indicator_params, "figures",
     "A figure month by month beside the year before", NULL},
    {GET, "/figures/{id}/trend.csv", get_trend_csv, CAP_NONE, 0, indicator_params, "figures",
     "The same as comma-separated values", NULL},
    {GET, "/figures/{id}/distribution", spread_page, CAP_NONE, 0, league_params, "figures",
     "How many units stand where", NULL},
    {GET, "/figures/{id}/distribution.csv", get_spread_csv, CAP_NONE, 0, league_params,
     "figures", "The same as comma-separated values", NULL},
    {GET, "/figures/{id}/map", map_page, CAP_NONE, 0, league_params, "figures",
     "A figure on the tile map of provinces and on tiles of the units below", NULL},
    {GET, "/figures/{id}/map.csv", get_map_csv, CAP_NONE, 0, league_params, "figures",
     "The same as comma-separated values", NULL},
    {GET, "/scorecards", scorecards_page, CAP_NONE, 0, scorecards_params, "figures",
     "The scorecards and what they say of a unit", NULL},
    {GET, "/scorecards/{id}", scorecard_page, CAP_NONE, 0, scorecard_params, "figures",
     "A scorecard's tree with the points of a unit", NULL},
    {GET, "/scorecards/{id}/points.csv", get_scorecard_csv, CAP_NONE, 0, scorecard_params,
     "figures", "The same as comma-separated values", NULL},
    {GET, "/scorecards/{id}/units", scorecard_units_page, CAP_NONE, 0, scorecard_params,
     "figures", "The units right below side by side", NULL},
    {GET, "/scorecards/{id}/units.csv", get_scorecard_units_csv, CAP_NONE, 0, scorecard_params,
     "figures", "The same as comma-separated values", NULL},
    {GET, "/wall", wall_page, CAP_NONE, 0, wall_params, "figures",
     "Large figures for an operations centre, one after the other", NULL},
    {GET, "/figures/{id}/dossiers", dossiers_page, CAP_NONE, 0, dossiers_params, "figures",
     "Dossiers behind a figure, for those who may see them", NULL},
    {0},
};
