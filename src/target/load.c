/* load.c - published figures from a list: one event an entry, one more for what was verified. */
#include "target/load.h"

#include "target/target_priv.h"
#include "text/csv.h"

static enum rc value_read(struct ctx *cx, const struct json *row, const struct indicator *ind,
                          const char *column, int64_t *num, int64_t *den)
{
    int64_t v;
    if (!value_parse(json_str(row, column), &v) || !value_split(ind, v, num, den))
        return FAIL(cx, INVALID, column, "line %u: not a value", row->line);
    return RC_OK;
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
    TRY(figure_enter(cx, &e, &v.seq));
    if (!json_str(row, "verified").n)
        return RC_OK;
    TRY(value_read(cx, row, ind, "verified", &v.num, &v.den));
    return figure_verify(cx, &v);
}

enum rc figures_load(struct ctx *cx, struct str csv, size_t *n)
{
    struct json *rows;
    TRY(csv_parse(cx, csv, &rows));
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
