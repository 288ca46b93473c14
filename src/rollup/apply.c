/* apply.c - folding: trust, statements made and taken, refusals; taken cells into the sums. */
#include "gen/rollup_sql.h"
#include "measure/measure.h"
#include "rollup/rollup_priv.h"
#include "store/store.h"

static enum rc trusted_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    return sql_node_put(cx, json_str(f, "name"), json_str(f, "origin"), json_str(f, "vkey"),
                        json_str(f, "unit"), ev->time_us);
}

static enum rc made_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    return sql_made_add(cx, json_str(f, "period"), json_int(f, "revision", 0), ev->seq,
                        ev->time_us, json_str(f, "digest"), json_int(f, "cells", 0),
                        json_int(f, "size", 0));
}

static enum rc refused_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    return sql_stated_refusal_put(cx, json_str(f, "node"), json_str(f, "digest"),
                                  json_str(f, "period"), ev->seq, ev->time_us,
                                  json_str(f, "reason"));
}

/* -- taken cells -- */

/* Cells of the statement that is replaced: read whole before any is taken off, since taking off
 * writes while the reading would still run. */
struct before {
    struct month_cell *v;
    size_t n, room;
};

static enum rc before_each(struct ctx *cx, const struct node_cells_row *r, void *arg)
{
    struct before *b = arg;
    if (b->n == b->room) {
        b->room = b->room ? 2 * b->room : 256;
        struct month_cell *v = arena_array(cx->mem, struct month_cell, b->room);
        if (b->n)
            memcpy(v, b->v, b->n * sizeof *v);
        b->v = v;
    }
    b->v[b->n++] = (struct month_cell){.indicator = str_dup(cx->mem, r->indicator),
                                       .procedure = str_dup(cx->mem, r->procedure),
                                       .unit = {r->unit},
                                       .channel = r->channel,
                                       .bucket = r->bucket,
                                       .num = -r->num,
                                       .den = -r->den};
    return RC_OK;
}

static enum rc before_end(struct ctx *cx, struct str node, struct str period, int64_t month)
{
    struct before b = {0};
    TRY(sql_node_cells(cx, node, period, before_each, &b));
    for (size_t i = 0; i < b.n; i++)
        TRY(month_cell_add(cx, month, &b.v[i]));
    return b.n ? sql_node_cells_end(cx, node, period) : RC_OK;
}

static enum rc line_add(struct ctx *cx, const struct json *f, struct month_cell *c,
                        struct str text)
{
    struct cell_line line;
    if (!cell_line_parse(text, &line))
        return FAIL(cx, CORRUPT, "cells", "a line that cannot be read");
    c->procedure = line.procedure;
    c->channel = line.channel;
    c->bucket = line.bucket;
    c->num = line.num;
    c->den = line.den;
    TRY(month_cell_add(cx, json_int(f, "month", 0), c));
    return sql_node_cell_put(cx, json_str(f, "node"), json_str(f, "period"), c->indicator,
                             c->unit.v, c->procedure, c->channel, c->bucket, c->num, c->den);
}

static enum rc cells_add(struct ctx *cx, const struct json *f)
{
    JSON_EACH (json_get(f, STR("cells")), indicator)
        JSON_EACH (indicator, unit) {
            int64_t id = json_int(json_get(f, STR("units")), str_z(cx->mem, unit->key), 0);
            struct month_cell c = {.indicator = indicator->key, .unit = {id}};
            JSON_EACH (unit, line)
                TRY(line_add(cx, f, &c, line->s));
        }
    return RC_OK;
}

/* As text: read again only when a statement comes that was made before this one. */
static struct str past_text(struct ctx *cx, const struct json *f)
{
    const struct json *past = json_get(f, STR("consistency"));
    return past ? json_canonical(cx->mem, past) : STR("");
}

static enum rc taken_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    struct str node = json_str(f, "node"), period = json_str(f, "period");
    TRY(before_end(cx, node, period, json_int(f, "month", 0)));
    TRY(cells_add(cx, f));
    return sql_statement_add(cx, node, period, json_int(f, "revision", 0), ev->seq, ev->time_us,
                             json_int(f, "made", 0), json_str(f, "digest"),
                             json_int(f, "ncells", 0), json_int(f, "size", 0),
                             json_str(f, "root"), json_bool(f, "late"), past_text(cx, f));
}

static enum rc rollup_apply(struct ctx *cx, const struct event *ev)
{
    switch (ev->kind) {
    case EV_NODE_TRUSTED:
        return trusted_apply(cx, ev);
    case EV_NODE_DISTRUSTED:
        return sql_node_end(cx, json_str(ev->facts, "name"), ev->time_us);
    case EV_STATEMENT_MADE:
        return made_apply(cx, ev);
    case EV_STATEMENT_TAKEN:
        return taken_apply(cx, ev);
    case EV_STATEMENT_REFUSED:
        return refused_apply(cx, ev);
    default:
        return RC_OK;
    }
}

static const char *const tables[] = {"trusted_node",   "statement",      "statement_refusal",
                                     "statement_made", "statement_cell", NULL};
const struct ledger_subscriber rollup_subscriber = {"rollup", rollup_apply, tables};
