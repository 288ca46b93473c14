/* store.h - the database: commit groups, named SQL, migrations. See docs/internals/store.md.
 *
 * One interface, an embedded SQLite engine now and PostgreSQL later; nothing here names an
 * engine. Named queries are *.sql files beside each module; tools/sqlgen makes a typed C
 * function from each (see tools/sqlgen --help), and no function outside store/ takes SQL text.
 *
 * Reading: a query outside a write turn uses this thread's read-only connection and sees the
 * last commit. Writing: db_begin takes the write turn; from then on this ctx's queries see its
 * own writes. All concurrent turns share one COMMIT (a commit group), each in its own
 * savepoint; db_commit returns, or calls back, only when the COMMIT that holds the turn is
 * durable (flushed). Read what you are about to change after db_begin, not before. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/ctx.h"

struct store;

enum store_mode {
    STORE_WRITE, /* the one process that writes; holds the folder's lock, BUSY if taken */
    STORE_READ,  /* offline tools: no lock, no writes */
    STORE_COPY,  /* as STORE_READ, also tables of older programs: to copy or prove them */
};

enum { STORE_GROUP_MAX = 256 }; /* turns in one COMMIT */

/* dir: the data folder; made (0700) and migrated when in STORE_WRITE mode. NOT_FOUND (reading):
 * no database there; OLDER (STORE_READ): its tables are not yet this program's, which only a
 * writer changes; NEWER: they are a later program's, which may keep what this one would leave
 * out; CORRUPT: no node's. */
MUST_USE enum rc store_open(struct ctx *cx, struct str dir, enum store_mode mode,
                            struct store **ret);
void store_close(struct store *st);
struct str store_dir(const struct store *st);
bool store_is_writing(const struct store *st); /* opened with STORE_WRITE */

/* This thread's reader connection for cx; taken from a pool, given back when cx->mem ends.
 * Called by whoever makes a ctx (dispatch, jobs, commands), after cx->app is set. */
MUST_USE enum rc db_attach(struct ctx *cx, struct store *st);
/* After STORE_COPY, before a query over tables that not every folder has: OLDER when the folder is
 * from before that migration. */
MUST_USE enum rc db_tables_need(struct ctx *cx, int migration);

/* Takes the write turn (waits for it), or does nothing when cx holds it already. A turn must
 * end in db_commit* or db_rollback; an arena that ends first rolls it back. */
MUST_USE enum rc db_begin(struct ctx *cx);
/* Ends the turn and waits until its group is durable. Without a turn: RC_OK. */
MUST_USE enum rc db_commit(struct ctx *cx);
/* Ends the turn; done(arg, rc) runs once, on another thread, when the group is durable or has
 * failed. done must be quick and must not touch the database. */
MUST_USE enum rc db_commit_async(struct ctx *cx, void (*done)(void *arg, enum rc rc),
                                 void *arg);
void db_rollback(struct ctx *cx); /* without a turn: nothing */
bool db_is_writing(const struct ctx *cx);
/* Rows that this turn's last :exec changed (0 without a turn): did a conditional update or an
 * `on conflict do nothing` do something? */
int64_t db_changes(const struct ctx *cx);

/* Inside a turn: rows deleted from here on keep their bytes in pages that are free (on: true), or
 * are overwritten (false, as at the start). For counts without anything personal, and always set
 * back, also after a failure: a page that need not be overwritten need not be written at all. */
MUST_USE enum rc db_bytes_keep(struct ctx *cx, bool on);

/* Hint for the committer: +1 when a request that will write is queued, -1 when it has joined
 * a group or will not. While the count is above zero a group waits (at most 12 ms) to fill. */
void db_intend(struct store *st, int delta);

/* Runs inside each group before its COMMIT, on the write connection (cx->tx is set): the
 * ledger signs its head here. A failure fails the whole group. settled tells the outcome. */
struct store_hooks {
    enum rc (*seal)(struct ctx *cx, void *arg);
    void (*settled)(void *arg, bool durable);
    /* A turn was rolled back, or begins: in-memory state that ran ahead must follow. */
    void (*turn_begin)(void *arg);
    void (*turn_undo)(void *arg);
    void *arg;
};
void store_hooks_set(struct store *st, const struct store_hooks *hooks);

/* For work in bulk that nobody is served beside (demo, rebuild): so much memory for pages, so
 * that large turns need not read back what they wrote, and so long a log before it is copied
 * back, so that a page which changes often is copied once. 0: what serving uses. Call it
 * between turns. */
MUST_USE enum rc store_cache_set(struct ctx *cx, struct store *st, int64_t bytes);

/* Online copy of the database into the folder dir (which must not hold one). progress may be
 * NULL. */
MUST_USE enum rc store_backup(struct ctx *cx, struct store *st, struct str dir,
                              void (*progress)(void *arg, int64_t done, int64_t all),
                              void *arg);

/* Compares a table of two stores as sets of rows. Adds to *rows and *differences; tells the
 * first differing rows by their first column, which must not be personal. */
struct store_compare {
    void (*say)(void *arg, struct str text);
    void *arg;
    int64_t *rows, *differences;
};
MUST_USE enum rc store_compare_table(struct ctx *cx, struct store *a, struct store *b,
                                     const char *table, const struct store_compare *out);

struct store_stats {
    int64_t groups, turns, rollbacks, flush_us, waiting;
};
struct store_stats store_stats(const struct store *st);

/* Fault tests: the n-th query / write / commit from now fails once. 0 = never. Gives what was
 * left of the fault set before: 0 when it struck. */
enum store_fault { FAULT_QUERY, FAULT_WRITE, FAULT_COMMIT };
unsigned store_fail_at(struct store *st, enum store_fault what, unsigned n);

/* NULL for whole numbers in rows and parameters. Text NULL is STR_NULL. */
#define DB_NULL INT64_MIN

#endif
