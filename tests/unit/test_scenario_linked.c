/* test_scenario_linked.c - birth-residence-insurance: its scenarios pass, each step is tried. */
#include "scenario_help.h"

static void plays(void **state)
{
    pack_played(state, "birth-residence-insurance", 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(plays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
