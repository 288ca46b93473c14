/* json.c - scorecards and sheets as pages, the API and the command line show them. */
#include "app/app.h"
#include "score/score_priv.h"
#include "store/store.h"
#include "text/i18n.h"

static const char *const source_names[] = {"auto", "self", "verified"};

struct str score_text(struct ctx *cx, int64_t hundredths)
{
    const char *point = cx->lang == LANG_EN ? "." : ",";
    struct str n = number_text(cx, hundredths / 100);
    return str_fmt(cx->mem, "%.*s%s%02lld", STR_ARG(n), point, (long long)(hundredths % 100));
}

/* "80,00 %", "2,40 working days", "17": a value with its unit. */
static struct str value_text(struct ctx *cx, const struct score_row *row, int64_t value)
{
    static const char *const keys[] = {"score.count", "figure.percent", "figure.days",
                                       "figure.score", "score.vnd"};
    static const enum card_unit units[] = {CARD_COUNT, CARD_PERCENT, CARD_DAYS, CARD_SCORE};
    enum card_unit unit = row->node->unit;
    struct json *args = json_new_obj(cx->mem);
    if (value == DB_NULL)
        return STR("—"); /* LAW: QD766/2022: no denominator, no figure */
    if (row->indicator && row->indicator->unit < sizeof units / sizeof *units)
        unit = units[row->indicator->unit];
    bool is_whole = unit == CARD_COUNT || unit == CARD_VND;
    json_put_str(cx->mem, args, "n",
                 is_whole ? number_text(cx, (value + 50) / 100) : score_text(cx, value));
    return msg_fill(cx, str_from(keys[unit]), args);
}

/* How wide a bar of it is, of 100. */
static int64_t width_of(int64_t points, int64_t max)
{
    return max > 0 ? (points * 100 + max / 2) / max : 0;
}

static void hundredths_put(struct ctx *cx, struct json *o, const char *key, const char *text,
                           int64_t v)
{
    json_put_int(cx->mem, o, key, v);
    json_put_str(cx->mem, o, text, score_text(cx, v));
}

/* -- how a node comes to its points -- */

static struct str step_text(struct ctx *cx, const struct card_node *n)
{
    struct buf *b = buf_new(cx->mem, 4096);
    for (size_t i = n->nsteps; i-- > 0;) {
        struct json *args = json_new_obj(cx->mem);
        json_put_str(cx->mem, args, "from", score_text(cx, n->steps[i].from));
        json_put_str(cx->mem, args, "points", score_text(cx, n->steps[i].points));
        buf_put(b, b->n ? STR("; ") : STR(""));
        buf_put(b, msg_fill(cx, STR("score.step"), args));
    }
    return buf_str(b);
}

static struct str rule_text(struct ctx *cx, const struct card_node *n)
{
    struct json *args = json_new_obj(cx->mem);
    struct str key = str_fmt(cx->mem, "score.rule.%s", card_rule_name(n->rule));
    if (!n->points)
        return msg_get(cx->lang, STR("score.rule.shown"));
    json_put_str(cx->mem, args, "points", score_text(cx, n->points));
    json_put_str(cx->mem, args, "threshold", score_text(cx, n->threshold));
    json_put_str(cx->mem, args, "steps", step_text(cx, n));
    return msg_fill(cx, key, args);
}

static void formula_put(struct ctx *cx, struct json *o, const char *key,
                        const struct card_parts *parts)
{
    struct json *list = json_put(o, str_from(key), json_new_arr(cx->mem));
    for (size_t i = 0; i < parts->n; i++) {
        const struct card_part *p = &parts->v[i];
        const struct indicator *ind = indicator_find(cx, p->indicator);
        struct json *part = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, part, "id", p->indicator);
        json_put_str(cx->mem, part, "name", ind ? label_text(cx, ind->name) : p->indicator);
        json_put_str(cx->mem, part, "sign", p->sign < 0 ? STR("−") : STR("+"));
        json_put_bool(cx->mem, part, "is_den_of", p->is_den);
        json_put_bool(cx->mem, part, "is_all", p->is_all);
        json_put_bool(cx->mem, part, "is_known", ind != NULL);
    }
}

/* -- a row -- */

static struct str state_text(struct ctx *cx, const struct score_row *row,
                             enum score_state state)
{
    const struct card_node *n = row->node;
    static const char *const nothing[] = {"score.nothing.zero", "score.nothing.skip",
                                          "score.nothing.full"};
    if (state == SCORE_UNCONNECTED)
        return msg_get(cx->lang, STR("score.unconnected"));
    if (state == SCORE_SAID)
        return STR("");
    bool is_owed = n->entered.n && !n->indicator.n && !n->num.n;
    return msg_get(cx->lang, is_owed ? STR("score.owed") : str_from(nothing[n->nothing]));
}

static void source_put(struct ctx *cx, struct json *o, const char *name,
                       const struct score_row *row, const struct score_got *g)
{
    struct json *s = json_put(o, str_from(name), json_new_obj(cx->mem));
    bool is_said = g->state == SCORE_SAID;
    json_put_bool(cx->mem, s, "is_said", is_said);
    json_put_str(cx->mem, s, "value_text", value_text(cx, row, g->value));
    if (is_said && g->value != DB_NULL)
        json_put_int(cx->mem, s, "value", g->value);
    if (is_said)
        hundredths_put(cx, s, "got", "got_text", g->points);
    else
        json_put_str(cx->mem, s, "got_text", STR("—"));
}

static void definition_put(struct ctx *cx, struct json *o, const struct card_node *n)
{
    json_put_str(cx->mem, o, "id", n->id);
    json_put_str(cx->mem, o, "parent", n->parent ? n->parent->id : STR(""));
    json_put_int(cx->mem, o, "depth", (int64_t)n->depth);
    json_put_bool(cx->mem, o, "is_leaf", !n->nchildren);
    json_put_str(cx->mem, o, "name", label_text(cx, n->name));
    json_put_str(cx->mem, o, "about", n->about ? label_text(cx, n->about) : STR(""));
    json_put_str(cx->mem, o, "rule", str_from(card_rule_name(n->rule)));
    json_put_str(cx->mem, o, "rule_text", rule_text(cx, n));
    hundredths_put(cx, o, "points", "points_text", n->points);
    json_put_bool(cx->mem, o, "is_shown_only", !n->points);
    if (n->unconnected)
        json_put_str(cx->mem, o, "why", label_text(cx, n->unconnected));
    if (n->indicator.n)
        json_put_str(cx->mem, o, "indicator", n->indicator);
    if (n->entered.n)
        json_put_str(cx->mem, o, "entered", n->entered);
    if (n->num.n)
        formula_put(cx, o, "formula", &n->num);
    if (n->den.n)
        formula_put(cx, o, "den_formula", &n->den);
}

static struct json *row_json(struct ctx *cx, const struct score_row *row)
{
    static const char *const states[] = {"said", "nothing", "unconnected"};
    const struct score_got *g = &row->by[SCORE_COUNTS];
    struct json *o = json_new_obj(cx->mem);
    definition_put(cx, o, row->node);
    json_put_str(cx->mem, o, "state", str_from(states[g->state]));
    json_put_str(cx->mem, o, "state_text", state_text(cx, row, g->state));
    json_put_bool(cx->mem, o, "is_said", g->state == SCORE_SAID);
    if (!row->node->nchildren) {
        json_put_str(cx->mem, o, "value_text", value_text(cx, row, g->value));
        if (g->value != DB_NULL)
            json_put_int(cx->mem, o, "value", g->value);
        json_put_int(cx->mem, o, "numerator", g->num);
        json_put_int(cx->mem, o, "denominator", g->den);
    }
    hundredths_put(cx, o, "got", "got_text", g->points);
    hundredths_put(cx, o, "max", "max_text", g->max);
    json_put_int(cx->mem, o, "width", width_of(g->points, row->node->points));
    bool has =
        row->by[SCORE_SELF].state == SCORE_SAID || row->by[SCORE_VERIFIED].state == SCORE_SAID;
    json_put_bool(cx->mem, o, "has_sources", has);
    for (int i = 0; has && i < SCORE_COUNTS; i++)
        source_put(cx, o, source_names[i], row, &row->by[i]);
    return o;
}

/* -- the whole -- */

struct json *scorecard_json(struct ctx *cx, const struct scorecard *card)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "id", card->id);
    json_put_str(cx->mem, o, "ref", card->ref);
    json_put_str(cx->mem, o, "name", label_text(cx, card->name));
    json_put_str(cx->mem, o, "about", label_text(cx, card->about));
    hundredths_put(cx, o, "points", "points_text", card->points);
    struct json *law = json_put(o, STR("law"), json_new_arr(cx->mem));
    JSON_EACH (card->law, v) {
        struct json *l = json_push(law, json_new_obj(cx->mem));
        json_put_str(cx->mem, l, "act", json_str(v, "act"));
        json_put_str(cx->mem, l, "clause", json_str(v, "clause"));
        json_put_str(cx->mem, l, "about", label_text(cx, json_get(v, STR("about"))));
    }
    return o;
}

static void total_put(struct ctx *cx, struct json *o, const struct score_sheet *sheet)
{
    const struct score_got *g = &sheet->by[SCORE_COUNTS];
    hundredths_put(cx, o, "got", "got_text", g->points);
    hundredths_put(cx, o, "max", "max_text", g->max);
    hundredths_put(cx, o, "graded", "graded_text", sheet->graded);
    json_put_bool(cx->mem, o, "is_said", g->state == SCORE_SAID);
    json_put_bool(cx->mem, o, "is_partial", g->max < sheet->card->points);
    json_put_bool(cx->mem, o, "is_scored", sheet->card->points > 0);
    json_put_int(cx->mem, o, "width", width_of(g->points, sheet->card->points));
    json_put_str(cx->mem, o, "grade",
                 sheet->grade ? label_text(cx, sheet->grade->name) : STR(""));
    json_put_bool(cx->mem, o, "has_self", sheet->by[SCORE_SELF].state == SCORE_SAID);
    json_put_bool(cx->mem, o, "has_verified", sheet->by[SCORE_VERIFIED].state == SCORE_SAID);
    struct json *sources = json_put(o, STR("sources"), json_new_arr(cx->mem));
    for (int i = 0; i < SCORE_COUNTS; i++) {
        const struct score_got *by = &sheet->by[i];
        struct json *s = json_push(sources, json_new_obj(cx->mem));
        json_put_str(cx->mem, s, "id", str_from(source_names[i]));
        json_put_str(cx->mem, s, "name",
                     msg_get(cx->lang, str_fmt(cx->mem, "score.source.%s", source_names[i])));
        json_put_bool(cx->mem, s, "is_said", by->state == SCORE_SAID);
        hundredths_put(cx, s, "got", "got_text", by->points);
        hundredths_put(cx, s, "max", "max_text", by->max);
    }
}

struct json *score_sheet_json(struct ctx *cx, const struct score_sheet *sheet)
{
    struct json *o = scorecard_json(cx, sheet->card);
    json_put_str(cx->mem, o, "unit", sheet->unit ? unit_name(cx, sheet->unit) : STR(""));
    json_put_str(cx->mem, o, "unit_code", sheet->unit ? sheet->unit->code : STR(""));
    json_put_bool(cx->mem, o, "is_for_unit", score_is_for(sheet->card, sheet->unit));
    json_put_str(cx->mem, o, "from", day_iso(cx->mem, sheet->period.from));
    json_put_str(cx->mem, o, "to", day_iso(cx->mem, sheet->period.to - 1));
    json_put_int(cx->mem, o, "seq", sheet->seq);
    total_put(cx, o, sheet);
    struct json *nodes = json_put(o, STR("nodes"), json_new_arr(cx->mem));
    for (size_t i = 0; i < sheet->n; i++)
        json_push(nodes, row_json(cx, &sheet->v[i]));
    return o;
}

enum rc score_json(struct ctx *cx, const struct scorecard *card, const struct slice *s,
                   struct json **ret)
{
    struct score_sheet sheet;
    TRY(score_get(cx, card, s, &sheet));
    *ret = score_sheet_json(cx, &sheet);
    return RC_OK;
}
