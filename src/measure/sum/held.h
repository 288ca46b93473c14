/* held.h - counting in bulk: what is counted waits in memory until the turn settles.
 * See docs/internals/measure.md.
 *
 * A rebuild holds what comes before its first logged event; a demo's life holds everything, and
 * counts it beside the turn: judging an event by the indicators' conditions needs its facts and no
 * database, so a second processor does it. */
#ifndef MEASURE_SUM_HELD_H
#define MEASURE_SUM_HELD_H

#include "measure/sum/fold.h"

/* One for each process; it ends with mem. */
struct held;
struct held *held_new(struct arena *mem);
/* The counts of events before `until` wait here and never stand in the log. 0: serving, nothing
 * waits, and nothing is counted beside any more. */
void held_until(struct held *h, int64_t until);
bool held_is_on(const struct held *h);
bool held_takes(const struct held *h, int64_t seq);

/* Inside the turn of the event, or on the thread that counts beside it. */
void held_add(struct held *h, const struct tally_part *p);
/* Is it more than memory should hold? Then: held_write. */
bool held_is_full(const struct held *h);
/* Counts what waits to be counted, writes what it came to and forgets it. */
MUST_USE enum rc held_write(struct ctx *cx, struct held *h);

/* -- beside the turn: between figures_hold and figures_serve -- */

/* Counts ev; on the thread, with a ctx of its own and no turn: it may not touch the database. */
typedef enum rc held_count_fn(struct ctx *cx, const struct event *ev, int32_t clock);
bool held_is_beside(const struct held *h);
/* Copies what is counted of ev (kind, times, ids, facts) for the thread, in order; may write what
 * waits when that is too much. A failure is an earlier event's. */
MUST_USE enum rc held_later(struct ctx *cx, struct held *h, const struct event *ev,
                            int32_t clock);
/* All that was given is counted: what comes now may be counted by the turn itself. */
MUST_USE enum rc held_wait(struct ctx *cx, struct held *h);
/* From now on held_later may be called. */
void held_beside(struct held *h, struct app *app, held_count_fn *count);

/* Work in bulk that nobody reads figures beside (a demo's life): between hold and serve what is
 * counted waits in memory, so each turn must settle, as the last thing before its commit. hold
 * begins the turn itself. A turn that is rolled back ends the work: what it counted stays. No pack
 * is published meanwhile. */
MUST_USE enum rc figures_hold(struct ctx *cx);
MUST_USE enum rc figures_settle(struct ctx *cx);
void figures_serve(struct ctx *cx);

#endif
