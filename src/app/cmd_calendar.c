/* cmd_calendar.c - commands for days and dates: calendar, due, flow due. */
#include "app/cli.h"

#include "app/open.h"
#include "base/file.h"
#include "calendar/version.h"
#include "casework/casework.h"
#include "text/csv.h"
#include "text/i18n.h"
#include "text/yaml.h"

static const struct file_want list_want = {.field = "FILE", .most = CALENDAR_BYTES_MAX};

/* -- calendar show -- */

static const struct option_def show_options[] = {
    {"--year", OPT_INT, false, "Y", "days of that year only"},
    {"--unit", OPT_TEXT, false, "CODE", "with the days of that unit and those above it"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static bool row_is_for(struct ctx *cx, const struct json *row, const struct unit *u)
{
    struct str unit = json_str(row, "unit");
    for (; unit.n && u; u = u->parent)
        if (str_eq(unit, u->code))
            return true;
    return !unit.n;
}

static bool day_is_of(struct str day, int64_t year)
{
    int64_t y = 0;
    return !year || str_eq(day, STR("*")) || (str_int(str_cut(day, 0, 4), &y) && y == year);
}

static void day_print(const struct json *row, const char *sign)
{
    struct str unit = json_str(row, "unit");
    printf("%s%.*s  %-13.*s%.*s%s%.*s\n", sign, STR_ARG(json_str(row, "day")),
           STR_ARG(json_str(row, "kind")), STR_ARG(json_str(row, "name")), unit.n ? "  @" : "",
           STR_ARG(unit));
}

static void fault_print(const struct json *f)
{
    bool lacks = str_eq(json_str(f, "fault"), STR("lacks"));
    bool tet = str_eq(json_str(f, "holiday"), STR("tet"));
    printf("! %.*s  %s %s\n", STR_ARG(json_str(f, "day")),
           tet ? "Tết (1/1 âm lịch)" : "Giỗ Tổ Hùng Vương (10/3 âm lịch)",
           lacks ? "is not a holiday in this version" : "is not that day by the moon");
}

static struct json *of_year(struct ctx *cx, const struct json *list, int64_t year,
                            const struct unit *u)
{
    struct json *out = json_new_arr(cx->mem);
    JSON_EACH (list, v)
        if (day_is_of(json_str(v, "day"), year) && row_is_for(cx, v, u))
            json_push(out, json_copy(cx->mem, v));
    return out;
}

static enum rc show_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct calendar_text text;
    struct str code = arg_str(a, "--unit");
    TRY(data_open(cx, a, STORE_READ));
    const struct unit *u = code.p ? unit_find(cx, code) : NULL;
    if (code.p && !u)
        return FAIL(cx, NOT_FOUND, "--unit", "no unit %.*s", STR_ARG(code));
    TRY(calendar_text(cx, &text));
    int64_t year = arg_int(a, "--year", 0);
    struct json *days = of_year(cx, text.rows, year, u);
    struct json *faults = of_year(cx, calendar_lunar_faults(cx, text.rows), year, u);
    *ret = faults->n ? EXIT_FAULT : EXIT_DONE;
    if (arg_has(a, "--json")) {
        struct json *o = json_new_obj(cx->mem);
        json_put_int(cx->mem, o, "version", text.version);
        json_put(o, STR("days"), days);
        json_put(o, STR("lunar"), faults);
        print_json(cx, o);
        return RC_OK;
    }
    printf("version %lld\n", (long long)text.version);
    JSON_EACH (days, d)
        day_print(d, "");
    JSON_EACH (faults, f)
        fault_print(f);
    return RC_OK;
}

/* -- calendar import, publish -- */

static const struct option_def import_options[] = {
    {"file", OPT_TEXT, true, "FILE",
     "CSV: day,kind,name and perhaps unit; `*,hours,07:00-11:00 13:00-17:00` and "
     "`*,cutoff,16:00` are of every day"},
    {"--dry-run", OPT_FLAG, false, NULL, "compare only: what changes, how many dates move"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc moves_count(struct ctx *cx, struct calendar *cal)
{
    struct recompute r = {.after = INT64_MIN + 1, .is_dry = true};
    struct calendar *now = cx->app->calendar;
    cx->app->calendar = cal;
    enum rc rc = RC_OK;
    while (rc == RC_OK && !r.is_done)
        rc = dossiers_recompute(cx, 0, &r);
    cx->app->calendar = now;
    TRY(rc);
    printf("%lld open dossiers, %lld with a date that moves, %lld with a reminder only\n",
           (long long)r.seen, (long long)r.moved, (long long)r.reminders);
    return RC_OK;
}

static enum rc import_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct str csv;
    struct calendar_text old;
    struct calendar *cal;
    struct json *rows;
    int64_t version;
    bool dry = arg_has(a, "--dry-run");
    TRY(data_open(cx, a, dry ? STORE_READ : STORE_WRITE));
    TRY(file_read(cx, arg_str(a, "file"), &list_want, &csv));
    TRY(calendar_check(cx, csv, &cal));
    TRY(csv_parse(cx, csv, &rows));
    TRY(calendar_text(cx, &old));
    JSON_EACH (calendar_diff(cx, old.rows, rows), d)
        day_print(d, str_eq(json_str(d, "sign"), STR("+")) ? "+ " : "- ");
    JSON_EACH (calendar_lunar_faults(cx, rows), f)
        fault_print(f);
    if (dry)
        return moves_count(cx, cal);
    TRY(calendar_import(cx, csv, &version));
    TRY(db_commit(cx));
    printf("imported as version %lld; `motcua calendar publish` brings it into force\n",
           (long long)version);
    return RC_OK;
}

static const struct option_def data_only[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {0},
};

static enum rc dates_follow(struct ctx *cx, int64_t after)
{
    struct progress p = {.what = "dates"};
    struct recompute r = {.after = after};
    int64_t all = 0;
    TRY(dossiers_open_count(cx, &all));
    while (!r.is_done) {
        TRY(dossiers_recompute(cx, 0, &r));
        progress_show(&p, r.seen < all ? r.seen : all, all);
    }
    printf(
        "%lld open dossiers, %lld told of another date, %lld with another reminder, %lld could "
        "not be read\n",
        (long long)r.seen, (long long)r.moved, (long long)r.reminders, (long long)r.broken);
    return RC_OK;
}

static enum rc publish_run(struct ctx *cx, const struct args *a, int *ret)
{
    int64_t version, after;
    TRY(data_open(cx, a, STORE_WRITE));
    enum rc rc = calendar_publish(cx, &version);
    if (rc == RC_NOT_FOUND) { /* the last one may not have come to its end */
        db_rollback(cx);
        TRY(calendar_pending(cx, &version, &after));
        if (!version)
            return rc;
        ctx_clear(cx);
        return dates_follow(cx, after);
    }
    TRY(rc);
    TRY(db_commit(cx));
    TRY(calendar_reload(cx));
    printf("version %lld is in force\n", (long long)version);
    return dates_follow(cx, INT64_MIN + 1);
}

/* -- due -- */

/* The day, as pages say it: its end is not the next day's midnight. Of hours: the minute. */
static struct str due_words(struct ctx *cx, const struct json *e)
{
    struct budget b = {0};
    int64_t at = 0;
    if (!budget_parse(json_str(e, "budget"), &b) || b.unit != 'h' ||
        !time_parse(json_str(e, "due_time"), &at))
        return json_str(e, "due");
    struct str iso = time_iso(cx->mem, at);
    return str_fmt(cx->mem, "%.*s %.*s", 10, iso.p, 5, iso.p + 11);
}

static void explain_print(struct ctx *cx, const struct json *e)
{
    JSON_EACH (json_get(e, STR("days")), d) {
        static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
        int64_t n = json_int(d, "n", 0), minutes = json_int(d, "minutes", 0);
        char count[24] = "", time[48] = "";
        if (n)
            snprintf(count, sizeof count, "%lld", (long long)n);
        if (minutes)
            snprintf(time, sizeof time, "%lld:%02lld", (long long)minutes / 60,
                     (long long)minutes % 60);
        printf("  %.*s %s %3s %5s %-12.*s %.*s\n", STR_ARG(json_str(d, "day")),
               names[json_int(d, "weekday", 0) % 7], count, time, STR_ARG(json_str(d, "kind")),
               STR_ARG(json_str(d, "name")));
    }
    printf("  due %.*s (%.*s, calendar version %lld)\n", STR_ARG(due_words(cx, e)),
           STR_ARG(json_str(e, "budget")), (long long)json_int(e, "version", 0));
}

static const struct option_def due_options[] = {
    {"code", OPT_TEXT, true, "CODE", "of a dossier"},
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

static enum rc due_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct dossier *d;
    struct json *o;
    TRY(data_open(cx, a, STORE_READ));
    TRY(dossier_find(cx, arg_str(a, "code"), &d));
    TRY(dossier_due_explain(cx, d, &o));
    JSON_EACH (json_get(o, STR("clocks")), c) /* reasons are the applicant's to read */
        JSON_EACH (json_get(c, STR("was")), w)
            json_del(w, STR("reason"));
    if (arg_has(a, "--json")) {
        print_json(cx, o);
        return RC_OK;
    }
    JSON_EACH (json_get(o, STR("clocks")), c) {
        const struct json *e = json_get(c, STR("explain"));
        printf("%.*s: %.*s%s%s%s\n", STR_ARG(json_str(c, "id")), STR_ARG(due_words(cx, e)),
               json_bool(c, "stopped") ? ", stopped" : "",
               json_bool(c, "paused") ? ", paused" : "", json_bool(c, "late") ? ", late" : "");
        if (json_bool(c, "paused"))
            printf("  %.*s\n", STR_ARG(json_str(c, "standing_text")));
        explain_print(cx, e);
        JSON_EACH (json_get(c, STR("was")), w)
            printf("  was %.*s until %.*s: %.*s\n", STR_ARG(json_str(w, "due_old")),
                   STR_ARG(json_str(w, "time")), STR_ARG(json_str(w, "cause")));
    }
    return RC_OK;
}

/* -- flow due: no database -- */

static const struct option_def flow_due_options[] = {
    {"flow", OPT_TEXT, true, "FLOW", "a flow.yaml"},
    {"--received", OPT_TEXT, true, "T",
     "when the clock started: 2026-08-27T10:00+07:00 or a day"},
    {"--pause", OPT_TEXT, false, "A..B", "waiting for the applicant; several with commas"},
    {"--calendar", OPT_TEXT, false, "FILE", "CSV of days off (default: the embedded one)"},
    {"--clock", OPT_TEXT, false, "ID", "of the flow (default: its first)"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

/* "2026-08-27T10:00" is in Viet Nam's time, with or without seconds and offset; a day alone is
 * its first minute. */
static enum rc moment_parse(struct ctx *cx, struct str s, const char *option, int64_t *ret)
{
    enum { DAY = 10, MINUTE = 16, SECOND = 19 }; /* characters up to there */
    struct str text = str_trim(s);
    if (text.n == DAY)
        text = str_join(cx->mem, text, STR("T00:00"));
    if (text.n > MINUTE &&
        (text.p[MINUTE] == '+' || text.p[MINUTE] == '-' || text.p[MINUTE] == 'Z'))
        text = str_fmt(cx->mem, "%.*s:00%.*s", MINUTE, text.p, STR_ARG(str_skip(text, MINUTE)));
    if (text.n == MINUTE || text.n == SECOND)
        text = str_fmt(cx->mem, "%.*s%s+07:00", STR_ARG(text), text.n == 16 ? ":00" : "");
    if (!time_parse(text, ret))
        return FAIL(cx, USAGE, option, "not a moment: %.*s", STR_ARG(str_cut(s, 0, 40)));
    return RC_OK;
}

static enum rc pauses_parse(struct ctx *cx, struct str s, struct pause p[PAUSES_MAX], size_t *n)
{
    while (s.n) {
        struct str one, from;
        s = str_split(s, ',', &one);
        struct str to = str_split(one, '.', &from);
        if (*n == PAUSES_MAX || to.n < 2 || to.p[0] != '.')
            return FAIL(cx, USAGE, "--pause", "A..B, at most %d with commas", PAUSES_MAX);
        TRY(moment_parse(cx, from, "--pause", &p[*n].from_us));
        TRY(moment_parse(cx, str_skip(to, 1), "--pause", &p[*n].to_us));
        if (p[*n].to_us < p[*n].from_us)
            return FAIL(cx, USAGE, "--pause", "it ends before it begins: %.*s", STR_ARG(one));
        ++*n;
    }
    return RC_OK;
}

/* Only the clocks are looked at: forms and packs are not needed to count days. */
static enum rc budget_of(struct ctx *cx, const struct args *a, struct budget *ret)
{
    struct str text, id = arg_str(a, "--clock");
    struct json *yaml;
    TRY(file_read(cx, arg_str(a, "flow"), &list_want, &text));
    TRY(yaml_parse(cx, text, &yaml));
    const struct json *clocks = json_get(yaml, STR("clocks"));
    const struct json *c = id.p ? json_get(clocks, id) : clocks ? clocks->first : NULL;
    if (!c)
        return FAIL(cx, NOT_FOUND, "--clock", "the flow has no such clock");
    if (!budget_parse(json_str(c, "budget"), ret))
        return FAIL(cx, INVALID, "budget", "%.*s", STR_ARG(json_str(c, "budget")));
    ret->is_same_day = str_eq(json_str(yaml, "cd_end"), STR("same_day"));
    return RC_OK;
}

static enum rc calendar_given(struct ctx *cx, const struct args *a, const struct calendar **ret)
{
    struct str csv;
    struct json *rows;
    struct calendar *cal;
    struct settings s;
    settings_default(&s);
    *ret = calendar_of(cx);
    if (!arg_has(a, "--calendar"))
        return RC_OK;
    TRY(file_read(cx, arg_str(a, "--calendar"), &list_want, &csv));
    TRY(csv_parse(cx, csv, &rows));
    TRY(calendar_load(cx, rows, s.cutoff_minute, &cal));
    *ret = cal;
    return RC_OK;
}

static enum rc flow_due_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct pause pauses[PAUSES_MAX];
    struct due_question q = {.pauses = pauses, .now_us = cx->now_us};
    const struct calendar *cal;
    struct json *o;
    TRY(budget_of(cx, a, &q.budget));
    TRY(calendar_given(cx, a, &cal));
    TRY(moment_parse(cx, arg_str(a, "--received"), "--received", &q.start_us));
    if (arg_has(a, "--pause"))
        TRY(pauses_parse(cx, arg_str(a, "--pause"), pauses, &q.npauses));
    TRY(calendar_explain(cx, cal, &q, &o));
    if (arg_has(a, "--json"))
        print_json(cx, o);
    else
        explain_print(cx, o);
    return RC_OK;
}

const struct command calendar_commands[] = {
    {"calendar show", "days off and make-up days in force, and what the moon says of them",
     show_options, show_run},
    {"calendar import", "check a list of days and keep it for publishing", import_options,
     import_run},
    {"calendar publish", "bring the imported days into force; running dates follow", data_only,
     publish_run},
    {"due", "why a dossier is due when it is, day by day", due_options, due_run},
    {"flow due", "when a flow's time runs out, without a database", flow_due_options,
     flow_due_run},
    {0},
};
