/* fuzz_yaml.c - a document that is read is a tree that JSON can say. */
#include "fuzz/fuzz.h"

#include "text/yaml.h"

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct json *v, *again;
    if (yaml_parse(cx, in, &v) != RC_OK)
        return;
    fuzz_must(json_parse(cx, json_canonical(cx->mem, v), &again) == RC_OK);
    fuzz_must(json_equal(v, again));
}
