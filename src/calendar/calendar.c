/* calendar.c - the table of working days: made of rows, weekends and rules. */
#include "calendar/calendar_priv.h"

#include "app/app.h"

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

/* While a table is made: which row speaks for each day, and at which depth of the tree. */
struct making {
    struct calendar *cal;
    struct calendar_day *days;
    uint16_t *at; /* by row of the table: 1 + index into days; 0: a plain day */
    uint8_t *depth;
    size_t n;
    size_t hours, cutoff; /* 1 + the depth whose row said it; 0: as the rules were given */
};

static enum rc entry_read(struct ctx *cx, const struct json *row, struct calendar_day *ret)
{
    struct str text = json_str(row, "day"), name = json_str(row, "kind");
    if (!day_parse(text, &ret->day) || ret->day < CAL_FIRST || ret->day >= CAL_FIRST + CAL_DAYS)
        return FAIL(cx, INVALID, "day", "line %u: not a day from 1990 to 2100: %.*s", row->line,
                    STR_ARG(str_cut(text, 0, 40)));
    if (!entry_parse(name, &ret->kind))
        return FAIL(cx, INVALID, "kind",
                    "line %u: not holiday, compensation, makeup, hours or cutoff: %.*s",
                    row->line, STR_ARG(str_cut(name, 0, 40)));
    bool weekend = day_weekday(ret->day) >= WEEKEND;
    if (ret->kind != CAL_HOLIDAY && (ret->kind == CAL_MAKEUP) != weekend)
        return FAIL(cx, INVALID, "kind", "line %u: %s", row->line,
                    weekend ? "a compensation must not be a weekend"
                            : "a make-up day must be a Saturday or Sunday");
    ret->name = json_str(row, "name");
    return RC_OK;
}

/* Office hours or the cut-off, of every day. */
static enum rc rule_add(struct ctx *cx, struct making *m, const struct json *row, size_t depth)
{
    bool is_hours = str_eq(json_str(row, "kind"), STR("hours"));
    struct calendar_rules *rules = &m->cal->rules;
    struct str name = json_str(row, "name");
    size_t *said = is_hours ? &m->hours : &m->cutoff;
    if (!str_eq(json_str(row, "day"), STR("*")))
        return FAIL(cx, INVALID, "day", "line %u: hours and cutoff are of every day: *",
                    row->line);
    if (*said == depth + 1)
        return FAIL(cx, DUPLICATE, "day", "line %u: they stand there already", row->line);
    if (!(is_hours ? hours_parse(name, rules) : clock_parse(name, &rules->cutoff_us)))
        return FAIL(cx, INVALID, "name", "line %u: not %s: %.*s", row->line,
                    is_hours ? "07:00-11:00 13:00-17:00" : "15:00",
                    STR_ARG(str_cut(name, 0, 40)));
    *said = depth + 1;
    return RC_OK;
}

static bool is_rule(const struct json *row)
{
    struct str kind = json_str(row, "kind");
    return str_eq(kind, STR("hours")) || str_eq(kind, STR("cutoff"));
}

static enum rc entry_add(struct ctx *cx, struct making *m, const struct json *row, size_t depth)
{
    struct calendar_day d;
    TRY(entry_read(cx, row, &d));
    int32_t i = d.day - CAL_FIRST;
    if (m->at[i] && m->depth[i] == depth)
        return FAIL(cx, DUPLICATE, "day", "line %u: the day stands there already", row->line);
    if (!m->at[i])
        m->at[i] = (uint16_t)++m->n;
    m->days[m->at[i] - 1] = d;
    m->depth[i] = (uint8_t)depth;
    m->cal->works[i] = d.kind == CAL_MAKEUP;
    return RC_OK;
}

static enum rc rows_add(struct ctx *cx, struct making *m, const struct json *rows,
                        struct str unit, size_t depth)
{
    JSON_EACH (rows, row)
        if (str_eq(json_str(row, "unit"), unit) || (!unit.n && !json_str(row, "unit").n))
            TRY(is_rule(row) ? rule_add(cx, m, row, depth) : entry_add(cx, m, row, depth));
    return RC_OK;
}

/* In order, in memory of the calendar's own, names and all. */
static void days_keep(struct ctx *cx, struct making *m)
{
    struct calendar_day *days = arena_array(cx->mem, struct calendar_day, m->n + 1);
    for (int32_t i = 0; i < CAL_DAYS; i++) {
        if (!m->at[i])
            continue;
        struct calendar_day *d = &days[m->cal->ndays++];
        *d = m->days[m->at[i] - 1];
        d->name = d->name.n ? str_dup(cx->mem, d->name) : STR("");
    }
    m->cal->days = days;
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

static void week_fill(struct calendar *cal)
{
    for (int32_t i = 0; i < CAL_DAYS; i++)
        cal->works[i] = day_weekday(CAL_FIRST + i) < WEEKEND;
}

enum rc calendar_build(struct ctx *cx, const struct json *rows,
                       const struct calendar_rules *rules, const struct str *path, size_t npath,
                       struct calendar **ret)
{
    struct making m = {.cal = arena_new_of(cx->mem, struct calendar)};
    m.days = arena_array(cx->mem, struct calendar_day, (rows ? rows->n : 0) + 1);
    m.at = arena_array(cx->mem, uint16_t, CAL_DAYS);
    m.depth = arena_array(cx->mem, uint8_t, CAL_DAYS);
    m.cal->rules = *rules;
    week_fill(m.cal);
    TRY(rows_add(cx, &m, rows, STR(""), 0));
    for (size_t i = 0; i < npath; i++)
        TRY(rows_add(cx, &m, rows, path[i], i + 1));
    for (size_t i = 0; i < CAL_SPANS; i++)
        m.cal->day_us += m.cal->rules.to_us[i] - m.cal->rules.from_us[i];
    days_keep(cx, &m);
    ranks_fill(m.cal);
    *ret = m.cal;
    return RC_OK;
}

enum rc calendar_load(struct ctx *cx, const struct json *rows, int64_t cutoff_minute,
                      struct calendar **ret)
{
    struct calendar_rules rules;
    TRY(rules_of(cx, &rules));
    if (cutoff_minute < 0 || cutoff_minute > MINUTES_A_DAY)
        return FAIL(cx, INVALID, "cutoff_minute", "not a minute of the day");
    rules.cutoff_us = cutoff_minute * MINUTE_US;
    return calendar_build(cx, rows, &rules, NULL, 0, ret);
}

struct calendar *calendar_closed(struct ctx *cx, const struct calendar *cal,
                                 const int32_t *days, size_t n)
{
    struct calendar *copy = arena_new_of(cx->mem, struct calendar);
    *copy = *cal;
    for (size_t i = 0; i < n; i++)
        if (days[i] >= CAL_FIRST && days[i] < CAL_FIRST + CAL_DAYS)
            copy->works[days[i] - CAL_FIRST] = false;
    ranks_fill(copy);
    return copy;
}

int64_t calendar_version(const struct calendar *cal)
{
    return cal->version;
}

int64_t calendar_cutoff(const struct calendar *cal)
{
    return cal->rules.cutoff_us;
}

size_t calendar_hours(const struct calendar *cal, int32_t from[CALENDAR_SPANS],
                      int32_t to[CALENDAR_SPANS])
{
    size_t n = 0;
    for (size_t i = 0; i < CAL_SPANS; i++) {
        from[n] = (int32_t)(cal->rules.from_us[i] / MINUTE_US);
        to[n] = (int32_t)(cal->rules.to_us[i] / MINUTE_US);
        n += to[n] > from[n];
    }
    return n;
}
