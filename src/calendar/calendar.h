/* calendar.h - working days and hours, holidays and due dates. See docs/internals/calendar.md.
 *
 * LAW: ND61/2018 18: received at or after 15:00 counts as the next working day. T0 = the
 * reception day, or the next working day when received on a day off or at/after the cut-off.
 * A working day d counts iff d > T0 and no pause (p, r] contains d; pauses are a union. The
 * due day is the budget-th counted day. Budget 0: T0 itself or, when a pause began by then, T0
 * of the moment it ended. Hours are counted from the moment itself, in office hours, to the
 * microsecond. Pure: same input, same answer. */
#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

#include "text/json.h"

struct calendar;
struct unit;

enum calendar_entry { CAL_HOLIDAY, CAL_COMPENSATION, CAL_MAKEUP };

/* From a csv_parse'd table with columns day,kind,name (holiday compensation makeup; day `*`: hours
 * "07:00-11:00 13:00-17:00", cutoff "16:00"), and perhaps unit: rows that name a unit are left
 * out. What no row says of office hours is as the settings have it. */
MUST_USE enum rc calendar_load(struct ctx *cx, const struct json *rows, int64_t cutoff_minute,
                               struct calendar **ret);
/* The calendar in force when the program starts: the last published version, or version 1,
 * which is embedded (demo/calendar.csv). app_open keeps it in app->calendar. */
MUST_USE enum rc calendar_open(struct ctx *cx, struct calendar **ret);
/* The node's calendar. Before app_open (tests): the embedded one, loaded anew at each call. */
const struct calendar *calendar_of(struct ctx *cx);
/* With the days of the unit itself and of those above it; calendar_of when there are none. */
const struct calendar *calendar_for(struct ctx *cx, const struct unit *u);
/* A copy in cx->mem in which these civil days, too, are days off (at most 366; days beyond the
 * table are passed over): for asking what if. Stands nowhere else. */
struct calendar *calendar_closed(struct ctx *cx, const struct calendar *cal,
                                 const int32_t *days, size_t n);
int64_t calendar_version(const struct calendar *cal); /* 0: made by calendar_load */
int64_t calendar_cutoff(const struct calendar *cal);  /* microseconds of the day */
/* Office hours of a working day, in order: minutes after midnight into from and to; how many, 1 or
 * CALENDAR_SPANS. */
enum { CALENDAR_SPANS = 2 };
size_t calendar_hours(const struct calendar *cal, int32_t from[CALENDAR_SPANS],
                      int32_t to[CALENDAR_SPANS]);

bool calendar_is_working(const struct calendar *cal, int32_t day);
int32_t calendar_next_working(const struct calendar *cal, int32_t day); /* day itself counts */
int32_t calendar_last_working(const struct calendar *cal, int32_t day); /* before day */
/* T0 of an instant. */
int32_t calendar_t0(const struct calendar *cal, int64_t received_us);

struct pause {
    int64_t from_us, to_us; /* to_us TIME_NONE: still open */
};
enum { PAUSES_MAX = 16 };
struct budget {
    int32_t n;        /* 0 … BUDGET_MAX */
    char unit;        /* 'w' working days, 'h' working hours, 'c' calendar days */
    bool is_same_day; /* 'c' ends on a day off too; else on the next working day */
};
enum { BUDGET_MAX = 3650 };
MUST_USE bool budget_parse(struct str s, struct budget *ret); /* "3wd" "4wh" "60cd" */
struct str budget_print(struct arena *mem, struct budget b);

struct due {
    int32_t day;   /* the civil day on which the time runs out; INT32_MIN: none */
    int64_t at_us; /* the first instant when it has: hours exactly, days the next midnight */
};
#define DUE_NEVER ((struct due){INT32_MIN, TIME_NONE})
/* The due of an instant at which time has run out; TIME_NONE: DUE_NEVER. */
struct due due_at(int64_t at_us);
/* An open pause counts as if it ended at now_us. */
struct due calendar_due(const struct calendar *cal, int64_t start_us, struct budget b,
                        const struct pause *pauses, size_t npauses, int64_t now_us);
/* Counted working days from T0 to day (negative when day is before T0): what is left or used. */
int32_t calendar_count(const struct calendar *cal, int32_t from, int32_t to);

/* Office minutes between two instants; 0 when to_us is not later. */
int64_t calendar_minutes(const struct calendar *cal, int64_t from_us, int64_t to_us);

/* What calendar_due was asked, as one value. */
struct due_question {
    int64_t start_us;
    struct budget budget;
    const struct pause *pauses;
    size_t npauses;
    int64_t now_us;
};
/* Every day from the start to the due day and why it counts or not: {t0, start, due, due_time,
 * budget, version, cutoff, days:[{day, weekday, kind, n, minutes, name}]}. kind: received (came
 * on a day off or after the cut-off) t0 counted makeup (a counted weekend) weekend holiday
 * compensation pause moved (the end fell on a day off); n: which counted day it is; minutes:
 * with hours, those counted that day; name: of a day off or make-up day. Days and times ISO,
 * weekday 0 = Monday. At most EXPLAIN_DAYS_MAX days: then {cut: true}. */
enum { EXPLAIN_DAYS_MAX = 1200 };
MUST_USE enum rc calendar_explain(struct ctx *cx, const struct calendar *cal,
                                  const struct due_question *q, struct json **ret);

#endif
