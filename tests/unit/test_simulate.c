/* test_simulate.c - the simulation against queueing theory, and its own books. */
#include "unit/simulate_help.h"

#include <math.h>
#include <stdio.h>

/* -- M/M/c -- */

/* Erlang's C: the chance that somebody who comes must wait. */
static double erlang_c(double load, int c)
{
    double b = 1;
    for (int k = 1; k <= c; k++)
        b = load * b / (k + load * b);
    double rho = load / c;
    return b / (1 - rho + rho * b);
}

static double lq_of(double lambda, double mu, int c)
{
    double load = lambda / mu, rho = load / c;
    return erlang_c(load, c) * rho / (1 - rho);
}

static void analytic(void **state)
{
    assert_true(fabs(lq_of(9, 2, 5) - 6.8624) < 5e-5);
    assert_true(fabs(lq_of(9, 2, 5) / 9 - 0.7625) < 5e-5);
    assert_true(fabs(lq_of(9, 2, 6) - 1.2650) < 5e-5);
    assert_true(fabs(lq_of(1, 2, 1) - 0.5) < 1e-12);
}

static void holds(const char *what, const struct sim_figure *f, double true_value)
{
    printf("%s: %.4f +- %.4f, theory %.4f\n", what, f->mean, f->half, true_value);
    assert_true(fabs(f->mean - true_value) <= f->half);
    assert_true(f->half < 0.1 * true_value);
}

static void queues(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    static const int officers[] = {5, 6};
    for (size_t i = 0; i < ROWS(officers); i++) {
        int c = officers[i];
        struct sim_plan p = plan_of(150, 12);
        struct sim_model *m = queue_model(cx, one_desk, 9, c, "work=exp:0.5wh");
        struct sim_study s = study_of(cx, m, &p);
        holds("Lq", &s.today.figure[SIM_WAITING], lq_of(9, 2, c));
        holds("Wq", &s.today.figure[SIM_WAIT_HOURS], lq_of(9, 2, c) / 9);
        holds("busy", &s.today.figure[SIM_BUSY + ROLE_specialist], 4.5 / c);
        assert_true(s.today.little <= 1e-9);
        printf("%.0f steps/s\n", (double)s.steps / ((double)s.elapsed_us / 1e6));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(analytic),
        UNIT(queues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
