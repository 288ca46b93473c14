/* check.c - all answers against the form, in one walk. Hot: every submission passes here. */
#include "form/form_priv.h"

#include "base/arena.h"

enum { ASKED_NO = 1, ASKED_YES = 2 };

static void check_field(struct check *k, const struct place *at, const struct field *fl,
                        struct json *holder, struct json *v);

const struct field *field_child(const struct field *in, struct str name)
{
    for (size_t i = 0; i < in->nchildren; i++)
        if (str_eq(in->children[i].name, name))
            return &in->children[i];
    return NULL;
}

bool field_is_leaf(const struct field *fl)
{
    return fl->type != F_OBJECT && !(fl->type == F_ARRAY && fl->nchildren);
}

bool answer_is_empty(const struct json *v)
{
    if (!v || v->kind == JSON_NULL || (v->kind == JSON_STR && v->s.n == 0))
        return true;
    if (v->kind == JSON_ARR)
        return v->n == 0;
    if (v->kind != JSON_OBJ)
        return false;
    JSON_EACH (v, c)
        if (!answer_is_empty(c))
            return false;
    return true;
}

bool field_is_asked(struct ctx *cx, const struct field *fl, const struct json *answers,
                    const struct json *item)
{
    if (!fl->when)
        return true;
    if (!item)
        return expr_is_true(cx, fl->when, answers);
    /* The names of the form and `item`, without copying either. */
    struct json as_item = *item;
    as_item.key = STR("item");
    as_item.next = answers->first;
    struct json vars = {.kind = JSON_OBJ, .n = answers->n + 1, .first = &as_item};
    return expr_is_true(cx, fl->when, &vars);
}

static const struct json *item_at(const struct place *at, const struct json *answers,
                                  const struct field *fl)
{
    if (!fl->in_items)
        return NULL;
    while (at->field->type != F_ARRAY)
        at = at->up;
    const struct json *group = json_path(answers, at->field->path);
    return json_at(group, at->item);
}

static bool is_asked(struct check *k, const struct place *at, const struct field *fl)
{
    if (!fl->when)
        return true;
    if (fl->in_items)
        return field_is_asked(k->cx, fl, k->answers, item_at(at, k->answers, fl));
    if (!k->asked[fl->index])
        k->asked[fl->index] = expr_is_true(k->cx, fl->when, k->answers) ? ASKED_YES : ASKED_NO;
    return k->asked[fl->index] == ASKED_YES;
}

/* -- one answer -- */

/* Without an early end: the compiler then looks at many bytes at once. */
static bool has_control(struct str s, bool lines)
{
    unsigned found = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        found += c < ' ' && !(lines & (c == '\n' || c == '\r' || c == '\t'));
    }
    return found > 0;
}

static bool is_value(const struct field *fl, struct str s)
{
    for (size_t i = 0; i < fl->nvalues; i++)
        if (str_eq(fl->values[i], s))
            return true;
    return false;
}

static void check_bounds(struct check *k, const struct place *at, int64_t n)
{
    const struct field *fl = at->field;
    if (!fl->least.is_set && !fl->most.is_set)
        return;
    int64_t least = bound_value(&fl->least, k->cx->now_us);
    int64_t most = bound_value(&fl->most, k->cx->now_us);
    if (fl->least.is_set && n < least)
        error_add(k, at, "minimum", least);
    else if (fl->most.is_set && n > most)
        error_add(k, at, "maximum", most);
}

static void check_format(struct check *k, const struct place *at, struct str s)
{
    int32_t day;
    if (!format_is(at->field->format, s))
        error_add(k, at, "format", 0);
    else if (at->field->format == FORMAT_DATE && day_parse(s, &day))
        check_bounds(k, at, day);
}

/* Counting code points is left out where the bytes already decide. */
static void check_length(struct check *k, const struct place *at, struct str s)
{
    const struct field *fl = at->field;
    if (fl->length_most >= 0 && s.n > (size_t)fl->length_most &&
        utf8_len(s) > (size_t)fl->length_most)
        error_add(k, at, "maxLength", fl->length_most);
    else if (fl->length_least > 0 && (s.n < (size_t)fl->length_least * 4) &&
             utf8_len(s) < (size_t)fl->length_least)
        error_add(k, at, "minLength", fl->length_least);
    else if (has_control(s, fl->widget == W_TEXTAREA))
        error_add(k, at, "pattern", 0);
    else if (fl->pattern && !pattern_fits(fl->pattern, s))
        error_add(k, at, "pattern", 0);
    else if (fl->format != FORMAT_NONE)
        check_format(k, at, s);
}

static void check_string(struct check *k, const struct place *at, struct json *v)
{
    const struct field *fl = at->field;
    if (v->kind != JSON_STR) {
        error_add(k, at, "type", 0);
        return;
    }
    k->bytes += v->s.n;
    if (fl->nvalues) {
        if (!is_value(fl, v->s))
            error_add(k, at, "enum", 0);
    } else if (fl->widget == W_UNIT) {
        if (!unit_answer_is(k->cx, fl, k->answers, v->s))
            error_add(k, at, "enum", 0);
    } else if (fl->widget == W_FILE) {
        if (!digest_is(v->s))
            error_add(k, at, "format", 0);
    } else {
        check_length(k, at, v->s);
    }
}

static void check_choices(struct check *k, const struct place *at, const struct json *v)
{
    JSON_EACH (v, c) {
        k->bytes += c->s.n;
        if (c->kind != JSON_STR || !is_value(at->field, c->s)) {
            error_add(k, at, "enum", 0);
            return;
        }
        for (const struct json *other = v->first; other != c; other = other->next)
            if (str_eq(other->s, c->s)) {
                error_add(k, at, "enum", 0);
                return;
            }
    }
}

static void check_leaf(struct check *k, const struct place *at, struct json *v)
{
    const struct field *fl = at->field;
    if (fl->type == F_STRING)
        check_string(k, at, v);
    else if (fl->type == F_INTEGER && v->kind == JSON_INT)
        check_bounds(k, at, v->i);
    else if (fl->type != F_BOOLEAN || v->kind != JSON_BOOL)
        error_add(k, at, "type", 0);
    else if (fl->constant && !v->i)
        error_add(k, at, "required", 0);
    if (fl->constant && fl->type != F_BOOLEAN && !json_equal(fl->constant, v))
        error_add(k, at, "enum", 0);
}

/* -- groups -- */

static void check_undeclared(struct check *k, const struct place *at, const struct field *fl,
                             const struct json *v)
{
    struct arena *mem = k->cx->mem;
    struct str up = place_path(mem, at);
    if (fl->type == F_ARRAY)
        up = str_fmt(mem, "%.*s.%zu", STR_ARG(up), at->item);
    JSON_EACH (v, c)
        if (!field_child(fl, c->key)) {
            struct str path = str_fmt(mem, "%.*s%s%.*s", STR_ARG(up), up.n ? "." : "",
                                      STR_ARG(utf8_cut(c->key, 60)));
            error_add_text(k, path, NULL, "undeclared",
                           msg_get(k->cx->lang, STR("form.undeclared")));
        }
}

/* Fields in the order of the form; answers mostly come in the same order, so the next one is
 * looked at before searching. */
static void check_children(struct check *k, const struct place *at, const struct field *fl,
                           struct json *v)
{
    size_t found = 0;
    struct json *expected = v->first;
    for (size_t i = 0; i < fl->nchildren; i++) {
        const struct field *child = &fl->children[i];
        struct json *answer = expected;
        if (!answer || !str_eq(answer->key, child->name))
            answer = json_get(v, child->name);
        if (answer) {
            found++;
            expected = answer->next;
        }
        size_t had = v->n;
        check_field(k, at, child, v, answer);
        found += v->n > had; /* a default was filled in */
    }
    if (found < v->n)
        check_undeclared(k, at, fl, v);
}

static void check_items(struct check *k, struct place *at, struct json *v)
{
    const struct field *fl = at->field;
    at->item = 0;
    JSON_EACH (v, item) {
        if (item->kind != JSON_OBJ)
            error_add(k, at, "type", 0);
        else
            check_children(k, at, fl, item);
        at->item++;
    }
}

static void check_array(struct check *k, struct place *at, struct json *v)
{
    const struct field *fl = at->field;
    if (v->kind != JSON_ARR)
        error_add(k, at, "type", 0);
    else if ((int64_t)v->n > fl->length_most)
        error_add(k, at, "maxItems", fl->length_most);
    else if ((int64_t)v->n < fl->length_least)
        error_add(k, at, "minItems", fl->length_least);
    else if (fl->nvalues)
        check_choices(k, at, v);
    else
        check_items(k, at, v);
}

/* A group is gone through when it has answers, and when it must have some: it is required, or
 * it is asked because of another answer. */
static void check_object(struct check *k, const struct place *at, struct json *holder,
                         struct json *v)
{
    const struct field *fl = at->field;
    struct json none = {.kind = JSON_OBJ};
    if (v && v->kind != JSON_OBJ && v->kind != JSON_NULL) {
        error_add(k, at, "type", 0);
        return;
    }
    if (answer_is_empty(v) && !fl->required && !fl->when)
        return;
    if (!v || v->kind == JSON_NULL)
        v = &none;
    check_children(k, at, fl, v);
    if (v == &none && none.first) { /* defaults */
        struct json *made = json_new_obj(k->cx->mem);
        *made = none;
        json_put(holder, fl->name, made);
    }
}

static void check_absent(struct check *k, const struct place *at, struct json *holder)
{
    const struct field *fl = at->field;
    if (!fl->required)
        return;
    if (fl->absent)
        json_put(holder, fl->name, json_copy(k->cx->mem, fl->absent));
    else
        error_add(k, at, "required", 0);
}

static void check_field(struct check *k, const struct place *up, const struct field *fl,
                        struct json *holder, struct json *v)
{
    struct place at = {up, fl, 0};
    if (!is_asked(k, up, fl))
        return;
    if (fl->type == F_OBJECT) {
        check_object(k, &at, holder, v);
        return;
    }
    if (v)
        value_normalise(k->cx->mem, fl, v);
    if (answer_is_empty(v) && (!v || v->kind != JSON_OBJ))
        check_absent(k, &at, holder);
    else if (fl->type == F_ARRAY)
        check_array(k, &at, v);
    else
        check_leaf(k, &at, v);
}

/* -- what is not asked -- */

static bool prune_children(struct check *k, const struct place *at, const struct field *fl,
                           struct json *v);

static bool prune_items(struct check *k, const struct place *up, const struct field *fl,
                        struct json *v)
{
    struct place at = {up, fl, 0};
    bool changed = false;
    if (!fl->has_conditions || v->kind != JSON_ARR)
        return false;
    JSON_EACH (v, item) {
        changed = prune_children(k, &at, fl, item) || changed;
        at.item++;
    }
    return changed;
}

static bool prune_children(struct check *k, const struct place *at, const struct field *fl,
                           struct json *v)
{
    bool changed = false;
    for (size_t i = 0; i < fl->nchildren; i++) {
        const struct field *child = &fl->children[i];
        struct json *answer = NULL;
        if (child->when || !field_is_leaf(child))
            answer = json_get(v, child->name);
        if (!answer)
            continue;
        struct place here = {at, child, 0};
        if (!is_asked(k, at, child)) {
            json_del(v, child->name);
            changed = true;
        } else if (child->type == F_OBJECT) {
            changed = prune_children(k, &here, child, answer) || changed;
        } else if (child->type == F_ARRAY) {
            changed = prune_items(k, at, child, answer) || changed;
        }
    }
    return changed;
}

/* A removed answer may decide another condition, so again until nothing changes. */
static void prune(struct check *k)
{
    struct place root = {NULL, &k->f->root, 0};
    for (int i = 0; i < FORM_PASSES_MAX; i++) {
        if (!prune_children(k, &root, &k->f->root, k->answers))
            return;
        memset(k->asked, 0, sizeof k->asked);
    }
}

static void fill_defaults(struct check *k)
{
    const struct field *root = &k->f->root;
    for (size_t i = 0; i < root->nchildren; i++) {
        const struct field *fl = &root->children[i];
        if (fl->required && fl->absent && answer_is_empty(json_get(k->answers, fl->name)))
            json_put(k->answers, fl->name, json_copy(k->cx->mem, fl->absent));
    }
}

/* -- rules -- */

static bool has_error(const struct check *k, struct str path)
{
    for (size_t i = 0; i < k->errs->n; i++)
        if (str_eq(k->errs->v[i].field, path))
            return true;
    return false;
}

/* Null is no breach: something that the rule needs was not answered. */
static bool is_broken(struct check *k, const struct form_rule *r)
{
    struct json *v;
    if (expr_eval(k->cx, r->check, k->answers, &v) == RC_OK)
        return v->kind == JSON_BOOL && !v->i;
    ctx_clear(k->cx);
    return true;
}

static void check_rules(struct check *k, const struct form_page *page)
{
    for (size_t i = 0; i < k->f->nrules; i++) {
        const struct form_rule *r = &k->f->rules[i];
        const struct field *top = r->field;
        while (top->parent->parent)
            top = top->parent;
        if (page && top->page != page)
            continue;
        if (!has_error(k, r->path) && is_broken(k, r))
            error_add_text(k, r->path, r->field, "rule", label_text(k->cx, r->message));
    }
}

static enum rc answer_of(struct check *k)
{
    const struct form_errors *e = k->errs;
    if (k->bytes > FORM_ANSWERS_MAX)
        return FAIL(k->cx, TOO_LARGE, NULL, "answers of %zu bytes", k->bytes);
    if (e->n == 0)
        return RC_OK;
    struct str field = e->v[0].field;
    char name[ERR_FIELD_MAX];
    snprintf(name, sizeof name, "%.*s", STR_ARG(field));
    return FAIL(k->cx, INVALID, name, "%zu answers, first by rule %.*s", e->n,
                STR_ARG(e->v[0].rule));
}

enum rc form_check(struct ctx *cx, const struct form *f, struct json *answers,
                   struct form_errors *errs)
{
    struct check k = {.cx = cx, .f = f, .answers = answers, .errs = errs};
    struct place root = {NULL, &f->root, 0};
    *errs = (struct form_errors){NULL, 0};
    if (answers->kind != JSON_OBJ)
        return FAIL(cx, INVALID, NULL, "answers are not an object");
    fill_defaults(&k);
    prune(&k);
    check_children(&k, &root, &f->root, answers);
    check_rules(&k, NULL);
    return answer_of(&k);
}

enum rc form_check_page(struct ctx *cx, const struct form *f, struct str page,
                        struct json *answers, struct form_errors *errs)
{
    struct check k = {.cx = cx, .f = f, .answers = answers, .errs = errs};
    struct place root = {NULL, &f->root, 0};
    const struct form_page *p = page_find(f, page);
    *errs = (struct form_errors){NULL, 0};
    if (!p)
        return FAIL(cx, NOT_FOUND, "page", "no such page");
    for (size_t i = 0; i < p->nfields; i++)
        check_field(&k, &root, p->fields[i], answers, json_get(answers, p->fields[i]->name));
    check_rules(&k, p);
    return answer_of(&k);
}
