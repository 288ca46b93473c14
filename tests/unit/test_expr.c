/* test_expr.c - expressions: what they give, and what is refused with its column. */
#include "expr_help.h"

#include "expr/pattern.h"

static struct expr_scope *scope_make(struct arena *mem)
{
    static const struct named rows[] = {
        {"age_now", T_INT},
        {"name", T_STR},
        {"known", T_BOOL},
        {"unknown", T_BOOL},
        {"born", T_DATE},
        {"empty", T_DATE},
        {"father.name", T_STR},
        {"father.born", T_DATE},
        {"kids[].name", T_STR},
        {"kids[].born", T_DATE},
        {"tags[]", T_STR},
        {"act", T_ANY},
        {"father.home.street", T_STR},
        {"none[].x", T_INT},
    };
    return scope_of(mem, rows, ROWS(rows));
}

static const char vars_text[] =
    "{\"age_now\":30,\"name\":\"Nguyễn An\",\"known\":true,\"born\":\"2000-02-29\","
    "\"father\":{\"name\":\"Trần Bình\",\"born\":\"1970-05-01\"},"
    "\"kids\":[{\"name\":\"An\",\"born\":\"2020-01-02\"},{\"name\":\"Bé\"}],"
    "\"tags\":[\"a\",\"b\"],\"act\":{\"reason\":\"x\",\"n\":3}}";

static struct ctx *begin(void **state, struct json **vars)
{
    return ctx_with(state, "2026-03-01T08:00:00+07:00", vars_text, vars);
}

static void values(void **state)
{
    static const struct {
        const char *src, *want;
    } rows[] = {
        {"1 + 2 * 3", "7"},
        {"(1 + 2) * 3", "9"},
        {"10 - 3 - 2", "5"},
        {"-age_now + 1", "-29"},
        {"9223372036854775807 + 1", "null"},
        {"-(9223372036854775807) - 2", "null"},
        {"age_now >= 18 && known", "true"},
        {"!known || age_now < 18", "false"},
        {"name == \"Nguyễn An\"", "true"},
        {"name + '!'", "\"Nguyễn An!\""},
        {"name != 'x'", "true"},
        {"size(name)", "9"},
        {"size(kids)", "2"},
        {"size(empty == null ? [1, 2, 3] : [])", "3"},
        {"father.name.startsWith('Trần')", "true"},
        {"father.name.endsWith('x')", "false"},
        {"father.name.contains('n B')", "true"},
        {"name.matches('^[[:alpha:] ]{2,100}$')", "true"},
        {"name.matches('^[a-z]+$')", "false"},
        {"'a.b'.matches('^a\\\\.b$')", "true"},
        {"known ? 'y' : 'n'", "\"y\""},
        {"unknown ? 'y' : 'n'", "\"n\""},
        {"known ? unknown ? 1 : 2 : 3", "2"},
        {"'a' in tags", "true"},
        {"'c' in tags", "false"},
        {"age_now in [1, 30]", "true"},
        {"kids.exists(k, k.name == 'An')", "true"},
        {"kids.all(k, k.name == 'An')", "false"},
        {"kids.filter(k, k.born != null)", "[{\"name\":\"An\",\"born\":\"2020-01-02\"}]"},
        {"size(kids.filter(k, k.name == 'Bé'))", "1"},
        {"kids.all(k, kids.exists(l, l.name == k.name))", "true"},
        {"tags == ['a', 'b']", "true"},
        {"tags == ['a']", "false"},
        {"born < today", "true"},
        {"today", "\"2026-03-01\""},
        {"today - 1cd", "\"2026-02-28\""},
        {"born + 60cd", "\"2000-04-29\""},
        {"born == date('2000-02-29')", "true"},
        {"age(born)", "26"},
        {"age(father.born)", "55"},
        {"days(born, date('2000-03-01'))", "1"},
        {"3wd", "\"3wd\""},
        {"2cd < 3cd", "true"},
        {"has(father.name) && !has(father.home)", "true"},
        {"has(empty)", "false"},
        {"act.reason == 'x' && act.n > 2", "true"},
        {"act.missing.more == null", "true"},
        /* null: == and != compare, && and || may be decided without it, the rest is null */
        {"empty == null", "true"},
        {"empty != null", "false"},
        {"born != null", "true"},
        {"empty < today", "null"},
        {"!(empty < today)", "null"},
        {"unknown && known", "null"},
        {"unknown && false", "false"},
        {"unknown || true", "true"},
        {"none.all(n, n.x > 1)", "null"},
        {"kids.all(k, k.born < today)", "null"},
        {"size(father.home.street)", "null"},
        {"empty + 1cd", "null"},
        {"today + 99999999999cd", "null"},
    };
    struct json *vars;
    struct ctx *cx = begin(state, &vars);
    const struct expr_scope *scope = scope_make(*state);
    for (size_t i = 0; i < ROWS(rows); i++)
        gives(cx, scope, vars, rows[i].src, rows[i].want);
}

static void refusals(void **state)
{
    static const struct {
        const char *src;
        enum expr_type want;
        const char *detail;
    } rows[] = {
        {"", T_ANY, "column 1: a value is missing at the end"},
        {"nam == 'x'", T_ANY, "column 1: nothing is called nam"},
        {"known && chlid", T_ANY, "column 10: nothing is called chlid"},
        {"father.nme == 'x'", T_ANY, "column 8: there is no field nme in father"},
        {"father.home.town", T_ANY, "column 13: there is no field town in father.home"},
        {"name.first", T_ANY, "column 6: a text has no field first"},
        {"kids.name", T_ANY, "column 6: a list has no field name"},
        {"kids.all(k, k.nme == 'x')", T_ANY, "column 15: there is no field nme in kids[]"},
        {"kids.all(k, j.name == 'x')", T_ANY, "column 13: nothing is called j"},
        {"kids.all(kids)", T_ANY, "column 14: , is missing"},
        {"kids.all(3, true)", T_ANY, "column 10: a name for each item"},
        {"kids.all(k, k.name)", T_ANY, "column 15: a boolean is needed here, this is a text"},
        {"name.all(k, true)", T_ANY, "column 1: a list is needed"},
        {"name == 3", T_ANY, "column 6: a text and a number cannot be compared"},
        {"born == '2000-01-01'", T_ANY, "cannot be compared; write a date as date("},
        {"born < '2000-01-01'", T_ANY, "column 6: a date and a text"},
        {"name < 'b'", T_ANY, "column 6: values of type text have no order"},
        {"'é' < 3", T_ANY, "column 5: a text and a number"},
        {"age_now && known", T_ANY, "column 1: a boolean is needed here, this is a number"},
        {"!name", T_ANY, "column 2: a boolean is needed"},
        {"-name", T_ANY, "column 2: a number is needed"},
        {"known + 1", T_ANY, "column 7: a boolean cannot stand in a sum"},
        {"1 + 'a'", T_ANY, "column 5: a number is needed here, this is a text"},
        {"'a' - 'b'", T_ANY, "column 5: a text cannot stand in a sum"},
        {"born + 5wh", T_ANY, "column 8: a day has no hours; add wd or cd to a date"},
        {"born + 5", T_ANY, "column 8: a duration is needed"},
        {"today + born", T_ANY, "column 9: a duration is needed"},
        {"age(name)", T_ANY, "column 5: a date is needed here, this is a text; write a date"},
        {"date('2026-02-30')", T_ANY, "column 6: 2026-02-30 is not a day"},
        {"date(3)", T_ANY, "column 6: a text is needed"},
        {"days(born)", T_ANY, "column 10: , is missing"},
        {"size(3)", T_ANY, "column 1: size() takes a text or a list"},
        {"has('x')", T_ANY, "column 1: has() takes a name"},
        {"3 in tags", T_ANY, "column 3: a list of texts cannot hold a number"},
        {"3 in 4", T_ANY, "column 6: a list is needed"},
        {"[1, 'a']", T_ANY, "column 5: a list holds values of one type"},
        {"known ? 1 : 'a'", T_ANY, "column 7: both ends of ?: need one type"},
        {"known ? 1", T_ANY, "column 10: : is missing"},
        {"1 < 2 < 3", T_ANY, "column 7: two comparisons in a row"},
        {"known = true", T_ANY, "column 7: this sign is not known; compare with =="},
        {"4 / 0", T_ANY, "column 5: nothing can be divided by 0"},
        {"known & known", T_ANY, "column 7: this sign is not known"},
        {"1.5", T_ANY, "column 1: there are no fractions; count in a smaller unit"},
        {"1.x", T_ANY, "column 3: a number has no field x"},
        {"5xd", T_ANY, "column 1: after a number only wd"},
        {"5wdx", T_ANY, "column 1: after a number only wd"},
        {"99999999999999999999", T_ANY, "column 1: the number is too large"},
        {"'abc", T_ANY, "column 1: the text has no closing '"},
        {"'a\\d'", T_ANY, "column 1: after \\ only"},
        {"(1 + 2", T_ANY, "column 7: ) is missing"},
        {"1 2", T_ANY, "column 3: the expression goes on"},
        {"* 2", T_ANY, "column 1: a value is missing before *"},
        {"known.", T_ANY, "column 7: a name is missing after the dot"},
        {"exec('x')", T_ANY, "there is no function exec"},
        {"name.length()", T_ANY, "there is no function length"},
        {"name.matches(name)", T_ANY, "column 14: matches() takes a pattern written out"},
        {"name.matches('(')", T_ANY, "column 14: pattern: ( has no )"},
        {"name", T_BOOL, "column 1: a boolean is needed, the expression gives a text"},
        {"born", T_INT, "column 1: a number is needed, the expression gives a date"},
        {"\xFF", T_ANY, "column 1: the expression is not valid UTF-8"},
    };
    const struct expr_scope *scope = scope_make(*state);
    for (size_t i = 0; i < ROWS(rows); i++)
        refuses(*state, scope, rows[i].want, rows[i].src, rows[i].detail);
}

static struct str repeated(struct arena *mem, const char *part, int times, const char *end)
{
    struct buf *b = buf_new(mem, 100000);
    for (int i = 0; i < times; i++)
        buf_put(b, str_from(part));
    buf_put(b, str_from(end));
    return buf_str(b);
}

static void ceilings(void **state)
{
    static const struct {
        const char *part;
        int times;
        const char *end, *detail;
    } rows[] = {
        {"(", 10, "1))))))))))", NULL},
        {"(", 30, "1))))))))))))))))))))))))))))))", "nested deeper than 24"},
        {"!", 30, "known", "nested deeper than 24"},
        {"known ? 1 : ", 30, "2", "nested deeper than 24"},
        {"1+", 200, "1", NULL},
        {"1+", 400, "1", "more than 500 parts"},
        {"act+(", 20, "1))))))))))))))))))))", NULL},
        {"        ", 300, "1", "at most 2000 bytes"},
    };
    const struct expr_scope *scope = scope_make(*state);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct expr *e;
        struct str src = repeated(*state, rows[i].part, rows[i].times, rows[i].end);
        enum rc rc = expr_compile(cx, src, scope, T_ANY, &e);
        assert_int_equal(rc, rows[i].detail ? RC_EXPR : RC_OK);
        if (rows[i].detail && !strstr(cx->err.detail, rows[i].detail))
            fail_msg("row %zu: %s", i, cx->err.detail);
    }
}

static void budget(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *vars = json_new_obj(*state);
    struct json *tags = json_put(vars, STR("tags"), json_new_arr(*state));
    for (int i = 0; i < 200; i++)
        json_push(tags, json_new_str(*state, STR("a")));
    struct expr *e;
    struct str src = STR("tags.all(x, tags.all(y, tags.all(z, x == y && y == z)))");
    assert_int_equal(expr_compile(cx, src, scope_make(*state), T_BOOL, &e), RC_OK);
    struct json *v;
    assert_int_equal(expr_eval(cx, e, vars, &v), RC_EXPR);
    ctx_clear(cx);
    log_level_set(LOG_ERROR);
    assert_false(expr_is_true(cx, e, vars));
    log_level_set(LOG_INFO);
    assert_int_equal(cx->err.rc, RC_OK);
    assert_true(expr_is_true(cx, NULL, vars));
}

static void reads(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct expr *e;
    struct str src = STR("father.name == name && kids.all(k, k.born < today) && name != ''");
    assert_int_equal(expr_compile(cx, src, scope_make(*state), T_BOOL, &e), RC_OK);
    static const char *const want[] = {"father.name", "name", "kids", "kids[].born"};
    for (size_t i = 0; i < ROWS(want); i++)
        assert_str(*expr_reads(e, i), want[i]);
    assert_null(expr_reads(e, ROWS(want)));
    assert_true(str_eq(expr_source(e), src));
}

/* An answer of another type than declared (a draft holds what was typed) reads as null. */
static void misfits(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *vars;
    struct str text = STR("{\"age_now\":\"thirty\",\"born\":\"31/12/2000\",\"kids\":7,"
                          "\"father\":\"x\",\"known\":\"true\"}");
    assert_int_equal(json_parse(cx, text, &vars), RC_OK);
    static const char *const rows[] = {"age_now == null", "born == null", "kids == null",
                                       "father.name == null", "known == null"};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct expr *e;
        assert_int_equal(expr_compile(cx, str_from(rows[i]), scope_make(*state), T_BOOL, &e),
                         RC_OK);
        assert_true(expr_is_true(cx, e, vars));
    }
}

static void patterns(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool fits;
    } rows[] = {
        {"^a$", "a", true},
        {"^a$", "aa", false},
        {"a", "bab", true},
        {"^[À-ỹ]+$", "Ễ", true},
        {"^[À-ỹ]+$", "E", false},
        {"^[[:alpha:] ]+$", "Đặng Thị Ngọc", true},
        {"^[[:alpha:] ]+$", "Đặng 2", false},
        {"^[[:upper:]][[:lower:]]+$", "Đặng", true},
        {"^[[:upper:]][[:lower:]]+$", "đặng", false},
        {"^[^0-9]*$", "abc", true},
        {"^[^0-9]*$", "ab1", false},
        {"^[0-9]{3}$", "123", true},
        {"^[0-9]{3}$", "1234", false},
        {"^[0-9]{2,3}$", "12", true},
        {"^[0-9]{2,3}$", "1", false},
        {"^[0-9]{2,}$", "12345", true},
        {"^(ab|cd)+$", "abcdab", true},
        {"^(ab|cd)+$", "abc", false},
        {"^(a|b(c|d)?)*$", "abcbd", true},
        {"^(|x)y$", "y", true},
        {"^a?b$", "b", true},
        {"^a.c$", "aễc", true},
        {"^a\\.c$", "abc", false},
        {"^[]x-]+$", "]-x", true},
        {"^(a*)*$", "aaaa", true},
        {"^(a*)*b$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
        {"$", "", true},
        {"^$", "x", false},
        {"^[[:space:][:punct:]]+$", " ,-", true},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct pattern *p;
        if (pattern_compile(cx, str_from(rows[i].pattern), &p))
            fail_msg("%s: %s", rows[i].pattern, cx->err.detail);
        if (pattern_fits(p, str_from(rows[i].text)) != rows[i].fits)
            fail_msg("%s on %s", rows[i].pattern, rows[i].text);
    }
}

static void bad_patterns(void **state)
{
    static const char *const rows[] = {
        "",
        "(",
        ")",
        "a)",
        "[",
        "[a",
        "[b-a]",
        "*a",
        "a**",
        "a{",
        "a{2",
        "a{3,2}",
        "a{256}",
        "\\d",
        "\\1",
        "a\\",
        "[[:foo:]]",
        "[[.a.]]",
        "(((a{99}){99}){99})",
        "a|*",
        "\xC3",
        "((((((((((((((((((((((a))))))))))))))))))))))",
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct pattern *p;
        if (pattern_compile(cx, str_from(rows[i]), &p) != RC_EXPR)
            fail_msg("%s was accepted", rows[i]);
        assert_non_null(strstr(cx->err.detail, "pattern: "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(values), UNIT(refusals), UNIT(ceilings), UNIT(budget),
        UNIT(reads),  UNIT(misfits),  UNIT(patterns), UNIT(bad_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
