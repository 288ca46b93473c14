/* read.h - reading cells: every sum that a figure is made of, one after the other.
 * See docs/internals/measure.md.
 *
 * A figure is made of folded months, folded days where its period has no whole month, and what
 * was counted since the last fold. All of one figure is read from one state of the database. */
#ifndef MEASURE_READ_H
#define MEASURE_READ_H

#include "measure/measure_priv.h"

/* Whose row a sum belongs to. */
enum read_rows {
    ROWS_ONE, /* one for all */
    ROWS_CHILD, /* each child of the slice's unit, with everything below it; and the unit itself */
    ROWS_EACH /* each unit by itself */
};

struct part {               /* a sum that was read; lives until the callback returns */
    const struct unit *row; /* ROWS_ONE: something that is not NULL */
    int64_t owner;          /* unit whose it is; only where `apart` */
    int32_t day;            /* INT32_MIN where a whole month was read */
    int64_t month;
    struct str procedure; /* empty unless `detail` */
    int64_t bucket, num, den;
    int64_t late; /* events that came after the period; then nothing else is filled */
};
typedef enum rc part_fn(struct ctx *cx, const struct part *p, void *arg);

struct reading {
    const struct indicator *ind;
    const struct slice *slice;
    enum read_rows rows;
    enum figure_by by; /* what "after the period" is judged by: a row's own month or day */
    bool days;         /* a sum for each day, not for each month */
    bool detail;       /* a sum for each procedure */
    bool apart;        /* a sum for each unit */
    part_fn *each;
    void *arg;
};
/* NOT_FOUND: no such unit. */
MUST_USE enum rc cells_read(struct ctx *cx, const struct reading *r);

#endif
