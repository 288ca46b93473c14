/* store.c - a data folder's database: opening, its lock, its pool of readers. */
#include "store/store_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"

enum { STORE_MEM_MAX = 64 << 20 };

static enum rc folder_make(struct ctx *cx, const char *dir)
{
    if (mkdir(dir, 0700) == 0 || errno == EEXIST)
        return RC_OK;
    return FAIL(cx, IO, "dir", "mkdir %s: %m", dir);
}

/* One process writes: SQLite 3.40 may lose a reset log when two connections checkpoint. */
static enum rc folder_lock(struct ctx *cx, struct store *st)
{
    const char *file = str_fmt(st->mem, "%s/lock", st->dir.p).p;
    st->lock_fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (st->lock_fd < 0)
        return FAIL(cx, IO, "dir", "open %s: %m", file);
    if (flock(st->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return FAIL(cx, BUSY, "dir", "%s is held by another process", file);
    return RC_OK;
}

static enum rc start_writing(struct ctx *cx, struct store *st)
{
    TRY(folder_make(cx, st->dir.p));
    TRY(folder_lock(cx, st));
    TRY(conn_open(cx, st, true, &st->writer));
    TRY(migrate(cx, st->writer));
    TRY(copy_start(cx, st));
    return group_start(cx, st);
}

/* A reader of a folder where nothing may be written needs a database without a log. */
static enum rc start_reading(struct ctx *cx, struct store *st)
{
    if (access(st->file, R_OK) != 0)
        return FAIL(cx, NOT_FOUND, "dir", "%s: %m", st->file);
    const char *log = str_fmt(st->mem, "%s-wal", st->file).p;
    if (access(st->dir.p, W_OK) != 0 && access(log, F_OK) != 0)
        st->file = str_fmt(st->mem, "file:%s?immutable=1", st->file).p;
    struct db_conn *c = NULL;
    TRY(conn_open(cx, st, false, &c));
    enum rc rc = migrated_check(cx, c, st->mode == STORE_COPY ? 0 : INT_MAX);
    conn_close(c);
    return rc;
}

enum rc store_open(struct ctx *cx, struct str dir, enum store_mode mode, struct store **ret)
{
    /* Counting SQLite's memory would take one lock for all connections at each allocation. What
     * savepoints keep goes to scratch.c at once, not first into pieces of SQLite's. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 0);
    struct arena *mem = arena_new(STORE_MEM_MAX);
    struct store *st = arena_new_of(mem, struct store);
    st->mem = mem;
    st->dir = str_dup(mem, dir);
    st->file = str_fmt(mem, "%s/motcua.db", st->dir.p).p;
    st->mode = mode;
    st->lock_fd = -1;
    pthread_mutex_init(&st->pool_lock, NULL);
    pthread_mutex_init(&st->copy_lock, NULL);
    pthread_cond_init(&st->copy_wake, NULL);
    enum rc rc = mode == STORE_WRITE ? start_writing(cx, st) : start_reading(cx, st);
    if (rc != RC_OK)
        store_close(st);
    else
        *ret = st;
    return rc;
}

void store_close(struct store *st)
{
    if (!st)
        return;
    group_stop(st);
    copy_stop(st);
    for (unsigned i = 0; i < st->nreaders; i++)
        conn_close(st->readers[i]);
    if (st->writer)
        conn_close(st->writer); /* the last to close: copies the log into the database */
    scratch_stop(st);
    if (st->lock_fd >= 0)
        close(st->lock_fd);
    pthread_cond_destroy(&st->copy_wake);
    pthread_mutex_destroy(&st->copy_lock);
    pthread_mutex_destroy(&st->pool_lock);
    arena_free(st->mem);
}

struct str store_dir(const struct store *st)
{
    return st->dir;
}

bool store_is_writing(const struct store *st)
{
    return st->mode == STORE_WRITE;
}

void store_hooks_set(struct store *st, const struct store_hooks *hooks)
{
    st->hooks = *hooks;
}

unsigned store_fail_at(struct store *st, enum store_fault what, unsigned n)
{
    return atomic_exchange(&st->faults[what], n);
}

struct store_stats store_stats(const struct store *st)
{
    return (struct store_stats){
        .groups = atomic_load(&st->groups),
        .turns = atomic_load(&st->turns),
        .rollbacks = atomic_load(&st->rollbacks),
        .flush_us = atomic_load(&st->flush_us),
        .waiting = atomic_load(&st->waiting),
    };
}

/* The arena of a unit of work ends: whatever it left open ends with it. */
static void detach(void *arg)
{
    struct ctx *cx = arg;
    struct db_conn *c = cx->conn;
    if (!c)
        return;
    db_rollback(cx);
    conn_reset(c);
    cx->conn = NULL;
    pthread_mutex_lock(&c->st->pool_lock);
    c->next = c->st->pool;
    c->st->pool = c;
    pthread_mutex_unlock(&c->st->pool_lock);
}

static enum rc reader_take(struct ctx *cx, struct store *st, struct db_conn **ret)
{
    if (st->pool) {
        *ret = st->pool;
        st->pool = st->pool->next;
        return RC_OK;
    }
    if (st->nreaders == READERS_MAX)
        return FAIL(cx, OVERLOADED, NULL, "%d reader connections are in use", READERS_MAX);
    TRY(conn_open(cx, st, false, ret));
    st->readers[st->nreaders++] = *ret;
    return RC_OK;
}

enum rc db_attach(struct ctx *cx, struct store *st)
{
    if (cx->conn)
        return RC_OK;
    pthread_mutex_lock(&st->pool_lock);
    struct db_conn *c = NULL;
    enum rc rc = reader_take(cx, st, &c);
    pthread_mutex_unlock(&st->pool_lock);
    if (rc != RC_OK)
        return rc;
    cx->conn = c;
    arena_on_free(cx->mem, detach, cx);
    return RC_OK;
}
