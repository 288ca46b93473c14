/* test_casework_lists.c - inboxes, views, who looked, what is public; a rebuild is the same. */
#include "unit/harness.h"

#include "acts_help.h"
#include "gen/casework_sql.h"
#include "rebuild_help.h"

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
    rebuilt_same(k, subs);
    struct ctx *cx = as(k, "");
    assert_int_equal(subject_erase(cx, as(k, "an")->who->subject, STR("Luật 91/2025/QH15")),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct json *gone = NULL;
    assert_int_equal(dossier_answers(as(k, ""), look(k, a.code), &gone), RC_GONE);
    assert_false(look(k, a.code)->applicant_name.p);
    rebuilt_same(k, subs);
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
    rebuilt_same(k, subs);
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
    rebuilt_same(k, subs);
    void *desk = k;
    desk_end(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(who_looked), DESK(inboxes), DESK(pages_of_a_list),
        DESK(views),      DESK(rebuilt), UNIT(anonymous_and_public),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
