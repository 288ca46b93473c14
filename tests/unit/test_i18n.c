/* test_i18n.c - messages, labels, numbers, folding. */
#include "unit/harness.h"

#include "text/i18n.h"

static void messages(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    assert_str(msg_get(LANG_VI, STR("status.9")), "Đã xử lý xong");
    assert_str(msg_get(LANG_EN, STR("status.10")), "Result handed over");
    assert_str(msg_get(LANG_VI, STR("no.such.key")), "no.such.key");
    assert_true(msg_has(STR("error.INVALID")));
    assert_false(msg_has(STR("error.invalid")));
    assert_false(msg_has(STR("")));
    for (enum rc rc = RC_OK + 1; rc < RC_COUNT; rc++)
        if (!msg_has(str_from(rc_message_key(rc))))
            fail_msg("no message %s", rc_message_key(rc));
    struct json *args = json_new_obj(cx->mem);
    json_put_int(cx->mem, args, "amount", 5);
    assert_str(msg_fill(cx, STR("money"), args), "5 đồng");
    assert_str(msg_fill(cx, STR("money"), NULL), "{amount} đồng");
}

static void fills(void **state)
{
    static const struct {
        const char *text, *out;
    } rows[] = {
        {"", ""},
        {"no hole", "no hole"},
        {"{a}", "x"},
        {"{a}{a} {b.c}.", "xx 7."},
        {"{none}{a}", "{none}x"},
        {"{}{ a}{A}{a b}{a", "{}{ a}{A}{a b}{a"},
        {"{{a}}", "{x}"},
        {"{t} {n} {d}", "true  1.50"},
        {"{b}", "{\"c\":7}"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    struct json *args;
    assert_int_equal(
        json_parse(cx, STR("{\"a\":\"x\",\"b\":{\"c\":7},\"t\":true,\"n\":null,\"d\":1.50}"),
                   &args),
        RC_OK);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str got = text_fill(cx->mem, str_from(rows[i].text), args);
        if (!str_eq(got, str_from(rows[i].out)))
            fail_msg("row %zu: %.*s", i, STR_ARG(got));
    }
}

static void labels(void **state)
{
    static const struct {
        const char *label, *vi, *en;
    } rows[] = {
        {"{\"vi\":\"Tên\",\"en\":\"Name\"}", "Tên", "Name"},
        {"{\"vi\":\"Tên\"}", "Tên", "Tên"},
        {"{\"en\":\"Name\"}", "Name", "Name"},
        {"\"Tên\"", "Tên", "Tên"},
        {"{}", "", ""},
        {"null", "", ""},
        {"7", "", ""},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *label;
        assert_int_equal(json_parse(cx, str_from(rows[i].label), &label), RC_OK);
        cx->lang = LANG_VI;
        assert_str(label_text(cx, label), rows[i].vi);
        cx->lang = LANG_EN;
        assert_str(label_text(cx, label), rows[i].en);
    }
    assert_str(label_text(cx, NULL), "");
    assert_int_equal(lang_parse(STR("en")), LANG_EN);
    assert_int_equal(lang_parse(STR("fr")), LANG_VI);
    assert_int_equal(lang_parse(STR_NULL), LANG_VI);
}

static void numbers(void **state)
{
    static const struct {
        int64_t n;
        const char *vi, *en;
    } rows[] = {
        {0, "0", "0"},
        {7, "7", "7"},
        {999, "999", "999"},
        {1000, "1.000", "1,000"},
        {-100, "-100", "-100"},
        {-1234567, "-1.234.567", "-1,234,567"},
        {INT64_MIN, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    for (size_t i = 0; i < ROWS(rows); i++) {
        cx->lang = LANG_VI;
        assert_str(number_text(cx, rows[i].n), rows[i].vi);
        cx->lang = LANG_EN;
        assert_str(number_text(cx, rows[i].n), rows[i].en);
    }
    assert_str(money_text(cx, 10000), "VND 10,000");
    cx->lang = LANG_VI;
    assert_str(money_text(cx, 10000), "10.000 đồng");
}

static void folding(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"", ""},
        {"ABC 12", "abc 12"},
        {"Đăng ký khai sinh", "dang ky khai sinh"},
        {"Nguyễn Thị Hường", "nguyen thi huong"},
        {"NGUYỄN THỊ ĐƯỜNG", "nguyen thi duong"},
        {"Nguye\xCC\x82\xCC\x83n", "nguyen"}, /* decomposed already */
        {"ỨỪỬỮỰ ôốồổỗộ", "uuuuu oooooo"},
        {"\xFF"
         "A",
         "\xFF"
         "a"}, /* not UTF-8: as it is */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str got = text_fold(*state, str_from(rows[i].in));
        if (!str_eq(got, str_from(rows[i].out)))
            fail_msg("row %zu: %.*s", i, STR_ARG(got));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(messages), UNIT(fills), UNIT(labels), UNIT(numbers), UNIT(folding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
