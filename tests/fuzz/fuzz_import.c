/* fuzz_import.c - whatever is taken from outside becomes files that our own reader reads. */
#include "fuzz/fuzz.h"

#include "import/import.h"
#include "text/yaml.h"

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct imported *made;
    struct json *yaml;
    if (import_read(cx, in, &made) != RC_OK)
        return;
    fuzz_must(yaml_parse(cx, made->files[0].data, &yaml) == RC_OK);
    fuzz_must(yaml_parse(cx, made->files[2].data, &yaml) == RC_OK);
}
