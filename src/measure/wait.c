/* wait.c - waiting times: a histogram of working days per service, unit and year.
 *
 * Rows are bounded by packs x units x years x WAIT_DAYS_MAX. `days` of a move is what casework
 * counted on the legal clock: pauses, in which the applicant had the turn, are not in it. */
#include "app/app.h"
#include "gen/measure_sql.h"
#include "measure/measure_priv.h"
#include "text/i18n.h"

enum { HALF = 50, MOST = 90 };

static bool ends_with_a_result(int64_t status)
{
    return status != STATUS_NOT_RECEIVED && status != STATUS_WITHDRAWN;
}

enum rc wait_count(struct ctx *cx, const struct event *ev, int sign)
{
    int64_t days = json_int(ev->facts, "days", 0);
    if (!json_bool(ev->facts, "ended") || !ends_with_a_result(json_int(ev->facts, "status", 0)))
        return RC_OK;
    return sql_wait_add(cx, json_str(ev->facts, "pack"), ev->unit.v,
                        civil_of_day(day_of(ev->time_us)).year,
                        days < 0               ? 0
                        : days > WAIT_DAYS_MAX ? WAIT_DAYS_MAX
                                               : days,
                        sign);
}

/* Nearest rank: the least number of days in which percent of all were done. */
static int32_t rank_of(const struct wait_days_rows *rows, int64_t n, int percent)
{
    int64_t need = (n * percent + 99) / 100, seen = 0;
    for (size_t i = 0; i < rows->n; i++) {
        seen += rows->v[i].n;
        if (seen >= need)
            return (int32_t)rows->v[i].days;
    }
    return 0;
}

enum rc wait_get(struct ctx *cx, struct str pack, struct unit_id unit, struct wait *ret)
{
    struct wait_days_rows rows = {0};
    struct wait w = {0};
    int year = civil_of_day(day_of(cx->now_us)).year;
    TRY(sql_wait_days(cx, pack, unit.v, year - 1, &rows));
    for (size_t i = 0; i < rows.n; i++)
        w.n += rows.v[i].n;
    w.half = rank_of(&rows, w.n, HALF);
    w.most = rank_of(&rows, w.n, MOST);
    w.is_small = w.n < cx->app->settings.small_number;
    *ret = w;
    return RC_OK;
}

static struct str days_text(struct ctx *cx, int32_t days)
{
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, "n", number_text(cx, days));
    return msg_fill(cx, days ? STR("wait.days") : STR("wait.same_day"), args);
}

struct str wait_text(struct ctx *cx, const struct wait *w)
{
    struct json *args = json_new_obj(cx->mem);
    if (!w->n)
        return STR("");
    json_put_str(cx->mem, args, "half", days_text(cx, w->half));
    json_put_str(cx->mem, args, "most", days_text(cx, w->most));
    json_put_str(cx->mem, args, "n", number_text(cx, w->n));
    return msg_fill(cx, w->half == w->most ? STR("wait.text.same") : STR("wait.text"), args);
}
