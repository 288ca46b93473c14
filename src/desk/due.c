/* due.c - a dossier's date at the desk: explained, and set anew with an apology. */
#include "desk/desk_priv.h"

static struct str dossier_path(struct ctx *cx, const struct dossier *d)
{
    return str_fmt(cx->mem, "/desk/dossier/%.*s", STR_ARG(d->code));
}

static enum rc get_due(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *v;
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    TRY(dossier_due_explain(cx, d, &v));
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("due.title")));
    json_put_str(cx->mem, v, "service", label_text(cx, d->pack->name));
    json_put_str(cx->mem, v, "back", dossier_path(cx, d));
    json_put_bool(cx->mem, v, "at_desk", true);
    return reply_page(cx, rq, "desk/due", v);
}

/* -- the apology -- */

static void error_put(struct ctx *cx, struct json *v, struct json *errors, const char *field,
                      const char *wrong)
{
    bool is = wrong && str_eq(str_from(wrong), str_from(field));
    struct str key = str_fmt(cx->mem, "apology.error.%s", field);
    struct str text = is ? msg_get(cx->lang, key) : STR("");
    json_put_str(cx->mem, v, str_fmt(cx->mem, "%s_error", field).p, text);
    if (is)
        error_push(cx, errors, str_from(field), text);
}

/* reason, day: as typed; wrong: the field that was refused, or NULL. */
static enum rc apology_page(struct ctx *cx, struct req *rq, const struct dossier *d,
                            struct str reason, struct str day, const char *wrong)
{
    struct json *v = dossier_row_view(cx, d), *errors = json_new_arr(cx->mem);
    struct str name =
        d->applicant_name.p ? d->applicant_name : msg_get(cx->lang, STR("desk.anonymous"));
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("apology.title")));
    json_put_str(cx->mem, v, "back", dossier_path(cx, d));
    json_put_bool(cx->mem, v, "at_desk", true);
    json_put_str(cx->mem, v, "applicant", name);
    json_put_str(cx->mem, v, "reason", reason.p ? reason : STR(""));
    json_put_str(cx->mem, v, "day", day.p ? day : day_iso(cx->mem, late_proposal(cx, d)));
    error_put(cx, v, errors, "reason", wrong);
    error_put(cx, v, errors, "day", wrong);
    json_put(v, STR("errors"), errors);
    return reply_page_status(cx, rq, wrong ? UNPROCESSABLE : 200, "desk/apology", v);
}

static enum rc get_apology(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    if (d->redated || d->due == INT32_MIN || d->finished_us != TIME_NONE)
        return FAIL(cx, STATE, "day", "no date that could be re-set");
    return apology_page(cx, rq, d, STR_NULL, STR_NULL, NULL);
}

static enum rc post_apology(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct dossier_ref ref;
    int32_t day = INT32_MIN;
    int64_t version = req_int(rq, "version", 0);
    struct str reason = req_str(rq, "reason"), typed = req_str(rq, "day");
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    if (version && version != d->version)
        return conflict_page(cx, rq, version);
    if (!day_parse(str_trim(typed), &day))
        return apology_page(cx, rq, d, reason, typed, "day");
    enum rc rc = dossier_apologise(cx, d, reason, day, &ref);
    if (rc == RC_CONFLICT)
        return conflict_page(cx, rq, version);
    if (rc == RC_INVALID) {
        bool is_day = str_eq(str_from(cx->err.field), STR("day"));
        ctx_clear(cx);
        return apology_page(cx, rq, d, reason, typed, is_day ? "day" : "reason");
    }
    TRY(rc);
    reply_flash(cx, rq, "apology.done", "success");
    return reply_redirect(cx, rq, dossier_path(cx, d));
}

static const struct param code_params[] = {PARAM_CODE, {0}};
static const struct param apology_params[] = {
    PARAM_CODE,
    {"version", IN_BODY, P_INT, false, 0, INT64_MAX, "the dossier's version that was shown"},
    {"reason", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "why it is late, to the applicant"},
    {"day", IN_BODY, P_TEXT, false, 0, 10, "the new day, YYYY-MM-DD"},
    {0},
};

const struct route desk_due_routes[] = {
    {GET, "/desk/dossier/{code}/due", get_due, CAP_CASE_READ, ROUTE_JOURNALS | ROUTE_NO_STORE,
     code_params, "desk", "Why a date is what it is, day by day", NULL},
    {GET, "/desk/dossier/{code}/apology", get_apology, CAP_CASE_ACT,
     ROUTE_JOURNALS | ROUTE_NO_STORE, code_params, "desk", "The drafted apology", NULL},
    {POST, "/desk/dossier/{code}/apology", post_apology, CAP_CASE_ACT,
     ROUTE_WRITES | ROUTE_NO_STORE, apology_params, "desk",
     "Sends the apology with another day: once", NULL},
    {0},
};
