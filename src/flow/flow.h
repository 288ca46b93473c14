/* flow.h - process definitions: states, acts, clocks. See docs/internals/flow.md and
 * packs/README.md.
 *
 * A flow is immutable after loading. The interpreter is pure: given a state and an act it says
 * what follows; casework makes it happen. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "calendar/calendar.h"
#include "expr/expr.h"
#include "flow/words.h"
#include "identity/identity.h"

enum { FLOW_STATES_MAX = 40, FLOW_ACTS_MAX = 12, FLOW_CLOCKS_MAX = 4 };

struct flow_act { /* one transition out of a state */
    struct str id;
    const struct json *label; /* {vi, en} */
    struct str tone;          /* primary secondary warning */
    const struct flow_state *to;
    unsigned need, may;       /* enum act_input bits: required, optional */
    unsigned effects;         /* 1 << enum effect */
    const struct expr *guard; /* NULL: always */
    bool is_applicants;       /* the applicant's alone: the flow's `applicant`, an appeal */
    int within_cd; /* out of an end: calendar days in which it may be done; 0: any time */
};
/* What a unit is asked while a dossier is in a forked state. */
enum flow_silence { SILENCE_AGREE, SILENCE_REFUSE, SILENCE_ESCALATE };
enum { FLOW_BRANCHES_MAX = 8 }; /* of one state */
struct flow_branch {
    struct str id;
    const struct json *name; /* {vi, en} */
    struct str duty;         /* whose: unit_with_duty, seen from the dossier's unit */
    unsigned roles;
    struct budget within;
    enum flow_silence silence; /* what it means when nobody answers in time */
    const struct expr *when;   /* over the answers; NULL: always asked */
    unsigned index;            /* in its state */
};
struct flow_state {
    struct str id;
    const struct json *name;
    enum status status;
    unsigned roles; /* 1 << enum role */
    bool by_applicant, by_system, is_end;
    unsigned pauses;     /* bit per clock */
    unsigned restarts;   /* bit per clock: begins anew when the state is left */
    uint64_t not_by;     /* bit per state index: not the same person as acted there */
    int at_most;         /* entries allowed; 0 = any number */
    struct budget after; /* timer; n < 0: none */
    const struct flow_state *after_to;
    const struct flow_act *acts;
    size_t nacts;
    unsigned index;
    const struct json *fields; /* names that the applicant may change here; NULL: all */
    int within_wh;             /* stage limit in working hours (1wd = 8wh); 0: none */
    int appeal_cd;             /* calendar days in which one may appeal; 0: none */
    struct str at;             /* who acts: "" own unit, "superior", else a duty's unit */
    const struct flow_branch *branches;
    size_t nbranches;
    unsigned join; /* answers needed; never more than were asked */
    const struct flow_state *join_to;
};
/* A clock starts on the first entry of `start`, or of a state under `from`, with the budget
 * that stands there: one law, another time for another kind of case. */
enum { FLOW_FROM_MAX = 4 };
struct flow_clock_from {
    const struct flow_state *state;
    struct budget budget;
};
struct flow_clock {
    struct str id;
    struct budget budget;
    const struct flow_state *start;
    struct flow_clock_from from[FLOW_FROM_MAX];
    size_t nfrom;
};
bool flow_clock_starts(const struct flow_clock *c, const struct flow_state *s);
/* The time that the dossier has: entries as below. A way through `start` has its budget. */
struct budget flow_clock_budget(const struct flow_clock *c, const unsigned *entries);
enum { FLOW_LATE_MAX = 4 };
#define FLOW_LATE_EFFECTS (1u << EFFECT_warn | 1u << EFFECT_escalate | 1u << EFFECT_apology)
struct flow_late { /* what to do when that part of the legal time is used */
    int percent[FLOW_LATE_MAX];
    size_t n;
    unsigned effects;
};
struct flow {
    struct str id;
    const struct flow_state *start;
    const struct flow_state *states;
    size_t nstates;
    const struct flow_clock *clocks; /* [0] is the legal one */
    size_t nclocks;
    struct flow_late late;
};

/* Loads and checks structure (targets exist, reachable, an end reachable from everywhere, a
 * timer or somebody acts, refusals need reason and law); PACK with "line N: …" in the detail
 * and the rule's number (pack/rules.def) as field. Guards are typed against scope, act.*:
 * reason law comment answer (text), rating, items (list of text), result (bool), and
 * branch.ID: "agree" "refuse" "silent", null until it is closed. */
MUST_USE enum rc flow_load(struct ctx *cx, const struct json *yaml,
                           const struct expr_scope *scope, struct flow **ret);
const struct flow_state *flow_state_find(const struct flow *f, struct str id);
const struct flow_branch *flow_branch_find(const struct flow_state *s, struct str id);
/* Have enough of the branches that were opened been closed to go on? */
bool flow_is_joined(const struct flow_state *s, size_t opened, size_t closed);

/* Who presses: an officer's roles in the unit, or the applicant. */
struct flow_actor {
    unsigned roles;
    bool is_applicant, is_system;
    uint64_t acted_in;       /* bit per state index in which this person acted before */
    const struct json *vars; /* answers and `act`, for guards; NULL: the caller asks them */
};
/* May the actor answer the branch: by role, and not_by of its state. */
MUST_USE enum rc flow_branch_check(struct ctx *cx, const struct flow_state *s,
                                   const struct flow_branch *b, const struct flow_actor *who);
/* The act of that name that the actor may do now; NOT_FOUND when the state has none of that
 * name, FORBIDDEN by role or not_by, STATE by guard or at_most (entries: times the target was
 * entered, by state index). */
MUST_USE enum rc flow_act_get(struct ctx *cx, const struct flow_state *s, struct str act,
                              const struct flow_actor *who, const unsigned *entries,
                              const struct flow_act **ret);
/* All acts the actor may do now, in the flow's order; guards are not asked. */
size_t flow_acts_of(const struct flow_state *s, const struct flow_actor *who,
                    const unsigned *entries, const struct flow_act *ret[FLOW_ACTS_MAX]);
/* May the applicant, whose turn it is in s, change this question (a root name of the form)? */
bool flow_field_is_open(const struct flow_state *s, struct str name);

#endif
