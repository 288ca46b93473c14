/* scorecards.c - API: scorecards and what they say of a unit. */
#include "api/api.h"

#include "score/officers.h"

static enum rc scorecards_get(struct ctx *cx, struct req *rq)
{
    const struct scorecard *all[SCORECARDS_MAX];
    size_t n = score_all(cx, all);
    struct json *out = json_new_obj(cx->mem);
    struct json *list = json_put(out, STR("scorecards"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++)
        json_push(list, scorecard_json(cx, all[i]));
    return reply_json(cx, rq, 200, out);
}

/* Without days: this year so far; without a unit: the highest. */
static enum rc slice_of(struct ctx *cx, struct req *rq, struct slice *ret)
{
    const struct unit *root = unit_root(cx);
    TRY(slice_read(cx, rq, (struct period){YEAR_OF_THE_END, day_of(cx->now_us) + 1}, ret));
    if (!ret->unit.v && root)
        ret->unit = root->id;
    return RC_OK;
}

static enum rc scorecard_get(struct ctx *cx, struct req *rq)
{
    const struct scorecard *card = score_find(cx, req_str(rq, "id"));
    struct slice s;
    struct json *out;
    if (!card)
        return FAIL(cx, NOT_FOUND, "id", "no such scorecard");
    TRY(slice_of(cx, rq, &s));
    TRY(score_json(cx, card, &s, &out));
    return reply_json(cx, rq, 200, out);
}

/* For the leaders of that very unit: how its officers handled their dossiers. */
static enum rc officers_get(struct ctx *cx, struct req *rq)
{
    struct slice s;
    struct json *out;
    TRY(slice_of(cx, rq, &s));
    const struct unit *u = unit_of(cx, s.unit);
    if (!u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    TRY(officer_grades_json(cx, u, s.period, &out));
    return reply_json(cx, rq, 200, out);
}

static const struct param officers_params[] = {
    {"unit", IN_QUERY, P_CODE, true, 3, UNIT_CODE_MAX, "the unit that you lead"},
    {"from", IN_QUERY, P_DATE, false, 0, 0, "first day; 1 January of the last day's year"},
    {"to", IN_QUERY, P_DATE, false, 0, 0, "last day, included; today"},
    {0},
};

static const struct param scorecard_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 80, "id of the scorecard, or the pack's id@version"},
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "with everything below it"},
    {"from", IN_QUERY, P_DATE, false, 0, 0, "first day; 1 January of the last day's year"},
    {"to", IN_QUERY, P_DATE, false, 0, 0, "last day, included; today"},
    {0},
};

const struct route api_scorecard_routes[] = {
    {GET, "/api/v1/scorecards", scorecards_get, CAP_NONE, ROUTE_API, NULL, "scorecards",
     "All scorecards", NULL},
    {GET, "/api/v1/scorecards/{id}", scorecard_get, CAP_NONE, ROUTE_API, scorecard_params,
     "scorecards", "What a scorecard says of a unit in a period", NULL},
    {GET, "/api/v1/officers/grades", officers_get, CAP_FIGURES, ROUTE_API | ROUTE_NO_STORE,
     officers_params, "scorecards", "Officers by Circular 01/2018, for their own leaders",
     NULL},
    {0},
};
