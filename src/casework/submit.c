/* submit.c - a submission: checked and built before the write turn, which then only appends.
 *
 * This is the path of the benchmark: the turn holds one event, its rows, and a draft's end. */
#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"

static const char track_letters[33] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

void errors_add(struct ctx *cx, struct form_errors *errs, struct str field, const char *rule)
{
    enum { ERRORS_MAX = 50 };
    if (errs->n >= ERRORS_MAX)
        return;
    struct form_error *v = arena_array(cx->mem, struct form_error, errs->n + 1);
    if (errs->n)
        memcpy(v, errs->v, errs->n * sizeof *v);
    struct str key = str_fmt(cx->mem, "casework.error.%s", rule);
    v[errs->n] = (struct form_error){field, str_from(rule), msg_get(cx->lang, key), STR("")};
    *errs = (struct form_errors){v, errs->n + 1};
}

static size_t files_with(const struct file_list *files, struct str document)
{
    size_t n = 0;
    for (size_t i = 0; i < files->n; i++)
        n += str_eq(files->v[i].document, document);
    return n;
}

static bool document_has(const struct pack *p, struct str id)
{
    for (size_t i = 0; i < p->ndocuments; i++)
        if (str_eq(p->documents[i].id, id))
            return true;
    return false;
}

void papers_check(struct ctx *cx, const struct pack *p, const struct json *answers,
                  const struct file_list *files, struct form_errors *errs, bool fresh)
{
    for (size_t i = 0; i < p->ndocuments; i++) {
        const struct pack_document *doc = &p->documents[i];
        size_t n = files_with(files, doc->id);
        if (n > (size_t)doc->max_files)
            errors_add(cx, errs, doc->id, "too_many");
        else if (fresh && !n && doc->required && expr_is_true(cx, doc->when, answers))
            errors_add(cx, errs, doc->id, "paper");
    }
    for (size_t i = 0; i < files->n; i++)
        if (!document_has(p, files->v[i].document) &&
            form_file_find(p->form, files->v[i].document) < 0)
            errors_add(cx, errs, files->v[i].document, "undeclared");
    if (files->n > FILES_MAX)
        errors_add(cx, errs, STR("files"), "too_many");
}

void papers_facts(struct ctx *cx, const struct file_list *files, struct json *facts,
                  struct json *secret)
{
    if (!files->n)
        return;
    struct json *papers = json_put(facts, STR("papers"), json_new_arr(cx->mem));
    struct json *names = json_put(secret, STR("names"), json_new_arr(cx->mem));
    for (size_t i = 0; i < files->n; i++) {
        const struct file *f = &files->v[i];
        struct json *p = json_push(papers, json_new_obj(cx->mem));
        json_put_int(cx->mem, p, "id", f->id.v ? f->id.v : random_id());
        json_put_str(cx->mem, p, "document", f->document);
        json_put_str(cx->mem, p, "mime", f->mime);
        json_put_str(cx->mem, p, "digest", hash_hex(cx->mem, &f->digest));
        json_put_int(cx->mem, p, "size", f->size);
        json_push(names, json_new_str(cx->mem, f->name));
    }
}

/* -- what is counted -- */

static const struct {
    const char *fact;
    int64_t bit;
} marks[] = {{"verified", MARK_VERIFIED},
             {"reused", MARK_REUSED},
             {"from_store", MARK_FROM_STORE},
             {"paid", MARK_PAID},
             {"numbered", MARK_NUMBERED}};
enum { MARKS = sizeof marks / sizeof *marks };

void marks_facts(struct ctx *cx, int64_t bits, struct json *facts)
{
    for (size_t i = 0; i < MARKS; i++)
        if (bits & marks[i].bit)
            json_put_bool(cx->mem, facts, marks[i].fact, true);
}

int64_t marks_take(const struct json *facts)
{
    int64_t bits = 0;
    for (size_t i = 0; i < MARKS; i++)
        if (json_bool(facts, marks[i].fact))
            bits |= marks[i].bit;
    return bits;
}

int64_t marks_of(const struct file_list *files)
{
    int64_t bits = 0;
    for (size_t i = 0; i < files->n; i++)
        bits |= (files->v[i].is_reused ? MARK_REUSED : 0) |
                (files->v[i].is_from_store ? MARK_FROM_STORE : 0);
    return bits;
}

static bool is_early(const struct dossier *d)
{
    return d->finished_us != TIME_NONE && d->due != INT32_MIN &&
           day_of(d->finished_us) < d->due;
}

/* Once in a dossier's life: what the rows of the dossier say. */
static enum rc ended_facts(struct ctx *cx, const struct dossier *d, const struct move *m,
                           struct json *f)
{
    struct dossier_counted_row *row = NULL;
    struct str mode = json_str(d->pack->yaml, "mode_2022");
    TRY(sql_dossier_counted(cx, d->id.v, &row));
    if (!row)
        return FAIL(cx, CORRUPT, NULL, "dossier %lld has no row", (long long)d->id.v);
    json_put_str(cx->mem, f, "mode", mode.n ? mode : STR("mot_phan"));
    json_put_int(cx->mem, f, "applicant_kind", row->applicant_kind);
    json_put_int(cx->mem, f, "papers", row->papers);
    json_put_int(cx->mem, f, "fee_vnd", row->fee_vnd);
    marks_facts(cx, row->marks | (m->is_paid ? MARK_PAID : 0), f);
    return RC_OK;
}

static void age_fact(struct ctx *cx, const struct dossier *d, struct json *f)
{
    const struct calendar *cal = calendar_for(cx, d->unit);
    json_put_int(cx->mem, f, "age_days",
                 calendar_count(cal, calendar_t0(cal, d->submitted_us), day_of(cx->now_us)));
}

static void true_fact(struct ctx *cx, struct json *f, const char *name, bool is)
{
    if (is)
        json_put_bool(cx->mem, f, name, true);
}

enum rc counted_facts(struct ctx *cx, const struct dossier *was, const struct dossier *d,
                      const struct move *m, struct json *f)
{
    bool ends = !clock_ever_ended(was) && d->finished_us != TIME_NONE;
    true_fact(cx, f, "received", d->received_us != TIME_NONE);
    true_fact(cx, f, "was_late", was->is_late);
    true_fact(cx, f, "was_asked_twice", was->supplements > 1);
    true_fact(cx, f, "again", clock_ever_ended(was));
    true_fact(cx, f, "early", is_early(d->finished_us != TIME_NONE ? d : was));
    true_fact(cx, f, "complaint", was->state->is_end && m->fa && m->fa->is_applicants);
    if (d->rating)
        json_put_int(cx->mem, f, "rating", d->rating);
    if (ends || d->status == STATUS_SUPPLEMENT)
        age_fact(cx, d, f);
    if (ends)
        return ended_facts(cx, d, m, f);
    true_fact(cx, f, "paid", m->is_paid);
    return RC_OK;
}

enum rc complained_get(struct ctx *cx, const struct dossier *d, bool *ret)
{
    struct entry_acted_rows rows = {0};
    TRY(sql_entry_acted(cx, d->id.v, d->applicant.v, &rows));
    *ret = false;
    for (size_t i = 0; i < rows.n; i++) {
        const struct flow_state *s = flow_state_find(d->pack->flow, rows.v[i].from_state);
        *ret = *ret || (s && s->is_end);
    }
    return RC_OK;
}

/* What a submission has become on its way. */
struct filing {
    struct submission *s;
    struct subject person;
    struct draft *draft;
    struct file_list files;
    struct event ev;
};

static enum rc right_check(struct ctx *cx, const struct filing *f)
{
    const struct submission *s = f->s;
    if (!s->pack->form || !s->pack->flow || s->pack->is_withdrawn)
        return FAIL(cx, GONE, "pack", "%.*s is not offered", STR_ARG(s->pack->ref));
    if (!s->unit || !pack_is_offered(s->pack, s->unit))
        return FAIL(cx, INVALID, "unit", "does not offer %.*s", STR_ARG(s->pack->id));
    if (!s->applicant.v)
        return s->pack->anonymous ? RC_OK : FAIL(cx, LOGIN_REQUIRED, NULL, "needs a person");
    if (!cx->who || (cx->who->account && cx->who->subject.v == s->applicant.v))
        return RC_OK;
    if (cx->who->is_officer && who_can(cx, cx->who, CAP_CASE_INTAKE, s->unit->id))
        return RC_OK;
    return FAIL(cx, FORBIDDEN, "applicant", "files for somebody else");
}

static enum rc person_check(struct ctx *cx, struct filing *f)
{
    f->person.birth = INT32_MIN;
    if (f->s->applicant.v)
        TRY(subject_get(cx, f->s->applicant, &f->person));
    if (!(f->s->pack->applicants & (1u << f->person.kind)))
        return FAIL(cx, INVALID, "applicant", "the service is not for this kind of applicant");
    return RC_OK;
}

void answers_prefill(struct ctx *cx, const struct pack *pack, const struct subject *p,
                     struct json *answers)
{
    struct arena *mem = cx->mem;
    struct json *sources = json_new_obj(mem);
    struct json *a = json_put(sources, STR("applicant"), json_new_obj(mem));
    json_put_str(mem, a, "name", p->name);
    json_put_str(mem, a, "number", p->number);
    json_put_str(mem, a, "phone", p->phone);
    json_put_str(mem, a, "email", p->email);
    if (p->birth != INT32_MIN)
        json_put_str(mem, a, "birth", day_iso(mem, p->birth));
    form_prefill(cx, pack->form, sources, answers);
}

static enum rc files_gather(struct ctx *cx, struct filing *f)
{
    static const struct file_list none = {NULL, 0};
    const struct file_list *more = f->s->more ? f->s->more : &none;
    struct file_list own = none;
    if (f->s->draft.n) {
        TRY(draft_get(cx, f->s->draft, &f->draft));
        if (f->draft->applicant.v && f->draft->applicant.v != f->s->applicant.v)
            return FAIL(cx, INVALID, "applicant", "the draft was begun for somebody else");
        TRY(draft_files_of(cx, f->draft, &own));
        if (!f->s->answers)
            f->s->answers = f->draft->answers;
    }
    f->files.n = own.n + more->n;
    f->files.v = arena_array(cx->mem, struct file, f->files.n);
    if (own.n)
        memcpy(f->files.v, own.v, own.n * sizeof *own.v);
    if (more->n)
        memcpy(f->files.v + own.n, more->v, more->n * sizeof *own.v);
    return RC_OK;
}

static enum rc answers_check(struct ctx *cx, struct filing *f, struct form_errors *errs)
{
    const struct form *form = f->s->pack->form;
    file_answers_put(cx, form, &f->files, f->s->answers);
    enum rc rc = form_check(cx, form, f->s->answers, errs);
    if (rc != RC_OK && rc != RC_INVALID)
        return rc;
    file_answers_check(cx, form, f->s->answers, &f->files, errs);
    file_answers_drop(form, f->s->answers, &f->files);
    papers_check(cx, f->s->pack, f->s->answers, &f->files, errs, true);
    if (!errs->n)
        return rc;
    ctx_clear(cx);
    return FAIL(cx, INVALID, str_z(cx->mem, errs->v[0].field), "%zu errors, first: %.*s",
                errs->n, STR_ARG(errs->v[0].rule));
}

static struct str track_of(struct ctx *cx, const uint8_t r[TRACK_CHARS])
{
    char *p = arena_alloc(cx->mem, TRACK_CHARS + 3);
    p[0] = 'T';
    p[1] = '-';
    for (size_t i = 0; i < TRACK_CHARS; i++)
        p[2 + i] = track_letters[r[i] & 31];
    return str_n(p, TRACK_CHARS + 2);
}

/* The token is random and secret, so what is made of it is, too. */
struct str draft_track(struct ctx *cx, struct str id)
{
    struct hash h = hash_of2(STR("draft track "), id);
    return track_of(cx, h.b);
}

enum rc draft_filed(struct ctx *cx, struct str id, struct dossier **ret)
{
    *ret = NULL;
    enum rc rc = dossier_find(cx, draft_track(cx, id), ret);
    if (rc != RC_NOT_FOUND)
        return rc;
    ctx_clear(cx);
    return RC_OK;
}

enum rc draft_filed_before(struct ctx *cx, struct str id, enum rc why, struct dossier **ret)
{
    *ret = NULL;
    if (why != RC_CONFLICT && why != RC_NOT_FOUND && why != RC_INVALID)
        return RC_OK;
    db_rollback(cx);
    ctx_clear(cx);
    if (why == RC_CONFLICT)
        TRY(db_begin(cx));
    return draft_filed(cx, id, ret);
}

/* The first letters are the second, the others chance: codes made together stand on one page of
 * the index, where each would have rewritten a page of its own. */
static struct str track_new(struct ctx *cx, struct str draft)
{
    uint8_t r[TRACK_CHARS];
    int64_t second = cx->now_us / SECOND_US;
    if (draft.n)
        return draft_track(cx, draft);
    random_fill(r, sizeof r);
    for (size_t i = 0; i < TRACK_CHARS_TIME; i++)
        r[i] = (uint8_t)(second >> 5 * (TRACK_CHARS_TIME - 1 - i) & 31);
    return track_of(cx, r);
}

static void times_facts(struct ctx *cx, const struct filing *f, struct json *facts)
{
    struct dossier *d = arena_new_of(cx->mem, struct dossier);
    d->pack = f->s->pack;
    d->unit = f->s->unit;
    clocks_clear(d);
    dossier_step(d, d->pack->flow->start, cx->now_us);
    clocks_count(cx, d, cx->now_us);
    clocks_facts(cx, d, facts);
}

/* What the pack lets be counted of an answer: one of the words that it names, or "other". */
static struct str class_of(const struct submission *s)
{
    const struct json *c = json_get(s->pack->yaml, STR("class"));
    if (!c)
        return STR("");
    const struct json *answer = json_get(s->answers, json_str(c, "of"));
    JSON_EACH (json_get(c, STR("tell")), word)
        if (answer && answer->kind == JSON_STR && str_eq(word->s, answer->s))
            return word->s;
    return STR("other");
}

static int64_t filing_marks(const struct filing *f)
{
    bool is_numbered = f->person.kind == SUBJECT_CITIZEN && f->person.number.n;
    return marks_of(&f->files) | (f->s->is_verified ? MARK_VERIFIED : 0) |
           (is_numbered ? MARK_NUMBERED : 0);
}

static void event_build(struct ctx *cx, struct filing *f)
{
    const struct submission *s = f->s;
    struct arena *mem = cx->mem;
    struct json *facts = json_new_obj(mem), *secret = json_new_obj(mem);
    json_put_str(mem, facts, "procedure", s->pack->procedure);
    json_put_str(mem, facts, "pack", s->pack->id);
    json_put_int(mem, facts, "channel", s->channel);
    json_put_int(mem, facts, "applicant_kind", f->person.kind);
    json_put_int(mem, facts, "files", (int64_t)f->files.n);
    json_put_int(mem, facts, "fee_vnd", pack_fee_sum(cx, s->pack, s->answers));
    if (class_of(s).n)
        json_put_str(mem, facts, "class", class_of(s));
    json_put_str(mem, facts, "track", track_new(cx, s->draft));
    if (!s->applicant.v)
        json_put_bool(mem, facts, "anonymous", true);
    if (!s->draft.n)
        json_put_bool(mem, facts, "whole", true);
    marks_facts(cx, filing_marks(f), facts);
    times_facts(cx, f, facts);
    json_put(secret, STR("answers"), s->answers);
    if (f->person.name.p)
        json_put_str(mem, secret, "name", f->person.name);
    papers_facts(cx, &f->files, facts, secret);
    f->ev = (struct event){.kind = EV_DOSSIER_SUBMITTED,
                           .time_us = cx->now_us,
                           .unit = s->unit->id,
                           .subject = random_id(),
                           .pack = s->pack->ref,
                           .facts = facts,
                           .secret = secret,
                           .owner = s->applicant,
                           .actor = s->applicant};
    if (cx->who && cx->who->account && cx->who->subject.v != s->applicant.v) {
        f->ev.actor = cx->who->subject;
        f->ev.behalf = s->applicant;
    }
}

/* Nobody's dossier still needs somebody's key: a person without a name or number. */
static enum rc anonymous_add(struct ctx *cx, struct filing *f)
{
    const struct subject nobody = {
        .kind = SUBJECT_CITIZEN, .name = STR("-"), .birth = INT32_MIN};
    TRY(subject_add(cx, &nobody, &f->ev.owner));
    if (!f->ev.actor.v)
        f->ev.actor = f->ev.owner;
    return RC_OK;
}

enum rc dossier_prepare(struct ctx *cx, struct submission *s, struct form_errors *errs,
                        struct filing **ret)
{
    struct filing *f = arena_new_of(cx->mem, struct filing);
    f->s = s;
    TRY(right_check(cx, f));
    TRY(person_check(cx, f));
    TRY(files_gather(cx, f));
    if (!s->answers)
        return FAIL(cx, INVALID, "answers", "none");
    if (s->applicant.v)
        answers_prefill(cx, s->pack, &f->person, s->answers);
    TRY(answers_check(cx, f, errs));
    event_build(cx, f);
    if (s->applicant.v)
        TRY(ledger_prepare(cx, &f->ev));
    *ret = f;
    return RC_OK;
}

enum rc dossier_file(struct ctx *cx, struct filing *f, struct dossier_ref *ret)
{
    TRY(db_begin(cx));
    if (!f->s->applicant.v)
        TRY(anonymous_add(cx, f));
    if (f->draft)
        TRY(draft_end(cx, draft_row(cx, f->draft), f->draft->changed_us));
    TRY(ledger_append(cx, &f->ev));
    *ret = (struct dossier_ref){{f->ev.subject}, json_str(f->ev.facts, "track"), f->ev.seq};
    return RC_OK;
}

enum rc dossier_submit(struct ctx *cx, struct submission *s, struct form_errors *errs,
                       struct dossier_ref *ret)
{
    struct filing *f;
    TRY(dossier_prepare(cx, s, errs, &f));
    return dossier_file(cx, f, ret);
}
