/* json.h - the one value tree: JSON and YAML in, JSON out, and what templates are given.
 * See docs/internals/text.md.
 *
 * A tree lives in one arena. Parsing is RFC 8259, strict: valid UTF-8, no duplicate keys, a
 * depth and a size limit. Whole numbers are JSON_INT (int64_t); any other number keeps its
 * spelling in `s` as JSON_DEC: the kernel does no floating point. JSON_HTML is text that a
 * template must not escape; only page/html.h makes it. */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include "base/buf.h"
#include "base/ctx.h"

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_INT,
    JSON_DEC,
    JSON_STR,
    JSON_ARR,
    JSON_OBJ,
    JSON_HTML
};

enum {
    JSON_DEPTH_MAX = 32,
    JSON_BYTES_MAX = 4 << 20,
    JSON_NODES_MAX = 400000,
    JSON_NUMBER_MAX = 64 /* characters */
};

struct json {
    enum json_kind kind;
    uint32_t line;  /* 1-based source line, 0 when built in code */
    struct str key; /* in its parent object */
    struct str s;   /* STR, DEC, HTML */
    int64_t i;      /* INT, BOOL (0/1) */
    size_t n;       /* number of children */
    struct json *first, *last, *next;
};

/* -- reading. Every getter accepts NULL and gives the "absent" answer. -- */
/* MALFORMED: not JSON, with the line in the detail, or \u0000 in it; TOO_LARGE: over a limit
 * above. The tree is whole or there is none. */
MUST_USE enum rc json_parse(struct ctx *cx, struct str text, struct json **ret);
/* NULL when absent, or when it is no object (no array): what a stranger sent needs no check of
 * its kind first. Both walk the children; an object of many keys wants a map. */
struct json *json_get(const struct json *obj, struct str key);
struct json *json_at(const struct json *arr, size_t i);
/* A path of keys and array indexes: "child.name", "items.0.qty". */
struct json *json_path(const struct json *v, struct str path);
/* Another kind counts as absent: no number becomes text, no "1" a number, no 0 a false. */
struct str json_str(const struct json *obj, const char *key);
int64_t json_int(const struct json *obj, const char *key, int64_t absent);
bool json_bool(const struct json *obj, const char *key);
/* By kind and value; the order of keys does not matter, that of an array does. */
bool json_equal(const struct json *a, const struct json *b);
#define JSON_EACH(v, child)                                                                    \
    for (struct json *child = (v) ? (v)->first : NULL; child; child = child->next)

/* -- building -- */
struct json *json_new_obj(struct arena *mem);
struct json *json_new_arr(struct arena *mem);
struct json *json_new_str(struct arena *mem, struct str s);
struct json *json_new_int(struct arena *mem, int64_t i);
struct json *json_new_bool(struct arena *mem, bool b);
struct json *json_new_null(struct arena *mem);
/* Puts child under key, replacing what was there (json_put) or at the end (json_push).
 * Both return child. key is not copied. A node has one parent: json_copy to use it twice. */
struct json *json_put(struct json *obj, struct str key, struct json *child);
struct json *json_push(struct json *arr, struct json *child);
void json_del(struct json *obj, struct str key);
struct json *json_copy(struct arena *mem, const struct json *v);
/* Shorthands for views: the key is a literal. */
void json_put_str(struct arena *mem, struct json *obj, const char *key, struct str s);
void json_put_int(struct arena *mem, struct json *obj, const char *key, int64_t i);
void json_put_bool(struct arena *mem, struct json *obj, const char *key, bool b);

/* -- writing -- */
void json_print(struct buf *out, const struct json *v); /* compact, insertion order */
/* RFC 8785 canonical form (keys sorted by UTF-16 code units): what is hashed and signed. */
struct str json_canonical(struct arena *mem, const struct json *v);

#endif
