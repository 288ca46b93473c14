/* expr.c - compiling an expression: read, then check. */
#include "expr/expr_priv.h"

#include "base/arena.h"

enum rc expr_compile(struct ctx *cx, struct str src, const struct expr_scope *scope,
                     enum expr_type want, struct expr **ret)
{
    if (src.n > EXPR_SRC_MAX)
        return FAIL(cx, EXPR, NULL, "column %d: an expression has at most %d bytes",
                    EXPR_SRC_MAX, EXPR_SRC_MAX);
    if (!utf8_is(src))
        return FAIL(cx, EXPR, NULL, "column 1: the expression is not valid UTF-8");
    struct expr *e = arena_new_of(cx->mem, struct expr);
    e->source = str_dup(cx->mem, src);
    TRY(expr_parse(cx, e));
    TRY(expr_check(cx, e, scope, want));
    *ret = e;
    return RC_OK;
}

struct str expr_source(const struct expr *e)
{
    return e->source;
}

const struct str *expr_reads(const struct expr *e, size_t i)
{
    return i < e->nreads ? &e->reads[i] : NULL;
}
