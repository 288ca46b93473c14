/* app.h - the process: what every module keeps between requests. See docs/internals/app.md.
 *
 * Filled in start order by app_open; read-only afterwards, but for what a module guards
 * itself. Each pointer belongs to the module that its type names. */
#ifndef APP_APP_H
#define APP_APP_H

#include "setting/setting.h"

struct app {
    struct arena *mem; /* lives as long as the process */
    struct settings settings;
    struct store *store;
    struct ledger *ledger;
    struct calendar *calendar;
    struct units *units;
    struct packs *packs;
    struct identity *identity;
    struct measure *measure;
    struct tpl_set *templates;
    struct web *web;
};

#endif
