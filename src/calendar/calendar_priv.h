/* calendar_priv.h - the table behind a calendar. See docs/internals/calendar.md. */
#ifndef CALENDAR_CALENDAR_PRIV_H
#define CALENDAR_CALENDAR_PRIV_H

#include "calendar/calendar.h"

/* 1990-01-01 … 2100-12-31: days beyond count as the first or the last one. A row number and a
 * rank fit 16 bits, which keeps the whole table near 200 KiB. */
enum { CAL_FIRST = 7305, CAL_DAYS = 40542 };

struct calendar {
    int64_t cutoff_us;             /* of the day */
    int32_t working;               /* days in nth */
    uint16_t before[CAL_DAYS + 1]; /* working days before the i-th day */
    uint16_t nth[CAL_DAYS];        /* the n-th working day */
    bool works[CAL_DAYS];
};

#endif
