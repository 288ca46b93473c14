/* test_expr_cel.c - the rest of the CEL subset: conversions, indexing, maps, macros, texts,
 * instants and durations. Ideas after CEL's conformance suite, the rows are ours. */
#include "expr_help.h"

#include <stdio.h>
#include <string.h>

static struct expr_scope *scope_make(struct arena *mem)
{
    static const struct named rows[] = {
        {"n", T_INT},           {"s", T_STR},           {"b", T_BOOL},     {"d", T_DATE},
        {"t", T_TIME},          {"u", T_INT},           {"us", T_STR},     {"ut", T_TIME},
        {"kids[].name", T_STR}, {"kids[].year", T_INT}, {"tags[]", T_STR}, {"any", T_ANY},
        {"o.name", T_STR},      {"ud", T_DATE},         {"ul[]", T_STR},
    };
    return scope_of(mem, rows, ROWS(rows));
}

static const char vars_text[] =
    "{\"n\":17,\"s\":\"Đặng Thị Ngọc\",\"b\":true,\"d\":\"2026-08-27\","
    "\"t\":\"2026-08-27T16:30:05+07:00\",\"o\":{\"name\":\"x\"},"
    "\"kids\":[{\"name\":\"An\",\"year\":2020},{\"name\":\"Bé\"}],\"tags\":[\"a\",\"b\",\"a\"],"
    "\"any\":{\"k\":[1,2],\"m\":{\"x\":1}}}";

static void values(void **state)
{
    static const struct {
        const char *src, *want;
    } rows[] = {
        /* whole numbers: towards zero, and null where there is no answer */
        {"7 / 2", "3"},
        {"-7 / 2", "-3"},
        {"7 % 3", "1"},
        {"-7 % 3", "-1"},
        {"n / (n - 17)", "null"},
        {"n % (n - 17)", "null"},
        {"(-9223372036854775807 - 1) / -1", "null"},
        {"2 * 3 / 4", "1"},
        {"u / 2", "null"},
        /* conversions */
        {"int('42') + 1", "43"},
        {"int('-0')", "0"},
        {"int('4x')", "null"},
        {"int('')", "null"},
        {"int(n)", "17"},
        {"int(timestamp('1970-01-01T00:00:01Z'))", "1"},
        {"int(timestamp('1969-12-31T23:59:59.5Z'))", "-1"},
        {"string(n) + 'đ'", "\"17đ\""},
        {"string(b)", "\"true\""},
        {"string(d)", "\"2026-08-27\""},
        {"string(5wd)", "\"5wd\""},
        {"string(u)", "null"},
        {"date(t)", "\"2026-08-27\""},
        {"date(timestamp('2026-08-27T17:30:00Z'))", "\"2026-08-28\""},
        {"timestamp(d)", "\"2026-08-27T00:00:00+07:00\""},
        {"timestamp(s)", "null"},
        {"duration(s)", "null"},
        {"date(us)", "null"},
        /* lists and maps */
        {"tags[0]", "\"a\""},
        {"tags[3]", "null"},
        {"tags[-1]", "null"},
        {"[1, 2, 3][n - 16]", "2"},
        {"kids[1].name", "\"Bé\""},
        {"kids[1].year", "null"},
        {"kids[9].name", "null"},
        {"o['name']", "\"x\""},
        {"any['k'][1]", "2"},
        {"any.k[0] == 1", "true"},
        {"any.m", "{\"x\":1}"},
        {"'k' in any", "true"},
        {"'z' in any", "false"},
        {"{'a': 1, 'b': 2}['b']", "2"},
        {"{'a': 1}['c']", "null"},
        {"{'a': 1}.a", "1"},
        {"{'a': 1, 'b': 2}[tags[1]]", "2"},
        {"{'x': 5wd}[o.name]", "\"5wd\""},
        {"'a' in {'a': 1}", "true"},
        {"size({'a': 1, 'b': 2})", "2"},
        {"{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "true"},
        {"{'a': 1} == {'a': 2}", "false"},
        {"any.m == {'x': 1}", "true"},
        {"{'a': 1, 'b': 2}.all(k, k in tags)", "true"},
        {"{}", "{}"},
        {"[] + [1]", "[1]"},
        {"tags + ['c']", "[\"a\",\"b\",\"a\",\"c\"]"},
        {"size(kids + kids)", "4"},
        {"[[1], [2, 3]][1][0]", "2"},
        {"tags.size()", "3"},
        {"s.size()", "13"},
        /* macros */
        {"tags.exists_one(x, x == 'b')", "true"},
        {"tags.exists_one(x, x == 'a')", "false"},
        {"tags.exists_one(x, x == 'z')", "false"},
        {"kids.exists_one(k, k.year == 2020)", "true"},
        {"kids.exists_one(k, k.year > 2000)", "null"},
        {"kids.map(k, k.name)", "[\"An\",\"Bé\"]"},
        {"kids.map(k, k.year != null, k.year + 1)", "[2021]"},
        {"kids.map(k, k.name).join(', ')", "\"An, Bé\""},
        {"[1, 2, 3].map(x, x * x).filter(y, y > 1)", "[4,9]"},
        {"size(tags.filter(x, x == 'a')) > 1", "true"},
        {"ul.map(x, x)", "null"},
        /* texts: positions are code points */
        {"s.charAt(0)", "\"Đ\""},
        {"s.charAt(13)", "null"},
        {"s.substring(5)", "\"Thị Ngọc\""},
        {"s.substring(0, 4)", "\"Đặng\""},
        {"s.substring(4, 2)", "null"},
        {"s.substring(0, 14)", "null"},
        {"s.indexOf('Thị')", "5"},
        {"s.indexOf('x')", "-1"},
        {"s.indexOf('')", "0"},
        {"s.replace(' ', '-')", "\"Đặng-Thị-Ngọc\""},
        {"s.replace('', 'x')", "null"},
        {"s.split(' ')", "[\"Đặng\",\"Thị\",\"Ngọc\"]"},
        {"size(s.split('x'))", "1"},
        {"s.split('')", "null"},
        {"'a,,b,'.split(',')", "[\"a\",\"\",\"b\",\"\"]"},
        {"tags.join()", "\"aba\""},
        {"' x '.trim()", "\"x\""},
        {"'Đa'.upperAscii()", "\"ĐA\""},
        {"'ĐA'.lowerAscii()", "\"Đa\""},
        {"us.trim()", "null"},
        {"us.split(' ').size()", "null"},
        /* days and instants, in Viet Nam's time; months and days of the month from 0 as in CEL */
        {"timestamp('2026-12-31T17:00:00Z').getFullYear()", "2027"},
        {"timestamp('2026-12-31T16:59:59Z').getFullYear()", "2026"},
        {"t.getMonth()", "7"},
        {"t.getDate()", "27"},
        {"t.getDayOfMonth()", "26"},
        {"t.getDayOfWeek()", "4"},
        {"date('2026-08-30').getDayOfWeek()", "0"},
        {"date('2024-12-31').getDayOfYear()", "365"},
        {"t.getHours()", "16"},
        {"t.getMinutes()", "30"},
        {"t.getSeconds()", "5"},
        {"timestamp('2026-01-01T00:00:00Z').getHours()", "7"},
        {"d.getFullYear()", "2026"},
        {"ut.getHours()", "null"},
        {"t < now", "false"},
        {"t + duration('30m') == timestamp('2026-08-27T10:00:05Z')", "true"},
        {"t - t == duration('0s')", "true"},
        {"(timestamp('2026-08-28T00:00:05+07:00') - t).getMinutes()", "450"},
        {"duration('1h30m').getMinutes()", "90"},
        {"duration('1h30m') > duration('90m')", "false"},
        {"t + 1cd", "\"2026-08-28T16:30:05+07:00\""},
        {"today - d", "\"-178cd\""},
        {"d - today > 100cd", "true"},
        {"2cd + 3cd", "\"5cd\""},
        {"2wd * n", "\"34wd\""},
        {"-(5wd)", "\"-5wd\""},
        {"d - ud", "null"},
        {"ud + 5wd", "null"},
    };
    struct json *vars;
    struct ctx *cx = ctx_with(state, "2026-03-02T08:00:00+07:00", vars_text, &vars);
    const struct expr_scope *scope = scope_make(*state);
    for (size_t i = 0; i < ROWS(rows); i++)
        gives(cx, scope, vars, rows[i].src, rows[i].want);
}

static void refusals(void **state)
{
    static const struct {
        const char *src, *detail;
    } rows[] = {
        {"s / 2", "column 1: a number is needed here, this is a text"},
        {"5 % 0", "column 5: nothing can be divided by 0"},
        {"5wd / 2", "column 1: a number is needed here, this is a duration"},
        {"int(b)", "column 5: a number is needed here, this is a boolean"},
        {"int(d)", "column 5: a number is needed"},
        {"string(tags)", "column 8: a text is needed here, this is a list"},
        {"timestamp('2026-01-31')", "column 11: 2026-01-31 is not an instant"},
        {"timestamp('soon')", "column 11: soon is not an instant"},
        {"timestamp(n)", "column 11: a text is needed"},
        {"duration('5x')", "column 10: 5x is no duration; write duration('1h30m'), or 5wd"},
        {"duration('30m1h')", "column 10: 30m1h is no duration"},
        {"duration('')", "column 10:  is no duration"},
        {"duration(n)", "column 10: a text is needed"},
        {"date(n)", "column 6: a text is needed"},
        {"tags['a']", "column 6: a number is needed here, this is a text"},
        {"tags[0", "column 7: ] is missing"},
        {"s[0]", "column 2: a text has no [ ]"},
        {"o[s]", "column 3: a field is named and not computed"},
        {"o['nme']", "column 2: there is no field nme in o"},
        {"o[0]", "column 3: a text is needed"},
        {"kids[0].nme", "column 9: there is no field nme in kids[]"},
        {"any[b]", "column 5: a text is needed"},
        {"{'a': 1, 'b': 'x'}", "column 15: a map holds values of one type"},
        {"{'a': 1, 'a': 2}", "column 10: the key stands twice"},
        {"{s: 1}", "column 2: a map's keys are texts written out"},
        {"{1: 1}", "column 2: a map's keys are texts written out"},
        {"{'a' 1}", "column 6: : is missing"},
        {"{'a': 1", "column 8: , is missing"},
        {"{'a': [1]}", "column 7: a map written out holds single values"},
        {"1 in {'a': 1}", "column 1: a text is needed"},
        {"{'a': 1}[1]", "column 10: a text is needed"},
        {"{'a': 1} < {'a': 2}", "column 10: values of type object have no order"},
        {"[1] - [1]", "column 5: these lists cannot be joined"},
        {"[1] + 1", "column 7: a list is needed here, this is a number"},
        {"o.all(k, true)", "column 1: a list is needed here, this is a object"},
        {"kids.exists_one(k)", "column 18: , is missing"},
        {"kids.map(k, k.name, 1)", "column 15: a boolean is needed here, this is a text"},
        {"kids.map(k, true, 1, 2)", "column 20: ) is missing"},
        {"kids.map(k, k.nme)", "column 15: there is no field nme in kids[]"},
        {"tags.map(x, x).all(y, y > 1)", "column 25: a text and a number"},
        {"kids.join()", "column 6: join() takes a list of texts"},
        {"tags.join(1)", "column 11: a text is needed"},
        {"s.substring()", "column 13: a value is missing before )"},
        {"s.substring('a')", "column 13: a number is needed"},
        {"s.substring(1, 2, 3)", "column 17: ) is missing"},
        {"s.charAt(s)", "column 10: a number is needed"},
        {"s.replace('a')", "column 14: , is missing"},
        {"s.trim(1)", "column 8: ) is missing"},
        {"n.trim()", "column 1: a text is needed"},
        {"s.getMonth()", "column 3: a date or timestamp is needed before this, not a text"},
        {"d.getHours()", "column 3: a timestamp is needed before this, not a date"},
        {"t.getFullYear('UTC')", "column 15: ) is missing"},
        {"5wd.getHours()", "column 5: a timestamp is needed"},
        {"t + 5wd", "column 5: working days are added to a date"},
        {"t + 8wh", "column 5: a day has no hours"},
        {"d + duration('1h')", "column 5: a day has no hours"},
        {"t == d", "column 3: a timestamp and a date cannot be compared"},
        {"t - d", "column 5: a duration is needed"},
        {"2cd + 3wd", "column 7: calendar days (cd) are needed here, these are working days"},
        {"d - today > 3wd", "column 13: calendar days (cd) are needed here"},
        {"duration('1h') < 1cd", "column 18: exact time are needed here"},
        {"5wd * 2wd", "column 7: a number is needed"},
        {"5wd + n", "column 7: a duration is needed"},
        {"-b", "column 2: a number is needed"},
        {"table('fee', n)", "column 7: there is no tables/fee.csv"},
        {"table(s, n)", "column 7: the name of a table is written out"},
        {"table('fee')", "column 12: , is missing"},
        {"b'abc'", "column 2: the expression goes on"},
        {"1u", "column 1: after a number only wd"},
        {"double(n)", "there is no function double"},
        {"type(n)", "there is no function type"},
    };
    const struct expr_scope *scope = scope_make(*state);
    for (size_t i = 0; i < ROWS(rows); i++)
        refuses(*state, scope, T_ANY, rows[i].src, rows[i].detail);
}

/* The embedded calendar: 1 and 2 September 2026 are holidays, 31 August compensates. */
static void working_days(void **state)
{
    static const struct {
        const char *src, *want;
    } rows[] = {
        {"date('2026-08-24') + 1wd", "\"2026-08-25\""},
        {"date('2026-08-24') + 0wd", "\"2026-08-24\""},
        {"date('2026-08-23') + 0wd", "\"2026-08-24\""},
        {"date('2026-08-22') + 1wd", "\"2026-08-25\""},
        {"date('2026-08-21') + 1wd", "\"2026-08-24\""},
        {"date('2026-08-24') - 1wd", "\"2026-08-21\""},
        {"date('2026-08-23') - 1wd", "\"2026-08-21\""},
        {"date('2026-12-31') + 1wd", "\"2027-01-04\""},
        {"date('2026-08-24') + 2wd * 2", "\"2026-08-28\""},
        {"date('1980-01-01') + 1wd", "null"},
        {"date('2100-12-31') + 1wd", "null"},
        {"date('2026-01-01') + 4001wd", "null"},
        {"date('2026-08-24') + 5wd < date('2026-09-01')", "true"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    const struct expr_scope *scope = scope_make(*state);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct expr *e;
        struct json *v;
        if (expr_compile(cx, str_from(rows[i].src), scope, T_ANY, &e))
            fail_msg("%s: %s", rows[i].src, cx->err.detail);
        assert_int_equal(expr_eval(cx, e, NULL, &v), RC_OK);
        struct buf *b = buf_new(*state, 1000);
        json_print(b, v);
        if (!str_eq(buf_str(b), str_from(rows[i].want)))
            fail_msg("%s gives %.*s", rows[i].src, STR_ARG(buf_str(b)));
    }
}

/* A question of choices is compared with one of them: anything else written out is a slip. */
static void choices(void **state)
{
    static const struct str kinds[] = {{"house", 5}, {"works", 5}}, tags[] = {{"a", 1}};
    static const struct {
        const char *src, *detail; /* NULL: it is right */
    } rows[] = {
        {"s == 'house'", NULL},
        {"'works' != s", NULL},
        {"s == null", NULL},
        {"s in ['house', 'works']", NULL},
        {"s == us", NULL},
        {"s + 'x' == 'housex'", NULL},
        {"s.startsWith('ho')", NULL},
        {"o.name == 'anything'", NULL},
        {"'a' in tags", NULL},
        {"tags.all(x, x == 'a')", NULL},
        {"kids.exists(k, k.name == 'house')", NULL},
        {"{'x': 1}['x'] == 1 && s == 'house'", NULL},
        {"s == 'hous'", "column 6: `hous` is none of the choices there are"},
        {"'House' == s", "column 1: `House` is none"},
        {"s != ''", "column 6: `` is none"},
        {"n > 1 && s == 'house '", "column 15: `house ` is none"},
        {"s in ['house', 'work']", "column 16: `work` is none"},
        {"!(s in ['hose'])", "column 9: `hose` is none"},
        {"'b' in tags", "column 1: `b` is none"},
        {"tags[0] == 'b'", "column 12: `b` is none"},
        {"tags.all(x, x == 'b')", "column 18: `b` is none"},
        {"kids.exists(k, k.name == 'hut')", "column 26: `hut` is none"},
        {"kids[0].name == 'hut'", "column 17: `hut` is none"},
        {"(b ? s : s) == 'hut'", "column 16: `hut` is none"},
        {"s == 3", "column 3: a text and a number cannot be compared"},
    };
    struct expr_scope *base = scope_make(*state);
    expr_scope_choices(base, STR("s"), kinds, ROWS(kinds));
    expr_scope_choices(base, STR("kids[].name"), kinds, ROWS(kinds));
    expr_scope_choices(base, STR("tags[]"), tags, ROWS(tags));
    const struct expr_scope *copy = expr_scope_copy(*state, base), *scopes[] = {base, copy};
    for (size_t i = 0; i < 2 * ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct expr *e;
        if (rows[i / 2].detail)
            refuses(*state, scopes[i % 2], T_ANY, rows[i / 2].src, rows[i / 2].detail);
        else if (expr_compile(cx, str_from(rows[i / 2].src), scopes[i % 2], T_ANY, &e))
            fail_msg("%s: %s", rows[i / 2].src, cx->err.detail);
    }
}

/* What is counted when events are folded is the same on every day. */
static void folds(void **state)
{
    static const struct {
        const char *src, *detail;
    } rows[] = {
        {"today > d", "column 1: facts are counted without the day"},
        {"now > t", "column 1: facts are counted without the day"},
        {"age(d) > 3", "column 1: facts are counted without the day"},
        {"d + 5wd > d", "column 5: working days depend on the calendar"},
        {"d - 5wd > d", "column 5: working days depend on the calendar"},
        {"d + 5cd > d", NULL},
        {"d.getFullYear() == 2026", NULL},
    };
    struct expr_scope *base = scope_make(*state);
    expr_scope_fold(base);
    const struct expr_scope *scope = expr_scope_copy(*state, base);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct expr *e;
        enum rc rc = expr_compile(cx, str_from(rows[i].src), scope, T_BOOL, &e);
        assert_int_equal(rc, rows[i].detail ? RC_EXPR : RC_OK);
        if (rows[i].detail && !strstr(cx->err.detail, rows[i].detail))
            fail_msg("%s: %s", rows[i].src, cx->err.detail);
    }
}

/* Each of these would be large or long without its ceiling. */
static void budgets(void **state)
{
    static const char *const rows[] = {
        "tags.map(a, tags.map(b, tags.map(c, tags.map(d1, tags)))).size() > 0",
        "s.split('a').map(x, s.split('a')).map(y, s.split('a')).size() > 0",
        "tags.all(a, tags.all(b, tags.all(c, {'k': a}['k'] != b + c)))",
    };
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *vars = json_new_obj(*state);
    struct json *tags = json_put(vars, STR("tags"), json_new_arr(*state));
    for (int i = 0; i < 100; i++)
        json_push(tags, json_new_str(*state, STR("a")));
    struct buf *b = buf_new(*state, 20000);
    for (int i = 0; i < 16000; i++)
        buf_putc(b, 'a');
    json_put_str(*state, vars, "s", buf_str(b));
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct expr *e;
        struct json *v;
        size_t before = arena_used(*state);
        if (expr_compile(cx, str_from(rows[i]), scope_make(*state), T_BOOL, &e))
            fail_msg("%s: %s", rows[i], cx->err.detail);
        assert_int_equal(expr_eval(cx, e, vars, &v), RC_EXPR);
        assert_true(arena_used(*state) - before < 4u << 20);
        ctx_clear(cx);
    }
}

/* A declaration's failure tells the rule, the line, the column and the expression. */
static void declared(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *yaml = json_new_str(*state, STR("b && nme"));
    struct json *number = json_new_int(*state, 3);
    struct expr_want want = {T_BOOL, "P014"};
    struct expr *e;
    yaml->line = number->line = 12;
    assert_int_equal(expr_declare(cx, yaml, scope_make(*state), want, &e), RC_PACK);
    assert_string_equal(cx->err.field, "P014");
    assert_string_equal(cx->err.detail, "line 12: column 6: nothing is called nme");
    assert_str(cx->err.source, "b && nme");
    ctx_clear(cx);
    assert_int_equal(cx->err.source.n, 0);
    assert_int_equal(expr_declare(cx, number, scope_make(*state), want, &e), RC_PACK);
    assert_string_equal(cx->err.detail, "line 12: an expression is written as a text");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(values), UNIT(refusals), UNIT(working_days), UNIT(choices),
        UNIT(folds),  UNIT(budgets),  UNIT(declared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
