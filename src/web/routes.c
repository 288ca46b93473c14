/* routes.c - the route tables, compiled once, and the request's path looked up in them. */
#include "web/web_parts.h"

enum { ROUTES_MAX = 1024 };

struct segment {
    struct str text; /* the literal, or the name of a parameter */
    bool is_param;
};

struct row {
    const struct route *route;
    struct segment *seg;
    unsigned n, nparams;
    bool takes_rest;
};

struct router {
    struct row rows[ROUTES_MAX]; /* literal segments before parameters */
    unsigned n;
    unsigned first[PATH_SEGMENTS_MAX + 2]; /* rows of n segments begin at first[n] */
};

static const char *const methods[] = {NULL, "GET", "POST", "PUT", "DELETE"};

/* What a 405 names, by the set of methods. HEAD goes with GET. */
static const char *const allows[16] = {
    NULL,
    "GET, HEAD",
    "POST",
    "GET, HEAD, POST",
    "PUT",
    "GET, HEAD, PUT",
    "POST, PUT",
    "GET, HEAD, POST, PUT",
    "DELETE",
    "GET, HEAD, DELETE",
    "POST, DELETE",
    "GET, HEAD, POST, DELETE",
    "PUT, DELETE",
    "GET, HEAD, PUT, DELETE",
    "POST, PUT, DELETE",
    "GET, HEAD, POST, PUT, DELETE",
};

enum method method_parse(struct str s)
{
    if (str_eq(s, STR("HEAD")))
        return GET;
    for (int m = GET; m <= DELETE; m++)
        if (str_eq(s, str_from(methods[m])))
            return (enum method)m;
    return 0;
}

const char *method_name(enum method m)
{
    return m ? methods[m] : "-";
}

const struct param *param_find(const struct route *r, struct str name, enum param_in in)
{
    for (const struct param *p = r->params; p && p->name; p++)
        if (p->in == in && str_eq(name, str_from(p->name)))
            return p;
    return NULL;
}

/* Cuts "/a/b" into its segments; "/" has none. Returns their number, or -1 when too many. */
static int path_cut(struct str path, struct str seg[PATH_SEGMENTS_MAX])
{
    struct str rest = str_skip(path, 1);
    int n = 0;
    if (rest.n == 0)
        return 0;
    while (rest.p) {
        if (n == PATH_SEGMENTS_MAX)
            return -1;
        rest = str_split(rest, '/', &seg[n++]);
    }
    return n;
}

static enum rc segment_compile(struct ctx *cx, struct row *row, struct str text)
{
    struct segment *s = &row->seg[row->n++];
    if (!str_starts(text, STR("{"))) {
        *s = (struct segment){text, false};
        return RC_OK;
    }
    bool rest = str_ends(text, STR("*}"));
    *s = (struct segment){str_cut(text, 1, text.n - (rest ? 2 : 1)), true};
    if (!str_ends(text, STR("}")) || row->takes_rest)
        return FAIL(cx, INTERNAL, "route", "bad parameter in %s", row->route->path);
    if (!param_find(row->route, s->text, IN_PATH))
        return FAIL(cx, INTERNAL, "route", "%s: {%.*s} is not declared", row->route->path,
                    STR_ARG(s->text));
    row->takes_rest = rest;
    row->nparams++;
    return RC_OK;
}

static enum rc flags_check(struct ctx *cx, const struct route *r)
{
    bool is_get = r->method == GET;
    if (!r->handler || !r->tag || !r->summary || r->path[0] != '/')
        return FAIL(cx, INTERNAL, "route", "%s: handler, tag or summary missing", r->path);
    if (is_get && r->flags & (ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_IDEMPOTENT))
        return FAIL(cx, INTERNAL, "route", "GET %s may not write", r->path);
    if (r->flags & ROUTE_IDEMPOTENT && !(r->flags & ROUTE_WRITES))
        return FAIL(cx, INTERNAL, "route", "%s: idempotent without writing", r->path);
    return RC_OK;
}

static enum rc row_compile(struct ctx *cx, struct router *rt, const struct route *r)
{
    struct str seg[PATH_SEGMENTS_MAX];
    if (rt->n == ROUTES_MAX)
        return FAIL(cx, INTERNAL, "route", "more than %d routes", ROUTES_MAX);
    TRY(flags_check(cx, r));
    int n = path_cut(str_from(r->path), seg);
    if (n < 0)
        return FAIL(cx, INTERNAL, "route", "%s has too many segments", r->path);
    struct row *row = &rt->rows[rt->n++];
    row->route = r;
    row->seg = arena_array(cx->mem, struct segment, (size_t)n);
    for (int i = 0; i < n; i++)
        TRY(segment_compile(cx, row, seg[i]));
    return RC_OK;
}

/* Fewer segments first, then literals before parameters, then the rest-taking ones. */
static int row_cmp(const void *pa, const void *pb)
{
    const struct row *a = pa, *b = pb;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    for (unsigned i = 0; i < a->n; i++) {
        if (a->seg[i].is_param != b->seg[i].is_param)
            return a->seg[i].is_param ? 1 : -1;
        int c = a->seg[i].is_param ? 0 : str_cmp(a->seg[i].text, b->seg[i].text);
        if (c)
            return c;
    }
    if (a->takes_rest != b->takes_rest)
        return a->takes_rest ? 1 : -1;
    return (int)a->route->method - (int)b->route->method;
}

static enum rc rows_sort(struct ctx *cx, struct router *rt)
{
    qsort(rt->rows, rt->n, sizeof *rt->rows, row_cmp);
    for (unsigned i = 1; i < rt->n; i++)
        if (row_cmp(&rt->rows[i - 1], &rt->rows[i]) == 0)
            return FAIL(cx, INTERNAL, "route", "%s and %s are the same",
                        rt->rows[i - 1].route->path, rt->rows[i].route->path);
    unsigned at = 0;
    for (unsigned n = 0; n < PATH_SEGMENTS_MAX + 2; n++) {
        while (at < rt->n && rt->rows[at].n < n)
            at++;
        rt->first[n] = at;
    }
    return RC_OK;
}

enum rc router_new(struct ctx *cx, const struct route *const *tables, struct router **ret)
{
    struct router *rt = arena_new_of(cx->mem, struct router);
    for (const struct route *const *t = tables; *t; t++)
        for (const struct route *r = *t; r->path; r++)
            TRY(row_compile(cx, rt, r));
    TRY(rows_sort(cx, rt));
    *ret = rt;
    return RC_OK;
}

static bool row_matches(const struct row *row, const struct str *seg)
{
    for (unsigned i = 0; i < row->n; i++)
        if (!row->seg[i].is_param && !str_eq(row->seg[i].text, seg[i]))
            return false;
    return true;
}

static struct str *row_values(const struct row *row, struct arena *mem, struct str path,
                              const struct str *seg)
{
    struct str *v = arena_array(mem, struct str, row->nparams + 1);
    unsigned n = 0;
    for (unsigned i = 0; i < row->n; i++)
        if (row->seg[i].is_param)
            v[n++] = seg[i];
    if (row->takes_rest) /* from the last segment to the end of the path */
        v[n - 1].n = (size_t)(path.p + path.n - v[n - 1].p);
    return v;
}

struct search {
    struct arena *mem;
    enum method method;
    struct str path;
    struct str seg[PATH_SEGMENTS_MAX];
    unsigned allowed;
    struct str **values;
};

/* Looks among the rows of n segments; those that take the rest stand in for longer paths. */
static const struct route *rows_search(const struct router *rt, unsigned n, bool rest,
                                       struct search *s)
{
    for (unsigned i = rt->first[n]; i < rt->first[n + 1]; i++) {
        const struct row *row = &rt->rows[i];
        if ((rest && !row->takes_rest) || !row_matches(row, s->seg))
            continue;
        s->allowed |= 1u << (row->route->method - 1);
        if (row->route->method == s->method) {
            *s->values = row_values(row, s->mem, s->path, s->seg);
            return row->route;
        }
    }
    return NULL;
}

const struct route *router_find(const struct router *r, struct arena *mem, enum method m,
                                struct str path, struct str **values, const char **allow)
{
    struct search s = {.mem = mem, .method = m, .path = path, .values = values};
    int n = path_cut(path, s.seg);
    bool rest = n < 0;
    if (rest)
        n = PATH_SEGMENTS_MAX;
    for (; n >= 0; n--, rest = true) {
        const struct route *found = rows_search(r, (unsigned)n, rest, &s);
        if (found)
            return found;
    }
    *allow = allows[s.allowed];
    return NULL;
}

bool router_has(const struct router *r, enum method m, struct str pattern)
{
    for (unsigned i = 0; i < r->n; i++)
        if (r->rows[i].route->method == m && str_eq(pattern, str_from(r->rows[i].route->path)))
            return true;
    return false;
}
