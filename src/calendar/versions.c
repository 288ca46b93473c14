/* versions.c - which calendar is in force: the last published one, by unit. */
#include "app/app.h"
#include "calendar/calendar_priv.h"
#include "page/embed.h"
#include "text/csv.h"

/* Weekends alone are better than no date at all. */
static struct calendar *calendar_plain(struct ctx *cx)
{
    struct calendar *cal = NULL;
    LOGE("calendar: %s", cx->err.detail);
    ctx_clear(cx);
    if (calendar_load(cx, NULL, 900, &cal) != RC_OK)
        return NULL;
    return cal;
}

static enum rc embedded_load(struct ctx *cx, struct calendar **ret)
{
    const struct embed_file *f = embed_find(STR("demo/calendar.csv"));
    struct calendar_rules rules;
    struct json *rows;
    if (!f)
        return FAIL(cx, INTERNAL, NULL, "demo/calendar.csv is not embedded");
    TRY(rules_of(cx, &rules));
    TRY(csv_parse(cx, f->data, &rows));
    TRY(calendar_build(cx, rows, &rules, NULL, 0, ret));
    (*ret)->version = 1;
    return RC_OK;
}

enum rc calendar_open(struct ctx *cx, struct calendar **ret)
{
    struct arena *mem = cx->mem;
    if (cx->app && cx->app->mem) /* it stays with the process */
        cx->mem = cx->app->mem;
    enum rc rc = embedded_load(cx, ret);
    cx->mem = mem;
    return rc;
}

const struct calendar *calendar_of(struct ctx *cx)
{
    if (cx->app && cx->app->calendar)
        return cx->app->calendar;
    struct calendar *cal = NULL;
    return calendar_open(cx, &cal) == RC_OK ? cal : calendar_plain(cx);
}

const struct calendar *calendar_for(struct ctx *cx, const struct unit *u)
{
    (void)u;
    return calendar_of(cx);
}
