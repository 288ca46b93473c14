/* statement.c - commands between nodes: node trust, distrust, list; statement make, take, push. */
#include "app/cli.h"

#include "app/open.h"
#include "rollup/rollup.h"
#include "text/i18n.h"

static const struct option_def trust_options[] = {
    {"name", OPT_TEXT, true, "NAME", "what the node is called here: small letters, digits, -"},
    {"vkey", OPT_TEXT, true, "VKEY", "its ledger's verifier key: GET /ledger/vkey there"},
    {"unit", OPT_TEXT, true, "UNIT", "the unit it speaks for, with everything below"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc trust_run(struct ctx *cx, const struct args *a, int *ret)
{
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(node_trust(cx, arg_str(a, "name"), arg_str(a, "vkey"), arg_str(a, "unit")));
    TRY(db_commit(cx));
    printf("statements of %.*s are taken for %.*s\n", STR_ARG(arg_str(a, "name")),
           STR_ARG(arg_str(a, "unit")));
    return RC_OK;
}

static const struct option_def distrust_options[] = {
    {"name", OPT_TEXT, true, "NAME", "as it is called here"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc distrust_run(struct ctx *cx, const struct args *a, int *ret)
{
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(node_distrust(cx, arg_str(a, "name")));
    TRY(db_commit(cx));
    printf("no further statements of %.*s are taken; what was taken stays\n",
           STR_ARG(arg_str(a, "name")));
    return RC_OK;
}

static const struct option_def list_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc nodes_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct json *list;
    TRY(data_open(cx, a, STORE_READ));
    TRY(nodes_list(cx, &list));
    if (arg_has(a, "--json")) {
        print_json(cx, list);
        return RC_OK;
    }
    JSON_EACH (list, n)
        printf("%-20.*s %-14.*s %.*s%s\n", STR_ARG(json_str(n, "name")),
               STR_ARG(json_str(n, "unit")), STR_ARG(json_str(n, "vkey")),
               json_bool(n, "is_ended") ? "  (no longer)" : "");
    return RC_OK;
}

/* -- statement -- */

static const struct option_def make_options[] = {
    {"--period", OPT_TEXT, true, "M", "the month, 2026-10"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

/* The file alone on standard output, so that it can be kept as it is. */
static enum rc make_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct statement_made made;
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(statement_make(cx, arg_str(a, "--period"), &made));
    TRY(db_commit(cx));
    fprintf(stderr, "revision %lld, %lld cells%s\n", (long long)made.revision,
            (long long)made.ncells, made.is_new ? "" : ", as stated before");
    fwrite(made.file.p, 1, made.file.n, stdout);
    putchar('\n');
    return RC_OK;
}

static const struct option_def take_options[] = {
    {"file", OPT_TEXT, true, "FILE", "what `motcua statement make` printed on the node below"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static void close_file(void *arg)
{
    fclose(arg);
}

static enum rc file_read(struct ctx *cx, struct str path, struct str *ret)
{
    FILE *f = fopen(str_z(cx->mem, path), "rb");
    if (!f)
        return FAIL(cx, NOT_FOUND, "file", "%.*s", STR_ARG(path));
    arena_on_free(cx->mem, close_file, f);
    char *p = arena_alloc(cx->mem, STATEMENT_BYTES_MAX + 2);
    *ret = str_trim(str_n(p, fread(p, 1, STATEMENT_BYTES_MAX + 2, f)));
    return RC_OK;
}

static enum rc take_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct str file;
    struct statement_taken t;
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(file_read(cx, arg_str(a, "file"), &file));
    TRY(statement_take_file(cx, file, &t));
    TRY(db_commit(cx));
    printf("%.*s %.*s revision %lld: ", STR_ARG(t.node), STR_ARG(t.period),
           (long long)t.revision);
    if (t.outcome == STATEMENT_REFUSED) {
        struct str key = str_fmt(cx->mem, "rollup.reason.%s", t.reason);
        printf("refused, %s: %.*s\n", t.reason, STR_ARG(msg_get(cx->lang, key)));
        if (t.held.size)
            printf("  held against: %.*s revision %lld, ledger of %lld events\n",
                   STR_ARG(t.held.period), (long long)t.held.revision, (long long)t.held.size);
        *ret = EXIT_FAULT;
        return RC_OK;
    }
    printf("%s, %lld cells%s", t.outcome == STATEMENT_SAME ? "taken before" : "taken",
           (long long)t.ncells, t.is_late ? ", late" : "");
    if (t.unknown)
        printf(", %lld of indicators that are not declared here", (long long)t.unknown);
    putchar('\n');
    return RC_OK;
}

static enum rc statements_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct json *v;
    TRY(data_open(cx, a, STORE_READ));
    TRY(statements_view(cx, &v));
    if (arg_has(a, "--json")) {
        print_json(cx, v);
        return RC_OK;
    }
    JSON_EACH (json_get(v, STR("nodes")), n)
        JSON_EACH (json_get(n, STR("cells")), c)
            if (!json_bool(c, "is_before"))
                printf("%-20.*s %.*s  %-8.*s revision %lld\n", STR_ARG(json_str(n, "name")),
                       STR_ARG(json_str(c, "period")), STR_ARG(json_str(c, "state")),
                       (long long)json_int(c, "revision", 0));
    JSON_EACH (json_get(v, STR("refusals")), r)
        printf("%-20.*s %.*s  refused  %.*s\n", STR_ARG(json_str(r, "node")),
               STR_ARG(json_str(r, "period")), STR_ARG(json_str(r, "reason")));
    return RC_OK;
}

static const struct option_def push_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc push_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct json *v;
    TRY(data_open(cx, a, STORE_WRITE));
    if (!cx->app->settings.rollup_parent.n)
        return FAIL(cx, STATE, "rollup_parent", "the setting names no node above");
    struct progress p = {.what = "months"};
    TRY(rollup_run(cx, progress_show, &p));
    TRY(statements_view(cx, &v));
    JSON_EACH (json_get(v, STR("made")), m) {
        bool sent = json_bool(m, "is_sent");
        printf("%.*s revision %lld: %s %.*s\n", STR_ARG(json_str(m, "period")),
               (long long)json_int(m, "revision", 0), sent ? "accepted" : "not accepted",
               STR_ARG(json_str(m, "answer_text")));
        if (!sent)
            *ret = EXIT_FAULT;
    }
    return RC_OK;
}

const struct command statement_commands[] = {
    {"node trust", "take statements of another node for a unit", trust_options, trust_run},
    {"node distrust", "take no further statements of a node", distrust_options, distrust_run},
    {"node list", "whose statements are taken", list_options, nodes_run},
    {"statement make", "print a month's figures, signed", make_options, make_run},
    {"statement take", "take a statement of a trusted node", take_options, take_run},
    {"statement list", "which months were stated, late, missing, refused", list_options,
     statements_run},
    {"statement push", "send what the node above has not accepted yet", push_options, push_run},
    {0},
};
