/* check_priv.h - inside expr/: what the two halves of the checker share.
 *
 * Checking walks the nodes once, from the leaves up. Every node gets a type, objects and lists
 * what they are made of, durations their unit where it is known; names get their dotted path,
 * which is what expr_reads tells.
 *
 * A checker lives for one expression. It changes nodes (types, paths, compiled patterns, the
 * table asked) and nothing else; when it fails the expression is thrown away whole. All
 * failures are EXPR with the column of the node that is wrong, not of the operator around it. */
#ifndef EXPR_CHECK_PRIV_H
#define EXPR_CHECK_PRIV_H

#include "expr/expr_priv.h"

/* A name that a macro gives: the x of list.all(x, …). */
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

static inline struct node *at(struct checker *k, node_ref r)
{
    return &k->e->nodes[r];
}

/* -- check.c: `check` gives the node its type; `want` checks and needs one, `need` asks a node
 * that is checked already. Any and null fit every type. -- */
MUST_USE enum rc check(struct checker *k, node_ref r);
bool is_type(struct checker *k, node_ref r, enum expr_type t);
/* The type in words that a pack's author uses ("text", "list of date"), for messages. */
const char *type_of(struct checker *k, node_ref r);
MUST_USE enum rc need_type(struct checker *k, node_ref r, enum expr_type t);
MUST_USE enum rc want_type(struct checker *k, node_ref r, enum expr_type t);
/* Type, element and parts of a name's node as the scope has them. */
void set_from_scope(struct node *n, const struct scope_name *s);
/* -- check_call.c: OP_CALL, OP_EACH -- */
MUST_USE enum rc check_call(struct checker *k, struct node *n);
MUST_USE enum rc check_each(struct checker *k, struct node *n);

#endif
