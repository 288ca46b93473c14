/* sqlite.c - one SQLite connection: opening, prepared statements, who may write what. */
#include "store/store_priv.h"

#include <limits.h>
#include <malloc.h>
#include <sys/mman.h>

static const struct {
    const char *table, *module;
} owners[] = {
#define OWNER(table, module) {#table, #module},
#include "store/owners.def"
#undef OWNER
};

bool store_fault_now(struct store *st, enum store_fault what)
{
    unsigned left = atomic_load_explicit(&st->faults[what], memory_order_relaxed);
    if (left == 0)
        return false;
    atomic_store_explicit(&st->faults[what], left - 1, memory_order_relaxed);
    return left == 1;
}

enum rc conn_fail(struct ctx *cx, struct db_conn *c, const char *what)
{
    int code = sqlite3_extended_errcode(c->db);
    const char *text = sqlite3_errmsg(c->db);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
            code == SQLITE_CONSTRAINT_ROWID)
            return FAIL(cx, DUPLICATE, NULL, "%s: %s", what, text);
        return FAIL(cx, STORE, NULL, "%s: %s", what, text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return FAIL(cx, CORRUPT, NULL, "%s: %s", what, text);
    case SQLITE_AUTH:
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
        return FAIL(cx, INTERNAL, NULL, "%s: %s", what, text);
    default:
        return FAIL(cx, STORE, NULL, "%s: %s (%d)", what, text, code);
    }
}

static bool is_owner(const char *table, const char *module)
{
    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++)
        if (strcmp(owners[i].table, table) == 0)
            return strcmp(owners[i].module, module) == 0;
    return true;
}

/* Asked while a query is prepared. Queries may read and change rows; everything else, and a
 * table that another module owns, is for the store alone. */
static int authorize(void *arg, int action, const char *a, const char *b, const char *schema,
                     const char *trigger)
{
    const struct db_conn *c = arg;
    if (!c->running || strcmp(c->running->module, "store") == 0)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return c->writer && is_owner(a, c->running->module) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

enum rc conn_step(struct ctx *cx, struct db_conn *c, const struct sql_query *q)
{
    struct prepared p;
    TRY(conn_take(cx, c, q, &p));
    int code = sqlite3_step(p.stmt);
    enum rc rc = code == SQLITE_DONE ? RC_OK : conn_fail(cx, c, q->name);
    conn_give(c, &p);
    c->running = NULL;
    return rc;
}

enum rc conn_exec(struct ctx *cx, struct db_conn *c, const char *sql)
{
    const struct sql_query *was = c->running;
    c->running = NULL;
    int code = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
    enum rc rc = code == SQLITE_OK ? RC_OK : conn_fail(cx, c, sql);
    c->running = was;
    return rc;
}

/* WAL with FULL flushes at each COMMIT. The log is copied back by copy.c only,
 * so SQLite's own checkpointing is off. Readers keep little, for each commit makes
 * it stale; a mapped file would be unmapped and faulted in again after each. The writer keeps
 * 16 MB. */
static const char writer_setup[] = "pragma page_size = 4096; pragma journal_mode = wal;"
                                   "pragma synchronous = full; pragma wal_autocheckpoint = 0;"
                                   "pragma journal_size_limit = 67108864;"
                                   "pragma cache_size = -16384;" /* temporary: scratch.c */
                                   "pragma secure_delete = on;"
                                   "pragma foreign_keys = on; pragma trusted_schema = off;";
static const char reader_setup[] = "pragma mmap_size = 0; pragma cache_size = -1024;"
                                   "pragma temp_store = memory; pragma query_only = on;"
                                   "pragma trusted_schema = off;";

enum rc conn_open(struct ctx *cx, struct store *st, bool writer, struct db_conn **ret)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE |
                (writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    struct db_conn *c = arena_new_of(st->mem, struct db_conn);
    const char *vfs = NULL;
    if (writer && !(vfs = scratch_start(st)))
        return FAIL(cx, STORE, NULL, "%s: no file system", st->file);
    *c = (struct db_conn){.st = st, .writer = writer};
    if (sqlite3_open_v2(st->file, &c->db, flags, vfs) != SQLITE_OK) {
        enum rc rc = FAIL(cx, STORE, NULL, "open %s: %s", st->file, sqlite3_errmsg(c->db));
        sqlite3_close(c->db);
        return rc;
    }
    sqlite3_busy_timeout(c->db, 5000); /* a backup or an offline reader at its start */
    sqlite3_set_authorizer(c->db, authorize, c);
    enum rc rc = conn_exec(cx, c, writer ? writer_setup : reader_setup);
    if (rc != RC_OK) {
        conn_close(c);
        return rc;
    }
    *ret = c;
    return RC_OK;
}

/* Pages of 2 MB for what the heap is going to hold: a year of the demo looks at so many pages of
 * the database that a tenth of its time went into finding their addresses. Freed at once, the
 * memory stays the heap's; nothing is touched before it is used. */
static void heap_widen(size_t bytes)
{
    const size_t huge = 2 << 20;
    mallopt(M_MMAP_THRESHOLD, INT_MAX);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    /* boundary: the heap that SQLite allocates from */
    char *p = malloc(bytes + huge);
    if (p)
        madvise((char *)(((uintptr_t)p + huge - 1) & ~(huge - 1)), bytes, MADV_HUGEPAGE);
    free(p);
}

enum rc store_cache_set(struct ctx *cx, struct store *st, int64_t bytes)
{
    enum { SERVING_KIB = 16384, PAGE_BYTES = 4096 };
    pthread_mutex_lock(&st->copy_lock); /* who copies the log looks at it */
    st->bulk_pages = (int)(bytes / PAGE_BYTES);
    pthread_mutex_unlock(&st->copy_lock);
    long long kib = bytes ? bytes / 1024 : SERVING_KIB;
    if (bytes)
        heap_widen((size_t)bytes);
    return conn_exec(cx, st->writer,
                     str_z(cx->mem, str_fmt(cx->mem, "pragma cache_size = -%lld", kib)));
}

void conn_close(struct db_conn *c)
{
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        sqlite3_finalize(c->prepared[i].stmt);
    sqlite3_close_v2(c->db);
}

static struct prepared *slot_of(struct db_conn *c, const struct sql_query *q)
{
    size_t i = (((uintptr_t)q >> 4) * 0x9E3779B97F4A7C15u) >> 54;
    while (c->prepared[i].query && c->prepared[i].query != q)
        i = (i + 1) & (STATEMENTS_MAX - 1);
    return &c->prepared[i];
}

static enum rc prepare(struct ctx *cx, struct db_conn *c, const struct sql_query *q,
                       unsigned flags, sqlite3_stmt **ret)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v3(c->db, q->sql, -1, flags, &stmt, NULL) != SQLITE_OK)
        return conn_fail(cx, c, q->name);
    if (!c->writer && !sqlite3_stmt_readonly(stmt)) {
        sqlite3_finalize(stmt);
        return FAIL(cx, INTERNAL, NULL, "%s: a write outside a turn", q->name);
    }
    *ret = stmt;
    return RC_OK;
}

enum rc conn_take(struct ctx *cx, struct db_conn *c, const struct sql_query *q,
                  struct prepared *ret)
{
    c->running = q;
    struct prepared *p = slot_of(c, q);
    if (p->query && !p->busy) {
        p->busy = true;
        c->running_now++;
        *ret = *p;
        return RC_OK;
    }
    bool keep = !p->query && c->nprepared < STATEMENTS_MAX * 3 / 4;
    struct prepared fresh = {.query = q, .busy = keep};
    TRY(prepare(cx, c, q, keep ? SQLITE_PREPARE_PERSISTENT : 0, &fresh.stmt));
    if (keep) {
        *p = fresh;
        c->nprepared++;
    }
    c->running_now++;
    *ret = fresh;
    return RC_OK;
}

void conn_give(struct db_conn *c, struct prepared *p)
{
    c->running_now--;
    if (!p->busy) {
        sqlite3_finalize(p->stmt);
        return;
    }
    sqlite3_reset(p->stmt);
    slot_of(c, p->query)->busy = false;
}

void conn_reset(struct db_conn *c)
{
    if (c->running_now == 0)
        return;
    for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(c->db, s));)
        if (sqlite3_stmt_busy(s))
            sqlite3_reset(s);
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        c->prepared[i].busy = false;
    c->running_now = 0;
}
