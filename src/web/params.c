/* params.c - a request's declared parameters: read, typed, limited; nothing else gets in. */
#include "web/web_parts.h"

#include "text/i18n.h"

#include <assert.h>

static const struct str answers_prefix = {"a.", 2};

/* -- the body, as fields or as JSON -- */

static enum rc json_body(struct ctx *cx, struct req *rq, struct str text)
{
    if (!media_is(rq->head.content_type, STR("application/json")))
        return FAIL(cx, UNSUPPORTED, NULL, "the body is not application/json");
    TRY(json_parse(cx, text, &rq->json));
    if (rq->json->kind != JSON_OBJ)
        return FAIL(cx, MALFORMED, NULL, "the body is not a JSON object");
    return RC_OK;
}

enum rc body_read(struct ctx *cx, struct req *rq)
{
    if (rq->multipart)
        return multipart_finish(cx, rq->multipart);
    struct str text = rq->body ? buf_str(rq->body) : STR("");
    if (text.n == 0)
        return RC_OK;
    if (rq->route->flags & ROUTE_API)
        return json_body(cx, rq, text);
    if (!media_is(rq->head.content_type, STR("application/x-www-form-urlencoded")))
        return FAIL(cx, UNSUPPORTED, NULL, "the body is not a form");
    return fields_parse(cx, text, &rq->body_fields);
}

/* -- refusals: every broken rule is collected, the first one is the failure -- */

static enum rc broken(struct ctx *cx, struct req *rq, const struct param *p, const char *rule)
{
    struct json *e = json_new_obj(cx->mem), *args = json_new_obj(cx->mem);
    json_put_int(cx->mem, args, "least", p->least);
    json_put_int(cx->mem, args, "most", p->most);
    json_put_str(cx->mem, e, "field", str_from(p->name));
    json_put_str(cx->mem, e, "rule", str_from(rule));
    struct str key = str_fmt(cx->mem, "web.rule.%s", rule);
    json_put_str(cx->mem, e, "message", msg_fill(cx, key, args));
    if (!rq->errors)
        rq->errors = json_new_arr(cx->mem);
    json_push(rq->errors, e);
    return FAIL(cx, INVALID, p->name, "rule %s", rule);
}

static enum rc undeclared(struct ctx *cx, struct req *rq, struct str name)
{
    struct param p = {.name = str_z(cx->mem, utf8_is(name) ? utf8_cut(name, 60) : STR("?"))};
    (void)broken(cx, rq, &p, "undeclared");
    ctx_clear(cx);
    return FAIL(cx, UNDECLARED, p.name, "not a parameter of %s", rq->route->path);
}

static bool is_answer(const struct route *r, struct str name)
{
    if (!str_starts(name, answers_prefix))
        return false;
    for (const struct param *p = r->params; p && p->name; p++)
        if (p->type == P_ANSWERS)
            return true;
    return false;
}

static enum rc names_check(struct ctx *cx, struct req *rq)
{
    const struct route *r = rq->route;
    for (size_t i = 0; i < rq->query_fields.n; i++) {
        struct str name = rq->query_fields.v[i].name;
        if (!str_eq(name, STR("lang")) && !param_find(r, name, IN_QUERY))
            return undeclared(cx, rq, name);
    }
    for (size_t i = 0; i < rq->body_fields.n; i++) {
        struct str name = rq->body_fields.v[i].name;
        if (!str_eq(name, STR("csrf")) && !is_answer(r, name) && !param_find(r, name, IN_BODY))
            return undeclared(cx, rq, name);
    }
    JSON_EACH (rq->json, child) {
        if (!param_find(r, child->key, IN_BODY))
            return undeclared(cx, rq, child->key);
    }
    return RC_OK;
}

/* -- types -- */

static bool text_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            return false;
    }
    return utf8_is(s);
}

static bool code_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  (c && strchr("._@:-", c));
        if (!ok)
            return false;
    }
    return true;
}

/* Browsers send CRLF in text areas. */
static struct str lines_unify(struct arena *mem, struct str s)
{
    if (str_find(s, '\r', 0) == s.n)
        return s;
    char *to = arena_alloc(mem, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r' || i + 1 == s.n || s.p[i + 1] != '\n')
            to[n++] = s.p[i];
    return str_n(to, n);
}

/* The rule that s breaks, or NULL. */
static const char *text_check(struct ctx *cx, const struct param *p, struct str *s)
{
    *s = lines_unify(cx->mem, *s);
    if (!text_is(*s))
        return "chars";
    int64_t n = (int64_t)utf8_len(*s);
    if (n < p->least)
        return "short";
    return p->most && n > p->most ? "long" : NULL;
}

static const char *code_check(const struct param *p, struct str s)
{
    if (!code_is(s))
        return "code";
    if ((int64_t)s.n < p->least)
        return "short";
    return p->most && (int64_t)s.n > p->most ? "long" : NULL;
}

static const char *int_check(const struct param *p, int64_t i)
{
    return i < p->least || i > p->most ? "range" : NULL;
}

static const char *bool_read(struct str s, int64_t *i)
{
    *i = str_eq(s, STR("1")) || str_eq(s, STR("on")) || str_eq(s, STR("true"));
    if (*i || str_eq(s, STR("0")) || str_eq(s, STR("false")))
        return NULL;
    return "bool";
}

static const char *scalar_check(struct ctx *cx, const struct param *p, struct value *v)
{
    int32_t day;
    switch (p->type) {
    case P_TEXT:
    case P_LIST:
        return text_check(cx, p, &v->s);
    case P_CODE:
        return code_check(p, v->s);
    case P_INT:
        return str_int(v->s, &v->i) ? int_check(p, v->i) : "int";
    case P_DATE:
        return day_parse(v->s, &day) ? NULL : "date";
    case P_BOOL:
        return bool_read(v->s, &v->i);
    default:
        return "undeclared";
    }
}

/* -- one parameter -- */

static const char *list_push(struct ctx *cx, const struct param *p, struct json *list,
                             struct str s)
{
    static const struct param item = {.least = 0, .most = LIST_TEXT_MAX};
    if ((int64_t)list->n >= p->most)
        return "many";
    const char *rule = text_check(cx, &item, &s);
    if (!rule)
        json_push(list, json_new_str(cx->mem, s));
    return rule;
}

static const char *list_from_fields(struct ctx *cx, const struct param *p,
                                    const struct fields *f, struct value *v)
{
    struct json *list = json_new_arr(cx->mem);
    for (size_t i = 0; i < f->n; i++) {
        if (!str_eq(f->v[i].name, str_from(p->name)))
            continue;
        const char *rule = list_push(cx, p, list, f->v[i].value);
        if (rule)
            return rule;
    }
    *v = (struct value){.is_set = list->n > 0, .j = list};
    return NULL;
}

static const char *list_from_json(struct ctx *cx, const struct param *p, const struct json *j,
                                  struct value *v)
{
    struct json *list = json_new_arr(cx->mem);
    if (j->kind != JSON_ARR)
        return "list";
    JSON_EACH (j, child) {
        const char *rule = child->kind == JSON_STR ? list_push(cx, p, list, child->s) : "text";
        if (rule)
            return rule;
    }
    *v = (struct value){.is_set = true, .j = list};
    return NULL;
}

static const char *json_value(struct ctx *cx, const struct param *p, const struct json *j,
                              struct value *v)
{
    if (!j || j->kind == JSON_NULL)
        return NULL;
    *v = (struct value){.is_set = true, .s = j->s, .i = j->i, .j = j};
    switch (p->type) {
    case P_LIST:
        return list_from_json(cx, p, j, v);
    case P_OBJECT:
        return j->kind == JSON_OBJ ? NULL : "object";
    case P_INT:
        return j->kind == JSON_INT ? int_check(p, j->i) : "int";
    case P_BOOL:
        return j->kind == JSON_BOOL ? NULL : "bool";
    default:
        return j->kind == JSON_STR ? scalar_check(cx, p, v) : "text";
    }
}

static const char *field_value(struct ctx *cx, const struct param *p, const struct fields *f,
                               struct value *v)
{
    if (p->type == P_LIST)
        return list_from_fields(cx, p, f, v);
    unsigned times = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (!str_eq(f->v[i].name, str_from(p->name)))
            continue;
        v->s = f->v[i].value;
        times++;
    }
    if (times > 1)
        return "once";
    if (times == 0)
        return NULL;
    /* An empty box is a value only where text may be empty. */
    if (v->s.n == 0 && (p->type != P_TEXT || p->least > 0 || p->required))
        return NULL;
    v->is_set = true;
    return scalar_check(cx, p, v);
}

static const char *file_value(struct req *rq, const struct param *p, struct value *v)
{
    int64_t n = 0;
    for (const struct spooled *s = rq->uploads; s; s = s->next)
        n += str_eq(s->up.field, str_from(p->name));
    v->is_set = n > 0;
    return n > (p->most ? p->most : 1) ? "many" : NULL;
}

/* {field path without "a." -> text, or array of texts when it came more than once}. */
static const char *answers_value(struct ctx *cx, struct req *rq, struct value *v)
{
    struct json *all = json_new_obj(cx->mem);
    for (size_t i = 0; i < rq->body_fields.n; i++) {
        struct field *f = &rq->body_fields.v[i];
        if (!str_starts(f->name, answers_prefix))
            continue;
        struct str name = str_skip(f->name, answers_prefix.n);
        struct str text = lines_unify(cx->mem, f->value);
        if (name.n == 0 || !code_is(name) || !text_is(text))
            return "chars";
        struct json *one = json_new_str(cx->mem, text), *old = json_get(all, name);
        if (old && old->kind == JSON_STR) {
            struct json *list = json_new_arr(cx->mem);
            json_push(list, json_new_str(cx->mem, old->s));
            json_push(json_put(all, name, list), one);
        } else if (old) {
            json_push(old, one);
        } else {
            json_put(all, name, one);
        }
    }
    *v = (struct value){.is_set = true, .j = all};
    return NULL;
}

static const char *param_value(struct ctx *cx, struct req *rq, const struct param *p,
                               struct value *v)
{
    if (p->type == P_FILE)
        return file_value(rq, p, v);
    if (p->type == P_ANSWERS)
        return answers_value(cx, rq, v);
    if (p->in == IN_QUERY)
        return field_value(cx, p, &rq->query_fields, v);
    if (rq->json)
        return json_value(cx, p, json_get(rq->json, str_from(p->name)), v);
    return field_value(cx, p, &rq->body_fields, v);
}

/* The i-th {name} of the path: a wrong value is an address that does not exist. */
static enum rc path_value(struct ctx *cx, const struct param *p, struct str s, struct value *v)
{
    *v = (struct value){.is_set = true, .s = s};
    const char *rule = scalar_check(cx, p, v);
    return rule ? FAIL(cx, NOT_FOUND, NULL, "path: %s breaks %s", p->name, rule) : RC_OK;
}

/* The place of {name} among the path's parameters. */
static unsigned path_place(const struct route *r, const char *name)
{
    unsigned n = 0;
    for (const char *at = r->path; (at = strchr(at, '{')); at++, n++) {
        size_t len = strcspn(at + 1, "*}");
        if (len == strlen(name) && memcmp(at + 1, name, len) == 0)
            return n;
    }
    return 0;
}

enum rc params_read(struct ctx *cx, struct req *rq)
{
    const struct param *all = rq->route->params;
    size_t n = 0;
    TRY(names_check(cx, rq));
    while (all && all[n].name)
        n++;
    rq->values = arena_array(cx->mem, struct value, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct param *p = &all[i];
        struct value *v = &rq->values[i];
        if (p->in == IN_PATH) {
            TRY(path_value(cx, p, rq->path_values[path_place(rq->route, p->name)], v));
            continue;
        }
        const char *rule = param_value(cx, rq, p, v);
        if (!rule && p->required && !v->is_set)
            rule = "required";
        if (rule)
            (void)broken(cx, rq, p, rule);
    }
    return rq->errors ? RC_INVALID : RC_OK;
}

/* -- what handlers ask -- */

static const struct value *value_of(const struct req *rq, const char *name)
{
    const struct param *all = rq->route->params;
    for (size_t i = 0; all && all[i].name; i++)
        if (strcmp(all[i].name, name) == 0)
            return rq->values[i].is_set ? &rq->values[i] : NULL;
    assert(!"a handler asks for a parameter that its route does not declare");
    return NULL;
}

struct str req_str(const struct req *rq, const char *name)
{
    const struct value *v = value_of(rq, name);
    return v ? v->s : STR_NULL;
}

int64_t req_int(const struct req *rq, const char *name, int64_t absent)
{
    const struct value *v = value_of(rq, name);
    return v ? v->i : absent;
}

bool req_bool(const struct req *rq, const char *name)
{
    return req_int(rq, name, 0) != 0;
}

const struct json *req_list(const struct req *rq, const char *name)
{
    const struct value *v = value_of(rq, name);
    return v ? v->j : NULL;
}

const struct json *req_object(const struct req *rq, const char *name)
{
    return req_list(rq, name);
}

const struct json *req_answers(const struct req *rq)
{
    const struct param *all = rq->route->params;
    for (size_t i = 0; all && all[i].name; i++)
        if (all[i].type == P_ANSWERS)
            return rq->values[i].j;
    return NULL;
}

const struct json *req_body(const struct req *rq)
{
    return rq->json;
}
