/* buf.c - a bounded byte buffer in an arena. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

enum { FIRST_ROOM = 256 };

struct buf *buf_new(struct arena *mem, size_t max)
{
    struct buf *b = arena_new_of(mem, struct buf);
    *b = (struct buf){.mem = mem, .max = max};
    return b;
}

static void grow(struct buf *b, size_t n)
{
    size_t room = b->room ? b->room : FIRST_ROOM;
    while (room - b->n < n)
        room *= 2;
    char *p = arena_alloc(b->mem, room + 1); /* + 1: vsnprintf ends with NUL */
    if (b->n)
        memcpy(p, b->p, b->n);
    b->p = p;
    b->room = room;
}

static inline bool make_room(struct buf *b, size_t n)
{
    if (b->over || n > b->max - b->n) {
        b->over = true;
        return false;
    }
    if (b->room - b->n < n)
        grow(b, n);
    return true;
}

void buf_put(struct buf *b, struct str s)
{
    if (s.n == 0 || !make_room(b, s.n))
        return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}

void buf_putc(struct buf *b, char c)
{
    if (make_room(b, 1))
        b->p[b->n++] = c;
}

void buf_int(struct buf *b, int64_t i)
{
    enum { DIGITS = 20 };
    char text[DIGITS];
    size_t at = DIGITS;
    uint64_t u = i < 0 ? -(uint64_t)i : (uint64_t)i;
    do {
        text[--at] = (char)('0' + u % 10);
        u /= 10;
    } while (u);
    if (i < 0)
        text[--at] = '-';
    buf_put(b, str_n(text + at, DIGITS - at));
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    char small[512];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0 || !make_room(b, (size_t)n))
        return;
    if ((size_t)n < sizeof small) {
        memcpy(b->p + b->n, small, (size_t)n);
    } else {
        va_start(ap, fmt);
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
        va_end(ap);
    }
    b->n += (size_t)n;
}

struct str buf_str(const struct buf *b)
{
    return (struct str){b->n ? b->p : "", b->n};
}
