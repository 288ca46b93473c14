/* test_score.c - what scorecards say, worked out by hand: values, points, trees, nothing over
 * nothing, and the same as JSON. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"
#include "score/officers.h"
#include "score/score_priv.h"

/* -- values -- */

static const struct value_row {
    enum card_unit unit;
    int decimals;
    int64_t num, den, value;
} value_rows[] = {
    {CARD_PERCENT, 2, 1, 3, 3333},
    {CARD_PERCENT, 2, 2, 3, 6667},
    {CARD_PERCENT, 1, 2, 3, 6670},
    {CARD_PERCENT, 0, 2, 3, 6700},
    {CARD_PERCENT, 2, 1, 800, 13}, /* 0.125: half goes up */
    {CARD_PERCENT, 2, 0, 9, 0},
    {CARD_PERCENT, 2, 9, 9, 10000},
    {CARD_PERCENT, 2, -3, 9, 0}, /* rates that overlap take no more than all */
    {CARD_PERCENT, 2, 12, 9, 13333},
    {CARD_SCORE, 1, 29, 20, 150},     /* 1.45 */
    {CARD_SCORE, 1, 2899, 2000, 140}, /* 1.4495: once rounded, not twice */
    {CARD_SCORE, 2, 29, 20, 145},
    {CARD_DAYS, 2, 12, 5, 240},
    {CARD_COUNT, 2, 7, 0, 700},
    {CARD_COUNT, 2, -7, 0, 0},
    {CARD_VND, 2, 1000000, 3, 33333333},
    {CARD_VND, 0, 1000000, 3, 33333300},
    {CARD_PERCENT, 2, INT64_C(4000000000000000), INT64_C(8000000000000000), 5000},
};

static void values(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(value_rows); i++) {
        const struct value_row *r = &value_rows[i];
        int64_t got = score_value(r->unit, r->decimals, r->num, r->den);
        if (got != r->value)
            fail_msg("row %zu: %lld", i, (long long)got);
    }
}

/* -- points of a value -- */

static const struct points_row {
    enum card_rule rule;
    int64_t max, threshold, value, points;
} points_rows[] = {
    {CARD_CAPPED, 600, 8000, 8000, 600}, /* at the threshold all */
    {CARD_CAPPED, 600, 8000, 7999, 600}, /* 599.925 rounds to it */
    {CARD_CAPPED, 600, 8000, 7990, 599},
    {CARD_CAPPED, 600, 8000, 9999, 600},
    {CARD_CAPPED, 600, 8000, 4000, 300},
    {CARD_CAPPED, 600, 8000, 1, 0},
    {CARD_CAPPED, 600, 8000, 0, 0},
    {CARD_CAPPED, 400, 5000, 3333, 267}, /* 33.33 x 4 / 50 = 2.6664 */
    {CARD_RATIO, 2000, 10000, 8750, 1750},
    {CARD_RATIO, 2000, 10000, 12000, 2000},
    {CARD_INVERSE, 1000, 500, 0, 1000},
    {CARD_INVERSE, 1000, 500, 500, 1000},
    {CARD_INVERSE, 1000, 500, 501, 998},
    {CARD_INVERSE, 1000, 500, 1000, 500},
    {CARD_INVERSE, 1000, 500, 1000000, 1}, /* 0.5 hundredths round up */
    {CARD_STEPS, 400, 0, 999, 0},
    {CARD_STEPS, 400, 0, 1000, 100},
    {CARD_STEPS, 400, 0, 2999, 100},
    {CARD_STEPS, 400, 0, 3000, 400},
    {CARD_STEPS, 400, 0, 90000, 400},
};

static void points(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(points_rows); i++) {
        const struct points_row *r = &points_rows[i];
        struct card_node n = {.rule = r->rule,
                              .points = r->max,
                              .threshold = r->threshold,
                              .steps = {{1000, 100}, {3000, 400}},
                              .nsteps = 2,
                              .decimals = 2};
        struct score_got g = {.value = r->value, .state = SCORE_SAID};
        score_points(&n, true, &g);
        if (g.points != r->points || g.max != r->max)
            fail_msg("row %zu: %lld of %lld", i, (long long)g.points, (long long)g.max);
    }
}

/* Nothing over nothing: what the decision says, and only in what counts. */
static void nothing(void **state)
{
    static const struct {
        enum card_nothing nothing;
        enum score_state state;
        bool counts;
        int64_t points, max;
    } rows[] = {
        {NOTHING_ZERO, SCORE_NOTHING, true, 0, 400},
        {NOTHING_ZERO, SCORE_UNCONNECTED, true, 0, 400},
        {NOTHING_SKIP, SCORE_NOTHING, true, 0, 0},
        {NOTHING_SKIP, SCORE_UNCONNECTED, true, 0, 0},
        {NOTHING_FULL, SCORE_NOTHING, true, 400, 400},
        {NOTHING_FULL, SCORE_UNCONNECTED, true, 0, 0}, /* nobody looked: no gift */
        {NOTHING_ZERO, SCORE_NOTHING, false, 0, 0},
        {NOTHING_FULL, SCORE_NOTHING, false, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct card_node n = {.points = 400, .nothing = rows[i].nothing, .decimals = 2};
        struct score_got g = {.value = DB_NULL, .state = rows[i].state};
        score_points(&n, rows[i].counts, &g);
        if (g.points != rows[i].points || g.max != rows[i].max)
            fail_msg("row %zu: %lld of %lld", i, (long long)g.points, (long long)g.max);
    }
}

/* -- a sheet -- */

static struct desk *carded(struct desk *k)
{
    struct ctx *cx = as(k, "");
    struct pack_files *f;
    struct str ref;
    assert_int_equal(pack_files_read(cx, packs_dir(k->mem, "card"), &f), RC_OK);
    if (pack_publish(cx, f, &ref) != RC_OK)
        fail_msg("%s", cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
    assert_int_equal(measure_reload(cx), RC_OK);
    return k;
}

static struct dossier_ref at_counter(struct desk *k)
{
    struct ctx *cx = as(k, "an");
    struct form_errors errs = {0};
    struct dossier_ref ref;
    struct submission s = {.pack = k->office.pack,
                           .unit = commune(k),
                           .applicant = cx->who->subject,
                           .answers = answers_of(k, SMALL),
                           .channel = CHANNEL_COUNTER};
    assert_int_equal(dossier_submit(cx, &s, &errs, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    return ref;
}

static struct slice of_unit(struct desk *k, int unit)
{
    return (struct slice){.unit = k->office.units[unit],
                          .period = {day_make(2026, 6, 1), day_make(2026, 7, 1)}};
}

static struct score_sheet sheet_of(struct desk *k, int unit)
{
    struct score_sheet sheet;
    struct ctx *cx = as(k, "");
    struct slice s = of_unit(k, unit);
    const struct scorecard *card = score_find(cx, STR("test-card"));
    assert_non_null(card);
    assert_int_equal(score_get(cx, card, &s, &sheet), RC_OK);
    return sheet;
}

/* Sheets of many units together say what each says alone; one unit may be there twice. */
static void lists_agree(struct desk *k, const char *id, struct period period)
{
    enum { LISTED = 5 };
    struct ctx *cx = as(k, "");
    const struct scorecard *card = score_find(cx, str_from(id));
    struct score_sheet sheets[LISTED], alone;
    struct slice s[LISTED];
    for (size_t i = 0; i < LISTED; i++)
        s[i] = (struct slice){.unit = k->office.units[i % 4], .period = period};
    assert_int_equal(score_list(cx, card, s, LISTED, sheets), RC_OK);
    for (size_t i = 0; i < LISTED; i++) {
        assert_int_equal(score_get(cx, card, &s[i], &alone), RC_OK);
        assert_ptr_equal(sheets[i].unit, alone.unit);
        assert_ptr_equal(sheets[i].grade, alone.grade);
        assert_int_equal(sheets[i].graded, alone.graded);
        assert_int_equal(sheets[i].seq, alone.seq);
        assert_memory_equal(sheets[i].by, alone.by, sizeof alone.by);
        assert_int_equal(sheets[i].n, alone.n);
        for (size_t n = 0; n < alone.n; n++)
            if (memcmp(sheets[i].v[n].by, alone.v[n].by, sizeof alone.v[n].by) != 0)
                fail_msg("%s, sheet %zu: %.*s", id, i, STR_ARG(alone.v[n].node->id));
    }
    s[LISTED - 1].unit.v = 987654;
    assert_int_equal(score_list(cx, card, s, LISTED, sheets), RC_NOT_FOUND);
    assert_int_equal(score_list(cx, card, s, 0, sheets), RC_OK);
}

static const struct period year_2025 = {20089, 20454}; /* 1 January to 31 December */

static const struct score_got *got_of(const struct score_sheet *sheet, const char *id)
{
    for (size_t i = 0; i < sheet->n; i++)
        if (str_eq(sheet->v[i].node->id, str_from(id)))
            return &sheet->v[i].by[SCORE_COUNTS];
    fail_msg("no node %s", id);
    return NULL;
}

static void expect(const struct score_sheet *sheet, const char *id, int64_t value, int64_t pts,
                   int64_t max)
{
    const struct score_got *g = got_of(sheet, id);
    if (g->value != value || g->points != pts || g->max != max)
        fail_msg("%s: value %lld, %lld of %lld", id, (long long)g->value, (long long)g->points,
                 (long long)g->max);
}

/* Nobody filed: no value anywhere but in plain counts; 2 is full, 3.2 left out. */
static void nothing_filed(void **state)
{
    struct score_sheet sheet = sheet_of(carded(*state), 3);
    expect(&sheet, "1.1", DB_NULL, 0, 600);
    expect(&sheet, "1.2", 0, 0, 400);
    expect(&sheet, "2", DB_NULL, 800, 800);
    expect(&sheet, "3.2", DB_NULL, 0, 0);
    expect(&sheet, "3.3", 0, 100, 100);     /* no dossiers are at most one */
    expect(&sheet, "3", DB_NULL, 300, 600); /* (0 + 1) / 2 x 6 */
    expect(&sheet, "4", DB_NULL, 0, 400);
    expect(&sheet, "5", DB_NULL, 0, 200);
    assert_int_equal(got_of(&sheet, "5")->state, SCORE_UNCONNECTED);
    assert_int_equal(got_of(&sheet, "6")->state, SCORE_UNCONNECTED);
    assert_int_equal(sheet.by[SCORE_COUNTS].points, 1100);
    assert_int_equal(sheet.by[SCORE_COUNTS].max, 3000);
    assert_int_equal(sheet.by[SCORE_SELF].state, SCORE_NOTHING);
    assert_int_equal(sheet.by[SCORE_SELF].max, 0);
}

/* Three online, two at the counter; one of them done in time. */
static void five_filed(void **state)
{
    struct desk *k = carded(*state);
    struct dossier_ref a = filed(k);
    filed(k);
    filed(k);
    at_counter(k);
    at_counter(k);
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    struct score_sheet sheet = sheet_of(k, 3);
    expect(&sheet, "1.1", 6000, 450, 600); /* 60 x 6 / 80 */
    expect(&sheet, "1.2", 200, 400, 400);
    expect(&sheet, "1", DB_NULL, 850, 1000);
    expect(&sheet, "2", 10000, 800, 800);
    expect(&sheet, "3.1", 8000, 80, 100); /* (1 + 3) / 5 */
    expect(&sheet, "3.2", 10000, 100, 100);
    expect(&sheet, "3.3", 500, 20, 100);
    expect(&sheet, "3", DB_NULL, 400, 600); /* (0.8 + 1 + 0.2) / 3 x 6 */
    expect(&sheet, "4.1", 6000, 240, 400);
    expect(&sheet, "4.2", 0, 0, 400); /* below zero is zero */
    expect(&sheet, "4", DB_NULL, 0, 400);
    assert_int_equal(sheet.by[SCORE_COUNTS].points, 2050);
    assert_int_equal(sheet.graded, 2050);
    assert_str(json_str(sheet.grade->name, "en"), "Good");
    assert_true(sheet.seq > 0);
    struct score_sheet all = sheet_of(k, 0); /* the province: the same sum */
    assert_int_equal(all.by[SCORE_COUNTS].points, 2050);
    struct score_sheet apart = sheet_of(k, 1);
    assert_int_equal(apart.by[SCORE_COUNTS].points, 1100);
    lists_agree(k, "test-card", of_unit(k, 0).period);
}

static void what_there_is(void **state)
{
    struct desk *k = carded(*state);
    struct ctx *cx = as(k, "");
    struct score_sheet sheet;
    struct slice s = {.unit = {987654}, .period = {0, 10}};
    const struct scorecard *all[SCORECARDS_MAX], *card = score_find(cx, STR("test-card"));
    size_t n = score_all(cx, all), seen = 0;
    for (size_t i = 0; i < n; i++)
        seen += all[i] == card;
    assert_int_equal(seen, 1);
    assert_ptr_equal(score_find(cx, STR("test-card@1.0.0")), card);
    assert_null(score_find(cx, STR("test-card@9.0.0")));
    assert_null(score_find(cx, STR("small-permit")));
    assert_null(score_find(cx, STR("")));
    assert_int_equal(score_get(cx, card, &s, &sheet), RC_NOT_FOUND);
    assert_true(score_is_for(card, commune(k)));
    assert_false(score_is_for(card, unit_of(cx, k->office.units[1])));
    assert_false(score_is_for(card, NULL));
}

/* -- as JSON -- */

static const struct json *node_json(const struct json *o, const char *id)
{
    JSON_EACH (json_get(o, STR("nodes")), v)
        if (str_eq(json_str(v, "id"), str_from(id)))
            return v;
    fail_msg("no node %s", id);
    return NULL;
}

static void as_json(void **state)
{
    struct desk *k = carded(*state);
    struct json *o;
    filed(k);
    filed(k);
    at_counter(k);
    struct slice s = of_unit(k, 3);
    struct ctx *cx = as(k, "");
    const struct scorecard *card = score_find(cx, STR("test-card"));
    assert_int_equal(score_json(cx, card, &s, &o), RC_OK);
    assert_str(json_str(o, "ref"), "test-card@1.0.0");
    assert_str(json_str(o, "from"), "2026-06-01");
    assert_str(json_str(o, "to"), "2026-06-30");
    assert_true(json_bool(o, "is_for_unit"));
    assert_false(json_bool(o, "is_partial"));
    assert_str(json_str(json_at(json_get(o, STR("law")), 0), "act"), "Quyết định mẫu");
    const struct json *n = node_json(o, "1.1");
    assert_str(json_str(n, "value_text"), "66,67 %");
    assert_str(json_str(n, "got_text"), "5,00"); /* 66.67 x 6 / 80 = 5.00 */
    assert_int_equal(json_int(n, "numerator", -1), 2);
    assert_int_equal(json_int(n, "denominator", -1), 3);
    assert_int_equal(json_int(n, "width", -1), 83);
    assert_str(json_str(n, "parent"), "1");
    assert_str(json_str(n, "rule_text"),
               "Đạt 80,00 trở lên được 6,00 điểm; thấp hơn thì điểm = giá trị × 6,00 ÷ 80,00.");
    assert_str(json_str(json_at(json_get(n, STR("formula")), 0), "name"), "Nộp mạng");
    n = node_json(o, "2");
    assert_str(json_str(n, "value_text"), "—");
    assert_str(json_str(n, "state_text"), "Không phát sinh trong kỳ: được đủ điểm.");
    n = node_json(o, "5");
    assert_str(json_str(n, "state"), "unconnected");
    assert_str(json_str(n, "why"), "Chưa có nguồn.");
    assert_null(json_get(n, STR("value")));
    assert_true(json_bool(node_json(o, "6"), "is_shown_only"));
    cx->lang = LANG_EN;
    assert_int_equal(score_json(cx, card, &s, &o), RC_OK);
    assert_str(json_str(node_json(o, "1.1"), "value_text"), "66.67%");
    assert_str(
        json_str(node_json(o, "1.2"), "rule_text"),
        "By steps: from 2.00: 4.00 points; from 1.00: 1.00 points; below them no points.");
}

/* -- officers -- */

static enum rc grades_as(struct desk *k, const char *person, struct officer_grades *ret)
{
    struct period june = {day_make(2026, 6, 1), day_make(2026, 7, 1)};
    return officer_grades_get(as(k, person), commune(k), june, ret);
}

/* Early; early with one supplement; late: time 2 2 0, contacts 2 1 2, manner 2 2 0. */
static void officers(void **state)
{
    struct desk *k = *state;
    struct officer_grades g;
    struct json *o, *items = json_new_arr(k->mem);
    size_t done;
    struct dossier_ref a = filed(k), b = filed(k), c = filed(k);
    struct dossier_ref *const all[] = {&a, &b, &c};
    json_push(items, json_new_str(k->mem, STR("ảnh")));
    for (size_t i = 0; i < ROWS(all); i++)
        assert_int_equal(act_one(k, "reception@commune", all[i], "accept"), RC_OK);
    struct act ask = {.id = STR("supplement"), .reason = STR("thiếu"), .items = items};
    assert_int_equal(act_full(k, "specialist@commune", &b, &ask), RC_OK);
    assert_int_equal(act_one(k, "an", &b, "resubmit"), RC_OK);
    k->now_us += DAY_US;
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &b, "approve"), RC_OK);
    k->now_us += 7 * DAY_US;
    assert_int_equal(dossier_timers(as(k, ""), 10, &done), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &c, "approve"), RC_OK);
    assert_int_equal(grades_as(k, "leader@commune", &g), RC_OK);
    assert_int_equal(g.n, 2); /* reception, specialist */
    for (size_t i = 0; i < g.n; i++) {
        assert_int_equal(g.v[i].dossiers, 3);
        assert_int_equal(g.v[i].points[OFFICER_TIME], 130); /* 4 / 3 */
        assert_int_equal(g.v[i].points[OFFICER_CONTACTS], 170);
        assert_int_equal(g.v[i].points[OFFICER_OFFICES], 170);
        assert_int_equal(g.v[i].points[OFFICER_MANNER], 130);
        assert_int_equal(g.v[i].total, 600);
        assert_int_equal(g.v[i].graded, 750);
    }
    assert_int_equal(officer_grades_json(as(k, "leader@commune"), commune(k),
                                         (struct period){0, day_make(2027, 1, 1)}, &o),
                     RC_OK);
    assert_str(json_str(json_at(json_get(o, STR("officers")), 0), "grade_text"),
               "Hoàn thành 100% nhiệm vụ");
}

/* Neither colleagues nor leaders elsewhere, not even above. */
static void officers_refused(void **state)
{
    static const char *const others[] = {"specialist@commune",
                                         "reception@commune",
                                         "auditor@commune",
                                         "admin@commune",
                                         "leader@district",
                                         "leader@province",
                                         "an",
                                         "nobody"};
    struct desk *k = *state;
    struct officer_grades g = {NULL, 77};
    for (size_t i = 0; i < ROWS(others); i++)
        assert_int_equal(grades_as(k, others[i], &g), RC_FORBIDDEN);
    assert_int_equal(g.n, 77);
    assert_int_equal(grades_as(k, "leader@commune", &g), RC_OK);
    assert_int_equal(g.n, 0);
}

/* -- sources and the packs that come with the program -- */

static const char *const ids[] = {"one-stop",   "index-766", "index-emc",
                                  "index-tt01", "index-dti", "index-govuk"};

static void embedded_publish(struct desk *k)
{
    struct ctx *cx = as(k, "");
    struct str ref;
    for (size_t i = 0; i < ROWS(ids); i++) {
        struct pack_files *f;
        assert_int_equal(pack_files_embedded(cx, str_from(ids[i]), &f), RC_OK);
        if (pack_publish(cx, f, &ref) != RC_OK)
            fail_msg("%s: %s", ids[i], cx->err.detail);
        assert_int_equal(db_commit(cx), RC_OK);
    }
    assert_int_equal(packs_reload(cx), RC_OK);
    assert_int_equal(measure_reload(cx), RC_OK);
}

/* An indicator counted, declared or both: every leaf of every embedded card is known. */
static void every_leaf_is_known(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    embedded_publish(k);
    for (size_t i = 1; i < ROWS(ids); i++) {
        const struct scorecard *card = score_find(cx, str_from(ids[i]));
        assert_non_null(card);
        for (size_t j = 0; j < card->n; j++) {
            const struct card_node *n = &card->nodes[j];
            const struct card_parts *both[] = {&n->num, &n->den};
            if ((n->indicator.n && !indicator_find(cx, n->indicator)) ||
                (n->entered.n && !indicator_find(cx, n->entered)))
                fail_msg("%s %.*s", ids[i], STR_ARG(n->id));
            for (size_t p = 0; p < ROWS(both); p++)
                for (size_t q = 0; q < both[p]->n; q++)
                    if (!indicator_find(cx, both[p]->v[q].indicator))
                        fail_msg("%s %.*s: %.*s", ids[i], STR_ARG(n->id),
                                 STR_ARG(both[p]->v[q].indicator));
        }
    }
}

static int64_t declared(struct desk *k, const char *indicator, int64_t num, int64_t den)
{
    int64_t seq = -1;
    struct ctx *cx = as(k, "");
    struct entered_new e = {.indicator = str_from(indicator),
                            .body = STR("H07"),
                            .period = {day_make(2025, 1, 1), day_make(2026, 1, 1)},
                            .num = num,
                            .den = den,
                            .method = STR("Tự chấm theo hướng dẫn."),
                            .note = STR("Bảng tự chấm")};
    if (figure_enter(cx, &e, &seq) != RC_OK)
        fail_msg("%s: %s %s", indicator, cx->err.field, cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    return seq;
}

static void checked(struct desk *k, int64_t seq, int64_t num, int64_t den)
{
    struct ctx *cx = as(k, "");
    struct verified_new v = {seq, num, den, STR("Đã đối chiếu")};
    if (figure_verify(cx, &v) != RC_OK)
        fail_msg("%s %s", cx->err.field, cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
}

static struct score_sheet sheet_2025(struct desk *k, const char *card)
{
    struct score_sheet sheet;
    struct ctx *cx = as(k, "");
    struct slice s = {.unit = k->office.units[0],
                      .period = {day_make(2025, 1, 1), day_make(2026, 1, 1)}};
    assert_int_equal(score_get(cx, score_find(cx, str_from(card)), &s, &sheet), RC_OK);
    return sheet;
}

/* Da Nang's main indices of 2022 as a province declared them; two were verified, one of them lower:
 * 100 + 90 + 82.53 + 84.87 + 75.78 of 100 each, 85.75 % of 200, 78.36 and 51.97 % of 150. */
static void three_sources(void **state)
{
    static const struct {
        const char *id;
        int64_t percent; /* hundredths */
    } rows[] = {{"dti-nhan-thuc", 10000}, {"dti-the-che", 9000}, {"dti-ha-tang", 8253},
                {"dti-nhan-luc", 8487},   {"dti-attt", 7578},    {"dti-chinh-quyen", 8575},
                {"dti-kinh-te", 7836},    {"dti-xa-hoi", 5197}};
    struct desk *k = *state;
    int64_t seq[ROWS(rows)];
    embedded_publish(k);
    struct score_sheet sheet = sheet_2025(k, "index-dti");
    assert_int_equal(sheet.by[SCORE_COUNTS].points, 0);
    assert_int_equal(sheet.by[SCORE_COUNTS].state, SCORE_NOTHING);
    for (size_t i = 0; i < ROWS(rows); i++)
        seq[i] = declared(k, rows[i].id, rows[i].percent, 10000);
    checked(k, seq[1], 8000, 10000);
    checked(k, seq[5], 8575, 10000);
    sheet = sheet_2025(k, "index-dti");
    assert_int_equal(sheet.by[SCORE_SELF].points, 80018); /* 433.18 + 171.5 + 117.54 + 77.96 */
    assert_int_equal(sheet.by[SCORE_SELF].max, 100000);
    assert_int_equal(sheet.by[SCORE_VERIFIED].points, 8000 + 17150);
    assert_int_equal(sheet.by[SCORE_VERIFIED].max, 30000);
    assert_int_equal(sheet.by[SCORE_AUTO].max, 0);
    assert_int_equal(sheet.by[SCORE_COUNTS].points, 80018 - 1000); /* the verified one counts */
    struct json *o = score_sheet_json(as(k, ""), &sheet);
    const struct json *n = node_json(o, "2");
    assert_true(json_bool(n, "has_sources"));
    assert_str(json_str(json_get(n, STR("self")), "value_text"), "90,00 %");
    assert_str(json_str(json_get(n, STR("verified")), "got_text"), "80,00");
    assert_str(json_str(json_get(n, STR("auto")), "value_text"), "—");
    assert_false(json_bool(node_json(o, "a"), "is_leaf"));
    lists_agree(k, "index-dti", year_2025);
}

/* Scores that a unit gives itself: 2 of 2 points; nothing else can be judged but 8. */
static void declared_scores(void **state)
{
    struct desk *k = *state;
    embedded_publish(k);
    declared(k, "tt01-5", 2, 1);
    declared(k, "tt01-6", 1, 1);
    struct score_sheet sheet = sheet_2025(k, "index-tt01");
    expect(&sheet, "5", 200, 200, 200);
    expect(&sheet, "6", 100, 100, 200);
    expect(&sheet, "8", DB_NULL, 200, 200);
    expect(&sheet, "1", DB_NULL, 0, 0);
    assert_int_equal(sheet.by[SCORE_COUNTS].points, 500);
    assert_int_equal(sheet.graded, 1500); /* 5 of 6 is 15 of 18 */
    assert_str(json_str(sheet.grade->name, "vi"), "Xuất sắc");
    lists_agree(k, "index-tt01", year_2025);
    lists_agree(k, "index-766", year_2025);
}

/* A year's cost over the year's transactions; of a month nothing is said. */
static void cost_of_a_transaction(void **state)
{
    struct desk *k = *state;
    struct score_sheet sheet;
    embedded_publish(k);
    declared(k, "govuk-cost", 5000000, 0);
    sheet = sheet_2025(k, "index-govuk");
    assert_int_equal(got_of(&sheet, "1")->state, SCORE_NOTHING); /* no transactions in 2025 */
    assert_int_equal(got_of(&sheet, "1")->num, 5000000);
    struct ctx *cx = as(k, "");
    struct slice s = {.unit = k->office.units[0],
                      .period = {day_make(2025, 3, 1), day_make(2025, 4, 1)}};
    assert_int_equal(score_get(cx, score_find(cx, STR("index-govuk")), &s, &sheet), RC_OK);
    assert_int_equal(got_of(&sheet, "1")->state, SCORE_NOTHING);
    assert_int_equal(got_of(&sheet, "1")->num, 0);
    lists_agree(k, "index-govuk", year_2025);
    lists_agree(k, "index-govuk", s.period);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(points),
        cmocka_unit_test(nothing),
        DESK(nothing_filed),
        DESK(five_filed),
        DESK(what_there_is),
        DESK(as_json),
        DESK(officers),
        DESK(officers_refused),
        DESK(every_leaf_is_known),
        DESK(three_sources),
        DESK(declared_scores),
        DESK(cost_of_a_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
