/* asked.h - what an address of the cockpit asks for. See docs/internals/cockpit.md.
 *
 * Every page of figures takes the same question: a unit, days, a procedure, a kind of unit. It is
 * read from the address in one place and written back in one place. */
#ifndef COCKPIT_ASKED_H
#define COCKPIT_ASKED_H

#include "measure/measure.h"
#include "rollup/rollup.h"
#include "web/web.h"

/* What an address asks for: which unit, which days, which procedure. */
struct asked {
    const struct unit *unit; /* NULL: a node without units */
    struct str period;       /* month last year custom */
    struct str procedure;
    struct str level; /* a kind of unit, "commune"; empty: the page chooses */
    struct slice slice;
    struct stated stated; /* what nodes below said of the period */
    int newest; /* nothing came in: the last year before in which something did; 0: not so */
};

#define PARAMS_ASKED                                                                             \
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "with everything below it"},             \
        {"period", IN_QUERY, P_CODE, false, 1, 10, "month last year custom"},                    \
        {"from", IN_QUERY, P_TEXT, false, 0, 10, "first day, with period=custom"},               \
        {"to", IN_QUERY, P_TEXT, false, 0, 10, "last day, included"},                            \
        {"was", IN_QUERY, P_CODE, false, 1, 21, "days that the form showed: others were typed"}, \
        {"level", IN_QUERY, P_CODE, false, 1, 20, "kind of unit compared: district commune …"},  \
    {                                                                                            \
        "procedure", IN_QUERY, P_CODE, false, 1, 40, "only this procedure code"                  \
    }
/* Days beside a named period that are not its own (and not `was`) are a custom period. INVALID,
 * with every wrong field in reply_errors: no such period, day, kind of unit or procedure, or a
 * last day before the first. NOT_FOUND: unit. */
MUST_USE enum rc asked_read(struct ctx *cx, struct req *rq, struct asked *ret);
/* A page: what asked_read refuses is shown over the form as it was typed (422). */
MUST_USE enum rc page_or_wrong(struct ctx *cx, struct req *rq, route_fn *page);
/* The period cuts months that nodes below stated: what they said has no days and is not in it. */
bool asked_is_incomplete(const struct asked *a);
/* The address of a page with the same question about `unit` (NULL: the one asked about). */
struct str asked_path(struct ctx *cx, const struct asked *a, const char *page,
                      const struct unit *unit);
struct slice asked_before(const struct asked *a); /* of the days just before, as many */
/* What every page shows about the question: crumbs, periods, procedures, form fields. */
void asked_put(struct ctx *cx, const struct asked *a, const char *page, struct json *view);

#endif
