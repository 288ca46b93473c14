/* test_scenario_civil_status.c - the scenarios of civil-status-change pass and leave no step untried. */
#include "scenario_help.h"

static void plays(void **state)
{
    pack_played(state, "civil-status-change", 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(plays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
