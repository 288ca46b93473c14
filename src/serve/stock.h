/* stock.h - request arenas at rest, so that a request costs no allocation of its first page.
 * See docs/internals/serve.md. */
#ifndef SERVE_STOCK_H
#define SERVE_STOCK_H

#include "base/arena.h"

enum { STOCK_MAX = 256 }; /* arenas kept, one page each */

/* An arena is given back when the answer's last byte has left, not when the handler returns:
 * the body that is being sent lies in it. */

struct stock;
/* arena_limit: of each arena, not of all together. Any thread may take and give. */
struct stock *stock_new(struct arena *mem, size_t arena_limit);
/* Never NULL: a new one when none is at rest. */
struct arena *stock_take(struct stock *s);
/* Runs the arena's closers; keeps it when there is room. */
void stock_give(struct stock *s, struct arena *mem);
/* Before the process ends: what is at rest is freed. */
void stock_empty(struct stock *s);

#endif
