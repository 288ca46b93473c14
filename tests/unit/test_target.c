/* test_target.c - figures entered and verified, the way to a promise, what is owed: worked out
 * by hand on the programme's own figures. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"
#include "target/period.h"

static int begin(void **state)
{
    *state = desk_open("programme-figures");
    return 0;
}
#define TARGET(f) cmocka_unit_test_setup_teardown(f, begin, desk_end)

static struct period of(const char *id)
{
    struct period p = {0};
    assert_true(period_parse(str_from(id), &p));
    return p;
}

static struct entered_new percent(const char *indicator, const char *body, const char *period,
                                  int64_t hundredths)
{
    return (struct entered_new){.indicator = str_from(indicator),
                                .body = str_from(body),
                                .body_name = STR("Tỉnh khác"),
                                .period = of(period),
                                .num = hundredths,
                                .den = 10000,
                                .method = STR("Đếm theo sổ theo dõi."),
                                .note = STR("Báo cáo 12/BC")};
}

static enum rc enter_as(struct desk *k, const char *person, const struct entered_new *e,
                        int64_t *seq)
{
    struct ctx *cx = as(k, person);
    enum rc rc = figure_enter(cx, e, seq);
    if (rc == RC_OK)
        return db_commit(cx);
    db_rollback(cx);
    return rc;
}

static int64_t entered(struct desk *k, const struct entered_new *e)
{
    int64_t seq = -1;
    assert_int_equal(enter_as(k, "leader@province", e, &seq), RC_OK);
    return seq;
}

static int64_t entered_percent(struct desk *k, const char *indicator, const char *body,
                               const char *period, int64_t hundredths)
{
    struct entered_new e = percent(indicator, body, period, hundredths);
    e.note = STR("theo báo cáo năm");
    return entered(k, &e);
}

static enum rc verify_as(struct desk *k, const char *person, const struct verified_new *v)
{
    struct ctx *cx = as(k, person);
    enum rc rc = figure_verify(cx, v);
    if (rc == RC_OK)
        return db_commit(cx);
    db_rollback(cx);
    return rc;
}

static struct entered got(struct desk *k, const char *indicator, const char *body,
                          const char *period)
{
    struct entered e;
    assert_int_equal(
        entered_get(as(k, ""), str_from(indicator), str_from(body), of(period), &e), RC_OK);
    return e;
}

/* -- values as people write them -- */

struct typed {
    const char *text;
    enum lang lang;
    enum value_fault fault;
    int64_t hundredths;
};

static void values_read(void **state)
{
    static const struct typed rows[] = {
        {"0", LANG_VI, VALUE_READ, 0},
        {"7", LANG_EN, VALUE_READ, 700},
        {"18,3", LANG_VI, VALUE_READ, 1830},
        {"18.3", LANG_EN, VALUE_READ, 1830},
        {"18,30 %", LANG_VI, VALUE_READ, 1830},
        {" 42% ", LANG_VI, VALUE_READ, 4200},
        {"-0,5", LANG_VI, VALUE_READ, -50},
        {"-3.25", LANG_EN, VALUE_READ, -325},
        {"1.234", LANG_VI, VALUE_READ, 123400},
        {"12.345", LANG_VI, VALUE_READ, 1234500},
        {"1,234", LANG_EN, VALUE_READ, 123400},
        {"1.234,5", LANG_VI, VALUE_READ, 123450},
        {"1,234.50", LANG_EN, VALUE_READ, 123450},
        {"1 928 311", LANG_VI, VALUE_READ, 192831100},
        {"1 928,5", LANG_VI, VALUE_READ, 192850},
        {"1.928.311.000.000.000", LANG_VI, VALUE_READ, 192831100000000000},
        {"78496", LANG_VI, VALUE_READ, 7849600},
        {"0,01", LANG_VI, VALUE_READ, 1},
        {"0,00", LANG_VI, VALUE_READ, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t v = -1;
        if (value_parse(str_from(rows[i].text), rows[i].lang, &v) != rows[i].fault ||
            v != rows[i].hundredths)
            fail_msg("%s: %lld", rows[i].text, (long long)v);
    }
}

/* What another language would read otherwise is not guessed. */
static void values_refused(void **state)
{
    static const struct typed rows[] = {
        {"12,345", LANG_VI, VALUE_DECIMALS, 0},
        {"12.345", LANG_EN, VALUE_DECIMALS, 0},
        {"0,125", LANG_VI, VALUE_DECIMALS, 0},
        {"-0,125", LANG_VI, VALUE_DECIMALS, 0},
        {"1,2345", LANG_VI, VALUE_DECIMALS, 0},
        {"1.234,567", LANG_VI, VALUE_DECIMALS, 0},
        {"18.3", LANG_VI, VALUE_MARKS, 0},
        {"18,3", LANG_EN, VALUE_MARKS, 0},
        {"1,234.50", LANG_VI, VALUE_MARKS, 0},
        {"1.234,50", LANG_EN, VALUE_MARKS, 0},
        {"1,234,567", LANG_VI, VALUE_MARKS, 0},
        {"1.234.567", LANG_EN, VALUE_MARKS, 0},
        {"12.34.5", LANG_VI, VALUE_MARKS, 0},
        {"1..2", LANG_VI, VALUE_MARKS, 0},
        {"1.23.456", LANG_VI, VALUE_MARKS, 0},
        {"1234.567", LANG_VI, VALUE_MARKS, 0},
        {"0.125", LANG_VI, VALUE_MARKS, 0},
        {"012.345", LANG_VI, VALUE_MARKS, 0},
        {"12,345,6", LANG_VI, VALUE_MARKS, 0},
        {"1,2,3", LANG_VI, VALUE_MARKS, 0},
        {"1.234.56", LANG_VI, VALUE_MARKS, 0},
        {"1 234.567", LANG_VI, VALUE_MARKS, 0},
        {"00.5.5", LANG_VI, VALUE_MARKS, 0},
        {".5", LANG_VI, VALUE_MARKS, 0},
        {",5", LANG_VI, VALUE_NONE, 0},
        {"5,", LANG_VI, VALUE_NONE, 0},
        {"", LANG_VI, VALUE_NONE, 0},
        {"%", LANG_VI, VALUE_NONE, 0},
        {"-", LANG_VI, VALUE_NONE, 0},
        {"abc", LANG_VI, VALUE_NONE, 0},
        {"1 23", LANG_VI, VALUE_NONE, 0},
        {"1e3", LANG_VI, VALUE_NONE, 0},
        {"+5", LANG_VI, VALUE_NONE, 0},
        {"--5", LANG_VI, VALUE_NONE, 0},
        {"5-", LANG_VI, VALUE_NONE, 0},
        {"0x10", LANG_VI, VALUE_NONE, 0},
        {"１２", LANG_VI, VALUE_NONE, 0},
        {"1,2a", LANG_VI, VALUE_NONE, 0},
        {"5 000 00", LANG_VI, VALUE_NONE, 0},
        {"0 125", LANG_VI, VALUE_NONE, 0},
        {"12345678901234567", LANG_VI, VALUE_NONE, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t v = -1;
        enum value_fault f = value_parse(str_from(rows[i].text), rows[i].lang, &v);
        if (f != rows[i].fault)
            fail_msg("%s: fault %d, %lld", rows[i].text, f, (long long)v);
    }
}

static void values_split(void **state)
{
    struct indicator count = {.unit = IND_COUNT}, money = {.unit = IND_VND},
                     share = {.unit = IND_PERCENT}, score = {.unit = IND_SCORE};
    struct entered_value v = {.is_given = true};
    int64_t num, den;
    (void)state;
    assert_true(value_split(&count, 150900, &num, &den));
    assert_int_equal(num, 1509);
    assert_int_equal(den, 0);
    assert_false(value_split(&count, 150950, &num, &den)); /* no half member */
    assert_false(value_split(&money, 1, &num, &den));
    assert_true(value_split(&share, 1830, &v.num, &v.den));
    assert_int_equal(entered_value_of(&share, &v), 1830);
    assert_true(value_split(&share, -350, &v.num, &v.den)); /* what shrank is not rounded up */
    assert_int_equal(entered_value_of(&share, &v), -350);
    assert_true(value_split(&score, 13553, &v.num, &v.den));
    assert_int_equal(entered_value_of(&score, &v), 13553);
    v = (struct entered_value){.is_given = true, .num = 2, .den = 3};
    assert_int_equal(entered_value_of(&share, &v), 6667);
    v.num = -2;
    assert_int_equal(entered_value_of(&share, &v), -6667);
    v.is_given = false;
    assert_true(entered_value_of(&share, &v) == DB_NULL);
}

/* -- entering -- */

static void entered_and_read(void **state)
{
    struct desk *k = *state;
    struct entered none = got(k, "fibre_households", "H23", "2025");
    assert_false(none.self.is_given);
    assert_false(none.verified.is_given);
    struct entered_new e = percent("fibre_households", "H23", "2025-Q4", 8450);
    e.method = STR("Báo cáo của nhà mạng.");
    int64_t seq = entered(k, &e);
    struct entered is = got(k, "fibre_households", "H23", "2025");
    assert_true(is.self.is_given);
    assert_int_equal(is.self.num, 8450);
    assert_int_equal(is.self.seq, seq);
    assert_str(is.body_name, "Tỉnh khác");
    assert_str(is.method, "Báo cáo của nhà mạng.");
    assert_false(is.verified.is_given);
    /* a month within the quarter is spoken for; the quarter before is not */
    assert_true(got(k, "fibre_households", "H23", "2025-11").self.is_given);
    assert_false(got(k, "fibre_households", "H23", "2025-Q3").self.is_given);
    assert_false(got(k, "fibre_households", "H15", "2025").self.is_given);
    assert_false(got(k, "fibre_communes", "H23", "2025").self.is_given);
}

/* A unit of this node is named by its own tree; its leader and clerk speak for it. */
static void own_figures(void **state)
{
    struct desk *k = *state;
    const char *code = str_z(k->mem, commune(k)->code);
    struct entered_new e = percent("direction_online", code, "2025", 10000);
    e.body_name = STR_NULL;
    assert_int_equal(enter_as(k, "specialist@commune", &e, NULL), RC_FORBIDDEN);
    assert_int_equal(enter_as(k, "an", &e, NULL), RC_FORBIDDEN);
    assert_int_equal(enter_as(k, "nobody", &e, NULL), RC_FORBIDDEN);
    assert_int_equal(enter_as(k, "leader@department", &e, NULL), RC_FORBIDDEN);
    assert_int_equal(enter_as(k, "clerk@commune", &e, NULL), RC_OK);
    e.note = STR("sửa");
    assert_int_equal(enter_as(k, "leader@district", &e, NULL), RC_OK);
    assert_int_equal(got(k, "direction_online", code, "2025").body_name.n, 0);
}

static void not_entered(void **state)
{
    struct desk *k = *state;
    const struct {
        const char *indicator, *body;
        struct period period;
        int64_t num, den;
        enum rc rc;
        const char *field;
    } rows[] = {
        {"no_such", "H23", of("2025"), 1, 10000, RC_NOT_FOUND, "indicator"},
        {"satisfied", "H07", of("2025"), 9, 10, RC_STATE, "indicator"}, /* events give it */
        {"fibre_households", "", of("2025"), 1, 10000, RC_INVALID, "body"},
        {"fibre_households", "h23", of("2025"), 1, 10000, RC_INVALID, "body"},
        {"fibre_households", "H23", of("2026"), 1, 10000, RC_INVALID, "period"}, /* not ended */
        {"fibre_households", "H23", of("2026-06"), 1, 10000, RC_INVALID, "period"},
        {"fibre_households", "H23", {0, 10}, 1, 10000, RC_INVALID, "period"},
        {"fibre_households", "H23", of("2025"), 1, 0, RC_INVALID, "den"},
        {"fibre_households", "H23", of("2025"), 1, -5, RC_INVALID, "den"},
        {"coverage_gaps", "VN", of("2025"), 821, 1, RC_INVALID, "den"},
        {"coverage_gaps", "VN", of("2025"), INT64_C(10000000000000001), 0, RC_INVALID, "num"},
        {"fibre_households", "H23", of("2025"), INT64_C(100000000000001), 1, RC_INVALID, "num"},
        {"fibre_households", "H23", of("2025"), 1, INT64_C(100000000000001), RC_INVALID, "den"},
        {"fibre_households", "H23", of("2025"), 10001, 10000, RC_INVALID, "num"}, /* a share */
        {"fibre_households", "H23", of("2025"), -1, 10000, RC_INVALID, "num"},
        {"fibre_households", "H23", of("2025"), 1000001, 1000000, RC_INVALID, "num"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ctx *cx = as(k, "leader@province");
        struct entered_new e = {.indicator = str_from(rows[i].indicator),
                                .body = str_from(rows[i].body),
                                .body_name = STR("Tỉnh khác"),
                                .period = rows[i].period,
                                .num = rows[i].num,
                                .den = rows[i].den,
                                .method = STR("Đếm."),
                                .note = STR("Báo cáo 12/BC")};
        enum rc rc = figure_enter(cx, &e, NULL);
        if (rc != rows[i].rc || strcmp(cx->err.field, rows[i].field) != 0)
            fail_msg("row %zu: %s %s", i, rc_name(rc), cx->err.field);
        db_rollback(cx);
    }
    struct entered_new e = percent("fibre_households", "H23", "2025", 5000);
    e.body_name = STR_NULL; /* whose is it? */
    assert_int_equal(enter_as(k, "leader@province", &e, NULL), RC_INVALID);
    assert_false(got(k, "fibre_households", "H23", "2025").self.is_given);
}

/* What another body published of an indicator that events give here is entered for it only. */
static void of_other_bodies(void **state)
{
    struct desk *k = *state;
    struct entered_new e = percent("full_online_share", "VN.DP", "2024", 1854);
    entered(k, &e);
    assert_int_equal(got(k, "full_online_share", "VN.DP", "2024").self.num, 1854);
    e.body = STR("H07");
    assert_int_equal(enter_as(k, "leader@province", &e, NULL), RC_STATE);
}

/* Growth has no bounds: nothing declares one. What is a share of all is all of it at most. */
static void within_its_range(void **state)
{
    struct desk *k = *state;
    struct entered_new e = percent("ndxp_growth", "VN", "2025", 18300);
    entered(k, &e);
    e = percent("ndxp_growth", "VN", "2024", -350);
    entered(k, &e);
    e = percent("fibre_households", "H23", "2025-Q4", 10000);
    struct verified_new v = {.seq = entered(k, &e), .num = 10100, .den = 10000};
    v.note = STR("x");
    assert_int_equal(verify_as(k, "auditor@province", &v), RC_INVALID);
    struct value_range r =
        indicator_range(as(k, ""), indicator_find(as(k, ""), STR("fibre_households")));
    assert_true(r.is_given && r.least == 0 && r.most == 10000);
    r = indicator_range(as(k, ""), indicator_find(as(k, ""), STR("ndxp_growth")));
    assert_false(r.is_given);
}

/* With method and evidence: a paper, or the source by name. */
static void method_and_source(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "leader@province");
    struct entered_new e = percent("adult_users", "VN", "2025", 4300);
    e.method = STR(" ");
    assert_int_equal(figure_enter(cx, &e, NULL), RC_INVALID);
    assert_string_equal(cx->err.field, "method");
    ctx_clear(cx);
    e.method = STR("Điều tra mẫu.");
    e.note = STR("");
    assert_int_equal(figure_enter(cx, &e, NULL), RC_INVALID);
    assert_string_equal(cx->err.field, "note");
    struct file f = file_new(k, cx, PNG);
    e.evidence = &f;
    assert_int_equal(figure_enter(cx, &e, NULL), RC_OK); /* the paper shows it */
    db_rollback(cx);
}

static void corrected(void **state)
{
    struct desk *k = *state;
    struct entered_new e = percent("adult_users", "VN", "2025", 4300);
    struct entered_list all;
    int64_t first = entered(k, &e);
    e.num = 4500;
    e.note = STR("");
    assert_int_equal(enter_as(k, "leader@province", &e, NULL), RC_INVALID); /* why? */
    e.note = STR("Cộng thêm hai tỉnh.");
    int64_t second = entered(k, &e);
    assert_int_equal(got(k, "adult_users", "VN", "2025").self.num, 4500);
    assert_int_equal(
        entered_history(as(k, ""), STR("adult_users"), STR("VN"), of("2025"), &all), RC_OK);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.v[0].self.seq, second);
    assert_int_equal(all.v[1].self.seq, first);
    assert_int_equal(all.v[1].self.num, 4300);
    assert_int_equal(entered_series(as(k, ""), STR("adult_users"), STR("VN"), of("2025"), &all),
                     RC_OK);
    assert_int_equal(all.n, 1); /* as corrected */
}

static void with_evidence(void **state)
{
    struct desk *k = *state;
    struct ctx *cx = as(k, "leader@province");
    struct file f = file_new(k, cx, PNG);
    struct entered_new e = percent("adult_users", "VN", "2025", 4300);
    struct files_count papers;
    e.evidence = &f;
    assert_int_equal(figure_enter(cx, &e, NULL), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    struct entered is = got(k, "adult_users", "VN", "2025");
    assert_str(is.mime, "image/png");
    assert_int_equal(is.size, (int64_t)strlen(PNG));
    assert_true(str_eq(is.file, hash_hex(k->mem, &f.digest)));
    assert_int_equal(files_verify(as(k, ""), NULL, NULL, &papers), RC_OK);
    assert_int_equal(papers.files, 1); /* known to `verify`, as attachments are */
    assert_int_equal(papers.faults, 0);
}

/* -- verifying -- */

static void verified(void **state)
{
    struct desk *k = *state;
    struct entered_new e = percent("paper_cut", "VN", "2025", 5200);
    int64_t seq = entered(k, &e);
    struct verified_new v = {.seq = seq, .num = 4800, .den = 10000};
    assert_int_equal(verify_as(k, "leader@province", &v), RC_FORBIDDEN); /* one's own */
    assert_int_equal(verify_as(k, "specialist@province", &v), RC_FORBIDDEN);
    assert_int_equal(verify_as(k, "leader@commune", &v), RC_FORBIDDEN);
    assert_int_equal(verify_as(k, "auditor@province", &v), RC_INVALID); /* differs: why? */
    v.note = STR("Trừ giấy tờ đã bỏ từ trước.");
    assert_int_equal(verify_as(k, "auditor@province", &v), RC_OK);
    struct entered is = got(k, "paper_cut", "VN", "2025");
    assert_int_equal(is.self.num, 5200); /* side by side */
    assert_int_equal(is.verified.num, 4800);
    assert_int_equal(verify_as(k, "auditor@province", &v), RC_STATE); /* said already */
    struct verified_new other = {.seq = seq, .num = 5000, .den = 10000};
    assert_int_equal(verify_as(k, "auditor@province", &other), RC_INVALID); /* why now? */
    assert_str(is.verified_note, "Trừ giấy tờ đã bỏ từ trước.");
    e.num = 5000;
    e.note = STR("sửa sau kiểm tra");
    entered(k, &e); /* a correction does not undo what was verified */
    is = got(k, "paper_cut", "VN", "2025");
    assert_int_equal(is.self.num, 5000);
    assert_int_equal(is.verified.num, 4800);
    assert_int_equal(verify_as(k, "auditor@province", &v), RC_CONFLICT);
    v = (struct verified_new){.seq = seq + 100, .num = 1, .den = 2};
    assert_int_equal(verify_as(k, "auditor@province", &v), RC_NOT_FOUND);
}

/* A commune's figure is verified above it, not by its own leader. */
static void verified_above(void **state)
{
    struct desk *k = *state;
    struct entered_new e = percent("direction_online", "", "2025", 9000);
    int64_t seq;
    e.body = commune(k)->code;
    assert_int_equal(enter_as(k, "clerk@commune", &e, &seq), RC_OK);
    struct verified_new v = {.seq = seq, .num = 9000, .den = 10000};
    assert_int_equal(verify_as(k, "leader@commune", &v), RC_FORBIDDEN);
    assert_int_equal(verify_as(k, "leader@department", &v), RC_FORBIDDEN);
    assert_int_equal(verify_as(k, "leader@district", &v), RC_OK);
    v.den = 0;
    v.note = STR("x");
    assert_int_equal(verify_as(k, "leader@district", &v), RC_INVALID);
}

/* -- targets -- */

static struct target target(struct desk *k, const char *id)
{
    struct target t;
    assert_int_equal(target_by_id(as(k, ""), str_from(id), &t), RC_OK);
    return t;
}

static struct progress_line progress(struct desk *k, const char *id)
{
    struct progress_line p;
    struct target t = target(k, id);
    assert_int_equal(target_progress(as(k, ""), &t, &p), RC_OK);
    return p;
}

static void all_76(void **state)
{
    struct desk *k = *state;
    struct target_list all;
    bool seen[77] = {0};
    assert_int_equal(target_all(as(k, ""), &all), RC_OK);
    assert_int_equal(all.n, 88); /* some of the 76 have two or three parts */
    for (size_t i = 0; i < all.n; i++) {
        int64_t n = 0;
        assert_true(str_int(str_cut(all.v[i].id, 1, 3), &n) && n >= 1 && n <= 76);
        seen[n] = true;
        assert_non_null(all.v[i].ind);
        assert_non_null(all.v[i].speaker);
        assert_true(all.v[i].decl->quote.n > 0);
    }
    for (size_t i = 1; i <= 76; i++)
        assert_true(seen[i]);
    assert_non_null(target(k, "k15").unit); /* the province itself */
    assert_null(target(k, "k03").unit);
    assert_str(target(k, "k03").speaker->code, "H07");
    struct target t;
    assert_int_equal(target_by_id(as(k, ""), STR("k99"), &t), RC_NOT_FOUND);
}

static void promises_in_words(void **state)
{
    static const struct {
        const char *id, *vi, *en;
    } rows[] = {
        {"k03", "≥ 80 %", "≥ 80%"},
        {"k02", "100 %", "100%"},
        {"k65", "≤ 15", "≤ 15"},
        {"k74", "gấp 2 lần (2)", "2 times as much (2)"},
        {"k41", "≥ 60.000.000.000 đồng", "≥ VND 60,000,000,000"},
        {"k15", "", ""}, /* told, not promised */
    };
    struct desk *k = *state;
    struct ctx *cx = as(k, "");
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct target t = target(k, rows[i].id);
        cx->lang = LANG_VI;
        assert_str(target_promise_text(cx, &t), rows[i].vi);
        cx->lang = LANG_EN;
        assert_str(target_promise_text(cx, &t), rows[i].en);
    }
    struct target t = target(k, "k52");
    cx->lang = LANG_VI;
    assert_str(target_value_text(cx, &t, 13553), "135,53");
    assert_str(target_value_text(cx, &t, DB_NULL), "—");
    t = target(k, "k32-growth");
    assert_str(target_value_text(cx, &t, -350), "-3,50 %");
}

/* 10, 12, 14, 16 % at the ends of 2022 … 2025; 30 % are promised for the end of 2030. */
static void behind_its_path(void **state)
{
    static const char *const years[] = {"2022", "2023", "2024", "2025"};
    struct desk *k = *state;
    for (int i = 0; i < 4; i++)
        entered_percent(k, "digital_economy_share", "H23", years[i], 1000 + i * 200);
    struct progress_line p = progress(k, "k33");
    assert_int_equal(p.n, 4);
    assert_int_equal(p.latest, 1600);
    assert_int_equal(p.expected, 1750); /* 10 + 20 × 1096 / 2922 days */
    assert_int_equal(p.state, TARGET_BEHIND);
    assert_int_equal(p.forecast, 2599); /* 0.547 hundredths a day, 2922 days from the first */
    assert_str(day_iso(k->mem, p.reach_day), "2032-12-31");
    entered_percent(k, "digital_economy_share", "H23", "2025", 1750);
    assert_int_equal(progress(k, "k33").state, TARGET_ON_PATH);
    entered_percent(k, "digital_economy_share", "H23", "2025", 3000);
    p = progress(k, "k33");
    assert_int_equal(p.state, TARGET_REACHED);
    assert_int_equal(p.reach_day, INT32_MAX);
}

static void no_forecast(void **state)
{
    struct desk *k = *state;
    struct progress_line p = progress(k, "k34");
    assert_int_equal(p.n, 0);
    assert_true(p.latest == DB_NULL && p.expected == DB_NULL && p.forecast == DB_NULL);
    assert_int_equal(p.state, TARGET_UNKNOWN);
    entered_percent(k, "sector_datasets", "H23", "2024", 2000);
    p = progress(k, "k34");
    assert_int_equal(p.state, TARGET_OPEN); /* one value gives no path */
    entered_percent(k, "sector_datasets", "H23", "2025", 2000);
    p = progress(k, "k34");
    assert_int_equal(p.state, TARGET_BEHIND);
    assert_true(p.forecast == DB_NULL); /* two are no trend */
    entered_percent(k, "sector_datasets", "H23", "2023", 2000);
    p = progress(k, "k34");
    assert_int_equal(p.forecast, 2000); /* it stands still */
    assert_int_equal(p.reach_day, INT32_MAX);
}

static void states(void **state)
{
    static const struct {
        const char *id, *indicator, *body, *period;
        int64_t value;
        enum target_state is;
    } rows[] = {
        {"k02", "level4_share", "VN", "2021", 10000, TARGET_REACHED},
        {"k02", "level4_share", "VN", "2021", 9799, TARGET_MISSED},
        {"k03", "level4_share", "H23", "2025", 8000, TARGET_REACHED},
        {"k03", "level4_share", "H23", "2025", 7999, TARGET_MISSED},
        {"k05", "level4_share", "H15", "2023", 9000, TARGET_UNKNOWN}, /* two years before */
        {"k39", "productivity_growth", "H15", "2025", -200, TARGET_MISSED},
        {"k01", "level4_share", "VN", "2019", 1100, TARGET_TOLD},
    };
    struct desk *k = *state;
    assert_int_equal(progress(k, "k02").state, TARGET_UNKNOWN); /* nothing but its baseline */
    for (size_t i = 0; i < ROWS(rows); i++) {
        entered_percent(k, rows[i].indicator, rows[i].body, rows[i].period, rows[i].value);
        enum target_state is = progress(k, rows[i].id).state;
        if (is != rows[i].is)
            fail_msg("row %zu: %s", i, target_state_name(is));
    }
}

/* The first of fifteen: less is better. Twice as many: the product counts. */
static void downwards_and_times(void **state)
{
    struct desk *k = *state;
    struct entered_new rank = percent("province_rank", "H23", "2023", 0);
    rank.den = 0;
    rank.num = 20;
    entered(k, &rank);
    rank.period = of("2025");
    rank.num = 18; /* the path asks for 20 - 5 × 731 / 2557 = 18.57 */
    entered(k, &rank);
    assert_int_equal(progress(k, "k65").state, TARGET_ON_PATH);
    assert_int_equal(progress(k, "k65").expected, 2000 - 500 * 731 / 2557);
    rank.num = 19;
    rank.note = STR("sửa");
    entered(k, &rank);
    assert_int_equal(progress(k, "k65").state, TARGET_BEHIND);
    rank.num = 15;
    entered(k, &rank);
    assert_int_equal(progress(k, "k65").state, TARGET_REACHED);
    struct entered_new firms = percent("digital_firms_index", "VN", "2020", 199);
    firms.den = 100;
    entered(k, &firms);
    assert_int_equal(progress(k, "k74").state, TARGET_MISSED);
    firms.num = 200;
    firms.note = STR("sửa");
    entered(k, &firms);
    assert_int_equal(progress(k, "k74").state, TARGET_REACHED);
}

/* What was verified is what counts. */
static void verified_counts(void **state)
{
    struct desk *k = *state;
    struct verified_new v = {.num = 7900, .den = 10000, .note = STR("đếm lại")};
    v.seq = entered_percent(k, "level4_share", "H23", "2025", 8100);
    assert_int_equal(progress(k, "k03").state, TARGET_REACHED);
    assert_int_equal(verify_as(k, "auditor@province", &v), RC_OK);
    struct progress_line p = progress(k, "k03");
    assert_int_equal(p.state, TARGET_MISSED);
    assert_int_equal(p.points[p.n - 1].source, POINT_VERIFIED);
}

/* -- what is owed -- */

static const struct owed *owed_of(const struct owed_list *list, const char *id)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i].target.id, str_from(id)))
            return &list->v[i];
    return NULL;
}

static struct owed_list owed(struct desk *k, const char *unit)
{
    struct owed_list list;
    struct ctx *cx = as(k, "");
    const struct unit *u = unit ? unit_find(cx, str_from(unit)) : NULL;
    assert_int_equal(target_owed(cx, u ? u->id : (struct unit_id){0}, &list), RC_OK);
    return list;
}

static void who_owes(void **state)
{
    struct desk *k = *state;
    struct owed_list list = owed(k, NULL);
    const struct owed *o = owed_of(&list, "k27-households");
    assert_non_null(o);
    assert_str(period_id(k->mem, o->period), "2025-Q4"); /* the last before the promised day */
    assert_str(day_iso(k->mem, o->due), "2026-01-15");
    assert_true(o->is_overdue);
    assert_int_equal(o->missing, 1); /* nothing was ever known: no history is asked for */
    o = owed_of(&list, "k33");       /* the year that ended, though 2030 is promised */
    assert_str(period_id(k->mem, o->period), "2025");
    assert_null(owed_of(&list, "k30-grdp")); /* the same figure, the earlier promise */
    assert_null(owed_of(&list, "k15"));      /* events give it */
    assert_null(owed_of(&list, "k43"));      /* told, not promised */
    assert_null(owed_of(&list, "k13"));      /* another body's, computed there */
    o = owed_of(&list, "k02");
    assert_str(period_id(k->mem, o->period), "2021");
    assert_int_equal(o->missing, 1); /* 2020 was published */
    assert_int_equal(owed(k, "H07").n, list.n);
    assert_int_equal(owed(k, str_z(k->mem, commune(k)->code)).n, 0);
}

static void owed_until_entered(void **state)
{
    struct desk *k = *state;
    struct owed_list list;
    entered_percent(k, "fibre_households", "H23", "2025-Q2", 7000);
    list = owed(k, NULL);
    assert_int_equal(owed_of(&list, "k27-households")->missing, 2); /* third and fourth */
    entered_percent(k, "fibre_households", "H23", "2025-Q4", 7500);
    list = owed(k, NULL);
    assert_null(owed_of(&list, "k27-households"));
    assert_non_null(owed_of(&list, "k28-households")); /* the other province's own */
}

/* The year 2026 is owed from its end, and overdue on the sixteenth day after it. */
static void days_of_grace(void **state)
{
    static const struct {
        const char *day, *period;
        bool is_overdue;
    } rows[] = {
        {"2026-12-31", "2025", true},
        {"2027-01-01", "2026", false},
        {"2027-01-15", "2026", false},
        {"2027-01-16", "2026", true},
    };
    struct desk *k = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int32_t day;
        assert_true(day_parse(str_from(rows[i].day), &day));
        k->now_us = day_start(day) + 9 * HOUR_US;
        struct owed_list list = owed(k, NULL);
        const struct owed *o = owed_of(&list, "k34");
        assert_str(period_id(k->mem, o->period), rows[i].period);
        assert_int_equal(o->is_overdue, rows[i].is_overdue);
    }
    k->office.app.settings.figure_grace_days = 0;
    struct owed_list list = owed(k, NULL);
    assert_str(day_iso(k->mem, owed_of(&list, "k34")->due), "2026-12-31");
}

static void no_such_unit(void **state)
{
    struct desk *k = *state;
    struct owed_list list;
    assert_int_equal(target_owed(as(k, ""), (struct unit_id){99999}, &list), RC_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(values_read),           UNIT(values_refused),    UNIT(values_split),
        TARGET(entered_and_read),    TARGET(own_figures),     TARGET(not_entered),
        TARGET(of_other_bodies),     TARGET(corrected),       TARGET(within_its_range),
        TARGET(method_and_source),   TARGET(with_evidence),   TARGET(verified),
        TARGET(verified_above),      TARGET(all_76),          TARGET(promises_in_words),
        TARGET(behind_its_path),     TARGET(no_forecast),     TARGET(states),
        TARGET(downwards_and_times), TARGET(verified_counts), TARGET(who_owes),
        TARGET(owed_until_entered),  TARGET(days_of_grace),   TARGET(no_such_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
