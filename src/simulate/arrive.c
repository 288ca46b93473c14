/* arrive.c - who comes when: a Poisson process whose rate follows weekday and hour. */
#include <math.h>

#include "calendar/calendar.h"
#include "simulate/simulate_priv.h"

enum { WEEK_HOURS = 7 * 24, SUNDAY = 6 };

static double factor_on(const struct sim_knobs *k, int32_t day)
{
    double f = k->arrivals > 0 ? k->arrivals : 1;
    for (size_t i = 0; i < k->nsurge; i++)
        if (day >= k->surge[i].from && day <= k->surge[i].to)
            f *= k->surge[i].factor;
    return f;
}

static double factor_now(const struct sim_run *r, int64_t at)
{
    return factor_on(at >= r->from_us ? r->knobs : r->before, day_of(at));
}

static double factor_most(const struct sim_run *r)
{
    double most = 1;
    int32_t first = day_of(r->from_us), last = day_of(r->end_us);
    for (int32_t day = first - r->plan->warm; day <= last; day++) {
        double f = factor_on(day >= first ? r->knobs : r->before, day);
        most = f > most ? f : most;
    }
    return most;
}

/* Hours since some Monday, 00:00 local time. */
static double week_hours(int64_t at)
{
    int32_t day = day_of(at);
    return (double)day_weekday(day) * 24 + (double)(at - day_start(day)) / (double)HOUR_US;
}

/* The moment at which `need` arrivals are expected after `at`: the rate's sum is inverted. */
static int64_t moment_of(const struct sim_arrivals *a, int64_t at, double need, double factor)
{
    double week = a->sum[WEEK_HOURS] * factor, from = week_hours(at);
    int hour = (int)from;
    double sum = (a->sum[hour] + (from - hour) * a->hour[hour]) * factor + need;
    double weeks = floor(sum / week);
    sum = (sum - weeks * week) / factor;
    int low = 0, high = WEEK_HOURS - 1; /* the hour in which the sum is reached */
    while (low < high) {
        int middle = (low + high) / 2;
        if (a->sum[middle + 1] > sum)
            high = middle;
        else
            low = middle + 1;
    }
    double rate = a->hour[low], part = rate > 0 ? (sum - a->sum[low]) / rate : 0;
    double hours = weeks * WEEK_HOURS + low + part - from;
    int64_t next = at + (int64_t)(hours * (double)HOUR_US);
    return next > at ? next : at + 1;
}

void arrival_next(struct sim_run *r, unsigned class, bool is_extra)
{
    struct sim_arrivals *a = &r->arrivals[class];
    double factor = is_extra ? a->most - 1 : 1;
    if (a->sum[WEEK_HOURS] <= 0 || factor <= 0)
        return;
    double need = -log(dice_unit(is_extra ? &a->extra : &a->dice));
    int64_t at = moment_of(a, r->now, need, factor);
    heap_push(&r->events, (struct sim_event){
                              .at = at, .who = class, .kind = SIM_ARRIVE, .extra = is_extra});
}

void arrivals_begin(struct sim_run *r)
{
    double most = factor_most(r);
    for (unsigned c = 0; c < r->m->nclasses; c++) {
        struct sim_arrivals *a = &r->arrivals[c];
        for (int h = 0; h < WEEK_HOURS; h++) {
            a->hour[h] = r->m->classes[c].hourly[h];
            a->sum[h + 1] = a->sum[h] + a->hour[h];
        }
        a->most = most;
        a->dice = dice_of(r->seed, 2 * c, 0);
        a->extra = dice_of(r->seed, 2 * c + 1, 0);
        arrival_next(r, c, false);
        arrival_next(r, c, true);
    }
}

/* On a holiday people come as they do on a Sunday. */
static double holiday_share(const struct sim_run *r, const struct sim_arrivals *a, int64_t at)
{
    int32_t day = day_of(at), i = day - r->hours->first;
    int hour = (int)((at - day_start(day)) / HOUR_US), weekday = day_weekday(day);
    if (weekday >= SUNDAY - 1 || i < 0 || i >= r->hours->n || r->hours->open[i])
        return 1;
    double plain = a->hour[weekday * 24 + hour], sunday = a->hour[SUNDAY * 24 + hour];
    return plain > sunday ? sunday / plain : 1;
}

bool arrival_is_real(struct sim_run *r, unsigned class, bool is_extra, struct sim_dice *fate)
{
    struct sim_arrivals *a = &r->arrivals[class];
    uint32_t k = a->count[is_extra]++;
    *fate = dice_of(r->seed, 2 * SIM_CLASSES_MAX + class, 2 * (uint64_t)k + is_extra);
    double f = factor_now(r, r->now), u = dice_unit(fate);
    double share = is_extra ? (f - 1) / (a->most - 1) : f;
    return u < share * holiday_share(r, a, r->now);
}
