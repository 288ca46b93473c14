/* load.c - a form from its YAML: sections, pages, rules. */
#include "form/form_priv.h"

#include "base/arena.h"

static const char *const root_words[] = {"$schema",  "$id",        "type",     "title",
                                         "sections", "properties", "required", "rules"};

bool name_is(struct str s)
{
    if (s.n == 0 || s.n > 60 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
            s.p[i] != '_')
            return false;
    return true;
}

static bool id_is(struct str s)
{
    if (s.n == 0 || s.n > 60 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
            s.p[i] != '-' && s.p[i] != '_')
            return false;
    return true;
}

enum rc load_label(struct loader *l, const struct json *v, const char *what)
{
    if (v->kind != JSON_OBJ || v->n != 2 || json_str(v, "vi").n == 0 ||
        json_str(v, "en").n == 0)
        return FINDING(l, "P006", "`%s`: {vi: …, en: …}", v->line, what);
    return RC_OK;
}

/* Refuses keys that are not in words. */
static enum rc only_words(struct loader *l, const struct json *obj, const char *const *words,
                          size_t n)
{
    JSON_EACH (obj, c) {
        size_t i = 0;
        while (i < n && !str_eq(c->key, str_from(words[i])))
            i++;
        if (i == n)
            FORM_KEEP(l,
                      FINDING(l, "P003", "`%.*s`", c->line, STR_ARG(str_cut(c->key, 0, 60))));
    }
    return RC_OK;
}

/* The list under key, each of whose elements is an object; NULL when absent. */
static enum rc get_list(struct loader *l, const struct json *obj, const char *key, size_t max,
                        struct json **ret)
{
    *ret = json_get(obj, str_from(key));
    if (!*ret)
        return RC_OK;
    if ((*ret)->kind != JSON_ARR || (*ret)->n > max)
        return FINDING(l, "P005", "`%s`: [0–%zu]", (*ret)->line, key, max);
    JSON_EACH (*ret, c)
        if (c->kind != JSON_OBJ)
            return FINDING(l, "P005", "`%s`: [{…}]", c->line, key);
    return RC_OK;
}

static enum rc load_ask(struct loader *l, const struct json *name, struct form_page *page)
{
    struct field *fl =
        name->kind == JSON_STR ? (struct field *)field_child(&l->f->root, name->s) : NULL;
    if (!fl)
        return FINDING(l, "P022", "`%.*s`", name->line, STR_ARG(str_cut(name->s, 0, 60)));
    if (fl->page)
        return FINDING(l, "P021", "`%.*s` (2)", name->line, STR_ARG(fl->name));
    fl->page = page;
    page->fields[page->nfields++] = fl;
    return RC_OK;
}

static enum rc load_page(struct loader *l, const struct json *yaml,
                         const struct form_section *s)
{
    static const char *const words[] = {"id", "ask", "title"};
    TRY(only_words(l, yaml, words, 3));
    struct form *f = l->f;
    if (f->npages == FORM_PAGES_MAX)
        return FINDING(l, "P128", "pages: %d", yaml->line, FORM_PAGES_MAX);
    struct form_page *p = &f->pages[f->npages];
    *p = (struct form_page){.id = json_str(yaml, "id"), .section = s, .index = f->npages};
    if (!id_is(p->id))
        return FINDING(l, "P007", "`%.*s`", yaml->line, STR_ARG(str_cut(p->id, 0, 60)));
    if (form_page_is(f, p->id))
        return FINDING(l, "P009", "`%.*s`", yaml->line, STR_ARG(p->id));
    f->npages++;
    p->title = json_get(yaml, STR("title"));
    if (p->title)
        FORM_KEEP(l, load_label(l, p->title, "title"));
    const struct json *ask = json_get(yaml, STR("ask"));
    if (!ask || ask->kind != JSON_ARR || ask->n == 0)
        return FINDING(l, "P004", "`%.*s.ask`", yaml->line, STR_ARG(p->id));
    p->fields = arena_array(l->cx->mem, const struct field *, ask->n);
    JSON_EACH (ask, name)
        FORM_KEEP(l, load_ask(l, name, p));
    if (p->nfields > 1 && !p->title)
        return FINDING(l, "P004", "`%.*s.title`", yaml->line, STR_ARG(p->id));
    return RC_OK;
}

static enum rc load_section(struct loader *l, const struct json *yaml)
{
    static const char *const words[] = {"id", "title", "pages"};
    TRY(only_words(l, yaml, words, 3));
    struct form *f = l->f;
    struct form_section *s = &f->sections[f->nsections];
    *s = (struct form_section){.id = json_str(yaml, "id"), .first = f->npages};
    if (!id_is(s->id))
        return FINDING(l, "P007", "`%.*s`", yaml->line, STR_ARG(str_cut(s->id, 0, 60)));
    for (size_t i = 0; i < f->nsections; i++)
        if (str_eq(f->sections[i].id, s->id))
            return FINDING(l, "P009", "`%.*s`", yaml->line, STR_ARG(s->id));
    s->title = json_get(yaml, STR("title"));
    if (!s->title)
        return FINDING(l, "P004", "`%.*s.title`", yaml->line, STR_ARG(s->id));
    FORM_KEEP(l, load_label(l, s->title, "title"));
    struct json *pages;
    TRY(get_list(l, yaml, "pages", FORM_PAGES_MAX, &pages));
    if (!pages || pages->n == 0)
        return FINDING(l, "P004", "`%.*s.pages`", yaml->line, STR_ARG(s->id));
    f->nsections++;
    JSON_EACH (pages, p)
        FORM_KEEP(l, load_page(l, p, s));
    s->npages = f->npages - s->first;
    return RC_OK;
}

static enum rc load_sections(struct loader *l, const struct json *yaml)
{
    struct json *list;
    TRY(get_list(l, yaml, "sections", FORM_PAGES_MAX, &list));
    if (!list || list->n == 0)
        return FINDING(l, "P004", "`sections`", yaml->line);
    l->f->sections = arena_array(l->cx->mem, struct form_section, list->n);
    l->f->pages = arena_array(l->cx->mem, struct form_page, FORM_PAGES_MAX);
    JSON_EACH (list, s)
        FORM_KEEP(l, load_section(l, s));
    for (size_t i = 0; i < l->f->root.nchildren; i++) {
        const struct field *fl = &l->f->root.children[i];
        if (!fl->page && !(fl->locked && fl->source.n))
            FORM_KEEP(l, FINDING(l, "P021", "`%.*s` (0)", fl->line, STR_ARG(fl->name)));
    }
    return RC_OK;
}

/* -- expressions: after all names are known -- */

/* The choices of an enum only where a form is checked (notes): a form that was published with a
 * comparison that never holds goes on as it is. */
static void scope_add(const struct loader *l, struct expr_scope *s, const struct field *fl,
                      struct str path)
{
    static const enum expr_type types[] = {T_STR, T_INT, T_BOOL, T_OBJECT, T_LIST};
    enum expr_type type = fl->format == FORMAT_DATE ? T_DATE : types[fl->type];
    if (fl->type == F_ARRAY) {
        path = str_join(l->cx->mem, path, STR("[]"));
        type = fl->nchildren ? T_OBJECT : T_STR;
    }
    expr_scope_add(s, path, type);
    if (l->notes && fl->nvalues && type == T_STR)
        expr_scope_choices(s, path, fl->values, fl->nvalues);
}

/* Inside a repeating group `item` is the item that the question is in. */
static struct expr_scope *item_scope(struct loader *l, const struct field *group)
{
    struct arena *mem = l->cx->mem;
    struct expr_scope *s = expr_scope_copy(mem, l->f->scope);
    struct str prefix = str_join(mem, group->path, STR("[]."));
    for (size_t i = 0; i < l->f->nfields; i++) {
        const struct field *fl = l->f->fields[i];
        if (str_starts(fl->path, prefix))
            scope_add(l, s, fl, str_join(mem, STR("item."), str_skip(fl->path, prefix.n)));
    }
    return s;
}

static enum rc compile(struct loader *l, const struct json *yaml,
                       const struct expr_scope *scope, const struct expr **ret)
{
    struct expr *e;
    TRY(expr_declare(l->cx, yaml, scope, (struct expr_want){T_BOOL, RULE_EXPR}, &e));
    *ret = e;
    return RC_OK;
}

static enum rc compile_conditions(struct loader *l)
{
    for (size_t i = 0; i < l->f->nfields; i++) {
        struct field *fl = (struct field *)l->f->fields[i];
        if (!fl->when_yaml)
            continue;
        const struct expr_scope *scope = l->f->scope;
        const struct field *group = fl->parent;
        while (fl->in_items && group->type != F_ARRAY)
            group = group->parent;
        if (fl->in_items) {
            scope = item_scope(l, group);
            ((struct field *)group)->has_conditions = true;
        }
        FORM_KEEP(l, compile(l, fl->when_yaml, scope, &fl->when));
    }
    return RC_OK;
}

static enum rc load_rule(struct loader *l, const struct json *yaml)
{
    static const char *const words[] = {"check", "field", "message"};
    TRY(only_words(l, yaml, words, 3));
    struct form_rule *r = &l->f->rules[l->f->nrules++];
    r->path = json_str(yaml, "field");
    r->field = field_find(l->f, r->path);
    if (!r->field || r->field->in_items)
        return FINDING(l, "P127", "`%.*s`", yaml->line, STR_ARG(str_cut(r->path, 0, 60)));
    r->message = json_get(yaml, STR("message"));
    if (!r->message)
        return FINDING(l, "P004", "`message`", yaml->line);
    FORM_KEEP(l, load_label(l, r->message, "message"));
    if (json_str(yaml, "check").n == 0)
        return FINDING(l, "P004", "`check`", yaml->line);
    return compile(l, json_get(yaml, STR("check")), l->f->scope, &r->check);
}

static enum rc load_rules(struct loader *l, const struct json *yaml)
{
    struct json *list;
    TRY(get_list(l, yaml, "rules", FORM_RULES_MAX, &list));
    l->f->rules = arena_array(l->cx->mem, struct form_rule, list ? list->n : 0);
    JSON_EACH (list, r)
        FORM_KEEP(l, load_rule(l, r));
    return RC_OK;
}

/* `under` names another question of the form whose answer is a unit. */
static enum rc check_under(struct loader *l)
{
    for (size_t i = 0; i < l->f->nfields; i++) {
        const struct field *fl = l->f->fields[i];
        const struct field *above = fl->under.n ? field_child(&l->f->root, fl->under) : NULL;
        if (fl->under.n && (!above || above == fl || above->widget != W_UNIT))
            FORM_KEEP(l, FINDING(l, "P124", "`%.*s`: under: `%.*s`", fl->line,
                                 STR_ARG(fl->name), STR_ARG(str_cut(fl->under, 0, 60))));
    }
    return RC_OK;
}

static enum rc load_parts(struct loader *l, const struct json *yaml, struct tables *tables)
{
    struct form *f = l->f;
    TRY(only_words(l, yaml, root_words, sizeof root_words / sizeof *root_words));
    if (!str_eq(json_str(yaml, "type"), STR("object")))
        FORM_KEEP(l, FINDING(l, "P020", "type: object", yaml->line));
    f->root = (struct field){.type = F_OBJECT, .required = true, .length_most = -1};
    FORM_KEEP(l, load_properties(l, yaml, &f->root));
    f->scope = expr_scope_new(l->cx->mem);
    expr_scope_tables(f->scope, tables);
    for (size_t i = 0; i < f->nfields; i++)
        scope_add(l, f->scope, f->fields[i], f->fields[i]->path);
    FORM_KEEP(l, load_sections(l, yaml));
    TRY(check_under(l));
    if (l->is_torn)
        return RC_OK;
    TRY(compile_conditions(l));
    return load_rules(l, yaml);
}

enum rc form_read(struct ctx *cx, const struct json *yaml, struct tables *tables,
                  struct decl_notes *notes, struct form **ret)
{
    struct form *f = arena_new_of(cx->mem, struct form);
    struct loader l = {cx, f, notes, false};
    *ret = NULL;
    if (!yaml || yaml->kind != JSON_OBJ)
        return FAIL(cx, PACK, "P005", "line 1: {…}");
    KEEP(cx, notes, load_parts(&l, yaml, tables));
    *ret = l.is_torn ? NULL : f;
    return RC_OK;
}

enum rc form_load(struct ctx *cx, const struct json *yaml, struct tables *tables,
                  struct form **ret)
{
    return form_read(cx, yaml, tables, NULL, ret);
}

const struct expr_scope *form_scope(const struct form *f)
{
    return f->scope;
}
