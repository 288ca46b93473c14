/* test_scenario_linked.c - the scenarios of birth-residence-insurance pass and leave no step untried. */
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
