/* step.c - the commands of a scenario: who, when, submit, act, rate. */
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "identity/delegation.h"
#include "scenario/scenario_priv.h"
#include "store/store.h"

enum { TIMERS_MAX = 100, TIMER_ROUNDS = 20 };

enum rc step_fail(struct play *p, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    p->said = str_dup(p->mem, str_from(text));
    return RC_INVALID;
}

/* -- time -- */

static bool clock_hour(struct str s, int64_t *us)
{
    int64_t h, m;
    struct str head, rest = str_split(s, ':', &head);
    if (!str_int(head, &h) || !str_int(rest, &m) || h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *us = h * HOUR_US + m * MINUTE_US;
    return true;
}

static bool clock_forward(struct ctx *cx, struct str by, struct str hour, int64_t *now)
{
    struct budget b;
    int64_t time_of_day = *now - day_start(day_of(*now));
    if ((hour.n && !clock_hour(hour, &time_of_day)) || !budget_parse(by, &b))
        return false;
    const struct calendar *cal = calendar_of(cx);
    int32_t day = day_of(*now);
    for (int32_t i = 0; b.unit == 'w' && i < b.n; i++)
        day = calendar_next_working(cal, day + 1);
    *now = day_start(b.unit == 'w' ? day : day + b.n) + time_of_day;
    return true;
}

static enum rc timers_run(struct ctx *cx)
{
    size_t n = 1;
    for (int i = 0; n && i < TIMER_ROUNDS; i++) {
        TRY(dossier_timers(cx, TIMERS_MAX, &n));
        TRY(db_commit(cx));
    }
    return RC_OK;
}

static enum rc clock_step(struct ctx *cx, struct play *p, struct str arg)
{
    int64_t now = p->now_us;
    struct str by, hour = str_split(arg, ' ', &by);
    bool ok = arg.n && arg.p[0] == '+'
                  ? clock_forward(cx, str_skip(by, 1), str_trim(hour), &now)
                  : time_parse(str_fmt(cx->mem, "%.*s:00+07:00", STR_ARG(arg)), &now);
    if (!ok)
        return step_fail(p, "clock: write 2026-08-27T10:00 or +1wd 09:00");
    if (now < p->now_us)
        return step_fail(p, "clock: time does not go back");
    p->now_us = cx->now_us = now;
    cx->who = NULL;
    return timers_run(cx);
}

/* -- who -- */

static const struct unit *unit_named(struct ctx *cx, const struct play *p, struct str name)
{
    enum unit_kind kind;
    static const enum unit_kind kinds[OFFICE_UNITS] = {UNIT_PROVINCE, UNIT_DEPARTMENT,
                                                       UNIT_DISTRICT, UNIT_COMMUNE};
    const struct unit *here =
        unit_of(cx, p->where.v ? p->where : p->office.units[OFFICE_UNITS - 1]);
    if (!name.n)
        return here;
    if (str_eq(name, STR("superior")))
        return here->parent;
    for (size_t i = 0; unit_kind_parse(name, &kind) && i < OFFICE_UNITS; i++)
        if (kinds[i] == kind)
            return unit_of(cx, p->office.units[i]);
    const struct unit *by_duty = unit_with_duty(cx, here, name);
    return by_duty ? by_duty : unit_find(cx, name);
}

static enum rc as_step(struct play *p, struct str arg)
{
    struct str kind, rest = str_split(arg, ' ', &kind), at;
    p->role = STR("");
    p->unit = STR("");
    p->is_nobody = str_eq(kind, STR("nobody"));
    p->is_officer = str_eq(kind, STR("officer"));
    if (p->is_nobody)
        return RC_OK;
    if (!p->is_officer && !str_eq(kind, STR("citizen")))
        return step_fail(
            p, "as: write citizen NAME, officer ROLE, officer ROLE at UNIT or nobody");
    rest = str_split(rest, ' ', &p->role);
    if (str_split(rest, ' ', &at).p)
        p->unit = str_skip(rest, 3);
    return p->role.n ? RC_OK : step_fail(p, "as: who?");
}

/* Where an officer sits: as said, or where the dossier is acted on now. */
static enum rc officers_unit(struct ctx *cx, const struct play *p, const struct unit **ret)
{
    struct dossier *d = NULL;
    *ret = unit_named(cx, p, p->unit);
    if (p->unit.n || !p->code.n)
        return RC_OK;
    TRY(dossier_find(cx, p->code, &d));
    *ret = d->at;
    return RC_OK;
}

static enum rc who_take(struct ctx *cx, const struct play *p)
{
    static const struct who nobody = {0};
    const struct unit *u = NULL;
    struct who *w = NULL;
    if (p->is_officer) {
        TRY(officers_unit(cx, p, &u));
        TRY(office_officer(cx, u, p->role, &w));
    } else if (!p->is_nobody) {
        TRY(office_citizen(cx, p->role, &w));
    }
    cx->who = p->is_nobody ? &nobody : w;
    return RC_OK;
}

/* -- files: the least bytes that are what they claim to be -- */

static enum rc file_make(struct ctx *cx, const struct play *p, const struct case_field *f,
                         struct file *ret)
{
    static const struct str image = STR("\x89PNG\r\n\x1a\n-made for a scenario");
    static const struct str pdf = STR("%PDF-1.4\n% made for a scenario\n%%EOF\n");
    static const struct str text = STR("only words");
    bool is_pdf = str_eq(f->value, STR("pdf")), is_image = str_eq(f->value, STR("image"));
    struct str bytes = is_pdf ? pdf : is_image ? image : text;
    const char *path =
        str_fmt(cx->mem, "%.*s/spool-%lld", STR_ARG(p->office.dir), (long long)random_id()).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n || close(fd))
        return FAIL(cx, IO, NULL, "scratch file");
    struct hash h = hash_of(bytes);
    TRY(file_store(cx, str_from(path), &h,
                   str_fmt(cx->mem, "%.*s.%s", STR_ARG(f->name), is_pdf ? "pdf" : "png"), ret));
    ret->document = f->name;
    return RC_OK;
}

static enum rc files_make(struct ctx *cx, const struct play *p, const struct case_fields *f,
                          struct file_list *ret)
{
    ret->v = arena_array(cx->mem, struct file, f->n);
    ret->n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (f->v[i].is_file)
            TRY(file_make(cx, p, &f->v[i], &ret->v[ret->n++]));
    return RC_OK;
}

/* -- submit -- */

static const struct case_fields *answers_named(const struct play *p, struct str name)
{
    for (const struct case_block *b = p->file->answers; b; b = b->next)
        if (str_eq(b->name, name))
            return &b->fields;
    return NULL;
}

static enum rc answers_take(struct ctx *cx, const struct play *p, const struct case_fields *f,
                            struct json *answers)
{
    struct json *posted = json_new_obj(cx->mem);
    for (size_t i = 0; i < f->n; i++)
        if (!f->v[i].is_file)
            json_put(posted, f->v[i].name, json_new_str(cx->mem, f->v[i].value));
    return form_take(cx, p->office.pack->form, STR(""), posted, answers);
}

/* "submit at commune with full": *unit and *with stay empty when not said. */
static bool submit_words(struct str text, struct str *unit, struct str *with)
{
    struct str word, value;
    struct str rest = str_split(text, ' ', &word);
    while (rest.p) {
        rest = str_split(rest, ' ', &word);
        rest = str_split(rest, ' ', &value);
        if (str_eq(word, STR("at")) && value.n)
            *unit = value;
        else if (str_eq(word, STR("with")) && value.n)
            *with = value;
        else
            return false;
    }
    return true;
}

static enum rc submit_prepare(struct ctx *cx, struct play *p, const struct case_step *s,
                              struct submission *sub)
{
    struct str unit = STR(""), with = STR("");
    if (!submit_words(s->parts[0], &unit, &with))
        return step_fail(p, "submit: write submit at UNIT with ANSWERS");
    const struct case_fields *base = with.n ? answers_named(p, with) : NULL;
    if (with.n && !base)
        return step_fail(p, "no answers named %.*s", STR_ARG(with));
    struct case_fields fields = case_fields_merge(cx, base, &s->fields);
    struct file_list *files = arena_new_of(cx->mem, struct file_list);
    *sub = (struct submission){.pack = p->office.pack,
                               .unit = unit_named(cx, p, unit),
                               .answers = json_new_obj(cx->mem),
                               .channel = p->is_officer ? CHANNEL_COUNTER : CHANNEL_ONLINE,
                               .more = files};
    if (!sub->unit)
        return step_fail(p, "no unit %.*s", STR_ARG(unit));
    if (!p->is_nobody)
        sub->applicant = cx->who->subject;
    TRY(files_make(cx, p, &fields, files));
    return answers_take(cx, p, &fields, sub->answers);
}

static enum rc submit_step(struct ctx *cx, struct play *p, const struct case_step *s,
                           struct form_errors *errs)
{
    struct submission sub;
    struct dossier_ref ref;
    TRY(submit_prepare(cx, p, s, &sub));
    TRY(dossier_submit(cx, &sub, errs, &ref));
    TRY(db_commit(cx));
    p->code = str_dup(p->mem, ref.code);
    p->seq = ref.seq;
    p->where = sub.unit->id;
    return RC_OK;
}

/* -- act -- */

static enum rc input_take(struct ctx *cx, const struct play *p, const struct case_field *f,
                          struct act *a, bool *taken)
{
    int64_t rating = 0;
    struct str *const texts[] = {&a->reason, &a->law, &a->comment, &a->answer};
    static const char *const names[] = {"reason", "law", "comment", "answer"};
    *taken = true;
    for (int i = 0; i < 4; i++)
        if (str_eq(f->name, str_from(names[i]))) {
            *texts[i] = f->value;
            return RC_OK;
        }
    if (str_eq(f->name, STR("rating")) && str_int(f->value, &rating)) {
        a->rating = (int)rating;
    } else if (str_starts(f->name, STR("items."))) {
        if (!a->items)
            a->items = json_new_arr(cx->mem);
        json_push((struct json *)a->items, json_new_str(cx->mem, f->value));
    } else if (str_eq(f->name, STR("result"))) {
        struct file *file = arena_new_of(cx->mem, struct file);
        TRY(file_make(cx, p, f, file));
        a->result = file;
    } else {
        *taken = false;
    }
    return RC_OK;
}

/* Other names below an applicant's act are form fields: the roots they touch are sent. */
static enum rc amend_take(struct ctx *cx, const struct play *p, const struct dossier *d,
                          const struct case_fields *f, struct act *a)
{
    struct json *full = NULL;
    if (!f->n)
        return RC_OK;
    TRY(dossier_answers(cx, d, &full));
    full = json_copy(cx->mem, full);
    TRY(answers_take(cx, p, f, full));
    a->answers = json_new_obj(cx->mem);
    for (size_t i = 0; i < f->n; i++) {
        struct str root;
        str_split(f->v[i].name, '.', &root);
        const struct json *v = json_get(full, root);
        if (v)
            json_put(a->answers, root, json_copy(cx->mem, v));
    }
    return RC_OK;
}

static enum rc act_prepare(struct ctx *cx, const struct play *p, const struct dossier *d,
                           const struct case_step *s, struct act *a)
{
    struct case_fields inputs = s->fields, rest = {0}, papers = {0};
    struct file_list *files = arena_new_of(cx->mem, struct file_list);
    for (size_t i = 1; i < s->nparts; i++) {
        struct case_field one = {.line = s->line};
        if (case_pair(s->parts[i], &one.name, &one.value))
            inputs = case_fields_merge(cx, &inputs, &(struct case_fields){&one, 1});
    }
    for (size_t i = 0; i < inputs.n; i++) {
        bool taken = false;
        struct case_fields one = {&inputs.v[i], 1};
        if (!inputs.v[i].is_file)
            TRY(input_take(cx, p, &inputs.v[i], a, &taken));
        struct case_fields *to = inputs.v[i].is_file ? &papers : &rest;
        if (!taken)
            *to = case_fields_merge(cx, to, &one);
    }
    TRY(files_make(cx, p, &papers, files));
    a->files = files;
    return amend_take(cx, p, d, &rest, a);
}

static enum rc act_step(struct ctx *cx, struct play *p, const struct case_step *s,
                        struct form_errors *errs)
{
    struct dossier *d = NULL;
    struct dossier_ref ref;
    struct act a = {.id = str_trim(str_skip(s->parts[0], 4))};
    if (!str_starts(s->parts[0], STR("act"))) /* "appeal" stands for itself */
        a.id = STR("appeal");
    TRY(dossier_open(cx, p->code, &d));
    TRY(act_prepare(cx, p, d, s, &a));
    TRY(dossier_act(cx, d, &a, errs, &ref));
    TRY(db_commit(cx));
    p->seq = ref.seq;
    return RC_OK;
}

/* -- other units, signature, second thoughts -- */

/* "answer fire agree  comment = …", with `file opinion = pdf` below it. */
static enum rc answer_step(struct ctx *cx, struct play *p, const struct case_step *s)
{
    struct dossier *d = NULL;
    struct dossier_ref ref;
    struct act a = {0};
    struct answer answer = {0};
    struct str verb, rest = str_split(s->parts[0], ' ', &verb);
    answer.outcome = str_trim(str_split(rest, ' ', &answer.branch));
    TRY(dossier_open(cx, p->code, &d));
    TRY(act_prepare(cx, p, d, s, &a));
    answer.comment = a.comment.p ? a.comment : STR("");
    answer.file = a.files && a.files->n ? &a.files->v[0] : NULL;
    TRY(dossier_answer(cx, d, &answer, &ref));
    TRY(db_commit(cx));
    p->seq = ref.seq;
    return RC_OK;
}

static enum rc undo_step(struct ctx *cx, struct play *p)
{
    struct dossier *d = NULL;
    struct dossier_ref ref;
    TRY(dossier_open(cx, p->code, &d));
    TRY(dossier_undo(cx, d, &ref));
    TRY(db_commit(cx));
    p->seq = ref.seq;
    return RC_OK;
}

/* "delegate leader to specialist for 5cd": in the unit of the officer who does it. */
static enum rc delegate_step(struct ctx *cx, struct play *p, struct str arg)
{
    struct str role, to, word, term;
    struct budget days;
    struct who *other = NULL;
    int64_t id;
    arg = str_split(arg, ' ', &role);
    arg = str_split(arg, ' ', &word);
    arg = str_split(arg, ' ', &to);
    str_split(arg, ' ', &word);
    term = str_trim(str_skip(arg, word.n));
    struct delegation d = {
        .from = cx->who->account, .unit = who_unit(cx->who), .from_day = day_of(cx->now_us)};
    if (!role_parse(role, &d.role) || !budget_parse(term, &days) || days.n == 0)
        return step_fail(p, "delegate: write delegate ROLE to ROLE for 5cd");
    d.to_day = d.from_day + days.n - 1;
    TRY(office_officer(cx, unit_of(cx, d.unit), to, &other));
    d.to = other->account;
    TRY(delegation_add(cx, &d, &id));
    return db_commit(cx);
}

static enum rc rate_step(struct ctx *cx, struct play *p, struct str arg)
{
    int64_t score;
    struct dossier *d = NULL;
    if (!str_int(arg, &score))
        return step_fail(p, "rate: write rate 1, 2 or 3");
    TRY(dossier_open(cx, p->code, &d));
    TRY(dossier_rate(cx, d, (int)score, STR("")));
    return db_commit(cx);
}

static enum rc verb_run(struct ctx *cx, struct play *p, const struct case_step *s,
                        struct form_errors *errs)
{
    struct str verb, arg = str_split(s->parts[0], ' ', &verb);
    if (str_eq(verb, STR("clock")))
        return clock_step(cx, p, arg);
    if (str_eq(verb, STR("as")))
        return as_step(p, arg);
    TRY(who_take(cx, p));
    if (str_eq(verb, STR("submit")))
        return submit_step(cx, p, s, errs);
    if (!p->code.n)
        return step_fail(p, "nothing was submitted yet");
    if (str_eq(verb, STR("expect")) || str_eq(verb, STR("limit")))
        return expect_run(cx, p, s);
    if (str_eq(verb, STR("act")) || str_eq(verb, STR("appeal")))
        return act_step(cx, p, s, errs);
    if (str_eq(verb, STR("answer")))
        return answer_step(cx, p, s);
    if (str_eq(verb, STR("undo")))
        return undo_step(cx, p);
    if (str_eq(verb, STR("delegate")))
        return delegate_step(cx, p, arg);
    if (str_eq(verb, STR("rate")))
        return rate_step(cx, p, arg);
    return step_fail(p, "no command %.*s", STR_ARG(verb));
}

static bool refusal_fits(const struct ctx *cx, const struct case_step *s,
                         const struct form_errors *errs)
{
    bool field = !s->field.n || str_eq(s->field, str_from(cx->err.field));
    for (size_t i = 0; i < errs->n; i++)
        field |= str_eq(s->field, errs->v[i].field);
    return field && str_eq(s->refused, str_from(rc_name(cx->err.rc)));
}

static enum rc outcome(struct ctx *cx, struct play *p, const struct case_step *s, enum rc rc,
                       const struct form_errors *errs)
{
    if (p->said.n)
        return RC_INVALID;
    if (!s->refused.n && rc == RC_OK)
        return RC_OK;
    if (!s->refused.n)
        return step_fail(p, "refused %s %s (%s)", rc_name(rc), cx->err.field, cx->err.detail);
    if (rc == RC_OK)
        return step_fail(p, "expected refused %.*s %.*s, but it was accepted",
                         STR_ARG(s->refused), STR_ARG(s->field));
    db_rollback(cx);
    if (refusal_fits(cx, s, errs))
        return RC_OK;
    return step_fail(p, "expected refused %.*s %.*s, was %s %s (%s)", STR_ARG(s->refused),
                     STR_ARG(s->field), rc_name(rc), cx->err.field, cx->err.detail);
}

enum rc step_run(struct play *p, const struct case_step *s)
{
    struct form_errors errs = {0};
    struct arena *mem = arena_new(STEP_MEMORY);
    struct ctx *cx = ctx_new(mem, &p->office.app);
    cx->now_us = p->now_us;
    enum rc rc = db_attach(cx, p->office.app.store);
    if (rc == RC_OK)
        rc = verb_run(cx, p, s, &errs);
    rc = outcome(cx, p, s, rc, &errs);
    struct str verb;
    str_split(s->parts[0], ' ', &verb);
    if (!str_eq(verb, STR("expect")) && !str_eq(verb, STR("limit"))) {
        p->cost = cx->cost;
        p->used = arena_used(mem);
    }
    db_rollback(cx);
    arena_free(mem);
    return rc;
}
