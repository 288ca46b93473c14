/* opendata.h - datasets that anybody may take: released on schedule, checked so that nobody can
 * be recognised, catalogued. See docs/internals/opendata.md.
 *
 * What is given out is declared in packs (declare/dataset.h). A release is the CSV file of one
 * closed period. Its digest stands in the ledger; its bytes never change. Figures changed since:
 * a further revision beside it.
 *
 * Ground: Decree 47/2020/ND-CP on agencies' data, its part on open data: free, machine-readable,
 * for everybody.
 * Days are civil, sizes are bytes, digests are SHA-256 in hexadecimal. Reading (releases, CSV,
 * rows, catalogue) needs no right and any reader; releasing takes the write turn.
 * Errors: NOT_FOUND for what was never released, STATE for a period that is not over, TOO_LARGE
 * over the ceilings below, CORRUPT when bytes no longer hash to what the ledger says. */
#ifndef OPENDATA_OPENDATA_H
#define OPENDATA_OPENDATA_H

#include "ledger/ledger.h"
#include "pack/pack.h"
#include "web/web.h"

/* A dataset of a published pack. id: as in the declaration for packs of the whole office,
 * PACK.ID for a service's own. */
struct offer {
    struct str id;
    const struct pack *pack;
    const struct dataset *d;
};
struct offers {
    struct offer *v;
    size_t n;
};
struct offers offers_all(struct ctx *cx); /* in order of packs' names, then as declared */
const struct offer *offer_find(struct ctx *cx, struct str id); /* NULL when absent */

/* -- periods: "2026", "2026-Q1", "2026-03"; days are civil, `to` is exclusive -- */
struct data_period {
    struct str name;
    int32_t from, to;
};
/* false unless `name` is a period of exactly that length, in its one spelling. */
MUST_USE bool data_period_parse(struct arena *mem, struct str name, enum dataset_time every,
                                struct data_period *ret);
struct data_period data_period_of(struct arena *mem, int32_t day, enum dataset_time every);

/* -- releasing -- */
enum {
    COARSER_MAX = 3,
    RELEASE_ROWS_MAX = 50000,
    RELEASE_BYTES_MAX = 8 << 20,
    RELEASES_SHOWN = 240
};
/* What the check found; k is the declaration's, 3 to 1000. Every row with a figure below k is
 * `under`. */
struct anonymity {
    int64_t k, nrows, under, smallest; /* smallest: dossiers in the smallest row; 0: no rows */
    struct grain coarser[COARSER_MAX]; /* the least that would have been enough */
    size_t ncoarser;                   /* 0 with under: nothing would be */
};
/* What came of it. Only DONE and REFUSED append an event; the others leave no trace. */
enum outcome {
    RELEASE_DONE,  /* released as a new revision */
    RELEASE_SAME,  /* the same bytes as the last revision: nothing done */
    RELEASE_HELD,  /* so near to an earlier revision that both tell of under k: nothing done */
    RELEASE_EMPTY, /* nothing happened in the period: nothing done */
    RELEASE_REFUSED, /* under k: dataset.refused was appended */
    RELEASE_UNKNOWN, /* an indicator is no longer declared, or counts otherwise */
};
struct release {
    enum outcome outcome;
    struct anonymity found;
    struct str digest; /* RELEASE_DONE, RELEASE_SAME, RELEASE_HELD */
    int64_t revision;
};
/* Makes the file, checks it, and with `is_dry` only says what would happen. The period must be
 * over (STATE). Takes the write turn; the caller commits. */
MUST_USE enum rc dataset_release(struct ctx *cx, const struct offer *o,
                                 const struct data_period *s, bool is_dry, struct release *ret);
/* Releases what is due: of the last twelve periods in which something was counted for a dataset
 * and that ended settings.opendata_days ago, those that have neither release nor refusal under
 * the pack's present version; from one to two at night all of them again, but single events. One
 * for which statements of trusted nodes are still waited for is left until the last of them came
 * or is missing. Commits each. */
MUST_USE enum rc dataset_tick(struct ctx *cx, size_t *released);
/* "by month instead of day, by district instead of commune". */
struct str coarser_text(struct ctx *cx, const struct grain *from, const struct grain *to);

/* -- reading what was released -- */
/* {period, revision, digest, bytes, rows, k, smallest, ledger_size, seq, time, time_text, pack},
 * newest first, at most RELEASES_SHOWN; missing: [{node, unit_name, period}], whose statements it
 * was released without, the first twenty of nmissing. */
MUST_USE enum rc dataset_releases(struct ctx *cx, struct str id, struct json **ret);
/* [{period, rows, under, smallest, k, seq, time_text, coarser: [words], has_coarser}], newest
 * first, at most RELEASES_SHOWN: what was kept back, and what would have been enough. NOT_FOUND. */
MUST_USE enum rc dataset_refusals(struct ctx *cx, struct str id, struct json **ret);
/* The CSV of a release. period empty: the last one; revision 0: the last one. Its bytes hash to
 * *meta's digest or it is CORRUPT. NOT_FOUND when there is none. */
MUST_USE enum rc dataset_csv(struct ctx *cx, struct str id, struct str period, int64_t revision,
                             struct json **meta, struct str *csv);
/* The rows of a CSV as JSON values: numbers are numbers. */
MUST_USE enum rc dataset_rows(struct ctx *cx, const struct offer *o, struct str csv,
                              struct json **ret);
/* The catalogue as DCAT-AP 3 in JSON-LD, its context within it. base: "https://…", no slash. */
MUST_USE enum rc catalog_make(struct ctx *cx, struct str base, struct json **ret);

extern const struct ledger_subscriber opendata_subscriber;
extern const struct route opendata_routes[];

#endif
