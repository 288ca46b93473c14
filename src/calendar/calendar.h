/* calendar.h - working days, holidays and due dates. See docs/internals/calendar.md.
 *
 * LAW: ND61/2018 18: received at or after 15:00 counts as the next working day. T0 = the
 * reception day, or the next working day when received on a day off or at/after the cut-off.
 * A working day d counts iff d > T0 and no pause (p, r] contains d; pauses are a union. The
 * due day is the budget-th counted day. Budget 0: T0 itself or, when a pause began by then, T0
 * of the moment it ended. Pure: same input, same answer. */
#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

#include "text/json.h"

struct calendar;

enum calendar_entry { CAL_HOLIDAY, CAL_COMPENSATION, CAL_MAKEUP };

/* From a csv_parse'd table with columns day,kind,name (holiday compensation makeup). */
MUST_USE enum rc calendar_load(struct ctx *cx, const struct json *rows, int64_t cutoff_minute,
                               struct calendar **ret);
/* The calendar embedded in the program (demo/calendar.csv), weekends apart, with the cut-off
 * of the settings; app_open keeps it in app->calendar. */
MUST_USE enum rc calendar_open(struct ctx *cx, struct calendar **ret);
/* app->calendar. Before app_open (tests): the embedded one, loaded anew at each call. */
const struct calendar *calendar_of(struct ctx *cx);

bool calendar_is_working(const struct calendar *cal, int32_t day);
int32_t calendar_next_working(const struct calendar *cal, int32_t day); /* day itself counts */
/* T0 of an instant. */
int32_t calendar_t0(const struct calendar *cal, int64_t received_us);

struct pause {
    int64_t from_us, to_us; /* to_us TIME_NONE: still open */
};
enum { PAUSES_MAX = 16 };
struct budget {
    int32_t n; /* 0 … BUDGET_MAX */
    char unit; /* 'w' working days, 'c' calendar days (end moves to the next working day) */
};
enum { BUDGET_MAX = 3650 };
MUST_USE bool budget_parse(struct str s, struct budget *ret); /* "3wd" "60cd" */
/* The day on whose last minute the time runs out. With an open pause: as if it ended at
 * now_us. */
int32_t calendar_due(const struct calendar *cal, int64_t received_us, struct budget b,
                     const struct pause *pauses, size_t npauses, int64_t now_us);
/* Counted working days from T0 to day (negative when day is before T0): what is left or used. */
int32_t calendar_count(const struct calendar *cal, int32_t from, int32_t to);

#endif
