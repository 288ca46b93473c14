/* decl.h - reading declarations strictly: what is not named is refused, with its line. See
 * docs/internals/pack.md.
 *
 * Everything fails with PACK, the number of a rule of pack/rules.def as field, and a detail
 * "line N: what". Nothing is copied: results point into the tree. obj may be NULL or of any
 * kind: for getters what is not there is absent, so a missing parent is told once, by
 * decl_keys. Any thread; nothing is kept but cx->err. */
#ifndef TEXT_DECL_H
#define TEXT_DECL_H

#include "text/json.h"

/* The rules that hold in every file of a pack. */
#define RULE_UNKNOWN "P003"
#define RULE_MISSING "P004"
#define RULE_VALUE "P005"
#define RULE_LABEL "P006"
#define RULE_ID "P007"
#define RULE_TWICE "P009"
#define RULE_EXPR "P014"

enum { DECL_TEXT_MAX = 4000, DECL_ID_MAX = 41 }; /* bytes */

#define DECL_FAIL(cx, rule, at, fmt, ...)                                                      \
    FAIL((cx), PACK, (rule), "line %u: " fmt, (at) ? (at)->line : 0u, ##__VA_ARGS__)

/* One mistake does not hide the others: what was wrong is kept and reading goes on with what
 * does not follow from it. Without notes (NULL) the first failure ends the reading. */
enum { DECL_NOTES_MAX = 100 };
struct decl_notes {
    struct err v[DECL_NOTES_MAX];
    size_t n;
};
/* Keeps the failure that cx holds and forgets it: then RC_OK, so whoever uses KEEP must stand
 * what was not read being NULL or zero. Gives rc back as it is when there are no notes, when
 * they are full and when it is not about the declaration. */
MUST_USE enum rc decl_keep(struct ctx *cx, struct decl_notes *notes, enum rc rc);
#define KEEP(cx, notes, call) TRY(decl_keep((cx), (notes), (call)))

/* obj is an object with these keys and no others: "name! hint", '!' marks a required one. */
MUST_USE enum rc decl_keys(struct ctx *cx, const struct json *obj, const char *keys);
/* The same, and every wrong key is kept in notes. */
MUST_USE enum rc decl_keys_all(struct ctx *cx, const struct json *obj, const char *keys,
                               struct decl_notes *notes);
/* Absent values leave *ret as it is; a wrong kind is RULE_VALUE, as is a text that is blank or
 * over DECL_TEXT_MAX and a number out of range (both ends included). */
MUST_USE enum rc decl_text(struct ctx *cx, const struct json *obj, const char *key,
                           struct str *ret);
MUST_USE enum rc decl_int(struct ctx *cx, const struct json *obj, const char *key,
                          const int64_t range[2], int64_t *ret);
MUST_USE enum rc decl_bool(struct ctx *cx, const struct json *obj, const char *key, bool *ret);
/* A list of at most max values; NULL when absent. */
MUST_USE enum rc decl_list(struct ctx *cx, const struct json *obj, const char *key, size_t max,
                           const struct json **ret);
MUST_USE enum rc decl_object(struct ctx *cx, const struct json *obj, const char *key,
                             const struct json **ret);
/* {vi: …, en: …}, both filled. */
MUST_USE enum rc decl_label_check(struct ctx *cx, const struct json *v);
/* The label under key; absent leaves *ret as it is. */
MUST_USE enum rc decl_label(struct ctx *cx, const struct json *obj, const char *key,
                            const struct json **ret);
/* [a-z][a-z0-9_-]*, at most DECL_ID_MAX characters. */
MUST_USE enum rc decl_id(struct ctx *cx, struct str id, const struct json *at);

#endif
