/* number.h - the shapes of numbers the State gives persons. See docs/internals/number.md.
 *
 * Shapes only: whether a number was ever given, and to whom, is for identity/ and registers. */
#ifndef NUMBER_NUMBER_H
#define NUMBER_NUMBER_H

#include "base/str.h"

/* LAW: ND137/2015: 12 digits = province (3), century and sex (1), year (2), random (6).
 * Checks shape, the province (provinces.def) and, unless birth is INT32_MIN, agreement with
 * the birth day. */
bool identity_number_is(struct str s, int32_t birth);
/* 10 digits, or 10 and "-" and 3. */
bool tax_code_is(struct str s);

#endif
