/* make_log.c - a log of 700 events and its receipts as files, for checkers not written in C. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/app.h"
#include "ledger/ledger.h"
#include "store/store.h"

enum { EVENTS = 700, FULL = 256 };

static enum rc file_put(struct ctx *cx, struct str dir, const char *name, struct str bytes)
{
    char *path = (char *)(uintptr_t)str_fmt(cx->mem, "%s/%s", dir.p, name).p;
    for (char *p = strchr(path + dir.n, '/'); p; p = strchr(p + 1, '/')) {
        *p = 0;
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return FAIL(cx, IO, NULL, "mkdir %s", path);
        *p = '/';
    }
    FILE *f = fopen(path, "w");
    if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
        return FAIL(cx, IO, NULL, "write %s", path);
    return RC_OK;
}

static enum rc tiles_put(struct ctx *cx, struct str dir, int level, int64_t all)
{
    const char *kind = level < 0 ? "entries" : str_fmt(cx->mem, "%d", level).p;
    for (int64_t n = 0; n * FULL < all; n++) {
        int width = all - n * FULL < FULL ? (int)(all - n * FULL) : FULL;
        const char *name = str_fmt(cx->mem, "tile/%s/%03d", kind, (int)n).p;
        struct str tile;
        if (width < FULL)
            name = str_fmt(cx->mem, "%s.p/%d", name, width).p;
        TRY(ledger_tile(cx, level, n, width, &tile));
        TRY(file_put(cx, dir, name, tile));
    }
    return RC_OK;
}

static enum rc log_fill(struct ctx *cx)
{
    for (int i = 0; i < EVENTS; i++) {
        struct event ev = {.kind = EV_DOSSIER_MOVED, .subject = i % 9, .pack = STR("sample@1")};
        TRY(ledger_append(cx, &ev));
        if (i % 50 == 0)
            TRY(db_commit(cx));
    }
    return db_commit(cx);
}

static enum rc log_export(struct ctx *cx, struct str dir)
{
    struct ledger_head head;
    struct str proof;
    TRY(ledger_head_get(cx, &head));
    TRY(file_put(cx, dir, "checkpoint", head.note));
    TRY(file_put(cx, dir, "vkey", ledger_vkey(cx)));
    TRY(tiles_put(cx, dir, -1, head.size));
    for (int level = 0; head.size >> (8 * level); level++)
        TRY(tiles_put(cx, dir, level, head.size >> (8 * level)));
    for (int i = 0; i < EVENTS; i += 37) {
        TRY(ledger_receipt(cx, i, &proof));
        TRY(file_put(cx, dir, str_fmt(cx->mem, "receipt/%d.tlog-proof", i).p, proof));
    }
    return RC_OK;
}

static enum rc run(struct ctx *cx, struct str data, struct str out)
{
    TRY(crypt_start(cx));
    TRY(store_open(cx, data, STORE_WRITE, &cx->app->store));
    TRY(db_attach(cx, cx->app->store));
    TRY(ledger_open(cx, cx->app->store, STR("motcua.test/log"), &cx->app->ledger));
    TRY(log_fill(cx));
    return log_export(cx, out);
}

int main(int argc, char **argv)
{
    struct app app = {0};
    struct arena *mem = arena_new(256u << 20);
    struct ctx *cx = ctx_new(mem, &app);
    log_level_set(LOG_ERROR);
    if (argc != 3 || run(cx, str_from(argv[1]), str_from(argv[2])) != RC_OK) {
        fprintf(stderr, "make_log DATA OUT: %s\n", cx->err.detail);
        return 1;
    }
    store_close(app.store);
    cx->conn = NULL;
    arena_free(mem);
    return 0;
}
