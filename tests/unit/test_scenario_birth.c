/* test_scenario_birth.c - the scenarios of birth-registration pass and leave no step untried. */
#include "scenario_help.h"

static void plays(void **state)
{
    pack_played(state, "birth-registration", 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(plays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
