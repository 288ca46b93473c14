/* flow_priv.h - what the files that load a flow share. See docs/internals/flow.md.
 *
 * With notes, a broken rule does not end the reading: what does not follow from it is read too,
 * so that an author sees all mistakes at once.
 *
 * Every failure is PACK with the rule's number as field and "line N: …" as detail; the words
 * for people stand beside the rule (pack/rules.def), so details are names and signs only.
 * Loading takes one thread; what it made is read by any. */
#ifndef FLOW_FLOW_PRIV_H
#define FLOW_FLOW_PRIV_H

#include "text/decl.h"
#include "flow/flow.h"

/* Rules of pack/rules.def that a flow can break. */
#define RULE_START "P030"
#define RULE_TARGET "P031"
#define RULE_UNREACHED "P032"
#define RULE_NO_END "P033"
#define RULE_NOBODY "P034"
#define RULE_ACT "P035"
#define RULE_ROLE "P036"
#define RULE_EFFECT "P037"
#define RULE_NEED "P038"
#define RULE_REFUSAL "P039"
#define RULE_SUPPLEMENT "P040"
#define RULE_CLOCK "P041"
#define RULE_PAUSE "P042"
#define RULE_TIME "P043"
#define RULE_STATUS "P044"
#define RULE_END "P045"
#define RULE_TOO_MANY "P047"
#define RULE_RECEIPT "P049"
#define RULE_FORK "P081"
#define RULE_JOIN "P082"
#define RULE_SILENCE "P083"
#define RULE_DUTY "P084"
#define RULE_BRANCH "P085"
#define RULE_FULL "P086"
#define RULE_AFTER_END "P087"

/* While one flow is read; its result, l->flow, is read-only afterwards. Everything is made in
 * cx->mem and texts point into yaml: both live as long as the pack. */
struct loader {
    struct ctx *cx;
    const struct json *yaml, *acts, *applicant;
    const struct expr_scope *scope;
    struct flow *flow;
    struct flow_state *states;
    struct flow_clock *clocks;
    struct decl_notes *notes; /* NULL: the first broken rule ends the reading */
    bool ends_same_day;       /* cd_end */
};
/* A time as the flow counts it: budget_parse, and where calendar days may end (`cd_end`).
 * False: no such time; the caller names the rule. */
MUST_USE bool loader_budget(const struct loader *l, struct str s, struct budget *ret);
#define FLOW_KEEP(l, call) KEEP((l)->cx, (l)->notes, call)
/* What was read so far says too little about the whole: rules about it would mislead. */
bool loader_is_torn(const struct loader *l);

/* A list of known words as bits, through find; unknown ones break the rule. */
typedef bool word_find_fn(struct str word, unsigned *bit);
MUST_USE enum rc words_load(struct ctx *cx, const struct json *list, word_find_fn *find,
                            const char *rule, unsigned *bits);
/* Words of the format to bits; false for an unknown one. */
bool effect_find(struct str word, unsigned *bit);
bool role_find(struct str word, unsigned *bit);

/* Name, status, end: what others look at; then the rest, when all states are known: states may
 * name each other in any order. */
MUST_USE enum rc state_head_load(struct loader *l, const struct json *yaml,
                                 struct flow_state *s);
MUST_USE enum rc state_load(struct loader *l, const struct json *yaml, struct flow_state *s);
/* A condition under `if`, checked to be a yes or no over the scope (RULE_EXPR); absent:
 * NULL. */
MUST_USE enum rc guard_load(struct loader *l, const struct json *yaml, const struct expr **ret);
/* `by` with at least one role. */
MUST_USE enum rc by_list_load(struct loader *l, const struct json *yaml, unsigned *roles);
/* -- fork.c: several units are asked; another unit acts. LAW: ND61/2018 - one-stop with the
 * departments that are asked; each branch has a duty, a role and its own days. -- */
/* branch.ID of every fork into the scope, each id once (RULE_TWICE); states may be NULL. */
MUST_USE enum rc branches_name(struct loader *l, const struct json *states,
                               struct expr_scope *scope);
MUST_USE enum rc fork_load(struct loader *l, const struct json *yaml, struct flow_state *s);
/* `at`, `appeal`, `reopen`: who acts, and what may follow an end. */
MUST_USE enum rc elsewhere_load(struct loader *l, const struct json *yaml,
                                struct flow_state *s);
/* The label of an act from `acts`, and its tone. */
MUST_USE enum rc act_label(struct loader *l, const struct json *at, struct flow_act *a);
/* The state of that id, or the rule is broken at `at`. */
MUST_USE enum rc target_get(struct loader *l, struct str id, const struct json *at,
                            const struct flow_state **ret);
/* What holds for the whole: every state is reached, an end from each, somebody acts. Asked only
 * when nothing before it left the graph torn. */
MUST_USE enum rc graph_check(struct loader *l);

#endif
