/* csv.h - RFC 4180 comma-separated values, UTF-8, first row = column names.
 * See docs/internals/text.md. */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include "text/json.h"

enum { CSV_ROWS_MAX = 200000, CSV_COLS_MAX = 100, CSV_BYTES_MAX = 64 << 20 };

/* *ret: an array of objects, column -> text (JSON_STR), each with its source line; empty cells
 * are empty texts. Lines end with LF or CR LF, the last one may. Stricter than RFC 4180: a
 * quote or CR in a cell that is not quoted, an empty line, a column without a name or of one
 * name with another, a row with more or fewer cells than the head and a zero byte are
 * MALFORMED, naming the line. TOO_LARGE: over a limit above. A byte-order mark is skipped. The
 * tree is all in memory: some hundred bytes a cell, which the caller's arena must have. */
MUST_USE enum rc csv_parse(struct ctx *cx, struct str text, struct json **ret);
/* One cell, quoted when it must be; the caller puts commas and CR LF. A leading = + - @, tab or
 * CR is shielded with ' so that no spreadsheet takes it for a formula (CWE-1236); "-1.5" stays
 * a number. */
void csv_cell(struct buf *out, struct str s);

#endif
