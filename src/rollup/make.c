/* make.c - a month's cells as a signed statement. */
#include "app/app.h"
#include "gen/rollup_sql.h"
#include "ledger/sign.h"
#include "measure/measure.h"
#include "rollup/rollup_priv.h"
#include "store/store.h"

/* -- the cells: {indicator: {unit code: [lines]}} -- */

struct making {
    const struct unit *unit; /* NULL: all */
    struct json *cells;
    int64_t n;
};

static struct json *child(struct ctx *cx, struct json *obj, struct str key, bool is_list)
{
    struct json *v = json_get(obj, key);
    if (v)
        return v;
    v = is_list ? json_new_arr(cx->mem) : json_new_obj(cx->mem);
    return json_put(obj, str_dup(cx->mem, key), v);
}

static enum rc cell_take(struct ctx *cx, const struct month_cell *c, void *arg)
{
    struct making *m = arg;
    const struct unit *u = unit_of(cx, c->unit);
    if (!u || (m->unit && !unit_is_within(u, m->unit)))
        return RC_OK;
    if (m->n++ == STATEMENT_CELLS_MAX)
        return FAIL(cx, TOO_LARGE, "period", "over %d cells", STATEMENT_CELLS_MAX);
    struct cell_line line = {c->procedure, c->channel, c->bucket, c->num, c->den};
    struct json *units = child(cx, m->cells, c->indicator, false);
    json_push(child(cx, units, u->code, true),
              json_new_str(cx->mem, cell_line_print(cx->mem, &line)));
    return RC_OK;
}

/* Whose declaration each indicator was counted by: figures are only comparable under one. */
static struct json *declared_by(struct ctx *cx, const struct json *cells)
{
    struct json *o = json_new_obj(cx->mem);
    JSON_EACH (cells, v) {
        const struct indicator *ind = indicator_find(cx, v->key);
        const struct pack *p = ind ? pack_current(cx, ind->pack) : NULL;
        json_put(o, v->key, json_new_str(cx->mem, p ? p->ref : STR("")));
    }
    return o;
}

static enum rc ledger_json(struct ctx *cx, struct json **ret)
{
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    struct json *o = json_new_obj(cx->mem);
    json_put_int(cx->mem, o, "size", head.size);
    json_put_str(cx->mem, o, "checkpoint", head.note);
    *ret = o;
    return RC_OK;
}

static enum rc statement_json(struct ctx *cx, const struct month *m, int64_t revision,
                              const struct making *made, struct json **ret)
{
    struct json *o = json_new_obj(cx->mem), *ledger;
    const struct unit *u = made->unit ? made->unit : unit_root(cx);
    struct json *past;
    TRY(ledger_json(cx, &ledger));
    TRY(past_prove(cx, json_int(ledger, "size", 0), &past));
    json_put_int(cx->mem, o, "v", 1);
    json_put_str(cx->mem, o, "node", ledger_origin(cx));
    json_put_str(cx->mem, o, "unit", u ? u->code : STR(""));
    json_put_str(cx->mem, o, "period", m->name);
    json_put_int(cx->mem, o, "revision", revision);
    json_put_str(cx->mem, o, "made", time_iso(cx->mem, cx->now_us));
    json_put(o, STR("ledger"), ledger);
    json_put(o, STR("consistency"), past);
    json_put(o, STR("indicators"), declared_by(cx, made->cells));
    json_put(o, STR("cells"), made->cells);
    *ret = o;
    return RC_OK;
}

/* -- signed, kept and told -- */

static enum rc file_print(struct ctx *cx, struct json *statement, struct str *ret)
{
    struct hash h = hash_of(json_canonical(cx->mem, statement));
    struct str note, text = statement_text(cx->mem, json_str(statement, "node"),
                                           json_str(statement, "period"),
                                           json_int(statement, "revision", 0), &h);
    TRY(ledger_note(cx, text, &note));
    struct json *file = json_new_obj(cx->mem);
    json_put_str(cx->mem, file, "note", note);
    json_put(file, STR("statement"), statement);
    *ret = json_canonical(cx->mem, file);
    if (ret->n > STATEMENT_BYTES_MAX)
        return FAIL(cx, TOO_LARGE, "period", "over %d bytes", STATEMENT_BYTES_MAX);
    return RC_OK;
}

static enum rc made_tell(struct ctx *cx, const struct month *m, const struct making *made,
                         const struct json *statement, struct str digest)
{
    int64_t size = json_int(json_get(statement, STR("ledger")), "size", 0);
    struct json *f = json_new_obj(cx->mem);
    json_put_str(cx->mem, f, "period", m->name);
    json_put_int(cx->mem, f, "revision", json_int(statement, "revision", 0));
    json_put_int(cx->mem, f, "size", size);
    json_put_str(cx->mem, f, "digest", digest);
    json_put_int(cx->mem, f, "cells", made->n);
    struct event ev = {.kind = EV_STATEMENT_MADE, .facts = f};
    if (cx->who)
        ev.actor = cx->who->subject;
    return ledger_append(cx, &ev);
}

static enum rc made_new(struct ctx *cx, const struct month *m, const struct making *made,
                        struct str digest, struct statement_made *r)
{
    struct json *statement;
    TRY(statement_json(cx, m, r->revision, made, &statement));
    TRY(file_print(cx, statement, &r->file));
    TRY(made_tell(cx, m, made, statement, digest));
    r->is_new = true;
    return sql_push_put(cx, m->name, r->revision, r->file);
}

static enum rc unit_stated(struct ctx *cx, const struct unit **ret)
{
    struct str code = cx->app->settings.rollup_unit;
    *ret = code.n ? unit_find(cx, code) : NULL;
    if (code.n && !*ret)
        return FAIL(cx, NOT_FOUND, "rollup_unit", "no unit %.*s", STR_ARG(code));
    return RC_OK;
}

/* Was a statement with these cells made twice already? */
static enum rc is_repeated(struct ctx *cx, struct str period, const struct made_last_row *last,
                           bool *ret)
{
    struct made_same_row *row;
    TRY(sql_made_same(cx, period, last->revision, last->digest, &row));
    *ret = row != NULL;
    return RC_OK;
}

static enum rc month_state(struct ctx *cx, struct str period, bool again,
                           struct statement_made *ret)
{
    struct month m;
    struct made_last_row *last;
    struct making made = {.cells = json_new_obj(cx->mem)};
    if (!month_parse(cx->mem, period, &m))
        return FAIL(cx, INVALID, "period", "a month is 2026-10");
    if (m.to > day_of(cx->now_us))
        return FAIL(cx, STATE, "period", "%.*s is not over", STR_ARG(period));
    TRY(unit_stated(cx, &made.unit));
    TRY(month_cells(cx, m.n, cell_take, &made));
    if (made.n == 0)
        return FAIL(cx, NOT_FOUND, "period", "nothing was counted in %.*s", STR_ARG(period));
    struct hash h = hash_of(json_canonical(cx->mem, made.cells));
    struct str digest = hash_hex(cx->mem, &h);
    TRY(db_begin(cx));
    TRY(sql_made_last(cx, m.name, &last));
    struct statement_made r = {.revision = last ? last->revision : 1, .ncells = made.n};
    bool is_same = last && str_eq(last->digest, digest), repeated = true;
    if (is_same && again)
        TRY(is_repeated(cx, m.name, last, &repeated));
    if (is_same && repeated) {
        TRY(statement_file(cx, m.name, &r.file));
    } else {
        r.revision += last != NULL;
        TRY(made_new(cx, &m, &made, digest, &r));
    }
    *ret = r;
    return RC_OK;
}

enum rc statement_make(struct ctx *cx, struct str period, struct statement_made *ret)
{
    return month_state(cx, period, false, ret);
}

enum rc statement_again(struct ctx *cx, struct str period, struct statement_made *ret)
{
    return month_state(cx, period, true, ret);
}

enum rc statement_file(struct ctx *cx, struct str period, struct str *ret)
{
    struct push_file_row *row;
    TRY(sql_push_file(cx, period, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "period", "no statement of %.*s was made", STR_ARG(period));
    *ret = row->body;
    return RC_OK;
}
