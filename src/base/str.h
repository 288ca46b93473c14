/* str.h - text as pointer + length. See docs/internals/base.md.
 *
 * A str never owns its bytes: they live in an arena, in a literal or in a caller's buffer.
 * It may hold NUL bytes and is not terminated; str_z() makes a C string when a library
 * wants one. A str with p == NULL means "no value" (SQL NULL, parameter absent). */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct str {
    const char *p;
    size_t n;
};

#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_NULL ((struct str){NULL, 0})
#define STR_ARG(s) (int)(s).n, (s).n ? (s).p : "" /* for "%.*s" */

/* What takes a result must look at it. */
#define MUST_USE __attribute__((warn_unused_result))

struct str str_from(const char *z);                 /* NULL gives STR_NULL */
struct str str_n(const void *p, size_t n);          /* the bytes as they are */
const char *str_z(struct arena *mem, struct str s); /* NUL-terminated copy */
struct str str_dup(struct arena *mem, struct str s);
struct str str_fmt(struct arena *mem, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct str str_join(struct arena *mem, struct str a, struct str b);

bool str_eq(struct str a, struct str b); /* bytes; NULL equals empty */
int str_cmp(struct str a, struct str b); /* bytes, shorter first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str part);
/* Index of c from position `from`, or s.n when there is none. */
size_t str_find(struct str s, char c, size_t from);
/* s without its first n bytes (empty when n is beyond it). */
struct str str_skip(struct str s, size_t n);
struct str str_cut(struct str s, size_t from, size_t to); /* clamped */
struct str str_trim(struct str s);                        /* ASCII white space */
/* Splits at the first c: *head gets what stands before, the result is what stands after.
 * Without c, *head is all of s and the result is STR_NULL. */
struct str str_split(struct str s, char c, struct str *head);
struct str str_lower(struct arena *mem, struct str s); /* ASCII only */

/* A whole decimal number with optional '-'; false on anything else or on overflow. */
MUST_USE bool str_int(struct str s, int64_t *ret);

/* UTF-8 (RFC 3629): valid, shortest form, no surrogates. */
bool utf8_is(struct str s);
/* Code points in valid UTF-8: what a form's maxLength counts. */
size_t utf8_len(struct str s);
/* The first at most `points` code points of valid UTF-8. */
struct str utf8_cut(struct str s, size_t points);

#endif
