/* person.c - keys of persons, wrapped by the node key. */
#include "ledger/ledger_priv.h"

#include <sodium.h>

static enum rc wrapped_get(struct ctx *cx, struct ledger *lg, int64_t who, struct str *ret)
{
    struct person_key_get_row *row = NULL;
    TRY(sql_person_key_get(cx, who, &row));
    *ret = row ? row->wrapped : STR_NULL;
    if (!row)
        return FAIL(cx, NOT_FOUND, NULL, "no key was made for subject %lld", (long long)who);
    return RC_OK;
}

static enum rc unwrap(struct ctx *cx, struct ledger *lg, struct str wrapped, struct key *ret)
{
    struct str plain;
    if (!lg->node_key)
        return FAIL(cx, STATE, NULL, "the node key is not at hand");
    if (!unseal(cx->mem, lg->node_key, wrapped, &plain) || plain.n != KEY_BYTES)
        return FAIL(cx, CORRUPT, NULL, "a person's key does not open with the node key");
    memcpy(ret->b, plain.p, KEY_BYTES);
    sodium_memzero((void *)(uintptr_t)plain.p, KEY_BYTES);
    return RC_OK;
}

static enum rc wrapped_live(struct ctx *cx, struct ledger *lg, int64_t who, struct str *ret)
{
    TRY(wrapped_get(cx, lg, who, ret));
    return ret->p
               ? RC_OK
               : FAIL(cx, GONE, NULL, "the key of subject %lld is destroyed", (long long)who);
}

enum rc person_key_check(struct ctx *cx, struct ledger *lg, int64_t who)
{
    struct str wrapped = STR_NULL;
    return wrapped_live(cx, lg, who, &wrapped);
}

enum rc person_key_open(struct ctx *cx, struct ledger *lg, int64_t who, struct key *ret)
{
    struct str wrapped = STR_NULL;
    TRY(wrapped_live(cx, lg, who, &wrapped));
    return unwrap(cx, lg, wrapped, ret);
}

enum rc secret_open(struct ctx *cx, struct ledger *lg, const struct event_by_seq_row *row,
                    struct str *ret)
{
    struct str wrapped = STR_NULL;
    struct key key;
    if (!row->secret.p || !lg->node_key)
        return RC_OK;
    TRY(wrapped_get(cx, lg, row->owner, &wrapped));
    if (!wrapped.p)
        return RC_OK;
    TRY(unwrap(cx, lg, wrapped, &key));
    bool ok = unseal(cx->mem, &key, row->secret, ret) && ret->n >= SALT_BYTES;
    sodium_memzero(&key, sizeof key);
    return ok ? RC_OK
              : FAIL(cx, CORRUPT, NULL, "event %lld: its secret does not open",
                     (long long)row->seq);
}

enum rc ledger_key_new(struct ctx *cx, struct subject_id who)
{
    struct ledger *lg = ledger_of(cx);
    TRY(db_begin(cx));
    if (!lg->node_key)
        return FAIL(cx, STATE, NULL, "the node key is not at hand");
    struct key key = key_new();
    struct str wrapped = seal(cx->mem, lg->node_key, str_n(key.b, KEY_BYTES));
    sodium_memzero(&key, sizeof key);
    return sql_person_key_add(cx, who.v, wrapped, cx->now_us);
}

/* LAW: ND13/2023 16 - erasure. The row stays, to tell "destroyed" from "never made"; the
 * engine overwrites the old bytes (secure_delete). */
enum rc ledger_key_destroy(struct ctx *cx, struct subject_id who)
{
    TRY(db_begin(cx));
    TRY(sql_person_key_end(cx, who.v, cx->now_us));
    return db_changes(cx) ? RC_OK
                          : FAIL(cx, NOT_FOUND, NULL, "no key was made for subject %lld",
                                 (long long)who.v);
}

enum rc ledger_seal(struct ctx *cx, struct subject_id who, struct str plain, struct str *ret)
{
    struct key key;
    TRY(person_key_open(cx, ledger_of(cx), who.v, &key));
    *ret = seal(cx->mem, &key, plain);
    sodium_memzero(&key, sizeof key);
    return RC_OK;
}

enum rc ledger_unseal(struct ctx *cx, struct subject_id who, struct str box, struct str *ret)
{
    struct key key;
    TRY(person_key_open(cx, ledger_of(cx), who.v, &key));
    bool ok = unseal(cx->mem, &key, box, ret);
    sodium_memzero(&key, sizeof key);
    return ok ? RC_OK : FAIL(cx, CORRUPT, NULL, "a sealed value does not open");
}
