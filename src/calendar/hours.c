/* hours.c - counting office hours, exactly. Pure functions of a calendar. */
#include "calendar/calendar_priv.h"

/* Office time of a working day that lies before t (microseconds of the day). */
static int64_t spans_before(const struct calendar *cal, int64_t t)
{
    int64_t sum = 0;
    for (size_t i = 0; i < CAL_SPANS; i++) {
        int64_t from = cal->rules.from_us[i], to = cal->rules.to_us[i];
        if (t > from)
            sum += (t < to ? t : to) - from;
    }
    return sum;
}

int64_t hours_before(const struct calendar *cal, int64_t us)
{
    int32_t day = day_of(us), row = calendar_row(day);
    int64_t full = cal->before[row] * cal->day_us;
    bool is_inside = day == CAL_FIRST + row; /* beyond the table nothing passes */
    return full + (is_inside && cal->works[row] ? spans_before(cal, us - day_start(day)) : 0);
}

/* The first instant by which that much office time has passed: 11:30 and not 13:30. */
static int64_t hours_at(const struct calendar *cal, int64_t worked)
{
    int64_t days = worked > 0 ? (worked - 1) / cal->day_us : 0,
            rest = worked - days * cal->day_us;
    int64_t start = day_start(calendar_day_at(cal, (int32_t)days + 1));
    size_t i = 0;
    for (; i + 1 < CAL_SPANS && rest > cal->rules.to_us[i] - cal->rules.from_us[i]; i++)
        rest -= cal->rules.to_us[i] - cal->rules.from_us[i];
    return start + cal->rules.from_us[i] + rest;
}

static size_t gaps_of(const struct due_question *q, struct gap *gaps)
{
    size_t m = 0;
    for (size_t i = 0; i < q->npauses; i++) {
        struct gap g = {q->pauses[i].from_us, q->pauses[i].to_us};
        if (g.to == TIME_NONE)
            g.to = q->now_us;
        if (g.from < q->start_us)
            g.from = q->start_us;
        if (g.to > g.from)
            m = gap_insert(gaps, m, g);
    }
    return gaps_merge(gaps, m);
}

struct due hours_due(const struct calendar *cal, const struct due_question *q)
{
    struct gap gaps[PAUSES_MAX];
    size_t n = gaps_of(q, gaps);
    int64_t end = hours_before(cal, q->start_us) + q->budget.n * HOUR_US;
    for (size_t i = 0; i < n; i++) {
        if (hours_at(cal, end) <= gaps[i].from)
            break;
        end += hours_before(cal, gaps[i].to) - hours_before(cal, gaps[i].from);
    }
    int64_t at = hours_at(cal, end);
    return due_at(at > q->start_us ? at : q->start_us); /* 0wh: at once */
}

int64_t calendar_minutes(const struct calendar *cal, int64_t from_us, int64_t to_us)
{
    return to_us > from_us ? (hours_before(cal, to_us) - hours_before(cal, from_us)) / MINUTE_US
                           : 0;
}
