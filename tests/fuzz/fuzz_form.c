/* fuzz_form.c - any JSON as what was posted and as answers of a fixed form: taken or refused. */
#include "base/arena.h"
#include "form/form.h"
#include "text/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char text[] =
    "type: object\n"
    "sections: [{id: s, title: {vi: S, en: S}, pages: [{id: p, title: {vi: P, en: P},\n"
    "  ask: [a, d, n, b, o, l, t, e]}]}]\n"
    "properties:\n"
    "  a: {type: string, title: {vi: A, en: A}, maxLength: 9, pattern: '^[[:alpha:] ]*$',\n"
    "      transform: upper_first}\n"
    "  d: {type: string, format: date, title: {vi: D, en: D}, maximum: today}\n"
    "  n: {type: integer, title: {vi: N, en: N}, maximum: 9}\n"
    "  b: {type: boolean, title: {vi: B, en: B}, widget: checkbox}\n"
    "  o: {type: object, title: {vi: O, en: O}, if: 'b == true', required: [a],\n"
    "      properties: {a: {type: string, format: phone, title: {vi: A, en: A}}}}\n"
    "  l: {type: array, title: {vi: L, en: L}, maxItems: 3, items: {type: object, properties: "
    "{\n"
    "      a: {type: string, maxLength: 5, title: {vi: A, en: A}, if: 'item.b == true'},\n"
    "      b: {type: boolean, title: {vi: B, en: B}}}}}\n"
    "  t: {type: array, title: {vi: T, en: T}, maxItems: 2, items: {type: string,\n"
    "      enum: [x, y], labels: {x: {vi: X, en: X}, y: {vi: Y, en: Y}}}}\n"
    "  e: {type: string, format: email, title: {vi: E, en: E}}\n"
    "required: [a]\n"
    "rules: [{check: 'size(a) < 8 && days(d, today) > 3', field: a,\n"
    "  message: {vi: M, en: M}}]\n";

static struct form *form_once(void)
{
    static struct form *f;
    struct json *yaml;
    if (f)
        return f;
    struct ctx *cx = ctx_new(arena_new(16u << 20), NULL);
    if (yaml_parse(cx, str_from(text), &yaml) != RC_OK ||
        form_load(cx, yaml, NULL, &f) != RC_OK)
        abort();
    return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *mem = arena_new(64u << 20);
    struct ctx *cx = ctx_new(mem, NULL);
    struct form *f = form_once();
    struct json *posted, *answers = json_new_obj(mem);
    struct form_errors errs;
    log_level_set(LOG_ERROR);
    if (json_parse(cx, str_n(data, n), &posted) == RC_OK && posted->kind == JSON_OBJ) {
        if (form_take(cx, f, STR("p"), posted, answers) != RC_OK)
            ctx_clear(cx);
        if (form_check_page(cx, f, STR("p"), answers, &errs) != RC_OK)
            ctx_clear(cx);
        form_page_view(cx, f, STR("p"), answers, &errs);
        struct json *copy = json_copy(mem, posted);
        if (form_take(cx, f, STR(""), posted, copy) != RC_OK)
            ctx_clear(cx);
        form_all_view(cx, f, copy, NULL);
        form_summary_view(cx, f, copy);
        form_tasks_view(cx, f, copy);
        if (form_check(cx, f, posted, &errs) != RC_OK)
            ctx_clear(cx);
        form_all_view(cx, f, posted, &errs);
    }
    arena_free(mem);
    return 0;
}
