/* cmd_pack.c - commands for packs: list, check, test, publish, withdraw. */
#include "app/cli.h"

#include "app/open.h"
#include "base/map.h"
#include "measure/backfill.h"
#include "measure/measure.h"
#include "moves/moves.h"
#include "pack/publish.h"
#include "scenario/scenario.h"
#include "text/i18n.h"

static const struct option_def list_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc list_run(struct ctx *cx, const struct args *a, int *ret)
{
    size_t n;
    TRY(data_open(cx, a, STORE_READ));
    const struct pack *const *all = pack_all(cx, &n);
    struct json *out = json_new_arr(cx->mem);
    for (size_t i = 0; i < n; i++) {
        struct str name = label_text(cx, all[i]->name);
        if (!arg_has(a, "--json")) {
            printf("%-34.*s %-10.*s %.*s\n", STR_ARG(all[i]->ref), STR_ARG(all[i]->procedure),
                   STR_ARG(name));
            continue;
        }
        struct json *o = json_push(out, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "ref", all[i]->ref);
        json_put_str(cx->mem, o, "procedure", all[i]->procedure);
        json_put_str(cx->mem, o, "name", name);
        json_put_str(cx->mem, o, "digest", hash_hex(cx->mem, &all[i]->digest));
    }
    if (arg_has(a, "--json"))
        print_json(cx, out);
    return RC_OK;
}

static const struct option_def dir_options[] = {
    {"dir", OPT_TEXT, true, "DIR", "the pack's folder"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc test_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct pack_files *files;
    struct scenario_report r;
    TRY(crypt_start(cx));
    TRY(pack_files_read(cx, arg_str(a, "dir"), &files));
    bool is_json = arg_has(a, "--json");
    log_level_set(LOG_WARN); /* each scenario makes a node of its own */
    TRY(scenario_run_all(cx, files, app_subscribers, is_json ? stderr : stdout, &r));
    printf(is_json ? "{\"passed\":%d,\"failed\":%d}\n" : "tests %d failed %d\n", r.passed,
           r.failed);
    *ret = r.failed ? EXIT_FAULT : EXIT_DONE;
    return RC_OK;
}

static const struct option_def publish_options[] = {
    {"dir", OPT_TEXT, true, "DIR", "the pack's folder"},
    {"--backfill", OPT_FLAG, false, NULL, "its new indicators count earlier events, too"},
    {"--decision", OPT_TEXT, false, "NUMBER", "of the decision that announced the procedure"},
    {"--decided", OPT_TEXT, false, "DAY", "on which the decision was signed"},
    {"--effective", OPT_TEXT, false, "DAY", "from which the procedure is in force"},
    {"--by-ministry", OPT_FLAG, false, NULL, "a ministry decided; else a province"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

/* Those in force before this version was published. */
static struct map *indicators_known(struct ctx *cx)
{
    size_t n;
    struct map *known = map_new(cx->mem);
    const struct indicator *const *all = indicator_all(cx, &n);
    for (size_t i = 0; i < n; i++)
        map_set(known, str_dup(cx->mem, all[i]->id), known);
    return known;
}

/* Indicators that the version before did not have count from now on, or, when asked for, from the
 * beginning. */
static enum rc new_indicators(struct ctx *cx, const struct pack *p, const struct map *known,
                              bool backfill)
{
    size_t n, waiting = 0;
    struct progress show = {.what = "backfill"};
    const struct indicator *const *all = indicator_all(cx, &n);
    for (size_t i = 0; i < n; i++) {
        int64_t since;
        if (all[i]->is_entered || !str_eq(all[i]->pack, p->id))
            continue;
        TRY(indicator_since(cx, all[i]->id, &since));
        if (since && backfill)
            TRY(indicator_backfill(cx, all[i]->id, progress_show, &show));
        waiting += since && !backfill && !map_has(known, all[i]->id);
    }
    if (waiting)
        printf(
            "%zu indicators count from now on; --backfill, or `motcua indicator backfill ID`, "
            "lets them count earlier events, too\n",
            waiting);
    return RC_OK;
}

/* All three, or none of them: *ret is NULL then. */
static enum rc decision_arg(struct ctx *cx, const struct args *a,
                            const struct pack_decision **ret)
{
    struct pack_decision *d = arena_new_of(cx->mem, struct pack_decision);
    d->number = arg_str(a, "--decision");
    d->by_ministry = arg_has(a, "--by-ministry");
    if (!d->number.p && !arg_has(a, "--decided") && !arg_has(a, "--effective"))
        return RC_OK;
    if (!d->number.p)
        return FAIL(cx, INVALID, "decision", "its number is not told");
    if (!day_parse(arg_str(a, "--decided"), &d->day))
        return FAIL(cx, INVALID, "decided", "not a day");
    if (!day_parse(arg_str(a, "--effective"), &d->effective))
        return FAIL(cx, INVALID, "effective", "not a day");
    *ret = d;
    return RC_OK;
}

static enum rc publish_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct pack_files *files;
    struct pack_findings found = {0};
    struct pack *pack = NULL;
    const struct pack_decision *decision = NULL;
    struct str ref;
    TRY(decision_arg(cx, a, &decision));
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(pack_files_read(cx, arg_str(a, "dir"), &files));
    enum rc rc = pack_check(cx, files, &found, &pack);
    findings_print(stderr, &found);
    TRY(rc);
    TRY(pack_publish_decided(cx, files, decision, &ref));
    TRY(db_commit(cx));
    const struct pack *before = pack_version(cx, ref); /* as this command found the node */
    if (before)
        printf("%.*s was published already%s\n", STR_ARG(ref),
               before->is_withdrawn ? " and is withdrawn: raise its version" : "");
    else
        printf("published %.*s\n", STR_ARG(ref));
    const struct map *known = indicators_known(cx);
    TRY(app_reload(cx));
    return new_indicators(cx, pack, known, arg_has(a, "--backfill"));
}

static const struct option_def withdraw_options[] = {
    {"ref", OPT_TEXT, true, "ID@VERSION", "open dossiers keep it; new ones cannot begin"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc withdraw_run(struct ctx *cx, const struct args *a, int *ret)
{
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(pack_withdraw(cx, arg_str(a, "ref")));
    return db_commit(cx);
}

static const struct option_def migrate_options[] = {
    {"pack", OPT_TEXT, true, "ID", "the pack"},
    {"--from", OPT_TEXT, true, "VERSION", "the version that open dossiers have"},
    {"--to", OPT_TEXT, true, "VERSION", "the version that they get"},
    {"--map", OPT_TEXT, false, "OLD=NEW,…", "states by another name; the same name needs none"},
    {"--dry-run", OPT_FLAG, false, NULL, "tell what would happen, change nothing"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc map_read(struct ctx *cx, struct str text, struct json **ret)
{
    struct str one, old;
    struct json *map = json_new_obj(cx->mem);
    while (text.n) {
        text = str_split(text, ',', &one);
        struct str to = str_trim(str_split(one, '=', &old));
        if (!str_trim(old).n || !to.n)
            return FAIL(cx, USAGE, "--map", "write old=new,old=new");
        json_put_str(cx->mem, map, str_z(cx->mem, str_trim(old)), to);
    }
    *ret = map->n ? map : NULL;
    return RC_OK;
}

static void migration_print(const struct json *o)
{
    printf("%lld open, %lld %s, %lld stay\n", (long long)json_int(o, "open", 0),
           (long long)json_int(o, "moved", 0), json_bool(o, "dry_run") ? "would move" : "moved",
           (long long)json_int(o, "stay", 0));
    JSON_EACH (json_get(o, STR("unmapped")), v)
        printf("no state for %.*s: %lld\n", STR_ARG(json_str(v, "state")),
               (long long)json_int(v, "n", 0));
    JSON_EACH (json_get(o, STR("unfit")), v)
        printf("answers do not fit the new form: %.*s\n", STR_ARG(v->s));
    JSON_EACH (json_get(o, STR("redated")), v)
        printf("%.*s: due %.*s, was %.*s\n", STR_ARG(json_str(v, "code")),
               STR_ARG(json_str(v, "due_new")), STR_ARG(json_str(v, "due_old")));
}

static enum rc migrate_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct json *map = NULL, *report = NULL;
    TRY(map_read(cx, arg_str(a, "--map"), &map));
    struct migration_plan p = {.pack = arg_str(a, "pack"),
                               .from = arg_str(a, "--from"),
                               .to = arg_str(a, "--to"),
                               .map = map,
                               .dry_run = arg_has(a, "--dry-run")};
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(dossiers_migrate(cx, &p, &report));
    if (arg_has(a, "--json"))
        print_json(cx, report);
    else
        migration_print(report);
    return RC_OK;
}

const struct command pack_commands[] = {
    {"pack list", "print the published packs", list_options, list_run},
    {"pack test", "run a pack's scenarios", dir_options, test_run},
    {"pack publish", "make an immutable version of a pack", publish_options, publish_run},
    {"pack withdraw", "no new dossiers with this version", withdraw_options, withdraw_run},
    {"pack migrate", "open dossiers go on under another version", migrate_options, migrate_run},
    {0},
};
