/* score.c - a sheet: values of the leaves from cells, points up the tree. */
#include "score/score.h"

#include "app/app.h"
#include "score/score_priv.h"
#include "store/store.h"
#include "target/entered.h"

/* -- which scorecards there are -- */

size_t score_all(struct ctx *cx, const struct scorecard *ret[SCORECARDS_MAX])
{
    size_t n, used = 0;
    const struct pack *const *all = pack_all(cx, &n);
    for (size_t i = 0; i < n && used < SCORECARDS_MAX; i++)
        if (all[i]->scorecard)
            ret[used++] = all[i]->scorecard;
    return used;
}

const struct scorecard *score_find(struct ctx *cx, struct str id)
{
    const struct scorecard *all[SCORECARDS_MAX];
    size_t n = score_all(cx, all);
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i]->id, id))
            return all[i];
    const struct pack *p = pack_version(cx, id);
    return p ? p->scorecard : NULL;
}

bool score_is_for(const struct scorecard *card, const struct unit *u)
{
    return !card->kinds || (u && (card->kinds & (1u << u->kind)));
}

/* -- points of a value -- */

/* Halves go up, as people round; n and d are not negative. */
static int64_t divided(int64_t n, int64_t d)
{
    return (int64_t)(((__int128)n + d / 2) / d);
}

static int64_t rounded(int64_t hundredths, int decimals)
{
    static const int64_t unit[] = {100, 10, 1};
    return divided(hundredths, unit[decimals]) * unit[decimals];
}

/* points x part / whole, at most points. */
static int64_t share_of(int64_t points, int64_t part, int64_t whole)
{
    if (part <= 0)
        return 0;
    return part >= whole ? points : (int64_t)(((__int128)points * part + whole / 2) / whole);
}

static int64_t points_of_value(const struct card_node *n, int64_t value)
{
    int64_t got = 0;
    switch (n->rule) {
    case CARD_CAPPED:
    case CARD_RATIO:
        return share_of(n->points, value, n->threshold);
    case CARD_INVERSE:
        return value <= n->threshold ? n->points : share_of(n->points, n->threshold, value);
    case CARD_STEPS:
        for (size_t i = 0; i < n->nsteps; i++)
            if (value >= n->steps[i].from)
                got = n->steps[i].points;
        return got;
    default:
        return 0;
    }
}

int64_t score_value(enum card_unit unit, int decimals, int64_t num, int64_t den)
{
    static const int64_t scale[] = {1, 10, 100};
    int64_t to_unit = unit == CARD_PERCENT ? 100 : 1, keep = scale[decimals];
    if (num < 0)
        num = 0; /* rates that are taken off may overlap */
    if (den == 0)
        return num * 100;
    return (int64_t)(((__int128)num * to_unit * keep + den / 2) / den) * (100 / keep);
}

void score_points(const struct card_node *n, bool counts, struct score_got *g)
{
    bool is_full = n->nothing == NOTHING_FULL && g->state == SCORE_NOTHING;
    g->points = 0;
    g->max = n->points;
    if (g->state == SCORE_SAID)
        g->points = rounded(points_of_value(n, g->value), n->decimals);
    else if (counts && is_full)
        g->points = n->points;
    else if (!counts || n->nothing != NOTHING_ZERO)
        g->max = 0; /* a source stands for what it says, and no more */
}

/* -- up the tree -- */

/* What a branch has gathered of its parts, per source. */
struct gathered {
    struct score_got sum;
    int64_t shares; /* of the parts' points, in millionths */
    int64_t least;
    int n, said;
};

static void gather(struct gathered *g, const struct card_node *n, const struct score_got *got)
{
    g->sum.points += got->points;
    g->sum.max += got->max;
    if (got->state == SCORE_SAID)
        g->said++;
    if (got->max == 0)
        return;
    g->shares += n->points ? share_of(1000000, got->points, n->points) : 0;
    if (g->n == 0 || got->points < g->least)
        g->least = got->points;
    g->n++;
}

static void branch_points(const struct card_node *n, const struct gathered *g,
                          struct score_got *ret)
{
    *ret = (struct score_got){.value = DB_NULL};
    ret->state = g->said ? SCORE_SAID : SCORE_NOTHING;
    if (n->rule == CARD_SUM) {
        ret->points = g->sum.points;
        ret->max = g->sum.max;
    } else if (g->n) {
        ret->points = n->rule == CARD_MEAN
                          ? share_of(n->points, g->shares, INT64_C(1000000) * g->n)
                          : g->least;
        ret->max = n->points;
    }
    ret->points = rounded(ret->points, n->decimals);
}

static void tree_add_up(struct ctx *cx, struct score_sheet *sheet, enum score_source source)
{
    const struct scorecard *card = sheet->card;
    struct gathered *all = arena_array(cx->mem, struct gathered, card->n + 1);
    for (size_t i = card->n; i-- > 0;) {
        const struct card_node *n = &card->nodes[i];
        struct score_got *got = &sheet->v[i].by[source];
        if (n->nchildren)
            branch_points(n, &all[i], got);
        gather(&all[n->parent ? (size_t)(n->parent - card->nodes) : card->n], n, got);
    }
    const struct gathered *top = &all[card->n];
    sheet->by[source] = top->sum;
    sheet->by[source].value = DB_NULL;
    sheet->by[source].state = top->said ? SCORE_SAID : SCORE_NOTHING;
}

static void grade_find(struct score_sheet *sheet)
{
    const struct score_got *g = &sheet->by[SCORE_COUNTS];
    sheet->graded = g->max ? share_of(sheet->card->points, g->points, g->max) : 0;
    if (g->state == SCORE_SAID && sheet->card->points)
        sheet->grade = card_grade_of(sheet->card, sheet->graded);
}

/* -- sheets -- */

static enum rc sheet_fill(struct ctx *cx, const struct slice *s, struct basket *b,
                          struct score_sheet *sheet)
{
    for (size_t i = 0; i < sheet->n; i++)
        TRY(leaf_read(cx, s, b, &sheet->v[i]));
    for (int source = 0; source < SCORE_SOURCES; source++)
        tree_add_up(cx, sheet, (enum score_source)source);
    grade_find(sheet);
    return RC_OK;
}

/* An empty sheet, and what it asks for. */
static enum rc sheet_begin(struct ctx *cx, const struct scorecard *card, const struct slice *s,
                           struct basket *b, struct score_sheet *ret)
{
    *ret = (struct score_sheet){.card = card, .period = s->period, .n = card->n};
    ret->unit = unit_of(cx, s->unit);
    if (s->unit.v && !ret->unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    ret->v = arena_array(cx->mem, struct score_row, card->n);
    for (size_t i = 0; i < card->n; i++) {
        ret->v[i].node = &card->nodes[i];
        leaf_ask(cx, s, &card->nodes[i], b);
    }
    return RC_OK;
}

static enum rc bodies_find(struct ctx *cx, struct str id, struct period period,
                           struct map *found)
{
    const struct indicator *ind = id.n ? indicator_find(cx, id) : NULL;
    if (!ind || map_has(found, ind->id))
        return RC_OK;
    struct map *bodies = map_new(cx->mem);
    map_set(found, ind->id, bodies);
    return entered_bodies(cx, ind->id, period, bodies);
}

static enum rc parts_bodies(struct ctx *cx, const struct card_parts *parts,
                            struct period period, struct map *found)
{
    for (size_t i = 0; i < parts->n; i++) {
        const struct indicator *ind = indicator_find(cx, parts->v[i].indicator);
        if (ind && ind->is_entered)
            TRY(bodies_find(cx, ind->id, period, found));
    }
    return RC_OK;
}

/* Who declared anything of what the card takes from bodies: few do, and most units nothing. */
static enum rc declared_find(struct ctx *cx, const struct scorecard *card, struct period period,
                             struct map *found)
{
    for (size_t i = 0; i < card->n; i++) {
        const struct card_node *n = &card->nodes[i];
        TRY(bodies_find(cx, n->entered, period, found));
        TRY(parts_bodies(cx, &n->num, period, found));
        TRY(parts_bodies(cx, &n->den, period, found));
    }
    return RC_OK;
}

enum rc score_list(struct ctx *cx, const struct scorecard *card, const struct slice *slices,
                   size_t n, struct score_sheet *ret)
{
    struct ledger_head head;
    size_t each = basket_size(card), used = 0;
    struct map *declared = n > 1 ? map_new(cx->mem) : NULL;
    struct figure_ask *asks = arena_array(cx->mem, struct figure_ask, each * n + 1);
    struct basket *b = arena_array(cx->mem, struct basket, n + 1);
    TRY(ledger_head_get(cx, &head)); /* before the cells: they are at least that new */
    if (declared)
        TRY(declared_find(cx, card, slices[0].period, declared));
    for (size_t i = 0; i < n; i++) {
        b[i] = (struct basket){.v = asks + used, .declared = declared};
        TRY(sheet_begin(cx, card, &slices[i], &b[i], &ret[i]));
        ret[i].seq = head.size;
        used += b[i].n;
    }
    TRY(figures_get(cx, asks, used));
    for (size_t i = 0; i < n; i++)
        TRY(sheet_fill(cx, &slices[i], &b[i], &ret[i]));
    return RC_OK;
}

enum rc score_get(struct ctx *cx, const struct scorecard *card, const struct slice *s,
                  struct score_sheet *ret)
{
    return score_list(cx, card, s, 1, ret);
}
