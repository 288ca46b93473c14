/* gap.c - what the rows of a decision table do wrong together: gaps, overlaps, dead rows. */
#include "expr/table_priv.h"

#include "base/arena.h"

#include <stdlib.h>

/* Cuts a box along the ends of the rows' spans, column by column, until every piece is taken by
 * a row or by none. */
struct search {
    struct ctx *cx;
    const struct table *t;
    const struct spans *box; /* by column: where to look */
    size_t *rows[TABLE_KEYS_MAX + 1];
    int64_t *cuts[TABLE_KEYS_MAX];
    int64_t at[TABLE_KEYS_MAX]; /* the piece looked at: a gap, when one is found */
    unsigned steps;             /* of all searches in the table */
};

static bool piece_search(struct search *s, size_t col, size_t nrows);

static int place_cmp(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Where pieces of the column begin: at spans' beginnings and after their ends. */
static size_t cuts_find(struct search *s, size_t col, size_t nrows)
{
    int64_t *cuts = s->cuts[col];
    size_t n = 0, kept = 0;
    for (size_t i = 0; i <= nrows; i++) {
        const struct spans *of =
            i == nrows ? &s->box[col] : &s->t->rows[s->rows[col][i]].when[col];
        for (size_t k = 0; k < of->n; k++) {
            cuts[n++] = of->v[k].lo;
            if (of->v[k].hi != INT64_MAX)
                cuts[n++] = of->v[k].hi + 1;
        }
    }
    qsort(cuts, n, sizeof *cuts, place_cmp);
    for (size_t i = 0; i < n; i++)
        if (spans_hold(&s->box[col], cuts[i]) && (!kept || cuts[kept - 1] != cuts[i]))
            cuts[kept++] = cuts[i];
    return kept;
}

static bool row_takes_rest(const struct search *s, size_t row, size_t col)
{
    for (; col < s->t->nkeys; col++)
        for (size_t k = 0; k < s->box[col].n; k++) {
            const struct span *in = &s->box[col].v[k];
            const struct spans *w = &s->t->rows[row].when[col];
            bool holds = false;
            for (size_t i = 0; i < w->n; i++)
                holds = holds || (w->v[i].lo <= in->lo && w->v[i].hi >= in->hi);
            if (!holds)
                return false;
        }
    return true;
}

static bool rest_is_taken(const struct search *s, size_t col, size_t nrows)
{
    for (size_t i = 0; i < nrows; i++)
        if (row_takes_rest(s, s->rows[col][i], col))
            return true;
    return false;
}

/* Rather a number that people know than the least there is: the last before `next`. */
static int64_t known_place(const struct search *s, size_t col, int64_t next)
{
    int64_t hi = s->box[col].v[0].hi;
    if (next <= hi)
        return next - 1;
    return hi == INT64_MAX ? 0 : hi;
}

/* Is some piece of what is left, from column col on, taken by none of the rows? */
static bool piece_search(struct search *s, size_t col, size_t nrows)
{
    if (s->steps++ > TABLE_STEPS_MAX || rest_is_taken(s, col, nrows))
        return false;
    if (col == s->t->nkeys)
        return true; /* a row that got here would take it */
    size_t ncuts = cuts_find(s, col, nrows);
    for (size_t i = 0; i < ncuts; i++) {
        size_t n = 0;
        for (size_t k = 0; k < nrows; k++)
            if (spans_hold(&s->t->rows[s->rows[col][k]].when[col], s->cuts[col][i]))
                s->rows[col + 1][n++] = s->rows[col][k];
        s->at[col] = s->cuts[col][i];
        if (s->at[col] == INT64_MIN)
            s->at[col] = known_place(s, col, i + 1 < ncuts ? s->cuts[col][i + 1] : INT64_MAX);
        if (piece_search(s, col + 1, n))
            return true;
    }
    return false;
}

/* A place in the box that none of the first nrows rows takes. */
static bool gap_find(struct search *s, const struct spans *box, size_t nrows)
{
    s->box = box;
    for (size_t i = 0; i < s->t->nkeys; i++)
        if (!box[i].n)
            return false;
    for (size_t i = 0; i < nrows; i++)
        s->rows[0][i] = i;
    return piece_search(s, 0, nrows);
}

static struct str place_text(struct arena *mem, const struct table_key *k, int64_t at)
{
    switch (k->type) {
    case T_STR:
        return at < (int64_t)k->nwords ? k->words[at] : STR("(khác, other)");
    case T_BOOL:
        return at ? STR("true") : STR("false");
    case T_DATE:
        return day_iso(mem, (int32_t)at);
    default:
        return str_fmt(mem, "%lld", (long long)at);
    }
}

static void fault_add(struct search *s, struct table_faults *ret, struct table_fault f)
{
    if (ret->n == TABLE_FAULTS_MAX)
        return;
    struct buf *b = buf_new(s->cx->mem, 1000);
    for (size_t i = 0; i < s->t->nkeys; i++) {
        const struct table_key *k = &s->t->keys[i];
        buf_fmt(b, "%s%.*s = %.*s", i ? ", " : "", STR_ARG(k->name),
                STR_ARG(place_text(s->cx->mem, k, s->at[i])));
    }
    f.example = f.kind == TABLE_GAP || f.kind == TABLE_OVERLAP ? buf_str(b) : STR("");
    ret->v[ret->n++] = f;
}

static void spans_meet(const struct spans *a, const struct spans *b, struct spans *ret)
{
    ret->n = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++) {
            struct span in = {a->v[i].lo > b->v[k].lo ? a->v[i].lo : b->v[k].lo,
                              a->v[i].hi < b->v[k].hi ? a->v[i].hi : b->v[k].hi};
            if (in.lo <= in.hi)
                ret->v[ret->n++] = in;
        }
}

static bool spans_inside(const struct spans *a, const struct spans *b)
{
    for (size_t i = 0; i < a->n; i++) {
        bool holds = false;
        for (size_t k = 0; k < b->n; k++)
            holds = holds || (b->v[k].lo <= a->v[i].lo && b->v[k].hi >= a->v[i].hi);
        if (!holds)
            return false;
    }
    return true;
}

static bool results_equal(const struct table *t, const struct table_row *a,
                          const struct table_row *b)
{
    for (size_t i = 0; i < t->nresults; i++) {
        const struct val *x = &a->then[2 * i + 1], *y = &b->then[2 * i + 1];
        if (x->t != y->t || x->i != y->i || x->unit != y->unit || !str_eq(x->s, y->s))
            return false;
    }
    return true;
}

/* Does one of the two stand wholly inside the other? Then the order of the rows is meant: an
 * exception before its rule, or a dead row, which is told apart. */
static bool is_exception(const struct table *t, const struct table_row *a,
                         const struct table_row *b)
{
    bool first = true, second = true;
    for (size_t i = 0; i < t->nkeys; i++) {
        first = first && spans_inside(&a->when[i], &b->when[i]);
        second = second && spans_inside(&b->when[i], &a->when[i]);
    }
    return first || second;
}

static void overlap_check(struct search *s, size_t i, size_t k, struct table_faults *ret)
{
    const struct table *t = s->t;
    const struct table_row *a = &t->rows[i], *b = &t->rows[k];
    struct spans both[TABLE_KEYS_MAX];
    if (results_equal(t, a, b) || is_exception(t, a, b))
        return;
    for (size_t c = 0; c < t->nkeys; c++) {
        both[c].v = arena_array(s->cx->mem, struct span, a->when[c].n * b->when[c].n + 1);
        spans_meet(&a->when[c], &b->when[c], &both[c]);
        if (!both[c].n)
            return;
    }
    /* where an earlier row takes it, the two do not meet */
    if (gap_find(s, both, i))
        fault_add(s, ret, (struct table_fault){TABLE_OVERLAP, b->line, a->line, STR("")});
}

static void search_room(struct search *s, struct arena *mem)
{
    const struct table *t = s->t;
    size_t ends = 0, most = 0;
    for (size_t i = 0; i <= t->nkeys; i++)
        s->rows[i] = arena_array(mem, size_t, t->nrows + 1);
    for (size_t c = 0; c < t->nkeys; c++) {
        ends = 2;
        for (size_t i = 0; i < t->nrows; i++) {
            ends += 2 * t->rows[i].when[c].n;
            if (t->rows[i].when[c].n > most)
                most = t->rows[i].when[c].n;
        }
        s->cuts[c] = arena_array(mem, int64_t, ends + 2 * most * most);
    }
}

void table_check(struct ctx *cx, const struct tables *tables, struct table_faults *ret)
{
    const struct table *t = tables->v[tables->n - 1];
    struct search s = {.cx = cx, .t = t};
    struct spans all[TABLE_KEYS_MAX];
    struct span domains[TABLE_KEYS_MAX];
    ret->n = 0;
    search_room(&s, cx->mem);
    for (size_t i = 0; i < t->nkeys; i++) {
        domains[i] = t->keys[i].domain;
        all[i] = (struct spans){&domains[i], 1};
    }
    if (gap_find(&s, all, t->nrows))
        fault_add(&s, ret, (struct table_fault){TABLE_GAP, 0, 0, STR("")});
    for (size_t i = 0; i < t->nrows && s.steps <= TABLE_STEPS_MAX; i++) {
        if (!gap_find(&s, t->rows[i].when, i) && s.steps <= TABLE_STEPS_MAX)
            fault_add(&s, ret, (struct table_fault){TABLE_DEAD, t->rows[i].line, 0, STR("")});
        for (size_t k = i + 1; k < t->nrows; k++)
            overlap_check(&s, i, k, ret);
    }
    if (s.steps > TABLE_STEPS_MAX)
        fault_add(&s, ret, (struct table_fault){TABLE_LARGE, 0, 0, STR("")});
}
