/* fuzz_declare.c - any YAML as a scorecard, targets, alerts and datasets: read or refused, with
 * and without notes, and what was read holds what its header promises. */
#include "fuzz/fuzz.h"

#include "card/card.h"
#include "declare/dataset.h"
#include "declare/goal.h"
#include "text/yaml.h"
#include "unit/unit.h"

static bool kind_read(struct str word, unsigned *bit)
{
    enum unit_kind k;
    if (!unit_kind_parse(word, &k))
        return false;
    *bit = 1u << k;
    return true;
}

/* A parent stands before its parts; a sum's parts come to its points; ids stand once. */
static void card_holds(const struct scorecard *card)
{
    fuzz_must(card->n > 0 && card->n <= CARD_NODES_MAX && card->ngrades <= CARD_GRADES_MAX);
    for (size_t i = 0; i < card->n; i++) {
        const struct card_node *n = &card->nodes[i];
        fuzz_must(card_node_find(card, n->id) == n);
        fuzz_must(!n->parent || (n->parent < n && n->parent->depth + 1 == n->depth));
        fuzz_must(n->depth < CARD_DEPTH_MAX && n->points >= 0);
        fuzz_must(n->nsteps <= CARD_STEPS_MAX && n->num.n <= CARD_PARTS_MAX);
    }
    for (size_t i = 1; i < card->ngrades; i++)
        fuzz_must(card->grades[i].from < card->grades[i - 1].from);
    card_grade_of(card, card->points);
}

/* Every wrong line has a rule and a place. */
static void notes_hold(const struct decl_notes *notes)
{
    for (size_t i = 0; i < notes->n; i++)
        fuzz_must(notes->v[i].rc == RC_PACK && notes->v[i].field[0] == 'P');
}

static void card_try(struct ctx *cx, const struct json *yaml)
{
    struct decl_notes *notes = arena_new_of(cx->mem, struct decl_notes);
    struct scorecard *card = NULL, *noted = NULL;
    enum rc strict = card_read(cx, yaml, kind_read, NULL, &card);
    if (strict == RC_OK)
        card_holds(card);
    ctx_clear(cx);
    enum rc rc = card_read(cx, yaml, kind_read, notes, &noted);
    fuzz_must((strict == RC_OK) == (rc == RC_OK && notes->n == 0));
    notes_hold(notes);
    ctx_clear(cx);
}

static void goals_try(struct ctx *cx, const struct json *yaml)
{
    struct decl_notes *notes = arena_new_of(cx->mem, struct decl_notes);
    struct target_decls targets = {0};
    struct alert_decls alerts = {0};
    if (targets_read(cx, yaml, NULL, notes, &targets) == RC_OK)
        for (size_t i = 0; i < targets.n; i++)
            fuzz_must(targets.v[i].nknown <= TARGET_KNOWN_MAX);
    ctx_clear(cx);
    if (alerts_read(cx, yaml, NULL, notes, &alerts) == RC_OK)
        fuzz_must(alerts.n <= ALERTS_MAX);
    ctx_clear(cx);
    notes_hold(notes);
}

static void datasets_try(struct ctx *cx, const struct json *yaml)
{
    struct decl_notes *notes = arena_new_of(cx->mem, struct decl_notes);
    struct dataset_list list = {0};
    if (datasets_read(cx, yaml, NULL, NULL, &list) == RC_OK)
        for (size_t i = 0; i < list.n; i++)
            fuzz_must(list.v[i].k >= DATASET_K_MIN && list.v[i].k <= DATASET_K_MAX &&
                      list.v[i].ncolumns <= DATASET_COLUMNS_MAX && list.v[i].licence);
    ctx_clear(cx);
    if (datasets_read(cx, yaml, NULL, notes, &list) != RC_OK)
        ctx_clear(cx);
    notes_hold(notes);
}

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct json *yaml;
    log_level_set(LOG_ERROR);
    if (yaml_parse(cx, in, &yaml) != RC_OK)
        return;
    card_try(cx, yaml);
    goals_try(cx, yaml);
    datasets_try(cx, yaml);
}
