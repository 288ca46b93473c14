/* dossiers.c - API: drafts, dossiers, acts, papers, receipts. */
#include "api/api.h"

#include "moves/moves.h"
#include "store/store.h"
#include "work/work.h"

/* A refusal that lists every wrong field; the first is in cx->err already. */
static enum rc refuse_fields(struct ctx *cx, struct req *rq, enum rc rc,
                             const struct form_errors *errs)
{
    if (rc == RC_INVALID && errs->n)
        reply_errors(rq, form_errors_view(cx, errs));
    return rc;
}

static enum rc begin_of(struct ctx *cx, struct req *rq, const struct pack **p,
                        const struct unit **u)
{
    *p = pack_current(cx, req_str(rq, "service"));
    *u = unit_find(cx, req_str(rq, "unit"));
    if (!*p || !(*p)->form)
        return FAIL(cx, NOT_FOUND, "service", "no such service");
    if (!*u || !pack_is_offered(*p, *u))
        return FAIL(cx, INVALID, "unit", "the unit does not offer the service");
    return RC_OK;
}

static struct json *answers_of(struct ctx *cx, struct req *rq)
{
    const struct json *given = req_object(rq, "answers");
    return given ? json_copy(cx->mem, given) : json_new_obj(cx->mem);
}

/* -- drafts -- */

static enum rc draft_post(struct ctx *cx, struct req *rq)
{
    const struct pack *p;
    const struct unit *u;
    struct draft *d;
    TRY(begin_of(cx, rq, &p, &u));
    TRY(draft_new(cx, p, u, &d));
    d->answers = answers_of(cx, rq);
    TRY(draft_save(cx, d));
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "draft", d->id);
    return reply_json(cx, rq, 201, o);
}

static enum rc draft_file_post(struct ctx *cx, struct req *rq)
{
    const struct upload *up = req_upload(rq, 0);
    struct file f;
    struct file_id id;
    if (!up)
        return FAIL(cx, INVALID, "file", "no file came");
    TRY(file_store(cx, up->path, &up->digest, up->name, &f));
    TRY(draft_file_add(cx, req_str(rq, "draft"), req_str(rq, "document"), &f, &id));
    struct json *o = json_new_obj(cx->mem);
    json_put_int(cx->mem, o, "id", id.v);
    json_put_str(cx->mem, o, "mime", f.mime);
    json_put_int(cx->mem, o, "size", f.size);
    json_put_str(cx->mem, o, "sha256", hash_hex(cx->mem, &f.digest));
    return reply_json(cx, rq, 201, o);
}

/* -- submission -- */

static enum rc submission_of(struct ctx *cx, struct req *rq, struct submission *s)
{
    *s = (struct submission){.applicant = cx->who ? cx->who->subject : (struct subject_id){0},
                             .channel = CHANNEL_ONLINE};
    s->draft = req_str(rq, "draft");
    if (!s->draft.p) {
        TRY(begin_of(cx, rq, &s->pack, &s->unit));
        s->answers = answers_of(cx, rq);
        return RC_OK;
    }
    struct draft *d;
    TRY(draft_get(cx, s->draft, &d));
    s->pack = d->pack;
    s->unit = d->unit;
    s->answers = d->answers;
    return RC_OK;
}

static void filed_result(struct ctx *cx, struct req *rq, struct str code, int64_t seq)
{
    struct json *result = json_new_obj(cx->mem);
    json_put_str(cx->mem, result, "code", code);
    json_put_int(cx->mem, result, "seq", seq);
    reply_result(rq, result);
}

/* The number of the event that filed it, for whoever did. */
static enum rc filed_seq(struct ctx *cx, const struct dossier *d, int64_t *seq)
{
    struct event_list list = {0};
    TRY(ledger_events_of(cx, EV_DOSSIER_SUBMITTED, EV_DOSSIER_SUBMITTED, d->id.v, false,
                         &list));
    if (!list.n || !dossier_is_own(cx, d))
        return FAIL(cx, NOT_FOUND, "draft", "somebody else's");
    *seq = list.v[0]->seq;
    return RC_OK;
}

/* A second press of a draft that is gone is answered as the first was; else why it is refused. The
 * answer holds a receipt: the turn waits until the first press's group is in the signed head. */
static enum rc refused_or_filed(struct ctx *cx, struct req *rq, enum rc rc,
                                const struct form_errors *errs)
{
    struct err first = cx->err;
    struct str draft = req_str(rq, "draft");
    struct dossier *d = NULL;
    int64_t seq;
    if (draft.p && draft_filed_before(cx, draft, rc, &d) == RC_OK && d &&
        db_begin(cx) == RC_OK && filed_seq(cx, d, &seq) == RC_OK) {
        filed_result(cx, rq, dossier_handle(cx, d), seq);
        return RC_OK;
    }
    db_rollback(cx);
    cx->err = first;
    return refuse_fields(cx, rq, rc, errs);
}

static enum rc dossier_post(struct ctx *cx, struct req *rq)
{
    struct submission s;
    struct form_errors errs = {0};
    struct dossier_ref ref;
    enum rc rc = submission_of(cx, rq, &s);
    if (rc == RC_OK)
        rc = dossier_submit(cx, &s, &errs, &ref);
    if (rc != RC_OK)
        return refused_or_filed(cx, rq, rc, &errs);
    filed_result(cx, rq, ref.code, ref.seq);
    return RC_OK;
}

/* After the commit: the receipt proves what the answer says. */
static enum rc receipt_after(struct ctx *cx, struct req *rq)
{
    struct json *o = json_copy(cx->mem, req_result(rq));
    struct str proof;
    TRY(ledger_receipt(cx, json_int(o, "seq", 0), &proof));
    json_put_str(cx->mem, o, "receipt", proof);
    return reply_json(cx, rq, 201, o);
}

/* -- reading -- */

static enum rc dossier_get(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *answers, *o;
    TRY(dossier_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_answers(cx, d, &answers));
    bool is_own = d->applicant.v == cx->who->subject.v; /* an officer's own: as a citizen */
    TRY(dossier_view(cx, d, cx->who->is_officer && !is_own, &o));
    json_put(o, STR("answers"), json_copy(cx->mem, answers));
    return reply_json(cx, rq, 200, o);
}

static enum rc status_get(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *o;
    TRY(dossier_find(cx, req_str(rq, "code"), &d));
    TRY(dossier_public_view(cx, d, &o));
    return reply_json(cx, rq, 200, o);
}

static enum rc due_get(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *o;
    TRY(dossier_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_due_explain(cx, d, &o));
    return reply_json(cx, rq, 200, o);
}

static enum rc list_reply(struct ctx *cx, struct req *rq, const struct dossier_list *list)
{
    struct json *o = json_new_obj(cx->mem);
    struct json *rows = json_put(o, STR("dossiers"), json_new_arr(cx->mem));
    for (size_t i = 0; i < list->n; i++)
        json_push(rows, dossier_row_view(cx, list->v[i]));
    json_put_int(cx->mem, o, "total", list->total);
    return reply_json(cx, rq, 200, o);
}

static enum rc dossiers_get(struct ctx *cx, struct req *rq)
{
    struct dossier_list list;
    TRY(dossiers_of(cx, cx->who->subject, &list));
    return list_reply(cx, rq, &list);
}

static enum rc box_of(struct ctx *cx, struct req *rq, enum inbox *ret)
{
    struct str box = req_str(rq, "box");
    *ret = INBOX_UNIT;
    if (!box.p || inbox_parse(box, ret))
        return RC_OK;
    return FAIL(cx, INVALID, "box", "no such box");
}

static enum rc inbox_get(struct ctx *cx, struct req *rq)
{
    const struct unit *u = unit_find(cx, req_str(rq, "unit"));
    if (!u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    struct dossier_query q = {.unit = u->id,
                              .procedure = req_str(rq, "procedure"),
                              .after = req_int(rq, "after", 0),
                              .limit = (size_t)req_int(rq, "limit", 50)};
    struct dossier_list list;
    TRY(box_of(cx, rq, &q.box));
    TRY(dossier_inbox(cx, &q, &list));
    return list_reply(cx, rq, &list);
}

/* The log does not tell which entries concern one dossier; nor do we, but to those who may know:
 * who filed it (a provisional code is theirs alone) and its officers. Codes are easy to guess. */
static bool is_proven_to(const struct ctx *cx, const struct dossier *d, const struct event *ev)
{
    bool is_inner = ev->kind == EV_DOSSIER_NOTED || ev->kind == EV_DOSSIER_ASSIGNED;
    bool is_own = d->applicant.v == cx->who->subject.v;
    return !is_inner || (cx->who->is_officer && !is_own);
}

static enum rc receipt_get(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct event *ev;
    struct str proof;
    int64_t seq = req_int(rq, "seq", 0);
    TRY(dossier_find(cx, req_str(rq, "code"), &d));
    if (!d->by_track)
        TRY(dossier_open(cx, req_str(rq, "code"), &d));
    TRY(ledger_event_get(cx, seq, &ev));
    if (ev->subject != d->id.v || !is_proven_to(cx, d, ev))
        return FAIL(cx, NOT_FOUND, "seq", "not an event of this dossier");
    TRY(ledger_receipt(cx, seq, &proof));
    reply_header(rq, "Content-Disposition", STR("attachment; filename=\"receipt.tlog-proof\""));
    return reply_text(cx, rq, "text/plain; charset=utf-8", proof);
}

/* -- acts -- */

static enum rc act_run(struct ctx *cx, struct req *rq, const struct json *answers,
                       const struct file_list *files)
{
    struct dossier *d;
    struct form_errors errs = {0};
    struct dossier_ref ref;
    struct act a = {.id = req_str(rq, "act"),
                    .reason = req_str(rq, "reason"),
                    .law = req_str(rq, "law"),
                    .comment = req_str(rq, "comment"),
                    .answer = req_str(rq, "answer"),
                    .items = req_list(rq, "items"),
                    .rating = (int)req_int(rq, "rating", 0),
                    .answers = answers ? json_copy(cx->mem, answers) : NULL,
                    .files = files,
                    .version = req_int(rq, "version", 0)};
    TRY(dossier_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_told_check(cx, d, a.id));
    if (files && files->n && cx->who->is_officer) { /* an officer's file is the result */
        a.result = &files->v[0];
        a.files = NULL;
    }
    enum rc rc = dossier_act(cx, d, &a, &errs, &ref);
    if (rc != RC_OK)
        return refuse_fields(cx, rq, rc, &errs);
    struct json *result = json_new_obj(cx->mem);
    json_put_str(cx->mem, result, "code", ref.code);
    json_put_str(cx->mem, result, "state", d->state->id);
    json_put_int(cx->mem, result, "status", d->status);
    json_put_int(cx->mem, result, "seq", ref.seq);
    reply_result(rq, result);
    return RC_OK;
}

static enum rc act_post(struct ctx *cx, struct req *rq)
{
    return act_run(cx, rq, req_object(rq, "answers"), NULL);
}

static enum rc paper_post(struct ctx *cx, struct req *rq)
{
    const struct upload *up = req_upload(rq, 0);
    struct file f;
    if (!up)
        return FAIL(cx, INVALID, "file", "no file came");
    TRY(file_store(cx, up->path, &up->digest, up->name, &f));
    f.document = req_str(rq, "document");
    struct file_list files = {&f, 1};
    return act_run(cx, rq, NULL, &files);
}

/* -- other units, second thoughts, many at once -- */

static void moved_result(struct ctx *cx, struct req *rq, const struct dossier *d,
                         const struct dossier_ref *ref)
{
    struct json *result = json_new_obj(cx->mem);
    json_put_str(cx->mem, result, "code", ref->code);
    json_put_str(cx->mem, result, "state", d->state->id);
    json_put_int(cx->mem, result, "status", d->status);
    json_put_int(cx->mem, result, "seq", ref->seq);
    reply_result(rq, result);
}

static enum rc branch_post(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct dossier_ref ref;
    struct answer a = {.branch = req_str(rq, "branch"),
                       .outcome = req_str(rq, "outcome"),
                       .comment = req_str(rq, "comment"),
                       .version = req_int(rq, "version", 0)};
    TRY(dossier_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_answer(cx, d, &a, &ref));
    moved_result(cx, rq, d, &ref);
    return RC_OK;
}

static enum rc undo_post(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct dossier_ref ref;
    TRY(dossier_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_undo(cx, d, &ref));
    moved_result(cx, rq, d, &ref);
    return RC_OK;
}

static struct json *bulk_view(struct ctx *cx, const struct bulk_item *v, size_t n)
{
    struct json *o = json_new_obj(cx->mem);
    struct json *list = json_put(o, STR("results"), json_new_arr(cx->mem));
    int64_t done = 0;
    for (size_t i = 0; i < n; i++) {
        struct json *r = json_push(list, json_new_obj(cx->mem));
        struct str key = str_from(rc_message_key(v[i].rc));
        bool ok = v[i].rc == RC_OK;
        json_put_str(cx->mem, r, "code", v[i].code);
        json_put_str(cx->mem, r, "result", ok ? STR("OK") : str_from(rc_name(v[i].rc)));
        json_put_str(cx->mem, r, "message", ok ? STR("") : msg_get(cx->lang, key));
        json_put_str(cx->mem, r, "field", v[i].field);
        json_put_int(cx->mem, r, "seq", ok ? v[i].ref.seq : -1);
        done += ok;
    }
    json_put_int(cx->mem, o, "done", done);
    json_put_int(cx->mem, o, "refused", (int64_t)n - done);
    return o;
}

static enum rc bulk_post(struct ctx *cx, struct req *rq)
{
    const struct json *codes = req_list(rq, "codes");
    struct act a = {.id = req_str(rq, "act"),
                    .reason = req_str(rq, "reason"),
                    .law = req_str(rq, "law"),
                    .comment = req_str(rq, "comment"),
                    .answer = req_str(rq, "answer"),
                    .items = req_list(rq, "items")};
    struct bulk_item *v = arena_array(cx->mem, struct bulk_item, codes ? codes->n : 0);
    size_t n = 0;
    JSON_EACH (codes, code)
        v[n++].code = code->s;
    TRY(dossiers_act(cx, v, n, &a));
    return reply_json(cx, rq, 200, bulk_view(cx, v, n));
}

static const struct param draft_params[] = {
    {"service", IN_BODY, P_CODE, true, 3, 41, "id of the service"},
    {"unit", IN_BODY, P_CODE, true, 3, UNIT_CODE_MAX, "code of the receiving agency"},
    {"answers", IN_BODY, P_OBJECT, false, 0, FORM_ANSWERS_MAX, "answers so far"},
    {0},
};
static const struct param draft_file_params[] = {
    {"draft", IN_PATH, P_CODE, true, 8, 64, "id of the draft"},
    {"document", IN_BODY, P_CODE, true, 1, 60,
     "which paper of the service, or the path of a question that a file answers"},
    {"file", IN_BODY, P_FILE, true, 1, 0, "an image or a PDF"},
    {0},
};
static const struct param submit_params[] = {
    {"draft", IN_BODY, P_CODE, false, 8, 64, "a draft with its papers; or else:"},
    {"service", IN_BODY, P_CODE, false, 3, 41, "id of the service"},
    {"unit", IN_BODY, P_CODE, false, 3, UNIT_CODE_MAX, "code of the receiving agency"},
    {"answers", IN_BODY, P_OBJECT, false, 0, FORM_ANSWERS_MAX, "the answers"},
    {0},
};
static const struct param code_params[] = {
    {"code", IN_PATH, P_CODE, true, 8, 60, "dossier code, or the provisional one"},
    {0},
};
static const struct param receipt_params[] = {
    {"code", IN_PATH, P_CODE, true, 8, 60, "dossier code, or the provisional one"},
    {"seq", IN_PATH, P_INT, true, 0, INT64_MAX, "number of the event in the ledger"},
    {0},
};
static const struct param inbox_params[] = {
    {"unit", IN_QUERY, P_CODE, true, 3, UNIT_CODE_MAX, "code of one's unit"},
    {"box", IN_QUERY, P_CODE, false, 1, 10,
     "mine free unit late back asked apology done (default unit)"},
    {"procedure", IN_QUERY, P_CODE, false, 1, 40, "only this procedure code"},
    {"after", IN_QUERY, P_INT, false, 0, INT64_MAX, "id of the last row seen"},
    {"limit", IN_QUERY, P_INT, false, 1, LIST_MAX, "rows (default 50)"},
    {0},
};
#define ACT_PARAMS                                                                             \
    {"code", IN_PATH, P_CODE, true, 8, 60, "dossier code, or the provisional one"},            \
        {"act", IN_BODY, P_CODE, true, 1, 40, "an act that the dossier's view offers"},        \
        {"reason", IN_BODY, P_TEXT, false, 1, NOTE_MAX, "reason, to the applicant"},           \
        {"law", IN_BODY, P_TEXT, false, 1, 500, "clause that a refusal rests on"},             \
        {"comment", IN_BODY, P_TEXT, false, 1, NOTE_MAX, "internal comment"},                  \
        {"answer", IN_BODY, P_TEXT, false, 1, NOTE_MAX, "answer, to the applicant"},           \
        {"items", IN_BODY, P_LIST, false, 1, 20, "what to supplement"},                        \
        {"rating", IN_BODY, P_INT, false, 1, 3, "1 not satisfied, 2 satisfied, 3 very"},       \
    {                                                                                          \
        "version", IN_BODY, P_INT, false, 0, INT64_MAX, "of the view; refused when it moved"   \
    }
static const struct param act_params[] = {
    ACT_PARAMS,
    {"answers", IN_BODY, P_OBJECT, false, 0, FORM_ANSWERS_MAX, "a supplement's answers"},
    {0},
};
static const struct param branch_params[] = {
    {"code", IN_PATH, P_CODE, true, 8, 60, "dossier code"},
    {"branch", IN_PATH, P_CODE, true, 1, 41, "an open branch of the dossier's view"},
    {"outcome", IN_BODY, P_CODE, true, 1, 10, "agree or refuse"},
    {"comment", IN_BODY, P_TEXT, false, 0, NOTE_MAX, "reason, also to the applicant"},
    {"version", IN_BODY, P_INT, false, 0, INT64_MAX, "of the view; refused when it moved"},
    {0},
};
static const struct param bulk_params[] = {
    {"codes", IN_BODY, P_LIST, true, 1, BULK_MAX, "codes of the dossiers"},
    {"act", IN_BODY, P_CODE, true, 1, 40, "the same act on each"},
    {"reason", IN_BODY, P_TEXT, false, 1, NOTE_MAX, "reason, to the applicants"},
    {"law", IN_BODY, P_TEXT, false, 1, 500, "clause that a refusal rests on"},
    {"comment", IN_BODY, P_TEXT, false, 1, NOTE_MAX, "internal comment"},
    {"answer", IN_BODY, P_TEXT, false, 1, NOTE_MAX, "answer, to the applicants"},
    {"items", IN_BODY, P_LIST, false, 1, 20, "what to supplement"},
    {0},
};
static const struct param paper_params[] = {
    ACT_PARAMS,
    {"document", IN_BODY, P_CODE, true, 1, 60, "which paper of the service"},
    {"file", IN_BODY, P_FILE, true, 1, 0, "an image or a PDF"},
    {0},
};

enum { WRITE = ROUTE_API | ROUTE_WRITES | ROUTE_NO_STORE };

const struct route api_dossier_routes[] = {
    {POST, "/api/v1/drafts", draft_post, CAP_SELF, WRITE | ROUTE_IDEMPOTENT, draft_params,
     "drafts", "Begin a draft", NULL},
    {POST, "/api/v1/drafts/{draft}/files", draft_file_post, CAP_SELF,
     WRITE | ROUTE_UPLOAD | ROUTE_IDEMPOTENT, draft_file_params, "drafts",
     "Attach a paper to a draft", NULL},
    {POST, "/api/v1/dossiers", dossier_post, CAP_SELF, WRITE | ROUTE_IDEMPOTENT, submit_params,
     "dossiers", "File a dossier; the answer holds its receipt", receipt_after},
    {GET, "/api/v1/dossiers", dossiers_get, CAP_SELF, ROUTE_API | ROUTE_NO_STORE, NULL,
     "dossiers", "One's own dossiers, latest first", NULL},
    {GET, "/api/v1/inbox", inbox_get, CAP_CASE_READ,
     ROUTE_API | ROUTE_JOURNALS | ROUTE_NO_STORE, inbox_params, "dossiers",
     "Dossiers of one's unit, by what is due", NULL},
    {GET, "/api/v1/dossiers/{code}", dossier_get, CAP_SELF,
     ROUTE_API | ROUTE_NO_STORE | ROUTE_JOURNALS, code_params, "dossiers",
     "A dossier with answers and timeline; officers' reads are journalled", NULL},
    {GET, "/api/v1/dossiers/{code}/status", status_get, CAP_NONE, ROUTE_API, code_params,
     "dossiers", "How far a dossier is, for anybody who knows its code", NULL},
    {GET, "/api/v1/dossiers/{code}/due", due_get, CAP_SELF,
     ROUTE_API | ROUTE_NO_STORE | ROUTE_JOURNALS, code_params, "dossiers",
     "Why each date is what it is, day by day", NULL},
    {GET, "/api/v1/dossiers/{code}/receipts/{seq}", receipt_get, CAP_NONE,
     ROUTE_API | ROUTE_JOURNALS | ROUTE_NO_STORE, receipt_params, "dossiers",
     "C2SP tlog-proof of an event: for applicant and officers, or by provisional code", NULL},
    {POST, "/api/v1/dossiers/{code}/acts", act_post, CAP_SELF, WRITE | ROUTE_IDEMPOTENT,
     act_params, "dossiers", "Do what the flow offers", receipt_after},
    {POST, "/api/v1/dossiers/act", bulk_post, CAP_CASE_ACT, WRITE, bulk_params, "dossiers",
     "The same act on many: each has its own result, and its own turn", NULL},
    {POST, "/api/v1/dossiers/{code}/branches/{branch}", branch_post, CAP_CASE_ACT,
     WRITE | ROUTE_IDEMPOTENT, branch_params, "dossiers",
     "Answer for a unit that is asked about a dossier", receipt_after},
    {POST, "/api/v1/dossiers/{code}/undo", undo_post, CAP_CASE_ACT, WRITE | ROUTE_IDEMPOTENT,
     code_params, "dossiers", "Take one's last move back before its notice leaves",
     receipt_after},
    {POST, "/api/v1/dossiers/{code}/files", paper_post, CAP_SELF,
     WRITE | ROUTE_UPLOAD | ROUTE_IDEMPOTENT, paper_params, "dossiers",
     "The same with a paper: a supplement's, or a result", receipt_after},
    {0},
};
