/* portal.h - the citizens' pages. See docs/internals/portal.md.
 *
 * Server-rendered, without scripts, one question a page. A handler reads its parameters, calls
 * one kernel function, builds a view and names a template of templates/portal/. Nothing here
 * decides what the law or a pack says: that is asked of casework, form, flow and pack.
 *
 * Most routes need no right (CAP_NONE): own_open and draft_open say whose dossier or draft it
 * is, and a stranger is told the same as for one that does not exist. What was typed is saved
 * right or wrong at each step; what is shown is only what the applicant was told. No state
 * between requests but the draft's own row. */
#ifndef PORTAL_PORTAL_H
#define PORTAL_PORTAL_H

#include "web/web.h"

extern const struct route portal_due_routes[];     /* why a date is what it is */
extern const struct route portal_service_routes[]; /* home, services, choosing an agency */
extern const struct route portal_draft_routes[];   /* filling in */
extern const struct route portal_papers_routes[];  /* papers of a draft */
extern const struct route portal_submit_routes[];  /* checking and filing */
extern const struct route portal_dossier_routes[]; /* one's dossier and what one may do there */
extern const struct route portal_letter_routes[];  /* letters, and where they are checked */
extern const struct route portal_me_routes[];      /* one's own: drafts, dossiers, who looked */
extern const struct route portal_public_routes[];  /* look-up, answers, ledger, help */
extern const struct route portal_account_routes[]; /* signing in and out, registering */

#endif
