/* test_store.c - turns, groups, who may write what, migrations, backups, faults. */
#include "unit/harness.h"

#include <pthread.h>
#include <sqlite3.h>

#include "store_bed.h"

Q(stolen_insert, "casework", "insert into migration values (?1, 'x', '', 0)", 1, 0);
Q(stolen_update, "casework", "update migration set module = 'x' where number = ?1", 1, 0);
Q(stolen_delete, "casework", "delete from migration where number = ?1", 1, 0);
Q(stolen_table, "casework", "create table mine (x int)", 0, 0);
Q(stolen_drop, "casework", "drop table migration", 0, 0);
Q(stolen_pragma, "casework", "pragma synchronous = off", 0, 0);
Q(stolen_commit, "casework", "commit", 0, 0);
Q(stolen_attach, "casework", "attach '/tmp/x' as x", 0, 0);
Q(misspelt, "casework", "select nothing from nowhere", 0, 0);

static bool has(struct ctx *cx, int64_t n)
{
    const struct sql_val in[] = {SQL_INT(n)};
    void *row = NULL;
    assert_int_equal(sql_run_find(cx, &note_get, in, &row), RC_OK);
    return row != NULL;
}

static void one_turn(void **state)
{
    struct bed b = bed_make(*state);
    assert_int_equal(add(b.cx, FIRST), RC_INTERNAL); /* no turn */
    ctx_clear(b.cx);
    assert_int_equal(db_commit(b.cx), RC_OK);
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(db_begin(b.cx), RC_OK); /* already held */
    assert_int_equal(add(b.cx, FIRST), RC_OK);
    assert_int_equal(db_changes(b.cx), 1);
    assert_true(has(b.cx, FIRST)); /* its own writes */
    struct ctx *other = ctx_new(*state, NULL);
    assert_int_equal(db_attach(other, b.st), RC_OK);
    assert_false(has(other, FIRST)); /* not yet for others */
    assert_int_equal(db_commit(b.cx), RC_OK);
    assert_true(has(other, FIRST));
    assert_int_equal(store_stats(b.st).groups, 1);
    other->conn = NULL;
    bed_end(&b);
}

static void rollbacks(void **state)
{
    struct bed b = bed_make(*state);
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(add(b.cx, FIRST), RC_OK);
    db_rollback(b.cx);
    assert_false(has(b.cx, FIRST));
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(add(b.cx, FIRST + 1), RC_OK);
    assert_int_equal(add(b.cx, FIRST + 1), RC_DUPLICATE);
    ctx_clear(b.cx);
    assert_int_equal(db_commit(b.cx), RC_OK); /* the failed insert undid only itself */
    assert_true(has(b.cx, FIRST + 1));
    /* An arena that ends rolls back. */
    struct arena *mem = arena_new(1 << 20);
    struct ctx *gone = ctx_new(mem, NULL);
    assert_int_equal(db_attach(gone, b.st), RC_OK);
    assert_int_equal(db_begin(gone), RC_OK);
    assert_int_equal(add(gone, FIRST + 2), RC_OK);
    arena_free(mem);
    assert_int_equal(db_begin(b.cx), RC_OK); /* the turn is free */
    db_rollback(b.cx);
    assert_false(has(b.cx, FIRST + 2));
    bed_end(&b);
}

static void kinds(void **state)
{
    struct bed b = bed_make(*state);
    assert_int_equal(db_begin(b.cx), RC_OK);
    for (int i = 0; i < 100; i++)
        assert_int_equal(add(b.cx, FIRST + i), RC_OK);
    const struct sql_val from[] = {SQL_INT(FIRST + 90)}, none[] = {SQL_INT(FIRST + 900)};
    void *v;
    size_t n;
    struct note row;
    assert_int_equal(sql_run_many(b.cx, &note_all, from, &v, &n), RC_OK);
    assert_int_equal(n, 10);
    assert_true(((struct note *)v)[9].number == FIRST + 99);
    assert_str(((struct note *)v)[9].module, "test");
    assert_int_equal(sql_run_one(b.cx, &note_get, from, &row), RC_OK);
    assert_int_equal(sql_run_one(b.cx, &note_get, none, &row), RC_NOT_FOUND);
    ctx_clear(b.cx);
    assert_int_equal(sql_run_many(b.cx, &note_all, none, &v, &n), RC_OK);
    assert_int_equal(n, 0);
    assert_int_equal(sql_run_exec(b.cx, &misspelt, NULL), RC_INTERNAL);
    ctx_clear(b.cx);
    bed_end(&b);
}

static enum rc nested(struct ctx *cx, const void *row, void *arg)
{
    const struct note *r = row;
    const struct sql_val in[] = {SQL_INT(r->number)};
    void *v;
    size_t n;
    TRY(sql_run_many(cx, &note_all, in, &v, &n)); /* the same query, while it runs */
    *(size_t *)arg += n;
    return *(size_t *)arg > 15 ? FAIL(cx, STATE, NULL, "enough") : RC_OK;
}

static void each_row(void **state)
{
    struct bed b = bed_make(*state);
    size_t sum = 0;
    assert_int_equal(db_begin(b.cx), RC_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(add(b.cx, FIRST + i), RC_OK);
    const struct sql_val in[] = {SQL_INT(FIRST)};
    assert_int_equal(sql_run_each(b.cx, &note_all, in, nested, &sum), RC_OK);
    assert_int_equal(sum, 15);
    assert_int_equal(sql_run_each(b.cx, &note_all, in, nested, &sum), RC_STATE);
    ctx_clear(b.cx);
    assert_int_equal(db_commit(b.cx), RC_OK);
    bed_end(&b);
}

static void refusals(void **state)
{
    static const struct sql_query *const rows[] = {
        &stolen_insert, &stolen_update, &stolen_delete, &stolen_table,
        &stolen_drop,   &stolen_pragma, &stolen_commit, &stolen_attach,
    };
    struct bed b = bed_make(*state);
    const struct sql_val in[] = {SQL_INT(1)};
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(sql_run_exec(b.cx, rows[i], in), RC_INTERNAL);
        ctx_clear(b.cx);
        assert_int_equal(db_begin(b.cx), RC_OK);
        assert_int_equal(sql_run_exec(b.cx, rows[i], in), RC_INTERNAL);
        ctx_clear(b.cx);
        db_rollback(b.cx);
    }
    bed_end(&b);
}

static void second_process(void **state)
{
    struct bed b = bed_make(*state);
    struct store *again = NULL, *reader = NULL;
    assert_int_equal(store_open(b.cx, b.dir, STORE_WRITE, &again), RC_BUSY);
    ctx_clear(b.cx);
    assert_int_equal(store_open(b.cx, STR("/nonexistent/x"), STORE_WRITE, &again), RC_IO);
    ctx_clear(b.cx);
    assert_int_equal(store_open(b.cx, STR("/nonexistent/x"), STORE_READ, &again), RC_NOT_FOUND);
    ctx_clear(b.cx);
    assert_int_equal(store_open(b.cx, b.dir, STORE_READ, &reader), RC_OK);
    struct ctx *cx = ctx_new(*state, NULL);
    assert_int_equal(db_attach(cx, reader), RC_OK);
    assert_true(has(cx, 1));
    assert_int_equal(db_begin(cx), RC_INTERNAL);
    cx->conn = NULL;
    store_close(reader);
    bed_end(&b);
}

static void migrated_once(void **state)
{
    struct bed b = bed_make(*state);
    store_close(b.st);
    b.cx->conn = NULL;
    assert_int_equal(store_open(b.cx, b.dir, STORE_WRITE, &b.st), RC_OK);
    assert_int_equal(db_attach(b.cx, b.st), RC_OK);
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(add(b.cx, 9999), RC_OK); /* as if a newer program had been here */
    assert_int_equal(db_commit(b.cx), RC_OK);
    store_close(b.st);
    b.cx->conn = NULL;
    assert_int_equal(store_open(b.cx, b.dir, STORE_WRITE, &b.st), RC_NEWER);
    ctx_clear(b.cx);
    sqlite3 *db;
    const char *file = str_fmt(*state, "%s/motcua.db", b.dir.p).p;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    sqlite3_exec(db,
                 "delete from migration where number = 9999;"
                 "update migration set digest = 'x' where number = 1",
                 NULL, NULL, NULL);
    sqlite3_close(db);
    assert_int_equal(store_open(b.cx, b.dir, STORE_WRITE, &b.st), RC_CORRUPT);
    temp_remove(b.dir);
}

/* The folder at rest, with its database changed by somebody else. */
static void closed_change(struct bed *b, const char *sql)
{
    sqlite3 *db;
    store_close(b->st);
    b->cx->conn = NULL;
    const char *file = str_fmt(b->cx->mem, "%.*s/motcua.db", STR_ARG(b->dir)).p;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

#define NEWER "insert into migration values (9999, 'later', 'x', 0)"

/* A folder whose tables are not this program's is not read with queries that do not fit it. */
static void read_by_its_own_program(void **state)
{
    static const struct {
        const char *change;
        enum store_mode mode;
        enum rc rc;
        const char *words;
    } rows[] = {
        {"select 1", STORE_READ, RC_OK, ""},
        {"select 1", STORE_COPY, RC_OK, ""},
        {"delete from migration where number = (select max(number) from migration)", STORE_READ,
         RC_OLDER, "motcua serve"},
        {"delete from migration where number > 1", STORE_READ, RC_OLDER, "migration 1 of"},
        {"delete from migration where number > 1", STORE_COPY, RC_OK, ""},
        {"delete from migration", STORE_READ, RC_OLDER, "migration 0 of"},
        {"delete from migration", STORE_COPY, RC_OK, ""},
        {"drop table migration", STORE_READ, RC_CORRUPT, "not a node's"},
        {"drop table migration", STORE_COPY, RC_CORRUPT, "not a node's"},
        {NEWER, STORE_READ, RC_NEWER, "migration 9999"},
        {NEWER, STORE_COPY, RC_NEWER, "use the program that wrote it"},
        {NEWER, STORE_WRITE, RC_NEWER, "restore a backup"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct bed b = bed_make(*state);
        struct store *again = NULL;
        closed_change(&b, rows[i].change);
        struct ctx *cx = ctx_new(*state, NULL);
        if (store_open(cx, b.dir, rows[i].mode, &again) != rows[i].rc)
            fail_msg("%s: %s %s", rows[i].change, rc_name(cx->err.rc), cx->err.detail);
        assert_non_null(strstr(cx->err.detail, rows[i].words));
        assert_true((again != NULL) == (rows[i].rc == RC_OK));
        store_close(again);
        temp_remove(b.dir);
    }
}

/* What reads more than the ledger of an older folder asks first. */
static void tables_that_are_needed(void **state)
{
    static const struct {
        int last, need;
        enum rc rc;
    } rows[] = {
        {21, 21, RC_OK},  {21, 0, RC_OK},      {20, 21, RC_OLDER},
        {1, 2, RC_OLDER}, {9998, 9999, RC_OK},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct bed b = bed_make(*state);
        struct store *copy;
        closed_change(
            &b, str_fmt(*state, "delete from migration where number > %d", rows[i].last).p);
        struct ctx *cx = ctx_new(*state, NULL);
        assert_int_equal(db_tables_need(cx, rows[i].need), RC_INTERNAL); /* nothing is open */
        ctx_clear(cx);
        assert_int_equal(store_open(cx, b.dir, STORE_COPY, &copy), RC_OK);
        assert_int_equal(db_attach(cx, copy), RC_OK);
        assert_int_equal(db_tables_need(cx, rows[i].need), rows[i].rc);
        cx->conn = NULL;
        store_close(copy);
        temp_remove(b.dir);
    }
}

static void seen_progress(void *arg, int64_t done, int64_t all)
{
    *(bool *)arg = done == all;
}

static void backups(void **state)
{
    struct bed b = bed_make(*state);
    struct str to = str_fmt(*state, "%s/copy", b.dir.p);
    assert_int_equal(db_begin(b.cx), RC_OK);
    for (int i = 0; i < 2000; i++)
        assert_int_equal(add(b.cx, FIRST + i), RC_OK);
    assert_int_equal(db_commit(b.cx), RC_OK);
    bool whole = false;
    assert_int_equal(store_backup(b.cx, b.st, to, seen_progress, &whole), RC_OK);
    assert_true(whole);
    assert_int_equal(store_backup(b.cx, b.st, to, NULL, NULL), RC_DUPLICATE);
    ctx_clear(b.cx);
    assert_int_equal(rows_at_rest(*state, to, NULL), 2000);
    assert_int_equal(rows_at_rest(*state, to, "other"), 0);
    bed_end(&b);
}

/* -- groups -- */

enum { THREADS = 16, TURNS = 60 };

struct worker {
    struct store *st;
    pthread_t thread;
    int number;
    unsigned kept, undone, failed;
    unsigned called; /* and failed: counted by the committer too */
};

static void on_done(void *arg, enum rc rc)
{
    struct worker *w = arg;
    __atomic_fetch_add(&w->called, 1, __ATOMIC_SEQ_CST);
    if (rc != RC_OK)
        __atomic_fetch_add(&w->failed, 1, __ATOMIC_SEQ_CST);
}

static void one_of_many(struct worker *w, int i)
{
    struct arena *mem = arena_new(1 << 20);
    struct ctx *cx = ctx_new(mem, NULL);
    int64_t n = FIRST + w->number * TURNS + i;
    enum rc rc = db_attach(cx, w->st);
    db_intend(w->st, 1);
    if (rc == RC_OK)
        rc = db_begin(cx);
    if (rc == RC_OK)
        rc = add(cx, n);
    if (rc == RC_OK && i % 3 == 0) {
        db_rollback(cx);
        w->undone++;
    } else if (rc == RC_OK && i % 3 == 1) {
        rc = db_commit_async(cx, on_done, w);
        w->kept++;
    }
    db_intend(w->st, -1);
    if (i % 3 == 2) {
        rc = db_commit(cx);
        w->kept++;
    }
    if (rc != RC_OK)
        __atomic_fetch_add(&w->failed, 1, __ATOMIC_SEQ_CST);
    arena_free(mem);
}

static void *worker_main(void *arg)
{
    for (int i = 0; i < TURNS; i++)
        one_of_many(arg, i);
    return NULL;
}

static unsigned run_workers(struct store *st, struct worker *w)
{
    unsigned failed = 0;
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct worker){.st = st, .number = i};
        pthread_create(&w[i].thread, NULL, worker_main, &w[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(w[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        while (__atomic_load_n(&w[i].called, __ATOMIC_SEQ_CST) < TURNS / 3)
            usleep(1000);
        failed += w[i].failed;
    }
    return failed;
}

static void groups(void **state)
{
    struct bed b = bed_make(*state);
    struct worker *w = arena_array(*state, struct worker, THREADS);
    assert_int_equal(run_workers(b.st, w), 0);
    for (int i = 0; i < THREADS * TURNS; i++)
        assert_int_equal(has(b.cx, FIRST + i), i % TURNS % 3 != 0);
    struct store_stats s = store_stats(b.st);
    assert_true(s.turns == THREADS * TURNS * 2 / 3);
    assert_true(s.rollbacks == THREADS * TURNS / 3);
    assert_true(s.groups < s.turns / 2); /* they did share */
    assert_true(s.waiting == 0);
    bed_end(&b);
}

static void groups_fail(void **state)
{
    struct bed b = bed_make(*state);
    struct worker *w = arena_array(*state, struct worker, THREADS);
    store_fail_at(b.st, FAULT_COMMIT, 3);
    unsigned failed = run_workers(b.st, w);
    assert_true(failed > 0);
    unsigned there = 0;
    for (int i = 0; i < THREADS * TURNS; i++)
        there += has(b.cx, FIRST + i);
    assert_int_equal(there, THREADS * TURNS * 2 / 3 - failed);
    bed_end(&b);
}

/* -- hooks and faults -- */

struct hooked {
    int begun, undone, sealed, durable, lost;
    enum rc seal_says;
};

static enum rc seal(struct ctx *cx, void *arg)
{
    struct hooked *h = arg;
    assert_true(db_is_writing(cx));
    h->sealed++;
    enum rc rc = add(cx, FIRST + 5000 + h->sealed);
    return rc == RC_OK ? h->seal_says : rc;
}

static void settled(void *arg, bool durable)
{
    struct hooked *h = arg;
    h->durable += durable;
    h->lost += !durable;
}

static void begun(void *arg)
{
    ((struct hooked *)arg)->begun++;
}

static void undone(void *arg)
{
    ((struct hooked *)arg)->undone++;
}

static void hooks(void **state)
{
    struct bed b = bed_make(*state);
    struct hooked h = {.seal_says = RC_OK};
    store_hooks_set(b.st, &(struct store_hooks){seal, settled, begun, undone, &h});
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(add(b.cx, FIRST), RC_OK);
    assert_int_equal(db_commit(b.cx), RC_OK);
    assert_true(has(b.cx, FIRST + 5001));
    assert_int_equal(db_begin(b.cx), RC_OK);
    db_rollback(b.cx);
    h.seal_says = RC_INTERNAL;
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(add(b.cx, FIRST + 1), RC_OK);
    assert_int_equal(db_commit(b.cx), RC_STORE);
    ctx_clear(b.cx);
    assert_false(has(b.cx, FIRST + 1));
    assert_int_equal(h.begun, 3);
    assert_int_equal(h.undone, 1);
    assert_int_equal(h.durable, 1);
    assert_int_equal(h.lost, 1);
    bed_end(&b);
}

static enum rc small_work(struct ctx *cx)
{
    const struct sql_val all[] = {SQL_INT(FIRST)};
    TRY(db_begin(cx));
    TRY(sql_run_exec(cx, &note_drop, all));
    TRY(add(cx, FIRST));
    TRY(add(cx, FIRST + 1));
    return db_commit(cx);
}

/* The n-th query, write or commit fails, for n = 1, 2, 3 … until the work succeeds: all of
 * it is there then, and nothing of it before. */
static void faults(void **state)
{
    static const struct {
        enum store_fault what;
        unsigned times;
    } rows[] = {{FAULT_QUERY, 3}, {FAULT_WRITE, 3}, {FAULT_COMMIT, 1}};
    struct bed b = bed_make(*state);
    for (size_t i = 0; i < ROWS(rows); i++) {
        unsigned n = 1;
        for (;; n++) {
            store_fail_at(b.st, rows[i].what, n);
            enum rc rc = small_work(b.cx);
            store_fail_at(b.st, rows[i].what, 0);
            db_rollback(b.cx);
            ctx_clear(b.cx);
            if (rc == RC_OK)
                break;
            assert_int_equal(rc, RC_STORE);
            assert_int_equal(has(b.cx, FIRST), i > 0);
        }
        assert_int_equal(n, rows[i].times + 1);
        assert_true(has(b.cx, FIRST) && has(b.cx, FIRST + 1));
    }
    bed_end(&b);
}

/* A unit of work that runs out of memory in the middle of a query leaves nothing behind. */
static void escapes(void **state)
{
    struct bed b = bed_make(*state);
    assert_int_equal(db_begin(b.cx), RC_OK);
    for (int i = 0; i < 4000; i++)
        assert_int_equal(add(b.cx, FIRST + i), RC_OK);
    assert_int_equal(db_commit(b.cx), RC_OK);
    struct arena *mem = arena_new(64 << 10);
    struct ctx *cx = ctx_new(mem, NULL);
    const struct sql_val in[] = {SQL_INT(FIRST)};
    jmp_buf out;
    if (setjmp(out) == 0) {
        void *v;
        size_t n;
        arena_escape_set(mem, &out);
        assert_int_equal(db_attach(cx, b.st), RC_OK);
        assert_int_equal(db_begin(cx), RC_OK);
        (void)!sql_run_many(cx, &note_all, in, &v, &n);
        fail_msg("the limit did not hold");
    }
    arena_free(mem);
    assert_int_equal(small_work(b.cx), RC_OK);
    bed_end(&b);
}

int main(void)
{
    log_level_set(LOG_ERROR + 1);
    const struct CMUnitTest tests[] = {
        UNIT(one_turn),
        UNIT(rollbacks),
        UNIT(kinds),
        UNIT(each_row),
        UNIT(refusals),
        UNIT(second_process),
        UNIT(migrated_once),
        UNIT(read_by_its_own_program),
        UNIT(tables_that_are_needed),
        UNIT(backups),
        UNIT(groups),
        UNIT(groups_fail),
        UNIT(hooks),
        UNIT(faults),
        UNIT(escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
