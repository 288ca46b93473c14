/* test_alert.c - when a figure rings: bounds and trends worked out by hand. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"
#include "pack/pack_priv.h"
#include "target/alert.h"
#include "target/target_priv.h"

/* -- trends -- */

static void trends(void **state)
{
    static const struct {
        int64_t v[8];
        size_t n;
        int64_t value, mean;
        bool is_broken;
    } rows[] = {
        /* Σ(v − mean)² = 4 × 4 = 16, sample variance 3.2, 3 s.d. 5.37 */
        {{8800, 9200, 9000, 9200, 8800, 9000}, 6, 8400, 9000, true}, /* 6.00 off */
        {{8700, 9300, 9000, 9300, 8700, 9000},
         6,
         8200,
         9000,
         false},                                                     /* 8.00 off, 3 s.d. 8.05 */
        {{8700, 9300, 9000, 9300, 8700, 9000}, 6, 8190, 9000, true}, /* 8.10 off */
        {{8700, 9300, 9000, 9300, 8700, 9000}, 6, 9810, 9000, true}, /* too good rings, too */
        {{8700, 9300, 9000, 9300, 8700}, 5, 1000, 9000, false},      /* too few months */
        {{9000, 9000, 9000, 9000, 9000, 9000}, 6, 9099, 9000, false}, /* under one point */
        {{9000, 9000, 9000, 9000, 9000, 9000}, 6, 9100, 9000, true},
        {{9000, 9000, 9000, 9000, 9000, 9000}, 6, 8900, 9000, true},
        {{0}, 0, 9000, 0, false},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t mean = -1;
        bool is = trend_is_broken(rows[i].v, rows[i].n, rows[i].value, &mean);
        if (is != rows[i].is_broken || mean != rows[i].mean)
            fail_msg("row %zu: %d, mean %lld", i, is, (long long)mean);
    }
}

/* Amounts of money squared and summed do not overflow. */
static void large_trends(void **state)
{
    int64_t v[6], mean;
    (void)state;
    for (size_t i = 0; i < ROWS(v); i++)
        v[i] = INT64_C(100000000000000000) + (int64_t)(i % 2) * 1000;
    assert_false(trend_is_broken(v, 6, v[0], &mean));
    assert_true(trend_is_broken(v, 6, INT64_C(300000000000000000), &mean));
}

/* -- bounds, on an office with alerts of its own -- */

static const char alerts[] = "alerts:\n"
                             "  - id: online-low\n"
                             "    indicator: permits_online\n"
                             "    below: 60\n"
                             "    above: 90\n"
                             "    least: 4\n"
                             "    advice: {vi: Xem kênh nộp., en: Look at the channels.}\n"
                             "  - id: online-very-low\n"
                             "    indicator: permits_online\n"
                             "    below: 20\n"
                             "    least: 4\n"
                             "    advice: {vi: Họp ngay., en: Meet now.}\n";

static struct desk *desk_with(const char *text)
{
    struct desk *k = desk_open(NULL);
    struct ctx *cx = as(k, "");
    struct pack_files *f = NULL, *copy = pack_files_new(cx->mem);
    struct str ref;
    assert_int_equal(pack_files_read(cx, packs_dir(cx->mem, "good"), &f), RC_OK);
    for (size_t i = 0; !str_eq(pack_file_name(f, i), STR_NULL); i++) {
        struct str name = pack_file_name(f, i), data = pack_file(f, name);
        if (str_eq(name, STR("pack.yaml"))) {
            size_t at = 0;
            while (!str_starts(str_skip(data, at), STR("version: 1.2.0")))
                at++;
            data = str_fmt(cx->mem, "%.*sversion: 1.9.0%.*s", STR_ARG(str_cut(data, 0, at)),
                           STR_ARG(str_skip(data, at + 14)));
        }
        assert_int_equal(pack_files_add(cx, copy, name, data), RC_OK);
    }
    assert_int_equal(pack_files_add(cx, copy, STR("alerts.yaml"), str_from(text)), RC_OK);
    pack_files_sort(copy);
    assert_int_equal(pack_publish(cx, copy, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
    assert_int_equal(measure_reload(cx), RC_OK);
    k->office.pack = pack_version(cx, ref);
    return k;
}

static int begin(void **state)
{
    *state = desk_with(alerts);
    return 0;
}
#define ALERT(f) cmocka_unit_test_setup_teardown(f, begin, desk_end)

static void filed_at(struct desk *k, struct unit_id unit, enum channel channel, int times)
{
    while (times-- > 0) {
        struct ctx *cx = as(k, "an");
        struct form_errors errs = {0};
        struct dossier_ref ref;
        struct submission s = {.pack = k->office.pack,
                               .unit = unit_of(cx, unit),
                               .applicant = cx->who->subject,
                               .answers = answers_of(k, SMALL),
                               .channel = channel};
        assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
        assert_int_equal(db_commit(cx), RC_OK);
    }
}

static void filed_by(struct desk *k, enum channel channel, int times)
{
    filed_at(k, k->office.units[3], channel, times);
}

static size_t judged(struct desk *k)
{
    struct ctx *cx = as(k, "");
    size_t events = 99;
    assert_int_equal(alerts_judge(cx, true, &events), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return events;
}

static struct alert_list found(struct desk *k, bool is_open, int unit)
{
    struct alert_list all;
    struct unit_id id = unit < 0 ? (struct unit_id){0} : k->office.units[unit];
    assert_int_equal(alerts_find(as(k, ""), id, is_open, &all), RC_OK);
    return all;
}

/* Too few, then one of four online: it rings in the commune, its district and its province;
 * six more online and it is over. */
static void rings_and_is_over(void **state)
{
    struct desk *k = *state;
    filed_by(k, CHANNEL_COUNTER, 3);
    assert_int_equal(judged(k), 0); /* three say nothing */
    filed_by(k, CHANNEL_ONLINE, 1);
    assert_int_equal(judged(k), 3);
    assert_int_equal(judged(k), 0); /* it rings already */
    struct alert_list all = found(k, true, -1);
    assert_int_equal(all.n, 3);
    assert_str(all.v[0].rule, "below");
    assert_int_equal(all.v[0].value, 2500);
    assert_int_equal(all.v[0].bound, 6000);
    assert_str(label_text(as(k, ""), all.v[0].advice), "Xem kênh nộp.");
    assert_int_equal(all.v[0].period.to - all.v[0].period.from, 30);
    assert_int_equal(found(k, true, 3).n, 1); /* the commune's own */
    assert_int_equal(found(k, true, 2).n, 2); /* the district's and the commune's */
    assert_int_equal(found(k, true, 1).n, 0); /* a department beside them */
    filed_by(k, CHANNEL_ONLINE, 6);           /* seven of ten */
    assert_int_equal(judged(k), 3);
    assert_int_equal(found(k, true, -1).n, 0);
    all = found(k, false, -1);
    assert_int_equal(all.n, 3);
    assert_true(all.v[0].cleared_us != DB_NULL);
}

static size_t ringing_as(const struct alert_list *all, const char *id)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += str_eq(all->v[i].id, str_from(id));
    return n;
}

/* Two alerts of one indicator with the same rule: one neither clears nor hides the other. */
static void two_of_one(void **state)
{
    struct desk *k = *state;
    filed_by(k, CHANNEL_ONLINE, 1);
    filed_by(k, CHANNEL_COUNTER, 3); /* 25 %: below 60, not below 20 */
    assert_int_equal(judged(k), 3);
    assert_int_equal(judged(k), 0);  /* the other one has nothing to take back */
    filed_by(k, CHANNEL_COUNTER, 2); /* one of six */
    assert_int_equal(judged(k), 3);
    struct alert_list all = found(k, true, -1);
    assert_int_equal(all.n, 6);
    assert_int_equal(ringing_as(&all, "small-permit.online-low"), 3);
    assert_int_equal(ringing_as(&all, "small-permit.online-very-low"), 3);
    assert_str(label_text(as(k, ""), all.v[0].advice), "Họp ngay.");
    assert_str(label_text(as(k, ""), all.v[5].advice), "Xem kênh nộp.");
    filed_by(k, CHANNEL_ONLINE, 2); /* three of eight: one is over, one is not */
    assert_int_equal(judged(k), 3);
    all = found(k, true, -1);
    assert_int_equal(ringing_as(&all, "small-permit.online-low"), 3);
    assert_int_equal(all.n, 3);
    all = found(k, false, -1);
    assert_int_equal(ringing_as(&all, "small-permit.online-very-low"), 3);
}

static void ring_put(struct desk *k, int times, int unit)
{
    struct ctx *cx = as(k, "");
    for (int i = 0; i < times; i++) {
        struct event ev = {.kind = EV_ALERT_RAISED,
                           .time_us = cx->now_us,
                           .unit = k->office.units[unit],
                           .facts = json_new_obj(cx->mem)};
        json_put_str(cx->mem, ev.facts, "alert", STR("small-permit.online-low"));
        json_put_str(cx->mem, ev.facts, "indicator", STR("small-permit.permits_online"));
        json_put_str(cx->mem, ev.facts, "rule", str_fmt(cx->mem, "below%d", i));
        json_put_str(cx->mem, ev.facts, "first", STR("2026-05-02"));
        json_put_str(cx->mem, ev.facts, "last", STR("2026-05-31"));
        json_put_int(cx->mem, ev.facts, "value", 100 + i);
        json_put_int(cx->mem, ev.facts, "bound", 6000);
        assert_int_equal(ledger_append(cx, &ev), RC_OK);
    }
    assert_int_equal(db_commit(cx), RC_OK);
}

/* However much rings elsewhere, leaders find what rings in their own unit, and only that. */
static void ones_own(void **state)
{
    static const struct {
        const char *who;
        size_t n;
    } rows[] = {{"leader@commune", 2},
                {"leader@district", 2}, /* the commune lies below it */
                {"leader@department", ALERTS_SHOWN},
                {"leader@province", ALERTS_SHOWN},
                {"reception@commune", 0}};
    struct desk *k = *state;
    struct alert_list all;
    ring_put(k, 2, 3); /* the commune, first */
    k->now_us += MINUTE_US;
    ring_put(k, ALERTS_SHOWN + 5, 1); /* then a department */
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(alerts_find(as(k, rows[i].who), (struct unit_id){0}, true, &all),
                         RC_OK);
        if (all.n != rows[i].n)
            fail_msg("%s: %zu, not %zu", rows[i].who, all.n, rows[i].n);
    }
    assert_int_equal(found(k, true, -1).n, ALERTS_SHOWN); /* the system sees all, cut */
    assert_int_equal(found(k, true, 3).n, 2);
    assert_str(found(k, true, 3).v[0].rule, "below1"); /* the latest first */
}

/* 60 % is not below 60, 90 % not above 90. */
static void at_the_bound(void **state)
{
    struct desk *k = *state;
    filed_by(k, CHANNEL_ONLINE, 3);
    filed_by(k, CHANNEL_COUNTER, 2);
    assert_int_equal(judged(k), 0);
    filed_by(k, CHANNEL_ONLINE, 15); /* 18 of 20 */
    assert_int_equal(judged(k), 0);
    filed_by(k, CHANNEL_ONLINE, 1); /* 19 of 21 */
    assert_int_equal(judged(k), 3);
    assert_str(found(k, true, 3).v[0].rule, "above");
}

/* What is older than thirty days is not judged any more; what rings rings on until there is
 * enough to say that it is over. */
static void thirty_days(void **state)
{
    struct desk *k = *state;
    filed_by(k, CHANNEL_COUNTER, 4);
    assert_int_equal(judged(k), 6); /* none online: both alerts */
    k->now_us += 29 * DAY_US;
    assert_int_equal(judged(k), 0);
    k->now_us += DAY_US;
    assert_int_equal(judged(k), 0);
    assert_int_equal(found(k, true, -1).n, 6);
    filed_by(k, CHANNEL_ONLINE, 4); /* the counter's four are out of the span: 100 % is above */
    assert_int_equal(judged(k), 9);
    assert_str(found(k, true, 3).v[0].rule, "above");
}

static size_t ticked(struct desk *k)
{
    struct ctx *cx = as(k, "");
    size_t events = 99;
    assert_int_equal(alerts_tick(cx, &events), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return events;
}

/* Only when cells changed, or on a new day. */
static void every_minute(void **state)
{
    struct desk *k = *state;
    filed_by(k, CHANNEL_COUNTER, 4);
    assert_int_equal(ticked(k), 0); /* without a watch nothing is judged */
    k->office.app.alerts = alert_watch_new(k->office.app.mem);
    assert_int_equal(ticked(k), 6);
    filed_by(k, CHANNEL_ONLINE, 12); /* 12 of 16 */
    assert_int_equal(ticked(k), 6);
    assert_int_equal(ticked(k), 0); /* nothing changed since */
    k->now_us += DAY_US;
    assert_int_equal(ticked(k), 0);
    assert_int_equal(found(k, true, -1).n, 0);
}

/* -- more than one run may tell -- */

enum { MANY_ALERTS = 30, MANY_COMMUNES = 15 };

static struct unit_id commune_add(struct desk *k, int i)
{
    struct ctx *cx = as(k, "");
    struct unit_id id;
    struct unit_new u = {.code = str_fmt(cx->mem, "H07.21.%d", 60 + i),
                         .code_old = STR(""),
                         .name_vi = str_fmt(cx->mem, "Ủy ban nhân dân xã Mẫu %d", i),
                         .name_en = str_fmt(cx->mem, "People's Committee of Mau %d", i),
                         .parent = STR("H07.21"),
                         .kind = UNIT_COMMUNE,
                         .from = day_make(2000, 1, 1)};
    assert_int_equal(unit_add(cx, &u, &id), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(units_reload(cx), RC_OK);
    return id;
}

static int begin_many(void **state)
{
    struct arena *mem = arena_new(1 << 20);
    struct buf *b = buf_new(mem, 1 << 16);
    buf_put(b, STR("alerts:\n"));
    for (int i = 0; i < MANY_ALERTS; i++)
        buf_fmt(b,
                "  - id: low-%d\n    indicator: permits_online\n    below: %d\n    least: 1\n"
                "    advice: {vi: Xem., en: Look.}\n",
                i, 60 + i);
    *state = desk_with(str_z(mem, buf_str(b)));
    arena_free(mem);
    return 0;
}

/* 30 alerts ring in 17 units: more than a run of the job tells. What
 * is left follows with the next minute, though nothing changed meanwhile. */
static void the_rest_follows(void **state)
{
    struct desk *k = *state;
    struct unit_id communes[MANY_COMMUNES];
    for (int i = 0; i < MANY_COMMUNES; i++) {
        communes[i] = commune_add(k, i);
        filed_at(k, communes[i], CHANNEL_COUNTER, 1);
    }
    k->office.app.alerts = alert_watch_new(k->office.app.mem);
    size_t all = MANY_ALERTS * (MANY_COMMUNES + 2); /* the district's and the province's, too */
    assert_int_equal(ticked(k), ALERTS_A_RUN);
    assert_int_equal(ticked(k), all - ALERTS_A_RUN);
    assert_int_equal(ticked(k), 0);
}

/* What rings is not raised again however much began to ring after it. */
static void old_rings_are_known(void **state)
{
    struct desk *k = *state;
    filed_by(k, CHANNEL_COUNTER, 3);
    filed_by(k, CHANNEL_ONLINE, 1);
    assert_int_equal(judged(k), 3);
    k->now_us += MINUTE_US;
    ring_put(k, 5000, 1);
    assert_int_equal(judged(k), 0);
}

/* What an alert of a share lists: those that keep it from being better, of all that count and not
 * of the first page of them; each with its own code. */
static void those_to_act_on(void **state)
{
    struct desk *k = *state;
    struct slice s = {.unit = k->office.units[0]};
    const struct indicator *ind = indicator_find(as(k, ""), STR("online_share"));
    filed_by(k, CHANNEL_ONLINE, 30);
    filed_by(k, CHANNEL_COUNTER, 2);
    filed_by(k, CHANNEL_ONLINE, 5);
    filed_by(k, CHANNEL_COUNTER, 1);
    const struct {
        bool is_in;
        size_t limit, n;
        bool more;
    } rows[] = {{false, 2, 2, true},  {false, 3, 3, false}, {false, 0, 3, false},
                {true, 34, 34, true}, {true, 0, 35, false}, {true, 1, 1, true}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct json *out = NULL;
        assert_int_equal(
            figure_dossiers_of(as(k, ""), ind, &s, rows[i].is_in, rows[i].limit, &out), RC_OK);
        const struct json *list = json_get(out, STR("rows"));
        if (list->n != rows[i].n || (json_int(out, "next", 0) >= 0) != rows[i].more)
            fail_msg("row %zu: %zu", i, list->n);
        JSON_EACH (list, r)
            assert_int_equal(json_bool(r, "is_in"), rows[i].is_in);
    }
    /* a stock has no others: both ask for those that stand */
    for (int is_in = 0; is_in < 2; is_in++) {
        struct json *out = NULL;
        ind = indicator_find(as(k, ""), STR("open"));
        assert_int_equal(figure_dossiers_of(as(k, ""), ind, &s, is_in, 0, &out), RC_OK);
        assert_int_equal(json_get(out, STR("rows"))->n, 38);
    }
    s.unit = (struct unit_id){INT64_C(987654321)};
    struct json *out = NULL;
    assert_int_equal(figure_dossiers_of(as(k, ""), ind, &s, true, 0, &out), RC_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(trends),
        UNIT(large_trends),
        ALERT(rings_and_is_over),
        ALERT(two_of_one),
        ALERT(at_the_bound),
        ALERT(thirty_days),
        ALERT(every_minute),
        ALERT(ones_own),
        ALERT(those_to_act_on),
        ALERT(old_rings_are_known),
        cmocka_unit_test_setup_teardown(the_rest_follows, begin_many, desk_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
