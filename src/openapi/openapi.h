/* openapi.h - the contract of the API, made from the route tables that dispatch obeys.
 * See docs/internals/openapi.md. */
#ifndef OPENAPI_OPENAPI_H
#define OPENAPI_OPENAPI_H

#include "web/web.h"

/* OpenAPI 3.1 of the ROUTE_API rows; tables: NULL-ended. Lives in cx->mem. */
struct json *openapi_make(struct ctx *cx, const struct route *const *tables);

#endif
