/* group.c - write turns, and the groups of turns that share one COMMIT.
 *
 * One thread at a time holds the turn and with it the write connection. A turn that ends is
 * released into the open group and hands the connection to the next in line; whoever finds
 * that the group is due commits it while still holding the turn, so that nobody writes into a
 * transaction that is being flushed. Members are told after the connection has been passed
 * on. */
#include "store/store_priv.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app/app.h"

enum { TURN_WAITS, TURN_SLEEPS, TURN_GRANTED };
enum { UNSETTLED = 0, SETTLED = 1 << 16 }; /* a member's result: SETTLED + rc */
enum { SPINS = 40 };                       /* 1 to 5 µs: a turn is often that short */

static const struct sql_query begin = {
    .name = "begin", .module = "store", .sql = "begin immediate"};
static const struct sql_query turn = {
    .name = "turn", .module = "store", .sql = "savepoint turn"};
static const struct sql_query undo = {
    .name = "undo", .module = "store", .sql = "rollback to turn"};
static const struct sql_query keep = {.name = "keep", .module = "store", .sql = "release turn"};
static const struct sql_query all_undone = {
    .name = "all_undone", .module = "store", .sql = "rollback"};
static const struct sql_query commit = {.name = "commit", .module = "store", .sql = "commit"};

static void futex_wait(_Atomic uint32_t *word, uint32_t while_is)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, while_is, NULL, NULL, 0);
}

static void futex_wake(_Atomic uint32_t *word, int n)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
}

/* -- the line of waiting threads; turn_lock is held -- */

static void line_join(struct store *st, struct turn_waiter *w)
{
    if (st->tail)
        st->tail->next = w;
    else
        st->head = w;
    st->tail = w;
    atomic_fetch_add_explicit(&st->waiting, 1, memory_order_relaxed);
}

static struct turn_waiter *line_pop(struct store *st)
{
    struct turn_waiter *w = st->head;
    if (!w)
        return NULL;
    st->head = w->next;
    if (!st->head)
        st->tail = NULL;
    atomic_fetch_sub_explicit(&st->waiting, 1, memory_order_relaxed);
    return w;
}

/* The waiter's frame may be gone once it sees TURN_GRANTED; waking an address that nobody
 * waits on is harmless. */
static void line_grant(struct turn_waiter *w)
{
    if (w && atomic_exchange(&w->state, TURN_GRANTED) == TURN_SLEEPS)
        futex_wake(&w->state, 1);
}

static void line_wait(struct turn_waiter *w)
{
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load(&w->state) == TURN_GRANTED)
            return;
        __builtin_ia32_pause();
    }
    uint32_t waits = TURN_WAITS;
    if (!atomic_compare_exchange_strong(&w->state, &waits, TURN_SLEEPS))
        return;
    while (atomic_load(&w->state) != TURN_GRANTED)
        futex_wait(&w->state, TURN_SLEEPS);
}

static void turn_take(struct store *st)
{
    struct turn_waiter w = {0};
    pthread_mutex_lock(&st->turn_lock);
    bool wait = st->busy;
    if (wait)
        line_join(st, &w);
    st->busy = true;
    pthread_mutex_unlock(&st->turn_lock);
    if (wait)
        line_wait(&w);
}

/* -- settling a group -- */

struct outcome {
    struct member members[STORE_GROUP_MAX];
    unsigned n;
    uint32_t group;
    enum rc rc;
};

/* Tells every member, without the turn. */
static void settle(struct store *st, const struct outcome *o)
{
    bool sleepers = false;
    for (unsigned i = 0; i < o->n; i++)
        if (o->members[i].result) {
            atomic_store(o->members[i].result, SETTLED + o->rc);
            sleepers = true;
        }
    if (sleepers) {
        _Atomic uint32_t *word = &st->settled[o->group % SETTLED_WORDS];
        atomic_fetch_add(word, 1);
        futex_wake(word, INT_MAX);
    }
    for (unsigned i = 0; i < o->n; i++)
        if (o->members[i].done)
            o->members[i].done(o->members[i].arg, o->rc);
}

static enum rc member_wait(struct store *st, uint32_t group, _Atomic uint32_t *result)
{
    _Atomic uint32_t *word = &st->settled[group % SETTLED_WORDS];
    for (;;) {
        uint32_t seen = atomic_load(word);
        uint32_t r = atomic_load(result);
        if (r != UNSETTLED)
            return (enum rc)(r - SETTLED);
        futex_wait(word, seen);
    }
}

static enum rc seal_and_commit(struct store *st)
{
    struct ctx *cx = st->seal_cx;
    enum rc rc = RC_OK;
    if (st->broken)
        return RC_STORE;
    if (st->hooks.seal) {
        cx->tx = &st->tx;
        cx->now_us = time_now();
        st->tx.cx = cx;
        rc = st->hooks.seal(cx, st->hooks.arg);
        cx->tx = NULL;
    }
    if (rc == RC_OK && store_fault_now(st, FAULT_COMMIT))
        rc = FAIL(cx, STORE, NULL, "commit: fault on request");
    return rc == RC_OK ? conn_step(cx, st->writer, &commit) : rc;
}

static void seal_ctx_renew(struct store *st)
{
    struct app *app = st->seal_cx->app;
    struct db_conn *c = st->seal_cx->conn;
    arena_reset(st->seal_mem);
    st->seal_cx = ctx_new(st->seal_mem, app);
    st->seal_cx->conn = c;
}

/* The turn is held. Empties the group into *o; afterwards no transaction is open. */
static void group_commit(struct store *st, struct outcome *o)
{
    int64_t from = time_monotonic();
    enum rc rc = seal_and_commit(st);
    if (rc != RC_OK) {
        LOGE("store group failed turns=%u %s: %s", st->nmembers, rc_name(rc),
             st->broken ? "the engine rolled back" : st->seal_cx->err.detail);
        if (!sqlite3_get_autocommit(st->writer->db))
            sqlite3_exec(st->writer->db, "rollback", NULL, NULL, NULL);
        rc = RC_STORE;
    }
    if (st->hooks.settled)
        st->hooks.settled(st->hooks.arg, rc == RC_OK);
    seal_ctx_renew(st);
    o->n = st->nmembers;
    o->group = st->group++;
    o->rc = rc;
    memcpy(o->members, st->members, o->n * sizeof *o->members);
    st->nmembers = 0;
    st->open = st->broken = false;
    atomic_fetch_add_explicit(&st->groups, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&st->flush_us, time_monotonic() - from, memory_order_relaxed);
}

/* -- passing the turn on -- */

static bool group_is_due(const struct store *st, bool idle)
{
    if (st->broken || st->nmembers == STORE_GROUP_MAX || (st->alone && st->nmembers))
        return true;
    if (st->nmembers == 0)
        return false;
    if (idle && atomic_load(&st->intend) <= 0)
        return true;
    return time_monotonic() - st->first_us >= GROUP_WAIT_US;
}

/* The turn is held and no transaction is open, or the group may wait: next in line, or free. */
static void turn_pass(struct store *st)
{
    pthread_mutex_lock(&st->turn_lock);
    struct turn_waiter *w = line_pop(st);
    st->busy = w != NULL;
    if (!w && st->nmembers && !st->committer_timed)
        pthread_cond_signal(&st->committer_wake);
    pthread_mutex_unlock(&st->turn_lock);
    line_grant(w);
}

static void committer_call(struct store *st)
{
    pthread_mutex_lock(&st->turn_lock);
    st->due = true;
    pthread_cond_signal(&st->committer_wake);
    pthread_mutex_unlock(&st->turn_lock);
}

/* A turn ended. self: the calling thread is going to wait anyway, so it may flush. */
static void turn_end(struct store *st, bool self)
{
    pthread_mutex_lock(&st->turn_lock);
    bool due = group_is_due(st, !st->head);
    pthread_mutex_unlock(&st->turn_lock);
    if (!due) {
        turn_pass(st);
        return;
    }
    if (!self) {
        committer_call(st);
        return;
    }
    struct outcome o;
    group_commit(st, &o);
    if (log_reset_due(st))
        committer_call(st);
    else
        turn_pass(st);
    settle(st, &o);
}

/* -- the committer: flushes what nobody waits for, and lets the log start over -- */

static void committer_turn(struct store *st)
{
    struct outcome o = {.n = 0};
    if (st->nmembers || st->broken)
        group_commit(st, &o);
    bool first = log_reset_due(st);
    if (first) {
        settle(st, &o);
        log_reset(st);
    }
    turn_pass(st);
    if (!first)
        settle(st, &o);
}

/* turn_lock is held. True: the turn is the committer's. */
static bool committer_due(struct store *st)
{
    if (st->due) {
        st->due = false;
        return true;
    }
    if (st->busy || !(st->nmembers && (st->stop || group_is_due(st, true))))
        return false;
    st->busy = true;
    return true;
}

static void committer_sleep(struct store *st)
{
    if (st->busy || st->nmembers == 0) {
        pthread_cond_wait(&st->committer_wake, &st->turn_lock);
        return;
    }
    int64_t until = st->first_us + GROUP_WAIT_US;
    struct timespec ts = {until / SECOND_US, until % SECOND_US * 1000};
    st->committer_timed = true;
    pthread_cond_timedwait(&st->committer_wake, &st->turn_lock, &ts);
    st->committer_timed = false;
}

static void *committer_main(void *arg)
{
    struct store *st = arg;
    pthread_mutex_lock(&st->turn_lock);
    for (;;) {
        if (committer_due(st)) {
            pthread_mutex_unlock(&st->turn_lock);
            committer_turn(st);
            pthread_mutex_lock(&st->turn_lock);
        } else if (st->stop && !st->busy) {
            break;
        } else {
            committer_sleep(st);
        }
    }
    pthread_mutex_unlock(&st->turn_lock);
    return NULL;
}

enum { SEAL_MEM_MAX = 8 << 20 };

enum rc group_start(struct ctx *cx, struct store *st)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&st->turn_lock, NULL);
    pthread_cond_init(&st->committer_wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    st->seal_mem = arena_new(SEAL_MEM_MAX);
    st->seal_cx = ctx_new(st->seal_mem, cx->app);
    st->seal_cx->conn = st->writer;
    if (pthread_create(&st->committer, NULL, committer_main, st) != 0)
        return FAIL(cx, OVERLOADED, NULL, "no thread for the committer");
    st->committer_runs = true;
    return RC_OK;
}

void group_stop(struct store *st)
{
    if (!st->seal_mem)
        return;
    if (st->committer_runs) {
        pthread_mutex_lock(&st->turn_lock);
        st->stop = true;
        pthread_cond_signal(&st->committer_wake);
        pthread_mutex_unlock(&st->turn_lock);
        pthread_join(st->committer, NULL);
    }
    pthread_cond_destroy(&st->committer_wake);
    pthread_mutex_destroy(&st->turn_lock);
    arena_free(st->seal_mem);
}

void db_intend(struct store *st, int delta)
{
    int now = atomic_fetch_add(&st->intend, delta) + delta;
    if (now > 0 || delta >= 0)
        return;
    pthread_mutex_lock(&st->turn_lock);
    if (!st->busy && st->nmembers)
        pthread_cond_signal(&st->committer_wake);
    pthread_mutex_unlock(&st->turn_lock);
}

/* -- one turn -- */

/* In bulk a turn is a group of its own, and is undone with it: nothing is kept of its pages. */
static enum rc turn_open(struct ctx *cx, struct store *st)
{
    bool first = !st->open;
    if (first)
        TRY(conn_step(cx, st->writer, &begin));
    st->open = true;
    st->alone = first && st->bulk_pages;
    return st->alone ? RC_OK : conn_step(cx, st->writer, &turn);
}

enum rc db_begin(struct ctx *cx)
{
    if (cx->tx)
        return RC_OK;
    if (!cx->conn && cx->app && cx->app->store)
        TRY(db_attach(cx, cx->app->store));
    if (!cx->conn)
        return FAIL(cx, INTERNAL, NULL, "db_begin without db_attach");
    struct store *st = cx->conn->st;
    if (st->mode != STORE_WRITE)
        return FAIL(cx, INTERNAL, NULL, "the store was opened for reading");
    turn_take(st);
    enum rc rc = turn_open(cx, st);
    if (rc != RC_OK) {
        st->broken = st->open && sqlite3_get_autocommit(st->writer->db);
        turn_end(st, false);
        return rc;
    }
    st->tx.cx = cx;
    cx->tx = &st->tx;
    if (st->hooks.turn_begin)
        st->hooks.turn_begin(st->hooks.arg);
    return RC_OK;
}

bool db_is_writing(const struct ctx *cx)
{
    return cx->tx != NULL;
}

int64_t db_changes(const struct ctx *cx)
{
    return cx->tx ? sqlite3_changes64(cx->conn->st->writer->db) : 0;
}

enum rc db_bytes_keep(struct ctx *cx, bool on)
{
    if (!cx->tx)
        return FAIL(cx, INTERNAL, NULL, "db_bytes_keep outside a turn");
    struct store *st = cx->conn->st;
    TRY(conn_exec(cx, st->writer,
                  on ? "pragma secure_delete = off" : "pragma secure_delete = on"));
    st->keeps_bytes = on;
    return RC_OK;
}

/* Undoes the turn's rows. When the engine itself rolled everything back (disk full, I/O
 * error) the group is broken: its earlier turns are told that they failed. */
static void turn_undo(struct ctx *cx, struct store *st)
{
    conn_reset(st->writer);
    if (sqlite3_get_autocommit(st->writer->db))
        st->broken = true;
    else if (st->alone && conn_step(cx, st->writer, &all_undone) == RC_OK)
        st->open = false;
    else if (conn_step(cx, st->writer, &undo) != RC_OK ||
             conn_step(cx, st->writer, &keep) != RC_OK)
        st->broken = true;
    if (st->keeps_bytes && db_bytes_keep(cx, false) != RC_OK) /* its end was not reached */
        st->broken = true;
    if (st->hooks.turn_undo)
        st->hooks.turn_undo(st->hooks.arg);
    cx->tx = NULL;
    atomic_fetch_add_explicit(&st->rollbacks, 1, memory_order_relaxed);
}

void db_rollback(struct ctx *cx)
{
    if (!cx->tx)
        return;
    struct store *st = cx->conn->st;
    turn_undo(cx, st);
    turn_end(st, false);
}

/* Releases the savepoint and joins the group. On failure the turn is over. */
static enum rc turn_join(struct ctx *cx, struct store *st, struct member m, uint32_t *group)
{
    enum rc rc = st->alone ? RC_OK : conn_step(cx, st->writer, &keep);
    if (rc != RC_OK) {
        turn_undo(cx, st);
        turn_end(st, false);
        return rc;
    }
    cx->tx = NULL;
    pthread_mutex_lock(&st->turn_lock);
    if (st->nmembers == 0)
        st->first_us = time_monotonic();
    st->members[st->nmembers++] = m;
    pthread_mutex_unlock(&st->turn_lock);
    *group = st->group;
    atomic_fetch_add_explicit(&st->turns, 1, memory_order_relaxed);
    return RC_OK;
}

enum rc db_commit(struct ctx *cx)
{
    if (!cx->tx)
        return RC_OK;
    struct store *st = cx->conn->st;
    _Atomic uint32_t result = UNSETTLED;
    uint32_t group = 0;
    TRY(turn_join(cx, st, (struct member){.result = &result}, &group));
    turn_end(st, true);
    enum rc rc = member_wait(st, group, &result);
    return rc == RC_OK ? RC_OK : FAIL(cx, STORE, NULL, "the commit group failed");
}

enum rc db_commit_async(struct ctx *cx, void (*done)(void *arg, enum rc rc), void *arg)
{
    if (!cx->tx) {
        done(arg, RC_OK);
        return RC_OK;
    }
    struct store *st = cx->conn->st;
    uint32_t group = 0;
    TRY(turn_join(cx, st, (struct member){.done = done, .arg = arg}, &group));
    turn_end(st, false);
    return RC_OK;
}
