/* asked.c - figures that scorecards ask of bodies: nobody promised them, but they are owed. */
#include "card/card.h"
#include "target/target_priv.h"

static bool is_for(const struct scorecard *card, const struct unit *u)
{
    return !card->kinds || (card->kinds & (1u << u->kind));
}

/* The entered indicator of a leaf; NULL: it has none, or no pack here declares it. */
static const struct indicator *entered_of(struct ctx *cx, const struct card_node *n)
{
    const struct indicator *ind = n->entered.n ? indicator_find(cx, n->entered) : NULL;
    return ind && ind->is_entered ? ind : NULL;
}

struct str target_asked_id(struct ctx *cx, struct str card, struct str indicator,
                           const struct unit *u)
{
    return str_fmt(cx->mem, "%.*s.%.*s.%.*s", STR_ARG(card), STR_ARG(indicator),
                   STR_ARG(u->code));
}

static struct target asked_make(struct ctx *cx, const struct pack *p,
                                const struct indicator *ind, const struct unit *u)
{
    struct target_decl *d = arena_new_of(cx->mem, struct target_decl);
    *d = (struct target_decl){.id = target_asked_id(cx, p->scorecard->id, ind->id, u),
                              .name = ind->name,
                              .body = u->code,
                              .op = GOAL_NONE,
                              .goal.day = INT32_MAX,
                              .quote = STR(""),
                              .source = label_text(cx, p->scorecard->name)};
    return (struct target){
        .id = d->id, .decl = d, .pack = p, .ind = ind, .unit = u, .speaker = u};
}

enum rc target_asked(struct ctx *cx, const struct unit *u, struct target_list *ret)
{
    size_t npacks, most = 0;
    const struct pack *const *packs = pack_all(cx, &npacks);
    for (size_t i = 0; i < npacks; i++)
        most += packs[i]->scorecard ? packs[i]->scorecard->n : 0;
    struct target_list all = {arena_array(cx->mem, struct target, most + 1), 0};
    for (size_t i = 0; i < npacks; i++) {
        const struct scorecard *card = packs[i]->scorecard;
        for (size_t j = 0; card && is_for(card, u) && j < card->n; j++) {
            const struct indicator *ind = entered_of(cx, &card->nodes[j]);
            if (ind)
                all.v[all.n++] = asked_make(cx, packs[i], ind, u);
        }
    }
    *ret = all;
    return RC_OK;
}

/* CARD.INDICATOR.UNIT: a unit's code may have dots of its own. */
enum rc target_asked_find(struct ctx *cx, struct str id, struct target *ret)
{
    size_t n;
    const struct unit *const *units = unit_all(cx, &n);
    for (size_t i = 0; i < n; i++) {
        struct target_list all;
        if (!str_ends(id, str_join(cx->mem, STR("."), units[i]->code)))
            continue;
        TRY(target_asked(cx, units[i], &all));
        for (size_t k = 0; k < all.n; k++)
            if (str_eq(all.v[k].id, id)) {
                *ret = all.v[k];
                return RC_OK;
            }
    }
    return FAIL(cx, NOT_FOUND, "id", "no such target");
}

enum rc target_of_figure(struct ctx *cx, struct str indicator, struct str body,
                         struct target *ret)
{
    struct target_list lists[2] = {0};
    const struct unit *u = unit_find(cx, body);
    TRY(target_all(cx, &lists[0]));
    if (u)
        TRY(target_asked(cx, u, &lists[1]));
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < lists[k].n; i++) {
            const struct target *t = &lists[k].v[i];
            if (t->ind && str_eq(t->ind->id, indicator) && str_eq(t->decl->body, body)) {
                *ret = *t;
                return RC_OK;
            }
        }
    return FAIL(cx, NOT_FOUND, "entry", "no target names it");
}
