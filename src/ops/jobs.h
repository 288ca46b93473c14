/* jobs.h - what a serving node does by itself: timers, expired drafts, orphaned files.
 * See docs/internals/ops.md. */
#ifndef OPS_JOBS_H
#define OPS_JOBS_H

#include "base/ctx.h"

struct jobs;
/* One thread that runs every job of jobs.c's table in its interval. NULL if it cannot start. */
struct jobs *jobs_start(struct app *app);
/* Waits for the job that is running. NULL is fine. */
void jobs_stop(struct jobs *jobs);

#endif
