/* backup.h - a copy of a whole data folder: database, files, keys, settings.
 * See docs/internals/ops.md. */
#ifndef OPS_BACKUP_H
#define OPS_BACKUP_H

#include "ledger/ledger.h"

/* Copies the folder `from` (opened as cx->app->store, may be in use by a server) to the new
 * folder `to`. The database is one consistent state; a file is there before the event that
 * names it, so none is missing. Below `files` and `keys`: regular files, four levels deep,
 * without links and names that begin with a dot. DUPLICATE when `to` holds a database or such a
 * file already; IO (to) when it cannot be made, IO when anything there cannot be read.
 * progress: done of all database pages. */
MUST_USE enum rc backup_make(struct ctx *cx, struct str from, struct str to,
                             progress_fn *progress, void *arg);

#endif
