/* rollup.h - months of figures between nodes: signed statements upward. See
 * docs/internals/rollup.md.
 *
 * A node states a closed month's cells (indicator × unit × procedure × channel), signed with its
 * ledger's key and naming its ledger's head. A node above takes statements of nodes it trusts,
 * each for one unit and what lies below it, into its own sums: no dossier travels. What does not
 * hold is refused and shown; so is what is missing or late.
 *
 * Trust is by key: a statement is judged by its signature and by what its ledger proves (RFC 9162
 * consistency with everything it said before), never by who sent it.
 * Months are "2026-10" in texts; days are civil; sizes are bytes. Errors are told beside each
 * function; what is wrong with a trusted node's statement is an outcome, not an error. */
#ifndef ROLLUP_ROLLUP_H
#define ROLLUP_ROLLUP_H

#include "ledger/ledger.h"
#include "unit/unit.h"
#include "web/web.h"

enum {
    TRUSTED_MAX = 1000,
    STATEMENT_CELLS_MAX = 100000,
    STATEMENT_BYTES_MAX = 4 << 20,
    STATEMENT_MONTHS = 24, /* months back that a node states, and looks at again */
    REFUSALS_A_DAY = 20,   /* of one node; more are only logged */
};

/* -- whom we believe -- */
/* name: [a-z][a-z0-9-]{0,40}. The same name again: a new key or unit. DUPLICATE: another node has
 * this origin, or speaks for a unit above or below. INVALID: vkey. NOT_FOUND: unit. Takes the
 * turn; the caller commits. */
MUST_USE enum rc node_trust(struct ctx *cx, struct str name, struct str vkey, struct str unit);
MUST_USE enum rc node_distrust(struct ctx *cx, struct str name);
/* [{name, origin, vkey, unit, unit_name, trusted, is_ended}] */
MUST_USE enum rc nodes_list(struct ctx *cx, struct json **ret);

/* -- making -- */
struct statement_made {
    struct str file; /* {"note": …, "statement": {…}} as canonical JSON */
    int64_t revision, ncells;
    bool is_new; /* false: the last one said the same */
};
/* The month "2026-10" of settings.rollup_unit and below (empty: all). STATE: not over. NOT_FOUND:
 * nothing was counted. TOO_LARGE. Takes the turn; the caller commits. */
MUST_USE enum rc statement_make(struct ctx *cx, struct str period, struct statement_made *ret);
/* The same over the ledger as it is now, also when the cells did not change: the node above has
 * seen a longer one and cannot place the last. Once for the same cells; then is_new is false. */
MUST_USE enum rc statement_again(struct ctx *cx, struct str period, struct statement_made *ret);
/* The file that was last made for the month; NOT_FOUND. */
MUST_USE enum rc statement_file(struct ctx *cx, struct str period, struct str *ret);

/* -- taking -- */
enum taking { STATEMENT_TAKEN, STATEMENT_SAME, STATEMENT_REFUSED };
/* The longest ledger that was seen of the node, and in what; size 0: none. */
struct statement_held {
    struct str period;
    int64_t revision, size;
};
struct statement_taken {
    enum taking outcome;
    struct str node, period;
    int64_t revision, ncells, unknown; /* unknown: cells of indicators not declared here */
    bool is_late;
    const char *reason;         /* STATEMENT_REFUSED: a key of po/ after "rollup.reason." */
    struct statement_held held; /* what it was held against; set where its ledger was judged */
};
/* In any order: one that was made earlier and comes later is taken when a later one proves that
 * its ledger was the beginning; else it is "behind" and its node makes it again. */
/* A statement as parsed. What is wrong with a trusted node's is appended as statement.refused and
 * told as outcome; FORBIDDEN: from nobody we trust; MALFORMED: no statement. Takes the turn; the
 * caller commits in each case. */
MUST_USE enum rc statement_take(struct ctx *cx, struct str note, const struct json *statement,
                                struct statement_taken *ret);
/* The same from a file's text. */
MUST_USE enum rc statement_take_file(struct ctx *cx, struct str file,
                                     struct statement_taken *ret);

/* -- looking -- */
enum { STATED_SHOWN = 12, STATED_REFUSALS_SHOWN = 50 };
/* {months: […], nodes: [{name, unit, unit_name, cells: [{period, state, …}]}], refusals, made}.
 * state: taken late missing waiting before. Newest month first. */
MUST_USE enum rc statements_view(struct ctx *cx, struct json **ret);
/* What nodes below said of a period: of its whole months that are over, and of those it cuts. */
struct stated {
    size_t taken; /* nodes whose statements it holds */
    size_t nmissing, nwaiting, nlate;
    int32_t until; /* the last day on which one that is waited for comes in time */
    /* [{node, unit_name, period}], the first STATED_NAMED of each; cut: ["2026-11"], months stated
     * of which the period has only some days: they are not in its figures, for they have none. */
    struct json *missing, *waiting, *late, *cut;
    struct json *of; /* codes of the units that those taken speak for */
};
enum { STATED_NAMED = 20 };
/* "Huyện A (tháng 11/2026), …": a list as above, which had n in all. */
struct str stated_names(struct ctx *cx, const struct json *list, size_t n);
/* Of the days `from` to `to` (exclusive) and of trusted nodes that speak for `unit`, for something
 * in it or for something above it; NULL: all. Reads only. */
MUST_USE enum rc statements_of(struct ctx *cx, const struct unit *unit, int32_t from,
                               int32_t to, struct stated *ret);
/* Is one of those taken by a node that speaks for u, for something in it or above it? */
bool stated_holds(struct ctx *cx, const struct stated *s, const struct unit *u);

/* -- by itself -- */
/* Makes what is not made, sends what was not accepted. Commits; remote calls stand outside any
 * turn. Nothing when settings.rollup_parent is empty. */
MUST_USE enum rc rollup_tick(struct ctx *cx);
/* The same by hand: what was not accepted is sent now, however short ago that failed. After each
 * month looked at it tells how many are done; looked at are those that events, statements from
 * below or the calendar changed since the last time. */
MUST_USE enum rc rollup_run(struct ctx *cx, progress_fn *progress, void *arg);

extern const struct ledger_subscriber rollup_subscriber;
extern const struct route rollup_routes[];

#endif
