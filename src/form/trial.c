/* trial.c - answers at which conditions may turn: what a checker tries. */
#include "form/form_priv.h"

#include "base/arena.h"

enum { TRIAL_NAMES_MAX = 12, TRIAL_VALUES_MAX = 40, TRIAL_COUNT_MAX = 20000 };

struct trial_name {
    struct str name;
    const struct field *field; /* NULL: not of the form */
    const struct json *values[TRIAL_VALUES_MAX];
    size_t n, at;
};
struct form_trial {
    struct ctx *cx;
    const struct form *f;
    const struct expr *const *over;
    size_t nover;
    struct trial_name names[TRIAL_NAMES_MAX];
    size_t n, count;
    struct arena *round; /* what one set of answers takes */
    bool is_over;
};

static void value_add(struct trial_name *t, const struct json *v)
{
    for (size_t i = 0; i < t->n; i++)
        if (json_equal(t->values[i], v))
            return;
    if (t->n < TRIAL_VALUES_MAX)
        t->values[t->n++] = v;
}

static void day_add(struct arena *mem, struct trial_name *t, int64_t day)
{
    if (day > 0 && day < 100000)
        value_add(t, json_new_str(mem, day_iso(mem, (int32_t)day)));
}

/* Beside a number that an expression speaks of, both its neighbours. */
static void number_add(struct form_trial *k, struct trial_name *t, int64_t n)
{
    int32_t today = day_of(k->cx->now_us);
    for (int64_t i = n - 1; i <= n + 1; i++)
        if (t->field->type == F_INTEGER)
            value_add(t, json_new_int(k->cx->mem, i));
        else
            day_add(k->cx->mem, t, today - i);
}

static void literal_add(struct form_trial *k, struct trial_name *t,
                        const struct expr_literal *l)
{
    bool is_text = t->field->type == F_STRING && t->field->format == FORMAT_NONE;
    bool is_count = t->field->type == F_INTEGER || t->field->format == FORMAT_DATE;
    int32_t day;
    if (is_text && l->type == T_STR)
        value_add(t, json_new_str(k->cx->mem, l->s));
    else if (is_count && l->type == T_INT && l->i > -100000000 && l->i < 100000000)
        number_add(k, t, l->i);
    else if (t->field->format == FORMAT_DATE && l->type == T_STR && day_parse(l->s, &day))
        for (int i = -1; i <= 1; i++)
            day_add(k->cx->mem, t, day + i);
}

static bool is_always_asked(const struct field *fl)
{
    for (; fl && fl->parent; fl = fl->parent)
        if (fl->when || !fl->required)
            return false;
    return true;
}

/* Values of a question: all it can have, or those at which an expression may turn. */
static void field_values(struct form_trial *k, struct trial_name *t)
{
    struct arena *mem = k->cx->mem;
    const struct field *fl = t->field;
    for (size_t i = 0; i < fl->nvalues && fl->type == F_STRING; i++)
        value_add(t, json_new_str(mem, fl->values[i]));
    if (fl->type == F_BOOLEAN) {
        value_add(t, json_new_bool(mem, true));
        if (!fl->constant)
            value_add(t, json_new_bool(mem, false));
    }
    struct expr_literal l;
    for (size_t i = 0; i < k->nover && !fl->nvalues; i++)
        for (size_t n = 0; expr_literal_at(k->over[i], n, &l); n++)
            literal_add(k, t, &l);
    if (fl->type == F_STRING && fl->format == FORMAT_NONE && !fl->nvalues)
        value_add(t, json_new_str(mem, STR("x")));
    if (fl->format == FORMAT_DATE && !t->n)
        day_add(mem, t, day_of(k->cx->now_us));
    if (fl->type == F_INTEGER && !t->n)
        value_add(t, json_new_int(mem, fl->least.is_set ? fl->least.n : 1));
    if (!is_always_asked(fl) || !t->n)
        value_add(t, json_new_null(mem));
}

static void name_add(struct form_trial *k, struct str name);

/* What a question's own conditions read decides whether it is asked. */
static void conditions_add(struct form_trial *k, const struct field *fl)
{
    for (; fl && fl->parent; fl = fl->parent) {
        const struct str *name;
        for (size_t i = 0; fl->when && (name = expr_reads(fl->when, i)); i++)
            name_add(k, *name);
    }
}

static void name_add(struct form_trial *k, struct str name)
{
    const struct field *fl = field_find(k->f, name);
    if (!fl || fl->in_items || !field_is_leaf(fl) || k->n == TRIAL_NAMES_MAX)
        return;
    for (size_t i = 0; i < k->n; i++)
        if (str_eq(k->names[i].name, name))
            return;
    struct trial_name *t = &k->names[k->n++];
    *t = (struct trial_name){.name = name, .field = fl};
    field_values(k, t);
    conditions_add(k, fl);
}

struct form_trial *form_trial_new(struct ctx *cx, const struct form *f,
                                  const struct expr *const *over, size_t n,
                                  const struct form_trial_name *more, size_t nmore)
{
    struct form_trial *k = arena_new_of(cx->mem, struct form_trial);
    const struct str *name;
    *k = (struct form_trial){.cx = cx, .f = f, .over = over, .nover = n};
    for (size_t i = 0; i < n; i++)
        for (size_t r = 0; (name = expr_reads(over[i], r)); r++)
            name_add(k, *name);
    for (size_t i = 0; i < nmore && k->n < TRIAL_NAMES_MAX; i++) {
        struct trial_name *t = &k->names[k->n++];
        *t = (struct trial_name){.name = more[i].name};
        JSON_EACH (more[i].values, v)
            value_add(t, v);
    }
    return k;
}

static void path_put(struct arena *mem, struct json *obj, struct str path,
                     const struct json *value)
{
    struct str head, rest = str_split(path, '.', &head);
    if (!rest.p) {
        json_put(obj, head, json_copy(mem, value));
        return;
    }
    struct json *inner = json_get(obj, head);
    if (!inner || inner->kind != JSON_OBJ)
        inner = json_put(obj, head, json_new_obj(mem));
    path_put(mem, inner, rest, value);
}

/* An answer stands where, and only where, the question is asked. */
static bool may_stand(struct form_trial *k, const struct trial_name *t,
                      const struct json *answers)
{
    if (!t->field)
        return true;
    bool is_asked = true, must = t->field->required || t->field->constant;
    for (const struct field *fl = t->field; fl && fl->parent; fl = fl->parent) {
        is_asked = is_asked && expr_is_true(k->cx, fl->when, answers);
        must = must && (fl->when || fl->required);
    }
    bool is_given = t->values[t->at]->kind != JSON_NULL;
    return is_asked ? is_given || !must : !is_given;
}

static bool step(struct form_trial *k)
{
    for (size_t i = 0; i < k->n; i++) {
        if (++k->names[i].at < k->names[i].n)
            return true;
        k->names[i].at = 0;
    }
    return false;
}

static const struct json *build(struct form_trial *k, struct arena *mem)
{
    struct json *o = json_new_obj(mem);
    for (size_t i = 0; i < k->n; i++) {
        const struct json *v = k->names[i].values[k->names[i].at];
        if (v->kind != JSON_NULL)
            path_put(mem, o, k->names[i].name, v);
    }
    for (size_t i = 0; i < k->n; i++)
        if (!may_stand(k, &k->names[i], o))
            return NULL;
    return o;
}

static void round_close(void *k)
{
    arena_free(((struct form_trial *)k)->round);
}

const struct json *form_trial_next(struct form_trial *k)
{
    enum { ROUND_MAX = 8 << 20 };
    if (!k->round) {
        k->round = arena_new(ROUND_MAX);
        arena_on_free(k->cx->mem, round_close, k);
    }
    while (!k->is_over && k->count++ < TRIAL_COUNT_MAX) {
        bool is_first = k->count == 1;
        k->is_over = !is_first && !step(k);
        if (k->is_over)
            break;
        arena_reset(k->round);
        struct arena *mem = k->cx->mem;
        k->cx->mem = k->round;
        const struct json *answers = build(k, k->round);
        k->cx->mem = mem;
        if (answers)
            return answers;
    }
    return NULL;
}

struct str form_trial_text(const struct form_trial *k)
{
    struct buf *b = buf_new(k->cx->mem, ERR_DETAIL_MAX);
    for (size_t i = 0; i < k->n; i++) {
        const struct trial_name *t = &k->names[i];
        buf_fmt(b, "%s%.*s = ", i ? ", " : "", STR_ARG(t->name));
        json_print(b, t->values[t->at]);
    }
    return buf_str(b);
}
