/* lint.c - what can only be seen across files: pages, fields, stage limits, unused things. */
#include "pack/pack_priv.h"

#include <string.h>

/* -- pages -- */
static size_t times_asked(const struct json *sections, struct str name)
{
    size_t n = 0;
    JSON_EACH (sections, section)
        JSON_EACH (json_get(section, STR("pages")), page)
            JSON_EACH (json_get(page, STR("ask")), ask)
                n += str_eq(ask->s, name);
    return n;
}

static enum rc asks_check(struct checker *c, const struct json *sections,
                          const struct json *properties)
{
    JSON_EACH (sections, section)
        JSON_EACH (json_get(section, STR("pages")), page)
            JSON_EACH (json_get(page, STR("ask")), ask)
                if (!json_get(properties, ask->s))
                    return DECL_FAIL(c->cx, "P022", ask, "`%.*s`",
                                     STR_ARG(str_cut(ask->s, 0, 60)));
    return RC_OK;
}

enum rc sections_check(struct checker *c)
{
    const struct json *sections = json_get(c->form_yaml, STR("sections"));
    const struct json *properties = json_get(c->form_yaml, STR("properties"));
    c->file = json_str(c->yaml, "form");
    TRY(asks_check(c, sections, properties));
    JSON_EACH (properties, p) {
        size_t n = times_asked(sections, p->key);
        bool may_be_none = json_get(p, STR("source")) && json_bool(p, "locked");
        if (n > 1 || (n == 0 && !may_be_none))
            return DECL_FAIL(c->cx, "P021", p, "`%.*s` (%zu)", STR_ARG(str_cut(p->key, 0, 60)),
                             n);
    }
    return RC_OK;
}

/* Fields that the applicant may change in a state are in the form. */
enum rc fields_check(struct checker *c)
{
    const struct flow *f = c->pack->flow;
    c->file = json_str(c->yaml, "flow");
    for (size_t i = 0; i < f->nstates; i++)
        JSON_EACH (f->states[i].fields, v)
            if (v->kind != JSON_STR || !form_has_field(c->pack->form, v->s))
                return DECL_FAIL(c->cx, "P046", v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60)));
    return RC_OK;
}

/* -- warnings about the flow -- */
static int line_of(const struct json *v)
{
    return v ? (int)v->line : 0;
}

static const struct json *state_yaml(const struct checker *c, const struct flow_state *s)
{
    return json_get(json_get(c->flow_yaml, STR("states")), s->id);
}

struct path {
    const struct flow *flow;
    unsigned clock; /* bit */
    uint64_t seen;
    int steps, longest;
};

enum { PATH_STEPS_MAX = 20000 };

/* Branches run side by side: the longest of them, where working days are counted. */
static int branches_wh(const struct flow_state *s)
{
    enum { HOURS_A_DAY = 8 };
    int most = 0;
    for (size_t i = 0; i < s->nbranches; i++) {
        const struct budget *b = &s->branches[i].within;
        int wh = b->unit == 'w' ? b->n * HOURS_A_DAY : b->unit == 'h' ? b->n : 0;
        most = wh > most ? wh : most;
    }
    return most;
}

/* The longest sum of stage limits on a way that enters no state twice. */
static void path_walk(struct path *p, const struct flow_state *s, int used)
{
    uint64_t bit = UINT64_C(1) << s->index;
    if ((p->seen & bit) || p->steps++ > PATH_STEPS_MAX)
        return;
    p->seen |= bit;
    /* nothing is used while the clock stands, nor once the result is ready */
    if (!(s->pauses & p->clock) && s->status != STATUS_READY)
        used += s->within_wh ? s->within_wh : branches_wh(s);
    if (used > p->longest)
        p->longest = used;
    for (size_t i = 0; i < s->nacts; i++)
        path_walk(p, s->acts[i].to, used);
    if (s->after_to)
        path_walk(p, s->after_to, used);
    if (s->join_to)
        path_walk(p, s->join_to, used);
    p->seen &= ~bit;
}

static void budget_warn(struct checker *c, const struct flow *f)
{
    enum { HOURS_A_DAY = 8 };
    for (size_t i = 0; i < f->nclocks; i++) {
        const struct flow_clock *clock = &f->clocks[i];
        struct path p = {.flow = f, .clock = 1u << i};
        path_walk(&p, clock->start, 0);
        /* 0wd is the rest of one day */
        int budget = (clock->budget.n ? clock->budget.n : 1) * HOURS_A_DAY;
        if (clock->budget.unit == 'w' && p.longest > budget)
            finding_add(c, "P050",
                        line_of(json_get(json_get(c->flow_yaml, STR("clocks")), clock->id)),
                        str_fmt(c->cx->mem, "`%.*s`: %dwh > %dwh", STR_ARG(clock->id),
                                p.longest, budget));
    }
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

static void name_warn(struct checker *c, const char *rule, const struct json *at,
                      struct str name)
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
        bool is_told = (a->effects & (1u << EFFECT_notify)) || s->by_applicant;
        if (a->to->status != s->status && !is_told)
            name_warn(c, "P054", at, a->id);
        if (a->to->status == STATUS_SUPPLEMENT && !a->to->at_most)
            name_warn(c, "P055", at, a->to->id);
        bool is_refusal = a->need & IN_LAW;
        if (is_refusal && a->to->is_end && !a->to->appeal_cd)
            name_warn(c, "P053", at, a->to->id);
    }
}

/* -- branches: who can have answered before a state is entered -- */
static uint64_t states_after(const struct flow *f, const struct flow_state *s)
{
    uint64_t seen = s->join_to ? UINT64_C(1) << s->join_to->index : 0, last = 0;
    for (size_t k = 0; k < s->nacts; k++)
        seen |= UINT64_C(1) << s->acts[k].to->index;
    while (seen != last) {
        last = seen;
        for (size_t i = 0; i < f->nstates; i++) {
            const struct flow_state *from = &f->states[i];
            if (!(seen & (UINT64_C(1) << i)))
                continue;
            for (size_t k = 0; k < from->nacts; k++)
                seen |= UINT64_C(1) << from->acts[k].to->index;
            seen |= from->after_to ? UINT64_C(1) << from->after_to->index : 0;
            seen |= from->join_to ? UINT64_C(1) << from->join_to->index : 0;
        }
    }
    return seen;
}

static bool branch_can_be_read(const struct flow *f, const struct flow_state *s, struct str id)
{
    for (size_t i = 0; i < f->nstates; i++)
        if (flow_branch_find(&f->states[i], id))
            return states_after(f, &f->states[i]) & (UINT64_C(1) << s->index);
    return true;
}

static void branches_warn(struct checker *c, const struct flow_state *s)
{
    const struct json *on = json_get(state_yaml(c, s), STR("on"));
    const struct str *name;
    for (size_t k = 0; k < s->nacts; k++)
        for (size_t i = 0; s->acts[k].guard && (name = expr_reads(s->acts[k].guard, i)); i++)
            if (str_starts(*name, STR("branch.")) &&
                !branch_can_be_read(c->pack->flow, s, str_skip(*name, 7)))
                name_warn(c, "P088", json_get(on, s->acts[k].id), *name);
}

static void flow_warn(struct checker *c)
{
    const struct flow *f = c->pack->flow;
    JSON_EACH (json_get(c->flow_yaml, STR("acts")), v)
        if (!act_is_used(f, v->key, false))
            name_warn(c, "P051", v, v->key);
    if (!json_get(c->flow_yaml, STR("late")))
        name_warn(c, "P052", c->flow_yaml, STR("late"));
    for (size_t i = 0; i < f->nstates; i++) {
        const struct flow_state *s = &f->states[i];
        acts_warn(c, s);
        branches_warn(c, s);
        if (s->status == STATUS_SUPPLEMENT && !s->pauses)
            name_warn(c, "P056", state_yaml(c, s), s->id);
    }
    budget_warn(c, f);
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
            name_warn(c, "P072", v, v->key);
    JSON_EACH (json_get(c->flow_yaml, STR("acts")), v)
        if (act_is_used(f, v->key, true) && !json_get(all, v->key))
            name_warn(c, "P073", all, v->key);
}

static bool file_is_known(const struct checker *c, struct str name)
{
    static const char *const known[] = {"pack.yaml", "README.md", "indicators.yaml",
                                        "messages.yaml"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(name, str_from(known[i])))
            return true;
    return str_eq(name, json_str(c->yaml, "form")) || str_eq(name, json_str(c->yaml, "flow")) ||
           str_starts(name, STR("tests/")) || str_starts(name, STR("tables/"));
}

static void files_warn(struct checker *c)
{
    bool has_case = false;
    for (size_t i = 0; i < c->files->n; i++) {
        struct str name = c->files->v[i].name;
        c->file = name;
        if (!file_is_known(c, name))
            name_warn(c, "P017", NULL, name);
        has_case =
            has_case || (str_starts(name, STR("tests/")) && str_ends(name, STR(".case")));
    }
    c->file = STR("pack.yaml");
    if (c->pack->form && !has_case)
        finding_add(c, "P080", 0, STR(""));
    if (str_trim(pack_file(c->files, STR("README.md"))).n == 0)
        finding_add(c, "P016", 0, STR(""));
}

void warnings_find(struct checker *c)
{
    files_warn(c);
    if (c->pack->flow) {
        c->file = json_str(c->yaml, "flow");
        flow_warn(c);
    }
    c->file = STR("messages.yaml");
    messages_warn(c);
    tables_warn(c);
}
