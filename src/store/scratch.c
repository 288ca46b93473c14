/* scratch.c - where SQLite keeps what has no name: pages that a savepoint may need again, sorting
 * that outgrew its cache. All of it stays in memory.
 *
 * SQLite's own journal in memory copies each page in pieces of 1 KB, allocated and freed one by
 * one; that was a fifth of a turn. Here a file is one piece that grows, and the piece of the
 * savepoints goes from one group of turns to the next. */
#include <stddef.h>
#include <stdlib.h>

#include "store/store_priv.h"

enum { FIRST_BYTES = 256 << 10, KEPT_BYTES = 1 << 20 };
static const sqlite3_int64 BYTES_MAX = (sqlite3_int64)4 << 30;

/* The writer's VFS: the system's, but for files without a name. */
struct scratch {
    sqlite3_vfs vfs; /* first: SQLite passes its address */
    sqlite3_vfs *system;
    char *spare; /* one thread at a time: whoever holds the turn */
    size_t spare_size;
};

struct scratch_file {
    sqlite3_file file; /* first, as SQLite wants it */
    struct scratch *owner;
    char *bytes;
    size_t size, room;
    bool keep; /* of savepoints: the next group opens another */
};

static int scratch_close(sqlite3_file *file)
{
    struct scratch_file *f = (struct scratch_file *)file;
    if (f->keep && f->room <= KEPT_BYTES && !f->owner->spare) {
        f->owner->spare = f->bytes;
        f->owner->spare_size = f->room;
    } else {
        free(f->bytes);
    }
    f->bytes = NULL;
    return SQLITE_OK;
}

static int scratch_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    const struct scratch_file *f = (struct scratch_file *)file;
    size_t there = (size_t)at < f->size ? f->size - (size_t)at : 0;
    if (there > (size_t)n)
        there = (size_t)n;
    if (there)
        memcpy(to, f->bytes + at, there);
    memset((char *)to + there, 0, (size_t)n - there);
    return there == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int scratch_grow(struct scratch_file *f, size_t need)
{
    size_t room = f->room ? f->room : FIRST_BYTES;
    while (room < need)
        room *= 2;
    char *bytes =
        realloc(f->bytes, room); /* boundary: SQLite's file grows and ends as it likes */
    if (!bytes)
        return SQLITE_NOMEM;
    f->bytes = bytes;
    f->room = room;
    return SQLITE_OK;
}

static int scratch_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    struct scratch_file *f = (struct scratch_file *)file;
    size_t end = (size_t)at + (size_t)n;
    if (at > BYTES_MAX - n)
        return SQLITE_FULL;
    if (end > f->room && scratch_grow(f, end) != SQLITE_OK)
        return SQLITE_NOMEM;
    if ((size_t)at > f->size)
        memset(f->bytes + f->size, 0, (size_t)at - f->size);
    memcpy(f->bytes + at, from, (size_t)n);
    if (end > f->size)
        f->size = end;
    return SQLITE_OK;
}

static int scratch_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct scratch_file *f = (struct scratch_file *)file;
    if ((size_t)size < f->size)
        f->size = (size_t)size;
    return SQLITE_OK;
}

static int scratch_sync(sqlite3_file *file, int flags)
{
    (void)file, (void)flags;
    return SQLITE_OK;
}

static int scratch_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    *ret = (sqlite3_int64)((struct scratch_file *)file)->size;
    return SQLITE_OK;
}

static int scratch_lock(sqlite3_file *file, int level)
{
    (void)file, (void)level;
    return SQLITE_OK;
}

static int scratch_locked(sqlite3_file *file, int *ret)
{
    (void)file;
    *ret = 0;
    return SQLITE_OK;
}

static int scratch_control(sqlite3_file *file, int what, void *arg)
{
    (void)file, (void)what, (void)arg;
    return SQLITE_NOTFOUND;
}

static int scratch_sector(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static int scratch_traits(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = scratch_close,
    .xRead = scratch_read,
    .xWrite = scratch_write,
    .xTruncate = scratch_truncate,
    .xSync = scratch_sync,
    .xFileSize = scratch_size,
    .xLock = scratch_lock,
    .xUnlock = scratch_lock,
    .xCheckReservedLock = scratch_locked,
    .xFileControl = scratch_control,
    .xSectorSize = scratch_sector,
    .xDeviceCharacteristics = scratch_traits,
};

static int scratch_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                        int *out_flags)
{
    struct scratch *s = (struct scratch *)vfs;
    struct scratch_file *f = (struct scratch_file *)file;
    if (name)
        return s->system->xOpen(s->system, name, file, flags, out_flags);
    *f = (struct scratch_file){.file.pMethods = &methods, .owner = s};
    if (flags & SQLITE_OPEN_SUBJOURNAL) {
        f->keep = true;
        f->bytes = s->spare;
        f->room = s->spare_size;
        s->spare = NULL;
        s->spare_size = 0;
    }
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

const char *scratch_start(struct store *st)
{
    struct scratch *s = arena_new_of(st->mem, struct scratch);
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    *s = (struct scratch){.vfs = *system, .system = system};
    s->vfs.pNext = NULL;
    s->vfs.zName = str_fmt(st->mem, "scratch-%p", (void *)s).p;
    s->vfs.xOpen = scratch_open;
    if (s->vfs.szOsFile < (int)sizeof(struct scratch_file))
        s->vfs.szOsFile = sizeof(struct scratch_file);
    if (sqlite3_vfs_register(&s->vfs, 0) != SQLITE_OK)
        return NULL;
    st->scratch = s;
    return s->vfs.zName;
}

void scratch_stop(struct store *st)
{
    if (!st->scratch)
        return;
    sqlite3_vfs_unregister(&st->scratch->vfs);
    free(st->scratch->spare);
}
