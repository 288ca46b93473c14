/* consistency.h - that a longer log holds a shorter one, unchanged. See docs/internals/ledger.md.
 *
 * A head (size and root) promises every entry up to that size. Who kept an older head of a log
 * and sees a newer one wants to know that nothing of the past was changed, dropped or put in
 * between: a consistency proof (RFC 9162 section 2.1.4) says so in at most CONSISTENCY_MAX
 * hashes, and is checked without the log. */
#ifndef LEDGER_CONSISTENCY_H
#define LEDGER_CONSISTENCY_H

#include "ledger/ledger.h"
#include "ledger/tree.h"

enum { CONSISTENCY_MAX = TREE_HEIGHT + 1 };

struct consistency {
    struct hash path[CONSISTENCY_MAX];
    size_t n; /* 0 when both sizes are the same */
};
/* From this log's head of `from` leaves to that of `to`; 1 <= from <= to, to no longer than the
 * last durable head: else NOT_FOUND (field size). Reads tiles: a few rows a level of the tree.
 * Any thread with a reader; takes no turn. */
MUST_USE enum rc ledger_consistency(struct ctx *cx, int64_t from, int64_t to,
                                    struct consistency *ret);
/* RFC 9162 2.1.4.2: does the proof hold for these two heads of any log? */
bool consistency_check(const struct consistency *c, int64_t from, const struct hash *from_root,
                       int64_t to, const struct hash *to_root);

#endif
