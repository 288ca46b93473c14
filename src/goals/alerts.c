/* alerts.c - what rings now in a leader's units, with the dossiers to act on. */
#include "goals/goals_priv.h"

#include "store/store.h"
#include "target/alert.h"
#include "text/i18n.h"

/* A list costs a millisecond or two: a page must not have a hundred of them. The first alerts
 * have theirs with them, all have a page of their own with the whole of it. */
enum { ROWS_SHOWN = 20, WITH_DOSSIERS = 6 };

static struct str value_text(struct ctx *cx, const struct indicator *ind, int64_t value)
{
    struct target_decl none = {0};
    struct target t = {.ind = ind, .decl = &none};
    return target_value_text(cx, &t, value);
}

/* "71,43 % from 23/10 to 21/11/2026; the bound is 80 %". */
static struct str saying(struct ctx *cx, const struct alert *a)
{
    struct json *args = json_new_obj(cx->mem);
    bool is_trend = str_eq(a->rule, STR("trend"));
    json_put_str(cx->mem, args, "value", value_text(cx, a->ind, a->value));
    json_put_str(cx->mem, args, "bound", value_text(cx, a->ind, a->bound));
    json_put_str(cx->mem, args, "from", day_text(cx->mem, a->period.from));
    json_put_str(cx->mem, args, "to", day_text(cx->mem, a->period.to - 1));
    return msg_fill(cx, is_trend ? STR("alerts.saying.trend") : STR("alerts.saying.bound"),
                    args);
}

/* Those that keep the figure from being better: not above the line, or for what is better small
 * those that count. Codes only. */
static enum rc dossiers_put(struct ctx *cx, const struct alert *a, size_t most, struct json *o)
{
    struct slice s = {.unit = a->unit->id, .period = a->period};
    struct json *behind, *list = json_put(o, STR("dossiers"), json_new_arr(cx->mem));
    if (a->ind->unit == IND_COUNT)
        TRY(figure_dossiers(cx, a->ind, &s, -1, most, &behind));
    else
        TRY(figure_dossiers_of(cx, a->ind, &s, a->ind->better <= 0, most, &behind));
    bool can_any = false;
    JSON_EACH (json_get(behind, STR("rows")), r) {
        const struct unit *u = unit_find(cx, json_str(r, "unit_code"));
        struct json *d = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, d, "code", json_str(r, "code"));
        json_put_str(cx->mem, d, "service", json_str(r, "name"));
        json_put_str(cx->mem, d, "unit", json_str(r, "unit"));
        json_put_str(cx->mem, d, "time_text", json_str(r, "time_text"));
        bool can = u && who_can(cx, cx->who, CAP_CASE_READ, u->id);
        json_put_bool(cx->mem, d, "can_open", can);
        can_any |= can;
    }
    bool is_all = json_int(behind, "next", -1) < 0 && !json_bool(behind, "is_partial");
    json_put_bool(cx->mem, o, "has_dossiers", list->n > 0);
    json_put_bool(cx->mem, o, "is_others", list->n > 0 && !can_any);
    json_put_bool(cx->mem, o, "has_more", !is_all);
    json_put_int(cx->mem, o, "nshown", (int64_t)list->n);
    return RC_OK;
}

static void alert_put(struct ctx *cx, const struct alert *a, struct json *o)
{
    json_put_int(cx->mem, o, "alert", a->seq);
    json_put_str(cx->mem, o, "indicator_name", label_text(cx, a->ind->name));
    json_put_str(cx->mem, o, "unit", unit_name(cx, a->unit));
    json_put_str(cx->mem, o, "rule_text",
                 msg_get(cx->lang, str_fmt(cx->mem, "alerts.rule.%.*s", STR_ARG(a->rule))));
    json_put_str(cx->mem, o, "saying", saying(cx, a));
    json_put_str(cx->mem, o, "advice", a->advice ? label_text(cx, a->advice) : STR(""));
    json_put_str(cx->mem, o, "raised", time_text(cx->mem, a->raised_us));
    json_put_str(cx->mem, o, "cleared",
                 a->cleared_us == DB_NULL ? STR("") : time_text(cx->mem, a->cleared_us));
    json_put_str(cx->mem, o, "figure_href",
                 str_fmt(cx->mem, "/figures/%.*s?unit=%.*s&period=custom&from=%.*s&to=%.*s",
                         STR_ARG(a->ind->id), STR_ARG(a->unit->code),
                         STR_ARG(day_iso(cx->mem, a->period.from)),
                         STR_ARG(day_iso(cx->mem, a->period.to - 1))));
    /* the desk's list is of the unit itself, not of those below it */
    json_put_bool(cx->mem, o, "has_late",
                  !a->unit->nchildren && who_can(cx, cx->who, CAP_CASE_READ, a->unit->id));
    json_put_str(cx->mem, o, "list_href",
                 str_fmt(cx->mem, "/alerts?alert=%lld", (long long)a->seq));
    json_put_str(cx->mem, o, "late_href",
                 str_fmt(cx->mem, "/desk/list?unit=%.*s&box=late", STR_ARG(a->unit->code)));
}

/* One of them, whether it rings or not, with all its dossiers. */
static enum rc alert_alone(struct ctx *cx, struct req *rq, int64_t seq,
                           const struct alert_list *lists, size_t n)
{
    struct json *v = goals_view(cx, "alerts.title", STR("/alerts"));
    struct json *rows = json_put(v, STR("rows"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < lists[i].n && !rows->n; k++) {
            const struct alert *a = &lists[i].v[k];
            if (a->seq != seq)
                continue;
            struct json *o = json_push(rows, json_new_obj(cx->mem));
            alert_put(cx, a, o);
            json_put_bool(cx->mem, o, "is_alone", true);
            TRY(dossiers_put(cx, a, BEHIND_ROWS_MAX, o));
        }
    if (!rows->n)
        return FAIL(cx, NOT_FOUND, "alert", "no such alert, or not of this account");
    json_put_bool(cx->mem, v, "has_rows", true);
    return reply_page(cx, rq, "goals/alerts", v);
}

enum rc get_alerts(struct ctx *cx, struct req *rq)
{
    struct str code = req_str(rq, "unit");
    int64_t alone = req_int(rq, "alert", -1);
    const struct unit *u = code.n ? unit_find(cx, code) : NULL;
    enum { NOW, PAST, LISTS };
    struct alert_list all[LISTS];
    if (code.n && !u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    struct unit_id within = u ? u->id : (struct unit_id){0};
    TRY(alerts_find(cx, within, true, &all[NOW]));
    TRY(alerts_find(cx, within, false, &all[PAST]));
    if (alone >= 0)
        return alert_alone(cx, rq, alone, all, LISTS);
    struct json *v = goals_view(cx, "alerts.title", STR("/desk"));
    struct json *rows = json_put(v, STR("rows"), json_new_arr(cx->mem));
    struct json *over = json_put(v, STR("past"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all[NOW].n; i++) {
        struct json *o = json_push(rows, json_new_obj(cx->mem));
        alert_put(cx, &all[NOW].v[i], o);
        if (rows->n <= WITH_DOSSIERS)
            TRY(dossiers_put(cx, &all[NOW].v[i], ROWS_SHOWN, o));
    }
    for (size_t i = 0; i < all[PAST].n && over->n < ROWS_SHOWN; i++)
        alert_put(cx, &all[PAST].v[i], json_push(over, json_new_obj(cx->mem)));
    json_put_bool(cx->mem, v, "has_rows", rows->n > 0);
    json_put_bool(cx->mem, v, "has_past", over->n > 0);
    return reply_page(cx, rq, "goals/alerts", v);
}
