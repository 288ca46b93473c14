/* test_pages_quality.c - the serving node looks at itself: every link leads somewhere, every public
 * page answers, and what was found and announced stands on pages. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "page_help.h"
#include "quality/quality_priv.h"

static int begin(void **state)
{
    *state = pages_open(NULL, "good");
    return 0;
}

#define PAGES(f) cmocka_unit_test_setup_teardown(f, begin, pages_end)

static struct ctx *now(struct desk *k)
{
    struct ctx *cx = as(k, "");
    cx->now_us = time_now();
    return cx;
}

/* Whoever is signed in nowhere can click on everything that there is. */
static void no_link_leads_nowhere(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/quality/links", NULL, 200, "Không có liên kết hỏng", NULL},
        {NULL, "/quality/links?lang=en", NULL, 200, NULL, NULL},
        {NULL, "/api/v1/quality/links", NULL, 200, "\"broken\":[]", NULL},
        {NULL, "/quality", NULL, 200, "9.000001", NULL},
        {NULL, "/api/v1/quality/9.000001", NULL, 200, "\"clicks\"", NULL},
    };
    struct desk *k = *state;
    struct ctx *cx = now(k);
    struct crawl c = {0};
    struct str base = loopback_base(cx), with[PLACES] = {STR("")};
    filed(k);
    assert_int_equal(portal_crawl(cx, base, NULL, &c), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    JSON_EACH (c.broken, o)
        print_error("%.*s %.*s\n", STR_ARG(json_str(o, "target")),
                    STR_ARG(json_str(o, "reason")));
    assert_int_equal(c.nbroken, 0);
    assert_true(c.pages > 20 && c.links > c.pages);
    rows_ask(k, rows, ROWS(rows), with);
}

/* A round is one event; pages behind a log-in are not looked at, and none answers with an error. */
static void every_page_answers(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/quality/pages", NULL, 200, "/services", NULL},
        {NULL, "/quality/pages?lang=en", NULL, 200, "!/desk/list", NULL},
        {NULL, "/quality/pages.csv", NULL, 200, "/services", NULL},
        {NULL, "/api/v1/quality/pages", NULL, 200, "\"p95\"", NULL},
        {NULL, "/quality/9.000001/days.csv", NULL, 200, "100", NULL},
    };
    struct desk *k = *state;
    struct ctx *cx = now(k);
    struct json *list = json_new_arr(cx->mem);
    struct str with[PLACES] = {STR("")};
    assert_int_equal(probe_round(cx, loopback_base(cx)), RC_OK);
    assert_int_equal(pages_put(now(k), list), RC_OK);
    assert_true(list->n > 10);
    JSON_EACH (list, o) { /* what needs an account leads to the log-in */
        int64_t status = json_int(o, "status", 0);
        if (status < 200 || status > 399)
            fail_msg("%.*s: %lld", STR_ARG(json_str(o, "page")), (long long)status);
    }
    rows_ask(k, rows, ROWS(rows), with);
    /* another site that is not there is told as such, and keeps nothing back */
    k->office.app.settings.quality_sites = STR("away=http://127.0.0.1:1/");
    assert_int_equal(probe_round(now(k), loopback_base(cx)), RC_OK);
    static const struct asking away[] = {{NULL, "/quality/pages", NULL, 200, "away", NULL}};
    rows_ask(k, away, ROWS(away), with);
}

/* The job: nothing at once, a look when one is due, and no second crawl of the same day. */
static void the_job_looks_when_it_is_due(void **state)
{
    struct desk *k = *state;
    struct quality *q = k->office.app.quality;
    int64_t every = k->office.app.settings.quality_probe_s * SECOND_US;
    struct ledger_head before, after;
    assert_int_equal(quality_tick(now(k)), RC_OK);
    assert_int_equal(ledger_head_get(now(k), &before), RC_OK);
    assert_int_equal(quality_tick(now(k)), RC_OK);
    assert_int_equal(ledger_head_get(now(k), &after), RC_OK);
    assert_int_equal(after.size, before.size); /* a fresh node waits an interval */
    q->started_us -= every + SECOND_US;
    assert_int_equal(quality_tick(now(k)), RC_OK);
    assert_int_equal(ledger_head_get(now(k), &after), RC_OK);
    assert_int_equal(after.size, before.size + 2); /* a round and a crawl */
    assert_int_equal(quality_tick(now(k)), RC_OK);
    assert_int_equal(ledger_head_get(now(k), &before), RC_OK);
    assert_int_equal(before.size, after.size);
    k->office.app.settings.quality_probe_s = 0; /* switched off */
    assert_int_equal(quality_tick(now(k)), RC_OK);
}

static int64_t crawls_told(struct desk *k, struct str base, int64_t now_us)
{
    struct ctx *cx = as(k, "");
    struct crawl c = {0};
    struct event_list list = {0};
    cx->now_us = now_us;
    assert_int_equal(portal_crawl(cx, base, NULL, &c), RC_OK);
    assert_int_equal(db_commit(cx), RC_OK);
    assert_int_equal(
        ledger_events_of(cx, EV_PORTAL_CRAWLED, EV_PORTAL_CRAWLED, 0, false, &list), RC_OK);
    return (int64_t)list.n;
}

/* A service that nobody gets to is looked for again and again; what stays so is told once a day. */
static void what_stays_is_told_once_a_day(void **state)
{
    struct desk *k = *state;
    int64_t t = time_now();
    struct str here = loopback_base(as(k, "")), nowhere = STR("http://127.0.0.1:1");
    const struct {
        struct str base;
        int64_t now_us, told;
    } rows[] = {
        {nowhere, t, 1},
        {nowhere, t + 600 * SECOND_US, 1},
        {nowhere, t + DAY_US - 1, 1},
        {here, t + DAY_US - 1, 2}, /* it is there again: at once */
        {here, t + DAY_US, 2},
        {nowhere, t + DAY_US + SECOND_US, 3},
        {nowhere, t + 2 * DAY_US, 3},
        {nowhere, t + 2 * DAY_US + SECOND_US, 4}, /* a day after it was told */
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (crawls_told(k, rows[i].base, rows[i].now_us) != rows[i].told)
            fail_msg("row %zu", i);
}

/* One announcement over the page, in time, taken back; what is wrong stays in the form. */
static void maintenance_over_the_page(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/quality/maintenance", NULL, 200, "!name=\"reason\"", NULL},
        {"admin@province", "/quality/maintenance", NULL, 200, "name=\"reason\"", NULL},
        {"leader@province", "/quality/maintenance", "from={1}&to={2}&reason=x", 403, NULL,
         NULL},
        {"admin@province", "/quality/maintenance", "from=&to=&reason=", 422, "href=\"#from\"",
         NULL},
        {"admin@province", "/quality/maintenance", "from={1}&to={1}&reason=x", 422,
         "href=\"#to\"", NULL},
        {"admin@province", "/quality/maintenance",
         "from={1}&to={2}&reason=%3Cb%3E&reason_en=", 303, NULL, NULL},
        {"admin@province", "/quality/maintenance", "from={1}&to={2}&reason=again", 409,
         "value=\"again\"", NULL}, /* over the other one: told, and nothing typed is lost */
        {"admin@province", "/quality/maintenance", "from={3}&to={1}&reason=x", 409, NULL, NULL},
        {NULL, "/api/v1/maintenance", NULL, 200, "planned", "4\"seq\":"},
        {NULL, "/", NULL, 200, "&lt;b&gt;", NULL}, /* on every page */
        {NULL, "/quality/maintenance/{4}/cancel", "", 401, NULL, NULL},
        {"leader@province", "/quality/maintenance/{4}/cancel", "", 403, NULL, NULL},
        {"admin@province", "/quality/maintenance/999999/cancel", "", 404, NULL, NULL},
        {"admin@province", "/quality/maintenance/{4}/cancel", "", 303, NULL, NULL},
        {"admin@province", "/quality/maintenance/{4}/cancel", "", 409, NULL, NULL},
        {NULL, "/api/v1/maintenance", NULL, 200, "cancelled", NULL},
        {"admin@province", "/api/v1/maintenance",
         "{\"from\":\"soon\",\"to\":\"later\",\"reason\":\"x\"}", 422, "\"from\"", NULL},
        {"admin@province", "/api/v1/maintenance", "{\"from\":\"{1}\",\"to\":\"{2}\"}", 422,
         "reason", NULL},
        {"admin@province", "/api/v1/maintenance",
         "{\"from\":\"{1}\",\"to\":\"{2}\",\"reason\":\"x\"}", 201, "\"seq\"", NULL},
    };
    struct desk *k = *state;
    struct ctx *cx = now(k);
    int64_t from = maintenance_earliest(cx) + 5 * MINUTE_US;
    struct str with[PLACES] = {STR("")};
    int64_t times[] = {from, from + HOUR_US, cx->now_us + MINUTE_US};
    for (size_t i = 0; i < ROWS(times); i++) /* as a browser's field gives it */
        with[i + 1] = str_cut(time_iso(k->mem, times[i]), 0, 16);
    rows_ask(k, rows, ROWS(rows), with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PAGES(no_link_leads_nowhere), PAGES(every_page_answers),
                                       PAGES(the_job_looks_when_it_is_due),
                                       PAGES(what_stays_is_told_once_a_day),
                                       PAGES(maintenance_over_the_page)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
