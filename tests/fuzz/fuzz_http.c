/* fuzz_http.c - any bytes as target, query, headers and multipart body: within bounds. */
#include "fuzz/fuzz.h"

#include "base/buf.h"
#include "http/http.h"

struct parts {
    size_t n, bytes;
    bool open;
};

static enum rc part_begin(struct ctx *cx, void *arg, const struct part *p)
{
    struct parts *at = arg;
    fuzz_must(!at->open && p->name.p);
    at->open = true;
    at->n++;
    return RC_OK;
}

static enum rc part_data(struct ctx *cx, void *arg, struct str bytes)
{
    struct parts *at = arg;
    fuzz_must(at->open);
    at->bytes += bytes.n;
    return RC_OK;
}

static enum rc part_end(struct ctx *cx, void *arg)
{
    struct parts *at = arg;
    fuzz_must(at->open);
    at->open = false;
    return RC_OK;
}

/* In pieces of `step` bytes the body must mean the same. */
static struct parts body_read(struct ctx *cx, struct str in, size_t step, enum rc *rc)
{
    struct parts at = {0};
    struct multipart_sink sink = {part_begin, part_data, part_end, &at};
    struct multipart *m;
    *rc = multipart_new(cx, STR("multipart/form-data; boundary=xx"), &sink, &m);
    for (size_t i = 0; *rc == RC_OK && i < in.n; i += step)
        *rc = multipart_feed(cx, m, str_cut(str_skip(in, i), 0, step));
    if (*rc == RC_OK)
        *rc = multipart_finish(cx, m);
    return at;
}

static void body_check(struct ctx *cx, struct str in)
{
    enum rc whole, bits;
    struct parts a = body_read(cx, in, in.n + 1, &whole);
    struct parts b = body_read(cx, in, 3, &bits);
    fuzz_must(whole == bits);
    fuzz_must(a.bytes <= in.n && a.n <= PARTS_MAX);
    if (whole == RC_OK)
        fuzz_must(a.n == b.n && a.bytes == b.bytes && !a.open);
}

static void head_check(struct ctx *cx, struct str in)
{
    struct str line, name, rest = in;
    struct framing f = {0};
    while (rest.p) {
        rest = str_split(rest, '\n', &line);
        struct str value = str_split(line, ':', &name);
        framing_header(&f, name, value.p ? value : STR(""));
    }
    framing_check(&f, STR("HTTP/1.1"));
    cookie_find(in, STR("motcua"));
    header_param(cx->mem, in, STR("boundary"));
    gzip_is_accepted(in);
    media_is(in, STR("application/json"));
}

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct str path, query;
    struct fields fields = {0};
    if (target_parse(cx->mem, in, STR("h"), &path, &query)) {
        fuzz_must(path.n && path.p[0] == '/' && utf8_is(path));
        for (size_t i = 0; i + 2 < path.n; i++)
            fuzz_must(memcmp(path.p + i, "/..", 3) != 0 ||
                      (i + 3 < path.n && path.p[i + 3] != '/'));
    }
    if (fields_parse(cx, in, &fields) != RC_OK)
        ctx_clear(cx);
    fuzz_must(fields.n <= FIELDS_MAX);
    head_check(cx, in);
    body_check(cx, in);
}
