/* parse.c - tokens to nodes: a Pratt parser, each level of brackets one level of recursion. */
#include "expr/expr_priv.h"

#include "base/arena.h"

struct parser {
    struct lexer lex;
    struct expr *e;
    size_t room;
    unsigned depth;
};

/* How strongly an operator binds; both sides of `in` and comparisons bind stronger, so that
 * a < b < c needs brackets. */
enum { BIND_NONE, BIND_COND, BIND_OR, BIND_AND, BIND_COMPARE, BIND_ADD, BIND_MUL, BIND_UNARY };

static const struct binary {
    const char *sign;
    uint8_t op, bind;
} binaries[] = {
    {"||", OP_OR, BIND_OR},      {"&&", OP_AND, BIND_AND},    {"==", OP_EQ, BIND_COMPARE},
    {"!=", OP_NE, BIND_COMPARE}, {"<", OP_LT, BIND_COMPARE},  {"<=", OP_LE, BIND_COMPARE},
    {">", OP_GT, BIND_COMPARE},  {">=", OP_GE, BIND_COMPARE}, {"+", OP_ADD, BIND_ADD},
    {"-", OP_SUB, BIND_ADD},     {"*", OP_MUL, BIND_MUL},     {"/", OP_DIV, BIND_MUL},
    {"%", OP_MOD, BIND_MUL},     {"in", OP_IN, BIND_COMPARE}, {"?", OP_COND, BIND_COND},
};

enum how { CALL, METHOD, BOTH, EACH };
static const struct call {
    const char *name;
    uint8_t fn, least, most; /* what may stand in the brackets of f(a) */
    enum how how;
} calls[] = {
#define EXPR_FN(id, name, least, most, how) {name, FN_##id, least, most, how},
#include "expr/functions.def"
#undef EXPR_FN
};

#define WRONG(p, ...) FAIL((p)->lex.cx, EXPR, NULL, "column %u: " __VA_ARGS__)
#define COLUMN(p) lex_column(&(p)->lex)

static enum rc parse_bound(struct parser *p, unsigned bind, node_ref *ret);

static bool sign_is(const struct parser *p, const char *sign)
{
    return p->lex.token == TOK_SIGN && strcmp(p->lex.sign, sign) == 0;
}

static bool word_is(const struct parser *p, const char *word)
{
    return p->lex.token == TOK_NAME && str_eq(p->lex.text, str_from(word));
}

static enum rc expect(struct parser *p, const char *sign)
{
    if (!sign_is(p, sign))
        return WRONG(p, "%s is missing here", COLUMN(p), sign);
    return lex_next(&p->lex);
}

static enum rc node_new(struct parser *p, enum op op, node_ref *ret)
{
    if (p->e->n == p->room)
        return WRONG(p, "the expression has more than %d parts; split it", COLUMN(p),
                     EXPR_NODES_MAX);
    p->e->nodes[p->e->n] = (struct node){.op = (uint8_t)op, .column = (uint16_t)COLUMN(p)};
    *ret = (node_ref)p->e->n++;
    return RC_OK;
}

static struct node *at(struct parser *p, node_ref r)
{
    return &p->e->nodes[r];
}

static enum rc parse_literal(struct parser *p, struct val v, node_ref *ret)
{
    TRY(node_new(p, OP_LITERAL, ret));
    at(p, *ret)->literal = v;
    return lex_next(&p->lex);
}

static const struct call *call_find(struct str name, bool is_method)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        enum how how = calls[i].how;
        bool fits = how == BOTH || (how != CALL) == is_method;
        if (fits && str_eq(name, str_from(calls[i].name)))
            return &calls[i];
    }
    return NULL;
}

/* The i-th operand of a call: the third is followed by its `next`s. */
static void operand_put(struct parser *p, node_ref call, unsigned i, node_ref arg)
{
    node_ref *first[] = {&at(p, call)->a, &at(p, call)->b, &at(p, call)->c};
    if (i < 3) {
        *first[i] = arg;
        return;
    }
    node_ref last = at(p, call)->c;
    while (at(p, last)->next)
        last = at(p, last)->next;
    at(p, last)->next = arg;
}

/* "name," of list.all(name, …): each item's name. */
static enum rc parse_item(struct parser *p, node_ref call)
{
    if (p->lex.token != TOK_NAME)
        return WRONG(p, "a name for each item is missing, as in list.all(x, …)", COLUMN(p));
    at(p, call)->name = p->lex.text;
    TRY(lex_next(&p->lex));
    return expect(p, ",");
}

/* "a, b)" with the operands that stand before counted in `from`. */
static enum rc parse_args(struct parser *p, node_ref call, const struct call *c, unsigned from)
{
    bool is_short = c->how == BOTH && from; /* a.size() */
    unsigned least = c->least - is_short, most = c->most - is_short, n = 0;
    while (n < most && (n < least || !sign_is(p, ")"))) {
        if (n > 0)
            TRY(expect(p, ","));
        node_ref arg = 0;
        TRY(parse_bound(p, BIND_NONE, &arg));
        operand_put(p, call, from + n++, arg);
    }
    return expect(p, ")");
}

/* name has been read (as *ret, whose place the call takes) and "(" is next. on: what stands
 * before the dot, or 0. */
static enum rc parse_call(struct parser *p, struct str name, node_ref on, node_ref *ret)
{
    const struct call *c = call_find(name, on != 0);
    if (!c)
        return WRONG(p, "there is no function %.*s", COLUMN(p), STR_ARG(name));
    uint16_t column = at(p, *ret)->column;
    TRY(node_new(p, c->how == EACH ? OP_EACH : OP_CALL, ret));
    at(p, *ret)->column = column;
    at(p, *ret)->fn = c->fn;
    at(p, *ret)->a = on;
    TRY(expect(p, "("));
    if (c->how == EACH)
        TRY(parse_item(p, *ret));
    return parse_args(p, *ret, c, on ? 1 : 0);
}

static enum rc parse_word(struct parser *p, node_ref *ret)
{
    if (word_is(p, "true") || word_is(p, "false"))
        return parse_literal(p, (struct val){.t = T_BOOL, .i = word_is(p, "true")}, ret);
    if (word_is(p, "null"))
        return parse_literal(p, (struct val){.t = T_NULL}, ret);
    struct str name = p->lex.text;
    uint8_t fn = word_is(p, "today") ? FN_TODAY : word_is(p, "now") ? FN_NOW : FN_NONE;
    TRY(node_new(p, fn ? OP_CALL : OP_NAME, ret));
    at(p, *ret)->fn = fn;
    at(p, *ret)->name = name;
    TRY(lex_next(&p->lex));
    if (!sign_is(p, "("))
        return RC_OK;
    return parse_call(p, name, 0, ret);
}

/* The next expression as the last of a chain that begins at the node's a. */
static enum rc parse_item_of(struct parser *p, node_ref list, node_ref *last)
{
    node_ref item = 0;
    TRY(parse_bound(p, BIND_NONE, &item));
    if (*last)
        at(p, *last)->next = item;
    else
        at(p, list)->a = item;
    *last = item;
    return RC_OK;
}

/* "[a, b]", and "{k: a, l: b}" with keys and values in turn */
static enum rc parse_list(struct parser *p, node_ref *ret)
{
    bool is_map = sign_is(p, "{");
    TRY(node_new(p, is_map ? OP_MAP : OP_LIST, ret));
    TRY(lex_next(&p->lex));
    node_ref last = 0;
    while (!sign_is(p, is_map ? "}" : "]")) {
        if (last)
            TRY(expect(p, ","));
        TRY(parse_item_of(p, *ret, &last));
        if (!is_map)
            continue;
        TRY(expect(p, ":"));
        TRY(parse_item_of(p, *ret, &last));
    }
    return lex_next(&p->lex);
}

static enum rc parse_sign(struct parser *p, node_ref *ret)
{
    if (sign_is(p, "[") || sign_is(p, "{"))
        return parse_list(p, ret);
    if (sign_is(p, "(")) {
        TRY(lex_next(&p->lex));
        TRY(parse_bound(p, BIND_NONE, ret));
        return expect(p, ")");
    }
    bool is_not = sign_is(p, "!");
    if (!is_not && !sign_is(p, "-"))
        return WRONG(p, "a value is missing before %s", COLUMN(p), p->lex.sign);
    TRY(node_new(p, is_not ? OP_NOT : OP_NEGATE, ret));
    TRY(lex_next(&p->lex));
    node_ref a = 0;
    TRY(parse_bound(p, BIND_UNARY, &a));
    at(p, *ret)->a = a;
    return RC_OK;
}

static enum rc parse_primary(struct parser *p, node_ref *ret)
{
    struct lexer *l = &p->lex;
    switch (l->token) {
    case TOK_INT:
        return parse_literal(p, (struct val){.t = T_INT, .i = l->i}, ret);
    case TOK_DURATION:
        return parse_literal(p, (struct val){.t = T_DURATION, .i = l->i, .unit = l->unit}, ret);
    case TOK_TEXT:
        return parse_literal(p, (struct val){.t = T_STR, .s = l->text}, ret);
    case TOK_NAME:
        return parse_word(p, ret);
    case TOK_SIGN:
        return parse_sign(p, ret);
    default:
        return WRONG(p, "a value is missing at the end", COLUMN(p));
    }
}

/* "[b]" after a value */
static enum rc parse_index(struct parser *p, node_ref *ret)
{
    node_ref base = *ret, key = 0;
    TRY(node_new(p, OP_INDEX, ret));
    TRY(lex_next(&p->lex));
    TRY(parse_bound(p, BIND_NONE, &key));
    at(p, *ret)->a = base;
    at(p, *ret)->b = key;
    return expect(p, "]");
}

/* ".name" and ".fn(…)" after a value */
static enum rc parse_dot(struct parser *p, node_ref *ret)
{
    TRY(lex_next(&p->lex));
    if (p->lex.token != TOK_NAME)
        return WRONG(p, "a name is missing after the dot", COLUMN(p));
    struct str name = p->lex.text;
    node_ref base = *ret;
    TRY(node_new(p, OP_FIELD, ret));
    at(p, *ret)->a = base;
    at(p, *ret)->name = name;
    TRY(lex_next(&p->lex));
    if (sign_is(p, "("))
        return parse_call(p, name, base, ret);
    at(p, base)->is_inner = true;
    return RC_OK;
}

static enum rc parse_tails(struct parser *p, node_ref *ret)
{
    while (sign_is(p, ".") || sign_is(p, "["))
        TRY(sign_is(p, ".") ? parse_dot(p, ret) : parse_index(p, ret));
    return RC_OK;
}

static const struct binary *binary_at(const struct parser *p)
{
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if (sign_is(p, binaries[i].sign) || word_is(p, binaries[i].sign))
            return &binaries[i];
    return NULL;
}

static enum rc parse_operator(struct parser *p, const struct binary *b, node_ref *left)
{
    node_ref n = 0, right = 0, other = 0;
    TRY(node_new(p, b->op, &n));
    TRY(lex_next(&p->lex));
    if (b->op == OP_COND) {
        TRY(parse_bound(p, BIND_NONE, &right));
        TRY(expect(p, ":"));
        TRY(parse_bound(p, BIND_NONE, &other));
    } else {
        TRY(parse_bound(p, b->bind, &right));
    }
    at(p, n)->a = *left;
    at(p, n)->b = right;
    at(p, n)->c = other;
    *left = n;
    return RC_OK;
}

/* An expression of operators that bind stronger than `bind`. What stands at the right of an
 * operator is no level of its own: it only ever binds stronger. */
static enum rc parse_bound(struct parser *p, unsigned bind, node_ref *ret)
{
    bool is_level = bind == BIND_NONE || bind == BIND_UNARY;
    p->depth += is_level;
    if (p->depth > EXPR_DEPTH_MAX)
        return WRONG(p, "brackets are nested deeper than %d", COLUMN(p), EXPR_DEPTH_MAX);
    TRY(parse_primary(p, ret));
    TRY(parse_tails(p, ret));
    const struct binary *b = binary_at(p);
    while (b && b->bind > bind) {
        TRY(parse_operator(p, b, ret));
        const struct binary *then = binary_at(p);
        if (then && b->bind == BIND_COMPARE && then->bind == BIND_COMPARE)
            return WRONG(p, "two comparisons in a row; join them with &&", COLUMN(p));
        b = then;
    }
    p->depth -= is_level;
    return RC_OK;
}

enum rc expr_parse(struct ctx *cx, struct expr *e)
{
    struct parser p = {.lex = {.cx = cx, .src = e->source}, .e = e};
    p.room = e->source.n + 2 < EXPR_NODES_MAX ? e->source.n + 2 : EXPR_NODES_MAX;
    e->nodes = arena_array(cx->mem, struct node, p.room);
    e->n = 1;
    TRY(lex_next(&p.lex));
    TRY(parse_bound(&p, BIND_NONE, &e->root));
    if (p.lex.token != TOK_END)
        return WRONG(&p, "the expression goes on where it should end", COLUMN(&p));
    return RC_OK;
}
