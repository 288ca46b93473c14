/* bpmn.c - nodes and flows into states and acts: gateways are ways between steps of people. */
#include "import/bpmn.h"

#include "base/arena.h"

enum { DEPTH_MAX = 12 };

static const struct bpmn_flow *flow_after(const struct bpmn *b, struct str from, size_t i)
{
    for (size_t k = 0; k < b->nflows; k++)
        if (str_eq(b->flows[k].from, from) && i-- == 0)
            return &b->flows[k];
    return NULL;
}

static size_t count_into(const struct bpmn *b, struct str to)
{
    size_t n = 0;
    for (size_t k = 0; k < b->nflows; k++)
        n += str_eq(b->flows[k].to, to);
    return n;
}

static size_t count_out(const struct bpmn *b, struct str from)
{
    size_t n = 0;
    while (flow_after(b, from, n))
        n++;
    return n;
}

static bool is_fork(const struct bpmn *b, const struct bpmn_node *n)
{
    return n->kind == NODE_PARALLEL && count_out(b, n->id) > 1;
}

/* -- which nodes are states -- */

static struct str label_of(const struct bpmn_node *n)
{
    return n->name.n ? n->name : n->id;
}

/* A task that stands between a fork and its join is a branch and no state of its own. */
static bool is_branch(struct bpmn *b, const struct bpmn_node *n)
{
    for (size_t k = 0; k < b->nflows; k++) {
        const struct bpmn_node *from = NULL;
        if (str_eq(b->flows[k].to, n->id))
            from = bpmn_node_find(b, b->flows[k].from);
        if (from && is_fork(b, from))
            return true;
    }
    return false;
}

static enum rc states_make(struct bpmn *b)
{
    for (size_t i = 0; i < b->nnodes; i++) {
        struct bpmn_node *n = &b->nodes[i];
        struct draft_state *s;
        bool is_state = (n->kind == NODE_TASK && !is_branch(b, n)) || n->kind == NODE_END ||
                        n->kind == NODE_WAIT || is_fork(b, n);
        if (!is_state)
            continue;
        TRY(state_add(b->d, label_of(n), label_of(n), n->line, &s));
        s->source = n->id;
        n->state = b->d->nstates;
        s->is_end = n->kind == NODE_END;
        if (n->kind == NODE_TASK && n->lane.n)
            by_add(s, role_of(b->d, n->line, n->lane));
        else if (n->kind == NODE_TASK)
            note_add(b->d, n->line, n->id, "no_role", STR(""));
    }
    return RC_OK;
}

/* -- ways -- */

/* A walk from a step along flows and through gateways to the next steps. */
struct way {
    struct bpmn *b;
    struct draft_state *from;
    bool is_timer; /* the target is the timer's and no act */
    bool is_start;
    size_t found;
};

static void arrive(struct way *w, const struct bpmn_node *n, struct str name)
{
    struct draft *d = w->b->d;
    size_t to = n->state - 1;
    struct str label = name.n ? name : d->states[to].label;
    if (w->found++ && (w->is_start || w->is_timer)) {
        note_add(d, n->line, n->id, w->is_start ? "more_starts" : "more_targets", label);
        return;
    }
    if (w->is_start)
        d->start = to;
    else if (w->is_timer)
        w->from->after_to = to;
    else
        act_add(d, w->from, label, to);
}

static void follow(struct way *w, const struct bpmn_node *at, struct str name, int depth);

static void step(struct way *w, const struct bpmn_flow *f, struct str name, int depth)
{
    struct bpmn_node *to = bpmn_node_find(w->b, f->to);
    struct str said = f->name.n ? f->name : name;
    if (!to)
        note_add(w->b->d, f->line, f->from, "no_target", f->to);
    else if (to->state)
        arrive(w, to, said);
    else
        follow(w, to, said, depth + 1);
}

/* Through what is no step: choices, joins, what machines do. */
static void follow(struct way *w, const struct bpmn_node *at, struct str name, int depth)
{
    const struct bpmn_flow *f;
    if (depth > DEPTH_MAX) {
        note_add(w->b->d, at->line, at->id, "gateways_loop", STR(""));
        return;
    }
    if (at->kind == NODE_TASK) { /* the second step of a branch, or such */
        note_add(w->b->d, at->line, at->id, "in_branch", label_of(at));
        return;
    }
    for (size_t i = 0; (f = flow_after(w->b, at->id, i)); i++)
        step(w, f, name, depth);
}

/* -- forks -- */

/* Where all branches meet: the parallel gateway that the first leads to. */
static struct bpmn_node *join_of(struct bpmn *b, const struct bpmn_node *fork)
{
    struct bpmn_node *at = NULL;
    const struct bpmn_flow *f = flow_after(b, fork->id, 0);
    for (int depth = 0; f && depth < DEPTH_MAX; depth++) {
        at = bpmn_node_find(b, f->to);
        if (!at || (at->kind == NODE_PARALLEL && count_into(b, at->id) > 1))
            return at;
        f = flow_after(b, at->id, 0);
    }
    return NULL;
}

static void branch_make(struct bpmn *b, struct draft_state *s, struct bpmn_node *task,
                        const struct bpmn_node *join)
{
    struct draft *d = b->d;
    const struct bpmn_flow *on = flow_after(b, task->id, 0);
    if (task->kind != NODE_TASK || !on || !str_eq(on->to, join->id))
        note_add(d, task->line, task->id, "long_branch", label_of(task));
    if (s->nbranches == DRAFT_BRANCHES_MAX) {
        note_add(d, task->line, task->id, "too_many_acts", label_of(task));
        return;
    }
    struct draft_branch *r = &s->branches[s->nbranches++];
    struct str role = task->lane.n ? role_of(d, task->line, task->lane) : STR("specialist");
    bool is_officers = !str_eq(role, STR("applicant")) && !str_eq(role, STR("system"));
    *r = (struct draft_branch){.label = label_of(task),
                               .duty = slug(d->cx, task->lane.n ? task->lane : task->id, '-'),
                               .role = is_officers ? role : STR("specialist")};
    r->id = str_fmt(d->cx->mem, "%.*s", STR_ARG(slug(d->cx, task->id, '_')));
    note_add(d, task->line, task->id, "branch_time", STR("5wd"));
}

static void fork_make(struct bpmn *b, struct bpmn_node *fork)
{
    struct draft_state *s = &b->d->states[fork->state - 1];
    struct bpmn_node *join = join_of(b, fork);
    const struct bpmn_flow *f;
    if (!join) {
        note_add(b->d, fork->line, fork->id, "no_join", STR(""));
        return;
    }
    for (size_t i = 0; (f = flow_after(b, fork->id, i)); i++) {
        struct bpmn_node *task = bpmn_node_find(b, f->to);
        if (task)
            branch_make(b, s, task, join);
    }
    struct draft_state after = {.source = join->id, .line = join->line};
    struct way w = {.b = b, .from = &after};
    follow(&w, join, STR(""), 0);
    if (after.nacts)
        s->join_to = after.acts[0].to;
    if (after.nacts != 1)
        note_add(b->d, join->line, join->id, after.nacts ? "more_targets" : "no_target",
                 STR(""));
}

/* -- all of it -- */

static void boundary_make(struct bpmn *b, const struct bpmn_node *n)
{
    const struct bpmn_node *task = bpmn_node_find(b, n->attached);
    if (!task || !task->state || !n->interrupts || !n->time.n) {
        note_add(b->d, n->line, n->id, "not_mapped", STR("boundaryEvent"));
        return;
    }
    struct draft_state *s = &b->d->states[task->state - 1];
    struct way w = {.b = b, .from = s, .is_timer = true};
    if (s->after.n) {
        note_add(b->d, n->line, n->id, "more_timers", n->time);
        return;
    }
    follow(&w, n, STR(""), 0);
    s->after = w.found ? n->time : STR("");
}

static void node_make(struct bpmn *b, struct bpmn_node *n)
{
    struct draft_state *s = n->state ? &b->d->states[n->state - 1] : NULL;
    const struct bpmn_flow *f;
    struct way w = {.b = b, .from = s, .is_start = n->kind == NODE_START};
    w.is_timer = n->kind == NODE_WAIT;
    if (n->kind == NODE_BOUNDARY)
        boundary_make(b, n);
    else if (s && is_fork(b, n))
        fork_make(b, n);
    else if (n->kind == NODE_START || (s && !s->is_end))
        for (size_t i = 0; (f = flow_after(b, n->id, i)); i++)
            step(&w, f, STR(""), 0);
    if (n->kind == NODE_WAIT && w.found)
        s->after = n->time;
    if (n->kind == NODE_START && !w.found)
        note_add(b->d, n->line, n->id, "no_target", STR(""));
}

enum rc bpmn_read(struct draft *d, struct str text)
{
    struct bpmn b = {.d = d};
    TRY(bpmn_parse(&b, text));
    TRY(states_make(&b));
    for (size_t i = 0; i < b.nnodes; i++)
        node_make(&b, &b.nodes[i]);
    return RC_OK;
}
