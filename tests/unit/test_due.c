/* test_due.c - due dates in rows: boundaries, hours, pauses, versions; what explaining says. */
#include "unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar/calendar.h"
#include "text/csv.h"

static int64_t at(const char *iso)
{
    int64_t us = 0;
    char full[40];
    snprintf(full, sizeof full, "%s%s+07:00", iso, strlen(iso) == 16 ? ":00" : "");
    assert_true(time_parse(str_from(full), &us));
    return us;
}

/* "2026-09-01 holiday;2026-08-29 makeup" beside the weekends. */
static struct calendar *calendar_with(struct ctx *cx, const char *text)
{
    struct json *rows = json_new_arr(cx->mem);
    struct calendar *cal = NULL;
    struct str rest = str_from(text), part, day;
    while (rest.n) {
        rest = str_split(rest, ';', &part);
        struct str kind = str_split(part, ' ', &day);
        struct json *row = json_push(rows, json_new_obj(cx->mem));
        json_put_str(cx->mem, row, "day", day);
        json_put_str(cx->mem, row, "kind", kind);
        json_put_str(cx->mem, row, "name", STR("x"));
    }
    assert_int_equal(calendar_load(cx, rows, 900, &cal), RC_OK);
    return cal;
}

/* "2026-08-31T09:00..2026-09-04T09:00 …": several, with blanks between. */
static size_t pauses_of(const char *text, struct pause p[PAUSES_MAX])
{
    size_t n = 0;
    for (; text && *text; n++) {
        char from[17] = "", to[17] = "";
        memcpy(from, text, 16);
        memcpy(to, text + 18, 16);
        p[n] = (struct pause){at(from), at(to)};
        text += 34 + (text[34] == ' ');
    }
    return n;
}

struct row {
    const char *days, *start, *budget, *pauses, *due;
};

/* Each row: what calendar_due says, and that explaining it counts just the budget. */
static void row_check(struct ctx *cx, const struct calendar *cal, const struct row *r)
{
    struct pause p[PAUSES_MAX];
    struct budget b;
    struct json *e = NULL;
    struct str text = str_from(r->budget);
    bool same = str_ends(text, STR("!")); /* calendar days that may end on a day off */
    assert_true(budget_parse(same ? str_cut(text, 0, text.n - 1) : text, &b));
    b.is_same_day = same;
    size_t n = pauses_of(r->pauses, p);
    struct due_question q = {at(r->start), b, p, n, at("2026-12-30T00:00")};
    struct due due = calendar_due(cal, q.start_us, b, p, n, q.now_us);
    struct str is = b.unit == 'h' ? str_cut(time_iso(cx->mem, due.at_us), 0, 16)
                                  : day_iso(cx->mem, due.day);
    if (!str_eq(is, str_from(r->due)))
        print_error("%s from %s: %.*s, not %s\n", r->budget, r->start, STR_ARG(is), r->due);
    assert_str(is, r->due);
    assert_int_equal(due_at(due.at_us).day, due.day);
    assert_int_equal(calendar_explain(cx, cal, &q, &e), RC_OK);
    assert_str(json_str(e, "due"), day_iso(cx->mem, due.day).p);
    int64_t counted = 0, minutes = 0;
    JSON_EACH (json_get(e, STR("days")), d) {
        counted += json_get(d, STR("n")) != NULL;
        minutes += json_int(d, "minutes", 0);
    }
    if (b.unit == 'h')
        assert_int_equal(minutes, (int64_t)b.n * 60);
    else
        assert_int_equal(counted, b.n);
}

static void rows_check(void **state, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        const struct calendar *cal =
            rows[i].days ? calendar_with(cx, rows[i].days) : calendar_of(cx);
        row_check(cx, cal, &rows[i]);
    }
}

#define SEPT "2026-09-01 holiday;2026-09-02 holiday"
#define THU "2026-08-27T10:00"
#define P1 "2026-08-31T09:00..2026-09-04T09:00"
#define P2 "2026-09-03T09:00..2026-09-08T09:00"

/* The eight questions of the rule, asked around a row of days off, each counted by hand and once
 * more by its explanation. */
struct around {
    const char *days;           /* off */
    const char *before, *after; /* 10:00 of a working day before them, 16:00 of the same */
    const char *one, *two;      /* pauses over them that overlap */
    const char *off, *makeup;   /* one day off more; a day off that is worked */
    const char *short_one;      /* a pause within one working day */
    const char *within;         /* a start on a day off, with one working day */
    const char *due[8];
};

static void around_check(void **state, const struct around *a)
{
    struct arena *mem = *state;
    const char *more = str_fmt(mem, "%s;%s holiday", a->days, a->off).p;
    const char *less = str_fmt(mem, "%s;%s makeup", a->days, a->makeup).p;
    const char *both = str_fmt(mem, "%s %s", a->one, a->two).p;
    const struct row rows[] = {
        {a->days, a->before, "5wd", NULL, a->due[0]},
        {a->days, a->after, "5wd", NULL, a->due[1]}, /* T0 is the next working day */
        {a->days, a->before, "5wd", a->one, a->due[2]},
        {a->days, a->before, "5wd", both, a->due[3]},
        {more, a->before, "5wd", NULL, a->due[4]},
        {less, a->before, "5wd", NULL, a->due[5]},
        {a->days, a->before, "5wd", a->short_one, a->due[6]},
        {a->days, a->within, "1wd", NULL, a->due[7]},
    };
    rows_check(state, rows, ROWS(rows));
}

static void vectors(void **state)
{
    static const struct around rows[] = {
        {.days = SEPT,
         .before = THU,
         .after = "2026-08-27T16:00",
         .one = P1,
         .two = P2,
         .off = "2026-09-03",
         .makeup = "2026-08-29",
         .short_one = "2026-08-31T09:00..2026-08-31T16:00",
         .within = "2026-08-30T10:00",
         .due = {"2026-09-07", "2026-09-08", "2026-09-09", "2026-09-11", "2026-09-08",
                 "2026-09-04", "2026-09-07", "2026-09-03"}},
        /* Tết, from a Thursday: 13, 23, 24, 25, 26 · 13, 25, 26, 27, 2 March · 13, 27, 2, 3, 4
         * March; who comes on Sunday the 15th has T0 on Monday the 23rd */
        {.days = "2026-02-16 holiday;2026-02-17 holiday;2026-02-18 holiday;2026-02-19 holiday;"
                 "2026-02-20 holiday",
         .before = "2026-02-12T10:00",
         .after = "2026-02-12T16:00",
         .one = "2026-02-13T09:00..2026-02-24T09:00",
         .two = "2026-02-23T09:00..2026-02-26T09:00",
         .off = "2026-02-23",
         .makeup = "2026-02-14",
         .short_one = "2026-02-13T09:00..2026-02-13T16:00",
         .within = "2026-02-15T10:00",
         .due = {"2026-02-26", "2026-02-27", "2026-03-02", "2026-03-04", "2026-02-27",
                 "2026-02-25", "2026-02-26", "2026-02-24"}},
        /* the year's end, from a Tuesday; 1 January is a Friday: 30, 31, 4, 5, 6 · 30, 6, 7, 8,
         * 11 · 30, 8, 11, 12, 13; who comes on the holiday has T0 on Monday the 4th */
        {.days = "2027-01-01 holiday",
         .before = "2026-12-29T10:00",
         .after = "2026-12-29T16:00",
         .one = "2026-12-30T09:00..2027-01-05T09:00",
         .two = "2027-01-04T09:00..2027-01-07T09:00",
         .off = "2026-12-31",
         .makeup = "2027-01-02",
         .short_one = "2026-12-31T08:00..2026-12-31T16:00",
         .within = "2027-01-01T10:00",
         .due = {"2027-01-06", "2027-01-07", "2027-01-11", "2027-01-13", "2027-01-07",
                 "2027-01-05", "2027-01-06", "2027-01-05"}},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        around_check(state, &rows[i]);
}

/* The calendar that comes with the program. */
static void boundaries(void **state)
{
    static const struct row rows[] = {
        /* Tết 2026: 16-20 February, between two weekends */
        {NULL, "2026-02-12T09:00", "1wd", NULL, "2026-02-13"},
        {NULL, "2026-02-12T15:00", "1wd", NULL, "2026-02-23"},
        {NULL, "2026-02-13T09:00", "1wd", NULL, "2026-02-23"},
        {NULL, "2026-02-13T15:00", "1wd", NULL, "2026-02-24"},
        {NULL, "2026-02-17T09:00", "3wd", NULL, "2026-02-26"},
        {NULL, "2026-02-10T09:00", "5wd", "2026-02-12T09:00..2026-02-18T09:00", "2026-02-25"},
        /* Tết 2027: a Saturday and a Sunday of it are given back on two working days */
        {NULL, "2027-02-04T09:00", "1wd", NULL, "2027-02-12"},
        {NULL, "2027-02-04T09:00", "2wd", NULL, "2027-02-15"},
        /* year end */
        {NULL, "2025-12-31T09:00", "1wd", NULL, "2026-01-02"},
        {NULL, "2025-12-31T15:00", "1wd", NULL, "2026-01-05"},
        {NULL, "2026-12-31T16:00", "0wd", NULL, "2027-01-04"},
        {NULL, "2026-12-28T09:00", "10wd", NULL, "2027-01-12"},
        /* Hùng Kings 2026 on a Sunday, given back on Monday; two days later two more */
        {NULL, "2026-04-24T09:00", "1wd", NULL, "2026-04-28"},
        {NULL, "2026-04-24T09:00", "3wd", NULL, "2026-05-04"},
        /* calendar days that end on a day off */
        {NULL, "2026-02-13T09:00", "3cd", NULL, "2026-02-23"},
        {NULL, "2026-02-13T09:00", "3cd!", NULL, "2026-02-16"},
        {NULL, "2026-08-28T09:00", "4cd", NULL, "2026-09-03"},
        {NULL, "2026-08-28T09:00", "4cd!", NULL, "2026-09-01"},
        {NULL, "2026-08-28T09:00", "5cd!", NULL, "2026-09-02"},
        {NULL, "2025-12-02T09:00", "30cd", NULL, "2026-01-02"},
        {NULL, "2025-12-02T09:00", "30cd!", NULL, "2026-01-01"},
        {NULL, "2025-12-02T09:00", "30cd", "2025-12-30T09:00..2026-01-05T10:00", "2026-01-07"},
    };
    rows_check(state, rows, ROWS(rows));
}

/* Office hours 07:30-11:30 and 13:30-17:00. */
static void hours(void **state)
{
    static const struct row rows[] = {
        {SEPT, "2026-08-27T07:30", "4wh", NULL, "2026-08-27T11:30"},
        {SEPT, "2026-08-27T10:00", "4wh", NULL, "2026-08-27T16:00"},
        {SEPT, "2026-08-27T12:15", "1wh", NULL, "2026-08-27T14:30"},
        {SEPT, "2026-08-27T16:30", "1wh", NULL, "2026-08-28T08:00"},
        {SEPT, "2026-08-27T20:00", "1wh", NULL, "2026-08-28T08:30"},
        {SEPT, "2026-08-28T16:00", "2wh", NULL, "2026-08-31T08:30"},
        {SEPT, "2026-08-31T16:00", "2wh", NULL, "2026-09-03T08:30"},
        {SEPT, "2026-08-29T10:00", "8wh", NULL, "2026-09-03T08:00"},
        {SEPT ";2026-08-29 makeup", "2026-08-28T16:00", "2wh", NULL, "2026-08-29T08:30"},
        {SEPT, "2026-08-27T07:30", "15wh", NULL, "2026-08-28T17:00"},
        {SEPT, "2026-08-27T10:00", "4wh", "2026-08-27T11:00..2026-08-27T14:00",
         "2026-08-27T17:00"},
        {SEPT, "2026-08-27T10:00", "4wh", "2026-08-27T11:30..2026-08-27T13:30",
         "2026-08-27T16:00"},
        {SEPT, "2026-08-27T10:00", "4wh", "2026-08-27T16:00..2026-08-31T09:00",
         "2026-08-27T16:00"},
        {SEPT, "2026-08-27T10:00", "4wh",
         "2026-08-27T10:30..2026-08-27T11:00 2026-08-27T10:45..2026-08-27T11:15",
         "2026-08-27T16:45"},
        {SEPT, "2026-08-27T10:17", "0wh", NULL, "2026-08-27T10:17"},
    };
    rows_check(state, rows, ROWS(rows));
}

/* "* hours 07:00-11:00 13:00-17:00": rows that end in a name of their own. */
static struct calendar *calendar_of_csv(struct ctx *cx, const char *csv)
{
    struct json *rows = NULL;
    struct calendar *cal = NULL;
    assert_int_equal(csv_parse(cx, str_from(csv), &rows), RC_OK);
    if (calendar_load(cx, rows, 900, &cal) != RC_OK)
        fail_msg("%s: %s", csv, cx->err.detail);
    return cal;
}

/* Hours and the cut-off as the list itself says them. */
static void rules_of_a_list(void **state)
{
    static const struct {
        const char *csv, *start, *budget, *due;
    } rows[] = {
        {"2026-09-02,holiday,x\n", "2026-08-27T10:00", "4wh", "2026-08-27T16:00"},
        {"*,hours,07:00-11:00 13:00-17:00\n", "2026-08-27T10:00", "4wh", "2026-08-27T16:00"},
        {"*,hours,07:00-11:00 13:00-17:00\n", "2026-08-27T06:00", "8wh", "2026-08-27T17:00"},
        {"*,hours,07:00-11:00 13:00-17:00\n", "2026-08-27T06:00", "9wh", "2026-08-28T08:00"},
        {"*,hours,08:00-17:00\n", "2026-08-27T10:00", "4wh", "2026-08-27T14:00"},
        {"*,hours,08:00-17:00\n", "2026-08-27T16:00", "1wh", "2026-08-27T17:00"},
        {"*,hours,08:00-17:00\n", "2026-08-27T16:00", "2wh", "2026-08-28T09:00"},
        {"*,hours,08:00-17:00\n", "2026-08-28T16:30", "9wh", "2026-08-31T16:30"},
        {"*,hours,00:00-24:00\n", "2026-08-27T22:00", "3wh", "2026-08-28T01:00"},
        {"*,hours,07:30-11:30\n2026-08-28,holiday,x\n", "2026-08-27T10:30", "2wh",
         "2026-08-31T08:30"},
        {"*,cutoff,16:00\n", "2026-08-27T15:59", "1wd", "2026-08-28"},
        {"*,cutoff,16:00\n", "2026-08-27T16:00", "1wd", "2026-08-31"},
        {"*,cutoff,24:00\n", "2026-08-27T23:59", "1wd", "2026-08-28"},
        {"*,cutoff,00:00\n", "2026-08-27T00:00", "1wd", "2026-08-31"},
        {"*,hours,08:00-17:00\n*,cutoff,11:00\n", "2026-08-27T11:00", "1wh",
         "2026-08-27T12:00"},
        {"*,hours,08:00-17:00\n*,cutoff,11:00\n", "2026-08-27T11:00", "1wd", "2026-08-31"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        const char *csv = str_z(cx->mem, str_fmt(cx->mem, "day,kind,name\n%s", rows[i].csv));
        const struct row r = {NULL, rows[i].start, rows[i].budget, NULL, rows[i].due};
        row_check(cx, calendar_of_csv(cx, csv), &r);
    }
}

static void rules_refused(void **state)
{
    static const struct {
        const char *csv;
        enum rc rc;
        const char *field;
    } rows[] = {
        {"2026-08-27,hours,08:00-17:00\n", RC_INVALID, "day"},
        {",cutoff,15:00\n", RC_INVALID, "day"},
        {"*,holiday,x\n", RC_INVALID, "day"},
        {"*,hours,\n", RC_INVALID, "name"},
        {"*,hours,08:00\n", RC_INVALID, "name"},
        {"*,hours,08:00-08:00\n", RC_INVALID, "name"},
        {"*,hours,17:00-08:00\n", RC_INVALID, "name"},
        {"*,hours,08:00-12:00 11:00-17:00\n", RC_INVALID, "name"},
        {"*,hours,08:00-10:00 11:00-12:00 13:00-17:00\n", RC_INVALID, "name"},
        {"*,hours,08:00-10:00  11:00-12:00\n", RC_INVALID, "name"},
        {"*,hours,8:00-17:00\n", RC_INVALID, "name"},
        {"*,hours,08:00-17:60\n", RC_INVALID, "name"},
        {"*,hours,08:00-24:01\n", RC_INVALID, "name"},
        {"*,cutoff,15h00\n", RC_INVALID, "name"},
        {"*,cutoff,-1:00\n", RC_INVALID, "name"},
        {"*,cutoff,15:00-16:00\n", RC_INVALID, "name"},
        {"*,cutoff,15:00\n*,cutoff,15:00\n", RC_DUPLICATE, "day"},
        {"*,hours,08:00-17:00\n*,hours,07:00-17:00\n", RC_DUPLICATE, "day"},
        {"*,lunch,12:00\n", RC_INVALID, "day"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct json *list = NULL;
        struct calendar *cal = NULL;
        struct str csv = str_fmt(cx->mem, "day,kind,name\n%s", rows[i].csv);
        assert_int_equal(csv_parse(cx, csv, &list), RC_OK);
        if (calendar_load(cx, list, 900, &cal) != rows[i].rc)
            fail_msg("%s: %s", rows[i].csv, cx->err.detail);
        assert_string_equal(cx->err.field, rows[i].field);
        assert_null(cal);
    }
}

/* A new list of days while a pause stands: the same question by another version. The second one
 * closes 3 and 7 September and opens Saturday the 12th. What the first says to most of them stands
 * in `vectors`. */
#define AFTER ";2026-09-03 holiday;2026-09-07 holiday;2026-09-12 makeup"

static void vectors_when_the_version_changes(void **state)
{
    static const struct row rows[] = {
        {SEPT AFTER, THU, "5wd", P1, "2026-09-10"}, /* 28, 31, 8, 9, 10 */
        {SEPT, "2026-08-27T16:00", "5wd", P1, "2026-09-10"},
        {SEPT AFTER, "2026-08-27T16:00", "5wd", P1, "2026-09-11"},
        {SEPT AFTER, THU, "5wd", P1 " " P2, "2026-09-11"}, /* both days lie in the union */
        {SEPT AFTER, THU, "6wd", P1 " " P2, "2026-09-12"}, /* and the Saturday is worked */
        {SEPT ";2026-08-29 makeup", THU, "5wd", P1, "2026-09-08"},
        {SEPT AFTER ";2026-08-29 makeup", THU, "5wd", P1, "2026-09-09"},
        {SEPT AFTER, THU, "5wd", "2026-08-31T09:00..2026-08-31T16:00", "2026-09-09"},
        {SEPT, "2026-08-30T10:00", "1wd", P1, "2026-09-07"},
        {SEPT AFTER, "2026-08-30T10:00", "1wd", P1, "2026-09-08"},
        /* what stands in the list only before, within and after the pause */
        {SEPT ";2026-09-03 holiday", THU, "5wd", P1, "2026-09-09"},
        {SEPT ";2026-09-07 holiday", THU, "5wd", P1, "2026-09-10"},
        {SEPT ";2026-08-31 holiday", THU, "5wd", P1, "2026-09-10"}, /* the day it began */
        {SEPT ";2026-09-05 makeup", THU, "5wd", P1, "2026-09-08"},
        {"2026-09-02 holiday", THU, "5wd", P1, "2026-09-09"},
    };
    rows_check(state, rows, ROWS(rows));
}

/* -- laws that hold for any question -- */

static int64_t pick(int64_t n)
{
    return random() % n;
}

static const char units[] = "wch";

/* From four days before to a month after, up to twelve days long. */
static struct pause pause_by_chance(int64_t start)
{
    int64_t from = start + (pick(900) - 100) * HOUR_US;
    return (struct pause){from, from + pick(300) * HOUR_US};
}

static void laws(void **state)
{
    struct arena *mem = *state;
    const struct calendar *cal = calendar_of(ctx_new(mem, NULL));
    srandom(190409);
    for (int i = 0; i < 4000; i++) {
        struct pause p[PAUSES_MAX];
        int64_t last = INT64_MIN,
                start = at("2021-01-01T00:00") + pick(3000 * 1440) * MINUTE_US;
        struct budget b = {(int32_t)pick(30), units[pick(3)], pick(2)};
        for (size_t n = 0; n <= (size_t)pick(6); n++) {
            struct due due = calendar_due(cal, start, b, p, n, 0);
            assert_true(due.at_us >= last); /* never earlier for one pause more */
            assert_true(due.at_us >= start && due_at(due.at_us).day == due.day);
            struct due again = calendar_due(cal, start, b, p, n, pick(1) + 77);
            assert_true(again.at_us == due.at_us); /* nothing open: now does not matter */
            last = due.at_us;
            p[n] = pause_by_chance(start);
        }
    }
}

static void explained_days_are_the_budget(void **state)
{
    srandom(190410);
    for (int i = 0; i < 400; i++) {
        struct arena *mem = arena_new(16 << 20);
        struct ctx *cx = ctx_new(mem, NULL);
        struct pause p[4];
        struct json *e = NULL;
        int64_t start = at("2021-01-01T00:00") + pick(2000 * 1440) * MINUTE_US, sum = 0, n = 0;
        size_t np = (size_t)pick(5);
        for (size_t k = 0; k < np; k++)
            p[k] = pause_by_chance(start);
        struct due_question q = {start, {(int32_t)pick(40), units[pick(3)], false}, p, np, 0};
        assert_int_equal(calendar_explain(cx, calendar_of(cx), &q, &e), RC_OK);
        JSON_EACH (json_get(e, STR("days")), d) {
            sum += json_int(d, "minutes", 0);
            n += json_get(d, STR("n")) != NULL;
        }
        if (q.budget.unit == 'h')
            assert_int_equal(sum, (int64_t)q.budget.n * 60);
        else
            assert_int_equal(n, q.budget.n);
        arena_free(mem);
    }
}

static void explain_refuses(void **state)
{
    static const struct {
        int64_t start;
        int32_t n;
    } rows[] = {{TIME_NONE, 3}, {0, -1},        {0, BUDGET_MAX + 1},
                {TIME_NONE, 0}, {0, INT32_MIN}, {0, INT32_MAX}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct json *e = NULL;
        struct due_question q = {rows[i].start, {rows[i].n, 'w', false}, NULL, 0, 0};
        assert_int_equal(calendar_explain(cx, calendar_of(cx), &q, &e), RC_INVALID);
        assert_null(e);
    }
}

/* Ten years of days: the list stops and says so. */
static void explain_is_bounded(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *e = NULL;
    struct due_question q = {at(THU), {BUDGET_MAX, 'c', false}, NULL, 0, 0};
    assert_int_equal(calendar_explain(cx, calendar_of(cx), &q, &e), RC_OK);
    assert_int_equal(json_get(e, STR("days"))->n, EXPLAIN_DAYS_MAX);
    assert_true(json_bool(e, "cut"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(vectors),
        UNIT(boundaries),
        UNIT(hours),
        UNIT(rules_of_a_list),
        UNIT(rules_refused),
        UNIT(vectors_when_the_version_changes),
        UNIT(laws),
        UNIT(explained_days_are_the_budget),
        UNIT(explain_refuses),
        UNIT(explain_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
