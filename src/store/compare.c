/* compare.c - the rows in which a table of two stores differs: what `rebuild --check` asks. */
#include "store/store_priv.h"

static void close_db(void *arg)
{
    sqlite3_close(arg);
}

static void close_stmt(void *arg)
{
    sqlite3_finalize(arg);
}

static enum rc both_open(struct ctx *cx, struct store *a, struct store *b, sqlite3 **ret)
{
    sqlite3 *db;
    int code = sqlite3_open_v2(a->file, &db, SQLITE_OPEN_READONLY, NULL);
    arena_on_free(cx->mem, close_db, db);
    if (code != SQLITE_OK)
        return FAIL(cx, STORE, NULL, "compare: %s", sqlite3_errmsg(db));
    char *sql = sqlite3_mprintf("attach %Q as other", b->file);
    code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    if (code != SQLITE_OK)
        return FAIL(cx, STORE, NULL, "compare: %s", sqlite3_errmsg(db));
    *ret = db;
    return RC_OK;
}

static enum rc ask(struct ctx *cx, sqlite3 *db, struct str sql, sqlite3_stmt **ret)
{
    if (sqlite3_prepare_v2(db, sql.p, (int)sql.n, ret, NULL) != SQLITE_OK)
        return FAIL(cx, STORE, NULL, "compare: %s", sqlite3_errmsg(db));
    arena_on_free(cx->mem, close_stmt, *ret);
    return RC_OK;
}

static enum rc count(struct ctx *cx, sqlite3 *db, struct str sql, int64_t *ret)
{
    sqlite3_stmt *s;
    TRY(ask(cx, db, sql, &s));
    if (sqlite3_step(s) != SQLITE_ROW)
        return FAIL(cx, STORE, NULL, "compare: %s", sqlite3_errmsg(db));
    *ret = sqlite3_column_int64(s, 0);
    return RC_OK;
}

/* Rows of x.table that y.table lacks, counted and the first few told by their first column. */
static enum rc lacking(struct ctx *cx, sqlite3 *db, const char *table, bool live,
                       const struct store_compare *out)
{
    const char *x = live ? "main" : "other", *y = live ? "other" : "main";
    struct str set =
        str_fmt(cx->mem, "select * from %s.%s except select * from %s.%s", x, table, y, table);
    int64_t n;
    TRY(count(cx, db, str_fmt(cx->mem, "select count(*) from (%.*s)", STR_ARG(set)), &n));
    *out->differences += n;
    sqlite3_stmt *s;
    TRY(ask(cx, db, str_fmt(cx->mem, "%.*s limit 5", STR_ARG(set)), &s));
    while (n && sqlite3_step(s) == SQLITE_ROW)
        out->say(out->arg,
                 str_fmt(cx->mem, "%s: row %s=%s is only %s", table, sqlite3_column_name(s, 0),
                         (const char *)sqlite3_column_text(s, 0),
                         live ? "in the live table" : "in the rebuilt table"));
    return RC_OK;
}

enum rc store_compare_table(struct ctx *cx, struct store *a, struct store *b, const char *table,
                            const struct store_compare *out)
{
    struct arena *mem = arena_new(8 << 20);
    struct ctx *own = ctx_new(mem, cx->app);
    sqlite3 *db = NULL;
    int64_t rows = 0;
    enum rc rc = both_open(own, a, b, &db);
    if (rc == RC_OK)
        rc = count(own, db, str_fmt(mem, "select count(*) from main.%s", table), &rows);
    *out->rows += rows;
    if (rc == RC_OK)
        rc = lacking(own, db, table, true, out);
    if (rc == RC_OK)
        rc = lacking(own, db, table, false, out);
    if (rc != RC_OK)
        ctx_fail(cx, rc, table, __FILE__, __LINE__, "%s", own->err.detail);
    arena_free(mem);
    return rc;
}
