/* test_lives_property.c - random lives of dossiers: whoever does whatever at whatever time, what is
 * offered can be done, what is not offered is refused and changes nothing, and what people see
 * stays a fold of the events. */
#include "unit/harness.h"

#include "casework_help.h"
#include "rebuild_help.h"

#include <stdlib.h>

enum { LIVES = 4, DOSSIERS = 3, STEPS = 90 };

static int64_t pick(int64_t n)
{
    return random() % n;
}

/* Who ever comes near one: the applicant, a stranger, officers of the unit and of others. */
static const char *const people[] = {
    "an",
    "an",
    "reception@commune",
    "reception@commune",
    "leader@commune",
    "specialist@commune",
    "specialist@commune",
    "specialist@commune",
    "binh",
    "nobody",
    "reception@department",
    "leader@district",
};

struct life {
    struct desk *k;
    bool is_joint; /* its form and its flow are others */
    struct dossier_ref ref[DOSSIERS];
    const char *last[DOSSIERS]; /* who moved it last, and the state before */
    int64_t before[DOSSIERS];
    size_t done, refused, undone, answered;
};

/* What a refusal must leave as it is. */
struct mark {
    int64_t version, state, holder;
    bool is_late;
};

static struct mark mark_of(const struct dossier *d)
{
    return (struct mark){d->version, d->state - d->pack->flow->states, d->holder, d->is_late};
}

static void same_mark(struct life *l, size_t i, struct mark was)
{
    struct mark now = mark_of(look(l->k, l->ref[i].code));
    assert_true(now.version == was.version && now.state == was.state);
    assert_true(now.holder == was.holder && now.is_late == was.is_late);
}

/* -- what always holds -- */

static bool is_finished_status(enum status s)
{
    return s == STATUS_NOT_RECEIVED || s == STATUS_WITHDRAWN || s == STATUS_STOPPED ||
           s == STATUS_READY || s == STATUS_RETURNED;
}

static void sound(struct life *l, size_t i)
{
    const struct dossier *d = look(l->k, l->ref[i].code);
    unsigned entries = 0;
    assert_int_equal(d->status, d->state->status);
    assert_true((d->finished_us != TIME_NONE) == is_finished_status(d->status));
    assert_true((d->ended_us != TIME_NONE) == d->state->is_end);
    assert_true((d->received_us == TIME_NONE) == str_starts(d->code, STR("T-")));
    assert_int_equal(look(l->k, d->track)->id.v, d->id.v); /* the first code goes on */
    assert_true(d->entered_us >= d->submitted_us && d->entered_us <= l->k->now_us);
    for (size_t s = 0; s < d->pack->flow->nstates; s++)
        entries += d->entries[s];
    assert_true(entries > 0 && d->entries[d->state - d->pack->flow->states] > 0);
    assert_true(!d->is_late || d->due != INT32_MIN);
}

#define SECRET "KÍN" /* in notes and internal comments */

static bool has_key(const struct json *o, const char *key)
{
    JSON_EACH (o, v)
        if (str_eq(v->key, str_from(key)) || has_key(v, key))
            return true;
    return false;
}

/* Nothing of officers' own words reaches the applicant, in either language; nothing but how far it
 * is reaches anybody. */
static void shown(struct life *l, size_t i)
{
    static const char *const personal[] = {"applicant_name", "answers", "timeline", "files"};
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        struct ctx *cx = as(l->k, "an"), *any = as(l->k, "nobody");
        struct dossier *d = look(l->k, l->ref[i].code);
        struct json *v = NULL;
        cx->lang = any->lang = (enum lang)lang;
        assert_int_equal(dossier_view(cx, d, false, &v), RC_OK);
        assert_false(str_has(json_canonical(cx->mem, v), STR(SECRET)));
        assert_int_equal(dossier_public_view(any, d, &v), RC_OK);
        for (size_t p = 0; p < ROWS(personal); p++)
            assert_false(has_key(v, personal[p]));
        assert_false(str_has(json_canonical(any->mem, v), d->applicant_name));
        db_rollback(cx);
    }
}

/* -- acts -- */

static struct json *items(struct desk *k)
{
    struct json *list = json_new_arr(k->mem);
    json_push(list, json_new_str(k->mem, STR("Bản vẽ")));
    return list;
}

/* All that the act asks for; `leave`: but that input. */
static struct act act_with(struct desk *k, const struct flow_act *fa, unsigned leave)
{
    unsigned give = fa->need & ~leave;
    struct act a = {.id = fa->id};
    a.reason = give & IN_REASON ? STR("Lý do") : STR("");
    a.law = give & IN_LAW ? STR("NĐ 61") : STR("");
    a.answer = give & IN_ANSWER ? STR("Trả lời") : STR("");
    a.comment = (give & IN_COMMENT) || !pick(3) ? STR(SECRET) : STR("");
    a.items = give & IN_ITEMS ? items(k) : NULL;
    a.rating = give & IN_RATING ? 2 : 0;
    return a;
}

static const struct flow_act *act_any(const struct flow *f)
{
    const struct flow_state *s = &f->states[pick((int64_t)f->nstates)];
    return s->nacts ? &s->acts[pick((int64_t)s->nacts)] : NULL;
}

static bool is_listed(const struct flow_act *const *acts, size_t n, const struct flow_act *fa)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(acts[i]->id, fa->id))
            return true;
    return false;
}

/* One input too few, or one that nobody asked for: told by its field. */
static void act_amiss(struct life *l, size_t i, const char *who, const struct flow_act *fa)
{
    static const struct {
        enum act_input bit;
        const char *field;
    } inputs[] = {{IN_REASON, "reason"}, {IN_LAW, "law"}, {IN_ITEMS, "items"}};
    for (size_t n = 0; n < ROWS(inputs); n++) {
        struct act a = act_with(l->k, fa, inputs[n].bit);
        struct form_errors errs = {0};
        struct dossier_ref ref;
        struct dossier *d = NULL;
        bool is_needed = fa->need & inputs[n].bit;
        if (fa->may & inputs[n].bit)
            continue;
        if (!is_needed)
            a.law = inputs[n].bit == IN_LAW ? STR("NĐ 1") : a.law;
        if (!is_needed && inputs[n].bit != IN_LAW)
            continue;
        struct ctx *cx = as(l->k, who);
        struct mark was = mark_of(look(l->k, l->ref[i].code));
        assert_int_equal(dossier_open(cx, l->ref[i].code, &d), RC_OK);
        assert_int_equal(dossier_act(cx, d, &a, &errs, &ref), RC_INVALID);
        assert_true(errs.n >= 1);
        assert_str(errs.v[0].field, inputs[n].field);
        assert_true(errs.v[0].text.n > 0);
        db_rollback(cx);
        same_mark(l, i, was);
    }
}

/* While it may be taken back the applicant is told what was before. */
static void told_or_not(struct life *l, size_t i, const struct flow_state *from)
{
    struct ctx *cx = as(l->k, "an");
    const struct dossier *d = look(l->k, l->ref[i].code), *told = NULL;
    bool may = d->undo_us != TIME_NONE && l->k->now_us < d->undo_us;
    assert_int_equal(dossier_as_told(cx, d, &told), RC_OK);
    assert_true(told->state == (may ? from : d->state));
    assert_true(told->code.n > 0 && told->id.v == d->id.v);
}

static void act_done(struct life *l, size_t i, const char *who, const struct flow_act *fa)
{
    struct ctx *cx = as(l->k, who);
    struct dossier *d = NULL;
    struct form_errors errs = {0};
    struct act a = act_with(l->k, fa, 0);
    struct mark was = mark_of(look(l->k, l->ref[i].code));
    assert_int_equal(dossier_open(cx, l->ref[i].code, &d), RC_OK);
    const struct flow_state *from = d->state;
    bool is_pressed = fa->guard != NULL; /* may read what is pressed: not known before */
    a.version = pick(4) ? 0 : d->version;
    enum rc rc = dossier_act(cx, d, &a, &errs, &l->ref[i]);
    if (rc == RC_STATE && is_pressed) {
        db_rollback(cx);
        same_mark(l, i, was);
        return;
    }
    if (rc != RC_OK)
        fail_msg("%s does %.*s in %.*s: %s %s %s", who, STR_ARG(fa->id), STR_ARG(from->id),
                 rc_name(rc), cx->err.field, cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    d = look(l->k, l->ref[i].code);
    assert_true(d->state == fa->to || d->state != from || fa->to == from);
    assert_true(d->version > was.version && l->ref[i].seq > was.version);
    l->last[i] = who;
    l->before[i] = was.state;
    l->done++;
    told_or_not(l, i, from);
}

static void act_refused(struct life *l, size_t i, const char *who, const struct act *a)
{
    struct ctx *cx = as(l->k, who);
    struct dossier *d = NULL;
    struct form_errors errs = {0};
    struct dossier_ref ref;
    struct mark was = mark_of(look(l->k, l->ref[i].code));
    enum rc rc = dossier_open(cx, l->ref[i].code, &d);
    if (rc == RC_OK)
        rc = dossier_act(cx, d, a, &errs, &ref);
    if (rc != RC_FORBIDDEN && rc != RC_STATE && rc != RC_NOT_FOUND && rc != RC_LOGIN_REQUIRED &&
        rc != RC_CONFLICT)
        fail_msg("%s: %.*s: %s", who, STR_ARG(a->id), rc_name(rc));
    db_rollback(cx);
    same_mark(l, i, was);
    l->refused++;
}

static void act_step(struct life *l, size_t i, const char *who)
{
    const struct flow_act *acts[FLOW_ACTS_MAX], *fa = NULL;
    size_t n = 0;
    struct dossier *d = NULL;
    struct ctx *cx = as(l->k, who);
    enum rc rc = dossier_open(cx, l->ref[i].code, &d);
    bool is_stranger = strcmp(who, "binh") == 0 || strcmp(who, "nobody") == 0;
    assert_true(!is_stranger || rc != RC_OK);
    if (rc == RC_OK)
        assert_int_equal(dossier_acts(cx, d, acts, &n), RC_OK);
    const struct flow *flow = look(l->k, l->ref[i].code)->pack->flow;
    db_rollback(cx);
    if (!n || !pick(3))
        fa = act_any(flow);
    if (fa && !is_listed(acts, n, fa)) {
        struct act a = act_with(l->k, fa, 0);
        if (strcmp(who, "an") != 0) /* what one is not told of yet is a handler's to refuse */
            act_refused(l, i, who, &a);
        return;
    }
    if (!n)
        return;
    fa = acts[pick((int64_t)n)];
    if (str_eq(fa->id, STR("withdraw")) && pick(10)) /* else most lives end at once */
        return;
    if (!pick(3))
        act_amiss(l, i, who, fa);
    if (!pick(4)) {
        struct act a = act_with(l->k, fa, 0);
        a.version = d->version + 1;
        act_refused(l, i, who, &a);
    }
    act_done(l, i, who, fa);
}

/* -- taking a move back; notes; what other units say; time -- */

static void undo_step(struct life *l, size_t i, const char *who)
{
    struct ctx *cx = as(l->k, who);
    struct dossier *d = NULL;
    bool can = false;
    struct mark was = mark_of(look(l->k, l->ref[i].code));
    if (dossier_open(cx, l->ref[i].code, &d) != RC_OK)
        return;
    assert_int_equal(dossier_undo_can(cx, d, &can), RC_OK);
    enum rc rc = dossier_undo(cx, d, &l->ref[i]);
    assert_true((rc == RC_OK) == can);
    if (rc == RC_OK) {
        assert_int_equal(db_commit(cx), RC_OK);
        l->undone++;
        assert_int_equal(mark_of(look(l->k, l->ref[i].code)).state, l->before[i]);
        assert_int_equal(dossier_undo_can(as(l->k, who), look(l->k, l->ref[i].code), &can),
                         RC_OK);
        assert_false(can); /* once */
        return;
    }
    assert_true(rc == RC_STATE || rc == RC_FORBIDDEN);
    db_rollback(cx);
    same_mark(l, i, was);
}

static void note_step(struct life *l, size_t i, const char *who)
{
    struct ctx *cx = as(l->k, who);
    struct dossier *d = NULL;
    if (dossier_open(cx, l->ref[i].code, &d) != RC_OK)
        return;
    enum rc rc = dossier_note(cx, d, STR(SECRET));
    assert_true((rc == RC_OK) == (cx->who->is_officer && !dossier_is_own(cx, d)));
    if (rc == RC_OK)
        assert_int_equal(db_commit(cx), RC_OK);
    else
        db_rollback(cx);
}

/* An officer with that role where the branch asks. */
static struct ctx *asked_officer(struct desk *k, const struct branch *b, const char *role)
{
    struct ctx *cx = as(k, "");
    struct who *w = NULL;
    assert_int_equal(office_officer(cx, b->unit, str_from(role), &w), RC_OK);
    cx->who = w;
    return cx;
}

/* Asked now, under an id that may have been asked before. */
static bool is_asked_now(const struct branch_list *all, struct str id)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].is_open && all->v[i].is_current && str_eq(all->v[i].fb->id, id))
            return true;
    return false;
}

static void answer_step(struct life *l, size_t i)
{
    static const char *const roles[] = {"specialist", "leader"};
    struct branch_list all = {0};
    struct dossier *d = NULL;
    struct mark was = mark_of(look(l->k, l->ref[i].code));
    assert_int_equal(dossier_branches(as(l->k, ""), look(l->k, l->ref[i].code), &all), RC_OK);
    if (!all.n)
        return;
    const struct branch *b = &all.v[pick((int64_t)all.n)];
    struct ctx *cx = asked_officer(l->k, b, roles[pick(2)]);
    struct answer a = {.branch = b->fb->id,
                       .outcome = pick(4) ? STR("agree") : STR("refuse"),
                       .comment = pick(3) ? STR("Ý kiến") : STR("")};
    enum rc rc = dossier_open(cx, l->ref[i].code, &d);
    if (rc == RC_OK)
        rc = dossier_answer(cx, d, &a, &l->ref[i]);
    bool is_mute = str_eq(a.outcome, STR("refuse")) && !a.comment.n;
    assert_true(rc != RC_OK || (is_asked_now(&all, a.branch) && !is_mute));
    if (rc == RC_OK) {
        assert_int_equal(db_commit(cx), RC_OK);
        l->answered++;
        return;
    }
    assert_true(rc == RC_INVALID || rc == RC_FORBIDDEN || rc == RC_NOT_FOUND || rc == RC_STATE);
    db_rollback(cx);
    same_mark(l, i, was);
}

static void time_step(struct life *l)
{
    static const int64_t spans[] = {SECOND_US,   30 * SECOND_US, HOUR_US,
                                    5 * HOUR_US, DAY_US,         4 * DAY_US};
    size_t done = 0;
    l->k->now_us += spans[pick(ROWS(spans))];
    assert_int_equal(dossier_timers(as(l->k, ""), 100, &done), RC_OK);
    assert_int_equal(dossier_timers(as(l->k, ""), 100, &done), RC_OK); /* nothing is left */
    assert_int_equal(done, 0);
}

static void file_step(struct life *l, size_t i)
{
    static const char *const joint[] = {"{\"size\":\"small\"}", "{\"size\":\"large\"}",
                                        "{\"size\":\"none\"}"};
    struct form_errors errs = {0};
    const char *answers = l->is_joint ? joint[pick(ROWS(joint))] : SMALL;
    assert_int_equal(file_one(l->k, as(l->k, "an"), answers, &l->ref[i], &errs), RC_OK);
}

/* Mostly somebody who has something to do there. */
static const char *somebody(struct life *l, size_t i)
{
    size_t from = (size_t)pick(ROWS(people));
    for (size_t n = 0; n < ROWS(people) && pick(12); n++) {
        const char *who = people[(from + n) % ROWS(people)];
        struct ctx *cx = as(l->k, who);
        const struct flow_act *acts[FLOW_ACTS_MAX];
        struct dossier *d = NULL;
        size_t can = 0;
        if (dossier_open(cx, l->ref[i].code, &d) == RC_OK)
            assert_int_equal(dossier_acts(cx, d, acts, &can), RC_OK);
        db_rollback(cx);
        if (can && (strcmp(who, "an") != 0 || !pick(4)))
            return who;
    }
    return people[from];
}

static void one_step(struct life *l)
{
    size_t i = (size_t)pick(DOSSIERS);
    const char *who = people[pick(ROWS(people))];
    if (!l->ref[i].code.n || (look(l->k, l->ref[i].code)->state->is_end && !pick(4))) {
        file_step(l, i); /* another takes the place of one that is over */
        l->last[i] = NULL;
        return;
    }
    switch (pick(8)) {
    case 0:
        undo_step(l, i, l->last[i] && pick(3) ? l->last[i] : who);
        break;
    case 1:
        note_step(l, i, who);
        break;
    case 2:
    case 3:
        answer_step(l, i);
        break;
    case 4:
        time_step(l);
        break;
    default:
        act_step(l, i, pick(4) ? somebody(l, i) : who);
    }
    sound(l, i);
    if (!pick(6))
        shown(l, i);
}

static void lives_of(const char *folder, struct life *sum)
{
    for (unsigned n = 0; n < LIVES; n++) {
        unsigned seed = 61000 + n + (unsigned)folder[0];
        struct life l = {.k = desk_open_of(NULL, folder), .is_joint = folder[0] == 'j'};
        print_message("%s: seed %u\n", folder, seed);
        srandom(seed);
        for (int i = 0; i < STEPS; i++)
            one_step(&l);
        if (n == 0)
            rebuilt_same(l.k, subs);
        sum->done += l.done;
        sum->refused += l.refused;
        sum->undone += l.undone;
        sum->answered += l.answered;
        void *end = l.k;
        desk_end(&end);
    }
    print_message("%s: %zu acts, %zu refused, %zu undone, %zu answers\n", folder, sum->done,
                  sum->refused, sum->undone, sum->answered);
}

static void alone(void **state)
{
    struct life sum = {0};
    (void)state;
    lives_of("good", &sum);
    assert_true(sum.done > 2 * LIVES && sum.refused > 2 * LIVES);
}

static void with_promises(void **state)
{
    struct life sum = {0};
    (void)state;
    lives_of("late", &sum);
    assert_true(sum.done > 2 * LIVES && sum.refused > 2 * LIVES);
}

static void with_others(void **state)
{
    struct life sum = {0};
    (void)state;
    lives_of("joint", &sum);
    assert_true(sum.done > 2 * LIVES && sum.refused > 2 * LIVES && sum.answered > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(alone), UNIT(with_promises), UNIT(with_others)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
