/* test_scenario_building.c - the scenarios of building-permit pass and leave no step untried. */
#include "scenario_help.h"

static void plays(void **state)
{
    pack_played(state, "building-permit", 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(plays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
