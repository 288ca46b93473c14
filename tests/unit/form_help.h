/* form_help.h - forms and answers written in a test's own text. */
#ifndef TESTS_FORM_HELP_H
#define TESTS_FORM_HELP_H

#include "form/form.h"
#include "text/json.h"
#include "text/yaml.h"
#include "unit/harness.h"

static inline enum rc form_of(struct ctx *cx, const char *text, struct form **ret)
{
    struct json *yaml;
    assert_int_equal(yaml_parse(cx, str_from(text), &yaml), RC_OK);
    return form_load(cx, yaml, NULL, ret);
}

static inline struct form *form_made(struct ctx *cx, const char *text)
{
    struct form *f = NULL;
    if (form_of(cx, text, &f) != RC_OK)
        fail_msg("%s: %s", cx->err.field, cx->err.detail);
    return f;
}

static inline struct json *parsed(struct ctx *cx, const char *text)
{
    struct json *v = NULL;
    assert_int_equal(json_parse(cx, str_from(text), &v), RC_OK);
    return v;
}

#endif
