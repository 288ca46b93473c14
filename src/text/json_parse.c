/* json_parse.c - JSON text into a tree: yajl's events, our strictness. */
#include "text/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/map.h"

/* Members of one object beyond which duplicate keys are looked for in a map; below it a few
 * bits tell that a key is new, and only when they do not, the members are walked. */
enum { SCAN_MAX = 128, SEEN_WORDS = 8 };

/* An object or list that is being read. */
struct level {
    struct json *v;
    struct map *keys;
    uint64_t seen[SEEN_WORDS];
};

/* Memory for yajl from the arena: each block knows its size, so that it can grow. */
struct block {
    size_t n;
    _Alignas(16) char data[];
};

struct parse {
    struct ctx *cx;
    yajl_handle yajl;
    struct str text;
    char *strings; /* all texts are copied here: together never longer than the source */
    struct str key;
    struct json *root;
    struct level *levels;
    size_t depth, nodes, counted;
    uint32_t line;
    enum rc rc;
};

static void *block_alloc(void *mem, size_t n)
{
    struct block *b = arena_alloc(mem, sizeof *b + n);
    b->n = n;
    return b->data;
}

static void *block_grow(void *mem, void *old, size_t n)
{
    void *p = block_alloc(mem, n);
    if (old) {
        size_t had = ((struct block *)((char *)old - offsetof(struct block, data)))->n;
        memcpy(p, old, had < n ? had : n);
    }
    return p;
}

static void block_free(void *mem, void *p)
{
}

/* The line of what is being read: new lines are counted once each. */
static uint32_t line_now(struct parse *p)
{
    size_t to = yajl_get_bytes_consumed(p->yajl);
    while (p->counted < to) {
        size_t at = str_find(str_cut(p->text, 0, to), '\n', p->counted);
        if (at >= to)
            break;
        p->line++;
        p->counted = at + 1;
    }
    if (p->counted < to)
        p->counted = to;
    return p->line;
}

static int refuse(struct parse *p, const char *why)
{
    p->rc = FAIL(p->cx, MALFORMED, NULL, "JSON line %u: %s", line_now(p), why);
    return 0;
}

static struct str keep(struct parse *p, const void *s, size_t n)
{
    struct str kept = {p->strings, n};
    memcpy(p->strings, s, n);
    p->strings += n;
    return kept;
}

/* A new node at its place in the tree; NULL when the tree has too many. */
static struct json *place(struct parse *p, enum json_kind kind)
{
    if (p->nodes++ >= JSON_NODES_MAX) {
        p->rc = FAIL(p->cx, TOO_LARGE, NULL, "JSON: over %d values", JSON_NODES_MAX);
        return NULL;
    }
    struct json *v = arena_new_of(p->cx->mem, struct json);
    v->kind = kind;
    v->line = line_now(p);
    if (!p->depth) {
        p->root = v;
        return v;
    }
    struct level *in = &p->levels[p->depth - 1];
    if (in->v->kind == JSON_OBJ) {
        v->key = p->key;
        if (in->keys)
            map_set(in->keys, v->key, v);
    }
    return json_push(in->v, v);
}

static int on_null(void *arg)
{
    return place(arg, JSON_NULL) != NULL;
}

static int on_bool(void *arg, int b)
{
    struct json *v = place(arg, JSON_BOOL);
    if (v)
        v->i = b != 0;
    return v != NULL;
}

static int on_number(void *arg, const char *s, size_t n)
{
    struct parse *p = arg;
    int64_t i;
    if (n > JSON_NUMBER_MAX)
        return refuse(p, "a number is too long");
    bool whole = str_int(str_n(s, n), &i);
    struct json *v = place(p, whole ? JSON_INT : JSON_DEC);
    if (!v)
        return 0;
    if (whole) {
        v->i = i;
        return 1;
    }
    v->s = keep(p, s, n);
    char z[JSON_NUMBER_MAX + 1];
    memcpy(z, s, n);
    z[n] = 0;
    /* RFC 8785 has no spelling for what a double cannot hold. */
    return isfinite(strtod(z, NULL)) ? 1 : refuse(p, "a number is out of range");
}

static int on_string(void *arg, const unsigned char *s, size_t n)
{
    struct json *v = place(arg, JSON_STR);
    if (v)
        v->s = keep(arg, s, n);
    return v != NULL;
}

static bool seen_before(struct level *in, struct str key)
{
    uint32_t h = (uint32_t)key.n;
    for (size_t i = 0; i < key.n; i++)
        h = h * 31 + (unsigned char)key.p[i];
    h ^= h >> 15;
    uint64_t *word = &in->seen[h / 64 % SEEN_WORDS], bit = UINT64_C(1) << h % 64;
    bool seen = (*word & bit) != 0;
    *word |= bit;
    return seen;
}

static bool key_taken(struct parse *p, struct level *in)
{
    if (!in->keys && in->v->n < SCAN_MAX)
        return seen_before(in, p->key) && json_get(in->v, p->key) != NULL;
    if (!in->keys) {
        in->keys = map_new(p->cx->mem);
        JSON_EACH (in->v, child)
            map_set(in->keys, child->key, child);
    }
    return map_has(in->keys, p->key);
}

static int on_key(void *arg, const unsigned char *s, size_t n)
{
    struct parse *p = arg;
    p->key = keep(p, s, n);
    return key_taken(p, &p->levels[p->depth - 1]) ? refuse(p, "a key stands twice") : 1;
}

static int open_node(struct parse *p, enum json_kind kind)
{
    if (p->depth == JSON_DEPTH_MAX)
        return refuse(p, "too deep");
    struct json *v = place(p, kind);
    if (!v)
        return 0;
    p->levels[p->depth++] = (struct level){.v = v};
    return 1;
}

static int on_object(void *arg)
{
    return open_node(arg, JSON_OBJ);
}

static int on_array(void *arg)
{
    return open_node(arg, JSON_ARR);
}

static int on_end(void *arg)
{
    ((struct parse *)arg)->depth--;
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_bool,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_end,
};

/* The four hex digits after \u as a number, or -1. */
static int escape_value(struct str s, size_t at)
{
    int v = 0;
    if (at + 6 > s.n || s.p[at] != '\\' || s.p[at + 1] != 'u')
        return -1;
    for (size_t i = at + 2; i < at + 6; i++) {
        char c = s.p[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        v = v * 16 + digit;
    }
    return v;
}

/* yajl writes '?' for half a surrogate pair, and \u0000 is a trap for every C library and for
 * PostgreSQL: both are refused. Other mistakes in escapes are left to yajl. */
static bool escapes_ok(struct str s)
{
    for (size_t i = str_find(s, '\\', 0); i < s.n; i = str_find(s, '\\', i)) {
        int v = escape_value(s, i);
        if (v == 0 || (v >= 0xDC00 && v <= 0xDFFF))
            return false;
        bool pair = v >= 0xD800 && v <= 0xDBFF;
        int low = pair ? escape_value(s, i + 6) : 0;
        if (pair && (low < 0xDC00 || low > 0xDFFF))
            return false;
        i += pair ? 12 : v > 0 ? 6 : 2;
    }
    return true;
}

static enum rc run(struct parse *p)
{
    const unsigned char *bytes = (const unsigned char *)p->text.p;
    yajl_status st = yajl_parse(p->yajl, bytes, p->text.n);
    if (st == yajl_status_ok)
        st = yajl_complete_parse(p->yajl);
    if (st == yajl_status_ok && p->root)
        return RC_OK;
    if (p->rc == RC_OK)
        refuse(p, "not JSON here");
    return p->rc;
}

enum rc json_parse(struct ctx *cx, struct str text, struct json **ret)
{
    if (text.n > JSON_BYTES_MAX)
        return FAIL(cx, TOO_LARGE, NULL, "JSON of %zu bytes", text.n);
    if (text.n == 0)
        return FAIL(cx, MALFORMED, NULL, "empty JSON");
    if (!utf8_is(text))
        return FAIL(cx, MALFORMED, NULL, "JSON is not UTF-8");
    if (!escapes_ok(text))
        return FAIL(cx, MALFORMED, NULL, "JSON has half a surrogate pair or \\u0000");
    yajl_alloc_funcs memory = {block_alloc, block_grow, block_free, cx->mem};
    struct level levels[JSON_DEPTH_MAX];
    struct parse p = {.cx = cx, .text = text, .levels = levels, .line = 1};
    p.strings = arena_alloc(cx->mem, text.n);
    p.yajl = yajl_alloc(&callbacks, &memory, &p);
    yajl_config(p.yajl, yajl_dont_validate_strings, 1); /* utf8_is is stricter */
    TRY(run(&p));
    *ret = p.root;
    return RC_OK;
}
