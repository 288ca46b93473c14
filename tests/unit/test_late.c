/* test_late.c - time running out: warnings, escalation, apologies, other dates, broken timers. */
#include "unit/harness.h"

#include "calendar/version.h"
#include "casework_help.h"
#include "gen/casework_sql.h"

static int late_begin(void **state)
{
    *state = desk_open_of(NULL, "late");
    return 0;
}
#define LATE(f) cmocka_unit_test_setup_teardown(f, late_begin, desk_end)

static int32_t june(int day)
{
    return day_make(2026, 6, day);
}

static size_t timers_at(struct desk *k, int day, int hour)
{
    size_t n = 0;
    k->now_us = day_start(june(day)) + hour * HOUR_US;
    assert_int_equal(dossier_timers(as(k, ""), 100, &n), RC_OK);
    return n;
}

static struct dossier_ref accepted(struct desk *k)
{
    struct dossier_ref ref = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    return ref;
}

static struct json *row_of(struct desk *k, const char *who, struct str code)
{
    return dossier_row_view(as(k, who), look(k, code));
}

/* Monday 1 June, 5 working days by law, 3 as the office promises. */
static void stages(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    struct dossier *d = look(k, ref.code);
    struct json *notices = NULL;
    assert_int_equal(d->due, june(8));
    assert_int_equal(d->clocks[1].due.day, june(4));
    assert_int_equal(d->promised.day, june(4)); /* people are told the promise */
    assert_int_equal(timers_at(k, 4, 23), 0);
    assert_int_equal(timers_at(k, 5, 0), 1); /* the last working day before: a draft */
    assert_true(json_bool(row_of(k, "", ref.code), "has_apology_draft"));
    assert_int_equal(json_int(row_of(k, "", ref.code), "warned", -1), 0);
    assert_int_equal(timers_at(k, 5, 23), 0);
    assert_int_equal(timers_at(k, 6, 0), 1); /* four of five days are used */
    assert_int_equal(json_int(row_of(k, "", ref.code), "warned", -1), 80);
    assert_false(look(k, ref.code)->is_late);
    assert_int_equal(timers_at(k, 8, 23), 0);
    assert_int_equal(timers_at(k, 9, 0), 1);
    assert_int_equal(timers_at(k, 9, 1), 0); /* each once */
    assert_true(look(k, ref.code)->is_late);
    assert_true(json_bool(row_of(k, "leader@commune", ref.code), "is_escalated_to_me"));
    assert_false(json_bool(row_of(k, "specialist@commune", ref.code), "is_escalated_to_me"));
    struct ctx *cx = as(k, "an");
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &notices), RC_OK);
    assert_int_equal(notices->n, 3); /* filed, accepted, late: warnings are the office's */
    assert_true(json_bool(notices->first, "is_late"));
}

/* Nobody but the one who was named: here the unit above has the only other leader. */
static void superior_may_read(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    struct dossier *d = NULL;
    assert_int_equal(dossier_open(as(k, "leader@district"), ref.code, &d), RC_FORBIDDEN);
    struct ctx *cx = as(k, "");
    struct dossier *now = look(k, ref.code);
    struct who *superior = NULL;
    assert_int_equal(office_officer(cx, commune(k)->parent, STR("leader"), &superior), RC_OK);
    now->escalated = superior->account;
    cx->who = superior;
    assert_true(dossier_is_officer(cx, now, CAP_CASE_READ));
    assert_false(dossier_is_officer(cx, now, CAP_CASE_ACT));
    now->escalated++;
    assert_false(dossier_is_officer(cx, now, CAP_CASE_READ));
}

static enum rc apologise(struct desk *k, const char *who, struct str code, const char *reason,
                         int32_t day)
{
    struct ctx *cx = as(k, who);
    struct dossier_ref ref;
    struct dossier *d = look(k, code);
    enum rc rc = dossier_apologise(cx, d, str_from(reason), day, &ref);
    if (rc == RC_OK)
        rc = db_commit(cx);
    else
        db_rollback(cx);
    return rc;
}

static void apology_refused(void **state)
{
    static const struct {
        const char *who, *reason;
        int day;
        enum rc rc;
    } rows[] = {
        {"an", "Bão", 12, RC_FORBIDDEN},
        {"specialist@district", "Bão", 12, RC_FORBIDDEN},
        {"specialist@commune", "", 12, RC_INVALID},
        {"specialist@commune", "   ", 12, RC_INVALID},
        {"specialist@commune", "Bão", 8, RC_INVALID},  /* the due day itself */
        {"specialist@commune", "Bão", 5, RC_INVALID},  /* before it */
        {"specialist@commune", "Bão", 13, RC_INVALID}, /* a Saturday */
        {"specialist@commune", "Bão", 12 + 366, RC_INVALID},
    };
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(
            apologise(k, rows[i].who, ref.code, rows[i].reason, june(1) + rows[i].day - 1),
            rows[i].rc);
    assert_int_equal(look(k, ref.code)->redated, 0);
    struct dossier_ref early = filed(k); /* no time runs yet */
    assert_int_equal(apologise(k, "specialist@commune", early.code, "Bão", june(12)), RC_STATE);
}

/* What an apology moves is called what it is: the day promised, not the law's. */
static void apology_is_told(struct desk *k, struct str code)
{
    static const char *const want[] = {"Ngày hẹn trả: trước là 08/06/2026, nay là 12/06/2026",
                                       "Day promised: was 08/06/2026, is now 12/06/2026"};
    static const char *const who[] = {"an", "specialist@commune"};
    for (int i = 0; i < 4; i++) {
        struct json *v = NULL;
        struct ctx *cx = as(k, who[i % 2]);
        const char *found = NULL;
        cx->lang = i < 2 ? LANG_VI : LANG_EN;
        assert_int_equal(dossier_view(cx, look(k, code), i % 2, &v), RC_OK);
        JSON_EACH (json_get(v, STR("timeline")), t)
            if (str_eq(json_str(t, "kind"), STR("dossier.redated")))
                found = strstr(str_z(cx->mem, json_str(t, "detail")), want[i / 2]);
        assert_non_null(found);
    }
}

/* LAW: ND61/2018 19.9 - once only, and late it stays. */
static void apology_once(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    struct json *notices = NULL, *e = NULL;
    assert_int_equal(timers_at(k, 5, 0), 1);
    k->now_us = day_start(june(5)) + 9 * HOUR_US;
    assert_int_equal(apologise(k, "specialist@commune", ref.code, "Bão lũ", june(12)), RC_OK);
    assert_int_equal(apologise(k, "specialist@commune", ref.code, "Nữa", june(19)), RC_STATE);
    struct dossier *d = look(k, ref.code);
    assert_int_equal(d->promised.day, june(12));
    assert_int_equal(d->due, june(8)); /* the law's day stays the law's */
    assert_false(json_bool(row_of(k, "", ref.code), "has_apology_draft"));
    struct ctx *cx = as(k, "an");
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &notices), RC_OK);
    assert_non_null(strstr(str_z(cx->mem, json_str(notices->first, "title")), "12/06/2026"));
    assert_int_equal(dossier_due_explain(cx, look(k, ref.code), &e), RC_OK);
    const struct json *was = json_get(json_at(json_get(e, STR("clocks")), 0), STR("was"));
    assert_int_equal(was->n, 1);
    assert_str(json_str(was->first, "due_old"), "2026-06-08");
    assert_str(json_str(was->first, "reason"), "Bão lũ");
    apology_is_told(k, ref.code);
    timers_at(k, 10, 0);
    assert_true(look(k, ref.code)->is_late);
    assert_int_equal(look(k, ref.code)->promised.day, june(12));
}

/* LAW: ND61/2018 19.4 - counted from zero, warned of from zero. */
static void supplement_begins_anew(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("Bản vẽ")));
    timers_at(k, 6, 0);
    k->now_us = day_start(june(8)) + 9 * HOUR_US;
    struct act ask = {.id = STR("supplement"), .reason = STR("Thiếu"), .items = items};
    assert_int_equal(act_full(k, "specialist@commune", &ref, &ask), RC_OK);
    assert_true(clock_is_paused(look(k, ref.code)));
    assert_int_equal(timers_at(k, 20, 0), 0); /* waiting for the applicant is nobody's delay */
    k->now_us = day_start(june(22)) + 15 * HOUR_US; /* at the cut-off: counts as the 23rd */
    assert_int_equal(act_one(k, "an", &ref, "resubmit"), RC_OK);
    struct dossier *d = look(k, ref.code);
    assert_int_equal(d->due, june(30));
    assert_int_equal(d->clocks[1].due.day, june(26));
    assert_int_equal(d->clocks[0].npauses, 0);
    assert_int_equal(d->clocks[0].start_us, k->now_us);
    assert_int_equal(json_int(row_of(k, "", ref.code), "warned", -1), 0);
    assert_false(d->is_late);
}

/* What is shown while it waits is what will be counted if the papers come now, and says so. */
static void standing_still_is_told(void **state)
{
    static const struct {
        enum lang lang;
        const char *anew, *day;
    } rows[] = {{LANG_VI, "tính lại từ đầu", "chờ thêm mỗi ngày làm việc"},
                {LANG_EN, "begins again from zero", "each further working day"}};
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("Bản vẽ")));
    k->now_us = day_start(june(4)) + 9 * HOUR_US;
    struct act ask = {.id = STR("supplement"), .reason = STR("Thiếu"), .items = items};
    assert_int_equal(act_full(k, "specialist@commune", &ref, &ask), RC_OK);
    int32_t told[2];
    for (int day = 10; day <= 11; day++) { /* it moves with each day of waiting */
        k->now_us = day_start(june(day)) + 9 * HOUR_US;
        for (size_t i = 0; i < ROWS(rows); i++) {
            struct json *e = NULL;
            struct ctx *cx = as(k, "an");
            cx->lang = rows[i].lang;
            assert_int_equal(dossier_due_explain(cx, look(k, ref.code), &e), RC_OK);
            const struct json *legal = json_at(json_get(e, STR("clocks")), 0);
            const char *text = str_z(cx->mem, json_str(legal, "standing_text"));
            assert_true(json_bool(legal, "paused") && json_bool(legal, "begins_anew"));
            assert_non_null(strstr(text, rows[i].anew));
            assert_non_null(strstr(text, rows[i].day));
            assert_true(day_parse(json_str(legal, "due"), &told[day - 10]));
        }
    }
    assert_int_equal(told[0], june(17)); /* five working days from zero */
    assert_int_equal(told[1], june(18));
    k->now_us = day_start(june(11)) + 10 * HOUR_US;
    assert_int_equal(act_one(k, "an", &ref, "resubmit"), RC_OK);
    assert_int_equal(look(k, ref.code)->due, told[1]);
    struct json *e = NULL;
    assert_int_equal(dossier_due_explain(as(k, "an"), look(k, ref.code), &e), RC_OK);
    const struct json *legal = json_at(json_get(e, STR("clocks")), 0);
    assert_false(json_bool(legal, "paused") || json_bool(legal, "begins_anew"));
    assert_str(json_str(legal, "standing_text"), "");
}

/* -- another calendar -- */

static void publish(struct desk *k, const char *csv)
{
    struct ctx *cx = as(k, "");
    int64_t version = 0;
    assert_int_equal(calendar_import(cx, str_from(csv), &version), RC_OK);
    assert_int_equal(calendar_publish(cx, &version), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(calendar_reload(cx), RC_OK);
    assert_int_equal(calendar_version(calendar_of(cx)), version);
}

static struct recompute followed(struct desk *k, size_t batch)
{
    struct recompute r = {.after = INT64_MIN + 1};
    while (!r.is_done)
        assert_int_equal(dossiers_recompute(as(k, ""), batch, &r), RC_OK);
    return r;
}

#define HEAD "day,kind,name,unit\n"

static void calendar_moves_dates(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = accepted(k), b = accepted(k), c = filed(k);
    struct json *notices = NULL, *e = NULL;
    publish(k, HEAD "2026-06-04,holiday,Ngày nghỉ mới,\n");
    int64_t version = 0, after = 0;
    assert_int_equal(calendar_pending(as(k, ""), &version, &after), RC_OK);
    assert_int_equal(version, 2);
    struct recompute r = followed(k, 2); /* two at a time: three dossiers, two batches */
    assert_int_equal(r.seen, 3);
    assert_int_equal(r.moved, 2);
    assert_int_equal(r.broken, 0);
    assert_int_equal(calendar_pending(as(k, ""), &version, &after), RC_OK);
    assert_int_equal(version, 0);
    assert_int_equal(look(k, a.code)->due, june(9));
    assert_int_equal(look(k, b.code)->promised.day, june(5));
    assert_int_equal(look(k, c.code)->due, INT32_MIN);
    assert_int_equal(followed(k, 100).moved, 0); /* recomputed is as computed fresh */
    struct ctx *cx = as(k, "an");
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &notices), RC_OK);
    struct str text = json_str(notices->first, "text");
    assert_non_null(strstr(str_z(cx->mem, text), "04/06/2026"));
    assert_non_null(strstr(str_z(cx->mem, text), "05/06/2026"));
    assert_int_equal(dossier_due_explain(cx, look(k, a.code), &e), RC_OK);
    const struct json *promise = json_at(json_get(e, STR("clocks")), 1);
    assert_str(json_str(json_get(promise, STR("was"))->first, "due_old"), "2026-06-04");
    assert_str(json_str(promise, "due"), "2026-06-05");
}

/* The day promised anew by an apology becomes a day off: it moves, is called what it is, and the
 * one before stays told. LAW: ND61/2018 19.9 - that is no second apology. */
static void calendar_moves_what_was_promised(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    struct json *e = NULL, *v = NULL;
    bool found = false;
    k->now_us = day_start(june(5)) + 9 * HOUR_US;
    assert_int_equal(apologise(k, "specialist@commune", ref.code, "Bão lũ", june(12)), RC_OK);
    publish(k, HEAD "2026-06-12,holiday,Ngày nghỉ mới,\n");
    assert_int_equal(followed(k, 10).moved, 1);
    assert_int_equal(look(k, ref.code)->promised.day, june(15)); /* the Monday after */
    assert_int_equal(look(k, ref.code)->due, june(8));
    struct ctx *cx = as(k, "an");
    assert_int_equal(dossier_due_explain(cx, look(k, ref.code), &e), RC_OK);
    const struct json *was = json_get(json_at(json_get(e, STR("clocks")), 0), STR("was"));
    assert_int_equal(was->n, 2);
    assert_str(json_str(json_at(was, 1), "due_old"), "2026-06-12");
    assert_str(json_str(json_at(was, 1), "clock_text"), "Ngày hẹn trả");
    assert_int_equal(dossier_view(cx, look(k, ref.code), false, &v), RC_OK);
    JSON_EACH (json_get(v, STR("timeline")), t) {
        struct str text = json_str(t, "detail");
        found =
            found || str_has(text, STR("Ngày hẹn trả: trước là 12/06/2026, nay là 15/06/2026"));
        assert_false(str_has(text, STR("promised")));
    }
    assert_true(found);
    assert_int_equal(apologise(k, "specialist@commune", ref.code, "Nữa", june(22)), RC_STATE);
}

/* A swapped Saturday: both dates stay, four fifths of the time is a day later. Nobody is told. */
static void calendar_moves_reminders(void **state)
{
    struct desk *k = *state;
    struct json *was = NULL, *now = NULL;
    struct dossier_ref a = accepted(k);
    struct ctx *cx = as(k, "an");
    struct dossier before = *look(k, a.code);
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &was), RC_OK);
    publish(k, HEAD "2026-06-05,holiday,Nghỉ bù trước,\n2026-06-06,makeup,Làm bù,\n");
    struct recompute r = followed(k, 100);
    assert_int_equal(r.moved, 0);
    assert_int_equal(r.reminders, 1);
    struct dossier *d = look(k, a.code);
    assert_int_equal(d->due, before.due);
    assert_int_equal(d->clocks[1].due.at_us, before.clocks[1].due.at_us);
    assert_true(d->warn_us > before.warn_us);
    r = followed(k, 100);
    assert_int_equal(r.reminders + r.moved, 0);
    cx = as(k, "an");
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &now), RC_OK);
    assert_int_equal(now->n, was->n);
    struct json *own = NULL, *office = NULL;
    assert_int_equal(dossier_view(cx, d, false, &own), RC_OK);
    cx = as(k, "leader@commune");
    assert_int_equal(dossier_view(cx, d, true, &office), RC_OK);
    const struct json *told = json_get(office, STR("timeline"))->last;
    assert_int_equal(json_get(office, STR("timeline"))->n,
                     json_get(own, STR("timeline"))->n + 1); /* the office's own matter */
    assert_str(json_str(told, "detail"),
               "Giờ nhắc việc được tính lại theo lịch làm việc mới; ngày hẹn trả không đổi");
}

static void dry_run_changes_nothing(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = accepted(k);
    publish(k, HEAD "2026-06-04,holiday,Ngày nghỉ mới,\n");
    struct recompute r = {.after = INT64_MIN + 1, .is_dry = true};
    assert_int_equal(dossiers_recompute(as(k, ""), 100, &r), RC_OK);
    assert_int_equal(r.moved, 1);
    assert_int_equal(look(k, a.code)->due, june(8));
}

static struct dossier_ref waiting(struct desk *k, int day)
{
    struct dossier_ref ref = accepted(k);
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("Bản vẽ")));
    struct act ask = {.id = STR("supplement"), .reason = STR("Thiếu"), .items = items};
    k->now_us = day_start(june(day)) + 9 * HOUR_US;
    assert_int_equal(act_full(k, "specialist@commune", &ref, &ask), RC_OK);
    return ref;
}

/* What stands still is counted as of when it stopped: Tuesday 2 June, T0 on Monday. */
static void paused_clocks_follow(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = waiting(k, 2);
    struct json *notices = NULL, *e = NULL;
    assert_int_equal(look(k, ref.code)->due, june(8));
    k->now_us = day_start(june(3)) + 9 * HOUR_US;
    publish(k, HEAD "2026-06-04,holiday,Ngày nghỉ mới,\n");
    assert_int_equal(followed(k, 100).moved, 1);
    struct dossier *d = look(k, ref.code);
    assert_int_equal(d->due, june(9));               /* 2, 3, 5, 8, 9 */
    assert_int_equal(d->clocks[1].due.day, june(5)); /* 2, 3, 5 */
    assert_int_equal(d->promised.day, june(5));
    assert_true(clock_is_paused(d));
    struct ctx *cx = as(k, "an");
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &notices), RC_OK);
    const char *title = str_z(cx->mem, json_str(notices->first, "title"));
    assert_non_null(strstr(title, "05/06/2026"));
    /* the page goes on saying what it would be if it began anew now: 5, 8, 9, 10, 11 */
    assert_int_equal(dossier_due_explain(cx, d, &e), RC_OK);
    assert_str(json_str(json_at(json_get(e, STR("clocks")), 0), "due"), "2026-06-11");
    k->now_us = day_start(june(19)) + 9 * HOUR_US; /* asked another day: the same answer */
    assert_int_equal(followed(k, 100).moved, 0);
}

/* A day off after the pause began, but beyond what it would take: nothing to tell. */
static void paused_clocks_that_stay(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = waiting(k, 2);
    k->now_us = day_start(june(20)) + 9 * HOUR_US;
    publish(k, HEAD "2026-06-10,holiday,Ngày nghỉ mới,\n");
    assert_int_equal(followed(k, 100).moved, 0);
    assert_int_equal(look(k, ref.code)->due, june(8));
    publish(k, HEAD "2026-06-10,holiday,Một,\n2026-07-02,holiday,Hai,\n");
    assert_int_equal(followed(k, 100).moved, 1); /* the thirty days of the applicant's own */
    assert_int_equal(look(k, ref.code)->due, june(8));
    assert_int_equal(due_at(look(k, ref.code)->after_us).day, day_make(2026, 7, 3));
}

/* One turn for several: what a dossier took of memory was given back before the next. */
static void many_follow_in_one_turn(void **state)
{
    enum { MANY = 40 };
    struct desk *k = *state;
    struct dossier_ref refs[MANY];
    for (size_t i = 0; i < MANY; i++)
        refs[i] = i % 2 ? accepted(k) : filed(k);
    publish(k, HEAD "2026-06-04,holiday,Ngày nghỉ mới,\n");
    struct recompute r = followed(k, 100);
    assert_int_equal(r.seen, MANY);
    assert_int_equal(r.moved, MANY / 2);
    for (size_t i = 0; i < MANY; i++) {
        struct dossier *d = look(k, refs[i].code);
        assert_int_equal(d->due, i % 2 ? june(9) : INT32_MIN);
        assert_int_equal(journal_count(k, EV_DOSSIER_REDATED, d->id.v), i % 2);
        if (i % 2) /* the row is at the event that moved it */
            assert_true(d->version > refs[i].seq);
    }
}

/* -- what the applicant was told -- */

/* What the latest notice says whose title has these words; "" when there is none. */
static const char *notice_of(struct desk *k, enum lang lang, const char *title)
{
    struct json *notices = NULL;
    struct ctx *cx = as(k, "an");
    cx->lang = lang;
    assert_int_equal(notices_of(cx, cx->who->subject, 0, 0, &notices), RC_OK);
    JSON_EACH (notices, n)
        if (str_has(json_str(n, "title"), str_from(title)))
            return str_z(k->mem, json_str(n, "text"));
    return "";
}

static void seen_by(struct desk *k, const char *who, struct str code, const char *promised,
                    const char *due)
{
    struct json *v = NULL;
    struct ctx *cx = as(k, who);
    assert_int_equal(dossier_view(cx, look(k, code), cx->who->is_officer, &v), RC_OK);
    assert_int_equal(json_bool(v, "has_promise"), promised != NULL);
    if (promised)
        assert_str(json_str(v, "promised_text"), promised);
    assert_str(json_str(v, "due_text"), due);
}

/* A notice goes on saying the day that it said: the promise of then. The page has the promise of
 * now beside the law's day, until an apology takes its place. */
static void what_was_said_stays(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    static const char *const people[] = {"an", "specialist@commune"};
    assert_string_equal(notice_of(k, LANG_VI, "đã được tiếp nhận"), "Ngày hẹn: 04/06/2026.");
    assert_string_equal(notice_of(k, LANG_EN, "has been received"), "Due on 04/06/2026.");
    for (size_t i = 0; i < ROWS(people); i++)
        seen_by(k, people[i], ref.code, "04/06/2026", "08/06/2026");
    publish(k, HEAD "2026-06-04,holiday,Ngày nghỉ mới,\n");
    assert_int_equal(followed(k, 10).moved, 1);
    assert_string_equal(notice_of(k, LANG_VI, "đã được tiếp nhận"), "Ngày hẹn: 04/06/2026.");
    for (size_t i = 0; i < ROWS(people); i++)
        seen_by(k, people[i], ref.code, "05/06/2026", "09/06/2026");
    k->now_us = day_start(june(8)) + 9 * HOUR_US;
    assert_int_equal(apologise(k, "specialist@commune", ref.code, "Bão lũ", june(12)), RC_OK);
    assert_string_equal(notice_of(k, LANG_VI, "đã được tiếp nhận"), "Ngày hẹn: 04/06/2026.");
    for (size_t i = 0; i < ROWS(people); i++) /* told as a new date instead */
        seen_by(k, people[i], ref.code, NULL, "09/06/2026");
}

/* While the applicant is waited for the day moves and none is promised; then there is another. */
static void said_anew_after_a_supplement(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = waiting(k, 2);
    struct json *v = NULL;
    k->now_us += HOUR_US; /* what could be undone is told */
    assert_int_equal(dossier_view(as(k, "an"), look(k, ref.code), false, &v), RC_OK);
    assert_false(json_bool(v, "has_promise"));
    assert_string_equal(notice_of(k, LANG_VI, "cần bổ sung"), "Cần: Bản vẽ.");
    k->now_us = day_start(june(5)) + 9 * HOUR_US;
    assert_int_equal(act_one(k, "an", &ref, "resubmit"), RC_OK);
    assert_string_equal(notice_of(k, LANG_VI, "Đã nhận bổ sung"), "Ngày hẹn: 10/06/2026.");
    assert_string_equal(notice_of(k, LANG_VI, "đã được tiếp nhận"), "Ngày hẹn: 04/06/2026.");
    seen_by(k, "an", ref.code, "10/06/2026", "12/06/2026"); /* 8, 9, 10; 11, 12 */
}

/* The office's promise may run before the law's time does: its end is told, too. */
static void only_the_promise(void **state)
{
    struct desk *k = *state;
    struct dossier *d = look(k, accepted(k).code), back = *d, next = *d;
    struct ctx *cx = as(k, "");
    struct json *facts = json_new_obj(cx->mem);
    next.due = INT32_MIN;
    next.clocks[0].due.at_us = TIME_NONE;
    back.clocks[0].due.at_us = back.clocks[1].due.at_us = TIME_NONE;
    clocks_facts(cx, &next, facts);
    clocks_take(facts, &back);
    assert_int_equal(back.due, INT32_MIN);
    assert_int_equal(back.clocks[0].due.at_us, TIME_NONE);
    assert_int_equal(back.clocks[1].due.at_us, d->clocks[1].due.at_us);
}

/* Where the office promises nothing of its own, the law's day is what is told, once. */
static void without_a_promise(void **state)
{
    struct desk *k = desk_open_of(NULL, "good");
    struct dossier_ref ref = accepted(k);
    const struct dossier *d = look(k, ref.code);
    const char *day = str_z(k->mem, day_text(k->mem, d->due));
    assert_int_equal(d->promised.day, d->due);
    seen_by(k, "an", ref.code, NULL, day);
    assert_non_null(strstr(notice_of(k, LANG_VI, "đã được tiếp nhận"), day));
    void *end = k;
    desk_end(&end);
}

/* The way that it came has its own time, and so does what is explained. */
static void explained_by_its_way(void **state)
{
    struct desk *k = *state;
    struct dossier *d = look(k, accepted(k).code);
    struct flow f = *d->pack->flow;
    struct pack p = *d->pack;
    struct flow_clock clocks[FLOW_CLOCKS_MAX];
    struct json *e = NULL;
    memcpy(clocks, f.clocks, f.nclocks * sizeof *clocks);
    clocks[0].start = flow_state_find(&f, STR("lapsed"));
    clocks[0].from[0].state = flow_state_find(&f, STR("submitted"));
    clocks[0].from[0].budget = (struct budget){.n = 2, .unit = 'w'};
    clocks[0].nfrom = 1;
    f.clocks = clocks;
    p.flow = &f;
    d->pack = &p;
    assert_int_equal(dossier_due_explain(as(k, "an"), d, &e), RC_OK);
    const struct json *legal = json_at(json_get(e, STR("clocks")), 0);
    assert_str(json_str(legal, "due"), "2026-06-03"); /* two days, not five */
    assert_str(json_str(json_get(legal, STR("explain")), "budget"), "2wd");
}

/* A clock that stands still is counted when it goes on, by the calendar of that day. */
static void calendar_changes_mid_pause(void **state)
{
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("Bản vẽ")));
    struct act ask = {.id = STR("supplement"), .reason = STR("Thiếu"), .items = items};
    assert_int_equal(act_full(k, "specialist@commune", &ref, &ask), RC_OK);
    k->now_us = day_start(june(3)) + 9 * HOUR_US;
    publish(k, HEAD "2026-06-09,holiday,Ngày nghỉ mới,\n");
    assert_int_equal(followed(k, 100).moved, 0);
    k->now_us = day_start(june(5)) + 9 * HOUR_US;
    assert_int_equal(act_one(k, "an", &ref, "resubmit"), RC_OK);
    assert_int_equal(look(k, ref.code)->due, june(15)); /* 8, 10, 11, 12, 15 */
}

/* Days of a unit hold for it and for what stands below it, and nowhere else. */
static void days_of_a_unit(void **state)
{
    struct desk *k = *state;
    const struct unit *u = commune(k);
    struct dossier_ref a = accepted(k);
    publish(k, str_z(k->mem, str_fmt(k->mem, HEAD "2026-06-04,holiday,Ngày hội xã,%.*s\n",
                                     STR_ARG(u->code))));
    struct ctx *cx = as(k, "");
    assert_false(calendar_is_working(calendar_for(cx, u), june(4)));
    assert_true(calendar_is_working(calendar_for(cx, u->parent), june(4)));
    assert_true(calendar_is_working(calendar_of(cx), june(4)));
    assert_int_equal(followed(k, 100).moved, 1);
    assert_int_equal(look(k, a.code)->due, june(9));
    publish(k, str_z(k->mem, str_fmt(k->mem, HEAD "2026-06-04,holiday,Ngày hội tỉnh,%.*s\n",
                                     STR_ARG(u->parent->code))));
    assert_false(calendar_is_working(calendar_for(as(k, ""), u), june(4))); /* inherited */
}

/* An office opens and closes by its own hours, and what is counted in them follows. */
static void hours_of_a_unit(void **state)
{
    struct desk *k = *state;
    const struct unit *u = commune(k);
    const struct calendar *before = calendar_for(as(k, ""), u);
    int32_t from[CALENDAR_SPANS], to[CALENDAR_SPANS];
    int64_t ten = day_start(june(1)) + 10 * HOUR_US;
    struct budget b = {4, 'h', false};
    assert_int_equal(calendar_hours(before, from, to), 2);
    assert_true(from[0] == 450 && to[0] == 690 && from[1] == 810 && to[1] == 1020);
    assert_int_equal(calendar_due(before, ten, b, NULL, 0, 0).at_us, ten + 6 * HOUR_US);
    k->now_us = day_start(june(1)) + 16 * HOUR_US; /* after the node's cut-off */
    struct dossier_ref ref = accepted(k);
    assert_int_equal(look(k, ref.code)->due, june(9));
    publish(k, str_z(k->mem,
                     str_fmt(k->mem,
                             HEAD "*,cutoff,16:30,%.*s\n*,hours,08:00-16:00,%.*s\n"
                                  "*,hours,07:00-11:00 13:00-17:00,%.*s\n",
                             STR_ARG(u->code), STR_ARG(u->code), STR_ARG(u->parent->code))));
    const struct calendar *own = calendar_for(as(k, ""), u),
                          *above = calendar_for(k->cx, u->parent);
    assert_int_equal(calendar_hours(own, from, to), 1);
    assert_true(from[0] == 480 && to[0] == 960);
    assert_int_equal(calendar_hours(above, from, to), 2);
    assert_true(from[0] == 420 && to[1] == 1020);
    assert_int_equal(calendar_hours(calendar_of(k->cx), from, to), 2);
    assert_int_equal(from[0], 450);
    assert_int_equal(calendar_due(own, ten, b, NULL, 0, 0).at_us, ten + 4 * HOUR_US);
    assert_int_equal(calendar_due(above, ten, b, NULL, 0, 0).at_us, ten + 6 * HOUR_US);
    assert_int_equal(calendar_minutes(own, ten, ten + DAY_US), 8 * 60);
    assert_int_equal(calendar_cutoff(own), 16 * HOUR_US + 30 * MINUTE_US);
    assert_int_equal(calendar_cutoff(above), 15 * HOUR_US); /* as the settings have it */
    assert_int_equal(followed(k, 100).moved, 1);            /* it came in time after all */
    assert_int_equal(look(k, ref.code)->due, june(8));
}

static void import_refused(void **state)
{
    static const struct {
        const char *csv;
        enum rc rc;
        const char *field;
    } rows[] = {
        {HEAD, RC_INVALID, "file"},
        {"day,kind\n2026-06-04,holiday\n", RC_INVALID, "file"},
        {HEAD "2026-06-04,holiday,,\n", RC_INVALID, "name"},
        {HEAD "2026-06-31,holiday,x,\n", RC_INVALID, "day"},
        {HEAD "2026-06-04,feast,x,\n", RC_INVALID, "kind"},
        {HEAD "2026-06-04,holiday,x,H99.99\n", RC_INVALID, "unit"},
        {HEAD "*,hours,08:00-17:00,H99.99\n", RC_INVALID, "unit"},
        {HEAD "*,hours,17:00,\n", RC_INVALID, "name"},
        {HEAD "2026-06-04,holiday,x,\n2026-06-04,holiday,y,\n", RC_DUPLICATE, "day"},
    };
    struct desk *k = *state;
    int64_t version = 0;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = as(k, "");
        assert_int_equal(calendar_import(cx, str_from(rows[i].csv), &version), rows[i].rc);
        assert_string_equal(cx->err.field, rows[i].field);
        db_rollback(cx);
    }
    struct ctx *cx = as(k, "");
    assert_int_equal(calendar_publish(cx, &version), RC_NOT_FOUND);
    db_rollback(cx);
}

/* -- one broken dossier -- */

static void broken_timer_stops_no_other(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = accepted(k), b = accepted(k), c = accepted(k);
    struct ctx *cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK); /* it wakes, and there is nothing to do */
    assert_int_equal(sql_dossier_clocks_set(cx, b.id.v, STR(""), DUE_NONE, DB_NULL, 0, 0,
                                            DB_NULL, 0, DB_NULL, 1, 0,
                                            look(k, b.code)->version),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(timers_at(k, 9, 0), 2);
    assert_true(look(k, a.code)->is_late && look(k, c.code)->is_late);
    assert_int_equal(timers_at(k, 9, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LATE(stages),
        LATE(superior_may_read),
        LATE(apology_refused),
        LATE(apology_once),
        LATE(supplement_begins_anew),
        LATE(standing_still_is_told),
        LATE(calendar_moves_what_was_promised),
        LATE(calendar_moves_dates),
        LATE(calendar_moves_reminders),
        LATE(dry_run_changes_nothing),
        LATE(calendar_changes_mid_pause),
        LATE(paused_clocks_follow),
        LATE(paused_clocks_that_stay),
        LATE(many_follow_in_one_turn),
        LATE(explained_by_its_way),
        LATE(what_was_said_stays),
        LATE(said_anew_after_a_supplement),
        LATE(only_the_promise),
        UNIT(without_a_promise),
        LATE(days_of_a_unit),
        LATE(hours_of_a_unit),
        LATE(import_refused),
        LATE(broken_timer_stops_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
