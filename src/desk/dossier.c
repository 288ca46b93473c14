/* dossier.c - reading a dossier and what an officer does with it. */
#include "desk/desk_priv.h"

enum { LAW_MAX = 500, ACT_MAX = 40 };

static enum rc back_to(struct ctx *cx, struct req *rq, const struct dossier *d, const char *key)
{
    reply_flash(cx, rq, key, "success");
    struct str list = req_str(rq, "list");
    return reply_redirect(cx, rq, desk_path(cx, dossier_handle(cx, d), list, STR("")));
}

static enum rc get_dossier(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    TRY(desk_open(cx, rq, &d));
    struct refused fresh = {.list = req_str(rq, "list")};
    return d ? dossier_page(cx, rq, d, &fresh) : RC_OK;
}

static enum rc get_file(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct file_list files;
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    TRY(dossier_files(cx, d, &files));
    for (size_t i = 0; i < files.n; i++)
        if (files.v[i].id.v == req_int(rq, "id", 0))
            return reply_file(cx, rq, files.v[i].path, str_z(cx->mem, files.v[i].mime),
                              STR_NULL);
    return FAIL(cx, NOT_FOUND, "id", "no such file in the dossier");
}

/* -- acts -- */

static enum rc result_take(struct ctx *cx, struct req *rq, struct file *f, struct act *a)
{
    const struct upload *up = req_upload(rq, 0);
    if (!up || up->size == 0)
        return RC_OK;
    TRY(file_store(cx, up->path, &up->digest, up->name, f));
    a->result = f;
    return RC_OK;
}

static enum rc act_refused(struct ctx *cx, struct req *rq, struct dossier *d,
                           const struct refused *r, enum rc rc)
{
    if (rc == RC_CONFLICT)
        return conflict_page(cx, rq, r->act->version);
    if (rc != RC_INVALID || !r->errs->n)
        return rc;
    ctx_clear(cx);
    return dossier_page(cx, rq, d, r);
}

static enum rc post_act(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct file result;
    struct dossier_ref ref;
    struct form_errors errs = {0};
    struct act a = {.id = req_str(rq, "act"),
                    .reason = req_str(rq, "reason"),
                    .law = req_str(rq, "law"),
                    .comment = req_str(rq, "comment"),
                    .answer = req_str(rq, "answer"),
                    .rating = (int)req_int(rq, "rating", 0),
                    .items = lines_of(cx, req_str(rq, "items")),
                    .version = req_int(rq, "version", 0)};
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    TRY(result_take(cx, rq, &result, &a));
    struct str list = req_str(rq, "list"), next;
    TRY(next_find(cx, d, list, &next));
    enum rc rc = dossier_act(cx, d, &a, &errs, &ref);
    struct refused r = {.act = &a, .items = req_str(rq, "items"), .list = list, .errs = &errs};
    if (rc != RC_OK)
        return act_refused(cx, rq, d, &r, rc);
    reply_flash(cx, rq, next.n ? "desk.done.next" : "desk.done.act", "success");
    return next_go(cx, rq, d, list, next);
}

static enum rc post_assign(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    int64_t version = req_int(rq, "version", 0);
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    enum rc rc = RC_CONFLICT;
    if (!version || version == d->version)
        rc = dossier_give(cx, d, req_int(rq, "account", 0), req_str(rq, "reason"));
    if (rc == RC_CONFLICT)
        return conflict_page(cx, rq, version);
    if (rc == RC_INVALID) {
        struct refused r = {.reason_missing = true, .list = req_str(rq, "list")};
        ctx_clear(cx);
        return dossier_page(cx, rq, d, &r);
    }
    return rc == RC_OK ? back_to(cx, rq, d, "desk.done.assign") : rc;
}

static enum rc post_note(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct str text = req_str(rq, "text");
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    if (!str_trim(text).n)
        return dossier_page(cx, rq, d,
                            &(struct refused){.note = STR(""), .list = req_str(rq, "list")});
    TRY(dossier_note(cx, d, text));
    return back_to(cx, rq, d, "desk.done.note");
}

static enum rc post_undo(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct dossier_ref ref;
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    enum rc rc = dossier_undo(cx, d, &ref);
    if (rc != RC_STATE && rc != RC_CONFLICT)
        return rc == RC_OK ? back_to(cx, rq, d, "desk.done.undo") : rc;
    ctx_clear(cx);
    reply_flash(cx, rq, "desk.undo.late", "error");
    return reply_redirect(cx, rq,
                          desk_path(cx, dossier_handle(cx, d), req_str(rq, "list"), STR("")));
}

#define PARAM_VERSION                                                                          \
    {                                                                                          \
        "version", IN_BODY, P_INT, false, 0, INT64_MAX, "the dossier's version that was shown" \
    }
static const struct param page_params[] = {PARAM_CODE, PARAM_LIST(IN_QUERY), PARAM_DID, {0}};
static const struct param undo_params[] = {PARAM_CODE, PARAM_LIST(IN_BODY), {0}};
static const struct param file_params[] = {
    PARAM_CODE,
    {"id", IN_PATH, P_INT, true, 1, INT64_MAX, "id of the file"},
    {0},
};
static const struct param act_params[] = {
    PARAM_CODE,
    PARAM_VERSION,
    PARAM_LIST(IN_BODY),
    {"act", IN_BODY, P_CODE, true, 1, ACT_MAX, "an act that the page offers"},
    {"reason", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "reason, to the applicant"},
    {"law", IN_BODY, P_TEXT, false, 0, LAW_MAX, "clause that a refusal rests on"},
    {"comment", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "internal comment"},
    {"answer", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "answer, to the applicant"},
    {"items", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "what to supplement, one a line"},
    {"rating", IN_BODY, P_INT, false, 1, 3, "1 not satisfied, 2 satisfied, 3 very"},
    {"result", IN_BODY, P_FILE, false, 0, 1, "the result: an image or a PDF"},
    {0},
};
static const struct param assign_params[] = {
    PARAM_CODE,
    PARAM_VERSION,
    PARAM_LIST(IN_BODY),
    {"account", IN_BODY, P_INT, true, 1, INT64_MAX, "the officer's account"},
    {"reason", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "why it changes hands"},
    {0},
};
static const struct param note_params[] = {
    PARAM_CODE,
    PARAM_LIST(IN_BODY),
    {"text", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "note that only officers see"},
    {0},
};

const struct route desk_dossier_routes[] = {
    {GET, "/desk/dossier/{code}", get_dossier, CAP_CASE_READ, ROUTE_JOURNALS | ROUTE_NO_STORE,
     page_params, "desk", "A dossier of one's unit", NULL},
    {GET, "/desk/dossier/{code}/file/{id}", get_file, CAP_CASE_READ,
     ROUTE_JOURNALS | ROUTE_NO_STORE, file_params, "desk", "A paper of a dossier", NULL},
    {POST, "/desk/dossier/{code}/act", post_act, CAP_CASE_ACT,
     ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_NO_STORE, act_params, "desk", "Moves a dossier", NULL},
    {POST, "/desk/dossier/{code}/assign", post_assign, CAP_CASE_READ,
     ROUTE_WRITES | ROUTE_NO_STORE, assign_params, "desk", "Takes or gives a dossier", NULL},
    {POST, "/desk/dossier/{code}/undo", post_undo, CAP_CASE_ACT, ROUTE_WRITES | ROUTE_NO_STORE,
     undo_params, "desk", "Takes the last move back while it may be (undo_s)", NULL},
    {POST, "/desk/dossier/{code}/note", post_note, CAP_CASE_READ, ROUTE_WRITES | ROUTE_NO_STORE,
     note_params, "desk", "Adds an internal note", NULL},
    {0},
};
