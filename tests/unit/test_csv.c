/* test_csv.c - comma-separated values in and out. */
#include "unit/harness.h"

#include <string.h>

#include "text/csv.h"

static void readings(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"a,b\n1,2\n", "[{\"a\":\"1\",\"b\":\"2\"}]"},
        {"a,b\r\n1,2\r\n3,4", "[{\"a\":\"1\",\"b\":\"2\"},{\"a\":\"3\",\"b\":\"4\"}]"},
        {"\xEF\xBB\xBFten\nĐào\n", "[{\"ten\":\"Đào\"}]"},
        {"a,b\n\"x, \"\"y\"\"\",\"1\n2\"\n", "[{\"a\":\"x, \\\"y\\\"\",\"b\":\"1\\n2\"}]"},
        {"a,b\n,\n", "[{\"a\":\"\",\"b\":\"\"}]"},
        {"a\n\"\"\n", "[{\"a\":\"\"}]"},
        {"\"a\",\"b,c\"\n1,2", "[{\"a\":\"1\",\"b,c\":\"2\"}]"},
        {"a,b\n", "[]"},
        {"a", "[]"},
        {"a\n x \n", "[{\"a\":\" x \"}]"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct json *v = NULL;
        if (csv_parse(cx, str_from(rows[i].in), &v) != RC_OK)
            fail_msg("row %zu: %s", i, cx->err.detail);
        struct buf *b = buf_new(cx->mem, 4096);
        json_print(b, v);
        if (!str_eq(buf_str(b), str_from(rows[i].out)))
            fail_msg("row %zu: %.*s", i, STR_ARG(buf_str(b)));
    }
}

static void refusals(void **state)
{
    static const struct {
        const char *in, *why;
    } rows[] = {
        {"", "line 1: no column names"},
        {"\xEF\xBB\xBF", "line 1: no column names"},
        {"\n1\n", "line 1: a column without a name"},
        {"a,,b\n1,2,3\n", "line 1: a column without a name"},
        {"a,b,a\n1,2,3\n", "line 1: two columns of one name"},
        {"a,b\n1\n", "line 2: 1 cells where the head has 2"},
        {"a,b\n1,2\n1,2,3\n", "line 3: 3 cells"},
        {"a,b\n1,2\n\n1,2\n", "line 3: 1 cells"},
        {"a,b\n\"1\n\n2\",3\n4\n", "line 5: 1 cells"},
        {"a\n\"open\n", "a quote is not closed"},
        {"a\n\"", "line 2: a quote is not closed"},
        {"a\n\"x\"y\n", "line 2: text after a closing quote"},
        {"a\nx\"y\n", "line 2: a quote or carriage return"},
        {"a\nx\ry\n", "line 2: a quote or carriage return"},
        {"a\n\xFF\n", "not UTF-8"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct json *v = NULL;
        if (csv_parse(cx, str_from(rows[i].in), &v) != RC_MALFORMED)
            fail_msg("row %zu was read", i);
        if (!strstr(cx->err.detail, rows[i].why))
            fail_msg("row %zu: %s", i, cx->err.detail);
        assert_null(v);
    }
}

static void bounds(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *v = NULL;
    struct buf *b = buf_new(cx->mem, 1 << 20);
    for (int i = 0; i < CSV_COLS_MAX; i++)
        buf_fmt(b, "%sc%d", i ? "," : "", i);
    assert_int_equal(csv_parse(cx, buf_str(b), &v), RC_OK);
    buf_put(b, STR(",more"));
    assert_int_equal(csv_parse(cx, buf_str(b), &v), RC_MALFORMED);
    b = buf_new(cx->mem, 1 << 20);
    buf_putc(b, 'a');
    for (int i = 0; i < CSV_ROWS_MAX; i++)
        buf_put(b, STR("\n1"));
    assert_int_equal(csv_parse(cx, buf_str(b), &v), RC_OK);
    assert_int_equal(v->n, CSV_ROWS_MAX);
    assert_int_equal(json_at(v, 41)->line, 43);
    buf_put(b, STR("\n1"));
    cx = ctx_new(*state, NULL);
    assert_int_equal(csv_parse(cx, buf_str(b), &v), RC_TOO_LARGE);
    assert_int_equal(csv_parse(cx, str_n(buf_str(b).p, CSV_BYTES_MAX + 1), &v), RC_TOO_LARGE);
    char nul[] = "a\n\0";
    assert_int_equal(csv_parse(cx, str_n(nul, 3), &v), RC_MALFORMED);
}

static void cells(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"", ""},
        {"plain text", "plain text"},
        {"a,b", "\"a,b\""},
        {"a\"b", "\"a\"\"b\""},
        {"a\nb", "\"a\nb\""},
        {"=1+1", "\"'=1+1\""},
        {"+84901", "\"'+84901\""},
        {"@x", "\"'@x\""},
        {"-x", "\"'-x\""},
        {"-", "\"'-\""},
        {"\t=1", "\"'\t=1\""},
        {"-12", "-12"},
        {"-1.50", "-1.50"},
        {"-1+2", "\"'-1+2\""},
        {"-1.-2", "\"'-1.-2\""},
        {"1=2", "1=2"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct buf *b = buf_new(*state, 4096);
        csv_cell(b, str_from(rows[i].in));
        if (!str_eq(buf_str(b), str_from(rows[i].out)))
            fail_msg("row %zu: %.*s", i, STR_ARG(buf_str(b)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(readings),
        UNIT(refusals),
        UNIT(bounds),
        UNIT(cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
