/* lately.h - long lists of figures that were asked for lately, read again after a fold.
 * See docs/internals/measure.md.
 *
 * What a unit came to is remembered from one fold to the next (memo.h). After a fold somebody has
 * to read it anew: for a nation's three thousand communes that is some fifty milliseconds. So the
 * process notes which lists people ask for, and a job reads them again, off everybody's way. What
 * it reads goes where everybody looks; whoever comes earlier reads for himself, as ever.
 *
 * Noted are lists of at least LATELY_LEAST units. The newest stay: of all lists together
 * LATELY_UNITS units, in LATELY_LISTS lists; what nobody asked for in LATELY_US is not read.
 *
 * Threads: any number at once. Memory: LATELY_BYTES, once a process. */
#ifndef MEASURE_LATELY_H
#define MEASURE_LATELY_H

#include "measure/measure.h"

enum { LATELY_LEAST = 32, LATELY_LISTS = 512, LATELY_UNITS = 1 << 16 };
enum { LATELY_BYTES = 1 << 20 };
#define LATELY_US (INT64_C(26) * 3600 * 1000000) /* a day, and who comes two hours later */
struct lately;

/* Lives as long as mem; never NULL. */
struct lately *lately_new(struct arena *mem);
/* Somebody asked for the indicator of each of these units, with everything below it. s: its period
 * counts, nothing else. now_us: of a clock that is never set back. */
void lately_note(struct lately *l, const struct indicator *ind, const struct slice *s,
                 const struct unit *const *units, size_t n, int64_t now_us);
/* How many units stand in the lists that are noted. */
size_t lately_size(struct lately *l);
/* A job: reads the lists anew when there was a fold since it did so last, the newest first; then
 * rests for ten times as long as it took. The store's errors. Not inside a turn. */
MUST_USE enum rc figures_again(struct ctx *cx);

#endif
