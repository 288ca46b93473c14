/* publish.h - publishing a service together with the decision that announced it. See
 * docs/internals/pack.md and pack.h.
 *
 * LAW: QD766/2022 1.1, 1.2 - a procedure is announced by a decision (of a minister, or of the
 * chairman of a province), in time before it takes effect, and made public in time after it.
 * Each body has a decision of its own, which the authors of a pack need not know: the node that
 * publishes names it. */
#ifndef PACK_PUBLISH_H
#define PACK_PUBLISH_H

#include "pack/pack.h"

enum { DECISION_NUMBER_MAX = 80 }; /* characters */

struct pack_decision {
    struct str number; /* as printed, "12/QĐ-UBND"; 1 to DECISION_NUMBER_MAX characters */
    int32_t day;       /* on which it was signed; days since 1970 in Viet Nam */
    int32_t effective; /* from which the procedure is in force; not before `day` */
    bool by_ministry;  /* 20 and 10 working days instead of 5 and 5 */
};

/* As pack_publish; d (NULL: none) goes before the pack's own `decision`. The event says the
 * number and both distances in working days of the node's calendar today. INVALID (field
 * decision, decided, effective): a number too long or none, a day in the future, days in the
 * wrong order, a pack that is no service. A version published before is not announced again:
 * RC_OK, nothing done. */
MUST_USE enum rc pack_publish_decided(struct ctx *cx, const struct pack_files *f,
                                      const struct pack_decision *d, struct str *ref);

#endif
