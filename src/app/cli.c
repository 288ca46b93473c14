/* cli.c - the command line: finding the command, its options, help, progress. */
#include "app/cli.h"

#include <unistd.h>

#include "app/open.h"
#include "base/file.h"
#include "ledger/ledger.h"
#include "text/i18n.h"

enum { ARGS_MAX = 32, JSON_PRINT_MAX = 16 << 20 };

struct args {
    const struct option_def *defs;
    struct str value[ARGS_MAX]; /* by position in defs; p NULL: not given */
};

static const struct option_def *option_at(const struct args *a, const char *name, size_t *at)
{
    for (size_t i = 0; a->defs[i].name; i++)
        if (strcmp(a->defs[i].name, name) == 0) {
            *at = i;
            return &a->defs[i];
        }
    return NULL;
}

struct str arg_str(const struct args *a, const char *name)
{
    size_t i;
    return option_at(a, name, &i) ? a->value[i] : STR_NULL;
}

int64_t arg_int(const struct args *a, const char *name, int64_t absent)
{
    int64_t v;
    struct str s = arg_str(a, name);
    return s.p && str_int(s, &v) ? v : absent;
}

bool arg_has(const struct args *a, const char *name)
{
    return arg_str(a, name).p != NULL;
}

struct str arg_data(const struct args *a)
{
    struct str s = arg_str(a, "--data");
    return s.p ? s : STR("data");
}

enum rc arg_vkey(struct ctx *cx, const struct args *a, struct str *ret)
{
    enum { VKEY_MAX = 64 << 10 };
    static const struct file_want want = {.field = "--vkey", .most = VKEY_MAX};
    struct str key = arg_str(a, "--vkey");
    if (!key.p && !arg_has(a, "--data"))
        return FAIL(cx, USAGE, "--vkey", "give --vkey or --data: whose log is it?");
    if (!key.p) {
        TRY(data_open(cx, a, STORE_READ));
        *ret = ledger_vkey(cx);
        return RC_OK;
    }
    if (access(str_z(cx->mem, key), R_OK) == 0)
        TRY(file_read(cx, key, &want, &key));
    *ret = str_trim(key);
    return RC_OK;
}

enum rc data_open(struct ctx *cx, const struct args *a, enum store_mode mode)
{
    struct str dir = arg_data(a);
    const char *db = str_z(cx->mem, str_fmt(cx->mem, "%.*s/motcua.db", STR_ARG(dir)));
    if (access(db, F_OK) != 0)
        return FAIL(cx, NOT_FOUND, "--data", "no node in %.*s; `motcua init` makes one",
                    STR_ARG(dir));
    return app_open(cx, cx->app, dir, mode);
}

static enum rc option_take(struct ctx *cx, struct args *a, char **argv, int argc, int *at)
{
    const char *name = argv[*at];
    size_t i;
    const struct option_def *def = option_at(a, name, &i);
    if (!def)
        return FAIL(cx, USAGE, name, "unknown option %s", name);
    if (a->value[i].p)
        return FAIL(cx, USAGE, name, "%s stands there twice", name);
    if (def->kind == OPT_FLAG) {
        a->value[i] = STR("1");
        return RC_OK;
    }
    if (++*at == argc || !argv[*at][0])
        return FAIL(cx, USAGE, name, "%s needs %s", name, def->value);
    int64_t v;
    a->value[i] = str_from(argv[*at]);
    if (def->kind == OPT_INT && !str_int(a->value[i], &v))
        return FAIL(cx, USAGE, name, "%s needs a whole number", name);
    return RC_OK;
}

static enum rc positional_take(struct ctx *cx, struct args *a, const char *text)
{
    for (size_t i = 0; text[0] && a->defs[i].name; i++)
        if (a->defs[i].name[0] != '-' && !a->value[i].p) {
            a->value[i] = str_from(text);
            return RC_OK;
        }
    return FAIL(cx, USAGE, text, "unexpected argument \"%s\"", text);
}

static enum rc args_parse(struct ctx *cx, struct args *a, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1])
            TRY(option_take(cx, a, argv, argc, &i));
        else
            TRY(positional_take(cx, a, argv[i]));
    }
    for (size_t i = 0; a->defs[i].name; i++)
        if (a->defs[i].required && !a->value[i].p)
            return FAIL(cx, USAGE, a->defs[i].name, "%s is missing", a->defs[i].name);
    return RC_OK;
}

/* The command whose words argv begins with; *words is how many those are. */
static const struct command *command_find(int argc, char **argv, int *words)
{
    for (size_t t = 0; app_commands[t]; t++)
        for (const struct command *c = app_commands[t]; c->name; c++) {
            struct str rest = str_from(c->name), word;
            int n = 0;
            bool same = true;
            while (rest.p && same) {
                rest = str_split(rest, ' ', &word);
                same = n < argc && str_eq(word, str_from(argv[n]));
                n++;
            }
            if (same) {
                *words = n;
                return c;
            }
        }
    return NULL;
}

static void help_all(FILE *to)
{
    fputs("motcua - one program for a commune's, a province's or a country's digital "
          "government\n\nusage: motcua COMMAND [options]     motcua COMMAND --help\n\n",
          to);
    for (size_t t = 0; app_commands[t]; t++)
        for (const struct command *c = app_commands[t]; c->name; c++)
            fprintf(to, "  %-21s %s\n", c->name, c->summary);
    fputs("\nexit codes: 0 done; 1 what was checked does not hold; 2 wrong command line;\n"
          "            3 no such thing; 4 the data folder is in use; 5 anything else\n",
          to);
}

enum { HELP_WIDTH = 22 };

static void help_one(const struct command *c)
{
    printf("motcua %s - %s\n\nusage: motcua %s", c->name, c->summary, c->name);
    for (const struct option_def *o = c->options; o->name; o++) {
        const char *value = o->kind == OPT_FLAG || o->name[0] != '-' ? NULL : o->value;
        printf(o->required ? " %s%s%s" : " [%s%s%s]", o->name, value ? " " : "",
               value ? value : "");
    }
    puts("\n");
    for (const struct option_def *o = c->options; o->name; o++) {
        char left[40];
        snprintf(left, sizeof left, "%s %s", o->name,
                 o->kind == OPT_FLAG || !o->value ? "" : o->value);
        int marks = (int)(strlen(left) - utf8_len(str_from(left))); /* bytes beyond the width */
        printf("  %-*s %s\n", HELP_WIDTH + marks, left, o->text);
    }
}

static int exit_code(enum rc rc)
{
    switch (rc) {
    case RC_OK:
        return EXIT_DONE;
    case RC_USAGE:
        return EXIT_USAGE;
    case RC_NOT_FOUND:
        return EXIT_ABSENT;
    case RC_BUSY:
        return EXIT_IN_USE;
    default:
        return EXIT_OTHER;
    }
}

static int command_run(const struct command *c, int argc, char **argv)
{
    struct arena *mem = arena_new(COMMAND_MEMORY_MAX);
    struct app app = {.mem = arena_new(APP_MEMORY_MAX)};
    struct ctx *cx = ctx_new(mem, &app);
    settings_default(&app.settings);
    struct args a = {.defs = c->options};
    int code = EXIT_DONE;
    enum rc rc = args_parse(cx, &a, argc, argv);
    if (rc == RC_OK)
        rc = c->run(cx, &a, &code);
    if (rc != RC_OK) {
        fprintf(stderr, "motcua %s: %s (%s%s%s)\n", c->name, rc_text(rc), cx->err.field,
                cx->err.field[0] && cx->err.detail[0] ? ": " : "", cx->err.detail);
        code = exit_code(rc);
    }
    db_rollback(cx); /* what failed half-way, while the modules it concerns still stand */
    arena_free(mem);
    app_close(&app);
    arena_free(app.mem);
    return code;
}

int cli_run(int argc, char **argv)
{
    int words = 0;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help_all(argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    const struct command *c = command_find(argc - 1, argv + 1, &words);
    if (!c) {
        fprintf(stderr, "motcua: no command \"%s\"; `motcua --help` lists them\n", argv[1]);
        return EXIT_USAGE;
    }
    for (int i = 1 + words; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            help_one(c);
            return EXIT_DONE;
        }
    return command_run(c, argc - 1 - words, argv + 1 + words);
}

void progress_show(void *progress, int64_t done, int64_t all)
{
    struct progress *p = progress;
    int percent = all > 0 && done < all ? (int)((done > 0 ? done : 0) * 100 / all) : 100;
    bool tty = isatty(STDERR_FILENO);
    int64_t now = time_monotonic();
    if (percent == p->last_percent && done != all)
        return;
    if (tty ? now - p->last_us < 100000 && done != all : percent / 10 == p->last_percent / 10)
        return;
    p->last_us = now;
    p->last_percent = percent;
    char bar[41];
    memset(bar, ' ', 40);
    memset(bar, '#', (size_t)(percent * 40 / 100));
    bar[40] = '\0';
    fprintf(stderr, tty ? "\r%s [%s] %3d %%%s" : "%s [%s] %3d %%%s", p->what, bar, percent,
            done == all || !tty ? "\n" : "");
}

void print_json(struct ctx *cx, const struct json *v)
{
    struct buf *b = buf_new(cx->mem, JSON_PRINT_MAX);
    json_print(b, v);
    struct str s = buf_str(b);
    fwrite(s.p, 1, s.n, stdout);
    putchar('\n');
}
