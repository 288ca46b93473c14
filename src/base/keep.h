/* keep.h - short lists that were worked out before, in a table that never grows past its size.
 * See docs/internals/base.md.
 *
 * As memo.h, for what is more than one sum: bytes of the caller's own making. A key says
 * everything that the list depends on, so a kept one is never wrong; each key has eight places,
 * and a newer one takes the oldest of them.
 *
 * Threads: any number at once; what is got is a copy. Memory comes as places are first used and
 * stays: at most KEEP_PLACES * KEEP_BYTES, 2 MiB, and some more for the keys. */
#ifndef BASE_KEEP_H
#define BASE_KEEP_H

#include "base/memo.h"
#include "base/str.h"

enum { KEEP_PLACES = 256, KEEP_BYTES = 8192 };
struct keep;

/* Lives as long as mem; never NULL. */
struct keep *keep_new(struct arena *mem);
/* Is it known? *ret only then, in mem; it may be empty. */
bool keep_get(struct keep *k, const struct memo_key *key, struct arena *mem, struct str *ret);
/* What is longer than KEEP_BYTES is not kept: it is worked out again. */
void keep_put(struct keep *k, const struct memo_key *key, struct str bytes);

#endif
