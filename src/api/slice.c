/* slice.c - which unit and which days an address asks figures of. */
#include "api/api.h"

static int32_t day_param(const struct req *rq, const char *name, int32_t absent)
{
    int32_t day;
    struct str s = req_str(rq, name);
    return s.p && day_parse(s, &day) ? day : absent;
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
    return ret->period.to > ret->period.from ? RC_OK
                                             : FAIL(cx, INVALID, "to", "before the first day");
}
