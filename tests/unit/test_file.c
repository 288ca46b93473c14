/* test_file.c - a whole file as one text: its refusals, its edges, what is no plain file. */
#include "unit/harness.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { MOST = 16 };

static char folder[] = "/tmp/motcua-file-XXXXXX";

static struct str path_of(struct arena *mem, const char *name)
{
    return str_fmt(mem, "%s/%s", folder, name);
}

static struct str written(struct arena *mem, const char *name, struct str bytes)
{
    struct str path = path_of(mem, name);
    int fd = open(path.p, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    close(fd);
    return path;
}

static int folder_make(void **state)
{
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_end(void **state)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* -- what is in it -- */

static void bytes_as_they_are(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        bool is_binary;
        enum rc rc;
    } rows[] = {
        {"", 0, false, RC_OK},
        {"a", 1, false, RC_OK},
        {"dòng 123\r\ndòng", 16, false, RC_OK}, /* as large as allowed; no end of line */
        {"0123456789abcdef", 16, true, RC_OK},
        {"0123456789abcdefg", 17, true, RC_TOO_LARGE}, /* one byte more */
        {"0123456789abcdefg", 17, false, RC_TOO_LARGE},
        {"a\0b", 3, true, RC_OK},
        {"a\0b", 3, false, RC_INVALID},
        {"\0", 1, false, RC_INVALID},
        {"0123456789abcde\0", 16, false, RC_INVALID},
        {"0123456789abcde\0f", 17, false, RC_TOO_LARGE}, /* told first: nothing was looked at */
        {"\xff\xfe\x80", 3, false, RC_OK}, /* whose reader knows what it wants says so itself */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct str in = str_n(rows[i].bytes, rows[i].n), out = STR("before");
        struct file_want w = {"the-field", MOST, rows[i].is_binary};
        enum rc rc = file_read(cx, written(cx->mem, "f", in), &w, &out);
        if (rc != rows[i].rc)
            fail_msg("row %zu: %s", i, rc_name(rc));
        if (rc == RC_OK) {
            assert_true(str_eq(out, in));
            assert_int_equal(out.p[out.n], 0);
        } else {
            assert_string_equal(cx->err.field, "the-field");
            assert_str(out, "before"); /* only on success */
        }
    }
}

static void nothing_is_allowed(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct file_want w = {.field = "f", .most = 0};
    struct str out;
    assert_int_equal(file_read(cx, written(cx->mem, "f", STR("")), &w, &out), RC_OK);
    assert_int_equal(out.n, 0);
    assert_int_equal(file_read(cx, written(cx->mem, "f", STR("x")), &w, &out), RC_TOO_LARGE);
}

/* -- where it is -- */

static void places_refused(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    const struct file_want w = {.field = "file", .most = MOST};
    struct str plain = written(cx->mem, "plain", STR("x")), out;
    struct str under = str_join(cx->mem, plain, STR("/x"));
    struct str gone = path_of(cx->mem, "gone"), loop = path_of(cx->mem, "loop");
    assert_int_equal(symlink(loop.p, loop.p), 0);
    const struct {
        struct str path;
        enum rc rc;
    } rows[] = {{gone, RC_NOT_FOUND},
                {STR(""), RC_NOT_FOUND},
                {under, RC_NOT_FOUND},
                {loop, RC_NOT_FOUND},
                {STR("/dev/null/x"), RC_NOT_FOUND},
                {str_from(folder), RC_INVALID},
                {STR("/"), RC_INVALID},
                {STR("/dev/zero"), RC_TOO_LARGE}, /* without an end: the ceiling holds */
                {plain, RC_OK}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        enum rc rc = file_read(cx, rows[i].path, &w, &out);
        if (rc != rows[i].rc)
            fail_msg("row %zu: %s", i, rc_name(rc));
        if (rc != RC_OK)
            assert_string_equal(cx->err.field, "file");
        ctx_clear(cx);
    }
}

/* What has no size beforehand: pipes, links, files of the kernel. */
static void whatever_can_be_read(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct file_want w = {.field = "file", .most = MOST};
    struct str out, link = path_of(cx->mem, "link");
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "qua ống", 9), 9);
    close(ends[1]);
    struct str path = str_fmt(cx->mem, "/proc/self/fd/%d", ends[0]);
    assert_int_equal(file_read(cx, path, &w, &out), RC_OK);
    assert_str(out, "qua ống");
    close(ends[0]);
    assert_int_equal(symlink(written(cx->mem, "to", STR("theo liên kết")).p, link.p), 0);
    w.most = 100;
    assert_int_equal(file_read(cx, link, &w, &out), RC_OK);
    assert_str(out, "theo liên kết");
    assert_int_equal(file_read(cx, STR("/proc/self/comm"), &w, &out), RC_OK);
    assert_true(out.n > 0);
    assert_int_equal(file_read(cx, STR("/dev/null"), &w, &out), RC_OK);
    assert_int_equal(out.n, 0);
}

/* The file is closed with the memory, on every way out. */
static void closed_in_the_end(void **state)
{
    struct arena *outer = *state;
    struct str path = written(outer, "f", STR("0123456789abcdefg"));
    int before = dup(0);
    close(before);
    for (int i = 0; i < 3; i++) {
        struct arena *mem = arena_new(1 << 20);
        struct ctx *cx = ctx_new(mem, NULL);
        struct str out;
        struct file_want w = {.field = "f", .most = i ? 100 : 3};
        assert_int_equal(file_read(cx, path, &w, &out), i ? RC_OK : RC_TOO_LARGE);
        arena_free(mem);
    }
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(bytes_as_they_are),    UNIT(nothing_is_allowed), UNIT(places_refused),
        UNIT(whatever_can_be_read), UNIT(closed_in_the_end),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_end);
}
