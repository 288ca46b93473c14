/* clock.h - what a move does to a dossier: counts, clocks, pauses, lateness. Pure: casework folds
 * events with it, simulations and forecasts play with it. See docs/internals/casework.md. */
#ifndef CASEWORK_CLOCK_H
#define CASEWORK_CLOCK_H

#include "casework/casework.h"

/* d enters `to` at at_us: state, counts, clock, pauses and lateness follow. due, after_us,
 * code and holder are decided by the command, which knows the calendar. */
void dossier_step(struct dossier *d, const struct flow_state *to, int64_t at_us);
bool clock_is_paused(const struct dossier *d);
bool clock_is_running(const struct dossier *d);
/* The time has run out by at_us and the dossier is still being worked on. */
bool clock_is_over(const struct dossier *d, int64_t at_us);
int32_t clock_due(struct ctx *cx, const struct dossier *d, int64_t at_us);
/* When the timer of a state entered at at_us fires; TIME_NONE: it has none. */
int64_t clock_after(struct ctx *cx, const struct flow_state *s, int64_t at_us);

#endif
