/* apply.c - folds letter.issued into its table. */
#include "gen/letter_sql.h"
#include "letter/letter_priv.h"

/* The same bytes given twice are one letter: the first time counts. */
static enum rc letter_apply(struct ctx *cx, const struct event *ev)
{
    const struct json *f = ev->facts;
    if (ev->kind != EV_LETTER_ISSUED)
        return RC_OK;
    return sql_letter_put(cx, json_str(f, "digest"), json_str(f, "mark"), json_str(f, "form"),
                          json_str(f, "number"), json_str(f, "lang"), ev->subject, ev->unit.v,
                          json_int(f, "of", 0), ev->seq, ev->time_us, json_int(f, "size", 0));
}

static const char *const tables[] = {"letter", NULL};
const struct ledger_subscriber letter_subscriber = {"letter", letter_apply, tables};
