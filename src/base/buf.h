/* buf.h - a bounded byte buffer in an arena. See docs/internals/base.md.
 *
 * Writing past `max` drops the excess and sets `over`: the writer checks once, at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    struct arena *mem;
    char *p;
    /* Bytes written, taken from the arena, allowed. */
    size_t n, room, max;
    /* Something did not fit. It stays set, and nothing more is taken: what stands is a true
     * beginning, never a text with a hole. */
    bool over;
};

/* Takes no memory until something is written. */
struct buf *buf_new(struct arena *mem, size_t max);
/* All of s or, above max, none of it. The bytes are copied. */
void buf_put(struct buf *b, struct str s);
void buf_putc(struct buf *b, char c);
/* In decimal, with '-' below zero; several times faster than buf_fmt. */
void buf_int(struct buf *b, int64_t i);
/* As printf; %.*s with STR_ARG for a str. */
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What was written so far. Valid until the next write. */
struct str buf_str(const struct buf *b);

#endif
