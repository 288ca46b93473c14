/* opendata_priv.h - what the files of opendata/ share. See docs/internals/opendata.md.

 *
 * A table is one period's content in memory, at most RELEASE_ROWS_MAX rows, in cx->mem. Its rows
 * are sorted by what they say and not by when it happened. `size` is what the check looks at: the
 * dossiers behind the row's smallest figure that is not zero. */
#ifndef OPENDATA_OPENDATA_PRIV_H
#define OPENDATA_OPENDATA_PRIV_H

#include "measure/measure.h"
#include "opendata/opendata.h"
#include "rollup/rollup.h"

/* One combination of a dataset's dimensions, or one event. */
struct table_row {
    int32_t day;             /* first of its time; 0 without that column */
    const struct unit *unit; /* NULL without that column */
    struct str procedure;    /* empty, 0: without that column */
    int channel;
    int64_t *num, *den; /* figures, one each a column */
    struct str *values; /* events, one each a column */
    int64_t size;       /* dossiers that it stands for, in its smallest column */
};
struct table {
    const struct offer *offer;
    const struct indicator *ind[DATASET_COLUMNS_MAX]; /* of a dataset of figures */
    struct grain grain;
    struct table_row *v;
    size_t n;
};

/* -- table.c -- */
/* The dataset's content of a period, at the grain it declares, sorted. NOT_FOUND (indicator)
 * when a column is no longer what it was declared as; TOO_LARGE over RELEASE_ROWS_MAX. */
MUST_USE enum rc content_collect(struct ctx *cx, const struct offer *o,
                                 const struct data_period *s, struct table *ret);
/* The same, added up to a coarser grain (figures) or grouped by it (events: rows are classes and
 * have no values). */
MUST_USE enum rc content_coarsen(struct ctx *cx, const struct table *t, const struct grain *g,
                                 struct table *ret);
/* RFC 4180: CRLF, a header line, quotes where needed; the same table gives the same bytes.
 * TOO_LARGE over RELEASE_BYTES_MAX. */
MUST_USE enum rc content_csv(struct ctx *cx, const struct table *t, struct str *ret);
/* The unit of that area in which u lies; u itself when nothing above is one. */
const struct unit *grain_unit(const struct unit *u, enum dataset_area area);
/* The first day of the day's time; 0 for TIME_ALL. */
int32_t grain_day(int32_t day, enum dataset_time t);
struct str grain_text(struct arena *mem, int32_t day, enum dataset_time t);

/* -- anonymity.c -- */
/* Counts the rows under k and, when there are any, tries every coarser grain, fewest steps first,
 * in an arena of its own. Reads nothing: the same table gives the same answer. */
MUST_USE enum rc anonymity_check(struct ctx *cx, const struct table *t, struct anonymity *ret);

/* -- apart.c -- */
/* May both files be known? Not when a row, or for single events all of them together, differ in
 * something, but by fewer than k. `t` is what `now` was made of. */
bool revisions_apart(struct arena *mem, const struct table *t, struct str before,
                     struct str now, int64_t k);
/* The same against each revision from the given one down to the first. */
MUST_USE enum rc release_apart(struct ctx *cx, const struct table *t, struct str period,
                               int64_t revision, struct str csv, int64_t k, bool *ret);

/* -- due.c: the schedule -- */
/* The first day of the last month (of single events: the last day) before `past` in which
 * something was counted for the dataset; -1 when there is none. */
MUST_USE enum rc offer_counted(struct ctx *cx, const struct offer *o, int32_t past,
                               int32_t *ret);
/* The period that ought to be released by now: the last one that is over since
 * settings.opendata_days, and in which something was counted or is still waited for. */
enum why { WHY_NONE, WHY_RELEASED, WHY_REFUSED, WHY_WAITING, WHY_UNCOUNTED, WHY_SOON };
struct due_next {
    struct data_period period;
    enum why why;         /* WHY_NONE: there is no such period */
    struct stated stated; /* of the period */
};
MUST_USE enum rc offer_due(struct ctx *cx, const struct offer *o, struct due_next *ret);
/* A column's indicator; NULL when it is no longer counted, or the dataset has single events. */
const struct indicator *offer_column(struct ctx *cx, const struct offer *o, size_t i);

/* -- columns of what is given out: {name, title, type: "string"|"integer", about} -- */
struct json *content_columns(struct ctx *cx, const struct offer *o);

#endif
