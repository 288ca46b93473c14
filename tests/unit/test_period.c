/* test_period.c - months, quarters, halves and years: one spelling, read strictly. */
#include "unit/harness.h"

#include "target/period.h"

struct spelling {
    const char *id, *from, *to;
    enum span span;
};

static void spelled_and_read(void **state)
{
    static const struct spelling rows[] = {
        {"2025", "2025-01-01", "2026-01-01", SPAN_YEAR},
        {"2025-H1", "2025-01-01", "2025-07-01", SPAN_HALF},
        {"2025-H2", "2025-07-01", "2026-01-01", SPAN_HALF},
        {"2025-Q1", "2025-01-01", "2025-04-01", SPAN_QUARTER},
        {"2025-Q4", "2025-10-01", "2026-01-01", SPAN_QUARTER},
        {"2024-02", "2024-02-01", "2024-03-01", SPAN_MONTH},
        {"2025-12", "2025-12-01", "2026-01-01", SPAN_MONTH},
        {"1990", "1990-01-01", "1991-01-01", SPAN_YEAR},
        {"2100-12", "2100-12-01", "2101-01-01", SPAN_MONTH},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct period p;
        assert_true(period_parse(str_from(rows[i].id), &p));
        assert_str(day_iso(mem, p.from), rows[i].from);
        assert_str(day_iso(mem, p.to), rows[i].to);
        assert_int_equal(period_span(p), rows[i].span);
        assert_str(period_id(mem, p), rows[i].id);
    }
}

static void refused(void **state)
{
    static const char *const rows[] = {"",        "25",      "20255",     "2025-",    "2025-0",
                                       "2025-13", "2025-00", "2025-Q0",   "2025-Q5",  "2025-H3",
                                       "2025-q1", "2025-1",  "2025-+1",   "2025-Q12", "1989",
                                       "2101",    "x025",    "-025",      "2025-Y1",  "2025 ",
                                       " 2025",   "2025-0x", "2025-12-01"};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct period p;
        assert_false(period_parse(str_from(rows[i]), &p));
    }
}

/* Whole months at their place in the year, and nothing else. */
static void other_spans(void **state)
{
    static const struct {
        const char *from, *to;
    } rows[] = {
        {"2025-01-02", "2026-01-01"}, /* not the first day */
        {"2025-01-01", "2025-12-31"}, /* not to the end */
        {"2025-02-01", "2025-05-01"}, /* three months that are no quarter */
        {"2025-04-01", "2025-10-01"}, /* six that are no half */
        {"2025-07-01", "2026-07-01"}, /* twelve that are no year */
        {"2025-01-01", "2025-03-01"}, /* two */
        {"2025-01-01", "2027-01-01"}, /* twenty-four */
        {"2025-01-01", "2025-01-01"}, /* nothing */
        {"2026-01-01", "2025-01-01"}, /* backwards */
        {"1989-01-01", "1990-01-01"}, {"2101-01-01", "2102-01-01"},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct period p;
        assert_true(day_parse(str_from(rows[i].from), &p.from));
        assert_true(day_parse(str_from(rows[i].to), &p.to));
        assert_int_equal(period_span(p), SPAN_NONE);
        assert_null(period_id(mem, p).p);
    }
}

static void neighbours(void **state)
{
    static const struct {
        const char *id, *before, *next;
    } rows[] = {
        {"2025", "2024", "2026"},          {"2025-H1", "2024-H2", "2025-H2"},
        {"2025-Q1", "2024-Q4", "2025-Q2"}, {"2025-Q4", "2025-Q3", "2026-Q1"},
        {"2025-01", "2024-12", "2025-02"}, {"2024-03", "2024-02", "2024-04"},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct period p;
        assert_true(period_parse(str_from(rows[i].id), &p));
        assert_str(period_id(mem, period_before(p)), rows[i].before);
        assert_str(period_id(mem, period_next(p)), rows[i].next);
    }
}

static void of_a_day(void **state)
{
    static const struct {
        const char *day;
        enum span span;
        const char *id;
    } rows[] = {
        {"2026-01-01", SPAN_MONTH, "2026-01"},   {"2026-01-31", SPAN_QUARTER, "2026-Q1"},
        {"2026-03-31", SPAN_QUARTER, "2026-Q1"}, {"2026-04-01", SPAN_QUARTER, "2026-Q2"},
        {"2026-06-30", SPAN_HALF, "2026-H1"},    {"2026-07-01", SPAN_HALF, "2026-H2"},
        {"2024-02-29", SPAN_MONTH, "2024-02"},   {"2026-12-31", SPAN_YEAR, "2026"},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int32_t day;
        assert_true(day_parse(str_from(rows[i].day), &day));
        assert_str(period_id(mem, period_at(day, rows[i].span)), rows[i].id);
    }
}

static void in_words(void **state)
{
    static const struct {
        const char *id, *vi, *en;
    } rows[] = {
        {"2025", "năm 2025", "2025"},
        {"2025-H2", "6 tháng cuối năm 2025", "second half of 2025"},
        {"2025-H1", "6 tháng đầu năm 2025", "first half of 2025"},
        {"2025-Q3", "quý III/2025", "quarter 3, 2025"},
        {"2025-06", "tháng 6/2025", "6/2025"},
        {"2025-12", "tháng 12/2025", "12/2025"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct period p;
        assert_true(period_parse(str_from(rows[i].id), &p));
        cx->lang = LANG_VI;
        assert_str(period_text(cx, p), rows[i].vi);
        cx->lang = LANG_EN;
        assert_str(period_text(cx, p), rows[i].en);
    }
    struct period odd = {day_make(2025, 3, 2), day_make(2025, 3, 9)};
    assert_str(period_text(cx, odd), "02/03/2025 – 08/03/2025");
}

static void names_of_spans(void **state)
{
    static const char *const wrong[] = {"", "never", "week", "Month", "months", "12"};
    static const enum span all[] = {SPAN_MONTH, SPAN_QUARTER, SPAN_HALF, SPAN_YEAR};
    enum span e;
    (void)state;
    for (size_t i = 0; i < ROWS(all); i++) {
        assert_true(span_parse(str_from(span_name(all[i])), &e));
        assert_int_equal(e, all[i]);
    }
    for (size_t i = 0; i < ROWS(wrong); i++)
        assert_false(span_parse(str_from(wrong[i]), &e));
    assert_string_equal(span_name(SPAN_NONE), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(spelled_and_read), UNIT(refused),  UNIT(other_spans),    UNIT(neighbours),
        UNIT(of_a_day),         UNIT(in_words), UNIT(names_of_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
