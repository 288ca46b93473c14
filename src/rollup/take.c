/* take.c - a statement from below: whose is it, is it signed, is it whole, may it say so. */
#include "app/app.h"
#include "gen/rollup_sql.h"
#include "ledger/note.h"
#include "ledger/sign.h"
#include "measure/measure.h"
#include "rollup/rollup_priv.h"
#include "store/store.h"

enum { FUTURE_US = 10 * 60 * 1000000 }; /* clocks differ a little */

struct taking_one {
    const struct nodes_row *node;
    const struct unit *unit; /* for which the node is trusted */
    const struct json *statement;
    struct month month;
    struct hash digest;
    struct checkpoint head;
    int64_t revision, made_us;
    struct json *cells, *units; /* as they will stand in the event */
    int64_t ncells, unknown;
    int64_t amount; /* of all its cells, without their signs */
    struct statement_held held;
};

/* -- whose is it -- */

static enum rc node_of(struct ctx *cx, struct str origin, const struct nodes_row **ret)
{
    struct nodes_rows rows;
    TRY(sql_nodes(cx, &rows));
    for (size_t i = 0; i < rows.n; i++)
        if (!rows.v[i].ended_us && str_eq(rows.v[i].origin, origin)) {
            *ret = &rows.v[i];
            return RC_OK;
        }
    return FAIL(cx, FORBIDDEN, "node", "no trusted node of this origin");
}

static enum rc shape_check(struct ctx *cx, const struct json *s)
{
    bool ok = s && s->kind == JSON_OBJ && json_int(s, "v", 0) == 1 && json_str(s, "node").n &&
              json_get(s, STR("cells")) && json_get(s, STR("cells"))->kind == JSON_OBJ;
    return ok ? RC_OK : FAIL(cx, MALFORMED, "statement", "not a statement of version 1");
}

/* -- is it signed; each gives the reason for which it is refused, or NULL -- */

static const char *signature_check(struct ctx *cx, struct str note, struct taking_one *t)
{
    const struct json *s = t->statement;
    struct str signed_text;
    if (note_verify(cx, note, t->node->vkey, &signed_text) != RC_OK) {
        ctx_clear(cx);
        return "signature";
    }
    struct str is = statement_text(cx->mem, json_str(s, "node"), json_str(s, "period"),
                                   json_int(s, "revision", 0), &t->digest);
    return str_eq(is, signed_text) ? NULL : "changed";
}

static const char *time_check(struct ctx *cx, struct taking_one *t)
{
    const struct json *s = t->statement;
    t->revision = json_int(s, "revision", 0);
    if (!month_parse(cx->mem, json_str(s, "period"), &t->month) || t->revision < 1)
        return "period";
    if (!time_parse(json_str(s, "made"), &t->made_us) || t->made_us > cx->now_us + FUTURE_US)
        return "period";
    return day_start(t->month.to) > t->made_us ? "period" : NULL; /* made before its end */
}

/* Does the longest statement taken prove that its ledger begins with this shorter one? Then it was
 * made before that one and only came later. */
static bool is_beginning(struct ctx *cx, const struct taking_one *t,
                         const struct statement_longest_row *longest)
{
    struct json *list;
    struct checkpoint head = {.size = longest->ledger_size};
    bool readable = longest->past.n && hash_parse(longest->ledger_root, &head.root) &&
                    json_parse(cx, longest->past, &list) == RC_OK;
    ctx_clear(cx);
    return readable &&
           past_holds(cx, list, t->head.size, hash_hex(cx->mem, &t->head.root), &head);
}

/* The node's ledger only grows: a statement over another ledger of the same length, or one that is
 * not proven to hold the longest one seen, or not to be its beginning, comes from a rewritten past
 * or must be made again. What was seen before the node was trusted anew binds it no more. */
static const char *past_check(struct ctx *cx, struct taking_one *t,
                              const struct statement_longest_row *longest)
{
    int64_t size = t->head.size, held = longest->ledger_size;
    if (size == held)
        return str_eq(hash_hex(cx->mem, &t->head.root), longest->ledger_root) ? NULL : "ledger";
    if (size < held)
        return is_beginning(cx, t, longest) ? NULL : "behind";
    return past_holds(cx, json_get(t->statement, STR("consistency")), held,
                      longest->ledger_root, &t->head)
               ? NULL
               : "past";
}

static enum rc ledger_check(struct ctx *cx, struct taking_one *t, const char **reason)
{
    struct vkey vk;
    struct statement_longest_row *longest;
    const struct json *l = json_get(t->statement, STR("ledger"));
    *reason = "ledger";
    if (!vkey_parse(cx->mem, t->node->vkey, &vk) ||
        !checkpoint_check(cx->mem, json_str(l, "checkpoint"), &vk, &t->head) ||
        json_int(l, "size", -1) != t->head.size)
        return RC_OK;
    TRY(sql_statement_longest(cx, t->node->name, t->node->trusted_us, &longest));
    *reason = longest ? past_check(cx, t, longest) : NULL;
    if (longest)
        t->held =
            (struct statement_held){longest->period, longest->revision, longest->ledger_size};
    return RC_OK;
}

/* -- is it whole, may it say so -- */

/* The unit under which the cells come in: the same one here when it lies below the node's; one
 * that is not known here counts for the node's own unit. NULL: the node may not speak for it. */
static const struct unit *unit_for(struct ctx *cx, const struct taking_one *t, struct str code)
{
    const struct unit *u = unit_find(cx, code);
    if (u)
        return unit_is_within(u, t->unit) ? u : NULL;
    struct str below = str_join(cx->mem, t->unit->code, STR("."));
    return unit_code_is(code) && str_starts(code, below) ? t->unit : NULL;
}

static struct json *list_at(struct ctx *cx, struct json *obj, struct str key)
{
    struct json *v = json_get(obj, key);
    return v ? v : json_put(obj, key, json_new_arr(cx->mem));
}

/* Lines of one cell add up, statements add up: their whole stays far from where that overflows. */
static bool amount_take(struct taking_one *t, const struct cell_line *c)
{
    t->amount += (c->num < 0 ? -c->num : c->num) + (c->den < 0 ? -c->den : c->den);
    return t->amount <= STATEMENT_AMOUNT_MAX;
}

static bool lines_take(struct ctx *cx, struct taking_one *t, const struct json *lines,
                       struct json *into)
{
    if (lines->kind != JSON_ARR)
        return false;
    JSON_EACH (lines, line) {
        struct cell_line c;
        if (line->kind != JSON_STR || !cell_line_parse(line->s, &c) ||
            t->ncells++ == STATEMENT_CELLS_MAX || !amount_take(t, &c))
            return false;
        json_push(into, json_new_str(cx->mem, line->s));
    }
    return true;
}

static bool id_is(struct str s)
{
    enum { ID_MAX = 100 };
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-' &&
            c != '.')
            return false;
    }
    return s.n > 0 && s.n <= ID_MAX;
}

static const char *indicator_take(struct ctx *cx, struct taking_one *t, const struct json *v)
{
    int64_t before = t->ncells;
    struct json *into = json_put(t->cells, v->key, json_new_obj(cx->mem));
    if (!id_is(v->key) || v->kind != JSON_OBJ)
        return "cells";
    JSON_EACH (v, lines) {
        const struct unit *u = unit_for(cx, t, lines->key);
        if (!u)
            return "unit";
        if (!lines_take(cx, t, lines, list_at(cx, into, u->code)))
            return "cells";
        if (!json_get(t->units, u->code))
            json_put(t->units, u->code, json_new_int(cx->mem, u->id.v));
    }
    if (!indicator_find(cx, v->key))
        t->unknown += t->ncells - before;
    return NULL;
}

static const char *cells_take(struct ctx *cx, struct taking_one *t)
{
    const char *reason = NULL;
    t->cells = json_new_obj(cx->mem);
    t->units = json_new_obj(cx->mem);
    JSON_EACH (json_get(t->statement, STR("cells")), v) {
        reason = indicator_take(cx, t, v);
        if (reason)
            return reason;
    }
    return NULL;
}

/* -- what comes of it -- */

static enum rc refuse(struct ctx *cx, const struct taking_one *t, const char *reason)
{
    struct stated_refusal_find_row *old;
    struct stated_refusals_since_row today;
    struct str digest = hash_hex(cx->mem, &t->digest), name = t->node->name;
    struct str period = utf8_cut(json_str(t->statement, "period"), 10);
    TRY(sql_stated_refusal_find(cx, name, digest, &old));
    TRY(sql_stated_refusals_since(cx, name, cx->now_us - DAY_US, &today));
    LOGW("statement refused: node=%.*s reason=%s", STR_ARG(name), reason);
    if (old || today.n >= REFUSALS_A_DAY)
        return RC_OK;
    struct json *f = json_new_obj(cx->mem);
    json_put_str(cx->mem, f, "node", name);
    json_put_str(cx->mem, f, "digest", digest);
    json_put_str(cx->mem, f, "period", period.p ? period : STR(""));
    json_put_str(cx->mem, f, "reason", str_from(reason));
    struct event ev = {.kind = EV_STATEMENT_REFUSED, .facts = f, .unit = t->unit->id};
    return ledger_append(cx, &ev);
}

/* What it proves of its past, for statements that were made before it and come after it. */
static void past_keep(struct ctx *cx, const struct taking_one *t, struct json *f)
{
    const struct json *past = json_get(t->statement, STR("consistency"));
    if (past_is(past))
        json_put(f, STR("consistency"), json_copy(cx->mem, past));
}

static enum rc accept(struct ctx *cx, const struct taking_one *t, bool is_late)
{
    struct json *f = json_new_obj(cx->mem);
    json_put_str(cx->mem, f, "node", t->node->name);
    json_put_str(cx->mem, f, "unit", t->unit->code);
    json_put_str(cx->mem, f, "period", t->month.name);
    json_put_int(cx->mem, f, "month", t->month.n);
    json_put_int(cx->mem, f, "revision", t->revision);
    json_put_str(cx->mem, f, "digest", hash_hex(cx->mem, &t->digest));
    json_put_int(cx->mem, f, "made", t->made_us);
    json_put_int(cx->mem, f, "size", t->head.size);
    json_put_str(cx->mem, f, "root", hash_hex(cx->mem, &t->head.root));
    json_put_bool(cx->mem, f, "late", is_late);
    json_put_int(cx->mem, f, "ncells", t->ncells);
    json_put(f, STR("units"), t->units);
    json_put(f, STR("cells"), t->cells);
    past_keep(cx, t, f);
    struct event ev = {.kind = EV_STATEMENT_TAKEN, .facts = f, .unit = t->unit->id};
    if (cx->who)
        ev.actor = cx->who->subject;
    return ledger_append(cx, &ev);
}

/* *is_same: these very bytes were taken before. */
static enum rc order_check(struct ctx *cx, const struct taking_one *t, bool *is_same,
                           const char **reason)
{
    struct statement_last_row *last;
    TRY(sql_statement_last(cx, t->node->name, t->month.name, &last));
    *is_same = last && last->revision == t->revision &&
               str_eq(last->digest, hash_hex(cx->mem, &t->digest));
    if (last && t->revision <= last->revision && !*is_same)
        *reason = "older";
    return RC_OK;
}

/* A month whose deadline had passed before the node was trusted is nobody's fault. */
static bool is_late(const struct ctx *cx, const struct taking_one *t)
{
    int32_t deadline = month_deadline(cx, &t->month);
    return day_of(cx->now_us) > deadline && deadline >= day_of(t->node->trusted_us);
}

/* In the turn: what was last taken must not change meanwhile. */
static enum rc judge(struct ctx *cx, struct str note, struct taking_one *t,
                     struct statement_taken *r)
{
    bool is_same = false;
    r->reason = signature_check(cx, note, t);
    if (!r->reason)
        r->reason = time_check(cx, t);
    if (!r->reason)
        TRY(order_check(cx, t, &is_same, &r->reason));
    if (is_same) {
        r->outcome = STATEMENT_SAME;
        return RC_OK;
    }
    if (!r->reason)
        TRY(ledger_check(cx, t, &r->reason));
    if (!r->reason)
        r->reason = cells_take(cx, t);
    r->outcome = r->reason ? STATEMENT_REFUSED : STATEMENT_TAKEN;
    if (r->reason)
        return refuse(cx, t, r->reason);
    r->is_late = is_late(cx, t);
    return accept(cx, t, r->is_late);
}

enum rc statement_take(struct ctx *cx, struct str note, const struct json *statement,
                       struct statement_taken *ret)
{
    struct taking_one t = {.statement = statement};
    struct statement_taken r = {0};
    TRY(shape_check(cx, statement));
    TRY(node_of(cx, json_str(statement, "node"), &t.node));
    t.unit = unit_find(cx, t.node->unit);
    if (!t.unit)
        return FAIL(cx, CORRUPT, "unit", "the node's unit is gone");
    t.digest = hash_of(json_canonical(cx->mem, statement));
    TRY(db_begin(cx));
    TRY(judge(cx, note, &t, &r));
    r.node = t.node->name;
    r.period = json_str(statement, "period");
    r.revision = t.revision;
    r.ncells = t.ncells;
    r.unknown = t.unknown;
    r.held = t.held;
    *ret = r;
    return RC_OK;
}

enum rc statement_take_file(struct ctx *cx, struct str file, struct statement_taken *ret)
{
    struct json *o;
    if (file.n > STATEMENT_BYTES_MAX)
        return FAIL(cx, TOO_LARGE, "file", "over %d bytes", STATEMENT_BYTES_MAX);
    TRY(json_parse(cx, file, &o));
    if (o->kind != JSON_OBJ)
        return FAIL(cx, MALFORMED, "file", "no statement");
    return statement_take(cx, json_str(o, "note"), json_get(o, STR("statement")), ret);
}
