/* rules.c - the table of rules: what each asks, why, and findings made of it. */
#include "pack/pack_priv.h"

#include <string.h>

#include "text/said.h"

static const struct pack_rule rules[] = {
#define PACK_RULE(number, severity, vi, en) {number, PACK_##severity, vi, en},
#include "pack/rules.def"
#undef PACK_RULE
};
enum { RULES = sizeof rules / sizeof *rules };

static const struct {
    int number;
    const char *vi, *en;
} reasons[] = {
#define PACK_WHY(number, vi, en) {number, vi, en},
#include "pack/rules_why.def"
#undef PACK_WHY
};

const struct pack_rule *pack_rule_at(size_t i)
{
    return i < RULES ? &rules[i] : NULL;
}

const struct pack_rule *pack_rule_find(struct str id)
{
    int64_t number;
    if (id.n != 4 || id.p[0] != 'P' || !str_int(str_skip(id, 1), &number))
        return NULL;
    for (size_t i = 0; i < RULES; i++)
        if (rules[i].number == number)
            return &rules[i];
    return NULL;
}

bool pack_rule_needs_node(const struct pack_rule *r)
{
    static const int numbers[] = {100, 101, 102, 103, 131};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i] == r->number)
            return true;
    return false;
}

struct str pack_rule_why(const struct pack_rule *r, enum lang lang)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].number == r->number)
            return str_from(lang == LANG_VI ? reasons[i].vi : reasons[i].en);
    return STR_NULL;
}

static struct str told(struct arena *mem, const char *rule, struct str text)
{
    return str_fmt(mem, "%s%s%.*s", rule, text.n ? ": " : "", STR_ARG(text));
}

/* Once is enough: the same rule at the same place with the same text. */
static bool is_told(const struct pack_findings *found, const struct pack_finding *f)
{
    for (size_t i = 0; i < found->n; i++)
        if (found->v[i].line == f->line && str_eq(found->v[i].rule, f->rule) &&
            str_eq(found->v[i].file, f->file) && str_eq(found->v[i].text_en, f->text_en))
            return true;
    return false;
}

void finding_add2(struct checker *c, const char *rule, int line, struct str vi, struct str en)
{
    struct arena *mem = c->cx->mem;
    const struct pack_rule *r = pack_rule_find(str_from(rule));
    if (!r)
        return;
    struct pack_finding f = {.rule = str_dup(mem, str_from(rule)),
                             .file = c->file,
                             .line = line,
                             .is_warning = r->severity == PACK_WARNING,
                             .text_vi = told(mem, r->vi, vi),
                             .text_en = told(mem, r->en, en)};
    if (c->found->n < PACK_FINDINGS_MAX && !is_told(c->found, &f))
        c->found->v[c->found->n++] = f;
}

void finding_add(struct checker *c, const char *rule, int line, struct str text)
{
    finding_add2(c, rule, line, text, text);
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

void finding_from(struct checker *c, const struct err *e)
{
    struct str detail = str_dup(c->cx->mem, str_from(e->detail));
    int line = line_split(&detail);
    const char *rule = "P020"; /* what forms have no number for */
    if (e->rc == RC_MALFORMED || e->rc == RC_TOO_LARGE)
        rule = "P002";
    else if (pack_rule_find(str_from(e->field)))
        rule = str_z(c->cx->mem, str_from(e->field));
    size_t before = c->found->n;
    struct str vi;
    said_in(c->cx->mem, LANG_VI, detail, &vi);
    finding_add2(c, rule, line, vi, detail);
    if (c->found->n > before)
        column_show(c, e->source, column_of(detail));
}
