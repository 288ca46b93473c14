/* store_help.h - a store in a fresh temporary folder, and queries over the store's own table. */
#ifndef TESTS_STORE_HELP_H
#define TESTS_STORE_HELP_H

#include <ftw.h>
#include <unistd.h>

#include "app/app.h"
#include "base/ctx.h"
#include "store/query.h"
#include "store/store.h"

/* In memory where that can be had: a test's flushes protect nothing. */
static inline struct str temp_dir(struct arena *mem)
{
    char *dir = (char *)str_fmt(mem, "/dev/shm/motcua-test-XXXXXX").p;
    if (!mkdtemp(dir))
        dir = mkdtemp((char *)str_fmt(mem, "/tmp/motcua-test-XXXXXX").p);
    return str_from(dir);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    return remove(path);
}

static void temp_remove(struct str dir)
{
    nftw(dir.p, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
