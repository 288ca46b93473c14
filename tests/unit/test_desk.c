/* test_desk.c - the desk's templates compile, its routes declare what they read. */
#include "unit/harness.h"
#include "app/open.h"
#include "desk/desk.h"
#include "app/app.h"
#include "page/tpl.h"

static void test_templates_compile(void **state)
{
    static const char *const names[] = {
        "desk/inbox", "desk/dossier", "desk/conflict",  "desk/form", "desk/intake",
        "desk/filed", "desk/none",    "desk/forbidden", "desk/day",  "desk/bulk",
        "desk/hand",  "desk/result",  "desk/slip"};
    struct app app = {.mem = *state};
    struct ctx *cx = ctx_new(*state, &app);
    enum rc rc = app_templates(cx, &app);
    if (rc != RC_OK)
        print_message("%s: %s\n", cx->err.field, cx->err.detail);
    assert_int_equal(rc, RC_OK);
    for (size_t i = 0; i < ROWS(names); i++)
        assert_true(tpl_has(app.templates, str_from(names[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(test_templates_compile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
