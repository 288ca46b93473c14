/* backfill.h - an indicator that is newly declared counts what happened before, too.
 * See docs/internals/measure.md. */
#ifndef MEASURE_BACKFILL_H
#define MEASURE_BACKFILL_H

#include "measure/measure.h"

/* The first event that the indicator counts, 0 when it counts all. NOT_FOUND: none is in force
 * by that id. */
MUST_USE enum rc indicator_since(struct ctx *cx, struct str id, int64_t *ret);
/* Counts everything before that, under the first of the pack's versions that declare it without
 * a gap. In turns of some thousand events, each recorded as an event of its own, so it may be
 * interrupted and goes on where it stopped; others may write in between, though one backfill
 * runs at a time. Nothing when all is counted. STATE: an entered indicator. progress may be
 * NULL. */
MUST_USE enum rc indicator_backfill(struct ctx *cx, struct str id, progress_fn *progress,
                                    void *arg);

#endif
