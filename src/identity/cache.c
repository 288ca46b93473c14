/* cache.c - sessions in memory, so that a request costs no query to know who asks.
 *
 * An entry is a flat copy: reading it allocates nothing while a lock is held. What another
 * process changes is seen within CACHE_AGE_US; what this one changes, at once: an account that
 * changed is not kept for CACHE_QUIET_US, so that nobody keeps what a turn not yet committed
 * is about to replace. */
#include "identity/identity_priv.h"

enum { SLOTS = 2 * CACHE_SHARD_MAX, NAME_BYTES = 3 * SUBJECT_NAME_MAX, QUIET = 256 };
#define CACHE_AGE_US (60 * SECOND_US)
#define CACHE_QUIET_US (10 * SECOND_US)

/* A who whose texts and grants stand in itself. */
struct flat {
    struct who who;
    char login[LOGIN_MAX], name[NAME_BYTES];
    struct grant grants[GRANTS_MAX];
};

struct entry {
    struct hash token;
    struct entry *next;
    int64_t loaded_us; /* monotonic */
    int64_t created_us, told_us;
    _Atomic int64_t seen_us;
    struct flat flat;
};

struct shard {
    pthread_rwlock_t lock;
    struct arena *mem;
    struct entry *slots[SLOTS];
    struct entry *all[CACHE_SHARD_MAX], *spare;
    size_t n, hand;
};

struct cache {
    struct shard shards[CACHE_SHARDS];
    _Atomic int64_t quiet_until[QUIET]; /* by account; monotonic */
};

static void cache_close(void *arg)
{
    struct cache *ca = arg;
    for (int i = 0; i < CACHE_SHARDS; i++) {
        pthread_rwlock_destroy(&ca->shards[i].lock);
        arena_free(ca->shards[i].mem);
    }
}

struct cache *cache_new(struct arena *mem)
{
    struct cache *ca = arena_new_of(mem, struct cache);
    for (int i = 0; i < CACHE_SHARDS; i++) {
        pthread_rwlock_init(&ca->shards[i].lock, NULL);
        ca->shards[i].mem = arena_new(2 * CACHE_SHARD_MAX * sizeof(struct entry));
    }
    arena_on_free(mem, cache_close, ca);
    return ca;
}

/* -- flat copies -- */

static struct str flat_text(char *to, size_t room, struct str s)
{
    size_t n = s.n < room ? s.n : room;
    if (n)
        memcpy(to, s.p, n);
    return (struct str){to, n};
}

static void flat_copy(struct flat *to, const struct who *w)
{
    to->who = *w;
    to->who.login = flat_text(to->login, sizeof to->login, w->login);
    to->who.name = flat_text(to->name, sizeof to->name, w->name);
    to->who.ngrants = w->ngrants < GRANTS_MAX ? w->ngrants : GRANTS_MAX;
    if (w->ngrants)
        memcpy(to->grants, w->grants, to->who.ngrants * sizeof *w->grants);
    to->who.grants = to->grants;
}

/* -- places -- */

/* Tokens are random and only their digest is looked up: its bytes spread evenly, and the time
 * a comparison takes tells nothing about a token. */
static uint64_t number_of(const struct hash *token)
{
    uint64_t h;
    memcpy(&h, token->b, sizeof h);
    return h;
}

static struct shard *shard_of(struct cache *ca, const struct hash *token)
{
    return &ca->shards[number_of(token) % CACHE_SHARDS];
}

static struct entry **slot_of(struct shard *sh, const struct hash *token)
{
    struct entry **at = &sh->slots[number_of(token) / CACHE_SHARDS % SLOTS];
    while (*at && memcmp(&(*at)->token, token, sizeof *token) != 0)
        at = &(*at)->next;
    return at;
}

static _Atomic int64_t *quiet_of(struct cache *ca, int64_t account)
{
    return &ca->quiet_until[(uint64_t)account % QUIET];
}

/* -- reading -- */

/* Under the read lock. */
static enum cached entry_use(struct ctx *cx, struct entry *e, struct flat *copy)
{
    if (!e || time_monotonic() - e->loaded_us >= CACHE_AGE_US)
        return CACHE_MISS;
    int64_t seen = atomic_load_explicit(&e->seen_us, memory_order_relaxed);
    if (session_is_over(cx, e->created_us, seen))
        return CACHE_OVER;
    if (seen < cx->now_us)
        atomic_store_explicit(&e->seen_us, cx->now_us, memory_order_relaxed);
    flat_copy(copy, &e->flat.who);
    return CACHE_HIT;
}

enum cached cache_get(struct ctx *cx, struct cache *ca, const struct hash *token,
                      struct who **ret)
{
    struct flat *copy = arena_new_of(cx->mem, struct flat); /* may escape: before the lock */
    struct shard *sh = shard_of(ca, token);
    pthread_rwlock_rdlock(&sh->lock);
    enum cached how = entry_use(cx, *slot_of(sh, token), copy);
    pthread_rwlock_unlock(&sh->lock);
    *ret = how == CACHE_HIT ? &copy->who : NULL;
    return how;
}

int64_t cache_seen_us(struct cache *ca, const struct hash *token, int64_t stored_us)
{
    struct shard *sh = shard_of(ca, token);
    pthread_rwlock_rdlock(&sh->lock);
    struct entry *e = *slot_of(sh, token);
    int64_t seen = e ? atomic_load_explicit(&e->seen_us, memory_order_relaxed) : stored_us;
    pthread_rwlock_unlock(&sh->lock);
    return seen > stored_us ? seen : stored_us;
}

/* -- writing -- */

static void unlink_entry(struct shard *sh, struct entry *e)
{
    struct entry **at = slot_of(sh, &e->token);
    *at = e->next;
    e->next = NULL;
}

/* A place for one more: a spare one, a new one, or the next in turn is put out. */
static struct entry *entry_take(struct shard *sh)
{
    struct entry *e = sh->spare;
    if (e) {
        sh->spare = e->next;
    } else if (sh->n < CACHE_SHARD_MAX) {
        e = arena_new_of(sh->mem, struct entry);
        sh->all[sh->n++] = e;
    } else {
        e = sh->all[sh->hand++ % CACHE_SHARD_MAX];
        unlink_entry(sh, e);
    }
    e->next = NULL;
    return e;
}

static void entry_keep(struct ctx *cx, struct shard *sh, const struct hash *token,
                       const struct who *w, int64_t created_us)
{
    struct entry *e = *slot_of(sh, token);
    if (!e) {
        e = entry_take(sh);
        e->token = *token;
        e->told_us = 0;
        *slot_of(sh, token) = e;
    }
    e->loaded_us = time_monotonic();
    e->created_us = created_us;
    atomic_store_explicit(&e->seen_us, cx->now_us, memory_order_relaxed);
    flat_copy(&e->flat, w);
}

void cache_put(struct ctx *cx, struct cache *ca, const struct hash *token, const struct who *w,
               int64_t created_us)
{
    struct shard *sh = shard_of(ca, token);
    pthread_rwlock_wrlock(&sh->lock);
    if (time_monotonic() >= atomic_load(quiet_of(ca, w->account)))
        entry_keep(cx, sh, token, w, created_us);
    pthread_rwlock_unlock(&sh->lock);
}

static void shard_drop(struct shard *sh, int64_t account)
{
    for (size_t i = 0; i < sh->n; i++) {
        struct entry *e = sh->all[i];
        if (e->flat.who.account != account)
            continue;
        unlink_entry(sh, e);
        e->flat.who.account = 0; /* spare: not in a slot */
        e->next = sh->spare;
        sh->spare = e;
    }
}

void cache_drop_account(struct cache *ca, int64_t account)
{
    atomic_store(quiet_of(ca, account), time_monotonic() + CACHE_QUIET_US);
    for (int i = 0; i < CACHE_SHARDS; i++) {
        pthread_rwlock_wrlock(&ca->shards[i].lock);
        shard_drop(&ca->shards[i], account);
        pthread_rwlock_unlock(&ca->shards[i].lock);
    }
}

size_t cache_seen_take(struct cache *ca, size_t shard, struct seen_mark *v, size_t max)
{
    struct shard *sh = &ca->shards[shard];
    size_t n = 0;
    pthread_rwlock_wrlock(&sh->lock);
    for (size_t i = 0; i < sh->n && n < max; i++) {
        struct entry *e = sh->all[i];
        int64_t seen = e->seen_us;
        if (e->flat.who.account == 0 || seen <= e->told_us)
            continue;
        v[n++] = (struct seen_mark){e->token, seen};
        e->told_us = seen;
    }
    pthread_rwlock_unlock(&sh->lock);
    return n;
}
