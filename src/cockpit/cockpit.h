/* cockpit.h - public figures. See docs/internals/cockpit.md.
 *
 * Every figure names its definition and the ledger size it was computed at, stands in a table
 * beside its picture, and leads to the dossiers behind it for those who may see them. */
#ifndef COCKPIT_COCKPIT_H
#define COCKPIT_COCKPIT_H

#include "web/web.h"

extern const struct route cockpit_routes[];

/* Tells pages that show figures when a commit changed some; after web_start. Hangs a callback
 * on the ledger's durable commits: it runs on the committer's thread, compares one counter and
 * publishes "figures" (serve/events.h) when it moved; it reads no table. */
void cockpit_watch(struct app *app);

#endif
