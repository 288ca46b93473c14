/* test_measure_cells.c - cells: folded or not, they say what the events say; distributions,
 * distinct counts, late events, moves taken back. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the helpers: not all are needed */
#include <sqlite3.h>

#include "measure_help.h"

static struct period days(int from_month, int from_day, int to_month, int to_day)
{
    return (struct period){day_make(2026, from_month, from_day),
                           day_make(2026, to_month, to_day)};
}

static struct figure get(struct desk *k, const char *id, const struct slice *s)
{
    struct figure f = {0};
    assert_int_equal(figure_get(as(k, ""), of_small(k, id), s, &f), RC_OK);
    return f;
}

static void put(struct desk *k, struct made m)
{
    static int64_t seq;
    assert_int_equal(made_apply(k, &m, MADE_FIRST + seq++ % 16000), RC_OK);
}

/* A dossier that ended in 2026; unit: of the office's. */
struct ended {
    int month, day, unit;
    const char *procedure;
    int channel;
    int64_t days;
    bool late;
};

static void put_all(struct desk *k, const struct ended *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(k, (struct made){day_make(2026, v[i].month, v[i].day), k->office.units[v[i].unit],
                             v[i].procedure, v[i].channel, v[i].days, v[i].late});
}

/* -- buckets -- */

static void buckets(void **state)
{
    static const struct {
        int64_t value, bucket, hundredths;
    } rows[] = {
        {-5, 0, 0},
        {0, 0, 0},
        {1, 1, 100},
        {63, 63, 6300},
        {64, 64, 6450}, /* 64 and 65 together */
        {65, 64, 6450},
        {66, 65, 6650},
        {127, 95, 12650},
        {128, 96, 12950}, /* 128 to 131 */
        {1000, 190, 99950},
        {(INT64_C(1) << 40) - 1, 1151, INT64_C(109092169318350)},
        {INT64_C(1) << 40, 1151, INT64_C(109092169318350)}, /* cut */
        {INT64_MAX, 1151, INT64_C(109092169318350)},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (bucket_of(rows[i].value) != rows[i].bucket ||
            bucket_hundredths(rows[i].bucket) != rows[i].hundredths)
            fail_msg("row %zu: %lld, %lld", i, (long long)bucket_of(rows[i].value),
                     (long long)bucket_hundredths(bucket_of(rows[i].value)));
}

/* Never farther than 1/64 from what was put in, and never out of order. */
static void buckets_are_near(void **state)
{
    int64_t before = -1;
    for (int64_t v = 0; v < INT64_C(1) << 39; v += v / 37 + 1) {
        int64_t b = bucket_of(v), far = bucket_hundredths(b) - v * 100;
        assert_true(b >= before && b < BUCKETS_MAX);
        if ((far < 0 ? -far : far) * 64 > v * 100)
            fail_msg("%lld is told as %lld", (long long)v, (long long)bucket_hundredths(b));
        before = b;
    }
}

/* -- percentiles -- */

static int64_t percentile(struct desk *k, const struct slice *s, int percent)
{
    int64_t v = -1;
    assert_int_equal(figure_percentile(as(k, ""), of_small(k, "took"), s, percent, &v), RC_OK);
    return v;
}

static void percentiles(void **state)
{
    struct desk *k = *state;
    struct slice s = {.unit = k->office.units[0], .period = days(6, 1, 7, 1)};
    static const struct {
        int percent;
        int64_t hundredths;
    } rows[] = {{1, 100},  {25, 300},        {50, 500},        {51, 600},
                {90, 900}, {91, 50000 - 50}, {100, 50000 - 50}};
    indicators_publish(k, "1.3.0", indicators);
    assert_true(percentile(k, &s, 50) == DB_NULL);
    for (int64_t v = 1; v <= 9; v++) /* nine quick ones, one very late: 500 lies in 496 … 503 */
        put(k,
            (struct made){day_make(2026, 6, 3), k->office.units[3], "9.000001", 2, v, false});
    put(k, (struct made){day_make(2026, 6, 9), k->office.units[2], "9.000001", 1, 500, true});
    for (int folded = 0; folded < 2; folded++) {
        for (size_t i = 0; i < ROWS(rows); i++)
            if (percentile(k, &s, rows[i].percent) != rows[i].hundredths)
                fail_msg("row %zu: %lld", i, (long long)percentile(k, &s, rows[i].percent));
        struct figure f = get(k, "took", &s);
        assert_int_equal(f.num, 545);
        assert_int_equal(f.den, 10);
        assert_str(figure_text(as(k, ""), of_small(k, "took"), &f), "54,50 ngày làm việc");
        fold_now(k);
    }
    struct spread sp;
    assert_int_equal(figure_spread(as(k, ""), of_small(k, "took"), &s, &sp), RC_OK);
    assert_int_equal(sp.n, 10);
    assert_int_equal(sp.all, 10);
    assert_int_equal(sp.v[9].from, 496);
    assert_int_equal(sp.v[9].to, 503);
    assert_int_equal(sp.v[9].count, 1);
    s.channel = 2;
    assert_int_equal(percentile(k, &s, 100), 900);
    s = (struct slice){.unit = k->office.units[1], .period = days(6, 1, 7, 1)};
    assert_true(percentile(k, &s, 50) == DB_NULL); /* another unit */
}

static void percentiles_refused(void **state)
{
    struct desk *k = *state;
    struct slice all = {0}, strange = {.unit = {INT64_C(987654321)}};
    struct spread sp;
    int64_t v = -1;
    indicators_publish(k, "1.3.0", indicators);
    static const char *const others[] = {"ends", "services", "paid", "fibre"};
    for (size_t i = 0; i < ROWS(others); i++) {
        const struct indicator *ind = of_small(k, others[i]);
        assert_int_equal(figure_percentile(as(k, ""), ind, &all, 50, &v), RC_STATE);
        assert_int_equal(figure_spread(as(k, ""), ind, &all, &sp), RC_STATE);
    }
    const struct indicator *took = of_small(k, "took");
    assert_int_equal(figure_percentile(as(k, ""), took, &strange, 50, &v), RC_NOT_FOUND);
    assert_int_equal(v, -1);
}

/* -- folded or not: against plain sums over the events themselves -- */

enum { MADE = 600, SLICES = 160 };

static uint32_t chance(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static const char *const codes[] = {"9.000001", "9.000002", "9.000003"};

static struct made made_by_chance(struct desk *k, uint32_t *c)
{
    return (struct made){day_make(2025, 11, 1) + (int32_t)chance(c, 150),
                         k->office.units[chance(c, 4)],
                         codes[chance(c, 3)],
                         1 + (int)chance(c, 3),
                         chance(c, 90),
                         chance(c, 2) == 0};
}

static bool is_within(struct desk *k, struct unit_id unit, struct unit_id top)
{
    return !top.v || unit_is_within(unit_of(k->cx, unit), unit_of(k->cx, top));
}

static bool slice_has(struct desk *k, const struct slice *s, const struct made *m)
{
    return m->day >= s->period.from && (!s->period.to || m->day < s->period.to) &&
           is_within(k, m->unit, s->unit) &&
           (!s->procedure.n || str_eq(s->procedure, str_from(m->procedure))) &&
           (!s->channel || s->channel == m->channel);
}

struct plain {
    int64_t n, sum, codes, codes_in_time, units;
};

static struct plain plain_of(struct desk *k, const struct slice *s, const struct made *v)
{
    struct plain p = {0};
    bool code[3] = {0}, in_time[3] = {0}, unit[4] = {0};
    for (size_t i = 0; i < MADE; i++) {
        if (!slice_has(k, s, &v[i]))
            continue;
        p.n++;
        p.sum += v[i].days;
        for (size_t c = 0; c < 3; c++)
            if (strcmp(v[i].procedure, codes[c]) == 0) {
                code[c] = true;
                in_time[c] |= !v[i].late;
            }
        for (size_t u = 0; u < 4; u++)
            unit[u] |= v[i].unit.v == k->office.units[u].v;
    }
    for (size_t i = 0; i < 4; i++) {
        p.codes += i < 3 && code[i];
        p.codes_in_time += i < 3 && in_time[i];
        p.units += unit[i];
    }
    return p;
}

static struct slice slice_by_chance(struct desk *k, uint32_t *c)
{
    int32_t from = day_make(2025, 10, 20) + (int32_t)chance(c, 170);
    struct slice s = {.period = {from, from + (int32_t)chance(c, 100)}};
    if (chance(c, 5))
        s.unit = k->office.units[chance(c, 4)];
    if (!chance(c, 3))
        s.procedure = str_from(codes[chance(c, 3)]);
    if (!chance(c, 3))
        s.channel = 1 + (int)chance(c, 3);
    if (!chance(c, 4))
        s.period.to = 0;
    if (!chance(c, 3)) { /* whole months */
        s.period.from = day_make(2025, 10 + (int)chance(c, 3), 1);
        s.period.to = day_make(2026, 1 + (int)chance(c, 4), 1);
    }
    return s;
}

static void sums_agree(struct desk *k, const struct slice *s, const struct made *v, size_t at)
{
    static const enum figure_by bys[] = {BY_UNIT, BY_PROCEDURE, BY_DAY, BY_MONTH, BY_EACH};
    struct plain p = plain_of(k, s, v);
    struct figure took = get(k, "took", s), share = get(k, "in_time", s);
    if (get(k, "ends", s).num != p.n || took.num != p.sum || took.den != p.n ||
        get(k, "services", s).num != p.codes || share.num != p.codes_in_time ||
        share.den != p.codes || get(k, "offices", s).num != p.units ||
        get(k, "paid", s).num != p.sum)
        fail_msg("slice %zu: %lld of %lld", at, (long long)get(k, "ends", s).num,
                 (long long)p.n);
    for (size_t b = 0; b < 2 * ROWS(bys); b++) { /* the second time from what is kept */
        enum figure_by by = bys[b % ROWS(bys)];
        struct figure_rows rows;
        int64_t sum = 0;
        assert_int_equal(figure_rows(as(k, ""), of_small(k, "took"), s, by, &rows), RC_OK);
        for (size_t i = 0; i < rows.n; i++) {
            sum += rows.v[i].f.num;
            assert_true(rows.v[i].f.den > 0); /* what lies outside makes no row */
            assert_true(i == 0 || str_cmp(rows.v[i - 1].key, rows.v[i].key) < 0);
        }
        if (sum != p.sum)
            fail_msg("slice %zu, rows %zu: %lld, not %lld", at, b, (long long)sum,
                     (long long)p.sum);
    }
}

/* -- many at a time -- */

enum { ASKED = 120 };

static const char *const asked_ids[] = {"ends",    "took", "services", "offices",
                                        "in_time", "paid", "standing", "fibre"};

static void same(const struct figure_ask *q, const struct figure *f, size_t at)
{
    if (q->f.num != f->num || q->f.den != f->den || q->f.adjusted != f->adjusted ||
        q->f.seq != f->seq)
        fail_msg("%zu, %.*s: %lld/%lld late %lld, not %lld/%lld late %lld", at,
                 STR_ARG(q->ind->id), (long long)q->f.num, (long long)q->f.den,
                 (long long)q->f.adjusted, (long long)f->num, (long long)f->den,
                 (long long)f->adjusted);
}

/* Few periods and many units of several indicators, some asked twice: as pages ask. */
static void many_agree(struct desk *k, uint32_t *c)
{
    struct slice few[3] = {slice_by_chance(k, c), slice_by_chance(k, c), slice_by_chance(k, c)};
    struct figure_ask *v = arena_array(k->mem, struct figure_ask, ASKED);
    for (size_t i = 0; i < ASKED; i++) {
        v[i].ind = of_small(k, asked_ids[chance(c, ROWS(asked_ids))]);
        v[i].slice = few[chance(c, 3)];
        v[i].slice.unit = chance(c, 9) ? k->office.units[chance(c, 4)] : (struct unit_id){0};
    }
    assert_int_equal(figures_get(as(k, ""), v, ASKED), RC_OK);
    for (size_t i = 0; i < ASKED; i++) {
        struct figure f = {0};
        assert_int_equal(figure_get(as(k, ""), v[i].ind, &v[i].slice, &f), RC_OK);
        same(&v[i], &f, i);
    }
}

/* Three asked at once, the second in a unit that is none: nothing is told before it is reached;
 * what stood in the answers is written over. */
static void many_refused(void **state)
{
    struct desk *k = *state;
    static const struct {
        size_t n;
        int channel;   /* of the second: another way of reading */
        bool reversed; /* the first's period ends before it begins */
        enum rc rc;
    } rows[] = {
        {0, 0, false, RC_OK},        {1, 0, false, RC_OK},        {1, 0, true, RC_OK},
        {2, 0, false, RC_NOT_FOUND}, {2, 2, false, RC_NOT_FOUND}, {3, 0, false, RC_NOT_FOUND},
        {3, 2, true, RC_NOT_FOUND},
    };
    indicators_publish(k, "1.3.0", indicators);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct period june = days(6, 1, 7, 1), back = {june.to, june.from};
        const struct indicator *ends = of_small(k, "ends");
        struct figure_ask v[3] = {
            {ends,
             {.unit = k->office.units[0], .period = rows[i].reversed ? back : june},
             {.num = 7}},
            {ends,
             {.unit = {INT64_C(987654321)}, .period = june, .channel = rows[i].channel},
             {.num = 7}},
            {ends, {.unit = k->office.units[1], .period = june}, {.num = 7}}};
        assert_int_equal(figures_get(as(k, ""), rows[i].n ? v : NULL, rows[i].n), rows[i].rc);
        if (rows[i].rc == RC_OK)
            assert_int_equal(v[0].f.num, rows[i].n ? 0 : 7);
        assert_int_equal(v[2].f.num, rows[i].n < 3 ? 7 : v[2].f.num);
    }
}

/* 0: nothing is folded; 1: half of it; 2: everything, in two folds. */
static void folded_or_not(void **state)
{
    struct desk *k = *state;
    struct made *v = arena_array(k->mem, struct made, MADE);
    uint32_t c = 7;
    indicators_publish(k, "1.3.0", indicators);
    for (int stage = 0; stage < 3; stage++) {
        for (size_t i = 0; stage == 0 && i < MADE; i++) {
            v[i] = made_by_chance(k, &c);
            put(k, v[i]);
            if (i == MADE / 2)
                fold_now(k);
        }
        for (size_t i = 0; i < SLICES / (stage ? 1 : 2); i++) {
            struct slice s = slice_by_chance(k, &c);
            sums_agree(k, &s, v, i);
        }
        for (int i = 0; i < 4; i++)
            many_agree(k, &c);
        fold_now(k);
    }
}

/* -- months that a period cuts -- */

static void on_disk(struct desk *k, const char *sql)
{
    sqlite3 *db;
    const char *path = str_fmt(k->mem, "%.*s/motcua.db", STR_ARG(k->office.dir)).p;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* What rows of a figure say, as one text; of units not which they are. */
static struct str rows_text(struct desk *k, const char *id, const struct slice *s,
                            enum figure_by by)
{
    enum { TEXT_MAX = 4000 };
    struct buf *b = buf_new(k->mem, TEXT_MAX);
    struct figure_rows rows;
    assert_int_equal(figure_rows(as(k, ""), of_small(k, id), s, by, &rows), RC_OK);
    for (size_t i = 0; i < rows.n; i++)
        buf_fmt(b, "%.*s %lld/%lld; ", STR_ARG(by == BY_UNIT ? STR("unit") : rows.v[i].key),
                (long long)rows.v[i].f.num, (long long)rows.v[i].f.den);
    return buf_str(b);
}

/* The days of a month that is cut are read from one sum a procedure, however many units stand
 * below: here the units' own are gone, and nothing misses them. */
static void cut_months(void **state)
{
    struct desk *k = *state;
    struct unit_id top = k->office.units[0], below = k->office.units[1];
    static const struct {
        int from_day, to_month, to_day; /* of June */
        enum figure_by by;
        const char *id, *procedure, *rows;
    } rows[] = {
        {2, 6, 20, BY_PROCEDURE, "took", "", "9.000001 7/2; 9.000002 30/1; "},
        {2, 6, 20, BY_PROCEDURE, "took", "9.000002", "9.000002 30/1; "},
        {2, 6, 20, BY_PROCEDURE, "took", "9.000003", ""},
        {10, 6, 11, BY_PROCEDURE, "took", "", "9.000001 5/1; 9.000002 30/1; "},
        {11, 6, 20, BY_PROCEDURE, "took", "", ""},
        {1, 6, 29, BY_PROCEDURE, "took", "", "9.000001 7/2; 9.000002 30/1; "},
        {1, 7, 2, BY_PROCEDURE, "took", "", "9.000001 107/3; 9.000002 1030/2; "},
        {2, 6, 20, BY_DAY, "took", "9.000001", "2026-06-03 2/1; 2026-06-10 5/1; "},
        {2, 6, 20, BY_DAY, "took", "9.000002", "2026-06-10 30/1; "},
        {2, 6, 20, BY_MONTH, "took", "9.000001", "2026-06 7/2; "},
        {2, 6, 20, BY_UNIT, "services", "", "unit 2/0; "},
        {2, 6, 20, BY_UNIT, "in_time", "", "unit 1/2; "},
    };
    static const struct ended ended[] = {
        {6, 3, 1, "9.000001", 1, 2, false},    {6, 10, 1, "9.000001", 2, 5, true},
        {6, 10, 1, "9.000002", 3, 30, true},   {6, 30, 1, "9.000001", 1, 100, true},
        {7, 1, 1, "9.000002", 1, 1000, false},
    };
    indicators_publish(k, "1.3.0", indicators);
    put_all(k, ended, ROWS(ended));
    fold_now(k);
    for (int gone = 0; gone < 2; gone++) {
        for (size_t i = 0; i < ROWS(rows); i++) {
            struct slice s = {.unit = top,
                              .period =
                                  days(6, rows[i].from_day, rows[i].to_month, rows[i].to_day),
                              .procedure = str_from(rows[i].procedure)};
            struct str got = rows_text(k, rows[i].id, &s, rows[i].by);
            if (!str_eq(got, str_from(rows[i].rows)))
                fail_msg("row %zu, gone %d: %.*s", i, gone, STR_ARG(got));
        }
        on_disk(k, "delete from cell_day");
        fold_now(k); /* forgets what is kept */
    }
    struct slice own = {.unit = below, .period = days(6, 2, 6, 20)};
    assert_str(rows_text(k, "took", &own, BY_PROCEDURE), /* its days are gone, the month not */
               "9.000001 107/3; 9.000002 30/1; ");
}

/* One channel is not in those sums: units' own days are read. */
static void cut_months_of_a_channel(void **state)
{
    struct desk *k = *state;
    static const struct ended ended[] = {
        {6, 3, 1, "9.000001", 1, 2, false},
        {6, 10, 1, "9.000001", 2, 5, true},
        {6, 10, 0, "9.000001", 2, 11, true},
        {6, 25, 1, "9.000002", 2, 100, true}, /* the month has it, the cut does not */
    };
    static const struct {
        int unit, channel;
        enum figure_by by;
        const char *rows;
    } rows[] = {
        {0, 2, BY_PROCEDURE, "9.000001 16/2; "},
        {0, 2, BY_DAY, "2026-06-10 16/2; "},
        {0, 2, BY_MONTH, "2026-06 16/2; "},
        {0, 1, BY_PROCEDURE, "9.000001 2/1; "},
        {0, 1, BY_DAY, "2026-06-03 2/1; "},
        {0, 3, BY_PROCEDURE, ""},
        {0, 0, BY_PROCEDURE, "9.000001 18/3; "}, /* all of them */
        {1, 2, BY_PROCEDURE, "9.000001 5/1; "},
        {1, 2, BY_MONTH, "2026-06 5/1; "},
        {2, 2, BY_PROCEDURE, ""}, /* below which nothing ended */
    };
    indicators_publish(k, "1.3.0", indicators);
    put_all(k, ended, ROWS(ended));
    fold_now(k);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct slice s = {.unit = k->office.units[rows[i].unit],
                          .period = days(6, 2, 6, 20),
                          .channel = rows[i].channel};
        struct str got = rows_text(k, "took", &s, rows[i].by);
        if (!str_eq(got, str_from(rows[i].rows)))
            fail_msg("row %zu: %.*s", i, STR_ARG(got));
    }
}

static int64_t ends_of_all(struct desk *k)
{
    return get(k, "ends", &(struct slice){.period = {day_make(2025, 1, 1), 0}}).num;
}

/* In bulk: a third stands in the log before, a third waits in memory, a third is logged after. */
static void held_or_not(void **state)
{
    struct desk *k = *state;
    struct made *v = arena_array(k->mem, struct made, MADE);
    uint32_t c = 11;
    indicators_publish(k, "1.3.0", indicators);
    for (size_t i = 0; i < MADE; i++) {
        struct ctx *cx = as(k, "");
        v[i] = made_by_chance(k, &c);
        if (i == MADE / 3) {
            assert_int_equal(figures_hold(cx), RC_OK);
            assert_int_equal(db_commit(cx), RC_OK);
        }
        if (i == 2 * MADE / 3) {
            assert_int_equal(ends_of_all(k), MADE / 3); /* what waits is nowhere yet */
            assert_int_equal(db_begin(cx), RC_OK);
            something_happens(cx);
            assert_int_equal(figures_settle(cx), RC_OK);
            assert_int_equal(figures_settle(cx), RC_OK); /* nothing waits any more */
            assert_int_equal(db_commit(cx), RC_OK);
            figures_serve(cx);
            assert_int_equal(ends_of_all(k), 2 * MADE / 3);
        }
        put(k, v[i]);
    }
    for (size_t i = 0; i < SLICES; i++) {
        struct slice s = slice_by_chance(k, &c);
        sums_agree(k, &s, v, i);
    }
}

/* The move that was counted as event `seq` is taken back. */
static enum rc take_back(struct desk *k, const struct made *m, int64_t seq)
{
    struct ctx *cx = as(k, "");
    struct event ev = {.seq = MADE_FIRST + 15000,
                       .time_us = day_start(m->day) + 11 * HOUR_US,
                       .kind = EV_DOSSIER_UNDONE,
                       .unit = m->unit,
                       .subject = 1,
                       .facts = json_new_obj(cx->mem)};
    struct json *was = json_put(ev.facts, STR("was"), json_new_obj(cx->mem));
    json_put_int(cx->mem, ev.facts, "undoes", seq);
    json_put_int(cx->mem, ev.facts, "time_us", day_start(m->day) + 10 * HOUR_US);
    json_put_str(cx->mem, was, "pack", STR("small-permit"));
    json_put_str(cx->mem, was, "procedure", str_from(m->procedure));
    json_put_int(cx->mem, was, "channel", m->channel);
    json_put_int(cx->mem, was, "days", m->days);
    json_put_bool(cx->mem, was, "ended", true);
    assert_int_equal(db_begin(cx), RC_OK);
    enum rc rc = measure_subscriber.apply(cx, &ev);
    assert_int_equal(db_commit(cx), RC_OK);
    return rc;
}

/* In bulk on one day, more than one batch, so all of it beside the turn; then one is taken back
 * that may not have been counted yet, and one comes late. */
static void beside_the_turn(void **state)
{
    enum { ONE_DAY = 700 };
    struct desk *k = *state;
    struct made m = {day_make(2026, 6, 3), k->office.units[3], "9.000001", 2, 5, false};
    indicators_publish(k, "1.3.0", indicators);
    struct ctx *cx = as(k, "");
    assert_int_equal(figures_hold(cx), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    for (int64_t i = 0; i < ONE_DAY; i++)
        assert_int_equal(made_apply(k, &m, MADE_FIRST + i), RC_OK);
    assert_int_equal(take_back(k, &m, MADE_FIRST + ONE_DAY - 1), RC_OK);
    struct made late = m;
    late.day -= 3;
    assert_int_equal(made_apply(k, &late, MADE_FIRST + 15001), RC_OK);
    assert_int_equal(ends_of_all(k), 0);
    cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK);
    something_happens(cx);
    assert_int_equal(figures_settle(cx), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    figures_serve(cx);
    assert_int_equal(ends_of_all(k), ONE_DAY);
    struct slice s = {.unit = k->office.units[3], .period = days(6, 3, 6, 4), .channel = 2};
    assert_int_equal(get(k, "ends", &s).num, ONE_DAY - 1);
    assert_int_equal(get(k, "paid", &s).num, 5 * (ONE_DAY - 1));
    s.period = days(5, 31, 6, 1);
    struct figure f = get(k, "ends", &s);
    assert_int_equal(f.num, 1);
    assert_int_equal(f.adjusted, 1); /* it was told that it came late */
}

/* What fails beside is told to a later event, or when the turn settles, and nothing is counted
 * after it. */
static int64_t refuse_seen; /* the last one that came */

static enum rc refuse(struct ctx *cx, const struct event *ev, int32_t clock)
{
    (void)clock;
    refuse_seen = ev->seq;
    return ev->seq < 3 ? RC_OK : FAIL(cx, CORRUPT, "seq", "event %d", (int)ev->seq);
}

static void fails_beside(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct held *h = held_new(k->mem);
    enum rc rc = RC_OK;
    held_until(h, INT64_MAX);
    held_beside(h, cx->app, refuse);
    assert_true(held_is_on(h) && held_is_beside(h));
    for (int64_t seq = 0; seq < 2000 && rc == RC_OK; seq++)
        rc = held_later(cx, h, &(struct event){.seq = seq, .facts = json_new_obj(cx->mem)}, 0);
    assert_int_equal(rc, RC_CORRUPT);
    assert_string_equal(cx->err.detail, "event 3");
    ctx_clear(cx);
    assert_int_equal(held_write(cx, h), RC_CORRUPT);
    assert_string_equal(cx->err.detail, "event 3");
    assert_int_equal(refuse_seen, 3);
    held_until(h, 0);
    assert_false(held_is_on(h) || held_is_beside(h));
    ctx_clear(cx);
    assert_int_equal(held_write(cx, h), RC_OK); /* nothing waits */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(buckets),
        UNIT(buckets_are_near),
        DESK(percentiles),
        DESK(percentiles_refused),
        DESK(folded_or_not),
        DESK(held_or_not),
        DESK(beside_the_turn),
        DESK(fails_beside),
        DESK(many_refused),
        DESK(cut_months),
        DESK(cut_months_of_a_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
