/* progress.c - a target's values over time, the path to its promise, and where the line leads. */
#include "target/target_priv.h"

enum { COMPUTED_MONTHS = 12, FRESH_DAYS = 92, FORECAST_YEARS = 30 };
__extension__ typedef __int128 wide; /* sums of days times amounts of money */

const char *target_state_name(enum target_state s)
{
    static const char *const names[] = {"told",   "unknown", "reached", "on_path",
                                        "behind", "open",    "missed"};
    return names[s];
}

/* -- the points -- */

/* Kept in order of days; when full, the oldest but the very first goes. */
static void point_add(struct progress_line *p, struct target_point add)
{
    size_t at = p->n;
    if (p->n == TARGET_POINTS_MAX) {
        for (size_t i = 1; i + 1 < p->n; i++)
            p->points[i] = p->points[i + 1];
        at = --p->n;
    }
    for (; at > 0 && p->points[at - 1].day > add.day; at--)
        p->points[at] = p->points[at - 1];
    p->points[at] = add;
    p->n++;
}

static void declared_add(const struct target_decl *d, struct progress_line *p)
{
    if (d->has_baseline)
        point_add(p, (struct target_point){.day = d->baseline.day,
                                           .value = d->baseline.value,
                                           .source = POINT_BASELINE});
    for (size_t i = 0; i < d->nknown; i++)
        point_add(p, (struct target_point){.day = d->known[i].day,
                                           .value = d->known[i].value,
                                           .source = POINT_KNOWN});
}

static enum rc entered_add(struct ctx *cx, const struct target *t, struct progress_line *p)
{
    struct period all = {day_make(PERIOD_YEAR_MIN, 1, 1), day_of(cx->now_us) + 1};
    struct entered_list list;
    TRY(entered_series(cx, t->ind->id, t->decl->body, all, &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct entered *e = &list.v[i];
        bool is_verified = e->verified.is_given;
        point_add(p, (struct target_point){.day = e->period.to - 1,
                                           .value = entered_value_of(
                                               t->ind, is_verified ? &e->verified : &e->self),
                                           .source = is_verified ? POINT_VERIFIED : POINT_SELF,
                                           .period = e->period});
    }
    return RC_OK;
}

/* Amounts are told for the twelve months up to that day, shares for its month, stocks for the
 * day itself. */
static enum rc computed_at(struct ctx *cx, const struct target *t, int32_t day,
                           struct progress_line *p)
{
    struct period month = period_at(day, SPAN_MONTH);
    struct slice s = {.unit = t->unit->id, .period = {month.from, day + 1}};
    struct figure f;
    if (indicator_is_plain(t->ind) && !t->ind->is_stock)
        s.period.from =
            day_make(civil_of_day(day + 1).year - 1, civil_of_day(day + 1).month, 1);
    TRY(figure_get(cx, t->ind, &s, &f));
    int64_t value = figure_value(t->ind, &f);
    bool is_empty = indicator_is_plain(t->ind) && f.num == 0;
    if (value != DB_NULL && !is_empty)
        point_add(
            p, (struct target_point){
                   .day = day, .value = value, .source = POINT_COMPUTED, .period = s.period});
    return RC_OK;
}

/* The months that have ended before today and by the promised day, and the days for which
 * something was published: there the two can be compared. */
static enum rc computed_add(struct ctx *cx, const struct target *t, struct progress_line *p)
{
    const struct target_decl *d = t->decl;
    int32_t end = day_of(cx->now_us);
    if (d->op != GOAL_NONE && d->goal.day + 1 < end)
        end = d->goal.day + 1;
    struct period month = period_before(period_at(end, SPAN_MONTH));
    for (size_t i = 0; i < COMPUTED_MONTHS; i++, month = period_before(month))
        TRY(computed_at(cx, t, month.to - 1, p));
    if (d->has_baseline && d->baseline.day < month.to)
        TRY(computed_at(cx, t, d->baseline.day, p));
    for (size_t i = 0; i < d->nknown; i++)
        if (d->known[i].day < month.to)
            TRY(computed_at(cx, t, d->known[i].day, p));
    return RC_OK;
}

/* -- the path -- */

static bool is_reached(const struct target_decl *d, int64_t value)
{
    if (d->op == GOAL_AT_MOST)
        return value <= d->goal.value;
    return d->op == GOAL_EQUAL ? value == d->goal.value : value >= d->goal.value;
}

/* On the straight line from the first value to the promise. */
static int64_t path_at(const struct target_decl *d, const struct target_point *first,
                       int32_t day)
{
    int32_t span = d->goal.day - first->day;
    if (span <= 0 || day >= d->goal.day)
        return d->goal.value;
    wide way = (wide)(d->goal.value - first->value) * (day - first->day);
    return first->value + (int64_t)(way / span);
}

static bool is_beyond(const struct target_decl *d, int64_t value, int64_t expected,
                      int64_t first)
{
    return d->goal.value < first ? value <= expected : value >= expected;
}

static enum target_state state_of(const struct target_decl *d, const struct progress_line *p,
                                  const struct target_point *last, int32_t today)
{
    const struct target_point *first = &p->points[0];
    if (d->op == GOAL_NONE)
        return p->n ? TARGET_TOLD : TARGET_UNKNOWN;
    if (!last)
        return TARGET_UNKNOWN;
    if (is_reached(d, last->value))
        return TARGET_REACHED;
    if (d->goal.day < today)
        return last->day + FRESH_DAYS < d->goal.day ? TARGET_UNKNOWN : TARGET_MISSED;
    if (first == last)
        return TARGET_OPEN;
    return is_beyond(d, last->value, p->expected, first->value) ? TARGET_ON_PATH
                                                                : TARGET_BEHIND;
}

/* -- the forecast -- */

/* Least squares: value(x) = (sum_y·den + num·(n·x − sum_x)) / (n·den). */
struct fit {
    wide n, sum_x, sum_y, num, den;
    int32_t origin; /* x counts days from here */
};

static struct fit fit_of(const struct target_point *v, size_t n)
{
    struct fit f = {.n = (wide)n, .origin = v[0].day};
    wide sum_xx = 0, sum_xy = 0;
    for (size_t i = 0; i < n; i++) {
        wide x = v[i].day - f.origin;
        f.sum_x += x;
        f.sum_y += v[i].value;
        sum_xx += x * x;
        sum_xy += x * v[i].value;
    }
    f.num = f.n * sum_xy - f.sum_x * f.sum_y;
    f.den = f.n * sum_xx - f.sum_x * f.sum_x;
    return f;
}

static int64_t fit_at(const struct fit *f, int32_t day)
{
    wide x = day - f->origin;
    return (int64_t)((f->sum_y * f->den + f->num * (f->n * x - f->sum_x)) / (f->n * f->den));
}

/* The first day on which the line has come to the value. */
static int32_t fit_reaches(const struct fit *f, int64_t value, int32_t today)
{
    const wide most = (wide)today + FORECAST_YEARS * 366;
    if (f->num == 0)
        return INT32_MAX;
    wide x = ((wide)value * f->n * f->den - f->sum_y * f->den) / f->num + f->sum_x;
    wide day = f->origin + x / f->n;
    return day < today || day > most ? INT32_MAX : (int32_t)day;
}

static void forecast_put(const struct target_decl *d, int32_t today, struct progress_line *p)
{
    size_t n = p->n < FORECAST_POINTS ? p->n : FORECAST_POINTS;
    p->forecast = DB_NULL;
    p->reach_day = INT32_MAX;
    if (d->op == GOAL_NONE || n < FORECAST_LEAST || d->goal.day < today)
        return;
    struct fit f = fit_of(&p->points[p->n - n], n);
    if (f.den == 0) /* all of one day */
        return;
    p->forecast = fit_at(&f, d->goal.day);
    if (p->state != TARGET_REACHED)
        p->reach_day = fit_reaches(&f, d->goal.value, today);
}

enum rc target_progress(struct ctx *cx, const struct target *t, struct progress_line *ret)
{
    const struct target_decl *d = t->decl;
    int32_t today = day_of(cx->now_us);
    *ret = (struct progress_line){.latest = DB_NULL, .expected = DB_NULL};
    declared_add(d, ret);
    if (t->ind && !t->ind->is_entered && t->unit)
        TRY(computed_add(cx, t, ret));
    else if (t->ind)
        TRY(entered_add(cx, t, ret));
    const struct target_point *last = ret->n ? &ret->points[ret->n - 1] : NULL;
    if (last)
        ret->latest = last->value;
    if (last && last->source == POINT_BASELINE)
        last = NULL;
    if (last && d->op != GOAL_NONE && last != ret->points)
        ret->expected = path_at(d, &ret->points[0], last->day);
    ret->state = state_of(d, ret, last, today);
    forecast_put(d, today, ret);
    return RC_OK;
}
