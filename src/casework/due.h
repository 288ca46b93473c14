/* due.h - a dossier's dates: explained, moved by a new calendar, set anew with an apology. See
 * docs/internals/casework.md. Included by casework/casework.h. */
#ifndef CASEWORK_DUE_H
#define CASEWORK_DUE_H

#include "base/ctx.h"
#include "calendar/calendar.h"
#include "flow/flow.h"

struct dossier;
struct dossier_ref;

/* Why each date is what it is: {code, promised, redated, clocks:[{id, name, start, due, due_time,
 * stopped, paused, begins_anew (at zero, when the papers come), standing_text (paused: what moves
 * the date), late, explain (calendar_explain, in words too: text, pause_text, and of each
 * day day_text, weekday_text, kind_text, is_counted), was:[{time, due_old, due_new, cause,
 * cause_text, reason}]}]}. Reasons are the applicant's to read: after dossier_open. */
MUST_USE enum rc dossier_due_explain(struct ctx *cx, const struct dossier *d,
                                     struct json **ret);
/* LAW: ND61/2018 19.9 - the apology with its reason and another day, sent by an officer: once.
 * *d follows. STATE when it was done before or no time runs, INVALID reason or day. */
MUST_USE enum rc dossier_apologise(struct ctx *cx, struct dossier *d, struct str reason,
                                   int32_t day, struct dossier_ref *ret);
/* One batch of open dossiers by the calendar in force, a turn of its own, committed: whose dates
 * differ gets dossier.redated. Begin with after = INT64_MIN + 1, go on until is_done. */
enum { RECOMPUTE_BATCH_MAX = 2000 };
struct recompute {
    int64_t after;               /* the last one done */
    int64_t seen, moved, broken; /* moved: dossiers of which a date is another */
    int64_t reminders;           /* only the moment of a warning is; nobody is told */
    bool is_dry, is_done;        /* dry: counts, changes nothing */
};
MUST_USE enum rc dossiers_open_count(struct ctx *cx, int64_t *ret);
MUST_USE enum rc dossiers_recompute(struct ctx *cx, size_t batch, struct recompute *r);
enum { LATE_APOLOGY = FLOW_LATE_MAX }; /* the bit of d->warned: drafted; sent when redated */
int32_t late_proposal(struct ctx *cx, const struct dossier *d); /* a day for the apology */
struct str budget_text(struct ctx *cx, struct budget b);        /* "5 ngày làm việc" */
/* calendar_explain's answer in the words of cx->lang, as above. */
void explain_tell(struct ctx *cx, struct budget b, struct json *explain);
/* The day in words that the applicant was told with that event of d: its promise, else the law's,
 * by the version of the flow that it had then, whatever moved since; an event that counts no day:
 * the one in force; "—": none. */
MUST_USE enum rc due_said(struct ctx *cx, const struct dossier *d, int64_t seq,
                          struct str *ret);

#endif
