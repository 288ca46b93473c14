/* fill.c - a template with its placeholders filled becomes parts to draw.
 *
 * Values never become markup: bold (**) is read in the template's own words before they are
 * filled in. A text whose placeholders are all empty is left out. */
#include "letter/letter_priv.h"

enum { SPANS_MAX = 40, TEXT_BYTES_MAX = 64 << 10 };

struct fill {
    struct ctx *cx;
    const struct letter_text *t;
    const struct json *row; /* of a list; its names come first */
    struct part *parts;
    size_t nparts;
    bool after_title; /* the next text stands off from it */
};

static struct str value_of(const struct fill *f, struct str name)
{
    const struct json *v = json_get(f->row, name);
    if (!v)
        v = json_get(f->t->fields, name);
    return v && v->kind == JSON_STR ? v->s : STR("");
}

/* A key of po/ or of the pack's words; a pack's own letters say {vi: …, en: …} on the spot. */
static struct str words_of(const struct fill *f, const struct json *v)
{
    if (!v)
        return STR("");
    if (v->kind == JSON_OBJ)
        return label_text(f->cx, v);
    const struct json *own = json_get(f->t->words, v->s);
    return own ? label_text(f->cx, own)
               : msg_get(f->cx->lang, str_fmt(f->cx->mem, "letter.%.*s", STR_ARG(v->s)));
}

/* -- one text -- */

struct writer {
    struct buf *b;
    struct span spans[SPANS_MAX];
    size_t n;
    bool bold;
    size_t holes, filled;
};

/* Running text of the template: ** turns bold on and off. */
static void plain_put(struct writer *w, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '*' || i + 1 == s.n || s.p[i + 1] != '*') {
            buf_putc(w->b, s.p[i]);
            continue;
        }
        i++;
        if (w->bold)
            w->spans[w->n++].to = (unsigned)buf_str(w->b).n;
        else if (w->n < SPANS_MAX)
            w->spans[w->n].from = (unsigned)buf_str(w->b).n;
        w->bold = !w->bold && w->n < SPANS_MAX;
    }
}

/* False when the text has placeholders and none of them a value. */
static bool rich_make(const struct fill *f, struct str text, struct rich *ret)
{
    struct writer w = {.b = buf_new(f->cx->mem, TEXT_BYTES_MAX)};
    size_t at = 0, start = 0;
    struct str name;
    while (placeholder_next(text, at, &start, &name)) {
        struct str value = value_of(f, name);
        plain_put(&w, str_cut(text, at, start));
        buf_put(w.b, value);
        w.holes++;
        w.filled += value.n > 0;
        at = start + name.n + 2;
    }
    plain_put(&w, str_skip(text, at));
    if (w.bold)
        w.spans[w.n++].to = (unsigned)buf_str(w.b).n;
    struct span *spans = arena_array(f->cx->mem, struct span, w.n);
    if (w.n)
        memcpy(spans, w.spans, w.n * sizeof *spans);
    *ret = (struct rich){buf_str(w.b), spans, w.n};
    return !w.holes || w.filled;
}

/* -- blocks -- */

static bool align_parse(struct str s, enum align *ret)
{
    static const char *const names[] = {[ALIGN_JUSTIFY] = "justify",
                                        [ALIGN_LEFT] = "left",
                                        [ALIGN_CENTER] = "center",
                                        [ALIGN_RIGHT] = "right"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq(s, str_from(names[i]))) {
            *ret = (enum align)i;
            return true;
        }
    return false;
}

/* size in points below or above what the paper has by itself */
static struct look look_of(const struct json *block, int size, enum align align)
{
    struct look k = {.size = (int)json_int(block, "size", size),
                     .indent = (int)json_int(block, "indent", 0),
                     .before = (int)json_int(block, "before", 2),
                     .bold = json_bool(block, "bold"),
                     .italic = json_bool(block, "italic"),
                     .align = align};
    struct str s = json_str(block, "align");
    if (s.n && !align_parse(s, &k.align))
        k.align = align;
    return k;
}

static struct part *part_add(struct fill *f, enum part_kind kind, size_t ncells)
{
    if (f->nparts == PARTS_MAX)
        return NULL;
    struct part *p = &f->parts[f->nparts++];
    *p = (struct part){
        .kind = kind, .cells = arena_array(f->cx->mem, struct rich, ncells), .ncells = ncells};
    return p;
}

static struct rich *cell(struct part *p, size_t i)
{
    return (struct rich *)(uintptr_t)&p->cells[i];
}

static enum rc too_long(const struct fill *f)
{
    return FAIL(f->cx, TOO_LARGE, "letter", "over %d parts", PARTS_MAX);
}

enum { BODY = 9, TITLE = 12, SMALL = 7 }; /* points on A5; A4 has two more */
enum { TITLE_AFTER = 4 };

static enum rc text_fill_part(struct fill *f, const struct json *v, const struct look *look)
{
    struct rich r;
    if (!rich_make(f, words_of(f, v), &r))
        return RC_OK;
    struct part *p = part_add(f, PART_TEXT, 1);
    if (!p)
        return too_long(f);
    p->look = *look;
    p->look.before += f->after_title ? TITLE_AFTER : 0;
    f->after_title = false;
    *cell(p, 0) = r;
    return RC_OK;
}

static int body_size(const struct fill *f)
{
    return str_eq(json_str(f->t->form, "paper"), STR("a4")) ? BODY + 3 : BODY;
}

static enum rc head_block(struct fill *f, const struct json *block)
{
    static const char *const keys[HEAD_CELLS] = {
        [HEAD_SUPERIOR] = "{superior}",       [HEAD_UNIT] = "{unit}",
        [HEAD_NUMBER] = "letter.head.number", [HEAD_NATION] = "letter.head.nation",
        [HEAD_MOTTO] = "letter.head.motto",   [HEAD_DAY] = "letter.head.day"};
    struct part *p = part_add(f, PART_HEAD, HEAD_CELLS);
    if (!p)
        return too_long(f);
    p->look = look_of(block, body_size(f), ALIGN_CENTER);
    for (size_t i = 0; i < HEAD_CELLS; i++) {
        struct str key = str_from(keys[i]);
        struct str text = key.p[0] == '{' ? key : msg_get(f->cx->lang, key);
        if (!rich_make(f, text, cell(p, i)))
            *cell(p, i) = (struct rich){.text = STR("")};
    }
    return RC_OK;
}

static enum rc title_block(struct fill *f, const struct json *block)
{
    struct look look = look_of(block, TITLE + body_size(f) - BODY, ALIGN_CENTER);
    look.bold = true;
    look.before = (int)json_int(block, "before", 10);
    TRY(text_fill_part(f, json_get(block, STR("title")), &look));
    look =
        (struct look){.size = body_size(f), .align = ALIGN_CENTER, .italic = true, .before = 1};
    if (json_get(block, STR("under")))
        TRY(text_fill_part(f, json_get(block, STR("under")), &look));
    f->after_title = true;
    return RC_OK;
}

static enum rc text_block(struct fill *f, const struct json *block)
{
    const struct json *v = json_get(block, STR("text"));
    struct look look = look_of(block, body_size(f), ALIGN_JUSTIFY);
    if (v->kind != JSON_ARR)
        return text_fill_part(f, v, &look);
    JSON_EACH (v, one)
        TRY(text_fill_part(f, one, &look));
    return RC_OK;
}

static enum rc list_block(struct fill *f, const struct json *block)
{
    struct look look = look_of(block, body_size(f), ALIGN_JUSTIFY);
    look.indent = (int)json_int(block, "indent", 12);
    look.before = (int)json_int(block, "before", 1);
    JSON_EACH (json_get(f->t->fields, json_str(block, "list")), row) {
        f->row = row;
        TRY(text_fill_part(f, json_get(block, STR("item")), &look));
    }
    f->row = NULL;
    return RC_OK;
}

static enum rc table_block(struct fill *f, const struct json *block)
{
    const struct json *cols = json_get(block, STR("columns"));
    const struct json *rows = json_get(f->t->fields, json_str(block, "table"));
    if (!cols || !cols->n || cols->n > COLUMNS_MAX)
        return FAIL(f->cx, INTERNAL, "letter", "a table of %zu columns", cols ? cols->n : 0);
    struct part *p = part_add(f, PART_TABLE, cols->n * ((rows ? rows->n : 0) + 1));
    struct column *out = arena_array(f->cx->mem, struct column, cols->n);
    if (!p)
        return too_long(f);
    size_t i = 0;
    JSON_EACH (cols, col) {
        out[i].weight = (int)json_int(col, "width", 1);
        out[i].align = ALIGN_LEFT;
        if (!align_parse(json_str(col, "align"), &out[i].align))
            out[i].align = ALIGN_LEFT;
        (void)rich_make(f, words_of(f, json_get(col, STR("head"))), cell(p, i++));
    }
    JSON_EACH (rows, row) {
        f->row = row;
        JSON_EACH (cols, col)
            (void)rich_make(f, json_str(col, "cell"), cell(p, i++));
    }
    f->row = NULL;
    p->look = look_of(block, SMALL, ALIGN_LEFT);
    p->look.before = (int)json_int(block, "before", 4);
    f->after_title = false;
    p->cols = out;
    p->ncols = cols->n;
    return RC_OK;
}

static enum rc signs_block(struct fill *f, const struct json *block)
{
    static const char *const keys[SIGN_CELLS] = {"title", "hint", "name"};
    const struct json *signs = json_get(block, STR("signs"));
    struct part *p = part_add(f, PART_SIGNS, signs->n * SIGN_CELLS);
    if (!p)
        return too_long(f);
    size_t i = 0;
    JSON_EACH (signs, sign)
        for (size_t k = 0; k < SIGN_CELLS; k++) {
            const struct json *v = json_get(sign, str_from(keys[k]));
            struct str text = k == SIGN_NAME && v ? v->s : words_of(f, v);
            if (!rich_make(f, text, cell(p, i)))
                *cell(p, i) = (struct rich){.text = STR("")};
            i++;
        }
    p->look = look_of(block, body_size(f), ALIGN_CENTER);
    p->look.before = (int)json_int(block, "before", 10);
    return RC_OK;
}

static enum rc qr_block(struct fill *f, const struct json *block)
{
    struct part *p = part_add(f, PART_QR, 1);
    if (!p)
        return too_long(f);
    p->look = look_of(block, SMALL, ALIGN_LEFT);
    p->look.before = (int)json_int(block, "before", 8);
    (void)rich_make(f, words_of(f, json_get(block, STR("qr"))), cell(p, 0));
    return qr_make(f->cx, json_str(f->t->fields, "url"), p);
}

static const struct {
    const char *name;
    enum rc (*add)(struct fill *f, const struct json *block);
} kinds[] = {
    {"head", head_block},   {"title", title_block}, {"text", text_block}, {"list", list_block},
    {"table", table_block}, {"signs", signs_block}, {"qr", qr_block},
};

static bool is_wanted(const struct fill *f, const struct json *block)
{
    const struct json *cond = json_get(block, STR("if"));
    const struct json *v = cond ? json_get(f->t->fields, cond->s) : NULL;
    return !cond || (v && (v->kind == JSON_ARR ? v->n > 0 : v->s.n > 0));
}

static enum rc block_add(struct fill *f, const struct json *block)
{
    if (!is_wanted(f, block))
        return RC_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (json_get(block, str_from(kinds[i].name)))
            return kinds[i].add(f, block);
    return FAIL(f->cx, INTERNAL, "letter", "line %u: an unknown block", block->line);
}

static enum paper paper_of(const struct json *form)
{
    struct str s = json_str(form, "paper");
    return str_eq(s, STR("a4"))        ? PAPER_A4
           : str_eq(s, STR("a4-wide")) ? PAPER_A4_WIDE
                                       : PAPER_A5;
}

enum rc sheet_make(struct ctx *cx, const struct letter_text *t, struct sheet *ret)
{
    struct fill f = {.cx = cx, .t = t, .parts = arena_array(cx->mem, struct part, PARTS_MAX)};
    struct rich foot;
    JSON_EACH (json_get(t->form, STR("blocks")), block)
        TRY(block_add(&f, block));
    (void)rich_make(&f, msg_get(cx->lang, STR("letter.foot")), &foot);
    *ret = (struct sheet){
        .paper = paper_of(t->form),
        .title = str_z(cx->mem, t->title),
        .author = str_z(cx->mem, json_str(t->fields, "unit")),
        .lang = lang_code(cx->lang),
        .created = str_z(cx->mem, time_iso(cx->mem, t->time_us)),
        .foot = foot.text,
        .page_word = str_z(cx->mem, msg_get(cx->lang, STR("letter.page"))),
        .parts = f.parts,
        .nparts = f.nparts,
    };
    return RC_OK;
}
