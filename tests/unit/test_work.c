/* test_work.c - lists with their filters, the day's counts, handing over, what a list journals,
 * what officers call an anonymous dossier. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"
#include "ops/rebuild.h"
#include "portal/portal_priv.h"

#define SPECIALIST "specialist@commune"
#define LEADER "leader@commune"

static struct dossier_ref accepted(struct desk *k)
{
    struct dossier_ref ref = filed(k);
    assert_int_equal(act_one(k, "reception@commune", &ref, "accept"), RC_OK);
    return ref;
}

static int64_t account_of(struct desk *k, const char *who)
{
    return as(k, who)->who->account;
}

static enum rc give(struct desk *k, const char *who, const struct dossier_ref *ref,
                    const char *to, const char *reason)
{
    struct ctx *cx = as(k, who);
    struct dossier *d = look(k, ref->code);
    enum rc rc = dossier_give(cx, d, account_of(k, to), str_from(reason));
    if (rc == RC_OK)
        return db_commit(cx);
    db_rollback(cx);
    return rc;
}

static size_t listed(struct desk *k, const char *who, const struct dossier_query *q)
{
    struct ctx *cx = as(k, who);
    struct dossier_list list = {0};
    int64_t total = -1;
    assert_int_equal(dossier_inbox(cx, q, &list), RC_OK);
    assert_int_equal(dossier_inbox_total(cx, q, &total), RC_OK);
    assert_int_equal(list.total, total);
    assert_int_equal(db_commit(cx), RC_OK);
    return list.n;
}

/* -- boxes have names -- */

static void names_of_boxes(void **state)
{
    static const char *const bad[] = {"", "MINE", "mine ", "all", "unit2"};
    enum inbox box;
    (void)state;
    for (int i = 0; i < INBOX_COUNT; i++) {
        assert_true(inbox_parse(str_from(inbox_name((enum inbox)i)), &box));
        assert_int_equal(box, i);
    }
    for (size_t i = 0; i < ROWS(bad); i++)
        assert_false(inbox_parse(str_from(bad[i]), &box));
}

/* -- filters: one accepted on Monday 1 June (due on the 4th), one on the 2nd (due on the 5th),
 * one without a due day -- */

static void filters(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = accepted(k);
    k->now_us += DAY_US;
    struct dossier_ref b = accepted(k);
    filed(k);
    assert_int_equal(give(k, LEADER, &a, SPECIALIST, ""), RC_OK);
    int32_t fourth = day_make(2026, 6, 4);
    const struct {
        enum inbox box;
        int64_t holder;
        int32_t from, to;
        const char *procedure;
        size_t n;
    } rows[] = {
        {INBOX_UNIT, 0, 0, 0, "", 3},
        {INBOX_UNIT, 0, fourth, 0, "", 2},
        {INBOX_UNIT, 0, fourth + 1, 0, "", 1},
        {INBOX_UNIT, 0, 0, fourth, "", 1},
        {INBOX_UNIT, 0, fourth, fourth + 1, "", 2},
        {INBOX_UNIT, 0, fourth + 2, 0, "", 0},
        {INBOX_UNIT, 0, fourth + 1, fourth, "", 0},
        {INBOX_UNIT, account_of(k, SPECIALIST), 0, 0, "", 1},
        {INBOX_UNIT, account_of(k, LEADER), 0, 0, "", 0},
        {INBOX_UNIT, account_of(k, SPECIALIST), fourth + 1, 0, "", 0},
        {INBOX_UNIT, 0, 0, 0, "9.999999", 0},
        {INBOX_MINE, 0, 0, 0, "", 1},
        {INBOX_FREE, 0, 0, 0, "", 1},
        {INBOX_LATE, 0, 0, 0, "", 0},
        {INBOX_BACK, 0, 0, 0, "", 0},
        {INBOX_ASKED, 0, 0, 0, "", 0},
        {INBOX_DONE, 0, 0, 0, "", 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct dossier_query q = {.unit = commune(k)->id,
                                  .box = rows[i].box,
                                  .holder = rows[i].holder,
                                  .due_from = rows[i].from,
                                  .due_to = rows[i].to,
                                  .procedure = str_from(rows[i].procedure)};
        assert_int_equal(listed(k, SPECIALIST, &q), rows[i].n);
    }
    assert_true(b.id.v != 0);
}

static void done_is_filtered_too(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = accepted(k);
    struct dossier_query q = {.unit = commune(k)->id, .box = INBOX_DONE};
    assert_int_equal(act_one(k, SPECIALIST, &a, "approve"), RC_OK);
    assert_int_equal(listed(k, LEADER, &q), 1);
    q.due_from = day_make(2026, 6, 4);
    assert_int_equal(listed(k, LEADER, &q), 1);
    q.due_from++;
    assert_int_equal(listed(k, LEADER, &q), 0);
}

/* -- the next one of the list -- */

static void next_of_the_list(void **state)
{
    struct desk *k = *state;
    struct dossier *d = NULL;
    struct dossier_ref a = accepted(k);
    struct dossier_query q = {.unit = commune(k)->id, .box = INBOX_UNIT, .after = a.id.v};
    assert_int_equal(dossier_inbox_next(as(k, LEADER), &q, &d), RC_OK);
    assert_null(d); /* the only one */
    k->now_us += DAY_US;
    struct dossier_ref b = accepted(k);
    assert_int_equal(dossier_inbox_next(as(k, LEADER), &q, &d), RC_OK);
    assert_int_equal(d->id.v, b.id.v);
    q.after = b.id.v; /* at the end: the first again */
    assert_int_equal(dossier_inbox_next(as(k, LEADER), &q, &d), RC_OK);
    assert_int_equal(d->id.v, a.id.v);
    assert_int_equal(dossier_inbox_next(as(k, "leader@district"), &q, &d), RC_FORBIDDEN);
    assert_int_equal(dossier_inbox_next(as(k, "an"), &q, &d), RC_FORBIDDEN);
}

/* -- the day -- */

static struct work_day day_of_desk(struct desk *k, const char *who)
{
    struct work_day day;
    assert_int_equal(work_day_get(as(k, who), commune(k)->id, &day), RC_OK);
    return day;
}

static void the_day(void **state)
{
    static const struct {
        int days; /* after Monday 1 June; the dossier is due on Thursday */
        int64_t over, today, week;
    } rows[] = {{0, 0, 0, 1}, {2, 0, 0, 1}, {3, 0, 1, 0}, {4, 1, 0, 0}, {9, 1, 0, 0}};
    struct desk *k = *state;
    struct dossier_ref a = accepted(k);
    filed(k);
    int64_t start = k->now_us;
    assert_int_equal(give(k, LEADER, &a, SPECIALIST, ""), RC_OK);
    for (size_t i = 0; i < ROWS(rows); i++) {
        k->now_us = start + rows[i].days * DAY_US;
        struct work_day day = day_of_desk(k, SPECIALIST);
        assert_int_equal(day.unit.over, rows[i].over);
        assert_int_equal(day.unit.today, rows[i].today);
        assert_int_equal(day.unit.week, rows[i].week);
        assert_int_equal(day.mine.over, rows[i].over);
        assert_int_equal(day.mine.waiting, 1);
        assert_int_equal(day.unit.waiting, 2);
        assert_int_equal(day.free, 0);
        assert_int_equal(day.asked, 0);
        day = day_of_desk(k, "reception@commune");
        assert_int_equal(day.mine.over, 0);
        assert_int_equal(day.free, 1);
    }
    struct work_day none;
    assert_int_equal(work_day_get(as(k, SPECIALIST), k->office.units[2], &none), RC_FORBIDDEN);
    assert_int_equal(work_day_get(as(k, "an"), commune(k)->id, &none), RC_FORBIDDEN);
}

/* -- apologies -- */

/* Monday 1 June and five working days: drafted on Friday 5, sent once, by the one who reads it. */
static void apologies_wait(void **state)
{
    struct desk *k = desk_open_of(NULL, "late");
    struct dossier_ref mine = accepted(k), free = accepted(k), quick = accepted(k), sent;
    struct dossier_query all = {.unit = commune(k)->id, .box = INBOX_APOLOGY}, own = all;
    size_t done = 0;
    (void)state;
    own.holder = account_of(k, SPECIALIST);
    assert_int_equal(give(k, LEADER, &mine, SPECIALIST, ""), RC_OK);
    assert_int_equal(act_one(k, SPECIALIST, &quick, "approve"), RC_OK);
    assert_int_equal(day_of_desk(k, SPECIALIST).unit.apologies, 0);
    assert_int_equal(listed(k, SPECIALIST, &all), 0);
    k->now_us = day_start(day_make(2026, 6, 5)) + 8 * HOUR_US;
    assert_int_equal(dossier_timers(as(k, ""), 100, &done), RC_OK);
    struct work_day day = day_of_desk(k, SPECIALIST);
    assert_int_equal(day.mine.apologies, 1);
    assert_int_equal(day.unit.apologies, 2);
    assert_int_equal(day_of_desk(k, LEADER).mine.apologies, 0);
    assert_int_equal(listed(k, SPECIALIST, &all), 2);
    assert_int_equal(listed(k, SPECIALIST, &own), 1);
    assert_int_equal(
        listed(k, "specialist@district",
               &(struct dossier_query){.unit = k->office.units[2], .box = INBOX_APOLOGY}),
        0);
    struct ctx *cx = as(k, SPECIALIST);
    assert_int_equal(
        dossier_apologise(cx, look(k, mine.code), STR("Bão lũ"), day_make(2026, 6, 12), &sent),
        RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    day = day_of_desk(k, SPECIALIST);
    assert_int_equal(day.mine.apologies, 0);
    assert_int_equal(day.unit.apologies, 1);
    assert_int_equal(act_one(k, SPECIALIST, &free, "approve"),
                     RC_OK); /* done: nothing to say */
    assert_int_equal(day_of_desk(k, SPECIALIST).unit.apologies, 0);
    assert_int_equal(listed(k, SPECIALIST, &all), 0);
    void *end = k;
    desk_end(&end);
}

/* The applicant's answer counts until an officer does anything with the dossier. */
static void a_supplement_comes_back(void **state)
{
    struct desk *k = *state;
    struct dossier_ref a = accepted(k);
    struct act ask = {.id = STR("supplement"), .reason = STR("thiếu")};
    struct act answer = {.id = STR("resubmit")};
    ask.items = answers_of(k, "[\"bản vẽ\"]");
    assert_int_equal(act_full(k, SPECIALIST, &a, &ask), RC_OK);
    struct work_day day = day_of_desk(k, SPECIALIST);
    assert_int_equal(day.unit.back, 0);
    assert_int_equal(day.unit.waiting, 0); /* the applicant has the turn */
    k->now_us += 9 * DAY_US;
    assert_int_equal(day_of_desk(k, SPECIALIST).unit.over, 0); /* its clock stands still */
    assert_int_equal(act_full(k, "an", &a, &answer), RC_OK);
    day = day_of_desk(k, SPECIALIST);
    assert_int_equal(day.unit.back, 1);
    assert_int_equal(day.mine.back, 1);
    struct dossier_query q = {.unit = commune(k)->id, .box = INBOX_BACK};
    assert_int_equal(listed(k, SPECIALIST, &q), 1);
    struct ctx *cx = as(k, SPECIALIST);
    assert_int_equal(dossier_note(cx, look(k, a.code), STR("đã xem")), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(day_of_desk(k, SPECIALIST).unit.back, 0);
    assert_int_equal(listed(k, SPECIALIST, &q), 0);
}

/* -- the journal of lists -- */

static void a_list_is_journalled(void **state)
{
    struct desk *k = *state;
    struct dossier_query q = {.unit = commune(k)->id, .text = STR("nguyen")};
    struct event_list list = {0};
    struct json *looks = NULL;
    filed(k);
    for (int i = 0; i < 3; i++)
        listed(k, LEADER, &q);
    assert_int_equal(journal_count(k, EV_DATA_READ, 0), 1);
    listed(k, SPECIALIST, &q); /* another officer: another look */
    assert_int_equal(journal_count(k, EV_DATA_READ, 0), 2);
    k->now_us += 11 * MINUTE_US;
    listed(k, LEADER, &q);
    assert_int_equal(ledger_events_of(as(k, ""), EV_DATA_READ, EV_DATA_READ, 0, false, &list),
                     RC_OK);
    assert_int_equal(list.n, 3);
    assert_true(json_bool(list.v[0]->facts, "search"));
    assert_true(list.v[0]->purpose.n && list.v[0]->law.n);
    assert_int_equal(list.v[0]->facts->n, 2); /* box and search: never what was searched */
    struct ctx *cx = as(k, "an");             /* nobody in particular was looked at */
    assert_int_equal(reads_of(cx, cx->who->subject, 0, 10, &looks), RC_OK);
    assert_int_equal(looks->n, 0);
}

static void counts_are_not_journalled(void **state)
{
    struct desk *k = *state;
    int64_t total;
    struct dossier_query q = {.unit = commune(k)->id, .box = INBOX_UNIT};
    filed(k);
    assert_int_equal(dossier_inbox_total(as(k, LEADER), &q, &total), RC_OK);
    assert_int_equal(total, 1);
    day_of_desk(k, LEADER);
    assert_int_equal(journal_count(k, EV_DATA_READ, 0), 0);
    assert_int_equal(dossier_inbox_total(as(k, "leader@district"), &q, &total), RC_FORBIDDEN);
}

/* -- handing over -- */

static void handing_over(void **state)
{
    static const struct {
        const char *who, *to, *reason;
        enum rc rc;
    } rows[] = {
        {SPECIALIST, SPECIALIST, "", RC_OK},           /* takes what nobody holds */
        {SPECIALIST, LEADER, "nghỉ phép", RC_INVALID}, /* a leader does not act there */
        {SPECIALIST, "reception@commune", "x", RC_INVALID},
        {LEADER, SPECIALIST, "", RC_OK}, /* a leader may, without a word */
        {"reception@commune", SPECIALIST, "x", RC_FORBIDDEN},
        {"an", SPECIALIST, "x", RC_FORBIDDEN},
        {SPECIALIST, SPECIALIST, "", RC_INVALID}, /* one's own: only with a reason */
        {SPECIALIST, SPECIALIST, "   ", RC_INVALID},
        {SPECIALIST, SPECIALIST, "nghỉ phép", RC_OK},
    };
    struct desk *k = *state;
    struct dossier_ref ref = accepted(k);
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(give(k, rows[i].who, &ref, rows[i].to, rows[i].reason), rows[i].rc);
    char *most = arena_alloc(k->mem, NOTE_MAX + 2);
    memset(most, 'x', NOTE_MAX + 1);
    assert_int_equal(give(k, LEADER, &ref, SPECIALIST, most), RC_INVALID);
    struct json *v = NULL;
    assert_int_equal(dossier_view(as(k, LEADER), look(k, ref.code), true, &v), RC_OK);
    assert_str(json_str(json_get(v, STR("timeline"))->last, "reason"), "nghỉ phép");
    assert_int_equal(dossier_view(as(k, "an"), look(k, ref.code), false, &v), RC_OK);
    JSON_EACH (json_get(v, STR("timeline")), t)
        assert_false(str_eq(json_str(t, "kind"), STR("dossier.assigned")));
}

/* Several at once: what cannot be given leaves the others; all in one turn. */
static void handing_over_several(void **state)
{
    struct desk *k = *state;
    struct dossier_ref refs[] = {accepted(k), filed(k), accepted(k)};
    static const enum rc want[] = {RC_OK, RC_INVALID, RC_CONFLICT};
    struct dossier *v[3];
    enum rc rc[3];
    for (int i = 0; i < 3; i++)
        v[i] = look(k, refs[i].code);
    struct ctx *note = as(k, SPECIALIST); /* the third moves on meanwhile */
    assert_int_equal(dossier_note(note, look(k, refs[2].code), STR("gọi")), RC_OK);
    assert_int_equal(db_commit(note), RC_OK);
    struct ctx *cx = as(k, LEADER);
    struct dossier_list list = {v, 3, 3};
    assert_int_equal(dossiers_give(cx, &list, account_of(k, SPECIALIST), STR("chia việc"), rc),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rc[i], want[i]);
    assert_int_equal(look(k, refs[0].code)->holder, account_of(k, SPECIALIST));
    assert_int_equal(look(k, refs[2].code)->holder, 0);
    list.n = GIVE_MAX + 1;
    cx = as(k, LEADER);
    assert_int_equal(dossiers_give(cx, &list, account_of(k, SPECIALIST), STR("x"), rc),
                     RC_INVALID);
}

static size_t given(struct desk *k, const char *who, bool by_me, int64_t since,
                    struct json **ret)
{
    assert_int_equal(work_given(as(k, who), by_me, since, ret), RC_OK);
    return (*ret)->n;
}

static void both_see_it(void **state)
{
    struct desk *k = *state;
    struct json *list = NULL;
    struct dossier_ref ref = accepted(k);
    int64_t start = k->now_us;
    assert_int_equal(give(k, LEADER, &ref, SPECIALIST, "chia việc"), RC_OK);
    assert_int_equal(given(k, SPECIALIST, false, start, &list), 1);
    assert_str(json_str(json_at(list, 0), "reason"), "chia việc");
    assert_true(str_eq(json_str(json_at(list, 0), "code"), ref.code));
    assert_int_equal(given(k, LEADER, true, start, &list), 1);
    assert_true(str_eq(json_str(json_at(list, 0), "to"), as(k, SPECIALIST)->who->name));
    assert_int_equal(given(k, SPECIALIST, true, start, &list), 0);
    assert_int_equal(given(k, LEADER, false, start, &list), 0);
    assert_int_equal(given(k, SPECIALIST, false, start + 1, &list), 0);
    assert_int_equal(act_one(k, SPECIALIST, &ref, "approve"), RC_OK);
    assert_int_equal(given(k, SPECIALIST, false, start, &list), 0); /* done: no longer theirs */
}

/* -- an anonymous dossier on the desk -- */

static void an_anonymous_code_stays_hidden(void **state)
{
    struct desk *k = *state;
    struct dossier d = {.id = {INT64_MAX - 12345},
                        .code = STR("T-ABCDEFGHJK"),
                        .track = STR("T-ABCDEFGHJK"),
                        .is_anonymous = true,
                        .by_track = true};
    struct str shown = dossier_handle(as(k, LEADER), &d);
    assert_true(str_starts(shown, STR("K-")));
    assert_int_equal(shown.n, 15);
    assert_str(dossier_handle(as(k, "nobody"), &d), "T-ABCDEFGHJK"); /* whoever holds it */
    d.by_track = false;
    assert_true(str_starts(dossier_handle(as(k, "nobody"), &d), STR("K-")));
    d.code = STR("H07.21.01-260601-0001"); /* received: it has a code */
    assert_str(dossier_handle(as(k, LEADER), &d), "H07.21.01-260601-0001");
    d = (struct dossier){.code = STR("T-X"), .track = STR("T-X")};
    assert_str(dossier_handle(as(k, LEADER), &d), "T-X"); /* a person's: it opens nothing */
}

static void a_handle_finds(void **state)
{
    static const char *const bad[] = {"K-",
                                      "K-AAAAAAAAAAAA",
                                      "K-AAAAAAAAAAAAA",
                                      "K-AAAAAAAAAAAA0",
                                      "K-999999999999999",
                                      "K-9999999999999"};
    struct desk *k = *state;
    struct dossier *d = NULL;
    struct dossier_ref ref = filed(k);
    struct dossier fake = {.id = ref.id, .code = STR("T"), .track = STR("T")};
    fake.is_anonymous = true;
    assert_int_equal(dossier_find(as(k, ""), dossier_handle(as(k, LEADER), &fake), &d), RC_OK);
    assert_int_equal(d->id.v, ref.id.v);
    assert_false(d->by_track); /* it is no key */
    for (size_t i = 0; i < ROWS(bad); i++)
        assert_int_equal(dossier_find(as(k, ""), str_from(bad[i]), &d), RC_NOT_FOUND);
}

/* -- waiting times -- */

static void waiting_times(void **state)
{
    static const int days[] = {0, 1, 1, 2, 2, 2, 3, 3, 4, 9};
    struct desk *k = *state;
    struct wait w;
    struct unit_id all = {0}, here = commune(k)->id;
    struct str pack = STR("small-permit");
    assert_int_equal(wait_get(as(k, ""), pack, all, &w), RC_OK);
    assert_int_equal(w.n, 0);
    assert_int_equal(wait_text(as(k, ""), &w).n, 0);
    int64_t monday = k->now_us;
    for (size_t i = 0; i < ROWS(days); i++) {
        k->now_us = monday;
        struct dossier_ref ref = accepted(k);
        k->now_us = monday + (days[i] + (days[i] > 3 ? 2 : 0)) * DAY_US; /* over the weekend */
        k->now_us += days[i] > 8 ? 2 * DAY_US : 0;
        assert_int_equal(act_one(k, SPECIALIST, &ref, "approve"), RC_OK);
    }
    struct dossier_ref gone = filed(k);
    assert_int_equal(act_one(k, "an", &gone, "withdraw"), RC_OK); /* their own will: no wait */
    assert_int_equal(wait_get(as(k, ""), pack, here, &w), RC_OK);
    assert_int_equal(w.n, 10);
    assert_int_equal(w.half, 2);
    assert_int_equal(w.most, 4);
    assert_false(w.is_small);
    assert_non_null(
        memmem(wait_text(as(k, ""), &w).p, wait_text(as(k, ""), &w).n, "2 ngày", 7));
    assert_int_equal(wait_get(as(k, ""), pack, k->office.units[2], &w), RC_OK);
    assert_int_equal(w.n, 0);
    assert_int_equal(wait_get(as(k, ""), STR("other"), all, &w), RC_OK);
    assert_int_equal(w.n, 0);
    k->now_us = day_start(day_make(2028, 1, 3)); /* two years on: too old to say anything */
    assert_int_equal(wait_get(as(k, ""), pack, all, &w), RC_OK);
    assert_int_equal(w.n, 0);
}

static const char *shown(struct desk *k, const struct unit *u, const char *key)
{
    struct ctx *cx = as(k, "an");
    struct json *v = json_new_obj(cx->mem);
    assert_int_equal(wait_put(cx, k->office.pack, u, v), RC_OK);
    return str_z(cx->mem, json_str(json_get(v, STR("wait")), key));
}

static void done_at_once(struct desk *k)
{
    struct dossier_ref ref = accepted(k);
    assert_int_equal(act_one(k, SPECIALIST, &ref, "approve"), RC_OK);
}

/* With few of its own a unit says nothing where all together can; alone it says so, and that
 * they are few. */
static void few_say_little(void **state)
{
    struct desk *k = *state;
    const struct unit *here = commune(k), *other = unit_of(as(k, ""), k->office.units[2]);
    struct wait few = {.n = 4, .is_small = true}, many = {.n = 400}, none = {0};
    const struct {
        const struct wait *here, *all;
        bool told;
    } rows[] = {{&none, &many, false},
                {&few, &many, false},
                {&many, &many, true},
                {&few, &few, true},
                {&none, &few, false}};
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(wait_is_told(rows[i].here, rows[i].all), rows[i].told);
    for (int i = 0; i < 4; i++)
        done_at_once(k);
    assert_non_null(strstr(shown(k, here, "here"), "4 hồ sơ")); /* alone, under five */
    assert_string_equal(shown(k, here, "everywhere"), "");
    assert_string_equal(shown(k, other, "here"), "");
    assert_non_null(strstr(shown(k, other, "everywhere"), "4 hồ sơ"));
    done_at_once(k);
    assert_non_null(strstr(shown(k, here, "here"), "5 hồ sơ"));
}

/* Days in which the applicant had the turn are not the office's. */
static void their_own_days_do_not_count(void **state)
{
    struct desk *k = *state;
    struct wait w;
    struct dossier_ref a = accepted(k);
    struct act ask = {.id = STR("supplement"), .reason = STR("thiếu")};
    ask.items = answers_of(k, "[\"bản vẽ\"]");
    assert_int_equal(act_full(k, SPECIALIST, &a, &ask), RC_OK);
    k->now_us += 14 * DAY_US;
    assert_int_equal(act_one(k, "an", &a, "resubmit"), RC_OK);
    k->now_us += DAY_US;
    assert_int_equal(act_one(k, SPECIALIST, &a, "approve"), RC_OK);
    assert_int_equal(wait_get(as(k, ""), STR("small-permit"), (struct unit_id){0}, &w), RC_OK);
    assert_int_equal(w.n, 1);
    assert_true(w.most <= 1);
    assert_true(w.is_small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(names_of_boxes),
        DESK(filters),
        DESK(done_is_filtered_too),
        DESK(next_of_the_list),
        DESK(the_day),
        UNIT(apologies_wait),
        DESK(a_supplement_comes_back),
        DESK(a_list_is_journalled),
        DESK(counts_are_not_journalled),
        DESK(handing_over),
        DESK(handing_over_several),
        DESK(both_see_it),
        DESK(an_anonymous_code_stays_hidden),
        DESK(a_handle_finds),
        DESK(waiting_times),
        DESK(few_say_little),
        DESK(their_own_days_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
