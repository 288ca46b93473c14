/* decl.c - the strict reader that flows and packs share. */
#include "text/decl.h"

/* One name of a key list; *must tells whether it ends in '!'. */
static struct str key_next(struct str *keys, bool *must)
{
    struct str one;
    *keys = str_split(*keys, ' ', &one);
    *must = str_ends(one, STR("!"));
    return *must ? str_cut(one, 0, one.n - 1) : one;
}

static bool key_is_named(struct str keys, struct str key)
{
    bool must;
    while (keys.n)
        if (str_eq(key_next(&keys, &must), key))
            return true;
    return false;
}

enum rc decl_keep(struct ctx *cx, struct decl_notes *notes, enum rc rc)
{
    if (rc != RC_PACK || !notes || notes->n == DECL_NOTES_MAX)
        return rc;
    notes->v[notes->n++] = cx->err;
    ctx_clear(cx);
    return RC_OK;
}

static enum rc unknown_key(struct ctx *cx, const struct json *child, const char *keys)
{
    return DECL_FAIL(cx, RULE_UNKNOWN, child, "`%.*s` {%s}",
                     STR_ARG(str_cut(child->key, 0, 60)), keys);
}

enum rc decl_keys_all(struct ctx *cx, const struct json *obj, const char *keys,
                      struct decl_notes *notes)
{
    struct str rest = str_from(keys);
    if (!obj || obj->kind != JSON_OBJ)
        return DECL_FAIL(cx, RULE_VALUE, obj, "{%s}", keys);
    JSON_EACH (obj, child)
        if (!key_is_named(rest, child->key))
            KEEP(cx, notes, unknown_key(cx, child, keys));
    while (rest.n) {
        bool must;
        struct str key = key_next(&rest, &must);
        if (must && !json_get(obj, key))
            KEEP(cx, notes, DECL_FAIL(cx, RULE_MISSING, obj, "`%.*s`", STR_ARG(key)));
    }
    return RC_OK;
}

enum rc decl_keys(struct ctx *cx, const struct json *obj, const char *keys)
{
    return decl_keys_all(cx, obj, keys, NULL);
}

enum rc decl_text(struct ctx *cx, const struct json *obj, const char *key, struct str *ret)
{
    const struct json *v = json_get(obj, str_from(key));
    if (!v)
        return RC_OK;
    if (v->kind != JSON_STR || str_trim(v->s).n == 0 || v->s.n > DECL_TEXT_MAX)
        return DECL_FAIL(cx, RULE_VALUE, v, "`%s`: 1–%d bytes", key, DECL_TEXT_MAX);
    *ret = v->s;
    return RC_OK;
}

enum rc decl_int(struct ctx *cx, const struct json *obj, const char *key,
                 const int64_t range[2], int64_t *ret)
{
    const struct json *v = json_get(obj, str_from(key));
    if (!v)
        return RC_OK;
    if (v->kind != JSON_INT || v->i < range[0] || v->i > range[1])
        return DECL_FAIL(cx, RULE_VALUE, v, "`%s`: %lld–%lld", key, (long long)range[0],
                         (long long)range[1]);
    *ret = v->i;
    return RC_OK;
}

enum rc decl_bool(struct ctx *cx, const struct json *obj, const char *key, bool *ret)
{
    const struct json *v = json_get(obj, str_from(key));
    if (!v)
        return RC_OK;
    if (v->kind != JSON_BOOL)
        return DECL_FAIL(cx, RULE_VALUE, v, "`%s`: true, false", key);
    *ret = v->i != 0;
    return RC_OK;
}

enum rc decl_list(struct ctx *cx, const struct json *obj, const char *key, size_t max,
                  const struct json **ret)
{
    const struct json *v = json_get(obj, str_from(key));
    *ret = NULL;
    if (!v)
        return RC_OK;
    if (v->kind != JSON_ARR || v->n > max)
        return DECL_FAIL(cx, RULE_VALUE, v, "`%s`: [0–%zu]", key, max);
    *ret = v;
    return RC_OK;
}

enum rc decl_object(struct ctx *cx, const struct json *obj, const char *key,
                    const struct json **ret)
{
    const struct json *v = json_get(obj, str_from(key));
    *ret = NULL;
    if (!v)
        return RC_OK;
    if (v->kind != JSON_OBJ)
        return DECL_FAIL(cx, RULE_VALUE, v, "`%s`: {…}", key);
    *ret = v;
    return RC_OK;
}

enum rc decl_label_check(struct ctx *cx, const struct json *v)
{
    static const char *const langs[] = {"vi", "en"};
    if (!v || v->kind != JSON_OBJ)
        return DECL_FAIL(cx, RULE_LABEL, v, "{vi: …, en: …}");
    for (size_t i = 0; i < sizeof langs / sizeof *langs; i++) {
        const struct json *t = json_get(v, str_from(langs[i]));
        if (!t || t->kind != JSON_STR || str_trim(t->s).n == 0 || t->s.n > DECL_TEXT_MAX)
            return DECL_FAIL(cx, RULE_LABEL, v, "`%.*s`: %s", STR_ARG(v->key), langs[i]);
    }
    return RC_OK;
}

enum rc decl_label(struct ctx *cx, const struct json *obj, const char *key,
                   const struct json **ret)
{
    const struct json *v = json_get(obj, str_from(key));
    if (!v)
        return RC_OK;
    TRY(decl_keys(cx, v, "vi en"));
    TRY(decl_label_check(cx, v));
    *ret = v;
    return RC_OK;
}

enum rc decl_id(struct ctx *cx, struct str id, const struct json *at)
{
    bool ok = id.n > 0 && id.n <= DECL_ID_MAX && id.p[0] >= 'a' && id.p[0] <= 'z';
    for (size_t i = 0; ok && i < id.n; i++)
        ok = (id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= '0' && id.p[i] <= '9') ||
             id.p[i] == '_' || id.p[i] == '-';
    if (!ok)
        return DECL_FAIL(cx, RULE_ID, at, "`%.*s`", STR_ARG(str_cut(id, 0, 60)));
    return RC_OK;
}
