/* test_picture.c - round scales, shared ranks, and where columns, lines and tiles stand. */
#include "unit/harness.h"

#include "app/app.h"
#include "picture/picture.h"
#include "text/i18n.h"

static struct ctx *ctx_of(struct arena *mem, enum lang lang)
{
    struct app *app = arena_new_of(mem, struct app);
    app->mem = mem;
    struct ctx *cx = ctx_new(mem, app);
    cx->lang = lang;
    return cx;
}

static int64_t at(const struct json *list, size_t i, const char *key)
{
    return json_int(json_at(list, i), key, -999);
}

static const char *text_at(struct arena *mem, const struct json *list, size_t i,
                           const char *key)
{
    return str_z(mem, json_str(json_at(list, i), key));
}

static void scales(void **state)
{
    static const struct {
        int64_t most;
        int ticks;
        int64_t high, step;
    } rows[] = {
        {0, 4, 100, 100},        /* nothing: one step of one */
        {-500, 4, 100, 100},     /* below nothing */
        {1, 4, 100, 100},        /* a hundredth */
        {100, 4, 100, 100},      /* exactly one */
        {101, 4, 200, 100},      /* a hundredth more than one */
        {400, 4, 400, 100},      /* as many steps as may be */
        {401, 4, 600, 200},      /* one too many: steps of two */
        {800, 4, 800, 200},      /* */
        {801, 4, 1000, 500},     /* then of five */
        {2000, 4, 2000, 500},    /* */
        {2001, 4, 3000, 1000},   /* then of ten */
        {10000, 4, 10000, 5000}, /* a hundred: 0 50 100 */
        {10000, 5, 10000, 2000}, {7849600, 4, 8000000, 2000000}, {250, 1, 500, 500},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scale s = scale_make(rows[i].most, rows[i].ticks);
        assert_int_equal(s.high, rows[i].high);
        assert_int_equal(s.step, rows[i].step);
    }
    assert_true(scale_make(INT64_MAX, 4).high > 0); /* no overflow */
    assert_true(scale_make(INT64_MAX / 3, 1).high > 0);
}

static void shares(void **state)
{
    static const struct {
        int64_t value, full;
        int share;
    } rows[] = {{0, 100, 0},
                {1, 1000, 1},
                {50, 100, 500},
                {100, 100, 1000},
                {101, 100, 1000},
                {-5, 100, 0},
                {5, 0, 0},
                {5, -1, 0},
                {999, 1000, 999},
                {PICTURE_NONE, 100, 0},
                {1, 3, 333},
                {2, 3, 666},
                {INT64_MAX, INT64_MAX, 1000},
                {INT64_MAX / 2, INT64_MAX, 499}};
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(picture_share(rows[i].value, rows[i].full), rows[i].share);
}

static void ranks(void **state)
{
    enum { N = 6 };
    static const struct {
        int64_t v[N];
        bool is_down;
        int rank[N];
    } rows[] = {
        {{50, 40, 40, 30, 20, 10}, false, {1, 2, 2, 4, 5, 6}}, /* a shared place is skipped */
        {{50, 40, 40, 30, 20, 10}, true, {6, 4, 4, 3, 2, 1}},
        {{7, 7, 7, 7, 7, 7}, false, {1, 1, 1, 1, 1, 1}},
        {{0, PICTURE_NONE, 0, -5, 5, PICTURE_NONE}, false, {2, 0, 2, 4, 1, 0}},
        {{0, PICTURE_NONE, 0, -5, 5, PICTURE_NONE}, true, {2, 0, 2, 1, 4, 0}},
        {{INT64_MAX, INT64_MIN + 1, 0, 0, 0, 0}, false, {1, 6, 2, 2, 2, 2}},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int got[N];
        rank_make(*state, rows[i].v, N, rows[i].is_down, got);
        assert_memory_equal(got, rows[i].rank, sizeof got);
    }
    int none[1] = {9};
    rank_make(*state, rows[0].v, 0, false, none); /* nobody: nothing is written */
    assert_int_equal(none[0], 9);
}

/* Two months of three: the tallest fills the height, none has no height and no text of 0. */
static void columns(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    struct mark v[] = {{.name = STR("10/2026"), .value = 2000},
                       {.name = STR("11/2026"), .value = 1000, .is_missed = true},
                       {.name = STR("12/2026"), .value = PICTURE_NONE}};
    struct json *p = picture_columns(cx, &(struct plot){v, 3, 0, PICTURE_NONE, ""});
    const struct json *bars = json_get(p, STR("bars"));
    assert_int_equal(bars->n, 3);
    assert_int_equal(at(bars, 0, "h"), 220);
    assert_int_equal(at(bars, 0, "y"), 10);
    assert_int_equal(at(bars, 1, "h"), 110);
    assert_int_equal(at(bars, 2, "h"), 0);
    assert_true(json_bool(json_at(bars, 1), "is_missed"));
    assert_false(json_bool(p, "has_target"));
    assert_false(json_bool(p, "is_cut"));
    const struct json *ticks = json_get(p, STR("ticks"));
    assert_int_equal(ticks->n, 5); /* 0 5 10 15 20 */
    assert_string_equal(text_at(*state, ticks, 1, "text"), "5");
    assert_int_equal(at(ticks, 4, "y"), 10);
    assert_int_equal(at(ticks, 0, "y"), 230);
}

static void columns_target(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    static const struct {
        int64_t target;
        bool has;
        int64_t y;
    } rows[] = {{8000, true, 54},     {0, true, 230},    {10000, true, 10},
                {10001, false, -999}, {-1, false, -999}, {PICTURE_NONE, false, -999}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *p =
            picture_columns(cx, &(struct plot){NULL, 0, 10000, rows[i].target, "%"});
        assert_int_equal(json_bool(p, "has_target"), rows[i].has);
        assert_int_equal(json_int(p, "target_y", -999), rows[i].y);
        assert_string_equal(text_at(*state, json_get(p, STR("ticks")), 2, "text"), "100%");
    }
}

/* Only the latest columns stay, each a step further, inside the picture. */
static void columns_many(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    enum { N = PICTURE_COLUMNS_MAX + 8 };
    struct mark v[N];
    for (int i = 0; i < N; i++)
        v[i] = (struct mark){.name = str_fmt(*state, "%d", i), .value = i * 100};
    struct json *p = picture_columns(cx, &(struct plot){v, N, 0, PICTURE_NONE, ""});
    const struct json *bars = json_get(p, STR("bars"));
    assert_int_equal(bars->n, PICTURE_COLUMNS_MAX);
    assert_true(json_bool(p, "is_cut"));
    assert_string_equal(text_at(*state, bars, 0, "name"), "8");
    int64_t last = at(bars, PICTURE_COLUMNS_MAX - 1, "x");
    assert_true(last + at(bars, PICTURE_COLUMNS_MAX - 1, "w") <= json_int(p, "width", 0));
    size_t labels = 0;
    JSON_EACH (bars, b)
        labels += json_bool(b, "has_label");
    assert_in_range(labels, 10, 13);
}

static void bars(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    struct mark v[] = {{.name = STR("A"), .value = 2500},
                       {.name = STR("B"), .value = 10000},
                       {.name = STR("C"), .value = PICTURE_NONE},
                       {.name = STR("D"), .value = 2500, .is_small = true}};
    struct json *p = picture_bars(cx, &(struct plot){v, 4, 10000, 5000, "%"});
    const struct json *list = json_get(p, STR("bars"));
    static const char *const order[] = {"B", "A", "D", "C"}; /* equal ones as given */
    for (size_t i = 0; i < ROWS(order); i++)
        assert_string_equal(text_at(*state, list, i, "name"), order[i]);
    int64_t full = at(list, 0, "w");
    assert_int_equal(at(list, 1, "w"), full / 4);
    assert_int_equal(at(list, 3, "w"), 0);
    assert_true(json_bool(json_at(list, 2), "is_small"));
    assert_int_equal(json_int(p, "target_x", 0), json_int(p, "left", 0) + full / 2);
}

static void bars_many(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    struct mark v[PICTURE_BARS_MAX + 1];
    for (int i = 0; i <= PICTURE_BARS_MAX; i++)
        v[i] = (struct mark){.name = STR("Ủy ban nhân dân xã Thạnh Phú Đông và các xã lân cận"),
                             .value = i};
    struct json *p =
        picture_bars(cx, &(struct plot){v, PICTURE_BARS_MAX + 1, 0, PICTURE_NONE, ""});
    assert_int_equal(json_get(p, STR("bars"))->n, PICTURE_BARS_MAX);
    assert_int_equal(json_int(p, "shown", 0), PICTURE_BARS_MAX);
    assert_true(json_bool(p, "is_cut"));
    struct str name = json_str(json_at(json_get(p, STR("bars")), 0), "name");
    assert_int_equal(utf8_len(name), 41); /* forty and an ellipsis */
    assert_true(str_ends(name, STR("…")));
}

/* A gap parts a line; one value alone is a dot. */
static void lines(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    static const struct str steps[] = {{"1", 1}, {"2", 1}, {"3", 1}, {"4", 1}, {"5", 1}};
    static const int64_t now[] = {100, 200, PICTURE_NONE, 400, 300};
    static const int64_t none[] = {PICTURE_NONE, PICTURE_NONE, PICTURE_NONE, PICTURE_NONE,
                                   PICTURE_NONE};
    struct series v[] = {{STR("2026"), now, false}, {STR("2025"), none, true}};
    struct json *p = picture_lines(cx, &(struct lines){steps, 5, v, 2, 0, 200, ""});
    const struct json *first = json_at(json_get(p, STR("series")), 0);
    const struct json *parts = json_get(first, STR("parts"));
    assert_int_equal(parts->n, 2);
    assert_string_equal(text_at(*state, parts, 0, "points"), "74,175 320,120");
    assert_string_equal(text_at(*state, parts, 1, "points"), "813,10 1060,65");
    assert_int_equal(json_get(first, STR("dots"))->n, 4);
    const struct json *other = json_at(json_get(p, STR("series")), 1);
    assert_int_equal(json_get(other, STR("parts"))->n, 0);
    assert_true(json_bool(other, "is_dashed"));
    assert_int_equal(at(json_get(p, STR("series")), 1, "number"), 2);
    assert_true(json_bool(p, "has_key"));
    assert_int_equal(json_int(p, "target_y", 0), 120);
    assert_int_equal(json_get(p, STR("labels"))->n, 5);
}

static void lines_odd(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    static struct str steps[PICTURE_STEPS_MAX + 5];
    static int64_t v[PICTURE_STEPS_MAX + 5];
    for (size_t i = 0; i < ROWS(steps); i++)
        steps[i] = STR("x");
    struct series five[] = {{STR("a"), v, 0},
                            {STR("b"), v, 0},
                            {STR("c"), v, 0},
                            {STR("d"), v, 0},
                            {STR("e"), v, 0}};
    struct json *p =
        picture_lines(cx, &(struct lines){steps, ROWS(steps), five, 5, 0, PICTURE_NONE, ""});
    assert_int_equal(json_get(p, STR("series"))->n, PICTURE_SERIES_MAX);
    assert_true(json_bool(p, "is_cut"));
    const struct json *dots = json_get(json_at(json_get(p, STR("series")), 0), STR("dots"));
    assert_int_equal(dots->n, PICTURE_STEPS_MAX);
    p = picture_lines(cx, &(struct lines){steps, 1, five, 1, 0, PICTURE_NONE, ""});
    dots = json_get(json_at(json_get(p, STR("series")), 0), STR("dots"));
    assert_int_equal(at(dots, 0, "x"), 64 + 10 + 493); /* one step stands in the middle */
    assert_false(json_bool(p, "has_key"));
    p = picture_lines(cx, &(struct lines){NULL, 0, NULL, 0, 0, PICTURE_NONE, ""});
    assert_int_equal(json_get(p, STR("labels"))->n, 0);
}

static struct tile tile_at(int x, int y, int64_t value)
{
    return (struct tile){x, y, false, {.name = STR("Bến Tre"), .value = value}};
}

static void tiles(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    struct tile v[] = {tile_at(0, 0, 0),    tile_at(1, 0, 1999),        tile_at(2, 0, 2000),
                       tile_at(0, 1, 9999), tile_at(1, 1, 10000),       tile_at(2, 1, 12000),
                       tile_at(0, 2, -3),   tile_at(1, 2, PICTURE_NONE)};
    static const int classes[] = {1, 1, 2, 5, 5, 5, 1, 0};
    v[7].is_apart = true;
    struct json *p = picture_tiles(cx, &(struct tiles){v, ROWS(v), 0, 10000, "%"});
    const struct json *list = json_get(p, STR("tiles"));
    for (size_t i = 0; i < ROWS(classes); i++)
        assert_int_equal(at(list, i, "class"), classes[i]);
    assert_int_equal(json_int(p, "width", 0), 3 * 96);
    assert_int_equal(json_int(p, "height", 0), 3 * 96);
    assert_true(at(list, 7, "round") > at(list, 0, "round")); /* islands are drawn round */
    const struct json *legend = json_get(p, STR("legend"));
    assert_int_equal(legend->n, PICTURE_CLASSES);
    assert_string_equal(text_at(*state, legend, 1, "from"), "20%");
    assert_string_equal(text_at(*state, legend, 4, "to"), "100%");
}

/* Without bounds the classes span what is there; with one value there is one class. */
static void tiles_own_bounds(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_EN);
    struct tile v[] = {tile_at(0, 0, 1050), tile_at(1, 0, 2050), tile_at(2, 0, PICTURE_NONE)};
    struct json *p = picture_tiles(cx, &(struct tiles){v, 3, 0, 0, ""});
    const struct json *list = json_get(p, STR("tiles"));
    assert_int_equal(at(list, 0, "class"), 1);
    assert_int_equal(at(list, 1, "class"), 5);
    assert_string_equal(text_at(*state, json_get(p, STR("legend")), 0, "from"), "10.5");
    p = picture_tiles(cx, &(struct tiles){v, 1, 0, 0, ""});
    assert_int_equal(json_get(p, STR("legend"))->n, 1);
    p = picture_tiles(cx, &(struct tiles){v + 2, 1, 0, 0, ""});
    assert_false(json_bool(p, "has_values"));
    assert_null(json_get(p, STR("legend")));
    struct tile out[] = {tile_at(-1, 0, 1), tile_at(0, PICTURE_GRID_MAX, 1)};
    p = picture_tiles(cx, &(struct tiles){out, 2, 0, 0, ""});
    assert_int_equal(json_get(p, STR("tiles"))->n, 0);
    assert_true(json_bool(p, "is_cut"));
}

/* A name too long for a line goes on two, broken between words; the rest is cut. */
static void tile_names(void **state)
{
    static const struct {
        const char *name, *first, *second;
    } rows[] = {
        {"Bến Tre", "Bến Tre", ""},
        {"UBND huyện Ba Tri", "UBND huyện", "Ba Tri"},
        {"UBND huyện Bình Đại", "UBND huyện", "Bình Đại"},
        {"Bà Rịa - Vũng Tàu", "Bà Rịa -", "Vũng Tàu"},
        {"Sở Nông nghiệp và Phát triển nông thôn", "Sở Nông", "nghiệp và…"},
        {"Khôngcókhoảngtrắngnào", "Khôngcókhoản…", ""},
        {"", "", ""},
    };
    struct ctx *cx = ctx_of(*state, LANG_VI);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct tile v = tile_at(0, 0, 1);
        v.mark.name = str_from(rows[i].name);
        struct json *p = picture_tiles(cx, &(struct tiles){&v, 1, 0, 0, ""});
        const struct json *t = json_get(p, STR("tiles"));
        assert_string_equal(text_at(*state, t, 0, "line1"), rows[i].first);
        assert_string_equal(text_at(*state, t, 0, "line2"), rows[i].second);
        assert_string_equal(text_at(*state, t, 0, "name"), rows[i].name);
    }
}

static void tables(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    struct json *t = table_new(cx);
    struct str csv;
    assert_false(json_bool(t, "has_rows"));
    table_column(cx, t, "unit", STR("Đơn vị"), false);
    table_column(cx, t, "value", STR("Giá trị"), true);
    assert_int_equal(table_csv(cx, t, &csv), RC_OK);
    assert_str(csv, "unit,value\r\n");
    struct json *row = table_row(cx, t);
    table_text(cx, row, STR("Xã \"An, Bình\""), STR("/x"));
    table_number(cx, row, STR("−1,25"), table_raw(cx, -125));
    row = table_row(cx, t);
    table_text(cx, row, STR("=1+1"), STR(""));
    table_number(cx, row, STR("—"), table_raw(cx, PICTURE_NONE));
    assert_true(json_bool(t, "has_rows"));
    assert_int_equal(table_csv(cx, t, &csv), RC_OK);
    assert_str(csv, "unit,value\r\n\"Xã \"\"An, Bình\"\"\",-1.25\r\n\"'=1+1\",\r\n");
    const struct json *cells = json_get(row, STR("cells"));
    assert_true(json_bool(json_at(cells, 0), "is_head"));
    assert_false(json_bool(json_at(cells, 1), "is_head"));
    assert_true(json_bool(json_at(cells, 1), "is_number"));
}

/* Each cell says which column it is in; a cell too many says nothing; nothing else changes. */
static void table_stacked(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct str before, after;
    struct json *t = table_new(cx);
    table_stack(cx, t); /* without columns and rows */
    t = table_new(cx);
    table_column(cx, t, "unit", STR("Đơn vị"), false);
    table_column(cx, t, "value", STR("Giá trị"), true);
    for (int i = 0; i < 2; i++) {
        struct json *row = table_row(cx, t);
        table_text(cx, row, STR("Xã An Bình"), STR("/x"));
        table_number(cx, row, STR("1,25"), table_raw(cx, 125));
    }
    assert_int_equal(table_csv(cx, t, &before), RC_OK);
    assert_false(json_bool(t, "is_stack"));
    table_stack(cx, t);
    assert_true(json_bool(t, "is_stack"));
    JSON_EACH (json_get(t, STR("rows")), row) {
        const struct json *cells = json_get(row, STR("cells"));
        assert_str(json_str(json_at(cells, 0), "heading"), "Đơn vị");
        assert_str(json_str(json_at(cells, 1), "heading"), "Giá trị");
    }
    assert_int_equal(table_csv(cx, t, &after), RC_OK);
    assert_true(str_eq(before, after));
    table_number(cx, json_get(t, STR("rows"))->first, STR("7"), STR("7"));
    table_stack(cx, t);
    const struct json *last = json_get(json_get(t, STR("rows"))->first, STR("cells"))->last;
    assert_str(json_str(last, "heading"), "");
}

static void table_raws(void **state)
{
    static const struct {
        int64_t v;
        const char *raw, *vi, *en;
    } rows[] = {{0, "0.00", "0%", "0%"},
                {5, "0.05", "0,05%", "0.05%"},
                {-5, "-0.05", "-0,05%", "-0.05%"},
                {1250, "12.50", "12,5%", "12.5%"},
                {-1250, "-12.50", "-12,5%", "-12.5%"},
                {10000, "100.00", "100%", "100%"},
                {123456700, "1234567.00", "1.234.567%", "1,234,567%"}};
    struct ctx *vi = ctx_of(*state, LANG_VI), *en = ctx_of(*state, LANG_EN);
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_str(table_raw(vi, rows[i].v), rows[i].raw);
        assert_str(hundredths_text(vi, rows[i].v, "%"), rows[i].vi);
        assert_str(hundredths_text(en, rows[i].v, "%"), rows[i].en);
    }
}

static void table_too_large(void **state)
{
    struct ctx *cx = ctx_of(*state, LANG_VI);
    struct json *t = table_new(cx);
    struct str csv = STR("untouched"), large = {arena_alloc(*state, 70000), 70000};
    table_column(cx, t, "x", STR("x"), false);
    for (int i = 0; i < 16; i++)
        table_text(cx, table_row(cx, t), large, STR(""));
    assert_int_equal(table_csv(cx, t, &csv), RC_TOO_LARGE);
    assert_str(csv, "untouched");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(scales),          UNIT(shares),       UNIT(ranks),         UNIT(columns),
        UNIT(columns_target),  UNIT(columns_many), UNIT(bars),          UNIT(bars_many),
        UNIT(lines),           UNIT(lines_odd),    UNIT(tiles),         UNIT(tiles_own_bounds),
        UNIT(tile_names),      UNIT(tables),       UNIT(table_stacked), UNIT(table_raws),
        UNIT(table_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
