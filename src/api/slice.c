/* slice.c - which unit and which days an address asks figures of. */
#include "api/api.h"
#include "text/i18n.h"

static int32_t day_param(const struct req *rq, const char *name, int32_t absent)
{
    int32_t day;
    struct str s = req_str(rq, name);
    return s.p && day_parse(s, &day) ? day : absent;
}

/* 422 that says which field, and what is wrong with it. */
static enum rc order_refuse(struct ctx *cx, struct req *rq)
{
    struct json *rows = json_new_arr(cx->mem), *o = json_push(rows, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "field", STR("to"));
    json_put_str(cx->mem, o, "rule", STR("order"));
    json_put_str(cx->mem, o, "message", msg_get(cx->lang, STR("cockpit.wrong.to.order")));
    reply_errors(rq, rows);
    return FAIL(cx, INVALID, "to", "before the first day");
}

enum rc slice_read(struct ctx *cx, struct req *rq, struct period absent, struct slice *ret)
{
    struct str unit = req_str(rq, "unit");
    const struct unit *u = unit.p ? unit_find(cx, unit) : NULL;
    if (unit.p && !u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    int32_t to = day_param(rq, "to", absent.to - 1);
    int32_t from =
        absent.from == YEAR_OF_THE_END ? day_make(civil_of_day(to).year, 1, 1) : absent.from;
    *ret = (struct slice){.unit = u ? u->id : (struct unit_id){0},
                          .period = {day_param(rq, "from", from), to + 1}};
    return ret->period.to > ret->period.from ? RC_OK : order_refuse(cx, rq);
}
