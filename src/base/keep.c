/* keep.c - short lists that were worked out before: a few places for each key. */
#include "base/keep.h"

#include <string.h>

struct place {
    struct memo_key key;
    char *bytes; /* KEEP_BYTES of them; NULL: never used */
    size_t n;
};
/* Each key has a set of places: a page's own lists must not push one another out. */
enum { SET = 8, SETS = KEEP_PLACES / SET };
struct keep {
    struct locked own; /* whoever puts may be any thread */
    struct place places[SETS][SET];
    uint8_t next[SETS]; /* which place of a full set is taken */
};
enum { ARENA_MAX = (KEEP_PLACES + 8) * (KEEP_BYTES + 64) };

struct keep *keep_new(struct arena *mem)
{
    struct keep *k = arena_new_of(mem, struct keep);
    /* pages of an arena are not filled to their end */
    locked_begin(&k->own, mem, 2 * (size_t)ARENA_MAX);
    return k;
}

static size_t set_of(const struct memo_key *key)
{
    return memo_key_hash(key) % SETS;
}

/* Where it is; NULL: nowhere. */
static struct place *place_find(struct keep *k, const struct memo_key *key)
{
    struct place *set = k->places[set_of(key)];
    for (size_t i = 0; i < SET; i++)
        if (set[i].bytes && memcmp(&set[i].key, key, sizeof *key) == 0)
            return &set[i];
    return NULL;
}

/* In turn: the one that has been there longest. */
static struct place *place_take(struct keep *k, const struct memo_key *key)
{
    size_t set = set_of(key);
    struct place *p = &k->places[set][k->next[set]];
    k->next[set] = (uint8_t)((k->next[set] + 1) % SET);
    if (!p->bytes)
        p->bytes = arena_alloc(k->own.mem, KEEP_BYTES);
    return p;
}

bool keep_get(struct keep *k, const struct memo_key *key, struct arena *mem, struct str *ret)
{
    char *copy = arena_alloc(mem, KEEP_BYTES); /* before the lock: memory may end */
    locked_take(&k->own);
    const struct place *p = place_find(k, key);
    if (p) {
        memcpy(copy, p->bytes, p->n);
        *ret = (struct str){copy, p->n};
    }
    locked_give(&k->own);
    return p != NULL;
}

void keep_put(struct keep *k, const struct memo_key *key, struct str bytes)
{
    if (bytes.n > KEEP_BYTES)
        return;
    locked_take(&k->own);
    struct place *p = place_find(k, key);
    p = p ? p : place_take(k, key);
    p->key = *key;
    p->n = bytes.n;
    if (bytes.n)
        memcpy(p->bytes, bytes.p, bytes.n);
    locked_give(&k->own);
}
