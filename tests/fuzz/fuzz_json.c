/* fuzz_json.c - what parses prints, parses again and is the same; so is its canonical form. */
#include "fuzz/fuzz.h"

#include "text/json.h"

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct json *v, *again;
    if (json_parse(cx, in, &v) != RC_OK)
        return;
    struct buf *out = buf_new(cx->mem, 6 * JSON_BYTES_MAX);
    json_print(out, v);
    fuzz_must(json_parse(cx, buf_str(out), &again) == RC_OK && json_equal(v, again));
    struct str canonical = json_canonical(cx->mem, v);
    fuzz_must(json_parse(cx, canonical, &again) == RC_OK);
    fuzz_must(str_eq(json_canonical(cx->mem, again), canonical));
}
