/* walk.c - which pages are asked, given the answers; the task list. */
#include "form/form_priv.h"

#include "base/arena.h"

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
