/* fold.c - what reading needs, summed from the cells a thousand events at a time.
 *
 * Counting only adds to `cell`, which stays small; every FOLD_EVENTS-th event of the ledger moves
 * it into days, months and the sums of the units above. So the place of a fold depends on
 * nothing but the event, and a rebuild folds at the same ones. */
#include "app/app.h"
#include "gen/measure_sql.h"
#include "measure/measure_priv.h"

enum { FOLD_EVENTS = 4096 };

bool fold_is_due(const struct event *ev)
{
    return ev->kind == EV_INDICATOR_BACKFILLED || ev->seq % FOLD_EVENTS == FOLD_EVENTS - 1;
}

enum rc cells_fold(struct ctx *cx)
{
    TRY(sql_fold_days(cx));
    TRY(sql_fold_months(cx));
    TRY(sql_fold_months_below(cx));
    TRY(sql_fold_sum_days(cx));
    TRY(sql_fold_sum_months(cx));
    TRY(sql_fold_sum_months_below(cx));
    return sql_cell_clear(cx);
}

enum rc unit_placed(struct ctx *cx, const struct event *ev)
{
    TRY(sql_above_parent(cx, ev->subject));
    return sql_above_others(cx, ev->subject);
}

/* Only dossiers set the clock: a node may be made today and be given last year's. */
static bool tells_time(enum event_kind kind)
{
    static const char *const subjects[] = {
        "",
#define EVENT(id, name, subject, text) #subject,
#include "events.def"
#undef EVENT
    };
    return str_eq(str_from(subjects[kind]), STR("dossier"));
}

enum rc clock_step(struct ctx *cx, const struct event *ev, int32_t *ret)
{
    struct clock_last_row *last;
    int32_t day = day_of(ev->time_us);
    *ret = day;
    if (!tells_time(ev->kind))
        return RC_OK;
    TRY(sql_clock_last(cx, &last));
    if (last && day <= last->day) {
        *ret = (int32_t)last->day;
        return RC_OK;
    }
    return sql_clock_add(cx, day, ev->seq);
}

/* -- months of other nodes -- */

enum rc month_cell_add(struct ctx *cx, int64_t month, const struct month_cell *c)
{
    atomic_fetch_add(cx->app->measure->changes, 1);
    TRY(sql_month_add(cx, c->indicator, c->unit.v, month, c->procedure, c->channel, c->bucket,
                      c->num, c->den));
    TRY(sql_month_add_below(cx, c->indicator, c->unit.v, month, c->procedure, c->channel,
                            c->bucket, c->num, c->den));
    TRY(sql_sum_add(cx, c->indicator, c->unit.v, month, c->bucket, c->num, c->den));
    return sql_sum_add_above(cx, c->indicator, c->unit.v, month, c->bucket, c->num, c->den);
}

struct month_walk {
    month_cell_fn *each;
    void *arg;
};

static enum rc month_each(struct ctx *cx, const struct month_own_row *r, void *arg)
{
    const struct month_walk *w = arg;
    struct month_cell c = {.indicator = r->indicator,
                           .unit = {r->unit},
                           .procedure = r->procedure,
                           .channel = r->channel,
                           .bucket = r->bucket,
                           .num = r->num,
                           .den = r->den};
    return w->each(cx, &c, w->arg);
}

enum rc month_cells(struct ctx *cx, int64_t month, month_cell_fn *each, void *arg)
{
    struct month_walk w = {each, arg};
    return sql_month_own(cx, month, month_each, &w);
}
