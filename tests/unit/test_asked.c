/* test_asked.c - the five figures of the 766 index that no event gives: who owes them, what they
 * are worth once told and once verified, and what else may not be asked. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"
#include "score/score.h"
#include "target/period.h"
#include "target/target.h"

static int begin(void **state)
{
    *state = desk_open("index-766");
    return 0;
}
#define ASKED(f) cmocka_unit_test_setup_teardown(f, begin, desk_end)

/* Leaf of the card, its figure, its points in hundredths. */
static const struct {
    const char *node, *indicator;
    int64_t points;
} told[] = {
    {"1.4", "q766-synced-told", 600},   {"3.6", "q766-paid-told", 600},
    {"4.3", "q766-reused-told", 400},   {"4.4", "q766-store-told", 400},
    {"4.5", "q766-verified-told", 200},
};

static struct period may(void)
{
    struct period p = {0};
    assert_true(period_parse(STR("2026-05"), &p));
    return p;
}

static enum rc tell(struct desk *k, const char *person, const char *indicator, const char *unit,
                    int64_t num, int64_t den, int64_t *seq)
{
    struct ctx *cx = as(k, person);
    struct entered_new e = {.indicator = str_from(indicator),
                            .body = str_from(unit),
                            .period = may(),
                            .num = num,
                            .den = den,
                            .method = STR("Đếm theo bảng kết xuất."),
                            .note = STR("theo bảng kết xuất tháng 5")};
    enum rc rc = figure_enter(cx, &e, seq);
    if (rc == RC_OK)
        return db_commit(cx);
    db_rollback(cx);
    return rc;
}

static const struct score_row *row_of(const struct score_sheet *s, const char *id)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->v[i].node->id, str_from(id)))
            return &s->v[i];
    fail_msg("no node %s", id);
    return NULL;
}

static struct score_sheet sheet(struct desk *k, int unit)
{
    struct ctx *cx = as(k, "");
    struct score_sheet ret;
    struct slice s = {.unit = k->office.units[unit], .period = may()};
    const struct scorecard *card = score_find(cx, STR("index-766"));
    assert_non_null(card);
    assert_int_equal(score_get(cx, card, &s, &ret), RC_OK);
    return ret;
}

static struct owed_list owed(struct desk *k, struct unit_id of)
{
    struct owed_list list;
    assert_int_equal(target_owed(as(k, ""), of, &list), RC_OK);
    return list;
}

/* The node's own unit owes all five for the month that ended; no other unit does. */
static void the_province_owes(void **state)
{
    struct desk *k = *state;
    struct owed_list list = owed(k, (struct unit_id){0});
    assert_int_equal(list.n, ROWS(told));
    for (size_t i = 0; i < ROWS(told); i++) {
        struct str id = str_fmt(k->mem, "index-766.%s.H07", told[i].indicator);
        size_t n = 0;
        for (size_t j = 0; j < list.n; j++)
            n += str_eq(list.v[j].target.id, id);
        assert_int_equal(n, 1);
        assert_str(period_id(k->mem, list.v[i].period), "2026-05");
        assert_str(list.v[i].target.decl->body, "H07");
        assert_int_equal(list.v[i].missing, 1);
    }
    assert_int_equal(owed(k, k->office.units[0]).n, ROWS(told));
    for (int u = 1; u < 4; u++)
        assert_int_equal(owed(k, k->office.units[u]).n, 0);
}

/* Due with the days of grace, overdue on the day after; a month later two are missing. */
static void overdue_and_missing(void **state)
{
    struct desk *k = *state;
    int32_t due = day_make(2026, 5, 31) + (int32_t)k->office.app.settings.figure_grace_days;
    assert_int_equal(tell(k, "leader@province", told[0].indicator, "H07", 1, 2, NULL), RC_OK);
    assert_int_equal(owed(k, (struct unit_id){0}).n, ROWS(told) - 1);
    for (int32_t later = 0; later < 2; later++) {
        k->now_us = day_start(due + later) + 9 * HOUR_US;
        struct owed_list list = owed(k, (struct unit_id){0});
        assert_int_equal(list.n, ROWS(told) - 1);
        for (size_t i = 0; i < list.n; i++) {
            assert_int_equal(list.v[i].due, due);
            assert_int_equal(list.v[i].is_overdue, later == 1);
        }
    }
    k->now_us = day_start(day_make(2026, 8, 3));
    struct owed_list list = owed(k, (struct unit_id){0});
    assert_int_equal(list.n, ROWS(told));
    for (size_t i = 0; i < list.n; i++) /* told in May: June and July are missing */
        assert_int_equal(list.v[i].missing,
                         str_eq(list.v[i].target.ind->id, str_from(told[0].indicator)) ? 2 : 1);
}

/* 3 of 4 is 75 %: of a ratio three quarters of the points; 4.3 is capped at 80 %: 3.75. */
static void points_of_what_is_told(void **state)
{
    struct desk *k = *state;
    struct score_sheet s = sheet(k, 0);
    int64_t before = s.by[SCORE_COUNTS].points, sum = 0;
    assert_int_equal(s.by[SCORE_COUNTS].max, 10000); /* nothing told is nothing got, not less */
    for (size_t i = 0; i < ROWS(told); i++)
        assert_int_equal(row_of(&s, told[i].node)->by[SCORE_COUNTS].points, 0);
    for (size_t i = 0; i < ROWS(told); i++)
        assert_int_equal(tell(k, "leader@province", told[i].indicator, "H07", 3, 4, NULL),
                         RC_OK);
    s = sheet(k, 0);
    for (size_t i = 0; i < ROWS(told); i++) {
        const struct score_row *r = row_of(&s, told[i].node);
        int64_t points = i == 2 ? 375 : told[i].points * 3 / 4;
        assert_int_equal(r->by[SCORE_AUTO].state, SCORE_UNCONNECTED);
        assert_int_equal(r->by[SCORE_SELF].value, 7500);
        assert_int_equal(r->by[SCORE_COUNTS].points, points);
        sum += points;
    }
    assert_int_equal(s.by[SCORE_COUNTS].points - before, sum);
    assert_int_equal(s.by[SCORE_COUNTS].max, 10000);
    assert_int_equal(
        row_of(&(struct score_sheet[]){sheet(k, 1)}[0], "1.4")->by[SCORE_COUNTS].points,
        0); /* its own only */
}

/* All five at 100 %: the whole 22 points; what the authority found counts before what was told. */
static void whole_and_verified(void **state)
{
    struct desk *k = *state;
    int64_t before = sheet(k, 0).by[SCORE_COUNTS].points, seq = -1;
    for (size_t i = 0; i < ROWS(told); i++)
        assert_int_equal(tell(k, "leader@province", told[i].indicator, "H07", 10, 10, &seq),
                         RC_OK);
    assert_int_equal(sheet(k, 0).by[SCORE_COUNTS].points - before, 2200);
    struct ctx *cx = as(k, "auditor@province");
    struct verified_new v = {.seq = seq, .num = 5, .den = 10, .note = STR("đối chiếu lại")};
    assert_int_equal(figure_verify(cx, &v), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct score_sheet s = sheet(k, 0);
    const struct score_row *r = row_of(&s, "4.5");
    assert_int_equal(r->by[SCORE_SELF].points, 200);
    assert_int_equal(r->by[SCORE_VERIFIED].points, 100);
    assert_int_equal(r->by[SCORE_COUNTS].points, 100);
}

/* Each unit may tell its own; the card of a unit below then has it. */
static void a_commune_tells(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    const struct unit *u = unit_of(cx, k->office.units[3]);
    assert_int_equal(tell(k, "leader@province", told[0].indicator, u->code.p, 1, 2, NULL),
                     RC_OK);
    assert_int_equal(
        row_of(&(struct score_sheet[]){sheet(k, 3)}[0], "1.4")->by[SCORE_COUNTS].points, 300);
    assert_int_equal(
        row_of(&(struct score_sheet[]){sheet(k, 0)}[0], "1.4")->by[SCORE_COUNTS].points, 0);
    struct target t;
    struct str id = str_fmt(k->mem, "index-766.q766-synced-told.%.*s", STR_ARG(u->code));
    assert_int_equal(target_by_id(as(k, ""), id, &t), RC_OK);
    assert_ptr_equal(t.speaker, unit_of(as(k, ""), u->id));
    assert_int_equal(target_of_figure(as(k, ""), STR("q766-synced-told"), u->code, &t), RC_OK);
    assert_str(t.id, id.p);
}

/* Nothing was told: unknown; told: told. Never "missed": nobody promised it. */
static void states_of_asked(void **state)
{
    struct desk *k = *state;
    static const enum target_state states[] = {TARGET_UNKNOWN, TARGET_TOLD};
    for (size_t i = 0; i < ROWS(states); i++) {
        struct target t;
        struct progress_line p;
        struct ctx *cx = as(k, "");
        assert_int_equal(target_by_id(cx, STR("index-766.q766-paid-told.H07"), &t), RC_OK);
        assert_int_equal(target_progress(cx, &t, &p), RC_OK);
        assert_int_equal(p.state, states[i]);
        assert_int_equal(p.n, i);
        assert_str(target_promise_text(cx, &t), "");
        assert_int_equal(
            tell(k, "leader@province", "q766-paid-told", "H07", 1, 2 + (int64_t)i, NULL),
            RC_OK);
    }
}

static void not_asked(void **state)
{
    struct desk *k = *state;
    static const char *const ids[] = {
        "index-766",
        "index-766.q766-synced-told",
        "index-766.q766-synced-told.H99",
        "index-766.q766-ended.H07", /* counted */
        "index-767.q766-synced-told.H07",
        "q766-synced-told.H07",
        ".H07",
        "index-766.q766-synced-told.H07.",
    };
    struct target t;
    struct target_list all;
    for (size_t i = 0; i < ROWS(ids); i++)
        assert_int_equal(target_by_id(as(k, ""), str_from(ids[i]), &t), RC_NOT_FOUND);
    assert_int_equal(target_all(as(k, ""), &all), RC_OK);
    assert_int_equal(all.n, 0); /* nobody promised them */
    static const char *const figures[][2] = {
        {"q766-ended", "H07"}, {"q766-synced-told", "H99"}, {"none", "H07"}};
    for (size_t i = 0; i < ROWS(figures); i++)
        assert_int_equal(
            target_of_figure(as(k, ""), str_from(figures[i][0]), str_from(figures[i][1]), &t),
            RC_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ASKED(the_province_owes),  ASKED(overdue_and_missing), ASKED(points_of_what_is_told),
        ASKED(whole_and_verified), ASKED(a_commune_tells),     ASKED(not_asked),
        ASKED(states_of_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
