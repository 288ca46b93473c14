/* figures.c - API: indicators and their figures. */
#include "api/api.h"

#include "measure/measure.h"
#include "text/i18n.h"

static struct json *indicator_json(struct ctx *cx, const struct indicator *ind)
{
    static const char *const units[] = {"count", "percent", "days", "score", "vnd"};
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "id", ind->id);
    json_put_str(cx->mem, o, "name", label_text(cx, ind->name));
    json_put_str(cx->mem, o, "about", label_text(cx, ind->about));
    json_put_str(cx->mem, o, "unit", str_from(units[ind->unit]));
    return o;
}

static enum rc indicators_get(struct ctx *cx, struct req *rq)
{
    size_t n;
    const struct indicator *const *all = indicator_all(cx, &n);
    struct json *out = json_new_obj(cx->mem);
    struct json *list = json_put(out, STR("indicators"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++)
        json_push(list, indicator_json(cx, all[i]));
    return reply_json(cx, rq, 200, out);
}

static void figure_put(struct ctx *cx, struct json *o, const struct indicator *ind,
                       const struct figure *f)
{
    json_put_int(cx->mem, o, "numerator", f->num);
    if (ind->unit != IND_COUNT)
        json_put_int(cx->mem, o, "denominator", f->den);
    json_put_str(cx->mem, o, "text", figure_text(cx, ind, f));
    json_put_int(cx->mem, o, "ledger_size", f->seq);
}

/* Without days: all of them. */
static enum rc slice_of(struct ctx *cx, struct req *rq, struct slice *ret)
{
    TRY(slice_read(cx, rq, (struct period){day_make(1970, 1, 1), INT32_MAX}, ret));
    ret->procedure = req_str(rq, "procedure");
    ret->channel = (int)req_int(rq, "channel", 0);
    return RC_OK;
}

/* Rows by what the request names; none when it names nothing. */
static enum rc rows_put(struct ctx *cx, struct req *rq, const struct indicator *ind,
                        const struct slice *s, struct json *o)
{
    static const char *const by[] = {"unit", "procedure", "day", "month"};
    enum { WAYS = sizeof by / sizeof *by };
    struct str want = req_str(rq, "by");
    struct figure_rows rows;
    size_t i = 0;
    while (want.p && i < WAYS && !str_eq(want, str_from(by[i])))
        i++;
    if (!want.p)
        return RC_OK;
    if (i == WAYS)
        return FAIL(cx, INVALID, "by", "not unit, procedure, day or month");
    TRY(figure_rows(cx, ind, s, (enum figure_by)i, &rows));
    struct json *list = json_put(o, STR("rows"), json_new_arr(cx->mem));
    for (size_t j = 0; j < rows.n; j++) {
        struct json *r = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, r, "key", rows.v[j].key);
        json_put_str(cx->mem, r, "label", rows.v[j].label);
        figure_put(cx, r, ind, &rows.v[j].f);
    }
    return RC_OK;
}

static enum rc indicator_get(struct ctx *cx, struct req *rq)
{
    const struct indicator *ind = indicator_find(cx, req_str(rq, "id"));
    struct slice s;
    struct figure f;
    if (!ind)
        return FAIL(cx, NOT_FOUND, "id", "no such indicator");
    TRY(slice_of(cx, rq, &s));
    TRY(figure_get(cx, ind, &s, &f));
    struct json *o = indicator_json(cx, ind);
    figure_put(cx, o, ind, &f);
    TRY(rows_put(cx, rq, ind, &s, o));
    return reply_json(cx, rq, 200, o);
}

static const struct param figure_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 80, "id of the indicator"},
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "with everything below it"},
    {"procedure", IN_QUERY, P_CODE, false, 1, 40, "only this procedure code"},
    {"channel", IN_QUERY, P_INT, false, 1, 3, "1 counter, 2 online, 3 post"},
    {"from", IN_QUERY, P_DATE, false, 0, 0, "first day"},
    {"to", IN_QUERY, P_DATE, false, 0, 0, "last day, included"},
    {"by", IN_QUERY, P_CODE, false, 1, 10, "rows by unit, procedure, day or month"},
    {0},
};

const struct route api_figure_routes[] = {
    {GET, "/api/v1/indicators", indicators_get, CAP_NONE, ROUTE_API, NULL, "indicators",
     "All indicators", NULL},
    {GET, "/api/v1/indicators/{id}", indicator_get, CAP_NONE, ROUTE_API, figure_params,
     "indicators", "A figure, with rows when asked", NULL},
    {0},
};
