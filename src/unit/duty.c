/* duty.c - what units do for others: giving and ending a duty, and who has one. */
#include "unit/unit_priv.h"

#include "gen/unit_sql.h"
#include "ledger/ledger.h"
#include "store/store.h"

bool unit_duty_is(struct str s)
{
    if (s.n == 0 || s.n > UNIT_DUTY_MAX || s.p[0] == '-')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '-')
            return false;
    return true;
}

bool unit_has_duty(const struct unit *u, struct str duty)
{
    for (size_t i = 0; i < u->nduties; i++)
        if (str_eq(u->duties[i], duty))
            return true;
    return false;
}

static bool serves(struct ctx *cx, const struct unit *u, struct str duty)
{
    int32_t today = day_of(cx->now_us);
    return u->from <= today && today < u->to && unit_has_duty(u, duty);
}

const struct unit *unit_with_duty(struct ctx *cx, const struct unit *from, struct str duty)
{
    if (serves(cx, from, duty))
        return from;
    for (const struct unit *up = from->parent; up; up = up->parent) {
        if (serves(cx, up, duty))
            return up;
        for (size_t i = 0; i < up->nchildren; i++)
            if (serves(cx, up->children[i], duty))
                return up->children[i];
    }
    return NULL;
}

static enum rc duty_append(struct ctx *cx, enum event_kind kind,
                           const struct unit_by_code_row *u, struct str duty)
{
    struct event ev = {
        .kind = kind, .unit = {u->id}, .subject = u->id, .facts = json_new_obj(cx->mem)};
    json_put_str(cx->mem, ev.facts, "code", u->code);
    json_put_str(cx->mem, ev.facts, "duty", duty);
    return ledger_append(cx, &ev);
}

static enum rc duty_check(struct ctx *cx, struct str code, struct str duty,
                          struct unit_by_code_row **u, struct unit_duties_row *now)
{
    if (!unit_duty_is(duty))
        return FAIL(cx, INVALID, "duty", "small letters and hyphens, at most %d",
                    UNIT_DUTY_MAX);
    TRY(db_begin(cx));
    TRY(sql_unit_by_code(cx, code, u));
    if (!*u)
        return FAIL(cx, NOT_FOUND, "code", "no unit %.*s", STR_ARG(code));
    return sql_unit_duties(cx, (*u)->id, duty, now);
}

enum rc unit_duty_add(struct ctx *cx, struct str code, struct str duty)
{
    struct unit_by_code_row *u = NULL;
    struct unit_duties_row now = {0};
    TRY(duty_check(cx, code, duty, &u, &now));
    if (u->to_day <= day_of(cx->now_us))
        return FAIL(cx, STATE, "code", "the unit has ended");
    if (now.has)
        return FAIL(cx, DUPLICATE, "duty", "the unit has it already");
    if (now.n >= UNIT_DUTIES_MAX)
        return FAIL(cx, TOO_LARGE, "duty", "more than %d", UNIT_DUTIES_MAX);
    return duty_append(cx, EV_UNIT_DUTY_ADDED, u, duty);
}

enum rc unit_duty_end(struct ctx *cx, struct str code, struct str duty)
{
    struct unit_by_code_row *u = NULL;
    struct unit_duties_row now = {0};
    TRY(duty_check(cx, code, duty, &u, &now));
    if (!now.has)
        return FAIL(cx, NOT_FOUND, "duty", "the unit does not have it");
    return duty_append(cx, EV_UNIT_DUTY_ENDED, u, duty);
}

enum rc unit_duty_fold(struct ctx *cx, const struct event *ev)
{
    struct str duty = json_str(ev->facts, "duty");
    if (ev->kind == EV_UNIT_DUTY_ADDED)
        return sql_unit_duty_insert(cx, ev->subject, duty, ev->seq);
    return sql_unit_duty_end_set(cx, ev->subject, duty);
}
