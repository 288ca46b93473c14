/* multipart.c - multipart/form-data, read in pieces as they arrive, in bounded memory. */
#include "http/http.h"

enum { WINDOW = 16 * 1024, BOUNDARY_MAX = 70 };

enum stage {
    STAGE_BODY,  /* of a part, or before the first boundary */
    STAGE_AFTER, /* behind a boundary: CRLF or "--" */
    STAGE_HEAD,  /* the headers of a part */
    STAGE_END,   /* behind the closing boundary: nothing but CRLF */
};

struct multipart {
    struct multipart_sink sink;
    struct str mark; /* CRLF "--" boundary */
    enum stage stage;
    bool in_part;
    unsigned parts;
    size_t n; /* bytes in the window */
    char window[WINDOW];
};

/* RFC 2046 5.1.1: the characters of a boundary. */
static bool boundary_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  (c && strchr("'()+_,-./:=? ", c));
        if (!ok)
            return false;
    }
    return s.n > 0 && s.n <= BOUNDARY_MAX && s.p[s.n - 1] != ' ';
}

enum rc multipart_new(struct ctx *cx, struct str content_type,
                      const struct multipart_sink *sink, struct multipart **ret)
{
    struct str boundary = header_param(cx->mem, content_type, STR("boundary"));
    if (!media_is(content_type, STR("multipart/form-data")))
        return FAIL(cx, UNSUPPORTED, NULL, "not multipart/form-data");
    if (!boundary_is(boundary))
        return FAIL(cx, MALFORMED, NULL, "multipart without a usable boundary");
    struct multipart *m = arena_new_of(cx->mem, struct multipart);
    m->sink = *sink;
    m->mark = str_join(cx->mem, STR("\r\n--"), boundary);
    memcpy(m->window, "\r\n", 2); /* so that the first boundary looks like the others */
    m->n = 2;
    *ret = m;
    return RC_OK;
}

static void window_drop(struct multipart *m, size_t n)
{
    m->n -= n;
    memmove(m->window, m->window + n, m->n);
}

static enum rc data_give(struct ctx *cx, struct multipart *m, size_t n)
{
    if (n == 0)
        return RC_OK;
    if (!m->in_part)
        return FAIL(cx, MALFORMED, NULL, "multipart: text before the first boundary");
    return m->sink.data(cx, m->sink.arg, str_n(m->window, n));
}

/* Each step: *more tells whether it moved on and can be run again on what is left. */
static enum rc body_step(struct ctx *cx, struct multipart *m, bool *more)
{
    const char *at = memmem(m->window, m->n, m->mark.p, m->mark.n);
    if (!at) {
        /* Keep what may be the beginning of a boundary. */
        size_t sure = m->n >= m->mark.n ? m->n - (m->mark.n - 1) : 0;
        TRY(data_give(cx, m, sure));
        window_drop(m, sure);
        return RC_OK;
    }
    size_t n = (size_t)(at - m->window);
    TRY(data_give(cx, m, n));
    if (m->in_part)
        TRY(m->sink.end(cx, m->sink.arg));
    m->in_part = false;
    window_drop(m, n + m->mark.n);
    m->stage = STAGE_AFTER;
    *more = true;
    return RC_OK;
}

static enum rc after_step(struct ctx *cx, struct multipart *m, bool *more)
{
    if (m->n < 2)
        return RC_OK;
    struct str two = str_n(m->window, 2);
    if (str_eq(two, STR("--")))
        m->stage = STAGE_END;
    else if (str_eq(two, STR("\r\n")))
        m->stage = STAGE_HEAD;
    else
        return FAIL(cx, MALFORMED, NULL, "multipart: text behind a boundary");
    window_drop(m, 2);
    *more = true;
    return RC_OK;
}

static bool starts_caseless(struct str s, struct str prefix)
{
    return s.n >= prefix.n && strncasecmp(s.p, prefix.p, prefix.n) == 0;
}

static enum rc head_read(struct ctx *cx, struct str head, struct part *ret)
{
    static const struct str disposition = {"content-disposition:", 20};
    static const struct str encoding = {"content-transfer-encoding:", 26};
    struct part p = {STR_NULL, STR_NULL};
    while (head.n) {
        struct str line;
        head = str_split(head, '\n', &line);
        line = str_trim(line);
        if (starts_caseless(line, encoding))
            return FAIL(cx, UNSUPPORTED, NULL, "multipart: a transfer encoding");
        if (!starts_caseless(line, disposition))
            continue;
        line = str_skip(line, disposition.n);
        if (p.name.p || !media_is(line, STR("form-data")))
            return FAIL(cx, MALFORMED, NULL, "multipart: bad Content-Disposition");
        p.name = header_param(cx->mem, line, STR("name"));
        p.file = header_param(cx->mem, line, STR("filename"));
    }
    if (!p.name.n)
        return FAIL(cx, MALFORMED, NULL, "multipart: a part without a name");
    *ret = (struct part){str_dup(cx->mem, p.name), p.file};
    if (p.file.p)
        ret->file = str_dup(cx->mem, p.file);
    return RC_OK;
}

static enum rc head_step(struct ctx *cx, struct multipart *m, bool *more)
{
    const char *at = memmem(m->window, m->n, "\r\n\r\n", 4);
    if (!at && m->n < PART_HEAD_MAX + 4)
        return RC_OK;
    if (!at || at - m->window > PART_HEAD_MAX)
        return FAIL(cx, TOO_LARGE, NULL, "multipart: headers over %d bytes", PART_HEAD_MAX);
    if (++m->parts > PARTS_MAX)
        return FAIL(cx, TOO_LARGE, NULL, "multipart: more than %d parts", PARTS_MAX);
    size_t n = (size_t)(at - m->window);
    struct part p;
    TRY(head_read(cx, str_n(m->window, n), &p));
    TRY(m->sink.begin(cx, m->sink.arg, &p));
    m->in_part = true;
    window_drop(m, n + 4);
    m->stage = STAGE_BODY;
    *more = true;
    return RC_OK;
}

static enum rc end_step(struct ctx *cx, struct multipart *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->window[i] != '\r' && m->window[i] != '\n')
            return FAIL(cx, MALFORMED, NULL, "multipart: text behind the last boundary");
    m->n = 0;
    return RC_OK;
}

static enum rc step(struct ctx *cx, struct multipart *m, bool *more)
{
    switch (m->stage) {
    case STAGE_BODY:
        return body_step(cx, m, more);
    case STAGE_AFTER:
        return after_step(cx, m, more);
    case STAGE_HEAD:
        return head_step(cx, m, more);
    case STAGE_END:
        break;
    }
    return end_step(cx, m);
}

enum rc multipart_feed(struct ctx *cx, struct multipart *m, struct str bytes)
{
    while (bytes.n) {
        size_t room = WINDOW - m->n, n = bytes.n < room ? bytes.n : room;
        memcpy(m->window + m->n, bytes.p, n);
        m->n += n;
        bytes = str_skip(bytes, n);
        for (bool more = true; more;) {
            more = false;
            TRY(step(cx, m, &more));
        }
    }
    return RC_OK;
}

enum rc multipart_finish(struct ctx *cx, struct multipart *m)
{
    if (m->stage != STAGE_END)
        return FAIL(cx, MALFORMED, NULL, "multipart: the closing boundary is missing");
    return RC_OK;
}
