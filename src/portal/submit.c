/* submit.c - checking the answers, filing, and what one is told then. */
#include "casework/file.h"
#include "ledger/ledger.h"
#include "portal/portal_priv.h"
#include "store/store.h"

static struct str error_path(struct ctx *cx, const struct draft *d, const struct form_error *e)
{
    for (size_t i = 0; i < d->pack->ndocuments; i++)
        if (str_eq(d->pack->documents[i].id, e->field))
            return path_of(cx, "/draft/*/papers#paper-*", d->id, e->field);
    if (!e->page.n)
        return path_of(cx, "/draft/*", d->id, STR_NULL);
    return path_of(cx, "/draft/*/change/*", d->id, e->page);
}

static struct str error_name(struct ctx *cx, const struct draft *d, const struct form_error *e)
{
    for (size_t i = 0; i < d->pack->ndocuments; i++)
        if (str_eq(d->pack->documents[i].id, e->field))
            return label_text(cx, d->pack->documents[i].name);
    return STR_NULL;
}

void draft_errors_put(struct ctx *cx, const struct draft *d, const struct form_errors *errs,
                      struct json *view)
{
    struct json *list = json_put(view, STR("errors"), json_new_arr(cx->mem));
    for (size_t i = 0; i < errs->n; i++) {
        const struct form_error *e = &errs->v[i];
        struct str name = error_name(cx, d, e);
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "href", error_path(cx, d, e));
        json_put_str(cx->mem, o, "message",
                     name.n ? str_fmt(cx->mem, "%.*s: %.*s", STR_ARG(name), STR_ARG(e->text))
                            : e->text);
    }
    json_put_bool(cx->mem, view, "has_errors", errs->n > 0);
}

/* -- filed already: the draft's token names the dossier; a second press finds the first -- */

static enum rc filed_reply(struct ctx *cx, struct req *rq, struct str code)
{
    return reply_redirect(cx, rq, path_of(cx, "/done/*", code, STR_NULL));
}

enum rc draft_open(struct ctx *cx, struct req *rq, struct draft **ret)
{
    struct str id = req_str(rq, "id");
    struct dossier *d = NULL;
    enum rc rc = draft_get(cx, id, ret);
    if (rc != RC_NOT_FOUND)
        return rc;
    ctx_clear(cx);
    TRY(draft_filed(cx, id, &d));
    if (!d)
        return FAIL(cx, NOT_FOUND, "draft", "no such draft, or not theirs");
    *ret = NULL;
    return filed_reply(cx, rq, draft_track(cx, id));
}

/* -- check your answers -- */

static enum rc check_page(struct ctx *cx, struct req *rq, const struct draft *d,
                          const struct form_errors *errs)
{
    struct file_list files = {0};
    struct json *v =
        view_new(cx, "portal.check.title", path_of(cx, "/draft/*", d->id, STR_NULL));
    TRY(draft_files(cx, d->id, &files));
    json_put_str(cx->mem, v, "draft", d->id);
    json_put_str(cx->mem, v, "service", label_text(cx, d->pack->name));
    json_put_str(cx->mem, v, "unit", unit_name(cx, d->unit));
    json_put_str(cx->mem, v, "limit", limit_text(cx, d->pack));
    json_put_str(cx->mem, v, "form_base", path_of(cx, "/draft/*/change", d->id, STR_NULL));
    struct json *summary =
        json_put(v, STR("summary"), form_summary_view(cx, d->pack->form, d->answers));
    answer_files_put(cx, summary, &files, STR(""), false);
    json_put(v, STR("papers"), papers_view(cx, d->pack, d->answers, &files));
    fees_put(cx, d->pack, d->answers, v);
    TRY(wait_put(cx, d->pack, d->unit, v));
    if (errs->n)
        draft_errors_put(cx, d, errs, v);
    return errs->n ? reply_refused(cx, rq, "portal/check", v)
                   : reply_page(cx, rq, "portal/check", v);
}

static enum rc get_check(struct ctx *cx, struct req *rq)
{
    struct draft *d;
    static const struct form_errors none = {0};
    TRY(draft_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    return check_page(cx, rq, d, &none);
}

/* -- filing -- */

/* Filed by a press before this one? Else what is wrong; or another page saved to it just now:
 * what is filed must be what was looked at. */
static enum rc filed_or_back(struct ctx *cx, struct req *rq, enum rc rc, const struct draft *d,
                             const struct form_errors *errs)
{
    struct dossier *before = NULL;
    bool is_wrong = rc == RC_INVALID && errs->n;
    if (!is_wrong && rc != RC_CONFLICT && rc != RC_NOT_FOUND)
        return rc;
    TRY(draft_filed_before(cx, d->id, rc, &before));
    if (before)
        return filed_reply(cx, rq, draft_track(cx, d->id));
    return is_wrong ? check_page(cx, rq, d, errs)
                    : reply_redirect(cx, rq, path_of(cx, "/draft/*/check", d->id, STR_NULL));
}

static enum rc post_submit(struct ctx *cx, struct req *rq)
{
    struct draft *d;
    struct dossier_ref ref;
    struct form_errors errs = {0};
    TRY(draft_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    struct submission s = {
        .pack = d->pack, .unit = d->unit, .draft = d->id, .answers = d->answers};
    s.channel = CHANNEL_ONLINE;
    s.applicant = is_signed_in(cx) ? cx->who->subject : (struct subject_id){0};
    enum rc rc = dossier_submit(cx, &s, &errs, &ref);
    if (rc == RC_OK)
        return filed_reply(cx, rq, ref.code);
    return filed_or_back(cx, rq, rc, d, &errs);
}

/* -- what one is told then -- */

static enum rc get_done(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *dv;
    TRY(own_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_view(cx, d, false, &dv));
    struct json *v = view_new(cx, "portal.done.title", STR_NULL);
    const struct json *first = json_at(json_get(dv, STR("timeline")), 0);
    json_put_int(cx->mem, v, "seq", json_int(first, "seq", 0));
    json_put_str(cx->mem, v, "limit", limit_text(cx, d->pack));
    json_put_bool(cx->mem, v, "is_anonymous", d->is_anonymous);
    json_put(v, STR("dossier"), dv);
    return reply_page(cx, rq, "portal/done", v);
}

static const struct param draft_params[] = {PARAM_DRAFT, {0}};
static const struct param done_params[] = {PARAM_CODE, {0}};

const struct route portal_submit_routes[] = {
    {GET, "/draft/{id}/check", get_check, CAP_NONE, ROUTE_NO_STORE, draft_params, "portal",
     "Check answers"},
    {POST, "/draft/{id}/submit", post_submit, CAP_NONE, ROUTE_WRITES | ROUTE_NO_STORE,
     draft_params, "portal", "Files the dossier"},
    {GET, "/done/{code}", get_done, CAP_NONE, ROUTE_NO_STORE, done_params, "portal",
     "The dossier was filed"},
    {0},
};
