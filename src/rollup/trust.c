/* trust.c - whose statements are taken, and for which unit. */
#include "gen/rollup_sql.h"
#include "ledger/note.h"
#include "rollup/rollup_priv.h"
#include "store/store.h"

enum { NAME_MAX_BYTES = 41 };

static bool name_is(struct str s)
{
    bool ok = s.n > 0 && s.n <= NAME_MAX_BYTES && s.p[0] >= 'a' && s.p[0] <= 'z';
    for (size_t i = 0; ok && i < s.n; i++)
        ok = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
             s.p[i] == '-';
    return ok;
}

bool units_are_nested(struct ctx *cx, const struct unit *a, struct str code)
{
    const struct unit *b = unit_find(cx, code);
    return b && (unit_is_within(a, b) || unit_is_within(b, a));
}

/* Two nodes that speak for the same dossiers would count them twice. */
static enum rc others_check(struct ctx *cx, struct str name, const struct vkey *vk,
                            const struct unit *u)
{
    struct nodes_rows rows;
    TRY(sql_nodes(cx, &rows));
    if (rows.n >= TRUSTED_MAX)
        return FAIL(cx, TOO_LARGE, "name", "over %d nodes", TRUSTED_MAX);
    for (size_t i = 0; i < rows.n; i++) {
        const struct nodes_row *r = &rows.v[i];
        if (str_eq(r->name, name) || r->ended_us)
            continue;
        if (str_eq(r->origin, vk->name))
            return FAIL(cx, DUPLICATE, "vkey",
                        "%.*s is trusted under the same node_name, %.*s; a node keeps the "
                        "node_name it was made with: make this one anew (motcua init) with a "
                        "node_name of its own, or end the other (motcua node distrust %.*s)",
                        STR_ARG(r->name), STR_ARG(r->origin), STR_ARG(r->name));
        if (units_are_nested(cx, u, r->unit))
            return FAIL(cx, DUPLICATE, "unit", "%.*s speaks for %.*s already", STR_ARG(r->name),
                        STR_ARG(r->unit));
    }
    return RC_OK;
}

static enum rc tell(struct ctx *cx, enum event_kind kind, struct json *facts,
                    const struct unit *u)
{
    struct event ev = {.kind = kind, .facts = facts, .unit = u ? u->id : (struct unit_id){0}};
    if (cx->who)
        ev.actor = cx->who->subject;
    return ledger_append(cx, &ev);
}

enum rc node_trust(struct ctx *cx, struct str name, struct str vkey, struct str unit)
{
    struct vkey vk;
    const struct unit *u = unit_find(cx, unit);
    if (!name_is(name))
        return FAIL(cx, INVALID, "name", "[a-z][a-z0-9-]*, at most %d", NAME_MAX_BYTES);
    if (!vkey_parse(cx->mem, vkey, &vk))
        return FAIL(cx, INVALID, "vkey", "not a note verifier key");
    if (str_eq(vk.name, ledger_origin(cx)))
        return FAIL(cx, INVALID, "vkey", "this node's own origin");
    if (!u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    TRY(db_begin(cx));
    TRY(others_check(cx, name, &vk, u));
    struct json *f = json_new_obj(cx->mem);
    json_put_str(cx->mem, f, "name", name);
    json_put_str(cx->mem, f, "vkey", str_trim(vkey));
    json_put_str(cx->mem, f, "origin", vk.name);
    json_put_str(cx->mem, f, "unit", u->code);
    return tell(cx, EV_NODE_TRUSTED, f, u);
}

enum rc node_distrust(struct ctx *cx, struct str name)
{
    struct nodes_rows rows;
    TRY(db_begin(cx));
    TRY(sql_nodes(cx, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        if (!str_eq(rows.v[i].name, name) || rows.v[i].ended_us)
            continue;
        struct json *f = json_new_obj(cx->mem);
        json_put_str(cx->mem, f, "name", name);
        return tell(cx, EV_NODE_DISTRUSTED, f, unit_find(cx, rows.v[i].unit));
    }
    return FAIL(cx, NOT_FOUND, "name", "no trusted node of that name");
}

enum rc nodes_list(struct ctx *cx, struct json **ret)
{
    struct nodes_rows rows;
    struct json *list = json_new_arr(cx->mem);
    TRY(sql_nodes(cx, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct nodes_row *r = &rows.v[i];
        const struct unit *u = unit_find(cx, r->unit);
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "name", r->name);
        json_put_str(cx->mem, o, "origin", r->origin);
        json_put_str(cx->mem, o, "vkey", r->vkey);
        json_put_str(cx->mem, o, "unit", r->unit);
        json_put_str(cx->mem, o, "unit_name", u ? unit_name(cx, u) : r->unit);
        json_put_str(cx->mem, o, "trusted", day_iso(cx->mem, day_of(r->trusted_us)));
        json_put_bool(cx->mem, o, "is_ended", r->ended_us != 0);
    }
    *ret = list;
    return RC_OK;
}
