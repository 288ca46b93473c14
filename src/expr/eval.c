/* eval.c - evaluation: total, in bounded steps. Null spreads, but for ==, !=, && and ||. */
#include "expr/expr_priv.h"

#include "base/arena.h"

struct run {
    struct ctx *cx;
    const struct node *nodes;
    const struct json *vars;
    unsigned steps;
    struct val locals[EXPR_LOCALS_MAX];
};

static const struct val nothing = {.t = T_NULL};

static struct val eval(struct run *r, node_ref ref);

static struct val val_bool(bool b)
{
    return (struct val){.t = T_BOOL, .i = b};
}

static struct val val_int(int64_t i)
{
    return (struct val){.t = T_INT, .i = i};
}

static struct val val_date(int64_t day)
{
    bool ok = day >= day_make(1, 1, 1) && day <= day_make(9999, 12, 31);
    return ok ? (struct val){.t = T_DATE, .i = day} : nothing;
}

static struct val natural(const struct json *j)
{
    switch (j->kind) {
    case JSON_BOOL:
        return val_bool(j->i);
    case JSON_INT:
        return val_int(j->i);
    case JSON_STR:
        return (struct val){.t = T_STR, .s = j->s};
    case JSON_ARR:
        return (struct val){.t = T_LIST, .j = j, .n = j->n, .elem = T_ANY};
    case JSON_OBJ:
        return (struct val){.t = T_OBJECT, .j = j};
    default:
        return nothing;
    }
}

/* An answer as the type that its name was declared with; null when it is of another type: a
 * draft holds what people typed. */
static struct val val_from(const struct json *j, enum expr_type type, enum expr_type elem)
{
    struct val v = j ? natural(j) : nothing;
    int32_t day;
    if (type == T_DATE)
        return v.t == T_STR && day_parse(v.s, &day) ? val_date(day) : nothing;
    if (type != T_ANY && v.t != type)
        return nothing;
    if (v.t == T_LIST)
        v.elem = elem;
    return v;
}

struct items {
    const struct val *list;
    const struct json *j;
    size_t i;
    enum expr_type elem_elem; /* lists of lists are of anything */
};

static struct items items_of(const struct val *list)
{
    return (struct items){
        .list = list, .j = list->j ? list->j->first : NULL, .elem_elem = T_ANY};
}

static bool items_next(struct items *it, struct val *ret)
{
    if (it->list->v && it->i < it->list->n) {
        *ret = it->list->v[it->i++];
        return true;
    }
    if (!it->j)
        return false;
    *ret = val_from(it->j, it->list->elem, it->elem_elem);
    it->j = it->j->next;
    return true;
}

static bool val_equal(struct run *r, const struct val *a, const struct val *b)
{
    if (a->t != b->t)
        return false;
    switch (a->t) {
    case T_NULL:
        return true;
    case T_STR:
        return str_eq(a->s, b->s);
    case T_DURATION:
        return a->i == b->i && a->unit == b->unit;
    case T_OBJECT:
        return json_equal(a->j, b->j);
    case T_LIST:
        break;
    default:
        return a->i == b->i;
    }
    struct items x = items_of(a), y = items_of(b);
    struct val p, q;
    while (items_next(&x, &p)) {
        if (r->steps++ > EXPR_STEPS_MAX || !items_next(&y, &q) || !val_equal(r, &p, &q))
            return false;
    }
    return !items_next(&y, &q);
}

static struct val eval_order(const struct node *n, const struct val *a, const struct val *b)
{
    if (a->t != b->t || (a->t != T_INT && a->t != T_DATE && a->t != T_DURATION) ||
        a->unit != b->unit)
        return nothing;
    switch (n->op) {
    case OP_LT:
        return val_bool(a->i < b->i);
    case OP_LE:
        return val_bool(a->i <= b->i);
    case OP_GT:
        return val_bool(a->i > b->i);
    default:
        return val_bool(a->i >= b->i);
    }
}

static struct val eval_in(struct run *r, const struct val *item, const struct val *list)
{
    if (item->t == T_NULL || list->t != T_LIST)
        return nothing;
    struct items it = items_of(list);
    struct val v;
    while (items_next(&it, &v) && r->steps++ <= EXPR_STEPS_MAX)
        if (val_equal(r, item, &v))
            return val_bool(true);
    return val_bool(false);
}

static struct val eval_join(struct run *r, const struct val *a, const struct val *b)
{
    if (a->s.n + b->s.n > EXPR_TEXT_MAX)
        return nothing;
    r->steps += (unsigned)(a->s.n + b->s.n) / 64;
    return (struct val){.t = T_STR, .s = str_join(r->cx->mem, a->s, b->s)};
}

static struct val eval_sum(struct run *r, const struct node *n, struct val a, struct val b)
{
    int64_t sum;
    if (a.t == T_STR && b.t == T_STR && n->op == OP_ADD)
        return eval_join(r, &a, &b);
    bool is_date = a.t == T_DATE && b.t == T_DURATION && b.unit == 'c';
    if (!is_date && (a.t != T_INT || b.t != T_INT))
        return nothing;
    bool over = n->op == OP_ADD   ? __builtin_add_overflow(a.i, b.i, &sum)
                : n->op == OP_SUB ? __builtin_sub_overflow(a.i, b.i, &sum)
                                  : __builtin_mul_overflow(a.i, b.i, &sum);
    if (over)
        return nothing;
    return is_date ? val_date(sum) : val_int(sum);
}

/* Whole years completed by `today`; who was born on 29 February is a year older on 1 March. */
static struct val age_of(struct run *r, const struct val *born)
{
    if (born->t != T_DATE)
        return nothing;
    struct civil b = civil_of_day((int32_t)born->i), t = civil_of(r->cx->now_us);
    int years = t.year - b.year;
    if (t.month < b.month || (t.month == b.month && t.day < b.day))
        years--;
    return val_int(years);
}

static bool has_part(const struct node *n, struct str s, struct str part)
{
    switch (n->fn) {
    case FN_STARTS:
        return str_starts(s, part);
    case FN_ENDS:
        return str_ends(s, part);
    case FN_CONTAINS:
        return str_has(s, part);
    default:
        return pattern_fits(n->pattern, s);
    }
}

static struct val eval_call(struct run *r, const struct node *n)
{
    if (n->fn == FN_TODAY)
        return val_date(day_of(r->cx->now_us));
    struct val a = eval(r, n->a), b = n->b ? eval(r, n->b) : nothing;
    int32_t day;
    switch (n->fn) {
    case FN_SIZE:
        return a.t == T_STR    ? val_int((int64_t)utf8_len(a.s))
               : a.t == T_LIST ? val_int((int64_t)a.n)
                               : nothing;
    case FN_HAS:
        return val_bool(a.t != T_NULL);
    case FN_DATE:
        return a.t == T_STR && day_parse(a.s, &day) ? val_date(day) : nothing;
    case FN_AGE:
        return age_of(r, &a);
    case FN_DAYS:
        return a.t == T_DATE && b.t == T_DATE ? val_int(b.i - a.i) : nothing;
    default:
        r->steps += (unsigned)(a.t == T_STR ? a.s.n / 64 : 0);
        return a.t == T_STR && b.t == T_STR ? val_bool(has_part(n, a.s, b.s)) : nothing;
    }
}

static struct val eval_filter(struct run *r, const struct node *n, const struct val *list)
{
    r->steps += list->n < EXPR_STEPS_MAX ? (unsigned)list->n : EXPR_STEPS_MAX;
    if (r->steps > EXPR_STEPS_MAX)
        return nothing;
    struct val *kept = arena_array(r->cx->mem, struct val, list->n + 1);
    size_t count = 0;
    struct items it = items_of(list);
    struct val item;
    while (r->steps <= EXPR_STEPS_MAX && items_next(&it, &item)) {
        r->locals[n->local] = item;
        struct val v = eval(r, n->b);
        if (v.t == T_BOOL && v.i)
            kept[count++] = item;
    }
    return (struct val){.t = T_LIST, .v = kept, .n = count};
}

static struct val eval_each(struct run *r, const struct node *n)
{
    struct val list = eval(r, n->a);
    if (list.t != T_LIST)
        return nothing;
    if (n->fn == FN_FILTER)
        return eval_filter(r, n, &list);
    bool stops_at = n->fn == FN_EXISTS, unknown = false;
    struct items it = items_of(&list);
    while (r->steps <= EXPR_STEPS_MAX && items_next(&it, &r->locals[n->local])) {
        struct val v = eval(r, n->b);
        if (v.t == T_BOOL && (bool)v.i == stops_at)
            return v;
        unknown = unknown || v.t != T_BOOL;
    }
    return unknown ? nothing : val_bool(!stops_at);
}

/* null && false is false, null || true is true, any other null stays null. */
static struct val eval_logic(struct run *r, const struct node *n)
{
    bool decides = n->op == OP_OR;
    struct val a = eval(r, n->a);
    if (a.t == T_BOOL && (bool)a.i == decides)
        return a;
    struct val b = eval(r, n->b);
    if (b.t == T_BOOL && (bool)b.i == decides)
        return b;
    return a.t == T_BOOL && b.t == T_BOOL ? val_bool(!decides) : nothing;
}

static struct val eval_list(struct run *r, const struct node *n)
{
    size_t count = 0;
    for (node_ref i = n->a; i; i = r->nodes[i].next)
        count++;
    struct val *v = arena_array(r->cx->mem, struct val, count + 1);
    count = 0;
    for (node_ref i = n->a; i; i = r->nodes[i].next)
        v[count++] = eval(r, i);
    return (struct val){.t = T_LIST, .v = v, .n = count};
}

static struct val eval_field(struct run *r, const struct node *n)
{
    const struct json *in = r->vars;
    if (n->op == OP_FIELD) {
        struct val base = eval(r, n->a);
        in = base.t == T_OBJECT ? base.j : NULL;
    }
    return val_from(json_get(in, n->name), n->type, n->elem);
}

static struct val eval_unary(struct run *r, const struct node *n)
{
    struct val a = eval(r, n->a);
    if (n->op == OP_NOT)
        return a.t == T_BOOL ? val_bool(!a.i) : nothing;
    return a.t == T_INT && a.i != INT64_MIN ? val_int(-a.i) : nothing;
}

static struct val eval_cond(struct run *r, const struct node *n)
{
    struct val a = eval(r, n->a);
    return eval(r, a.t == T_BOOL && a.i ? n->b : n->c);
}

static struct val eval_binary(struct run *r, const struct node *n)
{
    struct val a = eval(r, n->a), b = eval(r, n->b);
    switch (n->op) {
    case OP_EQ:
        return val_bool(val_equal(r, &a, &b));
    case OP_NE:
        return val_bool(!val_equal(r, &a, &b));
    case OP_IN:
        return eval_in(r, &a, &b);
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
        return eval_sum(r, n, a, b);
    default:
        return eval_order(n, &a, &b);
    }
}

static struct val eval(struct run *r, node_ref ref)
{
    const struct node *n = &r->nodes[ref];
    if (r->steps++ > EXPR_STEPS_MAX)
        return nothing;
    switch ((enum op)n->op) {
    case OP_LITERAL:
        return n->literal;
    case OP_LOCAL:
        return r->locals[n->local];
    case OP_NAME:
    case OP_FIELD:
        return eval_field(r, n);
    case OP_LIST:
        return eval_list(r, n);
    case OP_NOT:
    case OP_NEGATE:
        return eval_unary(r, n);
    case OP_AND:
    case OP_OR:
        return eval_logic(r, n);
    case OP_COND:
        return eval_cond(r, n);
    case OP_CALL:
        return eval_call(r, n);
    case OP_EACH:
        return eval_each(r, n);
    default:
        return eval_binary(r, n);
    }
}

static enum rc run(struct ctx *cx, const struct expr *e, const struct json *vars,
                   struct val *ret)
{
    struct run r; /* locals are written before they are read */
    r.cx = cx;
    r.nodes = e->nodes;
    r.vars = vars;
    r.steps = 0;
    *ret = eval(&r, e->root);
    if (r.steps > EXPR_STEPS_MAX)
        return FAIL(cx, EXPR, NULL, "more than %d steps: %.*s", EXPR_STEPS_MAX,
                    STR_ARG(e->source));
    return RC_OK;
}

static struct json *val_json(struct arena *mem, const struct val *v)
{
    static const char units[][3] = {['c'] = "cd", ['w'] = "wd", ['h'] = "wh"};
    switch (v->t) {
    case T_BOOL:
        return json_new_bool(mem, v->i);
    case T_INT:
        return json_new_int(mem, v->i);
    case T_STR:
        return json_new_str(mem, v->s);
    case T_DATE:
        return json_new_str(mem, day_iso(mem, (int32_t)v->i));
    case T_DURATION:
        return json_new_str(
            mem, str_fmt(mem, "%lld%s", (long long)v->i, units[(unsigned char)v->unit]));
    case T_OBJECT:
        return json_copy(mem, v->j);
    case T_LIST:
        break;
    default:
        return json_new_null(mem);
    }
    struct json *list = json_new_arr(mem);
    struct items it = items_of(v);
    struct val item;
    while (items_next(&it, &item))
        json_push(list, val_json(mem, &item));
    return list;
}

enum rc expr_eval(struct ctx *cx, const struct expr *e, const struct json *vars,
                  struct json **ret)
{
    struct val v;
    TRY(run(cx, e, vars, &v));
    *ret = val_json(cx->mem, &v);
    return RC_OK;
}

bool expr_is_true(struct ctx *cx, const struct expr *e, const struct json *vars)
{
    struct val v;
    if (!e)
        return true;
    struct err before = cx->err;
    if (run(cx, e, vars, &v) == RC_OK)
        return v.t == T_BOOL && v.i;
    LOGW("an expression ran over its budget: %.*s", STR_ARG(e->source));
    cx->err = before;
    return false;
}
