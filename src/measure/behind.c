/* behind.c - the dossiers behind a figure, found by reading the ledger again. */
#include "app/app.h"
#include "base/map.h"
#include "casework/casework.h"
#include "measure/measure_priv.h"
#include "text/i18n.h"

struct behind {
    struct ctx *cx; /* the caller's: what is kept lives in its memory */
    const struct indicator *ind;
    const struct slice *s;
    const struct unit *unit;
    struct json *rows;
    size_t limit;
    struct map *standing; /* stocks: dossier -> struct mark */
};
struct mark { /* a dossier in a stock */
    int64_t dossier, seq, time_us, n;
};

static bool slice_takes(struct ctx *cx, const struct behind *b, const struct event *ev)
{
    const struct unit *u = unit_of(cx, ev->unit);
    const struct slice *s = b->s;
    if (b->unit && (!u || !unit_is_within(u, b->unit)))
        return false;
    if (s->procedure.n && !str_eq(s->procedure, json_str(ev->facts, "procedure")))
        return false;
    return !s->channel || s->channel == json_int(ev->facts, "channel", 0);
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
        *is_out |= s->sign < 0;
    }
    return sum;
}

/* -- rows -- */

static enum rc row_push(struct behind *b, int64_t dossier, int64_t seq, int64_t time_us,
                        struct json **ret)
{
    struct ctx *cx = b->cx;
    struct dossier *d;
    TRY(dossier_by_id(cx, (struct dossier_id){dossier}, &d));
    struct json *o = json_push(b->rows, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "code", dossier_handle(cx, d));
    json_put_str(cx->mem, o, "name", label_text(cx, d->pack->name));
    json_put_str(cx->mem, o, "procedure", d->pack->procedure);
    json_put_str(cx->mem, o, "unit", unit_name(cx, d->unit));
    json_put_str(cx->mem, o, "unit_code", d->unit->code);
    json_put_int(cx->mem, o, "unit_id", d->unit->id.v);
    json_put_str(cx->mem, o, "time", time_iso(cx->mem, time_us));
    json_put_str(cx->mem, o, "time_text", time_text(cx->mem, time_us));
    json_put_int(cx->mem, o, "seq", seq);
    json_put_bool(cx->mem, o, "is_in", true);
    json_put_bool(cx->mem, o, "is_out", false);
    *ret = o;
    return RC_OK;
}

static enum rc flow_each(struct ctx *cx, const struct event *ev, void *arg, bool *stop)
{
    struct behind *b = arg;
    bool is_out = false;
    struct json *row;
    const struct counted *c = counted_at(b->cx->app->measure, b->ind->id, ev);
    if (!c || !slice_takes(cx, b, ev) || !counted_takes(cx, c, ev))
        return RC_OK;
    int64_t amount = amount_of(cx, c, ev, &is_out);
    TRY(row_push(b, ev->subject, ev->seq, ev->time_us, &row));
    json_put_bool(b->cx->mem, row, "is_in", amount > 0);
    json_put_bool(b->cx->mem, row, "is_out", is_out);
    *stop = b->rows->n >= b->limit;
    return RC_OK;
}

static enum rc stock_each(struct ctx *cx, const struct event *ev, void *arg, bool *stop)
{
    struct behind *b = arg;
    bool is_out = false;
    const struct counted *c = counted_at(b->cx->app->measure, b->ind->id, ev);
    if (!c || !slice_takes(cx, b, ev) || !counted_takes(cx, c, ev))
        return RC_OK;
    char text[32];
    int n = snprintf(text, sizeof text, "%lld", (long long)ev->subject);
    struct str key = str_n(text, (size_t)n);
    struct mark *m = map_get(b->standing, key);
    if (!m) {
        m = arena_new_of(b->cx->mem, struct mark);
        map_set(b->standing, str_dup(b->cx->mem, key), m);
    }
    *m = (struct mark){ev->subject, ev->seq, ev->time_us, m->n + amount_of(cx, c, ev, &is_out)};
    return RC_OK;
}

/* -- walks -- */

static void kinds_of(const struct counted *c, enum event_kind kinds[2])
{
    kinds[0] = c->specs[0].kind;
    kinds[1] = c->specs[0].kind;
    for (size_t i = 0; i < c->nspecs; i++)
        if (c->specs[i].kind != kinds[0])
            kinds[1] = c->specs[i].kind;
}

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
        TRY(row_push(b, m->dossier, m->seq, m->time_us, &row));
        next = b->rows->n == b->limit ? (int64_t)i : -1;
    }
    json_put_int(b->cx->mem, out, "next", next);
    return RC_OK;
}

enum rc figure_dossiers(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                        int64_t after, size_t limit, struct json **ret)
{
    struct json *out = json_new_obj(cx->mem);
    struct behind b = {.cx = cx, .ind = ind, .s = s, .unit = unit_of(cx, s->unit)};
    if (s->unit.v && !b.unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    b.limit = limit && limit < BEHIND_ROWS_MAX ? limit : BEHIND_ROWS_MAX;
    b.rows = json_put(out, STR("rows"), json_new_arr(cx->mem));
    struct ledger_scan scan = {.from_us = day_start(s->period.from),
                               .to_us = s->period.to ? day_start(s->period.to) : INT64_MAX,
                               .after = after,
                               .most = BEHIND_EVENTS_MAX,
                               .arg = &b};
    /* An indicator is the first member of what was loaded for it (cell.c). */
    kinds_of((const struct counted *)(const void *)ind, scan.kinds);
    TRY(ind->is_stock ? stock_walk(&b, &scan, out) : flow_walk(&b, &scan, out));
    *ret = out;
    return RC_OK;
}
