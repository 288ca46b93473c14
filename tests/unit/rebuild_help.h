/* rebuild_help.h - what people see equals a rebuild from the events. */
#ifndef TESTS_REBUILD_HELP_H
#define TESTS_REBUILD_HELP_H

#include "casework_help.h"
#include "ops/rebuild.h"

static inline void difference_say(void *arg, struct str text)
{
    print_message("%.*s\n", STR_ARG(text));
}

static inline void rebuilt_same(struct desk *k, const struct ledger_subscriber *const *all)
{
    struct rebuild_report r = {0};
    struct rebuild_plan plan = {
        .subs = all,
        .scratch = str_fmt(k->mem, "%.*s-again", STR_ARG(k->office.dir)),
        .say = difference_say,
    };
    assert_int_equal(rebuild_check(as(k, ""), &plan, &r), RC_OK);
    assert_int_equal(r.differences, 0);
    assert_true(r.rows > 20);
}

#endif
