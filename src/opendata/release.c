/* release.c - giving out: what may be, and what the ledger says about it. */
#include "gen/opendata_sql.h"
#include "opendata/opendata_priv.h"
#include "store/store.h"

/* -- events -- */

static struct json *facts_of(struct ctx *cx, const struct offer *o, const struct data_period *s,
                             const struct anonymity *a)
{
    struct json *f = json_new_obj(cx->mem);
    json_put_str(cx->mem, f, "dataset", o->id);
    json_put_str(cx->mem, f, "period", s->name);
    json_put_int(cx->mem, f, "rows", a->nrows);
    json_put_int(cx->mem, f, "k", a->k);
    json_put_int(cx->mem, f, "smallest", a->smallest);
    return f;
}

static enum rc tell(struct ctx *cx, enum event_kind kind, const struct offer *o,
                    struct json *facts)
{
    struct event ev = {.kind = kind, .pack = o->pack->ref, .facts = facts};
    if (cx->who)
        ev.actor = cx->who->subject;
    return ledger_append(cx, &ev);
}

static struct json *grain_json(struct ctx *cx, const struct grain *g)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "time", str_from(time_name(g->time)));
    json_put_str(cx->mem, o, "unit", str_from(area_name(g->area)));
    json_put_bool(cx->mem, o, "procedure", g->procedure);
    json_put_bool(cx->mem, o, "channel", g->channel);
    return o;
}

static enum rc refuse(struct ctx *cx, const struct offer *o, const struct data_period *s,
                      const struct anonymity *a)
{
    struct refusal_find_row *old;
    TRY(db_begin(cx));
    TRY(sql_refusal_find(cx, o->id, s->name, &old));
    if (old && old->under == a->under && old->smallest == a->smallest &&
        str_eq(old->pack, o->pack->ref))
        return RC_OK; /* said already */
    struct json *f = facts_of(cx, o, s, a);
    json_put_int(cx->mem, f, "under", a->under);
    struct json *list = json_put(f, STR("coarser"), json_new_arr(cx->mem));
    for (size_t i = 0; i < a->ncoarser; i++)
        json_push(list, grain_json(cx, &a->coarser[i]));
    return tell(cx, EV_DATASET_REFUSED, o, f);
}

/* The nodes below whose statements it is made without; released by hand, also those not yet due. */
static enum rc missing_facts(struct ctx *cx, const struct offer *o, const struct data_period *s,
                             struct json *f)
{
    struct stated stated;
    if (o->d->event) /* statements have no single events */
        return RC_OK;
    TRY(statements_of(cx, NULL, s->from, s->to, &stated));
    size_t n = stated.nmissing + stated.nwaiting;
    JSON_EACH (stated.waiting, w)
        if (stated.missing->n < STATED_NAMED)
            json_push(stated.missing, json_copy(cx->mem, w));
    if (!n)
        return RC_OK;
    json_put(f, STR("missing"), stated.missing);
    json_put_int(cx->mem, f, "nmissing", (int64_t)n);
    return RC_OK;
}

static enum rc give(struct ctx *cx, const struct table *t, const struct data_period *s,
                    struct str csv, struct release *r)
{
    const struct offer *o = t->offer;
    struct release_find_row *last;
    struct ledger_head head;
    bool far;
    TRY(ledger_head_get(cx, &head));
    TRY(db_begin(cx));
    TRY(sql_release_find(cx, o->id, s->name, 0, &last));
    r->revision = last ? last->revision : 1;
    if (last && str_eq(last->digest, r->digest)) {
        r->outcome = RELEASE_SAME;
        return RC_OK;
    }
    TRY(release_apart(cx, t, s->name, last ? last->revision : 0, csv, o->d->k, &far));
    if (!far) {
        r->outcome = RELEASE_HELD;
        return RC_OK;
    }
    r->revision = last ? last->revision + 1 : 1;
    TRY(sql_bytes_put(cx, r->digest, csv));
    struct json *f = facts_of(cx, o, s, &r->found);
    json_put_int(cx->mem, f, "revision", r->revision);
    json_put_str(cx->mem, f, "digest", r->digest);
    json_put_int(cx->mem, f, "bytes", (int64_t)csv.n);
    json_put_int(cx->mem, f, "ledger_size", head.size);
    TRY(missing_facts(cx, o, s, f));
    return tell(cx, EV_DATASET_RELEASED, o, f);
}

enum rc dataset_release(struct ctx *cx, const struct offer *o, const struct data_period *s,
                        bool is_dry, struct release *ret)
{
    struct release r = {0};
    struct table t;
    struct str csv;
    if (s->to > day_of(cx->now_us))
        return FAIL(cx, STATE, "period", "%.*s is not over", STR_ARG(s->name));
    enum rc rc = content_collect(cx, o, s, &t);
    if (rc == RC_NOT_FOUND) {
        ctx_clear(cx);
        r.outcome = RELEASE_UNKNOWN;
        *ret = r;
        return RC_OK;
    }
    TRY(rc);
    TRY(anonymity_check(cx, &t, &r.found));
    r.outcome = t.n == 0 ? RELEASE_EMPTY : r.found.under ? RELEASE_REFUSED : RELEASE_DONE;
    if (r.outcome == RELEASE_REFUSED && !is_dry)
        TRY(refuse(cx, o, s, &r.found));
    if (r.outcome == RELEASE_DONE) {
        TRY(content_csv(cx, &t, &csv));
        struct hash h = hash_of(csv);
        r.digest = hash_hex(cx->mem, &h);
        if (!is_dry)
            TRY(give(cx, &t, s, csv, &r));
    }
    *ret = r;
    return RC_OK;
}

/* -- folding -- */

static enum rc released_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    struct str id = json_str(f, "dataset"), period = json_str(f, "period");
    const struct json *missing = json_get(f, STR("missing"));
    TRY(sql_refusal_end(cx, id, period));
    return sql_release_add(
        cx, id, period, json_int(f, "revision", 0), ev->seq, ev->time_us, json_str(f, "digest"),
        json_int(f, "bytes", 0), json_int(f, "rows", 0), json_int(f, "k", 0),
        json_int(f, "smallest", 0), json_int(f, "ledger_size", 0), ev->pack,
        missing ? json_canonical(cx->mem, missing) : STR(""), json_int(f, "nmissing", 0));
}

static enum rc refused_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    return sql_refusal_put(cx, json_str(f, "dataset"), json_str(f, "period"), ev->seq,
                           ev->time_us, json_int(f, "rows", 0), json_int(f, "under", 0),
                           json_int(f, "smallest", 0), json_int(f, "k", 0),
                           json_canonical(cx->mem, json_get(f, STR("coarser"))), ev->pack);
}

static enum rc opendata_apply(struct ctx *cx, const struct event *ev)
{
    if (ev->kind == EV_DATASET_RELEASED)
        return released_apply(cx, ev);
    return ev->kind == EV_DATASET_REFUSED ? refused_apply(cx, ev) : RC_OK;
}

static const char *const tables[] = {"dataset_release", "dataset_refusal", NULL};
const struct ledger_subscriber opendata_subscriber = {"opendata", opendata_apply, tables};
