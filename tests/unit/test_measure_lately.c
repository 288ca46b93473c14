/* test_measure_lately.c - lists that were asked for lately are read again after a fold. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the helpers: not all are needed */
#include <sqlite3.h>

#include "base/time.h"
#include "measure/lately/lately.h"
#include "measure_help.h"

enum { COMMUNES = LATELY_LEAST + 4 };
static const struct period june = {20605, 20635}; /* June 2026 */

/* -- what is noted -- */

static const struct unit *const *some_units(struct arena *mem, size_t n)
{
    const struct unit **v = arena_array(mem, const struct unit *, n);
    for (size_t i = 0; i < n; i++) {
        struct unit *u = arena_new_of(mem, struct unit);
        u->id.v = INT64_C(890966404542792) + (int64_t)i; /* as nodes give them: over 32 bits */
        v[i] = u;
    }
    return v;
}

static void short_lists_are_nobodys(void **state)
{
    struct lately *l = lately_new(*state);
    struct slice s = {.period = june};
    struct indicator ind = {.id = STR("a")};
    const struct unit *const *v = some_units(*state, LATELY_LEAST);
    lately_note(l, &ind, &s, v, 0, 1);
    lately_note(l, &ind, &s, v, LATELY_LEAST - 1, 1);
    assert_int_equal(lately_size(l), 0);
    lately_note(l, &ind, &s, v, LATELY_LEAST, 1);
    assert_int_equal(lately_size(l), LATELY_LEAST);
    lately_note(l, &ind, &s, v, (size_t)LATELY_UNITS + 1, 1); /* more than there is room for */
    assert_int_equal(lately_size(l), LATELY_LEAST);
}

/* Equal questions are one; another indicator, day, or unit is another question. */
static void each_is_noted_once(void **state)
{
    struct lately *l = lately_new(*state);
    struct slice s = {.period = june};
    struct indicator a = {.id = STR("a")}, b = {.id = STR("b")};
    const struct unit *const *v = some_units(*state, LATELY_LEAST + 1);
    for (int i = 0; i < 3; i++)
        lately_note(l, &a, &s, v, LATELY_LEAST, i);
    assert_int_equal(lately_size(l), LATELY_LEAST);
    lately_note(l, &b, &s, v, LATELY_LEAST, 1);
    assert_int_equal(lately_size(l), 2 * LATELY_LEAST);
    lately_note(l, &a, &s, v + 1, LATELY_LEAST, 1);
    assert_int_equal(lately_size(l), 3 * LATELY_LEAST);
    s.period.to++;
    lately_note(l, &a, &s, v, LATELY_LEAST, 1);
    assert_int_equal(lately_size(l), 4 * LATELY_LEAST);
    s.period.from++;
    lately_note(l, &a, &s, v, LATELY_LEAST + 1, 1);
    assert_int_equal(lately_size(l), 5 * LATELY_LEAST + 1);
}

/* Never more lists than LATELY_LISTS, never more units than LATELY_UNITS: the oldest go. */
static void both_rings_end(void **state)
{
    struct lately *l = lately_new(*state);
    struct slice s = {.period = june};
    struct indicator ind = {.id = STR("a")};
    const struct unit *const *v = some_units(*state, LATELY_UNITS);
    for (int i = 0; i < 2 * LATELY_LISTS; i++) {
        s.period.to = june.from + 1 + i;
        lately_note(l, &ind, &s, v, LATELY_LEAST, i);
        size_t lists = i < LATELY_LISTS ? (size_t)i + 1 : LATELY_LISTS;
        assert_int_equal(lately_size(l), lists * LATELY_LEAST);
    }
    lately_note(l, &ind, &s, v, LATELY_UNITS - LATELY_LEAST, 1); /* beside the newest of them */
    assert_int_equal(lately_size(l), LATELY_UNITS);
    lately_note(l, &ind, &s, v, LATELY_UNITS, 1);
    assert_int_equal(lately_size(l), LATELY_UNITS);
    s.period.to++;
    lately_note(l, &ind, &s, v, LATELY_LEAST, 1);
    assert_int_equal(lately_size(l), LATELY_LEAST); /* there was no room for both */
}

/* -- what the job reads -- */

static void communes_add(struct desk *k)
{
    struct ctx *cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK);
    for (int i = 0; i < COMMUNES; i++) {
        struct unit_id id;
        struct unit_new u = {.code = str_fmt(cx->mem, "H07.99.%03d", i),
                             .parent = STR("H07"),
                             .name_vi = STR("xã"),
                             .name_en = STR("commune"),
                             .kind = UNIT_COMMUNE,
                             .from = 18000};
        if (unit_add(cx, &u, &id) != RC_OK)
            fail_msg("%s %s", cx->err.field, cx->err.detail);
    }
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(units_reload(cx), RC_OK);
}

static const struct unit *of_list(struct ctx *cx, int i)
{
    const struct unit *u = unit_find(cx, str_fmt(cx->mem, "H07.99.%03d", i));
    assert_non_null(u);
    return u;
}

/* What the first reader sees of all communes together. */
static int64_t listed(struct desk *k, struct period p)
{
    struct ctx *cx = as(k, "");
    struct figure_ask v[COMMUNES];
    for (int i = 0; i < COMMUNES; i++)
        v[i] = (struct figure_ask){.ind = of_small(k, "ends"),
                                   .slice = {.unit = of_list(cx, i)->id, .period = p}};
    assert_int_equal(figures_get(cx, v, COMMUNES), RC_OK);
    int64_t sum = 0;
    for (int i = 0; i < COMMUNES; i++)
        sum += v[i].f.num;
    return sum;
}

static void put_one(struct desk *k, int i, int32_t day)
{
    static int64_t seq;
    struct made m = {.day = day,
                     .unit = of_list(as(k, ""), i)->id,
                     .procedure = "9.000001",
                     .channel = 2,
                     .days = 3};
    assert_int_equal(made_apply(k, &m, MADE_FIRST + seq++), RC_OK);
}

/* One in each commune. */
static void put(struct desk *k)
{
    for (int i = 0; i < COMMUNES; i++)
        put_one(k, i, june.from + 3);
}

/* A fold, and life goes on: something is counted in July. */
static void fold_and_on(struct desk *k)
{
    fold_now(k);
    put_one(k, 0, june.to + 1);
}

/* Behind the program's back: who reads the tables now sees nonsense, who remembers does not. */
static void sums_spoil(struct desk *k)
{
    sqlite3 *db;
    const char *path = str_fmt(k->mem, "%.*s/motcua.db", STR_ARG(k->office.dir)).p;
    const char *sql = "update sum_month set num = num + 100";
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* A commune's sum may push another one's out of what is remembered: never half of them. */
static void expect(struct desk *k, bool remembered, int64_t counted, int64_t spoilt, size_t row)
{
    int64_t n = (listed(k, june) - counted * COMMUNES) / 100 - spoilt * COMMUNES;
    if (remembered ? n < 0 || n > COMMUNES / 2 : n != COMMUNES)
        fail_msg("row %zu: %lld of %d were read", row, (long long)n, COMMUNES);
}

/* Which of two periods was asked for, whether the job ran since the fold, and what is seen then. */
static void read_again(void **state)
{
    static const struct {
        bool is_asked, is_other, is_run, remembered;
    } rows[] = {
        {true, false, true, true},   /* the job has read it */
        {true, false, false, false}, /* nobody has: the tables are read */
        {false, false, true, false}, /* nobody had asked */
        {true, true, true, false},   /* for other days only */
    };
    struct desk *k = *state;
    const struct period longer = {june.from - 31, june.to};
    communes_add(k);
    for (size_t i = 0; i < ROWS(rows); i++) {
        k->office.app.measure->lately = lately_new(k->office.app.mem);
        put(k);
        if (rows[i].is_asked)
            listed(k, rows[i].is_other ? longer : june);
        fold_and_on(k);
        if (rows[i].is_run)
            assert_int_equal(figures_again(as(k, "")), RC_OK);
        sums_spoil(k);
        expect(k, rows[i].remembered, (int64_t)i + 1, (int64_t)i, i);
    }
}

/* What nobody asked for in a day is not read. */
static void forgets(void **state)
{
    struct desk *k = *state;
    communes_add(k);
    struct ctx *cx = as(k, "");
    struct lately *l = cx->app->measure->lately;
    struct slice s = {.period = june};
    const struct unit *v[COMMUNES];
    for (int i = 0; i < COMMUNES; i++)
        v[i] = of_list(cx, i);
    lately_note(l, of_small(k, "ends"), &s, v, COMMUNES, time_monotonic() - LATELY_US - 1);
    put(k);
    fold_and_on(k);
    assert_int_equal(figures_again(as(k, "")), RC_OK);
    sums_spoil(k);
    expect(k, false, 1, 0, 0);
}

/* Packs are loaded anew between the question and the job: the declaration in force is read. */
static void packs_change(void **state)
{
    struct desk *k = *state;
    communes_add(k);
    put(k);
    assert_int_equal(listed(k, june), COMMUNES);
    assert_int_equal(measure_reload(as(k, "")), RC_OK);
    fold_and_on(k);
    assert_int_equal(figures_again(as(k, "")), RC_OK);
    sums_spoil(k);
    expect(k, true, 1, 0, 0);
}

/* While nothing was counted since a fold, the next event is another state: nothing is read. */
static void waits_for_an_event(void **state)
{
    struct desk *k = *state;
    communes_add(k);
    put(k);
    assert_int_equal(listed(k, june), COMMUNES);
    fold_now(k);
    assert_int_equal(figures_again(as(k, "")), RC_OK);
    put_one(k, 0, june.to + 1);
    sums_spoil(k);
    expect(k, false, 1, 0, 0);
}

/* A list that cannot be read is noted by nobody, and one that no longer can keeps no other from
 * being read. */
static void some_fail(void **state)
{
    struct desk *k = *state;
    communes_add(k);
    put(k);
    struct ctx *cx = as(k, "");
    struct lately *l = cx->app->measure->lately;
    struct figure_ask v[COMMUNES];
    for (int i = 0; i < COMMUNES; i++)
        v[i] = (struct figure_ask){.ind = of_small(k, "ends"),
                                   .slice = {.unit = of_list(cx, i)->id, .period = june}};
    v[3].slice.unit.v++;
    assert_int_equal(figures_get(cx, v, COMMUNES), RC_NOT_FOUND);
    assert_int_equal(lately_size(l), 0);
    assert_int_equal(listed(k, june), COMMUNES);
    struct slice s = {.period = june};
    lately_note(l, of_small(k, "ends"), &s, some_units(k->mem, COMMUNES), COMMUNES,
                time_monotonic());
    assert_int_equal(lately_size(l), 2 * COMMUNES);
    fold_and_on(k);
    assert_int_equal(figures_again(as(k, "")), RC_OK);
    sums_spoil(k);
    expect(k, true, 1, 0, 0);
}

static int prepare(void **state)
{
    int rc = desk_begin(state);
    if (rc == 0)
        indicators_publish(*state, "1.3.0", indicators);
    return rc;
}

#define LATELY(test) cmocka_unit_test_setup_teardown(test, prepare, desk_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(short_lists_are_nobodys),
        UNIT(each_is_noted_once),
        UNIT(both_rings_end),
        LATELY(read_again),
        LATELY(forgets),
        LATELY(packs_change),
        LATELY(waits_for_an_event),
        LATELY(some_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
