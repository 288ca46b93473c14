/* test_flow.c - loading flows, what they are refused for, and who may do what. */
#include "unit/harness.h"
#include "flow/flow.h"
#include "text/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A whole flow of which each row replaces one piece. */
static const char base[] =
    "flow: demo\n"
    "calendar: vn-office\n"
    "start: submitted\n"
    "clocks: {legal: {budget: 3wd, start: processing}}\n"
    "applicant: {withdraw: withdrawn}\n"
    "acts:\n"
    "  accept: {vi: Nhan, en: Accept}\n"
    "  more: {vi: Bo sung, en: More, tone: secondary}\n"
    "  resubmit: {vi: Gui, en: Send}\n"
    "  approve: {vi: Duyet, en: Approve}\n"
    "  sign: {vi: Ky, en: Sign}\n"
    "  refuse: {vi: Tu choi, en: Refuse, tone: warning}\n"
    "  withdraw: {vi: Rut, en: Withdraw}\n"
    "states:\n"
    "  submitted:\n"
    "    {name: {vi: A, en: A}, status: 1, by: [reception], within: 4wh, on: {\n"
    "      accept: {to: processing, do: [receipt, notify]},\n"
    "      refuse: {to: refused, need: [reason, law], do: [notify]}}}\n"
    "  waiting:\n"
    "    {name: {vi: B, en: B}, status: 5, by: [applicant], pause: [legal], at_most: 1,\n"
    "      on: {resubmit: {to: processing}}, after: {30cd: lapsed}, fields: [name]}\n"
    "  processing:\n"
    "    {name: {vi: C, en: C}, status: 4, by: [specialist], within: 2wd, on: {\n"
    "      approve: {to: signing, if: 'amount > 5', need: [comment?]},\n"
    "      more: {to: waiting, need: [reason, items]},\n"
    "      refuse: {to: refused, need: [reason, law]}}}\n"
    "  signing:\n"
    "    {name: {vi: D, en: D}, status: 4, by: [leader], not_by: [processing], on: {\n"
    "      sign: {to: done, if: 'act.rating == null', do: [result, notify]}}}\n"
    "  done: {name: {vi: E, en: E}, status: 10, end: true, appeal: 90cd}\n"
    "  refused: {name: {vi: F, en: F}, status: 3, end: true}\n"
    "  lapsed: {name: {vi: G, en: G}, status: 8, end: true}\n"
    "  withdrawn: {name: {vi: H, en: H}, status: 7, end: true}\n"
    "late: {at: [80%, 100%], do: [notify]}\n";

static struct str replaced(struct arena *mem, const char *from, const char *to)
{
    const char *at = strstr(base, from);
    assert_non_null(at);
    return str_fmt(mem, "%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
}

static enum rc load(struct ctx *cx, struct str text, struct flow **ret)
{
    struct json *yaml = NULL;
    struct expr_scope *scope = expr_scope_new(cx->mem);
    expr_scope_add(scope, STR("name"), T_STR);
    expr_scope_add(scope, STR("amount"), T_INT);
    assert_int_equal(yaml_parse(cx, text, &yaml), RC_OK);
    return flow_load(cx, yaml, scope, ret);
}

static struct flow *base_flow(struct ctx *cx)
{
    struct flow *f = NULL;
    if (load(cx, str_from(base), &f) != RC_OK)
        fail_msg("%s: %s", cx->err.field, cx->err.detail);
    return f;
}

/* `cd_end` holds for every time in calendar days: clocks, their other ways, timers, and what
 * other units are given. */
static void cd_end(void **state)
{
    static const char forked[] =
        "start: submitted\ncd_end: %s\n"
        "clocks: {legal: {budget: 3cd, start: processing, from: {signing: 15cd}}}\n";
    static const char asks[] =
        "    {name: {vi: C, en: C}, status: 4, by: [specialist], join: all, to: signing, fork: "
        "{\n"
        "      fire: {name: {vi: X, en: X}, unit: fire, by: [specialist], within: 7cd,\n"
        "             silence: agree}}, on: {\n";
    static const struct {
        const char *word;
        bool same;
    } rows[] = {{"same_day", true}, {"next_working", false}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct flow *f = NULL;
        const char *from =
            "start: submitted\nclocks: {legal: {budget: 3wd, start: processing}}\n";
        const char *state_c = "    {name: {vi: C, en: C}, status: 4, by: [specialist], within: "
                              "2wd, on: {\n";
        struct str text = replaced(cx->mem, from, str_fmt(cx->mem, forked, rows[i].word).p);
        const char *at = strstr(text.p, state_c);
        text = str_fmt(cx->mem, "%.*s%s%s", (int)(at - text.p), text.p, asks,
                       at + strlen(state_c));
        if (load(cx, text, &f) != RC_OK)
            fail_msg("%s: %s", cx->err.field, cx->err.detail);
        assert_int_equal(f->clocks[0].budget.is_same_day, rows[i].same);
        assert_int_equal(f->clocks[0].from[0].budget.is_same_day, rows[i].same);
        assert_int_equal(flow_state_find(f, STR("waiting"))->after.is_same_day, rows[i].same);
        const struct flow_branch *b = flow_state_find(f, STR("processing"))->branches;
        assert_int_equal(b->within.is_same_day, rows[i].same);
        assert_int_equal(b->within.n, 7);
        assert_int_equal(b->within.unit, 'c');
    }
}

static void test_load(void **state)
{
    struct flow *f = base_flow(ctx_new(*state, NULL));
    const struct flow_state *processing = flow_state_find(f, STR("processing"));
    const struct flow_state *waiting = flow_state_find(f, STR("waiting"));
    const struct flow_state *signing = flow_state_find(f, STR("signing"));
    assert_str(f->id, "demo");
    assert_str(f->start->id, "submitted");
    assert_int_equal(f->nstates, 8);
    assert_int_equal(f->nclocks, 1);
    assert_int_equal(f->clocks[0].budget.n, 3);
    assert_ptr_equal(f->clocks[0].start, processing);
    assert_int_equal(f->start->within_wh, 4);
    assert_int_equal(processing->within_wh, 16);
    assert_int_equal(processing->after.n, -1);
    assert_true(waiting->by_applicant && waiting->pauses == 1 && waiting->at_most == 1);
    assert_int_equal(waiting->after.n, 30);
    assert_str(waiting->after_to->id, "lapsed");
    assert_int_equal(waiting->fields->n, 1);
    assert_true(signing->not_by == UINT64_C(1) << processing->index);
    assert_int_equal(processing->nacts, 4); /* its three and withdraw */
    assert_true(processing->acts[3].is_applicants);
    assert_int_equal(processing->acts[0].may, IN_COMMENT);
    assert_int_equal(processing->acts[1].need, IN_REASON | IN_ITEMS);
    assert_int_equal(flow_state_find(f, STR("done"))->appeal_cd, 90);
    assert_int_equal(flow_state_find(f, STR("done"))->nacts, 0);
    assert_int_equal(f->late.n, 2);
    assert_int_equal(f->late.percent[0], 80);
    assert_null(flow_state_find(f, STR("nowhere")));
}

/* One law, another time for another kind of case. */
static void test_clock_from(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct flow *f = NULL;
    struct str text = replaced(cx->mem, "start: processing}",
                               "start: processing, from: {signing: 15cd, done: 0wd}}");
    assert_int_equal(load(cx, text, &f), RC_OK);
    const struct flow_clock *c = &f->clocks[0];
    const struct flow_state *processing = flow_state_find(f, STR("processing"));
    const struct flow_state *signing = flow_state_find(f, STR("signing"));
    const struct flow_state *waiting = flow_state_find(f, STR("waiting"));
    unsigned entries[FLOW_STATES_MAX] = {0};
    assert_true(flow_clock_starts(c, processing) && flow_clock_starts(c, signing));
    assert_false(flow_clock_starts(c, waiting));
    assert_int_equal(flow_clock_budget(c, entries).n, 3);
    entries[waiting->index] = 1;
    assert_int_equal(flow_clock_budget(c, entries).n, 3);
    entries[signing->index] = 2;
    assert_int_equal(flow_clock_budget(c, entries).n, 15);
    assert_int_equal(flow_clock_budget(c, entries).unit, 'c');
    entries[processing->index] = 1; /* a way through `start` has its budget */
    assert_int_equal(flow_clock_budget(c, entries).n, 3);
}

static void test_load_refusals(void **state)
{
    static const struct {
        const char *from, *to, *rule;
    } rows[] = {
        {"calendar: vn-office", "calender: vn-office", "P003"},
        {"within: 4wh", "withn: 4wh", "P003"},
        {"{to: processing}", "{to: processing, then: notify}", "P003"},
        {"late: {at: [80%, 100%], do: [notify]}", "late: {at: [80%]}", "P004"},
        {"start: submitted\n", "", "P004"},
        {"calendar: vn-office", "calendar: lunar", "P005"},
        {"at_most: 1", "at_most: 0", "P005"},
        {"at_most: 1", "at_most: once", "P005"},
        {"end: true", "end: maybe", "P005"},
        {"tone: warning", "tone: loud", "P005"},
        {"pause: [legal]", "pause: legal", "P005"},
        {"on: {resubmit: {to: processing}}", "on: [resubmit]", "P005"},
        {"accept: {vi: Nhan, en: Accept}", "accept: {vi: Nhan}", "P006"},
        {"{vi: A, en: A}", "{vi: A}", "P006"},
        {"{vi: A, en: A}", "{vi: A, en: ''}", "P006"},
        {"flow: demo", "flow: Demo flow", "P007"},
        {"withdraw: {vi: Rut, en: Withdraw}",
         "withdraw: {vi: Rut, en: Withdraw}\n  Sign2: {vi: R, en: R}", "P007"},
        {"      accept: {to: processing, do: [receipt, notify]},",
         "      accept: {to: processing, do: [receipt]}, withdraw: {to: withdrawn},", "P009"},
        {"amount > 5", "amoun > 5", "P014"},
        {"amount > 5", "amount + 5", "P014"},
        {"amount > 5", "name > 5", "P014"},
        {"amount > 5", "amount >", "P014"},
        {"act.rating", "act.ratings", "P014"},
        {"start: submitted", "start: sumbitted", "P030"},
        {"start: submitted", "start: done", "P030"},
        {"accept: {to: processing,", "accept: {to: procesing,", "P031"},
        {"30cd: lapsed", "30cd: laps", "P031"},
        {"not_by: [processing]", "not_by: [processed]", "P031"},
        {"start: processing}", "start: process}", "P031"},
        {"withdraw: withdrawn", "withdraw: withdrew", "P031"},
        {"more: {to: waiting,", "more: {to: lapsed,", "P039"},
        {"more: {to: waiting, need: [reason, items]}",
         "more: {to: refused, need: [reason, law]}", "P032"},
        {"sign: {to: done,", "sign: {to: signing,", "P033"},
        {"by: [leader], ", "", "P034"},
        {"by: [reception],", "by: [],", "P034"},
        {"      sign: {to: done, if", "      singe: {to: done, if", "P035"},
        {"by: [leader]", "by: [chief]", "P036"},
        {"do: [receipt, notify]", "do: [receipt, mail]", "P037"},
        {"80%, 100%], do: [notify]", "80%, 100%], do: [shout]", "P037"},
        {"need: [comment?]", "need: [remark?]", "P038"},
        {"need: [comment?]", "need: [comment, comment?]", "P038"},
        {"refuse: {to: refused, need: [reason, law], do",
         "refuse: {to: refused, need: [reason], do", "P039"},
        {"need: [reason, items]", "need: [comment]", "P040"},
        {"pause: [legal]", "pause: [lawful]", "P041"},
        {", after: {30cd: lapsed}", "", "P042"},
        {"budget: 3wd", "budget: 3 days", "P043"},
        {"start: processing}", "start: processing, from: {signing: 3}}", "P043"},
        {"start: processing}", "start: processing, from: {nowhere: 3wd}}", "P031"},
        {"start: processing}", "start: processing, from: [signing]}", "P005"},
        {"start: processing}",
         "start: processing, from: {submitted: 1wd, waiting: 1wd, signing: 1wd, done: 1wd, "
         "lapsed: 1wd}}",
         "P047"},
        {"within: 4wh", "within: 4 hours", "P043"},
        {"{30cd: lapsed}", "{30d: lapsed}", "P043"},
        {"{30cd: lapsed}", "{30cd: lapsed, 60cd: lapsed}", "P043"},
        {"appeal: 90cd", "appeal: 90wd", "P043"},
        {"[80%, 100%]", "[80, 100]", "P043"},
        {"[80%, 100%]", "[0%]", "P043"},
        {"status: 5,", "status: 11,", "P044"},
        {"status: 5,", "", "P044"},
        {"status: 10, end: true", "status: 10, end: true, on: {sign: {to: done}}", "P045"},
        {"withdraw: withdrawn", "withdraw: processing", "P045"},
        {"clocks: {legal: {budget: 3wd, start: processing}}", "clocks: {}", "P047"},
        {"do: [receipt, notify]", "do: [notify]", "P049"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct flow *f = NULL;
        enum rc rc = load(cx, replaced(cx->mem, rows[i].from, rows[i].to), &f);
        if (rc != RC_PACK || strcmp(cx->err.field, rows[i].rule) != 0)
            fail_msg("%s: %s, not %s: %s", rows[i].to, cx->err.field, rows[i].rule,
                     cx->err.detail);
        assert_true(strncmp(cx->err.detail, "line ", 5) == 0 && cx->err.detail[5] != '0');
        assert_null(f);
    }
}

/* How many answers a fork waits for, whatever was asked. */
static void test_joined(void **state)
{
    static const struct {
        unsigned join;
        size_t opened, closed;
        bool is_joined;
    } rows[] = {
        {3, 3, 2, false}, {3, 3, 3, true}, {3, 1, 0, false}, {3, 1, 1, true}, {3, 0, 0, true},
        {1, 3, 0, false}, {1, 3, 1, true}, {2, 3, 1, false}, {2, 3, 2, true}, {2, 1, 1, true},
    };
    static const struct flow_branch branches[3];
    struct flow_state s = {.branches = branches, .nbranches = 3};
    for (size_t i = 0; i < ROWS(rows); i++) {
        s.join = rows[i].join;
        if (flow_is_joined(&s, rows[i].opened, rows[i].closed) != rows[i].is_joined)
            fail_msg("row %zu", i);
    }
    s.nbranches = 0; /* no fork: nothing to join */
    assert_false(flow_is_joined(&s, 0, 0));
}

static void test_no_end(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct flow *f = NULL;
    /* two states that only lead to each other, but for withdrawal */
    struct str text =
        replaced(cx->mem, "sign: {to: done,", "accept: {to: spin}, sign: {to: done,");
    const char *z = str_z(cx->mem, text);
    const char *late = strstr(z, "late:");
    text = str_fmt(cx->mem,
                   "%.*s  spin: {name: {vi: S, en: S}, status: 4, by: [leader], on: "
                   "{sign: {to: spin}}}\n%s",
                   (int)(late - z), z, late);
    assert_int_equal(load(cx, text, &f), RC_PACK);
    assert_string_equal(cx->err.field, "P033");
}

enum {
    AS_RECEPTION = 1u << ROLE_reception,
    AS_SPECIALIST = 1u << ROLE_specialist,
    AS_LEADER = 1u << ROLE_leader
};

static void test_act_get(void **state)
{
    static const struct {
        const char *state, *act;
        unsigned roles;
        bool is_applicant;
        const char *acted_in; /* one state */
        unsigned waited;      /* times `waiting` was entered */
        int amount;           /* < 0: guards left to the caller */
        enum rc rc;
        const char *to;
    } rows[] = {
        {"submitted", "accept", AS_RECEPTION, false, NULL, 0, -1, RC_OK, "processing"},
        {"submitted", "accept", AS_SPECIALIST, false, NULL, 0, -1, RC_FORBIDDEN, NULL},
        {"submitted", "accept", 0, true, NULL, 0, -1, RC_FORBIDDEN, NULL},
        {"submitted", "approve", AS_RECEPTION, false, NULL, 0, -1, RC_NOT_FOUND, NULL},
        {"submitted", "", AS_RECEPTION, false, NULL, 0, -1, RC_NOT_FOUND, NULL},
        {"submitted", "withdraw", 0, true, NULL, 0, -1, RC_OK, "withdrawn"},
        {"submitted", "withdraw", AS_RECEPTION, false, NULL, 0, -1, RC_FORBIDDEN, NULL},
        {"signing", "withdraw", 0, true, "processing", 0, -1, RC_OK, "withdrawn"},
        {"waiting", "resubmit", 0, true, NULL, 1, -1, RC_OK, "processing"},
        {"waiting", "resubmit", AS_RECEPTION, false, NULL, 1, -1, RC_FORBIDDEN, NULL},
        {"processing", "more", AS_SPECIALIST, false, NULL, 0, -1, RC_OK, "waiting"},
        {"processing", "more", AS_SPECIALIST, false, NULL, 1, -1, RC_STATE, NULL},
        {"processing", "approve", AS_SPECIALIST, false, NULL, 0, -1, RC_OK, "signing"},
        {"processing", "approve", AS_SPECIALIST, false, NULL, 0, 6, RC_OK, "signing"},
        {"processing", "approve", AS_SPECIALIST, false, NULL, 0, 5, RC_STATE, NULL},
        {"signing", "sign", AS_LEADER, false, NULL, 0, 0, RC_OK, "done"},
        {"signing", "sign", AS_LEADER, false, "processing", 0, -1, RC_FORBIDDEN, NULL},
        {"signing", "sign", AS_LEADER, false, "submitted", 0, -1, RC_OK, "done"},
        {"done", "sign", AS_LEADER, false, NULL, 0, -1, RC_NOT_FOUND, NULL},
        {"done", "withdraw", 0, true, NULL, 0, -1, RC_NOT_FOUND, NULL},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    struct flow *f = base_flow(cx);
    for (size_t i = 0; i < ROWS(rows); i++) {
        unsigned entries[FLOW_STATES_MAX] = {0};
        struct flow_actor who = {.roles = rows[i].roles, .is_applicant = rows[i].is_applicant};
        const struct flow_act *a = NULL;
        entries[flow_state_find(f, STR("waiting"))->index] = rows[i].waited;
        if (rows[i].acted_in)
            who.acted_in = UINT64_C(1) << flow_state_find(f, str_from(rows[i].acted_in))->index;
        struct json *vars = json_new_obj(cx->mem);
        json_put_int(cx->mem, vars, "amount", rows[i].amount);
        json_put(vars, STR("act"), json_new_obj(cx->mem));
        who.vars = rows[i].amount < 0 ? NULL : vars;
        enum rc rc = flow_act_get(cx, flow_state_find(f, str_from(rows[i].state)),
                                  str_from(rows[i].act), &who, entries, &a);
        if (rc != rows[i].rc)
            fail_msg("row %zu: %s, not %s: %s", i, rc_name(rc), rc_name(rows[i].rc),
                     cx->err.detail);
        if (rc == RC_OK)
            assert_true(str_eq(a->to->id, str_from(rows[i].to)));
        ctx_clear(cx);
    }
}

static void test_acts_of(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct flow *f = base_flow(cx);
    const struct flow_state *p = flow_state_find(f, STR("processing"));
    const struct flow_act *acts[FLOW_ACTS_MAX];
    unsigned entries[FLOW_STATES_MAX] = {0};
    struct flow_actor who = {.roles = AS_SPECIALIST};
    assert_int_equal(flow_acts_of(p, &who, entries, acts), 3);
    assert_str(acts[0]->id, "approve");
    assert_str(acts[1]->id, "more");
    entries[flow_state_find(f, STR("waiting"))->index] = 1; /* asked once already */
    assert_int_equal(flow_acts_of(p, &who, entries, acts), 2);
    who = (struct flow_actor){.is_applicant = true};
    assert_int_equal(flow_acts_of(p, &who, entries, acts), 1);
    assert_str(acts[0]->id, "withdraw");
    who = (struct flow_actor){.roles = AS_LEADER, .acted_in = UINT64_C(1) << p->index};
    assert_int_equal(flow_acts_of(flow_state_find(f, STR("signing")), &who, entries, acts), 0);
    assert_int_equal(flow_acts_of(flow_state_find(f, STR("done")), &who, entries, acts), 0);
    who = (struct flow_actor){.is_system = true};
    assert_int_equal(flow_acts_of(p, &who, entries, acts), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(test_load), UNIT(test_clock_from), UNIT(test_load_refusals), UNIT(test_joined),
        UNIT(cd_end),    UNIT(test_no_end),     UNIT(test_act_get),       UNIT(test_acts_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
