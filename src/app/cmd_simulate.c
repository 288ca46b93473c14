/* cmd_simulate.c - the command `simulate`: what would happen with other staff, arrivals, order. */
#include "app/cli.h"

#include <sys/stat.h>

#include "simulate/forecast.h"
#include "simulate/simulate.h"
#include "text/i18n.h"
#include "unit/unit.h"

enum { DAYS = 60, WARM = 30, DRAIN = 45, SEEDS = 10, HISTORY_DAYS = 365 };

static const struct option_def options[] = {
    {"pack", OPT_TEXT, true, "PACK", "a published pack's id, or a pack's folder"},
    {"--data", OPT_TEXT, false, "DIR", "data folder to learn from (default data)"},
    {"--unit", OPT_TEXT, false, "CODE", "the unit to learn from and to play"},
    {"--days", OPT_INT, false, "N", "days that count, 1 to 1000 (default 60)"},
    {"--warm", OPT_INT, false, "N", "days played before them, not counted (default 30)"},
    {"--seeds", OPT_INT, false, "N", "runs, 1 to 100 (default 10)"},
    {"--seed", OPT_INT, false, "N", "the first seed (default 1)"},
    {"--arrivals", OPT_TEXT, false, "RATE",
     "dossiers a working day: 12, 0.5 or 12/day (default 3, or as it was)"},
    {"--staff", OPT_TEXT, false, "ROLE=N,…",
     "what if: officers; DUTY.ROLE for who a fork asks"},
    {"--staff-today", OPT_TEXT, false, "ROLE=N,…",
     "officers as it is (default: as appointed, or 1)"},
    {"--absent", OPT_TEXT, false, "ROLE=N:DAY..DAY,…", "what if: so many are absent"},
    {"--surge", OPT_TEXT, false, "P%:DAY..DAY,…", "what if: so many per cent more dossiers"},
    {"--order", OPT_TEXT, false, "fifo|edf", "what if: first come, or earliest due first"},
    {"--parallel", OPT_FLAG, false, NULL,
     "what if: forks ask all at once; today: one after the other"},
    {"--holiday", OPT_TEXT, false, "DAY,…", "what if: the office is closed"},
    {"--service", OPT_TEXT, false, "STATE=TIME,…",
     "work of a state: exp:2wh fixed:30m lognormal:2wh/1wd triangular:1wh/2wh/8wh"},
    {"--json", OPT_FLAG, false, NULL, "as JSON"},
    {0},
};

/* -- what is played -- */

static bool is_folder(struct ctx *cx, struct str path)
{
    struct stat st;
    return stat(str_z(cx->mem, path), &st) == 0 && S_ISDIR(st.st_mode);
}

static enum rc folder_pack(struct ctx *cx, struct str dir, const struct pack **ret)
{
    struct pack_files *files;
    struct pack_findings found = {0};
    struct pack *p = NULL;
    TRY(crypt_start(cx));
    TRY(pack_files_read(cx, dir, &files));
    TRY(pack_check(cx, files, &found, &p));
    *ret = p;
    return RC_OK;
}

static enum rc node_pack(struct ctx *cx, struct str id, const struct pack **ret)
{
    *ret = pack_current(cx, id);
    if (!*ret)
        *ret = pack_version(cx, id);
    return *ret ? RC_OK
                : FAIL(cx, NOT_FOUND, "pack", "no pack `%.*s` is published", STR_ARG(id));
}

/* "12" or "12/day". */
static enum rc rate_read(struct ctx *cx, const struct args *a, double absent, double *ret)
{
    struct str s = arg_str(a, "--arrivals"), whole;
    int64_t n, part = 0, scale = 1;
    *ret = absent;
    if (!s.n)
        return RC_OK;
    if (str_ends(s, STR("/day")))
        s = str_cut(s, 0, s.n - 4);
    struct str rest = str_split(s, '.', &whole);
    for (size_t i = 0; i < rest.n; i++)
        scale *= 10;
    if (!str_int(whole, &n) || n < 0 || n > 100000 || rest.n > 6 ||
        (rest.n && (!str_int(rest, &part) || part < 0)))
        return FAIL(cx, USAGE, "--arrivals", "`%.*s` is no rate", STR_ARG(s));
    *ret = (double)n + (double)part / (double)scale;
    return RC_OK;
}

static size_t class_of(const struct sim_model *m, const struct pack *p)
{
    for (size_t i = 0; i < m->nclasses; i++)
        if (str_eq(m->classes[i].pack->id, p->id))
            return i;
    return m->nclasses;
}

enum { RATE_PLAIN = 3 };

static enum rc model_read(struct ctx *cx, const struct args *a, const struct pack *p,
                          struct sim_knobs *k, struct sim_model **ret)
{
    double rate;
    struct str code = arg_str(a, "--unit");
    if (!code.n) {
        TRY(rate_read(cx, a, RATE_PLAIN, &rate));
        return sim_model_plain(cx, p, rate, ret);
    }
    const struct unit *u = unit_find(cx, code);
    if (!u)
        return FAIL(cx, NOT_FOUND, "unit", "no unit `%.*s`", STR_ARG(code));
    TRY(sim_model_history(cx, u, HISTORY_DAYS, ret));
    size_t c = class_of(*ret, p);
    if (c == (*ret)->nclasses)
        return FAIL(cx, NOT_FOUND, "pack", "the unit had no dossiers of that service");
    TRY(rate_read(cx, a, 0, &rate));
    if (rate > 0 && sim_model_rate(*ret, c) <= 0)
        return FAIL(cx, STATE, "--arrivals", "no dossiers of that service in the last year");
    k->arrivals = rate > 0 ? rate / sim_model_rate(*ret, c) : 0;
    return RC_OK;
}

struct question {
    struct sim_model *model;
    struct sim_knobs today, what_if;
    struct sim_plan plan;
};

static enum rc order_read(struct ctx *cx, struct str s, struct sim_knobs *k)
{
    k->is_edf = str_eq(s, STR("edf"));
    if (!k->is_edf && s.n && !str_eq(s, STR("fifo")))
        return FAIL(cx, INVALID, "order", "--order: fifo or edf");
    return RC_OK;
}

static enum rc knobs_read(struct ctx *cx, const struct args *a, struct question *q)
{
    struct sim_knobs *k = &q->what_if;
    if (arg_has(a, "--service"))
        TRY(sim_service_parse(cx, q->model, arg_str(a, "--service")));
    if (arg_has(a, "--staff-today")) {
        TRY(sim_staff_parse(cx, q->model, arg_str(a, "--staff-today"), &q->today));
        TRY(sim_staff_parse(cx, q->model, arg_str(a, "--staff-today"), k));
    }
    if (arg_has(a, "--staff"))
        TRY(sim_staff_parse(cx, q->model, arg_str(a, "--staff"), k));
    if (arg_has(a, "--absent"))
        TRY(sim_absent_parse(cx, q->model, arg_str(a, "--absent"), k));
    if (arg_has(a, "--surge"))
        TRY(sim_surge_parse(cx, arg_str(a, "--surge"), k));
    if (arg_has(a, "--holiday"))
        TRY(sim_holiday_parse(cx, arg_str(a, "--holiday"), k));
    q->today.is_serial = arg_has(a, "--parallel");
    return order_read(cx, arg_str(a, "--order"), k);
}

/* -- the table -- */

static const struct {
    enum sim_measure measure;
    const char *name;
    double scale;
    const char *unit;
} lines[] = {
    {SIM_LEAD50_WD, "half are done within", 1, "working days"},
    {SIM_LEAD90_WD, "nine in ten are done within", 1, "working days"},
    {SIM_LEAD50_CD, "half, calendar days", 1, "days"},
    {SIM_LEAD90_CD, "nine in ten, calendar days", 1, "days"},
    {SIM_LATE, "late", 100, "%"},
    {SIM_BACKLOG, "open dossiers, on average", 1, ""},
    {SIM_BACKLOG_END, "open dossiers, last day", 1, ""},
    {SIM_ARRIVED, "dossiers a day", 1, ""},
    {SIM_WAIT_HOURS, "a task waits", 1, "hours"},
};

static struct str figure_text(struct ctx *cx, const struct sim_figure *f, double scale)
{
    return str_fmt(cx->mem, "%s%.2f ± %.2f", f->is_least ? ">" : "", f->mean * scale,
                   f->half * scale);
}

static void line_print(struct ctx *cx, const char *name, const struct sim_study *s,
                       enum sim_measure m, double scale)
{
    struct str a = figure_text(cx, &s->today.figure[m], scale);
    struct str b = figure_text(cx, &s->what_if.figure[m], scale);
    struct str d =
        str_fmt(cx->mem, "%+.2f ± %.2f", s->diff[m].mean * scale, s->diff[m].half * scale);
    printf("%-42s %18.*s %18.*s %18.*s\n", name, STR_ARG(a), STR_ARG(b), STR_ARG(d));
}

static const char *const assumption_texts[][2] = {
    {"arrivals", "arrivals are assumed: Poisson, over office hours, a working day:"},
    {"staff_one", "one officer of each role that the flow names"},
    {"work_within", "work on a state: lognormal, median 1/16 of its `within`, nine in ten 1/4"},
    {"first_act", "of a state's acts the first is chosen, in per cent:"},
    {"applicant_wait", "an applicant answers after, on average, days:"},
    {"branch_answer", "who is asked by a fork answers within its time; agrees, in per cent:"},
    {"time_of_all_units", "too few samples here; work as in all units, state:"},
    {"time_assumed", "no samples at all; work from `within`, state:"},
    {"answer_of_all_units", "too few answers here; as all units were answered, branch:"},
    {"answer_assumed", "no answers at all; within its time, branch:"},
    {"work_begins",
     "a span begins when the dossier came or its officer's last act, the later;\n"
     "         of it 1/16 of `within` is work (median; nine in ten: 1/4), the rest lies"},
    {"history", "learnt from dossiers of"},
};

static void assumptions_print(const struct sim_model *m)
{
    JSON_EACH (m->assumptions, o)
        for (size_t i = 0; i < sizeof assumption_texts / sizeof *assumption_texts; i++)
            if (str_eq(json_str(o, "key"), str_from(assumption_texts[i][0])))
                printf("assumed: %s %.*s\n", assumption_texts[i][1],
                       STR_ARG(json_str(o, "value")));
    printf("assumed: officers have one role each; dossiers are not handed on half done\n");
}

static void seen_print(const struct question *q)
{
    const struct sim_seen *s = &q->model->classes[q->plan.shown].seen;
    if (s->n)
        printf("what happened: half within %.2f, nine in ten within %.2f working days, %.1f %% "
               "late (%zu dossiers done)\n",
               s->lead50_wd, s->lead90_wd, s->late * 100, s->n);
}

/* -- how long it takes, as a table with bars -- */

static double share_within(const struct sim_side *s, int day)
{
    double sum = 0;
    for (int i = 0; i <= day; i++)
        sum += s->lead[i];
    return sum;
}

static void bar_print(double share)
{
    enum { WIDTH = 20 };
    int n = (int)(share * WIDTH + 0.5);
    printf("  %5.1f %% %-20.*s", share * 100, n, "####################");
}

/* Up to the day on which 99 in 100 of both are done; the rest did not end, or later. */
static void leads_print(const struct sim_study *s)
{
    if (!s->today.dossiers)
        return;
    printf("\n%-24s  %-29s %s\n", "done within, working days", "today", "what if");
    for (int i = 0; i < SIM_LEAD_DAYS - 1; i++) {
        double a = share_within(&s->today, i), b = share_within(&s->what_if, i);
        printf("%24d", i + 1);
        bar_print(a);
        bar_print(b);
        printf("\n");
        if (a >= 0.99 && b >= 0.99)
            break;
    }
    printf("\n");
}

static void study_print(struct ctx *cx, const struct question *q, const struct sim_study *s)
{
    printf("%-42s %16s %18s %18s\n", "", "today", "what if", "difference");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        line_print(
            cx,
            str_fmt(cx->mem, "%s%s%s", lines[i].name, *lines[i].unit ? ", " : "", lines[i].unit)
                .p,
            s, lines[i].measure, lines[i].scale);
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        if (s->today.figure[SIM_BUSY + role].mean > 0 ||
            s->what_if.figure[SIM_BUSY + role].mean > 0)
            line_print(cx, str_fmt(cx->mem, "busy: %s, %%", role_name((enum role)role)).p, s,
                       (enum sim_measure)(SIM_BUSY + role), 100);
    leads_print(s);
    seen_print(q);
    assumptions_print(q->model);
    if (s->today.turned_away || s->what_if.turned_away)
        printf("more than %d at a time: %lld were not played\n", SIM_LIVE_MAX,
               (long long)(s->today.turned_away + s->what_if.turned_away));
    if (s->today.stuck || s->what_if.stuck)
        printf("%lld reached a state in which nothing is allowed any more\n",
               (long long)(s->today.stuck + s->what_if.stuck));
    printf("%d seeds from %lld, %lld steps, %.2f million a second; Little's law off by %.1g\n",
           s->seeds, (long long)q->plan.seed, (long long)s->steps,
           (double)s->steps / (double)(s->elapsed_us ? s->elapsed_us : 1),
           s->today.little > s->what_if.little ? s->today.little : s->what_if.little);
}

static enum rc simulate_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct progress bar = {.what = "simulate"};
    struct question q = {0};
    struct sim_study s = {0};
    const struct pack *p = NULL;
    struct str name = arg_str(a, "pack");
    bool needs_node = arg_has(a, "--unit") || arg_has(a, "--data") || !is_folder(cx, name);
    if (needs_node)
        TRY(data_open(cx, a, STORE_READ));
    TRY(is_folder(cx, name) ? folder_pack(cx, name, &p) : node_pack(cx, name, &p));
    TRY(model_read(cx, a, p, &q.what_if, &q.model));
    TRY(knobs_read(cx, a, &q));
    q.plan = (struct sim_plan){.from = day_of(cx->now_us),
                               .days = (int32_t)arg_int(a, "--days", DAYS),
                               .warm = (int32_t)arg_int(a, "--warm", WARM),
                               .drain = DRAIN,
                               .seed = arg_int(a, "--seed", 1),
                               .seeds = (int)arg_int(a, "--seeds", SEEDS),
                               .shown = class_of(q.model, p),
                               .progress = progress_show,
                               .arg = &bar};
    TRY(sim_study_run(cx, q.model, &q.today, &q.what_if, &q.plan, &s));
    if (arg_has(a, "--json"))
        print_json(cx, sim_study_json(cx, q.model, &q.plan, &s));
    else
        study_print(cx, &q, &s);
    return RC_OK;
}

/* -- forecast -- */

enum { SCORE_DOSSIERS = 20000 };

static const struct option_def forecast_options[] = {
    {"--data", OPT_TEXT, false, "DIR", "data folder (default data)"},
    {"--unit", OPT_TEXT, false, "CODE", "this unit's open dossiers (default: the root's)"},
    {"--check", OPT_FLAG, false, NULL, "instead: how forecasts did on what has happened"},
    {"--dossiers", OPT_INT, false, "N", "for --check: the last N (default 20000)"},
    {0},
};

static enum rc forecast_check(struct ctx *cx, const struct args *a)
{
    struct forecast_score s;
    TRY(forecast_score(cx, (size_t)arg_int(a, "--dossiers", SCORE_DOSSIERS), &s));
    printf("asked %lld times, late in the end %.2f %%; not known %lld times\n",
           (long long)s.asked, 100.0 * (double)s.late / (double)s.asked, (long long)s.unknown);
    printf("Brier score %.4f; always saying the share %.4f; skill %.1f %%\n", s.brier, s.base,
           s.base > 0 ? 100 * (1 - s.brier / s.base) : 0);
    for (int i = 0; i < FORECAST_BINS; i++)
        if (s.cases[i])
            printf("said %5.1f %%  happened %5.1f %%  %lld times\n",
                   100 * s.said[i] / (double)s.cases[i],
                   100 * s.happened[i] / (double)s.cases[i], (long long)s.cases[i]);
    return RC_OK;
}

static enum rc forecast_run(struct ctx *cx, const struct args *a, int *ret)
{
    struct forecast_list list;
    size_t done = 1;
    TRY(data_open(cx, a, STORE_READ));
    if (arg_has(a, "--check"))
        return forecast_check(cx, a);
    struct str code = arg_str(a, "--unit");
    const struct unit *u = code.n ? unit_find(cx, code) : unit_root(cx);
    if (!u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    while (done)
        TRY(forecast_tick(cx, FORECAST_BATCH, &done));
    TRY(forecasts_of_unit(cx, u, &list));
    if (!list.n)
        printf("%.*s has no open dossiers of its own; --unit CODE asks about another\n",
               STR_ARG(u->code));
    for (size_t i = 0; i < list.n; i++) {
        const struct forecast_row *r = &list.v[i];
        struct str due =
            r->dossier->due == INT32_MIN ? STR("-") : day_iso(cx->mem, r->dossier->due);
        struct str day =
            r->forecast.day == INT32_MIN ? STR("-") : day_iso(cx->mem, r->forecast.day);
        printf("%-28.*s due %-10.*s expected %-10.*s ", STR_ARG(dossier_handle(cx, r->dossier)),
               STR_ARG(due), STR_ARG(day));
        if (r->forecast.is_known)
            printf("late %d %% (%zu like it)\n", r->forecast.likely_late, r->forecast.cases);
        else
            printf("not known\n");
    }
    return RC_OK;
}

const struct command simulate_commands[] = {
    {"simulate", "play an office in virtual time: today beside what if", options, simulate_run},
    {"forecast", "which open dossiers are likely to be late", forecast_options, forecast_run},
    {0},
};
