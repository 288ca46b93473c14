/* late.c - what comes due by itself: state timers, warnings, escalation, drafted apologies. */
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"

/* -- when -- */

/* The moment at which that part of the legal time has been used. */
static int64_t part_at(struct ctx *cx, const struct dossier *d, int percent)
{
    const struct calendar *cal = calendar_for(cx, d->unit);
    const struct clock_run *c = &d->clocks[0];
    struct budget b = flow_clock_budget(&d->pack->flow->clocks[0], d->entries);
    if (percent == 100)
        return c->due.at_us;
    if (b.n == 0 && percent < 100) /* "the same day": its last hours begin with the cut-off */
        return day_start(c->due.day) + calendar_cutoff(cal);
    b.n = (int32_t)((int64_t)b.n * percent / 100);
    return calendar_due(cal, c->start_us, b, c->pauses, c->npauses, cx->now_us).at_us;
}

/* LAW: ND61/2018 19.9 - the apology goes out a day before the due day at the latest: it is
 * drafted as the last working day before that begins, or with the first warning. TIME_NONE when
 * the time is too short for it. */
static int64_t apology_at(struct ctx *cx, const struct dossier *d)
{
    const struct flow_late *late = &d->pack->flow->late;
    const struct clock_run *c = &d->clocks[0];
    int32_t before = calendar_last_working(calendar_for(cx, d->unit), c->due.day);
    int64_t at = day_start(before);
    if (d->redated || at <= c->start_us)
        return TIME_NONE;
    for (size_t i = 0; i < late->n; i++) {
        int64_t part = part_at(cx, d, late->percent[i]);
        at = part < at ? part : at;
    }
    return at;
}

static int64_t mark_at(struct ctx *cx, const struct dossier *d, unsigned mark)
{
    if (d->warned & (1u << mark))
        return TIME_NONE;
    return mark == LATE_APOLOGY ? apology_at(cx, d)
                                : part_at(cx, d, d->pack->flow->late.percent[mark]);
}

static bool does(const struct dossier *d, enum effect e)
{
    return (d->pack->flow->late.effects >> e) & 1;
}

/* Before the time has run out there is something to do only where the flow warns. */
static bool mark_is_asked(const struct dossier *d, unsigned mark)
{
    const struct flow_late *late = &d->pack->flow->late;
    if (mark == LATE_APOLOGY)
        return does(d, EFFECT_apology);
    return mark < late->n && (late->percent[mark] >= 100 || does(d, EFFECT_warn));
}

int64_t late_next(struct ctx *cx, const struct dossier *d)
{
    int64_t next = TIME_NONE;
    if (d->clocks[0].due.at_us == TIME_NONE || d->clocks[0].stop_us != TIME_NONE)
        return TIME_NONE;
    for (unsigned mark = 0; mark <= LATE_APOLOGY; mark++) {
        int64_t at = mark_is_asked(d, mark) ? mark_at(cx, d, mark) : TIME_NONE;
        if (at != TIME_NONE && (next == TIME_NONE || at < next))
            next = at;
    }
    return next;
}

/* -- what -- */

struct warning {
    unsigned marks;
    int percent;
    bool is_over;
    struct json *did;
};

static void marks_find(struct ctx *cx, const struct dossier *d, struct warning *w)
{
    for (unsigned mark = 0; mark <= LATE_APOLOGY; mark++) {
        int64_t at = mark_is_asked(d, mark) ? mark_at(cx, d, mark) : TIME_NONE;
        if (at == TIME_NONE || at > cx->now_us)
            continue;
        w->marks |= 1u << mark;
        if (mark != LATE_APOLOGY && d->pack->flow->late.percent[mark] > w->percent)
            w->percent = d->pack->flow->late.percent[mark];
    }
    w->is_over = !d->is_late && clock_is_over(d, cx->now_us);
    if (w->is_over && w->percent < 100)
        w->percent = 100;
}

static void did_add(struct ctx *cx, struct warning *w, const char *what)
{
    json_push(w->did, json_new_str(cx->mem, str_from(what)));
}

/* The superior who is named: a leader of the unit who does not hold it, else of one above. */
static enum rc superior_of(struct ctx *cx, const struct dossier *d, const struct unit **unit,
                           int64_t *account)
{
    for (const struct unit *u = d->unit; u; u = u->parent) {
        struct officer_list list = {0};
        TRY(officers_of(cx, u->id, &list));
        for (size_t i = 0; i < list.n; i++)
            if (list.v[i].role == ROLE_leader && list.v[i].account != d->holder) {
                *unit = u;
                *account = list.v[i].account;
                return RC_OK;
            }
    }
    return RC_OK;
}

static enum rc escalate(struct ctx *cx, const struct dossier *d, struct warning *w,
                        struct json *facts)
{
    const struct unit *unit = NULL;
    int64_t account = 0;
    if (!does(d, EFFECT_escalate) || w->percent < 100 || d->escalated)
        return RC_OK;
    TRY(superior_of(cx, d, &unit, &account));
    if (!unit)
        return RC_OK;
    did_add(cx, w, "escalate");
    json_put_str(cx->mem, facts, "unit", unit->code);
    json_put_int(cx->mem, facts, "account", account);
    return RC_OK;
}

int32_t late_proposal(struct ctx *cx, const struct dossier *d)
{
    const struct calendar *cal = calendar_for(cx, d->unit);
    int32_t more = flow_clock_budget(&d->pack->flow->clocks[0], d->entries).n / 2,
            day = d->clocks[0].due.day;
    if (day <= day_of(cx->now_us))
        day = day_of(cx->now_us);
    for (int32_t i = 0; i < (more < 1 ? 1 : more > 10 ? 10 : more); i++)
        day = calendar_next_working(cal, day + 1);
    return day;
}

static enum rc warn(struct ctx *cx, struct dossier *d)
{
    struct warning w = {.did = json_new_arr(cx->mem)};
    struct event ev = dossier_event(cx, d, EV_DOSSIER_WARNED);
    marks_find(cx, d, &w);
    if (w.percent && does(d, EFFECT_warn))
        did_add(cx, &w, "warn");
    TRY(escalate(cx, d, &w, ev.facts));
    if (w.marks & (1u << LATE_APOLOGY)) {
        did_add(cx, &w, "apology");
        json_put_int(cx->mem, ev.facts, "day", late_proposal(cx, d));
    }
    if (w.is_over && does(d, EFFECT_notify))
        did_add(cx, &w, "notify");
    d->warned |= w.marks;
    d->warn_us = late_next(cx, d);
    json_put_str(cx->mem, ev.facts, "procedure", d->pack->procedure);
    json_put_str(cx->mem, ev.facts, "pack", d->pack->id);
    json_put_int(cx->mem, ev.facts, "channel", d->channel);
    json_put_int(cx->mem, ev.facts, "supplements", d->supplements);
    if (clock_ever_ended(d))
        json_put_bool(cx->mem, ev.facts, "again", true);
    json_put_int(cx->mem, ev.facts, "percent", w.percent);
    json_put_int(cx->mem, ev.facts, "marks", w.marks);
    json_put_bool(cx->mem, ev.facts, "over", w.is_over);
    json_put(ev.facts, STR("did"), w.did);
    if (d->warn_us != TIME_NONE)
        json_put_int(cx->mem, ev.facts, "warn", d->warn_us);
    return ledger_append(cx, &ev);
}

/* -- the batch -- */

static bool is_due(int64_t at_us, int64_t now_us)
{
    return at_us != TIME_NONE && at_us <= now_us;
}

static enum rc timer_run(struct ctx *cx, int64_t id)
{
    struct dossier *d = NULL;
    TRY(dossier_get(cx, id, &d));
    bool runs_out = !d->is_late && clock_is_over(d, cx->now_us);
    if (runs_out || (clock_is_running(d) && is_due(d->warn_us, cx->now_us)))
        return warn(cx, d);
    if (is_due(d->after_us, cx->now_us))
        return timer_move(cx, d);
    return FAIL(cx, CORRUPT, NULL, "dossier %lld woke for nothing", (long long)id);
}

/* All in one turn: a flush of the disk costs more than the work. */
static enum rc timers_together(struct ctx *cx, const struct dossier_wake_rows *rows,
                               size_t from, size_t to)
{
    TRY(db_begin(cx));
    for (size_t i = from; i < to; i++)
        TRY(timer_run(cx, rows->v[i].id));
    return db_commit(cx);
}

/* One of them is broken: the others must not wait for its repair. */
static enum rc timers_apart(struct ctx *cx, const struct dossier_wake_rows *rows, size_t from,
                            size_t to, size_t *done)
{
    for (size_t i = from; i < to; i++) {
        TRY(db_begin(cx));
        enum rc rc = timer_run(cx, rows->v[i].id);
        if (rc == RC_OK) {
            TRY(db_commit(cx));
            ++*done;
            continue;
        }
        LOGE("timer dossier=%lld rc=%s detail=\"%s\"", (long long)rows->v[i].id, rc_name(rc),
             cx->err.detail);
        db_rollback(cx);
        ctx_clear(cx);
    }
    return RC_OK;
}

/* In the caller's turn, where an undone dossier would undo what the caller did before. */
static enum rc timers_inside(struct ctx *cx, size_t most, size_t *done)
{
    struct dossier_wake_rows rows = {0};
    TRY(branch_timers(cx, most, done));
    TRY(sql_dossier_wake(cx, cx->now_us, (int64_t)most, &rows));
    for (size_t i = 0; i < rows.n && *done < most; i++, ++*done)
        TRY(timer_run(cx, rows.v[i].id));
    return RC_OK;
}

enum { TIMERS_TOGETHER = 50, TIMERS_BROKEN_MAX = 1000, TIMERS_AT_ONCE_MAX = 10000 };

enum rc dossier_timers(struct ctx *cx, size_t max, size_t *done)
{
    struct dossier_wake_rows rows = {0};
    size_t most = max < TIMERS_AT_ONCE_MAX ? max : TIMERS_AT_ONCE_MAX;
    *done = 0;
    if (db_is_writing(cx))
        return timers_inside(cx, most, done);
    TRY(branch_timers(cx, most, done));
    /* broken ones come first each time: beyond them there is still room for others */
    TRY(sql_dossier_wake(cx, cx->now_us, (int64_t)most + TIMERS_BROKEN_MAX, &rows));
    for (size_t from = 0; from < rows.n && *done < most;) {
        size_t n = rows.n - from < TIMERS_TOGETHER ? rows.n - from : TIMERS_TOGETHER;
        n = n < most - *done ? n : most - *done;
        if (timers_together(cx, &rows, from, from + n) == RC_OK) {
            *done += n;
        } else {
            db_rollback(cx);
            ctx_clear(cx);
            TRY(timers_apart(cx, &rows, from, from + n, done));
        }
        from += n;
    }
    return RC_OK;
}
