/* declare.c - the targets of the packs in force, tied to indicators and units of this node. */
#include "target/target_priv.h"

#include "text/i18n.h"

bool indicator_is_plain(const struct indicator *ind)
{
    return (ind->unit == IND_COUNT || ind->unit == IND_VND) && !ind->has_of;
}

/* General packs' indicators have bare names. */
static struct str full_id(struct ctx *cx, const struct pack *p, struct str id)
{
    return p->form ? str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(p->id), STR_ARG(id)) : id;
}

const struct indicator *goal_indicator_find(struct ctx *cx, const struct pack *own,
                                            const struct goal_indicator *g)
{
    const struct pack *p = g->pack.n ? pack_current(cx, g->pack) : own;
    const struct indicator *ind = p ? indicator_find(cx, full_id(cx, p, g->id)) : NULL;
    return ind && str_eq(ind->pack, p->id) ? ind : NULL;
}

struct value_range indicator_range(struct ctx *cx, const struct indicator *ind)
{
    const struct pack *p = pack_current(cx, ind->pack);
    const struct json *list = p ? json_get(p->indicators, STR("indicators")) : NULL;
    JSON_EACH (list, y) {
        const struct json *range = json_get(y, STR("range"));
        if (range && str_eq(full_id(cx, p, json_str(y, "id")), ind->id))
            return (struct value_range){true, range->first->i * 100, range->last->i * 100};
    }
    return (struct value_range){0};
}

static struct target target_of(struct ctx *cx, const struct pack *p,
                               const struct target_decl *d)
{
    const struct unit *u = unit_find(cx, d->body);
    return (struct target){.id = full_id(cx, p, d->id),
                           .decl = d,
                           .pack = p,
                           .ind = goal_indicator_find(cx, p, &d->indicator),
                           .unit = u,
                           .speaker = u ? u : unit_root(cx)};
}

enum rc target_all(struct ctx *cx, struct target_list *ret)
{
    size_t npacks, n = 0;
    const struct pack *const *packs = pack_all(cx, &npacks);
    for (size_t i = 0; i < npacks; i++)
        n += packs[i]->targets.n;
    struct target_list all = {arena_array(cx->mem, struct target, n), 0};
    for (size_t i = 0; i < npacks; i++)
        for (size_t j = 0; j < packs[i]->targets.n; j++)
            all.v[all.n++] = target_of(cx, packs[i], &packs[i]->targets.v[j]);
    *ret = all;
    return RC_OK;
}

enum rc target_by_id(struct ctx *cx, struct str id, struct target *ret)
{
    struct target_list all;
    TRY(target_all(cx, &all));
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.v[i].id, id)) {
            *ret = all.v[i];
            return RC_OK;
        }
    return target_asked_find(cx, id, ret);
}

struct str target_body_name(struct ctx *cx, const struct target *t)
{
    return t->unit ? unit_name(cx, t->unit) : label_text(cx, t->decl->body_name);
}

/* -- in words -- */

struct str indicator_value_text(struct ctx *cx, const struct indicator *ind, int64_t value)
{
    static const char *const keys[] = {[IND_COUNT] = "",
                                       [IND_PERCENT] = "figure.percent",
                                       [IND_DAYS] = "figure.days",
                                       [IND_SCORE] = "figure.score",
                                       [IND_VND] = ""};
    struct json *args = json_new_obj(cx->mem);
    int64_t whole = value / 100, rest = value % 100;
    const char *point = cx->lang == LANG_EN ? "." : ",";
    if (value == DB_NULL)
        return STR("—");
    if (ind && ind->unit == IND_VND)
        return money_text(cx, whole);
    struct str n = number_text(cx, whole < 0 ? -whole : whole);
    n = str_fmt(cx->mem, rest ? "%s%.*s%s%02lld" : "%s%.*s", value < 0 ? "-" : "", STR_ARG(n),
                point, (long long)(rest < 0 ? -rest : rest));
    if (!ind || !keys[ind->unit][0])
        return n;
    json_put_str(cx->mem, args, "n", n);
    return msg_fill(cx, str_from(keys[ind->unit]), args);
}

struct str target_value_text(struct ctx *cx, const struct target *t, int64_t value)
{
    return indicator_value_text(cx, t->ind, value);
}

struct str target_promise_text(struct ctx *cx, const struct target *t)
{
    static const char *const signs[] = {"", "≥ ", "≤ ", "", ""};
    const struct target_decl *d = t->decl;
    if (d->op == GOAL_NONE)
        return STR("");
    struct str value = target_value_text(cx, t, d->goal.value);
    if (d->op != GOAL_TIMES)
        return str_fmt(cx->mem, "%s%.*s", signs[d->op], STR_ARG(value));
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, "n", indicator_value_text(cx, NULL, d->times));
    json_put_str(cx->mem, args, "value", value);
    return msg_fill(cx, STR("target.promise.times"), args);
}
