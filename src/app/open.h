/* open.h - starting and ending the process' modules, in order. See docs/internals/app.md. */
#ifndef APP_OPEN_H
#define APP_OPEN_H

#include "app/app.h"
#include "store/store.h"

struct route;
struct ledger_subscriber;

/* app->mem: modules' snapshots, packs, templates, for the process; a command's own arena. One
 * that is full ends the process: what was not committed is not there. */
enum { APP_MEMORY_MAX = 512 << 20, COMMAND_MEMORY_MAX = 256 << 20 };

/* What the kernel is made of: modules.c. */
extern const struct route *const app_routes[];                  /* NULL-ended list of tables */
extern const struct ledger_subscriber *const app_subscribers[]; /* NULL-ended, in order */

/* Opens the data folder `dir` and every module on it into *app (zeroed by the caller, with
 * app->mem set). cx becomes usable for commands: its reader is attached. BUSY: another process
 * writes there. INVALID (a setting's name): DIR/motcua.conf, with the line. CORRUPT: a newer
 * program's folder, or a migration that changed. After a failure app_close and app->mem's end
 * are still the caller's. */
MUST_USE enum rc app_open(struct ctx *cx, struct app *app, struct str dir,
                          enum store_mode mode);
/* The same over a folder without reading DIR/motcua.conf: app->settings are as given. */
MUST_USE enum rc app_open_with(struct ctx *cx, struct app *app, struct str dir,
                               enum store_mode mode);
/* When no ctx of this app is left: waits for the last commit group, gives the folder's lock
 * back. app->mem stays the caller's. Twice is fine. */
void app_close(struct app *app);
/* Compiles the embedded templates; only what shows pages needs them. */
MUST_USE enum rc app_templates(struct ctx *cx, struct app *app);
/* After units or packs changed and the change is durable: every snapshot anew, beside the old
 * one, which requests under way go on reading. app->mem grows by it: for changes, not for
 * requests. */
MUST_USE enum rc app_reload(struct ctx *cx);

#endif
