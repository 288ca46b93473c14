/* test_pages_citizen.c - a dossier from the first question to withdrawing it, over the pages that
 * work without scripts and over the API, and what each refuses. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "page_help.h"

static int begin(void **state)
{
    *state = pages_open(NULL, "good");
    return 0;
}

#define PAGES(f) cmocka_unit_test_setup_teardown(f, begin, pages_end)
#define FILE_PART(field, name, bytes)                                                          \
    "--b\r\nContent-Disposition: form-data; name=\"" field "\"; filename=\"" name              \
    "\"\r\n\r\n" bytes "\r\n"
#define TEXT_PART(field, text)                                                                 \
    "--b\r\nContent-Disposition: form-data; name=\"" field "\"\r\n\r\n" text "\r\n"
#define PDF "%PDF-1.4\n%%EOF\n"

static void pages_of_a_draft(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/service/small-permit/start", "unit=H07.21.01", 403, NULL, NULL},
        {"an", "/service/small-permit/start", "unit=H99", 422, NULL, NULL},
        {"an", "/service/small-permit/start", "unit=H07.01", 422, NULL,
         NULL}, /* a department */
        {"an", "/service/none/start", "unit=H07.21.01", 404, NULL, NULL},
        {"an", "/service/small-permit/start", "unit=H07.21.01", 303, NULL, "1/draft/"},
        {"an", "/draft/{1}", NULL, 200, "/draft/{1}/page/size", NULL},
        {"an", "/draft/{1}?lang=en", NULL, 200, "Small permit", NULL},
        {"binh", "/draft/{1}", NULL, 404, NULL, NULL},
        {NULL, "/draft/{1}", NULL, 404, NULL, NULL},
        {"reception@commune", "/draft/{1}", NULL, 404, NULL, NULL},
        {"an", "/draft/zzzzzzzzzz", NULL, 404, NULL, NULL},
        {"an", "/draft/{1}/page/size", NULL, 200, "name=\"a.size\"", NULL},
        {"an", "/draft/{1}/page/none", NULL, 404, NULL, NULL},
        {"binh", "/draft/{1}/page/size", NULL, 404, NULL, NULL},
        {"an", "/draft/{1}/page/size", "a.size=", 422, "name=\"a.size\"", NULL},
        {"an", "/draft/{1}/page/size", "a.size=huge", 422, NULL, NULL},
        {"an", "/draft/{1}/page/size", "a.size=large&a.price=1", 400, NULL, NULL},
        {"binh", "/draft/{1}/page/size", "a.size=large", 404, NULL, NULL},
        {"an", "/draft/{1}/page/size", "a.size=large", 303, "/draft/{1}/page/place", NULL},
        {"an", "/draft/{1}/submit", "", 422, NULL, NULL}, /* a question and a paper are left */
        {"an", "/draft/{1}/page/place", "later=1&a.place=x", 303, NULL, NULL},
        {"an", "/draft/{1}/page/place", "a.place=%3Cb%3E%E1%BA%A5p%3C%2Fb%3E", 303, NULL, NULL},
        {"an", "/draft/{1}/change/size", NULL, 200, "name=\"a.size\"", NULL},
        {"an", "/draft/{1}/papers", NULL, 200, "plan", NULL},
        {"binh", "/draft/{1}/papers", NULL, 404, NULL, NULL},
        {"an", "/draft/{1}/papers",
         TEXT_PART("document", "plan") FILE_PART("file", "a.exe", "MZ\x90") "--b--\r\n", 422,
         NULL, NULL},
        {"an", "/draft/{1}/papers",
         TEXT_PART("document", "none") FILE_PART("file", "a.pdf", PDF) "--b--\r\n", 400, NULL,
         NULL},
        {"binh", "/draft/{1}/papers",
         TEXT_PART("document", "plan") FILE_PART("file", "a.pdf", PDF) "--b--\r\n", 404, NULL,
         NULL},
        {"an", "/draft/{1}/papers",
         TEXT_PART("document", "plan") FILE_PART("file", "bản vẽ.pdf", PDF) "--b--\r\n", 303,
         NULL, NULL},
        {"an", "/draft/{1}/papers", NULL, 200, "bản vẽ.pdf", "2name=\"remove\" value=\""},
        {"binh", "/draft/{1}/papers", "remove={2}", 404, NULL, NULL},
        {"an", "/draft/{1}/papers", "remove=999999", 404, NULL, NULL},
        {"an", "/draft/{1}/check", NULL, 200, "&lt;b&gt;ấp&lt;/b&gt;", NULL},
        {"an", "/draft/{1}/check?lang=en", NULL, 200, "Large", NULL},
        {"binh", "/draft/{1}/check", NULL, 404, NULL, NULL},
        {"binh", "/draft/{1}/submit", "", 404, NULL, NULL},
        {"an", "/draft/{1}/submit", "", 303, "/done/", "3/done/"},
        {"an", "/draft/{1}/submit", "", 303, "/done/{3}", NULL}, /* a second press */
        {"an", "/draft/{1}", NULL, 303, NULL, NULL},
        {"an", "/done/{3}", NULL, 200, "{3}", NULL},
        {"binh", "/done/{3}", NULL, 404, NULL, NULL},
        {"an", "/dossier/{3}", NULL, 200, "bản vẽ.pdf", NULL},
        {"an", "/me", NULL, 200, "{3}", NULL},
        {NULL, "/lookup?code={3}", NULL, 200, "!ấp", NULL},
        {"an", "/dossier/{3}/file/999999", NULL, 404, NULL, NULL},
        {"an", "/dossier/{3}/act/withdraw", NULL, 200, "withdraw", NULL},
        {"an", "/dossier/{3}/act/approve", NULL, 409, NULL, NULL},
        {"an", "/dossier/{3}/act/none", NULL, 409, NULL, NULL},
        {"binh", "/dossier/{3}/act/withdraw", NULL, 404, NULL, NULL},
        {"binh", "/dossier/{3}/act", "act=withdraw", 404, NULL, NULL},
        {"an", "/dossier/{3}/act", "act=accept", 409, NULL, NULL},
        {"an", "/dossier/{3}/act", "act=withdraw&version=1", 409, NULL, NULL},
        {"an", "/dossier/{3}/rate", "score=1", 409, NULL, NULL}, /* not over yet */
        {"an", "/dossier/{3}/act", "act=withdraw", 303, "/dossier/{3}", NULL},
        {"an", "/dossier/{3}/act", "act=withdraw", 409, NULL, NULL},
        {"an", "/dossier/{3}/rate", "score=4", 422, NULL, NULL},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {STR("")};
    rows_ask(k, rows, ROWS(rows), with);
}

static void drafts_are_thrown_away(void **state)
{
    static const struct asking rows[] = {
        {"an", "/service/small-permit/start", "unit=H07.21.01", 303, NULL, "1/draft/"},
        {"binh", "/draft/{1}/delete", "", 404, NULL, NULL},
        {NULL, "/draft/{1}/delete", "", 403, NULL, NULL},
        {"an", "/draft/{1}/delete", "", 303, NULL, NULL},
        {"an", "/draft/{1}", NULL, 404, NULL, NULL},
        {"an", "/draft/{1}/delete", "", 404, NULL, NULL},
        {"an", "/draft/{1}/submit", "", 404, NULL, NULL},
    };
    struct str with[PLACES] = {STR("")};
    rows_ask(*state, rows, ROWS(rows), with);
}

#define ANSWERS "\"answers\":{\"size\":\"small\",\"place\":\"\xE1\xBA\xA5p\"}"

static void api_of_a_dossier(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/api/v1/drafts", "{\"service\":\"small-permit\",\"unit\":\"H07.21.01\"}", 401,
         "LOGIN_REQUIRED", NULL},
        {"an", "/api/v1/drafts", "{\"service\":\"none-such\",\"unit\":\"H07.21.01\"}", 404,
         "service", NULL},
        {"an", "/api/v1/drafts", "{\"service\":\"small-permit\",\"unit\":\"H99\"}", 422, "unit",
         NULL},
        {"an", "/api/v1/drafts", "{\"service\":\"small-permit\"}", 422, "\"unit\"", NULL},
        {"an", "/api/v1/drafts",
         "{\"service\":\"small-permit\",\"unit\":\"H07.21.01\",\"answers\":[]}", 422, "answers",
         NULL},
        {"an", "/api/v1/drafts",
         "{\"service\":\"small-permit\",\"unit\":\"H07.21.01\"," ANSWERS "}", 201, NULL,
         "1\"draft\":\""},
        {"an", "/api/v1/drafts/{1}/files",
         TEXT_PART("document", "photo") FILE_PART("file", "a.pdf", "no") "--b--\r\n", 415, NULL,
         NULL},
        {"binh", "/api/v1/drafts/{1}/files",
         TEXT_PART("document", "photo") FILE_PART("file", "a.pdf", PDF) "--b--\r\n", 404, NULL,
         NULL},
        {"an", "/api/v1/drafts/{1}/files",
         TEXT_PART("document", "photo") FILE_PART("file", "a.pdf", PDF) "--b--\r\n", 201, NULL,
         NULL},
        {"binh", "/api/v1/dossiers", "{\"draft\":\"{1}\"}", 404, "draft", NULL},
        {"an", "/api/v1/dossiers", "{\"draft\":\"{1}\"}", 201, "receipt", "2\"code\":\""},
        {"an", "/api/v1/dossiers", "{}", 404, "service", NULL},
        {"an", "/api/v1/dossiers",
         "{\"service\":\"small-permit\",\"unit\":\"H07.21.01\",\"answers\":{\"size\":\"x\"}}",
         422, "place", NULL},
        {"an", "/api/v1/dossiers",
         "{\"service\":\"small-permit\",\"unit\":\"H07.21.01\",\"answers\":{\"size\":\"large\","
         "\"place\":\"x\"}}",
         422, "plan", NULL}, /* the paper that large ones need */
        {"an", "/api/v1/dossiers",
         "{\"service\":\"small-permit\",\"unit\":\"H07.01\"," ANSWERS "}", 422, "unit", NULL},
        {"an", "/api/v1/dossiers/{2}", NULL, 200, "\"acts\"", "3\"version\":"},
        {"an", "/api/v1/dossiers/{2}/acts", "{\"act\":\"accept\"}", 403, "FORBIDDEN", NULL},
        {"reception@district", "/api/v1/dossiers/{2}/acts", "{\"act\":\"accept\"}", 403, NULL,
         NULL},
        {"specialist@commune", "/api/v1/dossiers/{2}/acts", "{\"act\":\"accept\"}", 403,
         "FORBIDDEN", NULL},
        {"reception@commune", "/api/v1/dossiers/{2}/acts", "{\"act\":\"refuse\"}", 422,
         "reason", NULL},
        {"reception@commune", "/api/v1/dossiers/{2}/acts", "{\"act\":\"none\"}", 404, "act",
         NULL},
        {"reception@commune", "/api/v1/dossiers/{2}/acts", "{\"act\":\"accept\",\"version\":1}",
         409, "CONFLICT", NULL},
        {"reception@commune", "/api/v1/dossiers/{2}/acts", "{\"act\":\"accept\"}", 201, NULL,
         "4\"code\":\""},
        {"an", "/api/v1/dossiers/{4}", NULL, 200, "{4}", NULL},
        {"an", "/api/v1/dossiers/{2}", NULL, 200, "{4}", NULL}, /* the first code goes on */
        {NULL, "/api/v1/dossiers/{4}/status", NULL, 200, "\"status\":4", NULL},
        {"specialist@commune", "/api/v1/dossiers/{4}/undo", "{}", 409, NULL, NULL},
        {"specialist@commune", "/api/v1/dossiers/{4}/branches/x", "{\"outcome\":\"agree\"}",
         404, NULL, NULL},
        {"specialist@commune", "/api/v1/dossiers/{4}/acts",
         "{\"act\":\"supplement\",\"reason\":\"r\"}", 422, "items", NULL},
        {"specialist@commune", "/api/v1/dossiers/{4}/acts",
         "{\"act\":\"supplement\",\"reason\":\"r\",\"items\":[\"x\"]}", 201, NULL, NULL},
        {"binh", "/api/v1/dossiers/{4}/acts", "{\"act\":\"resubmit\"}", 404, NULL, NULL},
        {"an", "/api/v1/dossiers/{4}/acts",
         "{\"act\":\"resubmit\",\"answers\":{\"size\":\"x\"}}", 422, "size",
         NULL}, /* not asked for again */
        {"an", "/api/v1/dossiers/{4}/acts",
         "{\"act\":\"resubmit\",\"answers\":{\"place\":\"y\"}}", 201, NULL, NULL},
        {"specialist@commune", "/api/v1/dossiers/act",
         "{\"codes\":[\"{4}\",\"T-AAAAAAAAAA\"],\"act\":\"approve\"}", 200, "NOT_FOUND", NULL},
        {"an", "/api/v1/dossiers/{4}/letters", NULL, 200, "\"form\"", NULL},
        {"an", "/api/v1/dossiers/{4}/receipts/999999999", NULL, 404, NULL, NULL},
    };
    struct str with[PLACES] = {STR("")};
    rows_ask(*state, rows, ROWS(rows), with);
}

static void sessions(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/login", "login=an&password=x", 403, NULL, NULL}, /* without the form's token */
        {NULL, "/register", "number=1&name=&password=a&again=b", 403, NULL, NULL},
        {"an", "/login", NULL, 303, NULL, NULL},
        {"an", "/logout", "", 303, NULL, NULL},
        {"an", "/me", NULL, 303, "/login", NULL}, /* that session is over */
    };
    struct str with[PLACES] = {STR("")};
    rows_ask(*state, rows, ROWS(rows), with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PAGES(pages_of_a_draft), PAGES(drafts_are_thrown_away),
                                       PAGES(api_of_a_dossier), PAGES(sessions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
