/* period.h - periods for which figures are entered: "2025", "2025-H1", "2025-Q3", "2025-06". See
 * docs/internals/target.md.
 *
 * One spelling in events, addresses, CSV files and forms. Whole months: one, three, six or
 * twelve of them, at their place in the year.
 *
 * H1 is January to June, H2 July to December; Q1 to Q4 begin in January, April, July and October.
 * Years outside 1990 to 2100 are no period. Days are civil days of Viet Nam, `to` exclusive. Pure
 * functions but period_text, which reads words; none keeps anything. */
#ifndef TARGET_PERIOD_H
#define TARGET_PERIOD_H

#include "measure/measure.h"

/* Months that one figure covers. */
enum span { SPAN_NONE = 0, SPAN_MONTH = 1, SPAN_QUARTER = 3, SPAN_HALF = 6, SPAN_YEAR = 12 };
enum { PERIOD_YEAR_MIN = 1990, PERIOD_YEAR_MAX = 2100 };

const char *span_name(enum span e);                     /* "quarter"; "" for never */
MUST_USE bool span_parse(struct str s, enum span *ret); /* false on anything else */

MUST_USE bool period_parse(struct str s, struct period *ret);
/* STR_NULL when p is no such period. */
struct str period_id(struct arena *mem, struct period p);
/* For people, in the ctx's language: "năm 2025", "quý III/2025", "tháng 6/2025". */
struct str period_text(struct ctx *cx, struct period p);
enum span period_span(struct period p); /* SPAN_NONE when it is no such period */
/* The one that holds `day`; the one before and after p, of the same length, in any year. span is
 * not SPAN_NONE. */
struct period period_at(int32_t day, enum span span);
struct period period_before(struct period p);
struct period period_next(struct period p);

#endif
