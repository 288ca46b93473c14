/* test_opendata.c - what is given out, what is not because it would tell of too few, and that
 * released bytes stay what the ledger says. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include <sqlite3.h>

#include "casework_help.h"
#include "gen/rollup_sql.h"
#include "opendata/opendata_priv.h"
#include "pack/pack_priv.h"

static const char *const datasets =
    "datasets:\n"
    "  - id: permits\n"
    "    title: {vi: Giấy phép nhỏ, en: Small permits}\n"
    "    about: {vi: Giấy phép theo huyện và tháng., en: Permits by district and month.}\n"
    "    keywords: {vi: \"giấy phép, nhỏ\", en: permit}\n"
    "    licence: CC-BY-4.0\n"
    "    contact: {name: {vi: Phòng thử nghiệm, en: Testing office}, email: mo@test.example}\n"
    "    every: month\n"
    "    k: 3\n"
    "    dimensions: {unit: unit, time: day, channel: true}\n"
    "    indicators: [permits_online]\n"
    "  - id: ratings\n"
    "    title: {vi: Đánh giá, en: Ratings}\n"
    "    about: {vi: Từng lượt đánh giá., en: Each rating.}\n"
    "    theme: SOCI\n"
    "    licence: CC0-1.0\n"
    "    contact: {name: {vi: Phòng thử nghiệm, en: Testing office}, email: mo@test.example}\n"
    "    every: quarter\n"
    "    k: 3\n"
    "    dimensions: {unit: district, time: quarter}\n"
    "    events: {event: dossier.rated, if: 'score > 1', columns: [score]}\n";

static const char *const months =
    "  - id: months\n"
    "    title: {vi: Theo tháng, en: By month}\n"
    "    about: {vi: Theo tháng., en: By month.}\n"
    "    theme: GOVE\n"
    "    licence: CC0-1.0\n"
    "    contact: {name: {vi: Phòng, en: Office}, email: mo@test.example}\n"
    "    every: month\n"
    "    k: 3\n"
    "    dimensions: {unit: unit, time: month}\n"
    "    indicators: [permits_online]\n";

/* The small pack as it is, and a version of it that gives something out. */
static int open_with(void **state, const char *sets)
{
    static const char *const was = "version: 1.2.0", *const is = "version: 1.3.0";
    struct desk *k = desk_open(NULL);
    struct ctx *cx = as(k, "");
    struct pack_files *f = NULL, *more = pack_files_new(k->mem);
    struct str ref;
    assert_int_equal(pack_files_read(cx, packs_dir(k->mem, "good"), &f), RC_OK);
    for (size_t i = 0; i < f->n; i++) {
        const char *z = str_z(k->mem, f->v[i].data), *at = strstr(z, was);
        if (str_eq(f->v[i].name, STR("pack.yaml")))
            f->v[i].data = str_fmt(k->mem, "%.*s%s%s", (int)(at - z), z, is, at + strlen(was));
        assert_int_equal(pack_files_add(cx, more, f->v[i].name, f->v[i].data), RC_OK);
    }
    assert_int_equal(pack_files_add(cx, more, STR("datasets.yaml"), str_from(sets)), RC_OK);
    pack_files_sort(more);
    assert_int_equal(pack_publish(cx, more, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
    assert_int_equal(measure_reload(cx), RC_OK);
    k->office.pack = pack_version(cx, ref);
    *state = k;
    return 0;
}

static int open_begin(void **state)
{
    return open_with(state, datasets);
}

static int months_begin(void **state)
{
    static char both[4096];
    snprintf(both, sizeof both, "%s%s", datasets, months);
    return open_with(state, both);
}

#define OPEN(f) cmocka_unit_test_setup_teardown(f, open_begin, desk_end)

enum { COUNTER = CHANNEL_COUNTER, ONLINE = CHANNEL_ONLINE };

static void file_at(struct desk *k, int unit, int channel, int32_t day)
{
    struct ctx *cx = as(k, "an");
    struct form_errors errs = {0};
    struct dossier_ref ref;
    cx->now_us = day_start(day) + 9 * HOUR_US;
    struct submission s = {.pack = k->office.pack,
                           .unit = unit_of(cx, k->office.units[unit]),
                           .applicant = cx->who->subject,
                           .answers = answers_of(k, SMALL),
                           .channel = (enum channel)channel};
    assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static void file_n(struct desk *k, int n, int unit, int channel, int32_t day)
{
    for (int i = 0; i < n; i++)
        file_at(k, unit, channel, day);
}

enum { DISTRICT = 2, COMMUNE = 3 };

/* Three online on the 1st and one on the 2nd at the commune, three at the district's counter. */
static void june_filed(struct desk *k)
{
    int32_t first = day_make(2026, 6, 1);
    file_n(k, 3, COMMUNE, ONLINE, first);
    file_n(k, 3, DISTRICT, COUNTER, first);
    file_n(k, 1, COMMUNE, ONLINE, first + 1);
    k->now_us = day_start(day_make(2026, 7, 6)) + 9 * HOUR_US;
}

static const struct offer *permits(struct desk *k)
{
    return offer_find(as(k, ""), STR("small-permit.permits"));
}

static struct data_period june(struct desk *k)
{
    struct data_period s;
    assert_true(data_period_parse(k->mem, STR("2026-06"), TIME_MONTH, &s));
    return s;
}

static struct release release_of(struct desk *k, const struct offer *o,
                                 const struct data_period *s, bool is_dry)
{
    struct ctx *cx = as(k, "");
    struct release r;
    assert_int_equal(dataset_release(cx, o, s, is_dry, &r), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return r;
}

/* -- what is offered, periods -- */

static void offers_have_names(void **state)
{
    struct desk *k = *state;
    struct offers all = offers_all(as(k, ""));
    size_t own = 0; /* those of the whole office are there, too, without a prefix */
    for (size_t i = 0; i < all.n; i++)
        own += str_starts(all.v[i].id, STR("small-permit."));
    assert_int_equal(own, 2);
    assert_non_null(offer_find(as(k, ""), STR("small-permit.ratings")));
    assert_non_null(offer_find(as(k, ""), STR("dossiers-by-commune")));
    assert_null(offer_find(as(k, ""), STR("permits")));
    assert_null(offer_find(as(k, ""), STR("")));
}

static void periods(void **state)
{
    static const struct {
        const char *name;
        enum dataset_time every;
        const char *from, *last;
    } rows[] = {
        {"2026-06", TIME_MONTH, "2026-06-01", "2026-06-30"},
        {"2024-02", TIME_MONTH, "2024-02-01", "2024-02-29"},
        {"2026-12", TIME_MONTH, "2026-12-01", "2026-12-31"},
        {"2026-Q1", TIME_QUARTER, "2026-01-01", "2026-03-31"},
        {"2026-Q4", TIME_QUARTER, "2026-10-01", "2026-12-31"},
        {"2026", TIME_YEAR, "2026-01-01", "2026-12-31"},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct data_period s, same;
        if (!data_period_parse(mem, str_from(rows[i].name), rows[i].every, &s))
            fail_msg("%s is a period", rows[i].name);
        assert_str(day_iso(mem, s.from), rows[i].from);
        assert_str(day_iso(mem, s.to - 1), rows[i].last);
        same = data_period_of(mem, s.to - 1, rows[i].every);
        assert_true(str_eq(same.name, s.name) && same.from == s.from && same.to == s.to);
        same = data_period_of(mem, s.to, rows[i].every);
        assert_true(same.from == s.to);
    }
}

static void no_periods(void **state)
{
    static const struct {
        const char *name;
        enum dataset_time every;
    } rows[] = {
        {"2026-13", TIME_MONTH},  {"2026-00", TIME_MONTH},   {"2026-6", TIME_MONTH},
        {"2026", TIME_MONTH},     {"2026-Q1", TIME_MONTH},   {"2026-Q5", TIME_QUARTER},
        {"2026-1", TIME_QUARTER}, {"2026-06", TIME_QUARTER}, {"2026-01", TIME_YEAR},
        {"26", TIME_YEAR},        {"", TIME_YEAR},           {"2026-06-01", TIME_MONTH},
        {"-026-06", TIME_MONTH},  {"1960-01", TIME_MONTH},   {"2026-Q", TIME_QUARTER},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct data_period s;
        if (data_period_parse(*state, str_from(rows[i].name), rows[i].every, &s))
            fail_msg("%s is no period", rows[i].name);
    }
}

/* The district's sums hold its communes; what has no district above stays what it is. */
static void areas(void **state)
{
    static const struct unit nation = {.kind = UNIT_NATION},
                             province = {.kind = UNIT_PROVINCE, .parent = &nation},
                             district = {.kind = UNIT_DISTRICT, .parent = &province},
                             department = {.kind = UNIT_DEPARTMENT, .parent = &province},
                             commune = {.kind = UNIT_COMMUNE, .parent = &district},
                             office = {.kind = UNIT_OFFICE, .parent = &commune},
                             new_commune = {.kind = UNIT_COMMUNE, .parent = &province};
    static const struct {
        const struct unit *u;
        enum dataset_area area;
        const struct unit *in;
    } rows[] = {
        {&commune, AREA_UNIT, &commune},         {&office, AREA_UNIT, &office},
        {&office, AREA_COMMUNE, &commune},       {&office, AREA_DISTRICT, &district},
        {&commune, AREA_DISTRICT, &district},    {&new_commune, AREA_DISTRICT, &province},
        {&department, AREA_UNIT, &department},   {&department, AREA_COMMUNE, &province},
        {&department, AREA_DISTRICT, &province}, {&department, AREA_PROVINCE, &province},
        {&district, AREA_COMMUNE, &district},    {&commune, AREA_PROVINCE, &province},
        {&nation, AREA_COMMUNE, &nation},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        if (grain_unit(rows[i].u, rows[i].area) != rows[i].in)
            fail_msg("row %zu", i);
}

/* -- the check -- */

/* One dossier alone on the 2nd: the day must go. Nothing else would be enough in one step. */
static void too_few(void **state)
{
    struct desk *k = *state;
    june_filed(k);
    struct data_period s = june(k);
    struct release r = release_of(k, permits(k), &s, true);
    assert_int_equal(r.outcome, RELEASE_REFUSED);
    assert_int_equal(r.found.nrows, 3);
    assert_int_equal(r.found.under, 1);
    assert_int_equal(r.found.smallest, 1);
    assert_int_equal(r.found.k, 3);
    assert_int_equal(r.found.ncoarser, 1);
    assert_true(r.found.coarser[0].time == TIME_MONTH);
    assert_true(r.found.coarser[0].area == AREA_UNIT && r.found.coarser[0].channel);
    struct ctx *cx = as(k, "");
    struct str text = coarser_text(cx, &permits(k)->d->grain, &r.found.coarser[0]);
    assert_str(text, "theo tháng thay vì theo ngày");
    cx->lang = LANG_EN;
    text = coarser_text(cx, &permits(k)->d->grain, &r.found.coarser[0]);
    assert_str(text, "by month instead of by day");
}

/* Two a place: neither day nor place alone is enough, and two ways are as short. */
static void two_steps(void **state)
{
    struct desk *k = *state;
    file_n(k, 2, COMMUNE, ONLINE, day_make(2026, 6, 1));
    file_n(k, 2, DISTRICT, COUNTER, day_make(2026, 6, 1));
    k->now_us = day_start(day_make(2026, 7, 6));
    struct data_period s = june(k);
    struct release r = release_of(k, permits(k), &s, true);
    assert_int_equal(r.found.under, 2);
    assert_int_equal(r.found.ncoarser,
                     1); /* the district's level takes two steps, channel one */
    assert_true(r.found.coarser[0].area == AREA_DISTRICT && !r.found.coarser[0].channel);
    struct ctx *cx = as(k, "");
    assert_str(coarser_text(cx, &permits(k)->d->grain, &r.found.coarser[0]),
               "theo cấp huyện thay vì theo từng đơn vị, không chia theo kênh nộp");
}

static void nothing_is_enough(void **state)
{
    struct desk *k = *state;
    file_n(k, 2, COMMUNE, ONLINE, day_make(2026, 6, 1));
    k->now_us = day_start(day_make(2026, 7, 6));
    struct data_period s = june(k);
    struct release r = release_of(k, permits(k), &s, false);
    assert_int_equal(r.outcome, RELEASE_REFUSED);
    assert_int_equal(r.found.ncoarser, 0);
    struct json *list;
    assert_int_equal(dataset_refusals(as(k, ""), STR("small-permit.permits"), &list), RC_OK);
    assert_int_equal(list->n, 1);
    assert_false(json_bool(list->first, "has_coarser"));
}

/* Exactly k is enough; one less is not. */
static void at_the_edge(void **state)
{
    struct desk *k = *state;
    struct data_period s = june(k);
    k->now_us = day_start(day_make(2026, 7, 6));
    assert_int_equal(release_of(k, permits(k), &s, true).outcome, RELEASE_EMPTY);
    file_n(k, 2, COMMUNE, ONLINE, day_make(2026, 6, 30));
    assert_int_equal(release_of(k, permits(k), &s, true).outcome, RELEASE_REFUSED);
    file_n(k, 1, COMMUNE, ONLINE, day_make(2026, 6, 30));
    file_n(k, 1, COMMUNE, ONLINE, day_make(2026, 7, 1)); /* of the next month */
    struct release r = release_of(k, permits(k), &s, true);
    assert_int_equal(r.outcome, RELEASE_DONE);
    assert_int_equal(r.found.smallest, 3);
}

/* -- releases -- */

static void the_file(void **state)
{
    struct desk *k = *state;
    june_filed(k);
    file_n(k, 2, COMMUNE, ONLINE, day_make(2026, 6, 2));
    struct data_period s = june(k);
    struct release r = release_of(k, permits(k), &s, false);
    assert_int_equal(r.outcome, RELEASE_DONE);
    assert_int_equal(r.revision, 1);
    struct json *meta, *rows;
    struct str csv;
    assert_int_equal(dataset_csv(as(k, ""), permits(k)->id, STR("2026-06"), 1, &meta, &csv),
                     RC_OK);
    assert_str(csv, "day,unit_code,unit_name,channel,permits_online_numerator,"
                    "permits_online_denominator\r\n"
                    "2026-06-01,H07.21,Ủy ban nhân dân huyện Mẫu,1,0,3\r\n"
                    "2026-06-01,H07.21.01,Ủy ban nhân dân xã Mẫu,2,3,3\r\n"
                    "2026-06-02,H07.21.01,Ủy ban nhân dân xã Mẫu,2,3,3\r\n");
    struct hash h = hash_of(csv);
    assert_true(str_eq(json_str(meta, "digest"), hash_hex(k->mem, &h)));
    assert_int_equal(json_int(meta, "bytes", 0), (int64_t)csv.n);
    assert_int_equal(dataset_rows(as(k, ""), permits(k), csv, &rows), RC_OK);
    assert_int_equal(rows->n, 3);
    assert_int_equal(json_int(rows->last, "permits_online_numerator", -1), 3);
    assert_str(json_str(rows->last, "unit_code"), "H07.21.01"); /* no number */
}

static void revisions(void **state)
{
    struct desk *k = *state;
    june_filed(k);
    file_n(k, 2, COMMUNE, ONLINE, day_make(2026, 6, 2));
    struct data_period s = june(k);
    struct json *meta, *list;
    struct str first, csv;
    release_of(k, permits(k), &s, false);
    struct release again = release_of(k, permits(k), &s, false);
    assert_int_equal(again.outcome, RELEASE_SAME);
    assert_int_equal(again.revision, 1);
    assert_int_equal(dataset_csv(as(k, ""), permits(k)->id, STR_NULL, 0, &meta, &first), RC_OK);
    file_n(k, 3, DISTRICT, ONLINE, day_make(2026, 6, 9)); /* entered late */
    again = release_of(k, permits(k), &s, false);
    assert_int_equal(again.outcome, RELEASE_DONE);
    assert_int_equal(again.revision, 2);
    assert_int_equal(dataset_releases(as(k, ""), permits(k)->id, &list), RC_OK);
    assert_int_equal(list->n, 2);
    assert_int_equal(json_int(list->first, "revision", 0), 2); /* newest first */
    assert_int_equal(dataset_csv(as(k, ""), permits(k)->id, STR("2026-06"), 1, &meta, &csv),
                     RC_OK);
    assert_true(str_eq(csv, first)); /* the old one stays */
    assert_int_equal(dataset_csv(as(k, ""), permits(k)->id, STR("2026-06"), 0, &meta, &csv),
                     RC_OK);
    assert_int_equal(json_int(meta, "revision", 0), 2);
    assert_int_equal(dataset_csv(as(k, ""), permits(k)->id, STR("2026-06"), 3, &meta, &csv),
                     RC_NOT_FOUND);
    assert_int_equal(dataset_csv(as(k, ""), permits(k)->id, STR("2026-05"), 0, &meta, &csv),
                     RC_NOT_FOUND);
}

static void refused_once(void **state)
{
    struct desk *k = *state;
    june_filed(k);
    struct data_period s = june(k);
    struct json *list;
    for (int i = 0; i < 3; i++)
        release_of(k, permits(k), &s, false);
    assert_int_equal(journal_count(k, EV_DATASET_REFUSED, 0), 1);
    assert_int_equal(dataset_refusals(as(k, ""), permits(k)->id, &list), RC_OK);
    assert_int_equal(json_int(list->first, "under", 0), 1);
    assert_str(json_get(list->first, STR("coarser"))->first->s, "theo tháng thay vì theo ngày");
    file_n(k, 2, COMMUNE, ONLINE, day_make(2026, 6, 2));
    assert_int_equal(release_of(k, permits(k), &s, false).outcome, RELEASE_DONE);
    assert_int_equal(dataset_refusals(as(k, ""), permits(k)->id, &list), RC_OK);
    assert_int_equal(list->n, 0); /* what was given out is no longer refused */
    assert_int_equal(dataset_refusals(as(k, ""), STR("x"), &list), RC_NOT_FOUND);
}

static void not_before_its_end(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct release r;
    struct data_period s = june(k);
    cx->now_us = day_start(day_make(2026, 7, 1)) - 1;
    assert_int_equal(dataset_release(cx, permits(k), &s, true, &r), RC_STATE);
    ctx_clear(cx);
    cx->now_us += 1;
    assert_int_equal(dataset_release(cx, permits(k), &s, true, &r), RC_OK);
}

/* -- on schedule -- */

static size_t refusals_of(struct desk *k, const char *id)
{
    struct json *list;
    assert_int_equal(dataset_refusals(as(k, ""), str_from(id), &list), RC_OK);
    return list->n;
}

static size_t tick_on(struct desk *k, int32_t day, int hour)
{
    struct ctx *cx = as(k, "");
    size_t released = 99;
    cx->now_us = day_start(day) + hour * HOUR_US;
    assert_int_equal(dataset_tick(cx, &released), RC_OK);
    return released;
}

static size_t tick_at(struct desk *k, int32_t day) /* at night: all is looked at again */
{
    return tick_on(k, day, 1);
}

static size_t by_day(struct desk *k, int32_t day)
{
    return tick_on(k, day, 10);
}

/* -- revisions that are too near to each other -- */

static void near_revisions(void **state)
{
    static const struct {
        const char *before, *now;
        bool far;
    } rows[] = {
        {"a,1,1\r\n", "a,1,1\r\n", true},
        {"a,10,10\r\n", "a,11,11\r\n", false},
        {"a,10,10\r\n", "a,13,13\r\n", true},
        {"a,13,13\r\n", "a,10,10\r\n", true},
        {"a,10,10\r\n", "a,8,8\r\n", false},
        {"a,10,10\r\n", "a,10,10\r\nb,2,2\r\n", false}, /* a row that came */
        {"a,10,10\r\n", "a,10,10\r\nb,3,3\r\n", true},
        {"a,10,10\r\nb,4,4\r\n", "a,10,10\r\n", true}, /* and one that went */
        {"a,10,10\r\nb,2,2\r\n", "a,10,10\r\n", false},
        {"a,10,10\r\nb,20,20\r\n", "a,20,20\r\nb,21,21\r\n", false}, /* one is enough */
        {"\"x, y\",10,10\r\n", "\"x, y\",12,12\r\n", false},
        {"a,5,10\r\n", "a,6,10\r\n", false}, /* another answer of one */
        {"a,5,10\r\n", "a,8,10\r\n", true},
        {"a,5,10\r\n", "a,6,13\r\n", true},
        {"a,ten,10\r\n", "a,10,10\r\n", false}, /* of another shape */
    };
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    struct data_period s = june(k);
    struct table t;
    file_n(k, 3, COMMUNE, ONLINE, day_make(2026, 6, 10));
    cx = as(k, "");
    assert_int_equal(content_collect(cx, permits(k), &s, &t), RC_OK);
    assert_int_equal(permits(k)->d->ncolumns, 1);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str before = str_fmt(cx->mem, "d,n,of\r\n%s", rows[i].before),
                   now = str_fmt(cx->mem, "d,n,of\r\n%s", rows[i].now);
        if (revisions_apart(cx->mem, &t, before, now, 3) != rows[i].far)
            fail_msg("row %zu: %s %s", i, rows[i].before, rows[i].now);
    }
    assert_true(revisions_apart(cx->mem, &t, STR("d,e,n,of\r\na,b,1,1\r\n"),
                                STR("d,n,of\r\na,2,2\r\n"), 3)); /* another question */
}

static void on_schedule(void **state)
{
    struct desk *k = *state;
    june_filed(k);
    file_n(k, 2, COMMUNE, ONLINE, day_make(2026, 6, 2));
    assert_int_equal(tick_at(k, day_make(2026, 7, 3)), 0); /* two of three days */
    assert_int_equal(tick_at(k, day_make(2026, 7, 4)), 3); /* and two of the whole office */
    assert_int_equal(tick_at(k, day_make(2026, 7, 4)), 0); /* once */
    assert_int_equal(refusals_of(k, "small-permit.permits"), 0);
    file_n(k, 1, COMMUNE, ONLINE, day_make(2026, 7, 7));
    assert_int_equal(tick_at(k, day_make(2026, 8, 4)), 0);
    assert_int_equal(refusals_of(k, "small-permit.permits"), 1);
    size_t told = journal_count(k, EV_DATASET_REFUSED, 0);
    assert_int_equal(tick_at(k, day_make(2026, 8, 5)), 0); /* refused is settled, too */
    assert_int_equal(journal_count(k, EV_DATASET_REFUSED, 0), told);
}

/* A node that slept for months gives out what it owes, but nothing older than a year. */
static void it_catches_up(void **state)
{
    struct desk *k = *state;
    file_n(k, 3, COMMUNE, ONLINE, day_make(2026, 6, 10));
    file_n(k, 3, COMMUNE, ONLINE, day_make(2026, 8, 10));
    assert_int_equal(tick_at(k, day_make(2027, 6, 5)), 2);
    assert_int_equal(tick_at(k, day_make(2027, 7, 5)), 0);
    struct json *list;
    assert_int_equal(dataset_releases(as(k, ""), permits(k)->id, &list), RC_OK);
    assert_str(json_str(list->first, "period"), "2026-08");
    assert_str(json_str(list->last, "period"), "2026-06");
}

/* One in which nothing happened for years gives out the last year in which something did, and does
 * not look through all that came since, each hour again; one that never had a dossier nothing. */
static void the_last_year_there_was(void **state)
{
    struct desk *k = *state;
    struct json *list;
    assert_int_equal(tick_at(k, day_make(2031, 3, 15)), 0);
    file_n(k, 3, COMMUNE, ONLINE, day_make(2026, 6, 10));
    file_n(k, 3, COMMUNE, ONLINE, day_make(2027, 5, 31)); /* eleven months later */
    assert_int_equal(tick_at(k, day_make(2031, 3, 15)), 2);
    assert_int_equal(dataset_releases(as(k, ""), permits(k)->id, &list), RC_OK);
    assert_int_equal(list->n, 2);
    assert_str(json_str(list->first, "period"), "2027-05");
    assert_str(json_str(list->last, "period"), "2026-06");
    assert_int_equal(tick_at(k, day_make(2031, 4, 15)), 0);
    file_n(k, 3, COMMUNE, ONLINE, day_make(2031, 4, 20));  /* it goes on */
    assert_int_equal(tick_at(k, day_make(2031, 5, 3)), 0); /* not due yet */
    assert_int_equal(tick_at(k, day_make(2031, 5, 15)), 1);
}

/* A node above others, without a dossier of its own, gives out what statements told it. */
static void told_from_below(void **state)
{
    struct desk *k = *state;
    struct month_cell c = {.indicator = STR("small-permit.permits_online"),
                           .procedure = STR("9.000001"),
                           .unit = k->office.units[COMMUNE],
                           .channel = 2,
                           .num = 4,
                           .den = 5};
    struct json *list;
    assert_int_equal(tick_at(k, day_make(2026, 5, 15)), 0);
    struct ctx *cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(month_cell_add(cx, 2026 * 12 + 2, &c), RC_OK);
    assert_int_equal(sql_statement_add(cx, STR("other"), STR("2026-03"), 1, 1, 0, 0, STR("x"),
                                       1, 1, STR("x"), false, STR("")),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(tick_at(k, day_make(2026, 4, 1)), 0);
    assert_int_equal(tick_at(k, day_make(2026, 5, 15)), 1);
    assert_int_equal(dataset_releases(as(k, ""), STR("small-permit.months"), &list), RC_OK);
    assert_str(json_str(list->first, "period"), "2026-03");
}

/* -- a node above others -- */

static void told(struct desk *k, const char *node, int64_t num)
{
    struct ctx *cx = as(k, "");
    struct ledger_head head;
    struct json *f = json_new_obj(cx->mem); /* any event that stands for it in the ledger */
    json_put_str(cx->mem, f, "node", str_from(node));
    json_put_str(cx->mem, f, "digest", str_from(node));
    json_put_str(cx->mem, f, "period", STR("2026-11"));
    json_put_str(cx->mem, f, "reason", STR("cells"));
    struct event ev = {.kind = EV_STATEMENT_REFUSED, .facts = f};
    struct month_cell c = {.indicator = STR("small-permit.permits_online"),
                           .procedure = STR("9.000001"),
                           .unit = k->office.units[COMMUNE],
                           .channel = 2,
                           .num = num,
                           .den = num};
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(ledger_head_get(cx, &head), RC_OK);
    assert_int_equal(ledger_append(cx, &ev), RC_OK);
    assert_int_equal(month_cell_add(cx, 2026 * 12 + 10, &c), RC_OK);
    assert_int_equal(sql_statement_add(cx, str_from(node), STR("2026-11"), 1, head.size,
                                       cx->now_us, 0, STR("x"), 1, 1, STR("x"), false, STR("")),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static void trusted(struct desk *k, const char *node, const char *unit)
{
    struct ctx *cx = as(k, "");
    assert_int_equal(db_begin(cx), RC_OK);
    assert_int_equal(sql_node_put(cx, str_from(node), str_from(node), STR("v"), str_from(unit),
                                  day_start(day_make(2026, 10, 1))),
                     RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static struct json *months_of(struct desk *k)
{
    struct json *list;
    struct ctx *cx = as(k, "");
    cx->now_us = day_start(day_make(2026, 12, 8));
    assert_int_equal(dataset_releases(cx, STR("small-permit.months"), &list), RC_OK);
    return list;
}

/* A month is not given out while a statement of it is waited for; it is when the last one came. */
static void it_waits_for_statements(void **state)
{
    struct desk *k = *state;
    trusted(k, "d1", "H07.21");
    trusted(k, "d2", "H07.22");
    told(k, "d1", 4);
    struct due_next due;
    assert_int_equal(tick_at(k, day_make(2026, 12, 4)), 0);
    const struct offer *o = offer_find(as(k, ""), STR("small-permit.months"));
    struct ctx *cx = as(k, "");
    cx->now_us = day_start(day_make(2026, 12, 4));
    assert_int_equal(offer_due(cx, o, &due), RC_OK);
    assert_int_equal(due.why, WHY_WAITING);
    assert_str(json_str(due.stated.waiting->first, "node"), "d2");
    assert_int_equal(due.stated.until, day_make(2026, 12, 5));
    told(k, "d2", 5);
    assert_int_equal(tick_at(k, day_make(2026, 12, 4)), 1);
    assert_int_equal(months_of(k)->n, 1);
    assert_int_equal(json_get(months_of(k)->first, STR("missing"))->n, 0);
}

/* One that is missing keeps nothing back, and is named; what it says later makes a revision. */
static void a_later_statement_is_a_revision(void **state)
{
    struct desk *k = *state;
    trusted(k, "d1", "H07.21");
    trusted(k, "d2", "H07.22");
    told(k, "d1", 4);
    assert_int_equal(tick_at(k, day_make(2026, 12, 5)),
                     0); /* the last day on which it is in time */
    assert_int_equal(tick_at(k, day_make(2026, 12, 6)), 1);
    struct json *list = months_of(k);
    assert_str(json_str(json_get(list->first, STR("missing"))->first, "node"), "d2");
    assert_int_equal(tick_at(k, day_make(2026, 12, 6)), 0);
    told(k, "d2", 5);
    assert_int_equal(tick_at(k, day_make(2026, 12, 7)), 1);
    assert_int_equal(tick_at(k, day_make(2026, 12, 8)), 0);
    list = months_of(k);
    assert_int_equal(list->n, 2);
    assert_int_equal(json_int(list->first, "revision", 0), 2);
    assert_int_equal(json_get(list->first, STR("missing"))->n, 0);
    assert_int_equal(json_get(list->last, STR("missing"))->n, 1); /* the first one lacks it */
}

/* What came late changes a period that was given out: a further revision, once, and not before it
 * tells of k dossiers more than the one before. */
static void late_is_a_revision(void **state)
{
    struct desk *k = *state;
    struct json *list;
    file_n(k, 3, COMMUNE, ONLINE, day_make(2026, 6, 10));
    file_n(k, 3, COMMUNE, ONLINE, day_make(2026, 7, 4));
    assert_int_equal(tick_at(k, day_make(2026, 7, 4)), 1);
    assert_int_equal(tick_at(k, day_make(2026, 7, 5)), 0);
    file_n(k, 1, COMMUNE, ONLINE, day_make(2026, 6, 10));
    struct data_period s = june(k);
    assert_int_equal(tick_at(k, day_make(2026, 7, 5)), 0); /* who compared would know of one */
    k->now_us = day_start(day_make(2026, 7, 5)) + 9 * HOUR_US;
    assert_int_equal(release_of(k, permits(k), &s, false).outcome, RELEASE_HELD);
    file_n(k, 2, COMMUNE, ONLINE, day_make(2026, 6, 10));
    assert_int_equal(by_day(k, day_make(2026, 7, 5)), 0);  /* only at night */
    assert_int_equal(tick_at(k, day_make(2026, 7, 6)), 4); /* three others had been refused */
    assert_int_equal(tick_at(k, day_make(2026, 7, 7)), 0);
    assert_int_equal(dataset_releases(as(k, ""), permits(k)->id, &list), RC_OK);
    assert_int_equal(json_int(list->first, "revision", 0), 2);
    assert_str(json_str(list->first, "period"), "2026-06");
}

/* Something that was counted today hides no year that lies behind empty ones. */
static void empty_years_between(void **state)
{
    struct desk *k = *state;
    struct json *list;
    for (int m = 1; m <= 12; m++)
        file_n(k, 3, COMMUNE, ONLINE, day_make(2020, m, 10));
    file_n(k, 3, COMMUNE, ONLINE, day_make(2026, 11, 22));
    tick_at(k, day_make(2026, 11, 22)); /* those of the whole office, too */
    assert_int_equal(dataset_releases(as(k, ""), permits(k)->id, &list), RC_OK);
    assert_int_equal(list->n, 12);
    assert_str(json_str(list->first, "period"), "2020-12");
    assert_str(json_str(list->last, "period"), "2020-01");
    tick_at(k, day_make(2026, 12, 15));
    assert_int_equal(dataset_releases(as(k, ""), permits(k)->id, &list), RC_OK);
    assert_int_equal(list->n, 13);
    assert_str(json_str(list->first, "period"), "2026-11");
    assert_int_equal(tick_at(k, day_make(2026, 12, 15)), 0);
}

static void on_disk(struct desk *k, const char *sql)
{
    sqlite3 *db;
    const char *path = str_fmt(k->mem, "%.*s/motcua.db", STR_ARG(k->office.dir)).p;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* More rows than a file may have: that one is left, those after it in the list are given out. */
static void one_that_cannot_be_made(void **state)
{
    struct desk *k = *state;
    june_filed(k);
    int32_t day = day_make(2026, 6, 2);
    on_disk(
        k, str_fmt(k->mem,
                   "with recursive c(n) as (select 10 union all select n + 1 from c "
                   "where n < %d) insert into cell_day (indicator, unit, day, procedure, "
                   "channel, bucket, num, den) select 'small-permit.permits_online', %lld, %d, "
                   "'9.000001', n, 0, 3, 3 from c",
                   RELEASE_ROWS_MAX + 10, (long long)k->office.units[3].v, day)
               .p);
    struct data_period s = june(k);
    struct release r;
    struct json *list;
    assert_int_equal(dataset_release(as(k, ""), permits(k), &s, true, &r), RC_TOO_LARGE);
    assert_int_equal(tick_at(k, day_make(2026, 7, 4)), 2); /* those of the whole office */
    assert_int_equal(dataset_releases(as(k, ""), permits(k)->id, &list), RC_OK);
    assert_int_equal(list->n, 0);
    on_disk(k, "delete from cell_day where channel >= 10"); /* mended: the next tick has it */
    file_n(k, 2, COMMUNE, ONLINE, day);
    assert_int_equal(tick_at(k, day_make(2026, 7, 5)), 1);
}

/* -- single events -- */

static void rate(struct desk *k, int32_t day, int score)
{
    struct ctx *cx = as(k, "");
    struct json *f = json_new_obj(cx->mem);
    json_put_str(cx->mem, f, "pack", STR("small-permit"));
    json_put_str(cx->mem, f, "procedure", STR("9.000001"));
    json_put_int(cx->mem, f, "channel", 2);
    json_put_int(cx->mem, f, "score", score);
    struct event ev = {.kind = EV_DOSSIER_RATED, .unit = k->office.units[COMMUNE], .facts = f};
    ev.time_us = day_start(day) + 9 * HOUR_US;
    ev.subject = 1;
    assert_int_equal(ledger_append(cx, &ev), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static void single_events(void **state)
{
    struct desk *k = *state;
    const struct offer *o = offer_find(as(k, ""), STR("small-permit.ratings"));
    static const int scores[] = {3, 2, 1, 3}; /* 1 is not asked for */
    struct data_period s;
    struct table t;
    struct str csv;
    assert_true(data_period_parse(k->mem, STR("2026-Q2"), TIME_QUARTER, &s));
    for (size_t i = 0; i < ROWS(scores); i++)
        rate(k, day_make(2026, 4, 1 + (int)i), scores[i]);
    rate(k, day_make(2026, 7, 1), 3); /* the next quarter */
    k->now_us = day_start(day_make(2026, 7, 6));
    struct release r = release_of(k, o, &s, true);
    assert_int_equal(r.outcome, RELEASE_DONE);
    assert_int_equal(r.found.nrows, 1); /* of combinations */
    assert_int_equal(r.found.smallest, 3);
    assert_int_equal(content_collect(as(k, ""), o, &s, &t), RC_OK);
    assert_int_equal(content_csv(as(k, ""), &t, &csv), RC_OK);
    assert_str(csv, "quarter,unit_code,unit_name,score\r\n" /* not in order of time */
                    "2026-Q2,H07.21,Ủy ban nhân dân huyện Mẫu,2\r\n"
                    "2026-Q2,H07.21,Ủy ban nhân dân huyện Mẫu,3\r\n"
                    "2026-Q2,H07.21,Ủy ban nhân dân huyện Mẫu,3\r\n");
}

static void too_few_events(void **state)
{
    struct desk *k = *state;
    const struct offer *o = offer_find(as(k, ""), STR("small-permit.ratings"));
    struct data_period s;
    assert_true(data_period_parse(k->mem, STR("2026-Q2"), TIME_QUARTER, &s));
    rate(k, day_make(2026, 4, 1), 3);
    rate(k, day_make(2026, 4, 1), 3);
    k->now_us = day_start(day_make(2026, 7, 6));
    struct release r = release_of(k, o, &s, false);
    assert_int_equal(r.outcome, RELEASE_REFUSED);
    assert_int_equal(r.found.under, 1);
    assert_int_equal(r.found.ncoarser, 0);
}

/* -- bytes that were changed -- */

static void tampered_bytes(void **state)
{
    static const char *const rows[] = {
        "update dataset_bytes set body = cast(replace(body, ',3,3', ',3,4') as blob)",
        "delete from dataset_bytes",
    };
    struct desk *k = *state;
    struct data_period s = june(k);
    struct json *meta;
    struct str csv;
    file_n(k, 3, COMMUNE, ONLINE, day_make(2026, 6, 10));
    k->now_us = day_start(day_make(2026, 7, 6));
    release_of(k, permits(k), &s, false);
    assert_int_equal(dataset_csv(as(k, ""), permits(k)->id, STR_NULL, 0, &meta, &csv), RC_OK);
    for (size_t i = 0; i < ROWS(rows); i++) {
        on_disk(k, rows[i]);
        assert_int_equal(dataset_csv(as(k, ""), permits(k)->id, STR_NULL, 0, &meta, &csv),
                         RC_CORRUPT);
    }
}

/* -- the catalogue -- */

static const struct json *of_type(const struct json *list, const char *type)
{
    JSON_EACH (list, v)
        if (str_eq(json_str(v, "@type"), str_from(type)))
            return v;
    return NULL;
}

static void the_catalogue(void **state)
{
    struct desk *k = *state;
    struct data_period s = june(k);
    struct json *o;
    file_n(k, 3, COMMUNE, ONLINE, day_make(2026, 6, 10));
    k->now_us = day_start(day_make(2026, 7, 6));
    release_of(k, permits(k), &s, false);
    assert_int_equal(catalog_make(as(k, ""), STR("https://a.vn"), &o), RC_OK);
    const struct json *graph = json_get(o, STR("@graph"));
    assert_int_equal(graph->n, 1 + offers_all(as(k, "")).n); /* itself and every series */
    const struct json *c = of_type(graph, "dcat:Catalog"), *series = NULL;
    JSON_EACH (graph, v)
        if (str_eq(json_str(v, "@id"), STR("https://a.vn/data/small-permit.permits")))
            series = v;
    assert_str(json_str(series, "@type"), "dcat:DatasetSeries");
    assert_str(json_str(c, "@id"), "https://a.vn/data");
    assert_str(json_str(json_get(series, STR("dct:accrualPeriodicity")), "@id"),
               "http://publications.europa.eu/resource/authority/frequency/MONTHLY");
    const struct json *sets = json_get(c, STR("dcat:dataset")), *d = sets->first;
    assert_int_equal(sets->n, 1); /* what was released */
    assert_true(
        str_eq(json_str(json_get(d, STR("dcat:inSeries")), "@id"), json_str(series, "@id")));
    const struct json *when = json_get(d, STR("dct:temporal"));
    assert_str(json_str(json_get(when, STR("dcat:endDate")), "@value"), "2026-06-30");
    const struct json *file = json_get(d, STR("dcat:distribution"))->first;
    assert_str(json_str(json_get(file, STR("dcat:downloadURL")), "@id"),
               "https://a.vn/data/small-permit.permits.csv?period=2026-06&revision=1");
    assert_str(json_str(json_get(file, STR("dct:license")), "@id"),
               "https://creativecommons.org/licenses/by/4.0/");
    const struct json *sum = json_get(file, STR("spdx:checksum"));
    assert_int_equal(json_str(json_get(sum, STR("spdx:checksumValue")), "@value").n, 64);
    assert_int_equal(json_get(d, STR("dcat:keyword"))->n, 3); /* two in vi, one in en */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPEN(offers_have_names),
        UNIT(periods),
        UNIT(no_periods),
        UNIT(areas),
        OPEN(too_few),
        OPEN(two_steps),
        OPEN(nothing_is_enough),
        OPEN(at_the_edge),
        OPEN(the_file),
        OPEN(revisions),
        OPEN(refused_once),
        OPEN(not_before_its_end),
        OPEN(on_schedule),
        OPEN(it_catches_up),
        OPEN(the_last_year_there_was),
        cmocka_unit_test_setup_teardown(told_from_below, months_begin, desk_end),
        cmocka_unit_test_setup_teardown(it_waits_for_statements, months_begin, desk_end),
        cmocka_unit_test_setup_teardown(a_later_statement_is_a_revision, months_begin,
                                        desk_end),
        OPEN(late_is_a_revision),
        OPEN(near_revisions),
        OPEN(empty_years_between),
        OPEN(one_that_cannot_be_made),
        OPEN(single_events),
        OPEN(too_few_events),
        OPEN(tampered_bytes),
        OPEN(the_catalogue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
