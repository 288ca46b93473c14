/* release.c - giving out: what is due, what may be, what the ledger says about it. */
#include "app/app.h"
#include "gen/opendata_sql.h"
#include "opendata/opendata_priv.h"
#include "store/store.h"

enum { CATCH_UP = 12, TICK_MAX = 40, RELEASE_MEMORY = 128 << 20 };

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

static enum rc give(struct ctx *cx, const struct offer *o, const struct data_period *s,
                    struct str csv, struct release *r)
{
    struct release_find_row *last;
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    TRY(db_begin(cx));
    TRY(sql_release_find(cx, o->id, s->name, 0, &last));
    r->revision = last ? last->revision : 1;
    if (last && str_eq(last->digest, r->digest)) {
        r->outcome = RELEASE_SAME;
        return RC_OK;
    }
    r->revision = last ? last->revision + 1 : 1;
    TRY(sql_bytes_put(cx, r->digest, csv));
    struct json *f = facts_of(cx, o, s, &r->found);
    json_put_int(cx->mem, f, "revision", r->revision);
    json_put_str(cx->mem, f, "digest", r->digest);
    json_put_int(cx->mem, f, "bytes", (int64_t)csv.n);
    json_put_int(cx->mem, f, "ledger_size", head.size);
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
            TRY(give(cx, o, s, csv, &r));
    }
    *ret = r;
    return RC_OK;
}

/* -- on schedule -- */

static enum rc is_settled(struct ctx *cx, const struct offer *o, const struct data_period *s,
                          bool *ret)
{
    struct release_find_row *done;
    struct refusal_find_row * not ;
    TRY(sql_release_find(cx, o->id, s->name, 0, &done));
    TRY(sql_refusal_find(cx, o->id, s->name, &not ));
    *ret = done || (not &&str_eq(not ->pack, o->pack->ref));
    return RC_OK;
}

/* One after the other in memory of its own: twenty datasets may have a year to catch up with. */
static enum rc release_one(struct ctx *cx, const struct offer *o, const struct data_period *s,
                           enum outcome *ret)
{
    struct arena *mem = cx->mem;
    struct release r = {0};
    cx->mem = arena_new(RELEASE_MEMORY);
    enum rc rc = dataset_release(cx, o, s, false, &r);
    if (rc == RC_OK)
        rc = db_commit(cx);
    else
        db_rollback(cx);
    arena_free(cx->mem);
    cx->mem = mem;
    *ret = r.outcome;
    return rc;
}

/* One that cannot be made must not keep the others back: it is logged and tried again with the
 * next tick. */
static enum outcome release_try(struct ctx *cx, const struct offer *o,
                                const struct data_period *s)
{
    enum outcome outcome = RELEASE_EMPTY;
    enum rc rc = release_one(cx, o, s, &outcome);
    if (rc != RC_OK)
        LOGE("dataset=%.*s period=%.*s rc=%s detail=\"%s\"", STR_ARG(o->id), STR_ARG(s->name),
             rc_name(rc), cx->err.detail);
    if (outcome == RELEASE_UNKNOWN)
        LOGW("dataset=%.*s period=%.*s a column is not counted", STR_ARG(o->id),
             STR_ARG(s->name));
    ctx_clear(cx);
    return rc == RC_OK ? outcome : RELEASE_EMPTY;
}

/* last: the last day on which anything happened; later periods have nothing to give out. */
static enum rc offer_tick(struct ctx *cx, const struct offer *o, int32_t last, size_t *released)
{
    int32_t due = day_of(cx->now_us) - (int32_t)cx->app->settings.opendata_days;
    int32_t past = data_period_of(cx->mem, last, o->d->every).to;
    struct data_period s = data_period_of(cx->mem, due < past ? due : past, o->d->every);
    for (int i = 0; i < CATCH_UP && *released < TICK_MAX; i++) {
        bool settled;
        s = data_period_of(cx->mem, s.from - 1, o->d->every);
        TRY(is_settled(cx, o, &s, &settled));
        if (settled)
            continue;
        *released += release_try(cx, o, &s) == RELEASE_DONE;
    }
    return RC_OK;
}

/* *ret: the last day that this node's ledger or a statement from below tells of, INT32_MIN when
 * there is none. */
static enum rc day_last(struct ctx *cx, int32_t *ret)
{
    struct day_last_row *own;
    struct month_told_row told;
    TRY(sql_day_last(cx, &own));
    TRY(sql_month_told(cx, &told));
    *ret = own ? (int32_t)own->day : INT32_MIN;
    if (told.period.n == 0)
        return RC_OK;
    struct data_period month;
    if (!data_period_parse(cx->mem, told.period, TIME_MONTH, &month))
        return FAIL(cx, CORRUPT, NULL, "a statement's period");
    *ret = month.to - 1 > *ret ? month.to - 1 : *ret;
    return RC_OK;
}

enum rc dataset_tick(struct ctx *cx, size_t *released)
{
    struct offers all = offers_all(cx);
    int32_t last;
    *released = 0;
    TRY(day_last(cx, &last));
    for (size_t i = 0; last != INT32_MIN && i < all.n; i++)
        TRY(offer_tick(cx, &all.v[i], last, released));
    return RC_OK;
}

/* -- folding -- */

static enum rc released_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    struct str id = json_str(f, "dataset"), period = json_str(f, "period");
    TRY(sql_refusal_end(cx, id, period));
    return sql_release_add(cx, id, period, json_int(f, "revision", 0), ev->seq, ev->time_us,
                           json_str(f, "digest"), json_int(f, "bytes", 0),
                           json_int(f, "rows", 0), json_int(f, "k", 0),
                           json_int(f, "smallest", 0), json_int(f, "ledger_size", 0), ev->pack);
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
