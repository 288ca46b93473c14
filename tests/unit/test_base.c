/* test_base.c - text, arenas, buffers, maps, days. Half of the rows refuse. */
#include "unit/harness.h"

#include "base/buf.h"
#include "base/ctx.h"
#include "base/map.h"
#include "base/keep.h"

static void ints(void **state)
{
    static const struct {
        const char *in;
        bool ok;
        int64_t v;
    } rows[] = {
        {"0", true, 0},
        {"-1", true, -1},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"1x", false, 0},
        {" 1", false, 0},
        {"+1", false, 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t v = 0;
        assert_int_equal(str_int(str_from(rows[i].in), &v), rows[i].ok);
        if (rows[i].ok)
            assert_true(v == rows[i].v);
    }
}

static void utf8(void **state)
{
    static const struct {
        const char *in;
        bool ok;
        size_t points;
    } rows[] = {
        {"Đăng ký", true, 7},
        {"", true, 0},
        {"\xF0\x9F\x98\x80", true, 1},
        {"\xC0\x80", false, 0},
        {"\xED\xA0\x80", false, 0},
        {"\xF4\x90\x80\x80", false, 0},
        {"12345678Đ", true, 9},
        {"1234567\xFF", false, 0},
        {"12345678\xFF"
         "12345678",
         false, 0},
        {"\xE1\xBA", false, 0},
        {"\xFF", false, 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str s = str_from(rows[i].in);
        assert_int_equal(utf8_is(s), rows[i].ok);
        if (rows[i].ok)
            assert_int_equal(utf8_len(s), rows[i].points);
    }
    assert_true(str_eq(utf8_cut(STR("Đăng ký"), 4), STR("Đăng")));
}

static void splits(void **state)
{
    struct str head, rest = str_split(STR("a=b=c"), '=', &head);
    assert_true(str_eq(head, STR("a")) && str_eq(rest, STR("b=c")));
    rest = str_split(STR("abc"), '=', &head);
    assert_true(str_eq(head, STR("abc")) && rest.p == NULL);
    assert_true(str_eq(str_trim(STR(" \t x y \n")), STR("x y")));
}

static void days(void **state)
{
    static const struct {
        const char *in;
        bool ok;
        int32_t day;
        int weekday;
    } rows[] = {
        {"1970-01-01", true, 0, 3},
        {"2000-02-29", true, 11016, 1},
        {"2026-09-02", true, 20698, 2},
        {"1900-02-29", false, 0, 0},
        {"2026-13-01", false, 0, 0},
        {"2026-00-10", false, 0, 0},
        {"2026-9-02", false, 0, 0},
        {"2026-09-02x", false, 0, 0},
        {"", false, 0, 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int32_t d = -1;
        assert_int_equal(day_parse(str_from(rows[i].in), &d), rows[i].ok);
        if (rows[i].ok) {
            assert_int_equal(d, rows[i].day);
            assert_int_equal(day_weekday(d), rows[i].weekday);
        }
    }
    for (int32_t d = -200000; d < 200000; d += 37) {
        struct civil c = civil_of_day(d);
        assert_int_equal(day_make(c.year, c.month, c.day), d);
    }
}

static void instants(void **state)
{
    struct arena *mem = *state;
    int64_t us;
    assert_true(time_parse(STR("2026-08-27T16:00:00+07:00"), &us));
    assert_true(str_eq(time_iso(mem, us), STR("2026-08-27T16:00:00+07:00")));
    assert_true(str_eq(time_text(mem, us), STR("16:00 27/08/2026")));
    int64_t same;
    assert_true(time_parse(STR("2026-08-27T09:00:00.000Z"), &same) && same == us);
    assert_false(time_parse(STR("2026-08-27T16:00:00"), &us));
    assert_false(time_parse(STR("2026-08-27T25:00:00Z"), &us));
    assert_false(time_parse(STR("2026-08-27T16:00:00.+07:00"), &us));
}

static void maps(void **state)
{
    struct arena *mem = *state;
    struct map *m = map_new(mem);
    for (int i = 0; i < 1000; i++)
        map_set(m, str_fmt(mem, "k%d", i), arena_alloc(mem, 1));
    assert_int_equal(map_size(m), 1000);
    assert_true(map_has(m, STR("k999")));
    assert_false(map_has(m, STR("k1000")));
    struct str key;
    map_at(m, 7, &key);
    assert_true(str_eq(key, STR("k7")));
}

static void buffers(void **state)
{
    struct buf *b = buf_new(*state, 10);
    buf_put(b, STR("12345"));
    buf_put(b, STR("67890"));
    assert_false(b->over);
    buf_putc(b, 'x');
    assert_true(b->over);
    assert_true(str_eq(buf_str(b), STR("1234567890")));
}

static int closed;

static void count_close(void *arg)
{
    closed += *(int *)arg;
}

static void arenas(void **state)
{
    struct arena *mem = arena_new(1 << 20);
    int *one = arena_new_of(mem, int);
    *one = 1;
    arena_on_free(mem, count_close, one);
    char *big = arena_alloc(mem, 100000);
    assert_int_equal(big[99999], 0);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(*(char *)arena_alloc(mem, 100), 0);
    /* exactly one page: once gave out the page below it a second time */
    char *first = arena_alloc(mem, 64), *page = arena_alloc(mem, 16 * 1024);
    memset(first, 'x', 64);
    memset(page, 'y', 16 * 1024);
    assert_int_equal(first[0], 'x');
    assert_int_equal(*(char *)arena_alloc(mem, 64), 0);
    arena_reset(mem);
    assert_int_equal(closed, 1);
    jmp_buf out;
    if (setjmp(out) == 0) {
        arena_escape_set(mem, &out);
        arena_alloc(mem, 2 << 20);
        fail_msg("the limit did not hold");
    }
    arena_free(mem);
}

static void failures(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    assert_int_equal(FAIL(cx, INVALID, "ward", "length %d", 3), RC_INVALID);
    assert_int_equal(FAIL(cx, STORE, NULL, "second"), RC_STORE);
    assert_int_equal(cx->err.rc, RC_INVALID); /* the first cause stays */
    assert_string_equal(cx->err.field, "ward");
    assert_int_equal(rc_status(RC_INVALID), 422);
    assert_string_equal(rc_message_key(RC_STORE), "error.STORE");
}

/* As memos: but bytes, copied in and out, of at most KEEP_BYTES. */
static void keeps(void **state)
{
    struct keep *k = keep_new(*state);
    struct memo_key key = {{1, 2, 3, 4, 5, 6, 7, 8}};
    struct str got = STR("untouched");
    assert_false(keep_get(k, &key, *state, &got));
    assert_str(got, "untouched");
    char text[] = "a\0b";
    keep_put(k, &key, (struct str){text, 3});
    text[0] = 'x'; /* it has its own */
    assert_true(keep_get(k, &key, *state, &got));
    assert_int_equal(got.n, 3);
    assert_memory_equal(got.p, "a\0b", 3);
    keep_put(k, &key, STR("later"));
    assert_memory_equal(got.p, "a\0b", 3); /* what was got stays */
    assert_true(keep_get(k, &key, *state, &got));
    assert_str(got, "later");
    for (int i = 0; i < MEMO_WORDS; i++) {
        struct memo_key other = key;
        other.v[i] ^= INT64_MIN;
        assert_false(keep_get(k, &other, *state, &got));
    }
    keep_put(k, &key, STR("")); /* that nothing is there is known, too */
    assert_true(keep_get(k, &key, *state, &got));
    assert_int_equal(got.n, 0);
}

/* The longest that is kept, one byte more, and thousands of keys in the room of 256. */
static void keeps_have_an_end(void **state)
{
    struct keep *k = keep_new(*state);
    char *bytes = arena_alloc(*state, KEEP_BYTES + 1);
    struct arena *own = arena_new(64 << 20);
    struct str got;
    memset(bytes, 'z', KEEP_BYTES + 1);
    keep_put(k, &(struct memo_key){{1}}, (struct str){bytes, KEEP_BYTES});
    assert_true(keep_get(k, &(struct memo_key){{1}}, own, &got));
    assert_int_equal(got.n, KEEP_BYTES);
    keep_put(k, &(struct memo_key){{2}}, (struct str){bytes, KEEP_BYTES + 1});
    assert_false(keep_get(k, &(struct memo_key){{2}}, own, &got));
    int64_t known = 0;
    for (int64_t i = 10; i < 3000; i++) {
        arena_reset(own);
        keep_put(k, &(struct memo_key){{i}}, (struct str){(const char *)&i, sizeof i});
        assert_true(keep_get(k, &(struct memo_key){{i}}, own, &got));
    }
    for (int64_t i = 10; i < 3000; i++) {
        arena_reset(own);
        if (!keep_get(k, &(struct memo_key){{i}}, own, &got))
            continue;
        assert_memory_equal(got.p, &i, sizeof i);
        known++;
    }
    assert_int_equal(known, KEEP_PLACES); /* each set is full of the latest */
    for (int64_t i = 0; i < 8; i++) /* those of one page stay together: no eight push one out */
        keep_put(k, &(struct memo_key){{-1 - i}}, STR("page"));
    for (int64_t i = 0; i < 8; i++)
        assert_true(keep_get(k, &(struct memo_key){{-1 - i}}, own, &got));
    arena_free(own);
}

/* Each word of a key tells it apart; what was never put is not known; a newer sum replaces. */
static void memos(void **state)
{
    struct memo *m = memo_new(*state);
    struct memo_key k = {{1, 2, 3, 4, 5, 6, 7, 8}};
    struct memo_sum sum = {-3, INT64_MAX, true}, got = {9, 9, false};
    assert_false(memo_get(m, &k, &got));
    assert_int_equal(got.num, 9); /* untouched */
    memo_put(m, &k, &sum);
    assert_true(memo_get(m, &k, &got));
    assert_int_equal(got.num, -3);
    assert_true(got.den == INT64_MAX && got.any);
    for (int i = 0; i < MEMO_WORDS; i++) {
        struct memo_key other = k;
        other.v[i] ^= INT64_MIN;
        assert_false(memo_get(m, &other, &got));
    }
    memo_put(m, &k, &(struct memo_sum){0, 0, false}); /* that nothing is there is known, too */
    assert_true(memo_get(m, &k, &got));
    assert_false(got.any);
}

/* Twice as many keys as places: none is wrong, the latest of a place is known, memory has its
 * ceiling. */
static void memos_forget(void **state)
{
    enum { KEYS = 2 * MEMO_PLACES_MAX };
    struct memo *m = memo_new(*state);
    struct memo_sum got;
    int64_t known = 0;
    for (int64_t i = 0; i < 200; i++) /* few: all are known, for places come as they fill */
        memo_put(m, &(struct memo_key){{i}}, &(struct memo_sum){i, -i, true});
    for (int64_t i = 0; i < 200; i++)
        known += memo_get(m, &(struct memo_key){{i}}, &got);
    assert_true(known > 120);
    known = 0;
    for (int64_t i = 0; i < KEYS; i++) {
        memo_put(m, &(struct memo_key){{i}}, &(struct memo_sum){i, -i, true});
        assert_true(memo_get(m, &(struct memo_key){{i}}, &got));
    }
    for (int64_t i = 0; i < KEYS; i++)
        if (memo_get(m, &(struct memo_key){{i}}, &got)) {
            assert_true(got.num == i && got.den == -i);
            known++;
        }
    assert_true(known > KEYS / 4 && known <= KEYS / 2);
}

/* -- by many threads at once: known and right, or not known -- */

static struct memo_sum sum_of(int64_t i)
{
    return (struct memo_sum){i * 3, i - 7, i % 5 != 0};
}

static bool is_right(struct memo *m, const struct memo_key *k, int64_t i)
{
    struct memo_sum got = {-1, -1, false}, want = sum_of(i);
    if (!memo_get(m, k, &got))
        return got.num == -1; /* untouched */
    return got.num == want.num && got.den == want.den && got.any == want.any;
}

enum { MEMO_THREADS = 4 };
struct memo_user {
    pthread_t thread;
    struct memo *m;
    int64_t first;
    bool failed;
};

static void *memo_use(void *arg)
{
    struct memo_user *u = arg;
    for (int64_t i = 0; i < 4000; i++) {
        struct memo_key k = {{(u->first + i) % 1500}};
        struct memo_sum sum = sum_of(k.v[0]);
        memo_put(u->m, &k, &sum);
        k.v[0] = (u->first + i * 7) % 1500;
        u->failed = u->failed || !is_right(u->m, &k, k.v[0]);
    }
    return NULL;
}

static void memo_is_for_many(void **state)
{
    struct memo_user users[MEMO_THREADS] = {{0}};
    struct memo *m = memo_new(*state);
    for (int i = 0; i < MEMO_THREADS; i++) {
        users[i] = (struct memo_user){.m = m, .first = i * 311};
        assert_int_equal(pthread_create(&users[i].thread, NULL, memo_use, &users[i]), 0);
    }
    for (int i = 0; i < MEMO_THREADS; i++) {
        pthread_join(users[i].thread, NULL);
        assert_false(users[i].failed);
    }
}

/* -- a lock and memory that end with their owner, not before -- */

static void count_up(void *arg)
{
    ++*(int *)arg;
}

static void locked_ends_with_its_owner(void **state)
{
    struct arena *life = arena_new(1 << 20);
    struct locked *with = arena_new_of(life, struct locked),
                  *without = arena_new_of(life, struct locked);
    int ended = 0, replaced = 0;
    (void)state;
    locked_begin(with, life, 1 << 16);
    locked_begin(without, life, 0);
    assert_non_null(with->mem);
    assert_null(without->mem);
    arena_on_free(with->mem, count_up, &ended);
    locked_take(with);
    locked_take(without); /* one is not the other */
    locked_give(without);
    struct arena *old = with->mem;
    with->mem = arena_new(1 << 16); /* as memo does when it grows */
    arena_free(old);
    arena_on_free(with->mem, count_up, &replaced);
    locked_give(with);
    assert_int_equal(ended, 1);
    assert_int_equal(replaced, 0);
    arena_free(life);
    assert_int_equal(replaced, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(ints),
        UNIT(utf8),
        UNIT(splits),
        UNIT(days),
        UNIT(instants),
        UNIT(maps),
        UNIT(buffers),
        UNIT(arenas),
        UNIT(failures),
        UNIT(memos),
        UNIT(keeps),
        UNIT(keeps_have_an_end),
        UNIT(memos_forget),
        UNIT(memo_is_for_many),
        UNIT(locked_ends_with_its_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
