/* view.c - who stated which month, and what is missing, late or refused. */
#include "app/app.h"
#include "gen/rollup_sql.h"
#include "rollup/rollup_priv.h"
#include "text/i18n.h"

enum { MADE_SHOWN = STATED_SHOWN };

struct looking {
    struct ctx *cx;
    struct json *nodes; /* [{name, …, cells: [{period, …}]}] */
};

static struct json *named(const struct json *list, const char *key, struct str name)
{
    JSON_EACH (list, v)
        if (str_eq(json_str(v, key), name))
            return v;
    return NULL;
}

/* Before anything came: not over and its deadline past is missing, else it is waited for. A month
 * that had its deadline before the node was trusted is nobody's fault. */
const char *state_without(struct ctx *cx, const struct nodes_row *node, const struct month *m)
{
    int32_t deadline = month_deadline(cx, m);
    if (deadline < day_of(node->trusted_us) || node->ended_us)
        return "before";
    return day_of(cx->now_us) > deadline ? "missing" : "waiting";
}

static void state_set(struct ctx *cx, struct json *cell, const char *state)
{
    static const char *const all[] = {"taken", "late", "missing", "waiting", "before"};
    struct str key = str_fmt(cx->mem, "rollup.state.%s", state);
    json_put_str(cx->mem, cell, "state", str_from(state));
    json_put_str(cx->mem, cell, "state_text", msg_get(cx->lang, key));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        json_put_bool(cx->mem, cell, str_fmt(cx->mem, "is_%s", all[i]).p,
                      strcmp(all[i], state) == 0);
}

static struct json *node_json(struct ctx *cx, const struct nodes_row *r)
{
    const struct unit *u = unit_find(cx, r->unit);
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "name", r->name);
    json_put_str(cx->mem, o, "origin", r->origin);
    json_put_str(cx->mem, o, "unit", r->unit);
    json_put_str(cx->mem, o, "unit_name", u ? unit_name(cx, u) : r->unit);
    json_put_bool(cx->mem, o, "is_ended", r->ended_us != 0);
    struct json *cells = json_put(o, STR("cells"), json_new_arr(cx->mem));
    for (int i = 1; i <= STATED_SHOWN; i++) {
        struct month m = month_at(cx->mem, month_now(cx->now_us) - i);
        struct json *c = json_push(cells, json_new_obj(cx->mem));
        json_put_str(cx->mem, c, "period", m.name);
        json_put_str(cx->mem, c, "deadline", day_text(cx->mem, month_deadline(cx, &m)));
        state_set(cx, c, state_without(cx, r, &m));
    }
    return o;
}

/* Revisions come in order: the first says whether it was late, the last what stands. */
static enum rc statement_each(struct ctx *cx, const struct statements_from_row *r, void *arg)
{
    struct looking *l = arg;
    struct json *node = named(l->nodes, "name", r->node);
    struct json *c = node ? named(json_get(node, STR("cells")), "period", r->period) : NULL;
    if (!c)
        return RC_OK;
    if (!json_get(c, STR("revision")))
        state_set(l->cx, c, r->late ? "late" : "taken");
    json_put_int(l->cx->mem, c, "revision", r->revision);
    json_put_bool(l->cx->mem, c, "is_revised", r->revision > 1);
    json_put_int(l->cx->mem, c, "ncells", r->ncells);
    json_put_int(l->cx->mem, c, "seq", r->seq);
    json_put_int(l->cx->mem, c, "ledger_size", r->ledger_size);
    json_put_str(l->cx->mem, c, "digest", str_dup(l->cx->mem, r->digest));
    json_put_str(l->cx->mem, c, "time", time_iso(l->cx->mem, r->taken_us));
    json_put_str(l->cx->mem, c, "time_text", time_text(l->cx->mem, r->taken_us));
    return RC_OK;
}

static enum rc refusals_put(struct ctx *cx, struct json *v)
{
    struct stated_refusals_last_rows rows;
    TRY(sql_stated_refusals_last(cx, STATED_REFUSALS_SHOWN, &rows));
    struct json *list = json_put(v, STR("refusals"), json_new_arr(cx->mem));
    for (size_t i = 0; i < rows.n; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        struct str key = str_fmt(cx->mem, "rollup.reason.%.*s", STR_ARG(rows.v[i].reason));
        json_put_str(cx->mem, o, "node", rows.v[i].node);
        json_put_str(cx->mem, o, "period", rows.v[i].period);
        json_put_str(cx->mem, o, "digest", rows.v[i].digest);
        json_put_str(cx->mem, o, "reason", rows.v[i].reason);
        json_put_str(cx->mem, o, "reason_text", msg_get(cx->lang, key));
        json_put_int(cx->mem, o, "seq", rows.v[i].seq);
        json_put_str(cx->mem, o, "time_text", time_text(cx->mem, rows.v[i].refused_us));
    }
    json_put_bool(cx->mem, v, "has_refusals", rows.n > 0);
    return RC_OK;
}

/* "403 untrusted" in words, when it is one of our reasons. */
static struct str answer_text(struct ctx *cx, struct str answer)
{
    static const char *const reasons[] = {"signature", "changed",  "period", "older",
                                          "behind",    "ledger",   "past",   "unit",
                                          "cells",     "untrusted"};
    struct str status, reason = str_split(answer, ' ', &status);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (!str_eq(reason, str_from(reasons[i])))
            continue;
        struct str key = str_fmt(cx->mem, "rollup.reason.%s", reasons[i]);
        return str_fmt(cx->mem, "%.*s %.*s: %.*s", STR_ARG(status), STR_ARG(reason),
                       STR_ARG(msg_get(cx->lang, key)));
    }
    return answer;
}

static enum rc made_put(struct ctx *cx, struct json *v)
{
    struct made_from_rows rows;
    struct month first = month_at(cx->mem, month_now(cx->now_us) - MADE_SHOWN);
    TRY(sql_made_from(cx, first.name, &rows));
    struct json *list = json_put(v, STR("made"), json_new_arr(cx->mem));
    for (size_t i = 0; i < rows.n; i++) {
        const struct made_from_row *r = &rows.v[i];
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "period", r->period);
        json_put_int(cx->mem, o, "revision", r->revision);
        json_put_int(cx->mem, o, "ncells", r->ncells);
        json_put_int(cx->mem, o, "tries", r->tries);
        json_put_bool(cx->mem, o, "is_sent", r->done_us != 0);
        json_put_str(cx->mem, o, "answer", r->answer);
        json_put_str(cx->mem, o, "answer_text", answer_text(cx, r->answer));
        json_put_str(cx->mem, o, "time_text", time_text(cx->mem, r->made_us));
    }
    json_put_bool(cx->mem, v, "has_made", rows.n > 0);
    return RC_OK;
}

enum rc statements_view(struct ctx *cx, struct json **ret)
{
    struct nodes_rows rows;
    struct json *v = json_new_obj(cx->mem);
    struct json *months = json_put(v, STR("months"), json_new_arr(cx->mem));
    struct looking l = {cx, json_put(v, STR("nodes"), json_new_arr(cx->mem))};
    for (int i = 1; i <= STATED_SHOWN; i++)
        json_push(months,
                  json_new_str(cx->mem, month_at(cx->mem, month_now(cx->now_us) - i).name));
    TRY(sql_nodes(cx, &rows));
    for (size_t i = 0; i < rows.n; i++)
        json_push(l.nodes, node_json(cx, &rows.v[i]));
    struct month first = month_at(cx->mem, month_now(cx->now_us) - STATED_SHOWN);
    TRY(sql_statements_from(cx, first.name, statement_each, &l));
    json_put_bool(cx->mem, v, "has_nodes", rows.n > 0);
    TRY(refusals_put(cx, v));
    TRY(made_put(cx, v));
    *ret = v;
    return RC_OK;
}
