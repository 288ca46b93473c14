/* card.c - scorecard.yaml into a weighted tree; what does not add up is refused. */
#include "card/card.h"

#define NODE_KEYS                                                                              \
    "id! name! points! rule! about indicator num den unit threshold steps nothing decimals"    \
    " entered unconnected nodes"
#define RULE_WORDS "P160"
#define RULE_WEIGHTS "P161"
#define RULE_SHAPE "P162"
#define RULE_SCALE "P163"

struct reader {
    struct ctx *cx;
    struct decl_notes *notes;
    struct scorecard *card;
};
#define CARD_KEEP(r, call) KEEP((r)->cx, (r)->notes, call)

static const char *const rule_words[] = {"capped", "ratio", "inverse", "steps",
                                         "sum",    "mean",  "least",   NULL};
static const char *const nothing_words[] = {"zero", "skip", "full", NULL};
static const char *const unit_words[] = {"count", "percent", "days", "score", "vnd", NULL};

const char *card_rule_name(enum card_rule r)
{
    return rule_words[r];
}

static bool is_branch_rule(enum card_rule r)
{
    return r == CARD_SUM || r == CARD_MEAN || r == CARD_LEAST;
}

/* -- values -- */

bool hundredths_parse(struct str s, int64_t *ret)
{
    struct str whole, part;
    int64_t a, b = 0;
    bool minus = str_starts(s, STR("-"));
    part = str_split(minus ? str_skip(s, 1) : s, '.', &whole);
    if (whole.n == 0 || whole.n > 12 || !str_int(whole, &a) || a < 0 || whole.p[0] == '+')
        return false;
    if (part.p && (part.n == 0 || part.n > 2 || !str_int(part, &b) || b < 0))
        return false;
    if (part.n == 1)
        b *= 10;
    *ret = (minus ? -1 : 1) * (a * 100 + b);
    return true;
}

/* Absent: *ret stays as it is. */
static enum rc number_load(struct ctx *cx, const struct json *obj, const char *key,
                           const int64_t range[2], int64_t *ret)
{
    const struct json *v = json_get(obj, str_from(key));
    int64_t n = 0;
    if (!v)
        return RC_OK;
    bool ok = v->kind == JSON_INT && v->i >= -CARD_POINTS_MAX && v->i <= INT64_C(1) << 40;
    if (ok)
        n = v->i * 100;
    else
        ok = (v->kind == JSON_STR || v->kind == JSON_DEC) && hundredths_parse(v->s, &n);
    if (!ok || n < range[0] || n > range[1])
        return DECL_FAIL(cx, RULE_VALUE, v, "%s", key);
    *ret = n;
    return RC_OK;
}

static const int64_t points_range[] = {0, CARD_POINTS_MAX};
static const int64_t value_range[] = {0, INT64_C(100000000000000)};

static enum rc word_load(struct ctx *cx, const struct json *obj, const char *key,
                         const char *const *words, int *ret)
{
    const struct json *v = json_get(obj, str_from(key));
    if (!v)
        return RC_OK;
    for (int i = 0; words[i]; i++)
        if (v->kind == JSON_STR && str_eq(v->s, str_from(words[i]))) {
            *ret = i;
            return RC_OK;
        }
    return DECL_FAIL(cx, RULE_WORDS, v, "%s: `%.*s`", key, STR_ARG(str_cut(v->s, 0, 40)));
}

/* -- what a value is made of -- */

static enum rc part_read(struct ctx *cx, const struct json *v, struct card_part *ret)
{
    if (v->kind != JSON_STR)
        return DECL_FAIL(cx, RULE_VALUE, v, "num, den");
    struct str s = v->s;
    ret->sign = str_starts(s, STR("-")) ? -1 : 1;
    if (ret->sign < 0)
        s = str_skip(s, 1);
    ret->is_all = str_starts(s, STR("all "));
    if (ret->is_all)
        s = str_skip(s, 4);
    ret->is_den = str_starts(s, STR("of "));
    ret->indicator = str_trim(ret->is_den ? str_skip(s, 3) : s);
    if (ret->indicator.n == 0 || ret->indicator.n > 80)
        return DECL_FAIL(cx, RULE_VALUE, v, "`%.*s`", STR_ARG(str_cut(v->s, 0, 60)));
    return RC_OK;
}

static enum rc parts_load(struct ctx *cx, const struct json *y, const char *key,
                          struct card_parts *ret)
{
    const struct json *list;
    TRY(decl_list(cx, y, key, CARD_PARTS_MAX, &list));
    JSON_EACH (list, v)
        TRY(part_read(cx, v, &ret->v[ret->n++]));
    return RC_OK;
}

static enum rc steps_load(struct ctx *cx, const struct json *y, struct card_node *n)
{
    const struct json *list;
    TRY(decl_list(cx, y, "steps", CARD_STEPS_MAX, &list));
    JSON_EACH (list, v) {
        struct card_step *s = &n->steps[n->nsteps++];
        TRY(decl_keys(cx, v, "from! points!"));
        TRY(number_load(cx, v, "from", value_range, &s->from));
        TRY(number_load(cx, v, "points", points_range, &s->points));
        if (s->points > n->points || (n->nsteps > 1 && s->from <= s[-1].from))
            return DECL_FAIL(cx, RULE_SCALE, v, "steps");
    }
    if ((n->rule == CARD_STEPS) != (n->nsteps > 0))
        return DECL_FAIL(cx, RULE_SCALE, y, "`%.*s`: steps", STR_ARG(n->id));
    return RC_OK;
}

static enum rc threshold_load(struct ctx *cx, const struct json *y, struct card_node *n)
{
    bool has = json_get(y, STR("threshold")) != NULL;
    bool may = n->rule == CARD_CAPPED || n->rule == CARD_INVERSE;
    n->threshold = 10000;
    TRY(number_load(cx, y, "threshold", value_range, &n->threshold));
    if (has && (!may || n->threshold == 0))
        return DECL_FAIL(cx, RULE_SCALE, json_get(y, STR("threshold")), "threshold");
    if (!has && n->rule == CARD_INVERSE)
        return DECL_FAIL(cx, RULE_SCALE, y, "`%.*s`: threshold", STR_ARG(n->id));
    return RC_OK;
}

/* A branch has parts and no value; a leaf has exactly one way to its value. */
static enum rc shape_check(struct ctx *cx, const struct json *y, const struct card_node *n)
{
    const struct json *nodes = json_get(y, STR("nodes"));
    bool valued = n->indicator.n || n->num.n || n->entered.n || n->unconnected;
    bool ok = is_branch_rule(n->rule) ? nodes && nodes->n && !valued && !n->den.n
                                      : !nodes && valued && !(n->indicator.n && n->num.n) &&
                                            (n->num.n || !n->den.n);
    if (n->num.n && !n->den.n && n->unit != CARD_COUNT && n->unit != CARD_VND)
        ok = false;
    if (!ok)
        return DECL_FAIL(cx, RULE_SHAPE, y, "`%.*s`", STR_ARG(str_cut(n->id, 0, 40)));
    return RC_OK;
}

static bool id_is(struct str s)
{
    if (s.n == 0 || s.n > 20)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && c != '.' && c != '-')
            return false;
    }
    return true;
}

static enum rc id_load(struct reader *r, const struct json *y, struct card_node *n)
{
    struct ctx *cx = r->cx;
    TRY(decl_text(cx, y, "id", &n->id));
    if (!id_is(n->id))
        return DECL_FAIL(cx, RULE_ID, y, "`%.*s`", STR_ARG(str_cut(n->id, 0, 40)));
    for (size_t i = 0; i + 1 < r->card->n; i++)
        if (str_eq(r->card->nodes[i].id, n->id))
            return DECL_FAIL(cx, RULE_TWICE, y, "`%.*s`", STR_ARG(n->id));
    return RC_OK;
}

static enum rc words_load(struct reader *r, const struct json *y, struct card_node *n)
{
    struct ctx *cx = r->cx;
    int rule = 0, nothing = (int)r->card->nothing, unit = CARD_PERCENT;
    int64_t decimals = 2;
    static const int64_t decimals_range[] = {0, 2};
    CARD_KEEP(r, word_load(cx, y, "rule", rule_words, &rule));
    CARD_KEEP(r, word_load(cx, y, "nothing", nothing_words, &nothing));
    CARD_KEEP(r, word_load(cx, y, "unit", unit_words, &unit));
    CARD_KEEP(r, decl_int(cx, y, "decimals", decimals_range, &decimals));
    n->rule = (enum card_rule)rule;
    n->nothing = (enum card_nothing)nothing;
    n->unit = (enum card_unit)unit;
    n->decimals = (int)decimals;
    return RC_OK;
}

static enum rc node_load(struct reader *r, const struct json *y, struct card_node *n)
{
    struct ctx *cx = r->cx;
    TRY(decl_keys_all(cx, y, NODE_KEYS, r->notes));
    CARD_KEEP(r, id_load(r, y, n));
    CARD_KEEP(r, decl_label(cx, y, "name", &n->name));
    CARD_KEEP(r, decl_label(cx, y, "about", &n->about));
    CARD_KEEP(r, decl_label(cx, y, "unconnected", &n->unconnected));
    CARD_KEEP(r, number_load(cx, y, "points", points_range, &n->points));
    CARD_KEEP(r, words_load(r, y, n));
    CARD_KEEP(r, decl_text(cx, y, "indicator", &n->indicator));
    CARD_KEEP(r, decl_text(cx, y, "entered", &n->entered));
    CARD_KEEP(r, parts_load(cx, y, "num", &n->num));
    CARD_KEEP(r, parts_load(cx, y, "den", &n->den));
    CARD_KEEP(r, steps_load(cx, y, n));
    CARD_KEEP(r, threshold_load(cx, y, n));
    CARD_KEEP(r, shape_check(cx, y, n));
    return RC_OK;
}

/* -- the tree -- */

static enum rc weights_check(struct ctx *cx, const struct json *list, const char *what,
                             int64_t points, int64_t sum)
{
    if (points == sum)
        return RC_OK;
    return DECL_FAIL(cx, RULE_WEIGHTS, list, "`%s`: %lld.%02lld, %lld.%02lld", what,
                     (long long)(sum / 100), (long long)(sum % 100), (long long)(points / 100),
                     (long long)(points % 100));
}

static enum rc level_load(struct reader *r, const struct json *list, struct card_node *parent,
                          int64_t *sum)
{
    size_t depth = parent ? parent->depth + 1 : 0;
    JSON_EACH (list, y) {
        int64_t below = 0;
        if (r->card->n == CARD_NODES_MAX || depth == CARD_DEPTH_MAX)
            return DECL_FAIL(r->cx, RULE_VALUE, y, "nodes: at most %d, %d deep", CARD_NODES_MAX,
                             CARD_DEPTH_MAX);
        struct card_node *n = &r->card->nodes[r->card->n++];
        n->parent = parent;
        n->depth = depth;
        TRY(node_load(r, y, n));
        *sum += n->points;
        const struct json *nodes = json_get(y, STR("nodes"));
        n->nchildren = nodes ? nodes->n : 0;
        TRY(level_load(r, nodes, n, &below));
        if (n->rule == CARD_SUM && nodes)
            CARD_KEEP(r, weights_check(r->cx, y, str_z(r->cx->mem, n->id), n->points, below));
    }
    return RC_OK;
}

static enum rc grades_load(struct reader *r, const struct json *yaml)
{
    const struct json *list;
    struct scorecard *card = r->card;
    TRY(decl_list(r->cx, yaml, "grades", CARD_GRADES_MAX, &list));
    JSON_EACH (list, v) {
        struct card_grade *g = &card->grades[card->ngrades++];
        TRY(decl_keys(r->cx, v, "from! name!"));
        TRY(decl_label(r->cx, v, "name", &g->name));
        TRY(number_load(r->cx, v, "from", points_range, &g->from));
        if (g->from > card->points || (card->ngrades > 1 && g->from >= g[-1].from))
            return DECL_FAIL(r->cx, RULE_SCALE, v, "grades");
    }
    return RC_OK;
}

static enum rc kinds_load(struct reader *r, const struct json *yaml, card_kind_fn *kinds)
{
    const struct json *list;
    TRY(decl_list(r->cx, yaml, "for", 10, &list));
    JSON_EACH (list, v) {
        unsigned bit = 0;
        if (v->kind != JSON_STR || !kinds(v->s, &bit))
            return DECL_FAIL(r->cx, "P010", v, "for: `%.*s`", STR_ARG(str_cut(v->s, 0, 40)));
        r->card->kinds |= bit;
    }
    return RC_OK;
}

static enum rc law_load(struct reader *r, const struct json *yaml)
{
    const struct json *list;
    TRY(decl_list(r->cx, yaml, "law", 20, &list));
    JSON_EACH (list, v)
        CARD_KEEP(r, decl_keys_all(r->cx, v, "act! clause! about!", r->notes));
    r->card->law = list;
    return RC_OK;
}

static enum rc head_load(struct reader *r, const struct json *yaml, card_kind_fn *kinds)
{
    struct ctx *cx = r->cx;
    struct scorecard *card = r->card;
    int nothing = NOTHING_ZERO;
    CARD_KEEP(r, decl_text(cx, yaml, "scorecard", &card->id));
    CARD_KEEP(r, decl_id(cx, card->id, yaml));
    CARD_KEEP(r, decl_label(cx, yaml, "name", &card->name));
    CARD_KEEP(r, decl_label(cx, yaml, "about", &card->about));
    CARD_KEEP(r, number_load(cx, yaml, "points", points_range, &card->points));
    CARD_KEEP(r, word_load(cx, yaml, "nothing", nothing_words, &nothing));
    card->nothing = (enum card_nothing)nothing;
    CARD_KEEP(r, grades_load(r, yaml));
    CARD_KEEP(r, kinds_load(r, yaml, kinds));
    return law_load(r, yaml);
}

enum rc card_read(struct ctx *cx, const struct json *yaml, card_kind_fn *kinds,
                  struct decl_notes *notes, struct scorecard **ret)
{
    struct reader r = {cx, notes, arena_new_of(cx->mem, struct scorecard)};
    const struct json *list;
    int64_t sum = 0;
    TRY(decl_keys_all(cx, yaml,
                      "scorecard! name! about! law! points! nodes! nothing grades for", notes));
    TRY(head_load(&r, yaml, kinds));
    TRY(decl_list(cx, yaml, "nodes", CARD_NODES_MAX, &list));
    if (!list || !list->n)
        return DECL_FAIL(cx, RULE_SHAPE, yaml, "nodes");
    r.card->nodes = arena_array(cx->mem, struct card_node, CARD_NODES_MAX);
    TRY(level_load(&r, list, NULL, &sum));
    TRY(weights_check(cx, yaml, "points", r.card->points, sum));
    *ret = r.card;
    return RC_OK;
}

const struct card_node *card_node_find(const struct scorecard *card, struct str id)
{
    for (size_t i = 0; i < card->n; i++)
        if (str_eq(card->nodes[i].id, id))
            return &card->nodes[i];
    return NULL;
}

const struct card_grade *card_grade_of(const struct scorecard *card, int64_t points)
{
    for (size_t i = 0; i < card->ngrades; i++)
        if (points >= card->grades[i].from)
            return &card->grades[i];
    return NULL;
}
