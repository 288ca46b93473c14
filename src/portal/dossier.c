/* dossier.c - one's dossier: how it stands, and what its applicant may do there. */
#include "casework/file.h"
#include "ledger/ledger.h"
#include "letter/letter.h"
#include "portal/portal_priv.h"

enum { SLOTS = 12, SLOT_FILES = 5, WORDS_MAX = NOTE_MAX };

/* Nobody signed in gets the sign-in page whether or not there is such a dossier. */
enum rc own_open(struct ctx *cx, struct str code, struct dossier **ret)
{
    if (cx->who && cx->who->is_officer) {
        TRY(dossier_find(cx, code, ret));
        if ((*ret)->is_anonymous || (*ret)->applicant.v != cx->who->subject.v)
            return FAIL(cx, FORBIDDEN, "code", "an officer's way is the desk");
    }
    enum rc rc = dossier_open(cx, code, ret);
    if (rc != RC_NOT_FOUND || is_signed_in(cx))
        return rc;
    ctx_clear(cx);
    return FAIL(cx, LOGIN_REQUIRED, "code", "not theirs without signing in");
}

static struct str dossier_path(struct ctx *cx, const struct dossier *d)
{
    return path_of(cx, "/dossier/*", d->is_anonymous ? d->track : d->code, STR_NULL);
}

/* -- the dossier's page -- */

/* Latest first: what just happened is what one came for. */
static struct json *timeline_turn(struct ctx *cx, const struct json *list)
{
    struct json *out = json_new_arr(cx->mem);
    for (size_t i = list ? list->n : 0; i-- > 0;) {
        struct json *t = json_push(out, json_copy(cx->mem, json_at(list, i)));
        if (!json_get(t, STR("state_name"))) /* else the template finds the dossier's */
            json_put_str(cx->mem, t, "state_name", STR(""));
        if (!json_get(t, STR("comment")))
            json_put_str(cx->mem, t, "comment", STR(""));
    }
    return out;
}

/* An act that asks for the rating comes before the form that does. */
static bool acts_rate(const struct json *acts)
{
    JSON_EACH (acts, a)
        JSON_EACH (json_get(a, STR("inputs")), in)
            if (json_bool(in, "is_rating"))
                return true;
    return false;
}

static void key_put(struct ctx *cx, const struct dossier *d, struct json *v)
{
    json_put_str(cx->mem, v, "key", d->is_anonymous ? d->track : d->code);
}

static enum rc letters_put(struct ctx *cx, const struct dossier *d, struct json *dv)
{
    struct letter_list list;
    TRY(letters_of(cx, d, &list));
    json_put(dv, STR("letters"), letters_view(cx, &list));
    json_put_bool(cx->mem, dv, "has_letters", list.n > 0);
    return RC_OK;
}

static enum rc form_files_put(struct ctx *cx, const struct dossier *d, struct json *view)
{
    struct file_list files = {0};
    TRY(dossier_files(cx, d, &files));
    answer_files_put(cx, view, &files,
                     str_fmt(cx->mem, "%.*s/file/", STR_ARG(dossier_path(cx, d))), false);
    return RC_OK;
}

static enum rc summary_put(struct ctx *cx, const struct dossier *d, const struct json *answers,
                           struct json *v)
{
    struct json *summary = form_summary_view(cx, d->pack->form, answers);
    json_put(v, STR("summary"), summary);
    return form_files_put(cx, d, summary);
}

static enum rc get_dossier(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *dv, *answers = NULL;
    TRY(own_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_view(cx, d, false, &dv));
    struct json *v = view_titled(cx, label_text(cx, d->pack->name),
                                 is_signed_in(cx) ? STR("/me") : STR("/lookup"));
    enum rc rc = dossier_answers(cx, d, &answers);
    if (rc != RC_OK && rc != RC_GONE)
        return rc;
    ctx_clear(cx);
    if (answers)
        TRY(summary_put(cx, d, answers, v));
    struct json *turned = timeline_turn(cx, json_get(dv, STR("timeline")));
    json_put(dv, STR("timeline"), turned);
    TRY(letters_put(cx, d, dv));
    json_put_bool(cx->mem, dv, "has_files", json_get(dv, STR("files"))->n > 0);
    json_put_bool(cx->mem, dv, "has_acts", json_get(dv, STR("acts"))->n > 0);
    if (acts_rate(json_get(dv, STR("acts"))))
        json_put_bool(cx->mem, dv, "can_rate", false);
    json_put_bool(cx->mem, v, "at_me", is_signed_in(cx));
    json_put_bool(cx->mem, v, "is_anonymous", d->is_anonymous);
    key_put(cx, d, v);
    if (json_bool(dv, "is_open"))
        TRY(wait_put(cx, d->pack, d->unit, v));
    json_put(v, STR("dossier"), dv);
    return reply_page(cx, rq, "portal/dossier", v);
}

/* -- acting: a page for each act -- */

static bool is_supplement(const struct dossier *d, const struct flow_act *a)
{
    return d->status == STATUS_SUPPLEMENT && d->state->by_applicant && !a->is_applicants;
}

static enum rc act_find(struct ctx *cx, const struct dossier *d, struct str id,
                        const struct flow_act **ret)
{
    size_t n = 0;
    const struct flow_act *acts[FLOW_ACTS_MAX];
    TRY(dossier_acts(cx, d, acts, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(acts[i]->id, id)) {
            *ret = acts[i];
            return RC_OK;
        }
    return FAIL(cx, STATE, "act", "not possible now");
}

/* The root of "father.name". */
static struct str root_of(struct str path)
{
    struct str head;
    str_split(path, '.', &head);
    return head;
}

/* What a page of an act is made of. */
struct act_page {
    const struct dossier *d;
    const struct flow_act *fa;
    const struct json *answers; /* as typed; NULL: those in force */
    const struct form_errors *errs;
};

/* The questions that may be answered anew, as the form shows them all on one page. */
static enum rc open_sections(struct ctx *cx, const struct act_page *a,
                             const struct json *answers, struct json **ret)
{
    const struct dossier *d = a->d;
    struct json *all = form_all_view(cx, d->pack->form, answers, a->errs);
    TRY(form_files_put(cx, d, all));
    struct json *out = json_new_arr(cx->mem);
    JSON_EACH (json_get(all, STR("sections")), s) {
        struct json *fields = json_new_arr(cx->mem);
        JSON_EACH (json_get(s, STR("fields")), f)
            if (flow_field_is_open(d->state, root_of(json_str(f, "path"))))
                json_push(fields, json_copy(cx->mem, f));
        if (!fields->n)
            continue;
        struct json *o = json_push(out, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "title", json_str(s, "title"));
        json_put(o, STR("fields"), fields);
    }
    *ret = out;
    return RC_OK;
}

/* The last request of the agency: its reason and what it lists. */
static void asked_put(struct ctx *cx, const struct json *timeline, struct json *v)
{
    const struct json *last = NULL;
    JSON_EACH (timeline, t)
        if (json_get(t, STR("items")))
            last = t;
    if (last)
        json_put(v, STR("asked"), json_copy(cx->mem, last));
}

static void slots_put(struct ctx *cx, const struct dossier *d, const struct json *answers,
                      struct json *v)
{
    static const struct file_list none = {NULL, 0};
    struct json *list = json_put(v, STR("papers"), papers_view(cx, d->pack, answers, &none));
    JSON_EACH (list, p)
        for (size_t i = 0; i < d->pack->ndocuments && i < SLOTS; i++)
            if (str_eq(d->pack->documents[i].id, json_str(p, "id")))
                json_put_str(cx->mem, p, "slot", str_fmt(cx->mem, "file%zu", i));
}

static enum rc supplement_put(struct ctx *cx, const struct act_page *a, struct json *v)
{
    struct json *in_force = NULL, *sections;
    if (!a->answers)
        TRY(dossier_answers(cx, a->d, &in_force));
    const struct json *answers = a->answers ? a->answers : in_force;
    json_put_bool(cx->mem, v, "is_supplement", true);
    TRY(open_sections(cx, a, answers, &sections));
    json_put(v, STR("sections"), sections);
    slots_put(cx, a->d, answers, v);
    return RC_OK;
}

static enum rc act_view(struct ctx *cx, const struct act_page *a, struct json **ret)
{
    struct json *dv;
    TRY(dossier_view(cx, a->d, false, &dv));
    struct json *v = view_titled(cx, label_text(cx, a->fa->label), dossier_path(cx, a->d));
    JSON_EACH (json_get(dv, STR("acts")), act)
        if (str_eq(json_str(act, "id"), a->fa->id))
            json_put(v, STR("act"), json_copy(cx->mem, act));
    key_put(cx, a->d, v);
    json_put_str(cx->mem, v, "code", a->d->code);
    json_put_str(cx->mem, v, "service", label_text(cx, a->d->pack->name));
    json_put_int(cx->mem, v, "version", a->d->version);
    json_put_str(cx->mem, v, "most_size", size_text(cx, cx->app->settings.web_file_max));
    if (is_supplement(a->d, a->fa)) {
        asked_put(cx, json_get(dv, STR("timeline")), v);
        TRY(supplement_put(cx, a, v));
    }
    *ret = v;
    return RC_OK;
}

static enum rc get_act(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct act_page a = {0};
    struct json *v;
    TRY(own_open(cx, req_str(rq, "code"), &d));
    TRY(act_find(cx, d, req_str(rq, "act"), &a.fa));
    a.d = d;
    TRY(act_view(cx, &a, &v));
    return reply_page(cx, rq, "portal/act", v);
}

/* Only what differs goes along: the rest of the answers stays as it was filed. An answer that
 * was emptied goes along as null. */
static enum rc changes_take(struct ctx *cx, struct req *rq, const struct dossier *d,
                            struct json **typed, struct json **ret)
{
    struct json *was = NULL;
    struct json *changed = json_new_obj(cx->mem);
    TRY(dossier_answers(cx, d, &was));
    struct json *now = json_copy(cx->mem, was);
    TRY(form_take(cx, d->pack->form, STR(""), req_answers(rq), now));
    JSON_EACH (now, v)
        if (flow_field_is_open(d->state, v->key) && !json_equal(v, json_get(was, v->key)))
            json_put(changed, v->key, json_copy(cx->mem, v));
    JSON_EACH (was, v)
        if (flow_field_is_open(d->state, v->key) && !json_get(now, v->key))
            json_put(changed, v->key, json_new_null(cx->mem));
    *typed = now;
    *ret = changed;
    return RC_OK;
}

static size_t slot_of(struct str field)
{
    int64_t i;
    return str_int(str_skip(field, 4), &i) && i >= 0 && i < SLOTS ? (size_t)i : 0;
}

static enum rc papers_take(struct ctx *cx, struct req *rq, const struct dossier *d,
                           struct file_list *ret, struct form_errors *errs)
{
    const struct upload *u;
    ret->v = arena_array(cx->mem, struct file, SLOTS * SLOT_FILES);
    for (size_t i = 0; (u = req_upload(rq, i)) && i < SLOTS * SLOT_FILES; i++) {
        if (str_starts(u->field, STR("q"))) {
            TRY(file_answer_store(cx, d->pack->form, u, ret, errs));
            continue;
        }
        size_t slot = slot_of(u->field);
        if (slot >= d->pack->ndocuments)
            return FAIL(cx, INVALID, "file", "no such paper");
        TRY(upload_store(cx, u, d->pack->documents[slot].id, &ret->v[ret->n++]));
    }
    return RC_OK;
}

/* The id of the input that an error is about, as templates give it. */
static const char *input_id(struct ctx *cx, const struct dossier *d, struct str field)
{
    for (size_t i = 0; i < d->pack->ndocuments; i++)
        if (str_eq(d->pack->documents[i].id, field))
            return str_z(cx->mem, str_join(cx->mem, STR("file-"), field));
    if (!form_has_field(d->pack->form, field))
        return str_z(cx->mem, field);
    char *id = arena_alloc(cx->mem, field.n + 3);
    memcpy(id, "a-", 2);
    for (size_t i = 0; i < field.n; i++)
        id[i + 2] = field.p[i] == '.' ? '-' : field.p[i];
    return id;
}

static void act_errors_put(struct ctx *cx, const struct act_page *a, struct json *v)
{
    for (size_t i = 0; i < a->errs->n; i++)
        view_error(cx, v, input_id(cx, a->d, a->errs->v[i].field), a->errs->v[i].text);
}

static void inputs_take(struct req *rq, struct act *a)
{
    a->id = req_str(rq, "act");
    a->reason = req_str(rq, "reason");
    a->rating = (int)req_int(rq, "rating", 0);
    a->version = req_int(rq, "version", 0);
}

static enum rc act_refused(struct ctx *cx, struct req *rq, const struct act_page *a)
{
    struct json *v;
    ctx_clear(cx);
    TRY(act_view(cx, a, &v));
    json_put_str(cx->mem, v, "reason", req_str(rq, "reason"));
    act_errors_put(cx, a, v);
    return reply_refused(cx, rq, "portal/act", v);
}

static enum rc post_act(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct dossier_ref ref;
    struct form_errors errs = {0};
    struct file_list files = {0};
    struct json *typed = NULL;
    struct act a = {0};
    struct act_page page = {.errs = &errs};
    TRY(own_open(cx, req_str(rq, "code"), &d));
    inputs_take(rq, &a);
    TRY(act_find(cx, d, a.id, &page.fa));
    if (is_supplement(d, page.fa)) {
        TRY(changes_take(cx, rq, d, &typed, &a.answers));
        TRY(papers_take(cx, rq, d, &files, &errs));
        a.files = &files;
    }
    page.d = d;
    page.answers = typed;
    if (errs.n)
        return act_refused(cx, rq, &page);
    enum rc rc = dossier_act(cx, d, &a, &errs, &ref);
    page.d = d;
    page.answers = typed;
    if (rc == RC_INVALID && errs.n)
        return act_refused(cx, rq, &page);
    TRY(rc);
    reply_flash(cx, rq, "portal.act.done", "success");
    return reply_redirect(cx, rq, dossier_path(cx, d));
}

static enum rc post_rate(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    const struct dossier *told;
    TRY(own_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_as_told(cx, d, &told));
    if (told->finished_us == TIME_NONE)
        return FAIL(cx, STATE, "score", "not finished, as far as the applicant is told");
    if (!req_int(rq, "score", 0)) {
        reply_flash(cx, rq, "portal.rate.choose", "error");
        return reply_redirect(cx, rq, dossier_path(cx, d));
    }
    TRY(dossier_rate(cx, d, (int)req_int(rq, "score", 0), req_str(rq, "words")));
    reply_flash(cx, rq, "portal.rate.thanks", "success");
    return reply_redirect(cx, rq, dossier_path(cx, d));
}

/* -- what one takes away -- */

static enum rc get_file(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct file_list files = {0};
    TRY(own_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_files(cx, d, &files));
    for (size_t i = 0; i < files.n; i++)
        if (files.v[i].id.v == req_int(rq, "id", 0))
            return reply_file(cx, rq, files.v[i].path, str_z(cx->mem, files.v[i].mime),
                              files.v[i].name.n ? files.v[i].name : files.v[i].document);
    return FAIL(cx, NOT_FOUND, "id", "no such file in the dossier");
}

static enum rc get_receipt(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *dv;
    struct str proof, name;
    int64_t seq = req_int(rq, "seq", -1);
    TRY(own_open(cx, req_str(rq, "code"), &d));
    TRY(dossier_view(cx, d, false, &dv));
    JSON_EACH (json_get(dv, STR("timeline")), t) {
        if (json_int(t, "seq", -1) != seq)
            continue;
        TRY(ledger_receipt(cx, seq, &proof));
        name = str_fmt(cx->mem, "attachment; filename=\"%.*s-%lld.tlog-proof\"",
                       STR_ARG(d->code), (long long)seq);
        reply_header(rq, "Content-Disposition", name);
        return reply_text(cx, rq, "text/plain; charset=utf-8", proof);
    }
    return FAIL(cx, NOT_FOUND, "seq", "no such step of this dossier");
}

#define SLOT(n)                                                                                \
    {                                                                                          \
        "file" #n, IN_BODY, P_FILE, false, 0, SLOT_FILES, "files of paper " #n                 \
    }
static const struct param code_params[] = {PARAM_CODE, {0}};
static const struct param act_page_params[] = {
    PARAM_CODE,
    {"act", IN_PATH, P_CODE, true, 1, 60, "the act"},
    {0},
};
static const struct param act_params[] = {
    PARAM_CODE,
    {"act", IN_BODY, P_CODE, true, 1, 60, "the act"},
    {"version", IN_BODY, P_INT, false, 0, INT64_MAX, "of the dossier that was seen"},
    {"reason", IN_BODY, P_TEXT, false, 0, WORDS_MAX, "why"},
    {"rating", IN_BODY, P_INT, false, 1, 3, "1 not satisfied, 2 satisfied, 3 very"},
    {"answers", IN_BODY, P_ANSWERS, false, 0, 0, "changed answers"},
    SLOT(0),
    SLOT(1),
    SLOT(2),
    SLOT(3),
    SLOT(4),
    SLOT(5),
    SLOT(6),
    SLOT(7),
    SLOT(8),
    SLOT(9),
    SLOT(10),
    SLOT(11),
    PARAM_ANSWER_FILES,
    {0},
};
static const struct param rate_params[] = {
    PARAM_CODE,
    {"score", IN_BODY, P_INT, false, 1, 3, "1 not satisfied, 2 satisfied, 3 very"},
    {"words", IN_BODY, P_TEXT, false, 0, WORDS_MAX, "in one's own words"},
    {0},
};
static const struct param file_params[] = {
    PARAM_CODE,
    {"id", IN_PATH, P_INT, true, 1, INT64_MAX, "the file"},
    {0},
};
static const struct param receipt_params[] = {
    PARAM_CODE,
    {"seq", IN_PATH, P_INT, true, 0, INT64_MAX, "the step's place in the ledger"},
    {0},
};

const struct route portal_dossier_routes[] = {
    {GET, "/dossier/{code}", get_dossier, CAP_NONE, ROUTE_NO_STORE, code_params, "portal",
     "One's dossier"},
    {GET, "/dossier/{code}/act/{act}", get_act, CAP_NONE, ROUTE_NO_STORE, act_page_params,
     "portal", "Before an act"},
    {POST, "/dossier/{code}/act", post_act, CAP_NONE,
     ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_NO_STORE, act_params, "portal", "Acts"},
    {POST, "/dossier/{code}/rate", post_rate, CAP_NONE, ROUTE_WRITES, rate_params, "portal",
     "Rates the service"},
    {GET, "/dossier/{code}/file/{id}", get_file, CAP_NONE, ROUTE_NO_STORE, file_params,
     "portal", "A file of the dossier"},
    {GET, "/dossier/{code}/receipt/{seq}", get_receipt, CAP_NONE, ROUTE_NO_STORE,
     receipt_params, "portal", "Proof of a step"},
    {0},
};
