/* check.c - gives every node its type, or says in which column it has none. */
#include "expr/expr_priv.h"

#include "base/arena.h"

struct local {
    struct str name, path;
    enum expr_type type;
    const struct scope_name *of;
};
struct checker {
    struct ctx *cx;
    struct expr *e;
    const struct expr_scope *scope;
    struct local locals[EXPR_LOCALS_MAX];
    unsigned nlocals;
};

#define WRONG(k, ...) FAIL((k)->cx, EXPR, NULL, "column %u: " __VA_ARGS__)
#define COL(node) (unsigned)(node)->column

static enum rc check(struct checker *k, node_ref r);

const char *expr_type_name(enum expr_type t)
{
    static const char *const names[] = {"null",     "boolean", "number", "text", "date",
                                        "duration", "list",    "object", "any"};
    return names[t];
}

static struct node *at(struct checker *k, node_ref r)
{
    return &k->e->nodes[r];
}

static const char *type_of(struct checker *k, node_ref r)
{
    return expr_type_name(at(k, r)->type);
}

static bool is_type(struct checker *k, node_ref r, enum expr_type t)
{
    enum expr_type have = at(k, r)->type;
    return have == t || have == T_ANY || have == T_NULL;
}

static enum rc need_type(struct checker *k, node_ref r, enum expr_type t)
{
    if (is_type(k, r, t))
        return RC_OK;
    const char *hint =
        t == T_DATE && at(k, r)->type == T_STR ? "; write a date as date('2026-01-31')" : "";
    return WRONG(k, "a %s is needed here, this is a %s%s", COL(at(k, r)), expr_type_name(t),
                 type_of(k, r), hint);
}

static enum rc want_type(struct checker *k, node_ref r, enum expr_type t)
{
    TRY(check(k, r));
    return need_type(k, r, t);
}

/* Types may meet in ==, in lists and in the two ends of ?: . */
static bool fit(enum expr_type a, enum expr_type b)
{
    return a == b || a == T_ANY || b == T_ANY || a == T_NULL || b == T_NULL;
}

static enum rc check_same(struct checker *k, const struct node *n)
{
    TRY(check(k, n->a));
    TRY(check(k, n->b));
    enum expr_type a = at(k, n->a)->type, b = at(k, n->b)->type;
    if (fit(a, b))
        return RC_OK;
    bool dates = (a == T_DATE && b == T_STR) || (a == T_STR && b == T_DATE);
    return WRONG(k, "a %s and a %s cannot be compared%s", COL(n), expr_type_name(a),
                 expr_type_name(b), dates ? "; write a date as date('2026-01-31')" : "");
}

static enum rc check_order(struct checker *k, const struct node *n)
{
    TRY(check_same(k, n));
    enum expr_type t = at(k, n->a)->type;
    if (t == T_ANY || t == T_NULL)
        t = at(k, n->b)->type;
    if (t != T_INT && t != T_DATE && t != T_DURATION && t != T_ANY && t != T_NULL)
        return WRONG(k, "values of type %s have no order", COL(n), expr_type_name(t));
    return RC_OK;
}

static void set_from_scope(struct node *n, const struct scope_name *s)
{
    n->type = (uint8_t)s->type;
    n->of = s->type == T_LIST ? s->elem : s;
    n->elem = (uint8_t)(s->type == T_LIST && s->elem ? s->elem->type : T_ANY);
}

static void read_add(struct checker *k, const struct node *n)
{
    for (size_t i = 0; i < k->e->nreads; i++)
        if (str_eq(k->e->reads[i], n->path))
            return;
    if (!n->is_inner)
        k->e->reads[k->e->nreads++] = n->path;
}

static enum rc check_name(struct checker *k, struct node *n)
{
    for (unsigned i = k->nlocals; i-- > 0;) {
        const struct local *l = &k->locals[i];
        if (!str_eq(l->name, n->name))
            continue;
        n->op = OP_LOCAL;
        n->local = (uint8_t)i;
        n->path = l->path;
        if (l->of)
            set_from_scope(n, l->of);
        n->type = (uint8_t)l->type;
        if (n->path.n)
            read_add(k, n);
        return RC_OK;
    }
    const struct scope_name *s = scope_find(&k->scope->root, n->name);
    if (!s)
        return WRONG(k, "nothing is called %.*s", COL(n), STR_ARG(n->name));
    set_from_scope(n, s);
    n->path = n->name;
    read_add(k, n);
    return RC_OK;
}

static enum rc check_field(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    const struct node *base = at(k, n->a);
    if (base->path.n)
        n->path = str_fmt(k->cx->mem, "%.*s.%.*s", STR_ARG(base->path), STR_ARG(n->name));
    n->type = T_ANY;
    n->elem = T_ANY;
    if (base->type != T_ANY) {
        const struct scope_name *s =
            base->type == T_OBJECT ? scope_find(base->of, n->name) : NULL;
        if (base->type != T_OBJECT)
            return WRONG(k, "a %s has no field %.*s", COL(n), expr_type_name(base->type),
                         STR_ARG(n->name));
        if (!s)
            return WRONG(k, "there is no field %.*s in %.*s", COL(n), STR_ARG(n->name),
                         STR_ARG(base->path));
        set_from_scope(n, s);
    }
    if (n->path.n)
        read_add(k, n);
    return RC_OK;
}

static enum rc check_list(struct checker *k, struct node *n)
{
    n->type = T_LIST;
    n->elem = T_NULL;
    for (node_ref i = n->a; i; i = at(k, i)->next) {
        TRY(check(k, i));
        enum expr_type t = at(k, i)->type;
        if (!fit(n->elem, t))
            return WRONG(k, "a list holds values of one type, this is a %s among %ss",
                         COL(at(k, i)), expr_type_name(t), expr_type_name(n->elem));
        if (n->elem == T_NULL)
            n->elem = (uint8_t)t;
    }
    return RC_OK;
}

static enum rc check_in(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    TRY(want_type(k, n->b, T_LIST));
    enum expr_type item = at(k, n->a)->type, elem = at(k, n->b)->elem;
    if (at(k, n->b)->type == T_LIST && !fit(item, elem))
        return WRONG(k, "a list of %ss cannot hold a %s", COL(n), expr_type_name(elem),
                     expr_type_name(item));
    return RC_OK;
}

static enum rc check_days_added(struct checker *k, const struct node *n)
{
    TRY(need_type(k, n->b, T_DURATION));
    const struct node *b = at(k, n->b);
    if (b->op == OP_LITERAL && b->literal.t == T_DURATION && b->literal.unit != 'c')
        return WRONG(k, "working days need a calendar; add calendar days (cd) to a date",
                     COL(b));
    return RC_OK;
}

static enum rc check_sum(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    TRY(check(k, n->b));
    enum expr_type a = at(k, n->a)->type;
    if (a == T_ANY || a == T_NULL)
        a = at(k, n->b)->type == T_DURATION ? T_DATE : at(k, n->b)->type;
    n->type = (uint8_t)a;
    if (a == T_DATE)
        return check_days_added(k, n);
    if (a == T_INT || (a == T_STR && n->op == OP_ADD))
        return need_type(k, n->b, a);
    if (a == T_ANY || a == T_NULL)
        return RC_OK;
    return WRONG(k, "a %s cannot stand in a sum", COL(n), expr_type_name(a));
}

static enum rc check_cond(struct checker *k, struct node *n)
{
    TRY(want_type(k, n->a, T_BOOL));
    TRY(check(k, n->b));
    TRY(check(k, n->c));
    const struct node *b = at(k, n->b), *c = at(k, n->c);
    if (!fit(b->type, c->type))
        return WRONG(k, "both ends of ?: need one type, these are %s and %s", COL(n),
                     expr_type_name(b->type), expr_type_name(c->type));
    const struct node *from = b->type == T_NULL ? c : b;
    n->type = from->type;
    n->elem = from->elem;
    n->of = b->of == c->of || b->type == T_NULL || c->type == T_NULL ? from->of : NULL;
    return n->type == T_OBJECT && !n->of
               ? WRONG(k, "both ends of ?: are objects of different shape", COL(n))
               : RC_OK;
}

static enum rc check_date(struct checker *k, struct node *n)
{
    TRY(want_type(k, n->a, T_STR));
    const struct node *a = at(k, n->a);
    int32_t day;
    if (a->op == OP_LITERAL && !day_parse(a->literal.s, &day))
        return WRONG(k, "%.*s is not a day; write date('2026-01-31')", COL(a),
                     STR_ARG(a->literal.s));
    n->type = T_DATE;
    return RC_OK;
}

static enum rc check_size(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    if (!is_type(k, n->a, T_STR) && !is_type(k, n->a, T_LIST))
        return WRONG(k, "size() takes a text or a list, this is a %s", COL(n),
                     type_of(k, n->a));
    n->type = T_INT;
    return RC_OK;
}

static enum rc check_has(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    const struct node *a = at(k, n->a);
    if (a->op != OP_NAME && a->op != OP_FIELD)
        return WRONG(k, "has() takes a name, as in has(a.b)", COL(n));
    return RC_OK;
}

static enum rc check_matches(struct checker *k, struct node *n)
{
    const struct node *b = at(k, n->b);
    if (b->op != OP_LITERAL || b->type != T_STR)
        return WRONG(k, "matches() takes a pattern written out", COL(b));
    struct pattern *p = NULL;
    if (pattern_compile(k->cx, b->literal.s, &p) == RC_OK) {
        n->pattern = p;
        return RC_OK;
    }
    char why[ERR_DETAIL_MAX];
    snprintf(why, sizeof why, "%s", k->cx->err.detail);
    ctx_clear(k->cx);
    return WRONG(k, "%.180s", COL(b), why);
}

static enum rc check_call(struct checker *k, struct node *n)
{
    n->type = T_BOOL;
    switch (n->fn) {
    case FN_TODAY:
        n->type = T_DATE;
        return RC_OK;
    case FN_SIZE:
        return check_size(k, n);
    case FN_HAS:
        return check_has(k, n);
    case FN_DATE:
        return check_date(k, n);
    case FN_AGE:
        n->type = T_INT;
        return want_type(k, n->a, T_DATE);
    case FN_DAYS:
        n->type = T_INT;
        TRY(want_type(k, n->a, T_DATE));
        return want_type(k, n->b, T_DATE);
    default:
        TRY(want_type(k, n->a, T_STR));
        TRY(want_type(k, n->b, T_STR));
        return n->fn == FN_MATCHES ? check_matches(k, n) : RC_OK;
    }
}

static enum rc check_each(struct checker *k, struct node *n)
{
    TRY(want_type(k, n->a, T_LIST));
    if (k->nlocals == EXPR_LOCALS_MAX)
        return WRONG(k, "lists are walked more than %d deep", COL(n), EXPR_LOCALS_MAX);
    const struct node *list = at(k, n->a);
    struct local *l = &k->locals[k->nlocals];
    *l = (struct local){.name = n->name, .type = T_ANY, .of = list->of};
    if (list->type == T_LIST)
        l->type = list->elem;
    if (list->path.n)
        l->path = str_fmt(k->cx->mem, "%.*s[]", STR_ARG(list->path));
    n->local = (uint8_t)k->nlocals++;
    TRY(want_type(k, n->b, T_BOOL));
    k->nlocals--;
    n->type = n->fn == FN_FILTER ? T_LIST : T_BOOL;
    n->elem = list->type == T_LIST ? list->elem : T_ANY;
    n->of = list->of;
    return RC_OK;
}

static enum rc check_bools(struct checker *k, struct node *n)
{
    n->type = T_BOOL;
    TRY(want_type(k, n->a, T_BOOL));
    return n->b ? want_type(k, n->b, T_BOOL) : RC_OK;
}

static enum rc check_numbers(struct checker *k, struct node *n)
{
    n->type = T_INT;
    TRY(want_type(k, n->a, T_INT));
    return n->b ? want_type(k, n->b, T_INT) : RC_OK;
}

static enum rc check_compare(struct checker *k, struct node *n)
{
    n->type = T_BOOL;
    if (n->op == OP_IN)
        return check_in(k, n);
    return n->op == OP_EQ || n->op == OP_NE ? check_same(k, n) : check_order(k, n);
}

static enum rc check(struct checker *k, node_ref r)
{
    struct node *n = at(k, r);
    switch ((enum op)n->op) {
    case OP_LITERAL:
        n->type = (uint8_t)n->literal.t;
        return RC_OK;
    case OP_NAME:
    case OP_LOCAL:
        return check_name(k, n);
    case OP_FIELD:
        return check_field(k, n);
    case OP_LIST:
        return check_list(k, n);
    case OP_NOT:
    case OP_AND:
    case OP_OR:
        return check_bools(k, n);
    case OP_NEGATE:
    case OP_MUL:
        return check_numbers(k, n);
    case OP_ADD:
    case OP_SUB:
        return check_sum(k, n);
    case OP_COND:
        return check_cond(k, n);
    case OP_CALL:
        return check_call(k, n);
    case OP_EACH:
        return check_each(k, n);
    default:
        return check_compare(k, n);
    }
}

enum rc expr_check(struct ctx *cx, struct expr *e, const struct expr_scope *scope,
                   enum expr_type want)
{
    struct checker k = {.cx = cx, .e = e, .scope = scope};
    e->reads = arena_array(cx->mem, struct str, e->n);
    TRY(check(&k, e->root));
    if (want != T_ANY && !is_type(&k, e->root, want))
        return FAIL(cx, EXPR, NULL, "column 1: a %s is needed, the expression gives a %s",
                    expr_type_name(want), type_of(&k, e->root));
    return RC_OK;
}
