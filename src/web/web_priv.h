/* web_priv.h - what the files of web/ share. See docs/internals/web.md.
 *
 * A request belongs to one thread at a time: the socket thread reads it, a worker runs it, the
 * committer hands it back to a worker, the socket thread sends the answer. */
#ifndef WEB_WEB_PRIV_H
#define WEB_WEB_PRIV_H

#include "app/app.h"
#include "http/http.h"
#include "serve/clients.h"
#include "serve/events.h"
#include "serve/pool.h"
#include "serve/stats.h"
#include "serve/stock.h"
#include "web/web.h"

#include <pthread.h>
#include <stdatomic.h>

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
    struct str body;   /* what is sent: made by reply_render, or given */
    bool is_rendered;
    bool is_public; /* may be cached by anybody */
    bool gzip;      /* the body is compressed */
    int fd;         /* REPLY_FILE */
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
    struct stream *stream;         /* REPLY_EVENTS */
    struct str idem, idem_request; /* digests: of the key in its scope, of what was asked */
    struct hash idem_key;
    bool idem_is_held; /* nobody else runs this key */
    int64_t idem_row;  /* where this turn stored it; 0: nowhere yet */
    bool is_intending, is_durable, is_exhausted;
    enum rc commit;
    int64_t start_us, queued_us, done_us; /* monotonic */
};

struct web {
    struct app *app;
    struct arena *mem;
    struct MHD_Daemon *daemon;
    struct router *router;
    const struct route *const *tables; /* as given at start; they are static */
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
    bool has_login_page;
    struct str spool;
    atomic_size_t held;
    atomic_uint spooling, running, requests;
    atomic_bool stopping, ticker_ends;
    pthread_t ticker;
    struct idem_set *idem;
};

#endif
