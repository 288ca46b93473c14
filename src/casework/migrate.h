/* migrate.h - a dossier under another version of its pack. See docs/internals/casework.md.
 *
 * A dossier keeps its clocks by their ids, its entries and its past; only what may follow
 * changes. */
#ifndef CASEWORK_MIGRATE_H
#define CASEWORK_MIGRATE_H

#include "casework/casework.h"

/* *next is d as `to` knows it: state and entries by id or through map ({old: new}), clocks by
 * id; one that the new flow adds has not begun. False when `to` has no such state. Pure. */
bool dossier_rebase(const struct dossier *d, const struct pack *to, const struct json *map,
                    struct dossier *next);
/* The dates of *d by its flow and the calendar in force. */
void dossier_recount(struct ctx *cx, struct dossier *d);
/* Appends dossier.migrated in the caller's turn. */
MUST_USE enum rc dossier_migrate(struct ctx *cx, const struct dossier *d,
                                 const struct dossier *next, const struct json *map);

#endif
