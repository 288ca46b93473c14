/* expr_priv.h - inside expr/: scopes, nodes, values. See docs/internals/expr.md.
 *
 * An expression goes through lex.c (text to tokens), parse.c (tokens to nodes), check.c and
 * check_call.c (types, names, units), then eval.c and call.c as often as it is asked. Nodes
 * are never changed after expr_check, so any thread may evaluate; a run (run.h) is one
 * thread's own. Everything stands in the arena of the ctx that compiled it; nobody frees. A
 * node refers to others by index, which keeps a tree of 500 nodes in a few pages and bounds
 * its depth. Failures are EXPR with "column N: …" in the detail, N counted in code points
 * from 1. */
#ifndef EXPR_EXPR_PRIV_H
#define EXPR_EXPR_PRIV_H

#include "expr/expr.h"
#include "expr/pattern.h"

enum { EXPR_LOCALS_MAX = 6, EXPR_TEXT_MAX = 16 * 1024, EXPR_SCOPE_DEPTH_MAX = 12 };

/* A name in a scope: objects have children, lists an element. An object with an element is a
 * map: any key may be looked up in it. */
struct scope_name {
    struct str name;
    enum expr_type type;
    const struct str *choices; /* STR: the only ones; NULL: any text */
    size_t nchoices;
    struct scope_name *child, *next, *elem;
};
struct expr_scope {
    struct arena *mem;
    struct tables *tables;
    bool is_fold;
    struct scope_name root; /* T_OBJECT */
};
const struct scope_name *scope_find(const struct scope_name *in, struct str name);

/* What an expression computes with. Lists and objects are j (an answer) or v (made here; of an
 * object the keys and values in turn, n pairs). */
struct val {
    enum expr_type t;
    char unit;            /* DURATION: 'w' wd, 'h' wh, 'c' cd, 's' exact time */
    int64_t i;            /* BOOL, INT, DATE (civil day), TIME, DURATION ('s': microseconds) */
    struct str s;         /* STR */
    const struct json *j; /* OBJECT, LIST */
    const struct val *v;  /* LIST, OBJECT */
    size_t n;             /* LIST, OBJECT */
    enum expr_type elem;  /* LIST in j: the type of its elements */
};

enum op {
    OP_LITERAL,
    OP_NAME,  /* a name of the scope */
    OP_LOCAL, /* the x of all(x, …) */
    OP_FIELD, /* a.name */
    OP_INDEX, /* a[b] */
    OP_LIST,  /* [a, …] */
    OP_MAP,   /* {k: v, …}: keys and values in turn */
    OP_NOT,
    OP_NEGATE,
    OP_AND,
    OP_OR,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_IN,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_MOD,
    OP_COND, /* a ? b : c */
    OP_CALL, /* fn(a, b, c) and a.fn(b, c); what comes after a third is its `next` */
    OP_EACH, /* a.fn(name, b, c) */
};

enum fn {
    FN_NONE,
#define EXPR_FN(id, name, least, most, how) FN_##id,
#include "expr/functions.def"
#undef EXPR_FN
    FN_TODAY,
    FN_NOW,
    FN_COUNT
};

typedef uint16_t node_ref; /* index in expr.nodes; 0 = none */

struct node {
    uint8_t op, fn;
    uint8_t type;    /* enum expr_type, set by the checker */
    uint8_t elem;    /* of a LIST */
    uint8_t local;   /* LOCAL, EACH: slot */
    bool is_inner;   /* base of a FIELD: not a read of its own */
    char unit;       /* of a DURATION; 0: known only when it is evaluated */
    uint16_t column; /* 1-based, in code points */
    node_ref a, b, c;
    node_ref next;   /* in an argument or element list */
    struct str name; /* NAME, FIELD, EACH's variable */
    struct str path; /* NAME, FIELD, LOCAL: dotted, for expr_reads */
    struct val literal;
    const struct scope_name *of; /* what an OBJECT or LIST is made of; NULL: anything */
    const struct pattern *pattern;
    const struct table *table;
};

struct expr {
    struct str source;
    struct node *nodes; /* [0] is unused */
    size_t n;
    node_ref root;
    struct str *reads;
    size_t nreads;
};

enum token {
    TOK_END,
    TOK_NAME,
    TOK_INT,
    TOK_TEXT,
    TOK_DURATION,
    TOK_SIGN /* operators and brackets: `sign` holds one or two characters */
};
struct lexer {
    struct ctx *cx;
    struct str src;
    size_t at;   /* after the token */
    size_t from; /* of the token */
    enum token token;
    struct str text; /* NAME; TEXT unescaped */
    char sign[3];
    int64_t i; /* INT, DURATION */
    char unit;
};
/* The next token into *l; EXPR at a sign that the language does not have, an unclosed text, a
 * number beyond 64 bits. */
MUST_USE enum rc lex_next(struct lexer *l);
unsigned lex_column(const struct lexer *l);

MUST_USE enum rc expr_parse(struct ctx *cx, struct expr *e);
MUST_USE enum rc expr_check(struct ctx *cx, struct expr *e, const struct expr_scope *scope,
                            enum expr_type want);
const char *expr_type_name(enum expr_type t);
/* "1h30m", "90s" in microseconds (call.c) */
bool exact_duration(struct str s, int64_t *ret);

#endif
