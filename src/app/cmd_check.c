/* cmd_check.c - what is wrong with a pack and why it is asked; packs begun from others' files. */
#include "app/cli.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "import/import.h"
#include "pack/pack.h"
#include "text/i18n.h"

static const struct option_def check_options[] = {
    {"dir", OPT_TEXT, false, "DIR", "the pack's folder"},
    {"--data", OPT_TEXT, false, "DIR", "a node, for the rules about its officers"},
    {"--explain", OPT_TEXT, false, "RULE", "what a rule asks and why, for example P042"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static struct str rule_id(struct ctx *cx, const struct pack_rule *r)
{
    return str_fmt(cx->mem, "P%03d", r->number);
}

static const char *severity_name(bool is_warning)
{
    return is_warning ? "warning" : "error";
}

/* -- --explain -- */

static struct json *rule_json(struct ctx *cx, const struct pack_rule *r)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "rule", rule_id(cx, r));
    json_put_str(cx->mem, o, "severity", str_from(severity_name(r->severity == PACK_WARNING)));
    json_put_str(cx->mem, o, "text_vi", str_from(r->vi));
    json_put_str(cx->mem, o, "text_en", str_from(r->en));
    json_put_str(cx->mem, o, "why_vi", pack_rule_why(r, LANG_VI));
    json_put_str(cx->mem, o, "why_en", pack_rule_why(r, LANG_EN));
    return o;
}

static enum rc explain(struct ctx *cx, const struct args *a)
{
    const struct pack_rule *r = pack_rule_find(arg_str(a, "--explain"));
    if (!r)
        return FAIL(cx, NOT_FOUND, "--explain", "no rule %.*s",
                    STR_ARG(str_cut(arg_str(a, "--explain"), 0, 40)));
    if (arg_has(a, "--json")) {
        print_json(cx, rule_json(cx, r));
        return RC_OK;
    }
    struct str id = rule_id(cx, r);
    printf("%.*s (%s)\n\n%s.\n%.*s\n\n%s.\n%.*s\n\ndocs/reference/pack-rules.md#%.*s\n",
           STR_ARG(id), severity_name(r->severity == PACK_WARNING), r->vi,
           STR_ARG(pack_rule_why(r, LANG_VI)), r->en, STR_ARG(pack_rule_why(r, LANG_EN)),
           STR_ARG(str_lower(cx->mem, id)));
    return RC_OK;
}

/* -- findings -- */

static struct json *finding_json(struct ctx *cx, const struct pack_finding *f)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "rule", f->rule);
    json_put_str(cx->mem, o, "severity", str_from(severity_name(f->is_warning)));
    json_put_str(cx->mem, o, "file", f->file);
    json_put_int(cx->mem, o, "line", f->line);
    if (f->column) {
        json_put_int(cx->mem, o, "column", f->column);
        json_put_str(cx->mem, o, "shown", f->shown);
    }
    json_put_str(cx->mem, o, "text_vi", f->text_vi);
    json_put_str(cx->mem, o, "text_en", f->text_en);
    return o;
}

/* The rules that only a node can answer. */
static struct json *skipped_json(struct ctx *cx, bool at_node)
{
    struct json *list = json_new_arr(cx->mem);
    const struct pack_rule *r;
    for (size_t i = 0; !at_node && (r = pack_rule_at(i)); i++)
        if (pack_rule_needs_node(r))
            json_push(list, json_new_str(cx->mem, rule_id(cx, r)));
    return list;
}

/* The line that is wrong, with a caret under the place. */
static void caret_print(FILE *to, const struct pack_finding *f)
{
    enum { WIDTH = 90 };
    if (!f->column)
        return;
    struct str before = utf8_cut(f->shown, (size_t)f->column - 1);
    size_t cut = f->column > WIDTH ? utf8_cut(before, (size_t)f->column - WIDTH).n : 0;
    fprintf(to, "    %.*s\n    %*s^\n", STR_ARG(utf8_cut(str_skip(f->shown, cut), WIDTH + 20)),
            (int)utf8_len(str_skip(before, cut)), "");
}

void findings_print(FILE *to, const struct pack_findings *found)
{
    for (size_t i = 0; i < found->n; i++) {
        const struct pack_finding *f = &found->v[i];
        fprintf(to, "%.*s:", STR_ARG(f->file));
        if (f->line) /* 0: the file as a whole */
            fprintf(to, "%d:", f->line);
        fprintf(to, " %s %.*s: %.*s\n    %.*s\n", severity_name(f->is_warning),
                STR_ARG(f->rule), STR_ARG(f->text_vi), STR_ARG(f->text_en));
        caret_print(to, f);
    }
}

/* {schema, pack, publishable, errors, warnings, findings, skipped}: docs/guide/checking.md. A
 * key never changes its meaning; new ones may come. */
struct json *findings_json(struct ctx *cx, const struct pack *pack,
                           const struct pack_findings *found, bool at_node)
{
    enum { SCHEMA = 1 };
    struct json *o = json_new_obj(cx->mem), *list = json_new_arr(cx->mem);
    int64_t warnings = 0;
    for (size_t i = 0; i < found->n; i++) {
        warnings += found->v[i].is_warning;
        json_push(list, finding_json(cx, &found->v[i]));
    }
    json_put_int(cx->mem, o, "schema", SCHEMA);
    json_put(o, STR("pack"), pack ? json_new_str(cx->mem, pack->ref) : json_new_null(cx->mem));
    json_put_bool(cx->mem, o, "publishable", pack != NULL);
    json_put_int(cx->mem, o, "errors", (int64_t)found->n - warnings);
    json_put_int(cx->mem, o, "warnings", warnings);
    json_put(o, STR("findings"), list);
    json_put(o, STR("skipped"), skipped_json(cx, at_node));
    return o;
}

static void skipped_print(struct ctx *cx, bool at_node)
{
    struct json *list = skipped_json(cx, at_node);
    if (!list->n)
        return;
    printf("not asked without a node (--data DIR):");
    JSON_EACH (list, v)
        printf(" %.*s", STR_ARG(v->s));
    printf("\n");
}

static enum rc check_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct pack_files *files;
    struct pack_findings found = {0};
    struct pack *pack = NULL;
    bool at_node = arg_has(a, "--data");
    if (arg_has(a, "--explain"))
        return explain(cx, a);
    if (!arg_has(a, "dir"))
        return FAIL(cx, USAGE, "dir", "dir is missing");
    TRY(crypt_start(cx));
    TRY(pack_files_read(cx, arg_str(a, "dir"), &files));
    if (at_node)
        TRY(data_open(cx, a, STORE_READ));
    enum rc rc = pack_check(cx, files, &found, &pack);
    if (rc != RC_OK && rc != RC_PACK)
        return rc;
    ctx_clear(cx);
    *ret = rc == RC_OK ? EXIT_DONE : EXIT_FAULT;
    if (arg_has(a, "--json")) {
        print_json(cx, findings_json(cx, pack, &found, at_node));
        return RC_OK;
    }
    findings_print(stdout, &found);
    skipped_print(cx, at_node);
    if (rc == RC_OK)
        printf("%.*s can be published\n", STR_ARG(pack->ref));
    return RC_OK;
}

/* -- pack import -- */

static const struct option_def import_options[] = {
    {"file", OPT_TEXT, true, "FILE", "DIGIT businessservice JSON, or BPMN 2.0 XML"},
    {"--to", OPT_TEXT, true, "DIR", "folder to make; must not be there yet"},
    {"--json", OPT_FLAG, false, NULL, "the report as JSON"},
    {0},
};

static enum rc folder_make(struct ctx *cx, struct str path)
{
    if (mkdir(str_z(cx->mem, path), 0777) == 0)
        return RC_OK;
    if (errno == EEXIST)
        return FAIL(cx, DUPLICATE, "--to", "%.*s is there already", STR_ARG(path));
    return FAIL(cx, NOT_FOUND, "--to", "%.*s: %s", STR_ARG(path), strerror(errno));
}

static enum rc file_write(struct ctx *cx, struct str path, struct str data)
{
    FILE *f = fopen(str_z(cx->mem, path), "wx");
    if (!f)
        return FAIL(cx, IO, "--to", "%.*s: %s", STR_ARG(path), strerror(errno));
    bool is_written = fwrite(data.p, 1, data.n, f) == data.n;
    if (fclose(f) != 0 || !is_written)
        return FAIL(cx, IO, "--to", "%.*s is not written", STR_ARG(path));
    return RC_OK;
}

static enum rc files_write(struct ctx *cx, struct str dir, const struct imported *made)
{
    TRY(folder_make(cx, dir));
    TRY(folder_make(cx, str_join(cx->mem, dir, STR("/forms"))));
    for (size_t i = 0; i < IMPORT_FILES; i++)
        TRY(file_write(
            cx, str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(dir), STR_ARG(made->files[i].name)),
            made->files[i].data));
    return RC_OK;
}

static void notes_print(struct ctx *cx, const struct imported *made)
{
    for (size_t i = 0; i < made->nnotes; i++) {
        const struct import_note *n = &made->notes[i];
        if (n->line) /* 0: the definition as a whole */
            printf("line %d: ", n->line);
        printf("%.*s: %.*s\n    %.*s\n", STR_ARG(n->what),
               STR_ARG(import_note_text(cx, LANG_VI, n)),
               STR_ARG(import_note_text(cx, LANG_EN, n)));
    }
}

static struct json *notes_json(struct ctx *cx, const struct imported *made)
{
    struct json *list = json_new_arr(cx->mem);
    for (size_t i = 0; i < made->nnotes; i++) {
        const struct import_note *n = &made->notes[i];
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_int(cx->mem, o, "line", n->line);
        json_put_str(cx->mem, o, "element", n->what);
        json_put_str(cx->mem, o, "key", n->key);
        json_put_str(cx->mem, o, "text_vi", import_note_text(cx, LANG_VI, n));
        json_put_str(cx->mem, o, "text_en", import_note_text(cx, LANG_EN, n));
    }
    return list;
}

static struct json *report_json(struct ctx *cx, const struct imported *made)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_int(cx->mem, o, "schema", 1);
    json_put_str(cx->mem, o, "format", made->format);
    json_put_str(cx->mem, o, "pack", made->id);
    json_put_int(cx->mem, o, "states", (int64_t)made->nstates);
    json_put_int(cx->mem, o, "acts", (int64_t)made->nacts);
    json_put(o, STR("notes"), notes_json(cx, made));
    return o;
}

static enum rc import_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct str text, dir = arg_str(a, "--to");
    struct imported *made;
    struct pack_files *files;
    struct pack_findings found = {0};
    struct pack *pack = NULL;
    TRY(crypt_start(cx));
    /* binary: XML may be UTF-16 */
    TRY(file_read(cx, arg_str(a, "file"), &(struct file_want){"file", IMPORT_BYTES_MAX, true},
                  &text));
    TRY(import_read(cx, text, &made));
    TRY(files_write(cx, dir, made));
    TRY(pack_files_read(cx, dir, &files));
    enum rc rc = pack_check(cx, files, &found, &pack);
    if (rc != RC_OK && rc != RC_PACK)
        return rc;
    ctx_clear(cx);
    *ret = rc == RC_OK ? EXIT_DONE : EXIT_FAULT;
    if (arg_has(a, "--json")) {
        struct json *o = report_json(cx, made);
        json_put(o, STR("check"), findings_json(cx, pack, &found, false));
        print_json(cx, o);
        return RC_OK;
    }
    printf("%.*s: %.*s, states %zu, acts %zu\n", STR_ARG(dir), STR_ARG(made->format),
           made->nstates, made->nacts);
    notes_print(cx, made);
    findings_print(stdout, &found);
    return RC_OK;
}

const struct command check_commands[] = {
    {"pack check", "say what is wrong with a pack before it is published", check_options,
     check_run},
    {"pack import", "begin a pack from a DIGIT or BPMN definition, with a report",
     import_options, import_run},
    {0},
};
