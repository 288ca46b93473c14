/* due.c - when a dossier is due: counted by commands, carried in events, folded into rows. */
#include "casework/casework_priv.h"

void clocks_count(struct ctx *cx, struct dossier *d, int64_t at_us)
{
    const struct flow *f = d->pack->flow;
    const struct calendar *cal = calendar_for(cx, d->unit);
    for (size_t i = 0; i < f->nclocks; i++) {
        struct clock_run *c = &d->clocks[i];
        if (c->start_us != TIME_NONE)
            c->due = calendar_due(cal, c->start_us, f->clocks[i].budget, c->pauses, c->npauses,
                                  at_us);
    }
    d->due = d->clocks[0].due.day;
    d->after_us = d->after_us == TIME_NONE ? clock_after(cx, d, d->entered_us) : d->after_us;
    d->warn_us = late_next(cx, d);
}

int32_t clock_due(struct ctx *cx, const struct dossier *d, int64_t at_us)
{
    const struct flow *f = d->pack->flow;
    const struct clock_run *c = &d->clocks[0];
    if (!f->nclocks || c->start_us == TIME_NONE)
        return INT32_MIN;
    struct budget b = f->clocks[0].budget;
    return calendar_due(calendar_for(cx, d->unit), c->start_us, b, c->pauses, c->npauses, at_us)
        .day;
}

int32_t due_now(struct ctx *cx, const struct dossier *d)
{
    if (!clock_is_paused(d))
        return d->due;
    return clock_due(cx, d, d->finished_us != TIME_NONE ? d->finished_us : cx->now_us);
}

/* What people are told is the office's own promise, where the flow makes one. */
static const struct clock_run *clock_told(const struct dossier *d)
{
    const struct flow *f = d->pack->flow;
    for (size_t i = 1; i < f->nclocks; i++)
        if (str_eq(f->clocks[i].id, STR("promise")) && d->clocks[i].start_us != TIME_NONE)
            return &d->clocks[i];
    return &d->clocks[0];
}

void clocks_facts(struct ctx *cx, const struct dossier *d, struct json *facts)
{
    struct arena *mem = cx->mem;
    if (d->after_us != TIME_NONE)
        json_put_int(mem, facts, "after", d->after_us);
    if (d->due == INT32_MIN)
        return;
    json_put_int(mem, facts, "due", d->due);
    json_put_int(mem, facts, "calendar", calendar_version(calendar_for(cx, d->unit)));
    if (d->warn_us != TIME_NONE)
        json_put_int(mem, facts, "warn", d->warn_us);
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
        d->promised = clock_told(d)->due;
}
