/* test_cockpit_league.c - who is compared with whom, shared places, what is too small to be ranked,
 * the days before, and months without anything. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"
#include "cockpit/cockpit_priv.h"
#include "measure/measure_priv.h"

enum { PROVINCE, DEPARTMENT, DISTRICT, COMMUNE };

static const struct unit *office_unit(struct desk *k, int i)
{
    return unit_of(k->cx, k->office.units[i]);
}

static const struct unit *commune_new(struct desk *k, int number)
{
    struct ctx *cx = as(k, "");
    const struct unit *district = office_unit(k, DISTRICT);
    struct unit_id id;
    struct str code = str_fmt(k->mem, "%.*s.%02d", STR_ARG(district->code), number);
    struct unit_new u = {.code = code,
                         .parent = district->code,
                         .name_vi = code,
                         .name_en = code,
                         .kind = UNIT_COMMUNE,
                         .from = 18000};
    assert_int_equal(unit_add(cx, &u, &id), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(units_reload(cx), RC_OK);
    return unit_of(k->cx, id);
}

/* Each reload makes a new tree: a unit is its id. */
static void assert_same(const struct unit *a, const struct unit *b)
{
    assert_int_equal(a->id.v, b->id.v);
}

static void file_at(struct desk *k, const struct unit *u, int online, int counter)
{
    for (int i = 0; i < online + counter; i++) {
        struct ctx *cx = as(k, "an");
        struct form_errors errs = {0};
        struct dossier_ref ref;
        struct submission s = {.pack = k->office.pack,
                               .unit = u,
                               .applicant = cx->who->subject,
                               .answers = answers_of(k, SMALL),
                               .channel = i < online ? CHANNEL_ONLINE : CHANNEL_COUNTER};
        assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
        assert_int_equal(db_commit(cx), RC_OK);
    }
}

/* A copy that a test may change; whole, as measure/ holds its own. */
static struct indicator *share_of(struct desk *k, int better)
{
    const struct indicator *found =
        indicator_find(as(k, ""), STR("small-permit.permits_online"));
    struct counted *copy = arena_new_of(k->mem, struct counted);
    *copy = *counted_of(found);
    copy->pub.better = better;
    return &copy->pub;
}

static struct asked june_of(struct desk *k, int unit, const char *level)
{
    struct asked a = {.unit = office_unit(k, unit),
                      .period = STR("custom"),
                      .level = str_from(level),
                      .slice = {.unit = k->office.units[unit],
                                .period = {day_make(2026, 6, 1), day_make(2026, 7, 1)}}};
    return a;
}

static struct standings standings_of(struct desk *k, const struct indicator *ind,
                                     const struct asked *a)
{
    struct standings all;
    assert_int_equal(standings_get(as(k, ""), ind, a, &all), RC_OK);
    return all;
}

/* -- who is compared -- */

static void levels(void **state)
{
    static const struct {
        int unit;
        const char *level;
        enum unit_kind kind;
    } rows[] = {
        {PROVINCE, "", UNIT_DISTRICT}, /* the highest that is there */
        {PROVINCE, "commune", UNIT_COMMUNE},
        {PROVINCE, "department", UNIT_DEPARTMENT},
        {PROVINCE, "office", UNIT_DISTRICT},   /* none below: as if not asked */
        {PROVINCE, "province", UNIT_DISTRICT}, /* the unit itself is not below itself */
        {PROVINCE, "nonsense", UNIT_DISTRICT},
        {DISTRICT, "", UNIT_COMMUNE},
        {DISTRICT, "department", UNIT_COMMUNE},
        {COMMUNE, "", UNIT_KIND_COUNT}, /* nobody below */
        {COMMUNE, "commune", UNIT_KIND_COUNT},
    };
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct asked a = june_of(k, rows[i].unit, rows[i].level);
        assert_int_equal(level_of(as(k, ""), &a), rows[i].kind);
    }
    struct indicator *ind = share_of(k, 1);
    struct asked a = june_of(k, COMMUNE, "");
    assert_int_equal(standings_of(k, ind, &a).n, 0);
}

/* A unit counts from the day it stands on, and those of other kinds are not in the row. */
static void only_those_that_stand(void **state)
{
    struct desk *k = *state;
    struct indicator *ind = share_of(k, 1);
    struct asked a = june_of(k, PROVINCE, "commune");
    size_t before = standings_of(k, ind, &a).n;
    commune_new(k, 91);
    assert_int_equal(standings_of(k, ind, &a).n, before + 1);
    a.slice.period = (struct period){17000, 17030}; /* before it was made */
    struct standings then = standings_of(k, ind, &a);
    for (size_t i = 0; i < then.n; i++)
        assert_true(then.v[i].unit->from < 17030);
    a.level = STR("department");
    a.slice.period = (struct period){day_make(2026, 6, 1), day_make(2026, 7, 1)};
    assert_int_equal(standings_of(k, ind, &a).n, 1);
}

/* -- ranks -- */

/* A and D all online, B and C half, E nothing; D rests on four and is not ranked. */
static void ties_and_small_numbers(void **state)
{
    struct desk *k = *state;
    const struct unit *a = commune_new(k, 91), *b = commune_new(k, 92);
    const struct unit *c = commune_new(k, 93), *d = commune_new(k, 94);
    const struct unit *e = commune_new(k, 95);
    file_at(k, a, 6, 0);
    file_at(k, b, 3, 3);
    file_at(k, c, 4, 4);
    file_at(k, d, 4, 0);
    const struct {
        const struct unit *unit;
        int rank_up, rank_down;
        bool is_small;
    } want[] = {{a, 1, 3, false},
                {b, 2, 1, false},
                {c, 2, 1, false},
                {d, 0, 0, true},
                {e, 0, 0, false}};
    struct asked ask = june_of(k, DISTRICT, "");
    for (int better = 1; better >= -1; better -= 2) {
        struct indicator *ind = share_of(k, better);
        struct standings all = standings_of(k, ind, &ask);
        assert_true(all.is_ranked);
        size_t found = 0;
        for (size_t i = 0; i < all.n; i++)
            for (size_t w = 0; w < ROWS(want); w++)
                if (all.v[i].unit->id.v == want[w].unit->id.v) {
                    found++;
                    assert_int_equal(all.v[i].rank,
                                     better > 0 ? want[w].rank_up : want[w].rank_down);
                    assert_int_equal(all.v[i].is_small, want[w].is_small);
                }
        assert_int_equal(found, ROWS(want));
        assert_int_equal(all.v[0].rank, 1); /* ranked ones first */
        assert_int_equal(all.v[1].rank, better > 0 ? 2 : 1);
        assert_same(all.v[3].unit, d); /* then the small, then those without a value */
        assert_same(all.v[0].unit, better > 0 ? a : b);
    }
}

/* Counts grow with the place and figures without a better side say nothing of better. */
static void what_is_not_ranked(void **state)
{
    struct desk *k = *state;
    const struct unit *a = commune_new(k, 91), *b = commune_new(k, 92);
    file_at(k, a, 5, 0);
    file_at(k, b, 7, 0);
    struct asked ask = june_of(k, DISTRICT, "");
    struct indicator *ind = share_of(k, 0);
    assert_false(standings_of(k, ind, &ask).is_ranked);
    ind = share_of(k, 1);
    ind->unit = IND_COUNT;
    struct standings all = standings_of(k, ind, &ask);
    assert_false(all.is_ranked);
    assert_same(all.v[0].unit, b); /* sorted all the same, the largest first */
    assert_same(all.v[1].unit, a);
    for (size_t i = 0; i < all.n; i++)
        assert_int_equal(all.v[i].rank, 0);
}

/* A district has what its communes have, whoever asks. */
static void what_lies_below_counts(void **state)
{
    struct desk *k = *state;
    file_at(k, commune_new(k, 91), 2, 1);
    file_at(k, commune_new(k, 92), 1, 2);
    struct indicator *ind = share_of(k, 1);
    struct asked ask = june_of(k, PROVINCE, "district");
    struct standings all = standings_of(k, ind, &ask);
    assert_same(all.v[0].unit, office_unit(k, DISTRICT));
    assert_int_equal(all.v[0].now.num, 3);
    assert_int_equal(all.v[0].now.den, 6);
    ask = june_of(k, DISTRICT, "commune");
    all = standings_of(k, ind, &ask);
    int64_t num = 0, den = 0;
    for (size_t i = 0; i < all.n; i++) {
        num += all.v[i].now.num;
        den += all.v[i].now.den;
    }
    assert_int_equal(num, 3);
    assert_int_equal(den, 6);
}

/* -- time -- */

static void the_days_before(void **state)
{
    struct desk *k = *state;
    const struct unit *u = commune_new(k, 91);
    file_at(k, u, 1, 3);
    k->now_us += 30 * DAY_US; /* the first of July */
    file_at(k, u, 3, 1);
    struct indicator *ind = share_of(k, 1);
    struct asked ask = june_of(k, DISTRICT, "");
    ask.slice.period = (struct period){day_make(2026, 7, 1), day_make(2026, 7, 31)};
    struct slice before = asked_before(&ask);
    assert_int_equal(before.period.to, day_make(2026, 7, 1));
    assert_int_equal(before.period.from, day_make(2026, 6, 1));
    struct standings all = standings_of(k, ind, &ask);
    assert_int_equal(all.v[0].now.num, 3);
    assert_int_equal(all.v[0].before.num, 1);
    assert_int_equal(all.v[0].before.den, 4);
}

static void months(void **state)
{
    struct desk *k = *state;
    enum { N = 4 };
    struct figure f[N];
    struct str names[N];
    file_at(k, commune(k), 2, 0);
    k->now_us += 61 * DAY_US; /* the first of August: nothing in July */
    file_at(k, commune(k), 1, 1);
    struct asked ask = june_of(k, PROVINCE, "");
    ask.slice.period.to = day_make(2026, 8, 2);
    struct indicator *ind = share_of(k, 1);
    assert_int_equal(months_get(as(k, ""), ind, &ask, N, f, names), RC_OK);
    static const char *const want[] = {"05/2026", "06/2026", "07/2026", "08/2026"};
    static const int64_t dens[] = {0, 2, 0, 2};
    for (size_t i = 0; i < N; i++) {
        assert_str(names[i], want[i]);
        assert_int_equal(f[i].den, dens[i]);
    }
    assert_true(figure_value(ind, &f[2]) == PICTURE_NONE); /* no July is no zero */
    ind->is_stock = true; /* what stood at the end of each month is carried on */
    assert_int_equal(months_get(as(k, ""), ind, &ask, N, f, names), RC_OK);
    static const int64_t stock[] = {0, 2, 2, 4};
    for (size_t i = 0; i < N; i++)
        assert_int_equal(f[i].den, stock[i]);
}

static void months_over_new_year(void **state)
{
    struct desk *k = *state;
    struct figure f[MONTHS_MAX];
    struct str names[MONTHS_MAX];
    struct asked ask = june_of(k, PROVINCE, "");
    struct indicator *ind = share_of(k, 1);
    ask.slice.period = (struct period){day_make(2026, 1, 1), day_make(2026, 1, 2)};
    assert_int_equal(months_get(as(k, ""), ind, &ask, MONTHS_MAX, f, names), RC_OK);
    assert_str(names[MONTHS_MAX - 1], "01/2026");
    assert_str(names[MONTHS_MAX - 2], "12/2025");
    assert_str(names[0], "02/2023");
    ask.slice.period.to = day_make(2026, 1, 1); /* ends with December */
    assert_int_equal(months_get(as(k, ""), ind, &ask, 1, f, names), RC_OK);
    assert_str(names[0], "12/2025");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(levels),
        DESK(only_those_that_stand),
        DESK(ties_and_small_numbers),
        DESK(what_is_not_ranked),
        DESK(what_lies_below_counts),
        DESK(the_days_before),
        DESK(months),
        DESK(months_over_new_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
