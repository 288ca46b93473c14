/* work.h - the officers' work: lists of a unit, what a day asks for, what was handed over. See
 * docs/internals/work.md.
 *
 * Reads the tables that casework keeps. Its own one remembers who looked at a unit's list, so
 * that the journal has one entry for it in ten minutes. */
#ifndef WORK_WORK_H
#define WORK_WORK_H

#include "casework/casework.h"

/* mine; free: held by nobody and waiting for a role that cx->who has; the unit's; late: over
 * its time now or ever; back: the applicant answered and nobody took it up since; asked: the
 * unit owes another one its opinion; apology: drafted and not sent; done. */
enum inbox {
    INBOX_MINE,
    INBOX_FREE,
    INBOX_UNIT,
    INBOX_LATE,
    INBOX_BACK,
    INBOX_ASKED,
    INBOX_APOLOGY,
    INBOX_DONE,
    INBOX_COUNT
};
const char *inbox_name(enum inbox box); /* "mine" */
MUST_USE bool inbox_parse(struct str name, enum inbox *ret);

struct dossier_query {
    struct unit_id unit;
    enum inbox box;
    struct str procedure, text; /* text: code or applicant's name, folded */
    int64_t holder;             /* only this account's; 0: anybody's */
    int32_t due_from, due_to; /* due on these civil days, both included; 0: no bound. With one,
                                   what has no due day or stands still is left out */
    int64_t after;            /* paging: id of the last one seen; 0 = from the start */
    size_t limit;             /* at most LIST_MAX; 0 = that */
};
/* Sorted by what is due (INBOX_DONE: latest first). FORBIDDEN without CASE_READ in the unit.
 * Rows name applicants: the first list of a unit in 10 minutes is journalled in cx's turn. */
MUST_USE enum rc dossier_inbox(struct ctx *cx, const struct dossier_query *q,
                               struct dossier_list *ret);
/* How many the list has, at most LIST_TOTAL_MAX; shows nobody's name, journals nothing. */
MUST_USE enum rc dossier_inbox_total(struct ctx *cx, const struct dossier_query *q,
                                     int64_t *ret);
/* The one after q->after, or else the list's first that is not it; *ret NULL: none is left. */
MUST_USE enum rc dossier_inbox_next(struct ctx *cx, const struct dossier_query *q,
                                    struct dossier **ret);
/* What a unit's open dossiers ask of cx->who today; of the first LIST_TOTAL_MAX by due day. */
struct work_count {
    int64_t over, today, week; /* due: before today, today, later until Sunday */
    int64_t waiting, back;     /* for an act of officers; supplements that came in */
    int64_t apologies;         /* drafted and not sent */
};
struct work_day {
    struct work_count mine, unit; /* mine: held by cx->who */
    int64_t free, asked;          /* INBOX_FREE, INBOX_ASKED */
};
MUST_USE enum rc work_day_get(struct ctx *cx, struct unit_id unit, struct work_day *ret);

/* What was given to cx->who and is theirs still, or what they gave to others, since then; latest
 * first: [{code, name, time_text, by, to, reason}], at most 20. */
MUST_USE enum rc work_given(struct ctx *cx, bool by_me, int64_t since_us, struct json **ret);

struct ledger_subscriber;
extern const struct ledger_subscriber work_subscriber;

#endif
