/* crawl.c - the portal's own link graph: how many clicks lead where, which links lead nowhere. */
#include "base/map.h"
#include "quality/quality_priv.h"

enum { PAGE_MEMORY = 64 << 20, GROW = 1024, REDIRECTS_MAX = 5 };

struct node {
    struct str path;
    struct map *ids; /* NULL: no page was read */
    struct node *to; /* where it redirects to */
    int status, clicks;
};
struct edge {
    struct node *from, *to;
    struct str anchor;
};
struct queue {
    struct node *v[CRAWL_PAGES_MAX];
    size_t n;
};
struct crawler {
    fetch_fn *fetch;
    void *arg;
    struct map *found;   /* path and query -> struct node */
    struct map *queries; /* path -> size_t: how many differ behind "?" */
    struct map *unseen;  /* what a ceiling left out */
    struct edge *edges;
    size_t nedges, room;
    struct queue *now, *next; /* pages at this distance and at the next */
    int64_t until_us;
};

/* -- the graph -- */

static bool has_room(struct ctx *cx, struct crawler *k, struct str path)
{
    struct str bare, query = str_split(path, '?', &bare);
    size_t *count = map_get(k->queries, bare);
    if (!count) {
        count = arena_new_of(cx->mem, size_t);
        map_set(k->queries, str_dup(cx->mem, bare), count);
    }
    if (map_size(k->found) == CRAWL_PAGES_MAX || (query.p && *count >= CRAWL_QUERIES_MAX))
        return false;
    *count += query.p != NULL;
    return true;
}

/* A new one is put in line; NULL when a ceiling leaves it out. */
static struct node *node_get(struct ctx *cx, struct crawler *k, struct str path, int clicks,
                             struct queue *line)
{
    struct node *n = map_get(k->found, path);
    if (n)
        return n;
    if (!has_room(cx, k, path)) {
        if (map_size(k->unseen) < CRAWL_EDGES_MAX && !map_has(k->unseen, path))
            map_set(k->unseen, str_dup(cx->mem, path), k);
        return NULL;
    }
    n = arena_new_of(cx->mem, struct node);
    *n = (struct node){.path = str_dup(cx->mem, path), .clicks = clicks};
    map_set(k->found, n->path, n);
    line->v[line->n++] = n;
    return n;
}

static void edge_add(struct ctx *cx, struct crawler *k, struct node *from, struct node *to,
                     struct str anchor)
{
    if (k->nedges == CRAWL_EDGES_MAX)
        return;
    if (k->nedges == k->room) {
        k->room += k->room ? k->room : GROW;
        struct edge *v = arena_array(cx->mem, struct edge, k->room);
        if (k->nedges)
            memcpy(v, k->edges, k->nedges * sizeof *v);
        k->edges = v;
    }
    k->edges[k->nedges++] = (struct edge){from, to, str_dup(cx->mem, anchor)};
}

/* -- a page -- */

static void ids_keep(struct ctx *cx, struct node *n, const struct map *ids)
{
    n->ids = map_new(cx->mem);
    for (size_t i = 0; i < map_size(ids); i++) {
        struct str id;
        map_at(ids, i, &id);
        map_set(n->ids, str_dup(cx->mem, id), n);
    }
}

static void links_follow(struct ctx *cx, struct crawler *k, struct node *n,
                         const struct page_links *links)
{
    struct map *once = map_new(cx->mem);
    for (size_t i = 0; i < links->n; i++) {
        struct str path, anchor;
        if (map_has(once, links->v[i]))
            continue;
        map_set(once, str_dup(cx->mem, links->v[i]), n);
        if (!link_resolve(cx->mem, n->path, links->v[i], &path, &anchor))
            continue;
        struct node *to = node_get(cx, k, path, n->clicks + 1, k->next);
        if (to)
            edge_add(cx, k, n, to, anchor);
    }
}

/* Whoever is sent to sign in has found what they were looking for. */
static void redirect_follow(struct ctx *cx, struct crawler *k, struct node *n,
                            struct str location)
{
    struct str path, anchor;
    if (!link_resolve(cx->mem, n->path, location, &path, &anchor) ||
        str_starts(path, STR("/login?")))
        return;
    n->to = node_get(cx, k, path, n->clicks, k->now);
}

static enum rc page_take(struct ctx *cx, struct crawler *k, struct node *n, struct arena *page)
{
    struct arena *mem = cx->mem;
    struct fetched f;
    struct page_links links = {0};
    cx->mem = page;
    enum rc rc = k->fetch(cx, n->path, &f, k->arg);
    bool is_html = rc == RC_OK && f.status < 300 && str_starts(f.mime, STR("text/html"));
    if (is_html)
        rc = page_links_read(cx, f.body, &links);
    cx->mem = mem;
    TRY(rc);
    n->status = f.status;
    if (f.status >= 300 && f.status < 400)
        redirect_follow(cx, k, n, f.location);
    if (is_html) {
        ids_keep(cx, n, links.ids);
        links_follow(cx, k, n, &links);
    }
    return RC_OK;
}

/* A page's own memory goes with it. */
static enum rc page_visit(struct ctx *cx, struct crawler *k, struct node *n)
{
    struct arena *page = arena_new(PAGE_MEMORY), *mem = cx->mem;
    enum rc rc = page_take(cx, k, n, page);
    cx->mem = mem;
    arena_free(page);
    return rc;
}

/* -- what is wrong -- */

static const struct node *end_of(const struct node *n)
{
    for (int i = 0; n->to && i < REDIRECTS_MAX; i++)
        n = n->to;
    return n;
}

/* NULL: nothing. */
static const char *fault_of(const struct edge *e)
{
    const struct node *n = end_of(e->to);
    if (n->status == INT32_MIN) /* the time was over before its turn came */
        return NULL;
    if (n->status == 0)
        return "silent";
    if (n->status >= 400)
        return "status";
    bool has_place =
        !e->anchor.n || !n->ids || str_eq(e->anchor, STR("top")) || map_has(n->ids, e->anchor);
    return has_place ? NULL : "anchor";
}

static struct json *broken_row(struct ctx *cx, struct crawl *c, struct map *rows,
                               const struct edge *e, const char *reason)
{
    bool is_anchor = strcmp(reason, "anchor") == 0;
    struct str anchor = is_anchor ? e->anchor : STR("");
    struct str key = str_fmt(cx->mem, "%.*s#%.*s", STR_ARG(e->to->path), STR_ARG(anchor));
    struct json *o = map_get(rows, key);
    if (o || map_has(rows, key))
        return o;
    c->nbroken++;
    o = c->broken->n < CRAWL_BROKEN_MAX ? json_push(c->broken, json_new_obj(cx->mem)) : NULL;
    map_set(rows, key, o);
    if (!o)
        return NULL;
    json_put_str(cx->mem, o, "target", e->to->path);
    json_put_str(cx->mem, o, "anchor", anchor);
    json_put_str(cx->mem, o, "reason", str_from(reason));
    json_put_int(cx->mem, o, "status", end_of(e->to)->status);
    json_put(o, STR("where"), json_new_arr(cx->mem));
    json_put_int(cx->mem, o, "count", 0);
    return o;
}

static void broken_find(struct ctx *cx, const struct crawler *k, struct crawl *c)
{
    struct map *rows = map_new(cx->mem);
    for (size_t i = 0; i < k->nedges; i++) {
        const char *reason = fault_of(&k->edges[i]);
        struct json *o = reason ? broken_row(cx, c, rows, &k->edges[i], reason) : NULL;
        if (!o)
            continue;
        struct json *where = json_get(o, STR("where"));
        json_get(o, STR("count"))->i++;
        if (where->n < CRAWL_WHERE_MAX)
            json_push(where, json_new_str(cx->mem, k->edges[i].from->path));
    }
}

/* -- all of it -- */

static enum rc level_visit(struct ctx *cx, struct crawler *k)
{
    for (size_t i = 0; i < k->now->n; i++) { /* redirects lengthen it */
        struct node *n = k->now->v[i];
        if (time_monotonic() >= k->until_us) {
            n->status = INT32_MIN;
            map_set(k->unseen, n->path, k);
            continue;
        }
        TRY(page_visit(cx, k, n));
    }
    return RC_OK;
}

static void clicks_put(struct ctx *cx, const struct crawler *k, struct str path,
                       struct json *to)
{
    const struct node *n = map_get(k->found, path);
    const struct node *end = n ? end_of(n) : NULL;
    if (end && end->status >= 200 && end->status < 400)
        json_put(to, str_dup(cx->mem, path), json_new_int(cx->mem, n->clicks));
}

enum rc crawl_run(struct ctx *cx, fetch_fn *fetch, void *arg, const struct str *wanted,
                  size_t nwanted, struct crawl *ret)
{
    struct crawl c = {.clicks = json_new_obj(cx->mem), .broken = json_new_arr(cx->mem)};
    struct crawler k = {.fetch = fetch,
                        .arg = arg,
                        .found = map_new(cx->mem),
                        .queries = map_new(cx->mem),
                        .unseen = map_new(cx->mem),
                        .now = arena_new_of(cx->mem, struct queue),
                        .next = arena_new_of(cx->mem, struct queue),
                        .until_us = time_monotonic() + CRAWL_SECONDS_MAX * SECOND_US};
    node_get(cx, &k, STR("/"), 0, k.now);
    while (k.now->n) {
        TRY(level_visit(cx, &k));
        struct queue *done = k.now;
        k.now = k.next;
        k.next = done;
        done->n = 0;
    }
    broken_find(cx, &k, &c);
    for (size_t i = 0; i < nwanted; i++)
        clicks_put(cx, &k, wanted[i], c.clicks);
    c.pages = (int64_t)map_size(k.found);
    c.links = (int64_t)k.nedges;
    c.unseen = (int64_t)map_size(k.unseen);
    *ret = c;
    return RC_OK;
}
