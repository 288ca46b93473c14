/* proof.h - for checkers: all mistakes of a flow at once, and what holds for every way through
 * it. See docs/internals/flow.md.
 *
 * Everything here is a fixed point over at most 40 states: sets are one uint64_t, bit by the
 * state's index, so a proof takes microseconds and no memory beyond its arguments, but for
 * flow_longest, which keeps positions in the arena that it is given. */
#ifndef FLOW_PROOF_H
#define FLOW_PROOF_H

#include "flow/flow.h"
#include "text/decl.h"

/* flow_load, but each broken rule is kept in notes and reading goes on. *ret is NULL when too
 * little of the flow is known to ask rules about the whole. */
MUST_USE enum rc flow_read(struct ctx *cx, const struct json *yaml,
                           const struct expr_scope *scope, struct decl_notes *notes,
                           struct flow **ret);

#define FLOW_BIT(s) (UINT64_C(1) << (s)->index)

/* The states that one step from s can reach, as bits: acts, timer, join. */
uint64_t flow_next(const struct flow_state *s);
/* States on a circle in which no state has at_most: a dossier may go round for ever. */
uint64_t flow_endless(const struct flow *f);
/* States that can be entered after s was left; s itself when a circle leads back. */
uint64_t flow_after(const struct flow *f, const struct flow_state *s);
/* All states that can be reached from the start without entering one of `closed`. */
uint64_t flow_reached_without(const struct flow *f, uint64_t closed);

/* A way through a flow on which the limits of the stages add up. */
enum { FLOW_WAY_MAX = 64 };
/* Working days count as eight hours; a state without `within` adds nothing. */
struct flow_way {
    int64_t wh; /* working hours */
    const struct flow_state *states[FLOW_WAY_MAX];
    size_t n; /* of the states that are told, the first FLOW_WAY_MAX */
};
/* The longest way on which the clock runs without beginning anew: every state as often as its
 * at_most allows. The flow has no endless circle. Repetitions beyond what fits into
 * FLOW_WAYS_MAX positions are left out: the figure is then a lower bound. */
enum { FLOW_WAYS_MAX = 1 << 18 };
void flow_longest(struct arena *mem, const struct flow *f, size_t clock,
                  const struct flow_state *start, struct flow_way *ret);

/* What has been given or has begun on every way that leads into each state. */
enum flow_given {
    GIVEN_CLOCK = 1 << 16,  /* the legal clock has started: there is a due day */
    GIVEN_CODE = 1 << 17,   /* the receipt was given */
    GIVEN_RESULT = 1 << 18, /* a result is attached */
};
/* By state index: enum act_input bits required by an earlier act, and enum flow_given. */
void flow_given(const struct flow *f, unsigned ret[FLOW_STATES_MAX]);

#endif
