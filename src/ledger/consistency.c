/* consistency.c - proofs that a longer log holds a shorter one: RFC 9162 section 2.1.4. */
#include "ledger/consistency.h"

#include "ledger/ledger_priv.h"

enum rc ledger_consistency(struct ctx *cx, int64_t from, int64_t to, struct consistency *ret)
{
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    if (from < 1 || from > to || to > head.size)
        return FAIL(cx, NOT_FOUND, "size", "%lld and %lld of %lld", (long long)from,
                    (long long)to, (long long)head.size);
    struct from_rows f = {.cx = cx, .size = to};
    const struct tree_source src = {from_rows_get, &f};
    return tree_consistency(&src, from, to, ret->path, &ret->n) ? RC_OK : f.rc;
}

/* The two walks of RFC 9162 2.1.4.2: fn, sn are the last leaves of both trees on their way to
 * the root, fr, sr the roots as far as they are put together. */
struct climb {
    int64_t fn, sn;
    struct hash fr, sr;
};

static void climb_step(struct climb *c, const struct hash *h)
{
    if ((c->fn & 1) || c->fn == c->sn) {
        c->fr = pair_hash(h, &c->fr);
        c->sr = pair_hash(h, &c->sr);
        while (!(c->fn & 1) && c->fn != 0) {
            c->fn >>= 1;
            c->sn >>= 1;
        }
    } else {
        c->sr = pair_hash(&c->sr, h);
    }
    c->fn >>= 1;
    c->sn >>= 1;
}

bool consistency_check(const struct consistency *c, int64_t from, const struct hash *from_root,
                       int64_t to, const struct hash *to_root)
{
    if (from < 1 || from > to)
        return false;
    if (from == to)
        return c->n == 0 && hash_equal(from_root, to_root);
    bool is_whole = (from & (from - 1)) == 0; /* the old root is a node of the new tree */
    if (c->n == 0 || c->n > CONSISTENCY_MAX)
        return false;
    const struct hash *first = is_whole ? from_root : &c->path[0];
    struct climb k = {from - 1, to - 1, *first, *first};
    while (k.fn & 1) {
        k.fn >>= 1;
        k.sn >>= 1;
    }
    for (size_t i = is_whole ? 0 : 1; i < c->n; i++) {
        if (k.sn == 0)
            return false;
        climb_step(&k, &c->path[i]);
    }
    return k.sn == 0 && hash_equal(&k.fr, from_root) && hash_equal(&k.sr, to_root);
}
