/* test_measure_log.c - what was counted since the last fold, as those read it who share a cache. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the helpers: not all are needed */
#include "measure_help.h"

#include "gen/measure_sql.h"
#include "measure/log.h"

static const struct period june = {20605, 20635}; /* June 2026 */

static int64_t received(struct ctx *cx)
{
    struct figure f = {0};
    struct slice s = {.period = june};
    const struct indicator *ind = indicator_find(cx, STR("small-permit.ends"));
    assert_non_null(ind);
    assert_int_equal(figure_get(cx, ind, &s, &f), RC_OK);
    return f.num;
}

static struct made one(struct desk *k)
{
    return (struct made){.day = june.from + 3,
                         .unit = k->office.units[1],
                         .procedure = "9.000001",
                         .channel = 2,
                         .days = 3};
}

static void put(struct desk *k, int64_t seq)
{
    struct made m = one(k);
    assert_int_equal(made_apply(k, &m, MADE_FIRST + seq), RC_OK);
}

/* Each row that is committed is seen at once, though others were read before. */
static void grows(void **state)
{
    struct desk *k = *state;
    int64_t before = received(as(k, ""));
    for (int64_t i = 0; i < 200; i++) {
        put(k, i);
        assert_int_equal(received(as(k, "")), before + i + 1);
    }
}

/* For a turn that is not committed. */
static struct event ended(struct ctx *cx, struct desk *k, int64_t seq)
{
    struct event ev = {.seq = seq,
                       .time_us = day_start(june.from + 1),
                       .kind = EV_DOSSIER_MOVED,
                       .unit = k->office.units[1],
                       .subject = 1,
                       .facts = json_new_obj(cx->mem)};
    json_put_str(cx->mem, ev.facts, "pack", STR("small-permit"));
    json_put_str(cx->mem, ev.facts, "procedure", STR("9.000001"));
    json_put_int(cx->mem, ev.facts, "status", STATUS_READY);
    json_put_bool(cx->mem, ev.facts, "ended", true);
    return ev;
}

/* What a turn counted is its own until it is committed, and nobody's when it is rolled back. */
static void turns_are_apart(void **state)
{
    struct desk *k = *state;
    int64_t before = received(as(k, ""));
    struct ctx *cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK);
    struct event ev = ended(cx, k, MADE_FIRST + 300);
    assert_int_equal(measure_subscriber.apply(cx, &ev), RC_OK);
    assert_int_equal(received(cx), before + 1);
    db_rollback(cx);
    assert_int_equal(received(as(k, "")), before);
    put(k, 300); /* the same number, another event */
    assert_int_equal(received(as(k, "")), before + 1);
}

/* A fold empties the log; the figure stays, and grows on from there. */
static void folds(void **state)
{
    struct desk *k = *state;
    int64_t before = received(as(k, ""));
    put(k, 400);
    assert_int_equal(received(as(k, "")), before + 1);
    fold_now(k);
    assert_int_equal(received(as(k, "")), before + 1);
    put(k, 401);
    assert_int_equal(received(as(k, "")), before + 2);
    fold_now(k);
    fold_now(k); /* nothing to fold */
    assert_int_equal(received(as(k, "")), before + 2);
}

/* What folds find ready in memory is what the log has: without what was rolled back, and also when
 * it was forgotten in between. */
static void folds_what_is_ready(void **state)
{
    struct desk *k = *state;
    fold_now(k);
    int64_t before = received(as(k, ""));
    put(k, 600);
    put(k, 601);
    struct ctx *cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK);
    struct event ev = ended(cx, k, MADE_FIRST + 602);
    assert_int_equal(measure_subscriber.apply(cx, &ev), RC_OK);
    db_rollback(cx);
    assert_int_equal(received(as(k, "")), before + 2);
    put(k, 602); /* the same number, another event */
    fold_now(k);
    assert_int_equal(received(as(k, "")), before + 3);
    put(k, 603);
    cx = as(k, "");
    assert_int_equal(figures_rest(cx), RC_OK); /* too early to forget */
    cx = as(k, "");
    cx->now_us += 2 * MINUTE_US;
    assert_int_equal(figures_rest(cx), RC_OK);
    put(k, 604);
    fold_now(k);
    assert_int_equal(received(as(k, "")), before + 5);
    put(k, 605);
    fold_now(k);
    assert_int_equal(received(as(k, "")), before + 6);
}

static enum rc stop(struct ctx *cx, const struct log_row *r, void *arg)
{
    ++*(int *)arg;
    return FAIL(cx, STATE, "row", "enough");
}

/* A reader that fails leaves the cache to the others. */
static void failing_reader(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    int rows = 0;
    put(k, 500);
    assert_int_equal(log_read(cx, STR("small-permit.ends"), stop, &rows), RC_STATE);
    assert_int_equal(rows, 1);
    int64_t before = received(as(k, ""));
    put(k, 501); /* filling it anew needs the lock that was given back */
    assert_int_equal(received(as(k, "")), before + 1);
    rows = 0;
    assert_int_equal(log_read(as(k, ""), STR("nobody.counts"), stop, &rows), RC_OK);
    assert_int_equal(rows, 0);
}

struct told {
    struct desk *k;
    int rows;
};

/* In the middle of reading more rows than a batch holds, somebody folds. */
static enum rc folds_meanwhile(struct ctx *cx, const struct log_row *r, void *arg)
{
    struct told *t = arg;
    if (t->rows++ == 10) {
        struct ctx *other = ctx_new(arena_new(64 << 20), cx->app);
        assert_int_equal(db_attach(other, other->app->store), RC_OK);
        assert_int_equal(db_begin(other), RC_OK);
        assert_int_equal(cells_fold(other), RC_OK);
        assert_int_equal(db_commit(other), RC_OK);
        struct made m = one(t->k);
        assert_int_equal(made_apply(t->k, &m, MADE_FIRST + 990), RC_OK);
        assert_int_equal(received(other), 301); /* the cache begins anew */
        arena_free(other->mem);
    }
    assert_str(r->procedure, "9.000001");
    return RC_OK;
}

static enum rc held_read(struct ctx *cx, const struct clock_held_row *r, void *arg)
{
    return log_read(cx, STR("small-permit.ends"), folds_meanwhile, arg);
}

/* Who began to read keeps reading what stood there then, each row once. */
static void folded_meanwhile(void **state)
{
    struct desk *k = *state;
    struct told told = {k, 0};
    for (int64_t i = 0; i < 300; i++)
        put(k, 600 + i);
    assert_int_equal(received(as(k, "")), 300);
    struct ctx *cx = ctx_new(arena_new(64 << 20), k->cx->app);
    assert_int_equal(db_attach(cx, cx->app->store), RC_OK);
    assert_int_equal(sql_clock_held(cx, held_read, &told), RC_OK);
    assert_int_equal(told.rows, 300);
    arena_free(cx->mem);
}

/* -- sums on their way into the tables -- */

/* A part that no key holds is refused as a whole: nothing is written with half a key. */
static void too_wide(void **state)
{
    struct desk *k = *state;
    static const struct {
        int64_t day, channel, bucket;
        enum rc rc;
    } rows[] = {
        {20605, 1, 0, RC_OK},
        {-719468, 0, 0, RC_OK},           /* the year 0 */
        {20605, 4095, UINT32_MAX, RC_OK}, /* the widest */
        {20605, 4096, 0, RC_TOO_LARGE},   /* a channel too many */
        {20605, -1, 0, RC_TOO_LARGE},
        {20605, 1, -1, RC_TOO_LARGE},
        {20605, 1, INT64_C(1) << 32, RC_TOO_LARGE},
        {1 << 23, 1, 0, RC_TOO_LARGE}, /* the year 24,936 */
        {-(1 << 23) - 1, 1, 0, RC_TOO_LARGE},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = as(k, "");
        assert_int_equal(db_begin(cx), RC_OK);
        struct tally *t = tally_new(cx);
        tally_add(t, &(struct tally_part){.indicator = STR("x"),
                                          .procedure = STR("9.1"),
                                          .unit = k->office.units[1].v,
                                          .day = rows[i].day,
                                          .channel = rows[i].channel,
                                          .bucket = rows[i].bucket,
                                          .num = 1});
        enum rc rc = tally_write(cx, t);
        db_rollback(cx);
        if (rc != rows[i].rc)
            fail_msg("row %zu: %d", i, (int)rc);
    }
}

/* Folds are at the same events for everybody, and after each step of a backfill. */
static void folds_are_due(void **state)
{
    static const struct {
        int64_t seq;
        enum event_kind kind;
        bool due;
    } rows[] = {
        {0, EV_DOSSIER_MOVED, false},       {4095, EV_DOSSIER_MOVED, false},
        {16382, EV_DOSSIER_MOVED, false},   {16383, EV_DOSSIER_MOVED, true},
        {16384, EV_DOSSIER_MOVED, false},   {32767, EV_DATA_READ, true},
        {5, EV_INDICATOR_BACKFILLED, true},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct event ev = {.seq = rows[i].seq, .kind = rows[i].kind};
        if (fold_is_due(&ev) != rows[i].due)
            fail_msg("row %zu", i);
    }
}

static int prepare(void **state)
{
    int rc = desk_begin(state);
    if (rc == 0)
        indicators_publish(*state, "1.3.0", indicators);
    return rc;
}

#define LOG(test) cmocka_unit_test_setup_teardown(test, prepare, desk_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOG(grows),          LOG(turns_are_apart),  LOG(folds),    LOG(folds_what_is_ready),
        LOG(failing_reader), LOG(folded_meanwhile), LOG(too_wide), UNIT(folds_are_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
