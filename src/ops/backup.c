/* backup.c - a copy of a whole data folder. */
#include "ops/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "casework/draft.h"
#include "store/store.h"

enum { COPY_DEPTH_MAX = 4 };

static struct str below(struct ctx *cx, struct str dir, const char *name)
{
    return str_fmt(cx->mem, "%.*s/%s", STR_ARG(dir), name);
}

static enum rc dir_make(struct ctx *cx, struct str dir)
{
    if (mkdir(str_z(cx->mem, dir), 0700) != 0 && errno != EEXIST)
        return FAIL(cx, IO, "to", "mkdir: %s", strerror(errno));
    return RC_OK;
}

static void close_fd(void *arg)
{
    close(*(int *)arg);
}

static enum rc fd_open(struct ctx *cx, struct str path, int flags, int **ret)
{
    int *fd = arena_new_of(cx->mem, int);
    *fd = open(str_z(cx->mem, path), flags | O_CLOEXEC, 0600);
    if (*fd < 0)
        return FAIL(cx, IO, NULL, "open %.*s: %s", STR_ARG(path), strerror(errno));
    arena_on_free(cx->mem, close_fd, fd);
    *ret = fd;
    return RC_OK;
}

static enum rc file_copy(struct ctx *cx, struct str from, struct str to)
{
    struct arena *outer = cx->mem;
    struct ctx file = *cx; /* its own arena: descriptors are closed file by file */
    int *in, *out;
    file.mem = arena_new(1 << 20);
    enum rc rc = fd_open(&file, from, O_RDONLY, &in);
    if (rc == RC_OK)
        rc = fd_open(&file, to, O_WRONLY | O_CREAT | O_EXCL, &out);
    ssize_t n = 1;
    while (rc == RC_OK && n > 0)
        n = copy_file_range(*in, NULL, *out, NULL, 16 << 20, 0);
    if (rc == RC_OK && (n < 0 || fsync(*out) != 0))
        rc = FAIL(&file, IO, NULL, "copy %.*s: %s", STR_ARG(from), strerror(errno));
    cx->err = file.err;
    arena_free(file.mem);
    cx->mem = outer;
    return rc;
}

static void close_dir(void *arg)
{
    closedir(arg);
}

/* DT_REG, DT_DIR or another; not every file system tells it with the name. */
static int kind_of(DIR *d, const struct dirent *e)
{
    struct stat st;
    if (e->d_type != DT_UNKNOWN)
        return e->d_type;
    return fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? IFTODT(st.st_mode)
                                                                       : DT_UNKNOWN;
}

/* Copies what is in `from`, if it exists, with its folders. What exists and cannot be read is a
 * failure: a copy without keys is none. */
static enum rc tree_copy(struct ctx *cx, struct str from, struct str to, int depth)
{
    DIR *d = opendir(str_z(cx->mem, from));
    if (!d && errno == ENOENT)
        return RC_OK;
    if (!d)
        return FAIL(cx, IO, "from", "%.*s: %s", STR_ARG(from), strerror(errno));
    arena_on_free(cx->mem, close_dir, d);
    TRY(dir_make(cx, to));
    struct dirent *e;
    while (errno = 0, (e = readdir(d))) {
        if (e->d_name[0] == '.')
            continue;
        int kind = kind_of(d, e);
        if (kind == DT_UNKNOWN)
            return FAIL(cx, IO, "from", "%.*s/%s: %s", STR_ARG(from), e->d_name,
                        strerror(errno));
        struct str a = below(cx, from, e->d_name), b = below(cx, to, e->d_name);
        if (kind == DT_DIR && depth < COPY_DEPTH_MAX)
            TRY(tree_copy(cx, a, b, depth + 1));
        else if (kind == DT_REG)
            TRY(file_copy(cx, a, b));
    }
    return errno ? FAIL(cx, IO, "from", "%.*s: %s", STR_ARG(from), strerror(errno)) : RC_OK;
}

enum rc backup_make(struct ctx *cx, struct str from, struct str to, progress_fn *progress,
                    void *arg)
{
    TRY(dir_make(cx, to));
    TRY(files_keep(cx)); /* what the copy of the database names is there until it is copied */
    /* The database first: every file that its events name exists before the event does. */
    TRY(store_backup(cx, cx->app->store, to, progress, arg));
    static const char *const folders[] = {"files", "keys"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        TRY(tree_copy(cx, below(cx, from, folders[i]), below(cx, to, folders[i]), 0));
    struct stat st;
    struct str conf = below(cx, from, "motcua.conf");
    if (stat(str_z(cx->mem, conf), &st) == 0)
        TRY(file_copy(cx, conf, below(cx, to, "motcua.conf")));
    return RC_OK;
}
