/* test_pages_figures.c - pages of figures over packs that have targets, scorecards and datasets:
 * what is entered and verified, by whom, and what everybody then reads. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "opendata/opendata.h"
#include "page_help.h"
#include "rollup/rollup.h"

static void embedded_publish(struct desk *k, const char *id)
{
    struct ctx *cx = as(k, "");
    struct pack_files *files = NULL;
    struct str ref;
    assert_int_equal(pack_files_embedded(cx, str_from(id), &files), RC_OK);
    if (pack_publish(cx, files, &ref) != RC_OK)
        fail_msg("%s: %s", id, cx->err.detail);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(packs_reload(cx), RC_OK);
    assert_int_equal(measure_reload(cx), RC_OK);
}

static int begin(void **state)
{
    static const char *const packs[] = {"programme-figures", "index-tt01", "index-766",
                                        "index-govuk"};
    struct desk *k = pages_open(NULL, "good");
    for (size_t i = 0; i < ROWS(packs); i++)
        embedded_publish(k, packs[i]);
    *state = k;
    return 0;
}

/* What every entry says besides its value. */
#define SAID "&method=%C4%90%E1%BA%BFm&note=B%C3%A1o%20c%C3%A1o"

#define PAGES(f) cmocka_unit_test_setup_teardown(f, begin, pages_end)

/* The root's leader speaks for bodies that are no unit here; another one verifies. */
static void entered_over_pages(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/targets", NULL, 200, "k01", NULL},
        {NULL, "/targets?lang=en&body=H23", NULL, 200, "k03", NULL},
        {NULL, "/targets?body=H99", NULL, 200, "!k03", NULL},
        {NULL, "/targets?state=told", NULL, 200, "k01", NULL},
        {NULL, "/targets/csv", NULL, 200, "k03", NULL},
        {NULL, "/targets/owed?unit=H07", NULL, 200, NULL, NULL},
        {NULL, "/targets/k02", NULL, 200, "100", NULL},
        {NULL, "/targets/k02?lang=en", NULL, 200, "All services", NULL},
        {NULL, "/targets/none", NULL, 404, NULL, NULL},
        {NULL, "/targets/k03/enter", NULL, 303, "/login", NULL},
        {"an", "/targets/k03/enter", NULL, 403, NULL, NULL},
        {"leader@commune", "/targets/k03/enter", NULL, 403, NULL, NULL},
        {"leader@province", "/targets/k03/enter", NULL, 200, "name=\"value\"", NULL},
        {"leader@province", "/targets/k03/enter?period=2023", NULL, 200, "2023", NULL},
        {"leader@province", "/targets/none/enter", NULL, 404, NULL, NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=" SAID, 422, NULL, NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=0%2C125" SAID, 422,
         "hai chữ số thập phân", NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=12%2C345" SAID, 422,
         "value=\"12,345\"", NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=18.3" SAID, 422,
         "dấu phẩy trước phần thập phân (18,3) và", NULL},
        {"leader@province", "/targets/k03/enter?lang=en", "period=2023&value=18%2C3" SAID, 422,
         "a point before the decimals (18.3) and", NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=100%2C01" SAID, 422,
         "Giá trị phải từ 0 % đến 100 %", NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=-1" SAID, 422, "#value",
         NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&num=5&den=3" SAID, 422, "#den",
         NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=50&num=1&den=3" SAID, 422,
         "xin xóa một bên", NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=50&num=1&den=3" SAID, 422,
         "value=\"50\"", NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=50&note=n", 422,
         "Nêu cách tính", NULL},
        {"leader@province", "/targets/k03/enter", "period=2023&value=50&method=m", 422,
         "Đính kèm tệp minh chứng", NULL},
        {"leader@province", "/targets/k03/enter",
         TEXT_PART("period", "2023") TEXT_PART("value", "50") TEXT_PART("method", "m")
             TEXT_PART("note", "n") FILE_PART("evidence", "a.pdf", "") "--b--\r\n",
         422, "(0 byte)", NULL},
        {"leader@province", "/targets/k03/enter", "period=2099&value=50" SAID, 422, NULL, NULL},
        {"leader@province", "/targets/k03/enter", "period=x&value=50" SAID, 422, NULL, NULL},
        {"leader@commune", "/targets/k03/enter", "period=2023&value=50" SAID, 403, NULL, NULL},
        {"leader@province", "/targets/k15/enter", NULL, 409, "được tính, không nhập", NULL},
        {"leader@province", "/targets/k15/enter", "period=2023&value=50" SAID, 409,
         "được tính, không nhập", NULL},
        {"leader@province", "/targets/k03/enter",
         TEXT_PART("period", "2023") TEXT_PART("value", "50") TEXT_PART("method", "m")
             FILE_PART("evidence", "a.txt", "text") "--b--\r\n",
         422, NULL, NULL},
        {"leader@province", "/targets/k03/enter",
         TEXT_PART("period", "2023") TEXT_PART("value", "62,5 %") TEXT_PART("method", "Đếm")
             FILE_PART("evidence", "b.pdf", "%PDF-1.4\n%%EOF\n") "--b--\r\n",
         303, NULL, NULL},
        {NULL, "/targets/k03", NULL, 200, "62,50", NULL},
        {"leader@province", "/targets/k03/enter?period=2023", NULL, 200,
         "năm 2023 đã có số liệu: 62,50 %", NULL},
        {"leader@province", "/targets/k03/enter",
         TEXT_PART("period", "2023") TEXT_PART("value", "63") TEXT_PART("method", "Đếm")
             FILE_PART("evidence", "b.pdf", "%PDF-1.4\n%%EOF\n") "--b--\r\n",
         422, "nêu lý do sửa", NULL}, /* a correction says why */
        {"leader@province", "/targets/k03/enter",
         "period=2023&value=63&method=m&note=nh%E1%BA%A7m", 303, NULL, NULL},
        {NULL, "/targets/k03", NULL, 200, "Đã nhập trước đó: 1", NULL},
        {NULL, "/targets/k03", NULL, 200, "62,50 %", NULL}, /* what it was */
        {NULL, "/targets/k03", NULL, 200, "nhầm", NULL},
        {NULL, "/targets/k03", NULL, 200, "!/targets/evidence/", NULL},
        {"leader@province", "/targets/k03", NULL, 200, "/targets/evidence/", NULL},
        {"leader@province", "/targets/k03", NULL, 200, "!/targets/verify/", NULL}, /* own */
        {"auditor@province", "/targets/k03", NULL, 200, "/targets/verify/",
         "1/targets/verify/"},
        {"leader@commune", "/targets/verify/{1}", NULL, 403, NULL, NULL},
        {"auditor@province", "/targets/verify/{1}", NULL, 200, "63", NULL},
        {"auditor@province", "/targets/verify/999999999", NULL, 404, NULL, NULL},
        {"auditor@province", "/targets/verify/1", NULL, 404, NULL, NULL},      /* no figure */
        {"leader@province", "/targets/verify/{1}", "same=1", 403, NULL, NULL}, /* one's own */
        {"leader@province", "/targets/verify/{1}", NULL, 403, "Không ai tự kiểm tra", NULL},
        {"auditor@province", "/targets/verify/{1}", "same=1&value=60&note=n", 422,
         "rồi chọn “Đúng như đã nhập”", NULL},
        {"auditor@province", "/targets/verify/{1}", "same=1&value=60&note=n", 422,
         "value=\"60\"", NULL},
        {"auditor@province", "/targets/verify/{1}", "same=1&den=60", 422, "#value", NULL},
        {"auditor@province", "/targets/verify/{1}", "value=60&num=3&den=5&note=n", 422,
         "#value", NULL},
        {"auditor@province", "/targets/verify/{1}", "value=101&note=n", 422, "100 %", NULL},
        {"auditor@province", "/targets/verify/{1}", "value=60", 422, NULL, NULL}, /* why? */
        {"auditor@province", "/targets/verify/{1}", "value=x&note=n", 422, NULL, NULL},
        {"auditor@province", "/targets/verify/{1}", "value=60&note=n", 303, NULL, NULL},
        {"auditor@province", "/targets/verify/{1}", "value=60&note=n", 409, NULL, NULL},
        {NULL, "/targets/k03", NULL, 200, "60 %", NULL},
        {"an", "/targets/evidence/{1}", NULL, 403, NULL, NULL},
        {"leader@province", "/targets/evidence/{1}", NULL, 404, NULL, NULL}, /* it had none */
        {NULL, "/api/v1/targets/k03", NULL, 200, "\"verified\"", NULL},
        {"leader@province", "/desk", NULL, 200, "số liệu quá hạn nhập", NULL},
        {"leader@province", "/desk", NULL, 200, "href=\"/targets/owed?unit=H07\"", NULL},
        {"specialist@province", "/desk", NULL, 200, "!/targets/owed", NULL}, /* not to enter */
        {"leader@commune", "/desk", NULL, 200, "!/targets/owed", NULL},      /* owes nothing */
        {NULL, "/api/v1/figures/entered?indicator=level4_share&body=H23", NULL, 200,
         "\"num\":6250", NULL},
    };
    struct str with[PLACES] = {STR("")};
    rows_ask(*state, rows, ROWS(rows), with);
}

static void scorecards(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/scorecards", NULL, 200, "/scorecards/index-tt01", NULL},
        {NULL, "/scorecards?lang=en&unit=H07.21.01&period=last", NULL, 200, NULL, NULL},
        {NULL, "/scorecards/index-tt01", NULL, 200, NULL, NULL},
        {NULL, "/scorecards/index-766?lang=en", NULL, 200, NULL, NULL},
        {NULL, "/scorecards/index-766?unit=H07.21.01&period=month", NULL, 200, NULL, NULL},
        {NULL, "/scorecards/index-766?unit=H99", NULL, 404, NULL, NULL},
        {NULL, "/scorecards/index-766/points.csv", NULL, 200, "text/csv", NULL},
        {NULL, "/scorecards/index-766/units", NULL, 200, "H07", NULL},
        {NULL, "/scorecards/index-766/units?level=commune&lang=en", NULL, 200, NULL, NULL},
        {NULL, "/scorecards/index-766/units.csv?level=commune", NULL, 200, "H07.21.01", NULL},
        {NULL, "/scorecards/index-govuk", NULL, 200, NULL, NULL},
        {NULL, "/api/v1/scorecards", NULL, 200, "index-766", NULL},
        {NULL, "/api/v1/scorecards/index-766?unit=H07", NULL, 200, "\"points\"", NULL},
        {NULL, "/api/v1/scorecards/index-766?unit=H99", NULL, 404, NULL, NULL},
        {NULL, "/api/v1/scorecards/index-766?from=2026-02-01&to=2026-01-01", NULL, 422, NULL,
         NULL},
        {NULL, "/figures", NULL, 200, NULL, NULL},
        {NULL, "/figures?lang=en&unit=H07.21.01", NULL, 200, NULL, NULL},
        {NULL, "/figures.csv", NULL, 200, NULL, NULL},
        {NULL, "/wall?lang=en", NULL, 200, NULL, NULL},
        {"leader@commune", "/officers?unit=H07.21.01&lang=en", NULL, 200, NULL, NULL},
        {"leader@commune", "/officers.csv?unit=H07.21.01&year=2026&quarter=4", NULL, 200,
         "text/csv", NULL},
        {"leader@commune", "/officers?unit=H07.21.01&quarter=5", NULL, 422, NULL, NULL},
        {"leader@commune", "/officers?year=2026", NULL, 200, "year=2026&amp;quarter=0", NULL},
        {"leader@commune", "/officers?year=2026", NULL, 200, "!year=2025", NULL},
        {"leader@commune", "/officers?year=2020", NULL, 200, "year=2020&amp;quarter=0", NULL},
        {"leader@commune", "/officers?year=2020", NULL, 200, "!year=2024", NULL},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code};
    rows_ask(k, rows, ROWS(rows), with);
}

static void played_ahead(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/figures/what-if", NULL, 303, "/login", NULL},
        {"leader@commune", "/figures/what-if", NULL, 200, "small-permit", NULL},
        {"leader@commune", "/figures/what-if?pack=small-permit&lang=en", NULL, 200, NULL, NULL},
        {"leader@commune", "/figures/what-if?pack=none", NULL, 200, NULL, NULL},
        {"leader@commune", "/figures/what-if?pack=small-permit&reception=0", NULL, 200, NULL,
         NULL},
        {"leader@commune", "/figures/what-if?pack=small-permit&reception=x", NULL, 200, NULL,
         NULL},
        {"leader@commune", "/figures/what-if?pack=small-permit&surge=150&absent=2", NULL, 200,
         NULL, NULL},
        {"leader@commune",
         "/figures/what-if?pack=small-permit&absent=1&absent_role=specialist&from=2026-12-01"
         "&to=2026-12-10",
         NULL, 200, NULL, NULL},
        {"leader@commune", "/figures/what-if?pack=small-permit&absent_role=king", NULL, 200,
         NULL, NULL},
        {"leader@commune",
         "/figures/what-if?pack=small-permit&from=2026-12-10&to=2026-12-01&order=due", NULL,
         200, NULL, NULL},
        {"leader@commune", "/figures/what-if?pack=small-permit&holiday=2026-12-31", NULL, 200,
         NULL, NULL},
        {"leader@commune", "/figures/what-if?pack=small-permit&order=luck", NULL, 200, NULL,
         NULL},
        {"leader@district", "/figures/what-if?unit=H07.01", NULL, 403, NULL, NULL},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code};
    rows_ask(k, rows, ROWS(rows), with);
}

/* What was stated and released, as others read it. */
static void stated_and_released(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/data", NULL, 200, "dossiers-by-district", NULL},
        {NULL, "/data?lang=en", NULL, 200, NULL, NULL},
        {NULL, "/data/dossiers-by-district", NULL, 200, NULL, NULL},
        {NULL, "/data/dossiers-by-district?lang=en", NULL, 200, NULL, NULL},
        {NULL, "/data/dossiers-by-district?period=2026-01", NULL, 200, NULL, NULL},
        {NULL, "/data/dossiers-by-district?revision=0", NULL, 422, NULL, NULL},
        {NULL, "/data/ratings", NULL, 200, NULL, NULL},
        {NULL, "/data/catalog.jsonld", NULL, 200, "dossiers-by-district", NULL},
        {NULL, "/api/v1/datasets", NULL, 200, "dossiers-by-commune", NULL},
        {NULL, "/api/v1/datasets/dossiers-by-commune", NULL, 200, "columns", NULL},
        {NULL, "/api/v1/datasets/dossiers-by-commune/rows", NULL, 404, NULL, NULL},
        {NULL, "/api/v1/datasets/dossiers-by-commune/rows?period=2026-01", NULL, 404, NULL,
         NULL},
        {NULL, "/api/v1/datasets/dossiers-by-commune/rows?from=50001", NULL, 422, "from", NULL},
        {NULL, "/statements", NULL, 200, NULL, NULL},
        {NULL, "/statements?lang=en", NULL, 200, NULL, NULL},
        {NULL, "/api/v1/statements", NULL, 200, NULL, NULL},
        {NULL, "/api/v1/statements/1969-12", NULL, 404, NULL, NULL},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code};
    rows_ask(k, rows, ROWS(rows), with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PAGES(entered_over_pages), PAGES(scorecards),
                                       PAGES(played_ahead), PAGES(stated_and_released)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
