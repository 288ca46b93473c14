/* clock.c - what entering a state does to a dossier: counts, clock, pauses, lateness. */
#include <inttypes.h>

#include "casework/casework_priv.h"

bool clock_is_paused(const struct dossier *d)
{
    return d->npauses && d->pauses[d->npauses - 1].to_us == TIME_NONE;
}

bool clock_is_running(const struct dossier *d)
{
    return d->clock_us != TIME_NONE && d->finished_us == TIME_NONE && !clock_is_paused(d);
}

bool clock_is_over(const struct dossier *d, int64_t at_us)
{
    return clock_is_running(d) && d->due != INT32_MIN && day_of(at_us) > d->due;
}

/* The handling is over for the clock: ready, returned, refused, withdrawn or stopped. */
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

static const struct flow_clock *legal_clock(const struct dossier *d)
{
    return d->pack->flow->nclocks ? &d->pack->flow->clocks[0] : NULL;
}

/* Beyond PAUSES_MAX a pause no longer moves the date: flows bound their supplements. */
static void pause_step(struct dossier *d, const struct flow_state *to, int64_t at_us)
{
    bool pauses = (to->pauses & 1) && d->clock_us != TIME_NONE;
    if (pauses && !clock_is_paused(d) && d->npauses < PAUSES_MAX)
        d->pauses[d->npauses++] = (struct pause){at_us, TIME_NONE};
    else if (!pauses && clock_is_paused(d))
        d->pauses[d->npauses - 1].to_us = at_us;
}

void dossier_step(struct dossier *d, const struct flow_state *to, int64_t at_us)
{
    const struct flow_clock *legal = legal_clock(d);
    if (clock_is_over(d, at_us))
        d->is_late = true;
    if (legal && d->clock_us == TIME_NONE && to == legal->start)
        d->clock_us = at_us;
    pause_step(d, to, at_us);
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

int32_t clock_due(struct ctx *cx, const struct dossier *d, int64_t at_us)
{
    const struct flow_clock *legal = legal_clock(d);
    if (!legal || d->clock_us == TIME_NONE)
        return INT32_MIN;
    return calendar_due(calendar_of(cx), d->clock_us, legal->budget, d->pauses, d->npauses,
                        at_us);
}

/* The last day of the time belongs to the applicant: the timer fires as the next one begins. */
int64_t clock_after(struct ctx *cx, const struct flow_state *s, int64_t at_us)
{
    if (s->after.n < 0 || !s->after_to)
        return TIME_NONE;
    return day_start(calendar_due(calendar_of(cx), at_us, s->after, NULL, 0, at_us) + 1);
}

int64_t clock_wake(const struct dossier *d)
{
    int64_t over = TIME_NONE;
    if (clock_is_running(d) && !d->is_late && d->due != INT32_MIN)
        over = day_start(d->due + 1);
    if (over == TIME_NONE || (d->after_us != TIME_NONE && d->after_us < over))
        return d->after_us;
    return over;
}

int32_t clock_used(struct ctx *cx, const struct dossier *d, int64_t at_us)
{
    const struct calendar *cal = calendar_of(cx);
    if (d->clock_us == TIME_NONE)
        return 0;
    int32_t t0 = calendar_t0(cal, d->clock_us);
    int64_t stop = d->finished_us != TIME_NONE ? d->finished_us : at_us;
    int32_t used = calendar_count(cal, t0, day_of(stop));
    for (size_t i = 0; i < d->npauses; i++) {
        const struct pause *p = &d->pauses[i];
        int32_t from = day_of(p->from_us);
        int32_t to = day_of(p->to_us == TIME_NONE || p->to_us > stop ? stop : p->to_us);
        from = from < t0 ? t0 : from;
        if (to > from)
            used -= calendar_count(cal, from, to);
    }
    return used < 0 ? 0 : used;
}

struct str pauses_print(struct arena *mem, const struct dossier *d)
{
    if (!d->npauses)
        return STR("");
    struct buf *b = buf_new(mem, PAUSES_MAX * 44);
    for (size_t i = 0; i < d->npauses; i++) {
        buf_fmt(b, "%s%" PRId64 "-", i ? "," : "", d->pauses[i].from_us);
        if (d->pauses[i].to_us != TIME_NONE)
            buf_fmt(b, "%" PRId64, d->pauses[i].to_us);
    }
    return buf_str(b);
}

void pauses_read(struct str text, struct dossier *d)
{
    struct str one, from;
    for (d->npauses = 0; text.n && d->npauses < PAUSES_MAX; d->npauses++) {
        struct pause *p = &d->pauses[d->npauses];
        text = str_split(text, ',', &one);
        struct str to = str_split(one, '-', &from);
        if (!str_int(from, &p->from_us))
            return;
        if (!str_int(to, &p->to_us))
            p->to_us = TIME_NONE;
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
