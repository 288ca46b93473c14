/* owner.h - whose cells are whose: the tree of units as it stood on a day.
 * See docs/internals/measure.md.
 *
 * Cells keep the unit that acted. When read, a unit that had ended by the period's end is its
 * first successor, and that one's place in the tree is its own. A unit never changes its parent,
 * so the folded sums of the units above stay as they are; what a merger moved is read apart.
 *
 * A forest is a question: which rows, of which day's tree. Everything here reads the snapshot of
 * units in memory, takes no query and cannot fail; results live in cx->mem. Successions are
 * followed through at most 32 mergers, so that a circle in the data would end. */
#ifndef MEASURE_OWNER_H
#define MEASURE_OWNER_H

#include "measure/read.h"

struct forest {
    const struct unit *unit; /* what is asked for; NULL: everything */
    enum read_rows rows;
    int32_t day; /* the tree of that day */
    bool apart;  /* each unit's own cells are read apart, whatever the rows */
    bool merged; /* some unit had ended by then and has a successor */
};
/* unit NULL: the whole node. day: civil, the last one of the period asked about; units that ended
 * on it or before are read as their first successor. */
struct forest forest_on(struct ctx *cx, const struct unit *unit, enum read_rows rows,
                        int32_t day);
bool unit_stands(const struct unit *u, int32_t day); /* from its first day, before its end */
/* Who has the unit's cells on that day. */
const struct unit *unit_owner(const struct unit *u, int32_t day);
/* The row that a unit's own cells belong to; NULL: none of these. */
const struct unit *forest_row(const struct forest *f, const struct unit *u);

/* Sums to read: a unit's own, or with everything below it. */
struct term {
    const struct unit *unit, *row;
    bool own;
};
struct terms {
    struct term *v;
    size_t n;
};
/* What has to be read so that each unit's cells come in exactly once. While nothing was merged
 * these are the folded sums of the units asked for: the cost does not grow with the tree. */
struct terms forest_terms(struct ctx *cx, const struct forest *f);

/* Rows that what belongs to nobody (a published service) is counted in: every row in whose units
 * it is offered. kinds: 1 << enum unit_kind of the units that stand there. */
struct holder {
    const struct unit *row;
    unsigned kinds;
};
struct holders {
    struct holder *v;
    size_t n;
};
/* Units that stand on the forest's day only. A node without units has one holder of all kinds, so
 * that what it published is still counted. */
struct holders forest_holders(struct ctx *cx, const struct forest *f);

#endif
