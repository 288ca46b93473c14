/* test_setting.c - settings: defaults, files, refusals. */
#include "unit/harness.h"
#include "setting/setting.h"

#include <stdio.h>
#include <unistd.h>

static void file_write(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* What is said on the way, out of the error stream. */
static struct str logged_while_loading(struct ctx *cx, const char *path, struct settings *s)
{
    enum { LOG_MAX = 4096 };
    FILE *said = tmpfile();
    int before = dup(STDERR_FILENO);
    char *text = arena_alloc(cx->mem, LOG_MAX);
    assert_true(said && before >= 0);
    fflush(stderr);
    assert_true(dup2(fileno(said), STDERR_FILENO) >= 0);
    enum rc rc = settings_load(cx, str_from(path), s);
    fflush(stderr);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    assert_int_equal(rc, RC_OK);
    rewind(said);
    size_t n = fread(text, 1, LOG_MAX, said);
    fclose(said);
    return str_n(text, n);
}

static void test_default(void **state)
{
    struct settings s;
    settings_default(&s);
    assert_int_equal(s.http_port, 8080);
    assert_str(s.http_bind, "127.0.0.1");
    assert_str(s.public_url, "");
    struct ctx *cx = ctx_new(*state, NULL);
    s.http_port = 1;
    assert_int_equal(settings_load(cx, STR("/nonexistent/motcua.conf"), &s), RC_OK);
    assert_int_equal(s.http_port, 8080);
}

static void test_load(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct settings s;
    char path[] = "/tmp/motcua-setting-XXXXXX";
    close(mkstemp(path));
    file_write(path,
               "# a node\n\n http_port = 9090 \r\nnode_name=ben-tre.example\npublic_url =");
    assert_int_equal(settings_load(cx, str_from(path), &s), RC_OK);
    assert_int_equal(s.http_port, 9090);
    assert_str(s.node_name, "ben-tre.example");
    assert_str(s.public_url, "");
    unlink(path);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *text, *detail;
    } rows[] = {
        {"http_port = 0", "line 1: http_port is 0"},
        {"\nhttp_port = 65536", "line 2: http_port is 65536"},
        {"http_port = many", "line 1: not a whole number"},
        {"http_port =", "line 1: not a whole number"},
        {"http_port", "line 1: not `name = value`"},
        {"#\n#\nunknown = 1", "line 3: no setting unknown"},
        {"node_name = a\001b", "line 1: not a line"},
        {"node_name = \xff", "line 1: not a line"},
    };
    char path[] = "/tmp/motcua-setting-XXXXXX";
    close(mkstemp(path));
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct settings s;
        file_write(path, rows[i].text);
        assert_int_equal(settings_load(cx, str_from(path), &s), RC_INVALID);
        assert_true(str_starts(str_from(cx->err.detail), str_from(rows[i].detail)));
    }
    unlink(path);
}

/* What stood in a folder before it was checked is warned of; nobody sets it anew. */
static void test_address(void **state)
{
    static const struct {
        const char *value;
        bool is_address;
    } rows[] = {{"\"https://tinh.example\"", false},
                {"tinh.example", false},
                {"file:///etc", false},
                {"https://tinh.example", true},
                {"http://127.0.0.1:8081", true},
                {"", true}};
    char path[] = "/tmp/motcua-setting-XXXXXX";
    close(mkstemp(path));
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct settings s;
        struct str value = str_from(rows[i].value), line, log;
        line = str_fmt(*state, "rollup_parent = %s\nhttp_port = 9090", rows[i].value);
        file_write(path, line.p);
        log = logged_while_loading(cx, path, &s);
        assert_str(s.rollup_parent, rows[i].value);
        assert_int_equal(s.http_port, 9090);
        assert_int_equal(str_has(log, STR("warn motcua.conf: rollup_parent = ")) &&
                             str_has(log, STR(": write an address that begins with https://")),
                         !rows[i].is_address);
        settings_default(&s);
        assert_int_equal(settings_set(cx, &s, STR("rollup_parent"), value),
                         rows[i].is_address ? RC_OK : RC_INVALID);
        assert_str(s.rollup_parent, rows[i].is_address ? rows[i].value : "");
        if (!rows[i].is_address)
            assert_string_equal(cx->err.field, "rollup_parent");
    }
    unlink(path);
}

static void test_set_and_list(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct settings s;
    settings_default(&s);
    assert_int_equal(settings_set(cx, &s, STR("web_workers"), STR("7")), RC_OK);
    struct setting_row row;
    struct str value;
    size_t n = 0;
    bool seen = false;
    for (; settings_at(*state, &s, n, &row, &value); n++)
        if (str_eq(str_from(row.name), STR("web_workers")))
            seen = str_eq(value, STR("7")) && !row.is_text && row.most == 64;
    assert_true(seen && n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(test_default), UNIT(test_load),         UNIT(test_refusals),
        UNIT(test_address), UNIT(test_set_and_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
