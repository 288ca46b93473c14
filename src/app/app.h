/* app.h - the process: what every module keeps between requests. See docs/internals/app.md.
 *
 * Filled in start order by app_open; read-only afterwards, but for what a module guards
 * itself. Each pointer belongs to the module that its type names. */
#ifndef APP_APP_H
#define APP_APP_H

#include "setting/setting.h"

struct json;
struct app {
    struct arena *mem; /* lives as long as the process */
    struct settings settings;
    struct store *store;   /* STORE_READ in offline commands */
    struct ledger *ledger; /* guards itself: appended to in write turns */
    struct calendar *calendar;
    struct units *units;       /* replaced as a whole when the tree changes */
    struct packs *packs;       /* published versions stay for ever */
    struct identity *identity; /* sessions and throttles in memory */
    struct measure *measure;
    struct letters *letters;     /* fonts and forms of letters; guards itself */
    struct forecasts *forecasts; /* learnt from finished dossiers; guards itself */
    struct alert_watch *alerts;  /* of the jobs' thread alone */
    struct quality *quality;     /* guards itself; NULL: nothing is counted */
    /* Adds to a page's view what every page must say; NULL: nothing. Set once at start. */
    void (*banner)(struct ctx *cx, struct json *view);
    struct tpl_set *templates; /* NULL where no pages are shown */
    struct web *web;           /* NULL unless serving */
};

#endif
