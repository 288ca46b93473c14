/* fuzz.h - what every fuzz target starts from: an arena per input that survives its limit. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdlib.h>

#include "base/ctx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void fuzz_one(struct ctx *cx, struct str in);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *mem = arena_new(64u << 20);
    jmp_buf escape;
    if (setjmp(escape) == 0) {
        arena_escape_set(mem, &escape);
        fuzz_one(ctx_new(mem, NULL), str_n(data, n));
    }
    arena_free(mem);
    return 0;
}

/* What a target holds to be true of every input. */
static inline void fuzz_must(bool holds)
{
    if (!holds)
        __builtin_trap();
}

#endif
