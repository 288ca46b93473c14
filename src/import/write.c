/* write.c - a draft as the files of a pack: only what the definition said, and what the format
 * asks for as words to be replaced. */
#include "import/import_priv.h"

#include "text/i18n.h"

enum { FILE_MAX = 1 << 20, LABEL_MAX = 200 };

/* A YAML text in double quotes. */
static struct str quoted(struct ctx *cx, struct str s)
{
    struct buf *b = buf_new(cx->mem, LABEL_MAX * 6);
    s = utf8_cut(s, LABEL_MAX);
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_putc(b, '\\');
        buf_putc(b, c < ' ' || c == 0x7f ? ' ' : (char)c);
    }
    buf_putc(b, '"');
    return buf_str(b);
}

/* The same words in both languages: whoever takes the pack over translates them. */
static struct str label(struct ctx *cx, struct str s)
{
    struct str q = quoted(cx, str_trim(s).n ? str_trim(s) : STR("?"));
    return str_fmt(cx->mem, "{vi: %.*s, en: %.*s}", STR_ARG(q), STR_ARG(q));
}

static bool has_word(struct ctx *cx, const struct draft_state *s, const char *const *words)
{
    struct str text = str_fmt(cx->mem, "%.*s %.*s", STR_ARG(s->source), STR_ARG(s->label));
    struct str folded = str_lower(cx->mem, text_fold(cx->mem, text));
    for (; *words; words++)
        if (str_has(folded, str_from(*words)))
            return true;
    return false;
}

/* The national status, as far as words and place tell. */
static int status_of(const struct draft *d, const struct draft_state *s)
{
    static const char *const refused[] = {"reject", "refus", "declin", "denied", "tu choi",
                                          "cancel", "stop",  "dung",   NULL};
    static const char *const withdrawn[] = {"withdr", "rut ho so", "rut don", NULL};
    static const char *const paying[] = {"payment", "nop phi", "thanh toan", NULL};
    if (s->is_end)
        return has_word(d->cx, s, withdrawn) ? 7 : has_word(d->cx, s, refused) ? 8 : 10;
    if (s == &d->states[d->start])
        return 1;
    if (has_word(d->cx, s, paying))
        return 6;
    return s->nby == 1 && str_eq(s->by[0], STR("applicant")) ? 5 : 4;
}

static struct str target(const struct draft *d, const struct draft_act *a)
{
    return a->to_name.p ? a->to_name : d->states[a->to].id;
}

static void by_write(struct buf *b, const struct draft_state *s)
{
    if (!s->nby)
        return;
    buf_fmt(b, "    by: [");
    for (size_t i = 0; i < s->nby; i++)
        buf_fmt(b, "%s%.*s", i ? ", " : "", STR_ARG(s->by[i]));
    buf_fmt(b, "]\n");
}

static void fork_write(struct draft *d, struct buf *b, const struct draft_state *s)
{
    buf_fmt(b, "    fork:\n");
    for (size_t i = 0; i < s->nbranches; i++) {
        const struct draft_branch *r = &s->branches[i];
        buf_fmt(b,
                "      %.*s: {name: %.*s, unit: %.*s, by: [%.*s], within: 5wd, "
                "silence: escalate}\n",
                STR_ARG(r->id), STR_ARG(label(d->cx, r->label)), STR_ARG(r->duty),
                STR_ARG(r->role));
    }
    buf_fmt(b, "    join: all\n    to: %.*s\n", STR_ARG(d->states[s->join_to].id));
}

static void state_write(struct draft *d, struct buf *b, const struct draft_state *s)
{
    buf_fmt(b, "  %.*s: # %.*s, line %d\n    name: %.*s\n    status: %d\n", STR_ARG(s->id),
            STR_ARG(slug(d->cx, s->source, '_')), s->line, STR_ARG(label(d->cx, s->label)),
            status_of(d, s));
    if (s->is_end) {
        buf_fmt(b, "    end: true\n");
        return;
    }
    by_write(b, s);
    if (s->within.n)
        buf_fmt(b, "    within: %.*s\n", STR_ARG(s->within));
    if (s->nacts)
        buf_fmt(b, "    on:\n");
    for (size_t i = 0; i < s->nacts; i++)
        buf_fmt(b, "      %.*s: {to: %.*s}\n", STR_ARG(s->acts[i].id),
                STR_ARG(target(d, &s->acts[i])));
    if (s->after.n)
        buf_fmt(b, "    after: {%.*s: %.*s}\n", STR_ARG(s->after),
                STR_ARG(d->states[s->after_to].id));
    if (s->nbranches)
        fork_write(d, b, s);
}

/* Each act's words once, in the order in which they first stand. */
static void acts_write(struct draft *d, struct buf *b)
{
    struct json *seen = json_new_obj(d->cx->mem);
    buf_fmt(b, "acts:\n");
    for (size_t i = 0; i < d->nstates; i++)
        for (size_t k = 0; k < d->states[i].nacts; k++) {
            const struct draft_act *a = &d->states[i].acts[k];
            if (json_get(seen, a->id))
                continue;
            json_put_bool(d->cx->mem, seen, str_z(d->cx->mem, a->id), true);
            struct str words = label(d->cx, a->label);
            buf_fmt(b, "  %.*s: %.*s\n", STR_ARG(a->id), STR_ARG(words));
            d->out->nacts++;
        }
}

static struct str flow_write(struct draft *d)
{
    struct buf *b = buf_new(d->cx->mem, FILE_MAX);
    if (!d->budget.n)
        note_add(d, 0, d->name, "no_term", STR(""));
    buf_fmt(b,
            "# Nhập từ định nghĩa %.*s; xem báo cáo của `motcua pack import` trước khi dùng.\n"
            "flow: %.*s\ncalendar: vn-office\nstart: %.*s\nclocks:\n"
            "  legal: {budget: %.*s, start: %.*s}\n",
            STR_ARG(d->out->format), STR_ARG(d->id), STR_ARG(d->states[d->start].id),
            STR_ARG(d->budget.n ? d->budget : STR("5wd")), STR_ARG(d->states[d->start].id));
    acts_write(d, b);
    buf_fmt(b, "states:\n");
    for (size_t i = 0; i < d->nstates; i++)
        state_write(d, b, &d->states[i]);
    return buf_str(b);
}

static struct str pack_write(struct draft *d)
{
    struct str name = label(d->cx, d->name.n ? d->name : d->id);
    struct str todo = label(d->cx, STR("cần viết / to be written"));
    return str_fmt(d->cx->mem,
                   "pack: %.*s\nversion: 0.1.0\nname: %.*s\nsummary: %.*s\n"
                   "procedure: \"9.000000\"\n"
                   "sector: {code: X00, vi: \"cần viết\", en: \"to be written\"}\n"
                   "life_event: %.*s\nowner: %.*s\n"
                   "offered_by: [commune]\napplicants: [citizen]\n"
                   "# law: phải nêu căn cứ pháp lý / the legal grounds must be named\n"
                   "law: []\nsteps:\n  - %.*s\n"
                   "# retention: phải nêu thời hạn lưu / how long dossiers are kept\n"
                   "form: forms/main.yaml\nflow: flow.yaml\n",
                   STR_ARG(d->id), STR_ARG(name), STR_ARG(todo), STR_ARG(todo), STR_ARG(todo),
                   STR_ARG(todo));
}

static const char form_text[] =
    "$schema: https://json-schema.org/draft/2020-12/schema\n"
    "type: object\n"
    "sections:\n"
    "  - id: request\n"
    "    title: {vi: \"Nội dung đề nghị\", en: \"What is asked for\"}\n"
    "    pages:\n"
    "      - {id: request, ask: [request]}\n"
    "properties:\n"
    "  request:\n"
    "    type: string\n"
    "    title: {vi: \"Nội dung đề nghị\", en: \"What is asked for\"}\n"
    "    maxLength: 2000\n"
    "  applicant_name:\n"
    "    source: applicant.name\n"
    "    locked: true\n"
    "required: [request]\n";

void draft_write(struct draft *d)
{
    struct str readme = str_fmt(d->cx->mem,
                                "# %.*s\n\nGói nháp nhập từ định nghĩa quy trình %.*s. Chưa "
                                "dùng được: sửa theo báo cáo, "
                                "rồi `motcua pack check`.\n",
                                STR_ARG(utf8_cut(d->name.n ? d->name : d->id, LABEL_MAX)),
                                STR_ARG(d->out->format));
    /* an id of a pack has three characters at least */
    if (d->id.n < 3)
        d->id = str_fmt(d->cx->mem, "imported-%.*s", STR_ARG(d->id));
    d->out->id = d->id;
    d->out->nstates = d->nstates;
    d->out->files[0] = (struct import_file){STR("pack.yaml"), pack_write(d)};
    d->out->files[1] = (struct import_file){STR("forms/main.yaml"), str_from(form_text)};
    d->out->files[2] = (struct import_file){STR("flow.yaml"), flow_write(d)};
    d->out->files[3] = (struct import_file){STR("README.md"), readme};
}
