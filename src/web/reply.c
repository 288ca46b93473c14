/* reply.c - the reply: pages, JSON, files, errors. Handlers say what to answer; it is rendered
 * when nothing can undo it any more (reply_finish). */
#include "web/web_parts.h"

#include "store/store.h"
#include "text/i18n.h"
#include "page/tpl.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static void reply_set(struct req *rq, enum reply_kind kind, int status)
{
    rq->reply.kind = kind;
    rq->reply.status = status;
    rq->reply.is_rendered = false;
}

static void page_set(struct req *rq, int status, const char *tpl, struct json *view)
{
    reply_set(rq, REPLY_PAGE, status);
    rq->reply.tpl = tpl;
    rq->reply.view = view;
}

static void json_set(struct req *rq, int status, const char *mime, struct json *body)
{
    reply_set(rq, REPLY_JSON, status);
    rq->reply.mime = mime;
    rq->reply.view = body;
}

enum rc reply_page(struct ctx *cx, struct req *rq, const char *tpl, struct json *view)
{
    return reply_page_status(cx, rq, 200, tpl, view);
}

enum rc reply_page_status(struct ctx *cx, struct req *rq, int status, const char *tpl,
                          struct json *view)
{
    page_set(rq, status, tpl, view ? view : json_new_obj(cx->mem));
    return RC_OK;
}

enum rc reply_json(struct ctx *cx, struct req *rq, int status, struct json *body)
{
    json_set(rq, status, "application/json", body);
    return RC_OK;
}

enum rc reply_text(struct ctx *cx, struct req *rq, const char *mime, struct str body)
{
    reply_set(rq, REPLY_BODY, 200);
    rq->reply.mime = mime;
    rq->reply.body = body;
    return RC_OK;
}

enum rc reply_csv(struct ctx *cx, struct req *rq, struct str name, struct str rows)
{
    reply_header(rq, "Content-Disposition",
                 str_fmt(cx->mem, "attachment; filename=\"%.*s.csv\"", STR_ARG(name)));
    return reply_text(cx, rq, "text/csv; charset=utf-8",
                      str_join(cx->mem, STR("\xef\xbb\xbf"), rows));
}

enum rc reply_redirect(struct ctx *cx, struct req *rq, struct str to)
{
    /* Only to ourselves: an address from a request must not lead people elsewhere. */
    if (to.n == 0 || to.p[0] != '/' || (to.n > 1 && (to.p[1] == '/' || to.p[1] == '\\')))
        return FAIL(cx, INTERNAL, NULL, "redirect to another place");
    reply_set(rq, REPLY_BODY, 303);
    rq->reply.mime = NULL;
    rq->reply.body = STR("");
    reply_header(rq, "Location", to);
    return RC_OK;
}

static void fd_close(void *arg)
{
    struct req *rq = arg;
    if (rq->reply.fd > 0)
        close(rq->reply.fd);
}

/* RFC 6266: the plain name for old programs, the UTF-8 one for the others. */
static struct str disposition(struct arena *mem, struct str name)
{
    struct buf *b = buf_new(mem, 4096);
    buf_put(b, STR("attachment; filename*=UTF-8''"));
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
                     (c && strchr("-._~", c));
        if (plain)
            buf_putc(b, (char)c);
        else
            buf_fmt(b, "%%%02X", c);
    }
    return buf_str(b);
}

enum rc reply_file(struct ctx *cx, struct req *rq, struct str path, const char *mime,
                   struct str name)
{
    struct stat st;
    int fd = open(str_z(cx->mem, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return FAIL(cx, IO, NULL, "opening a file: errno %d", errno);
    rq->reply.fd = fd;
    arena_on_free(cx->mem, fd_close, rq);
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return FAIL(cx, IO, NULL, "not a regular file");
    reply_set(rq, REPLY_FILE, 200);
    rq->reply.mime = mime;
    rq->reply.size = st.st_size;
    if (name.p)
        reply_header(rq, "Content-Disposition", disposition(cx->mem, name));
    return RC_OK;
}

void reply_header(struct req *rq, const char *name, struct str value)
{
    struct reply *r = &rq->reply;
    if (r->nfields == REPLY_HEADERS_MAX) {
        LOGE("more than %d reply headers on %s", REPLY_HEADERS_MAX, rq->route->path);
        return;
    }
    r->fields[r->nfields++] = (struct reply_field){name, str_z(rq->cx->mem, value)};
}

void reply_set_cookie(struct ctx *cx, struct req *rq, const char *name, struct str value,
                      const char *attributes)
{
    const char *secure = rq->web->is_secure ? "; Secure" : "";
    reply_header(rq, "Set-Cookie",
                 str_fmt(cx->mem, "%s=%.*s; Path=/; SameSite=Lax%s%s", name, STR_ARG(value),
                         secure, attributes));
}

void reply_cache(struct req *rq, int64_t seconds)
{
    rq->reply.is_public = true;
    reply_header(rq, "Cache-Control",
                 str_fmt(rq->cx->mem, "public, max-age=%lld", (long long)seconds));
}

void reply_after(struct req *rq, route_fn *fn, void *arg)
{
    rq->after = fn;
    rq->after_arg = arg;
}

void *req_after_arg(const struct req *rq)
{
    return rq->after_arg;
}

void reply_result(struct req *rq, struct json *result)
{
    rq->result = result;
    rq->after = rq->route->after;
}

const struct json *req_result(const struct req *rq)
{
    return rq->result;
}

/* -- errors -- */

/* The sign-in page, when the tables have one; the page comes back to where one was. */
static bool login_offer(struct ctx *cx, struct req *rq)
{
    if (!rq->web->has_login_page || rq->method != GET || rq->is_head)
        return false;
    struct buf *b = buf_new(cx->mem, 4096);
    buf_put(b, STR("/login?to="));
    for (size_t i = 0; i < rq->target.n; i++) {
        unsigned char c = (unsigned char)rq->target.p[i];
        if (c == '/' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
            buf_putc(b, (char)c);
        else
            buf_fmt(b, "%%%02X", c);
    }
    return reply_redirect(cx, rq, b->over ? STR("/login") : buf_str(b)) == RC_OK;
}

static struct json *problem_make(struct ctx *cx, struct req *rq, enum rc rc)
{
    struct json *p = json_new_obj(cx->mem);
    const char *name = rc_name(rc);
    json_put_str(cx->mem, p, "type", str_fmt(cx->mem, "urn:motcua:error:%s", name));
    json_put_str(cx->mem, p, "title", msg_get(cx->lang, str_from(rc_message_key(rc))));
    json_put_int(cx->mem, p, "status", rc_status(rc));
    json_put_str(cx->mem, p, "code", str_from(name));
    if (cx->err.field[0])
        json_put_str(cx->mem, p, "field", str_dup(cx->mem, str_from(cx->err.field)));
    if (rq->errors)
        json_put(p, STR("errors"), json_copy(cx->mem, rq->errors));
    json_put_str(cx->mem, p, "request", str_fmt(cx->mem, "%llx", (long long)cx->request));
    return p;
}

/* Over the size: of an address that takes files, how large one may be and what to do. */
static struct str error_message(struct ctx *cx, const struct req *rq, enum rc rc)
{
    struct json *args = json_new_obj(cx->mem);
    int64_t most = rq->web->app->settings.web_file_max;
    bool is_mega = most >= 1 << 20;
    if (rc != RC_TOO_LARGE || !rq->route || !(rq->route->flags & ROUTE_UPLOAD))
        return msg_get(cx->lang, str_from(rc_message_key(rc)));
    json_put_str(cx->mem, args, "most",
                 str_fmt(cx->mem, "%lld %s", (long long)(most >> (is_mega ? 20 : 10)),
                         is_mega ? "MB" : "KB"));
    return msg_fill(cx, STR("web.error.file"), args);
}

static void error_headers(struct ctx *cx, struct req *rq, enum rc rc)
{
    if (rc == RC_METHOD && rq->allow)
        reply_header(rq, "Allow", str_from(rq->allow));
    if (rc == RC_OVERLOADED || rc == RC_NO_MEMORY)
        reply_header(rq, "Retry-After", STR("2"));
    if (rc == RC_THROTTLED)
        reply_header(rq, "Retry-After", STR("60"));
    if (rc == RC_LOGIN_REQUIRED)
        reply_header(rq, "WWW-Authenticate", STR("Bearer"));
}

static struct str error_title(struct ctx *cx, enum rc rc)
{
    switch (rc_status(rc)) {
    case 403:
        return msg_get(cx->lang, STR("web.error.title.403"));
    case 404:
        return msg_get(cx->lang, STR("web.error.title.404"));
    case 500:
        return msg_get(cx->lang, STR("web.error.title.500"));
    case 503:
        return msg_get(cx->lang, STR("web.error.title.503"));
    default:
        return msg_get(cx->lang, STR("web.error.title"));
    }
}

void reply_error(struct ctx *cx, struct req *rq, enum rc rc)
{
    bool is_api = rq->route && rq->route->flags & ROUTE_API;
    if (!rq->route)
        is_api = str_starts(rq->path, STR("/api/"));
    rq->reply.nfields = 0; /* what a failed handler set goes with it */
    rq->reply.is_public = false;
    error_headers(cx, rq, rc);
    if (is_api) {
        json_set(rq, rc_status(rc), "application/problem+json", problem_make(cx, rq, rc));
        return;
    }
    if (rc == RC_LOGIN_REQUIRED && login_offer(cx, rq))
        return;
    struct json *view = problem_make(cx, rq, rc);
    json_put_str(cx->mem, view, "message", error_message(cx, rq, rc));
    json_put_str(cx->mem, view, "title", error_title(cx, rc));
    json_put_bool(cx->mem, view, "has_errors", rq->errors != NULL);
    json_put_bool(cx->mem, view, "can_login", rc == RC_LOGIN_REQUIRED);
    page_set(rq, rc_status(rc), "error", view);
}

void reply_static(struct req *rq, enum rc rc)
{
    struct reply *r = &rq->reply;
    bool is_api = rq->route && rq->route->flags & ROUTE_API;
    *r = (struct reply){.kind = REPLY_BODY, .status = rc_status(rc)};
    r->fields[r->nfields++] = (struct reply_field){"Retry-After", "2"};
    if (is_api) {
        r->mime = "application/problem+json";
        r->body = STR("{\"type\":\"urn:motcua:error:OVERLOADED\",\"code\":\"OVERLOADED\"}");
    } else {
        r->mime = "text/plain; charset=utf-8";
        r->body = msg_get(LANG_VI, str_from(rc_message_key(rc)));
    }
}

void reply_errors(struct req *rq, struct json *rows)
{
    rq->errors = rows;
}

/* -- rendering -- */

static void view_who(struct ctx *cx, struct req *rq, struct json *view)
{
    if (!rq->who)
        return;
    struct json *who = json_put(view, STR("who"), json_new_obj(cx->mem));
    json_put_str(cx->mem, who, "name", rq->who->name);
    json_put_bool(cx->mem, who, "is_officer", rq->who->is_officer);
}

static void view_flash(struct ctx *cx, struct req *rq, struct json *view)
{
    struct str tone, key = flash_take(cx, rq, &tone);
    if (!key.n)
        return;
    struct json *flash = json_put(view, STR("flash"), json_new_obj(cx->mem));
    json_put_str(cx->mem, flash, "text", msg_get(cx->lang, key));
    json_put_str(cx->mem, flash, "tone", tone);
    json_put_bool(cx->mem, flash, "is_error", str_eq(tone, STR("error")));
    json_put_bool(cx->mem, flash, "is_success", str_eq(tone, STR("success")));
}

/* What every page may use. A public page carries nothing about who looks at it. */
static void view_add(struct ctx *cx, struct req *rq)
{
    struct json *view = rq->reply.view;
    json_put_str(cx->mem, view, "lang", str_from(lang_code(cx->lang)));
    json_put_bool(cx->mem, view, "is_en", cx->lang == LANG_EN);
    json_put_bool(cx->mem, view, "is_demo", cx->app->settings.demo);
    json_put_str(cx->mem, view, "path", rq->path);
    if (cx->app->banner)
        cx->app->banner(cx, view);
    if (rq->web->assets) { /* the children are shared by all requests and never change */
        struct json *assets = arena_new_of(cx->mem, struct json);
        *assets = *rq->web->assets;
        assets->next = NULL;
        json_put(view, STR("assets"), assets);
    }
    if (rq->reply.is_public)
        return;
    json_put_str(cx->mem, view, "csrf", csrf_of(cx, rq));
    view_who(cx, rq, view);
    view_flash(cx, rq, view);
}

static enum rc page_render(struct ctx *cx, struct req *rq)
{
    struct buf *out = buf_new(cx->mem, REPLY_MAX);
    view_add(cx, rq);
    TRY(tpl_render(cx, cx->app->templates, str_from(rq->reply.tpl), rq->reply.view, out));
    if (out->over)
        return FAIL(cx, INTERNAL, NULL, "page %s is over %d bytes", rq->reply.tpl, REPLY_MAX);
    rq->reply.mime = "text/html; charset=utf-8";
    rq->reply.body = buf_str(out);
    return RC_OK;
}

static enum rc json_render(struct ctx *cx, struct req *rq)
{
    struct buf *out = buf_new(cx->mem, REPLY_MAX);
    json_print(out, rq->reply.view);
    if (out->over)
        return FAIL(cx, INTERNAL, NULL, "JSON is over %d bytes", REPLY_MAX);
    rq->reply.body = buf_str(out);
    return RC_OK;
}

/* One deflate state a thread: its 256 KB are the dear part. Its arena goes with the thread. */
static pthread_key_t deflater_key;

struct deflater {
    struct arena *mem;
    z_stream z;
};

static void deflater_end(void *d)
{
    arena_free(((struct deflater *)d)->mem);
}

static void deflater_key_make(void)
{
    pthread_key_create(&deflater_key, deflater_end);
}

static void *z_alloc(void *mem, unsigned n, unsigned size)
{
    return arena_alloc(mem, (size_t)n * size);
}

static void z_free(void *mem, void *p)
{
}

static struct deflater *deflater_new(void)
{
    enum { LEVEL = 3, GZIP_WINDOW = 15 + 16, MEMORY = 8, BYTES_MAX = 1 << 20 };
    struct arena *mem = arena_new(BYTES_MAX);
    struct deflater *d = arena_new_of(mem, struct deflater);
    *d = (struct deflater){mem, {.zalloc = z_alloc, .zfree = z_free, .opaque = mem}};
    if (deflateInit2(&d->z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) ==
            Z_OK &&
        pthread_setspecific(deflater_key, d) == 0)
        return d;
    arena_free(mem);
    return NULL;
}

static z_stream *deflater(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, deflater_key_make);
    struct deflater *d = pthread_getspecific(deflater_key);
    if (!d)
        d = deflater_new();
    return d && deflateReset(&d->z) == Z_OK ? &d->z : NULL;
}

static bool mime_shrinks(const char *mime)
{
    return mime &&
           (strncmp(mime, "text/", 5) == 0 || strstr(mime, "json") || strstr(mime, "xml"));
}

static void body_squeeze(struct ctx *cx, struct req *rq)
{
    struct reply *r = &rq->reply;
    if (r->body.n < GZIP_LEAST || !mime_shrinks(r->mime) ||
        !gzip_is_accepted(rq->head.accept_encoding))
        return;
    z_stream *z = deflater();
    if (!z)
        return;
    size_t room = r->body.n; /* no gain: sent as it is */
    char *to = arena_alloc(cx->mem, room);
    z->next_in = (Bytef *)(uintptr_t)r->body.p;
    z->avail_in = (uInt)r->body.n;
    z->next_out = (Bytef *)to;
    z->avail_out = (uInt)room;
    if (deflate(z, Z_FINISH) != Z_STREAM_END)
        return;
    r->body = str_n(to, room - z->avail_out);
    r->gzip = true;
}

enum rc reply_render(struct ctx *cx, struct req *rq)
{
    struct reply *r = &rq->reply;
    if (r->kind == REPLY_NONE)
        return FAIL(cx, INTERNAL, NULL, "the handler did not answer");
    if (r->is_rendered)
        return RC_OK;
    if (r->kind == REPLY_PAGE)
        TRY(page_render(cx, rq));
    if (r->kind == REPLY_JSON)
        TRY(json_render(cx, rq));
    r->is_rendered = true;
    return RC_OK;
}

enum rc reply_finish(struct ctx *cx, struct req *rq)
{
    TRY(reply_render(cx, rq));
    if (!rq->reply.gzip && rq->reply.body.n) /* an asset comes compressed */
        body_squeeze(cx, rq);
    return RC_OK;
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
    bool varies = r->kind == REPLY_PAGE || r->kind == REPLY_JSON || r->gzip;
    if (r->mime && varies && !has_field(r, "Vary"))
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
        return stream_response(rq->stream);
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

/* -- events -- */

enum rc reply_events(struct ctx *cx, struct req *rq, struct str topic)
{
    TRY(stream_open(cx, rq->web->events, rq->mhd, topic, &rq->stream));
    reply_set(rq, REPLY_EVENTS, 200);
    rq->reply.mime = "text/event-stream";
    return RC_OK;
}

void web_publish(struct web *w, struct str topic, struct str data)
{
    events_publish(w->events, topic, data);
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
