/* parse.c - .case files: scenarios, shared answers, commands and the lines below them. */
#include "scenario/scenario_priv.h"

struct reader {
    struct ctx *cx;
    struct case_file *file;
    struct case_block *block; /* being read */
    struct case_step *step;   /* whose lines follow */
    int line;
};

static enum rc bad(struct reader *r, const char *what)
{
    return FAIL(r->cx, MALFORMED, NULL, "line %d: %s", r->line, what);
}

/* A '#' at the start or after a space begins a comment. */
static struct str comment_cut(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '#' && (i == 0 || s.p[i - 1] == ' '))
            return str_cut(s, 0, i);
    return s;
}

static struct str trim_end(struct str s)
{
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\r' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

bool case_pair(struct str text, struct str *name, struct str *value)
{
    struct str head, rest = str_split(text, '=', &head);
    *name = str_trim(head);
    *value = str_trim(rest);
    return rest.p != NULL && name->n > 0;
}

static void fields_push(struct ctx *cx, struct case_fields *f, const struct case_field *one)
{
    struct case_field *v = arena_array(cx->mem, struct case_field, f->n + 1);
    if (f->n)
        memcpy(v, f->v, f->n * sizeof *v);
    v[f->n] = *one;
    *f = (struct case_fields){v, f->n + 1};
}

struct case_fields case_fields_merge(struct ctx *cx, const struct case_fields *base,
                                     const struct case_fields *more)
{
    struct case_fields out = {0};
    const struct case_fields *const from[] = {base, more};
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; from[k] && i < from[k]->n; i++) {
            const struct case_field *f = &from[k]->v[i];
            bool replaced = !f->value.n;
            for (size_t j = 0; k == 0 && more && j < more->n; j++)
                replaced |=
                    str_eq(more->v[j].name, f->name) && more->v[j].is_file == f->is_file;
            if (!replaced)
                fields_push(cx, &out, f);
        }
    }
    return out;
}

static enum rc field_read(struct reader *r, struct str text)
{
    struct case_field f = {.line = r->line};
    text = str_trim(text);
    f.is_file = str_starts(text, STR("file "));
    if (!case_pair(f.is_file ? str_skip(text, 5) : text, &f.name, &f.value))
        return bad(r, "write: name = value");
    if (!r->block)
        return bad(r, "an answer without a command above it");
    fields_push(r->cx, r->step ? &r->step->fields : &r->block->fields, &f);
    return RC_OK;
}

static enum rc block_new(struct reader *r, struct str name, struct case_block **list)
{
    struct case_block *b = arena_new_of(r->cx->mem, struct case_block);
    b->name = str_trim(name);
    b->line = r->line;
    while (*list)
        list = &(*list)->next;
    *list = b;
    r->block = b;
    r->step = NULL;
    return b->name.n ? RC_OK : bad(r, "a name is missing");
}

static size_t find_gap(struct str s)
{
    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.p[i] == ' ' && s.p[i + 1] == ' ')
            return i;
    return s.n;
}

static enum rc refusal_read(struct reader *r, struct case_step *s, struct str *text)
{
    static const struct str mark = STR("-> refused ");
    for (size_t i = 0; i + mark.n <= text->n; i++) {
        if (!str_starts(str_skip(*text, i), mark))
            continue;
        s->field = str_split(str_skip(*text, i + mark.n), ' ', &s->refused);
        *text = trim_end(str_cut(*text, 0, i));
        return s->refused.n ? RC_OK : bad(r, "refused by which code?");
    }
    return RC_OK;
}

static enum rc step_read(struct reader *r, struct str text)
{
    struct case_block *b = r->block;
    if (!b || b->fields.n)
        return bad(r, "a command outside a case");
    struct case_step *v = arena_array(r->cx->mem, struct case_step, b->nsteps + 1);
    if (b->nsteps)
        memcpy(v, b->steps, b->nsteps * sizeof *v);
    b->steps = v;
    struct case_step *s = r->step = &v[b->nsteps++];
    s->line = r->line;
    TRY(refusal_read(r, s, &text));
    while (text.n) {
        size_t gap = find_gap(text);
        if (s->nparts == CASE_PARTS_MAX)
            return bad(r, "too long");
        s->parts[s->nparts++] = str_cut(text, 0, gap);
        text = str_trim(str_skip(text, gap));
    }
    return RC_OK;
}

static enum rc line_read(struct reader *r, struct str text)
{
    text = trim_end(comment_cut(text));
    if (!text.n)
        return RC_OK;
    if (str_starts(text, STR("  ")) || text.p[0] == '\t')
        return field_read(r, text);
    if (str_starts(text, STR("case:")))
        return block_new(r, str_skip(text, 5), &r->file->cases);
    if (str_starts(text, STR("answers ")))
        return block_new(r, str_skip(text, 8), &r->file->answers);
    return step_read(r, text);
}

enum rc case_parse(struct ctx *cx, struct str name, struct str text, struct case_file *ret)
{
    *ret = (struct case_file){.name = name};
    struct reader r = {.cx = cx, .file = ret};
    while (text.p) {
        struct str one;
        text = str_split(text, '\n', &one);
        if (++r.line > CASE_LINES_MAX)
            return bad(&r, "the file is too long");
        TRY(line_read(&r, one));
    }
    return RC_OK;
}
