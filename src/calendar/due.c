/* due.c - counting: T0, due days, days used. Pure functions of a calendar. */
#include "calendar/calendar_priv.h"

static int32_t row_of(int32_t day)
{
    int64_t i = (int64_t)day - CAL_FIRST;
    return i < 0 ? 0 : i >= CAL_DAYS ? CAL_DAYS - 1 : (int32_t)i;
}

/* Working days up to and with the day. */
static int32_t rank_of(const struct calendar *cal, int32_t day)
{
    return day < CAL_FIRST ? 0 : cal->before[row_of(day) + 1];
}

/* The day of that rank: 1 is the first working day of the table. */
static int32_t day_at(const struct calendar *cal, int32_t rank)
{
    int32_t last = cal->working - 1, i = rank - 1;
    return CAL_FIRST + cal->nth[i < 0 ? 0 : i > last ? last : i];
}

bool calendar_is_working(const struct calendar *cal, int32_t day)
{
    return cal->works[row_of(day)];
}

int32_t calendar_next_working(const struct calendar *cal, int32_t day)
{
    return day_at(cal, cal->before[row_of(day)] + 1);
}

int32_t calendar_t0(const struct calendar *cal, int64_t received_us)
{
    int32_t day = day_of(received_us);
    /* LAW: ND61/2018 18 - received at or after 15:00 counts as the next working day. */
    bool is_late = received_us - day_start(day) >= cal->cutoff_us;
    return calendar_next_working(cal, is_late ? day + 1 : day);
}

int32_t calendar_count(const struct calendar *cal, int32_t from, int32_t to)
{
    return rank_of(cal, to) - rank_of(cal, from);
}

bool budget_parse(struct str s, struct budget *ret)
{
    int64_t n;
    if (s.n < 3 || s.p[s.n - 1] != 'd' || (s.p[s.n - 2] != 'w' && s.p[s.n - 2] != 'c'))
        return false;
    if (s.p[0] == '-' || s.p[0] == '+' || !str_int(str_cut(s, 0, s.n - 2), &n) ||
        n > BUDGET_MAX)
        return false;
    *ret = (struct budget){.n = (int32_t)n, .unit = s.p[s.n - 2]};
    return true;
}

/* Days (from, to] that do not count, in order of `from`, merged. */
struct gap {
    int32_t from, to;
};

static size_t gap_insert(struct gap *gaps, size_t n, struct gap g)
{
    size_t at = n;
    while (at > 0 && gaps[at - 1].from > g.from) {
        gaps[at] = gaps[at - 1];
        at--;
    }
    gaps[at] = g;
    return n + 1;
}

static size_t gaps_merge(struct gap *gaps, size_t n)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (m == 0 || gaps[i].from > gaps[m - 1].to)
            gaps[m++] = gaps[i];
        else if (gaps[i].to > gaps[m - 1].to)
            gaps[m - 1].to = gaps[i].to;
    }
    return m;
}

static size_t gaps_of(const struct pause *p, size_t n, int64_t now_us, int32_t t0,
                      struct gap *gaps)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t to_us = p[i].to_us == TIME_NONE ? now_us : p[i].to_us;
        struct gap g = {day_of(p[i].from_us), day_of(to_us)};
        if (g.from < t0) /* what stands before T0 does not count anyway */
            g.from = t0;
        if (g.to > g.from)
            m = gap_insert(gaps, m, g);
    }
    return gaps_merge(gaps, m);
}

/* LAW: ND61/2018 19.4 - after a supplement the time is counted anew: with nothing but "the
 * same day" to count, the day on which the office has the dossier back is due. */
static int32_t due_same_day(const struct calendar *cal, int32_t t0, const struct pause *pauses,
                            size_t n, int64_t now_us)
{
    int32_t due = t0;
    for (size_t round = 0; round < n; round++) {
        int32_t last = due;
        for (size_t i = 0; i < n; i++) {
            int64_t to_us = pauses[i].to_us == TIME_NONE ? now_us : pauses[i].to_us;
            if (to_us <= pauses[i].from_us || day_of(pauses[i].from_us) > due)
                continue;
            int32_t back = calendar_t0(cal, to_us);
            due = back > due ? back : due;
        }
        if (due == last)
            break;
    }
    return due;
}

int32_t calendar_due(const struct calendar *cal, int64_t received_us, struct budget b,
                     const struct pause *pauses, size_t npauses, int64_t now_us)
{
    struct gap gaps[PAUSES_MAX];
    int32_t t0 = calendar_t0(cal, received_us);
    npauses = npauses < PAUSES_MAX ? npauses : PAUSES_MAX;
    if (b.n == 0)
        return due_same_day(cal, t0, pauses, npauses, now_us);
    size_t n = gaps_of(pauses, npauses, now_us, t0, gaps);
    bool is_working = b.unit == 'w';
    int32_t end = is_working ? rank_of(cal, t0) + b.n : t0 + b.n;
    /* A gap that begins before the time has run out moves the end by the days it takes. */
    for (size_t i = 0; i < n; i++) {
        if ((is_working ? day_at(cal, end) : end) <= gaps[i].from)
            break;
        end += is_working ? calendar_count(cal, gaps[i].from, gaps[i].to)
                          : gaps[i].to - gaps[i].from;
    }
    return is_working ? day_at(cal, end) : calendar_next_working(cal, end);
}
