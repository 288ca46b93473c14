/* rollup_priv.h - what the files of rollup/ share. See docs/internals/rollup.md.

 *
 * Cells travel as text lines and come back as such: both directions are here, so that what one
 * node prints another reads. Reading is strict (one spelling), bounded and without side effects. */
#ifndef ROLLUP_ROLLUP_PRIV_H
#define ROLLUP_ROLLUP_PRIV_H

#include "ledger/note.h"
#include "rollup/rollup.h"

/* A calendar month of Viet Nam: `from` its first civil day, `to` the first one after it. */
struct month {
    struct str name; /* "2026-10" */
    int64_t n;       /* year * 12 + month - 1 */
    int32_t from, to;
};
MUST_USE bool month_parse(struct arena *mem, struct str name, struct month *ret);
struct month month_at(struct arena *mem, int64_t n);
int64_t month_now(int64_t us);
/* The last day on which a statement of the month is in time. */
int32_t month_deadline(const struct ctx *cx, const struct month *m);

/* The most that one cell, and all cells of a statement together, may come to (num and den, without
 * signs): over a thousand nodes and years still far from 2^63. */
#define STATEMENT_AMOUNT_MAX INT64_C(1000000000000000)

/* The month has no statement of the node: "missing" after its deadline, "waiting" up to it,
 * "before" when that had passed before the node was trusted. */
struct nodes_row;
const char *state_without(struct ctx *cx, const struct nodes_row *node, const struct month *m);
bool units_are_nested(struct ctx *cx, const struct unit *a, struct str code);

/* -- cells as text: "procedure channel bucket num den", "-" for no procedure -- */
/* channel: 0 none, 1 counter, 2 online, 3 post. bucket: 0 but in a distribution. num and den: as in
 * measure/, at most 10^15. */
struct cell_line {
    struct str procedure;
    int64_t channel, bucket, num, den;
};
struct str cell_line_print(struct arena *mem, const struct cell_line *c);
MUST_USE bool cell_line_parse(struct str s, struct cell_line *ret);

/* What is signed: the statement's digest beside what it is about. */
struct str statement_text(struct arena *mem, struct str node, struct str period,
                          int64_t revision, const struct hash *digest);

/* -- past.c: that the ledger still holds what earlier statements named -- */
enum { PAST_MAX = 2 * STATEMENT_MONTHS }; /* heads, the latest ones, that a statement proves */
/* [{size, proof: [base64 …]}]: from the ledger's size in each earlier statement to `to`. */
MUST_USE enum rc past_prove(struct ctx *cx, int64_t to, struct json **ret);
/* A list of proofs as past_prove writes them, small enough to keep; they need not hold. */
bool past_is(const struct json *list);
/* Does the list prove that the head holds the one of `size` leaves and `root` (hexadecimal)? */
bool past_holds(struct ctx *cx, const struct json *list, int64_t size, struct str root,
                const struct checkpoint *head);

/* -- push.c -- */
/* POSTs the file; *status is 0 when nobody answered; *answer is at most ANSWER_MAX bytes. */
enum { ANSWER_MAX = 300 };
MUST_USE enum rc statement_post(struct ctx *cx, struct str file, long *status,
                                struct str *answer);

#endif
