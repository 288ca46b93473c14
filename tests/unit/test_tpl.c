/* test_tpl.c - mustache templates and HTML escaping. */
#include "unit/harness.h"

#include "page/html.h"
#include "page/tpl.h"

static struct json *view_of(struct ctx *cx, const char *text)
{
    struct json *v = NULL;
    assert_int_equal(json_parse(cx, str_from(text), &v), RC_OK);
    return v;
}

static enum rc render(struct ctx *cx, const char *tpl, struct json *view, struct str *ret)
{
    const struct tpl_source src[] = {
        {STR("page"), str_from(tpl)},
        {STR("item"), STR("<li>{{name}}</li>\n")},
        {STR("tree"), STR("({{n}}{{#kids}}{{>tree}}{{/kids}})")},
        {STR("loop"), STR("{{>loop}}")},
    };
    struct tpl_set *set;
    TRY(tpl_compile(cx, src, ROWS(src), &set));
    struct buf *out = buf_new(cx->mem, 4096);
    TRY(tpl_render(cx, set, STR("page"), view, out));
    *ret = buf_str(out);
    return RC_OK;
}

static void pages(void **state)
{
    static const struct {
        const char *tpl, *view, *out;
    } rows[] = {
        {"", "{}", ""},
        {"plain { } }} text", "{}", "plain { } }} text"},
        {"a {{x}} b", "{\"x\":\"<&>\\\"'\"}", "a &lt;&amp;&gt;&quot;&#39; b"},
        {"{{ x }}{{{ x }}}", "{\"x\":\"<\"}", "&lt;&lt;"}, /* text is never let through raw */
        {"{{i}} {{d}} {{t}} {{n}} {{a}} {{o}} {{none}}",
         "{\"i\":-7,\"d\":1.50,\"t\":true,\"n\":null,\"a\":[1],\"o\":{}}", "-7 1.50 true    "},
        {"{{a.b.c}}|{{a.x}}|{{x.b}}", "{\"a\":{\"b\":{\"c\":1}},\"x\":2}", "1||"},
        {"{{#l}}{{.}},{{/l}}", "{\"l\":[1,\"b\",true]}", "1,b,true,"},
        {"{{#o}}{{a}}{{b}}{{/o}}", "{\"o\":{\"a\":1},\"b\":2,\"a\":3}", "12"},
        {"{{#o}}{{p.q}}{{/o}}", "{\"o\":{\"p\":{}},\"p\":{\"q\":1}}", ""},
        {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":true}", "yes"},
        {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":false}", "no"},
        {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{}", "no"},
        {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":0}", "no"},
        {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":\"\"}", "no"},
        {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":[]}", "no"},
        {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":null}", "no"},
        {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":{}}", "yes"},
        {"{{#l}}{{#m}}{{n}}{{^last}}-{{/last}}{{/m}};{{/l}}",
         "{\"l\":[{\"m\":[{\"n\":1},{\"n\":2,\"last\":true}]},{\"m\":[]}]}", "1-2;;"},
        {"<ul>\n  {{#l}}\n  {{>item}}\n  {{/l}}\n</ul>\n",
         "{\"l\":[{\"name\":\"a\"},{\"name\":\"b\"}]}",
         "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
        {"a\n{{! a note\n over lines }}\nb", "{}", "a\nb"},
        {"a {{! note }} b", "{}", "a  b"},
        {"x\r\n{{#t}}\r\ny\r\n{{/t}}\r\nz", "{\"t\":1}", "x\r\ny\r\nz"},
        {"{{#t}}\n{{/t}}", "{\"t\":1}", ""},
        {"{{>tree}}", "{\"n\":1,\"kids\":[{\"n\":2,\"kids\":[]},{\"n\":3,\"kids\":[]}]}",
         "(1(2)(3))"},
        {"{{@status.1}}", "{}", "Mới đăng ký"},
        {"{{@money}}", "{\"amount\":\"<5>\"}", "&lt;5&gt; đồng"},
        {"{{@money}}", "{}", "{amount} đồng"},
        {"{{#o}}{{@money}}{{/o}}", "{\"amount\":\"5\",\"o\":{}}", "5 đồng"},
        {"{{@(k)}}", "{\"k\":\"status.10\"}", "Đã trả kết quả"},
        {"{{@(k)}}", "{\"k\":\"money\",\"amount\":7}", "7 đồng"},
        {"{{@(k)}}", "{\"k\":\"money\"}", "{amount} đồng"},
        {"{{@(k)}}", "{\"k\":\"no.<such>\"}", "no.&lt;such&gt;"},
        {"{{@(k)}}{{@( k )}}", "{}", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct str got = STR("");
        if (render(cx, rows[i].tpl, view_of(cx, rows[i].view), &got) != RC_OK)
            fail_msg("row %zu: %s", i, cx->err.detail);
        if (!str_eq(got, str_from(rows[i].out)))
            fail_msg("row %zu: %.*s", i, STR_ARG(got));
    }
}

static void refusals(void **state)
{
    static const struct {
        const char *tpl, *why;
    } rows[] = {
        {"{{#a}}", "line 1: a section is not closed: a"},
        {"x\n\n{{#a}}{{#b}}{{/b}}", "line 3: a section is not closed: a"},
        {"{{/a}}", "closes what is not open"},
        {"{{#a}}{{/b}}", "closes what is not open"},
        {"{{#a}}{{#b}}{{/a}}{{/b}}", "closes what is not open"},
        {"{{a", "a tag is not closed"},
        {"{{a}", "a tag is not closed"},
        {"{{{a}}", "a tag is not closed"},
        {"{{!a", "a tag is not closed"},
        {"{{", "a tag is not closed"},
        {"{{}}", "not a name"},
        {"{{a b}}", "not a name"},
        {"{{a..b}}", "not a name"},
        {"{{.a}}", "not a name"},
        {"{{a.}}", "not a name"},
        {"{{#}}{{/}}", "not a name"},
        {"{{đ}}", "not a name"},
        {"{{@first}}", "no such message"},
        {"{{@no.such}}", "no such message"},
        {"{{@(a b)}}", "not a name"},
        {"{{@()}}", "not a name"},
        {"{{>nowhere}}", "no such template"},
        {"{{=<% %>=}}", "no such kind of tag"},
        {"{{&a}}", "no such kind of tag"},
        {"{{$block}}{{/block}}", "no such kind of tag"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct str got;
        if (render(cx, rows[i].tpl, NULL, &got) != RC_MALFORMED)
            fail_msg("row %zu was compiled", i);
        if (!strstr(cx->err.detail, rows[i].why))
            fail_msg("row %zu: %s", i, cx->err.detail);
        assert_string_equal(cx->err.field, "page");
    }
}

static void bounds(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct str got;
    assert_int_equal(render(cx, "{{>loop}}", NULL, &got), RC_INTERNAL);
    struct buf *deep = buf_new(cx->mem, 4096);
    for (int i = 0; i < 33; i++)
        buf_put(deep, STR("{{#a}}"));
    assert_int_equal(render(cx, str_z(cx->mem, buf_str(deep)), NULL, &got), RC_MALFORMED);
    /* sections that stay open through templates calling each other */
    struct tpl_set *set;
    struct tpl_source open = {STR("o"), STR("{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{>o}}{{/a}}{{/a}}"
                                            "{{/a}}{{/a}}{{/a}}")};
    assert_int_equal(tpl_compile(cx, &open, 1, &set), RC_OK);
    struct buf *out = buf_new(cx->mem, 4096);
    struct json *view = view_of(cx, "{\"a\":true}");
    assert_int_equal(tpl_render(cx, set, STR("o"), view, out), RC_INTERNAL);
    assert_int_equal(tpl_render(cx, set, STR("none"), view, out), RC_INTERNAL);
    assert_true(tpl_has(set, STR("o")));
    assert_false(tpl_has(set, STR("none")));
    /* a page larger than its buffer is an error, never half a page */
    struct tpl_source wide = {STR("w"), STR("0123456789")};
    assert_int_equal(tpl_compile(cx, &wide, 1, &set), RC_OK);
    assert_int_equal(tpl_render(cx, set, STR("w"), NULL, buf_new(cx->mem, 9)), RC_INTERNAL);
    const struct tpl_source twice[] = {wide, wide};
    assert_int_equal(tpl_compile(cx, twice, 2, &set), RC_MALFORMED);
}

static void html_values(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *view = json_new_obj(cx->mem);
    struct str got = STR("");
    json_put(view, STR("x"), json_new_html(cx->mem, html_prose(cx->mem, STR("a **b** <c>"))));
    assert_int_equal(render(cx, "{{{x}}}{{x}}", view, &got), RC_OK);
    assert_str(got, "<p>a <strong>b</strong> &lt;c&gt;</p>\n"
                    "<p>a <strong>b</strong> &lt;c&gt;</p>\n");
    cx->lang = LANG_EN;
    assert_int_equal(render(cx, "{{@status.4}}", NULL, &got), RC_OK);
    assert_str(got, "In processing");
}

static void prose(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"", ""},
        {"\n\n", ""},
        {"one\ntwo\n\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n"},
        {"- a\n- b\n\nc", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>c</p>\n"},
        {"c\n- a", "<p>c</p>\n<ul>\n<li>a</li>\n</ul>\n"},
        {"- a\nmore", "<ul>\n<li>a\nmore</li>\n</ul>\n"},
        {"**a** and **b**", "<p><strong>a</strong> and <strong>b</strong></p>\n"},
        {"**a", "<p>**a</p>\n"},
        {"****", "<p>****</p>\n"},
        {"*a*", "<p>*a*</p>\n"},
        {"**<b>**", "<p><strong>&lt;b&gt;</strong></p>\n"},
        {"see [the law](https://vbpl.vn/a?b=1&c=2).",
         "<p>see <a href=\"https://vbpl.vn/a?b=1&amp;c=2\" rel=\"noopener\">the "
         "law</a>.</p>\n"},
        {"[x](http://a)", "<p>[x](http://a)</p>\n"},
        {"[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"},
        {"[x](https://a\" onclick=\"b)", "<p>[x](https://a&quot; onclick=&quot;b)</p>\n"},
        {"[<x>](https://a\"b)",
         "<p><a href=\"https://a&quot;b\" rel=\"noopener\">&lt;x&gt;</a></p>\n"},
        {"[](https://a)", "<p>[](https://a)</p>\n"},
        {"[x](https://a", "<p>[x](https://a</p>\n"},
        {"[x]", "<p>[x]</p>\n"},
        {"[x", "<p>[x</p>\n"},
        {"<script>", "<p>&lt;script&gt;</p>\n"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str got = html_prose(*state, str_from(rows[i].in)).s;
        if (!str_eq(got, str_from(rows[i].out)))
            fail_msg("row %zu: %.*s", i, STR_ARG(got));
    }
    char *brackets = arena_alloc(*state, 1 << 20); /* quick, whatever stands there */
    memset(brackets, '[', 1 << 20);
    assert_int_equal(html_prose(*state, str_n(brackets, 1 << 20)).s.n, (1 << 20) + 8);
    assert_str(html_of(*state, STR("''''")).s, "&#39;&#39;&#39;&#39;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(pages), UNIT(refusals), UNIT(bounds), UNIT(html_values), UNIT(prose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
