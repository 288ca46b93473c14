/* load.c - published figures from a list: one event an entry, one more for what was verified. */
#include "target/load.h"

#include "target/target_priv.h"
#include "text/csv.h"

static enum rc value_read(struct ctx *cx, const struct json *row, const struct indicator *ind,
                          const char *column, int64_t *num, int64_t *den)
{
    int64_t v;
    if (value_parse(json_str(row, column), LANG_VI, &v) != VALUE_READ ||
        !value_split(ind, v, num, den))
        return FAIL(cx, INVALID, column, "line %u: not a value", row->line);
    return RC_OK;
}

/* What is wrong with one row is told with its line. */
static enum rc row_told(struct ctx *cx, const struct json *row, enum rc rc)
{
    struct err was = cx->err;
    if (rc != RC_INVALID)
        return rc;
    ctx_clear(cx);
    return FAIL(cx, INVALID, was.field, "line %u: %s", row->line, was.detail);
}

static enum rc row_load(struct ctx *cx, const struct json *row, const struct indicator *ind)
{
    struct entered_new e = {.indicator = ind->id,
                            .body = json_str(row, "body"),
                            .body_name = json_str(row, "body_name"),
                            .method = json_str(row, "method"),
                            .note = json_str(row, "note")};
    struct verified_new v = {.note = e.note};
    if (!period_parse(json_str(row, "period"), &e.period))
        return FAIL(cx, INVALID, "period", "line %u", row->line);
    TRY(value_read(cx, row, ind, "value", &e.num, &e.den));
    TRY(row_told(cx, row, figure_enter(cx, &e, &v.seq)));
    if (!json_str(row, "verified").n)
        return RC_OK;
    TRY(value_read(cx, row, ind, "verified", &v.num, &v.den));
    return row_told(cx, row, figure_verify(cx, &v));
}

/* A list of something else would pass over every row and enter nothing. */
static enum rc columns_check(struct ctx *cx, const struct json *row)
{
    static const char *const columns[] = {"indicator", "body", "period", "value"};
    for (size_t i = 0; row && i < sizeof columns / sizeof *columns; i++)
        if (!json_get(row, str_from(columns[i])))
            return FAIL(cx, INVALID, "file", "no column %s", columns[i]);
    return RC_OK;
}

enum rc figures_load(struct ctx *cx, struct str csv, size_t *n)
{
    struct json *rows;
    TRY(csv_parse(cx, csv, &rows));
    TRY(columns_check(cx, rows->first));
    if (rows->n > LOAD_ROWS_MAX)
        return FAIL(cx, TOO_LARGE, "file", "over %d rows", LOAD_ROWS_MAX);
    *n = 0;
    JSON_EACH (rows, row) {
        const struct indicator *ind = indicator_find(cx, json_str(row, "indicator"));
        if (!ind)
            continue;
        TRY(row_load(cx, row, ind));
        ++*n;
    }
    return RC_OK;
}
