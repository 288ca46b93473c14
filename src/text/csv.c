/* csv.c - comma-separated values in and out. */
#include "text/csv.h"

#include <string.h>

struct csv {
    struct ctx *cx;
    struct str text;
    size_t at;
    uint32_t line;
    char *cells; /* the cells' bytes: together never longer than the text */
    struct str names[CSV_COLS_MAX];
    size_t cols;
};

static enum rc refuse(struct csv *c, const char *why)
{
    return FAIL(c->cx, MALFORMED, NULL, "CSV line %u: %s", c->line, why);
}

static bool at_end(const struct csv *c)
{
    return c->at == c->text.n;
}

/* A line ends with LF or CR LF; the end of the text is one too. */
static bool at_line_end(const struct csv *c)
{
    struct str rest = str_skip(c->text, c->at);
    return rest.n == 0 || rest.p[0] == '\n' || str_starts(rest, STR("\r\n"));
}

static enum rc quoted(struct csv *c, struct str *ret)
{
    char *p = c->cells;
    for (c->at++; !at_end(c); c->at++) {
        char ch = c->text.p[c->at];
        bool pair = ch == '"' && str_starts(str_skip(c->text, c->at), STR("\"\""));
        if (ch == '"' && !pair)
            break;
        c->at += pair;
        c->line += ch == '\n';
        *p++ = ch;
    }
    if (at_end(c))
        return refuse(c, "a quote is not closed");
    c->at++;
    if (!at_line_end(c) && c->text.p[c->at] != ',')
        return refuse(c, "text after a closing quote");
    *ret = str_n(c->cells, (size_t)(p - c->cells));
    c->cells = p;
    return RC_OK;
}

static enum rc plain(struct csv *c, struct str *ret)
{
    char *p = c->cells;
    for (; !at_line_end(c) && c->text.p[c->at] != ','; c->at++) {
        char ch = c->text.p[c->at];
        if (ch == '"' || ch == '\r')
            return refuse(c, "a quote or carriage return in a cell that is not quoted");
        *p++ = ch;
    }
    *ret = str_n(c->cells, (size_t)(p - c->cells));
    c->cells = p;
    return RC_OK;
}

/* One line of cells; leaves `at` on the next line. */
static enum rc read_row(struct csv *c, struct str cells[CSV_COLS_MAX], size_t *ret)
{
    for (size_t n = 0;;) {
        if (n == CSV_COLS_MAX)
            return refuse(c, "too many columns");
        bool quote = !at_end(c) && c->text.p[c->at] == '"';
        TRY(quote ? quoted(c, &cells[n]) : plain(c, &cells[n]));
        n++;
        if (at_line_end(c)) {
            *ret = n;
            break;
        }
        c->at++; /* the comma */
    }
    if (!at_end(c))
        c->at += c->text.p[c->at] == '\r' ? 2 : 1;
    c->line++;
    return RC_OK;
}

static enum rc read_names(struct csv *c)
{
    if (at_end(c))
        return refuse(c, "no column names");
    TRY(read_row(c, c->names, &c->cols));
    c->line = 1;
    for (size_t i = 0; i < c->cols; i++) {
        if (c->names[i].n == 0)
            return refuse(c, "a column without a name");
        for (size_t k = 0; k < i; k++)
            if (str_eq(c->names[i], c->names[k]))
                return refuse(c, "two columns of one name");
    }
    c->line = 2;
    return RC_OK;
}

static enum rc add_row(struct csv *c, struct json *rows)
{
    struct str cells[CSV_COLS_MAX];
    uint32_t line = c->line;
    size_t n = 0;
    TRY(read_row(c, cells, &n));
    if (n != c->cols)
        return FAIL(c->cx, MALFORMED, NULL, "CSV line %u: %zu cells where the head has %zu",
                    line, n, c->cols);
    if (rows->n == CSV_ROWS_MAX)
        return FAIL(c->cx, TOO_LARGE, NULL, "CSV: over %d rows", CSV_ROWS_MAX);
    struct json *row = json_push(rows, json_new_obj(c->cx->mem));
    row->line = line;
    for (size_t i = 0; i < n; i++) {
        struct json *cell = json_push(row, json_new_str(c->cx->mem, cells[i]));
        cell->key = c->names[i];
        cell->line = line;
    }
    return RC_OK;
}

enum rc csv_parse(struct ctx *cx, struct str text, struct json **ret)
{
    if (text.n > CSV_BYTES_MAX)
        return FAIL(cx, TOO_LARGE, NULL, "CSV of %zu bytes", text.n);
    if (!utf8_is(text) || (text.n && memchr(text.p, 0, text.n)))
        return FAIL(cx, MALFORMED, NULL, "CSV is not UTF-8 text");
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_skip(text, 3);
    struct csv c = {.cx = cx, .text = text, .line = 1};
    c.cells = arena_alloc(cx->mem, text.n + 1);
    TRY(read_names(&c));
    struct json *rows = json_new_arr(cx->mem);
    while (!at_end(&c))
        TRY(add_row(&c, rows));
    *ret = rows;
    return RC_OK;
}

/* -1.5 is a number, -1+cmd|… is not. */
static bool is_negative_number(struct str s)
{
    struct str head, tail = str_split(s, '.', &head);
    int64_t i;
    return str_int(head, &i) && (!tail.p || (tail.n && tail.p[0] != '-' && str_int(tail, &i)));
}

void csv_cell(struct buf *out, struct str s)
{
    bool formula = s.n && strchr("=+-@\t\r", s.p[0]) && !is_negative_number(s);
    bool quote = formula;
    for (size_t i = 0; i < s.n; i++)
        quote |= s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
    if (!quote) {
        buf_put(out, s);
        return;
    }
    buf_put(out, formula ? STR("\"'") : STR("\""));
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_putc(out, '"');
        buf_putc(out, s.p[i]);
    }
    buf_putc(out, '"');
}
