/* backup.c - an online copy of the database. */
#include "store/store_priv.h"

#include <sys/stat.h>
#include <unistd.h>

enum { PAGES_AT_ONCE = 256 };

static void close_db(void *arg)
{
    sqlite3_close(arg);
}

/* Copies from a reader connection of its own: one snapshot, writers go on. */
static enum rc copy(struct ctx *cx, sqlite3 *from, sqlite3 *to,
                    void (*progress)(void *, int64_t, int64_t), void *arg)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    if (!b)
        return FAIL(cx, STORE, NULL, "backup: %s", sqlite3_errmsg(to));
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(b, PAGES_AT_ONCE);
        int all = sqlite3_backup_pagecount(b);
        if (progress)
            progress(arg, all - sqlite3_backup_remaining(b), all);
    }
    sqlite3_backup_finish(b);
    return code == SQLITE_DONE ? RC_OK
                               : FAIL(cx, STORE, NULL, "backup: %s", sqlite3_errmsg(to));
}

static enum rc open_db(struct ctx *cx, const char *file, int flags, sqlite3 **ret)
{
    sqlite3 *db;
    int code = sqlite3_open_v2(file, &db, flags, NULL);
    arena_on_free(cx->mem, close_db, db);
    if (code != SQLITE_OK)
        return FAIL(cx, STORE, NULL, "backup: open %s: %s", file, sqlite3_errmsg(db));
    *ret = db;
    return RC_OK;
}

enum rc store_backup(struct ctx *cx, struct store *st, struct str dir,
                     void (*progress)(void *arg, int64_t done, int64_t all), void *arg)
{
    const char *file = str_fmt(cx->mem, "%.*s/motcua.db", STR_ARG(dir)).p;
    mkdir(str_z(cx->mem, dir), 0700);
    if (access(file, F_OK) == 0)
        return FAIL(cx, DUPLICATE, "dir", "%s exists", file);
    struct arena *mem = arena_new(1 << 20);
    struct ctx *own = ctx_new(mem, cx->app);
    sqlite3 *from = NULL, *to = NULL;
    enum rc rc = open_db(own, st->file, SQLITE_OPEN_READONLY, &from);
    if (rc == RC_OK)
        rc = open_db(own, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &to);
    /* A read transaction holds one snapshot: without it each commit restarts the copy. */
    if (rc == RC_OK)
        sqlite3_exec(from, "begin; select count(*) from sqlite_master", NULL, NULL, NULL);
    if (rc == RC_OK)
        rc = copy(own, from, to, progress, arg);
    if (rc != RC_OK)
        ctx_fail(cx, rc, "dir", __FILE__, __LINE__, "%s", own->err.detail);
    arena_free(mem);
    return rc;
}
