/* test_letter_slip.c - the control slip (form 05): steps, other units that were asked, what stands
 * when; and how text stands on the page. */
#include "unit/harness.h"

#include <dirent.h>

#include "casework_help.h"
#include "casework/due.h"
#include "letter/letter_priv.h"

static int joint_begin(void **state)
{
    struct desk *k = desk_open_of(NULL, "joint");
    ledger_subscribe(k->office.app.ledger, &letter_subscriber, 1);
    assert_int_equal(letters_open(k->cx, &k->office.app.letters), RC_OK);
    *state = k;
    return 0;
}

#define JOINT(f) cmocka_unit_test_setup_teardown(f, joint_begin, desk_end)

static struct dossier_ref filed_as(struct desk *k, const char *answers)
{
    struct dossier_ref ref = {0};
    struct form_errors errs = {0};
    assert_int_equal(file_one(k, as(k, "an"), answers, &ref, &errs), RC_OK);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    return ref;
}

/* An hour later, by the system: later events have later times. */
static void hours_pass(struct desk *k, int n)
{
    k->now_us += n * HOUR_US;
}

static struct dossier_ref asked(struct desk *k, const char *answers)
{
    struct dossier_ref ref = filed_as(k, answers);
    hours_pass(k, 1);
    assert_int_equal(act_one(k, "specialist@commune", &ref, "ask"), RC_OK);
    hours_pass(k, 1);
    return ref;
}

/* The officer of the unit that has the duty. */
static void answers(struct desk *k, struct dossier_ref *ref, const char *duty,
                    const char *branch, const char *outcome)
{
    struct ctx *cx = as(k, "");
    struct who *w = NULL;
    struct dossier *d = NULL;
    const struct unit *u = unit_with_duty(cx, commune(k), str_from(duty));
    assert_int_equal(office_officer(cx, u, STR("specialist"), &w), RC_OK);
    cx->who = w;
    struct answer a = {.branch = str_from(branch),
                       .outcome = str_from(outcome),
                       .comment = STR("Vì quy hoạch")};
    assert_int_equal(dossier_open(cx, ref->code, &d), RC_OK);
    assert_int_equal(dossier_answer(cx, d, &a, ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    hours_pass(k, 1);
}

static void timers_run(struct desk *k)
{
    size_t done = 0;
    struct ctx *cx = as(k, "");
    assert_int_equal(dossier_timers(cx, 50, &done), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static struct json *slip(struct desk *k, struct str code, enum lang lang)
{
    struct tale t;
    struct cause_list causes;
    struct json *f = NULL;
    struct ctx *cx = as(k, "");
    cx->lang = lang;
    assert_int_equal(tale_read(cx, look(k, code), &t), RC_OK);
    causes_of(cx, &t, &causes);
    const struct cause *c = &causes.v[causes.n - 1];
    assert_int_equal(c->form, LETTER_SLIP);
    assert_int_equal(tale_fields(cx, &t, c, &f), RC_OK);
    return f;
}

/* A row of `branches` in one line: who | asked | due | answered | outcome | timely. */
static void branch_is(struct desk *k, const struct json *fields, size_t at, const char *want)
{
    static const char *const names[] = {"who", "asked", "due", "answered", "outcome", "timely"};
    struct buf *b = buf_new(k->mem, 2000);
    const struct json *row = json_at(json_get(fields, STR("branches")), at);
    assert_non_null(row);
    for (size_t i = 0; i < ROWS(names); i++)
        buf_fmt(b, "%s%.*s", i ? " | " : "", STR_ARG(json_str(row, names[i])));
    assert_str(buf_str(b), want);
}

static size_t branch_count(const struct json *fields)
{
    return json_get(fields, STR("branches"))->n;
}

/* -- who was asked, when, what came -- */

static void slip_lists_who_was_asked(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed_as(k, "{\"size\":\"small\"}");
    assert_int_equal(branch_count(slip(k, ref.code, LANG_VI)), 0); /* nobody yet */
    hours_pass(k, 1);
    assert_int_equal(act_one(k, "specialist@commune", &ref, "ask"), RC_OK);
    struct json *f = slip(k, ref.code, LANG_VI);
    assert_int_equal(branch_count(f), 2);
    branch_is(k, f, 0,
              "Cơ quan mẫu (fire) | 10:00 01/06/2026 | 04/06/2026 | – | đang chờ ý kiến | "
              "Trong hạn");
    branch_is(
        k, f, 1,
        "Cơ quan mẫu (environment) | 10:00 01/06/2026 | 04/06/2026 | – | đang chờ ý kiến | "
        "Trong hạn");
    hours_pass(k, 1);
    answers(k, &ref, "fire", "fire", "refuse");
    f = slip(k, ref.code, LANG_EN);
    branch_is(k, f, 0,
              "Mau office (fire) | 10:00 01/06/2026 | 04/06/2026 | 11:00 01/06/2026 | "
              "does not agree | In time");
    assert_str(json_str(f, "state"), "Waiting for opinions"); /* the answer moved nothing */
    assert_true(json_str(f, "due").n > 0);
    assert_str(json_str(json_at(json_get(f, STR("branches")), 0), "what"), "Fire safety");
}

/* Once all answered, the join is told as such and its row names no system's waiting time. */
static void join_is_a_step_of_the_units(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = asked(k, "{\"size\":\"small\"}");
    answers(k, &ref, "fire", "fire", "agree");
    answers(k, &ref, "environment", "env", "agree");
    struct json *f = slip(k, ref.code, LANG_VI);
    const struct json *steps = json_get(f, STR("steps")), *last = json_at(steps, steps->n - 1);
    assert_str(json_str(last, "who"), "Các cơ quan được lấy ý kiến");
    assert_str(json_str(last, "result"), "Đã đủ ý kiến của các cơ quan được hỏi → Tổng hợp");
    branch_is(k, f, 1,
              "Cơ quan mẫu (environment) | 10:00 01/06/2026 | 04/06/2026 | 12:00 01/06/2026 | "
              "đồng ý | Trong hạn");
}

/* Silence: what it means stands there, and that it was late. */
static void silence_is_late(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = asked(k, "{\"size\":\"small\"}");
    k->now_us = day_start(day_make(2026, 6, 5)) + HOUR_US;
    timers_run(k);
    struct json *f = slip(k, ref.code, LANG_VI);
    branch_is(k, f, 0,
              "Cơ quan mẫu (fire) | 10:00 01/06/2026 | 04/06/2026 | 01:00 05/06/2026 | "
              "không trả lời trong thời hạn, coi như đồng ý | Quá hạn");
    /* environment escalates: its leader has three days more */
    branch_is(k, f, 1,
              "Cơ quan mẫu (environment) | 10:00 01/06/2026 | 10/06/2026 | – | quá hạn, đã "
              "chuyển lãnh đạo cơ quan trả lời | Quá hạn");
}

/* A move past the fork: what was not answered is needed no more, and was in time. */
static void passed_over(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = asked(k, "{\"size\":\"small\"}");
    answers(k, &ref, "fire", "fire", "agree");
    assert_int_equal(act_one(k, "leader@commune", &ref, "again"), RC_OK);
    struct json *f = slip(k, ref.code, LANG_VI);
    branch_is(k, f, 1,
              "Cơ quan mẫu (environment) | 10:00 01/06/2026 | 04/06/2026 | 12:00 01/06/2026 | "
              "không cần trả lời nữa | Trong hạn");
    hours_pass(k, 1);
    assert_int_equal(act_one(k, "specialist@commune", &ref, "ask"), RC_OK);
    f = slip(k, ref.code, LANG_VI);
    assert_int_equal(branch_count(f), 4); /* asked once more: rows of their own */
    branch_is(k, f, 2,
              "Cơ quan mẫu (fire) | 13:00 01/06/2026 | 04/06/2026 | – | đang chờ ý kiến | "
              "Trong hạn");
}

/* What was asked by a move that was taken back was never asked. */
static void undone_asks_nobody(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed_as(k, "{\"size\":\"small\"}");
    struct dossier *d = NULL;
    assert_int_equal(act_one(k, "specialist@commune", &ref, "ask"), RC_OK);
    struct ctx *cx = as(k, "specialist@commune");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_OK);
    assert_int_equal(dossier_undo(cx, d, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct json *f = slip(k, ref.code, LANG_VI);
    assert_int_equal(branch_count(f), 0);
    assert_str(json_str(f, "state"), "Đang xử lý");
}

/* An answer makes another slip; nothing else does, and an older one keeps its bytes. */
static void slip_follows_answers(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = asked(k, "{\"size\":\"small\"}");
    struct letter before = {0}, after = {0}, again = {0};
    assert_int_equal(letter_make(as(k, ""), look(k, ref.code), STR("05"), -1, &before), RC_OK);
    answers(k, &ref, "fire", "fire", "agree");
    assert_int_equal(letter_make(as(k, ""), look(k, ref.code), STR("05"), -1, &after), RC_OK);
    assert_int_equal(letter_make(as(k, ""), look(k, ref.code), STR("05"), -1, &again), RC_OK);
    assert_true(after.of > before.of);
    assert_false(hash_equal(&before.digest, &after.digest));
    assert_true(hash_equal(&after.digest, &again.digest));
}

/* The date on the slip is the one that was told last. */
static void slip_knows_the_apology(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed_as(k, "{\"size\":\"none\"}"), sent;
    struct dossier *d = NULL;
    assert_str(json_str(slip(k, ref.code, LANG_VI), "due"), "ngày 29 tháng 06 năm 2026");
    struct ctx *cx = as(k, "specialist@commune");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_OK);
    assert_int_equal(dossier_apologise(cx, d, STR("Bão số 1"), day_make(2026, 7, 6), &sent),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct json *f = slip(k, ref.code, LANG_VI);
    assert_str(json_str(f, "due"), "ngày 06 tháng 07 năm 2026");
    assert_str(json_str(f, "state"), "Đang xử lý");
}

/* -- on the page -- */

/* What an apology says of who signs: the head by hand, never the clerk who wrote it. */
static void head_signs_apology(void **state)
{
    struct desk *k = *state;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        struct ctx *cx = as(k, "");
        cx->lang = (enum lang)lang;
        struct json *f = fields_new(cx, commune(k));
        json_put_str(cx->mem, f, "officer", STR("Người Lập"));
        json_put_str(cx->mem, f, "url", STR("https://x.example"));
        struct letter_text t = {
            .form = form_template(cx, LETTER_APOLOGY), .fields = f, .title = STR("x")};
        struct sheet s;
        bool named = false;
        assert_int_equal(sheet_make(cx, &t, &s), RC_OK);
        for (size_t i = 0; i < s.nparts; i++) {
            const struct part *p = &s.parts[i];
            for (size_t c = 0; p->kind == PART_SIGNS && c < p->ncells; c++)
                assert_false(str_has(p->cells[c].text, STR("Người Lập")));
            named =
                named || (p->kind == PART_TEXT && str_has(p->cells[0].text, STR("Người Lập")));
        }
        assert_true(named);
    }
}

/* Only the first text below a title stands off from it. */
static void titles_have_room(void **state)
{
    struct desk *k = *state;
    for (enum letter_form form = LETTER_RECEIPT; form < LETTER_REGISTER; form++) {
        struct ctx *cx = as(k, "");
        struct json *f = fields_new(cx, commune(k));
        static const char *const some[] = {"applicant", "service", "received", "due", "code"};
        for (size_t i = 0; i < ROWS(some); i++)
            json_put_str(cx->mem, f, some[i], STR("x"));
        json_put_str(cx->mem, f, "url", STR("https://x.example"));
        struct letter_text t = {
            .form = form_template(cx, form), .fields = f, .title = STR("x")};
        struct sheet s;
        assert_int_equal(sheet_make(cx, &t, &s), RC_OK);
        assert_int_equal(s.parts[1].kind, PART_TEXT); /* title, the code, then the text */
        assert_int_equal(s.parts[2].look.before, 1);
        assert_true(s.parts[3].look.before >= 6);
        assert_true(s.parts[4].look.before <= 2);
    }
}

/* The register has the day that the receipt had: the promise, where there is one; what an apology
 * names instead stands in the note. */
static void register_days(void **state)
{
    enum { LAW = 20000, PROMISE = 19998, ANEW = 20005, NONE = INT32_MIN };
    static const struct {
        int32_t due, promised;
        int redated;
        int32_t want;
    } rows[] = {
        {LAW, LAW, 0, LAW},   {LAW, PROMISE, 0, PROMISE}, {LAW, ANEW, 1, LAW},
        {LAW, NONE, 0, LAW},  {NONE, NONE, 0, NONE},      {NONE, ANEW, 1, NONE},
        {LAW, ANEW, 0, ANEW}, /* a promise may be later than the law: told as it is */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct dossier d = {
            .due = rows[i].due, .promised.day = rows[i].promised, .redated = rows[i].redated};
        assert_int_equal(register_due(&d), rows[i].want);
    }
}

static size_t files_open(void)
{
    size_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

/* The fonts and their files end with what opened them, and the next ones draw the same. */
static void fonts_end_with_their_owner(void **state)
{
    static const struct rich cell = {.text = {"Giấy tiếp nhận", sizeof "Giấy tiếp nhận" - 1}};
    static const struct part part = {
        .kind = PART_TEXT, .look = {.size = 13}, .cells = &cell, .ncells = 1};
    static const struct sheet sheet = {.paper = PAPER_A5,
                                       .title = "t",
                                       .author = "a",
                                       .lang = "vi",
                                       .created = "2026-06-01T09:00:00+07:00",
                                       .page_word = "Trang",
                                       .parts = &part,
                                       .nparts = 1};
    struct str first = STR("");
    size_t before = files_open();
    for (int i = 0; i < 3; i++) {
        struct app app = {.mem = arena_new(64u << 20)};
        struct ctx *cx = ctx_new(*state, &app);
        struct str pdf = STR("");
        assert_int_equal(press_print(cx, &sheet, &pdf), RC_INTERNAL); /* not opened */
        ctx_clear(cx);
        assert_int_equal(letters_open(cx, &app.letters), RC_OK);
        assert_int_equal(press_print(cx, &sheet, &pdf), RC_OK);
        assert_true(str_starts(pdf, STR("%PDF-")));
        assert_true(files_open() > before);
        arena_free(app.mem);
        assert_int_equal(files_open(), before);
        first = i ? first : pdf;
        assert_true(str_eq(first, pdf));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOINT(slip_lists_who_was_asked),  JOINT(join_is_a_step_of_the_units),
        JOINT(silence_is_late),           JOINT(passed_over),
        JOINT(undone_asks_nobody),        JOINT(slip_follows_answers),
        JOINT(slip_knows_the_apology),    JOINT(head_signs_apology),
        JOINT(titles_have_room),          UNIT(register_days),
        UNIT(fonts_end_with_their_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
