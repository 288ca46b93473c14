/* office.c - who works on what: tasks wait at stations, officers take them up. */
#include <string.h>

#include "simulate/simulate_priv.h"

enum { BARRED_MAX = 32, TASKS_FIRST = 256 };

/* -- stations -- */

static unsigned station_of(struct sim_run *r, unsigned office, unsigned roles)
{
    for (unsigned i = 0; i < r->nstations; i++)
        if (r->stations[i].office == office && r->stations[i].roles == roles)
            return i;
    unsigned i =
        r->nstations < SIM_STATIONS_MAX ? (unsigned)r->nstations++ : SIM_STATIONS_MAX - 1;
    r->stations[i] = (struct sim_station){(unsigned char)office, roles, {.mem = r->mem}};
    return i;
}

static bool serves(const struct sim_officer *o, const struct sim_station *st)
{
    return o->office == st->office && (st->roles & (1u << o->role));
}

/* -- officers -- */

static void officer_add(struct sim_run *r, unsigned office, unsigned role)
{
    if (r->nofficers == SIM_OFFICERS_MAX)
        return;
    r->officers[r->nofficers++] = (struct sim_officer){
        .office = (unsigned char)office,
        .role = (unsigned char)role,
        .present_w = 0,
    };
}

static int staff_of(const struct sim_run *r, const struct sim_knobs *k, unsigned office,
                    unsigned role)
{
    int n = r->m->staff[office][role];
    for (size_t i = 0; i < k->nstaff; i++)
        if (k->staff[i].office == office && k->staff[i].role == role)
            n = k->staff[i].n;
    return n;
}

static void away_plan(struct sim_run *r, unsigned officer, int64_t from, int64_t to)
{
    struct sim_event e = {.at = from, .who = officer, .kind = SIM_AWAY};
    if (from <= r->now)
        r->officers[officer].away++;
    else
        heap_push(&r->events, e);
    if (to < r->end_us)
        heap_push(&r->events, (struct sim_event){.at = to, .who = officer, .kind = SIM_BACK});
}

/* The last of a role are absent, so that which officer it is does not matter. */
static void absences_plan(struct sim_run *r, unsigned first, unsigned office, unsigned role)
{
    for (size_t i = 0; i < r->knobs->nabsent; i++) {
        const struct sim_change *a = &r->knobs->absent[i];
        int64_t from = day_start(a->from), to = day_start(a->to + 1);
        if (a->office != office || a->role != role || to <= r->from_us)
            continue;
        from = from < r->from_us ? r->from_us : from;
        int now = staff_of(r, r->knobs, office, role);
        for (int n = 0; n < a->n && n < now; n++)
            away_plan(r, first + (unsigned)(now - 1 - n), from, to);
    }
}

static void role_begin(struct sim_run *r, unsigned office, unsigned role)
{
    int before = staff_of(r, r->before, office, role);
    int after = staff_of(r, r->knobs, office, role);
    unsigned first = (unsigned)r->nofficers;
    for (int i = 0; i < before || i < after; i++) {
        officer_add(r, office, role);
        if (r->nofficers <= first + (unsigned)i)
            return; /* more officers than the simulation keeps */
        if (i >= before)
            away_plan(r, first + (unsigned)i, r->now, r->from_us);
        if (i >= after)
            away_plan(r, first + (unsigned)i, r->from_us, r->end_us);
    }
    absences_plan(r, first, office, role);
}

void office_begin(struct sim_run *r)
{
    r->tasks_room = TASKS_FIRST;
    r->tasks = arena_array(r->mem, struct sim_task, r->tasks_room);
    r->ntasks = 1; /* 0 is no task */
    for (unsigned office = 0; office < r->m->noffices; office++)
        for (unsigned role = 0; role < ROLE_COUNT; role++)
            role_begin(r, office, role);
}

static void busy_end(struct sim_run *r, struct sim_officer *o)
{
    int64_t now = hours_worked(r->hours, r->now);
    int64_t from = o->busy_w > r->from_w ? o->busy_w : r->from_w;
    int64_t to = now < r->to_w ? now : r->to_w;
    o->busy += to > from ? to - from : 0;
    o->task = 0;
    o->gen++;
    o->idle_us = r->now;
}

static void present_end(struct sim_run *r, struct sim_officer *o)
{
    int64_t now = hours_worked(r->hours, r->now);
    int64_t from = o->present_w > r->from_w ? o->present_w : r->from_w;
    int64_t to = now < r->to_w ? now : r->to_w;
    o->present += to > from ? to - from : 0;
}

/* -- tasks -- */

static void task_hold(struct sim_run *r, uint32_t id, unsigned officer)
{
    struct sim_task *t = &r->tasks[id];
    struct sim_officer *o = &r->officers[officer];
    level_move(r, &r->waiting, -1);
    r->waiting.sum += run_clip(r, t->queued_us, r->now);
    r->waits += r->now >= r->from_us && r->now < r->to_us;
    t->place = TASK_HELD;
    t->officer = (uint16_t)officer;
    if (t->left < 0)
        t->left = task_work(r, t);
    o->task = id;
    o->busy_w = hours_worked(r->hours, r->now);
    o->done_us = hours_after(r->hours, r->now, t->left);
    heap_push(
        &r->events,
        (struct sim_event){.at = o->done_us, .who = officer, .gen = o->gen, .kind = SIM_DONE});
}

/* Forgets at the queue's head what was taken back meanwhile. */
static bool queue_has(struct sim_run *r, struct sim_station *st)
{
    while (st->queue.n) {
        const struct sim_task *t = &r->tasks[st->queue.v[0].who];
        if (t->place == TASK_QUEUED && t->gen == st->queue.v[0].gen)
            return true;
        heap_pop(&st->queue);
    }
    return false;
}

/* The first that this officer may do; 0 when there is none. Behind BARRED_MAX tasks that she
 * must not touch (not_by) nobody looks. */
static uint32_t task_take(struct sim_run *r, struct sim_station *st, unsigned officer)
{
    struct sim_event barred[BARRED_MAX];
    size_t n = 0;
    uint32_t found = 0;
    while (!found && n < BARRED_MAX && queue_has(r, st)) {
        struct sim_event e = heap_pop(&st->queue);
        if (task_is_barred(r, &r->tasks[e.who], officer))
            barred[n++] = e;
        else
            found = e.who;
    }
    while (n)
        heap_push(&st->queue, barred[--n]);
    return found;
}

static void open_plan(struct sim_run *r)
{
    if (r->open_planned)
        return;
    r->open_planned = true;
    heap_push(&r->events,
              (struct sim_event){.at = hours_next(r->hours, r->now), .kind = SIM_OPEN});
}

/* The station whose first task should be done first, of those not in `tried`. */
static struct sim_station *station_first(struct sim_run *r, const struct sim_officer *o,
                                         uint64_t tried)
{
    struct sim_station *best = NULL;
    for (unsigned i = 0; i < r->nstations; i++) {
        struct sim_station *st = &r->stations[i];
        if (((tried >> i) & 1) || !serves(o, st) || !queue_has(r, st))
            continue;
        const struct sim_event *a = &st->queue.v[0], *b = best ? &best->queue.v[0] : NULL;
        if (!b || a->at < b->at || (a->at == b->at && a->order < b->order))
            best = st;
    }
    return best;
}

void officer_next(struct sim_run *r, unsigned officer)
{
    struct sim_officer *o = &r->officers[officer];
    uint64_t tried = 0;
    struct sim_station *st;
    if (o->away || o->task)
        return;
    while ((st = station_first(r, o, tried))) {
        if (!hours_is_open(r->hours, r->now)) {
            open_plan(r);
            return;
        }
        uint32_t id = task_take(r, st, officer);
        if (id) {
            task_hold(r, id, officer);
            return;
        }
        tried |= UINT64_C(1) << (st - r->stations);
    }
}

/* Who has been idle longest and may do it; nofficers when nobody. */
static unsigned officer_idle(struct sim_run *r, const struct sim_task *t)
{
    unsigned best = (unsigned)r->nofficers;
    for (unsigned i = 0; i < r->nofficers; i++) {
        const struct sim_officer *o = &r->officers[i];
        if (o->task || o->away || !serves(o, &r->stations[t->station]) ||
            task_is_barred(r, t, i))
            continue;
        if (best == r->nofficers || o->idle_us < r->officers[best].idle_us)
            best = i;
    }
    return best;
}

static void task_queue(struct sim_run *r, uint32_t id)
{
    struct sim_task *t = &r->tasks[id];
    t->place = TASK_QUEUED;
    t->queued_us = r->now;
    t->gen++;
    level_move(r, &r->waiting, 1);
    struct sim_event e = {.at = t->key, .order = t->order, .who = id, .gen = t->gen};
    heap_push(&r->stations[t->station].queue, e);
    if (!hours_is_open(r->hours, r->now)) {
        open_plan(r);
        return;
    }
    unsigned officer = officer_idle(r, t);
    if (officer < r->nofficers)
        officer_next(r, officer);
}

static uint32_t task_alloc(struct sim_run *r)
{
    uint32_t id = r->free_task;
    if (id) {
        r->free_task = r->tasks[id].next_free;
        return id;
    }
    if (r->ntasks == r->tasks_room) {
        struct sim_task *v = arena_array(r->mem, struct sim_task, r->tasks_room * 2);
        memcpy(v, r->tasks, r->ntasks * sizeof *v);
        r->tasks = v;
        r->tasks_room *= 2;
    }
    return (uint32_t)r->ntasks++;
}

/* First come first served by when the task came; earliest due first by the legal due day. */
static int64_t key_of(const struct sim_run *r, const struct sim_case *c)
{
    const struct sim_knobs *k = r->now >= r->from_us ? r->knobs : r->before;
    if (!k->is_edf)
        return r->now;
    return c->d.due == INT32_MIN ? r->now + 3650 * DAY_US : day_start(c->d.due + 1);
}

uint32_t task_new(struct sim_run *r, uint32_t who, unsigned branch, unsigned office,
                  unsigned roles)
{
    uint32_t id = task_alloc(r);
    struct sim_case *c = case_at(r, who);
    uint32_t gen = r->tasks[id].gen;
    r->tasks[id] = (struct sim_task){.who = who,
                                     .gen = gen,
                                     .branch = (unsigned char)branch,
                                     .station = (unsigned char)station_of(r, office, roles),
                                     .key = key_of(r, c),
                                     .left = -1,
                                     .order = ++r->events.pushed};
    c->task[branch] = id;
    task_queue(r, id);
    return id;
}

void task_end(struct sim_run *r, uint32_t id)
{
    struct sim_task *t = &r->tasks[id];
    struct sim_case *c = case_at(r, t->who);
    if (t->place == TASK_QUEUED) {
        level_move(r, &r->waiting, -1);
        r->waiting.sum += run_clip(r, t->queued_us, r->now);
    } else if (t->place == TASK_HELD) {
        busy_end(r, &r->officers[t->officer]);
    }
    c->task[t->branch] = 0;
    t->place = TASK_FREE;
    t->gen++;
    t->next_free = r->free_task;
    r->free_task = id;
}

/* -- being away -- */

/* What she had in hand goes back to the queue, as old as it was, with the work that is left. */
void officer_away(struct sim_run *r, unsigned officer)
{
    struct sim_officer *o = &r->officers[officer];
    uint32_t id = o->task;
    if (o->away++ == 0)
        present_end(r, o);
    if (!id)
        return;
    r->tasks[id].left = hours_worked(r->hours, o->done_us) - hours_worked(r->hours, r->now);
    busy_end(r, o);
    task_queue(r, id);
}

void officer_back(struct sim_run *r, unsigned officer)
{
    struct sim_officer *o = &r->officers[officer];
    if (--o->away)
        return;
    o->present_w = hours_worked(r->hours, r->now);
    o->idle_us = r->now;
    officer_next(r, officer);
}

void stations_serve(struct sim_run *r)
{
    r->open_planned = false;
    for (unsigned i = 0; i < r->nofficers; i++)
        officer_next(r, i);
}

void office_end(struct sim_run *r)
{
    for (unsigned i = 0; i < r->nofficers; i++) {
        struct sim_officer *o = &r->officers[i];
        if (!o->away)
            present_end(r, o);
        if (o->task)
            busy_end(r, o);
    }
    for (size_t i = 1; i < r->ntasks; i++)
        if (r->tasks[i].place == TASK_QUEUED)
            r->waiting.sum += run_clip(r, r->tasks[i].queued_us, r->now);
    level_move(r, &r->waiting, 0);
}
