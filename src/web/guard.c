/* guard.c - who asks, may they, and does it come from our own page. */
#include "web/web_parts.h"

#include "text/i18n.h"

enum { ANON_COOKIE = 64, SECRET = 32, TOKEN_MAX = 128 };

/* HMAC (RFC 2104) would hash twice with padded keys; the key is one fixed size here, so the
 * nested form without padding has the same property: knowing it does not extend it. */
struct hash web_mac(const struct web *w, struct str text)
{
    struct str key = str_n(w->key.b, sizeof w->key.b);
    struct hash inner = hash_of2(key, text);
    return hash_of2(key, str_n(inner.b, sizeof inner.b));
}

/* -- form tokens -- */

/* A fresh mask for every page: a compressed page must not repeat the secret (BREACH). */
struct str csrf_mask(struct arena *mem, const uint8_t secret[SECRET])
{
    uint8_t both[2 * SECRET];
    random_fill(both, SECRET);
    for (int i = 0; i < SECRET; i++)
        both[SECRET + i] = both[i] ^ secret[i];
    return base64url_of(mem, str_n(both, sizeof both));
}

bool csrf_match(struct arena *mem, struct str token, const uint8_t secret[SECRET])
{
    struct str both;
    uint8_t plain[SECRET];
    if (token.n > TOKEN_MAX || !base64url_parse(mem, token, &both) || both.n != 2 * SECRET)
        return false;
    for (int i = 0; i < SECRET; i++)
        plain[i] = (uint8_t)(both.p[i] ^ both.p[SECRET + i]);
    return text_equal_ct(str_n(plain, SECRET), str_n(secret, SECRET));
}

/* A visitor without a session has a signed cookie in its place: 32 random bytes, 32 of mac. */
static bool anon_read(struct ctx *cx, struct req *rq)
{
    struct str text = cookie_find(rq->head.cookie, str_from(rq->web->anon_cookie)), both;
    if (!text.p || text.n > TOKEN_MAX || !base64url_parse(cx->mem, text, &both) ||
        both.n != ANON_COOKIE)
        return false;
    struct hash mac = web_mac(rq->web, str_cut(both, 0, SECRET));
    if (!text_equal_ct(str_skip(both, SECRET), str_n(mac.b, sizeof mac.b)))
        return false;
    memcpy(rq->anon, both.p, SECRET);
    return true;
}

static void anon_make(struct ctx *cx, struct req *rq)
{
    uint8_t both[ANON_COOKIE];
    random_fill(both, SECRET);
    struct hash mac = web_mac(rq->web, str_n(both, SECRET));
    memcpy(both + SECRET, mac.b, sizeof mac.b);
    memcpy(rq->anon, both, SECRET);
    reply_set_cookie(cx, rq, rq->web->anon_cookie,
                     base64url_of(cx->mem, str_n(both, sizeof both)), "; HttpOnly");
}

struct str csrf_of(struct ctx *cx, struct req *rq)
{
    if (rq->token.p)
        return csrf_mask(cx->mem, rq->who->csrf);
    if (!anon_read(cx, rq))
        anon_make(cx, rq);
    return csrf_mask(cx->mem, rq->anon);
}

/* -- who asks -- */

static struct str bearer_of(struct str header)
{
    static const struct str bearer = {"Bearer ", 7};
    return str_starts(header, bearer) ? str_trim(str_skip(header, bearer.n)) : STR_NULL;
}

enum rc guard_session(struct ctx *cx, struct req *rq)
{
    static const struct who nobody = {0};
    struct who *who = NULL;
    cx->who = &nobody; /* never NULL: that is the system itself */
    struct str token = bearer_of(rq->head.authorization);
    bool is_bearer = token.p != NULL;
    if (!token.p)
        token = cookie_find(rq->head.cookie, str_from(rq->web->session_cookie));
    if (!token.n || token.n > TOKEN_MAX || !rq->web->app->identity)
        return RC_OK;
    TRY(session_load(cx, token, &who));
    if (!who)
        return RC_OK;
    rq->token = token;
    rq->is_bearer = is_bearer;
    rq->who = who;
    cx->who = who;
    return RC_OK;
}

enum rc guard_right(struct ctx *cx, struct req *rq)
{
    const struct route *r = rq->route;
    if (r->flags & ROUTE_LOOPBACK && !rq->is_loopback)
        return FAIL(cx, NOT_FOUND, NULL, "%s from another machine", r->path);
    if (r->need == CAP_NONE)
        return RC_OK;
    if (!rq->who)
        return FAIL(cx, LOGIN_REQUIRED, NULL, "%s", r->path);
    if (!who_can(cx, rq->who, r->need, (struct unit_id){0}))
        return FAIL(cx, FORBIDDEN, NULL, "%s needs another right", r->path);
    return RC_OK;
}

/* -- does it come from our own page -- */

static bool origin_is_ours(const struct req *rq)
{
    struct str origin = rq->head.origin;
    if (rq->web->origin.n)
        return str_eq(origin, rq->web->origin);
    static const struct str http = {"http://", 7};
    return str_starts(origin, http) && rq->host.n && str_eq(str_skip(origin, http.n), rq->host);
}

static bool is_cross_site(const struct req *rq)
{
    struct str site = rq->head.fetch_site;
    if (site.p && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none")))
        return true;
    return rq->head.origin.p && !origin_is_ours(rq);
}

enum rc guard_csrf(struct ctx *cx, struct req *rq)
{
    /* A page elsewhere can make a browser send cookies, but no Authorization header. */
    if (rq->method == GET || rq->is_bearer)
        return RC_OK;
    if (is_cross_site(rq))
        return FAIL(cx, CSRF, NULL, "%s from another site", rq->route->path);
    /* Nor can it send JSON without asking us first, and we allow no other origin: a client
     * without a session has nothing to protect here. */
    if (!rq->token.p && rq->route->flags & ROUTE_API)
        return RC_OK;
    struct str token = rq->head.csrf;
    if (!token.p)
        token = fields_find(&rq->body_fields, STR("csrf"));
    if (!rq->token.p && !anon_read(cx, rq))
        return FAIL(cx, CSRF, NULL, "%s without its cookie", rq->route->path);
    if (!token.p || !csrf_match(cx->mem, token, rq->token.p ? rq->who->csrf : rq->anon))
        return FAIL(cx, CSRF, NULL, "%s without its token", rq->route->path);
    return RC_OK;
}

/* -- language: what the address says, then the cookie, then the browser if it is English -- */

void guard_language(struct ctx *cx, struct req *rq)
{
    struct str asked = fields_find(&rq->query_fields, STR("lang"));
    struct str kept = cookie_find(rq->head.cookie, STR("lang"));
    bool is_known = str_eq(asked, STR("vi")) || str_eq(asked, STR("en"));
    if (is_known)
        reply_set_cookie(cx, rq, "lang", asked, "; Max-Age=31536000");
    if (is_known)
        cx->lang = lang_parse(asked);
    else if (kept.n)
        cx->lang = lang_parse(kept);
    else
        cx->lang = str_starts(rq->head.accept_language, STR("en")) ? LANG_EN : LANG_VI;
}

/* -- one line for the next page: tone.key.mac, signed so that nobody else puts words there -- */

static struct str flash_mac(struct ctx *cx, struct req *rq, struct str text)
{
    struct hash mac = web_mac(rq->web, str_join(cx->mem, STR("flash:"), text));
    return base64url_of(cx->mem, str_n(mac.b, 16));
}

void reply_flash(struct ctx *cx, struct req *rq, const char *key, const char *tone)
{
    struct str text = str_fmt(cx->mem, "%s!%s", tone, key);
    struct str mac = flash_mac(cx, rq, text);
    struct str value = str_fmt(cx->mem, "%.*s!%.*s", STR_ARG(text), STR_ARG(mac));
    reply_set_cookie(cx, rq, rq->web->flash_cookie, value, "; HttpOnly; Max-Age=60");
}

struct str flash_take(struct ctx *cx, struct req *rq, struct str *tone)
{
    struct str value = cookie_find(rq->head.cookie, str_from(rq->web->flash_cookie));
    if (!value.n || value.n > 200)
        return STR_NULL;
    reply_set_cookie(cx, rq, rq->web->flash_cookie, STR(""), "; HttpOnly; Max-Age=0");
    struct str key;
    struct str mac = str_split(str_split(value, '!', tone), '!', &key);
    struct str text = str_fmt(cx->mem, "%.*s!%.*s", STR_ARG(*tone), STR_ARG(key));
    if (!mac.n || !text_equal_ct(mac, flash_mac(cx, rq, text)) || !msg_has(key))
        return STR_NULL;
    return key;
}

void reply_cookie(struct ctx *cx, struct req *rq, struct str token, bool end)
{
    reply_set_cookie(cx, rq, rq->web->session_cookie, end ? STR("") : token,
                     end ? "; HttpOnly; Max-Age=0" : "; HttpOnly");
}
