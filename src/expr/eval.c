/* eval.c - evaluation: total, in bounded steps. Null spreads, but for ==, !=, && and ||. */
#include "expr/run.h"

#include "base/arena.h"
#include "calendar/calendar.h"

static struct val eval_order(const struct node *n, const struct val *a, const struct val *b)
{
    bool is_ordered = a->t == T_INT || a->t == T_DATE || a->t == T_TIME || a->t == T_DURATION;
    if (a->t != b->t || !is_ordered || a->unit != b->unit)
        return val_null;
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
    if (item->t == T_NULL || (list->t != T_LIST && list->t != T_OBJECT))
        return val_null;
    struct items it = items_of(list);
    struct val v;
    while (items_next(&it, &v) && run_step(r, 1))
        if (val_equal(r, item, &v))
            return val_bool(true);
    return val_bool(false);
}

/* -- sums -- */
static struct val join_texts(struct run *r, const struct val *a, const struct val *b)
{
    size_t n = a->s.n + b->s.n;
    if (n > EXPR_TEXT_MAX || !run_step(r, n / 64))
        return val_null;
    return val_str(str_join(r->cx->mem, a->s, b->s));
}

static struct val join_lists(struct run *r, const struct val *a, const struct val *b)
{
    if (!run_step(r, a->n + b->n))
        return val_null;
    struct val *v = arena_array(r->cx->mem, struct val, a->n + b->n + 1);
    const struct val *const both[] = {a, b};
    size_t n = 0;
    for (size_t i = 0; i < 2; i++) {
        struct items it = items_of(both[i]);
        while (items_next(&it, &v[n]))
            n++;
    }
    return (struct val){.t = T_LIST, .v = v, .n = n};
}

/* The n-th working day after (before) a day. After: counted as a deadline is, from the day
 * itself or, when it is a day off, from the next working day. Null where no calendar reaches. */
static struct val working_days(struct run *r, const struct val *day, int64_t n)
{
    enum { CALENDAR_FIRST = 1990, CALENDAR_LAST = 2100, DAYS_MOST = 4000 };
    int32_t first = day_make(CALENDAR_FIRST, 1, 1), last = day_make(CALENDAR_LAST, 12, 31);
    if (!r->calendar)
        r->calendar = calendar_of(r->cx);
    int64_t left = n < 0 ? -n : n;
    int32_t step = n < 0 ? -1 : 1, at = (int32_t)day->i;
    if (n < -DAYS_MOST || n > DAYS_MOST || !r->calendar)
        return val_null;
    if (n >= 0 && at >= first && at <= last)
        at = calendar_next_working(r->calendar, at);
    while (left > 0 && at >= first && at <= last && run_step(r, left % 8 == 0)) {
        at += step;
        left -= calendar_is_working(r->calendar, at);
    }
    return at >= first && at <= last ? val_date(at) : val_null;
}

static bool whole_sum(const struct node *n, int64_t a, int64_t b, int64_t *ret)
{
    switch (n->op) {
    case OP_ADD:
        return !__builtin_add_overflow(a, b, ret);
    case OP_SUB:
        return !__builtin_sub_overflow(a, b, ret);
    case OP_MUL:
        return !__builtin_mul_overflow(a, b, ret);
    default: /* the only quotient that does not fit is -(2^63) / -1 */
        if (b == 0 || (a == INT64_MIN && b == -1))
            return false;
        *ret = n->op == OP_DIV ? a / b : a % b;
        return true;
    }
}

/* date ± duration, timestamp ± duration */
static struct val moved(struct run *r, const struct node *n, const struct val *a,
                        const struct val *b)
{
    int64_t by = b->i, sum;
    if (n->op == OP_SUB && __builtin_sub_overflow(0, b->i, &by))
        return val_null;
    if (a->t == T_DATE && b->unit == 'w')
        return working_days(r, a, by);
    bool fits = a->t == T_DATE ? b->unit == 'c' : b->unit == 'c' || b->unit == 's';
    if (!fits ||
        (a->t == T_TIME && b->unit == 'c' && __builtin_mul_overflow(by, DAY_US, &by)) ||
        __builtin_add_overflow(a->i, by, &sum))
        return val_null;
    return a->t == T_DATE ? val_date(sum) : val_time(sum);
}

static struct val eval_sum(struct run *r, const struct node *n, struct val a, struct val b)
{
    struct val sum = {.t = a.t, .unit = a.unit};
    if (a.t == T_NULL || b.t == T_NULL)
        return val_null;
    if (n->op == OP_ADD && a.t == b.t && (a.t == T_STR || a.t == T_LIST))
        return a.t == T_STR ? join_texts(r, &a, &b) : join_lists(r, &a, &b);
    if ((a.t == T_DATE || a.t == T_TIME) && b.t == T_DURATION)
        return moved(r, n, &a, &b);
    bool is_apart = n->op == OP_SUB && a.t == b.t && (a.t == T_DATE || a.t == T_TIME);
    bool is_scaled = n->op == OP_MUL && a.t == T_DURATION && b.t == T_INT;
    bool is_span = n->op != OP_MUL && a.t == T_DURATION && b.t == a.t && a.unit == b.unit;
    if (is_apart)
        sum = (struct val){.t = T_DURATION, .unit = a.t == T_DATE ? 'c' : 's'};
    if (!is_apart && !is_scaled && !is_span && (a.t != T_INT || b.t != T_INT))
        return val_null;
    return whole_sum(n, a.i, b.i, &sum.i) ? sum : val_null;
}

/* -- macros -- */
static struct val eval_filter(struct run *r, const struct node *n, const struct val *list)
{
    bool is_map = n->fn == FN_MAP;
    node_ref test = is_map && !n->c ? 0 : n->b, then = is_map ? (n->c ? n->c : n->b) : 0;
    if (!run_step(r, list->n))
        return val_null;
    struct val *kept = arena_array(r->cx->mem, struct val, list->n + 1);
    size_t count = 0;
    struct items it = items_of(list);
    struct val item;
    while (r->steps <= EXPR_STEPS_MAX && items_next(&it, &item)) {
        r->locals[n->local] = item;
        struct val v = test ? eval(r, test) : val_bool(true);
        if (v.t == T_BOOL && v.i)
            kept[count++] = then ? eval(r, then) : item;
    }
    return (struct val){.t = T_LIST, .v = kept, .n = count};
}

/* Exactly one; with two that hold, those that are not known do not matter. */
static struct val eval_exists_one(struct run *r, const struct node *n, const struct val *list)
{
    size_t held = 0;
    bool unknown = false;
    struct items it = items_of(list);
    while (held < 2 && r->steps <= EXPR_STEPS_MAX && items_next(&it, &r->locals[n->local])) {
        struct val v = eval(r, n->b);
        held += v.t == T_BOOL && v.i;
        unknown = unknown || v.t != T_BOOL;
    }
    return unknown && held < 2 ? val_null : val_bool(held == 1);
}

static struct val eval_each(struct run *r, const struct node *n)
{
    struct val list = eval(r, n->a);
    if (list.t != T_LIST && list.t != T_OBJECT)
        return val_null;
    if (n->fn == FN_FILTER || n->fn == FN_MAP)
        return eval_filter(r, n, &list);
    if (n->fn == FN_EXISTS_ONE)
        return eval_exists_one(r, n, &list);
    bool stops_at = n->fn == FN_EXISTS, unknown = false;
    struct items it = items_of(&list);
    while (r->steps <= EXPR_STEPS_MAX && items_next(&it, &r->locals[n->local])) {
        struct val v = eval(r, n->b);
        if (v.t == T_BOOL && (bool)v.i == stops_at)
            return v;
        unknown = unknown || v.t != T_BOOL;
    }
    return unknown ? val_null : val_bool(!stops_at);
}

/* -- the rest -- */

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
    return a.t == T_BOOL && b.t == T_BOOL ? val_bool(!decides) : val_null;
}

static struct val eval_list(struct run *r, const struct node *n)
{
    bool is_map = n->op == OP_MAP;
    size_t count = 0;
    for (node_ref i = n->a; i; i = r->nodes[i].next)
        count++;
    struct val *v = arena_array(r->cx->mem, struct val, count + 1);
    count = 0;
    for (node_ref i = n->a; i; i = r->nodes[i].next)
        v[count++] = eval(r, i);
    return (struct val){
        .t = is_map ? T_OBJECT : T_LIST, .v = v, .n = is_map ? count / 2 : count};
}

static struct val eval_name(struct run *r, const struct node *n)
{
    if (n->op == OP_NAME)
        return val_from(json_get(r->vars, n->name), n->type, n->elem);
    struct val base = eval(r, n->a);
    return val_get(&base, n->name, n->type, n->elem);
}

static struct val eval_index(struct run *r, const struct node *n)
{
    struct val base = eval(r, n->a), key = eval(r, n->b);
    if (key.t == T_STR)
        return run_step(r, base.n / 8) ? val_get(&base, key.s, n->type, n->elem) : val_null;
    if (base.t != T_LIST || key.t != T_INT || key.i < 0 || (uint64_t)key.i >= base.n)
        return val_null;
    if (base.v)
        return base.v[key.i];
    return run_step(r, (size_t)key.i / 8)
               ? val_from(json_at(base.j, (size_t)key.i), base.elem, T_ANY)
               : val_null;
}

static struct val eval_unary(struct run *r, const struct node *n)
{
    struct val a = eval(r, n->a);
    if (n->op == OP_NOT)
        return a.t == T_BOOL ? val_bool(!a.i) : val_null;
    if ((a.t != T_INT && a.t != T_DURATION) || a.i == INT64_MIN)
        return val_null;
    a.i = -a.i;
    return a;
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
    case OP_DIV:
    case OP_MOD:
        return eval_sum(r, n, a, b);
    default:
        return eval_order(n, &a, &b);
    }
}

struct val eval(struct run *r, node_ref ref)
{
    const struct node *n = &r->nodes[ref];
    if (!run_step(r, 1))
        return val_null;
    switch ((enum op)n->op) {
    case OP_LITERAL:
        return n->literal;
    case OP_LOCAL:
        return r->locals[n->local];
    case OP_NAME:
    case OP_FIELD:
        return eval_name(r, n);
    case OP_INDEX:
        return eval_index(r, n);
    case OP_LIST:
    case OP_MAP:
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
    r.calendar = NULL;
    r.steps = 0;
    *ret = eval(&r, e->root);
    if (r.steps > EXPR_STEPS_MAX)
        return FAIL(cx, EXPR, NULL, "more than %d steps: %.*s", EXPR_STEPS_MAX,
                    STR_ARG(e->source));
    return RC_OK;
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
