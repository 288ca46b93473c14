/* file.h - a whole file of the operator's as one text. See docs/internals/base.md.
 *
 * For what a command is given by name. What people upload goes through a spool (web/upload.c),
 * packs through pack/files.c, which follows no links. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/ctx.h"

struct file_want {
    const char *field; /* the option or argument that named it: of every error */
    size_t most;       /* bytes */
    bool is_binary;    /* else a NUL byte is refused: no text that we read has one */
};
/* Reads it into cx->mem; a NUL follows the bytes, not counted. NOT_FOUND: nothing there that may
 * be read; INVALID: a folder, or a NUL in a text; TOO_LARGE above `most`, after `most` + 1 bytes
 * at the latest; IO: the device, or it grew meanwhile. Pipes and devices are read to their end. */
MUST_USE enum rc file_read(struct ctx *cx, struct str path, const struct file_want *w,
                           struct str *ret);

#endif
