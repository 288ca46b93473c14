/* score.h - scorecards: what a weighted tree of indicators says of a unit in a period.
 * See docs/internals/score.md.
 *
 * A sheet is worked out when it is read, from cells (measure/) and declared figures; nothing of
 * it is stored. It can be done again by hand from what it shows: a value has two decimals, points
 * are made of that value, and each whole adds up the rounded points of its parts.
 *
 * Errors: NOT_FOUND for an unknown unit (field unit). A value that cannot be said is no error: its
 * state tells why. Threads: any with a reader. Cards and nodes belong to the packs in force and
 * stay valid for the process; sheets and texts live in cx->mem.
 *
 * LAW: QD766/2022 general notes (100 points, two decimals, the period asked for); TT01/2018 15.2 to
 * 15.4 (one decimal, what cannot be judged is not counted). */
#ifndef SCORE_SCORE_H
#define SCORE_SCORE_H

#include "card/card.h"
#include "measure/measure.h"

/* Where a value comes from: counted from events, declared by the body, checked by somebody else.
 * What counts is the checked one, else the counted one, else the declared one. */
enum score_source { SCORE_AUTO, SCORE_SELF, SCORE_VERIFIED, SCORE_COUNTS, SCORE_SOURCES };
enum score_state {
    SCORE_SAID,        /* there is a value */
    SCORE_NOTHING,     /* a denominator of zero, or nobody declared it: the card's rule */
    SCORE_UNCONNECTED, /* no event gives it here: node->unconnected, or no such indicator */
};
struct score_got {
    int64_t value;       /* hundredths; DB_NULL: none */
    int64_t num, den;    /* of what the value was made; den 0 in a count */
    int64_t points, max; /* hundredths; max: what could be had of what is said */
    enum score_state state;
};
/* One node for one unit and period. by[SCORE_COUNTS] is what the whole is made of. */
struct score_row {
    const struct card_node *node;
    struct score_got by[SCORE_SOURCES];
    const struct indicator *indicator; /* the node's own; NULL: none, or none of that name */
};
struct score_sheet {
    const struct scorecard *card;
    const struct unit *unit; /* NULL: a node without units */
    struct period period;
    struct score_row *v; /* as card->nodes */
    size_t n;
    struct score_got by[SCORE_SOURCES]; /* the whole */
    /* Of card->points, when what cannot be said is left out: points x points / max. */
    int64_t graded;
    const struct card_grade *grade; /* NULL: none */
    int64_t seq;                    /* ledger size it was computed at */
};

/* The scorecards of the current packs, in order of name. At most SCORECARDS_MAX. */
enum { SCORECARDS_MAX = 40 };
size_t score_all(struct ctx *cx, const struct scorecard *ret[SCORECARDS_MAX]);
/* By its id, or a version by the pack's ref ("some-index@1.0.0"); NULL when absent. */
const struct scorecard *score_find(struct ctx *cx, struct str id);
/* Is the decision about units of that kind? A sheet can be made of others, too, and says so. */
bool score_is_for(const struct scorecard *card, const struct unit *u);
/* NOT_FOUND for an unknown unit. slice.procedure and .channel narrow what is counted; what a
 * body declares is of the whole body. */
MUST_USE enum rc score_get(struct ctx *cx, const struct scorecard *card, const struct slice *s,
                           struct score_sheet *ret);
/* The same of n units in one period, from one state of the database, in much less time than one
 * by one. slices: all with one period. */
MUST_USE enum rc score_list(struct ctx *cx, const struct scorecard *card,
                            const struct slice *slices, size_t n, struct score_sheet *ret);
/* "12,50", in the ctx's language. */
struct str score_text(struct ctx *cx, int64_t hundredths);

/* For pages, the API and the command line; points and values are hundredths, a value is absent
 * when there is none. A scorecard: {id, ref, name, about, points, points_text, law: [{act, clause,
 * about}]}. A sheet is that and {unit, unit_code, is_for_unit, from, to (last day), seq, got,
 * got_text, max, max_text (of what is said), is_partial, is_scored, graded_text, grade, width (of
 * 100), has_self, has_verified, sources: [{id, name, is_said, got_text, max_text}], nodes}.
 * A node: {id, parent, depth, is_leaf, name, about, rule, rule_text, points, points_text,
 * is_shown_only, value, value_text, numerator, denominator, got, got_text, max, max_text, width,
 * state, state_text, is_said, why (not connected), indicator, entered, formula and den_formula:
 * [{id, name, sign, is_den_of, is_all, is_known}], has_sources, auto, self, verified:
 * {is_said, value_text, got_text}}. */
MUST_USE enum rc score_json(struct ctx *cx, const struct scorecard *card, const struct slice *s,
                            struct json **ret);
struct json *score_sheet_json(struct ctx *cx, const struct score_sheet *sheet);
struct json *scorecard_json(struct ctx *cx, const struct scorecard *card);

#endif
