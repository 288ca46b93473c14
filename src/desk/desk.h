/* desk.h - the officers' pages. See docs/internals/desk.md.
 *
 * Server-rendered, without scripts. A handler opens what casework lets this officer open, calls
 * one kernel function and names a template of templates/desk/. Who may do what is casework's to
 * say; a refusal is a page that says so, and an entry in the journal.
 *
 * Each route names the right that it needs in some unit (`need`); which dossier and which act
 * is asked again of casework each time. Reading a dossier is journalled before the page
 * leaves. Nothing here keeps state between requests: where one was in a list is in the
 * address. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "web/web.h"

extern const struct route desk_day_routes[];     /* what today asks for */
extern const struct route desk_inbox_routes[];   /* lists of one's unit */
extern const struct route desk_bulk_routes[];    /* one act on several */
extern const struct route desk_hand_routes[];    /* handing over to a colleague */
extern const struct route desk_slip_routes[];    /* the control slip */
extern const struct route desk_dossier_routes[]; /* one dossier: reading and acting */
extern const struct route desk_letter_routes[];  /* letters, the register */
extern const struct route desk_due_routes[];     /* dates explained, apologies */
extern const struct route desk_other_routes[];   /* opinions asked for, undoing, delegation */
extern const struct route desk_intake_routes[];  /* filing at the counter for somebody */

#endif
