/* test_tree.c - the Merkle tree against RFC 9162 and against a naive recomputation. */
#include "unit/harness.h"

#include "ledger/consistency.h"

/* MTH as RFC 9162 2.1.1 writes it. */
static struct hash naive_root(const struct hash *leaves, int64_t n)
{
    if (n == 0)
        return hash_of(STR(""));
    if (n == 1)
        return leaves[0];
    int64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    struct hash l = naive_root(leaves, k), r = naive_root(leaves + k, n - k);
    return pair_hash(&l, &r);
}

static size_t naive_path(const struct hash *leaves, int64_t n, int64_t m, struct hash *path)
{
    if (n == 1)
        return 0;
    int64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    size_t at =
        m < k ? naive_path(leaves, k, m, path) : naive_path(leaves + k, n - k, m - k, path);
    path[at] = m < k ? naive_root(leaves + k, n - k) : naive_root(leaves, k);
    return at + 1;
}

/* The eight inputs of the certificate-transparency reference tests. */
static const struct str inputs[] = {
    {"", 0},
    {"\x00", 1},
    {"\x10", 1},
    {"\x20\x21", 2},
    {"\x30\x31", 2},
    {"\x40\x41\x42\x43", 4},
    {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
};

/* Their roots. */
static void vectors(void **state)
{
    static const char *const roots[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    struct tree *t = arena_new_of(*state, struct tree);
    struct tile_root full[TREE_LEVELS];
    size_t n;
    tree_init(t);
    struct hash none = tree_root(&t->edge);
    assert_str(hash_hex(*state, &none),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < ROWS(inputs); i++) {
        tree_append(t, leaf_hash(inputs[i]), full, &n);
        struct hash root = tree_root(&t->edge);
        assert_str(hash_hex(*state, &root), roots[i]);
    }
}

static bool kept(void *arg, int k, int64_t i, struct hash *ret)
{
    return tree_kept(arg, k, i, ret);
}

enum { MOST = 300 };

static void refuse_wrong(int64_t m, int64_t n, struct hash leaf, struct hash *path, size_t np,
                         const struct hash *root)
{
    assert_true(tree_path_check(m, n, leaf, path, np, root));
    assert_false(tree_path_check(m + 1, n, leaf, path, np, root));
    assert_false(tree_path_check(m, n, leaf, path, np + 1, root));
    assert_false(tree_path_check(-1, n, leaf, path, np, root));
    assert_false(tree_path_check(n, n, leaf, path, np, root));
    if (np == 0)
        return;
    assert_false(tree_path_check(m, n, leaf, path, np - 1, root));
    path[np - 1].b[3] ^= 4;
    assert_false(tree_path_check(m, n, leaf, path, np, root));
    path[np - 1].b[3] ^= 4;
}

/* Every leaf of every size 1 … 300: path and root equal the naive ones and verify. */
static void paths(void **state)
{
    struct tree *t = arena_new_of(*state, struct tree);
    struct hash *leaves = arena_array(*state, struct hash, MOST);
    struct tile_root full[TREE_LEVELS];
    const struct tree_source src = {kept, t};
    size_t n;
    tree_init(t);
    for (int64_t size = 1; size <= MOST; size++) {
        leaves[size - 1] = leaf_hash(str_n(&size, sizeof size));
        tree_append(t, leaves[size - 1], full, &n);
        assert_int_equal(n, size == TILE_WIDTH);
        struct hash root = tree_root(&t->edge), naive = naive_root(leaves, size);
        assert_true(hash_equal(&root, &naive));
        for (int64_t m = 0; m < size; m += size < 40 || size > 250 ? 1 : 7) {
            struct hash path[TREE_HEIGHT + 1] = {0}, want[TREE_HEIGHT];
            size_t np = 0, nw = naive_path(leaves, size, m, want);
            assert_true(tree_path(&src, m, size, path, &np));
            assert_int_equal(np, nw);
            assert_memory_equal(path, want, np * sizeof *path);
            refuse_wrong(m, size, leaves[m], path, np, &root);
        }
    }
}

/* -- from a shorter tree to a longer one -- */

/* PROOF and SUBPROOF as RFC 9162 2.1.4.1 writes them. */
static size_t naive_subproof(const struct hash *leaves, int64_t m, int64_t n, bool b,
                             struct hash *path)
{
    if (m == n) {
        if (!b)
            *path = naive_root(leaves, n);
        return b ? 0 : 1;
    }
    int64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    size_t at = m <= k ? naive_subproof(leaves, m, k, b, path)
                       : naive_subproof(leaves + k, m - k, n - k, false, path);
    path[at] = m <= k ? naive_root(leaves + k, n - k) : naive_root(leaves, k);
    return at + 1;
}

static struct hash hash_read(const char *hex)
{
    struct hash h;
    assert_true(hash_parse(str_from(hex), &h));
    return h;
}

/* The three proofs of the certificate-transparency reference tests, over their eight leaves. */
static void consistency_vectors(void **state)
{
    static const struct {
        int64_t m, n;
        size_t npath;
        const char *path[3];
    } rows[] = {
        {1, 1, 0, {0}},
        {1,
         8,
         3,
         {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
        {6,
         8,
         3,
         {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
        {2,
         5,
         2,
         {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
    };
    struct tree *t = arena_new_of(*state, struct tree);
    struct tile_root full[TREE_LEVELS];
    const struct tree_source src = {kept, t};
    struct hash leaves[ROWS(inputs)];
    size_t n;
    tree_init(t);
    for (size_t i = 0; i < ROWS(inputs); i++) {
        leaves[i] = leaf_hash(inputs[i]);
        tree_append(t, leaves[i], full, &n);
    }
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct consistency c = {0};
        struct hash old = naive_root(leaves, rows[i].m), new = naive_root(leaves, rows[i].n);
        assert_true(tree_consistency(&src, rows[i].m, rows[i].n, c.path, &c.n));
        assert_int_equal(c.n, rows[i].npath);
        for (size_t k = 0; k < c.n; k++) {
            struct hash want = hash_read(rows[i].path[k]);
            assert_true(hash_equal(&c.path[k], &want));
        }
        assert_true(consistency_check(&c, rows[i].m, &old, rows[i].n, &new));
    }
}

static void consistency_refused(const struct consistency *good, int64_t m,
                                const struct hash *old, int64_t n, const struct hash *new)
{
    struct consistency bad = *good;
    struct hash other = hash_of(STR("another past"));
    assert_false(consistency_check(good, m, &other, n, new));
    assert_false(consistency_check(good, m, old, n, &other));
    assert_false(consistency_check(good, n, new, m, old)); /* backwards */
    assert_false(consistency_check(good, 0, old, n, new));
    bad.path[bad.n++] = other;
    assert_false(consistency_check(&bad, m, old, n, new)); /* one too many */
    bad.n -= 2;
    assert_false(consistency_check(&bad, m, old, n, new)); /* one too few */
    for (size_t i = 0; i < good->n; i++) {
        bad = *good;
        bad.path[i].b[i % HASH_BYTES] ^= 1;
        assert_false(consistency_check(&bad, m, old, n, new));
    }
}

/* Every pair of sizes up to 70, and around a tile's edge: the RFC's own recursion gives the same
 * proof, it holds, and nothing else does. */
static void consistency(void **state)
{
    struct tree *t = arena_new_of(*state, struct tree);
    struct hash *leaves = arena_array(*state, struct hash, MOST);
    struct tile_root full[TREE_LEVELS];
    const struct tree_source src = {kept, t};
    size_t filled;
    tree_init(t);
    for (int64_t n = 1; n <= MOST; n++) {
        leaves[n - 1] = leaf_hash(str_n(&n, sizeof n));
        tree_append(t, leaves[n - 1], full, &filled);
        struct hash new = naive_root(leaves, n);
        for (int64_t m = 1; m <= n && (n <= 70 || (n > 254 && n < 260)); m += n > 70 ? 5 : 1) {
            struct consistency c = {0}, want = {0};
            struct hash old = naive_root(leaves, m);
            assert_true(tree_consistency(&src, m, n, c.path, &c.n));
            want.n = naive_subproof(leaves, m, n, true, want.path);
            assert_int_equal(c.n, want.n);
            assert_memory_equal(c.path, want.path, c.n * sizeof *c.path);
            assert_true(consistency_check(&c, m, &old, n, &new));
            if (m < n)
                consistency_refused(&c, m, &old, n, &new);
        }
    }
}

/* Memory keeps the recent tiles (fewer when a turn ran ahead); going back and on again leaves
 * no stale hash. */
static void going_back(void **state)
{
    struct tree *t = arena_new_of(*state, struct tree),
                *fresh = arena_new_of(*state, struct tree);
    struct tile_root full[TREE_LEVELS];
    size_t n;
    enum { SIZE = 70000 };
    tree_init(t);
    tree_init(fresh);
    for (int64_t i = 0; i < SIZE; i++) {
        struct hash leaf = leaf_hash(str_n(&i, sizeof i));
        tree_append(fresh, leaf, full, &n);
        if (i % 9973 == 0) { /* a turn of 600 wrong leaves, undone */
            struct tree_edge before = t->edge;
            for (int64_t k = -600; k < 0; k++)
                tree_append(t, leaf_hash(str_n(&k, sizeof k)), full, &n);
            t->edge = before;
        }
        tree_append(t, leaf, full, &n);
    }
    struct hash a = tree_root(&t->edge), b = tree_root(&fresh->edge);
    assert_true(hash_equal(&a, &b));
    for (int k = 0; k < TILE_BITS; k++)
        for (int64_t i = (SIZE - 2500) >> k; (i + 1) << k <= SIZE; i++) {
            struct hash x, y;
            assert_true(tree_kept(t, k, i, &x) && tree_kept(fresh, k, i, &y));
            assert_true(hash_equal(&x, &y));
        }
    struct hash x;
    assert_false(tree_kept(t, 0, 10, &x)); /* long forgotten */
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(vectors), UNIT(paths), UNIT(consistency_vectors),
                                       UNIT(consistency), UNIT(going_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
