/* val.c - values: from answers, to answers, compared, walked. */
#include "expr/run.h"

#include "base/arena.h"

const struct val val_null = {.t = T_NULL};

struct val val_bool(bool b)
{
    return (struct val){.t = T_BOOL, .i = b};
}

struct val val_int(int64_t i)
{
    return (struct val){.t = T_INT, .i = i};
}

struct val val_str(struct str s)
{
    return (struct val){.t = T_STR, .s = s};
}

struct val val_date(int64_t day)
{
    bool ok = day >= day_make(1, 1, 1) && day <= day_make(9999, 12, 31);
    return ok ? (struct val){.t = T_DATE, .i = day} : val_null;
}

struct val val_time(int64_t us)
{
    bool ok = us >= day_start(day_make(1, 1, 1)) && us < day_start(day_make(9999, 12, 31));
    return ok ? (struct val){.t = T_TIME, .i = us} : val_null;
}

static struct val natural(const struct json *j)
{
    switch (j->kind) {
    case JSON_BOOL:
        return val_bool(j->i);
    case JSON_INT:
        return val_int(j->i);
    case JSON_STR:
        return val_str(j->s);
    case JSON_ARR:
        return (struct val){.t = T_LIST, .j = j, .n = j->n, .elem = T_ANY};
    case JSON_OBJ:
        return (struct val){.t = T_OBJECT, .j = j, .n = j->n};
    default:
        return val_null;
    }
}

struct val val_from(const struct json *j, enum expr_type type, enum expr_type elem)
{
    struct val v = j ? natural(j) : val_null;
    int32_t day;
    int64_t us;
    if (type == T_DATE)
        return v.t == T_STR && day_parse(v.s, &day) ? val_date(day) : val_null;
    if (type == T_TIME)
        return v.t == T_STR && v.s.n > 10 && time_parse(v.s, &us) ? val_time(us) : val_null;
    if (type != T_ANY && v.t != type)
        return val_null;
    if (v.t == T_LIST)
        v.elem = elem;
    return v;
}

/* -- lists, and the keys of objects -- */
struct items items_of(const struct val *list)
{
    return (struct items){.list = list, .j = list->j ? list->j->first : NULL};
}

bool items_next(struct items *it, struct val *ret)
{
    const struct val *list = it->list;
    bool is_map = list->t == T_OBJECT;
    if (list->v && it->i < list->n) {
        *ret = list->v[it->i++ * (is_map ? 2 : 1)];
        return true;
    }
    if (!it->j)
        return false;
    /* lists of lists are of anything */
    *ret = is_map ? val_str(it->j->key) : val_from(it->j, list->elem, T_ANY);
    it->j = it->j->next;
    return true;
}

struct val val_get(const struct val *object, struct str key, enum expr_type type,
                   enum expr_type elem)
{
    if (object->t != T_OBJECT)
        return val_null;
    if (object->j)
        return val_from(json_get(object->j, key), type, elem);
    for (size_t i = 0; i < object->n; i++)
        if (str_eq(object->v[2 * i].s, key))
            return object->v[2 * i + 1];
    return val_null;
}

/* -- equality -- */
static bool objects_equal(struct run *r, const struct val *a, const struct val *b)
{
    if (a->j && b->j)
        return json_equal(a->j, b->j);
    if (a->n != b->n)
        return false;
    struct items it = items_of(a);
    struct val key;
    while (items_next(&it, &key)) {
        struct val x = val_get(a, key.s, T_ANY, T_ANY), y = val_get(b, key.s, T_ANY, T_ANY);
        if (!run_step(r, 1) || !val_equal(r, &x, &y))
            return false;
    }
    return true;
}

static bool lists_equal(struct run *r, const struct val *a, const struct val *b)
{
    struct items x = items_of(a), y = items_of(b);
    struct val p, q;
    while (items_next(&x, &p))
        if (!run_step(r, 1) || !items_next(&y, &q) || !val_equal(r, &p, &q))
            return false;
    return !items_next(&y, &q);
}

bool val_equal(struct run *r, const struct val *a, const struct val *b)
{
    if (a->t != b->t)
        return false;
    switch (a->t) {
    case T_NULL:
        return true;
    case T_STR:
        return str_eq(a->s, b->s);
    case T_DURATION:
        return a->i == b->i && a->unit == b->unit;
    case T_OBJECT:
        return objects_equal(r, a, b);
    case T_LIST:
        return lists_equal(r, a, b);
    default:
        return a->i == b->i;
    }
}

/* -- out -- */
struct str val_text(struct arena *mem, const struct val *v)
{
    static const char units[][3] = {['c'] = "cd", ['w'] = "wd", ['h'] = "wh", ['s'] = "s"};
    long long i = v->i / (v->unit == 's' ? SECOND_US : 1);
    switch (v->t) {
    case T_BOOL:
        return v->i ? STR("true") : STR("false");
    case T_INT:
        return str_fmt(mem, "%lld", i);
    case T_STR:
        return v->s;
    case T_DATE:
        return day_iso(mem, (int32_t)v->i);
    case T_TIME:
        return time_iso(mem, v->i);
    case T_DURATION:
        return str_fmt(mem, "%lld%s", i, units[(unsigned char)v->unit]);
    default:
        return STR_NULL;
    }
}

static struct json *made_json(struct arena *mem, const struct val *v)
{
    struct json *out = v->t == T_LIST ? json_new_arr(mem) : json_new_obj(mem);
    for (size_t i = 0; i < v->n; i++)
        if (v->t == T_LIST)
            json_push(out, val_json(mem, &v->v[i]));
        else
            json_put(out, v->v[2 * i].s, val_json(mem, &v->v[2 * i + 1]));
    return out;
}

struct json *val_json(struct arena *mem, const struct val *v)
{
    switch (v->t) {
    case T_BOOL:
        return json_new_bool(mem, v->i);
    case T_INT:
        return json_new_int(mem, v->i);
    case T_LIST:
    case T_OBJECT:
        return v->j ? json_copy(mem, v->j) : made_json(mem, v);
    default: {
        struct str s = val_text(mem, v);
        return s.p ? json_new_str(mem, s) : json_new_null(mem);
    }
    }
}
