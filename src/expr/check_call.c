/* check_call.c - the types of functions and macros. */
#include "expr/check_priv.h"
#include "expr/table_priv.h"

#include "base/arena.h"

/* A text written out is read at publish; a wrong one is told then. */
static bool is_written(struct checker *k, node_ref r)
{
    return at(k, r)->op == OP_LITERAL && at(k, r)->type == T_STR;
}

static enum rc need_one_of(struct checker *k, node_ref r, const enum expr_type *types, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_type(k, r, types[i]))
            return RC_OK;
    return need_type(k, r, types[0]);
}

static enum rc check_date(struct checker *k, struct node *n)
{
    static const enum expr_type from[] = {T_STR, T_DATE, T_TIME};
    TRY(check(k, n->a));
    TRY(need_one_of(k, n->a, from, 3));
    const struct node *a = at(k, n->a);
    int32_t day;
    if (is_written(k, n->a) && !day_parse(a->literal.s, &day))
        return WRONG(k, "%.*s is not a day; write date('2026-01-31')", COL(a),
                     STR_ARG(a->literal.s));
    n->type = T_DATE;
    return RC_OK;
}

static enum rc check_time(struct checker *k, struct node *n)
{
    static const enum expr_type from[] = {T_STR, T_DATE, T_TIME};
    TRY(check(k, n->a));
    TRY(need_one_of(k, n->a, from, 3));
    const struct node *a = at(k, n->a);
    int64_t us;
    if (is_written(k, n->a) && (a->literal.s.n <= 10 || !time_parse(a->literal.s, &us)))
        return WRONG(k, "%.*s is not an instant; write timestamp('2026-01-31T08:00:00+07:00')",
                     COL(a), STR_ARG(a->literal.s));
    n->type = T_TIME;
    return RC_OK;
}

static enum rc check_duration(struct checker *k, struct node *n)
{
    static const enum expr_type from[] = {T_STR, T_DURATION};
    TRY(check(k, n->a));
    TRY(need_one_of(k, n->a, from, 2));
    const struct node *a = at(k, n->a);
    int64_t us;
    if (is_written(k, n->a) && !exact_duration(a->literal.s, &us))
        return WRONG(k, "%.*s is no duration; write duration('1h30m'), or 5wd, 8wh, 3cd",
                     COL(a), STR_ARG(a->literal.s));
    n->type = T_DURATION;
    n->unit = a->type == T_DURATION ? a->unit : 's';
    return RC_OK;
}

static enum rc check_conversion(struct checker *k, struct node *n)
{
    static const enum expr_type to_int[] = {T_INT, T_STR, T_TIME};
    static const enum expr_type to_str[] = {T_STR, T_INT, T_BOOL, T_DATE, T_TIME, T_DURATION};
    n->type = n->fn == FN_INT ? T_INT : T_STR;
    TRY(check(k, n->a));
    return n->fn == FN_INT ? need_one_of(k, n->a, to_int, 3) : need_one_of(k, n->a, to_str, 6);
}

static enum rc check_size(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    if (!is_type(k, n->a, T_STR) && !is_type(k, n->a, T_LIST) && !is_type(k, n->a, T_OBJECT))
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

/* The i-th key of a table's call. */
static enum rc check_key(struct checker *k, const struct table_key *key, node_ref r)
{
    TRY(want_type(k, r, key->type));
    const struct node *n = at(k, r);
    int64_t place;
    if (n->op == OP_LITERAL && n->type == key->type && !table_place(key, &n->literal, &place))
        return WRONG(k, "the table has no such %.*s", COL(n), STR_ARG(key->name));
    return RC_OK;
}

/* table('NAME', key, …): its one result, or an object of its results */
static enum rc check_table(struct checker *k, struct node *n)
{
    const struct node *name = at(k, n->a);
    if (name->op != OP_LITERAL || name->literal.t != T_STR)
        return WRONG(k, "the name of a table is written out: table('fee', …)", COL(name));
    struct table *t = table_find(k->scope->tables, name->literal.s);
    if (!t)
        return WRONG(k, "there is no tables/%.*s.csv", COL(name),
                     STR_ARG(str_cut(name->literal.s, 0, 60)));
    size_t count = 0;
    for (node_ref i = n->b; i; i = i == n->b ? n->c : at(k, i)->next, count++)
        if (count < t->nkeys)
            TRY(check_key(k, &t->keys[count], i));
    if (count != t->nkeys)
        return WRONG(k, "tables/%.*s.csv is asked with %zu values, these are %zu", COL(n),
                     STR_ARG(t->name), t->nkeys, count);
    n->table = t;
    t->is_used = true;
    set_from_scope(n, t->nresults == 1 ? &t->results[0] : &t->type);
    return RC_OK;
}

static enum rc check_text(struct checker *k, struct node *n)
{
    TRY(want_type(k, n->a, T_STR));
    switch (n->fn) {
    case FN_TRIM:
    case FN_LOWER:
    case FN_UPPER:
        n->type = T_STR;
        return RC_OK;
    case FN_CHAR_AT:
    case FN_SUBSTRING:
        n->type = T_STR;
        TRY(want_type(k, n->b, T_INT));
        return n->c ? want_type(k, n->c, T_INT) : RC_OK;
    case FN_INDEX_OF:
        n->type = T_INT;
        return want_type(k, n->b, T_STR);
    case FN_REPLACE:
        n->type = T_STR;
        TRY(want_type(k, n->b, T_STR));
        return want_type(k, n->c, T_STR);
    case FN_SPLIT:
        n->type = T_LIST;
        n->elem = T_STR;
        return want_type(k, n->b, T_STR);
    default:
        TRY(want_type(k, n->b, T_STR));
        return n->fn == FN_MATCHES ? check_matches(k, n) : RC_OK;
    }
}

static enum rc check_join(struct checker *k, struct node *n)
{
    n->type = T_STR;
    TRY(want_type(k, n->a, T_LIST));
    if (at(k, n->a)->type == T_LIST && at(k, n->a)->elem != T_STR && at(k, n->a)->elem != T_ANY)
        return WRONG(k, "join() takes a list of texts", COL(n));
    return n->b ? want_type(k, n->b, T_STR) : RC_OK;
}

/* getFullYear() … of a date or timestamp; hours, minutes, seconds of exact time too */
static enum rc check_part(struct checker *k, struct node *n)
{
    bool is_clock = n->fn == FN_HOURS || n->fn == FN_MINUTES || n->fn == FN_SECONDS;
    n->type = T_INT;
    TRY(check(k, n->a));
    const struct node *a = at(k, n->a);
    bool is_exact = a->type == T_DURATION && (!a->unit || a->unit == 's');
    if (is_type(k, n->a, T_TIME) || (is_clock && is_exact) || (!is_clock && a->type == T_DATE))
        return RC_OK;
    return WRONG(k, "a %s is needed before this, not a %s", COL(n),
                 is_clock ? "timestamp" : "date or timestamp", type_of(k, n->a));
}

static enum rc check_today(struct checker *k, struct node *n)
{
    if (k->scope->is_fold)
        return WRONG(k, "facts are counted without the day they are counted on", COL(n));
    if (n->fn == FN_AGE)
        return want_type(k, n->a, T_DATE);
    return RC_OK;
}

enum rc check_call(struct checker *k, struct node *n)
{
    n->type = T_BOOL;
    switch (n->fn) {
    case FN_TODAY:
    case FN_NOW:
    case FN_AGE:
        n->type = n->fn == FN_TODAY ? T_DATE : n->fn == FN_NOW ? T_TIME : T_INT;
        return check_today(k, n);
    case FN_SIZE:
        return check_size(k, n);
    case FN_HAS:
        return check_has(k, n);
    case FN_DATE:
        return check_date(k, n);
    case FN_TIME:
        return check_time(k, n);
    case FN_DURATION:
        return check_duration(k, n);
    case FN_INT:
    case FN_STRING:
        return check_conversion(k, n);
    case FN_DAYS:
        n->type = T_INT;
        TRY(want_type(k, n->a, T_DATE));
        return want_type(k, n->b, T_DATE);
    case FN_TABLE:
        return check_table(k, n);
    case FN_JOIN:
        return check_join(k, n);
    default:
        return n->fn >= FN_YEAR && n->fn <= FN_SECONDS ? check_part(k, n) : check_text(k, n);
    }
}

/* What x is in list.all(x, …): an element, or a key of a map. */
static enum rc local_push(struct checker *k, struct node *n)
{
    const struct node *list = at(k, n->a);
    bool is_map = list->type == T_OBJECT && list->of && list->of->elem;
    if (!is_map)
        TRY(need_type(k, n->a, T_LIST));
    if (k->nlocals == EXPR_LOCALS_MAX)
        return WRONG(k, "lists are walked more than %d deep", COL(n), EXPR_LOCALS_MAX);
    struct local *l = &k->locals[k->nlocals];
    *l = (struct local){.name = n->name, .type = T_ANY, .of = is_map ? NULL : list->of};
    if (is_map || list->type == T_LIST)
        l->type = is_map ? T_STR : list->elem;
    if (list->path.n && !is_map)
        l->path = str_fmt(k->cx->mem, "%.*s[]", STR_ARG(list->path));
    n->local = (uint8_t)k->nlocals++;
    return RC_OK;
}

/* list.map(x, e), list.map(x, test, e): a list of what e gives */
static enum rc check_mapped(struct checker *k, struct node *n)
{
    node_ref then = n->c ? n->c : n->b;
    if (n->c)
        TRY(want_type(k, n->b, T_BOOL));
    TRY(check(k, then));
    const struct node *e = at(k, then);
    n->type = T_LIST;
    n->elem = e->type;
    n->of = e->type == T_OBJECT ? e->of : NULL;
    return RC_OK;
}

enum rc check_each(struct checker *k, struct node *n)
{
    TRY(check(k, n->a));
    TRY(local_push(k, n));
    if (n->fn == FN_MAP) {
        TRY(check_mapped(k, n));
    } else {
        TRY(want_type(k, n->b, T_BOOL));
        const struct local *l = &k->locals[n->local];
        n->type = n->fn == FN_FILTER ? T_LIST : T_BOOL;
        n->elem = (uint8_t)l->type;
        n->of = l->of;
    }
    k->nlocals--;
    return RC_OK;
}
