/* load.c - a flow from its declaration: clocks, acts, states in two passes. */
#include "flow/flow_priv.h"
#include "flow/proof.h"

#include <string.h>

enum { LATE_PERCENT_MAX = 300 };

static const char *const effect_names[] = {
#define EFFECT(name, text) #name,
#include "effects.def"
#undef EFFECT
};

bool effect_find(struct str word, unsigned *bit)
{
    for (unsigned i = 0; i < EFFECT_COUNT; i++)
        if (str_eq(word, str_from(effect_names[i]))) {
            *bit = 1u << i;
            return true;
        }
    return false;
}

bool role_find(struct str word, unsigned *bit)
{
    enum role r;
    if (!role_parse(word, &r))
        return false;
    *bit = 1u << r;
    return true;
}

enum rc words_load(struct ctx *cx, const struct json *list, word_find_fn *find,
                   const char *rule, unsigned *bits)
{
    JSON_EACH (list, v) {
        unsigned bit = 0;
        if (v->kind != JSON_STR || !find(v->s, &bit))
            return DECL_FAIL(cx, rule, v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60)));
        *bits |= bit;
    }
    return RC_OK;
}

enum rc target_get(struct loader *l, struct str id, const struct json *at,
                   const struct flow_state **ret)
{
    *ret = flow_state_find(l->flow, id);
    if (!*ret)
        return DECL_FAIL(l->cx, RULE_TARGET, at, "`%.*s`", STR_ARG(str_cut(id, 0, 60)));
    return RC_OK;
}

static enum rc states_name(struct loader *l, const struct json *yaml)
{
    if (yaml->n == 0 || yaml->n > FLOW_STATES_MAX)
        return DECL_FAIL(l->cx, RULE_TOO_MANY, yaml, "states: 1-%d", FLOW_STATES_MAX);
    l->states = arena_array(l->cx->mem, struct flow_state, yaml->n);
    l->flow->states = l->states;
    JSON_EACH (yaml, v) {
        FLOW_KEEP(l, decl_id(l->cx, v->key, v));
        struct flow_state *s = &l->states[l->flow->nstates];
        s->id = v->key;
        s->index = (unsigned)l->flow->nstates++;
        s->after.n = -1;
        FLOW_KEEP(l, state_head_load(l, v, s));
    }
    return RC_OK;
}

/* Whether a time in calendar days that ends on a day off ends there or on the next working
 * day: laws differ. */
static enum rc cd_end_load(struct loader *l)
{
    struct str end = STR("next_working");
    TRY(decl_text(l->cx, l->yaml, "cd_end", &end));
    l->ends_same_day = str_eq(end, STR("same_day"));
    if (!l->ends_same_day && !str_eq(end, STR("next_working")))
        return DECL_FAIL(l->cx, RULE_VALUE, json_get(l->yaml, STR("cd_end")),
                         "cd_end: next_working same_day");
    return RC_OK;
}

bool loader_budget(const struct loader *l, struct str s, struct budget *ret)
{
    bool ok = budget_parse(s, ret);
    ret->is_same_day = l->ends_same_day;
    return ok;
}

/* from: {STATE: BUDGET} */
static enum rc clock_from_load(struct loader *l, const struct json *yaml, struct flow_clock *c)
{
    const struct json *from;
    TRY(decl_object(l->cx, yaml, "from", &from));
    if (from && from->n > FLOW_FROM_MAX)
        return DECL_FAIL(l->cx, RULE_TOO_MANY, from, "from: at most %d", FLOW_FROM_MAX);
    JSON_EACH (from, v) {
        struct flow_clock_from f = {0};
        if (v->kind != JSON_STR || !loader_budget(l, v->s, &f.budget))
            return DECL_FAIL(l->cx, RULE_TIME, v, "`%.*s`", STR_ARG(v->key));
        TRY(target_get(l, v->key, v, &f.state));
        c->from[c->nfrom++] = f;
    }
    return RC_OK;
}

static enum rc clock_load(struct loader *l, const struct json *yaml, struct flow_clock *c)
{
    struct str budget = STR_NULL, start = STR_NULL;
    c->id = yaml->key;
    TRY(decl_keys_all(l->cx, yaml, "budget! start! from", l->notes));
    TRY(decl_text(l->cx, yaml, "budget", &budget));
    TRY(decl_text(l->cx, yaml, "start", &start));
    if (!loader_budget(l, budget, &c->budget))
        FLOW_KEEP(l,
                  DECL_FAIL(l->cx, RULE_TIME, yaml, "`%.*s`", STR_ARG(str_cut(budget, 0, 40))));
    TRY(target_get(l, start, json_get(yaml, STR("start")), &c->start));
    return clock_from_load(l, yaml, c);
}

static enum rc clocks_load(struct loader *l)
{
    const struct json *yaml;
    TRY(decl_object(l->cx, l->yaml, "clocks", &yaml));
    if (!yaml)
        return RC_OK; /* told by head_load */
    if (yaml->n == 0 || yaml->n > FLOW_CLOCKS_MAX)
        return DECL_FAIL(l->cx, RULE_TOO_MANY, yaml, "clocks: 1-%d", FLOW_CLOCKS_MAX);
    l->clocks = arena_array(l->cx->mem, struct flow_clock, yaml->n);
    l->flow->clocks = l->clocks;
    JSON_EACH (yaml, v) {
        FLOW_KEEP(l, decl_id(l->cx, v->key, v));
        FLOW_KEEP(l, clock_load(l, v, &l->clocks[l->flow->nclocks]));
        l->flow->nclocks++;
    }
    return RC_OK;
}

static enum rc act_check(struct loader *l, const struct json *v)
{
    struct str tone = STR("primary");
    TRY(decl_id(l->cx, v->key, v));
    TRY(decl_keys(l->cx, v, "vi en tone"));
    TRY(decl_label_check(l->cx, v));
    TRY(decl_text(l->cx, v, "tone", &tone));
    if (!str_eq(tone, STR("primary")) && !str_eq(tone, STR("secondary")) &&
        !str_eq(tone, STR("warning")))
        return DECL_FAIL(l->cx, RULE_VALUE, v, "tone: primary secondary warning");
    return RC_OK;
}

static enum rc acts_check(struct loader *l)
{
    TRY(decl_object(l->cx, l->yaml, "acts", &l->acts));
    JSON_EACH (l->acts, v)
        FLOW_KEEP(l, act_check(l, v));
    return RC_OK;
}

/* The acts' inputs and the branches' outcomes, as guards see them. */
static enum rc scope_extend(struct loader *l, const struct json *states)
{
    static const struct {
        const char *name;
        enum expr_type type;
    } rows[] = {
        {"act.reason", T_STR},  {"act.law", T_STR},    {"act.comment", T_STR},
        {"act.answer", T_STR},  {"act.rating", T_INT}, {"act.items[]", T_STR},
        {"act.result", T_BOOL},
    };
    struct expr_scope *s =
        l->scope ? expr_scope_copy(l->cx->mem, l->scope) : expr_scope_new(l->cx->mem);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expr_scope_add(s, str_from(rows[i].name), rows[i].type);
    l->scope = s;
    return branches_name(l, states, s);
}

static enum rc percent_load(struct ctx *cx, const struct json *v, int *ret)
{
    int64_t n = 0;
    bool ok = v->kind == JSON_STR && str_ends(v->s, STR("%")) &&
              str_int(str_cut(v->s, 0, v->s.n - 1), &n);
    if (!ok || n < 1 || n > LATE_PERCENT_MAX)
        return DECL_FAIL(cx, RULE_TIME, v, "late.at: 1%%-%d%%", LATE_PERCENT_MAX);
    *ret = (int)n;
    return RC_OK;
}

static enum rc late_load(struct loader *l)
{
    const struct json *yaml, *at, *effects;
    struct flow_late *late = &l->flow->late;
    TRY(decl_object(l->cx, l->yaml, "late", &yaml));
    if (!yaml)
        return RC_OK;
    TRY(decl_keys(l->cx, yaml, "at! do!"));
    TRY(decl_list(l->cx, yaml, "at", FLOW_LATE_MAX, &at));
    TRY(decl_list(l->cx, yaml, "do", EFFECT_COUNT, &effects));
    JSON_EACH (at, v)
        TRY(percent_load(l->cx, v, &late->percent[late->n++]));
    TRY(words_load(l->cx, effects, effect_find, RULE_EFFECT, &late->effects));
    if (late->effects & ~(FLOW_LATE_EFFECTS | (1u << EFFECT_notify)))
        return DECL_FAIL(l->cx, RULE_EFFECT, effects, "late.do: warn escalate apology notify");
    return RC_OK;
}

static enum rc start_load(struct loader *l)
{
    struct str start = STR_NULL;
    TRY(decl_text(l->cx, l->yaml, "start", &start));
    l->flow->start = flow_state_find(l->flow, start);
    if (!l->flow->start || json_bool(json_get(json_get(l->yaml, STR("states")), start), "end"))
        return DECL_FAIL(l->cx, RULE_START, json_get(l->yaml, STR("start")), "`%.*s`",
                         STR_ARG(str_cut(start, 0, 60)));
    return RC_OK;
}

static enum rc head_load(struct loader *l)
{
    struct str calendar = STR_NULL;
    TRY(decl_keys_all(l->cx, l->yaml,
                      "flow! calendar cd_end start! clocks! acts! states! late applicant",
                      l->notes));
    TRY(decl_text(l->cx, l->yaml, "flow", &l->flow->id));
    TRY(decl_id(l->cx, l->flow->id, l->yaml));
    TRY(decl_text(l->cx, l->yaml, "calendar", &calendar));
    if (calendar.p && !str_eq(calendar, STR("vn-office")))
        return DECL_FAIL(l->cx, RULE_VALUE, json_get(l->yaml, STR("calendar")),
                         "calendar: vn-office");
    return decl_object(l->cx, l->yaml, "applicant", &l->applicant);
}

static enum rc states_load(struct loader *l, const struct json *yaml)
{
    size_t i = 0;
    JSON_EACH (yaml, v)
        FLOW_KEEP(l, state_load(l, v, &l->states[i++]));
    return RC_OK;
}

bool loader_is_torn(const struct loader *l)
{
    /* what leaves the graph of states whole when it is wrong */
    static const char *const mild[] = {RULE_UNKNOWN, RULE_LABEL,   RULE_VALUE,      RULE_ACT,
                                       RULE_EFFECT,  RULE_NEED,    RULE_REFUSAL,    RULE_TIME,
                                       RULE_EXPR,    RULE_RECEIPT, RULE_SUPPLEMENT, RULE_PAUSE,
                                       RULE_CLOCK,   RULE_SILENCE};
    for (size_t i = 0; l->notes && i < l->notes->n; i++) {
        size_t k = 0, n = sizeof mild / sizeof *mild;
        while (k < n && strcmp(l->notes->v[i].field, mild[k]) != 0)
            k++;
        if (k == n)
            return true;
    }
    if (!l->flow->start || !l->flow->nclocks)
        return true; /* `states` or `clocks` is no object */
    for (size_t i = 0; i < l->flow->nclocks; i++)
        if (!l->clocks[i].start)
            return true;
    return false;
}

static enum rc parts_load(struct loader *l)
{
    const struct json *states;
    FLOW_KEEP(l, head_load(l));
    TRY(decl_object(l->cx, l->yaml, "states", &states));
    FLOW_KEEP(l, scope_extend(l, states));
    if (!states)
        return RC_OK; /* told by head_load */
    TRY(states_name(l, states));
    FLOW_KEEP(l, start_load(l));
    FLOW_KEEP(l, acts_check(l));
    FLOW_KEEP(l, cd_end_load(l));
    FLOW_KEEP(l, clocks_load(l));
    FLOW_KEEP(l, late_load(l));
    TRY(states_load(l, states));
    return loader_is_torn(l) ? RC_OK : graph_check(l);
}

enum rc flow_read(struct ctx *cx, const struct json *yaml, const struct expr_scope *scope,
                  struct decl_notes *notes, struct flow **ret)
{
    struct loader l = {.cx = cx, .yaml = yaml, .scope = scope, .notes = notes};
    l.flow = arena_new_of(cx->mem, struct flow);
    *ret = NULL;
    KEEP(cx, notes, parts_load(&l));
    *ret = loader_is_torn(&l) ? NULL : l.flow;
    return RC_OK;
}

enum rc flow_load(struct ctx *cx, const struct json *yaml, const struct expr_scope *scope,
                  struct flow **ret)
{
    return flow_read(cx, yaml, scope, NULL, ret);
}
