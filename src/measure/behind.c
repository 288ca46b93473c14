/* behind.c - the dossiers behind a figure, found by reading the ledger again. */
#include "app/app.h"
#include "casework/casework.h"
#include "gen/measure_sql.h"
#include "measure/owner.h"
#include "text/i18n.h"

struct behind {
    struct ctx *cx; /* the caller's: what is kept lives in its memory */
    const struct indicator *ind;
    const struct slice *s;
    struct forest forest;
    struct json *rows;
    size_t limit;
    struct map *standing; /* stocks: dossier -> struct mark */
};
struct mark { /* a dossier, or a service, by an event; n: how often it stands in a stock */
    int64_t subject, seq, time_us, n;
    const struct pack *service; /* NULL: a dossier */
};

static bool slice_takes(struct ctx *cx, const struct behind *b, const struct event *ev)
{
    const struct unit *u = unit_of(cx, ev->unit);
    const struct slice *s = b->s;
    if (ev->unit.v && (!u || !forest_row(&b->forest, u)))
        return false;
    if (s->procedure.n && !str_eq(s->procedure, json_str(ev->facts, "procedure")))
        return false;
    return !s->channel || s->channel == json_int(ev->facts, "channel", 0);
}

/* Of another unit: its facts need not be read. */
static bool wants(struct ctx *cx, const struct event *head, void *arg)
{
    const struct behind *b = arg;
    const struct unit *u = unit_of(cx, head->unit);
    return !head->unit.v || (u && forest_row(&b->forest, u));
}

/* Is the event in the figure still? A move that was taken back is in none. */
static enum rc takes(struct ctx *cx, const struct behind *b, const struct event *ev,
                     const struct counted **ret)
{
    const struct counted *c = counted_at(b->cx->app->measure, b->ind->id, ev);
    struct undone_is_row *undone = NULL;
    if (!c || !slice_takes(cx, b, ev) || !counted_takes(cx, c, ev))
        c = NULL;
    if (c && ev->kind == EV_DOSSIER_MOVED)
        TRY(sql_undone_is(cx, ev->seq, &undone));
    *ret = undone ? NULL : c;
    return RC_OK;
}

/* What the event adds above the line, and whether it is counted at all. */
static int64_t amount_of(struct ctx *cx, const struct counted *c, const struct event *ev,
                         bool *is_out)
{
    int64_t sum = 0;
    for (size_t i = 0; i < c->nspecs; i++) {
        const struct spec *s = &c->specs[i];
        if (s->kind != ev->kind || !expr_is_true(cx, s->when, ev->facts))
            continue;
        sum += s->is_den ? 0 : s->sign;
        *is_out |= !s->is_den && s->sign < 0;
    }
    return sum;
}

/* -- rows -- */

static void words_put(struct ctx *cx, struct json *o, const struct pack *p)
{
    json_put_str(cx->mem, o, "name", label_text(cx, p->name));
    json_put_str(cx->mem, o, "procedure", p->procedure);
}

/* A service that was published, or a dossier. */
static enum rc subject_put(struct ctx *cx, const struct mark *m, struct json *o)
{
    struct dossier *d;
    if (m->service) {
        json_put_str(cx->mem, o, "code", m->service->ref);
        words_put(cx, o, m->service);
        json_put_str(cx->mem, o, "unit", STR(""));
        json_put_str(cx->mem, o, "unit_code", STR(""));
        json_put_int(cx->mem, o, "unit_id", 0);
        return RC_OK;
    }
    TRY(dossier_by_id(cx, (struct dossier_id){m->subject}, &d));
    json_put_str(cx->mem, o, "code", dossier_handle(cx, d));
    words_put(cx, o, d->pack);
    json_put_str(cx->mem, o, "unit", unit_name(cx, d->unit));
    json_put_str(cx->mem, o, "unit_code", d->unit->code);
    json_put_int(cx->mem, o, "unit_id", d->unit->id.v);
    return RC_OK;
}

static enum rc row_push(struct behind *b, const struct mark *m, struct json **ret)
{
    struct ctx *cx = b->cx;
    struct json *o = json_push(b->rows, json_new_obj(cx->mem));
    TRY(subject_put(cx, m, o));
    json_put_bool(cx->mem, o, "is_service", m->service != NULL);
    json_put_str(cx->mem, o, "time", time_iso(cx->mem, m->time_us));
    json_put_str(cx->mem, o, "time_text", time_text(cx->mem, m->time_us));
    json_put_int(cx->mem, o, "seq", m->seq);
    json_put_bool(cx->mem, o, "is_in", true);
    json_put_bool(cx->mem, o, "is_out", false);
    *ret = o;
    return RC_OK;
}

static struct mark mark_of(struct ctx *cx, const struct event *ev)
{
    bool is_service = ev->kind == EV_PACK_PUBLISHED || ev->kind == EV_PACK_WITHDRAWN;
    return (struct mark){ev->subject, ev->seq, ev->time_us, 0,
                         is_service ? pack_version(cx, ev->pack) : NULL};
}

/* One service is one thing that stands, whatever its versions. */
static struct str mark_key(struct ctx *cx, const struct mark *m)
{
    return m->service ? m->service->id : str_fmt(cx->mem, "%lld", (long long)m->subject);
}

static enum rc flow_each(struct ctx *cx, const struct event *ev, void *arg, bool *stop)
{
    struct behind *b = arg;
    bool is_out = false;
    struct json *row;
    const struct counted *c;
    TRY(takes(cx, b, ev, &c));
    if (!c)
        return RC_OK;
    int64_t amount = amount_of(cx, c, ev, &is_out);
    struct mark m = mark_of(cx, ev);
    TRY(row_push(b, &m, &row));
    json_put_bool(b->cx->mem, row, "is_in", amount > 0);
    json_put_bool(b->cx->mem, row, "is_out", is_out);
    *stop = b->rows->n >= b->limit;
    return RC_OK;
}

static enum rc stock_each(struct ctx *cx, const struct event *ev, void *arg, bool *stop)
{
    struct behind *b = arg;
    bool is_out = false;
    const struct counted *c;
    TRY(takes(cx, b, ev, &c));
    if (!c)
        return RC_OK;
    struct mark now = mark_of(cx, ev);
    struct str key = mark_key(cx, &now);
    struct mark *m = map_get(b->standing, key);
    if (!m) {
        m = arena_new_of(b->cx->mem, struct mark);
        map_set(b->standing, str_dup(b->cx->mem, key), m);
    }
    now.n = m->n + amount_of(cx, c, ev, &is_out);
    *m = now;
    return RC_OK;
}

/* -- walks -- */

static enum rc flow_walk(struct behind *b, const struct ledger_scan *scan, struct json *out)
{
    int64_t next;
    struct ledger_scan s = *scan;
    s.each = flow_each;
    TRY(ledger_scan(b->cx, &s, &next));
    json_put_int(b->cx->mem, out, "next", next);
    json_put_bool(b->cx->mem, out, "is_partial", next >= 0 && b->rows->n < b->limit);
    return RC_OK;
}

/* What stands is known only at the end: one walk over everything, then a page of it. */
static enum rc stock_walk(struct behind *b, const struct ledger_scan *scan, struct json *out)
{
    int64_t next, after = scan->after;
    struct json *row;
    struct ledger_scan s = *scan;
    s.from_us = INT64_MIN;
    s.after = -1;
    s.each = stock_each;
    b->standing = map_new(b->cx->mem);
    TRY(ledger_scan(b->cx, &s, &next));
    json_put_bool(b->cx->mem, out, "is_partial", next >= 0);
    next = -1;
    for (size_t i = 0; i < map_size(b->standing); i++) {
        const struct mark *m = map_at(b->standing, i, NULL);
        if (m->n <= 0 || (int64_t)i <= after)
            continue;
        if (b->rows->n == b->limit)
            break;
        TRY(row_push(b, m, &row));
        next = b->rows->n == b->limit ? (int64_t)i : -1;
    }
    json_put_int(b->cx->mem, out, "next", next);
    return RC_OK;
}

enum rc figure_dossiers(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                        int64_t after, size_t limit, struct json **ret)
{
    struct json *out = json_new_obj(cx->mem);
    const struct unit *unit = unit_of(cx, s->unit);
    int32_t last = s->period.to ? s->period.to - 1 : day_of(cx->now_us);
    struct behind b = {.cx = cx, .ind = ind, .s = s};
    if (s->unit.v && !unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    b.forest = forest_on(cx, unit, ROWS_ONE, last);
    b.limit = limit && limit < BEHIND_ROWS_MAX ? limit : BEHIND_ROWS_MAX;
    b.rows = json_put(out, STR("rows"), json_new_arr(cx->mem));
    struct ledger_scan scan = {.from_us = day_start(s->period.from),
                               .to_us = s->period.to ? day_start(s->period.to) : INT64_MAX,
                               .after = after,
                               .most = BEHIND_EVENTS_MAX,
                               .wants = wants,
                               .arg = &b};
    counted_kinds(counted_of(ind), scan.kinds);
    TRY(ind->is_stock ? stock_walk(&b, &scan, out) : flow_walk(&b, &scan, out));
    *ret = out;
    return RC_OK;
}
