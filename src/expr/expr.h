/* expr.h - expressions in packs: a typed, total subset of CEL. See docs/internals/expr.md.
 *
 * Compiled once at publish against the types of a scope; a misspelt field or a wrong type is
 * an error then, with its column. Evaluation has a step budget, allocates in the ctx's arena
 * only, and cannot fail but for the budget. Absent values are null: `==` compares with null,
 * every other use of null makes a condition false. The language is in packs/README.md. */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include "text/json.h"

enum expr_type {
    T_NULL,
    T_BOOL,
    T_INT,
    T_STR,
    T_DATE, /* a civil day in Viet Nam; in answers its ISO text */
    T_TIME, /* an instant; RFC 3339 text */
    T_DURATION,
    T_LIST,
    T_OBJECT,
    T_ANY
};

/* What names mean: built by whoever owns the values (a form, an event's facts). */
struct expr_scope;
struct expr_scope *expr_scope_new(struct arena *mem);
/* Dotted names make nested objects: "father.name". A list's element type is `name[]`:
 * expr_scope_add(s, STR("children[].name"), T_STR). */
void expr_scope_add(struct expr_scope *s, struct str name, enum expr_type type);
/* The only texts that a name, or each of a list `name[]`, can be: comparing it with another one
 * written out is then a mistake, and told as such. Both must live as long as the scope. For checks
 * before a publish; what is published already is compiled without. */
void expr_scope_choices(struct expr_scope *s, struct str name, const struct str *v, size_t n);
/* A scope of its own that begins with all names of base: a flow adds `act` to a form's. */
struct expr_scope *expr_scope_copy(struct arena *mem, const struct expr_scope *base);
/* The decision tables that table('NAME', …) may ask; NULL: none. */
struct tables;
void expr_scope_tables(struct expr_scope *s, struct tables *tables);
/* Expressions over events must give the same whenever the ledger is folded: what depends on
 * the day or on the calendar (today, now, age(), working days) is refused in this scope. */
void expr_scope_fold(struct expr_scope *s);

enum { EXPR_SRC_MAX = 2000, EXPR_NODES_MAX = 500, EXPR_DEPTH_MAX = 24, EXPR_STEPS_MAX = 10000 };

struct expr; /* lives in the arena of the ctx that compiled it; immutable; any thread may use */

/* What a declaration needs: a type, and the rule of pack/rules.def that says so ("P014"). */
struct expr_want {
    enum expr_type type;
    const char *rule; /* NULL: the caller names it */
};

/* EXPR with field NULL and a detail "column N: …" when it is wrong. want T_ANY: any type. */
MUST_USE enum rc expr_compile(struct ctx *cx, struct str src, const struct expr_scope *scope,
                              enum expr_type want, struct expr **ret);
/* The expression in a YAML value. A failure is PACK with the number of `rule` as field and a
 * detail "line N: column M: …"; cx->err.source is the expression that the column counts in. */
MUST_USE enum rc expr_declare(struct ctx *cx, const struct json *yaml,
                              const struct expr_scope *scope, struct expr_want want,
                              struct expr **ret);
struct str expr_source(const struct expr *e);
/* The names (dotted) it reads, for checks; NULL past the end. */
const struct str *expr_reads(const struct expr *e, size_t i);

/* The i-th literal it speaks of, for checks that try values; false past the end. */
struct expr_literal {
    enum expr_type type;
    int64_t i;    /* T_INT, T_BOOL */
    struct str s; /* T_STR */
};
bool expr_literal_at(const struct expr *e, size_t i, struct expr_literal *ret);

/* A boolean name that must be true for the condition to hold, the first of `a && b && …`: whoever
 * has many conditions over the same names can look at it before evaluating. Empty: none. */
struct str expr_needs(const struct expr *e);

/* vars: an object of the names. Dates are ISO texts. cx->now_us gives `today` and `now`, the
 * node's calendar counts working days. */
MUST_USE enum rc expr_eval(struct ctx *cx, const struct expr *e, const struct json *vars,
                           struct json **ret);
/* A condition: null and failures of the budget are false (the latter is logged). NULL e: true. */
bool expr_is_true(struct ctx *cx, const struct expr *e, const struct json *vars);

#endif
