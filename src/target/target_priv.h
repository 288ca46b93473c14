/* target_priv.h - what the files of target/ share. See docs/internals/target.md.

 *
 * The appliers run inside the ledger's turn, for live events and in a rebuild alike: they read
 * nothing but the event and the tables of this module (entered, alert), and fail only as CORRUPT,
 * on an event that this program would not have written. */
#ifndef TARGET_TARGET_PRIV_H
#define TARGET_TARGET_PRIV_H

#include "store/store.h"
#include "target/period.h"
#include "target/target.h"

/* -- declare.c -- */
/* Counts and money: an amount of their own, nothing to divide by. */
bool indicator_is_plain(const struct indicator *ind);
/* NULL when no pack of this node declares it. own: the pack that names it. */
const struct indicator *goal_indicator_find(struct ctx *cx, const struct pack *own,
                                            const struct goal_indicator *g);
/* Hundredths in words; decimals only where there are any. ind NULL: a bare number. */
struct str indicator_value_text(struct ctx *cx, const struct indicator *ind, int64_t value);

/* -- asked.c -- */
MUST_USE enum rc target_asked_find(struct ctx *cx, struct str id, struct target *ret);

/* -- entered.c -- */
MUST_USE enum rc entered_apply(struct ctx *cx, const struct event *ev);
MUST_USE enum rc verified_apply(struct ctx *cx, const struct event *ev);

/* -- alert.c -- */
MUST_USE enum rc raised_apply(struct ctx *cx, const struct event *ev);
MUST_USE enum rc cleared_apply(struct ctx *cx, const struct event *ev);
/* v: the values before, oldest or latest first; *mean gets theirs. */
/* Beyond three standard deviations of a sample, and by 1.00 at least; whole numbers of 128 bits, so
 * that sums of money cannot overflow. false with fewer than ALERT_HISTORY values. */
bool trend_is_broken(const int64_t *v, size_t n, int64_t value, int64_t *mean);

#endif
