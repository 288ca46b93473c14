/* rebuild.c - the projections made anew from the events, and compared. */
#include "ops/rebuild.h"

#include <dirent.h>
#include <unistd.h>

#include "app/app.h"
#include "store/store.h"

enum { SCRATCH_MEMORY_MAX = 256 << 20, SCRATCH_PAGES_BYTES = 128 << 20 };

/* Removes the scratch folder: only files lie in it and its one level of folders. */
static void folder_remove(struct arena *mem, struct str dir)
{
    DIR *d = opendir(str_z(mem, dir));
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));) {
        struct str path = str_fmt(mem, "%.*s/%s", STR_ARG(dir), e->d_name);
        if (e->d_type == DT_DIR && e->d_name[0] != '.')
            folder_remove(mem, path);
        else
            unlink(path.p);
    }
    closedir(d);
    rmdir(str_z(mem, dir));
}

/* A scratch store whose app is the live one's but for the store itself: packs, units and
 * calendars are read from the same snapshots. */
static enum rc scratch_open(struct ctx *cx, struct str dir, struct ctx **ret)
{
    struct app *app = arena_new_of(cx->mem, struct app);
    *app = *cx->app;
    struct ctx *into = ctx_new(arena_new(SCRATCH_MEMORY_MAX), app);
    into->who = cx->who;
    enum rc rc = store_open(into, dir, STORE_WRITE, &app->store);
    if (rc == RC_OK)
        rc = db_attach(into, app->store);
    if (rc == RC_OK)
        rc = store_cache_set(into, app->store, SCRATCH_PAGES_BYTES);
    if (rc != RC_OK) {
        ctx_fail(cx, rc, "scratch", __FILE__, __LINE__, "%s", into->err.detail);
        arena_free(into->mem);
        return rc;
    }
    *ret = into;
    return RC_OK;
}

static enum rc compare_all(struct ctx *cx, struct ctx *into,
                           const struct ledger_subscriber *const *subs,
                           const struct store_compare *out, struct rebuild_report *ret)
{
    for (size_t i = 0; subs[i]; i++)
        for (const char *const *t = subs[i]->tables; t && *t; t++) {
            TRY(store_compare_table(cx, cx->app->store, into->app->store, *t, out));
            ret->tables++;
        }
    return RC_OK;
}

enum rc rebuild_check(struct ctx *cx, const struct rebuild_plan *plan,
                      struct rebuild_report *ret)
{
    struct ctx *into;
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    *ret = (struct rebuild_report){.events = head.size};
    TRY(scratch_open(cx, plan->scratch, &into));
    struct store_compare out = {plan->say, plan->arg, &ret->rows, &ret->differences};
    enum rc rc = ledger_replay(cx, into, plan->progress, plan->parg);
    if (rc == RC_OK)
        rc = compare_all(cx, into, plan->subs, &out, ret);
    struct store *scratch = into->app->store;
    arena_free(into->mem);
    store_close(scratch);
    folder_remove(cx->mem, plan->scratch);
    return rc;
}
