/* memo.c - sums that were worked out before: one place a key, twice as many when they fill. */
#include "base/memo.h"

#include <string.h>

enum { PLACES_FIRST = 256 };

struct place {
    struct memo_key key;
    struct memo_sum sum;
    bool used;
};
struct memo {
    struct locked own; /* of the places; other memory when there are more */
    struct place *places;
    size_t room, used;
};
_Static_assert(MEMO_PLACES_MAX * sizeof(struct place) < MEMO_BYTES_MAX,
               "all places, and what an arena adds to them");

static void places_make(struct memo *m, size_t room)
{
    m->places = arena_array(m->own.mem, struct place, room);
    m->room = room;
    m->used = 0;
}

struct memo *memo_new(struct arena *mem)
{
    struct memo *m = arena_new_of(mem, struct memo);
    locked_begin(&m->own, mem, MEMO_BYTES_MAX);
    places_make(m, PLACES_FIRST);
    return m;
}

/* Keys differ by a unit or a day. */
uint64_t memo_key_hash(const struct memo_key *k)
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
    return &m->places[memo_key_hash(k) % m->room];
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
    size_t room = m->room;
    const struct place *was = m->places;
    struct arena *old = m->own.mem;
    m->own.mem = arena_new(MEMO_BYTES_MAX);
    places_make(m, room * 2);
    for (size_t i = 0; i < room; i++)
        if (was[i].used)
            place_fill(m, &was[i].key, &was[i].sum);
    arena_free(old);
}

bool memo_get(struct memo *m, const struct memo_key *k, struct memo_sum *ret)
{
    locked_take(&m->own);
    const struct place *p = place_of(m, k);
    bool known = p->used && memcmp(&p->key, k, sizeof *k) == 0;
    if (known)
        *ret = p->sum;
    locked_give(&m->own);
    return known;
}

void memo_put(struct memo *m, const struct memo_key *k, const struct memo_sum *sum)
{
    locked_take(&m->own);
    if (m->used > m->room / 2 && m->room < MEMO_PLACES_MAX)
        places_grow(m);
    place_fill(m, k, sum);
    locked_give(&m->own);
}
