/* test_form_unit.c - questions that are answered with a unit: the list, its narrowing, what is
 * refused. */
#include "unit/harness.h"

#include "form_help.h"
#include "node_help.h"

#define FORM_OF(more)                                                                          \
    "type: object\n"                                                                           \
    "sections: [{id: s, title: {vi: T, en: T}, pages: [{id: p, title: {vi: T, en: T}, ask: "   \
    "[district, commune]}]}]\n"                                                                \
    "properties:\n"                                                                            \
    "  district: {type: string, title: {vi: Huyện, en: D}, maxLength: 35, widget: unit}\n"   \
    "  commune: {type: string, title: {vi: Xã, en: C}, maxLength: 35, " more "}\n"             \
    "required: [commune]\n"
#define FORM_GOOD FORM_OF("widget: unit, under: district")

static void loads(void **state)
{
    static const struct {
        const char *more, *rule;
    } rows[] = {
        {"widget: unit", NULL},
        {"widget: unit, under: district", NULL},
        {"widget: unit, under: commune", "P124"}, /* itself */
        {"widget: unit, under: province", "P124"},
        {"under: district", "P124"}, /* a plain text has nothing below */
        {"widget: textarea, under: district", "P124"},
        {"widget: unit, under: 7", "P005"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct form *f = NULL;
        const char *text = FORM_OF("@@");
        const char *at = strstr(text, "@@");
        enum rc rc = form_of(
            cx, str_fmt(cx->mem, "%.*s%s%s", (int)(at - text), text, rows[i].more, at + 2).p,
            &f);
        assert_int_equal(rc, rows[i].rule ? RC_PACK : RC_OK);
        if (rows[i].rule)
            assert_string_equal(cx->err.field, rows[i].rule);
    }
}

static void checks(void **state)
{
    static const struct {
        const char *answers, *wrong; /* the field, or NULL */
    } rows[] = {
        {"{\"commune\":\"H07.21.01\"}", NULL},
        {"{\"district\":\"H07.21\",\"commune\":\"H07.21.01\"}", NULL},
        {"{\"district\":\"H07\",\"commune\":\"H07.21.01\"}", NULL}, /* further below */
        {"{\"district\":\"H07.22\",\"commune\":\"H07.21.01\"}", "commune"},
        {"{\"district\":\"H07.21\",\"commune\":\"H07.21\"}", "commune"}, /* not below itself */
        {"{\"commune\":\"H07.21.02\"}", "commune"},
        {"{\"commune\":\"Phường Mẫu\"}", "commune"},
        {"{\"commune\":\"000.01.21.H07\"}", "commune"}, /* one way of writing it */
        {"{\"commune\":7}", "commune"},
        {"{\"commune\":\"\"}", "commune"},
        {"{\"district\":\"H99\",\"commune\":\"H07.21.01\"}", "district"},
    };
    struct ctx *cx = node_open(*state);
    node_tree(cx);
    struct form *f = form_made(cx, FORM_GOOD);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct form_errors errs = {0};
        enum rc rc = form_check(cx, f, parsed(cx, rows[i].answers), &errs);
        ctx_clear(cx);
        if ((rc == RC_OK) != (rows[i].wrong == NULL))
            fail_msg("%s", rows[i].answers);
        if (rows[i].wrong)
            assert_str(errs.v[0].field, rows[i].wrong);
    }
}

static const struct json *field_of(const struct json *page, const char *name)
{
    JSON_EACH (json_get(page, STR("fields")), o)
        if (str_eq(json_str(o, "path"), str_from(name)))
            return o;
    fail_msg("no field %s", name);
    return NULL;
}

/* "H07: H07.21 H07.22*": groups with their options, the chosen one starred. */
static void groups_are(struct ctx *cx, const struct json *field, const char *want)
{
    struct buf *b = buf_new(cx->mem, 10000);
    assert_true(json_bool(field, "is_unit"));
    assert_false(json_bool(field, "is_text"));
    JSON_EACH (json_get(field, STR("groups")), g) {
        buf_fmt(b, "%s%.*s:", b->n ? " | " : "", STR_ARG(json_str(g, "group")));
        JSON_EACH (json_get(g, STR("options")), o)
            buf_fmt(b, " %.*s%s", STR_ARG(json_str(o, "value")),
                    json_bool(o, "checked") ? "*" : "");
    }
    assert_str(buf_str(b), want);
}

static void lists(void **state)
{
    struct ctx *cx = node_open(*state);
    struct form_errors errs = {0};
    node_tree(cx);
    cx->lang = LANG_EN;
    struct form *f = form_made(cx, FORM_GOOD);
    struct json *v = form_page_view(cx, f, STR("p"), parsed(cx, "{}"), &errs);
    const char *all = "Agencies at the top: H07 | H07: H07.21 H07.22 | H07.21: H07.21.01";
    groups_are(cx, field_of(v, "district"), all);
    groups_are(cx, field_of(v, "commune"), all);
    v = form_page_view(cx, f, STR("p"), parsed(cx, "{\"district\":\"H07.21\"}"), &errs);
    groups_are(cx, field_of(v, "district"),
               "Agencies at the top: H07 | H07: H07.21* H07.22 | H07.21: H07.21.01");
    groups_are(cx, field_of(v, "commune"), "H07.21: H07.21.01");
    v = form_page_view(cx, f, STR("p"), parsed(cx, "{\"district\":\"H07.22\"}"), &errs);
    groups_are(cx, field_of(v, "commune"), ""); /* nothing stands below it */
    /* read again, it is a name */
    struct json *sum = form_summary_view(cx, f, parsed(cx, "{\"commune\":\"H07.21.01\"}"));
    const struct json *rows = json_get(json_get(sum, STR("sections"))->first, STR("rows"));
    assert_str(json_str(json_at(rows, 1), "value"), "H07.21.01"); /* its name in this tree */
}

/* What stood until yesterday can no longer be chosen. */
static void ended_units_go(void **state)
{
    struct ctx *cx = node_open(*state);
    struct form_errors errs = {0};
    node_tree(cx);
    struct form *f = form_made(cx, FORM_GOOD);
    struct str next[] = {STR("H07.22")};
    assert_int_equal(unit_end(cx, STR("H07.21.01"), day_of(cx->now_us), next, 1), RC_OK);
    node_commit(cx);
    assert_int_equal(form_check(cx, f, parsed(cx, "{\"commune\":\"H07.21.01\"}"), &errs),
                     RC_INVALID);
    ctx_clear(cx);
    struct json *v = form_page_view(cx, f, STR("p"), parsed(cx, "{}"), &errs);
    JSON_EACH (json_get(field_of(v, "commune"), STR("groups")), g)
        JSON_EACH (json_get(g, STR("options")), o)
            assert_false(str_eq(json_str(o, "value"), STR("H07.21.01")));
}

/* A country's worth: all of them are there, once. */
static void many(void **state)
{
    enum { COMMUNES = 183 };
    struct ctx *cx = node_open(*state);
    struct form_errors errs = {0};
    size_t n = 0;
    node_tree(cx);
    for (int i = 2; i <= COMMUNES; i++)
        assert_int_equal(node_unit(cx, str_fmt(cx->mem, "H07.22.%03d", i), STR("H07.22")),
                         RC_OK);
    node_commit(cx);
    struct json *v =
        form_page_view(cx, form_made(cx, FORM_GOOD), STR("p"), parsed(cx, "{}"), &errs);
    JSON_EACH (json_get(field_of(v, "commune"), STR("groups")), g)
        n += json_get(g, STR("options"))->n;
    assert_int_equal(n, COMMUNES - 1 + 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(loads), UNIT(checks), UNIT(lists),
                                       UNIT(ended_units_go), UNIT(many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
