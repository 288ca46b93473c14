/* score_priv.h - what the files of score/ share. See docs/internals/score.md. */
#ifndef SCORE_SCORE_PRIV_H
#define SCORE_SCORE_PRIV_H

#include "score/score.h"

/* -- leaf.c -- */
/* The values of a leaf from every source, and what they get; nothing for a branch. */
MUST_USE enum rc leaf_read(struct ctx *cx, const struct slice *s, struct score_row *row);

/* -- score.c -- */
/* num / den in hundredths of the unit, rounded to that many decimals (0-2), halves up; den 0: num
 * is the value. Below zero is zero. */
int64_t score_value(enum card_unit unit, int decimals, int64_t num, int64_t den);
/* Fills g->points and g->max from g->state and g->value. counts: where nothing is said the card's
 * rule holds; else it is neither had nor missing. */
void score_points(const struct card_node *n, bool counts, struct score_got *g);

#endif
