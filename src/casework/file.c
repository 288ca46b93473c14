/* file.c - attachments on disk: what is accepted, where it stands, what is swept. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"

enum { SNIFF_BYTES = 32, ORPHAN_HOURS = 24, NAME_MAX_POINTS = 200 };

struct magic {
    size_t at;
    struct str bytes;
    const char *mime;
};
#define MAGIC(at, lit, mime)                                                                   \
    {                                                                                          \
        at, {lit, sizeof(lit) - 1}, mime                                                       \
    }
static const struct magic magics[] = {
    MAGIC(0, "\xff\xd8\xff", "image/jpeg"),
    MAGIC(0, "\x89PNG\r\n\x1a\n", "image/png"),
    MAGIC(0, "GIF87a", "image/gif"),
    MAGIC(0, "GIF89a", "image/gif"),
    MAGIC(0, "II*\0", "image/tiff"),
    MAGIC(0, "MM\0*", "image/tiff"),
    MAGIC(0, "%PDF-", "application/pdf"),
    MAGIC(8, "WEBP", "image/webp"), /* after RIFF and a length */
    MAGIC(4, "ftypheic", "image/heic"),
    MAGIC(4, "ftypheix", "image/heic"),
    MAGIC(4, "ftyphevc", "image/heic"),
    MAGIC(4, "ftypheim", "image/heic"),
    MAGIC(4, "ftypheis", "image/heic"),
    MAGIC(4, "ftypmif1", "image/heif"),
    MAGIC(4, "ftypmsf1", "image/heif"),
    MAGIC(14, "\x28\0\0\0", "image/bmp"), /* BM and a BITMAPINFOHEADER */
    MAGIC(14, "\x6c\0\0\0", "image/bmp"),
    MAGIC(14, "\x7c\0\0\0", "image/bmp"),
};

struct str file_sniff(struct str head)
{
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        const struct magic *m = &magics[i];
        struct str mime = str_from(m->mime);
        if (!str_eq(str_cut(head, m->at, m->at + m->bytes.n), m->bytes))
            continue;
        if (str_eq(mime, STR("image/webp")) && !str_starts(head, STR("RIFF")))
            continue;
        if (str_eq(mime, STR("image/bmp")) && !str_starts(head, STR("BM")))
            continue;
        return mime;
    }
    return STR_NULL;
}

struct str file_path(struct ctx *cx, struct str hex)
{
    struct str dir = store_dir(cx->app->store);
    return str_fmt(cx->mem, "%.*s/files/%.2s/%s", STR_ARG(dir), str_z(cx->mem, hex),
                   str_z(cx->mem, str_skip(hex, 2)));
}

static void fd_close(void *arg)
{
    close((int)(intptr_t)arg);
}

static enum rc fd_open(struct ctx *cx, const char *path, int flags, int *ret)
{
    int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return FAIL(cx, IO, NULL, "open: %s", strerror(errno));
    arena_on_free(cx->mem, fd_close, (void *)(intptr_t)fd);
    *ret = fd;
    return RC_OK;
}

static enum rc dir_sync(struct ctx *cx, struct str dir)
{
    int fd = -1;
    TRY(fd_open(cx, str_z(cx->mem, dir), O_RDONLY | O_DIRECTORY, &fd));
    return fsync(fd) ? FAIL(cx, IO, NULL, "fsync: %s", strerror(errno)) : RC_OK;
}

static enum rc dir_make(struct ctx *cx, struct str dir, struct str parent)
{
    if (mkdir(str_z(cx->mem, dir), 0700) == 0)
        return dir_sync(cx, parent);
    return errno == EEXIST ? RC_OK : FAIL(cx, IO, NULL, "mkdir: %s", strerror(errno));
}

/* Durable before any event names it: bytes, then the name, then new folders. */
static enum rc file_place(struct ctx *cx, const char *spool, int fd, struct str hex,
                          struct str path)
{
    /* Touching keeps the sweep away from a file that is about to be named again. */
    if (utimensat(AT_FDCWD, str_z(cx->mem, path), NULL, 0) == 0) {
        unlink(spool);
        return RC_OK;
    }
    struct str top = str_join(cx->mem, store_dir(cx->app->store), STR("/files"));
    struct str dir = str_fmt(cx->mem, "%.*s/%.2s", STR_ARG(top), str_z(cx->mem, hex));
    TRY(dir_make(cx, top, store_dir(cx->app->store)));
    TRY(dir_make(cx, dir, top));
    if (fsync(fd) || rename(spool, str_z(cx->mem, path)))
        return FAIL(cx, IO, NULL, "store: %s", strerror(errno));
    return dir_sync(cx, dir);
}

enum rc file_store(struct ctx *cx, struct str spool, const struct hash *digest, struct str name,
                   struct file *ret)
{
    int fd = -1;
    struct stat st;
    char head[SNIFF_BYTES];
    const char *from = str_z(cx->mem, spool);
    TRY(fd_open(cx, from, O_RDONLY, &fd));
    ssize_t n = read(fd, head, sizeof head);
    if (n < 0 || fstat(fd, &st))
        return FAIL(cx, IO, NULL, "read: %s", strerror(errno));
    if (st.st_size > cx->app->settings.web_file_max)
        return FAIL(cx, TOO_LARGE, "file", "%lld bytes", (long long)st.st_size);
    struct str mime = file_sniff(str_n(head, (size_t)n));
    if (!mime.p)
        return FAIL(cx, UNSUPPORTED, "file", "neither an image nor a PDF");
    struct str hex = hash_hex(cx->mem, digest);
    *ret = (struct file){.name = utf8_cut(name, NAME_MAX_POINTS),
                         .mime = mime,
                         .digest = *digest,
                         .size = st.st_size,
                         .path = file_path(cx, hex)};
    return file_place(cx, from, fd, hex, ret->path);
}

/* -- the sweep: files that were stored but never named by a draft or dossier -- */

static enum rc orphan_remove(struct ctx *cx, const char *dir, const struct dirent *e,
                             size_t *removed)
{
    struct stat st;
    struct digest_used_row *used = NULL;
    const char *path = str_fmt(cx->mem, "%s/%s", dir, e->d_name).p;
    if (e->d_name[0] == '.' || stat(path, &st) || !S_ISREG(st.st_mode))
        return RC_OK;
    if (st.st_mtime > (time_t)(time_now() / SECOND_US) - ORPHAN_HOURS * 3600)
        return RC_OK;
    TRY(sql_digest_used(cx, str_fmt(cx->mem, "%.2s%s", dir + strlen(dir) - 2, e->d_name),
                        &used));
    if (!used && unlink(path) == 0)
        ++*removed;
    return RC_OK;
}

static enum rc dir_sweep(struct ctx *cx, const char *dir, size_t *removed)
{
    enum rc rc = RC_OK;
    DIR *d = opendir(dir);
    if (!d)
        return RC_OK;
    for (const struct dirent *e; rc == RC_OK && (e = readdir(d));)
        rc = orphan_remove(cx, dir, e, removed);
    closedir(d);
    return rc;
}

enum rc files_sweep(struct ctx *cx, size_t *removed)
{
    struct str top = store_dir(cx->app->store);
    for (unsigned i = 0; i < 256; i++)
        TRY(dir_sweep(cx, str_fmt(cx->mem, "%.*s/files/%02x", STR_ARG(top), i).p, removed));
    return RC_OK;
}
