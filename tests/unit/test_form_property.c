/* test_form_property.c - the forms that we ship, given answers of every kind: each is judged,
 * each error can be read and mended, and judging twice says the same. */
#include "unit/harness.h"

#include "form/form.h"
#include "pack/pack.h"
#include "text/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMS_MAX = 10, TIMES = 150 };

struct asked {
    const struct pack *pack;
    struct str names[200];
    size_t n;
};

static int pick(int n)
{
    return (int)(random() % n);
}

/* -- the forms, and the names in them -- */

static void names_of(struct asked *a, const struct json *properties)
{
    JSON_EACH (properties, p)
        if (a->n < ROWS(a->names))
            a->names[a->n++] = p->key;
}

static size_t forms_load(struct ctx *cx, struct asked *ret)
{
    struct str ids[FORMS_MAX];
    size_t n = pack_embedded(cx, ids, ROWS(ids)), used = 0;
    for (size_t i = 0; i < n; i++) {
        struct pack_files *files = NULL;
        struct pack_findings found;
        struct pack *p = NULL;
        struct json *yaml = NULL;
        assert_int_equal(pack_files_embedded(cx, ids[i], &files), RC_OK);
        assert_int_equal(pack_check(cx, files, &found, &p), RC_OK);
        if (!p->form)
            continue;
        ret[used] = (struct asked){.pack = p};
        struct str text = pack_file(files, json_str(p->yaml, "form"));
        assert_int_equal(yaml_parse(cx, text, &yaml), RC_OK);
        names_of(&ret[used++], json_get(yaml, STR("properties")));
    }
    assert_true(used >= 3);
    return used;
}

/* -- answers of every kind -- */

static struct json *value_random(struct arena *mem, int depth)
{
    static const char *const texts[] = {"",           " ",          "a",
                                        "Nguyễn Mẫu", "2026-08-27", "2026-02-30",
                                        "9999-12-31", "0001-01-01", "083095000011",
                                        "0900000001", "a@b.vn",     "https://a.vn",
                                        "true",       "null",       "<b>&amp;</b>",
                                        "{n}",        "vietnam",    "married",
                                        "family",     "facility",   "none",
                                        "local",      "named",      "-1",
                                        "0",          "50000000",   "99999999999999999999",
                                        "\x01",       "a\nb",       "ế́́́"};
    switch (pick(depth > 0 ? 9 : 6)) {
    case 0:
        return json_new_bool(mem, pick(2));
    case 1:
        return json_new_int(mem, (int64_t)random() - (1 << 30));
    case 2:
        return json_new_int(mem, pick(2) ? INT64_MIN : INT64_MAX);
    case 6: {
        struct json *list = json_new_arr(mem);
        for (int i = 0, n = pick(20); i < n; i++)
            json_push(list, value_random(mem, depth - 1));
        return list;
    }
    case 7: {
        struct json *o = json_new_obj(mem);
        static const char *const keys[] = {"name", "code", "main", "birth_day", "number", "x"};
        for (int i = 0, n = pick(6); i < n; i++)
            json_put(o, str_from(keys[pick(ROWS(keys))]), value_random(mem, depth - 1));
        return o;
    }
    case 8: {
        char *p = arena_alloc(mem, 5001);
        memset(p, 'a' + pick(3), 5000);
        return json_new_str(mem, str_n(p, (size_t)pick(5001)));
    }
    default:
        return json_new_str(mem, str_from(texts[pick(ROWS(texts))]));
    }
}

static struct json *answers_random(struct arena *mem, const struct asked *a)
{
    struct json *o = json_new_obj(mem);
    int share = 1 + pick(4);
    for (size_t i = 0; i < a->n; i++)
        if (pick(4) < share)
            json_put(o, a->names[i], value_random(mem, 3));
    if (pick(5) == 0)
        json_put(o, STR("not_declared"), value_random(mem, 2));
    return o;
}

/* -- what must hold -- */

static void error_is_readable(const struct asked *a, const struct form_error *e)
{
    assert_true(e->field.n > 0 && e->rule.n > 0);
    if (e->text.n < 5 || !utf8_is(e->text))
        fail_msg("%.*s %.*s: no words", STR_ARG(e->field), STR_ARG(e->rule));
    assert_false(str_has(e->text, STR("{n}")) || str_has(e->text, STR("{label}")));
    assert_true(!e->page.n || form_page_is(a->pack->form, e->page));
}

static void judged(struct arena *mem, const struct asked *a)
{
    struct form_errors errs = {0}, again = {0};
    struct ctx *cx = ctx_new(mem, NULL);
    const struct form *f = a->pack->form;
    cx->now_us = day_start(day_make(2026, 8, 27));
    cx->lang = pick(2) ? LANG_EN : LANG_VI;
    struct json *answers = answers_random(mem, a);
    bool undeclared = json_get(answers, STR("not_declared")) != NULL;
    enum rc rc = form_check(cx, f, answers, &errs);
    assert_true(rc == RC_OK || rc == RC_INVALID);
    assert_int_equal(rc == RC_OK, errs.n == 0);
    assert_true(errs.n <= 50 && !(undeclared && rc == RC_OK));
    for (size_t i = 0; i < errs.n; i++)
        error_is_readable(a, &errs.v[i]);
    ctx_clear(cx);
    struct str was = json_canonical(mem, answers);
    assert_int_equal(form_check(cx, f, answers, &again), rc);
    assert_int_equal(again.n, errs.n);
    assert_true(str_eq(was, json_canonical(mem, answers)));
    ctx_clear(cx);
    /* whatever stands in the answers, every page can be shown */
    assert_non_null(form_all_view(cx, f, answers, &errs));
    assert_non_null(form_summary_view(cx, f, answers));
    assert_non_null(form_tasks_view(cx, f, answers));
    int pages = 0;
    for (struct str p = form_page_first(cx, f, answers); p.n;
         p = form_page_next(cx, f, answers, p)) {
        assert_true(form_page_is(f, p) && ++pages < 200);
        assert_non_null(form_page_view(cx, f, p, answers, &errs));
        struct str next = form_page_next(cx, f, answers, p);
        if (next.n)
            assert_true(str_eq(form_page_prev(cx, f, answers, next), p));
    }
}

static void all_are_judged(void **state)
{
    static struct asked forms[FORMS_MAX];
    struct ctx *cx = ctx_new(*state, NULL);
    size_t n = forms_load(cx, forms);
    srandom(91);
    for (int i = 0; i < TIMES; i++) {
        struct arena *mem = arena_new(64 << 20);
        judged(mem, &forms[(size_t)i % n]);
        arena_free(mem);
    }
}

/* Posted names of every shape: taken or refused, and what is taken can be judged. */
static void posted(void **state)
{
    static const char *const tails[] = {
        "",   ".day",    ".month", ".0",  ".0.name", ".1.code", ".99",   ".-1",
        ".x", ".0.main", "..",     "[0]", " ",       ".0.",     ".year", ".0.name.x"};
    static struct asked forms[FORMS_MAX];
    struct ctx *main_cx = ctx_new(*state, NULL);
    size_t n = forms_load(main_cx, forms), taken = 0;
    srandom(92);
    for (int i = 0; i < TIMES * 4; i++) {
        struct arena *mem = arena_new(64 << 20);
        struct ctx *cx = ctx_new(mem, NULL);
        const struct asked *a = &forms[(size_t)i % n];
        struct json *in = json_new_obj(mem), *answers = json_new_obj(mem);
        struct form_errors errs = {0};
        for (int k = 0, m = 1 + pick(4); k < m; k++) {
            struct str name = a->names[pick((int)a->n)];
            const char *tail = tails[pick(3) ? 0 : pick(ROWS(tails))];
            json_put(in, str_fmt(mem, "%.*s%s", STR_ARG(name), tail), value_random(mem, 1));
        }
        enum rc rc = form_take(cx, a->pack->form, STR(""), in, answers);
        assert_true(rc == RC_OK || rc == RC_UNDECLARED || rc == RC_INVALID);
        taken += rc == RC_OK;
        ctx_clear(cx);
        rc = form_check(cx, a->pack->form, answers, &errs);
        assert_true(rc == RC_OK || rc == RC_INVALID);
        arena_free(mem);
    }
    assert_true(taken > TIMES / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(all_are_judged), UNIT(posted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
