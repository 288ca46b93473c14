/* owner.c - whose cells are whose: the tree of units as it stood on a day. */
#include "measure/owner.h"

enum { SUCCESSIONS_MAX = 32 };

static const struct unit everything; /* ROWS_ONE: the one row there is */

static bool is_merged(const struct unit *u, int32_t day)
{
    return u->to <= day && u->nsuccessors > 0;
}

const struct unit *unit_owner(const struct unit *u, int32_t day)
{
    for (int i = 0; i < SUCCESSIONS_MAX && is_merged(u, day); i++)
        u = u->successors[0];
    return u;
}

struct forest forest_on(struct ctx *cx, const struct unit *unit, enum read_rows rows,
                        int32_t day)
{
    struct forest f = {unit, rows, day, rows == ROWS_EACH, false};
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    for (size_t i = 0; i < n && !f.merged; i++)
        f.merged = is_merged(all[i], day);
    return f;
}

const struct unit *forest_row(const struct forest *f, const struct unit *u)
{
    const struct unit *own = unit_owner(u, f->day), *branch = NULL;
    for (const struct unit *x = own; x; x = x->parent ? unit_owner(x->parent, f->day) : NULL) {
        if (x == f->unit)
            return f->rows == ROWS_ONE    ? &everything
                   : f->rows == ROWS_EACH ? own
                   : branch               ? branch
                                          : x;
        branch = x;
    }
    if (f->unit)
        return NULL;
    return f->rows == ROWS_ONE ? &everything : f->rows == ROWS_EACH ? own : branch;
}

static void term_add(struct terms *t, const struct unit *u, const struct unit *row, bool own)
{
    t->v[t->n++] = (struct term){u, row, own};
}

/* Do all units below u belong to the same row as u? */
static bool is_uniform(const struct forest *f, const struct unit *u, const struct unit *row)
{
    for (size_t i = 0; i < u->nchildren; i++)
        if (forest_row(f, u->children[i]) != row || !is_uniform(f, u->children[i], row))
            return false;
    return true;
}

static void terms_below(const struct forest *f, const struct unit *u, struct terms *t)
{
    const struct unit *row = forest_row(f, u);
    if (is_uniform(f, u, row)) {
        if (row)
            term_add(t, u, row, false);
        return;
    }
    if (row)
        term_add(t, u, row, true);
    for (size_t i = 0; i < u->nchildren; i++)
        terms_below(f, u->children[i], t);
}

/* Nothing was merged: the units asked for are the folded sums themselves. */
static void terms_plain(const struct forest *f, const struct unit *u, struct terms *t)
{
    if (f->rows == ROWS_ONE || !f->unit) {
        term_add(t, u, forest_row(f, u), false);
        return;
    }
    term_add(t, u, u, true);
    for (size_t i = 0; i < u->nchildren; i++)
        term_add(t, u->children[i], u->children[i], false);
}

struct terms forest_terms(struct ctx *cx, const struct forest *f)
{
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    bool is_plain = !f->merged && !f->apart && f->unit;
    size_t most = is_plain ? f->unit->nchildren : n; /* a nation has thousands of units */
    struct terms t = {arena_array(cx->mem, struct term, most + 1), 0};
    if (is_plain) {
        terms_plain(f, f->unit, &t);
        return t;
    }
    for (size_t i = 0; i < n; i++) {
        const struct unit *row = f->apart ? forest_row(f, all[i]) : NULL;
        if (row)
            term_add(&t, all[i], row, true);
        else if (!f->apart && !all[i]->parent)
            (f->merged ? terms_below : terms_plain)(f, all[i], &t);
    }
    return t;
}

/* -- what belongs to nobody -- */

bool unit_stands(const struct unit *u, int32_t day)
{
    return u->from <= day && u->to > day;
}

static struct holder *holder_of(struct holders *h, const struct unit *row)
{
    for (size_t i = h->n; i-- > 0;) /* units of one row stand together */
        if (h->v[i].row == row)
            return &h->v[i];
    h->v[h->n] = (struct holder){row, 0};
    return &h->v[h->n++];
}

struct holders forest_holders(struct ctx *cx, const struct forest *f)
{
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    size_t most = f->rows == ROWS_ONE ? 1 : n + 1;
    struct holders h = {arena_array(cx->mem, struct holder, most), 0};
    for (size_t i = 0; i < n; i++) {
        const struct unit *row = unit_stands(all[i], f->day) ? forest_row(f, all[i]) : NULL;
        if (row)
            holder_of(&h, row)->kinds |= 1u << all[i]->kind;
    }
    if (!f->unit && f->rows == ROWS_ONE) /* a node that has no units yet */
        holder_of(&h, &everything)->kinds = ~0u;
    return h;
}
