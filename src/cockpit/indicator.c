/* indicator.c - one figure: by unit, procedure and month; as CSV; and the dossiers behind it. */
#include "cockpit/cockpit_priv.h"
#include "store/store.h"
#include "text/csv.h"

enum { CSV_MAX = 1 << 20, DAYS_SHOWN = 62, PAGE_ROWS = 50 };

const char *page_of(struct ctx *cx, const struct indicator *ind, const char *below)
{
    return str_fmt(cx->mem, "/figures/%.*s%s", STR_ARG(ind->id), below).p;
}

/* A short period by day, a long one by month. */
static enum figure_by time_of(const struct asked *a)
{
    return a->slice.period.to - a->slice.period.from <= DAYS_SHOWN ? BY_DAY : BY_MONTH;
}

static struct str csv_path(struct ctx *cx, const struct asked *a, const struct indicator *ind,
                           const char *by)
{
    struct str path = asked_path(cx, a, page_of(cx, ind, "/csv"), NULL);
    return str_fmt(cx->mem, "%.*s&by=%s", STR_ARG(path), by);
}

/* A stock's months: what stood at the end of each, not what came and went in it. */
static enum rc rows_get(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                        enum figure_by by, struct figure_rows *ret)
{
    TRY(figure_rows(cx, ind, &a->slice, by, ret));
    bool adds = ind->is_stock && (by == BY_DAY || by == BY_MONTH);
    for (size_t i = 1; adds && i < ret->n; i++)
        ret->v[i].f.num += ret->v[i - 1].f.num;
    return RC_OK;
}

static enum rc part_put(struct ctx *cx, const struct indicator *ind, const struct asked *a,
                        enum figure_by by, struct json *view)
{
    static const char *const names[] = {"by_unit", "by_procedure", "by_time", "by_time"};
    static const char *const csv[] = {"unit", "procedure", "day", "month"};
    static const char *const columns[] = {"cockpit.unit", "cockpit.procedure", "cockpit.day",
                                          "cockpit.month"};
    struct figure_rows rows;
    TRY(rows_get(cx, ind, a, by, &rows));
    struct json *p = json_put(view, str_from(names[by]), json_new_obj(cx->mem));
    bool is_time = by == BY_DAY || by == BY_MONTH;
    for (size_t i = 0; is_time && i < rows.n; i++)
        rows.v[i].label = when_text(cx, rows.v[i].key);
    json_put(p, STR("rows"),
             rows_view(cx, ind, a, &rows, by == BY_UNIT ? page_of(cx, ind, "") : NULL));
    json_put(p, STR("picture"),
             is_time ? figures_columns(cx, ind, &rows) : figures_bars(cx, ind, &rows));
    json_put_bool(cx->mem, json_get(p, STR("picture")), "is_columns", is_time);
    json_put_str(cx->mem, p, "column", msg_get(cx->lang, str_from(columns[by])));
    json_put_bool(cx->mem, p, "has_rows", rows.n > 0);
    json_put_bool(cx->mem, p, "has_picture", rows.n > 1 || is_time);
    json_put_str(cx->mem, p, "csv_href", csv_path(cx, a, ind, csv[by]));
    return RC_OK;
}

enum rc get_indicator(struct ctx *cx, struct req *rq)
{
    struct asked a;
    const struct indicator *ind;
    struct json *v = json_new_obj(cx->mem);
    TRY(page_begin(cx, rq, TAB_FIGURE, &a, &ind, v));
    TRY(part_put(cx, ind, &a, BY_UNIT, v));
    TRY(part_put(cx, ind, &a, BY_PROCEDURE, v));
    TRY(part_put(cx, ind, &a, ind->is_stock ? BY_MONTH : time_of(&a), v));
    json_put_bool(cx->mem, v, "is_stock", ind->is_stock);
    return reply_page(cx, rq, "cockpit/indicator", v);
}

/* -- CSV -- */

static void csv_line(struct ctx *cx, struct buf *b, const struct indicator *ind,
                     const struct figure_row *r)
{
    int64_t v = figure_value(ind, &r->f);
    csv_cell(b, r->key);
    buf_putc(b, ',');
    csv_cell(b, r->label);
    buf_fmt(b, ",%lld,", (long long)r->f.num);
    if (ind->unit != IND_COUNT)
        buf_fmt(b, "%lld", (long long)r->f.den);
    buf_putc(b, ',');
    if (v != DB_NULL)
        buf_fmt(b, "%s%lld.%02lld", v < 0 ? "-" : "", (long long)(v < 0 ? -v : v) / 100,
                (long long)(v < 0 ? -v : v) % 100);
    buf_fmt(b, ",%lld\r\n", (long long)r->f.seq);
}

enum rc get_csv(struct ctx *cx, struct req *rq)
{
    static const char *const names[] = {"unit", "procedure", "day", "month"};
    struct asked a;
    const struct indicator *ind;
    struct figure_rows rows;
    enum figure_by by = BY_UNIT;
    TRY(question_read(cx, rq, &a, &ind));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(req_str(rq, "by"), str_from(names[i])))
            by = (enum figure_by)i;
    TRY(rows_get(cx, ind, &a, by, &rows));
    struct buf *b = buf_new(cx->mem, CSV_MAX);
    buf_put(b, STR("key,label,numerator,denominator,value,ledger_size\r\n"));
    for (size_t i = 0; i < rows.n; i++)
        csv_line(cx, b, ind, &rows.v[i]);
    if (b->over)
        return FAIL(cx, TOO_LARGE, "by", "over %d bytes", CSV_MAX);
    return reply_csv(cx, rq, str_fmt(cx->mem, "%.*s-%s", STR_ARG(ind->id), names[by]),
                     buf_str(b));
}

/* -- the dossiers behind it -- */

static bool may_look(struct ctx *cx, const struct asked *a)
{
    return a->unit && cx->who && who_can(cx, cx->who, CAP_FIGURES, a->unit->id);
}

/* An officer who may look elsewhere is led there. */
static void own_put(struct ctx *cx, const struct asked *a, const char *page, struct json *v)
{
    for (size_t i = 0; cx->who && i < cx->who->ngrants; i++) {
        const struct unit *u = unit_of(cx, cx->who->grants[i].unit);
        if (!u || !who_can(cx, cx->who, CAP_FIGURES, u->id))
            continue;
        json_put_str(cx->mem, v, "own_href", asked_path(cx, a, page, u));
        json_put_str(cx->mem, v, "own_unit", unit_name(cx, u));
        return;
    }
}

static enum rc behind_put(struct ctx *cx, struct req *rq, const struct indicator *ind,
                          const struct asked *a, struct json *v)
{
    struct json *behind;
    TRY(figure_dossiers(cx, ind, &a->slice, req_int(rq, "after", -1), PAGE_ROWS, &behind));
    JSON_EACH (json_get(behind, STR("rows")), r) {
        struct unit_id u = {json_int(r, "unit_id", 0)};
        json_put_bool(cx->mem, r, "can_open", who_can(cx, cx->who, CAP_CASE_READ, u));
    }
    int64_t next = json_int(behind, "next", -1);
    struct str path = asked_path(cx, a, page_of(cx, ind, "/dossiers"), NULL);
    json_put_str(cx->mem, v, "next_href",
                 next < 0
                     ? STR("")
                     : str_fmt(cx->mem, "%.*s&after=%lld", STR_ARG(path), (long long)next));
    json_put_bool(cx->mem, v, "has_rows", json_get(behind, STR("rows"))->n > 0);
    bool is_partial = json_bool(behind, "is_partial");
    bool of_services = json_bool(behind, "of_services"); /* no page of them sees more */
    json_put_bool(cx->mem, v, "goes_on", next >= 0 && is_partial && !of_services);
    json_put_bool(cx->mem, v, "is_cut", next < 0 && is_partial && !of_services);
    json_put_bool(cx->mem, v, "is_cut_services", is_partial && of_services);
    json_put(v, STR("behind"), behind);
    return RC_OK;
}

enum rc get_dossiers(struct ctx *cx, struct req *rq)
{
    struct asked a;
    const struct indicator *ind;
    struct json *v = json_new_obj(cx->mem);
    TRY(question_read(cx, rq, &a, &ind));
    asked_put(cx, &a, page_of(cx, ind, "/dossiers"), v);
    json_put_str(cx->mem, v, "title", label_text(cx, ind->name));
    json_put_str(cx->mem, v, "back", asked_path(cx, &a, page_of(cx, ind, ""), NULL));
    TRY(cards_put(cx, &ind, 1, &a, json_put(v, STR("cards"), json_new_arr(cx->mem))));
    json_put_bool(cx->mem, v, "may_look", may_look(cx, &a));
    json_put_bool(cx->mem, v, "is_ratio", ind->unit == IND_PERCENT);
    if (may_look(cx, &a))
        TRY(behind_put(cx, rq, ind, &a, v));
    else
        own_put(cx, &a, page_of(cx, ind, "/dossiers"), v);
    return reply_page(cx, rq, "cockpit/dossiers", v);
}

#define PARAM_ID                                                                               \
    {                                                                                          \
        "id", IN_PATH, P_CODE, true, 1, 80, "id of the indicator"                              \
    }
const struct param indicator_params[] = {PARAM_ID, PARAMS_ASKED, {0}};
const struct param csv_params[] = {
    PARAM_ID,
    PARAMS_ASKED,
    {"by", IN_QUERY, P_CODE, false, 1, 10, "unit procedure day month (default unit)"},
    {0},
};
const struct param dossiers_params[] = {
    PARAM_ID,
    PARAMS_ASKED,
    {"after", IN_QUERY, P_INT, false, -1, INT64_MAX, "where the last page ended"},
    {0},
};
