/* delegation.c - who signs for whom: giving, ending, and what holds today. */
#include "identity/delegation.h"

#include <ctype.h>

#include "gen/identity_sql.h"
#include "identity/identity_priv.h"
#include "ledger/ledger.h"
#include "store/store.h"

/* -- reading -- */

static enum rc row_read(struct ctx *cx, const struct delegations_row *r, struct delegation *d)
{
    *d = (struct delegation){.id = r->id,
                             .from = r->from_account,
                             .to = r->to_account,
                             .unit = {r->unit},
                             .from_day = (int32_t)r->from_day,
                             .to_day = (int32_t)r->to_day,
                             .procedures = str_trim(r->procedures),
                             .from_name = r->from_name.p ? r->from_name : STR("-"),
                             .to_name = r->to_name.p ? r->to_name : STR("-"),
                             .is_held = r->held != 0,
                             .ended_us = r->ended_us};
    if (!role_parse(r->role, &d->role))
        return FAIL(cx, CORRUPT, "role", "%.*s", STR_ARG(r->role));
    return RC_OK;
}

enum rc delegation_list(struct ctx *cx, int64_t account, struct unit_id unit,
                        struct delegation_list *ret)
{
    enum { LISTED_MAX = 200 };
    struct delegations_rows rows;
    TRY(sql_delegations(cx, account, unit.v, LISTED_MAX, 0, &rows));
    struct delegation_list out = {arena_array(cx->mem, struct delegation, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        TRY(row_read(cx, &rows.v[i], &out.v[i]));
    *ret = out;
    return RC_OK;
}

enum rc delegation_get(struct ctx *cx, int64_t id, struct delegation *ret)
{
    struct delegations_rows rows;
    TRY(sql_delegations(cx, 0, 0, 1, id, &rows));
    return rows.n ? row_read(cx, &rows.v[0], ret) : FAIL(cx, NOT_FOUND, "id", "none");
}

static bool covers(struct str procedures, struct str procedure)
{
    struct str one;
    while (procedures.n) {
        procedures = str_split(procedures, ' ', &one);
        if (str_eq(one, procedure))
            return true;
    }
    return false;
}

static bool holds(const struct ctx *cx, const struct delegation *d)
{
    int32_t today = day_of(cx->now_us);
    return d->is_held && d->ended_us == TIME_NONE && d->from_day <= today && today <= d->to_day;
}

enum rc delegations_for(struct ctx *cx, int64_t to, struct unit_id unit, struct str procedure,
                        struct delegation_list *ret)
{
    struct delegation_list all;
    struct delegation_any_row *any = NULL;
    *ret = (struct delegation_list){0};
    TRY(sql_delegation_any(cx, to, unit.v, &any));
    if (!any)
        return RC_OK;
    TRY(delegation_list(cx, to, unit, &all));
    ret->v = all.v;
    for (size_t i = 0; i < all.n; i++) {
        const struct delegation d = all.v[i];
        if (d.to == to && holds(cx, &d) && (!d.procedures.n || covers(d.procedures, procedure)))
            ret->v[ret->n++] = d;
    }
    return RC_OK;
}

/* -- giving -- */

static enum rc holds_role(struct ctx *cx, int64_t account, const struct delegation *d,
                          bool *in_unit, bool *role)
{
    struct officer_list list;
    *in_unit = *role = false;
    TRY(officers_of(cx, d->unit, &list));
    for (size_t i = 0; i < list.n; i++) {
        *in_unit = *in_unit || list.v[i].account == account;
        *role = *role || (list.v[i].account == account && list.v[i].role == d->role);
    }
    return RC_OK;
}

static enum rc parties_check(struct ctx *cx, const struct delegation *d)
{
    bool in_unit, role;
    if (d->from == d->to)
        return FAIL(cx, INVALID, "to", "to oneself");
    TRY(holds_role(cx, d->from, d, &in_unit, &role));
    if (!role)
        return FAIL(cx, INVALID, "role", "not held in the unit");
    TRY(holds_role(cx, d->to, d, &in_unit, &role));
    if (!in_unit)
        return FAIL(cx, INVALID, "to", "no officer of the unit");
    return role ? FAIL(cx, DUPLICATE, "to", "holds the role already") : RC_OK;
}

static enum rc term_check(struct ctx *cx, const struct delegation *d)
{
    struct str rest = d->procedures, one;
    if (d->to_day < d->from_day || d->to_day < day_of(cx->now_us))
        return FAIL(cx, INVALID, "to_day", "ends before it begins, or is over");
    if (d->to_day - d->from_day >= DELEGATION_DAYS_MAX)
        return FAIL(cx, INVALID, "to_day", "more than %d days", DELEGATION_DAYS_MAX);
    if (rest.n > DELEGATION_PROCEDURES_MAX)
        return FAIL(cx, INVALID, "procedures", "at most %d characters",
                    DELEGATION_PROCEDURES_MAX);
    while (rest.n) {
        rest = str_split(rest, ' ', &one);
        for (size_t i = 0; i < one.n; i++)
            if (!isalnum((unsigned char)one.p[i]) && one.p[i] != '.' && one.p[i] != '-')
                return FAIL(cx, INVALID, "procedures", "codes parted by spaces");
    }
    return RC_OK;
}

static bool may_arrange(struct ctx *cx, int64_t account, int64_t other, struct unit_id unit)
{
    if (!cx->who) /* the system itself: a command */
        return true;
    return cx->who->account &&
           (cx->who->account == account || cx->who->account == other ||
            (cx->who->is_officer && who_can(cx, cx->who, CAP_UNIT_ADMIN, unit)));
}

static enum rc overlap_check(struct ctx *cx, const struct delegation *d)
{
    struct delegation_list all;
    size_t running = 0;
    TRY(delegation_list(cx, d->from, d->unit, &all));
    for (size_t i = 0; i < all.n; i++) {
        const struct delegation *o = &all.v[i];
        bool runs = o->ended_us == TIME_NONE && o->to_day >= day_of(cx->now_us);
        running += runs && o->from == d->from;
        if (runs && o->from == d->from && o->to == d->to && o->role == d->role &&
            o->from_day <= d->to_day && d->from_day <= o->to_day &&
            str_eq(o->procedures, d->procedures))
            return FAIL(cx, DUPLICATE, "to", "the same runs already");
    }
    if (running >= DELEGATIONS_MAX)
        return FAIL(cx, TOO_LARGE, "from", "more than %d", DELEGATIONS_MAX);
    return RC_OK;
}

enum rc delegation_add(struct ctx *cx, const struct delegation *d, int64_t *ret)
{
    struct arena *mem = cx->mem;
    if (d->role >= ROLE_COUNT || !unit_of(cx, d->unit))
        return FAIL(cx, INVALID, "unit", "no such role or unit");
    if (!may_arrange(cx, d->from, d->from, d->unit))
        return FAIL(cx, FORBIDDEN, "from", "somebody else's role");
    TRY(term_check(cx, d));
    TRY(db_begin(cx));
    TRY(parties_check(cx, d));
    TRY(overlap_check(cx, d));
    int64_t id = random_id();
    struct event ev = {.kind = EV_DELEGATION_ADDED,
                       .actor = actor_of(cx),
                       .unit = d->unit,
                       .subject = d->from,
                       .facts = json_new_obj(mem)};
    json_put_int(mem, ev.facts, "id", id);
    json_put_int(mem, ev.facts, "to", d->to);
    json_put_str(mem, ev.facts, "role", str_from(role_name(d->role)));
    json_put_int(mem, ev.facts, "from_day", d->from_day);
    json_put_int(mem, ev.facts, "to_day", d->to_day);
    json_put_str(mem, ev.facts, "procedures", d->procedures.p ? d->procedures : STR(""));
    TRY(ledger_append(cx, &ev));
    *ret = id;
    return RC_OK;
}

enum rc delegation_end(struct ctx *cx, int64_t id)
{
    struct delegation_by_id_row *d = NULL;
    TRY(db_begin(cx));
    TRY(sql_delegation_by_id(cx, id, &d));
    struct unit_id unit = {d ? d->unit : 0};
    if (!d || !may_arrange(cx, d->from_account, d->to_account, unit))
        return FAIL(cx, NOT_FOUND, "id", "no such delegation");
    if (d->ended_us != TIME_NONE || d->to_day < day_of(cx->now_us))
        return FAIL(cx, STATE, "id", "it has ended");
    struct event ev = {.kind = EV_DELEGATION_ENDED,
                       .actor = actor_of(cx),
                       .unit = unit,
                       .subject = d->from_account,
                       .facts = json_new_obj(cx->mem)};
    json_put_int(cx->mem, ev.facts, "delegation", id);
    return ledger_append(cx, &ev);
}

/* -- the fold -- */

enum rc delegation_fold(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    if (ev->kind == EV_DELEGATION_ENDED)
        return sql_delegation_end_set(cx, json_int(f, "delegation", 0), ev->time_us);
    return sql_delegation_insert(cx, json_int(f, "id", 0), ev->subject, json_int(f, "to", 0),
                                 ev->unit.v, json_str(f, "role"), json_int(f, "from_day", 0),
                                 json_int(f, "to_day", 0), json_str(f, "procedures"));
}
