/* sets.c - the declarations in force: which indicators of which pack version count which events. */
#include "app/app.h"
#include "base/keep.h"
#include "gen/measure_sql.h"
#include "measure/lately/lately.h"
#include "measure/sum/held.h"
#include "measure/log.h"
#include "measure/measure_priv.h"

/* A later version of the same pack ends the earlier one's set. */
static void others_end(struct measure *m, struct str pack, int64_t seq)
{
    for (size_t i = 0; i < m->nsets; i++)
        if (str_eq(m->sets[i].pack, pack) && m->sets[i].last == INT64_MAX)
            m->sets[i].last = seq;
}

static void past_take(struct indicator_set *set, struct str ref,
                      const struct past_all_rows *past)
{
    for (size_t i = 0; i < past->n; i++)
        for (size_t j = 0; str_eq(past->v[i].ref, ref) && j < set->n; j++)
            if (str_eq(set->v[j].pub.id, past->v[i].indicator))
                set->v[j].since = past->v[i].since;
}

static enum rc sets_load(struct ctx *cx, struct measure *m)
{
    struct indicator_sets_rows rows;
    struct past_all_rows past;
    TRY(sql_indicator_sets(cx, &rows));
    TRY(sql_past_all(cx, &past));
    m->sets = arena_array(cx->mem, struct indicator_set, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const struct pack *p = pack_version(cx, rows.v[i].ref);
        others_end(m, rows.v[i].pack, rows.v[i].seq);
        if (!p || !p->indicators)
            continue;
        struct indicator_set *set = &m->sets[m->nsets++];
        *set = (struct indicator_set){p->ref, p->id, rows.v[i].seq, INT64_MAX, NULL, 0};
        TRY(counted_load(cx, p, &set->v, &set->n));
        for (size_t j = 0; j < set->n; j++)
            set->v[j].since = set->first + 1;
        past_take(set, p->ref, &past);
    }
    return RC_OK;
}

/* -- by kind of event, so that an event meets only what may count it -- */

/* The same condition over the same kind is asked once an event, however many declare it. */
static size_t cond_of(struct ctx *cx, struct map *conds, const struct spec *s)
{
    struct str key = str_fmt(cx->mem, "%d %.*s", (int)s->kind, STR_ARG(expr_source(s->when)));
    const size_t *at = map_get(conds, key);
    return at ? *at : SIZE_MAX;
}

/* Most conditions fail at such a fact: `ended && …`. One too many goes without. */
static uint64_t guard_of(struct takers *t, struct str fact)
{
    size_t i = 0;
    while (i < t->nguards && !str_eq(t->guards[i], fact))
        i++;
    if (fact.n == 0 || i == GUARDS_MAX)
        return 0;
    t->guards[i] = fact;
    t->nguards += i == t->nguards;
    return UINT64_C(1) << i;
}

static void conds_number(struct ctx *cx, struct measure *m, struct map *conds,
                         struct counted *c)
{
    for (size_t i = 0; i < c->nspecs; i++) {
        struct spec *s = &c->specs[i];
        if (!s->when)
            continue;
        size_t at = cond_of(cx, conds, s);
        s->guard = guard_of(&m->takers[s->kind], expr_needs(s->when));
        if (at == SIZE_MAX) {
            size_t *kept = arena_new_of(cx->mem, size_t);
            at = *kept = m->takers[s->kind].nconds++;
            map_set(conds,
                    str_fmt(cx->mem, "%d %.*s", (int)s->kind, STR_ARG(expr_source(s->when))),
                    kept);
        }
        s->cond = at;
    }
}

static bool takes_kind(const struct counted *c, enum event_kind kind)
{
    for (size_t i = 0; i < c->nspecs; i++)
        if (c->specs[i].kind == kind)
            return true;
    return false;
}

static void takers_add(struct ctx *cx, struct measure *m, enum event_kind kind)
{
    struct takers *t = &m->takers[kind];
    size_t n = 0;
    for (size_t i = 0; i < m->nsets; i++)
        for (size_t j = 0; j < m->sets[i].n; j++)
            n += takes_kind(&m->sets[i].v[j], kind);
    t->v = arena_array(cx->mem, struct taker, n);
    for (size_t i = 0; i < m->nsets; i++)
        for (size_t j = 0; j < m->sets[i].n; j++)
            if (takes_kind(&m->sets[i].v[j], kind))
                t->v[t->n++] = (struct taker){&m->sets[i], &m->sets[i].v[j]};
}

static void takers_load(struct ctx *cx, struct measure *m)
{
    struct map *conds = map_new(cx->mem);
    for (size_t i = 0; i < m->nsets; i++)
        for (size_t j = 0; j < m->sets[i].n; j++)
            conds_number(cx, m, conds, &m->sets[i].v[j]);
    for (int kind = EV_NONE; kind < EV_COUNT; kind++)
        takers_add(cx, m, (enum event_kind)kind);
}

static void list_present(struct ctx *cx, struct measure *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->nsets; i++)
        n += m->sets[i].n;
    m->all = arena_array(cx->mem, const struct indicator *, n);
    m->by_id = map_new(cx->mem);
    for (size_t i = 0; i < m->nsets; i++)
        for (size_t j = 0; m->sets[i].last == INT64_MAX && j < m->sets[i].n; j++) {
            struct indicator *ind = &m->sets[i].v[j].pub;
            if (!map_has(m->by_id, ind->id))
                map_set(m->by_id, ind->id, ind);
            m->all[m->nall++] = ind;
        }
}

/* -- */

enum rc measure_open(struct ctx *cx, struct measure **ret)
{
    struct arena *mem = cx->mem;
    cx->mem = cx->app->mem;
    struct measure *m = arena_new_of(cx->mem, struct measure);
    m->changes = cx->app->measure ? cx->app->measure->changes
                                  : arena_new_of(cx->mem, atomic_uint_fast64_t);
    m->log = cx->app->measure ? cx->app->measure->log : log_cache_new(cx->mem);
    m->memo = cx->app->measure ? cx->app->measure->memo : memo_new(cx->mem);
    m->keep = cx->app->measure ? cx->app->measure->keep : keep_new(cx->mem);
    m->lately = cx->app->measure ? cx->app->measure->lately : lately_new(cx->mem);
    m->held = cx->app->measure ? cx->app->measure->held : held_new(cx->mem);
    m->young = cx->app->measure ? cx->app->measure->young : young_new(cx->mem);
    m->clock = cx->app->measure ? cx->app->measure->clock : arena_new_of(cx->mem, struct clock);
    enum rc rc = cx->app->measure ? RC_OK : young_begin(cx, m->young);
    if (rc == RC_OK)
        rc = sets_load(cx, m);
    if (rc == RC_OK) {
        takers_load(cx, m);
        list_present(cx, m);
    }
    cx->mem = mem;
    TRY(rc);
    *ret = m;
    return RC_OK;
}

enum rc measure_reload(struct ctx *cx)
{
    return measure_open(cx, &cx->app->measure);
}

const struct indicator *const *indicator_all(struct ctx *cx, size_t *n)
{
    *n = cx->app->measure->nall;
    return cx->app->measure->all;
}

const struct indicator *indicator_find(struct ctx *cx, struct str id)
{
    return map_get(cx->app->measure->by_id, id);
}

const struct counted *counted_at(const struct measure *m, struct str id, const struct event *ev)
{
    const struct takers *t = &m->takers[ev->kind];
    struct str pack = json_str(ev->facts, "pack");
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->v[i].c->pub.id, id) && counted_in(&t->v[i], ev, pack))
            return t->v[i].c;
    return NULL;
}

const struct counted *counted_of(const struct indicator *ind)
{
    return (const struct counted *)(const void *)ind; /* its first member */
}
