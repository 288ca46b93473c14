/* decision.c - decisions of the demo province that announced its procedures: marked as made up. */
#include "demo/demo.h"
#include "page/embed.h"
#include "text/csv.h"

static enum rc row_take(struct ctx *cx, const struct json *row, struct pack_decision *d)
{
    int64_t before, after;
    int32_t today = day_of(cx->now_us);
    if (!str_int(json_str(row, "decided_before"), &before) ||
        !str_int(json_str(row, "effective_after"), &after))
        return FAIL(cx, INTERNAL, NULL, "demo/decisions.csv line %u", row->line);
    d->number = json_str(row, "number");
    d->day = today - (int32_t)before;
    d->effective = today + (int32_t)after;
    return RC_OK;
}

enum rc demo_decision(struct ctx *cx, struct str pack, const struct pack_decision **ret)
{
    const struct embed_file *f = embed_find(STR("demo/decisions.csv"));
    struct json *rows;
    *ret = NULL;
    if (!f)
        return FAIL(cx, INTERNAL, NULL, "demo/decisions.csv is not embedded");
    TRY(csv_parse(cx, f->data, &rows));
    JSON_EACH (rows, row) {
        struct pack_decision *d = arena_new_of(cx->mem, struct pack_decision);
        if (!str_eq(json_str(row, "pack"), pack))
            continue;
        TRY(row_take(cx, row, d));
        *ret = d;
    }
    return RC_OK;
}
