/* cmd_target.c - commands for figures that are entered, targets and alerts. */
#include "app/cli.h"

#include "app/figures/evidence.h"
#include "app/open.h"
#include "target/alert.h"
#include "target/load.h"
#include "target/period.h"
#include "target/target.h"
#include "text/i18n.h"

#define OPTION_DATA                                                                            \
    {                                                                                          \
        "--data", OPT_TEXT, false, "DIR", "data folder (default data)"                         \
    }
#define OPTION_JSON                                                                            \
    {                                                                                          \
        "--json", OPT_FLAG, false, NULL, "as JSON"                                             \
    }

/* --value in people's spelling, or --num with --den. */
static enum rc amount_of(struct ctx *cx, const struct args *a, const struct indicator *ind,
                         int64_t *num, int64_t *den)
{
    int64_t hundredths;
    *num = arg_int(a, "--num", 0);
    *den = arg_int(a, "--den", 0);
    if (arg_has(a, "--value") == arg_has(a, "--num"))
        return FAIL(cx, USAGE, "--value", "either --value or --num");
    if (arg_has(a, "--num"))
        return RC_OK;
    if (value_parse(arg_str(a, "--value"), LANG_VI, &hundredths) != VALUE_READ ||
        !value_split(ind, hundredths, num, den))
        return FAIL(cx, INVALID, "--value",
                    "not a value of this indicator as people write it: 18,3 or 1.234");
    return RC_OK;
}

/* -- figure enter, verify, import -- */

static const struct option_def enter_options[] = {
    {"indicator", OPT_TEXT, true, "INDICATOR", "one that is entered"},
    {"body", OPT_TEXT, true, "BODY", "code of a unit or of another agency"},
    {"period", OPT_TEXT, true, "PERIOD", "2025, 2025-H1, 2025-Q3 or 2025-06"},
    {"--value", OPT_TEXT, false, "V", "as people write it: 18,3 or 1.234"},
    {"--num", OPT_INT, false, "N", "numerator, instead of --value"},
    {"--den", OPT_INT, false, "N", "denominator"},
    {"--name", OPT_TEXT, false, "NAME", "the body's, when it is no unit of this node"},
    {"--method", OPT_TEXT, false, "TEXT", "how it was found; needed"},
    {"--note", OPT_TEXT, false, "TEXT",
     "its source, needed without evidence; why it is corrected"},
    {"--evidence", OPT_TEXT, false, "FILE", "an image or a PDF that shows it"},
    OPTION_DATA,
    {0},
};

static enum rc enter_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct str name = arg_str(a, "--name");
    struct entered_new e = {.indicator = arg_str(a, "indicator"),
                            .body = arg_str(a, "body"),
                            .body_name = name.p ? name : STR(""),
                            .method = arg_str(a, "--method"),
                            .note = arg_str(a, "--note")};
    struct file evidence;
    int64_t seq;
    TRY(data_open(cx, a, STORE_WRITE));
    const struct indicator *ind = indicator_find(cx, e.indicator);
    if (!ind)
        return FAIL(cx, NOT_FOUND, "indicator", "no such indicator");
    if (!period_parse(arg_str(a, "period"), &e.period))
        return FAIL(cx, USAGE, "period", "2025, 2025-H1, 2025-Q3 or 2025-06");
    TRY(amount_of(cx, a, ind, &e.num, &e.den));
    if (arg_has(a, "--evidence")) {
        TRY(evidence_store(cx, arg_str(a, "--evidence"), &evidence));
        e.evidence = &evidence;
    }
    TRY(figure_enter(cx, &e, &seq));
    TRY(db_commit(cx));
    printf("entered as event %lld\n", (long long)seq);
    return RC_OK;
}

static const struct option_def verify_options[] = {
    {"entry", OPT_INT, true, "ENTRY", "the event that brought the figure"},
    {"--value", OPT_TEXT, false, "V", "what was found"},
    {"--num", OPT_INT, false, "N", "numerator, instead of --value"},
    {"--den", OPT_INT, false, "N", "denominator"},
    {"--note", OPT_TEXT, false, "TEXT", "why it differs"},
    OPTION_DATA,
    {0},
};

static enum rc verify_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct verified_new v = {.seq = arg_int(a, "entry", -1), .note = arg_str(a, "--note")};
    struct entered e;
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(entered_by_seq(cx, v.seq, &e));
    const struct indicator *ind = indicator_find(cx, e.indicator);
    if (!ind)
        return FAIL(cx, NOT_FOUND, "entry", "its indicator is no longer declared");
    TRY(amount_of(cx, a, ind, &v.num, &v.den));
    TRY(figure_verify(cx, &v));
    TRY(db_commit(cx));
    printf("verified\n");
    return RC_OK;
}

static const struct option_def import_options[] = {
    {"file", OPT_TEXT, true, "FILE",
     "CSV: indicator,body,body_name,period,value,verified,method,note"},
    OPTION_DATA,
    {0},
};

static enum rc import_run(struct ctx *cx, const struct args *a, int *ret)
{
    enum { FILE_MAX = 1 << 20 };
    size_t n;
    TRY(data_open(cx, a, STORE_WRITE));
    FILE *f = fopen(str_z(cx->mem, arg_str(a, "file")), "rb");
    if (!f)
        return FAIL(cx, NOT_FOUND, "file", "cannot be opened");
    char *p = arena_alloc(cx->mem, FILE_MAX);
    size_t size = fread(p, 1, FILE_MAX, f);
    fclose(f);
    if (size == FILE_MAX)
        return FAIL(cx, TOO_LARGE, "file", "over %d bytes", FILE_MAX);
    TRY(figures_load(cx, str_n(p, size), &n));
    TRY(db_commit(cx));
    printf("%zu figures entered\n", n);
    return RC_OK;
}

/* -- figure owed -- */

static const struct option_def owed_options[] = {
    {"--unit", OPT_TEXT, false, "CODE", "what it and those below it owe"},
    OPTION_DATA,
    OPTION_JSON,
    {0},
};

static void owed_print(struct ctx *cx, const struct owed *o)
{
    printf("%-16.*s %-24.*s %-10.*s %-8.*s due %.*s%s, %d missing\n", STR_ARG(o->target.id),
           STR_ARG(o->target.ind->id), STR_ARG(o->target.decl->body),
           STR_ARG(period_id(cx->mem, o->period)), STR_ARG(day_iso(cx->mem, o->due)),
           o->is_overdue ? ", overdue" : "", o->missing);
}

static struct json *owed_json(struct ctx *cx, const struct owed *o)
{
    struct json *r = json_new_obj(cx->mem);
    json_put_str(cx->mem, r, "target", o->target.id);
    json_put_str(cx->mem, r, "indicator", o->target.ind->id);
    json_put_str(cx->mem, r, "body", o->target.decl->body);
    json_put_str(cx->mem, r, "period", period_id(cx->mem, o->period));
    json_put_str(cx->mem, r, "due", day_iso(cx->mem, o->due));
    json_put_bool(cx->mem, r, "overdue", o->is_overdue);
    json_put_int(cx->mem, r, "missing", o->missing);
    return r;
}

static enum rc owed_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct owed_list owed;
    struct str code = arg_str(a, "--unit");
    struct json *list = json_new_arr(cx->mem);
    TRY(data_open(cx, a, STORE_READ));
    const struct unit *u = code.p ? unit_find(cx, code) : NULL;
    if (code.p && !u)
        return FAIL(cx, NOT_FOUND, "--unit", "no such unit");
    TRY(target_owed(cx, u ? u->id : (struct unit_id){0}, &owed));
    for (size_t i = 0; i < owed.n; i++) {
        if (!arg_has(a, "--json"))
            owed_print(cx, &owed.v[i]);
        json_push(list, owed_json(cx, &owed.v[i]));
        if (owed.v[i].is_overdue)
            *ret = EXIT_FAULT;
    }
    if (arg_has(a, "--json"))
        print_json(cx, list);
    return RC_OK;
}

/* -- target list, alert list -- */

static const struct option_def list_options[] = {OPTION_DATA, {0}};

static enum rc target_list_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct target_list all;
    TRY(data_open(cx, a, STORE_READ));
    TRY(target_all(cx, &all));
    for (size_t i = 0; i < all.n; i++) {
        struct progress_line *p = arena_new_of(cx->mem, struct progress_line);
        TRY(target_progress(cx, &all.v[i], p));
        printf("%-16.*s %-10.*s %-9s %16.*s  %.*s\n", STR_ARG(all.v[i].id),
               STR_ARG(all.v[i].decl->body), target_state_name(p->state),
               STR_ARG(target_value_text(cx, &all.v[i], p->latest)),
               STR_ARG(target_promise_text(cx, &all.v[i])));
    }
    return RC_OK;
}

static const struct option_def judge_options[] = {OPTION_DATA, {0}};

static enum rc alerts_print(struct ctx *cx)
{
    struct alert_list all;
    TRY(alerts_find(cx, (struct unit_id){0}, true, &all));
    for (size_t i = 0; i < all.n; i++)
        printf("%-20.*s %-12.*s %-6.*s %lld.%02lld (%lld.%02lld) since %.*s\n",
               STR_ARG(all.v[i].ind->id), STR_ARG(all.v[i].unit->code), STR_ARG(all.v[i].rule),
               (long long)all.v[i].value / 100, (long long)all.v[i].value % 100,
               (long long)all.v[i].bound / 100, (long long)all.v[i].bound % 100,
               STR_ARG(time_iso(cx->mem, all.v[i].raised_us)));
    return RC_OK;
}

static enum rc alert_list_run(struct ctx *cx, const struct args *a, int *ret)
{
    TRY(data_open(cx, a, STORE_READ));
    return alerts_print(cx);
}

static enum rc judge_run(struct ctx *cx, const struct args *a, int *ret)
{
    size_t events;
    TRY(data_open(cx, a, STORE_WRITE));
    TRY(alerts_judge(cx, true, &events));
    TRY(db_commit(cx));
    printf("%zu changes\n", events);
    return alerts_print(cx);
}

const struct command target_commands[] = {
    {"figure enter", "enter a figure that no event gives", enter_options, enter_run},
    {"figure verify", "say what the authority above found", verify_options, verify_run},
    {"figure import", "enter many published figures from a list", import_options, import_run},
    {"figure owed", "figures that are owed, and by whom (1: something is overdue)",
     owed_options, owed_run},
    {"target list", "what bodies promised and how far they are", list_options, target_list_run},
    {"alert list", "figures that passed a bound or left their trend", list_options,
     alert_list_run},
    {"alert judge", "judge bounds and trends now", judge_options, judge_run},
    {0},
};
