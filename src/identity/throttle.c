/* throttle.c - wrong log-ins are counted per account and per address, and must wait.
 *
 * Names and addresses are kept as digests only: a field may hold a password typed into the
 * wrong box. At most login_workers tries can pass a count at the same time. */
#include <inttypes.h>

#include "identity/identity_priv.h"

#include "gen/identity_sql.h"
#include "ledger/ledger.h"
#include "store/store.h"

struct throttle_keys throttle_keys_of(struct str login, struct str address)
{
    return (struct throttle_keys){hash_of2(STR("login\0account\0"), login),
                                  hash_of2(STR("login\0address\0"), address)};
}

static struct str bytes_of(const struct hash *h)
{
    return str_n(h->b, sizeof h->b);
}

static enum rc journal(struct ctx *cx, int64_t account, const char *reason)
{
    struct json *facts = json_new_obj(cx->mem);
    json_put_str(cx->mem, facts, "reason", str_from(reason));
    struct event ev = {.kind = EV_LOGIN_REFUSED, .subject = account, .facts = facts};
    return ledger_append(cx, &ev);
}

/* One journal entry for each wait, however often it is tried: refusing must stay cheap. */
static enum rc tell_once(struct ctx *cx, const struct hash *key,
                         const struct login_fail_get_row *r, int64_t account)
{
    if (r->told)
        return RC_OK;
    TRY(db_begin(cx));
    TRY(sql_login_fail_told(cx, bytes_of(key)));
    TRY(journal(cx, account, "throttled"));
    return db_commit(cx);
}

static enum rc check_key(struct ctx *cx, const struct hash *key, int64_t account)
{
    struct login_fail_get_row *r;
    TRY(sql_login_fail_get(cx, bytes_of(key), &r));
    if (!r || r->until_us <= cx->now_us)
        return RC_OK;
    TRY(tell_once(cx, key, r, account));
    int64_t wait = (r->until_us - cx->now_us + SECOND_US - 1) / SECOND_US;
    return FAIL(cx, THROTTLED, "login", "wait %" PRId64 " s", wait);
}

enum rc throttle_check(struct ctx *cx, const struct throttle_keys *k, int64_t account)
{
    TRY(check_key(cx, &k->account, account));
    return check_key(cx, &k->address, account);
}

static int64_t wait_s(int64_t first, int64_t beyond)
{
    int64_t s = first;
    for (; beyond > 0 && s < LOGIN_WAIT_MAX_S; beyond--)
        s *= 2;
    int64_t most = first > LOGIN_WAIT_MAX_S ? first : LOGIN_WAIT_MAX_S;
    return s < most ? s : most;
}

static enum rc count_key(struct ctx *cx, const struct hash *key, int64_t allowed)
{
    struct login_fail_get_row *r;
    TRY(sql_login_fail_get(cx, bytes_of(key), &r));
    int64_t tries = r && r->last_us > cx->now_us - DAY_US ? r->tries + 1 : 1;
    int64_t until = 0;
    if (tries >= allowed)
        until =
            cx->now_us + wait_s(cx->app->settings.login_wait_s, tries - allowed) * SECOND_US;
    return sql_login_fail_set(cx, bytes_of(key), tries, cx->now_us, until, 0);
}

enum rc throttle_count(struct ctx *cx, const struct throttle_keys *k, int64_t account,
                       const char *reason)
{
    int64_t tries = cx->app->settings.login_tries;
    TRY(db_begin(cx));
    TRY(count_key(cx, &k->account, tries));
    TRY(count_key(cx, &k->address, tries * LOGIN_ADDRESS_FACTOR));
    TRY(journal(cx, account, reason));
    return db_commit(cx);
}

enum rc throttle_clear(struct ctx *cx, const struct throttle_keys *k)
{
    return sql_login_fail_delete(cx, bytes_of(&k->account));
}
