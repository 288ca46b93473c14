/* load.c - pack.yaml: what a pack is, offers, asks for and costs. */
#include "pack/pack_priv.h"

enum {
    VERSION_MAX = 20,
    DOCUMENTS_MAX = 40,
    FEES_MAX = 20,
    RESULTS_MAX = 10,
    LAWS_MAX = 60,
    STEPS_MAX = 20,
    DOCUMENT_FILES = 5,
    DOCUMENT_FILES_MAX = 20,
    RETENTION_YEARS_MAX = 100,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The three numbers of "1.20.3"; false on anything else. */
static bool version_parse(struct str s, int64_t ret[3])
{
    if (s.n > VERSION_MAX)
        return false;
    for (int i = 0; i < 3; i++) {
        struct str part;
        s = str_split(s, '.', &part);
        bool is_last = i == 2;
        if (part.n == 0 || !is_digit(part.p[0]) || (part.n > 1 && part.p[0] == '0') ||
            !str_int(part, &ret[i]) || (s.p == NULL) != is_last)
            return false;
    }
    return true;
}

bool version_is(struct str s)
{
    int64_t v[3];
    return version_parse(s, v);
}

int version_cmp(struct str a, struct str b)
{
    int64_t x[3] = {0}, y[3] = {0};
    if (!version_parse(a, x) || !version_parse(b, y))
        return str_cmp(a, b);
    for (int i = 0; i < 3; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static bool procedure_is(struct str s)
{
    if (s.n < 3 || s.n > 20)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !is_digit(c) && c != '.' && c != '-')
            return false;
    }
    return true;
}

static enum rc pack_id_check(struct checker *c, struct str id)
{
    const struct json *at = json_get(c->yaml, STR("pack"));
    TRY(decl_id(c->cx, id, at));
    if (id.n < 3 || str_has(id, STR("_")))
        return DECL_FAIL(c->cx, RULE_ID, at, "`%.*s`", STR_ARG(id));
    return RC_OK;
}

static enum rc version_check(struct checker *c, struct str version)
{
    if (!version_is(version))
        return DECL_FAIL(c->cx, "P008", json_get(c->yaml, STR("version")), "`%.*s`",
                         STR_ARG(str_cut(version, 0, 40)));
    return RC_OK;
}

static enum rc ids_load(struct checker *c)
{
    struct pack *p = c->pack;
    CHECK(c, decl_text(c->cx, c->yaml, "pack", &p->id));
    CHECK(c, decl_text(c->cx, c->yaml, "version", &p->version));
    CHECK(c, decl_text(c->cx, c->yaml, "procedure", &p->procedure));
    /* what yaml_load found missing is told already */
    if (p->id.p)
        CHECK(c, pack_id_check(c, p->id));
    if (p->version.p)
        CHECK(c, version_check(c, p->version));
    if (p->procedure.p && !procedure_is(p->procedure))
        CHECK(c, DECL_FAIL(c->cx, "P011", json_get(c->yaml, STR("procedure")), "`%.*s`",
                           STR_ARG(str_cut(p->procedure, 0, 40))));
    p->ref = str_fmt(c->cx->mem, "%.*s@%.*s", STR_ARG(p->id), STR_ARG(p->version));
    return RC_OK;
}

static enum rc retention_check(struct checker *c)
{
    const struct json *v = json_get(c->yaml, STR("retention"));
    int64_t years = 0;
    if (!v && !json_get(c->yaml, STR("form")))
        return RC_OK;
    bool ok = v && v->kind == JSON_STR && str_ends(v->s, STR("y")) &&
              str_int(str_cut(v->s, 0, v->s.n - 1), &years);
    if (!ok || years < 1 || years > RETENTION_YEARS_MAX)
        return DECL_FAIL(c->cx, "P012", v ? v : c->yaml, "retention");
    return RC_OK;
}

enum rc head_load(struct checker *c)
{
    c->pack->yaml = c->yaml;
    TRY(ids_load(c));
    CHECK(c, decl_label(c->cx, c->yaml, "name", &c->pack->name));
    CHECK(c, decl_bool(c->cx, c->yaml, "public_answer", &c->pack->public_answer));
    CHECK(c, decl_bool(c->cx, c->yaml, "anonymous", &c->pack->anonymous));
    return retention_check(c);
}

static enum rc law_one(struct checker *c, const struct json *v)
{
    struct str text;
    const struct json *about = NULL;
    TRY(decl_keys_all(c->cx, v, "act! clause! about!", c->notes));
    TRY(decl_text(c->cx, v, "act", &text));
    TRY(decl_text(c->cx, v, "clause", &text));
    return decl_label(c->cx, v, "about", &about);
}

enum rc law_check(struct checker *c)
{
    const struct json *list;
    TRY(decl_list(c->cx, c->yaml, "law", LAWS_MAX, &list));
    if (!list || list->n == 0)
        return DECL_FAIL(c->cx, "P015", list ? list : c->yaml, "law");
    JSON_EACH (list, v)
        CHECK(c, law_one(c, v));
    return RC_OK;
}

static bool applicant_find(struct str s, unsigned *bit)
{
    static const char *const names[] = {"citizen", "business", "household"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(s, str_from(names[i]))) {
            *bit = 1u << i;
            return true;
        }
    return false;
}

static bool kind_find(struct str s, unsigned *bit)
{
    enum unit_kind k;
    if (!unit_kind_parse(s, &k))
        return false;
    *bit = 1u << k;
    return true;
}

static enum rc bits_load(struct checker *c, const char *key,
                         bool (*find)(struct str, unsigned *), unsigned *ret)
{
    const struct json *list;
    TRY(decl_list(c->cx, c->yaml, key, UNIT_KIND_COUNT, &list));
    if (list && list->n == 0)
        return DECL_FAIL(c->cx, "P010", list, "%s", key);
    JSON_EACH (list, v) {
        unsigned bit = 0;
        if (v->kind != JSON_STR || !find(v->s, &bit))
            CHECK(c, DECL_FAIL(c->cx, "P010", v, "%s: `%.*s`", key,
                               STR_ARG(str_cut(v->s, 0, 40))));
        *ret |= bit;
    }
    return RC_OK;
}

enum rc offers_load(struct checker *c)
{
    CHECK(c, bits_load(c, "offered_by", kind_find, &c->pack->offered_by));
    return bits_load(c, "applicants", applicant_find, &c->pack->applicants);
}

static enum rc sector_check(struct checker *c)
{
    const struct json *v = json_get(c->yaml, STR("sector"));
    struct str code = STR_NULL;
    if (!v)
        return RC_OK;
    TRY(decl_keys(c->cx, v, "code! vi en"));
    TRY(decl_label_check(c->cx, v));
    return decl_text(c->cx, v, "code", &code);
}

static enum rc levels_check(struct checker *c)
{
    const struct json *level = json_get(c->yaml, STR("level_2011"));
    const struct json *mode = json_get(c->yaml, STR("mode_2022"));
    if (level && (level->kind != JSON_INT || level->i < 1 || level->i > 4))
        CHECK(c, DECL_FAIL(c->cx, "P019", level, "level_2011"));
    if (mode && !str_eq(mode->s, STR("toan_trinh")) && !str_eq(mode->s, STR("mot_phan")) &&
        !str_eq(mode->s, STR("thong_tin")))
        return DECL_FAIL(c->cx, "P019", mode, "mode_2022");
    return RC_OK;
}

/* The decision by which the procedure was announced. */
static enum rc decision_check(struct checker *c)
{
    const struct json *v = json_get(c->yaml, STR("decision"));
    int32_t day, effective;
    if (!v)
        return RC_OK;
    TRY(decl_keys(c->cx, v, "number! day! effective! by!"));
    struct str by = json_str(v, "by");
    if (!json_str(v, "number").n || !day_parse(json_str(v, "day"), &day) ||
        !day_parse(json_str(v, "effective"), &effective) ||
        (!str_eq(by, STR("ministry")) && !str_eq(by, STR("province"))))
        return DECL_FAIL(c->cx, "P151", v, "decision");
    return RC_OK;
}

static enum rc step_check(struct checker *c, const struct json *v)
{
    TRY(decl_keys(c->cx, v, "vi en"));
    return decl_label_check(c->cx, v);
}

enum rc texts_check(struct checker *c)
{
    static const char *const labels[] = {"summary", "keywords", "life_event", "owner"};
    const struct json *list, *label = NULL;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        CHECK(c, decl_label(c->cx, c->yaml, labels[i], &label));
    TRY(decl_list(c->cx, c->yaml, "steps", STEPS_MAX, &list));
    JSON_EACH (list, v)
        CHECK(c, step_check(c, v));
    CHECK(c, sector_check(c));
    CHECK(c, decision_check(c));
    return levels_check(c);
}

static enum rc id_load(struct checker *c, const struct json *v, struct str *ret)
{
    TRY(decl_text(c->cx, v, "id", ret));
    if (!json_get(v, STR("id")))
        return RC_OK; /* told as missing */
    return decl_id(c->cx, *ret, v);
}

/* An id may stand once in its list. */
static enum rc id_once(struct checker *c, const struct json *list, const struct json *v)
{
    struct str id = json_str(v, "id");
    JSON_EACH (list, other)
        if (!id.n || other == v)
            break;
        else if (str_eq(json_str(other, "id"), id))
            return DECL_FAIL(c->cx, RULE_TWICE, v, "`%.*s`", STR_ARG(id));
    return RC_OK;
}

static enum rc expr_load(struct checker *c, const struct json *v, enum expr_type type,
                         const struct expr **ret)
{
    struct expr *e;
    if (!v)
        return RC_OK;
    TRY(expr_declare(c->cx, v, c->scope, (struct expr_want){type, RULE_EXPR}, &e));
    *ret = e;
    return RC_OK;
}

static enum rc when_load(struct checker *c, const struct json *v, const struct expr **ret)
{
    return expr_load(c, json_get(v, STR("if")), T_BOOL, ret);
}

static enum rc document_load(struct checker *c, const struct json *v, struct pack_document *d)
{
    static const int64_t files[] = {1, DOCUMENT_FILES_MAX};
    int64_t max = DOCUMENT_FILES;
    TRY(decl_keys_all(c->cx, v, "id! name! hint if required max_files", c->notes));
    CHECK(c, id_load(c, v, &d->id));
    CHECK(c, decl_label(c->cx, v, "name", &d->name));
    CHECK(c, decl_label(c->cx, v, "hint", &d->hint));
    CHECK(c, decl_bool(c->cx, v, "required", &d->required));
    CHECK(c, decl_int(c->cx, v, "max_files", files, &max));
    d->max_files = (int)max;
    return when_load(c, v, &d->when);
}

enum rc documents_load(struct checker *c)
{
    const struct json *list;
    TRY(decl_list(c->cx, c->yaml, "documents", DOCUMENTS_MAX, &list));
    if (!list)
        return RC_OK;
    struct pack_document *docs = arena_array(c->cx->mem, struct pack_document, list->n);
    JSON_EACH (list, v) {
        CHECK(c, document_load(c, v, &docs[c->pack->ndocuments++]));
        CHECK(c, id_once(c, list, v));
        if (c->pack->form && form_file_find(c->pack->form, json_str(v, "id")) >= 0)
            CHECK(c, DECL_FAIL(c->cx, RULE_TWICE, v, "`%.*s`, widget: file",
                               STR_ARG(json_str(v, "id"))));
    }
    c->pack->documents = docs;
    return RC_OK;
}

/* amount_vnd, or an expression over the answers under amount */
static enum rc amount_load(struct checker *c, const struct json *v, struct pack_fee *f)
{
    const struct json *vnd = json_get(v, STR("amount_vnd")), *sum = json_get(v, STR("amount"));
    if ((vnd != NULL) == (sum != NULL))
        return DECL_FAIL(c->cx, vnd ? "P013" : RULE_MISSING, v, "`%.*s`: amount_vnd, amount",
                         STR_ARG(f->id));
    if (sum)
        return expr_load(c, sum, T_INT, &f->amount);
    if (vnd->kind != JSON_INT || vnd->i < 0 || vnd->i > PACK_FEE_MAX_VND)
        return DECL_FAIL(c->cx, "P013", vnd, "`%.*s`", STR_ARG(f->id));
    f->amount_vnd = vnd->i;
    return RC_OK;
}

static enum rc fee_load(struct checker *c, const struct json *v, struct pack_fee *f)
{
    TRY(decl_keys_all(c->cx, v, "id! amount_vnd amount if about! before", c->notes));
    CHECK(c, id_load(c, v, &f->id));
    CHECK(c, amount_load(c, v, f));
    CHECK(c, decl_text(c->cx, v, "before", &f->before));
    CHECK(c, decl_label(c->cx, v, "about", &f->about));
    return when_load(c, v, &f->when);
}

/* class: {of: a question with choices, tell: [some of them]}: those words stand in facts, so that
 * they can be counted; whoever reads figures learns no other answer. */
enum rc class_check(struct checker *c)
{
    enum { CLASSES_MAX = 8 };
    const struct json *v = json_get(c->yaml, STR("class")), *tell;
    if (!v)
        return RC_OK;
    TRY(decl_keys(c->cx, v, "of! tell!"));
    TRY(decl_list(c->cx, v, "tell", CLASSES_MAX, &tell));
    const struct json *schema = form_schema(c->cx, c->pack->form);
    const struct json *asked = json_get(json_get(schema, STR("properties")), json_str(v, "of"));
    const struct json *choices = json_get(asked, STR("enum"));
    if (!choices)
        return DECL_FAIL(c->cx, "P014", v, "class");
    JSON_EACH (tell, word) {
        bool is_choice = false;
        JSON_EACH (choices, choice)
            is_choice |= word->kind == JSON_STR && choice->kind == JSON_STR &&
                         str_eq(word->s, choice->s);
        if (!is_choice)
            return DECL_FAIL(c->cx, "P014", word, "class");
    }
    return RC_OK;
}

enum rc fees_load(struct checker *c)
{
    const struct json *list;
    TRY(decl_list(c->cx, c->yaml, "fees", FEES_MAX, &list));
    if (!list)
        return RC_OK;
    struct pack_fee *fees = arena_array(c->cx->mem, struct pack_fee, list->n);
    JSON_EACH (list, v) {
        CHECK(c, fee_load(c, v, &fees[c->pack->nfees++]));
        CHECK(c, id_once(c, list, v));
    }
    c->pack->fees = fees;
    return RC_OK;
}

static enum rc result_load(struct checker *c, const struct json *list, const struct json *v)
{
    struct str id = STR_NULL;
    const struct json *name = NULL;
    bool paper = false;
    TRY(decl_keys_all(c->cx, v, "id! name! paper", c->notes));
    CHECK(c, id_load(c, v, &id));
    CHECK(c, id_once(c, list, v));
    CHECK(c, decl_label(c->cx, v, "name", &name));
    TRY(decl_bool(c->cx, v, "paper", &paper));
    c->pack->gives_paper = c->pack->gives_paper || paper;
    return RC_OK;
}

enum rc results_load(struct checker *c)
{
    const struct json *list;
    TRY(decl_list(c->cx, c->yaml, "results", RESULTS_MAX, &list));
    JSON_EACH (list, v)
        CHECK(c, result_load(c, list, v));
    return RC_OK;
}
