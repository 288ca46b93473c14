/* node_help.h - a small node in a temporary folder: store, ledger, units, identity. */
#ifndef TESTS_NODE_HELP_H
#define TESTS_NODE_HELP_H

#include "crypt/crypt.h"
#include "identity/identity.h"
#include "ledger/ledger.h"
#include "store_help.h"

struct node_folder {
    struct str dir;
    struct arena *mem; /* the process's: its modules end after the last turn was undone */
};

static void node_store_close(void *arg)
{
    store_close(arg);
}

static void node_close(void *arg)
{
    struct node_folder *f = arg;
    arena_free(f->mem);
    temp_remove(f->dir);
}

static void node_modules_open(struct ctx *cx, struct str dir)
{
    static struct ledger_subscriber subs[2];
    struct app *app = cx->app;
    subs[0] = unit_subscriber;
    subs[1] = identity_subscriber;
    assert_int_equal(crypt_start(cx), RC_OK);
    assert_int_equal(store_open(cx, dir, STORE_WRITE, &app->store), RC_OK);
    arena_on_free(cx->mem, node_store_close, app->store);
    assert_int_equal(db_attach(cx, app->store), RC_OK);
    assert_int_equal(ledger_open(cx, app->store, STR("test.example"), &app->ledger), RC_OK);
    ledger_subscribe(app->ledger, subs, 2);
    assert_int_equal(units_open(cx, &app->units), RC_OK);
    assert_int_equal(identity_open(cx, &app->identity), RC_OK);
}

/* The node lives as long as mem; the ctx acts as the system, on 21 November 2026. */
static struct ctx *node_open(struct arena *mem)
{
    struct node_folder *f = arena_new_of(mem, struct node_folder);
    *f = (struct node_folder){temp_dir(mem), arena_new(256u << 20)};
    arena_on_free(mem, node_close, f);
    struct app *app = arena_new_of(f->mem, struct app);
    app->mem = f->mem;
    log_level_set(LOG_WARN);
    settings_default(&app->settings);
    app->settings.argon2_ops = 1;
    app->settings.argon2_mem_kib = 8192;
    node_modules_open(ctx_new(f->mem, app), f->dir);
    struct ctx *cx = ctx_new(mem, app);
    cx->now_us = INT64_C(1795244400) * SECOND_US;
    assert_int_equal(db_attach(cx, app->store), RC_OK);
    return cx;
}

static inline void node_commit(struct ctx *cx)
{
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(units_reload(cx), RC_OK);
}

static inline enum rc node_unit(struct ctx *cx, struct str code, struct str parent)
{
    struct unit_id id;
    struct unit_new u = {.code = code,
                         .parent = parent,
                         .name_vi = code,
                         .name_en = code,
                         .kind = parent.n ? UNIT_DISTRICT : UNIT_PROVINCE,
                         .from = 18000};
    return unit_add(cx, &u, &id);
}

/* H07 with the districts H07.21 and H07.22 and the commune H07.21.01. */
static inline void node_tree(struct ctx *cx)
{
    assert_int_equal(node_unit(cx, STR("H07"), STR("")), RC_OK);
    assert_int_equal(node_unit(cx, STR("H07.21"), STR("H07")), RC_OK);
    assert_int_equal(node_unit(cx, STR("H07.22"), STR("H07")), RC_OK);
    assert_int_equal(node_unit(cx, STR("H07.21.01"), STR("H07.21")), RC_OK);
    node_commit(cx);
}

static inline struct unit_id node_unit_id(struct ctx *cx, const char *code)
{
    const struct unit *u = unit_find(cx, str_from(code));
    return u ? u->id : (struct unit_id){0};
}

#endif
