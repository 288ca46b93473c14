/* cmd_ledger.c - commands that prove and count: verify, receipt verify, rebuild, indicator. */
#include "app/cli.h"

#include "app/open.h"
#include "base/file.h"
#include "casework/casework.h"
#include "ledger/ledger.h"
#include "measure/backfill.h"
#include "ops/rebuild.h"
#include "text/i18n.h"

static void say_line(void *arg, struct str text)
{
    int *lines = arg;
    if (++*lines <= 50)
        printf("%.*s\n", STR_ARG(text));
}

/* -- verify -- */

static const struct option_def verify_options[] = {
    {"dir", OPT_TEXT, true, "DIR", "data folder or backup; may be in use"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

/* The youngest of the tables that verifying reads: papers behind entered figures (0021). */
enum { VERIFY_TABLES = 21 };

static enum rc verify_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct progress p = {.what = "verify"};
    struct ledger_head head;
    struct files_count papers;
    struct packs_count packs;
    int64_t faults = 0;
    int lines = 0;
    TRY(app_open(cx, cx->app, arg_str(a, "dir"), STORE_COPY));
    TRY(db_tables_need(cx, VERIFY_TABLES));
    TRY(ledger_head_get(cx, &head));
    TRY(ledger_verify(cx, progress_show, &p, say_line, &lines, &faults));
    TRY(packs_verify(cx, say_line, &lines, &packs));
    TRY(files_verify(cx, say_line, &lines, &papers));
    *ret = faults + packs.faults + papers.faults ? EXIT_FAULT : EXIT_DONE;
    if (arg_has(a, "--json"))
        printf("{\"events\":%lld,\"faults\":%lld,\"packs\":%lld,\"pack_faults\":%lld,"
               "\"papers\":%lld,\"paper_faults\":%lld}\n",
               (long long)head.size, (long long)faults, (long long)packs.packs,
               (long long)packs.faults, (long long)papers.files, (long long)papers.faults);
    else
        printf("%lld events, %lld faults: %s; %lld packs, %lld faults; %lld papers, %lld "
               "faults\n",
               (long long)head.size, (long long)faults,
               faults ? "the ledger does NOT verify" : "the ledger verifies",
               (long long)packs.packs, (long long)packs.faults, (long long)papers.files,
               (long long)papers.faults);
    return RC_OK;
}

/* -- receipt verify -- */

static const struct option_def receipt_options[] = {
    {"file", OPT_TEXT, true, "FILE", "a .tlog-proof receipt"},
    {"--vkey", OPT_TEXT, false, "KEY", "the log's verifier key, or a file holding it"},
    {"--data", OPT_TEXT, false, "DIR", "take the key from this data folder instead"},
    {"--json", OPT_FLAG, false, NULL, "print only the proven entry"},
    {0},
};

enum { RECEIPT_BYTES_MAX = 64 * 1024 };

static const struct file_want receipt_want = {.field = "file", .most = RECEIPT_BYTES_MAX};

static enum rc receipt_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct str proof, key, entry;
    TRY(file_read(cx, arg_str(a, "file"), &receipt_want, &proof));
    TRY(crypt_start(cx));
    TRY(arg_vkey(cx, a, &key));
    enum rc rc = receipt_verify(cx, proof, key, &entry);
    if (rc == RC_PROOF) {
        fprintf(arg_has(a, "--json") ? stderr : stdout, "NOT PROVEN: %s\n", cx->err.detail);
        ctx_clear(cx);
        *ret = EXIT_FAULT;
        return RC_OK;
    }
    TRY(rc);
    if (!arg_has(a, "--json"))
        printf("proven: the log holds this entry\n");
    printf("%.*s\n", STR_ARG(entry));
    return RC_OK;
}

/* -- rebuild -- */

static const struct option_def rebuild_options[] = {
    {"--check", OPT_FLAG, true, NULL, "compare only; the data folder is not changed"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc rebuild_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct progress p = {.what = "rebuild"};
    struct rebuild_report r;
    int lines = 0;
    char scratch[] = "/tmp/motcua-rebuild-XXXXXX";
    TRY(data_open(cx, a, STORE_READ));
    if (!mkdtemp(scratch))
        return FAIL(cx, IO, NULL, "no scratch folder in /tmp");
    struct rebuild_plan plan = {.subs = app_subscribers,
                                .scratch = str_from(scratch),
                                .progress = progress_show,
                                .parg = &p,
                                .say = say_line,
                                .arg = &lines};
    TRY(rebuild_check(cx, &plan, &r));
    *ret = r.differences ? EXIT_FAULT : EXIT_DONE;
    printf(arg_has(a, "--json")
               ? "{\"events\":%lld,\"tables\":%lld,\"rows\":%lld,\"differences\":%lld}\n"
               : "%lld events replayed, %lld tables, %lld rows, %lld differences\n",
           (long long)r.events, (long long)r.tables, (long long)r.rows,
           (long long)r.differences);
    return RC_OK;
}

/* -- indicators: what of the ledger they count -- */

static const struct option_def indicators_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc indicator_json(struct ctx *cx, const struct indicator *ind, struct json *o)
{
    int64_t since = 0;
    if (!ind->is_entered)
        TRY(indicator_since(cx, ind->id, &since));
    json_put_str(cx->mem, o, "id", ind->id);
    json_put_str(cx->mem, o, "name", label_text(cx, ind->name));
    json_put_bool(cx->mem, o, "entered", ind->is_entered);
    json_put_int(cx->mem, o, "since", since);
    return RC_OK;
}

static enum rc indicators_run(struct ctx *cx, const struct args *a, int *ret)
{
    size_t n;
    TRY(data_open(cx, a, STORE_READ));
    const struct indicator *const *all = indicator_all(cx, &n);
    struct json *out = json_new_arr(cx->mem);
    for (size_t i = 0; i < n; i++)
        TRY(indicator_json(cx, all[i], json_push(out, json_new_obj(cx->mem))));
    if (arg_has(a, "--json")) {
        print_json(cx, out);
        return RC_OK;
    }
    JSON_EACH (out, o) {
        int64_t since = json_int(o, "since", 0);
        struct str from = json_bool(o, "entered") ? STR("entered")
                          : since ? str_fmt(cx->mem, "event %lld", (long long)since)
                                  : STR("all");
        printf("%-44.*s %-14.*s %.*s\n", STR_ARG(json_str(o, "id")), STR_ARG(from),
               STR_ARG(json_str(o, "name")));
    }
    return RC_OK;
}

static const struct option_def backfill_options[] = {
    {"id", OPT_TEXT, true, "ID", "the indicator, as `motcua indicator list` names it"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc backfill_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct progress p = {.what = "backfill"};
    int64_t since;
    struct str id = arg_str(a, "id");
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(indicator_since(cx, id, &since));
    TRY(indicator_backfill(cx, id, progress_show, &p));
    printf("%.*s: %lld earlier events read\n", STR_ARG(id), (long long)since);
    return RC_OK;
}

const struct command ledger_commands[] = {
    {"verify", "recompute every leaf, node and signature of a data folder", verify_options,
     verify_run},
    {"receipt verify", "verify a receipt offline", receipt_options, receipt_run},
    {"rebuild", "make the projections anew from the events and compare", rebuild_options,
     rebuild_run},
    {"indicator list", "list indicators and since when each counts", indicators_options,
     indicators_run},
    {"indicator backfill", "let a newly declared indicator count earlier events, too",
     backfill_options, backfill_run},
    {0},
};
