/* test_said.c - sentences about expressions and tables, said again in the other language. */
#include "unit/harness.h"

#include "text/said.h"

static void sentences(void **state)
{
    static const struct {
        const char *en, *vi;
    } rows[] = {
        {"column 8: nothing is called sise", "cột 8: không có gì tên là sise"},
        {"column 1: a boolean is needed, the expression gives a text",
         "cột 1: cần đúng/sai, biểu thức lại cho văn bản"},
        {"column 3: a date is needed here, this is a text; write a date as date('2026-01-31')",
         "cột 3: ở đây cần ngày, đây lại là văn bản; ngày viết là date('2026-01-31')"},
        {"column 3: a number is needed here, this is a list",
         "cột 3: ở đây cần số, đây lại là danh sách"},
        {"column 12: working days (wd) are needed here, these are calendar days (cd)",
         "cột 12: ở đây cần ngày làm việc (wd), đây lại là ngày theo lịch (cd)"},
        {"column 2: there is no field x in the result",
         "cột 2: không có trường x trong kết quả"},
        {"column 2: there is no field x in father.home",
         "cột 2: không có trường x trong father.home"},
        {"column 5: a list holds values of one type, this is a text among numbers",
         "cột 5: danh sách chỉ chứa một kiểu giá trị, đây là văn bản lẫn với số"},
        {"column 9: tables/fee.csv is asked with 2 values, these are 1",
         "cột 9: tables/fee.csv được hỏi với 2 giá trị, đây là 1"},
        {"column 14: pattern: ( has no )", "cột 14: mẫu: ( thiếu )"},
        {"column 4: ) is missing here", "cột 4: ở đây thiếu )"},
        {"column 4: this sign is not known; compare with ==",
         "cột 4: không có dấu này; so sánh bằng =="},
        {"column 4: this sign is not known", "cột 4: không có dấu này"},
        {"pattern: {m,n} takes numbers up to 255", "mẫu: {m,n} chỉ nhận số đến 255"},
        {"kind: `tree` is no number, comparison (>= 5), range (1..9) or list (1|3)",
         "kind: `tree` không phải số, phép so sánh (>= 5), khoảng (1..9) hay danh sách (1|3)"},
        {"vnd: `x` is no number", "vnd: `x` không phải số"},
        {"more than 500 rows", "hơn 500 dòng"},
        {"column 9: `hous` is none of the choices there are",
         "cột 9: `hous` không có trong các lựa chọn"},
    };
    struct str s;
    for (size_t i = 0; i < ROWS(rows); i++) {
        if (!said_in(*state, LANG_VI, str_from(rows[i].en), &s))
            fail_msg("po/ does not say: %s", rows[i].en);
        assert_str(s, rows[i].vi);
        assert_true(said_in(*state, LANG_EN, str_from(rows[i].en), &s));
        assert_str(s, rows[i].en);
    }
}

/* What is none of ours stays as it is: names and signs need no language. */
static void others_stay(void **state)
{
    static const char *const rows[] = {"",
                                       "`sise`",
                                       "column 8",
                                       "nothing is",
                                       "`a`: maxLength, enum, format",
                                       "Column 8: nothing is called sise"};
    struct str s;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_false(said_in(*state, LANG_VI, str_from(rows[i]), &s));
        assert_str(s, rows[i]);
    }
    assert_false(said_in(*state, LANG_VI, STR("column 8: something else"), &s));
    assert_str(s, "cột 8: something else");
}

/* What people typed may look like a place or a sentence of its own. */
static void typed_words(void **state)
{
    static const struct {
        const char *en, *vi;
    } rows[] = {
        {"column 1: nothing is called {a}", "cột 1: không có gì tên là {a}"},
        {"column 1: nothing is called column", "cột 1: không có gì tên là column"},
        {"column 1: there is no field in in in in", "cột 1: không có trường in trong in in"},
    };
    struct str s;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_true(said_in(*state, LANG_VI, str_from(rows[i].en), &s));
        assert_str(s, rows[i].vi);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(sentences), UNIT(others_stay), UNIT(typed_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
