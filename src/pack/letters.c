/* letters.c - a pack's letters/: words over the kernel's forms, values, letters of its own. */
#include "pack/pack_priv.h"

#include "text/i18n.h"

enum {
    LETTERS_MAX = 20,
    VALUES_MAX = 30,
    BLOCKS_MAX = 60,
    COLUMNS_MAX = 16,
    SIGNS_MAX = 3,
    TEXTS_MAX = 40
};
#define VALUES_FILE STR("letters/values.yaml")

static const char *const fields[] = {
#define LETTER_FIELD(name, text) #name,
#include "letter_fields.def"
};
static const struct {
    const char *list, *name;
} items[] = {
#define LETTER_FIELD(name, text)
#define LETTER_ITEM(list, name, text) {#list, #name},
#include "letter_fields.def"
};

static bool is_kernels(struct str name)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_eq(name, str_from(fields[i])))
            return true;
    return false;
}

static bool is_list(struct str name)
{
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (str_eq(name, str_from(items[i].list)))
            return true;
    return false;
}

/* list: whose rows the text is written for; empty: none. */
static bool is_bound(const struct checker *c, struct str name, struct str list)
{
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (str_eq(list, str_from(items[i].list)) && str_eq(name, str_from(items[i].name)))
            return true;
    for (size_t i = 0; i < c->pack->nletter_values; i++)
        if (str_eq(name, c->pack->letter_values[i].name))
            return true;
    return is_kernels(name);
}

/* -- texts -- */

static enum rc holes_check(struct checker *c, struct str text, struct str list,
                           const struct json *at)
{
    size_t start;
    struct str name;
    for (size_t i = 0; placeholder_next(text, i, &start, &name); i = start + name.n + 2)
        if (!is_bound(c, name, list))
            return DECL_FAIL(c->cx, "P111", at, "{%.*s}", STR_ARG(str_cut(name, 0, 60)));
    return RC_OK;
}

static enum rc label_check(struct checker *c, const struct json *v, struct str list)
{
    TRY(decl_label_check(c->cx, v));
    struct str vi = json_str(v, "vi"), en = json_str(v, "en");
    TRY(holes_check(c, vi, list, v));
    TRY(holes_check(c, en, list, v));
    if (!holes_agree(vi, en))
        return DECL_FAIL(c->cx, "P112", v, "`%.*s`", STR_ARG(utf8_cut(vi, 60)));
    return RC_OK;
}

static enum rc texts_of(struct checker *c, const struct json *v, struct str list)
{
    if (!v)
        return RC_OK;
    if (v->kind != JSON_ARR)
        return label_check(c, v, list);
    if (v->n > TEXTS_MAX)
        return DECL_FAIL(c->cx, "P110", v, "at most %d texts", TEXTS_MAX);
    JSON_EACH (v, one)
        TRY(label_check(c, one, list));
    return RC_OK;
}

/* -- blocks -- */

static enum rc list_check(struct checker *c, const struct json *b, const char *key,
                          struct str *ret)
{
    *ret = json_str(b, key);
    return is_list(*ret) ? RC_OK
                         : DECL_FAIL(c->cx, "P111", b, "`%s: %.*s`", key, STR_ARG(*ret));
}

static enum rc list_block(struct checker *c, const struct json *b)
{
    struct str list;
    TRY(list_check(c, b, "list", &list));
    return texts_of(c, json_get(b, STR("item")), list);
}

static enum rc align_check(struct checker *c, const struct json *v)
{
    struct str align = STR("left");
    TRY(decl_text(c->cx, v, "align", &align));
    if (!str_has(STR(" justify left center right "),
                 str_fmt(c->cx->mem, " %.*s ", STR_ARG(align))))
        return DECL_FAIL(c->cx, "P110", v, "align: justify left center right");
    return RC_OK;
}

static enum rc table_block(struct checker *c, const struct json *b)
{
    static const int64_t width[2] = {1, 1000};
    struct str list;
    const struct json *cols = NULL;
    TRY(list_check(c, b, "table", &list));
    TRY(decl_list(c->cx, b, "columns", COLUMNS_MAX, &cols));
    JSON_EACH (cols, col) {
        struct str cell = STR("");
        int64_t w = 0;
        TRY(decl_keys(c->cx, col, "head! cell! width align"));
        TRY(texts_of(c, json_get(col, STR("head")), STR("")));
        TRY(decl_text(c->cx, col, "cell", &cell));
        TRY(decl_int(c->cx, col, "width", width, &w));
        TRY(align_check(c, col));
        TRY(holes_check(c, cell, list, col));
    }
    return cols && cols->n ? RC_OK : DECL_FAIL(c->cx, "P110", b, "a table without columns");
}

static enum rc signs_block(struct checker *c, const struct json *b)
{
    const struct json *signs = NULL;
    TRY(decl_list(c->cx, b, "signs", SIGNS_MAX, &signs));
    JSON_EACH (signs, sign) {
        struct str name = STR("");
        TRY(decl_keys(c->cx, sign, "title! hint name"));
        TRY(texts_of(c, json_get(sign, STR("title")), STR("")));
        TRY(texts_of(c, json_get(sign, STR("hint")), STR("")));
        TRY(decl_text(c->cx, sign, "name", &name));
        TRY(holes_check(c, name, STR(""), sign));
    }
    return signs && signs->n ? RC_OK : DECL_FAIL(c->cx, "P110", b, "nobody signs");
}

static enum rc title_block(struct checker *c, const struct json *b)
{
    TRY(texts_of(c, json_get(b, STR("title")), STR("")));
    return texts_of(c, json_get(b, STR("under")), STR(""));
}

static enum rc text_block(struct checker *c, const struct json *b)
{
    return texts_of(c, json_get(b, STR("text")), STR(""));
}

static enum rc qr_block(struct checker *c, const struct json *b)
{
    return texts_of(c, json_get(b, STR("qr")), STR(""));
}

static const struct {
    const char *name, *keys;
    enum rc (*check)(struct checker *c, const struct json *b);
} kinds[] = {
    {"head", "head! size if", NULL},
    {"title", "title! under size before if", title_block},
    {"text", "text! size align indent before bold italic if", text_block},
    {"list", "list! item! size align indent before bold italic if", list_block},
    {"table", "table! columns! size before if", table_block},
    {"signs", "signs! size before if", signs_block},
    {"qr", "qr! size before if", qr_block},
};

static enum rc look_check(struct checker *c, const struct json *b)
{
    static const int64_t size[2] = {6, 24}, room[2] = {0, 200};
    int64_t n = 0;
    bool on = false;
    struct str cond = STR("");
    TRY(decl_int(c->cx, b, "size", size, &n));
    TRY(decl_int(c->cx, b, "before", room, &n));
    TRY(decl_int(c->cx, b, "indent", room, &n));
    TRY(decl_bool(c->cx, b, "bold", &on));
    TRY(decl_bool(c->cx, b, "italic", &on));
    TRY(align_check(c, b));
    TRY(decl_text(c->cx, b, "if", &cond));
    if (cond.n && !is_bound(c, cond, STR("")) && !is_list(cond))
        return DECL_FAIL(c->cx, "P111", b, "`if: %.*s`", STR_ARG(str_cut(cond, 0, 60)));
    return RC_OK;
}

static enum rc block_check(struct checker *c, const struct json *b)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!json_get(b, str_from(kinds[i].name)))
            continue;
        TRY(decl_keys(c->cx, b, kinds[i].keys));
        TRY(look_check(c, b));
        return kinds[i].check ? kinds[i].check(c, b) : RC_OK;
    }
    return DECL_FAIL(c->cx, "P110", b, "a block is head title text list table signs or qr");
}

/* -- the files -- */

static bool act_exists(const struct flow *f, struct str id)
{
    for (size_t i = 0; f && i < f->nstates; i++)
        for (size_t k = 0; k < f->states[i].nacts; k++)
            if (str_eq(f->states[i].acts[k].id, id))
                return true;
    return false;
}

static bool symbol_is(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z')
            return false;
    return s.n >= 2 && s.n <= 8;
}

static enum rc own_load(struct checker *c, struct str id, const struct json *yaml)
{
    struct str symbol = STR(""), paper = STR("a5");
    const struct json *on = NULL, *blocks = NULL, *name = NULL;
    TRY(decl_id(c->cx, id, yaml));
    TRY(decl_keys(c->cx, yaml, "name! symbol! paper on! blocks!"));
    TRY(decl_label(c->cx, yaml, "name", &name));
    TRY(decl_text(c->cx, yaml, "symbol", &symbol));
    TRY(decl_text(c->cx, yaml, "paper", &paper));
    TRY(decl_list(c->cx, yaml, "on", LETTERS_MAX, &on));
    TRY(decl_list(c->cx, yaml, "blocks", BLOCKS_MAX, &blocks));
    if (!symbol_is(symbol))
        return DECL_FAIL(c->cx, "P110", yaml, "symbol: 2 to 8 capital letters");
    if (!str_has(STR(" a5 a4 a4-wide "), str_fmt(c->cx->mem, " %.*s ", STR_ARG(paper))))
        return DECL_FAIL(c->cx, "P110", yaml, "paper: a5 a4 a4-wide");
    JSON_EACH (on, act)
        if (!act_exists(c->pack->flow, act->s))
            return DECL_FAIL(c->cx, "P114", act, "`%.*s`", STR_ARG(str_cut(act->s, 0, 60)));
    if (!on || !on->n)
        return DECL_FAIL(c->cx, "P114", yaml, "`on`");
    JSON_EACH (blocks, b)
        TRY(block_check(c, b));
    return RC_OK;
}

static enum rc words_load(struct checker *c, const struct json *yaml)
{
    const struct json *words = NULL;
    TRY(decl_keys(c->cx, yaml, "words!"));
    TRY(decl_object(c->cx, yaml, "words", &words));
    JSON_EACH (words, w) {
        if (!msg_has(str_fmt(c->cx->mem, "letter.%.*s", STR_ARG(w->key))))
            return DECL_FAIL(c->cx, "P113", w, "`%.*s`", STR_ARG(str_cut(w->key, 0, 60)));
        struct str list = str_ends(w->key, STR(".paper"))  ? STR("papers")
                          : str_ends(w->key, STR(".item")) ? STR("items")
                                                           : STR("");
        TRY(label_check(c, w, list));
    }
    return RC_OK;
}

static enum rc values_load(struct checker *c)
{
    const struct json *yaml, *all = NULL;
    struct pack *p = c->pack;
    if (!pack_file(c->files, VALUES_FILE).p)
        return RC_OK;
    c->file = VALUES_FILE;
    TRY(file_yaml(c, VALUES_FILE, &yaml));
    TRY(decl_keys(c->cx, yaml, "values!"));
    TRY(decl_object(c->cx, yaml, "values", &all));
    if (all->n > VALUES_MAX)
        return DECL_FAIL(c->cx, RULE_VALUE, all, "values: at most %d", VALUES_MAX);
    struct letter_value *v = arena_array(c->cx->mem, struct letter_value, all->n);
    JSON_EACH (all, one) {
        struct expr *e = NULL;
        TRY(decl_id(c->cx, one->key, one));
        if (is_kernels(one->key) && !str_eq(one->key, STR("address")))
            return DECL_FAIL(c->cx, "P113", one, "`%.*s`", STR_ARG(one->key));
        TRY(expr_declare(c->cx, one, form_scope(p->form), (struct expr_want){T_STR, RULE_EXPR},
                         &e));
        v[p->nletter_values++] = (struct letter_value){one->key, e};
    }
    p->letter_values = v;
    return RC_OK;
}

static bool form_is(struct str id)
{
#define LETTER(name, form, symbol, template)                                                   \
    if (str_eq(id, STR(form)))                                                                 \
        return true;
#include "letters.def"
#undef LETTER
    return false;
}

static enum rc file_load(struct checker *c, struct str name, struct json *own,
                         struct json *words)
{
    const struct json *yaml;
    const struct str folder = STR("letters/"), end = STR(".yaml");
    c->file = name;
    if (!str_ends(name, end))
        return FAIL(c->cx, PACK, "P110", "line 0: %.*s", STR_ARG(name));
    struct str id = str_cut(name, folder.n, name.n - end.n);
    TRY(file_yaml(c, name, &yaml));
    TRY(form_is(id) ? words_load(c, yaml) : own_load(c, id, yaml));
    json_put(form_is(id) ? words : own, id, json_copy(c->cx->mem, yaml));
    return RC_OK;
}

enum rc letters_load(struct checker *c)
{
    struct json *own = json_new_obj(c->cx->mem), *words = json_new_obj(c->cx->mem);
    TRY(values_load(c));
    for (size_t i = 0; i < c->files->n; i++) {
        struct str name = c->files->v[i].name;
        if (!str_starts(name, STR("letters/")) || str_eq(name, VALUES_FILE))
            continue;
        if (own->n + words->n == LETTERS_MAX)
            return FAIL(c->cx, PACK, "P110", "line 0: at most %d letters", LETTERS_MAX);
        TRY(file_load(c, name, own, words));
    }
    c->pack->letters = own->n ? own : NULL;
    c->pack->letter_words = words->n ? words : NULL;
    return RC_OK;
}
