/* dataset.h - datasets.yaml: what a pack gives out as open data. See docs/internals/opendata.md
 * and packs/README.md.
 *
 * A dataset is either figures (the pack's indicators, summed over its dimensions) or single
 * events (one row each). Its dimensions are what somebody could be recognised by: every
 * combination of them must stand for at least k dossiers, or nothing is released. */
#ifndef DECLARE_DATASET_H
#define DECLARE_DATASET_H

#include "expr/expr.h"
#include "ledger/ledger.h"
#include "text/decl.h"

enum {
    DATASETS_MAX = 20,        /* of one pack */
    DATASET_COLUMNS_MAX = 20, /* indicators or facts of one dataset */
    DATASET_K_MIN = 3,
    DATASET_K_MAX = 1000,
    DATASET_K = 5, /* where a pack says nothing */
};

/* Finest first, so that coarsening is counting up. */
enum dataset_time { TIME_DAY, TIME_MONTH, TIME_QUARTER, TIME_YEAR, TIME_ALL };
enum dataset_area { AREA_UNIT, AREA_COMMUNE, AREA_DISTRICT, AREA_PROVINCE, AREA_ALL };
struct grain {
    enum dataset_time time; /* TIME_ALL: no such column */
    enum dataset_area area; /* AREA_ALL: no such column */
    bool procedure, channel;
};
const char *time_name(enum dataset_time t); /* "month"; "" for TIME_ALL */
const char *area_name(enum dataset_area a); /* "commune"; "" for AREA_ALL */

/* What may be done with it: the licence's SPDX name and where its text stands. */
struct licence {
    const char *id, *url;
};
const struct licence *licence_find(struct str id); /* NULL: not one of those offered */

struct dataset {
    struct str id; /* as in the file; dataset_all (opendata.h) tells the full one */
    const struct json *title, *about, *keywords, *contact; /* {vi, en}; keywords may be NULL */
    struct str email, theme; /* theme: of the EU's data-theme list, "GOVE" by default */
    const struct licence *licence;
    enum dataset_time every; /* how often: TIME_MONTH, TIME_QUARTER or TIME_YEAR */
    int64_t k;
    struct grain grain;
    enum event_kind event;                   /* EV_NONE: a dataset of figures */
    const struct expr *when;                 /* which events; NULL: all */
    struct str columns[DATASET_COLUMNS_MAX]; /* ids of indicators, or names of facts */
    size_t ncolumns;
};
struct dataset_list {
    struct dataset *v;
    size_t n;
};

/* Reads a datasets.yaml. indicators: the list of the same pack's indicators.yaml, or NULL.
 * Fails and notes as text/decl.h says; the rules are P180 … P185. */
MUST_USE enum rc datasets_read(struct ctx *cx, const struct json *yaml,
                               const struct json *indicators, struct decl_notes *notes,
                               struct dataset_list *ret);

#endif
