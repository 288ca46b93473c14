/* load.h - published figures of many bodies from a list. See docs/internals/target.md. */
#ifndef TARGET_LOAD_H
#define TARGET_LOAD_H

#include "target/entered.h"

enum { LOAD_ROWS_MAX = 5000 };

/* CSV with a head: indicator,body,body_name,period,value,verified,method,note. value is what
 * the body said, as people write it in Vietnamese ("18,3", "1.234"); verified (may be empty) what
 * the authority found. Rows whose indicator is not declared here are passed over. *n: figures
 * entered.
 *
 * One event an entry and one more for what was verified, in a write turn that figure_enter
 * takes; the caller commits when all rows went well and rolls back when not: all or nothing.
 * MALFORMED: no CSV. TOO_LARGE (file): over LOAD_ROWS_MAX rows. INVALID (file): a column is
 * missing; (period, value, verified) and what figure_enter and figure_verify find wrong: the line
 * in the detail; whatever they refuse besides. */
MUST_USE enum rc figures_load(struct ctx *cx, struct str csv, size_t *n);

#endif
