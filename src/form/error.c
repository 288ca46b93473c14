/* error.c - what is wrong with an answer, in words that say what to do. */
#include "form/form_priv.h"

#include <utf8proc.h>

#include "base/arena.h"

struct str place_path(struct arena *mem, const struct place *at)
{
    if (!at || !at->field || !at->field->parent)
        return STR("");
    struct str up = place_path(mem, at->up);
    const char *dot = up.n ? "." : "";
    if (at->up && at->up->field && at->up->field->type == F_ARRAY)
        return str_fmt(mem, "%.*s.%zu.%.*s", STR_ARG(up), at->up->item,
                       STR_ARG(at->field->name));
    return str_fmt(mem, "%.*s%s%.*s", STR_ARG(up), dot, STR_ARG(at->field->name));
}

struct str label_inside(struct ctx *cx, struct str label)
{
    utf8proc_int32_t first, second;
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)label.p;
    utf8proc_ssize_t n = utf8proc_iterate(p, (utf8proc_ssize_t)label.n, &first), m;
    if (n <= 0 || (size_t)n >= label.n)
        return label;
    m = utf8proc_iterate(p + n, (utf8proc_ssize_t)label.n - n, &second);
    /* Capitals in a row are an abbreviation and stay: "CCCD", "E-mail" may become small. */
    if (m <= 0 || utf8proc_category(second) == UTF8PROC_CATEGORY_LU)
        return label;
    utf8proc_uint8_t small[4];
    utf8proc_ssize_t k = utf8proc_encode_char(utf8proc_tolower(first), small);
    return str_join(cx->mem, str_n(small, (size_t)k), str_skip(label, (size_t)n));
}

struct str item_label(struct ctx *cx, const struct field *group, size_t item)
{
    struct json *args = json_new_obj(cx->mem);
    json_put_int(cx->mem, args, "n", (int64_t)item + 1);
    struct str text = label_text(cx, group->item_title);
    if (text.n == 0)
        return msg_fill(cx, STR("form.item"), args);
    return text_fill(cx->mem, text, args);
}

static const struct form_page *page_of(const struct field *fl)
{
    while (fl && !fl->page)
        fl = fl->parent;
    return fl ? fl->page : NULL;
}

void error_add_text(struct check *k, struct str path, const struct field *fl, const char *rule,
                    struct str text)
{
    if (k->errs->n == FORM_ERRORS_MAX)
        return;
    if (!k->errs->v)
        k->errs->v = arena_array(k->cx->mem, struct form_error, FORM_ERRORS_MAX);
    const struct form_page *p = page_of(fl);
    k->errs->v[k->errs->n++] = (struct form_error){
        .field = path, .rule = str_from(rule), .text = text, .page = p ? p->id : STR("")};
}

/* How the missing of an answer is said depends on how it is given. */
static const char *required_kind(const struct field *fl, struct str label)
{
    if (fl->widget == W_CHECKBOX)
        return "tick";
    if (fl->widget == W_FILE)
        return "file";
    if (str_ends(label, STR("?")))
        return "question";
    if (fl->widget == W_ITEMS)
        return "items";
    if (fl->widget == W_DATE)
        return "date";
    return fl->nvalues || fl->widget == W_RADIOS || fl->widget == W_UNIT ? "choice" : "text";
}

static const char *format_key(const struct field *fl)
{
    static const char *const keys[] = {"form.format",       "form.format.date",
                                       "form.format.email", "form.format.uri",
                                       "form.format.phone", "form.format.identity"};
    return fl->widget == W_FILE ? "form.format.file" : keys[fl->format];
}

static struct str key_of(struct ctx *cx, const struct field *fl, const char *rule,
                         struct str label)
{
    if (strcmp(rule, "required") == 0)
        return str_fmt(cx->mem, "form.required.%s", required_kind(fl, label));
    if (strcmp(rule, "format") == 0)
        return str_from(format_key(fl));
    bool is_date = fl->format == FORMAT_DATE;
    if (is_date && (strcmp(rule, "minimum") == 0 || strcmp(rule, "maximum") == 0))
        return str_fmt(cx->mem, "form.%s.date", rule);
    if (strcmp(rule, "type") == 0)
        return fl->type == F_INTEGER ? STR("form.type.number") : STR("form.type");
    return str_fmt(cx->mem, "form.%s", rule);
}

static struct str in_item(struct ctx *cx, const struct place *at, struct str text)
{
    for (const struct place *p = at->up; p && p->field; p = p->up)
        if (p->field->type == F_ARRAY)
            return str_fmt(cx->mem, "%.*s: %.*s", STR_ARG(item_label(cx, p->field, p->item)),
                           STR_ARG(text));
    return text;
}

void error_add(struct check *k, const struct place *at, const char *rule, int64_t n)
{
    struct ctx *cx = k->cx;
    const struct field *fl = at->field;
    if (k->errs->n == FORM_ERRORS_MAX)
        return;
    struct str label = label_text(cx, fl->title);
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, "title", label);
    json_put_str(cx->mem, args, "label", label_inside(cx, label));
    if (fl->format == FORMAT_DATE)
        json_put_str(cx->mem, args, "n", day_text(cx->mem, (int32_t)n));
    else
        json_put_str(cx->mem, args, "n", number_text(cx, n));
    struct str text = msg_fill(cx, key_of(cx, fl, rule, label), args);
    error_add_text(k, place_path(cx->mem, at), fl, rule, in_item(cx, at, text));
}

struct json *form_errors_view(struct ctx *cx, const struct form_errors *errs)
{
    struct json *list = json_new_arr(cx->mem);
    for (size_t i = 0; errs && i < errs->n; i++) {
        const struct form_error *e = &errs->v[i];
        struct json *row = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, row, "field", e->field);
        json_put_str(cx->mem, row, "rule", e->rule);
        json_put_str(cx->mem, row, "message", e->text);
        json_put_str(cx->mem, row, "page", e->page);
    }
    return list;
}
