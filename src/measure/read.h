/* read.h - reading cells: every sum that a figure is made of, one after the other.
 * See docs/internals/measure.md.
 *
 * A figure is made of folded months, folded days where its period has no whole month, and what
 * was counted since the last fold. All of one figure is read from one state of the database.
 *
 * Months are year * 12 + month - 1 and are read whole when the period holds them; the days at its
 * edges come from the tables of days. A stock (what stands at the end) is read from the beginning
 * of all counting. Shares of what belongs to no unit are handed to each row that offers it. */
#ifndef MEASURE_READ_H
#define MEASURE_READ_H

#include "measure/measure_priv.h"

/* Rows are told apart by the pointer of the unit as it stands on the forest's day: two parts of one
 * row have the same `row`. */
/* Whose row a sum belongs to. */
enum read_rows {
    ROWS_ONE, /* one for all */
    ROWS_CHILD, /* each child of the slice's unit, with everything below it; and the unit itself */
    ROWS_EACH, /* each unit by itself */
    ROWS_LIST  /* each unit of `units`, with everything below it; one may lie below another */
};

struct part {               /* a sum that was read; lives until the callback returns */
    const struct unit *row; /* ROWS_ONE: something that is not NULL */
    int64_t owner;          /* unit whose it is; only where `apart` */
    int32_t day;            /* INT32_MIN where more than a day was read */
    int64_t month;          /* -1 where more than a month was read: only with by = BY_UNIT */
    struct str procedure;   /* empty unless `detail` */
    int64_t bucket, num, den;
    int64_t late; /* events that came after the period; then nothing else is filled */
};
/* Any failure ends the walk and is the result of cells_read. */
typedef enum rc part_fn(struct ctx *cx, const struct part *p, void *arg);

/* What is read, and where it goes. slice and ind must outlive the call. `each` may be called many
 * times for one row: it adds. It must not write, nor open another query of the same walk: the
 * connection is held in one state until the last part was given. */
struct reading {
    const struct indicator *ind;
    const struct slice *slice;
    enum read_rows rows;
    enum figure_by by; /* what "after the period" is judged by: a row's own month or day */
    bool days;         /* a sum for each day, not for each month */
    bool detail;       /* a sum for each procedure */
    bool apart;        /* a sum for each unit */
    bool buckets;      /* a sum for each bucket; else none is told */
    const struct unit *const *units; /* ROWS_LIST: in order of their addresses, none twice */
    size_t nunits;
    part_fn *each;
    void *arg;
};
/* The place of a unit in the list; nunits: it is not there. */
size_t reading_place(const struct reading *r, const struct unit *u);
/* NOT_FOUND: no such unit. A list is not read by day, month or procedure, and not `apart`. */
MUST_USE enum rc cells_read(struct ctx *cx, const struct reading *r);
/* As figures_get, but what is asked is not noted (lately/lately.h). */
MUST_USE enum rc figures_read(struct ctx *cx, struct figure_ask *v, size_t n);

#endif
