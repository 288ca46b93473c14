/* score_priv.h - what the files of score/ share. See docs/internals/score.md. */
#ifndef SCORE_SCORE_PRIV_H
#define SCORE_SCORE_PRIV_H

#include "score/score.h"

/* -- leaf.c -- */
/* The figures that a sheet is made of. They are asked for all sheets together, then each leaf
 * finds its own. */
struct basket {
    struct figure_ask *v;
    size_t n, at; /* at: where the last one was found; the next is likely beside it */
    /* Indicator -> bodies (code -> anything) that declared something in the period; NULL: ask. */
    const struct map *declared;
};
/* How many figures a sheet of the card is made of, at most. */
size_t basket_size(const struct scorecard *card);
/* Puts what a leaf needs into the basket. */
void leaf_ask(struct ctx *cx, const struct slice *s, const struct card_node *n,
              struct basket *b);
/* The values of a leaf from every source, and what they get; nothing for a branch. */
MUST_USE enum rc leaf_read(struct ctx *cx, const struct slice *s, struct basket *b,
                           struct score_row *row);

/* -- score.c -- */
/* num / den in hundredths of the unit, rounded to that many decimals (0-2), halves up; den 0: num
 * is the value. Below zero is zero. */
int64_t score_value(enum card_unit unit, int decimals, int64_t num, int64_t den);
/* Fills g->points and g->max from g->state and g->value. counts: where nothing is said the card's
 * rule holds; else it is neither had nor missing. */
void score_points(const struct card_node *n, bool counts, struct score_got *g);

#endif
