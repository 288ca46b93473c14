/* test_scenario.c - reading scenarios, and how the runner tells what does not hold. */
#include "unit/harness.h"

#include "casework/casework.h"
#include "measure/measure.h"
#include "pack/pack_priv.h"
#include "identity/identity.h"
#include "scenario/scenario_priv.h"
#include "work/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ledger_subscriber *const subs[] = {
    &unit_subscriber,    &identity_subscriber, &casework_subscriber,
    &measure_subscriber, &work_subscriber,     NULL};

/* -- what the runner says -- */

static struct str packs_dir(struct arena *mem, const char *below)
{
    const char *slash = strrchr(__FILE__, '/');
    return str_fmt(mem, "%.*s/../packs/%s", (int)(slash - __FILE__), __FILE__, below);
}

/* The pack of that folder with this text as its only scenarios; what was printed. */
static struct str played(struct ctx *cx, const char *pack, const char *text,
                         struct scenario_report *r)
{
    struct pack_files *files = NULL;
    char *out = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&out, &n);
    log_level_set(LOG_ERROR);
    assert_int_equal(crypt_start(cx), RC_OK);
    assert_int_equal(pack_files_read(cx, packs_dir(cx->mem, pack), &files), RC_OK);
    for (size_t i = 0; i < files->n; i++)
        if (str_ends(files->v[i].name, STR(".case")))
            files->v[i].data = str_from(text);
    assert_int_equal(scenario_run_all(cx, files, subs, to, r), RC_OK);
    fclose(to);
    struct str said = str_dup(cx->mem, str_n(out, n));
    free(out);
    return said;
}

#define FILED                                                                                  \
    "case: x\nclock 2026-08-27T10:00\nas citizen an\nsubmit at commune\n"                      \
    "  size = small\n  place = ấp Mẫu\n"

/* A line that does not hold is told with its number, what was wanted and what was. */
static const struct {
    const char *lines; /* behind FILED: the first is line 7 */
    int line;
    const char *said;
} fails[] = {
    {"expect state waiting", 7, "expected state waiting, was submitted"},
    {"expect state submitted  status 4", 7, "expected status 4, was 1"},
    {"expect due 2026-08-28", 7, "expected due 2026-08-28, was none"},
    {"expect late yes", 7, "expected late yes, was no"},
    {"expect days 3", 7, "expected days left 3, was 0"},
    {"expect code H07", 7, "expected code H07, was none"},
    {"expect receipt proven", 7, "expected receipt proven, was none"},
    {"expect notices 7", 7, "expected notices 7, was 1"},
    {"expect public yes", 7, "expected public yes, was no"},
    {"expect rating 3", 7, "expected rating 3, was 0"},
    {"expect figure received = 7", 7, "expected figure 7, was 1"},
    {"expect figure on_time = 100", 7, "expected figure 100, was none"},
    {"expect figure received", 7, "write: expect figure NAME = NUMBER"},
    {"expect figure recieved = 1", 7, "no figure recieved"},
    {"expect mood good", 7, "nothing is known of \"mood\""},
    {"expect", 7, "nothing is known of \"\""},
    {"limit queries 0", 7, "expected queries at most 0, was "},
    {"limit writes 0", 7, "expected writes at most 0, was "},
    {"limit arena 1k", 7, "expected arena at most 1k, was "},
    {"limit arena 256", 7, "expected arena at most 256, was "},
    {"limit queries few", 7, "expected queries at most few, was "},
    {"clock yesterday", 7, "clock: write 2026-08-27T10:00 or +1wd 09:00"},
    {"clock", 7, "clock: write"},
    {"clock +1xd", 7, "clock: write"},
    {"clock +1wd 24:00", 7, "clock: write"},
    {"clock +1wd 09:60", 7, "clock: write"},
    {"clock +1wd nine", 7, "clock: write"},
    {"clock 2026-08-27T09:59", 7, "clock: time does not go back"},
    {"clock +0wd 09:00", 7, "clock: time does not go back"},
    {"as robot", 7, "as: write citizen NAME"},
    {"as citizen", 7, "as: who?"},
    {"submit near commune", 7, "submit: write submit at UNIT with ANSWERS"},
    {"submit at", 7, "submit: write submit at UNIT with ANSWERS"},
    {"submit at commune with none", 7, "no answers named none"},
    {"submit at moon", 7, "no unit moon"},
    {"rate high", 7, "rate: write rate 1, 2 or 3"},
    {"dance", 7, "no command dance"},
    {"act accept", 7, "refused FORBIDDEN"},
    {"act withdraw -> refused FORBIDDEN", 7,
     "expected refused FORBIDDEN , but it was accepted"},
    {"act accept -> refused STATE", 7, "expected refused STATE , was FORBIDDEN"},
    {"submit at commune -> refused INVALID place\n  place = ấp Mẫu", 7,
     "expected refused INVALID place, was INVALID size"},
    {"as citizen duy\nact withdraw", 8, "refused NOT_FOUND citizen"},
    {"as officer king\nact accept", 8, "refused NOT_FOUND role"},
    {"as officer reception at moon\nact accept", 8, "refused NOT_FOUND role"},
    {"as nobody\nrate 3", 8, "refused NOT_FOUND"},
    {"rate 9 -> refused STATE words", 7, "expected refused STATE words, was STATE score"},
};

static void runner_tells(void **state)
{
    for (size_t i = 0; i < ROWS(fails); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct scenario_report r = {0};
        struct str text = str_fmt(cx->mem, FILED "%s\n", fails[i].lines);
        struct str want =
            str_fmt(cx->mem, "FAIL x\ntests/main.case:%d: %s", fails[i].line, fails[i].said);
        struct str said = played(cx, "good", str_z(cx->mem, text), &r);
        if (!str_starts(said, want) || r.passed != 0 || r.failed != 1)
            fail_msg("%s: %.*s", fails[i].lines, STR_ARG(said));
    }
}

/* What holds, among it the ways of writing that are easily got wrong. */
static void runner_passes(void **state)
{
    static const char *const rows[] = {
        "expect state submitted  status 1  due none  late no  code none",
        "limit queries 200 writes 100 arena 4096k",
        "clock +0cd\nclock +1cd 00:00\nexpect late no",
        "clock 2026-08-27T10:00",
        "act accept -> refused FORBIDDEN   # words behind it",
        "as officer reception at commune\nact accept\nexpect due 2026-09-03  days 3",
        "as officer reception at H07.21.01\nact accept\nexpect receipt proven",
        "submit at commune -> refused INVALID\n  size = huge",
        "as nobody\nsubmit at commune -> refused LOGIN_REQUIRED",
        "act withdraw\r\nexpect state withdrawn\r",
        "expect figure open = 1\nact withdraw\nexpect figure open = 0",
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct scenario_report r = {0};
        struct str text = str_fmt(cx->mem, FILED "%s\n", rows[i]);
        struct str said = played(cx, "good", str_z(cx->mem, text), &r);
        if (!str_eq(said, STR("ok   x\n")) || r.passed != 1 || r.failed != 0)
            fail_msg("%s: %.*s", rows[i], STR_ARG(said));
    }
}

/* A failure ends its scenario, not the file; a file that cannot be read is one failure. */
static void runner_goes_on(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct scenario_report r = {0};
    struct str said = played(cx, "good", "case: one\nexpect state x\nact y\ncase: two\n", &r);
    assert_str(said, "FAIL one\ntests/main.case:2: nothing was submitted yet\nok   two\n");
    assert_int_equal(r.passed, 1);
    assert_int_equal(r.failed, 1);
    said = played(cx, "good", "clock 2026-08-27T10:00\n", &r);
    assert_str(said, "FAIL tests/main.case: line 1: a command outside a case\n");
    assert_int_equal(r.passed, 0);
    assert_int_equal(r.failed, 1);
    said = played(cx, "bad-no-retention", "case: one\n", &r);
    assert_true(str_starts(said, STR("tests/main.case:1: no office: PACK")));
    assert_int_equal(r.failed, 1);
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

/* A line has 24 parts at most, a file 20,000 lines. */
static void bounds(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct case_file f;
    struct buf *b = buf_new(cx->mem, 1 << 20);
    for (int n = CASE_PARTS_MAX; n <= CASE_PARTS_MAX + 1; n++) {
        struct buf *line = buf_new(cx->mem, 4096);
        buf_put(line, STR("case: a\nexpect"));
        for (int i = 1; i < n; i++)
            buf_fmt(line, "  late no%d", i);
        assert_int_equal(case_parse(cx, STR("x"), buf_str(line), &f),
                         n > CASE_PARTS_MAX ? RC_MALFORMED : RC_OK);
    }
    assert_string_equal(cx->err.detail, "line 2: too long");
    ctx_clear(cx);
    for (int i = 1; i < CASE_LINES_MAX; i++)
        buf_put(b, STR("#\n"));
    assert_int_equal(case_parse(cx, STR("x"), buf_str(b), &f), RC_OK);
    buf_put(b, STR("#\n"));
    assert_int_equal(case_parse(cx, STR("x"), buf_str(b), &f), RC_MALFORMED);
}

/* The sound packs of the tests, with their own scenarios. */
static void packs_pass(void **state)
{
    static const struct {
        const char *pack;
        size_t cases;
    } rows[] = {{"questions", 5}, {"late", 0}, {"joint", 0}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct scenario_report r = {0};
        struct pack_files *files = NULL;
        FILE *to = fopen("/dev/null", "w");
        assert_int_equal(crypt_start(cx), RC_OK);
        assert_int_equal(pack_files_read(cx, packs_dir(cx->mem, rows[i].pack), &files), RC_OK);
        assert_int_equal(scenario_run_all(cx, files, subs, to, &r), RC_OK);
        fclose(to);
        assert_int_equal(r.failed, 0);
        assert_true(r.passed >= 1 && (!rows[i].cases || (size_t)r.passed == rows[i].cases));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(runner_tells), UNIT(runner_passes), UNIT(runner_goes_on), UNIT(parses),
        UNIT(parts),        UNIT(merges),        UNIT(bounds),         UNIT(packs_pass)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
