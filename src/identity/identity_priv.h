/* identity_priv.h - what the files of identity/ share.

 *
 * Memory holds sessions that were used lately, so that a request costs no query; rows say the
 * truth. Whatever changes an account drops it from memory in the same call, before the commit, and
 * keeps it out for a moment after: a right that was taken away is not found again. */
#ifndef IDENTITY_IDENTITY_PRIV_H
#define IDENTITY_IDENTITY_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "app/app.h"
#include "crypt/crypt.h"
#include "identity/identity.h"

enum {
    LOGIN_MAX = 40,
    TOKEN_BYTES = 32,
    TOKEN_TEXT = 43, /* base64url */
    CSRF_BYTES = 32,
    HASH_TEXT_MAX = 160, /* an Argon2id string */
    SESSIONS_PER_ACCOUNT = 20,
    LOGIN_FAILS_MAX = 100000,  /* rows of login_fail that outlive a tick */
    LOGIN_WAIT_MAX_S = 3600,   /* a wait stops doubling here */
    LOGIN_ADDRESS_FACTOR = 10, /* an address may stand for a whole office */
};

struct cache;
/* One for the process. The dummy hash is checked when a login names nobody, so that the time that
 * an answer takes does not tell whether there is such an account. */
struct identity {
    struct arena *mem; /* the process's */
    struct cache *cache;
    pthread_mutex_t dummy_turn;
    char dummy[HASH_TEXT_MAX]; /* a password hash that nothing matches */
    size_t dummy_n;            /* 0 until the first log-in makes it */
};

/* -- checks -- */
bool text_is_line(struct str s, size_t points); /* 1 … points, no control characters */
const char *subject_kind_name(enum subject_kind k);
MUST_USE bool subject_kind_parse(struct str s, enum subject_kind *ret);
struct subject_id actor_of(const struct ctx *cx);

/* -- account.c -- */
/* Ends the sessions of an account and forgets what memory holds of it. */
MUST_USE enum rc account_sessions_end(struct ctx *cx, int64_t account);

/* -- session.c -- */
/* Past its life or its idle limit at cx->now_us. */
bool session_is_over(const struct ctx *cx, int64_t created_us, int64_t seen_us);

/* -- cache.c: sessions in memory -- */
enum { CACHE_SHARDS = 8, CACHE_SHARD_MAX = 1024 };
struct cache *cache_new(struct arena *mem);
enum cached { CACHE_MISS, CACHE_HIT, CACHE_OVER };
/* CACHE_HIT marks the session as used now and gives a private copy of who uses it. CACHE_MISS:
 * not kept, or for too long to trust; CACHE_OVER: the session is past its limits. */
enum cached cache_get(struct ctx *cx, struct cache *ca, const struct hash *token,
                      struct who **ret);
/* Keeps it, used now, unless the account changed a moment ago. */
void cache_put(struct ctx *cx, struct cache *ca, const struct hash *token, const struct who *w,
               int64_t created_us);
/* Forgets an account's sessions, and keeps none while its change may still be uncommitted. */
void cache_drop_account(struct cache *ca, int64_t account);
/* The later of stored_us and what memory knows. */
int64_t cache_seen_us(struct cache *ca, const struct hash *token, int64_t stored_us);
struct seen_mark {
    struct hash token;
    int64_t seen_us;
};
/* Of one shard, what was used since the last call, at most `max`, into v. */
size_t cache_seen_take(struct cache *ca, size_t shard, struct seen_mark *v, size_t max);

/* -- delegation.c -- */
struct event;
MUST_USE enum rc delegation_fold(struct ctx *cx, const struct event *ev);

/* -- throttle.c -- */
/* Who is slowed down: digests, so that neither a login nor an address stands in the table. */
struct throttle_keys {
    struct hash account, address;
};
struct throttle_keys throttle_keys_of(struct str login, struct str address);
/* THROTTLED while one of the keys must wait; the first refusal of a wait is journalled. */
MUST_USE enum rc throttle_check(struct ctx *cx, const struct throttle_keys *k, int64_t account);
/* Counts a wrong try and journals it, durably; account 0: no such. */
MUST_USE enum rc throttle_count(struct ctx *cx, const struct throttle_keys *k, int64_t account,
                                const char *reason);
MUST_USE enum rc throttle_clear(struct ctx *cx, const struct throttle_keys *k);

#endif
