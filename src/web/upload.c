/* upload.c - files of a multipart body, streamed to the spool folder while they are hashed.
 * A spool file goes with its request; what a crash left behind goes at the next start. */
#include "web/web_parts.h"

#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_NAME_MAX = 200 };

enum rc spool_open(struct ctx *cx, struct web *w)
{
    struct str top = w->app->store ? store_dir(w->app->store) : STR("/tmp");
    const char *dir = str_z(cx->mem, str_fmt(cx->mem, "%.*s/spool", STR_ARG(top)));
    if (!w->app->store) /* tests: a folder of this process */
        dir = str_z(cx->mem, str_fmt(cx->mem, "/tmp/motcua-spool-%d", (int)getpid()));
    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return FAIL(cx, IO, NULL, "mkdir %s: errno %d", dir, errno);
    w->spool = str_from(dir);
    DIR *d = opendir(dir);
    if (!d)
        return FAIL(cx, IO, NULL, "opendir %s: errno %d", dir, errno);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.')
            unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    return RC_OK;
}

static void spooled_close(void *arg)
{
    struct spooled *s = arg;
    if (s->fd >= 0)
        close(s->fd);
    unlink(s->up.path.p); /* already gone when the handler kept the file */
}

/* The last part of what may be a path, without control characters. */
static enum rc name_clean(struct ctx *cx, struct str name, struct str *ret)
{
    size_t from = 0;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '/' || name.p[i] == '\\')
            from = i + 1;
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f)
            return FAIL(cx, MALFORMED, NULL, "a file name with control characters");
    }
    name = str_skip(name, from);
    if (!utf8_is(name))
        return FAIL(cx, MALFORMED, NULL, "a file name that is not UTF-8");
    *ret = utf8_cut(name, FILE_NAME_MAX);
    return RC_OK;
}

static enum rc file_begin(struct ctx *cx, struct req *rq, const struct part *p)
{
    const struct param *param = param_find(rq->route, p->name, IN_BODY);
    if (!param || param->type != P_FILE)
        return FAIL(cx, UNDECLARED, NULL, "a file that the route does not name");
    if (rq->nuploads == UPLOADS_MAX)
        return FAIL(cx, TOO_LARGE, param->name, "more than %d files", UPLOADS_MAX);
    struct spooled *s = arena_new_of(cx->mem, struct spooled);
    TRY(name_clean(cx, p->file, &s->up.name));
    s->up.field = str_from(param->name);
    struct str random = random_token(cx->mem, 18);
    s->up.path = str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(rq->web->spool), STR_ARG(random));
    s->up.path.p = str_z(cx->mem, s->up.path);
    s->fd = open(s->up.path.p, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (s->fd < 0)
        return FAIL(cx, IO, NULL, "spool: errno %d", errno);
    arena_on_free(cx->mem, spooled_close, s);
    s->hs = hash_begin(cx->mem);
    rq->last_upload = s;
    return RC_OK;
}

static enum rc part_begin(struct ctx *cx, void *arg, const struct part *p)
{
    struct req *rq = arg;
    if (p->file.p)
        return file_begin(cx, rq, p);
    rq->part_name = p->name;
    rq->part = buf_new(cx->mem, (size_t)cx->app->settings.web_body_max);
    return RC_OK;
}

static enum rc file_write(struct ctx *cx, struct spooled *s, struct str bytes)
{
    s->up.size += (int64_t)bytes.n;
    if (s->up.size > cx->app->settings.web_file_max)
        return FAIL(cx, TOO_LARGE, s->up.field.p, "a file over web_file_max");
    hash_add(s->hs, bytes);
    while (bytes.n) {
        ssize_t n = write(s->fd, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR)
            return FAIL(cx, IO, NULL, "spool: errno %d", errno);
        bytes = str_skip(bytes, n > 0 ? (size_t)n : 0);
    }
    return RC_OK;
}

static enum rc part_data(struct ctx *cx, void *arg, struct str bytes)
{
    struct req *rq = arg;
    if (rq->last_upload)
        return file_write(cx, rq->last_upload, bytes);
    /* Plain fields count together against the limit of a body without files. */
    rq->part_bytes += bytes.n;
    if (rq->part_bytes > (size_t)cx->app->settings.web_body_max)
        return FAIL(cx, TOO_LARGE, NULL, "fields over web_body_max");
    buf_put(rq->part, bytes);
    return RC_OK;
}

static void file_end(struct req *rq, struct spooled *s)
{
    s->up.digest = hash_end(s->hs);
    close(s->fd);
    s->fd = -1;
    rq->last_upload = NULL;
    if (s->up.size == 0 && s->up.name.n == 0) /* a file box left empty */
        return;
    struct spooled **at = &rq->uploads;
    while (*at)
        at = &(*at)->next;
    *at = s;
    rq->nuploads++;
}

static enum rc part_end(struct ctx *cx, void *arg)
{
    struct req *rq = arg;
    if (rq->last_upload) {
        file_end(rq, rq->last_upload);
        return RC_OK;
    }
    return fields_add(cx, &rq->body_fields, rq->part_name, buf_str(rq->part));
}

enum rc upload_begin(struct ctx *cx, struct req *rq)
{
    struct multipart_sink sink = {part_begin, part_data, part_end, rq};
    return multipart_new(cx, rq->head.content_type, &sink, &rq->multipart);
}

const struct upload *req_upload(const struct req *rq, size_t i)
{
    for (const struct spooled *s = rq->uploads; s; s = s->next)
        if (i-- == 0)
            return &s->up;
    return NULL;
}
