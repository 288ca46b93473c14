/* learn.c - from finished dossiers to lessons, and how good forecasts from them are. */
#include <string.h>

#include "app/app.h"
#include "casework/clock.h"
#include "gen/simulate_sql.h"
#include "simulate/forecast_priv.h"
#include "store/store.h"

enum {
    LESSONS_MEMORY = 256 << 20,
    PACKS_MAX = 64,   /* services that are learnt about */
    PAST_DAYS = 3000, /* days of office hours that are kept */
    AHEAD_DAYS = 800,
    SPLIT_BATCH = 50, /* how finely the newer are told from the older */
    MOVES_MAX = 60    /* of one dossier; later ones teach nothing */
};

/* A finished dossier on its way through the rows. */
struct life {
    int64_t id, unit, finished_us;
    bool is_late;
    const struct pack *pack;
    int64_t at[MOVES_MAX];
    const struct flow_state *to[MOVES_MAX];
    size_t n;
};
struct reader {
    struct ctx *cx;
    struct life life;
    size_t dossiers;
    int64_t last;
    enum rc (*done)(struct ctx *cx, const struct life *l, void *arg);
    void *arg;
};

/* -- reading lives -- */

static enum rc life_end(struct reader *r)
{
    bool has = r->life.id && r->life.finished_us != DB_NULL && r->life.pack;
    enum rc rc = has ? r->done(r->cx, &r->life, r->arg) : RC_OK;
    r->life = (struct life){0};
    return rc;
}

/* By the current version: states are found by name, and lessons outlive a new version. */
static const struct pack *pack_now(struct ctx *cx, struct str ref)
{
    const struct pack *p = pack_current(cx, str_cut(ref, 0, str_find(ref, '@', 0)));
    return p && p->flow ? p : NULL;
}

static enum rc on_row(struct ctx *cx, const struct lesson_page_row *row, void *arg)
{
    struct reader *r = arg;
    struct life *l = &r->life;
    if (row->dossier != l->id) {
        TRY(life_end(r));
        *l = (struct life){.id = row->dossier,
                           .unit = row->unit,
                           .finished_us = row->finished_us,
                           .is_late = row->is_late,
                           .pack = pack_now(cx, row->pack)};
        r->dossiers++;
        r->last = row->dossier;
    }
    const struct flow_state *to =
        l->pack ? flow_state_find(l->pack->flow, row->to_state) : NULL;
    if (!to || l->n == MOVES_MAX)
        return RC_OK;
    l->at[l->n] = row->time_us;
    l->to[l->n++] = to;
    return RC_OK;
}

/* Dossiers below *before, the latest first; *before follows. */
static enum rc lives_read(struct ctx *cx, int64_t *before, size_t most,
                          enum rc (*done)(struct ctx *, const struct life *, void *), void *arg,
                          size_t *n)
{
    struct reader r = {.cx = cx, .last = *before, .done = done, .arg = arg};
    TRY(sql_lesson_page(cx, *before, (int64_t)most, on_row, &r));
    TRY(life_end(&r));
    *before = r.last;
    *n = r.dossiers;
    return RC_OK;
}

/* -- learning -- */

struct lessons *lessons_new(struct ctx *cx)
{
    struct arena *mem = arena_new(LESSONS_MEMORY);
    struct lessons *l = arena_new_of(mem, struct lessons);
    struct sim_model office = {0};
    model_calendar(&office, calendar_of(cx));
    *l = (struct lessons){.mem = mem, .packs = map_new(mem), .before = INT64_MAX};
    l->hours =
        hours_new(mem, &office, day_of(cx->now_us) - PAST_DAYS, PAST_DAYS + AHEAD_DAYS, NULL);
    return l;
}

void lessons_free(struct lessons *l)
{
    if (l)
        arena_free(l->mem);
}

static struct stays *stays_of(struct lessons *l, const struct pack *p, unsigned state)
{
    struct stays *s = map_get(l->packs, p->id);
    if (!s && map_size(l->packs) == PACKS_MAX)
        return NULL;
    if (!s) {
        s = arena_array(l->mem, struct stays, FLOW_STATES_MAX);
        map_set(l->packs, str_dup(l->mem, p->id), s);
    }
    return &s[state];
}

static void stay_add(struct lessons *l, struct stays *s, struct stay stay)
{
    if (s && !s->v)
        s->v = arena_array(l->mem, struct stay, STAYS_MAX);
    if (s && s->n < STAYS_MAX)
        s->v[s->n++] = stay;
}

/* The move with which the legal clock begins; n: it never does. */
static size_t clock_begins(const struct life *l)
{
    const struct flow *f = l->pack->flow;
    size_t i = 0;
    while (i < l->n && !(f->nclocks && l->to[i] == f->clocks[0].start))
        i++;
    return i;
}

/* From the end backwards: what was still to come at each state that it entered. */
static enum rc life_learn(struct ctx *cx, const struct life *life, void *arg)
{
    struct lessons *l = arg;
    double all = 0, counts = 0;
    int64_t until = life->finished_us;
    size_t first = clock_begins(life);
    for (size_t i = life->n; i-- > 0; until = life->at[i]) {
        if (life->at[i] >= life->finished_us)
            continue;
        int64_t to = until < life->finished_us ? until : life->finished_us;
        double here =
            (double)(hours_worked(l->hours, to) - hours_worked(l->hours, life->at[i]));
        all += here;
        counts += i < first || (life->to[i]->pauses & 1) ? 0 : here;
        struct stay s = {life->unit, (float)here, (float)all, (float)counts};
        stay_add(l, stays_of(l, life->pack, life->to[i]->index), s);
    }
    (void)cx;
    return RC_OK;
}

enum rc lessons_learn(struct ctx *cx, struct lessons *l, size_t most, size_t *done)
{
    TRY(lives_read(cx, &l->before, most, life_learn, l, done));
    l->dossiers += *done;
    return RC_OK;
}

void lessons_publish(struct forecasts *f, struct lessons *l)
{
    pthread_rwlock_wrlock(&f->lock);
    struct lessons *old = f->now;
    f->now = l;
    pthread_rwlock_unlock(&f->lock);
    lessons_free(old);
}

/* -- how well it does -- */

static enum rc score_one(struct ctx *cx, const struct dossier *d, bool is_late,
                         struct forecast_score *s)
{
    struct forecast f;
    TRY(forecast_of(cx, d, &f));
    if (!f.is_known) {
        s->unknown++;
        return RC_OK;
    }
    double p = f.likely_late / 100.0, off = p - is_late;
    int bin = f.likely_late * FORECAST_BINS / 101;
    s->asked++;
    s->late += is_late;
    s->brier += off * off;
    s->said[bin] += p;
    s->happened[bin] += is_late;
    s->cases[bin]++;
    return RC_OK;
}

/* Played again with casework's own fold: asked at each move, and each working day at noon. */
static enum rc life_score(struct ctx *cx, const struct life *life, void *arg)
{
    struct forecast_score *s = arg;
    struct dossier d = {.pack = life->pack};
    clocks_clear(&d);
    d.unit = NULL;
    for (size_t i = 0; i < life->n && life->at[i] < life->finished_us; i++) {
        int64_t until = i + 1 < life->n ? life->at[i + 1] : life->finished_us;
        dossier_step(&d, life->to[i], life->at[i]);
        d.after_us = TIME_NONE;
        clocks_count(cx, &d, life->at[i]);
        cx->now_us = life->at[i];
        if (d.is_late) /* known to be late: no forecast */
            return RC_OK;
        TRY(score_one(cx, &d, life->is_late, s));
        for (int32_t day = day_of(life->at[i]);; day++) {
            cx->now_us = day_start(day) + 12 * HOUR_US;
            if (cx->now_us >= until || clock_is_over(&d, cx->now_us))
                break;
            if (cx->now_us > life->at[i] && calendar_is_working(calendar_of(cx), day))
                TRY(score_one(cx, &d, life->is_late, s));
        }
    }
    return RC_OK;
}

static enum rc nothing(struct ctx *cx, const struct life *life, void *arg)
{
    (void)cx;
    (void)life;
    (void)arg;
    return RC_OK;
}

static enum rc older_learn(struct ctx *cx, struct lessons *l, int64_t before, size_t dossiers)
{
    size_t n = 1;
    l->before = before;
    while (n && l->dossiers < dossiers)
        TRY(lessons_learn(cx, l, FORECAST_BATCH, &n));
    lessons_publish(cx->app->forecasts, l);
    return RC_OK;
}

enum rc forecast_score(struct ctx *cx, size_t dossiers, struct forecast_score *ret)
{
    int64_t now = cx->now_us, split = INT64_MAX, before = INT64_MAX;
    size_t n = 1, all = 0, newer = 0;
    *ret = (struct forecast_score){0};
    for (; n && all < dossiers; all += n)
        TRY(lives_read(cx, &split, FORECAST_BATCH, nothing, NULL, &n));
    for (split = INT64_MAX, n = 1; n && newer < all * 3 / 10; newer += n)
        TRY(lives_read(cx, &split, SPLIT_BATCH, nothing, NULL, &n));
    TRY(older_learn(cx, lessons_new(cx), split, all - newer));
    for (n = 1; n && before > split;)
        TRY(lives_read(cx, &before, FORECAST_BATCH, life_score, ret, &n));
    cx->now_us = now;
    if (!ret->asked)
        return FAIL(cx, NOT_FOUND, NULL, "too few finished dossiers");
    double late = (double)ret->late / (double)ret->asked;
    ret->brier /= (double)ret->asked;
    ret->base = late * (1 - late);
    return RC_OK;
}
