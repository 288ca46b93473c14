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

enum rc expr_declare(struct ctx *cx, const struct json *yaml, const struct expr_scope *scope,
                     struct expr_want want, struct expr **ret)
{
    bool is_text = yaml && yaml->kind == JSON_STR;
    uint32_t line = yaml ? yaml->line : 0;
    if (!is_text)
        return FAIL(cx, PACK, want.rule, "line %u: an expression is written as a text", line);
    if (expr_compile(cx, yaml->s, scope, want.type, ret) == RC_OK)
        return RC_OK;
    char why[ERR_DETAIL_MAX];
    snprintf(why, sizeof why, "%s", cx->err.detail);
    ctx_clear(cx);
    enum rc rc = FAIL(cx, PACK, want.rule, "line %u: %.200s", line, why);
    cx->err.source = yaml->s;
    return rc;
}

struct str expr_source(const struct expr *e)
{
    return e->source;
}

const struct str *expr_reads(const struct expr *e, size_t i)
{
    return i < e->nreads ? &e->reads[i] : NULL;
}

static struct str needs_of(const struct expr *e, node_ref ref)
{
    const struct node *n = &e->nodes[ref];
    if (n->op == OP_NAME && n->type == T_BOOL)
        return n->name;
    struct str name = n->op == OP_AND ? needs_of(e, n->a) : STR("");
    return name.n || n->op != OP_AND ? name : needs_of(e, n->b);
}

struct str expr_needs(const struct expr *e)
{
    return needs_of(e, e->root);
}

bool expr_literal_at(const struct expr *e, size_t i, struct expr_literal *ret)
{
    for (size_t k = 1; k < e->n; k++) {
        const struct node *n = &e->nodes[k];
        if (n->op != OP_LITERAL || i-- > 0)
            continue;
        *ret = (struct expr_literal){n->literal.t, n->literal.i, n->literal.s};
        return true;
    }
    return false;
}
