/* lint.c - what can only be seen across files: fields, limits of stages, unused things. */
#include "flow/proof.h"
#include "pack/pack_priv.h"

/* Fields that the applicant may change in a state are in the form. */
enum rc fields_check(struct checker *c)
{
    const struct flow *f = c->pack->flow;
    c->file = json_str(c->yaml, "flow");
    for (size_t i = 0; i < f->nstates; i++)
        JSON_EACH (f->states[i].fields, v)
            if (v->kind != JSON_STR || !form_has_field(c->pack->form, v->s))
                CHECK(c, DECL_FAIL(c->cx, "P046", v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60))));
    return RC_OK;
}

/* -- what holds for the flow as a whole -- */
int line_of(const struct json *v)
{
    return v ? (int)v->line : 0;
}

const struct json *state_yaml(const struct checker *c, const struct flow_state *s)
{
    return json_get(json_get(c->flow_yaml, STR("states")), s->id);
}

const struct json *act_yaml(const struct checker *c, const struct flow_state *s,
                            const struct flow_act *a)
{
    return json_get(json_get(state_yaml(c, s), STR("on")), a->id);
}

static struct str way_text(struct ctx *cx, const struct flow_way *way)
{
    struct buf *b = buf_new(cx->mem, 2000);
    for (size_t i = 0; i < way->n; i++)
        buf_fmt(b, "%s%.*s", i ? " → " : "", STR_ARG(way->states[i]->id));
    return buf_str(b);
}

/* A budget in working hours; 0wd is the rest of one day, calendar days are five in seven. */
static int64_t budget_wh(struct budget b)
{
    enum { HOURS_A_DAY = 8 };
    if (b.unit == 'h')
        return b.n;
    if (b.unit == 'c')
        return (b.n * 5 + 6) / 7 * HOURS_A_DAY;
    return (b.n ? b.n : 1) * HOURS_A_DAY;
}

static void budget_check(struct checker *c, const struct flow *f, size_t i,
                         const struct flow_clock_from *from)
{
    struct flow_way way;
    int64_t budget = budget_wh(from->budget);
    flow_longest(c->cx->mem, f, i, from->state, &way);
    if (way.n && way.wh <= budget)
        return;
    const struct json *at = json_get(json_get(c->flow_yaml, STR("clocks")), f->clocks[i].id);
    finding_add(c, "P050", line_of(at),
                str_fmt(c->cx->mem, "`%.*s`: %lldwh > %lldwh: %.*s", STR_ARG(f->clocks[i].id),
                        (long long)way.wh, (long long)budget, STR_ARG(way_text(c->cx, &way))));
}

static void budgets_check(struct checker *c, const struct flow *f)
{
    for (size_t i = 0; i < f->nclocks; i++) {
        const struct flow_clock *clock = &f->clocks[i];
        budget_check(c, f, i, &(struct flow_clock_from){clock->start, clock->budget});
        for (size_t k = 0; k < clock->nfrom; k++)
            budget_check(c, f, i, &clock->from[k]);
    }
}

/* One finding tells all states that go round together. */
static void circles_check(struct checker *c, const struct flow *f, uint64_t endless)
{
    struct buf *b = buf_new(c->cx->mem, 2000);
    const struct flow_state *first = NULL;
    for (size_t i = 0; i < f->nstates; i++)
        if (endless & FLOW_BIT(&f->states[i])) {
            first = first ? first : &f->states[i];
            buf_fmt(b, "%s%.*s", b->n ? ", " : "", STR_ARG(f->states[i].id));
        }
    finding_add(c, "P104", line_of(state_yaml(c, first)), buf_str(b));
}

static bool act_is_used(const struct flow *f, struct str id, bool notifies)
{
    for (size_t i = 0; i < f->nstates; i++)
        for (size_t k = 0; k < f->states[i].nacts; k++) {
            const struct flow_act *a = &f->states[i].acts[k];
            if (str_eq(a->id, id) && (!notifies || (a->effects & (1u << EFFECT_notify))))
                return true;
        }
    return false;
}

void name_add(struct checker *c, const char *rule, const struct json *at, struct str name)
{
    finding_add(c, rule, line_of(at),
                str_fmt(c->cx->mem, "`%.*s`", STR_ARG(str_cut(name, 0, 60))));
}

static void acts_warn(struct checker *c, const struct flow_state *s)
{
    const struct json *on = json_get(state_yaml(c, s), STR("on"));
    for (size_t i = 0; i < s->nacts; i++) {
        const struct flow_act *a = &s->acts[i];
        const struct json *at = json_get(on, a->id);
        if (a->is_applicants)
            continue;
        bool is_told = (a->effects & (1u << EFFECT_notify)) || s->by_applicant;
        if (a->to->status != s->status && !is_told)
            name_add(c, "P054", at, a->id);
        if (a->to->status == STATUS_SUPPLEMENT && !a->to->at_most)
            name_add(c, "P055", at, a->to->id);
        bool is_refusal = a->need & IN_LAW;
        if (is_refusal && a->to->is_end && !a->to->appeal_cd)
            name_add(c, "P053", at, a->to->id);
    }
}

/* -- branches: who can have answered before a state is entered -- */
static bool branch_can_be_read(const struct flow *f, const struct flow_state *s, struct str id)
{
    for (size_t i = 0; i < f->nstates; i++)
        if (flow_branch_find(&f->states[i], id))
            return flow_after(f, &f->states[i]) & FLOW_BIT(s);
    return true;
}

static void branches_warn(struct checker *c, const struct flow_state *s)
{
    const struct str *name;
    for (size_t k = 0; k < s->nacts; k++)
        for (size_t i = 0; s->acts[k].guard && (name = expr_reads(s->acts[k].guard, i)); i++)
            if (str_starts(*name, STR("branch.")) &&
                !branch_can_be_read(c->pack->flow, s, str_skip(*name, 7)))
                name_add(c, "P088", act_yaml(c, s, &s->acts[k]), *name);
}

/* An officer who never acts in a state cannot have acted there. */
static void not_by_warn(struct checker *c, const struct flow_state *s)
{
    const struct flow *f = c->pack->flow;
    JSON_EACH (json_get(state_yaml(c, s), STR("not_by")), v) {
        const struct flow_state *other = flow_state_find(f, v->s);
        if (other && (!other->roles || other == s))
            name_add(c, "P130", v, v->s);
    }
}

static void flow_check(struct checker *c)
{
    const struct flow *f = c->pack->flow;
    uint64_t endless = flow_endless(f);
    JSON_EACH (json_get(c->flow_yaml, STR("acts")), v)
        if (!act_is_used(f, v->key, false))
            name_add(c, "P051", v, v->key);
    if (!json_get(c->flow_yaml, STR("late")))
        name_add(c, "P052", c->flow_yaml, STR("late"));
    for (size_t i = 0; i < f->nstates; i++) {
        const struct flow_state *s = &f->states[i];
        acts_warn(c, s);
        branches_warn(c, s);
        not_by_warn(c, s);
        if (s->status == STATUS_SUPPLEMENT && !s->pauses)
            name_add(c, "P056", state_yaml(c, s), s->id);
    }
    if (endless)
        circles_check(c, f, endless);
    else
        budgets_check(c, f);
}

/* -- warnings about the rest -- */
static void messages_warn(struct checker *c)
{
    const struct flow *f = c->pack->flow;
    const struct json *all = json_get(c->pack->messages, STR("messages"));
    if (!f || !all)
        return;
    JSON_EACH (all, v)
        if (!act_is_used(f, v->key, false) && !flow_state_find(f, v->key) &&
            !str_eq(v->key, STR("submitted")) && !str_eq(v->key, STR("late")))
            name_add(c, "P072", v, v->key);
    JSON_EACH (json_get(c->flow_yaml, STR("acts")), v)
        if (act_is_used(f, v->key, true) && !json_get(all, v->key))
            name_add(c, "P073", all, v->key);
}

static bool file_is_known(const struct checker *c, struct str name)
{
    static const char *const known[] = {"pack.yaml",     "README.md",     "indicators.yaml",
                                        "messages.yaml", "datasets.yaml", "scorecard.yaml",
                                        "targets.yaml",  "alerts.yaml"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(name, str_from(known[i])))
            return true;
    return str_eq(name, json_str(c->yaml, "form")) || str_eq(name, json_str(c->yaml, "flow")) ||
           str_starts(name, STR("tests/")) || str_starts(name, STR("tables/")) ||
           str_starts(name, STR("letters/"));
}

static void files_warn(struct checker *c)
{
    bool has_case = false;
    for (size_t i = 0; i < c->files->n; i++) {
        struct str name = c->files->v[i].name;
        c->file = name;
        if (!file_is_known(c, name))
            name_add(c, "P017", NULL, name);
        has_case =
            has_case || (str_starts(name, STR("tests/")) && str_ends(name, STR(".case")));
    }
    c->file = STR("pack.yaml");
    if (c->pack->form && !has_case)
        finding_add(c, "P080", 0, STR(""));
    c->file = STR("README.md");
    if (str_trim(pack_file(c->files, c->file)).n == 0)
        finding_add(c, "P016", 0, STR(""));
    c->file = STR("pack.yaml");
}

/* No way leads to the state but through one in which a fee is paid. */
static void fees_check(struct checker *c)
{
    const struct flow *f = c->pack->flow;
    uint64_t paying = 0;
    for (size_t i = 0; i < f->nstates; i++)
        if (f->states[i].status == STATUS_PAYMENT)
            paying |= FLOW_BIT(&f->states[i]);
    uint64_t unpaid = flow_reached_without(f, paying);
    size_t i = 0;
    JSON_EACH (json_get(c->yaml, STR("fees")), v) {
        if (i == c->pack->nfees)
            return; /* not read: the form is broken */
        const struct pack_fee *fee = &c->pack->fees[i++];
        const struct flow_state *s = flow_state_find(f, fee->before);
        if (fee->before.n && (!s || (unpaid & FLOW_BIT(s))))
            name_add(c, "P115", json_get(v, STR("before")), fee->before);
    }
}

void proofs_find(struct checker *c)
{
    files_warn(c);
    if (c->pack->form)
        questions_check(c);
    if (!c->pack->flow)
        return;
    c->file = STR("pack.yaml");
    fees_check(c);
    c->file = json_str(c->yaml, "flow");
    flow_check(c);
    guards_check(c);
    c->file = STR("messages.yaml");
    messages_warn(c);
    words_given_check(c);
    tables_warn(c);
}
