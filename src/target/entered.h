/* entered.h - figures that no event gives: entered by an office, verified by another. See
 * docs/internals/target.md.
 *
 * An indicator with `source: entered` has no cells; other indicators have none of bodies that are
 * no unit here. A body (an agency, of this node or not)
 * gives its value for a period, with method and evidence; the authority above it verifies it.
 * Both values stay side by side. A later entry for the same period corrects the earlier one,
 * which stays readable.
 *
 * Events: figure.entered (subject: none, facts: indicator, body, period, num, den, method, note and
 * the digest of the evidence) and figure.verified (subject: the entry). Both are public and hold
 * nothing personal; who acted stands in the ledger's row for those who may read it.
 * Reading needs no right and any reader. Writing takes the turn; the caller commits. */
#ifndef TARGET_ENTERED_H
#define TARGET_ENTERED_H

#include "base/map.h"
#include "measure/measure.h"

struct file; /* casework/draft.h */

/* num over den, as figures are: an amount has den 0 (its num is whole units, đồng for money). */
struct entered_value {
    bool is_given;
    int64_t num, den;
    int64_t seq, time_us; /* the event that gave it */
};
struct entered {
    struct str indicator, body, body_name; /* body_name: empty when the body is a unit here */
    struct period period;
    struct entered_value self, verified; /* by the body itself; by the authority above it */
    struct str method, note, verified_note;
    struct str file, file_name, mime; /* evidence: SHA-256 in hexadecimal; empty: none */
    int64_t size;
};
/* The latest period that touches `period`, as corrected last. Nothing entered: RC_OK, and
 * neither value is given. verified may be of an earlier entry for that period than self. */
MUST_USE enum rc entered_get(struct ctx *cx, struct str indicator, struct str body,
                             struct period period, struct entered *ret);
/* Sets in `bodies` the code of each body that gave anything for a period that touches `period`;
 * only of whom entered_get says more than nothing. */
MUST_USE enum rc entered_bodies(struct ctx *cx, struct str indicator, struct period period,
                                struct map *bodies);
/* Every period that touches `period`, oldest first, as corrected last; at most ENTERED_MAX, the
 * latest ones. */
enum { ENTERED_MAX = 400 };
struct entered_list {
    struct entered *v;
    size_t n;
};
MUST_USE enum rc entered_series(struct ctx *cx, struct str indicator, struct str body,
                                struct period period, struct entered_list *ret);
/* What was entered for exactly that period, corrected entries too, latest first. */
MUST_USE enum rc entered_history(struct ctx *cx, struct str indicator, struct str body,
                                 struct period period, struct entered_list *ret);
/* One entry by its event. NOT_FOUND. */
MUST_USE enum rc entered_by_seq(struct ctx *cx, int64_t seq, struct entered *ret);

/* Evidence may name people, as a list or a report does: whoever opens it is written down before,
 * as evidence.read with purpose and ground, of the body's unit (the root's, when it is no unit
 * here). cx->who is set. Takes the turn; the caller commits. */
MUST_USE enum rc evidence_journal(struct ctx *cx, const struct entered *e);

/* Hundredths; DB_NULL when nothing was given. */
int64_t entered_value_of(const struct indicator *ind, const struct entered_value *v);
/* As people write it in that language: in Vietnamese a comma before at most two decimals and dots
 * (or blanks) between groups of three, "1.234,5"; in English the other way round. A per cent sign
 * may follow. At most 16 digits before the decimals. What could be meant otherwise is not guessed:
 * "12,345" is twelve and too many decimals in Vietnamese, twelve thousand in English. */
enum value_fault {
    VALUE_READ,
    VALUE_NONE,    /* no number */
    VALUE_MARKS,   /* marks where that language has none */
    VALUE_DECIMALS /* more than two */
};
MUST_USE enum value_fault value_parse(struct str s, enum lang lang, int64_t *hundredths);
/* A value as num and den; false when a count or a sum of money is not whole. */
MUST_USE bool value_split(const struct indicator *ind, int64_t hundredths, int64_t *num,
                          int64_t *den);
/* `range: [0, 100]` of indicators.yaml in hundredths; not given: any value may be true, as of
 * growth. */
struct value_range {
    bool is_given;
    int64_t least, most;
};
struct value_range indicator_range(struct ctx *cx, const struct indicator *ind);
MUST_USE bool value_is_within(const struct indicator *ind, const struct value_range *r,
                              int64_t num, int64_t den);

/* Texts: code points of method and note. Amounts: |num| at most 10^16 whole units (đồng), and
 * |num|, den at most 10^14 where there is a denominator: products of two still fit. */
enum {
    ENTERED_TEXT_MAX = 1000,
    ENTERED_AMOUNT_MAX_LOG10 = 16, /* ten million billion: đồng, too */
    ENTERED_RATIO_MAX_LOG10 = 14,  /* of num and den each */
};
struct entered_new {
    struct str indicator, body;
    struct str body_name;        /* needed when the body is no unit here */
    struct period period;        /* whole months: one, three, six or twelve; it has ended */
    int64_t num, den;            /* counts and money have no den, all others have one */
    struct str method;           /* how it was found */
    struct str note;             /* source, remark; needed for a correction. Public */
    const struct file *evidence; /* stored; NULL: none, then the note names the source */
};
/* Appends figure.entered. cx->who needs CAP_FIGURE_ENTER in the body (in the root, when it is
 * no unit here); NULL is the system. NOT_FOUND: no such indicator; STATE:
 * events give it for a unit of this node; INVALID names the field: num beyond the indicator's
 * range, no method, a note that is missing for a correction or without evidence. *seq may be
 * NULL. */
MUST_USE enum rc figure_enter(struct ctx *cx, const struct entered_new *e, int64_t *seq);
/* Appends figure.verified for the last entry of that period: what the authority found. cx->who
 * needs CAP_FIGURE_VERIFY above the body and is not who entered it. NOT_FOUND: nothing was
 * entered; CONFLICT: it was corrected since `seq`; STATE: it was verified with that value
 * already. Another value than verified before needs a note, too; both events stay. */
struct verified_new {
    int64_t seq; /* the entry that was looked at */
    int64_t num, den;
    struct str note; /* needed when the value differs */
};
MUST_USE enum rc figure_verify(struct ctx *cx, const struct verified_new *v);
/* What pages ask before they show a form; the functions above ask again. body: a code; of no unit
 * here: the root speaks for it. */
bool figure_may_enter(struct ctx *cx, struct str body);
bool figure_may_verify(struct ctx *cx, struct str body);
/* May somebody who is signed in read the body's evidence, who entered a figure, and the words of
 * an entry that was corrected? */
bool figure_may_open(struct ctx *cx, struct str body);
/* Who gave it: the event's actor, 0 the system, and the unit for which it was given. */
struct entered_by {
    struct subject_id actor;
    struct unit_id unit;
};
MUST_USE enum rc entered_by_get(struct ctx *cx, const struct entered_value *v,
                                struct entered_by *ret);
/* Nobody verifies their own entry: was it entered by cx->who? */
bool entered_is_own(const struct ctx *cx, const struct entered_by *by);

#endif
