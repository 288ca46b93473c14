/* files.c - the files of a pack: from a folder, from the program, from an archive. */
#include "pack/pack_priv.h"

#include "page/embed.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_DEPTH_MAX = 3 };
#define ARCHIVE_HEAD "motcua-pack 1\n"

struct pack_files *pack_files_new(struct arena *mem)
{
    struct pack_files *f = arena_new_of(mem, struct pack_files);
    f->v = arena_array(mem, struct pack_file, PACK_FILES_MAX);
    return f;
}

static bool name_is(struct str s)
{
    if (s.n == 0 || s.n > PACK_NAME_MAX || s.p[0] == '/' || str_has(s, STR("..")))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && !strchr("._-/", c))
            return false;
    }
    return true;
}

enum rc pack_files_add(struct ctx *cx, struct pack_files *f, struct str name, struct str data)
{
    if (!name_is(name))
        return FAIL(cx, MALFORMED, "file", "a pack's file names are [A-Za-z0-9._/-]: %.*s",
                    STR_ARG(str_cut(name, 0, PACK_NAME_MAX)));
    if (f->n == PACK_FILES_MAX || f->bytes + data.n > PACK_BYTES_MAX)
        return FAIL(cx, TOO_LARGE, "pack", "over %d files or %d bytes at %.*s", PACK_FILES_MAX,
                    PACK_BYTES_MAX, STR_ARG(name));
    f->bytes += data.n;
    f->v[f->n++] = (struct pack_file){name, data};
    return RC_OK;
}

static int file_cmp(const void *a, const void *b)
{
    return str_cmp(((const struct pack_file *)a)->name, ((const struct pack_file *)b)->name);
}

void pack_files_sort(struct pack_files *f)
{
    qsort(f->v, f->n, sizeof *f->v, file_cmp);
}

struct str pack_file(const struct pack_files *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->v[i].name, name))
            return f->v[i].data;
    return STR_NULL;
}

struct str pack_file_name(const struct pack_files *f, size_t i)
{
    return i < f->n ? f->v[i].name : STR_NULL;
}

/* -- a folder -- */
struct walk {
    struct pack_files *files;
    int depth;
};

static void close_fd(void *arg)
{
    close((int)(intptr_t)arg);
}

static void close_dir(void *arg)
{
    closedir(arg);
}

static enum rc file_read(struct ctx *cx, int fd, struct str name, struct str *ret)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return FAIL(cx, IO, "file", "%.*s: %s", STR_ARG(name), strerror(errno));
    if (st.st_size > PACK_BYTES_MAX)
        return FAIL(cx, TOO_LARGE, "pack", "%.*s: %lld bytes", STR_ARG(name),
                    (long long)st.st_size);
    char *p = arena_alloc(cx->mem, (size_t)st.st_size + 1);
    size_t n = 0;
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, p + n, (size_t)st.st_size - n);
        if (got <= 0)
            return FAIL(cx, IO, "file", "%.*s: cannot be read whole", STR_ARG(name));
        n += (size_t)got;
    }
    *ret = str_n(p, n);
    return RC_OK;
}

static enum rc folder_read(struct ctx *cx, struct walk *w, int dir, struct str prefix);

/* Symbolic links and everything that is neither file nor folder are not part of a pack. */
static enum rc entry_read(struct ctx *cx, struct walk *w, int dir, struct str prefix,
                          const char *entry)
{
    struct stat st;
    struct str name = str_join(cx->mem, prefix, str_dup(cx->mem, str_from(entry)));
    int fd = openat(dir, entry, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno == ELOOP
                   ? RC_OK
                   : FAIL(cx, IO, "file", "%.*s: %s", STR_ARG(name), strerror(errno));
    arena_on_free(cx->mem, close_fd, (void *)(intptr_t)fd);
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        if (w->depth == FOLDER_DEPTH_MAX)
            return FAIL(cx, TOO_LARGE, "pack", "%.*s: folders are too deep", STR_ARG(name));
        return folder_read(cx, w, dup(fd), str_join(cx->mem, name, STR("/")));
    }
    if (!S_ISREG(st.st_mode))
        return RC_OK;
    struct str data;
    TRY(file_read(cx, fd, name, &data));
    return pack_files_add(cx, w->files, name, data);
}

static enum rc folder_read(struct ctx *cx, struct walk *w, int fd, struct str prefix)
{
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (!d)
        return FAIL(cx, IO, "dir", "%.*s: %s", STR_ARG(prefix), strerror(errno));
    arena_on_free(cx->mem, close_dir, d);
    w->depth++;
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.' && !str_ends(str_from(e->d_name), STR("~")))
            TRY(entry_read(cx, w, dirfd(d), prefix, e->d_name));
    w->depth--;
    return RC_OK;
}

enum rc pack_files_read(struct ctx *cx, struct str dir, struct pack_files **ret)
{
    struct walk w = {.files = pack_files_new(cx->mem)};
    int fd = open(str_z(cx->mem, dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return FAIL(cx, NOT_FOUND, "dir", "%.*s: %s", STR_ARG(dir), strerror(errno));
    TRY(folder_read(cx, &w, fd, STR("")));
    pack_files_sort(w.files);
    *ret = w.files;
    return RC_OK;
}

/* -- the program -- */
enum rc pack_files_embedded(struct ctx *cx, struct str id, struct pack_files **ret)
{
    struct str prefix = str_fmt(cx->mem, "packs/%.*s/", STR_ARG(id));
    struct pack_files *f = pack_files_new(cx->mem);
    const struct embed_file *e;
    for (size_t i = embed_first(prefix); (e = embed_at(i)) && str_starts(e->name, prefix); i++)
        TRY(pack_files_add(cx, f, str_skip(e->name, prefix.n), e->data));
    if (f->n == 0)
        return FAIL(cx, NOT_FOUND, "pack", "%.*s is not embedded",
                    STR_ARG(str_cut(id, 0, DECL_ID_MAX)));
    pack_files_sort(f);
    *ret = f;
    return RC_OK;
}

size_t pack_embedded(struct ctx *cx, struct str *ids, size_t max)
{
    const struct str prefix = STR("packs/");
    const struct embed_file *e;
    size_t n = 0;
    for (size_t i = embed_first(prefix); (e = embed_at(i)) && str_starts(e->name, prefix);
         i++) {
        struct str id, rest = str_split(str_skip(e->name, prefix.n), '/', &id);
        if (rest.n && n < max && (n == 0 || !str_eq(ids[n - 1], id)))
            ids[n++] = id;
    }
    return n;
}

/* -- canonical bytes -- */
enum rc pack_archive(struct ctx *cx, const struct pack_files *f, struct str *ret)
{
    struct buf *b = buf_new(cx->mem, PACK_BYTES_MAX + PACK_FILES_MAX * (PACK_NAME_MAX + 24));
    buf_put(b, STR(ARCHIVE_HEAD));
    for (size_t i = 0; i < f->n; i++) {
        buf_fmt(b, "%.*s %zu\n", STR_ARG(f->v[i].name), f->v[i].data.n);
        buf_put(b, f->v[i].data);
        buf_putc(b, '\n');
    }
    if (b->over)
        return FAIL(cx, TOO_LARGE, "pack", "the archive is too large");
    *ret = buf_str(b);
    return RC_OK;
}

enum rc pack_unarchive(struct ctx *cx, struct str archive, struct pack_files **ret)
{
    struct pack_files *f = pack_files_new(cx->mem);
    if (!str_starts(archive, STR(ARCHIVE_HEAD)))
        return FAIL(cx, CORRUPT, "archive", "not a pack archive");
    archive = str_skip(archive, sizeof ARCHIVE_HEAD - 1);
    while (archive.n) {
        struct str name, head;
        int64_t n;
        archive = str_split(archive, '\n', &head);
        struct str length = str_split(head, ' ', &name);
        if (!str_int(length, &n) || n < 0 || (size_t)n >= archive.n || archive.p[n] != '\n')
            return FAIL(cx, CORRUPT, "archive", "a wrong length");
        TRY(pack_files_add(cx, f, name, str_cut(archive, 0, (size_t)n)));
        archive = str_skip(archive, (size_t)n + 1);
    }
    *ret = f;
    return RC_OK;
}
