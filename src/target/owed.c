/* owed.c - which entered figures are missing, since when, and whose they are. */
#include "app/app.h"
#include "target/target_priv.h"

enum { MISSING_MAX = 40 };

static enum span span_of(const struct indicator *ind)
{
    static const enum span spans[] = {[EVERY_NONE] = SPAN_NONE,
                                      [EVERY_MONTH] = SPAN_MONTH,
                                      [EVERY_QUARTER] = SPAN_QUARTER,
                                      [EVERY_YEAR] = SPAN_YEAR};
    return spans[ind->every];
}

/* The last period that has ended and begins by the promised day: what comes later is nobody's
 * duty any more. */
static struct period last_period(int32_t today, int32_t promised, enum span span)
{
    int32_t day = promised < today ? promised : today;
    struct period p = period_at(day, span);
    return p.to > today ? period_before(p) : p;
}

/* The last day for which a value is known, entered or published. */
static enum rc known_until(struct ctx *cx, const struct target *t, struct period last,
                           int32_t *ret)
{
    const struct target_decl *d = t->decl;
    struct entered e;
    int32_t day = d->has_baseline ? d->baseline.day : INT32_MIN;
    if (d->nknown)
        day = d->known[d->nknown - 1].day;
    TRY(entered_get(cx, t->ind->id, d->body, (struct period){INT32_MIN, last.to}, &e));
    *ret = e.self.is_given && e.period.to - 1 > day ? e.period.to - 1 : day;
    return RC_OK;
}

/* A body that promised twice owes one figure: that for the later promise. */
static bool is_later(const struct target_list *all, const struct target *t)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct target *o = &all->v[i];
        bool is_same = o != t && o->ind == t->ind && str_eq(o->decl->body, t->decl->body) &&
                       o->decl->op != GOAL_NONE;
        if (is_same && (o->decl->goal.day > t->decl->goal.day ||
                        (o->decl->goal.day == t->decl->goal.day && o < t)))
            return false;
    }
    return true;
}

static bool is_asked(const struct target *t, const struct unit *of)
{
    return t->ind && t->ind->is_entered && t->ind->every != EVERY_NONE &&
           t->decl->op != GOAL_NONE && t->speaker && (!of || unit_is_within(t->speaker, of));
}

/* Is the figure owed for a promise already? */
static bool is_promised(const struct target_list *all, const struct target *t)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].ind == t->ind && str_eq(all->v[i].decl->body, t->decl->body) &&
            all->v[i].decl->op != GOAL_NONE)
            return true;
    return false;
}

static enum rc owed_add(struct ctx *cx, const struct target *t, struct owed_list *list)
{
    int32_t today = day_of(cx->now_us), known = INT32_MIN;
    struct period p = last_period(today, t->decl->goal.day, span_of(t->ind));
    struct owed o = {.target = *t, .period = p};
    TRY(known_until(cx, t, p, &known));
    for (; p.to - 1 > known && o.missing < MISSING_MAX; p = period_before(p)) {
        o.missing++;
        if (known == INT32_MIN) /* nothing was ever known: the last one is owed, not history */
            break;
    }
    if (!o.missing)
        return RC_OK;
    o.due = o.period.to - 1 + (int32_t)cx->app->settings.figure_grace_days;
    o.is_overdue = today > o.due;
    list->v[list->n++] = o;
    return RC_OK;
}

static int owed_cmp(const void *a, const void *b)
{
    const struct owed *x = a, *y = b;
    if (x->due != y->due)
        return x->due < y->due ? -1 : 1;
    return str_cmp(x->target.id, y->target.id);
}

enum rc target_owed(struct ctx *cx, struct unit_id of, struct owed_list *ret)
{
    struct target_list all, asked = {0};
    const struct unit *unit = of.v ? unit_of(cx, of) : NULL, *root = unit_root(cx);
    if (of.v && !unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    TRY(target_all(cx, &all));
    if (root && (!unit || unit_is_within(root, unit)))
        TRY(target_asked(cx, root, &asked));
    struct owed_list list = {arena_array(cx->mem, struct owed, all.n + asked.n + 1), 0};
    for (size_t i = 0; i < all.n; i++)
        if (is_asked(&all.v[i], unit) && is_later(&all, &all.v[i]))
            TRY(owed_add(cx, &all.v[i], &list));
    for (size_t i = 0; i < asked.n; i++)
        if (asked.v[i].ind->every != EVERY_NONE && !is_promised(&all, &asked.v[i]))
            TRY(owed_add(cx, &asked.v[i], &list));
    qsort(list.v, list.n, sizeof *list.v, owed_cmp);
    *ret = list;
    return RC_OK;
}
