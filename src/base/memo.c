/* memo.c - sums that were worked out before: one place a key, shelves of places when needed. */
#include "base/memo.h"

#include <pthread.h>
#include <string.h>

struct place {
    struct memo_key key;
    struct memo_sum sum;
    bool used;
};
struct memo {
    pthread_mutex_t lock;
    struct arena *mem;
    struct place *shelves[MEMO_SHELVES]; /* NULL: nothing was put there yet */
};
_Static_assert(MEMO_SHELVES *MEMO_SHELF * sizeof(struct place) < MEMO_BYTES_MAX,
               "all shelves, and what an arena adds to them");

static void memo_end(void *arg)
{
    struct memo *m = arg;
    arena_free(m->mem);
    pthread_mutex_destroy(&m->lock);
}

struct memo *memo_new(struct arena *mem)
{
    struct memo *m = arena_new_of(mem, struct memo);
    m->mem = arena_new(MEMO_BYTES_MAX);
    pthread_mutex_init(&m->lock, NULL);
    arena_on_free(mem, memo_end, m);
    return m;
}

/* Keys differ by a unit or a day: each word stirs all bits. */
static uint64_t key_hash(const struct memo_key *k)
{
    uint64_t h = 0x9E3779B97F4A7C15u;
    for (int i = 0; i < MEMO_WORDS; i++) {
        h = (h ^ (uint64_t)k->v[i]) * 0xBF58476D1CE4E5B9u;
        h ^= h >> 31;
    }
    return h;
}

/* The key's place, NULL while its shelf was never used. */
static struct place *place_of(struct memo *m, const struct memo_key *k, bool build)
{
    uint64_t at = key_hash(k) % (MEMO_SHELVES * MEMO_SHELF);
    struct place **shelf = &m->shelves[at / MEMO_SHELF];
    if (!*shelf && build)
        *shelf = arena_array(m->mem, struct place, MEMO_SHELF);
    return *shelf ? &(*shelf)[at % MEMO_SHELF] : NULL;
}

bool memo_get(struct memo *m, const struct memo_key *k, struct memo_sum *ret)
{
    pthread_mutex_lock(&m->lock);
    const struct place *p = place_of(m, k, false);
    bool known = p && p->used && memcmp(&p->key, k, sizeof *k) == 0;
    if (known)
        *ret = p->sum;
    pthread_mutex_unlock(&m->lock);
    return known;
}

void memo_put(struct memo *m, const struct memo_key *k, const struct memo_sum *sum)
{
    pthread_mutex_lock(&m->lock);
    *place_of(m, k, true) = (struct place){*k, *sum, true};
    pthread_mutex_unlock(&m->lock);
}
