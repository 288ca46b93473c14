/* files.c - questions that are answered with a file: which they are, and their answers. */
#include "form/form_priv.h"

#include "base/arena.h"

static const struct field *file_field(const struct form *f, size_t n)
{
    for (size_t i = 0; i < f->nfields; i++)
        if (f->fields[i]->widget == W_FILE && n-- == 0)
            return f->fields[i];
    return NULL;
}

struct str form_file_at(const struct form *f, size_t n)
{
    const struct field *fl = file_field(f, n);
    return fl ? fl->path : STR_NULL;
}

int form_file_find(const struct form *f, struct str path)
{
    const struct field *fl;
    for (size_t n = 0; (fl = file_field(f, n)); n++)
        if (str_eq(fl->path, path))
            return (int)n;
    return -1;
}

struct str form_file_title(struct ctx *cx, const struct form *f, struct str path)
{
    int n = f ? form_file_find(f, path) : -1;
    return n < 0 ? STR_NULL : label_text(cx, file_field(f, (size_t)n)->title);
}

struct str form_file_page(const struct form *f, struct str path)
{
    int n = form_file_find(f, path);
    const struct field *fl = n < 0 ? NULL : file_field(f, (size_t)n);
    while (fl && fl->parent && fl->parent->parent)
        fl = fl->parent;
    return fl && fl->page ? fl->page->id : STR("");
}

struct str form_file_answer(const struct form *f, struct str path, const struct json *answers)
{
    const struct json *v = form_file_find(f, path) < 0 ? NULL : json_path(answers, path);
    return v && v->kind == JSON_STR ? v->s : STR("");
}

/* The object that the answer stands in, made when it is to be put there. */
static struct json *holder_of(struct ctx *cx, const struct field *fl, struct json *answers,
                              bool makes)
{
    if (!fl->parent->parent)
        return answers;
    struct json *in = holder_of(cx, fl->parent, answers, makes);
    struct json *v = in ? json_get(in, fl->parent->name) : NULL;
    if (v && v->kind == JSON_OBJ)
        return v;
    return makes && in ? json_put(in, fl->parent->name, json_new_obj(cx->mem)) : NULL;
}

void form_file_put(struct ctx *cx, const struct form *f, struct str path, struct str hex,
                   struct json *answers)
{
    int n = form_file_find(f, path);
    if (n < 0)
        return;
    const struct field *fl = file_field(f, (size_t)n);
    struct json *holder = holder_of(cx, fl, answers, hex.n > 0);
    if (holder && hex.n)
        json_put(holder, fl->name, json_new_str(cx->mem, hex));
    else if (holder)
        json_del(holder, fl->name);
}

bool digest_is(struct str s)
{
    enum { HEX = 64 };
    if (s.n != HEX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    return true;
}
