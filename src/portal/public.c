/* public.c - what everybody may see: where a dossier stands, published answers, the ledger. */
#include "ledger/ledger.h"
#include "portal/portal_priv.h"

enum { ANSWERS_SHOWN = 20 };

static enum rc get_lookup(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *found, *v = view_new(cx, "portal.lookup.title", STR("/"));
    struct str code = str_trim(req_str(rq, "code"));
    json_put_bool(cx->mem, v, "at_lookup", true);
    json_put_str(cx->mem, v, "code", code);
    if (!code.n)
        return reply_page(cx, rq, "portal/lookup", v);
    enum rc rc = dossier_find(cx, code, &d);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    ctx_clear(cx);
    if (rc == RC_OK) {
        TRY(dossier_public_view(cx, d, &found));
        json_put(v, STR("found"), found);
    } else {
        view_error_key(cx, v, "code", "portal.lookup.none");
    }
    return reply_page(cx, rq, "portal/lookup", v);
}

static enum rc get_answers(struct ctx *cx, struct req *rq)
{
    struct json *list, *v = view_new(cx, "portal.answers.title", STR("/"));
    TRY(public_answers(cx, STR(""), req_int(rq, "before", 0), ANSWERS_SHOWN, &list));
    if (list->n == ANSWERS_SHOWN)
        json_put_int(cx->mem, v, "older", json_int(list->last, "seq", 0));
    json_put_bool(cx->mem, v, "has_answers", list->n > 0);
    json_put(v, STR("answers"), list);
    return reply_page(cx, rq, "portal/answers", v);
}

static enum rc get_answer(struct ctx *cx, struct req *rq)
{
    struct json *a, *v = view_new(cx, "portal.answer.title", STR("/answers"));
    TRY(public_answer_get(cx, req_str(rq, "code"), &a));
    json_put(v, STR("answer"), a);
    return reply_page(cx, rq, "portal/answer", v);
}

static enum rc get_ledger(struct ctx *cx, struct req *rq)
{
    struct ledger_head head;
    struct json *v = view_new(cx, "portal.ledger.title", STR("/"));
    TRY(ledger_head_get(cx, &head));
    json_put_str(cx->mem, v, "size", number_text(cx, head.size));
    json_put_str(cx->mem, v, "root", hash_hex(cx->mem, &head.root));
    json_put_str(cx->mem, v, "note", head.note);
    json_put_str(cx->mem, v, "vkey", ledger_vkey(cx));
    json_put_str(cx->mem, v, "origin", ledger_origin(cx));
    return reply_page(cx, rq, "portal/ledger", v);
}

static enum rc get_help(struct ctx *cx, struct req *rq)
{
    struct json *v = view_new(cx, "portal.help.title", STR("/"));
    json_put_int(cx->mem, v, "days", cx->app->settings.draft_days);
    json_put_str(cx->mem, v, "most_size", size_text(cx, cx->app->settings.web_file_max));
    return reply_page(cx, rq, "portal/help", v);
}

static const struct param lookup_params[] = {
    {"code", IN_QUERY, P_TEXT, false, 0, 64, "dossier code or provisional code"},
    {0},
};
static const struct param answers_params[] = {
    {"before", IN_QUERY, P_INT, false, 1, INT64_MAX, "older than this place in the ledger"},
    {0},
};
static const struct param code_params[] = {PARAM_CODE, {0}};

const struct route portal_public_routes[] = {
    {GET, "/lookup", get_lookup, CAP_NONE, ROUTE_NO_STORE, lookup_params, "portal",
     "How far a dossier is"},
    {GET, "/answers", get_answers, CAP_NONE, 0, answers_params, "portal", "Published answers"},
    {GET, "/answers/{code}", get_answer, CAP_NONE, 0, code_params, "portal", "One answer"},
    {GET, "/ledger", get_ledger, CAP_NONE, 0, NULL, "portal", "The ledger and how to check"},
    {GET, "/help", get_help, CAP_NONE, 0, NULL, "portal", "Help"},
    {0},
};
