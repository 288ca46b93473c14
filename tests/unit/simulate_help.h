/* simulate_help.h - small flows and models for the tests of simulate. */
#ifndef TESTS_SIMULATE_HELP_H
#define TESTS_SIMULATE_HELP_H

#include "unit/harness.h"
#include "base/ctx.h"
#include "simulate/simulate.h"
#include "text/yaml.h"

#define ACTS                                                                                   \
    "flow: queue\ncalendar: vn-office\nstart: work\n"                                          \
    "acts:\n"                                                                                  \
    "  done: {vi: Xong, en: Done}\n"                                                           \
    "  more: {vi: Bo sung, en: More}\n"                                                        \
    "  again: {vi: Gui, en: Send}\n"                                                           \
    "  sign: {vi: Ky, en: Sign}\n"                                                             \
    "  ask: {vi: Hoi, en: Ask}\n"

/* One desk: somebody works on it and it is done. */
static const char one_desk[] =
    ACTS "clocks: {legal: {budget: 3wd, start: work}}\n"
         "states:\n"
         "  work: {name: {vi: A, en: A}, status: 4, by: [specialist], on: {\n"
         "    done: {to: end, do: [receipt]}}}\n"
         "  end: {name: {vi: E, en: E}, status: 10, end: true}\n"
         "late: {at: [100%], do: [notify]}\n";

static struct pack *pack_of_flow(struct ctx *cx, const char *text)
{
    struct json *yaml = NULL;
    struct pack *p = arena_new_of(cx->mem, struct pack);
    assert_int_equal(yaml_parse(cx, str_from(text), &yaml), RC_OK);
    if (flow_load(cx, yaml, expr_scope_new(cx->mem), &p->flow) != RC_OK)
        fail_msg("%s", cx->err.detail);
    p->id = STR("queue");
    p->ref = STR("queue@1.0.0");
    return p;
}

/* Always open, nothing but the class's own arrivals: what queueing theory speaks of. */
static inline struct sim_model *queue_model(struct ctx *cx, const char *flow, double an_hour,
                                            int staff, const char *service)
{
    struct sim_model *m = NULL;
    assert_int_equal(sim_model_plain(cx, pack_of_flow(cx, flow), 0, &m), RC_OK);
    m->is_always_open = true;
    for (int h = 0; h < 7 * 24; h++)
        m->classes[0].hourly[h] = an_hour;
    m->staff[0][ROLE_specialist] = staff;
    if (service)
        assert_int_equal(sim_service_parse(cx, m, str_from(service)), RC_OK);
    return m;
}

static struct sim_plan plan_of(int32_t days, int seeds)
{
    return (struct sim_plan){
        .from = 20800, .days = days, .warm = 20, .drain = 5, .seed = 4, .seeds = seeds};
}

static inline struct sim_study study_of(struct ctx *cx, const struct sim_model *m,
                                        const struct sim_plan *p)
{
    struct sim_study s = {0};
    if (sim_study_run(cx, m, NULL, NULL, p, &s) != RC_OK)
        fail_msg("%s", cx->err.detail);
    return s;
}

#endif
