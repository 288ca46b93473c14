/* openapi.h - the contract of the API, made from the route tables that dispatch obeys.
 * See docs/internals/openapi.md. */
#ifndef OPENAPI_OPENAPI_H
#define OPENAPI_OPENAPI_H

#include "web/web.h"

/* OpenAPI 3.1.0 of the ROUTE_API rows; tables: NULL-ended. The rows that dispatch checks by are
 * the only source: a parameter, limit or right cannot say one thing here and be another.
 * Failures are RFC 9457 problems whose `code` lists errors.def. "{rest*}", a parameter with
 * slashes, is shown as "{rest}": OpenAPI has no sign for it. Fails never; the value lives in
 * cx->mem, texts of the rows are not copied. */
struct json *openapi_make(struct ctx *cx, const struct route *const *tables);

#endif
