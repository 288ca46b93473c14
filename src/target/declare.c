/* declare.c - targets.yaml, and which indicators are entered. */
#include "target/target_priv.h"

bool indicator_is_plain(const struct indicator *ind)
{
    return ind->unit == IND_COUNT;
}

bool indicator_is_entered(struct ctx *cx, const struct indicator *ind)
{
    const struct pack *p = pack_current(cx, ind->pack);
    const struct json *list = p ? json_get(p->indicators, STR("indicators")) : NULL;
    JSON_EACH (list, v)
        if (str_ends(ind->id, json_str(v, "id")) &&
            str_eq(json_str(v, "source"), STR("entered")))
            return true;
    return false;
}
