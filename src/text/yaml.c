/* yaml.c - YAML documents into a json tree: libyaml's events, our subset. */
#include "text/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/map.h"

struct reader {
    struct ctx *cx;
    yaml_parser_t parser;
    yaml_event_t event;
    struct json *open[JSON_DEPTH_MAX];
    struct map *keys[JSON_DEPTH_MAX];
    size_t depth, nodes;
    bool expect_key;
    struct str key;
    uint32_t key_line;
    struct json *root;
};

/* libyaml's memory is malloc's: closed here at the end, or by the arena after an escape. */
static void reader_close(void *arg)
{
    struct reader *r = arg;
    yaml_event_delete(&r->event);
    yaml_parser_delete(&r->parser); /* leaves it zeroed: closing twice is harmless */
}

static enum rc refuse(struct reader *r, yaml_mark_t at, const char *why)
{
    return FAIL(r->cx, MALFORMED, NULL, "YAML line %zu column %zu: %s", at.line + 1,
                at.column + 1, why);
}

static enum rc next_event(struct reader *r)
{
    yaml_event_delete(&r->event);
    if (yaml_parser_parse(&r->parser, &r->event))
        return RC_OK;
    const char *why = r->parser.problem ? r->parser.problem : "cannot be read";
    return refuse(r, r->parser.problem_mark, why);
}

static struct str kept(struct reader *r, const void *s, size_t n)
{
    return str_dup(r->cx->mem, str_n(s, n));
}

/* A member's line is its key's: that is where a reader looks. */
static enum rc place(struct reader *r, enum json_kind kind, struct json **ret)
{
    if (r->nodes++ >= JSON_NODES_MAX)
        return FAIL(r->cx, TOO_LARGE, NULL, "YAML: over %d values", JSON_NODES_MAX);
    struct json *v = arena_new_of(r->cx->mem, struct json);
    v->kind = kind;
    v->line = (uint32_t)r->event.start_mark.line + 1;
    struct json *parent = r->depth ? r->open[r->depth - 1] : NULL;
    if (parent && parent->kind == JSON_OBJ) {
        v->key = r->key;
        v->line = r->key_line;
        r->expect_key = true;
    }
    if (parent)
        json_push(parent, v);
    else
        r->root = v;
    *ret = v;
    return RC_OK;
}

/* "007" and "+5" stay text: codes begin with zeros. */
static bool is_whole(struct str s, int64_t *ret)
{
    struct str digits = str_starts(s, STR("-")) ? str_skip(s, 1) : s;
    return (digits.n == 1 || !str_starts(digits, STR("0"))) && str_int(s, ret);
}

static void set_plain(struct json *v, struct str s)
{
    if (is_whole(s, &v->i)) {
        v->kind = JSON_INT;
    } else if (str_eq(s, STR("true")) || str_eq(s, STR("false"))) {
        v->kind = JSON_BOOL;
        v->i = s.n == 4;
    } else if (s.n == 0 || str_eq(s, STR("null")) || str_eq(s, STR("~"))) {
        v->kind = JSON_NULL;
    }
}

static enum rc on_key(struct reader *r)
{
    yaml_mark_t at = r->event.start_mark;
    if (r->event.type != YAML_SCALAR_EVENT)
        return refuse(r, at, "a key must be plain text");
    r->key = kept(r, r->event.data.scalar.value, r->event.data.scalar.length);
    r->key_line = (uint32_t)at.line + 1;
    if (str_eq(r->key, STR("<<")))
        return refuse(r, at, "merge keys are not used");
    struct map *keys = r->keys[r->depth - 1];
    if (map_has(keys, r->key))
        return refuse(r, at, "the key stands twice");
    map_set(keys, r->key, r);
    r->expect_key = false;
    return RC_OK;
}

static enum rc on_scalar(struct reader *r)
{
    struct json *v;
    TRY(place(r, JSON_STR, &v));
    struct str s = kept(r, r->event.data.scalar.value, r->event.data.scalar.length);
    if (memchr(s.p, 0, s.n))
        return refuse(r, r->event.start_mark, "a NUL character");
    if (r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        set_plain(v, s);
    if (v->kind == JSON_STR)
        v->s = s;
    return RC_OK;
}

static enum rc on_open(struct reader *r, enum json_kind kind)
{
    struct json *v;
    if (r->depth == JSON_DEPTH_MAX)
        return refuse(r, r->event.start_mark, "too deep");
    TRY(place(r, kind, &v));
    r->open[r->depth] = v;
    r->keys[r->depth++] = kind == JSON_OBJ ? map_new(r->cx->mem) : NULL;
    r->expect_key = kind == JSON_OBJ;
    return RC_OK;
}

static void on_close(struct reader *r)
{
    r->depth--;
    r->expect_key = r->depth && r->open[r->depth - 1]->kind == JSON_OBJ;
}

static bool has_anchor_or_tag(const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        return e->data.scalar.anchor || e->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return e->data.sequence_start.anchor || e->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return e->data.mapping_start.anchor || e->data.mapping_start.tag;
    default:
        return e->type == YAML_ALIAS_EVENT;
    }
}

static enum rc on_event(struct reader *r)
{
    yaml_event_type_t type = r->event.type;
    if (has_anchor_or_tag(&r->event))
        return refuse(r, r->event.start_mark, "anchors, aliases and tags are not used");
    if (r->expect_key && type != YAML_MAPPING_END_EVENT)
        return on_key(r);
    switch (type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(r);
    case YAML_MAPPING_START_EVENT:
        return on_open(r, JSON_OBJ);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(r, JSON_ARR);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        on_close(r);
        return RC_OK;
    case YAML_DOCUMENT_START_EVENT:
        return r->root ? refuse(r, r->event.start_mark, "a second document") : RC_OK;
    default:
        return RC_OK;
    }
}

static enum rc read_all(struct reader *r)
{
    do {
        TRY(next_event(r));
        TRY(on_event(r));
    } while (r->event.type != YAML_STREAM_END_EVENT);
    if (!r->root)
        return FAIL(r->cx, MALFORMED, NULL, "YAML line 1 column 1: the document is empty");
    return RC_OK;
}

enum rc yaml_parse(struct ctx *cx, struct str text, struct json **ret)
{
    if (text.n > JSON_BYTES_MAX)
        return FAIL(cx, TOO_LARGE, NULL, "YAML of %zu bytes", text.n);
    if (!utf8_is(text))
        return FAIL(cx, MALFORMED, NULL, "YAML is not UTF-8");
    struct reader *r = arena_new_of(cx->mem, struct reader);
    r->cx = cx;
    arena_on_free(cx->mem, reader_close, r);
    if (!yaml_parser_initialize(&r->parser))
        return FAIL(cx, NO_MEMORY, NULL, "YAML parser");
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)text.p, text.n);
    enum rc rc = read_all(r);
    reader_close(r);
    TRY(rc);
    *ret = r->root;
    return RC_OK;
}
