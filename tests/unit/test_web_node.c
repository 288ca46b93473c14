/* test_web_node.c - the server over a real node: sessions, commits, idempotency, refusals. */
#include "unit/harness.h"
#include "app/app.h"
#include "node_help.h"
#include "page/tpl.h"
#include "web_help.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

static atomic_int runs, gate;

/* Adds a person: any change does. */
static enum rc person_add(struct ctx *cx, struct req *rq, struct subject_id *ret)
{
    atomic_fetch_add(&runs, 1);
    while (atomic_load(&gate))
        usleep(1000);
    struct subject s = {.kind = SUBJECT_CITIZEN, .name = req_str(rq, "name")};
    s.birth = INT32_MIN;
    TRY(subject_add(cx, &s, ret));
    if (str_eq(s.name, STR("fails")))
        return FAIL(cx, STATE, NULL, "after the change");
    return RC_OK;
}

static enum rc post_person(struct ctx *cx, struct req *rq)
{
    struct subject_id id;
    TRY(person_add(cx, rq, &id));
    struct json *v = json_new_obj(cx->mem);
    json_put_int(cx->mem, v, "id", id.v);
    return reply_json(cx, rq, 201, v);
}

static enum rc post_receipt(struct ctx *cx, struct req *rq)
{
    struct subject_id id;
    TRY(person_add(cx, rq, &id));
    struct json *v = json_new_obj(cx->mem);
    json_put_int(cx->mem, v, "id", id.v);
    reply_result(rq, v);
    return RC_OK;
}

/* The person is there and durable: read back with the reader. */
static enum rc after_receipt(struct ctx *cx, struct req *rq)
{
    struct subject s;
    TRY(subject_get(cx, (struct subject_id){json_int(req_result(rq), "id", 0)}, &s));
    struct json *v = json_new_obj(cx->mem);
    json_put_int(cx->mem, v, "receipt", s.id.v);
    json_put_bool(cx->mem, v, "in_turn", db_is_writing(cx));
    return reply_json(cx, rq, 201, v);
}

static enum rc get_sly(struct ctx *cx, struct req *rq)
{
    struct subject_id id;
    struct subject s = {.name = STR("sly"), .birth = INT32_MIN};
    TRY(subject_add(cx, &s, &id));
    return reply_text(cx, rq, "text/plain", STR("done"));
}

static enum rc get_me(struct ctx *cx, struct req *rq)
{
    return reply_page(cx, rq, "me", NULL);
}

static enum rc post_login(struct ctx *cx, struct req *rq)
{
    struct str token;
    TRY(session_login(cx, req_str(rq, "login"), req_str(rq, "password"), req_address(rq),
                      &token));
    reply_cookie(cx, rq, token, false);
    struct json *v = json_new_obj(cx->mem);
    json_put_str(cx->mem, v, "token", token);
    return reply_json(cx, rq, 200, v);
}

static enum rc post_note(struct ctx *cx, struct req *rq)
{
    return reply_text(cx, rq, "text/plain", STR("noted"));
}

static const struct param name_params[] = {
    {"name", IN_BODY, P_TEXT, true, 1, 40, "a name"},
    {0},
};
static const struct param login_params[] = {
    {"login", IN_BODY, P_CODE, true, 1, 40, "who"},
    {"password", IN_BODY, P_TEXT, true, 1, 128, "the password"},
    {0},
};
static const struct route routes[] = {
    {POST, "/api/person", post_person, CAP_NONE, ROUTE_API | ROUTE_WRITES | ROUTE_IDEMPOTENT,
     name_params, "test", "adds"},
    {POST, "/api/receipt", post_receipt, CAP_NONE, ROUTE_API | ROUTE_WRITES | ROUTE_IDEMPOTENT,
     name_params, "test", "adds, and answers when durable", after_receipt},
    {GET, "/sly", get_sly, CAP_NONE, 0, NULL, "test", "writes without saying so"},
    {GET, "/me", get_me, CAP_SELF, ROUTE_NO_STORE, NULL, "test", "signed in"},
    {GET, "/admin", get_me, CAP_NODE_ADMIN, 0, NULL, "test", "needs a right"},
    {POST, "/note", post_note, CAP_SELF, 0, NULL, "test", "a form"},
    {POST, "/api/login", post_login, CAP_NONE, ROUTE_API | ROUTE_LOGIN | ROUTE_WRITES,
     login_params, "test", "signs in"},
    {0},
};
static const struct route *const tables[] = {routes, NULL};

struct bed {
    struct ctx *cx;
    struct web *web;
};

static void bed_start(struct bed *b)
{
    enum rc rc = web_start(b->cx, tables, 0, &b->web);
    if (rc != RC_OK)
        fail_msg("web_start: %s", b->cx->err.detail);
}

static struct bed bed_open(struct arena *mem)
{
    static const struct tpl_source src[] = {
        {{"me", 2}, {"{{#who}}<b>{{name}}</b>{{/who}}<i>{{csrf}}</i>", 46}},
        {{"error", 5}, {"{{code}}", 8}},
    };
    struct bed b = {.cx = node_open(mem)};
    struct settings *s = &b.cx->app->settings;
    s->access_log = 0;
    log_level_set(LOG_ERROR + 1);
    assert_int_equal(tpl_compile(b.cx, src, 2, &b.cx->app->templates), RC_OK);
    atomic_store(&runs, 0);
    bed_start(&b);
    return b;
}

static struct str add(struct arena *mem, struct bed *b, const char *path, const char *key,
                      const char *name)
{
    struct str more = key ? str_fmt(mem, "Idempotency-Key: %s\r\n", key) : STR("");
    struct str body = str_fmt(mem, "{\"name\":\"%s\"}", name);
    return post_json(mem, b->web, path, str_z(mem, more), body);
}

static void test_idempotency(void **state)
{
    struct bed b = bed_open(*state);
    struct str first = add(*state, &b, "/api/person", "k1", "An");
    assert_status(first, 201);
    struct str id = between(first, "{\"id\":", "}");
    assert_true(id.n > 0);
    struct str again = add(*state, &b, "/api/person", "k1", "An");
    assert_status(again, 201);
    assert_has(again, "Idempotent-Replayed: true");
    assert_true(str_eq(between(again, "{\"id\":", "}"), id));
    assert_int_equal(atomic_load(&runs), 1);
    assert_status(add(*state, &b, "/api/person", "k1", "Binh"), 422);
    assert_status(add(*state, &b, "/api/person", "k 1", "An"), 422);
    assert_status(add(*state, &b, "/api/person", "", "An"), 422);
    assert_int_equal(atomic_load(&runs), 1);
    assert_status(add(*state, &b, "/api/person", "k2", "An"), 201);
    assert_status(add(*state, &b, "/api/person", NULL, "An"), 201);
    assert_int_equal(atomic_load(&runs), 3);
    /* What failed left nothing, so it may be tried again. */
    assert_status(add(*state, &b, "/api/person", "k3", "fails"), 409);
    assert_status(add(*state, &b, "/api/person", "k3", "fails"), 409);
    assert_int_equal(atomic_load(&runs), 5);
    web_stop(b.web);
    bed_start(&b); /* another server on the same folder */
    again = add(*state, &b, "/api/person", "k1", "An");
    assert_true(str_eq(between(again, "{\"id\":", "}"), id));
    web_stop(b.web);
}

/* Beyond the first room for keys; the oldest is known still, and after a restart. */
static void test_many_keys(void **state)
{
    enum { KEYS = 400 }; /* the first rooms hold 192 and 384 */
    struct bed b = bed_open(*state);
    char key[16];
    struct arena *one = arena_new(1 << 20);
    for (int i = 0; i < KEYS; i++) {
        snprintf(key, sizeof key, "many-%d", i);
        assert_status(add(one, &b, "/api/person", key, "An"), 201);
        arena_reset(one);
    }
    for (int restarts = 0; restarts < 2; restarts++) {
        for (int i = 0; i < KEYS; i += 50) {
            snprintf(key, sizeof key, "many-%d", i);
            assert_has(add(*state, &b, "/api/person", key, "An"), "Idempotent-Replayed: true");
            assert_status(add(*state, &b, "/api/person", key, "Binh"), 422);
        }
        assert_int_equal(atomic_load(&runs), KEYS);
        web_stop(b.web);
        bed_start(&b);
    }
    web_stop(b.web);
    arena_free(one);
}

/* Makes row `id` older; the number of such rows, 0 or 1. */
static int row_age(struct bed *b, int id, int64_t by_us)
{
    sqlite3 *db;
    struct str sql = str_fmt(b->cx->mem, "update idempotency set at = at - %lld where id = %d",
                             (long long)by_us, id);
    struct str file =
        str_fmt(b->cx->mem, "%s/motcua.db", str_z(b->cx->mem, store_dir(b->cx->app->store)));
    assert_int_equal(sqlite3_open(str_z(b->cx->mem, file), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, str_z(b->cx->mem, sql), NULL, NULL, NULL), SQLITE_OK);
    int n = sqlite3_changes(db);
    sqlite3_close(db);
    return n;
}

/* A day later a key is new again, and its row is gone; one of today stays. */
static void test_keys_of_yesterday(void **state)
{
    struct bed b = bed_open(*state);
    assert_status(add(*state, &b, "/api/person", "old", "An"), 201);
    assert_status(add(*state, &b, "/api/person", "young", "An"), 201);
    web_stop(b.web);
    assert_int_equal(row_age(&b, 1, DAY_US), 1);
    bed_start(&b);
    assert_status(add(*state, &b, "/api/person", "new", "An"), 201); /* the first turn purges */
    assert_int_equal(row_age(&b, 1, 0), 0);
    assert_int_equal(row_age(&b, 2, 0), 1);
    assert_status(add(*state, &b, "/api/person", "old", "An"), 201);
    assert_int_equal(atomic_load(&runs), 4);
    assert_has(add(*state, &b, "/api/person", "young", "An"), "Idempotent-Replayed: true");
    web_stop(b.web);
}

static void test_after(void **state)
{
    struct bed b = bed_open(*state);
    struct str first = add(*state, &b, "/api/receipt", "k1", "An");
    assert_status(first, 201);
    assert_has(first, "\"in_turn\":false");
    struct str again = add(*state, &b, "/api/receipt", "k1", "An");
    assert_has(again, "Idempotent-Replayed: true");
    assert_true(
        str_eq(between(again, "{\"receipt\":", ","), between(first, "{\"receipt\":", ",")));
    assert_int_equal(atomic_load(&runs), 1);
    web_stop(b.web);
}

static void *add_slowly(void *arg)
{
    struct bed *b = arg;
    struct arena *mem = arena_new(8 << 20);
    int status = status_of(add(mem, b, "/api/person", "k1", "An"));
    arena_free(mem);
    return (void *)(intptr_t)status;
}

static void test_at_the_same_time(void **state)
{
    struct bed b = bed_open(*state);
    pthread_t t;
    void *status;
    atomic_store(&gate, 1);
    pthread_create(&t, NULL, add_slowly, &b);
    while (atomic_load(&runs) == 0)
        usleep(1000);
    struct str a = add(*state, &b, "/api/person", "k1", "An");
    atomic_store(&gate, 0);
    pthread_join(t, &status);
    assert_status(a, 409);
    assert_int_equal((intptr_t)status, 201);
    assert_status(add(*state, &b, "/api/person", "k1", "An"), 201);
    assert_int_equal(atomic_load(&runs), 1);
    web_stop(b.web);
}

/* An answer never leaves before its commit: a commit that fails is told. */
static void test_commit_fails(void **state)
{
    struct bed b = bed_open(*state);
    store_fail_at(b.cx->app->store, FAULT_COMMIT, 1);
    assert_status(add(*state, &b, "/api/person", "k1", "An"), 500);
    store_fail_at(b.cx->app->store, FAULT_COMMIT, 0);
    struct str a = add(*state, &b, "/api/person", "k1", "An");
    assert_status(a, 201);
    assert_lacks(a, "Idempotent-Replayed");
    assert_status(ask(*state, b.web, HEAD("GET /sly") "\r\n"), 500);
    web_stop(b.web);
}

static struct str sign_in(struct arena *mem, struct bed *b)
{
    struct subject s = {.name = STR("Tr\xe1\xba\xa7n An"), .birth = INT32_MIN};
    struct account_new a = {
        .login = STR("officer.an"), .password = STR("correct horse"), .is_officer = true};
    int64_t id;
    assert_int_equal(subject_add(b->cx, &s, &a.subject), RC_OK);
    assert_int_equal(account_add(b->cx, &a, &id), RC_OK);
    assert_int_equal(db_commit(b->cx), RC_OK);
    struct str answer =
        post_json(mem, b->web, "/api/login", "",
                  STR("{\"login\":\"officer.an\",\"password\":\"correct horse\"}"));
    assert_status(answer, 200);
    assert_has(answer, "; HttpOnly");
    assert_has(answer, "SameSite=Lax");
    return between(answer, "\"token\":\"", "\"");
}

static void test_session(void **state)
{
    struct bed b = bed_open(*state);
    struct str token = sign_in(*state, &b);
    struct str cookie = str_fmt(*state, "Cookie: motcua=%.*s\r\n", STR_ARG(token));
#define WITH(line, more) str_fmt(*state, HEAD(line) "%.*s%s\r\n", STR_ARG(cookie), more)
    struct str page = ask_n(*state, b.web, WITH("GET /me", ""));
    assert_status(page, 200);
    assert_has(page, "<b>Tr\xe1\xba\xa7n An</b>");
    assert_has(page, "Cache-Control: no-store");
    assert_status(ask(*state, b.web, HEAD("GET /me") "\r\n"), 401);
    assert_status(ask(*state, b.web, HEAD("GET /me") "Cookie: motcua=AAAA\r\n\r\n"), 401);
    struct str csrf = between(page, "<i>", "</i>");
    struct str header = str_fmt(*state, "X-CSRF-Token: %.*s\r\n", STR_ARG(csrf));
    assert_status(ask_n(*state, b.web, WITH("POST /note", header.p)), 200);
    assert_status(ask_n(*state, b.web, WITH("POST /note", "")), 403);
    struct str evil = str_join(*state, header, STR("Origin: https://evil.example\r\n"));
    assert_status(ask_n(*state, b.web, WITH("POST /note", str_z(*state, evil))), 403);
    cookie = str_fmt(*state, "Authorization: Bearer %.*s\r\n", STR_ARG(token));
    assert_status(ask_n(*state, b.web, WITH("POST /note", "")), 200);
    web_stop(b.web);
}

/* Who is signed in and tries what they may not do is recorded. */
static void test_forbidden(void **state)
{
    struct bed b = bed_open(*state);
    struct str token = sign_in(*state, &b);
    struct ledger_head before, after;
    assert_int_equal(ledger_head_get(b.cx, &before), RC_OK);
    struct str request =
        str_fmt(*state, HEAD("GET /admin") "Cookie: motcua=%.*s\r\n\r\n", STR_ARG(token));
    struct str a = ask_n(*state, b.web, request);
    assert_status(a, 403);
    assert_has(a, "FORBIDDEN");
    assert_int_equal(ledger_head_get(b.cx, &after), RC_OK);
    assert_int_equal(after.size, before.size + 1);
    web_stop(b.web);
}

static void test_wrong_password(void **state)
{
    struct bed b = bed_open(*state);
    sign_in(*state, &b);
    struct str a = post_json(*state, b.web, "/api/login", "",
                             STR("{\"login\":\"officer.an\",\"password\":\"wrong\"}"));
    assert_status(a, 401);
    assert_has(a, "BAD_LOGIN");
    assert_lacks(a, "Set-Cookie");
    web_stop(b.web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(test_idempotency), UNIT(test_many_keys),        UNIT(test_keys_of_yesterday),
        UNIT(test_after),       UNIT(test_at_the_same_time), UNIT(test_commit_fails),
        UNIT(test_session),     UNIT(test_forbidden),        UNIT(test_wrong_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
