/* life.c - a dossier in virtual time. What may follow says flow.h; what a move does to clocks and
 * counts says casework's own fold; only how long things take and which way they go is drawn. */
#include "simulate/simulate_priv.h"

struct sim_case *case_at(const struct sim_run *r, uint32_t i)
{
    return &r->pages[i / PAGE_CASES][i % PAGE_CASES];
}

static const struct sim_class *class_of(const struct sim_run *r, const struct sim_case *c)
{
    return &r->m->classes[c->class];
}

static const struct sim_state *model_of(const struct sim_run *r, const struct sim_case *c)
{
    return &class_of(r, c)->states[c->d.state->index];
}

/* -- counting -- */

static void open_set(struct sim_run *r, struct sim_case *c, bool is_open)
{
    bool was = c->open_us != TIME_NONE;
    if (was == is_open)
        return;
    level_move(r, &r->open, is_open ? 1 : -1);
    r->shown_open += run_shows(r, c->class) ? (is_open ? 1 : -1) : 0;
    if (was)
        r->open.sum += run_clip(r, c->open_us, r->now);
    c->open_us = is_open ? r->now : TIME_NONE;
}

bool case_is_neglected(const struct sim_run *r, const struct sim_case *c)
{
    const struct flow *f = c->d.pack->flow;
    if (!f->nclocks)
        return false;
    int64_t start = c->d.clocks[0].start_us, until = start == TIME_NONE ? r->now : start;
    struct due due =
        calendar_due(r->cal, c->d.submitted_us, flow_clock_budget(&f->clocks[0], c->d.entries),
                     NULL, 0, until);
    return until - c->lent >= due.at_us;
}

static void finish_count(struct sim_run *r, struct sim_case *c)
{
    if (c->was_done || c->d.finished_us == TIME_NONE)
        return;
    c->was_done = true;
    if (!c->is_counted)
        return;
    int64_t worked = hours_worked(r->hours, r->now) - hours_worked(r->hours, c->d.submitted_us);
    lead_add(r, r->hours->day_us ? (double)worked / (double)r->hours->day_us : 0,
             (double)(r->now - c->d.submitted_us) / (double)DAY_US);
    r->late += c->d.is_late || case_is_neglected(r, c);
}

static void state_count(struct sim_run *r, const struct sim_case *c, int delta)
{
    r->count[c->class * FLOW_STATES_MAX + c->d.state->index] += delta;
}

/* -- coming and going -- */

static struct sim_case *case_alloc(struct sim_run *r, uint32_t *id)
{
    *id = r->free_case;
    if (*id) {
        struct sim_case *c = case_at(r, *id);
        uint32_t gen = c->gen;
        r->free_case = c->next_free;
        *c = (struct sim_case){.gen = gen};
        return c;
    }
    *id = ++r->ncases;
    if (!r->pages[*id / PAGE_CASES])
        r->pages[*id / PAGE_CASES] = arena_array(r->mem, struct sim_case, PAGE_CASES);
    return case_at(r, *id);
}

static void case_end(struct sim_run *r, uint32_t id)
{
    struct sim_case *c = case_at(r, id);
    c->is_live = false;
    c->gen++;
    c->next_free = r->free_case;
    r->free_case = id;
    r->live--;
}

/* Who worked on what is void now is free as soon as this event is over. */
static void task_void(struct sim_run *r, uint32_t task)
{
    const struct sim_task *t = &r->tasks[task];
    struct sim_event e = {.at = r->now, .who = t->officer, .kind = SIM_FREE};
    if (t->place == TASK_HELD)
        heap_push(&r->events, e);
    task_end(r, task);
}

static void tasks_end(struct sim_run *r, struct sim_case *c)
{
    for (size_t i = 0; i <= FLOW_BRANCHES_MAX; i++)
        if (c->task[i])
            task_void(r, c->task[i]);
}

/* -- entering a state -- */

static void timer_plan(struct sim_run *r, uint32_t id, struct sim_case *c)
{
    int64_t at = c->d.after_us;
    if (at != TIME_NONE)
        heap_push(&r->events,
                  (struct sim_event){.at = at, .who = id, .gen = c->gen, .kind = SIM_TIMER});
}

static void applicant_plan(struct sim_run *r, uint32_t id, struct sim_case *c)
{
    const struct sim_state *s = model_of(r, c);
    if (!c->d.state->by_applicant || dice_unit(&c->dice) < s->silent)
        return;
    int64_t at = r->now + dice_time(&c->dice, &s->wait);
    heap_push(&r->events,
              (struct sim_event){.at = at, .who = id, .gen = c->gen, .kind = SIM_APPLICANT});
}

/* Without anybody of that office the answer comes by itself, after its time. */
static bool office_is_staffed(const struct sim_run *r, unsigned office, unsigned roles)
{
    if (office == 0)
        return true;
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        bool is_knob = false;
        for (size_t i = 0; i < r->knobs->nstaff; i++)
            is_knob |= r->knobs->staff[i].office == office && r->knobs->staff[i].role == role;
        if ((roles & (1u << role)) && (r->m->staff[office][role] || is_knob))
            return true;
    }
    return false;
}

static void branch_open(struct sim_run *r, uint32_t id, const struct flow_branch *b)
{
    struct sim_case *c = case_at(r, id);
    const struct sim_state *s = model_of(r, c);
    unsigned office = s->office[b->index + 1];
    c->opened++;
    int64_t due = calendar_due(r->cal, r->now, b->within, NULL, 0, r->now).at_us;
    struct sim_event e = {
        .at = due, .who = id, .gen = c->gen, .kind = SIM_SILENT, .extra = (uint8_t)b->index};
    if (b->silence != SILENCE_ESCALATE)
        heap_push(&r->events, e);
    if (office_is_staffed(r, office, b->roles)) {
        task_new(r, id, b->index + 1, office, b->roles);
        return;
    }
    e.at = hours_after(r->hours, r->now, dice_time(&c->dice, &s->answer[b->index]));
    e.kind = SIM_ANSWER;
    heap_push(&r->events, e);
}

static bool is_serial(const struct sim_run *r)
{
    return (r->now >= r->from_us ? r->knobs : r->before)->is_serial;
}

static void state_begin(struct sim_run *r, uint32_t id)
{
    struct sim_case *c = case_at(r, id);
    const struct flow_state *s = c->d.state;
    timer_plan(r, id, c);
    applicant_plan(r, id, c);
    if (s->nbranches) {
        c->fork = s;
        c->opened = c->closed = 0;
        for (size_t i = 0; i < s->nbranches; i++)
            c->outcome[i] = STR_NULL;
        for (size_t i = 0; i < (is_serial(r) ? 1 : s->nbranches); i++)
            branch_open(r, id, &s->branches[i]);
        return;
    }
    if (s->roles)
        task_new(r, id, 0, model_of(r, c)->office[0], s->roles);
}

static void case_enter(struct sim_run *r, uint32_t id, const struct flow_state *to)
{
    struct sim_case *c = case_at(r, id);
    c->gen++;
    tasks_end(r, c);
    if (c->d.state) {
        state_count(r, c, -1);
        c->lent += c->d.state->by_applicant ? r->now - c->d.entered_us : 0;
    }
    dossier_step(&c->d, to, r->now);
    c->d.after_us = TIME_NONE;
    clocks_count(r->cx, &c->d, r->now);
    open_set(r, c, c->d.finished_us == TIME_NONE);
    finish_count(r, c);
    if (to->is_end) {
        case_end(r, id);
        return;
    }
    state_count(r, c, 1);
    state_begin(r, id);
}

void case_arrive(struct sim_run *r, unsigned class, bool is_extra)
{
    struct sim_dice fate;
    uint32_t id;
    bool is_real = arrival_is_real(r, class, is_extra, &fate);
    size_t most = r->plan->live_max ? r->plan->live_max : SIM_LIVE_MAX;
    arrival_next(r, class, is_extra);
    if (!is_real)
        return;
    if (r->live >= most || r->live >= SIM_LIVE_MAX - 1) {
        r->turned_away++;
        return;
    }
    struct sim_case *c = case_alloc(r, &id);
    const struct pack *p = r->m->classes[class].pack;
    c->d = (struct dossier){.pack = p, .submitted_us = r->now};
    clocks_clear(&c->d);
    c->dice = fate;
    c->class = (unsigned char)class;
    c->is_live = true;
    c->open_us = TIME_NONE;
    c->is_counted = run_shows(r, class) && r->now >= r->from_us && r->now < r->to_us;
    r->counted += c->is_counted;
    r->live++;
    case_enter(r, id, p->flow->start);
}

/* -- acting -- */

static struct flow_actor officer_actor(const struct sim_run *r, const struct sim_case *c,
                                       unsigned officer)
{
    struct flow_actor who = {.roles = 1u << r->officers[officer].role};
    for (size_t i = 0; c->d.state->not_by && i < FLOW_STATES_MAX; i++)
        if (c->acted[i] == officer + 1)
            who.acted_in |= UINT64_C(1) << i;
    return who;
}

bool task_is_barred(const struct sim_run *r, const struct sim_task *t, unsigned officer)
{
    const struct sim_case *c = case_at(r, t->who);
    return c->d.state->not_by && (officer_actor(r, c, officer).acted_in & c->d.state->not_by);
}

/* The work, and how long the dossier lies afterwards until somebody acts on it. */
int64_t task_work(struct sim_run *r, const struct sim_task *t)
{
    struct sim_case *c = case_at(r, t->who);
    const struct sim_state *s = model_of(r, c);
    if (t->branch)
        return dice_time(&c->dice, &s->answer[t->branch - 1]);
    int64_t work = dice_time(&c->dice, &s->work);
    if (s->span.shape == SIM_NONE)
        return work;
    int64_t span = dice_time(&c->dice, &s->span);
    c->rest = span > work ? span - work : 0;
    return work < span ? work : span;
}

/* Guards that read only what a fork was answered are asked; those over the applicant's answers
 * are part of the weights. */
static bool guard_holds(struct sim_run *r, const struct sim_case *c, const struct flow_act *a)
{
    const struct str *name;
    size_t n = 0;
    if (!a->guard || !c->fork)
        return true;
    for (; (name = expr_reads(a->guard, n)); n++)
        if (!str_eq(*name, STR("branch")) && !str_starts(*name, STR("branch.")))
            return true;
    struct arena *mem = r->cx->mem;
    r->cx->mem = r->scratch;
    arena_reset(r->scratch);
    struct json *vars = json_new_obj(r->scratch);
    struct json *b = json_put(vars, STR("branch"), json_new_obj(r->scratch));
    for (size_t i = 0; i < c->fork->nbranches; i++)
        json_put(b, c->fork->branches[i].id,
                 c->outcome[i].p ? json_new_str(r->scratch, c->outcome[i])
                                 : json_new_null(r->scratch));
    bool holds = expr_is_true(r->cx, a->guard, vars);
    r->cx->mem = mem;
    return holds;
}

/* One of the acts that the actor may do now, by the model's weights. NULL: none. */
static const struct flow_act *act_draw(struct sim_run *r, struct sim_case *c,
                                       const struct flow_actor *who)
{
    const struct flow_act *acts[FLOW_ACTS_MAX];
    const struct sim_state *m = model_of(r, c);
    double weight[FLOW_ACTS_MAX], all = 0;
    size_t n = flow_acts_of(c->d.state, who, c->d.entries, acts);
    for (size_t i = 0; i < n; i++) {
        weight[i] = guard_holds(r, c, acts[i]) ? m->weight[acts[i] - c->d.state->acts] : 0;
        all += weight[i];
    }
    if (!n || all <= 0)
        return n ? acts[0] : NULL;
    double at = dice_unit(&c->dice) * all;
    for (size_t i = 0; i < n; i++)
        if ((at -= weight[i]) < 0)
            return acts[i];
    return acts[n - 1];
}

/* A dossier that nobody can move any more stays where it is, and is told. */
static enum rc case_act(struct sim_run *r, uint32_t id, struct flow_actor *who)
{
    struct sim_case *c = case_at(r, id);
    const struct flow_act *a = act_draw(r, c, who), *sure;
    if (!a) {
        r->stuck++;
        return RC_OK;
    }
    TRY(flow_act_get(r->cx, c->d.state, a->id, who, c->d.entries, &sure));
    case_enter(r, id, sure->to);
    return RC_OK;
}

/* Whoever works also sees to it when the applicant takes the dossier back meanwhile: the flow's
 * own acts of the applicant are drawn with the others, as often as the model says. */
static bool is_taken_back(struct sim_run *r, struct sim_case *c)
{
    const struct sim_state *m = model_of(r, c);
    double own = 0, all = 0;
    for (size_t i = 0; i < c->d.state->nacts; i++) {
        own += c->d.state->acts[i].is_applicants ? m->weight[i] : 0;
        all += m->weight[i];
    }
    return own > 0 && dice_unit(&c->dice) * all < own;
}

static enum rc branch_close(struct sim_run *r, uint32_t id, unsigned branch, struct str outcome)
{
    struct sim_case *c = case_at(r, id);
    if (c->outcome[branch].p)
        return RC_OK;
    c->outcome[branch] = outcome;
    c->closed++;
    if (c->task[branch + 1])
        task_void(r, c->task[branch + 1]);
    const struct flow_state *s = c->d.state;
    if (flow_is_joined(s, s->nbranches, c->closed))
        case_enter(r, id, s->join_to);
    else if (c->opened < s->nbranches && c->closed == c->opened)
        branch_open(r, id, &s->branches[c->opened]);
    return RC_OK;
}

enum rc branch_answer(struct sim_run *r, uint32_t id, unsigned branch)
{
    struct sim_case *c = case_at(r, id);
    bool agrees = dice_unit(&c->dice) < model_of(r, c)->agree[branch];
    return branch_close(r, id, branch, agrees ? STR("agree") : STR("refuse"));
}

enum rc branch_silent(struct sim_run *r, uint32_t id, unsigned branch)
{
    static const char *const outcomes[] = {
        [SILENCE_AGREE] = "agree", [SILENCE_REFUSE] = "refuse", [SILENCE_ESCALATE] = "silent"};
    const struct flow_branch *b = &case_at(r, id)->d.state->branches[branch];
    return branch_close(r, id, branch, str_from(outcomes[b->silence]));
}

static enum rc officer_acts(struct sim_run *r, uint32_t id, unsigned officer)
{
    struct sim_case *c = case_at(r, id);
    struct flow_actor who = officer_actor(r, c, officer), applicant = {.is_applicant = true};
    c->acted[c->d.state->index] = (uint16_t)(officer + 1);
    return case_act(r, id, is_taken_back(r, c) ? &applicant : &who);
}

enum rc task_done(struct sim_run *r, unsigned officer)
{
    struct sim_task *t = &r->tasks[r->officers[officer].task];
    uint32_t id = t->who;
    unsigned branch = t->branch;
    struct sim_case *c = case_at(r, id);
    task_end(r, r->officers[officer].task);
    if (!branch && c->rest) {
        c->actor = (uint16_t)officer;
        heap_push(&r->events, (struct sim_event){.at = hours_after(r->hours, r->now, c->rest),
                                                 .who = id,
                                                 .gen = c->gen,
                                                 .kind = SIM_LATER});
        c->rest = 0;
    } else {
        TRY(branch ? branch_answer(r, id, branch - 1) : officer_acts(r, id, officer));
    }
    officer_next(r, officer);
    return RC_OK;
}

enum rc case_later(struct sim_run *r, uint32_t id)
{
    return officer_acts(r, id, case_at(r, id)->actor);
}

enum rc case_applicant(struct sim_run *r, uint32_t id)
{
    return case_act(r, id, &(struct flow_actor){.is_applicant = true});
}

enum rc case_timer(struct sim_run *r, uint32_t id)
{
    case_enter(r, id, case_at(r, id)->d.state->after_to);
    return RC_OK;
}
