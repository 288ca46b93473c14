/* arena.h - memory with a named lifetime. See docs/internals/base.md.
 *
 * Everything lives in an arena and dies with it: nobody frees one thing. Lifetimes are the
 * process, a pack generation, a request or job. An arena is used by one thread at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena;

/* limit: bytes in all; going over it, or the system having no memory, "escapes" (below).
 * Ends the process when even the first page cannot be had. */
struct arena *arena_new(size_t limit);
/* Runs the closers, last registered first, then frees every page. NULL is fine. */
void arena_free(struct arena *mem);
/* One of `bytes` in all that ends with `parent` (a closer of it: do not free it, and arena_reset
 * of the parent ends it), for work that may need more than its own share or give some back early
 * (arena_reset of the child). Going over its limit, or no memory for its first page, "escapes"
 * as the parent would, so it belongs to the parent's thread. */
struct arena *arena_child(struct arena *parent, size_t bytes);
/* As arena_free, but keeps the first page for the next use. */
void arena_reset(struct arena *mem);

/* n zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *mem, size_t n) __attribute__((malloc, returns_nonnull));
#define arena_new_of(mem, type) ((type *)arena_alloc((mem), sizeof(type)))
#define arena_array(mem, type, n) ((type *)arena_alloc_n((mem), (n), sizeof(type)))
void *arena_alloc_n(struct arena *mem, size_t n, size_t each) __attribute__((returns_nonnull));

/* Registers close(arg) for when the arena ends: stands on the line after the opening. */
void arena_on_free(struct arena *mem, void (*close)(void *arg), void *arg);

/* Where to go when the limit is reached. Set by whoever runs a unit of work (dispatch, a
 * job); with none set, the process ends with a message. */
void arena_escape_set(struct arena *mem, jmp_buf *to);

size_t arena_used(const struct arena *mem); /* bytes handed out */

/* For fault tests: the n-th page from now fails once (0 = never). This thread only. Gives what
 * was left of the fault set before: 0 when it struck. */
unsigned arena_fail_page(unsigned n);

#endif
