/* file.c - attachments on disk: what is accepted, where it stands, what is swept. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"
#include "web/web.h"

enum { SNIFF_BYTES = 32, ORPHAN_HOURS = 24, NAME_MAX_POINTS = 200, SWEEP_MEM_MAX = 64 << 20 };

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
    struct str top = str_join(cx->mem, store_dir(cx->app->store), STR("/files"));
    struct str dir = str_fmt(cx->mem, "%.*s/%.2s", STR_ARG(top), str_z(cx->mem, hex));
    /* Touching keeps the sweep away from a file that is about to be named again. Whoever stored
     * it first may not have made its name durable yet. */
    if (utimensat(AT_FDCWD, str_z(cx->mem, path), NULL, 0) == 0) {
        unlink(spool);
        return dir_sync(cx, dir);
    }
    TRY(dir_make(cx, top, store_dir(cx->app->store)));
    TRY(dir_make(cx, dir, top));
    if (fsync(fd) || rename(spool, str_z(cx->mem, path)))
        return FAIL(cx, IO, NULL, "store: %s", strerror(errno));
    return dir_sync(cx, dir);
}

static enum rc folder_lock(struct ctx *cx, int how, int *ret)
{
    TRY(fd_open(cx, str_z(cx->mem, store_dir(cx->app->store)), O_RDONLY | O_DIRECTORY, ret));
    return flock(*ret, how) ? FAIL(cx, IO, NULL, "flock: %s", strerror(errno)) : RC_OK;
}

enum rc files_keep(struct ctx *cx)
{
    int lock; /* given back with its descriptor */
    return folder_lock(cx, LOCK_SH, &lock);
}

/* The sweep holds this lock alone, from looking at a file until it is gone. */
static enum rc placed_locked(struct ctx *cx, const char *spool, int fd, struct str hex,
                             struct str path)
{
    int lock;
    TRY(folder_lock(cx, LOCK_SH, &lock));
    enum rc rc = file_place(cx, spool, fd, hex, path);
    flock(lock, LOCK_UN);
    return rc;
}

/* The ledger must always find room, and strangers leave room for those who signed in. */
static enum rc disk_check(struct ctx *cx)
{
    const struct settings *s = &cx->app->settings;
    int64_t floor =
        cx->who && cx->who->account ? s->disk_floor_mib : s->disk_floor_anonymous_mib;
    struct statvfs v;
    if (statvfs(str_z(cx->mem, store_dir(cx->app->store)), &v))
        return FAIL(cx, IO, NULL, "statvfs: %s", strerror(errno));
    int64_t free_mib = (int64_t)(v.f_bavail * v.f_frsize >> 20);
    return free_mib >= floor ? RC_OK
                             : FAIL(cx, NO_ROOM, NULL, "%lld MiB free, the floor is %lld",
                                    (long long)free_mib, (long long)floor);
}

enum rc file_store(struct ctx *cx, struct str spool, const struct hash *digest, struct str name,
                   struct file *ret)
{
    int fd = -1;
    struct stat st;
    char head[SNIFF_BYTES];
    const char *from = str_z(cx->mem, spool);
    TRY(disk_check(cx));
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
    return placed_locked(cx, from, fd, hex, ret->path);
}

/* -- files that answer questions of the form -- */

static const struct file *file_under(const struct file_list *files, struct str path)
{
    for (size_t i = files->n; i-- > 0;) /* the last one came instead of those before it */
        if (str_eq(files->v[i].document, path))
            return &files->v[i];
    return NULL;
}

static const struct file *file_answering(struct ctx *cx, const struct file_list *files,
                                         struct str path, struct str hex)
{
    for (size_t i = files->n; i-- > 0;)
        if (str_eq(files->v[i].document, path) &&
            str_eq(hash_hex(cx->mem, &files->v[i].digest), hex))
            return &files->v[i];
    return NULL;
}

enum rc file_answer_store(struct ctx *cx, const struct form *form, const struct upload *u,
                          struct file_list *files, struct form_errors *errs)
{
    int64_t n;
    size_t had = errs->n;
    struct str path = STR_NULL;
    if (str_starts(u->field, STR("q")) && str_int(str_skip(u->field, 1), &n) && n >= 0)
        path = form_file_at(form, (size_t)n);
    if (!path.p || files->n == FORM_FILES_MAX)
        return FAIL(cx, UNDECLARED, str_z(cx->mem, u->field), "no such question");
    enum rc rc = file_store(cx, u->path, &u->digest, u->name, &files->v[files->n]);
    if (rc != RC_OK && rc != RC_UNSUPPORTED && rc != RC_TOO_LARGE)
        return rc;
    if (rc == RC_OK) {
        files->v[files->n++].document = path;
        return RC_OK;
    }
    ctx_clear(cx);
    errors_add(cx, errs, path, rc == RC_TOO_LARGE ? "too_large" : "unsupported");
    if (errs->n > had)
        errs->v[had].page = form_file_page(form, path);
    return RC_OK;
}

void file_answers_put(struct ctx *cx, const struct form *form, const struct file_list *files,
                      struct json *answers)
{
    struct str path;
    for (size_t n = 0; (path = form_file_at(form, n)).p; n++) {
        const struct file *f = file_under(files, path);
        if (f)
            form_file_put(cx, form, path, hash_hex(cx->mem, &f->digest), answers);
    }
}

void file_answers_check(struct ctx *cx, const struct form *form, const struct json *answers,
                        const struct file_list *files, struct form_errors *errs)
{
    struct str path;
    for (size_t n = 0; (path = form_file_at(form, n)).p; n++) {
        struct str hex = form_file_answer(form, path, answers);
        size_t had = errs->n;
        if (hex.n && !file_answering(cx, files, path, hex))
            errors_add(cx, errs, path, "file");
        if (errs->n > had)
            errs->v[had].page = form_file_page(form, path);
    }
}

enum rc file_answers_amend(struct ctx *cx, const struct dossier *d,
                           const struct file_list *sent, struct json *answers,
                           struct form_errors *errs)
{
    struct file_list all = {0};
    const struct form *form = d->pack->form;
    TRY(dossier_files(cx, d, &all));
    struct file *v = arena_array(cx->mem, struct file, all.n + sent->n);
    if (all.n)
        memcpy(v, all.v, all.n * sizeof *v);
    if (sent->n)
        memcpy(v + all.n, sent->v, sent->n * sizeof *v);
    all = (struct file_list){v, all.n + sent->n};
    for (size_t i = 0; i < sent->n; i++) {
        struct str root, path = sent->v[i].document;
        str_split(path, '.', &root);
        if (form_file_find(form, path) >= 0 && !flow_field_is_open(d->state, root))
            errors_add(cx, errs, path, "locked");
    }
    file_answers_put(cx, form, sent, answers);
    file_answers_check(cx, form, answers, &all, errs);
    return RC_OK;
}

void file_answers_drop(const struct form *form, const struct json *answers,
                       struct file_list *files)
{
    size_t kept = 0;
    for (size_t i = 0; i < files->n; i++) {
        struct str path = files->v[i].document;
        if (form_file_find(form, path) < 0 || form_file_answer(form, path, answers).n)
            files->v[kept++] = files->v[i];
    }
    files->n = kept;
}

static void answer_file_put(struct ctx *cx, struct json *row, const struct file *f,
                            struct str base, bool can_drop)
{
    struct str id = str_fmt(cx->mem, "%lld", (long long)f->id.v);
    struct str name = f->name.n ? f->name : STR("—"); /* erased */
    json_put_str(cx->mem, row, "file_name", name);
    json_put_str(cx->mem, row, "value", name);
    json_put_str(cx->mem, row, "file_size", file_size_text(cx, f->size));
    json_put_str(cx->mem, row, "file_href", base.n ? str_join(cx->mem, base, id) : STR(""));
    json_put_str(cx->mem, row, "file", can_drop ? id : STR(""));
}

void answer_files_put(struct ctx *cx, struct json *view, const struct file_list *files,
                      struct str base, bool can_drop)
{
    static const char *const lists[] = {"fields", "rows"};
    for (size_t i = 0; i < 2; i++)
        JSON_EACH (json_get(view, str_from(lists[i])), row) {
            struct str path = json_str(row, i ? "field" : "path");
            const struct file *f = file_answering(cx, files, path, json_str(row, "answer"));
            if (f)
                answer_file_put(cx, row, f, base, can_drop);
        }
    JSON_EACH (json_get(view, STR("sections")), section)
        answer_files_put(cx, section, files, base, can_drop);
}

/* -- the sweep: files that were stored but never named by a draft or dossier -- */

static bool is_old(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           st.st_mtime <= (time_t)(time_now() / SECOND_US) - ORPHAN_HOURS * 3600;
}

static enum rc is_named(struct ctx *cx, struct str digest, bool *ret)
{
    struct digest_used_row *used = NULL;
    TRY(sql_digest_used(cx, digest, &used));
    *ret = used != NULL;
    return RC_OK;
}

/* A file that a turn in progress names was touched a moment ago, so it is not old. While papers are
 * placed or kept (files_keep) it stays for the next sweep. */
static enum rc orphan_remove(struct ctx *cx, int lock, const char *dir, const struct dirent *e,
                             size_t *removed)
{
    bool used = false;
    const char *path = str_fmt(cx->mem, "%s/%s", dir, e->d_name).p;
    struct str digest = str_fmt(cx->mem, "%.2s%s", dir + strlen(dir) - 2, e->d_name);
    if (e->d_name[0] == '.' || !is_old(path))
        return RC_OK;
    TRY(is_named(cx, digest, &used));
    if (used)
        return RC_OK;
    if (flock(lock, LOCK_EX | LOCK_NB))
        return errno == EWOULDBLOCK ? RC_OK : FAIL(cx, IO, NULL, "flock: %s", strerror(errno));
    enum rc rc = is_named(cx, digest, &used);
    if (rc == RC_OK && !used && is_old(path) && unlink(path) == 0)
        ++*removed;
    flock(lock, LOCK_UN);
    return rc;
}

static enum rc dir_sweep(struct ctx *cx, int lock, const char *dir, size_t *removed)
{
    enum rc rc = RC_OK;
    DIR *d = opendir(dir);
    if (!d)
        return RC_OK;
    for (const struct dirent *e; rc == RC_OK && (e = readdir(d));)
        rc = orphan_remove(cx, lock, dir, e, removed);
    closedir(d);
    return rc;
}

enum rc files_sweep(struct ctx *cx, size_t *removed)
{
    struct str top = store_dir(cx->app->store);
    int lock;
    TRY(folder_lock(cx, LOCK_UN, &lock));
    struct ctx own = *cx; /* a folder may hold many files: its memory ends with it */
    enum rc rc = RC_OK;
    for (unsigned i = 0; i < 256 && rc == RC_OK; i++) {
        own.mem = arena_new(SWEEP_MEM_MAX);
        rc = dir_sweep(&own, lock, str_fmt(own.mem, "%.*s/files/%02x", STR_ARG(top), i).p,
                       removed);
        arena_free(own.mem);
    }
    return rc == RC_OK ? rc : FAIL(cx, STORE, NULL, "sweep: %s", own.err.detail);
}

/* -- proving: what stands on the disk is what the ledger's events name -- */

static bool paper_is_whole(struct ctx *cx, struct str hex)
{
    enum { PIECE = 64 * 1024 };
    struct hash want, got;
    FILE *f = fopen(str_z(cx->mem, file_path(cx, hex)), "rb");
    if (!f)
        return false;
    struct hash_stream *hs = hash_begin(cx->mem);
    char *piece = arena_alloc(cx->mem, PIECE);
    for (size_t n; (n = fread(piece, 1, PIECE, f)) > 0;)
        hash_add(hs, str_n(piece, n));
    bool is_read = !ferror(f);
    fclose(f);
    got = hash_end(hs);
    return is_read && hash_parse(hex, &want) && hash_equal(&want, &got);
}

static bool paper_check(const struct ctx *cx, struct str hex)
{
    struct ctx own = *cx; /* one paper's memory ends with it */
    own.mem = arena_new(1 << 20);
    bool is_whole = paper_is_whole(&own, hex);
    arena_free(own.mem);
    return is_whole;
}

enum rc files_verify(struct ctx *cx, void (*say)(void *arg, struct str text), void *arg,
                     struct files_count *ret)
{
    enum { AT_ONCE = 1000 };
    struct paper_digests_rows rows = {0};
    struct str after = STR("");
    *ret = (struct files_count){0};
    do {
        TRY(sql_paper_digests(cx, after, AT_ONCE, &rows));
        for (size_t i = 0; i < rows.n; i++, ret->files++) {
            after = rows.v[i].digest;
            if (paper_check(cx, after))
                continue;
            ret->faults++;
            say(arg, str_fmt(cx->mem, "paper %.*s: missing, or other bytes", STR_ARG(after)));
        }
    } while (rows.n == AT_ONCE);
    return RC_OK;
}
