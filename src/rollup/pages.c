/* pages.c - the page of statements, and the API by which nodes hand them on. */
#include "ledger/note.h"
#include "rollup/rollup_priv.h"
#include "text/i18n.h"

static enum rc get_statements(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(statements_view(cx, &v));
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("rollup.title")));
    json_put_bool(cx->mem, v, "at_figures", true);
    json_put_str(cx->mem, v, "back", STR("/figures"));
    return reply_page(cx, rq, "rollup/statements", v);
}

/* -- API -- */

static enum rc api_list(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(statements_view(cx, &v));
    return reply_json(cx, rq, 200, v);
}

/* The statement that this node last made of the month, for whoever fetches instead of waiting. */
static enum rc api_file(struct ctx *cx, struct req *rq)
{
    struct str file;
    TRY(statement_file(cx, req_str(rq, "period"), &file));
    return reply_text(cx, rq, "application/json", file);
}

/* Against what a ledger was held: so that a node knows what to make again. */
static void held_put(struct ctx *cx, const struct statement_held *held, struct json *v)
{
    if (!held->size)
        return;
    struct json *o = json_put(v, STR("held"), json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "period", held->period);
    json_put_int(cx->mem, o, "revision", held->revision);
    json_put_int(cx->mem, o, "ledger_size", held->size);
}

/* No account is asked about: the key of a node is trusted here, or not. */
static enum rc stranger_reply(struct ctx *cx, struct req *rq)
{
    struct json *v = json_new_obj(cx->mem);
    struct str node = utf8_cut(json_str(req_object(rq, "statement"), "node"), 200);
    json_put_str(cx->mem, v, "type", STR("urn:motcua:error:FORBIDDEN"));
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("rollup.reason.untrusted")));
    json_put_int(cx->mem, v, "status", 403);
    json_put_str(cx->mem, v, "code", STR("FORBIDDEN"));
    json_put_str(cx->mem, v, "field", STR("node"));
    json_put_str(cx->mem, v, "outcome", STR("refused"));
    json_put_str(cx->mem, v, "reason", STR("untrusted"));
    json_put_str(cx->mem, v, "node", node.p ? node : STR(""));
    return reply_json(cx, rq, 403, v);
}

/* A refusal is an answer, too: what is written of it must be committed. */
static enum rc api_take(struct ctx *cx, struct req *rq)
{
    static const char *const outcomes[] = {"taken", "same", "refused"};
    struct statement_taken t;
    enum rc rc = statement_take(cx, req_str(rq, "note"), req_object(rq, "statement"), &t);
    if (rc == RC_FORBIDDEN) {
        ctx_clear(cx);
        return stranger_reply(cx, rq);
    }
    TRY(rc);
    struct json *v = json_new_obj(cx->mem);
    json_put_str(cx->mem, v, "outcome", str_from(outcomes[t.outcome]));
    json_put_str(cx->mem, v, "node", t.node);
    json_put_str(cx->mem, v, "period", t.period);
    json_put_int(cx->mem, v, "revision", t.revision);
    if (t.outcome == STATEMENT_REFUSED) {
        struct str key = str_fmt(cx->mem, "rollup.reason.%s", t.reason);
        json_put_str(cx->mem, v, "reason", str_from(t.reason));
        json_put_str(cx->mem, v, "title", msg_get(cx->lang, key));
        held_put(cx, &t.held, v);
        return reply_json(cx, rq, 422, v);
    }
    json_put_int(cx->mem, v, "cells", t.ncells);
    json_put_int(cx->mem, v, "unknown", t.unknown);
    json_put_bool(cx->mem, v, "late", t.is_late);
    return reply_json(cx, rq, t.outcome == STATEMENT_TAKEN ? 201 : 200, v);
}

static const struct param take_params[] = {
    {"note", IN_BODY, P_TEXT, true, 1, NOTE_MAX, "the signed note over the statement's digest"},
    {"statement", IN_BODY, P_OBJECT, true, 0, 0, "the statement"},
    {0},
};
static const struct param period_params[] = {
    {"period", IN_PATH, P_CODE, true, 7, 7, "2026-10"},
    {0},
};

const struct route rollup_routes[] = {
    {GET, "/statements", get_statements, CAP_NONE, 0, NULL, "statements",
     "Statements from nodes below: taken, late, missing, refused", NULL},
    {GET, "/api/v1/statements", api_list, CAP_NONE, ROUTE_API, NULL, "statements",
     "The same as JSON", NULL},
    {POST, "/api/v1/statements", api_take, CAP_NONE, ROUTE_API | ROUTE_WRITES, take_params,
     "statements", "Takes a signed statement of a trusted node", NULL, STATEMENT_BYTES_MAX},
    {GET, "/api/v1/statements/{period}", api_file, CAP_NONE, ROUTE_API, period_params,
     "statements", "The statement that this node last made of a month", NULL},
    {0},
};
