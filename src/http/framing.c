/* framing.c - what we refuse in a request's head, and how its target is read. */
#include "http/http.h"

/* RFC 9110 5.6.2: the characters of a token. */
static bool is_token_char(unsigned char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_token_char((unsigned char)s.p[i]))
            return false;
    return s.n > 0;
}

static bool is_value(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f)
            return false;
    return true;
}

static bool name_is(struct str name, const char *z)
{
    return name.n == strlen(z) && strncasecmp(name.p, z, name.n) == 0;
}

static void fault(struct framing *f, const char *why)
{
    if (!f->fault)
        f->fault = why;
}

/* Digits only: no sign, no list, no space; 18 of them cannot overflow. */
static void length_read(struct framing *f, struct str value)
{
    bool ok = value.n > 0 && value.n <= 18;
    for (size_t i = 0; ok && i < value.n; i++)
        ok = value.p[i] >= '0' && value.p[i] <= '9';
    if (!ok || !str_int(value, &f->length))
        fault(f, "Content-Length is not a number");
}

static void coding_read(struct framing *f, struct str value)
{
    if (!name_is(value, "chunked"))
        fault(f, "Transfer-Encoding is not chunked");
}

void framing_header(struct framing *f, struct str name, struct str value)
{
    if (!is_token(name))
        return fault(f, "a header name has a character it may not have");
    if (!is_value(value))
        return fault(f, "a header value has a control character");
    if (name_is(name, "host")) {
        f->hosts++;
        f->host = value;
    } else if (name_is(name, "content-length")) {
        f->lengths++;
        length_read(f, value);
    } else if (name_is(name, "transfer-encoding")) {
        f->codings++;
        coding_read(f, value);
    } else if (name_is(name, "content-type")) {
        f->types++;
    }
}

bool host_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  strchr(".-_:[]", c) != NULL;
        if (!ok || c == 0)
            return false;
    }
    return s.n > 0 && s.n <= 260;
}

const char *framing_check(struct framing *f, struct str version)
{
    bool is_11 = str_eq(version, STR("HTTP/1.1"));
    if (f->fault)
        return f->fault;
    if (!is_11 && !str_eq(version, STR("HTTP/1.0")))
        return "not HTTP/1.1 or HTTP/1.0";
    if (f->hosts > 1 || (f->hosts == 0 && is_11))
        return "not exactly one Host";
    if (f->hosts && !host_is(f->host))
        return "Host is not a host";
    if (f->lengths > 1)
        return "more than one Content-Length";
    if (f->codings > 1)
        return "more than one Transfer-Encoding";
    if (f->lengths && f->codings)
        return "both Content-Length and Transfer-Encoding";
    if (f->codings && !is_11)
        return "Transfer-Encoding in HTTP/1.0";
    if (f->types > 1)
        return "more than one Content-Type";
    if (f->codings)
        f->length = -1;
    return NULL;
}

/* http://HOST/path with our own host becomes /path; anything else stays as it is. */
static struct str absolute_cut(struct str target, struct str host)
{
    static const struct str schemes[] = {{"http://", 7}, {"https://", 8}};
    for (int i = 0; i < 2; i++) {
        struct str rest = str_skip(target, schemes[i].n);
        if (str_starts(target, schemes[i]) && host.n && str_starts(rest, host))
            return str_skip(rest, host.n);
    }
    return target;
}

static bool path_is_plain(struct str p)
{
    for (size_t i = 0; i < p.n; i++)
        if ((unsigned char)p.p[i] < 0x20 || p.p[i] == 0x7f || p.p[i] == '\\')
            return false;
    struct str rest = str_skip(p, 1);
    while (rest.p) {
        struct str segment;
        rest = str_split(rest, '/', &segment);
        bool is_last = !rest.p;
        if ((segment.n == 0 && (!is_last || p.n > 1)) || str_eq(segment, STR(".")) ||
            str_eq(segment, STR("..")))
            return false;
    }
    return utf8_is(p);
}

bool target_parse(struct arena *mem, struct str target, struct str host, struct str *path,
                  struct str *query)
{
    target = absolute_cut(target, host);
    if (target.n == 0 || target.p[0] != '/' || str_find(target, '#', 0) < target.n)
        return false;
    struct str raw, decoded;
    struct str q = str_split(target, '?', &raw);
    if (raw.n > 1 && raw.p[raw.n - 1] == '/' && raw.p[raw.n - 2] != '/') /* /x/ is /x */
        raw.n--;
    if (!url_decode(mem, raw, false, &decoded) || !path_is_plain(decoded))
        return false;
    /* An escaped '/' would move the borders of segments after they were looked at. */
    size_t slashes = 0;
    for (size_t i = 0; i < raw.n; i++)
        slashes += raw.p[i] == '/';
    for (size_t i = 0; i < decoded.n; i++)
        slashes -= decoded.p[i] == '/';
    if (slashes)
        return false;
    *path = decoded;
    *query = q;
    return true;
}
