/* session.c - API: signing in and out. */
#include "api/api.h"

#include "unit/unit.h"

static struct json *who_json(struct ctx *cx)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "name", cx->who->name);
    json_put_bool(cx->mem, o, "is_officer", cx->who->is_officer);
    struct json *roles = json_put(o, STR("roles"), json_new_arr(cx->mem));
    for (size_t i = 0; i < cx->who->ngrants; i++) {
        struct json *g = json_push(roles, json_new_obj(cx->mem));
        json_put_str(cx->mem, g, "role", str_from(role_name(cx->who->grants[i].role)));
        json_put_str(cx->mem, g, "unit", unit_code_of(cx, cx->who->grants[i].unit));
    }
    return o;
}

static enum rc session_post(struct ctx *cx, struct req *rq)
{
    struct str token;
    TRY(session_login(cx, req_str(rq, "login"), req_str(rq, "password"), req_address(rq),
                      &token));
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "token", token);
    json_put_str(cx->mem, o, "use", STR("Authorization: Bearer <token>"));
    return reply_json(cx, rq, 201, o);
}

static enum rc session_get(struct ctx *cx, struct req *rq)
{
    return reply_json(cx, rq, 200, who_json(cx));
}

static enum rc session_delete(struct ctx *cx, struct req *rq)
{
    TRY(session_logout(cx, req_session_token(rq)));
    return reply_json(cx, rq, 200, json_new_obj(cx->mem));
}

static const struct param login_params[] = {
    {"login", IN_BODY, P_TEXT, true, 3, 40, "identity number, or an officer's login"},
    {"password", IN_BODY, P_TEXT, true, 1, PASSWORD_MAX, "password"},
    {0},
};

const struct route api_session_routes[] = {
    {POST, "/api/v1/session", session_post, CAP_NONE,
     ROUTE_API | ROUTE_WRITES | ROUTE_LOGIN | ROUTE_NO_STORE, login_params, "session",
     "Sign in; the answer holds the bearer token", NULL},
    {GET, "/api/v1/session", session_get, CAP_SELF, ROUTE_API | ROUTE_NO_STORE, NULL, "session",
     "Who is signed in, with roles", NULL},
    {DELETE, "/api/v1/session", session_delete, CAP_SELF, ROUTE_API | ROUTE_WRITES, NULL,
     "session", "Sign out", NULL},
    {0},
};
