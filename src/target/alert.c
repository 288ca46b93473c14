/* alert.c - judging figures against bounds and trends, in one query an alert and period. */
#include "target/alert.h"

#include "app/app.h"
#include "base/map.h"
#include "gen/target_sql.h"
#include "target/target_priv.h"

enum { RINGING_MAX = 5000, MONTH_DAYS = 30, WEEK_DAYS = 7, LEAST_BREAK = 100 };
__extension__ typedef __int128 wide;

/* -- folding -- */

enum rc raised_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    int32_t first, last;
    if (!day_parse(json_str(f, "first"), &first) || !day_parse(json_str(f, "last"), &last))
        return FAIL(cx, CORRUPT, "first", "event %lld", (long long)ev->seq);
    return sql_alert_put(cx, ev->seq, json_str(f, "alert"), json_str(f, "indicator"),
                         ev->unit.v, json_str(f, "rule"), first, last + 1,
                         json_int(f, "value", 0), json_int(f, "bound", 0), ev->time_us);
}

enum rc cleared_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    return sql_alert_clear(cx, json_str(f, "alert"), json_str(f, "indicator"), ev->unit.v,
                           json_str(f, "rule"), ev->seq, ev->time_us, json_int(f, "value", 0));
}

/* -- sums of units with those below them -- */

struct tally {
    const struct unit *unit;
    int64_t num[ALERT_PERIODS + 1], den[ALERT_PERIODS + 1]; /* 0: what is judged */
};

static enum rc tally_period(struct ctx *cx, const struct indicator *ind, struct period p,
                            size_t at, struct map *tallies)
{
    struct slice s = {.period = p};
    struct figure_rows rows;
    TRY(figure_rows(cx, ind, &s, BY_EACH, &rows));
    for (size_t i = 0; i < rows.n; i++)
        for (const struct unit *u = unit_find(cx, rows.v[i].key); u; u = u->parent) {
            struct tally *t = map_get(tallies, u->code);
            if (!t) {
                t = arena_new_of(cx->mem, struct tally);
                t->unit = u;
                map_set(tallies, u->code, t);
            }
            t->num[at] += rows.v[i].f.num;
            t->den[at] += rows.v[i].f.den;
        }
    return RC_OK;
}

static int64_t tally_value(const struct indicator *ind, const struct tally *t, size_t at)
{
    return figure_value(ind, &(struct figure){.num = t->num[at], .den = t->den[at]});
}

static bool is_enough(const struct indicator *ind, const struct tally *t, size_t at,
                      int64_t least)
{
    return (indicator_is_plain(ind) ? t->num[at] : t->den[at]) >= least;
}

/* -- one run -- */

struct run {
    struct map *ringing; /* "ALERT INDICATOR UNIT RULE" of all that rings */
    size_t events;
};
struct finding {
    struct str alert; /* PACK.ID */
    const struct indicator *ind;
    const struct unit *unit;
    const char *rule;
    struct period period;
    int64_t value, bound;
    bool rings;
};

/* Events of before alerts had names say none: they are any alert's. */
static bool is_of(const struct alerts_ringing_row *r, struct str alert)
{
    return !r->alert.n || str_eq(r->alert, alert);
}

static struct str ringing_key(struct ctx *cx, struct str alert, struct str indicator,
                              int64_t unit, struct str rule)
{
    return str_fmt(cx->mem, "%.*s %.*s %lld %.*s", STR_ARG(alert), STR_ARG(indicator),
                   (long long)unit, STR_ARG(rule));
}

static enum rc ringing_each(struct ctx *cx, const struct alerts_ringing_all_row *r, void *arg)
{
    struct map *ringing = arg;
    map_set(ringing, ringing_key(cx, r->alert, r->indicator, r->unit, r->rule), ringing);
    return RC_OK;
}

static bool is_ringing(struct ctx *cx, const struct run *r, const struct finding *f)
{
    const struct str names[] = {f->alert, STR("")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (map_get(r->ringing,
                    ringing_key(cx, names[i], f->ind->id, f->unit->id.v, str_from(f->rule))))
            return true;
    return false;
}

/* Appends an event only when something changed. */
static enum rc finding_tell(struct ctx *cx, struct run *r, const struct finding *f)
{
    if (is_ringing(cx, r, f) == f->rings || r->events >= ALERTS_A_RUN)
        return RC_OK;
    struct event ev = {.kind = f->rings ? EV_ALERT_RAISED : EV_ALERT_CLEARED,
                       .time_us = cx->now_us,
                       .unit = f->unit->id,
                       .facts = json_new_obj(cx->mem)};
    json_put_str(cx->mem, ev.facts, "alert", f->alert);
    json_put_str(cx->mem, ev.facts, "indicator", f->ind->id);
    json_put_str(cx->mem, ev.facts, "rule", str_from(f->rule));
    json_put_str(cx->mem, ev.facts, "first", day_iso(cx->mem, f->period.from));
    json_put_str(cx->mem, ev.facts, "last", day_iso(cx->mem, f->period.to - 1));
    json_put_int(cx->mem, ev.facts, "value", f->value);
    json_put_int(cx->mem, ev.facts, "bound", f->bound);
    r->events++;
    return ledger_append(cx, &ev);
}

/* -- bounds -- */

/* One alert that is judged: its declaration and its full name. */
struct judged {
    const struct alert_decl *a;
    const struct indicator *ind;
    struct str name;
};

static enum rc bounds_judge(struct ctx *cx, struct run *r, const struct judged *j)
{
    const struct alert_decl *a = j->a;
    const struct indicator *ind = j->ind;
    int32_t today = day_of(cx->now_us);
    struct period p = {today + 1 - (a->is_weekly ? WEEK_DAYS : MONTH_DAYS), today + 1};
    struct map *tallies = map_new(cx->mem);
    TRY(tally_period(cx, ind, p, 0, tallies));
    for (size_t i = 0; i < map_size(tallies); i++) {
        const struct tally *t = map_at(tallies, i, NULL);
        int64_t value = tally_value(ind, t, 0);
        struct finding f = {j->name, ind,   t->unit,  "below",
                            p,       value, a->below, value < a->below};
        if (value == DB_NULL || !is_enough(ind, t, 0, a->least) || t->unit->to <= today)
            continue;
        if (a->has_below)
            TRY(finding_tell(cx, r, &f));
        f.rule = "above";
        f.bound = a->above;
        f.rings = value > a->above;
        if (a->has_above)
            TRY(finding_tell(cx, r, &f));
    }
    return RC_OK;
}

/* -- trends -- */

static struct period ended_before(int32_t day, bool is_weekly)
{
    int32_t monday = day - day_weekday(day);
    if (is_weekly)
        return (struct period){monday - WEEK_DAYS, monday};
    return period_before(period_at(day, SPAN_MONTH));
}

/* Further from the mean than 3 standard deviations (of a sample), all in whole numbers:
 * (n·v − Σ)²·(n−1) > 9·n·(n·Σ² − Σ·Σ). */
bool trend_is_broken(const int64_t *v, size_t n, int64_t value, int64_t *mean)
{
    wide sum = 0, squares = 0, k = (wide)n;
    for (size_t i = 0; i < n; i++) {
        sum += v[i];
        squares += (wide)v[i] * v[i];
    }
    *mean = n ? (int64_t)(sum / k) : 0;
    wide off = k * value - sum, least = k * LEAST_BREAK;
    if (n < ALERT_HISTORY || (off < least && off > -least))
        return false;
    return off * off * (k - 1) > 9 * k * (k * squares - sum * sum);
}

static enum rc trend_judge(struct ctx *cx, struct run *r, const struct judged *j)
{
    const struct alert_decl *a = j->a;
    const struct indicator *ind = j->ind;
    int32_t today = day_of(cx->now_us);
    struct period last = ended_before(today, a->is_weekly), p = last;
    struct map *tallies = map_new(cx->mem);
    for (size_t at = 0; at <= ALERT_PERIODS; at++, p = ended_before(p.from, a->is_weekly))
        TRY(tally_period(cx, ind, p, at, tallies));
    for (size_t i = 0; i < map_size(tallies); i++) {
        const struct tally *t = map_at(tallies, i, NULL);
        int64_t history[ALERT_PERIODS];
        size_t n = 0;
        struct finding f = {j->name, ind,  t->unit, "trend", last, tally_value(ind, t, 0),
                            0,       false};
        if (f.value == DB_NULL || !is_enough(ind, t, 0, a->least) || t->unit->to <= today)
            continue;
        for (size_t at = 1; at <= ALERT_PERIODS; at++)
            if (is_enough(ind, t, at, a->least))
                history[n++] = tally_value(ind, t, at);
        f.rings = trend_is_broken(history, n, f.value, &f.bound);
        TRY(finding_tell(cx, r, &f));
    }
    return RC_OK;
}

static struct str alert_name(struct ctx *cx, const struct pack *p, const struct alert_decl *a)
{
    return str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(p->id), STR_ARG(a->id));
}

enum rc alerts_judge(struct ctx *cx, bool with_trends, size_t *events)
{
    size_t n;
    struct run r = {.ringing = map_new(cx->mem)};
    const struct pack *const *packs = pack_all(cx, &n);
    TRY(sql_alerts_ringing_all(cx, ringing_each, r.ringing));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < packs[i]->alerts.n; j++) {
            const struct alert_decl *a = &packs[i]->alerts.v[j];
            const struct indicator *ind = goal_indicator_find(cx, packs[i], &a->indicator);
            if (!ind || ind->is_entered)
                continue;
            struct judged what = {a, ind, alert_name(cx, packs[i], a)};
            if (a->has_below || a->has_above)
                TRY(bounds_judge(cx, &r, &what));
            if (a->on_break && with_trends && !ind->is_stock)
                TRY(trend_judge(cx, &r, &what));
        }
    *events = r.events;
    return RC_OK;
}

/* -- when -- */

struct alert_watch {
    uint64_t changes; /* of cells, when bounds were judged last */
    int32_t day;      /* when trends were */
};

struct alert_watch *alert_watch_new(struct arena *mem)
{
    struct alert_watch *w = arena_new_of(mem, struct alert_watch);
    *w = (struct alert_watch){.changes = UINT64_MAX, .day = INT32_MIN};
    return w;
}

enum rc alerts_tick(struct ctx *cx, size_t *events)
{
    struct alert_watch *w = cx->app->alerts;
    uint64_t changes = measure_changes(cx->app);
    int32_t today = day_of(cx->now_us);
    *events = 0;
    if (!w || (w->changes == changes && w->day == today))
        return RC_OK;
    TRY(alerts_judge(cx, w->day != today, events));
    if (*events < ALERTS_A_RUN) /* else the rest is judged with the next tick */
        *w = (struct alert_watch){changes, today};
    return RC_OK;
}

/* -- reading -- */

static const struct json *advice_of(struct ctx *cx, const struct alerts_ringing_row *r,
                                    const struct indicator *ind)
{
    size_t n;
    const struct pack *const *packs = pack_all(cx, &n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < packs[i]->alerts.n; j++) {
            const struct alert_decl *a = &packs[i]->alerts.v[j];
            if (goal_indicator_find(cx, packs[i], &a->indicator) == ind &&
                is_of(r, alert_name(cx, packs[i], a)))
                return a->advice;
        }
    return NULL;
}

enum rc alerts_find(struct ctx *cx, struct unit_id within, bool is_open, struct alert_list *ret)
{
    struct alerts_ringing_rows rows = {0};
    const struct unit *top = within.v ? unit_of(cx, within) : NULL;
    struct alerts_over_rows over = {0};
    if (is_open)
        TRY(sql_alerts_ringing(cx, RINGING_MAX, &rows));
    else
        TRY(sql_alerts_over(cx, RINGING_MAX, &over));
    if (!is_open)
        rows = (struct alerts_ringing_rows){over.v, over.n};
    struct alert_list list = {arena_array(cx->mem, struct alert, ALERTS_SHOWN), 0};
    for (size_t i = 0; i < rows.n && list.n < ALERTS_SHOWN; i++) {
        const struct alerts_ringing_row *r = &rows.v[i];
        const struct unit *u = unit_of(cx, (struct unit_id){r->unit});
        const struct indicator *ind = indicator_find(cx, r->indicator);
        if (!u || !ind || (within.v && (!top || !unit_is_within(u, top))) ||
            (cx->who && !who_can(cx, cx->who, CAP_FIGURES, u->id)))
            continue;
        list.v[list.n++] = (struct alert){.seq = r->seq,
                                          .ind = ind,
                                          .unit = u,
                                          .advice = advice_of(cx, r, ind),
                                          .id = r->alert,
                                          .rule = r->rule,
                                          .period = {(int32_t)r->first, (int32_t)r->last},
                                          .value = r->value,
                                          .bound = r->bound,
                                          .raised_us = r->raised_us,
                                          .cleared_us = r->cleared_us};
    }
    *ret = list;
    return RC_OK;
}
