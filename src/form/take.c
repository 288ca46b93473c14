/* take.c - what was posted becomes answers: texts to their types, parts of dates to dates. */
#include "form/form_priv.h"

#include "base/arena.h"

struct take {
    struct ctx *cx;
    const struct form *f;
    const struct form_page *page; /* NULL: the whole form */
    const struct json *posted;
    struct json *answers;
};

/* Where a posted path points: the object that holds the answer, and its field. */
struct target {
    const struct field *field;
    struct json *holder;
    struct str part; /* "day", "month" or "year" of a date; empty: the whole */
    struct str path; /* without that part */
};

#define UNKNOWN(t, path)                                                                       \
    FAIL((t)->cx, UNDECLARED, str_z((t)->cx->mem, str_cut((path), 0, 80)),                     \
         "the page has no such field")

static struct json *group_in(struct take *t, struct json *holder, struct str name,
                             enum json_kind kind)
{
    struct json *v = json_get(holder, name);
    if (v && v->kind == kind)
        return v;
    v = kind == JSON_ARR ? json_new_arr(t->cx->mem) : json_new_obj(t->cx->mem);
    return json_put(holder, name, v);
}

/* The item that a number in a path means; one behind the last makes a new one. */
static enum rc item_in(struct take *t, struct json *list, const struct field *fl,
                       struct str part, struct json **ret)
{
    int64_t n;
    if (!str_int(part, &n) || n < 0 || n > (int64_t)list->n || n >= fl->length_most)
        return FAIL(t->cx, INVALID, NULL, "an item beyond the list");
    if (n == (int64_t)list->n)
        json_push(list, json_new_obj(t->cx->mem));
    *ret = json_at(list, (size_t)n);
    if ((*ret)->kind != JSON_OBJ)
        return FAIL(t->cx, INVALID, NULL, "an item is not an object");
    return RC_OK;
}

static bool on_page(const struct take *t, const struct field *root_field)
{
    return root_field && (!t->page || root_field->page == t->page);
}

static enum rc target_find(struct take *t, struct str path, struct target *ret)
{
    struct str rest = path, part;
    const struct field *in = &t->f->root;
    struct json *holder = t->answers;
    while (rest.p) {
        rest = str_split(rest, '.', &part);
        const struct field *fl = field_child(in, part);
        if (!fl || (in == &t->f->root && !on_page(t, fl)))
            return UNKNOWN(t, path);
        if (field_is_leaf(fl)) {
            bool is_part = fl->widget == W_DATE &&
                           (str_eq(rest, STR("day")) || str_eq(rest, STR("month")) ||
                            str_eq(rest, STR("year")));
            if (rest.p && !is_part)
                return UNKNOWN(t, path);
            size_t n = path.n - (is_part ? rest.n + 1 : 0);
            *ret = (struct target){fl, holder, is_part ? rest : STR(""), str_cut(path, 0, n)};
            return RC_OK;
        }
        holder = group_in(t, holder, fl->name, fl->type == F_ARRAY ? JSON_ARR : JSON_OBJ);
        if (fl->type == F_ARRAY) {
            rest = str_split(rest, '.', &part);
            TRY(item_in(t, holder, fl, part, &holder));
        }
        in = fl;
    }
    return UNKNOWN(t, path);
}

/* "1.500.000" and "1 500 000" are whole numbers as people write them. */
static bool int_typed(struct arena *mem, struct str s, int64_t *ret)
{
    char *digits = arena_alloc(mem, s.n + 1);
    size_t n = 0, group = 0;
    bool grouped = false;
    for (size_t i = 0; i < s.n; i++) {
        bool is_gap = s.p[i] == '.' || s.p[i] == ' ' || s.p[i] == ',';
        if (is_gap && (n == 0 || group > 3 || (grouped && group != 3)))
            return false;
        grouped = grouped || is_gap;
        group = is_gap ? 0 : group + 1;
        if (!is_gap)
            digits[n++] = s.p[i];
    }
    return (!grouped || group == 3) && str_int(str_n(digits, n), ret);
}

static struct json *bool_typed(struct arena *mem, struct str s)
{
    if (str_eq(s, STR("true")) || str_eq(s, STR("on")) || str_eq(s, STR("1")))
        return json_new_bool(mem, true);
    if (str_eq(s, STR("false")) || str_eq(s, STR("0")))
        return json_new_bool(mem, false);
    return json_new_str(mem, s);
}

/* 27/8/2020 and 27-8-2020 as 2020-08-27; anything else as it was typed. */
static struct str date_typed(struct arena *mem, struct str s)
{
    int64_t d, m, y;
    struct str day, month;
    char sign = str_find(s, '/', 0) < s.n ? '/' : '-';
    int32_t iso;
    if (day_parse(s, &iso))
        return s;
    struct str year = str_split(str_split(s, sign, &day), sign, &month);
    bool numbers = str_int(str_trim(day), &d) && str_int(str_trim(month), &m) &&
                   str_int(str_trim(year), &y);
    if (!numbers || d < 1 || d > 31 || m < 1 || m > 12 || y < 1000 || y > 9999 ||
        !day_is_valid((int)y, (int)m, (int)d))
        return s;
    return day_iso(mem, day_make((int)y, (int)m, (int)d));
}

static struct str posted_part(struct take *t, struct str path, const char *part)
{
    struct str key = str_fmt(t->cx->mem, "%.*s.%s", STR_ARG(path), part);
    const struct json *v = json_get(t->posted, key);
    return v && v->kind == JSON_STR ? str_trim(v->s) : STR("");
}

static struct str date_of_parts(struct take *t, struct str path)
{
    struct str d = posted_part(t, path, "day"), m = posted_part(t, path, "month");
    struct str y = posted_part(t, path, "year");
    if (d.n + m.n + y.n == 0)
        return STR("");
    return str_fmt(t->cx->mem, "%.*s/%.*s/%.*s", STR_ARG(d), STR_ARG(m), STR_ARG(y));
}

static struct json *leaf_typed(struct take *t, const struct field *fl, struct str s)
{
    int64_t n;
    struct arena *mem = t->cx->mem;
    s = str_trim(s);
    if (s.n == 0)
        return NULL;
    if (fl->type == F_BOOLEAN)
        return bool_typed(mem, s);
    if (fl->type == F_INTEGER && int_typed(mem, s, &n))
        return json_new_int(mem, n);
    struct json *v = json_new_str(mem, fl->format == FORMAT_DATE ? date_typed(mem, s) : s);
    if (fl->type == F_STRING)
        value_normalise(mem, fl, v);
    return v;
}

static struct json *choices_typed(struct take *t, const struct json *posted)
{
    struct json *list = json_new_arr(t->cx->mem);
    if (posted->kind == JSON_STR && posted->s.n)
        json_push(list, json_new_str(t->cx->mem, posted->s));
    if (posted->kind == JSON_ARR)
        JSON_EACH (posted, c)
            if (c->kind == JSON_STR && c->s.n)
                json_push(list, json_new_str(t->cx->mem, c->s));
    return list->n ? list : NULL;
}

/* Browsers send a name twice when a hidden field stands before a box: the last one counts. */
static struct str last_text(const struct json *posted)
{
    if (posted->kind == JSON_ARR)
        posted = posted->last;
    return posted && posted->kind == JSON_STR ? posted->s : STR("");
}

static void set(struct json *holder, struct str name, struct json *v)
{
    if (v)
        json_put(holder, name, v);
    else
        json_del(holder, name);
}

static enum rc take_one(struct take *t, const struct json *posted)
{
    struct target to = {0};
    TRY(target_find(t, posted->key, &to));
    const struct field *fl = to.field;
    if (fl->widget == W_FILE) /* sent without its bytes: only a file answers */
        return RC_OK;
    if (fl->locked && !answer_is_empty(json_get(to.holder, fl->name)))
        return RC_OK;
    if (fl->type == F_ARRAY) {
        set(to.holder, fl->name, choices_typed(t, posted));
        return RC_OK;
    }
    struct str s = to.part.n ? date_of_parts(t, to.path) : last_text(posted);
    set(to.holder, fl->name, leaf_typed(t, fl, s));
    return RC_OK;
}

/* A box that is not ticked is not posted at all. */
static void untick(struct take *t, const struct field *fl, struct json *holder)
{
    if (!holder || holder->kind != JSON_OBJ)
        return;
    if (fl->widget == W_CHECKBOX)
        json_put(holder, fl->name, json_new_bool(t->cx->mem, false));
    else if (fl->widget == W_CHECKBOXES)
        json_del(holder, fl->name);
    struct json *v = field_is_leaf(fl) ? NULL : json_get(holder, fl->name);
    for (size_t i = 0; v && i < fl->nchildren; i++) {
        if (fl->type == F_OBJECT)
            untick(t, &fl->children[i], v);
        else
            JSON_EACH (v, item)
                untick(t, &fl->children[i], item);
    }
}

static bool item_is_blank(const struct json *item)
{
    JSON_EACH (item, c)
        if (!answer_is_empty(c) && !(c->kind == JSON_BOOL && !c->i))
            return false;
    return true;
}

static void item_delete(struct json *list, size_t n)
{
    struct json *before = n ? json_at(list, n - 1) : NULL;
    struct json *gone = before ? before->next : list->first;
    if (!gone)
        return;
    if (before)
        before->next = gone->next;
    else
        list->first = gone->next;
    if (list->last == gone)
        list->last = before;
    gone->next = NULL;
    list->n--;
}

/* Entries at the end that were offered and left empty are no entries. */
static void drop_blank_items(struct json *answers, const struct field *fl)
{
    struct json *v = json_get(answers, fl->name);
    if (!v || field_is_leaf(fl))
        return;
    for (size_t i = 0; fl->type == F_OBJECT && i < fl->nchildren; i++)
        drop_blank_items(v, &fl->children[i]);
    if (fl->type != F_ARRAY || v->kind != JSON_ARR)
        return;
    while (v->last && item_is_blank(v->last))
        item_delete(v, v->n - 1);
    if (v->n == 0)
        json_del(answers, fl->name);
}

enum rc form_take(struct ctx *cx, const struct form *f, struct str page,
                  const struct json *posted, struct json *answers)
{
    struct take t = {.cx = cx, .f = f, .posted = posted, .answers = answers};
    t.page = page.n ? page_find(f, page) : NULL;
    if (page.n && !t.page)
        return FAIL(cx, NOT_FOUND, "page", "no such page");
    for (size_t i = 0; i < f->root.nchildren; i++)
        if (on_page(&t, &f->root.children[i]))
            untick(&t, &f->root.children[i], answers);
    JSON_EACH (posted, p)
        TRY(take_one(&t, p));
    for (size_t i = 0; i < f->root.nchildren; i++)
        if (on_page(&t, &f->root.children[i]))
            drop_blank_items(answers, &f->root.children[i]);
    return RC_OK;
}

/* -- what is known already -- */

static void prefill(struct ctx *cx, const struct field *fl, const struct json *sources,
                    struct json *holder)
{
    if (!field_is_leaf(fl)) {
        struct json *in = fl->type == F_OBJECT ? json_get(holder, fl->name) : NULL;
        struct json *made = in ? in : json_new_obj(cx->mem);
        for (size_t i = 0; fl->type == F_OBJECT && i < fl->nchildren; i++)
            prefill(cx, &fl->children[i], sources, made);
        if (!in && made->n)
            json_put(holder, fl->name, made);
        return;
    }
    const struct json *known = fl->source.n ? json_path(sources, fl->source) : NULL;
    if (answer_is_empty(known))
        return;
    if (fl->locked || answer_is_empty(json_get(holder, fl->name)))
        json_put(holder, fl->name, json_copy(cx->mem, known));
}

void form_prefill(struct ctx *cx, const struct form *f, const struct json *sources,
                  struct json *answers)
{
    for (size_t i = 0; i < f->root.nchildren; i++)
        prefill(cx, &f->root.children[i], sources, answers);
}

static void keep_locked(struct ctx *cx, const struct field *fl, const struct json *was,
                        struct json *holder)
{
    const struct json *known = json_get(was, fl->name);
    struct json *in = fl->type == F_OBJECT ? json_get(holder, fl->name) : NULL;
    for (size_t i = 0; in && in->kind == JSON_OBJ && i < fl->nchildren; i++)
        keep_locked(cx, &fl->children[i], known, in);
    if (fl->locked && !answer_is_empty(known))
        json_put(holder, fl->name, json_copy(cx->mem, known));
}

void form_keep_locked(struct ctx *cx, const struct form *f, const struct json *was,
                      struct json *answers)
{
    for (size_t i = 0; i < f->root.nchildren; i++)
        keep_locked(cx, &f->root.children[i], was, answers);
}

/* -- repeating groups -- */

static enum rc group_find(struct ctx *cx, const struct form *f, struct str path,
                          const struct field **ret)
{
    *ret = field_find(f, path);
    if (!*ret || (*ret)->type != F_ARRAY || field_is_leaf(*ret))
        return FAIL(cx, UNDECLARED, str_z(cx->mem, str_cut(path, 0, 80)),
                    "no repeating group of that name");
    return RC_OK;
}

enum rc form_item_add(struct ctx *cx, const struct form *f, struct str path,
                      struct json *answers)
{
    const struct field *fl;
    TRY(group_find(cx, f, path, &fl));
    struct take t = {.cx = cx, .f = f, .answers = answers};
    struct json *holder = answers;
    if (fl->parent->parent)
        holder = group_in(&t, answers, fl->parent->name, JSON_OBJ);
    struct json *list = group_in(&t, holder, fl->name, JSON_ARR);
    if ((int64_t)list->n >= fl->length_most)
        return FAIL(cx, INVALID, str_z(cx->mem, path), "at most %d items",
                    (int)fl->length_most);
    json_push(list, json_new_obj(cx->mem));
    return RC_OK;
}

enum rc form_item_remove(struct ctx *cx, const struct form *f, struct str path, size_t item,
                         struct json *answers)
{
    const struct field *fl;
    TRY(group_find(cx, f, path, &fl));
    struct json *list = json_path(answers, fl->path);
    if (!list || list->kind != JSON_ARR || item >= list->n)
        return FAIL(cx, NOT_FOUND, str_z(cx->mem, path), "no such item");
    item_delete(list, item);
    return RC_OK;
}

enum rc form_item_drop(struct ctx *cx, const struct form *f, struct str item,
                       struct json *answers)
{
    size_t dot = item.n;
    int64_t at;
    while (dot > 0 && item.p[dot - 1] != '.')
        dot--;
    if (dot == 0 || !str_int(str_skip(item, dot), &at) || at < 0 || at >= FORM_ITEMS_MAX)
        return FAIL(cx, INVALID, "remove", "no item number");
    return form_item_remove(cx, f, str_cut(item, 0, dot - 1), (size_t)at, answers);
}
