/* fields.c - urlencoded fields, cookies, header parameters. */
#include "http/http.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool needs_decoding(struct str s, bool plus)
{
    return str_find(s, '%', 0) < s.n || (plus && str_find(s, '+', 0) < s.n);
}

bool url_decode(struct arena *mem, struct str s, bool plus, struct str *ret)
{
    *ret = s;
    if (!needs_decoding(s, plus))
        return true;
    char *to = arena_alloc(mem, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '+' && plus)
            c = ' ';
        if (c == '%') {
            int high = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
            int low = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        to[n++] = c;
    }
    *ret = str_n(to, n);
    return true;
}

enum rc fields_add(struct ctx *cx, struct fields *to, struct str name, struct str value)
{
    if (to->n >= FIELDS_MAX)
        return FAIL(cx, TOO_LARGE, NULL, "more than %d fields", FIELDS_MAX);
    if (to->n == to->room) {
        size_t room = to->room ? to->room * 4 : 16;
        struct field *v = arena_array(cx->mem, struct field, room);
        if (to->n)
            memcpy(v, to->v, to->n * sizeof *v);
        to->v = v;
        to->room = room;
    }
    to->v[to->n++] = (struct field){name, value};
    return RC_OK;
}

enum rc fields_parse(struct ctx *cx, struct str text, struct fields *to)
{
    while (text.n) {
        struct str pair, raw, name, value;
        text = str_split(text, '&', &pair);
        if (pair.n == 0)
            continue;
        struct str rest = str_split(pair, '=', &raw);
        if (!url_decode(cx->mem, raw, true, &name) || !url_decode(cx->mem, rest, true, &value))
            return FAIL(cx, MALFORMED, NULL, "bad escape in a field");
        if (!value.p)
            value = STR("");
        TRY(fields_add(cx, to, name, value));
    }
    return RC_OK;
}

struct str fields_find(const struct fields *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->v[i].name, name))
            return f->v[i].value;
    return STR_NULL;
}

struct str cookie_find(struct str header, struct str name)
{
    while (header.n) {
        struct str pair, key;
        header = str_split(header, ';', &pair);
        struct str value = str_split(str_trim(pair), '=', &key);
        if (value.p && str_eq(key, name))
            return value;
    }
    return STR_NULL;
}

static bool eq_caseless(struct str a, struct str b)
{
    return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

bool media_is(struct str header, struct str type)
{
    struct str media;
    str_split(header, ';', &media);
    return header.n > 0 && eq_caseless(str_trim(media), type);
}

/* A token, or a quoted string with \" and \\ undone. *rest gets what stands behind it. */
static struct str value_read(struct arena *mem, struct str s, struct str *rest)
{
    if (s.n == 0 || s.p[0] != '"') {
        struct str head;
        *rest = str_split(s, ';', &head);
        return str_trim(head);
    }
    char *to = arena_alloc(mem, s.n);
    size_t n = 0, i = 1;
    for (; i < s.n && s.p[i] != '"'; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == '"' || s.p[i + 1] == '\\'))
            i++;
        to[n++] = s.p[i];
    }
    struct str junk;
    *rest = str_split(str_skip(s, i + 1), ';', &junk);
    return str_n(to, n);
}

struct str header_param(struct arena *mem, struct str header, struct str name)
{
    struct str junk;
    struct str rest = str_split(header, ';', &junk);
    while (rest.n) {
        struct str key;
        struct str value = str_split(rest, '=', &key);
        if (!value.p)
            return STR_NULL;
        value = value_read(mem, str_trim(value), &rest);
        if (eq_caseless(str_trim(key), name))
            return value;
    }
    return STR_NULL;
}

/* RFC 9110 12.4.2: q=0, q=0.0 … q=0.000 */
static bool weight_is_zero(struct str q)
{
    if (q.n < 3 || !eq_caseless(str_cut(q, 0, 2), STR("q=")))
        return false;
    for (size_t i = 2; i < q.n; i++)
        if (q.p[i] != '0' && q.p[i] != '.')
            return false;
    return true;
}

bool gzip_is_accepted(struct str header)
{
    while (header.n) {
        struct str item, coding;
        header = str_split(header, ',', &item);
        struct str q = str_trim(str_split(item, ';', &coding));
        if (eq_caseless(str_trim(coding), STR("gzip")))
            return !weight_is_zero(q);
    }
    return false;
}
