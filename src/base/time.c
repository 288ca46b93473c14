/* time.c - instants, days and their spelling. */
#include "base/time.h"

#include <time.h>

static int64_t clock_us(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * SECOND_US + ts.tv_nsec / 1000;
}

int64_t time_now(void)
{
    return clock_us(CLOCK_REALTIME);
}

int64_t time_monotonic(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t day_of(int64_t us)
{
    return (int32_t)floor_div(us + ZONE_US, DAY_US);
}

/* "Any time before" and "for ever" are the ends of int32_t: further than microseconds reach. */
int64_t day_start(int32_t day)
{
    const int32_t most = (int32_t)(INT64_MAX / DAY_US) - 1;
    if (day > most || day < -most)
        return day > 0 ? INT64_MAX : INT64_MIN;
    return (int64_t)day * DAY_US - ZONE_US;
}

/* Days in the proleptic Gregorian calendar: years that begin in March make the leap day last. */
int32_t day_make(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(y, 400);
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (int32_t)(era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468);
}

int day_weekday(int32_t day)
{
    return (int)((((int64_t)day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

struct civil civil_of_day(int32_t day)
{
    int64_t z = (int64_t)day + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    struct civil c = {.day = (int)(doy - (153 * mp + 2) / 5 + 1),
                      .month = (int)(mp < 10 ? mp + 3 : mp - 9),
                      .weekday = day_weekday(day)};
    c.year = (int)(yoe + era * 400 + (c.month <= 2));
    return c;
}

int64_t month_of(int32_t day)
{
    struct civil c = civil_of_day(day);
    return (int64_t)c.year * 12 + c.month - 1;
}

struct civil civil_of(int64_t us)
{
    int32_t day = day_of(us);
    struct civil c = civil_of_day(day);
    int64_t s = (us - day_start(day)) / SECOND_US;
    c.hour = (int)(s / 3600);
    c.minute = (int)(s / 60 % 60);
    c.second = (int)(s % 60);
    return c;
}

bool day_is_valid(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    struct civil c = civil_of_day(day_make(year, month, day));
    return c.day == day && c.month == month;
}

struct str time_iso(struct arena *mem, int64_t us)
{
    struct civil c = civil_of(us);
    return str_fmt(mem, "%04d-%02d-%02dT%02d:%02d:%02d+07:00", c.year, c.month, c.day, c.hour,
                   c.minute, c.second);
}

struct str time_text(struct arena *mem, int64_t us)
{
    struct civil c = civil_of(us);
    return str_fmt(mem, "%02d:%02d %02d/%02d/%04d", c.hour, c.minute, c.day, c.month, c.year);
}

struct str day_iso(struct arena *mem, int32_t day)
{
    struct civil c = civil_of_day(day);
    return str_fmt(mem, "%04d-%02d-%02d", c.year, c.month, c.day);
}

struct str day_text(struct arena *mem, int32_t day)
{
    struct civil c = civil_of_day(day);
    return str_fmt(mem, "%02d/%02d/%04d", c.day, c.month, c.year);
}

/* Exactly n digits at *at, moving it on. */
static bool digits(struct str s, size_t *at, size_t n, int *ret)
{
    int64_t v;
    struct str part = str_cut(s, *at, *at + n);
    if (part.n != n || part.p[0] == '-' || !str_int(part, &v))
        return false;
    *at += n;
    *ret = (int)v;
    return true;
}

static bool is_char(struct str s, size_t *at, char c)
{
    if (*at >= s.n || s.p[*at] != c)
        return false;
    ++*at;
    return true;
}

static bool date_at(struct str s, size_t *at, int32_t *ret)
{
    int y, m, d;
    if (!digits(s, at, 4, &y) || !is_char(s, at, '-') || !digits(s, at, 2, &m) ||
        !is_char(s, at, '-') || !digits(s, at, 2, &d) || !day_is_valid(y, m, d))
        return false;
    *ret = day_make(y, m, d);
    return true;
}

bool day_parse(struct str iso, int32_t *ret)
{
    size_t at = 0;
    int32_t day;
    if (!date_at(iso, &at, &day) || at != iso.n)
        return false;
    *ret = day;
    return true;
}

static bool fraction_at(struct str s, size_t *at, int64_t *us)
{
    int64_t scale = SECOND_US;
    if (!is_char(s, at, '.'))
        return true;
    size_t from = *at;
    for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at) {
        scale /= 10;
        *us += (s.p[*at] - '0') * scale;
    }
    return *at > from;
}

static bool offset_at(struct str s, size_t *at, int64_t *us)
{
    int h, m;
    if (is_char(s, at, 'Z'))
        return true;
    bool neg = *at < s.n && s.p[*at] == '-';
    if (!neg && !(*at < s.n && s.p[*at] == '+'))
        return false;
    ++*at;
    if (!digits(s, at, 2, &h) || !is_char(s, at, ':') || !digits(s, at, 2, &m) || h > 23 ||
        m > 59)
        return false;
    int64_t offset = h * HOUR_US + m * MINUTE_US;
    *us -= neg ? -offset : offset;
    return true;
}

bool time_parse(struct str iso, int64_t *ret)
{
    size_t at = 0;
    int32_t day;
    int h, m, s;
    if (!date_at(iso, &at, &day))
        return false;
    if (at == iso.n) {
        *ret = day_start(day);
        return true;
    }
    if (!is_char(iso, &at, 'T') || !digits(iso, &at, 2, &h) || !is_char(iso, &at, ':') ||
        !digits(iso, &at, 2, &m) || !is_char(iso, &at, ':') || !digits(iso, &at, 2, &s) ||
        h > 23 || m > 59 || s > 60)
        return false;
    int64_t us = (int64_t)day * DAY_US + h * HOUR_US + m * MINUTE_US + s * SECOND_US;
    if (!fraction_at(iso, &at, &us) || !offset_at(iso, &at, &us) || at != iso.n)
        return false;
    *ret = us;
    return true;
}
