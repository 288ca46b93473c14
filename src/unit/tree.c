/* tree.c - builds one immutable snapshot of the tree from its rows. */
#include "unit/unit_priv.h"

#include <inttypes.h>

#include "base/map.h"

/* Beside texts: the unit, its places in the lists and tables below, and alignment. */
enum {
    BYTES_PER_UNIT = sizeof(struct unit) + 512,
    BYTES_PER_FOLLOW = 32,
    BYTES_PER_DUTY = 48,
    BYTES_LEAST = 65536
};

size_t unit_tree_bytes(const struct unit_lines *in)
{
    size_t follows = 0, duties = 0;
    for (const struct unit_follow *f = in->follow; f; f = f->next)
        follows++;
    for (const struct unit_duty *d = in->duty; d; d = d->next)
        duties++;
    return BYTES_LEAST + in->n * BYTES_PER_UNIT + follows * BYTES_PER_FOLLOW +
           duties * BYTES_PER_DUTY + in->text;
}

static size_t slot_of(const struct unit_tree *t, int64_t id)
{
    return (size_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & (t->slots - 1);
}

const struct unit *unit_tree_of(const struct unit_tree *t, int64_t id)
{
    if (t->n == 0)
        return NULL;
    for (size_t i = slot_of(t, id); t->by_id[i]; i = (i + 1) & (t->slots - 1))
        if (t->by_id[i]->id.v == id)
            return t->by_id[i];
    return NULL;
}

static void index_unit(struct unit_tree *t, struct unit *u)
{
    size_t i = slot_of(t, u->id.v);
    while (t->by_id[i])
        i = (i + 1) & (t->slots - 1);
    t->by_id[i] = u;
    map_set(t->by_code, u->code, u);
    if (u->code_old.n)
        map_set(t->by_code, u->code_old, u);
}

static void copy_lines(struct unit_tree *t, struct arena *mem, const struct unit_lines *in)
{
    size_t i = 0;
    for (const struct unit_line *l = in->first; l; l = l->next) {
        struct unit *u = &t->v[i++];
        *u = l->u;
        u->code = str_dup(mem, u->code);
        u->code_old = str_dup(mem, u->code_old);
        u->name_vi = str_dup(mem, u->name_vi);
        u->name_en = str_dup(mem, u->name_en);
        index_unit(t, u);
    }
}

/* Sets parents and counts children; *root gets the only unit without a parent. */
static enum rc link_parents(struct ctx *cx, struct unit_tree *t, const struct unit_lines *in,
                            struct unit **root)
{
    size_t i = 0;
    for (const struct unit_line *l = in->first; l; l = l->next) {
        struct unit *u = &t->v[i++];
        if (l->parent == 0) {
            if (*root)
                return FAIL(cx, CORRUPT, "unit", "two roots: %.*s", STR_ARG(u->code));
            *root = u;
            continue;
        }
        u->parent = unit_tree_of(t, l->parent);
        if (!u->parent)
            return FAIL(cx, CORRUPT, "unit", "no parent for %.*s", STR_ARG(u->code));
        ((struct unit *)u->parent)->nchildren++;
    }
    return RC_OK;
}

static void link_children(struct unit_tree *t, struct arena *mem)
{
    for (size_t i = 0; i < t->n; i++) {
        struct unit *u = &t->v[i];
        u->children = (const struct unit *const *)arena_array(mem, void *, u->nchildren + 1);
        u->nchildren = 0;
    }
    for (size_t i = 0; i < t->n; i++) {
        struct unit *up = (struct unit *)t->v[i].parent;
        if (up)
            ((const struct unit **)up->children)[up->nchildren++] = &t->v[i];
    }
}

static enum rc link_successors(struct ctx *cx, struct unit_tree *t, struct arena *mem,
                               const struct unit_lines *in)
{
    for (const struct unit_follow *f = in->follow; f; f = f->next) {
        struct unit *u = (struct unit *)unit_tree_of(t, f->unit);
        const struct unit *to = unit_tree_of(t, f->successor);
        if (!u || !to || u->nsuccessors == UNIT_SUCCESSORS_MAX)
            return FAIL(cx, CORRUPT, "unit", "successor of %" PRId64, f->unit);
        if (!u->successors)
            u->successors =
                (const struct unit *const *)arena_array(mem, void *, UNIT_SUCCESSORS_MAX);
        ((const struct unit **)u->successors)[u->nsuccessors++] = to;
    }
    return RC_OK;
}

static size_t duties_of(const struct unit_duty *d)
{
    size_t n = 0;
    for (const struct unit_duty *i = d; i && i->unit == d->unit; i = i->next)
        n++;
    return n;
}

static enum rc link_duties(struct ctx *cx, struct unit_tree *t, struct arena *mem,
                           const struct unit_lines *in)
{
    for (const struct unit_duty *d = in->duty; d; d = d->next) {
        struct unit *u = (struct unit *)unit_tree_of(t, d->unit);
        if (!u)
            return FAIL(cx, CORRUPT, "unit", "duty of %" PRId64, d->unit);
        if (!u->duties)
            u->duties = arena_array(mem, struct str, duties_of(d));
        ((struct str *)u->duties)[u->nduties++] = str_dup(mem, d->duty);
    }
    return RC_OK;
}

/* Breadth first from the root: who is in a cycle is never reached. */
static enum rc order(struct ctx *cx, struct unit_tree *t, const struct unit *root)
{
    size_t done = 0, seen = 0;
    if (root)
        t->all[seen++] = root;
    for (; done < seen; done++)
        for (size_t i = 0; i < t->all[done]->nchildren; i++)
            t->all[seen++] = t->all[done]->children[i];
    if (seen != t->n)
        return FAIL(cx, CORRUPT, "unit", "%zu units hang in a cycle", t->n - seen);
    return RC_OK;
}

enum rc unit_tree_new(struct ctx *cx, struct arena *mem, const struct unit_lines *in,
                      struct unit_tree **ret)
{
    struct unit_tree *t = arena_new_of(mem, struct unit_tree);
    t->n = in->n;
    t->v = arena_array(mem, struct unit, t->n + 1);
    t->all = arena_array(mem, const struct unit *, t->n + 1);
    for (t->slots = 16; t->slots < 2 * t->n; t->slots *= 2)
        ;
    t->by_id = arena_array(mem, const struct unit *, t->slots);
    t->by_code = map_new(mem);
    struct unit *root = NULL;
    copy_lines(t, mem, in);
    TRY(link_parents(cx, t, in, &root));
    link_children(t, mem);
    TRY(link_successors(cx, t, mem, in));
    TRY(link_duties(cx, t, mem, in));
    TRY(order(cx, t, root));
    *ret = t;
    return RC_OK;
}
