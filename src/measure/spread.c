/* spread.c - distributions: counts in buckets that can be added, percentiles of them, and how long
 * dossiers waited.
 *
 * A bucket is at most 1/32 of the values in it wide, so its middle is within 1/64 of each. */
#include "app/app.h"
#include "gen/measure_sql.h"
#include "measure/read.h"
#include "text/i18n.h"

enum { EXACT = 64, STEPS = 32, STEP_BITS = 5 };
_Static_assert(BUCKETS_MAX == EXACT + (VALUE_BITS_MAX - STEP_BITS - 1) * STEPS, "");

static int top_bit(int64_t v)
{
    int n = 0;
    while (v >>= 1)
        n++;
    return n;
}

int64_t bucket_of(int64_t value)
{
    int64_t most = (INT64_C(1) << VALUE_BITS_MAX) - 1;
    int64_t v = value < 0 ? 0 : value > most ? most : value;
    if (v < EXACT)
        return v;
    int top = top_bit(v);
    return EXACT + (top - STEP_BITS - 1) * STEPS + ((v >> (top - STEP_BITS)) & (STEPS - 1));
}

/* The first and the last value in it. */
static struct spread_bar bar_of(int64_t bucket)
{
    if (bucket < EXACT)
        return (struct spread_bar){bucket, bucket, 0};
    int64_t at = bucket - EXACT, width = INT64_C(1) << (at / STEPS + 1);
    int64_t low = (STEPS + at % STEPS) * width;
    return (struct spread_bar){low, low + width - 1, 0};
}

int64_t bucket_hundredths(int64_t bucket)
{
    struct spread_bar b = bar_of(bucket);
    return (b.from + b.to) * 50;
}

int64_t percentile_of(const int64_t n[BUCKETS_MAX], int64_t all, int percent)
{
    int64_t need = (all * percent + 99) / 100, seen = 0;
    for (int64_t i = 0; all > 0 && i < BUCKETS_MAX; i++) {
        seen += n[i];
        if (seen >= need)
            return bucket_hundredths(i);
    }
    return DB_NULL;
}

struct counts {
    int64_t n[BUCKETS_MAX], all;
};

static enum rc part_count(struct ctx *cx, const struct part *p, void *arg)
{
    struct counts *c = arg;
    if (p->bucket < 0 || p->bucket >= BUCKETS_MAX)
        return FAIL(cx, CORRUPT, "bucket", "%lld", (long long)p->bucket);
    c->n[p->bucket] += p->den;
    c->all += p->den;
    return RC_OK;
}

static enum rc counts_read(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                           struct counts **ret)
{
    struct counts *c = arena_new_of(cx->mem, struct counts);
    struct reading r = {.ind = ind, .slice = s, .buckets = true, .each = part_count, .arg = c};
    if (!ind->is_distribution)
        return FAIL(cx, STATE, "indicator", "not a distribution");
    TRY(cells_read(cx, &r));
    *ret = c;
    return RC_OK;
}

enum rc figure_percentile(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                          int percent, int64_t *hundredths)
{
    struct counts *c;
    TRY(counts_read(cx, ind, s, &c));
    *hundredths = percentile_of(c->n, c->all, percent);
    return RC_OK;
}

enum rc figure_spread(struct ctx *cx, const struct indicator *ind, const struct slice *s,
                      struct spread *ret)
{
    struct counts *c;
    TRY(counts_read(cx, ind, s, &c));
    struct spread sp = {arena_array(cx->mem, struct spread_bar, BUCKETS_MAX), 0, c->all};
    for (int64_t i = 0; i < BUCKETS_MAX; i++) {
        if (c->n[i] == 0)
            continue;
        sp.v[sp.n] = bar_of(i);
        sp.v[sp.n++].count = c->n[i];
    }
    *ret = sp;
    return RC_OK;
}

/* -- waiting times: a histogram of working days per service, unit and year --
 * Rows are bounded by packs x units x years x WAIT_DAYS_MAX. `days` of a move is what casework
 * counted on the legal clock: pauses, in which the applicant had the turn, are not in it. */

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
