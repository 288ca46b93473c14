/* beside.h - bulk work done by a second thread beside the caller, one job at a time.
 * See docs/internals/base.md.
 *
 *     beside_do(b, sums_make, &first);
 *     while (more) {
 *         beside_wait(b);              what the job left may be read now
 *         beside_do(b, sums_make, &second);
 *         write(&first);
 *     }
 *
 * For one caller: its functions are called by one thread. A job has memory and a ctx of its own and
 * touches nothing that the caller changes before beside_wait. */
#ifndef BASE_BESIDE_H
#define BASE_BESIDE_H

#include "base/arena.h"

struct beside;
/* Its thread ends with mem, after the job that it is at; the arenas that jobs use must live longer,
 * so they are made before. Where the system gives no thread, jobs are done at once by the caller:
 * never NULL. */
struct beside *beside_new(struct arena *mem);
typedef void beside_fn(void *arg);
/* Waits for the job before, then starts this one. b NULL: the caller does it, at once. */
void beside_do(struct beside *b, beside_fn *job, void *arg);
/* Until what was given is done; what it wrote is seen. b NULL: is fine. */
void beside_wait(struct beside *b);

#endif
