/* explain.c - a due date told day by day: what counted, what did not, and why. */
#include "calendar/calendar_priv.h"

/* While the days are listed. */
struct telling {
    struct ctx *cx;
    const struct calendar *cal;
    const struct due_question *q;
    struct due due;
    int32_t t0, n; /* n: counted so far */
    struct json *days;
};

static const struct calendar_day *entry_of(const struct calendar *cal, int32_t day)
{
    size_t lo = 0, hi = cal->ndays;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (cal->days[mid].day < day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < cal->ndays && cal->days[lo].day == day ? &cal->days[lo] : NULL;
}

static bool is_in_pause(const struct due_question *q, int32_t day)
{
    for (size_t i = 0; i < q->npauses; i++) {
        int64_t to_us = q->pauses[i].to_us == TIME_NONE ? q->now_us : q->pauses[i].to_us;
        if (day_of(q->pauses[i].from_us) < day && day <= day_of(to_us))
            return true;
    }
    return false;
}

static const char *day_off_kind(const struct calendar_day *e)
{
    return !e ? "weekend" : e->kind == CAL_COMPENSATION ? "compensation" : "holiday";
}

/* Why a day from the start to the due day is what it is; with days. */
static const char *day_kind(const struct telling *t, int32_t day, const struct calendar_day *e)
{
    bool works = calendar_is_working(t->cal, day);
    bool cd = t->q->budget.unit == 'c';
    if (day < t->t0)
        return works ? "received" : day_off_kind(e);
    if (day == t->t0 || (t->q->budget.n == 0 && day == t->due.day))
        return "t0";
    if (!works && (!cd || t->n == t->q->budget.n))
        return day_off_kind(e);
    if (is_in_pause(t->q, day))
        return "pause";
    if (t->n == t->q->budget.n)
        return "moved";
    return e && e->kind == CAL_MAKEUP ? "makeup" : "counted";
}

/* Office time of [from, to) that no pause covers. */
static int64_t hours_between(const struct telling *t, int64_t from, int64_t to)
{
    struct gap gaps[PAUSES_MAX];
    size_t n = 0;
    int64_t sum = hours_before(t->cal, to) - hours_before(t->cal, from);
    for (size_t i = 0; i < t->q->npauses; i++) {
        struct gap g = {t->q->pauses[i].from_us, t->q->pauses[i].to_us};
        if (g.to == TIME_NONE)
            g.to = t->q->now_us;
        g.from = g.from < from ? from : g.from;
        g.to = g.to > to ? to : g.to;
        if (g.to > g.from)
            n = gap_insert(gaps, n, g);
    }
    n = gaps_merge(gaps, n);
    for (size_t i = 0; i < n; i++)
        sum -= hours_before(t->cal, gaps[i].to) - hours_before(t->cal, gaps[i].from);
    return sum;
}

static const char *hours_kind(const struct telling *t, int32_t day,
                              const struct calendar_day *e, int64_t worked)
{
    if (!calendar_is_working(t->cal, day))
        return day_off_kind(e);
    if (worked)
        return e && e->kind == CAL_MAKEUP ? "makeup" : "counted";
    return day == day_of(t->q->start_us) ? "received" : "pause";
}

static void day_put(struct telling *t, int32_t day)
{
    struct arena *mem = t->cx->mem;
    const struct calendar_day *e = entry_of(t->cal, day);
    struct json *o = json_push(t->days, json_new_obj(mem));
    int64_t from = day_start(day), to = day_start(day + 1), worked = 0;
    bool hours = t->q->budget.unit == 'h';
    if (hours)
        worked = hours_between(t, from < t->q->start_us ? t->q->start_us : from,
                               to > t->due.at_us ? t->due.at_us : to);
    struct str kind = str_from(hours ? hours_kind(t, day, e, worked) : day_kind(t, day, e));
    json_put_str(mem, o, "day", day_iso(mem, day));
    json_put_int(mem, o, "weekday", day_weekday(day));
    json_put_str(mem, o, "kind", kind);
    if (str_eq(kind, STR("counted")) || str_eq(kind, STR("makeup")))
        json_put_int(mem, o, "n", ++t->n);
    if (worked)
        json_put_int(mem, o, "minutes", (worked + MINUTE_US / 2) / MINUTE_US);
    if (e && e->name.n)
        json_put_str(mem, o, "name", e->name);
}

static void head_put(struct telling *t, struct json *o)
{
    struct arena *mem = t->cx->mem;
    int64_t cutoff = t->cal->rules.cutoff_us / MINUTE_US;
    json_put_str(mem, o, "start", time_iso(mem, t->q->start_us));
    if (t->q->budget.unit != 'h')
        json_put_str(mem, o, "t0", day_iso(mem, t->t0));
    json_put_str(mem, o, "due", day_iso(mem, t->due.day));
    json_put_str(mem, o, "due_time", time_iso(mem, t->due.at_us));
    json_put_str(mem, o, "budget", budget_print(mem, t->q->budget));
    json_put_int(mem, o, "version", t->cal->version);
    json_put_str(mem, o, "cutoff",
                 str_fmt(mem, "%02d:%02d", (int)(cutoff / 60), (int)(cutoff % 60)));
}

enum rc calendar_explain(struct ctx *cx, const struct calendar *cal,
                         const struct due_question *q, struct json **ret)
{
    struct due_question asked = *q;
    asked.npauses = q->npauses < PAUSES_MAX ? q->npauses : PAUSES_MAX;
    if (q->budget.n < 0 || q->budget.n > BUDGET_MAX || q->start_us == TIME_NONE)
        return FAIL(cx, INVALID, "budget", "nothing to explain");
    struct telling t = {.cx = cx, .cal = cal, .q = &asked};
    t.due = calendar_due(cal, q->start_us, q->budget, q->pauses, q->npauses, q->now_us);
    t.t0 = calendar_t0(cal, q->start_us);
    struct json *o = json_new_obj(cx->mem);
    head_put(&t, o);
    t.days = json_put(o, STR("days"), json_new_arr(cx->mem));
    int32_t day = day_of(q->start_us);
    for (int32_t i = 0; i < EXPLAIN_DAYS_MAX && day <= t.due.day; i++)
        day_put(&t, day++);
    if (day <= t.due.day)
        json_put_bool(cx->mem, o, "cut", true);
    *ret = o;
    return RC_OK;
}
