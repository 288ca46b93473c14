/* session.c - log in, know who asks, log out, keep house. */
#include "identity/identity_priv.h"

#include "gen/identity_sql.h"
#include "ledger/ledger.h"
#include "store/store.h"

static struct str bytes_of(const struct hash *h)
{
    return str_n(h->b, sizeof h->b);
}

/* -- log in -- */

static struct str dummy_known(struct identity *id, struct str made)
{
    pthread_mutex_lock(&id->dummy_turn);
    if (id->dummy_n == 0 && made.n <= sizeof id->dummy && made.n) {
        memcpy(id->dummy, made.p, made.n);
        id->dummy_n = made.n;
    }
    struct str known = {id->dummy, id->dummy_n};
    pthread_mutex_unlock(&id->dummy_turn);
    return known;
}

/* What an unknown account's password is compared with, so that it takes as long. */
static enum rc dummy_get(struct ctx *cx, struct str *ret)
{
    const struct settings *set = &cx->app->settings;
    struct str made, known = dummy_known(cx->app->identity, STR_NULL);
    if (known.n == 0) {
        TRY(password_hash(cx, random_token(cx->mem, TOKEN_BYTES), set->argon2_ops,
                          set->argon2_mem_kib, &made));
        known = dummy_known(cx->app->identity, made);
    }
    *ret = known;
    return RC_OK;
}

static enum rc session_insert(struct ctx *cx, int64_t account, struct str *token)
{
    uint8_t csrf[CSRF_BYTES];
    random_fill(csrf, sizeof csrf);
    struct str text = random_token(cx->mem, TOKEN_BYTES);
    struct hash h = hash_of(text);
    TRY(sql_session_trim(cx, account, SESSIONS_PER_ACCOUNT - 1));
    TRY(sql_session_insert(cx, bytes_of(&h), account, str_n(csrf, sizeof csrf), cx->now_us));
    *token = text;
    return RC_OK;
}

/* The account may have been closed, or its password changed, while the password was checked. */
static enum rc session_new(struct ctx *cx, struct str login, struct str hash,
                           const struct throttle_keys *keys, struct str *token)
{
    struct account_of_login_row *a;
    TRY(db_begin(cx));
    TRY(sql_account_of_login(cx, login, &a));
    if (!a || a->closed || !str_eq(a->hash, hash))
        return FAIL(cx, BAD_LOGIN, NULL, "the account changed meanwhile");
    TRY(throttle_clear(cx, keys));
    return session_insert(cx, a->id, token);
}

enum rc session_login(struct ctx *cx, struct str login, struct str password, struct str address,
                      struct str *token)
{
    struct account_of_login_row *a = NULL;
    struct str name = str_lower(cx->mem, str_trim(login)), dummy;
    struct throttle_keys keys = throttle_keys_of(name, address);
    if (db_is_writing(cx))
        return FAIL(cx, INTERNAL, NULL, "a log-in inside a write turn");
    if (name.n && name.n <= LOGIN_MAX)
        TRY(sql_account_of_login(cx, name, &a));
    TRY(throttle_check(cx, &keys, a ? a->id : 0));
    TRY(dummy_get(cx, &dummy));
    bool usable = a && !a->closed && a->hash.n;
    bool right =
        password_check(usable ? a->hash : dummy, str_cut(password, 0, PASSWORD_MAX + 1));
    if (right && usable)
        return session_new(cx, name, a->hash, &keys, token);
    const char *reason = !a ? "unknown" : a->closed ? "closed" : "password";
    TRY(throttle_count(cx, &keys, a ? a->id : 0, reason));
    return FAIL(cx, BAD_LOGIN, NULL, "%s", reason);
}

/* -- who asks -- */

bool session_is_over(const struct ctx *cx, int64_t created_us, int64_t seen_us)
{
    const struct settings *set = &cx->app->settings;
    return created_us + set->session_hours * HOUR_US <= cx->now_us ||
           seen_us + set->session_idle_min * MINUTE_US <= cx->now_us;
}

/* A session's row, or NULL when there is none that still holds. */
static enum rc stored_find(struct ctx *cx, const struct hash *token,
                           struct session_by_token_row **ret)
{
    struct session_by_token_row *r = NULL;
    TRY(sql_session_by_token(cx, bytes_of(token), &r));
    if (r && r->csrf.n != CSRF_BYTES)
        return FAIL(cx, CORRUPT, "session", "%zu bytes", r->csrf.n);
    if (r) /* memory may know of a later use than the table does */
        r->seen_us = cache_seen_us(cx->app->identity->cache, token, r->seen_us);
    *ret = r && !session_is_over(cx, r->created_us, r->seen_us) ? r : NULL;
    return RC_OK;
}

static enum rc load_stored(struct ctx *cx, const struct hash *token, struct who **ret)
{
    struct session_by_token_row *r = NULL;
    struct account_by_id_row *a = NULL;
    struct who *w = NULL;
    TRY(stored_find(cx, token, &r));
    if (r)
        TRY(sql_account_by_id(cx, r->account, &a));
    if (a && !a->closed) {
        TRY(who_load(cx, r->account, &w));
        memcpy(w->csrf, r->csrf.p, CSRF_BYTES);
        if (!db_is_writing(cx)) /* else it may be of a turn that never commits */
            cache_put(cx, cx->app->identity->cache, token, w, r->created_us);
    }
    *ret = w;
    return RC_OK;
}

enum rc session_load(struct ctx *cx, struct str token, struct who **ret)
{
    *ret = NULL;
    if (token.n != TOKEN_TEXT)
        return RC_OK;
    struct hash h = hash_of(token);
    if (cache_get(cx, cx->app->identity->cache, &h, ret) != CACHE_MISS)
        return RC_OK;
    return load_stored(cx, &h, ret);
}

enum rc session_logout(struct ctx *cx, struct str token)
{
    struct session_by_token_row *r;
    struct hash h = hash_of(token);
    TRY(db_begin(cx));
    TRY(sql_session_by_token(cx, bytes_of(&h), &r));
    if (!r)
        return RC_OK;
    cache_drop_account(cx->app->identity->cache, r->account);
    return sql_session_delete(cx, bytes_of(&h));
}

/* -- keeping house -- */

static enum rc save_seen(struct ctx *cx)
{
    struct cache *ca = cx->app->identity->cache;
    struct seen_mark *v = arena_array(cx->mem, struct seen_mark, CACHE_SHARD_MAX);
    for (size_t shard = 0; shard < CACHE_SHARDS; shard++) {
        size_t n = cache_seen_take(ca, shard, v, CACHE_SHARD_MAX);
        for (size_t i = 0; i < n; i++)
            TRY(sql_session_seen_set(cx, bytes_of(&v[i].token), v[i].seen_us));
    }
    return RC_OK;
}

enum rc session_tick(struct ctx *cx)
{
    const struct settings *set = &cx->app->settings;
    TRY(db_begin(cx));
    TRY(save_seen(cx));
    TRY(sql_session_expire(cx, cx->now_us - set->session_hours * HOUR_US,
                           cx->now_us - set->session_idle_min * MINUTE_US));
    return sql_login_fail_expire(cx, cx->now_us - DAY_US, LOGIN_FAILS_MAX);
}
