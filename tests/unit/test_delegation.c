/* test_delegation.c - who may sign for whom: what is refused, what holds, when it ends. */
#include "unit/harness.h"

#include "identity/delegation.h"
#include "node_help.h"

struct office {
    int64_t leader, deputy, clerk, stranger, citizen;
    struct unit_id unit, other;
    int32_t today;
};

static int64_t person_add(struct ctx *cx, const char *login, const char *number)
{
    struct subject s = {.name = STR("Người Mẫu"), .birth = INT32_MIN};
    struct account_new a = {.is_officer = !number};
    int64_t account;
    a.login = s.number = str_from(number ? number : "");
    if (!number)
        a.login = str_from(login);
    assert_int_equal(subject_add(cx, &s, &a.subject), RC_OK);
    assert_int_equal(account_add_hashed(cx, &a, STR("$argon2id$none"), &account), RC_OK);
    return account;
}

static struct office office_open(struct ctx *cx)
{
    struct office o = {.today = day_of(cx->now_us)};
    node_tree(cx);
    o.unit = node_unit_id(cx, "H07.21");
    o.other = node_unit_id(cx, "H07.22");
    o.leader = person_add(cx, "leader", NULL);
    o.deputy = person_add(cx, "deputy", NULL);
    o.clerk = person_add(cx, "clerk", NULL);
    o.stranger = person_add(cx, "stranger", NULL);
    o.citizen = person_add(cx, NULL, "083090123456");
    assert_int_equal(role_grant(cx, o.leader, ROLE_leader, o.unit), RC_OK);
    assert_int_equal(role_grant(cx, o.deputy, ROLE_specialist, o.unit), RC_OK);
    assert_int_equal(role_grant(cx, o.clerk, ROLE_leader, o.unit), RC_OK);
    assert_int_equal(role_grant(cx, o.stranger, ROLE_specialist, o.other), RC_OK);
    node_commit(cx);
    return o;
}

static struct delegation ask(const struct office *o)
{
    return (struct delegation){.from = o->leader,
                               .to = o->deputy,
                               .unit = o->unit,
                               .role = ROLE_leader,
                               .from_day = o->today,
                               .to_day = o->today + 9,
                               .procedures = STR("")};
}

static size_t held(struct ctx *cx, const struct office *o, const char *procedure)
{
    struct delegation_list list;
    assert_int_equal(delegations_for(cx, o->deputy, o->unit, str_from(procedure), &list),
                     RC_OK);
    return list.n;
}

static void refusals(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct delegation good = ask(&o), v[9];
    static const struct {
        enum rc rc;
        const char *field;
    } rows[] = {
        {RC_INVALID, "to"},     {RC_INVALID, "to"},     {RC_INVALID, "role"},
        {RC_INVALID, "to_day"}, {RC_INVALID, "to_day"}, {RC_INVALID, "procedures"},
        {RC_DUPLICATE, "to"},   {RC_INVALID, "unit"},   {RC_INVALID, "to"},
    };
    int64_t id = 0;
    for (size_t i = 0; i < ROWS(v); i++)
        v[i] = good;
    v[0].to = o.leader;
    v[1].to = o.stranger;
    v[2].role = ROLE_reception;
    v[3].to_day = o.today - 1;
    v[4].to_day = o.today + DELEGATION_DAYS_MAX;
    v[5].procedures = STR("1.001193;2");
    v[6].to = o.clerk; /* a leader already */
    v[7].unit = (struct unit_id){5};
    v[8].to = o.citizen;
    for (size_t i = 0; i < ROWS(v); i++) {
        ctx_clear(cx);
        enum rc rc = delegation_add(cx, &v[i], &id);
        if (rc != rows[i].rc || strcmp(cx->err.field, rows[i].field) != 0)
            fail_msg("row %zu: %s %s", i, rc_name(rc), cx->err.field);
    }
    assert_int_equal(id, 0);
}

static void rights(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct delegation d = ask(&o);
    struct who *deputy, *leader;
    int64_t id;
    assert_int_equal(who_load(cx, o.deputy, &deputy), RC_OK);
    assert_int_equal(who_load(cx, o.leader, &leader), RC_OK);
    cx->who = deputy;
    assert_int_equal(delegation_add(cx, &d, &id), RC_FORBIDDEN); /* another's role */
    ctx_clear(cx);
    cx->who = leader;
    assert_int_equal(delegation_add(cx, &d, &id), RC_OK);
    assert_int_equal(delegation_add(cx, &d, &id), RC_DUPLICATE);
    assert_int_equal(db_commit(cx), RC_OK);
    struct who *stranger;
    assert_int_equal(who_load(cx, o.stranger, &stranger), RC_OK);
    cx->who = stranger;
    ctx_clear(cx);
    assert_int_equal(delegation_end(cx, id), RC_NOT_FOUND); /* nor learns that it is */
    ctx_clear(cx);
    cx->who = deputy;
    assert_int_equal(delegation_end(cx, id), RC_OK); /* who received it may lay it down */
    assert_int_equal(delegation_end(cx, id), RC_STATE);
    assert_int_equal(held(cx, &o, "1.1"), 0);
    db_rollback(cx);
    cx->who = NULL;
}

static void term_and_scope(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct delegation d = ask(&o);
    int64_t id;
    d.procedures = STR("1.001193 2.000635");
    d.from_day = o.today + 1;
    assert_int_equal(delegation_add(cx, &d, &id), RC_OK);
    assert_int_equal(held(cx, &o, "1.001193"), 0); /* not yet */
    cx->now_us += DAY_US;
    assert_int_equal(held(cx, &o, "1.001193"), 1);
    assert_int_equal(held(cx, &o, "2.000635"), 1);
    assert_int_equal(held(cx, &o, "2.00063"), 0);
    assert_int_equal(held(cx, &o, ""), 0);
    cx->now_us = day_start(d.to_day) + 23 * HOUR_US; /* the last day counts */
    assert_int_equal(held(cx, &o, "1.001193"), 1);
    assert_int_equal(role_revoke(cx, o.leader, ROLE_leader, o.unit), RC_OK);
    assert_int_equal(held(cx, &o, "1.001193"), 0); /* nothing left to delegate */
    assert_int_equal(role_grant(cx, o.leader, ROLE_leader, o.unit), RC_OK);
    cx->now_us += DAY_US;
    assert_int_equal(held(cx, &o, "1.001193"), 0);
    node_commit(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(refusals), UNIT(rights), UNIT(term_and_scope)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
