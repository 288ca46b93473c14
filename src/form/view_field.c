/* view_field.c - one question as templates/form/fields.html draws it. */
#include "form/form_priv.h"

#include "base/arena.h"

/* A row has every key that the template reads: a name that a row lacks would be looked up
 * further out, in the page. */
struct row {
    struct view *v;
    const struct field *fl;
    struct json *to;
    struct str path, id, error;
};

static const char *const kinds[] = {
    "is_text",     "is_radios", "is_select", "is_textarea",  "is_checkboxes", "is_checkbox",
    "is_date",     "is_locked", "is_group",  "is_group_end", "is_list",       "is_item",
    "is_item_end", "is_add",    "is_unit",   "is_file",
};

static void put(struct row *r, const char *key, struct str s)
{
    json_put_str(r->v->cx->mem, r->to, key, s);
}

static void put_flag(struct row *r, const char *key, bool b)
{
    json_put_bool(r->v->cx->mem, r->to, key, b);
}

static struct str html_id(struct arena *mem, struct str path)
{
    char *out = arena_alloc(mem, path.n + 3);
    memcpy(out, "a-", 2);
    for (size_t i = 0; i < path.n; i++)
        out[i + 2] = path.p[i] == '.' ? '-' : path.p[i];
    return str_n(out, path.n + 2);
}

static struct str error_of(const struct view *v, struct str path)
{
    for (size_t i = 0; v->errs && i < v->errs->n; i++)
        if (str_eq(v->errs->v[i].field, path))
            return v->errs->v[i].text;
    return STR("");
}

static struct row row_new(struct view *v, const struct field *fl, struct str path,
                          const char *kind)
{
    struct arena *mem = v->cx->mem;
    struct row r = {.v = v, .fl = fl, .path = path};
    r.to = json_push(v->fields, json_new_obj(mem));
    r.id = html_id(mem, path);
    r.error = error_of(v, path);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        put_flag(&r, kinds[i], strcmp(kinds[i], kind) == 0);
    put(&r, "path", path);
    put(&r, "name", str_join(mem, STR("a."), path));
    put(&r, "id", r.id);
    put(&r, "label", label_text(v->cx, fl->title));
    put(&r, "hint", label_text(v->cx, fl->hint));
    put(&r, "error", r.error);
    put_flag(&r, "is_single", v->is_single);
    return r;
}

struct str option_text(struct ctx *cx, const struct field *fl, struct str value)
{
    if (fl->type == F_BOOLEAN)
        return msg_get(cx->lang, str_eq(value, STR("true")) ? STR("form.yes") : STR("form.no"));
    const struct json *label = json_get(fl->labels, value);
    return label ? label_text(cx, label) : value;
}

static bool is_chosen(const struct json *value, struct str option)
{
    if (!value)
        return false;
    if (value->kind == JSON_BOOL)
        return str_eq(option, value->i ? STR("true") : STR("false"));
    if (value->kind != JSON_ARR)
        return value->kind == JSON_STR && str_eq(value->s, option);
    JSON_EACH (value, c)
        if (c->kind == JSON_STR && str_eq(c->s, option))
            return true;
    return false;
}

/* The first option has the id of the question, so that an error's link leads to it. */
static void put_option(struct row *r, struct json *list, struct str value,
                       const struct json *chosen)
{
    struct ctx *cx = r->v->cx;
    struct json *o = json_push(list, json_new_obj(cx->mem));
    struct str id =
        list->n == 1 ? r->id : str_fmt(cx->mem, "%.*s-%zu", STR_ARG(r->id), list->n);
    json_put_str(cx->mem, o, "id", id);
    json_put_str(cx->mem, o, "value", value);
    json_put_str(cx->mem, o, "label", option_text(cx, r->fl, value));
    json_put_bool(cx->mem, o, "checked", is_chosen(chosen, value));
}

static void put_options(struct row *r, const struct json *chosen)
{
    struct json *list = json_put(r->to, STR("options"), json_new_arr(r->v->cx->mem));
    if (r->fl->type == F_BOOLEAN) {
        put_option(r, list, STR("true"), chosen);
        put_option(r, list, STR("false"), chosen);
    }
    for (size_t i = 0; i < r->fl->nvalues; i++)
        put_option(r, list, r->fl->values[i], chosen);
}

static struct str plain_text(struct ctx *cx, const struct json *value)
{
    if (!value || value->kind == JSON_NULL)
        return STR("");
    if (value->kind == JSON_INT)
        return str_fmt(cx->mem, "%lld", (long long)value->i);
    if (value->kind == JSON_BOOL)
        return value->i ? STR("true") : STR("false");
    return value->kind == JSON_STR || value->kind == JSON_DEC ? value->s : STR("");
}

/* "2020-01-02" and what was typed, "31/2/2020", into the three boxes. */
static void put_date(struct row *r, struct str s)
{
    struct str day, month, year;
    int32_t d;
    if (day_parse(s, &d)) {
        struct civil c = civil_of_day(d);
        day = str_fmt(r->v->cx->mem, "%d", c.day);
        month = str_fmt(r->v->cx->mem, "%d", c.month);
        year = str_fmt(r->v->cx->mem, "%d", c.year);
    } else {
        year = str_split(str_split(s, '/', &day), '/', &month);
    }
    put(r, "day", day);
    put(r, "month", month);
    put(r, "year", year);
    put_flag(r, "is_birth_day", str_eq(r->fl->source, STR("applicant.birth")));
}

/* Tokens of the HTML standard, only where the answer is about the person who types
 * (WCAG 2.2 1.3.5). */
static const char *autocomplete_of(const struct field *fl)
{
    static const struct {
        const char *source, *token;
    } rows[] = {{"applicant.name", "name"},
                {"applicant.phone", "tel"},
                {"applicant.email", "email"},
                {"applicant.birth", "bday"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq(fl->source, str_from(rows[i].source)))
            return rows[i].token;
    return "";
}

static const char *input_type(const struct field *fl)
{
    static const char *const types[] = {"text", "text", "email", "url", "tel", "text"};
    return types[fl->format];
}

static const char *width_of(const struct field *fl)
{
    if (fl->type == F_INTEGER)
        return "govuk-input--width-10";
    if (fl->format == FORMAT_PHONE || fl->format == FORMAT_IDENTITY)
        return "govuk-input--width-20";
    return fl->format == FORMAT_NONE && fl->length_most <= 20 ? "govuk-input--width-10" : "";
}

static void put_input(struct row *r)
{
    const struct field *fl = r->fl;
    bool is_number = fl->type == F_INTEGER || fl->format == FORMAT_IDENTITY;
    put(r, "type", str_from(input_type(fl)));
    put(r, "width", str_from(width_of(fl)));
    put(r, "inputmode", is_number ? STR("numeric") : STR(""));
    put(r, "autocomplete", str_from(autocomplete_of(fl)));
    put_flag(r, "no_spellcheck", fl->format != FORMAT_NONE || fl->type == F_INTEGER);
    json_put_int(r->v->cx->mem, r->to, "maxlength",
                 fl->type == F_STRING && fl->length_most > 0 ? fl->length_most : 0);
    json_put_int(r->v->cx->mem, r->to, "rows", fl->length_most > 1000 ? 8 : 4);
}

static void put_describedby(struct row *r)
{
    struct arena *mem = r->v->cx->mem;
    struct buf *b = buf_new(mem, 1000);
    if (r->fl->hint)
        buf_fmt(b, "%.*s-hint", STR_ARG(r->id));
    if (r->error.n)
        buf_fmt(b, "%s%.*s-error", b->n ? " " : "", STR_ARG(r->id));
    put(r, "describedby", buf_str(b));
}

static const char *kind_of(const struct field *fl, const struct json *value, struct str error)
{
    static const char *const by_widget[] = {
        [W_TEXT] = "is_text",         [W_RADIOS] = "is_radios",
        [W_SELECT] = "is_select",     [W_TEXTAREA] = "is_textarea",
        [W_CHECKBOX] = "is_checkbox", [W_CHECKBOXES] = "is_checkboxes",
        [W_UNIT] = "is_unit",         [W_FILE] = "is_file",
        [W_DATE] = "is_date",
    };
    if (fl->locked && !answer_is_empty(value) && !error.n)
        return "is_locked";
    return by_widget[fl->widget];
}

/* Whoever keeps the file says its name; here is only that there is one. */
static void put_file(struct row *r, const struct json *value)
{
    bool has = !answer_is_empty(value);
    put(r, "input", str_fmt(r->v->cx->mem, "q%d", form_file_find(r->v->f, r->fl->path)));
    put(r, "file_name", has ? msg_get(r->v->cx->lang, STR("form.file.given")) : STR(""));
    put(r, "file_size", STR(""));
    put(r, "file", STR(""));
    put(r, "file_href", STR(""));
    put(r, "answer", plain_text(r->v->cx, value)); /* by which the file is found */
}

static void view_leaf(struct view *v, const struct field *fl, const struct json *value,
                      const struct place *up)
{
    struct place at = {up, fl, 0};
    struct str path = place_path(v->cx->mem, &at);
    const struct json *shown = answer_is_empty(value) ? fl->absent : value;
    struct row r = row_new(v, fl, path, kind_of(fl, value, error_of(v, path)));
    bool is_locked = json_bool(r.to, "is_locked");
    put(&r, "value", is_locked ? value_text(v->cx, fl, value) : plain_text(v->cx, shown));
    put_flag(&r, "required", fl->required);
    put_flag(&r, "optional", !fl->required && fl->widget != W_CHECKBOX);
    put_flag(&r, "is_inline", fl->type == F_BOOLEAN);
    put_flag(&r, "checked", value && value->kind == JSON_BOOL && value->i);
    put_describedby(&r);
    put_input(&r);
    put_options(&r, shown);
    if (fl->widget == W_UNIT)
        json_put(r.to, STR("groups"),
                 unit_groups(v->cx, fl, v->answers, plain_text(v->cx, shown)));
    if (fl->widget == W_FILE)
        put_file(&r, value);
    if (fl->widget == W_DATE)
        put_date(&r, plain_text(v->cx, shown));
}

static void view_children(struct view *v, const struct field *fl, const struct json *value,
                          const struct place *at)
{
    for (size_t i = 0; i < fl->nchildren; i++)
        view_field(v, &fl->children[i], json_get(value, fl->children[i].name), at);
}

static void view_item(struct view *v, struct place *at, const struct json *item,
                      bool can_remove)
{
    struct ctx *cx = v->cx;
    struct str path = str_fmt(cx->mem, "%.*s.%zu", STR_ARG(place_path(cx->mem, at)), at->item);
    struct row r = row_new(v, at->field, path, "is_item");
    put(&r, "label", item_label(cx, at->field, at->item));
    put_flag(&r, "can_remove", can_remove);
    put(&r, "remove", path);
    view_children(v, at->field, item, at);
    row_new(v, at->field, path, "is_item_end");
}

/* A group that must have entries shows an empty one to begin with. */
static void view_items(struct view *v, const struct field *fl, const struct json *value,
                       const struct place *up)
{
    struct place at = {up, fl, 0};
    struct json none = {.kind = JSON_OBJ};
    size_t n = value && value->kind == JSON_ARR ? value->n : 0;
    struct str path = place_path(v->cx->mem, &at);
    struct row head = row_new(v, fl, path, "is_list");
    put_flag(&head, "show_label", !v->is_lone);
    JSON_EACH (n ? value : NULL, item) {
        view_item(v, &at, item, true);
        at.item++;
    }
    if (n == 0 && (fl->required || fl->length_least > 0))
        view_item(v, &at, &none, false);
    if ((int64_t)n < fl->length_most) {
        struct row add = row_new(v, fl, path, "is_add");
        put(&add, "error", STR(""));
        put_flag(&add, "is_first", n == 0 && !fl->required && fl->length_least == 0);
    }
}

static const struct json *item_of(const struct view *v, const struct field *fl,
                                  const struct place *up)
{
    static const struct json none = {.kind = JSON_OBJ};
    if (!fl->in_items)
        return NULL;
    while (up->field->type != F_ARRAY)
        up = up->up;
    const struct json *item = json_at(json_path(v->answers, up->field->path), up->item);
    return item && item->kind == JSON_OBJ ? item : &none;
}

void view_field(struct view *v, const struct field *fl, const struct json *value,
                const struct place *up)
{
    if (!field_is_asked(v->cx, fl, v->answers, item_of(v, fl, up)))
        return;
    struct place at = {up, fl, 0};
    if (field_is_leaf(fl)) {
        view_leaf(v, fl, value, up);
    } else if (fl->type == F_ARRAY) {
        view_items(v, fl, value, up);
    } else {
        struct str path = place_path(v->cx->mem, &at);
        struct row r = row_new(v, fl, path, "is_group");
        put_flag(&r, "show_label", fl->title && !v->is_lone);
        view_children(v, fl, value, &at);
        row_new(v, fl, path, "is_group_end");
    }
}
