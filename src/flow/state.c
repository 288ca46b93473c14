/* state.c - one state of a flow: who acts, what may follow, how long it may take. */
#include "flow/flow_priv.h"

enum { HOURS_A_DAY = 8, WITHIN_WH_MAX = BUDGET_MAX * HOURS_A_DAY, ENTRIES_MAX = 100 };

static bool input_find(struct str word, unsigned *bit)
{
    static const char *const names[] = {"reason", "items",  "law",   "comment",
                                        "answer", "result", "rating"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(word, str_from(names[i]))) {
            *bit = 1u << i;
            return true;
        }
    return false;
}

static enum rc needs_load(struct ctx *cx, const struct json *list, struct flow_act *a)
{
    JSON_EACH (list, v) {
        unsigned bit = 0;
        bool is_optional = str_ends(v->s, STR("?"));
        struct str name = is_optional ? str_cut(v->s, 0, v->s.n - 1) : v->s;
        if (v->kind != JSON_STR || !input_find(name, &bit) || ((a->need | a->may) & bit))
            return DECL_FAIL(cx, RULE_NEED, v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60)));
        if (is_optional)
            a->may |= bit;
        else
            a->need |= bit;
    }
    return RC_OK;
}

enum rc guard_load(struct loader *l, const struct json *yaml, const struct expr **ret)
{
    const struct json *src = json_get(yaml, STR("if"));
    struct expr *guard = NULL;
    if (!src)
        return RC_OK;
    TRY(expr_declare(l->cx, src, l->scope, (struct expr_want){T_BOOL, RULE_EXPR}, &guard));
    *ret = guard;
    return RC_OK;
}

/* LAW: ND61/2018 17.2, 19.8 - who refuses tells the reason and its ground; who asks for more
 * says once and completely what is missing. */
static enum rc act_law_check(struct loader *l, const struct json *yaml,
                             const struct flow_act *a)
{
    enum status to = a->to->status;
    unsigned refusal = IN_REASON | IN_LAW;
    if ((to == STATUS_NOT_RECEIVED || to == STATUS_STOPPED) && (a->need & refusal) != refusal)
        return DECL_FAIL(l->cx, RULE_REFUSAL, yaml, "`%.*s`", STR_ARG(a->id));
    if (to == STATUS_SUPPLEMENT && !(a->need & (IN_ITEMS | IN_REASON)))
        return DECL_FAIL(l->cx, RULE_SUPPLEMENT, yaml, "`%.*s`", STR_ARG(a->id));
    return RC_OK;
}

enum rc act_label(struct loader *l, const struct json *at, struct flow_act *a)
{
    const struct json *label = json_get(l->acts, a->id);
    if (!label)
        return DECL_FAIL(l->cx, RULE_ACT, at, "`%.*s`", STR_ARG(str_cut(a->id, 0, 60)));
    a->label = label;
    a->tone = json_str(label, "tone");
    if (!a->tone.p)
        a->tone = STR("primary");
    return RC_OK;
}

static enum rc act_load(struct loader *l, const struct json *yaml, bool is_office,
                        struct flow_act *a)
{
    const struct json *need, *effects;
    struct str to = STR_NULL;
    a->id = yaml->key;
    TRY(decl_keys_all(l->cx, yaml, "to! if need do", l->notes));
    TRY(decl_text(l->cx, yaml, "to", &to));
    FLOW_KEEP(l, act_label(l, yaml, a));
    if (json_get(yaml, STR("to")))
        TRY(target_get(l, to, json_get(yaml, STR("to")), &a->to));
    TRY(decl_list(l->cx, yaml, "need", 8, &need));
    TRY(decl_list(l->cx, yaml, "do", EFFECT_COUNT, &effects));
    FLOW_KEEP(l, needs_load(l->cx, need, a));
    FLOW_KEEP(l, words_load(l->cx, effects, effect_find, RULE_EFFECT, &a->effects));
    if (a->effects & FLOW_LATE_EFFECTS)
        FLOW_KEEP(l, DECL_FAIL(l->cx, RULE_EFFECT, effects, "warn escalate apology: late"));
    if (is_office && a->to)
        FLOW_KEEP(l, act_law_check(l, yaml, a));
    return guard_load(l, yaml, &a->guard);
}

/* An act that the applicant has in every state: `applicant: {withdraw: lapsed}`. */
static enum rc applicant_act_load(struct loader *l, const struct json *yaml,
                                  const struct json *on, struct flow_act *a)
{
    a->id = yaml->key;
    a->is_applicants = true;
    a->effects = 1u << EFFECT_notify;
    TRY(act_label(l, yaml, a));
    if (json_get(on, a->id))
        return DECL_FAIL(l->cx, RULE_TWICE, yaml, "`%.*s`", STR_ARG(a->id));
    if (yaml->kind != JSON_STR)
        return DECL_FAIL(l->cx, RULE_VALUE, yaml, "applicant: {%.*s: STATE}", STR_ARG(a->id));
    TRY(target_get(l, yaml->s, yaml, &a->to));
    const struct json *states = json_get(l->yaml, STR("states"));
    if (!json_bool(json_get(states, yaml->s), "end"))
        return DECL_FAIL(l->cx, RULE_END, yaml, "`%.*s`", STR_ARG(yaml->s));
    return RC_OK;
}

static enum rc acts_load(struct loader *l, const struct json *yaml, struct flow_state *s)
{
    const struct json *on;
    TRY(decl_object(l->cx, yaml, "on", &on));
    size_t n = (on ? on->n : 0) + (l->applicant ? l->applicant->n : 0);
    if (n > FLOW_ACTS_MAX)
        return DECL_FAIL(l->cx, RULE_TOO_MANY, yaml, "on: at most %d", FLOW_ACTS_MAX);
    struct flow_act *acts = arena_array(l->cx->mem, struct flow_act, n + 1);
    s->acts = acts;
    JSON_EACH (on, v) {
        FLOW_KEEP(l, act_load(l, v, s->roles != 0, &acts[s->nacts]));
        s->nacts += acts[s->nacts].to != NULL;
    }
    JSON_EACH (l->applicant, v) {
        FLOW_KEEP(l, applicant_act_load(l, v, on, &acts[s->nacts]));
        s->nacts += acts[s->nacts].to != NULL;
    }
    return RC_OK;
}

enum rc by_list_load(struct loader *l, const struct json *yaml, unsigned *roles)
{
    const struct json *list;
    TRY(decl_list(l->cx, yaml, "by", ROLE_COUNT, &list));
    TRY(words_load(l->cx, list, role_find, RULE_ROLE, roles));
    if (!*roles)
        return DECL_FAIL(l->cx, RULE_NOBODY, yaml, "`%.*s`", STR_ARG(yaml->key));
    return RC_OK;
}

static enum rc by_load(struct loader *l, const struct json *yaml, struct flow_state *s)
{
    const struct json *list;
    TRY(decl_list(l->cx, yaml, "by", ROLE_COUNT + 2, &list));
    JSON_EACH (list, v) {
        unsigned bit = 0;
        if (v->kind == JSON_STR && str_eq(v->s, STR("applicant")))
            s->by_applicant = true;
        else if (v->kind == JSON_STR && str_eq(v->s, STR("system")))
            s->by_system = true;
        else if (v->kind != JSON_STR || !role_find(v->s, &bit))
            return DECL_FAIL(l->cx, RULE_ROLE, v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60)));
        s->roles |= bit;
    }
    return RC_OK;
}

static enum rc not_by_load(struct loader *l, const struct json *yaml, struct flow_state *s)
{
    const struct json *list;
    TRY(decl_list(l->cx, yaml, "not_by", FLOW_STATES_MAX, &list));
    JSON_EACH (list, v) {
        const struct flow_state *other;
        TRY(target_get(l, v->s, v, &other));
        s->not_by |= UINT64_C(1) << other->index;
    }
    return RC_OK;
}

/* Clocks by name, as bits: those that stand still here, or begin anew afterwards. */
static enum rc clock_bits_load(struct loader *l, const struct json *yaml, const char *key,
                               unsigned *bits)
{
    const struct json *list;
    TRY(decl_list(l->cx, yaml, key, FLOW_CLOCKS_MAX, &list));
    JSON_EACH (list, v) {
        size_t i = 0;
        while (i < l->flow->nclocks && !str_eq(l->clocks[i].id, v->s))
            i++;
        if (i == l->flow->nclocks)
            return DECL_FAIL(l->cx, RULE_CLOCK, v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60)));
        *bits |= 1u << i;
    }
    return RC_OK;
}

static enum rc timer_load(struct loader *l, const struct json *yaml, struct flow_state *s)
{
    const struct json *after;
    TRY(decl_object(l->cx, yaml, "after", &after));
    if (!after)
        return RC_OK;
    const struct json *v = after->first;
    if (after->n != 1 || v->kind != JSON_STR || !loader_budget(l, v->key, &s->after))
        return DECL_FAIL(l->cx, RULE_TIME, after, "after: {30cd: STATE}");
    return target_get(l, v->s, v, &s->after_to);
}

/* "4wh" or "2wd", in working hours. */
static enum rc within_load(struct ctx *cx, const struct json *yaml, int *ret)
{
    struct str s = STR_NULL;
    int64_t n = 0;
    TRY(decl_text(cx, yaml, "within", &s));
    if (!s.p)
        return RC_OK;
    bool is_hours = str_ends(s, STR("wh"));
    bool ok = (is_hours || str_ends(s, STR("wd"))) && str_int(str_cut(s, 0, s.n - 2), &n);
    if (!ok || n < 1 || n > BUDGET_MAX)
        return DECL_FAIL(cx, RULE_TIME, json_get(yaml, STR("within")), "`%.*s`; 4wh, 2wd",
                         STR_ARG(str_cut(s, 0, 40)));
    *ret = (int)(is_hours ? n : n * HOURS_A_DAY);
    return RC_OK;
}

static enum rc numbers_load(struct ctx *cx, const struct json *yaml, struct flow_state *s)
{
    static const int64_t entries[] = {1, ENTRIES_MAX};
    int64_t at_most = 0;
    TRY(decl_int(cx, yaml, "at_most", entries, &at_most));
    s->at_most = (int)at_most;
    return within_load(cx, yaml, &s->within_wh);
}

/* An end is an end; where the office waits for somebody, the wait must end by itself. */
static enum rc state_check(struct loader *l, const struct json *yaml,
                           const struct flow_state *s)
{
    if (s->is_end && (json_get(yaml, STR("on")) || s->after_to || s->pauses || s->nbranches))
        return DECL_FAIL(l->cx, RULE_END, yaml, "`%.*s`", STR_ARG(s->id));
    if (s->pauses && !s->after_to)
        return DECL_FAIL(l->cx, RULE_PAUSE, yaml, "`%.*s`", STR_ARG(s->id));
    bool somebody = (s->roles || s->by_applicant || s->by_system) && json_get(yaml, STR("on"));
    if (!s->is_end && !somebody && !s->after_to && !s->nbranches)
        return DECL_FAIL(l->cx, RULE_NOBODY, yaml, "`%.*s`", STR_ARG(s->id));
    return RC_OK;
}

/* The status stands in every state before any act looks at its target's. */
static enum rc status_load(struct loader *l, const struct json *yaml, struct flow_state *s)
{
    const struct json *v = json_get(yaml, STR("status"));
    if (!v || v->kind != JSON_INT || v->i < STATUS_NEW || v->i > STATUS_RETURNED)
        return DECL_FAIL(l->cx, RULE_STATUS, v ? v : yaml, "`%.*s`", STR_ARG(s->id));
    s->status = (enum status)v->i;
    return decl_bool(l->cx, yaml, "end", &s->is_end);
}

enum rc state_head_load(struct loader *l, const struct json *yaml, struct flow_state *s)
{
    TRY(decl_keys_all(l->cx, yaml,
                      "name! status by within on pause restart at_most after not_by end appeal "
                      "reopen fields fork join to at",
                      l->notes));
    FLOW_KEEP(l, status_load(l, yaml, s));
    return decl_label(l->cx, yaml, "name", &s->name);
}

enum rc state_load(struct loader *l, const struct json *yaml, struct flow_state *s)
{
    size_t before = l->notes ? l->notes->n : 0, after;
    FLOW_KEEP(l, by_load(l, yaml, s));
    FLOW_KEEP(l, not_by_load(l, yaml, s));
    FLOW_KEEP(l, clock_bits_load(l, yaml, "pause", &s->pauses));
    FLOW_KEEP(l, clock_bits_load(l, yaml, "restart", &s->restarts));
    FLOW_KEEP(l, timer_load(l, yaml, s));
    FLOW_KEEP(l, fork_load(l, yaml, s));
    after = l->notes ? l->notes->n : 0;
    FLOW_KEEP(l, numbers_load(l->cx, yaml, s));
    TRY(decl_list(l->cx, yaml, "fields", 100, &s->fields));
    if (!s->is_end)
        TRY(acts_load(l, yaml, s));
    FLOW_KEEP(l, elsewhere_load(l, yaml, s));
    /* that nobody acts and nothing ends a wait may follow from what was told already */
    return after > before ? RC_OK : state_check(l, yaml, s);
}
