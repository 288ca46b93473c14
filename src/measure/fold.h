/* fold.h - sums on their way into the folded tables. See docs/internals/measure.md.
 *
 * A fold and a step of a backfill put here what each event added, in any order. tally_write sorts
 * it once for each table, adds up what falls together and writes every sum of a table once. */
#ifndef MEASURE_FOLD_H
#define MEASURE_FOLD_H

#include "ledger/ledger.h"

struct tally;

/* One event's share in one indicator. The texts are copied, each different one once. */
struct tally_part {
    struct str indicator, procedure;
    int64_t unit, day, channel, bucket; /* day: since 1970-01-01, UTC+07:00 */
    int64_t num, den;                   /* may be negative: it is taken off */
};

/* Lives until cx->mem ends; holds 64 bytes a part, in memory of its own that cx->mem frees. */
struct tally *tally_new(struct ctx *cx);
void tally_add(struct tally *t, const struct tally_part *p);
/* Adds all of it to cell_day, cell_month, sum_day and sum_month, for the units above, too
 * (cell_above). Only for subscribers of the ledger, inside their turn. */
MUST_USE enum rc tally_write(struct ctx *cx, struct tally *t);

/* Is this the event at which the log is folded? It depends on nothing but the event. */
bool fold_is_due(const struct event *ev);
/* Moves all of the log into the folded tables. */
MUST_USE enum rc cells_fold(struct ctx *cx);

#endif
