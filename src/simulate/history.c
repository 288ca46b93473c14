/* history.c - a model from what happened: who came when, how long work took, which way it went.
 *
 * Nobody writes down when work on a dossier begins. Its span is taken to begin when the dossier
 * came into the state or when its officer did the last thing before, whichever is later: that is
 * never less than the work itself, and an officer's spans never overlap. Where dossiers queue, the
 * span is the work; where they are few, most of it is lying: the work is assumed (model.c), at
 * most the span, and the rest of the span passes without the officer. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "gen/simulate_sql.h"
#include "simulate/simulate_priv.h"
#include "store/store.h"

enum {
    ROWS_MAX = 60000,     /* a request's memory holds them */
    POOL_DOSSIERS = 3000, /* of all units, the latest */
    SAMPLES_MAX = 2000,   /* of one state */
    SAMPLES_FEW = 30,
    SAMPLES_LEAST = 5,
    ARRIVALS_FEW = 500, /* below: weekday and hour apart */
    HOURS = 24,
    WEEK = 7
};

struct row {
    int64_t dossier, submitted_us, time_us, entered_us, actor;
    const struct flow *flow;
    const struct flow_state *from;
    struct str pack, act;
};
struct rows {
    struct ctx *cx;
    struct row *v;
    size_t n, room;
    struct map *packs; /* ref -> pack: many rows, few packs */
};

/* -- reading -- */

static const struct pack *pack_of(struct rows *rows, struct str ref)
{
    struct pack *p = map_get(rows->packs, ref);
    if (!p && !map_has(rows->packs, ref)) {
        const struct pack *old = pack_version(rows->cx, ref);
        const struct pack *now = old ? pack_current(rows->cx, old->id) : NULL;
        p = (struct pack *)(now ? now : old); /* a map holds plain pointers */
        map_set(rows->packs, str_dup(rows->cx->mem, ref), p);
    }
    return p;
}

static void row_room(struct rows *rows)
{
    if (rows->n < rows->room)
        return;
    size_t room = rows->room ? rows->room * 2 : 1024;
    struct row *v = arena_array(rows->cx->mem, struct row, room);
    if (rows->n)
        memcpy(v, rows->v, rows->n * sizeof *v);
    rows->v = v;
    rows->room = room;
}

/* Rows come dossier by dossier, in order: the one before tells when the state was entered. */
static enum rc row_add(struct rows *rows, int64_t dossier, struct str ref, struct row *r,
                       struct str from)
{
    const struct pack *p = pack_of(rows, ref);
    if (rows->n >= ROWS_MAX || !p || !p->flow)
        return RC_OK;
    const struct row *last = rows->n ? &rows->v[rows->n - 1] : NULL;
    row_room(rows);
    r->dossier = dossier;
    r->pack = p->id;
    r->flow = p->flow;
    r->from = from.n ? flow_state_find(p->flow, from) : NULL;
    r->entered_us = last && last->dossier == dossier ? last->time_us : r->submitted_us;
    rows->v[rows->n++] = *r;
    return RC_OK;
}

static enum rc on_unit_row(struct ctx *cx, const struct history_of_unit_row *h, void *arg)
{
    struct row r = {.submitted_us = h->submitted_us, .time_us = h->time_us, .actor = h->actor};
    r.act = str_dup(cx->mem, h->act);
    return row_add(arg, h->dossier, h->pack, &r, h->from_state);
}

static enum rc on_page_row(struct ctx *cx, const struct history_page_row *h, void *arg)
{
    struct row r = {.submitted_us = h->submitted_us, .time_us = h->time_us, .actor = h->actor};
    r.act = str_dup(cx->mem, h->act);
    return row_add(arg, h->dossier, h->pack, &r, h->from_state);
}

static int by_time(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->time_us != y->time_us)
        return x->time_us < y->time_us ? -1 : 1;
    return (x->dossier > y->dossier) - (x->dossier < y->dossier);
}

/* -- tallies -- */

struct samples {
    double *v;
    size_t n;
};
struct tally {
    struct samples work, wait;
    double weight[FLOW_ACTS_MAX];
    double after;
};
struct answers {         /* of one branch of a fork */
    struct samples time; /* office time from the question to the answer */
    double agree, said;
};
struct tallies { /* pack id -> struct tally[FLOW_STATES_MAX] */
    struct map *packs;
    struct map *asked; /* pack id -> struct answers[FLOW_STATES_MAX * FLOW_BRANCHES_MAX] */
};

static struct tally *tally_of(struct ctx *cx, struct tallies *t, struct str pack,
                              unsigned state)
{
    struct tally *v = map_get(t->packs, pack);
    if (!v) {
        v = arena_array(cx->mem, struct tally, FLOW_STATES_MAX);
        map_set(t->packs, pack, v);
    }
    return &v[state];
}

/* The latest SAMPLES_MAX stay: rows come in order of time. */
static void sample_add(struct ctx *cx, struct samples *s, int64_t us)
{
    if (!s->v)
        s->v = arena_array(cx->mem, double, SAMPLES_MAX);
    s->v[s->n++ % SAMPLES_MAX] = us > MINUTE_US ? (double)us : (double)MINUTE_US;
}

static size_t samples_n(const struct samples *s)
{
    return s->n < SAMPLES_MAX ? s->n : SAMPLES_MAX;
}

static void act_tally(struct tally *t, const struct row *r)
{
    for (size_t i = 0; i < r->from->nacts; i++)
        t->weight[i] += str_eq(r->from->acts[i].id, r->act);
}

/* The officer's last act before this one, 0 for none; now this one is. */
static int64_t last_act(struct ctx *cx, struct map *officers, const struct row *r)
{
    struct str key = str_fmt(cx->mem, "%" PRId64, r->actor);
    int64_t *last = map_get(officers, key);
    if (!last) {
        last = arena_new_of(cx->mem, int64_t);
        map_set(officers, key, last);
    }
    int64_t before = *last;
    *last = r->time_us;
    return before;
}

static void row_tally(struct ctx *cx, struct tallies *t, struct map *officers,
                      const struct sim_hours *h, const struct row *r)
{
    if (!r->from)
        return;
    struct tally *s = tally_of(cx, t, r->pack, r->from->index);
    if (str_eq(r->act, STR("after"))) {
        s->after++;
        return;
    }
    act_tally(s, r);
    if (r->from->by_applicant) {
        sample_add(cx, &s->wait, r->time_us - r->entered_us);
        return;
    }
    int64_t before = last_act(cx, officers, r);
    int64_t from = before > r->entered_us ? before : r->entered_us;
    sample_add(cx, &s->work, hours_worked(h, r->time_us) - hours_worked(h, from));
}

/* Of all days that the rows speak of. */
static struct sim_hours *history_hours(struct ctx *cx, const struct sim_model *m,
                                       const struct rows *rows)
{
    int32_t first = rows->n ? day_of(rows->v[0].submitted_us) : 0, last = first;
    for (size_t i = 0; i < rows->n; i++) {
        int32_t from = day_of(rows->v[i].submitted_us), to = day_of(rows->v[i].time_us);
        first = from < first ? from : first;
        last = to > last ? to : last;
    }
    return hours_new(cx->mem, m, first, last - first + 2, NULL);
}

static struct tallies tallies_of(struct ctx *cx, const struct sim_model *m, struct rows *rows)
{
    struct tallies t = {map_new(cx->mem), map_new(cx->mem)};
    struct map *officers = map_new(cx->mem);
    if (!rows->n)
        return t;
    qsort(rows->v, rows->n, sizeof *rows->v, by_time);
    struct sim_hours *h = history_hours(cx, m, rows);
    for (size_t i = 0; i < rows->n; i++)
        row_tally(cx, &t, officers, h, &rows->v[i]);
    return t;
}

/* -- who a fork asked -- */

static struct answers *answers_of(struct ctx *cx, struct tallies *t, struct str pack,
                                  unsigned state, unsigned branch)
{
    struct answers *v = map_get(t->asked, pack);
    if (!v) {
        v = arena_array(cx->mem, struct answers, FLOW_STATES_MAX * FLOW_BRANCHES_MAX);
        map_set(t->asked, pack, v);
    }
    return &v[state * FLOW_BRANCHES_MAX + branch];
}

struct asking {
    struct rows *rows; /* knows the packs */
    struct tallies *t;
    const struct sim_hours *h;
};

/* Whose silence counted as an answer would have answered later than that: by how much nobody
 * knows. Where silence only asks the leader, the time until her answer is known. */
static enum rc answer_add(struct asking *a, const struct branch_times_row *row)
{
    enum { SILENT_TIMES = 4 };
    struct ctx *cx = a->rows->cx;
    const struct pack *p = pack_of(a->rows, row->pack);
    const struct flow_state *s = p && p->flow ? flow_state_find(p->flow, row->state) : NULL;
    const struct flow_branch *b = s ? flow_branch_find(s, row->branch) : NULL;
    if (!b)
        return RC_OK; /* an older version's */
    struct answers *to = answers_of(cx, a->t, p->id, s->index, b->index);
    int64_t took = hours_worked(a->h, row->closed_us) - hours_worked(a->h, row->opened_us);
    sample_add(cx, &to->time, row->is_silent ? took * SILENT_TIMES : took);
    to->said += !row->is_silent;
    to->agree += !row->is_silent && str_eq(row->outcome, STR("agree"));
    return RC_OK;
}

static enum rc on_unit_answer(struct ctx *cx, const struct branch_times_row *row, void *arg)
{
    (void)cx;
    return answer_add(arg, row);
}

static enum rc on_page_answer(struct ctx *cx, const struct branch_page_row *row, void *arg)
{
    (void)cx;
    return answer_add(arg, &(struct branch_times_row){.pack = row->pack,
                                                      .state = row->state,
                                                      .branch = row->branch,
                                                      .opened_us = row->opened_us,
                                                      .closed_us = row->closed_us,
                                                      .outcome = row->outcome,
                                                      .is_silent = row->is_silent});
}

/* -- from tallies to a model -- */

static double weights_sum(const struct tally *t)
{
    double sum = 0;
    for (size_t i = 0; i < FLOW_ACTS_MAX; i++)
        sum += t->weight[i];
    return sum;
}

static bool time_take(const struct samples *s, size_t least, struct sim_time *ret)
{
    size_t n = samples_n(s);
    if (n < least)
        return false;
    *ret = (struct sim_time){.shape = SIM_SAMPLES, .v = s->v, .n = n};
    return true;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void samples_sort(struct samples *s)
{
    if (s->n)
        qsort(s->v, samples_n(s), sizeof *s->v, by_size);
}

/* From the unit when it has enough, else from all units, else as assumed. */
static void state_take(struct ctx *cx, struct sim_model *m, const struct flow_state *s,
                       struct tally *own, struct tally *all, struct sim_state *ret)
{
    samples_sort(&own->work);
    samples_sort(&own->wait);
    samples_sort(&all->work);
    samples_sort(&all->wait);
    struct samples *o = s->by_applicant ? &own->wait : &own->work;
    struct samples *a = s->by_applicant ? &all->wait : &all->work;
    struct sim_time *t = s->by_applicant ? &ret->wait : &ret->span;
    if (s->is_end || (!s->roles && !s->by_applicant))
        return;
    if (!time_take(o, SAMPLES_FEW, t))
        assume(cx, m, time_take(a, SAMPLES_LEAST, t) ? "time_of_all_units" : "time_assumed",
               s->id);
    const struct tally *w = weights_sum(own) + own->after >= SAMPLES_FEW ? own : all;
    double acts = weights_sum(w);
    if (acts + w->after < SAMPLES_LEAST)
        return;
    if (acts > 0)
        memcpy(ret->weight, w->weight, sizeof ret->weight);
    ret->silent = w->after / (acts + w->after);
}

/* Asked offices are slower to gather: ten answers of the unit's own will do. */
static void answer_take(struct ctx *cx, struct sim_model *m, const struct flow_branch *b,
                        struct answers *own, struct answers *all, struct sim_state *ret)
{
    enum { ANSWERS_FEW = 10 };
    struct answers *from = samples_n(&own->time) >= ANSWERS_FEW ? own : all;
    samples_sort(&from->time);
    bool known = time_take(&from->time, SAMPLES_LEAST, &ret->answer[b->index]);
    if (from == all)
        assume(cx, m, known ? "answer_of_all_units" : "answer_assumed",
               label_text(cx, b->name));
    if (known && from->said > 0)
        ret->agree[b->index] = from->agree / from->said;
}

static void branches_take(struct ctx *cx, struct sim_model *m, const struct flow_state *s,
                          struct tallies *own, struct tallies *all, struct sim_class *c)
{
    for (size_t i = 0; i < s->nbranches; i++)
        answer_take(cx, m, &s->branches[i],
                    answers_of(cx, own, c->pack->id, s->index, s->branches[i].index),
                    answers_of(cx, all, c->pack->id, s->index, s->branches[i].index),
                    &c->states[s->index]);
}

static void class_take(struct ctx *cx, struct sim_model *m, struct tallies *own,
                       struct tallies *all, struct sim_class *c)
{
    const struct flow *f = c->pack->flow;
    for (size_t i = 0; i < f->nstates; i++) {
        unsigned s = f->states[i].index;
        state_take(cx, m, &f->states[i], tally_of(cx, own, c->pack->id, s),
                   tally_of(cx, all, c->pack->id, s), &c->states[s]);
        branches_take(cx, m, &f->states[i], own, all, c);
    }
}

/* -- arrivals -- */

/* Weekday and hour as they were or, with few, each apart: so much of a week, so much of a day. */
static void hourly_take(struct sim_class *c, const struct rows *rows, double weeks)
{
    double cell[WEEK][HOURS] = {{0}}, weekday[WEEK] = {0}, hour[HOURS] = {0}, all = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct row *r = &rows->v[i];
        if (r->from || !str_eq(r->pack, c->pack->id))
            continue; /* a move; only the submission counts */
        int32_t day = day_of(r->submitted_us);
        int w = day_weekday(day), h = (int)((r->submitted_us - day_start(day)) / HOUR_US);
        cell[w][h]++;
        weekday[w]++;
        hour[h]++;
        all++;
    }
    for (int w = 0; w < WEEK && all > 0; w++)
        for (int h = 0; h < HOURS; h++) {
            double n = all < ARRIVALS_FEW ? weekday[w] * hour[h] / all : cell[w][h];
            c->hourly[w * HOURS + h] = n / weeks;
        }
}

/* -- what happened -- */

struct seen {
    struct sim_model *m;
    struct sim_hours *h;
    struct samples leads[SIM_CLASSES_MAX];
    double late[SIM_CLASSES_MAX];
};

static enum rc on_lead(struct ctx *cx, const struct history_leads_row *row, void *arg)
{
    struct seen *seen = arg;
    size_t at = str_find(row->pack, '@', 0);
    for (size_t i = 0; i < seen->m->nclasses; i++)
        if (str_eq(seen->m->classes[i].pack->id, str_cut(row->pack, 0, at))) {
            sample_add(cx, &seen->leads[i],
                       hours_worked(seen->h, row->finished_us) -
                           hours_worked(seen->h, row->submitted_us));
            seen->late[i] += (double)row->is_late;
            seen->m->classes[i].seen.n++;
        }
    return RC_OK;
}

static enum rc seen_take(struct ctx *cx, struct sim_model *m, const struct unit *u,
                         int64_t since, int64_t until)
{
    struct seen seen = {.m = m};
    int32_t first = day_of(since);
    seen.h = hours_new(cx->mem, m, first, day_of(until) - first + 400, NULL);
    TRY(sql_history_leads(cx, u->id.v, since, until, on_lead, &seen));
    for (size_t i = 0; i < m->nclasses; i++) {
        struct sim_seen *s = &m->classes[i].seen;
        size_t n = samples_n(&seen.leads[i]);
        if (!n)
            continue;
        samples_sort(&seen.leads[i]);
        s->lead50_wd = seen.leads[i].v[n / 2] / (double)seen.h->day_us;
        s->lead90_wd = seen.leads[i].v[n * 9 / 10] / (double)seen.h->day_us;
        s->late = seen.late[i] / (double)s->n;
    }
    return RC_OK;
}

static enum rc classes_add(struct ctx *cx, struct sim_model *m, const struct rows *rows)
{
    struct map *seen = map_new(cx->mem);
    for (size_t i = 0; i < rows->n && m->nclasses < SIM_CLASSES_MAX; i++) {
        struct sim_class *c;
        struct str id = rows->v[i].pack;
        const struct pack *p = pack_current(cx, id);
        if (map_has(seen, id) || !p || !p->flow)
            continue;
        map_set(seen, id, m);
        TRY(model_class_add(cx, m, p, &c));
    }
    return RC_OK;
}

/* -- the whole -- */

static enum rc staff_take(struct ctx *cx, struct sim_model *m, const struct unit *u)
{
    struct officer_list list = {0};
    TRY(officers_of(cx, u->id, &list));
    for (size_t i = 0; i < list.n; i++)
        m->staff[0][list.v[i].role]++;
    return RC_OK;
}

/* unit 0: of all units, the latest. */
static enum rc answers_read(struct ctx *cx, struct asking *a, struct unit_id unit,
                            int64_t since, int64_t until)
{
    return unit.v ? sql_branch_times(cx, unit.v, since, until, on_unit_answer, a)
                  : sql_branch_page(cx, INT64_MAX, POOL_DOSSIERS, on_page_answer, a);
}

static struct rows rows_new(struct ctx *cx)
{
    return (struct rows){.cx = cx, .packs = map_new(cx->mem)};
}

enum rc sim_model_history(struct ctx *cx, const struct unit *u, int32_t days,
                          struct sim_model **ret)
{
    struct history_last_row last = {0};
    struct rows own = rows_new(cx), all = rows_new(cx);
    struct sim_model *m = model_new(cx);
    TRY(sql_history_last(cx, u->id.v, &last));
    int64_t until = last.last_us, since = until - days * DAY_US;
    TRY(sql_history_of_unit(cx, u->id.v, since, until, on_unit_row, &own));
    if (!own.n)
        return FAIL(cx, NOT_FOUND, "unit", "%.*s has no dossiers to learn from yet",
                    STR_ARG(u->code));
    TRY(sql_history_page(cx, INT64_MAX, POOL_DOSSIERS, on_page_row, &all));
    model_calendar(m, calendar_for(cx, u));
    TRY(classes_add(cx, m, &own));
    struct tallies mine = tallies_of(cx, m, &own), others = tallies_of(cx, m, &all);
    TRY(answers_read(cx, &(struct asking){&own, &mine, history_hours(cx, m, &own)}, u->id,
                     since, until));
    TRY(answers_read(cx, &(struct asking){&all, &others, history_hours(cx, m, &all)},
                     (struct unit_id){0}, since, until));
    int64_t first = own.v[0].submitted_us;
    for (size_t i = 0; i < own.n; i++)
        first = own.v[i].submitted_us < first ? own.v[i].submitted_us : first;
    double weeks = (double)(until - first + DAY_US) / (double)(WEEK * DAY_US);
    for (size_t i = 0; i < m->nclasses; i++) {
        class_take(cx, m, &mine, &others, &m->classes[i]);
        hourly_take(&m->classes[i], &own, weeks);
    }
    TRY(seen_take(cx, m, u, since, until));
    TRY(staff_take(cx, m, u));
    assume(cx, m, "work_begins", STR(""));
    assume(cx, m, "history",
           str_fmt(cx->mem, "%.*s – %.*s", STR_ARG(day_text(cx->mem, day_of(first))),
                   STR_ARG(day_text(cx->mem, day_of(until)))));
    *ret = m;
    return RC_OK;
}
