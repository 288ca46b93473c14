/* test_json.c - JSON in and out. More than half of the rows refuse. */
#include "unit/harness.h"

#include "text/json.h"

static struct ctx *cx_of(void **state)
{
    return ctx_new(*state, NULL);
}

static struct json *parsed(struct ctx *cx, const char *text)
{
    struct json *v = NULL;
    assert_int_equal(json_parse(cx, str_from(text), &v), RC_OK);
    return v;
}

static struct str printed(struct arena *mem, const struct json *v)
{
    struct buf *b = buf_new(mem, 1 << 20);
    json_print(b, v);
    return buf_str(b);
}

static void expect(struct str got, const char *want)
{
    if (!str_eq(got, str_from(want)))
        fail_msg("got %.*s instead of %s", STR_ARG(got), want);
}

static void round_trips(void **state)
{
    static const struct {
        const char *in, *out, *canonical;
    } rows[] = {
        {"{}", "{}", "{}"},
        {" [ ] ", "[]", "[]"},
        {"null", "null", "null"},
        {"-0", "0", "0"},
        {"[1,-1,9223372036854775807]", "[1,-1,9223372036854775807]",
         "[1,-1,9223372036854775807]"},
        {"[1.0,1e3,0.10,-0.0]", "[1.0,1e3,0.10,-0.0]", "[1,1000,0.1,0]"},
        {"[1e21,1e-7,123456789012345678901234567890]",
         "[1e21,1e-7,123456789012345678901234567890]", "[1e+21,1e-7,1.2345678901234568e+29]"},
        {"[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]",
         "[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]",
         "[333333333.3333333,1e+30,4.5,0.002,1e-27]"},
        {"{\"b\":1,\"a\":{\"d\":[],\"c\":false}}", "{\"b\":1,\"a\":{\"d\":[],\"c\":false}}",
         "{\"a\":{\"c\":false,\"d\":[]},\"b\":1}"},
        {"\"\\u0111\\u00c1 \\/ \\\"\\\\ \\n\\u001f\\ud83d\\ude00\"",
         "\"đÁ / \\\"\\\\ \\n\\u001f😀\"", "\"đÁ / \\\"\\\\ \\n\\u001f😀\""},
        {"\"\\b\\f\\t\\r\\u007f\"", "\"\\b\\f\\t\\r\x7f\"", "\"\\b\\f\\t\\r\x7f\""},
        /* RFC 8785 3.2.3: order of UTF-16 code units */
        {"{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,"
         "\"\\u00f6\":7}",
         "{\"€\":1,\"\\r\":2,\"\xEF\xAC\xB3\":3,\"1\":4,\"😀\":5,\"\xC2\x80\":6,\"ö\":7}",
         "{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\xEF\xAC\xB3\":3}"},
    };
    struct ctx *cx = cx_of(state);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *v = parsed(cx, rows[i].in);
        expect(printed(cx->mem, v), rows[i].out);
        expect(json_canonical(cx->mem, v), rows[i].canonical);
        struct json *copy = json_copy(cx->mem, v);
        assert_true(json_equal(v, copy));
        assert_str(printed(cx->mem, copy), rows[i].out);
    }
}

static void refusals(void **state)
{
    static const struct {
        const char *in;
        enum rc rc;
    } rows[] = {
        {"", RC_MALFORMED},
        {"   ", RC_MALFORMED},
        {"{", RC_MALFORMED},
        {"[1,2", RC_MALFORMED},
        {"[1,]", RC_MALFORMED},
        {"{\"a\":1,}", RC_MALFORMED},
        {"{\"a\" 1}", RC_MALFORMED},
        {"{a:1}", RC_MALFORMED},
        {"{'a':1}", RC_MALFORMED},
        {"{1:1}", RC_MALFORMED},
        {"{\"a\":1,\"a\":2}", RC_MALFORMED},
        {"{\"a\":1,\"\\u0061\":2}", RC_MALFORMED},
        {"{\"x\":[{\"a\":1,\"b\":2,\"a\":3}]}", RC_MALFORMED},
        {"1 2", RC_MALFORMED},
        {"{} x", RC_MALFORMED},
        {"01", RC_MALFORMED},
        {"+1", RC_MALFORMED},
        {".5", RC_MALFORMED},
        {"1.", RC_MALFORMED},
        {"1e", RC_MALFORMED},
        {"1e999", RC_MALFORMED},
        {"NaN", RC_MALFORMED},
        {"Infinity", RC_MALFORMED},
        {"tru", RC_MALFORMED},
        {"nul", RC_MALFORMED},
        {"/* c */ 1", RC_MALFORMED},
        {"\"a", RC_MALFORMED},
        {"\"a\nb\"", RC_MALFORMED},
        {"\"\\x\"", RC_MALFORMED},
        {"\"\\u12\"", RC_MALFORMED},
        {"\"\\u12g4\"", RC_MALFORMED},
        {"\"\\ud800\"", RC_MALFORMED},
        {"\"\\udc00\\ud800\"", RC_MALFORMED},
        {"\"\\ud800\\u0041\"", RC_MALFORMED},
        {"\"\\u0000\"", RC_MALFORMED},
        {"\"\xC0\x80\"", RC_MALFORMED},
        {"\"\xED\xA0\x80\"", RC_MALFORMED},
        {"\"\xFF\"", RC_MALFORMED},
        {"\xEF\xBB\xBF{}", RC_MALFORMED},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", RC_MALFORMED},
        {"11111111111111111111111111111111111111111111111111111111111111111", RC_MALFORMED},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = cx_of(state);
        struct json *v = NULL;
        if (json_parse(cx, str_from(rows[i].in), &v) != rows[i].rc)
            fail_msg("row %zu: %s", i, rows[i].in);
        assert_null(v);
        assert_true(cx->err.detail[0] != 0);
    }
}

static void limits(void **state)
{
    struct ctx *cx = cx_of(state);
    struct json *v = NULL;
    char *big = arena_alloc(cx->mem, JSON_BYTES_MAX + 1);
    memset(big, ' ', JSON_BYTES_MAX + 1);
    big[0] = '1';
    assert_int_equal(json_parse(cx, str_n(big, JSON_BYTES_MAX), &v), RC_OK);
    assert_int_equal(json_parse(cx, str_n(big, JSON_BYTES_MAX + 1), &v), RC_TOO_LARGE);
    for (size_t i = 1; i < JSON_BYTES_MAX; i++)
        big[i] = i % 2 ? '1' : ',';
    big[0] = '[';
    big[JSON_BYTES_MAX - 1] = ']';
    cx = cx_of(state);
    assert_int_equal(json_parse(cx, str_n(big, JSON_BYTES_MAX), &v), RC_TOO_LARGE);
}

/* Many keys: found by hash, and still no duplicate gets through. */
static void many_keys(void **state)
{
    struct ctx *cx = cx_of(state);
    struct buf *b = buf_new(cx->mem, 8 << 20);
    buf_putc(b, '{');
    for (int i = 0; i < 100000; i++)
        buf_fmt(b, "\"k%d\":%d,", i, i);
    struct json *v;
    struct str head = buf_str(b);
    struct str good = str_join(cx->mem, head, STR("\"last\":{\"k1\":1}}"));
    assert_int_equal(json_parse(cx, good, &v), RC_OK);
    assert_int_equal(v->n, 100001);
    struct str bad = str_join(cx->mem, head, STR("\"k77\":1}"));
    assert_int_equal(json_parse(cx, bad, &v), RC_MALFORMED);
}

/* However many members stand before: the way of looking changes with their number. */
static void duplicates(void **state)
{
    for (int n = 1; n < 300; n++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct json *v;
        struct buf *b = buf_new(cx->mem, 1 << 20);
        buf_putc(b, '{');
        for (int i = 0; i < n; i++)
            buf_fmt(b, "\"k%d\":%d,", i, i);
        struct str good = str_join(cx->mem, buf_str(b), STR("\"k\":1}"));
        assert_int_equal(json_parse(cx, good, &v), RC_OK);
        buf_fmt(b, "\"k%d\":1}", n / 2);
        assert_int_equal(json_parse(cx, buf_str(b), &v), RC_MALFORMED);
    }
}

static void lines(void **state)
{
    struct ctx *cx = cx_of(state);
    struct json *v = parsed(cx, "{\n\"a\": 1,\n\n\"b\": [\n  {\"c\": \"x\"}]}");
    assert_int_equal(v->line, 1);
    assert_int_equal(json_path(v, STR("a"))->line, 2);
    assert_int_equal(json_path(v, STR("b.0.c"))->line, 5);
    assert_int_equal(json_parse(cx, STR("{\n\"a\":\n1,\n\"a\":2}"), &v), RC_MALFORMED);
    assert_non_null(strstr(cx->err.detail, "line 4"));
}

static void getters(void **state)
{
    struct ctx *cx = cx_of(state);
    struct json *v = parsed(cx, "{\"s\":\"x\",\"i\":7,\"t\":true,\"n\":null,"
                                "\"o\":{\"a\":[1,{\"b\":\"deep\"}]},\"d\":1.5}");
    assert_str(json_str(v, "s"), "x");
    assert_null(json_str(v, "i").p);
    assert_null(json_str(v, "none").p);
    assert_null(json_str(NULL, "s").p);
    assert_true(json_int(v, "i", -1) == 7);
    assert_true(json_int(v, "s", -1) == -1);
    assert_true(json_int(v, "d", -1) == -1);
    assert_true(json_bool(v, "t"));
    assert_false(json_bool(v, "i"));
    assert_false(json_bool(v, "n"));
    assert_str(json_path(v, STR("o.a.1.b"))->s, "deep");
    assert_null(json_path(v, STR("o.a.2")));
    assert_null(json_path(v, STR("o.a.-1")));
    assert_null(json_path(v, STR("o.a.x")));
    assert_null(json_path(v, STR("s.x")));
    assert_null(json_path(NULL, STR("s")));
    assert_null(json_get(json_get(v, STR("s")), STR("x")));
    assert_null(json_at(json_path(v, STR("o.a")), 2));
    assert_null(json_get(v, STR_NULL));
    assert_true(json_get(parsed(cx, "{\"\":7}"), STR_NULL)->i == 7);
    const struct json *none = NULL;
    JSON_EACH (none, child)
        fail_msg("nothing has no children: %p", (void *)child);
}

static void building(void **state)
{
    struct ctx *cx = cx_of(state);
    struct arena *mem = cx->mem;
    struct json *v = json_new_obj(mem);
    json_put_int(mem, v, "a", 1);
    json_put_str(mem, v, "b", STR("x"));
    json_put_bool(mem, v, "c", true);
    json_put_str(mem, v, "a", STR("again")); /* replaces in place */
    json_put_int(mem, v, "c", 3);            /* replaces the last */
    json_put(v, STR("d"), json_new_null(mem));
    assert_str(printed(mem, v), "{\"a\":\"again\",\"b\":\"x\",\"c\":3,\"d\":null}");
    json_del(v, STR("d"));
    json_del(v, STR("none"));
    json_put_int(mem, v, "e", 5);
    json_del(v, STR("a"));
    assert_str(printed(mem, v), "{\"b\":\"x\",\"c\":3,\"e\":5}");
    assert_int_equal(v->n, 3);
    json_del(v, STR("b"));
    json_del(v, STR("c"));
    json_del(v, STR("e"));
    json_del(NULL, STR("e"));
    assert_str(printed(mem, v), "{}");
    json_put(v, STR("l"), json_new_arr(mem));
    json_push(json_get(v, STR("l")), json_new_int(mem, 1));
    assert_str(printed(mem, v), "{\"l\":[1]}");
}

static void equality(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"{\"a\":1,\"b\":[2,3]}", "{\"b\":[2,3],\"a\":1}", true},
        {"[1,2]", "[2,1]", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
        {"{\"a\":1}", "{\"b\":1}", false},
        {"1", "\"1\"", false},
        {"true", "1", false},
        {"null", "null", true},
        {"1.50", "1.5", false}, /* spelling counts: the kernel does no floating point */
    };
    struct ctx *cx = cx_of(state);
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(json_equal(parsed(cx, rows[i].a), parsed(cx, rows[i].b)),
                         rows[i].equal);
    assert_false(json_equal(NULL, parsed(cx, "1")));
    assert_true(json_equal(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(round_trips), UNIT(refusals), UNIT(limits),   UNIT(many_keys),  UNIT(lines),
        UNIT(getters),     UNIT(building), UNIT(equality), UNIT(duplicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
