/* clock.c - a dossier's clocks: what entering a state does to them, and when they run out. */
#include "casework/casework_priv.h"
#include "casework/migrate.h"

bool run_is_paused(const struct clock_run *c)
{
    return c->npauses && c->pauses[c->npauses - 1].to_us == TIME_NONE;
}

static bool run_is_running(const struct clock_run *c)
{
    return c->start_us != TIME_NONE && c->stop_us == TIME_NONE && !run_is_paused(c);
}

bool run_is_over(const struct clock_run *c, int64_t at_us)
{
    return run_is_running(c) && c->due.at_us != TIME_NONE && at_us >= c->due.at_us;
}

bool clock_is_paused(const struct dossier *d)
{
    return run_is_paused(&d->clocks[0]);
}

bool clock_is_running(const struct dossier *d)
{
    return run_is_running(&d->clocks[0]);
}

bool clock_is_over(const struct dossier *d, int64_t at_us)
{
    return run_is_over(&d->clocks[0], at_us);
}

/* The handling is over for the clocks: ready, returned, refused, withdrawn or stopped. */
static bool state_is_final(const struct flow_state *s)
{
    return s->is_end || s->status >= STATUS_WITHDRAWN || s->status == STATUS_NOT_RECEIVED;
}

bool clock_ever_ended(const struct dossier *d)
{
    const struct flow *f = d->pack->flow;
    for (size_t i = 0; i < f->nstates; i++)
        if (d->entries[f->states[i].index] && state_is_final(&f->states[i]))
            return true;
    return false;
}

static void runs_clear(struct dossier *d)
{
    for (size_t i = 0; i < FLOW_CLOCKS_MAX; i++)
        d->clocks[i] =
            (struct clock_run){.start_us = TIME_NONE, .stop_us = TIME_NONE, .due = DUE_NEVER};
}

void clocks_clear(struct dossier *d)
{
    runs_clear(d);
    d->due = INT32_MIN;
    d->promised = DUE_NEVER;
    d->finished_us = d->warn_us = d->after_us = TIME_NONE;
}

/* LAW: ND61/2018 19.4 - after a supplement the time is counted from zero: what was used or
 * paused before, and what was warned of, is of no account. That it once was late stays. */
static void run_restart(struct dossier *d, size_t i, int64_t at_us)
{
    struct clock_run *c = &d->clocks[i];
    c->start_us = at_us;
    c->npauses = 0;
    if (i == 0)
        d->warned = 0;
}

/* Beyond PAUSES_MAX a pause no longer moves the date: flows bound their supplements. */
static void run_pause(struct clock_run *c, bool pauses, int64_t at_us)
{
    pauses = pauses && c->start_us != TIME_NONE;
    if (pauses && !run_is_paused(c) && c->npauses < PAUSES_MAX)
        c->pauses[c->npauses++] = (struct pause){at_us, TIME_NONE};
    else if (!pauses && run_is_paused(c))
        c->pauses[c->npauses - 1].to_us = at_us;
}

/* What an end has stopped an appeal does not take up: the office's time for that was used. */
static bool run_is_done(const struct dossier *d, const struct clock_run *c)
{
    bool left_an_end = d->finished_us == TIME_NONE || (d->state && d->state->is_end);
    return c->start_us != TIME_NONE && c->stop_us != TIME_NONE && left_an_end;
}

static void run_step(struct dossier *d, size_t i, const struct flow_state *to, int64_t at_us)
{
    struct clock_run *c = &d->clocks[i];
    unsigned bit = 1u << i;
    bool is_final = state_is_final(to), is_done = run_is_done(d, c);
    if (run_is_over(c, at_us))
        c->is_late = true;
    run_pause(c, (to->pauses & bit) != 0, at_us);
    if (d->state && (d->state->restarts & bit) && c->start_us != TIME_NONE && !is_final &&
        !is_done)
        run_restart(d, i, at_us);
    if (c->start_us == TIME_NONE && flow_clock_starts(&d->pack->flow->clocks[i], to)) {
        c->start_us = at_us;
        run_pause(c, (to->pauses & bit) != 0, at_us);
    }
    if (!is_final && !is_done)
        c->stop_us = TIME_NONE;
    else if (c->stop_us == TIME_NONE && is_final)
        c->stop_us = at_us;
}

void dossier_step(struct dossier *d, const struct flow_state *to, int64_t at_us)
{
    for (size_t i = 0; i < d->pack->flow->nclocks; i++)
        run_step(d, i, to, at_us);
    d->is_late = d->is_late || d->clocks[0].is_late;
    if (!state_is_final(to))
        d->finished_us = TIME_NONE;
    else if (d->finished_us == TIME_NONE)
        d->finished_us = at_us;
    d->ended_us = to->is_end ? at_us : TIME_NONE;
    d->supplements += to->status == STATUS_SUPPLEMENT;
    d->entries[to->index]++;
    d->state = to;
    d->status = to->status;
    d->entered_us = at_us;
}

/* The last day of the time belongs to the applicant: the timer fires as the next one begins. */
int64_t clock_after(struct ctx *cx, const struct dossier *d, int64_t at_us)
{
    const struct flow_state *s = d->state;
    if (s->after.n < 0 || !s->after_to)
        return TIME_NONE;
    return calendar_due(calendar_for(cx, d->unit), at_us, s->after, NULL, 0, at_us).at_us;
}

static void sooner(int64_t *best, int64_t us)
{
    if (us != TIME_NONE && (*best == TIME_NONE || us < *best))
        *best = us;
}

int64_t clock_wake(const struct dossier *d)
{
    int64_t wake = d->after_us;
    if (!clock_is_running(d))
        return wake;
    sooner(&wake, d->warn_us);
    if (!d->is_late)
        sooner(&wake, d->clocks[0].due.at_us);
    return wake;
}

int32_t clock_used(struct ctx *cx, const struct dossier *d, int64_t at_us)
{
    const struct calendar *cal = calendar_for(cx, d->unit);
    const struct clock_run *c = &d->clocks[0];
    if (c->start_us == TIME_NONE)
        return 0;
    int32_t t0 = calendar_t0(cal, c->start_us);
    int64_t stop = d->finished_us != TIME_NONE ? d->finished_us : at_us;
    int32_t used = calendar_count(cal, t0, day_of(stop));
    for (size_t i = 0; i < c->npauses; i++) {
        const struct pause *p = &c->pauses[i];
        int32_t from = day_of(p->from_us);
        int32_t to = day_of(p->to_us == TIME_NONE || p->to_us > stop ? stop : p->to_us);
        from = from < t0 ? t0 : from;
        if (to > from)
            used -= calendar_count(cal, from, to);
    }
    return used < 0 ? 0 : used;
}

/* -- when it is due: commands count, events carry, the fold takes -- */

/* What stands still is counted as of when it stopped: the same by whatever day it is asked. */
static int64_t counted_at(const struct clock_run *c, int64_t at_us)
{
    return run_is_paused(c) ? c->pauses[c->npauses - 1].from_us : at_us;
}

void clocks_count(struct ctx *cx, struct dossier *d, int64_t at_us)
{
    const struct flow *f = d->pack->flow;
    const struct calendar *cal = calendar_for(cx, d->unit);
    for (size_t i = 0; i < f->nclocks; i++) {
        struct clock_run *c = &d->clocks[i];
        if (c->start_us != TIME_NONE)
            c->due =
                calendar_due(cal, c->start_us, flow_clock_budget(&f->clocks[i], d->entries),
                             c->pauses, c->npauses, counted_at(c, at_us));
    }
    d->due = d->clocks[0].due.day;
    d->after_us = d->after_us == TIME_NONE ? clock_after(cx, d, d->entered_us) : d->after_us;
    d->warn_us = late_next(cx, d);
}

bool clock_begins_anew(const struct dossier *d, size_t i)
{
    return run_is_paused(&d->clocks[i]) && d->clocks[i].stop_us == TIME_NONE && d->state &&
           (d->state->restarts >> i & 1);
}

struct due_question clock_question(const struct dossier *d, size_t i, int64_t at_us)
{
    const struct clock_run *c = &d->clocks[i];
    struct budget b = flow_clock_budget(&d->pack->flow->clocks[i], d->entries);
    if (clock_begins_anew(d, i))
        return (struct due_question){at_us, b, NULL, 0, at_us};
    return (struct due_question){c->start_us, b, c->pauses, c->npauses, at_us};
}

int32_t clock_due(struct ctx *cx, const struct dossier *d, int64_t at_us)
{
    const struct flow *f = d->pack->flow;
    const struct clock_run *c = &d->clocks[0];
    if (!f->nclocks || c->start_us == TIME_NONE)
        return INT32_MIN;
    struct due_question q = clock_question(d, 0, at_us);
    return calendar_due(calendar_for(cx, d->unit), q.start_us, q.budget, q.pauses, q.npauses,
                        q.now_us)
        .day;
}

int32_t due_now(struct ctx *cx, const struct dossier *d)
{
    if (!clock_is_paused(d))
        return d->due;
    return clock_due(cx, d, d->finished_us != TIME_NONE ? d->finished_us : cx->now_us);
}

/* What people are told is the office's own promise, where the flow makes one. */
size_t clock_told(const struct dossier *d)
{
    const struct flow *f = d->pack->flow;
    for (size_t i = 1; i < f->nclocks; i++)
        if (str_eq(f->clocks[i].id, STR("promise")) && d->clocks[i].start_us != TIME_NONE)
            return i;
    return 0;
}

static bool any_ends(const struct dossier *d)
{
    for (size_t i = 0; i < d->pack->flow->nclocks; i++)
        if (d->clocks[i].due.at_us != TIME_NONE)
            return true;
    return d->due != INT32_MIN;
}

void clocks_facts(struct ctx *cx, const struct dossier *d, struct json *facts)
{
    struct arena *mem = cx->mem;
    if (d->after_us != TIME_NONE)
        json_put_int(mem, facts, "after", d->after_us);
    if (d->due != INT32_MIN) {
        json_put_int(mem, facts, "due", d->due);
        json_put_int(mem, facts, "calendar", calendar_version(calendar_for(cx, d->unit)));
    }
    if (d->due != INT32_MIN && d->warn_us != TIME_NONE)
        json_put_int(mem, facts, "warn", d->warn_us);
    if (!any_ends(d))
        return;
    struct json *ends = json_put(facts, STR("ends"), json_new_arr(mem));
    for (size_t i = 0; i < d->pack->flow->nclocks; i++) {
        int64_t at = d->clocks[i].due.at_us;
        json_push(ends, at == TIME_NONE ? json_new_null(mem) : json_new_int(mem, at));
    }
}

void clocks_take(const struct json *facts, struct dossier *d)
{
    const struct json *ends = json_get(facts, STR("ends"));
    d->after_us = json_int(facts, "after", TIME_NONE);
    d->warn_us = json_int(facts, "warn", TIME_NONE);
    d->due = (int32_t)json_int(facts, "due", INT32_MIN);
    for (size_t i = 0; i < d->pack->flow->nclocks; i++) {
        const struct json *at = json_at(ends, i);
        if (at && at->kind == JSON_INT)
            d->clocks[i].due = due_at(at->i);
    }
    if (!ends && d->due != INT32_MIN) /* an event of before there were several clocks */
        d->clocks[0].due = due_at(day_start(d->due + 1));
    if (!d->redated)
        d->promised = d->clocks[clock_told(d)].due;
}

/* -- as text in the row -- */

struct str pauses_print(struct arena *mem, const struct clock_run *c)
{
    struct buf *b = buf_new(mem, PAUSES_MAX * 44 + 1);
    for (size_t i = 0; i < c->npauses; i++) {
        if (i)
            buf_putc(b, ',');
        buf_int(b, c->pauses[i].from_us);
        buf_putc(b, '-');
        if (c->pauses[i].to_us != TIME_NONE)
            buf_int(b, c->pauses[i].to_us);
    }
    return buf_str(b);
}

static void pauses_read(struct str text, struct clock_run *c)
{
    struct str one, from;
    for (c->npauses = 0; text.n && c->npauses < PAUSES_MAX; c->npauses++) {
        struct pause *p = &c->pauses[c->npauses];
        text = str_split(text, ',', &one);
        struct str to = str_split(one, '-', &from);
        if (!str_int(from, &p->from_us))
            return;
        if (!str_int(to, &p->to_us))
            p->to_us = TIME_NONE;
    }
}

struct str clocks_print(struct arena *mem, const struct dossier *d)
{
    struct buf *b = buf_new(mem, FLOW_CLOCKS_MAX * (PAUSES_MAX + 2) * 44);
    for (size_t i = 0; i < d->pack->flow->nclocks; i++) {
        const struct clock_run *c = &d->clocks[i];
        if (i)
            buf_putc(b, ';');
        if (c->start_us == TIME_NONE)
            continue;
        buf_int(b, c->start_us);
        buf_putc(b, '/');
        buf_int(b, c->due.at_us);
        buf_put(b, c->is_late ? STR("/1/") : STR("/0/"));
        buf_put(b, pauses_print(mem, c));
        if (c->stop_us != TIME_NONE && c->stop_us != d->finished_us) {
            buf_putc(b, '/');
            buf_int(b, c->stop_us);
        }
    }
    return buf_str(b);
}

void clocks_read(struct str text, struct dossier *d)
{
    struct str one, part;
    runs_clear(d);
    for (size_t i = 0; i < FLOW_CLOCKS_MAX && text.n; i++) {
        struct clock_run *c = &d->clocks[i];
        int64_t due = TIME_NONE;
        c->stop_us = d->finished_us;
        text = str_split(text, ';', &one);
        one = str_split(one, '/', &part);
        if (!str_int(part, &c->start_us)) {
            c->start_us = TIME_NONE;
            continue;
        }
        one = str_split(one, '/', &part);
        c->due = str_int(part, &due) ? due_at(due) : DUE_NEVER;
        one = str_split(one, '/', &part);
        c->is_late = str_eq(part, STR("1"));
        one = str_split(one, '/', &part);
        pauses_read(part, c);
        if (!str_int(one, &c->stop_us)) /* stopped by an end that an appeal has left */
            c->stop_us = d->finished_us;
    }
}

struct str entries_print(struct arena *mem, const struct dossier *d)
{
    const struct flow *f = d->pack->flow;
    struct buf *b = buf_new(mem, FLOW_STATES_MAX * 64);
    for (size_t i = 0; i < f->nstates; i++)
        if (d->entries[i])
            buf_fmt(b, "%s%.*s:%u", buf_str(b).n ? "," : "", STR_ARG(f->states[i].id),
                    d->entries[i]);
    return buf_str(b);
}

void entries_read(struct str text, struct dossier *d)
{
    struct str one, id;
    while (text.n) {
        int64_t times = 0;
        text = str_split(text, ',', &one);
        struct str n = str_split(one, ':', &id);
        const struct flow_state *s = flow_state_find(d->pack->flow, id);
        if (s && str_int(n, &times))
            d->entries[s->index] = (unsigned)times;
    }
}

/* -- another version of the flow -- */

static const struct flow_state *state_mapped(const struct flow *f, const struct json *map,
                                             struct str id)
{
    const struct json *to = json_get(map, id);
    return flow_state_find(f, to ? to->s : id);
}

static void runs_rebase(const struct dossier *d, const struct flow *f, struct dossier *next)
{
    const struct flow *was = d->pack->flow;
    runs_clear(next);
    for (size_t i = 0; i < f->nclocks; i++)
        for (size_t k = 0; k < was->nclocks; k++)
            if (str_eq(f->clocks[i].id, was->clocks[k].id))
                next->clocks[i] = d->clocks[k];
}

bool dossier_rebase(const struct dossier *d, const struct pack *to, const struct json *map,
                    struct dossier *next)
{
    const struct flow *was = d->pack->flow;
    *next = *d;
    next->pack = to;
    next->state = state_mapped(to->flow, map, d->state->id);
    if (!next->state)
        return false;
    next->status = next->state->status;
    next->undo_us = TIME_NONE;
    memset(next->entries, 0, sizeof next->entries);
    for (size_t i = 0; i < was->nstates; i++) {
        const struct flow_state *s = state_mapped(to->flow, map, was->states[i].id);
        if (s)
            next->entries[s->index] += d->entries[i];
    }
    runs_rebase(d, to->flow, next);
    return true;
}

void dossier_recount(struct ctx *cx, struct dossier *d)
{
    d->after_us = TIME_NONE;
    clocks_count(cx, d, cx->now_us);
}

enum rc dossier_migrate(struct ctx *cx, const struct dossier *d, const struct dossier *next,
                        const struct json *map)
{
    struct event ev = dossier_event(cx, d, EV_DOSSIER_MIGRATED);
    json_put_str(cx->mem, ev.facts, "from", d->pack->ref);
    json_put_str(cx->mem, ev.facts, "to", next->pack->ref);
    json_put_str(cx->mem, ev.facts, "state", next->state->id);
    if (map)
        json_put(ev.facts, STR("map"), json_copy(cx->mem, map));
    json_put_bool(cx->mem, ev.facts, "told", d->due != next->due);
    if (d->due != next->due && d->due != INT32_MIN && next->due != INT32_MIN) {
        json_put_str(cx->mem, ev.facts, "cause", STR("migration"));
        json_put_str(cx->mem, ev.facts, "clock", next->pack->flow->clocks[0].id);
        json_put_int(cx->mem, ev.facts, "due_old", d->due);
        json_put_int(cx->mem, ev.facts, "due_new", next->due);
    }
    clocks_facts(cx, next, ev.facts);
    return ledger_append(cx, &ev);
}
