/* demo.h - the demo province: units, officers, citizens, and dossiers living in virtual time.
 * See docs/internals/demo.md.
 *
 * Everything comes from a printed seed through the same kernel functions as the pages use. All
 * persons are generated and marked as demo data; nobody of that name is meant. */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "ledger/ledger.h"
#include "pack/publish.h"

enum { DEMO_SEED = 2020, DEMO_YEAR_DOSSIERS = 78496, DEMO_MONTH_DOSSIERS = 1500 };

/* Units of demo/units.csv, officers with roles in each, citizens; writes the list of accounts
 * to DATA/demo-accounts.txt. Needs published packs. */
MUST_USE enum rc demo_make(struct ctx *cx, int64_t seed);

/* The made-up decision that announced that pack's procedure in the demo province, days counted
 * from today (demo/decisions.csv: most in time, some late); its number says that it is made up.
 * *ret: NULL when there is none. */
MUST_USE enum rc demo_decision(struct ctx *cx, struct str pack,
                               const struct pack_decision **ret);

struct demo_plan {
    int64_t seed;
    int32_t from, to; /* civil days, to exclusive */
    int64_t dossiers; /* how many arrive in that time */
    int64_t until_us; /* nothing happens after it; 0: every life is played to its end */
    progress_fn *progress;
    void *arg;
};
struct demo_report {
    int64_t dossiers, events, supplements, late, rated, elapsed_us;
};
/* Plays that many dossiers through their whole lives: arrival, reception, supplements,
 * processing, signature, return; some late, some refused, some rated. */
MUST_USE enum rc demo_play(struct ctx *cx, const struct demo_plan *plan,
                           struct demo_report *ret);

#endif
