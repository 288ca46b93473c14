/* behind.c - the dossiers behind a figure, found by the traces that it left. */
#include "app/app.h"
#include "casework/casework.h"
#include "gen/measure_sql.h"
#include "measure/trace/trace.h"
#include "text/i18n.h"

enum { BEHIND_TRACES_MAX = 8000000 };
static const size_t SCRATCH_MAX = (size_t)16 << 20;
/* Of BEHIND_MET_MAX ids: a table of 16 MB, and those it grew out of. */
static const size_t MET_BYTES = (size_t)36 << 20;

struct behind {
    struct ctx *cx; /* the caller's: what is kept lives in its memory */
    struct ctx own; /* for one event at a time */
    const struct indicator *ind;
    const struct slice *s;
    struct forest forest;
    struct json *rows;
    int64_t after, next;
    enum { ALL, ONLY_IN, NOT_IN } which;
    size_t limit;
    int64_t events;       /* that were read */
    bool is_partial;      /* more would have to be looked at */
    struct map *standing; /* services: id -> struct mark */
    /* Of a stock: dossiers met, and how many of them stand; no more than `most`. */
    struct numbers *met;
    int64_t nmet, found, most;
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

/* The event, and how it is counted: NULL when another slice shares its tag. */
static enum rc event_read(struct behind *b, const struct trace *t, struct event **ev,
                          const struct counted **ret)
{
    struct ctx *own = &b->own;
    arena_reset(own->mem);
    b->events++;
    enum rc rc = ledger_event_get(own, t->seq, ev);
    if (rc == RC_OK)
        rc = takes(own, b, *ev, ret);
    return rc == RC_OK ? rc
                       : ctx_fail(b->cx, rc, NULL, __FILE__, __LINE__, "%s", own->err.detail);
}

/* Too many events read for one page: the next one goes on. */
static bool is_enough(struct behind *b, const struct trace *t, bool *stop)
{
    *stop = b->events >= BEHIND_EVENTS_MAX;
    b->is_partial |= *stop;
    if (*stop)
        b->next = t->seq + (b->ind->is_stock ? 1 : -1); /* a stock's page begins below it */
    return *stop;
}

/* The page is full: only now is it known that there is a further one. */
static bool is_full(struct behind *b, bool *stop)
{
    *stop = b->rows->n == b->limit;
    if (*stop)
        b->next = json_int(b->rows->last, "seq", -1);
    return *stop;
}

static enum rc flow_each(struct ctx *cx, const struct trace *t, void *arg, bool *stop)
{
    struct behind *b = arg;
    bool is_out = false;
    struct json *row;
    struct event *ev;
    const struct counted *c;
    if (b->which != ALL && (t->sign > 0) != (b->which == ONLY_IN))
        return RC_OK;
    if (is_enough(b, t, stop))
        return RC_OK;
    TRY(event_read(b, t, &ev, &c));
    if (!c || is_full(b, stop))
        return RC_OK;
    int64_t amount = amount_of(&b->own, c, ev, &is_out);
    struct mark m = mark_of(&b->own, ev);
    TRY(row_push(b, &m, &row));
    json_put_bool(cx->mem, row, "is_in", amount > 0);
    json_put_bool(cx->mem, row, "is_out", is_out);
    return RC_OK;
}

/* The youngest first: what it says last of a dossier says whether that one stands. */
static enum rc stock_each(struct ctx *cx, const struct trace *t, void *arg, bool *stop)
{
    struct behind *b = arg;
    struct json *row;
    struct event *ev;
    const struct counted *c;
    (void)cx;
    *stop = b->is_partial = b->nmet == BEHIND_MET_MAX;
    if (*stop || !numbers_add(b->met, t->subject))
        return RC_OK;
    b->nmet++;
    if (t->sign <= 0)
        return RC_OK;
    bool is_earlier = b->after >= 0 && t->seq >= b->after; /* stood on an earlier page */
    if (!is_earlier && is_enough(b, t, stop))
        return RC_OK;
    if (!is_earlier) {
        TRY(event_read(b, t, &ev, &c));
        if (!c || is_full(b, stop))
            return RC_OK;
    }
    *stop = ++b->found >= b->most;
    if (is_earlier)
        return RC_OK;
    struct mark m = mark_of(&b->own, ev);
    return row_push(b, &m, &row);
}

/* Services: some hundred events in all. One is one thing that stands, whatever its versions. */
static enum rc service_each(struct ctx *cx, const struct trace *t, void *arg, bool *stop)
{
    struct behind *b = arg;
    bool is_out = false;
    struct event *ev;
    const struct counted *c;
    if (is_enough(b, t, stop))
        return RC_OK;
    TRY(event_read(b, t, &ev, &c));
    if (!c)
        return RC_OK;
    struct mark now = mark_of(&b->own, ev), *m;
    struct str key =
        now.service ? now.service->id : str_fmt(cx->mem, "%lld", (long long)now.subject);
    m = map_get(b->standing, key);
    if (!m) {
        m = arena_new_of(cx->mem, struct mark);
        map_set(b->standing, key, m);
    }
    now.n = m->n + amount_of(&b->own, c, ev, &is_out);
    *m = now;
    return RC_OK;
}

/* -- walks -- */

static struct trace_walk walk_of(struct behind *b)
{
    const struct slice *s = b->s;
    struct trace_walk w = {.ind = b->ind,
                           .forest = &b->forest,
                           .from = b->ind->is_stock ? INT32_MIN : s->period.from,
                           .to = s->period.to ? s->period.to : INT32_MAX,
                           .tag = trace_tag(s->procedure, s->channel),
                           .after = -1,
                           .most = BEHIND_TRACES_MAX,
                           .arg = b};
    w.mask = (uint16_t)((s->procedure.n ? (uint16_t)~TRACE_TAG_CHANNELS : 0) |
                        (s->channel ? TRACE_TAG_CHANNELS : 0));
    return w;
}

static enum rc flow_walk(struct behind *b)
{
    struct trace_walk w = walk_of(b);
    struct figure f;
    int64_t rest;
    w.after = b->after;
    w.each = flow_each;
    if (w.mask) { /* a procedure that there never was is not looked for everywhere */
        TRY(figure_get(b->cx, b->ind, b->s, &f));
        if (!f.num && !f.den)
            return RC_OK;
    }
    TRY(trace_walk(b->cx, &w, &rest));
    b->is_partial |= rest >= 0;
    b->next = rest >= 0 ? rest : b->next;
    return RC_OK;
}

/* As many as the figure says: behind the last of them nothing stands. Those of earlier pages are
 * not read again, and a tag is not enough to count them. */
static enum rc stock_walk(struct behind *b)
{
    struct trace_walk w = walk_of(b);
    struct figure f;
    int64_t rest = -1;
    TRY(figure_get(b->cx, b->ind, b->s, &f));
    w.back = true;
    w.each = stock_each;
    b->met = numbers_new(arena_child(b->cx->mem, MET_BYTES));
    b->most = f.num > 0 && w.mask && b->after >= 0 ? INT64_MAX : f.num;
    if (b->most > 0)
        TRY(trace_walk(b->cx, &w, &rest));
    b->is_partial |= rest >= 0; /* and no further page: it would begin at the youngest again */
    return RC_OK;
}

static enum rc services_walk(struct behind *b)
{
    struct trace_walk w = walk_of(b);
    struct json *row;
    int64_t rest;
    w.each = service_each;
    b->standing = map_new(b->cx->mem);
    TRY(trace_walk(b->cx, &w, &rest));
    b->is_partial |= rest >= 0;
    b->next = -1; /* what stands is known only at the end: `after` is a place among them */
    for (size_t i = 0; i < map_size(b->standing) && b->next < 0; i++) {
        const struct mark *m = map_at(b->standing, i, NULL);
        if (m->n <= 0 || (int64_t)i <= b->after)
            continue;
        if (b->rows->n == b->limit)
            b->next = (int64_t)i - 1;
        else
            TRY(row_push(b, m, &row));
    }
    return RC_OK;
}

static enum rc held_each(struct ctx *cx, const struct clock_held_row *r, void *arg)
{
    struct behind *b = arg;
    (void)cx;
    (void)r; /* read for the state it holds */
    if (!b->ind->is_stock)
        return flow_walk(b);
    return counted_of(b->ind)->of_nobody ? services_walk(b) : stock_walk(b);
}

static enum rc pages_read(struct ctx *cx, struct behind *b, struct json **ret)
{
    struct json *out = json_new_obj(cx->mem);
    const struct unit *unit = unit_of(cx, b->s->unit);
    int32_t last = b->s->period.to ? b->s->period.to - 1 : day_of(cx->now_us);
    if (b->s->unit.v && !unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    if (!b->limit || b->limit > BEHIND_ROWS_MAX)
        b->limit = BEHIND_ROWS_MAX;
    b->next = -1;
    b->forest = forest_on(cx, unit, ROWS_ONE, last);
    b->rows = json_put(out, STR("rows"), json_new_arr(cx->mem));
    b->own.mem = arena_child(cx->mem, SCRATCH_MAX);
    TRY(sql_clock_held(cx, held_each, b));
    json_put_int(cx->mem, out, "next", b->next);
    json_put_bool(cx->mem, out, "is_partial", b->is_partial);
    json_put_bool(cx->mem, out, "of_services",
                  b->ind->is_stock && counted_of(b->ind)->of_nobody);
    *ret = out;
    return RC_OK;
}

enum rc figure_dossiers(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                        int64_t after, size_t limit, struct json **ret)
{
    struct behind b = {
        .cx = cx, .own = *cx, .ind = ind, .s = s, .after = after, .limit = limit};
    return pages_read(cx, &b, ret);
}

enum rc figure_dossiers_of(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                           bool is_in, size_t limit, struct json **ret)
{
    struct behind b = {.cx = cx,
                       .own = *cx,
                       .ind = ind,
                       .s = s,
                       .after = -1,
                       .limit = limit,
                       .which = ind->is_stock ? ALL
                                : is_in       ? ONLY_IN
                                              : NOT_IN};
    return pages_read(cx, &b, ret);
}
