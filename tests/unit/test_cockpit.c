/* test_cockpit.c - what a figure says of itself, and where the bars of its picture stand. */
#include "unit/harness.h"

#include "app/open.h"
#include "cockpit/cockpit_priv.h"
#include "store/store.h"
#include "page/tpl.h"

static struct ctx *ctx_of(struct arena *mem)
{
    struct app *app = arena_new_of(mem, struct app);
    app->mem = mem;
    settings_default(&app->settings);
    return ctx_new(mem, app);
}

static void templates_compile(void **state)
{
    static const char *const names[] = {"cockpit/figures", "cockpit/indicator",
                                        "cockpit/dossiers"};
    struct ctx *cx = ctx_of(*state);
    assert_int_equal(app_templates(cx, cx->app), RC_OK);
    for (size_t i = 0; i < ROWS(names); i++)
        assert_true(tpl_has(cx->app->templates, str_from(names[i])));
}

static void small_and_missed(void **state)
{
    static const struct {
        enum indicator_unit unit;
        int better;
        int64_t target, num, den;
        bool small, missed;
    } rows[] = {
        {IND_COUNT, 0, DB_NULL, 0, 0, false, false},  /* nothing is not small */
        {IND_COUNT, 0, DB_NULL, 4, 0, true, false},   /* below small_number, 5 */
        {IND_COUNT, -1, 0, 5, 0, false, true},        /* late ones: none wanted */
        {IND_PERCENT, 1, 80, 4, 5, false, false},     /* 80 % of 80 % */
        {IND_PERCENT, 1, 80, 799, 1000, false, true}, /* 79.9 % */
        {IND_PERCENT, 1, 80, 3, 4, true, true},
        {IND_PERCENT, 1, 80, 0, 0, false, false}, /* no denominator, no judgement */
        {IND_DAYS, -1, 15, 16, 1, true, true},
    };
    struct ctx *cx = ctx_of(*state);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct indicator ind = {
            .unit = rows[i].unit, .better = rows[i].better, .target = rows[i].target};
        struct figure f = {rows[i].num, rows[i].den, 0};
        assert_int_equal(figure_is_small(cx, &ind, &f), rows[i].small);
        assert_int_equal(figure_is_missed(&ind, &f), rows[i].missed);
    }
}

/* A page that could not look through all says so, and never that there is nothing, nor that a
 * further page goes on where there is none. */
static void behind_says_how_far(void **state)
{
    static const char *const texts[] = {"Không có hồ sơ nào", "xem tiếp ở trang sau",
                                        "danh sách dừng ở đây"};
    static const struct {
        bool has_rows, goes_on, is_cut, said[3];
    } rows[] = {
        {false, false, false, {true, false, false}}, {false, true, false, {false, true, false}},
        {false, false, true, {false, false, true}},  {true, false, false, {false}},
        {true, true, false, {false, true, false}},   {true, false, true, {false, false, true}},
    };
    struct ctx *cx = ctx_of(*state);
    assert_int_equal(app_templates(cx, cx->app), RC_OK);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *v = json_new_obj(cx->mem);
        struct buf *b = buf_new(cx->mem, 1 << 20);
        json_put_bool(cx->mem, v, "may_look", true);
        json_put_bool(cx->mem, v, "has_rows", rows[i].has_rows);
        json_put_bool(cx->mem, v, "goes_on", rows[i].goes_on);
        json_put_bool(cx->mem, v, "is_cut", rows[i].is_cut);
        assert_int_equal(tpl_render(cx, cx->app->templates, STR("cockpit/dossiers"), v, b),
                         RC_OK);
        for (size_t j = 0; j < ROWS(texts); j++)
            if (str_has(buf_str(b), str_from(texts[j])) != rows[i].said[j])
                fail_msg("row %zu: %s", i, texts[j]);
    }
}

static void days_and_months(void **state)
{
    struct ctx *cx = ctx_of(*state);
    assert_str(when_text(cx, STR("2026-11-21")), "21/11");
    assert_str(when_text(cx, STR("2026-11")), "11/2026");
    assert_str(when_text(cx, STR("x")), "x");
}

/* The largest bar comes first and fills its room; what has no value has no length. */
static void bars(void **state)
{
    struct ctx *cx = ctx_of(*state);
    struct indicator ind = {.unit = IND_PERCENT, .target = 50};
    struct figure_row v[] = {{STR("a"), STR("A"), {1, 4, 0}},
                             {STR("b"), STR("B"), {4, 4, 0}},
                             {STR("c"), STR("C"), {0, 0, 0}}};
    struct json *p = figures_bars(cx, &ind, &(struct figure_rows){v, 3});
    const struct json *list = json_get(p, STR("bars"));
    assert_int_equal(list->n, 3);
    assert_str(json_str(json_at(list, 0), "name"), "B");
    assert_str(json_str(json_at(list, 2), "name"), "C");
    int64_t full = json_int(json_at(list, 0), "w", 0);
    assert_int_equal(json_int(json_at(list, 1), "w", 0), full / 4);
    assert_int_equal(json_int(json_at(list, 2), "w", -1), 0);
    assert_int_equal(json_int(p, "target_x", 0), json_int(p, "left", 0) + full / 2);
}

static void columns(void **state)
{
    struct ctx *cx = ctx_of(*state);
    struct indicator ind = {.unit = IND_COUNT, .target = DB_NULL};
    struct figure_row v[] = {{STR("2026-10"), STR(""), {20, 0, 0}},
                             {STR("2026-11"), STR(""), {10, 0, 0}}};
    struct json *p = figures_columns(cx, &ind, &(struct figure_rows){v, 2});
    const struct json *list = json_get(p, STR("bars"));
    assert_int_equal(json_int(json_at(list, 0), "h", 0), 220);
    assert_int_equal(json_int(json_at(list, 1), "h", 0), 110);
    assert_false(json_bool(p, "has_target"));
    p = figures_columns(cx, &ind, &(struct figure_rows){NULL, 0}); /* nothing to draw */
    assert_int_equal(json_get(p, STR("bars"))->n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(templates_compile),
        UNIT(small_and_missed),
        UNIT(behind_says_how_far),
        UNIT(days_and_months),
        UNIT(bars),
        UNIT(columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
