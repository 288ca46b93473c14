/* test_casework_locked.c - a supplement changes what was asked, never what the register says. */
#include "unit/harness.h"

#include "casework_help.h"

/* clang-format off */
#define SHOP \
    "{\"business_name\":\"Tạp hóa Mẫu\",\"name_short\":\"THM\"," \
    "\"place_kind\":\"own\",\"address_line\":\"ấp Mẫu\"," \
    "\"address_commune\":\"xã Thử Nghiệm\"," \
    "\"lines\":[{\"name\":\"Bán lẻ\",\"code\":\"4711\",\"main\":true}]," \
    "\"conditional_line\":false,\"capital_vnd\":50000000,\"employees\":2," \
    "\"owner_sex\":\"female\",\"owner_ethnicity\":\"Kinh\"," \
    "\"owner_residence\":\"xã Mẫu 1\",\"founder\":\"person\"," \
    "\"declaration_one\":true,\"declaration_true\":true}"
/* clang-format on */

static int shop_begin(void **state)
{
    *state = desk_open("household-business");
    return 0;
}

static struct dossier_ref waiting(struct desk *k)
{
    struct dossier_ref ref = {0};
    struct form_errors errs = {0};
    struct ctx *cx = as(k, "an");
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("Mã ngành")));
    struct act ask = {.id = STR("supplement"), .reason = STR("mờ"), .items = items};
    if (file_one(k, cx, SHOP, &ref, &errs) != RC_OK)
        fail_msg("%s %s", cx->err.field, cx->err.detail);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(act_full(k, "specialist@commune", &ref, &ask), RC_OK);
    return ref;
}

static const struct row {
    const char *sent;
    enum rc rc;
    const char *field, *is; /* of the answers in force then */
} rows[] = {
    {"{\"employees\":3}", RC_OK, "owner_number", "083095000011"},
    {"{\"owner_number\":\"083190000022\"}", RC_OK, "owner_number", "083095000011"},
    {"{\"owner_name\":\"Trần Thị Bình\",\"employees\":3}", RC_OK, "owner_name",
     "Nguyễn Văn An"},
    {"{\"owner_birth_day\":\"1990-07-15\"}", RC_OK, "owner_birth_day", "1995-03-02"},
    {"{\"owner_name\":null}", RC_OK, "owner_name", "Nguyễn Văn An"},
    {"{\"owner_number\":7}", RC_OK, "owner_number", "083095000011"},
    {"{\"business_name\":\"Tạp hóa Hai\"}", RC_OK, "business_name", "Tạp hóa Hai"},
    {"{\"business_name\":null}", RC_INVALID, "business_name", "Tạp hóa Mẫu"},
    {"{\"business_name\":\"Công ty Mẫu\"}", RC_INVALID, "business_name", "Tạp hóa Mẫu"},
    /* null empties an answer: what may be missing is gone, the rest is refused */
    {"{\"name_short\":null}", RC_OK, "name_short", ""},
    {"{\"employees\":3}", RC_OK, "name_short", "THM"},
    {"{\"lines\":null}", RC_INVALID, "name_short", "THM"},
    {"{\"name_short\":null,\"owner_residence\":null}", RC_INVALID, "name_short", "THM"},
    {"{\"shoe_size\":null}", RC_OK, "name_short", "THM"}, /* empties nothing */
    {"{\"shoe_size\":38}", RC_INVALID, "business_name", "Tạp hóa Mẫu"},
};

static void supplement_keeps(const struct row *r)
{
    struct desk *k = desk_open("household-business");
    struct dossier_ref ref = waiting(k);
    struct json *answers = NULL;
    struct act send = {.id = STR("resubmit"), .answers = answers_of(k, r->sent)};
    enum rc rc = act_full(k, "an", &ref, &send);
    assert_int_equal(dossier_answers(as(k, "an"), look(k, ref.code), &answers), RC_OK);
    if (rc != r->rc || !str_eq(json_str(answers, r->field), str_from(r->is)))
        fail_msg("%s: %s, %.*s", r->sent, rc_name(rc), STR_ARG(json_str(answers, r->field)));
    desk_end((void **)&k);
}

static void locked_stay(void **state)
{
    for (size_t i = 0; i < ROWS(rows); i++)
        supplement_keeps(&rows[i]);
}

/* Nobody else sends it, not even with nothing in it; an officer sends no answers at all. */
static void others_refused(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = waiting(k);
    struct act send = {.id = STR("resubmit"), .answers = answers_of(k, "{\"employees\":3}")};
    assert_int_equal(act_full(k, "binh", &ref, &send), RC_NOT_FOUND);
    assert_int_equal(act_full(k, "nobody", &ref, &send), RC_NOT_FOUND);
    assert_int_equal(act_full(k, "specialist@commune", &ref, &send), RC_FORBIDDEN);
    assert_int_equal(act_one(k, "reception@commune", &ref, "resubmit"), RC_FORBIDDEN);
    assert_int_equal(act_one(k, "an", &ref, "resubmit"), RC_OK);
    struct act approve = {.id = STR("approve"), .answers = answers_of(k, "{\"employees\":9}")};
    assert_int_equal(act_full(k, "specialist@commune", &ref, &approve), RC_FORBIDDEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locked_stay),
        cmocka_unit_test_setup_teardown(others_refused, shop_begin, desk_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
