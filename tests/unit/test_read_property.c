/* test_read_property.c - what is printed reads back as it was, for random values: figures as people
 * write them, cells of statements, periods, and cells of files for spreadsheets. */
#include "unit/harness.h"

#include <stdlib.h>

#include "base/buf.h"
#include "opendata/opendata.h"
#include "rollup/rollup_priv.h"
#include "target/entered.h"
#include "target/period.h"
#include "text/csv.h"

enum { ROUNDS = 3000 };

static int pick(int n)
{
    return (int)(random() % n);
}

/* Of every length, not mostly of the greatest. */
static int64_t number(int digits)
{
    int64_t v = 0;
    for (int i = 1 + pick(digits); i > 0; i--)
        v = v * 10 + pick(10);
    return v;
}

/* -- values as people write them -- */

/* In groups of three, parted by the mark; 0: in one piece. */
static struct str grouped(struct arena *mem, int64_t n, char mark)
{
    struct str digits = str_fmt(mem, "%lld", (long long)n);
    struct buf *b = buf_new(mem, 64);
    for (size_t i = 0; i < digits.n; i++) {
        if (mark && i && (digits.n - i) % 3 == 0)
            buf_putc(b, mark);
        buf_putc(b, digits.p[i]);
    }
    return buf_str(b);
}

/* How a value may be written in each language: in groups, with blanks, plain; with or without a
 * percent sign and blanks around. */
static struct str written(struct arena *mem, enum lang lang, int64_t hundredths, bool tenths)
{
    static const char groups[LANG_COUNT][3] = {{'.', ' ', 0}, {',', ' ', 0}};
    bool minus = hundredths < 0;
    int64_t whole = (minus ? -hundredths : hundredths) / 100;
    int rest = (int)((minus ? -hundredths : hundredths) % 100);
    char point = lang == LANG_EN ? '.' : ',';
    static const char *const ends[] = {"", "%", " %", "  "};
    struct str head = grouped(mem, whole, groups[lang][pick(3)]);
    struct str part = STR("");
    if (tenths)
        part = str_fmt(mem, "%c%d", point, rest / 10);
    else if (rest || pick(2))
        part = str_fmt(mem, "%c%02d", point, rest);
    return str_fmt(mem, "%s%s%.*s%.*s%s", pick(4) ? "" : " ", minus ? "-" : "", STR_ARG(head),
                   STR_ARG(part), ends[pick(ROWS(ends))]);
}

static void values(void **state)
{
    (void)state;
    srandom(20261122);
    for (int i = 0; i < ROUNDS; i++) {
        struct arena *mem = arena_new(1 << 20);
        int64_t whole = number(16), got = -77;
        bool minus = pick(3) == 0, tenths = pick(3) == 0;
        int rest = tenths ? pick(10) * 10 : pick(100);
        int64_t want = (whole * 100 + rest) * (minus ? -1 : 1);
        enum lang lang = pick(2) ? LANG_EN : LANG_VI;
        struct str text = written(mem, lang, want, tenths);
        if (value_parse(text, lang, &got) != VALUE_READ || got != want)
            fail_msg("\"%.*s\": %lld, not %lld", STR_ARG(text), (long long)got,
                     (long long)want);
        arena_free(mem);
    }
}

/* What has parts goes apart and together again without losing a hundredth. */
static void values_split(void **state)
{
    static const enum indicator_unit units[] = {IND_PERCENT, IND_DAYS, IND_SCORE};
    (void)state;
    srandom(7);
    for (int i = 0; i < ROUNDS; i++) {
        struct indicator ind = {.unit = units[pick(ROWS(units))]}, count = {.unit = IND_COUNT};
        struct entered_value v = {.is_given = true};
        int64_t value = number(13) * (pick(4) ? 1 : -1);
        assert_true(value_split(&ind, value, &v.num, &v.den));
        assert_true(v.den > 0);
        assert_true(entered_value_of(&ind, &v) == value);
        bool is_whole = value_split(&count, value, &v.num, &v.den);
        assert_true(is_whole == (value % 100 == 0));
        if (is_whole)
            assert_true(v.den == 0 && entered_value_of(&count, &v) == value);
    }
}

/* -- cells of statements -- */

static void lines(void **state)
{
    static const char letters[] = "abcXYZ0123456789.-";
    (void)state;
    srandom(42);
    for (int i = 0; i < ROUNDS; i++) {
        struct arena *mem = arena_new(1 << 20);
        char procedure[40];
        size_t n = (size_t)pick(ROWS(procedure) + 1);
        for (size_t k = 0; k < n; k++)
            procedure[k] = letters[pick(sizeof letters - 1)];
        struct cell_line c = {str_n(procedure, n), pick(10), pick(4097), number(15),
                              -number(15)};
        struct cell_line got;
        struct str text = cell_line_print(mem, &c);
        if (!cell_line_parse(text, &got))
            fail_msg("%.*s", STR_ARG(text));
        /* "-" stands for no procedure */
        bool is_none = n == 0 || str_eq(c.procedure, STR("-"));
        assert_true(str_eq(got.procedure, is_none ? STR("") : c.procedure));
        assert_true(got.channel == c.channel && got.bucket == c.bucket && got.num == c.num &&
                    got.den == c.den);
        /* cut anywhere it is another line or none, never one with less in it unseen */
        size_t at = (size_t)pick((int)text.n);
        if (cell_line_parse(str_cut(text, 0, at), &got))
            assert_true(str_eq(cell_line_print(mem, &got), str_cut(text, 0, at)));
        arena_free(mem);
    }
}

/* -- periods -- */

/* Every month, quarter, half and year that may be entered: one spelling, neighbours meet. */
static void periods(void **state)
{
    static const enum span spans[] = {SPAN_MONTH, SPAN_QUARTER, SPAN_HALF, SPAN_YEAR};
    for (size_t s = 0; s < ROWS(spans); s++) {
        struct period p = period_at(day_make(PERIOD_YEAR_MIN, 1, 1), spans[s]), got;
        int n = 0;
        for (; p.from < day_make(PERIOD_YEAR_MAX + 1, 1, 1); p = period_next(p), n++) {
            struct str id = period_id(*state, p);
            if (!period_parse(id, &got) || got.from != p.from || got.to != p.to)
                fail_msg("%.*s", STR_ARG(id));
            assert_int_equal(period_span(p), spans[s]);
            assert_int_equal(period_next(p).from, p.to);
            assert_int_equal(period_before(period_next(p)).from, p.from);
            assert_int_equal(period_at(p.to - 1, spans[s]).from, p.from);
        }
        assert_int_equal(n, (PERIOD_YEAR_MAX - PERIOD_YEAR_MIN + 1) * 12 / (int)spans[s]);
    }
}

/* Before and after the years that may be entered time goes on: a promise may be for 2150. */
static void far_periods(void **state)
{
    static const enum span spans[] = {SPAN_MONTH, SPAN_QUARTER, SPAN_HALF, SPAN_YEAR};
    static const int years[] = {1, 1899, 1987, 2101, 2150, 9998};
    (void)state;
    for (size_t s = 0; s < ROWS(spans); s++)
        for (size_t y = 0; y < ROWS(years); y++) {
            struct period p = period_at(day_make(years[y], 7, 1), spans[s]);
            struct period after = period_next(p), before = period_before(p);
            assert_int_equal(after.from, p.to);
            assert_int_equal(before.to, p.from);
            assert_int_equal(period_before(after).from, p.from);
            assert_int_equal(period_span(after), SPAN_NONE); /* none that can be entered */
            assert_null(period_id(*state, after).p);
        }
}

/* The months of statements and the periods of datasets name the same days. */
static void months(void **state)
{
    for (int64_t n = 1970 * 12; n < 2100 * 12; n++) {
        struct month m = month_at(*state, n), got;
        struct data_period d;
        assert_true(month_parse(*state, m.name, &got) && got.n == n && got.to == m.to);
        assert_true(data_period_parse(*state, m.name, TIME_MONTH, &d));
        assert_true(d.from == m.from && d.to == m.to);
        assert_int_equal(month_now(day_start(m.from)), n);
        assert_int_equal(month_now(day_start(m.to) - 1), n);
    }
}

/* -- cells of files -- */

static struct str cell_random(struct arena *mem)
{
    static const char *const pieces[] = {"a",  "ư",  ",",  "\"", "\n", " ",   "=", "+",
                                         "-",  "@",  "\t", "1",  ".",  "'",   ";", "|",
                                         "Ấp", "-1", "\r", "0",  "x;", "\"\""};
    struct buf *b = buf_new(mem, 400);
    for (int i = pick(8); i > 0; i--)
        buf_put(b, str_from(pieces[pick(ROWS(pieces))]));
    return buf_str(b);
}

static bool is_begun_by(struct str s, const char *chars)
{
    return s.n && strchr(chars, s.p[0]);
}

/* What comes back is what went in, with a ' before what a spreadsheet would reckon with. */
static void cells(void **state)
{
    (void)state;
    srandom(11);
    for (int i = 0; i < ROUNDS; i++) {
        struct arena *mem = arena_new(1 << 20);
        struct ctx *cx = ctx_new(mem, NULL);
        struct str in[2] = {cell_random(mem), cell_random(mem)};
        struct buf *b = buf_new(mem, 4096);
        struct json *rows;
        buf_put(b, STR("one,two\r\n"));
        csv_cell(b, in[0]);
        buf_putc(b, ',');
        csv_cell(b, in[1]);
        buf_put(b, STR("\r\n"));
        if (csv_parse(cx, buf_str(b), &rows) != RC_OK || rows->n != 1)
            fail_msg("%s: %.*s", cx->err.detail, STR_ARG(buf_str(b)));
        size_t at = 0;
        JSON_EACH (rows->first, cell) {
            struct str was = in[at++];
            bool shielded = cell->s.n == was.n + 1 && cell->s.p[0] == '\'';
            assert_true(str_eq(shielded ? str_skip(cell->s, 1) : cell->s, was));
            assert_true(!is_begun_by(cell->s, "=+@\t\r"));
            if (is_begun_by(cell->s, "-")) /* left alone: a number and nothing else */
                for (size_t k = 1; k < cell->s.n; k++)
                    assert_true(strchr("0123456789.", cell->s.p[k]) != NULL);
        }
        arena_free(mem);
    }
}

/* A minus with a number behind it is a number; whatever else follows is not. */
static void minus(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"-1", "-1"},
        {"-1.5", "-1.5"},
        {"-0", "-0"},
        {"-", "\"'-\""},
        {"-1.", "\"'-1.\""},
        {"-1.5.5", "\"'-1.5.5\""},
        {"-1.-5", "\"'-1.-5\""},
        {"-1+1", "\"'-1+1\""},
        {"--1", "\"'--1\""},
        {"-x", "\"'-x\""},
        {"-1,5", "\"'-1,5\""},
        {"=1", "\"'=1\""},
        {"@a", "\"'@a\""},
        {"+1", "\"'+1\""},
        {"a=1", "a=1"},
        {"", ""},
        {"'=1", "'=1"},
        {"a\"b", "\"a\"\"b\""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct buf *b = buf_new(*state, 100);
        size_t n = strlen(rows[i].in);
        char *exact = malloc(n ? n : 1); /* nothing behind it to look at */
        memcpy(exact, rows[i].in, n);
        csv_cell(b, str_n(exact, n));
        free(exact);
        if (!str_eq(buf_str(b), str_from(rows[i].out)))
            fail_msg("%s: %.*s", rows[i].in, STR_ARG(buf_str(b)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(values),      UNIT(values_split), UNIT(lines), UNIT(periods),
        UNIT(far_periods), UNIT(months),       UNIT(cells), UNIT(minus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
