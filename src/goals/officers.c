/* officers.c - how the officers of one unit handled their dossiers, for its own leaders alone.
 *
 * LAW: TT01/2018 15: officers are judged by the leader of their unit; the page is nobody else's,
 * not even of those above, and who tries is journalled as whoever is refused anywhere. */
#include <stdlib.h>

#include "goals/goals_priv.h"

#include "picture/picture.h"
#include "score/officers.h"

enum { YEAR_MIN = 2018, YEAR_MAX = 2100, YEARS_SHOWN = 12, QUARTERS = 4 };

struct question {
    const struct unit *unit;
    int year, quarter; /* 0: the whole year */
    struct period period;
};

const struct unit *unit_led(struct ctx *cx)
{
    for (size_t i = 0; cx->who && i < cx->who->ngrants; i++)
        if (cx->who->grants[i].role == ROLE_leader)
            return unit_of(cx, cx->who->grants[i].unit);
    return NULL;
}

/* Without a unit: the first that the asker leads. FORBIDDEN: who leads none. */
static enum rc question_read(struct ctx *cx, struct req *rq, struct question *ret)
{
    struct str code = req_str(rq, "unit");
    struct question q = {.unit = code.n ? unit_find(cx, code) : unit_led(cx),
                         .year = (int)req_int(rq, "year", civil_of(cx->now_us).year),
                         .quarter = (int)req_int(rq, "quarter", 0)};
    if (!q.unit)
        return code.n ? FAIL(cx, NOT_FOUND, "unit", "no such unit")
                      : FAIL(cx, FORBIDDEN, "unit", "leads no unit");
    int first = q.quarter ? q.quarter * 3 - 2 : 1, past = q.quarter ? q.quarter * 3 + 1 : 13;
    q.period.from = day_make(q.year, first, 1);
    q.period.to = past > 12 ? day_make(q.year + 1, 1, 1) : day_make(q.year, past, 1);
    *ret = q;
    return RC_OK;
}

static struct str officers_path(struct ctx *cx, const struct question *q, const char *page,
                                int year, int quarter)
{
    return str_fmt(cx->mem, "%s?unit=%.*s&year=%d&quarter=%d", page, STR_ARG(q->unit->code),
                   year, quarter);
}

static const struct {
    const char *key;
    bool is_number;
} columns[] = {{"name", false},   {"dossiers", true}, {"time", true},   {"contacts", true},
               {"offices", true}, {"manner", true},   {"graded", true}, {"grade", false}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct json *officers_table(struct ctx *cx, const struct officer_grades *g)
{
    struct json *t = table_new(cx);
    for (size_t i = 0; i < COLUMNS; i++) {
        struct str label = str_fmt(cx->mem, "officers.%s", columns[i].key);
        table_column(cx, t, columns[i].key, msg_get(cx->lang, label), columns[i].is_number);
    }
    for (size_t i = 0; i < g->n; i++) {
        const struct officer_grade *o = &g->v[i];
        struct json *row = table_row(cx, t);
        struct str grade = str_fmt(cx->mem, "score.officer.%s", officer_grade_name(o->graded));
        table_text(cx, row, o->name, STR(""));
        table_number(cx, row, number_text(cx, o->dossiers),
                     str_fmt(cx->mem, "%lld", (long long)o->dossiers));
        for (size_t k = 0; k < OFFICER_INDICES; k++)
            table_number(cx, row, score_text(cx, o->points[k]), table_raw(cx, o->points[k]));
        table_number(cx, row, score_text(cx, o->graded), table_raw(cx, o->graded));
        table_text(cx, row, msg_get(cx->lang, grade), STR(""));
    }
    table_stack(cx, t);
    return t;
}

static void time_put(struct ctx *cx, const struct question *q, int year, int quarter,
                     struct json *list)
{
    struct json *o = json_push(list, json_new_obj(cx->mem)), *args = json_new_obj(cx->mem);
    json_put_int(cx->mem, args, "year", year);
    json_put_int(cx->mem, args, "quarter", quarter);
    struct str key = quarter ? STR("officers.quarter") : STR("officers.year");
    json_put_str(cx->mem, o, "label", msg_fill(cx, key, args));
    json_put_str(cx->mem, o, "href", officers_path(cx, q, "/officers", year, quarter));
    json_put_bool(cx->mem, o, "is_now", year == q->year && quarter == q->quarter);
}

static int year_cmp(const void *a, const void *b)
{
    return *(const int *)b - *(const int *)a;
}

/* The years of which the node knows something, this one, and the one that is asked for. */
static enum rc times_put(struct ctx *cx, const struct question *q, struct json *v)
{
    int years[YEARS_SHOWN + 2];
    size_t n;
    struct json *list = json_put(v, STR("times"), json_new_arr(cx->mem));
    TRY(figure_years(cx, years, YEARS_SHOWN, &n));
    years[n++] = civil_of(cx->now_us).year;
    years[n++] = q->year;
    qsort(years, n, sizeof *years, year_cmp);
    for (size_t i = 0; i < n; i++)
        if (!i || years[i] != years[i - 1])
            time_put(cx, q, years[i], 0, list);
    for (int quarter = 1; quarter <= QUARTERS; quarter++)
        time_put(cx, q, q->year, quarter, list);
    return RC_OK;
}

enum rc get_officers(struct ctx *cx, struct req *rq)
{
    struct question q;
    struct officer_grades g;
    TRY(question_read(cx, rq, &q));
    TRY(officer_grades_get(cx, q.unit, q.period, &g));
    struct json *v = goals_view(cx, "officers.title", STR("/desk"));
    json_put(v, STR("table"), officers_table(cx, &g));
    json_put_str(cx->mem, v, "unit", unit_name(cx, q.unit));
    json_put_str(cx->mem, v, "from_text", day_text(cx->mem, q.period.from));
    json_put_str(cx->mem, v, "to_text", day_text(cx->mem, q.period.to - 1));
    json_put_bool(cx->mem, v, "has_officers", g.n > 0);
    json_put_str(cx->mem, v, "csv_href",
                 officers_path(cx, &q, "/officers.csv", q.year, q.quarter));
    TRY(times_put(cx, &q, v));
    return reply_page(cx, rq, "goals/officers", v);
}

enum rc get_officers_csv(struct ctx *cx, struct req *rq)
{
    struct question q;
    struct officer_grades g;
    struct str text;
    TRY(question_read(cx, rq, &q));
    TRY(officer_grades_get(cx, q.unit, q.period, &g));
    TRY(table_csv(cx, officers_table(cx, &g), &text));
    return reply_csv(cx, rq, STR("officers"), text);
}

const struct param officers_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "the unit that you lead"},
    {"year", IN_QUERY, P_INT, false, YEAR_MIN, YEAR_MAX, "this year when absent"},
    {"quarter", IN_QUERY, P_INT, false, 0, QUARTERS, "0: the whole year"},
    {0},
};
