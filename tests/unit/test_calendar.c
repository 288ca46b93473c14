/* test_calendar.c - working days, T0, due days: the vectors of the clock rules and more. */
#include "unit/harness.h"
#include "calendar/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t at(const char *iso)
{
    int64_t us;
    char full[40];
    if (!iso)
        return TIME_NONE;
    snprintf(full, sizeof full, "%s%s+07:00", iso, strlen(iso) == 16 ? ":00" : "");
    assert_true(time_parse(str_from(full), &us));
    return us;
}

static int32_t on(const char *iso)
{
    int32_t day;
    assert_true(day_parse(str_from(iso), &day));
    return day;
}

/* "2026-09-01 holiday;2026-08-29 makeup" */
static struct json *rows_of(struct arena *mem, const char *text)
{
    struct json *rows = json_new_arr(mem);
    struct str rest = str_from(text), part, day;
    while (rest.n) {
        rest = str_split(rest, ';', &part);
        struct str kind = str_split(part, ' ', &day);
        struct json *row = json_push(rows, json_new_obj(mem));
        json_put_str(mem, row, "day", day);
        json_put_str(mem, row, "kind", kind);
    }
    return rows;
}

static struct calendar *calendar_with(struct ctx *cx, const char *text)
{
    struct calendar *cal = NULL;
    assert_int_equal(calendar_load(cx, rows_of(cx->mem, text), 900, &cal), RC_OK);
    return cal;
}

struct row {
    const char *extra, *received, *budget, *from1, *to1, *from2, *to2, *due;
};

static void row_check(struct ctx *cx, const struct row *r, const char *now)
{
    char text[200];
    snprintf(text, sizeof text, "2026-09-01 holiday;2026-09-02 holiday%s%s",
             r->extra ? ";" : "", r->extra ? r->extra : "");
    struct calendar *cal = calendar_with(cx, text);
    struct pause p[2];
    size_t n = 0;
    if (r->from1)
        p[n++] = (struct pause){at(r->from1), at(r->to1)};
    if (r->from2)
        p[n++] = (struct pause){at(r->from2), at(r->to2)};
    struct budget b;
    assert_true(budget_parse(str_from(r->budget), &b));
    int32_t due = calendar_due(cal, at(r->received), b, p, n, at(now)).day;
    if (due != on(r->due))
        print_error("received %s, %s: due %s, not %s\n", r->received, r->budget,
                    str_z(cx->mem, day_iso(cx->mem, due)), r->due);
    assert_int_equal(due, on(r->due));
}

#define THU "2026-08-27T10:00"
static void test_vectors(void **state)
{
    static const struct row rows[] = {
        {NULL, THU, "5wd", NULL, NULL, NULL, NULL, "2026-09-07"},
        {NULL, "2026-08-27T16:00", "5wd", NULL, NULL, NULL, NULL, "2026-09-08"},
        {NULL, THU, "5wd", "2026-08-31T09:00", "2026-09-04T09:00", NULL, NULL, "2026-09-09"},
        {NULL, THU, "5wd", "2026-08-31T09:00", "2026-09-04T09:00", "2026-09-03T09:00",
         "2026-09-08T09:00", "2026-09-11"},
        /* the same, told in the other order */
        {NULL, THU, "5wd", "2026-09-03T09:00", "2026-09-08T09:00", "2026-08-31T09:00",
         "2026-09-04T09:00", "2026-09-11"},
        {"2026-09-03 holiday", THU, "5wd", NULL, NULL, NULL, NULL, "2026-09-08"},
        {"2026-08-29 makeup", THU, "5wd", NULL, NULL, NULL, NULL, "2026-09-04"},
        {NULL, THU, "5wd", "2026-08-31T09:00", "2026-08-31T16:00", NULL, NULL, "2026-09-07"},
        {NULL, "2026-08-30T10:00", "1wd", NULL, NULL, NULL, NULL, "2026-09-03"},
        /* the same day, with the cut-off at 15:00 */
        {NULL, "2026-08-27T14:59", "0wd", NULL, NULL, NULL, NULL, "2026-08-27"},
        {NULL, "2026-08-27T15:00", "0wd", NULL, NULL, NULL, NULL, "2026-08-28"},
        {NULL, "2026-08-28T15:00", "0wd", NULL, NULL, NULL, NULL, "2026-08-31"},
        {NULL, "2026-08-31T15:00", "0wd", NULL, NULL, NULL, NULL, "2026-09-03"},
        {NULL, "2026-09-01T08:00", "0wd", NULL, NULL, NULL, NULL, "2026-09-03"},
        {NULL, "2026-09-01T23:59", "0wd", NULL, NULL, NULL, NULL, "2026-09-03"},
        /* the same day, paused: counted anew from when it came back */
        {NULL, THU, "0wd", "2026-08-27T11:00", "2026-08-31T10:00", NULL, NULL, "2026-08-31"},
        {NULL, THU, "0wd", "2026-08-27T11:00", "2026-08-31T15:00", NULL, NULL, "2026-09-03"},
        {NULL, THU, "0wd", "2026-08-27T11:00", "2026-08-27T14:00", NULL, NULL, "2026-08-27"},
        {NULL, THU, "0wd", "2026-08-31T11:00", "2026-09-04T11:00", "2026-08-27T11:00",
         "2026-08-31T10:00", "2026-09-04"},
        {NULL, THU, "0wd", "2026-08-28T11:00", "2026-08-31T10:00", NULL, NULL, "2026-08-27"},
        {NULL, THU, "0wd", "2026-08-27T18:00", "2026-08-27T16:00", NULL, NULL, "2026-08-27"},
        /* calendar days: the end moves off a day off */
        {NULL, THU, "4cd", NULL, NULL, NULL, NULL, "2026-08-31"},
        {NULL, THU, "2cd", NULL, NULL, NULL, NULL, "2026-08-31"},
        {NULL, THU, "5cd", NULL, NULL, NULL, NULL, "2026-09-03"},
        {NULL, THU, "60cd", NULL, NULL, NULL, NULL, "2026-10-26"},
        {NULL, THU, "4cd", "2026-08-28T09:00", "2026-08-31T09:00", NULL, NULL, "2026-09-03"},
        {NULL, THU, "0cd", NULL, NULL, NULL, NULL, "2026-08-27"},
        /* pauses that change nothing: before T0, after the end, backwards */
        {NULL, THU, "5wd", "2026-08-20T09:00", "2026-08-27T09:00", NULL, NULL, "2026-09-07"},
        {NULL, THU, "5wd", "2026-09-07T09:00", "2026-09-17T09:00", NULL, NULL, "2026-09-07"},
        {NULL, THU, "5wd", "2026-09-04T09:00", "2026-08-31T09:00", NULL, NULL, "2026-09-07"},
        /* one that began before T0 and reaches beyond it */
        {NULL, THU, "5wd", "2026-08-20T09:00", "2026-08-31T09:00", NULL, NULL, "2026-09-09"},
        /* year end: no holidays in this calendar */
        {NULL, "2026-12-31T10:00", "1wd", NULL, NULL, NULL, NULL, "2027-01-01"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t i = 0; i < ROWS(rows); i++)
        row_check(cx, &rows[i], "2026-09-30T10:00");
}

static void test_open_pause(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    const struct row r = {.received = THU, .budget = "5wd", .from1 = "2026-08-31T09:00"};
    static const struct {
        const char *now, *due;
    } rows[] = {
        {"2026-08-31T12:00", "2026-09-07"},
        {"2026-09-02T12:00", "2026-09-07"}, /* days off cost nothing */
        {"2026-09-03T12:00", "2026-09-08"},
        {"2026-09-04T12:00", "2026-09-09"},
        {"2026-08-01T12:00", "2026-09-07"}, /* a clock that runs behind */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct row one = r;
        one.due = rows[i].due;
        row_check(cx, &one, rows[i].now);
    }
}

/* The calendar in the program. */
static void test_embedded(void **state)
{
    static const struct {
        const char *received, *budget, *due;
    } rows[] = {
        {THU, "5wd", "2026-09-07"},
        {"2026-02-13T14:00", "1wd", "2026-02-23"}, /* the Friday before Tết 2026 */
        {"2026-02-13T15:00", "0wd", "2026-02-23"},
        {"2026-02-18T10:00", "2wd", "2026-02-25"}, /* in the middle of Tết */
        {"2020-01-23T09:00", "1wd", "2020-01-31"}, /* two compensations after Tết 2020 */
        {"2020-12-31T09:00", "1wd", "2021-01-04"}, /* year end */
        {"2022-12-30T16:00", "0wd", "2023-01-03"}, /* 1 January 2023 was a Sunday */
        {"2023-04-28T09:00", "1wd",
         "2023-05-04"}, /* three holidays in a row, two at a weekend */
        {"2020-09-01T09:00", "1wd", "2020-09-03"}, /* no adjacent day before 2021 */
        {"2026-04-24T09:00", "1cd", "2026-04-28"}, /* ends on Saturday, then Hùng Kings */
        {"2035-06-01T09:00", "1wd", "2035-06-04"}, /* beyond the table: weekends only */
    };
    struct ctx *cx = ctx_new(*state, NULL);
    const struct calendar *cal = calendar_of(cx);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct budget b;
        assert_true(budget_parse(str_from(rows[i].budget), &b));
        int32_t due = calendar_due(cal, at(rows[i].received), b, NULL, 0, 0).day;
        if (due != on(rows[i].due))
            print_error("received %s: due %s\n", rows[i].received,
                        str_z(cx->mem, day_iso(cx->mem, due)));
        assert_int_equal(due, on(rows[i].due));
    }
}

/* LAW: BLLD2019 112 - eleven paid days a year, none lost to a weekend. */
static void test_embedded_years(void **state)
{
    const struct calendar *cal = calendar_of(ctx_new(*state, NULL));
    for (int year = 2021; year <= 2027; year++) {
        int off = 0;
        for (int32_t day = day_make(year, 1, 1); day < day_make(year + 1, 1, 1); day++)
            off += day_weekday(day) < 5 && !calendar_is_working(cal, day);
        assert_int_equal(off, 11);
    }
}

static void test_edges(void **state)
{
    struct calendar *cal = calendar_with(ctx_new(*state, NULL), "");
    assert_int_equal(calendar_next_working(cal, on("2026-08-29")), on("2026-08-31"));
    assert_int_equal(calendar_next_working(cal, on("2026-08-31")), on("2026-08-31"));
    assert_int_equal(calendar_count(cal, on("2026-08-27"), on("2026-09-03")), 5);
    assert_int_equal(calendar_count(cal, on("2026-09-03"), on("2026-08-27")), -5);
    assert_int_equal(calendar_count(cal, on("2026-08-28"), on("2026-08-30")), 0);
    /* beyond the table every day is its last or first */
    assert_int_equal(calendar_next_working(cal, INT32_MAX), on("2100-12-31"));
    assert_int_equal(calendar_next_working(cal, -100000), on("1990-01-01"));
    assert_int_equal(calendar_count(cal, INT32_MIN + 1, INT32_MIN + 1), 0);
    struct budget b = {BUDGET_MAX, 'w'};
    assert_int_equal(calendar_due(cal, at("2100-12-01T10:00"), b, NULL, 0, 0).day,
                     on("2100-12-31"));
}

static void test_budget(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        int n;
        char unit;
    } rows[] = {
        {"0wd", true, 0, 'w'},       {"3wd", true, 3, 'w'},   {"60cd", true, 60, 'c'},
        {"3650cd", true, 3650, 'c'}, {"3651cd", false, 0, 0}, {"4wh", true, 4, 'h'},
        {"wd", false, 0, 0},         {"-1wd", false, 0, 0},   {"+1wd", false, 0, 0},
        {"3 wd", false, 0, 0},       {"3d", false, 0, 0},     {"", false, 0, 0},
        {"3WD", false, 0, 0},        {"3wdx", false, 0, 0},   {"1.5wd", false, 0, 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct budget b = {-7, '?'};
        assert_int_equal(budget_parse(str_from(rows[i].text), &b), rows[i].ok);
        assert_int_equal(b.n, rows[i].ok ? rows[i].n : -7);
        assert_int_equal(b.unit, rows[i].ok ? rows[i].unit : '?');
    }
}

static void test_load_refusals(void **state)
{
    static const struct {
        const char *text;
        enum rc rc;
        const char *field;
    } rows[] = {
        {"2026-02-30 holiday", RC_INVALID, "day"},
        {"1989-12-31 holiday", RC_INVALID, "day"},
        {"2101-01-01 holiday", RC_INVALID, "day"},
        {"2026-09-02 feast", RC_INVALID, "kind"},
        {"2026-09-02 ", RC_INVALID, "kind"},
        {"2026-09-02 makeup", RC_INVALID, "kind"},       /* a Wednesday */
        {"2026-09-05 compensation", RC_INVALID, "kind"}, /* a Saturday */
        {"2026-09-02 holiday;2026-09-02 compensation", RC_DUPLICATE, "day"},
    };
    struct calendar *cal = NULL;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct json *table = rows_of(cx->mem, rows[i].text);
        assert_int_equal(calendar_load(cx, table, 900, &cal), rows[i].rc);
        assert_string_equal(cx->err.field, rows[i].field);
    }
    assert_int_equal(calendar_load(ctx_new(*state, NULL), NULL, 1441, &cal), RC_INVALID);
    assert_int_equal(calendar_load(ctx_new(*state, NULL), NULL, -1, &cal), RC_INVALID);
    assert_null(cal);
}

/* The rule as it is written, day by day. */
static int32_t due_slowly(const struct calendar *cal, int64_t received, int n,
                          const struct pause *p, size_t np)
{
    int32_t day = calendar_t0(cal, received);
    while (n > 0) {
        day++;
        bool counts = calendar_is_working(cal, day);
        for (size_t i = 0; i < np; i++)
            if (day_of(p[i].from_us) < day && day <= day_of(p[i].to_us))
                counts = false;
        n -= counts;
    }
    return day;
}

static void test_property(void **state)
{
    const struct calendar *cal = calendar_of(ctx_new(*state, NULL));
    int64_t start = at("2021-01-01T00:00");
    srandom(20200115);
    for (int i = 0; i < 5000; i++) {
        int64_t received = start + random() % (2000 * 24 * 60) * MINUTE_US;
        struct budget b = {(int32_t)(random() % 40), random() % 4 ? 'w' : 'c'};
        struct pause p[PAUSES_MAX];
        int32_t last = 0;
        for (size_t n = 0; n <= (size_t)(i % PAUSES_MAX); n++) {
            int32_t due = calendar_due(cal, received, b, p, n, 0).day;
            assert_true(due >= last && due >= calendar_t0(cal, received));
            assert_true(calendar_is_working(cal, due));
            if (b.unit == 'w' && b.n > 0)
                assert_int_equal(due, due_slowly(cal, received, b.n, p, n));
            last = due;
            p[n].from_us = received + (random() % 100 - 10) * 11 * HOUR_US;
            p[n].to_us = p[n].from_us + random() % 200 * HOUR_US;
        }
    }
}

static void test_speed(void **state)
{
    const struct calendar *cal = calendar_of(ctx_new(*state, NULL));
    int64_t from = time_monotonic(), sum = 0, received = at(THU);
    struct pause p = {received + 3 * DAY_US, received + 8 * DAY_US};
    enum { TIMES = 200000 };
    for (int i = 0; i < TIMES; i++)
        sum +=
            calendar_due(cal, received + i * MINUTE_US, (struct budget){20, 'w'}, &p, 1, 0).day;
    int64_t us = time_monotonic() - from;
    print_message("due: %.1f million a second (%lld)\n", (double)TIMES / (double)(us + 1),
                  (long long)(sum & 1));
    assert_true(us < 2 * SECOND_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(test_vectors),        UNIT(test_open_pause), UNIT(test_embedded),
        UNIT(test_embedded_years), UNIT(test_edges),      UNIT(test_budget),
        UNIT(test_load_refusals),  UNIT(test_property),   UNIT(test_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
