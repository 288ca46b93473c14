/* harness.h - what every unit test starts from: cmocka and an arena in *state. */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])
#define UNIT(f) cmocka_unit_test_setup_teardown(f, case_begin, case_end)
#define assert_str(s, lit) assert_true(str_eq((s), str_from(lit)))

static inline int case_begin(void **state)
{
    *state = arena_new(256u << 20);
    return 0;
}

static inline int case_end(void **state)
{
    arena_free(*state);
    return 0;
}

#endif
