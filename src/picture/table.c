/* table.c - the table that says what a picture shows, and the same as CSV. */
#include "picture/picture_priv.h"
#include "text/csv.h"

struct json *table_new(struct ctx *cx)
{
    struct json *t = json_new_obj(cx->mem);
    json_put(t, STR("columns"), json_new_arr(cx->mem));
    json_put(t, STR("rows"), json_new_arr(cx->mem));
    json_put_bool(cx->mem, t, "has_rows", false);
    return t;
}

void table_column(struct ctx *cx, struct json *t, const char *key, struct str label,
                  bool is_number)
{
    struct json *c = json_push(json_get(t, STR("columns")), json_new_obj(cx->mem));
    json_put_str(cx->mem, c, "key", str_from(key));
    json_put_str(cx->mem, c, "label", label);
    json_put_bool(cx->mem, c, "is_number", is_number);
}

void table_stack(struct ctx *cx, struct json *t)
{
    const struct json *columns = json_get(t, STR("columns"));
    json_put_bool(cx->mem, t, "is_stack", true);
    JSON_EACH (json_get(t, STR("rows")), row) {
        const struct json *column = columns->first;
        JSON_EACH (json_get(row, STR("cells")), cell) {
            if (!column)
                break;
            json_put_str(cx->mem, cell, "heading", json_str(column, "label"));
            column = column->next;
        }
    }
}

struct json *table_row(struct ctx *cx, struct json *t)
{
    struct json *row = json_push(json_get(t, STR("rows")), json_new_obj(cx->mem));
    json_put(row, STR("cells"), json_new_arr(cx->mem));
    json_put_bool(cx->mem, t, "has_rows", true);
    return row;
}

/* Every name that the template asks for stands in the cell: names are looked up outwards. */
static struct json *cell_put(struct ctx *cx, struct json *row, struct str text, struct str href)
{
    struct json *list = json_get(row, STR("cells"));
    struct json *c = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, c, "text", text);
    json_put_str(cx->mem, c, "href", href);
    json_put_bool(cx->mem, c, "is_head", list->n == 1);
    json_put_bool(cx->mem, c, "is_number", false);
    json_put_bool(cx->mem, c, "is_name", false);
    json_put_bool(cx->mem, c, "is_small", false);
    json_put_bool(cx->mem, c, "is_missed", false);
    json_put_bool(cx->mem, c, "has_share", false);
    json_put_str(cx->mem, c, "note", STR(""));
    return c;
}

struct json *table_text(struct ctx *cx, struct json *row, struct str text, struct str href)
{
    struct json *c = cell_put(cx, row, text, href);
    json_put_bool(cx->mem, c, "is_name", json_get(row, STR("cells"))->n <= 2);
    json_put_str(cx->mem, c, "raw", text);
    return c;
}

struct json *table_number(struct ctx *cx, struct json *row, struct str text, struct str raw)
{
    struct json *c = cell_put(cx, row, text, STR(""));
    json_put_bool(cx->mem, c, "is_number", true);
    json_put_str(cx->mem, c, "raw", raw);
    return c;
}

struct str table_raw(struct ctx *cx, int64_t hundredths)
{
    if (hundredths == PICTURE_NONE)
        return STR("");
    int64_t v = hundredths < 0 ? -hundredths : hundredths;
    return str_fmt(cx->mem, "%s%lld.%02lld", hundredths < 0 ? "-" : "", (long long)(v / 100),
                   (long long)(v % 100));
}

/* A number is written as it is: csv_cell would shield its sign from spreadsheets. */
static void line_put(struct buf *b, const struct json *cells, const char *name)
{
    JSON_EACH (cells, c) {
        if (c != cells->first)
            buf_putc(b, ',');
        if (json_bool(c, "is_number"))
            buf_put(b, json_str(c, name));
        else
            csv_cell(b, json_str(c, name));
    }
    buf_put(b, STR("\r\n"));
}

enum rc table_csv(struct ctx *cx, const struct json *t, struct str *ret)
{
    struct buf *b = buf_new(cx->mem, TABLE_BYTES_MAX);
    line_put(b, json_get(t, STR("columns")), "key");
    JSON_EACH (json_get(t, STR("rows")), row)
        line_put(b, json_get(row, STR("cells")), "raw");
    if (b->over)
        return FAIL(cx, TOO_LARGE, "csv", "over %d bytes", TABLE_BYTES_MAX);
    *ret = buf_str(b);
    return RC_OK;
}
