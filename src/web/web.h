/* web.h - HTTP: routes, requests, replies. See docs/internals/web.md.
 *
 * A module declares its routes in a table; dispatch (web/dispatch.c) does, in order: size,
 * route, method, session, capability, CSRF, declared parameters, handler, commit, reply,
 * access log. A handler that starts is already authorised and its input typed; it calls one
 * kernel function and hands a value to a template or to JSON. The write turn (db_begin) is
 * taken by the kernel function; dispatch commits it, or rolls back when the handler fails,
 * and answers only when the commit is durable. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "crypt/crypt.h"
#include "identity/identity.h"
#include "text/json.h"

struct req;
struct web;
typedef enum rc route_fn(struct ctx *cx, struct req *rq);

enum method { GET = 1, POST, PUT, DELETE };

enum route_flag {
    ROUTE_API = 1,         /* JSON in and out, problem+json errors */
    ROUTE_WRITES = 2,      /* may take the write turn; not with GET */
    ROUTE_LOGIN = 4,       /* runs on the login pool (password hashing) */
    ROUTE_LOOPBACK = 8,    /* answers to loopback clients only */
    ROUTE_UPLOAD = 16,     /* multipart/form-data with files, streamed to disk */
    ROUTE_IDEMPOTENT = 32, /* honours Idempotency-Key (POST) */
    ROUTE_EVENTS = 64,     /* text/event-stream */
    ROUTE_NO_STORE = 128,  /* personal: Cache-Control: no-store */
    ROUTE_JOURNALS = 256,  /* a GET that appends a read journal before it answers */
};

enum param_in { IN_PATH, IN_QUERY, IN_BODY };
enum param_type {
    P_TEXT,    /* UTF-8 without control characters but \n \t; least…most code points */
    P_CODE,    /* [A-Za-z0-9._@:-], least…most bytes */
    P_INT,     /* least…most */
    P_DATE,    /* YYYY-MM-DD */
    P_BOOL,    /* "1"/"on"/"true" or absent */
    P_LIST,    /* repeated P_TEXT, at most `most` values */
    P_FILE,    /* with ROUTE_UPLOAD; most: files of this name, 0 = one */
    P_OBJECT,  /* a JSON object (API only), checked by the handler's own schema */
    P_ANSWERS, /* pages: every field named a.*, checked by the form (form/form.h) */
};
enum { LIST_TEXT_MAX = 4000 }; /* code points of one text of a P_LIST */
struct param {
    const char *name;
    enum param_in in;
    enum param_type type;
    bool required;
    int64_t least, most;
    const char *text; /* English, for OpenAPI */
};

struct route {
    enum method method;
    const char *path; /* "/dossier/{code}/file/{id}"; a parameter is one segment;
                         a final "{name*}" takes the rest */
    route_fn *handler;
    enum cap need;
    unsigned flags;
    const struct param *params; /* ends with a NULL name; NULL for none */
    const char *tag, *summary;  /* English, for OpenAPI and `motcua routes` */
    /* Optional. Runs once the commit is durable, before the answer leaves, and makes the reply
     * from req_result(). A repeat of an idempotent request runs it again on what was stored. */
    route_fn *after;
    int64_t body_max; /* bytes of a request body; 0: settings.web_body_max */
};
/* The addresses web itself answers: health, metrics, assets, language. */
extern const struct route web_routes[];
/* Each module: const struct route x_routes[] ended by a NULL path, listed in app/modules.c. */

/* -- the request -- */
/* By the name that the route declares (else an assert); texts live as long as the request. */
struct str req_str(const struct req *rq, const char *name); /* STR_NULL if absent */
int64_t req_int(const struct req *rq, const char *name, int64_t absent);
bool req_bool(const struct req *rq, const char *name);
const struct json *req_list(const struct req *rq, const char *name); /* array of texts */
const struct json *req_object(const struct req *rq, const char *name);
/* P_ANSWERS: {field path without "a." -> text or array of texts}, as posted. */
const struct json *req_answers(const struct req *rq);
const struct json *req_body(const struct req *rq); /* the JSON body (an object), or NULL */
struct upload {
    struct str field, name; /* the client's file name, at most 200 code points, no path */
    struct str path;        /* a spool file in the data folder; gone with the request */
    int64_t size;
    struct hash digest; /* SHA-256, computed while streaming */
};
const struct upload *req_upload(const struct req *rq, size_t i); /* NULL past the end */
struct str req_path(const struct req *rq);
struct str req_header(const struct req *rq, const char *name);
struct str req_address(const struct req *rq);
struct str req_session_token(const struct req *rq);
const struct route *req_route(const struct req *rq);

/* -- the reply: exactly one of these; later calls replace earlier ones -- */
/* Renders templates/<name>.html. Dispatch adds to the view: lang, is_en, path, csrf (masked
 * anew each time), who {name, is_officer}, flash, asset URLs. */
MUST_USE enum rc reply_page(struct ctx *cx, struct req *rq, const char *tpl, struct json *view);
MUST_USE enum rc reply_page_status(struct ctx *cx, struct req *rq, int status, const char *tpl,
                                   struct json *view);
MUST_USE enum rc reply_json(struct ctx *cx, struct req *rq, int status, struct json *body);
MUST_USE enum rc reply_text(struct ctx *cx, struct req *rq, const char *mime, struct str body);
/* A table to save as NAME.csv, behind the mark by which spreadsheets know UTF-8 (RFC 3629, 6). */
MUST_USE enum rc reply_csv(struct ctx *cx, struct req *rq, struct str name, struct str rows);
MUST_USE enum rc reply_redirect(struct ctx *cx, struct req *rq, struct str to); /* 303 */
/* Streams a file of the data folder; name: as the browser saves it, STR_NULL for inline. */
MUST_USE enum rc reply_file(struct ctx *cx, struct req *rq, struct str path, const char *mime,
                            struct str name);
/* value is copied. What goes beyond REPLY_HEADERS_MAX (web_priv.h) is logged and left out. */
void reply_header(struct req *rq, const char *name, struct str value);
void reply_cookie(struct ctx *cx, struct req *rq, struct str token, bool end); /* session */
void reply_cache(struct req *rq, int64_t seconds);                             /* public */
/* After the reply: its tag, in quotes; sent as a weak one. Who has it (If-None-Match) gets 304. */
void reply_etag(struct req *rq, struct str tag);
void reply_public(struct req *rq, const char *how); /* Cache-Control; not beside a new cookie */
/* A line shown once on the next page: message key; tone "success", "info" or "error". */
void reply_flash(struct ctx *cx, struct req *rq, const char *key, const char *tone);

/* Beside a failure: each wrong field, [{field, rule, message, …}], for problem+json and pages. */
void reply_errors(struct req *rq, struct json *rows);

/* Runs fn after the commit is durable, before the answer leaves, with a reader: what needs the
 * new head (receipts) builds its reply here. */
void reply_after(struct req *rq, route_fn *fn, void *arg);
void *req_after_arg(const struct req *rq);
/* For a route with `after`: the small object (ids, sequence numbers; nothing personal) from
 * which it makes the reply. With ROUTE_IDEMPOTENT it is stored in the same turn. */
void reply_result(struct req *rq, struct json *result);
const struct json *req_result(const struct req *rq);

/* -- events (SSE) -- */
/* Each subscriber of a topic gets one "event: TOPIC" at most every 250 ms. Bounded. */
MUST_USE enum rc reply_events(struct ctx *cx, struct req *rq, struct str topic);
/* Any thread; returns at once. data: one line of less than EVENT_DATA_MAX bytes
 * (serve/events.h), else nothing is told. */
void web_publish(struct web *w, struct str topic, struct str data);

/* -- the server -- */
/* tables: NULL-ended list of route tables. port 0: any free one. */
MUST_USE enum rc web_start(struct ctx *cx, const struct route *const *tables, int port,
                           struct web **ret);
int web_port(const struct web *w);
/* The i-th route that is answered, in order of their tables; NULL past the end. */
const struct route *web_route_at(const struct web *w, size_t i);
void web_stop(struct web *w); /* finishes what runs, then closes */
struct str web_metrics(struct ctx *cx, const struct web *w); /* Prometheus text */

#endif
