/* calendar_priv.h - the table behind a calendar. See docs/internals/calendar.md.
 *
 * A calendar is made once and never changed, so any thread reads it without a lock; another
 * version is another calendar, and the old one stays for as long as the process. Civil days
 * are days since 1970-01-01 at UTC+07:00; rows and ranks count from 0 and 1 within the table. */
#ifndef CALENDAR_CALENDAR_PRIV_H
#define CALENDAR_CALENDAR_PRIV_H

#include "calendar/calendar.h"

/* 1990-01-01 … 2100-12-31: days beyond count as the first or the last one. A row number and a
 * rank fit 16 bits, which keeps the whole table near 200 KiB. */
enum { CAL_FIRST = 7305, CAL_DAYS = 40542, CAL_SPANS = CALENDAR_SPANS };

struct calendar_day { /* one that differs from the plain week */
    int32_t day;
    enum calendar_entry kind;
    struct str name;
};

/* What holds for every day, as the settings say or rows of the list. */
struct calendar_rules {
    int64_t cutoff_us; /* of the day */
    int64_t from_us[CAL_SPANS],
        to_us[CAL_SPANS]; /* office hours, in order; the last may be none */
};

/* Chosen by calendar_for: the nearest unit at or above the one asked about that has days. */
struct calendar_variant { /* of a unit that has days of its own */
    struct str unit;      /* code */
    const struct calendar *cal;
};

struct calendar {
    struct calendar_rules rules;
    const struct calendar_variant *own; /* of the node's calendar only */
    size_t nown;
    int64_t version, day_us;         /* day_us: office time in a working day */
    const struct calendar_day *days; /* in order */
    size_t ndays;
    int32_t working;               /* days in nth */
    uint16_t before[CAL_DAYS + 1]; /* working days before the i-th day */
    uint16_t nth[CAL_DAYS];        /* the n-th working day */
    bool works[CAL_DAYS];
};

/* -- due.c -- */
/* The table's row of a civil day, 0 … CAL_DAYS - 1; days outside are the first or the last. */
int32_t calendar_row(int32_t day);
/* The day of that rank: 1 is the first working day of the table. */
int32_t calendar_day_at(const struct calendar *cal, int32_t rank);

/* What does not count, (from, to] in days or [from, to) in microseconds: in order, merged. */
struct gap {
    int64_t from, to;
};
/* Puts g where it belongs; gaps[] has room for one more. Gives the new number. */
size_t gap_insert(struct gap *gaps, size_t n, struct gap g);
/* Joins those that touch or overlap: pauses are a union, each day is left out once. */
size_t gaps_merge(struct gap *gaps, size_t n);

/* -- hours.c -- */
/* Office time from the table's beginning to the instant. */
int64_t hours_before(const struct calendar *cal, int64_t us);
/* As calendar_due, for a budget in working hours: to the microsecond, without a cut-off. */
struct due hours_due(const struct calendar *cal, const struct due_question *q);

/* -- rules.c -- */
/* "15:00": 00:00 to 24:00, in microseconds of the day. */
bool clock_parse(struct str s, int64_t *ret);
/* "07:00-11:00 13:00-17:00", or one span: in order, none empty. *ret keeps its cut-off. */
bool hours_parse(struct str s, struct calendar_rules *ret);
/* From the settings office_open_minute … office_close_minute and cutoff_minute. */
MUST_USE enum rc rules_of(struct ctx *cx, struct calendar_rules *ret);

/* -- calendar.c -- */
/* Rules, then rows without a unit, then those of each unit of `path` (codes, from the top down),
 * where a later row replaces an earlier one of that day. */
MUST_USE enum rc calendar_build(struct ctx *cx, const struct json *rows,
                                const struct calendar_rules *rules, const struct str *path,
                                size_t npath, struct calendar **ret);

#endif
