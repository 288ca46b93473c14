/* map.c - a hash map from str to pointer: open addressing over an insertion-ordered array. */
#include "base/map.h"

#include <string.h>
#include <sys/random.h>

#include "base/arena.h"

enum { FIRST_SLOTS = 16 };

struct entry {
    struct str key;
    void *value;
    uint64_t hash;
};

struct map {
    struct arena *mem;
    struct entry *entries;
    uint32_t *slots; /* 0 = free, else entry index + 1 */
    size_t n, nslots;
};

static uint64_t seed(void)
{
    static uint64_t s; /* written once by whichever thread comes first; any value serves */
    uint64_t v = __atomic_load_n(&s, __ATOMIC_RELAXED);
    if (!v) {
        if (getrandom(&v, sizeof v, 0) != sizeof v || !v)
            v = 0x9E3779B97F4A7C15u;
        uint64_t none = 0;
        if (!__atomic_compare_exchange_n(&s, &none, v, false, __ATOMIC_RELAXED,
                                         __ATOMIC_RELAXED))
            v = none;
    }
    return v;
}

static uint64_t hash_of(struct str key)
{
    uint64_t h = seed() ^ key.n;
    for (size_t i = 0; i < key.n; i++) {
        h = (h ^ (unsigned char)key.p[i]) * 0x100000001B3u;
        h ^= h >> 29;
    }
    h *= 0xBF58476D1CE4E5B9u;
    return h ^ (h >> 32);
}

struct map *map_new(struct arena *mem)
{
    struct map *m = arena_new_of(mem, struct map);
    *m = (struct map){.mem = mem, .nslots = FIRST_SLOTS};
    m->slots = arena_array(mem, uint32_t, FIRST_SLOTS);
    m->entries = arena_array(mem, struct entry, FIRST_SLOTS / 2);
    return m;
}

/* The slot that holds key, or the free one where it would go. */
static size_t slot_of(const struct map *m, struct str key, uint64_t hash)
{
    size_t i = hash & (m->nslots - 1);
    while (m->slots[i]) {
        const struct entry *e = &m->entries[m->slots[i] - 1];
        if (e->hash == hash && str_eq(e->key, key))
            break;
        i = (i + 1) & (m->nslots - 1);
    }
    return i;
}

static void map_grow(struct map *m)
{
    m->nslots *= 2;
    struct entry *more = arena_array(m->mem, struct entry, m->nslots / 2);
    memcpy(more, m->entries, m->n * sizeof *more);
    m->entries = more;
    m->slots = arena_array(m->mem, uint32_t, m->nslots);
    for (size_t i = 0; i < m->n; i++)
        m->slots[slot_of(m, more[i].key, more[i].hash)] = (uint32_t)i + 1;
}

static const struct entry *entry_of(const struct map *m, struct str key)
{
    size_t slot = slot_of(m, key, hash_of(key));
    return m->slots[slot] ? &m->entries[m->slots[slot] - 1] : NULL;
}

void *map_get(const struct map *m, struct str key)
{
    const struct entry *e = entry_of(m, key);
    return e ? e->value : NULL;
}

bool map_has(const struct map *m, struct str key)
{
    return entry_of(m, key) != NULL;
}

void map_set(struct map *m, struct str key, void *value)
{
    uint64_t hash = hash_of(key);
    size_t slot = slot_of(m, key, hash);
    if (m->slots[slot]) {
        m->entries[m->slots[slot] - 1].value = value;
        return;
    }
    if (m->n == m->nslots / 2) {
        map_grow(m);
        slot = slot_of(m, key, hash);
    }
    m->entries[m->n++] = (struct entry){key, value, hash};
    m->slots[slot] = (uint32_t)m->n;
}

size_t map_size(const struct map *m)
{
    return m->n;
}

void *map_at(const struct map *m, size_t i, struct str *key)
{
    if (key)
        *key = m->entries[i].key;
    return m->entries[i].value;
}
