/* test_scenario_petition.c - the scenarios of petition pass and leave no step untried. */
#include "scenario_help.h"

static void plays(void **state)
{
    pack_played(state, "petition", 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(plays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
