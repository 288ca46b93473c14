/* tpl.c - runs compiled templates: no memory but the output's is taken on the way. */
#include <inttypes.h>
#include <stdio.h>

#include "page/html.h"
#include "text/i18n.h"
#include "page/tpl_priv.h"

struct render {
    struct ctx *cx;
    struct buf *out;
    const struct json *stack[TPL_STACK_MAX];
    size_t depth;
    unsigned partials;
};

static const struct json *lookup(const struct render *r, struct tpl_name name)
{
    if (!name.head.n)
        return r->stack[r->depth - 1];
    for (size_t d = r->depth; d-- > 0;) {
        const struct json *v = json_get(r->stack[d], name.head);
        if (v)
            return name.rest.n ? json_path(v, name.rest) : v;
    }
    return NULL;
}

static bool is_true(const struct json *v)
{
    if (!v)
        return false;
    switch (v->kind) {
    case JSON_NULL:
        return false;
    case JSON_BOOL:
    case JSON_INT:
        return v->i != 0;
    case JSON_STR:
    case JSON_HTML:
        return v->s.n != 0;
    case JSON_ARR:
        return v->n != 0;
    default:
        return true;
    }
}

static void put_value(struct buf *out, const struct json *v)
{
    char digits[24];
    switch (v ? v->kind : JSON_NULL) {
    case JSON_STR:
        html_escape(out, v->s);
        break;
    case JSON_HTML:
    case JSON_DEC:
        buf_put(out, v->s);
        break;
    case JSON_INT:
        buf_put(out, str_n(digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, v->i)));
        break;
    case JSON_BOOL:
        buf_put(out, v->i ? STR("true") : STR("false"));
        break;
    default:
        break;
    }
}

static void put_hole(struct render *r, const struct op *op)
{
    const struct json *v = lookup(r, op->name);
    if (v)
        put_value(r->out, v);
    else
        html_escape(r->out, op->text);
}

/* A message whose key is only known now: found and filled on the way out. */
static void put_message_of(struct render *r, const struct json *key)
{
    if (!key || key->kind != JSON_STR || !key->s.n)
        return;
    struct str text = msg_get(r->cx->lang, key->s), name;
    size_t from = 0, start;
    while (placeholder_next(text, from, &start, &name)) {
        html_escape(r->out, str_cut(text, from, start));
        from = start + name.n + 2;
        put_hole(r,
                 &(struct op){.name = tpl_name_of(name), .text = str_cut(text, start, from)});
    }
    html_escape(r->out, str_skip(text, from));
}

static enum rc run(struct render *r, const struct tpl_ops *ops, size_t from, size_t to);

static enum rc run_with(struct render *r, const struct json *v, const struct tpl_ops *ops,
                        size_t section)
{
    if (r->depth == TPL_STACK_MAX)
        return FAIL(r->cx, INTERNAL, NULL, "over %d template sections open", TPL_STACK_MAX);
    r->stack[r->depth++] = v;
    enum rc rc = run(r, ops, section + 1, ops->v[section].end);
    r->depth--;
    return rc;
}

static enum rc run_section(struct render *r, const struct tpl_ops *ops, size_t at)
{
    const struct json *v = lookup(r, ops->v[at].name);
    if (!is_true(v))
        return RC_OK;
    if (v->kind != JSON_ARR)
        return run_with(r, v, ops, at);
    JSON_EACH (v, child)
        TRY(run_with(r, child, ops, at));
    return RC_OK;
}

static enum rc run_partial(struct render *r, const struct tpl_ops *partial)
{
    if (r->partials == TPL_PARTIAL_MAX)
        return FAIL(r->cx, INTERNAL, NULL, "over %d templates within one another",
                    TPL_PARTIAL_MAX);
    r->partials++;
    enum rc rc = run(r, partial, 0, partial->n);
    r->partials--;
    return rc;
}

/* The simple operations; sections and partials are in run. */
static void put_op(struct render *r, const struct op *op)
{
    if (op->kind == OP_TEXT)
        buf_put(r->out, op->text);
    else if (op->kind == OP_VALUE)
        put_value(r->out, lookup(r, op->name));
    else if (op->kind == OP_HOLE)
        put_hole(r, op);
    else
        put_message_of(r, lookup(r, op->name));
}

static enum rc run(struct render *r, const struct tpl_ops *ops, size_t from, size_t to)
{
    for (size_t i = from; i < to;) {
        const struct op *op = &ops->v[i++];
        if (op->kind == OP_SECTION || op->kind == OP_INVERTED) {
            if (op->kind == OP_SECTION)
                TRY(run_section(r, ops, i - 1));
            else if (!is_true(lookup(r, op->name)))
                continue; /* its content follows */
            i = op->end;
        } else if (op->kind == OP_PARTIAL) {
            TRY(run_partial(r, op->partial));
        } else if (op->kind == OP_MESSAGE) {
            const struct tpl_ops *message = &op->message[r->cx->lang];
            TRY(run(r, message, 0, message->n));
        } else {
            put_op(r, op);
        }
    }
    return RC_OK;
}

bool tpl_has(const struct tpl_set *set, struct str name)
{
    return map_has(set->by_name, name);
}

enum rc tpl_render(struct ctx *cx, const struct tpl_set *set, struct str name,
                   const struct json *view, struct buf *out)
{
    const struct tpl_ops *ops = map_get(set->by_name, name);
    if (!ops)
        return FAIL(cx, INTERNAL, NULL, "no template %.*s", STR_ARG(name));
    struct render r = {.cx = cx, .out = out, .stack = {view}, .depth = 1};
    TRY(run(&r, ops, 0, ops->n));
    if (out->over)
        return FAIL(cx, INTERNAL, NULL, "page %.*s over %zu bytes", STR_ARG(name), out->max);
    return RC_OK;
}
