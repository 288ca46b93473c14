/* portal.c - crawling this portal: which addresses matter, what packs say, what is written down. */
#include "app/app.h"
#include "base/map.h"
#include "gen/quality_sql.h"
#include "quality/quality_priv.h"
#include "store/store.h"

bool is_service(const struct pack *p)
{
    return p->form && !p->is_withdrawn;
}

struct str service_page(struct ctx *cx, const struct pack *p, const char *tail)
{
    return str_fmt(cx->mem, "/service/%.*s%s", STR_ARG(p->id), tail);
}

const struct pack *service_find(struct ctx *cx, struct str procedure)
{
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    for (size_t i = 0; i < n; i++)
        if (is_service(all[i]) && str_eq(all[i]->procedure, procedure))
            return all[i];
    return NULL;
}

/* -- addresses in packs -- */

struct texts {
    const struct pack *pack;
    struct json *broken;
};

static bool ends_address(char c)
{
    return (unsigned char)c <= ' ' || strchr("<>\"'()[]{}", c);
}

static void outside_broken(struct ctx *cx, const struct texts *t, struct str url)
{
    struct json *o = json_push(t->broken, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "target", url);
    json_put_str(cx->mem, o, "anchor", STR(""));
    json_put_str(cx->mem, o, "reason", STR("outside"));
    json_put_int(cx->mem, o, "status", 0);
    struct json *where = json_put(o, STR("where"), json_new_arr(cx->mem));
    json_push(where, json_new_str(cx->mem, t->pack->ref));
    json_put_int(cx->mem, o, "count", 1);
}

/* Every "http://…" in a text, without the full stop or comma that ends its sentence. */
static void text_check(struct ctx *cx, const struct texts *t, struct str text)
{
    static const char *const marks[] = {"https://", "http://"};
    for (size_t m = 0; m < 2; m++) {
        struct str rest = text, mark = str_from(marks[m]);
        while (rest.n) {
            const char *at = memmem(rest.p, rest.n, mark.p, mark.n);
            if (!at)
                break;
            rest = str_skip(rest, (size_t)(at - rest.p));
            size_t end = 0;
            while (end < rest.n && !ends_address(rest.p[end]))
                end++;
            struct str url = str_cut(rest, 0, end);
            while (url.n && strchr(".,;:!?", url.p[url.n - 1]))
                url.n--;
            if (!outside_link_is(url) && t->broken->n < CRAWL_BROKEN_MAX)
                outside_broken(cx, t, utf8_cut(url, 200));
            rest = str_skip(rest, mark.n);
        }
    }
}

static void tree_check(struct ctx *cx, const struct texts *t, const struct json *v, int depth)
{
    if (!v || depth > JSON_DEPTH_MAX)
        return;
    if (v->kind == JSON_STR)
        text_check(cx, t, v->s);
    JSON_EACH (v, child)
        tree_check(cx, t, child, depth + 1);
}

enum rc pack_links_check(struct ctx *cx, struct json *broken)
{
    size_t n;
    const struct pack *const *all = pack_all(cx, &n);
    for (size_t i = 0; i < n; i++) {
        struct texts t = {all[i], broken};
        tree_check(cx, &t, all[i]->yaml, 0);
        tree_check(cx, &t, all[i]->messages, 0);
    }
    return RC_OK;
}

/* -- what is written down -- */

/* Start pages of all services; names: their procedures, in the same order. */
static size_t starts_of(struct ctx *cx, struct str **paths, struct str **names)
{
    size_t n, used = 0;
    const struct pack *const *all = pack_all(cx, &n);
    *paths = arena_array(cx->mem, struct str, n);
    *names = arena_array(cx->mem, struct str, n);
    for (size_t i = 0; i < n; i++) {
        if (!is_service(all[i]))
            continue;
        (*names)[used] = all[i]->procedure;
        (*paths)[used++] = service_page(cx, all[i], "/start");
    }
    return used;
}

/* Which links are broken, and how; on how many pages changes with each page that there is. */
static struct str broken_said(struct ctx *cx, const struct json *broken)
{
    static const char *const members[] = {"target", "anchor", "reason"};
    struct json *list = json_new_arr(cx->mem);
    JSON_EACH (broken, b)
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            json_push(list, json_new_str(cx->mem, json_str(b, members[i])));
    return json_canonical(cx->mem, list);
}

static bool is_same(struct ctx *cx, const struct json *a, const struct json *b)
{
    const struct json *x = json_get(a, STR("clicks")), *y = json_get(b, STR("clicks"));
    return x && y && str_eq(json_canonical(cx->mem, x), json_canonical(cx->mem, y)) &&
           str_eq(broken_said(cx, json_get(a, STR("broken"))),
                  broken_said(cx, json_get(b, STR("broken")))) &&
           json_int(a, "nbroken", 0) == json_int(b, "nbroken", 0);
}

/* Ways to services and broken links are what is published; how many pages there are is not. */
static enum rc is_news(struct ctx *cx, const struct json *facts, bool *ret)
{
    struct crawl_last_row *last;
    struct json *was = NULL;
    TRY(sql_crawl_last(cx, &last));
    *ret = true;
    if (!last || cx->now_us - last->made_us >= DAY_US)
        return RC_OK;
    TRY(json_parse(cx, last->facts, &was));
    *ret = !is_same(cx, was, facts);
    return RC_OK;
}

static enum rc crawled_append(struct ctx *cx, const struct crawl *c, struct json *clicks,
                              bool news)
{
    struct json *f = json_new_obj(cx->mem);
    json_put(f, STR("clicks"), clicks);
    json_put(f, STR("broken"), c->broken);
    json_put_int(cx->mem, f, "pages", c->pages);
    json_put_int(cx->mem, f, "links", c->links);
    json_put_int(cx->mem, f, "nbroken", c->nbroken);
    json_put_int(cx->mem, f, "unseen", c->unseen);
    if (!news)
        TRY(is_news(cx, f, &news));
    if (!news)
        return RC_OK;
    struct event ev = {.kind = EV_PORTAL_CRAWLED, .facts = f};
    TRY(db_begin(cx));
    return ledger_append(cx, &ev);
}

/* How many pages there will be is known at the end only; the time has a ceiling. */
struct watched {
    struct fetcher *fetcher;
    const struct crawl_tell *tell;
    int64_t begun_us;
};

static enum rc fetch_watched(struct ctx *cx, struct str path, struct fetched *ret, void *arg)
{
    const struct watched *w = arg;
    int64_t all = CRAWL_SECONDS_MAX * SECOND_US, gone = time_monotonic() - w->begun_us;
    if (w->tell)
        w->tell->progress(w->tell->arg, gone < all ? gone : all - 1, all);
    return fetch_page(cx, path, ret, w->fetcher);
}

enum rc portal_crawl(struct ctx *cx, struct str base, const struct crawl_tell *tell,
                     struct crawl *ret)
{
    struct str *paths, *names;
    struct watched w = {.tell = tell, .begun_us = time_monotonic()};
    size_t n = starts_of(cx, &paths, &names);
    TRY(fetcher_new(cx, base, &w.fetcher));
    TRY(crawl_run(cx, fetch_watched, &w, paths, n, ret));
    if (tell)
        tell->progress(tell->arg, 1, 1);
    size_t before = ret->broken->n;
    TRY(pack_links_check(cx, ret->broken));
    ret->nbroken += (int64_t)(ret->broken->n - before);
    struct json *clicks = json_new_obj(cx->mem);
    for (size_t i = 0; i < n; i++) {
        int64_t c = json_int(ret->clicks, paths[i].p, -1);
        if (c >= 0)
            json_put(clicks, names[i], json_new_int(cx->mem, c));
    }
    return crawled_append(cx, ret, clicks, tell != NULL);
}
