/* probe.c - looking at every public page once a round; when a round or a crawl is due. */
#include "app/app.h"
#include "base/map.h"
#include "gen/quality_sql.h"
#include "quality/quality_priv.h"
#include "store/store.h"

enum { CRAWL_RETRY_US = 600 * 1000000, FLUSH_US = 300 * 1000000, NAME_MAX_LEN = 40 };

/* -- which pages -- */

struct pages {
    struct str v[PROBE_PAGES_MAX];
    size_t n;
};

static void page_add(struct pages *p, struct str path)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i], path))
            return;
    if (p->n < PROBE_PAGES_MAX)
        p->v[p->n++] = path;
}

/* Anybody may see it, and its address needs nothing to be filled in. */
static bool is_public_page(const struct route *r)
{
    const unsigned other =
        ROUTE_API | ROUTE_LOOPBACK | ROUTE_EVENTS | ROUTE_LOGIN | ROUTE_UPLOAD | ROUTE_JOURNALS;
    return r->method == GET && r->need == CAP_NONE && !(r->flags & other) &&
           !strpbrk(r->path, "{.");
}

/* Services take turns when there are more than fit. */
static void services_add(struct ctx *cx, struct pages *p)
{
    size_t n, room = (PROBE_PAGES_MAX - p->n) / 2;
    const struct pack *const *all = pack_all(cx, &n);
    size_t from = n > room && room ? (size_t)(cx->now_us / MINUTE_US) % n : 0;
    for (size_t i = 0; i < n && i < room; i++) {
        const struct pack *s = all[(from + i) % n];
        if (!is_service(s))
            continue;
        page_add(p, service_page(cx, s, ""));
        page_add(p, service_page(cx, s, "/start"));
    }
}

static struct pages *pages_of(struct ctx *cx)
{
    struct pages *p = arena_new_of(cx->mem, struct pages);
    const struct route *r;
    for (size_t i = 0; cx->app->web && (r = web_route_at(cx->app->web, i)); i++)
        if (is_public_page(r) && p->n < PROBE_PAGES_MAX / 2)
            page_add(p, str_from(r->path));
    services_add(cx, p);
    return p;
}

/* -- other sites -- */

static bool site_name_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              (i && strchr("-.", s.p[i]))))
            return false;
    return s.n > 0 && s.n <= NAME_MAX_LEN;
}

enum rc sites_parse(struct ctx *cx, struct str text, struct site *ret, size_t *n)
{
    *n = 0;
    for (struct str rest = text, part; rest.p;) {
        rest = str_split(rest, ' ', &part);
        if (!part.n)
            continue;
        struct site s;
        s.url = str_split(part, '=', &s.name);
        bool is_http = str_starts(s.url, STR("http://")) || str_starts(s.url, STR("https://"));
        if (!site_name_is(s.name) || !is_http || s.url.n > URL_MAX)
            return FAIL(cx, INVALID, "quality_sites", "not name=http://…");
        for (size_t i = 0; i < *n; i++)
            if (str_eq(ret[i].name, s.name))
                return FAIL(cx, INVALID, "quality_sites", "one name twice");
        if (*n == PROBE_SITES_MAX)
            return FAIL(cx, INVALID, "quality_sites", "over %d", PROBE_SITES_MAX);
        ret[(*n)++] = s;
    }
    return RC_OK;
}

/* -- a round -- */

/* "/figures 200 183": address, status, tenths of a millisecond. */
static enum rc look(struct ctx *cx, struct fetcher *f, struct str path, struct str name,
                    struct json *to)
{
    struct fetched got;
    TRY(fetch_page(cx, path, &got, f));
    json_push(to,
              json_new_str(cx->mem,
                           str_fmt(cx->mem, "%.*s %d %lld", STR_ARG(name), got.status,
                                   (long long)((got.us + PROBE_UNIT_US - 1) / PROBE_UNIT_US))));
    return RC_OK;
}

static enum rc own_look(struct ctx *cx, struct str base, struct json *sites)
{
    struct fetcher *f;
    struct fetched warm;
    struct pages *p = pages_of(cx);
    struct json *list = json_put(sites, STR("-"), json_new_arr(cx->mem));
    TRY(fetcher_new(cx, base, &f));
    TRY(fetch_page(cx, STR("/"), &warm, f)); /* the connection's making is nobody's page */
    for (size_t i = 0; i < p->n; i++)
        TRY(look(cx, f, p->v[i], p->v[i], list));
    return RC_OK;
}

static enum rc others_look(struct ctx *cx, struct json *sites)
{
    struct site v[PROBE_SITES_MAX];
    size_t n;
    TRY(sites_parse(cx, cx->app->settings.quality_sites, v, &n));
    for (size_t i = 0; i < n; i++) {
        struct fetcher *f;
        struct str url =
            str_ends(v[i].url, STR("/")) ? v[i].url : str_join(cx->mem, v[i].url, STR("/"));
        struct json *list = json_put(sites, v[i].name, json_new_arr(cx->mem));
        TRY(fetcher_new(cx, url, &f));
        TRY(look(cx, f, STR("/"), STR("/"), list));
    }
    return RC_OK;
}

static bool is_announced(const struct announced *a, int64_t us)
{
    for (size_t i = 0; i < a->n; i++)
        if (us >= a->v[i].from && us < a->v[i].to)
            return true;
    return false;
}

static enum rc every_each(struct ctx *cx, const struct event *ev, void *arg, bool *stop)
{
    int64_t *every = arg;
    (void)cx;
    (void)stop;
    *every = json_int(ev->facts, "every", 0);
    return RC_OK;
}

/* The interval of the look before this one: since then the setting may have changed. */
static enum rc every_before(struct ctx *cx, int64_t *ret)
{
    struct probe_last_row last;
    int64_t next;
    TRY(sql_probe_last(cx, &last));
    struct ledger_scan s = {.kinds = {EV_PORTAL_PROBED},
                            .from_us = last.last_us,
                            .to_us = last.last_us + 1,
                            .after = -1,
                            .most = 100,
                            .each = every_each,
                            .arg = ret};
    return last.last_us ? ledger_scan(cx, &s, &next) : RC_OK;
}

enum rc probe_round(struct ctx *cx, struct str base)
{
    struct announced times;
    int64_t before = 0, every = cx->app->settings.quality_probe_s;
    struct json *f = json_new_obj(cx->mem), *sites = json_new_obj(cx->mem);
    TRY(own_look(cx, base, sites));
    TRY(others_look(cx, sites));
    TRY(announced_from(cx, cx->now_us, &times));
    TRY(every_before(cx, &before));
    json_put_int(cx->mem, f, "every", every);
    if (before > every) /* what was not asked for was not missed */
        json_put_int(cx->mem, f, "before", before);
    json_put_bool(cx->mem, f, "announced", is_announced(&times, cx->now_us));
    json_put(f, STR("sites"), sites);
    struct event ev = {.kind = EV_PORTAL_PROBED, .facts = f};
    TRY(db_begin(cx));
    TRY(ledger_append(cx, &ev));
    return db_commit(cx);
}

/* -- when -- */

static enum rc crawl_is_due(struct ctx *cx, bool *ret)
{
    struct quality *q = cx->app->quality;
    struct crawl_last_row *last;
    struct json *facts = NULL;
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    int64_t now = time_monotonic();
    *ret = false;
    if (q->crawl_tried_us && now - q->crawl_tried_us < CRAWL_RETRY_US)
        return RC_OK;
    TRY(sql_crawl_last(cx, &last));
    *ret = !last || cx->now_us - last->made_us >= DAY_US;
    if (!*ret)
        TRY(json_parse(cx, last->facts, &facts));
    for (size_t i = 0; facts && !*ret && i < n; i++) /* a service that it knows nothing of */
        *ret =
            is_service(all[i]) && !json_get(json_get(facts, STR("clicks")), all[i]->procedure);
    if (*ret)
        q->crawl_tried_us = now;
    return RC_OK;
}

/* A fresh node has no round to be late after: its first one waits an interval. */
static enum rc round_is_due(struct ctx *cx, int64_t every, bool *ret)
{
    struct probe_last_row last;
    TRY(sql_probe_last(cx, &last));
    int64_t since = last.last_us ? cx->now_us - last.last_us
                                 : time_monotonic() - cx->app->quality->started_us;
    *ret = since >= every;
    return RC_OK;
}

static enum rc flush_if_due(struct ctx *cx, int64_t every)
{
    struct quality *q = cx->app->quality;
    int64_t now = time_monotonic(), wait = every > 0 && every < FLUSH_US ? every : FLUSH_US;
    if (now - q->flushed_us < wait)
        return RC_OK;
    q->flushed_us = now;
    return quality_flush(cx);
}

enum rc quality_tick(struct ctx *cx)
{
    struct quality *q = cx->app->quality;
    struct str base = loopback_base(cx);
    int64_t every = cx->app->settings.quality_probe_s * SECOND_US;
    bool is_due;
    struct crawl c;
    if (!q || !base.p)
        return RC_OK;
    TRY(flush_if_due(cx, every));
    if (!every)
        return RC_OK;
    TRY(round_is_due(cx, every, &is_due));
    if (is_due)
        TRY(probe_round(cx, base));
    if (time_monotonic() - q->started_us < every)
        return RC_OK;
    TRY(crawl_is_due(cx, &is_due));
    if (!is_due)
        return RC_OK;
    TRY(portal_crawl(cx, base, NULL, &c));
    LOGI("crawl pages=%lld links=%lld broken=%lld unseen=%lld", (long long)c.pages,
         (long long)c.links, (long long)c.nbroken, (long long)c.unseen);
    return db_commit(cx);
}

static void quality_close(void *arg)
{
    struct quality *q = arg;
    pthread_mutex_destroy(&q->lock);
    arena_free(q->mem);
}

enum rc quality_open(struct ctx *cx, struct quality **ret)
{
    struct quality *q = arena_new_of(cx->app->mem, struct quality);
    pthread_mutex_init(&q->lock, NULL);
    q->mem = arena_new(WALK_MEMORY);
    arena_on_free(cx->app->mem, quality_close, q);
    q->counts = map_new(q->mem);
    q->started_us = q->flushed_us = time_monotonic();
    cx->app->banner = banner_put;
    *ret = q;
    return RC_OK;
}
