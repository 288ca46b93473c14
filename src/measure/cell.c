/* cell.c - counting: each event adds to its indicators' cells, in the same turn. */
#include "app/app.h"
#include "gen/measure_sql.h"
#include "measure/measure_priv.h"
#include "measure/sum/held.h"

static const char *const tables[] = {
    "cell",      "cell_day",    "cell_month",    "below_day",      "sum_day",
    "sum_month", "cell_trace",  "cell_above",    "cell_clock",     "cell_late",
    "wait",      "move_undone", "indicator_set", "indicator_past", NULL};

/* -- one event -- */

static bool count_takes(struct ctx *cx, struct count *k, const struct spec *s)
{
    enum { UNKNOWN, NO, YES };
    if (!s->when || (s->guard & ~k->guards))
        return !s->when;
    if (k->known[s->cond] == UNKNOWN)
        k->known[s->cond] = expr_is_true(cx, s->when, k->ev->facts) ? YES : NO;
    return k->known[s->cond] == YES;
}

/* Into the log, after what the event added before; in bulk, to what waits. */
static enum rc log_put(struct ctx *cx, struct count *k, const struct tally_part *p)
{
    struct held *held = cx->app->measure->held;
    if (held_takes(held, k->row / ROWS_OF_EVENT)) {
        held_add(held, p);
        return held_is_full(held) && !held_is_beside(held) ? held_write(cx, held) : RC_OK;
    }
    if (k->row % ROWS_OF_EVENT == ROWS_OF_EVENT - 1)
        return FAIL(cx, TOO_LARGE, "indicator", "one event adds to %d cells",
                    ROWS_OF_EVENT - 1);
    TRY(sql_cell_add(cx, k->row, p->indicator, p->unit, p->day, month_of(p->day), p->procedure,
                     p->channel, p->bucket, p->num, p->den, p->subject, p->gone ? p->seq : 0));
    young_add(cx, cx->app->measure->young, k->row++, p);
    return RC_OK;
}

static enum rc cell_put(struct ctx *cx, struct count *k, const struct tally_part *p)
{
    if (!k->into)
        return log_put(cx, k, p);
    tally_add(k->into, p);
    return RC_OK;
}

static enum rc cell_write(struct ctx *cx, struct count *k, const struct indicator *ind,
                          int64_t bucket, const struct figure *f)
{
    struct str procedure = json_str(k->ev->facts, "procedure");
    int64_t channel = json_int(k->ev->facts, "channel", 0);
    if (f->num == 0 && f->den == 0)
        return RC_OK;
    atomic_fetch_add(cx->app->measure->changes, 1);
    if (k->day < k->clock)
        TRY(sql_late_add(cx, ind->id, k->day, k->clock, k->ev->unit.v, procedure, channel));
    return cell_put(cx, k,
                    &(struct tally_part){.indicator = ind->id,
                                         .procedure = procedure,
                                         .unit = k->ev->unit.v,
                                         .day = k->day,
                                         .channel = channel,
                                         .bucket = bucket,
                                         .num = k->sign * f->num,
                                         .den = k->sign * f->den,
                                         .seq = k->untraced ? -1 : k->ev->seq,
                                         .subject = ind->is_stock ? k->ev->subject : 0,
                                         .gone = k->sign < 0});
}

enum rc count_one(struct ctx *cx, struct count *k, const struct counted *c)
{
    struct figure sum = {0};
    for (size_t i = 0; i < c->nspecs; i++) {
        const struct spec *s = &c->specs[i];
        if (s->kind != k->ev->kind || !count_takes(cx, k, s))
            continue;
        int64_t amount = spec_amount(s, k->ev->facts);
        if (c->pub.is_distribution) /* each value in its own cell, which counts them */
            TRY(cell_write(cx, k, &c->pub, bucket_of(amount),
                           &(struct figure){amount, 1, 0, 0}));
        else
            *(s->is_den ? &sum.den : &sum.num) += amount;
    }
    return cell_write(cx, k, &c->pub, 0, &sum);
}

bool counted_in(const struct taker *t, const struct event *ev, struct str pack)
{
    if (ev->seq < t->c->since || ev->seq >= t->set->last)
        return false;
    return t->c->any_procedure || str_eq(t->set->pack, pack);
}

static uint64_t guards_true(const struct takers *t, const struct json *facts)
{
    uint64_t all = 0;
    for (size_t i = 0; t && i < t->nguards; i++) {
        const struct json *v = json_get(facts, t->guards[i]);
        all |= (uint64_t)(v && v->kind == JSON_BOOL && v->i) << i;
    }
    return all;
}

struct count count_begin(struct ctx *cx, const struct event *ev, int64_t at, int sign,
                         int32_t clock)
{
    const struct measure *m = cx->app->measure;
    const struct takers *t = m ? &m->takers[ev->kind] : NULL;
    size_t conds = t ? t->nconds : 0;
    return (struct count){.ev = ev,
                          .sign = sign,
                          .day = day_of(ev->time_us),
                          .clock = clock,
                          .known = arena_alloc_n(cx->mem, conds + 1, sizeof(uint8_t)),
                          .guards = guards_true(t, ev->facts),
                          .row = at * ROWS_OF_EVENT};
}

/* +1 counts ev, -1 takes back what it was counted as. */
static enum rc count_all(struct ctx *cx, const struct event *ev, int64_t at, int sign,
                         int32_t clock)
{
    const struct measure *m = cx->app->measure;
    const struct takers *t = m ? &m->takers[ev->kind] : NULL;
    if (!t || !t->n)
        return RC_OK;
    struct str pack = json_str(ev->facts, "pack");
    struct count k = count_begin(cx, ev, at, sign, clock);
    for (size_t i = 0; i < t->n; i++)
        if (counted_in(&t->v[i], ev, pack))
            TRY(count_one(cx, &k, t->v[i].c));
    return RC_OK;
}

/* Only dossiers set the clock: a node may be made today and be given last year's. */
static bool tells_time(enum event_kind kind)
{
    static const char *const subjects[] = {
        "",
#define EVENT(id, name, subject, text) #subject,
#include "events.def"
#undef EVENT
    };
    return str_eq(str_from(subjects[kind]), STR("dossier"));
}

static enum rc count_beside(struct ctx *cx, const struct event *ev, int32_t clock)
{
    return count_all(cx, ev, ev->seq, 1, clock);
}

/* In bulk a dossier's event may be counted a little later, beside the turn; one that changes days
 * that had ended is told of in a table, and others may change what is counted. */
static enum rc event_count(struct ctx *cx, const struct event *ev, int32_t clock)
{
    struct held *held = cx->app->measure ? cx->app->measure->held : NULL;
    if (!held || !held_is_beside(held))
        return count_all(cx, ev, ev->seq, 1, clock);
    if (tells_time(ev->kind) && day_of(ev->time_us) >= clock)
        return held_later(cx, held, ev, clock);
    TRY(held_wait(cx, held));
    TRY(count_all(cx, ev, ev->seq, 1, clock));
    return held_is_full(held) ? held_write(cx, held) : RC_OK;
}

struct event event_undone(const struct event *ev)
{
    struct event was = *ev;
    was.kind = EV_DOSSIER_MOVED;
    was.seq = json_int(ev->facts, "undoes", 0);
    was.time_us = json_int(ev->facts, "time_us", 0);
    was.facts = json_get(ev->facts, STR("was"));
    return was;
}

/* A move that was taken back is no more in any figure of its own day. */
static enum rc undone_apply(struct ctx *cx, const struct event *ev, int32_t clock)
{
    struct event was = event_undone(ev);
    TRY(sql_undone_add(cx, was.seq));
    TRY(wait_count(cx, &was, -1));
    if (cx->app->measure)
        TRY(held_wait(cx, cx->app->measure->held)); /* it may have been counted a moment ago */
    return count_all(cx, &was, ev->seq, -1, clock);
}

/* -- the ledger's clock and the tree of units -- */

static enum rc unit_placed(struct ctx *cx, const struct event *ev)
{
    TRY(sql_above_parent(cx, ev->subject));
    return sql_above_others(cx, ev->subject);
}

/* What the events before this one left is known, unless some of them were rolled back: then their
 * numbers are given anew. */
static enum rc clock_read(struct ctx *cx, struct clock *known)
{
    struct clock_last_row *last;
    if (known->is_known)
        return RC_OK;
    TRY(sql_clock_last(cx, &last));
    known->day = last ? (int32_t)last->day : INT32_MIN;
    known->is_known = true;
    return RC_OK;
}

/* *ret: the last day that the ledger knows, with this event. */
static enum rc clock_step(struct ctx *cx, const struct event *ev, int32_t *ret)
{
    struct clock none = {.seq = INT64_MIN};
    struct clock *known = cx->app->measure ? cx->app->measure->clock : &none;
    int32_t day = day_of(ev->time_us);
    *ret = day;
    if (ev->seq <= known->seq) { /* what followed was rolled back */
        known->is_known = false;
        young_forget(cx->app->measure->young);
    }
    known->seq = ev->seq;
    if (!tells_time(ev->kind))
        return RC_OK;
    TRY(clock_read(cx, known));
    if (day <= known->day) {
        *ret = known->day;
        return RC_OK;
    }
    known->day = day;
    return sql_clock_add(cx, day, ev->seq);
}

/* -- events -- */

static enum rc published_apply(struct ctx *cx, const struct event *ev)
{
    struct str id = json_str(ev->facts, "id"), version = json_str(ev->facts, "version");
    struct str ref = str_fmt(cx->mem, "%.*s@%.*s", STR_ARG(id), STR_ARG(version));
    return sql_indicator_set_add(cx, ref, id, ev->seq);
}

static enum rc event_apply(struct ctx *cx, const struct event *ev)
{
    int32_t clock;
    TRY(clock_step(cx, ev, &clock));
    switch (ev->kind) {
    case EV_UNIT_ADDED:
        return unit_placed(cx, ev);
    case EV_INDICATOR_BACKFILLED:
        return backfill_apply(cx, ev);
    case EV_DOSSIER_UNDONE:
        return undone_apply(cx, ev, clock);
    case EV_PACK_PUBLISHED:
        TRY(published_apply(cx, ev));
        break;
    case EV_DOSSIER_MOVED:
        TRY(wait_count(cx, ev, 1));
        break;
    default:
        break;
    }
    return event_count(cx, ev, clock);
}

static enum rc measure_apply(struct ctx *cx, const struct event *ev)
{
    TRY(event_apply(cx, ev));
    return fold_is_due(ev) && !held_is_on(cx->app->measure->held) ? cells_fold(cx) : RC_OK;
}

/* -- in bulk -- */

enum rc figures_hold(struct ctx *cx)
{
    TRY(db_begin(cx));
    TRY(cells_fold(cx)); /* what is in the log is younger than what will be in the sums */
    held_until(cx->app->measure->held, INT64_MAX);
    held_beside(cx->app->measure->held, cx->app, count_beside);
    return RC_OK;
}

enum rc figures_settle(struct ctx *cx)
{
    return held_write(cx, cx->app->measure->held);
}

void figures_serve(struct ctx *cx)
{
    held_until(cx->app->measure->held, 0);
}

/* The live log begins at the first event that is not folded. */
static enum rc replay_begin(struct ctx *cx, struct ctx *into)
{
    struct log_bounds_row *log;
    TRY(sql_log_bounds(cx, &log));
    held_until(into->app->measure->held,
               log->first < 0 ? INT64_MAX : log->first / ROWS_OF_EVENT);
    return RC_OK;
}

static enum rc replay_end(struct ctx *into)
{
    figures_serve(into);
    return figures_settle(into);
}

const struct ledger_subscriber measure_subscriber = {.name = "measure",
                                                     .apply = measure_apply,
                                                     .tables = tables,
                                                     .replay_begin = replay_begin,
                                                     .replay_end = replay_end};

uint64_t measure_changes(const struct app *app)
{
    return app->measure ? atomic_load(app->measure->changes) : 0;
}
