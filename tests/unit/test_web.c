/* test_web.c - a real server on a free port, asked over raw sockets. */
#include "unit/harness.h"
#include "app/app.h"
#include "store/store.h"
#include "page/embed.h"
#include "page/tpl.h"

#include "web_help.h"

#include <stdatomic.h>
#include <zlib.h>

/* -- routes that do nothing but show what they were given -- */

static atomic_int slow_gate;

static enum rc say(struct ctx *cx, struct req *rq)
{
    return reply_text(cx, rq, "text/plain; charset=utf-8", STR("hello"));
}

static enum rc echo(struct ctx *cx, struct req *rq)
{
    struct json *v = json_new_obj(cx->mem);
    json_put_str(cx->mem, v, "name", req_str(rq, "name"));
    json_put_int(cx->mem, v, "age", req_int(rq, "age", -1));
    json_put_bool(cx->mem, v, "yes", req_bool(rq, "yes"));
    return reply_json(cx, rq, 200, v);
}

static enum rc paper(struct ctx *cx, struct req *rq)
{
    return reply_page(cx, rq, "paper", NULL);
}

static enum rc show(struct ctx *cx, struct req *rq)
{
    struct str all = str_join(cx->mem, req_str(rq, "code"), STR("|"));
    return reply_text(cx, rq, "text/plain", str_join(cx->mem, all, req_str(rq, "rest")));
}

static enum rc big(struct ctx *cx, struct req *rq)
{
    char *p = arena_alloc(cx->mem, 20000);
    memset(p, 'a', 20000);
    return reply_text(cx, rq, "text/plain", str_n(p, 20000));
}

static enum rc greedy(struct ctx *cx, struct req *rq)
{
    for (int i = 0; i < 10000; i++)
        arena_alloc(cx->mem, 100000);
    return say(cx, rq);
}

static enum rc slow(struct ctx *cx, struct req *rq)
{
    while (atomic_load(&slow_gate))
        usleep(1000);
    return say(cx, rq);
}

static enum rc upload(struct ctx *cx, struct req *rq)
{
    struct json *v = json_new_obj(cx->mem);
    const struct upload *u = req_upload(rq, 0);
    json_put_str(cx->mem, v, "note", req_str(rq, "note"));
    if (u) {
        json_put_str(cx->mem, v, "name", u->name);
        json_put_int(cx->mem, v, "size", u->size);
        json_put_str(cx->mem, v, "sha", hash_hex(cx->mem, &u->digest));
    }
    json_put_bool(cx->mem, v, "there", u && access(u->path.p, R_OK) == 0);
    return reply_json(cx, rq, 200, v);
}

static enum rc fails(struct ctx *cx, struct req *rq)
{
    return FAIL(cx, STATE, "act", "not now: secret detail");
}

static enum rc events(struct ctx *cx, struct req *rq)
{
    return reply_events(cx, rq, STR("figures"));
}

static const struct param echo_params[] = {
    {"name", IN_BODY, P_TEXT, true, 1, 10, "a name"},
    {"age", IN_BODY, P_INT, false, 0, 150, "years"},
    {"yes", IN_BODY, P_BOOL, false, 0, 0, "a choice"},
    {0},
};
static const struct param code_params[] = {
    {"code", IN_PATH, P_CODE, true, 1, 20, "a code"},
    {"rest", IN_QUERY, P_TEXT, false, 0, 5, "some text"},
    {0},
};
static const struct param rest_params[] = {
    {"code", IN_PATH, P_CODE, true, 1, 20, "a code"},
    {"rest", IN_PATH, P_TEXT, true, 1, 100, "the rest"},
    {0},
};
static const struct param upload_params[] = {
    {"note", IN_BODY, P_TEXT, false, 0, 100, "a note"},
    {"file", IN_BODY, P_FILE, true, 0, 0, "a file"},
    {0},
};

static const struct route routes[] = {
    {GET, "/hello", say, CAP_NONE, 0, NULL, "test", "hello"},
    {GET, "/closed", say, CAP_SELF, 0, NULL, "test", "signed in only"},
    {GET, "/api/closed", say, CAP_SELF, ROUTE_API, NULL, "test", "signed in only"},
    {GET, "/show/{code}", show, CAP_NONE, 0, code_params, "test", "path"},
    {GET, "/show/fixed", say, CAP_NONE, 0, NULL, "test", "literal first"},
    {GET, "/tree/{code}/{rest*}", show, CAP_NONE, 0, rest_params, "test", "rest"},
    {GET, "/big", big, CAP_NONE, 0, NULL, "test", "compressible"},
    {GET, "/greedy", greedy, CAP_NONE, 0, NULL, "test", "takes all memory"},
    {GET, "/slow", slow, CAP_NONE, 0, NULL, "test", "waits"},
    {GET, "/paper", paper, CAP_NONE, 0, NULL, "test", "a page with a form"},
    {POST, "/form", echo, CAP_NONE, 0, echo_params, "test", "a form"},
    {POST, "/api/echo", echo, CAP_NONE, ROUTE_API, echo_params, "test", "a JSON body"},
    {POST, "/api/upload", upload, CAP_NONE, ROUTE_API | ROUTE_UPLOAD, upload_params, "test",
     "a file"},
    {POST, "/api/fails", fails, CAP_NONE, ROUTE_API, NULL, "test", "fails"},
    {GET, "/events", events, CAP_NONE, ROUTE_EVENTS, NULL, "test", "events"},
    {0},
};
extern const struct route web_routes[];
static const struct route *const tables[] = {routes, web_routes, NULL};

/* -- the server -- */

struct server {
    struct arena *mem;
    struct app app;
    struct web *web;
};

static void templates_load(struct ctx *cx, struct app *app)
{
    struct tpl_source src[200];
    size_t n = 0;
    for (size_t i = embed_first(STR("templates/")); i < embed_count() && n < 199; i++) {
        const struct embed_file *f = embed_at(i);
        if (!str_starts(f->name, STR("templates/")))
            break;
        src[n].name = str_cut(f->name, 10, f->name.n - 5);
        src[n++].text = f->data;
    }
    src[n++] = (struct tpl_source){STR("paper"), STR("<i>{{csrf}}</i>")};
    enum rc rc = tpl_compile(cx, src, n, &app->templates);
    if (rc != RC_OK)
        fail_msg("templates: %s", cx->err.detail);
}

static struct server *server_start(int64_t workers, int64_t queue)
{
    struct arena *mem = arena_new(64 << 20);
    struct server *s = arena_new_of(mem, struct server);
    struct ctx *cx = ctx_new(mem, &s->app);
    s->mem = mem;
    s->app.mem = mem;
    settings_default(&s->app.settings);
    s->app.settings.web_workers = workers;
    s->app.settings.web_queue_max = queue;
    s->app.settings.web_body_max = 10000;
    s->app.settings.web_file_max = 50000;
    s->app.settings.web_timeout_s = 2;
    s->app.settings.access_log = 0;
    assert_int_equal(crypt_start(cx), RC_OK);
    templates_load(cx, &s->app);
    enum rc rc = web_start(cx, tables, 0, &s->web);
    if (rc != RC_OK)
        fail_msg("web_start: %s", cx->err.detail);
    return s;
}

static void server_stop(struct server *s)
{
    web_stop(s->web);
    arena_free(s->mem);
}

/* -- tests -- */

static void test_answers(void **state)
{
    static const struct {
        const char *request;
        int status;
        const char *has, *lacks;
    } rows[] = {
        {HEAD("GET /hello") "\r\n", 200, "\r\n\r\nhello", "Set-Cookie"},
        {HEAD("HEAD /hello") "\r\n", 200, "Content-Length: 5", "hello"},
        {HEAD("GET /hello/") "\r\n", 200, "hello", NULL},
        {HEAD("GET http://x/hello") "\r\n", 200, "hello", NULL},
        {HEAD("GET /show/abc?rest=d%C3%A9") "\r\n", 200, "abc|d\xc3\xa9", NULL},
        {HEAD("GET /show/abc?lang=en") "\r\n", 200, "Set-Cookie: lang=en", NULL},
        {HEAD("GET /show/fixed") "\r\n", 200, "hello", NULL},
        {HEAD("GET /tree/a/b/c/d") "\r\n", 200, "a|b/c/d", NULL},
        {HEAD("GET /nothing") "\r\n", 404, "Content-Security-Policy", NULL},
        {HEAD("GET /show/a%20b") "\r\n", 404, NULL, NULL},
        {HEAD("GET /api/nothing") "\r\n", 404, "application/problem+json", NULL},
        {HEAD("DELETE /hello") "\r\n", 405, "Allow: GET, HEAD\r\n", NULL},
        {HEAD("OPTIONS /hello") "\r\n", 405, "Allow: GET, HEAD\r\n", NULL},
        {HEAD("GET /form") "\r\n", 405, "Allow: POST\r\n", NULL},
        {HEAD("GET /hello?x=1") "\r\n", 400, NULL, NULL},
        {HEAD("GET /show/a?rest=toolong") "\r\n", 422, NULL, NULL},
        {HEAD("GET /closed") "\r\n", 401, NULL, NULL},
        {HEAD("GET /api/closed") "\r\n", 401, "WWW-Authenticate: Bearer", NULL},
        {HEAD("GET /healthz") "\r\n", 200, "ok", NULL},
        {HEAD("GET /metrics") "\r\n", 200, "motcua_http_requests_total", NULL},
        {HEAD("GET /metrics") "X-Forwarded-For: 1.2.3.4\r\n\r\n", 404, NULL, NULL},
        {HEAD("GET /lang/en") "Referer: http://x/show/a?b\r\n\r\n", 303,
         "Location: /show/a\r\n", NULL},
        {HEAD("GET /lang/en") "Referer: http://evil/show\r\n\r\n", 303, "Location: /\r\n",
         NULL},
        {HEAD("GET /lang/fr") "\r\n", 404, NULL, NULL},
        {HEAD("GET /assets/nothing") "\r\n", 404, NULL, NULL},
        {HEAD("GET /assets/icon.svg") "\r\n", 200, "ETag: W/\"", NULL},
        {HEAD("GET /greedy") "\r\n", 503, "Retry-After", NULL},
    };
    struct server *s = server_start(2, 64);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str a = ask(*state, s->web, rows[i].request);
        if (status_of(a) != rows[i].status)
            fail_msg("%s -> %.*s", rows[i].request, STR_ARG(a));
        if (rows[i].has)
            assert_has(a, rows[i].has);
        if (rows[i].lacks)
            assert_lacks(a, rows[i].lacks);
    }
    server_stop(s);
}

/* -- framing: what a proxy before us might read in another way -- */

static void test_framing(void **state)
{
    static const struct {
        const char *request;
        int status; /* 0: the connection just ends */
    } rows[] = {
        {"GET /hello HTTP/1.1\r\n\r\n", 400},
        {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
        {"GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        {"GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 400},
        {"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: "
         "2\r\n\r\n{}",
         400},
        {"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: "
         "3\r\n\r\n{}",
         400},
        {"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         400},
        {"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n{}", 400},
        {"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 2\r\n\r\n{}", 400},
        {"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0x2\r\n\r\n{}", 400},
        {"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}", 400},
        {"POST /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
         "0\r\n\r\n",
         400},
        {"POST /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n{}", 400},
        {"POST /api/echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         400},
        {"GET /hello HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n", 400},
        {"GET /hello HTTP/1.1\r\nHost: x\r\nName : 1\r\n\r\n", 400},
        {"GET /hello HTTP/1.1\r\nHost: x\r\nN(: 1\r\n\r\n", 400},
        {"GET /hello HTTP/1.1\r\nHost: x\r\nA: b\x01 c\r\n\r\n", 400},
        {"GET /hello HTTP/2.0\r\nHost: x\r\n\r\n", 400},
        {"GET hello HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET http://other/hello HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /a/../hello HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /%2e%2e/hello HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET //hello HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /show/a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /show/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /show/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /show/%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /hello#x HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    };
    struct server *s = server_start(2, 64);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str a = ask(*state, s->web, rows[i].request);
        if (status_of(a) != rows[i].status && !(status_of(a) / 100 == 5 && i == 19))
            fail_msg("row %zu: %s -> %.*s", i, rows[i].request, STR_ARG(a));
        if (str_has(a, STR("hello")) && status_of(a) == 200)
            fail_msg("row %zu was served", i);
    }
    server_stop(s);
}

/* -- JSON in, typed; refusals name field and rule -- */

static void test_json(void **state)
{
    static const struct {
        const char *body;
        int status;
        const char *has;
    } rows[] = {
        {"{\"name\":\"An\"}", 200, "{\"name\":\"An\",\"age\":-1,\"yes\":false}"},
        {"{\"name\":\"\xc4\x90\xe1\xba\xb7ng\",\"age\":7,\"yes\":true}", 200, "\"age\":7"},
        {"{\"name\":\"An\",\"age\":null}", 200, "\"age\":-1"},
        {"{}", 422, "\"field\":\"name\",\"rule\":\"required\""},
        {"", 422, "\"rule\":\"required\""},
        {"{\"name\":\"12345678901\"}", 422, "\"rule\":\"long\""},
        {"{\"name\":\"a\\u0001\"}", 422, "\"rule\":\"chars\""},
        {"{\"name\":5}", 422, "\"rule\":\"text\""},
        {"{\"name\":\"An\",\"age\":\"7\"}", 422, "\"rule\":\"int\""},
        {"{\"name\":\"An\",\"age\":151}", 422, "\"rule\":\"range\""},
        {"{\"name\":\"An\",\"yes\":1}", 422, "\"rule\":\"bool\""},
        {"{\"name\":\"An\",\"other\":1}", 400, "\"field\":\"other\",\"rule\":\"undeclared\""},
        {"{\"name\":\"An\",\"name\":\"Binh\"}", 400, "MALFORMED"},
        {"[1]", 400, "MALFORMED"},
        {"{\"name\":", 400, "MALFORMED"},
    };
    struct server *s = server_start(2, 64);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str a = post_json(*state, s->web, "/api/echo", "", str_from(rows[i].body));
        if (status_of(a) != rows[i].status)
            fail_msg("%s -> %.*s", rows[i].body, STR_ARG(a));
        assert_has(a, rows[i].has);
    }
    struct str a = post_json(*state, s->web, "/api/fails", "", STR("{}"));
    assert_int_equal(status_of(a), 409);
    assert_has(a, "\"code\":\"STATE\",\"field\":\"act\"");
    assert_lacks(a, "secret detail");
    a = post_json(*state, s->web, "/api/echo", "Origin: http://evil\r\n",
                  STR("{\"name\":\"An\"}"));
    assert_int_equal(status_of(a), 403);
    a = ask(*state, s->web,
            HEAD("POST /api/echo") "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");
    assert_int_equal(status_of(a), 415);
    server_stop(s);
}

/* -- limits: 10 000 bytes of body here -- */

static void test_limits(void **state)
{
    struct server *s = server_start(2, 64);
    struct str a =
        ask(*state, s->web,
            HEAD("POST /api/echo") "Content-Type: application/json\r\nContent-Length: "
                                   "10001\r\n\r\n");
    assert_int_equal(status_of(a), 413); /* before a byte of the body was sent */
    assert_has(a, "Connection: close");
    struct buf *b = buf_new(*state, 1 << 20);
    buf_put(b, STR(HEAD("POST /api/echo") "Content-Type: application/json\r\n"
                                          "Transfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < 12; i++) {
        buf_put(b, STR("3e8\r\n"));
        for (int j = 0; j < 1000; j++)
            buf_putc(b, 'x');
        buf_put(b, STR("\r\n"));
    }
    buf_put(b, STR("0\r\n\r\n"));
    a = ask_n(*state, s->web, buf_str(b));
    assert_int_equal(status_of(a), 413);
    b = buf_new(*state, 1 << 20);
    buf_put(b, STR("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"));
    for (int i = 0; i < 101; i++)
        buf_fmt(b, "X-%d: 1\r\n", i);
    buf_put(b, STR("\r\n"));
    assert_int_equal(status_of(ask_n(*state, s->web, buf_str(b))), 400);
    server_stop(s);
}

/* -- forms: a token from our own page, and nobody else's -- */

static struct str post_form(struct arena *mem, const struct web *w, struct str cookie,
                            const char *more, struct str body)
{
    return ask_n(
        mem, w,
        str_fmt(mem,
                HEAD("POST /form") "Content-Type: application/x-www-form-urlencoded\r\n"
                                   "Cookie: motcua-form=%.*s\r\n%sContent-Length: %zu"
                                   "\r\n\r\n%.*s",
                STR_ARG(cookie), more, body.n, STR_ARG(body)));
}

static void test_forms(void **state)
{
    struct server *s = server_start(2, 64);
    struct str page = ask(*state, s->web, HEAD("GET /paper") "\r\n");
    struct str cookie = between(page, "Set-Cookie: motcua-form=", ";");
    struct str token = between(page, "<i>", "</i>");
    struct str again = between(ask(*state, s->web, HEAD("GET /paper") "\r\n"), "<i>", "</i>");
    assert_true(cookie.n == 86 && token.n == 86 && !str_eq(token, again));
    struct str body = str_fmt(*state, "csrf=%.*s&name=An+%%C4%%90", STR_ARG(token));
    struct str a = post_form(*state, s->web, cookie, "", body);
    assert_int_equal(status_of(a), 200);
    assert_has(a, "\"name\":\"An \xc4\x90\"");
    const struct {
        struct str cookie;
        const char *more;
        struct str body;
        int status;
    } rows[] = {
        {cookie, "Origin: http://x\r\n", body, 200},
        {cookie, "Sec-Fetch-Site: same-origin\r\n", body, 200},
        {cookie, "", STR("name=An"), 403},
        {STR(""), "", body, 403},
        {STR("AAAA"), "", body, 403},
        {cookie, "", str_fmt(*state, "csrf=%.*s&name=An", STR_ARG(again)), 403},
        {cookie, "Origin: http://evil\r\n", body, 403},
        {cookie, "Origin: null\r\n", body, 403},
        {cookie, "Sec-Fetch-Site: cross-site\r\n", body, 403},
        {cookie, "Sec-Fetch-Site: same-site\r\n", body, 403},
        {cookie, "", str_join(*state, body, STR("&name=Binh")), 422},
        {cookie, "", str_join(*state, body, STR("&other=1")), 400},
        {cookie, "", str_join(*state, body, STR("&age=%zz")), 400},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        a = post_form(*state, s->web, rows[i].cookie, rows[i].more, rows[i].body);
        if (status_of(a) != rows[i].status)
            fail_msg("row %zu -> %.*s", i, STR_ARG(a));
    }
    server_stop(s);
}

/* -- connections -- */

static unsigned times(struct str s, const char *part)
{
    unsigned n = 0;
    for (const char *at; (at = memmem(s.p, s.n, part, strlen(part))); n++)
        s = str_skip(s, (size_t)(at - s.p) + 1);
    return n;
}

static void test_pipelining(void **state)
{
    struct server *s = server_start(2, 64);
    struct buf *b = buf_new(*state, 1 << 16);
    for (int i = 0; i < 20; i++)
        buf_put(b, STR("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"));
    buf_put(b, STR(HEAD("HEAD /hello") "\r\n"));
    struct str a = ask_n(*state, s->web, buf_str(b));
    assert_int_equal(times(a, "HTTP/1.1 200"), 21);
    assert_int_equal(times(a, "\r\n\r\nhello"), 20);
    server_stop(s);
}

static void test_gzip(void **state)
{
    struct server *s = server_start(2, 64);
    struct str a = ask(*state, s->web, HEAD("GET /big") "\r\n");
    assert_has(a, "Content-Length: 20000");
    a = ask(*state, s->web, HEAD("GET /big") "Accept-Encoding: gzip;q=0\r\n\r\n");
    assert_has(a, "Content-Length: 20000");
    for (int i = 0; i < 3; i++) {
        a = ask(*state, s->web, HEAD("GET /big") "Accept-Encoding: br, gzip\r\n\r\n");
        assert_has(a, "Content-Encoding: gzip");
        struct str body =
            str_skip(a, (size_t)((char *)memmem(a.p, a.n, "\r\n\r\n", 4) - a.p) + 4);
        unsigned char out[30000];
        z_stream z = {.next_in = (Bytef *)(uintptr_t)body.p,
                      .avail_in = (uInt)body.n,
                      .next_out = out,
                      .avail_out = sizeof out};
        assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        assert_int_equal(z.total_out, 20000);
        inflateEnd(&z);
    }
    server_stop(s);
}

/* One worker is kept busy; what its queue cannot hold is refused at once. */
static void test_overload(void **state)
{
    enum { CLIENTS = 40, QUEUE = 8 };
    struct server *s = server_start(1, QUEUE);
    int fd[CLIENTS], refused = 0, served = 0;
    atomic_store(&slow_gate, 1);
    for (int i = 0; i < CLIENTS; i++) {
        fd[i] = dial(s->web);
        put(fd[i], STR(HEAD("GET /slow") "\r\n"));
    }
    for (int i = 0; i < 200 && refused < CLIENTS - QUEUE - 2; i++) {
        refused = 0;
        usleep(10000);
        for (int k = 0; k < CLIENTS; k++) {
            char c;
            refused += recv(fd[k], &c, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
        }
    }
    assert_in_range(refused, CLIENTS - QUEUE - 2, CLIENTS - QUEUE);
    atomic_store(&slow_gate, 0);
    for (int i = 0; i < CLIENTS; i++) {
        struct str a = get(*state, fd[i], NULL, 5000);
        if (status_of(a) == 503)
            assert_has(a, "Retry-After: 2");
        served += status_of(a) == 200;
        close(fd[i]);
    }
    assert_int_equal(served, CLIENTS - refused);
    server_stop(s);
}

/* A byte now and then does not keep a place: two seconds for a head here. */
static void test_slow_client(void **state)
{
    struct server *s = server_start(1, 8);
    int fd = dial(s->web);
    int64_t begin = time_monotonic();
    bool ended = false;
    while (!ended && time_monotonic() - begin < 6 * SECOND_US) {
        char c;
        put(fd, STR("G"));
        usleep(200000);
        ended = recv(fd, &c, 1, MSG_DONTWAIT) == 0 || send(fd, "E", 1, MSG_NOSIGNAL) < 0;
    }
    assert_true(ended);
    close(fd);
    server_stop(s);
}

static void test_events(void **state)
{
    struct server *s = server_start(1, 8);
    int fd = dial(s->web);
    put(fd, STR("GET /events HTTP/1.1\r\nHost: x\r\n\r\n"));
    struct str a = get(*state, fd, "event: figures\n", 3000);
    assert_has(a, "text/event-stream");
    assert_has(a, "event: figures\n");
    for (int i = 0; i < 100; i++)
        web_publish(s->web, STR("figures"), str_fmt(*state, "n%d", i));
    web_publish(s->web, STR("others"), STR("no"));
    a = get(*state, fd, "data: n99\n", 3000);
    assert_has(a, "data: n99\n");
    assert_true(times(a, "event:") < 50); /* what waits is replaced; by whom is chance */
    close(fd);
    server_stop(s); /* also while the stream is suspended */
}

/* -- uploads -- */

static struct str post_file(struct arena *mem, const struct web *w, struct str content,
                            const char *field, const char *end)
{
    struct str body =
        str_fmt(mem,
                "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n"
                "--b\r\nContent-Disposition: form-data; name=\"%s\"; "
                "filename=\"C:\\\\x\\\\an \xc4\x91.pdf\"\r\n"
                "Content-Type: application/pdf\r\n\r\n%.*s\r\n--b%s\r\n",
                field, STR_ARG(content), end);
    struct str head =
        str_fmt(mem,
                HEAD("POST /api/upload") "Content-Type: multipart/form-data; "
                                         "boundary=b\r\nContent-Length: %zu\r\n\r\n",
                body.n);
    return ask_n(mem, w, str_join(mem, head, body));
}

static void test_upload(void **state)
{
    struct server *s = server_start(1, 8);
    char *p = arena_alloc(*state, 60000);
    memset(p, 'x', 60000);
    struct str a = post_file(*state, s->web, STR("abc"), "file", "--");
    assert_int_equal(status_of(a), 200);
    assert_has(a, "\"note\":\"hi\",\"name\":\"an \xc4\x91.pdf\",\"size\":3,\"sha\":\""
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"");
    assert_has(a, "\"there\":true");
    assert_has(post_file(*state, s->web, str_n(p, 50000), "file", "--"), "\"size\":50000");
    assert_int_equal(status_of(post_file(*state, s->web, str_n(p, 50001), "file", "--")), 413);
    assert_int_equal(status_of(post_file(*state, s->web, STR("abc"), "other", "--")), 400);
    assert_int_equal(status_of(post_file(*state, s->web, STR("abc"), "file", "")), 400);
    assert_int_equal(status_of(post_file(*state, s->web, STR("abc"), "file", "x")), 400);
    a = post_json(*state, s->web, "/api/upload", "", STR("{}"));
    assert_int_equal(status_of(a), 422);
    struct str dir = str_fmt(*state, "/tmp/motcua-spool-%d", (int)getpid());
    assert_int_equal(rmdir(str_z(*state, dir)), 0); /* no trace left */
    server_stop(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(test_answers),     UNIT(test_framing),    UNIT(test_json),   UNIT(test_limits),
        UNIT(test_forms),       UNIT(test_pipelining), UNIT(test_gzip),   UNIT(test_overload),
        UNIT(test_slow_client), UNIT(test_events),     UNIT(test_upload),
    };
    log_level_set(LOG_ERROR + 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
