/* dispatch.c - one request from its head to its answer. The order below is the contract:
 * size, route, method (server.c, before the body is read), session, capability, form token,
 * declared parameters, handler, commit, reply. Read this file slowly. */
#include "web/web_parts.h"

#include "ledger/ledger.h"
#include "store/store.h"

static void answer(struct ctx *cx, struct req *rq);

/* -- before the handler -- */

/* Everything that may refuse. After it the request is authorised and its input typed. */
static enum rc admit(struct ctx *cx, struct req *rq)
{
    TRY(guard_session(cx, rq));
    enum rc query = fields_parse(cx, rq->query, &rq->query_fields);
    guard_language(cx, rq);
    if (rq->refused != RC_OK) /* framing, size, route, method, memory: see server.c */
        return rq->refused;
    TRY(query);
    TRY(guard_right(cx, rq));
    TRY(body_read(cx, rq));
    TRY(guard_csrf(cx, rq));
    return params_read(cx, rq);
}

static bool may_write(const struct route *r)
{
    return r->flags & (ROUTE_WRITES | ROUTE_JOURNALS);
}

static enum rc after_run(struct ctx *cx, struct req *rq)
{
    route_fn *fn = rq->after;
    rq->after = NULL;
    return fn ? fn(cx, rq) : RC_OK;
}

/* The handler, or for a repeated idempotent request what the first one stored. */
static enum rc perform(struct ctx *cx, struct req *rq)
{
    bool is_replay = false;
    TRY(admit(cx, rq));
    if (rq->route->flags & ROUTE_IDEMPOTENT)
        TRY(idem_begin(cx, rq, &is_replay));
    if (is_replay)
        return RC_OK;
    TRY(rq->route->handler(cx, rq));
    if (db_is_writing(cx) && !may_write(rq->route))
        return FAIL(cx, INTERNAL, NULL, "%s writes without saying so", rq->route->path);
    return idem_store(cx, rq);
}

/* -- the end of the turn -- */

/* Runs on the committer's thread: only hands the request back to its workers. */
static void committed(void *arg, enum rc rc)
{
    struct req *rq = arg;
    rq->commit = rc;
    rq->is_durable = true;
    pool_push_first(rq->pool, &rq->work);
}

static void intend_end(struct req *rq)
{
    if (rq->is_intending)
        db_intend(rq->web->app->store, -1);
    rq->is_intending = false;
}

/* Somebody signed in tried what they may not do: that is recorded, whatever refused it. */
static void refusal_journal(struct ctx *cx, struct req *rq)
{
    if (!rq->who || !rq->route || !cx->app->ledger)
        return;
    struct err cause = cx->err;
    ctx_clear(cx);
    struct json *facts = json_new_obj(cx->mem);
    json_put_str(cx->mem, facts, "route", str_from(rq->route->path));
    json_put_str(cx->mem, facts, "reason", STR("FORBIDDEN"));
    struct event ev = {.kind = EV_ACCESS_REFUSED,
                       .actor = rq->who->subject,
                       .unit = who_unit(rq->who),
                       .subject = rq->who->account,
                       .facts = facts};
    if (ledger_append(cx, &ev) != RC_OK) {
        LOGE("request=%llx a refusal could not be journalled: %s", (long long)cx->request,
             cx->err.detail);
        db_rollback(cx);
    }
    cx->err = cause;
}

static void failure_log(const struct ctx *cx, const struct req *rq, enum rc rc)
{
    enum log_level level = rc_status(rc) >= 500 ? LOG_ERROR : LOG_INFO;
    log_line(level, "request=%llx %s rc=%s field=%s at=%s:%d why=\"%s\"",
             (long long)cx->request, rq->route ? rq->route->path : "-", rc_name(rc),
             cx->err.field, cx->err.file ? cx->err.file : "-", cx->err.line, cx->err.detail);
}

static void fail(struct ctx *cx, struct req *rq, enum rc rc)
{
    failure_log(cx, rq, rc);
    reply_error(cx, rq, rc);
    rq->after = NULL;
}

/* The handler's outcome: commit or roll back. The answer waits for the commit, the worker does
 * not. */
static void conclude(struct ctx *cx, struct req *rq, enum rc rc)
{
    if (rc == RC_OK && !db_is_writing(cx)) /* nothing has to become durable first */
        rc = after_run(cx, rq);
    if (rc != RC_OK) {
        db_rollback(cx);
        fail(cx, rq, rc);
        if (rc == RC_FORBIDDEN)
            refusal_journal(cx, rq);
    }
    if (!db_is_writing(cx)) {
        intend_end(rq);
        return answer(cx, rq);
    }
    /* From the next call to the callback the request belongs to the committer. */
    bool is_intending = rq->is_intending;
    struct store *st = rq->web->app->store;
    rq->is_intending = false;
    enum rc joined = db_commit_async(cx, committed, rq);
    if (is_intending)
        db_intend(st, -1);
    if (joined != RC_OK) {
        fail(cx, rq, joined);
        answer(cx, rq);
    }
}

/* Back from the committer. */
static void durable(struct ctx *cx, struct req *rq)
{
    enum rc rc = rq->commit;
    if (rc == RC_OK)
        rc = after_run(cx, rq);
    if (rc != RC_OK)
        fail(cx, rq, rc);
    answer(cx, rq);
}

/* -- the answer -- */

static void answer(struct ctx *cx, struct req *rq)
{
    idem_end(rq);
    if (reply_finish(cx, rq) != RC_OK) {
        fail(cx, rq, cx->err.rc);
        ctx_clear(cx);
        if (reply_finish(cx, rq) != RC_OK)
            reply_static(rq, RC_INTERNAL);
    }
    req_answer(rq);
}

/* The arena is full: nothing more may be taken from it. */
static void exhausted(struct ctx *cx, struct req *rq)
{
    bool is_second = rq->is_exhausted;
    rq->is_exhausted = true;
    LOGE("request=%llx %s is over its memory", (long long)cx->request,
         rq->route ? rq->route->path : "-");
    if (!is_second) /* else rolling back was what took too much: the arena's end does it */
        db_rollback(cx);
    intend_end(rq);
    idem_end(rq);
    reply_static(rq, RC_NO_MEMORY);
    req_answer(rq);
}

bool dispatch_work(struct db_conn *reader, struct work *w)
{
    struct req *rq = (struct req *)w;
    struct ctx *cx = rq->cx;
    struct arena *mem = cx->mem;
    jmp_buf full;
    cx->conn = reader;
    if (setjmp(full)) {
        cx->mem = mem; /* work that was cut short may have used its own */
        exhausted(cx, rq);
        return false;
    }
    arena_escape_set(cx->mem, &full);
    if (rq->is_durable)
        durable(cx, rq);
    else
        conclude(cx, rq, perform(cx, rq));
    return true;
}
