/* fuzz_csv.c - what is read can be written as cells and read again, the same. */
#include "fuzz/fuzz.h"

#include "text/csv.h"

static void put_row(struct buf *out, const struct json *row, bool names)
{
    JSON_EACH (row, cell) {
        struct str s = names ? cell->key : cell->s;
        if (cell != row->first)
            buf_putc(out, ',');
        buf_putc(out, '"');
        for (size_t i = 0; i < s.n; i++)
            buf_put(out, s.p[i] == '"' ? STR("\"\"") : str_n(s.p + i, 1));
        buf_putc(out, '"');
    }
    buf_putc(out, '\n');
}

static void fuzz_one(struct ctx *cx, struct str in)
{
    struct json *v, *again;
    if (csv_parse(cx, in, &v) != RC_OK || !v->first)
        return;
    struct buf *out = buf_new(cx->mem, 32u << 20);
    put_row(out, v->first, true);
    JSON_EACH (v, row)
        put_row(out, row, false);
    fuzz_must(csv_parse(cx, buf_str(out), &again) == RC_OK && json_equal(v, again));
    JSON_EACH (v->first, cell)
        csv_cell(out, cell->s);
}
