/* test_http.c - framing, targets, fields, cookies, multipart: text only. */
#include "unit/harness.h"
#include "base/buf.h"
#include "http/http.h"

static void test_targets(void **state)
{
    static const struct {
        const char *target, *path, *query; /* path NULL: refused */
    } rows[] = {
        {"/", "/", ""},
        {"/a", "/a", ""},
        {"/a/", "/a", ""},
        {"/a?b=c?d", "/a", "b=c?d"},
        {"/a%20b/%C4%91", "/a b/\xc4\x91", ""},
        {"/a+b", "/a+b", ""},
        {"http://h/a", "/a", ""},
        {"https://h/a?x", "/a", "x"},
        {"", NULL, NULL},
        {"*", NULL, NULL},
        {"a", NULL, NULL},
        {"//", NULL, NULL},
        {"//a", NULL, NULL},
        {"/a//b", NULL, NULL},
        {"/a//", NULL, NULL},
        {"/.", NULL, NULL},
        {"/a/..", NULL, NULL},
        {"/a/%2e%2e/b", NULL, NULL},
        {"/a%2fb", NULL, NULL},
        {"/a\\b", NULL, NULL},
        {"/a%5Cb", NULL, NULL},
        {"/a%", NULL, NULL},
        {"/a%4", NULL, NULL},
        {"/a%4g", NULL, NULL},
        {"/a%00", NULL, NULL},
        {"/a%0a", NULL, NULL},
        {"/%c3", NULL, NULL},
        {"/a#b", NULL, NULL},
        {"http://other/a", NULL, NULL},
        {"http://hh/a", NULL, NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str path, query;
        bool ok = target_parse(*state, str_from(rows[i].target), STR("h"), &path, &query);
        if (ok != (rows[i].path != NULL))
            fail_msg("%s", rows[i].target);
        if (ok)
            assert_true(str_eq(path, str_from(rows[i].path)) &&
                        str_eq(query, str_from(rows[i].query)));
    }
}

static void test_fields(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct fields f = {0};
    assert_int_equal(fields_parse(cx, STR("a=1&b=x+y&&c&d=%C4%91&a=2&e=1=2"), &f), RC_OK);
    assert_int_equal(f.n, 6);
    assert_str(fields_find(&f, STR("a")), "1");
    assert_str(fields_find(&f, STR("b")), "x y");
    assert_true(fields_find(&f, STR("c")).p != NULL);
    assert_str(fields_find(&f, STR("d")), "\xc4\x91");
    assert_str(fields_find(&f, STR("e")), "1=2");
    assert_null(fields_find(&f, STR("z")).p);
    assert_int_equal(fields_parse(cx, STR("a=%4"), &f), RC_MALFORMED);
    ctx_clear(cx);
    struct buf *b = buf_new(*state, 1 << 16);
    for (int i = 0; i <= FIELDS_MAX; i++)
        buf_put(b, STR("a=&"));
    f = (struct fields){0};
    assert_int_equal(fields_parse(cx, buf_str(b), &f), RC_TOO_LARGE);
}

static void test_headers(void **state)
{
    assert_str(cookie_find(STR("a=1; motcua=x; motcua=y"), STR("motcua")), "x");
    assert_null(cookie_find(STR("xmotcua=1; motcua"), STR("motcua")).p);
    assert_null(cookie_find(STR_NULL, STR("motcua")).p);
    assert_true(media_is(STR("Application/JSON ; charset=utf-8"), STR("application/json")));
    assert_false(media_is(STR("application/json5"), STR("application/json")));
    assert_false(media_is(STR_NULL, STR("application/json")));
    assert_str(header_param(*state, STR("a; x=1; Boundary=\"q\\\"r\"; y"), STR("boundary")),
               "q\"r");
    assert_null(header_param(*state, STR("a; x"), STR("x")).p);
    assert_true(gzip_is_accepted(STR("br, gzip;q=0.5")));
    assert_false(gzip_is_accepted(STR("gzip;q=0")));
    assert_false(gzip_is_accepted(STR("deflate")));
    assert_false(gzip_is_accepted(STR_NULL));
    assert_true(host_is(STR("a.example:8080")) && host_is(STR("[::1]:80")));
    assert_false(host_is(STR("a b")) || host_is(STR("")) || host_is(STR("a/b")));
}

/* -- multipart: what was read, as text -- */

static enum rc on_begin(struct ctx *cx, void *arg, const struct part *p)
{
    buf_fmt(arg, "<%.*s|%.*s>", STR_ARG(p->name), STR_ARG(p->file));
    return RC_OK;
}

static enum rc on_data(struct ctx *cx, void *arg, struct str bytes)
{
    buf_put(arg, bytes);
    return RC_OK;
}

static enum rc on_end(struct ctx *cx, void *arg)
{
    buf_putc(arg, '.');
    return RC_OK;
}

static enum rc parts_read(struct ctx *cx, struct str body, size_t piece, struct str *ret)
{
    struct buf *b = buf_new(cx->mem, 1 << 20);
    struct multipart_sink sink = {on_begin, on_data, on_end, b};
    struct multipart *m;
    ctx_clear(cx);
    TRY(multipart_new(cx, STR("multipart/form-data; boundary=b"), &sink, &m));
    while (body.n) {
        TRY(multipart_feed(cx, m, str_cut(body, 0, piece)));
        body = str_skip(body, piece);
    }
    TRY(multipart_finish(cx, m));
    *ret = buf_str(b);
    return RC_OK;
}

#define PART(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static void test_multipart(void **state)
{
    static const struct {
        const char *body, *seen; /* seen NULL: refused */
    } rows[] = {
        {"--b--\r\n", ""},
        {"--b\r\n" PART("a") "1\r\n--b--\r\n", "<a|>1."},
        {"--b\r\n" PART("a") "\r\n--b--", "<a|>."},
        {"--b\r\n" PART("a") "\r\n-\r\n--\r\n--c\r\n--b--\r\n", "<a|>\r\n-\r\n--\r\n--c."},
        {"--b\r\n" PART("a") "1\r\n--b\r\n" PART("b\"; filename=\"f") "2\r\n--b--\r\n",
         "<a|>1.<b|f>2."},
        {"--b\r\n" PART("a") "1\r\n--b", NULL},
        {"--b\r\n" PART("a") "1", NULL},
        {"x--b\r\n" PART("a") "1\r\n--b--", NULL},
        {"--b\r\n" PART("a") "1\r\n--bb--\r\n", NULL},
        {"--b\r\n\r\n1\r\n--b--\r\n", NULL},
        {"--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--b--\r\n", NULL},
        {"--b\r\nContent-Transfer-Encoding: base64\r\n" PART("a") "1\r\n--b--\r\n", NULL},
        {"--b\r\n" PART("a") "1\r\n--b--\r\nmore", NULL},
        {"", NULL},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        for (size_t piece = 1; piece < 100; piece += piece < 20 ? 1 : 37) {
            struct str seen;
            enum rc rc = parts_read(cx, str_from(rows[i].body), piece, &seen);
            if ((rc == RC_OK) != (rows[i].seen != NULL))
                fail_msg("row %zu in pieces of %zu: %s", i, piece, cx->err.detail);
            if (rc == RC_OK && !str_eq(seen, str_from(rows[i].seen)))
                fail_msg("row %zu: %.*s", i, STR_ARG(seen));
        }
    }
}

static void test_multipart_limits(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct str seen;
    struct multipart *m;
    struct buf *b = buf_new(*state, 1 << 20);
    buf_put(b, STR("--b\r\nX: "));
    for (int i = 0; i < 5000; i++)
        buf_putc(b, 'x');
    assert_int_equal(parts_read(cx, buf_str(b), 700, &seen), RC_TOO_LARGE);
    b = buf_new(*state, 1 << 20);
    for (int i = 0; i <= PARTS_MAX; i++)
        buf_put(b, STR("--b\r\n" PART("a") "1\r\n"));
    assert_int_equal(parts_read(cx, buf_str(b), 9000, &seen), RC_TOO_LARGE);
    static const char *const types[] = {"multipart/form-data", "multipart/form-data; boundary=",
                                        "multipart/form-data; boundary=\"a\x01\""};
    struct multipart_sink sink = {on_begin, on_data, on_end, NULL};
    for (size_t i = 0; i < ROWS(types); i++) {
        ctx_clear(cx);
        assert_int_equal(multipart_new(cx, str_from(types[i]), &sink, &m), RC_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(test_targets),   UNIT(test_fields),           UNIT(test_headers),
        UNIT(test_multipart), UNIT(test_multipart_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
