/* openapi.c - OpenAPI 3.1 from the same rows that dispatch checks requests against. */
#include "openapi/openapi.h"

/* Shorthands: every node is new, keys are literals. */
static struct json *obj_in(struct arena *mem, struct json *parent, const char *key)
{
    return json_put(parent, str_from(key), json_new_obj(mem));
}

static void text_in(struct arena *mem, struct json *o, const char *key, const char *text)
{
    json_put_str(mem, o, key, str_from(text));
}

static void limits_put(struct arena *mem, struct json *s, const struct param *p,
                       const char *least, const char *most)
{
    if (p->least)
        json_put_int(mem, s, least, p->least);
    if (p->most)
        json_put_int(mem, s, most, p->most);
}

static void int_schema(struct arena *mem, struct json *s, const struct param *p)
{
    text_in(mem, s, "type", "integer");
    json_put_int(mem, s, "minimum", p->least);
    json_put_int(mem, s, "maximum", p->most);
}

static void list_schema(struct arena *mem, struct json *s, const struct param *p)
{
    text_in(mem, s, "type", "array");
    json_put_int(mem, s, "maxItems", p->most);
    struct json *items = obj_in(mem, s, "items");
    text_in(mem, items, "type", "string");
    json_put_int(mem, items, "maxLength", LIST_TEXT_MAX);
}

static struct json *schema_of(struct arena *mem, const struct param *p)
{
    static const char *const types[] = {
        [P_TEXT] = "string",    [P_CODE] = "string", [P_DATE] = "string",
        [P_BOOL] = "boolean",   [P_FILE] = "string", [P_OBJECT] = "object",
        [P_ANSWERS] = "object",
    };
    struct json *s = json_new_obj(mem);
    if (p->type == P_INT) {
        int_schema(mem, s, p);
        return s;
    }
    if (p->type == P_LIST) {
        list_schema(mem, s, p);
        return s;
    }
    text_in(mem, s, "type", types[p->type]);
    if (p->type == P_TEXT || p->type == P_CODE)
        limits_put(mem, s, p, "minLength", "maxLength");
    if (p->type == P_CODE)
        text_in(mem, s, "pattern", "^[A-Za-z0-9._@:-]*$");
    if (p->type == P_DATE)
        text_in(mem, s, "format", "date");
    if (p->type == P_FILE)
        text_in(mem, s, "contentMediaType", "application/octet-stream");
    return s;
}

static struct json *parameter(struct arena *mem, const struct param *p)
{
    struct json *o = json_new_obj(mem);
    text_in(mem, o, "name", p->name);
    text_in(mem, o, "in", p->in == IN_PATH ? "path" : "query");
    json_put_bool(mem, o, "required", p->required || p->in == IN_PATH);
    text_in(mem, o, "description", p->text);
    json_put(o, STR("schema"), schema_of(mem, p));
    return o;
}

static struct json *header_parameter(struct arena *mem, const char *name, const char *text)
{
    struct json *o = json_new_obj(mem);
    text_in(mem, o, "name", name);
    text_in(mem, o, "in", "header");
    text_in(mem, o, "description", text);
    struct json *s = obj_in(mem, o, "schema");
    text_in(mem, s, "type", "string");
    json_put_int(mem, s, "maxLength", 128);
    return o;
}

static void parameters_put(struct arena *mem, struct json *op, const struct route *r)
{
    struct json *list = json_new_arr(mem);
    for (const struct param *p = r->params; p && p->name; p++)
        if (p->in != IN_BODY)
            json_push(list, parameter(mem, p));
    if (r->flags & ROUTE_IDEMPOTENT)
        json_push(list, header_parameter(mem, "Idempotency-Key",
                                         "The same key again gives the same answer for a day"));
    if (list->n)
        json_put(op, STR("parameters"), list);
}

static void body_put(struct arena *mem, struct json *op, const struct route *r)
{
    struct json *s = json_new_obj(mem), *required = json_new_arr(mem);
    text_in(mem, s, "type", "object");
    json_put_bool(mem, s, "additionalProperties", false);
    struct json *properties = obj_in(mem, s, "properties");
    for (const struct param *p = r->params; p && p->name; p++) {
        if (p->in != IN_BODY)
            continue;
        struct json *one = json_put(properties, str_from(p->name), schema_of(mem, p));
        text_in(mem, one, "description", p->text);
        if (p->required)
            json_push(required, json_new_str(mem, str_from(p->name)));
    }
    if (!properties->n)
        return;
    if (required->n)
        json_put(s, STR("required"), required);
    struct json *body = obj_in(mem, op, "requestBody");
    json_put_bool(mem, body, "required", required->n > 0);
    bool is_upload = r->flags & ROUTE_UPLOAD;
    struct json *content = obj_in(mem, body, "content");
    json_put(obj_in(mem, content, is_upload ? "multipart/form-data" : "application/json"),
             STR("schema"), s);
}

static struct json *reference(struct arena *mem, const char *to)
{
    struct json *o = json_new_obj(mem);
    text_in(mem, o, "$ref", to);
    return o;
}

static void security_put(struct arena *mem, struct json *op, const struct route *r)
{
    static const char *const schemes[] = {"bearer", "cookie"};
    struct json *list = json_put(op, STR("security"), json_new_arr(mem));
    for (int i = 0; i < 2 && r->need != CAP_NONE; i++)
        json_put(json_push(list, json_new_obj(mem)), str_from(schemes[i]), json_new_arr(mem));
}

static struct json *operation(struct arena *mem, const struct route *r)
{
    struct json *op = json_new_obj(mem);
    text_in(mem, op, "summary", r->summary);
    json_push(json_put(op, STR("tags"), json_new_arr(mem)),
              json_new_str(mem, str_from(r->tag)));
    security_put(mem, op, r);
    parameters_put(mem, op, r);
    body_put(mem, op, r);
    struct json *responses = obj_in(mem, op, "responses");
    text_in(mem, obj_in(mem, responses, "2XX"), "description", "done");
    json_put(responses, STR("default"), reference(mem, "#/components/responses/problem"));
    return op;
}

/* "/x/{rest*}" is a parameter with slashes in it, which OpenAPI can only say in words. */
static struct str path_of(struct arena *mem, const char *path)
{
    struct str s = str_from(path);
    if (!str_ends(s, STR("*}")))
        return s;
    return str_join(mem, str_cut(s, 0, s.n - 2), STR("}"));
}

static void route_put(struct arena *mem, struct json *paths, const struct route *r)
{
    static const char *const methods[] = {"", "get", "post", "put", "delete"};
    struct str path = path_of(mem, r->path);
    struct json *item = json_get(paths, path);
    if (!item)
        item = json_put(paths, path, json_new_obj(mem));
    json_put(item, str_from(methods[r->method]), operation(mem, r));
}

static void property(struct arena *mem, struct json *properties, const char *name,
                     const char *type, const char *text)
{
    struct json *p = obj_in(mem, properties, name);
    text_in(mem, p, "type", type);
    text_in(mem, p, "description", text);
}

static struct json *codes_make(struct arena *mem)
{
    struct json *codes = json_new_arr(mem);
    for (int rc = RC_OK + 1; rc < RC_COUNT; rc++)
        json_push(codes, json_new_str(mem, str_from(rc_name((enum rc)rc))));
    return codes;
}

/* RFC 9457, as reply.c writes it. */
static void problem_put(struct arena *mem, struct json *components)
{
    struct json *schema = obj_in(mem, obj_in(mem, components, "schemas"), "problem");
    text_in(mem, schema, "type", "object");
    struct json *p = obj_in(mem, schema, "properties");
    property(mem, p, "type", "string", "urn:motcua:error:CODE");
    property(mem, p, "title", "string", "for people, in the language asked for");
    property(mem, p, "status", "integer", "the HTTP status");
    property(mem, p, "code", "string", "for programs");
    json_put(json_get(p, STR("code")), STR("enum"), codes_make(mem));
    property(mem, p, "field", "string", "the input concerned");
    property(mem, p, "request", "string", "names this request in the node's log");
    property(mem, p, "errors", "array", "every broken rule: field, rule, message");
    text_in(mem, obj_in(mem, json_get(p, STR("errors")), "items"), "type", "object");
    struct json *r = obj_in(mem, obj_in(mem, components, "responses"), "problem");
    text_in(mem, r, "description", "refused; the reason and the next step");
    struct json *content = obj_in(mem, r, "content");
    json_put(obj_in(mem, content, "application/problem+json"), STR("schema"),
             reference(mem, "#/components/schemas/problem"));
}

static void security_schemes_put(struct arena *mem, struct json *components)
{
    struct json *all = obj_in(mem, components, "securitySchemes");
    struct json *bearer = obj_in(mem, all, "bearer"), *cookie = obj_in(mem, all, "cookie");
    text_in(mem, bearer, "type", "http");
    text_in(mem, bearer, "scheme", "bearer");
    text_in(mem, cookie, "type", "apiKey");
    text_in(mem, cookie, "in", "cookie");
    text_in(mem, cookie, "name", "__Host-motcua");
    text_in(mem, cookie, "description", "with the header X-CSRF-Token on changes");
}

struct json *openapi_make(struct ctx *cx, const struct route *const *tables)
{
    struct arena *mem = cx->mem;
    struct json *doc = json_new_obj(mem);
    text_in(mem, doc, "openapi", "3.1.0");
    struct json *info = obj_in(mem, doc, "info");
    text_in(mem, info, "title", "Motcua");
    text_in(mem, info, "version", MOTCUA_VERSION);
    struct json *paths = obj_in(mem, doc, "paths");
    for (const struct route *const *t = tables; *t; t++)
        for (const struct route *r = *t; r->path; r++)
            if (r->flags & ROUTE_API)
                route_put(mem, paths, r);
    struct json *components = obj_in(mem, doc, "components");
    problem_put(mem, components);
    security_schemes_put(mem, components);
    return doc;
}
