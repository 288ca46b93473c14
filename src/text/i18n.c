/* i18n.c - messages of both languages, their placeholders, people's spelling of numbers. */
#include "text/i18n.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct message {
    struct str key, text[LANG_COUNT];
};

#include "gen/messages.h"

/* A message is short; what fills it may be a name or a list of reasons. */
enum { FILLED_MAX = 64 * 1024 };

static const struct message *find(struct str key)
{
    size_t low = 0, high = sizeof messages / sizeof *messages;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int d = str_cmp(messages[mid].key, key);
        if (d == 0)
            return &messages[mid];
        if (d < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

bool msg_has(struct str key)
{
    return find(key) != NULL;
}

struct str msg_get(enum lang lang, struct str key)
{
    const struct message *m = find(key);
    if (m)
        return m->text[lang];
    LOGW("event=message_missing key=%.*s", STR_ARG(str_cut(key, 0, 80)));
    return key;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

bool placeholder_next(struct str text, size_t from, size_t *start, struct str *name)
{
    for (size_t i = str_find(text, '{', from); i < text.n; i = str_find(text, '{', i + 1)) {
        size_t end = i + 1;
        while (end < text.n && is_name_char(text.p[end]))
            end++;
        if (end > i + 1 && end < text.n && text.p[end] == '}') {
            *start = i;
            *name = str_cut(text, i + 1, end);
            return true;
        }
    }
    return false;
}

static void put_arg(struct buf *out, const struct json *v)
{
    if (v->kind == JSON_STR || v->kind == JSON_HTML)
        buf_put(out, v->s);
    else if (v->kind != JSON_NULL)
        json_print(out, v);
}

struct str text_fill(struct arena *mem, struct str text, const struct json *args)
{
    struct str name;
    size_t from = 0, start;
    if (!args || !placeholder_next(text, 0, &start, &name))
        return text;
    struct buf *out = buf_new(mem, FILLED_MAX);
    while (placeholder_next(text, from, &start, &name)) {
        const struct json *v = json_path(args, name);
        size_t end = start + name.n + 2;
        buf_put(out, str_cut(text, from, v ? start : end));
        if (v)
            put_arg(out, v);
        from = end;
    }
    buf_put(out, str_skip(text, from));
    return buf_str(out);
}

struct str msg_fill(struct ctx *cx, struct str key, const struct json *args)
{
    return text_fill(cx->mem, msg_get(cx->lang, key), args);
}

struct str label_text(struct ctx *cx, const struct json *label)
{
    if (!label)
        return STR("");
    if (label->kind != JSON_OBJ)
        return label->kind == JSON_STR || label->kind == JSON_HTML ? label->s : STR("");
    struct str text = json_str(label, lang_code(cx->lang));
    for (enum lang l = 0; !text.p && l < LANG_COUNT; l++)
        text = json_str(label, lang_code(l));
    return text.p ? text : STR("");
}

const char *lang_code(enum lang lang)
{
    return lang == LANG_EN ? "en" : "vi";
}

enum lang lang_parse(struct str code)
{
    return str_eq(code, STR("en")) ? LANG_EN : LANG_VI;
}

struct str number_text(struct ctx *cx, int64_t n)
{
    struct str mark = msg_get(cx->lang, STR("number.group"));
    struct buf *out = buf_new(cx->mem, 64);
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRId64, n);
    for (int i = 0; i < len; i++) {
        if (i > (n < 0) && (len - i) % 3 == 0)
            buf_put(out, mark);
        buf_putc(out, digits[i]);
    }
    return buf_str(out);
}

struct str money_text(struct ctx *cx, int64_t amount_vnd)
{
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, "amount", number_text(cx, amount_vnd));
    return msg_fill(cx, STR("money"), args);
}
