/* memo.c - sums that were worked out before: one place a key, twice as many when they fill. */
#include "base/memo.h"

#include <pthread.h>
#include <string.h>

enum { PLACES_FIRST = 256 };

struct place {
    struct memo_key key;
    struct memo_sum sum;
    bool used;
};
struct memo {
    pthread_mutex_t lock;
    struct arena *mem; /* of the places; another when there are more */
    struct place *places;
    size_t room, used;
};
_Static_assert(MEMO_PLACES_MAX * sizeof(struct place) < MEMO_BYTES_MAX,
               "all places, and what an arena adds to them");

static void memo_end(void *arg)
{
    struct memo *m = arg;
    arena_free(m->mem);
    pthread_mutex_destroy(&m->lock);
}

static void places_make(struct memo *m, size_t room)
{
    m->mem = arena_new(MEMO_BYTES_MAX);
    m->places = arena_array(m->mem, struct place, room);
    m->room = room;
    m->used = 0;
}

struct memo *memo_new(struct arena *mem)
{
    struct memo *m = arena_new_of(mem, struct memo);
    places_make(m, PLACES_FIRST);
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

static struct place *place_of(const struct memo *m, const struct memo_key *k)
{
    return &m->places[key_hash(k) % m->room];
}

static void place_fill(struct memo *m, const struct memo_key *k, const struct memo_sum *sum)
{
    struct place *p = place_of(m, k);
    m->used += !p->used;
    *p = (struct place){*k, *sum, true};
}

/* Half of the places used: what is known moves into twice as many. */
static void places_grow(struct memo *m)
{
    struct memo was = *m;
    places_make(m, was.room * 2);
    for (size_t i = 0; i < was.room; i++)
        if (was.places[i].used)
            place_fill(m, &was.places[i].key, &was.places[i].sum);
    arena_free(was.mem);
}

bool memo_get(struct memo *m, const struct memo_key *k, struct memo_sum *ret)
{
    pthread_mutex_lock(&m->lock);
    const struct place *p = place_of(m, k);
    bool known = p->used && memcmp(&p->key, k, sizeof *k) == 0;
    if (known)
        *ret = p->sum;
    pthread_mutex_unlock(&m->lock);
    return known;
}

void memo_put(struct memo *m, const struct memo_key *k, const struct memo_sum *sum)
{
    pthread_mutex_lock(&m->lock);
    if (m->used > m->room / 2 && m->room < MEMO_PLACES_MAX)
        places_grow(m);
    place_fill(m, k, sum);
    pthread_mutex_unlock(&m->lock);
}
