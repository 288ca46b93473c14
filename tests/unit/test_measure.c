/* test_measure.c - figures worked out by hand: shares, means, nothing over nothing, the tree,
 * and the dossiers behind them. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"
#include "ops/rebuild.h"

static const struct indicator *share(struct desk *k)
{
    return indicator_find(as(k, ""), STR("small-permit.permits_online"));
}

static const struct indicator *days_used(struct desk *k)
{
    return indicator_find(as(k, ""), STR("small-permit.permit_days"));
}

static struct slice june(struct desk *k, int unit)
{
    return (struct slice){.unit = k->office.units[unit],
                          .period = {day_make(2026, 6, 1), day_make(2026, 7, 1)}};
}

static struct figure figure_of(struct desk *k, const struct indicator *ind,
                               const struct slice *s)
{
    struct figure f;
    assert_int_equal(figure_get(as(k, ""), ind, s, &f), RC_OK);
    return f;
}

static struct dossier_ref filed_at_counter(struct desk *k)
{
    struct ctx *cx = as(k, "an");
    struct form_errors errs = {0};
    struct dossier_ref ref;
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .applicant = cx->who->subject,
                           .answers = answers_of(k, SMALL),
                           .channel = CHANNEL_COUNTER};
    assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return ref;
}

/* Three online, one at the counter: 3 of 4. */
static void a_share(void **state)
{
    struct desk *k = *state;
    struct slice s = june(k, 0);
    struct figure none = figure_of(k, share(k), &s);
    assert_int_equal(none.den, 0);
    assert_str(figure_text(as(k, ""), share(k), &none), "—");
    assert_true(figure_value(share(k), &none) == DB_NULL);
    for (int i = 0; i < 3; i++)
        filed(k);
    filed_at_counter(k);
    struct figure f = figure_of(k, share(k), &s);
    assert_int_equal(f.num, 3);
    assert_int_equal(f.den, 4);
    assert_int_equal(figure_value(share(k), &f), 7500);
    assert_true(f.seq > none.seq);
    s.channel = CHANNEL_COUNTER;
    f = figure_of(k, share(k), &s);
    assert_int_equal(f.num, 0);
    assert_int_equal(f.den, 1);
}

/* Accepted on Monday, ready on Wednesday: two working days, and one on the same day. */
static void a_mean(void **state)
{
    struct desk *k = *state;
    struct slice s = june(k, 0);
    struct dossier_ref a = filed(k), b = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    assert_int_equal(act_one(k, "reception@commune", &b, "accept"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &b, "approve"), RC_OK);
    k->now_us += 2 * DAY_US;
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    struct figure f = figure_of(k, days_used(k), &s);
    assert_int_equal(f.num, 2);
    assert_int_equal(f.den, 2);
    assert_int_equal(figure_value(days_used(k), &f), 100);
}

/* The province is the sum of what lies below it; a department apart has none of it. */
static void the_tree(void **state)
{
    static const int64_t rows[] = {2, 0, 2, 2}; /* province department district commune */
    struct desk *k = *state;
    struct figure_rows by;
    filed(k);
    filed(k);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct slice s = june(k, (int)i);
        assert_int_equal(figure_of(k, share(k), &s).den, rows[i]);
    }
    struct slice s = june(k, 0);
    assert_int_equal(figure_rows(as(k, ""), share(k), &s, BY_UNIT, &by), RC_OK);
    assert_int_equal(by.n, 1);
    assert_int_equal(by.v[0].f.den, 2);
    assert_int_equal(figure_rows(as(k, ""), share(k), &s, BY_MONTH, &by), RC_OK);
    assert_int_equal(by.n, 1);
    assert_str(by.v[0].key, "2026-06");
    s.procedure = STR("9.999999");
    assert_int_equal(figure_of(k, share(k), &s).den, 0);
}

static const struct json *behind(struct desk *k, const struct slice *s, int64_t after,
                                 size_t limit, int64_t *next)
{
    struct json *out;
    assert_int_equal(figure_dossiers(as(k, ""), share(k), s, after, limit, &out), RC_OK);
    *next = json_int(out, "next", -2);
    assert_false(json_bool(out, "is_partial"));
    return json_get(out, STR("rows"));
}

static void the_dossiers_behind(void **state)
{
    struct desk *k = *state;
    int64_t next;
    struct slice s = june(k, 0);
    struct dossier_ref a = filed(k), b = filed_at_counter(k), c = filed(k);
    const struct json *rows = behind(k, &s, -1, 10, &next);
    assert_int_equal(rows->n, 3);
    assert_int_equal(next, -1);
    assert_true(str_eq(json_str(json_at(rows, 0), "code"), a.code));
    assert_true(json_bool(json_at(rows, 0), "is_in"));
    assert_true(str_eq(json_str(json_at(rows, 1), "code"), b.code));
    assert_false(json_bool(json_at(rows, 1), "is_in")); /* in the denominator only */
    rows = behind(k, &s, -1, 2, &next);
    assert_int_equal(rows->n, 2);
    rows = behind(k, &s, next, 2, &next);
    assert_int_equal(rows->n, 1);
    assert_true(str_eq(json_str(json_at(rows, 0), "code"), c.code));
    s.unit = k->office.units[1];
    assert_int_equal(behind(k, &s, -1, 10, &next)->n, 0);
    s = june(k, 0);
    s.period = (struct period){day_make(2026, 7, 1), day_make(2026, 8, 1)};
    assert_int_equal(behind(k, &s, -1, 10, &next)->n, 0);
}

static void changes_are_counted(void **state)
{
    struct desk *k = *state;
    uint64_t was = measure_changes(&k->office.app);
    filed(k);
    assert_true(measure_changes(&k->office.app) > was);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(a_share),
        DESK(a_mean),
        DESK(the_tree),
        DESK(the_dossiers_behind),
        DESK(changes_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
