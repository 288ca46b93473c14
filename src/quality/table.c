/* table.c - what is published as tables: what a page shows is what its CSV says. */
#include "picture/picture.h"
#include "quality/quality_priv.h"
#include "text/i18n.h"

static void columns_put(struct ctx *cx, struct json *t, const char *const *keys, size_t n,
                        size_t ntext)
{
    for (size_t i = 0; i < n; i++) {
        struct str label = str_fmt(cx->mem, "quality.column.%s", keys[i]);
        table_column(cx, t, keys[i], msg_get(cx->lang, label), i >= ntext);
    }
}

static void figure_cell(struct ctx *cx, struct json *row, const struct json *figure)
{
    struct json *c = table_number(cx, row, json_str(figure, "text"), json_str(figure, "value"));
    if (json_str(figure, "href").n)
        json_put_str(cx->mem, c, "href", json_str(figure, "href"));
    if (json_bool(figure, "is_missed"))
        json_put_bool(cx->mem, c, "is_missed", true);
}

static void int_cell(struct ctx *cx, struct json *row, int64_t n)
{
    table_number(cx, row, number_text(cx, n), str_fmt(cx->mem, "%lld", (long long)n));
}

const char *const figures_shown[FIGURES_SHOWN] = {"received_online",
                                                  "received",
                                                  "done",
                                                  "on_time",
                                                  "rated_very_satisfied",
                                                  "rated_satisfied",
                                                  "rated_not_satisfied",
                                                  "clicks",
                                                  "uptime",
                                                  "p95",
                                                  "completion"};

/* A file has the code in a column, a page beside the name: a phone shows few columns. */
struct json *services_table(struct ctx *cx, const struct json *list, bool is_file)
{
    static const char *const texts[] = {"procedure", "service"};
    struct json *t = table_new(cx);
    columns_put(cx, t, texts + !is_file, 2 - !is_file, 2);
    columns_put(cx, t, figures_shown, FIGURES_SHOWN, 0);
    JSON_EACH (json_get(list, STR("services")), s) {
        struct json *row = table_row(cx, t);
        struct str code = json_str(s, "procedure");
        if (is_file)
            table_text(cx, row, code, STR(""));
        struct json *name = table_text(cx, row, json_str(s, "name"), json_str(s, "href"));
        json_put_bool(cx->mem, name, "is_name", true);
        if (!is_file)
            json_put_str(cx->mem, name, "note", code);
        for (size_t i = 0; i < FIGURES_SHOWN; i++)
            figure_cell(cx, row, json_get(s, str_from(figures_shown[i])));
    }
    if (!is_file)
        table_stack(cx, t);
    return t;
}

struct json *pages_table(struct ctx *cx, const struct json *list)
{
    static const char *const keys[] = {"page",  "site",   "seen", "status",
                                       "looks", "uptime", "p50",  "p95"};
    struct json *t = table_new(cx);
    columns_put(cx, t, keys, sizeof keys / sizeof *keys, 3);
    JSON_EACH (list, p) {
        struct json *row = table_row(cx, t);
        bool is_own = !json_str(p, "site").n;
        table_text(cx, row, json_str(p, "page"), is_own ? json_str(p, "page") : STR(""));
        table_text(cx, row, json_str(p, "site"), STR(""));
        table_text(cx, row, json_str(p, "seen_text"), STR(""));
        int64_t status = json_int(p, "status", 0);
        if (status)
            int_cell(cx, row, status);
        else
            table_number(cx, row, msg_get(cx->lang, STR("quality.silent")), STR("0"));
        int_cell(cx, row, json_int(json_get(p, STR("uptime")), "den", 0));
        figure_cell(cx, row, json_get(p, STR("uptime")));
        figure_cell(cx, row, json_get(p, STR("p50")));
        figure_cell(cx, row, json_get(p, STR("p95")));
    }
    table_stack(cx, t);
    return t;
}

struct json *days_table(struct ctx *cx, const struct json *list)
{
    static const char *const keys[] = {"day", "looks", "up", "uptime", "p50", "p95"};
    struct json *t = table_new(cx);
    columns_put(cx, t, keys, sizeof keys / sizeof *keys, 1);
    JSON_EACH (list, d) {
        struct json *row = table_row(cx, t);
        table_text(cx, row, json_str(d, "day_text"), STR(""));
        int_cell(cx, row, json_int(json_get(d, STR("uptime")), "den", 0));
        int_cell(cx, row, json_int(json_get(d, STR("uptime")), "num", 0));
        figure_cell(cx, row, json_get(d, STR("uptime")));
        figure_cell(cx, row, json_get(d, STR("p50")));
        figure_cell(cx, row, json_get(d, STR("p95")));
    }
    return t;
}

/* Seconds as people say them: "1 phút 20 giây" would need words; "80 s" needs none. */
static void seconds_cell(struct ctx *cx, struct json *row, int64_t s)
{
    if (s < 0)
        table_number(cx, row, STR("—"), STR(""));
    else
        table_number(cx, row, str_fmt(cx->mem, "%lld s", (long long)s),
                     str_fmt(cx->mem, "%lld", (long long)s));
}

/* "< 5": people were refused, so few that they might be told apart. */
static void hidden_cell(struct ctx *cx, struct json *row, int64_t n, int64_t small_number)
{
    if (n < 0)
        table_number(cx, row, str_fmt(cx->mem, "< %lld", (long long)small_number), STR(""));
    else
        int_cell(cx, row, n);
}

struct json *funnel_table(struct ctx *cx, const struct json *funnel, int64_t small_number)
{
    static const char *const keys[] = {"question", "reached",   "of_begun",
                                       "refused",  "abandoned", "half_seconds"};
    struct json *t = table_new(cx);
    int64_t begun = json_int(funnel, "begun", 0);
    columns_put(cx, t, keys, sizeof keys / sizeof *keys, 1);
    JSON_EACH (json_get(funnel, STR("pages")), p) {
        struct json *row = table_row(cx, t);
        int64_t reached = json_int(p, "reached", 0);
        int64_t share = begun ? reached * 10000 / begun : PICTURE_NONE;
        struct json *c = table_text(cx, row, json_str(p, "title"), STR(""));
        json_put_bool(cx->mem, c, "is_name", true);
        int_cell(cx, row, reached);
        table_number(cx, row, begun ? hundredths_text(cx, share, " %") : STR("—"),
                     table_raw(cx, share));
        hidden_cell(cx, row, json_int(p, "refused", -1), small_number);
        int_cell(cx, row, json_int(p, "abandoned", 0));
        seconds_cell(cx, row, json_int(p, "half_seconds", -1));
    }
    return t;
}

struct json *fields_table(struct ctx *cx, const struct json *funnel, int64_t small_number)
{
    static const char *const keys[] = {"field", "path", "refused"};
    struct json *t = table_new(cx);
    columns_put(cx, t, keys, sizeof keys / sizeof *keys, 2);
    JSON_EACH (json_get(funnel, STR("fields")), p) {
        struct json *row = table_row(cx, t);
        struct json *c = table_text(cx, row, json_str(p, "title"), STR(""));
        json_put_bool(cx->mem, c, "is_name", true);
        table_text(cx, row, json_str(p, "field"), STR(""));
        hidden_cell(cx, row, json_int(p, "refused", -1), small_number);
    }
    return t;
}

struct json *field_days_table(struct ctx *cx, const struct field_day *v, size_t n,
                              int64_t small_number)
{
    static const char *const keys[] = {"day", "path", "question", "refused"};
    struct json *t = table_new(cx);
    columns_put(cx, t, keys, sizeof keys / sizeof *keys, 3);
    for (size_t i = 0; i < n; i++) {
        struct json *row = table_row(cx, t);
        table_text(cx, row, day_iso(cx->mem, v[i].day), STR(""));
        table_text(cx, row, v[i].field, STR(""));
        table_text(cx, row, v[i].page, STR(""));
        hidden_cell(cx, row, v[i].refused, small_number);
    }
    return t;
}
