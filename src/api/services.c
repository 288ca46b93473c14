/* services.c - API: services, their forms, units. */
#include "api/api.h"

#include "measure/measure.h"
#include "pack/pack.h"
#include "text/i18n.h"

static struct json *service_json(struct ctx *cx, const struct pack *p)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "id", p->id);
    json_put_str(cx->mem, o, "version", p->version);
    json_put_str(cx->mem, o, "procedure", p->procedure);
    json_put_str(cx->mem, o, "name", label_text(cx, p->name));
    json_put_str(cx->mem, o, "summary", label_text(cx, json_get(p->yaml, STR("summary"))));
    json_put_str(cx->mem, o, "mode_2022", json_str(p->yaml, "mode_2022"));
    json_put_int(cx->mem, o, "level_2011", json_int(p->yaml, "level_2011", 1));
    json_put_str(cx->mem, o, "digest", hash_hex(cx->mem, &p->digest));
    return o;
}

static enum rc services_get(struct ctx *cx, struct req *rq)
{
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    struct json *out = json_new_obj(cx->mem);
    struct json *list = json_put(out, STR("services"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++)
        if (all[i]->form)
            json_push(list, service_json(cx, all[i]));
    return reply_json(cx, rq, 200, out);
}

static enum rc service_of(struct ctx *cx, struct req *rq, const struct pack **ret)
{
    const struct pack *p = pack_current(cx, req_str(rq, "id"));
    if (!p || !p->form)
        return FAIL(cx, NOT_FOUND, "id", "no such service");
    *ret = p;
    return RC_OK;
}

static enum rc service_get(struct ctx *cx, struct req *rq)
{
    const struct pack *p;
    TRY(service_of(cx, rq, &p));
    struct json *o = service_json(cx, p);
    json_put(o, STR("declaration"), json_copy(cx->mem, p->yaml));
    struct json *docs = json_put(o, STR("documents"), json_new_arr(cx->mem));
    for (size_t i = 0; i < p->ndocuments; i++) {
        struct json *d = json_push(docs, json_new_obj(cx->mem));
        json_put_str(cx->mem, d, "id", p->documents[i].id);
        json_put_str(cx->mem, d, "name", label_text(cx, p->documents[i].name));
        json_put_bool(cx->mem, d, "required", p->documents[i].required);
    }
    return reply_json(cx, rq, 200, o);
}

static enum rc service_form_get(struct ctx *cx, struct req *rq)
{
    const struct pack *p;
    TRY(service_of(cx, rq, &p));
    return reply_json(cx, rq, 200, form_schema(cx, p->form));
}

/* -- waiting times -- */

static struct json *wait_json(struct ctx *cx, const struct wait *w)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_int(cx->mem, o, "dossiers", w->n);
    if (w->n) {
        json_put_int(cx->mem, o, "days_50", w->half);
        json_put_int(cx->mem, o, "days_90", w->most);
        json_put_str(cx->mem, o, "text", wait_text(cx, w));
    }
    json_put_bool(cx->mem, o, "is_small", w->is_small);
    return o;
}

static enum rc service_wait_get(struct ctx *cx, struct req *rq)
{
    const struct pack *p;
    struct wait all, here;
    struct str code = req_str(rq, "unit");
    const struct unit *u = code.p ? unit_find(cx, code) : NULL;
    TRY(service_of(cx, rq, &p));
    if (code.p && !u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    struct json *o = json_new_obj(cx->mem);
    TRY(wait_get(cx, p->id, (struct unit_id){0}, &all));
    json_put_str(cx->mem, o, "service", p->id);
    json_put(o, STR("all"), wait_json(cx, &all));
    if (u) {
        TRY(wait_get(cx, p->id, u->id, &here));
        json_put_str(cx->mem, o, "unit_code", u->code);
        json_put(o, STR("unit"), wait_json(cx, &here));
    }
    return reply_json(cx, rq, 200, o);
}

static struct json *unit_json(struct ctx *cx, const struct unit *u)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "code", u->code);
    json_put_str(cx->mem, o, "code_old", u->code_old);
    json_put_str(cx->mem, o, "kind", str_from(unit_kind_name(u->kind)));
    json_put_str(cx->mem, o, "name", unit_name(cx, u));
    if (u->parent)
        json_put_str(cx->mem, o, "parent", u->parent->code);
    json_put_str(cx->mem, o, "from", day_iso(cx->mem, u->from));
    if (u->to != INT32_MAX)
        json_put_str(cx->mem, o, "to", day_iso(cx->mem, u->to));
    return o;
}

static enum rc units_get(struct ctx *cx, struct req *rq)
{
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    struct str parent = req_str(rq, "parent");
    const struct unit *above = parent.p ? unit_find(cx, parent) : NULL;
    if (parent.p && !above)
        return FAIL(cx, NOT_FOUND, "parent", "no such unit");
    struct json *out = json_new_obj(cx->mem);
    struct json *list = json_put(out, STR("units"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++)
        if (!above || all[i]->parent == above)
            json_push(list, unit_json(cx, all[i]));
    return reply_json(cx, rq, 200, out);
}

static enum rc unit_get(struct ctx *cx, struct req *rq)
{
    const struct unit *u = unit_find(cx, req_str(rq, "code"));
    if (!u)
        return FAIL(cx, NOT_FOUND, "code", "no such unit");
    return reply_json(cx, rq, 200, unit_json(cx, u));
}

static const struct param id_params[] = {
    {"id", IN_PATH, P_CODE, true, 3, 41, "id of the service"},
    {0},
};
static const struct param wait_params[] = {
    {"id", IN_PATH, P_CODE, true, 3, 41, "id of the service"},
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "also for this unit alone"},
    {0},
};
static const struct param code_params[] = {
    {"code", IN_PATH, P_CODE, true, 3, UNIT_CODE_MAX, "code of the unit, either form"},
    {0},
};
static const struct param units_params[] = {
    {"parent", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX,
     "only the units right below this one"},
    {0},
};

const struct route api_service_routes[] = {
    {GET, "/api/v1/services", services_get, CAP_NONE, ROUTE_API, NULL, "services",
     "All services that can be begun", NULL},
    {GET, "/api/v1/services/{id}", service_get, CAP_NONE, ROUTE_API, id_params, "services",
     "A service: names, law, papers, fees", NULL},
    {GET, "/api/v1/services/{id}/form", service_form_get, CAP_NONE, ROUTE_API, id_params,
     "services", "JSON Schema 2020-12 of the answers", NULL},
    {GET, "/api/v1/services/{id}/wait", service_wait_get, CAP_NONE, ROUTE_API, wait_params,
     "services", "Working days that finished dossiers took: one of two, nine of ten", NULL},
    {GET, "/api/v1/units", units_get, CAP_NONE, ROUTE_API, units_params, "units",
     "The agencies, parents first", NULL},
    {GET, "/api/v1/units/{code}", unit_get, CAP_NONE, ROUTE_API, code_params, "units",
     "One agency", NULL},
    {0},
};
