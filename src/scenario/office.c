/* office.c - the small office a scenario plays in: four agencies, an officer per role, people. */
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calendar/calendar.h"
#include "measure/measure.h"
#include "scenario/scenario_priv.h"
#include "store/store.h"

static const struct {
    const char *code, *parent;
    enum unit_kind kind;
    const char *vi, *en;
} agencies[OFFICE_UNITS] = {
    {"H07", "", UNIT_PROVINCE, "Ủy ban nhân dân tỉnh Mẫu",
     "People's Committee of Mau province"},
    {"H07.01", "H07", UNIT_DEPARTMENT, "Sở Mẫu", "Mau department"},
    {"H07.21", "H07", UNIT_DISTRICT, "Ủy ban nhân dân huyện Mẫu",
     "People's Committee of Mau district"},
    {"H07.21.01", "H07.21", UNIT_COMMUNE, "Ủy ban nhân dân xã Mẫu",
     "People's Committee of Mau commune"},
};

static const struct {
    const char *nick, *name, *number;
    int birth_year, birth_month, birth_day;
} citizens[] = {
    {"an", "Nguyễn Văn An", "083095000011", 1995, 3, 2},
    {"binh", "Trần Thị Bình", "083190000022", 1990, 7, 15},
    {"chi", "Lê Thị Chi", "083188000033", 1988, 11, 20},
};
enum { CITIZENS = sizeof citizens / sizeof citizens[0] };

static enum rc person_add(struct ctx *cx, const struct subject *s, const struct account_new *a,
                          int64_t *account)
{
    struct account_new with = *a;
    TRY(subject_add(cx, s, &with.subject));
    /* Nobody signs in here, so no password is hashed. */
    return account_add_hashed(cx, &with, STR("$argon2id$none"), account);
}

static struct str officer_login(struct ctx *cx, enum role r, const struct unit *u)
{
    return str_fmt(cx->mem, "%s.%.*s", role_name(r), STR_ARG(str_lower(cx->mem, u->code)));
}

static enum rc officers_add(struct ctx *cx, const struct office *o, size_t unit)
{
    for (int r = 0; r < ROLE_COUNT; r++) {
        int64_t account = 0;
        struct subject s = {.kind = SUBJECT_CITIZEN, .birth = INT32_MIN};
        struct account_new a = {.is_officer = true};
        a.login = officer_login(cx, (enum role)r, unit_of(cx, o->units[unit]));
        s.name = str_fmt(cx->mem, "Cán bộ Mẫu %d-%zu", r + 1, unit);
        TRY(person_add(cx, &s, &a, &account));
        TRY(role_grant(cx, account, (enum role)r, o->units[unit]));
    }
    return RC_OK;
}

static enum rc citizens_add(struct ctx *cx)
{
    for (size_t i = 0; i < CITIZENS; i++) {
        int64_t account = 0;
        struct subject s = {.kind = SUBJECT_CITIZEN,
                            .name = str_from(citizens[i].name),
                            .number = str_from(citizens[i].number),
                            .birth = day_make(citizens[i].birth_year, citizens[i].birth_month,
                                              citizens[i].birth_day)};
        struct account_new a = {.login = s.number};
        TRY(person_add(cx, &s, &a, &account));
    }
    return RC_OK;
}

static enum rc units_add(struct ctx *cx, struct office *o)
{
    for (size_t i = 0; i < OFFICE_UNITS; i++) {
        struct unit_new u = {.code = str_from(agencies[i].code),
                             .code_old = STR(""),
                             .name_vi = str_from(agencies[i].vi),
                             .name_en = str_from(agencies[i].en),
                             .parent = str_from(agencies[i].parent),
                             .kind = agencies[i].kind,
                             .from = day_make(2000, 1, 1)};
        TRY(unit_add(cx, &u, &o->units[i]));
        TRY(db_commit(cx));
        TRY(units_reload(cx));
    }
    o->nunits = OFFICE_UNITS;
    return RC_OK;
}

static enum rc duty_unit_add(struct ctx *cx, struct office *o, struct str duty)
{
    struct unit_id id;
    size_t i = o->nunits;
    if (!duty.n || str_eq(duty, STR("superior")) || i == OFFICE_UNITS + OFFICE_DUTIES)
        return RC_OK;
    if (unit_with_duty(cx, unit_of(cx, o->units[OFFICE_UNITS - 1]), duty))
        return RC_OK;
    struct unit_new u = {.code = str_fmt(cx->mem, "H07.%02zu", 40 + i),
                         .code_old = STR(""),
                         .name_vi = str_fmt(cx->mem, "Cơ quan mẫu (%.*s)", STR_ARG(duty)),
                         .name_en = str_fmt(cx->mem, "Mau office (%.*s)", STR_ARG(duty)),
                         .parent = STR("H07"),
                         .kind = UNIT_DEPARTMENT,
                         .from = day_make(2000, 1, 1)};
    TRY(unit_add(cx, &u, &id));
    TRY(unit_duty_add(cx, u.code, duty));
    TRY(db_commit(cx));
    TRY(units_reload(cx));
    o->units[o->nunits++] = id;
    return officers_add(cx, o, i);
}

/* Before it is published: publishing asks for the units that a flow names. What is wrong with
 * the pack itself is left to that. */
static enum rc duties_add(struct ctx *cx, const struct pack_files *files, struct office *o)
{
    struct pack_findings found = {0};
    struct pack *pack = NULL;
    struct ctx *apart = ctx_new(cx->mem, NULL);
    const struct flow *f = pack_check(apart, files, &found, &pack) == RC_OK ? pack->flow : NULL;
    for (size_t i = 0; f && i < f->nstates; i++) {
        TRY(duty_unit_add(cx, o, f->states[i].at));
        for (size_t k = 0; k < f->states[i].nbranches; k++)
            TRY(duty_unit_add(cx, o, f->states[i].branches[k].duty));
    }
    return db_commit(cx);
}

static enum rc packs_settle(struct ctx *cx)
{
    TRY(db_commit(cx));
    TRY(packs_reload(cx));
    return measure_reload(cx);
}

/* Figures that hold for every service stand in a pack of their own. */
static enum rc shared_publish(struct ctx *cx)
{
    struct pack_files *files = NULL;
    struct str ref;
    if (pack_files_embedded(cx, STR("one-stop"), &files) != RC_OK) {
        ctx_clear(cx);
        return RC_OK;
    }
    TRY(pack_publish(cx, files, &ref));
    return packs_settle(cx);
}

static enum rc packs_publish(struct ctx *cx, const struct pack_files *files, struct office *o)
{
    struct str ref = STR_NULL;
    TRY(shared_publish(cx));
    TRY(pack_publish(cx, files, &ref));
    TRY(packs_settle(cx));
    o->pack = pack_version(cx, ref);
    return o->pack ? RC_OK : FAIL(cx, INTERNAL, NULL, "%.*s was not published", STR_ARG(ref));
}

static struct str unit_code_now(struct ctx *cx, struct unit_id id)
{
    return unit_code_of(cx, id);
}

static enum rc modules_open(struct ctx *cx, struct office *o,
                            const struct ledger_subscriber *const *subs)
{
    struct app *app = &o->app;
    size_t n = 0;
    while (subs[n])
        n++;
    struct ledger_subscriber *list = arena_array(app->mem, struct ledger_subscriber, n);
    for (size_t i = 0; i < n; i++)
        list[i] = *subs[i];
    TRY(store_open(cx, o->dir, STORE_WRITE, &app->store));
    TRY(db_attach(cx, app->store));
    TRY(ledger_open(cx, app->store, app->settings.node_name, &app->ledger));
    ledger_unit_codes(app->ledger, unit_code_now);
    ledger_subscribe(app->ledger, list, n);
    TRY(units_open(cx, &app->units));
    TRY(calendar_open(cx, &app->calendar)); /* units may have days of their own */
    TRY(identity_open(cx, &app->identity));
    TRY(packs_open(cx, &app->packs));
    return measure_open(cx, &app->measure);
}

static enum rc people_add(struct ctx *cx, const struct office *o)
{
    for (size_t i = 0; i < OFFICE_UNITS; i++)
        TRY(officers_add(cx, o, i));
    TRY(citizens_add(cx));
    return db_commit(cx);
}

/* In memory where that can be had: a scenario's flushes protect nothing. */
static enum rc scratch_make(struct ctx *cx, const struct app *app, struct str *ret)
{
    char shm[] = "/dev/shm/motcua-case-XXXXXX", tmp[] = "/tmp/motcua-case-XXXXXX";
    const char *dir = mkdtemp(shm);
    if (!dir)
        dir = mkdtemp(tmp);
    if (!dir)
        return FAIL(cx, IO, NULL, "no scratch folder in /tmp");
    *ret = str_dup(app->mem, str_from(dir));
    return RC_OK;
}

enum rc office_open(struct ctx *cx, const struct pack_files *files,
                    const struct ledger_subscriber *const *subs, int64_t now_us,
                    struct office *o)
{
    settings_default(&o->app.settings);
    cx->app = &o->app;
    cx->now_us = now_us;
    TRY(scratch_make(cx, &o->app, &o->dir));
    TRY(modules_open(cx, o, subs));
    TRY(units_add(cx, o));
    TRY(people_add(cx, o));
    TRY(duties_add(cx, files, o));
    return packs_publish(cx, files, o);
}

static int entry_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
    return remove(path);
}

void office_close(struct office *o)
{
    if (o->app.store)
        store_close(o->app.store);
    if (o->dir.n)
        nftw(str_z(o->app.mem, o->dir), entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}

enum rc office_citizen(struct ctx *cx, struct str name, struct who **ret)
{
    int64_t account = 0;
    for (size_t i = 0; i < CITIZENS; i++) {
        if (!str_eq(str_from(citizens[i].nick), name))
            continue;
        TRY(account_by_login(cx, str_from(citizens[i].number), &account));
        return who_load(cx, account, ret);
    }
    return FAIL(cx, NOT_FOUND, "citizen", "citizens are an, binh and chi");
}

enum rc office_officer(struct ctx *cx, const struct unit *u, struct str role, struct who **ret)
{
    enum role r;
    int64_t account = 0;
    if (u && role_parse(role, &r) &&
        account_by_login(cx, officer_login(cx, r, u), &account) == RC_OK)
        return who_load(cx, account, ret);
    ctx_clear(cx);
    return FAIL(cx, NOT_FOUND, "role", "no officer %.*s there", STR_ARG(role));
}
