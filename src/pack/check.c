/* check.c - a pack from its files: one walk of steps, each telling the first thing wrong. */
#include "pack/pack_priv.h"

#include "text/yaml.h"

#include <stdlib.h>
#include <string.h>

enum severity { ERROR_RULE, WARNING_RULE };
static const struct {
    int number;
    enum severity severity;
    const char *vi, *en;
} rules[] = {
#define PACK_RULE(number, severity, vi, en) {number, severity##_RULE, vi, en},
#include "pack/rules.def"
#undef PACK_RULE
};

bool rule_find(const char *rule, bool *is_warning, struct str *vi, struct str *en)
{
    int64_t number;
    if (rule[0] != 'P' || !str_int(str_from(rule + 1), &number))
        return false;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].number == number) {
            *is_warning = rules[i].severity == WARNING_RULE;
            *vi = str_from(rules[i].vi);
            *en = str_from(rules[i].en);
            return true;
        }
    return false;
}

void finding_add(struct checker *c, const char *rule, int line, struct str text)
{
    struct arena *mem = c->cx->mem;
    struct str vi = STR("?"), en = STR("?");
    bool is_warning = false;
    rule_find(rule, &is_warning, &vi, &en);
    c->has_errors = c->has_errors || !is_warning;
    if (c->found->n == PACK_FINDINGS_MAX)
        return;
    const char *join = text.n ? ": " : "";
    c->found->v[c->found->n++] = (struct pack_finding){
        .rule = str_dup(mem, str_from(rule)),
        .file = c->file,
        .line = line,
        .is_warning = is_warning,
        .text_vi = str_fmt(mem, "%.*s%s%.*s", STR_ARG(vi), join, STR_ARG(text)),
        .text_en = str_fmt(mem, "%.*s%s%.*s", STR_ARG(en), join, STR_ARG(text)),
    };
}

/* "line 12: what" or "line 12 …: what": the number, and what stands after the colon. */
static int line_split(struct str *detail)
{
    struct str rest = *detail, number;
    int64_t line = 0;
    if (!str_starts(rest, STR("line ")))
        return 0;
    size_t n = strspn(rest.p + 5, "0123456789");
    number = str_cut(rest, 5, 5 + n);
    if (!str_int(number, &line))
        return 0;
    rest = str_skip(rest, 5 + n);
    *detail = str_trim(str_starts(rest, STR(":")) ? str_skip(rest, 1) : rest);
    return (int)line;
}

/* "column 8: why": the number, 0 when there is none. */
static int column_of(struct str detail)
{
    int64_t column = 0;
    if (!str_starts(detail, STR("column ")))
        return 0;
    struct str number = str_cut(detail, 7, str_find(detail, ':', 0));
    return str_int(number, &column) ? (int)column : 0;
}

static struct str file_line(const struct checker *c, int line)
{
    struct str rest = pack_file(c->files, c->file), one = STR_NULL;
    for (int i = 0; i < line && rest.p; i++)
        rest = str_split(rest, '\n', &one);
    return one;
}

/* Where a caret goes: under the line of the file, when the expression stands there as it is. */
static void column_show(struct checker *c, struct str source, int column)
{
    struct pack_finding *f = &c->found->v[c->found->n - 1];
    struct str line = file_line(c, f->line);
    size_t at = 0;
    if (!column || !source.n || !c->found->n)
        return;
    while (at + source.n <= line.n && memcmp(line.p + at, source.p, source.n) != 0)
        at++;
    bool is_there = at + source.n <= line.n;
    f->shown = str_dup(c->cx->mem, is_there ? line : source);
    f->column = column + (is_there ? (int)utf8_len(str_cut(line, 0, at)) : 0);
}

void finding_from_err(struct checker *c)
{
    struct err *e = &c->cx->err;
    struct str vi, en, detail = str_dup(c->cx->mem, str_from(e->detail));
    bool is_warning;
    int line = line_split(&detail);
    const char *rule = "P020"; /* forms have no rule numbers of their own */
    if (e->rc == RC_MALFORMED || e->rc == RC_TOO_LARGE)
        rule = "P002";
    else if (rule_find(e->field, &is_warning, &vi, &en))
        rule = str_z(c->cx->mem, str_from(e->field));
    struct str source = e->source;
    ctx_clear(c->cx);
    finding_add(c, rule, line, detail);
    column_show(c, source, column_of(detail));
}

enum rc file_yaml(struct checker *c, struct str name, const struct json **ret)
{
    struct str text = pack_file(c->files, name);
    struct json *yaml;
    if (!text.p)
        return FAIL(c->cx, PACK, str_eq(name, STR("pack.yaml")) ? "P001" : "P018", "%.*s",
                    STR_ARG(name));
    TRY(yaml_parse(c->cx, text, &yaml));
    *ret = yaml;
    return RC_OK;
}

static enum rc yaml_load(struct checker *c)
{
    TRY(file_yaml(c, STR("pack.yaml"), &c->yaml));
    return decl_keys(
        c->cx, c->yaml,
        "pack! version! name! summary! keywords procedure sector life_event owner! "
        "offered_by! applicants level_2011 mode_2022 law! steps documents fees "
        "results retention public_answer anonymous form flow");
}

static bool is_service(const struct checker *c)
{
    return json_get(c->yaml, STR("form")) || json_get(c->yaml, STR("flow"));
}

static enum rc service_check(struct checker *c)
{
    if (!is_service(c))
        return RC_OK;
    return decl_keys(c->cx, c->yaml,
                     "pack version name summary keywords procedure! sector! life_event! owner "
                     "offered_by applicants! level_2011 mode_2022 law steps! documents fees "
                     "results retention public_answer anonymous form flow");
}

static enum rc form_step(struct checker *c)
{
    struct str name = json_str(c->yaml, "form");
    if (!is_service(c))
        return RC_OK;
    if (!name.p || !json_str(c->yaml, "flow").p)
        return FAIL(c->cx, PACK, "P018", "form, flow");
    TRY(file_yaml(c, name, &c->form_yaml));
    c->file = name;
    TRY(form_load(c->cx, c->form_yaml, c->tables, &c->pack->form));
    c->scope = form_scope(c->pack->form);
    return RC_OK;
}

static enum rc flow_step(struct checker *c)
{
    struct str name = json_str(c->yaml, "flow");
    if (!name.p)
        return RC_OK;
    TRY(file_yaml(c, name, &c->flow_yaml));
    c->file = name;
    return flow_load(c->cx, c->flow_yaml, c->pack->form ? form_scope(c->pack->form) : NULL,
                     &c->pack->flow);
}

/* Needs a part that an earlier step may have failed to load. */
enum need { NEED_NOTHING, NEED_FORM, NEED_FORM_YAML, NEED_BOTH };
static const struct {
    step_fn *step;
    enum need need;
} steps[] = {
    {head_load, NEED_NOTHING},        {law_check, NEED_NOTHING},
    {offers_load, NEED_NOTHING},      {texts_check, NEED_NOTHING},
    {service_check, NEED_NOTHING},    {results_load, NEED_NOTHING},
    {tables_load, NEED_NOTHING},      {form_step, NEED_NOTHING},
    {sections_check, NEED_FORM_YAML}, {documents_load, NEED_FORM},
    {fees_load, NEED_FORM},           {flow_step, NEED_FORM},
    {fields_check, NEED_BOTH},        {indicators_load, NEED_NOTHING},
    {messages_load, NEED_NOTHING},
};

static bool has_need(const struct checker *c, enum need need)
{
    switch (need) {
    case NEED_FORM: /* packs without one have nothing that a form would type */
        return c->pack->form || !is_service(c);
    case NEED_FORM_YAML:
        return c->form_yaml != NULL;
    case NEED_BOTH:
        return c->pack->form && c->pack->flow;
    default:
        return true;
    }
}

enum rc pack_check(struct ctx *cx, const struct pack_files *f, struct pack_findings *found,
                   struct pack **ret)
{
    struct checker c = {.cx = cx, .files = f, .found = found, .file = STR("pack.yaml")};
    c.pack = arena_new_of(cx->mem, struct pack);
    c.tables = tables_new(cx->mem);
    c.scope = expr_scope_new(cx->mem);
    *found = (struct pack_findings){
        .v = arena_array(cx->mem, struct pack_finding, PACK_FINDINGS_MAX)};
    *ret = NULL;
    if (yaml_load(&c) != RC_OK) {
        finding_from_err(&c);
        /* without fields nothing more can be said */
        if (!c.yaml || c.yaml->kind != JSON_OBJ)
            return FAIL(cx, PACK, "pack", "%s", "pack.yaml cannot be read");
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        c.file = STR("pack.yaml");
        if (has_need(&c, steps[i].need) && steps[i].step(&c) != RC_OK)
            finding_from_err(&c);
    }
    if (!c.has_errors)
        warnings_find(&c);
    if (c.has_errors)
        return FAIL(cx, PACK, "pack", "%.*s:%d: %.*s", STR_ARG(found->v[0].file),
                    found->v[0].line, STR_ARG(found->v[0].text_en));
    *ret = c.pack;
    return RC_OK;
}
