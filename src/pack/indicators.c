/* indicators.c - what is counted, given out (datasets.yaml) and told (messages.yaml). */
#include "pack/pack_priv.h"

#include "declare/facts.h"

#include <string.h>

enum { INDICATORS_MAX = 120, MESSAGES_MAX = 60, RANGE_MOST = 10000 };

/* -- indicators.yaml -- */

static bool is_one_of(struct str s, const char *words)
{
    struct str rest = str_from(words), word;
    while (rest.n) {
        rest = str_split(rest, ' ', &word);
        if (str_eq(word, s))
            return true;
    }
    return false;
}

static enum rc source_check(struct checker *c, const struct json *v, const struct json *sum)
{
    const struct json *src = json_get(v, STR("if"));
    struct str event = STR_NULL;
    struct expr *e;
    TRY(decl_keys(c->cx, v, "event! if"));
    TRY(decl_text(c->cx, v, "event", &event));
    enum event_kind kind = event_parse(event);
    const struct expr_scope *scope = kind == EV_NONE ? NULL : fact_scope(c->cx, kind);
    if (!scope)
        return DECL_FAIL(c->cx, "P061", v, "`%.*s`", STR_ARG(str_cut(event, 0, 60)));
    if (src)
        TRY(expr_declare(c->cx, src, scope, (struct expr_want){T_BOOL, "P062"}, &e));
    if (sum && !fact_is_number(kind, sum->s))
        return DECL_FAIL(c->cx, "P063", sum, "`%.*s`", STR_ARG(str_cut(sum->s, 0, 60)));
    return RC_OK;
}

/* What is counted under one key: one event, or a list of them. */
static enum rc sources_check(struct checker *c, const struct json *v, const char *key,
                             const struct json *sum)
{
    const struct json *list = json_get(v, str_from(key));
    if (!list)
        return RC_OK;
    if (list->kind != JSON_ARR)
        return source_check(c, list, sum);
    TRY(decl_list(c->cx, v, key, INDICATOR_SOURCES_MAX, &list));
    JSON_EACH (list, one)
        TRY(source_check(c, one, sum));
    return RC_OK;
}

static enum rc words_check(struct checker *c, const struct json *v)
{
    static const struct {
        const char *key, *words;
    } rows[] = {
        {"unit", "count percent days score vnd"},
        {"kind", "flow stock distribution"},
        {"better", "up down none"},
        {"distinct", "procedure unit"},
        {"source", "entered"},
        {"every", "month quarter year"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct json *word = json_get(v, str_from(rows[i].key));
        if (word && (word->kind != JSON_STR || !is_one_of(word->s, rows[i].words)))
            return DECL_FAIL(c->cx, "P060", word, "%s: %s", rows[i].key, rows[i].words);
    }
    return RC_OK;
}

static bool has(const struct json *v, const char *key)
{
    return json_get(v, str_from(key)) != NULL;
}

static bool kind_is(const struct json *v, const char *kind)
{
    return str_eq(json_str(v, "kind"), str_from(kind));
}

/* What is entered has its method and period, and counts nothing; what is counted the reverse. */
static bool entered_fits(const struct json *v)
{
    static const char *const counted[] = {"count",    "of",  "minus",
                                          "of_minus", "sum", "distinct"};
    if (!has(v, "source"))
        return has(v, "count") && has(v, "kind") && !has(v, "every") && !has(v, "method");
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        if (has(v, counted[i]))
            return false;
    return has(v, "every") && has(v, "method") && !kind_is(v, "stock") &&
           !kind_is(v, "distribution");
}

static bool unit_is(const struct json *v, const char *words)
{
    return is_one_of(json_str(v, "unit"), words);
}

/* `range: [0, 100]`: the least and the most that a share or a score can be. */
static enum rc range_check(struct checker *c, const struct json *v)
{
    const struct json *list = NULL;
    TRY(decl_list(c->cx, v, "range", 2, &list));
    if (!list)
        return RC_OK;
    JSON_EACH (list, bound)
        if (bound->kind != JSON_INT || bound->i < -RANGE_MOST || bound->i > RANGE_MOST)
            return DECL_FAIL(c->cx, "P196", list, "not whole, or beyond %d", RANGE_MOST);
    if (list->n != 2 || list->first->i >= list->last->i || !unit_is(v, "percent score"))
        return DECL_FAIL(c->cx, "P196", list, "`%.*s`", STR_ARG(json_str(v, "id")));
    return RC_OK;
}

/* How the parts of what is counted go together. */
static enum rc parts_check(struct checker *c, const struct json *v)
{
    struct str id = json_str(v, "id");
    bool is_distribution = kind_is(v, "distribution"), is_stock = kind_is(v, "stock");
    if (is_distribution &&
        (!has(v, "sum") || has(v, "of") || has(v, "minus") || unit_is(v, "percent")))
        return DECL_FAIL(c->cx, "P148", v, "`%.*s`", STR_ARG(id));
    if (has(v, "distinct") &&
        (is_distribution || has(v, "sum") || !unit_is(v, "count percent")))
        return DECL_FAIL(c->cx, "P150", v, "`%.*s`", STR_ARG(id));
    if (is_stock != has(v, "minus") || (has(v, "of_minus") && !(is_stock && has(v, "of"))))
        return DECL_FAIL(c->cx, "P065", v, "`%.*s`", STR_ARG(id));
    if (!is_distribution && !has(v, "of") && !unit_is(v, "count vnd"))
        return DECL_FAIL(c->cx, "P064", v, "`%.*s`", STR_ARG(id));
    return RC_OK;
}

static enum rc counted_check(struct checker *c, const struct json *v)
{
    struct str sum = STR_NULL;
    if (!entered_fits(v))
        return DECL_FAIL(c->cx, "P149", v, "`%.*s`", STR_ARG(json_str(v, "id")));
    TRY(decl_text(c->cx, v, "sum", &sum));
    TRY(sources_check(c, v, "count", json_get(v, STR("sum"))));
    TRY(sources_check(c, v, "minus", NULL));
    TRY(sources_check(c, v, "of", NULL));
    TRY(sources_check(c, v, "of_minus", NULL));
    return has(v, "source") ? RC_OK : parts_check(c, v);
}

static enum rc indicator_check(struct checker *c, const struct json *v)
{
    static const int64_t targets[] = {0, INT64_C(1000000000000)};
    struct str id = STR_NULL;
    const struct json *label = NULL;
    int64_t target;
    TRY(decl_keys_all(c->cx, v,
                      "id! name! about! unit! kind count of minus of_minus sum distinct better "
                      "target threshold range source every method",
                      c->notes));
    TRY(decl_text(c->cx, v, "id", &id));
    CHECK(c, decl_id(c->cx, id, v));
    CHECK(c, decl_label(c->cx, v, "name", &label));
    CHECK(c, decl_label(c->cx, v, "about", &label));
    CHECK(c, decl_label(c->cx, v, "method", &label));
    CHECK(c, words_check(c, v));
    CHECK(c, decl_int(c->cx, v, "target", targets, &target));
    CHECK(c, decl_int(c->cx, v, "threshold", targets, &target));
    CHECK(c, range_check(c, v));
    return counted_check(c, v);
}

enum rc indicators_load(struct checker *c)
{
    const struct str name = STR("indicators.yaml");
    const struct json *yaml, *list;
    if (!pack_file(c->files, name).p)
        return RC_OK;
    c->file = name;
    TRY(file_yaml(c, name, &yaml));
    TRY(decl_keys(c->cx, yaml, "indicators!"));
    TRY(decl_list(c->cx, yaml, "indicators", INDICATORS_MAX, &list));
    JSON_EACH (list, v) {
        CHECK(c, indicator_check(c, v));
        JSON_EACH (list, other)
            if (other != v && other->line < v->line &&
                str_eq(json_str(other, "id"), json_str(v, "id")))
                CHECK(c, DECL_FAIL(c->cx, RULE_TWICE, v, "`%.*s`", STR_ARG(json_str(v, "id"))));
    }
    c->pack->indicators = yaml;
    return RC_OK;
}

enum rc datasets_load(struct checker *c)
{
    const struct str name = STR("datasets.yaml");
    const struct json *yaml;
    bool is_counted = pack_file(c->files, STR("indicators.yaml")).p != NULL;
    if (!pack_file(c->files, name).p || (is_counted && !c->pack->indicators))
        return RC_OK; /* without its indicators every column would seem misspelt */
    c->file = name;
    TRY(file_yaml(c, name, &yaml));
    return datasets_read(c->cx, yaml, json_get(c->pack->indicators, STR("indicators")),
                         c->notes, &c->pack->datasets);
}

/* The file's tree, *yaml NULL when the pack has none, and the pack's own indicators. */
static enum rc beside_indicators(struct checker *c, struct str name, const struct json **yaml,
                                 const struct json **list)
{
    *yaml = NULL;
    *list = json_get(c->pack->indicators, STR("indicators"));
    if (!pack_file(c->files, name).p)
        return RC_OK;
    c->file = name;
    return file_yaml(c, name, yaml);
}

enum rc targets_load(struct checker *c)
{
    const struct json *yaml, *list;
    TRY(beside_indicators(c, STR("targets.yaml"), &yaml, &list));
    return yaml ? targets_read(c->cx, yaml, list, c->notes, &c->pack->targets) : RC_OK;
}

enum rc alerts_load(struct checker *c)
{
    const struct json *yaml, *list;
    TRY(beside_indicators(c, STR("alerts.yaml"), &yaml, &list));
    return yaml ? alerts_read(c->cx, yaml, list, c->notes, &c->pack->alerts) : RC_OK;
}

/* Every {placeholder} of a stands in b. */
static bool holes_are_in(struct str a, struct str b)
{
    for (size_t i = 0; (i = str_find(a, '{', i)) < a.n; i++) {
        size_t end = str_find(a, '}', i);
        if (end < a.n && !str_has(b, str_cut(a, i, end + 1)))
            return false;
    }
    return true;
}

bool holes_agree(struct str a, struct str b)
{
    return holes_are_in(a, b) && holes_are_in(b, a);
}

/* Every placeholder is one that a notice fills. */
static bool holes_are_known(struct str s)
{
    for (size_t i = 0; (i = str_find(s, '{', i)) < s.n; i++) {
        struct str name = str_cut(s, i + 1, str_find(s, '}', i));
        if (!is_one_of(name, "code service unit due reason law items answer"))
            return false;
    }
    return true;
}

static enum rc message_part(struct checker *c, const struct json *v, const char *key)
{
    const struct json *label = NULL;
    TRY(decl_label(c->cx, v, key, &label));
    struct str vi = json_str(label, "vi"), en = json_str(label, "en");
    if (!holes_agree(vi, en))
        return DECL_FAIL(c->cx, "P071", label, "`%.*s.%s`", STR_ARG(v->key), key);
    if (!holes_are_known(vi) || !holes_are_known(en))
        return DECL_FAIL(c->cx, "P074", label, "`%.*s.%s`", STR_ARG(v->key), key);
    return RC_OK;
}

static enum rc message_check(struct checker *c, const struct json *v)
{
    CHECK(c, decl_id(c->cx, v->key, v));
    if (v->kind != JSON_OBJ || !json_get(v, STR("title")) || !json_get(v, STR("text")))
        return DECL_FAIL(c->cx, "P070", v, "`%.*s`", STR_ARG(v->key));
    TRY(decl_keys_all(c->cx, v, "title text", c->notes));
    CHECK(c, message_part(c, v, "title"));
    return message_part(c, v, "text");
}

enum rc messages_load(struct checker *c)
{
    const struct str name = STR("messages.yaml");
    const struct json *yaml, *all;
    if (!pack_file(c->files, name).p)
        return RC_OK;
    c->file = name;
    TRY(file_yaml(c, name, &yaml));
    TRY(decl_keys(c->cx, yaml, "messages!"));
    TRY(decl_object(c->cx, yaml, "messages", &all));
    if (all->n > MESSAGES_MAX)
        return DECL_FAIL(c->cx, RULE_VALUE, all, "messages: at most %d", MESSAGES_MAX);
    JSON_EACH (all, v)
        CHECK(c, message_check(c, v));
    c->pack->messages = yaml;
    return RC_OK;
}
