/* pages.c - /quality: what is published per service, its CSV and API; broken links; all pages. */
#include "app/app.h"
#include "picture/picture.h"
#include "quality/quality_priv.h"
#include "store/store.h"
#include "text/i18n.h"

static struct json *view_of(struct ctx *cx, struct json *v, struct str title, const char *back)
{
    json_put_str(cx->mem, v, "title", title);
    json_put_bool(cx->mem, v, "at_figures", true);
    if (back)
        json_put_str(cx->mem, v, "back", str_from(back));
    json_put_int(cx->mem, v, "small_number", cx->app->settings.small_number);
    return v;
}

static struct str word(struct ctx *cx, const char *key)
{
    return msg_get(cx->lang, str_from(key));
}

static enum rc csv_reply(struct ctx *cx, struct req *rq, struct str name,
                         const struct json *table)
{
    struct str text;
    TRY(table_csv(cx, table, &text));
    return reply_csv(cx, rq, name, text);
}

/* -- all services -- */

/* What each column says, so that no figure stands alone. */
static void columns_about(struct ctx *cx, struct json *v)
{
    static const char *const keys[] = {"received_online", "received",     "done",
                                       "on_time",         "satisfaction", "clicks",
                                       "uptime",          "p95",          "completion"};
    struct json *list = json_put(v, STR("about"), json_new_arr(cx->mem));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "label",
                     word(cx, str_fmt(cx->mem, "quality.column.%s", keys[i]).p));
        json_put_str(cx->mem, o, "text",
                     word(cx, str_fmt(cx->mem, "quality.about.%s", keys[i]).p));
    }
}

static enum rc get_list(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(quality_list(cx, &v));
    view_of(cx, v, word(cx, "quality.title"), NULL);
    json_put(v, STR("table"), services_table(cx, v, false));
    json_put_bool(cx->mem, v, "has_crawl", json_str(json_get(v, STR("crawl")), "made").n);
    columns_about(cx, v);
    return reply_page(cx, rq, "quality/list", v);
}

static enum rc get_list_csv(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(quality_list(cx, &v));
    return csv_reply(cx, rq, STR("quality"), services_table(cx, v, true));
}

static enum rc api_list(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(quality_list(cx, &v));
    return reply_json(cx, rq, 200, v);
}

/* -- one service -- */

static struct json *funnel_bars(struct ctx *cx, const struct json *funnel)
{
    const struct json *pages = json_get(funnel, STR("pages"));
    struct mark *v = arena_array(cx->mem, struct mark, pages->n + 1);
    size_t n = 0;
    JSON_EACH (pages, p) {
        int64_t reached = json_int(p, "reached", 0);
        v[n++] = (struct mark){.name = json_str(p, "title"),
                               .text = number_text(cx, reached),
                               .value = reached * 100};
    }
    struct plot plot = {.v = v, .n = n, .target = PICTURE_NONE, .unit = ""};
    return picture_bars(cx, &plot);
}

static struct json *days_columns(struct ctx *cx, const struct json *days)
{
    struct mark *v = arena_array(cx->mem, struct mark, days->n + 1);
    size_t n = 0;
    JSON_EACH (days, d) {
        const struct json *u = json_get(d, STR("uptime"));
        int64_t looks = json_int(u, "den", 0);
        int64_t share = looks ? json_int(u, "num", 0) * 10000 / looks : PICTURE_NONE;
        v[n++] = (struct mark){.name = str_cut(json_str(d, "day_text"), 0, 5),
                               .text = json_str(u, "text"),
                               .value = share};
    }
    struct plot plot = {.v = v, .n = n, .full = 10000, .target = PICTURE_NONE, .unit = "%"};
    return picture_columns(cx, &plot);
}

static void funnels_show(struct ctx *cx, struct json *v)
{
    struct json *funnels = json_get(v, STR("funnels"));
    JSON_EACH (funnels, f) {
        bool has_pages = json_get(f, STR("pages"))->n > 0;
        json_put_bool(cx->mem, f, "has_pages", has_pages);
        json_put(f, STR("page_table"), funnel_table(cx, f, cx->app->settings.small_number));
        json_put(f, STR("field_table"), fields_table(cx, f, cx->app->settings.small_number));
        json_put_bool(cx->mem, f, "has_fields", json_get(f, STR("fields"))->n > 0);
        if (has_pages)
            json_put(f, STR("picture"), funnel_bars(cx, f));
    }
    json_put_bool(cx->mem, v, "has_funnels", funnels->n > 0);
}

static void cards_put(struct ctx *cx, struct json *v)
{
    struct json *list = json_put(v, STR("cards"), json_new_arr(cx->mem));
    for (size_t i = 0; i < FIGURES_SHOWN; i++) {
        const struct json *figure = json_get(v, str_from(figures_shown[i]));
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "label",
                     word(cx, str_fmt(cx->mem, "quality.column.%s", figures_shown[i]).p));
        json_put_str(cx->mem, o, "value", json_str(figure, "text"));
        json_put_str(cx->mem, o, "href", json_str(figure, "href"));
    }
}

static enum rc get_one(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(quality_one(cx, req_str(rq, "procedure"), &v));
    view_of(cx, v, json_str(v, "name"), "/quality");
    funnels_show(cx, v);
    cards_put(cx, v);
    columns_about(cx, v);
    struct json *days = json_get(v, STR("days"));
    json_put_bool(cx->mem, v, "has_days", days->n > 0);
    json_put(v, STR("day_table"), days_table(cx, days));
    if (days->n)
        json_put(v, STR("picture"), days_columns(cx, days));
    json_put_bool(cx->mem, v, "is_open", may_see_small(cx));
    return reply_page(cx, rq, "quality/one", v);
}

static enum rc api_one(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(quality_one(cx, req_str(rq, "procedure"), &v));
    return reply_json(cx, rq, 200, v);
}

static enum rc get_days_csv(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(quality_one(cx, req_str(rq, "procedure"), &v));
    return csv_reply(cx, rq, STR("days"), days_table(cx, json_get(v, STR("days"))));
}

/* The version asked for; without one, the newest with something counted. */
static const struct json *version_of(const struct json *v, struct str version)
{
    JSON_EACH (json_get(v, STR("funnels")), f)
        if (!version.n || str_eq(json_str(f, "version"), version))
            return f;
    return NULL;
}

static enum rc get_funnel_csv(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(quality_one(cx, req_str(rq, "procedure"), &v));
    return csv_reply(cx, rq, STR("funnel"),
                     funnel_table(cx, version_of(v, req_str(rq, "version")),
                                  cx->app->settings.small_number));
}

/* Refusals by field and day. */
static enum rc get_fields_csv(struct ctx *cx, struct req *rq)
{
    struct json *v;
    struct field_day *days = NULL;
    size_t n = 0;
    TRY(quality_one(cx, req_str(rq, "procedure"), &v));
    const struct json *f = version_of(v, req_str(rq, "version"));
    if (f)
        TRY(field_days_get(cx, json_str(f, "version"), year_begin(cx), may_see_small(cx), &days,
                           &n));
    return csv_reply(cx, rq, STR("fields"),
                     field_days_table(cx, days, n, cx->app->settings.small_number));
}

/* -- links and pages -- */

static enum rc get_links(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(quality_links(cx, &v));
    view_of(cx, v, word(cx, "quality.links.title"), "/quality");
    json_put_bool(cx->mem, v, "has_crawl", json_str(v, "made").n);
    JSON_EACH (json_get(v, STR("broken")), b) {
        bool is_outside = str_eq(json_str(b, "reason"), STR("outside"));
        json_put_bool(cx->mem, b, "is_outside", is_outside);
        json_put_bool(cx->mem, b, "has_anchor", json_str(b, "anchor").n > 0);
    }
    json_put_bool(cx->mem, v, "has_broken", json_int(v, "nbroken", 0) > 0);
    json_put_bool(cx->mem, v, "has_unseen", json_int(v, "unseen", 0) > 0);
    return reply_page(cx, rq, "quality/links", v);
}

static enum rc api_links(struct ctx *cx, struct req *rq)
{
    struct json *v;
    TRY(quality_links(cx, &v));
    return reply_json(cx, rq, 200, v);
}

static enum rc get_pages(struct ctx *cx, struct req *rq)
{
    struct json *v = json_new_obj(cx->mem), *list = json_new_arr(cx->mem);
    TRY(period_put(cx, v));
    TRY(pages_put(cx, list));
    view_of(cx, v, word(cx, "quality.pages.title"), "/quality");
    json_put(v, STR("table"), pages_table(cx, list));
    return reply_page(cx, rq, "quality/pages", v);
}

static enum rc get_pages_csv(struct ctx *cx, struct req *rq)
{
    struct json *list = json_new_arr(cx->mem);
    TRY(pages_put(cx, list));
    return csv_reply(cx, rq, STR("pages"), pages_table(cx, list));
}

static enum rc api_pages(struct ctx *cx, struct req *rq)
{
    struct json *v = json_new_obj(cx->mem);
    TRY(period_put(cx, v));
    TRY(pages_put(cx, json_put(v, STR("pages"), json_new_arr(cx->mem))));
    return reply_json(cx, rq, 200, v);
}

#define PARAM_PROCEDURE                                                                        \
    {                                                                                          \
        "procedure", IN_PATH, P_CODE, true, 1, 40, "code of the procedure"                     \
    }
static const struct param one_params[] = {PARAM_PROCEDURE, {0}};
static const struct param version_params[] = {
    PARAM_PROCEDURE,
    {"version", IN_QUERY, P_CODE, false, 3, 100, "pack@version; default: the newest counted"},
    {0},
};

const struct route quality_routes[] = {
    {GET, "/quality", get_list, CAP_NONE, 0, NULL, "quality",
     "Quality of services since 1 January", NULL},
    {GET, "/quality.csv", get_list_csv, CAP_NONE, 0, NULL, "quality",
     "The same as comma-separated values", NULL},
    {GET, "/quality/links", get_links, CAP_NONE, 0, NULL, "quality",
     "Links that lead nowhere, by the last crawl", NULL},
    {GET, "/quality/pages", get_pages, CAP_NONE, 0, NULL, "quality",
     "Uptime and speed of every public page and of other sites", NULL},
    {GET, "/quality/pages.csv", get_pages_csv, CAP_NONE, 0, NULL, "quality",
     "The same as comma-separated values", NULL},
    {GET, "/quality/{procedure}", get_one, CAP_NONE, 0, one_params, "quality",
     "Quality of one service: looks by day, where its form loses people", NULL},
    {GET, "/quality/{procedure}/days.csv", get_days_csv, CAP_NONE, 0, one_params, "quality",
     "Its looks by day as comma-separated values", NULL},
    {GET, "/quality/{procedure}/funnel.csv", get_funnel_csv, CAP_NONE, 0, version_params,
     "quality", "Its form's pages as comma-separated values", NULL},
    {GET, "/quality/{procedure}/fields.csv", get_fields_csv, CAP_NONE, 0, version_params,
     "quality", "Refused answers by field and day as comma-separated values", NULL},
    {GET, "/api/v1/quality", api_list, CAP_NONE, ROUTE_API, NULL, "quality",
     "Quality of services since 1 January", NULL},
    {GET, "/api/v1/quality/links", api_links, CAP_NONE, ROUTE_API, NULL, "quality",
     "Links that lead nowhere, by the last crawl", NULL},
    {GET, "/api/v1/quality/pages", api_pages, CAP_NONE, ROUTE_API, NULL, "quality",
     "Uptime and speed of every page that is looked at", NULL},
    {GET, "/api/v1/quality/{procedure}", api_one, CAP_NONE, ROUTE_API, one_params, "quality",
     "Quality of one service", NULL},
    {0},
};
