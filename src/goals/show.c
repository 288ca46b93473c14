/* show.c - one target: where it stands in words, a picture with its table, what was entered. */
#include "goals/goals_priv.h"

#include "app/app.h"
#include "casework/casework.h"
#include "picture/picture.h"
#include "store/store.h"
#include "text/i18n.h"

static struct json *args_of(struct ctx *cx, const char *key, struct str value)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, key, value);
    return o;
}

/* -- the picture -- */

enum { STEPS_AIM = 40 };
enum { LINE_VALUE, LINE_PATH, LINE_FORECAST, LINES };
struct drawing {
    const struct target *t;
    const struct progress_line *p;
    enum span span;
    struct period first;
    size_t nsteps;
    int64_t *v[LINES];
};

static size_t steps_between(struct period from, int32_t day)
{
    size_t n = 1;
    for (; from.to <= day && n <= PICTURE_STEPS_MAX; from = period_next(from))
        n++;
    return n;
}

static int32_t last_day(const struct drawing *g)
{
    int32_t day = g->p->points[g->p->n - 1].day;
    const struct target_decl *d = g->t->decl;
    return d->op != GOAL_NONE && d->goal.day > day ? d->goal.day : day;
}

/* Months where values are as close as that, else years; few enough to be seen at a glance. */
static void steps_choose(struct drawing *g)
{
    int32_t from = g->p->points[0].day, to = last_day(g);
    bool is_computed = !g->t->ind->is_entered && g->t->unit;
    enum span spans[] = {SPAN_MONTH, SPAN_QUARTER, SPAN_YEAR};
    size_t i = is_computed || g->t->ind->every == EVERY_MONTH ? 0
               : g->t->ind->every == EVERY_QUARTER            ? 1
                                                              : 2;
    do {
        g->span = spans[i];
        g->first = period_at(from, g->span);
        g->nsteps = steps_between(g->first, to);
    } while (g->nsteps > STEPS_AIM && ++i < 3);
    if (g->nsteps > PICTURE_STEPS_MAX)
        g->nsteps = PICTURE_STEPS_MAX;
}

/* From one value to another over the days between them. */
static int64_t between(int32_t day, struct goal_point a, struct goal_point b)
{
    int64_t span = b.day > a.day ? b.day - a.day : 1;
    int64_t at = day > b.day ? span : day - a.day;
    return a.value + (b.value - a.value) / span * at + (b.value - a.value) % span * at / span;
}

static void lines_fill(struct drawing *g)
{
    const struct target_decl *d = g->t->decl;
    const struct target_point *v = g->p->points, *last = &v[g->p->n - 1];
    struct goal_point from = {v[0].value, v[0].day}, now = {last->value, last->day};
    struct period step = g->first;
    size_t used = 0;
    for (size_t i = 0; i < g->nsteps; i++, step = period_next(step)) {
        int32_t day = step.to - 1;
        for (int line = 0; line < LINES; line++)
            g->v[line][i] = PICTURE_NONE;
        for (; used < g->p->n && v[used].day <= day; used++)
            g->v[LINE_VALUE][i] = v[used].value;
        if (d->op != GOAL_NONE && d->goal.day > from.day)
            g->v[LINE_PATH][i] = between(day, from, d->goal);
        if (g->p->forecast != DB_NULL && day >= last->day)
            g->v[LINE_FORECAST][i] =
                between(day, now, (struct goal_point){g->p->forecast, d->goal.day});
    }
}

static struct json *drawing_of(struct ctx *cx, const struct target *t,
                               const struct progress_line *p)
{
    static const char *const names[] = {"goals.line.value", "goals.line.path",
                                        "goals.line.forecast"};
    struct drawing g = {.t = t, .p = p};
    struct series series[LINES];
    steps_choose(&g);
    struct str *steps = arena_array(cx->mem, struct str, g.nsteps);
    struct period step = g.first;
    for (size_t i = 0; i < g.nsteps; i++, step = period_next(step))
        steps[i] = period_id(cx->mem, step);
    for (int i = 0; i < LINES; i++) {
        g.v[i] = arena_array(cx->mem, int64_t, g.nsteps);
        series[i] = (struct series){msg_get(cx->lang, str_from(names[i])), g.v[i], i > 0};
    }
    lines_fill(&g);
    struct lines l = {.steps = steps,
                      .nsteps = g.nsteps,
                      .v = series,
                      .n = t->decl->op == GOAL_NONE ? 1
                           : p->forecast == DB_NULL ? 2
                                                    : LINES,
                      .target = t->decl->op == GOAL_NONE ? PICTURE_NONE : t->decl->goal.value,
                      .unit = t->ind->unit == IND_PERCENT ? "%" : ""};
    return picture_lines(cx, &l);
}

/* -- words -- */

static void points_put(struct ctx *cx, const struct target *t, const struct progress_line *p,
                       struct json *v)
{
    static const char *const sources[] = {"baseline", "known", "computed", "self", "verified"};
    struct json *list = json_put(v, STR("points"), json_new_arr(cx->mem));
    for (size_t i = 0; i < p->n; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "day", day_text(cx->mem, p->points[i].day));
        json_put_str(cx->mem, o, "value", target_value_text(cx, t, p->points[i].value));
        json_put_str(cx->mem, o, "source",
                     msg_get(cx->lang,
                             str_fmt(cx->mem, "goals.point.%s", sources[p->points[i].source])));
    }
    json_put_bool(cx->mem, v, "has_points", p->n > 0);
}

static void outlook_put(struct ctx *cx, const struct target *t, const struct progress_line *p,
                        struct json *v)
{
    struct str forecast = STR(""), reach = STR(""), path = STR("");
    if (p->expected != DB_NULL)
        path = msg_fill(cx, STR("goals.path"),
                        args_of(cx, "value", target_value_text(cx, t, p->expected)));
    if (p->forecast != DB_NULL) {
        struct json *a = args_of(cx, "value", target_value_text(cx, t, p->forecast));
        json_put_str(cx->mem, a, "day", day_text(cx->mem, t->decl->goal.day));
        forecast = msg_fill(cx, STR("goals.forecast"), a);
    }
    if (p->forecast != DB_NULL && p->state != TARGET_REACHED)
        reach = p->reach_day == INT32_MAX
                    ? msg_get(cx->lang, STR("goals.reach.never"))
                    : msg_fill(cx, STR("goals.reach"),
                               args_of(cx, "day", day_text(cx->mem, p->reach_day)));
    json_put_str(cx->mem, v, "path_text", path);
    json_put_str(cx->mem, v, "forecast", forecast);
    json_put_str(cx->mem, v, "reach", reach);
}

static void indicator_put(struct ctx *cx, const struct target *t, struct json *v)
{
    const struct indicator *ind = t->ind;
    bool is_entered = ind->is_entered || !t->unit;
    bool may = is_entered && cx->who && cx->who->account && figure_may_enter(cx, t->decl->body);
    struct str every = ind->every == EVERY_MONTH     ? STR("goals.every.month")
                       : ind->every == EVERY_QUARTER ? STR("goals.every.quarter")
                       : ind->every == EVERY_YEAR    ? STR("goals.every.year")
                                                     : STR("goals.every.none");
    json_put_bool(cx->mem, v, "has_indicator", true);
    json_put_bool(cx->mem, v, "is_entered", is_entered);
    json_put_str(cx->mem, v, "indicator", ind->id);
    json_put_str(cx->mem, v, "indicator_name", label_text(cx, ind->name));
    json_put_str(cx->mem, v, "about", label_text(cx, ind->about));
    json_put_str(cx->mem, v, "method", ind->method ? label_text(cx, ind->method) : STR(""));
    json_put_str(cx->mem, v, "every", is_entered ? msg_get(cx->lang, every) : STR(""));
    json_put_str(cx->mem, v, "speaker", t->speaker ? unit_name(cx, t->speaker) : STR(""));
    json_put_str(cx->mem, v, "unit_code", t->unit ? t->unit->code : STR(""));
    json_put_bool(cx->mem, v, "may_enter", may);
}

enum rc get_target(struct ctx *cx, struct req *rq)
{
    struct target t;
    struct progress_line *p = arena_new_of(cx->mem, struct progress_line);
    struct json *v = goals_view(cx, "goals.title", STR("/targets"));
    TRY(target_by_id(cx, req_str(rq, "id"), &t));
    TRY(target_progress(cx, &t, p));
    target_put_words(cx, &t, p, v);
    json_put_str(cx->mem, v, "title", label_text(cx, t.decl->name));
    json_put_str(cx->mem, v, "quote", t.decl->quote);
    json_put_str(cx->mem, v, "source", t.decl->source);
    json_put_str(cx->mem, v, "note", t.decl->note.p ? t.decl->note : STR(""));
    points_put(cx, &t, p, v);
    outlook_put(cx, &t, p, v);
    if (t.ind) {
        indicator_put(cx, &t, v);
        TRY(entries_put(cx, &t, v));
        if (p->n > 1 || (p->n && t.decl->op != GOAL_NONE))
            json_put(v, STR("picture"), drawing_of(cx, &t, p));
    }
    return reply_page(cx, rq, "goals/show", v);
}

/* Evidence may hold more than the figure: officers above the body read it, all others its
 * digest. */
enum rc get_evidence(struct ctx *cx, struct req *rq)
{
    struct entered e;
    struct hash digest;
    TRY(entered_by_seq(cx, req_int(rq, "entry", -1), &e));
    if (!figure_may_open(cx, e.body))
        return FAIL(cx, FORBIDDEN, "entry", "not of one's unit");
    if (!hash_parse(e.file, &digest))
        return FAIL(cx, NOT_FOUND, "entry", "no evidence was given");
    TRY(evidence_journal(cx, &e));
    struct str path = str_fmt(cx->mem, "files/%.*s/%.*s", STR_ARG(str_cut(e.file, 0, 2)),
                              STR_ARG(str_skip(e.file, 2)));
    return reply_file(
        cx, rq,
        str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(store_dir(cx->app->store)), STR_ARG(path)),
        str_z(cx->mem, e.mime), e.file_name);
}
