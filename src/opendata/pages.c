/* pages.c - the catalogue and its datasets for people, and the files. */
#include "app/app.h"
#include "opendata/opendata_priv.h"
#include "text/i18n.h"
#include "web/web.h"

enum { SHOWN = 36, PREVIEW_ROWS = 8 };

/* Where people reach this node: as configured, else as this request did. */
static struct str base_of(struct ctx *cx, const struct req *rq)
{
    struct str url = cx->app->settings.public_url, host = req_header(rq, "Host");
    if (url.n)
        return str_ends(url, STR("/")) ? str_cut(url, 0, url.n - 1) : url;
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool is_fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                       (c >= 'A' && c <= 'Z') || c == '.' || c == ':' || c == '-';
        if (!is_fine)
            return STR("http://localhost");
    }
    return str_fmt(cx->mem, "http://%.*s", STR_ARG(host));
}

static struct str key_text(struct ctx *cx, const char *prefix, const char *word)
{
    return msg_get(cx->lang, str_fmt(cx->mem, "%s%s", prefix, word));
}

/* -- the catalogue -- */

static void terms_put(struct ctx *cx, const struct offer *o, struct json *v)
{
    const struct dataset *d = o->d;
    json_put_str(cx->mem, v, "id", o->id);
    json_put_str(cx->mem, v, "title", label_text(cx, d->title));
    json_put_str(cx->mem, v, "about", label_text(cx, d->about));
    json_put_str(cx->mem, v, "every", key_text(cx, "opendata.every.", time_name(d->every)));
    json_put_str(cx->mem, v, "licence", str_from(d->licence->id));
    json_put_str(cx->mem, v, "licence_url", str_from(d->licence->url));
    json_put_str(cx->mem, v, "contact", label_text(cx, d->contact));
    json_put_str(cx->mem, v, "email", d->email);
    json_put_int(cx->mem, v, "k", d->k);
}

/* Without whose statements a release was made. */
static struct str missing_text(struct ctx *cx, const struct json *release)
{
    const struct json *list = json_get(release, STR("missing"));
    return list && list->n ? stated_names(cx, list, (size_t)json_int(release, "nmissing", 0))
                           : STR("");
}

/* Why a period is not there, as a sentence; empty when it is. */
static struct str why_text(struct ctx *cx, const struct due_next *due)
{
    static const char *const words[] = {
        [WHY_NONE] = "nothing",    [WHY_RELEASED] = "",           [WHY_REFUSED] = "refused",
        [WHY_WAITING] = "waiting", [WHY_UNCOUNTED] = "uncounted", [WHY_SOON] = "soon"};
    struct json *args = json_new_obj(cx->mem);
    if (due->why == WHY_RELEASED)
        return STR("");
    if (due->why == WHY_WAITING) {
        const struct stated *s = &due->stated;
        json_put_str(cx->mem, args, "nodes", stated_names(cx, s->waiting, s->nwaiting));
        json_put_str(cx->mem, args, "until", day_text(cx->mem, s->until));
    }
    return msg_fill(cx, str_fmt(cx->mem, "opendata.why.%s", words[due->why]), args);
}

/* The last release, and whether it is the one that should be there; else why not. */
static enum rc fresh_put(struct ctx *cx, const struct offer *o, const struct json *releases,
                         struct json *v)
{
    struct due_next due;
    const struct json *last = releases->first;
    TRY(offer_due(cx, o, &due));
    json_put_bool(cx->mem, v, "has_release", last != NULL);
    json_put_str(cx->mem, v, "last", last ? json_str(last, "period") : STR(""));
    json_put_str(cx->mem, v, "last_time", last ? json_str(last, "time_text") : STR(""));
    json_put_bool(cx->mem, v, "is_old", due.why != WHY_RELEASED && due.why != WHY_NONE);
    json_put_str(cx->mem, v, "due", due.period.name);
    json_put_str(cx->mem, v, "why", why_text(cx, &due));
    json_put_str(cx->mem, v, "missing_text", last ? missing_text(cx, last) : STR(""));
    return RC_OK;
}

static enum rc get_catalog(struct ctx *cx, struct req *rq)
{
    struct offers all = offers_all(cx);
    struct json *v = json_new_obj(cx->mem), *releases;
    struct json *list = json_put(v, STR("datasets"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all.n; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        TRY(dataset_releases(cx, all.v[i].id, &releases));
        terms_put(cx, &all.v[i], o);
        TRY(fresh_put(cx, &all.v[i], releases, o));
    }
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("opendata.title")));
    json_put_bool(cx->mem, v, "has_datasets", all.n > 0);
    json_put_bool(cx->mem, v, "at_data", true);
    json_put_str(cx->mem, v, "back", STR("/figures"));
    return reply_page(cx, rq, "data/catalog", v);
}

static enum rc get_jsonld(struct ctx *cx, struct req *rq)
{
    struct json *o;
    TRY(catalog_make(cx, base_of(cx, rq), &o));
    return reply_text(cx, rq, "application/ld+json", json_canonical(cx->mem, o));
}

/* -- one dataset -- */

static struct json *releases_view(struct ctx *cx, const struct offer *o,
                                  const struct json *releases)
{
    struct json *list = json_new_arr(cx->mem);
    struct str before = STR("");
    JSON_EACH (releases, r) {
        if (list->n == SHOWN)
            break;
        struct json *row = json_push(list, json_copy(cx->mem, r));
        struct str query =
            str_fmt(cx->mem, "?period=%.*s&revision=%lld", STR_ARG(json_str(r, "period")),
                    (long long)json_int(r, "revision", 0));
        json_put_bool(cx->mem, row, "is_current", !str_eq(before, json_str(r, "period")));
        json_put_str(cx->mem, row, "missing_text", missing_text(cx, r));
        json_put_str(cx->mem, row, "rows_text", number_text(cx, json_int(r, "rows", 0)));
        json_put_str(cx->mem, row, "bytes_text", number_text(cx, json_int(r, "bytes", 0)));
        json_put_str(cx->mem, row, "csv_href",
                     str_fmt(cx->mem, "/data/%.*s.csv%.*s", STR_ARG(o->id), STR_ARG(query)));
        json_put_str(cx->mem, row, "json_href",
                     str_fmt(cx->mem, "/data/%.*s.json%.*s", STR_ARG(o->id), STR_ARG(query)));
        before = json_str(r, "period");
    }
    return list;
}

/* The first rows of the last release, as a table of texts. */
static enum rc preview_put(struct ctx *cx, const struct offer *o, struct json *v)
{
    struct json *meta, *rows;
    struct str csv;
    TRY(dataset_csv(cx, o->id, STR_NULL, 0, &meta, &csv));
    TRY(dataset_rows(cx, o, csv, &rows));
    struct json *heads = json_put(v, STR("heads"), json_new_arr(cx->mem));
    struct json *list = json_put(v, STR("preview"), json_new_arr(cx->mem));
    JSON_EACH (rows->first, cell)
        json_push(heads, json_new_str(cx->mem, cell->key));
    JSON_EACH (rows, row) {
        if (list->n == PREVIEW_ROWS)
            break;
        struct json *cells = json_put(json_push(list, json_new_obj(cx->mem)), STR("cells"),
                                      json_new_arr(cx->mem));
        JSON_EACH (row, cell)
            json_push(cells, json_new_str(cx->mem, cell->s));
    }
    return RC_OK;
}

static enum rc page_reply(struct ctx *cx, struct req *rq, const struct offer *o)
{
    struct json *v = json_new_obj(cx->mem), *releases, *refusals;
    TRY(dataset_releases(cx, o->id, &releases));
    TRY(dataset_refusals(cx, o->id, &refusals));
    terms_put(cx, o, v);
    TRY(fresh_put(cx, o, releases, v));
    json_put(v, STR("releases"), releases_view(cx, o, releases));
    json_put_bool(cx->mem, v, "has_refusals", refusals->n > 0);
    json_put(v, STR("refusals"), refusals);
    json_put(v, STR("columns"), content_columns(cx, o));
    if (releases->n)
        TRY(preview_put(cx, o, v));
    json_put_str(cx->mem, v, "base", base_of(cx, rq));
    json_put_bool(cx->mem, v, "at_data", true);
    json_put_str(cx->mem, v, "back", STR("/data"));
    return reply_page(cx, rq, "data/dataset", v);
}

/* -- files -- */

/* Does the address name one revision of one period? Then what it gives never changes. */
static bool is_one(const struct req *rq)
{
    return req_str(rq, "period").n && req_int(rq, "revision", 0) > 0;
}

static enum rc csv_reply(struct ctx *cx, struct req *rq, const struct offer *o)
{
    struct json *meta;
    struct str csv;
    TRY(dataset_csv(cx, o->id, req_str(rq, "period"), req_int(rq, "revision", 0), &meta, &csv));
    reply_header(rq, "Content-Disposition",
                 str_fmt(cx->mem, "attachment; filename=\"%.*s-%.*s-r%lld.csv\"",
                         STR_ARG(o->id), STR_ARG(json_str(meta, "period")),
                         (long long)json_int(meta, "revision", 0)));
    reply_header(rq, "Link", str_fmt(cx->mem, "<%s>; rel=\"license\"", o->d->licence->url));
    reply_header(rq, "Vary", STR("Accept-Encoding"));
    reply_public(rq, is_one(rq) ? "public, max-age=31536000, immutable" : "public, no-cache");
    TRY(reply_text(cx, rq, "text/csv; charset=utf-8; header=present", csv));
    reply_etag(rq, str_fmt(cx->mem, "\"%.*s\"", STR_ARG(json_str(meta, "digest"))));
    return RC_OK;
}

/* The rows never change, but titles stand beside them, in the reader's language. */
static enum rc json_reply(struct ctx *cx, struct req *rq, struct json *v)
{
    struct hash h = hash_of(json_canonical(cx->mem, v));
    reply_header(rq, "Vary", STR("Accept-Encoding, Accept-Language, Cookie"));
    reply_public(rq, is_one(rq) ? "public, max-age=86400" : "public, no-cache");
    TRY(reply_json(cx, rq, 200, v));
    reply_etag(rq, str_fmt(cx->mem, "\"%.*s\"", STR_ARG(hash_hex(cx->mem, &h))));
    return RC_OK;
}

/* {dataset, title, licence, release, columns, rows}: rows `from` … `from + most`. */
static enum rc rows_reply(struct ctx *cx, struct req *rq, const struct offer *o, size_t from,
                          size_t most)
{
    struct json *meta, *rows, *v = json_new_obj(cx->mem);
    struct str csv;
    size_t at = 0;
    TRY(dataset_csv(cx, o->id, req_str(rq, "period"), req_int(rq, "revision", 0), &meta, &csv));
    TRY(dataset_rows(cx, o, csv, &rows));
    json_put_str(cx->mem, v, "dataset", o->id);
    json_put_str(cx->mem, v, "title", label_text(cx, o->d->title));
    json_put_str(cx->mem, v, "licence", str_from(o->d->licence->url));
    json_put(v, STR("release"), meta);
    json_put(v, STR("columns"), content_columns(cx, o));
    json_put_int(cx->mem, v, "total", (int64_t)rows->n);
    struct json *list = json_put(v, STR("rows"), json_new_arr(cx->mem));
    JSON_EACH (rows, row) {
        if (at >= from && list->n < most)
            json_push(list, json_copy(cx->mem, row));
        at++;
    }
    if (from + list->n < rows->n)
        json_put_int(cx->mem, v, "next", (int64_t)(from + list->n));
    return json_reply(cx, rq, v);
}

/* One address a dataset: "/data/ID" is the page, "/data/ID.csv" and "/data/ID.json" the files. */
static enum rc get_dataset(struct ctx *cx, struct req *rq)
{
    struct str name = req_str(rq, "id"), id = name;
    bool is_csv = str_ends(name, STR(".csv")), is_json = str_ends(name, STR(".json"));
    if (is_csv || is_json)
        id = str_cut(name, 0, name.n - (is_csv ? 4 : 5));
    const struct offer *o = offer_find(cx, id);
    if (!o)
        return FAIL(cx, NOT_FOUND, "id", "no such dataset");
    if (is_csv)
        return csv_reply(cx, rq, o);
    return is_json ? rows_reply(cx, rq, o, 0, RELEASE_ROWS_MAX) : page_reply(cx, rq, o);
}

/* -- API -- */

enum { PAGE_ROWS = 100, PAGE_ROWS_MAX = 1000 };

static enum rc offer_json(struct ctx *cx, const struct offer *o, struct json *releases,
                          struct json *v)
{
    terms_put(cx, o, v);
    TRY(fresh_put(cx, o, releases, v));
    json_put_str(cx->mem, v, "every", str_from(time_name(o->d->every)));
    return RC_OK;
}

static enum rc api_list(struct ctx *cx, struct req *rq)
{
    struct offers all = offers_all(cx);
    struct json *v = json_new_obj(cx->mem), *releases;
    struct json *list = json_put(v, STR("datasets"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all.n; i++) {
        TRY(dataset_releases(cx, all.v[i].id, &releases));
        TRY(offer_json(cx, &all.v[i], releases, json_push(list, json_new_obj(cx->mem))));
    }
    return reply_json(cx, rq, 200, v);
}

static enum rc api_offer(struct ctx *cx, struct req *rq, const struct offer **ret)
{
    *ret = offer_find(cx, req_str(rq, "id"));
    return *ret ? RC_OK : FAIL(cx, NOT_FOUND, "id", "no such dataset");
}

static enum rc api_one(struct ctx *cx, struct req *rq)
{
    const struct offer *o;
    struct json *releases, *refusals, *v = json_new_obj(cx->mem);
    TRY(api_offer(cx, rq, &o));
    TRY(dataset_releases(cx, o->id, &releases));
    TRY(dataset_refusals(cx, o->id, &refusals));
    TRY(offer_json(cx, o, releases, v));
    json_put(v, STR("columns"), content_columns(cx, o));
    json_put(v, STR("releases"), releases);
    json_put(v, STR("refusals"), refusals);
    return reply_json(cx, rq, 200, v);
}

static enum rc api_rows(struct ctx *cx, struct req *rq)
{
    const struct offer *o;
    TRY(api_offer(cx, rq, &o));
    return rows_reply(cx, rq, o, (size_t)req_int(rq, "from", 0),
                      (size_t)req_int(rq, "limit", PAGE_ROWS));
}

#define PARAM_ID                                                                               \
    {                                                                                          \
        "id", IN_PATH, P_CODE, true, 1, 100, "id of the dataset"                               \
    }
#define PARAMS_RELEASE                                                                         \
    {"period", IN_QUERY, P_CODE, false, 4, 7, "2026, 2026-Q1 or 2026-03; default: the last"},  \
    {                                                                                          \
        "revision", IN_QUERY, P_INT, false, 1, INT32_MAX, "default: the last"                  \
    }
static const struct param id_params[] = {PARAM_ID, {0}};
static const struct param file_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 100, "id, id.csv or id.json"},
    PARAMS_RELEASE,
    {0},
};
static const struct param rows_params[] = {
    PARAM_ID,
    PARAMS_RELEASE,
    {"from", IN_QUERY, P_INT, false, 0, RELEASE_ROWS_MAX, "number of the first row, from 0"},
    {"limit", IN_QUERY, P_INT, false, 1, PAGE_ROWS_MAX, "rows, 100 by default"},
    {0},
};

const struct route opendata_routes[] = {
    {GET, "/data", get_catalog, CAP_NONE, 0, NULL, "data", "Open data: the catalogue", NULL},
    {GET, "/data/catalog.jsonld", get_jsonld, CAP_NONE, 0, NULL, "data",
     "The catalogue as DCAT-AP 3 (JSON-LD)", NULL},
    {GET, "/data/{id}", get_dataset, CAP_NONE, 0, file_params, "data",
     "A dataset: its page, or its rows as CSV or JSON", NULL},
    {GET, "/api/v1/datasets", api_list, CAP_NONE, ROUTE_API, NULL, "data", "All datasets",
     NULL},
    {GET, "/api/v1/datasets/{id}", api_one, CAP_NONE, ROUTE_API, id_params, "data",
     "A dataset with its columns and releases", NULL},
    {GET, "/api/v1/datasets/{id}/rows", api_rows, CAP_NONE, ROUTE_API, rows_params, "data",
     "Rows of a release, in pages", NULL},
    {0},
};
