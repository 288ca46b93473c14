/* store_bed.h - a store, and rows of the store's own table to write and read in it. */
#ifndef TESTS_STORE_BED_H
#define TESTS_STORE_BED_H

#include "unit/harness.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "store_help.h"

struct note {
    int64_t number;
    struct str module;
};
static const struct sql_col note_cols[] = {
    {SQL_INT_TYPE, offsetof(struct note, number)},
    {SQL_TEXT_TYPE, offsetof(struct note, module)},
};
#define Q(var, mod, text, np, nc)                                                              \
    static const struct sql_query var = {.name = #var,                                         \
                                         .module = mod,                                        \
                                         .sql = text,                                          \
                                         .nparams = np,                                        \
                                         .ncols = nc,                                          \
                                         .cols = note_cols,                                    \
                                         .row = sizeof(struct note)}

Q(note_add, "store", "insert into migration values (?1, ?2, '', 0)", 2, 0);
Q(note_get, "store", "select number, module from migration where number = ?1", 1, 2);
Q(note_all, "store", "select number, module from migration where number >= ?1 order by number",
  1, 2);
Q(note_drop, "store", "delete from migration where number >= ?1", 1, 0);

enum { FIRST = 10000 }; /* numbers of test rows stand far above the migrations */

struct bed {
    struct str dir;
    struct store *st;
    struct ctx *cx;
};

static struct bed bed_make(struct arena *mem)
{
    /* on a disk: turns join a group while one is flushed */
    char *dir = (char *)str_fmt(mem, "/tmp/motcua-test-XXXXXX").p;
    struct bed b = {.dir = str_from(mkdtemp(dir)), .cx = ctx_new(mem, NULL)};
    assert_int_equal(store_open(b.cx, b.dir, STORE_WRITE, &b.st), RC_OK);
    assert_int_equal(db_attach(b.cx, b.st), RC_OK);
    return b;
}

static void bed_end(struct bed *b)
{
    db_rollback(b->cx);
    store_close(b->st);
    b->cx->conn = NULL;
    temp_remove(b->dir);
}

static enum rc add(struct ctx *cx, int64_t n)
{
    const struct sql_val in[] = {SQL_INT(n), SQL_TEXT(STR("test"))};
    return sql_run_exec(cx, &note_add, in);
}

/* Test rows with that text (NULL: any) in a database at rest. No store opens it again: they are
 * migrations that no program knows. */
static inline int64_t rows_at_rest(struct arena *mem, struct str dir, const char *text)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    const char *file = str_fmt(mem, "%.*s/motcua.db", STR_ARG(dir)).p;
    const char *sql = "select count(*) from migration where number >= ?1 and "
                      "(?2 is null or module = ?2)";
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    sqlite3_bind_int64(st, 1, FIRST);
    sqlite3_bind_text(st, 2, text, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

#endif
