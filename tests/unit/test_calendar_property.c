/* test_calendar_property.c - due dates against the rule as it is written, on random calendars. */
#include "unit/harness.h"

#include "calendar/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 20000, DAYS = 400, TIMES = 3000 }; /* from October 2024 */

static int64_t pick(int64_t n)
{
    return random() % n;
}

/* Weekends, and about one day in ten that is different from what the week says. */
static struct calendar *calendar_random(struct ctx *cx, int64_t cutoff)
{
    struct json *rows = json_new_arr(cx->mem);
    struct calendar *cal = NULL;
    for (int32_t day = FIRST - 20; day < FIRST + 2 * DAYS; day++) {
        if (pick(10))
            continue;
        struct json *row = json_push(rows, json_new_obj(cx->mem));
        bool weekend = day_weekday(day) >= 5;
        const char *kind = weekend ? "makeup" : pick(2) ? "holiday" : "compensation";
        json_put_str(cx->mem, row, "day", day_iso(cx->mem, day));
        json_put_str(cx->mem, row, "kind", str_from(kind));
        json_put_str(cx->mem, row, "name", STR("x"));
    }
    assert_int_equal(calendar_load(cx, rows, cutoff, &cal), RC_OK);
    return cal;
}

static int64_t moment(void)
{
    return day_start(FIRST + (int32_t)pick(DAYS)) + pick(24 * 60) * MINUTE_US;
}

static size_t pauses_random(int64_t received, struct pause *p)
{
    size_t n = (size_t)pick(PAUSES_MAX + 1);
    for (size_t i = 0; i < n; i++) {
        p[i].from_us = received + (pick(600) - 60) * HOUR_US;
        p[i].to_us = p[i].from_us + pick(200) * HOUR_US;
    }
    return n;
}

/* -- the rule, day by day -- */

static int32_t t0_slowly(const struct calendar *cal, int64_t us, int64_t cutoff)
{
    int32_t day = day_of(us);
    if (us - day_start(day) >= cutoff * MINUTE_US)
        day++;
    while (!calendar_is_working(cal, day))
        day++;
    return day;
}

static int32_t due_slowly(const struct calendar *cal, int32_t t0, struct budget b,
                          const struct pause *p, size_t np)
{
    int32_t day = t0;
    for (int32_t left = b.n; left > 0;) {
        day++;
        bool counts = b.unit == 'c' || calendar_is_working(cal, day);
        for (size_t i = 0; i < np; i++)
            counts = counts && !(day_of(p[i].from_us) < day && day <= day_of(p[i].to_us));
        left -= counts;
    }
    while (!calendar_is_working(cal, day))
        day++;
    return day;
}

static void due_is_the_rule(void **state)
{
    static const int64_t cutoffs[] = {0, 1, 900, 1439, 1440};
    srandom(61);
    for (size_t c = 0; c < ROWS(cutoffs); c++) {
        const struct calendar *cal = calendar_random(ctx_new(*state, NULL), cutoffs[c]);
        for (int i = 0; i < TIMES; i++) {
            struct pause p[PAUSES_MAX];
            int64_t received = moment();
            struct budget b = {1 + (int32_t)pick(40), pick(2) ? 'w' : 'c'};
            size_t n = pauses_random(received, p);
            int32_t t0 = calendar_t0(cal, received);
            assert_int_equal(t0, t0_slowly(cal, received, cutoffs[c]));
            assert_int_equal(calendar_due(cal, received, b, p, n, 0).day,
                             due_slowly(cal, t0, b, p, n));
        }
    }
}

/* "0wd": the day itself, or T0 of the end of a pause that began by then. */
static void same_day(void **state)
{
    const struct calendar *cal = calendar_random(ctx_new(*state, NULL), 900);
    srandom(62);
    for (int i = 0; i < TIMES; i++) {
        struct pause p[PAUSES_MAX];
        int64_t received = moment();
        size_t n = pauses_random(received, p);
        int32_t t0 = calendar_t0(cal, received), due;
        bool found = false;
        due = calendar_due(cal, received, (struct budget){0, 'w'}, p, n, 0).day;
        found = due == t0;
        for (size_t k = 0; k < n; k++) {
            int32_t back = calendar_t0(cal, p[k].to_us);
            bool began = p[k].to_us > p[k].from_us && day_of(p[k].from_us) <= due;
            found = found || (began && due == back);
            assert_true(!began || due >= back); /* the office never owes a day it had not */
        }
        assert_true(due >= t0 && found && calendar_is_working(cal, due));
    }
}

static void shuffle(struct pause *p, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = (size_t)pick((int64_t)i);
        struct pause t = p[k];
        p[k] = p[i - 1];
        p[i - 1] = t;
    }
}

/* Pauses are a union: their order does not matter, nor whether one is told as two, nor one
 * that covers nothing. More time or a later hour never makes an earlier day. */
static void laws_of_pauses(void **state)
{
    const struct calendar *cal = calendar_random(ctx_new(*state, NULL), 900);
    srandom(63);
    for (int i = 0; i < TIMES; i++) {
        struct pause p[PAUSES_MAX];
        int64_t received = moment();
        struct budget b = {(int32_t)pick(30), pick(2) ? 'w' : 'c'};
        struct budget more = {b.n + 1, b.unit};
        size_t n = pauses_random(received, p);
        int32_t due = calendar_due(cal, received, b, p, n, 0).day;
        if (b.n)
            assert_true(calendar_due(cal, received, more, p, n, 0).day >= due);
        assert_true(calendar_due(cal, received + pick(99) * HOUR_US, b, p, n, 0).day >= due);
        shuffle(p, n);
        assert_int_equal(calendar_due(cal, received, b, p, n, 0).day, due);
        if (n == 0 || n == PAUSES_MAX)
            continue;
        struct pause open = p[n - 1];
        p[n - 1].to_us = TIME_NONE;
        assert_int_equal(calendar_due(cal, received, b, p, n, open.to_us).day, due);
        p[n - 1] = open;
        p[n] = (struct pause){received, received};
        assert_int_equal(calendar_due(cal, received, b, p, n + 1, 0).day, due);
        if (!b.n)
            continue;
        int64_t middle = (open.from_us + open.to_us) / 2;
        p[n - 1].to_us = middle;
        p[n] = (struct pause){middle, open.to_us};
        assert_int_equal(calendar_due(cal, received, b, p, n + 1, 0).day, due);
    }
}

/* Counting from a to b: day by day, backwards the negative, and sums of parts. */
static void counting(void **state)
{
    const struct calendar *cal = calendar_random(ctx_new(*state, NULL), 900);
    srandom(64);
    for (int i = 0; i < TIMES; i++) {
        int32_t a = FIRST + (int32_t)pick(DAYS), b = a + (int32_t)pick(60), slow = 0;
        int32_t c = FIRST + (int32_t)pick(DAYS);
        for (int32_t day = a + 1; day <= b; day++)
            slow += calendar_is_working(cal, day);
        assert_int_equal(calendar_count(cal, a, b), slow);
        assert_int_equal(calendar_count(cal, b, a), -slow);
        assert_int_equal(calendar_count(cal, a, c) + calendar_count(cal, c, b), slow);
        int32_t next = calendar_next_working(cal, a);
        assert_true(next >= a && calendar_is_working(cal, next));
        assert_int_equal(calendar_count(cal, a - 1, next), 1);
    }
}

/* More pauses than are kept change nothing and read nothing behind them. */
static void too_many_pauses(void **state)
{
    const struct calendar *cal = calendar_random(ctx_new(*state, NULL), 900);
    struct pause p[PAUSES_MAX + 1];
    int64_t received = day_start(FIRST);
    for (size_t i = 0; i <= PAUSES_MAX; i++)
        p[i] = (struct pause){received + (int64_t)i * DAY_US,
                              received + (int64_t)(i + 2) * DAY_US};
    for (int32_t n = 0; n < 40; n++)
        assert_int_equal(
            calendar_due(cal, received, (struct budget){n, 'w'}, p, PAUSES_MAX + 1, 0).day,
            calendar_due(cal, received, (struct budget){n, 'w'}, p, PAUSES_MAX, 0).day);
}

/* A text is a budget exactly when it is what the budget prints. */
static void budgets(void **state)
{
    static const char chars[] = "0123456789wcdh +-.%";
    srandom(65);
    for (int i = 0; i < 200000; i++) {
        char text[8], again[16];
        size_t n = (size_t)pick(sizeof text);
        struct budget b;
        for (size_t k = 0; k < n; k++)
            text[k] = chars[pick(sizeof chars - 1)];
        if (!budget_parse(str_n(text, n), &b))
            continue;
        assert_true(b.n >= 0 && b.n <= BUDGET_MAX && strchr("wch", b.unit));
        int m = snprintf(again, sizeof again, "%d%s", b.n,
                         b.unit == 'h'   ? "wh"
                         : b.unit == 'c' ? "cd"
                                         : "wd");
        size_t zeros = n - (size_t)m; /* "007wd" is 7wd */
        assert_memory_equal(text + zeros, again, (size_t)m);
    }
    for (int32_t n = 0; n <= BUDGET_MAX + 1; n++) {
        char text[16];
        struct budget b;
        int m = snprintf(text, sizeof text, "%dwd", n);
        assert_int_equal(budget_parse(str_n(text, (size_t)m), &b), n <= BUDGET_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(due_is_the_rule), UNIT(same_day),        UNIT(laws_of_pauses),
        UNIT(counting),        UNIT(too_many_pauses), UNIT(budgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
