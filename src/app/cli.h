/* cli.h - the command line: tables of commands and options, progress. See
 * docs/internals/app.md.
 *
 * Exit codes, the same for every command: 0 done · 1 done, and what was checked does not hold ·
 * 2 the command line is wrong · 3 no such thing · 4 the data folder is in use · 5 anything
 * else. */
#ifndef APP_CLI_H
#define APP_CLI_H

#include <stdio.h>

#include "app/app.h"
#include "store/store.h"
#include "text/json.h"

enum { EXIT_DONE, EXIT_FAULT, EXIT_USAGE, EXIT_ABSENT, EXIT_IN_USE, EXIT_OTHER };

enum option_kind { OPT_FLAG, OPT_TEXT, OPT_INT };
struct option_def {
    const char *name; /* "--port"; an argument without dashes is positional, in order */
    enum option_kind kind;
    bool required;
    const char *value; /* shown in help: "DIR" */
    const char *text;
};
struct args;
/* *ret is the exit code: EXIT_DONE unless set. A failure is printed with its field and detail
 * and becomes an exit code: USAGE 2, NOT_FOUND 3, BUSY 4, any other 5. cx: an arena of 256 MB
 * for the whole command, no database until data_open; a turn left open is rolled back at its
 * end. */
typedef enum rc command_fn(struct ctx *cx, const struct args *a, int *ret);
struct command {
    const char *name; /* "pack check" */
    const char *summary;
    const struct option_def *options; /* ends with a NULL name */
    command_fn *run;
};
/* Every command, ended by a NULL name; modules.c. */
extern const struct command *const app_commands[];

/* Values by option or positional name; STR_NULL / absent when not given. Unknown options,
 * options given twice, missing required ones and OPT_INT that is no whole number were refused
 * before the command ran (USAGE). */
struct str arg_str(const struct args *a, const char *name);
int64_t arg_int(const struct args *a, const char *name, int64_t absent);
bool arg_has(const struct args *a, const char *name);
/* --data, or "data" in the working directory. */
struct str arg_data(const struct args *a);

/* Whose signature (a C2SP vkey): --vkey as given or out of a file of that name, else the log's
 * of --data. USAGE when neither is given. Not parsed here: note_verify and others say PROOF. */
MUST_USE enum rc arg_vkey(struct ctx *cx, const struct args *a, struct str *ret);

/* Opens the node in --data; NOT_FOUND when there is none: only `init` makes one. */
MUST_USE enum rc data_open(struct ctx *cx, const struct args *a, enum store_mode mode);

/* Runs the command that argv names; prints help or a failure; gives the exit code. */
int cli_run(int argc, char **argv);

struct pack;
struct pack_findings;
/* What is wrong with a pack: lines with file, line, rule, both languages; or as JSON. */
void findings_print(FILE *to, const struct pack_findings *found);
struct json *findings_json(struct ctx *cx, const struct pack *pack,
                           const struct pack_findings *found, bool at_node);

/* A progress bar on standard error; quiet when that is no terminal, but for every tenth. */
struct progress {
    const char *what;
    int64_t last_us;
    int last_percent;
};
void progress_show(void *progress, int64_t done, int64_t all);
/* Prints a value as indented JSON (--json) on standard output. */
void print_json(struct ctx *cx, const struct json *v);

#endif
