/* test_http_edges.c - framing, hosts, header values and multipart heads at their limits. */
#include "unit/harness.h"

#include "base/buf.h"
#include "http/http.h"

/* -- framing: a head as its lines, and what is wrong with it -- */

struct head_row {
    const char *version, *lines; /* "Name: value" lines, parted by \n */
    const char *fault;           /* NULL: nothing */
    int64_t length;
};

static const char *head_check(struct framing *f, const struct head_row *row)
{
    struct str rest = str_from(row->lines);
    while (rest.n) {
        struct str line, name;
        rest = str_split(rest, '\n', &line);
        struct str value = str_split(line, ':', &name);
        framing_header(f, name, str_trim(value));
    }
    return framing_check(f, str_from(row->version));
}

static void framings(void **state)
{
    static const struct head_row rows[] = {
        {"HTTP/1.1", "Host: a", NULL, 0},
        {"HTTP/1.0", "", NULL, 0},
        {"HTTP/1.0", "Host: a", NULL, 0},
        {"HTTP/1.1", "host: a\nCONTENT-LENGTH: 0", NULL, 0},
        {"HTTP/1.1", "Host: a\nContent-Length: 007", NULL, 7},
        {"HTTP/1.1", "Host: a\nContent-Length: 999999999999999999", NULL, 999999999999999999},
        {"HTTP/1.1", "Host: a\nTransfer-Encoding: CHUNKED", NULL, -1},
        {"HTTP/1.1", "Host: a\nX-Any: \tx", NULL, 0},
        {"HTTP/1.1", "", "not exactly one Host", 0},
        {"HTTP/1.1", "Host: a\nHost: a", "not exactly one Host", 0},
        {"HTTP/1.0", "Host: a\nhost: b", "not exactly one Host", 0},
        {"HTTP/1.1", "Host: ", "Host is not a host", 0},
        {"HTTP/1.1", "Host: a b", "Host is not a host", 0},
        {"HTTP/1.1", "Host: a@b", "Host is not a host", 0},
        {"HTTP/1.1", "Host: a/b", "Host is not a host", 0},
        {"HTTP/1.1", "Host: a,b", "Host is not a host", 0},
        {"HTTP/2.0", "Host: a", "not HTTP/1.1 or HTTP/1.0", 0},
        {"HTTP/1.2", "Host: a", "not HTTP/1.1 or HTTP/1.0", 0},
        {"http/1.1", "Host: a", "not HTTP/1.1 or HTTP/1.0", 0},
        {"", "Host: a", "not HTTP/1.1 or HTTP/1.0", 0},
        {"HTTP/1.1", "Host: a\nContent-Length: 1000000000000000000", "Content-Length is not",
         0},
        {"HTTP/1.1", "Host: a\nContent-Length: -1", "Content-Length is not", 0},
        {"HTTP/1.1", "Host: a\nContent-Length: +1", "Content-Length is not", 0},
        {"HTTP/1.1", "Host: a\nContent-Length: ", "Content-Length is not", 0},
        {"HTTP/1.1", "Host: a\nContent-Length: 1, 1", "Content-Length is not", 0},
        {"HTTP/1.1", "Host: a\nContent-Length: 0x1", "Content-Length is not", 0},
        {"HTTP/1.1", "Host: a\nContent-Length: 1\nContent-Length: 1", "more than one Content-L",
         0},
        {"HTTP/1.1", "Host: a\nTransfer-Encoding: gzip, chunked", "Transfer-Encoding is not",
         0},
        {"HTTP/1.1", "Host: a\nTransfer-Encoding: identity", "Transfer-Encoding is not", 0},
        {"HTTP/1.1", "Host: a\nTransfer-Encoding: \"chunked\"", "Transfer-Encoding is not", 0},
        {"HTTP/1.1", "Host: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked",
         "more than one Transfer", 0},
        {"HTTP/1.1", "Host: a\nTransfer-Encoding: chunked\nContent-Length: 3", "both ", 0},
        {"HTTP/1.0", "Host: a\nTransfer-Encoding: chunked", "Transfer-Encoding in HTTP/1.0", 0},
        {"HTTP/1.1", "Host: a\nContent-Type: a/b\nContent-Type: a/b", "more than one Content-T",
         0},
        {"HTTP/1.1", "Host: a\n: x", "a header name", 0},
        {"HTTP/1.1", "Host: a\nX : x", "a header name", 0},
        {"HTTP/1.1", "Host: a\n X: x", "a header name", 0},
        {"HTTP/1.1", "Host: a\nX\x01: x", "a header name", 0},
        {"HTTP/1.1", "Host: a\nX(: x", "a header name", 0},
        {"HTTP/1.1", "Host: a\nĐ: x", "a header name", 0},
        {"HTTP/1.1", "Host: a\nX: a\rb", "a header value", 0},
        {"HTTP/1.1", "Host: a\nX: a\x7f", "a header value", 0},
        /* the first fault is the one that is told */
        {"HTTP/9", "X: \x01\nHost: a b\nHost: a", "a header value", 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct framing f = {0};
        const char *fault = head_check(&f, &rows[i]);
        if (!fault != !rows[i].fault ||
            (fault && strncmp(fault, rows[i].fault, strlen(rows[i].fault)) != 0))
            fail_msg("row %zu: %s", i, fault ? fault : "taken");
        if (!fault && f.length != rows[i].length)
            fail_msg("row %zu: length %lld", i, (long long)f.length);
    }
    struct framing f = {0};
    framing_header(&f, STR("Host"), STR("a"));
    framing_header(&f, STR("X"), str_n("a\0b", 3));
    assert_non_null(framing_check(&f, STR("HTTP/1.1")));
}

static void hosts(void **state)
{
    char name[262];
    memset(name, 'a', sizeof name);
    assert_true(host_is(str_n(name, 260)));
    assert_false(host_is(str_n(name, 261)));
    static const char *const good[] = {"a", "A-1.example", "a_b", "127.0.0.1:8080", "[::1]"};
    static const char *const bad[] = {"",   " a",   "a ",  "a\tb", "a\"",
                                      "a<", "a%41", "a?b", "a#",   "đ"};
    for (size_t i = 0; i < ROWS(good); i++)
        assert_true(host_is(str_from(good[i])));
    for (size_t i = 0; i < ROWS(bad); i++)
        if (host_is(str_from(bad[i])))
            fail_msg("%s", bad[i]);
    assert_false(host_is(str_n("a\0b", 3)));
}

/* -- headers -- */

static void codings(void **state)
{
    static const struct {
        const char *header;
        bool ok;
    } rows[] = {
        {"gzip", true},           {"GZip", true},           {" gzip ", true},
        {"deflate, gzip", true},  {"gzip;q=1", true},       {"gzip; q=0.001", true},
        {"gzip;q=0.5, br", true}, {"br;q=0, gzip", true},   {"", false},
        {"gzipped", false},       {"x-gzip2", false},       {"identity", false},
        {"gzip;q=0", false},      {"gzip;q=0.0", false}, /* RFC 9110 12.4.2 */
        {"gzip;q=0.00", false},   {"gzip; q=0.000", false}, {"gzip;Q=0", false},
        {"gzip ; q=0", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (gzip_is_accepted(str_from(rows[i].header)) != rows[i].ok)
            fail_msg("%s", rows[i].header);
}

static void cookies(void **state)
{
    static const struct {
        const char *header, *value; /* of m; NULL: none */
    } rows[] = {
        {"m=1", "1"},
        {"m=", ""},
        {"m=a=b", "a=b"},
        {"x=1;m=2", "2"},
        {"x=1;   m=2 ;y", "2"},
        {"m=1; m=2", "1"},
        {"", NULL},
        {"m", NULL},
        {"M=1", NULL},
        {"mm=1", NULL},
        {"x=m=1", NULL},
        {";;;", NULL},
        {"=1", NULL},
        {"x=\"; m=1\"", "1\""},
        {"x; m=1", "1"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str got = cookie_find(str_from(rows[i].header), STR("m"));
        if (!got.p != !rows[i].value || !str_eq(got, str_from(rows[i].value)))
            fail_msg("%s: %.*s", rows[i].header, STR_ARG(got));
    }
}

static void parameters(void **state)
{
    static const struct {
        const char *header, *value; /* of b; NULL: none */
    } rows[] = {
        {"t; b=1", "1"},
        {"t;b=1", "1"},
        {"t; B = 1 ", "1"},
        {"t; b=\"\"", ""},
        {"t; b=", ""},
        {"t; b=\"a;b=2\"; c", "a;b=2"},
        {"t; a=\"x;b=1\"; b=2", "2"},
        {"t; a=\"x\\\";b=1\"; b=2", "2"},
        {"t; b=\"a\\\\\"", "a\\"},
        {"t; b=\"C:\\dir\\a\"", "C:\\dir\\a"}, /* a browser's path is no escape */
        {"t; b=\"open", "open"},
        {"t; b=\"\\", "\\"},
        {"b=1", NULL},
        {"t", NULL},
        {"t;", NULL},
        {"t; bb=1", NULL},
        {"t; c=b=1", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str got = header_param(*state, str_from(rows[i].header), STR("b"));
        if (!got.p != !rows[i].value || !str_eq(got, str_from(rows[i].value)))
            fail_msg("%s: %.*s", rows[i].header, STR_ARG(got));
    }
}

static void decoding(void **state)
{
    static const struct {
        const char *in, *plain, *plus; /* NULL: refused */
    } rows[] = {
        {"", "", ""},
        {"a+b", "a+b", "a b"},
        {"%2B+", "++", "+ "},
        {"%41%6a%6A", "Ajj", "Ajj"},
        {"%", NULL, NULL},
        {"%4", NULL, NULL},
        {"a%4", NULL, NULL},
        {"%4g", NULL, NULL},
        {"%g4", NULL, NULL},
        {"%%41", NULL, NULL},
        {"%-1", NULL, NULL},
        {"% 1", NULL, NULL},
        {"%25%32%35", "%25", "%25"}, /* once, not again */
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        for (int plus = 0; plus < 2; plus++) {
            const char *want = plus ? rows[i].plus : rows[i].plain;
            struct str got;
            if (url_decode(*state, str_from(rows[i].in), plus, &got) != (want != NULL))
                fail_msg("%s", rows[i].in);
            if (want)
                assert_str(got, want);
        }
}

static void fields_at_most(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct fields f = {0};
    for (int i = 0; i < FIELDS_MAX; i++)
        assert_int_equal(fields_add(cx, &f, STR("a"), STR("1")), RC_OK);
    assert_int_equal(fields_parse(cx, STR("&&&"), &f), RC_OK);
    assert_int_equal(fields_parse(cx, STR("b=1"), &f), RC_TOO_LARGE);
    assert_int_equal(f.n, FIELDS_MAX);
    assert_null(fields_find(&f, STR("b")).p);
}

/* -- multipart: what is at its limit does not depend on the pieces it comes in -- */

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
    return RC_OK;
}

static enum rc feed(struct ctx *cx, const char *type, struct str body, size_t piece,
                    struct str *seen)
{
    struct buf *b = buf_new(cx->mem, 1 << 20);
    struct multipart_sink sink = {on_begin, on_data, on_end, b};
    struct multipart *m;
    ctx_clear(cx);
    TRY(multipart_new(cx, str_from(type), &sink, &m));
    while (body.n) {
        TRY(multipart_feed(cx, m, str_cut(body, 0, piece)));
        body = str_skip(body, piece);
    }
    *seen = buf_str(b);
    return multipart_finish(cx, m);
}

static const char plain_type[] = "multipart/form-data; boundary=b";

/* A part whose head, without the empty line, is n bytes. */
static struct str head_of(struct arena *mem, size_t n)
{
    static const char named[] = "Content-Disposition: form-data; name=\"a\"\r\nX: ";
    struct buf *b = buf_new(mem, 1 << 16);
    buf_put(b, STR("--b\r\n"));
    buf_put(b, str_from(named));
    for (size_t i = sizeof named - 1; i < n; i++)
        buf_putc(b, 'x');
    buf_put(b, STR("\r\n\r\nbody\r\n--b--\r\n"));
    return buf_str(b);
}

static void part_heads(void **state)
{
    static const struct {
        size_t n;
        enum rc rc;
    } rows[] = {
        {PART_HEAD_MAX - 4, RC_OK},        {PART_HEAD_MAX - 3, RC_OK},
        {PART_HEAD_MAX - 1, RC_OK},        {PART_HEAD_MAX, RC_OK},
        {PART_HEAD_MAX + 1, RC_TOO_LARGE}, {PART_HEAD_MAX + 5, RC_TOO_LARGE},
    };
    static const size_t pieces[] = {1, 7, 4096, 4103, 1 << 16};
    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t j = 0; j < ROWS(pieces); j++) {
            struct ctx *cx = ctx_new(*state, NULL);
            struct str seen;
            enum rc rc = feed(cx, plain_type, head_of(*state, rows[i].n), pieces[j], &seen);
            if (rc != rows[i].rc)
                fail_msg("a head of %zu in pieces of %zu: %s", rows[i].n, pieces[j],
                         rc_name(rc));
            if (rc == RC_OK)
                assert_str(seen, "<a|>body");
        }
}

static void boundaries(void **state)
{
    char type[200], body[400];
    struct ctx *cx = ctx_new(*state, NULL);
    struct str seen;
    for (int n = 69; n <= 71; n++) {
        char mark[80] = {0};
        memset(mark, 'q', (size_t)n);
        snprintf(type, sizeof type, "multipart/form-data; boundary=%s", mark);
        snprintf(body, sizeof body,
                 "--%s\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--%s\r\n--%s--",
                 mark, mark + 1, mark);
        assert_int_equal(feed(cx, type, str_from(body), 3, &seen),
                         n <= 70 ? RC_OK : RC_MALFORMED);
    }
    static const struct {
        const char *type;
        enum rc rc;
    } rows[] = {
        {"multipart/form-data; boundary=\"a b\"", RC_OK},
        {"Multipart/Form-Data; charset=utf-8; BOUNDARY=b", RC_OK},
        {"multipart/form-data; boundary=\"a \"", RC_MALFORMED},
        {"multipart/form-data; boundary=\"a\\\"b\"", RC_MALFORMED},
        {"multipart/form-data; boundary=a*b", RC_MALFORMED},
        {"multipart/form-data; boundary=\xc4\x91", RC_MALFORMED},
        {"multipart/mixed; boundary=b", RC_UNSUPPORTED},
        {"application/json", RC_UNSUPPORTED},
        {"", RC_UNSUPPORTED},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct multipart_sink sink = {on_begin, on_data, on_end, NULL};
        struct multipart *m;
        ctx_clear(cx);
        if (multipart_new(cx, str_from(rows[i].type), &sink, &m) != rows[i].rc)
            fail_msg("%s", rows[i].type);
    }
}

static void dispositions(void **state)
{
    static const struct {
        const char *line, *seen; /* NULL: refused */
    } rows[] = {
        {"Content-Disposition: form-data; name=a", "<a|>."},
        {"CONTENT-DISPOSITION:form-data;name=\"a\"", "<a|>."},
        {"Content-Disposition: form-data; filename=\"f\"; name=\"a\"", "<a|f>."},
        {"Content-Disposition: form-data; name=\"a\"; filename=\"\"", "<a|>."},
        {"Content-Disposition: form-data; name=\"a;b\"; filename=\"x=y;z\"", "<a;b|x=y;z>."},
        {"Content-Type: text/plain\r\nContent-Disposition: form-data; name=\"a\"", "<a|>."},
        {"Content-Disposition: form-data", NULL},
        {"Content-Disposition: form-data; name=\"\"", NULL},
        {"Content-Disposition: form-data; filename=\"f\"", NULL},
        {"Content-Disposition: file; name=\"a\"", NULL},
        {"Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b",
         NULL},
        {"content-transfer-encoding: 8bit\r\nContent-Disposition: form-data; name=a", NULL},
        {"X-Disposition: form-data; name=\"a\"", NULL},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t piece = 1; piece < 300; piece += 13) {
            struct str seen,
                body = str_fmt(*state, "--b\r\n%s\r\n\r\n.\r\n--b--\r\n", rows[i].line);
            enum rc rc = feed(cx, plain_type, body, piece, &seen);
            if ((rc == RC_OK) != (rows[i].seen != NULL))
                fail_msg("%s: %s", rows[i].line, rc_name(rc));
            if (rc == RC_OK && !str_eq(seen, str_from(rows[i].seen)))
                fail_msg("%s: %.*s", rows[i].line, STR_ARG(seen));
        }
}

/* What is almost a boundary is content; and content over the window goes through whole. */
static void contents(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct buf *b = buf_new(*state, 1 << 20);
    buf_put(b, STR("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"));
    size_t from = buf_str(b).n;
    for (int i = 0; i < 9000; i++)
        buf_put(b, i % 3 ? STR("\r\n-") : STR("-c\r"));
    size_t to = buf_str(b).n;
    buf_put(b, STR("\r\n--b--"));
    struct str body = buf_str(b), seen;
    static const size_t pieces[] = {1, 5, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 1 << 20};
    for (size_t i = 0; i < ROWS(pieces); i++) {
        assert_int_equal(feed(cx, plain_type, body, pieces[i], &seen), RC_OK);
        assert_true(str_eq(str_skip(seen, 4), str_cut(body, from, to)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(framings),   UNIT(hosts),          UNIT(codings),      UNIT(cookies),
        UNIT(parameters), UNIT(decoding),       UNIT(part_heads),   UNIT(boundaries),
        UNIT(contents),   UNIT(fields_at_most), UNIT(dispositions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
