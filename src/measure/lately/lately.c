/* lately.c - long lists of figures that were asked for lately: two rings, of lists and of units. */
#include "measure/lately/lately.h"

#include "app/app.h"
#include "base/locked.h"
#include "base/time.h"
#include "gen/measure_sql.h"
#include "measure/measure_priv.h"
#include "measure/read.h"

enum { REST = 10 };
static const size_t LIST_BYTES = (size_t)64 << 20;

struct list {
    uint64_t hash; /* of all that follows but the time */
    const struct indicator *ind;
    struct period period;
    int64_t asked_us;
    size_t at, n; /* its units in the ring */
};
/* Lists have numbers, counted up for ever: first … past - 1 are there. */
struct lately {
    struct locked own;
    struct list lists[LATELY_LISTS];
    uint64_t first, past;
    int64_t units[LATELY_UNITS];
    size_t next, used;
    /* Of the job alone. */
    int64_t log, told, rest_until;
};
_Static_assert(sizeof(struct lately) < LATELY_BYTES, "as the header says");

struct lately *lately_new(struct arena *mem)
{
    struct lately *l = arena_new_of(mem, struct lately);
    locked_begin(&l->own, mem, 0);
    l->log = l->told = INT64_MIN;
    return l;
}

static struct list *list_at(struct lately *l, uint64_t number)
{
    return &l->lists[number % LATELY_LISTS];
}

static uint64_t stir(uint64_t h, int64_t v)
{
    h = (h ^ (uint64_t)v) * UINT64_C(0xBF58476D1CE4E5B9);
    return h ^ h >> 31;
}

static uint64_t list_hash(const struct indicator *ind, const struct slice *s,
                          const struct unit *const *units, size_t n)
{
    uint64_t h = stir(stir(stir(n, (intptr_t)ind), s->period.from), s->period.to);
    for (size_t i = 0; i < n; i++)
        h = stir(h, units[i]->id.v);
    return h;
}

static struct list *list_find(struct lately *l, uint64_t hash)
{
    for (uint64_t i = l->past; i-- > l->first;)
        if (list_at(l, i)->hash == hash)
            return list_at(l, i);
    return NULL;
}

static void oldest_drop(struct lately *l)
{
    l->used -= list_at(l, l->first++)->n;
}

static void list_add(struct lately *l, struct list list, const struct unit *const *units)
{
    while (l->past - l->first == LATELY_LISTS || l->used + list.n > LATELY_UNITS)
        oldest_drop(l);
    list.at = l->next;
    for (size_t i = 0; i < list.n; i++)
        l->units[(list.at + i) % LATELY_UNITS] = units[i]->id.v;
    l->next = (list.at + list.n) % LATELY_UNITS;
    l->used += list.n;
    *list_at(l, l->past++) = list;
}

void lately_note(struct lately *l, const struct indicator *ind, const struct slice *s,
                 const struct unit *const *units, size_t n, int64_t now_us)
{
    if (n < LATELY_LEAST || n > LATELY_UNITS)
        return;
    struct list list = {list_hash(ind, s, units, n), ind, s->period, now_us, 0, n};
    locked_take(&l->own);
    struct list *known = list_find(l, list.hash);
    if (known)
        known->asked_us = now_us;
    else
        list_add(l, list, units);
    locked_give(&l->own);
}

size_t lately_size(struct lately *l)
{
    locked_take(&l->own);
    size_t n = l->used;
    locked_give(&l->own);
    return n;
}

/* -- the job -- */

/* False: there is no list of that number any more. units: room for LATELY_UNITS. */
static bool list_copy(struct lately *l, uint64_t number, struct list *ret, int64_t *units)
{
    locked_take(&l->own);
    bool is_there = number >= l->first;
    if (is_there)
        *ret = *list_at(l, number);
    for (size_t i = 0; is_there && i < ret->n; i++)
        units[i] = l->units[(ret->at + i) % LATELY_UNITS];
    locked_give(&l->own);
    return is_there;
}

/* ind: as it is declared now; packs were loaded anew since, perhaps. */
static enum rc list_read(struct ctx *cx, const struct list *list, const int64_t *units)
{
    const struct indicator *ind = indicator_find(cx, list->ind->id);
    struct figure_ask *asks = arena_array(cx->mem, struct figure_ask, list->n);
    for (size_t i = 0; i < list->n; i++)
        asks[i] = (struct figure_ask){.ind = ind,
                                      .slice = {.unit = {units[i]}, .period = list->period}};
    return ind ? figures_read(cx, asks, list->n) : RC_OK;
}

/* Each in memory of its own. One that fails leaves its sums to whoever asks. */
static void lists_read(const struct ctx *cx, struct lately *l, uint64_t past)
{
    struct list list;
    struct ctx own = *cx;
    int64_t *units = arena_array(cx->mem, int64_t, LATELY_UNITS);
    int64_t since = time_monotonic() - LATELY_US;
    own.mem = arena_child(cx->mem, LIST_BYTES);
    while (past-- > 0 && list_copy(l, past, &list, units)) {
        if (list.asked_us < since)
            continue;
        if (list_read(&own, &list, units) != RC_OK)
            LOGW("figures: a list of %zu units: %s", list.n, own.err.detail);
        ctx_clear(&own);
        arena_reset(own.mem);
    }
}

enum rc figures_again(struct ctx *cx)
{
    struct lately *l = cx->app->measure->lately;
    struct folded_at_row at;
    int64_t begun = time_monotonic();
    locked_take(&l->own);
    uint64_t past = l->past;
    locked_give(&l->own);
    if (!past || begun < l->rest_until)
        return RC_OK;
    TRY(sql_folded_at(cx, &at));
    bool is_empty = at.log < 0; /* the next event counted is another state */
    if (is_empty || (at.log == l->log && at.told == l->told))
        return RC_OK;
    l->log = at.log; /* what is folded meanwhile is read the next time */
    l->told = at.told;
    l->rest_until = begun + MINUTE_US; /* should memory end it */
    lists_read(cx, l, past);
    int64_t now = time_monotonic();
    l->rest_until = now + REST * (now - begun);
    return RC_OK;
}
