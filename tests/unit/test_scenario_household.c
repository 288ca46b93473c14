/* test_scenario_household.c - the scenarios of household-business pass, no step is untried. */
#include "scenario_help.h"

static void plays(void **state)
{
    pack_played(state, "household-business", 45);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(plays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
