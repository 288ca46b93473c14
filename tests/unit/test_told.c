/* test_told.c - what an applicant sees while an officer may still take a move back. */
#include "unit/harness.h"

#include "casework_help.h"
#include "letter/letter.h"

enum { SECONDS = 60 }; /* the setting undo_s as it comes */

static struct dossier_ref accepted(struct desk *k)
{
    struct dossier_ref ref = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    return ref;
}

static void ask_more(struct desk *k, struct dossier_ref *ref)
{
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("Bản vẽ")));
    struct act ask = {.id = STR("supplement"), .reason = STR("Thiếu"), .items = items};
    assert_int_equal(act_full(k, "specialist@commune", ref, &ask), RC_OK);
}

/* Every way of looking, each as one request does. */
struct sight {
    struct json *view, *row, *open, *due;
    struct letter_list letters;
    size_t notices, files;
};

static struct sight sight_of(struct desk *k, const char *person, struct str code)
{
    struct sight s = {0};
    struct ctx *cx = as(k, person);
    struct dossier *d = NULL;
    struct dossier_list list;
    struct json *notices;
    struct file_list files;
    assert_int_equal(dossier_open(cx, code, &d), RC_OK);
    assert_int_equal(dossier_view(cx, d, cx->who->is_officer, &s.view), RC_OK);
    assert_int_equal(dossier_due_explain(cx, d, &s.due), RC_OK);
    assert_int_equal(letters_of(cx, d, &s.letters), RC_OK);
    assert_int_equal(dossier_files(cx, d, &files), RC_OK);
    s.files = files.n;
    assert_int_equal(dossiers_of(cx, d->applicant, &list), RC_OK);
    s.row = dossier_row_view(cx, list.v[0]);
    assert_int_equal(notices_of(cx, d->applicant, 0, 0, &notices), RC_OK);
    s.notices = notices->n;
    db_rollback(cx);
    cx = as(k, "nobody");
    assert_int_equal(dossier_public_view(cx, look(k, code), &s.open), RC_OK);
    return s;
}

static bool has_act(const struct json *view, const char *id)
{
    JSON_EACH (json_get(view, STR("acts")), a)
        if (str_eq(json_str(a, "id"), str_from(id)))
            return true;
    return false;
}

static bool has_letter(const struct sight *s, const char *form)
{
    for (size_t i = 0; i < s->letters.n; i++)
        if (str_eq(s->letters.v[i].form, str_from(form)))
            return true;
    return false;
}

static bool is_paused(const struct sight *s)
{
    return json_bool(json_at(json_get(s->due, STR("clocks")), 0), "paused");
}

static void sees_old(const struct sight *s)
{
    assert_str(json_str(s->view, "state"), "processing");
    assert_int_equal(json_int(s->view, "status", 0), STATUS_PROCESSING);
    assert_int_equal(json_get(s->view, STR("timeline"))->n, 2);
    assert_str(json_str(s->row, "state"), "processing");
    assert_int_equal(json_int(s->open, "status", 0), STATUS_PROCESSING);
    assert_false(is_paused(s));
    assert_false(has_act(s->view, "resubmit"));
    assert_true(has_act(s->view, "withdraw")); /* possible before and after */
    assert_false(has_letter(s, "02"));
    assert_int_equal(s->notices, 2);
}

/* The officer sees it at once, the applicant when it can no longer be taken back. */
static void told_later(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    struct sight s = sight_of(k, "an", ref.code);
    assert_str(json_str(s.view, "state"), "processing"); /* reception is never taken back */
    int64_t at = k->now_us;
    ask_more(k, &ref);
    const int64_t before[] = {at, at + SECOND_US, at + SECONDS * SECOND_US - 1};
    for (size_t i = 0; i < ROWS(before); i++) {
        k->now_us = before[i];
        s = sight_of(k, "an", ref.code);
        sees_old(&s);
        s = sight_of(k, "specialist@commune", ref.code);
        assert_str(json_str(s.view, "state"), "waiting");
        assert_true(is_paused(&s) && has_letter(&s, "02"));
    }
    k->now_us = at + SECONDS * SECOND_US;
    s = sight_of(k, "an", ref.code);
    assert_str(json_str(s.view, "state"), "waiting");
    assert_str(json_str(s.row, "state"), "waiting");
    assert_int_equal(json_int(s.open, "status", 0), STATUS_SUPPLEMENT);
    assert_true(is_paused(&s) && has_act(s.view, "resubmit") && has_letter(&s, "02"));
    assert_int_equal(json_get(s.view, STR("timeline"))->n, 3);
    assert_int_equal(s.notices, 3);
}

static void undo(struct desk *k, const char *person, struct dossier_ref *ref)
{
    struct ctx *cx = as(k, person);
    struct dossier *d = NULL;
    assert_int_equal(dossier_open(cx, ref->code, &d), RC_OK);
    assert_int_equal(dossier_undo(cx, d, ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static void undone_never_shows(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    int64_t at = k->now_us;
    ask_more(k, &ref);
    k->now_us = at + 30 * SECOND_US;
    undo(k, "specialist@commune", &ref);
    const int64_t then[] = {0, 29, 30, 31, 3600};
    for (size_t i = 0; i < ROWS(then); i++) {
        k->now_us = at + (30 + then[i]) * SECOND_US;
        struct sight s = sight_of(k, "an", ref.code);
        sees_old(&s);
    }
}

static struct dossier_ref joint_filed(struct desk *k, const char *size)
{
    struct dossier_ref ref = {0};
    struct form_errors errs = {0};
    struct ctx *cx = as(k, "an");
    if (file_one(k, cx, str_fmt(k->mem, "{\"size\":\"%s\"}", size).p, &ref, &errs) != RC_OK)
        fail_msg("%s %s", cx->err.field, cx->err.detail);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    return ref;
}

/* A file that comes with the act comes with its telling. */
static void files_come_with_it(void **state)
{
    struct desk *k = desk_open_of(NULL, "joint");
    struct dossier_ref ref = joint_filed(k, "none"); /* nobody is asked: joined at once */
    assert_int_equal(act_one(k, "specialist@commune", &ref, "ask"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &ref, "propose"), RC_OK);
    k->now_us += SECONDS * SECOND_US;
    size_t steps = json_get(sight_of(k, "an", ref.code).view, STR("timeline"))->n;
    struct file f = file_new(k, as(k, "leader@commune"), PNG);
    struct act sign = {.id = STR("sign"), .result = &f};
    assert_int_equal(act_full(k, "leader@commune", &ref, &sign), RC_OK);
    assert_int_equal(sight_of(k, "specialist@commune", ref.code).files, 1);
    struct sight s = sight_of(k, "an", ref.code);
    assert_str(json_str(s.view, "state"), "signing");
    assert_int_equal(s.files, 0);
    assert_int_equal(json_get(s.view, STR("files"))->n, 0);
    assert_int_equal(json_get(s.view, STR("timeline"))->n, steps);
    assert_false(json_bool(s.view, "can_rate"));
    k->now_us += SECONDS * SECOND_US;
    s = sight_of(k, "an", ref.code);
    assert_int_equal(s.files, 1);
    assert_int_equal(json_get(s.view, STR("timeline"))->n, steps + 2); /* the file, the move */
    assert_int_equal(json_int(s.view, "status", 0), STATUS_READY);
    assert_true(json_bool(s.view, "can_rate"));
    void *end = k;
    desk_end(&end);
}

/* Whatever comes after the move within the minute opens nothing early: it only closes the way
 * back. A second move makes the first one firm. */
static void later_events_open_nothing(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    struct dossier *d = NULL;
    ask_more(k, &ref);
    struct ctx *cx = as(k, "specialist@commune");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_OK);
    assert_int_equal(dossier_note(cx, d, STR("Đã gọi điện")), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct sight s = sight_of(k, "an", ref.code);
    sees_old(&s);
    assert_int_equal(act_one(k, "an", &ref, "resubmit"),
                     RC_OK); /* as one who was called does */
    s = sight_of(k, "an", ref.code);
    assert_str(json_str(s.view, "state"), "processing");
    assert_int_equal(json_get(s.view, STR("timeline"))->n, 4);
}

/* With no seconds to undo in there is nothing to wait for. */
static void without_undo_at_once(void **state)
{
    struct desk *k = *state;
    k->office.app.settings.undo_s = 0;
    struct dossier_ref ref = accepted(k);
    ask_more(k, &ref);
    struct sight s = sight_of(k, "an", ref.code);
    assert_str(json_str(s.view, "state"), "waiting");
    assert_true(has_act(s.view, "resubmit") && has_letter(&s, "02"));
    assert_int_equal(s.notices, 3);
}

/* Who was asked is told with the move that asked them. */
static void others_asked_later(void **state)
{
    struct desk *k = desk_open_of(NULL, "joint");
    struct dossier_ref ref = joint_filed(k, "small");
    assert_int_equal(act_one(k, "specialist@commune", &ref, "ask"), RC_OK);
    struct sight s = sight_of(k, "an", ref.code);
    assert_str(json_str(s.view, "state"), "processing");
    assert_int_equal(json_get(s.view, STR("branches"))->n, 0);
    assert_false(json_bool(s.view, "has_branches"));
    s = sight_of(k, "specialist@commune", ref.code);
    assert_int_equal(json_get(s.view, STR("branches"))->n, 2);
    /* taken away again by the leader: for the office closed, for the applicant not yet */
    k->now_us += 2 * SECONDS * SECOND_US;
    assert_int_equal(act_one(k, "leader@commune", &ref, "again"), RC_OK);
    s = sight_of(k, "an", ref.code);
    assert_str(json_str(s.view, "state"), "joint");
    JSON_EACH (json_get(s.view, STR("branches")), b)
        assert_true(json_bool(b, "is_open"));
    s = sight_of(k, "leader@commune", ref.code);
    JSON_EACH (json_get(s.view, STR("branches")), b)
        assert_str(json_str(b, "outcome"), "not_needed");
    k->now_us += SECONDS * SECOND_US;
    s = sight_of(k, "an", ref.code);
    assert_str(json_str(s.view, "state"), "processing");
    void *end = k;
    desk_end(&end);
}

/* -- an office that does not answer, and its leader who is asked then -- */

static const struct json *entry_of(const struct sight *s, const char *kind, const char *act_to)
{
    JSON_EACH (json_get(s->view, STR("timeline")), t)
        if (str_eq(json_str(t, "kind"), str_from(kind)) &&
            (!act_to || str_eq(json_str(t, "to"), str_from(act_to))))
            return t;
    return NULL;
}

static const struct json *other_of(const struct json *entry, const char *id)
{
    JSON_EACH (json_get(entry, STR("others")), o)
        if (str_eq(json_str(o, "id"), str_from(id)))
            return o;
    return NULL;
}

static const struct json *branch_of(const struct sight *s, const char *id)
{
    JSON_EACH (json_get(s->view, STR("branches")), b)
        if (str_eq(json_str(b, "id"), str_from(id)))
            return b;
    return NULL;
}

/* What was asked first stays told, whom and until when; who is asked later has a line of its
 * own. The new day is not over when the first one is. */
static void escalation_is_told(void **state)
{
    struct desk *k = desk_open_of(NULL, "joint");
    struct dossier_ref ref = joint_filed(k, "small");
    size_t done = 0;
    k->now_us = day_start(day_make(2026, 6, 1)) + 10 * HOUR_US;
    assert_int_equal(act_one(k, "specialist@commune", &ref, "ask"), RC_OK);
    struct sight before = sight_of(k, "specialist@commune", ref.code);
    assert_false(json_bool(branch_of(&before, "env"), "is_over"));
    k->now_us = day_start(day_make(2026, 6, 5)) + HOUR_US;
    assert_int_equal(dossier_timers(as(k, ""), 50, &done), RC_OK);
    assert_int_equal(db_commit(k->cx), RC_OK);
    for (int who = 0; who < 2; who++) {
        struct sight s = sight_of(k, who ? "an" : "specialist@commune", ref.code);
        const struct json *first = other_of(entry_of(&s, "dossier.moved", "joint"), "env");
        const struct json *now = branch_of(&s, "env"), *fire = branch_of(&s, "fire");
        assert_str(json_str(first, "due"), "2026-06-04");
        assert_str(json_str(first, "unit_code"),
                   json_str(branch_of(&before, "env"), "unit_code").p);
        assert_str(json_str(now, "due"), "2026-06-10");
        assert_true(json_bool(now, "is_late") && !json_bool(now, "is_over"));
        assert_true(json_bool(fire, "is_late") && json_bool(fire, "is_over"));
        assert_str(json_str(entry_of(&s, "dossier.branch.escalated", NULL), "text"),
                   "Chưa có ý kiến về Môi trường trong hạn 04/06/2026; đã chuyển lãnh đạo Cơ "
                   "quan mẫu (environment) trả lời trong ngày 10/06/2026");
    }
    k->now_us = day_start(day_make(2026, 6, 11)); /* the first instant beyond the leader's */
    struct sight s = sight_of(k, "specialist@commune", ref.code);
    assert_true(json_bool(branch_of(&s, "env"), "is_over"));
    void *end = k;
    desk_end(&end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(told_later),           DESK(undone_never_shows),
        UNIT(files_come_with_it),   DESK(later_events_open_nothing),
        DESK(without_undo_at_once), UNIT(others_asked_later),
        UNIT(escalation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
