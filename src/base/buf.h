/* buf.h - a bounded byte buffer in an arena. See docs/internals/base.md.
 *
 * Writing past `max` drops the excess and sets `over`: the writer checks once, at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    struct arena *mem;
    char *p;
    size_t n, room, max;
    bool over;
};

/* Takes no memory until something is written. */
struct buf *buf_new(struct arena *mem, size_t max);
void buf_put(struct buf *b, struct str s);
void buf_putc(struct buf *b, char c);
void buf_int(struct buf *b, int64_t i); /* in decimal; several times faster than buf_fmt */
/* As printf; %.*s with STR_ARG for a str. */
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What was written so far. Valid until the next write. */
struct str buf_str(const struct buf *b);

#endif
