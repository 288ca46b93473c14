/* test_scenario_civil_status.c - civil-status-change: its scenarios pass, each step is tried. */
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
