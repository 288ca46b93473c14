/* cmd_score.c - commands for scorecards: list, show. */
#include "app/cli.h"

#include "score/score.h"

static const struct option_def list_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc list_run(struct ctx *cx, const struct args *a, int *ret)
{
    const struct scorecard *all[SCORECARDS_MAX];
    TRY(data_open(cx, a, STORE_READ));
    size_t n = score_all(cx, all);
    struct json *out = json_new_arr(cx->mem);
    for (size_t i = 0; i < n; i++) {
        struct json *o = json_push(out, scorecard_json(cx, all[i]));
        if (!arg_has(a, "--json"))
            printf("%-16.*s %-24.*s %8.*s  %.*s\n", STR_ARG(json_str(o, "id")),
                   STR_ARG(json_str(o, "ref")), STR_ARG(json_str(o, "points_text")),
                   STR_ARG(json_str(o, "name")));
    }
    if (arg_has(a, "--json"))
        print_json(cx, out);
    return RC_OK;
}

static const struct option_def show_options[] = {
    {"id", OPT_TEXT, true, "ID", "the scorecard, or its pack as ID@VERSION"},
    {"--unit", OPT_TEXT, false, "CODE", "with everything below it (default: the topmost)"},
    {"--from", OPT_TEXT, false, "DAY", "first day (default 1 January)"},
    {"--to", OPT_TEXT, false, "DAY", "last day, included (default today)"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc day_arg(struct ctx *cx, const struct args *a, const char *name, int32_t absent,
                       int32_t *ret)
{
    struct str s = arg_str(a, name);
    *ret = absent;
    if (s.p && !day_parse(s, ret))
        return FAIL(cx, USAGE, name, "a day is YYYY-MM-DD");
    return RC_OK;
}

static enum rc slice_of(struct ctx *cx, const struct args *a, struct slice *ret)
{
    struct str code = arg_str(a, "--unit");
    const struct unit *u = code.p ? unit_find(cx, code) : unit_root(cx);
    int32_t to;
    if (code.p && !u)
        return FAIL(cx, NOT_FOUND, "--unit", "no unit %.*s", STR_ARG(str_cut(code, 0, 40)));
    *ret = (struct slice){.unit = u ? u->id : (struct unit_id){0}};
    TRY(day_arg(cx, a, "--to", day_of(cx->now_us), &to));
    ret->period.to = to + 1;
    TRY(day_arg(cx, a, "--from", day_make(civil_of_day(to).year, 1, 1), &ret->period.from));
    if (ret->period.to <= ret->period.from)
        return FAIL(cx, USAGE, "--to", "before the first day");
    return RC_OK;
}

static void row_print(const struct json *o)
{
    int64_t indent = 2 * json_int(o, "depth", 0);
    printf("%*s%-6.*s %8.*s / %-8.*s %-18.*s %.*s\n", (int)indent, "",
           STR_ARG(json_str(o, "id")), STR_ARG(json_str(o, "got_text")),
           STR_ARG(json_str(o, "points_text")), STR_ARG(json_str(o, "value_text")),
           STR_ARG(json_str(o, "name")));
    struct str state = json_str(o, "state_text");
    if (state.n)
        printf("%*s       %.*s\n", (int)indent, "", STR_ARG(state));
}

static void sheet_print(const struct json *o)
{
    printf("%.*s\n%.*s, %.*s - %.*s\n", STR_ARG(json_str(o, "name")),
           STR_ARG(json_str(o, "unit")), STR_ARG(json_str(o, "from")),
           STR_ARG(json_str(o, "to")));
    JSON_EACH (json_get(o, STR("nodes")), row)
        row_print(row);
    printf("%.*s / %.*s  %.*s\n", STR_ARG(json_str(o, "got_text")),
           STR_ARG(json_str(o, "points_text")), STR_ARG(json_str(o, "grade")));
}

static enum rc show_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct slice s;
    struct json *out;
    TRY(data_open(cx, a, STORE_READ));
    const struct scorecard *card = score_find(cx, arg_str(a, "id"));
    if (!card)
        return FAIL(cx, NOT_FOUND, "id", "no scorecard %.*s",
                    STR_ARG(str_cut(arg_str(a, "id"), 0, 80)));
    TRY(slice_of(cx, a, &s));
    TRY(score_json(cx, card, &s, &out));
    if (arg_has(a, "--json"))
        print_json(cx, out);
    else
        sheet_print(out);
    return RC_OK;
}

const struct command score_commands[] = {
    {"scorecard list", "print the scorecards of the published packs", list_options, list_run},
    {"scorecard show", "what a scorecard says of a unit", show_options, show_run},
    {0},
};
