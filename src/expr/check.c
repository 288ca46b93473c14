/* check.c - gives every node its type, or says in which column it has none. */
#include "expr/check_priv.h"

#include "base/arena.h"

const char *expr_type_name(enum expr_type t)
{
    static const char *const names[] = {"null",      "boolean",  "number", "text",   "date",
                                        "timestamp", "duration", "list",   "object", "any"};
    return names[t];
}

const char *type_of(struct checker *k, node_ref r)
{
    return expr_type_name(at(k, r)->type);
}

bool is_type(struct checker *k, node_ref r, enum expr_type t)
{
    enum expr_type have = at(k, r)->type;
    return have == t || have == T_ANY || have == T_NULL;
}

enum rc need_type(struct checker *k, node_ref r, enum expr_type t)
{
    if (is_type(k, r, t))
        return RC_OK;
    const char *hint =
        t == T_DATE && at(k, r)->type == T_STR ? "; write a date as date('2026-01-31')" : "";
    return WRONG(k, "a %s is needed here, this is a %s%s", COL(at(k, r)), expr_type_name(t),
                 type_of(k, r), hint);
}

enum rc want_type(struct checker *k, node_ref r, enum expr_type t)
{
    TRY(check(k, r));
    return need_type(k, r, t);
}

/* Types may meet in ==, in lists and in the two ends of ?: . */
static bool fit(enum expr_type a, enum expr_type b)
{
    return a == b || a == T_ANY || b == T_ANY || a == T_NULL || b == T_NULL;
}

/* A text written out is one that `of` can be, if it has choices. */
static enum rc need_choice(struct checker *k, const struct scope_name *of, node_ref r)
{
    const struct node *n = at(k, r);
    if (!of || !of->choices || n->op != OP_LITERAL || n->type != T_STR)
        return RC_OK;
    for (size_t i = 0; i < of->nchoices; i++)
        if (str_eq(of->choices[i], n->literal.s))
            return RC_OK;
    return WRONG(k, "`%.*s` is none of the choices there are", COL(n),
                 STR_ARG(str_cut(n->literal.s, 0, 60)));
}

static enum rc check_same(struct checker *k, const struct node *n)
{
    TRY(check(k, n->a));
    TRY(check(k, n->b));
    enum expr_type a = at(k, n->a)->type, b = at(k, n->b)->type;
    TRY(need_choice(k, a == T_STR ? at(k, n->a)->of : NULL, n->b));
    TRY(need_choice(k, b == T_STR ? at(k, n->b)->of : NULL, n->a));
    if (fit(a, b))
        return RC_OK;
    bool dates = (a == T_DATE && b == T_STR) || (a == T_STR && b == T_DATE);
    return WRONG(k, "a %s and a %s cannot be compared%s", COL(n), expr_type_name(a),
                 expr_type_name(b), dates ? "; write a date as date('2026-01-31')" : "");
}

/* Working days, calendar days and hours are told apart: none is a number of another. */
static enum rc need_unit(struct checker *k, node_ref r, char unit)
{
    static const char *const names[] = {['w'] = "working days (wd)",
                                        ['h'] = "working hours (wh)",
                                        ['c'] = "calendar days (cd)",
                                        ['s'] = "exact time"};
    const struct node *n = at(k, r);
    if (!n->unit || n->unit == unit)
        return RC_OK;
    return WRONG(k, "%s are needed here, these are %s", COL(n), names[(unsigned char)unit],
                 names[(unsigned char)n->unit]);
}

static enum rc check_order(struct checker *k, const struct node *n)
{
    TRY(check_same(k, n));
    enum expr_type t = at(k, n->a)->type;
    if (t == T_ANY || t == T_NULL)
        t = at(k, n->b)->type;
    if (t == T_BOOL || t == T_STR || t == T_LIST || t == T_OBJECT)
        return WRONG(k, "values of type %s have no order", COL(n), expr_type_name(t));
    char a = at(k, n->a)->unit, b = at(k, n->b)->unit;
    return a && b ? need_unit(k, n->b, a) : RC_OK;
}

void set_from_scope(struct node *n, const struct scope_name *s)
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

static void set_local(struct checker *k, struct node *n, unsigned slot)
{
    const struct local *l = &k->locals[slot];
    n->op = OP_LOCAL;
    n->local = (uint8_t)slot;
    n->path = l->path;
    if (l->of)
        set_from_scope(n, l->of);
    n->type = (uint8_t)l->type;
    if (n->path.n)
        read_add(k, n);
}

static enum rc check_name(struct checker *k, struct node *n)
{
    for (unsigned i = k->nlocals; i-- > 0;)
        if (str_eq(k->locals[i].name, n->name)) {
            set_local(k, n, i);
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

/* The name in what an object is made of; a map has any. */
static const struct scope_name *member_of(const struct node *base, struct str name)
{
    if (base->type != T_OBJECT || !base->of)
        return NULL;
    const struct scope_name *s = scope_find(base->of, name);
    return s ? s : base->of->elem;
}

/* The base is checked already. */
static enum rc check_member(struct checker *k, struct node *n)
{
    const struct node *base = at(k, n->a);
    if (base->path.n)
        n->path = str_fmt(k->cx->mem, "%.*s.%.*s", STR_ARG(base->path), STR_ARG(n->name));
    n->type = T_ANY;
    n->elem = T_ANY;
    if (base->type != T_ANY) {
        const struct scope_name *s = member_of(base, n->name);
        if (base->type != T_OBJECT)
            return WRONG(k, "a %s has no field %.*s", COL(n), expr_type_name(base->type),
                         STR_ARG(n->name));
        if (!s)
            return WRONG(k, "there is no field %.*s in %.*s", COL(n), STR_ARG(n->name),
                         STR_ARG(base->path.n ? base->path : STR("the result")));
        set_from_scope(n, s);
    }
    if (n->path.n)
        read_add(k, n);
    return RC_OK;
}

static enum rc check_field(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    return check_member(k, n);
}

/* list[i] */
static enum rc check_item(struct checker *k, struct node *n)
{
    const struct node *list = at(k, n->a);
    TRY(need_type(k, n->b, T_INT));
    n->type = list->elem;
    n->elem = T_ANY;
    n->of = list->of;
    if (list->path.n) {
        n->path = str_fmt(k->cx->mem, "%.*s[]", STR_ARG(list->path));
        read_add(k, n);
    }
    return RC_OK;
}

/* list[i], map[key]; object['name'] is object.name, so that what is read is known. */
static enum rc check_index(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    TRY(check(k, n->b));
    struct node *base = at(k, n->a);
    const struct node *key = at(k, n->b);
    n->type = T_ANY;
    n->elem = T_ANY;
    if (base->type == T_ANY || base->type == T_NULL)
        return is_type(k, n->b, T_INT) ? RC_OK : need_type(k, n->b, T_STR);
    if (base->type == T_LIST)
        return check_item(k, n);
    if (base->type != T_OBJECT)
        return WRONG(k, "a %s has no [ ]", COL(n), expr_type_name(base->type));
    TRY(need_type(k, n->b, T_STR));
    if (key->op == OP_LITERAL && key->type == T_STR) {
        n->op = OP_FIELD;
        n->name = key->literal.s;
        return check_member(k, n);
    }
    if (!base->of || !base->of->elem)
        return WRONG(k, "a field is named and not computed: write a.b or a['b']", COL(key));
    set_from_scope(n, base->of->elem);
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

/* One more key with its value; types are those of the first. */
static enum rc check_pair(struct checker *k, node_ref map, node_ref key)
{
    const struct node *name = at(k, key);
    node_ref value = name->next;
    if (name->op != OP_LITERAL || name->literal.t != T_STR)
        return WRONG(k, "a map's keys are texts written out: {'a': 1}", COL(name));
    for (node_ref i = at(k, map)->a; i != key; i = at(k, at(k, i)->next)->next)
        if (str_eq(at(k, i)->literal.s, name->literal.s))
            return WRONG(k, "the key stands twice", COL(name));
    TRY(check(k, key));
    TRY(check(k, value));
    struct node *m = at(k, map), *v = at(k, value);
    struct scope_name *elem = m->of->elem;
    if (!fit(elem->type, v->type))
        return WRONG(k, "a map holds values of one type, this is a %s among %ss", COL(v),
                     expr_type_name(v->type), expr_type_name(elem->type));
    if (elem->type == T_NULL)
        elem->type = v->type;
    if (v->type == T_OBJECT || v->type == T_LIST)
        return WRONG(k, "a map written out holds single values", COL(v));
    return RC_OK;
}

static enum rc check_map(struct checker *k, struct node *n)
{
    struct scope_name *of = arena_new_of(k->cx->mem, struct scope_name);
    of->type = T_OBJECT;
    of->elem = arena_new_of(k->cx->mem, struct scope_name);
    n->type = T_OBJECT;
    n->of = of;
    for (node_ref i = n->a; i; i = at(k, at(k, i)->next)->next)
        TRY(check_pair(k, (node_ref)(n - k->e->nodes), i));
    if (of->elem->type == T_NULL)
        of->elem->type = T_ANY;
    return RC_OK;
}

static enum rc check_in(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    TRY(check(k, n->b));
    if (at(k, n->b)->type == T_OBJECT)
        return need_type(k, n->a, T_STR);
    TRY(need_type(k, n->b, T_LIST));
    enum expr_type item = at(k, n->a)->type, elem = at(k, n->b)->elem;
    if (at(k, n->b)->type == T_LIST && !fit(item, elem))
        return WRONG(k, "a list of %ss cannot hold a %s", COL(n), expr_type_name(elem),
                     expr_type_name(item));
    const struct scope_name *of = item == T_STR ? at(k, n->a)->of : NULL;
    const struct node *list = at(k, n->b);
    for (node_ref i = list->op == OP_LIST ? list->a : 0; i; i = at(k, i)->next)
        TRY(need_choice(k, of, i));
    return need_choice(k, list->op != OP_LIST && elem == T_STR ? list->of : NULL, n->a);
}

/* date ± duration, date - date; the same of timestamps */
static enum rc check_moved(struct checker *k, struct node *n, enum expr_type t)
{
    struct node *b = at(k, n->b);
    if (n->op == OP_SUB && b->type == t) {
        n->type = T_DURATION;
        n->unit = t == T_DATE ? 'c' : 's';
        return RC_OK;
    }
    if (n->op == OP_SUB && (b->type == T_ANY || b->type == T_NULL))
        n->type = T_ANY;
    TRY(need_type(k, n->b, T_DURATION));
    if (b->unit == 'h' || (t == T_DATE && b->unit == 's'))
        return WRONG(k, "a day has no hours; add wd or cd to a date", COL(b));
    if (t == T_TIME && b->unit == 'w')
        return WRONG(k, "working days are added to a date: date(…) + 5wd", COL(b));
    if (b->unit == 'w' && k->scope->is_fold)
        return WRONG(k, "working days depend on the calendar, facts must not", COL(b));
    return RC_OK;
}

static enum rc check_spans(struct checker *k, struct node *n)
{
    TRY(need_type(k, n->b, T_DURATION));
    n->unit = at(k, n->a)->unit ? at(k, n->a)->unit : at(k, n->b)->unit;
    return n->unit ? need_unit(k, n->b, n->unit) : RC_OK;
}

static enum rc check_sum(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    TRY(check(k, n->b));
    enum expr_type a = at(k, n->a)->type;
    if (a == T_ANY || a == T_NULL)
        a = is_type(k, n->b, T_INT) || is_type(k, n->b, T_STR) ? at(k, n->b)->type : T_ANY;
    n->type = (uint8_t)a;
    switch (a) {
    case T_DATE:
    case T_TIME:
        return check_moved(k, n, a);
    case T_DURATION:
        return check_spans(k, n);
    case T_INT:
        return need_type(k, n->b, T_INT);
    case T_STR:
        return n->op == OP_ADD ? need_type(k, n->b, a)
                               : WRONG(k, "a text cannot stand in a sum", COL(n));
    case T_LIST:
        n->elem = T_ANY;
        if (n->op == OP_ADD && at(k, n->a)->elem == at(k, n->b)->elem) {
            n->elem = at(k, n->a)->elem;
            n->of = at(k, n->a)->of == at(k, n->b)->of ? at(k, n->a)->of : NULL;
        }
        return n->op == OP_ADD && (n->elem != T_OBJECT || n->of)
                   ? need_type(k, n->b, a)
                   : WRONG(k, "these lists cannot be joined", COL(n));
    case T_ANY:
    case T_NULL:
        return RC_OK;
    default:
        return WRONG(k, "a %s cannot stand in a sum", COL(n), expr_type_name(a));
    }
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
    n->unit = b->unit == c->unit ? b->unit : 0;
    n->of = b->of == c->of || b->type == T_NULL || c->type == T_NULL ? from->of : NULL;
    return n->type == T_OBJECT && !n->of
               ? WRONG(k, "both ends of ?: are objects of different shape", COL(n))
               : RC_OK;
}

static enum rc check_bools(struct checker *k, struct node *n)
{
    n->type = T_BOOL;
    TRY(want_type(k, n->a, T_BOOL));
    return n->b ? want_type(k, n->b, T_BOOL) : RC_OK;
}

/* -a, a * b, a / b, a % b */
static enum rc check_numbers(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    if (n->b)
        TRY(want_type(k, n->b, T_INT));
    const struct node *a = at(k, n->a), *b = at(k, n->b);
    bool is_duration = a->type == T_DURATION && (n->op == OP_NEGATE || n->op == OP_MUL);
    n->type = is_duration ? T_DURATION : T_INT;
    n->unit = is_duration ? a->unit : 0;
    bool divides = n->op == OP_DIV || n->op == OP_MOD;
    if (divides && b->op == OP_LITERAL && b->type == T_INT && b->literal.i == 0)
        return WRONG(k, "nothing can be divided by 0", COL(b));
    return is_duration ? RC_OK : need_type(k, n->a, T_INT);
}

static enum rc check_compare(struct checker *k, struct node *n)
{
    n->type = T_BOOL;
    if (n->op == OP_IN)
        return check_in(k, n);
    return n->op == OP_EQ || n->op == OP_NE ? check_same(k, n) : check_order(k, n);
}

enum rc check(struct checker *k, node_ref r)
{
    struct node *n = at(k, r);
    switch ((enum op)n->op) {
    case OP_LITERAL:
        n->type = (uint8_t)n->literal.t;
        n->unit = n->literal.unit;
        return RC_OK;
    case OP_NAME:
    case OP_LOCAL:
        return check_name(k, n);
    case OP_FIELD:
        return check_field(k, n);
    case OP_INDEX:
        return check_index(k, n);
    case OP_LIST:
        return check_list(k, n);
    case OP_MAP:
        return check_map(k, n);
    case OP_NOT:
    case OP_AND:
    case OP_OR:
        return check_bools(k, n);
    case OP_NEGATE:
    case OP_MUL:
    case OP_DIV:
    case OP_MOD:
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
