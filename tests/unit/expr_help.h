/* expr_help.h - a scope from rows, and what an expression gives or is refused for. */
#ifndef TESTS_EXPR_HELP_H
#define TESTS_EXPR_HELP_H

#include "unit/harness.h"

#include "expr/expr.h"
#include "text/said.h"

#include <string.h>

struct named {
    const char *name;
    enum expr_type type;
};

static inline struct expr_scope *scope_of(struct arena *mem, const struct named *rows, size_t n)
{
    struct expr_scope *s = expr_scope_new(mem);
    for (size_t i = 0; i < n; i++)
        expr_scope_add(s, str_from(rows[i].name), rows[i].type);
    return s;
}

/* A ctx at that moment, and what the names stand for. */
static inline struct ctx *ctx_with(void **state, const char *now, const char *vars,
                                   struct json **ret)
{
    struct ctx *cx = ctx_new(*state, NULL);
    assert_true(time_parse(str_from(now), &cx->now_us));
    assert_int_equal(json_parse(cx, str_from(vars), ret), RC_OK);
    return cx;
}

/* src gives want, printed as JSON. */
static inline void gives(struct ctx *cx, const struct expr_scope *scope,
                         const struct json *vars, const char *src, const char *want)
{
    struct expr *e;
    struct json *v;
    if (expr_compile(cx, str_from(src), scope, T_ANY, &e))
        fail_msg("%s: %s", src, cx->err.detail);
    assert_int_equal(expr_eval(cx, e, vars, &v), RC_OK);
    struct buf *b = buf_new(cx->mem, 1000);
    json_print(b, v);
    if (!str_eq(buf_str(b), str_from(want)))
        fail_msg("%s gives %.*s", src, STR_ARG(buf_str(b)));
}

/* Both languages have the sentence, and they differ. */
static inline void said_in_both(struct arena *mem, const char *detail)
{
    struct str vi, en;
    if (!said_in(mem, LANG_VI, str_from(detail), &vi))
        fail_msg("po/ does not say: %s", detail);
    assert_false(str_eq(vi, str_from(detail)));
    assert_true(said_in(mem, LANG_EN, str_from(detail), &en));
    assert_str(en, detail);
}

/* src is refused where a value of that type is wanted; the detail has this in it. */
static inline void refuses(struct arena *mem, const struct expr_scope *scope,
                           enum expr_type type, const char *src, const char *detail)
{
    struct ctx *cx = ctx_new(mem, NULL);
    struct expr *e = NULL;
    if (expr_compile(cx, str_from(src), scope, type, &e) != RC_EXPR)
        fail_msg("%s was accepted", src);
    if (!strstr(cx->err.detail, detail))
        fail_msg("%s: %s", src, cx->err.detail);
    said_in_both(mem, cx->err.detail);
    assert_null(e);
}

#endif
