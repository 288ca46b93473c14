/* req.c - a request's life: an arena from the stock, the answer put on the wire, the arena back. */
#include "web/web_priv.h"

#include <microhttpd.h>
#include <pthread.h>

enum { STOCK_MAX = 256 };

struct stock {
    pthread_mutex_t lock;
    unsigned n;
    struct arena *at[STOCK_MAX];
    atomic_ullong next_request;
};

struct stock *stock_new(struct arena *mem)
{
    struct stock *s = arena_new_of(mem, struct stock);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void stock_empty(struct stock *s)
{
    while (s->n)
        arena_free(s->at[--s->n]);
    pthread_mutex_destroy(&s->lock);
}

static struct arena *arena_take(struct stock *s)
{
    struct arena *mem = NULL;
    pthread_mutex_lock(&s->lock);
    if (s->n)
        mem = s->at[--s->n];
    pthread_mutex_unlock(&s->lock);
    return mem ? mem : arena_new(REQUEST_MEM_MAX);
}

static void arena_give(struct stock *s, struct arena *mem)
{
    arena_reset(mem);
    pthread_mutex_lock(&s->lock);
    if (s->n < STOCK_MAX) {
        s->at[s->n++] = mem;
        mem = NULL;
    }
    pthread_mutex_unlock(&s->lock);
    arena_free(mem);
}

/* Numbers start from the clock, so that two runs of a node do not share them. */
static uint64_t request_number(struct stock *s, int64_t now_us)
{
    return ((uint64_t)now_us << 12) +
           atomic_fetch_add_explicit(&s->next_request, 1, memory_order_relaxed) % 4096;
}

struct req *req_take(struct web *w, struct str target)
{
    struct arena *mem = arena_take(w->stock);
    struct req *rq = arena_new_of(mem, struct req);
    rq->web = w;
    rq->cx = ctx_new(mem, w->app);
    rq->cx->request = request_number(w->stock, rq->cx->now_us);
    rq->target = str_dup(mem, target);
    return rq;
}

void req_give(struct req *rq)
{
    arena_give(rq->web->stock, rq->cx->mem);
}

/* -- on the wire -- */

static const struct reply_field always[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
};

/* No inline script or style, nothing from elsewhere, no frames. */
static const struct reply_field on_pages[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
     "script-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
     "frame-ancestors 'none'; base-uri 'none'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(self), microphone=(), payment=()"},
};

/* Files that people sent in are shown, if at all, as if from nowhere. */
static const struct reply_field on_files[] = {
    {"Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

static void put(struct MHD_Response *r, const struct reply_field *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        MHD_add_response_header(r, v[i].name, v[i].value);
}

static void put_one(struct MHD_Response *r, const char *name, const char *value)
{
    MHD_add_response_header(r, name, value);
}

static bool has_field(const struct reply *r, const char *name)
{
    for (unsigned i = 0; i < r->nfields; i++)
        if (strcmp(r->fields[i].name, name) == 0)
            return true;
    return false;
}

static void headers_put(struct MHD_Response *m, const struct req *rq)
{
    const struct reply *r = &rq->reply;
    put(m, always, sizeof always / sizeof always[0]);
    if (r->kind == REPLY_PAGE)
        put(m, on_pages, sizeof on_pages / sizeof on_pages[0]);
    if (r->kind == REPLY_FILE)
        put(m, on_files, sizeof on_files / sizeof on_files[0]);
    if (rq->web->is_secure)
        put_one(m, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    if (r->mime)
        put_one(m, "Content-Type", r->mime);
    if (r->gzip)
        put_one(m, "Content-Encoding", "gzip");
    if (r->mime && (r->kind == REPLY_PAGE || r->kind == REPLY_JSON || r->gzip))
        put_one(m, "Vary", "Accept-Encoding, Cookie");
    if (!has_field(r, "Cache-Control"))
        put_one(m, "Cache-Control",
                rq->route && rq->route->flags & ROUTE_NO_STORE ? "no-store"
                                                               : "private, no-cache");
    if (rq->must_close)
        put_one(m, "Connection", "close");
    put(m, r->fields, r->nfields);
}

static struct MHD_Response *body_response(struct req *rq)
{
    struct reply *r = &rq->reply;
    if (r->kind == REPLY_EVENTS)
        return events_response(rq);
    if (r->kind == REPLY_FILE) {
        struct MHD_Response *m = MHD_create_response_from_fd64((uint64_t)r->size, r->fd);
        if (m)
            r->fd = -1; /* the library closes it */
        return m;
    }
    void *body = (void *)(uintptr_t)r->body.p; /* lives until on_completed */
    return MHD_create_response_from_buffer(r->body.n, body, MHD_RESPMEM_PERSISTENT);
}

struct MHD_Response *reply_response(struct req *rq)
{
    struct MHD_Response *m = body_response(rq);
    if (m)
        headers_put(m, rq);
    return m;
}

/* -- what handlers ask -- */

struct str req_path(const struct req *rq)
{
    return rq->path;
}

struct str req_header(const struct req *rq, const char *name)
{
    return str_from(MHD_lookup_connection_value(rq->mhd, MHD_HEADER_KIND, name));
}

struct str req_address(const struct req *rq)
{
    return rq->address;
}

struct str req_session_token(const struct req *rq)
{
    return rq->token;
}

const struct route *req_route(const struct req *rq)
{
    return rq->route;
}
