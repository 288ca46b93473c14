/* scorecards.c - what scorecards say of a unit: the tree with its points, units side by side. */
#include <stdlib.h>

#include "cockpit/cockpit_priv.h"
#include "score/score.h"
#include "store/store.h"
#include "target/target.h"

enum { COMPARED_MAX = 200, WIDE = 100 };

static enum rc card_get(struct ctx *cx, struct req *rq, const struct scorecard **ret)
{
    *ret = score_find(cx, req_str(rq, "id"));
    return *ret ? RC_OK : FAIL(cx, NOT_FOUND, "id", "no such scorecard");
}

static const char *card_page(struct ctx *cx, const struct scorecard *card, const char *below)
{
    return str_fmt(cx->mem, "/scorecards/%.*s%s", STR_ARG(card->id), below).p;
}

/* -- the list -- */

static enum rc card_row(struct ctx *cx, const struct asked *a, const struct scorecard *card,
                        struct json *list)
{
    struct json *o;
    TRY(score_json(cx, card, &a->slice, &o));
    json_del(o, STR("nodes"));
    json_put_str(cx->mem, o, "href", asked_path(cx, a, card_page(cx, card, ""), NULL));
    json_put_int(cx->mem, o, "share", json_int(o, "width", 0) * (1000 / WIDE));
    json_push(list, o);
    return RC_OK;
}

enum rc get_scorecards(struct ctx *cx, struct req *rq)
{
    struct asked a;
    const struct scorecard *all[SCORECARDS_MAX];
    size_t n = score_all(cx, all);
    struct json *v = json_new_obj(cx->mem);
    struct json *list = json_put(v, STR("scorecards"), json_new_arr(cx->mem));
    TRY(asked_read(cx, rq, &a));
    asked_put(cx, &a, "/scorecards", v);
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("cockpit.scorecards")));
    for (size_t i = 0; i < n; i++)
        TRY(card_row(cx, &a, all[i], list));
    json_put_bool(cx->mem, v, "has_scorecards", n > 0);
    bool leads = a.unit && cx->who && who_has_role(cx->who, ROLE_leader, a.unit->id);
    json_put_bool(cx->mem, v, "may_officers", leads);
    return reply_page(cx, rq, "cockpit/scorecards", v);
}

/* -- one: the tree -- */

/* What the body itself tells has a page of its own: who owes it, what was entered, the form. */
static void told_put(struct ctx *cx, const struct asked *a, const struct scorecard *card,
                     struct json *node)
{
    struct str id = json_str(node, "entered");
    const struct unit *u = a->unit ? a->unit : unit_root(cx);
    const struct indicator *ind = id.n ? indicator_find(cx, id) : NULL;
    bool is_here = u && ind && ind->is_entered && score_is_for(card, u);
    struct str target = is_here ? target_asked_id(cx, card->id, id, u) : STR("");
    json_put_str(cx->mem, node, "told_href",
                 is_here ? str_fmt(cx->mem, "/targets/%.*s", STR_ARG(target)) : target);
}

static void node_dress(struct ctx *cx, const struct asked *a, const struct scorecard *card,
                       struct json *node)
{
    told_put(cx, a, card, node);
    struct str ind = json_str(node, "indicator");
    const struct indicator *known = ind.n ? indicator_find(cx, ind) : NULL;
    json_put_str(cx->mem, node, "href",
                 known ? asked_path(cx, a, page_of(cx, known, ""), NULL) : STR(""));
    json_put_int(cx->mem, node, "share", json_int(node, "width", 0) * (1000 / WIDE));
    bool has_parts = !json_bool(node, "is_leaf");
    json_put_bool(cx->mem, node, "is_branch", has_parts);
    /* Every leaf has its numerator and denominator in the file; the page shows the texts. */
    if (json_get(node, STR("numerator")))
        json_put_str(cx->mem, node, "num_text",
                     number_text(cx, json_int(node, "numerator", 0)));
    if (json_int(node, "denominator", 0))
        json_put_str(cx->mem, node, "den_text",
                     number_text(cx, json_int(node, "denominator", 0)));
}

static enum rc sheet_get(struct ctx *cx, const struct asked *a, const struct scorecard *card,
                         struct json **ret)
{
    struct json *sheet;
    TRY(score_json(cx, card, &a->slice, &sheet));
    JSON_EACH (json_get(sheet, STR("nodes")), node)
        node_dress(cx, a, card, node);
    *ret = sheet;
    return RC_OK;
}

static void views_put(struct ctx *cx, const struct asked *a, const struct scorecard *card,
                      bool is_units, struct json *v)
{
    struct json *list = json_put(v, STR("tabs"), json_new_arr(cx->mem));
    static const char *const pages[] = {"", "/units"};
    static const char *const labels[] = {"cockpit.card.points", "cockpit.card.units"};
    for (size_t i = 0; i < 2; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "label", msg_get(cx->lang, str_from(labels[i])));
        json_put_str(cx->mem, o, "href",
                     asked_path(cx, a, card_page(cx, card, pages[i]), NULL));
        json_put_bool(cx->mem, o, "is_now", i == is_units);
    }
    const char *csv = card_page(cx, card, is_units ? "/units.csv" : "/points.csv");
    json_put_str(cx->mem, v, "csv_href", asked_path(cx, a, csv, NULL));
    json_put_str(cx->mem, v, "page", str_from(card_page(cx, card, pages[is_units])));
    json_put_str(cx->mem, v, "back", asked_path(cx, a, "/scorecards", NULL));
}

static void title_put(struct ctx *cx, const struct scorecard *card, const char *tail,
                      struct json *v)
{
    struct str name = label_text(cx, card->name);
    struct str more = tail ? msg_get(cx->lang, str_from(tail)) : STR("");
    json_put_str(cx->mem, v, "title",
                 tail ? str_fmt(cx->mem, "%.*s: %.*s", STR_ARG(name), STR_ARG(more)) : name);
}

enum rc get_scorecard(struct ctx *cx, struct req *rq)
{
    struct asked a;
    struct json *sheet, *v = json_new_obj(cx->mem);
    const struct scorecard *card;
    TRY(card_get(cx, rq, &card));
    TRY(asked_read(cx, rq, &a));
    asked_put(cx, &a, card_page(cx, card, ""), v);
    views_put(cx, &a, card, false, v);
    title_put(cx, card, NULL, v);
    TRY(sheet_get(cx, &a, card, &sheet));
    json_put_str(cx->mem, v, "seq_text", number_text(cx, json_int(sheet, "seq", 0)));
    json_put(v, STR("sheet"), sheet);
    return reply_page(cx, rq, "cockpit/scorecard", v);
}

/* -- as CSV -- */

static struct str raw_of(struct ctx *cx, const struct json *o, const char *name)
{
    return table_raw(cx, json_int(o, name, PICTURE_NONE));
}

static void node_line(struct ctx *cx, const struct json *node, struct json *t)
{
    static const char *const counts[] = {"numerator", "denominator"};
    static const char *const sources[] = {"auto", "self", "verified"};
    struct json *row = table_row(cx, t);
    struct str points = raw_of(cx, node, "points");
    table_text(cx, row, json_str(node, "id"), STR(""));
    table_text(cx, row, json_str(node, "name"), STR(""));
    table_number(cx, row, points, points);
    table_number(cx, row, STR(""), raw_of(cx, node, "value"));
    for (size_t i = 0; i < 2; i++) {
        const struct json *n = json_get(node, str_from(counts[i]));
        struct str raw =
            n ? str_fmt(cx->mem, "%lld", (long long)json_int(node, counts[i], 0)) : STR("");
        table_number(cx, row, raw, raw);
    }
    table_number(cx, row, STR(""), raw_of(cx, node, "got"));
    table_number(cx, row, STR(""), raw_of(cx, node, "max"));
    table_text(cx, row, json_str(node, "state"), STR(""));
    for (size_t i = 0; i < 3; i++)
        table_text(cx, row, json_str(json_get(node, str_from(sources[i])), "got_text"),
                   STR(""));
}

enum rc get_scorecard_csv(struct ctx *cx, struct req *rq)
{
    static const struct {
        const char *key;
        bool is_number;
    } columns[] = {{"id", false},        {"name", false},      {"points", true},
                   {"value", true},      {"numerator", true},  {"denominator", true},
                   {"got", true},        {"attainable", true}, {"state", false},
                   {"automatic", false}, {"declared", false},  {"verified", false}};
    struct asked a;
    struct json *sheet, *t = table_new(cx);
    const struct scorecard *card;
    TRY(card_get(cx, rq, &card));
    TRY(asked_read(cx, rq, &a));
    TRY(sheet_get(cx, &a, card, &sheet));
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(cx, t, columns[i].key, str_from(columns[i].key), columns[i].is_number);
    JSON_EACH (json_get(sheet, STR("nodes")), node)
        node_line(cx, node, t);
    return csv_reply(cx, rq, str_fmt(cx->mem, "%.*s-points", STR_ARG(card->id)).p, t);
}

/* -- units side by side -- */

/* A unit's sheet and its place; 0: nothing can be said of it. */
struct compared {
    struct score_sheet sheet;
    int rank;
    size_t at; /* as read: equal ones stay in the order of their codes */
};

/* Ranked ones first, then those of which nothing can be said. */
static int compared_cmp(const void *a, const void *b)
{
    const struct compared *x = a, *y = b;
    if (x->rank != y->rank)
        return !x->rank ? 1 : !y->rank ? -1 : x->rank - y->rank;
    return (x->at > y->at) - (x->at < y->at);
}

/* The units below of the level asked for; a whole sheet each, so no more than so many. */
static enum rc compared_get(struct ctx *cx, const struct asked *a, const struct scorecard *card,
                            struct compared **ret, size_t *all, size_t *n)
{
    const struct unit **units = units_below(cx, a, all);
    *n = *all < COMPARED_MAX ? *all : COMPARED_MAX;
    struct slice *s = arena_array(cx->mem, struct slice, *n + 1);
    struct score_sheet *sheets = arena_array(cx->mem, struct score_sheet, *n + 1);
    struct compared *v = arena_array(cx->mem, struct compared, *n + 1);
    int64_t *values = arena_array(cx->mem, int64_t, *n + 1);
    int *rank = arena_array(cx->mem, int, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        s[i] = a->slice;
        s[i].unit = units[i]->id;
    }
    TRY(score_list(cx, card, s, *n, sheets));
    for (size_t i = 0; i < *n; i++)
        values[i] = sheets[i].by[SCORE_COUNTS].max > 0 ? sheets[i].graded : PICTURE_NONE;
    rank_make(cx->mem, values, *n, false, rank);
    for (size_t i = 0; i < *n; i++)
        v[i] = (struct compared){sheets[i], rank[i], i};
    qsort(v, *n, sizeof *v, compared_cmp);
    *ret = v;
    return RC_OK;
}

static void unit_line(struct ctx *cx, const struct asked *a, const struct compared *c,
                      struct json *t)
{
    int rank = c->rank;
    const struct unit *u = c->sheet.unit;
    const struct scorecard *card = c->sheet.card;
    const struct score_got *whole = &c->sheet.by[SCORE_COUNTS];
    struct json *row = table_row(cx, t);
    struct str place = rank ? str_fmt(cx->mem, "%d", rank) : STR("");
    struct asked plain = *a;
    plain.level = STR("");
    table_number(cx, row, rank ? place : STR("–"), place);
    table_text(cx, row, unit_name(cx, u), asked_path(cx, &plain, card_page(cx, card, ""), u));
    struct json *cell =
        table_number(cx, row, score_text(cx, whole->points), table_raw(cx, whole->points));
    json_put_bool(cx->mem, cell, "has_share", true);
    json_put_int(cx->mem, cell, "share", picture_share(whole->points, card->points));
    if (c->sheet.grade)
        json_put_str(cx->mem, cell, "note", label_text(cx, c->sheet.grade->name));
    for (size_t k = 0; k < card->n; k++) {
        const struct score_got *g = &c->sheet.v[k].by[SCORE_COUNTS];
        bool is_said = g->state == SCORE_SAID || g->points > 0;
        if (card->nodes[k].depth == 0)
            table_number(cx, row, is_said ? score_text(cx, g->points) : STR("—"),
                         is_said ? table_raw(cx, g->points) : STR(""));
    }
    table_text(cx, row, u->code, STR(""));
}

static void unit_columns(struct ctx *cx, const struct scorecard *card, struct json *t)
{
    table_column(cx, t, "rank", msg_get(cx->lang, STR("cockpit.rank")), true);
    table_column(cx, t, "unit", msg_get(cx->lang, STR("cockpit.unit")), false);
    table_column(cx, t, "points", msg_get(cx->lang, STR("cockpit.card.got")), true);
    for (size_t k = 0; k < card->n; k++)
        if (card->nodes[k].depth == 0)
            table_column(cx, t, str_z(cx->mem, card->nodes[k].id),
                         label_text(cx, card->nodes[k].name), true);
    table_column(cx, t, "code", msg_get(cx->lang, STR("cockpit.code")), false);
}

/* all: how many there are; the table has COMPARED_MAX of them at most. */
static enum rc units_table(struct ctx *cx, const struct asked *a, const struct scorecard *card,
                           size_t *all, struct json **ret)
{
    size_t n;
    struct compared *v;
    struct json *t = table_new(cx);
    TRY(compared_get(cx, a, card, &v, all, &n));
    unit_columns(cx, card, t);
    for (size_t i = 0; i < n; i++)
        unit_line(cx, a, &v[i], t);
    *ret = t;
    return RC_OK;
}

enum rc get_scorecard_units(struct ctx *cx, struct req *rq)
{
    size_t all;
    struct asked a;
    struct json *table, *v = json_new_obj(cx->mem);
    const struct scorecard *card;
    TRY(card_get(cx, rq, &card));
    TRY(asked_read(cx, rq, &a));
    asked_put(cx, &a, card_page(cx, card, "/units"), v);
    views_put(cx, &a, card, true, v);
    title_put(cx, card, "cockpit.card.units", v);
    levels_put(cx, &a, card_page(cx, card, "/units"), v);
    TRY(units_table(cx, &a, card, &all, &table));
    json_put(v, STR("table"), table);
    json_put_int(cx->mem, v, "most", COMPARED_MAX);
    json_put_bool(cx->mem, v, "is_cut", all > COMPARED_MAX);
    json_put_str(cx->mem, v, "all", number_text(cx, (int64_t)all));
    return reply_page(cx, rq, "cockpit/scorecard_units", v);
}

enum rc get_scorecard_units_csv(struct ctx *cx, struct req *rq)
{
    size_t all;
    struct asked a;
    struct json *table;
    const struct scorecard *card;
    TRY(card_get(cx, rq, &card));
    TRY(asked_read(cx, rq, &a));
    TRY(units_table(cx, &a, card, &all, &table));
    return csv_reply(cx, rq, str_fmt(cx->mem, "%.*s-units", STR_ARG(card->id)).p, table);
}

const struct param scorecards_params[] = {PARAMS_ASKED, {0}};
const struct param scorecard_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 80, "id of the scorecard"}, PARAMS_ASKED, {0}};
