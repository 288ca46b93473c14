/* graph.c - what must hold for a flow as a whole. */
#include "flow/flow_priv.h"

#define BIT(s) (UINT64_C(1) << (s)->index)

/* The states that one step from s can reach. Leaving by withdrawal is always possible and
 * proves nothing about the flow, so an end found that way does not count. */
static uint64_t steps_of(const struct flow_state *s, bool with_applicants)
{
    uint64_t to = (s->after_to ? BIT(s->after_to) : 0) | (s->join_to ? BIT(s->join_to) : 0);
    for (size_t i = 0; i < s->nacts; i++)
        if (with_applicants || !s->acts[i].is_applicants)
            to |= BIT(s->acts[i].to);
    return to;
}

static uint64_t reached_from_start(const struct flow *f)
{
    uint64_t seen = BIT(f->start), last = 0;
    while (seen != last) {
        last = seen;
        for (size_t i = 0; i < f->nstates; i++)
            if (seen & BIT(&f->states[i]))
                seen |= steps_of(&f->states[i], true);
    }
    return seen;
}

static uint64_t reaching_an_end(const struct flow *f)
{
    uint64_t good = 0, last = 1;
    for (size_t i = 0; i < f->nstates; i++)
        if (f->states[i].is_end)
            good |= BIT(&f->states[i]);
    while (good != last) {
        last = good;
        for (size_t i = 0; i < f->nstates; i++)
            if (steps_of(&f->states[i], false) & good)
                good |= BIT(&f->states[i]);
    }
    return good;
}

static bool gives_receipt(const struct flow *f)
{
    for (size_t i = 0; i < f->nstates; i++)
        for (size_t k = 0; k < f->states[i].nacts; k++)
            if (f->states[i].acts[k].effects & (1u << EFFECT_receipt))
                return true;
    return false;
}

/* Nobody stands there to be refused when a timer or a join finds its target full. */
static bool moves_into_full(const struct flow_state *s)
{
    return (s->after_to && s->after_to->at_most) || (s->join_to && s->join_to->at_most);
}

enum rc graph_check(struct loader *l)
{
    const struct flow *f = l->flow;
    const struct json *states = json_get(l->yaml, STR("states"));
    uint64_t reached = reached_from_start(f), good = reaching_an_end(f);
    for (size_t i = 0; i < f->nstates; i++) {
        const struct flow_state *s = &f->states[i];
        const struct json *at = json_get(states, s->id);
        if (!(reached & BIT(s)))
            FLOW_KEEP(l, DECL_FAIL(l->cx, RULE_UNREACHED, at, "`%.*s`", STR_ARG(s->id)));
        if (!(good & BIT(s)))
            FLOW_KEEP(l, DECL_FAIL(l->cx, RULE_NO_END, at, "`%.*s`", STR_ARG(s->id)));
        if (moves_into_full(s))
            FLOW_KEEP(l, DECL_FAIL(l->cx, RULE_FULL, at, "`%.*s`", STR_ARG(s->id)));
    }
    if (!gives_receipt(f))
        return DECL_FAIL(l->cx, RULE_RECEIPT, states, "do: [receipt]");
    return RC_OK;
}
