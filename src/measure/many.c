/* many.c - many figures at a time: what pages of lists and scorecards are made of. */
#include <stdlib.h>

#include "app/app.h"
#include "base/time.h"
#include "gen/measure_sql.h"
#include "measure/lately/lately.h"
#include "measure/measure_priv.h"
#include "measure/read.h"

struct many {
    struct figure_ask **v; /* in order: those that can be read together stand together */
    size_t n;
    int64_t seq;
    struct lately *noted; /* NULL: nobody asks, it is only read again */
};

static int number_cmp(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Order of what has to be equal to be read together. */
static int group_cmp(const struct figure_ask *x, const struct figure_ask *y)
{
    int c = number_cmp((intptr_t)x->ind, (intptr_t)y->ind);
    c = c ? c : number_cmp(x->slice.period.from, y->slice.period.from);
    c = c ? c : number_cmp(x->slice.period.to, y->slice.period.to);
    c = c ? c : number_cmp(x->slice.channel, y->slice.channel);
    return c ? c : str_cmp(x->slice.procedure, y->slice.procedure);
}

static int ask_cmp(const void *a, const void *b)
{
    const struct figure_ask *x = *(struct figure_ask *const *)a;
    const struct figure_ask *y = *(struct figure_ask *const *)b;
    int c = group_cmp(x, y);
    return c ? c : number_cmp(x->slice.unit.v, y->slice.unit.v);
}

/* What folded sums of units say, without procedures and without counting different ones. */
static bool is_listed(const struct figure_ask *q)
{
    const struct indicator *ind = q->ind;
    return !ind->is_entered && q->slice.unit.v && !q->slice.procedure.n && !q->slice.channel &&
           ind->distinct == DISTINCT_NONE;
}

struct listed {
    struct reading r;
    struct figure *sums; /* as r.units */
};

static enum rc part_add(struct ctx *cx, const struct part *p, void *arg)
{
    const struct listed *l = arg;
    struct figure *f = &l->sums[reading_place(&l->r, p->row)];
    (void)cx;
    f->num += p->num;
    f->den += p->den;
    f->adjusted += p->late;
    return RC_OK;
}

static int unit_cmp(const void *a, const void *b)
{
    return number_cmp((intptr_t) * (const struct unit *const *)a,
                      (intptr_t) * (const struct unit *const *)b);
}

/* The units of a group, none twice. NOT_FOUND: one that there is not. */
static enum rc units_take(struct ctx *cx, struct figure_ask **v, size_t n, struct reading *r)
{
    const struct unit **units = arena_array(cx->mem, const struct unit *, n);
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        const struct unit *u = unit_of(cx, v[i]->slice.unit);
        if (!u)
            return FAIL(cx, NOT_FOUND, "unit", "no such unit");
        if (!used || units[used - 1] != u)
            units[used++] = u;
    }
    qsort(units, used, sizeof *units, unit_cmp);
    r->units = units;
    r->nunits = used;
    return RC_OK;
}

static enum rc group_read(struct ctx *cx, const struct many *m, struct figure_ask **v, size_t n)
{
    struct slice s = v[0]->slice;
    struct listed l = {
        .r = {.ind = v[0]->ind, .slice = &s, .rows = ROWS_LIST, .each = part_add, .arg = &l}};
    TRY(units_take(cx, v, n, &l.r));
    l.sums = arena_array(cx->mem, struct figure, l.r.nunits);
    TRY(cells_read(cx, &l.r));
    if (m->noted) /* what failed is not tried again by itself */
        lately_note(m->noted, v[0]->ind, &s, l.r.units, l.r.nunits, time_monotonic());
    for (size_t i = 0; i < n; i++) {
        v[i]->f = l.sums[reading_place(&l.r, unit_of(cx, v[i]->slice.unit))];
        v[i]->f.seq = m->seq;
    }
    return RC_OK;
}

/* One after the other, each but once. */
static enum rc group_ask(struct ctx *cx, struct figure_ask **v, size_t n, int64_t seq)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i]->ind->is_entered) /* it has no cells */
            v[i]->f = (struct figure){.seq = seq};
        else if (i && v[i]->slice.unit.v == v[i - 1]->slice.unit.v)
            v[i]->f = v[i - 1]->f;
        else
            TRY(figure_get(cx, v[i]->ind, &v[i]->slice, &v[i]->f));
    }
    return RC_OK;
}

static enum rc held_each(struct ctx *cx, const struct clock_held_row *r, void *arg)
{
    const struct many *m = arg;
    (void)r; /* read for the state it holds */
    for (size_t i = 0, n; i < m->n; i += n) {
        bool is_one = is_listed(m->v[i]);
        n = 1;
        while (i + n < m->n && group_cmp(m->v[i], m->v[i + n]) == 0 &&
               is_listed(m->v[i + n]) == is_one)
            n++;
        TRY(is_one ? group_read(cx, m, m->v + i, n) : group_ask(cx, m->v + i, n, m->seq));
    }
    return RC_OK;
}

static enum rc many_read(struct ctx *cx, struct figure_ask *v, size_t n, struct lately *noted)
{
    struct ledger_head head;
    struct many m = {arena_array(cx->mem, struct figure_ask *, n + 1), n, 0, noted};
    if (!n)
        return RC_OK;
    TRY(ledger_head_get(cx, &head)); /* before the cells: they are at least that new */
    m.seq = head.size;
    for (size_t i = 0; i < n; i++)
        m.v[i] = &v[i];
    qsort(m.v, n, sizeof *m.v, ask_cmp);
    return sql_clock_held(cx, held_each, &m);
}

enum rc figures_get(struct ctx *cx, struct figure_ask *v, size_t n)
{
    return many_read(cx, v, n, cx->app->measure->lately);
}

enum rc figures_read(struct ctx *cx, struct figure_ask *v, size_t n)
{
    return many_read(cx, v, n, NULL);
}
