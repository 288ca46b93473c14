/* time.h - instants, days and their spelling. See docs/internals/base.md.
 *
 * An instant is int64_t microseconds since 1970-01-01T00:00:00Z. A civil day is int32_t days
 * since 1970-01-01 in Viet Nam's time, UTC+07:00 all year; what the law counts are civil days.
 * Kernel code takes the instant from cx->now_us, never from the system clock. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/str.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
#define ZONE_US (7 * HOUR_US)
#define TIME_NONE INT64_MIN

/* As a clock on the wall in Viet Nam shows it. */
struct civil {
    /* Month and day from 1. */
    int year, month, day;
    int hour, minute, second;
    /* 0 = Monday … 6 = Sunday. */
    int weekday;
};

/* The system clock; only what begins a unit of work asks it. */
int64_t time_now(void);
/* Microseconds since some moment, never going back: for durations only. */
int64_t time_monotonic(void);

/* The civil day on which an instant falls; midnight belongs to the day that begins. */
int32_t day_of(int64_t us);
/* Its first instant. The day ends before day_start(day + 1): all spans are half open. Days that
 * lie further off than microseconds reach (±292 000 years; INT32_MIN and INT32_MAX stand for "any
 * time before" and "for ever") give INT64_MIN and INT64_MAX. */
int64_t day_start(int32_t day);
/* Proleptic Gregorian. Unchecked: 31 April is 1 May; day_is_valid or day_parse come first. */
int32_t day_make(int year, int month, int day);
int day_weekday(int32_t day);
/* A date that exists, years 1 to 9999. */
bool day_is_valid(int year, int month, int day);
struct civil civil_of(int64_t us);
/* At 00:00:00 of the day. */
struct civil civil_of_day(int32_t day);
int64_t month_of(int32_t day); /* year * 12 + month - 1 */

/* Spelled in UTC+07:00 always; fractions of a second are left out, not rounded. The first and
 * third are for machines, the others for people, in both languages alike. */
struct str time_iso(struct arena *mem, int64_t us);  /* 2026-11-21T15:30:00+07:00 */
struct str time_text(struct arena *mem, int64_t us); /* 15:30 21/11/2026 */
struct str day_iso(struct arena *mem, int32_t day);  /* 2026-11-21 (JSON Schema date) */
struct str day_text(struct arena *mem, int32_t day); /* 21/11/2026 */

/* YYYY-MM-DD and nothing around it, a date that exists. *ret stays as it was when false. */
MUST_USE bool day_parse(struct str iso, int32_t *ret);
/* YYYY-MM-DD (the first instant of that civil day), or RFC 3339 with 'T', optional fraction and
 * an offset or 'Z'; second 60 counts as the next minute's first. Finer than microseconds: cut. */
MUST_USE bool time_parse(struct str iso, int64_t *ret);

#endif
