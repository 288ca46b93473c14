/* test_lunar.c - Tết and Hùng Kings' day by the moon at UTC+7, and what a list lacks of them. */
#include "unit/harness.h"

#include "calendar/version.h"

/* 2020 to 2035. Tết 2030 is a day before China's: the new moon falls between the two midnights. */
static void known_years(void **state)
{
    static const struct {
        int year;
        const char *tet, *hung_kings;
    } rows[] = {
        {2020, "2020-01-25", "2020-04-02"}, {2021, "2021-02-12", "2021-04-21"},
        {2022, "2022-02-01", "2022-04-10"}, {2023, "2023-01-22", "2023-04-29"},
        {2024, "2024-02-10", "2024-04-18"}, {2025, "2025-01-29", "2025-04-07"},
        {2026, "2026-02-17", "2026-04-26"}, {2027, "2027-02-06", "2027-04-16"},
        {2028, "2028-01-26", "2028-04-04"}, {2029, "2029-02-13", "2029-04-23"},
        {2030, "2030-02-02", "2030-04-12"}, {2031, "2031-01-23", "2031-04-01"},
        {2032, "2032-02-11", "2032-04-19"}, {2033, "2033-01-31", "2033-04-09"},
        {2034, "2034-02-19", "2034-04-28"}, {2035, "2035-02-08", "2035-04-17"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_str(day_iso(cx->mem, lunar_tet(rows[i].year)), rows[i].tet);
        assert_str(day_iso(cx->mem, lunar_hung_kings(rows[i].year)), rows[i].hung_kings);
    }
}

/* A lunar year has 12 or 13 months of 29 or 30 days, and Tết lies between 20 January and 21
 * February. */
static void every_year(void **state)
{
    for (int year = 1990; year < 2100; year++) {
        int32_t tet = lunar_tet(year), length = lunar_tet(year + 1) - tet;
        assert_true(tet >= day_make(year, 1, 20) && tet <= day_make(year, 2, 21));
        assert_true((length >= 353 && length <= 355) || (length >= 383 && length <= 385));
        assert_true(lunar_hung_kings(year) - tet >= 67 && lunar_hung_kings(year) - tet <= 99);
        for (int month = 1; month <= 12; month++) {
            int32_t from = lunar_to_day(year, month, 1);
            int32_t to = month < 12 ? lunar_to_day(year, month + 1, 1) : tet + length;
            int32_t days = to - from;
            assert_true((days >= 29 && days <= 30) || (days >= 58 && days <= 60));
        }
    }
}

static struct json *rows_of(struct ctx *cx, const char *text)
{
    struct json *rows = json_new_arr(cx->mem);
    struct str rest = str_from(text), part, day;
    while (rest.n) {
        rest = str_split(rest, ';', &part);
        struct str name = str_split(part, ' ', &day);
        struct json *row = json_push(rows, json_new_obj(cx->mem));
        json_put_str(cx->mem, row, "day", day);
        json_put_str(cx->mem, row, "kind", STR("holiday"));
        json_put_str(cx->mem, row, "name", name);
    }
    return rows;
}

static void faults(void **state)
{
    static const struct {
        const char *rows, *day, *holiday, *fault; /* NULL: none */
    } rows[] = {
        {"2026-02-17 Tết Âm lịch;2026-04-26 Giỗ Tổ Hùng Vương", NULL, NULL, NULL},
        {"2026-02-17 Tết Âm lịch", "2026-04-26", "hung_kings", "lacks"},
        {"2026-02-16 Tết Âm lịch;2026-04-26 Giỗ Tổ Hùng Vương", "2026-02-17", "tet", "lacks"},
        {"2026-02-17 Tết;2026-04-26 Giỗ Tổ;2026-04-27 Giỗ Tổ Hùng Vương", "2026-04-27",
         "hung_kings", "contradicts"},
        {"2026-02-17 Tết Nguyên đán;2026-03-17 Tết Nguyên đán;2026-04-26 Giỗ Tổ", "2026-03-17",
         "tet", "contradicts"},
        /* China's day in 2030 */
        {"2030-02-03 Tết Âm lịch;2030-04-12 Giỗ Tổ", "2030-02-02", "tet", "lacks"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct json *list = calendar_lunar_faults(cx, rows_of(cx, rows[i].rows));
        assert_int_equal(list->n, rows[i].day != NULL);
        if (!rows[i].day)
            continue;
        assert_str(json_str(list->first, "day"), rows[i].day);
        assert_str(json_str(list->first, "holiday"), rows[i].holiday);
        assert_str(json_str(list->first, "fault"), rows[i].fault);
    }
}

/* The days that come with the program agree with the moon in all their years. */
static void embedded_agrees(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct calendar_text text;
    assert_int_equal(calendar_text(cx, &text), RC_OK);
    assert_int_equal(text.version, 1);
    assert_int_equal(calendar_lunar_faults(cx, text.rows)->n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(known_years),
        UNIT(every_year),
        UNIT(faults),
        UNIT(embedded_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
