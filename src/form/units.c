/* units.c - answers that are units: which may be chosen, and the list to choose from. */
#include "form/form_priv.h"

#include "app/app.h"
#include "base/arena.h"
#include "unit/unit.h"

enum { OPTIONS_MAX = 3000 }; /* a list that long is for narrowing: `under` */

static bool stands(struct ctx *cx, const struct unit *u)
{
    int32_t today = day_of(cx->now_us);
    return u->from <= today && today < u->to;
}

static bool has_units(const struct ctx *cx)
{
    return cx->app && cx->app->units;
}

/* What `under` names was answered with; NULL: nothing, every unit may be chosen. */
static const struct unit *unit_above(struct ctx *cx, const struct field *fl,
                                     const struct json *answers)
{
    const struct json *v = fl->under.n ? json_get(answers, fl->under) : NULL;
    return v && v->kind == JSON_STR && v->s.n ? unit_find(cx, v->s) : NULL;
}

bool unit_answer_is(struct ctx *cx, const struct field *fl, const struct json *answers,
                    struct str code)
{
    if (!has_units(cx)) /* no node: a pack that is only checked */
        return unit_code_is(code);
    const struct unit *u = unit_find(cx, code), *above = unit_above(cx, fl, answers);
    return u && str_eq(u->code, code) && stands(cx, u) &&
           (!above || (u != above && unit_is_within(u, above)));
}

struct str unit_answer_text(struct ctx *cx, struct str code)
{
    const struct unit *u = has_units(cx) ? unit_find(cx, code) : NULL;
    return u ? unit_name(cx, u) : code;
}

/* One group of the list: what stands directly below `parent` (NULL: the roots). */
struct listing {
    struct ctx *cx;
    struct json *groups;
    struct str chosen;
    size_t n;
};

static void option_put(struct listing *l, const struct unit *u, struct json *options)
{
    struct ctx *cx = l->cx;
    if (!stands(cx, u) || l->n == OPTIONS_MAX)
        return;
    struct json *o = json_push(options, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "value", u->code);
    json_put_str(cx->mem, o, "label", unit_name(cx, u));
    json_put_bool(cx->mem, o, "checked", str_eq(u->code, l->chosen));
    l->n++;
}

static struct json *group_new(struct listing *l, struct str label)
{
    struct json *g = json_new_obj(l->cx->mem);
    json_put_str(l->cx->mem, g, "group", label);
    json_put(g, STR("options"), json_new_arr(l->cx->mem));
    return g;
}

/* A unit's children stand together under its name, and theirs after them. */
static void group_put(struct listing *l, const struct unit *parent)
{
    struct json *g = group_new(l, unit_name(l->cx, parent));
    for (size_t i = 0; i < parent->nchildren; i++)
        option_put(l, parent->children[i], json_get(g, STR("options")));
    if (json_get(g, STR("options"))->n)
        json_push(l->groups, g);
    for (size_t i = 0; i < parent->nchildren; i++)
        if (parent->children[i]->nchildren)
            group_put(l, parent->children[i]);
}

struct json *unit_groups(struct ctx *cx, const struct field *fl, const struct json *answers,
                         struct str chosen)
{
    struct listing l = {.cx = cx, .groups = json_new_arr(cx->mem), .chosen = chosen};
    const struct unit *above = has_units(cx) ? unit_above(cx, fl, answers) : NULL;
    size_t n = 0;
    const struct unit *const *all = has_units(cx) ? unit_all(cx, &n) : NULL;
    if (above) {
        group_put(&l, above);
        return l.groups;
    }
    struct json *roots = group_new(&l, msg_get(cx->lang, STR("form.units.top")));
    for (size_t i = 0; i < n; i++)
        if (!all[i]->parent)
            option_put(&l, all[i], json_get(roots, STR("options")));
    if (json_get(roots, STR("options"))->n)
        json_push(l.groups, roots);
    for (size_t i = 0; i < n; i++)
        if (!all[i]->parent)
            group_put(&l, all[i]);
    return l.groups;
}
