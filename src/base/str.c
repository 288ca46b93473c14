/* str.c - text as pointer + length. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

struct str str_from(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

struct str str_n(const void *p, size_t n)
{
    return (struct str){p, n};
}

const char *str_z(struct arena *mem, struct str s)
{
    char *z = arena_alloc(mem, s.n + 1);
    if (s.n)
        memcpy(z, s.p, s.n);
    return z;
}

struct str str_dup(struct arena *mem, struct str s)
{
    if (!s.p)
        return STR_NULL;
    return (struct str){str_z(mem, s), s.n};
}

struct str str_fmt(struct arena *mem, const char *fmt, ...)
{
    char small[256];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0)
        return STR("");
    char *p = arena_alloc(mem, (size_t)n + 1);
    if ((size_t)n < sizeof small) {
        memcpy(p, small, (size_t)n);
    } else {
        va_start(ap, fmt);
        vsnprintf(p, (size_t)n + 1, fmt, ap);
        va_end(ap);
    }
    return (struct str){p, (size_t)n};
}

struct str str_join(struct arena *mem, struct str a, struct str b)
{
    char *p = arena_alloc(mem, a.n + b.n + 1);
    if (a.n)
        memcpy(p, a.p, a.n);
    if (b.n)
        memcpy(p + a.n, b.p, b.n);
    return (struct str){p, a.n + b.n};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int d = n ? memcmp(a.p, b.p, n) : 0;
    if (d)
        return d;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_skip(s, s.n - suffix.n), suffix);
}

bool str_has(struct str s, struct str part)
{
    return part.n == 0 || (s.n >= part.n && memmem(s.p, s.n, part.p, part.n) != NULL);
}

size_t str_find(struct str s, char c, size_t from)
{
    if (from >= s.n)
        return s.n;
    const char *hit = memchr(s.p + from, c, s.n - from);
    return hit ? (size_t)(hit - s.p) : s.n;
}

struct str str_skip(struct str s, size_t n)
{
    if (n >= s.n)
        return (struct str){s.p ? s.p + s.n : "", 0};
    return (struct str){s.p + n, s.n - n};
}

struct str str_cut(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (struct str){s.p ? s.p + from : "", to - from};
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str str_trim(struct str s)
{
    while (s.n && is_space(s.p[0]))
        s = str_skip(s, 1);
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct str str_split(struct str s, char c, struct str *head)
{
    size_t at = str_find(s, c, 0);
    *head = (struct str){s.p, at};
    if (at == s.n)
        return STR_NULL;
    return (struct str){s.p + at + 1, s.n - at - 1};
}

struct str str_lower(struct arena *mem, struct str s)
{
    char *p = arena_alloc(mem, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
    return (struct str){p, s.n};
}

bool str_int(struct str s, int64_t *ret)
{
    bool neg = s.n && s.p[0] == '-';
    if (neg)
        s = str_skip(s, 1);
    if (s.n == 0)
        return false;
    uint64_t v = 0;
    uint64_t top = (uint64_t)INT64_MAX + neg;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        uint64_t d = (uint64_t)(s.p[i] - '0');
        if (v > (top - d) / 10)
            return false;
        v = v * 10 + d;
    }
    *ret = neg ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

/* Length of the well-formed sequence at p, 0 when ill-formed. RFC 3629 section 4. */
static size_t utf8_step(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    size_t len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || n < len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool bad = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
               (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F);
    return bad ? 0 : len;
}

/* Where the lowest set byte of a word stands in memory. */
static size_t first_byte(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(word) / 8;
#else
    return (size_t)__builtin_clzll(word) / 8;
#endif
}

/* Most text is ASCII: eight bytes at a time of it, at most. */
static size_t ascii_run(const unsigned char *p, size_t n)
{
    size_t i = 0;
    for (uint64_t word; i + sizeof word <= n; i += sizeof word) {
        memcpy(&word, p + i, sizeof word);
        word &= UINT64_C(0x8080808080808080);
        if (word)
            return i + first_byte(word);
    }
    while (i < n && p[i] < 0x80)
        i++;
    return i;
}

bool utf8_is(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n;) {
        i += ascii_run(p + i, s.n - i);
        if (i == s.n)
            return true;
        size_t step = utf8_step(p + i, s.n - i);
        if (!step)
            return false;
        i += step;
    }
    return true;
}

size_t utf8_len(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += (s.p[i] & 0xC0) != 0x80;
    return n;
}

struct str utf8_cut(struct str s, size_t points)
{
    size_t i = 0;
    for (; i < s.n; i++)
        if ((s.p[i] & 0xC0) != 0x80 && points-- == 0)
            break;
    return (struct str){s.p, i};
}
