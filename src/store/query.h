/* query.h - what code made by tools/sqlgen calls. See docs/internals/store.md.
 *
 * Nobody else includes this: write the query into your module's .sql file. */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "base/ctx.h"

enum { SQL_ROWS_MAX = 10000 }; /* of a :many query; page or use :each above it */

enum sql_type { SQL_INT_TYPE, SQL_TEXT_TYPE, SQL_BLOB_TYPE };

/* Where a column of the result goes. */
struct sql_col {
    enum sql_type type;
    size_t offset; /* in the row's struct */
};

/* One query of a .sql file. The name is the cache's key and what the log may say: the text of
 * a statement stays out of it. */
struct sql_query {
    const char *name, *module, *sql;
    unsigned nparams, ncols;
    const struct sql_col *cols;
    size_t row; /* bytes of the row's struct */
};

/* A parameter. Nothing from outside is ever part of a statement's text. */
struct sql_val {
    enum sql_type type;
    int64_t i;
    struct str s;
};
#define SQL_INT(v) ((struct sql_val){SQL_INT_TYPE, (v), {NULL, 0}})
#define SQL_TEXT(v) ((struct sql_val){SQL_TEXT_TYPE, 0, (v)})
#define SQL_BLOB(v) ((struct sql_val){SQL_BLOB_TYPE, 0, (v)})

/* Failures: DUPLICATE (a unique key is taken), STORE, CORRUPT, and INTERNAL for our own
 * mistakes: a write outside a turn, a table of another module. */
/* :exec. To its end; rows, if any, are passed over. */
MUST_USE enum rc sql_run_exec(struct ctx *cx, const struct sql_query *q,
                              const struct sql_val *in);
/* :one. The first row into the caller's struct, its texts in cx->mem; NOT_FOUND: none. */
MUST_USE enum rc sql_run_one(struct ctx *cx, const struct sql_query *q,
                             const struct sql_val *in, void *row);
/* :find. The same in cx->mem; *row NULL: none, which is no failure. */
MUST_USE enum rc sql_run_find(struct ctx *cx, const struct sql_query *q,
                              const struct sql_val *in, void **row);
/* :many. All rows in cx->mem, in the query's order; TOO_LARGE above SQL_ROWS_MAX. */
MUST_USE enum rc sql_run_many(struct ctx *cx, const struct sql_query *q,
                              const struct sql_val *in, void **rows, size_t *n);
/* :each. One row after the other in constant memory: row and its texts are the statement's own
 * and gone when `each` returns, so what is kept is copied. A failure of `each` ends the walk and
 * is returned; it must not run the same query. */
typedef enum rc sql_row_fn(struct ctx *cx, const void *row, void *arg);
MUST_USE enum rc sql_run_each(struct ctx *cx, const struct sql_query *q,
                              const struct sql_val *in, sql_row_fn *each, void *arg);

#endif
