/* guards.c - conditions of acts: that somebody can always go on, that what they read was given.
 *
 * Conditions are tried, not solved: what is told comes with answers that show it. */
#include "flow/proof.h"
#include "pack/pack_priv.h"

static const struct {
    const char *name;
    enum act_input bit;
} inputs[] = {{"reason", IN_REASON},   {"items", IN_ITEMS},   {"law", IN_LAW},
              {"comment", IN_COMMENT}, {"answer", IN_ANSWER}, {"result", IN_RESULT},
              {"rating", IN_RATING}};
enum { INPUTS = sizeof inputs / sizeof *inputs, GUARDS_MAX = FLOW_ACTS_MAX };

/* -- what a condition reads of its own act -- */

static void inputs_check(struct checker *c, const struct flow_state *s,
                         const struct flow_act *a)
{
    const struct str *name;
    for (size_t i = 0; (name = expr_reads(a->guard, i)); i++) {
        if (!str_starts(*name, STR("act.")))
            continue;
        for (size_t k = 0; k < INPUTS; k++)
            if (str_eq(str_skip(*name, 4), str_from(inputs[k].name)) &&
                !((a->need | a->may) & inputs[k].bit))
                name_add(c, "P107", json_get(act_yaml(c, s, a), STR("if")), *name);
    }
}

/* -- trying -- */

/* What an act may be given: everything, and only what it must have, and each rating. */
static struct json *act_given(struct arena *mem, const struct flow_act *a, int round)
{
    struct json *o = json_new_obj(mem);
    unsigned given = round == 0 ? a->need : a->need | a->may;
    for (size_t i = 0; i < INPUTS; i++) {
        if (!(given & inputs[i].bit))
            continue;
        struct json *v = json_new_str(mem, STR("x"));
        if (inputs[i].bit == IN_RATING)
            v = json_new_int(mem, round);
        else if (inputs[i].bit == IN_RESULT)
            v = json_new_bool(mem, true);
        else if (inputs[i].bit == IN_ITEMS) {
            struct json *list = json_new_arr(mem);
            json_push(list, v);
            v = list;
        }
        json_put(o, str_from(inputs[i].name), v);
    }
    return o;
}

/* With some inputs the act may be done. */
static bool may_act(struct ctx *cx, const struct flow_act *a, const struct json *answers)
{
    enum { ROUNDS = 4 };
    for (int round = 0; a->guard && round < ROUNDS; round++) {
        struct json *vars = json_copy(cx->mem, answers);
        json_put(vars, STR("act"), act_given(cx->mem, a, round));
        if (expr_is_true(cx, a->guard, vars))
            return true;
    }
    return !a->guard;
}

struct guards {
    const struct flow_act *acts[GUARDS_MAX];
    const struct expr *over[GUARDS_MAX];
    bool ever[GUARDS_MAX];
    size_t n;
};

/* The acts of a state that are not the applicant's everywhere; true when one has no
 * condition, so that there is always a way on. */
static bool guards_of(const struct flow_state *s, struct guards *g)
{
    bool is_free = s->after_to || s->join_to;
    for (size_t i = 0; i < s->nacts; i++) {
        const struct flow_act *a = &s->acts[i];
        if (a->is_applicants)
            continue;
        is_free = is_free || !a->guard;
        if (a->guard) {
            g->acts[g->n] = a;
            g->over[g->n++] = a->guard;
        }
    }
    return is_free;
}

/* Outcomes of branches stand beside the answers. */
static size_t branches_of(struct checker *c, const struct guards *g,
                          struct form_trial_name *ret, size_t max)
{
    static const char *const outcomes[] = {"agree", "refuse", "silent"};
    struct arena *mem = c->cx->mem;
    const struct str *name;
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++)
        for (size_t r = 0; (name = expr_reads(g->over[i], r)) && n < max; r++) {
            bool is_new = str_starts(*name, STR("branch."));
            for (size_t k = 0; k < n; k++)
                is_new = is_new && !str_eq(ret[k].name, *name);
            if (!is_new)
                continue;
            struct json *values = json_new_arr(mem);
            for (size_t k = 0; k < sizeof outcomes / sizeof *outcomes; k++)
                json_push(values, json_new_str(mem, str_from(outcomes[k])));
            ret[n++] = (struct form_trial_name){*name, values};
        }
    return n;
}

/* One set of answers: which acts may be done? */
static size_t acts_open(struct ctx *cx, struct guards *g, const struct json *answers)
{
    size_t open = 0;
    for (size_t i = 0; i < g->n; i++)
        if (may_act(cx, g->acts[i], answers)) {
            g->ever[i] = true;
            open++;
        }
    return open;
}

static void witness_add(struct checker *c, const char *rule, const struct flow_state *s,
                        const struct form_trial *t)
{
    struct str text = form_trial_text(t);
    finding_add(c, rule, line_of(state_yaml(c, s)),
                str_fmt(c->cx->mem, "`%.*s`: %.*s", STR_ARG(s->id), STR_ARG(text)));
}

/* In an arena of its own: thousands of answers are tried. */
static void state_try(struct checker *c, const struct flow_state *s, struct guards *g,
                      bool is_free)
{
    enum { TRY_MEM_MAX = 64 << 20, BRANCHES = 8 };
    struct form_trial_name more[BRANCHES];
    size_t nmore = branches_of(c, g, more, BRANCHES);
    struct form_trial *t = form_trial_new(c->cx, c->pack->form, g->over, g->n, more, nmore);
    struct arena *mem = c->cx->mem, *round = arena_new(TRY_MEM_MAX);
    bool is_stuck = false, is_double = false;
    for (const struct json *answers; (answers = form_trial_next(t));) {
        arena_reset(round);
        c->cx->mem = round;
        size_t open = acts_open(c->cx, g, answers);
        c->cx->mem = mem;
        if (!open && !is_free && !is_stuck) {
            witness_add(c, "P105", s, t);
            is_stuck = true;
        }
        if (open > 1 && s->by_system && !is_double) {
            witness_add(c, "P106", s, t);
            is_double = true;
        }
    }
    arena_free(round);
}

void guards_check(struct checker *c)
{
    const struct flow *f = c->pack->flow;
    for (size_t i = 0; i < f->nstates; i++) {
        const struct flow_state *s = &f->states[i];
        struct guards g = {.n = 0};
        bool is_free = guards_of(s, &g);
        for (size_t k = 0; k < g.n; k++)
            inputs_check(c, s, g.acts[k]);
        if (!g.n || !c->pack->form)
            continue;
        state_try(c, s, &g, is_free);
        for (size_t k = 0; k < g.n; k++)
            if (!g.ever[k])
                name_add(c, "P109", json_get(act_yaml(c, s, g.acts[k]), STR("if")),
                         expr_source(g.acts[k]->guard));
    }
}

/* -- what people are told -- */

/* Every act of that name asks for the input, or has had it given before. */
static bool is_always_given(const struct flow *f, struct str act, unsigned bit,
                            const unsigned *given)
{
    for (size_t i = 0; i < f->nstates; i++)
        for (size_t k = 0; k < f->states[i].nacts; k++) {
            const struct flow_act *a = &f->states[i].acts[k];
            unsigned here = a->need | (given[i] & GIVEN_CLOCK);
            if (f->nclocks && flow_clock_starts(&f->clocks[0], a->to))
                here |= GIVEN_CLOCK;
            if (str_eq(a->id, act) && !(here & bit))
                return false;
        }
    return true;
}

static bool has_hole(const struct json *message, struct str hole)
{
    JSON_EACH (message, part)
        JSON_EACH (part, text)
            if (text->kind == JSON_STR && str_has(text->s, hole))
                return true;
    return false;
}

/* Words that an act did not ask for are shown to people as a dash. */
void words_given_check(struct checker *c)
{
    static const struct {
        const char *hole;
        unsigned bit;
    } holes[] = {{"{reason}", IN_REASON},
                 {"{law}", IN_LAW},
                 {"{items}", IN_ITEMS},
                 {"{answer}", IN_ANSWER},
                 {"{due}", GIVEN_CLOCK}};
    unsigned given[FLOW_STATES_MAX];
    flow_given(c->pack->flow, given);
    JSON_EACH (json_get(c->pack->messages, STR("messages")), m)
        for (size_t i = 0; i < sizeof holes / sizeof *holes; i++)
            if (has_hole(m, str_from(holes[i].hole)) &&
                !is_always_given(c->pack->flow, m->key, holes[i].bit, given))
                finding_add(c, "P108", (int)m->line,
                            str_fmt(c->cx->mem, "`%.*s`: %s", STR_ARG(m->key), holes[i].hole));
}
