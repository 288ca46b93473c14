/* web_parts.h - what each file of web/ does for the others. See docs/internals/web.md. */
#ifndef WEB_WEB_PARTS_H
#define WEB_WEB_PARTS_H

#include "web/web_priv.h"

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
void reply_static(struct req *rq, enum rc rc);                 /* allocates nothing */
MUST_USE enum rc reply_render(struct ctx *cx, struct req *rq); /* makes the body, once */
MUST_USE enum rc reply_finish(struct ctx *cx, struct req *rq); /* and compresses it */
void reply_set_cookie(struct ctx *cx, struct req *rq, const char *name, struct str value,
                      const char *attributes);

/* dispatch.c */
/* Runs or goes on with a request. False: it ran out of memory, perhaps amid a query, and the
 * reader must not be used again. */
bool dispatch_work(struct db_conn *reader, struct work *w);

/* server.c */
struct MHD_Response;
void req_answer(struct req *rq); /* wakes the connection, which sends rq->reply */
struct MHD_Response *reply_response(struct req *rq);

/* idempotency.c */
struct idem_set *idem_new(struct arena *mem);
MUST_USE enum rc idem_load(struct ctx *cx,
                           struct idem_set *set); /* at start: the stored keys */
MUST_USE enum rc idem_begin(struct ctx *cx, struct req *rq, bool *is_replay);
MUST_USE enum rc idem_store(struct ctx *cx, struct req *rq);
void idem_end(struct req *rq);

/* builtin.c */
MUST_USE enum rc assets_open(struct ctx *cx, struct web *w);

#endif
