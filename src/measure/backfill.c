/* backfill.c - an indicator that is newly declared counts what happened before, too.
 *
 * Each step is an event that says: from now on the indicator counts since event `from`. Live, the
 * step counts events from … to - 1 as it is applied; in a rebuild they were counted at their own
 * place already, for the declarations are known there from the beginning. Then both fold, so
 * that what was counted stands in the same tables. */
#include "app/app.h"
#include "gen/measure_sql.h"
#include "measure/backfill.h"
#include "measure/sum/fold.h"
#include "measure/measure_priv.h"

enum { STEP_EVENTS = 5000 };

/* -- one step -- */

struct step {
    const struct counted *c;
    const struct indicator_set *set;
    struct clock_days_rows clock; /* latest first */
    struct tally *tally;
    bool untraced; /* what is being counted was taken back since */
};

/* The ledger's day as it was known with that event. */
static int32_t clock_at(const struct step *s, int64_t seq)
{
    for (size_t i = 0; i < s->clock.n; i++)
        if (s->clock.v[i].seq <= seq)
            return (int32_t)s->clock.v[i].day;
    return INT32_MIN;
}

static enum rc count_past(struct ctx *cx, const struct step *s, const struct event *ev,
                          int64_t seq, int sign)
{
    const struct taker t = {s->set, s->c};
    struct count k = count_begin(cx, ev, seq, sign, clock_at(s, seq));
    k.into = s->tally;
    k.untraced = s->untraced;
    if (ev->seq >= s->set->last ||
        (!s->c->any_procedure && !str_eq(t.set->pack, json_str(ev->facts, "pack"))))
        return RC_OK;
    return count_one(cx, &k, s->c);
}

/* A move from before the declaration, taken back after it: nothing took it off then. */
static enum rc undone_later(struct ctx *cx, const struct step *s, const struct event *ev)
{
    struct event_list list;
    TRY(ledger_events_of(cx, EV_DOSSIER_UNDONE, EV_DOSSIER_UNDONE, ev->subject, false, &list));
    for (size_t i = 0; i < list.n; i++)
        if (json_int(list.v[i]->facts, "undoes", -1) == ev->seq &&
            list.v[i]->seq > s->set->first)
            return count_past(cx, s, ev, list.v[i]->seq, -1);
    return RC_OK;
}

static enum rc step_each(struct ctx *cx, const struct event *ev, void *arg, bool *stop)
{
    struct step *s = arg;
    struct undone_is_row *undone = NULL;
    *stop = false;
    s->untraced = false;
    if (ev->kind == EV_DOSSIER_UNDONE) {
        struct event was = event_undone(ev);
        return count_past(cx, s, &was, ev->seq, -1);
    }
    if (ev->kind == EV_DOSSIER_MOVED)
        TRY(sql_undone_is(cx, ev->seq, &undone));
    s->untraced = undone != NULL;
    TRY(count_past(cx, s, ev, ev->seq, 1));
    return undone ? undone_later(cx, s, ev) : RC_OK;
}

static enum rc step_count(struct ctx *cx, struct step *s, int64_t from, int64_t to)
{
    struct ledger_scan scan = {.from_us = INT64_MIN,
                               .to_us = INT64_MAX,
                               .after = from - 1,
                               .most = to - from,
                               .each = step_each,
                               .arg = s};
    int64_t next;
    size_t n = counted_kinds(s->c, scan.kinds);
    scan.kinds[n] = EV_DOSSIER_UNDONE;
    s->tally = tally_new(cx);
    TRY(sql_clock_days(cx, &s->clock));
    TRY(ledger_scan(cx, &scan, &next));
    return tally_write(cx, s->tally);
}

static bool set_find(const struct measure *m, struct str ref, struct str id, struct step *ret)
{
    for (size_t i = 0; i < m->nsets; i++)
        for (size_t j = 0; str_eq(m->sets[i].ref, ref) && j < m->sets[i].n; j++)
            if (str_eq(m->sets[i].v[j].pub.id, id)) {
                *ret = (struct step){.c = &m->sets[i].v[j], .set = &m->sets[i]};
                return true;
            }
    return false;
}

enum rc backfill_apply(struct ctx *cx, const struct event *ev)
{
    struct str ref = json_str(ev->facts, "ref"), id = json_str(ev->facts, "indicator");
    int64_t from = json_int(ev->facts, "from", 0), to = json_int(ev->facts, "to", 0);
    struct step s;
    if (!ledger_is_replay(cx)) {
        if (!set_find(cx->app->measure, ref, id, &s))
            return FAIL(cx, CORRUPT, "indicator", "%.*s %.*s", STR_ARG(ref), STR_ARG(id));
        TRY(step_count(cx, &s, from, to));
    }
    return sql_past_set(cx, ref, id, from);
}

/* -- all of them -- */

/* The first version of those without a gap up to now that declare it: what came before that one
 * was never counted. */
static bool first_declared(const struct measure *m, struct str id, struct step *ret)
{
    int64_t last = 0; /* until when what was found so far is in force */
    struct step s;
    *ret = (struct step){0};
    for (size_t i = 0; i < m->nsets; i++) {
        const struct indicator_set *set = &m->sets[i];
        if (!set_find(m, set->ref, id, &s) || (ret->set && !str_eq(set->pack, ret->set->pack)))
            continue;
        /* another version without it, or none, was in between */
        if (!ret->set || last != set->first)
            *ret = s;
        last = set->last;
    }
    return last == INT64_MAX;
}

enum rc indicator_since(struct ctx *cx, struct str id, int64_t *ret)
{
    struct step s;
    if (!first_declared(cx->app->measure, id, &s))
        return FAIL(cx, NOT_FOUND, "indicator", "no indicator %.*s",
                    STR_ARG(str_cut(id, 0, 80)));
    *ret = s.c->since;
    return RC_OK;
}

static enum rc step_append(struct ctx *cx, const struct step *s, int64_t from)
{
    struct event ev = {.kind = EV_INDICATOR_BACKFILLED, .pack = s->set->ref};
    ev.facts = json_new_obj(cx->mem);
    if (cx->who)
        ev.actor = cx->who->subject;
    json_put_str(cx->mem, ev.facts, "ref", s->set->ref);
    json_put_str(cx->mem, ev.facts, "indicator", s->c->pub.id);
    json_put_int(cx->mem, ev.facts, "from", from);
    json_put_int(cx->mem, ev.facts, "to", s->c->since);
    TRY(db_begin(cx));
    TRY(ledger_append(cx, &ev));
    return db_commit(cx);
}

enum rc indicator_backfill(struct ctx *cx, struct str id, progress_fn *progress, void *arg)
{
    struct step s;
    int64_t all;
    TRY(indicator_since(cx, id, &all));
    if (!first_declared(cx->app->measure, id, &s) || s.c->pub.is_entered)
        return FAIL(cx, STATE, "indicator", "it is entered, not counted");
    while (s.c->since > 0) {
        int64_t from = s.c->since > STEP_EVENTS ? s.c->since - STEP_EVENTS : 0;
        TRY(step_append(cx, &s, from));
        ((struct counted *)(uintptr_t)s.c)->since = from; /* as a reload would find it */
        if (progress)
            progress(arg, all - from, all);
    }
    return RC_OK;
}
