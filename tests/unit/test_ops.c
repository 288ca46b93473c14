/* test_ops.c - a copy of a whole data folder: what comes along, what does not, and that what cannot
 * be read is never left out in silence; the thread of jobs begins late and ends at once. */
#include "unit/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
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

/* Whoever sweeps papers takes the folder for himself: not while a backup is made. */
static bool may_sweep(const struct bed *b)
{
    int fd = open(str_z(b->mem, b->from), O_RDONLY | O_DIRECTORY);
    bool may = flock(fd, LOCK_EX | LOCK_NB) == 0;
    assert_true(may || errno == EWOULDBLOCK);
    close(fd);
    return may;
}

static void sweep_try(void *arg, int64_t done, int64_t all)
{
    (void)done;
    (void)all;
    assert_false(may_sweep(arg));
}

static void no_paper_is_swept_meanwhile(void **state)
{
    struct bed *b = *state;
    struct ctx own = *b->cx;
    own.mem = arena_new(1 << 20);
    assert_true(may_sweep(b));
    assert_int_equal(backup_make(&own, b->from, b->to, sweep_try, b), RC_OK);
    assert_false(may_sweep(b));
    arena_free(own.mem);
    assert_true(may_sweep(b));
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
        BED(what_cannot_be_read_fails),  BED(no_paper_is_swept_meanwhile),
        BED(what_is_absent_is_left_out), BED(jobs_end_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
