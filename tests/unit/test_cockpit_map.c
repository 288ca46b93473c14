/* test_cockpit_map.c - a nation's node: provinces on the tiles of their time, merged ones added up,
 * and the way down from the nation to a commune. */
#include "unit/harness.h"

#include "cockpit/cockpit_priv.h"
#include "measure/measure_priv.h"
#include "node_help.h"

enum { OLD, NEW };

static struct period year_of(int which)
{
    int year = which == OLD ? 2024 : 2026;
    return (struct period){day_make(year, 1, 1), day_make(year + 1, 1, 1)};
}

static void unit_put(struct ctx *cx, const char *code, const char *parent, enum unit_kind kind)
{
    struct unit_id id;
    struct unit_new u = {.code = str_from(code),
                         .parent = str_from(parent),
                         .name_vi = str_from(code),
                         .name_en = str_from(code),
                         .kind = kind,
                         .from = 18000};
    if (unit_add(cx, &u, &id) != RC_OK)
        fail_msg("%s %s: %s", code, cx->err.field, cx->err.detail);
}

static void cells_put(struct ctx *cx, const char *code, int year, int64_t num, int64_t den)
{
    struct month_cell c = {.indicator = STR("shown"),
                           .procedure = STR("1.0"),
                           .unit = node_unit_id(cx, code),
                           .channel = 1,
                           .num = num,
                           .den = den};
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(month_cell_add(cx, year * 12 + 4, &c), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

/* Bến Tre, Vĩnh Long and Hà Nội below the nation; a district and a commune in Bến Tre. */
static struct ctx *nation(void *mem)
{
    struct ctx *cx = node_open(mem);
    ledger_subscribe(cx->app->ledger, &measure_subscriber, 1); /* keeps who is above whom */
    unit_put(cx, "A00", "", UNIT_NATION);
    unit_put(cx, "G01", "A00", UNIT_MINISTRY);
    unit_put(cx, "H07", "A00", UNIT_PROVINCE);
    unit_put(cx, "H61", "A00", UNIT_PROVINCE);
    unit_put(cx, "H26", "A00", UNIT_PROVINCE);
    unit_put(cx, "H07.21", "H07", UNIT_DISTRICT);
    unit_put(cx, "H07.21.01", "H07.21", UNIT_COMMUNE);
    node_commit(cx);
    assert_int_equal(measure_open(cx, &cx->app->measure), RC_OK);
    for (int year = 2024; year <= 2026; year += 2) {
        cells_put(cx, "H07.21.01", year, 30, 40);
        cells_put(cx, "H61", year, 10, 40);
        cells_put(cx, "H26", year, 90, 100);
        cells_put(cx, "G01", year, 5, 5); /* a ministry is on no tile */
    }
    return cx;
}

/* As measure/ holds its own: what reads cells looks at more than the public part. */
static const struct counted counted = {.pub = {.id = {"shown", 5},
                                               .unit = IND_PERCENT,
                                               .better = 1,
                                               .target = DB_NULL,
                                               .has_of = true}};
static const struct indicator *const shown = &counted.pub;

static struct asked asked_of(struct ctx *cx, const char *unit, int which)
{
    const struct unit *u = unit_find(cx, str_from(unit));
    return (struct asked){
        .unit = u, .period = STR("custom"), .slice = {.unit = u->id, .period = year_of(which)}};
}

static struct json *view_of(struct ctx *cx, const char *unit, int which)
{
    struct asked a = asked_of(cx, unit, which);
    struct json *v = json_new_obj(cx->mem);
    assert_int_equal(map_view(cx, shown, &a, v), RC_OK);
    return v;
}

static struct str tile_value(const struct json *view, const char *name)
{
    JSON_EACH (json_path(view, STR("provinces.tiles")), t)
        if (str_eq(json_str(t, "name"), str_from(name)))
            return json_str(t, "value");
    return STR("no tile");
}

static void the_63(void **state)
{
    struct ctx *cx = nation(*state);
    struct json *v = view_of(cx, "A00", OLD);
    assert_int_equal(json_path(v, STR("provinces.tiles"))->n, 63 + 2);
    assert_false(json_bool(v, "is_new"));
    assert_str(tile_value(v, "Bến Tre"), "75,00 %");
    assert_str(tile_value(v, "Vĩnh Long"), "25,00 %");
    assert_str(tile_value(v, "Hà Nội"), "90,00 %");
    assert_str(tile_value(v, "Cà Mau"), "—");
    assert_str(tile_value(v, "Hoàng Sa"), "—");
}

/* Bến Tre is in Vĩnh Long now: 30 of 40 and 10 of 40 are 40 of 80. */
static void the_34(void **state)
{
    struct ctx *cx = nation(*state);
    struct json *v = view_of(cx, "A00", NEW);
    assert_int_equal(json_path(v, STR("provinces.tiles"))->n, 34 + 2);
    assert_true(json_bool(v, "is_new"));
    assert_str(tile_value(v, "Vĩnh Long"), "50,00 %");
    assert_str(tile_value(v, "Bến Tre"), "no tile");
    assert_str(tile_value(v, "Hà Nội"), "90,00 %");
    const struct json *rows = json_path(v, STR("provinces_table.rows"));
    assert_int_equal(rows->n, 34 + 2); /* what is drawn has a row */
    assert_str(json_str(json_at(json_get(json_at(rows, 35), STR("cells")), 0), "text"),
               "Trường Sa");
}

/* The day on which the period ends decides which provinces there were. */
static void the_day_of_the_merger(void **state)
{
    static const struct {
        int month, day;
        size_t tiles;
    } rows[] = {{6, 30, 65}, {7, 1, 65}, {7, 2, 36}}; /* `to` is exclusive */
    struct ctx *cx = nation(*state);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct asked a = asked_of(cx, "A00", NEW);
        struct json *v = json_new_obj(cx->mem);
        a.slice.period =
            (struct period){day_make(2025, 1, 1), day_make(2025, rows[i].month, rows[i].day)};
        assert_int_equal(map_view(cx, shown, &a, v), RC_OK);
        assert_int_equal(json_path(v, STR("provinces.tiles"))->n, rows[i].tiles);
    }
}

static struct str href_of(const struct json *view, const char *name)
{
    JSON_EACH (json_path(view, STR("provinces.tiles")), t)
        if (str_eq(json_str(t, "name"), str_from(name)))
            return json_str(t, "href");
    return STR("");
}

/* Nation, province, district, commune: each map leads to the next, the last has none below. */
static void the_way_down(void **state)
{
    struct ctx *cx = nation(*state);
    struct json *v = view_of(cx, "A00", OLD);
    assert_true(str_starts(href_of(v, "Bến Tre"), STR("/figures/shown/map?unit=H07&")));
    assert_int_equal(href_of(v, "Cà Mau").n, 0); /* nothing there to lead to */
    v = view_of(cx, "H07", OLD);
    assert_false(json_bool(v, "is_top"));
    const struct json *tile = json_at(json_path(v, STR("below.tiles")), 0);
    assert_true(str_starts(json_str(tile, "href"), STR("/figures/shown/map?unit=H07.21&")));
    v = view_of(cx, "H07.21", OLD);
    tile = json_at(json_path(v, STR("below.tiles")), 0);
    assert_str(json_str(tile, "value"), "75,00 %");
    assert_true(str_starts(json_str(tile, "href"), STR("/figures/shown?unit=H07.21.01&")));
    v = view_of(cx, "H07.21.01", OLD);
    assert_false(json_bool(v, "has_below"));
}

/* Provinces compete with provinces; the ministry has a row of its own kind. */
static void the_league_of_a_nation(void **state)
{
    static const char *const order[] = {"H26", "H07", "H61"};
    struct ctx *cx = nation(*state);
    struct asked a = asked_of(cx, "A00", NEW);
    struct standings all;
    assert_int_equal(standings_get(cx, shown, &a, &all), RC_OK);
    assert_int_equal(all.kind, UNIT_PROVINCE);
    assert_int_equal(all.n, 3);
    for (size_t i = 0; i < ROWS(order); i++) {
        assert_str(all.v[i].unit->code, order[i]);
        assert_int_equal(all.v[i].rank, (int)i + 1);
    }
    a.level = STR("ministry");
    assert_int_equal(standings_get(cx, shown, &a, &all), RC_OK);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.v[0].now.num, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(the_63),
        UNIT(the_34),
        UNIT(the_way_down),
        UNIT(the_day_of_the_merger),
        UNIT(the_league_of_a_nation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
