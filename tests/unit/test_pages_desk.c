/* test_pages_desk.c - what officers do over their pages: lists, acts, several at once, handing
 * over, undoing, taking papers in at the counter, apologies, delegations; and what each refuses. */
#pragma GCC diagnostic ignored "-Wunused-function" /* the desk's helpers: not all are needed */
#include "unit/harness.h"

#include "page_help.h"

static int begin(void **state)
{
    *state = pages_open(NULL, "good");
    return 0;
}

#define PAGES(f) cmocka_unit_test_setup_teardown(f, begin, pages_end)

static void one_dossier(void **state)
{
    static const struct asking rows[] = {
        {NULL, "/desk", NULL, 303, "/login", NULL},
        {"an", "/desk", NULL, 403, NULL, NULL},
        {"reception@commune", "/desk", NULL, 200, "H07.21.01", NULL},
        {"reception@commune", "/desk?lang=en", NULL, 200, NULL, NULL},
        {"reception@commune", "/desk?unit=H07.21", NULL, 403, NULL, NULL},
        {"reception@commune", "/desk?unit=H99", NULL, 404, NULL, NULL},
        {"reception@commune", "/desk/list?unit=H07.21.01&box=unit", NULL, 200,
         "/desk/dossier/{0}", NULL},
        {"reception@commune", "/desk/list?unit=H07.21.01&box=none", NULL, 200, NULL, NULL},
        {"reception@commune", "/desk/list?unit=H07.21.01&text={0}&box=unit", NULL, 200,
         "/desk/dossier/{0}", NULL},
        {"reception@commune", "/desk/list?unit=H07.21.01&text=zzz&box=unit", NULL, 200, "!{0}",
         NULL},
        {"reception@commune", "/desk/list?unit=H07.21.01&procedure=9.999999", NULL, 200, "!{0}",
         NULL},
        {"reception@commune", "/desk/list?from=2026-12-31&to=2026-01-01", NULL, 200, NULL,
         NULL},
        {"reception@district", "/desk/list", NULL, 200, "!{0}", NULL},
        {"reception@commune", "/desk/dossier/{0}", NULL, 200, "name=\"version\" value=\"",
         "1name=\"version\" value=\""},
        {"reception@commune", "/desk/dossier/{0}?lang=en", NULL, 200, "Accept", NULL},
        {"reception@commune", "/desk/dossier/T-AAAAAAAAAA", NULL, 404, NULL, NULL},
        {"reception@district", "/desk/dossier/{0}", NULL, 403, NULL, NULL},
        {"an", "/desk/dossier/{0}", NULL, 403, NULL, NULL},
        {"reception@commune", "/desk/dossier/{0}/slip", NULL, 200, NULL, NULL},
        {"reception@district", "/desk/dossier/{0}/slip", NULL, 403, NULL, NULL},
        {"reception@commune", "/desk/dossier/{0}/due", NULL, 200, NULL, NULL},
        {"reception@commune", "/desk/dossier/{0}/file/9", NULL, 404, NULL, NULL},
        {"reception@commune", "/desk/dossier/{0}/act", "act=refuse&version={1}", 422, "reason",
         NULL},
        {"reception@commune", "/desk/dossier/{0}/act", "act=accept&version=1", 409, NULL, NULL},
        {"specialist@commune", "/desk/dossier/{0}/act", "act=accept&version={1}", 403, NULL,
         NULL},
        {"reception@district", "/desk/dossier/{0}/act", "act=accept&version={1}", 403, NULL,
         NULL},
        {"reception@commune", "/desk/dossier/{0}/note", "text=", 422, NULL, NULL},
        {"reception@commune", "/desk/dossier/{0}/note", "text=%3Cb%3Enote", 303, NULL, NULL},
        {"reception@commune", "/desk/dossier/{0}", NULL, 200, "&lt;b&gt;note",
         "1name=\"version\" value=\""},
        {"an", "/dossier/{0}", NULL, 200, "!&lt;b&gt;note", NULL}, /* for colleagues only */
        {"reception@commune", "/desk/dossier/{0}/undo", "", 303, NULL,
         NULL}, /* nothing: told so */
        {"reception@commune", "/desk/dossier/{0}/act", "act=accept&version={1}", 303, NULL,
         NULL},
        /* the receipt has left with it: told, and nothing undone, whoever asks */
        {"specialist@commune", "/desk/dossier/{0}/undo", "", 303, NULL, NULL},
        {"reception@commune", "/desk/dossier/{0}/undo", "", 303, NULL, NULL},
        {"reception@commune", "/desk/list?box=unit", NULL, 200, "/desk/dossier/H07.21.01-",
         NULL},
        {"specialist@commune", "/desk/list?box=unit", NULL, 200, "/desk/dossier/",
         "2/desk/dossier/"},
        {"specialist@commune", "/desk/dossier/{2}", NULL, 200, "approve",
         "1name=\"version\" value=\""},
        {"specialist@commune", "/desk/dossier/{2}/assign", "account=999999&version={1}", 403,
         NULL, NULL},
        {"leader@commune", "/desk/dossier/{2}/assign", "account=999999&version={1}", 422, NULL,
         NULL},
        {"reception@district", "/desk/dossier/{2}/assign", "account=1&version={1}", 403, NULL,
         NULL},
        {"specialist@commune", "/desk/dossier/{2}/act", "act=supplement&reason=r&version={1}",
         422, "items", NULL},
        {"specialist@commune", "/desk/dossier/{2}/act",
         TEXT_PART("act", "approve") TEXT_PART("version", "{1}")
             FILE_PART("result", "a.txt", "text") "--b--\r\n",
         415, NULL, NULL},
        {"specialist@commune", "/desk/dossier/{2}/act",
         TEXT_PART("act", "approve") TEXT_PART("version", "{1}")
             FILE_PART("result", "kết quả.pdf", "%PDF-1.4\n%%EOF\n") "--b--\r\n",
         422, NULL, NULL}, /* approving takes no file */
        {"specialist@commune", "/desk/dossier/{2}/act", "act=approve&version={1}", 303, NULL,
         NULL},
        {"specialist@commune", "/desk/dossier/{2}/apology", NULL, 409, NULL, NULL},
        {"specialist@commune", "/desk/dossier/{2}/apology", "reason=&day=x", 422, NULL, NULL},
        {"specialist@commune", "/desk/dossier/{2}/branch/x", "outcome=agree", 404, NULL, NULL},
        {"reception@commune", "/desk/dossier/{2}", NULL, 200, "hand_over",
         "1name=\"version\" value=\""},
        {"reception@commune", "/desk/dossier/{2}/letter/none/1", NULL, 404, NULL, NULL},
        {"reception@commune", "/desk/dossier/{2}/act", "act=hand_over&version={1}", 303, NULL,
         NULL},
        {"reception@commune", "/desk/dossier/{2}/act", "act=hand_over&version={1}", 409, NULL,
         NULL},
        {"an", "/dossier/{2}", NULL, 200, "/rate", NULL},
        {"an", "/dossier/{2}/rate", "", 303, NULL, NULL}, /* without a mark: nothing */
        {"an", "/dossier/{2}", NULL, 200, "/rate", NULL},
        {"an", "/dossier/{2}/rate", "score=3&words=ok", 303, NULL, NULL},
        {"an", "/dossier/{2}/rate", "score=1", 409, NULL, NULL}, /* once */
        {"reception@commune", "/desk/register?unit=H07.21.01", NULL, 200, NULL, NULL},
        {"reception@commune", "/desk/register?unit=H07.21", NULL, 403, NULL, NULL},
        {"leader@commune", "/desk", NULL, 200, NULL, NULL},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code};
    rows_ask(k, rows, ROWS(rows), with);
}

static void several_at_once(void **state)
{
    static const struct asking rows[] = {
        {"reception@commune", "/desk/list?unit=H07.21.01&box=unit", NULL, 200,
         "/desk/dossier/{0}", NULL},
        {"reception@commune", "/desk/bulk?pick={0}&pick={1}", NULL, 200, "value=\"{0} ",
         "2value=\"{0} "},
        {"an", "/desk/bulk?pick={0}", NULL, 403, NULL, NULL},
        {"reception@commune", "/desk/bulk", NULL, 200, NULL, NULL},
        {"reception@commune", "/desk/bulk?pick=T-AAAAAAAAAA", NULL, 200, NULL, NULL},
        {"reception@district", "/desk/bulk?pick={0}", NULL, 200, "!{0}", NULL},
        {"reception@commune", "/desk/bulk", "pick={0}+1", 422, NULL, NULL}, /* no act */
        {"reception@commune", "/desk/bulk", "pick={0}+1&act=refuse&reason=&law=", 200, NULL,
         NULL},
        {"reception@commune", "/desk/bulk", "pick=nonsense&act=accept", 422, NULL, NULL},
        {"reception@commune", "/desk/bulk", "pick={0}+1&pick={1}+1&act=accept", 200,
         "0 trong 2", NULL},
        {"reception@commune", "/desk/bulk?pick={0}&pick={1}", NULL, 200, NULL, "3value=\"{1} "},
        {"specialist@commune", "/desk/bulk", "pick={0}+{2}&act=accept", 200, "0 trong 1", NULL},
        {"reception@commune", "/desk/bulk", "pick={0}+{2}&pick={1}+1&act=accept", 200,
         "1 trong 2", NULL},
        {"reception@commune", "/desk/bulk?lang=en", "pick={0}+{2}&pick={1}+{3}&act=accept", 200,
         "1 of 2", NULL},
        {"reception@commune", "/desk/list?unit=H07.21.01&box=unit", NULL, 200,
         "!/desk/dossier/{1}", NULL},
        {"leader@commune", "/desk/hand?unit=H07.21.01", NULL, 200, NULL, NULL},
        {"leader@commune", "/desk/hand?unit=H07.21", NULL, 403, NULL, NULL},
        {"leader@commune", "/desk/hand", "unit=H07.21.01&pick={0}&reason=r", 422, NULL, NULL},
        {"leader@commune", "/desk/hand", "unit=H07.21.01&pick={0}&to=999999&reason=r", 200,
         "0 trong 1", NULL},
        {"an", "/desk/hand", "unit=H07.21.01&pick={0}&to=1&reason=r", 403, NULL, NULL},
        {"leader@commune", "/desk/asked", NULL, 303, "box=asked", NULL},
        {"leader@commune", "/desk/asked?unit=H07.21", NULL, 403, NULL, NULL},
        {"leader@commune", "/desk/delegations", NULL, 200, NULL, NULL},
        {"leader@commune", "/desk/delegations", "role=none&to=1", 422, NULL, NULL},
        {"leader@commune", "/desk/delegations",
         "role=leader&to=999999&from_day=2026-01-01&to_day=2026-01-02", 422, NULL, NULL},
        {"leader@commune", "/desk/delegations/999/end", "", 404, NULL, NULL},
        {"an", "/desk/delegations", NULL, 403, NULL, NULL},
    };
    struct desk *k = *state;
    struct str with[PLACES] = {filed(k).code, filed(k).code};
    rows_ask(k, rows, ROWS(rows), with);
}

/* Somebody comes to the counter without an account. */
static void at_the_counter(void **state)
{
    static const struct asking rows[] = {
        {"an", "/desk/intake", NULL, 403, NULL, NULL},
        {"specialist@commune", "/desk/intake", NULL, 403, NULL, NULL},
        {"reception@commune", "/desk/intake", NULL, 200, "small-permit", NULL},
        {"reception@commune", "/desk/intake?unit=H07.21", NULL, 403, NULL, NULL},
        {"reception@commune", "/desk/intake", "unit=H07.21.01&service=small-permit", 422, NULL,
         NULL},
        {"reception@commune", "/desk/intake",
         "unit=H07.21.01&service=none&number=001099000017&kind=0&name=L%C3%AA+M%E1%BA%ABu", 422,
         NULL, NULL},
        {"reception@commune", "/desk/intake",
         "unit=H07.21.01&service=small-permit&number=12345&kind=0&name=L%C3%AA+M%E1%BA%ABu",
         422, "number", NULL},
        {"reception@district", "/desk/intake",
         "unit=H07.21.01&service=small-permit&number=001099000017&kind=0&name=x&birth=1999-01-"
         "02",
         403, NULL, NULL},
        {"reception@commune", "/desk/intake",
         "unit=H07.21.01&service=small-permit&number=001099000017&kind=0"
         "&name=L%C3%AA+M%E1%BA%ABu&birth=1999-01-02&phone=0900000000",
         303, "/desk/intake/", "1/desk/intake/"},
        {"reception@commune", "/desk/intake/{1}", NULL, 200, "a.size", NULL},
        {"reception@district", "/desk/intake/{1}", NULL, 404, NULL, NULL},
        {"an", "/draft/{1}", NULL, 404, NULL, NULL},
        {"reception@commune", "/desk/intake/{1}", "submit=1&a.size=large&a.place=", 422,
         "a.place", NULL},
        {"reception@commune", "/desk/intake/{1}", "a.size=small&a.place=x", 303, NULL, NULL},
        {"reception@commune", "/desk/intake/{1}", "submit=1&a.size=small&a.place=x", 303,
         "/desk/intake/filed/", "2/desk/intake/filed/"},
        {"reception@commune", "/desk/intake/filed/{2}", NULL, 200, "{2}", NULL},
        {"reception@district", "/desk/intake/filed/{2}", NULL, 403, NULL, NULL},
        {"reception@commune", "/desk/intake/{1}", NULL, 404, NULL, NULL},
        {"reception@commune", "/desk/intake/{1}/delete", "", 404, NULL, NULL},
        {"reception@commune", "/desk/dossier/{2}", NULL, 200, "{2}", NULL},
        {NULL, "/lookup?code={2}", NULL, 200, "{2}", NULL},
    };
    struct str with[PLACES] = {STR("")};
    rows_ask(*state, rows, ROWS(rows), with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PAGES(one_dossier), PAGES(several_at_once),
                                       PAGES(at_the_counter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
