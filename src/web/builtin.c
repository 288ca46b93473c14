/* builtin.c - what every node answers by itself: health, metrics, assets, language. */
#include "web/web_parts.h"

#include "base/map.h"
#include "store/store.h"
#include "page/embed.h"

enum { HASH_SHOWN = 12 };

static enum rc get_health(struct ctx *cx, struct req *rq)
{
    reply_header(rq, "Cache-Control", STR("no-store"));
    return reply_text(cx, rq, "text/plain; charset=utf-8", STR("ok\n"));
}

static void store_print(struct buf *b, const struct store *st)
{
    struct store_stats s = store_stats(st);
    stats_value(b, "store_groups_total", "counter", s.groups);
    stats_value(b, "store_turns_total", "counter", s.turns);
    stats_value(b, "store_rollbacks_total", "counter", s.rollbacks);
    stats_value(b, "store_flush_microseconds_total", "counter", s.flush_us);
    stats_value(b, "store_turns_waiting", "gauge", s.waiting);
}

struct str web_metrics(struct ctx *cx, const struct web *w)
{
    struct buf *b = buf_new(cx->mem, 16 * 1024);
    stats_print(b, w->stats);
    stats_value(b, "http_queue_length", "gauge", pool_waiting(w->workers));
    stats_value(b, "http_login_queue_length", "gauge", pool_waiting(w->logins));
    stats_value(b, "http_requests_running", "gauge", atomic_load(&w->running));
    stats_value(b, "http_body_bytes_held", "gauge", (long long)atomic_load(&w->held));
    stats_value(b, "http_connections", "gauge", clients_open(w->clients));
    stats_value(b, "http_event_streams", "gauge", events_open(w->events));
    if (w->app->store)
        store_print(b, w->app->store);
    return buf_str(b);
}

static enum rc get_metrics(struct ctx *cx, struct req *rq)
{
    return reply_text(cx, rq, "text/plain; version=0.0.4; charset=utf-8",
                      web_metrics(cx, rq->web));
}

/* -- assets: an address with the digest in it may be kept for ever -- */

static struct str asset_name(struct str path)
{
    static const struct str folders[] = {{"assets/dist/", 12}, {"assets/", 7}};
    for (int i = 0; i < 2; i++)
        if (str_starts(path, folders[i]))
            return str_skip(path, folders[i].n);
    return STR_NULL;
}

/* "live.js" is {{assets.live}}; the one style sheet, motcua.css, is {{assets.css}}. */
static struct str view_name(struct arena *mem, struct str name)
{
    struct str stem;
    if (str_eq(name, STR("motcua.css")))
        return STR("css");
    str_split(name, '.', &stem);
    char *to = arena_alloc(mem, stem.n + 1);
    for (size_t i = 0; i < stem.n; i++) {
        char c = stem.p[i];
        bool keep = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        to[i] = keep ? c : '_';
    }
    return str_n(to, stem.n);
}

enum rc assets_open(struct ctx *cx, struct web *w)
{
    w->assets = json_new_obj(cx->mem);
    w->asset_files = map_new(cx->mem);
    for (size_t i = embed_first(STR("assets/")); i < embed_count(); i++) {
        const struct embed_file *f = embed_at(i);
        struct str name = asset_name(f->name);
        if (!name.n)
            break;
        struct str below =
            str_fmt(cx->mem, "%.*s-%.*s", HASH_SHOWN, f->sha256hex, STR_ARG(name));
        struct str url = str_fmt(cx->mem, "/assets/%.*s", STR_ARG(below));
        map_set(w->asset_files, below, (void *)(uintptr_t)f);
        map_set(w->asset_files, name, (void *)(uintptr_t)f); /* style sheets name fonts so */
        json_put(w->assets, view_name(cx->mem, name), json_new_str(cx->mem, url));
    }
    return RC_OK;
}

static const struct param asset_params[] = {
    {"path", IN_PATH, P_TEXT, true, 1, 200, "digest and name of the file"},
    {0},
};

static enum rc get_asset(struct ctx *cx, struct req *rq)
{
    const struct embed_file *f = map_get(rq->web->asset_files, req_str(rq, "path"));
    struct reply *r = &rq->reply;
    if (!f)
        return FAIL(cx, NOT_FOUND, NULL, "no such asset");
    struct str etag = str_fmt(cx->mem, "\"%.*s\"", HASH_SHOWN, f->sha256hex);
    r->is_public = true;
    bool is_versioned = str_starts(req_str(rq, "path"), str_n(f->sha256hex, HASH_SHOWN));
    reply_header(rq, "Cache-Control",
                 is_versioned ? STR("public, max-age=31536000, immutable")
                              : STR("public, max-age=86400"));
    if (f->gzip.n)
        reply_header(rq, "Vary", STR("Accept-Encoding"));
    TRY(reply_text(cx, rq, f->mime, f->data));
    reply_etag(rq, etag);
    if (r->status == 200 && f->gzip.n && gzip_is_accepted(rq->head.accept_encoding)) {
        r->body = f->gzip;
        r->gzip = true;
    }
    return RC_OK;
}

/* -- language -- */

static const struct param lang_params[] = {
    {"code", IN_PATH, P_CODE, true, 2, 2, "vi or en"},
    {0},
};

/* The path of the page one came from, when it is one of ours. */
static struct str referer_path(const struct req *rq)
{
    struct str rest = rq->head.referer;
    size_t at = str_find(rest, ':', 0);
    if (!str_starts(str_skip(rest, at), STR("://")))
        return STR("/");
    rest = str_skip(rest, at + 3);
    if (!rq->host.n || !str_starts(rest, rq->host))
        return STR("/");
    struct str path;
    str_split(str_skip(rest, rq->host.n), '?', &path);
    bool plain = path.n > 0 && path.p[0] == '/' && !str_starts(path, STR("//"));
    return plain && path.n < 1000 ? path : STR("/");
}

static enum rc get_lang(struct ctx *cx, struct req *rq)
{
    struct str code = req_str(rq, "code");
    if (!str_eq(code, STR("vi")) && !str_eq(code, STR("en")))
        return FAIL(cx, NOT_FOUND, NULL, "no such language");
    reply_set_cookie(cx, rq, "lang", code, "; Max-Age=31536000");
    return reply_redirect(cx, rq, referer_path(rq));
}

const struct route web_routes[] = {
    {GET, "/healthz", get_health, CAP_NONE, 0, NULL, "node", "Whether the node answers"},
    {GET, "/metrics", get_metrics, CAP_NONE, ROUTE_LOOPBACK | ROUTE_NO_STORE, NULL, "node",
     "Counters in Prometheus text format"},
    {GET, "/assets/{path*}", get_asset, CAP_NONE, 0, asset_params, "node",
     "Styles and scripts"},
    {GET, "/lang/{code}", get_lang, CAP_NONE, 0, lang_params, "node", "Changes the language"},
    {0},
};
