/* due.c - counting: T0, due days, days used. Pure functions of a calendar. */
#include "calendar/calendar_priv.h"

int32_t calendar_row(int32_t day)
{
    int64_t i = (int64_t)day - CAL_FIRST;
    return i < 0 ? 0 : i >= CAL_DAYS ? CAL_DAYS - 1 : (int32_t)i;
}

/* Working days up to and with the day. */
static int32_t rank_of(const struct calendar *cal, int32_t day)
{
    return day < CAL_FIRST ? 0 : cal->before[calendar_row(day) + 1];
}

int32_t calendar_day_at(const struct calendar *cal, int32_t rank)
{
    int32_t last = cal->working - 1, i = rank - 1;
    return CAL_FIRST + cal->nth[i < 0 ? 0 : i > last ? last : i];
}

bool calendar_is_working(const struct calendar *cal, int32_t day)
{
    return cal->works[calendar_row(day)];
}

int32_t calendar_next_working(const struct calendar *cal, int32_t day)
{
    return calendar_day_at(cal, cal->before[calendar_row(day)] + 1);
}

int32_t calendar_last_working(const struct calendar *cal, int32_t day)
{
    return calendar_day_at(cal, cal->before[calendar_row(day)]);
}

int32_t calendar_t0(const struct calendar *cal, int64_t received_us)
{
    int32_t day = day_of(received_us);
    /* LAW: ND61/2018 18 - received at or after 15:00 counts as the next working day. */
    bool is_late = received_us - day_start(day) >= cal->rules.cutoff_us;
    return calendar_next_working(cal, is_late ? day + 1 : day);
}

int32_t calendar_count(const struct calendar *cal, int32_t from, int32_t to)
{
    return rank_of(cal, to) - rank_of(cal, from);
}

bool budget_parse(struct str s, struct budget *ret)
{
    int64_t n;
    if (s.n < 3 || s.p[0] == '-' || s.p[0] == '+')
        return false;
    struct str number = str_cut(s, 0, s.n - 2), unit = str_skip(s, s.n - 2);
    bool is_known =
        str_eq(unit, STR("wd")) || str_eq(unit, STR("wh")) || str_eq(unit, STR("cd"));
    if (!is_known || !str_int(number, &n) || n > BUDGET_MAX)
        return false;
    char kind = unit.p[1] == 'h' ? 'h' : unit.p[0];
    *ret = (struct budget){.n = (int32_t)n, .unit = kind};
    return true;
}

struct str budget_print(struct arena *mem, struct budget b)
{
    return str_fmt(mem, "%d%s", b.n, b.unit == 'c' ? "cd" : b.unit == 'h' ? "wh" : "wd");
}

struct due due_at(int64_t at_us)
{
    return at_us == TIME_NONE ? DUE_NEVER : (struct due){day_of(at_us - 1), at_us};
}

size_t gap_insert(struct gap *gaps, size_t n, struct gap g)
{
    size_t at = n;
    while (at > 0 && gaps[at - 1].from > g.from) {
        gaps[at] = gaps[at - 1];
        at--;
    }
    gaps[at] = g;
    return n + 1;
}

size_t gaps_merge(struct gap *gaps, size_t n)
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

/* Days (from, to] that do not count. */
static size_t gaps_of(const struct due_question *q, int32_t t0, struct gap *gaps)
{
    size_t m = 0;
    for (size_t i = 0; i < q->npauses; i++) {
        int64_t to_us = q->pauses[i].to_us == TIME_NONE ? q->now_us : q->pauses[i].to_us;
        struct gap g = {day_of(q->pauses[i].from_us), day_of(to_us)};
        if (g.from < t0) /* what stands before T0 does not count anyway */
            g.from = t0;
        if (g.to > g.from)
            m = gap_insert(gaps, m, g);
    }
    return gaps_merge(gaps, m);
}

/* With nothing but "the same day" to count, every pause would make the office late: the day on
 * which it has the dossier back is due. */
static int32_t due_same_day(const struct calendar *cal, const struct due_question *q,
                            int32_t t0)
{
    int32_t due = t0;
    for (size_t round = 0; round < q->npauses; round++) {
        int32_t last = due;
        for (size_t i = 0; i < q->npauses; i++) {
            const struct pause *p = &q->pauses[i];
            int64_t to_us = p->to_us == TIME_NONE ? q->now_us : p->to_us;
            if (to_us <= p->from_us || day_of(p->from_us) > due)
                continue;
            int32_t back = calendar_t0(cal, to_us);
            due = back > due ? back : due;
        }
        if (due == last)
            break;
    }
    return due;
}

static int32_t day_due(const struct calendar *cal, const struct due_question *q)
{
    struct gap gaps[PAUSES_MAX];
    int32_t t0 = calendar_t0(cal, q->start_us);
    if (q->budget.n == 0)
        return due_same_day(cal, q, t0);
    size_t n = gaps_of(q, t0, gaps);
    bool is_working = q->budget.unit == 'w';
    int32_t end = is_working ? rank_of(cal, t0) + q->budget.n : t0 + q->budget.n;
    /* A gap that begins before the time has run out moves the end by the days it takes. */
    for (size_t i = 0; i < n; i++) {
        int32_t from = (int32_t)gaps[i].from, to = (int32_t)gaps[i].to;
        if ((is_working ? calendar_day_at(cal, end) : end) <= from)
            break;
        end += is_working ? calendar_count(cal, from, to) : to - from;
    }
    if (is_working)
        return calendar_day_at(cal, end);
    return q->budget.is_same_day ? end : calendar_next_working(cal, end);
}

struct due calendar_due(const struct calendar *cal, int64_t start_us, struct budget b,
                        const struct pause *pauses, size_t npauses, int64_t now_us)
{
    size_t n = npauses < PAUSES_MAX ? npauses : PAUSES_MAX;
    struct due_question q = {start_us, b, pauses, n, now_us};
    if (b.unit == 'h')
        return hours_due(cal, &q);
    int32_t day = day_due(cal, &q);
    return (struct due){day, day_start(day + 1)};
}
