/* query.c - running named queries: bind, step, rows into structs. */
#include "store/store_priv.h"

#include "app/app.h"

enum { FIRST_ROWS = 16 };

/* A statement while it runs. */
struct run {
    struct db_conn *c;
    const struct sql_query *q;
    struct prepared p;
};

static bool bind(const struct run *r, const struct sql_val *in)
{
    int code = SQLITE_OK;
    for (unsigned i = 0; i < r->q->nparams && code == SQLITE_OK; i++) {
        int at = (int)i + 1;
        const struct sql_val *v = &in[i];
        if (v->type == SQL_INT_TYPE ? v->i == DB_NULL : v->s.p == NULL)
            code = sqlite3_bind_null(r->p.stmt, at);
        else if (v->type == SQL_INT_TYPE)
            code = sqlite3_bind_int64(r->p.stmt, at, v->i);
        else if (v->type == SQL_TEXT_TYPE)
            code =
                sqlite3_bind_text64(r->p.stmt, at, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
        else
            code = sqlite3_bind_blob64(r->p.stmt, at, v->s.p, v->s.n, SQLITE_STATIC);
    }
    return code == SQLITE_OK;
}

static void run_end(struct run *r)
{
    conn_give(r->c, &r->p);
    r->c->running = NULL;
}

static enum rc fault(struct ctx *cx, const struct run *r)
{
    bool write = !sqlite3_stmt_readonly(r->p.stmt);
    cx->cost.queries++;
    cx->cost.writes += write;
    if (store_fault_now(r->c->st, FAULT_QUERY) ||
        (write && store_fault_now(r->c->st, FAULT_WRITE)))
        return FAIL(cx, STORE, NULL, "%s: fault on request", r->q->name);
    return RC_OK;
}

static enum rc run_begin(struct ctx *cx, const struct sql_query *q, const struct sql_val *in,
                         struct run *ret)
{
    if (!cx->conn && cx->app && cx->app->store)
        TRY(db_attach(cx, cx->app->store));
    if (!cx->conn)
        return FAIL(cx, INTERNAL, NULL, "%s: no db_attach", q->name);
    struct run r = {cx->tx ? cx->conn->st->writer : cx->conn, q, {0}};
    TRY(conn_take(cx, r.c, q, &r.p));
    enum rc rc = fault(cx, &r);
    if (rc == RC_OK && !bind(&r, in))
        rc = conn_fail(cx, r.c, q->name);
    if (rc != RC_OK)
        run_end(&r);
    else
        *ret = r;
    return rc;
}

static enum rc run_step(struct ctx *cx, const struct run *r, bool *ret)
{
    r->c->running = r->q; /* a nested query or a changed schema may need it again */
    int code = sqlite3_step(r->p.stmt);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return conn_fail(cx, r->c, r->q->name);
    *ret = code == SQLITE_ROW;
    return RC_OK;
}

/* mem NULL: texts stay SQLite's own and die at the next step. */
static struct str column(const struct run *r, int i, enum sql_type type, struct arena *mem)
{
    const void *p = type == SQL_TEXT_TYPE ? (const void *)sqlite3_column_text(r->p.stmt, i)
                                          : sqlite3_column_blob(r->p.stmt, i);
    size_t n = (size_t)sqlite3_column_bytes(r->p.stmt, i);
    if (sqlite3_column_type(r->p.stmt, i) == SQLITE_NULL)
        return STR_NULL;
    struct str s = {p ? p : "", n};
    return mem ? str_dup(mem, s) : s;
}

static void row_fill(const struct run *r, struct arena *mem, void *row)
{
    for (unsigned i = 0; i < r->q->ncols; i++) {
        const struct sql_col *col = &r->q->cols[i];
        void *to = (char *)row + col->offset;
        if (col->type != SQL_INT_TYPE)
            *(struct str *)to = column(r, (int)i, col->type, mem);
        else if (sqlite3_column_type(r->p.stmt, (int)i) == SQLITE_NULL)
            *(int64_t *)to = DB_NULL;
        else
            *(int64_t *)to = sqlite3_column_int64(r->p.stmt, (int)i);
    }
}

enum rc sql_run_exec(struct ctx *cx, const struct sql_query *q, const struct sql_val *in)
{
    struct run r;
    bool more = true;
    TRY(run_begin(cx, q, in, &r));
    enum rc rc = RC_OK;
    while (rc == RC_OK && more)
        rc = run_step(cx, &r, &more);
    run_end(&r);
    return rc;
}

static enum rc first_row(struct ctx *cx, const struct sql_query *q, const struct sql_val *in,
                         void *row, bool *found)
{
    struct run r;
    TRY(run_begin(cx, q, in, &r));
    enum rc rc = run_step(cx, &r, found);
    if (rc == RC_OK && *found)
        row_fill(&r, cx->mem, row);
    run_end(&r);
    return rc;
}

enum rc sql_run_one(struct ctx *cx, const struct sql_query *q, const struct sql_val *in,
                    void *row)
{
    bool found = false;
    TRY(first_row(cx, q, in, row, &found));
    return found ? RC_OK : FAIL(cx, NOT_FOUND, NULL, "%s: no row", q->name);
}

enum rc sql_run_find(struct ctx *cx, const struct sql_query *q, const struct sql_val *in,
                     void **row)
{
    bool found = false;
    void *made = arena_alloc(cx->mem, q->row);
    TRY(first_row(cx, q, in, made, &found));
    *row = found ? made : NULL;
    return RC_OK;
}

struct rows {
    char *v;
    size_t n, room;
};

static enum rc rows_add(struct ctx *cx, const struct run *r, struct rows *rows)
{
    if (rows->n == SQL_ROWS_MAX)
        return FAIL(cx, TOO_LARGE, NULL, "%s: over %d rows", r->q->name, SQL_ROWS_MAX);
    if (rows->n == rows->room) {
        size_t room = rows->room ? rows->room * 2 : FIRST_ROWS;
        char *v = arena_alloc_n(cx->mem, room, r->q->row);
        if (rows->n)
            memcpy(v, rows->v, rows->n * r->q->row);
        rows->v = v;
        rows->room = room;
    }
    row_fill(r, cx->mem, rows->v + rows->n++ * r->q->row);
    return RC_OK;
}

enum rc sql_run_many(struct ctx *cx, const struct sql_query *q, const struct sql_val *in,
                     void **rows, size_t *n)
{
    struct run r;
    struct rows got = {0};
    bool more = true;
    TRY(run_begin(cx, q, in, &r));
    enum rc rc = run_step(cx, &r, &more);
    while (rc == RC_OK && more) {
        rc = rows_add(cx, &r, &got);
        if (rc == RC_OK)
            rc = run_step(cx, &r, &more);
    }
    run_end(&r);
    if (rc != RC_OK)
        return rc;
    *rows = got.v;
    *n = got.n;
    return RC_OK;
}

enum rc sql_run_each(struct ctx *cx, const struct sql_query *q, const struct sql_val *in,
                     sql_row_fn *each, void *arg)
{
    struct run r;
    bool more = true;
    void *row = arena_alloc(cx->mem, q->row);
    TRY(run_begin(cx, q, in, &r));
    enum rc rc = run_step(cx, &r, &more);
    while (rc == RC_OK && more) {
        row_fill(&r, NULL, row);
        rc = each(cx, row, arg);
        if (rc == RC_OK)
            rc = run_step(cx, &r, &more);
    }
    run_end(&r);
    return rc;
}
