/* scenario.h - runs the .case scenarios of a pack. See packs/README.md and
 * docs/internals/scenario.md.
 *
 * Each scenario gets a fresh small office in a scratch folder (a province, a department, a
 * district, a commune; one officer per role in each; a few citizens) and runs in virtual time
 * through the same kernel functions as the pages do. */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "ledger/ledger.h"
#include "pack/pack.h"

struct scenario_report {
    int passed, failed; /* scenarios */
};
/* Runs every tests/.case of the pack; `out` gets a line per scenario and, for a failed one, the
 * file, the line, what was expected and what was instead. subs: the kernel's subscribers. */
MUST_USE enum rc scenario_run_all(struct ctx *cx, const struct pack_files *files,
                                  const struct ledger_subscriber *const *subs, FILE *out,
                                  struct scenario_report *ret);

#endif
