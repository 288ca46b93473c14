/* test_yaml.c - the YAML subset that packs are written in. Most rows refuse. */
#include "unit/harness.h"

#include "text/yaml.h"

static void readings(void **state)
{
    static const struct {
        const char *in, *out; /* canonical JSON */
    } rows[] = {
        {"a: 1", "{\"a\":1}"},
        {"a: -12\nb: 0", "{\"a\":-12,\"b\":0}"},
        {"a: 007\nb: +5\nc: 1.5\nd: 0x1F\ne: -0",
         "{\"a\":\"007\",\"b\":\"+5\",\"c\":\"1.5\",\"d\":\"0x1F\",\"e\":0}"},
        {"a: true\nb: false\nc: yes\nd: No\ne: True",
         "{\"a\":true,\"b\":false,\"c\":\"yes\",\"d\":\"No\",\"e\":\"True\"}"},
        {"a:\nb: null\nc: ~\nd: ''", "{\"a\":null,\"b\":null,\"c\":null,\"d\":\"\"}"},
        {"a: \"1\"\nb: 'true'", "{\"a\":\"1\",\"b\":\"true\"}"},
        {"code: 000.00.00.H07\nday: 2026-09-02",
         "{\"code\":\"000.00.00.H07\",\"day\":\"2026-09-02\"}"},
        {"n: 9223372036854775808", "{\"n\":\"9223372036854775808\"}"},
        {"- a\n- [b, {c: d}]", "[\"a\",[\"b\",{\"c\":\"d\"}]]"},
        {"label: {vi: \"Tên trẻ\", en: Name}",
         "{\"label\":{\"en\":\"Name\",\"vi\":\"Tên trẻ\"}}"},
        {"t: |\n  one\n  two\nu: >\n  one\n  two\n",
         "{\"t\":\"one\\ntwo\\n\",\"u\":\"one two\\n\"}"},
        {"# only a note\na: b # and here", "{\"a\":\"b\"}"},
        {"1: x\ntrue: y", "{\"1\":\"x\",\"true\":\"y\"}"},
        {"---\na: b\n...\n", "{\"a\":\"b\"}"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"word", "\"word\""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct json *v = NULL;
        if (yaml_parse(cx, str_from(rows[i].in), &v) != RC_OK)
            fail_msg("row %zu: %s", i, cx->err.detail);
        struct str got = json_canonical(cx->mem, v);
        if (!str_eq(got, str_from(rows[i].out)))
            fail_msg("row %zu: %.*s", i, STR_ARG(got));
    }
}

static void refusals(void **state)
{
    static const struct {
        const char *in, *why;
    } rows[] = {
        {"", "empty"},
        {"# nothing", "empty"},
        {"a: 1\na: 2", "line 2 column 1: the key stands twice"},
        {"x:\n  a: 1\n  b: 2\n  \"a\": 3", "line 4"},
        {"a: &x 1", "anchors"},
        {"a: &x [1]\nb: *x", "anchors"},
        {"a: &x {b: 1}", "anchors"},
        {"a: *x", "anchors"},
        {"a: !!str 1", "tags"},
        {"a: !mine {b: 1}", "tags"},
        {"a: ! x", "tags"},
        {"<<: {a: 1}", "merge"},
        {"a: 1\n---\nb: 2", "second document"},
        {"? [a, b]\n: c", "key must be"},
        {"{[a]: b}", "key must be"},
        {"a: [1, 2", "line"},
        {"a: {b: 1", "line"},
        {"a: 'open", "line"},
        {"a: b: c", "line 1"},
        {"a: 1\n  b: 2", "line 2"},
        {"a:\n\t- b", "line 2"},
        {"a: \"\\q\"", "line 1"},
        {"a: \"\\0\"", "NUL"},
        {"a: \xFF", "UTF-8"},
        {"a: \x01", "line"},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "too deep"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct json *v = NULL;
        if (yaml_parse(cx, str_from(rows[i].in), &v) != RC_MALFORMED)
            fail_msg("row %zu was read: %s", i, rows[i].in);
        if (!strstr(cx->err.detail, rows[i].why))
            fail_msg("row %zu: %s", i, cx->err.detail);
        assert_null(v);
    }
}

static void too_large(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *v = NULL;
    char *big = arena_alloc(cx->mem, JSON_BYTES_MAX + 1);
    memset(big, '#', JSON_BYTES_MAX + 1);
    assert_int_equal(yaml_parse(cx, str_n(big, JSON_BYTES_MAX + 1), &v), RC_TOO_LARGE);
}

static void lines(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *v;
    static const char text[] =
        "# head\nflow: x\nstates:\n  one:\n    by: [a,\n      b]\n  two: {}\n";
    assert_int_equal(yaml_parse(cx, str_from(text), &v), RC_OK);
    assert_int_equal(json_path(v, STR("flow"))->line, 2);
    assert_int_equal(json_path(v, STR("states"))->line, 3);
    assert_int_equal(json_path(v, STR("states.one.by"))->line, 5);
    assert_int_equal(json_path(v, STR("states.one.by.1"))->line, 6);
    assert_int_equal(json_path(v, STR("states.two"))->line, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(readings),
        UNIT(refusals),
        UNIT(too_large),
        UNIT(lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
