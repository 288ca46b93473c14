/* rebuild.h - the projections made anew from the events, and compared. See docs/internals/ops.md.
 *
 * What people see must be a fold of the ledger: this proves it for a whole folder. */
#ifndef OPS_REBUILD_H
#define OPS_REBUILD_H

#include "ledger/ledger.h"

struct rebuild_report {
    int64_t events, tables, rows, differences;
};
struct rebuild_plan {
    const struct ledger_subscriber *const *subs; /* NULL-ended */
    struct str scratch;                          /* a folder to make, and to remove after */
    progress_fn *progress;
    void *parg;
    /* One line per difference (the first few of each table), without personal values. */
    void (*say)(void *arg, struct str text);
    void *arg;
};
/* Replays every event of cx's store into the scratch folder through the same subscribers and
 * compares every projection table, as sets of rows. */
MUST_USE enum rc rebuild_check(struct ctx *cx, const struct rebuild_plan *plan,
                               struct rebuild_report *ret);

#endif
