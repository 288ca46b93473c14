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

/* A draft that is not ready is refused without a turn: writers wait for nobody who only looks. */
static void refusals_take_no_turn(void **state)
{
    static const struct asking begun[] = {
        {"an", "/service/small-permit/start", "unit=H07.21.01", 303, NULL, "1/draft/"},
        {"an", "/draft/{1}/page/size", "a.size=large", 303, NULL, NULL},
    };
    static const struct asking rows[] = {
        {"an", "/draft/{1}/submit", "", 422, NULL, NULL}, /* a question and a paper are left */
        {"an", "/api/v1/dossiers", "{\"draft\":\"{1}\"}", 422, "place", NULL},
        {"binh", "/api/v1/dossiers", "{\"draft\":\"{1}\"}", 404, "draft", NULL},
        {"an", "/api/v1/dossiers", "{\"draft\":\"zzzzzzzzzz\"}", 404, "draft", NULL},
        {"an", "/draft/zzzzzzzzzz/submit", "", 404, NULL, NULL},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {STR("")};
    rows_ask(k, begun, ROWS(begun), with);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct session_of all[TOKENS_MAX] = {{0}};
        session_for(k, all, rows[i].who); /* signs in, which takes a turn */
        struct store_stats before = store_stats(k->office.app.store);
        struct str answer = asked(k, all, &rows[i], with, PLACES);
        assert_int_equal(status_of(answer), rows[i].status);
        struct store_stats after = store_stats(k->office.app.store);
        assert_int_equal(after.turns + after.rollbacks, before.turns + before.rollbacks);
    }
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
        {"an", "/api/v1/dossiers", "{\"draft\":\"{1}\"}", 201, "{2}", NULL}, /* pressed again */
        {"binh", "/api/v1/dossiers", "{\"draft\":\"{1}\"}", 404, "draft", NULL},
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
        /* not told yet: for the applicant it is where it was */
        {"an", "/api/v1/dossiers/{4}", NULL, 200, "\"status\":4", NULL},
        {"an", "/api/v1/dossiers/{4}/acts", "{\"act\":\"resubmit\"}", 409, "STATE", NULL},
        {"an", "/api/v1/dossiers/{4}/files",
         TEXT_PART("act", "resubmit") TEXT_PART("document", "photo")
             FILE_PART("file", "a.pdf", PDF) "--b--\r\n",
         409, "STATE", NULL},
        {"an", "/api/v1/dossiers/{4}/acts", "{\"act\":\"none\"}", 404, "act", NULL},
        {"binh", "/api/v1/dossiers/{4}/acts", "{\"act\":\"resubmit\"}", 404, NULL, NULL},
        {"specialist@commune", "/api/v1/dossiers/{4}/undo", "{}", 201, "receipt", NULL},
        {"an", "/api/v1/dossiers/{4}/acts", "{\"act\":\"resubmit\"}", 404, "act", NULL},
    };
    static const struct asking told_at_once[] = {
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
        /* the draft still leads there, by the code of reception */
        {"an", "/api/v1/dossiers", "{\"draft\":\"{1}\"}", 201, "{4}", NULL},
    };
    struct str with[PLACES] = {STR("")};
    struct desk *k = *state;
    rows_ask(k, rows, ROWS(rows), with);
    k->office.app.settings.undo_s = 0;
    rows_ask(k, told_at_once, ROWS(told_at_once), with);
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

/* Forms of somebody without a session: bound to a cookie, whose token stands in the form. */
static void registering_and_logging_in(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/register", NULL, 200, NULL, "1motcua-form="},
        {"=motcua-form={1}", "/register", NULL, 200, NULL, "2name=\"csrf\" value=\""},
        {"=motcua-form={1}", "/register", "csrf=x&number=001099000017", 403, NULL, NULL},
        {NULL, "/register", "csrf={2}&number=001099000017", 403, NULL, NULL}, /* not theirs */
        {"=motcua-form={1}", "/register",
         "csrf={2}&number=1&name=&day=&month=&year=&password=a&again=b", 422,
         "href=\"#number\"", NULL},
        {"=motcua-form={1}", "/register",
         "csrf={2}&number=001099000017&name=L%C3%AA+M%E1%BA%ABu&day=31&month=2&year=1999&"
         "password=mot+mat+khau+dai&again=mot+mat+khau+dai",
         422, NULL, NULL}, /* no such day */
        {"=motcua-form={1}", "/register",
         "csrf={2}&number=001099000017&name=L%C3%AA+M%E1%BA%ABu&day=2&month=1&year=1999&"
         "password=mot+mat+khau+dai&again=mot+mat+khau+khac",
         422, "href=\"#again\"", NULL},
        {"=motcua-form={1}", "/register",
         "csrf={2}&number=001099000017&name=L%C3%AA+M%E1%BA%ABu&day=2&month=1&year=1999&"
         "password=ngan&again=ngan",
         422, "href=\"#password\"", NULL},
        {"=motcua-form={1}", "/register",
         "csrf={2}&number=001099000017&name=L%C3%AA+M%E1%BA%ABu&day=2&month=1&year=1999&"
         "password=mot+mat+khau+dai&again=mot+mat+khau+dai&to=/me",
         303, "Location: /login?to=/me", NULL},
        {"=motcua-form={1}", "/register",
         "csrf={2}&number=001099000017&name=x&day=2&month=1&year=1999&"
         "password=mot+mat+khau+dai&again=mot+mat+khau+dai",
         422, NULL, NULL}, /* there already */
        {"=motcua-form={1}", "/login", "csrf={2}&login=&password=", 401, NULL, NULL},
        {"=motcua-form={1}", "/login", "csrf={2}&login=nobody&password=wrong", 401, NULL, NULL},
        {"=motcua-form={1}", "/login", "csrf={2}&login=001099000017&password=wrong", 401, NULL,
         NULL},
        {"=motcua-form={1}", "/login",
         "csrf={2}&login=001099000017&password=mot+mat+khau+dai&to=//evil.example", 303,
         "!evil.example", "3Set-Cookie: motcua="},
        {"=motcua={3}", "/me", NULL, 200, "Lê Mẫu", NULL},
        {"=motcua={3}", "/logout", "", 403, NULL, NULL}, /* a cookie alone changes nothing */
        {NULL, "/api/v1/session",
         "{\"login\":\"001099000017\",\"password\":\"mot mat khau dai\"}", 201, "\"token\"",
         NULL},
    };
    struct str with[PLACES] = {STR("")};
    rows_ask(*state, rows, ROWS(rows), with);
}

/* What was asked for again is answered over the page: only that, and before the time is over. */
static void a_supplement(void **state)
{
    static const struct asking rows[] = {
        {"reception@commune", "/api/v1/dossiers/{0}/acts", "{\"act\":\"accept\"}", 201, NULL,
         "1\"code\":\""},
        {"an", "/dossier/{1}/act/resubmit", NULL, 409, NULL, NULL},
        {"specialist@commune", "/api/v1/dossiers/{1}/acts",
         "{\"act\":\"supplement\",\"reason\":\"<i>r\",\"items\":[\"b\u1ea3n v\u1ebd\"]}", 201,
         NULL, NULL},
        {"an", "/me", NULL, 200, "{1}", NULL},
        {"an", "/dossier/{1}", NULL, 200, "&lt;i&gt;r", NULL},
        {"an", "/dossier/{1}/act/resubmit", NULL, 200, "a.place", "2name=\"version\" value=\""},
        {"an", "/dossier/{1}/act/resubmit?lang=en", NULL, 200, "Place", NULL},
        {"binh", "/dossier/{1}/act/resubmit", NULL, 404, NULL, NULL},
        {"an", "/dossier/{1}/act", "act=resubmit&version={2}&a.place=", 422, "a.place", NULL},
        {"an", "/dossier/{1}/act",
         TEXT_PART("act", "resubmit") TEXT_PART("version", "{2}")
             TEXT_PART("a.place", "m\u1edbi") FILE_PART("file0", "a.exe", "MZ") "--b--\r\n",
         415, NULL, NULL},
        {"an", "/dossier/{1}/act",
         TEXT_PART("act", "resubmit") TEXT_PART("version", "{2}") TEXT_PART("a.place", "mới")
             TEXT_PART("a.size", "large") FILE_PART("file0", "b.pdf", PDF) "--b--\r\n",
         303, "/dossier/{1}", NULL},
        {"an", "/dossier/{1}", NULL, 200, "b.pdf", "3/file/"},
        {"an", "/dossier/{1}/file/{3}", NULL, 200, "%PDF-1.4", NULL},
        {"binh", "/dossier/{1}/file/{3}", NULL, 404, NULL, NULL},
        {NULL, "/dossier/{1}/file/{3}", NULL, 303, "/login", NULL},
        {"specialist@commune", "/desk/dossier/{1}/file/{3}", NULL, 200, "%PDF-1.4", NULL},
        {"specialist@commune", "/desk/dossier/{1}", NULL, 200, "mới", NULL},
        /* what was not asked for again stays as it was */
        {"specialist@commune", "/desk/dossier/{1}?lang=en", NULL, 200, "Small", NULL},
        {"specialist@commune", "/desk/dossier/{1}?lang=en", NULL, 200, "!Large", NULL},
        {"an", "/me/reads", NULL, 200, "{1}", NULL}, /* who has read it */
        {"an", "/dossier/{1}/letter/01/1", NULL, 404, NULL, NULL},
        {"an", "/api/v1/dossiers/{1}/letters", NULL, 200, "\"of\"", "4\"of\":"},
        {"an", "/dossier/{1}/letter/02/{4}", NULL, 200, "application/pdf", NULL},
        {"an", "/dossier/{1}/letter/02/{4}/sig", NULL, 200, NULL, NULL},
        {"binh", "/dossier/{1}/letter/02/{4}", NULL, 404, NULL, NULL},
        {"an", "/api/v1/dossiers/{1}/letters/02/{4}", NULL, 200, "application/pdf", NULL},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code};
    k->office.app.settings.undo_s = 0; /* moves are told at once */
    rows_ask(k, rows, ROWS(rows), with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PAGES(pages_of_a_draft),
                                       PAGES(drafts_are_thrown_away),
                                       PAGES(refusals_take_no_turn),
                                       PAGES(api_of_a_dossier),
                                       PAGES(sessions),
                                       PAGES(registering_and_logging_in),
                                       PAGES(a_supplement)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
