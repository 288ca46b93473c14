/* unit.c - the present snapshot of the tree, and looking things up in it. */
#include "unit/unit_priv.h"

#include <stdatomic.h>

#include "app/app.h"
#include "base/locked.h"
#include "base/map.h"
#include "gen/unit_sql.h"
#include "store/store.h"

struct units {
    struct locked own; /* one changes at a time; of every snapshot of this process */
    _Atomic(const struct unit_tree *) now;
};

static enum rc take_row(struct ctx *cx, const struct unit_rows_row *row, void *arg)
{
    struct unit_lines *in = arg;
    if (in->n == UNITS_MAX)
        return FAIL(cx, TOO_LARGE, "unit", "more than %d units", UNITS_MAX);
    struct unit_line *l = arena_new_of(cx->mem, struct unit_line);
    l->u = (struct unit){.id = {row->id},
                         .code = str_dup(cx->mem, row->code),
                         .code_old = str_dup(cx->mem, row->code_old),
                         .name_vi = str_dup(cx->mem, row->name_vi),
                         .name_en = str_dup(cx->mem, row->name_en),
                         .from = (int32_t)row->from_day,
                         .to = (int32_t)row->to_day};
    l->parent = row->parent == DB_NULL ? 0 : row->parent;
    if (!unit_kind_parse(row->kind, &l->u.kind))
        return FAIL(cx, CORRUPT, "unit", "kind %.*s", STR_ARG(row->kind));
    in->text += row->code.n + row->code_old.n + row->name_vi.n + row->name_en.n;
    in->n++;
    *in->end = l;
    in->end = &l->next;
    return RC_OK;
}

static enum rc take_successor(struct ctx *cx, const struct unit_successor_rows_row *row,
                              void *arg)
{
    struct unit_lines *in = arg;
    struct unit_follow *f = arena_new_of(cx->mem, struct unit_follow);
    *f = (struct unit_follow){.unit = row->unit, .successor = row->successor};
    *in->follow_end = f;
    in->follow_end = &f->next;
    return RC_OK;
}

static enum rc take_duty(struct ctx *cx, const struct unit_duty_rows_row *row, void *arg)
{
    struct unit_lines *in = arg;
    struct unit_duty *d = arena_new_of(cx->mem, struct unit_duty);
    *d = (struct unit_duty){.unit = row->unit, .duty = str_dup(cx->mem, row->duty)};
    in->text += row->duty.n;
    *in->duty_end = d;
    in->duty_end = &d->next;
    return RC_OK;
}

static enum rc build(struct ctx *cx, struct units *us, struct unit_tree_mark mark)
{
    struct unit_lines in = {0};
    in.end = &in.first;
    in.follow_end = &in.follow;
    in.duty_end = &in.duty;
    TRY(sql_unit_rows(cx, take_row, &in));
    TRY(sql_unit_successor_rows(cx, take_successor, &in));
    TRY(sql_unit_duty_rows(cx, take_duty, &in));
    if (arena_used(us->own.mem) + unit_tree_bytes(&in) > UNIT_BYTES_MAX)
        return FAIL(cx, OVERLOADED, "unit", "too many changes of the tree: restart");
    struct unit_tree *t;
    TRY(unit_tree_new(cx, us->own.mem, &in, &t));
    t->mark = mark;
    atomic_store_explicit(&us->now, t, memory_order_release);
    return RC_OK;
}

static enum rc load(struct ctx *cx, struct units *us)
{
    struct unit_version_row row;
    TRY(sql_unit_version(cx, &row));
    const struct unit_tree *t = atomic_load(&us->now);
    struct unit_tree_mark mark = {row.units, row.ended, row.duties, row.duties_ended};
    if (t && memcmp(&t->mark, &mark, sizeof mark) == 0)
        return RC_OK;
    return build(cx, us, mark);
}

enum rc units_open(struct ctx *cx, struct units **ret)
{
    struct units *us = arena_new_of(cx->app->mem, struct units);
    locked_begin(&us->own, cx->app->mem,
                 (size_t)UNIT_BYTES_MAX + (UNIT_BYTES_MAX >> 3)); /* and page ends */
    TRY(load(cx, us));
    *ret = us;
    return RC_OK;
}

/* cx->mem may escape while the rows are read: then the lock is let go by a closer. */
static void unlock(void *arg)
{
    struct units **held = arg;
    if (*held)
        locked_give(&(*held)->own);
    *held = NULL;
}

enum rc units_reload(struct ctx *cx)
{
    struct units **held = arena_new_of(cx->mem, struct units *);
    arena_on_free(cx->mem, unlock, held);
    locked_take(&cx->app->units->own);
    *held = cx->app->units;
    enum rc rc = load(cx, *held);
    unlock(held);
    return rc;
}

/* -- looking up -- */

static const struct unit_tree *tree_now(struct ctx *cx)
{
    static const struct unit_tree none = {0};
    if (!cx->app || !cx->app->units)
        return &none;
    return atomic_load_explicit(&cx->app->units->now, memory_order_acquire);
}

const struct unit *unit_of(struct ctx *cx, struct unit_id id)
{
    return unit_tree_of(tree_now(cx), id.v);
}

const struct unit *unit_find(struct ctx *cx, struct str code)
{
    const struct unit_tree *t = tree_now(cx);
    return t->by_code ? map_get(t->by_code, code) : NULL;
}

struct str unit_code_of(struct ctx *cx, struct unit_id id)
{
    const struct unit *u = unit_of(cx, id);
    return u ? u->code : STR("");
}

struct str unit_name(struct ctx *cx, const struct unit *u)
{
    return cx->lang == LANG_EN ? u->name_en : u->name_vi;
}

const struct unit *unit_root(struct ctx *cx)
{
    const struct unit_tree *t = tree_now(cx);
    return t->n ? t->all[0] : NULL;
}

const struct unit *const *unit_all(struct ctx *cx, size_t *n)
{
    const struct unit_tree *t = tree_now(cx);
    *n = t->n;
    return t->all;
}

bool unit_is_within(const struct unit *u, const struct unit *ancestor)
{
    for (; u; u = u->parent)
        if (ancestor && u->id.v == ancestor->id.v) /* not ==: snapshots may differ */
            return true;
    return false;
}
