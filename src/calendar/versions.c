/* versions.c - which calendar is in force: the last published one, by unit. */
#include "app/app.h"
#include "calendar/calendar_priv.h"
#include "calendar/version.h"
#include "gen/calendar_sql.h"
#include "ledger/ledger.h"
#include "page/embed.h"
#include "store/store.h"
#include "text/csv.h"
#include "unit/unit.h"

/* -- from text -- */

static enum rc embedded_text(struct ctx *cx, struct calendar_text *ret)
{
    const struct embed_file *f = embed_find(STR("demo/calendar.csv"));
    if (!f)
        return FAIL(cx, INTERNAL, NULL, "demo/calendar.csv is not embedded");
    *ret = (struct calendar_text){.version = 1, .csv = f->data};
    return csv_parse(cx, f->data, &ret->rows);
}

enum rc calendar_text(struct ctx *cx, struct calendar_text *ret)
{
    struct calendar_version_last_row *row = NULL;
    if (cx->app && cx->app->store)
        TRY(sql_calendar_version_last(cx, &row));
    if (!row)
        return embedded_text(cx, ret);
    struct hash digest = hash_of(row->csv);
    if (!str_eq(row->digest, str_n(digest.b, HASH_BYTES)))
        return FAIL(cx, CORRUPT, "calendar", "version %lld is not what was published",
                    (long long)row->version);
    *ret = (struct calendar_text){.version = row->version, .csv = row->csv};
    return csv_parse(cx, row->csv, &ret->rows);
}

enum rc calendar_draft(struct ctx *cx, struct calendar_text *ret)
{
    struct calendar_version_draft_row *row = NULL;
    TRY(sql_calendar_version_draft(cx, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "calendar", "nothing was imported");
    *ret = (struct calendar_text){.version = row->version, .csv = row->csv};
    return csv_parse(cx, row->csv, &ret->rows);
}

/* -- units with days of their own -- */

static bool units_have(const struct str *units, size_t n, struct str unit)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(units[i], unit))
            return true;
    return false;
}

static enum rc units_list(struct ctx *cx, const struct json *rows,
                          struct str units[CALENDAR_UNITS_MAX], size_t *n)
{
    JSON_EACH (rows, row) {
        struct str unit = json_str(row, "unit");
        if (!unit.n || units_have(units, *n, unit))
            continue;
        if (*n == CALENDAR_UNITS_MAX)
            return FAIL(cx, TOO_LARGE, "unit", "line %u: over %d units have days of their own",
                        row->line, CALENDAR_UNITS_MAX);
        units[(*n)++] = str_dup(cx->mem, unit);
    }
    return RC_OK;
}

/* The unit and those above it that have days of their own, from the top down. */
static size_t path_of(struct ctx *cx, struct str unit, const struct str *units, size_t n,
                      struct str path[UNIT_DEPTH_MAX + 1])
{
    struct str up[UNIT_DEPTH_MAX + 1];
    size_t depth = 0;
    const struct unit *u = cx->app && cx->app->units ? unit_find(cx, unit) : NULL;
    up[depth++] = unit;
    for (u = u ? u->parent : NULL; u && depth <= UNIT_DEPTH_MAX; u = u->parent)
        if (units_have(units, n, u->code))
            up[depth++] = u->code;
    for (size_t i = 0; i < depth; i++)
        path[i] = up[depth - 1 - i];
    return depth;
}

static enum rc version_build(struct ctx *cx, const struct calendar_text *text,
                             struct calendar **ret)
{
    struct calendar_rules rules;
    struct str units[CALENDAR_UNITS_MAX], path[UNIT_DEPTH_MAX + 1];
    struct calendar *cal;
    size_t n = 0;
    TRY(rules_of(cx, &rules));
    TRY(units_list(cx, text->rows, units, &n));
    TRY(calendar_build(cx, text->rows, &rules, NULL, 0, &cal));
    cal->version = text->version;
    struct calendar_variant *own = arena_array(cx->mem, struct calendar_variant, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct calendar *of;
        size_t depth = path_of(cx, units[i], units, n, path);
        TRY(calendar_build(cx, text->rows, &rules, path, depth, &of));
        of->version = text->version;
        own[i] = (struct calendar_variant){units[i], of};
    }
    cal->own = own;
    cal->nown = n;
    *ret = cal;
    return RC_OK;
}

/* -- in force -- */

/* Weekends alone are better than no date at all: only a broken build gets here. */
static struct calendar *calendar_plain(struct ctx *cx)
{
    struct calendar *cal = NULL;
    LOGE("calendar: %s", cx->err.detail);
    ctx_clear(cx);
    return calendar_load(cx, NULL, 900, &cal) == RC_OK ? cal : NULL;
}

enum rc calendar_open(struct ctx *cx, struct calendar **ret)
{
    struct calendar_text text;
    struct arena *mem = cx->mem;
    TRY(calendar_text(cx, &text));
    if (cx->app && cx->app->mem) /* it stays with the process */
        cx->mem = cx->app->mem;
    enum rc rc = version_build(cx, &text, ret);
    cx->mem = mem;
    return rc;
}

enum rc calendar_reload(struct ctx *cx)
{
    struct calendar_text text;
    TRY(calendar_text(cx, &text));
    if (cx->app->calendar && cx->app->calendar->version == text.version)
        return RC_OK;
    return calendar_open(cx, &cx->app->calendar);
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
    const struct calendar *cal = calendar_of(cx);
    for (; u && cal->nown; u = u->parent)
        for (size_t i = 0; i < cal->nown; i++)
            if (str_eq(cal->own[i].unit, u->code))
                return cal->own[i].cal;
    return cal;
}

/* -- a new version -- */

static enum rc columns_check(struct ctx *cx, const struct json *rows)
{
    static const char *const needed[] = {"day", "kind", "name"};
    if (!rows->n || rows->n > CALENDAR_ROWS_MAX)
        return FAIL(cx, INVALID, "file", "1 to %d days", CALENDAR_ROWS_MAX);
    for (size_t i = 0; i < 3; i++)
        if (!json_get(rows->first, str_from(needed[i])))
            return FAIL(cx, INVALID, "file", "no column %s", needed[i]);
    return RC_OK;
}

static enum rc names_check(struct ctx *cx, const struct json *rows)
{
    JSON_EACH (rows, row) {
        struct str unit = json_str(row, "unit"), name = json_str(row, "name");
        if (!name.n || !utf8_is(name) || utf8_len(name) > UNIT_NAME_MAX)
            return FAIL(cx, INVALID, "name", "line %u: 1 to %d characters", row->line,
                        UNIT_NAME_MAX);
        if (unit.n && !unit_find(cx, unit))
            return FAIL(cx, INVALID, "unit", "line %u: no unit %.*s", row->line,
                        STR_ARG(str_cut(unit, 0, UNIT_CODE_MAX)));
    }
    return RC_OK;
}

enum rc calendar_check(struct ctx *cx, struct str csv, struct calendar **ret)
{
    struct calendar_text text = {.version = calendar_of(cx)->version + 1, .csv = csv};
    if (csv.n > CALENDAR_BYTES_MAX)
        return FAIL(cx, TOO_LARGE, "file", "over %d bytes", CALENDAR_BYTES_MAX);
    TRY(csv_parse(cx, csv, &text.rows));
    TRY(columns_check(cx, text.rows));
    TRY(names_check(cx, text.rows));
    return version_build(cx, &text, ret);
}

enum rc calendar_import(struct ctx *cx, struct str csv, int64_t *version)
{
    struct calendar *cal;
    struct hash digest = hash_of(csv);
    struct json *rows;
    TRY(calendar_check(cx, csv, &cal));
    TRY(csv_parse(cx, csv, &rows));
    TRY(db_begin(cx));
    TRY(sql_calendar_draft_drop(cx));
    TRY(sql_calendar_draft_put(cx, cal->version, str_n(digest.b, HASH_BYTES), csv,
                               (int64_t)rows->n));
    *version = cal->version;
    return RC_OK;
}

enum rc calendar_publish(struct ctx *cx, int64_t *version)
{
    struct calendar_version_draft_row *row = NULL;
    struct event ev = {.kind = EV_CALENDAR_PUBLISHED, .time_us = cx->now_us};
    struct calendar *cal;
    TRY(db_begin(cx));
    TRY(sql_calendar_version_draft(cx, &row));
    if (!row)
        return FAIL(cx, NOT_FOUND, "calendar", "nothing was imported");
    TRY(calendar_check(cx, row->csv, &cal)); /* units may have ended since */
    TRY(sql_calendar_version_publish(cx, row->version, cx->now_us, INT64_MIN + 1));
    struct hash digest = hash_of(row->csv);
    ev.subject = row->version;
    ev.facts = json_new_obj(cx->mem);
    json_put_int(cx->mem, ev.facts, "version", row->version);
    json_put_str(cx->mem, ev.facts, "digest", hash_hex(cx->mem, &digest));
    json_put_int(cx->mem, ev.facts, "days", row->days);
    *version = row->version;
    return ledger_append(cx, &ev);
}

enum rc calendar_pending(struct ctx *cx, int64_t *version, int64_t *after)
{
    struct calendar_version_last_row *row = NULL;
    TRY(sql_calendar_version_last(cx, &row));
    *version = row && row->done_us == DB_NULL ? row->version : 0;
    *after = row ? row->after_id : 0;
    return RC_OK;
}

enum rc calendar_follow(struct ctx *cx, int64_t version, int64_t after, bool is_done)
{
    TRY(db_begin(cx));
    return sql_calendar_version_progress(cx, version, after, is_done ? cx->now_us : DB_NULL);
}
