/* flow.c - the interpreter: who may do what in a state. Pure. */
#include "flow/flow.h"

bool flow_clock_starts(const struct flow_clock *c, const struct flow_state *s)
{
    bool starts = s == c->start;
    for (size_t i = 0; i < c->nfrom; i++)
        starts = starts || s == c->from[i].state;
    return starts;
}

struct budget flow_clock_budget(const struct flow_clock *c, const unsigned *entries)
{
    for (size_t i = 0; i < c->nfrom && !entries[c->start->index]; i++)
        if (entries[c->from[i].state->index])
            return c->from[i].budget;
    return c->budget;
}

const struct flow_state *flow_state_find(const struct flow *f, struct str id)
{
    for (size_t i = 0; i < f->nstates; i++)
        if (str_eq(f->states[i].id, id))
            return &f->states[i];
    return NULL;
}

const struct flow_branch *flow_branch_find(const struct flow_state *s, struct str id)
{
    for (size_t i = 0; i < s->nbranches; i++)
        if (str_eq(s->branches[i].id, id))
            return &s->branches[i];
    return NULL;
}

bool flow_is_joined(const struct flow_state *s, size_t opened, size_t closed)
{
    return s->nbranches && closed >= (s->join < opened ? s->join : opened);
}

enum rc flow_branch_check(struct ctx *cx, const struct flow_state *s,
                          const struct flow_branch *b, const struct flow_actor *who)
{
    if (!(b->roles & who->roles))
        return FAIL(cx, FORBIDDEN, "branch", "%.*s: not by this role", STR_ARG(b->id));
    if (s->not_by & who->acted_in)
        return FAIL(cx, FORBIDDEN, "branch", "%.*s: acted in an earlier state", STR_ARG(b->id));
    return RC_OK;
}

static bool actor_may(const struct flow_state *s, const struct flow_act *a,
                      const struct flow_actor *who)
{
    if (a->is_applicants)
        return who->is_applicant;
    return (s->roles & who->roles) || (s->by_applicant && who->is_applicant) ||
           (s->by_system && who->is_system);
}

static bool target_is_full(const struct flow_act *a, const unsigned *entries)
{
    return a->to->at_most && entries && entries[a->to->index] >= (unsigned)a->to->at_most;
}

enum rc flow_act_get(struct ctx *cx, const struct flow_state *s, struct str act,
                     const struct flow_actor *who, const unsigned *entries,
                     const struct flow_act **ret)
{
    size_t i = 0;
    while (i < s->nacts && !str_eq(s->acts[i].id, act))
        i++;
    if (i == s->nacts)
        return FAIL(cx, NOT_FOUND, "act", "state %.*s has no such act", STR_ARG(s->id));
    const struct flow_act *a = &s->acts[i];
    if (!actor_may(s, a, who))
        return FAIL(cx, FORBIDDEN, "act", "%.*s.%.*s: not by this role", STR_ARG(s->id),
                    STR_ARG(a->id));
    if (!a->is_applicants && (s->not_by & who->acted_in))
        return FAIL(cx, FORBIDDEN, "act", "%.*s.%.*s: acted in an earlier state",
                    STR_ARG(s->id), STR_ARG(a->id));
    if (target_is_full(a, entries))
        return FAIL(cx, STATE, "act", "%.*s was entered %u times", STR_ARG(a->to->id),
                    entries[a->to->index]);
    if (who->vars && !expr_is_true(cx, a->guard, who->vars))
        return FAIL(cx, STATE, "act", "%.*s.%.*s: its condition is not met", STR_ARG(s->id),
                    STR_ARG(a->id));
    *ret = a;
    return RC_OK;
}

size_t flow_acts_of(const struct flow_state *s, const struct flow_actor *who,
                    const unsigned *entries, const struct flow_act *ret[FLOW_ACTS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < s->nacts; i++) {
        const struct flow_act *a = &s->acts[i];
        bool is_barred = !a->is_applicants && (s->not_by & who->acted_in);
        if (actor_may(s, a, who) && !is_barred && !target_is_full(a, entries))
            ret[n++] = a;
    }
    return n;
}

bool flow_field_is_open(const struct flow_state *s, struct str name)
{
    if (!s->fields)
        return true;
    JSON_EACH (s->fields, f)
        if (str_eq(f->s, name))
            return true;
    return false;
}
