/* test_demo.c - the demo's generators, and that its plays fit the packs that we ship. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the helpers: not all are needed */
#include "unit/harness.h"

#include "base/buf.h"
#include "casework_help.h"
#include "crypt/crypt.h"
#include "demo/demo_priv.h"
#include "number/number.h"

/* -- dice -- */

static void dice_repeat(void **state)
{
    struct dice a = {DEMO_SEED}, b = {DEMO_SEED}, other = {DEMO_SEED + 1};
    unsigned differ = 0;
    for (int i = 0; i < 100; i++) {
        uint64_t x = dice_roll(&a);
        assert_true(x == dice_roll(&b));
        differ += x != dice_roll(&other);
    }
    assert_int_equal(differ, 100);
}

static void dice_range(void **state)
{
    static const struct {
        int64_t least, most;
    } rows[] = {{0, 0}, {1, 6}, {-5, 5}, {19000, 19001}};
    struct dice d = {1};
    for (size_t i = 0; i < ROWS(rows); i++) {
        bool least = false, most = false;
        for (int n = 0; n < 1000; n++) {
            int64_t v = dice_between(&d, rows[i].least, rows[i].most);
            assert_in_range(v - rows[i].least, 0, rows[i].most - rows[i].least);
            least |= v == rows[i].least;
            most |= v == rows[i].most;
        }
        assert_true(least && most);
    }
}

static void dice_weights(void **state)
{
    struct arena *mem = *state;
    struct json *list = json_new_arr(mem);
    static const struct {
        const char *value;
        int weight;
    } rows[] = {{"never", 0}, {"rare", 1}, {"often", 9}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *pair = json_push(list, json_new_arr(mem));
        json_push(pair, json_new_str(mem, str_from(rows[i].value)));
        json_push(pair, json_new_int(mem, rows[i].weight));
    }
    struct dice d = {7};
    int rare = 0;
    for (int n = 0; n < 1000; n++) {
        struct str s = dice_pick(&d, list)->s;
        assert_false(str_eq(s, STR("never")));
        rare += str_eq(s, STR("rare"));
    }
    assert_in_range(rare, 50, 150);
}

/* -- people -- */

static void citizens_are_shaped(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct str first = STR_NULL;
    for (size_t i = 0; i < 3000; i++) {
        int32_t birth, again;
        bool male;
        struct str n = demo_citizen_number(cx, i, &birth, &male);
        assert_true(identity_number_is(n, birth));
        assert_int_equal((n.p[3] - '0') % 2, male ? 0 : 1);
        assert_true(str_eq(n, demo_citizen_number(cx, i, &again, &male)));
        assert_int_equal(birth, again);
        assert_false(i > 0 && str_eq(n, first));
        first = i ? first : n;
    }
}

static void numbers_follow_birth(void **state)
{
    static const struct {
        int year;
        bool male;
        const char *start;
    } rows[] = {{1955, true, "083055"},
                {1999, false, "083199"},
                {2000, true, "083200"},
                {2020, false, "083320"}};
    struct ctx *cx = ctx_new(*state, NULL);
    struct dice d = {3};
    for (size_t i = 0; i < ROWS(rows); i++) {
        int32_t birth = day_make(rows[i].year, 6, 15);
        struct str n = demo_number(cx, &d, birth, rows[i].male);
        assert_true(str_starts(n, str_from(rows[i].start)));
        assert_true(identity_number_is(n, birth));
    }
}

/* -- values -- */

static struct str value_text(struct ctx *cx, const char *yaml)
{
    struct demo_lists lists;
    struct dice d = {5};
    struct json *spec, *v;
    assert_int_equal(demo_lists_load(cx, &lists), RC_OK);
    assert_int_equal(json_parse(cx, str_from(yaml), &spec), RC_OK);
    struct value_scope s = {.dice = &d, .lists = &lists};
    assert_int_equal(demo_value(cx, &s, spec, &v), RC_OK);
    struct buf *out = buf_new(cx->mem, 4096);
    json_print(out, v);
    return buf_str(out);
}

static void values(void **state)
{
    static const struct {
        const char *spec, *want;
    } rows[] = {
        {"3", "3"},
        {"\"plain\"", "\"plain\""},
        {"{\"$int\":[4,4]}", "4"},
        {"{\"$days_ago\":[2,2]}", "\"2026-11-19\""},
        {"{\"$pick\":[[\"a\",1],[\"b\",0]]}", "\"a\""},
        {"{\"$row\":\"absent\"}", "null"},
        {"{\"a\":{\"$row\":\"absent\"},\"b\":1}", "{\"b\":1}"},
        {"[{\"$int\":[1,1]},[2]]", "[1,[2]]"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    cx->now_us = day_start(day_make(2026, 11, 21)) + HOUR_US;
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_str(value_text(cx, rows[i].spec), rows[i].want);
}

/* -- the plays -- */

static struct pack *pack_of(struct ctx *cx, struct str id)
{
    struct pack_files *files;
    struct pack_findings found = {0};
    struct pack *p = NULL;
    assert_int_equal(crypt_start(cx), RC_OK);
    assert_int_equal(pack_files_embedded(cx, id, &files), RC_OK);
    assert_int_equal(pack_check(cx, files, &found, &p), RC_OK);
    return p;
}

static const struct flow_act *act_find(const struct flow_state *s, struct str id)
{
    for (size_t i = 0; i < s->nacts; i++)
        if (str_eq(s->acts[i].id, id))
            return &s->acts[i];
    return NULL;
}

static bool may_act(const struct flow_state *s, const struct flow_act *a, struct str as)
{
    enum role role;
    if (str_eq(as, STR("applicant")))
        return s->by_applicant || a->is_applicants;
    return role_parse(as, &role) && s->roles & (1u << role) && !a->is_applicants;
}

static unsigned inputs_of(const struct json *step)
{
    static const struct {
        const char *name;
        enum act_input bit;
    } rows[] = {{"reason", IN_REASON}, {"items", IN_ITEMS},     {"law", IN_LAW},
                {"answer", IN_ANSWER}, {"comment", IN_COMMENT}, {"result", IN_RESULT},
                {"rating", IN_RATING}};
    unsigned bits = 0;
    for (size_t i = 0; i < ROWS(rows); i++)
        if (json_get(step, str_from(rows[i].name)))
            bits |= rows[i].bit;
    return bits;
}

/* A unit that the state asks answers. */
static void branch_fits(const struct flow_state *s, const struct json *step)
{
    enum role role;
    struct str outcome = json_str(step, "outcome");
    const struct flow_branch *b = flow_branch_find(s, json_str(step, "branch"));
    bool refuses = str_eq(outcome, STR("refuse"));
    assert_non_null(b);
    assert_true(role_parse(json_str(step, "as"), &role) && b->roles & (1u << role));
    assert_true(refuses || str_eq(outcome, STR("agree")));
    assert_true(!refuses || json_str(step, "comment").n);
}

/* Where an act is done: here, or where the join or the timer has led meanwhile. */
static const struct flow_state *reached(const struct flow_state *s, struct str act)
{
    if (!act_find(s, act) && s->join_to)
        return s->join_to;
    return !act_find(s, act) && s->after_to ? s->after_to : s;
}

/* The state after a step; every one of "a|b" must lead on, the first is taken. */
static const struct flow_state *step_walk(const struct flow_state *s, const struct json *step)
{
    struct str id, rest = json_str(step, "act");
    const struct flow_state *to = NULL;
    if (json_get(step, STR("branch"))) {
        branch_fits(s, step);
        return s;
    }
    if (!rest.p) { /* a rating: after an end */
        assert_non_null(json_get(step, STR("rate")));
        assert_true(s->is_end);
        return s;
    }
    while (rest.p) {
        rest = str_split(rest, '|', &id);
        s = reached(s, id);
        const struct flow_act *a = act_find(s, id);
        if (!a)
            fail_msg("state %.*s has no act %.*s", STR_ARG(s->id), STR_ARG(id));
        assert_true(may_act(s, a, json_str(step, "as")));
        assert_int_equal(a->need & ~inputs_of(step), 0);
        to = to ? to : a->to;
    }
    return to;
}

static void course_walk(const struct pack *p, const struct json *course)
{
    const struct flow_state *s = p->flow->start;
    assert_true(json_int(course, "weight", 0) > 0);
    JSON_EACH (json_get(course, STR("steps")), step) {
        const struct json *after = json_get(step, STR("after"));
        assert_true(after && after->n == 2);
        assert_true(json_at(after, 0)->i >= 0 && json_at(after, 0)->i <= json_at(after, 1)->i);
        s = step_walk(s, step);
    }
}

static void papers_fit(const struct pack *p, const struct json *papers)
{
    JSON_EACH (papers, paper) {
        bool found = false;
        for (size_t i = 0; i < p->ndocuments; i++)
            found |= str_eq(p->documents[i].id, paper->key);
        assert_true(found);
    }
}

static void plays_fit_the_packs(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct demo_lists lists;
    size_t courses = 0;
    assert_int_equal(demo_lists_load(cx, &lists), RC_OK);
    JSON_EACH (lists.plays, play) {
        struct pack *p = pack_of(cx, json_str(play, "pack"));
        assert_in_range(json_int(play, "online", -1), 0, 100);
        papers_fit(p, json_get(play, STR("papers")));
        struct str rows = json_str(play, "rows");
        assert_true(!rows.p || json_get(lists.rows, rows));
        JSON_EACH (json_get(play, STR("courses")), course) {
            course_walk(p, course);
            courses++;
        }
    }
    assert_true(courses >= 3);
}

static void answers_prefilled(struct ctx *cx, const struct pack *p, struct json *answers)
{
    struct json *sources = json_new_obj(cx->mem);
    struct json *a = json_put(sources, STR("applicant"), json_new_obj(cx->mem));
    json_put_str(cx->mem, a, "name", STR("Nguyễn Thử Nghiệm"));
    json_put_str(cx->mem, a, "number", STR("083095012345"));
    json_put_str(cx->mem, a, "phone", STR("0900000001"));
    json_put_str(cx->mem, a, "birth", STR("1995-03-02"));
    form_prefill(cx, p->form, sources, answers);
}

static void answers_check_one(struct ctx *cx, const struct value_scope *s,
                              const struct json *play, const struct pack *p)
{
    struct form_errors errs = {0};
    struct json *answers;
    assert_int_equal(demo_value(cx, s, json_get(play, STR("answers")), &answers), RC_OK);
    answers_prefilled(cx, p, answers);
    if (form_check(cx, p->form, answers, &errs) != RC_OK)
        fail_msg("%.*s: field %.*s: %.*s", STR_ARG(p->id), STR_ARG(errs.v[0].field),
                 STR_ARG(errs.v[0].rule));
}

/* Every play's answers, as generated for each row of its list, pass its form. */
static void answers_fit_the_forms(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct demo_lists lists;
    struct dice d = {DEMO_SEED};
    cx->now_us = day_start(day_make(2026, 11, 20)) + HOUR_US;
    assert_int_equal(demo_lists_load(cx, &lists), RC_OK);
    JSON_EACH (lists.plays, play) {
        struct pack *p = pack_of(cx, json_str(play, "pack"));
        const struct json *rows = json_get(lists.rows, json_str(play, "rows"));
        for (size_t i = 0; i < (rows ? rows->n : 20); i++) {
            struct value_scope s = {
                .dice = &d, .lists = &lists, .row = rows ? json_at(rows, i) : NULL};
            answers_check_one(cx, &s, play, p);
        }
    }
}

/* -- arriving -- */

/* 2020 ended on a Thursday; 1 January is a holiday, then comes a weekend. Counters are open from
 * 7:30 to 11:30 and from 13:30 to 17:00. Who comes on the last evening is not of the next year. */
static void served_within_the_year(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct demo_plan year = {.from = day_make(2020, 1, 1), .to = day_make(2021, 1, 1)};
    struct demo_plan open = year;
    open.until_us = 1;
    const struct {
        int32_t come; /* day */
        int hour, minute;
        const struct demo_plan *plan;
        int32_t day; /* served */
        int at;      /* minutes */
    } rows[] = {
        {day_make(2020, 12, 30), 9, 0, &year, day_make(2020, 12, 30), 540},
        {day_make(2020, 12, 30), 12, 0, &year, day_make(2020, 12, 30), 810},
        {day_make(2020, 12, 30), 18, 0, &year, day_make(2020, 12, 31), 450},
        {day_make(2020, 12, 31), 16, 59, &year, day_make(2020, 12, 31), 1019},
        {day_make(2020, 12, 31), 17, 0, &year, day_make(2020, 12, 31), 450},
        {day_make(2020, 12, 31), 21, 0, &year, day_make(2020, 12, 31), 450},
        {day_make(2020, 12, 31), 21, 0, &open, day_make(2021, 1, 4), 450}, /* goes on */
        {day_make(2020, 1, 1), 9, 0, &year, day_make(2020, 1, 2), 450},    /* a holiday */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t at =
            day_start(rows[i].come) + rows[i].hour * HOUR_US + rows[i].minute * MINUTE_US;
        int64_t got = demo_served_at(cx, rows[i].plan, at);
        int64_t want = day_start(rows[i].day) + rows[i].at * MINUTE_US;
        if (got != want)
            fail_msg("row %zu: %lld minutes off", i, (long long)((got - want) / MINUTE_US));
    }
    /* a plan of one closed day has no day before it: the end is not looked for for ever */
    struct demo_plan closed = {.from = day_make(2020, 1, 1), .to = day_make(2020, 1, 2)};
    assert_true(demo_served_at(cx, &closed, day_start(closed.from) + 9 * HOUR_US) ==
                day_start(day_make(2020, 1, 2)) + 450 * MINUTE_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(dice_repeat),
        UNIT(dice_range),
        UNIT(dice_weights),
        UNIT(citizens_are_shaped),
        UNIT(numbers_follow_birth),
        UNIT(values),
        UNIT(plays_fit_the_packs),
        UNIT(answers_fit_the_forms),
        DESK(served_within_the_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
