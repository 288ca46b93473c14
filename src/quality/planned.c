/* planned.c - the page and the API on which maintenance is announced. */
#include "app/app.h"
#include "quality/quality_priv.h"
#include "store/store.h"
#include "text/i18n.h"

/* "2026-11-24T20:00" as a browser's field gives it, in Viet Nam's time; or RFC 3339. */
bool moment_parse(struct arena *mem, struct str s, int64_t *ret)
{
    if (s.n == 16 && (s.p[10] == 'T' || s.p[10] == ' ')) {
        struct str day = str_cut(s, 0, 10), time = str_cut(s, 11, 16);
        s = str_fmt(mem, "%.*sT%.*s:00+07:00", STR_ARG(day), STR_ARG(time));
    }
    return s.n > 10 && time_parse(s, ret);
}

static bool is_admin(struct ctx *cx)
{
    return cx->who && who_can(cx, cx->who, CAP_NODE_ADMIN, (struct unit_id){0});
}

static enum rc page_make(struct ctx *cx, struct json **ret)
{
    struct json *list, *v = json_new_obj(cx->mem);
    TRY(maintenance_list(cx, &list));
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("quality.maintenance.title")));
    json_put_str(cx->mem, v, "back", STR("/quality"));
    json_put_bool(cx->mem, v, "at_figures", true);
    json_put_bool(cx->mem, v, "has_list", list->n > 0);
    json_put_bool(cx->mem, v, "is_admin", is_admin(cx));
    json_put_str(cx->mem, v, "earliest", time_text(cx->mem, maintenance_earliest(cx)));
    json_put(v, STR("list"), list);
    *ret = v;
    return RC_OK;
}

static enum rc get_maintenance(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(page_make(cx, &v));
    return reply_page(cx, rq, "quality/maintenance", v);
}

static enum rc asked_read(struct ctx *cx, struct req *rq, struct maintenance *m)
{
    m->reason_vi = str_trim(req_str(rq, "reason"));
    m->reason_en = str_trim(req_str(rq, "reason_en"));
    if (!moment_parse(cx->mem, req_str(rq, "from"), &m->from_us))
        return FAIL(cx, INVALID, "from", "no moment");
    if (!moment_parse(cx->mem, req_str(rq, "to"), &m->to_us))
        return FAIL(cx, INVALID, "to", "no moment");
    return RC_OK;
}

/* The form again, with what is wrong. */
static enum rc refused_reply(struct ctx *cx, struct req *rq, enum rc rc)
{
    static const char *const fields[] = {"from", "to", "reason", "reason_en"};
    struct str field = str_dup(cx->mem, str_from(cx->err.field));
    struct json *v;
    bool is_early = rc == RC_STATE;
    ctx_clear(cx);
    db_rollback(cx);
    TRY(page_make(cx, &v));
    struct str key = is_early ? STR("quality.wrong.early")
                              : str_fmt(cx->mem, "quality.wrong.%.*s", STR_ARG(field));
    struct str text = msg_get(cx->lang, key);
    json_put_str(cx->mem, v, str_fmt(cx->mem, "wrong_%.*s", STR_ARG(field)).p, text);
    struct json *errors = json_put(v, STR("errors"), json_new_arr(cx->mem));
    struct json *o = json_push(errors, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "href", str_fmt(cx->mem, "#%.*s", STR_ARG(field)));
    json_put_str(cx->mem, o, "message", text);
    json_put_bool(cx->mem, v, "has_errors", true);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        json_put_str(cx->mem, v, str_fmt(cx->mem, "%s_value", fields[i]).p,
                     req_str(rq, fields[i]));
    return reply_page_status(cx, rq, is_early ? 409 : 422, "quality/maintenance", v);
}

static enum rc post_maintenance(struct ctx *cx, struct req *rq)
{
    struct maintenance m = {0};
    int64_t seq;
    enum rc rc = asked_read(cx, rq, &m);
    if (rc == RC_OK)
        rc = maintenance_announce(cx, &m, &seq);
    if (rc == RC_INVALID || rc == RC_STATE)
        return refused_reply(cx, rq, rc);
    TRY(rc);
    reply_flash(cx, rq, "quality.announced", "success");
    return reply_redirect(cx, rq, STR("/quality/maintenance"));
}

static enum rc post_cancel(struct ctx *cx, struct req *rq)
{
    TRY(maintenance_cancel(cx, req_int(rq, "seq", -1)));
    reply_flash(cx, rq, "quality.cancelled", "success");
    return reply_redirect(cx, rq, STR("/quality/maintenance"));
}

static enum rc api_list(struct ctx *cx, struct req *rq)
{
    struct json *list, *v = json_new_obj(cx->mem);
    TRY(maintenance_list(cx, &list));
    json_put(v, STR("maintenance"), list);
    json_put_str(cx->mem, v, "earliest", time_iso(cx->mem, maintenance_earliest(cx)));
    return reply_json(cx, rq, 200, v);
}

static enum rc api_announce(struct ctx *cx, struct req *rq)
{
    struct maintenance m = {0};
    struct json *v = json_new_obj(cx->mem);
    int64_t seq;
    TRY(asked_read(cx, rq, &m));
    TRY(maintenance_announce(cx, &m, &seq));
    json_put_int(cx->mem, v, "seq", seq);
    return reply_json(cx, rq, 201, v);
}

/* needed: whether one that is missing is a malformed request, or a field to fill in. */
#define PARAMS_ANNOUNCE(needed)                                                                \
    {"from", IN_BODY, P_TEXT, needed, needed, 40, "2026-11-24T20:00 (UTC+7) or RFC 3339"},     \
        {"to", IN_BODY, P_TEXT, needed, needed, 40, "exclusive, at most 72 hours later"},      \
        {"reason",                                                                             \
         IN_BODY,                                                                              \
         P_TEXT,                                                                               \
         needed,                                                                               \
         needed,                                                                               \
         REASON_MAX,                                                                           \
         "in Vietnamese; shown to everybody"},                                                 \
    {                                                                                          \
        "reason_en", IN_BODY, P_TEXT, false, 0, REASON_MAX, "in English"                       \
    }
static const struct param announce_params[] = {PARAMS_ANNOUNCE(true), {0}};
static const struct param form_params[] = {PARAMS_ANNOUNCE(false), {0}};
static const struct param cancel_params[] = {
    {"seq", IN_PATH, P_INT, true, 0, INT64_MAX, "as the list names it"},
    {0},
};

const struct route quality_planned_routes[] = {
    {GET, "/quality/maintenance", get_maintenance, CAP_NONE, 0, NULL, "quality",
     "Announced maintenance", NULL},
    {POST, "/quality/maintenance", post_maintenance, CAP_NODE_ADMIN, ROUTE_WRITES, form_params,
     "quality", "Announces it, at least one working day ahead", NULL},
    {POST, "/quality/maintenance/{seq}/cancel", post_cancel, CAP_NODE_ADMIN, ROUTE_WRITES,
     cancel_params, "quality", "Takes an announcement back before it begins", NULL},
    {GET, "/api/v1/maintenance", api_list, CAP_NONE, ROUTE_API, NULL, "quality",
     "Announced maintenance and the earliest moment for a new one", NULL},
    {POST, "/api/v1/maintenance", api_announce, CAP_NODE_ADMIN, ROUTE_API | ROUTE_WRITES,
     announce_params, "quality", "Announces it, at least one working day ahead", NULL},
    {0},
};
