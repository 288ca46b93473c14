/* delegation.h - signature delegated: another officer has a role as well, for a term and scope.
 * See docs/internals/identity.md.
 *
 * LAW: ND30/2020 13 - who heads an agency may let a subordinate sign for a time and for named
 * matters; whoever signs for another may not pass it on. */
#ifndef IDENTITY_DELEGATION_H
#define IDENTITY_DELEGATION_H

#include "identity/identity.h"

struct delegation {
    int64_t id;
    int64_t from, to; /* accounts */
    struct unit_id unit;
    enum role role;
    int32_t from_day, to_day; /* civil days, both included */
    struct str procedures;    /* codes parted by spaces; empty: all */
    struct str from_name, to_name;
    bool is_held;     /* `from` still holds the role: without it nothing is delegated */
    int64_t ended_us; /* TIME_NONE: runs its term */
};
/* In cx->mem, with the names as they are when it is read. */
struct delegation_list {
    struct delegation *v;
    size_t n;
};
enum { DELEGATION_DAYS_MAX = 366, DELEGATIONS_MAX = 20, DELEGATION_PROCEDURES_MAX = 400 };

/* id, names, is_held and ended_us of *d are not read. Who delegates holds the role in the
 * unit (a role held by delegation cannot be passed on); the other one is an officer there.
 * An officer may do this for their own role, or with UNIT_ADMIN in the unit. INVALID,
 * FORBIDDEN, DUPLICATE. */
MUST_USE enum rc delegation_add(struct ctx *cx, const struct delegation *d, int64_t *ret);
/* At once; by either of the two, or with UNIT_ADMIN. STATE when it has ended. */
MUST_USE enum rc delegation_end(struct ctx *cx, int64_t id);
/* Of an account, given and received; 0: of every account in the unit (0: anywhere). Latest
 * first, at most 200. */
MUST_USE enum rc delegation_list(struct ctx *cx, int64_t account, struct unit_id unit,
                                 struct delegation_list *ret);
MUST_USE enum rc delegation_get(struct ctx *cx, int64_t id, struct delegation *ret);
/* What `to` may do for others in the unit today, for that procedure. */
MUST_USE enum rc delegations_for(struct ctx *cx, int64_t to, struct unit_id unit,
                                 struct str procedure, struct delegation_list *ret);

#endif
