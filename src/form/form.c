/* form.c - looking things up in a form; what is asked and in which order; its pure schema. */
#include "form/form_priv.h"

#include "base/arena.h"

static struct str plain_part(struct str part)
{
    return str_ends(part, STR("[]")) ? str_cut(part, 0, part.n - 2) : part;
}

const struct field *field_find(const struct form *f, struct str path)
{
    const struct field *at = &f->root;
    bool in_list = false; /* a number may follow */
    while (path.n && at) {
        struct str part;
        int64_t n;
        path = str_split(path, '.', &part);
        if (in_list && str_int(part, &n)) {
            in_list = false;
            continue;
        }
        at = field_child(at, plain_part(part));
        in_list = at && at->type == F_ARRAY && !str_ends(part, STR("[]"));
    }
    return at == &f->root ? NULL : at;
}

bool form_has_field(const struct form *f, struct str path)
{
    return field_find(f, path) != NULL;
}

const struct form_page *page_find(const struct form *f, struct str id)
{
    for (size_t i = 0; i < f->npages; i++)
        if (str_eq(f->pages[i].id, id))
            return &f->pages[i];
    return NULL;
}

bool form_page_is(const struct form *f, struct str page)
{
    return page_find(f, page) != NULL;
}

struct str form_page_at(const struct form *f, size_t i)
{
    return i < f->npages ? f->pages[i].id : STR("");
}

size_t form_page_index(const struct form *f, struct str page)
{
    const struct form_page *p = page_find(f, page);
    return p ? p->index : SIZE_MAX;
}

struct str form_page_title(struct ctx *cx, const struct form *f, struct str page)
{
    const struct form_page *p = page_find(f, page);
    const struct json *title = p ? p->title : NULL;
    if (p && !title && p->nfields)
        title = p->fields[0]->title;
    return title ? label_text(cx, title) : page;
}

struct str form_field_title(struct ctx *cx, const struct form *f, struct str path)
{
    const struct field *fl = field_find(f, path);
    return fl && fl->title ? label_text(cx, fl->title) : path;
}

/* What is JSON Schema and not presentation. A bound counted from today has no spelling in it. */
/* -- what is asked, and in which order -- */

static bool is_asked_here(struct ctx *cx, const struct field *fl, const struct json *answers)
{
    if (!field_is_asked(cx, fl, answers, NULL))
        return false;
    return !fl->locked || answer_is_empty(json_get(answers, fl->name));
}

bool page_is_asked(struct ctx *cx, const struct form *f, const struct form_page *p,
                   const struct json *answers)
{
    for (size_t i = 0; i < p->nfields; i++)
        if (is_asked_here(cx, p->fields[i], answers))
            return true;
    return false;
}

static struct str page_from(struct ctx *cx, const struct form *f, const struct json *answers,
                            size_t i)
{
    while (i < f->npages && !page_is_asked(cx, f, &f->pages[i], answers))
        i++;
    return i < f->npages ? f->pages[i].id : STR("");
}

struct str form_page_first(struct ctx *cx, const struct form *f, const struct json *answers)
{
    return page_from(cx, f, answers, 0);
}

struct str form_page_next(struct ctx *cx, const struct form *f, const struct json *answers,
                          struct str page)
{
    const struct form_page *p = page_find(f, page);
    return page_from(cx, f, answers, p ? p->index + 1 : 0);
}

struct str form_page_prev(struct ctx *cx, const struct form *f, const struct json *answers,
                          struct str page)
{
    const struct form_page *p = page_find(f, page);
    for (size_t i = p ? p->index : 0; i-- > 0;)
        if (page_is_asked(cx, f, &f->pages[i], answers))
            return f->pages[i].id;
    return STR("");
}

/* -- the task list -- */

struct task {
    size_t asked, right, answered;
    struct str first, first_open;
};

static bool page_is_answered(const struct form_page *p, const struct json *answers)
{
    for (size_t i = 0; i < p->nfields; i++)
        if (!p->fields[i]->locked && !answer_is_empty(json_get(answers, p->fields[i]->name)))
            return true;
    return false;
}

static bool page_is_right(struct ctx *cx, const struct form *f, const struct form_page *p,
                          struct json *answers)
{
    struct form_errors errs;
    struct err before = cx->err;
    bool right = form_check_page(cx, f, p->id, answers, &errs) == RC_OK;
    cx->err = before;
    return right;
}

static struct task task_of(struct ctx *cx, const struct form *f, const struct form_section *s,
                           struct json *answers)
{
    struct task t = {0, 0, 0, STR(""), STR("")};
    for (size_t i = s->first; i < s->first + s->npages; i++) {
        const struct form_page *p = &f->pages[i];
        if (!page_is_asked(cx, f, p, answers))
            continue;
        bool answered = page_is_answered(p, answers);
        bool right = page_is_right(cx, f, p, answers);
        if (t.asked++ == 0)
            t.first = p->id;
        if (!right && t.first_open.n == 0)
            t.first_open = p->id;
        t.right += right;
        t.answered += answered;
    }
    return t;
}

/* Checking fills in defaults and tidies texts, which a view must not do to the answers. */
struct json *form_tasks_view(struct ctx *cx, const struct form *f, const struct json *answers)
{
    struct json *copy = json_copy(cx->mem, answers);
    struct json *view = json_new_obj(cx->mem);
    struct json *list = json_put(view, STR("sections"), json_new_arr(cx->mem));
    int64_t done = 0;
    for (size_t i = 0; i < f->nsections; i++) {
        const struct form_section *s = &f->sections[i];
        struct task t = task_of(cx, f, s, copy);
        if (t.asked == 0)
            continue;
        bool is_done = t.right == t.asked, is_started = !is_done && t.answered > 0;
        struct json *row = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, row, "id", s->id);
        json_put_str(cx->mem, row, "title", label_text(cx, s->title));
        json_put_str(cx->mem, row, "status",
                     is_done      ? STR("done")
                     : is_started ? STR("started")
                                  : STR("todo"));
        json_put_bool(cx->mem, row, "is_done", is_done);
        json_put_bool(cx->mem, row, "is_started", is_started);
        json_put_bool(cx->mem, row, "is_todo", !is_done && !is_started);
        json_put_str(cx->mem, row, "first_page", is_started ? t.first_open : t.first);
        done += is_done;
    }
    json_put_int(cx->mem, view, "done", done);
    json_put_int(cx->mem, view, "all", (int64_t)list->n);
    json_put_bool(cx->mem, view, "is_complete", done == (int64_t)list->n);
    return view;
}

/* -- the pure schema -- */

static bool is_schema_word(struct str key)
{
    static const char *const words[] = {
        "type",    "enum",    "const",    "minLength", "maxLength", "pattern", "format",
        "minimum", "maximum", "minItems", "maxItems",  "default",   "required"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(key, str_from(words[i])))
            return true;
    return false;
}

/* A field with a condition is required only sometimes, which plain `required` cannot say. */
static struct json *required_of(struct arena *mem, const struct field *in)
{
    struct json *list = json_new_arr(mem);
    for (size_t i = 0; i < in->nchildren; i++)
        if (in->children[i].required && !in->children[i].when && !in->children[i].absent)
            json_push(list, json_new_str(mem, in->children[i].name));
    return list;
}

static struct json *schema_of(struct ctx *cx, const struct field *fl);

static void put_properties(struct ctx *cx, struct json *to, const struct field *in)
{
    struct json *props = json_put(to, STR("properties"), json_new_obj(cx->mem));
    for (size_t i = 0; i < in->nchildren; i++)
        json_put(props, in->children[i].name, schema_of(cx, &in->children[i]));
    struct json *required = required_of(cx->mem, in);
    if (required->n)
        json_put(to, STR("required"), required);
    json_put_bool(cx->mem, to, "additionalProperties", false);
}

static struct json *items_of(struct ctx *cx, const struct field *fl)
{
    struct json *items = json_new_obj(cx->mem);
    json_put_str(cx->mem, items, "type", fl->nchildren ? STR("object") : STR("string"));
    if (fl->nchildren) {
        put_properties(cx, items, fl);
        return items;
    }
    struct json *values = json_put(items, STR("enum"), json_new_arr(cx->mem));
    for (size_t i = 0; i < fl->nvalues; i++)
        json_push(values, json_new_str(cx->mem, fl->values[i]));
    return items;
}

static struct json *schema_of(struct ctx *cx, const struct field *fl)
{
    struct json *to = json_new_obj(cx->mem);
    if (!json_get(fl->yaml, STR("type")))
        json_put_str(cx->mem, to, "type", STR("string"));
    JSON_EACH (fl->yaml, c) {
        bool is_day = fl->format == FORMAT_DATE &&
                      (str_eq(c->key, STR("minimum")) || str_eq(c->key, STR("maximum")));
        bool is_group = c->kind == JSON_ARR && str_eq(c->key, STR("required"));
        if (is_schema_word(c->key) && !is_day && !is_group)
            json_put(to, c->key, json_copy(cx->mem, c));
    }
    if (fl->widget == W_FILE) {
        json_put_str(cx->mem, to, "pattern", STR("^[0-9a-f]{64}$"));
        json_put_str(cx->mem, to, "description", msg_get(cx->lang, STR("form.file.schema")));
    }
    if (fl->title)
        json_put_str(cx->mem, to, "title", label_text(cx, fl->title));
    if (fl->type == F_OBJECT)
        put_properties(cx, to, fl);
    if (fl->type == F_ARRAY)
        json_put(to, STR("items"), items_of(cx, fl));
    return to;
}

struct json *form_schema(struct ctx *cx, const struct form *f)
{
    struct json *to = json_new_obj(cx->mem);
    json_put_str(cx->mem, to, "$schema", STR("https://json-schema.org/draft/2020-12/schema"));
    json_put_str(cx->mem, to, "type", STR("object"));
    put_properties(cx, to, &f->root);
    return to;
}
