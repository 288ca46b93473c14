/* backup.h - a copy of a whole data folder: database, files, keys, settings.
 * See docs/internals/ops.md. */
#ifndef OPS_BACKUP_H
#define OPS_BACKUP_H

#include "ledger/ledger.h"

/* Copies the folder `from` (opened as cx->app->store, may be in use by a server) to the new
 * folder `to`. The database is one consistent state; a file is there before the event that
 * names it, so none is missing. DUPLICATE when `to` holds a database. progress: done of all
 * database pages. */
MUST_USE enum rc backup_make(struct ctx *cx, struct str from, struct str to,
                             progress_fn *progress, void *arg);

#endif
