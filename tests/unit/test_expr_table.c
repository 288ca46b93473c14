/* test_expr_table.c - decision tables: what they give, what is refused, gaps and overlaps. */
#include "expr_help.h"

#include "expr/expr.h"
#include "expr/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct expr_scope *scope_with(struct ctx *cx, const char *csv)
{
    struct expr_scope *s = expr_scope_new(cx->mem);
    struct tables *tables = tables_new(cx->mem);
    expr_scope_add(s, STR("n"), T_INT);
    expr_scope_add(s, STR("s"), T_STR);
    expr_scope_add(s, STR("d"), T_DATE);
    expr_scope_add(s, STR("b"), T_BOOL);
    expr_scope_add(s, STR("un"), T_INT);
    expr_scope_add(s, STR("us"), T_STR);
    if (table_add(cx, tables, STR("t"), str_from(csv)) != RC_OK)
        fail_msg("%s", cx->err.detail);
    expr_scope_tables(s, tables);
    return s;
}

#define FEES                                                                                   \
    "when:kind:text house|works|other,when:area:int 0..,then:fee:int,note\n"                   \
    "house,<= 250,75000,Nghị quyết\n"                                                      \
    "house,-,100000,\n"                                                                        \
    "works,1..99|200,150000,\n"                                                                \
    "works,,200000,\n"                                                                         \
    "-,-,0,\n"

static void answers(void **state)
{
    static const struct {
        const char *csv, *src, *want;
    } rows[] = {
        {FEES, "table('t', 'house', 250)", "75000"},
        {FEES, "table('t', 'house', 251)", "100000"},
        {FEES, "table('t', 'works', 99)", "150000"},
        {FEES, "table('t', 'works', 100)", "200000"},
        {FEES, "table('t', 'works', 200)", "150000"},
        {FEES, "table('t', 'other', 0)", "0"},
        {FEES, "table('t', s, 0)", "null"},           /* a text that the head does not name */
        {FEES, "table('t', 'house', 0 - n)", "null"}, /* below the domain */
        {FEES, "table('t', us, 5)", "null"},          /* unanswered */
        {FEES, "table('t', 'house', un)", "null"},    /* it depends */
        {FEES, "table('t', 'works', 100) * 2 + 1", "400001"},
        {"when:k:text,then:r:text\na|b,ab\n-,rest\n", "table('t', 'b')", "\"ab\""},
        {"when:k:text,then:r:text\na|b,ab\n-,rest\n", "table('t', s)", "\"rest\""},
        {"when:k:text,then:r:text\n-,rest\n", "table('t', us)", "\"rest\""},
        {"when:k:bool,then:r:bool\ntrue,false\nfalse,true\n", "table('t', b)", "false"},
        {"when:k:bool,then:r:bool\ntrue,false\nfalse,true\n", "!table('t', !b)", "false"},
        {"when:k:date,then:r:duration\n< 2026-01-01,20wd\n-,15wd\n", "table('t', d)",
         "\"15wd\""},
        {"when:k:date,then:r:duration\n< 2026-01-01,20wd\n-,15wd\n",
         "table('t', date('2025-12-31'))", "\"20wd\""},
        {"when:k:date,then:r:date\n2026-01-01..2026-12-31,2027-03-31\n-,\n",
         "table('t', d) > date('2027-01-01')", "true"},
        {"when:k:int,then:fee:int,then:days:duration\n1,5,3wd\n-,6,\n", "table('t', 1).days",
         "\"3wd\""},
        {"when:k:int,then:fee:int,then:days:duration\n1,5,3wd\n-,6,\n", "table('t', 2).days",
         "null"},
        {"when:k:int,then:fee:int,then:days:duration\n1,5,3wd\n-,6,\n", "table('t', 2)",
         "{\"fee\":6,\"days\":null}"},
        {"when:k:int,then:r:int\n..0,1\n> 0,2\n", "table('t', -9223372036854775807)", "1"},
        {"when:k:int,then:r:int\n\"1|3|5..\",1\n-,2\n", "table('t', 4)", "2"},
        {"when:k:int,then:r:int\n\"1|3|5..\",1\n-,2\n", "table('t', 6)", "1"},
    };
    static const char vars_text[] = "{\"n\":1,\"s\":\"zzz\",\"d\":\"2026-08-27\",\"b\":true}";
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *vars;
        struct ctx *cx = ctx_with(state, "2026-03-02T08:00:00+07:00", vars_text, &vars);
        gives(cx, scope_with(cx, rows[i].csv), vars, rows[i].src, rows[i].want);
    }
}

static void bad_calls(void **state)
{
    static const struct {
        const char *src, *detail;
    } rows[] = {
        {"table('fees', 'house', 1)", "column 7: there is no tables/fees.csv"},
        {"table('t', 'house')", "column 1: tables/t.csv is asked with 2 values, these are 1"},
        {"table('t', 'house', 1, 2)", "tables/t.csv is asked with 2 values, these are 3"},
        {"table('t', 1, 1)", "column 12: a text is needed here, this is a number"},
        {"table('t', 'house', d)", "column 21: a number is needed here, this is a date"},
        {"table('t', 'hous', 1)", "column 12: the table has no such kind"},
        {"table('t', s, 1) == 'x'", "column 18: a number and a text cannot be compared"},
        {"table('t', s, 1).fee", "column 18: a number has no field fee"},
        {"t('t', s, 1)", "column 2: there is no function t"},
        {"table('t', 1, 2, 3, 4, 5, 6, 7, 8, 9)", "column 34: ) is missing"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct expr *e;
        const struct expr_scope *scope = scope_with(cx, FEES);
        if (expr_compile(cx, str_from(rows[i].src), scope, T_ANY, &e) != RC_EXPR)
            fail_msg("%s was accepted", rows[i].src);
        if (!strstr(cx->err.detail, rows[i].detail))
            fail_msg("%s: %s", rows[i].src, cx->err.detail);
    }
}

static void unreadable(void **state)
{
    static const struct {
        const char *csv, *field, *detail;
    } rows[] = {
        {"", "head", "no column names"},
        {"when:a:int,then:r:int\n", "head", "line 1: a table needs at least one row"},
        {"when:a:int,then:r:int\n1\n", "head", "line 2: 1 cells where the head has 2"},
        {"when:a:int,when:a:int\n1,1\n", "head", "two columns of one name"},
        {"when:a:int,then:a:int\n1,1\n", "head",
         "line 1: then:a:int: a column needs a name of"},
        {"when:A:int,then:r:int\n1,1\n", "head", "a column needs a name of its own"},
        {"a,then:r:int\n1,1\n", "head", "line 1: a: a column is when:NAME:TYPE"},
        {"if:a:int,then:r:int\n1,1\n", "head", "line 1: if:a:int: a column is"},
        {"when:a:num,then:r:int\n1,1\n", "head", "its type is text, int, bool or date"},
        {"when:a:duration,then:r:int\n1wd,1\n", "head", "its type is text, int, bool or date"},
        {"when:a:int,then:r:int 0..\n1,1\n", "head", "its type is text, int, bool or date"},
        {"when:a:int 0-9,then:r:int\n1,1\n", "head", "a: 0-9 is no range"},
        {"when:a:int 9..0,then:r:int\n1,1\n", "head", "a: 9..0 is no range"},
        {"when:a:int ..,then:r:int\n1,1\n", "head", "a: .. is no range"},
        {"when:a:bool 0..1,then:r:int\ntrue,1\n", "head", "a: 0..1 is no range"},
        {"when:a:text x|x,then:r:int\nx,1\n", "head", "a: its texts are written a|b|c"},
        {"when:a:text x||y,then:r:int\nx,1\n", "head", "a: its texts are written a|b|c"},
        {"when:a:int\n1\n", "head", "a column when:… and a column then:…"},
        {"then:a:int\n1\n", "head", "a column when:… and a column then:…"},
        {"when:a:int,then:r:int\nx,1\n", "cell", "line 2: a: `x` is no number, comparison"},
        {"when:a:int,then:r:int\n1,1\n>> 5,1\n", "cell", "line 3: a: `>> 5` is no number"},
        {"when:a:int,then:r:int\n1|,1\n", "cell", "line 2: a: `` is no number"},
        {"when:a:int,then:r:int\n9..1,1\n", "cell", "line 2: a: `9..1` is no number"},
        {"when:a:bool,then:r:int\nyes,1\n", "cell", "line 2: a: `yes` is no boolean"},
        {"when:a:bool,then:r:int\n>= true,1\n", "cell", "line 2: a: `>= true` is no boolean"},
        {"when:a:date,then:r:int\n2026-02-30,1\n", "cell",
         "line 2: a: `2026-02-30` is no date"},
        {"when:a:text x|y,then:r:int\nz,1\n", "cell", "a: `z` is no text that the head names"},
        {"when:a:int,then:r:int\n1,x\n", "cell", "line 2: r: `x` is no number"},
        {"when:a:int,then:r:bool\n1,1\n", "cell", "line 2: r: `1` is no boolean"},
        {"when:a:int,then:r:duration\n1,5\n", "cell", "line 2: r: `5` is no duration"},
        {"when:a:int,then:r:duration\n1,-5wd\n", "cell", "line 2: r: `-5wd` is no duration"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct tables *tables = tables_new(*state);
        if (table_add(cx, tables, STR("t"), str_from(rows[i].csv)) != RC_EXPR)
            fail_msg("row %zu was accepted", i);
        assert_string_equal(cx->err.field, rows[i].field);
        if (!strstr(cx->err.detail, rows[i].detail))
            fail_msg("row %zu: %s", i, cx->err.detail);
    }
}

#define NONE                                                                                   \
    {                                                                                          \
        0                                                                                      \
    }
#define AB "when:a:int 0..99,when:b:bool,then:r:int\n"
#define KA "when:k:text x|y,when:a:int 0..99,then:r:int\n"

static void faults(void **state)
{
    static const struct {
        const char *csv;
        struct {
            int kind; /* 1 + enum */
            unsigned line, other;
            const char *example;
        } want[3];
    } rows[] = {
        {FEES, {NONE}},
        {"when:a:int,then:r:int\n-,1\n", {NONE}},
        {"when:a:int,then:r:int\n<= 5,1\n> 5,2\n", {NONE}},
        {"when:a:int,then:r:int\n..5,1\n6..,2\n", {NONE}},
        {"when:a:bool,then:r:int\ntrue,1\nfalse,2\n", {NONE}},
        {"when:a:text x|y,then:r:int\nx,1\ny,2\n", {NONE}},
        {AB "<= 50,true,1\n> 50,true,2\n-,false,3\n", {NONE}},
        /* gaps, with an input that falls through */
        {"when:a:int,then:r:int\n< 5,1\n> 5,2\n", {{1 + TABLE_GAP, 0, 0, "a = 5"}}},
        {"when:a:int 0..,then:r:int\n1..,1\n", {{1 + TABLE_GAP, 0, 0, "a = 0"}}},
        {"when:a:int,then:r:int\n1..,1\n", {{1 + TABLE_GAP, 0, 0, "a = 0"}}},
        {"when:a:int,then:r:int\n..7,1\n", {{1 + TABLE_GAP, 0, 0, "a = 8"}}},
        {"when:a:bool,then:r:int\ntrue,1\n", {{1 + TABLE_GAP, 0, 0, "a = false"}}},
        {"when:a:text,then:r:int\nx,1\n", {{1 + TABLE_GAP, 0, 0, "a = (khác, other)"}}},
        {"when:a:text x|y,then:r:int\nx,1\n", {{1 + TABLE_GAP, 0, 0, "a = y"}}},
        {"when:a:date,then:r:int\n< 2026-01-01,1\n> 2026-01-01,1\n",
         {{1 + TABLE_GAP, 0, 0, "a = 2026-01-01"}}},
        {AB "<= 50,true,1\n-,false,3\n", {{1 + TABLE_GAP, 0, 0, "a = 51, b = true"}}},
        {AB "0..9|20..99,-,1\n", {{1 + TABLE_GAP, 0, 0, "a = 10, b = false"}}},
        /* overlaps: two rows, neither inside the other, with different results */
        {KA "x,0..50,1\n-,40..,2\ny,..39,3\n", {{1 + TABLE_OVERLAP, 3, 2, "k = x, a = 40"}}},
        {KA "x,0..50,1\nx,40..,2\ny,-,3\n", {{1 + TABLE_OVERLAP, 3, 2, "k = x, a = 40"}}},
        {KA "x,0..50,1\nx,40..,1\ny,-,3\n", {NONE}},             /* the same result */
        {KA "x,40..50,1\nx,-,2\ny,-,3\n", {NONE}},               /* an exception first */
        {KA "x,40..50,9\nx,0..50,1\nx,40..,2\ny,-,3\n", {NONE}}, /* decided before both */
        /* rows that can never be reached */
        {"when:a:int,then:r:int\n-,1\n5,2\n", {{1 + TABLE_DEAD, 3, 0, ""}}},
        {"when:a:int,then:r:int\n..5,1\n4..,1\n3..8,1\n", {{1 + TABLE_DEAD, 4, 0, ""}}},
        {"when:a:int 0..9,then:r:int\n> 9,1\n-,2\n", {{1 + TABLE_DEAD, 2, 0, ""}}},
        {"when:a:bool,then:r:int\ntrue,1\nfalse,2\n-,3\n", {{1 + TABLE_DEAD, 4, 0, ""}}},
        {"when:a:int,then:r:int\n1,1\n1,2\n3,4\n",
         {{1 + TABLE_GAP, 0, 0, "a = 0"}, {1 + TABLE_DEAD, 3, 0, ""}}},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct tables *tables = tables_new(*state);
        struct table_faults found;
        if (table_add(cx, tables, STR("t"), str_from(rows[i].csv)) != RC_OK)
            fail_msg("row %zu: %s", i, cx->err.detail);
        table_check(cx, tables, &found);
        for (size_t k = 0; k < 3; k++) {
            bool wanted = rows[i].want[k].kind != 0;
            if (wanted != (k < found.n))
                fail_msg("row %zu: %zu faults; %.*s", i, found.n,
                         STR_ARG(found.n ? found.v[0].example : STR("")));
            if (!wanted)
                break;
            assert_int_equal(found.v[k].kind, rows[i].want[k].kind - 1);
            assert_int_equal(found.v[k].line, rows[i].want[k].line);
            assert_int_equal(found.v[k].other, rows[i].want[k].other);
            if (!str_eq(found.v[k].example, str_from(rows[i].want[k].example)))
                fail_msg("row %zu: %.*s", i, STR_ARG(found.v[k].example));
        }
    }
}

/* Eight columns of rows that share nothing: more cases than anybody looks through is told, and
 * soon. */
static void large(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct tables *tables = tables_new(*state);
    struct table_faults found;
    struct buf *b = buf_new(*state, 100000);
    for (int i = 0; i < 8; i++)
        buf_fmt(b, "when:k%d:int,", i);
    buf_put(b, STR("then:r:int\n"));
    for (int row = 0; row < 300; row++) {
        for (int i = 0; i < 8; i++)
            buf_fmt(b, "%d..%d,", (row * 37 + i * 11) % 101, (row * 37 + i * 11) % 101 + 60);
        buf_fmt(b, "%d\n", row);
    }
    assert_int_equal(table_add(cx, tables, STR("t"), buf_str(b)), RC_OK);
    table_check(cx, tables, &found);
    bool told = false;
    for (size_t i = 0; i < found.n; i++)
        told = told || found.v[i].kind == TABLE_LARGE || found.v[i].kind == TABLE_GAP;
    assert_true(told);
    for (int i = 0; i < 500 - 300 + 1; i++)
        buf_put(b, STR("1,1,1,1,1,1,1,1,1\n"));
    assert_int_equal(table_add(cx, tables, STR("u"), buf_str(b)), RC_EXPR);
    assert_non_null(strstr(cx->err.detail, "more than 500 rows"));
}

/* -- random tables: the search agrees with trying every input -- */
enum { SIDE = 6 };

static int row_of(const int (*rows)[4], int n, int a, int b)
{
    for (int i = 0; i < n; i++)
        if (a >= rows[i][0] && a <= rows[i][1] && b >= rows[i][2] && b <= rows[i][3])
            return i;
    return -1;
}

static void agrees(void **state)
{
    srandom(20261122);
    for (int round = 0; round < 400; round++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct tables *tables = tables_new(*state);
        struct table_faults found;
        struct buf *b = buf_new(*state, 4000);
        int rows[6][4], n = 1 + (int)(random() % 6);
        buf_fmt(b, "when:a:int 0..%d,when:b:int 0..%d,then:r:int\n", SIDE - 1, SIDE - 1);
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < 4; k += 2) {
                rows[i][k] = (int)(random() % SIDE);
                rows[i][k + 1] = rows[i][k] + (int)(random() % (SIDE - rows[i][k]));
            }
            buf_fmt(b, "%d..%d,%d..%d,%d\n", rows[i][0], rows[i][1], rows[i][2], rows[i][3], i);
        }
        assert_int_equal(table_add(cx, tables, STR("t"), buf_str(b)), RC_OK);
        table_check(cx, tables, &found);
        bool gap = false, used[6] = {false};
        for (int i = 0; i < SIDE * SIDE; i++) {
            int r = row_of((const int(*)[4])rows, n, i / SIDE, i % SIDE);
            gap = gap || r < 0;
            if (r >= 0)
                used[r] = true;
        }
        bool told_gap = false, told_dead[6] = {false};
        for (size_t i = 0; i < found.n; i++) {
            told_gap = told_gap || found.v[i].kind == TABLE_GAP;
            if (found.v[i].kind == TABLE_DEAD)
                told_dead[found.v[i].line - 2] = true;
        }
        if (found.n == TABLE_FAULTS_MAX)
            continue;
        assert_int_equal(gap, told_gap);
        for (int i = 0; i < n; i++)
            assert_int_equal(!used[i], told_dead[i]);
    }
}

static void unused(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct tables *tables = tables_new(*state);
    struct expr_scope *s = expr_scope_new(*state);
    struct expr *e;
    for (int i = 0; i < TABLES_MAX; i++)
        assert_int_equal(table_add(cx, tables, str_fmt(*state, "t%d", i),
                                   STR("when:a:int,then:r:int\n-,1\n")),
                         RC_OK);
    expr_scope_tables(s, tables);
    assert_int_equal(expr_compile(cx, STR("table('t1', 3) == 1"), s, T_BOOL, &e), RC_OK);
    assert_str(table_unused(tables, 0), "t0");
    assert_str(table_unused(tables, 1), "t2");
    assert_null(table_unused(tables, TABLES_MAX - 1).p);
    assert_int_equal(table_add(cx, tables, STR("more"), STR("when:a:int,then:r:int\n-,1\n")),
                     RC_EXPR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(answers), UNIT(bad_calls), UNIT(unreadable), UNIT(faults),
        UNIT(large),   UNIT(agrees),    UNIT(unused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
