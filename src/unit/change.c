/* change.c - adding and ending units: checks, events, and their fold into the tables. */
#include "unit/unit_priv.h"

#include "gen/unit_sql.h"
#include "ledger/ledger.h"
#include "store/store.h"

/* -- checks -- */

static bool name_is(struct str s)
{
    if (s.n == 0 || !utf8_is(s) || utf8_len(s) > UNIT_NAME_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return true;
}

static enum rc check_codes(struct ctx *cx, const struct unit_new *u, struct str *old)
{
    if (!code_new_is(u->code))
        return FAIL(cx, INVALID, "code", "not a code of QD 20/2020");
    struct str same = unit_code_to_old(cx->mem, u->code);
    *old = u->code_old.n ? u->code_old : same;
    if (u->code_old.n == 0)
        return RC_OK;
    if (!code_old_is(u->code_old))
        return FAIL(cx, INVALID, "code_old", "not a code of QCVN 102:2016");
    if (same.p && !str_eq(same, u->code_old))
        return FAIL(cx, INVALID, "code_old", "code stands for %.*s", STR_ARG(same));
    if (!str_eq(str_skip(u->code_old, 10), code_first(u->code)))
        return FAIL(cx, INVALID, "code_old", "level 1 differs from code's");
    return RC_OK;
}

static enum rc check_fields(struct ctx *cx, const struct unit_new *u, struct str *old)
{
    TRY(check_codes(cx, u, old));
    if (!name_is(u->name_vi))
        return FAIL(cx, INVALID, "name_vi", "%zu bytes", u->name_vi.n);
    if (!name_is(u->name_en))
        return FAIL(cx, INVALID, "name_en", "%zu bytes", u->name_en.n);
    if (u->kind >= UNIT_KIND_COUNT)
        return FAIL(cx, INVALID, "kind", "%u", (unsigned)u->kind);
    if (u->from < day_make(1945, 9, 2) || u->from > day_make(2200, 1, 1))
        return FAIL(cx, INVALID, "from", "day %d", u->from);
    return RC_OK;
}

static enum rc check_unused(struct ctx *cx, const char *field, struct str code)
{
    struct unit_by_code_row *row = NULL;
    if (code.n)
        TRY(sql_unit_by_code(cx, code, &row));
    return row ? FAIL(cx, DUPLICATE, field, "%.*s", STR_ARG(code)) : RC_OK;
}

/* Codes of one tree grow from their parent's; only a nation holds trees of other codes. */
static bool code_fits_below(struct str code, const struct unit_by_code_row *parent)
{
    if (!str_eq(code_first(code), code_first(parent->code)))
        return str_eq(parent->kind, str_from(unit_kind_name(UNIT_NATION)));
    return str_starts(code, parent->code) && code.n > parent->code.n &&
           code.p[parent->code.n] == '.';
}

static enum rc check_depth(struct ctx *cx, int64_t parent)
{
    for (int depth = 1; parent && parent != DB_NULL; depth++) {
        if (depth == UNIT_DEPTH_MAX)
            return FAIL(cx, INVALID, "parent", "deeper than %d levels", UNIT_DEPTH_MAX);
        struct unit_parent_row *row;
        TRY(sql_unit_parent(cx, parent, &row));
        parent = row ? row->parent : 0;
    }
    return RC_OK;
}

static enum rc check_parent(struct ctx *cx, const struct unit_new *u)
{
    struct unit_version_row tree;
    TRY(sql_unit_version(cx, &tree));
    if (tree.units >= UNITS_MAX)
        return FAIL(cx, TOO_LARGE, "unit", "more than %d units", UNITS_MAX);
    if (u->parent.n == 0)
        return tree.units ? FAIL(cx, DUPLICATE, "parent", "a root is there already") : RC_OK;
    struct unit_by_code_row *up;
    TRY(sql_unit_by_code(cx, u->parent, &up));
    if (!up)
        return FAIL(cx, NOT_FOUND, "parent", "no unit %.*s", STR_ARG(u->parent));
    if (u->from < up->from_day || u->from >= up->to_day)
        return FAIL(cx, INVALID, "from", "the parent does not stand on day %d", u->from);
    if (!code_fits_below(u->code, up))
        return FAIL(cx, INVALID, "code", "does not begin with the parent's code and a dot");
    return check_depth(cx, up->id);
}

/* -- commands -- */

static void put_text(struct arena *mem, struct json *facts, const char *key, struct str s)
{
    if (s.n)
        json_put_str(mem, facts, key, s);
}

enum rc unit_add(struct ctx *cx, const struct unit_new *u, struct unit_id *ret)
{
    struct str old;
    TRY(check_fields(cx, u, &old));
    TRY(db_begin(cx));
    TRY(check_unused(cx, "code", u->code));
    TRY(check_unused(cx, "code_old", old));
    TRY(check_parent(cx, u));
    struct json *facts = json_new_obj(cx->mem);
    json_put_str(cx->mem, facts, "code", u->code);
    put_text(cx->mem, facts, "code_old", old);
    put_text(cx->mem, facts, "parent", u->parent);
    json_put_str(cx->mem, facts, "kind", str_from(unit_kind_name(u->kind)));
    json_put_str(cx->mem, facts, "name_vi", u->name_vi);
    json_put_str(cx->mem, facts, "name_en", u->name_en);
    json_put_int(cx->mem, facts, "from", u->from);
    struct unit_id id = {random_id()};
    struct event ev = {.kind = EV_UNIT_ADDED, .unit = id, .subject = id.v, .facts = facts};
    TRY(ledger_append(cx, &ev));
    *ret = id;
    return RC_OK;
}

static enum rc check_end(struct ctx *cx, struct str code, int32_t day,
                         struct unit_by_code_row **ret)
{
    struct unit_by_code_row *u;
    TRY(sql_unit_by_code(cx, code, &u));
    if (!u)
        return FAIL(cx, NOT_FOUND, "code", "no unit %.*s", STR_ARG(code));
    if (u->to_day != INT32_MAX)
        return FAIL(cx, STATE, "code", "it ends already");
    if (day <= u->from_day || day >= INT32_MAX)
        return FAIL(cx, INVALID, "day", "not after the day it began");
    struct unit_standing_below_row below;
    TRY(sql_unit_standing_below(cx, u->id, day, &below));
    if (below.n)
        return FAIL(cx, STATE, "code", "%d units below still stand", (int)below.n);
    *ret = u;
    return RC_OK;
}

/* A successor stands on the day, so that no chain of successors can lead back. */
static enum rc check_successor(struct ctx *cx, int64_t unit, struct str code, int32_t day,
                               struct json *list)
{
    struct unit_by_code_row *to;
    TRY(sql_unit_by_code(cx, code, &to));
    if (!to)
        return FAIL(cx, NOT_FOUND, "successors", "no unit %.*s", STR_ARG(code));
    if (to->id == unit)
        return FAIL(cx, INVALID, "successors", "a unit cannot follow itself");
    if (day < to->from_day || day >= to->to_day)
        return FAIL(cx, INVALID, "successors", "%.*s does not stand then", STR_ARG(code));
    JSON_EACH (list, one)
        if (str_eq(one->s, to->code))
            return FAIL(cx, DUPLICATE, "successors", "%.*s twice", STR_ARG(code));
    json_push(list, json_new_str(cx->mem, to->code));
    return RC_OK;
}

enum rc unit_end(struct ctx *cx, struct str code, int32_t day, const struct str *successors,
                 size_t n)
{
    if (n > UNIT_SUCCESSORS_MAX)
        return FAIL(cx, TOO_LARGE, "successors", "more than %d", UNIT_SUCCESSORS_MAX);
    TRY(db_begin(cx));
    struct unit_by_code_row *u = NULL;
    TRY(check_end(cx, code, day, &u));
    struct json *facts = json_new_obj(cx->mem), *list = json_new_arr(cx->mem);
    for (size_t i = 0; i < n; i++)
        TRY(check_successor(cx, u->id, successors[i], day, list));
    json_put_str(cx->mem, facts, "code", u->code);
    json_put_int(cx->mem, facts, "day", day);
    json_put(facts, STR("successors"), list);
    struct event ev = {
        .kind = EV_UNIT_ENDED, .unit = {u->id}, .subject = u->id, .facts = facts};
    return ledger_append(cx, &ev);
}

/* -- the fold -- */

static enum rc apply_added(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    struct str parent = json_str(f, "parent");
    struct unit_by_code_row *up = NULL;
    if (parent.n)
        TRY(sql_unit_by_code(cx, parent, &up));
    return sql_unit_insert(cx, ev->subject, json_str(f, "code"), json_str(f, "code_old"),
                           json_str(f, "name_vi"), json_str(f, "name_en"), json_str(f, "kind"),
                           up ? up->id : DB_NULL, json_int(f, "from", 0), INT32_MAX);
}

static enum rc apply_ended(struct ctx *cx, const struct event *ev)
{
    int64_t pos = 0;
    TRY(sql_unit_end_set(cx, ev->subject, json_int(ev->facts, "day", 0)));
    JSON_EACH (json_get(ev->facts, STR("successors")), code) {
        struct unit_by_code_row *to;
        TRY(sql_unit_by_code(cx, code->s, &to));
        if (!to)
            return FAIL(cx, CORRUPT, "successors", "no unit %.*s", STR_ARG(code->s));
        TRY(sql_unit_successor_insert(cx, ev->subject, pos++, to->id));
    }
    return RC_OK;
}

static enum rc apply(struct ctx *cx, const struct event *ev)
{
    if (ev->kind == EV_UNIT_ADDED)
        return apply_added(cx, ev);
    if (ev->kind == EV_UNIT_DUTY_ADDED || ev->kind == EV_UNIT_DUTY_ENDED)
        return unit_duty_fold(cx, ev);
    return ev->kind == EV_UNIT_ENDED ? apply_ended(cx, ev) : RC_OK;
}

static const char *const tables[] = {"unit", "unit_successor", "unit_duty", NULL};
const struct ledger_subscriber unit_subscriber = {"unit", apply, tables};
