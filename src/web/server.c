/* server.c - sockets to requests: heads checked, bodies gathered in bounds, work handed to the
 * pools, answers sent. libmicrohttpd calls everything here on its socket threads. */
#include "web/web_parts.h"

#include "store/store.h"
#include "text/i18n.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <unistd.h>

enum { SERVER_MEMORY = 24 * 1024, DROP_MAX = 1 << 20 };

/* -- heads -- */

struct head_walk {
    struct req *rq;
    struct framing framing;
    unsigned n;
};

static const struct {
    const char *name;
    size_t n, at;
} kept[] = {
#define KEPT(text, member)                                                                     \
    {                                                                                          \
        text, sizeof text - 1, offsetof(struct head, member)                                   \
    }
    KEPT("cookie", cookie),
    KEPT("authorization", authorization),
    KEPT("content-type", content_type),
    KEPT("origin", origin),
    KEPT("sec-fetch-site", fetch_site),
    KEPT("accept-encoding", accept_encoding),
    KEPT("accept-language", accept_language),
    KEPT("if-none-match", if_none_match),
    KEPT("idempotency-key", idempotency_key),
    KEPT("x-csrf-token", csrf),
    KEPT("x-forwarded-for", forwarded),
    KEPT("referer", referer),
#undef KEPT
};

static enum MHD_Result on_header(void *arg, enum MHD_ValueKind kind, const char *name,
                                 size_t name_n, const char *value, size_t value_n)
{
    struct head_walk *h = arg;
    struct str text = value ? str_n(value, value_n) : STR("");
    framing_header(&h->framing, str_n(name, name_n), text);
    h->n++;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (kept[i].n != name_n || strncasecmp(kept[i].name, name, name_n) != 0)
            continue;
        struct str *at = (struct str *)((char *)&h->rq->head + kept[i].at);
        if (!at->p)
            *at = text;
    }
    return MHD_YES;
}

static enum rc framing_read(struct req *rq, const char *version)
{
    struct head_walk h = {.rq = rq};
    MHD_get_connection_values_n(rq->mhd, MHD_HEADER_KIND, on_header, &h);
    const char *fault = framing_check(&h.framing, str_from(version));
    if (!fault && h.n > HTTP_HEADERS_MAX)
        fault = "too many headers";
    if (!fault && h.framing.length != 0 && rq->method == GET)
        fault = "GET with a body";
    rq->host = h.framing.host;
    rq->length = h.framing.length;
    if (!fault && !target_parse(rq->cx->mem, rq->target, rq->host, &rq->path, &rq->query))
        fault = "not a plain path";
    return fault ? FAIL(rq->cx, MALFORMED, NULL, "%s", fault) : RC_OK;
}

/* Without files. */
static int64_t body_limit(const struct req *rq)
{
    int64_t own = rq->route->body_max;
    return own ? own : rq->web->app->settings.web_body_max;
}

static enum rc route_read(struct req *rq)
{
    rq->route = router_find(rq->web->router, rq->cx->mem, rq->method, rq->path,
                            &rq->path_values, &rq->allow);
    if (!rq->route && rq->allow)
        return FAIL(rq->cx, METHOD, NULL, "not a method of this address");
    if (!rq->route)
        return FAIL(rq->cx, NOT_FOUND, NULL, "no such address");
    rq->limit = body_limit(rq);
    if (rq->route->flags & ROUTE_UPLOAD)
        rq->limit += rq->web->app->settings.web_file_max;
    if (rq->length > rq->limit)
        return FAIL(rq->cx, TOO_LARGE, NULL, "a body of %lld bytes", (long long)rq->length);
    return RC_OK;
}

/* Behind a proxy on this machine its last X-Forwarded-For entry tells who asks; without a
 * public_url there is no such proxy and the header is anybody's invention. */
static void address_read(struct req *rq)
{
    rq->address = client_address(rq->client, &rq->is_loopback);
    struct str list = rq->head.forwarded;
    if (!list.p)
        return;
    bool is_proxied = rq->is_loopback && rq->web->origin.n;
    rq->is_loopback = false;
    if (!is_proxied)
        return;
    while (list.p) {
        struct str one;
        list = str_split(list, ',', &one);
        rq->address = str_cut(str_trim(one), 0, 64);
    }
}

static enum rc body_expect(struct req *rq)
{
    struct web *w = rq->web;
    if (rq->length == 0)
        return RC_OK;
    if (rq->route->flags & ROUTE_UPLOAD &&
        media_is(rq->head.content_type, STR("multipart/form-data"))) {
        rq->is_spooling = true;
        if (atomic_fetch_add(&w->spooling, 1) >= SPOOLING_MAX)
            return FAIL(rq->cx, OVERLOADED, NULL, "too many uploads at once");
        return upload_begin(rq->cx, rq);
    }
    rq->limit = body_limit(rq); /* without files there is no room for files */
    if (rq->length > rq->limit)
        return FAIL(rq->cx, TOO_LARGE, NULL, "%lld bytes of fields", (long long)rq->length);
    rq->body = buf_new(rq->cx->mem, (size_t)rq->limit);
    return RC_OK;
}

static enum rc head_read(struct req *rq, const char *method, const char *version)
{
    rq->method = method_parse(str_from(method));
    rq->is_head = strcmp(method, "HEAD") == 0;
    TRY(framing_read(rq, version));
    address_read(rq);
    TRY(route_read(rq));
    return body_expect(rq);
}

/* -- bodies -- */

static enum rc gather(struct req *rq, struct str bytes)
{
    rq->got += (int64_t)bytes.n;
    if (rq->got > rq->limit)
        return FAIL(rq->cx, TOO_LARGE, NULL, "a body of unknown length over its limit");
    if (rq->multipart)
        return multipart_feed(rq->cx, rq->multipart, bytes);
    rq->held += bytes.n;
    if (atomic_fetch_add(&rq->web->held, bytes.n) > BODIES_MAX)
        return FAIL(rq->cx, OVERLOADED, NULL, "too many bytes of bodies held");
    buf_put(rq->body, bytes);
    return RC_OK;
}

/* After a refusal the rest is read and dropped, since the library can answer only then; but
 * a client that does not stop is cut off. */
static bool body_take(struct req *rq, const char *p, size_t n)
{
    jmp_buf full;
    if (rq->refused != RC_OK) {
        rq->got += (int64_t)n;
        return rq->length >= 0 || rq->got < rq->limit + DROP_MAX;
    }
    if (setjmp(full)) {
        arena_escape_set(rq->cx->mem, NULL);
        rq->refused = RC_NO_MEMORY;
        return true;
    }
    arena_escape_set(rq->cx->mem, &full);
    rq->refused = gather(rq, str_n(p, n));
    arena_escape_set(rq->cx->mem, NULL);
    return true;
}

/* -- to the workers and back -- */

static enum MHD_Result reply_send(struct req *rq)
{
    struct MHD_Response *r = reply_response(rq);
    if (!r)
        return MHD_NO;
    client_wait(rq->web->clients, rq->client,
                CLIENT_NOTHING); /* the library's limit holds from here */
    enum MHD_Result sent = MHD_queue_response(rq->mhd, (unsigned)rq->reply.status, r);
    MHD_destroy_response(r);
    return sent;
}

static bool is_writer(const struct req *rq)
{
    return rq->route && rq->refused == RC_OK && rq->web->app->store &&
           rq->route->flags & (ROUTE_WRITES | ROUTE_JOURNALS);
}

/* The work needs a place in its queue. Without one the answer is 503 at once, from constants. */
static enum MHD_Result submit(struct req *rq)
{
    struct web *w = rq->web;
    bool is_login = rq->route && rq->route->flags & ROUTE_LOGIN && rq->refused == RC_OK;
    rq->pool = is_login ? w->logins : w->workers;
    rq->stage = REQ_ANSWERED;
    if (atomic_load(&w->stopping) || !pool_reserve(rq->pool)) {
        stats_refused(w->stats);
        reply_static(rq, RC_OVERLOADED);
        rq->must_close = true;
        return reply_send(rq);
    }
    rq->stage = REQ_RUNNING;
    rq->queued_us = time_monotonic();
    client_wait(w->clients, rq->client, CLIENT_NOTHING);
    atomic_fetch_add(&w->running, 1);
    if ((rq->is_intending = is_writer(rq)))
        db_intend(w->app->store, 1);
    MHD_suspend_connection(rq->mhd);
    pool_push(rq->pool, &rq->work);
    return MHD_YES;
}

void req_answer(struct req *rq)
{
    struct web *w = rq->web;
    arena_escape_set(rq->cx->mem, NULL);
    rq->cx->conn = NULL;
    rq->stage = REQ_ANSWERED;
    MHD_resume_connection(rq->mhd);
    atomic_fetch_sub(&w->running, 1);
}

static enum MHD_Result on_head(struct req *rq, const char *method, const char *version)
{
    rq->start_us = time_monotonic();
    rq->refused = head_read(rq, method, version);
    /* What follows on this connection cannot be trusted, or is a body nobody reads. */
    rq->must_close = rq->refused == RC_MALFORMED || (rq->refused != RC_OK && rq->length != 0);
    if (rq->must_close)
        return submit(rq);
    /* An answer given now would close the connection: the library calls again at the end of
     * the request, which for one without a body is at once. */
    rq->stage = REQ_BODY;
    if (rq->length != 0)
        client_wait(rq->web->clients, rq->client, CLIENT_BODY);
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **own)
{
    struct req *rq = *own;
    if (!rq)
        return MHD_NO;
    switch (rq->stage) {
    case REQ_HEAD:
        return on_head(rq, method, version);
    case REQ_BODY:
        if (*size == 0)
            return submit(rq);
        if (!body_take(rq, data, *size))
            return MHD_NO;
        *size = 0;
        return MHD_YES;
    case REQ_RUNNING:
        return MHD_YES;
    case REQ_ANSWERED:
        break;
    }
    return reply_send(rq);
}

/* -- the library's other calls -- */

/* Numbers start from the clock, so that two runs of a node do not share them. */
static struct req *req_new(struct web *w, struct str target)
{
    struct arena *mem = stock_take(w->stock);
    struct req *rq = arena_new_of(mem, struct req);
    rq->web = w;
    rq->cx = ctx_new(mem, w->app);
    rq->cx->request =
        ((uint64_t)rq->cx->now_us << 12) + atomic_fetch_add(&w->requests, 1) % 4096;
    rq->target = str_dup(mem, target);
    return rq;
}

static void *on_target(void *cls, const char *uri, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (!info || !info->socket_context)
        return NULL;
    struct req *rq = req_new(cls, str_from(uri));
    rq->mhd = mhd;
    rq->client = info->socket_context;
    return rq;
}

static void stats_add_req(struct web *w, const struct req *rq, bool is_aborted)
{
    const struct ctx *cx = rq->cx;
    bool is_file = rq->reply.kind == REPLY_FILE;
    int64_t queued = rq->queued_us ? rq->queued_us : rq->start_us;
    struct stats_entry e = {.request = cx->request,
                            .method = method_name(rq->method),
                            .path = rq->route ? rq->route->path : "-",
                            .status = rq->reply.status,
                            .us = time_monotonic() - rq->start_us,
                            .wait_us = queued - rq->start_us,
                            .bytes = is_file ? (size_t)rq->reply.size : rq->reply.body.n,
                            .mem = arena_used(cx->mem),
                            .queries = cx->cost.queries,
                            .writes = cx->cost.writes,
                            .is_aborted = is_aborted};
    stats_add(w->stats, &e);
}

static void on_completed(void *cls, struct MHD_Connection *mhd, void **own,
                         enum MHD_RequestTerminationCode why)
{
    struct req *rq = *own;
    if (!rq)
        return;
    struct web *w = rq->web;
    stats_add_req(w, rq, why != MHD_REQUEST_TERMINATED_COMPLETED_OK);
    client_wait(w->clients, rq->client, CLIENT_HEAD);
    if (rq->is_spooling)
        atomic_fetch_sub(&w->spooling, 1);
    atomic_fetch_sub(&w->held, rq->held);
    stock_give(w->stock, rq->cx->mem);
    *own = NULL;
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **own,
                          enum MHD_ConnectionNotificationCode what)
{
    struct web *w = cls;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*own)
            client_close(w->clients, *own);
        return;
    }
    int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *sa =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    *own = client_open(w->clients, fd, sa);
}

/* Escapes are undone by target_parse, from the raw target. */
static size_t on_unescape(void *cls, struct MHD_Connection *mhd, char *s)
{
    return strlen(s);
}

static void on_panic(void *cls, const char *file, unsigned line, const char *reason)
{
    LOGE("libmicrohttpd %s:%u: %s", file, line, reason ? reason : "");
    _exit(70);
}

/* -- start and stop -- */

/* One reader connection a worker thread, for all requests it will run. */
struct worker {
    struct web *web;
    struct arena *mem; /* the thread's */
    struct ctx *cx;    /* holds the reader, in an arena of its own */
};

static void worker_attach(struct worker *wk)
{
    struct app *app = wk->web->app;
    wk->cx = ctx_new(arena_new(1 << 20), app);
    if (app->store && db_attach(wk->cx, app->store) != RC_OK)
        LOGE("a worker has no reader: %s", wk->cx->err.detail);
}

static void *worker_begin(void *arg)
{
    struct web *w = arg;
    struct arena *mem = arena_new(1 << 16);
    struct worker *wk = arena_new_of(mem, struct worker);
    *wk = (struct worker){.web = w, .mem = mem};
    worker_attach(wk);
    return wk;
}

static void worker_run(void *own, struct work *work)
{
    struct worker *wk = own;
    if (dispatch_work(wk->cx->conn, work))
        return;
    arena_free(wk->cx->mem);
    worker_attach(wk);
}

static void worker_end(void *own)
{
    struct worker *wk = own;
    arena_free(wk->cx->mem);
    arena_free(wk->mem);
}

/* Turns to write follow each other: one runs, one waits with its work prepared; more threads only
 * take the processor from whoever holds the turn. */
static unsigned workers_of(const struct settings *s)
{
    enum { WORKERS_MAX = 64 };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (s->web_workers)
        return (unsigned)s->web_workers;
    return processors < 1             ? 2
           : processors < WORKERS_MAX ? (unsigned)processors + 1
                                      : WORKERS_MAX;
}

static enum rc pools_start(struct ctx *cx, struct web *w)
{
    const struct settings *s = &w->app->settings;
    struct pool_setup setup = {.begin = worker_begin,
                               .run = worker_run,
                               .end = worker_end,
                               .arg = w,
                               .threads = workers_of(s),
                               .max = (unsigned)s->web_queue_max};
    w->workers = pool_start(w->mem, &setup);
    setup.threads = (unsigned)s->login_workers;
    setup.max = setup.threads * 8; /* Argon2id: about a second's worth */
    w->logins = pool_start(w->mem, &setup);
    if (!w->workers || !w->logins)
        return FAIL(cx, INTERNAL, NULL, "threads could not be started");
    return RC_OK;
}

static void *ticker_main(void *arg)
{
    struct web *w = arg;
    while (!atomic_load(&w->ticker_ends)) {
        usleep(250000);
        int64_t now = time_monotonic();
        events_tick(w->events, now);
        clients_tick(w->clients, now);
        stats_flush(w->stats);
    }
    return NULL;
}

static enum rc daemon_start(struct ctx *cx, struct web *w, int port)
{
    const struct settings *s = &w->app->settings;
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, str_z(cx->mem, s->http_bind), &sa.sin_addr) != 1)
        return FAIL(cx, INVALID, "http_bind", "not an IPv4 address");
    MHD_set_panic_func(on_panic, NULL);
    w->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME, (uint16_t)port, NULL, NULL,
        on_request, w, MHD_OPTION_SOCK_ADDR, &sa, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)s->web_epoll_threads,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->web_connections_max,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)s->web_timeout_s,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_MEMORY, MHD_OPTION_URI_LOG_CALLBACK,
        on_target, w, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, w, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, w, MHD_OPTION_NOTIFY_CONNECTION, on_connection, w,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
        MHD_OPTION_END);
    if (!w->daemon)
        return FAIL(cx, IO, "http_port", "cannot listen on port %d: errno %d", port, errno);
    return RC_OK;
}

/* The key of cookies and anonymous tokens follows from the node key, so that a restart does
 * not turn away forms that are open somewhere. */
static enum rc key_make(struct ctx *cx, struct web *w)
{
    if (!w->app->store) {
        random_fill(w->key.b, sizeof w->key.b);
        return RC_OK;
    }
    struct key *node;
    struct str dir = str_join(cx->mem, store_dir(w->app->store), STR("/keys"));
    TRY(node_key_open(cx, dir, true, &node));
    struct hash h = hash_of2(STR("motcua web cookies v1"), str_n(node->b, sizeof node->b));
    memcpy(w->key.b, h.b, sizeof w->key.b);
    return RC_OK;
}

/* Browsers keep a __Host- cookie only over https. */
static void names_make(struct web *w)
{
    struct str url = w->app->settings.public_url;
    if (str_ends(url, STR("/")))
        url.n--;
    w->origin = url.n ? url : STR_NULL;
    w->is_secure = str_starts(url, STR("https://"));
    w->session_cookie = w->is_secure ? "__Host-motcua" : "motcua";
    w->anon_cookie = w->is_secure ? "__Host-motcua-form" : "motcua-form";
    w->flash_cookie = w->is_secure ? "__Host-motcua-flash" : "motcua-flash";
}

static enum rc web_fill(struct ctx *cx, const struct route *const *tables, struct web *w)
{
    const struct settings *s = &w->app->settings;
    w->stats = stats_new(w->mem, s->access_log);
    w->stock = stock_new(w->mem, REQUEST_MEM_MAX);
    w->idem = idem_new(w->mem);
    w->events = events_new(w->mem);
    w->clients =
        clients_new(w->mem, (unsigned)s->web_connections_max, s->web_timeout_s * SECOND_US);
    names_make(w);
    w->tables = tables;
    TRY(router_new(cx, tables, &w->router));
    w->has_login_page = router_has(w->router, GET, STR("/login"));
    TRY(key_make(cx, w));
    TRY(idem_load(cx, w->idem));
    TRY(spool_open(cx, w));
    return assets_open(cx, w);
}

enum rc web_start(struct ctx *cx, const struct route *const *tables, int port, struct web **ret)
{
    struct arena *mem = arena_new(256 << 20);
    struct web *w = arena_new_of(mem, struct web);
    w->app = cx->app;
    w->mem = mem;
    struct ctx *own = ctx_new(mem, cx->app); /* what is made here lives as long as the server */
    enum rc rc = web_fill(own, tables, w);
    if (rc == RC_OK)
        rc = pools_start(own, w);
    if (rc == RC_OK)
        rc = daemon_start(own, w, port);
    if (rc == RC_OK && pthread_create(&w->ticker, NULL, ticker_main, w) != 0)
        rc = FAIL(own, INTERNAL, NULL, "the ticker could not be started");
    if (rc != RC_OK) {
        cx->err = own->err;
        return rc;
    }
    *ret = w;
    return RC_OK;
}

int web_port(const struct web *w)
{
    return MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

const struct route *web_route_at(const struct web *w, size_t i)
{
    for (const struct route *const *t = w->tables; *t; t++)
        for (const struct route *r = *t; r->path; r++)
            if (i-- == 0)
                return r;
    return NULL;
}

void web_stop(struct web *w)
{
    atomic_store(&w->stopping, true);
    events_stop(w->events);
    while (atomic_load(&w->running) > 0)
        usleep(1000);
    MHD_stop_daemon(w->daemon);
    pool_stop(w->workers);
    pool_stop(w->logins);
    atomic_store(&w->ticker_ends, true);
    pthread_join(w->ticker, NULL);
    stats_flush(w->stats);
    stock_empty(w->stock);
    arena_free(w->mem);
}
