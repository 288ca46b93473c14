/* test_casework.c - codes, statuses, who may what, clocks, drafts, files, lists, rebuild. */
#include "unit/harness.h"

#include "casework_help.h"
#include "gen/casework_sql.h"
#include "ops/rebuild.h"

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

static struct act supplement(struct desk *k)
{
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("Bản vẽ")));
    return (struct act){.id = STR("supplement"), .reason = STR("mờ"), .items = items};
}

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

static size_t timers(struct desk *k)
{
    size_t n = 0;
    struct ctx *cx = as(k, "");
    assert_int_equal(dossier_timers(cx, 100, &n), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return n;
}

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

static enum rc rate_one(struct desk *k, const char *who, struct str code, int score)
{
    struct dossier *d = NULL;
    struct ctx *cx = as(k, who);
    enum rc rc = dossier_open(cx, code, &d);
    if (rc == RC_OK)
        rc = dossier_rate(cx, d, score, STR("nhanh"));
    if (rc == RC_OK)
        return db_commit(cx);
    db_rollback(cx);
    return rc;
}

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

/* -- drafts -- */

static struct draft *draft_made(struct desk *k, const char *who)
{
    struct draft *d = NULL;
    struct ctx *cx = as(k, who);
    assert_int_equal(draft_new(cx, k->office.pack, commune(k), &d), RC_OK);
    d->answers = answers_of(k, SMALL);
    assert_int_equal(draft_save(cx, d), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return d;
}

static void drafts_are_private(void **state)
{
    static const struct {
        const char *who;
        enum rc rc;
    } rows[] = {{"an", RC_OK},
                {"binh", RC_NOT_FOUND},
                {"nobody", RC_NOT_FOUND},
                {"leader@commune", RC_NOT_FOUND}};
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an"), *got = NULL;
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(draft_get(as(k, rows[i].who), d->id, &got), rows[i].rc);
    assert_int_equal(draft_get(as(k, "an"), d->id, &got), RC_OK);
    assert_true(json_equal(got->answers, d->answers));
    assert_int_equal(draft_new(as(k, "nobody"), k->office.pack, commune(k), &got),
                     RC_LOGIN_REQUIRED);
    struct draft_list list = {0};
    assert_int_equal(drafts_of(as(k, "binh"), as(k, "an")->who->subject, &list), RC_NOT_FOUND);
    assert_int_equal(drafts_of(as(k, "an"), as(k, "an")->who->subject, &list), RC_OK);
    assert_int_equal(list.n, 1);
}

static void drafts_end(void **state)
{
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an"), *got = NULL;
    struct ctx *cx = as(k, "an");
    struct file f = file_new(k, cx, PNG);
    struct file_id id;
    struct file_list files = {0};
    struct form_errors errs = {0};
    struct dossier_ref ref;
    assert_int_equal(draft_file_add(cx, d->id, STR("recipe"), &f, &id), RC_UNDECLARED);
    ctx_clear(cx);
    assert_int_equal(draft_file_add(cx, d->id, STR("photo"), &f, &id), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .applicant = cx->who->subject,
                           .channel = CHANNEL_ONLINE,
                           .draft = d->id};
    cx = as(k, "an");
    assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(dossier_files(cx, look(k, ref.code), &files), RC_OK);
    assert_int_equal(files.n, 1);
    assert_int_equal(files.v[0].id.v, id.v);
    assert_true(str_eq(ref.code, draft_track(cx, d->id)));
    assert_int_equal(draft_get(as(k, "an"), d->id, &got), RC_NOT_FOUND);
    s.answers = NULL; /* the same submission again makes no second dossier */
    assert_int_equal(dossier_submit(as(k, "an"), &s, &errs, &ref), RC_NOT_FOUND);
}

/* Two pages at once, one of which files: nothing that was saved is lost, nothing comes back. */
static void drafts_race(void **state)
{
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an"), *stale = NULL, *got = NULL;
    struct form_errors errs = {0};
    struct dossier_ref ref;
    struct file_id id;
    k->now_us += SECOND_US;
    struct ctx *slow = as(k, "an"), *cx = as(k, "an");
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .applicant = cx->who->subject,
                           .channel = CHANNEL_ONLINE,
                           .draft = d->id};
    assert_int_equal(draft_get(slow, d->id, &stale), RC_OK);
    struct draft read_before = *stale;
    assert_int_equal(draft_save(cx, d), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    cx = as(k, "an");
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(draft_end(cx, draft_row(cx, stale), stale->changed_us), RC_CONFLICT);
    db_rollback(cx);
    cx = as(k, "an");
    assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct file f = file_new(k, slow, PNG);
    assert_int_equal(draft_save(slow, &read_before), RC_NOT_FOUND);
    db_rollback(slow);
    assert_int_equal(draft_file_add(slow, d->id, STR("photo"), &f, &id), RC_NOT_FOUND);
    db_rollback(slow);
    assert_int_equal(draft_get(as(k, "an"), d->id, &got), RC_NOT_FOUND);
}

static void drafts_go_with_erasure(void **state)
{
    struct desk *k = *state;
    struct draft *d = draft_made(k, "an");
    struct ctx *cx = as(k, "an");
    struct file f = file_new(k, cx, PNG);
    struct file_id id;
    struct digest_used_row *used = NULL;
    assert_int_equal(draft_file_add(cx, d->id, STR("photo"), &f, &id), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct subject_id an = cx->who->subject;
    assert_int_equal(sql_digest_used(cx, hash_hex(cx->mem, &f.digest), &used), RC_OK);
    assert_non_null(used);
    cx = as(k, "");
    assert_int_equal(subject_erase(cx, an, STR("law")), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(sql_digest_used(cx, hash_hex(cx->mem, &f.digest), &used), RC_OK);
    assert_null(used);
}

static void drafts_bounded_and_swept(void **state)
{
    struct desk *k = *state;
    struct draft *d = NULL;
    size_t removed = 0;
    for (int i = 0; i < DRAFTS_MAX; i++)
        draft_made(k, "an");
    assert_int_equal(draft_new(as(k, "an"), k->office.pack, commune(k), &d), RC_INVALID);
    k->now_us += 31 * DAY_US;
    struct ctx *cx = as(k, "");
    assert_int_equal(casework_sweep(cx, &removed), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(removed, DRAFTS_MAX);
    draft_made(k, "an");
}

/* -- files -- */

static void sniffing(void **state)
{
    static const struct {
        struct str head;
        const char *mime;
    } rows[] = {
        {STR("\xff\xd8\xff\xe0 jfif"), "image/jpeg"},
        {STR("\x89PNG\r\n\x1a\n...."), "image/png"},
        {STR("GIF89a......"), "image/gif"},
        {STR("RIFF\x10\0\0\0WEBPVP8 "), "image/webp"},
        {STR("\0\0\0\x18"
             "ftypheic\0\0\0\0"),
         "image/heic"},
        {STR("\0\0\0\x18"
             "ftypmif1\0\0\0\0"),
         "image/heif"},
        {STR("BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0...."), "image/bmp"},
        {STR("II*\0...."), "image/tiff"},
        {STR("%PDF-1.7\n"), "application/pdf"},
        {STR("RIFF\x10\0\0\0WAVEfmt "), NULL},
        {STR("BMbm or any words that begin so"), NULL},
        {STR("<svg xmlns='http://www.w3.org/2000/svg'/>"), NULL},
        {STR("<html><script>"), NULL},
        {STR("MZ\x90\0"), NULL},
        {STR("PK\x03\x04"), NULL},
        {STR("\0\0\0\x18"
             "ftypisom\0\0\0\0"),
         NULL},
        {STR("\xff\xd8"), NULL},
        {STR(""), NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str mime = file_sniff(rows[i].head);
        assert_int_equal(mime.p != NULL, rows[i].mime != NULL);
        if (rows[i].mime)
            assert_str(mime, rows[i].mime);
    }
}

static void files_on_disk(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "an");
    struct file a = file_new(k, cx, PNG), b = file_new(k, cx, PNG), c;
    size_t removed = 0;
    assert_true(str_eq(a.path, b.path)); /* the same bytes stand once */
    struct hash h = hash_of(STR("words"));
    const char *path = str_fmt(k->mem, "%.*s/words", STR_ARG(k->office.dir)).p;
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_int_equal(write(fd, "words", 5), 5);
    close(fd);
    assert_int_equal(file_store(cx, str_from(path), &h, STR("x.png"), &c), RC_UNSUPPORTED);
    cx = as(k, "an");
    k->office.app.settings.web_file_max = 4;
    assert_int_equal(file_store(cx, str_from(path), &h, STR("x.png"), &c), RC_TOO_LARGE);
    cx = as(k, "");
    assert_int_equal(casework_sweep(cx, &removed), RC_OK);
    assert_int_equal(removed, 0); /* young: somebody may be about to name it */
    struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    assert_int_equal(utimensat(AT_FDCWD, str_z(k->mem, a.path), old, 0), 0);
    assert_int_equal(casework_sweep(cx, &removed), RC_OK);
    assert_int_equal(removed, 1);
    db_rollback(cx);
}

/* -- lists -- */

static size_t inbox(struct desk *k, const char *who, enum inbox box, const char *text,
                    int64_t *total)
{
    struct ctx *cx = as(k, who);
    struct dossier_list list = {0};
    struct dossier_query q = {.unit = commune(k)->id, .box = box, .text = str_from(text)};
    assert_int_equal(dossier_inbox(cx, &q, &list), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    *total = list.total;
    return list.n;
}

static void inboxes(void **state)
{
    static const struct {
        const char *who;
        enum inbox box;
        const char *text;
        size_t n;
    } rows[] = {
        {"reception@commune", INBOX_FREE, "", 1},
        {"specialist@commune", INBOX_FREE, "", 1},
        {"leader@commune", INBOX_FREE, "", 0},
        {"specialist@commune", INBOX_MINE, "", 0},
        {"leader@commune", INBOX_UNIT, "", 2},
        {"leader@commune", INBOX_UNIT, "nguyen van", 2},
        {"leader@commune", INBOX_UNIT, "NGUYỄN", 2},
        {"leader@commune", INBOX_UNIT, "%", 0},
        {"leader@commune", INBOX_UNIT, "tran", 0},
        {"leader@commune", INBOX_LATE, "", 1},
        {"leader@commune", INBOX_DONE, "", 1},
        {"leader@commune", INBOX_DONE, "nobody", 0},
    };
    struct desk *k = *state;
    struct dossier_ref a = filed(k), b = filed(k), c = filed(k);
    int64_t total;
    struct dossier_list list = {0};
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    assert_int_equal(act_one(k, "an", &c, "withdraw"), RC_OK);
    k->now_us += 10 * DAY_US;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(inbox(k, rows[i].who, rows[i].box, rows[i].text, &total), rows[i].n);
        assert_int_equal(total, rows[i].n);
    }
    struct dossier_query q = {.unit = commune(k)->id};
    assert_int_equal(dossier_inbox(as(k, "leader@district"), &q, &list), RC_FORBIDDEN);
    assert_int_equal(dossier_inbox(as(k, "an"), &q, &list), RC_FORBIDDEN);
    assert_int_equal(dossiers_of(as(k, "an"), as(k, "an")->who->subject, &list), RC_OK);
    assert_int_equal(list.n, 3);
    assert_true(b.id.v != 0);
}

static void pages_of_a_list(void **state)
{
    enum { ALL = 7 };
    struct desk *k = *state;
    int64_t seen[ALL], after = 0;
    size_t n = 0;
    for (int i = 0; i < ALL; i++) {
        struct dossier_ref ref = filed(k);
        if (i % 2)
            assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    }
    for (;;) {
        struct dossier_list list = {0};
        struct dossier_query q = {
            .unit = commune(k)->id, .box = INBOX_UNIT, .after = after, .limit = 2};
        struct ctx *cx = as(k, "leader@commune");
        assert_int_equal(dossier_inbox(cx, &q, &list), RC_OK);
        assert_int_equal(db_commit(cx), RC_OK);
        for (size_t i = 0; i < list.n; i++) {
            for (size_t j = 0; j < n; j++)
                assert_true(seen[j] != list.v[i]->id.v);
            after = seen[n++] = list.v[i]->id.v;
        }
        if (!list.n)
            break;
    }
    assert_int_equal(n, ALL);
}

/* -- views -- */

static void views(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    struct json *v = NULL;
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(dossier_view(as(k, "specialist@commune"), look(k, ref.code), true, &v),
                     RC_OK);
    assert_str(json_str(v, "code"), "H07.21.01-260601-0001");
    assert_int_equal(json_int(v, "days_left", -9), 3);
    assert_int_equal(json_int(v, "status", 0), STATUS_PROCESSING);
    int64_t percent = json_int(v, "percent", 0);
    assert_true(percent > 0 && percent < 100);
    assert_int_equal(json_get(v, STR("acts"))->n, 2);
    assert_str(json_str(json_at(json_get(v, STR("acts")), 0), "id"), "approve");
    assert_int_equal(json_get(v, STR("timeline"))->n, 2);
    struct json *open = NULL;
    assert_int_equal(dossier_public_view(as(k, "nobody"), look(k, ref.code), &open), RC_OK);
    assert_int_equal(open->n, 5);
    assert_null(json_get(open, STR("applicant_name")));
}

/* -- rebuild -- */

static void difference(void *arg, struct str text)
{
    print_message("%.*s\n", STR_ARG(text));
}

static void rebuild_same(struct desk *k)
{
    struct ctx *cx = as(k, "");
    struct rebuild_report r = {0};
    struct rebuild_plan plan = {
        .subs = subs,
        .scratch = str_fmt(k->mem, "%.*s-again", STR_ARG(k->office.dir)),
        .say = difference,
    };
    assert_int_equal(rebuild_check(cx, &plan, &r), RC_OK);
    assert_int_equal(r.differences, 0);
    assert_true(r.rows > 20);
}

static void rebuilt(void **state)
{
    struct desk *k = *state;
    struct act ask = supplement(k);
    struct dossier_ref a = filed(k), b = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    assert_int_equal(act_full(k, "specialist@commune", &a, &ask), RC_OK);
    k->now_us += 3 * DAY_US;
    struct file f = file_new(k, as(k, "an"), PNG);
    f.document = STR("photo");
    struct act send = {.id = STR("resubmit"), .files = &(struct file_list){&f, 1}};
    send.answers = answers_of(k, "{\"place\":\"chợ Mẫu\"}");
    assert_int_equal(act_full(k, "an", &a, &send), RC_OK);
    assert_int_equal(act_one(k, "reception@commune", &b, "accept"), RC_OK);
    k->now_us += 20 * DAY_US;
    assert_int_equal(timers(k), 2);
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    assert_int_equal(rate_one(k, "an", a.code, 2), RC_OK);
    rebuild_same(k);
    struct ctx *cx = as(k, "");
    assert_int_equal(subject_erase(cx, as(k, "an")->who->subject, STR("Luật 91/2025/QH15")),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct json *gone = NULL;
    assert_int_equal(dossier_answers(as(k, ""), look(k, a.code), &gone), RC_GONE);
    assert_false(look(k, a.code)->applicant_name.p);
    rebuild_same(k);
}

/* -- who looked -- */

static void who_looked(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = filed(k);
    struct json *list = NULL;
    struct dossier *d = NULL;
    struct subject_id an = as(k, "an")->who->subject;
    assert_int_equal(reads_of(as(k, "an"), an, 0, 0, &list), RC_OK);
    assert_int_equal(list->n, 0);
    struct ctx *cx = as(k, "clerk@commune");
    assert_int_equal(dossier_open(cx, ref.code, &d), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(reads_of(as(k, "an"), an, 0, 0, &list), RC_OK);
    assert_int_equal(list->n, 1);
    assert_true(str_eq(json_str(list->first, "code"), ref.code));
    assert_true(json_str(list->first, "law").n > 0);
    int64_t seq = json_int(list->first, "seq", 0);
    assert_int_equal(reads_of(as(k, "an"), an, seq, 0, &list), RC_OK);
    assert_int_equal(list->n, 0);
    assert_int_equal(reads_of(as(k, "binh"), an, 0, 0, &list), RC_NOT_FOUND);
    assert_int_equal(reads_of(as(k, "clerk@commune"), an, 0, 0, &list), RC_NOT_FOUND);
    assert_int_equal(reads_of(as(k, "nobody"), an, 0, 0, &list), RC_NOT_FOUND);
    cx = as(k, "reception@commune"); /* looked up by number at the counter: no dossier yet */
    assert_int_equal(person_journal(cx, k->office.pack, commune(k), an), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(reads_of(as(k, "an"), an, 0, 0, &list), RC_OK);
    assert_int_equal(list->n, 2);
    assert_false(json_bool(list->first, "has_dossier"));
    assert_true(json_str(list->first, "name").n > 0 && json_str(list->first, "law").n > 0);
    rebuild_same(k);
}

/* -- a pack that takes anonymous dossiers and publishes answers -- */

/* clang-format off */
#define PETITION \
    "{\"kind\":\"local\",\"field\":\"transport\",\"subject\":\"Đường có nhiều ổ gà\"," \
    "\"content\":\"Đoạn đường dài 200 mét có nhiều ổ gà, mùa mưa đọng nước.\"," \
    "\"place\":\"gần cầu Mẫu\",\"happened_day\":\"2026-05-30\"," \
    "\"identity\":\"anonymous\",\"confidential\":false," \
    "\"may_publish\":true,\"declaration\":true}"
/* clang-format on */

static size_t published(struct desk *k, const char *pack)
{
    struct json *list = NULL;
    assert_int_equal(public_answers(as(k, "nobody"), str_from(pack), 0, 0, &list), RC_OK);
    return list->n;
}

static bool offers(struct desk *k, const char *who, struct str code, const char *act)
{
    size_t n = 0;
    const struct flow_act *acts[FLOW_ACTS_MAX];
    assert_int_equal(dossier_acts(as(k, who), look(k, code), acts, &n), RC_OK);
    for (size_t i = 0; i < n; i++)
        if (str_eq(acts[i]->id, str_from(act)))
            return true;
    return false;
}

static bool timeline_tells(struct desk *k, struct str track)
{
    struct json *v = NULL;
    assert_int_equal(dossier_view(as(k, "nobody"), look(k, track), false, &v), RC_OK);
    JSON_EACH (json_get(v, STR("timeline")), t)
        if (json_get(t, STR("answer")))
            return true;
    return false;
}

static void anonymous_and_public(void **state)
{
    struct desk *k = desk_open("petition");
    struct dossier_ref ref, track;
    struct form_errors errs = {0};
    struct dossier *d = NULL;
    struct act answer = {.id = STR("answer"), .answer = STR("Đã vá.")};
    struct act again = {.id = STR("reopen"), .reason = STR("chưa xong")};
    enum rc rc = file_one(k, as(k, "nobody"), PETITION, &ref, &errs);
    for (size_t i = 0; i < errs.n; i++)
        print_message("%.*s %.*s\n", STR_ARG(errs.v[i].field), STR_ARG(errs.v[i].rule));
    assert_int_equal(rc, RC_OK);
    track = ref;
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    assert_int_equal(act_full(k, "specialist@commune", &ref, &answer), RC_OK);
    assert_false(timeline_tells(k, track.code)); /* not before it is approved */
    assert_true(offers(k, "leader@commune", ref.code, "sign_publish"));
    assert_false(offers(k, "leader@commune", ref.code, "sign"));
    assert_int_equal(act_one(k, "leader@commune", &ref, "sign_publish"), RC_OK);
    assert_true(timeline_tells(k, track.code));
    assert_int_equal(published(k, "petition"), 1);
    assert_int_equal(published(k, "other"), 0);
    struct json *one = NULL;
    assert_int_equal(public_answer_get(as(k, "nobody"), ref.code, &one), RC_OK);
    assert_str(json_str(one, "answer"), "Đã vá.");
    assert_int_equal(public_answer_get(as(k, "nobody"), track.code, &one), RC_NOT_FOUND);
    /* the code on the receipt is public, the provisional one is the sender's key */
    assert_int_equal(dossier_open(as(k, "nobody"), ref.code, &d), RC_NOT_FOUND);
    assert_int_equal(dossier_open(as(k, "an"), ref.code, &d), RC_NOT_FOUND);
    assert_int_equal(dossier_open(as(k, "nobody"), track.code, &d), RC_OK);
    assert_int_equal(act_full(k, "nobody", &track, &again), RC_OK);
    assert_int_equal(published(k, "petition"), 0);
    rebuild_same(k);
    void *desk = k;
    desk_end(&desk);
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
        DESK(who_looked),
        DESK(version_conflict),
        DESK(late_stays_late),
        DESK(ready_stops_the_clock),
        DESK(waiting_pauses_and_lapses),
        DESK(rated_once),
        DESK(assignment),
        DESK(notes_are_internal),
        DESK(drafts_are_private),
        DESK(drafts_end),
        DESK(drafts_race),
        DESK(drafts_go_with_erasure),
        DESK(drafts_bounded_and_swept),
        UNIT(sniffing),
        DESK(files_on_disk),
        DESK(inboxes),
        DESK(pages_of_a_list),
        DESK(views),
        DESK(rebuilt),
        UNIT(anonymous_and_public),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
