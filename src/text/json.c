/* json.c - the value tree: reading and building. */
#include "text/json.h"

#include <assert.h>
#include <string.h>

/* -- reading -- */

struct json *json_get(const struct json *obj, struct str key)
{
    if (!obj || obj->kind != JSON_OBJ)
        return NULL;
    for (struct json *c = obj->first; c; c = c->next)
        if (c->key.n == key.n && (key.n == 0 || memcmp(c->key.p, key.p, key.n) == 0))
            return c;
    return NULL;
}

struct json *json_at(const struct json *arr, size_t i)
{
    if (!arr || arr->kind != JSON_ARR || i >= arr->n)
        return NULL;
    struct json *c = arr->first;
    while (i-- > 0)
        c = c->next;
    return c;
}

static struct json *step(const struct json *v, struct str part)
{
    int64_t i;
    if (v->kind != JSON_ARR)
        return json_get(v, part);
    return str_int(part, &i) && i >= 0 ? json_at(v, (size_t)i) : NULL;
}

struct json *json_path(const struct json *v, struct str path)
{
    while (v && path.n) {
        struct str part;
        path = str_split(path, '.', &part);
        v = step(v, part);
    }
    return (struct json *)v;
}

struct str json_str(const struct json *obj, const char *key)
{
    const struct json *v = json_get(obj, str_from(key));
    return v && (v->kind == JSON_STR || v->kind == JSON_HTML) ? v->s : STR_NULL;
}

int64_t json_int(const struct json *obj, const char *key, int64_t absent)
{
    const struct json *v = json_get(obj, str_from(key));
    return v && v->kind == JSON_INT ? v->i : absent;
}

bool json_bool(const struct json *obj, const char *key)
{
    const struct json *v = json_get(obj, str_from(key));
    return v && v->kind == JSON_BOOL && v->i;
}

static bool children_equal(const struct json *a, const struct json *b)
{
    if (a->n != b->n)
        return false;
    const struct json *y = b->first;
    for (const struct json *x = a->first; x; x = x->next, y = y->next) {
        const struct json *other = y;
        if (a->kind == JSON_OBJ && !str_eq(x->key, y->key))
            other = json_get(b, x->key);
        if (!other || !json_equal(x, other))
            return false;
    }
    return true;
}

bool json_equal(const struct json *a, const struct json *b)
{
    if (!a || !b)
        return a == b;
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case JSON_NULL:
        return true;
    case JSON_BOOL:
    case JSON_INT:
        return a->i == b->i;
    case JSON_ARR:
    case JSON_OBJ:
        return children_equal(a, b);
    default:
        return str_eq(a->s, b->s);
    }
}

/* -- building -- */

static struct json *node(struct arena *mem, enum json_kind kind)
{
    struct json *v = arena_new_of(mem, struct json);
    v->kind = kind;
    return v;
}

struct json *json_new_obj(struct arena *mem)
{
    return node(mem, JSON_OBJ);
}

struct json *json_new_arr(struct arena *mem)
{
    return node(mem, JSON_ARR);
}

struct json *json_new_str(struct arena *mem, struct str s)
{
    struct json *v = node(mem, JSON_STR);
    v->s = s;
    return v;
}

struct json *json_new_int(struct arena *mem, int64_t i)
{
    struct json *v = node(mem, JSON_INT);
    v->i = i;
    return v;
}

struct json *json_new_bool(struct arena *mem, bool b)
{
    struct json *v = node(mem, JSON_BOOL);
    v->i = b;
    return v;
}

struct json *json_new_null(struct arena *mem)
{
    return node(mem, JSON_NULL);
}

struct json *json_push(struct json *arr, struct json *child)
{
    assert(!child->next); /* it has a parent already: json_copy it */
    if (arr->last)
        arr->last->next = child;
    else
        arr->first = child;
    arr->last = child;
    arr->n++;
    return child;
}

/* The child under key and the one before it; NULL when absent. */
static struct json *find_with_prev(struct json *obj, struct str key, struct json **prev)
{
    *prev = NULL;
    for (struct json *c = obj->first; c; *prev = c, c = c->next)
        if (str_eq(c->key, key))
            return c;
    return NULL;
}

struct json *json_put(struct json *obj, struct str key, struct json *child)
{
    struct json *prev, *old = find_with_prev(obj, key, &prev);
    child->key = key;
    if (!old)
        return json_push(obj, child);
    if (old == child)
        return child;
    assert(!child->next);
    child->next = old->next;
    old->next = NULL;
    if (prev)
        prev->next = child;
    else
        obj->first = child;
    if (obj->last == old)
        obj->last = child;
    return child;
}

void json_del(struct json *obj, struct str key)
{
    struct json *prev, *old = obj ? find_with_prev(obj, key, &prev) : NULL;
    if (!old)
        return;
    if (prev)
        prev->next = old->next;
    else
        obj->first = old->next;
    if (obj->last == old)
        obj->last = prev;
    old->next = NULL;
    obj->n--;
}

struct json *json_copy(struct arena *mem, const struct json *v)
{
    struct json *copy = arena_new_of(mem, struct json);
    *copy = (struct json){.kind = v->kind, .line = v->line, .i = v->i};
    copy->s = str_dup(mem, v->s);
    for (const struct json *c = v->first; c; c = c->next)
        json_push(copy, json_copy(mem, c))->key = str_dup(mem, c->key);
    return copy;
}

void json_put_str(struct arena *mem, struct json *obj, const char *key, struct str s)
{
    json_put(obj, str_from(key), json_new_str(mem, s));
}

void json_put_int(struct arena *mem, struct json *obj, const char *key, int64_t i)
{
    json_put(obj, str_from(key), json_new_int(mem, i));
}

void json_put_bool(struct arena *mem, struct json *obj, const char *key, bool b)
{
    json_put(obj, str_from(key), json_new_bool(mem, b));
}
