/* test_pages_public.c - what everybody may open: pages, figures, files and the API, in both
 * languages, and what they say to addresses that name nothing. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "page_help.h"

static int begin(void **state)
{
    *state = pages_open(NULL, "good");
    return 0;
}

#define PAGES(f) cmocka_unit_test_setup_teardown(f, begin, pages_end)

static void portal_pages(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/", NULL, 200, "lang=\"vi\""},
        {NULL, "/?lang=en", NULL, 200, "lang=\"en\""},
        {NULL, "/?lang=fr", NULL, 200, "lang=\"vi\""},
        {NULL, "/services", NULL, 200, "/service/small-permit"},
        {NULL, "/services?q=permit&lang=en", NULL, 200, "Small permit"},
        {NULL, "/services?q=giay%20phep", NULL, 200, "/service/small-permit"}, /* no marks */
        {NULL, "/services?q=zzzz", NULL, 200, NULL},
        {NULL, "/service/small-permit", NULL, 200, "9.000001"},
        {NULL, "/service/small-permit?lang=en", NULL, 200, "Small permit"},
        {NULL, "/service/none", NULL, 404, NULL},
        {NULL, "/service/one-stop", NULL, 404, NULL}, /* figures, and nothing to file */
        {NULL, "/service/small-permit/start", NULL, 303, "/login?to="},
        {"an", "/service/small-permit/start?area=H07.21", NULL, 200, "H07.21"},
        {"an", "/service/small-permit/start?area=H99", NULL, 200, NULL},
        {NULL, "/lookup", NULL, 200, "name=\"code\""},
        {NULL, "/lookup?code={0}", NULL, 200, "lookup"},
        {NULL, "/lookup?code=T-AAAAAAAAAA&lang=en", NULL, 200, "T-AAAAAAAAAA"},
        {NULL, "/lookup?code=%3Cb%3E", NULL, 200, "&lt;b&gt;"},
        {NULL, "/answers", NULL, 200, NULL},
        {NULL, "/answers/T-AAAAAAAAAA", NULL, 404, NULL},
        {NULL, "/answers/{0}", NULL, 404, NULL}, /* nothing was published of it */
        {NULL, "/ledger", NULL, 200, "{1}"},
        {NULL, "/help", NULL, 200, NULL},
        {NULL, "/login", NULL, 200, "name=\"password\""},
        {NULL, "/login?to=//evil.example", NULL, 200, "name=\"password\""},
        {NULL, "/register?lang=en", NULL, 200, "name=\"number\""},
        {NULL, "/me", NULL, 303, "/login?to="},
        {"an", "/me", NULL, 200, "{0}"},
        {"an", "/me/reads", NULL, 200, NULL},
        {NULL, "/letter", NULL, 200, NULL},
        {NULL, "/letter/{0}/x", NULL, 404, NULL},
        {NULL, "/nowhere", NULL, 404, NULL},
        {NULL, "/lang/en", NULL, 303, "Set-Cookie"},
        {NULL, "/lang/fr", NULL, 404, NULL},
        {NULL, "/healthz", NULL, 200, NULL},
        {NULL, "/metrics", NULL, 200, "motcua_http_requests_total"},
        {NULL, "/assets/none.css", NULL, 404, NULL},
        /* somebody else's, and nobody's */
        {"an", "/dossier/{0}", NULL, 200, "{0}"},
        {"an", "/dossier/{0}?lang=en", NULL, 200, "{0}"},
        {"an", "/dossier/{0}/due", NULL, 200, NULL},
        {"binh", "/dossier/{0}", NULL, 404, NULL},
        {"binh", "/dossier/{0}/due", NULL, 404, NULL},
        {"binh", "/done/{0}", NULL, 404, NULL},
        {"binh", "/dossier/{0}/receipt/1", NULL, 404, NULL},
        {NULL, "/dossier/{0}", NULL, 303, "/login?to="},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code, k->office.app.settings.node_name};
    rows_ask(k, rows, ROWS(rows), with);
}

/* Each page of a figure, its file, and what is wrong about each parameter. */
static void figure_pages(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/figures", NULL, 200, "H07"},
        {NULL, "/figures?lang=en&unit=H07.21&period=last", NULL, 200, NULL},
        {NULL, "/figures?unit=H07.21.01&period=month", NULL, 200, NULL},
        {NULL, "/figures?period=custom&from=2026-01-01&to=2026-03-31", NULL, 200, NULL},
        {NULL, "/figures?period=custom&from=2026-03-31&to=2026-01-01", NULL, 422,
         "id=\"to-error\""},
        {NULL, "/figures?period=custom&from=2026-03-31&to=2026-01-01", NULL, 422,
         "name=\"from\" type=\"date\" value=\"2026-03-31\""}, /* as it was typed */
        {NULL, "/figures?period=custom&from=31/12/2025&to=2026-12-01", NULL, 422,
         "href=\"#from\""},
        {NULL, "/figures?lang=en&from=2020-02-30&to=2020-03-01", NULL, 422,
         "“2020-02-30”, is no day"},
        {NULL, "/figures?from=abc", NULL, 422, "“abc”"},
        {NULL, "/figures?period=custom", NULL, 422, "Nhập ngày đầu"},
        {NULL, "/figures?period=century", NULL, 422, "“century”"},
        {NULL, "/figures?period=month&from=2025-01-02&to=2025-03-04", NULL, 200,
         "02/01/2025 – 04/03/2025"}, /* days typed beside a named period */
        {NULL, "/figures?period=month&from=2025-01-02&to=2025-03-04&was=2025-01-02.2025-03-04",
         NULL, 200, "!02/01/2025"}, /* another period chosen over a form with these days */
        {NULL, "/figures?period=month&from=&to=", NULL, 200, NULL},
        {NULL, "/figures/{1}/trend?from=abc", NULL, 422, "action=\"/figures/{1}/trend\""},
        {NULL, "/figures/{1}/trend.csv?from=abc", NULL, 422, "“abc”"},
        {NULL, "/figures/{1}/league?level=galaxy", NULL, 422, "“galaxy”"},
        {NULL, "/figures/{1}/map?period=nope", NULL, 422, "“nope”"},
        {NULL, "/figures/{1}/distribution?period=nope", NULL, 422, "“nope”"},
        {NULL, "/figures/{1}/dossiers?procedure=NOPE", NULL, 422, "“NOPE”"},
        {NULL, "/figures/{1}?procedure=NOPE", NULL, 422, "id=\"procedure-error\""},
        {NULL, "/scorecards?period=nope", NULL, 422, "“nope”"},
        {NULL, "/wall?period=nope", NULL, 422, "“nope”"},
        {NULL, "/figures?period=nope&unit=H99", NULL, 404, NULL},
        {NULL, "/api/v1/indicators/{1}?lang=en&from=2026-03-01&to=2026-02-01", NULL, 422,
         "The last day must not be before the first"},
        {NULL, "/api/v1/indicators/{1}?from=2026-02-30", NULL, 422, "\"field\":\"from\""},
        {NULL, "/figures?unit=H99", NULL, 404, NULL},
        {NULL, "/figures?unit=%27", NULL, 422, NULL},
        {NULL, "/figures?level=galaxy", NULL, 422, "“galaxy”"},
        {NULL, "/figures?procedure=9.999999", NULL, 422, "“9.999999”"},
        {NULL, "/figures?procedure=9.000001", NULL, 200, NULL},
        {NULL, "/figures.csv?unit=H07", NULL, 200, "text/csv"},
        {NULL, "/figures/{1}", NULL, 200, NULL},
        {NULL, "/figures/{1}?lang=en&level=commune", NULL, 200, NULL},
        {NULL, "/figures/{1}/csv", NULL, 200, "text/csv"},
        {NULL, "/figures/{1}/csv?by=day", NULL, 200, "text/csv"},
        {NULL, "/figures/{1}/csv?by=procedure", NULL, 200, "9.000001"},
        {NULL, "/figures/{1}/csv?by=nothing", NULL, 200, "text/csv"},
        {NULL, "/figures/{1}/league", NULL, 200, NULL},
        {NULL, "/figures/{1}/league?level=commune&after=4000", NULL, 200, NULL},
        {NULL, "/figures/{1}/league?after=4001", NULL, 422, NULL},
        {NULL, "/figures/{1}/league.csv?level=commune", NULL, 200, "H07.21"},
        {NULL, "/figures/{1}/trend", NULL, 200, NULL},
        {NULL, "/figures/{1}/trend.csv", NULL, 200, "text/csv"},
        {NULL, "/figures/{1}/distribution", NULL, 200, NULL},
        {NULL, "/figures/{1}/distribution.csv", NULL, 200, "text/csv"},
        {NULL, "/figures/{1}/map", NULL, 200, NULL},
        {NULL, "/figures/{1}/map.csv", NULL, 200, "text/csv"},
        {NULL, "/figures/{1}/dossiers", NULL, 200, "!{0}"},
        {"an", "/figures/{1}/dossiers", NULL, 200, "!{0}"},
        {"leader@commune", "/figures/{1}/dossiers?unit=H07.21.01", NULL, 200, "{0}"},
        {"leader@commune", "/figures/{1}/dossiers?unit=H07", NULL, 200, "!{0}"},
        {"leader@province", "/figures/{1}/dossiers?unit=H07&after=-1", NULL, 200, "{0}"},
        {"leader@province", "/figures/{1}/dossiers?after=-2", NULL, 422, NULL},
        {NULL, "/figures/none", NULL, 404, NULL},
        {NULL, "/figures/none/trend", NULL, 404, NULL},
        {NULL, "/figures/none/dossiers", NULL, 404, NULL},
        {NULL, "/wall", NULL, 200, NULL},
        {NULL, "/wall?every=600&show=3&unit=H07.21", NULL, 200, NULL},
        {NULL, "/wall?every=601", NULL, 422, NULL},
        {NULL, "/scorecards", NULL, 200, NULL},
        {NULL, "/scorecards/none", NULL, 404, NULL},
        {NULL, "/scorecards/none/points.csv", NULL, 404, NULL},
        {NULL, "/scorecards/none/units", NULL, 404, NULL},
        {"an", "/figures/what-if", NULL, 403, NULL},
        {"leader@commune", "/figures/what-if?unit=H07.21.01", NULL, 200, "small-permit"},
        {"leader@commune", "/figures/what-if?unit=H07", NULL, 403, NULL},
        {NULL, "/targets", NULL, 200, NULL},
        {NULL, "/targets?state=none", NULL, 200, NULL},
        {NULL, "/targets/csv", NULL, 200, "text/csv"},
        {NULL, "/targets/owed", NULL, 200, NULL},
        {NULL, "/targets/owed?unit=H99", NULL, 404, NULL},
        {NULL, "/targets/none", NULL, 404, NULL},
        {"an", "/alerts", NULL, 403, NULL},
        {"leader@commune", "/alerts", NULL, 200, NULL},
        {"leader@commune", "/officers?unit=H07.21.01", NULL, 200, NULL},
        {"leader@commune", "/officers?unit=H07.21.01&year=2026&quarter=1", NULL, 200, NULL},
        {"leader@commune", "/officers?year=2017", NULL, 422, NULL},
        {"leader@commune", "/officers?unit=H07", NULL, 403, NULL},
        {"specialist@commune", "/officers.csv?unit=H07.21.01", NULL, 403, NULL},
        {"leader@commune", "/officers.csv?unit=H07.21.01", NULL, 200, "text/csv"},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code, STR("small-permit.permits_online")};
    rows_ask(k, rows, ROWS(rows), with);
}

static void quality_and_data(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/quality", NULL, 200, "9.000001"},
        {NULL, "/quality?lang=en", NULL, 200, "Small permit"},
        {NULL, "/quality.csv", NULL, 200, "text/csv"},
        {NULL, "/quality/links", NULL, 200, NULL},
        {NULL, "/quality/pages", NULL, 200, NULL},
        {NULL, "/quality/pages.csv", NULL, 200, "text/csv"},
        {NULL, "/quality/9.000001", NULL, 200, NULL},
        {NULL, "/quality/9.999999", NULL, 404, NULL},
        {NULL, "/quality/9.000001/days.csv", NULL, 200, "text/csv"},
        {NULL, "/quality/9.000001/funnel.csv", NULL, 200, "text/csv"},
        {NULL, "/quality/9.000001/funnel.csv?version=x@1", NULL, 200, "text/csv"},
        {NULL, "/quality/9.000001/fields.csv", NULL, 200, "text/csv"},
        {NULL, "/quality/9.999999/fields.csv", NULL, 404, NULL},
        {NULL, "/api/v1/quality", NULL, 200, "9.000001"},
        {NULL, "/api/v1/quality/links", NULL, 200, NULL},
        {NULL, "/api/v1/quality/pages", NULL, 200, NULL},
        {NULL, "/api/v1/quality/9.000001", NULL, 200, NULL},
        {NULL, "/api/v1/quality/9.999999", NULL, 404, "NOT_FOUND"},
        {NULL, "/quality/maintenance", NULL, 200, NULL},
        {NULL, "/api/v1/maintenance", NULL, 200, "earliest"},
        {"leader@commune", "/api/v1/maintenance",
         "{\"from\":\"2026-11-24T20:00\",\"to\":\"2026-11-24T21:00\",\"reason\":\"x\"}", 403,
         "FORBIDDEN"},
        {NULL, "/data", NULL, 200, NULL},
        {NULL, "/data/catalog.jsonld", NULL, 200, "dcat:"},
        {NULL, "/data/none", NULL, 404, NULL},
        {NULL, "/api/v1/datasets", NULL, 200, "datasets"},
        {NULL, "/api/v1/datasets/none", NULL, 404, "NOT_FOUND"},
        {NULL, "/api/v1/datasets/none/rows", NULL, 404, NULL},
        {NULL, "/api/v1/datasets/dossiers-by-month/rows?limit=1001", NULL, 422, "limit"},
        {NULL, "/statements", NULL, 200, NULL},
        {NULL, "/api/v1/statements", NULL, 200, NULL},
        {NULL, "/api/v1/statements/2026-01", NULL, 404, NULL},
        {NULL, "/api/v1/statements/2026-13", NULL, 404, NULL},
        {NULL, "/api/v1/statements", "{\"note\":\"x\",\"statement\":{}}", 400, "MALFORMED"},
        {NULL, "/api/v1/statements",
         "{\"note\":\"x\",\"statement\":{\"v\":1,\"node\":\"nobody.example\",\"cells\":{}}}",
         403, "FORBIDDEN"},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code};
    rows_ask(k, rows, ROWS(rows), with);
}

static void api_rows(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/api/v1/services", NULL, 200, "\"small-permit\""},
        {NULL, "/api/v1/services/small-permit", NULL, 200, "9.000001"},
        {NULL, "/api/v1/services/none", NULL, 404, "\"code\":\"NOT_FOUND\""},
        {NULL, "/api/v1/services/small-permit/form", NULL, 200, "\"properties\""},
        {NULL, "/api/v1/services/one-stop/form", NULL, 404, NULL},
        {NULL, "/api/v1/services/small-permit/wait", NULL, 200, NULL},
        {NULL, "/api/v1/services/small-permit/wait?unit=H07.21.01", NULL, 200, NULL},
        {NULL, "/api/v1/services/small-permit/wait?unit=H99", NULL, 404, "unit"},
        {NULL, "/api/v1/units", NULL, 200, "H07"},
        {NULL, "/api/v1/units?parent=H07.21", NULL, 200, "H07.21.01"},
        {NULL, "/api/v1/units?parent=H99", NULL, 404, NULL},
        {NULL, "/api/v1/units/H07.21", NULL, 200, "000.00.21.H07"},
        {NULL, "/api/v1/units/000.00.21.H07", NULL, 200, "H07.21"},
        {NULL, "/api/v1/units/H08", NULL, 404, NULL},
        {NULL, "/api/v1/indicators", NULL, 200, "small-permit.permits_online"},
        {NULL, "/api/v1/indicators/{1}", NULL, 200, "permits_online"},
        {NULL, "/api/v1/indicators/{1}?unit=H07.21.01&by=day", NULL, 200, NULL},
        {NULL, "/api/v1/indicators/{1}?by=moon", NULL, 422, "\"by\""},
        {NULL, "/api/v1/indicators/{1}?channel=4", NULL, 422, "channel"},
        {NULL, "/api/v1/indicators/{1}?from=2026-05-01&to=2026-04-30", NULL, 422, NULL},
        {NULL, "/api/v1/indicators/{1}?unit=H99", NULL, 404, NULL},
        {NULL, "/api/v1/indicators/none", NULL, 404, NULL},
        {NULL, "/api/v1/scorecards", NULL, 200, NULL},
        {NULL, "/api/v1/scorecards/none", NULL, 404, NULL},
        {NULL, "/api/v1/officers/grades?unit=H07", NULL, 401, "LOGIN_REQUIRED"},
        {"an", "/api/v1/officers/grades?unit=H07", NULL, 403, "FORBIDDEN"},
        {"leader@commune", "/api/v1/officers/grades?unit=H07.21.01", NULL, 200, NULL},
        {"leader@commune", "/api/v1/officers/grades?unit=H07", NULL, 403, NULL},
        {NULL, "/api/v1/targets", NULL, 200, NULL},
        {NULL, "/api/v1/targets/none", NULL, 404, NULL},
        {NULL, "/api/v1/figures/owed", NULL, 200, NULL},
        {NULL, "/api/v1/figures/owed?unit=H99", NULL, 404, NULL},
        {NULL, "/api/v1/figures/entered?indicator=none&body=H07", NULL, 200, NULL},
        {NULL, "/api/v1/figures/entered", NULL, 422, "indicator"},
        {"an", "/api/v1/alerts", NULL, 403, NULL},
        {"leader@province", "/api/v1/alerts", NULL, 200, NULL},
        {NULL, "/ledger/checkpoint", NULL, 200, "\n\xE2\x80\x94 "},
        {NULL, "/ledger/vkey", NULL, 200, "+"},
        {NULL, "/ledger/tile/0/000.p/1", NULL, 200, NULL},
        {NULL, "/ledger/tile/0/x001/000", NULL, 404, NULL},
        {NULL, "/ledger/tile/../x", NULL, 400, NULL},
        {NULL, "/ledger/tile/9/zzz", NULL, 404, NULL},
        {NULL, "/api/v1/ledger", NULL, 200, "\"size\""},
        {NULL, "/api/v1/openapi.json", NULL, 200, "3.1.0"},
        {NULL, "/api/v1/dossiers/{0}/status", NULL, 200, "\"status\""},
        {NULL, "/api/v1/dossiers/T-AAAAAAAAAA/status", NULL, 404, NULL},
        {NULL, "/api/v1/dossiers/{0}", NULL, 401, NULL},
        {"an", "/api/v1/dossiers/{0}", NULL, 200, "{0}"},
        {"binh", "/api/v1/dossiers/{0}", NULL, 404, NULL},
        {"an", "/api/v1/dossiers", NULL, 200, "{0}"},
        {"an", "/api/v1/dossiers/{0}/due", NULL, 200, NULL},
        {"binh", "/api/v1/dossiers/{0}/due", NULL, 404, NULL},
        {"an", "/api/v1/dossiers/{0}/letters", NULL, 200, NULL},
        {"binh", "/api/v1/dossiers/{0}/letters", NULL, 404, NULL},
        {"an", "/api/v1/dossiers/{0}/letters/01/1", NULL, 404, NULL},
        {"an", "/api/v1/inbox?unit=H07.21.01", NULL, 403, NULL},
        {"reception@commune", "/api/v1/inbox?unit=H07.21.01", NULL, 200, "{0}"},
        {"reception@commune", "/api/v1/inbox?unit=H07.21", NULL, 403, NULL},
        {"reception@commune", "/api/v1/inbox?unit=H07.21.01&box=nothing", NULL, 422, "box"},
        {"reception@commune", "/api/v1/inbox?unit=H07.21.01&limit=101", NULL, 422, "limit"},
        {NULL, "/api/v1/letters/x", NULL, 404, NULL},
        {"reception@commune", "/api/v1/units/H07.21.01/register?from=2026-01-01&to=2026-12-31",
         NULL, 200, NULL},
        {"reception@commune", "/api/v1/units/H07.21.01/register?from=2026-01-01", NULL, 422,
         "\"to\""},
        {"reception@commune", "/api/v1/units/H07/register?from=2026-01-01&to=2026-12-31", NULL,
         403, NULL},
        {NULL, "/api/v1/session", NULL, 401, NULL},
        {"an", "/api/v1/session", NULL, 200, NULL},
        {NULL, "/api/v1/session", "{\"login\":\"nobody\",\"password\":\"x\"}", 401,
         "BAD_LOGIN"},
        {NULL, "/api/v1/session", "{\"login\":\"nobody\"}", 422, "password"},
        {NULL, "/api/v1/session", "{\"login\":\"nobody\",\"password\":\"x\",\"more\":1}", 400,
         "UNDECLARED"},
        {NULL, "/api/v1/session", "{\"login\":", 400, "MALFORMED"},
        {NULL, "/api/v1/none", NULL, 404, "application/problem+json"},
        {NULL, "/api/v1/units", "{}", 405, "Allow"},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code, STR("small-permit.permits_online")};
    rows_ask(k, rows, ROWS(rows), with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PAGES(portal_pages), PAGES(figure_pages),
                                       PAGES(quality_and_data), PAGES(api_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
