/* fuzz_http_params.c - request targets, fields, cookies and multipart bodies from outside. The
 * same body in other pieces must read the same. */
#include "fuzz/fuzz.h"

#include "http/http.h"

struct seen {
    struct hash_of_parts {
        uint64_t sum, parts;
    } h;
};

static void mix(struct seen *s, struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i++)
        s->h.sum = s->h.sum * 1099511628211u + (unsigned char)bytes.p[i] + 1;
}

static enum rc on_begin(struct ctx *cx, void *arg, const struct part *p)
{
    struct seen *s = arg;
    s->h.parts++;
    mix(s, p->name);
    mix(s, p->file);
    return RC_OK;
}

static enum rc on_data(struct ctx *cx, void *arg, struct str bytes)
{
    mix(arg, bytes);
    return RC_OK;
}

static enum rc on_end(struct ctx *cx, void *arg)
{
    return RC_OK;
}

static enum rc read_in_pieces(struct ctx *cx, struct str body, size_t piece, struct seen *s)
{
    struct multipart_sink sink = {on_begin, on_data, on_end, s};
    struct multipart *m;
    ctx_clear(cx);
    TRY(multipart_new(cx, STR("multipart/form-data; boundary=b"), &sink, &m));
    while (body.n) {
        TRY(multipart_feed(cx, m, str_cut(body, 0, piece)));
        body = str_skip(body, piece);
    }
    return multipart_finish(cx, m);
}

static void fuzz_multipart(struct ctx *cx, struct str in)
{
    struct seen whole = {0}, small = {0};
    enum rc a = read_in_pieces(cx, in, in.n ? in.n : 1, &whole);
    enum rc b = read_in_pieces(cx, in, 3, &small);
    fuzz_must(a == b);
    fuzz_must(a != RC_OK || (whole.h.sum == small.h.sum && whole.h.parts == small.h.parts));
}

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct str path, query;
    struct fields f = {0};
    if (target_parse(cx->mem, in, STR("x"), &path, &query))
        fuzz_must(path.n && path.p[0] == '/' && utf8_is(path) && !str_has(path, STR("/../")));
    if (fields_parse(cx, in, &f) == RC_OK)
        fuzz_must(f.n <= FIELDS_MAX);
    (void)cookie_find(in, STR("a"));
    (void)header_param(cx->mem, in, STR("boundary"));
    (void)gzip_is_accepted(in);
    fuzz_multipart(cx, in);
}
