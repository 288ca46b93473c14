/* forecast.h - how likely an open dossier is to run late, and when it should be done.
 * See docs/internals/simulate.md.
 *
 * Learnt from finished dossiers: from the same state of the same service, how much office time
 * was still needed by those that had waited as long. Nothing about a dossier or a person is
 * stored: the process keeps samples of durations, and a forecast is computed when asked for. */
#ifndef SIMULATE_FORECAST_H
#define SIMULATE_FORECAST_H

#include "casework/casework.h"

/* What was learnt, one in a process (app->forecasts): filled by the housekeeper's thread,
 * asked by any. Empty after the start, so everything is unknown until the first round ends. */
struct forecasts;

struct forecast {
    bool is_known; /* false: too few finished dossiers to learn from, or nothing to forecast */
    int likely_late; /* percent, 0 … 100; 100 when it is late already */
    int32_t day;     /* civil day on which half of the like were done; INT32_MIN unknown */
    size_t cases;    /* finished dossiers that it rests on */
};
/* For an open dossier; ended ones, and flows without a legal clock, are not known. Asks the
 * database nothing, so that every row of a list may ask. */
MUST_USE enum rc forecast_of(struct ctx *cx, const struct dossier *d, struct forecast *ret);

/* A unit's open dossiers, the likeliest to be late first; at most FORECAST_ROWS_MAX of those
 * due first are looked at. Rights are the caller's question. */
struct forecast_row {
    struct dossier *dossier;
    struct forecast forecast;
};
struct forecast_list {
    struct forecast_row *v;
    size_t n;
};
enum { FORECAST_ROWS_MAX = 200 };
MUST_USE enum rc forecasts_of_unit(struct ctx *cx, const struct unit *u,
                                   struct forecast_list *ret);

/* Housekeeping: learns from at most `most` further dossiers, the latest first; *done is how
 * many it looked at. At FORECAST_DOSSIERS_MAX, or when there are no more, what was learnt takes
 * the place of what was known, and the next call begins anew; *done is 0 then. One thread. */
enum { FORECAST_DOSSIERS_MAX = 20000, FORECAST_BATCH = 500 };
MUST_USE enum rc forecast_tick(struct ctx *cx, size_t most, size_t *done);

MUST_USE enum rc forecasts_open(struct ctx *cx, struct forecasts **ret);

/* How well it does: learns from the older part of the last `dossiers`, then asks about each
 * newer one at every move and every working day at noon while it was open. In place of what was
 * known: for a command, not for a serving node. */
enum { FORECAST_BINS = 10 };
struct forecast_score {
    int64_t asked, unknown, late;
    double brier, base; /* base: always saying the share that was late */
    double said[FORECAST_BINS], happened[FORECAST_BINS]; /* sums, by tenths of what was said */
    int64_t cases[FORECAST_BINS];
};
MUST_USE enum rc forecast_score(struct ctx *cx, size_t dossiers, struct forecast_score *ret);

#endif
