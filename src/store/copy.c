/* copy.c - the log is copied back into the database: mostly beside the writer, by a thread and a
 * connection of their own; the short rest under the turn, so that the log starts over.
 *
 * SQLite 3.40 may lose a log that starts over while a checkpoint begins. It cannot here: one
 * checkpoint runs at a time (`copying`, and the committer holds the turn for its own); one beside
 * the writer begins only while the log has pages that nobody copied, and only when all are copied
 * may the writer start it over. */
#include "store/store_priv.h"

enum {
    PAGES_IDLE = 512,    /* copied at once when nobody waits */
    PAGES_BESIDE = 2048, /* copied beside the writer: 8 MB */
    PAGES_SHORT = 384,   /* so few are worth holding the turn for … */
    PAGES_WHOLE = 8192,  /* … once the log is so long: 32 MB */
    PAGES_MOST = 16384,  /* writers outrun the disk: they wait for it */
    BULK_LOGS = 2        /* in bulk a turn's pages are never few: so many caches full */
};

enum log_next {
    LOG_KEEP,
    LOG_BESIDE, /* long enough to be copied beside the writer */
    LOG_RESET   /* what is left is short, or nobody waits: copied at once, it starts over */
};

static int on_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct store *st = arg;
    pthread_mutex_lock(&st->copy_lock);
    if (pages < st->wal_pages) { /* it has started over */
        st->wal_copied = st->wal_tried = 0;
        st->wal_age++;
    }
    st->wal_pages = pages;
    pthread_mutex_unlock(&st->copy_lock);
    return SQLITE_OK;
}

/* copy_lock is held, but not while it copies. PASSIVE never waits for readers. One that holds an
 * old snapshot (a backup) lets the log grow, but never makes a page be copied twice. */
static void copy_on(struct store *st, sqlite3 *db)
{
    int all = 0, copied = 0;
    unsigned age = st->wal_age;
    pthread_mutex_unlock(&st->copy_lock);
    sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, &all, &copied);
    pthread_mutex_lock(&st->copy_lock);
    if (age == st->wal_age && copied > st->wal_copied)
        st->wal_copied = copied;
}

/* copy_lock is held. */
static enum log_next log_next(struct store *st)
{
    int left = st->wal_pages - st->wal_copied;
    bool somebody = atomic_load(&st->waiting) > 0 || atomic_load(&st->intend) > 0;
    int most = st->bulk_pages ? BULK_LOGS * st->bulk_pages : PAGES_MOST;
    if (st->wal_pages >= most && st->wal_pages - st->wal_tried >= PAGES_SHORT)
        return LOG_RESET;
    if (st->copying)
        return LOG_KEEP;
    if (left >= PAGES_BESIDE)
        return LOG_BESIDE;
    if (left >= PAGES_IDLE && !somebody)
        return LOG_RESET;
    return left < PAGES_SHORT && st->wal_pages >= PAGES_WHOLE ? LOG_RESET : LOG_KEEP;
}

bool log_reset_due(struct store *st)
{
    pthread_mutex_lock(&st->copy_lock);
    enum log_next next = log_next(st);
    if (next == LOG_BESIDE) {
        st->copying = true;
        pthread_cond_broadcast(&st->copy_wake);
    }
    pthread_mutex_unlock(&st->copy_lock);
    return next == LOG_RESET;
}

void log_reset(struct store *st)
{
    pthread_mutex_lock(&st->copy_lock);
    while (st->copying)
        pthread_cond_wait(&st->copy_wake, &st->copy_lock);
    copy_on(st, st->writer->db);
    st->wal_tried = st->wal_pages; /* a snapshot may forbid it: not with every group */
    pthread_mutex_unlock(&st->copy_lock);
}

/* What came in meanwhile takes less time than what was there: a long log is copied until the rest
 * is short, or a reader's snapshot forbids more. */
static void copy_rounds(struct store *st)
{
    int before;
    do {
        before = st->wal_copied;
        copy_on(st, st->copier);
    } while (st->wal_copied > before && st->wal_pages >= PAGES_WHOLE &&
             st->wal_pages - st->wal_copied >= PAGES_SHORT);
}

static void *copier_main(void *arg)
{
    struct store *st = arg;
    pthread_mutex_lock(&st->copy_lock);
    for (;;) {
        while (!st->copying && !st->copy_stop)
            pthread_cond_wait(&st->copy_wake, &st->copy_lock);
        if (st->copy_stop)
            break;
        copy_rounds(st);
        st->copying = false;
        pthread_cond_broadcast(&st->copy_wake);
    }
    pthread_mutex_unlock(&st->copy_lock);
    return NULL;
}

/* A connection that never writes rows; it has read once, so that it knows the log. */
static enum rc copier_open(struct ctx *cx, struct store *st)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE;
    if (sqlite3_open_v2(st->file, &st->copier, flags, NULL) == SQLITE_OK &&
        sqlite3_exec(st->copier,
                     "pragma wal_autocheckpoint = 0; pragma synchronous = full;"
                     "select count(*) from sqlite_schema;",
                     NULL, NULL, NULL) == SQLITE_OK)
        return RC_OK;
    return FAIL(cx, STORE, NULL, "open %s: %s", st->file, sqlite3_errmsg(st->copier));
}

enum rc copy_start(struct ctx *cx, struct store *st)
{
    sqlite3_wal_hook(st->writer->db, on_commit, st);
    TRY(copier_open(cx, st));
    if (pthread_create(&st->copy_thread, NULL, copier_main, st) != 0)
        return FAIL(cx, OVERLOADED, NULL, "no thread to copy the log");
    st->copier_runs = true;
    return RC_OK;
}

void copy_stop(struct store *st)
{
    if (st->copier_runs) {
        pthread_mutex_lock(&st->copy_lock);
        st->copy_stop = true;
        pthread_cond_broadcast(&st->copy_wake);
        pthread_mutex_unlock(&st->copy_lock);
        pthread_join(st->copy_thread, NULL);
    }
    sqlite3_close_v2(st->copier);
}
