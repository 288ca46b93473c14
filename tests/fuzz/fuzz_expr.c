/* fuzz_expr.c - any bytes as an expression: refused or evaluated, within its budget. */
#include "base/arena.h"
#include "expr/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *mem = arena_new(64u << 20);
    struct ctx *cx = ctx_new(mem, NULL);
    log_level_set(LOG_ERROR);
    struct expr_scope *scope = expr_scope_new(mem);
    expr_scope_add(scope, STR("n"), T_INT);
    expr_scope_add(scope, STR("s"), T_STR);
    expr_scope_add(scope, STR("d"), T_DATE);
    expr_scope_add(scope, STR("b"), T_BOOL);
    expr_scope_add(scope, STR("a"), T_ANY);
    expr_scope_add(scope, STR("o.s"), T_STR);
    expr_scope_add(scope, STR("l[].s"), T_STR);
    struct json *vars, *v;
    struct str text =
        STR("{\"n\":1,\"s\":\"An\",\"d\":\"2026-01-31\",\"b\":true,\"o\":{\"s\":\"x\"},"
            "\"a\":[1,{}],\"l\":[{\"s\":\"y\"},{}]}");
    struct expr *e;
    if (json_parse(cx, text, &vars) != RC_OK)
        abort();
    if (expr_compile(cx, str_n(data, n), scope, T_ANY, &e) == RC_OK) {
        if (expr_eval(cx, e, vars, &v) != RC_OK)
            ctx_clear(cx);
        expr_is_true(cx, e, vars);
    }
    arena_free(mem);
    return 0;
}
