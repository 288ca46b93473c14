/* anonymity.c - may it be given out, and if not: what would be enough. */
#include "opendata/opendata_priv.h"
#include "text/i18n.h"

/* Figures: rows are the combinations already. Events: those of one combination stand together. */
static void count_under(const struct table *t, int64_t k, struct anonymity *a)
{
    for (size_t i = 0; i < t->n; i++) {
        int64_t size = t->v[i].size;
        a->under += size < k;
        if (a->smallest == 0 || size < a->smallest)
            a->smallest = size;
    }
}

static enum rc found_at(struct ctx *cx, const struct table *t, const struct grain *g, int64_t k,
                        struct anonymity *ret)
{
    struct table rows;
    *ret = (struct anonymity){.k = k};
    TRY(content_coarsen(cx, t, g, &rows));
    ret->nrows = (int64_t)rows.n;
    count_under(&rows, k, ret);
    return RC_OK;
}

/* How many steps coarser b is than a; -1 when it is finer in something. */
static int steps_between(const struct grain *a, const struct grain *b)
{
    int time = (int)b->time - (int)a->time, area = (int)b->area - (int)a->area;
    int procedure = a->procedure - b->procedure, channel = a->channel - b->channel;
    bool is_finer = time < 0 || area < 0 || procedure < 0 || channel < 0;
    return is_finer ? -1 : time + area + procedure + channel;
}

enum { GRAINS = (TIME_ALL + 1) * (AREA_ALL + 1) * 2 * 2 };

static struct grain grain_at(int i)
{
    struct grain g = {.channel = i % 2, .procedure = i / 2 % 2};
    g.area = (enum dataset_area)(i / 4 % (AREA_ALL + 1));
    g.time = (enum dataset_time)(i / 4 / (AREA_ALL + 1));
    return g;
}

/* A time longer than the period says no more than none. */
static bool is_sensible(const struct dataset *d, const struct grain *g)
{
    return g->time == TIME_ALL || g->time <= d->every;
}

enum { ROUND_MEMORY = 96 << 20 }; /* far above what RELEASE_ROWS_MAX rows take */

/* Is that grain enough? What it takes to find out is given back. */
static enum rc is_enough(struct ctx *cx, const struct table *t, const struct grain *g,
                         struct arena *round, bool *ret)
{
    struct arena *mem = cx->mem;
    struct anonymity then;
    cx->mem = round;
    enum rc rc = found_at(cx, t, g, t->offer->d->k, &then);
    cx->mem = mem;
    arena_reset(round);
    TRY(rc);
    *ret = then.under == 0;
    return RC_OK;
}

/* Every way of as few steps as are needed, at most COARSER_MAX of them. */
static enum rc coarser_search(struct ctx *cx, const struct table *t, struct arena *round,
                              struct anonymity *a)
{
    const struct dataset *d = t->offer->d;
    enum { STEPS_MAX = TIME_ALL + AREA_ALL + 2 };
    for (int steps = 1; steps <= STEPS_MAX && a->ncoarser == 0; steps++)
        for (int i = 0; i < GRAINS && a->ncoarser < COARSER_MAX; i++) {
            struct grain g = grain_at(i);
            bool enough;
            if (steps_between(&t->grain, &g) != steps || !is_sensible(d, &g))
                continue;
            TRY(is_enough(cx, t, &g, round, &enough));
            if (enough)
                a->coarser[a->ncoarser++] = g;
        }
    return RC_OK;
}

enum rc anonymity_check(struct ctx *cx, const struct table *t, struct anonymity *ret)
{
    struct anonymity a;
    TRY(found_at(cx, t, &t->grain, t->offer->d->k, &a));
    if (a.under) {
        struct arena *round = arena_new(ROUND_MEMORY);
        enum rc rc = coarser_search(cx, t, round, &a);
        arena_free(round);
        TRY(rc);
    }
    *ret = a;
    return RC_OK;
}

/* -- in words -- */

static void words_add(struct ctx *cx, struct buf *b, const char *key, const char *to,
                      const char *from)
{
    struct json *args = json_new_obj(cx->mem);
    static const char *const none = "opendata.grain.none";
    struct str name = str_fmt(cx->mem, "opendata.grain.%s", to);
    json_put_str(cx->mem, args, "to", msg_get(cx->lang, to[0] ? name : str_from(none)));
    name = str_fmt(cx->mem, "opendata.grain.%s", from);
    json_put_str(cx->mem, args, "from", msg_get(cx->lang, name));
    if (b->n)
        buf_put(b, STR(", "));
    buf_put(b, msg_fill(cx, str_from(key), args));
}

struct str coarser_text(struct ctx *cx, const struct grain *from, const struct grain *to)
{
    enum { TEXT_MAX = 2000 };
    struct buf *b = buf_new(cx->mem, TEXT_MAX);
    const char *drop = "opendata.coarser.drop", *step = "opendata.coarser.step";
    if (to->time != from->time)
        words_add(cx, b, to->time == TIME_ALL ? drop : step, time_name(to->time),
                  time_name(from->time));
    if (to->area != from->area)
        words_add(cx, b, to->area == AREA_ALL ? drop : step, area_name(to->area),
                  area_name(from->area));
    if (from->procedure && !to->procedure)
        words_add(cx, b, drop, "", "procedure");
    if (from->channel && !to->channel)
        words_add(cx, b, drop, "", "channel");
    return buf_str(b);
}
