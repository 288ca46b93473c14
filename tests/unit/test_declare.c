/* test_declare.c - datasets.yaml: what is read, and each way in which it is refused. */
#include "unit/harness.h"

#include "declare/dataset.h"
#include "declare/facts.h"
#include "text/yaml.h"

static const char *const good[] = {
    "id: permits",
    "title: {vi: a, en: b}",
    "about: {vi: a, en: b}",
    "licence: CC-BY-4.0",
    "contact: {name: {vi: a, en: b}, email: a@b.vn}",
    "every: month",
    "k: 5",
    "dimensions: {unit: district, time: month}",
    "indicators: [done]",
};

static const char *const indicators =
    "- {id: done, kind: flow, unit: count}\n"
    "- {id: fees, kind: flow, unit: vnd, sum: fee_vnd}\n"
    "- {id: open, kind: stock, unit: count}\n"
    "- {id: days, kind: flow, unit: days, sum: days, of: {event: dossier.moved}}\n"
    "- {id: spread, kind: distribution, unit: days, sum: days}\n"
    "- {id: fibre, kind: flow, unit: percent, source: entered}\n"
    "- {id: online, kind: flow, unit: count, distinct: procedure}\n";

/* The good declaration with one line replaced; an empty line leaves it out. */
static struct json *yaml_with(struct ctx *cx, size_t line, const char *instead)
{
    struct buf *b = buf_new(cx->mem, 4000);
    struct json *y = NULL;
    buf_put(b, STR("datasets:\n"));
    bool first = true;
    for (size_t i = 0; i < ROWS(good); i++) {
        const char *text = i == line ? instead : good[i];
        if (text[0])
            buf_fmt(b, "%s%s\n", first ? "  - " : "    ", text);
        first = first && !text[0];
    }
    assert_int_equal(yaml_parse(cx, buf_str(b), &y), RC_OK);
    return y;
}

static enum rc read_with(struct ctx *cx, size_t line, const char *instead,
                         struct dataset_list *ret)
{
    struct json *ind = NULL;
    assert_int_equal(yaml_parse(cx, str_from(indicators), &ind), RC_OK);
    return datasets_read(cx, yaml_with(cx, line, instead), ind, NULL, ret);
}

enum { NOTHING = 99, L_ID = 0, L_LICENCE = 3, L_CONTACT, L_EVERY, L_K, L_DIMS, L_WHAT };

static void it_is_read(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct dataset_list l;
    assert_int_equal(read_with(cx, NOTHING, "", &l), RC_OK);
    assert_int_equal(l.n, 1);
    const struct dataset *d = &l.v[0];
    assert_str(d->id, "permits");
    assert_string_equal(d->licence->id, "CC-BY-4.0");
    assert_true(d->every == TIME_MONTH && d->k == 5);
    assert_true(d->grain.time == TIME_MONTH && d->grain.area == AREA_DISTRICT);
    assert_false(d->grain.procedure || d->grain.channel);
    assert_true(d->event == EV_NONE && d->ncolumns == 1);
    assert_str(d->theme, "GOVE");
    assert_str(d->email, "a@b.vn");
}

/* What is not said has a meaning that is safe. */
static void what_is_left_out(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct dataset_list l;
    assert_int_equal(read_with(cx, L_K, "", &l), RC_OK);
    assert_int_equal(l.v[0].k, DATASET_K);
    assert_int_equal(read_with(cx, L_DIMS, "dimensions: {}", &l), RC_OK);
    assert_true(l.v[0].grain.time == TIME_ALL && l.v[0].grain.area == AREA_ALL);
}

static void lines_that_hold(void **state)
{
    static const struct {
        size_t line;
        const char *text;
    } rows[] = {
        {L_K, "k: 3"},
        {L_K, "k: 1000"},
        {L_LICENCE, "licence: ODbL-1.0"},
        {L_DIMS, "dimensions: {unit: unit, time: day, procedure: true, channel: true}"},
        {L_EVERY, "every: year"},
        {L_WHAT, "indicators: [done, days]"},
        {L_WHAT, "indicators: [open]"}, /* a stock a month, released by month */
        {L_WHAT, "events: {event: dossier.rated, columns: [score]}"},
        {L_WHAT,
         "events: {event: dossier.moved, if: 'ended && days > 2', columns: [days, late]}"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    struct dataset_list l;
    for (size_t i = 0; i < ROWS(rows); i++)
        if (read_with(cx, rows[i].line, rows[i].text, &l) != RC_OK)
            fail_msg("%s: %s %s", rows[i].text, cx->err.field, cx->err.detail);
}

static void lines_that_are_refused(void **state)
{
    static const struct {
        size_t line;
        const char *text, *rule;
    } rows[] = {
        {L_ID, "id: Permits", "P007"},
        {L_ID, "", "P004"},
        {L_LICENCE, "licence: MIT", "P180"},
        {L_LICENCE, "", "P004"},
        {L_CONTACT, "contact: {name: {vi: a, en: b}, email: nobody}", "P005"},
        {L_CONTACT, "contact: {name: {vi: a, en: b}, email: a b@c.vn}", "P005"},
        {L_CONTACT, "contact: {name: {vi: a}, email: a@b.vn}", "P006"},
        {L_EVERY, "", "P004"},
        {L_EVERY, "every: week", "P182"},
        {L_EVERY, "every: day", "P182"},
        {L_K, "k: 2", "P005"},
        {L_K, "k: 1001", "P005"},
        {L_K, "theme: CATS", "P005"},
        {L_K, "size: 5", "P003"},
        {L_DIMS, "dimensions: {unit: village}", "P182"},
        {L_DIMS, "dimensions: {time: quarter}", "P182"}, /* longer than the month */
        {L_DIMS, "dimensions: {time: decade}", "P182"},
        {L_DIMS, "dimensions: {person: true}", "P003"},
        {L_DIMS, "dimensions: {procedure: maybe}", "P005"},
        {L_DIMS, "", "P004"},
        {L_WHAT, "indicators: []", "P181"},
        {L_WHAT, "", "P181"},
        {L_WHAT, "indicators: [gone]", "P183"},
        {L_WHAT, "indicators: [7]", "P183"},
        {L_WHAT, "indicators: [fees]", "P184"},   /* how many paid is not known */
        {L_WHAT, "indicators: [spread]", "P184"}, /* nor who stands in a bucket */
        {L_WHAT, "indicators: [fibre]", "P184"},
        {L_WHAT, "indicators: [online]", "P184"},
        {L_WHAT, "events: {event: dossier.eaten, columns: [score]}", "P061"},
        {L_WHAT, "events: {event: account.added, columns: [score]}", "P061"},
        {L_WHAT, "events: {event: dossier.rated, columns: [name]}", "P183"},
        {L_WHAT, "events: {event: dossier.rated, columns: [procedure]}", "P183"},
        {L_WHAT, "events: {event: dossier.rated, columns: [channel]}", "P183"},
        {L_WHAT, "events: {event: dossier.rated, if: 'score', columns: [score]}", "P062"},
        {L_WHAT, "events: {event: dossier.rated, if: 'stars > 1', columns: [score]}", "P062"},
        {L_WHAT, "events: {event: dossier.rated}", "P004"},
    };
    struct ctx *cx = ctx_new(*state, NULL);
    struct dataset_list l;
    for (size_t i = 0; i < ROWS(rows); i++) {
        enum rc rc = read_with(cx, rows[i].line, rows[i].text, &l);
        if (rc != RC_PACK || strcmp(cx->err.field, rows[i].rule) != 0)
            fail_msg("%s: %s, not %s", rows[i].text, cx->err.field, rows[i].rule);
        ctx_clear(cx);
    }
}

/* With notes every mistake is told, not the first alone. */
static void all_mistakes(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    struct decl_notes *notes = arena_new_of(cx->mem, struct decl_notes);
    struct dataset_list l;
    struct json *y = NULL;
    const char *text =
        "datasets:\n"
        "  - {id: a, title: {vi: x, en: y}, about: {vi: x, en: y}, licence: no,\n"
        "     contact: {name: {vi: x, en: y}, email: no}, k: 1,\n"
        "     dimensions: {unit: no}, indicators: [no]}\n"
        "  - {id: a, title: {vi: x, en: y}, about: {vi: x, en: y},\n"
        "     licence: CC0-1.0, contact: {name: {vi: x, en: y}, email: a@b.vn},\n"
        "     dimensions: {}, events: {event: dossier.rated, columns: [score]}}\n";
    static const char *const rules[] = {"P005", "P180", "P182", "P183", "P009"};
    assert_int_equal(yaml_parse(cx, str_from(text), &y), RC_OK);
    assert_int_equal(datasets_read(cx, y, NULL, notes, &l), RC_OK);
    assert_int_equal(l.n, 2);
    for (size_t i = 0; i < ROWS(rules); i++) {
        bool told = false;
        for (size_t n = 0; n < notes->n; n++)
            told = told || strcmp(notes->v[n].field, rules[i]) == 0;
        if (!told)
            fail_msg("%s is not told", rules[i]);
    }
}

static void facts_have_types(void **state)
{
    struct ctx *cx = ctx_new(*state, NULL);
    assert_non_null(fact_scope(cx, EV_DOSSIER_MOVED));
    assert_null(fact_scope(cx, EV_ACCOUNT_ADDED));
    assert_true(fact_is_number(EV_DOSSIER_MOVED, STR("days")));
    assert_false(fact_is_number(EV_DOSSIER_MOVED, STR("late")));
    assert_true(fact_is_known(EV_DOSSIER_MOVED, STR("late")));
    assert_false(fact_is_known(EV_DOSSIER_RATED, STR("late")));
    assert_false(fact_is_known(EV_DOSSIER_MOVED, STR("")));
}

static void licences_have_texts(void **state)
{
    assert_null(licence_find(STR("")));
    assert_null(licence_find(STR_NULL));
    assert_null(licence_find(STR("cc-by-4.0"))); /* one spelling */
    assert_true(strncmp(licence_find(STR("CC0-1.0"))->url, "https://", 8) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(it_is_read),          UNIT(what_is_left_out),
        UNIT(lines_that_hold),     UNIT(lines_that_are_refused),
        UNIT(all_mistakes),        UNIT(facts_have_types),
        UNIT(licences_have_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
