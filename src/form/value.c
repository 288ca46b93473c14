/* value.c - one answer: its formats, and how it is written into one form. */
#include "form/form_priv.h"

#include <utf8proc.h>

#include "base/arena.h"
#include "number/number.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

/* Mobile numbers 0 + 9 digits; land lines 02 + 9; both as +84 without the 0. */
static bool phone_is(struct str s)
{
    struct str rest = str_starts(s, STR("+84")) ? str_skip(s, 3) : str_skip(s, 1);
    bool prefixed = str_starts(s, STR("+84")) || str_starts(s, STR("0"));
    if (!prefixed || !all_digits(rest) || rest.p[0] == '0')
        return false;
    return rest.n == 9 || (rest.n == 10 && rest.p[0] == '2');
}

static bool is_email_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           (c && strchr(".!#$%&'*+/=?^_`{|}~-", c));
}

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-';
}

/* Labels of letters, digits and inner hyphens, with at least `dots` dots between them. */
static bool host_is(struct str s, unsigned dots)
{
    unsigned seen = 0;
    while (s.p) {
        struct str label;
        s = str_split(s, '.', &label);
        if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
            return false;
        for (size_t i = 0; i < label.n; i++)
            if (!is_host_char(label.p[i]))
                return false;
        seen += s.p != NULL;
    }
    return seen >= dots;
}

static bool email_is(struct str s)
{
    struct str local, host = str_split(s, '@', &local);
    if (s.n > EMAIL_MAX || !host.p || local.n == 0 || local.n > 64 || !host_is(host, 1))
        return false;
    for (size_t i = 0; i < local.n; i++)
        if (!is_email_char(local.p[i]))
            return false;
    return local.p[0] != '.' && local.p[local.n - 1] != '.' && !str_has(local, STR(".."));
}

static bool uri_is(struct str s)
{
    size_t skip = str_starts(s, STR("https://")) ? 8 : str_starts(s, STR("http://")) ? 7 : 0;
    if (!skip || s.n > URI_MAX)
        return false;
    size_t end = skip;
    while (end < s.n && !strchr("/?#:", s.p[end]))
        end++;
    for (size_t i = end; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || strchr("\"<>\\^`{|}", s.p[i]))
            return false;
    return host_is(str_cut(s, skip, end), 1);
}

bool format_is(enum field_format format, struct str s)
{
    int32_t day;
    switch (format) {
    case FORMAT_DATE:
        return day_parse(s, &day);
    case FORMAT_EMAIL:
        return email_is(s);
    case FORMAT_URI:
        return uri_is(s);
    case FORMAT_PHONE:
        return phone_is(s);
    case FORMAT_IDENTITY:
        return identity_number_is(s, INT32_MIN);
    default:
        return true;
    }
}

/* Without the spaces, dots and hyphens that people put between groups of digits. */
static struct str digits_only(struct arena *mem, struct str s)
{
    bool has_sign = false;
    for (size_t i = 0; i < s.n; i++)
        has_sign = has_sign || s.p[i] == ' ' || s.p[i] == '.' || s.p[i] == '-';
    if (!has_sign)
        return s;
    char *out = arena_alloc(mem, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' && s.p[i] != '.' && s.p[i] != '-')
            out[n++] = s.p[i];
    return str_n(out, n);
}

/* Each word with a capital and small letters after it, or all capitals. One space between. */
static struct str cased(struct arena *mem, struct str s, bool all_upper)
{
    utf8proc_uint8_t *out = arena_alloc(mem, s.n * 2 + 4);
    size_t at = 0, n = 0;
    bool starts = true;
    while (at < s.n) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s.p + at,
                                                (utf8proc_ssize_t)(s.n - at), &c);
        if (len <= 0)
            return s;
        at += (size_t)len;
        if (c == ' ' && starts)
            continue;
        c = starts || all_upper ? utf8proc_toupper(c) : utf8proc_tolower(c);
        starts = c == ' ' || c == '-' || c == '\'' || c == '(';
        n += (size_t)utf8proc_encode_char(c, out + n);
        if (n + 4 > s.n * 2 + 4)
            return s;
    }
    return str_n(out, n);
}

/* Vietnamese typed as letter + combining marks (U+0300…U+036F), as some keyboards do. */
static bool has_marks(struct str s)
{
    return s.n && (memchr(s.p, 0xCC, s.n) || memchr(s.p, 0xCD, s.n));
}

static struct str composed(struct arena *mem, struct str s)
{
    utf8proc_uint8_t *out;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n,
                                      &out, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (n < 0)
        return s;
    struct str copy = str_dup(mem, str_n(out, (size_t)n));
    free(out);
    return copy;
}

void value_normalise(struct arena *mem, const struct field *fl, struct json *v)
{
    if (v->kind != JSON_STR)
        return;
    v->s = str_trim(v->s);
    if (has_marks(v->s))
        v->s = composed(mem, v->s);
    if (fl->format == FORMAT_PHONE || fl->format == FORMAT_IDENTITY)
        v->s = digits_only(mem, v->s);
    if (fl->transform != TRANSFORM_TRIM && v->s.n <= (size_t)4 * FORM_TEXT_MAX)
        v->s = cased(mem, v->s, fl->transform == TRANSFORM_UPPER);
}

int64_t bound_value(const struct bound *b, int64_t now_us)
{
    if (!b->from_today)
        return b->n;
    if (b->unit == 'd')
        return day_of(now_us) + b->n;
    struct civil c = civil_of(now_us);
    int64_t months = (int64_t)c.year * 12 + c.month - 1 + b->n * (b->unit == 'y' ? 12 : 1);
    int year = (int)(months / 12), month = (int)(months % 12) + 1;
    /* 29 February, a year on, is the 28th. */
    while (!day_is_valid(year, month, c.day) && c.day > 28)
        c.day--;
    return day_make(year, month, c.day);
}
