/* test_scenario.c - the scenarios of the packs we ship, and how the runner tells a failure. */
#include "unit/harness.h"

#include "casework/casework.h"
#include "measure/measure.h"
#include "identity/identity.h"
#include "scenario/scenario_priv.h"

static const struct ledger_subscriber *const subs[] = {
    &unit_subscriber, &identity_subscriber, &casework_subscriber, &measure_subscriber, NULL};

static struct scenario_report pack_run(void **state, const char *id, FILE *out)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct pack_files *files = NULL;
    struct scenario_report r = {0};
    log_level_set(LOG_WARN);
    assert_int_equal(crypt_start(cx), RC_OK);
    assert_int_equal(pack_files_embedded(cx, str_from(id), &files), RC_OK);
    assert_int_equal(scenario_run_all(cx, files, subs, out, &r), RC_OK);
    return r;
}

static void packs_pass(void **state)
{
    static const char *const ids[] = {"birth-registration", "petition", "household-business"};
    for (size_t i = 0; i < ROWS(ids); i++) {
        struct scenario_report r = pack_run(state, ids[i], stderr);
        assert_true(r.passed > 0);
        assert_int_equal(r.failed, 0);
    }
}

/* -- parsing -- */

static void parses(void **state)
{
    static const struct {
        const char *text;
        enum rc rc;
        const char *detail;
    } rows[] = {
        {"case: a\nclock 2026-08-27T10:00\n", RC_OK, ""},
        {"# only words\n\n", RC_OK, ""},
        {"answers full\n  a = 1\ncase: b\nsubmit at commune with full\n  a = 2 # two\n", RC_OK,
         ""},
        {"clock 2026-08-27T10:00\n", RC_MALFORMED, "line 1: a command outside a case"},
        {"answers full\n  a = 1\nact x\n", RC_MALFORMED, "line 3: a command outside a case"},
        {"case:\n", RC_MALFORMED, "line 1: a name is missing"},
        {"case: a\nsubmit\n  no value\n", RC_MALFORMED, "line 3: write: name = value"},
        {"  a = 1\n", RC_MALFORMED, "line 1: an answer without a command above it"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct case_file f;
        assert_int_equal(case_parse(cx, STR("x.case"), str_from(rows[i].text), &f), rows[i].rc);
        assert_string_equal(cx->err.detail, rows[i].detail);
    }
}

static void parts(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct case_file f;
    struct str text = STR("case: một\n"
                          "expect state waiting  status 5   # words\n"
                          "act refuse  reason = thiếu -> refused INVALID law\n"
                          "  file lease = pdf\n");
    assert_int_equal(case_parse(cx, STR("x.case"), text, &f), RC_OK);
    const struct case_step *s = f.cases->steps;
    assert_int_equal(f.cases->nsteps, 2);
    assert_int_equal(s[0].nparts, 2);
    assert_str(s[0].parts[1], "status 5");
    assert_str(s[1].parts[1], "reason = thiếu");
    assert_str(s[1].refused, "INVALID");
    assert_str(s[1].field, "law");
    assert_int_equal(s[1].fields.n, 1);
    assert_true(s[1].fields.v[0].is_file);
}

static void merges(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct case_field a[] = {{STR("x"), STR("1"), false, 1},
                             {STR("y"), STR("2"), false, 2},
                             {STR("x"), STR("pdf"), true, 3}};
    struct case_field b[] = {{STR("x"), STR(""), false, 4}, {STR("z"), STR("3"), false, 5}};
    struct case_fields out =
        case_fields_merge(cx, &(struct case_fields){a, 3}, &(struct case_fields){b, 2});
    assert_int_equal(out.n, 3);
    assert_str(out.v[0].name, "y");
    assert_true(out.v[1].is_file);
    assert_str(out.v[2].name, "z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(parses), UNIT(parts), UNIT(merges),
                                       UNIT(packs_pass)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
