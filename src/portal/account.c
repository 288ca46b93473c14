/* account.c - signing in and out, and a citizen's own account. */
#include "portal/portal_priv.h"

enum { LOGIN_TYPED_MAX = 64, NAME_LEAST = 2, DATE_PART_MAX = 4, TO_MAX = 1000 };

/* -- signing in -- */

static struct str home_of(const struct who *w)
{
    return w && w->is_officer ? STR("/desk") : STR("/me");
}

static struct json *login_view(struct ctx *cx, struct req *rq)
{
    struct json *v = view_new(cx, "portal.login.title", STR("/"));
    json_put_bool(cx->mem, v, "at_login", true);
    json_put_str(cx->mem, v, "to", safe_path(req_str(rq, "to"), STR("")));
    return v;
}

static enum rc get_login(struct ctx *cx, struct req *rq)
{
    if (is_signed_in(cx))
        return reply_redirect(cx, rq, safe_path(req_str(rq, "to"), home_of(cx->who)));
    return reply_page(cx, rq, "portal/login", login_view(cx, rq));
}

static enum rc login_refused(struct ctx *cx, struct req *rq, enum rc rc)
{
    struct json *v = login_view(cx, rq);
    ctx_clear(cx);
    json_put_str(cx->mem, v, "login", req_str(rq, "login"));
    view_error_key(cx, v, "login", rc_message_key(rc));
    return reply_page_status(cx, rq, rc_status(rc), "portal/login", v);
}

static enum rc post_login(struct ctx *cx, struct req *rq)
{
    struct str token;
    struct who *who = NULL;
    enum rc rc = session_login(cx, req_str(rq, "login"), req_str(rq, "password"),
                               req_address(rq), &token);
    if (rc == RC_BAD_LOGIN || rc == RC_THROTTLED)
        return login_refused(cx, rq, rc);
    TRY(rc);
    TRY(session_load(cx, token, &who));
    reply_cookie(cx, rq, token, false);
    return reply_redirect(cx, rq, safe_path(req_str(rq, "to"), home_of(who)));
}

static enum rc post_logout(struct ctx *cx, struct req *rq)
{
    if (req_session_token(rq).n)
        TRY(session_logout(cx, req_session_token(rq)));
    reply_cookie(cx, rq, STR(""), true);
    reply_flash(cx, rq, "portal.login.out", "success");
    return reply_redirect(cx, rq, STR("/"));
}

/* -- a citizen's own account -- */

static struct json *register_view(struct ctx *cx, struct req *rq)
{
    static const char *const typed[] = {"number", "name", "day", "month", "year", "phone"};
    struct json *v = view_new(cx, "portal.register.title", STR("/login"));
    json_put_bool(cx->mem, v, "at_login", true);
    json_put_str(cx->mem, v, "to", safe_path(req_str(rq, "to"), STR("")));
    if (req_route(rq)->method == GET)
        return v;
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        json_put_str(cx->mem, v, typed[i], str_trim(req_str(rq, typed[i])));
    return v;
}

static enum rc get_register(struct ctx *cx, struct req *rq)
{
    if (is_signed_in(cx))
        return reply_redirect(cx, rq, home_of(cx->who));
    return reply_page(cx, rq, "portal/register", register_view(cx, rq));
}

static int32_t birth_typed(struct req *rq)
{
    int64_t d, m, y;
    bool whole = str_int(str_trim(req_str(rq, "day")), &d) &&
                 str_int(str_trim(req_str(rq, "month")), &m) &&
                 str_int(str_trim(req_str(rq, "year")), &y);
    if (!whole || y < 1850 || y > 2200 || !day_is_valid((int)y, (int)m, (int)d))
        return INT32_MIN;
    return day_make((int)y, (int)m, (int)d);
}

static bool phone_fits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && !(i == 0 && s.p[i] == '+'))
            return false;
    return s.n == 0 || (s.n >= 9 && s.n <= SUBJECT_PHONE_MAX);
}

static enum rc person_check(struct ctx *cx, struct req *rq, struct subject *p, struct json *v)
{
    struct subject *known = NULL;
    struct str password = req_str(rq, "password");
    if (!identity_number_is(p->number, INT32_MIN))
        view_error_key(cx, v, "number", "portal.register.err.number");
    else if (p->birth != INT32_MIN && !identity_number_is(p->number, p->birth))
        view_error_key(cx, v, "number", "portal.register.err.number_birth");
    if (utf8_len(p->name) < NAME_LEAST)
        view_error_key(cx, v, "name", "portal.register.err.name");
    if (p->birth == INT32_MIN || p->birth > day_of(cx->now_us))
        view_error_key(cx, v, "day", "portal.register.err.birth");
    if (!phone_fits(p->phone))
        view_error_key(cx, v, "phone", "portal.register.err.phone");
    if (utf8_len(password) < PASSWORD_MIN || password.n > PASSWORD_MAX)
        view_error_key(cx, v, "password", "portal.register.err.password");
    else if (!str_eq(password, req_str(rq, "again")))
        view_error_key(cx, v, "again", "portal.register.err.again");
    if (json_bool(v, "has_errors"))
        return RC_OK;
    /* Who is known already proves who they are at the counter, not here. */
    TRY(subject_by_number(cx, p->number, &known));
    if (known)
        view_error_key(cx, v, "number", "portal.register.err.known");
    return RC_OK;
}

/* The password is hashed before the write turn: hashing takes tens of milliseconds. */
static enum rc account_make(struct ctx *cx, const struct subject *p, struct str password)
{
    const struct settings *set = &cx->app->settings;
    struct account_new a = {.login = p->number};
    struct str hash;
    int64_t account;
    TRY(password_hash(cx, password, set->argon2_ops, set->argon2_mem_kib, &hash));
    TRY(subject_add(cx, p, &a.subject));
    return account_add_hashed(cx, &a, hash, &account);
}

/* The sign-in page that leads on to a page of ours. */
static struct str login_path(struct ctx *cx, struct str to)
{
    struct buf *b = buf_new(cx->mem, 4 * TO_MAX);
    buf_put(b, to.n ? STR("/login?to=") : STR("/login"));
    for (size_t i = 0; i < to.n; i++) {
        bool plain = to.p[i] == '/' || (to.p[i] >= '0' && to.p[i] <= '9') ||
                     ((to.p[i] | 32) >= 'a' && (to.p[i] | 32) <= 'z');
        if (plain)
            buf_putc(b, to.p[i]);
        else
            buf_fmt(b, "%%%02X", (unsigned)(unsigned char)to.p[i]);
    }
    return buf_str(b);
}

static enum rc post_register(struct ctx *cx, struct req *rq)
{
    struct json *v = register_view(cx, rq);
    struct subject p = {.kind = SUBJECT_CITIZEN,
                        .number = json_str(v, "number"),
                        .name = json_str(v, "name"),
                        .phone = json_str(v, "phone"),
                        .birth = birth_typed(rq)};
    TRY(person_check(cx, rq, &p, v));
    if (json_bool(v, "has_errors"))
        return reply_refused(cx, rq, "portal/register", v);
    TRY(account_make(cx, &p, req_str(rq, "password")));
    reply_flash(cx, rq, "portal.register.made", "success");
    return reply_redirect(cx, rq, login_path(cx, json_str(v, "to")));
}

#define PARAM_TO(where)                                                                        \
    {                                                                                          \
        "to", where, P_TEXT, false, 0, TO_MAX, "page of ours to come back to"                  \
    }
static const struct param to_params[] = {PARAM_TO(IN_QUERY), {0}};
static const struct param login_params[] = {
    {"login", IN_BODY, P_TEXT, false, 0, LOGIN_TYPED_MAX, "identity number, or officer's name"},
    {"password", IN_BODY, P_TEXT, false, 0, PASSWORD_MAX, "password"},
    PARAM_TO(IN_BODY),
    {0},
};
static const struct param register_params[] = {
    {"number", IN_BODY, P_TEXT, false, 0, 30, "12-digit identity number"},
    {"name", IN_BODY, P_TEXT, false, 0, SUBJECT_NAME_MAX / 2, "full name"},
    {"day", IN_BODY, P_TEXT, false, 0, DATE_PART_MAX, "of the birthday"},
    {"month", IN_BODY, P_TEXT, false, 0, DATE_PART_MAX, "of the birthday"},
    {"year", IN_BODY, P_TEXT, false, 0, DATE_PART_MAX, "of the birthday"},
    {"phone", IN_BODY, P_TEXT, false, 0, 30, "phone number, optional"},
    {"password", IN_BODY, P_TEXT, false, 0, PASSWORD_MAX, "password"},
    {"again", IN_BODY, P_TEXT, false, 0, PASSWORD_MAX, "the password once more"},
    PARAM_TO(IN_BODY),
    {0},
};

const struct route portal_account_routes[] = {
    {GET, "/login", get_login, CAP_NONE, ROUTE_NO_STORE, to_params, "portal", "Sign in"},
    {POST, "/login", post_login, CAP_NONE, ROUTE_WRITES | ROUTE_LOGIN | ROUTE_NO_STORE,
     login_params, "portal", "Signs in"},
    {POST, "/logout", post_logout, CAP_NONE, ROUTE_WRITES, NULL, "portal", "Signs out"},
    {GET, "/register", get_register, CAP_NONE, ROUTE_NO_STORE, to_params, "portal",
     "Make an account"},
    {POST, "/register", post_register, CAP_NONE, ROUTE_WRITES | ROUTE_LOGIN | ROUTE_NO_STORE,
     register_params, "portal", "Makes an account"},
    {0},
};
