/* hours.c - office time: how much of it lies before a moment, and when so much has passed. */
#include "calendar/calendar.h"
#include "simulate/simulate_priv.h"

static bool is_off(const struct sim_knobs *k, int32_t day)
{
    for (size_t i = 0; k && i < k->nholidays; i++)
        if (k->holidays[i] == day)
            return true;
    return false;
}

struct sim_hours *hours_new(struct arena *mem, const struct sim_model *m, int32_t first,
                            int32_t n, const struct sim_knobs *k)
{
    struct sim_hours *h = arena_new_of(mem, struct sim_hours);
    *h = (struct sim_hours){.first = first, .n = n, .nspans = m->nspans};
    for (size_t i = 0; i < m->nspans; i++) {
        h->spans[i] = m->spans[i];
        h->day_us += (m->spans[i].to_min - m->spans[i].from_min) * MINUTE_US;
    }
    if (m->is_always_open) {
        h->nspans = 1;
        h->spans[0] = (struct sim_span){0, 24 * 60};
        h->day_us = DAY_US;
    }
    h->open = arena_array(mem, bool, (size_t)n);
    h->before = arena_array(mem, int32_t, (size_t)n + 1);
    h->nth = arena_array(mem, int32_t, (size_t)n + 1);
    for (int32_t i = 0; i < n; i++) {
        h->open[i] = m->is_always_open ||
                     (calendar_is_working(m->cal, first + i) && !is_off(k, first + i));
        h->before[i] = h->working;
        if (h->open[i])
            h->nth[h->working++] = i;
    }
    h->before[n] = h->working;
    return h;
}

static int64_t worked_in_day(const struct sim_hours *h, int64_t within)
{
    int64_t sum = 0;
    for (size_t i = 0; i < h->nspans; i++) {
        int64_t from = h->spans[i].from_min * MINUTE_US, to = h->spans[i].to_min * MINUTE_US;
        if (within <= from)
            break;
        sum += (within < to ? within : to) - from;
    }
    return sum;
}

int64_t hours_worked(const struct sim_hours *h, int64_t at)
{
    int32_t day = day_of(at), i = day - h->first;
    if (i < 0)
        return 0;
    if (i >= h->n)
        return h->working * h->day_us;
    int64_t part = h->open[i] ? worked_in_day(h, at - day_start(day)) : 0;
    return h->before[i] * h->day_us + part;
}

/* The moment of the day at which so much of it, 1 … day_us, has been worked. */
static int64_t moment_in_day(const struct sim_hours *h, int64_t work)
{
    size_t i = 0;
    for (;; i++) {
        int64_t length = (h->spans[i].to_min - h->spans[i].from_min) * MINUTE_US;
        if (work <= length || i + 1 == h->nspans)
            break;
        work -= length;
    }
    return h->spans[i].from_min * MINUTE_US + work;
}

int64_t hours_after(const struct sim_hours *h, int64_t at, int64_t work)
{
    if (work <= 0)
        return at;
    int64_t total = hours_worked(h, at) + work, rank = h->day_us ? (total - 1) / h->day_us : 0;
    if (!h->day_us || rank >= h->working) /* beyond the table: not in this run */
        return day_start(h->first + h->n + 1);
    return day_start(h->first + h->nth[rank]) + moment_in_day(h, total - rank * h->day_us);
}

bool hours_is_open(const struct sim_hours *h, int64_t at)
{
    int32_t day = day_of(at), i = day - h->first;
    int64_t within = at - day_start(day);
    if (i < 0 || i >= h->n || !h->open[i])
        return false;
    for (size_t s = 0; s < h->nspans; s++)
        if (within >= h->spans[s].from_min * MINUTE_US &&
            within < h->spans[s].to_min * MINUTE_US)
            return true;
    return false;
}

int64_t hours_next(const struct sim_hours *h, int64_t at)
{
    if (hours_is_open(h, at))
        return at;
    return hours_after(h, at, 1) - 1; /* where the next microsecond of work begins */
}
