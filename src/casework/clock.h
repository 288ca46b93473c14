/* clock.h - what a move does to a dossier: counts, clocks, pauses, lateness. Pure: casework folds
 * events with it, simulations and forecasts play with it. See docs/internals/casework.md.
 *
 * LAW: ND61/2018 19.4 - after a supplement the legal time begins anew; 19.9 - late once is
 * late for ever: is_late is set here and unset nowhere here. Nothing here fails; beyond a
 * bound (PAUSES_MAX) the date simply moves no further. */
#ifndef CASEWORK_CLOCK_H
#define CASEWORK_CLOCK_H

#include "casework/casework.h"

/* None begun, nothing due: a dossier before its first step. */
void clocks_clear(struct dossier *d);
/* d enters `to` at at_us: state, counts, clocks, pauses and lateness follow. What depends on the
 * calendar (due, timer) is decided by the command: clocks_count. */
void dossier_step(struct dossier *d, const struct flow_state *to, int64_t at_us);
/* Counts every clock that has begun as of at_us (what stands still: as of when it stopped),
 * d->due, the next warning and, when after_us is TIME_NONE, the state's timer; by the calendar
 * of d->unit. */
void clocks_count(struct ctx *cx, struct dossier *d, int64_t at_us);
/* The legal clock stands still; runs; has run out by at_us while the dossier is worked on. */
bool clock_is_paused(const struct dossier *d);
bool clock_is_running(const struct dossier *d);
bool clock_is_over(const struct dossier *d, int64_t at_us);
bool run_is_paused(const struct clock_run *c);
bool run_is_over(const struct clock_run *c, int64_t at_us);
/* The legal due day counted as of at_us; INT32_MIN: not begun. */
int32_t clock_due(struct ctx *cx, const struct dossier *d, int64_t at_us);
/* When the timer of d's state, entered at at_us, fires; TIME_NONE: it has none. */
int64_t clock_after(struct ctx *cx, const struct dossier *d, int64_t at_us);

/* Clock i stands still, and when it goes on it begins from zero (LAW: ND61/2018 19.4). */
bool clock_begins_anew(const struct dossier *d, size_t i);
/* What to ask the calendar about clock i, as of at_us; one that stands still: as if it went on
 * then, anew where it will begin anew. */
struct due_question clock_question(const struct dossier *d, size_t i, int64_t at_us);
/* Why that day is only right if the applicant's papers come today. */
struct str standing_text(struct ctx *cx, bool anew, struct str due);

#endif
