/* import.c - which format it is; ids, roles and notes that both readers need. */
#include "import/import_priv.h"

#include "text/i18n.h"

void note_add(struct draft *d, int line, struct str what, const char *key, struct str arg)
{
    struct imported *o = d->out;
    if (o->nnotes < IMPORT_NOTES_MAX)
        o->notes[o->nnotes++] =
            (struct import_note){line, str_dup(d->cx->mem, utf8_cut(what, 60)), str_from(key),
                                 str_dup(d->cx->mem, utf8_cut(arg, 120))};
}

struct str import_note_text(struct ctx *cx, enum lang lang, const struct import_note *n)
{
    struct json *args = json_new_obj(cx->mem);
    enum lang was = cx->lang;
    json_put_str(cx->mem, args, "arg", n->arg);
    cx->lang = lang;
    struct str text = msg_fill(cx, str_join(cx->mem, STR("import."), n->key), args);
    cx->lang = was;
    return text;
}

struct str slug(struct ctx *cx, struct str text, char gap)
{
    struct str folded = str_lower(cx->mem, text_fold(cx->mem, text));
    struct buf *b = buf_new(cx->mem, DRAFT_ID_MAX - 4); /* room for a number behind it */
    for (size_t i = 0; i < folded.n; i++) {
        char c = folded.p[i];
        bool is_letter = c >= 'a' && c <= 'z';
        if (is_letter || (c >= '0' && c <= '9' && b->n))
            buf_putc(b, c);
        else if (b->n && b->p[b->n - 1] != gap)
            buf_putc(b, gap);
    }
    struct str s = buf_str(b);
    while (s.n && s.p[s.n - 1] == gap)
        s.n--;
    return s.n ? s : STR("x");
}

enum rc state_add(struct draft *d, struct str source, struct str label, int line,
                  struct draft_state **ret)
{
    if (d->nstates == IMPORT_NODES_MAX)
        return FAIL(d->cx, TOO_LARGE, "file", "more than %d steps", IMPORT_NODES_MAX);
    struct str base = slug(d->cx, source, '_'), id = base;
    for (size_t i = 0, n = 2; i < d->nstates; i++)
        if (str_eq(d->states[i].id, id)) {
            id = str_fmt(d->cx->mem, "%.*s_%zu", STR_ARG(base), n++);
            i = (size_t)-1; /* from the first again */
        }
    struct draft_state *s = &d->states[d->nstates++];
    *s = (struct draft_state){.id = id, .label = label, .source = source, .line = line};
    *ret = s;
    return RC_OK;
}

struct draft_act *act_add(struct draft *d, struct draft_state *s, struct str label, size_t to)
{
    struct str base = slug(d->cx, label, '_'), id = base;
    if (s->nacts == DRAFT_ACTS_MAX) {
        note_add(d, s->line, s->source, "too_many_acts", label);
        return NULL;
    }
    for (size_t i = 0, n = 2; i < s->nacts; i++)
        if (str_eq(s->acts[i].id, id)) {
            id = str_fmt(d->cx->mem, "%.*s_%zu", STR_ARG(base), n++);
            i = (size_t)-1;
        }
    struct draft_act *a = &s->acts[s->nacts++];
    *a = (struct draft_act){.id = id, .label = label, .to = to};
    return a;
}

void by_add(struct draft_state *s, struct str role)
{
    for (size_t i = 0; i < s->nby; i++)
        if (str_eq(s->by[i], role))
            return;
    if (s->nby < WHO_MAX)
        s->by[s->nby++] = role;
}

struct str role_of(struct draft *d, int line, struct str theirs)
{
    /* the first that fits; words as they are folded: without marks, small letters */
    static const struct {
        const char *word, *role;
    } rows[] = {
        {"citizen", "applicant"},   {"applicant", "applicant"},  {"nguoi nop", "applicant"},
        {"cong dan", "applicant"},  {"nguoi dan", "applicant"},  {"customer", "applicant"},
        {"system", "system"},       {"auto", "system"},          {"he thong", "system"},
        {"mot cua", "reception"},   {"tiep nhan", "reception"},  {"reception", "reception"},
        {"counter", "reception"},   {"cemp", "reception"},       {"front desk", "reception"},
        {"lanh dao", "leader"},     {"chu tich", "leader"},      {"giam doc", "leader"},
        {"leader", "leader"},       {"approver", "leader"},      {"head", "leader"},
        {"commissioner", "leader"}, {"manager", "leader"},       {"director", "leader"},
        {"van thu", "clerk"},       {"clerk", "clerk"},          {"chuyen vien", "specialist"},
        {"verifier", "specialist"}, {"inspector", "specialist"}, {"specialist", "specialist"},
        {"officer", "specialist"},  {"employee", "specialist"},  {"cong chuc", "specialist"},
    };
    struct str folded = str_lower(d->cx->mem, text_fold(d->cx->mem, theirs));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_has(folded, str_from(rows[i].word)))
            return str_from(rows[i].role);
    note_add(d, line, theirs, "role_guessed", theirs);
    return STR("specialist");
}

enum rc import_read(struct ctx *cx, struct str text, struct imported **ret)
{
    struct draft d = {.cx = cx, .name = STR("")};
    struct str body = str_trim(text);
    if (text.n > IMPORT_BYTES_MAX)
        return FAIL(cx, TOO_LARGE, "file", "at most %d bytes", IMPORT_BYTES_MAX);
    if (!utf8_is(text))
        return FAIL(cx, MALFORMED, "file", "not UTF-8");
    if (str_starts(body, STR("\xef\xbb\xbf")))
        body = str_trim(str_skip(body, 3));
    d.out = arena_new_of(cx->mem, struct imported);
    d.states = arena_array(cx->mem, struct draft_state, IMPORT_NODES_MAX);
    bool is_xml = str_starts(body, STR("<"));
    d.out->format = is_xml ? STR("bpmn") : STR("digit");
    TRY(is_xml ? bpmn_read(&d, body) : digit_read(&d, body));
    if (!d.nstates)
        return FAIL(cx, MALFORMED, "file", "no steps in it");
    draft_write(&d);
    *ret = d.out;
    return RC_OK;
}
