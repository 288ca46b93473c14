/* version.h - versions of the days off: imported, compared, published. See
 * docs/internals/calendar.md.
 *
 * Life of a version: calendar_import keeps it as a draft (in place of an earlier one),
 * calendar_publish appends calendar.published and brings it into force, dossiers_recompute
 * (casework/due.h) makes every running date follow in batches. Published versions never
 * change: the event has the text's digest, which is checked whenever it is loaded. */
#ifndef CALENDAR_VERSION_H
#define CALENDAR_VERSION_H

#include "calendar/calendar.h"

enum { CALENDAR_ROWS_MAX = 4000, CALENDAR_UNITS_MAX = 64, CALENDAR_BYTES_MAX = 512 << 10 };

struct calendar_text { /* a version as it was written */
    int64_t version;
    struct str csv;
    struct json *rows; /* csv_parse'd: day, kind, name, unit (absent or empty: the node's) */
};
/* The version in force; NOT_FOUND: there is no imported one. */
MUST_USE enum rc calendar_text(struct ctx *cx, struct calendar_text *ret);
/* What was imported and is not in force yet; NOT_FOUND when there is none. */
MUST_USE enum rc calendar_draft(struct ctx *cx, struct calendar_text *ret);
/* Checks the CSV (columns day, kind, name and perhaps unit; units that stand) and makes its
 * calendar; INVALID DUPLICATE TOO_LARGE with the line. Stores nothing. */
MUST_USE enum rc calendar_check(struct ctx *cx, struct str csv, struct calendar **ret);
/* The same, and keeps it in place of an earlier import; commits nothing. */
MUST_USE enum rc calendar_import(struct ctx *cx, struct str csv, int64_t *version);
/* What was imported comes into force with the event; NOT_FOUND when nothing was. After the
 * commit calendar_reload. */
MUST_USE enum rc calendar_publish(struct ctx *cx, int64_t *version);
/* Puts the version in force into app->calendar. Readers of the old one go on with it: it is
 * not freed, and an answer is by one calendar or the other, never by both. */
MUST_USE enum rc calendar_reload(struct ctx *cx);

/* How far the running due dates follow the version in force: *after is the last dossier done;
 * RC_OK with *version 0 when all do. */
MUST_USE enum rc calendar_pending(struct ctx *cx, int64_t *version, int64_t *after);
MUST_USE enum rc calendar_follow(struct ctx *cx, int64_t version, int64_t after, bool is_done);

/* Days in one list and not in the other: [{sign: "+"|"-", day, kind, name, unit}], by day. */
struct json *calendar_diff(struct ctx *cx, const struct json *old, const struct json *new);
/* What the moon says and the rows do not: [{year, day, holiday: tet|hung_kings, fault:
 * lacks|contradicts, name}] for each year that has rows of the node's own. */
struct json *calendar_lunar_faults(struct ctx *cx, const struct json *rows);

/* -- lunar.c: UTC+7, for 1990 to 2100 -- */
/* The civil day of a day of a lunar year's month (not a leap one). */
int32_t lunar_to_day(int year, int month, int day);
static inline int32_t lunar_tet(int year)
{
    return lunar_to_day(year, 1, 1);
}
static inline int32_t lunar_hung_kings(int year)
{
    return lunar_to_day(year, 3, 10);
}

#endif
