/* run.c - one run: events in order of time, a window that counts, books that must balance. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "simulate/simulate_priv.h"

enum { RUN_MEMORY = 512 << 20, SCRATCH_MEMORY = 1 << 20, LEADS_FIRST = 1024, ROOM_FIRST = 256 };
static const double LITTLE_MOST = 1e-9;

/* -- what comes next: a heap that grows by doubling in the run's arena -- */

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void heap_grow(struct sim_heap *h)
{
    size_t room = h->room ? h->room * 2 : ROOM_FIRST;
    struct sim_event *v = arena_array(h->mem, struct sim_event, room);
    if (h->n)
        memcpy(v, h->v, h->n * sizeof *v);
    h->v = v;
    h->room = room;
}

void heap_push(struct sim_heap *h, struct sim_event e)
{
    if (h->n == h->room)
        heap_grow(h);
    if (!e.order)
        e.order = ++h->pushed;
    size_t i = h->n++;
    for (; i && is_before(&e, &h->v[(i - 1) / 2]); i = (i - 1) / 2)
        h->v[i] = h->v[(i - 1) / 2];
    h->v[i] = e;
}

struct sim_event heap_pop(struct sim_heap *h)
{
    struct sim_event top = h->v[0], last = h->v[--h->n];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < h->n; i = child) {
        child += child + 1 < h->n && is_before(&h->v[child + 1], &h->v[child]);
        if (!is_before(&h->v[child], &last))
            break;
        h->v[i] = h->v[child];
    }
    h->v[i] = last;
    return top;
}

/* -- what is measured -- */

int64_t run_clip(const struct sim_run *r, int64_t from, int64_t to)
{
    from = from > r->from_us ? from : r->from_us;
    to = to < r->to_us ? to : r->to_us;
    return to > from ? to - from : 0;
}

void level_move(struct sim_run *r, struct sim_level *l, int delta)
{
    l->area += l->n * run_clip(r, l->since, r->now);
    l->since = r->now;
    l->n += delta;
}

bool run_shows(const struct sim_run *r, unsigned class)
{
    return r->plan->shown >= r->m->nclasses || r->plan->shown == class;
}

void lead_add(struct sim_run *r, double working, double calendar)
{
    if (r->nlead == r->lead_room) {
        size_t room = r->lead_room ? r->lead_room * 2 : LEADS_FIRST;
        float *wd = arena_array(r->mem, float, room), *cd = arena_array(r->mem, float, room);
        if (r->nlead) {
            memcpy(wd, r->lead_wd, r->nlead * sizeof *wd);
            memcpy(cd, r->lead_cd, r->nlead * sizeof *cd);
        }
        r->lead_wd = wd;
        r->lead_cd = cd;
        r->lead_room = room;
    }
    r->lead_wd[r->nlead] = (float)working;
    r->lead_cd[r->nlead++] = (float)calendar;
}

/* -- days -- */

static void day_note(struct sim_run *r, int32_t day)
{
    r->day_open[day] = (int32_t)r->shown_open;
    if (r->plan->shown >= r->m->nclasses)
        return;
    const int32_t *count = &r->count[r->plan->shown * FLOW_STATES_MAX];
    for (int32_t s = 0; s < FLOW_STATES_MAX; s++)
        r->day_state[s * r->plan->days + day] = count[s];
}

/* What stands open as each day ends. */
static void days_roll(struct sim_run *r, int64_t now)
{
    for (; now >= r->next_day_us; r->next_day_us += DAY_US) {
        int64_t day = (r->next_day_us - DAY_US - r->from_us) / DAY_US;
        if (r->next_day_us > r->from_us && day >= 0 && day < r->plan->days)
            day_note(r, (int32_t)day);
    }
}

/* -- the loop -- */

static bool is_void(const struct sim_run *r, const struct sim_event *e)
{
    switch ((enum sim_kind)e->kind) {
    case SIM_APPLICANT:
    case SIM_TIMER:
    case SIM_SILENT:
    case SIM_ANSWER:
    case SIM_LATER:
        return case_at(r, e->who)->gen != e->gen;
    case SIM_DONE:
        return r->officers[e->who].gen != e->gen;
    default:
        return false;
    }
}

static enum rc happen(struct sim_run *r, const struct sim_event *e)
{
    switch ((enum sim_kind)e->kind) {
    case SIM_ARRIVE:
        case_arrive(r, e->who, e->extra);
        break;
    case SIM_DONE:
        return task_done(r, e->who);
    case SIM_APPLICANT:
        return case_applicant(r, e->who);
    case SIM_TIMER:
        return case_timer(r, e->who);
    case SIM_SILENT:
        return branch_silent(r, e->who, e->extra);
    case SIM_ANSWER:
        return branch_answer(r, e->who, e->extra);
    case SIM_OPEN:
        stations_serve(r);
        break;
    case SIM_AWAY:
        officer_away(r, e->who);
        break;
    case SIM_BACK:
        officer_back(r, e->who);
        break;
    case SIM_LATER:
        return case_later(r, e->who);
    case SIM_FREE:
        officer_next(r, e->who);
        break;
    }
    return RC_OK;
}

static enum rc loop(struct sim_run *r)
{
    while (r->events.n && r->events.v[0].at < r->end_us) {
        struct sim_event e = heap_pop(&r->events);
        if (is_void(r, &e))
            continue;
        if (e.at >= r->next_day_us)
            days_roll(r, e.at);
        r->now = e.at;
        if (++r->steps > r->plan->steps_max && r->plan->steps_max)
            return FAIL(r->cx, OVERLOADED, "steps", "more than %lld steps",
                        (long long)r->plan->steps_max);
        TRY(happen(r, &e));
    }
    days_roll(r, r->end_us);
    r->now = r->end_us;
    return RC_OK;
}

/* -- the books -- */

/* Those that were begun and are not done: their time is at least what it is now. */
static void unfinished_count(struct sim_run *r)
{
    for (uint32_t i = 1; i <= r->ncases; i++) {
        struct sim_case *c = case_at(r, i);
        if (!c->is_live)
            continue;
        if (c->open_us != TIME_NONE)
            r->open.sum += run_clip(r, c->open_us, r->now);
        if (!c->is_counted || c->was_done)
            continue;
        lead_add(r, INFINITY, INFINITY);
        r->late += c->d.is_late || clock_is_over(&c->d, r->now) || case_is_neglected(r, c);
    }
    level_move(r, &r->open, 0);
}

/* Little's law: the time-average of how many are there, times the window, is the sum of the times
 * that each one was there. Both are kept apart; where they differ the simulation is wrong. */
static double residual(const struct sim_level *l)
{
    int64_t off = l->area > l->sum ? l->area - l->sum : l->sum - l->area;
    return l->area ? (double)off / (double)l->area : (double)(off != 0);
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* v sorted. The q-th part is at or below; when that many did not end, the horizon. */
static void quantile_put(const struct sim_run *r, const float *v, double q, double horizon,
                         struct sim_outcome *o, enum sim_measure m)
{
    if (!r->nlead)
        return;
    size_t i = (size_t)ceil(q * (double)r->nlead);
    double x = v[i ? i - 1 : 0];
    o->is_least[m] = isinf(x);
    o->value[m] = isinf(x) ? horizon : x;
}

static void leads_put(struct sim_run *r, struct sim_outcome *o)
{
    double wd = r->hours->day_us ? (double)(hours_worked(r->hours, r->end_us) - r->from_w) /
                                       (double)r->hours->day_us
                                 : 0;
    double cd = (double)(r->end_us - r->from_us) / (double)DAY_US;
    if (r->nlead) {
        qsort(r->lead_wd, r->nlead, sizeof *r->lead_wd, compare);
        qsort(r->lead_cd, r->nlead, sizeof *r->lead_cd, compare);
    }
    quantile_put(r, r->lead_wd, 0.5, wd, o, SIM_LEAD50_WD);
    quantile_put(r, r->lead_wd, 0.9, wd, o, SIM_LEAD90_WD);
    quantile_put(r, r->lead_cd, 0.5, cd, o, SIM_LEAD50_CD);
    quantile_put(r, r->lead_cd, 0.9, cd, o, SIM_LEAD90_CD);
}

static void busy_put(const struct sim_run *r, struct sim_outcome *o)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        int64_t busy = 0, present = 0;
        for (size_t i = 0; i < r->nofficers; i++)
            if (r->officers[i].role == role && r->officers[i].office == 0) {
                busy += r->officers[i].busy;
                present += r->officers[i].present;
            }
        o->value[SIM_BUSY + role] = present ? (double)busy / (double)present : 0;
    }
}

static void outcome_put(struct sim_run *r, struct sim_side *side, struct sim_outcome *o)
{
    double window = (double)(r->to_us - r->from_us);
    int32_t days = r->plan->days;
    double sum = 0;
    for (int32_t d = 0; d < days; d++) {
        sum += r->day_open[d];
        side->backlog[d] += r->day_open[d];
        for (int32_t s = 0; s < FLOW_STATES_MAX; s++)
            side->state[s * days + d] += r->day_state[s * days + d];
    }
    leads_put(r, o);
    for (size_t i = 0; i < r->nlead; i++)
        side->lead[r->lead_wd[i] < SIM_LEAD_DAYS - 1 ? (int)r->lead_wd[i]
                                                     : SIM_LEAD_DAYS - 1]++;
    o->value[SIM_LATE] = r->counted ? (double)r->late / (double)r->counted : 0;
    o->value[SIM_BACKLOG] = sum / days;
    o->value[SIM_BACKLOG_END] = r->day_open[days - 1];
    o->value[SIM_ARRIVED] = (double)r->counted / days;
    o->value[SIM_WAITING] = (double)r->waiting.area / window;
    o->value[SIM_WAIT_HOURS] =
        r->waits ? (double)r->waiting.sum / (double)r->waits / (double)HOUR_US : 0;
    busy_put(r, o);
    side->dossiers += r->counted;
    side->steps += r->steps;
    side->turned_away += r->turned_away;
    side->stuck += r->stuck;
}

static enum rc close_books(struct sim_run *r, struct sim_side *side, struct sim_outcome *o)
{
    unfinished_count(r);
    office_end(r);
    double a = residual(&r->open), b = residual(&r->waiting);
    o->little = a > b ? a : b;
    if (o->little > LITTLE_MOST)
        return FAIL(r->cx, INTERNAL, NULL, "Little's law is off by %g", o->little);
    if (r->nlead != (size_t)r->counted)
        return FAIL(r->cx, INTERNAL, NULL, "%lld counted, %zu seen", (long long)r->counted,
                    r->nlead);
    outcome_put(r, side, o);
    return RC_OK;
}

/* -- a run -- */

/* The run's own world: no database, the model's calendar. */
static struct ctx *world_new(struct ctx *cx, const struct sim_model *m, struct arena *mem,
                             const struct calendar *cal)
{
    struct app *app = arena_new_of(mem, struct app);
    struct ctx *own = ctx_new(mem, app);
    if (cx->app)
        app->settings = cx->app->settings;
    app->mem = mem;
    app->calendar = (struct calendar *)cal; /* read only, as everywhere */
    (void)m;
    return own;
}

static void run_begin(struct sim_run *r)
{
    const struct sim_plan *p = r->plan;
    int32_t first = p->from - p->warm, n = p->warm + p->days + p->drain;
    r->from_us = day_start(p->from);
    r->to_us = day_start(p->from + p->days);
    r->now = day_start(first);
    r->end_us = day_start(first + n);
    r->next_day_us = r->from_us + DAY_US;
    r->open.since = r->waiting.since = r->now;
    r->hours = hours_new(r->mem, r->m, first, n + 1, r->knobs);
    r->from_w = hours_worked(r->hours, r->from_us);
    r->to_w = hours_worked(r->hours, r->to_us);
    r->events.mem = r->mem;
    r->count = arena_array(r->mem, int32_t, SIM_CLASSES_MAX * FLOW_STATES_MAX);
    r->day_open = arena_array(r->mem, int32_t, (size_t)p->days);
    r->day_state = arena_array(r->mem, int32_t, (size_t)p->days * FLOW_STATES_MAX);
    office_begin(r);
    arrivals_begin(r);
}

enum rc sim_run_once(struct ctx *cx, const struct sim_model *m, const struct sim_knobs *before,
                     const struct sim_knobs *knobs, const struct sim_plan *plan, uint64_t seed,
                     struct sim_side *side, struct sim_outcome *ret)
{
    struct arena *mem = arena_new(RUN_MEMORY);
    struct arena *scope = arena_child(mem, SCRATCH_MEMORY);
    struct sim_run *r = arena_new_of(mem, struct sim_run);
    struct sim_outcome o = {0};
    *r = (struct sim_run){.m = m,
                          .before = before,
                          .knobs = knobs,
                          .plan = plan,
                          .mem = mem,
                          .scratch = scope,
                          .seed = seed,
                          .cal = m->cal};
    r->cx = world_new(cx, m, mem, m->cal);
    if (knobs->nholidays) { /* a day off moves due days, too: also of what runs already */
        r->cal = calendar_closed(r->cx, m->cal, knobs->holidays, knobs->nholidays);
        r->cx->app->calendar = (struct calendar *)r->cal;
    }
    run_begin(r);
    enum rc rc = loop(r);
    if (rc == RC_OK)
        rc = close_books(r, side, &o);
    if (rc != RC_OK)
        cx->err = r->cx->err;
    arena_free(mem);
    *ret = o;
    return rc;
}
