/* tree.h - the growing Merkle tree of RFC 9162 section 2.1. See docs/internals/ledger.md.
 *
 * Knows hashes only. The right edge (one hash for each bit of the size) suffices to append and
 * to have the root; tiles near the edge stay in memory so that proofs of recent leaves need no
 * reading. Height k, index i: the root of the perfect subtree over leaves [i << k, (i+1) << k).
 *
 * Sizes and indices are leaves, 0-based, below 2^40. Nothing here allocates, locks or fails but
 * where a source says that it has no more hashes. A tree belongs to whoever holds the ledger's
 * write turn; readers go through ledger.h, which locks.
 *
 * Leaves hash as SHA-256(0x00 || entry), pairs as SHA-256(0x01 || left || right): a leaf can never
 * be taken for a node. */
#ifndef LEDGER_TREE_H
#define LEDGER_TREE_H

#include "crypt/crypt.h"

enum {
    TILE_BITS = 8,
    TILE_WIDTH = 1 << TILE_BITS,
    TILE_HASHES = 2 * TILE_WIDTH - 2, /* heights 0 … 7 of one tile */
    TREE_LEVELS = 5,                  /* tiles of tiles … */
    TREE_HEIGHT = TREE_LEVELS * TILE_BITS,
    LEAF_TILES_KEPT = 16, /* 4096 leaves */
    UPPER_TILES_KEPT = 2,
    TILES_KEPT = LEAF_TILES_KEPT + (TREE_LEVELS - 1) * UPPER_TILES_KEPT,
};

/* All that is needed to append: one hash for each bit of the size. Copying it is how a turn is
 * undone: what lies beyond an edge is overwritten by what comes next. */
struct tree_edge {
    int64_t size;
    struct hash front[TREE_HEIGHT]; /* [k] counts when bit k of size is set */
};

/* One tile with everything between its base and its root. index -1: none. */
struct tile {
    int64_t index;
    struct hash h[TILE_HASHES];
};

/* The edge with the tiles near it; a proof of something older reads tiles from rows. */
struct tree {
    struct tree_edge edge;
    struct tile kept[TILES_KEPT];
};

/* The root of a full tile, to be stored. */
struct tile_root {
    int level; /* of the tile that it is a hash in: 1 … */
    int64_t index;
    struct hash hash;
};

/* RFC 9162 2.1.1. entry: its bytes as printed. */
struct hash leaf_hash(struct str entry);
struct hash pair_hash(const struct hash *left, const struct hash *right);

/* Empty, with nothing kept. */
void tree_init(struct tree *t);
/* Appends; roots[0 … *n) are the tiles that became full. */
void tree_append(struct tree *t, struct hash leaf, struct tile_root roots[TREE_LEVELS],
                 size_t *n);
struct hash tree_root(const struct tree_edge *e); /* of no leaves: SHA-256 of nothing */
/* Puts one stored tile's base (hashes, n of them) back into memory: for start. */
void tree_refill(struct tree *t, int level, int64_t index, const struct hash *base, size_t n);
/* The hash at height k, index i, if memory has it; it must lie within the tree. */
bool tree_kept(const struct tree *t, int k, int64_t i, struct hash *ret);

/* Fills what lies above a tile's base. */
/* n: hashes at the base that are set; pairs that are not whole stay as they are. */
void tile_fill(struct tile *tile, size_t n);
struct hash *tile_at(struct tile *tile, int height, int64_t pos);

/* Where hashes come from when a proof is made; false stops the proof. */
struct tree_source {
    bool (*get)(void *arg, int k, int64_t i, struct hash *ret);
    void *arg;
};
/* RFC 9162 2.1.3.1: the inclusion path of leaf m in the tree of n leaves, bottom up. */
bool tree_path(const struct tree_source *src, int64_t m, int64_t n,
               struct hash path[TREE_HEIGHT], size_t *ret);
/* RFC 9162 2.1.4.1: from the tree of m leaves to that of n, 1 <= m <= n; none when m == n. */
bool tree_consistency(const struct tree_source *src, int64_t m, int64_t n,
                      struct hash path[TREE_HEIGHT + 1], size_t *ret);
/* RFC 9162 2.1.3.2 */
bool tree_path_check(int64_t m, int64_t n, struct hash leaf, const struct hash *path,
                     size_t npath, const struct hash *root);

#endif
