/* fold.h - sums on their way into the folded tables. See docs/internals/measure.md.
 *
 * A fold, a step of a backfill and work in bulk put here what each event added, in any order.
 * tally_write sorts it, adds up what falls together, makes coarser sums from finer ones and writes
 * every sum of a table once. */
#ifndef MEASURE_SUM_FOLD_H
#define MEASURE_SUM_FOLD_H

#include "base/beside.h"
#include "ledger/ledger.h"

struct tally;

/* One event's share in one indicator. The texts are copied, each different one once. */
struct tally_part {
    struct str indicator, procedure;
    int64_t unit, day, channel, bucket; /* day: since 1970-01-01, UTC+07:00 */
    int64_t num, den;                   /* may be negative: it is taken off */
    int64_t seq;     /* of the event; of one that is gone, too; -1: leaves no trace */
    int64_t subject; /* the dossier of a stock; else 0 */
    bool gone;       /* it was a move, and was taken back */
};

/* Lives until cx->mem ends; holds 64 bytes a part, and some 100 more while it is written, in memory
 * of its own that cx->mem frees. */
struct tally *tally_new(struct ctx *cx);
struct tally *tally_on(struct arena *mem); /* in mem itself */
size_t tally_parts(const struct tally *t); /* how many it was given */
void tally_add(struct tally *t, const struct tally_part *p);
/* While tally_write writes one table, b makes the sums of the next. NULL: no thread, as before. */
void tally_beside(struct tally *t, struct beside *b);
/* Adds all of it to cell_day, cell_month, below_day, sum_day and sum_month, for the units above,
 * too (cell_above), and to cell_trace. Only for subscribers of the ledger, inside their turn. */
MUST_USE enum rc tally_write(struct ctx *cx, struct tally *t);

/* Should the log be folded after this event? */
bool fold_is_due(const struct event *ev);
/* Moves all of the log into the folded tables. */
MUST_USE enum rc cells_fold(struct ctx *cx);

/* What stands in the log, kept in memory from the last fold on, so that the next one need not read
 * it: 64 bytes a part. Inside turns only; the log's rows decide whether it is all of them. */
struct young;
struct young *young_new(struct arena *mem);
/* When a store is opened: a short log is read at once (some milliseconds). */
MUST_USE enum rc young_begin(struct ctx *cx, struct young *y);
/* After the row of that id was added. */
void young_add(struct ctx *cx, struct young *y, int64_t id, const struct tally_part *p);
/* Rows were rolled back, or memory is wanted: the next fold reads the log. */
void young_forget(struct young *y);
/* A job: forgets it when nothing was counted for a minute. */
MUST_USE enum rc figures_rest(struct ctx *cx);

#endif
