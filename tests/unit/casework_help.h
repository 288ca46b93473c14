/* casework_help.h - an office with a pack, and short ways to file, act and look. */
#ifndef TESTS_CASEWORK_HELP_H
#define TESTS_CASEWORK_HELP_H

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "casework/casework_priv.h"
#include "identity/identity.h"
#include "measure/measure.h"
#include "scenario/scenario_priv.h"
#include "store/store.h"
#include "target/target.h"
#include "work/work.h"

extern const struct ledger_subscriber opendata_subscriber, rollup_subscriber,
    quality_subscriber;
static const struct ledger_subscriber *const subs[] = {
    &unit_subscriber,     &identity_subscriber,
    &casework_subscriber, &measure_subscriber,
    &work_subscriber,     &target_subscriber,
    &opendata_subscriber, &rollup_subscriber,
    &quality_subscriber,  NULL};

struct desk {
    struct office office;
    struct arena *mem; /* of the ctx that holds the ledger */
    struct ctx *cx;
    int64_t now_us;
    struct ctx *last; /* of as(): a test that fails in its turn must end, not wait */
};

static struct str packs_dir(struct arena *mem, const char *name)
{
    struct str here = str_from(__FILE__);
    while (here.n && here.p[here.n - 1] != '/')
        here.n--;
    return str_fmt(mem, "%.*s../packs/%s", STR_ARG(here), name);
}

/* With a pack that comes with the program, or one of tests/packs. */
static struct desk *desk_open_at(const char *embedded, const char *folder, int64_t now_us)
{
    struct arena *process = arena_new(512u << 20), *mem = arena_new(256u << 20);
    struct desk *k = arena_new_of(process, struct desk);
    struct pack_files *files = NULL;
    log_level_set(LOG_ERROR);
    k->mem = mem;
    k->office.app.mem = process;
    k->cx = ctx_new(mem, NULL);
    k->now_us = now_us;
    assert_int_equal(crypt_start(k->cx), RC_OK);
    enum rc rc = embedded ? pack_files_embedded(k->cx, str_from(embedded), &files)
                          : pack_files_read(k->cx, packs_dir(mem, folder), &files);
    assert_int_equal(rc, RC_OK);
    rc = office_open(k->cx, files, subs, k->now_us, &k->office);
    if (rc != RC_OK)
        fail_msg("%s: %s", rc_name(rc), k->cx->err.detail);
    return k;
}

static inline struct desk *desk_open_of(const char *embedded, const char *folder)
{
    int64_t monday = day_start(day_make(2026, 6, 1)) + 9 * HOUR_US;
    return desk_open_at(embedded, folder, monday);
}

static inline struct desk *desk_open(const char *embedded)
{
    return desk_open_of(embedded, "good");
}

static inline int desk_begin(void **state)
{
    *state = desk_open(NULL);
    return 0;
}

static int desk_end(void **state)
{
    struct desk *k = *state;
    struct arena *process = k->office.app.mem;
    if (k->last)
        db_rollback(k->last);
    arena_free(k->mem);
    office_close(&k->office);
    arena_free(process);
    return 0;
}

#define DESK(f) cmocka_unit_test_setup_teardown(f, desk_begin, desk_end)

/* A unit of work as that person: "an" and so on, "reception@commune", "nobody", or "" for the
 * system. Lives as long as the desk. */
static struct ctx *as(struct desk *k, const char *person)
{
    static const struct who nobody = {0};
    static const char *const kinds[] = {"province", "department", "district", "commune"};
    struct ctx *cx = ctx_new(k->mem, &k->office.app);
    struct str role, at = str_split(str_from(person), '@', &role);
    struct who *w = NULL;
    cx->now_us = k->now_us;
    cx->conn = k->cx->conn;
    assert_int_equal(db_attach(cx, k->office.app.store), RC_OK);
    if (str_eq(role, STR("nobody")))
        cx->who = &nobody;
    for (size_t i = 0; at.p && i < ROWS(kinds); i++)
        if (str_eq(at, str_from(kinds[i])))
            assert_int_equal(office_officer(cx, unit_of(cx, k->office.units[i]), role, &w),
                             RC_OK);
    if (role.n && !at.p && !cx->who)
        assert_int_equal(office_citizen(cx, role, &w), RC_OK);
    if (w)
        cx->who = w;
    k->last = cx;
    return cx;
}

static inline const struct unit *commune(struct desk *k)
{
    return unit_of(k->cx, k->office.units[3]);
}

static inline struct json *answers_of(struct desk *k, const char *json)
{
    struct json *v = NULL;
    assert_int_equal(json_parse(k->cx, str_from(json), &v), RC_OK);
    return v;
}

#define SMALL "{\"size\":\"small\",\"place\":\"ấp Mẫu\"}"

static enum rc file_one(struct desk *k, struct ctx *cx, const char *answers,
                        struct dossier_ref *ref, struct form_errors *errs)
{
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .answers = answers_of(k, answers),
                           .channel = CHANNEL_ONLINE};
    if (cx->who)
        s.applicant = cx->who->subject;
    enum rc rc = dossier_submit(cx, &s, errs, ref);
    if (rc == RC_OK)
        assert_int_equal(db_commit(cx), RC_OK);
    else
        db_rollback(cx);
    return rc;
}

static inline struct dossier_ref filed(struct desk *k)
{
    struct dossier_ref ref = {0};
    struct form_errors errs = {0};
    struct ctx *cx = as(k, "an");
    if (file_one(k, cx, SMALL, &ref, &errs) != RC_OK)
        fail_msg("%s %s %s", rc_name(cx->err.rc), cx->err.field, cx->err.detail);
    return ref;
}

/* Opens and acts as one request does; on success the code follows. */
static inline enum rc act_full(struct desk *k, const char *person, struct dossier_ref *ref,
                               const struct act *a)
{
    struct ctx *cx = as(k, person);
    struct dossier *d = NULL;
    struct form_errors errs = {0};
    enum rc rc = dossier_open(cx, ref->code, &d);
    if (rc == RC_OK)
        rc = dossier_act(cx, d, a, &errs, ref);
    if (rc == RC_OK)
        rc = db_commit(cx);
    else
        db_rollback(cx);
    return rc;
}

static inline enum rc act_one(struct desk *k, const char *person, struct dossier_ref *ref,
                              const char *id)
{
    return act_full(k, person, ref, &(struct act){.id = str_from(id)});
}

static inline struct dossier *look(struct desk *k, struct str code)
{
    struct ctx *cx = as(k, "");
    struct dossier *d = NULL;
    assert_int_equal(dossier_find(cx, code, &d), RC_OK);
    return d;
}

static inline size_t journal_count(struct desk *k, enum event_kind kind, int64_t subject)
{
    struct event_list list = {0};
    assert_int_equal(ledger_events_of(as(k, ""), kind, kind, subject, false, &list), RC_OK);
    return list.n;
}

static inline struct file file_new(struct desk *k, struct ctx *cx, const char *bytes)
{
    struct file f = {0};
    char *path = (char *)str_fmt(k->mem, "%.*s/spool-XXXXXX", STR_ARG(k->office.dir)).p;
    int fd = mkstemp(path);
    struct str s = str_from(bytes);
    struct hash h = hash_of(s);
    assert_true(fd >= 0 && write(fd, s.p, s.n) == (ssize_t)s.n);
    close(fd);
    assert_int_equal(file_store(cx, str_from(path), &h, STR("ảnh.png"), &f), RC_OK);
    return f;
}

#define PNG "\x89PNG\r\n\x1a\n made for a test"

#endif
