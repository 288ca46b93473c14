/* test_ops.c - a copy of a whole data folder: what comes along, what does not, and that what cannot
 * be read is never left out in silence; the thread of jobs begins late and ends at once. */
#include "unit/harness.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app/app.h"
#include "ops/backup.h"
#include "ops/jobs.h"
#include "store_help.h"

struct bed {
    struct arena *mem;
    struct str root, from, to;
    struct ctx *cx;
    struct app app;
};

static const char *path_of(struct bed *b, struct str dir, const char *name)
{
    return str_fmt(b->mem, "%.*s/%s", STR_ARG(dir), name).p;
}

static void folder(struct bed *b, const char *name)
{
    assert_int_equal(mkdir(path_of(b, b->from, name), 0700), 0);
}

static void put(struct bed *b, const char *name, const char *bytes)
{
    int fd = open(path_of(b, b->from, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0 && write(fd, bytes, strlen(bytes)) == (ssize_t)strlen(bytes));
    close(fd);
}

static int begin(void **state)
{
    struct arena *mem = arena_new(64u << 20);
    struct bed *b = arena_new_of(mem, struct bed);
    b->mem = mem;
    b->root = temp_dir(mem);
    b->from = str_join(mem, b->root, STR("/from"));
    b->to = str_join(mem, b->root, STR("/to"));
    b->app.mem = mem;
    log_level_set(LOG_ERROR + 1);
    struct ctx *cx = ctx_new(mem, NULL);
    assert_int_equal(store_open(cx, b->from, STORE_WRITE, &b->app.store), RC_OK);
    b->cx = ctx_new(mem, &b->app);
    assert_int_equal(db_attach(b->cx, b->app.store), RC_OK);
    folder(b, "files");
    folder(b, "keys");
    *state = b;
    return 0;
}

static int end(void **state)
{
    struct bed *b = *state;
    store_close(b->app.store);
    b->cx->conn = NULL;
    temp_remove(b->root);
    arena_free(b->mem);
    return 0;
}

#define BED(f) cmocka_unit_test_setup_teardown(f, begin, end)

static void no_progress(void *arg, int64_t done, int64_t all)
{
    assert_true(done >= 0 && done <= all);
    ++*(int *)arg;
}

static enum rc copied(struct bed *b)
{
    int told = 0;
    ctx_clear(b->cx);
    enum rc rc = backup_make(b->cx, b->from, b->to, no_progress, &told);
    assert_true(rc != RC_OK || told > 0);
    return rc;
}

static bool is_there(struct bed *b, const char *name)
{
    struct stat st;
    return lstat(path_of(b, b->to, name), &st) == 0;
}

static void what_comes_along(void **state)
{
    struct bed *b = *state;
    static const struct {
        const char *name, *bytes;
        bool comes;
    } rows[] = {
        {"keys/node.key", "k", true},
        {"keys/empty", "", true},
        {"keys/.hidden", "x", false}, /* an editor's, a half-written one's */
        {"files/ab/cdef", "a paper", true},
        {"files/ab/1/2/3/deep", "x", true},    /* the fourth folder below */
        {"files/ab/1/2/3/4/deep", "x", false}, /* the fifth */
        {"motcua.conf", "undo_s = 0\n", true},
        {"notes.txt", "x", false}, /* nobody's */
        {"spool", "x", false},
    };
    static const char *const folders[] = {"files/ab", "files/ab/1", "files/ab/1/2",
                                          "files/ab/1/2/3", "files/ab/1/2/3/4"};
    for (size_t i = 0; i < ROWS(folders); i++)
        folder(b, folders[i]);
    for (size_t i = 0; i < ROWS(rows); i++)
        put(b, rows[i].name, rows[i].bytes);
    assert_int_equal(symlink("/etc/passwd", path_of(b, b->from, "keys/link")), 0);
    assert_int_equal(copied(b), RC_OK);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct stat st;
        if (is_there(b, rows[i].name) != rows[i].comes)
            fail_msg("%s", rows[i].name);
        if (!rows[i].comes)
            continue;
        assert_int_equal(stat(path_of(b, b->to, rows[i].name), &st), 0);
        assert_int_equal(st.st_size, strlen(rows[i].bytes));
        assert_int_equal(st.st_mode & 07777, 0600); /* whatever it was: keys are among them */
    }
    assert_false(is_there(b, "keys/link"));
    assert_true(is_there(b, "motcua.db"));
    assert_false(is_there(b, "lock"));
}

static void nothing_is_written_over(void **state)
{
    struct bed *b = *state;
    put(b, "keys/node.key", "first");
    assert_int_equal(copied(b), RC_OK);
    put(b, "keys/node.key", "second!");
    assert_int_equal(copied(b), RC_DUPLICATE);
    struct stat st;
    assert_int_equal(stat(path_of(b, b->to, "keys/node.key"), &st), 0);
    assert_int_equal(st.st_size, 5);
    assert_int_equal(backup_make(b->cx, b->from, b->from, no_progress, &(int){0}),
                     RC_DUPLICATE); /* into itself */
}

/* A copy that lacks keys or papers opens nothing: it must not look like one. */
static void what_cannot_be_read_fails(void **state)
{
    struct bed *b = *state;
    rmdir(path_of(b, b->from, "keys"));
    put(b, "keys", "a file where a folder should be");
    assert_int_equal(copied(b), RC_IO);
    assert_string_equal(b->cx->err.field, "from");
    assert_non_null(strstr(b->cx->err.detail, "keys"));
}

/* The program's open of a file, for all of this test: what vanishes does so once it was listed. */
static const char *vanishes;

int open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    int mode = flags & O_CREAT ? va_arg(ap, int) : 0;
    va_end(ap);
    size_t n = strlen(path), end = vanishes ? strlen(vanishes) : n + 1;
    if (n >= end && strcmp(path + n - end, vanishes) == 0)
        unlink(path);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static void row_add(struct bed *b, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path_of(b, b->from, "motcua.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* The sweep goes on beside a backup: what it takes is not missing. What a row names is. */
static void papers_swept_meanwhile(void **state)
{
    static const struct {
        const char *file, *row;
        enum rc rc;
    } rows[] = {
        {"/from/files/ab/cdef", NULL, RC_OK},
        {"/from/files/ab/cdef",
         "insert into draft_file values (1, 'd', 'x', 'n', 'image/png', 'cdef', 1, 0)", RC_OK},
        {"/from/files/ab/cdef",
         "insert into draft_file values (2, 'd', 'x', 'n', 'image/png', 'abcdef', 1, 0)",
         RC_IO},
        {"/from/keys/node.key", NULL, RC_IO},
        {"/from/motcua.conf", NULL, RC_IO},
        {"/from/files/loose", NULL, RC_OK}, /* nothing that a row could name */
    };
    struct bed *b = *state;
    folder(b, "files/ab");
    for (size_t i = 0; i < ROWS(rows); i++) {
        static const char *const all[] = {"files/ab/cdef", "files/ab/0123", "files/loose",
                                          "keys/node.key", "motcua.conf"};
        for (size_t k = 0; k < ROWS(all); k++)
            put(b, all[k], "x");
        if (rows[i].row)
            row_add(b, rows[i].row);
        b->to = str_fmt(b->mem, "%.*s/to%zu", STR_ARG(b->root), i);
        vanishes = rows[i].file;
        enum rc rc = copied(b);
        vanishes = NULL;
        if (rc != rows[i].rc)
            fail_msg("%s: %s", rows[i].file, rc_name(rc));
        if (rc != RC_OK)
            continue;
        for (size_t k = 0; k < ROWS(all); k++)
            assert_int_equal(is_there(b, all[k]), strcmp(all[k], rows[i].file + 6) != 0);
        row_add(b, "delete from draft_file");
    }
}

static void what_is_absent_is_left_out(void **state)
{
    struct bed *b = *state;
    rmdir(path_of(b, b->from, "keys"));
    rmdir(path_of(b, b->from, "files"));
    assert_int_equal(copied(b), RC_OK);
    assert_false(is_there(b, "keys"));
    assert_false(is_there(b, "motcua.conf"));
    b->to = str_join(b->mem, b->root, STR("/none/to"));
    assert_int_equal(copied(b), RC_IO); /* only the last folder is made */
    assert_string_equal(b->cx->err.field, "to");
}

/* Nothing of the app but its store stands: no job has begun within the first seconds. */
static void jobs_end_at_once(void **state)
{
    struct bed *b = *state;
    int64_t begun = time_monotonic();
    jobs_stop(NULL);
    for (int i = 0; i < 20; i++) {
        struct jobs *jobs = jobs_start(&b->app);
        assert_non_null(jobs);
        if (i % 2)
            usleep(2000); /* it waits by now */
        jobs_stop(jobs);
    }
    assert_true(time_monotonic() - begun < 2 * SECOND_US);
    memory_give_back(); /* code that runs is read again */
    assert_true(time_monotonic() > begun);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BED(what_comes_along),           BED(nothing_is_written_over),
        BED(what_cannot_be_read_fails),  BED(papers_swept_meanwhile),
        BED(what_is_absent_is_left_out), BED(jobs_end_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
