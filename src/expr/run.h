/* run.h - inside expr/: one evaluation, its values and its budget. See docs/internals/expr.md.
 *
 * Evaluation never fails: what has no answer is null, and a run whose budget is used up goes
 * on giving nulls, quickly, until its caller looks at `steps`. Whatever takes time or memory
 * with the size of a text, a list or a table takes steps for it first.
 *
 * A run belongs to one thread and to one ctx: its values live in cx->mem until that ends. Two
 * runs of the same expression share nothing but the nodes. `now`, `today` and the calendar
 * are asked of the ctx, so that a simulation or a scenario has its own. */
#ifndef EXPR_RUN_H
#define EXPR_RUN_H

#include "expr/expr_priv.h"

struct calendar;
struct run {
    struct ctx *cx;
    const struct node *nodes;
    const struct json *vars;
    const struct calendar *calendar; /* NULL until a working day is counted */
    unsigned steps;
    struct val locals[EXPR_LOCALS_MAX];
};

/* Takes n steps from the budget; false when it is used up. */
static inline bool run_step(struct run *r, size_t n)
{
    r->steps += n < EXPR_STEPS_MAX ? (unsigned)n : EXPR_STEPS_MAX;
    return r->steps <= EXPR_STEPS_MAX;
}

/* The value of a node: of the type that the checker gave it, or null. Recursion is no deeper
 * than the brackets of the source (EXPR_DEPTH_MAX), so the stack is bounded. */
struct val eval(struct run *r, node_ref ref);
/* call.c: OP_CALL */
struct val eval_call(struct run *r, const struct node *n);

/* -- values, val.c. What is out of a type's range is null. -- */
extern const struct val val_null;
struct val val_bool(bool b);
struct val val_int(int64_t i);
struct val val_str(struct str s);
struct val val_date(int64_t day);
struct val val_time(int64_t us);
/* An answer as the type that its name was declared with; null when it is of another type: a
 * draft holds what people typed. */
struct val val_from(const struct json *j, enum expr_type type, enum expr_type elem);
bool val_equal(struct run *r, const struct val *a, const struct val *b);
/* What stands under the key; null when nothing does, or when it is of another type than the
 * name was declared with. */
struct val val_get(const struct val *object, struct str key, enum expr_type type,
                   enum expr_type elem);
/* A single value as text; STR_NULL of null, lists and objects. */
struct str val_text(struct arena *mem, const struct val *v);
/* For what leaves the module: fees, computed answers, a table's result. Dates and times as
 * ISO text, durations as they are written ("5wd"). */
struct json *val_json(struct arena *mem, const struct val *v);

/* Walks a list, or the keys of an object. */
struct items {
    const struct val *list;
    const struct json *j;
    size_t i;
};
struct items items_of(const struct val *list);
bool items_next(struct items *it, struct val *ret);

#endif
