/* api.h - the JSON API under /api/v1 and the ledger's files under /ledger.
 * See docs/internals/api.md; the contract is /api/v1/openapi.json, made from these tables.
 *
 * Times are RFC 3339 with +07:00, days YYYY-MM-DD, money whole đồng. Failures are
 * application/problem+json (RFC 9457) with `errors` naming each field. */
#ifndef API_API_H
#define API_API_H

#include "measure/measure.h"
#include "openapi/openapi.h"

extern const struct route api_session_routes[];
extern const struct route api_service_routes[];
extern const struct route api_dossier_routes[];
extern const struct route api_figure_routes[];
extern const struct route api_scorecard_routes[];
extern const struct route api_ledger_routes[];
extern const struct route api_letter_routes[];
extern const struct route api_target_routes[];

/* -- slice.c -- */
/* `unit`, `from` and `to` (the last day, included) as the request names them; `absent` is the
 * period when it names no days. No unit: unit.v 0. NOT_FOUND: no such unit. INVALID: the last day
 * lies before the first. */
enum { YEAR_OF_THE_END = INT32_MIN }; /* absent.from: 1 January of the last day's year */
MUST_USE enum rc slice_read(struct ctx *cx, struct req *rq, struct period absent,
                            struct slice *ret);

#endif
