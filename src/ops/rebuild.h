/* rebuild.h - the projections made anew from the events, and compared. See
 * docs/internals/ops.md.
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
 * compares every projection table, as sets of rows. ret->differences is 0 when what stands is
 * what the events say; that it is not is no failure. Reads the head first, so that it may run
 * beside a serving node, but a node that writes meanwhile shows as differences: `say` then
 * tells rows of events that came later. Takes as much disk as the projections have, and 128 MB
 * for pages. The folder is removed in the end, unless it could not be opened. CORRUPT: an event
 * that cannot be read; what a subscriber refuses is returned with the event's number. */
MUST_USE enum rc rebuild_check(struct ctx *cx, const struct rebuild_plan *plan,
                               struct rebuild_report *ret);

#endif
