/* log.h - what was counted since the last fold, as readers see it.
 * See docs/internals/measure.md.
 *
 * The log (table `cell`) has one row each time an event adds to an indicator, in order of events,
 * and is emptied by a fold. Going through all of it for every figure would be slow, so readers
 * of one process share what they have read of it, sorted by indicator; each sees exactly the rows
 * of its own state of the database. It is a cache of the table and nothing else: nobody writes
 * it ahead of a commit, and a process that starts fills it from the table. */
#ifndef MEASURE_LOG_H
#define MEASURE_LOG_H

#include "base/ctx.h"

struct log_row {
    struct str procedure;
    int64_t unit, day, channel, bucket, num, den;
    int64_t seq;     /* of the event */
    int64_t subject; /* of a stock: the dossier that came or went; else 0 */
    int64_t undone;  /* the move that was taken back; 0: none */
};
typedef enum rc log_fn(struct ctx *cx, const struct log_row *r, void *arg);
/* Each row of the indicator, in order of events; lives until each() returns. The caller holds a
 * query open, so that the log does not move under it. Inside a write turn the table itself
 * is read, with the turn's own rows. */
MUST_USE enum rc log_read(struct ctx *cx, struct str indicator, log_fn *each, void *arg);

/* Some 90 bytes a row, and no more rows than a fold leaves: for one process, for ever. */
struct log_cache *log_cache_new(struct arena *mem);

#endif
