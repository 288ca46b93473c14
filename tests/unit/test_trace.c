/* test_trace.c - traces as bytes, in rows of the table, on a walk, and as the dossiers behind
 * figures: the same before a fold, after it, and with another page size. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the helpers: not all are needed */
#include "unit/harness.h"

#include "gen/measure_sql.h"
#include "measure/trace/trace.h"
#include "measure_help.h"
#include "rebuild_help.h"

enum { BLOCK = 5, START = BLOCK * TRACE_EVENTS };

/* -- tags -- */

static void tags(void **state)
{
    (void)state;
    uint16_t a = trace_tag(STR("1.001193"), 2);
    assert_int_equal(a & TRACE_TAG_CHANNELS, 2);
    assert_int_equal(trace_tag(STR("1.001193"), 9) & TRACE_TAG_CHANNELS, 1); /* every eighth */
    assert_int_equal(trace_tag(STR("1.001193"), 1) & ~TRACE_TAG_CHANNELS,
                     a & ~TRACE_TAG_CHANNELS);
    assert_int_equal(trace_tag(STR(""), 0), trace_tag(STR_NULL, 0));
    size_t same =
        0; /* of 1000 procedures 999 * 1000 / 2 pairs: 61 of them share a tag, if any do */
    uint16_t v[1000];
    for (int i = 0; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof name, "1.%06d", 7 * i);
        v[i] = trace_tag(str_from(name), 0);
        for (int j = 0; j < i; j++)
            same += v[j] == v[i];
    }
    assert_true(same < 120);
}

/* -- bytes -- */

static bool trace_eq(const struct trace *a, const struct trace *b)
{
    return a->seq == b->seq && a->subject == b->subject && a->unit == b->unit &&
           a->day == b->day && a->tag == b->tag && a->sign == b->sign;
}

static struct str coded(struct arena *mem, const struct trace *v, size_t n)
{
    return traces_code(arena_alloc_n(mem, n + 1, TRACE_BYTES_MAX), v, n);
}

static const struct trace samples[] = {
    {START, 0, 0, 0, 0, 0},
    {START + 1, 7, 890937791930793, 20454, UINT16_MAX, 1},
    {START + 2, 0, 890937791930796, 20454, 8, -1},
    {START + 2000, INT64_MAX, 1, -1, 1, 1}, /* steps of 64 bits, up and down */
    {START + 2001, 1, INT64_MAX, INT32_MAX, 1, -1},
    {START + 2002, 0, 0, INT32_MIN, 1, 0},
    {START + TRACE_EVENTS - 1, 2, 0, INT32_MIN, 1, 1},
};

static void there_and_back(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t n = 0; n <= ROWS(samples); n++) {
        struct trace v[ROWS(samples) + 1];
        struct str bytes = coded(cx->mem, samples, n);
        assert_true(bytes.n <= n * TRACE_BYTES_MAX);
        assert_int_equal(traces_decode(cx, bytes, BLOCK, v, n), RC_OK);
        for (size_t i = 0; i < n; i++)
            assert_true(trace_eq(&v[i], &samples[i]));
    }
}

/* By hand: 2 events on (32), a subject (8), it adds (2), another day (1): 43; tag 521: 9, 2;
 * unit 3 up: 6; day 1 up: 2; subject 5 up: 10. Then 1 on, nothing more: 16; the tag; one unit
 * down: 1. */
static void bytes_by_hand(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    const struct trace v[] = {{START + 2, 5, 3, 1, 521, 1}, {START + 3, 0, 2, 1, 521, 0}};
    static const char want[] = {43, 9, 2, 6, 2, 10, 16, 9, 2, 1};
    struct str bytes = coded(cx->mem, v, 2);
    assert_int_equal(bytes.n, sizeof want);
    assert_memory_equal(bytes.p, want, sizeof want);
}

static void bytes_refused(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    enum { N = ROWS(samples) };
    struct trace v[N + 1];
    struct str all = coded(cx->mem, samples, N);
    for (size_t n = 0; n < all.n; n++) /* cut anywhere */
        assert_int_equal(traces_decode(cx, str_cut(all, 0, n), BLOCK, v, N), RC_CORRUPT);
    assert_int_equal(traces_decode(cx, all, BLOCK, v, N - 1), RC_CORRUPT);
    assert_int_equal(traces_decode(cx, all, BLOCK, v, N + 1), RC_CORRUPT);
    assert_int_equal(traces_decode(cx, STR("x"), BLOCK, v, 0), RC_CORRUPT);
    static const struct {
        const char *bytes;
        size_t n;
    } rows[] = {
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\0\0\0", 14}, /* over 64 bits */
        {"\x80\x80\x80\0\0\0\0", 7}, /* a zero that takes four bytes is fine… */
        {"\x80\x80\x10\0\0\0", 6},   /* … but 16384 events on is not here */
        {"\xf0\xff\xff\xff\xff\xff\xff\xff\x7f\0\0\0", 12}, /* nor far beyond */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str bytes = {rows[i].bytes, rows[i].n};
        enum rc rc = traces_decode(cx, bytes, BLOCK, v, 1);
        if (rc != (i == 1 ? RC_OK : RC_CORRUPT))
            fail_msg("row %zu: %s", i, rc_name(rc));
    }
}

/* -- ids -- */

static void ids(void **state)
{
    struct numbers *s = numbers_new(*state);
    enum { N = 5000 };
    assert_false(numbers_have(s, 1));
    for (int64_t i = 1; i <= N; i++) {
        assert_true(numbers_add(s, i * i * 1000003));
        assert_false(numbers_add(s, i * i * 1000003));
    }
    for (int64_t i = 1; i <= N; i++) {
        assert_true(numbers_have(s, i * i * 1000003));
        assert_false(numbers_have(s, i * i * 1000003 + 1));
    }
    assert_true(numbers_add(s, -1));
    assert_true(numbers_add(s, INT64_MIN));
    assert_true(numbers_have(s, -1));
}

/* -- rows of the table -- */

static struct map *two_names(struct ctx *cx)
{
    struct map *names = map_new(cx->mem);
    map_set(names, STR("alpha"), NULL);
    map_set(names, STR("beta"), NULL);
    return names;
}

/* Events as a number each, below zero: taken back; 0 ends the list. */
static void write_some(struct desk *k, size_t indicator, const int *v)
{
    struct ctx *cx = as(k, "");
    struct traces *t = traces_new(cx->mem);
    for (; *v; v++) {
        struct trace one = {START + (*v < 0 ? -*v : *v), 0, 3, 20000 + *v, 0, 1};
        if (*v < 0)
            traces_drop(t, indicator, one.seq);
        else
            traces_add(t, indicator, &one);
    }
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(traces_write(cx, t, two_names(cx)), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

/* What stands there, as "1 2 16385"; a block without a row is empty. */
static struct str written(struct desk *k, const char *indicator)
{
    struct ctx *cx = as(k, "");
    struct buf *b = buf_new(cx->mem, 4096);
    for (int64_t block = BLOCK - 1; block < BLOCK + 3; block++) {
        struct trace_row_row *row;
        struct trace v[64];
        assert_int_equal(sql_trace_row(cx, str_from(indicator), block, &row), RC_OK);
        if (!row)
            continue;
        assert_true(row->n > 0 && row->n <= 64);
        assert_int_equal(traces_decode(cx, row->traces, block, v, (size_t)row->n), RC_OK);
        for (int64_t i = 0; i < row->n; i++)
            buf_fmt(b, "%s%lld", b->n ? " " : "", (long long)(v[i].seq - START));
    }
    return buf_str(b);
}

static void portions(void **state)
{
    struct desk *k = *state;
    static const struct {
        int v[3][8];
        const char *want;
    } rows[] = {
        {{{1, 2, 3}}, "1 2 3"},
        {{{1}, {2}, {3}}, "1 2 3"},
        {{{3}, {1}, {2}}, "1 2 3"}, /* a backfill goes backwards */
        {{{3, 1, 2}}, "1 2 3"},     /* and a step of it need not be in order */
        {{{2, 2, 2}, {2}}, "2"},    /* in several cells */
        {{{1, 2, 3, -2}}, "1 3"},   /* taken back before it was written */
        {{{1, 2}, {-1, 3}}, "2 3"}, /* and after */
        {{{-2}, {1}}, "1"},         /* what was never counted */
        {{{1, 2}, {-1, -2}}, ""},   /* no row is left */
        {{{1, 16384, 16385}, {16383}}, "1 16383 16384 16385"}, /* two blocks */
        {{{1, 16385, 32769}, {-16385}, {2}}, "1 2 32769"},     /* one in the middle goes */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        static const char *const names[] = {"alpha", "beta"};
        for (size_t j = 0; j < 3; j++)
            write_some(k, i % 2, rows[i].v[j]);
        struct str got = written(k, names[i % 2]);
        if (!str_eq(got, str_from(rows[i].want)))
            fail_msg("row %zu: %.*s", i, STR_ARG(got));
        assert_int_equal(written(k, names[1 - i % 2]).n, 0); /* the other one's are its own */
        int all[] = {-1, -2, -3, -16383, -16384, -16385, -32769, 0};
        write_some(k, i % 2, all);
        assert_int_equal(written(k, names[i % 2]).n, 0);
    }
}

/* Every event of a block, several times in one portion, and all of them again in the next: each
 * leaves one trace, and the most that a row holds. */
static void full_rows(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK);
    for (int portion = 0; portion < 2; portion++) {
        struct traces *t = traces_new(cx->mem);
        struct trace_row_row *row;
        for (int i = 0; i < 3 * TRACE_EVENTS; i++)
            traces_add(t, 0,
                       &(struct trace){START + i / 3, INT64_MAX - i / 3 % 2, i / 3 % 7, i / 3,
                                       (uint16_t)i, 1});
        assert_int_equal(traces_write(cx, t, two_names(cx)), RC_OK);
        assert_int_equal(sql_trace_row(cx, STR("alpha"), BLOCK, &row), RC_OK);
        assert_int_equal(row->n, TRACE_EVENTS);
        struct trace *v = arena_array(cx->mem, struct trace, TRACE_EVENTS);
        assert_int_equal(traces_decode(cx, row->traces, BLOCK, v, TRACE_EVENTS), RC_OK);
        for (int i = 0; i < TRACE_EVENTS; i++)
            if (v[i].seq != START + i || v[i].unit != i % 7)
                fail_msg("portion %d, trace %d", portion, i);
    }
    db_rollback(cx);
}

/* In whatever order, one that adds says more than one that takes off, and that more than none. */
static void signs(void **state)
{
    struct desk *k = *state;
    static const int8_t rows[][4] = {
        {0, 0, 0, 0},   {0, 1, 0, 1},   {1, 0, -1, 1}, {-1, 1, 0, 1},
        {0, -1, 0, -1}, {-1, 0, 0, -1}, {0, -1, 1, 1}, {1, 1, -1, 1},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        for (int apart = 0; apart < 2; apart++) {
            struct ctx *cx = as(k, "");
            struct trace_row_row *row;
            struct trace v;
            assert_int_equal(db_begin(cx), RC_OK);
            struct traces *t = traces_new(cx->mem);
            for (int j = 0; j < 3; j++) {
                traces_add(t, 0, &(struct trace){START + 1, 0, 3, 1, 0, rows[i][j]});
                if (apart) {
                    assert_int_equal(traces_write(cx, t, two_names(cx)), RC_OK);
                    t = traces_new(cx->mem);
                }
            }
            assert_int_equal(traces_write(cx, t, two_names(cx)), RC_OK);
            assert_int_equal(sql_trace_row(cx, STR("alpha"), BLOCK, &row), RC_OK);
            assert_int_equal(traces_decode(cx, row->traces, BLOCK, &v, 1), RC_OK);
            if (v.sign != rows[i][3])
                fail_msg("row %zu: %d", i, v.sign);
            db_rollback(cx);
        }
}

/* A row that somebody changed is not added to. */
static void a_broken_row(void **state)
{
    struct desk *k = *state;
    static const struct {
        int64_t n;
        const char *bytes;
    } rows[] = {{1, ""}, {2, "\x10\0\0\0"}, {-1, ""}, {TRACE_EVENTS + 1, "\x10\0\0\0"}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = as(k, "");
        struct traces *t = traces_new(cx->mem);
        traces_add(t, 0, &(struct trace){START + 9, 0, 3, 1, 0, 1});
        assert_int_equal(db_begin(cx), RC_OK);
        assert_int_equal(sql_trace_put(cx, STR("alpha"), BLOCK, 0, 0, rows[i].n,
                                       (struct str){rows[i].bytes, i % 2 ? 4 : 0}),
                         RC_OK);
        assert_int_equal(traces_write(cx, t, two_names(cx)), RC_CORRUPT);
        db_rollback(cx);
    }
}

/* -- the dossiers behind figures -- */

/* "seq seq …" of all pages of that size. */
static struct str pages_of(struct desk *k, const struct indicator *ind, const struct slice *s,
                           size_t limit)
{
    struct ctx *cx = as(k, "");
    struct buf *b = buf_new(cx->mem, 1 << 16);
    int64_t after = -1;
    for (int page = 0; page < 100; page++) {
        struct json *out = NULL;
        assert_int_equal(figure_dossiers(cx, ind, s, after, limit, &out), RC_OK);
        assert_false(json_bool(out, "is_partial"));
        const struct json *rows = json_get(out, STR("rows"));
        assert_true(rows->n <= limit);
        JSON_EACH (rows, r)
            buf_fmt(b, "%lld%s ", (long long)json_int(r, "seq", -1),
                    json_bool(r, "is_in") ? "+" : "");
        after = json_int(out, "next", -2);
        if (after == -1)
            return buf_str(b);
        assert_int_equal(rows->n, limit); /* only a full page has a further one */
    }
    fail_msg("the pages do not end");
    return STR("");
}

/* Each indicator's list: by unit, day, procedure and channel. */
static struct str lists_of(struct desk *k, size_t limit)
{
    struct ctx *cx = as(k, "");
    struct buf *b = buf_new(cx->mem, 1 << 20);
    int32_t day = day_of(k->now_us);
    const struct slice slices[] = {
        {.channel = 0},
        {.unit = k->office.units[0]},
        {.unit = k->office.units[3], .period = {day - 1, day + 1}},
        {.unit = k->office.units[1]},
        {.procedure = STR("9.000001"), .channel = 2},
        {.procedure = STR("9.000001"), .channel = 1},
        {.procedure = STR("nothing")},
        {.period = {day - 2, day}},
        {.period = {day + 1, day + 9}},
    };
    size_t n;
    const struct indicator *const *all = indicator_all(cx, &n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; !all[i]->is_entered && j < ROWS(slices); j++) {
            struct str list = pages_of(k, all[i], &slices[j], limit);
            buf_fmt(b, "%.*s %zu: %.*s\n", STR_ARG(all[i]->id), j, STR_ARG(list));
        }
    assert_false(b->over);
    return buf_str(b);
}

static void some_days(struct desk *k)
{
    for (int i = 0; i < 4; i++) {
        struct dossier_ref a = filed(k), b = filed(k);
        assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
        assert_int_equal(act_one(k, "reception@commune", &b, "accept"), RC_OK);
        if (i % 2)
            assert_int_equal(act_one(k, "specialist@commune", &b, "approve"), RC_OK);
        if (i == 3)
            assert_int_equal(act_one(k, "an", &a, "withdraw"), RC_OK);
        k->now_us += DAY_US;
    }
}

static void same_folded(void **state)
{
    struct desk *k = *state;
    indicators_publish(k, "1.3.0", indicators);
    some_days(k);
    struct str young = lists_of(k, 100);
    assert_true(str_has(young, STR("received 0: "))); /* and something stands in it */
    assert_true(str_eq(lists_of(k, 3), young));
    fold_now(k);
    struct str folded = lists_of(k, 100);
    if (!str_eq(folded, young))
        fail_msg("young:\n%.*sfolded:\n%.*s", STR_ARG(young), STR_ARG(folded));
    assert_true(str_eq(lists_of(k, 1), young));
    some_days(k); /* half in the table, half in the log */
    struct str both = lists_of(k, 100);
    assert_true(str_eq(lists_of(k, 2), both));
    fold_now(k);
    assert_true(str_eq(lists_of(k, 100), both));
    rebuilt_same(k, subs);
}

/* As many as the figure says, whatever is asked; of a stock the one that came last first. */
static void as_many_as_counted(void **state)
{
    struct desk *k = *state;
    indicators_publish(k, "1.3.0", indicators);
    some_days(k);
    static const char *const ids[] = {"standing", "ends"};
    for (int folded = 0; folded < 2; folded++) {
        for (size_t i = 0; i < ROWS(ids); i++)
            for (int32_t to = -5; to < 3; to++) {
                struct slice s = {.period = {day_make(2026, 1, 1), day_of(k->now_us) + to}};
                struct figure f;
                struct json *out = NULL;
                const struct indicator *ind = of_small(k, ids[i]);
                assert_int_equal(figure_get(as(k, ""), ind, &s, &f), RC_OK);
                assert_int_equal(figure_dossiers(as(k, ""), ind, &s, -1, 0, &out), RC_OK);
                const struct json *rows = json_get(out, STR("rows"));
                assert_int_equal(rows->n, f.num);
                int64_t last = ind->is_stock ? INT64_MAX : -1;
                JSON_EACH (rows, r) {
                    int64_t seq = json_int(r, "seq", -1);
                    assert_true(ind->is_stock ? seq < last : seq > last);
                    last = seq;
                }
            }
        fold_now(k);
    }
}

/* A later page of a stock goes on although its dossiers changed meanwhile: none comes twice. */
static void a_stock_that_moves(void **state)
{
    struct desk *k = *state;
    struct dossier_ref v[6];
    struct slice s = {0};
    struct json *one = NULL, *two = NULL;
    for (size_t i = 0; i < ROWS(v); i++)
        v[i] = filed(k);
    const struct indicator *ind = indicator_find(as(k, ""), STR("open"));
    assert_int_equal(figure_dossiers(as(k, ""), ind, &s, -1, 3, &one), RC_OK);
    assert_int_equal(act_one(k, "an", &v[5], "withdraw"), RC_OK); /* was on the first page */
    assert_int_equal(act_one(k, "an", &v[1], "withdraw"), RC_OK); /* is to come */
    filed(k);                                                     /* before all of them */
    int64_t next = json_int(one, "next", -1);
    assert_int_equal(figure_dossiers(as(k, ""), ind, &s, next, 3, &two), RC_OK);
    const struct json *first = json_get(one, STR("rows")), *rest = json_get(two, STR("rows"));
    assert_int_equal(first->n, 3);
    assert_int_equal(rest->n, 2); /* the third and the first that were filed */
    assert_int_equal(json_int(two, "next", 0), -1);
    JSON_EACH (first, a)
        JSON_EACH (rest, b)
            assert_false(str_eq(json_str(a, "code"), json_str(b, "code")));
}

static void strange_pages(void **state)
{
    struct desk *k = *state;
    static const char *const ids[] = {"received", "open"};
    static const int64_t afters[] = {INT64_MAX, 1000000, INT64_MIN, -2, 0};
    static const size_t rows[][2] = {{0, 2}, {0, 2}, {2, 2}, {2, 2}, {2, 0}};
    filed(k);
    filed(k);
    for (int folded = 0; folded < 2; folded++) {
        for (size_t i = 0; i < ROWS(ids); i++)
            for (size_t j = 0; j < ROWS(afters); j++) {
                struct slice s = {0};
                struct json *out = NULL;
                const struct indicator *ind = indicator_find(as(k, ""), str_from(ids[i]));
                assert_int_equal(figure_dossiers(as(k, ""), ind, &s, afters[j], 10, &out),
                                 RC_OK);
                if (json_get(out, STR("rows"))->n != rows[j][i])
                    fail_msg("%s after %lld: %zu", ids[i], (long long)afters[j],
                             json_get(out, STR("rows"))->n);
            }
        fold_now(k);
    }
}

/* -- ends -- */

struct told {
    int64_t v[40];
    size_t n;
};

static enum rc told_each(struct ctx *cx, const struct trace *t, void *arg, bool *stop)
{
    struct told *told = arg;
    (void)cx;
    assert_true(told->n < ROWS(told->v));
    told->v[told->n++] = t->seq;
    *stop = false;
    return RC_OK;
}

/* One trace in each of twenty blocks; eight are read at a time. */
static void a_walk_that_ends_early(void **state)
{
    struct desk *k = *state;
    static const struct {
        bool back;
        int64_t most, after;
        size_t told;
        int64_t rest; /* of a block: just before it, or just behind */
    } rows[] = {
        {false, 21, -1, 20, -1}, {false, 17, -1, 20, 19}, {false, 16, -1, 16, 15},
        {false, 1, -1, 8, 7},    {false, 1, 7, 8, 15},    {false, 1, 15, 4, 19},
        {false, 1, 19, 0, -1},   {false, 0, -1, 0, -1},   {true, 1000, -1, 20, -1},
        {true, 17, -1, 20, -1},  {true, 1, -1, 8, 12},    {true, 9, -1, 16, 4},
    };
    struct ctx *cx = as(k, "");
    const struct indicator *ind = indicator_find(cx, STR("received"));
    assert_int_equal(db_begin(cx), RC_OK);
    for (int64_t block = 0; block < 20; block++) {
        struct trace one = {
            .seq = block * TRACE_EVENTS + 5, .unit = 0, .day = 20000, .sign = 1};
        struct str bytes = coded(cx->mem, &one, 1);
        assert_int_equal(sql_trace_put(cx, ind->id, block, 20000, 20000, 1, bytes), RC_OK);
    }
    assert_int_equal(db_commit(cx), RC_OK);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct forest all = forest_on(cx, NULL, ROWS_ONE, 20000);
        struct told told = {.n = 0};
        struct trace_walk w = {
            .ind = ind,
            .forest = &all,
            .from = INT32_MIN,
            .to = INT32_MAX,
            .back = rows[i].back,
            .after = rows[i].after < 0 ? -1 : (rows[i].after + 1) * TRACE_EVENTS - 1,
            .most = rows[i].most,
            .each = told_each,
            .arg = &told};
        int64_t rest = -7, want = rows[i].rest;
        assert_int_equal(trace_walk(cx, &w, &rest), RC_OK);
        want = want < 0       ? -1
               : rows[i].back ? want * TRACE_EVENTS
                              : (want + 1) * TRACE_EVENTS - 1;
        if (told.n != rows[i].told || rest != want)
            fail_msg("row %zu: %zu told, rest %lld, not %lld", i, told.n, (long long)rest,
                     (long long)want);
    }
}

/* n dossiers that went, in blocks behind what there is. */
static void many_gone(struct desk *k, const struct indicator *ind, int64_t n)
{
    struct ctx *cx = as(k, "");
    struct arena *mem = arena_new((size_t)8 << 20);
    struct trace *v = malloc(TRACE_EVENTS * sizeof *v);
    assert_int_equal(db_begin(cx), RC_OK);
    for (int64_t at = 0; at < n; at += TRACE_EVENTS) {
        size_t here = n - at < TRACE_EVENTS ? (size_t)(n - at) : TRACE_EVENTS;
        for (size_t i = 0; i < here; i++)
            v[i] = (struct trace){.seq = START + at + (int64_t)i,
                                  .subject = 1000000 + at + (int64_t)i,
                                  .day = 20000,
                                  .sign = -1};
        struct str bytes = coded(mem, v, here);
        assert_int_equal(sql_trace_put(cx, ind->id, (START + at) / TRACE_EVENTS, 20000, 20000,
                                       (int64_t)here, bytes),
                         RC_OK);
        arena_reset(mem);
    }
    assert_int_equal(db_commit(cx), RC_OK);
    free(v);
    arena_free(mem);
}

/* What stands came before a million that went since. A request has 48 MB, of which they take
 * none; one too many, and the page says that it could not look through all. */
static void a_million_gone_since(void **state)
{
    struct desk *k = *state;
    static const struct {
        int64_t gone;
        size_t rows;
        bool is_partial;
    } rows[] = {{20000, 2, false},
                {BEHIND_MET_MAX - 2, 2, false},
                {BEHIND_MET_MAX - 1, 1, true},
                {BEHIND_MET_MAX, 0, true},
                {BEHIND_MET_MAX + 20000, 0, true}};
    const struct indicator *ind = indicator_find(as(k, ""), STR("open"));
    filed(k);
    filed(k);
    fold_now(k);
    for (size_t i = 0; i < ROWS(rows); i++) {
        many_gone(k, ind, rows[i].gone);
        struct arena *mem = arena_new((size_t)4 << 20);
        struct ctx *cx = as(k, "");
        struct json *out = NULL;
        cx->mem = mem;
        enum rc rc = figure_dossiers(cx, ind, &(struct slice){0}, -1, 10, &out);
        if (rc != RC_OK || json_get(out, STR("rows"))->n != rows[i].rows ||
            json_bool(out, "is_partial") != rows[i].is_partial ||
            json_int(out, "next", 0) != -1)
            fail_msg("row %zu: %s, %zu rows", i, rc_name(rc),
                     rc == RC_OK ? json_get(out, STR("rows"))->n : 0);
        arena_free(mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags),
        UNIT(there_and_back),
        UNIT(bytes_by_hand),
        UNIT(bytes_refused),
        UNIT(ids),
        DESK(portions),
        DESK(full_rows),
        DESK(signs),
        DESK(a_broken_row),
        DESK(same_folded),
        DESK(as_many_as_counted),
        DESK(a_stock_that_moves),
        DESK(strange_pages),
        DESK(a_walk_that_ends_early),
        DESK(a_million_gone_since),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
