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

struct civil {
    int year, month, day;     /* 1-based */
    int hour, minute, second; /* UTC+07:00 */
    int weekday;              /* 0 = Monday … 6 = Sunday */
};

int64_t time_now(void);       /* the system clock */
int64_t time_monotonic(void); /* microseconds, for durations only */

int32_t day_of(int64_t us);                     /* civil day of an instant */
int64_t day_start(int32_t day);                 /* its first instant */
int32_t day_make(int year, int month, int day); /* proleptic Gregorian */
int day_weekday(int32_t day);                   /* 0 = Monday */
bool day_is_valid(int year, int month, int day);
struct civil civil_of(int64_t us);
struct civil civil_of_day(int32_t day);

struct str time_iso(struct arena *mem, int64_t us);  /* 2026-11-21T15:30:00+07:00 */
struct str time_text(struct arena *mem, int64_t us); /* 15:30 21/11/2026 */
struct str day_iso(struct arena *mem, int32_t day);  /* 2026-11-21 (JSON Schema date) */
struct str day_text(struct arena *mem, int32_t day); /* 21/11/2026 */

MUST_USE bool day_parse(struct str iso, int32_t *ret); /* YYYY-MM-DD, a real date */
/* YYYY-MM-DD, or RFC 3339 with 'T', optional fraction and an offset or 'Z'. */
MUST_USE bool time_parse(struct str iso, int64_t *ret);

#endif
