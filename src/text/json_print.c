/* json_print.c - a tree as JSON text, as it is or in RFC 8785 canonical form. */
#include "text/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a string needs at most when every byte is escaped. */
enum { CANONICAL_MAX = 6 * JSON_BYTES_MAX };

/* 0: as it is; 'u': \u00XX; else the letter after the backslash. RFC 8785 3.2.2.2. */
static char escape_of(unsigned char c)
{
    static const char table[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
    };
    if (c >= 0x20)
        return c == '"' || c == '\\' ? (char)c : 0;
    return table[c] ? table[c] : 'u';
}

static void print_string(struct buf *out, struct str s)
{
    size_t from = 0;
    buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        char e = escape_of((unsigned char)s.p[i]);
        if (!e)
            continue;
        buf_put(out, (struct str){s.p + from, i - from});
        if (e == 'u')
            buf_fmt(out, "\\u%04x", (unsigned)s.p[i]);
        else
            buf_put(out, (struct str){(char[]){'\\', e}, 2});
        from = i + 1;
    }
    buf_put(out, str_skip(s, from));
    buf_putc(out, '"');
}

static void print_leaf(struct buf *out, const struct json *v)
{
    switch (v->kind) {
    case JSON_NULL:
        buf_put(out, STR("null"));
        break;
    case JSON_BOOL:
        buf_put(out, v->i ? STR("true") : STR("false"));
        break;
    case JSON_INT:
        buf_int(out, v->i);
        break;
    case JSON_DEC:
        buf_put(out, v->s);
        break;
    default:
        print_string(out, v->s);
    }
}

void json_print(struct buf *out, const struct json *v)
{
    if (v->kind != JSON_ARR && v->kind != JSON_OBJ) {
        print_leaf(out, v);
        return;
    }
    buf_putc(out, v->kind == JSON_OBJ ? '{' : '[');
    JSON_EACH (v, child) {
        if (child != v->first)
            buf_putc(out, ',');
        if (v->kind == JSON_OBJ) {
            print_string(out, child->key);
            buf_putc(out, ':');
        }
        json_print(out, child);
    }
    buf_putc(out, v->kind == JSON_OBJ ? '}' : ']');
}

/* -- canonical form -- */

/* The shortest digits that read back as v, without a point, and the decimal exponent: v is
 * 0.DIGITS times 10 to the *exponent. */
static size_t shortest_digits(double v, char digits[24], int *exponent)
{
    char z[40];
    for (int precision = 0; precision <= 16; precision++) {
        snprintf(z, sizeof z, "%.*e", precision, v);
        if (strtod(z, NULL) == v)
            break;
    }
    size_t n = 0;
    const char *p = z;
    for (; *p != 'e'; p++)
        if (*p != '.')
            digits[n++] = *p;
    *exponent = (int)strtol(p + 1, NULL, 10) + 1;
    return n;
}

static void put_zeros(struct buf *out, int n)
{
    while (n-- > 0)
        buf_putc(out, '0');
}

/* RFC 8785 3.2.2.3: ECMAScript's Number to text. The one place outside figures where a double
 * is used, since the standard defines its numbers by them. */
static void print_double(struct buf *out, double v)
{
    char d[24];
    int e;
    if (v < 0)
        buf_putc(out, '-');
    size_t k = shortest_digits(v < 0 ? -v : v, d, &e);
    struct str digits = {d, k};
    if (v == 0) {
        buf_putc(out, '0');
    } else if ((int)k <= e && e <= 21) {
        buf_put(out, digits);
        put_zeros(out, e - (int)k);
    } else if (e > 0 && e <= 21) {
        buf_put(out, str_cut(digits, 0, (size_t)e));
        buf_putc(out, '.');
        buf_put(out, str_skip(digits, (size_t)e));
    } else if (e > -6 && e <= 0) {
        buf_put(out, STR("0."));
        put_zeros(out, -e);
        buf_put(out, digits);
    } else {
        buf_putc(out, d[0]);
        if (k > 1)
            buf_putc(out, '.');
        buf_put(out, str_skip(digits, 1));
        buf_fmt(out, "e%+d", e - 1);
    }
}

static void print_decimal(struct buf *out, struct str s)
{
    char z[JSON_NUMBER_MAX + 1] = {0};
    assert(s.n <= JSON_NUMBER_MAX);
    memcpy(z, s.p, s.n);
    print_double(out, strtod(z, NULL));
}

/* Order of UTF-16 code units over UTF-8: bytes, but for what lies beyond U+FFFF (lead byte F0
 * and above), whose surrogates come before U+E000 (lead bytes EE and EF). */
static int key_cmp(const void *a, const void *b)
{
    struct str x = (*(struct json *const *)a)->key, y = (*(struct json *const *)b)->key;
    size_t n = x.n < y.n ? x.n : y.n, i = 0;
    while (i < n && x.p[i] == y.p[i])
        i++;
    if (i == n)
        return x.n < y.n ? -1 : x.n > y.n;
    unsigned char c = (unsigned char)x.p[i], d = (unsigned char)y.p[i];
    if (c >= 0xEE && d >= 0xEE && (c >= 0xF0) != (d >= 0xF0))
        return c >= 0xF0 ? -1 : 1;
    return c < d ? -1 : 1;
}

static void canonical(struct buf *out, const struct json *v);

static void canonical_members(struct buf *out, const struct json *v)
{
    struct json **sorted = arena_array(out->mem, struct json *, v->n);
    size_t n = 0;
    JSON_EACH (v, child)
        sorted[n++] = child;
    qsort(sorted, n, sizeof *sorted, key_cmp);
    for (size_t i = 0; i < n; i++) {
        buf_putc(out, i ? ',' : '{');
        print_string(out, sorted[i]->key);
        buf_putc(out, ':');
        canonical(out, sorted[i]);
    }
    buf_put(out, n ? STR("}") : STR("{}"));
}

static void canonical(struct buf *out, const struct json *v)
{
    if (v->kind == JSON_OBJ) {
        canonical_members(out, v);
    } else if (v->kind == JSON_ARR) {
        buf_putc(out, '[');
        JSON_EACH (v, child) {
            if (child != v->first)
                buf_putc(out, ',');
            canonical(out, child);
        }
        buf_putc(out, ']');
    } else if (v->kind == JSON_DEC) {
        print_decimal(out, v->s);
    } else {
        print_leaf(out, v);
    }
}

struct str json_canonical(struct arena *mem, const struct json *v)
{
    struct buf *out = buf_new(mem, CANONICAL_MAX);
    canonical(out, v);
    assert(!out->over);
    return buf_str(out);
}
