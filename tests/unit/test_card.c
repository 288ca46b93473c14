/* test_card.c - scorecards as declared: numbers, trees that add up, what is refused and where. */
#include "unit/harness.h"

#include "card/card.h"
#include "text/yaml.h"
#include "unit/unit.h"

/* -- numbers -- */

static const struct number_row {
    const char *text;
    bool ok;
    int64_t hundredths;
} number_rows[] = {
    {"0", true, 0},
    {"4", true, 400},
    {"12", true, 1200},
    {"0.5", true, 50},
    {"0.05", true, 5},
    {"3.25", true, 325},
    {"100.00", true, 10000},
    {"-3.25", true, -325},
    {"-0.5", true, -50},
    {"007", true, 700},
    {"999999", true, 99999900},
    {"", false, 0},
    {".", false, 0},
    {".5", false, 0},
    {"5.", false, 0},
    {"1.234", false, 0},
    {"1,5", false, 0},
    {"+1", false, 0},
    {"--1", false, 0},
    {"1.-5", false, 0},
    {"1e3", false, 0},
    {"1 ", false, 0},
    {"1234567890123", false, 0},
    {"1.2.3", false, 0},
};

static void numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(number_rows); i++) {
        int64_t got = -77;
        bool ok = hundredths_parse(str_from(number_rows[i].text), &got);
        if (ok != number_rows[i].ok || (ok && got != number_rows[i].hundredths))
            fail_msg("%s: %d %lld", number_rows[i].text, ok, (long long)got);
    }
}

/* -- cards -- */

#define LABEL(x) "{vi: \"" x "\", en: \"" x "\"}"
#define HEAD                                                                                   \
    "scorecard: small\nname: " LABEL("Bảng") "\nabout: " LABEL(                                \
        "Về") "\n"                                                                             \
              "law: [{act: A, clause: B, about: " LABEL("C") "}]\n"
#define NODE(id, points, rest)                                                                 \
    "  - {id: \"" id "\", name: " LABEL("Mục") ", points: " points ", " rest "}\n"
#define LEAF(id, points) NODE(id, points, "rule: ratio, indicator: a")

static bool kind_read(struct str word, unsigned *bit)
{
    enum unit_kind k;
    if (!unit_kind_parse(word, &k))
        return false;
    *bit = 1u << k;
    return true;
}

static enum rc read_into(struct ctx *cx, const char *text, struct decl_notes *notes,
                         struct scorecard **ret)
{
    struct json *yaml = NULL;
    if (yaml_parse(cx, str_from(text), &yaml) != RC_OK)
        fail_msg("%s\n%s", cx->err.detail, text);
    return card_read(cx, yaml, kind_read, notes, ret);
}

static struct scorecard *read_well(struct ctx *cx, const char *text)
{
    struct scorecard *card = NULL;
    if (read_into(cx, text, NULL, &card) != RC_OK)
        fail_msg("%s: %s\n%s", cx->err.field, cx->err.detail, text);
    return card;
}

static void a_tree(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct scorecard *card = read_well(
        cx, HEAD
        "points: 10\nnothing: skip\nfor: [commune, ministry]\n"
        "grades: [{from: 9, name: " LABEL("Tốt") "}, {from: 0.5, name: " LABEL(
            "Yếu") "}]\n"
                   "nodes:\n"
                   "  - id: \"1\"\n    name: " LABEL(
                       "Nhóm") "\n    points: 7.5\n    rule: sum\n"
                               "    nodes:\n"
                               "      - {id: \"1.1\", name: " LABEL(
                                   "Một") ", points: 5, rule: capped,"
                                          " threshold: 80, num: [a, \"-of b\"], den: [all of "
                                          "a], nothing: full}\n"
                                          "      - {id: \"1.2\", name: " LABEL(
                                              "Hai") ", points: 2.5, rule: steps,"
                                                     " indicator: c, decimals: 1, steps: "
                                                     "[{from: 15, points: 1}, {from: 30, "
                                                     "points: 2.5}]}\n" NODE(
                                                         "2", "2.5",
                                                         "rule: ratio, entered: d"));
    assert_int_equal(card->n, 4);
    assert_int_equal(card->points, 1000);
    assert_int_equal(card->kinds, 1u << UNIT_COMMUNE | 1u << UNIT_MINISTRY);
    const struct card_node *one = card_node_find(card, STR("1.1"));
    assert_ptr_equal(one->parent, card_node_find(card, STR("1")));
    assert_int_equal(one->depth, 1);
    assert_int_equal(one->points, 500);
    assert_int_equal(one->threshold, 8000);
    assert_int_equal(one->nothing, NOTHING_FULL);
    assert_int_equal(one->num.n, 2);
    assert_int_equal(one->num.v[1].sign, -1);
    assert_true(one->num.v[1].is_den);
    assert_false(one->num.v[1].is_all);
    assert_true(one->den.v[0].is_all && one->den.v[0].is_den);
    assert_str(one->den.v[0].indicator, "a");
    assert_str(one->num.v[1].indicator, "b");
    const struct card_node *two = card_node_find(card, STR("1.2"));
    assert_int_equal(two->nothing, NOTHING_SKIP); /* the card's */
    assert_int_equal(two->steps[1].points, 250);
    assert_int_equal(two->decimals, 1);
    assert_int_equal(one->parent->nchildren, 2);
    assert_str(card_node_find(card, STR("2"))->entered, "d");
    assert_null(card_node_find(card, STR("3")));
}

/* At the border the better one. */
static void grades(void **state)
{
    static const struct {
        int64_t points;
        const char *name;
    } rows[] = {{10000, "A"}, {9000, "A"}, {8999, "B"},  {8000, "B"},
                {7999, "C"},  {5000, "C"}, {4999, NULL}, {0, NULL}};
    struct ctx *cx = ctx_new(*state, NULL);
    struct scorecard *card =
        read_well(cx, HEAD "points: 100\ngrades: [{from: 90, name: " LABEL(
                          "A") "}, {from: 80,"
                               " name: " LABEL("B") "}, {from: 50, name: " LABEL(
                                   "C") "}]\nnodes:\n" LEAF("1", "100"));
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct card_grade *g = card_grade_of(card, rows[i].points);
        assert_true(!g == !rows[i].name);
        if (g)
            assert_str(json_str(g->name, "vi"), rows[i].name);
    }
}

/* -- refusals -- */

static const struct wrong_row {
    const char *text, *rule;
} wrong_rows[] = {
    {HEAD "points: 10\nnodes: []\n", "P162"},
    {HEAD "points: 10\n", RULE_MISSING},
    {HEAD "points: 10\nnode: []\nnodes:\n" LEAF("1", "10"), RULE_UNKNOWN},
    {"scorecard: Small\nname: " LABEL("a") "\nabout: " LABEL(
         "a") "\nlaw: []\npoints: 1\nnodes:\n" LEAF("1", "1"),
     RULE_ID},
    {HEAD "points: 10\nnodes:\n" LEAF("1", "9"), "P161"},
    {HEAD "points: 10\nnodes:\n" LEAF("1", "10") LEAF("2", "0.01"), "P161"},
    {HEAD "points: 10\nnodes:\n" LEAF("1", "5") LEAF("1", "5"), RULE_TWICE},
    {HEAD "points: 10\nnodes:\n" LEAF("A", "10"), RULE_ID},
    {HEAD "points: 10\nnodes:\n" LEAF("", "10"), RULE_VALUE},
    {HEAD "points: 10\nnodes:\n" LEAF("1", "-10"), RULE_VALUE},
    {HEAD "points: 10\nnodes:\n" LEAF("1", "ten"), RULE_VALUE},
    {HEAD "points: 20000\nnodes:\n" LEAF("1", "20000"), RULE_VALUE},
    {HEAD "points: 10\nnothing: none\nnodes:\n" LEAF("1", "10"), "P160"},
    {HEAD "points: 10\nfor: [village]\nnodes:\n" LEAF("1", "10"), "P010"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: best, indicator: a"), "P160"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio, unit: km, num: [a]"), "P160"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio"), "P162"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: sum"), "P162"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: sum, nodes: []"), "P162"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: sum, indicator: a"), "P162"},
    {HEAD
     "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio, indicator: a, num: [b], den: [c]"),
     "P162"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio, den: [c]"), "P162"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio, num: [a]"), "P162"}, /* % of? */
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio, num: [\"-\"], den: [a]"),
     RULE_VALUE},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio, num: [[a]], den: [a]"),
     RULE_VALUE},
    {HEAD "points: 10\nnodes:\n" NODE(
         "1", "10", "rule: ratio, num: [a, a, a, a, a, a, a, a, a], den: [a]"),
     RULE_VALUE},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio, threshold: 80, indicator: a"),
     "P163"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: capped, threshold: 0, indicator: a"),
     "P163"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: inverse, indicator: a"), "P163"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: steps, indicator: a"), "P163"},
    {HEAD "points: 10\nnodes:\n" NODE(
         "1", "10", "rule: ratio, indicator: a, steps: [{from: 1, points: 1}]"),
     "P163"},
    {HEAD "points: 10\nnodes:\n" NODE(
         "1", "10", "rule: steps, indicator: a, steps: [{from: 1, points: 11}]"),
     "P163"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10",
                                      "rule: steps, indicator: a, steps: [{from: 2, points: 1},"
                                      " {from: 2, points: 2}]"),
     "P163"},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio, indicator: a, decimals: 3"),
     RULE_VALUE},
    {HEAD "points: 10\nnodes:\n" NODE("1", "10", "rule: ratio, indicator: a, name_en: x"),
     RULE_UNKNOWN},
    {HEAD "points: 10\ngrades: [{from: 11, name: " LABEL("a") "}]\nnodes:\n" LEAF("1", "10"),
     "P163"},
    {HEAD "points: 10\ngrades: [{from: 5, name: " LABEL("a") "}, {from: 5, name: " LABEL(
         "b") "}]\nnodes:\n" LEAF("1", "10"),
     "P163"},
    {HEAD "points: 10\ngrades: [{from: 5}]\nnodes:\n" LEAF("1", "10"), RULE_MISSING},
};

static void refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(wrong_rows); i++) {
        struct arena *mem = arena_new(16u << 20);
        struct ctx *cx = ctx_new(mem, NULL);
        struct scorecard *card = NULL;
        enum rc rc = read_into(cx, wrong_rows[i].text, NULL, &card);
        if (rc != RC_PACK || !str_eq(str_from(cx->err.field), str_from(wrong_rows[i].rule)))
            fail_msg("row %zu: %s %s %s, not %s", i, rc_name(rc), cx->err.field, cx->err.detail,
                     wrong_rows[i].rule);
        assert_null(card);
        arena_free(mem);
    }
}

/* Two mistakes that do not follow from each other are told together. */
static void all_at_once(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct decl_notes *notes = arena_new_of(cx->mem, struct decl_notes);
    struct scorecard *card = NULL;
    enum rc rc = read_into(
        cx,
        HEAD "points: 10\nnodes:\n" NODE("1", "5", "rule: ratio, indicator: a, decimals: 9")
            NODE("2", "5", "rule: capped, threshold: 0, indicator: a"),
        notes, &card);
    assert_int_equal(rc, RC_OK);
    assert_int_equal(notes->n, 2);
    assert_string_equal(notes->v[0].field, RULE_VALUE);
    assert_string_equal(notes->v[1].field, "P163");
}

static int arena_begin(void **state)
{
    *state = arena_new(32u << 20);
    return 0;
}

static int arena_end(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test_setup_teardown(a_tree, arena_begin, arena_end),
        cmocka_unit_test_setup_teardown(grades, arena_begin, arena_end),
        cmocka_unit_test(refusals),
        cmocka_unit_test_setup_teardown(all_at_once, arena_begin, arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
