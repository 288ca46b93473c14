/* cell.c - counting: each event adds to its indicators' cells, in the same turn. */
#include "app/app.h"
#include "gen/measure_sql.h"
#include "measure/measure_priv.h"

static const char *const tables[] = {"cell", "indicator_set", "wait", NULL};

static int64_t month_of(int32_t day)
{
    struct civil c = civil_of_day(day);
    return (int64_t)c.year * 12 + c.month - 1;
}

static enum rc count_one(struct ctx *cx, const struct counted *c, const struct event *ev,
                         int sign)
{
    int64_t num = 0, den = 0, bucket = 0;
    int32_t day = day_of(ev->time_us);
    for (size_t i = 0; i < c->nspecs; i++) {
        const struct spec *s = &c->specs[i];
        if (s->kind != ev->kind || !expr_is_true(cx, s->when, ev->facts))
            continue;
        int64_t amount = spec_amount(s, ev->facts);
        *(s->is_den ? &den : &num) += amount;
        if (c->pub.is_distribution) {
            bucket = bucket_of(amount);
            den++;
        }
    }
    if (num == 0 && den == 0)
        return RC_OK;
    atomic_fetch_add(cx->app->measure->changes, 1);
    return sql_cell_add(cx, c->pub.id, ev->unit.v, day, json_str(ev->facts, "procedure"),
                        json_int(ev->facts, "channel", 0), bucket, month_of(day), sign * num,
                        sign * den);
}

static enum rc count_set(struct ctx *cx, const struct indicator_set *set,
                         const struct event *ev, int sign)
{
    bool own = str_eq(set->pack, json_str(ev->facts, "pack"));
    for (size_t i = 0; i < set->n; i++)
        if (own || set->v[i].any_procedure)
            TRY(count_one(cx, &set->v[i], ev, sign));
    return RC_OK;
}

/* +1 counts ev, -1 takes back what it was counted as. */
static enum rc count_all(struct ctx *cx, const struct event *ev, int sign)
{
    const struct measure *m = cx->app->measure;
    for (size_t i = 0; m && i < m->nsets; i++)
        if (ev->seq > m->sets[i].first && ev->seq < m->sets[i].last)
            TRY(count_set(cx, &m->sets[i], ev, sign));
    return RC_OK;
}

/* A move that was taken back is no more in any figure of its own day. */
static enum rc undone_apply(struct ctx *cx, const struct event *ev)
{
    struct event was = *ev;
    was.kind = EV_DOSSIER_MOVED;
    was.seq = json_int(ev->facts, "undoes", 0);
    was.time_us = json_int(ev->facts, "time_us", 0);
    was.facts = json_get(ev->facts, STR("was"));
    TRY(wait_count(cx, &was, -1));
    return count_all(cx, &was, -1);
}

static enum rc measure_apply(struct ctx *cx, const struct event *ev)
{
    if (ev->kind == EV_PACK_PUBLISHED) {
        struct str id = json_str(ev->facts, "id"), version = json_str(ev->facts, "version");
        struct str ref = str_fmt(cx->mem, "%.*s@%.*s", STR_ARG(id), STR_ARG(version));
        return sql_indicator_set_add(cx, ref, id, ev->seq);
    }
    if (ev->kind == EV_DOSSIER_MOVED)
        TRY(wait_count(cx, ev, 1));
    if (ev->kind == EV_DOSSIER_UNDONE)
        return undone_apply(cx, ev);
    bool counts = ev->kind == EV_DOSSIER_SUBMITTED || ev->kind == EV_DOSSIER_MOVED ||
                  ev->kind == EV_DOSSIER_RATED || ev->kind == EV_BRANCH_ANSWERED ||
                  ev->kind == EV_DOSSIER_WARNED || ev->kind == EV_DRAFT_ABANDONED;
    return counts ? count_all(cx, ev, 1) : RC_OK;
}

const struct ledger_subscriber measure_subscriber = {"measure", measure_apply, tables};

const struct counted *counted_at(const struct measure *m, struct str id, const struct event *ev)
{
    for (size_t i = 0; i < m->nsets; i++) {
        const struct indicator_set *set = &m->sets[i];
        bool own = str_eq(set->pack, json_str(ev->facts, "pack"));
        if (ev->seq <= set->first || ev->seq >= set->last)
            continue;
        for (size_t j = 0; j < set->n; j++)
            if ((own || set->v[j].any_procedure) && str_eq(set->v[j].pub.id, id))
                return &set->v[j];
    }
    return NULL;
}

uint64_t measure_changes(const struct app *app)
{
    return app->measure ? atomic_load(app->measure->changes) : 0;
}

/* A later version of the same pack ends the earlier one's set. */
static enum rc sets_load(struct ctx *cx, struct measure *m)
{
    struct indicator_sets_rows rows;
    TRY(sql_indicator_sets(cx, &rows));
    m->sets = arena_array(cx->mem, struct indicator_set, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const struct pack *p = pack_version(cx, rows.v[i].ref);
        for (size_t j = 0; j < m->nsets; j++)
            if (str_eq(m->sets[j].pack, rows.v[i].pack) && m->sets[j].last == INT64_MAX)
                m->sets[j].last = rows.v[i].seq;
        if (!p || !p->indicators)
            continue;
        struct indicator_set *set = &m->sets[m->nsets++];
        *set =
            (struct indicator_set){str_dup(cx->mem, p->id), rows.v[i].seq, INT64_MAX, NULL, 0};
        TRY(counted_load(cx, p, &set->v, &set->n));
    }
    return RC_OK;
}

static void list_present(struct ctx *cx, struct measure *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->nsets; i++)
        n += m->sets[i].n;
    m->all = arena_array(cx->mem, const struct indicator *, n);
    for (size_t i = 0; i < m->nsets; i++)
        for (size_t j = 0; m->sets[i].last == INT64_MAX && j < m->sets[i].n; j++)
            m->all[m->nall++] = &m->sets[i].v[j].pub;
}

enum rc measure_open(struct ctx *cx, struct measure **ret)
{
    struct arena *mem = cx->mem;
    cx->mem = cx->app->mem;
    struct measure *m = arena_new_of(cx->mem, struct measure);
    m->changes = cx->app->measure ? cx->app->measure->changes
                                  : arena_new_of(cx->mem, atomic_uint_fast64_t);
    enum rc rc = sets_load(cx, m);
    if (rc == RC_OK)
        list_present(cx, m);
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
    const struct measure *m = cx->app->measure;
    for (size_t i = 0; i < m->nall; i++)
        if (str_eq(m->all[i]->id, id))
            return m->all[i];
    return NULL;
}
