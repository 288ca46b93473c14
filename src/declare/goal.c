/* goal.c - targets.yaml and alerts.yaml, read strictly, with every mistake told. */
#include "declare/goal.h"

static const struct {
    const char *name;
    enum goal_op op;
} ops[] = {{">=", GOAL_AT_LEAST}, {"<=", GOAL_AT_MOST}, {"=", GOAL_EQUAL}, {"x", GOAL_TIMES}};
enum { OPS = sizeof ops / sizeof *ops, CODE_MAX = 35, QUOTE_MAX = 600 };

const char *goal_op_name(enum goal_op op)
{
    for (size_t i = 0; i < OPS; i++)
        if (ops[i].op == op)
            return ops[i].name;
    return "";
}

/* "-12", "10.76": at most two decimals, so that nothing is rounded. */
static bool decimal_parse(struct str s, int64_t *ret)
{
    struct str whole, part = str_split(s, '.', &whole);
    int64_t units = 0, rest = 0;
    bool is_negative = str_starts(whole, STR("-"));
    if (!str_int(whole, &units) || units > GOAL_VALUE_MAX / 100 ||
        units < -GOAL_VALUE_MAX / 100)
        return false;
    if (part.p && (part.n < 1 || part.n > 2 || part.p[0] == '-' || !str_int(part, &rest)))
        return false;
    rest *= part.n == 1 ? 10 : 1;
    *ret = units * 100 + (is_negative ? -rest : rest);
    return true;
}

static enum rc value_read(struct ctx *cx, const struct json *v, const char *key, int64_t *ret)
{
    bool is_number =
        v->kind == JSON_INT && v->i <= GOAL_VALUE_MAX / 100 && v->i >= -GOAL_VALUE_MAX / 100;
    if (is_number)
        *ret = v->i * 100;
    else if (v->kind == JSON_INT || !decimal_parse(v->s, ret))
        return DECL_FAIL(cx, "P190", v, "%s", key);
    return RC_OK;
}

/* {value, at} and perhaps more, which the caller has named. */
static enum rc point_read(struct ctx *cx, const struct json *v, struct goal_point *ret)
{
    const struct json *value = json_get(v, STR("value")), *at = json_get(v, STR("at"));
    if (!value || !at)
        return RC_OK; /* told as missing */
    TRY(value_read(cx, value, "value", &ret->value));
    if (at->kind != JSON_STR || !day_parse(at->s, &ret->day))
        return DECL_FAIL(cx, "P190", at, "at: `%.*s`", STR_ARG(str_cut(at->s, 0, 20)));
    return RC_OK;
}

static bool code_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'))
            return false;
    }
    return s.n > 0 && s.n <= CODE_MAX;
}

static enum rc body_read(struct ctx *cx, const struct json *y, struct target_decl *t)
{
    const struct json *v;
    TRY(decl_object(cx, y, "body", &v));
    if (!v)
        return RC_OK;
    TRY(decl_keys(cx, v, "code! name!"));
    TRY(decl_text(cx, v, "code", &t->body));
    TRY(decl_label(cx, v, "name", &t->body_name));
    if (!code_is(t->body))
        return DECL_FAIL(cx, "P193", v, "code: `%.*s`", STR_ARG(str_cut(t->body, 0, 40)));
    return RC_OK;
}

/* `indicator: fibre`, or `indicator: {pack: one-stop, id: on_time}`. */
static enum rc indicator_read(struct ctx *cx, const struct json *y,
                              const struct json *indicators, struct goal_indicator *ret)
{
    const struct json *v = json_get(y, STR("indicator"));
    if (!v)
        return RC_OK; /* told as missing */
    if (v->kind == JSON_OBJ) {
        TRY(decl_keys(cx, v, "pack! id!"));
        TRY(decl_text(cx, v, "pack", &ret->pack));
        TRY(decl_text(cx, v, "id", &ret->id));
        TRY(decl_id(cx, ret->pack, v));
        return decl_id(cx, ret->id, v);
    }
    ret->id = v->s;
    JSON_EACH (indicators, ind)
        if (v->kind == JSON_STR && str_eq(json_str(ind, "id"), v->s))
            return RC_OK;
    return DECL_FAIL(cx, "P194", v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60)));
}

/* -- targets.yaml -- */

static enum rc known_read(struct ctx *cx, const struct json *y, struct target_decl *t)
{
    const struct json *list;
    int32_t last = t->has_baseline ? t->baseline.day : INT32_MIN;
    TRY(decl_list(cx, y, "known", TARGET_KNOWN_MAX, &list));
    JSON_EACH (list, v) {
        struct goal_point *p = &t->known[t->nknown];
        TRY(decl_keys(cx, v, "value! at!"));
        TRY(point_read(cx, v, p));
        if (p->day <= last)
            return DECL_FAIL(cx, "P192", v, "at: `%.*s`", STR_ARG(json_str(v, "at")));
        last = p->day;
        t->nknown++;
    }
    return RC_OK;
}

static enum rc baseline_read(struct ctx *cx, const struct json *y, struct target_decl *t)
{
    const struct json *v;
    TRY(decl_object(cx, y, "baseline", &v));
    if (!v)
        return RC_OK;
    TRY(decl_keys(cx, v, "value! at!"));
    t->has_baseline = true;
    return point_read(cx, v, &t->baseline);
}

static enum goal_op op_of(struct str s)
{
    for (size_t i = 0; i < OPS; i++)
        if (str_eq(s, str_from(ops[i].name)))
            return ops[i].op;
    return GOAL_NONE;
}

/* "twice" is twice the baseline: the product is what the path leads to. */
static enum rc times_read(struct ctx *cx, const struct json *v, struct target_decl *t)
{
    t->times = t->goal.value;
    bool fits = t->has_baseline && t->times > 0 && t->times <= 100000 &&
                t->baseline.value > 0 && t->baseline.value <= GOAL_VALUE_MAX / t->times;
    if (!fits)
        return DECL_FAIL(cx, "P191", v, "x");
    t->goal.value = t->baseline.value * t->times / 100;
    return RC_OK;
}

static enum rc promise_read(struct ctx *cx, const struct json *y, struct target_decl *t)
{
    const struct json *v;
    TRY(decl_object(cx, y, "target", &v));
    if (!v)
        return RC_OK;
    TRY(decl_keys(cx, v, "value! op! at!"));
    TRY(point_read(cx, v, &t->goal));
    t->op = op_of(json_str(v, "op"));
    if (t->op == GOAL_NONE)
        return DECL_FAIL(cx, "P191", v, "op: `%.*s`",
                         STR_ARG(str_cut(json_str(v, "op"), 0, 10)));
    if (t->has_baseline && t->goal.day <= t->baseline.day)
        return DECL_FAIL(cx, "P192", v, "at");
    return t->op == GOAL_TIMES ? times_read(cx, v, t) : RC_OK;
}

static enum rc words_read(struct ctx *cx, const struct json *y, struct target_decl *t)
{
    TRY(decl_text(cx, y, "quote", &t->quote));
    TRY(decl_text(cx, y, "source", &t->source));
    TRY(decl_text(cx, y, "note", &t->note));
    if (t->quote.n > QUOTE_MAX || t->source.n > QUOTE_MAX || t->note.n > QUOTE_MAX)
        return DECL_FAIL(cx, RULE_VALUE, y, "quote, source, note: at most %d bytes", QUOTE_MAX);
    return RC_OK;
}

static enum rc target_one(struct ctx *cx, const struct json *y, const struct json *indicators,
                          struct decl_notes *notes, struct target_decl *t)
{
    TRY(decl_keys_all(
        cx, y, "id! name! body! indicator! baseline known target quote! source! note", notes));
    TRY(decl_text(cx, y, "id", &t->id));
    KEEP(cx, notes, decl_id(cx, t->id, y));
    KEEP(cx, notes, decl_label(cx, y, "name", &t->name));
    KEEP(cx, notes, body_read(cx, y, t));
    KEEP(cx, notes, indicator_read(cx, y, indicators, &t->indicator));
    KEEP(cx, notes, words_read(cx, y, t));
    TRY(baseline_read(cx, y, t));
    KEEP(cx, notes, known_read(cx, y, t));
    KEEP(cx, notes, promise_read(cx, y, t));
    if (!t->has_baseline && !json_get(y, STR("target")))
        return DECL_FAIL(cx, "P191", y, "`%.*s`", STR_ARG(t->id));
    return RC_OK;
}

enum rc targets_read(struct ctx *cx, const struct json *yaml, const struct json *indicators,
                     struct decl_notes *notes, struct target_decls *ret)
{
    const struct json *list;
    TRY(decl_keys(cx, yaml, "targets!"));
    TRY(decl_list(cx, yaml, "targets", TARGETS_MAX, &list));
    struct target_decls all = {arena_array(cx->mem, struct target_decl, list->n), 0};
    JSON_EACH (list, y) {
        struct target_decl *t = &all.v[all.n];
        KEEP(cx, notes, target_one(cx, y, indicators, notes, t));
        for (size_t i = 0; i < all.n; i++)
            if (str_eq(all.v[i].id, t->id))
                KEEP(cx, notes, DECL_FAIL(cx, RULE_TWICE, y, "`%.*s`", STR_ARG(t->id)));
        all.n++;
    }
    *ret = all;
    return RC_OK;
}

/* -- alerts.yaml -- */

static enum rc bound_read(struct ctx *cx, const struct json *y, const char *key, bool *has,
                          int64_t *ret)
{
    const struct json *v = json_get(y, str_from(key));
    *has = v != NULL;
    return v ? value_read(cx, v, key, ret) : RC_OK;
}

static enum rc word_check(struct ctx *cx, const struct json *y, const char *key,
                          const char *first, const char *second, struct str *ret)
{
    TRY(decl_text(cx, y, key, ret));
    if (ret->p && !str_eq(*ret, str_from(first)) && !str_eq(*ret, str_from(second)))
        return DECL_FAIL(cx, "P195", json_get(y, str_from(key)), "%s: `%.*s`", key,
                         STR_ARG(str_cut(*ret, 0, 20)));
    return RC_OK;
}

static enum rc alert_one(struct ctx *cx, const struct json *y, const struct json *indicators,
                         struct decl_notes *notes, struct alert_decl *a)
{
    static const int64_t least[] = {1, 1000000};
    struct str trend = STR_NULL, span = STR_NULL;
    *a = (struct alert_decl){.least = ALERT_LEAST};
    TRY(decl_keys_all(cx, y, "id! indicator! below above trend span least advice", notes));
    TRY(decl_text(cx, y, "id", &a->id));
    KEEP(cx, notes, decl_id(cx, a->id, y));
    KEEP(cx, notes, indicator_read(cx, y, indicators, &a->indicator));
    KEEP(cx, notes, decl_label(cx, y, "advice", &a->advice));
    KEEP(cx, notes, decl_int(cx, y, "least", least, &a->least));
    KEEP(cx, notes, word_check(cx, y, "trend", "break", "break", &trend));
    KEEP(cx, notes, word_check(cx, y, "span", "month", "week", &span));
    KEEP(cx, notes, bound_read(cx, y, "below", &a->has_below, &a->below));
    KEEP(cx, notes, bound_read(cx, y, "above", &a->has_above, &a->above));
    a->on_break = trend.p != NULL;
    a->is_weekly = str_eq(span, STR("week"));
    bool crossed = a->has_below && a->has_above && a->below > a->above;
    if (crossed || !(a->has_below || a->has_above || a->on_break))
        return DECL_FAIL(cx, "P195", y, "`%.*s`", STR_ARG(a->id));
    return RC_OK;
}

enum rc alerts_read(struct ctx *cx, const struct json *yaml, const struct json *indicators,
                    struct decl_notes *notes, struct alert_decls *ret)
{
    const struct json *list;
    TRY(decl_keys(cx, yaml, "alerts!"));
    TRY(decl_list(cx, yaml, "alerts", ALERTS_MAX, &list));
    struct alert_decls all = {arena_array(cx->mem, struct alert_decl, list->n), 0};
    JSON_EACH (list, y) {
        struct alert_decl *a = &all.v[all.n];
        KEEP(cx, notes, alert_one(cx, y, indicators, notes, a));
        for (size_t i = 0; i < all.n; i++)
            if (str_eq(all.v[i].id, a->id))
                KEEP(cx, notes, DECL_FAIL(cx, RULE_TWICE, y, "`%.*s`", STR_ARG(a->id)));
        all.n++;
    }
    *ret = all;
    return RC_OK;
}
