/* test_form_file.c - questions that are answered with a file: what loads, what is an answer, what
 * pages say, and how drafts keep files and answers together. */
#include "unit/harness.h"

#include "casework_help.h"
#include "form_help.h"

#define HEX "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0123"
#define FORM_OF(more)                                                                          \
    "type: object\n"                                                                           \
    "sections: [{id: s, title: {vi: T, en: T}, pages: [{id: p, title: {vi: T, en: T}, ask: "   \
    "[plan, place]}]}]\n"                                                                      \
    "properties:\n"                                                                            \
    "  plan: {type: string, title: {vi: Bản vẽ, en: The plan}, " more "}\n"                    \
    "  place:\n"                                                                               \
    "    type: object\n"                                                                       \
    "    properties:\n"                                                                        \
    "      photo: {type: string, title: {vi: 'Có ảnh không?', en: 'A photo?'}, widget: "   \
    "file}\n"                                                                                  \
    "      note: {type: string, title: {vi: Ghi chú, en: Note}, maxLength: 10}\n"             \
    "required: [plan]\n"
#define FORM FORM_OF("widget: file")

/* Nothing more may be declared of it: bytes say themselves what they are. */
static void loads(void **state)
{
    static const struct {
        const char *more, *rule;
    } rows[] = {
        {"widget: file", NULL},
        {"widget: file, maxLength: 64", NULL},
        {"widget: file, personal: true, hint: {vi: a, en: b}", NULL},
        {"widget: file, pattern: '^a'", "P124"},
        {"widget: file, minLength: 2", "P124"},
        {"widget: file, default: a", "P124"},
        {"widget: file, const: a", "P124"},
        {"widget: file, transform: upper", "P124"},
        {"widget: file, format: email", "P124"},
        {"widget: file, source: applicant.name", "P124"},
        {"widget: file, under: place", "P124"},
        {"widget: files", "P121"}, /* no such widget, so a text without a limit */
        {"maxLength: 9, widget: files", "P124"},
        {"widget: file, enum: [a], labels: {a: {vi: a, en: a}}", "P124"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct form *f = NULL;
        const char *text = FORM_OF("@@");
        const char *at = strstr(text, "@@");
        enum rc rc = form_of(
            cx, str_fmt(cx->mem, "%.*s%s%s", (int)(at - text), text, rows[i].more, at + 2).p,
            &f);
        if (rc != (rows[i].rule ? RC_PACK : RC_OK))
            fail_msg("%s: %s", rows[i].more, rc_name(rc));
        if (rows[i].rule)
            assert_string_equal(cx->err.field, rows[i].rule);
    }
}

static void where_it_may_stand(void **state)
{
    static const char *const head =
        "type: object\nsections: [{id: s, title: {vi: T, en: T}, pages: [{id: p, title: {vi: "
        "T, en: T}, ask: [all]}]}]\nproperties:\n";
    struct ctx *cx = ctx_new(*state, NULL);
    struct form *f = NULL;
    struct buf *b = buf_new(cx->mem, 1 << 16);
    buf_fmt(b,
            "%s  all: {type: array, maxItems: 2, title: {vi: T, en: T}, items: {type: "
            "object, properties: {one: {type: string, title: {vi: T, en: T}, widget: "
            "file}}}}\n",
            head);
    assert_int_equal(form_of(cx, str_z(cx->mem, buf_str(b)), &f), RC_PACK);
    assert_string_equal(cx->err.field, "P124");
    assert_non_null(strstr(cx->err.detail, "items"));
    ctx_clear(cx);
    for (int most = FORM_FILES_MAX; most <= FORM_FILES_MAX + 1; most++) {
        b = buf_new(cx->mem, 1 << 16);
        buf_fmt(b, "%s  all:\n    type: object\n    properties:\n", head);
        for (int i = 0; i < most; i++)
            buf_fmt(b, "      f%d: {type: string, title: {vi: T, en: T}, widget: file}\n", i);
        enum rc rc = form_of(cx, str_z(cx->mem, buf_str(b)), &f);
        assert_int_equal(rc, most > FORM_FILES_MAX ? RC_PACK : RC_OK);
    }
    assert_string_equal(cx->err.field, "P128");
}

static void finds(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct form *f = form_made(cx, FORM);
    assert_str(form_file_at(f, 0), "plan");
    assert_str(form_file_at(f, 1), "place.photo");
    assert_null(form_file_at(f, 2).p);
    assert_int_equal(form_file_find(f, STR("place.photo")), 1);
    assert_int_equal(form_file_find(f, STR("place.note")), -1);
    assert_int_equal(form_file_find(f, STR("place")), -1);
    assert_int_equal(form_file_find(f, STR("")), -1);
    cx->lang = LANG_EN;
    assert_str(form_file_title(cx, f, STR("plan")), "The plan");
    assert_null(form_file_title(cx, f, STR("place.note")).p);
    assert_null(form_file_title(cx, NULL, STR("plan")).p);
    assert_str(form_file_page(f, STR("place.photo")), "p");
    assert_str(form_file_page(f, STR("note")), "");
}

static void puts_answers(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct form *f = form_made(cx, FORM);
    struct json *a = json_new_obj(cx->mem);
    form_file_put(cx, f, STR("plan"), STR("1"), a);
    form_file_put(cx, f, STR("place.photo"), STR("2"), a);
    form_file_put(cx, f, STR("place.note"), STR("3"), a); /* no file: nothing */
    form_file_put(cx, f, STR("nothing"), STR("4"), a);
    assert_true(json_equal(a, parsed(cx, "{\"plan\":\"1\",\"place\":{\"photo\":\"2\"}}")));
    assert_str(form_file_answer(f, STR("place.photo"), a), "2");
    assert_str(form_file_answer(f, STR("place.note"), a), "");
    form_file_put(cx, f, STR("place.photo"), STR(""), a);
    form_file_put(cx, f, STR("plan"), STR(""), a);
    form_file_put(cx, f, STR("plan"), STR(""), a); /* once more */
    assert_str(form_file_answer(f, STR("plan"), a), "");
    assert_null(json_get(a, STR("plan")));
    a = json_new_obj(cx->mem);
    form_file_put(cx, f, STR("place.photo"), STR(""), a); /* makes no empty group */
    assert_int_equal(a->n, 0);
}

static void checks(void **state)
{
    static const struct {
        const char *answers, *rule; /* of plan; NULL: right */
    } rows[] = {
        {"{\"plan\":\"" HEX "\"}", NULL},
        {"{\"plan\":\"" HEX "0\"}", "format"},
        {"{\"plan\":\"\"}", "required"},
        {"{}", "required"},
        {"{\"plan\":\"anh.png\"}", "format"},
        {"{\"plan\":\"AAAAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
         "format"},
        {"{\"plan\":\"gaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
         "format"},
        {"{\"plan\":7}", "type"},
        {"{\"plan\":[\"" HEX "\"]}", "type"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct form_errors errs = {0};
        enum rc rc = form_check(cx, form_made(cx, FORM), parsed(cx, rows[i].answers), &errs);
        if ((rc == RC_OK) != (rows[i].rule == NULL))
            fail_msg("%s", rows[i].answers);
        if (rows[i].rule)
            assert_str(errs.v[0].rule, rows[i].rule);
    }
}

/* What is missing is said as one says it of a file, even when it is asked as a question. */
static void words(void **state)
{
    static const struct {
        enum lang lang;
        const char *plan, *text;
    } rows[] = {
        {LANG_VI, "{}", "Chọn tệp cho mục bản vẽ"},
        {LANG_EN, "{}", "Choose a file for the plan"},
        {LANG_VI, "{\"plan\":\"x\"}", "Chọn lại tệp cho mục bản vẽ: tệp chưa được gửi kèm"},
        {LANG_EN, "{\"plan\":\"x\"}", "Choose the file for the plan again: it was not sent"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = ctx_new(*state, NULL);
        struct form_errors errs = {0};
        cx->lang = rows[i].lang;
        assert_int_equal(form_check(cx, form_made(cx, FORM), parsed(cx, rows[i].plan), &errs),
                         RC_INVALID);
        assert_str(errs.v[0].text, rows[i].text);
        assert_str(errs.v[0].page, "p");
    }
}

/* A browser without the right encoding sends the file's name: that is no file. */
static void takes_no_text(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct form *f = form_made(cx, FORM);
    struct json *a = parsed(cx, "{\"plan\":\"" HEX "\"}");
    const struct json *posted = parsed(
        cx, "{\"plan\":\"anh.png\",\"place.photo\":\"b.png\",\"place.note\":\" here \"}");
    assert_int_equal(form_take(cx, f, STR("p"), posted, a), RC_OK);
    assert_str(form_file_answer(f, STR("plan"), a), HEX);
    assert_str(form_file_answer(f, STR("place.photo"), a), "");
    assert_str(json_str(json_get(a, STR("place")), "note"), "here");
}

static void views(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct form *f = form_made(cx, FORM);
    struct json *a = parsed(cx, "{\"plan\":\"" HEX "\"}");
    struct json *page = form_page_view(cx, f, STR("p"), a, NULL);
    const struct json *plan = json_at(json_get(page, STR("fields")), 0);
    assert_true(json_bool(plan, "is_file"));
    assert_false(json_bool(plan, "is_text"));
    assert_str(json_str(plan, "input"), "q0");
    assert_str(json_str(plan, "file_name"), "Đã gửi một tệp");
    struct json *summary = form_summary_view(cx, f, a);
    const struct json *row = json_at(json_path(summary, STR("sections.0.rows")), 0);
    if (!row)
        row = json_at(json_get(json_at(json_get(summary, STR("sections")), 0), STR("rows")), 0);
    assert_str(json_str(row, "value"), "Đã gửi một tệp");
    assert_str(json_str(row, "answer"), HEX);
    struct file one = {.id = {5}, .document = STR("plan"), .name = STR("a.png"), .size = 2049};
    assert_true(hash_parse(STR(HEX), &one.digest));
    struct file_list files = {&one, 1};
    answer_files_put(cx, summary, &files, STR("/f/"), false);
    assert_str(json_str(row, "value"), "a.png");
    assert_str(json_str(row, "file_href"), "/f/5");
    assert_str(json_str(row, "file_size"), "3 KB");
    answer_files_put(cx, page, &files, STR(""), true);
    assert_str(json_str(plan, "file_name"), "a.png");
    assert_str(json_str(plan, "file"), "5");
    assert_str(json_str(plan, "file_href"), "");
}

static void schema(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    const struct json *s = form_schema(cx, form_made(cx, FORM));
    const struct json *plan = json_get(json_get(s, STR("properties")), STR("plan"));
    assert_str(json_str(plan, "type"), "string");
    assert_str(json_str(plan, "pattern"), "^[0-9a-f]{64}$");
    assert_true(json_str(plan, "description").n > 0);
    assert_null(json_get(plan, STR("widget")));
}

/* -- in a draft -- */

static struct file stored(struct ctx *cx, const char *bytes, const char *name)
{
    struct file f = {0};
    struct hash h = hash_of(str_from(bytes));
    const char *path =
        str_fmt(cx->mem, "%.*s/spool-%s", STR_ARG(store_dir(cx->app->store)), name).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    close(fd);
    assert_int_equal(file_store(cx, str_from(path), &h, str_from(name), &f), RC_OK);
    return f;
}

static struct draft *draft_of(struct ctx *cx, struct str id)
{
    struct draft *d = NULL;
    assert_int_equal(draft_get(cx, id, &d), RC_OK);
    return d;
}

static size_t files_in(struct ctx *cx, struct str id)
{
    struct file_list files = {0};
    assert_int_equal(draft_files(cx, id, &files), RC_OK);
    return files.n;
}

static void drafts_follow(void **state)
{
    struct desk *k = desk_open_of(NULL, "questions");
    struct ctx *cx = as(k, "an");
    struct draft *d = NULL;
    struct file_id first, second, letter;
    assert_int_equal(draft_new(cx, k->office.pack, commune(k), &d), RC_OK);
    struct str id = d->id;
    const struct form *form = k->office.pack->form;
    struct file a = stored(cx, "%PDF-1.4 a", "a.pdf"), b = stored(cx, "%PDF-1.4 b", "b.pdf");
    assert_int_equal(draft_file_add(cx, id, STR("tree.photo"), &a, &first), RC_OK);
    assert_int_equal(draft_file_add(cx, id, STR("letter"), &a, &letter), RC_OK);
    assert_str(form_file_answer(form, STR("tree.photo"), draft_of(cx, id)->answers),
               hash_hex(cx->mem, &a.digest).p);
    assert_int_equal(files_in(cx, id), 2);
    assert_int_equal(draft_file_add(cx, id, STR("tree.photo"), &b, &second), RC_OK);
    assert_int_equal(files_in(cx, id), 2); /* it took the place of the first */
    assert_str(form_file_answer(form, STR("tree.photo"), draft_of(cx, id)->answers),
               hash_hex(cx->mem, &b.digest).p);
    assert_int_equal(draft_file_remove(cx, id, first), RC_NOT_FOUND);
    ctx_clear(cx);
    assert_int_equal(draft_file_remove(cx, id, second), RC_OK);
    assert_str(form_file_answer(form, STR("tree.photo"), draft_of(cx, id)->answers), "");
    assert_int_equal(draft_file_remove(cx, id, letter), RC_OK);
    assert_int_equal(draft_file_add(cx, id, STR("tree"), &a, &first), RC_UNDECLARED);
    ctx_clear(cx);
    assert_int_equal(draft_file_add(cx, id, STR("tree.kind"), &a, &first), RC_UNDECLARED);
    db_rollback(cx);
    void *end = k;
    desk_end(&end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(loads),         UNIT(where_it_may_stand),
                                       UNIT(finds),         UNIT(puts_answers),
                                       UNIT(checks),        UNIT(words),
                                       UNIT(takes_no_text), UNIT(views),
                                       UNIT(schema),        cmocka_unit_test(drafts_follow)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
