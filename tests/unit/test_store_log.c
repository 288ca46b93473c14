/* test_store_log.c - the log goes back into the database; turns are undone; bulk work. */
#include "store_bed.h"

static int64_t bytes_of(struct bed *b, const char *name)
{
    struct stat st;
    const char *file = str_fmt(b->cx->mem, "%s/%s", b->dir.p, name).p;
    return stat(file, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* The log is copied back between groups, also while a reader holds an old snapshot. */
static void log_copied(void **state)
{
    struct bed b = bed_make(*state);
    char *text = arena_alloc(*state, 30000);
    memset(text, 'x', 30000);
    for (int i = 0; i < 1600; i++) { /* 48 MB in 12800 pages */
        const struct sql_val in[] = {SQL_INT(FIRST + i), SQL_TEXT(str_n(text, 30000))};
        assert_int_equal(db_begin(b.cx), RC_OK);
        assert_int_equal(sql_run_exec(b.cx, &note_add, in), RC_OK);
        assert_int_equal(db_commit(b.cx), RC_OK);
    }
    assert_int_equal(db_begin(b.cx), RC_OK); /* after the committer's last copying */
    db_rollback(b.cx);
    assert_true(bytes_of(&b, "motcua.db") > 15 << 20);
    /* While turns wait it is copied beside them, and need not begin anew before 32 MB. */
    assert_true(bytes_of(&b, "motcua.db-wal") < 68 << 20);
    bed_end(&b);
}

static enum rc texts_put(struct ctx *cx, int from, int n, struct str text)
{
    for (int i = from; i < from + n; i++) {
        const struct sql_val in[] = {SQL_INT(FIRST + i), SQL_TEXT(text)};
        TRY(sql_run_exec(cx, &note_add, in));
    }
    return RC_OK;
}

struct alike {
    struct str text;
    size_t same, other;
};

static enum rc alike_each(struct ctx *cx, const void *row, void *arg)
{
    struct alike *a = arg;
    const struct note *r = row;
    *(str_eq(r->module, a->text) ? &a->same : &a->other) += 1;
    return RC_OK;
}

/* How many rows there are, when all have that text. */
static size_t texts_as(struct ctx *cx, struct str text)
{
    const struct sql_val from[] = {SQL_INT(FIRST)};
    struct alike a = {text, 0, 0};
    assert_int_equal(sql_run_each(cx, &note_all, from, alike_each, &a), RC_OK);
    return a.other ? 0 : a.same;
}

/* What a turn undoes may be far more than the memory that is kept for it, and less again. */
static void large_undo(void **state)
{
    enum { ROWS = 2000 };
    struct bed b = bed_make(*state);
    const struct sql_val all[] = {SQL_INT(FIRST)};
    char *text = arena_alloc(*state, 2000);
    memset(text, 'x', 2000); /* two rows a page: 4 MB */
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(texts_put(b.cx, 0, ROWS, str_n(text, 2000)), RC_OK);
    assert_int_equal(db_commit(b.cx), RC_OK);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(db_begin(b.cx), RC_OK);
        assert_int_equal(sql_run_exec(b.cx, &note_drop, all), RC_OK);
        assert_int_equal(texts_put(b.cx, 0, ROWS / 2, STR("other")), RC_OK);
        db_rollback(b.cx);
        assert_int_equal(texts_as(b.cx, str_n(text, 2000)), ROWS);
        assert_int_equal(db_begin(b.cx), RC_OK);
        assert_int_equal(texts_put(b.cx, ROWS, 1, STR("one")), RC_OK);
        db_rollback(b.cx);
        assert_int_equal(texts_as(b.cx, str_n(text, 2000)), ROWS);
    }
    bed_end(&b);
}

/* Pages that become free are overwritten, unless what they held tells of nobody; the turn after
 * is as careful as ever, also after one that was undone before it said so. */
static void bytes_kept(void **state)
{
    struct bed b = bed_make(*state);
    const struct sql_val all[] = {SQL_INT(FIRST)};
    char *text = arena_alloc(*state, 2000);
    memset(text, 'x', 2000); /* two rows a page: 2 MB */
    db_intend(b.st, 1);      /* the log is not copied back, and only grows */
    for (int keep = 1; keep >= 0; keep--) {
        assert_int_equal(db_begin(b.cx), RC_OK);
        assert_int_equal(texts_put(b.cx, 0, 1000, str_n(text, 2000)), RC_OK);
        assert_int_equal(db_commit(b.cx), RC_OK);
        int64_t before = bytes_of(&b, "motcua.db-wal");
        assert_int_equal(db_begin(b.cx), RC_OK);
        if (keep)
            assert_int_equal(db_bytes_keep(b.cx, true), RC_OK);
        assert_int_equal(sql_run_exec(b.cx, &note_drop, all), RC_OK);
        if (keep)
            assert_int_equal(db_bytes_keep(b.cx, false), RC_OK);
        assert_int_equal(db_commit(b.cx), RC_OK);
        int64_t grown = bytes_of(&b, "motcua.db-wal") - before;
        assert_true(keep ? grown < 200 << 10 : grown > 1 << 20);
        assert_int_equal(db_begin(b.cx), RC_OK);
        assert_int_equal(db_bytes_keep(b.cx, true), RC_OK);
        db_rollback(b.cx);
    }
    db_intend(b.st, -1);
    assert_int_equal(db_bytes_keep(b.cx, true), RC_INTERNAL); /* outside a turn */
    bed_end(&b);
}

/* In bulk a turn has no savepoint: it is undone as a whole, and ends its group. */
static void bulk_turns(void **state)
{
    struct bed b = bed_make(*state);
    assert_int_equal(store_cache_set(b.cx, b.st, 16 << 20), RC_OK);
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(texts_put(b.cx, 0, 100, STR("kept")), RC_OK);
    assert_int_equal(add(b.cx, FIRST), RC_DUPLICATE); /* undoes only itself */
    ctx_clear(b.cx);
    assert_int_equal(db_commit(b.cx), RC_OK);
    assert_int_equal(store_stats(b.st).groups, 1);
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(texts_put(b.cx, 100, 100, STR("not kept")), RC_OK);
    db_rollback(b.cx);
    assert_int_equal(store_stats(b.st).groups, 1);
    assert_int_equal(store_stats(b.st).rollbacks, 1);
    assert_int_equal(texts_as(b.cx, STR("kept")), 100);
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(texts_put(b.cx, 100, 50, STR("kept")), RC_OK);
    assert_int_equal(store_cache_set(b.cx, b.st, 0),
                     RC_OK); /* serving begins with the next turn */
    assert_int_equal(db_commit(b.cx), RC_OK);
    assert_int_equal(db_begin(b.cx), RC_OK);
    assert_int_equal(texts_put(b.cx, 150, 50, STR("not kept")), RC_OK);
    db_rollback(b.cx);
    assert_int_equal(texts_as(b.cx, STR("kept")), 150);
    bed_end(&b);
}

/* While writers are announced the log is copied beside them, and starts over all the same; what
 * was committed is there, for this process and for the next. */
static void log_beside(void **state)
{
    enum { GROUPS = 120, ROWS = 30 }; /* 256 pages a turn: 120 MB */
    struct bed b = bed_make(*state);
    char *bytes = arena_alloc(*state, 30000 + 1);
    memset(bytes, 'x', 30000);
    struct str text = str_n(bytes, 30000);
    db_intend(b.st, 1);
    int64_t longest = 0;
    for (int i = 0; i < GROUPS; i++) {
        assert_int_equal(db_begin(b.cx), RC_OK);
        assert_int_equal(texts_put(b.cx, i * ROWS, ROWS, text), RC_OK);
        assert_int_equal(db_commit(b.cx), RC_OK);
        int64_t now = bytes_of(&b, "motcua.db-wal");
        longest = now > longest ? now : longest;
    }
    db_intend(b.st, -1);
    assert_true(bytes_of(&b, "motcua.db") > 60 << 20);
    assert_true(longest < 68 << 20); /* 64 MB and one turn */
    assert_int_equal(texts_as(b.cx, text), GROUPS * ROWS);
    store_close(b.st);
    b.cx->conn = NULL;
    assert_int_equal(rows_at_rest(*state, b.dir, text.p), GROUPS * ROWS);
    temp_remove(b.dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(log_copied), UNIT(large_undo), UNIT(bytes_kept),
        UNIT(bulk_turns), UNIT(log_beside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
