/* modules.c - what the program is made of: routes, subscribers of the ledger, commands. */
#include "api/api.h"
#include "app/cli.h"
#include "app/open.h"
#include "casework/casework.h"
#include "cockpit/cockpit.h"
#include "desk/desk.h"
#include "goals/goals.h"
#include "identity/identity.h"
#include "letter/letter.h"
#include "measure/measure.h"
#include "opendata/opendata.h"
#include "portal/portal.h"
#include "quality/quality.h"
#include "target/target.h"
#include "rollup/rollup.h"
#include "unit/unit.h"
#include "web/web.h"
#include "work/work.h"

const struct route *const app_routes[] = {
    web_routes,
    api_session_routes,
    api_service_routes,
    api_dossier_routes,
    api_figure_routes,
    api_scorecard_routes,
    api_ledger_routes,
    api_letter_routes,
    api_target_routes,
    desk_day_routes,
    desk_inbox_routes,
    desk_bulk_routes,
    desk_hand_routes,
    desk_slip_routes,
    desk_dossier_routes,
    desk_intake_routes,
    desk_due_routes,
    desk_other_routes,
    portal_due_routes,
    desk_letter_routes,
    portal_service_routes,
    portal_draft_routes,
    portal_papers_routes,
    portal_submit_routes,
    portal_dossier_routes,
    portal_letter_routes,
    portal_me_routes,
    portal_public_routes,
    portal_account_routes,
    cockpit_routes,
    goal_routes,
    opendata_routes,
    rollup_routes,
    quality_routes,
    quality_planned_routes,
    NULL,
};

/* In the order in which an event is folded: who and where before what. */
const struct ledger_subscriber *const app_subscribers[] = {
    &unit_subscriber,
    &identity_subscriber,
    &casework_subscriber,
    &measure_subscriber,
    &letter_subscriber,
    &work_subscriber,
    &target_subscriber,
    &opendata_subscriber,
    &rollup_subscriber,
    &quality_subscriber,
    NULL,
};

extern const struct command node_commands[], pack_commands[], check_commands[],
    people_commands[], ledger_commands[], letter_commands[], simulate_commands[],
    calendar_commands[], score_commands[], target_commands[], dataset_commands[],
    statement_commands[], quality_commands[];
const struct command *const app_commands[] = {
    node_commands,    people_commands,    pack_commands,     check_commands, ledger_commands,
    letter_commands,  simulate_commands,  calendar_commands, score_commands, target_commands,
    dataset_commands, statement_commands, quality_commands,  NULL,
};
