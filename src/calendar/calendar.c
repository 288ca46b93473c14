/* calendar.c - the table of working days, and looking it up. */
#include "calendar/calendar_priv.h"

#include "app/app.h"
#include "text/csv.h"
#include "page/embed.h"

#include <string.h>

static const char *const entry_names[] = {"holiday", "compensation", "makeup"};

enum { WEEKEND = 5, MINUTES_A_DAY = 24 * 60 };

static bool entry_parse(struct str s, enum calendar_entry *ret)
{
    for (size_t i = 0; i < sizeof entry_names / sizeof *entry_names; i++)
        if (str_eq(s, str_from(entry_names[i]))) {
            *ret = (enum calendar_entry)i;
            return true;
        }
    return false;
}

static void weekends_fill(struct calendar *cal)
{
    for (int32_t i = 0; i < CAL_DAYS; i++)
        cal->works[i] = day_weekday(CAL_FIRST + i) < WEEKEND;
}

static enum rc entry_add(struct ctx *cx, struct calendar *cal, const struct json *row,
                         bool *seen)
{
    enum calendar_entry kind;
    int32_t day;
    struct str text = json_str(row, "day"), name = json_str(row, "kind");
    if (!day_parse(text, &day) || day < CAL_FIRST || day >= CAL_FIRST + CAL_DAYS)
        return FAIL(cx, INVALID, "day", "line %u: not a day from 1990 to 2100: %.*s", row->line,
                    STR_ARG(str_cut(text, 0, 40)));
    if (!entry_parse(name, &kind))
        return FAIL(cx, INVALID, "kind", "line %u: not holiday, compensation or makeup: %.*s",
                    row->line, STR_ARG(str_cut(name, 0, 40)));
    if (seen[day - CAL_FIRST])
        return FAIL(cx, DUPLICATE, "day", "line %u: the day stands there already", row->line);
    if ((kind == CAL_MAKEUP) == (day_weekday(day) < WEEKEND) && kind != CAL_HOLIDAY)
        return FAIL(cx, INVALID, "kind", "line %u: %s", row->line,
                    kind == CAL_MAKEUP ? "a make-up day must be a Saturday or Sunday"
                                       : "a compensation must not be a weekend");
    seen[day - CAL_FIRST] = true;
    cal->works[day - CAL_FIRST] = kind == CAL_MAKEUP;
    return RC_OK;
}

/* From the table of days: how many work before each, and which day is the n-th. */
static void ranks_fill(struct calendar *cal)
{
    int32_t n = 0;
    for (int32_t i = 0; i < CAL_DAYS; i++) {
        cal->before[i] = (uint16_t)n;
        if (cal->works[i])
            cal->nth[n++] = (uint16_t)i;
    }
    cal->before[CAL_DAYS] = (uint16_t)n;
    cal->working = n;
}

enum rc calendar_load(struct ctx *cx, const struct json *rows, int64_t cutoff_minute,
                      struct calendar **ret)
{
    if (cutoff_minute < 0 || cutoff_minute > MINUTES_A_DAY)
        return FAIL(cx, INVALID, "cutoff_minute", "not a minute of the day");
    struct calendar *cal = arena_new_of(cx->mem, struct calendar);
    bool *seen = arena_array(cx->mem, bool, CAL_DAYS);
    cal->cutoff_us = cutoff_minute * MINUTE_US;
    weekends_fill(cal);
    JSON_EACH (rows, row)
        TRY(entry_add(cx, cal, row, seen));
    ranks_fill(cal);
    *ret = cal;
    return RC_OK;
}

enum rc calendar_open(struct ctx *cx, struct calendar **ret)
{
    const struct embed_file *f = embed_find(STR("demo/calendar.csv"));
    struct calendar *cal;
    struct json *rows;
    struct settings s;
    if (!f)
        return FAIL(cx, INTERNAL, NULL, "demo/calendar.csv is not embedded");
    TRY(csv_parse(cx, f->data, &rows));
    settings_default(&s);
    TRY(calendar_load(cx, rows, cx->app ? cx->app->settings.cutoff_minute : s.cutoff_minute,
                      &cal));
    /* the rows go with the caller's memory, the calendar stays with the process */
    *ret = arena_new_of(cx->app && cx->app->mem ? cx->app->mem : cx->mem, struct calendar);
    **ret = *cal;
    return RC_OK;
}

const struct calendar *calendar_of(struct ctx *cx)
{
    if (cx->app && cx->app->calendar)
        return cx->app->calendar;
    struct calendar *cal = NULL;
    if (calendar_open(cx, &cal) == RC_OK)
        return cal;
    /* Only a broken build gets here; weekends alone are better than no date at all. */
    LOGE("calendar: %s", cx->err.detail);
    ctx_clear(cx);
    if (calendar_load(cx, NULL, MINUTES_A_DAY, &cal) != RC_OK)
        return NULL;
    return cal;
}
