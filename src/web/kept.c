/* kept.c - what a client has already: entity tags and 304 (RFC 9110 8.8.3, 13.1.2). */
#include "web/web_parts.h"

/* The next tag of a list, in its quotes and without "W/": which of two representations of one
 * thing is kept is told by Vary, so tags are compared as weak ones. Commas may stand in a tag. */
static bool tag_next(struct str *list, struct str *ret)
{
    struct str s = *list;
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == ','))
        s = str_skip(s, 1);
    if (str_starts(s, STR("W/")))
        s = str_skip(s, 2);
    if (!s.n || s.p[0] != '"')
        return false;
    size_t end = str_find(s, '"', 1);
    if (end == s.n)
        return false;
    *ret = str_cut(s, 0, end + 1);
    *list = str_skip(s, end + 1);
    return true;
}

bool etag_is_in(struct str list, struct str tag)
{
    struct str one, wanted = tag;
    if (str_eq(str_trim(list), STR("*")))
        return true;
    if (!tag_next(&wanted, &tag))
        return false;
    while (tag_next(&list, &one))
        if (str_eq(one, tag))
            return true;
    return false;
}

/* A 304 names what the 200 named (RFC 9110 15.4.5), and that may come compressed or not. */
void reply_etag(struct req *rq, struct str tag)
{
    struct reply *r = &rq->reply;
    reply_header(rq, "ETag", str_fmt(rq->cx->mem, "W/%.*s", STR_ARG(tag)));
    if (r->status != 200 || !etag_is_in(rq->head.if_none_match, tag))
        return;
    r->kind = REPLY_BODY;
    r->status = 304;
    r->body = STR("");
    r->is_rendered = true;
}

void reply_public(struct req *rq, const char *how)
{
    for (unsigned i = 0; i < rq->reply.nfields; i++)
        if (strcmp(rq->reply.fields[i].name, "Set-Cookie") == 0)
            return;
    reply_header(rq, "Cache-Control", str_from(how));
}
