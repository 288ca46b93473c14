/* behind.h - the dossiers behind a figure. See docs/internals/measure.md.
 *
 * They are found by the traces that each fold leaves (trace/trace.h) and, since the last one, by
 * the log; only events that are shown are read from the ledger, and judged by their facts again.
 * A page costs some milliseconds, however long the ledger; a stock whose few dossiers came long
 * ago, some ten nanoseconds for each that came or went since. Rows hold codes and nothing personal.
 * The caller checks CAP_FIGURES. Errors: NOT_FOUND for a unit that is not known. */
#ifndef MEASURE_BEHIND_H
#define MEASURE_BEHIND_H

#include "measure/measure.h"

/* BEHIND_EVENTS_MAX: read for a page; BEHIND_ROWS_MAX: rows of one, whatever `limit` says.
 * BEHIND_MET_MAX: dossiers that came or went since the last one that a page of a stock shows. */
enum { BEHIND_EVENTS_MAX = 1000, BEHIND_ROWS_MAX = 200, BEHIND_MET_MAX = (1 << 20) - 1 };
/* Those whose events the figure counts, oldest first; for a stock, those that stand at the
 * period's end, the one that came last first. {rows:[{code, name, procedure, unit, unit_code, time,
 * time_text, seq, is_in, is_out}], next, is_partial, of_services}: is_in counts above the line;
 * next: the `after` of a further call, -1 at the end; is_partial: more than one of these
 * maxima would have to be read for this page; with next -1 nobody gets further this way.
 * of_services: rows are services that stand; when is_partial, as the first events say.
 * after: -1 for the start. limit 0: BEHIND_ROWS_MAX. */
MUST_USE enum rc figure_dossiers(struct ctx *cx, const struct indicator *ind,
                                 const struct slice *s, int64_t after, size_t limit,
                                 struct json **ret);
/* The first page of those only that do, or do not, count above the line of a flow: what keeps a
 * share from being better. A stock has no others than those that stand. */
MUST_USE enum rc figure_dossiers_of(struct ctx *cx, const struct indicator *ind,
                                    const struct slice *s, bool is_in, size_t limit,
                                    struct json **ret);

#endif
