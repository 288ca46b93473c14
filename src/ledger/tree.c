/* tree.c - the growing Merkle tree: appending, roots, inclusion paths. */
#include "ledger/tree.h"

struct hash leaf_hash(struct str entry)
{
    return hash_of2(str_n("\0", 1), entry);
}

struct hash pair_hash(const struct hash *left, const struct hash *right)
{
    uint8_t both[1 + 2 * HASH_BYTES] = {1};
    memcpy(both + 1, left->b, HASH_BYTES);
    memcpy(both + 1 + HASH_BYTES, right->b, HASH_BYTES);
    return hash_of(str_n(both, sizeof both));
}

/* -- tiles in memory -- */

static size_t tile_offset(int height)
{
    return 2 * TILE_WIDTH - ((size_t)2 * TILE_WIDTH >> height);
}

struct hash *tile_at(struct tile *tile, int height, int64_t pos)
{
    return &tile->h[tile_offset(height) + (size_t)pos];
}

void tile_fill(struct tile *tile, size_t n)
{
    for (int k = 1; k < TILE_BITS; k++)
        for (int64_t i = 0; i < (int64_t)(n >> k); i++)
            *tile_at(tile, k, i) =
                pair_hash(tile_at(tile, k - 1, 2 * i), tile_at(tile, k - 1, 2 * i + 1));
}

static size_t slot_of(int level, int64_t index)
{
    if (level == 0)
        return (size_t)(index % LEAF_TILES_KEPT);
    return LEAF_TILES_KEPT + (size_t)(level - 1) * UPPER_TILES_KEPT +
           (size_t)(index % UPPER_TILES_KEPT);
}

struct place {
    int level, height; /* of the tile, within the tile */
    int64_t tile, pos;
};

static struct place place_of(int k, int64_t i)
{
    int height = k % TILE_BITS;
    int64_t width = TILE_WIDTH >> height;
    return (struct place){k / TILE_BITS, height, i / width, i % width};
}

/* A tile is kept only from its first hash on: one that begins in the middle (a turn longer
 * than what memory holds was rolled back) would have holes. */
static void keep(struct tree *t, int k, int64_t i, const struct hash *h)
{
    struct place p = place_of(k, i);
    if (p.level >= TREE_LEVELS)
        return;
    struct tile *tile = &t->kept[slot_of(p.level, p.tile)];
    if (p.height == 0 && p.pos == 0)
        tile->index = p.tile;
    if (tile->index == p.tile)
        *tile_at(tile, p.height, p.pos) = *h;
}

bool tree_kept(const struct tree *t, int k, int64_t i, struct hash *ret)
{
    struct place p = place_of(k, i);
    if (p.level >= TREE_LEVELS)
        return false;
    const struct tile *tile = &t->kept[slot_of(p.level, p.tile)];
    if (tile->index != p.tile)
        return false;
    *ret = tile->h[tile_offset(p.height) + (size_t)p.pos];
    return true;
}

void tree_init(struct tree *t)
{
    memset(t, 0, sizeof *t);
    for (size_t i = 0; i < TILES_KEPT; i++)
        t->kept[i].index = -1;
}

void tree_refill(struct tree *t, int level, int64_t index, const struct hash *base, size_t n)
{
    struct tile *tile = &t->kept[slot_of(level, index)];
    tile->index = index;
    memcpy(tile->h, base, n * sizeof *base);
    tile_fill(tile, n);
    for (int k = 0; k < TILE_BITS; k++)
        if (n >> k & 1)
            t->edge.front[level * TILE_BITS + k] = *tile_at(tile, k, (int64_t)(n >> k) - 1);
    t->edge.size += (int64_t)n << (level * TILE_BITS);
}

/* -- appending -- */

void tree_append(struct tree *t, struct hash leaf, struct tile_root roots[TREE_LEVELS],
                 size_t *n)
{
    struct hash h = leaf;
    int k = 0;
    int64_t i = t->edge.size;
    *n = 0;
    keep(t, 0, i, &h);
    for (; i & 1; i >>= 1) {
        h = pair_hash(&t->edge.front[k], &h);
        k++;
        keep(t, k, i >> 1, &h);
        if (k % TILE_BITS == 0)
            roots[(*n)++] = (struct tile_root){k / TILE_BITS, i >> 1, h};
    }
    t->edge.front[k] = h;
    t->edge.size++;
}

struct hash tree_root(const struct tree_edge *e)
{
    struct hash root = hash_of(STR(""));
    bool any = false;
    for (int k = 0; k < TREE_HEIGHT; k++) {
        if (!(e->size >> k & 1))
            continue;
        root = any ? pair_hash(&e->front[k], &root) : e->front[k];
        any = true;
    }
    return root;
}

/* -- inclusion -- */

static int64_t split_of(int64_t n) /* the largest power of two below n > 1 */
{
    return INT64_C(1) << (63 - __builtin_clzll((uint64_t)n - 1));
}

/* MTH(D[lo : lo + n]); lo is a multiple of the smallest power of two that holds n. */
static bool range_hash(const struct tree_source *src, int64_t lo, int64_t n, struct hash *ret)
{
    struct hash left, right;
    if ((n & (n - 1)) == 0) {
        int k = __builtin_ctzll((uint64_t)n);
        return src->get(src->arg, k, lo >> k, ret);
    }
    int64_t half = split_of(n);
    if (!range_hash(src, lo, half, &left) || !range_hash(src, lo + half, n - half, &right))
        return false;
    *ret = pair_hash(&left, &right);
    return true;
}

bool tree_path(const struct tree_source *src, int64_t m, int64_t n,
               struct hash path[TREE_HEIGHT], size_t *ret)
{
    struct hash down[TREE_HEIGHT]; /* found from the root down, wanted from the leaf up */
    size_t found = 0;
    int64_t lo = 0;
    while (n > 1) {
        int64_t half = split_of(n);
        bool left = m - lo < half;
        if (!range_hash(src, left ? lo + half : lo, left ? n - half : half, &down[found++]))
            return false;
        lo += left ? 0 : half;
        n = left ? half : n - half;
    }
    for (size_t i = 0; i < found; i++)
        path[i] = down[found - 1 - i];
    *ret = found;
    return true;
}

/* The way down to where the tree of m leaves ends; on its right edge the old root itself is
 * known to whoever checks, so that it is left out. */
bool tree_consistency(const struct tree_source *src, int64_t m, int64_t n,
                      struct hash path[TREE_HEIGHT + 1], size_t *ret)
{
    struct hash down[TREE_HEIGHT + 1];
    size_t found = 0;
    int64_t lo = 0;
    bool is_known = true;
    while (m < n) {
        int64_t half = split_of(n);
        bool left = m <= half;
        if (!range_hash(src, left ? lo + half : lo, left ? n - half : half, &down[found++]))
            return false;
        n = left ? half : n - half;
        if (left)
            continue;
        lo += half;
        m -= half;
        is_known = false;
    }
    if (!is_known && !range_hash(src, lo, m, &down[found++]))
        return false;
    for (size_t i = 0; i < found; i++)
        path[i] = down[found - 1 - i];
    *ret = found;
    return true;
}

bool tree_path_check(int64_t m, int64_t n, struct hash leaf, const struct hash *path,
                     size_t npath, const struct hash *root)
{
    if (m < 0 || m >= n)
        return false;
    int64_t fn = m, sn = n - 1;
    struct hash r = leaf;
    for (size_t i = 0; i < npath; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            r = pair_hash(&path[i], &r);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = pair_hash(&r, &path[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash_equal(&r, root);
}
