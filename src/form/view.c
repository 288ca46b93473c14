/* view.c - pages, the whole form and its answers, as templates/form/ shows them. */
#include "form/form_priv.h"

#include "base/arena.h"

/* -- a page -- */

static bool shows(const struct json *fields, struct str path)
{
    JSON_EACH (fields, row)
        if (str_eq(json_str(row, "path"), path))
            return true;
    return false;
}

/* Each error with a link: to the field when it is shown here, else to its page. */
static struct json *errors_here(struct ctx *cx, const struct form_errors *errs,
                                const struct json *fields)
{
    struct json *list = form_errors_view(cx, errs);
    JSON_EACH (list, e) {
        struct str path = json_str(e, "field");
        struct buf *id = buf_new(cx->mem, FORM_PATH_MAX);
        buf_put(id, STR("a-"));
        for (size_t i = 0; i < path.n; i++)
            buf_putc(id, path.p[i] == '.' ? '-' : path.p[i]);
        json_put_bool(cx->mem, e, "is_here", shows(fields, path));
        json_put_str(cx->mem, e, "id", buf_str(id));
    }
    return list;
}

static struct str page_title(struct ctx *cx, const struct form_page *p)
{
    return label_text(cx, p->title ? p->title : p->fields[0]->title);
}

/* One question, whose label is the heading of the page. A declaration is too long for that. */
static bool page_is_single(const struct form_page *p)
{
    return p->nfields == 1 && !p->title && field_is_leaf(p->fields[0]) &&
           p->fields[0]->widget != W_CHECKBOX;
}

/* Where the page stands among those that are asked, and among how many. */
static void put_progress(struct ctx *cx, const struct form *f, const struct form_page *page,
                         const struct json *answers, struct json *view)
{
    int64_t index = 0, total = 0;
    for (size_t i = 0; i < f->npages; i++) {
        if (!page_is_asked(cx, f, &f->pages[i], answers))
            continue;
        total++;
        index += i <= page->index;
    }
    json_put_int(cx->mem, view, "index", index);
    json_put_int(cx->mem, view, "total", total);
    json_put_bool(cx->mem, view, "is_first", index <= 1);
}

static void view_pages(struct view *v, const struct form_page *p)
{
    struct place root = {NULL, &v->f->root, 0};
    for (size_t i = 0; i < p->nfields; i++) {
        const struct field *fl = p->fields[i];
        view_field(v, fl, json_get(v->answers, fl->name), &root);
    }
}

struct json *form_page_view(struct ctx *cx, const struct form *f, struct str page,
                            const struct json *answers, const struct form_errors *errs)
{
    struct json *view = json_new_obj(cx->mem);
    const struct form_page *p = page_find(f, page);
    if (!p)
        return view;
    struct view v = {cx, f, answers, errs, json_new_arr(cx->mem), page_is_single(p), false};
    v.is_lone = p->nfields == 1 && !p->title && !field_is_leaf(p->fields[0]);
    view_pages(&v, p);
    json_put_str(cx->mem, view, "page", p->id);
    json_put_str(cx->mem, view, "title", page_title(cx, p));
    json_put_str(cx->mem, view, "section", label_text(cx, p->section->title));
    json_put_bool(cx->mem, view, "has_heading", !v.is_single);
    json_put(view, STR("fields"), v.fields);
    json_put(view, STR("errors"), errors_here(cx, errs, v.fields));
    put_progress(cx, f, p, answers, view);
    return view;
}

/* -- the whole form -- */

static void all_fields_once(struct json *all, const struct json *fields, struct arena *mem)
{
    JSON_EACH (fields, row)
        json_put_str(mem, json_push(all, json_new_obj(mem)), "path", json_str(row, "path"));
}

struct json *form_all_view(struct ctx *cx, const struct form *f, const struct json *answers,
                           const struct form_errors *errs)
{
    struct json *view = json_new_obj(cx->mem);
    struct json *list = json_put(view, STR("sections"), json_new_arr(cx->mem));
    struct json *all = json_new_arr(cx->mem);
    for (size_t i = 0; i < f->nsections; i++) {
        const struct form_section *s = &f->sections[i];
        struct view v = {cx, f, answers, errs, json_new_arr(cx->mem), false, false};
        for (size_t k = s->first; k < s->first + s->npages; k++)
            view_pages(&v, &f->pages[k]);
        if (v.fields->n == 0)
            continue;
        struct json *row = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, row, "id", s->id);
        json_put_str(cx->mem, row, "title", label_text(cx, s->title));
        json_put(row, STR("fields"), v.fields);
        all_fields_once(all, v.fields, cx->mem);
    }
    json_put(view, STR("errors"), errors_here(cx, errs, all));
    return view;
}

/* -- answers, read -- */

struct str value_text(struct ctx *cx, const struct field *fl, const struct json *value)
{
    int32_t day;
    if (!value)
        return STR("");
    if (value->kind == JSON_BOOL && fl->constant)
        return value->i ? msg_get(cx->lang, STR("form.ticked")) : STR("");
    if (value->kind == JSON_BOOL)
        return option_text(cx, fl, value->i ? STR("true") : STR("false"));
    if (value->kind == JSON_INT)
        return number_text(cx, value->i);
    if (value->kind == JSON_ARR) {
        struct buf *b = buf_new(cx->mem, 16 * 1024);
        JSON_EACH (value, c) {
            buf_put(b, b->n ? STR("; ") : STR(""));
            buf_put(b, option_text(cx, fl, c->s));
        }
        return buf_str(b);
    }
    if (value->kind != JSON_STR)
        return STR("");
    if (fl->format == FORMAT_DATE && day_parse(value->s, &day))
        return day_text(cx->mem, day);
    if (fl->widget == W_UNIT)
        return unit_answer_text(cx, value->s);
    if (fl->widget == W_FILE)
        return msg_get(cx->lang, STR("form.file.given"));
    return fl->nvalues ? option_text(cx, fl, value->s) : value->s;
}

struct summary {
    struct ctx *cx;
    const struct form *f;
    const struct json *answers;
    struct json *rows;
    struct str group; /* heading that the next row opens a list under */
    bool opens;
};

static void put_row(struct summary *s, const struct field *fl, struct str path,
                    const struct json *value)
{
    struct ctx *cx = s->cx;
    struct arena *mem = cx->mem;
    if (s->opens && s->rows->last)
        json_put_bool(mem, s->rows->last, "closes", true);
    const struct field *top = fl;
    while (top->parent->parent)
        top = top->parent;
    bool from_account = fl->locked && !answer_is_empty(value);
    struct str text = value_text(cx, fl, value);
    struct json *row = json_push(s->rows, json_new_obj(mem));
    json_put_str(mem, row, "label", label_text(cx, fl->title));
    json_put_str(mem, row, "value", text);
    json_put_bool(mem, row, "is_empty", text.n == 0);
    json_put_str(mem, row, "field", path);
    json_put_str(mem, row, "answer",
                 fl->widget == W_FILE ? form_file_answer(s->f, fl->path, s->answers) : STR(""));
    json_put_str(mem, row, "file_size", STR(""));
    json_put_str(mem, row, "file_href", STR(""));
    json_put_str(mem, row, "page", from_account || !top->page ? STR("") : top->page->id);
    json_put_str(mem, row, "source",
                 from_account ? msg_get(cx->lang, STR("form.from.account")) : STR(""));
    json_put_bool(mem, row, "is_personal", fl->personal);
    json_put_str(mem, row, "group", s->opens ? s->group : STR(""));
    json_put_bool(mem, row, "opens", s->opens);
    json_put_bool(mem, row, "closes", false);
    s->opens = false;
}

static void summarise(struct summary *s, const struct field *fl, const struct json *value,
                      const struct place *up);

static void summarise_children(struct summary *s, const struct field *fl,
                               const struct json *value, const struct place *at,
                               struct str heading)
{
    s->group = heading;
    s->opens = true;
    for (size_t i = 0; i < fl->nchildren; i++)
        summarise(s, &fl->children[i], json_get(value, fl->children[i].name), at);
    s->group = STR("");
    s->opens = true;
}

static void summarise(struct summary *s, const struct field *fl, const struct json *value,
                      const struct place *up)
{
    struct place at = {up, fl, 0};
    const struct json *item = NULL;
    if (fl->in_items)
        for (const struct place *p = up; p && !item; p = p->up)
            if (p->field->type == F_ARRAY)
                item = json_at(json_path(s->answers, p->field->path), p->item);
    if (!field_is_asked(s->cx, fl, s->answers, item))
        return;
    if (field_is_leaf(fl)) {
        put_row(s, fl, place_path(s->cx->mem, &at), value);
    } else if (fl->type == F_OBJECT) {
        summarise_children(s, fl, value, &at, label_text(s->cx, fl->title));
    } else if (answer_is_empty(value) || value->kind != JSON_ARR) {
        put_row(s, fl, place_path(s->cx->mem, &at), NULL);
    } else {
        JSON_EACH (value, i) {
            summarise_children(s, fl, i, &at, item_label(s->cx, fl, at.item));
            at.item++;
        }
    }
}

static void put_summary(struct summary *s, struct json *list, const char *id, struct str title)
{
    struct arena *mem = s->cx->mem;
    if (s->rows->n == 0)
        return;
    json_put_bool(mem, s->rows->last, "closes", true);
    struct json *row = json_push(list, json_new_obj(mem));
    json_put_str(mem, row, "id", str_from(id));
    json_put_str(mem, row, "title", title);
    json_put(row, STR("rows"), s->rows);
}

static struct summary summary_new(struct ctx *cx, const struct form *f,
                                  const struct json *answers)
{
    return (struct summary){cx, f, answers, json_new_arr(cx->mem), STR(""), true};
}

/* What came from the account and is asked on no page stands first. */
static void summarise_known(struct ctx *cx, const struct form *f, const struct json *answers,
                            struct json *list)
{
    struct place root = {NULL, &f->root, 0};
    struct summary s = summary_new(cx, f, answers);
    for (size_t i = 0; i < f->root.nchildren; i++) {
        const struct field *fl = &f->root.children[i];
        if (!fl->page)
            summarise(&s, fl, json_get(answers, fl->name), &root);
    }
    put_summary(&s, list, "account", msg_get(cx->lang, STR("form.from.account")));
}

struct json *form_summary_view(struct ctx *cx, const struct form *f, const struct json *answers)
{
    struct json *view = json_new_obj(cx->mem);
    struct json *list = json_put(view, STR("sections"), json_new_arr(cx->mem));
    struct place root = {NULL, &f->root, 0};
    summarise_known(cx, f, answers, list);
    for (size_t i = 0; i < f->nsections; i++) {
        const struct form_section *sec = &f->sections[i];
        struct summary s = summary_new(cx, f, answers);
        for (size_t k = sec->first; k < sec->first + sec->npages; k++)
            for (size_t j = 0; j < f->pages[k].nfields; j++) {
                const struct field *fl = f->pages[k].fields[j];
                summarise(&s, fl, json_get(answers, fl->name), &root);
            }
        put_summary(&s, list, str_z(cx->mem, sec->id), label_text(cx, sec->title));
    }
    return view;
}
