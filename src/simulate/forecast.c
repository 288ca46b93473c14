/* forecast.c - what finished dossiers tell of an open one. */
#include <stdlib.h>

#include "app/app.h"
#include "casework/clock.h"
#include "gen/simulate_sql.h"
#include "simulate/forecast_priv.h"
#include "store/store.h"

enum { LIKE_LEAST = 8, LIKE_OWN = 25 };

/* What is asked of the lessons. Office time, microseconds. */
struct asked {
    double age, left; /* in the state so far; what the legal clock still has */
    bool is_still;    /* the legal clock does not count in this state */
    int64_t unit, now_us;
};

/* A whole budget, before the clock begins or when it will begin anew. "The same day" is taken
 * as half of one. */
static double budget_left(const struct sim_hours *h, struct budget b)
{
    double day = (double)h->day_us;
    if (b.n == 0)
        return day / 2;
    return b.unit == 'h'   ? b.n * (double)HOUR_US
           : b.unit == 'w' ? b.n * day
                           : b.n * day * 5 / 7;
}

static struct asked asked_of(const struct sim_hours *h, const struct dossier *d, int64_t now)
{
    const struct clock_run *c = &d->clocks[0];
    bool is_paused = clock_is_paused(d);
    int64_t from = is_paused ? c->pauses[c->npauses - 1].from_us : now;
    struct asked a = {.now_us = now, .unit = d->unit ? d->unit->id.v : 0};
    bool is_whole = c->due.at_us == TIME_NONE || (is_paused && (d->state->restarts & 1));
    a.is_still = is_paused || c->due.at_us == TIME_NONE;
    a.age = (double)(hours_worked(h, now) - hours_worked(h, d->entered_us));
    a.left = is_whole ? budget_left(h, d->pack->flow->clocks[0].budget)
                      : (double)(hours_worked(h, c->due.at_us) - hours_worked(h, from));
    return a;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Those that stayed at least as long; of the same unit alone when they are enough. */
static size_t like_of(const struct stays *s, const struct asked *a, bool own,
                      const struct stay *ret[STAYS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].here >= a->age && (!own || s->v[i].unit == a->unit))
            ret[n++] = &s->v[i];
    return n;
}

static void tell(const struct sim_hours *h, const struct asked *a, const struct stay *const *v,
                 size_t n, struct forecast *ret)
{
    double rest[STAYS_MAX];
    size_t late = 0;
    for (size_t i = 0; i < n; i++) {
        late += v[i]->counts - (a->is_still ? 0 : a->age) > a->left;
        rest[i] = v[i]->all - a->age;
    }
    qsort(rest, n, sizeof *rest, by_size);
    /* Jeffreys: so few never make it quite sure. */
    ret->likely_late = (int)(100 * ((double)late + 0.5) / ((double)n + 1) + 0.5);
    ret->day = day_of(hours_after(h, a->now_us, rest[n / 2] > 0 ? (int64_t)rest[n / 2] : 0));
    ret->cases = n;
    ret->is_known = true;
}

static void ask(struct ctx *cx, const struct lessons *l, const struct dossier *d,
                struct forecast *ret)
{
    const struct stay *like[STAYS_MAX];
    const struct stays *all = map_get(l->packs, d->pack->id);
    const struct pack *p = pack_current(cx, d->pack->id);
    const struct flow_state *s = p && p->flow ? flow_state_find(p->flow, d->state->id) : NULL;
    if (!all || !s)
        return;
    struct asked a = asked_of(l->hours, d, cx->now_us);
    size_t n = like_of(&all[s->index], &a, true, like);
    if (n < LIKE_OWN)
        n = like_of(&all[s->index], &a, false, like);
    if (n >= LIKE_LEAST)
        tell(l->hours, &a, like, n, ret);
}

enum rc forecast_of(struct ctx *cx, const struct dossier *d, struct forecast *ret)
{
    struct forecasts *f = cx->app ? cx->app->forecasts : NULL;
    *ret = (struct forecast){.day = INT32_MIN};
    if (d->finished_us != TIME_NONE || !d->pack->flow->nclocks)
        return RC_OK;
    if (f) {
        pthread_rwlock_rdlock(&f->lock);
        if (f->now)
            ask(cx, f->now, d, ret);
        pthread_rwlock_unlock(&f->lock);
    }
    if (d->is_late || clock_is_over(d, cx->now_us)) {
        ret->is_known = true;
        ret->likely_late = 100;
    }
    return RC_OK;
}

/* -- a unit's -- */

static int by_chance(const void *a, const void *b)
{
    const struct forecast_row *x = a, *y = b;
    int p = x->forecast.is_known ? x->forecast.likely_late : -1;
    int q = y->forecast.is_known ? y->forecast.likely_late : -1;
    if (p != q)
        return p > q ? -1 : 1;
    return (x->dossier->due > y->dossier->due) - (x->dossier->due < y->dossier->due);
}

enum rc forecasts_of_unit(struct ctx *cx, const struct unit *u, struct forecast_list *ret)
{
    struct open_of_unit_rows rows = {0};
    TRY(sql_open_of_unit(cx, u->id.v, FORECAST_ROWS_MAX, &rows));
    struct forecast_list list = {arena_array(cx->mem, struct forecast_row, rows.n + 1), 0};
    for (size_t i = 0; i < rows.n; i++) {
        struct forecast_row *r = &list.v[list.n++];
        TRY(dossier_by_id(cx, (struct dossier_id){rows.v[i].id}, &r->dossier));
        TRY(forecast_of(cx, r->dossier, &r->forecast));
    }
    qsort(list.v, list.n, sizeof *list.v, by_chance);
    *ret = list;
    return RC_OK;
}

/* -- keeping -- */

static void forecasts_close(void *arg)
{
    struct forecasts *f = arg;
    lessons_free(f->now);
    lessons_free(f->next);
    pthread_rwlock_destroy(&f->lock);
}

enum rc forecasts_open(struct ctx *cx, struct forecasts **ret)
{
    struct arena *mem = cx->app->mem ? cx->app->mem : cx->mem;
    struct forecasts *f = arena_new_of(mem, struct forecasts);
    pthread_rwlock_init(&f->lock, NULL);
    arena_on_free(mem, forecasts_close, f);
    *ret = f;
    return RC_OK;
}

static void slot_give(void *arg)
{
    atomic_fetch_sub((atomic_int *)arg, 1);
}

enum rc sim_slot_take(struct ctx *cx)
{
    struct forecasts *f = cx->app->forecasts;
    if (atomic_fetch_add(&f->playing, 1) >= SIM_SLOTS) {
        atomic_fetch_sub(&f->playing, 1);
        return FAIL(cx, OVERLOADED, NULL, "%d simulations are being played", SIM_SLOTS);
    }
    arena_on_free(cx->mem, slot_give, &f->playing);
    return RC_OK;
}

enum rc forecast_tick(struct ctx *cx, size_t most, size_t *done)
{
    struct forecasts *f = cx->app->forecasts;
    if (!f->next)
        f->next = lessons_new(cx);
    TRY(lessons_learn(cx, f->next, most, done));
    if (*done && f->next->dossiers < FORECAST_DOSSIERS_MAX)
        return RC_OK;
    lessons_publish(f, f->next);
    f->next = NULL;
    *done = 0;
    return RC_OK;
}
