/* quality.c - commands about the portal itself: quality list, crawl, links; maintenance. */
#include "app/cli.h"

#include "app/open.h"
#include "quality/quality.h"
#include "text/i18n.h"

static const struct option_def list_options[] = {
    {"procedure", OPT_TEXT, false, "CODE", "only this procedure, with its funnel and days"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static struct str text_of(const struct json *service, const char *name)
{
    return json_str(json_get(service, str_from(name)), "text");
}

static void service_print(const struct json *s)
{
    printf("%-12.*s %-40.*s online %.*s, all %.*s, solved %.*s, on time %.*s, clicks %.*s, "
           "uptime %.*s, p95 %.*s, completed %.*s\n",
           STR_ARG(json_str(s, "procedure")), STR_ARG(json_str(s, "name")),
           STR_ARG(text_of(s, "received_online")), STR_ARG(text_of(s, "received")),
           STR_ARG(text_of(s, "done")), STR_ARG(text_of(s, "on_time")),
           STR_ARG(text_of(s, "clicks")), STR_ARG(text_of(s, "uptime")),
           STR_ARG(text_of(s, "p95")), STR_ARG(text_of(s, "completion")));
}

static enum rc list_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct json *v;
    bool is_one = arg_str(a, "procedure").n > 0;
    TRY(data_open(cx, a, STORE_READ));
    if (is_one)
        TRY(quality_one(cx, arg_str(a, "procedure"), &v));
    else
        TRY(quality_list(cx, &v));
    if (arg_has(a, "--json")) {
        print_json(cx, v);
        return RC_OK;
    }
    if (is_one)
        service_print(v);
    JSON_EACH (json_get(v, STR("services")), s)
        service_print(s);
    JSON_EACH (json_get(v, STR("funnels")), f)
        JSON_EACH (json_get(f, STR("pages")), p)
            printf("  %-24.*s %-24.*s reached %lld, errors %lld, left %lld\n",
                   STR_ARG(json_str(f, "version")), STR_ARG(json_str(p, "page")),
                   (long long)json_int(p, "reached", 0), (long long)json_int(p, "refused", 0),
                   (long long)json_int(p, "abandoned", 0));
    return RC_OK;
}

/* -- crawling -- */

static const struct option_def crawl_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data); must not be served"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static void broken_print(const struct json *list)
{
    JSON_EACH (list, b) {
        bool has_anchor = json_str(b, "anchor").n;
        printf("  %.*s%s%.*s  %.*s", STR_ARG(json_str(b, "target")), has_anchor ? "#" : "",
               STR_ARG(json_str(b, "anchor")), STR_ARG(json_str(b, "reason")));
        if (json_int(b, "status", 0))
            printf(" %lld", (long long)json_int(b, "status", 0));
        printf("  on %.*s (%lld)\n", STR_ARG(json_at(json_get(b, STR("where")), 0)->s),
               (long long)json_int(b, "count", 0));
    }
}

/* Serves the folder on a free port for as long as it takes. */
static enum rc crawl_here(struct ctx *cx, struct crawl *ret)
{
    TRY(app_templates(cx, cx->app));
    TRY(web_start(cx, app_routes, 0, &cx->app->web));
    struct str base = str_fmt(cx->mem, "http://%.*s:%d", STR_ARG(cx->app->settings.http_bind),
                              web_port(cx->app->web));
    struct progress p = {.what = "crawl"};
    enum rc rc = portal_crawl(cx, base, &(struct crawl_tell){progress_show, &p}, ret);
    if (rc == RC_OK)
        rc = db_commit(cx);
    else
        db_rollback(cx);
    web_stop(cx->app->web);
    cx->app->web = NULL;
    return rc;
}

/* 1 when something does not hold: a link is broken, or a service is too far. */
static enum rc crawl_run_command(struct ctx *cx, const struct args *a, int *ret)
{
    struct crawl c;
    struct json *v;
    TRY(data_open(cx, a, STORE_WRITE));
    cx->app->settings.access_log = 0;
    TRY(crawl_here(cx, &c));
    TRY(quality_list(cx, &v));
    bool is_far = false;
    JSON_EACH (json_get(v, STR("services")), s)
        is_far = is_far || json_bool(json_get(s, STR("clicks")), "is_missed");
    *ret = c.nbroken || is_far ? EXIT_FAULT : EXIT_DONE;
    if (arg_has(a, "--json")) {
        struct json *links;
        TRY(quality_links(cx, &links));
        json_put(links, STR("clicks"), c.clicks);
        print_json(cx, links);
        return RC_OK;
    }
    printf("%lld pages, %lld links, %lld broken, %lld not looked at\n", (long long)c.pages,
           (long long)c.links, (long long)c.nbroken, (long long)c.unseen);
    JSON_EACH (json_get(v, STR("services")), s)
        printf("  %-12.*s %.*s clicks\n", STR_ARG(json_str(s, "procedure")),
               STR_ARG(text_of(s, "clicks")));
    broken_print(c.broken);
    return RC_OK;
}

static const struct option_def links_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc links_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct json *v;
    TRY(data_open(cx, a, STORE_READ));
    TRY(quality_links(cx, &v));
    if (arg_has(a, "--json")) {
        print_json(cx, v);
        return RC_OK;
    }
    if (!json_str(v, "made").n)
        printf("not crawled yet; `motcua quality crawl` does it\n");
    else
        printf("%.*s: %lld pages, %lld links, %lld broken\n", STR_ARG(json_str(v, "made_text")),
               (long long)json_int(v, "pages", 0), (long long)json_int(v, "links", 0),
               (long long)json_int(v, "nbroken", 0));
    broken_print(json_get(v, STR("broken")));
    return RC_OK;
}

/* -- maintenance -- */

static const struct option_def announce_options[] = {
    {"--from", OPT_TEXT, true, "T", "2026-11-24T20:00, Viet Nam's time"},
    {"--to", OPT_TEXT, true, "T", "when it will be over, at most 72 hours later"},
    {"--reason", OPT_TEXT, true, "TEXT", "what people read, in Vietnamese"},
    {"--reason-en", OPT_TEXT, false, "TEXT", "the same in English"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc announce_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct maintenance m = {.reason_vi = arg_str(a, "--reason"),
                            .reason_en = arg_str(a, "--reason-en")};
    int64_t seq;
    TRY(data_open(cx, a, STORE_WRITE));
    if (!moment_parse(cx->mem, arg_str(a, "--from"), &m.from_us))
        return FAIL(cx, USAGE, "--from", "not a moment: 2026-11-24T20:00");
    if (!moment_parse(cx->mem, arg_str(a, "--to"), &m.to_us))
        return FAIL(cx, USAGE, "--to", "not a moment: 2026-11-24T22:00");
    enum rc rc = maintenance_announce(cx, &m, &seq);
    if (rc == RC_STATE)
        fprintf(stderr, "the earliest now is %.*s\n",
                STR_ARG(time_iso(cx->mem, maintenance_earliest(cx))));
    TRY(rc);
    TRY(db_commit(cx));
    printf("announced as %lld\n", (long long)seq);
    return RC_OK;
}

static enum rc planned_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct json *list;
    TRY(data_open(cx, a, STORE_READ));
    TRY(maintenance_list(cx, &list));
    if (arg_has(a, "--json")) {
        print_json(cx, list);
        return RC_OK;
    }
    JSON_EACH (list, m)
        printf("%lld  %.*s - %.*s  %-9.*s %.*s\n", (long long)json_int(m, "seq", 0),
               STR_ARG(json_str(m, "from_text")), STR_ARG(json_str(m, "to_text")),
               STR_ARG(json_str(m, "state")), STR_ARG(json_str(m, "reason")));
    return RC_OK;
}

static const struct option_def cancel_options[] = {
    {"number", OPT_INT, true, "N", "as `motcua maintenance list` names it"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc cancel_run(struct ctx *cx, const struct args *a, int *ret)
{
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(maintenance_cancel(cx, arg_int(a, "number", -1)));
    TRY(db_commit(cx));
    printf("cancelled\n");
    return RC_OK;
}

const struct command quality_commands[] = {
    {"quality list",
     "services since 1 January: received, on time, satisfaction, clicks, uptime", list_options,
     list_run},
    {"quality crawl", "follow every link of the portal; clicks to each service, broken links",
     crawl_options, crawl_run_command},
    {"quality links", "the broken links that the last crawl found", links_options, links_run},
    {"maintenance announce", "say that the portal will be down, one working day before",
     announce_options, announce_run},
    {"maintenance list", "what is and was announced", links_options, planned_run},
    {"maintenance cancel", "take an announcement back before it begins", cancel_options,
     cancel_run},
    {0},
};
