/* load_field.c - one property of a form: keywords, types, what must stand together. */
#include "form/form_priv.h"

#include "base/arena.h"

/* Which types a keyword may stand with, and what it is. */
enum {
    ON_STR = 1,
    ON_INT = 2,
    ON_BOOL = 4,
    ON_OBJ = 8,
    ON_ARR = 16,
    ON_ALL = 31,
    ON_LEAF = ON_STR | ON_INT | ON_BOOL
};

static const struct keyword {
    const char *name;
    unsigned types;
    enum json_kind kind; /* JSON_NULL: looked at elsewhere */
} keywords[] = {
    {"type", ON_ALL, JSON_STR},
    {"title", ON_ALL, JSON_NULL},
    {"hint", ON_ALL, JSON_NULL},
    {"if", ON_ALL, JSON_NULL},
    {"personal", ON_ALL, JSON_BOOL},
    {"widget", ON_ALL, JSON_STR},
    {"source", ON_LEAF, JSON_STR},
    {"locked", ON_LEAF, JSON_BOOL},
    {"default", ON_LEAF, JSON_NULL},
    {"const", ON_LEAF, JSON_NULL},
    {"enum", ON_STR, JSON_ARR},
    {"labels", ON_STR, JSON_OBJ},
    {"minLength", ON_STR, JSON_INT},
    {"maxLength", ON_STR, JSON_INT},
    {"pattern", ON_STR, JSON_STR},
    {"format", ON_STR, JSON_STR},
    {"transform", ON_STR, JSON_STR},
    {"under", ON_STR, JSON_STR},
    {"minimum", ON_STR | ON_INT, JSON_NULL},
    {"properties", ON_OBJ, JSON_OBJ},
    {"required", ON_OBJ, JSON_ARR},
    {"items", ON_ARR, JSON_OBJ},
    {"minItems", ON_ARR, JSON_INT},
    {"maxItems", ON_ARR, JSON_INT},
    {"item_title", ON_ARR, JSON_NULL},
    {"maximum", ON_STR | ON_INT, JSON_NULL},
};

static const char *const types[] = {"string", "integer", "boolean", "object", "array"};
static const char *const formats[] = {"", "date", "email", "uri", "phone", "identity-number"};
static const char *const transforms[] = {"trim", "upper_first", "upper"};
static const struct {
    const char *name;
    enum field_widget widget;
    unsigned types;
} widgets[] = {
    {"text", W_TEXT, ON_STR | ON_INT}, {"radios", W_RADIOS, ON_STR | ON_BOOL},
    {"select", W_SELECT, ON_STR},      {"textarea", W_TEXTAREA, ON_STR},
    {"checkbox", W_CHECKBOX, ON_BOOL}, {"checkboxes", W_CHECKBOXES, ON_ARR},
    {"unit", W_UNIT, ON_STR},          {"file", W_FILE, ON_STR},
};

/* What a field with a source is when it says nothing else. */
static const struct {
    const char *source, *title_key;
    enum field_format format;
    int most;
} sources[] = {
    {"applicant.name", "form.source.name", FORMAT_NONE, 200},
    {"applicant.number", "form.source.number", FORMAT_NONE, 20},
    {"applicant.birth", "form.source.birth", FORMAT_DATE, -1},
    {"applicant.phone", "form.source.phone", FORMAT_PHONE, -1},
    {"applicant.email", "form.source.email", FORMAT_EMAIL, -1},
};

static int find_word(const char *const *words, size_t n, struct str s)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, str_from(words[i])))
            return (int)i;
    return -1;
}
#define FIND_WORD(words, s) find_word(words, sizeof words / sizeof *words, s)

static enum rc check_words(struct loader *l, const struct json *yaml, const struct field *fl)
{
    JSON_EACH (yaml, c) {
        const struct keyword *k = keywords, *end = k + sizeof keywords / sizeof *keywords;
        while (k < end && !str_eq(c->key, str_from(k->name)))
            k++;
        if (k == end)
            FORM_KEEP(l,
                      FINDING(l, "P003", "`%.*s`", c->line, STR_ARG(str_cut(c->key, 0, 60))));
        else if (!(k->types & (1u << fl->type)))
            FORM_KEEP(l,
                      FINDING(l, "P120", "`%s`, type: %s", c->line, k->name, types[fl->type]));
        else if (k->kind != JSON_NULL && k->kind != c->kind)
            return FINDING(l, "P005", "`%s`", c->line, k->name);
    }
    return RC_OK;
}

static struct json *source_title(struct ctx *cx, const char *key)
{
    struct json *label = json_new_obj(cx->mem);
    json_put_str(cx->mem, label, "vi", msg_get(LANG_VI, str_from(key)));
    json_put_str(cx->mem, label, "en", msg_get(LANG_EN, str_from(key)));
    return label;
}

/* "register.field": what another authority holds; the pack says which it reads and why. */
static bool register_is(struct str source)
{
    struct str name, field = str_split(source, '.', &name);
    return !str_eq(name, STR("applicant")) && name_is(name) && name_is(field);
}

static enum rc load_source(struct loader *l, const struct json *yaml, struct field *fl)
{
    fl->source = json_str(yaml, "source");
    fl->locked = json_bool(yaml, "locked");
    if (fl->locked && !fl->source.n)
        return FINDING(l, "P123", "`%.*s`: locked, source", fl->line, STR_ARG(fl->name));
    if (!fl->source.n)
        return RC_OK;
    if (fl->in_items)
        return FINDING(l, "P123", "`%.*s`: items", fl->line, STR_ARG(fl->name));
    size_t i = 0, n = sizeof sources / sizeof *sources;
    while (i < n && !str_eq(fl->source, str_from(sources[i].source)))
        i++;
    if (i == n && register_is(fl->source))
        return RC_OK;
    if (i == n)
        return FINDING(l, "P123", "`%.*s`; applicant.name .number .birth .phone .email",
                       json_get(yaml, STR("source"))->line,
                       STR_ARG(str_cut(fl->source, 0, 60)));
    if (!fl->title)
        fl->title = source_title(l->cx, sources[i].title_key);
    if (fl->type == F_STRING && fl->format == FORMAT_NONE && fl->length_most < 0) {
        fl->format = sources[i].format;
        fl->length_most = sources[i].most;
    }
    return RC_OK;
}

static enum rc load_texts(struct loader *l, const struct json *yaml, struct field *fl)
{
    static const char *const words[] = {"title", "hint", "item_title"};
    const struct json **to[] = {&fl->title, &fl->hint, &fl->item_title};
    for (size_t i = 0; i < 3; i++) {
        *to[i] = json_get(yaml, str_from(words[i]));
        if (*to[i])
            FORM_KEEP(l, load_label(l, *to[i], words[i]));
    }
    return RC_OK;
}

static enum rc load_enum(struct loader *l, const struct json *yaml, struct field *fl)
{
    const struct json *list = json_get(yaml, STR("enum"));
    fl->labels = json_get(yaml, STR("labels"));
    if (!list && !fl->labels)
        return RC_OK;
    if (!list || !fl->labels || list->n == 0 || list->n > FORM_ENUM_MAX ||
        list->n != fl->labels->n)
        return FINDING(l, "P122", "`%.*s` (1–%d)", fl->line, STR_ARG(fl->name), FORM_ENUM_MAX);
    fl->values = arena_array(l->cx->mem, struct str, list->n);
    JSON_EACH (list, v) {
        const struct json *label = v->kind == JSON_STR ? json_get(fl->labels, v->s) : NULL;
        if (!label)
            return FINDING(l, "P122", "`%.*s`: `%.*s`", v->line, STR_ARG(fl->name),
                           STR_ARG(str_cut(v->s, 0, 60)));
        TRY(load_label(l, label, "labels"));
        for (size_t i = 0; i < fl->nvalues; i++)
            if (str_eq(fl->values[i], v->s))
                return FINDING(l, "P009", "`%.*s`", v->line, STR_ARG(v->s));
        fl->values[fl->nvalues++] = v->s;
    }
    return RC_OK;
}

static enum rc load_lengths(struct loader *l, const struct json *yaml, struct field *fl)
{
    bool is_array = fl->type == F_ARRAY;
    int64_t most = is_array ? FORM_ITEMS_MAX : FORM_TEXT_MAX;
    fl->length_least = json_int(yaml, is_array ? "minItems" : "minLength", 0);
    fl->length_most = json_int(yaml, is_array ? "maxItems" : "maxLength", -1);
    if (fl->length_least < 0 || fl->length_most > most ||
        (fl->length_most >= 0 && fl->length_least > fl->length_most))
        return FINDING(l, "P125", "`%.*s`: 0–%d", fl->line, STR_ARG(fl->name), (int)most);
    return RC_OK;
}

/* today, today-150y, today+30d, or a day */
static bool parse_day_bound(struct str s, struct bound *b)
{
    int32_t day;
    b->is_set = true;
    if (day_parse(s, &day)) {
        b->n = day;
        return true;
    }
    if (!str_starts(s, STR("today")))
        return false;
    b->from_today = true;
    b->unit = 'd';
    s = str_skip(s, 5);
    if (s.n == 0)
        return true;
    b->unit = s.p[s.n - 1];
    bool minus = s.p[0] == '-';
    if ((!minus && s.p[0] != '+') || !strchr("ymd", b->unit) || s.n < 3)
        return false;
    if (!str_int(str_cut(s, 1, s.n - 1), &b->n) || b->n < 0 || b->n > 100000)
        return false;
    b->n = minus ? -b->n : b->n;
    return true;
}

static enum rc load_bound(struct loader *l, const struct json *v, const struct field *fl,
                          struct bound *ret)
{
    if (!v)
        return RC_OK;
    if (fl->type == F_INTEGER && v->kind == JSON_INT) {
        *ret = (struct bound){.is_set = true, .n = v->i};
        return RC_OK;
    }
    if (fl->format == FORMAT_DATE && v->kind == JSON_STR && parse_day_bound(v->s, ret))
        return RC_OK;
    return FINDING(l, "P125", "`%.*s`: 1; today, today-150y, '2026-01-31'", v->line,
                   STR_ARG(v->key));
}

static enum rc load_bounds(struct loader *l, const struct json *yaml, struct field *fl)
{
    TRY(load_bound(l, json_get(yaml, STR("minimum")), fl, &fl->least));
    TRY(load_bound(l, json_get(yaml, STR("maximum")), fl, &fl->most));
    bool fixed =
        fl->least.is_set && fl->most.is_set && !fl->least.from_today && !fl->most.from_today;
    if (fixed && fl->least.n > fl->most.n)
        return FINDING(l, "P125", "`%.*s`: minimum > maximum", fl->line, STR_ARG(fl->name));
    return RC_OK;
}

static enum rc load_pattern(struct loader *l, const struct json *yaml, struct field *fl)
{
    fl->pattern_src = json_str(yaml, "pattern");
    if (!fl->pattern_src.p)
        return RC_OK;
    struct pattern *p;
    if (pattern_compile(l->cx, fl->pattern_src, &p) == RC_OK) {
        fl->pattern = p;
        return RC_OK;
    }
    char why[ERR_DETAIL_MAX];
    snprintf(why, sizeof why, "%s", l->cx->err.detail);
    ctx_clear(l->cx);
    return FINDING(l, "P126", "%.200s", json_get(yaml, STR("pattern"))->line, why);
}

static enum rc load_string(struct loader *l, const struct json *yaml, struct field *fl)
{
    const struct json *format = json_get(yaml, STR("format"));
    const struct json *transform = json_get(yaml, STR("transform"));
    if (format) {
        int i = FIND_WORD(formats, format->s);
        if (i <= 0)
            return FINDING(l, "P005", "format: date, email, uri, phone, identity-number",
                           format->line);
        fl->format = (enum field_format)i;
    }
    if (transform) {
        int i = FIND_WORD(transforms, transform->s);
        if (i < 0)
            return FINDING(l, "P005", "transform: trim, upper_first, upper", transform->line);
        fl->transform = (enum field_transform)i;
    }
    TRY(load_enum(l, yaml, fl));
    TRY(load_pattern(l, yaml, fl));
    TRY(load_source(l, yaml, fl));
    bool is_file = str_eq(json_str(yaml, "widget"), STR("file")); /* its length is known */
    if (fl->length_most < 0 && !fl->nvalues && fl->format == FORMAT_NONE && !is_file)
        return FINDING(l, "P121", "`%.*s`: maxLength, enum, format", fl->line,
                       STR_ARG(fl->name));
    return RC_OK;
}

static enum field_widget default_widget(const struct field *fl, const struct json *yaml)
{
    if (fl->type == F_OBJECT)
        return W_GROUP;
    if (fl->type == F_ARRAY)
        return fl->nvalues ? W_CHECKBOXES : W_ITEMS;
    if (fl->type == F_BOOLEAN)
        return fl->constant ? W_CHECKBOX : W_RADIOS;
    if (fl->nvalues)
        return fl->nvalues <= 8 ? W_RADIOS : W_SELECT;
    if (fl->format == FORMAT_DATE)
        return W_DATE;
    return fl->type == F_STRING && fl->length_most > 300 ? W_TEXTAREA : W_TEXT;
}

/* What a file says of itself leaves nothing to declare, and a group's entries move. */
static enum rc file_check(struct loader *l, const struct json *yaml, const struct field *fl)
{
    static const char *const no[] = {"source",    "default",   "const", "format", "pattern",
                                     "minLength", "transform", "enum",  NULL};
    size_t files = 0;
    for (size_t i = 0; no[i]; i++)
        if (json_get(yaml, str_from(no[i])))
            return FINDING(l, "P124", "`file`, `%s`", fl->line, no[i]);
    if (fl->in_items)
        return FINDING(l, "P124", "`file`, items", fl->line);
    while (form_file_at(l->f, files).p)
        files++;
    if (files == FORM_FILES_MAX)
        return FINDING(l, "P128", "`file`: %d", fl->line, FORM_FILES_MAX);
    return RC_OK;
}

static enum rc load_widget(struct loader *l, const struct json *yaml, struct field *fl)
{
    struct str name = json_str(yaml, "widget");
    fl->widget = default_widget(fl, yaml);
    fl->under = json_str(yaml, "under");
    if (fl->under.n && !str_eq(name, STR("unit")))
        return FINDING(l, "P124", "`under`, widget: unit", json_get(yaml, STR("under"))->line);
    if (!name.p)
        return RC_OK;
    size_t i = 0, n = sizeof widgets / sizeof *widgets;
    while (i < n && !str_eq(name, str_from(widgets[i].name)))
        i++;
    if (i == n || !(widgets[i].types & (1u << fl->type)))
        return FINDING(l, "P124", "`%.*s`, type: %s", json_get(yaml, STR("widget"))->line,
                       STR_ARG(str_cut(name, 0, 40)), types[fl->type]);
    enum field_widget w = widgets[i].widget;
    bool chooses =
        w == W_SELECT || w == W_CHECKBOXES || (w == W_RADIOS && fl->type == F_STRING);
    if (chooses != (fl->nvalues > 0))
        return FINDING(l, "P124", "`%.*s`, enum", json_get(yaml, STR("widget"))->line,
                       STR_ARG(name));
    if (fl->format == FORMAT_DATE)
        return FINDING(l, "P124", "format: date", json_get(yaml, STR("widget"))->line);
    if (w == W_FILE)
        TRY(file_check(l, yaml, fl));
    fl->widget = w;
    return RC_OK;
}

static bool value_fits(const struct field *fl, const struct json *v)
{
    static const enum json_kind kinds[] = {JSON_STR, JSON_INT, JSON_BOOL};
    if (!v)
        return true;
    if (fl->type > F_BOOLEAN || v->kind != kinds[fl->type])
        return false;
    for (size_t i = 0; i < fl->nvalues; i++)
        if (str_eq(fl->values[i], v->s))
            return true;
    if (fl->nvalues)
        return false;
    if (fl->type == F_INTEGER)
        return (!fl->least.is_set || v->i >= fl->least.n) &&
               (!fl->most.is_set || v->i <= fl->most.n);
    return fl->format == FORMAT_NONE || format_is(fl->format, v->s);
}

static enum rc load_values(struct loader *l, const struct json *yaml, struct field *fl)
{
    fl->absent = json_get(yaml, STR("default"));
    fl->constant = json_get(yaml, STR("const"));
    if (!value_fits(fl, fl->absent) || !value_fits(fl, fl->constant))
        return FINDING(l, "P125", "`%.*s`: default, const", fl->line, STR_ARG(fl->name));
    if (fl->type == F_BOOLEAN && fl->constant && !fl->constant->i)
        return FINDING(l, "P125", "`%.*s`: const: true", fl->line, STR_ARG(fl->name));
    return RC_OK;
}

static enum rc load_array(struct loader *l, const struct json *yaml, struct field *fl)
{
    const struct json *items = json_get(yaml, STR("items"));
    if (!items || fl->length_most < 0)
        return FINDING(l, "P121", "`%.*s`: items, maxItems", fl->line, STR_ARG(fl->name));
    if (fl->in_items)
        return FINDING(l, "P128", "`%.*s`: items > items", fl->line, STR_ARG(fl->name));
    struct str type = json_str(items, "type");
    if (str_eq(type, STR("object"))) {
        TRY(check_words(l, items, &(struct field){.type = F_OBJECT}));
        return load_properties(l, items, fl);
    }
    struct field one = {.name = fl->name, .line = items->line, .type = F_STRING};
    TRY(check_words(l, items, &one));
    TRY(load_enum(l, items, &one));
    if (!str_eq(type, STR("string")) || !one.nvalues)
        return FINDING(l, "P122", "`%.*s`: items", items->line, STR_ARG(fl->name));
    fl->values = one.values;
    fl->nvalues = one.nvalues;
    fl->labels = one.labels;
    return RC_OK;
}

static enum rc load_kind(struct loader *l, const struct json *yaml, struct field *fl)
{
    switch (fl->type) {
    case F_STRING:
        return load_string(l, yaml, fl);
    case F_OBJECT:
        return load_properties(l, yaml, fl);
    case F_ARRAY:
        return load_array(l, yaml, fl);
    default:
        return load_source(l, yaml, fl);
    }
}

static enum rc load_type(struct loader *l, const struct json *yaml, struct field *fl)
{
    struct str name = json_str(yaml, "type");
    if (!name.p && json_str(yaml, "source").n)
        name = STR("string");
    int i = FIND_WORD(types, name);
    l->is_torn = l->is_torn || i < 0;
    if (i < 0)
        return FINDING(l, "P120", "`%.*s`: string, integer, boolean, object, array", fl->line,
                       STR_ARG(fl->name));
    fl->type = (enum field_type)i;
    return RC_OK;
}

static enum rc load_field(struct loader *l, const struct json *yaml, struct field *fl)
{
    if (l->f->nfields == FORM_FIELDS_MAX)
        return FINDING(l, "P128", "%d", fl->line, FORM_FIELDS_MAX);
    fl->index = (uint16_t)l->f->nfields;
    l->f->fields[l->f->nfields++] = fl;
    TRY(load_type(l, yaml, fl));
    TRY(check_words(l, yaml, fl));
    fl->personal = json_bool(yaml, "personal");
    fl->when_yaml = json_get(yaml, STR("if"));
    TRY(load_texts(l, yaml, fl));
    FORM_KEEP(l, load_lengths(l, yaml, fl));
    TRY(load_kind(l, yaml, fl));
    FORM_KEEP(l, load_bounds(l, yaml, fl));
    FORM_KEEP(l, load_values(l, yaml, fl));
    FORM_KEEP(l, load_widget(l, yaml, fl));
    if (fl->when_yaml && !json_str(yaml, "if").n)
        return FINDING(l, "P005", "`%.*s.if`", fl->line, STR_ARG(fl->name));
    if (!fl->title && fl->type != F_OBJECT)
        return FINDING(l, "P004", "`%.*s.title`", fl->line, STR_ARG(fl->name));
    return RC_OK;
}

static enum rc load_required(struct loader *l, const struct json *yaml, struct field *parent)
{
    const struct json *list = json_get(yaml, STR("required"));
    if (list && list->kind != JSON_ARR)
        return FINDING(l, "P005", "required: […]", list->line);
    JSON_EACH (list, name) {
        struct field *fl =
            name->kind == JSON_STR ? (struct field *)field_child(parent, name->s) : NULL;
        if (!fl)
            FORM_KEEP(
                l, FINDING(l, "P127", "`%.*s`", name->line, STR_ARG(str_cut(name->s, 0, 60))));
        else
            fl->required = true;
    }
    return RC_OK;
}

static unsigned depth_of(const struct field *fl)
{
    unsigned n = 0;
    for (; fl; fl = fl->parent)
        n++;
    return n;
}

static void field_begin(struct loader *l, const struct json *yaml, const struct field *parent,
                        struct field *fl)
{
    const char *dot = parent->path.n == 0 ? "" : parent->type == F_ARRAY ? "[]." : ".";
    *fl = (struct field){.name = yaml->key, .line = yaml->line, .parent = parent, .yaml = yaml};
    fl->path =
        str_fmt(l->cx->mem, "%.*s%s%.*s", STR_ARG(parent->path), dot, STR_ARG(yaml->key));
    fl->in_items = parent->in_items || parent->type == F_ARRAY;
    fl->length_most = -1;
}

enum rc load_properties(struct loader *l, const struct json *yaml, struct field *parent)
{
    enum { DEPTH_MAX = 3 }; /* the root, and two inside it */
    const struct json *props = json_get(yaml, STR("properties"));
    if (!props || props->kind != JSON_OBJ || props->n == 0)
        return FINDING(l, "P004", "`properties`", yaml->line);
    if (depth_of(parent) > DEPTH_MAX)
        return FINDING(l, "P128", "properties > properties > properties", yaml->line);
    parent->children = arena_array(l->cx->mem, struct field, props->n);
    JSON_EACH (props, p) {
        l->is_torn = l->is_torn || !name_is(p->key) || p->kind != JSON_OBJ;
        if (!name_is(p->key) || p->kind != JSON_OBJ)
            return FINDING(l, "P007", "`%.*s`: {…}", p->line, STR_ARG(str_cut(p->key, 0, 60)));
        struct field *fl = &parent->children[parent->nchildren++];
        field_begin(l, p, parent, fl);
        FORM_KEEP(l, load_field(l, p, fl));
    }
    return load_required(l, yaml, parent);
}
