/* store_priv.h - what the files of store/ share. See docs/internals/store.md.
 *
 * Locks: turn_lock is held for the line and the flags beside it, never while SQLite runs;
 * pool_lock while a reader is taken, given or opened. Never both, and callbacks (hooks, done)
 * run under neither. A connection is its owner's alone, so SQLite is opened without mutexes:
 * a reader belongs to one ctx, the writer to whoever holds the turn. */
#ifndef STORE_STORE_PRIV_H
#define STORE_STORE_PRIV_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "store/query.h"
#include "store/store.h"

enum {
    STATEMENTS_MAX = 1024, /* slots for prepared queries a connection; power of two */
    READERS_MAX = 192,     /* reader connections of a process */
    GROUP_WAIT_US = 12000, /* a group waits this long for queued writers */
    SETTLED_WORDS = 8,     /* futex words that waiters of successive groups share */
};

/* A cached statement: open addressing by the query's address, never evicted. At three quarters
 * full, and when a query runs within itself, a statement is made for one use. */
struct prepared {
    const struct sql_query *query; /* NULL: free slot */
    sqlite3_stmt *stmt;
    bool busy; /* being stepped; a nested use prepares its own */
};

/* Lives in st->mem until store_close; readers go back to the pool, they are not closed. */
struct db_conn {
    struct store *st;
    sqlite3 *db;
    bool writer;
    const struct sql_query *running; /* what the authorizer judges; NULL: the store itself */
    struct db_conn *next;            /* in the pool */
    struct ctx *owner;               /* who holds this reader */
    unsigned nprepared, running_now; /* statements kept, statements being stepped */
    struct prepared prepared[STATEMENTS_MAX];
};

/* The one write turn: cx->tx points here while cx holds it. */
struct store_tx {
    struct ctx *cx;
};

struct turn_waiter {
    struct turn_waiter *next;
    _Atomic uint32_t state; /* TURN_* in group.c */
};

/* A turn that ended and waits for its group: either a thread or a callback. */
struct member {
    _Atomic uint32_t *result; /* SETTLED + rc; on the waiting thread's stack */
    void (*done)(void *arg, enum rc rc);
    void *arg;
};

struct store {
    struct arena *mem; /* guarded by pool_lock */
    struct str dir;
    const char *file; /* a path, or file:…?immutable=1 where nothing may be written */
    enum store_mode mode;
    int lock_fd; /* flock on DIR/lock: one writing process a folder; -1 when reading */
    struct store_hooks hooks;
    struct store_tx tx;
    struct db_conn *writer;
    struct scratch *scratch; /* what the writer may have to undo */
    struct ctx *seal_cx;     /* what the seal hook runs in; made anew after each group */
    struct arena *seal_mem;

    pthread_mutex_t pool_lock;
    struct db_conn *pool, *readers[READERS_MAX];
    unsigned nreaders;

    /* Who may touch the writer; guarded by turn_lock. `open`, `broken` and `bulk_pages`
     * belong to whoever holds the turn. */
    pthread_mutex_t turn_lock;
    pthread_cond_t committer_wake;
    pthread_t committer;
    bool busy, due, stop, committer_timed, committer_runs;
    struct turn_waiter *head, *tail;
    struct member members[STORE_GROUP_MAX];
    unsigned nmembers;
    int64_t first_us; /* when the group's first turn joined */
    uint32_t group;
    bool open, broken, alone, keeps_bytes; /* the turn: has no savepoint, does not wipe */
    int bulk_pages; /* work in bulk: so many in the cache; 0 when serving */

    pthread_mutex_t copy_lock; /* for all down to wal_copied; nothing is locked under it */
    pthread_cond_t copy_wake;
    pthread_t copy_thread;
    sqlite3 *copier;
    bool copying, copy_stop, copier_runs;
    unsigned wal_age;                     /* how often the log started over */
    int wal_pages, wal_copied, wal_tried; /* in the log; in the database; at the last reset */

    _Atomic int intend;
    _Atomic uint32_t settled[SETTLED_WORDS];
    _Atomic unsigned faults[3];
    _Atomic int64_t groups, turns, rollbacks, flush_us, waiting;
};

/* -- sqlite.c: one connection. What SQLite says becomes DUPLICATE (unique, primary key),
 * CORRUPT, INTERNAL (denied by the authorizer, wrong SQL) or STORE; the detail names the query
 * and SQLite's message, which holds names of columns and no values. -- */
enum rc conn_open(struct ctx *cx, struct store *st, bool writer, struct db_conn **ret);
void conn_close(struct db_conn *c);
enum rc conn_exec(struct ctx *cx, struct db_conn *c, const char *sql); /* the store's own */
/* Runs a rowless query of the store itself, kept prepared. */
enum rc conn_step(struct ctx *cx, struct db_conn *c, const struct sql_query *q);
/* A ready statement for q, from the cache when it is free; q is then what the authorizer judges
 * by. INTERNAL: a write on a reader. Each take is followed by one give. */
enum rc conn_take(struct ctx *cx, struct db_conn *c, const struct sql_query *q,
                  struct prepared *ret);
void conn_give(struct db_conn *c, struct prepared *p);
void conn_reset(struct db_conn *c); /* what an abandoned unit of work left stepping */
enum rc conn_fail(struct ctx *cx, struct db_conn *c, const char *what);
/* Counts down what store_fail_at set; true once, on the run that is to fail. */
bool store_fault_now(struct store *st, enum store_fault what);

/* -- scratch.c: a file system for the writer. Files with a name are the system's; those without,
 * which SQLite makes for savepoints and sorting, stay in memory (at most 4 GB each, else
 * SQLITE_FULL). start returns its name for sqlite3_open_v2, NULL when there is none to be had;
 * stop after the connection is closed. -- */
const char *scratch_start(struct store *st);
void scratch_stop(struct store *st);

/* -- copy.c: the log after a commit, with the turn held and no transaction open. log_reset_due
 * starts copying beside the writer when the log is long, and is true when the turn should be kept
 * for log_reset. OVERLOADED: no thread. -- */
enum rc copy_start(struct ctx *cx, struct store *st);
void copy_stop(struct store *st);
bool log_reset_due(struct store *st);
void log_reset(struct store *st);

/* -- migrate.c: sql/migrations in order, all in one transaction. NEWER: of a newer program;
 * CORRUPT: an applied migration's text has changed since (its digest is kept). check changes
 * nothing; OLDER: one up to `least` (INT_MAX: any) is still to come, CORRUPT: no node's. -- */
enum rc migrate(struct ctx *cx, struct db_conn *c);
enum rc migrated_check(struct ctx *cx, struct db_conn *c, int least);

/* -- group.c: the committer's thread. OVERLOADED when there is none to be had; stop commits the
 * group that is open before it returns. -- */
enum rc group_start(struct ctx *cx, struct store *st);
void group_stop(struct store *st);

#endif
