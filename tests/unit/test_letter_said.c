/* test_letter_said.c - what a letter says: every field bound, values as they are, own words. */
#include "unit/harness.h"

#include "letter_help.h"

/* -- what it says -- */

static struct sheet sheet_of(struct ctx *cx, enum letter_form form, const struct json *fields)
{
    struct sheet s;
    struct letter_text t = {
        .form = form_template(cx, form), .fields = fields, .title = STR("x"), .time_us = 0};
    if (sheet_make(cx, &t, &s) != RC_OK)
        fail_msg("form %d: %s", (int)form, cx->err.detail);
    return s;
}

static bool sheet_has(const struct sheet *s, const char *text)
{
    for (size_t i = 0; i < s->nparts; i++)
        for (size_t c = 0; c < s->parts[i].ncells; c++)
            if (str_has(s->parts[i].cells[c].text, str_from(text)))
                return true;
    return false;
}

/* Every name of letter_fields.def with words in it. */
static struct json *full_fields(struct ctx *cx, struct desk *k)
{
    struct json *f = fields_new(cx, commune(k));
    JSON_EACH (f, v)
        if (v->kind == JSON_STR)
            v->s = str_fmt(cx->mem, "‹%.*s›", STR_ARG(v->key));
    static const struct {
        const char *list, *name;
    } items[] = {
#define LETTER_FIELD(name, text)
#define LETTER_ITEM(list, name, text) {#list, #name},
#include "letter_fields.def"
    };
    for (size_t i = 0; i < ROWS(items); i++) {
        struct json *list = json_get(f, str_from(items[i].list));
        struct json *row = list->n ? list->first : json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, row, items[i].name, STR("‹…›"));
    }
    json_put_str(cx->mem, f, "url", STR("https://motcua.example/letter/x/y"));
    return f;
}

/* No placeholder is misspelt: none is left over when all have values. */
static void every_placeholder_is_bound(void **state)
{
    struct desk *k = *state;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (enum letter_form form = 1; form < LETTER_FORM_COUNT; form++) {
            struct ctx *cx = as(k, "");
            cx->lang = (enum lang)lang;
            struct sheet s = sheet_of(cx, form, full_fields(cx, k));
            assert_false(sheet_has(&s, "{"));
            for (size_t i = 0; i < s.nparts; i++) /* no key without words */
                for (size_t c = 0; c < s.parts[i].ncells; c++)
                    assert_false(str_starts(s.parts[i].cells[c].text, STR("letter.")));
            assert_true(sheet_has(&s, "‹number›"));
            assert_true(s.nparts > 4);
        }
}

static void empty_values_leave_no_line(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct json *f = full_fields(cx, k);
    struct sheet all = sheet_of(cx, LETTER_RECEIPT, f);
    assert_true(sheet_has(&all, "Số điện thoại: ‹phone›"));
    json_put_str(cx->mem, f, "phone", STR(""));
    json_put_str(cx->mem, f, "email", STR(""));
    struct sheet some = sheet_of(cx, LETTER_RECEIPT, f);
    assert_false(sheet_has(&some, "Số điện thoại"));
    assert_int_equal(some.nparts, all.nparts - 2);
}

/* What people wrote is text, whatever it looks like. */
static void values_are_no_markup(void **state)
{
    static const char *const rows[] = {"**đậm**", "{code}",         "<b>x</b>",
                                       "a & b",   "dòng 1\ndòng 2", "\xF0\x9F\x98\x80"};
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = as(k, "");
        struct json *f = full_fields(cx, k);
        json_put_str(cx->mem, f, "reason", str_from(rows[i]));
        struct sheet s = sheet_of(cx, LETTER_SUPPLEMENT, f);
        struct str pdf;
        assert_true(sheet_has(&s, str_fmt(cx->mem, "Lý do: %s", rows[i]).p));
        for (size_t p = 0; p < s.nparts; p++)
            if (s.parts[p].ncells == 1 && str_starts(s.parts[p].cells[0].text, STR("Lý do")))
                assert_int_equal(s.parts[p].cells[0].nbold, 0);
        assert_int_equal(press_print(cx, &s, &pdf), RC_OK);
    }
}

static void bold_covers_the_value(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct sheet s = sheet_of(cx, LETTER_SUPPLEMENT, full_fields(cx, k));
    for (size_t p = 0; p < s.nparts; p++) {
        const struct rich *r = &s.parts[p].cells[0];
        if (s.parts[p].kind != PART_TEXT || !str_starts(r->text, STR("Hồ sơ của")))
            continue;
        assert_int_equal(r->nbold, 1);
        struct str bold = str_cut(r->text, r->bold[0].from, r->bold[0].to);
        assert_str(bold, "‹applicant›");
        return;
    }
    fail_msg("the applicant stands nowhere");
}

static void receipt_tells(void **state)
{
    static const struct {
        const char *field, *want;
    } rows[] = {
        {"code", "H07.21.01-260601-0001"},
        {"number", "H07.21.01-260601-0001/TNHS"},
        {"day", "ngày 01 tháng 06 năm 2026"},
        {"received", "09 giờ 00 phút, ngày 01 tháng 06 năm 2026"},
        {"limit", "3 ngày làm việc"},
        {"due", "ngày 04 tháng 06 năm 2026"},
        {"procedure", "9.000001"},
        {"fee", "20.000 đồng"},
        {"role", "Bộ phận Một cửa"},
        {"reason", ""},
        {"address", "ấp Mẫu"}, /* the pack's letters/values.yaml */
        {"how_large", "small"},
        {"due_was", ""},
    };
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct ctx *cx = as(k, "");
    struct tale t;
    struct cause_list causes;
    struct json *f = NULL;
    assert_int_equal(tale_read(cx, look(k, ref.code), &t), RC_OK);
    causes_of(cx, &t, &causes);
    assert_int_equal(tale_fields(cx, &t, &causes.v[0], &f), RC_OK);
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_str(json_str(f, rows[i].field), rows[i].want);
    assert_int_equal(json_get(f, STR("papers"))->n, 1);
    assert_true(json_str(f, "officer").n > 0);
    assert_true(json_str(f, "applicant").n > 0);
}

/* A pack's letters/: its own words over a form, and a letter of its own. */
static void packs_speak_for_themselves(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = received(k);
    struct letter l = {0};
    struct tale t;
    struct cause_list causes;
    struct json *f = NULL;
    assert_int_equal(act_one(k, "specialist@commune", &ref, "approve"), RC_OK);
    assert_int_equal(act_one(k, "reception@commune", &ref, "hand_over"), RC_OK);
    list_is(k, "an", ref.code, "H07.21.01-260601-0001/BBBG H07.21.01-260601-0001/TNHS");
    assert_int_equal(made_as(k, "an", ref.code, "handover", &l), RC_OK);
    assert_str(l.name, "Biên bản bàn giao giấy phép");
    struct ctx *cx = as(k, "");
    assert_int_equal(tale_read(cx, look(k, ref.code), &t), RC_OK);
    causes_of(cx, &t, &causes);
    assert_int_equal(tale_fields(cx, &t, &causes.v[0], &f), RC_OK);
    struct letter_text text = {
        .form = form_template(cx, LETTER_RECEIPT),
        .words = json_get(json_get(k->office.pack->letter_words, STR("01")), STR("words")),
        .fields = f,
        .title = STR("x")};
    struct sheet s;
    json_put_str(cx->mem, f, "url", STR("x"));
    assert_int_equal(sheet_make(cx, &text, &s), RC_OK);
    assert_true(sheet_has(&s, "Nhận giấy phép tại quầy số 2"));
    struct letter own = issued_as(k, ref.code, "handover");
    struct json *v = NULL;
    assert_int_equal(letter_by_digest(as(k, "nobody"), &own.digest, &v), RC_OK);
    assert_str(json_str(v, "name"), "Biên bản bàn giao giấy phép");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LETTERS(every_placeholder_is_bound),
        LETTERS(empty_values_leave_no_line),
        LETTERS(values_are_no_markup),
        LETTERS(bold_covers_the_value),
        LETTERS(receipt_tells),
        LETTERS(packs_speak_for_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
