/* test_unit.c - codes in both forms, the tree, what may be added and ended. */
#include "unit/harness.h"

#include "node_help.h"
#include "unit/unit_priv.h"

/* -- codes -- */

static void codes(void **state)
{
    static const struct {
        const char *in;
        bool is_new, is_old;
    } rows[] = {
        {"H07", true, false},
        {"H07.01.05", true, false},
        {"H55.242", true, false},
        {"G09.20", true, false},
        {"Z01ABC9.7", true, false},
        {"000.00.00.H07", false, true},
        {"000.05.01.Y99", false, true},
        {"H07.A1.000.11.22.33.44.55.66.77.8.9", true, false}, /* 35 */
        {"H07.A1.000.11.22.33.44.55.66.77.88.9", false, false},
        {"", false, false},
        {"H7", false, false},
        {"h07", false, false},
        {"H07.", false, false},
        {"H07..01", false, false},
        {".H07", false, false},
        {"H07-01", false, false},
        {"H071", false, false},
        {"0107.01", false, false},
        {"ZAB", false, false},
        {"00.00.00.H07", false, false},
        {"000.00.00.Z07", false, false},
        {"000.00.00.H7", false, false},
        {"000.0A.00.H07", false, false},
        {"000.00.00.H07 ", false, false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str s = str_from(rows[i].in);
        assert_int_equal(code_new_is(s), rows[i].is_new);
        assert_int_equal(code_old_is(s), rows[i].is_old);
        assert_int_equal(unit_code_is(s), rows[i].is_new || rows[i].is_old);
    }
}

static void conversions(void **state)
{
    static const struct {
        const char *code, *old;
    } both[] = {
        {"H07", "000.00.00.H07"},
        {"H07.21", "000.00.21.H07"},
        {"H07.21.05", "000.05.21.H07"},
        {"H07.21.05.104", "104.05.21.H07"},
    };
    for (size_t i = 0; i < ROWS(both); i++) {
        assert_str(unit_code_to_old(*state, str_from(both[i].code)), both[i].old);
        assert_str(unit_code_from_old(*state, str_from(both[i].old)), both[i].code);
    }
    static const char *const only_new[] = {"H55.242", "H07.00",          "H07.21.05.04",
                                           "Z01.22",  "H07.21.05.104.1", "nonsense"};
    for (size_t i = 0; i < ROWS(only_new); i++)
        assert_null(unit_code_to_old(*state, str_from(only_new[i])).p);
    static const char *const only_old[] = {"005.01.00.H07", "104.00.21.H07", "H07"};
    for (size_t i = 0; i < ROWS(only_old); i++)
        assert_null(unit_code_from_old(*state, str_from(only_old[i])).p);
}

static void kinds(void **state)
{
    enum unit_kind k;
    for (int i = 0; i < UNIT_KIND_COUNT; i++) {
        assert_true(unit_kind_parse(str_from(unit_kind_name((enum unit_kind)i)), &k));
        assert_int_equal(k, i);
    }
    assert_false(unit_kind_parse(STR("village"), &k));
    assert_string_equal(unit_kind_name(UNIT_KIND_COUNT), "");
}

/* -- the tree from rows -- */

static void line(struct arena *mem, struct unit_lines *in, int64_t id, int64_t parent)
{
    struct unit_line *l = arena_new_of(mem, struct unit_line);
    l->u.id.v = id;
    l->u.code = str_fmt(mem, "H%02d", (int)id);
    l->parent = parent;
    in->n++;
    *in->end = l;
    in->end = &l->next;
}

static enum rc tree_of(void **state, const int64_t (*rows)[2], size_t n, struct unit_tree **ret)
{
    struct unit_lines in = {0};
    in.end = &in.first;
    for (size_t i = 0; i < n; i++)
        line(*state, &in, rows[i][0], rows[i][1]);
    return unit_tree_new(ctx_new(*state, NULL), *state, &in, ret);
}

static void trees(void **state)
{
    static const int64_t good[][2] = {{3, 2}, {2, 1}, {1, 0}, {4, 2}, {5, 1}};
    static const int64_t orphan[][2] = {{1, 0}, {2, 9}}, two_roots[][2] = {{1, 0}, {2, 0}},
                         cycle[][2] = {{1, 0}, {2, 3}, {3, 2}}, self[][2] = {{1, 1}};
    struct unit_tree *t;
    assert_int_equal(tree_of(state, NULL, 0, &t), RC_OK);
    assert_null(unit_tree_of(t, 1));
    assert_int_equal(tree_of(state, good, ROWS(good), &t), RC_OK);
    assert_int_equal(t->all[0]->id.v, 1);
    for (size_t i = 1; i < t->n; i++) { /* parents stand before their children */
        size_t at = 0;
        while (t->all[at] != t->all[i]->parent)
            at++;
        assert_true(at < i);
    }
    assert_int_equal(unit_tree_of(t, 2)->nchildren, 2);
    assert_true(unit_is_within(unit_tree_of(t, 3), unit_tree_of(t, 1)));
    assert_false(unit_is_within(unit_tree_of(t, 1), unit_tree_of(t, 3)));
    assert_false(unit_is_within(unit_tree_of(t, 3), unit_tree_of(t, 5)));
    assert_false(unit_is_within(NULL, unit_tree_of(t, 5)));
    assert_int_equal(tree_of(state, orphan, ROWS(orphan), &t), RC_CORRUPT);
    assert_int_equal(tree_of(state, two_roots, ROWS(two_roots), &t), RC_CORRUPT);
    assert_int_equal(tree_of(state, cycle, ROWS(cycle), &t), RC_CORRUPT);
    assert_int_equal(tree_of(state, self, ROWS(self), &t), RC_CORRUPT);
}

/* -- adding -- */

static void adding(void **state)
{
    struct ctx *cx = node_open(*state);
    static const struct {
        const char *code, *old, *parent, *name;
        int32_t from;
        enum rc rc;
        const char *field;
    } rows[] = {
        {"H07", "", "H99", "Tỉnh", 18000, RC_NOT_FOUND, "parent"},
        {"H07", "", "", "Tỉnh", 18000, RC_OK, NULL},
        {"H08", "", "", "Tỉnh", 18000, RC_DUPLICATE, "parent"}, /* a second root */
        {"H07", "", "H07", "Lại", 18000, RC_DUPLICATE, "code"},
        {"H07.21", "000.00.21.H07", "H07", "Huyện", 18000, RC_OK, NULL},
        {"H07.21.01", "000.01.21.H07", "000.00.21.H07", "Xã", 18000, RC_OK, NULL},
        {"H07.242", "", "H07", "Không có mã cũ", 18000, RC_OK, NULL},
        {"H07.22", "000.00.21.H07", "H07", "Huyện", 18000, RC_INVALID, "code_old"},
        {"H07.243", "000.00.22.H08", "H07", "Huyện", 18000, RC_INVALID, "code_old"},
        {"H07.22", "0.0.22.H07", "H07", "Huyện", 18000, RC_INVALID, "code_old"},
        {"H07.241", "000.00.21.H07", "H07", "Huyện", 18000, RC_DUPLICATE, "code_old"},
        {"h07.22", "", "H07", "Huyện", 18000, RC_INVALID, "code"},
        {"H08.22", "", "H07", "Huyện", 18000, RC_INVALID, "code"},
        {"H07.22", "", "H07.21", "Huyện", 18000, RC_INVALID, "code"},
        {"H07.22", "", "H07", "", 18000, RC_INVALID, "name_vi"},
        {"H07.22", "", "H07", "Hai\ndòng", 18000, RC_INVALID, "name_vi"},
        {"H07.22", "", "H07", "\xFF", 18000, RC_INVALID, "name_vi"},
        {"H07.22", "", "H07", "Huyện", -30000, RC_INVALID, "from"},
        {"H07.22", "", "H07", "Huyện", 17999, RC_INVALID, "from"}, /* before the parent */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct unit_new u = {.code = str_from(rows[i].code),
                             .code_old = str_from(rows[i].old),
                             .parent = str_from(rows[i].parent),
                             .name_vi = str_from(rows[i].name),
                             .name_en = STR("Unit"),
                             .kind = UNIT_DISTRICT,
                             .from = rows[i].from};
        struct unit_id id;
        ctx_clear(cx);
        assert_int_equal(unit_add(cx, &u, &id), rows[i].rc);
        if (rows[i].field)
            assert_string_equal(cx->err.field, rows[i].field);
    }
    assert_null(unit_find(cx, STR("H07"))); /* not before the commit and the reload */
    node_commit(cx);
    const struct unit *u = unit_find(cx, STR("000.01.21.H07"));
    assert_str(u->code, "H07.21.01");
    assert_true(u->parent == unit_find(cx, STR("H07.21")));
    assert_true(unit_root(cx) == u->parent->parent);
    assert_int_equal(unit_find(cx, STR("H07.242"))->code_old.n, 0);
    assert_str(unit_name(cx, u), "Xã");
    cx->lang = LANG_EN;
    assert_str(unit_name(cx, u), "Unit");
    assert_str(unit_code_of(cx, u->id), "H07.21.01");
    assert_int_equal(unit_code_of(cx, (struct unit_id){5}).n, 0);
}

static void depth(void **state)
{
    struct ctx *cx = node_open(*state);
    struct str code = STR("H07"), parent = STR("");
    enum rc rc = RC_OK;
    for (int i = 0; i <= UNIT_DEPTH_MAX && rc == RC_OK; i++) {
        rc = node_unit(cx, code, parent);
        assert_int_equal(rc, i < UNIT_DEPTH_MAX ? RC_OK : RC_INVALID);
        parent = code;
        code = str_join(*state, code, STR(".AA"));
    }
    assert_string_equal(cx->err.field, "parent");
}

/* -- ending -- */

static void ending(void **state)
{
    struct ctx *cx = node_open(*state);
    node_tree(cx);
    static const struct {
        const char *code, *to;
        int32_t day;
        enum rc rc;
        const char *field;
    } rows[] = {
        {"H07.99", "H07.22", 20000, RC_NOT_FOUND, "code"},
        {"H07.21", "H07.22", 20000, RC_STATE, "code"}, /* a commune below stands */
        {"H07.21.01", "H07.99", 20000, RC_NOT_FOUND, "successors"},
        {"H07.21.01", "H07.21.01", 20000, RC_INVALID, "successors"},
        {"H07.21.01", "H07.22", 18000, RC_INVALID, "day"},
        {"H07.21.01", "H07.22", 20000, RC_OK, NULL},
        {"H07.21.01", "H07.22", 20001, RC_STATE, "code"},         /* twice */
        {"H07.22", "H07.21.01", 20001, RC_INVALID, "successors"}, /* back in a circle */
        {"H07.21", "H07.22", 20000, RC_OK, NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str to = str_from(rows[i].to);
        ctx_clear(cx);
        assert_int_equal(unit_end(cx, str_from(rows[i].code), rows[i].day, &to, 1), rows[i].rc);
        if (rows[i].field)
            assert_string_equal(cx->err.field, rows[i].field);
    }
    struct str twice[] = {STR("H07"), STR("H07")}, many[UNIT_SUCCESSORS_MAX + 1];
    ctx_clear(cx);
    assert_int_equal(unit_end(cx, STR("H07.22"), 20000, twice, 2), RC_DUPLICATE);
    ctx_clear(cx);
    assert_int_equal(unit_end(cx, STR("H07.22"), 20000, many, ROWS(many)), RC_TOO_LARGE);
    const struct unit *before = unit_find(cx, STR("H07.21.01"));
    node_commit(cx);
    const struct unit *after = unit_find(cx, STR("H07.21.01"));
    assert_int_equal(before->to, INT32_MAX); /* an old snapshot does not change */
    assert_int_equal(after->to, 20000);
    assert_int_equal(after->nsuccessors, 1);
    assert_str(after->successors[0]->code, "H07.22");
    assert_true(unit_is_within(before, unit_root(cx)));
    ctx_clear(cx);
    assert_int_equal(node_unit(cx, STR("H07.21.02"), STR("H07.21")), RC_OK); /* still stood */
}

static void duties(void **state)
{
    static const struct {
        const char *unit, *duty;
        bool ends;
        enum rc rc;
        const char *field;
    } rows[] = {
        {"H07", "fire", false, RC_OK, NULL},
        {"H07.21.01", "residence", false, RC_OK, NULL},
        {"000.00.22.H07", "residence", false, RC_OK, NULL}, /* by its old code */
        {"H07", "fire", false, RC_DUPLICATE, "duty"},
        {"H07", "Fire", false, RC_INVALID, "duty"},
        {"H07", "-fire", false, RC_INVALID, "duty"},
        {"H07", "", false, RC_INVALID, "duty"},
        {"H07", "pccc1", false, RC_INVALID, "duty"},
        {"H07.99", "fire", false, RC_NOT_FOUND, "code"},
        {"H07", "residence", true, RC_NOT_FOUND, "duty"},
        {"H07.22", "land", false, RC_OK, NULL},
        {"H07.22", "land", true, RC_OK, NULL},
    };
    static const struct {
        const char *from, *duty, *who;
    } found[] = {
        {"H07.21.01", "residence", "H07.21.01"}, /* itself first */
        {"H07.21.01", "fire", "H07"},
        {"H07.21", "residence", "H07.22"}, /* the ancestor's children, not one's own */
        {"H07", "fire", "H07"},
        {"H07.21.01", "land", NULL}, /* ended */
        {"H07.21.01", "health", NULL},
    };
    struct ctx *cx = node_open(*state);
    node_tree(cx);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str unit = str_from(rows[i].unit), duty = str_from(rows[i].duty);
        ctx_clear(cx);
        enum rc rc =
            rows[i].ends ? unit_duty_end(cx, unit, duty) : unit_duty_add(cx, unit, duty);
        if (rc != rows[i].rc)
            fail_msg("row %zu: %s", i, rc_name(rc));
        if (rows[i].field)
            assert_string_equal(cx->err.field, rows[i].field);
    }
    node_commit(cx);
    for (size_t i = 0; i < ROWS(found); i++) {
        const struct unit *u =
            unit_with_duty(cx, unit_find(cx, str_from(found[i].from)), str_from(found[i].duty));
        if (!found[i].who)
            assert_null(u);
        else if (!u || !str_eq(u->code, str_from(found[i].who)))
            fail_msg("%s for %s: %s", found[i].duty, found[i].from, u ? u->code.p : "nobody");
    }
    assert_true(unit_has_duty(unit_find(cx, STR("H07")), STR("fire")));
    assert_int_equal(unit_find(cx, STR("H07.22"))->nduties, 1);
}

static void reloading(void **state)
{
    struct ctx *cx = node_open(*state);
    size_t n;
    assert_null(unit_root(cx));
    unit_all(cx, &n);
    assert_int_equal(n, 0);
    node_tree(cx);
    const struct unit *root = unit_root(cx);
    assert_int_equal(units_reload(cx), RC_OK);
    assert_true(unit_root(cx) == root); /* nothing changed: the same snapshot */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(codes), UNIT(conversions), UNIT(kinds),  UNIT(trees),     UNIT(adding),
        UNIT(depth), UNIT(ending),      UNIT(duties), UNIT(reloading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
