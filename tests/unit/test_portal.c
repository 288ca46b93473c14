/* test_portal.c - the citizens' pages: templates and messages hold together; safe addresses. */
#include "unit/harness.h"
#include "portal/portal_priv.h"
#include "page/embed.h"
#include "page/tpl.h"

enum { SOURCES_MAX = 400, KEY_MAX = 100 };

static struct tpl_set *compile_all(struct ctx *cx)
{
    const struct str prefix = STR("templates/"), suffix = STR(".html");
    struct tpl_source *src = arena_array(cx->mem, struct tpl_source, SOURCES_MAX);
    struct tpl_set *set = NULL;
    size_t n = 0;
    const struct embed_file *f;
    for (size_t i = embed_first(prefix); (f = embed_at(i)) && str_starts(f->name, prefix); i++)
        if (str_ends(f->name, suffix))
            src[n++] =
                (struct tpl_source){str_cut(f->name, prefix.n, f->name.n - suffix.n), f->data};
    if (tpl_compile(cx, src, n, &set) != RC_OK)
        fail_msg("%s: %s", cx->err.field, cx->err.detail);
    return set;
}

/* Each page of the portal in both languages, given as little as can be. */
static void test_templates(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct tpl_set *set = compile_all(cx);
    const struct str prefix = STR("templates/portal/");
    const struct embed_file *f;
    size_t seen = 0;
    for (size_t i = embed_first(prefix); (f = embed_at(i)) && str_starts(f->name, prefix);
         i++) {
        struct str name = str_cut(f->name, 10, f->name.n - 5);
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            struct buf *out = buf_new(cx->mem, 1 << 20);
            cx->lang = (enum lang)lang;
            assert_int_equal(tpl_render(cx, set, name, json_new_obj(cx->mem), out), RC_OK);
        }
        seen++;
    }
    assert_true(seen >= 20);
}

/* Every message key that a template of the portal names stands in po/. */
static void test_keys(void **state)
{
    const struct str prefix = STR("templates/portal/"), open = STR("{{@");
    const struct embed_file *f;
    for (size_t i = embed_first(prefix); (f = embed_at(i)) && str_starts(f->name, prefix); i++)
        for (size_t k = 0; k + open.n < f->data.n; k++) {
            struct str rest = str_skip(f->data, k), key;
            if (!str_starts(rest, open) || str_starts(rest, STR("{{@(")))
                continue;
            str_split(str_cut(rest, open.n, open.n + KEY_MAX), '}', &key);
            if (!msg_has(key))
                fail_msg("%.*s: %.*s", STR_ARG(f->name), STR_ARG(key));
        }
}

static void test_safe_path(void **state)
{
    static const struct {
        const char *typed;
        bool safe;
    } rows[] = {
        {"/me", true},
        {"/service/x/start?area=H07", true},
        {"/", true},
        {"", false},
        {"me", false},
        {"//elsewhere.example/", false},
        {"/\\elsewhere.example", false},
        {"https://elsewhere.example/", false},
        {"/a\r\nSet-Cookie: x=1", false},
        {"/a b", false},
        {"/\xc4\x91", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str got = safe_path(str_from(rows[i].typed), STR("/fallback"));
        assert_str(got, rows[i].safe ? rows[i].typed : "/fallback");
    }
}

static void test_view_error(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *v = view_new(cx, "portal.login.title", STR("/"));
    assert_false(json_bool(v, "has_errors"));
    view_error_key(cx, v, "login", "error.BAD_LOGIN");
    view_error(cx, v, "password", STR("second"));
    assert_true(json_bool(v, "has_errors"));
    assert_int_equal(json_get(v, STR("errors"))->n, 2);
    assert_str(json_str(json_at(json_get(v, STR("errors")), 1), "href"), "#password");
    assert_str(json_str(json_get(v, STR("err")), "password"), "second");
}

static void test_paths(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    assert_str(path_of(cx, "/draft/*/page/*", STR("d1"), STR("p2")), "/draft/d1/page/p2");
    assert_str(path_of(cx, "/draft/*", STR("d1"), STR_NULL), "/draft/d1");
    assert_str(size_text(cx, 1), "1 KB");
    assert_str(size_text(cx, 20 << 20), "20 MB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(test_templates), UNIT(test_keys),
                                       UNIT(test_safe_path), UNIT(test_view_error),
                                       UNIT(test_paths)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
