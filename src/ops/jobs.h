/* jobs.h - what a serving node does by itself: timers, expired drafts, orphaned files.
 * See docs/internals/ops.md. */
#ifndef OPS_JOBS_H
#define OPS_JOBS_H

#include "base/ctx.h"

struct jobs;
/* One thread runs every job of jobs.c's table in its interval, the first time five seconds
 * after the start; one at a time, so a long one delays the others and none runs beside itself.
 * Each gets a ctx and an arena of 64 MB of its own. One that fails is logged (name, code,
 * detail) and tried again after its interval: jobs must be such that a second try does no harm.
 * NULL if the thread cannot start. */
struct jobs *jobs_start(struct app *app);
/* Waits for the job that is running. NULL is fine. Before the store is closed. */
void jobs_stop(struct jobs *jobs);

/* memory.c. Free pages of the heap, and pages of code that are in files anyway, go back to the
 * system. Whoever needs one again has it from the system's cache at the price of a page fault. */
void memory_give_back(void);

#endif
