/* test_identity.c - numbers, persons, accounts, roles and rights, sessions, waiting. */
#include "unit/harness.h"

#include <pthread.h>

#include "gen/identity_sql.h"
#include "node_help.h"
#include "ops/rebuild.h"

#define PASSWORD STR("mật khẩu dài")

/* -- numbers -- */

static void numbers(void **state)
{
    static const struct {
        const char *in, *birth;
        bool ok;
    } rows[] = {
        {"083090123456", "1990-05-17", true},
        {"083190123456", "1990-01-01", true},
        {"037321123456", "2021-02-03", true},
        {"001200000000", "2000-12-31", true},
        {"083090123456", NULL, true},
        {"083090123456", "1991-05-17", false},
        {"083290123456", "1990-05-17", false}, /* 2: born 2000-2099 */
        {"083090123456", "2090-05-17", false},
        {"003090123456", NULL, false}, /* no province 3 */
        {"000090123456", NULL, false},
        {"097090123456", NULL, false},
        {"99909012345", NULL, false},
        {"0830901234567", NULL, false},
        {"08309012345x", NULL, false},
        {"", NULL, false},
        {" 83090123456", NULL, false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int32_t birth = INT32_MIN;
        assert_true(!rows[i].birth || day_parse(str_from(rows[i].birth), &birth));
        assert_int_equal(identity_number_is(str_from(rows[i].in), birth), rows[i].ok);
    }
    static const struct {
        const char *in;
        bool ok;
    } taxes[] = {{"1300123456", true},      {"1300123456-001", true},
                 {"130012345", false},      {"1300123456-", false},
                 {"1300123456-01", false},  {"13001234567", false},
                 {"1300123456-00x", false}, {"", false}};
    for (size_t i = 0; i < ROWS(taxes); i++)
        assert_int_equal(tax_code_is(str_from(taxes[i].in)), taxes[i].ok);
}

/* -- persons -- */

static struct subject an(void)
{
    struct subject s = {.number = STR("083090123456"),
                        .name = STR("Nguyễn Văn An"),
                        .phone = STR("0912345678"),
                        .email = STR("an@example.vn")};
    s.birth = day_make(1990, 5, 17);
    return s;
}

static void subjects(void **state)
{
    struct ctx *cx = node_open(*state);
    struct subject s = an(), got, *found;
    struct subject_id id;
    assert_int_equal(subject_add(cx, &s, &id), RC_OK);
    node_commit(cx);
    assert_int_equal(subject_get(cx, id, &got), RC_OK);
    assert_str(got.name, "Nguyễn Văn An");
    assert_int_equal(got.birth, s.birth);
    assert_true(got.ref.n >= 16);
    assert_int_equal(subject_by_number(cx, s.number, &found), RC_OK);
    assert_true(found && found->id.v == id.v);
    assert_int_equal(subject_by_number(cx, STR("083090999999"), &found), RC_OK);
    assert_null(found);
    assert_int_equal(subject_get(cx, (struct subject_id){7}, &got), RC_NOT_FOUND);
}

static void subject_refusals(void **state)
{
    struct ctx *cx = node_open(*state);
    struct subject s = an();
    struct subject_id id;
    assert_int_equal(subject_add(cx, &s, &id), RC_OK);
    struct subject rows[] = {an(), an(), an(), an(), an(), an(), an(), an(), an(), an()};
    const char *const fields[] = {"number", "number", "number", "name",  "name",
                                  "phone",  "email",  "email",  "birth", "number"};
    rows[0].number = STR("083190123457"), rows[0].birth = day_make(1991, 1, 1);
    rows[1].number = STR("12");
    rows[2].kind = SUBJECT_BUSINESS; /* a company has a tax code */
    rows[3].name = STR("");
    rows[4].name = STR("An\nBình");
    rows[5].phone = STR("09123-45678");
    rows[6].email = STR("an@");
    rows[7].email = STR("an@b@example.vn");
    rows[8].birth = day_of(cx->now_us) + 1;
    rows[9].number = STR("003090123456");
    for (size_t i = 0; i < ROWS(rows); i++) {
        ctx_clear(cx);
        assert_int_equal(subject_add(cx, &rows[i], &id), RC_INVALID);
        assert_string_equal(cx->err.field, fields[i]);
    }
    ctx_clear(cx);
    assert_int_equal(subject_add(cx, &s, &id), RC_DUPLICATE);
    s.number = STR_NULL; /* a newborn has none yet */
    ctx_clear(cx);
    assert_int_equal(subject_add(cx, &s, &id), RC_OK);
}

/* -- a small office -- */

struct office {
    struct subject_id person;
    int64_t citizen, officer;
};

static struct office office_open(struct ctx *cx)
{
    struct office o;
    struct subject s = an(), officer = {.name = STR("Trần Thị Bình"), .birth = INT32_MIN};
    struct account_new a = {.login = s.number, .password = PASSWORD};
    node_tree(cx);
    assert_int_equal(subject_add(cx, &s, &a.subject), RC_OK);
    assert_int_equal(account_add(cx, &a, &o.citizen), RC_OK);
    o.person = a.subject;
    a = (struct account_new){.login = STR("binh"), .password = PASSWORD, .is_officer = true};
    assert_int_equal(subject_add(cx, &officer, &a.subject), RC_OK);
    assert_int_equal(account_add(cx, &a, &o.officer), RC_OK);
    node_commit(cx);
    return o;
}

static void accounts(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    static const struct {
        const char *login, *password;
        bool officer;
        enum rc rc;
        const char *field;
    } rows[] = {
        {"083090123457", "mật khẩu dài", false, RC_INVALID, "login"}, /* another's number */
        {"083090123456", "mật khẩu dài", false, RC_DUPLICATE, "login"},
        {"binh", "mật khẩu dài", true, RC_DUPLICATE, "login"},
        {"Binh", "mật khẩu dài", true, RC_INVALID, "login"},
        {"bi", "mật khẩu dài", true, RC_INVALID, "login"},
        {"binh an", "mật khẩu dài", true, RC_INVALID, "login"},
        {"cuong", "ngắn", true, RC_INVALID, "password"},
        {"cuong", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", true, RC_INVALID, "password"},
    };
    int64_t id;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct account_new a = {str_from(rows[i].login), str_from(rows[i].password), o.person,
                                rows[i].officer};
        ctx_clear(cx);
        assert_int_equal(account_add(cx, &a, &id), rows[i].rc);
        assert_string_equal(cx->err.field, rows[i].field);
    }
    struct account_new a = {STR("cuong"), STR_NULL, o.person, true};
    ctx_clear(cx);
    assert_int_equal(account_add_hashed(cx, &a, STR("plain"), &id), RC_INVALID);
    a.subject.v = 9;
    ctx_clear(cx);
    assert_int_equal(account_add_hashed(cx, &a, STR("$argon2id$x"), &id), RC_NOT_FOUND);
    ctx_clear(cx);
    assert_int_equal(account_by_login(cx, STR("binh"), &id), RC_OK);
    assert_true(id == o.officer);
    assert_int_equal(account_by_login(cx, STR("nobody"), &id), RC_NOT_FOUND);
    ctx_clear(cx);
    assert_int_equal(account_close(cx, o.officer), RC_OK);
    assert_int_equal(account_close(cx, o.officer), RC_STATE);
    struct who *w;
    ctx_clear(cx);
    assert_int_equal(who_load(cx, o.officer, &w), RC_STATE);
    ctx_clear(cx);
    assert_int_equal(account_password_set(cx, o.officer, PASSWORD), RC_STATE);
}

/* -- roles and rights -- */

static void roles(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct unit_id district = node_unit_id(cx, "H07.21");
    struct officer_list list;
    struct who *w;
    assert_int_equal(role_grant(cx, o.citizen, ROLE_clerk, district), RC_INVALID);
    ctx_clear(cx);
    assert_int_equal(role_grant(cx, o.officer, ROLE_clerk, (struct unit_id){3}), RC_NOT_FOUND);
    ctx_clear(cx);
    assert_int_equal(role_grant(cx, 5, ROLE_clerk, district), RC_NOT_FOUND);
    ctx_clear(cx);
    assert_int_equal(role_grant(cx, o.officer, ROLE_COUNT, district), RC_INVALID);
    ctx_clear(cx);
    assert_int_equal(role_revoke(cx, o.officer, ROLE_clerk, district), RC_NOT_FOUND);
    ctx_clear(cx);
    assert_int_equal(role_grant(cx, o.officer, ROLE_leader, district), RC_OK);
    assert_int_equal(role_grant(cx, o.officer, ROLE_clerk, district), RC_OK);
    assert_int_equal(role_grant(cx, o.officer, ROLE_clerk, district), RC_DUPLICATE);
    ctx_clear(cx);
    assert_int_equal(officers_of(cx, district, &list), RC_OK);
    assert_int_equal(list.n, 2);
    assert_str(list.v[0].name, "Trần Thị Bình");
    assert_int_equal(officers_of(cx, node_unit_id(cx, "H07.21.01"), &list), RC_OK);
    assert_int_equal(list.n, 0);
    assert_int_equal(who_load(cx, o.officer, &w), RC_OK);
    assert_int_equal(w->ngrants, 2);
    assert_int_equal(w->grants[0].role, ROLE_leader); /* in the order they were given */
    assert_true(who_unit(w).v == district.v);
    assert_true(who_has_role(w, ROLE_clerk, district));
    assert_false(who_has_role(w, ROLE_clerk, node_unit_id(cx, "H07")));
    assert_false(who_has_role(w, ROLE_admin, (struct unit_id){0}));
    assert_int_equal(role_revoke(cx, o.officer, ROLE_leader, district), RC_OK);
    assert_int_equal(who_load(cx, o.officer, &w), RC_OK);
    assert_int_equal(w->ngrants, 1);
    cx->who = w; /* a clerk gives no roles */
    assert_int_equal(role_grant(cx, o.officer, ROLE_admin, district), RC_FORBIDDEN);
    ctx_clear(cx);
    assert_int_equal(role_revoke(cx, o.officer, ROLE_clerk, district), RC_FORBIDDEN);
}

static void rights(void **state)
{
    struct ctx *cx = node_open(*state);
    node_tree(cx);
    struct grant grants[] = {{ROLE_leader, node_unit_id(cx, "H07.21")},
                             {ROLE_admin, node_unit_id(cx, "H07.22")}};
    struct who officer = {.account = 1, .is_officer = true, .grants = grants, .ngrants = 2};
    struct who citizen = {.account = 2}, nobody = {0};
    static const struct {
        char who; /* o c n - */
        enum cap cap;
        const char *unit;
        bool ok;
    } rows[] = {
        {'-', CAP_NONE, "H07", true},
        {'n', CAP_NONE, "H07", true},
        {'-', CAP_SELF, "", false},
        {'n', CAP_SELF, "", false},
        {'c', CAP_SELF, "", true},
        {'o', CAP_SELF, "H07", true},
        {'c', CAP_DESK, "", false},
        {'c', CAP_CASE_READ, "H07.21", false},
        {'o', CAP_CASE_ACT, "H07.21", true},
        {'o', CAP_CASE_ACT, "", true},
        {'o', CAP_CASE_ACT, "H07.21.01", false}, /* the commune's, not the district's */
        {'o', CAP_CASE_READ, "H07", false},
        {'o', CAP_CASE_ASSIGN, "H07.22", false},
        {'o', CAP_FIGURES, "H07.21.01", true},
        {'o', CAP_FIGURES, "H07", false},
        {'o', CAP_UNIT_ADMIN, "H07.22", true},
        {'o', CAP_UNIT_ADMIN, "H07.21", false},
        {'o', CAP_AUDIT, "", false},
        {'o', CAP_CASE_INTAKE, "H07.21", false},
        {'o', CAP_COUNT, "", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char c = rows[i].who;
        const struct who *w = c == 'o'   ? &officer
                              : c == 'c' ? &citizen
                              : c == 'n' ? &nobody
                                         : NULL;
        assert_int_equal(who_can(cx, w, rows[i].cap, node_unit_id(cx, rows[i].unit)),
                         rows[i].ok);
    }
    assert_false(who_can(cx, &officer, CAP_FIGURES, (struct unit_id){77})); /* no such unit */
    assert_int_equal(who_unit(&citizen).v, 0);
    assert_int_equal(who_unit(NULL).v, 0);
    assert_str(role_label(cx, ROLE_reception), "Bộ phận Một cửa");
    enum role r;
    assert_true(role_parse(STR("auditor"), &r) && r == ROLE_auditor);
    assert_false(role_parse(STR("king"), &r));
}

/* -- sessions -- */

static struct str login(struct ctx *cx, struct str name)
{
    struct str token = STR_NULL;
    assert_int_equal(session_login(cx, name, PASSWORD, STR("10.0.0.1"), &token), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return token;
}

static struct who *who_of(struct ctx *cx, struct str token)
{
    struct who *w = NULL;
    assert_int_equal(session_load(cx, token, &w), RC_OK);
    return w;
}

static void sessions(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct str token = login(cx, STR(" BINH ")); /* people type what they like */
    assert_int_equal(token.n, 43);
    struct who *w = who_of(cx, token), *again = who_of(cx, token);
    assert_true(w && again && w != again && w->account == o.officer);
    assert_str(again->name, "Trần Thị Bình");
    assert_str(again->login, "binh");
    assert_memory_equal(w->csrf, again->csrf, sizeof w->csrf);
    unsigned queries = cx->cost.queries;
    assert_non_null(who_of(cx, token));
    assert_int_equal(cx->cost.queries, queries); /* from memory */
    struct str other = login(cx, STR("binh"));
    assert_memory_not_equal(who_of(cx, other)->csrf, w->csrf, sizeof w->csrf);
    assert_null(who_of(cx, STR("")));
    assert_null(who_of(cx, STR("x")));
    assert_null(who_of(cx, STR("0123456789012345678901234567890123456789012")));
    assert_int_equal(session_logout(cx, token), RC_OK);
    assert_null(who_of(cx, token));
    assert_non_null(who_of(cx, other));
    assert_int_equal(db_commit(cx), RC_OK);
    assert_null(who_of(cx, token));
    assert_int_equal(session_logout(cx, token), RC_OK); /* twice does no harm */
    assert_int_equal(db_commit(cx), RC_OK);
}

static void session_limits(void **state)
{
    struct ctx *cx = node_open(*state);
    office_open(cx);
    const struct settings *set = &cx->app->settings;
    int64_t start = cx->now_us, idle = set->session_idle_min * MINUTE_US;
    struct str used = login(cx, STR("binh")), left = login(cx, STR("binh"));
    assert_non_null(who_of(cx, left));
    for (int64_t t = 0; t < set->session_hours * HOUR_US; t += idle / 2) {
        cx->now_us = start + t;
        assert_non_null(who_of(cx, used));
        assert_int_equal(session_tick(cx), RC_OK);
        assert_int_equal(db_commit(cx), RC_OK);
    }
    assert_null(who_of(cx, left)); /* idle */
    assert_null(who_of(cx, left)); /* and asking does not wake it */
    cx->now_us = start + set->session_hours * HOUR_US;
    assert_null(who_of(cx, used)); /* its life is over, however busy */
    assert_int_equal(session_tick(cx), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct session_by_token_row *row;
    struct hash h = hash_of(left);
    assert_int_equal(sql_session_by_token(cx, str_n(h.b, sizeof h.b), &row), RC_OK);
    assert_null(row); /* gone, not only hidden */
}

static void session_ends(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct unit_id unit = node_unit_id(cx, "H07.21");
    struct str token = login(cx, STR("binh"));
    assert_int_equal(who_of(cx, token)->ngrants, 0);
    assert_int_equal(role_grant(cx, o.officer, ROLE_clerk, unit), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(who_of(cx, token)->ngrants, 1); /* at once */
    assert_int_equal(role_revoke(cx, o.officer, ROLE_clerk, unit), RC_OK);
    db_rollback(cx);
    assert_int_equal(who_of(cx, token)->ngrants, 1); /* what was undone did not happen */
    assert_int_equal(account_password_set(cx, o.officer, STR("một câu khác hẳn")), RC_OK);
    struct event_list told = {0};
    assert_int_equal(
        ledger_events_of(cx, EV_PASSWORD_SET, EV_PASSWORD_SET, o.officer, false, &told), RC_OK);
    assert_int_equal(told.n, 1);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_null(who_of(cx, token));
    struct str token2;
    assert_int_equal(session_login(cx, STR("binh"), PASSWORD, STR("::1"), &token2),
                     RC_BAD_LOGIN);
    ctx_clear(cx);
    token = login(cx, STR("083090123456"));
    assert_non_null(who_of(cx, token));
    assert_int_equal(account_close(cx, o.citizen), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_null(who_of(cx, token));
    assert_int_equal(session_login(cx, STR("083090123456"), PASSWORD, STR("::1"), &token2),
                     RC_BAD_LOGIN);
}

/* More sessions than memory keeps, and than an account may have. */
static void session_ceiling(void **state)
{
    struct ctx *cx = node_open(*state);
    office_open(cx);
    struct str first = login(cx, STR("binh"));
    for (int i = 0; i < 20; i++) {
        cx->now_us += SECOND_US;
        login(cx, STR("binh"));
    }
    assert_null(who_of(cx, first));
}

/* Readers while roles come and go: each answer is whole, and the last one true. */
struct crowd {
    struct app *app;
    struct str token;
    _Atomic bool stop;
};

static void *crowd_run(void *arg)
{
    struct crowd *c = arg;
    while (!c->stop) {
        struct arena *mem = arena_new(8 << 20);
        struct ctx *cx = ctx_new(mem, c->app);
        struct who *w = NULL;
        bool ok = db_attach(cx, c->app->store) == RC_OK &&
                  session_load(cx, c->token, &w) == RC_OK && w && w->ngrants <= 1 &&
                  str_eq(w->login, STR("binh"));
        arena_free(mem);
        if (!ok)
            return c;
    }
    return NULL;
}

static void session_crowd(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct unit_id unit = node_unit_id(cx, "H07.21");
    cx->now_us = time_now();
    struct crowd crowd = {.app = cx->app, .token = login(cx, STR("binh"))};
    pthread_t readers[3];
    for (size_t i = 0; i < ROWS(readers); i++)
        assert_int_equal(pthread_create(&readers[i], NULL, crowd_run, &crowd), 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(role_grant(cx, o.officer, ROLE_clerk, unit), RC_OK);
        assert_int_equal(db_commit(cx), RC_OK);
        assert_int_equal(who_of(cx, crowd.token)->ngrants, 1);
        assert_int_equal(role_revoke(cx, o.officer, ROLE_clerk, unit), RC_OK);
        assert_int_equal(session_tick(cx), RC_OK);
        assert_int_equal(db_commit(cx), RC_OK);
        assert_int_equal(who_of(cx, crowd.token)->ngrants, 0);
    }
    crowd.stop = true;
    for (size_t i = 0; i < ROWS(readers); i++) {
        void *bad;
        pthread_join(readers[i], &bad);
        assert_null(bad);
    }
}

/* -- waiting -- */

static enum rc try(struct ctx *cx, const char *name, struct str password, const char *address)
{
    struct str token;
    ctx_clear(cx);
    enum rc rc = session_login(cx, str_from(name), password, str_from(address), &token);
    assert_int_equal(db_commit(cx), RC_OK);
    return rc;
}

static void waiting(void **state)
{
    struct ctx *cx = node_open(*state);
    office_open(cx);
    int64_t tries = cx->app->settings.login_tries, wait = cx->app->settings.login_wait_s;
    static const char *const names[] = {"binh", "nobody"}; /* nothing tells them apart */
    for (size_t i = 0; i < ROWS(names); i++) {
        for (int64_t n = 0; n < tries; n++)
            assert_int_equal(try(cx, names[i], STR("sai"), "10.0.0.1"), RC_BAD_LOGIN);
        assert_int_equal(try(cx, names[i], PASSWORD, "10.0.0.2"), RC_THROTTLED);
        assert_int_equal(try(cx, names[i], PASSWORD, "10.0.0.2"), RC_THROTTLED);
    }
    assert_int_equal(try(cx, "083090123456", PASSWORD, "10.0.0.1"), RC_OK);
    cx->now_us += wait * SECOND_US;
    assert_int_equal(try(cx, "binh", STR("sai"), "10.0.0.1"), RC_BAD_LOGIN);
    cx->now_us += wait * SECOND_US; /* the second wait is twice as long */
    assert_int_equal(try(cx, "binh", PASSWORD, "10.0.0.1"), RC_THROTTLED);
    cx->now_us += wait * SECOND_US;
    assert_int_equal(try(cx, "binh", PASSWORD, "10.0.0.1"), RC_OK);
    assert_int_equal(try(cx, "binh", STR("sai"), "10.0.0.1"),
                     RC_BAD_LOGIN); /* from one again */
    assert_int_equal(try(cx, "binh", PASSWORD, "10.0.0.1"), RC_OK);
}

static void waiting_address(void **state)
{
    struct ctx *cx = node_open(*state);
    office_open(cx);
    cx->app->settings.login_tries = 2;
    for (int i = 0; i < 20; i++) {
        struct str name = str_fmt(*state, "guess%d", i);
        assert_int_equal(try(cx, str_z(*state, name), STR("sai"), "10.0.0.9"), RC_BAD_LOGIN);
    }
    assert_int_equal(try(cx, "binh", PASSWORD, "10.0.0.9"), RC_THROTTLED);
    assert_int_equal(try(cx, "binh", PASSWORD, "10.0.0.8"), RC_OK);
    cx->now_us += 2 * DAY_US;
    assert_int_equal(session_tick(cx), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(try(cx, "binh", PASSWORD, "10.0.0.9"), RC_OK);
}

static void refusals_told(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct event_list list;
    for (int i = 0; i < 9; i++)
        try(cx, "binh", STR("sai"), "10.0.0.1");
    assert_int_equal(
        ledger_events_of(cx, EV_LOGIN_REFUSED, EV_LOGIN_REFUSED, o.officer, false, &list),
        RC_OK);
    assert_int_equal(list.n, 5 + 1); /* each wrong one, and the wait once */
    assert_str(json_str(list.v[0]->facts, "reason"), "password");
    assert_str(json_str(list.v[5]->facts, "reason"), "throttled");
}

/* -- the right to be forgotten, and the journal -- */

static void erasing(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct subject s, *found;
    struct str token = login(cx, STR("083090123456"));
    assert_int_equal(subject_erase(cx, o.person, STR("")), RC_INVALID);
    ctx_clear(cx);
    assert_int_equal(subject_erase(cx, (struct subject_id){4}, STR("ND13/2023 16")),
                     RC_NOT_FOUND);
    ctx_clear(cx);
    db_rollback(cx);
    assert_int_equal(subject_erase(cx, o.person, STR("ND13/2023 16")), RC_OK);
    node_commit(cx);
    assert_null(who_of(cx, token));
    assert_int_equal(subject_get(cx, o.person, &s), RC_GONE);
    assert_int_equal(subject_by_number(cx, STR("083090123456"), &found), RC_OK);
    assert_null(found);
    ctx_clear(cx);
    assert_int_equal(subject_erase(cx, o.person, STR("ND13/2023 16")), RC_GONE);
    int64_t account;
    ctx_clear(cx);
    assert_int_equal(account_by_login(cx, STR("083090123456"), &account), RC_NOT_FOUND);
}

static void say(void *arg, struct str text)
{
    print_error("%.*s\n", STR_ARG(text));
}

/* All that is personal may be gone; what is left is still the fold of the events. */
static void rebuilding(void **state)
{
    static const struct ledger_subscriber *const subs[] = {&unit_subscriber,
                                                           &identity_subscriber, NULL};
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct unit_id unit = node_unit_id(cx, "H07.21.01");
    struct str to = STR("H07.22");
    assert_int_equal(role_grant(cx, o.officer, ROLE_clerk, unit), RC_OK);
    assert_int_equal(role_grant(cx, o.officer, ROLE_leader, unit), RC_OK);
    assert_int_equal(role_revoke(cx, o.officer, ROLE_clerk, unit), RC_OK);
    assert_int_equal(unit_end(cx, STR("H07.21.01"), 21000, &to, 1), RC_OK);
    assert_int_equal(subject_erase(cx, o.person, STR("ND13/2023 16")), RC_OK);
    node_commit(cx);
    struct rebuild_report report = {0};
    struct rebuild_plan plan = {.subs = subs,
                                .scratch =
                                    str_join(*state, store_dir(cx->app->store), STR("/again")),
                                .say = say};
    assert_int_equal(rebuild_check(cx, &plan, &report), RC_OK);
    assert_int_equal(report.differences, 0);
    assert_int_equal(report.tables, 7);
    assert_int_equal(report.rows, 4 + 1 + 2 + 2 + 1); /* of live tables */
}

static void journal(void **state)
{
    struct ctx *cx = node_open(*state);
    struct office o = office_open(cx);
    struct dossier_id d = {42};
    struct unit_id unit = node_unit_id(cx, "H07.21");
    struct who *w;
    struct event_list list;
    assert_int_equal(who_load(cx, o.officer, &w), RC_OK);
    cx->who = w;
    assert_int_equal(read_journal(cx, d, unit, STR(""), STR("ND61/2018")), RC_INVALID);
    ctx_clear(cx);
    assert_int_equal(read_journal(cx, d, unit, STR("processing"), STR("")), RC_INVALID);
    ctx_clear(cx);
    assert_int_equal(read_journal(cx, d, unit, STR("processing"), STR("ND61/2018")), RC_OK);
    assert_int_equal(ledger_events_of(cx, EV_DATA_READ, EV_DATA_READ, 42, false, &list), RC_OK);
    assert_int_equal(list.n, 1);
    assert_str(list.v[0]->purpose, "processing");
    assert_true(list.v[0]->actor.v == w->subject.v && list.v[0]->unit.v == unit.v);
    assert_int_equal(db_commit(cx), RC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(numbers),         UNIT(subjects),       UNIT(subject_refusals),
        UNIT(accounts),        UNIT(roles),          UNIT(rights),
        UNIT(sessions),        UNIT(session_limits), UNIT(session_ends),
        UNIT(session_ceiling), UNIT(session_crowd),  UNIT(waiting),
        UNIT(waiting_address), UNIT(refusals_told),  UNIT(erasing),
        UNIT(rebuilding),      UNIT(journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
