/* test_cli.c - commands in this process: what each takes in from a file and what it refuses, by
 * exit code and by what it says. The rest of the command line: tests/auto/cli.py. */
#include "unit/harness.h"

#include "app/cli.h"
#include "store_help.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct shell {
    struct arena *mem;
    struct str dir;  /* {0}: where files are put */
    struct str data; /* {1}: a node */
    struct str said; /* by the last command, on both streams */
};

enum { WORDS_MAX = 16 };
struct row {
    const char *text; /* of the file {0}/in; NULL: as it was */
    int code;
    const char *has; /* stands in what it says */
    const char *words[WORDS_MAX];
};

static struct str filled_in(struct shell *s, const char *word)
{
    struct str w = str_from(word);
    if (str_starts(w, STR("{0}")))
        return str_join(s->mem, s->dir, str_skip(w, 3));
    return str_starts(w, STR("{1}")) ? str_join(s->mem, s->data, str_skip(w, 3)) : w;
}

static void file_put(struct shell *s, const char *name, const char *text)
{
    FILE *f = fopen(str_fmt(s->mem, "%.*s/%s", STR_ARG(s->dir), name).p, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* Runs it with both streams in a file, and gives its exit code. */
static int run(struct shell *s, const char *const *words)
{
    char *argv[WORDS_MAX + 2] = {(char *)"motcua"};
    int argc = 1;
    for (; words[argc - 1]; argc++)
        argv[argc] = (char *)str_z(s->mem, filled_in(s, words[argc - 1]));
    const char *path = str_fmt(s->mem, "%.*s/said", STR_ARG(s->dir)).p;
    fflush(NULL);
    int out = dup(1), err = dup(2),
        fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(fd, 1);
    dup2(fd, 2);
    int code = cli_run(argc, argv);
    fflush(NULL);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    char *text = arena_alloc(s->mem, 1 << 18);
    ssize_t n = pread(fd, text, 1 << 18, 0);
    close(fd);
    s->said = str_n(text, n > 0 ? (size_t)n : 0);
    return code;
}

static void rows_run(struct shell *s, const struct row *rows, size_t n)
{
    size_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].text)
            file_put(s, "in", rows[i].text);
        int code = run(s, rows[i].words);
        if (code == rows[i].code && (!rows[i].has || str_has(s->said, str_from(rows[i].has))))
            continue;
        bad++;
        print_error("row %zu: %s %s: %d, not %d, and not \"%s\":\n%.*s\n", i, rows[i].words[0],
                    rows[i].words[1] ? rows[i].words[1] : "", code, rows[i].code,
                    rows[i].has ? rows[i].has : "", STR_ARG(str_cut(s->said, 0, 500)));
    }
    assert_int_equal(bad, 0);
}

/* One node for all: making it takes longer than what is asked of it. */
static int begin(void **state)
{
    static const char *const init[] = {"init", "--data", "{1}", NULL};
    static const char *const unit[] = {
        "unit",      "add",      "H00.21",   "--kind", "district", "--name-vi", "Huyện",
        "--name-en", "District", "--parent", "H00",    "--data",   "{1}",       NULL};
    struct arena *mem = arena_new(256u << 20);
    struct shell *s = arena_new_of(mem, struct shell);
    s->mem = mem;
    s->dir = temp_dir(mem);
    s->data = str_join(mem, s->dir, STR("/data"));
    log_level_set(LOG_ERROR + 1);
    if (run(s, init) != EXIT_DONE || run(s, unit) != EXIT_DONE)
        fail_msg("%.*s", STR_ARG(s->said));
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct shell *s = *state;
    temp_remove(s->dir);
    arena_free(s->mem);
    return 0;
}

#define DATA "--data", "{1}"

static void words(void **state)
{
    static const struct row rows[] = {
        {NULL, EXIT_DONE, "usage", {"--help"}},
        {NULL, EXIT_USAGE, "no command", {"nothing"}},
        {NULL, EXIT_USAGE, "no command", {"pack"}},
        {NULL, EXIT_DONE, "--name-vi", {"unit", "add", "--help"}},
        {NULL, EXIT_USAGE, "unknown option", {"unit", "list", "--datum", "x"}},
        {NULL, EXIT_USAGE, "twice", {"unit", "list", DATA, DATA}},
        {NULL, EXIT_USAGE, "needs DIR", {"unit", "list", "--data"}},
        {NULL, EXIT_USAGE, "whole number", {"calendar", "show", "--year", "x", DATA}},
        {NULL, EXIT_USAGE, "missing", {"unit", "add", "H08", DATA}},
        {NULL, EXIT_USAGE, "unexpected", {"unit", "list", "H00", DATA}},
        {NULL, EXIT_ABSENT, "no node", {"unit", "list", "--data", "{0}/none"}},
        {NULL, EXIT_OTHER, NULL, {"init", DATA}},
        {NULL, EXIT_DONE, "0.1", {"version"}},
        {NULL, EXIT_DONE, "http_port", {"settings", DATA}},
        {NULL, EXIT_DONE, "\"http_port\"", {"settings", "--json", DATA}},
        {NULL, EXIT_DONE, "/api/v1/units", {"routes"}},
        {NULL, EXIT_DONE, "H00.21", {"unit", "list", DATA}},
        {NULL,
         EXIT_OTHER,
         "exists already",
         {"unit", "add", "H00", "--kind", "province", "--name-vi", "x", "--name-en", "x",
          DATA}},
        {NULL,
         EXIT_ABSENT,
         NULL,
         {"unit", "add", "H00.22", "--kind", "district", "--name-vi", "x", "--name-en", "x",
          "--parent", "H08", DATA}},
        {NULL,
         EXIT_USAGE,
         "kind",
         {"unit", "add", "H00.22", "--kind", "galaxy", "--name-vi", "x", "--name-en", "x",
          DATA}},
        {NULL, EXIT_DONE, "0 faults: the ledger verifies", {"verify", "{1}"}},
        {NULL, EXIT_ABSENT, NULL, {"verify", "{0}/none"}},
        {NULL, EXIT_DONE, NULL, {"rebuild", "--check", DATA}},
        {NULL, EXIT_DONE, NULL, {"backup", "{0}/copy", DATA}},
        {NULL, EXIT_OTHER, NULL, {"backup", "{0}/copy", DATA}}, /* it holds one */
        {NULL, EXIT_DONE, NULL, {"restore", "{0}/copy", "--data", "{0}/again"}},
        {NULL, EXIT_OTHER, NULL, {"restore", "{0}/copy", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"restore", "{0}/none", "--data", "{0}/third"}},
        {NULL, EXIT_DONE, "0 faults: the ledger verifies", {"verify", "{0}/again"}},
    };
    rows_run(*state, rows, ROWS(rows));
}

static void calendars(void **state)
{
    static const struct row rows[] = {
        {NULL, EXIT_DONE, "2026-01-01", {"calendar", "show", "--year", "2026", DATA}},
        {NULL, EXIT_ABSENT, "H09", {"calendar", "show", "--unit", "H09", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"calendar", "import", "{0}/none", DATA}},
        {"", EXIT_OTHER, "no column names", {"calendar", "import", "{0}/in", DATA}},
        {"day,kind\n2027-01-01,holiday\n",
         EXIT_OTHER,
         NULL,
         {"calendar", "import", "{0}/in", DATA}},
        {"day,kind,name\n2027-02-30,holiday,x\n",
         EXIT_OTHER,
         "line 2",
         {"calendar", "import", "{0}/in", DATA}},
        {"day,kind,name\n2027-01-01,feast,x\n",
         EXIT_OTHER,
         "line 2",
         {"calendar", "import", "{0}/in", DATA}},
        {"day,kind,name\n2027-01-01,holiday,x\n2027-01-01,holiday,y\n",
         EXIT_OTHER,
         "line 3",
         {"calendar", "import", "{0}/in", DATA}},
        {"day,kind,name\n2027-01-01,holiday,\"x\n",
         EXIT_OTHER,
         "quote",
         {"calendar", "import", "{0}/in", DATA}},
        {NULL,
         EXIT_ABSENT,
         "nothing was imported",
         {"calendar", "publish", DATA}}, /* nothing was imported */
    };
    rows_run(*state, rows, ROWS(rows));
}

static void lists_and_proofs(void **state)
{
    static const struct row rows[] = {
        {"x\n1\n", EXIT_OTHER, "no column indicator", {"figure", "import", "{0}/in", DATA}},
        {"indicator,body,body_name,period,value,verified,method,note\n",
         EXIT_DONE,
         "0",
         {"figure", "import", "{0}/in", DATA}},
        {"indicator,body,body_name,period,value,verified,method,note\n"
         "level4_share,H23,Hải Dương,2023,\"0,125\",,,\n",
         EXIT_OTHER,
         "line 2",
         {"figure", "import", "{0}/in", DATA}},
        {"indicator,body,body_name,period,value,verified,method,note\n"
         "level4_share,H23,Hải Dương,2023-Q5,12,,,\n",
         EXIT_OTHER,
         "period",
         {"figure", "import", "{0}/in", DATA}},
        {"indicator,body,body_name,period,value,verified,method,note\n"
         "level4_share,H23,Hải Dương,2023,\"12,5\",,,nguồn\n",
         EXIT_OTHER,
         "method: line 2: needed",
         {"figure", "import", "{0}/in", DATA}},
        {"indicator,body,body_name,period,value,verified,method,note\n"
         "level4_share,H23,Hải Dương,2023,\"100,5\",,đếm,nguồn\n",
         EXIT_OTHER,
         "line 2",
         {"figure", "import", "{0}/in", DATA}},
        {"indicator,body,body_name,period,value,verified,method,note\n"
         "level4_share,H23,Hải "
         "Dương,2023,\"12,5\",\"12,4\",đếm,nguồn\nunknown,H23,x,2023,1,,,\n",
         EXIT_DONE,
         "1",
         {"figure", "import", "{0}/in", DATA}},
        {NULL,
         EXIT_OTHER,
         "note", /* the same again is a correction, and says no reason */
         {"figure", "enter", "level4_share", "H23", "2023", "--value", "13", "--name",
          "Hải Dương", "--method", "đếm", DATA}},
        {NULL,
         EXIT_ABSENT,
         NULL,
         {"figure", "enter", "none", "H23", "2023", "--value", "13", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"figure", "owed", "--unit", "H99", DATA}},
        {NULL, EXIT_DONE, "H23", {"target", "list", DATA}},
        {NULL, EXIT_DONE, NULL, {"alert", "list", DATA}},
        {NULL, EXIT_DONE, "index-766", {"scorecard", "list", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"scorecard", "show", "none", DATA}},
        {NULL, EXIT_DONE, "petition", {"pack", "list", DATA}},
        {NULL, EXIT_DONE, NULL, {"indicator", "list", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"indicator", "backfill", "none", DATA}},
        {"garbage", EXIT_FAULT, NULL, {"receipt", "verify", "{0}/in", DATA}},
        {"", EXIT_FAULT, NULL, {"receipt", "verify", "{0}/in", DATA}},
        {"c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\n",
         EXIT_FAULT,
         NULL,
         {"receipt", "verify", "{0}/in", "--vkey", "x+y+z"}},
        {"%PDF-1.4\n",
         EXIT_FAULT,
         NULL,
         {"letter", "verify", "{0}/in", "--sig", "{0}/in", DATA}},
        {"{}", EXIT_OTHER, NULL, {"statement", "take", "{0}/in", DATA}},
        {"[", EXIT_OTHER, NULL, {"statement", "take", "{0}/in", DATA}},
        {"{\"note\":\"\",\"statement\":{\"v\":1,\"node\":\"x\",\"cells\":{}}}",
         EXIT_OTHER,
         "no trusted node",
         {"statement", "take", "{0}/in", DATA}},
        {NULL, EXIT_OTHER, "vkey", {"node", "trust", "x", "not-a-key", "H00.21", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"node", "distrust", "x", DATA}},
        {NULL, EXIT_DONE, NULL, {"node", "list", DATA}},
        {NULL, EXIT_DONE, NULL, {"statement", "list", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"dataset", "check", "none", DATA}},
        {NULL, EXIT_DONE, "dossiers-by-district", {"dataset", "list", DATA}},
        {NULL, EXIT_DONE, NULL, {"dataset", "check", DATA}},
        {NULL, EXIT_DONE, NULL, {"quality", "list", DATA}},
        {NULL, EXIT_DONE, NULL, {"maintenance", "list", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"maintenance", "cancel", "5", DATA}},
        {NULL,
         EXIT_OTHER,
         "from",
         {"maintenance", "announce", "--from", "2020-01-01T08:00", "--to", "2020-01-01T09:00",
          "--reason", "x", DATA}},
        {NULL,
         EXIT_USAGE,
         NULL,
         {"maintenance", "announce", "--from", "soon", "--to", "later", "--reason", "x", DATA}},
        {NULL, EXIT_DONE, "0 faults: the ledger verifies", {"verify", "{1}"}},
        {NULL, EXIT_DONE, NULL, {"rebuild", "--check", DATA}},
    };
    rows_run(*state, rows, ROWS(rows));
}

static void definitions(void **state)
{
    static const struct row rows[] = {
        {"", EXIT_OTHER, NULL, {"pack", "import", "{0}/in", "--to", "{0}/p"}},
        {"{}", EXIT_OTHER, NULL, {"pack", "import", "{0}/in", "--to", "{0}/p"}},
        {"<!DOCTYPE x [<!ENTITY a \"b\">]><definitions/>",
         EXIT_OTHER,
         NULL,
         {"pack", "import", "{0}/in", "--to", "{0}/p"}},
        {"<definitions/>", EXIT_OTHER, NULL, {"pack", "import", "{0}/in", "--to", "{0}/p"}},
        {NULL, EXIT_ABSENT, NULL, {"pack", "import", "{0}/none", "--to", "{0}/p"}},
        {NULL, EXIT_DONE, "P042", {"pack", "check", "--explain", "P042"}},
        {NULL, EXIT_ABSENT, NULL, {"pack", "check", "--explain", "P999"}},
        {NULL, EXIT_ABSENT, NULL, {"pack", "check", "{0}/none"}},
        {"flow: x\n",
         EXIT_ABSENT,
         "no such clock",
         {"flow", "due", "{0}/in", "--received", "2026-01-05"}},
        {NULL, EXIT_ABSENT, NULL, {"due", "T-AAAAAAAAAA", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"pack", "withdraw", "none@1", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"person", "erase", "001099000017", "--law", "x", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"user", "close", "nobody", DATA}},
        {NULL,
         EXIT_ABSENT,
         NULL,
         {"user", "role", "nobody", "--role", "leader", "--unit", "H00", DATA}},
        {NULL, EXIT_DONE, NULL, {"delegation", "list", DATA}},
        {NULL, EXIT_ABSENT, NULL, {"delegation", "end", "7", DATA}},
    };
    rows_run(*state, rows, ROWS(rows));
}

/* The last migration as if it had not been, or as it was. */
static void last_migration(struct shell *s, const char *change)
{
    sqlite3 *db;
    const char *file = str_fmt(s->mem, "%.*s/motcua.db", STR_ARG(s->data)).p;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, change, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* A folder that the program before this one left: whoever only reads says so, and what to do;
 * what stands there may be copied and proved as it is. */
static void older_folder(void **state)
{
    static const char *const said = "the data folder is of an older version of this program";
    static const struct row older[] = {
        {NULL, EXIT_OTHER, said, {"rebuild", "--check", DATA}},
        {NULL, EXIT_OTHER, "run `motcua serve` on it once", {"rebuild", "--check", DATA}},
        {NULL, EXIT_OTHER, said, {"unit", "list", DATA}},
        {NULL, EXIT_OTHER, said, {"pack", "list", DATA}},
        {NULL, EXIT_OTHER, said, {"calendar", "show", DATA}},
        {NULL, EXIT_OTHER, said, {"quality", "links", DATA}},
        {NULL, EXIT_OTHER, said, {"indicator", "list", DATA}},
        {NULL, EXIT_OTHER, said, {"due", "T-AAAAAAAAAA", DATA}},
        {NULL, EXIT_DONE, "the ledger verifies", {"verify", "{1}"}},
        {NULL, EXIT_DONE, "copied", {"backup", "{0}/older", DATA}},
        {NULL, EXIT_DONE, "the ledger verifies", {"verify", "{0}/older"}},
        {NULL, EXIT_OTHER, said, {"unit", "list", "--data", "{0}/older"}},
        {NULL, EXIT_DONE, "restored", {"restore", "{0}/older", "--data", "{0}/restored"}},
        {NULL, EXIT_OTHER, said, {"unit", "list", "--data", "{0}/restored"}},
    };
    static const struct row present[] = {
        {NULL, EXIT_DONE, "H00.21", {"unit", "list", DATA}},
        {NULL, EXIT_DONE, " 0 differences", {"rebuild", "--check", DATA}},
    };
    struct shell *s = *state;
    last_migration(s, "update migration set number = -number "
                      "where number = (select max(number) from migration)");
    rows_run(s, older, ROWS(older));
    last_migration(s, "update migration set number = -number where number < 0");
    rows_run(s, present, ROWS(present));
}

/* A folder that a later program left: nobody reads, copies or serves it as if it were known. */
static void newer_folder(void **state)
{
    static const char *const said = "the data folder is of a newer version of this program";
    static const struct row newer[] = {
        {NULL, EXIT_OTHER, said, {"rebuild", "--check", DATA}},
        {NULL, EXIT_OTHER, "use the program that wrote it", {"rebuild", "--check", DATA}},
        {NULL, EXIT_OTHER, said, {"unit", "list", DATA}},
        {NULL, EXIT_OTHER, said, {"due", "T-AAAAAAAAAA", DATA}},
        {NULL, EXIT_OTHER, said, {"serve", "--port", "0", DATA}},
        {NULL, EXIT_OTHER, said, {"user", "close", "nobody", DATA}},
        {NULL, EXIT_OTHER, said, {"pack", "withdraw", "none@1", DATA}},
        {NULL, EXIT_OTHER, said, {"verify", "{1}"}},
        {NULL, EXIT_OTHER, said, {"backup", "{0}/newer", DATA}},
        {NULL, EXIT_OTHER, said, {"restore", "{1}", "--data", "{0}/newer"}},
    };
    static const struct row present[] = {
        {NULL, EXIT_DONE, "the ledger verifies", {"verify", "{1}"}},
        {NULL, EXIT_DONE, " 0 differences", {"rebuild", "--check", DATA}},
    };
    struct shell *s = *state;
    last_migration(s, "insert into migration values (9999, 'later', 'x', 0)");
    rows_run(s, newer, ROWS(newer));
    last_migration(s, "delete from migration where number = 9999");
    rows_run(s, present, ROWS(present));
}

/* Before 0021 no table named the papers behind figures: proving says so, copying does without. */
static void folder_before_figures(void **state)
{
    static const struct row before[] = {
        {NULL, EXIT_OTHER, "of an older version", {"verify", "{1}"}},
        {NULL, EXIT_OTHER, "migration 20 of", {"verify", "{1}"}},
        {NULL, EXIT_OTHER, "run `motcua serve` on it once", {"verify", "{1}", "--json"}},
        {NULL, EXIT_DONE, "copied", {"backup", "{0}/before", DATA}},
        {NULL, EXIT_OTHER, "migration 20 of", {"verify", "{0}/before"}},
    };
    static const struct row present[] = {
        {NULL, EXIT_DONE, "the ledger verifies", {"verify", "{1}"}},
    };
    struct shell *s = *state;
    last_migration(s, "update migration set number = -number where number > 20;"
                      "alter table entered rename to not_yet");
    rows_run(s, before, ROWS(before));
    last_migration(s, "update migration set number = -number where number < 0;"
                      "alter table not_yet rename to entered");
    rows_run(s, present, ROWS(present));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words),
                                       cmocka_unit_test(calendars),
                                       cmocka_unit_test(lists_and_proofs),
                                       cmocka_unit_test(definitions),
                                       cmocka_unit_test(older_folder),
                                       cmocka_unit_test(newer_folder),
                                       cmocka_unit_test(folder_before_figures)};
    return cmocka_run_group_tests(tests, begin, end);
}
