/* test_score_fixture.c - a quarter of dossiers is played day by day; every index says what
 * tests/measure/expect.py worked out of the same rows without this program. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "casework_help.h"
#include "measure/backfill.h"
#include "ops/rebuild.h"
#include "score/score.h"
#include "text/csv.h"

enum { STEPS_MAX = 2000, ROWS_MAX = 200 };

static struct str measured_dir(struct arena *mem, const char *name)
{
    struct str here = str_from(__FILE__);
    while (here.n && here.p[here.n - 1] != '/')
        here.n--;
    return str_fmt(mem, "%.*s../measure/%s", STR_ARG(here), name);
}

static struct json *rows_read(struct ctx *cx, const char *name)
{
    FILE *f = fopen(str_z(cx->mem, measured_dir(cx->mem, name)), "rb");
    char *p = arena_alloc(cx->mem, 1 << 20);
    struct json *rows = NULL;
    assert_non_null(f);
    size_t n = fread(p, 1, 1 << 20, f);
    fclose(f);
    assert_int_equal(csv_parse(cx, str_n(p, n), &rows), RC_OK);
    return rows;
}

/* -- the stage: two services, four indices, a second commune, an office for opinions -- */

struct stage {
    struct desk *k;
    struct unit_id units[3]; /* a, b, d */
    const struct pack *permit, *petition;
    struct dossier_ref refs[ROWS_MAX + 1]; /* by number */
};

static void publish(struct desk *k, struct pack_files *f)
{
    struct ctx *cx = as(k, "");
    struct str ref;
    if (pack_publish(cx, f, &ref) != RC_OK)
        fail_msg("%s", cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
    assert_int_equal(measure_reload(cx), RC_OK);
}

static void officers_add_to(struct desk *k, struct unit_id unit)
{
    struct ctx *cx = as(k, "");
    struct str code = str_lower(cx->mem, unit_code_of(cx, unit));
    for (int r = 0; r < ROLE_COUNT; r++) {
        int64_t account = 0;
        struct subject s = {
            .kind = SUBJECT_CITIZEN, .name = STR("Cán bộ B"), .birth = INT32_MIN};
        struct account_new a = {
            .is_officer = true,
            .login = str_fmt(cx->mem, "%s.%.*s", role_name((enum role)r), STR_ARG(code))};
        assert_int_equal(subject_add(cx, &s, &a.subject), RC_OK);
        assert_int_equal(account_add_hashed(cx, &a, STR("$argon2id$none"), &account), RC_OK);
        assert_int_equal(role_grant(cx, account, (enum role)r, unit), RC_OK);
    }
    assert_int_equal(db_commit(cx), RC_OK);
}

static struct unit_id commune_b(struct desk *k)
{
    struct ctx *cx = as(k, "");
    struct unit_id id;
    struct unit_new u = {.code = STR("H07.21.02"),
                         .code_old = STR(""),
                         .name_vi = STR("Ủy ban nhân dân xã Bê"),
                         .name_en = STR("People's Committee of Be commune"),
                         .parent = STR("H07.21"),
                         .kind = UNIT_COMMUNE,
                         .from = day_make(2000, 1, 1)};
    assert_int_equal(unit_add(cx, &u, &id), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(units_reload(cx), RC_OK);
    officers_add_to(k, id);
    return id;
}

/* The services were published before the index: it counts them afterwards. */
static void past_count(struct desk *k)
{
    static const char *const ids[] = {"q766-announced", "q766-public",  "q766-complete",
                                      "q766-offered",   "q766-payable", "tt01-9-level"};
    for (size_t i = 0; i < ROWS(ids); i++) {
        struct ctx *cx = as(k, "");
        if (indicator_backfill(cx, str_from(ids[i]), NULL, NULL) != RC_OK)
            fail_msg("%s: %s", ids[i], cx->err.detail);
    }
    assert_int_equal(measure_reload(as(k, "")), RC_OK);
}

static struct stage *stage_open(struct desk *k)
{
    static const char *const cards[] = {"index-766", "index-emc", "index-tt01", "index-govuk"};
    static const char *const services[] = {"petition", "register"};
    struct stage *p = arena_new_of(k->mem, struct stage);
    struct ctx *cx = as(k, "");
    struct pack_files *f;
    p->k = k;
    p->units[0] = k->office.units[3];
    p->units[1] = commune_b(k);
    p->units[2] = k->office.units[2];
    for (size_t i = 0; i < ROWS(services); i++) {
        assert_int_equal(pack_files_read(cx, measured_dir(k->mem, services[i]), &f), RC_OK);
        publish(k, f);
    }
    for (size_t i = 0; i < ROWS(cards); i++) {
        assert_int_equal(pack_files_embedded(cx, str_from(cards[i]), &f), RC_OK);
        publish(k, f);
    }
    past_count(k);
    p->permit = pack_current(cx, STR("measured-permit"));
    p->petition = pack_current(cx, STR("measured-petition"));
    assert_non_null(p->permit);
    assert_non_null(p->petition);
    return p;
}

/* -- one step of one row -- */

static const struct unit *unit_at_row(struct stage *p, const struct json *row)
{
    static const char names[] = "abd";
    struct str unit = json_str(row, "unit");
    for (size_t i = 0; i < ROWS(p->units); i++)
        if (unit.n == 1 && unit.p[0] == names[i])
            return unit_of(p->k->cx, p->units[i]);
    fail_msg("unit %.*s", STR_ARG(unit));
    return NULL;
}

static int64_t number(const struct json *row, const char *key)
{
    int64_t n = 0;
    struct str s = json_str(row, key);
    return s.n && str_int(s, &n) ? n : 0;
}

static struct ctx *officer(struct stage *p, const struct unit *u, const char *role)
{
    struct ctx *cx = as(p->k, "");
    struct who *w;
    assert_int_equal(office_officer(cx, u, str_from(role), &w), RC_OK);
    cx->who = w;
    return cx;
}

/* What a petition is about follows from its number; expect.py knows it, too. */
static const char *answers_at(const struct json *row, bool is_petition)
{
    if (is_petition)
        return number(row, "no") % 5 == 0 ? "{\"size\":\"local\"}"
               : number(row, "no") % 2    ? "{\"size\":\"rule\"}"
                                          : "{\"size\":\"conduct\"}";
    return number(row, "fee") ? "{\"size\":\"large\"}" : "{\"size\":\"small\"}";
}

static void file_row(struct stage *p, const struct json *row)
{
    struct ctx *cx = as(p->k, "an");
    struct form_errors errs = {0};
    bool is_petition = str_eq(json_str(row, "service"), STR("petition"));
    size_t n = (size_t)number(row, "papers");
    struct file_list files = {arena_array(cx->mem, struct file, n + 1), n};
    for (size_t i = 0; i < n; i++) {
        files.v[i] = file_new(p->k, cx, PNG);
        files.v[i].document = STR("photo");
    }
    if (n) {
        files.v[0].is_reused = number(row, "reused");
        files.v[0].is_from_store = number(row, "store");
    }
    struct submission s = {.pack = is_petition ? p->petition : p->permit,
                           .unit = unit_at_row(p, row),
                           .applicant = cx->who->subject,
                           .answers = answers_of(p->k, answers_at(row, is_petition)),
                           .channel = (enum channel)number(row, "channel"),
                           .more = &files,
                           .is_verified = number(row, "verified")};
    if (dossier_submit(cx, &s, &errs, &p->refs[number(row, "no")]) != RC_OK)
        fail_msg("row %.*s: %s", STR_ARG(json_str(row, "no")), cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
}

static void draft_row_begin(struct stage *p, const struct json *row)
{
    struct ctx *cx = as(p->k, "binh");
    struct draft *d;
    assert_int_equal(draft_new(cx, p->permit, unit_at_row(p, row), &d), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static void act_as(struct stage *p, struct ctx *cx, const struct json *row, const struct act *a)
{
    struct dossier_ref *ref = &p->refs[number(row, "no")];
    struct dossier *d = NULL;
    struct form_errors errs = {0};
    enum rc rc = dossier_open(cx, ref->code, &d);
    if (rc == RC_OK)
        rc = dossier_act(cx, d, a, &errs, ref);
    if (rc == RC_OK)
        rc = db_commit(cx);
    if (rc != RC_OK)
        fail_msg("row %.*s %.*s: %s %s %s", STR_ARG(json_str(row, "no")), STR_ARG(a->id),
                 rc_name(rc), cx->err.field, cx->err.detail);
}

static struct json *items(struct ctx *cx)
{
    struct json *list = json_new_arr(cx->mem);
    json_push(list, json_new_str(cx->mem, STR("ảnh rõ hơn")));
    return list;
}

/* Who does the act, and with what. */
static void step_act(struct stage *p, const struct json *row, const char *act)
{
    static const char *const applicants[] = {"resubmit", "withdraw", "appeal", "reopen"};
    static const char *const receptions[] = {"accept", "refuse", "hand_over"};
    const struct unit *u = unit_at_row(p, row);
    bool is_petition = str_eq(json_str(row, "service"), STR("petition"));
    bool asks = strcmp(act, "supplement") == 0, is_system = false;
    const char *role = strcmp(act, "uphold") == 0 ? "leader" : "specialist";
    struct act a = {.id = str_from(act)};
    for (size_t i = 0; i < ROWS(applicants); i++)
        is_system = is_system || strcmp(act, applicants[i]) == 0;
    for (size_t i = 0; i < ROWS(receptions); i++)
        if (strcmp(act, receptions[i]) == 0)
            role = "reception";
    if (asks && is_petition)
        role = "reception";
    struct ctx *cx = is_system ? as(p->k, "an") : officer(p, u, role);
    if (asks || strcmp(act, "refuse") == 0 || strcmp(act, "stop") == 0 ||
        strcmp(act, "reopen") == 0 || strcmp(act, "appeal") == 0)
        a.reason = STR("lý do");
    if (strcmp(act, "refuse") == 0 || strcmp(act, "stop") == 0)
        a.law = STR("Nghị định 61/2018/NĐ-CP");
    if (asks)
        a.items = items(cx);
    if (strcmp(act, "approve") == 0) {
        a.is_paid = number(row, "paid");
        if (number(row, "result")) {
            struct file *f = arena_new_of(cx->mem, struct file);
            *f = file_new(p->k, cx, "%PDF-1.4\n made for a test");
            a.result = f;
        }
    }
    act_as(p, cx, row, &a);
}

static void step_answer(struct stage *p, const struct json *row)
{
    struct ctx *look_cx = as(p->k, "");
    const struct unit *fire = unit_with_duty(look_cx, unit_at_row(p, row), STR("fire"));
    struct ctx *cx = officer(p, fire, "specialist");
    struct dossier_ref *ref = &p->refs[number(row, "no")];
    struct dossier *d = NULL;
    struct answer a = {.branch = STR("fire"), .outcome = STR("agree")};
    assert_int_equal(dossier_open(cx, ref->code, &d), RC_OK);
    assert_int_equal(dossier_answer(cx, d, &a, ref), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
}

static void step_rate(struct stage *p, const struct json *row)
{
    struct ctx *cx = as(p->k, "an");
    struct dossier *d = NULL;
    assert_int_equal(dossier_open(cx, p->refs[number(row, "no")].code, &d), RC_OK);
    if (dossier_rate(cx, d, (int)number(row, "score"), STR_NULL) != RC_OK)
        fail_msg("row %.*s: %s", STR_ARG(json_str(row, "no")), cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
}

/* -- the days -- */

/* Columns that name a day, in the order in which they happen on one day. */
static const struct step {
    const char *column, *act; /* act NULL: not an act */
    int hour;
} steps[] = {
    {"filed", NULL, 9},           {"accepted", "accept", 10}, {"asked", "consult", 11},
    {"answered", NULL, 11},       {"ask1", "supplement", 11}, {"back1", "resubmit", 12},
    {"ask2", "supplement", 12},   {"back2", "resubmit", 13},  {"end", NULL, 14},
    {"complained", "appeal", 15}, {"reopened", "reopen", 15}, {"rated", NULL, 16},
};

static void step_end(struct stage *p, const struct json *row)
{
    struct str how = json_str(row, "how");
    if (str_eq(how, STR("refused")))
        step_act(p, row, "refuse");
    else if (str_eq(how, STR("stopped")))
        step_act(p, row, "stop");
    else if (str_eq(how, STR("withdrawn")))
        step_act(p, row, "withdraw");
    else
        step_act(p, row, "approve");
    bool is_permit = str_eq(json_str(row, "service"), STR("permit"));
    if (str_eq(how, STR("ready")) && is_permit)
        step_act(p, row, "hand_over");
}

static void step_play(struct stage *p, const struct json *row, const struct step *s)
{
    bool is_draft = str_eq(json_str(row, "service"), STR("draft"));
    if (strcmp(s->column, "filed") == 0)
        (is_draft ? draft_row_begin : file_row)(p, row);
    else if (strcmp(s->column, "answered") == 0)
        step_answer(p, row);
    else if (strcmp(s->column, "end") == 0)
        step_end(p, row);
    else if (strcmp(s->column, "rated") == 0)
        step_rate(p, row);
    else
        step_act(p, row, s->act);
    if (strcmp(s->column, "complained") == 0)
        step_act(p, row, "uphold");
}

/* A petition that is asked for more before it is accepted comes back as accepted. */
static bool is_passed_over(const struct json *row, const struct step *s)
{
    bool is_petition = str_eq(json_str(row, "service"), STR("petition"));
    return is_petition && s->act && strcmp(s->act, "accept") == 0 && json_str(row, "ask1").n;
}

static void merge(struct stage *p)
{
    struct ctx *cx = as(p->k, "");
    const struct str to = STR("H07.21.01");
    assert_int_equal(unit_end(cx, STR("H07.21.02"), day_of(p->k->now_us), &to, 1), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(units_reload(cx), RC_OK);
}

/* What comes due by itself is looked at each morning. */
static void morning(struct stage *p, int32_t day)
{
    size_t done = 1;
    p->k->now_us = day_start(day) + 8 * HOUR_US;
    if (day == day_make(2026, 6, 1))
        merge(p);
    while (done)
        assert_int_equal(dossier_timers(as(p->k, ""), 100, &done), RC_OK);
    assert_int_equal(casework_sweep(as(p->k, ""), &done), RC_OK);
}

static void quarter_play(struct stage *p, const struct json *rows)
{
    for (int32_t day = day_make(2026, 4, 20); day < day_make(2026, 7, 1); day++) {
        struct str iso = day_iso(p->k->mem, day);
        morning(p, day);
        for (size_t i = 0; i < ROWS(steps); i++) {
            p->k->now_us = day_start(day) + steps[i].hour * HOUR_US;
            JSON_EACH (rows, row)
                if (str_eq(json_str(row, steps[i].column), iso) &&
                    !is_passed_over(row, &steps[i]))
                    step_play(p, row, &steps[i]);
        }
    }
}

/* -- what is said -- */

static struct str two_decimals(struct arena *mem, int64_t hundredths)
{
    return str_fmt(mem, "%lld.%02lld", (long long)(hundredths / 100),
                   (long long)(hundredths % 100));
}

static bool line_holds(struct ctx *cx, const struct json *line, const struct score_sheet *sheet)
{
    struct str node = json_str(line, "node"), value = STR("-"), points = STR("-");
    const struct score_got *g = &sheet->by[SCORE_COUNTS];
    for (size_t i = 0; node.n && i < sheet->n; i++)
        if (str_eq(sheet->v[i].node->id, node))
            g = &sheet->v[i].by[SCORE_COUNTS];
    if (!node.n) /* the whole */
        value = sheet->grade ? json_str(sheet->grade->name, "vi") : STR("");
    else if (g->value != DB_NULL)
        value = two_decimals(cx->mem, g->value);
    points = two_decimals(cx->mem, g->points);
    bool is_total_of_766 = !node.n && str_eq(json_str(line, "scorecard"), STR("index-766"));
    if ((is_total_of_766 || str_eq(value, json_str(line, "value"))) &&
        str_eq(points, json_str(line, "points")))
        return true;
    print_error("%.*s %.*s %.*s %.*s: %.*s %.*s (%lld / %lld), expected %.*s %.*s\n",
                STR_ARG(json_str(line, "unit")), STR_ARG(json_str(line, "from")),
                STR_ARG(json_str(line, "scorecard")), STR_ARG(node), STR_ARG(value),
                STR_ARG(points), (long long)g->num, (long long)g->den,
                STR_ARG(json_str(line, "value")), STR_ARG(json_str(line, "points")));
    return false;
}

static void expected_check(struct stage *p)
{
    struct ctx *cx = as(p->k, "");
    size_t wrong = 0, n = 0;
    JSON_EACH (rows_read(cx, "expected.csv"), line) {
        struct score_sheet sheet;
        struct slice s = {.unit = unit_find(cx, json_str(line, "unit"))->id};
        const struct scorecard *card = score_find(cx, json_str(line, "scorecard"));
        assert_true(day_parse(json_str(line, "from"), &s.period.from));
        assert_true(day_parse(json_str(line, "to"), &s.period.to));
        s.period.to++;
        assert_non_null(card);
        assert_int_equal(score_get(cx, card, &s, &sheet), RC_OK);
        wrong += !line_holds(cx, line, &sheet);
        n++;
    }
    if (wrong)
        fail_msg("%zu of %zu figures", wrong, n);
    assert_true(n > 400);
}

static void tell(void *arg, struct str text)
{
    print_error("%.*s\n", STR_ARG(text));
}

/* The cells, marks and drafts of the whole quarter are a fold of its events. */
static void rebuild_same(struct desk *k)
{
    struct ctx *cx = as(k, "");
    struct rebuild_report r = {0};
    struct rebuild_plan plan = {.subs = subs,
                                .scratch =
                                    str_fmt(cx->mem, "%.*s-again", STR_ARG(k->office.dir)),
                                .say = tell};
    assert_int_equal(rebuild_check(cx, &plan, &r), RC_OK);
    assert_int_equal(r.differences, 0);
}

static void every_figure(void **state)
{
    struct stage *p = stage_open(*state);
    const struct json *rows = rows_read(p->k->cx, "dossiers.csv");
    assert_true(rows->n >= 60 && rows->n <= ROWS_MAX);
    quarter_play(p, rows);
    expected_check(p);
    rebuild_same(p->k);
}

static int measured_begin(void **state)
{
    *state = desk_open_of(NULL, "../measure/permit");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_figure, measured_begin, desk_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
