/* expect.c - what a scenario may ask of a dossier, its figures and the last line's cost. */
#include "measure/measure.h"
#include "scenario/scenario_priv.h"

static enum rc differs(struct play *p, const char *what, struct str want, struct str is)
{
    return step_fail(p, "expected %s %.*s, was %.*s", what, STR_ARG(want), STR_ARG(is));
}

static enum rc same(struct play *p, const char *what, struct str want, struct str is)
{
    return str_eq(want, is) ? RC_OK : differs(p, what, want, is);
}

static struct str yes_no(bool b)
{
    return b ? STR("yes") : STR("no");
}

typedef enum rc expect_fn(struct ctx *cx, struct play *p, const struct dossier *d,
                          struct str want);

static enum rc expect_state(struct ctx *cx, struct play *p, const struct dossier *d,
                            struct str want)
{
    return same(p, "state", want, d->state->id);
}

static enum rc expect_status(struct ctx *cx, struct play *p, const struct dossier *d,
                             struct str want)
{
    return same(p, "status", want, str_fmt(cx->mem, "%d", (int)d->status));
}

static enum rc expect_due(struct ctx *cx, struct play *p, const struct dossier *d,
                          struct str want)
{
    struct str is = d->due == INT32_MIN ? STR("none") : day_iso(cx->mem, d->due);
    return same(p, "due", want, is);
}

static enum rc expect_late(struct ctx *cx, struct play *p, const struct dossier *d,
                           struct str want)
{
    bool over =
        d->finished_us == TIME_NONE && d->due != INT32_MIN && dossier_days_left(cx, d) < 0;
    return same(p, "late", want, yes_no(d->is_late || over));
}

/* The largest part of the time that was warned of, in percent. */
static enum rc expect_warned(struct ctx *cx, struct play *p, const struct dossier *d,
                             struct str want)
{
    struct json *row = dossier_row_view(cx, d);
    return same(p, "warned", want,
                str_fmt(cx->mem, "%lld", (long long)json_int(row, "warned", 0)));
}

static enum rc expect_escalated(struct ctx *cx, struct play *p, const struct dossier *d,
                                struct str want)
{
    return same(p, "escalated", want, yes_no(d->escalated != 0));
}

static enum rc expect_redated(struct ctx *cx, struct play *p, const struct dossier *d,
                              struct str want)
{
    return same(p, "redated", want, yes_no(d->redated != 0));
}

static enum rc expect_days(struct ctx *cx, struct play *p, const struct dossier *d,
                           struct str want)
{
    return same(p, "days left", want, str_fmt(cx->mem, "%d", dossier_days_left(cx, d)));
}

/* The code as given, or "none" before reception. */
static enum rc expect_code(struct ctx *cx, struct play *p, const struct dossier *d,
                           struct str want)
{
    return same(p, "code", want, d->received_us == TIME_NONE ? STR("none") : d->code);
}

static enum rc expect_receipt(struct ctx *cx, struct play *p, const struct dossier *d,
                              struct str want)
{
    struct str proof, entry;
    enum rc rc =
        d->received_us == TIME_NONE ? RC_NOT_FOUND : ledger_receipt(cx, p->seq, &proof);
    if (rc == RC_OK)
        rc = receipt_verify(cx, proof, ledger_vkey(cx), &entry);
    ctx_clear(cx);
    return same(p, "receipt", want, rc == RC_OK ? STR("proven") : STR("none"));
}

static enum rc expect_notices(struct ctx *cx, struct play *p, const struct dossier *d,
                              struct str want)
{
    size_t n = 0;
    struct json *list = NULL;
    int64_t now_us = cx->now_us;
    cx->now_us += cx->app->settings.undo_s * SECOND_US; /* once they have left */
    enum rc rc = notices_of(cx, d->applicant, 0, 0, &list);
    cx->now_us = now_us;
    TRY(rc);
    JSON_EACH (list, one)
        n += str_eq(json_str(one, "code"), d->code);
    return same(p, "notices", want, str_fmt(cx->mem, "%zu", n));
}

/* Is the answer on the public page? */
static enum rc expect_public(struct ctx *cx, struct play *p, const struct dossier *d,
                             struct str want)
{
    bool found = false;
    struct json *list = NULL;
    TRY(public_answers(cx, STR(""), 0, 0, &list));
    JSON_EACH (list, one)
        found |= str_eq(json_str(one, "code"), d->code);
    return same(p, "public", want, yes_no(found));
}

static enum rc expect_rating(struct ctx *cx, struct play *p, const struct dossier *d,
                             struct str want)
{
    return same(p, "rating", want, str_fmt(cx->mem, "%d", d->rating));
}

/* "figure PACK.on_time = 100": counts and percents as whole numbers, over all time. */
static enum rc expect_figure(struct ctx *cx, struct play *p, const struct dossier *d,
                             struct str want)
{
    struct figure f = {0};
    struct str name, value;
    struct slice all = {.period = {INT32_MIN, INT32_MAX}};
    if (!case_pair(want, &name, &value))
        return step_fail(p, "write: expect figure NAME = NUMBER");
    const struct indicator *ind = indicator_find(cx, name);
    if (!ind)
        return step_fail(p, "no figure %.*s", STR_ARG(name));
    TRY(figure_get(cx, ind, &all, &f));
    int64_t v = figure_value(ind, &f);
    struct str is = STR("none");
    if (v != INT64_MIN && v % 100 == 0)
        is = str_fmt(cx->mem, "%lld", (long long)(v / 100));
    else if (v != INT64_MIN)
        is = str_fmt(cx->mem, "%lld.%02lld", (long long)(v / 100), (long long)(v % 100));
    return same(p, "figure", value, is);
}

static bool branch_is(const struct branch *b, struct str want)
{
    if (str_eq(want, STR("late")) || str_eq(want, STR("escalated")))
        return want.p[0] == 'l' ? b->is_late : b->is_escalated;
    return str_eq(want, b->is_open ? STR("open") : b->outcome);
}

/* "branch fire open", "branch fire agree", "branch fire late", "branch fire none". */
static enum rc expect_branch(struct ctx *cx, struct play *p, const struct dossier *d,
                             struct str want)
{
    struct branch_list all = {0};
    const struct branch *last = NULL;
    struct str id, is = str_trim(str_split(want, ' ', &id));
    TRY(dossier_branches(cx, d, &all));
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.v[i].fb->id, id))
            last = &all.v[i];
    if (last ? branch_is(last, is) : str_eq(is, STR("none")))
        return RC_OK;
    struct str was = !last ? STR("none") : last->is_open ? STR("open") : last->outcome;
    return differs(p, str_fmt(cx->mem, "branch %.*s", STR_ARG(id)).p, is, was);
}

/* Which unit acts: its kind, its code or one of its duties. */
static enum rc expect_at(struct ctx *cx, struct play *p, const struct dossier *d,
                         struct str want)
{
    if (unit_has_duty(d->at, want) || str_eq(want, d->at->code))
        return RC_OK;
    return same(p, "at", want, str_from(unit_kind_name(d->at->kind)));
}

static enum rc limit_queries(struct ctx *cx, struct play *p, const struct dossier *d,
                             struct str want)
{
    int64_t most;
    if (!str_int(want, &most) || (int64_t)p->cost.queries > most)
        return differs(p, "queries at most", want, str_fmt(cx->mem, "%u", p->cost.queries));
    return RC_OK;
}

static enum rc limit_writes(struct ctx *cx, struct play *p, const struct dossier *d,
                            struct str want)
{
    int64_t most;
    if (!str_int(want, &most) || (int64_t)p->cost.writes > most)
        return differs(p, "writes at most", want, str_fmt(cx->mem, "%u", p->cost.writes));
    return RC_OK;
}

static enum rc limit_arena(struct ctx *cx, struct play *p, const struct dossier *d,
                           struct str want)
{
    int64_t kib;
    if (!str_ends(want, STR("k")) || !str_int(str_cut(want, 0, want.n - 1), &kib) ||
        (int64_t)p->used > kib * 1024)
        return differs(p, "arena at most", want,
                       str_fmt(cx->mem, "%zuk", (p->used + 1023) / 1024));
    return RC_OK;
}

static const struct {
    const char *name;
    expect_fn *run;
} checks[] = {
    {"state", expect_state},     {"status", expect_status},       {"due", expect_due},
    {"warned", expect_warned},   {"escalated", expect_escalated}, {"redated", expect_redated},
    {"late", expect_late},       {"days", expect_days},           {"code", expect_code},
    {"receipt", expect_receipt}, {"notices", expect_notices},     {"public", expect_public},
    {"rating", expect_rating},   {"figure", expect_figure},       {"queries", limit_queries},
    {"writes", limit_writes},    {"arena", limit_arena},          {"branch", expect_branch},
    {"at", expect_at},
};

static enum rc check_run(struct ctx *cx, struct play *p, const struct dossier *d,
                         struct str part)
{
    struct str name, want = str_trim(str_split(part, ' ', &name));
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (str_eq(name, str_from(checks[i].name)))
            return checks[i].run(cx, p, d, want);
    return step_fail(p, "nothing is known of \"%.*s\"", STR_ARG(name));
}

/* "expect state x  status 4", "limit queries 12 arena 256k". */
enum rc expect_run(struct ctx *cx, struct play *p, const struct case_step *s)
{
    struct dossier *d = NULL;
    struct str verb, first = str_split(s->parts[0], ' ', &verb);
    cx->who = NULL;
    TRY(dossier_find(cx, p->code, &d));
    if (str_eq(verb, STR("limit"))) {
        while (first.n) {
            struct str name, value;
            first = str_split(str_split(first, ' ', &name), ' ', &value);
            TRY(check_run(cx, p, d,
                          str_fmt(cx->mem, "%.*s %.*s", STR_ARG(name), STR_ARG(value))));
        }
        return RC_OK;
    }
    TRY(check_run(cx, p, d, first));
    for (size_t i = 1; i < s->nparts; i++)
        TRY(check_run(cx, p, d, s->parts[i]));
    return RC_OK;
}
