/* whatif.c - a leader's page: today beside what if. The whole question stands in the address. */
#include "app/app.h"
#include "cockpit/cockpit_priv.h"
#include "simulate/forecast.h"
#include "simulate/simulate.h"

enum {
    DAYS = 60,
    WARM = 30,
    DRAIN = 45,
    SEEDS = 10,
    STEPS_MAX = 1500000, /* about a second of a worker */
    LIVE_MAX = 4000,
    HISTORY_DAYS = 365,
    LIKELY_SHOWN = 20,
    WEEK = 7,
    PLOT_W = 700,
    PLOT_H = 220,
    PLOT_LEFT = 48,
    PLOT_TOP = 10
};
static const enum role asked_roles[] = {ROLE_reception, ROLE_specialist, ROLE_leader};
enum { ASKED_ROLES = sizeof asked_roles / sizeof *asked_roles };

struct whatif {
    struct ctx *cx;
    struct req *rq;
    const struct unit *unit;
    struct sim_model *model;
    struct sim_knobs knobs;
    struct sim_plan plan;
    struct sim_study study;
    struct json *view;
};

/* -- the question -- */

static enum rc unit_read(struct whatif *w)
{
    struct ctx *cx = w->cx;
    struct str code = req_str(w->rq, "unit");
    w->unit = code.n ? unit_find(cx, code) : unit_of(cx, who_unit(cx->who));
    if (!w->unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    if (!who_can(cx, cx->who, CAP_FIGURES, w->unit->id))
        return FAIL(cx, FORBIDDEN, "unit", "figures of another unit");
    return RC_OK;
}

/* The service asked about, else the one with the most dossiers. */
static size_t class_read(const struct whatif *w)
{
    const struct sim_model *m = w->model;
    struct str id = req_str(w->rq, "pack");
    size_t most = 0;
    for (size_t i = 0; i < m->nclasses; i++) {
        if (str_eq(m->classes[i].pack->id, id))
            return i;
        most = sim_model_rate(m, i) > sim_model_rate(m, most) ? i : most;
    }
    return most;
}

static bool number_read(struct whatif *w, const char *name, int64_t least, int64_t most,
                        int64_t *ret)
{
    struct str s = str_trim(req_str(w->rq, name));
    return s.n && str_int(s, ret) && *ret >= least && *ret <= most;
}

static void staff_read(struct whatif *w)
{
    struct sim_knobs *k = &w->knobs;
    for (size_t i = 0; i < ASKED_ROLES; i++) {
        int64_t n;
        if (number_read(w, role_name(asked_roles[i]), 0, 50, &n))
            k->staff[k->nstaff++] =
                (struct sim_change){.role = (unsigned char)asked_roles[i], .n = (int)n};
    }
}

static void absence_read(struct whatif *w)
{
    int64_t n;
    enum role role;
    struct sim_change c = {.from = w->plan.from, .to = w->plan.from + w->plan.days - 1};
    if (!number_read(w, "absent", 1, 50, &n) ||
        !role_parse(req_str(w->rq, "absent_role"), &role))
        return;
    int32_t day;
    if (day_parse(req_str(w->rq, "from"), &day))
        c.from = day;
    if (day_parse(req_str(w->rq, "to"), &day) && day >= c.from)
        c.to = day;
    c.role = (unsigned char)role;
    c.n = (int)n;
    w->knobs.absent[w->knobs.nabsent++] = c;
}

/* What cannot be read is as today: the page shows what it took. */
static void knobs_read(struct whatif *w)
{
    int64_t percent;
    staff_read(w);
    absence_read(w);
    if (number_read(w, "surge", -90, 300, &percent))
        w->knobs.arrivals = 1 + (double)percent / 100;
    w->knobs.is_edf = str_eq(req_str(w->rq, "order"), STR("edf"));
    if (day_parse(str_trim(req_str(w->rq, "holiday")), &w->knobs.holidays[0]))
        w->knobs.nholidays = 1;
}

/* -- words -- */

static struct str decimal(struct ctx *cx, double v)
{
    bool is_nought = v > -0.05 && v < 0.05; /* and not "-0,0" */
    struct str s = str_fmt(cx->mem, "%.1f", is_nought ? 0.0 : v);
    size_t dot = str_find(s, '.', 0);
    return cx->lang == LANG_EN ? s
                               : str_fmt(cx->mem, "%.*s,%.*s", STR_ARG(str_cut(s, 0, dot)),
                                         STR_ARG(str_cut(s, dot + 1, s.n)));
}

static struct str figure_words(struct ctx *cx, const struct sim_figure *f, double scale)
{
    return str_fmt(cx->mem, "%s%.*s ± %.*s", f->is_least ? "> " : "",
                   STR_ARG(decimal(cx, f->mean * scale)),
                   STR_ARG(decimal(cx, f->half * scale)));
}

static void row_put(struct whatif *w, struct json *rows, struct str label, unsigned m,
                    double scale)
{
    struct ctx *cx = w->cx;
    struct json *o = json_push(rows, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "label", label);
    json_put_str(cx->mem, o, "today", figure_words(cx, &w->study.today.figure[m], scale));
    json_put_str(cx->mem, o, "what_if", figure_words(cx, &w->study.what_if.figure[m], scale));
    json_put_str(cx->mem, o, "difference", figure_words(cx, &w->study.diff[m], scale));
}

static void rows_put(struct whatif *w)
{
    static const struct {
        enum sim_measure m;
        const char *key;
        double scale;
    } lines[] = {
        {SIM_LEAD50_WD, "whatif.lead50", 1},    {SIM_LEAD90_WD, "whatif.lead90", 1},
        {SIM_LEAD90_CD, "whatif.lead90_cd", 1}, {SIM_LATE, "whatif.late", 100},
        {SIM_BACKLOG, "whatif.backlog", 1},     {SIM_BACKLOG_END, "whatif.backlog_end", 1}};
    struct ctx *cx = w->cx;
    struct json *rows = json_put(w->view, STR("rows"), json_new_arr(cx->mem));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        row_put(w, rows, msg_get(cx->lang, str_from(lines[i].key)), lines[i].m, lines[i].scale);
    for (size_t i = 0; i < ASKED_ROLES; i++) {
        struct str role = role_label(cx, asked_roles[i]);
        struct str busy = msg_get(cx->lang, STR("whatif.busy"));
        row_put(w, rows, str_fmt(cx->mem, "%.*s: %.*s", STR_ARG(busy), STR_ARG(role)),
                SIM_BUSY + asked_roles[i], 100);
    }
}

static void summary_put(struct whatif *w)
{
    const struct sim_side *t = &w->study.today, *f = &w->study.what_if;
    struct ctx *cx = w->cx;
    json_put_str(cx->mem, w->view, "late_today", decimal(cx, 100 * t->figure[SIM_LATE].mean));
    json_put_str(cx->mem, w->view, "late_whatif", decimal(cx, 100 * f->figure[SIM_LATE].mean));
    json_put_str(cx->mem, w->view, "half_today", decimal(cx, t->figure[SIM_LEAD50_WD].mean));
    json_put_str(cx->mem, w->view, "half_whatif", decimal(cx, f->figure[SIM_LEAD50_WD].mean));
    json_put_str(cx->mem, w->view, "nine_today", decimal(cx, t->figure[SIM_LEAD90_WD].mean));
    json_put_str(cx->mem, w->view, "nine_whatif", decimal(cx, f->figure[SIM_LEAD90_WD].mean));
    const struct sim_figure *d = &w->study.diff[SIM_LATE];
    const char *key = d->mean + d->half < 0   ? "whatif.fewer"
                      : d->mean - d->half > 0 ? "whatif.more"
                                              : "whatif.same";
    json_put_str(cx->mem, w->view, "verdict", msg_get(cx->lang, str_from(key)));
    json_put_int(cx->mem, w->view, "seeds", w->study.seeds);
    json_put_int(cx->mem, w->view, "days", w->plan.days);
    json_put_bool(cx->mem, w->view, "is_shortened", w->study.seeds < w->plan.seeds);
}

/* -- the picture: open dossiers over the days, and its twin -- */

static double highest(const struct whatif *w)
{
    double most = 4;
    for (int32_t i = 0; i < w->plan.days; i++) {
        double a = w->study.today.backlog[i], b = w->study.what_if.backlog[i];
        most = a > most ? a : most;
        most = b > most ? b : most;
    }
    int64_t step = 1;
    while ((double)step * 4 < most)
        step = step * 2;
    return (double)step * 4;
}

static struct str line_points(struct whatif *w, const double *v, double most)
{
    struct buf *b = buf_new(w->cx->mem, 16000);
    double step = (double)(PLOT_W - PLOT_LEFT) / (w->plan.days > 1 ? w->plan.days - 1 : 1);
    for (int32_t i = 0; i < w->plan.days; i++)
        buf_fmt(b, "%s%.0f,%.0f", i ? " " : "", PLOT_LEFT + i * step,
                PLOT_TOP + PLOT_H * (1 - v[i] / most));
    return buf_str(b);
}

static void picture_put(struct whatif *w)
{
    struct ctx *cx = w->cx;
    double most = highest(w);
    struct json *p = json_put(w->view, STR("picture"), json_new_obj(cx->mem));
    json_put_int(cx->mem, p, "width", PLOT_W);
    json_put_int(cx->mem, p, "height", PLOT_TOP + PLOT_H + 30);
    json_put_int(cx->mem, p, "left", PLOT_LEFT);
    json_put_int(cx->mem, p, "label_y", PLOT_TOP + PLOT_H + 24);
    json_put_str(cx->mem, p, "today", line_points(w, w->study.today.backlog, most));
    json_put_str(cx->mem, p, "what_if", line_points(w, w->study.what_if.backlog, most));
    json_put_str(cx->mem, p, "first", day_text(cx->mem, w->plan.from));
    json_put_str(cx->mem, p, "last", day_text(cx->mem, w->plan.from + w->plan.days - 1));
    struct json *ticks = json_put(p, STR("ticks"), json_new_arr(cx->mem));
    for (int i = 0; i <= 4; i += 2) {
        struct json *t = json_push(ticks, json_new_obj(cx->mem));
        json_put_int(cx->mem, t, "y", PLOT_TOP + PLOT_H - PLOT_H * i / 4);
        json_put_str(cx->mem, t, "text", number_text(cx, (int64_t)(most * i / 4)));
    }
    struct json *weeks = json_put(w->view, STR("weeks"), json_new_arr(cx->mem));
    for (int32_t i = 0; i < w->plan.days; i += WEEK) {
        struct json *o = json_push(weeks, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "day", day_text(cx->mem, w->plan.from + i));
        json_put_str(cx->mem, o, "today", decimal(cx, w->study.today.backlog[i]));
        json_put_str(cx->mem, o, "what_if", decimal(cx, w->study.what_if.backlog[i]));
    }
}

/* -- how long it takes: what is done within so many working days, and its twin -- */

enum { LEADS_LEAST = 5 };

/* Hundredths of per cent of all that came; *n: up to the day on which 99 in 100 of both are. */
static int64_t *leads_sum(struct whatif *w, const struct sim_side *s, size_t *n)
{
    int64_t *v = arena_array(w->cx->mem, int64_t, SIM_LEAD_DAYS);
    double sum = 0;
    for (size_t i = 0; i + 1 < SIM_LEAD_DAYS; i++) {
        sum += s->lead[i];
        v[i + 1] = (int64_t)(sum * 10000 + 0.5); /* v[0]: at once, nobody */
        if (sum < 0.99 && *n < i + 2)
            *n = i + 2;
    }
    return v;
}

static struct str percent_words(struct ctx *cx, int64_t hundredths)
{
    return str_fmt(cx->mem, "%.*s %%", STR_ARG(decimal(cx, (double)hundredths / 100)));
}

static void leads_put(struct whatif *w)
{
    struct ctx *cx = w->cx;
    size_t n = LEADS_LEAST;
    int64_t *today = leads_sum(w, &w->study.today, &n);
    int64_t *what_if = leads_sum(w, &w->study.what_if, &n);
    n = n < SIM_LEAD_DAYS ? n + 1 : SIM_LEAD_DAYS;
    struct str *days = arena_array(cx->mem, struct str, n);
    struct json *rows = json_put(w->view, STR("lead_rows"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++) {
        days[i] = str_fmt(cx->mem, "%zu", i);
        if (!i)
            continue;
        struct json *o = json_push(rows, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "days", days[i]);
        json_put_str(cx->mem, o, "today", percent_words(cx, today[i]));
        json_put_str(cx->mem, o, "what_if", percent_words(cx, what_if[i]));
    }
    const struct series both[] = {
        {.name = msg_get(cx->lang, STR("whatif.today")), .v = today, .is_dashed = true},
        {.name = msg_get(cx->lang, STR("whatif.whatif")), .v = what_if}};
    struct lines l = {.steps = days,
                      .nsteps = n,
                      .v = both,
                      .n = sizeof both / sizeof *both,
                      .full = 10000,
                      .target = PICTURE_NONE,
                      .unit = "%"};
    json_put(w->view, STR("leads"), picture_lines(cx, &l));
    json_put_bool(cx->mem, w->view, "has_leads", w->study.today.dossiers > 0);
}

/* -- the form, filled with what was taken -- */

static int staff_of(const struct whatif *w, enum role role)
{
    for (size_t i = 0; i < w->knobs.nstaff; i++)
        if (w->knobs.staff[i].role == role)
            return w->knobs.staff[i].n;
    return w->model->staff[0][role];
}

static void roles_put(struct whatif *w)
{
    struct ctx *cx = w->cx;
    struct json *list = json_put(w->view, STR("roles"), json_new_arr(cx->mem));
    for (size_t i = 0; i < ASKED_ROLES; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        enum role role = asked_roles[i];
        json_put_str(cx->mem, o, "name", str_from(role_name(role)));
        json_put_str(cx->mem, o, "label", role_label(cx, role));
        json_put_int(cx->mem, o, "now", w->model->staff[0][role]);
        json_put_str(cx->mem, o, "value", str_fmt(cx->mem, "%d", staff_of(w, role)));
        json_put_bool(cx->mem, o, "selected",
                      w->knobs.nabsent ? w->knobs.absent[0].role == role
                                       : role == ROLE_specialist);
    }
}

static void form_put(struct whatif *w)
{
    struct ctx *cx = w->cx;
    const struct sim_change *a = w->knobs.nabsent ? &w->knobs.absent[0] : NULL;
    double f = w->knobs.arrivals > 0 ? w->knobs.arrivals : 1;
    roles_put(w);
    int percent = (int)((f - 1) * 100 + (f < 1 ? -0.5 : 0.5));
    json_put_str(cx->mem, w->view, "surge", str_fmt(cx->mem, "%d", percent));
    json_put_str(cx->mem, w->view, "absent", str_fmt(cx->mem, "%d", a ? a->n : 0));
    json_put_str(cx->mem, w->view, "from", day_iso(cx->mem, a ? a->from : w->plan.from));
    json_put_str(cx->mem, w->view, "to",
                 day_iso(cx->mem, a ? a->to : w->plan.from + w->plan.days - 1));
    json_put_bool(cx->mem, w->view, "is_edf", w->knobs.is_edf);
    json_put_str(cx->mem, w->view, "holiday",
                 w->knobs.nholidays ? day_iso(cx->mem, w->knobs.holidays[0]) : STR(""));
    struct json *list = json_put(w->view, STR("packs"), json_new_arr(cx->mem));
    for (size_t i = 0; i < w->model->nclasses; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "id", w->model->classes[i].pack->id);
        json_put_str(cx->mem, o, "label", label_text(cx, w->model->classes[i].pack->name));
        json_put_bool(cx->mem, o, "selected", i == w->plan.shown);
    }
}

/* States are named once, services apart; the rest stands as it is. */
static void assumptions_put(struct whatif *w)
{
    struct ctx *cx = w->cx;
    size_t pooled = 0;
    struct json *list = json_put(w->view, STR("assumptions"), json_new_arr(cx->mem));
    const struct sim_seen *seen = &w->model->classes[w->plan.shown].seen;
    JSON_EACH (w->model->assumptions, a) {
        struct str key = json_str(a, "key");
        if (str_eq(key, STR("time_of_all_units")) || str_eq(key, STR("time_assumed"))) {
            pooled++;
            continue;
        }
        struct json *o = json_push(list, json_new_obj(cx->mem));
        struct str full = str_join(cx->mem, STR("whatif.assumed."), key);
        json_put_str(cx->mem, o, "text", msg_get(cx->lang, full));
        json_put_str(cx->mem, o, "value", json_str(a, "value"));
    }
    json_put_int(cx->mem, w->view, "pooled", (int64_t)pooled);
    json_put_bool(cx->mem, w->view, "has_seen", seen->n > 0);
    json_put_int(cx->mem, w->view, "seen_n", (int64_t)seen->n);
    json_put_str(cx->mem, w->view, "seen_half", decimal(cx, seen->lead50_wd));
    json_put_str(cx->mem, w->view, "seen_nine", decimal(cx, seen->lead90_wd));
    json_put_str(cx->mem, w->view, "seen_late", decimal(cx, 100 * seen->late));
}

/* -- who is likely to be late now -- */

static enum rc likely_put(struct whatif *w)
{
    struct ctx *cx = w->cx;
    struct forecast_list all;
    struct json *list = json_put(w->view, STR("likely"), json_new_arr(cx->mem));
    bool can_open = who_can(cx, cx->who, CAP_CASE_READ, w->unit->id);
    TRY(forecasts_of_unit(cx, w->unit, &all));
    for (size_t i = 0; i < all.n && i < LIKELY_SHOWN; i++) {
        const struct forecast_row *r = &all.v[i];
        if (!r->forecast.is_known)
            break;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "code", r->dossier->code);
        json_put_bool(cx->mem, o, "can_open", can_open);
        json_put_str(cx->mem, o, "state", label_text(cx, r->dossier->state->name));
        json_put_int(cx->mem, o, "percent", r->forecast.likely_late);
        json_put_str(cx->mem, o, "due",
                     r->dossier->due == INT32_MIN ? STR("—")
                                                  : day_text(cx->mem, r->dossier->due));
        json_put_str(cx->mem, o, "day",
                     r->forecast.day == INT32_MIN ? STR("—")
                                                  : day_text(cx->mem, r->forecast.day));
    }
    json_put_bool(cx->mem, w->view, "has_likely", list->n > 0);
    return RC_OK;
}

static enum rc play(struct whatif *w)
{
    struct ctx *cx = w->cx;
    TRY(sim_slot_take(cx));
    TRY(sim_model_history(cx, w->unit, HISTORY_DAYS, &w->model));
    w->plan = (struct sim_plan){.from = day_of(cx->now_us),
                                .days = DAYS,
                                .warm = WARM,
                                .drain = DRAIN,
                                .seed = 1,
                                .seeds = SEEDS,
                                .steps_max = STEPS_MAX,
                                .live_max = LIVE_MAX,
                                .shown = class_read(w)};
    knobs_read(w);
    TRY(sim_study_run(cx, w->model, NULL, &w->knobs, &w->plan, &w->study));
    form_put(w);
    summary_put(w);
    rows_put(w);
    picture_put(w);
    leads_put(w);
    assumptions_put(w);
    return RC_OK;
}

enum rc get_whatif(struct ctx *cx, struct req *rq)
{
    struct whatif w = {.cx = cx, .rq = rq, .view = json_new_obj(cx->mem)};
    TRY(unit_read(&w));
    json_put_bool(cx->mem, w.view, "at_figures", true);
    json_put_str(cx->mem, w.view, "title", msg_get(cx->lang, STR("whatif.title")));
    json_put_str(cx->mem, w.view, "unit", unit_name(cx, w.unit));
    json_put_str(cx->mem, w.view, "unit_code", w.unit->code);
    json_put_str(cx->mem, w.view, "back",
                 str_fmt(cx->mem, "/figures?unit=%.*s", STR_ARG(w.unit->code)));
    enum rc rc = play(&w);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    ctx_clear(cx);
    json_put_bool(cx->mem, w.view, "is_played", rc == RC_OK);
    TRY(likely_put(&w));
    return reply_page(cx, rq, "cockpit/whatif", w.view);
}

const struct param whatif_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "whose officers and dossiers"},
    {"pack", IN_QUERY, P_CODE, false, 1, 60, "the service whose figures are shown"},
    {"reception", IN_QUERY, P_TEXT, false, 0, 4, "officers at reception; empty: as today"},
    {"specialist", IN_QUERY, P_TEXT, false, 0, 4, "specialists"},
    {"leader", IN_QUERY, P_TEXT, false, 0, 4, "leaders"},
    {"surge", IN_QUERY, P_TEXT, false, 0, 5, "so many per cent more dossiers"},
    {"absent", IN_QUERY, P_TEXT, false, 0, 4, "how many are absent"},
    {"absent_role", IN_QUERY, P_CODE, false, 1, 20, "of which role"},
    {"from", IN_QUERY, P_TEXT, false, 0, 10, "first day of absence"},
    {"to", IN_QUERY, P_TEXT, false, 0, 10, "last day of absence"},
    {"order", IN_QUERY, P_CODE, false, 1, 10, "fifo or edf"},
    {"holiday", IN_QUERY, P_TEXT, false, 0, 10, "a day off more, YYYY-MM-DD"},
    {0},
};
