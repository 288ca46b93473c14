/* load.h - published figures of many bodies from a list. See docs/internals/target.md. */
#ifndef TARGET_LOAD_H
#define TARGET_LOAD_H

#include "target/entered.h"

enum { LOAD_ROWS_MAX = 5000 };

/* CSV with a head: indicator,body,body_name,period,value,verified,method,note. value is what the
 * body said, as people write it; verified (may be empty) what the authority found. Rows whose
 * indicator is not declared here are passed over. *n: figures entered. The caller commits. */
MUST_USE enum rc figures_load(struct ctx *cx, struct str csv, size_t *n);

#endif
