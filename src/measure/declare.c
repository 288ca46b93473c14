/* declare.c - indicators.yaml into indicators. pack_check has judged it: here it must load. */
#include "measure/measure_priv.h"

static const struct {
    const char *name;
    enum indicator_unit unit;
} units[] = {
    {"count", IND_COUNT}, {"percent", IND_PERCENT}, {"days", IND_DAYS}, {"score", IND_SCORE}};

static enum indicator_unit unit_parse(struct str s)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq(s, str_from(units[i].name)))
            return units[i].unit;
    return IND_COUNT;
}

static enum rc spec_load(struct ctx *cx, const struct json *y, struct counted *c, struct spec s)
{
    if (!y)
        return RC_OK;
    s.kind = event_parse(json_str(y, "event"));
    const struct expr_scope *scope = fact_scope(cx, s.kind);
    if (!scope)
        return FAIL(cx, PACK, "event", "line %u: no such event", y->line);
    struct json *when = json_get(y, STR("if"));
    if (when) {
        struct expr *e;
        TRY(expr_compile(cx, when->s, scope, T_BOOL, &e));
        s.when = e;
    }
    c->specs[c->nspecs++] = s;
    return RC_OK;
}

static enum rc counted_one(struct ctx *cx, const struct pack *p, const struct json *y,
                           struct counted *c)
{
    struct str id = json_str(y, "id"), better = json_str(y, "better");
    c->any_procedure = p->form == NULL;
    c->pub = (struct indicator){
        .id =
            c->any_procedure ? id : str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(p->id), STR_ARG(id)),
        .pack = p->id,
        .name = json_get(y, STR("name")),
        .about = json_get(y, STR("about")),
        .unit = unit_parse(json_str(y, "unit")),
        .is_stock = str_eq(json_str(y, "kind"), STR("stock")),
        .better = str_eq(better, STR("up"))     ? 1
                  : str_eq(better, STR("down")) ? -1
                                                : 0,
        .target = json_int(y, "target", DB_NULL),
    };
    struct str sum = json_str(y, "sum");
    TRY(spec_load(cx, json_get(y, STR("count")), c, (struct spec){.sum = sum, .sign = 1}));
    TRY(spec_load(cx, json_get(y, STR("minus")), c, (struct spec){.sign = -1}));
    return spec_load(cx, json_get(y, STR("of")), c, (struct spec){.sign = 1, .is_den = true});
}

enum rc counted_load(struct ctx *cx, const struct pack *p, struct counted **ret, size_t *n)
{
    const struct json *list = json_get(p->indicators, STR("indicators"));
    size_t used = 0;
    struct counted *v = arena_array(cx->mem, struct counted, list ? list->n : 0);
    JSON_EACH (list, y)
        TRY(counted_one(cx, p, y, &v[used++]));
    *ret = v;
    *n = used;
    return RC_OK;
}

int64_t spec_amount(struct ctx *cx, const struct spec *s, const struct json *facts)
{
    if (!expr_is_true(cx, s->when, facts))
        return 0;
    if (!s->sum.n)
        return s->sign;
    const struct json *v = json_get(facts, s->sum);
    return v && v->kind == JSON_INT ? v->i : 0;
}

bool counted_takes(struct ctx *cx, const struct counted *c, const struct event *ev)
{
    for (size_t i = 0; i < c->nspecs; i++)
        if (c->specs[i].kind == ev->kind && expr_is_true(cx, c->specs[i].when, ev->facts))
            return true;
    return false;
}
