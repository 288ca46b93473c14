/* proof.c - circles, longest ways and what is given on all of them. */
#include "flow/proof.h"

#include "base/arena.h"

uint64_t flow_next(const struct flow_state *s)
{
    uint64_t to =
        (s->after_to ? FLOW_BIT(s->after_to) : 0) | (s->join_to ? FLOW_BIT(s->join_to) : 0);
    for (size_t i = 0; i < s->nacts; i++)
        to |= FLOW_BIT(s->acts[i].to);
    return to;
}

/* One step from any state of `from`. */
static uint64_t step_all(const struct flow *f, uint64_t from)
{
    uint64_t to = 0;
    for (size_t i = 0; i < f->nstates; i++)
        if (from & FLOW_BIT(&f->states[i]))
            to |= flow_next(&f->states[i]);
    return to;
}

uint64_t flow_endless(const struct flow *f)
{
    uint64_t free = 0, endless = 0;
    for (size_t i = 0; i < f->nstates; i++)
        if (!f->states[i].at_most)
            free |= FLOW_BIT(&f->states[i]);
    for (size_t i = 0; i < f->nstates; i++) {
        uint64_t seen = flow_next(&f->states[i]) & free, last = 0;
        while (seen != last) {
            last = seen;
            seen |= step_all(f, seen) & free;
        }
        endless |= seen & FLOW_BIT(&f->states[i]) & free;
    }
    return endless;
}

uint64_t flow_after(const struct flow *f, const struct flow_state *s)
{
    uint64_t seen = flow_next(s), last = 0;
    while (seen != last) {
        last = seen;
        seen |= step_all(f, seen);
    }
    return seen;
}

uint64_t flow_reached_without(const struct flow *f, uint64_t closed)
{
    uint64_t seen = FLOW_BIT(f->start) & ~closed, last = 0;
    while (seen != last) {
        last = seen;
        seen |= step_all(f, seen) & ~closed;
    }
    return seen;
}

/* -- the longest way -- */

/* A position: a state and how often each bounded state was entered. Every circle enters a
 * bounded state, so positions have no circles. */
struct walk {
    const struct flow *f;
    unsigned clock; /* bit */
    int most[FLOW_STATES_MAX];
    size_t weight[FLOW_STATES_MAX]; /* of the count in a position's number; 0: not bounded */
    struct place {
        int64_t wh;
        uint8_t to; /* 1 + index of the next state of the longest way */
        bool is_known;
    } * places;
    int64_t best;
    size_t best_position;
};

/* The clock does not run: it is stopped, or the handling is over. */
static bool is_free(const struct walk *w, const struct flow_state *s)
{
    return (s->pauses & w->clock) || s->is_end || s->status >= STATUS_WITHDRAWN ||
           s->status == STATUS_NOT_RECEIVED;
}

/* Branches run side by side: the time by which enough of them have an answer or are silent. */
static int64_t branches_wh(const struct flow_state *s)
{
    enum { HOURS_A_DAY = 8 };
    int64_t wh[FLOW_BRANCHES_MAX];
    for (size_t i = 0; i < s->nbranches; i++) {
        const struct budget *b = &s->branches[i].within;
        int64_t n = b->unit == 'w'   ? b->n * HOURS_A_DAY
                    : b->unit == 'c' ? (b->n * 5 + 6) / 7 * HOURS_A_DAY
                                     : b->n;
        size_t k = i;
        for (; k > 0 && wh[k - 1] > n; k--)
            wh[k] = wh[k - 1];
        wh[k] = n;
    }
    size_t enough = s->join && s->join <= s->nbranches ? s->join : s->nbranches;
    return s->nbranches ? wh[enough - 1] : 0;
}

static int64_t limit_of(const struct walk *w, const struct flow_state *s)
{
    if (is_free(w, s))
        return 0;
    return s->within_wh ? s->within_wh : branches_wh(s);
}

static size_t position_of(const struct walk *w, size_t counts, const struct flow_state *s)
{
    return counts * w->f->nstates + s->index;
}

/* Entering s once more; false when it may not be. */
static bool enter(const struct walk *w, size_t *counts, const struct flow_state *s)
{
    size_t weight = w->weight[s->index];
    if (!weight)
        return true;
    if ((*counts / weight) % ((size_t)w->most[s->index] + 1) == (size_t)w->most[s->index])
        return false;
    *counts += weight;
    return true;
}

static int64_t walk_from(struct walk *w, size_t counts, const struct flow_state *s);

/* The longest continuation; leaving a state that restarts the clock ends the way. What may
 * follow an end, an appeal, is not part of the time. */
static void walk_on(struct walk *w, size_t counts, const struct flow_state *s,
                    struct place *here)
{
    uint64_t next = s->is_end ? 0 : flow_next(s);
    for (size_t i = 0; i < w->f->nstates; i++) {
        const struct flow_state *to = &w->f->states[i];
        size_t then = counts;
        if (!(next & FLOW_BIT(to)) || !enter(w, &then, to))
            continue;
        int64_t wh = walk_from(w, then, to);
        if (wh > here->wh && !(s->restarts & w->clock)) {
            here->wh = wh;
            here->to = (uint8_t)(to->index + 1);
        }
    }
}

static int64_t walk_from(struct walk *w, size_t counts, const struct flow_state *s)
{
    size_t position = position_of(w, counts, s);
    struct place *here = &w->places[position];
    if (here->is_known)
        return here->wh;
    here->is_known = true;
    walk_on(w, counts, s, here);
    here->wh += limit_of(w, s);
    if (here->wh > w->best) {
        w->best = here->wh;
        w->best_position = position;
    }
    return here->wh;
}

/* How often each bounded state counts, so that all positions fit. */
static size_t weights_set(struct walk *w)
{
    for (size_t i = 0; i < w->f->nstates; i++)
        w->most[i] = w->f->states[i].at_most;
    for (;;) {
        size_t all = 1, largest = 0;
        for (size_t i = 0; i < w->f->nstates && all <= FLOW_WAYS_MAX; i++) {
            w->weight[i] = w->most[i] ? all : 0;
            all *= (size_t)w->most[i] + 1;
            largest = w->most[i] > w->most[largest] ? i : largest;
        }
        if (all * w->f->nstates <= FLOW_WAYS_MAX || w->most[largest] <= 1)
            return all * w->f->nstates <= 4 * (size_t)FLOW_WAYS_MAX ? all : 0;
        w->most[largest] /= 2;
    }
}

static void way_tell(const struct walk *w, struct flow_way *ret)
{
    size_t position = w->best_position, counts = position / w->f->nstates;
    const struct flow_state *s = &w->f->states[position % w->f->nstates];
    ret->wh = w->best;
    while (ret->n < FLOW_WAY_MAX) {
        ret->states[ret->n++] = s;
        uint8_t to = w->places[position_of(w, counts, s)].to;
        if (!to)
            return;
        s = &w->f->states[to - 1];
        if (!enter(w, &counts, s))
            return;
    }
}

void flow_longest(struct arena *mem, const struct flow *f, size_t clock,
                  const struct flow_state *start, struct flow_way *ret)
{
    struct walk w = {.f = f, .clock = 1u << clock, .best = -1};
    *ret = (struct flow_way){0};
    size_t all = weights_set(&w), counts = 0;
    if (!all || !enter(&w, &counts, start))
        return;
    w.places = arena_array(mem, struct place, all * f->nstates);
    walk_from(&w, counts, start);
    way_tell(&w, ret);
}

/* -- what is given on all ways -- */

static unsigned given_by(const struct flow_act *a)
{
    unsigned given = a->need;
    if (a->need & IN_RESULT)
        given |= GIVEN_RESULT;
    return given | (a->effects & (1u << EFFECT_receipt) ? GIVEN_CODE : 0);
}

/* Another way into `to` gives `given`: only what all ways give is given. */
static bool narrow(const struct flow *f, const struct flow_state *to, unsigned given,
                   unsigned *ret)
{
    unsigned was = ret[to->index];
    if (f->nclocks && flow_clock_starts(&f->clocks[0], to))
        given |= GIVEN_CLOCK;
    ret[to->index] &= given;
    return ret[to->index] != was;
}

static bool given_step(const struct flow *f, const struct flow_state *s, unsigned *ret)
{
    bool changed = false;
    unsigned here = ret[s->index];
    for (size_t i = 0; i < s->nacts; i++)
        changed |= narrow(f, s->acts[i].to, here | given_by(&s->acts[i]), ret);
    if (s->after_to)
        changed |= narrow(f, s->after_to, here, ret);
    if (s->join_to)
        changed |= narrow(f, s->join_to, here, ret);
    return changed;
}

void flow_given(const struct flow *f, unsigned ret[FLOW_STATES_MAX])
{
    for (size_t i = 0; i < f->nstates; i++)
        ret[i] = ~0u;
    ret[f->start->index] =
        f->nclocks && flow_clock_starts(&f->clocks[0], f->start) ? GIVEN_CLOCK : 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < f->nstates; i++)
            changed |= given_step(f, &f->states[i], ret);
    }
}
