/* evidence.c - a file named on the command line becomes evidence of a figure. */
#include "app/figures/evidence.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "app/app.h"
#include "crypt/crypt.h"
#include "store/store.h"

enum { CHUNK = 64 * 1024 };

static void stream_close(void *arg)
{
    fclose(arg);
}

static void copy_remove(void *arg)
{
    unlink(arg); /* it is gone already when it was stored */
}

static enum rc stream_open(struct ctx *cx, const char *path, const char *mode, FILE **ret)
{
    FILE *f = fopen(path, mode);
    if (!f)
        return *mode == 'r' ? FAIL(cx, NOT_FOUND, "evidence", "cannot be opened")
                            : FAIL(cx, IO, NULL, "%s: errno %d", path, errno);
    arena_on_free(cx->mem, stream_close, f);
    *ret = f;
    return RC_OK;
}

static enum rc bytes_copy(struct ctx *cx, FILE *from, FILE *to, struct hash *ret)
{
    char *p = arena_alloc(cx->mem, CHUNK);
    struct hash_stream *hs = hash_begin(cx->mem);
    int64_t size = 0;
    for (size_t n = fread(p, 1, CHUNK, from); n > 0; n = fread(p, 1, CHUNK, from)) {
        size += (int64_t)n;
        if (size > cx->app->settings.web_file_max)
            return FAIL(cx, TOO_LARGE, "evidence", "over %lld bytes",
                        (long long)cx->app->settings.web_file_max);
        hash_add(hs, str_n(p, n));
        if (fwrite(p, 1, n, to) != n)
            return FAIL(cx, IO, NULL, "copy: errno %d", errno);
    }
    if (ferror(from) || fflush(to))
        return FAIL(cx, IO, NULL, "copy: errno %d", errno);
    *ret = hash_end(hs);
    return RC_OK;
}

/* What stands behind the last slash. */
static struct str name_of(struct str path)
{
    size_t at = path.n;
    while (at > 0 && path.p[at - 1] != '/')
        at--;
    return str_skip(path, at);
}

enum rc evidence_store(struct ctx *cx, struct str path, struct file *ret)
{
    struct str dir = store_dir(cx->app->store);
    struct str copy = str_fmt(cx->mem, "%.*s/evidence-%.*s", STR_ARG(dir),
                              STR_ARG(random_token(cx->mem, 12)));
    struct hash digest;
    FILE *from = NULL, *to = NULL;
    TRY(stream_open(cx, str_z(cx->mem, path), "rb", &from));
    arena_on_free(cx->mem, copy_remove, (void *)copy.p);
    TRY(stream_open(cx, copy.p, "wb", &to));
    TRY(bytes_copy(cx, from, to, &digest));
    return file_store(cx, copy, &digest, name_of(path), ret);
}
