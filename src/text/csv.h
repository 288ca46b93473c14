/* csv.h - RFC 4180 comma-separated values, UTF-8, first row = column names.
 * See docs/internals/text.md. */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include "text/json.h"

enum { CSV_ROWS_MAX = 200000, CSV_COLS_MAX = 100, CSV_BYTES_MAX = 64 << 20 };

/* *ret: an array of objects, column -> text (JSON_STR), each with its source line. A row with
 * a wrong number of cells is MALFORMED, naming the line. A byte-order mark is skipped. */
MUST_USE enum rc csv_parse(struct ctx *cx, struct str text, struct json **ret);
/* One cell, quoted when it must be; a leading = + - @ is shielded with ' for spreadsheets. */
void csv_cell(struct buf *out, struct str s);

#endif
