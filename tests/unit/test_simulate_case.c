/* test_simulate_case.c - supposed days off move due dates, whom nobody receives is late, silence
 * means what the flow says, and history teaches how long other units take. */
#include "unit/simulate_help.h"

#include "casework_help.h"

static struct sim_plan a_month(void)
{
    struct sim_plan p = plan_of(28, 3);
    p.drain = 25;
    return p;
}

static struct sim_study played(struct ctx *cx, const struct sim_model *m,
                               const struct sim_knobs *k)
{
    struct sim_plan p = a_month();
    struct sim_study s = {0};
    if (sim_study_run(cx, m, NULL, k, &p, &s) != RC_OK)
        fail_msg("%s", cx->err.detail);
    assert_true(s.today.dossiers > 50);
    assert_true(s.today.little <= 1e-9 && s.what_if.little <= 1e-9);
    return s;
}

/* In office hours, with so many officers of each role that nobody queues. */
static struct sim_model *office_model(struct ctx *cx, const char *flow, const char *service)
{
    struct sim_model *m = NULL;
    assert_int_equal(sim_model_plain(cx, pack_of_flow(cx, flow), 4, &m), RC_OK);
    m->staff[0][ROLE_specialist] = m->staff[0][ROLE_reception] = 40;
    assert_int_equal(sim_service_parse(cx, m, str_from(service)), RC_OK);
    return m;
}

static double late(const struct sim_side *s)
{
    return s->figure[SIM_LATE].mean;
}

/* -- days off -- */

/* 20 hours are 2⅔ days of 7.5: done on the third day, however many are off in between. */
static void holidays_move_due_dates(void **state)
{
    static const char *const rows[] = {"2026-12-15", "2026-12-24,2026-12-25",
                                       "2026-12-16,2026-12-18,2026-12-22,2027-01-06"};
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_model *m = office_model(cx, one_desk, "work=fixed:20wh");
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct sim_knobs k = {0};
        assert_int_equal(sim_holiday_parse(cx, str_from(rows[i]), &k), RC_OK);
        struct sim_study s = played(cx, m, &k);
        assert_true(late(&s.today) == 0);
        assert_true(late(&s.what_if) == 0);
        assert_true(s.diff[SIM_BACKLOG].mean != 0); /* it was closed, and nobody came */
    }
}

static void closed_days(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    const struct calendar *cal = calendar_of(cx);
    int32_t thursday = day_make(2026, 12, 24), off[] = {thursday, thursday + 1, INT32_MAX, -1};
    struct calendar *c = calendar_closed(cx, cal, off, ROWS(off));
    int64_t at = day_start(thursday - 1) + 9 * HOUR_US;
    struct budget b = {.n = 3, .unit = 'w'};
    assert_true(calendar_is_working(cal, thursday) && !calendar_is_working(c, thursday));
    assert_int_equal(calendar_due(cal, at, b, NULL, 0, at).day, thursday + 4);
    assert_int_equal(calendar_due(c, at, b, NULL, 0, at).day, thursday + 6);
    assert_int_equal(calendar_next_working(c, thursday), thursday + 4);
    assert_int_equal(calendar_count(c, thursday - 1, thursday + 4), 1);
    assert_int_equal(calendar_due(calendar_closed(cx, cal, NULL, 0), at, b, NULL, 0, at).day,
                     thursday + 4);
}

/* -- nobody receives -- */

static const char received_first[] = ACTS
    "clocks: {legal: {budget: 3wd, start: handling}}\n"
    "states:\n"
    "  work: {name: {vi: A, en: A}, status: 1, by: [reception], on: {\n"
    "    done: {to: handling, do: [receipt]}, more: {to: waiting, need: [reason, items]}}}\n"
    "  waiting: {name: {vi: W, en: W}, status: 5, by: [applicant], at_most: 1,\n"
    "    on: {again: {to: work}}}\n"
    "  handling: {name: {vi: H, en: H}, status: 4, by: [specialist], on: {sign: {to: end}}}\n"
    "  end: {name: {vi: E, en: E}, status: 10, end: true}\n"
    "late: {at: [100%], do: [notify]}\n";

static void whom_nobody_receives_is_late(void **state)
{
    static const struct {
        const char *absent;
        double least, most;                                    /* share that is late */
    } rows[] = {{"reception=40:2026-12-13..2027-03-01", 1, 1}, /* never received */
                {"reception=39:2026-12-13..2027-03-01", 0, 0}, /* one does */
                {"reception=40:2026-12-14..2026-12-15", 0, 0}, /* back before it is too late */
                {"reception=40:2026-12-14..2026-12-25", 0.2, 0.5}}; /* six days of twenty */
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_model *m = office_model(cx, received_first, "work=fixed:6m,handling=fixed:1wh");
    m->classes[0].states[0].weight[1] = 0;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct sim_knobs k = {0};
        assert_int_equal(sim_absent_parse(cx, m, str_from(rows[i].absent), &k), RC_OK);
        struct sim_study s = played(cx, m, &k);
        assert_true(late(&s.today) == 0);
        if (late(&s.what_if) < rows[i].least || late(&s.what_if) > rows[i].most)
            fail_msg("%s: %f", rows[i].absent, late(&s.what_if));
    }
}

/* The applicant's own weeks before reception are nobody's neglect. */
static void applicants_time_is_theirs(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_model *m = office_model(cx, received_first,
                                       "work=fixed:6m,handling=fixed:1wh,waiting=fixed:300wh");
    const struct flow_state *work = flow_state_find(m->classes[0].pack->flow, STR("work"));
    struct sim_state *s = &m->classes[0].states[work->index];
    s->weight[0] = 1e-9; /* everybody is asked once; then there is one way */
    s->weight[1] = 100;
    struct sim_study st = played(cx, m, &(struct sim_knobs){0});
    assert_true(st.today.figure[SIM_LEAD50_CD].mean > 12);
    assert_true(late(&st.today) == 0);
}

/* -- silence -- */

#define SILENT_FORK(means)                                                                     \
    ACTS                                                                                       \
        "clocks: {legal: {budget: 30wd, start: work}}\n"                                       \
        "states:\n"                                                                            \
        "  work: {name: {vi: A, en: A}, status: 4, by: [specialist], on: {ask: {to: "          \
        "joint}}}\n"                                                                           \
        "  joint: {name: {vi: J, en: J}, status: 4, join: all, to: signing, fork: {\n"         \
        "    soil: {name: {vi: S, en: S}, unit: soil, by: [specialist], within: 1wd,\n"        \
        "      silence: " means "}}}\n"                                                        \
        "  signing: {name: {vi: K, en: K}, status: 4, by: [specialist], on: {\n"               \
        "    sign: {to: end, if: 'branch.soil != \"refuse\"', do: [receipt]},\n"               \
        "    more: {to: slow}}}\n"                                                             \
        "  slow: {name: {vi: L, en: L}, status: 4, by: [specialist], on: {done: {to: end}}}\n" \
        "  end: {name: {vi: E, en: E}, status: 10, end: true}\n"                               \
        "late: {at: [100%], do: [notify]}\n"

static double half_within(struct ctx *cx, const char *flow)
{
    struct sim_model *m =
        office_model(cx, flow, "work=fixed:6m,signing=fixed:6m,slow=fixed:75wh");
    const struct flow_state *s = flow_state_find(m->classes[0].pack->flow, STR("joint"));
    m->classes[0].states[s->index].answer[0] =
        (struct sim_time){.shape = SIM_FIXED, .a = 400.0 * HOUR_US}; /* nobody answers */
    struct sim_study st = played(cx, m, &(struct sim_knobs){0});
    return st.today.figure[SIM_LEAD50_WD].mean;
}

static void silence_means_what_it_says(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    assert_true(half_within(cx, SILENT_FORK("agree")) < 3);
    assert_true(half_within(cx, SILENT_FORK("refuse")) > 10); /* ten days more in `slow` */
}

/* -- what history says of those who were asked -- */

static void joint_answer(struct desk *k, struct dossier_ref *ref, const char *duty,
                         const char *branch, const char *outcome)
{
    struct ctx *cx = as(k, "");
    struct who *w = NULL;
    struct dossier *d = NULL;
    const struct unit *u = unit_with_duty(cx, commune(k), str_from(duty));
    assert_int_equal(office_officer(cx, u, STR("specialist"), &w), RC_OK);
    cx->who = w;
    struct answer a = {
        .branch = str_from(branch), .outcome = str_from(outcome), .comment = STR("Vì sao")};
    assert_int_equal(dossier_open(cx, ref->code, &d), RC_OK);
    assert_int_equal(dossier_answer(cx, d, &a, ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

/* Fire answers after one office hour, eight in ten agree; the environment never does. */
static void one_is_asked(struct desk *k, int i)
{
    struct dossier_ref ref = {0};
    struct form_errors errs = {0};
    k->now_us = day_start(day_make(2026, 6, 1) + 7 * i) + 8 * HOUR_US; /* Mondays */
    assert_int_equal(file_one(k, as(k, "an"), "{\"size\":\"small\"}", &ref, &errs), RC_OK);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &ref, "ask"), RC_OK);
    k->now_us += HOUR_US;
    joint_answer(k, &ref, "fire", "fire", i < 8 ? "agree" : "refuse");
    k->now_us = day_start(day_of(k->now_us) + 4) + HOUR_US; /* Friday: three days are over */
    struct ctx *cx = as(k, "");
    size_t done = 0;
    assert_int_equal(dossier_timers(cx, 50, &done), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static const struct sim_state *joint_state(const struct sim_model *m)
{
    return &m->classes[0]
                .states[flow_state_find(m->classes[0].pack->flow, STR("joint"))->index];
}

static bool assumed(const struct sim_model *m, const char *key, const char *value)
{
    JSON_EACH (m->assumptions, a)
        if (str_eq(json_str(a, "key"), str_from(key)) &&
            str_eq(json_str(a, "value"), str_from(value)))
            return true;
    return false;
}

static void history_teaches_answers(void **state)
{
    struct desk *k = desk_open_of(NULL, "joint");
    struct sim_model *m = NULL;
    for (int i = 0; i < 10; i++)
        one_is_asked(k, i);
    struct ctx *cx = as(k, "");
    assert_int_equal(sim_model_history(cx, commune(k), 365, &m), RC_OK);
    const struct sim_state *s = joint_state(m);
    assert_int_equal(s->answer[0].shape, SIM_SAMPLES);
    assert_int_equal(s->answer[0].n, 10);
    for (size_t i = 0; i < s->answer[0].n; i++)
        assert_true(s->answer[0].v[i] == (double)HOUR_US);
    assert_true(s->agree[0] > 0.79 && s->agree[0] < 0.81);
    assert_false(assumed(m, "answer_assumed", "Phòng cháy"));
    assert_true(assumed(m, "answer_assumed", "Đất đai")); /* was never asked */
    *state = k;
    desk_end(state);
}

static void few_answers_are_told(void **state)
{
    struct desk *k = desk_open_of(NULL, "joint");
    struct sim_model *m = NULL;
    for (int i = 0; i < 5; i++)
        one_is_asked(k, i);
    struct ctx *cx = as(k, "");
    assert_int_equal(sim_model_history(cx, commune(k), 365, &m), RC_OK);
    assert_int_equal(joint_state(m)->answer[0].shape, SIM_SAMPLES);
    assert_true(assumed(m, "answer_of_all_units", "Phòng cháy"));
    *state = k;
    desk_end(state);
}

/* -- nothing to play -- */

static void nothing_to_play(void **state)
{
    struct desk *k = desk_open(NULL);
    struct ctx *cx = as(k, "");
    struct sim_model *m = NULL;
    assert_int_equal(sim_model_history(cx, commune(k), 365, &m), RC_NOT_FOUND);
    assert_true(strstr(cx->err.detail, "no dossiers to learn from") != NULL);
    ctx_clear(cx);
    struct pack no_flow = {.id = STR("figures-only")};
    assert_int_equal(sim_model_plain(cx, &no_flow, 3, &m), RC_INVALID);
    assert_true(strstr(cx->err.detail, "figures-only has no flow") != NULL);
    *state = k;
    desk_end(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(holidays_move_due_dates),          UNIT(closed_days),
        UNIT(whom_nobody_receives_is_late),     UNIT(applicants_time_is_theirs),
        UNIT(silence_means_what_it_says),       cmocka_unit_test(history_teaches_answers),
        cmocka_unit_test(few_answers_are_told), cmocka_unit_test(nothing_to_play),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
