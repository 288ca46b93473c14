/* others.c - what other units ask, an opinion given, who signs for whom. */
#include "app/app.h"
#include "desk/desk_priv.h"
#include "identity/delegation.h"

static enum rc back_to(struct ctx *cx, struct req *rq, struct str path, const char *key)
{
    reply_flash(cx, rq, key, "success");
    return reply_redirect(cx, rq, path);
}

static struct str dossier_path(struct ctx *cx, const struct dossier *d)
{
    return str_fmt(cx->mem, "/desk/dossier/%.*s", STR_ARG(d->code));
}

/* -- opinions -- */

static struct str asked_path(struct ctx *cx, const struct unit *u)
{
    return list_path(cx, &(struct dossier_query){.unit = u->id, .box = INBOX_ASKED});
}

/* Where one's unit is asked is a box of its list; the address of before leads there. */
static enum rc get_asked(struct ctx *cx, struct req *rq)
{
    const struct unit *u;
    TRY(desk_unit(cx, rq, CAP_CASE_READ, &u));
    return u ? reply_redirect(cx, rq, asked_path(cx, u))
             : FAIL(cx, FORBIDDEN, "unit", "no unit");
}

static enum rc opinion_take(struct ctx *cx, struct req *rq, struct file *f, struct answer *a)
{
    const struct upload *up = req_upload(rq, 0);
    if (!up || up->size == 0)
        return RC_OK;
    TRY(file_store(cx, up->path, &up->digest, up->name, f));
    a->file = f;
    return RC_OK;
}

/* A refusal without its reason is shown beside the field; what was typed stays. */
static enum rc answer_refused(struct ctx *cx, struct req *rq, struct dossier *d,
                              const struct answer *a, enum rc rc)
{
    if (rc == RC_CONFLICT)
        return conflict_page(cx, rq, a->version);
    if (rc != RC_INVALID)
        return rc;
    ctx_clear(cx);
    return dossier_page(cx, rq, d, &(struct refused){.answer = a});
}

static enum rc post_branch(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct file f;
    struct dossier_ref ref;
    struct answer a = {.branch = req_str(rq, "branch"),
                       .outcome = req_str(rq, "outcome"),
                       .comment = req_str(rq, "comment"),
                       .version = req_int(rq, "version", 0)};
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    const struct unit *asked = d->unit;
    TRY(opinion_take(cx, rq, &f, &a));
    enum rc rc = dossier_answer(cx, d, &a, &ref);
    if (rc != RC_OK)
        return answer_refused(cx, rq, d, &a, rc);
    /* who was only asked may not open it any more */
    bool stays = who_can(cx, cx->who, CAP_CASE_READ, asked->id);
    return back_to(cx, rq, stays ? dossier_path(cx, d) : STR("/desk/asked"),
                   "desk.done.branch");
}

/* -- delegation of signature -- */

enum { SCOPE_MAX = 40 }; /* procedures named in one */

static void delegation_put(struct ctx *cx, const struct delegation *d, struct json *list)
{
    struct json *o = json_push(list, json_new_obj(cx->mem));
    const struct unit *u = unit_of(cx, d->unit);
    bool is_over = d->ended_us != TIME_NONE || d->to_day < day_of(cx->now_us);
    json_put_int(cx->mem, o, "id", d->id);
    json_put_str(cx->mem, o, "giver", d->from_name);
    json_put_str(cx->mem, o, "receiver", d->to_name);
    json_put_str(cx->mem, o, "role_name", role_label(cx, d->role));
    json_put_str(cx->mem, o, "where", u ? unit_name(cx, u) : STR(""));
    json_put_str(cx->mem, o, "from_text", day_text(cx->mem, d->from_day));
    json_put_str(cx->mem, o, "to_text", day_text(cx->mem, d->to_day));
    struct json *names = json_put(o, STR("scope"), json_new_arr(cx->mem));
    struct str rest = d->procedures, one;
    while (rest.n) {
        rest = str_split(rest, ' ', &one);
        if (one.n)
            json_push(names, json_new_str(cx->mem, service_name(cx, one)));
    }
    json_put_bool(cx->mem, o, "is_all", !names->n);
    json_put_bool(cx->mem, o, "is_over", is_over);
}

static void role_put(struct ctx *cx, const struct grant *g, const struct unit *u,
                     struct str chosen, struct json *roles)
{
    struct json *r = json_push(roles, json_new_obj(cx->mem));
    struct str value = str_fmt(cx->mem, "%s@%.*s", role_name(g->role), STR_ARG(u->code));
    json_put_str(cx->mem, r, "value", value);
    json_put_str(cx->mem, r, "label",
                 str_fmt(cx->mem, "%.*s – %.*s", STR_ARG(role_label(cx, g->role)),
                         STR_ARG(unit_name(cx, u))));
    json_put_bool(cx->mem, r, "selected", str_eq(value, chosen));
}

/* "ROLE@UNIT" for each role one holds, and the other officers there. */
static enum rc choices_put(struct ctx *cx, struct req *rq, bool again, struct json *v)
{
    struct json *roles = json_put(v, STR("roles"), json_new_arr(cx->mem));
    struct json *officers = json_put(v, STR("officers"), json_new_arr(cx->mem));
    int64_t to = again ? req_int(rq, "to", 0) : 0;
    for (size_t i = 0; i < cx->who->ngrants; i++) {
        const struct grant *g = &cx->who->grants[i];
        const struct unit *u = unit_of(cx, g->unit);
        struct officer_list all;
        if (!u)
            continue;
        role_put(cx, g, u, again ? req_str(rq, "role") : STR(""), roles);
        TRY(officers_of(cx, g->unit, &all));
        for (size_t k = 0; k < all.n; k++) {
            if (all.v[k].account == cx->who->account)
                continue;
            struct json *o = json_push(officers, json_new_obj(cx->mem));
            json_put_int(cx->mem, o, "account", all.v[k].account);
            json_put_str(cx->mem, o, "officer", all.v[k].name);
            json_put_str(cx->mem, o, "role_name", role_label(cx, all.v[k].role));
            json_put_bool(cx->mem, o, "selected", all.v[k].account == to);
        }
    }
    return RC_OK;
}

static bool is_offered_here(struct ctx *cx, const struct pack *p)
{
    for (size_t i = 0; i < cx->who->ngrants; i++) {
        const struct unit *u = unit_of(cx, cx->who->grants[i].unit);
        if (u && p->form && pack_is_offered(p, u))
            return true;
    }
    return false;
}

static bool list_has(const struct json *list, struct str s)
{
    JSON_EACH (list, v)
        if (str_eq(v->s, s))
            return true;
    return false;
}

/* What one's units offer: a signature may be lent for some of it only. */
static void scope_put(struct ctx *cx, const struct json *chosen, struct json *v)
{
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    struct json *list = json_put(v, STR("services"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++) {
        if (!is_offered_here(cx, all[i]))
            continue;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "procedure", all[i]->procedure);
        json_put_str(cx->mem, o, "service", label_text(cx, all[i]->name));
        json_put_bool(cx->mem, o, "checked", list_has(chosen, all[i]->procedure));
    }
}

static struct str codes_joined(struct ctx *cx, const struct json *list)
{
    struct buf *b = buf_new(cx->mem, JSON_BYTES_MAX);
    JSON_EACH (list, v) {
        buf_put(b, buf_str(b).n ? STR(" ") : STR(""));
        buf_put(b, v->s);
    }
    return buf_str(b);
}

/* wrong: the field that was refused, or NULL. What was typed stands again. */
static enum rc delegations_page(struct ctx *cx, struct req *rq, const char *wrong)
{
    static const char *const typed[] = {"from_day", "to_day"};
    struct delegation_list list;
    TRY(delegation_list(cx, cx->who->account, (struct unit_id){0}, &list));
    struct json *v = desk_view(cx, "desk.sign", STR("/desk"));
    struct json *rows = json_put(v, STR("rows"), json_new_arr(cx->mem));
    for (size_t i = 0; i < list.n; i++)
        delegation_put(cx, &list.v[i], rows);
    json_put_bool(cx->mem, v, "has_rows", list.n > 0);
    TRY(choices_put(cx, rq, wrong != NULL, v));
    scope_put(cx, wrong ? req_list(rq, "procedure") : NULL, v);
    struct json *errors = json_put(v, STR("errors"), json_new_arr(cx->mem));
    struct json *beside = json_put(v, STR("wrong"), json_new_obj(cx->mem));
    if (wrong) {
        struct str text = msg_get(cx->lang, str_fmt(cx->mem, "desk.sign.error.%s", wrong));
        error_push(cx, errors, str_from(wrong), text);
        json_put_str(cx->mem, beside, wrong, text);
    }
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        struct str s = wrong ? req_str(rq, typed[i]) : STR("");
        json_put_str(cx->mem, v, str_fmt(cx->mem, "%s_typed", typed[i]).p, s.p ? s : STR(""));
    }
    return wrong ? reply_page_status(cx, rq, UNPROCESSABLE, "desk/sign", v)
                 : reply_page(cx, rq, "desk/sign", v);
}

static enum rc get_delegations(struct ctx *cx, struct req *rq)
{
    return delegations_page(cx, rq, NULL);
}

static enum rc post_delegation(struct ctx *cx, struct req *rq)
{
    int64_t id;
    struct str role, unit = str_split(req_str(rq, "role"), '@', &role);
    const struct unit *u = unit_find(cx, unit);
    struct delegation d = {.from = cx->who->account,
                           .to = req_int(rq, "to", 0),
                           .unit = {u ? u->id.v : 0},
                           .procedures = codes_joined(cx, req_list(rq, "procedure"))};
    if (!u || !role_parse(role, &d.role) || !d.to)
        return delegations_page(cx, rq, "to");
    if (!day_parse(str_trim(req_str(rq, "from_day")), &d.from_day))
        return delegations_page(cx, rq, "from_day");
    if (!day_parse(str_trim(req_str(rq, "to_day")), &d.to_day) || d.to_day < d.from_day)
        return delegations_page(cx, rq, "to_day");
    enum rc rc = delegation_add(cx, &d, &id);
    if (rc != RC_INVALID && rc != RC_DUPLICATE)
        return rc == RC_OK ? back_to(cx, rq, STR("/desk/delegations"), "desk.done.sign") : rc;
    ctx_clear(cx);
    return delegations_page(cx, rq, "to");
}

static enum rc post_delegation_end(struct ctx *cx, struct req *rq)
{
    TRY(delegation_end(cx, req_int(rq, "id", 0)));
    return back_to(cx, rq, STR("/desk/delegations"), "desk.done.sign_end");
}

static const struct param asked_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "code of one's unit"},
    {0},
};
static const struct param branch_params[] = {
    PARAM_CODE,
    {"branch", IN_PATH, P_CODE, true, 1, 41, "an open branch"},
    {"outcome", IN_BODY, P_CODE, true, 1, 10, "agree or refuse"},
    {"comment", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "opinion, also to the applicant"},
    {"version", IN_BODY, P_INT, false, 0, INT64_MAX, "the dossier's version that was shown"},
    {"opinion", IN_BODY, P_FILE, false, 0, 1, "the opinion: an image or a PDF"},
    {0},
};
static const struct param delegation_params[] = {
    {"role", IN_BODY, P_TEXT, true, 3, 80, "ROLE@UNIT, one's own"},
    {"to", IN_BODY, P_INT, false, 1, INT64_MAX, "account of who signs"},
    {"from_day", IN_BODY, P_TEXT, false, 0, 10, "first day, YYYY-MM-DD"},
    {"to_day", IN_BODY, P_TEXT, false, 0, 10, "last day, YYYY-MM-DD"},
    {"procedure", IN_BODY, P_LIST, false, 0, SCOPE_MAX, "codes; none: all"},
    {0},
};
static const struct param end_params[] = {
    {"id", IN_PATH, P_INT, true, 1, INT64_MAX, "the delegation"},
    {0},
};

const struct route desk_other_routes[] = {
    {GET, "/desk/asked", get_asked, CAP_CASE_READ, ROUTE_NO_STORE, asked_params, "desk",
     "What other units ask one's unit", NULL},
    {POST, "/desk/dossier/{code}/branch/{branch}", post_branch, CAP_CASE_ACT,
     ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_NO_STORE, branch_params, "desk",
     "Answers for one's unit", NULL},
    {GET, "/desk/delegations", get_delegations, CAP_CASE_READ, ROUTE_NO_STORE, NULL, "desk",
     "Who signs for whom", NULL},
    {POST, "/desk/delegations", post_delegation, CAP_CASE_ACT, ROUTE_WRITES | ROUTE_NO_STORE,
     delegation_params, "desk", "Delegates one's signature", NULL},
    {POST, "/desk/delegations/{id}/end", post_delegation_end, CAP_CASE_ACT,
     ROUTE_WRITES | ROUTE_NO_STORE, end_params, "desk", "Ends a delegation", NULL},
    {0},
};
