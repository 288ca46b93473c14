/* web_parts.h - what each file of web/ does for the others. See docs/internals/web.md.
 *
 * A request is read on a socket thread, run on a worker and sent by a socket thread again:
 * these functions are for the thread that has it. What they make lives in the request's arena
 * (rq->cx->mem), which ends when the last byte has left. */
#ifndef WEB_WEB_PARTS_H
#define WEB_WEB_PARTS_H

#include "web/web_priv.h"

/* routes.c */
enum { PATH_SEGMENTS_MAX = 12 }; /* a longer path is found nowhere */
/* Compiles the tables; lives in cx->mem and never changes. INTERNAL names the row that is
 * wrong: a path parameter without its declaration, a GET that writes, ROUTE_IDEMPOTENT
 * without ROUTE_WRITES, no handler, tag or summary. So a node with such a row does not
 * start. */
MUST_USE enum rc router_new(struct ctx *cx, const struct route *const *tables,
                            struct router **ret);
/* NULL with *allow == NULL: no such path; *allow set: another method. *values: one per
 * {name} of the path, in order. */
const struct route *router_find(const struct router *r, struct arena *mem, enum method m,
                                struct str path, struct str **values, const char **allow);
/* Is there a route of exactly this pattern ("/dossier/{code}")? For tests and pages that
 * link. */
bool router_has(const struct router *r, enum method m, struct str pattern);
enum method method_parse(struct str s); /* HEAD is GET; 0 for what we do not know */
const char *method_name(enum method m);

/* params.c */
/* Into rq->body_fields or rq->json; no body is no failure. UNSUPPORTED: another media type
 * than the route takes (JSON with ROUTE_API, else a form); MALFORMED: it is not what it says
 * it is, or JSON that is no object. A multipart body was read as it came: here it is only
 * seen to be complete. */
MUST_USE enum rc body_read(struct ctx *cx, struct req *rq);
/* Every declared parameter into rq->values, typed and limited. UNDECLARED: a name that the
 * route does not declare ("lang" and "csrf" are everywhere); INVALID: all that is wrong
 * stands in rq->errors with field, rule and message, the first one is the failure. Line ends
 * of text areas become \n before letters are counted. */
MUST_USE enum rc params_read(struct ctx *cx, struct req *rq);
/* NULL when the route declares none of that name in that place. */
const struct param *param_find(const struct route *r, struct str name, enum param_in in);

/* upload.c */
/* Before the body: files go to the spool as they come, hashed (SHA-256), plain fields to
 * rq->body_fields. Later failures, by the piece: UNDECLARED (no P_FILE of that name), TOO_LARGE
 * (web_file_max, UPLOADS_MAX), MALFORMED (a file name with control characters), IO. */
MUST_USE enum rc upload_begin(struct ctx *cx, struct req *rq);
/* At start: makes the folder (0700) and removes what a crash left there. IO. */
MUST_USE enum rc spool_open(struct ctx *cx, struct web *w);

/* guard.c */
/* Sets cx->who from the bearer token, else from the session cookie. An unknown or ended token
 * is nobody, no failure: cx->who is then a who without rights, never NULL (that is the
 * system). */
MUST_USE enum rc guard_session(struct ctx *cx, struct req *rq);
/* LOGIN_REQUIRED: nobody asks for what needs a right; FORBIDDEN: the right is held in no unit.
 * Whether it is held in the right one is for the kernel function. A ROUTE_LOOPBACK asked from
 * another machine is NOT_FOUND. */
MUST_USE enum rc guard_right(struct ctx *cx, struct req *rq);
/* CSRF for anything but GET: from another site (Sec-Fetch-Site, Origin), or without the token
 * of the session, or of the signed cookie that stands for one. A bearer token needs none: no
 * page makes a browser send it. */
MUST_USE enum rc guard_csrf(struct ctx *cx, struct req *rq);
/* What the address says (and it is kept for a year), then the cookie, then the browser's
 * English; else Vietnamese. */
void guard_language(struct ctx *cx, struct req *rq);
/* The token of a page: the secret under a fresh mask, so that two pages share no bytes that
 * their compressed lengths could tell (BREACH). */
struct str csrf_mask(struct arena *mem, const uint8_t secret[32]);
/* Compares in constant time. False on anything that csrf_mask did not print. */
bool csrf_match(struct arena *mem, struct str token, const uint8_t secret[32]);
struct str csrf_of(struct ctx *cx, struct req *rq); /* for a page's forms */
/* SHA-256, keyed by what follows from the node's key, so that a restart ends no session: for
 * cookies, not for the ledger. */
struct hash web_mac(const struct web *w, struct str text);
/* The message key that an earlier answer left, once: its cookie is taken back. STR_NULL:
 * none, not signed by us, or no message of ours. */
struct str flash_take(struct ctx *cx, struct req *rq, struct str *tone);

/* reply.c */
/* The page or the problem+json (RFC 9457) of a failure: its status, its message and rq->errors;
 * cx->err.detail stays in the log. */
void reply_error(struct ctx *cx, struct req *rq, enum rc rc);
/* The same from constants, with Retry-After: 2; allocates nothing. For OVERLOADED, and when
 * there is no memory left to say so in. */
void reply_static(struct req *rq, enum rc rc);
/* Makes the body from the page's view or the JSON, once; again is RC_OK. INTERNAL: the
 * handler did not answer, or the answer is over REPLY_MAX bytes. */
MUST_USE enum rc reply_render(struct ctx *cx, struct req *rq);
/* reply_render, then gzip when the client takes it and it is worth it (GZIP_LEAST bytes). */
MUST_USE enum rc reply_finish(struct ctx *cx, struct req *rq);
/* attributes: "; HttpOnly" and so on; Path=/, SameSite=Lax and (on https) Secure are added. */
void reply_set_cookie(struct ctx *cx, struct req *rq, const char *name, struct str value,
                      const char *attributes);

/* kept.c */
/* Is the tag (in quotes) among those of an If-None-Match, or is that "*"? Weak comparison. */
bool etag_is_in(struct str list, struct str tag);

/* dispatch.c */
/* Runs or goes on with a request. False: it ran out of memory, perhaps amid a query, and the
 * reader must not be used again. */
bool dispatch_work(struct db_conn *reader, struct work *w);

/* server.c */
struct MHD_Response;
void req_answer(struct req *rq); /* wakes the connection, which sends rq->reply */
struct MHD_Response *reply_response(struct req *rq);

/* idempotency.c */
/* A key counts for one account (an address for nobody), method and route, for a day; the last
 * twelve million are known. Any thread. */
struct idem_set *idem_new(struct arena *mem);
MUST_USE enum rc idem_load(struct ctx *cx,
                           struct idem_set *set); /* at start: the stored keys */
/* is_replay: the reply of the first request stands ready, nothing is to be run. CONFLICT:
 * that one still runs; IDEMPOTENCY: another request under the same key; INVALID: not 1 to 128
 * visible ASCII characters; OVERLOADED: over 1024 keys at once. Without the header: nothing
 * happens. */
MUST_USE enum rc idem_begin(struct ctx *cx, struct req *rq, bool *is_replay);
/* In the handler's own turn: the answer, or what it is made from (req_result), is stored with
 * what it answers, so that either both are durable or neither. */
MUST_USE enum rc idem_store(struct ctx *cx, struct req *rq);
/* The key is free again; when its commit is durable it is known from now on. */
void idem_end(struct req *rq);

/* builtin.c */
MUST_USE enum rc assets_open(struct ctx *cx, struct web *w);

#endif
