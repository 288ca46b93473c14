/* fuzz_tpl.c - any text as a template over a fixed view: refused or rendered, within bounds. */
#include "fuzz/fuzz.h"

#include "page/html.h"
#include "page/tpl.h"

static const char view_text[] =
    "{\"a\":\"<\",\"b\":[1,{\"a\":2},[]],\"c\":{\"a\":true,\"d\":null},"
    "\"k\":\"money\",\"amount\":5}";

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct json *view;
    struct tpl_set *set;
    const struct tpl_source src[] = {{STR("a"), in}, {STR("b"), STR("{{#b}}{{>a}}{{/b}}")}};
    html_prose(cx->mem, in);
    fuzz_must(json_parse(cx, str_from(view_text), &view) == RC_OK);
    if (tpl_compile(cx, src, 2, &set) != RC_OK)
        return;
    struct buf *out = buf_new(cx->mem, 1 << 20);
    enum rc rc = tpl_render(cx, set, STR("a"), view, out);
    fuzz_must(rc == RC_OK || rc == RC_INTERNAL);
}
