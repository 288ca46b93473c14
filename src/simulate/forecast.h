/* forecast.h - how likely an open dossier is to run late, and when it should be done.
 * See docs/internals/simulate.md.
 *
 * Learnt from finished dossiers: from the same state of the same service, how much working time
 * was still needed by those that had waited as long. Nothing about a dossier or a person is
 * stored: the process keeps samples of durations, and a forecast is computed when asked for. */
#ifndef SIMULATE_FORECAST_H
#define SIMULATE_FORECAST_H

#include "casework/casework.h"

struct forecasts;

struct forecast {
    bool is_known; /* false: too few finished dossiers to learn from, or nothing to forecast */
    int likely_late; /* percent, 0 … 100; 100 when it is late already */
    int32_t day;     /* civil day on which half of the like were done; INT32_MIN unknown */
    size_t cases;    /* finished dossiers that it rests on */
};
/* For an open dossier; ended ones, and flows without a legal clock, are not known. Asks the
 * database nothing and waits for nobody, so that every row of a list may ask. */
MUST_USE enum rc forecast_of(struct ctx *cx, const struct dossier *d, struct forecast *ret);

/* Housekeeping: learns from at most `most` further dossiers of the finished, the latest first;
 * *done is how many it looked at. When it comes to the end it begins anew. */
MUST_USE enum rc forecast_tick(struct ctx *cx, size_t most, size_t *done);

MUST_USE enum rc forecasts_open(struct ctx *cx, struct forecasts **ret);

#endif
