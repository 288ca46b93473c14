/* fold.c - subject, account and role events become rows. */
#include <inttypes.h>

#include "gen/identity_sql.h"
#include "identity/identity_priv.h"
#include "ledger/ledger.h"
#include "store/store.h"

/* Without secret (the key is destroyed) the row stands, empty: later events still name it. */
static enum rc subject_added(struct ctx *cx, const struct event *ev)
{
    const struct json *secret = ev->secret;
    struct str birth = json_str(secret, "birth");
    int32_t day = 0;
    if (birth.p && !day_parse(birth, &day))
        return FAIL(cx, CORRUPT, "birth", "event %" PRId64, ev->seq);
    return sql_subject_insert(cx, ev->subject, json_str(ev->facts, "kind"),
                              json_str(ev->facts, "ref"), json_str(secret, "number"),
                              json_str(secret, "name"), json_str(secret, "phone"),
                              json_str(secret, "email"), birth.p ? day : DB_NULL);
}

static enum rc subject_erased(struct ctx *cx, const struct event *ev)
{
    TRY(sql_account_logins_purge(cx, ev->subject));
    return sql_subject_purge(cx, ev->subject);
}

static enum rc account_added(struct ctx *cx, const struct event *ev)
{
    bool officer = str_eq(json_str(ev->facts, "kind"), STR("officer"));
    return sql_account_insert(cx, ev->subject, json_int(ev->facts, "subject", 0),
                              json_str(ev->secret, "login"), officer);
}

static enum rc account_closed(struct ctx *cx, const struct event *ev)
{
    return sql_account_close_set(cx, ev->subject);
}

static enum rc role_granted(struct ctx *cx, const struct event *ev)
{
    return sql_role_grant_insert(cx, ev->subject, ev->unit.v, json_str(ev->facts, "role"),
                                 ev->seq);
}

static enum rc role_revoked(struct ctx *cx, const struct event *ev)
{
    return sql_role_grant_delete(cx, ev->subject, ev->unit.v, json_str(ev->facts, "role"));
}

static ledger_apply_fn *const folds[EV_COUNT] = {
    [EV_SUBJECT_ADDED] = subject_added,      [EV_SUBJECT_ERASED] = subject_erased,
    [EV_ACCOUNT_ADDED] = account_added,      [EV_ACCOUNT_CLOSED] = account_closed,
    [EV_ROLE_GRANTED] = role_granted,        [EV_ROLE_REVOKED] = role_revoked,
    [EV_DELEGATION_ADDED] = delegation_fold, [EV_DELEGATION_ENDED] = delegation_fold,
};

static enum rc apply(struct ctx *cx, const struct event *ev)
{
    return folds[ev->kind] ? folds[ev->kind](cx, ev) : RC_OK;
}

static const char *const tables[] = {"subject", "account", "role_grant", "delegation", NULL};
const struct ledger_subscriber identity_subscriber = {"identity", apply, tables};
