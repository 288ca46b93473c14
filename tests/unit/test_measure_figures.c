/* test_measure_figures.c - how figures are written, stocks over time, periods at their edges,
 * rows by unit, procedure and day, and a pack that is published anew. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"
#include "pack_help.h"

/* -- writing -- */

static const struct text_row {
    enum indicator_unit unit;
    int64_t num, den;
    const char *vi, *en;
    int64_t value;
} text_rows[] = {
    {IND_COUNT, 0, 0, "0", "0", 0},
    {IND_COUNT, 999, 0, "999", "999", 99900},
    {IND_COUNT, 1000, 0, "1.000", "1,000", 100000},
    {IND_COUNT, 1234567, 5, "1.234.567", "1,234,567", 123456700},
    {IND_COUNT, -1, 0, "-1", "-1", -100},
    {IND_COUNT, -1234, 0, "-1.234", "-1,234", -123400},
    {IND_PERCENT, 0, 0, "—", "—", DB_NULL},
    {IND_PERCENT, 5, 0, "—", "—", DB_NULL},
    {IND_PERCENT, 0, 7, "0,00 %", "0.00%", 0},
    {IND_PERCENT, 7, 7, "100,00 %", "100.00%", 10000},
    {IND_PERCENT, 1, 3, "33,33 %", "33.33%", 3333},
    {IND_PERCENT, 2, 3, "66,67 %", "66.67%", 6667},
    {IND_PERCENT, 1, 800, "0,13 %", "0.13%", 13}, /* half goes up */
    {IND_PERCENT, 1, 30000, "0,00 %", "0.00%", 0},
    {IND_PERCENT, 29999, 30000, "100,00 %", "100.00%", 10000},
    {IND_PERCENT, 1, INT64_C(1000000000000), "0,00 %", "0.00%", 0},
    {IND_DAYS, 12, 5, "2,40 ngày làm việc", "2.40 working days", 240},
    {IND_DAYS, 0, 4, "0,00 ngày làm việc", "0.00 working days", 0},
    {IND_DAYS, 0, 0, "—", "—", DB_NULL},
    {IND_DAYS, 100000, 1, "100.000,00 ngày làm việc", "100,000.00 working days", 10000000},
    {IND_SCORE, 8, 3, "2,67", "2.67", 267},
    {IND_SCORE, 1, 20, "0,05", "0.05", 5},
    /* as much as a statement may say: times 10 000 it is more than 63 bits */
    {IND_PERCENT, INT64_C(1000000000000000), INT64_C(1000000000000000), "100,00 %", "100.00%",
     10000},
    {IND_PERCENT, INT64_C(999999999999999), INT64_C(2000000000000000), "50,00 %", "50.00%",
     5000},
    {IND_DAYS, INT64_C(1000000000000000), 3, "333.333.333.333.333,33 ngày làm việc",
     "333,333,333,333,333.33 working days", INT64_C(33333333333333333)},
    /* more was taken back than counted: late corrections of another month */
    {IND_PERCENT, -1, 3, "-33,33 %", "-33.33%", -3333},
    {IND_PERCENT, -1, 800, "-0,13 %", "-0.13%", -13}, /* half goes away from zero */
    {IND_PERCENT, -1, 30000, "0,00 %", "0.00%", 0},
    {IND_DAYS, -12, 5, "-2,40 ngày làm việc", "-2.40 working days", -240},
    {IND_SCORE, -1, 20, "-0,05", "-0.05", -5},
};

static void texts(void **state)
{
    for (size_t i = 0; i < ROWS(text_rows); i++) {
        const struct text_row *r = &text_rows[i];
        struct ctx *cx = ctx_new(*state, NULL);
        struct indicator ind = {.unit = r->unit};
        struct figure f = {r->num, r->den, 0};
        cx->lang = LANG_VI;
        struct str vi = figure_text(cx, &ind, &f);
        cx->lang = LANG_EN;
        struct str en = figure_text(cx, &ind, &f);
        if (!str_eq(vi, str_from(r->vi)) || !str_eq(en, str_from(r->en)))
            fail_msg("row %zu: %.*s, %.*s", i, STR_ARG(vi), STR_ARG(en));
        assert_true(figure_value(&ind, &f) == r->value);
    }
}

/* -- stocks -- */

static const struct indicator *named(struct desk *k, const char *id)
{
    const struct indicator *ind = indicator_find(as(k, ""), str_from(id));
    assert_non_null(ind);
    return ind;
}

static int64_t number_in(struct desk *k, const char *id, int32_t from, int32_t to)
{
    struct slice s = {.period = {from, to}};
    struct figure f;
    assert_int_equal(figure_get(as(k, ""), named(k, id), &s, &f), RC_OK);
    return f.num;
}

static size_t behind_in(struct desk *k, const char *id, int32_t from, int32_t to)
{
    struct slice s = {.period = {from, to}};
    struct json *out = NULL;
    assert_int_equal(figure_dossiers(as(k, ""), named(k, id), &s, -1, 0, &out), RC_OK);
    assert_int_equal(json_int(out, "next", -2), -1);
    return json_get(out, STR("rows"))->n;
}

/* Filed on the 1st, 2nd and 3rd of June; the first withdrawn on the 3rd. What stands at the
 * end of a period does not ask when the period began, and has as many dossiers behind it. */
static void a_stock(void **state)
{
    static const int32_t none = INT32_MIN;
    struct desk *k = *state;
    int32_t first = day_make(2026, 6, 1);
    struct dossier_ref a = filed(k);
    k->now_us += DAY_US;
    filed(k);
    k->now_us += DAY_US;
    filed(k);
    assert_int_equal(act_one(k, "an", &a, "withdraw"), RC_OK);
    const struct {
        int32_t from, to;
        int64_t n;
    } rows[] = {
        {none, first, 0},        {first, first + 1, 1},
        {first, first + 2, 2},   {first + 1, first + 2, 2},
        {none, first + 3, 2},    {first + 2, first + 3, 2},
        {first, first + 100, 2}, {0, 0, 2},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t n = number_in(k, "open", rows[i].from, rows[i].to);
        size_t behind = behind_in(k, "open", rows[i].from, rows[i].to);
        if (n != rows[i].n || behind != (size_t)rows[i].n)
            fail_msg("row %zu: %d, behind %zu", i, (int)n, behind);
    }
}

/* -- periods -- */

/* A day belongs to the period that begins with it, not to the one that ends there. */
static void period_edges(void **state)
{
    struct desk *k = *state;
    int32_t day = day_make(2026, 6, 1);
    k->now_us = day_start(day + 1) - 1; /* the last microsecond of the 1st */
    filed(k);
    k->now_us = day_start(day + 1); /* the first of the 2nd */
    filed(k);
    filed(k);
    const struct {
        int32_t from, to;
        int64_t n;
    } rows[] = {
        {day, day + 1, 1}, {day + 1, day + 2, 2}, {day, day + 2, 3}, {day, day, 0},
        {day - 1, day, 0}, {day + 2, day + 9, 0}, {day + 2, day, 0}, {0, 0, 3},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t n = number_in(k, "received", rows[i].from, rows[i].to);
        if (n != rows[i].n)
            fail_msg("row %zu: %d", i, (int)n);
        if (rows[i].from < rows[i].to)
            assert_int_equal(behind_in(k, "received", rows[i].from, rows[i].to), n);
    }
}

/* -- rows -- */

static struct figure_rows rows_by(struct desk *k, enum figure_by by, int unit, enum lang lang)
{
    struct figure_rows rows = {0};
    struct ctx *cx = as(k, "");
    struct slice s = {.period = {day_make(2026, 6, 1), day_make(2026, 8, 1)}};
    if (unit >= 0)
        s.unit = k->office.units[unit];
    cx->lang = lang;
    assert_int_equal(figure_rows(cx, named(k, "received"), &s, by, &rows), RC_OK);
    return rows;
}

static void row_is(const struct figure_row *r, const char *key, const char *label, int64_t n)
{
    if (!str_eq(r->key, str_from(key)) || !str_eq(r->label, str_from(label)) || r->f.num != n)
        fail_msg("%.*s %.*s %d, not %s %s %d", STR_ARG(r->key), STR_ARG(r->label),
                 (int)r->f.num, key, label, (int)n);
}

static void rows_of_all_kinds(void **state)
{
    struct desk *k = *state;
    struct figure_rows r;
    filed(k);
    k->now_us += DAY_US;
    filed(k);
    filed(k);
    k->now_us += 29 * DAY_US; /* 1 July */
    filed(k);
    r = rows_by(k, BY_DAY, 0, LANG_VI);
    assert_int_equal(r.n, 3);
    row_is(&r.v[0], "2026-06-01", "2026-06-01", 1);
    row_is(&r.v[1], "2026-06-02", "2026-06-02", 2);
    row_is(&r.v[2], "2026-07-01", "2026-07-01", 1);
    r = rows_by(k, BY_MONTH, 0, LANG_VI);
    assert_int_equal(r.n, 2);
    row_is(&r.v[0], "2026-06", "2026-06", 3);
    row_is(&r.v[1], "2026-07", "2026-07", 1);
    r = rows_by(k, BY_PROCEDURE, 3, LANG_VI);
    assert_int_equal(r.n, 1);
    row_is(&r.v[0], "9.000001", "Cấp giấy phép nhỏ", 4);
    r = rows_by(k, BY_PROCEDURE, -1, LANG_EN);
    row_is(&r.v[0], "9.000001", "Small permit", 4);
    /* each unit shows the branches below it; the commune itself its own row; all: the roots */
    r = rows_by(k, BY_UNIT, -1, LANG_EN);
    assert_int_equal(r.n, 1);
    row_is(&r.v[0], "H07", "People's Committee of Mau province", 4);
    r = rows_by(k, BY_UNIT, 0, LANG_EN);
    row_is(&r.v[0], "H07.21", "People's Committee of Mau district", 4);
    r = rows_by(k, BY_UNIT, 2, LANG_EN);
    row_is(&r.v[0], "H07.21.01", "People's Committee of Mau commune", 4);
    r = rows_by(k, BY_UNIT, 3, LANG_EN);
    row_is(&r.v[0], "H07.21.01", "People's Committee of Mau commune", 4);
    assert_int_equal(rows_by(k, BY_UNIT, 1, LANG_EN).n, 0);
}

/* -- what lies behind, page by page -- */

static void pages_behind(void **state)
{
    struct desk *k = *state;
    static const char *const ids[] = {"received", "open"};
    for (int i = 0; i < 5; i++)
        filed(k);
    for (size_t i = 0; i < ROWS(ids); i++)
        for (size_t limit = 1; limit <= 6; limit++) {
            struct slice s = {.period = {0, 0}};
            bool is_stock = named(k, ids[i])->is_stock;
            int64_t next = -1, last = is_stock ? INT64_MAX : -1;
            size_t seen = 0;
            for (int page = 0; page < 10; page++) {
                struct json *out = NULL;
                assert_int_equal(
                    figure_dossiers(as(k, ""), named(k, ids[i]), &s, next, limit, &out), RC_OK);
                const struct json *rows = json_get(out, STR("rows"));
                assert_true(rows->n <= limit);
                JSON_EACH (rows, row) {
                    int64_t seq = json_int(row, "seq", -1); /* in order, none twice */
                    assert_true(is_stock ? seq < last : seq > last);
                    last = seq;
                    seen++;
                }
                next = json_int(out, "next", -2);
                if (next == -1)
                    break;
            }
            assert_int_equal(next, -1);
            assert_int_equal(seen, 5);
        }
}

/* Nothing personal stands in a row. */
static void rows_tell_no_names(void **state)
{
    struct desk *k = *state;
    struct slice s = {.period = {0, 0}};
    struct json *out = NULL;
    struct ctx *cx = as(k, "");
    filed(k);
    assert_int_equal(figure_dossiers(cx, named(k, "received"), &s, -1, 0, &out), RC_OK);
    struct str text = json_canonical(cx->mem, out);
    assert_false(str_has(text, STR("Nguyễn Văn An")));
    assert_false(str_has(text, STR("083095000011")));
    assert_false(str_has(text, STR("ấp Mẫu")));
}

/* -- a new version -- */

/* Dossiers go on under the version they were filed with; each event counts once, under the
 * definition in force when it happened, and the sum goes on under the same name. */
static void a_new_version(void **state)
{
    struct desk *k = *state;
    struct str ref;
    const char *id = "small-permit.permits_online";
    struct dossier_ref a = filed(k);
    assert_int_equal(number_in(k, id, 0, 0), 1);
    struct ctx *cx = as(k, "");
    struct pack_files *f = edited(cx, "pack.yaml", "version: 1.2.0", "version: 1.3.0");
    for (size_t i = 0; i < f->n; i++) /* from now on only the counter counts */
        if (str_eq(f->v[i].name, STR("indicators.yaml"))) {
            const char *z = str_z(cx->mem, f->v[i].data), *at = strstr(z, "channel == 2");
            f->v[i].data = str_fmt(cx->mem, "%.*schannel == 1%s", (int)(at - z), z, at + 12);
        }
    assert_int_equal(pack_publish(cx, f, &ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
    assert_int_equal(measure_reload(cx), RC_OK);
    assert_int_equal(number_in(k, id, 0, 0), 1);
    filed(k); /* online: not counted any more */
    assert_int_equal(number_in(k, id, 0, 0), 1);
    assert_int_equal(number_in(k, "received", 0, 0), 2);
    assert_int_equal(behind_in(k, id, 0, 0), 2); /* in the denominator */
    assert_int_equal(act_one(k, "reception@commune", &a, "accept"), RC_OK);
    assert_int_equal(act_one(k, "specialist@commune", &a, "approve"), RC_OK);
    struct slice s = {.period = {0, 0}};
    struct figure days;
    assert_int_equal(figure_get(as(k, ""), named(k, "small-permit.permit_days"), &s, &days),
                     RC_OK);
    assert_int_equal(days.den, 1);
    size_t n, same = 0;
    const struct indicator *const *all = indicator_all(as(k, ""), &n);
    for (size_t i = 0; i < n; i++)
        same += str_eq(all[i]->id, str_from(id));
    assert_int_equal(same, 1);
}

static void absent(void **state)
{
    struct desk *k = *state;
    static const char *const ids[] = {
        "", "permits_online", "small-permit", "one-stop.received", "RECEIVED", "received "};
    for (size_t i = 0; i < ROWS(ids); i++)
        assert_null(indicator_find(as(k, ""), str_from(ids[i])));
}

/* An address with a made-up agency must not show everybody's figures. */
static void a_strange_unit(void **state)
{
    struct desk *k = *state;
    struct slice s = {.unit = {INT64_C(987654321)}};
    struct figure f;
    struct json *out;
    filed(k);
    assert_int_equal(figure_get(as(k, ""), named(k, "received"), &s, &f), RC_NOT_FOUND);
    assert_int_equal(figure_dossiers(as(k, ""), named(k, "received"), &s, -1, 0, &out),
                     RC_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(texts),          DESK(a_stock),
        DESK(period_edges),   DESK(rows_of_all_kinds),
        DESK(pages_behind),   DESK(rows_tell_no_names),
        DESK(a_new_version),  DESK(absent),
        DESK(a_strange_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
