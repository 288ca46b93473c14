/* hand.c - handing work to a colleague: chosen dossiers, or all that somebody holds. */
#include "desk/desk_priv.h"
#include "store/store.h"

/* Whose work: one's own, or, for who gives work, anybody's of the unit. */
static enum rc owner_of(struct ctx *cx, struct req *rq, const struct unit *u, int64_t *ret)
{
    *ret = req_int(rq, "owner", cx->who->account);
    if (*ret != cx->who->account && !who_can(cx, cx->who, CAP_CASE_ASSIGN, u->id))
        return FAIL(cx, FORBIDDEN, "owner", "another officer's work");
    return RC_OK;
}

static enum rc picks_of(struct ctx *cx, struct req *rq, const struct unit *u, int64_t owner,
                        struct picks *ret)
{
    struct dossier_list list = {0};
    const struct json *typed = req_list(rq, "pick");
    if (typed && typed->n)
        return picks_read(cx, typed, ret);
    struct dossier_query q = {
        .unit = u->id, .box = INBOX_UNIT, .holder = owner, .limit = DESK_PICKS};
    TRY(dossier_inbox(cx, &q, &list));
    *ret = (struct picks){list.v, list.n};
    return RC_OK;
}

/* to: who was chosen, 0 so far nobody. */
static enum rc people_put(struct ctx *cx, const struct unit *u, int64_t owner, int64_t chosen,
                          struct json *v)
{
    struct officer_list all;
    bool may = who_can(cx, cx->who, CAP_CASE_ASSIGN, u->id);
    TRY(officers_of(cx, u->id, &all));
    struct json *owners = json_put(v, STR("owners"), json_new_arr(cx->mem));
    struct json *to = json_put(v, STR("officers"), json_new_arr(cx->mem));
    officers_once_put(cx, &all, owner, 0, owners);
    officers_once_put(cx, &all, chosen, owner, to);
    json_put_bool(cx->mem, v, "may_choose", may);
    json_put_bool(cx->mem, v, "has_officers", to->n > 0);
    json_put_int(cx->mem, v, "owner", owner);
    json_put_bool(cx->mem, v, "is_own", owner == cx->who->account);
    return RC_OK;
}

/* What was forgotten is said beside its box. */
struct gap {
    bool to, reason, picks;
};

static void gaps_put(struct ctx *cx, const struct gap *g, struct json *v)
{
    struct json *errors = json_put(v, STR("errors"), json_new_arr(cx->mem));
    struct json *wrong = json_put(v, STR("wrong"), json_new_obj(cx->mem));
    const struct {
        bool is;
        const char *id, *key;
    } rows[] = {{g->picks, "picks", "desk.bulk.error.none"},
                {g->to, "to", "desk.hand.error.to"},
                {g->reason, "reason", "desk.hand.error.reason"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str text = rows[i].is ? msg_get(cx->lang, str_from(rows[i].key)) : STR("");
        json_put_str(cx->mem, wrong, rows[i].id, text);
        if (rows[i].is)
            error_push(cx, errors, str_from(rows[i].id), text);
    }
}

static enum rc hand_page(struct ctx *cx, struct req *rq, const struct unit *u,
                         const struct gap *g)
{
    int64_t owner;
    struct picks p;
    bool wrong = g->to || g->reason || g->picks;
    struct str list = req_str(rq, "list"), reason = wrong ? req_str(rq, "reason") : STR("");
    struct str back = str_fmt(cx->mem, "/desk?unit=%.*s", STR_ARG(u->code));
    struct json *v = desk_view(cx, "desk.hand.title", back);
    TRY(owner_of(cx, rq, u, &owner));
    TRY(picks_of(cx, rq, u, owner, &p));
    picks_put(cx, &p, v);
    TRY(people_put(cx, u, owner, wrong ? req_int(rq, "to", 0) : 0, v));
    desk_units_put(cx, CAP_CASE_READ, u, v);
    json_put_bool(cx->mem, v, "is_full", p.n == DESK_PICKS);
    json_put_str(cx->mem, v, "list", list.p ? list : STR(""));
    json_put_str(cx->mem, v, "reason", reason.p ? reason : STR(""));
    gaps_put(cx, g, v);
    return reply_page_status(cx, rq, wrong ? UNPROCESSABLE : 200, "desk/hand", v);
}

static enum rc get_hand(struct ctx *cx, struct req *rq)
{
    const struct unit *u;
    TRY(desk_unit(cx, rq, CAP_CASE_READ, &u));
    if (!u)
        return reply_page(cx, rq, "desk/none", desk_view(cx, "desk.title", STR_NULL));
    return hand_page(cx, rq, u, &(struct gap){0});
}

static enum rc post_hand(struct ctx *cx, struct req *rq)
{
    const struct unit *u;
    struct picks p;
    struct dossier_query q;
    enum rc rc[DESK_PICKS];
    int64_t to = req_int(rq, "to", 0);
    struct str reason = str_trim(req_str(rq, "reason"));
    TRY(desk_unit(cx, rq, CAP_CASE_READ, &u));
    if (!u)
        return FAIL(cx, FORBIDDEN, "unit", "no unit of theirs");
    TRY(picks_read(cx, req_list(rq, "pick"), &p));
    struct gap g = {.to = !to, .reason = !reason.n, .picks = !p.n};
    if (g.to || g.reason || g.picks)
        return hand_page(cx, rq, u, &g);
    TRY(dossiers_give(cx, &(struct dossier_list){p.v, p.n, 0}, to, reason, rc));
    struct json *v = desk_view(cx, "desk.hand.done", STR_NULL);
    for (size_t i = 0; i < p.n; i++)
        result_put(cx, v, dossier_handle(cx, p.v[i]), rc[i], STR(""));
    bool known = list_read(cx, req_str(rq, "list"), &q);
    json_put_str(cx->mem, v, "list_href", known ? list_path(cx, &q) : STR("/desk"));
    return reply_page(cx, rq, "desk/result", v);
}

#define PARAM_UNIT(where)                                                                      \
    {                                                                                          \
        "unit", where, P_CODE, false, 3, UNIT_CODE_MAX, "code of one's unit"                   \
    }
static const struct param hand_params[] = {
    PARAM_UNIT(IN_QUERY),
    {"owner", IN_QUERY, P_INT, false, 1, INT64_MAX, "whose work: account; one's own"},
    {"pick", IN_QUERY, P_LIST, false, 0, DESK_PICKS, "codes; none: all that they hold"},
    PARAM_LIST(IN_QUERY),
    {0},
};
static const struct param give_params[] = {
    PARAM_UNIT(IN_BODY),
    {"owner", IN_BODY, P_INT, false, 1, INT64_MAX, "whose work was shown"},
    {"pick", IN_BODY, P_LIST, false, 0, DESK_PICKS, "each: code, a space, version shown"},
    {"to", IN_BODY, P_INT, false, 1, INT64_MAX, "account of the colleague"},
    {"reason", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "why; both see it"},
    PARAM_LIST(IN_BODY),
    {0},
};

const struct route desk_hand_routes[] = {
    {GET, "/desk/hand", get_hand, CAP_CASE_READ, ROUTE_JOURNALS | ROUTE_NO_STORE, hand_params,
     "desk", "What to hand over, and to whom", NULL},
    {POST, "/desk/hand", post_hand, CAP_CASE_ACT, ROUTE_WRITES | ROUTE_NO_STORE, give_params,
     "desk", "Hands dossiers to a colleague", NULL},
    {0},
};
