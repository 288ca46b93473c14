/* test_redate_property.c - a due date is a function of events, calendar and flow: however often
 * the calendar changed on the way, what is recomputed is what would have been counted at once. */
#include "unit/harness.h"

#include "calendar/version.h"
#include "casework_help.h"
#include "rebuild_help.h"

#include <stdlib.h>

enum { ROUNDS = 10, DOSSIERS = 6, STEPS = 30, MONTHS = 4 };

static int64_t pick(int64_t n)
{
    return random() % n;
}

/* About one day in eight from June is other than the week says; sometimes the commune has days,
 * hours or a cut-off of its own. */
static struct str list_random(struct desk *k)
{
    static const char *const hours[] = {"07:00-11:00 13:00-17:00", "08:00-16:00"};
    struct buf *b = buf_new(k->mem, 1 << 16);
    int32_t first = day_make(2026, 6, 1);
    buf_put(b, STR("day,kind,name,unit\n2026-01-01,holiday,Tết Dương lịch,\n"));
    for (int32_t day = first; day < first + MONTHS * 30; day++) {
        struct str unit = pick(6) ? STR("") : commune(k)->code;
        if (pick(8))
            continue;
        buf_fmt(b, "%.*s,%s,x,%.*s\n", STR_ARG(day_iso(k->mem, day)),
                day_weekday(day) >= 5 ? "makeup" : "holiday", STR_ARG(unit));
    }
    if (!pick(3))
        buf_fmt(b, "*,hours,%s,%.*s\n", hours[pick(2)], STR_ARG(commune(k)->code));
    if (!pick(3))
        buf_fmt(b, "*,cutoff,%02d:00,\n", 10 + (int)pick(8));
    return buf_str(b);
}

static void publish(struct desk *k, struct str csv)
{
    struct ctx *cx = as(k, "");
    int64_t version = 0;
    if (calendar_import(cx, csv, &version) != RC_OK)
        fail_msg("%s", cx->err.detail);
    assert_int_equal(calendar_publish(cx, &version), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(calendar_reload(cx), RC_OK);
}

static int64_t follow(struct desk *k, size_t batch)
{
    struct recompute r = {.after = INT64_MIN + 1};
    while (!r.is_done)
        assert_int_equal(dossiers_recompute(as(k, ""), batch, &r), RC_OK);
    assert_int_equal(r.broken, 0);
    return r.moved;
}

/* What happens to which dossier and when, decided beforehand: the same in both offices. */
struct happening {
    int dossier;
    int64_t at_us;
    bool ends;
};
struct script {
    struct happening v[STEPS];
    int change[2]; /* the steps before which the calendar changes */
};

static struct script script_random(void)
{
    struct script s = {.change = {(int)pick(STEPS), (int)pick(STEPS)}};
    int64_t at = day_start(day_make(2026, 6, 1)) + 9 * HOUR_US;
    for (size_t i = 0; i < STEPS; i++) {
        at += pick(30) * HOUR_US + pick(60) * MINUTE_US;
        s.v[i] = (struct happening){(int)pick(DOSSIERS), at, pick(6) == 0};
    }
    return s;
}

/* Accepted, sent back once, sent in again; at times done. Nothing when nothing is possible. */
static void happen(struct desk *k, struct dossier_ref *ref, const struct happening *h)
{
    k->now_us = h->at_us;
    if (!ref->code.n) {
        *ref = filed(k);
        return;
    }
    const struct dossier *d = look(k, ref->code);
    struct json *items = json_new_arr(k->mem);
    json_push(items, json_new_str(k->mem, STR("Bản vẽ")));
    struct act ask = {.id = STR("supplement"), .reason = STR("Thiếu"), .items = items};
    if (str_eq(d->state->id, STR("submitted")))
        assert_int_equal(act_one(k, "reception@commune", ref, "accept"), RC_OK);
    else if (str_eq(d->state->id, STR("waiting")))
        assert_int_equal(act_one(k, "an", ref, "resubmit"), RC_OK);
    else if (str_eq(d->state->id, STR("processing")) && h->ends)
        assert_int_equal(act_one(k, "specialist@commune", ref, "approve"), RC_OK);
    else if (str_eq(d->state->id, STR("processing")) && !d->supplements)
        assert_int_equal(act_full(k, "specialist@commune", ref, &ask), RC_OK);
}

static struct desk *office_new(void)
{
    return desk_open_of(NULL, "late");
}

static void office_end(struct desk *k)
{
    void *end = k;
    desk_end(&end);
}

/* Every date that still counts, of every clock. */
static void same_dates(struct desk *a, struct desk *b, const struct dossier_ref *of_a,
                       const struct dossier_ref *of_b, size_t counts[3])
{
    for (int i = 0; i < DOSSIERS; i++) {
        if (!of_a[i].code.n)
            continue;
        const struct dossier *x = look(a, of_a[i].code), *y = look(b, of_b[i].code);
        assert_str(x->state->id, str_z(a->mem, y->state->id));
        bool is_over = x->finished_us != TIME_NONE;
        counts[is_over ? 2 : clock_is_paused(x)] += x->due != INT32_MIN;
        for (size_t c = 0; c < x->pack->flow->nclocks && !is_over; c++)
            assert_true(x->clocks[c].due.at_us == y->clocks[c].due.at_us);
        if (is_over)
            continue;
        assert_int_equal(x->due, y->due);
        assert_int_equal(x->promised.day, y->promised.day);
        assert_true(x->after_us == y->after_us && x->warn_us == y->warn_us);
    }
}

static void one_round(size_t counts[3], int64_t *moved)
{
    struct desk *a = office_new(), *b = office_new();
    struct dossier_ref of_a[DOSSIERS] = {0}, of_b[DOSSIERS] = {0};
    const struct script s = script_random();
    struct str last = list_random(a);
    publish(b, last); /* there it was always so */
    for (int i = 0; i < STEPS; i++) {
        for (size_t c = 0; c < ROWS(s.change); c++)
            if (s.change[c] == i) {
                publish(a, list_random(a));
                *moved += follow(a, 1 + (size_t)pick(8));
            }
        happen(a, &of_a[s.v[i].dossier], &s.v[i]);
        happen(b, &of_b[s.v[i].dossier], &s.v[i]);
    }
    a->now_us = b->now_us = s.v[STEPS - 1].at_us + HOUR_US;
    publish(a, last);
    *moved += follow(a, 1 + (size_t)pick(8));
    assert_int_equal(follow(a, 100), 0);
    assert_int_equal(follow(b, 100), 0);
    same_dates(a, b, of_a, of_b, counts);
    if (!pick(4))
        rebuilt_same(a, subs);
    office_end(a);
    office_end(b);
}

static void recomputed_is_counted_at_once(void **state)
{
    size_t counts[3] = {0}; /* running, waiting for the applicant, over */
    int64_t moved = 0;
    srandom(190411);
    for (int i = 0; i < ROUNDS; i++)
        one_round(counts, &moved);
    print_message("%zu running, %zu standing still, %zu over; %lld dates moved\n", counts[0],
                  counts[1], counts[2], (long long)moved);
    assert_true(counts[0] >= ROUNDS && counts[1] >= ROUNDS / 2 && counts[2] >= ROUNDS / 2);
    assert_true(moved >= 2 * ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(recomputed_is_counted_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
