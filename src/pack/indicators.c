/* indicators.c - what is counted (indicators.yaml), given out (datasets.yaml), told (messages). */
#include "pack/pack_priv.h"

#include "declare/facts.h"

#include <string.h>

enum { INDICATORS_MAX = 60, MESSAGES_MAX = 60 };

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

static enum rc count_load(struct checker *c, const struct json *v, enum event_kind *kind)
{
    const struct json *src = json_get(v, STR("if"));
    struct str event = STR_NULL;
    struct expr *e;
    TRY(decl_keys(c->cx, v, "event! if"));
    TRY(decl_text(c->cx, v, "event", &event));
    *kind = event_parse(event);
    const struct expr_scope *scope = *kind == EV_NONE ? NULL : fact_scope(c->cx, *kind);
    if (!scope)
        return DECL_FAIL(c->cx, "P061", v, "`%.*s`", STR_ARG(str_cut(event, 0, 60)));
    if (!src)
        return RC_OK;
    return expr_declare(c->cx, src, scope, (struct expr_want){T_BOOL, "P062"}, &e);
}

static enum rc words_check(struct checker *c, const struct json *v)
{
    static const struct {
        const char *key, *words;
    } rows[] = {
        {"unit", "count percent days score"},
        {"kind", "flow stock"},
        {"better", "up down none"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct json *word = json_get(v, str_from(rows[i].key));
        if (word && !is_one_of(word->s, rows[i].words))
            return DECL_FAIL(c->cx, "P060", word, "%s: %s", rows[i].key, rows[i].words);
    }
    return RC_OK;
}

static enum rc indicator_check(struct checker *c, const struct json *v)
{
    static const int64_t targets[] = {0, INT64_C(1000000000000)};
    struct str id = STR_NULL, sum = STR_NULL;
    const struct json *label = NULL;
    enum event_kind kind, of_kind;
    int64_t target;
    TRY(decl_keys_all(
        c->cx, v, "id! name! about! unit! kind! count! of minus sum better target", c->notes));
    TRY(decl_text(c->cx, v, "id", &id));
    CHECK(c, decl_id(c->cx, id, v));
    CHECK(c, decl_label(c->cx, v, "name", &label));
    CHECK(c, decl_label(c->cx, v, "about", &label));
    CHECK(c, words_check(c, v));
    CHECK(c, decl_int(c->cx, v, "target", targets, &target));
    TRY(decl_text(c->cx, v, "sum", &sum));
    if (!json_get(v, STR("count")))
        return RC_OK; /* told as missing */
    TRY(count_load(c, json_get(v, STR("count")), &kind));
    const struct json *of = json_get(v, STR("of")), *minus = json_get(v, STR("minus"));
    if (of)
        TRY(count_load(c, of, &of_kind));
    if (minus)
        TRY(count_load(c, minus, &of_kind));
    bool is_stock = str_eq(json_str(v, "kind"), STR("stock"));
    if (is_stock != (minus != NULL))
        return DECL_FAIL(c->cx, "P065", v, "`%.*s`", STR_ARG(id));
    if (sum.p && !fact_is_number(kind, sum))
        return DECL_FAIL(c->cx, "P063", json_get(v, STR("sum")), "`%.*s`",
                         STR_ARG(str_cut(sum, 0, 60)));
    if (!of && !str_eq(json_str(v, "unit"), STR("count")))
        return DECL_FAIL(c->cx, "P064", v, "`%.*s`", STR_ARG(id));
    return RC_OK;
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
    if (!pack_file(c->files, name).p)
        return RC_OK;
    c->file = name;
    TRY(file_yaml(c, name, &yaml));
    return datasets_read(c->cx, yaml, json_get(c->pack->indicators, STR("indicators")),
                         c->notes, &c->pack->datasets);
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
