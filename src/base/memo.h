/* memo.h - sums that were worked out before, in a table that never grows past its size.
 * See docs/internals/base.md.
 *
 * A key says everything that the sum depends on, the state of what it was read from included: a
 * key is never wrong later, only never asked again. Each key has one place; a newer one takes it
 * from an older one, so nothing is looked for, nothing is cleared, and forgetting is always right.
 *
 * Threads: any number at once; a look takes some 50 ns. Memory: 100 bytes a place, 256 places at
 * first, twice as many whenever half are used, at most MEMO_BYTES_MAX for one table. */
#ifndef BASE_MEMO_H
#define BASE_MEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/locked.h"

enum { MEMO_WORDS = 8, MEMO_PLACES_MAX = 1 << 17, MEMO_BYTES_MAX = 16 << 20 };

struct memo_key {
    int64_t v[MEMO_WORDS]; /* every word counts: those not needed are zero */
};
/* num over den, as figures are; `any`: false when nothing at all was there, not even zeros. */
struct memo_sum {
    int64_t num, den;
    bool any;
};
struct memo;

uint64_t memo_key_hash(const struct memo_key *k); /* every word stirs all bits */

/* Lives as long as mem; never NULL. */
struct memo *memo_new(struct arena *mem);
/* Is it known? *ret only then. */
bool memo_get(struct memo *m, const struct memo_key *k, struct memo_sum *ret);
void memo_put(struct memo *m, const struct memo_key *k, const struct memo_sum *sum);

#endif
