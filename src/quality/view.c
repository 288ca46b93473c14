/* view.c - what is published: every figure with its value, parts, words and where it leads. */
#include "app/app.h"
#include "base/map.h"
#include "gen/quality_sql.h"
#include "picture/picture.h"
#include "quality/quality_priv.h"
#include "store/store.h"
#include "text/i18n.h"

const char *figure_indicator(enum figure_id id)
{
    static const char *const ids[Q_FIGURES] = {
        "received_online", "received",           "done", "on_time", "rated_very_satisfied",
        "rated_satisfied", "rated_not_satisfied"};
    return ids[id];
}

/* -- one figure -- */

static void value_put(struct ctx *cx, struct json *o, int64_t hundredths)
{
    if (hundredths == DB_NULL)
        json_put(o, STR("value"), json_new_null(cx->mem));
    else
        json_put_str(cx->mem, o, "value", table_raw(cx, hundredths));
}

static struct json *figure_put(struct ctx *cx, struct json *to, const char *name,
                               struct str text, struct str href)
{
    struct json *o = json_put(to, str_from(name), json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "text", text);
    json_put_str(cx->mem, o, "href", href);
    return o;
}

static void parts_put(struct ctx *cx, struct json *o, int64_t num, int64_t den)
{
    json_put_int(cx->mem, o, "num", num);
    json_put_int(cx->mem, o, "den", den);
}

/* "99,72 %"; "—" of nothing. */
static struct str share_text(struct ctx *cx, int64_t hundredths)
{
    return hundredths == DB_NULL ? STR("—") : hundredths_text(cx, hundredths, " %");
}

static int64_t share_of(int64_t num, int64_t den)
{
    return den > 0 ? num * 10000 / den : DB_NULL;
}

static void share_put(struct ctx *cx, struct json *to, const char *name, int64_t num,
                      int64_t den, struct str href)
{
    int64_t share = share_of(num, den);
    struct json *o = figure_put(cx, to, name, share_text(cx, share), href);
    value_put(cx, o, share);
    parts_put(cx, o, num, den);
}

static struct str ms_text(struct ctx *cx, int64_t us)
{
    return us == DB_NULL ? STR("—") : hundredths_text(cx, us / 10, " ms");
}

static void ms_put(struct ctx *cx, struct json *to, const char *name, int64_t us,
                   struct str href)
{
    struct json *o = figure_put(cx, to, name, ms_text(cx, us), href);
    value_put(cx, o, us == DB_NULL ? DB_NULL : us / 10);
}

void uptime_put(struct ctx *cx, const struct uptime *u, struct str href, struct json *to)
{
    share_put(cx, to, "uptime", u->up, u->looks, href);
    ms_put(cx, to, "p50", u->p50_us, href);
    ms_put(cx, to, "p95", u->p95_us, href);
}

/* -- indicators, each read once for all services -- */

struct published {
    const struct indicator *ind[Q_FIGURES];
    struct figure_rows rows[Q_FIGURES];
    struct json *clicks; /* {procedure: n}; NULL before the first crawl */
    struct slice slice;
};

static enum rc published_read(struct ctx *cx, struct published *p)
{
    struct crawl_last_row *last;
    struct json *facts = NULL;
    p->slice = (struct slice){.period = {year_begin(cx), day_of(cx->now_us) + 1}};
    for (int i = 0; i < Q_FIGURES; i++) {
        p->ind[i] = indicator_find(cx, str_from(figure_indicator((enum figure_id)i)));
        if (p->ind[i])
            TRY(figure_rows(cx, p->ind[i], &p->slice, BY_PROCEDURE, &p->rows[i]));
    }
    TRY(sql_crawl_last(cx, &last));
    if (last)
        TRY(json_parse(cx, last->facts, &facts));
    p->clicks = json_get(facts, STR("clicks"));
    return RC_OK;
}

static void indicator_put(struct ctx *cx, const struct published *p, enum figure_id id,
                          struct str procedure, struct json *to)
{
    const struct indicator *ind = p->ind[id];
    const char *name = figure_indicator(id);
    struct figure f = {0};
    for (size_t i = 0; i < p->rows[id].n; i++)
        if (str_eq(p->rows[id].v[i].key, procedure))
            f = p->rows[id].v[i].f;
    struct str href =
        str_fmt(cx->mem, "/figures/%s?period=year&procedure=%.*s", name, STR_ARG(procedure));
    struct json *o = figure_put(cx, to, name, ind ? figure_text(cx, ind, &f) : STR("—"),
                                ind ? href : STR(""));
    value_put(cx, o, ind ? figure_value(ind, &f) : DB_NULL);
    parts_put(cx, o, f.num, f.den);
}

static void clicks_put(struct ctx *cx, const struct published *p, struct str procedure,
                       struct json *to)
{
    const struct json *n = json_get(p->clicks, procedure);
    struct str text = n           ? number_text(cx, n->i)
                      : p->clicks ? msg_get(cx->lang, STR("quality.unreachable"))
                                  : STR("—");
    struct json *o = figure_put(cx, to, "clicks", text, STR("/quality/links"));
    value_put(cx, o, n ? n->i * 100 : DB_NULL);
    json_put_bool(cx->mem, o, "is_missed", p->clicks && (!n || n->i > CLICKS_MAX));
}

static enum rc completion_put(struct ctx *cx, const struct pack *p, struct str href,
                              struct json *to)
{
    struct form_versions_rows rows;
    struct str low = str_fmt(cx->mem, "%.*s@", STR_ARG(p->id));
    struct str high = str_fmt(cx->mem, "%.*sA", STR_ARG(p->id));
    int64_t filed = 0, abandoned = 0;
    TRY(sql_form_versions(cx, low, high, year_begin(cx), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        filed += rows.v[i].filed;
        abandoned += rows.v[i].abandoned;
    }
    share_put(cx, to, "completion", filed, filed + abandoned, href);
    return RC_OK;
}

static enum rc service_put(struct ctx *cx, const struct published *pub, const struct pack *p,
                           struct json *o)
{
    struct uptime u;
    struct str page = str_fmt(cx->mem, "/quality/%.*s", STR_ARG(p->procedure));
    json_put_str(cx->mem, o, "procedure", p->procedure);
    json_put_str(cx->mem, o, "pack", p->id);
    json_put_str(cx->mem, o, "name", label_text(cx, p->name));
    json_put_str(cx->mem, o, "href", page);
    for (int i = 0; i < Q_FIGURES; i++)
        indicator_put(cx, pub, (enum figure_id)i, p->procedure, o);
    clicks_put(cx, pub, p->procedure, o);
    TRY(uptime_get(cx, STR(""), service_page(cx, p, "/start"), year_begin(cx),
                   day_of(cx->now_us), &u));
    uptime_put(cx, &u, str_fmt(cx->mem, "%.*s#days", STR_ARG(page)), o);
    return completion_put(cx, p, str_fmt(cx->mem, "%.*s#funnel", STR_ARG(page)), o);
}

enum rc period_put(struct ctx *cx, struct json *o)
{
    struct ledger_head head;
    TRY(ledger_head_get(cx, &head));
    json_put_str(cx->mem, o, "since", day_iso(cx->mem, year_begin(cx)));
    json_put_str(cx->mem, o, "until", day_iso(cx->mem, day_of(cx->now_us)));
    json_put_str(cx->mem, o, "since_text", day_text(cx->mem, year_begin(cx)));
    json_put_str(cx->mem, o, "until_text", time_text(cx->mem, cx->now_us));
    json_put_int(cx->mem, o, "seq", head.size);
    json_put_str(cx->mem, o, "seq_text", number_text(cx, head.size));
    return RC_OK;
}

enum rc quality_list(struct ctx *cx, struct json **ret)
{
    struct published pub = {0};
    struct json *v = json_new_obj(cx->mem), *links;
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    TRY(period_put(cx, v));
    TRY(published_read(cx, &pub));
    struct json *list = json_put(v, STR("services"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++)
        if (is_service(all[i]))
            TRY(service_put(cx, &pub, all[i], json_push(list, json_new_obj(cx->mem))));
    TRY(quality_links(cx, &links));
    json_del(links, STR("broken"));
    json_put(v, STR("crawl"), links);
    *ret = v;
    return RC_OK;
}

/* -- one service -- */

static void funnel_put(struct ctx *cx, const struct funnel *f, struct json *o)
{
    json_put_str(cx->mem, o, "version", f->ref);
    json_put_int(cx->mem, o, "begun", f->begun);
    json_put_int(cx->mem, o, "filed", f->filed);
    json_put_int(cx->mem, o, "of_drafts", f->filed - f->whole);
    json_put_int(cx->mem, o, "whole", f->whole);
    json_put_int(cx->mem, o, "abandoned", f->abandoned);
    struct json *pages = json_put(o, STR("pages"), json_new_arr(cx->mem));
    for (size_t i = 0; i < f->npages; i++) {
        struct json *p = json_push(pages, json_new_obj(cx->mem));
        json_put_str(cx->mem, p, "page", f->pages[i].page);
        json_put_str(cx->mem, p, "title", f->pages[i].title);
        json_put_int(cx->mem, p, "reached", f->pages[i].reached);
        json_put_bool(cx->mem, p, "is_hidden", f->pages[i].refused < 0);
        if (f->pages[i].refused >= 0)
            json_put_int(cx->mem, p, "refused", f->pages[i].refused);
        json_put_int(cx->mem, p, "abandoned", f->pages[i].abandoned);
        if (f->pages[i].half_s != DB_NULL)
            json_put_int(cx->mem, p, "half_seconds", f->pages[i].half_s);
    }
    struct json *fields = json_put(o, STR("fields"), json_new_arr(cx->mem));
    for (size_t i = 0; i < f->nfields; i++) {
        struct json *p = json_push(fields, json_new_obj(cx->mem));
        json_put_str(cx->mem, p, "page", f->fields[i].page);
        json_put_str(cx->mem, p, "field", f->fields[i].field);
        json_put_str(cx->mem, p, "title", f->fields[i].title);
        json_put_bool(cx->mem, p, "is_hidden", f->fields[i].refused < 0);
        if (f->fields[i].refused >= 0)
            json_put_int(cx->mem, p, "refused", f->fields[i].refused);
    }
}

enum rc days_put(struct ctx *cx, struct str page, struct json *list)
{
    struct probe_pages_row *seen;
    TRY(sql_probe_page_find(cx, STR(""), page, &seen));
    if (!seen)
        return RC_OK;
    int32_t from = day_of(seen->first_us), to = day_of(cx->now_us);
    for (int32_t d = from > to - DAYS_SHOWN ? from : to - DAYS_SHOWN + 1; d <= to; d++) {
        struct uptime u;
        TRY(uptime_get(cx, STR(""), page, d, d, &u));
        if (!u.looks)
            continue;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "day", day_iso(cx->mem, d));
        json_put_str(cx->mem, o, "day_text", day_text(cx->mem, d));
        uptime_put(cx, &u, STR(""), o);
    }
    return RC_OK;
}

enum rc quality_one(struct ctx *cx, struct str procedure, struct json **ret)
{
    struct published pub = {0};
    struct funnels fs;
    const struct pack *p = service_find(cx, procedure);
    struct json *v = json_new_obj(cx->mem);
    if (!p)
        return FAIL(cx, NOT_FOUND, "procedure", "no such service");
    TRY(period_put(cx, v));
    TRY(published_read(cx, &pub));
    TRY(service_put(cx, &pub, p, v));
    TRY(funnels_get(cx, p, year_begin(cx), may_see_small(cx), &fs));
    struct json *funnels = json_put(v, STR("funnels"), json_new_arr(cx->mem));
    for (size_t i = 0; i < fs.n; i++)
        funnel_put(cx, &fs.v[i], json_push(funnels, json_new_obj(cx->mem)));
    TRY(days_put(cx, service_page(cx, p, "/start"),
                 json_put(v, STR("days"), json_new_arr(cx->mem))));
    *ret = v;
    return RC_OK;
}

/* -- links -- */

enum rc quality_links(struct ctx *cx, struct json **ret)
{
    struct crawl_last_row *last;
    struct json *facts, *v = json_new_obj(cx->mem);
    TRY(sql_crawl_last(cx, &last));
    *ret = v;
    if (!last)
        return RC_OK;
    TRY(json_parse(cx, last->facts, &facts));
    json_put_str(cx->mem, v, "made", time_iso(cx->mem, last->made_us));
    json_put_str(cx->mem, v, "made_text", time_text(cx->mem, last->made_us));
    json_put_int(cx->mem, v, "seq", last->seq);
    json_put_int(cx->mem, v, "pages", json_int(facts, "pages", 0));
    json_put_int(cx->mem, v, "links", json_int(facts, "links", 0));
    json_put_int(cx->mem, v, "unseen", json_int(facts, "unseen", 0));
    json_put_int(cx->mem, v, "nbroken", json_int(facts, "nbroken", 0));
    struct json *broken = json_put(v, STR("broken"), json_new_arr(cx->mem));
    JSON_EACH (json_get(facts, STR("broken")), row) {
        struct json *o = json_push(broken, json_copy(cx->mem, row));
        struct str key =
            str_fmt(cx->mem, "quality.broken.%.*s", STR_ARG(json_str(o, "reason")));
        json_put_str(cx->mem, o, "reason_text", msg_get(cx->lang, key));
    }
    return RC_OK;
}

/* -- all pages that are looked at -- */

enum rc pages_put(struct ctx *cx, struct json *list)
{
    struct probe_pages_rows rows;
    TRY(sql_probe_pages(cx, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct probe_pages_row *r = &rows.v[i];
        struct uptime u;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        TRY(uptime_get(cx, r->site, r->page, year_begin(cx), day_of(cx->now_us), &u));
        json_put_str(cx->mem, o, "site", r->site);
        json_put_str(cx->mem, o, "page", r->page);
        json_put_int(cx->mem, o, "status", r->status);
        json_put_str(cx->mem, o, "seen", time_iso(cx->mem, r->last_us));
        json_put_str(cx->mem, o, "seen_text", time_text(cx->mem, r->last_us));
        uptime_put(cx, &u, STR(""), o);
    }
    return RC_OK;
}
