/* model.c - a model from a pack alone: what is not known is assumed, and said. */
#include "simulate/simulate_priv.h"

enum { WEEKDAYS = 5, FIRST_SHARE = 85, WAIT_DAYS = 5 };
static const double SILENT_SHARE = 0.1, AGREE_SHARE = 0.9;

void assume(struct ctx *cx, struct sim_model *m, const char *key, struct str value)
{
    struct json *o = json_push(m->assumptions, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "key", str_from(key));
    json_put_str(cx->mem, o, "value", value);
}

void model_calendar(struct sim_model *m, const struct calendar *cal)
{
    int32_t from[CALENDAR_SPANS], to[CALENDAR_SPANS];
    m->cal = cal;
    m->nspans = calendar_hours(cal, from, to);
    for (size_t i = 0; i < m->nspans; i++)
        m->spans[i] = (struct sim_span){from[i], to[i]};
}

struct sim_model *model_new(struct ctx *cx)
{
    struct sim_model *m = arena_new_of(cx->mem, struct sim_model);
    model_calendar(m, calendar_of(cx));
    m->noffices = 1;
    m->assumptions = json_new_arr(cx->mem);
    return m;
}

/* The office of a duty; offices beyond the table share the last one. */
static unsigned char office_of(struct sim_model *m, struct str duty)
{
    for (size_t i = 1; i < m->noffices; i++)
        if (str_eq(m->offices[i], duty))
            return (unsigned char)i;
    if (m->noffices < SIM_OFFICES_MAX)
        m->offices[m->noffices++] = duty;
    return (unsigned char)(m->noffices - 1);
}

/* A stage's time allows for waiting: the work is a sixteenth of it, at the median. */
static struct sim_time work_of(const struct flow_state *s)
{
    double within = s->within_wh ? s->within_wh * (double)HOUR_US : 2.0 * HOUR_US;
    return (struct sim_time){.shape = SIM_LOGNORMAL, .a = within / 16, .b = within / 4};
}

static double budget_us(struct budget b)
{
    return b.unit == 'c' ? b.n * (double)DAY_US * 5 / 7 / 3 : b.n * 8.0 * (double)HOUR_US;
}

static void branches_plain(struct sim_model *m, const struct flow_state *s, struct sim_state *t)
{
    for (size_t i = 0; i < s->nbranches; i++) {
        const struct flow_branch *b = &s->branches[i];
        double within = b->within.n > 0 ? budget_us(b->within) : 3 * 8.0 * (double)HOUR_US;
        t->office[i + 1] = office_of(m, b->duty);
        t->answer[i] = (struct sim_time){
            .shape = SIM_TRIANGULAR, .a = within * 0.2, .b = within * 0.6, .c = within * 1.2};
        t->agree[i] = AGREE_SHARE;
    }
}

/* The flow's first act is what usually happens; what takes a dossier away is rare. */
static void weights_plain(const struct flow_state *s, struct sim_state *t)
{
    size_t rest = 0;
    for (size_t i = 0; i < s->nacts; i++)
        rest += i > 0 && !s->acts[i].is_applicants;
    for (size_t i = 0; i < s->nacts; i++)
        if (!s->acts[i].is_applicants)
            t->weight[i] =
                i == 0 ? (rest ? FIRST_SHARE : 100) : (100.0 - FIRST_SHARE) / (double)rest;
}

enum rc model_class_add(struct ctx *cx, struct sim_model *m, const struct pack *p,
                        struct sim_class **ret)
{
    if (m->nclasses == SIM_CLASSES_MAX)
        return FAIL(cx, TOO_LARGE, "pack", "more than %d services", SIM_CLASSES_MAX);
    if (!p->flow)
        return FAIL(cx, INVALID, "pack", "%.*s has no flow: nothing to play", STR_ARG(p->id));
    struct sim_class *c = &m->classes[m->nclasses++];
    *c = (struct sim_class){.pack = p};
    c->states = arena_array(cx->mem, struct sim_state, p->flow->nstates);
    for (size_t i = 0; i < p->flow->nstates; i++) {
        const struct flow_state *s = &p->flow->states[i];
        struct sim_state *t = &c->states[s->index];
        t->work = work_of(s);
        t->wait = (struct sim_time){.shape = SIM_EXPONENTIAL, .a = WAIT_DAYS * (double)DAY_US};
        t->silent = s->after_to && s->by_applicant ? SILENT_SHARE : 0;
        t->office[0] = s->at.n ? office_of(m, s->at) : 0;
        weights_plain(s, t);
        branches_plain(m, s, t);
    }
    *ret = c;
    return RC_OK;
}

/* Even over the hours that the office is open, Monday to Friday. */
static void hourly_plain(const struct sim_model *m, struct sim_class *c, double a_day)
{
    int32_t open = 0;
    for (size_t i = 0; i < m->nspans; i++)
        open += m->spans[i].to_min - m->spans[i].from_min;
    for (int day = 0; day < WEEKDAYS; day++)
        for (int hour = 0; hour < 24; hour++)
            for (size_t i = 0; i < m->nspans; i++) {
                int32_t from = m->spans[i].from_min, to = m->spans[i].to_min;
                from = from > hour * 60 ? from : hour * 60;
                to = to < (hour + 1) * 60 ? to : (hour + 1) * 60;
                if (to > from)
                    c->hourly[day * 24 + hour] += a_day * (to - from) / open;
            }
}

enum rc sim_model_plain(struct ctx *cx, const struct pack *p, double rate,
                        struct sim_model **ret)
{
    struct sim_class *c;
    struct sim_model *m = model_new(cx);
    TRY(model_class_add(cx, m, p, &c));
    hourly_plain(m, c, rate);
    for (size_t i = 0; i < p->flow->nstates; i++)
        for (unsigned role = 0; role < ROLE_COUNT; role++)
            if (p->flow->states[i].roles & (1u << role) && !c->states[i].office[0])
                m->staff[0][role] = 1;
    assume(cx, m, "arrivals", str_fmt(cx->mem, "%.3g", rate));
    assume(cx, m, "staff_one", STR(""));
    assume(cx, m, "work_within", STR(""));
    assume(cx, m, "first_act", str_fmt(cx->mem, "%d", FIRST_SHARE));
    assume(cx, m, "applicant_wait", str_fmt(cx->mem, "%d", WAIT_DAYS));
    if (m->noffices > 1)
        assume(cx, m, "branch_answer", str_fmt(cx->mem, "%g", AGREE_SHARE * 100));
    *ret = m;
    return RC_OK;
}

double sim_model_rate(const struct sim_model *m, size_t class)
{
    double sum = 0;
    for (size_t c = 0; c < m->nclasses; c++)
        for (int h = 0; h < 7 * 24 && (class >= m->nclasses || class == c); h++)
            sum += m->classes[c].hourly[h];
    return sum / WEEKDAYS;
}
