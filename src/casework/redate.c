/* redate.c - dates that move after they were told: another calendar, an apology. */
#include "app/app.h"
#include "calendar/version.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "store/store.h"

/* -- a new calendar -- */

/* A dossier's dates by the calendar in force. */
static void dates_anew(struct ctx *cx, const struct dossier *d, struct dossier *next)
{
    *next = *d;
    next->after_us = TIME_NONE;
    clocks_count(cx, next, cx->now_us);
    if (d->redated)
        next->promised.day = calendar_next_working(calendar_for(cx, d->unit), d->promised.day);
}

struct change {
    struct str clock;
    int32_t from, to;
};

/* What to tell the applicant: the day that they count on, else whatever moved. */
static bool change_find(const struct dossier *d, const struct dossier *next, struct change *ret)
{
    const struct flow *f = d->pack->flow;
    size_t told = clock_told(d);
    if (d->redated && next->promised.day != d->promised.day) {
        *ret = (struct change){STR("promised"), d->promised.day, next->promised.day};
        return true;
    }
    for (size_t k = 0; k < f->nclocks; k++) {
        size_t i = (told + k) % f->nclocks;
        struct due was = d->clocks[i].due, is = next->clocks[i].due;
        *ret = (struct change){f->clocks[i].id, was.day, is.day};
        if (was.at_us != is.at_us)
            return true;
    }
    if (d->after_us != next->after_us) {
        *ret =
            (struct change){STR("timer"), due_at(d->after_us).day, due_at(next->after_us).day};
        return true;
    }
    /* what stands still is warned of anew when it goes on */
    *ret = (struct change){STR("warning"), d->due, next->due};
    return clock_is_running(d) && d->warn_us != next->warn_us;
}

static enum rc redated_append(struct ctx *cx, const struct dossier *d,
                              const struct dossier *next, const struct change *c)
{
    struct event ev = dossier_event(cx, d, EV_DOSSIER_REDATED);
    struct arena *mem = cx->mem;
    json_put_str(mem, ev.facts, "cause", STR("calendar"));
    json_put_str(mem, ev.facts, "clock", c->clock);
    json_put_int(mem, ev.facts, "due_old", c->from);
    json_put_int(mem, ev.facts, "due_new", c->to);
    json_put_int(mem, ev.facts, "version", calendar_version(calendar_of(cx)));
    /* told another day already, and that one stands: nothing new to say */
    bool silent = c->from == c->to || (d->redated && !str_eq(c->clock, STR("promised")));
    json_put_bool(mem, ev.facts, "told", !silent);
    if (d->redated)
        json_put_int(mem, ev.facts, "promised", day_start(next->promised.day + 1));
    clocks_facts(cx, next, ev.facts);
    ev.known = d;
    return ledger_append(cx, &ev);
}

static enum rc redate_one(struct ctx *cx, const struct dossier *d, struct recompute *r)
{
    struct dossier *next = arena_new_of(cx->mem, struct dossier);
    struct change c;
    dates_anew(cx, d, next);
    if (!change_find(d, next, &c))
        return RC_OK;
    bool is_date = !str_eq(c.clock, STR("warning"));
    r->moved += is_date;
    r->reminders += !is_date;
    return r->is_dry ? RC_OK : redated_append(cx, d, next, &c);
}

/* What one dossier takes is given back before the next: a batch stays in the processor's near
 * memory. */
static enum rc redate_each(struct ctx *cx, const struct dossier_list *list, struct recompute *r)
{
    enum { ONE_MEMORY = 16 << 20 };
    struct arena *mem = cx->mem, *one = arena_new(ONE_MEMORY);
    enum rc rc = RC_OK;
    cx->mem = one;
    for (size_t i = 0; i < list->n && rc == RC_OK; i++) {
        if (list->v[i])
            rc = redate_one(cx, list->v[i], r);
        arena_reset(one);
    }
    cx->mem = mem;
    arena_free(one);
    return rc;
}

static enum rc batch_run(struct ctx *cx, size_t batch, struct recompute *r)
{
    struct dossier_list list = {0};
    if (!r->is_dry)
        TRY(db_begin(cx));
    TRY(dossiers_running(cx, r->after, batch, &list, &r->broken));
    TRY(redate_each(cx, &list, r));
    r->seen += (int64_t)list.n;
    r->is_done = list.n < batch;
    r->after = list.total;
    if (r->is_dry)
        return RC_OK;
    TRY(calendar_follow(cx, calendar_version(calendar_of(cx)), r->after, r->is_done));
    return db_commit(cx);
}

enum rc dossiers_open_count(struct ctx *cx, int64_t *ret)
{
    struct dossier_open_count_row row = {0};
    TRY(sql_dossier_open_count(cx, &row));
    *ret = row.n;
    return RC_OK;
}

enum rc dossiers_recompute(struct ctx *cx, size_t batch, struct recompute *r)
{
    enum { BATCH_MEMORY = 256 << 20 };
    struct arena *mem = cx->mem;
    cx->mem = arena_new(BATCH_MEMORY);
    batch = batch && batch < RECOMPUTE_BATCH_MAX ? batch : RECOMPUTE_BATCH_MAX;
    enum rc rc = batch_run(cx, batch, r);
    if (rc != RC_OK)
        db_rollback(cx);
    arena_free(cx->mem);
    cx->mem = mem;
    return rc;
}

/* -- an apology -- */

static enum rc apology_check(struct ctx *cx, const struct dossier *d, struct str reason,
                             int32_t day)
{
    enum { DAYS_MAX = 366 };
    int32_t due = d->clocks[0].due.day;
    if (!dossier_is_officer(cx, d, CAP_CASE_ACT))
        return FAIL(cx, FORBIDDEN, "reason", "not an officer of the unit");
    if (!clock_is_running(d))
        return FAIL(cx, STATE, "day", "the legal time is not running");
    if (d->redated) /* LAW: ND61/2018 19.9 - the date may be re-set once */
        return FAIL(cx, STATE, "day", "the date was re-set before");
    if (!reason.n || !utf8_is(reason) || utf8_len(reason) > NOTE_MAX)
        return FAIL(cx, INVALID, "reason", "1 to %d characters", NOTE_MAX);
    bool late = day <= due || day <= day_of(cx->now_us);
    if (late || day > due + DAYS_MAX || !calendar_is_working(calendar_for(cx, d->unit), day))
        return FAIL(cx, INVALID, "day", "a working day after the due day, within a year");
    return RC_OK;
}

enum rc dossier_apologise(struct ctx *cx, struct dossier *d, struct str reason, int32_t day,
                          struct dossier_ref *ret)
{
    const struct calendar *cal = calendar_for(cx, d->unit);
    reason = str_trim(reason);
    TRY(apology_check(cx, d, reason, day));
    TRY(db_begin(cx));
    TRY(dossier_version_check(cx, d));
    struct event ev = dossier_event(cx, d, EV_DOSSIER_REDATED);
    int32_t due = d->clocks[0].due.day;
    json_put_str(cx->mem, ev.facts, "cause", STR("apology"));
    json_put_str(cx->mem, ev.facts, "clock", d->pack->flow->clocks[0].id);
    json_put_int(cx->mem, ev.facts, "due_old", due);
    json_put_int(cx->mem, ev.facts, "due_new", day);
    json_put_int(cx->mem, ev.facts, "promised", day_start(day + 1));
    json_put_int(cx->mem, ev.facts, "version", calendar_version(cal));
    json_put_bool(cx->mem, ev.facts, "told", true);
    /* LAW: ND61/2018 19.9 - at the latest one day before the due day */
    json_put_bool(cx->mem, ev.facts, "in_time", day_of(cx->now_us) < due);
    ev.secret = json_new_obj(cx->mem);
    json_put_str(cx->mem, ev.secret, "reason", reason);
    TRY(ledger_append(cx, &ev));
    d->redated = 1;
    d->promised = due_at(day_start(day + 1));
    d->version = ev.seq;
    *ret = (struct dossier_ref){d->id, d->code, ev.seq};
    return RC_OK;
}
