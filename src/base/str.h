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

/* The first two point at what they are given and copy nothing. NULL gives STR_NULL. */
struct str str_from(const char *z);
struct str str_n(const void *p, size_t n);
/* A copy with a NUL behind it, for libraries. Bytes after a NUL within s are lost to them: what
 * comes from outside and names a file or a host must be checked for NUL before. */
const char *str_z(struct arena *mem, struct str s);
/* Copies that end with a NUL, too, which n does not count. STR_NULL stays STR_NULL. */
struct str str_dup(struct arena *mem, struct str s);
/* As printf, by the C locale; %.*s with STR_ARG for a str. */
struct str str_fmt(struct arena *mem, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct str str_join(struct arena *mem, struct str a, struct str b);

/* Bytes, no collation: "é" in one code point and in two differ (text/fold.c folds for search).
 * STR_NULL equals the empty text here; whoever must tell them apart looks at p. */
bool str_eq(struct str a, struct str b);
/* Below, at or above 0 as memcmp; of two with the same beginning the shorter comes first. */
int str_cmp(struct str a, struct str b);
/* The empty text begins, ends and stands in every text. */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str part);
/* Index of c from position `from`, or s.n when there is none. */
size_t str_find(struct str s, char c, size_t from);
/* s without its first n bytes (empty when n is beyond it). */
struct str str_skip(struct str s, size_t n);
/* Bytes from … to - 1, both clamped to s: never beyond it, empty when from >= to. May cut a code
 * point in two; utf8_cut does not. */
struct str str_cut(struct str s, size_t from, size_t to);
/* Without ASCII white space at both ends; a no-break space stays. */
struct str str_trim(struct str s);
/* Splits at the first c: *head gets what stands before, the result is what stands after.
 * Without c, *head is all of s and the result is STR_NULL. */
struct str str_split(struct str s, char c, struct str *head);
/* A–Z only: for codes and header names, not for Vietnamese (text/fold.c). */
struct str str_lower(struct arena *mem, struct str s);

/* A whole decimal number with optional '-'; false on anything else or on overflow. */
MUST_USE bool str_int(struct str s, int64_t *ret);

/* UTF-8 (RFC 3629): valid, shortest form, no surrogates. */
bool utf8_is(struct str s);
/* Code points in valid UTF-8: what a form's maxLength counts. */
size_t utf8_len(struct str s);
/* The first at most `points` code points of valid UTF-8. */
struct str utf8_cut(struct str s, size_t points);

#endif
