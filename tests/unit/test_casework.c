/* test_casework.c - codes, filing, statuses, who may what, clocks, ratings, notes. */
#include "unit/harness.h"

#include "acts_help.h"
#include "gen/casework_sql.h"

/* -- codes -- */

static void codes(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = filed(k), b = filed(k);
    struct str provisional = a.code;
    assert_true(str_starts(a.code, STR("T-")));
    assert_int_equal(a.code.n, 15);
    /* made in one second: what stands together in the index, and chance */
    assert_memory_equal(a.code.p, b.code.p, 5);
    assert_memory_not_equal(a.code.p + 5, b.code.p + 5, 10);
    assert_int_equal(act_one(k, "reception@commune", &b, "accept"), RC_OK);
    assert_str(b.code, "H07.21.01-260601-0001");
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    assert_str(a.code, "H07.21.01-260601-0002");
    assert_int_equal(look(k, provisional)->id.v, a.id.v); /* the provisional code still works */
    assert_int_equal(look(k, STR(" h07.21.01-260601-0002"))->id.v, a.id.v);
    assert_int_equal(look(k, STR("000.01.21.H07-260601-0002"))->id.v, a.id.v); /* old form */
    k->now_us += DAY_US;
    struct dossier_ref c = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &c, "accept"), RC_OK);
    assert_str(c.code, "H07.21.01-260602-0001");
}

static void unknown_codes(void **state)
{
    static const char *const rows[] = {"", "T-", "H07.21.01-260601-9999", "x' or 1=1", "%"};
    struct desk *k = *state;
    filed(k);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct dossier *d = NULL;
        assert_int_equal(dossier_find(as(k, ""), str_from(rows[i]), &d), RC_NOT_FOUND);
    }
}

/* -- submission -- */

static void submit_refused(void **state)
{
    static const struct {
        const char *who, *answers;
        enum rc rc;
        const char *field;
    } rows[] = {
        {"an", "{}", RC_INVALID, "size"},
        {"an", "{\"size\":\"huge\",\"place\":\"x\"}", RC_INVALID, "size"},
        {"an", "{\"size\":\"small\",\"place\":\"x\",\"more\":1}", RC_INVALID, "more"},
        {"an", "{\"size\":\"large\",\"place\":\"x\"}", RC_INVALID, "plan"},
        {"nobody", SMALL, RC_LOGIN_REQUIRED, NULL},
    };
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct dossier_ref ref;
        struct form_errors errs = {0};
        struct ctx *cx = as(k, rows[i].who);
        assert_int_equal(file_one(k, cx, rows[i].answers, &ref, &errs), rows[i].rc);
        if (rows[i].field)
            assert_str(errs.v[0].field, rows[i].field);
    }
}

static void submit_for_others(void **state)
{
    static const struct {
        const char *who;
        enum rc rc;
    } rows[] = {{"binh", RC_FORBIDDEN},
                {"reception@commune", RC_OK},
                {"specialist@commune", RC_FORBIDDEN},
                {"reception@district", RC_FORBIDDEN}};
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct dossier_ref ref;
        struct form_errors errs = {0};
        struct ctx *cx = as(k, rows[i].who);
        struct submission s = {.pack = k->office.pack,
                               .unit = commune(k),
                               .answers = answers_of(k, SMALL),
                               .applicant = as(k, "an")->who->subject,
                               .channel = CHANNEL_COUNTER};
        assert_int_equal(dossier_submit(cx, &s, &errs, &ref), rows[i].rc);
        assert_int_equal(rows[i].rc == RC_OK ? db_commit(cx) : (db_rollback(cx), RC_OK), RC_OK);
    }
}

static void submit_where_offered(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref;
    struct form_errors errs = {0};
    struct ctx *cx = as(k, "an");
    struct submission s = {.pack = k->office.pack,
                           .unit = unit_of(cx, k->office.units[0]), /* a province */
                           .answers = answers_of(k, SMALL),
                           .applicant = cx->who->subject,
                           .channel = CHANNEL_ONLINE};
    assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_INVALID);
    assert_string_equal(cx->err.field, "unit");
}

/* What is locked comes from the register, whatever was sent. */
static void locked_answers(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref;
    struct form_errors errs = {0};
    struct json *answers = NULL;
    const char *sent = "{\"size\":\"small\",\"place\":\"x\",\"applicant_name\":\"Ai Khác\"}";
    assert_int_equal(file_one(k, as(k, "an"), sent, &ref, &errs), RC_OK);
    struct ctx *cx = as(k, "an");
    assert_int_equal(dossier_answers(cx, look(k, ref.code), &answers), RC_OK);
    assert_str(json_str(answers, "applicant_name"), "Nguyễn Văn An");
}

/* -- statuses -- */

static void statuses(void **state)
{
    static const struct {
        const char *who, *act;
        enum status status;
        const char *state;
    } rows[] = {
        {"reception@commune", "accept", STATUS_PROCESSING, "processing"},
        {"specialist@commune", "approve", STATUS_READY, "ready"},
        {"reception@commune", "hand_over", STATUS_RETURNED, "returned"},
    };
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    assert_int_equal(look(k, ref.code)->status, STATUS_NEW);
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(act_one(k, rows[i].who, &ref, rows[i].act), RC_OK);
        struct dossier *d = look(k, ref.code);
        assert_int_equal(d->status, rows[i].status);
        assert_str(d->state->id, rows[i].state);
        assert_int_equal(d->version, ref.seq);
    }
    struct dossier *d = look(k, ref.code);
    assert_true(d->ended_us == k->now_us && d->finished_us == k->now_us);
    assert_int_equal(act_one(k, "an", &ref, "withdraw"), RC_NOT_FOUND);
}

static void acts_refused(void **state)
{
    static const struct {
        const char *who, *act;
        enum rc rc;
    } rows[] = {
        {"specialist@commune", "accept", RC_FORBIDDEN},
        {"an", "accept", RC_FORBIDDEN},
        {"reception@commune", "withdraw", RC_FORBIDDEN},
        {"reception@commune", "approve", RC_NOT_FOUND},
        {"reception@commune", "refuse", RC_INVALID},
        {"clerk@commune", "accept", RC_FORBIDDEN},
        {"auditor@commune", "accept", RC_FORBIDDEN},
        {"reception@district", "accept", RC_FORBIDDEN},
        {"reception@province", "accept", RC_FORBIDDEN},
        {"binh", "withdraw", RC_NOT_FOUND},
        {"nobody", "withdraw", RC_NOT_FOUND},
    };
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(act_one(k, rows[i].who, &ref, rows[i].act), rows[i].rc);
    assert_str(look(k, ref.code)->state->id, "submitted");
}

static void inputs_refused(void **state)
{
    struct desk *k = *state;
    char *longer = arena_alloc(k->mem, NOTE_MAX + 2);
    memset(longer, 'x', NOTE_MAX + 1);
    const struct act rows[] = {
        {.id = STR("refuse"), .reason = STR("thiếu")},
        {.id = STR("refuse"), .law = STR("Điều 1")},
        {.id = STR("refuse"), .reason = STR("  "), .law = STR("Điều 1")},
        {.id = STR("refuse"), .reason = str_from(longer), .law = STR("Điều 1")},
        {.id = STR("refuse"), .reason = STR("a\xff"), .law = STR("Điều 1")},
        {.id = STR("accept"), .reason = STR("không ai hỏi")},
        {.id = STR("accept"), .rating = 3},
        {.id = STR("refuse"), .reason = STR("a"), .law = STR("b"), .answer = STR("c")},
    };
    struct dossier_ref ref = filed(k);
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(act_full(k, "reception@commune", &ref, &rows[i]), RC_INVALID);
    struct act good = {.id = STR("refuse"), .reason = STR("thiếu"), .law = STR("Điều 1")};
    assert_int_equal(act_full(k, "reception@commune", &ref, &good), RC_OK);
    assert_int_equal(look(k, ref.code)->status, STATUS_NOT_RECEIVED);
}

/* -- supplement -- */

static void supplement_once(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    struct json *answers = NULL;
    struct act ask = supplement(k), send = {.id = STR("resubmit")};
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(act_full(k, "specialist@commune", &ref, &ask), RC_OK);
    assert_int_equal(look(k, ref.code)->supplements, 1);
    send.answers = answers_of(k, "{\"size\":\"large\"}"); /* was not asked for */
    assert_int_equal(act_full(k, "an", &ref, &send), RC_INVALID);
    send.answers = answers_of(k, "{\"place\":\"chợ Mẫu\"}");
    assert_int_equal(act_full(k, "an", &ref, &send), RC_OK);
    assert_int_equal(dossier_answers(as(k, "an"), look(k, ref.code), &answers), RC_OK);
    assert_str(json_str(answers, "place"), "chợ Mẫu");
    assert_str(json_str(answers, "size"), "small");
    /* LAW: ND61/2018 11.2.c - a supplement is asked for only once */
    assert_int_equal(act_full(k, "specialist@commune", &ref, &ask), RC_STATE);
}

static void supplement_papers(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    struct act ask = supplement(k), send = {.id = STR("resubmit")};
    struct file_list list = {0};
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(act_full(k, "specialist@commune", &ref, &ask), RC_OK);
    struct file f = file_new(k, as(k, "an"), PNG);
    send.files = &(struct file_list){&f, 1};
    f.document = STR("recipe");
    assert_int_equal(act_full(k, "an", &ref, &send), RC_INVALID);
    f.document = STR("photo");
    assert_int_equal(act_full(k, "an", &ref, &send), RC_OK);
    assert_int_equal(dossier_files(as(k, "an"), look(k, ref.code), &list), RC_OK);
    assert_int_equal(list.n, 1);
    assert_str(list.v[0].name, "ảnh.png");
    assert_str(list.v[0].mime, "image/png");
    assert_int_equal(access(str_z(k->mem, list.v[0].path), R_OK), 0);
}

/* -- who sees what -- */

static void other_unit_is_journalled(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    struct dossier *d = NULL;
    struct ctx *cx = as(k, "specialist@district");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_FORBIDDEN);
    assert_int_equal(journal_count(k, EV_ACCESS_REFUSED, cx->who->account), 1);
    /* within a turn of the caller's: that one is rolled back, the entry stays */
    cx = as(k, "specialist@district");
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_FORBIDDEN);
    assert_false(db_is_writing(cx));
    assert_int_equal(journal_count(k, EV_ACCESS_REFUSED, cx->who->account), 2);
    cx = as(k, "binh");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_NOT_FOUND);
    assert_int_equal(journal_count(k, EV_ACCESS_REFUSED, cx->who->account), 1);
}

/* Whoever filed it is its applicant, whatever roles they hold: nobody decides their own case. */
static void nobody_handles_their_own(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = {0};
    struct form_errors errs = {0};
    struct dossier *d = NULL;
    const struct flow_act *acts[FLOW_ACTS_MAX];
    size_t n = 99;
    assert_int_equal(file_one(k, as(k, "reception@commune"), SMALL, &ref, &errs), RC_OK);
    struct ctx *cx = as(k, "reception@commune");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_OK);
    assert_int_equal(dossier_acts(cx, d, acts, &n), RC_OK);
    struct act a = {.id = STR("accept")};
    for (size_t i = 0; i < n; i++) /* what applicants may do stays */
        assert_false(str_eq(acts[i]->id, a.id));
    assert_int_not_equal(dossier_act(cx, d, &a, &errs, &ref), RC_OK);
    ctx_clear(cx);
    assert_int_equal(dossier_note(cx, d, STR("to myself")), RC_FORBIDDEN);
    ctx_clear(cx);
    assert_int_equal(dossier_give(cx, d, cx->who->account, STR("")), RC_FORBIDDEN);
    assert_int_equal(journal_count(k, EV_DATA_READ, ref.id.v), 0);
}

static void reading_is_journalled(void **state)
{
    static const struct {
        const char *who;
        int64_t later;
        size_t entries;
    } rows[] = {{"an", 0, 0},
                {"specialist@commune", 0, 1},
                {"specialist@commune", 9 * MINUTE_US, 1},
                {"leader@commune", 0, 2},
                {"specialist@commune", 2 * MINUTE_US, 3}};
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct dossier *d = NULL;
        k->now_us += rows[i].later;
        struct ctx *cx = as(k, rows[i].who);
        assert_int_equal(dossier_open(cx, ref.code, &d), RC_OK);
        assert_int_equal(db_commit(cx), RC_OK);
        assert_int_equal(journal_count(k, EV_DATA_READ, ref.id.v), rows[i].entries);
    }
}

static void version_conflict(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k), out;
    struct form_errors errs = {0};
    struct dossier *d = NULL;
    struct act stale = {.id = STR("accept"), .version = ref.seq + 1000};
    assert_int_equal(act_full(k, "reception@commune", &ref, &stale), RC_CONFLICT);
    struct ctx *cx = as(k, "an");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_OK); /* then somebody is quicker */
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    struct act withdraw = {.id = STR("withdraw")};
    assert_int_equal(dossier_act(cx, d, &withdraw, &errs, &out), RC_CONFLICT);
    db_rollback(cx);
    assert_str(look(k, ref.code)->state->id, "processing");
}

/* -- clocks -- */

static void late_stays_late(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    struct json *notices = NULL;
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(look(k, ref.code)->due, day_make(2026, 6, 4));
    k->now_us = day_start(day_make(2026, 6, 4)) + 23 * HOUR_US;
    assert_int_equal(timers(k), 0);
    k->now_us = day_start(day_make(2026, 6, 5));
    assert_int_equal(timers(k), 1);
    assert_int_equal(timers(k), 0); /* told once */
    assert_true(look(k, ref.code)->is_late);
    assert_int_equal(dossier_days_left(as(k, ""), look(k, ref.code)), -1);
    assert_int_equal(act_one(k, "specialist@commune", &ref, "approve"), RC_OK);
    assert_int_equal(act_one(k, "reception@commune", &ref, "hand_over"), RC_OK);
    assert_true(look(k, ref.code)->is_late);
    struct ctx *cx = as(k, "an");
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &notices), RC_OK);
    assert_int_equal(notices->n, 4); /* ready may still be undone */
    k->now_us += MINUTE_US;
    cx = as(k, "an");
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &notices), RC_OK);
    assert_int_equal(notices->n, 5); /* sent, accepted, late, ready, handed over */
    assert_true(json_bool(json_at(notices, 2), "is_late"));
}

/* Ready but not fetched is not late. */
static void ready_stops_the_clock(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &ref, "approve"), RC_OK);
    k->now_us += 30 * DAY_US;
    assert_int_equal(timers(k), 0);
    assert_int_equal(act_one(k, "reception@commune", &ref, "hand_over"), RC_OK);
    assert_false(look(k, ref.code)->is_late);
}

static void waiting_pauses_and_lapses(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k), other = filed(k);
    struct act ask = supplement(k);
    struct dossier_ref *const both[] = {&ref, &other};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(act_one(k, "reception@commune", both[i], "accept"), RC_OK);
        assert_int_equal(act_full(k, "specialist@commune", both[i], &ask), RC_OK);
    }
    k->now_us += 10 * DAY_US;
    assert_int_equal(timers(k), 0); /* paused: not late */
    assert_int_equal(act_one(k, "an", &ref, "resubmit"), RC_OK);
    struct dossier *d = look(k, ref.code);
    assert_int_equal(d->clocks[0].npauses, 1);
    assert_int_equal(d->due, day_make(2026, 6, 16)); /* 3 working days after Thu 11 June */
    assert_false(d->is_late);
    k->now_us += 25 * DAY_US;
    assert_int_equal(timers(k), 2); /* one is late, one has lapsed */
    assert_str(look(k, other.code)->state->id, "lapsed");
    assert_int_equal(look(k, other.code)->status, STATUS_STOPPED);
}

/* -- rating -- */

static void rated_once(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    assert_int_equal(rate_one(k, "an", ref.code, 3), RC_STATE);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &ref, "approve"), RC_OK);
    assert_int_equal(rate_one(k, "an", ref.code, 0), RC_INVALID);
    assert_int_equal(rate_one(k, "an", ref.code, 4), RC_INVALID);
    assert_int_equal(rate_one(k, "reception@commune", ref.code, 3), RC_FORBIDDEN);
    assert_int_equal(rate_one(k, "an", ref.code, 3), RC_OK);
    assert_int_equal(rate_one(k, "an", ref.code, 1), RC_DUPLICATE);
    struct dossier *d = look(k, ref.code);
    assert_int_equal(d->rating, 3);
    d->status = STATUS_RETURNED; /* who has rated is not asked to */
    struct str next = json_str(dossier_row_view(as(k, "an"), d), "next");
    assert_true(str_eq(next, msg_get(LANG_VI, STR("casework.next.rated"))));
}

/* -- assignment, notes -- */

static void assignment(void **state)
{
    static const struct {
        const char *who, *to;
        enum rc rc;
    } rows[] = {{"specialist@commune", "leader@commune", RC_FORBIDDEN},
                {"leader@commune", "reception@commune", RC_INVALID},
                {"leader@commune", "specialist@district", RC_INVALID},
                {"leader@district", "specialist@commune", RC_FORBIDDEN},
                {"specialist@commune", "specialist@commune", RC_OK},
                {"leader@commune", "specialist@commune", RC_OK},
                {"an", "specialist@commune", RC_FORBIDDEN}};
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(look(k, ref.code)->holder, 0);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = as(k, rows[i].who);
        struct dossier *d = look(k, ref.code);
        enum rc rc = dossier_give(cx, d, as(k, rows[i].to)->who->account, STR(""));
        assert_int_equal(rc, rows[i].rc);
        assert_int_equal(rc == RC_OK ? db_commit(cx) : (db_rollback(cx), RC_OK), RC_OK);
    }
    assert_int_equal(look(k, ref.code)->holder, as(k, "specialist@commune")->who->account);
}

static void notes_are_internal(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    struct json *mine = NULL, *theirs = NULL;
    struct dossier *d = look(k, ref.code);
    assert_int_equal(dossier_note(as(k, "an"), d, STR("xin")), RC_FORBIDDEN);
    assert_int_equal(dossier_note(as(k, "clerk@district"), d, STR("xin")), RC_FORBIDDEN);
    assert_int_equal(dossier_note(as(k, "clerk@commune"), d, STR("  ")), RC_INVALID);
    struct ctx *cx = as(k, "clerk@commune");
    assert_int_equal(dossier_note(cx, d, STR("gọi điện rồi")), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(dossier_view(as(k, "an"), look(k, ref.code), false, &mine), RC_OK);
    assert_int_equal(dossier_view(as(k, "clerk@commune"), look(k, ref.code), true, &theirs),
                     RC_OK);
    assert_int_equal(json_get(mine, STR("timeline"))->n, 1);
    assert_int_equal(json_get(theirs, STR("timeline"))->n, 2);
    assert_str(json_str(json_at(json_get(theirs, STR("timeline")), 1), "note"), "gọi điện rồi");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(codes),
        DESK(unknown_codes),
        DESK(submit_refused),
        DESK(submit_for_others),
        DESK(submit_where_offered),
        DESK(locked_answers),
        DESK(statuses),
        DESK(acts_refused),
        DESK(inputs_refused),
        DESK(supplement_once),
        DESK(supplement_papers),
        DESK(other_unit_is_journalled),
        DESK(nobody_handles_their_own),
        DESK(reading_is_journalled),
        DESK(version_conflict),
        DESK(late_stays_late),
        DESK(ready_stops_the_clock),
        DESK(waiting_pauses_and_lapses),
        DESK(rated_once),
        DESK(assignment),
        DESK(notes_are_internal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
