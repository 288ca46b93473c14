/* due.c - the schedule: which periods are looked at, what they wait for, what changed since. */
#include "app/app.h"
#include "gen/opendata_sql.h"
#include "opendata/opendata_priv.h"
#include "store/store.h"

/* LOOKED_MAX: periods looked at until twelve are found that hold anything. */
enum { CATCH_UP = 12, LOOKED_MAX = 48, TICK_MAX = 40, RELEASE_MEMORY = 128 << 20 };

/* -- what was counted -- */

static int64_t month_of(int32_t day)
{
    struct civil c = civil_of_day(day);
    return (int64_t)c.year * 12 + c.month - 1;
}

enum rc offer_counted(struct ctx *cx, const struct offer *o, int32_t past, int32_t *ret)
{
    int64_t month = -1;
    if (o->d->event) {
        struct day_before_row day;
        TRY(sql_day_before(cx, past, &day));
        *ret = (int32_t)day.day;
        return RC_OK;
    }
    for (size_t i = 0; i < o->d->ncolumns; i++) {
        const struct indicator *ind = offer_column(cx, o, i);
        struct month_before_row folded;
        struct log_month_before_row logged;
        if (!ind)
            continue;
        TRY(sql_month_before(cx, ind->id, month_of(past), &folded));
        TRY(sql_log_month_before(cx, ind->id, month_of(past), &logged));
        month = folded.month > month ? folded.month : month;
        month = logged.month > month ? logged.month : month;
    }
    *ret = month < 0 ? -1 : day_make((int)(month / 12), (int)(month % 12) + 1, 1);
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

static struct str month_name(struct arena *mem, int32_t day)
{
    return grain_text(mem, day, TIME_MONTH);
}

/* Did something change that stands in the period since that event? What came late is known by
 * its day only; a stock holds all that ever was. */
static enum rc is_changed(struct ctx *cx, const struct offer *o, const struct data_period *s,
                          int64_t seq, int64_t us, bool *ret)
{
    struct told_since_row *told;
    struct late_since_row *late = NULL;
    struct undone_since_row *undone = NULL;
    bool is_stock = false;
    if (o->d->event)
        TRY(sql_undone_since(cx, s->from, s->to, day_of(us), &undone));
    for (size_t i = 0; i < o->d->ncolumns && !late; i++) {
        const struct indicator *ind = offer_column(cx, o, i);
        if (!ind)
            continue;
        is_stock |= ind->is_stock;
        TRY(sql_late_since(cx, ind->id, ind->is_stock ? INT32_MIN : s->from, s->to, day_of(us),
                           &late));
    }
    TRY(sql_told_since(cx, is_stock ? STR("") : month_name(cx->mem, s->from),
                       month_name(cx->mem, s->to - 1), seq, &told));
    *ret = late || undone || (told && !o->d->event);
    return RC_OK;
}

static enum rc is_settled(struct ctx *cx, const struct offer *o, const struct data_period *s,
                          bool *ret)
{
    struct release_find_row *done;
    struct refusal_find_row *kept;
    bool changed = false;
    TRY(sql_release_find(cx, o->id, s->name, 0, &done));
    TRY(sql_refusal_find(cx, o->id, s->name, &kept));
    if (kept && !str_eq(kept->pack, o->pack->ref))
        kept = NULL;
    int64_t seq = done ? done->seq : -1, us = done ? done->released_us : 0;
    if (kept && kept->seq > seq) {
        seq = kept->seq;
        us = kept->refused_us;
    }
    if (seq >= 0)
        TRY(is_changed(cx, o, s, seq, us, &changed));
    *ret = seq >= 0 && !changed;
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
    TRY(statements_of(cx, NULL, s->from, s->to, 0, &stated));
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
        found += outcome != RELEASE_EMPTY;
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
    TRY(statements_of(cx, NULL, d.period.from, d.period.to, 0, &d.stated));
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
