/* table.c - decision tables: reading their CSV, and asking them. */
#include "expr/table_priv.h"

#include "base/arena.h"
#include "text/csv.h"

#include <stdlib.h>

#define HEAD(cx, ...) FAIL(cx, EXPR, "head", "line 1: " __VA_ARGS__)
#define CELL(cx, at, ...) FAIL(cx, EXPR, "cell", "line %u: " __VA_ARGS__)

enum { TEXT_SHOWN = 40 };
#define SHOWN(s) STR_ARG(str_cut(s, 0, TEXT_SHOWN))

struct tables *tables_new(struct arena *mem)
{
    return arena_new_of(mem, struct tables);
}

struct table *table_find(const struct tables *t, struct str name)
{
    for (size_t i = 0; t && i < t->n; i++)
        if (str_eq(t->v[i]->name, name))
            return t->v[i];
    return NULL;
}

struct str table_unused(const struct tables *tables, size_t i)
{
    for (size_t k = 0; k < tables->n; k++)
        if (!tables->v[k]->is_used && i-- == 0)
            return tables->v[k]->name;
    return STR_NULL;
}

/* -- words of a text column -- */
static bool word_find(const struct table_key *k, struct str word, int64_t *ret)
{
    for (size_t i = 0; i < k->nwords; i++)
        if (str_eq(k->words[i], word)) {
            *ret = (int64_t)i;
            return true;
        }
    return false;
}

/* -- values -- */
static bool duration_parse(struct str s, struct val *ret)
{
    static const char *const units[] = {"wd", "wh", "cd"};
    struct str unit = str_cut(s, s.n < 2 ? 0 : s.n - 2, s.n);
    *ret = (struct val){.t = T_DURATION};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq(unit, str_from(units[i])))
            ret->unit = units[i][i == 1]; /* w, h, c */
    return ret->unit && str_int(str_cut(s, 0, s.n - 2), &ret->i) && ret->i >= 0;
}

static bool value_parse(enum expr_type type, struct str s, struct val *ret)
{
    int32_t day = 0;
    *ret = (struct val){.t = type};
    switch (type) {
    case T_INT:
        return str_int(s, &ret->i);
    case T_DATE:
        if (!day_parse(s, &day))
            return false;
        ret->i = day;
        return true;
    case T_BOOL:
        ret->i = str_eq(s, STR("true"));
        return ret->i || str_eq(s, STR("false"));
    case T_DURATION:
        return duration_parse(s, ret);
    default:
        ret->s = s;
        return s.n > 0;
    }
}

/* -- the head: when:NAME:TYPE DOMAIN, then:NAME:TYPE, note -- */
static bool type_find(struct str word, bool is_result, enum expr_type *ret)
{
    static const struct {
        const char *word;
        enum expr_type type;
    } rows[] = {{"text", T_STR},
                {"int", T_INT},
                {"bool", T_BOOL},
                {"date", T_DATE},
                {"duration", T_DURATION}};
    size_t n = sizeof rows / sizeof *rows - !is_result;
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_from(rows[i].word))) {
            *ret = rows[i].type;
            return true;
        }
    return false;
}

static bool column_name_is(struct str s)
{
    bool ok = s.n > 0 && s.n <= 40 && s.p[0] >= 'a' && s.p[0] <= 'z';
    for (size_t i = 0; ok && i < s.n; i++)
        ok = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
             s.p[i] == '_';
    return ok;
}

/* "a|b|c": the only texts there are. */
static enum rc words_read(struct ctx *cx, struct table_key *k, struct str list)
{
    while (list.p) {
        struct str word;
        int64_t same;
        list = str_split(list, '|', &word);
        word = str_trim(word);
        if (!word.n || word_find(k, word, &same) || k->nwords == TABLE_WORDS_MAX)
            return HEAD(cx, "%.*s: its texts are written a|b|c, each once, at most %d",
                        SHOWN(k->name), TABLE_WORDS_MAX);
        k->words[k->nwords++] = word;
    }
    k->is_closed = true;
    return RC_OK;
}

/* "1..9", "0..", "..9": both ends belong to it. */
static bool range_read(const struct table_key *k, struct str s, struct span *ret)
{
    struct val lo = {.i = INT64_MIN}, hi = {.i = INT64_MAX};
    size_t dots = 0;
    while (dots + 1 < s.n && (s.p[dots] != '.' || s.p[dots + 1] != '.'))
        dots++;
    struct str from = str_trim(str_cut(s, 0, dots)), to = str_trim(str_skip(s, dots + 2));
    if (dots + 1 >= s.n || (!from.n && !to.n) || (k->type != T_INT && k->type != T_DATE))
        return false;
    if ((from.n && !value_parse(k->type, from, &lo)) ||
        (to.n && !value_parse(k->type, to, &hi)))
        return false;
    *ret = (struct span){lo.i, hi.i};
    return lo.i <= hi.i;
}

static enum rc domain_read(struct ctx *cx, struct table_key *k, struct str text)
{
    k->words = arena_array(cx->mem, struct str, TABLE_WORDS_MAX);
    if (k->type == T_STR)
        return text.n ? words_read(cx, k, text) : RC_OK;
    k->domain = k->type == T_BOOL ? (struct span){0, 1} : (struct span){INT64_MIN, INT64_MAX};
    if (text.n && !range_read(k, text, &k->domain))
        return HEAD(cx, "%.*s: %.*s is no range; write 0.. or 1..9", SHOWN(k->name),
                    SHOWN(text));
    return RC_OK;
}

static bool name_is_taken(const struct table *t, struct str name)
{
    for (size_t i = 0; i < t->nkeys; i++)
        if (str_eq(t->keys[i].name, name))
            return true;
    for (size_t i = 0; i < t->nresults; i++)
        if (str_eq(t->results[i].name, name))
            return true;
    return false;
}

static enum rc column_read(struct ctx *cx, struct table *t, struct str head)
{
    struct str side, name, word, domain;
    enum expr_type type;
    domain = str_split(head, ':', &side);
    domain = str_split(domain, ':', &name);
    domain = str_trim(str_split(str_trim(domain), ' ', &word));
    bool is_key = str_eq(side, STR("when"));
    if (str_eq(head, STR("note")))
        return RC_OK;
    if (!is_key && !str_eq(side, STR("then")))
        return HEAD(cx, "%.*s: a column is when:NAME:TYPE, then:NAME:TYPE or note",
                    SHOWN(head));
    if (!column_name_is(name) || name_is_taken(t, name))
        return HEAD(cx, "%.*s: a column needs a name of its own, [a-z][a-z0-9_]*", SHOWN(head));
    if (!type_find(word, !is_key, &type) || (!is_key && domain.n))
        return HEAD(cx, "%.*s: its type is text, int, bool or date%s", SHOWN(head),
                    is_key ? ", and what is possible may follow: int 0.. or text a|b"
                           : ", or duration");
    if (is_key ? t->nkeys == TABLE_KEYS_MAX : t->nresults == TABLE_RESULTS_MAX)
        return HEAD(cx, "more than %d columns of a side", TABLE_KEYS_MAX);
    if (is_key) {
        t->keys[t->nkeys] = (struct table_key){.name = name, .type = type};
        return domain_read(cx, &t->keys[t->nkeys++], domain);
    }
    t->results[t->nresults] = (struct scope_name){.name = name, .type = type};
    t->results[t->nresults].next = &t->results[t->nresults + 1];
    t->nresults++;
    return RC_OK;
}

static enum rc head_read(struct ctx *cx, struct table *t, const struct json *rows)
{
    if (!rows->n)
        return HEAD(cx, "a table needs at least one row");
    if (rows->n > TABLE_ROWS_MAX)
        return HEAD(cx, "more than %d rows", TABLE_ROWS_MAX);
    JSON_EACH (rows->first, cell)
        TRY(column_read(cx, t, cell->key));
    if (!t->nkeys || !t->nresults)
        return HEAD(cx, "a table needs a column when:… and a column then:…");
    t->results[t->nresults - 1].next = NULL;
    t->type = (struct scope_name){.type = T_OBJECT, .child = t->results};
    return RC_OK;
}

/* -- cells -- */
static bool compared(struct str s, struct table_key *k, struct span *ret)
{
    static const char *const signs[] = {">=", "<=", ">", "<"};
    struct val v;
    size_t i = 0;
    while (i < 4 && !str_starts(s, str_from(signs[i])))
        i++;
    bool is_exact = i == 4;
    struct str rest = is_exact ? s : str_trim(str_skip(s, i < 2 ? 2 : 1));
    if ((!is_exact && k->type != T_INT && k->type != T_DATE) ||
        !value_parse(k->type, rest, &v) || v.i == INT64_MIN || v.i == INT64_MAX)
        return false;
    *ret = (struct span){v.i, v.i};
    if (i == 0 || i == 2)
        *ret = (struct span){v.i + (i == 2), INT64_MAX};
    else if (i == 1 || i == 3)
        *ret = (struct span){INT64_MIN, v.i - (i == 3)};
    return true;
}

static bool word_span(struct str s, struct table_key *k, struct span *ret)
{
    int64_t place;
    if (!word_find(k, s, &place)) {
        if (k->is_closed || !s.n || k->nwords == TABLE_WORDS_MAX)
            return false;
        k->words[k->nwords] = s;
        place = (int64_t)k->nwords++;
    }
    *ret = (struct span){place, place};
    return true;
}

static bool span_read(struct str s, struct table_key *k, struct span *ret)
{
    if (k->type == T_STR)
        return word_span(s, k, ret);
    return compared(s, k, ret) || range_read(k, s, ret);
}

static int span_cmp(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* In order, and what meets becomes one. */
static void spans_tidy(struct spans *s)
{
    size_t n = 0;
    qsort(s->v, s->n, sizeof *s->v, span_cmp);
    for (size_t i = 0; i < s->n; i++) {
        bool meets = n && (s->v[n - 1].hi == INT64_MAX || s->v[i].lo <= s->v[n - 1].hi + 1);
        if (!meets)
            s->v[n++] = s->v[i];
        else if (s->v[i].hi > s->v[n - 1].hi)
            s->v[n - 1].hi = s->v[i].hi;
    }
    s->n = n;
}

static bool is_any(struct str cell)
{
    return !cell.n || str_eq(cell, STR("-"));
}

/* n = 0 stands for "any" until all words are known. */
static enum rc when_read(struct ctx *cx, struct table_key *k, const struct json *cell,
                         struct spans *ret)
{
    struct str rest = str_trim(cell->s);
    if (is_any(rest))
        return RC_OK;
    ret->v = arena_array(cx->mem, struct span, TABLE_SPANS_MAX);
    while (rest.p) {
        struct str one;
        rest = str_split(rest, '|', &one);
        one = str_trim(one);
        if (ret->n == TABLE_SPANS_MAX)
            return CELL(cx, cell, "%.*s: more than %d alternatives", cell->line, SHOWN(k->name),
                        TABLE_SPANS_MAX);
        if (!span_read(one, k, &ret->v[ret->n]))
            return CELL(cx, cell, "%.*s: `%.*s` is no %s%s", cell->line, SHOWN(k->name),
                        SHOWN(one), expr_type_name(k->type),
                        k->is_closed ? " that the head names"
                                     : ", comparison (>= 5), range (1..9) or list (1|3)");
        ret->n++;
    }
    spans_tidy(ret);
    return RC_OK;
}

static enum rc then_read(struct ctx *cx, const struct scope_name *result,
                         const struct json *cell, struct val *ret)
{
    struct str s = str_trim(cell->s);
    ret[0] = (struct val){.t = T_STR, .s = result->name};
    if (!is_any(s) && !value_parse(result->type, s, &ret[1]))
        return CELL(cx, cell, "%.*s: `%.*s` is no %s", cell->line, SHOWN(result->name),
                    SHOWN(s), expr_type_name(result->type));
    return RC_OK;
}

static enum rc row_read(struct ctx *cx, struct table *t, const struct json *cells)
{
    struct table_row *row = &t->rows[t->nrows++];
    size_t key = 0, result = 0;
    row->line = cells->line;
    row->then = arena_array(cx->mem, struct val, 2 * t->nresults);
    JSON_EACH (cells, cell) {
        if (str_starts(cell->key, STR("when:"))) {
            TRY(when_read(cx, &t->keys[key], cell, &row->when[key]));
            key++;
        } else if (str_starts(cell->key, STR("then:"))) {
            TRY(then_read(cx, &t->results[result], cell, &row->then[2 * result]));
            result++;
        }
    }
    return RC_OK;
}

/* Now that every word is known: what "any" means, and nothing beyond the domain. */
static void row_fit(struct ctx *cx, const struct table *t, struct table_row *row)
{
    for (size_t i = 0; i < t->nkeys; i++) {
        struct spans *s = &row->when[i];
        struct span all = t->keys[i].domain;
        if (!s->n) {
            s->v = arena_new_of(cx->mem, struct span);
            s->v[s->n++] = all;
            continue;
        }
        size_t n = 0;
        for (size_t k = 0; k < s->n; k++) {
            struct span in = s->v[k];
            in.lo = in.lo < all.lo ? all.lo : in.lo;
            in.hi = in.hi > all.hi ? all.hi : in.hi;
            if (in.lo <= in.hi)
                s->v[n++] = in;
        }
        s->n = n; /* 0: the cell can never hold, so the row is dead */
    }
}

static enum rc table_read(struct ctx *cx, struct table *t, const struct json *rows)
{
    TRY(head_read(cx, t, rows));
    t->rows = arena_array(cx->mem, struct table_row, rows->n);
    JSON_EACH (rows, cells)
        TRY(row_read(cx, t, cells));
    for (size_t i = 0; i < t->nkeys; i++) {
        struct table_key *k = &t->keys[i];
        if (k->type == T_STR) /* the place after the last word is every other text */
            k->domain = (struct span){0, (int64_t)k->nwords - k->is_closed};
    }
    for (size_t i = 0; i < t->nrows; i++)
        row_fit(cx, t, &t->rows[i]);
    return RC_OK;
}

enum rc table_add(struct ctx *cx, struct tables *tables, struct str name, struct str csv)
{
    struct json *rows;
    if (tables->n == TABLES_MAX)
        return HEAD(cx, "more than %d tables", TABLES_MAX);
    if (csv_parse(cx, csv, &rows) != RC_OK) {
        char why[ERR_DETAIL_MAX];
        snprintf(why, sizeof why, "%s", cx->err.detail);
        ctx_clear(cx);
        bool has_line = str_starts(str_from(why), STR("CSV line "));
        return FAIL(cx, EXPR, "head", "%.200s", has_line ? why + 4 : why);
    }
    struct table *t = arena_new_of(cx->mem, struct table);
    t->name = str_dup(cx->mem, name);
    TRY(table_read(cx, t, rows));
    tables->v[tables->n++] = t;
    return RC_OK;
}

/* -- asking -- */
bool spans_hold(const struct spans *s, int64_t place)
{
    for (size_t i = 0; i < s->n; i++)
        if (place >= s->v[i].lo && place <= s->v[i].hi)
            return true;
    return false;
}

bool table_place(const struct table_key *k, const struct val *v, int64_t *ret)
{
    *ret = v->i;
    if (k->type == T_STR && !word_find(k, v->s, ret))
        *ret = (int64_t)k->nwords;
    return *ret >= k->domain.lo && *ret <= k->domain.hi;
}

static bool is_all(const struct table_key *k, const struct spans *s)
{
    return s->n == 1 && s->v[0].lo == k->domain.lo && s->v[0].hi == k->domain.hi;
}

enum match { MATCH_NO, MATCH_YES, MATCH_UNKNOWN };

static enum match row_match(const struct table *t, const struct table_row *row,
                            const struct val *keys)
{
    enum match m = MATCH_YES;
    for (size_t i = 0; i < t->nkeys; i++) {
        const struct table_key *k = &t->keys[i];
        int64_t place;
        if (is_all(k, &row->when[i]) && keys[i].t == T_NULL)
            continue;
        if (keys[i].t == T_NULL)
            m = MATCH_UNKNOWN;
        else if (keys[i].t != k->type || !table_place(k, &keys[i], &place) ||
                 !spans_hold(&row->when[i], place))
            return MATCH_NO;
    }
    return m;
}

struct val table_ask(const struct table *t, const struct val *keys)
{
    for (size_t i = 0; i < t->nrows; i++) {
        enum match m = row_match(t, &t->rows[i], keys);
        if (m == MATCH_UNKNOWN)
            break;
        if (m == MATCH_NO)
            continue;
        const struct val *then = t->rows[i].then;
        return t->nresults == 1 ? then[1]
                                : (struct val){.t = T_OBJECT, .v = then, .n = t->nresults};
    }
    return (struct val){.t = T_NULL};
}
