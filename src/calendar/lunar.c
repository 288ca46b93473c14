/* lunar.c - days of the Vietnamese lunar calendar: new moons and the sun's place at UTC+7.
 *
 * A lunar month begins on the day of the new moon; month 11 holds the winter solstice; where 13
 * months lie between two of them, the first without a major solar term is the leap one. New
 * moons by Meeus' series, which is off by minutes at most: the test compares 16 years. Floating
 * point, because the sky has no other; what leaves this file are whole days. */
#include "calendar/version.h"

#include <math.h>

#define RAD (3.14159265358979323846 / 180.0)
#define MONTH 29.530588853 /* mean synodic month, days */
#define K_DAY 2415021.077  /* the new moon of January 1900, a Julian day */
#define ZONE (7.0 / 24.0)  /* UTC+7 */
enum { JULIAN_1970 = 2440588, SECTORS = 12 };

/* Days between dynamical time and universal time. */
static double delta_t(double t)
{
    return -0.000278 + 0.000265 * t + 0.000262 * t * t;
}

/* The Julian date of the k-th new moon since 1900. */
static double new_moon(int k)
{
    double t = k / 1236.85, t2 = t * t, t3 = t2 * t;
    double mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t2 - 0.000000155 * t3 +
                  0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t2) * RAD);
    double sun = RAD * (359.2242 + 29.10535608 * k - 0.0000333 * t2 - 0.00000347 * t3);
    double moon = RAD * (306.0253 + 385.81691806 * k + 0.0107306 * t2 + 0.00001236 * t3);
    double node = RAD * (21.2964 + 390.67050646 * k - 0.0016528 * t2 - 0.00000239 * t3);
    double c = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun);
    c += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon);
    c += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon);
    c += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun);
    c += -0.0006 * sin(2 * node + moon) + 0.0010 * sin(2 * node - moon);
    c += 0.0005 * sin(2 * moon + sun);
    return mean + c - delta_t(t);
}

/* The Julian day, counted from midnight in Viet Nam, on which it falls. */
static int new_moon_day(int k)
{
    return (int)floor(new_moon(k) + 0.5 + ZONE);
}

/* Which twelfth of its way the sun is in as that day begins: 9 begins with the solstice. */
static int sun_sector(int julian)
{
    double t = (julian - 0.5 - ZONE - 2451545.0) / 36525, t2 = t * t;
    double m = RAD * (357.52910 + 35999.05030 * t - 0.0001559 * t2 - 0.00000048 * t * t2);
    double l = 280.46645 + 36000.76983 * t + 0.0003032 * t2;
    l += (1.914600 - 0.004817 * t - 0.000014 * t2) * sin(m);
    l += (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000290 * sin(3 * m);
    l = fmod(l, 360.0);
    return (int)floor((l < 0 ? l + 360.0 : l) / (360.0 / SECTORS));
}

static int moons_until(int julian)
{
    return (int)floor((julian - K_DAY) / MONTH + 0.5);
}

/* The first day of the month that holds the year's winter solstice. */
static int month_eleven(int year)
{
    enum { SOLSTICE = 9 };
    int last = day_make(year, 12, 31) + JULIAN_1970;
    int k = (int)floor((last - K_DAY) / MONTH);
    int day = new_moon_day(k);
    return sun_sector(day) >= SOLSTICE ? new_moon_day(k - 1) : day;
}

/* Which month after month 11 is the leap one: the first in which the sun stays in its sector. */
static int leap_after(int eleven)
{
    int k = moons_until(eleven), i = 1, last, now = sun_sector(new_moon_day(k + 1));
    do {
        last = now;
        i++;
        now = sun_sector(new_moon_day(k + i));
    } while (now != last && i < 14);
    return i - 1;
}

int32_t lunar_to_day(int year, int month, int day)
{
    enum { LEAP_YEAR = 365 };
    int from = month_eleven(month < 11 ? year - 1 : year);
    int to = month_eleven(month < 11 ? year : year + 1);
    int after = month < 11 ? month + 1 : month - 11;
    if (to - from > LEAP_YEAR && after >= leap_after(from))
        after++;
    return new_moon_day(moons_until(from) + after) + day - 1 - JULIAN_1970;
}
