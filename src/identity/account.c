/* account.c - accounts, their passwords and roles. */
#include <inttypes.h>

#include "identity/identity_priv.h"

#include "gen/identity_sql.h"
#include "ledger/ledger.h"
#include "store/store.h"

/* -- checks -- */

static bool officer_login_is(struct str s)
{
    if (s.n < 3 || s.n > LOGIN_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                    c == '-';
        if (!fits)
            return false;
    }
    return true;
}

static enum rc check_password(struct ctx *cx, struct str password)
{
    if (!utf8_is(password) || password.n > PASSWORD_MAX || utf8_len(password) < PASSWORD_MIN)
        return FAIL(cx, INVALID, "password", "%zu bytes; %d to %d are right", password.n,
                    PASSWORD_MIN, PASSWORD_MAX);
    return RC_OK;
}

static enum rc check_login(struct ctx *cx, const struct account_new *a)
{
    struct subject s;
    struct account_id_by_login_row *same;
    TRY(subject_get(cx, a->subject, &s));
    bool fits = a->is_officer ? officer_login_is(a->login)
                              : a->login.n > 0 && str_eq(a->login, s.number);
    if (!fits)
        return FAIL(cx, INVALID, "login", "%zu characters", a->login.n);
    TRY(sql_account_id_by_login(cx, a->login, &same));
    return same ? FAIL(cx, DUPLICATE, "login", "account %" PRId64, same->id) : RC_OK;
}

static enum rc account_get(struct ctx *cx, int64_t account, struct account_by_id_row **ret)
{
    TRY(sql_account_by_id(cx, account, ret));
    return *ret ? RC_OK : FAIL(cx, NOT_FOUND, "account", "%" PRId64, account);
}

static enum rc account_open_get(struct ctx *cx, int64_t account, struct account_by_id_row **ret)
{
    TRY(account_get(cx, account, ret));
    return (*ret)->closed ? FAIL(cx, STATE, "account", "%" PRId64 " is closed", account)
                          : RC_OK;
}

/* -- accounts -- */

static enum rc add(struct ctx *cx, const struct account_new *a, struct str hash, int64_t *ret)
{
    TRY(db_begin(cx));
    TRY(check_login(cx, a));
    struct json *facts = json_new_obj(cx->mem), *secret = json_new_obj(cx->mem);
    json_put_str(cx->mem, facts, "kind", a->is_officer ? STR("officer") : STR("citizen"));
    json_put_int(cx->mem, facts, "subject", a->subject.v);
    json_put_str(cx->mem, secret, "login", a->login);
    int64_t id = random_id();
    struct event ev = {.kind = EV_ACCOUNT_ADDED,
                       .actor = actor_of(cx),
                       .subject = id,
                       .facts = facts,
                       .secret = secret,
                       .owner = a->subject};
    TRY(ledger_append(cx, &ev));
    TRY(sql_credential_set(cx, id, hash));
    *ret = id;
    return RC_OK;
}

enum rc account_add(struct ctx *cx, const struct account_new *a, int64_t *ret)
{
    const struct settings *set = &cx->app->settings;
    struct str hash;
    TRY(check_password(cx, a->password));
    TRY(password_hash(cx, a->password, set->argon2_ops, set->argon2_mem_kib, &hash));
    return add(cx, a, hash, ret);
}

enum rc account_add_hashed(struct ctx *cx, const struct account_new *a, struct str hash,
                           int64_t *ret)
{
    if (!str_starts(hash, STR("$argon2id$")))
        return FAIL(cx, INVALID, "password", "not an Argon2id hash");
    return add(cx, a, hash, ret);
}

enum rc account_by_login(struct ctx *cx, struct str login, int64_t *ret)
{
    struct account_id_by_login_row *r;
    TRY(sql_account_id_by_login(cx, login, &r));
    if (!r)
        return FAIL(cx, NOT_FOUND, "login", "no such account");
    *ret = r->id;
    return RC_OK;
}

enum rc account_sessions_end(struct ctx *cx, int64_t account)
{
    cache_drop_account(cx->app->identity->cache, account);
    return sql_session_delete_of(cx, account);
}

enum rc account_password_set(struct ctx *cx, int64_t account, struct str password)
{
    const struct settings *set = &cx->app->settings;
    struct account_by_id_row *a;
    struct str hash;
    TRY(check_password(cx, password));
    TRY(password_hash(cx, password, set->argon2_ops, set->argon2_mem_kib, &hash));
    TRY(db_begin(cx));
    TRY(account_open_get(cx, account, &a));
    struct event ev = {.kind = EV_PASSWORD_SET,
                       .actor = actor_of(cx),
                       .subject = account,
                       .facts = json_new_obj(cx->mem)};
    TRY(ledger_append(cx, &ev));
    TRY(sql_credential_set(cx, account, hash));
    return account_sessions_end(cx, account);
}

enum rc account_close(struct ctx *cx, int64_t account)
{
    struct account_by_id_row *a;
    TRY(db_begin(cx));
    TRY(account_open_get(cx, account, &a));
    struct event ev = {.kind = EV_ACCOUNT_CLOSED,
                       .actor = actor_of(cx),
                       .subject = account,
                       .facts = json_new_obj(cx->mem)};
    TRY(ledger_append(cx, &ev));
    TRY(sql_credential_delete(cx, account));
    return account_sessions_end(cx, account);
}

/* -- roles -- */

static enum rc check_granter(struct ctx *cx, struct unit_id unit)
{
    if (cx->who && !who_can(cx, cx->who, CAP_UNIT_ADMIN, unit))
        return FAIL(cx, FORBIDDEN, "unit", "no UNIT_ADMIN in %" PRId64, unit.v);
    return RC_OK;
}

static bool rows_have(const struct role_grants_of_rows *rows, enum role r, struct unit_id unit)
{
    for (size_t i = 0; i < rows->n; i++)
        if (rows->v[i].unit == unit.v && str_eq(rows->v[i].role, str_from(role_name(r))))
            return true;
    return false;
}

static enum rc append_role(struct ctx *cx, enum event_kind kind, int64_t account, enum role r,
                           struct unit_id unit)
{
    struct json *facts = json_new_obj(cx->mem);
    json_put_str(cx->mem, facts, "role", str_from(role_name(r)));
    json_put_str(cx->mem, facts, "unit", unit_code_of(cx, unit));
    struct event ev = {
        .kind = kind, .actor = actor_of(cx), .unit = unit, .subject = account, .facts = facts};
    TRY(ledger_append(cx, &ev));
    cache_drop_account(cx->app->identity->cache, account);
    return RC_OK;
}

enum rc role_grant(struct ctx *cx, int64_t account, enum role r, struct unit_id unit)
{
    struct account_by_id_row *a;
    struct role_grants_of_rows rows;
    if (r >= ROLE_COUNT)
        return FAIL(cx, INVALID, "role", "%u", (unsigned)r);
    if (!unit_of(cx, unit))
        return FAIL(cx, NOT_FOUND, "unit", "%" PRId64, unit.v);
    TRY(check_granter(cx, unit));
    TRY(db_begin(cx));
    TRY(account_open_get(cx, account, &a));
    if (!a->is_officer)
        return FAIL(cx, INVALID, "account", "a citizen's account holds no role");
    TRY(sql_role_grants_of(cx, account, &rows));
    if (rows_have(&rows, r, unit))
        return FAIL(cx, DUPLICATE, "role", "held already");
    if (rows.n >= GRANTS_MAX)
        return FAIL(cx, TOO_LARGE, "role", "more than %d roles", GRANTS_MAX);
    return append_role(cx, EV_ROLE_GRANTED, account, r, unit);
}

enum rc role_revoke(struct ctx *cx, int64_t account, enum role r, struct unit_id unit)
{
    struct account_by_id_row *a;
    struct role_grants_of_rows rows;
    TRY(check_granter(cx, unit));
    TRY(db_begin(cx));
    TRY(account_get(cx, account, &a));
    TRY(sql_role_grants_of(cx, account, &rows));
    if (!rows_have(&rows, r, unit))
        return FAIL(cx, NOT_FOUND, "role", "not held");
    return append_role(cx, EV_ROLE_REVOKED, account, r, unit);
}

enum rc officers_of(struct ctx *cx, struct unit_id unit, struct officer_list *ret)
{
    struct role_holders_rows rows;
    TRY(sql_role_holders(cx, unit.v, &rows));
    struct officer_list list = {arena_array(cx->mem, struct officer, rows.n + 1), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        list.v[i] = (struct officer){.account = rows.v[i].account, .name = rows.v[i].name};
        if (!role_parse(rows.v[i].role, &list.v[i].role))
            return FAIL(cx, CORRUPT, "role", "%.*s", STR_ARG(rows.v[i].role));
    }
    *ret = list;
    return RC_OK;
}

/* -- who -- */

static enum rc load_grants(struct ctx *cx, struct who *w)
{
    struct role_grants_of_rows rows;
    TRY(sql_role_grants_of(cx, w->account, &rows));
    struct grant *v = arena_array(cx->mem, struct grant, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        v[i].unit = (struct unit_id){rows.v[i].unit};
        if (!role_parse(rows.v[i].role, &v[i].role))
            return FAIL(cx, CORRUPT, "role", "%.*s", STR_ARG(rows.v[i].role));
    }
    w->grants = v;
    w->ngrants = rows.n;
    return RC_OK;
}

enum rc who_load(struct ctx *cx, int64_t account, struct who **ret)
{
    struct account_by_id_row *a;
    TRY(account_open_get(cx, account, &a));
    struct who *w = arena_new_of(cx->mem, struct who);
    *w = (struct who){.account = account,
                      .subject = {a->subject},
                      .login = a->login,
                      .name = a->name,
                      .is_officer = a->is_officer};
    TRY(load_grants(cx, w));
    *ret = w;
    return RC_OK;
}
