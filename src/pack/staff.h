/* staff.h - who works in the units that offer a service, for the checks before publish.
 * See docs/internals/pack.md.
 *
 * Plain data, so that a test brings its own. Asked by rules P100-P103 and P131: every role of
 * the flow has an officer and a substitute where the service is offered, duties are
 * somebody's, and who may not act twice leaves somebody who can. */
#ifndef PACK_STAFF_H
#define PACK_STAFF_H

#include "pack/pack.h"

/* An officer who is active today, with all roles in that unit. */
struct staff_officer {
    int64_t account;
    unsigned roles; /* 1 << enum role */
};
/* Where a duty named by the flow is done, seen from one unit; unit NULL: nowhere, which breaks
 * P103 when a role is wanted there. */
struct staff_unit;
struct staff_duty {
    struct str duty; /* "superior": the unit above */
    const struct staff_unit *unit;
};
struct staff_unit {
    struct str code;
    bool offers; /* the service: dossiers begin here */
    const struct staff_officer *officers;
    size_t nofficers;
    const struct staff_duty *duties;
    size_t nduties;
};
struct staff {
    const struct staff_unit *units;
    size_t n;
};

/* Today's officers of the node that cx is on, for the units that offer p and stand today (civil
 * day of cx->now_us), each account once a unit with all its roles. Some queries a unit: for
 * publishing, not for pages. In cx->mem. */
MUST_USE enum rc staff_load(struct ctx *cx, const struct pack *p, struct staff *ret);

#endif
