/* fuzz_form.c - any JSON as what was posted and as answers of a fixed form: taken or refused. */
#include "base/arena.h"
#include "form/form.h"
#include "text/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define L(t) "{vi: " t ", en: " t "}"
static const char text[] =
    "type: object\n"
    "sections: [{id: s, title: " L("S") ", pages: [{id: p, title: " L(
        "P") ", ask: [a, d, n, b, o, "
             "l, t, e]}]}]\n"
             "properties:\n"
             "  a: {type: string, title: " L(
                 "A") ", maxLength: 9, pattern: '^[[:alpha:] ]*$', "
                      "transform: upper_first}\n"
                      "  d: {type: string, format: date, title: " L(
                          "D") ", maximum: today}\n"
                               "  n: {type: integer, title: " L(
                                   "N") ", maximum: 9}\n"
                                        "  b: {type: boolean, title: " L(
                                            "B") ", widget: checkbox}\n"
                                                 "  o: {type: object, title: " L(
                                                     "O") ", if: 'b == true', properties: {a: "
                                                          "{type: string, "
                                                          "format: phone, title: " L(
                                                              "A") "}}, required: [a]}\n"
                                                                   "  l: {type: array, "
                                                                   "title: " L(
                                                                       "L") ", maxItems: 3, "
                                                                            "items: {type: "
                                                                            "object, "
                                                                            "properties: {a: "
                                                                            "{type: string, "
                                                                            "maxLength: 5, "
                                                                            "title: " L(
                                                                                "A") ", if: "
                                                                                     "'item.b "
                                                                                     "== "
                                                                                     "true'}, "
                                                                                     "b: "
                                                                                     "{type: "
                                                                                     "boolean, "
                                                                                     "title:"
                                                                                     " " L(
                                                                                         "B") "}}}}\n"
                                                                                              "  t: {type: array, title: " L(
                                                                                                  "T") ", maxItems: 2, items: {type: string, enum: [x, y], "
                                                                                                       "labels: {x: " L("X") ", y: " L(
                                                                                                           "Y") "}}}\n"
                                                                                                                "  e: {type: string, format: email, title: " L(
                                                                                                                    "E") "}\n"
                                                                                                                         "required: [a]\n"
                                                                                                                         "rules: [{check: 'size(a) < 8 && days(d, today) > 3', field: a, message: " L(
                                                                                                                             "M") "}]\n";

static struct form *form_once(void)
{
    static struct form *f;
    struct json *yaml;
    if (f)
        return f;
    struct ctx *cx = ctx_new(arena_new(16u << 20), NULL);
    if (yaml_parse(cx, STR(text), &yaml) != RC_OK || form_load(cx, yaml, &f) != RC_OK)
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
