/* cmd_node.c - commands for a node as a whole: init, serve, backup, restore, settings, routes. */
#include "app/cli.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/open.h"
#include "cockpit/cockpit.h"
#include "demo/demo.h"
#include "ledger/ledger.h"
#include "measure/measure.h"
#include "ops/backup.h"
#include "ops/jobs.h"
#include "quality/quality.h"
#include "text/i18n.h"
#include "unit/unit.h"
#include "web/web.h"

/* -- init -- */

static const struct option_def init_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "folder to make (default data)"},
    {"--demo", OPT_FLAG, false, NULL, "with the demo province: units, officers, citizens"},
    {"--seed", OPT_INT, false, "N", "seed of the demo's generator (default 2020)"},
    {0},
};

static enum rc publish_one(struct ctx *cx, struct str id, bool is_general, bool is_demo)
{
    struct pack_files *f;
    struct str ref;
    const struct pack_decision *d = NULL;
    TRY(pack_files_embedded(cx, id, &f));
    if (is_general != !pack_file(f, STR("flow.yaml")).p)
        return RC_OK;
    if (is_demo)
        TRY(demo_decision(cx, id, &d));
    TRY(pack_publish_decided(cx, f, d, &ref));
    TRY(db_commit(cx));
    printf("pack %.*s\n", STR_ARG(ref));
    /* What is published now counts the services published next. */
    return app_reload(cx);
}

/* The demo province announced its services when its year began, so that all its years have them. */
static enum rc publish_embedded(struct ctx *cx, bool is_demo)
{
    int64_t now_us = cx->now_us;
    if (is_demo)
        cx->now_us = day_start(day_make(2020, 1, 2)) + 8 * HOUR_US;
    struct str ids[64];
    size_t n = pack_embedded(cx, ids, 64);
    for (int general = 1; general >= 0; general--)
        for (size_t i = 0; i < n; i++)
            TRY(publish_one(cx, ids[i], general, is_demo));
    cx->now_us = now_us;
    return RC_OK;
}

static enum rc init_first_admin(struct ctx *cx)
{
    struct unit_new root = {.code = STR("H00"),
                            .code_old = STR("000.00.00.H00"),
                            .name_vi = STR("Đơn vị gốc"),
                            .name_en = STR("Root unit"),
                            .kind = UNIT_PROVINCE,
                            .from = day_of(cx->now_us)};
    struct unit_id unit;
    TRY(unit_add(cx, &root, &unit));
    TRY(db_commit(cx));
    TRY(units_reload(cx));
    struct subject person = {.name = STR("Quản trị"), .birth = INT32_MIN};
    struct account_new a = {.login = STR("admin"), .is_officer = true};
    a.password = random_token(cx->mem, 12);
    int64_t account;
    TRY(subject_add(cx, &person, &a.subject));
    TRY(account_add(cx, &a, &account));
    TRY(role_grant(cx, account, ROLE_admin, unit));
    TRY(db_commit(cx));
    printf("administrator: admin, password %.*s (shown this once)\n", STR_ARG(a.password));
    return RC_OK;
}

static enum rc init_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct str dir = arg_data(a);
    struct stat st;
    const char *db = str_z(cx->mem, str_fmt(cx->mem, "%.*s/motcua.db", STR_ARG(dir)));
    if (stat(db, &st) == 0)
        return FAIL(cx, DUPLICATE, "--data", "there is a node in %.*s already", STR_ARG(dir));
    TRY(app_open(cx, cx->app, dir, STORE_WRITE));
    TRY(publish_embedded(cx, arg_has(a, "--demo")));
    if (arg_has(a, "--demo"))
        TRY(demo_make(cx, arg_int(a, "--seed", DEMO_SEED)));
    else
        TRY(init_first_admin(cx));
    printf("made %.*s\n", STR_ARG(dir));
    return RC_OK;
}

/* -- demo -- */

enum { DOSSIERS_MAX = 10000000 };

static const struct option_def demo_options[] = {
    {"--year", OPT_FLAG, false, NULL, "play 2020 with 78,496 dossiers"},
    {"--month", OPT_FLAG, false, NULL, "play the last thirty days (the default)"},
    {"--dossiers", OPT_INT, false, "N", "how many arrive (default 78496, or 1500 in a month)"},
    {"--seed", OPT_INT, false, "N", "seed of the generator (default 2020)"},
    {"--data", OPT_TEXT, false, "DIR", "data folder made by `init --demo` (default data)"},
    {0},
};

static enum rc figures_print(struct ctx *cx, const struct slice *s)
{
    size_t n;
    const struct indicator *const *all = indicator_all(cx, &n);
    for (size_t i = 0; i < n; i++) {
        struct figure f;
        TRY(figure_get(cx, all[i], s, &f));
        printf("  %-34.*s %16.*s   %.*s\n", STR_ARG(all[i]->id),
               STR_ARG(figure_text(cx, all[i], &f)), STR_ARG(label_text(cx, all[i]->name)));
    }
    return RC_OK;
}

static enum rc demo_run(struct ctx *cx, const struct args *a, int *ret)
{
    bool year = arg_has(a, "--year");
    struct progress p = {.what = "demo"};
    struct demo_plan plan = {
        .seed = arg_int(a, "--seed", DEMO_SEED), .progress = progress_show, .arg = &p};
    struct demo_report r;
    plan.from = year ? day_make(2020, 1, 1) : day_of(cx->now_us) - 30;
    plan.to = year ? day_make(2021, 1, 1) : day_of(cx->now_us) + 1;
    plan.until_us = year ? 0 : cx->now_us;
    plan.dossiers = arg_int(a, "--dossiers", year ? DEMO_YEAR_DOSSIERS : DEMO_MONTH_DOSSIERS);
    if (year && arg_has(a, "--month"))
        return FAIL(cx, USAGE, "--month", "either --year or --month");
    if (plan.dossiers < 1 || plan.dossiers > DOSSIERS_MAX)
        return FAIL(cx, USAGE, "--dossiers", "1 to %d dossiers", DOSSIERS_MAX);
    TRY(data_open(cx, a, STORE_WRITE));
    if (!unit_root(cx))
        return FAIL(cx, NOT_FOUND, "--data", "make the folder with `motcua init --demo` first");
    printf("demo seed %lld, %lld dossiers\n", (long long)plan.seed, (long long)plan.dossiers);
    TRY(demo_play(cx, &plan, &r));
    printf("%lld dossiers, %lld events, %lld supplements, %lld late, %lld rated in %.1f s\n",
           (long long)r.dossiers, (long long)r.events, (long long)r.supplements,
           (long long)r.late, (long long)r.rated, (double)r.elapsed_us / 1e6);
    return figures_print(cx, &(struct slice){.period = {plan.from, plan.to + 60}});
}

/* -- serve -- */

static const struct option_def serve_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--port", OPT_INT, false, "N", "TCP port (default: the setting http_port)"},
    {0},
};

static void wait_for_signal(void)
{
    sigset_t set;
    int sig;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigwait(&set, &sig);
}

/* Before any thread starts: all of them inherit the mask, only the main one waits. */
static void block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static enum rc serve_run(struct ctx *cx, const struct args *a, int *ret)
{
    int64_t from = time_monotonic();
    int64_t given = arg_int(a, "--port", 0);
    if (given < 0 || given > 65535)
        return FAIL(cx, USAGE, "--port", "a port is 0 (any free one) to 65535");
    block_signals();
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(app_templates(cx, cx->app));
    int port = arg_has(a, "--port") ? (int)given : (int)cx->app->settings.http_port;
    TRY(web_start(cx, app_routes, port, &cx->app->web));
    cockpit_watch(cx->app);
    struct jobs *jobs = jobs_start(cx->app);
    memory_give_back(); /* what only starting needed */
    LOGI("listening address=%.*s port=%d start_ms=%lld", STR_ARG(cx->app->settings.http_bind),
         web_port(cx->app->web), (long long)(time_monotonic() - from) / 1000);
    printf("Motcua serves http://%.*s:%d/\n", STR_ARG(cx->app->settings.http_bind),
           web_port(cx->app->web));
    fflush(stdout);
    wait_for_signal();
    LOGI("stopping");
    jobs_stop(jobs);
    web_stop(cx->app->web);
    cx->app->web = NULL; /* a last commit tells nobody */
    cx->now_us = time_now();
    return quality_flush(cx);
}

/* -- backup, restore -- */

static const struct option_def backup_options[] = {
    {"to", OPT_TEXT, true, "DIR", "folder for the copy; must not hold one"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc backup_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct progress p = {.what = "backup"};
    TRY(data_open(cx, a, STORE_COPY));
    TRY(backup_make(cx, arg_data(a), arg_str(a, "to"), progress_show, &p));
    printf("copied to %.*s; `motcua verify %.*s` checks it\n", STR_ARG(arg_str(a, "to")),
           STR_ARG(arg_str(a, "to")));
    return RC_OK;
}

static const struct option_def restore_options[] = {
    {"from", OPT_TEXT, true, "DIR", "a folder that `motcua backup` made"},
    {"--data", OPT_TEXT, false, "DIR", "data folder to make (default data)"},
    {0},
};

static enum rc restore_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct progress p = {.what = "restore"};
    TRY(app_open(cx, cx->app, arg_str(a, "from"), STORE_COPY));
    TRY(backup_make(cx, arg_str(a, "from"), arg_data(a), progress_show, &p));
    printf("restored to %.*s\n", STR_ARG(arg_data(a)));
    return RC_OK;
}

/* -- settings, version, routes -- */

static const struct option_def settings_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc settings_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct str file = str_fmt(cx->mem, "%.*s/motcua.conf", STR_ARG(arg_data(a)));
    TRY(settings_load(cx, file, &cx->app->settings));
    struct json *out = json_new_obj(cx->mem);
    struct setting_row row;
    struct str value;
    for (size_t i = 0; settings_at(cx->mem, &cx->app->settings, i, &row, &value); i++) {
        json_put_str(cx->mem, out, row.name, value);
        if (!arg_has(a, "--json"))
            printf("# %s\n%s = %.*s\n\n", row.text, row.name, STR_ARG(value));
    }
    if (arg_has(a, "--json"))
        print_json(cx, out);
    return RC_OK;
}

static const struct option_def json_only[] = {
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc version_run(struct ctx *cx, const struct args *a, int *ret)
{
    if (arg_has(a, "--json"))
        printf("{\"version\":\"%s\"}\n", MOTCUA_VERSION);
    else
        printf("motcua %s\n", MOTCUA_VERSION);
    return RC_OK;
}

static const char *const method_names[] = {"", "GET", "POST", "PUT", "DELETE"};
static const char *const cap_names[] = {
#define CAP(name, text) #name,
#include "caps.def"
#undef CAP
};

static struct json *route_json(struct ctx *cx, const struct route *r)
{
    struct json *o = json_new_obj(cx->mem), *params = json_new_arr(cx->mem);
    json_put_str(cx->mem, o, "method", str_from(method_names[r->method]));
    json_put_str(cx->mem, o, "path", str_from(r->path));
    json_put_str(cx->mem, o, "need", str_from(cap_names[r->need]));
    json_put_int(cx->mem, o, "flags", r->flags);
    json_put_int(cx->mem, o, "body_max", r->body_max); /* 0: web_body_max */
    json_put_str(cx->mem, o, "summary", str_from(r->summary));
    for (const struct param *p = r->params; p && p->name; p++) {
        struct json *q = json_push(params, json_new_obj(cx->mem));
        json_put_str(cx->mem, q, "name", str_from(p->name));
        json_put_int(cx->mem, q, "in", p->in);
        json_put_int(cx->mem, q, "type", p->type);
        json_put_bool(cx->mem, q, "required", p->required);
        json_put_int(cx->mem, q, "least", p->least);
        json_put_int(cx->mem, q, "most", p->most);
    }
    json_put(o, STR("params"), params);
    return o;
}

static enum rc routes_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct json *out = json_new_arr(cx->mem);
    for (size_t t = 0; app_routes[t]; t++)
        for (const struct route *r = app_routes[t]; r->path; r++) {
            if (arg_has(a, "--json"))
                json_push(out, route_json(cx, r));
            else
                printf("%-7s%-44s %-13s %s\n", method_names[r->method], r->path,
                       cap_names[r->need], r->summary);
        }
    if (arg_has(a, "--json"))
        print_json(cx, out);
    return RC_OK;
}

const struct command node_commands[] = {
    {"init", "make a data folder with the packs that come with the program", init_options,
     init_run},
    {"demo", "play dossiers through their whole lives in virtual time", demo_options, demo_run},
    {"serve", "serve pages and API until interrupted", serve_options, serve_run},
    {"backup", "copy a data folder while it is in use", backup_options, backup_run},
    {"restore", "make a data folder from a backup", restore_options, restore_run},
    {"settings", "print every setting, its meaning and present value", settings_options,
     settings_run},
    {"routes", "list the addresses that the program answers", json_only, routes_run},
    {"version", "print the version", json_only, version_run},
    {0},
};
