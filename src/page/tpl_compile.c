/* tpl_compile.c - mustache text into operations; every mistake is found here, not on a page. */
#include <string.h>

#include "page/html.h"
#include "text/i18n.h"
#include "page/tpl_priv.h"

struct compiler {
    struct ctx *cx;
    const struct tpl_set *set;
    struct tpl_source src;
    size_t at; /* where the next piece begins */
    struct tpl_ops ops;
    size_t open[TPL_NEST_MAX]; /* operations of the sections not yet closed */
    size_t nopen;
};

struct tag {
    char sigil; /* 0 for {{name}}, '{' for {{{name}}} */
    struct str body;
    size_t start, end;
};

static size_t line_of(const struct compiler *c, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += c->src.text.p[i] == '\n';
    return line;
}

static enum rc refuse(struct compiler *c, const struct tag *t, const char *why)
{
    struct str body = str_cut(t->body, 0, 60);
    return FAIL(c->cx, MALFORMED, str_z(c->cx->mem, c->src.name),
                "template %.*s line %zu: %s: %.*s", STR_ARG(c->src.name), line_of(c, t->start),
                why, STR_ARG(body));
}

struct tpl_name tpl_name_of(struct str text)
{
    struct tpl_name name = {0};
    if (!str_eq(text, STR(".")))
        name.rest = str_split(text, '.', &name.head);
    return name;
}

static bool is_name(struct str s)
{
    if (str_eq(s, STR(".")))
        return true;
    bool part = false; /* something stands since the last dot */
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!word && (c != '.' || !part))
            return false;
        part = word;
    }
    return part;
}

static struct op *add(struct tpl_ops *ops, enum op_kind kind)
{
    struct op *op = &ops->v[ops->n++];
    op->kind = kind;
    return op;
}

static void add_text(struct tpl_ops *ops, struct str text)
{
    if (text.n)
        add(ops, OP_TEXT)->text = text;
}

/* -- messages -- */

static size_t count_holes(struct str text)
{
    size_t n = 0, start;
    struct str name;
    for (size_t from = 0; placeholder_next(text, from, &start, &name);
         from = start + name.n + 2)
        n++;
    return n;
}

static struct tpl_ops message_ops(struct arena *mem, struct str text)
{
    struct tpl_ops ops = {arena_array(mem, struct op, 2 * count_holes(text) + 1), 0};
    struct str name;
    size_t from = 0, start;
    while (placeholder_next(text, from, &start, &name)) {
        add_text(&ops, html_of(mem, str_cut(text, from, start)).s);
        struct op *op = add(&ops, OP_HOLE);
        op->name = tpl_name_of(name);
        op->text = str_cut(text, start, start + name.n + 2);
        from = start + name.n + 2;
    }
    add_text(&ops, html_of(mem, str_skip(text, from)).s);
    return ops;
}

static enum rc on_message(struct compiler *c, const struct tag *t)
{
    struct str key = t->body;
    if (str_starts(key, STR("(")) && str_ends(key, STR(")"))) {
        struct str name = str_trim(str_cut(key, 1, key.n - 1));
        if (!is_name(name))
            return refuse(c, t, "not a name");
        add(&c->ops, OP_MESSAGE_OF)->name = tpl_name_of(name);
        return RC_OK;
    }
    if (!msg_has(key))
        return refuse(c, t, "no such message in po/");
    struct op *op = add(&c->ops, OP_MESSAGE);
    for (enum lang l = 0; l < LANG_COUNT; l++)
        op->message[l] = message_ops(c->cx->mem, msg_get(l, key));
    return RC_OK;
}

/* -- the other tags -- */

static enum rc on_value(struct compiler *c, const struct tag *t)
{
    if (!is_name(t->body))
        return refuse(c, t, "not a name");
    add(&c->ops, OP_VALUE)->name = tpl_name_of(t->body);
    return RC_OK;
}

static enum rc on_section(struct compiler *c, const struct tag *t)
{
    if (!is_name(t->body))
        return refuse(c, t, "not a name");
    if (c->nopen == TPL_NEST_MAX)
        return refuse(c, t, "sections nest too deep");
    c->open[c->nopen++] = c->ops.n;
    struct op *op = add(&c->ops, t->sigil == '#' ? OP_SECTION : OP_INVERTED);
    op->name = tpl_name_of(t->body);
    op->text = t->body;
    op->end = t->start; /* until it is closed: where it was opened, for the complaint */
    return RC_OK;
}

static enum rc on_close(struct compiler *c, const struct tag *t)
{
    struct op *op = c->nopen ? &c->ops.v[c->open[c->nopen - 1]] : NULL;
    if (!op || !str_eq(op->text, t->body))
        return refuse(c, t, "closes what is not open");
    op->end = c->ops.n;
    c->nopen--;
    return RC_OK;
}

static enum rc on_partial(struct compiler *c, const struct tag *t)
{
    struct tpl_ops *partial = map_get(c->set->by_name, t->body);
    if (!partial)
        return refuse(c, t, "no such template");
    add(&c->ops, OP_PARTIAL)->partial = partial;
    return RC_OK;
}

static enum rc on_tag(struct compiler *c, const struct tag *t)
{
    switch (t->sigil) {
    case 0:
    case '{':
        return on_value(c, t);
    case '#':
    case '^':
        return on_section(c, t);
    case '/':
        return on_close(c, t);
    case '>':
        return on_partial(c, t);
    case '@':
        return on_message(c, t);
    case '!':
        return RC_OK;
    default:
        return refuse(c, t, "no such kind of tag");
    }
}

/* -- reading -- */

/* The tag that begins at `start`. */
static enum rc tag_read(struct compiler *c, size_t start, struct tag *ret)
{
    struct str text = c->src.text;
    *ret = (struct tag){.start = start};
    char sigil = start + 2 < text.n ? text.p[start + 2] : 0;
    if (sigil && strchr("{#^/>@!=&$<%", sigil))
        ret->sigil = sigil;
    struct str close = ret->sigil == '{' ? STR("}}}") : STR("}}");
    size_t from = start + 2 + (ret->sigil != 0), end = from;
    while (end < text.n && !str_starts(str_skip(text, end), close))
        end++;
    if (end >= text.n)
        return refuse(c, ret, "a tag is not closed");
    ret->body = str_trim(str_cut(text, from, end));
    ret->end = end + close.n;
    return RC_OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A tag that writes nothing and stands alone on its line takes the line with it. */
static void widen(const struct compiler *c, struct tag *t)
{
    struct str text = c->src.text;
    size_t start = t->start, end = t->end;
    if (!t->sigil || !strchr("#^/!>", t->sigil))
        return;
    while (start > c->at && is_blank(text.p[start - 1]))
        start--;
    while (end < text.n && (is_blank(text.p[end]) || text.p[end] == '\r'))
        end++;
    bool starts = start == 0 || text.p[start - 1] == '\n';
    bool ends = end == text.n || text.p[end] == '\n';
    if (!starts || !ends)
        return;
    t->start = start;
    t->end = end < text.n ? end + 1 : end;
}

static size_t find_tag(struct str text, size_t from)
{
    size_t at = str_find(text, '{', from);
    while (at < text.n && !str_starts(str_skip(text, at), STR("{{")))
        at = str_find(text, '{', at + 1);
    return at;
}

static size_t count_tags(struct str text)
{
    size_t n = 0;
    for (size_t at = find_tag(text, 0); at < text.n; at = find_tag(text, at + 2))
        n++;
    return n;
}

static enum rc compile_one(struct compiler *c, struct tpl_ops *ret)
{
    struct str text = c->src.text;
    c->ops.v = arena_array(c->cx->mem, struct op, 2 * count_tags(text) + 1);
    for (size_t at = find_tag(text, 0); at < text.n; at = find_tag(text, c->at)) {
        struct tag t;
        TRY(tag_read(c, at, &t));
        widen(c, &t);
        add_text(&c->ops, str_cut(text, c->at, t.start));
        c->at = t.end;
        TRY(on_tag(c, &t));
    }
    add_text(&c->ops, str_skip(text, c->at));
    if (c->nopen) {
        const struct op *op = &c->ops.v[c->open[c->nopen - 1]];
        return refuse(c, &(struct tag){.start = op->end, .body = op->text},
                      "a section is not closed");
    }
    *ret = c->ops;
    return RC_OK;
}

enum rc tpl_compile(struct ctx *cx, const struct tpl_source *src, size_t n,
                    struct tpl_set **ret)
{
    struct tpl_set *set = arena_new_of(cx->mem, struct tpl_set);
    set->by_name = map_new(cx->mem);
    for (size_t i = 0; i < n; i++) { /* all names first: partials may look ahead */
        if (map_has(set->by_name, src[i].name))
            return FAIL(cx, MALFORMED, NULL, "two templates %.*s", STR_ARG(src[i].name));
        map_set(set->by_name, src[i].name, arena_new_of(cx->mem, struct tpl_ops));
    }
    for (size_t i = 0; i < n; i++) {
        struct compiler c = {.cx = cx, .set = set, .src = src[i]};
        TRY(compile_one(&c, map_get(set->by_name, src[i].name)));
    }
    *ret = set;
    return RC_OK;
}
