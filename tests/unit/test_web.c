/* test_web.c - a real server on a free port, asked over raw sockets. */
#include "unit.h"
#include "app/app.h"
#include "store/store.h"
#include "text/embed.h"
#include "text/tpl.h"
#include "web/web.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
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

/* Until the ledger is there. */
#define STUB(name, type)                                                                       \
    enum rc name(struct ctx *cx, type arg) __attribute__((weak));                              \
    enum rc name(struct ctx *cx, type arg)                                                     \
    {                                                                                          \
        return RC_OK;                                                                          \
    }
struct event;
STUB(ledger_append, struct event *)
STUB(ledger_key_new, struct subject_id)
STUB(ledger_key_destroy, struct subject_id)

struct server {
    struct arena *mem;
    struct app app;
    struct web *web;
};

static void templates_load(struct ctx *cx, struct app *app)
{
    struct tpl_source src[200];
    size_t n = 0;
    for (size_t i = embed_first(STR("templates/")); i < embed_count() && n < 200; i++) {
        const struct embed_file *f = embed_at(i);
        if (!str_starts(f->name, STR("templates/")))
            break;
        src[n].name = str_cut(f->name, 10, f->name.n - 5);
        src[n++].text = f->data;
    }
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

/* -- a client that sends what it is told -- */

static int dial(const struct server *s)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in sa = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)web_port(s->web)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof sa), 0);
    return fd;
}

static void put(int fd, struct str text)
{
    while (text.n) {
        ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        text = str_skip(text, (size_t)n);
    }
}

/* What comes within the time, until `until` was seen (NULL: until the end). */
static struct str get(struct arena *mem, int fd, const char *until, int ms)
{
    size_t room = 1 << 20, n = 0;
    char *p = arena_alloc(mem, room);
    struct pollfd pfd = {.fd = fd, .events = POLLIN};
    while (n < room && poll(&pfd, 1, ms) > 0) {
        ssize_t got = recv(fd, p + n, room - n, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        if (until && str_has(str_n(p, n), str_from(until)))
            break;
    }
    return str_n(p, n);
}

static struct str ask_n(struct arena *mem, const struct server *s, struct str request)
{
    int fd = dial(s);
    put(fd, request);
    struct str answer = get(mem, fd, NULL, 5000);
    close(fd);
    return answer;
}

/* A whole request with Connection: close; the answer as it came. */
static struct str ask(struct arena *mem, const struct server *s, const char *request)
{
    return ask_n(mem, s, str_from(request));
}

static int status_of(struct str answer)
{
    int64_t n = 0;
    if (!str_starts(answer, STR("HTTP/1.1 ")) || !str_int(str_cut(answer, 9, 12), &n))
        return 0;
    return (int)n;
}

#define HEAD(line) line " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"

static void assert_has(struct str text, const char *part)
{
    if (!str_has(text, str_from(part)))
        fail_msg("no \"%s\" in:\n%.*s", part, STR_ARG(text));
}

static void assert_lacks(struct str text, const char *part)
{
    if (str_has(text, str_from(part)))
        fail_msg("\"%s\" in:\n%.*s", part, STR_ARG(text));
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
        {HEAD("GET /assets/icon.svg") "\r\n", 200, "ETag: \"", NULL},
        {HEAD("GET /greedy") "\r\n", 503, "Retry-After", NULL},
    };
    struct server *s = server_start(2, 64);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str a = ask(*state, s, rows[i].request);
        if (status_of(a) != rows[i].status)
            fail_msg("%s -> %.*s", rows[i].request, STR_ARG(a));
        if (rows[i].has)
            assert_has(a, rows[i].has);
        if (rows[i].lacks)
            assert_lacks(a, rows[i].lacks);
    }
    server_stop(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(test_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
