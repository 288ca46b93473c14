/* leaf.c - what a leaf of a scorecard is worth: cells, and what bodies declared. */
#include "score/score_priv.h"
#include "store/store.h"
#include "target/entered.h"

static enum card_unit unit_of_indicator(const struct indicator *ind)
{
    switch (ind->unit) {
    case IND_COUNT:
        return CARD_COUNT;
    case IND_PERCENT:
        return CARD_PERCENT;
    case IND_DAYS:
        return CARD_DAYS;
    case IND_VND:
        return CARD_VND;
    default:
        return CARD_SCORE;
    }
}

/* A number of its own, with nothing to divide by. */
static bool is_plain(const struct indicator *ind)
{
    if (ind->is_distribution)
        return false;
    return ind->unit == IND_COUNT || (ind->unit == IND_VND && !ind->has_of);
}

/* -- what is counted: asked first, found afterwards -- */

size_t basket_size(const struct scorecard *card)
{
    size_t n = 0;
    for (size_t i = 0; i < card->n; i++)
        n += card->nodes[i].nchildren ? 0 : 1 + card->nodes[i].num.n + card->nodes[i].den.n;
    return n;
}

static void counted_ask(struct ctx *cx, const struct slice *s, struct str id, bool is_all,
                        struct basket *b)
{
    const struct indicator *ind = indicator_find(cx, id);
    if (!ind || ind->is_entered)
        return;
    struct figure_ask *q = &b->v[b->n++];
    *q = (struct figure_ask){.ind = ind, .slice = *s};
    if (is_all)
        q->slice.unit.v = 0;
}

void leaf_ask(struct ctx *cx, const struct slice *s, const struct card_node *n,
              struct basket *b)
{
    if (n->nchildren)
        return;
    if (n->indicator.n) {
        counted_ask(cx, s, n->indicator, false, b);
        return;
    }
    for (size_t i = 0; i < n->num.n; i++)
        counted_ask(cx, s, n->num.v[i].indicator, n->num.v[i].is_all, b);
    for (size_t i = 0; i < n->den.n; i++)
        counted_ask(cx, s, n->den.v[i].indicator, n->den.v[i].is_all, b);
}

static enum rc counted_get(struct ctx *cx, struct basket *b, const struct indicator *ind,
                           const struct slice *s, struct figure *ret)
{
    for (size_t i = 0; i < b->n; i++) {
        size_t at = (b->at + i) % b->n;
        if (b->v[at].ind != ind || b->v[at].slice.unit.v != s->unit.v)
            continue;
        b->at = at;
        *ret = b->v[at].f;
        return RC_OK;
    }
    return figure_get(cx, ind, s, ret); /* entered ones are counted as nothing */
}

static enum rc indicator_read(struct ctx *cx, const struct slice *s, struct basket *b,
                              struct score_row *row, struct score_got *ret)
{
    struct figure f;
    const struct indicator *ind = row->indicator;
    if (!ind) {
        ret->state = SCORE_UNCONNECTED;
        return RC_OK;
    }
    TRY(counted_get(cx, b, ind, s, &f));
    enum card_unit unit = unit_of_indicator(ind);
    ret->num = f.num;
    ret->den = is_plain(ind) ? 0 : f.den;
    ret->state = !is_plain(ind) && f.den == 0 ? SCORE_NOTHING : SCORE_SAID;
    if (ret->state == SCORE_SAID)
        ret->value = score_value(unit, row->node->decimals, f.num, ret->den);
    return RC_OK;
}

/* -- what a body declares -- */

static enum rc declared_get(struct ctx *cx, const struct slice *s, const struct basket *b,
                            struct str id, struct entered *ret)
{
    const struct unit *u = unit_of(cx, s->unit);
    u = u ? u : unit_root(cx);
    *ret = (struct entered){0};
    const struct map *bodies = b->declared ? map_get(b->declared, id) : NULL;
    if (u && bodies && !map_has(bodies, u->code))
        return RC_OK;
    return u ? entered_get(cx, id, u->code, s->period, ret) : RC_OK;
}

static void declared_take(const struct card_node *n, const struct indicator *ind,
                          const struct entered_value *v, struct score_got *ret)
{
    if (!v->is_given)
        return;
    ret->state = SCORE_SAID;
    ret->num = v->num;
    ret->den = v->den;
    ret->value = score_value(unit_of_indicator(ind), n->decimals, v->num, v->den);
}

static enum rc declared_read(struct ctx *cx, const struct slice *s, const struct basket *b,
                             struct score_row *row)
{
    const struct card_node *n = row->node;
    const struct indicator *ind = n->entered.n ? indicator_find(cx, n->entered) : NULL;
    struct entered e;
    if (!ind)
        return RC_OK;
    TRY(declared_get(cx, s, b, ind->id, &e));
    declared_take(n, ind, &e.self, &row->by[SCORE_SELF]);
    declared_take(n, ind, &e.verified, &row->by[SCORE_VERIFIED]);
    if (!row->indicator)
        row->indicator = ind; /* for the unit of what is shown */
    return RC_OK;
}

/* A part that is declared counts when all of its period is looked at: a year's cost says nothing
 * about a month. */
static enum rc declared_part(struct ctx *cx, const struct slice *s, const struct basket *b,
                             struct str id, struct figure *f, enum score_state *state)
{
    struct entered e;
    TRY(declared_get(cx, s, b, id, &e));
    const struct entered_value *v = e.verified.is_given ? &e.verified : &e.self;
    bool fits = e.period.from >= s->period.from && e.period.to <= s->period.to;
    if (!v->is_given || !fits) {
        *state = SCORE_NOTHING;
        return RC_OK;
    }
    *f = (struct figure){.num = v->num, .den = v->den};
    return RC_OK;
}

/* -- sums of indicators -- */

struct parts_sum {
    int64_t sum;
    enum score_state state;
};

static enum rc parts_add(struct ctx *cx, const struct slice *s, struct basket *b,
                         const struct card_parts *parts, struct parts_sum *ret)
{
    for (size_t i = 0; i < parts->n && ret->state == SCORE_SAID; i++) {
        struct figure f = {0};
        struct slice where = *s;
        if (parts->v[i].is_all)
            where.unit.v = 0;
        const struct indicator *ind = indicator_find(cx, parts->v[i].indicator);
        if (!ind) {
            ret->state = SCORE_UNCONNECTED;
            return RC_OK;
        }
        if (ind->is_entered)
            TRY(declared_part(cx, &where, b, ind->id, &f, &ret->state));
        else
            TRY(counted_get(cx, b, ind, &where, &f));
        ret->sum += parts->v[i].sign * (parts->v[i].is_den ? f.den : f.num);
    }
    return RC_OK;
}

static enum rc parts_read(struct ctx *cx, const struct slice *s, struct basket *b,
                          const struct card_node *n, struct score_got *ret)
{
    struct parts_sum num = {0, SCORE_SAID}, den;
    TRY(parts_add(cx, s, b, &n->num, &num));
    den = (struct parts_sum){0, num.state};
    TRY(parts_add(cx, s, b, &n->den, &den));
    ret->num = num.sum;
    ret->den = den.sum;
    ret->state = den.state;
    if (ret->state == SCORE_SAID && n->den.n && ret->den <= 0)
        ret->state = SCORE_NOTHING;
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

enum rc leaf_read(struct ctx *cx, const struct slice *s, struct basket *b,
                  struct score_row *row)
{
    const struct card_node *n = row->node;
    if (n->nchildren)
        return RC_OK;
    for (int i = 0; i < SCORE_SOURCES; i++)
        row->by[i] = (struct score_got){.value = DB_NULL, .state = SCORE_NOTHING};
    struct score_got *got = &row->by[SCORE_AUTO];
    if (n->indicator.n)
        row->indicator = indicator_find(cx, n->indicator);
    if (n->indicator.n)
        TRY(indicator_read(cx, s, b, row, got));
    else if (n->num.n)
        TRY(parts_read(cx, s, b, n, got));
    else
        got->state = SCORE_UNCONNECTED;
    if (n->unconnected && got->num <= 0) { /* nobody can do it yet: no zero to be blamed for */
        got->state = SCORE_UNCONNECTED;
        got->value = DB_NULL;
    }
    TRY(declared_read(cx, s, b, row));
    counts_choose(row);
    for (int i = 0; i < SCORE_SOURCES; i++)
        score_points(n, i == SCORE_COUNTS, &row->by[i]);
    return RC_OK;
}
