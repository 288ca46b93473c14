/* file.c - a whole file as one text, with a ceiling. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fd_close(void *arg)
{
    close(*(int *)arg);
}

static enum rc fd_get(struct ctx *cx, struct str path, const struct file_want *w, int *ret,
                      struct stat *st)
{
    int *fd = arena_new_of(cx->mem, int);
    *fd = open(str_z(cx->mem, path), O_RDONLY | O_CLOEXEC);
    if (*fd < 0)
        return FAIL(cx, NOT_FOUND, w->field, "%.*s: %s", STR_ARG(path), strerror(errno));
    arena_on_free(cx->mem, fd_close, fd);
    if (fstat(*fd, st) < 0)
        return FAIL(cx, IO, w->field, "%.*s: %s", STR_ARG(path), strerror(errno));
    if (S_ISDIR(st->st_mode))
        return FAIL(cx, INVALID, w->field, "%.*s is a folder", STR_ARG(path));
    *ret = *fd;
    return RC_OK;
}

static enum rc bytes_get(struct ctx *cx, int fd, const struct file_want *w, char *p,
                         size_t room, size_t *n)
{
    for (*n = 0; *n < room;) {
        ssize_t got = read(fd, p + *n, room - *n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return FAIL(cx, IO, w->field, "read: %s", strerror(errno));
        if (!got)
            break;
        *n += (size_t)got;
    }
    return RC_OK;
}

enum rc file_read(struct ctx *cx, struct str path, const struct file_want *w, struct str *ret)
{
    struct stat st;
    int fd;
    size_t n, room = w->most + 1; /* one byte more tells that it is too large */
    TRY(fd_get(cx, path, w, &fd, &st));
    if (S_ISREG(st.st_mode) && st.st_size > 0 && (size_t)st.st_size < w->most)
        room = (size_t)st.st_size + 1;
    char *p = arena_alloc(cx->mem, room + 1);
    TRY(bytes_get(cx, fd, w, p, room, &n));
    if (n > w->most)
        return FAIL(cx, TOO_LARGE, w->field, "over %zu bytes", w->most);
    if (n == room)
        return FAIL(cx, IO, w->field, "%.*s grew while it was read", STR_ARG(path));
    p[n] = 0;
    const char *nul = w->is_binary ? NULL : memchr(p, 0, n);
    if (nul)
        return FAIL(cx, INVALID, w->field, "byte %zu is NUL: no text", (size_t)(nul - p));
    *ret = str_n(p, n);
    return RC_OK;
}
