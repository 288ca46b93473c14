/* test_casework_counted.c - the facts that indices count: what a dossier's end carries, what is
 * left out because it is false, and drafts that were given up. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"

static const struct json *last_facts(struct desk *k, enum event_kind kind, int64_t subject)
{
    struct event_list list = {0};
    assert_int_equal(ledger_events_of(as(k, ""), kind, kind, subject, false, &list), RC_OK);
    assert_true(list.n > 0);
    return list.v[list.n - 1]->facts;
}

static void absent(const struct json *facts, const char *const *names)
{
    for (; *names; names++)
        if (json_get(facts, str_from(*names)))
            fail_msg("%s is there", *names);
}

static struct dossier_ref filed_with(struct desk *k, bool verified, struct file_list *papers)
{
    struct ctx *cx = as(k, "an");
    struct form_errors errs = {0};
    struct dossier_ref ref;
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .applicant = cx->who->subject,
                           .answers = answers_of(k, SMALL),
                           .channel = CHANNEL_ONLINE,
                           .more = papers,
                           .is_verified = verified};
    assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return ref;
}

/* Nothing special: what is false is not written, and the end says what only it can say. */
static void a_plain_end(void **state)
{
    static const char *const never[] = {
        "was_late", "was_asked_twice", "again",      "complaint", "rating",
        "verified", "reused",          "from_store", "paid",      NULL};
    static const char *const at_the_end[] = {"mode",     "papers", "fee_vnd", "applicant_kind",
                                             "age_days", "early",  NULL};
    struct desk *k = *state;
    struct dossier_ref a = filed_with(k, false, NULL);
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    const struct json *f = last_facts(k, EV_DOSSIER_MOVED, a.id.v);
    assert_true(json_bool(f, "received"));
    absent(f, never);
    absent(f, at_the_end);
    k->now_us += DAY_US;
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    f = last_facts(k, EV_DOSSIER_MOVED, a.id.v);
    absent(f, never);
    assert_true(json_bool(f, "early"));
    assert_int_equal(json_int(f, "age_days", -1), 1);
    assert_int_equal(json_int(f, "papers", -1), 0);
    assert_int_equal(json_int(f, "fee_vnd", -1), 20000);
    assert_int_equal(json_int(f, "applicant_kind", -1), 0);
    assert_str(json_str(f, "mode"), "toan_trinh");
    assert_int_equal(act_one(k, "reception@commune", &a, "hand_over"), RC_OK);
    f = last_facts(k, EV_DOSSIER_MOVED, a.id.v); /* ended once: not again */
    assert_true(json_bool(f, "again"));
    assert_null(json_get(f, STR("mode")));
}

/* What the submission and the acts said stands at the end. */
static void marks(void **state)
{
    static const char *const all[] = {"verified", "reused", "from_store", "paid"};
    struct desk *k = *state;
    struct ctx *cx = as(k, "an");
    struct file files[2] = {file_new(k, cx, PNG), file_new(k, cx, PNG "2")};
    files[0].document = files[1].document = STR("photo");
    files[0].is_reused = true;
    files[1].is_from_store = true;
    struct dossier_ref a = filed_with(k, true, &(struct file_list){files, 1});
    const struct json *f = last_facts(k, EV_DOSSIER_SUBMITTED, a.id.v);
    assert_true(json_bool(f, "verified"));
    assert_true(json_bool(f, "reused"));
    assert_null(json_get(f, STR("from_store")));
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("ảnh")));
    struct act ask = {.id = STR("supplement"), .reason = STR("thiếu"), .items = items};
    assert_int_equal(act_full(k, "specialist@commune", &a, &ask), RC_OK);
    assert_int_equal(json_int(last_facts(k, EV_DOSSIER_MOVED, a.id.v), "age_days", -1), 0);
    struct act back = {.id = STR("resubmit"), .files = &(struct file_list){files + 1, 1}};
    assert_int_equal(act_full(k, "an", &a, &back), RC_OK);
    struct act done = {.id = STR("approve"), .is_paid = true};
    assert_int_equal(act_full(k, "specialist@commune", &a, &done), RC_OK);
    f = last_facts(k, EV_DOSSIER_MOVED, a.id.v);
    for (size_t i = 0; i < ROWS(all); i++)
        if (!json_bool(f, all[i]))
            fail_msg("%s is lost", all[i]);
    assert_int_equal(json_int(f, "papers", -1), 2);
}

/* On the due day: neither late nor early. */
static void on_the_day(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = filed_with(k, false, NULL);
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    k->now_us += 3 * DAY_US; /* Monday and three working days */
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    const struct json *f = last_facts(k, EV_DOSSIER_MOVED, a.id.v);
    assert_false(json_bool(f, "late"));
    assert_null(json_get(f, STR("early")));
    assert_int_equal(json_int(f, "age_days", -1), 3);
}

static void over_is_told_once(void **state)
{
    struct desk *k = *state;
    size_t done;
    struct dossier_ref a = filed_with(k, false, NULL);
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    k->now_us += 4 * DAY_US;
    assert_int_equal(dossier_timers(as(k, ""), 10, &done), RC_OK);
    const struct json *f = last_facts(k, EV_DOSSIER_WARNED, a.id.v);
    assert_true(json_bool(f, "over"));
    assert_str(json_str(f, "procedure"), "9.000001");
    assert_int_equal(json_int(f, "channel", 0), CHANNEL_ONLINE);
    assert_int_equal(json_int(f, "supplements", -1), 0);
    assert_null(json_get(f, STR("again")));
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    f = last_facts(k, EV_DOSSIER_MOVED, a.id.v);
    assert_true(json_bool(f, "late"));
    assert_true(json_bool(f, "was_late"));
}

/* -- drafts -- */

static struct draft *begun(struct desk *k, const char *page)
{
    struct ctx *cx = as(k, "binh");
    struct draft *d;
    assert_int_equal(draft_new(cx, k->office.pack, commune(k), &d), RC_OK);
    d->page = str_from(page);
    assert_int_equal(draft_save(cx, d), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return d;
}

static size_t abandoned(struct desk *k)
{
    size_t removed;
    assert_int_equal(casework_sweep(as(k, ""), &removed), RC_OK);
    return journal_count(k, EV_DRAFT_ABANDONED, commune(k)->id.v);
}

/* Kept for draft_days; a second later it is given up, once. What was thrown away never is. */
static void drafts_given_up(void **state)
{
    struct desk *k = *state;
    int64_t start = k->now_us, days = k->office.app.settings.draft_days * DAY_US;
    begun(k, "place");
    struct draft *thrown = begun(k, "size");
    struct ctx *cx = as(k, "binh");
    assert_int_equal(draft_delete(cx, thrown->id), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    k->now_us = start + days;
    assert_int_equal(abandoned(k), 0);
    k->now_us = start + days + SECOND_US;
    assert_int_equal(abandoned(k), 1);
    assert_int_equal(abandoned(k), 1);
    const struct json *f = last_facts(k, EV_DRAFT_ABANDONED, commune(k)->id.v);
    assert_str(json_str(f, "page"), "place");
    assert_str(json_str(f, "pack"), "small-permit");
    assert_str(json_str(f, "procedure"), "9.000001");
    assert_int_equal(json_int(f, "channel", 0), CHANNEL_ONLINE);
    assert_null(json_get(f, STR("owner")));
}

/* Saving without a page keeps the one that was saved last. */
static void the_page_stays(void **state)
{
    struct desk *k = *state;
    struct draft *d = begun(k, "size"), *again;
    struct ctx *cx = as(k, "binh");
    assert_int_equal(draft_get(cx, d->id, &again), RC_OK);
    assert_int_equal(draft_save(cx, again), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    k->now_us += (k->office.app.settings.draft_days + 1) * DAY_US;
    assert_int_equal(abandoned(k), 1);
    assert_str(json_str(last_facts(k, EV_DRAFT_ABANDONED, commune(k)->id.v), "page"), "size");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(a_plain_end),       DESK(marks),           DESK(on_the_day),
        DESK(over_is_told_once), DESK(drafts_given_up), DESK(the_page_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
