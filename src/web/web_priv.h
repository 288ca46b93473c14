/* web_priv.h - what the files of web/ share. See docs/internals/web.md.
 *
 * A request belongs to one thread at a time: the socket thread reads it, a worker runs it, the
 * committer hands it back to a worker, the socket thread sends the answer. */
#ifndef WEB_WEB_PRIV_H
#define WEB_WEB_PRIV_H

#include "app/app.h"
#include "http/http.h"
#include "http/pool.h"
#include "text/embed.h"
#include "web/web.h"

#include <pthread.h>
#include <stdatomic.h>

struct MHD_Connection;
struct MHD_Daemon;
struct multipart;
struct router;
struct events;
struct stats;
struct clients;
struct client;
struct stream;
struct stock;
struct idem_set;

enum {
    REQUEST_MEM_MAX = 48 << 20, /* one request's arena */
    BODIES_MAX = 256 << 20,     /* bytes of all bodies held in memory */
    SPOOLING_MAX = 64,          /* requests that spool files at one time */
    REPLY_MAX = 8 << 20,
    REPLY_HEADERS_MAX = 16,
    GZIP_LEAST = 1024,
    UPLOADS_MAX = 20,
};

/* The headers we look at, collected in one walk. Absent: STR_NULL. */
struct head {
    struct str cookie, authorization, content_type, origin, fetch_site, accept_encoding,
        accept_language, if_none_match, idempotency_key, csrf, forwarded, referer;
};

/* A declared parameter's value, in the order of route->params. */
struct value {
    bool is_set;
    struct str s;
    int64_t i;
    const struct json *j;
};

struct spooled { /* an upload and what stands behind it */
    struct spooled *next;
    struct upload up;
    int fd;
    struct hash_stream *hs;
};

enum reply_kind { REPLY_NONE, REPLY_PAGE, REPLY_JSON, REPLY_BODY, REPLY_FILE, REPLY_EVENTS };
struct reply_field {
    const char *name, *value;
};
struct reply {
    enum reply_kind kind;
    int status;
    const char *tpl, *mime;
    struct json *view; /* of the page, or the JSON body */
    struct str body;   /* what is sent: made by reply_finish, or a file's path, or a topic */
    bool is_static;    /* the body outlives every request */
    bool is_public;    /* may be cached by anybody */
    bool gzip;         /* the body is compressed */
    int fd;            /* REPLY_FILE */
    int64_t size;
    struct reply_field fields[REPLY_HEADERS_MAX];
    unsigned nfields;
};

enum req_stage { REQ_HEAD, REQ_BODY, REQ_RUNNING, REQ_ANSWERED };

struct req {
    struct work work; /* first: the pool's handle */
    struct web *web;
    struct ctx *cx;
    struct MHD_Connection *mhd;
    struct client *client;
    struct pool *pool;
    /* as it came */
    enum req_stage stage;
    struct str target, path, query, host, address;
    struct head head;
    enum method method; /* 0: none of ours */
    bool is_head, is_loopback, must_close, is_spooling;
    int64_t length, got, limit; /* of the body */
    size_t held;                /* bytes counted in web->held */
    struct buf *body;
    struct multipart *multipart;
    struct buf *part; /* a plain field being read */
    struct str part_name;
    size_t part_bytes;                     /* of all plain fields */
    struct spooled *uploads, *last_upload; /* last: being read */
    unsigned nuploads;
    enum rc refused; /* before a worker saw it */
    const char *allow;
    /* as it is understood */
    const struct route *route;
    struct str *path_values;
    struct fields query_fields, body_fields;
    struct json *json;
    struct value *values;
    struct json *errors; /* [{field, rule, message}] */
    struct str token;    /* of the session; STR_NULL without */
    bool is_bearer;
    struct who *who;
    uint8_t anon[32];   /* what an anonymous visitor's forms are bound to */
    bool anon_is_fresh; /* its cookie must be set */
    bool has_flash;
    /* as it is answered */
    struct reply reply;
    route_fn *after;
    void *after_arg;
    struct json *result;
    struct stream *stream; /* REPLY_EVENTS */
    struct str idem;       /* storage key, or STR_NULL */
    struct str idem_hash;
    bool is_intending, is_durable, is_exhausted;
    enum rc commit;
    int64_t start_us, queued_us, done_us; /* monotonic */
};

struct web {
    struct app *app;
    struct arena *mem;
    struct MHD_Daemon *daemon;
    struct router *router;
    struct pool *workers, *logins;
    struct clients *clients;
    struct events *events;
    struct stats *stats;
    struct stock *stock; /* arenas at rest */
    struct key key;      /* signs cookies and anonymous form tokens */
    struct str origin;   /* of public_url, or STR_NULL */
    bool is_secure;
    const char *session_cookie, *anon_cookie, *flash_cookie;
    struct json *assets;     /* view: name with '_' -> address */
    struct map *asset_files; /* address below /assets/ -> struct embed_file */
    bool has_login_page, log_access;
    struct str spool;
    atomic_size_t held;
    atomic_uint spooling, running;
    atomic_bool stopping, ticker_ends;
    pthread_t ticker;
    struct idem_set *idem;
};

/* routes.c */
enum { PATH_SEGMENTS_MAX = 12 };
MUST_USE enum rc router_new(struct ctx *cx, const struct route *const *tables,
                            struct router **ret);
/* NULL with *allow == NULL: no such path; *allow set: another method. *values: one per
 * {name} of the path, in order. */
const struct route *router_find(const struct router *r, struct arena *mem, enum method m,
                                struct str path, struct str **values, const char **allow);
bool router_has(const struct router *r, enum method m, struct str pattern);
enum method method_parse(struct str s); /* HEAD is GET; 0 for what we do not know */
const char *method_name(enum method m);

/* params.c */
MUST_USE enum rc body_read(struct ctx *cx, struct req *rq); /* into fields or JSON */
MUST_USE enum rc params_read(struct ctx *cx, struct req *rq);
const struct param *param_find(const struct route *r, struct str name, enum param_in in);

/* upload.c */
MUST_USE enum rc upload_begin(struct ctx *cx, struct req *rq);
MUST_USE enum rc spool_open(struct ctx *cx, struct web *w);

/* guard.c */
MUST_USE enum rc guard_session(struct ctx *cx, struct req *rq);
MUST_USE enum rc guard_right(struct ctx *cx, struct req *rq);
MUST_USE enum rc guard_csrf(struct ctx *cx, struct req *rq);
void guard_language(struct ctx *cx, struct req *rq);
struct str csrf_mask(struct arena *mem, const uint8_t secret[32]);
bool csrf_match(struct arena *mem, struct str token, const uint8_t secret[32]);
struct str csrf_of(struct ctx *cx, struct req *rq); /* for a page's forms */
struct hash web_mac(const struct web *w, struct str text);
struct str flash_take(struct ctx *cx, struct req *rq, struct str *tone);

/* reply.c */
void reply_error(struct ctx *cx, struct req *rq, enum rc rc);
void reply_static(struct req *rq, enum rc rc); /* allocates nothing */
MUST_USE enum rc reply_finish(struct ctx *cx, struct req *rq);
void reply_set_cookie(struct ctx *cx, struct req *rq, const char *name, struct str value,
                      const char *attributes);

/* dispatch.c */
/* Runs or goes on with a request. False: it ran out of memory, perhaps amid a query, and the
 * reader must not be used again. */
bool dispatch_work(struct db_conn *reader, struct work *w);

/* server.c */
struct MHD_Response;
struct req *req_take(struct web *w, struct str target); /* NULL: no memory */
void req_give(struct req *rq);
struct stock *stock_new(struct arena *mem);
void stock_empty(struct stock *s);
void req_answer(struct req *rq); /* wakes the connection, which sends rq->reply */
struct MHD_Response *reply_response(struct req *rq);

/* idempotency.c */
struct idem_set *idem_new(struct arena *mem);
MUST_USE enum rc idem_begin(struct ctx *cx, struct req *rq, bool *is_replay);
MUST_USE enum rc idem_store(struct ctx *cx, struct req *rq);
void idem_end(struct req *rq);

/* events.c */
struct events *events_new(struct web *w);
void events_tick(struct events *ev, int64_t now_us);
void events_stop(struct events *ev);
unsigned events_open(const struct events *ev);
struct MHD_Response *events_response(struct req *rq);

/* clients.c */
enum client_wait { CLIENT_NOTHING, CLIENT_HEAD, CLIENT_BODY };
struct sockaddr;
struct clients *clients_new(struct arena *mem, unsigned most, int64_t limit_us);
struct client *client_open(struct clients *cs, int fd, const struct sockaddr *sa);
void client_close(struct clients *cs, struct client *c);
void client_wait(struct clients *cs, struct client *c, enum client_wait what);
void clients_tick(struct clients *cs, int64_t now_us);
unsigned clients_open(struct clients *cs);
struct str client_address(const struct client *c, bool *is_loopback);

/* watch.c: counters and the access log */
struct stats *stats_new(struct arena *mem);
void stats_request(struct web *w, const struct req *rq, bool is_complete);
void stats_refused(struct web *w); /* for want of a place */
void stats_flush(struct web *w);
struct str stats_text(struct ctx *cx, const struct web *w);

/* builtin.c */
extern const struct route web_routes[];
MUST_USE enum rc assets_open(struct ctx *cx, struct web *w);

#endif
