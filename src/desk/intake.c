/* intake.c - the counter: an officer files for somebody who stands before them. */
#include "desk/desk_priv.h"
#include "store/store.h"

enum { NUMBER_MAX = 20, PAPERS_MAX = 20, PATH_MAX_LEN = 160 };

/* -- who and what -- */

static void kinds_put(struct ctx *cx, int64_t now, struct json *v)
{
    struct json *list = json_put(v, STR("kinds"), json_new_arr(cx->mem));
    for (int k = SUBJECT_CITIZEN; k <= SUBJECT_HOUSEHOLD; k++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_int(cx->mem, o, "value", k);
        json_put_str(cx->mem, o, "label",
                     msg_get(cx->lang, str_fmt(cx->mem, "desk.kind.%d", k)));
        json_put_bool(cx->mem, o, "selected", k == now);
    }
}

static void offers_put(struct ctx *cx, const struct unit *u, struct str now, struct json *v)
{
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    struct json *list = json_put(v, STR("services"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++) {
        if (!all[i]->form || all[i]->is_withdrawn || !pack_is_offered(all[i], u))
            continue;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "id", all[i]->id);
        json_put_str(cx->mem, o, "name", label_text(cx, all[i]->name));
        json_put_bool(cx->mem, o, "selected", str_eq(all[i]->id, now));
    }
}

static struct json *person_view(struct ctx *cx, const struct unit *u)
{
    static const char *const keys[] = {"number", "name", "birth", "phone"};
    struct json *v = desk_view(cx, "desk.intake.title", STR("/desk"));
    desk_units_put(cx, CAP_CASE_INTAKE, u, v);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        json_put_str(cx->mem, v, keys[i], STR(""));
    json_put(v, STR("errors"), json_new_arr(cx->mem));
    json_put(v, STR("wrong"), json_new_obj(cx->mem));
    return v;
}

/* What one has begun at this counter and not filed. */
static enum rc drafts_put(struct ctx *cx, const struct unit *u, struct json *v)
{
    struct draft_list all = {0};
    struct subject person;
    TRY(drafts_of(cx, cx->who->subject, &all));
    struct json *list = json_put(v, STR("drafts"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all.n; i++) {
        const struct draft *d = all.v[i];
        if (!d->applicant.v || d->unit->id.v != u->id.v)
            continue;
        TRY(subject_get(cx, d->applicant, &person));
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "id", d->id);
        json_put_str(cx->mem, o, "name", label_text(cx, d->pack->name));
        json_put_str(cx->mem, o, "person_name", person.name);
        json_put_str(cx->mem, o, "person_number", person.number);
        json_put_str(cx->mem, o, "changed", time_text(cx->mem, d->changed_us));
    }
    json_put_bool(cx->mem, v, "has_drafts", list->n > 0);
    return RC_OK;
}

static enum rc get_intake(struct ctx *cx, struct req *rq)
{
    const struct unit *u;
    TRY(desk_unit(cx, rq, CAP_CASE_INTAKE, &u));
    if (!u)
        return FAIL(cx, FORBIDDEN, NULL, "no counter");
    struct json *v = person_view(cx, u);
    offers_put(cx, u, STR_NULL, v);
    kinds_put(cx, SUBJECT_CITIZEN, v);
    TRY(drafts_put(cx, u, v));
    return reply_page(cx, rq, "desk/intake", v);
}

/* Digits as people write them: with spaces or dots. */
static struct str number_clean(struct ctx *cx, struct str typed)
{
    char *to = arena_alloc(cx->mem, typed.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++)
        if (typed.p[i] != ' ' && typed.p[i] != '.')
            to[n++] = typed.p[i];
    return str_n(to, n);
}

static void wrong_put(struct ctx *cx, struct json *v, const char *field, const char *key)
{
    struct str text = msg_get(cx->lang, str_from(key));
    error_push(cx, json_get(v, STR("errors")), str_from(field), text);
    json_put_str(cx->mem, json_get(v, STR("wrong")), field, text);
}

struct counter { /* what was posted */
    const struct unit *unit;
    const struct pack *pack;
    struct subject person;
    bool is_known, is_new;
};

static enum rc counter_read(struct ctx *cx, struct req *rq, struct counter *c)
{
    struct subject *known = NULL;
    TRY(desk_unit(cx, rq, CAP_CASE_INTAKE, &c->unit));
    if (!c->unit)
        return FAIL(cx, FORBIDDEN, NULL, "no counter");
    c->pack = pack_current(cx, req_str(rq, "service"));
    if (c->pack && (!c->pack->form || !pack_is_offered(c->pack, c->unit)))
        c->pack = NULL;
    c->person = (struct subject){.kind = (enum subject_kind)req_int(rq, "kind", 0),
                                 .number = number_clean(cx, req_str(rq, "number")),
                                 .name = str_trim(req_str(rq, "name")),
                                 .phone = number_clean(cx, req_str(rq, "phone")),
                                 .birth = INT32_MIN};
    if (!day_parse(req_str(rq, "birth"), &c->person.birth))
        c->person.birth = INT32_MIN;
    if (c->person.number.n)
        TRY(subject_by_number(cx, c->person.number, &known));
    c->is_known = known != NULL;
    c->is_new = !known && c->person.name.n > 0;
    if (known)
        c->person = *known;
    return RC_OK;
}

static bool number_is(const struct subject *s)
{
    return s->kind == SUBJECT_CITIZEN ? identity_number_is(s->number, s->birth)
                                      : tax_code_is(s->number);
}

static void counter_check(struct ctx *cx, const struct counter *c, struct json *v)
{
    if (!c->pack)
        wrong_put(cx, v, "service", "desk.intake.error.service");
    else if ((c->is_known || c->is_new) && !(c->pack->applicants & (1u << c->person.kind)))
        wrong_put(cx, v, "service", "desk.intake.error.kind");
    if (!c->is_known && !number_is(&c->person))
        wrong_put(cx, v, "number", "desk.intake.error.number");
    else if (!c->is_known && !c->is_new)
        wrong_put(cx, v, "name", "desk.intake.error.unknown");
}

static enum rc intake_again(struct ctx *cx, struct req *rq, const struct counter *c,
                            struct json *v)
{
    offers_put(cx, c->unit, c->pack ? c->pack->id : STR_NULL, v);
    kinds_put(cx, c->person.kind, v);
    json_put_bool(cx->mem, v, "asks_person",
                  !c->is_known && (c->is_new || number_is(&c->person)));
    json_put_str(cx->mem, v, "number", c->person.number);
    json_put_str(cx->mem, v, "name", c->is_known ? STR("") : req_str(rq, "name"));
    json_put_str(cx->mem, v, "phone", c->is_known ? STR("") : req_str(rq, "phone"));
    json_put_str(cx->mem, v, "birth", c->is_known ? STR("") : req_str(rq, "birth"));
    return reply_page_status(cx, rq, UNPROCESSABLE, "desk/intake", v);
}

static struct str draft_path(struct ctx *cx, const struct draft *d)
{
    return str_fmt(cx->mem, "/desk/intake/%.*s", STR_ARG(d->id));
}

/* What the account would know: the form asks only the rest. */
static void prefill(struct ctx *cx, const struct pack *p, const struct subject *s,
                    struct json *answers)
{
    struct json *sources = json_new_obj(cx->mem);
    struct json *a = json_put(sources, STR("applicant"), json_new_obj(cx->mem));
    json_put_str(cx->mem, a, "name", s->name);
    json_put_str(cx->mem, a, "number", s->number);
    json_put_str(cx->mem, a, "phone", s->phone);
    json_put_str(cx->mem, a, "email", s->email);
    if (s->birth != INT32_MIN)
        json_put_str(cx->mem, a, "birth", day_iso(cx->mem, s->birth));
    form_prefill(cx, p->form, sources, answers);
}

static enum rc post_intake(struct ctx *cx, struct req *rq)
{
    struct counter c = {0};
    struct draft *d;
    TRY(counter_read(cx, rq, &c));
    struct json *v = person_view(cx, c.unit);
    counter_check(cx, &c, v);
    if (json_get(v, STR("errors"))->n)
        return intake_again(cx, rq, &c, v);
    if (!c.is_known)
        TRY(subject_add(cx, &c.person, &c.person.id));
    if (c.is_known)
        TRY(person_journal(cx, c.pack, c.unit, c.person.id));
    TRY(draft_new(cx, c.pack, c.unit, &d));
    d->applicant = c.person.id;
    d->answers = json_new_obj(cx->mem); /* without what the officer's own account would give */
    prefill(cx, c.pack, &c.person, d->answers);
    TRY(draft_save(cx, d));
    return reply_redirect(cx, rq, draft_path(cx, d));
}

/* -- the whole form on one page -- */

static void paper_put(struct ctx *cx, const struct draft *d, size_t i,
                      const struct file_list *files, struct json *list)
{
    const struct pack_document *doc = &d->pack->documents[i];
    if (doc->when && !expr_is_true(cx, doc->when, d->answers))
        return;
    struct json *o = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "input", str_fmt(cx->mem, "p%zu", i));
    json_put_str(cx->mem, o, "name", label_text(cx, doc->name));
    json_put_str(cx->mem, o, "hint", doc->hint ? label_text(cx, doc->hint) : STR(""));
    json_put_bool(cx->mem, o, "required", doc->required);
    json_put_str(cx->mem, o, "error", STR(""));
    struct json *given = json_put(o, STR("given"), json_new_arr(cx->mem));
    for (size_t k = 0; k < files->n; k++) {
        const struct file *f = &files->v[k];
        if (!str_eq(f->document, doc->id))
            continue;
        struct json *g = json_push(given, json_new_obj(cx->mem));
        json_put_int(cx->mem, g, "file", f->id.v);
        json_put_str(cx->mem, g, "file_name", f->name.p ? f->name : doc->id);
    }
}

/* Errors about papers lead to the paper's own box. */
static void paper_errors(struct ctx *cx, const struct draft *d, struct json *v)
{
    JSON_EACH (json_path(v, STR("form.errors")), e)
        for (size_t i = 0; i < d->pack->ndocuments && i < PAPERS_MAX; i++) {
            if (!str_eq(json_str(e, "field"), d->pack->documents[i].id))
                continue;
            struct str input = str_fmt(cx->mem, "p%zu", i);
            json_put_str(cx->mem, e, "id", input);
            json_put_bool(cx->mem, e, "is_here", true);
            JSON_EACH (json_get(v, STR("papers")), p)
                if (str_eq(json_str(p, "input"), input))
                    json_put_str(cx->mem, p, "error", json_str(e, "message"));
        }
}

static enum rc form_page(struct ctx *cx, struct req *rq, struct draft *d,
                         const struct form_errors *errs)
{
    struct subject person;
    struct file_list files;
    struct json *v = desk_view(cx, "desk.intake.form.title", STR("/desk/intake"));
    TRY(subject_get(cx, d->applicant, &person));
    TRY(draft_files(cx, d->id, &files));
    json_put_str(cx->mem, v, "service", label_text(cx, d->pack->name));
    json_put_str(cx->mem, v, "unit", unit_name(cx, d->unit));
    json_put_str(cx->mem, v, "draft", d->id);
    json_put_str(cx->mem, v, "person_name", person.name);
    json_put_str(cx->mem, v, "person_number", person.number);
    struct json *form = form_all_view(cx, d->pack->form, d->answers, errs);
    answer_files_put(cx, form, &files, STR(""), true);
    json_put(v, STR("form"), form);
    struct json *papers = json_put(v, STR("papers"), json_new_arr(cx->mem));
    for (size_t i = 0; i < d->pack->ndocuments && i < PAPERS_MAX; i++)
        paper_put(cx, d, i, &files, papers);
    json_put_bool(cx->mem, v, "has_papers", papers->n > 0);
    paper_errors(cx, d, v);
    json_put(v, STR("errors"), json_copy(cx->mem, json_path(v, STR("form.errors"))));
    json_put_str(cx->mem, v, "fee", money_text(cx, pack_fee_sum(cx, d->pack, d->answers)));
    return reply_page_status(cx, rq, errs ? UNPROCESSABLE : 200, "desk/form", v);
}

static enum rc draft_open(struct ctx *cx, struct req *rq, struct draft **ret)
{
    TRY(draft_get(cx, req_str(rq, "draft"), ret));
    if (!who_can(cx, cx->who, CAP_CASE_INTAKE, (*ret)->unit->id))
        return FAIL(cx, FORBIDDEN, "draft", "not the unit's counter");
    if (!(*ret)->applicant.v)
        return FAIL(cx, NOT_FOUND, "draft", "not begun at a counter");
    return RC_OK;
}

static enum rc get_form(struct ctx *cx, struct req *rq)
{
    struct draft *d;
    TRY(draft_open(cx, rq, &d));
    return form_page(cx, rq, d, NULL);
}

/* On the disk before the write turn: it must not wait for flushes. */
static enum rc papers_take(struct ctx *cx, struct req *rq, const struct draft *d,
                           struct file_list *ret, struct form_errors *errs)
{
    const struct upload *up;
    ret->v = arena_array(cx->mem, struct file, PAPERS_MAX);
    for (size_t i = 0; i < PAPERS_MAX && (up = req_upload(rq, i)); i++) {
        int64_t at;
        struct file *f = &ret->v[ret->n];
        if (str_starts(up->field, STR("q"))) {
            TRY(file_answer_store(cx, d->pack->form, up, ret, errs));
            continue;
        }
        if (!str_int(str_skip(up->field, 1), &at) || at < 0 ||
            at >= (int64_t)d->pack->ndocuments)
            return FAIL(cx, INVALID, "papers", "no such paper");
        TRY(file_store(cx, up->path, &up->digest, up->name, f));
        f->document = d->pack->documents[at].id;
        ret->n++;
    }
    return RC_OK;
}

static enum rc papers_add(struct ctx *cx, const struct draft *d, const struct file_list *files)
{
    struct file_id id;
    for (size_t i = 0; i < files->n; i++)
        TRY(draft_file_add(cx, d->id, files->v[i].document, &files->v[i], &id));
    return RC_OK;
}

static enum rc changes_take(struct ctx *cx, struct req *rq, struct draft *d)
{
    TRY(form_take(cx, d->pack->form, STR(""), req_answers(rq), d->answers));
    if (req_str(rq, "add").n)
        TRY(form_item_add(cx, d->pack->form, req_str(rq, "add"), d->answers));
    if (req_str(rq, "remove").n)
        TRY(form_item_drop(cx, d->pack->form, req_str(rq, "remove"), d->answers));
    TRY(draft_save(cx, d));
    if (req_int(rq, "drop", 0))
        TRY(draft_file_remove(cx, d->id, (struct file_id){req_int(rq, "drop", 0)}));
    return RC_OK;
}

static enum rc post_form(struct ctx *cx, struct req *rq)
{
    struct draft *d;
    struct dossier_ref ref;
    struct form_errors errs = {0};
    struct file_list papers = {0};
    TRY(draft_open(cx, rq, &d));
    TRY(papers_take(cx, rq, d, &papers, &errs));
    TRY(db_begin(cx)); /* read and saved in one turn */
    TRY(draft_open(cx, rq, &d));
    TRY(changes_take(cx, rq, d));
    TRY(papers_add(cx, d, &papers));
    TRY(draft_open(cx, rq, &d)); /* files have answered questions */
    if (errs.n)
        return form_page(cx, rq, d, &errs);
    if (!req_bool(rq, "submit"))
        return reply_redirect(cx, rq, draft_path(cx, d));
    struct submission s = {.pack = d->pack,
                           .unit = d->unit,
                           .applicant = d->applicant,
                           .answers = json_copy(cx->mem, d->answers),
                           .channel = CHANNEL_COUNTER,
                           .draft = d->id};
    enum rc rc = dossier_submit(cx, &s, &errs, &ref);
    if (rc == RC_INVALID && errs.n) { /* nothing was appended: what was typed is kept */
        ctx_clear(cx);
        return form_page(cx, rq, d, &errs);
    }
    TRY(rc);
    return reply_redirect(cx, rq,
                          str_fmt(cx->mem, "/desk/intake/filed/%.*s", STR_ARG(ref.code)));
}

static enum rc post_delete(struct ctx *cx, struct req *rq)
{
    struct draft *d;
    TRY(draft_open(cx, rq, &d));
    TRY(draft_delete(cx, d->id));
    reply_flash(cx, rq, "desk.intake.deleted", "success");
    return reply_redirect(cx, rq, STR("/desk/intake"));
}

static enum rc get_filed(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *v;
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    TRY(dossier_view(cx, d, true, &v));
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("desk.filed.title")));
    json_put_bool(cx->mem, v, "at_desk", true);
    json_put_int(cx->mem, v, "receipt_seq",
                 json_int(json_at(json_get(v, STR("timeline")), 0), "seq", 0));
    return reply_page(cx, rq, "desk/filed", v);
}

#define PARAM_DRAFT                                                                            \
    {                                                                                          \
        "draft", IN_PATH, P_CODE, true, 8, 64, "the draft's token"                             \
    }
#define PAPER(n)                                                                               \
    {                                                                                          \
        "p" #n, IN_BODY, P_FILE, false, 0, 5, "the pack's paper of that place"                 \
    }
static const struct param intake_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "code of one's unit"},
    {0},
};
static const struct param person_params[] = {
    {"unit", IN_BODY, P_CODE, false, 3, UNIT_CODE_MAX, "code of one's unit"},
    {"service", IN_BODY, P_CODE, false, 2, 60, "id of the service"},
    {"number", IN_BODY, P_TEXT, false, 0, NUMBER_MAX, "identity number or tax code"},
    {"kind", IN_BODY, P_INT, false, 0, 2, "0 citizen, 1 business, 2 household business"},
    {"name", IN_BODY, P_TEXT, false, 0, SUBJECT_NAME_MAX, "of somebody not known yet"},
    {"birth", IN_BODY, P_TEXT, false, 0, 10, "birth day, YYYY-MM-DD"},
    {"phone", IN_BODY, P_TEXT, false, 0, NUMBER_MAX, "phone"},
    {0},
};
static const struct param draft_params[] = {PARAM_DRAFT, {0}};
static const struct param form_params[] = {
    PARAM_DRAFT,
    {"submit", IN_BODY, P_BOOL, false, 0, 0, "file it; absent: only save"},
    {"add", IN_BODY, P_TEXT, false, 0, PATH_MAX_LEN, "path of the group that gets an item"},
    {"remove", IN_BODY, P_TEXT, false, 0, PATH_MAX_LEN, "path and number of an item"},
    {"drop", IN_BODY, P_INT, false, 0, INT64_MAX, "id of a paper to take out"},
    {"answers", IN_BODY, P_ANSWERS, false, 0, 0, "what was answered"},
    PAPER(0),
    PAPER(1),
    PAPER(2),
    PAPER(3),
    PAPER(4),
    PAPER(5),
    PAPER(6),
    PAPER(7),
    PAPER(8),
    PAPER(9),
    PAPER(10),
    PAPER(11),
    PAPER(12),
    PAPER(13),
    PAPER(14),
    PAPER(15),
    PAPER(16),
    PAPER(17),
    PAPER(18),
    PAPER(19),
    PARAM_ANSWER_FILES,
    {0},
};
static const struct param code_params[] = {PARAM_CODE, {0}};

const struct route desk_intake_routes[] = {
    {GET, "/desk/intake", get_intake, CAP_CASE_INTAKE, ROUTE_NO_STORE, intake_params, "desk",
     "The counter: for whom and what", NULL},
    {POST, "/desk/intake", post_intake, CAP_CASE_INTAKE, ROUTE_WRITES | ROUTE_NO_STORE,
     person_params, "desk", "Finds or registers the person, begins a draft", NULL},
    {GET, "/desk/intake/{draft}", get_form, CAP_CASE_INTAKE, ROUTE_NO_STORE, draft_params,
     "desk", "The whole form on one page", NULL},
    {POST, "/desk/intake/{draft}", post_form, CAP_CASE_INTAKE,
     ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_NO_STORE, form_params, "desk",
     "Saves or files the form", NULL},
    {POST, "/desk/intake/{draft}/delete", post_delete, CAP_CASE_INTAKE,
     ROUTE_WRITES | ROUTE_NO_STORE, draft_params, "desk", "Deletes one's counter draft", NULL},
    {GET, "/desk/intake/filed/{code}", get_filed, CAP_CASE_INTAKE,
     ROUTE_JOURNALS | ROUTE_NO_STORE, code_params, "desk", "Filed: code and receipt", NULL},
    {0},
};
