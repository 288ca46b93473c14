/* alert.h - leaders are told when a figure passes its bound or leaves its trend. See
 * docs/internals/target.md.
 *
 * alerts.yaml of packs says of which. A bound is held against the last 30 (weekly: 7) days of
 * each unit with those below it; stocks against what stands. A trend breaks when the last month
 * (week) that ended lies outside the mean ± 3 standard deviations of the twelve before it, at
 * least ALERT_HISTORY of which have enough dossiers, and by at least 1.00.
 *
 * Values and bounds are hundredths of the indicator's unit; days are civil, `period.to` exclusive.
 * Entered indicators and, for trends, stocks are not judged. An alert rings for a unit until its
 * value is back: with too few dossiers nothing new is said, so what rings rings on.
 * Threads: judging takes the write turn and runs in the jobs' thread; alerts_find any reader. */
#ifndef TARGET_ALERT_H
#define TARGET_ALERT_H

#include "measure/measure.h"

enum { ALERT_HISTORY = 6, ALERT_PERIODS = 12, ALERTS_SHOWN = 100, ALERTS_A_RUN = 500 };

/* ALERT_HISTORY: spans with enough dossiers below which no trend is spoken of; ALERT_PERIODS: spans
 * looked back; ALERTS_SHOWN: rows of a list; ALERTS_A_RUN: events of one judging. */
struct alert {
    int64_t seq;   /* the event alert.raised */
    struct str id; /* PACK.ID as declared; empty: raised before alerts had names */
    const struct indicator *ind;
    const struct unit *unit;
    const struct json *advice;     /* {vi, en} or NULL */
    struct str rule;               /* "below", "above", "trend" */
    struct period period;          /* what was judged */
    int64_t value, bound;          /* hundredths; of a trend: the mean */
    int64_t raised_us, cleared_us; /* cleared_us DB_NULL: it rings still */
};
struct alert_list {
    struct alert *v;
    size_t n;
};
/* Latest first, at most ALERTS_SHOWN; only of that unit and those below it (0: all), and of units
 * whose figures cx->who may open (CAP_FIGURES; NULL is the system). Those of indicators or units
 * that are no more are left out. */
MUST_USE enum rc alerts_find(struct ctx *cx, struct unit_id within, bool is_open,
                             struct alert_list *ret);
/* Judges every alert now and appends what rings and what is over; trends only when asked to.
 * At most ALERTS_A_RUN events: the rest follows with the next call. The caller commits. */
MUST_USE enum rc alerts_judge(struct ctx *cx, bool with_trends, size_t *events);

struct alert_watch; /* what was judged last in this process */
struct alert_watch *alert_watch_new(struct arena *mem);
/* Every minute: judges when cells changed since the last call, and trends on a new day. */
MUST_USE enum rc alerts_tick(struct ctx *cx, size_t *events);

#endif
