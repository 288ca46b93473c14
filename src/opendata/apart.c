/* apart.c - two revisions of a period, one taken from the other, tell no more of few dossiers than
 * a table of its own would. */
#include "base/map.h"
#include "gen/opendata_sql.h"
#include "opendata/opendata_priv.h"

enum { FIGURES_MAX = 2 * DATASET_COLUMNS_MAX };

/* What a line says beside its dimensions, in both files; events: how often the line stands there,
 * in place of a figure. */
struct line {
    int64_t v[2][FIGURES_MAX];
};
struct lines {
    struct arena *mem;
    struct map *all; /* by dimensions, as written */
    size_t nfigures;
};

static size_t figures_of(const struct table *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->offer->d->ncolumns && !t->offer->d->event; i++)
        n += t->ind[i]->unit == IND_COUNT ? 1 : 2;
    return n;
}

/* Figures stand last and are never quoted. False: the line is of another shape. */
static bool line_add(struct lines *l, struct str text, int side)
{
    int64_t v[FIGURES_MAX] = {1};
    for (size_t i = l->nfigures; i-- > 0;) {
        size_t at = text.n;
        while (at > 0 && text.p[at - 1] != ',')
            at--;
        if (!str_int(str_skip(text, at), &v[i]))
            return false;
        text.n = at ? at - 1 : 0;
    }
    struct line *known = map_get(l->all, text);
    if (!known) {
        known = arena_new_of(l->mem, struct line);
        map_set(l->all, str_dup(l->mem, text), known);
    }
    for (size_t i = 0; i < l->nfigures || i == 0; i++)
        known->v[side][i] += v[i];
    return true;
}

static bool file_add(struct lines *l, struct str csv, int side)
{
    struct str line, rest = str_split(csv, '\n', &line); /* the head */
    while (rest.n) {
        rest = str_split(rest, '\n', &line);
        if (!line_add(l, str_cut(line, 0, line.n - 1), side)) /* CR */
            return false;
    }
    return true;
}

static int64_t apart(const struct line *a, size_t i)
{
    int64_t d = a->v[1][i] - a->v[0][i];
    return d < 0 ? -d : d;
}

/* A share tells of those that it counts below the line; where these are the same, of those whose
 * answer is another one now. */
static bool is_far(const struct table *t, const struct line *a, int64_t k)
{
    for (size_t i = 0, c = 0; c < t->offer->d->ncolumns; c++) {
        bool is_count = t->ind[c]->unit == IND_COUNT;
        int64_t num = apart(a, i), of = is_count ? num : apart(a, i + 1);
        int64_t tells = of ? of : num;
        if (tells && tells < k)
            return false;
        i += is_count ? 1 : 2;
    }
    return true;
}

static bool are_far(const struct table *t, const struct lines *l, int64_t k)
{
    int64_t other = 0;
    for (size_t i = 0; i < map_size(l->all); i++) {
        const struct line *a = map_at(l->all, i, NULL);
        if (l->nfigures && !is_far(t, a, k))
            return false;
        other += l->nfigures ? 0 : apart(a, 0);
    }
    return l->nfigures || other == 0 || other >= k;
}

static bool heads_equal(struct str a, struct str b)
{
    struct str x, y;
    str_split(a, '\n', &x);
    str_split(b, '\n', &y);
    return str_eq(x, y);
}

bool revisions_apart(struct arena *mem, const struct table *t, struct str before,
                     struct str now, int64_t k)
{
    struct lines l = {mem, map_new(mem), figures_of(t)};
    if (!heads_equal(before, now)) /* another question: what is held against it are its rows */
        return true;
    return file_add(&l, before, 0) && file_add(&l, now, 1) && are_far(t, &l, k);
}

enum rc release_apart(struct ctx *cx, const struct table *t, struct str period,
                      int64_t revision, struct str csv, int64_t k, bool *ret)
{
    *ret = true;
    for (int64_t n = revision; n > 0 && *ret; n--) {
        struct release_find_row *r;
        struct bytes_find_row *b;
        TRY(sql_release_find(cx, t->offer->id, period, n, &r));
        if (!r)
            continue;
        TRY(sql_bytes_find(cx, r->digest, &b));
        *ret = !b || revisions_apart(cx->mem, t, b->body, csv, k);
    }
    return RC_OK;
}
