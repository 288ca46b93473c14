/* migrate.c - open dossiers go on under another version of their pack. */
#include "app/app.h"
#include "casework/migrate.h"
#include "gen/moves_sql.h"
#include "moves/moves.h"
#include "store/store.h"

enum { LISTED_MAX = 200 };

/* One run over the open dossiers of a version. */
struct migrating {
    const struct migration_plan *plan;
    const struct pack *from, *to;
    struct json *unmapped, *unfit, *redated; /* what is told */
    int64_t open, moved;
};

static enum rc version_find(struct ctx *cx, struct str pack, struct str version,
                            const struct pack **ret)
{
    *ret = pack_version(cx, str_fmt(cx->mem, "%.*s@%.*s", STR_ARG(pack), STR_ARG(version)));
    if (!*ret || !(*ret)->flow || !(*ret)->form)
        return FAIL(cx, NOT_FOUND, "version", "%.*s@%.*s is not published", STR_ARG(pack),
                    STR_ARG(version));
    return RC_OK;
}

/* Every name of the map is a state: of the old flow on the left, of the new one on the right. */
static enum rc map_check(struct ctx *cx, const struct migrating *m)
{
    JSON_EACH (m->plan->map, v)
        if (v->kind != JSON_STR || !flow_state_find(m->from->flow, v->key) ||
            !flow_state_find(m->to->flow, v->s))
            return FAIL(cx, INVALID, "map", "no state %.*s", STR_ARG(str_cut(v->key, 0, 40)));
    return RC_OK;
}

static void unmapped_add(struct ctx *cx, struct migrating *m, struct str state)
{
    JSON_EACH (m->unmapped, o)
        if (str_eq(json_str(o, "state"), state)) {
            json_put_int(cx->mem, o, "n", json_int(o, "n", 0) + 1);
            return;
        }
    struct json *o = json_push(m->unmapped, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "state", state);
    json_put_int(cx->mem, o, "n", 1);
}

/* Open branches must be asked by the new state, too. */
static enum rc branches_fit(struct ctx *cx, const struct dossier *d,
                            const struct flow_state *to, bool *ret)
{
    struct branch_list all;
    TRY(dossier_branches(cx, d, &all));
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].is_open && !flow_branch_find(to, all.v[i].fb->id))
            *ret = false;
    return RC_OK;
}

/* The new form must take the answers in force; erased ones ask nothing. */
static enum rc answers_fit(struct ctx *cx, const struct migrating *m, const struct dossier *d,
                           bool *ret)
{
    struct json *answers = NULL;
    struct form_errors errs = {0};
    enum rc rc = dossier_answers(cx, d, &answers);
    if (rc == RC_OK)
        rc = form_check(cx, m->to->form, json_copy(cx->mem, answers), &errs);
    *ret = rc == RC_OK || rc == RC_GONE;
    if (rc != RC_OK && rc != RC_GONE && rc != RC_INVALID)
        return rc;
    ctx_clear(cx);
    return RC_OK;
}

static void redated_add(struct ctx *cx, struct migrating *m, const struct dossier *d,
                        const struct dossier *next)
{
    if (d->due == next->due || m->redated->n >= LISTED_MAX)
        return;
    struct json *o = json_push(m->redated, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "code", d->code);
    json_put_str(cx->mem, o, "due_old",
                 d->due == INT32_MIN ? STR("") : day_iso(cx->mem, d->due));
    json_put_str(cx->mem, o, "due_new",
                 next->due == INT32_MIN ? STR("") : day_iso(cx->mem, next->due));
}

static enum rc one_migrate(struct ctx *cx, struct migrating *m, int64_t id)
{
    struct dossier *d = NULL, *next = arena_new_of(cx->mem, struct dossier);
    bool joins = true, fits = false;
    m->open++;
    TRY(dossier_by_id(cx, (struct dossier_id){id}, &d));
    if (!dossier_rebase(d, m->to, m->plan->map, next)) {
        unmapped_add(cx, m, d->state->id);
        return RC_OK;
    }
    TRY(branches_fit(cx, d, next->state, &joins));
    if (!joins) {
        unmapped_add(cx, m, d->state->id);
        return RC_OK;
    }
    TRY(answers_fit(cx, m, d, &fits));
    if (!fits) {
        if (m->unfit->n < LISTED_MAX)
            json_push(m->unfit, json_new_str(cx->mem, d->code));
        return RC_OK;
    }
    dossier_recount(cx, next);
    redated_add(cx, m, d, next);
    m->moved++;
    return m->plan->dry_run ? RC_OK : dossier_migrate(cx, d, next, m->plan->map);
}

static enum rc all_migrate(struct ctx *cx, struct migrating *m)
{
    struct moves_open_rows rows;
    int64_t after = INT64_MIN + 1;
    do {
        if (!m->plan->dry_run)
            TRY(db_begin(cx));
        TRY(sql_moves_open(cx, m->from->ref, after, MIGRATION_BATCH, &rows));
        for (size_t i = 0; i < rows.n; i++) {
            after = rows.v[i].id;
            TRY(one_migrate(cx, m, after));
        }
        TRY(db_commit(cx));
    } while (rows.n == MIGRATION_BATCH);
    return RC_OK;
}

enum rc dossiers_migrate(struct ctx *cx, const struct migration_plan *p, struct json **ret)
{
    struct arena *mem = cx->mem;
    struct migrating m = {.plan = p};
    struct json *o = json_new_obj(mem);
    TRY(version_find(cx, p->pack, p->from, &m.from));
    TRY(version_find(cx, p->pack, p->to, &m.to));
    if (m.from == m.to)
        return FAIL(cx, INVALID, "to", "the same version");
    TRY(map_check(cx, &m));
    m.unmapped = json_new_arr(mem);
    m.unfit = json_new_arr(mem);
    m.redated = json_new_arr(mem);
    TRY(all_migrate(cx, &m));
    json_put_str(mem, o, "pack", p->pack);
    json_put_str(mem, o, "from", p->from);
    json_put_str(mem, o, "to", p->to);
    json_put_bool(mem, o, "dry_run", p->dry_run);
    json_put_int(mem, o, "open", m.open);
    json_put_int(mem, o, "moved", m.moved);
    json_put_int(mem, o, "stay", m.open - m.moved);
    json_put(o, STR("unmapped"), m.unmapped);
    json_put(o, STR("unfit"), m.unfit);
    json_put(o, STR("redated"), m.redated);
    *ret = o;
    return RC_OK;
}
