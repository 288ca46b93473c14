/* value.c - generated names, numbers and answers, from lists and from specs in demo/plays.yaml. */
#include "demo/demo_priv.h"
#include "page/embed.h"
#include "text/yaml.h"

uint64_t dice_roll(struct dice *d)
{
    uint64_t z = d->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

int64_t dice_between(struct dice *d, int64_t least, int64_t most)
{
    return least + (int64_t)(dice_roll(d) % (uint64_t)(most - least + 1));
}

static int64_t weight_of(const struct json *item)
{
    return item->kind == JSON_ARR ? json_at(item, 1)->i : 1;
}

const struct json *dice_pick(struct dice *d, const struct json *list)
{
    int64_t all = 0;
    JSON_EACH (list, item)
        all += weight_of(item);
    int64_t at = dice_between(d, 0, all - 1);
    JSON_EACH (list, item) {
        at -= weight_of(item);
        if (at < 0)
            return item->kind == JSON_ARR ? json_at(item, 0) : item;
    }
    return list->last;
}

enum rc demo_yaml(struct ctx *cx, const char *name, struct json **ret)
{
    struct str path = str_fmt(cx->mem, "demo/%s", name);
    const struct embed_file *f = embed_find(path);
    if (!f)
        return FAIL(cx, INTERNAL, name, "not embedded");
    return yaml_parse(cx, f->data, ret);
}

enum rc demo_lists_load(struct ctx *cx, struct demo_lists *ret)
{
    struct json *names, *streets, *plays;
    TRY(demo_yaml(cx, "names.yaml", &names));
    TRY(demo_yaml(cx, "streets.yaml", &streets));
    TRY(demo_yaml(cx, "plays.yaml", &plays));
    struct json *rows = json_new_obj(cx->mem);
    JSON_EACH (json_get(plays, STR("lists")), file) {
        struct json *list;
        TRY(demo_yaml(cx, str_z(cx->mem, file->s), &list));
        json_put(rows, file->key, json_copy(cx->mem, json_get(list, file->key)));
    }
    *ret = (struct demo_lists){names, streets, json_get(plays, STR("plays")), rows};
    return RC_OK;
}

struct str demo_name(struct ctx *cx, struct dice *d, const struct demo_lists *l, bool male)
{
    const struct json *n = l->names;
    const char *sex = male ? "male" : "female";
    const struct json *middle = json_get(json_get(n, STR("middle")), str_from(sex));
    const struct json *given = json_get(json_get(n, STR("given")), str_from(sex));
    struct str family = dice_pick(d, json_get(n, STR("family")))->s;
    struct str m = dice_pick(d, middle)->s, g = dice_pick(d, given)->s;
    return str_fmt(cx->mem, "%.*s %.*s %.*s", STR_ARG(family), STR_ARG(m), STR_ARG(g));
}

struct str demo_number(struct ctx *cx, struct dice *d, int32_t birth, bool male)
{
    struct civil c = civil_of_day(birth);
    int century = (c.year / 100 - 19) * 2 + !male;
    return str_fmt(cx->mem, "083%d%02d%06lld", century, c.year % 100,
                   (long long)dice_between(d, 0, 999999));
}

static struct json *place_value(struct ctx *cx, const struct value_scope *s)
{
    struct str hamlet = dice_pick(s->dice, json_get(s->lists->streets, STR("hamlets")))->s;
    struct str unit = s->unit ? s->unit->name_vi : STR("");
    if (str_starts(unit, STR("UBND "))) /* people live in a ward, not in its committee */
        unit = str_skip(unit, 5);
    return json_new_str(
        cx->mem, str_fmt(cx->mem, "%.*s, %.*s, tỉnh Bến Tre", STR_ARG(hamlet), STR_ARG(unit)));
}

/* [least, most] of a spec. */
static int64_t range_value(const struct value_scope *s, const struct json *range)
{
    return dice_between(s->dice, json_at(range, 0)->i, json_at(range, 1)->i);
}

static struct json *day_value(struct ctx *cx, const struct value_scope *s, int64_t back)
{
    int32_t day = day_of(cx->now_us) - (int32_t)back;
    return json_new_str(cx->mem, day_iso(cx->mem, day));
}

static struct json *number_value(struct ctx *cx, const struct value_scope *s,
                                 const struct json *arg)
{
    int32_t birth = day_make(1990, 1, 1);
    struct str day = json_str(s->answers, str_z(cx->mem, json_str(arg, "birth")));
    if (day.p && !day_parse(day, &birth))
        birth = day_make(1990, 1, 1);
    bool male = str_eq(json_str(arg, "sex"), STR("male"));
    return json_new_str(cx->mem, demo_number(cx, s->dice, birth, male));
}

/* The generators: one key that begins with $. */
static struct json *generate(struct ctx *cx, const struct value_scope *s, struct str what,
                             const struct json *arg)
{
    if (str_eq(what, STR("$pick")))
        return json_copy(cx->mem, dice_pick(s->dice, arg));
    if (str_eq(what, STR("$name")))
        return json_new_str(cx->mem,
                            demo_name(cx, s->dice, s->lists, str_eq(arg->s, STR("male"))));
    if (str_eq(what, STR("$place")))
        return place_value(cx, s);
    if (str_eq(what, STR("$days_ago")))
        return day_value(cx, s, range_value(s, arg));
    if (str_eq(what, STR("$age")))
        return day_value(cx, s, 366 * range_value(s, arg) - dice_between(s->dice, 0, 300));
    if (str_eq(what, STR("$int")))
        return json_new_int(cx->mem, range_value(s, arg));
    if (str_eq(what, STR("$number")))
        return number_value(cx, s, arg);
    if (str_eq(what, STR("$list")))
        return json_copy(cx->mem, dice_pick(s->dice, json_get(s->lists->streets, arg->s)));
    const struct json *cell = json_get(s->row, arg->s); /* $row */
    return cell ? json_copy(cx->mem, cell) : json_new_null(cx->mem);
}

static enum rc object_value(struct ctx *cx, const struct value_scope *s,
                            const struct json *spec, struct json **ret)
{
    struct json *o = json_new_obj(cx->mem);
    struct value_scope inner = *s;
    if (!inner.answers)
        inner.answers = o;
    JSON_EACH (spec, child) {
        struct json *v;
        TRY(demo_value(cx, &inner, child, &v));
        if (v->kind != JSON_NULL)
            json_put(o, child->key, v);
    }
    *ret = o;
    return RC_OK;
}

enum rc demo_value(struct ctx *cx, const struct value_scope *s, const struct json *spec,
                   struct json **ret)
{
    if (spec->kind == JSON_OBJ && spec->n == 1 && str_starts(spec->first->key, STR("$"))) {
        *ret = generate(cx, s, spec->first->key, spec->first);
        return RC_OK;
    }
    if (spec->kind == JSON_OBJ)
        return object_value(cx, s, spec, ret);
    if (spec->kind != JSON_ARR) {
        *ret = json_copy(cx->mem, spec);
        return RC_OK;
    }
    struct json *list = json_new_arr(cx->mem);
    JSON_EACH (spec, child) {
        struct json *v;
        TRY(demo_value(cx, s, child, &v));
        json_push(list, v);
    }
    *ret = list;
    return RC_OK;
}
