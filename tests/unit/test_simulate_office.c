/* test_simulate_office.c - offices at their edges: nobody, nothing, forks, timers, absences; and
 * options as people write them. */
#include "unit/simulate_help.h"

#include <math.h>

#include "simulate/forecast.h"

static const char forked[] = ACTS
    "clocks: {legal: {budget: 10wd, start: work}}\n"
    "states:\n"
    "  work: {name: {vi: A, en: A}, status: 4, by: [specialist], on: {\n"
    "    ask: {to: joint}, more: {to: waiting, need: [reason, items]}}}\n"
    "  waiting: {name: {vi: W, en: W}, status: 5, by: [applicant], pause: [legal], at_most: "
    "1,\n"
    "    on: {again: {to: work}}, after: {10cd: lapsed}}\n"
    "  joint: {name: {vi: J, en: J}, status: 4, join: all, to: signing, fork: {\n"
    "    fire: {name: {vi: F, en: F}, unit: fire, by: [specialist], within: 3wd, silence: "
    "agree},\n"
    "    soil: {name: {vi: S, en: S}, unit: soil, by: [specialist], within: 3wd,\n"
    "      silence: refuse}}}\n"
    "  signing: {name: {vi: K, en: K}, status: 4, by: [specialist], not_by: [work], on: {\n"
    "    sign: {to: end, do: [receipt]}}}\n"
    "  lapsed: {name: {vi: L, en: L}, status: 8, end: true}\n"
    "  end: {name: {vi: E, en: E}, status: 10, end: true}\n"
    "late: {at: [100%], do: [notify]}\n";

/* -- M/D/1: half of the waiting of M/M/1 -- */

static void md1(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_plan p = plan_of(100, 10);
    struct sim_model *m = queue_model(cx, one_desk, 1.6, 1, "work=fixed:30m");
    struct sim_study s = study_of(cx, m, &p);
    const struct sim_figure *lq = &s.today.figure[SIM_WAITING];
    double theory = 0.8 * 0.8 / (2 * (1 - 0.8));
    assert_true(fabs(lq->mean - theory) <= lq->half);
    assert_true(lq->half < 0.15 * theory);
}

/* -- edges -- */

static struct sim_plan short_plan(void)
{
    struct sim_plan p = plan_of(30, 3);
    p.drain = 20;
    return p;
}

static void nobody_comes(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_plan p = short_plan();
    struct sim_study s = study_of(cx, queue_model(cx, one_desk, 0, 1, NULL), &p);
    assert_int_equal(s.today.dossiers, 0);
    for (unsigned i = 0; i < SIM_MEASURES; i++)
        assert_true(s.today.figure[i].mean == 0 && s.today.figure[i].half == 0);
}

static void nobody_works(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_plan p = short_plan();
    struct sim_model *m = queue_model(cx, one_desk, 1, 0, NULL);
    struct sim_study s = study_of(cx, m, &p);
    assert_true(s.today.dossiers > 1500);
    assert_true(s.today.figure[SIM_LEAD50_WD].is_least);
    assert_true(s.today.figure[SIM_LATE].mean == 1); /* three days, and nobody for weeks */
    assert_true(s.today.figure[SIM_BUSY + ROLE_specialist].mean == 0);
    assert_true(s.today.figure[SIM_BACKLOG_END].mean > 1000);
    p.live_max = 100; /* above the ceiling they are turned away, and that is told */
    s = study_of(cx, m, &p);
    assert_true(s.today.turned_away > 1000);
    assert_true(s.today.figure[SIM_BACKLOG_END].mean == 100);
}

static void everything_late(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_plan p = short_plan();
    struct sim_study s =
        study_of(cx, queue_model(cx, one_desk, 0.05, 50, "work=fixed:200wh"), &p);
    assert_true(s.today.figure[SIM_LATE].mean == 1);
    s = study_of(cx, queue_model(cx, one_desk, 0.05, 50, "work=fixed:30m"), &p);
    assert_true(s.today.figure[SIM_LATE].mean == 0);
}

static void same_seed_same_figures(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_plan p = short_plan();
    struct sim_model *m = queue_model(cx, one_desk, 2, 2, "work=lognormal:30m/1wh");
    struct sim_study a = study_of(cx, m, &p), b = study_of(cx, m, &p);
    for (unsigned i = 0; i < SIM_MEASURES; i++)
        assert_true(a.today.figure[i].mean == b.today.figure[i].mean);
    p.seed++;
    b = study_of(cx, m, &p);
    assert_true(a.today.figure[SIM_WAITING].mean != b.today.figure[SIM_WAITING].mean);
}

/* -- forks, timers, who must not sign -- */

static struct sim_study what_if(struct ctx *cx, const struct sim_model *m,
                                const struct sim_knobs *today, const struct sim_knobs *k)
{
    struct sim_plan p = short_plan();
    struct sim_study s = {0};
    if (sim_study_run(cx, m, today, k, &p, &s) != RC_OK)
        fail_msg("%s", cx->err.detail);
    assert_true(s.today.little <= 1e-9 && s.what_if.little <= 1e-9);
    return s;
}

static void forks(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_model *m = queue_model(cx, forked, 0.2, 3, "work=fixed:30m,signing=fixed:30m");
    struct sim_knobs serial = {.is_serial = true}, parallel = {0};
    struct sim_study s = what_if(cx, m, &serial, &parallel);
    /* asked one after the other takes longer than both at once */
    assert_true(s.diff[SIM_LEAD50_CD].mean + s.diff[SIM_LEAD50_CD].half < 0);
    assert_int_equal(s.today.stuck, 0);
    assert_int_equal(m->noffices, 3);
}

/* A single officer may not sign what she examined: it stays, and the books still balance. */
static void nobody_else_signs(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_knobs none = {0};
    struct sim_model *m = queue_model(cx, forked, 0.2, 1, "work=fixed:30m,signing=fixed:30m");
    struct sim_study s = what_if(cx, m, NULL, &none);
    assert_true(s.today.figure[SIM_LEAD50_WD].is_least);
}

static void knobs_turn(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_model *m = queue_model(cx, one_desk, 1.8, 1, "work=exp:30m");
    struct sim_knobs more = {0}, away = {0}, surge = {0}, none = {0};
    assert_int_equal(sim_staff_parse(cx, m, STR("specialist=2"), &more), RC_OK);
    assert_int_equal(sim_absent_parse(cx, m, STR("specialist=1:2026-12-14..2026-12-16"), &away),
                     RC_OK);
    assert_int_equal(sim_surge_parse(cx, STR("50%:2026-12-14..2027-01-10"), &surge), RC_OK);
    struct sim_study s = what_if(cx, m, NULL, &none);
    assert_true(s.diff[SIM_WAITING].mean == 0 && s.diff[SIM_WAITING].half == 0);
    assert_true(what_if(cx, m, NULL, &more).diff[SIM_WAITING].mean < 0);
    assert_true(what_if(cx, m, NULL, &away).diff[SIM_WAITING].mean > 0);
    s = what_if(cx, m, NULL, &surge);
    assert_true(s.diff[SIM_ARRIVED].mean > 0 && s.diff[SIM_WAITING].mean > 0);
}

/* -- what is refused -- */

static void plans_refused(void **state)
{
    static const struct {
        int32_t days, warm;
        int seeds;
        int64_t steps;
        enum rc rc;
    } rows[] = {{0, 0, 1, 0, RC_INVALID},    {SIM_DAYS_MAX + 1, 0, 1, 0, RC_INVALID},
                {10, -1, 1, 0, RC_INVALID},  {10, 0, 0, 0, RC_INVALID},
                {10, 0, 101, 0, RC_INVALID}, {10, 0, 2, 10, RC_OVERLOADED},
                {10, 0, 1, 0, RC_OK}};
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_model *m = queue_model(cx, one_desk, 1, 1, NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct sim_plan p = plan_of(rows[i].days, rows[i].seeds);
        struct sim_study s;
        p.warm = rows[i].warm;
        p.steps_max = rows[i].steps;
        assert_int_equal(sim_study_run(cx, m, NULL, NULL, &p, &s), rows[i].rc);
        ctx_clear(cx);
    }
}

static void times_spelled(void **state)
{
    static const struct {
        const char *text, *back; /* NULL: refused */
    } rows[] = {{"exp:2wh", "exp:2wh"},
                {"fixed:30m", "fixed:30m"},
                {"fixed:1.5wh", "fixed:1.5wh"},
                {"lognormal:2wh/3wd", "lognormal:2wh/3wd"},
                {"triangular:1wh/2wh/4wd", "triangular:1wh/2wh/4wd"},
                {"exp:", NULL},
                {"exp", NULL},
                {"", NULL},
                {"exp:2", NULL},
                {"exp:-2wh", NULL},
                {"exp:2wh/3wh", NULL},
                {"exp:wh", NULL},
                {"exp:1.wh", NULL},
                {"lognormal:2wh", NULL},
                {"lognormal:2wh/1wh", NULL},
                {"triangular:3wh/2wh/8wh", NULL},
                {"normal:2wh/3wh", NULL},
                {"samples:3", NULL},
                {"exp:9999999999wh", NULL}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct sim_time t;
        bool ok = sim_time_parse(str_from(rows[i].text), &t);
        assert_int_equal(ok, rows[i].back != NULL);
        if (ok)
            assert_str(sim_time_print(*state, &t), rows[i].back);
    }
}

static void knobs_spelled(void **state)
{
    static const struct {
        char what;
        const char *text;
        bool ok;
    } rows[] = {
        {'s', "specialist=2", true},
        {'s', "specialist=2,leader=1", true},
        {'s', "fire.specialist=3", true},
        {'s', "water.specialist=3", false},
        {'s', "specialist", false},
        {'s', "specialist=", false},
        {'s', "specialist=-1", false},
        {'s', "specialist=101", false},
        {'s', "king=1", false},
        {'s', "", false},
        {'a', "specialist=1:2026-12-01..2026-12-31", true},
        {'a', "specialist=1:2026-12-01", true},
        {'a', "specialist=1:2026-12-31..2026-12-01", false},
        {'a', "specialist=1:2026-12-01..", false},
        {'a', "specialist=1:2026-12-01.2026-12-02", false},
        {'a', "specialist=1", false},
        {'u', "30%:2026-12-01..2026-12-31", true},
        {'u', "-100%:2026-12-01", true},
        {'u', "-101%:2026-12-01", false},
        {'u', "2000%:2026-12-01", false},
        {'u', "30:2026-12-01", false},
        {'u', "30%", false},
        {'h', "2026-12-31", true},
        {'h', "2026-12-31,2027-01-04", true},
        {'h', "2026-02-30", false},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    struct sim_model *m = queue_model(cx, forked, 1, 1, NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct sim_knobs k = {0};
        struct str s = str_from(rows[i].text);
        enum rc rc = rows[i].what == 's'   ? sim_staff_parse(cx, m, s, &k)
                     : rows[i].what == 'a' ? sim_absent_parse(cx, m, s, &k)
                     : rows[i].what == 'u' ? sim_surge_parse(cx, s, &k)
                                           : sim_holiday_parse(cx, s, &k);
        if ((rc == RC_OK) != rows[i].ok)
            fail_msg("%s", rows[i].text);
        assert_true(rc == RC_OK || rc == RC_INVALID);
        ctx_clear(cx);
    }
    assert_int_equal(sim_service_parse(cx, m, STR("nowhere=exp:1wh")), RC_NOT_FOUND);
    ctx_clear(cx);
    assert_int_equal(sim_service_parse(cx, m, STR("work=soon")), RC_INVALID);
}

/* Nothing learnt: nothing is said, but what is late is late. */
static void forecast_knows_nothing(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    const struct pack *p = pack_of_flow(cx, one_desk);
    struct dossier d = {.pack = p, .state = p->flow->start, .finished_us = TIME_NONE};
    struct forecast f;
    assert_int_equal(forecast_of(cx, &d, &f), RC_OK);
    assert_false(f.is_known);
    assert_int_equal(f.day, INT32_MIN);
    d.is_late = true;
    assert_int_equal(forecast_of(cx, &d, &f), RC_OK);
    assert_true(f.is_known && f.likely_late == 100);
    d.finished_us = 0;
    assert_int_equal(forecast_of(cx, &d, &f), RC_OK);
    assert_false(f.is_known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(md1),
        UNIT(nobody_comes),
        UNIT(nobody_works),
        UNIT(everything_late),
        UNIT(same_seed_same_figures),
        UNIT(forks),
        UNIT(nobody_else_signs),
        UNIT(knobs_turn),
        UNIT(plans_refused),
        UNIT(times_spelled),
        UNIT(knobs_spelled),
        UNIT(forecast_knows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
