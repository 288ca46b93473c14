/* fuzz_expr.c - any bytes as an expression: refused or evaluated, within its budget. */
#include "fuzz.h"

#include "app/app.h"
#include "base/arena.h"
#include "calendar/calendar.h"
#include "expr/expr.h"
#include "expr/table.h"

/* Loaded once: what working days are counted by. */
static struct app *app_get(void)
{
    static struct app app;
    if (!app.mem) {
        app.mem = arena_new(64u << 20);
        settings_default(&app.settings);
        struct ctx *cx = ctx_new(app.mem, &app);
        fuzz_must(calendar_open(cx, &app.calendar) == RC_OK);
    }
    return &app;
}

/* is_checked: with the choices of two names, as where a pack is checked. */
static struct expr_scope *scope_make(struct ctx *cx, bool is_checked)
{
    static const struct str choices[] = {{"x", 1}, {"y", 1}};
    static const struct {
        const char *name;
        enum expr_type type;
    } rows[] = {{"n", T_INT},  {"s", T_STR},      {"d", T_DATE},  {"b", T_BOOL},   {"a", T_ANY},
                {"t", T_TIME}, {"u", T_DURATION}, {"o.s", T_STR}, {"l[].s", T_STR}};
    struct expr_scope *scope = expr_scope_new(cx->mem);
    struct tables *tables = tables_new(cx->mem);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expr_scope_add(scope, str_from(rows[i].name), rows[i].type);
    fuzz_must(table_add(cx, tables, STR("f"),
                        STR("when:k:text x|y,when:n:int 0..,then:r:int\nx,> 3,1\n-,-,2\n")) ==
              RC_OK);
    fuzz_must(table_add(cx, tables, STR("g"),
                        STR("when:d:date,then:r:int,then:u:duration\n-,1,5wd\n")) == RC_OK);
    expr_scope_tables(scope, tables);
    if (is_checked) {
        expr_scope_choices(scope, STR("o.s"), choices, 2);
        expr_scope_choices(scope, STR("l[].s"), choices, 2);
    }
    return scope;
}

/* Choices only refuse, and say why; what they let pass gives the same. */
static void checked_one(struct ctx *cx, struct str in, const struct json *vars,
                        const struct json *v)
{
    struct expr *e;
    struct json *same;
    if (expr_compile(cx, in, scope_make(cx, true), T_ANY, &e) == RC_OK) {
        fuzz_must(expr_eval(cx, e, vars, &same) == RC_OK && json_equal(v, same));
        return;
    }
    fuzz_must(cx->err.rc == RC_EXPR && strstr(cx->err.detail, "is none of the choices"));
    ctx_clear(cx);
}

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct json *vars, *v, *again;
    struct str text = STR("{\"n\":1,\"s\":\"Đặng An\",\"d\":\"2026-01-31\",\"b\":true,\"o\":{"
                          "\"s\":\"x\"},\"t\":\"2026-01-31T08:00:00+07:00\",\"a\":[1,{}],"
                          "\"l\":[{\"s\":\"y\"},{}]}");
    struct expr *e;
    log_level_set(LOG_ERROR);
    cx->app = app_get();
    cx->now_us = INT64_C(1800000000000000);
    fuzz_must(json_parse(cx, text, &vars) == RC_OK);
    if (expr_compile(cx, in, scope_make(cx, false), T_ANY, &e) != RC_OK) {
        fuzz_must(cx->err.rc == RC_EXPR &&
                  str_starts(str_from(cx->err.detail), STR("column ")));
        return;
    }
    if (expr_eval(cx, e, vars, &v) != RC_OK) {
        ctx_clear(cx);
        return;
    }
    /* the same values give the same answer */
    fuzz_must(expr_eval(cx, e, vars, &again) == RC_OK && json_equal(v, again));
    checked_one(cx, in, vars, v);
    expr_is_true(cx, e, vars);
}
