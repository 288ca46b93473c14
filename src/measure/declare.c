/* declare.c - indicators.yaml into indicators. pack_check has judged it: here it must load. */
#include "measure/measure_priv.h"

static int word_at(struct str s, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (str_eq(s, str_from(words[i])))
            return i;
    return 0;
}

static enum rc spec_load(struct ctx *cx, const struct json *y, struct counted *c, struct spec s)
{
    s.kind = event_parse(json_str(y, "event"));
    const struct expr_scope *scope = fact_scope(cx, s.kind);
    if (!scope || c->nspecs == SPECS_MAX)
        return FAIL(cx, PACK, "event", "line %u: no such event", y->line);
    struct json *when = json_get(y, STR("if"));
    if (when) {
        struct expr *e;
        TRY(expr_compile(cx, when->s, scope, T_BOOL, &e));
        s.when = e;
    }
    c->of_nobody |= s.kind == EV_PACK_PUBLISHED || s.kind == EV_PACK_WITHDRAWN;
    c->specs[c->nspecs++] = s;
    return RC_OK;
}

/* One event, or a list of them. */
static enum rc specs_load(struct ctx *cx, const struct json *y, struct counted *c,
                          struct spec s)
{
    if (!y)
        return RC_OK;
    if (y->kind != JSON_ARR)
        return spec_load(cx, y, c, s);
    JSON_EACH (y, one)
        TRY(spec_load(cx, one, c, s));
    return RC_OK;
}

static struct indicator indicator_of(struct ctx *cx, const struct pack *p, const struct json *y)
{
    static const char *const units[] = {"count", "percent", "days", "score", "vnd", NULL};
    static const char *const distincts[] = {"", "procedure", "unit", NULL};
    static const char *const everies[] = {"", "month", "quarter", "year", NULL};
    static const char *const betters[] = {"none", "up", "down", NULL};
    static const int signs[] = {0, 1, -1};
    struct str id = json_str(y, "id"), kind = json_str(y, "kind");
    if (p->form)
        id = str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(p->id), STR_ARG(id));
    return (struct indicator){
        .id = id,
        .pack = p->id,
        .name = json_get(y, STR("name")),
        .about = json_get(y, STR("about")),
        .unit = (enum indicator_unit)word_at(json_str(y, "unit"), units),
        .is_stock = str_eq(kind, STR("stock")),
        .is_distribution = str_eq(kind, STR("distribution")),
        .has_of = json_get(y, STR("of")) != NULL,
        .distinct = (enum indicator_distinct)word_at(json_str(y, "distinct"), distincts),
        .better = signs[word_at(json_str(y, "better"), betters)],
        .target = json_int(y, "target", DB_NULL),
        .threshold = json_int(y, "threshold", DB_NULL),
        .is_entered = str_eq(json_str(y, "source"), STR("entered")),
        .every = (enum indicator_every)word_at(json_str(y, "every"), everies),
        .method = json_get(y, STR("method")),
    };
}

static enum rc counted_one(struct ctx *cx, const struct pack *p, const struct json *y,
                           struct counted *c)
{
    struct str sum = json_str(y, "sum");
    c->any_procedure = p->form == NULL;
    c->pub = indicator_of(cx, p, y);
    TRY(specs_load(cx, json_get(y, STR("count")), c, (struct spec){.sum = sum, .sign = 1}));
    TRY(specs_load(cx, json_get(y, STR("minus")), c, (struct spec){.sign = -1}));
    TRY(specs_load(cx, json_get(y, STR("of")), c, (struct spec){.sign = 1, .is_den = true}));
    return specs_load(cx, json_get(y, STR("of_minus")), c,
                      (struct spec){.sign = -1, .is_den = true});
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

int64_t spec_amount(const struct spec *s, const struct json *facts)
{
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

static bool kind_is_in(enum event_kind kind, const enum event_kind *kinds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (kinds[i] == kind)
            return true;
    return false;
}

size_t counted_kinds(const struct counted *c, enum event_kind kinds[SCAN_KINDS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < c->nspecs && n < SCAN_KINDS_MAX - 1; i++)
        if (!kind_is_in(c->specs[i].kind, kinds, n))
            kinds[n++] = c->specs[i].kind;
    return n;
}
