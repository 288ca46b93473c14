/* due.c - the schedule: which periods are looked at, what they wait for, what changed since. */
#include "app/app.h"
#include "gen/opendata_sql.h"
#include "measure/log.h"
#include "opendata/opendata_priv.h"
#include "store/store.h"

/* LOOKED_MAX: periods looked at until twelve are found that hold anything. */
enum { CATCH_UP = 12, LOOKED_MAX = 48, TICK_MAX = 40, RELEASE_MEMORY = 128 << 20 };

/* -- what was counted -- */

/* The last month before `past` that the log tells of. */
struct logged {
    int64_t past, month;
};

static enum rc logged_each(struct ctx *cx, const struct log_row *r, void *arg)
{
    struct logged *l = arg;
    int64_t month = month_of((int32_t)r->day);
    (void)cx;
    if (month < l->past && month > l->month)
        l->month = month;
    return RC_OK;
}

struct counting {
    const struct offer *o;
    int64_t past, month;
};

static enum rc counted_each(struct ctx *cx, const struct counted_held_row *r, void *arg)
{
    struct counting *c = arg;
    struct logged logged = {c->past, -1};
    (void)r;
    for (size_t i = 0; i < c->o->d->ncolumns; i++) {
        const struct indicator *ind = offer_column(cx, c->o, i);
        struct month_before_row folded;
        if (!ind)
            continue;
        TRY(sql_month_before(cx, ind->id, c->past, &folded));
        TRY(log_read(cx, ind->id, logged_each, &logged));
        c->month = folded.month > c->month ? folded.month : c->month;
    }
    c->month = logged.month > c->month ? logged.month : c->month;
    return RC_OK;
}

enum rc offer_counted(struct ctx *cx, const struct offer *o, int32_t past, int32_t *ret)
{
    struct counting c = {o, month_of(past), -1};
    if (o->d->event) {
        struct day_before_row day;
        TRY(sql_day_before(cx, past, &day));
        *ret = (int32_t)day.day;
        return RC_OK;
    }
    TRY(sql_counted_held(cx, counted_each, &c));
    *ret = c.month < 0 ? -1 : day_make((int)(c.month / 12), (int)(c.month % 12) + 1, 1);
    return RC_OK;
}

/* The last period before `past` in which something was counted; false: there is none. */
static enum rc period_before(struct ctx *cx, const struct offer *o, int32_t past,
                             struct data_period *s, bool *ret)
{
    int32_t day;
    TRY(offer_counted(cx, o, past, &day));
    *ret = day >= 0;
    if (*ret)
        *s = data_period_of(cx->mem, day, o->d->every);
    return RC_OK;
}

/* The first day of the period that is not over since opendata_days. */
static int32_t open_from(const struct ctx *cx, const struct offer *o)
{
    int32_t day = day_of(cx->now_us) - (int32_t)cx->app->settings.opendata_days;
    return data_period_of(cx->mem, day, o->d->every).from;
}

/* -- what there is already -- */

/* What came late, was taken back or was stated since is found by making the file anew, once a
 * night; single events of a period that was given out stay as they are. */
static bool looks_again(const struct ctx *cx, const struct offer *o)
{
    enum { NIGHT = 1 }; /* the hour in Viet Nam */
    return !o->d->event && (cx->now_us - day_start(day_of(cx->now_us))) / HOUR_US == NIGHT;
}

static enum rc is_settled(struct ctx *cx, const struct offer *o, const struct data_period *s,
                          bool *ret)
{
    struct release_find_row *done;
    struct refusal_find_row *kept;
    TRY(sql_release_find(cx, o->id, s->name, 0, &done));
    TRY(sql_refusal_find(cx, o->id, s->name, &kept));
    if (kept && !str_eq(kept->pack, o->pack->ref))
        kept = NULL;
    *ret = (done || kept) && !looks_again(cx, o);
    return RC_OK;
}

/* -- one after the other -- */

/* In memory of its own: twenty datasets may have a year to catch up with. */
static enum rc release_one(struct ctx *cx, const struct offer *o, const struct data_period *s,
                           enum outcome *ret)
{
    struct arena *mem = cx->mem;
    struct release r = {0};
    cx->mem = arena_new(RELEASE_MEMORY);
    enum rc rc = dataset_release(cx, o, s, false, &r);
    if (rc == RC_OK)
        rc = db_commit(cx);
    else
        db_rollback(cx);
    arena_free(cx->mem);
    cx->mem = mem;
    *ret = r.outcome;
    return rc;
}

/* One that cannot be made must not keep the others back: it is logged and tried again with the
 * next tick. */
static enum outcome release_try(struct ctx *cx, const struct offer *o,
                                const struct data_period *s)
{
    enum outcome outcome = RELEASE_UNKNOWN;
    enum rc rc = release_one(cx, o, s, &outcome);
    if (rc != RC_OK)
        LOGE("dataset=%.*s period=%.*s rc=%s detail=\"%s\"", STR_ARG(o->id), STR_ARG(s->name),
             rc_name(rc), cx->err.detail);
    else if (outcome == RELEASE_UNKNOWN)
        LOGW("dataset=%.*s period=%.*s a column is not counted", STR_ARG(o->id),
             STR_ARG(s->name));
    ctx_clear(cx);
    return rc == RC_OK ? outcome : RELEASE_UNKNOWN;
}

static enum rc period_tick(struct ctx *cx, const struct offer *o, const struct data_period *s,
                           enum outcome *ret)
{
    struct stated stated;
    bool settled;
    *ret = RELEASE_SAME;
    TRY(is_settled(cx, o, s, &settled));
    if (settled)
        return RC_OK;
    TRY(statements_of(cx, NULL, s->from, s->to, &stated));
    if (stated.nwaiting == 0 || o->d->event)
        *ret = release_try(cx, o, s);
    return RC_OK;
}

static enum rc offer_tick(struct ctx *cx, const struct offer *o, size_t *released)
{
    struct data_period s;
    int32_t past = open_from(cx, o);
    int found = 0;
    for (int i = 0; i < LOOKED_MAX && found < CATCH_UP && *released < TICK_MAX; i++) {
        enum outcome outcome;
        bool any;
        TRY(period_before(cx, o, past, &s, &any));
        if (!any)
            break;
        TRY(period_tick(cx, o, &s, &outcome));
        found += outcome != RELEASE_EMPTY || o->d->event; /* its days are those of all */
        *released += outcome == RELEASE_DONE;
        past = s.from;
    }
    return RC_OK;
}

enum rc dataset_tick(struct ctx *cx, size_t *released)
{
    struct offers all = offers_all(cx);
    *released = 0;
    for (size_t i = 0; i < all.n; i++)
        TRY(offer_tick(cx, &all.v[i], released));
    return RC_OK;
}

/* -- why something is not there -- */

static bool is_counted(struct ctx *cx, const struct offer *o)
{
    for (size_t i = 0; i < o->d->ncolumns && !o->d->event; i++)
        if (!offer_column(cx, o, i))
            return false;
    return true;
}

static enum rc why_not(struct ctx *cx, const struct offer *o, const struct data_period *s,
                       enum why *ret)
{
    struct release_find_row *done;
    struct refusal_find_row *kept;
    TRY(sql_release_find(cx, o->id, s->name, 0, &done));
    TRY(sql_refusal_find(cx, o->id, s->name, &kept));
    *ret = done                ? WHY_RELEASED
           : kept              ? WHY_REFUSED
           : is_counted(cx, o) ? WHY_SOON
                               : WHY_UNCOUNTED;
    return RC_OK;
}

enum rc offer_due(struct ctx *cx, const struct offer *o, struct due_next *ret)
{
    struct due_next d = {.why = WHY_NONE};
    int32_t past = open_from(cx, o);
    bool any;
    d.period = data_period_of(cx->mem, past - 1, o->d->every);
    TRY(statements_of(cx, NULL, d.period.from, d.period.to, &d.stated));
    if (d.stated.nwaiting == 0 || o->d->event) {
        TRY(period_before(cx, o, past, &d.period, &any));
        if (any)
            TRY(why_not(cx, o, &d.period, &d.why));
    } else {
        TRY(why_not(cx, o, &d.period, &d.why));
        d.why = d.why == WHY_RELEASED ? WHY_RELEASED : WHY_WAITING;
    }
    *ret = d;
    return RC_OK;
}
