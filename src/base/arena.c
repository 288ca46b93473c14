/* arena.c - memory with a named lifetime: a chain of pages, a chain of closers. */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 16 * 1024, BIG_BYTES = PAGE_BYTES / 4, ALIGN = 16 };

struct page {
    struct page *prev;
    size_t size, used;
    _Alignas(ALIGN) unsigned char data[];
};

struct closer {
    struct closer *prev;
    void (*close)(void *);
    void *arg;
};

struct arena {
    struct page *page;
    struct closer *closers;
    jmp_buf *escape;
    struct arena *parent; /* whose escape counts when there is none of its own */
    size_t limit, taken, used;
};

static _Thread_local unsigned fail_after;

unsigned arena_fail_page(unsigned n)
{
    unsigned left = fail_after;
    fail_after = n;
    return left;
}

_Noreturn static void out_of_memory(struct arena *mem)
{
    for (; mem; mem = mem->parent)
        if (mem->escape)
            longjmp(*mem->escape, 1);
    fputs("motcua: out of memory\n", stderr);
    abort();
}

static struct page *page_new(size_t size)
{
    if (fail_after && --fail_after == 0)
        return NULL;
    struct page *p = malloc(sizeof *p + size);
    if (p)
        *p = (struct page){.size = size};
    return p;
}

static struct arena *arena_below(struct arena *parent, size_t limit)
{
    struct page *p = page_new(PAGE_BYTES);
    if (!p)
        out_of_memory(parent);
    struct arena *mem = (struct arena *)p->data;
    p->used = (sizeof *mem + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    *mem = (struct arena){.page = p, .parent = parent, .limit = limit, .taken = PAGE_BYTES};
    return mem;
}

struct arena *arena_new(size_t limit)
{
    return arena_below(NULL, limit);
}

static void child_end(void *child)
{
    arena_free(child);
}

struct arena *arena_child(struct arena *parent, size_t bytes)
{
    struct arena *mem = arena_below(parent, bytes);
    arena_on_free(parent, child_end, mem);
    return mem;
}

/* NULL: over the limit, or the system has none. */
static struct page *page_add(struct arena *mem, size_t n)
{
    bool big = n > BIG_BYTES;
    size_t size = big ? n : PAGE_BYTES;
    if (mem->taken + size > mem->limit)
        return NULL;
    struct page *p = page_new(size);
    if (!p)
        return NULL;
    mem->taken += size;
    /* A page made for one big thing goes below the current one, which still has room. */
    struct page **at = big ? &mem->page->prev : &mem->page;
    p->prev = *at;
    return *at = p;
}

static void *arena_try(struct arena *mem, size_t n)
{
    if (n > mem->limit)
        return NULL;
    n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    struct page *p = mem->page;
    if (p->size - p->used < n)
        p = page_add(mem, n);
    if (!p)
        return NULL;
    void *at = p->data + p->used;
    p->used += n;
    mem->used += n;
    return memset(at, 0, n);
}

void *arena_alloc(struct arena *mem, size_t n)
{
    void *p = arena_try(mem, n);
    if (!p)
        out_of_memory(mem);
    return p;
}

void *arena_alloc_n(struct arena *mem, size_t n, size_t each)
{
    if (each && n > SIZE_MAX / each)
        out_of_memory(mem);
    return arena_alloc(mem, n * each);
}

void arena_on_free(struct arena *mem, void (*close)(void *), void *arg)
{
    struct closer *c = arena_try(mem, sizeof *c);
    if (!c) { /* what was just opened must not stay open */
        close(arg);
        out_of_memory(mem);
    }
    *c = (struct closer){mem->closers, close, arg};
    mem->closers = c;
}

void arena_escape_set(struct arena *mem, jmp_buf *to)
{
    mem->escape = to;
}

size_t arena_used(const struct arena *mem)
{
    return mem->used;
}

static void run_closers(struct arena *mem)
{
    while (mem->closers) {
        struct closer *c = mem->closers;
        mem->closers = c->prev;
        c->close(c->arg);
    }
}

/* Frees every page but the first, which holds the arena itself; returns that one. */
static struct page *free_pages(struct arena *mem)
{
    struct page *p = mem->page;
    while (p->prev) {
        struct page *prev = p->prev;
        if ((void *)mem == (void *)p->data) { /* the first page may not be the last in chain */
            p->prev = prev->prev;
            free(prev);
            continue;
        }
        free(p);
        p = prev;
    }
    return p;
}

void arena_reset(struct arena *mem)
{
    run_closers(mem);
    struct page *first = free_pages(mem);
    first->used = (sizeof *mem + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    *mem = (struct arena){
        .page = first, .parent = mem->parent, .limit = mem->limit, .taken = PAGE_BYTES};
}

void arena_free(struct arena *mem)
{
    if (!mem)
        return;
    run_closers(mem);
    free(free_pages(mem));
}
