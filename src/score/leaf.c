/* leaf.c - what a leaf of a scorecard is worth: cells, and what bodies declared. */
#include "score/score_priv.h"
#include "store/store.h"

static enum card_unit unit_of_indicator(const struct indicator *ind)
{
    switch (ind->unit) {
    case IND_COUNT:
        return CARD_COUNT;
    case IND_PERCENT:
        return CARD_PERCENT;
    case IND_DAYS:
        return CARD_DAYS;
    default:
        return CARD_SCORE;
    }
}

static enum rc indicator_read(struct ctx *cx, const struct slice *s, struct score_row *row,
                              struct score_got *ret)
{
    struct figure f;
    const struct indicator *ind = row->indicator;
    if (!ind) {
        ret->state = SCORE_UNCONNECTED;
        return RC_OK;
    }
    TRY(figure_get(cx, ind, s, &f));
    enum card_unit unit = unit_of_indicator(ind);
    ret->num = f.num;
    ret->den = unit == CARD_COUNT ? 0 : f.den;
    ret->state = unit != CARD_COUNT && f.den == 0 ? SCORE_NOTHING : SCORE_SAID;
    if (ret->state == SCORE_SAID)
        ret->value = score_value(unit, row->node->decimals, f.num, ret->den);
    return RC_OK;
}

/* False when one of them is known to nobody here. */
static enum rc parts_add(struct ctx *cx, const struct slice *s, const struct card_parts *parts,
                         int64_t *sum, bool *known)
{
    for (size_t i = 0; i < parts->n; i++) {
        struct figure f;
        const struct indicator *ind = indicator_find(cx, parts->v[i].indicator);
        if (!ind) {
            *known = false;
            return RC_OK;
        }
        TRY(figure_get(cx, ind, s, &f));
        *sum += parts->v[i].sign * (parts->v[i].is_den ? f.den : f.num);
    }
    return RC_OK;
}

static enum rc parts_read(struct ctx *cx, const struct slice *s, const struct card_node *n,
                          struct score_got *ret)
{
    bool known = true;
    TRY(parts_add(cx, s, &n->num, &ret->num, &known));
    if (known)
        TRY(parts_add(cx, s, &n->den, &ret->den, &known));
    if (!known)
        ret->state = SCORE_UNCONNECTED;
    else
        ret->state = n->den.n && ret->den <= 0 ? SCORE_NOTHING : SCORE_SAID;
    if (ret->state == SCORE_SAID)
        ret->value = score_value(n->unit, n->decimals, ret->num, n->den.n ? ret->den : 0);
    return RC_OK;
}

/* The one that counts: checked, else counted, else declared. */
static void counts_choose(struct score_row *row)
{
    static const enum score_source order[] = {SCORE_VERIFIED, SCORE_AUTO, SCORE_SELF};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (row->by[order[i]].state == SCORE_SAID) {
            row->by[SCORE_COUNTS] = row->by[order[i]];
            return;
        }
    row->by[SCORE_COUNTS] = row->by[SCORE_AUTO];
    if (row->node->entered.n && row->by[SCORE_AUTO].state == SCORE_UNCONNECTED)
        row->by[SCORE_COUNTS].state = SCORE_NOTHING; /* nobody declared it yet */
}

enum rc leaf_read(struct ctx *cx, const struct slice *s, struct score_row *row)
{
    const struct card_node *n = row->node;
    if (n->nchildren)
        return RC_OK;
    for (int i = 0; i < SCORE_SOURCES; i++)
        row->by[i] = (struct score_got){.value = DB_NULL, .state = SCORE_NOTHING};
    struct score_got *got = &row->by[SCORE_AUTO];
    if (n->indicator.n)
        row->indicator = indicator_find(cx, n->indicator);
    if (n->unconnected || (!n->indicator.n && !n->num.n))
        got->state = SCORE_UNCONNECTED;
    else if (n->indicator.n)
        TRY(indicator_read(cx, s, row, got));
    else
        TRY(parts_read(cx, s, n, got));
    counts_choose(row);
    for (int i = 0; i < SCORE_SOURCES; i++)
        score_points(n, i == SCORE_COUNTS, &row->by[i]);
    return RC_OK;
}
