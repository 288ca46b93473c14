/* study.c - today and what-if side by side: several seeds, means, 95 % intervals. */
#include <math.h>

#include "simulate/simulate_priv.h"

struct values { /* [seed][measure] of one side */
    struct sim_outcome *v;
};

/* Student's t, 97.5 %, by degrees of freedom; beyond the table the normal distribution. */
static double t_of(int freedom)
{
    static const double table[] = {0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
                                   2.306, 2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
                                   2.120, 2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069,
                                   2.064, 2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
    enum { ROWS = sizeof table / sizeof *table };
    return freedom < ROWS ? table[freedom] : 1.96 + 2.5 / freedom;
}

/* The figure of a[] less b[]; b NULL: of a[] alone. */
static struct sim_figure figure_of(const struct sim_outcome *a, const struct sim_outcome *b,
                                   int seeds, unsigned m)
{
    struct sim_figure f = {0};
    double sum = 0, squares = 0;
    for (int i = 0; i < seeds; i++) {
        sum += a[i].value[m] - (b ? b[i].value[m] : 0);
        f.is_least |= a[i].is_least[m] || (b && b[i].is_least[m]);
    }
    f.mean = sum / seeds;
    for (int i = 0; i < seeds; i++) {
        double d = a[i].value[m] - (b ? b[i].value[m] : 0) - f.mean;
        squares += d * d;
    }
    if (seeds > 1)
        f.half = t_of(seeds - 1) * sqrt(squares / (seeds - 1) / seeds);
    return f;
}

static struct sim_side side_new(struct arena *mem, const struct sim_plan *p)
{
    size_t days = (size_t)p->days;
    return (struct sim_side){.backlog = arena_array(mem, double, days),
                             .state = arena_array(mem, double, days *FLOW_STATES_MAX),
                             .lead = arena_array(mem, double, SIM_LEAD_DAYS)};
}

static void side_close(struct sim_side *s, const struct sim_outcome *v, int seeds,
                       const struct sim_plan *p)
{
    size_t days = (size_t)p->days;
    for (unsigned m = 0; m < SIM_MEASURES; m++)
        s->figure[m] = figure_of(v, NULL, seeds, m);
    for (size_t i = 0; i < days; i++)
        s->backlog[i] /= seeds;
    for (size_t i = 0; i < days * FLOW_STATES_MAX; i++)
        s->state[i] /= seeds;
    for (size_t i = 0; i < SIM_LEAD_DAYS && s->dossiers; i++)
        s->lead[i] /= (double)s->dossiers;
    for (int i = 0; i < seeds; i++)
        s->little = v[i].little > s->little ? v[i].little : s->little;
}

static enum rc plan_check(struct ctx *cx, const struct sim_model *m, const struct sim_plan *p)
{
    if (p->days < 1 || p->days > SIM_DAYS_MAX || p->warm < 0 || p->warm > SIM_DAYS_MAX ||
        p->drain < 0 || p->drain > SIM_DAYS_MAX)
        return FAIL(cx, INVALID, "days", "1 to %d", SIM_DAYS_MAX);
    if (p->seeds < 1 || p->seeds > SIM_SEEDS_MAX)
        return FAIL(cx, INVALID, "seeds", "1 to %d", SIM_SEEDS_MAX);
    if (!m->nclasses)
        return FAIL(cx, INVALID, "pack", "nothing to simulate");
    return RC_OK;
}

/* Would another pair of runs, as long as those so far, be too much? */
static bool is_enough(const struct sim_plan *p, int done, int64_t steps)
{
    return p->steps_max && done >= 2 && steps + steps / done > p->steps_max;
}

static int64_t seed_of(const struct sim_plan *p, int i)
{
    return p->seed * 1000 + i;
}

enum rc sim_study_run(struct ctx *cx, const struct sim_model *m, const struct sim_knobs *today,
                      const struct sim_knobs *what_if, const struct sim_plan *plan,
                      struct sim_study *ret)
{
    static const struct sim_knobs plain;
    TRY(plan_check(cx, m, plan));
    int64_t began = time_monotonic();
    size_t n = (size_t)plan->seeds;
    struct values a = {arena_array(cx->mem, struct sim_outcome, n)};
    struct values b = {arena_array(cx->mem, struct sim_outcome, n)};
    struct sim_study s = {.today = side_new(cx->mem, plan), .what_if = side_new(cx->mem, plan)};
    const struct sim_knobs *before = today ? today : &plain;
    while (s.seeds < plan->seeds && !is_enough(plan, s.seeds, s.steps)) {
        uint64_t seed = (uint64_t)seed_of(plan, s.seeds);
        struct sim_plan rest = *plan;
        rest.steps_max = plan->steps_max ? plan->steps_max - s.steps : 0;
        TRY(sim_run_once(cx, m, before, before, &rest, seed, &s.today, &a.v[s.seeds]));
        if (what_if)
            TRY(sim_run_once(cx, m, before, what_if, &rest, seed, &s.what_if, &b.v[s.seeds]));
        s.steps = s.today.steps + s.what_if.steps;
        s.seeds++;
        if (plan->progress)
            plan->progress(plan->arg, s.seeds, plan->seeds);
    }
    side_close(&s.today, a.v, s.seeds, plan);
    side_close(&s.what_if, b.v, s.seeds, plan);
    for (unsigned i = 0; i < SIM_MEASURES; i++)
        s.diff[i] = figure_of(b.v, a.v, s.seeds, i);
    s.elapsed_us = time_monotonic() - began;
    *ret = s;
    return RC_OK;
}

/* -- as JSON -- */

const char *sim_measure_name(enum sim_measure m)
{
    static const char *const names[SIM_BUSY] = {
        "lead50_wd", "lead90_wd",   "lead50_cd", "lead90_cd", "late",
        "backlog",   "backlog_end", "arrived",   "waiting",   "wait_hours"};
    static const char *const busy[] = {
#define ROLE(name, vi, en, caps) "busy_" #name,
#include "roles.def"
#undef ROLE
    };
    if (m < SIM_BUSY)
        return names[m];
    return m < SIM_BUSY + ROLE_COUNT ? busy[m - SIM_BUSY] : NULL;
}

/* JSON here has whole numbers only: thousandths, as text with a point. */
static struct json *number_json(struct ctx *cx, double v)
{
    return json_new_str(cx->mem, str_fmt(cx->mem, "%.4f", v));
}

static struct json *figures_json(struct ctx *cx, const struct sim_figure *f)
{
    struct json *o = json_new_obj(cx->mem);
    for (unsigned m = 0; sim_measure_name((enum sim_measure)m); m++) {
        struct json *v =
            json_put(o, str_from(sim_measure_name((enum sim_measure)m)), json_new_obj(cx->mem));
        json_put(v, STR("mean"), number_json(cx, f[m].mean));
        json_put(v, STR("half"), number_json(cx, f[m].half));
        json_put_bool(cx->mem, v, "is_least", f[m].is_least);
    }
    return o;
}

static struct json *series_json(struct ctx *cx, const double *v, size_t n)
{
    struct json *a = json_new_arr(cx->mem);
    for (size_t i = 0; i < n; i++)
        json_push(a, number_json(cx, v[i]));
    return a;
}

static struct json *states_json(struct ctx *cx, const struct sim_model *m,
                                const struct sim_plan *p, const struct sim_side *s)
{
    struct json *o = json_new_obj(cx->mem);
    const struct flow *f = p->shown < m->nclasses ? m->classes[p->shown].pack->flow : NULL;
    for (size_t i = 0; f && i < f->nstates; i++)
        if (!f->states[i].is_end)
            json_put(o, f->states[i].id,
                     series_json(cx, &s->state[f->states[i].index * (size_t)p->days],
                                 (size_t)p->days));
    return o;
}

static struct json *side_json(struct ctx *cx, const struct sim_model *m,
                              const struct sim_plan *p, const struct sim_side *s)
{
    struct json *o = json_new_obj(cx->mem);
    json_put(o, STR("figures"), figures_json(cx, s->figure));
    json_put(o, STR("backlog"), series_json(cx, s->backlog, (size_t)p->days));
    json_put(o, STR("backlog_by_state"), states_json(cx, m, p, s));
    json_put(o, STR("lead_days"), series_json(cx, s->lead, SIM_LEAD_DAYS));
    json_put_int(cx->mem, o, "dossiers", s->dossiers);
    json_put_int(cx->mem, o, "turned_away", s->turned_away);
    json_put_int(cx->mem, o, "stuck", s->stuck);
    json_put_str(cx->mem, o, "little", str_fmt(cx->mem, "%.3g", s->little));
    return o;
}

struct json *sim_study_json(struct ctx *cx, const struct sim_model *m,
                            const struct sim_plan *plan, const struct sim_study *s)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "from", day_iso(cx->mem, plan->from));
    json_put_int(cx->mem, o, "days", plan->days);
    json_put_int(cx->mem, o, "seed", plan->seed);
    json_put_int(cx->mem, o, "seeds", s->seeds);
    json_put_int(cx->mem, o, "steps", s->steps);
    json_put(o, STR("assumptions"), json_copy(cx->mem, m->assumptions));
    json_put(o, STR("today"), side_json(cx, m, plan, &s->today));
    json_put(o, STR("what_if"), side_json(cx, m, plan, &s->what_if));
    json_put(o, STR("difference"), figures_json(cx, s->diff));
    return o;
}
