/* map.h - a hash map from str to pointer, in an arena. See docs/internals/base.md.
 *
 * Insertion order is kept: map_at walks it. Keys are not copied. Hashing is keyed per
 * process, so chosen keys cannot make a request slow. Not for concurrent writers; a map that
 * no longer changes may be read by any thread. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/str.h"

struct map;

struct map *map_new(struct arena *mem);
/* NULL when absent; as a value may be NULL, too, map_has tells the two apart. */
void *map_get(const struct map *m, struct str key);
bool map_has(const struct map *m, struct str key);
/* Adds at the end, or replaces in place. key and value must live as long as the map. What a map
 * outgrew stays in the arena: a table that grows for ever needs an arena that is reset. */
void map_set(struct map *m, struct str key, void *value);
size_t map_size(const struct map *m);
/* The i-th entry in order of insertion, i < map_size; key may be NULL. */
void *map_at(const struct map *m, size_t i, struct str *key);

#endif
