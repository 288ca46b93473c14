/* test_scenario_joint.c - a pack with everything a flow can say of other units plays its cases,
 * and after each of them the tables are still the fold of the events. */
#include "unit/harness.h"

#include "measure/measure.h"
#include "ops/rebuild.h"
#include "scenario/scenario_priv.h"

#include <string.h>

static const struct ledger_subscriber *const subs[] = {
    &unit_subscriber, &identity_subscriber, &casework_subscriber, &measure_subscriber, NULL};

static struct pack_files *joint_files(struct ctx *cx)
{
    struct pack_files *f = NULL;
    const char *slash = strrchr(__FILE__, '/');
    struct str dir = str_fmt(cx->mem, "%.*s/../packs/joint", (int)(slash - __FILE__), __FILE__);
    assert_int_equal(pack_files_read(cx, dir, &f), RC_OK);
    return f;
}

static void plays(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct scenario_report report = {0};
    log_level_set(LOG_WARN);
    assert_int_equal(crypt_start(cx), RC_OK);
    assert_int_equal(scenario_run_all(cx, joint_files(cx), subs, stderr, &report), RC_OK);
    assert_int_equal(report.failed, 0);
    assert_true(report.passed >= 15);
}

static void say(void *arg, struct str text)
{
    print_error("%.*s\n", STR_ARG(text));
}

static void rebuilt_equal(struct ctx *cx, const struct office *o)
{
    struct rebuild_report report = {0};
    struct rebuild_plan plan = {
        .subs = subs, .scratch = str_join(cx->mem, o->dir, STR("/again")), .say = say};
    cx->who = NULL;
    assert_int_equal(rebuild_check(cx, &plan, &report), RC_OK);
    assert_int_equal(report.differences, 0);
    assert_true(report.rows > 0);
}

static void case_rebuilds(struct ctx *outer, const struct pack_files *files,
                          const struct case_file *f, const struct case_block *b)
{
    struct arena *process = arena_new(CASE_MEMORY), *mem = arena_new(CASE_MEMORY);
    struct ctx *cx = ctx_new(mem, NULL);
    struct play p = {.file = f, .mem = process, .is_nobody = true};
    p.now_us = day_start(day_make(2026, 8, 24)) + 9 * HOUR_US;
    p.office.app.mem = process;
    assert_int_equal(office_open(cx, files, subs, p.now_us, &p.office), RC_OK);
    for (size_t i = 0; i < b->nsteps; i++)
        if (step_run(&p, &b->steps[i]) != RC_OK)
            fail_msg("line %d: %.*s", b->steps[i].line, STR_ARG(p.said));
    rebuilt_equal(cx, &p.office);
    arena_free(mem);
    office_close(&p.office);
    arena_free(process);
}

/* Silence, undoing with figures and files, delegation: the cases that write the most. */
static void rebuilds(void **state)
{
    static const char *const names[] = {"silence agrees", "taken back in time", "a result that",
                                        "signature delegated"};
    struct ctx *cx = ctx_new(*state, NULL);
    struct pack_files *files = joint_files(cx);
    struct case_file f;
    size_t done = 0;
    assert_int_equal(
        case_parse(cx, STR("tests/main.case"), pack_file(files, STR("tests/main.case")), &f),
        RC_OK);
    for (const struct case_block *b = f.cases; b; b = b->next)
        for (size_t i = 0; i < ROWS(names); i++)
            if (str_starts(b->name, str_from(names[i]))) {
                case_rebuilds(cx, files, &f, b);
                done++;
            }
    assert_int_equal(done, ROWS(names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(plays), UNIT(rebuilds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
