/* fork.c - what a state asks of other units: branches and their join, `at`, ways after an end.
 */
#include "flow/flow_priv.h"

enum rc branches_name(struct loader *l, const struct json *states, struct expr_scope *scope)
{
    /* once it is closed and counts */
    static const struct str outcomes[] = {{"agree", 5}, {"refuse", 6}, {"silent", 6}};
    struct json *seen = json_new_obj(l->cx->mem);
    JSON_EACH (states, state)
        JSON_EACH (json_get(state, STR("fork")), b) {
            TRY(decl_id(l->cx, b->key, b));
            /* a hyphen would be a minus in an expression */
            if (json_get(seen, b->key) || memchr(b->key.p, '-', b->key.n))
                return DECL_FAIL(l->cx, RULE_BRANCH, b, "`%.*s`", STR_ARG(b->key));
            json_put_bool(l->cx->mem, seen, str_z(l->cx->mem, b->key), true);
            struct str name = str_join(l->cx->mem, STR("branch."), b->key);
            expr_scope_add(scope, name, T_STR);
            if (l->notes)
                expr_scope_choices(scope, name, outcomes, sizeof outcomes / sizeof *outcomes);
        }
    return RC_OK;
}

static enum rc silence_load(struct loader *l, const struct json *yaml, enum flow_silence *ret)
{
    static const char *const names[] = {"agree", "refuse", "escalate"};
    struct str s = STR_NULL;
    TRY(decl_text(l->cx, yaml, "silence", &s));
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(s, str_from(names[i]))) {
            *ret = (enum flow_silence)i;
            return RC_OK;
        }
    return DECL_FAIL(l->cx, RULE_SILENCE, json_get(yaml, STR("silence")), "`%.*s`",
                     STR_ARG(str_cut(s, 0, 40)));
}

static enum rc duty_load(struct loader *l, const struct json *yaml, const char *key,
                         struct str *ret)
{
    TRY(decl_text(l->cx, yaml, key, ret));
    if (ret->n && !unit_duty_is(*ret))
        return DECL_FAIL(l->cx, RULE_DUTY, json_get(yaml, str_from(key)), "`%.*s`",
                         STR_ARG(str_cut(*ret, 0, 60)));
    return RC_OK;
}

static enum rc branch_load(struct loader *l, const struct json *yaml, struct flow_branch *b)
{
    struct str within = STR_NULL;
    b->id = yaml->key;
    TRY(decl_keys_all(l->cx, yaml, "name! unit! by! within! silence! if", l->notes));
    FLOW_KEEP(l, decl_label(l->cx, yaml, "name", &b->name));
    TRY(duty_load(l, yaml, "unit", &b->duty));
    TRY(by_list_load(l, yaml, &b->roles));
    FLOW_KEEP(l, silence_load(l, yaml, &b->silence));
    TRY(decl_text(l->cx, yaml, "within", &within));
    if (!loader_budget(l, within, &b->within) || b->within.n == 0)
        return DECL_FAIL(l->cx, RULE_TIME, json_get(yaml, STR("within")), "`%.*s`",
                         STR_ARG(str_cut(within, 0, 40)));
    return guard_load(l, yaml, &b->when);
}

static enum rc join_load(struct loader *l, const struct json *v, struct flow_state *s)
{
    bool is_text = v && v->kind == JSON_STR;
    s->join = (unsigned)s->nbranches;
    if (is_text && str_eq(v->s, STR("all")))
        return RC_OK;
    if (is_text && str_eq(v->s, STR("any")))
        s->join = 1;
    else if (v && v->kind == JSON_INT && v->i >= 1 && v->i <= (int64_t)s->nbranches)
        s->join = (unsigned)v->i;
    else
        return DECL_FAIL(l->cx, RULE_JOIN, v, "`%.*s`", STR_ARG(s->id));
    return RC_OK;
}

enum rc fork_load(struct loader *l, const struct json *yaml, struct flow_state *s)
{
    const struct json *fork, *join = json_get(yaml, STR("join"));
    const struct json *to = json_get(yaml, STR("to"));
    TRY(decl_object(l->cx, yaml, "fork", &fork));
    if (!fork && !join && !to)
        return RC_OK;
    size_t n = fork ? fork->n : 0;
    if (n == 0 || n > FLOW_BRANCHES_MAX || !join || !to || to->kind != JSON_STR)
        return DECL_FAIL(l->cx, RULE_FORK, yaml, "`%.*s`", STR_ARG(s->id));
    struct flow_branch *v = arena_array(l->cx->mem, struct flow_branch, n);
    s->branches = v;
    JSON_EACH (fork, b) {
        v[s->nbranches].index = (unsigned)s->nbranches;
        FLOW_KEEP(l, branch_load(l, b, &v[s->nbranches++]));
    }
    TRY(join_load(l, join, s));
    return target_get(l, to->s, to, &s->join_to);
}

/* -- ways out of an end -- */

static enum rc days_load(struct loader *l, const struct json *v, int *ret)
{
    struct budget b;
    if (!v || v->kind != JSON_STR || !budget_parse(v->s, &b) || b.unit != 'c' || b.n == 0)
        return DECL_FAIL(l->cx, RULE_TIME, v, "`%.*s`; 90cd",
                         STR_ARG(str_cut(v && v->kind == JSON_STR ? v->s : STR(""), 0, 40)));
    *ret = b.n;
    return RC_OK;
}

/* The act that leaves an end: it goes to a state where somebody works. */
static enum rc after_end_load(struct loader *l, const struct json *yaml, struct flow_state *s,
                              struct flow_act *a)
{
    const struct json *to = json_get(yaml, STR("to"));
    a->id = yaml->key;
    a->effects = 1u << EFFECT_notify;
    a->need = IN_REASON;
    if (!s->is_end || !to || to->kind != JSON_STR)
        return DECL_FAIL(l->cx, RULE_AFTER_END, yaml, "`%.*s`", STR_ARG(s->id));
    TRY(target_get(l, to->s, to, &a->to));
    if (a->to->is_end)
        return DECL_FAIL(l->cx, RULE_AFTER_END, to, "`%.*s`", STR_ARG(a->to->id));
    TRY(days_load(l, json_get(yaml, STR("within")), &a->within_cd));
    s->nacts++;
    return act_label(l, yaml, a);
}

/* `90cd` informs; {within, to} gives the applicant an act. */
static enum rc appeal_load(struct loader *l, const struct json *yaml, struct flow_state *s,
                           struct flow_act *acts)
{
    const struct json *v = json_get(yaml, STR("appeal"));
    if (!v || v->kind != JSON_OBJ)
        return v ? days_load(l, v, &s->appeal_cd) : RC_OK;
    TRY(decl_keys(l->cx, v, "within! to!"));
    acts[s->nacts].is_applicants = true;
    TRY(after_end_load(l, v, s, &acts[s->nacts]));
    s->appeal_cd = acts[s->nacts - 1].within_cd;
    return RC_OK;
}

/* An office takes its own, or another's, decision up again: with reason and law. */
static enum rc reopen_load(struct loader *l, const struct json *yaml, struct flow_state *s,
                           struct flow_act *acts)
{
    const struct json *v;
    TRY(decl_object(l->cx, yaml, "reopen", &v));
    if (!v)
        return RC_OK;
    TRY(decl_keys(l->cx, v, "by! within! to!"));
    TRY(by_list_load(l, v, &s->roles));
    TRY(after_end_load(l, v, s, &acts[s->nacts]));
    acts[s->nacts - 1].need |= IN_LAW;
    return RC_OK;
}

enum rc elsewhere_load(struct loader *l, const struct json *yaml, struct flow_state *s)
{
    TRY(duty_load(l, yaml, "at", &s->at));
    if (!s->is_end && (json_get(yaml, STR("appeal")) || json_get(yaml, STR("reopen"))))
        return DECL_FAIL(l->cx, RULE_AFTER_END, yaml, "`%.*s`", STR_ARG(s->id));
    if (!s->is_end)
        return RC_OK;
    struct flow_act *acts = arena_array(l->cx->mem, struct flow_act, 2);
    s->acts = acts;
    TRY(appeal_load(l, yaml, s, acts));
    return reopen_load(l, yaml, s, acts);
}
