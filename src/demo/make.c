/* make.c - the demo province at rest: units, officers, citizens, the list of accounts. */
#include "app/app.h"
#include "crypt/crypt.h"
#include "demo/demo_priv.h"
#include "store/store.h"
#include "target/load.h"
#include "text/csv.h"
#include "page/embed.h"

/* -- units -- */

static enum rc unit_from_row(struct ctx *cx, const struct json *row)
{
    struct unit_new u = {.code = json_str(row, "code"),
                         .code_old = json_str(row, "code_old"),
                         .name_vi = json_str(row, "name_vi"),
                         .name_en = json_str(row, "name_en"),
                         .parent = json_str(row, "parent"),
                         .from = day_make(2005, 1, 1)};
    struct unit_id id;
    if (!unit_kind_parse(json_str(row, "kind"), &u.kind))
        return FAIL(cx, INTERNAL, "kind", "demo/units.csv line %u", row->line);
    TRY(unit_add(cx, &u, &id));
    struct str duties = json_str(row, "duties"), duty;
    while (duties.n) {
        duties = str_split(duties, ' ', &duty);
        TRY(unit_duty_add(cx, u.code, duty));
    }
    return RC_OK;
}

static enum rc units_make(struct ctx *cx)
{
    const struct embed_file *f = embed_find(STR("demo/units.csv"));
    struct json *rows;
    if (!f)
        return FAIL(cx, INTERNAL, NULL, "demo/units.csv is not embedded");
    TRY(csv_parse(cx, f->data, &rows));
    JSON_EACH (rows, row)
        TRY(unit_from_row(cx, row));
    TRY(db_commit(cx));
    TRY(units_reload(cx));
    printf("units %zu\n", rows->n);
    return RC_OK;
}

/* -- officers -- */

static struct str officer_login(struct ctx *cx, enum role r, const struct unit *u)
{
    struct str code = str_lower(cx->mem, u->code);
    return str_fmt(cx->mem, "%s.%.*s", role_name(r), STR_ARG(code));
}

struct maker {
    struct dice dice;
    struct demo_lists lists;
    struct str hash; /* of the one demo password: hashed once */
};

static enum rc officer_make(struct ctx *cx, struct maker *m, enum role r, const struct unit *u)
{
    bool male = dice_roll(&m->dice) & 1;
    struct subject person = {.name = demo_name(cx, &m->dice, &m->lists, male),
                             .birth = INT32_MIN};
    struct account_new a = {.login = officer_login(cx, r, u), .is_officer = true};
    int64_t account;
    TRY(subject_add(cx, &person, &a.subject));
    TRY(account_add_hashed(cx, &a, m->hash, &account));
    return role_grant(cx, account, r, u->id);
}

static enum rc officers_make(struct ctx *cx, struct maker *m)
{
    static const enum role roles[] = {ROLE_reception, ROLE_specialist, ROLE_leader};
    size_t n, made = 0;
    const struct unit *const *all = unit_all(cx, &n);
    for (size_t i = 0; i < n; i++) {
        for (size_t r = 0; r < sizeof roles / sizeof *roles; r++, made++)
            TRY(officer_make(cx, m, roles[r], all[i]));
        TRY(db_commit(cx));
    }
    const struct unit *root = unit_root(cx);
    TRY(officer_make(cx, m, ROLE_admin, root));
    TRY(officer_make(cx, m, ROLE_auditor, root));
    printf("officers %zu\n", made + 2);
    return db_commit(cx);
}

/* -- citizens -- */

struct str demo_citizen_number(struct ctx *cx, size_t i, int32_t *birth, bool *male)
{
    struct dice d = {.state = 0x5EED0000u + i};
    *birth = day_make(1955, 1, 1) + (int32_t)dice_between(&d, 0, 47 * 365);
    *male = dice_roll(&d) & 1;
    struct civil c = civil_of_day(*birth);
    int century = (c.year / 100 - 19) * 2 + !*male;
    return str_fmt(cx->mem, "083%d%02d%06zu", century, c.year % 100, (i * 7919) % 1000000);
}

static enum rc citizen_make(struct ctx *cx, struct maker *m, size_t i)
{
    bool male;
    struct subject p = {.kind = SUBJECT_CITIZEN};
    p.number = demo_citizen_number(cx, i, &p.birth, &male);
    p.name = demo_name(cx, &m->dice, &m->lists, male);
    p.phone = str_fmt(cx->mem, "0900%06zu", i % 1000000);
    struct account_new a = {.login = p.number};
    int64_t account;
    TRY(subject_add(cx, &p, &a.subject));
    return account_add_hashed(cx, &a, m->hash, &account);
}

enum rc demo_citizens(struct ctx *cx, int64_t seed, size_t from, size_t to)
{
    struct arena *outer = cx->mem;
    struct maker m = {.dice = {(uint64_t)seed ^ 0xC171u}};
    TRY(demo_lists_load(cx, &m.lists));
    TRY(password_hash(cx, STR(DEMO_PASSWORD), cx->app->settings.argon2_ops,
                      cx->app->settings.argon2_mem_kib, &m.hash));
    enum rc rc = RC_OK;
    cx->mem = arena_new(64 << 20);
    for (size_t i = from; i < to && rc == RC_OK; i++) {
        rc = citizen_make(cx, &m, i);
        if (rc == RC_OK && (i % 250 == 249 || i + 1 == to)) {
            rc = db_commit(cx);
            arena_reset(cx->mem);
        }
    }
    arena_free(cx->mem);
    cx->mem = outer;
    return rc;
}

/* -- the list that ./run prints -- */

static void accounts_print(struct ctx *cx, FILE *to)
{
    const struct unit *commune = NULL;
    size_t n;
    const struct unit *const *all = unit_all(cx, &n);
    for (size_t i = 0; i < n && !commune; i++)
        if (all[i]->kind == UNIT_COMMUNE)
            commune = all[i];
    fprintf(to, "Demo accounts (generated people; password of every one: %s)\n", DEMO_PASSWORD);
    static const enum role roles[] = {ROLE_reception, ROLE_specialist, ROLE_leader};
    for (size_t i = 0; commune && i < sizeof roles / sizeof *roles; i++)
        fprintf(to, "  %-22.*s %-12s %.*s\n", STR_ARG(officer_login(cx, roles[i], commune)),
                role_name(roles[i]), STR_ARG(commune->name_vi));
    static const enum role above[] = {ROLE_leader, ROLE_auditor, ROLE_admin};
    for (size_t i = 0; i < sizeof above / sizeof *above; i++)
        fprintf(to, "  %-22.*s %-12s %.*s\n",
                STR_ARG(officer_login(cx, above[i], unit_root(cx))), role_name(above[i]),
                STR_ARG(unit_root(cx)->name_vi));
    for (size_t i = 0; i < 2; i++) {
        int32_t birth;
        bool male;
        fprintf(to, "  %-22.*s %-12s\n", STR_ARG(demo_citizen_number(cx, i, &birth, &male)),
                "citizen");
    }
}

static enum rc accounts_write(struct ctx *cx)
{
    struct str dir = store_dir(cx->app->store);
    struct str path = str_fmt(cx->mem, "%.*s/demo-accounts.txt", STR_ARG(dir));
    FILE *f = fopen(path.p, "w");
    if (!f)
        return FAIL(cx, IO, NULL, "cannot write %s", path.p);
    accounts_print(cx, f);
    fclose(f);
    return RC_OK;
}

/* Every page of this folder says that it shows demo data. */
static enum rc setting_write(struct ctx *cx)
{
    struct str dir = store_dir(cx->app->store);
    FILE *f = fopen(str_fmt(cx->mem, "%.*s/motcua.conf", STR_ARG(dir)).p, "a");
    if (!f || fputs("demo = 1\n", f) < 0 || fclose(f) != 0)
        return FAIL(cx, IO, NULL, "cannot write motcua.conf");
    return RC_OK;
}

/* What other bodies published, to stand beside this province's own figures. */
static enum rc published_make(struct ctx *cx)
{
    const struct embed_file *f = embed_find(STR("demo/published.csv"));
    size_t n;
    if (!f)
        return FAIL(cx, INTERNAL, NULL, "demo/published.csv is not embedded");
    TRY(figures_load(cx, f->data, &n));
    printf("published figures %zu\n", n);
    return db_commit(cx);
}

enum rc demo_make(struct ctx *cx, int64_t seed)
{
    struct maker m = {.dice = {(uint64_t)seed}};
    printf("demo seed %lld\n", (long long)seed);
    TRY(demo_lists_load(cx, &m.lists));
    TRY(password_hash(cx, STR(DEMO_PASSWORD), cx->app->settings.argon2_ops,
                      cx->app->settings.argon2_mem_kib, &m.hash));
    TRY(units_make(cx));
    TRY(officers_make(cx, &m));
    TRY(published_make(cx));
    TRY(demo_citizens(cx, seed, 0, DEMO_CITIZENS));
    printf("citizens %d\n", DEMO_CITIZENS);
    TRY(setting_write(cx));
    return accounts_write(cx);
}
