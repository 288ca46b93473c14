/* scope.c - what names mean in an expression. */
#include "expr/expr_priv.h"

#include "base/arena.h"

struct expr_scope *expr_scope_new(struct arena *mem)
{
    struct expr_scope *s = arena_new_of(mem, struct expr_scope);
    *s = (struct expr_scope){.mem = mem, .root = {.type = T_OBJECT}};
    return s;
}

const struct scope_name *scope_find(const struct scope_name *in, struct str name)
{
    for (const struct scope_name *c = in ? in->child : NULL; c; c = c->next)
        if (str_eq(c->name, name))
            return c;
    return NULL;
}

static struct scope_name *child_of(struct arena *mem, struct scope_name *in, struct str name)
{
    struct scope_name **at = &in->child;
    while (*at && !str_eq((*at)->name, name))
        at = &(*at)->next;
    if (!*at) {
        *at = arena_new_of(mem, struct scope_name);
        **at = (struct scope_name){.name = str_dup(mem, name), .type = T_OBJECT};
    }
    return *at;
}

static struct scope_name *elem_of(struct arena *mem, struct scope_name *list)
{
    list->type = T_LIST;
    if (!list->elem) {
        list->elem = arena_new_of(mem, struct scope_name);
        list->elem->type = T_OBJECT;
    }
    return list->elem;
}

static struct scope_name *name_at(struct expr_scope *s, struct str name)
{
    struct scope_name *at = &s->root;
    while (name.n) {
        struct str part;
        name = str_split(name, '.', &part);
        bool is_list = str_ends(part, STR("[]"));
        at = child_of(s->mem, at, str_cut(part, 0, part.n - (is_list ? 2 : 0)));
        if (is_list)
            at = elem_of(s->mem, at);
    }
    return at;
}

void expr_scope_add(struct expr_scope *s, struct str name, enum expr_type type)
{
    name_at(s, name)->type = type;
}

void expr_scope_choices(struct expr_scope *s, struct str name, const struct str *v, size_t n)
{
    struct scope_name *at = name_at(s, name);
    at->choices = v;
    at->nchoices = n;
}

/* Objects nest at most a few levels deep (packs/README.md), so this may recurse. */
static struct scope_name *names_copy(struct arena *mem, const struct scope_name *from)
{
    struct scope_name *first = NULL, **end = &first;
    for (; from; from = from->next) {
        *end = arena_new_of(mem, struct scope_name);
        **end = *from;
        (*end)->next = NULL;
        (*end)->child = names_copy(mem, from->child);
        (*end)->elem = names_copy(mem, from->elem);
        end = &(*end)->next;
    }
    return first;
}

struct expr_scope *expr_scope_copy(struct arena *mem, const struct expr_scope *base)
{
    struct expr_scope *s = expr_scope_new(mem);
    s->root.child = names_copy(mem, base->root.child);
    s->tables = base->tables;
    s->is_fold = base->is_fold;
    return s;
}

void expr_scope_tables(struct expr_scope *s, struct tables *tables)
{
    s->tables = tables;
}

void expr_scope_fold(struct expr_scope *s)
{
    s->is_fold = true;
}
