/* list.c - all targets with where they stand, and the figures that are owed. */
#include "goals/goals_priv.h"

#include "store/store.h"
#include "text/csv.h"
#include "text/i18n.h"

enum { CSV_MAX = 1 << 20 };

struct json *goals_view(struct ctx *cx, const char *key, struct str back)
{
    struct json *v = json_new_obj(cx->mem);
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, str_from(key)));
    json_put_bool(cx->mem, v, "at_figures", true);
    if (back.p)
        json_put_str(cx->mem, v, "back", back);
    return v;
}

void state_put(struct ctx *cx, enum target_state state, struct json *o)
{
    static const char *const tones[] = {
        [TARGET_TOLD] = "grey",    [TARGET_UNKNOWN] = "yellow", [TARGET_REACHED] = "green",
        [TARGET_ON_PATH] = "blue", [TARGET_BEHIND] = "orange",  [TARGET_OPEN] = "grey",
        [TARGET_MISSED] = "red"};
    struct str name = str_from(target_state_name(state));
    json_put_str(cx->mem, o, "state", name);
    json_put_str(cx->mem, o, "state_text",
                 msg_get(cx->lang, str_fmt(cx->mem, "goals.state.%.*s", STR_ARG(name))));
    json_put_str(cx->mem, o, "tone", str_from(tones[state]));
}

void target_put_words(struct ctx *cx, const struct target *t, const struct progress_line *p,
                      struct json *o)
{
    const struct target_decl *d = t->decl;
    const struct target_point *last = p->n ? &p->points[p->n - 1] : NULL;
    bool is_promised = d->op != GOAL_NONE;
    json_put_str(cx->mem, o, "id", t->id);
    json_put_str(cx->mem, o, "name", label_text(cx, d->name));
    json_put_str(cx->mem, o, "body", target_body_name(cx, t));
    json_put_str(cx->mem, o, "body_code", d->body);
    json_put_bool(cx->mem, o, "is_promised", is_promised);
    json_put_str(cx->mem, o, "promise", target_promise_text(cx, t));
    json_put_str(cx->mem, o, "promise_day",
                 is_promised ? day_text(cx->mem, d->goal.day) : STR(""));
    json_put_bool(cx->mem, o, "has_latest", last != NULL);
    json_put_str(cx->mem, o, "latest", target_value_text(cx, t, p->latest));
    json_put_str(cx->mem, o, "latest_day", last ? day_text(cx->mem, last->day) : STR(""));
    state_put(cx, p->state, o);
}

/* -- what is asked for -- */

struct asked {
    struct str body, state;
};

static bool is_wanted(const struct asked *a, const struct target *t, enum target_state state)
{
    return (!a->body.n || str_eq(a->body, t->decl->body)) &&
           (!a->state.n || str_eq(a->state, str_from(target_state_name(state))));
}

static bool has_code(const struct json *list, struct str code)
{
    JSON_EACH (list, o)
        if (str_eq(json_str(o, "code"), code))
            return true;
    return false;
}

static void bodies_put(struct ctx *cx, const struct asked *a, const struct target_list *all,
                       struct json *v)
{
    struct json *list = json_put(v, STR("bodies"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all->n; i++) {
        struct str code = all->v[i].decl->body;
        if (has_code(list, code))
            continue;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "code", code);
        json_put_str(cx->mem, o, "label", target_body_name(cx, &all->v[i]));
        json_put_bool(cx->mem, o, "selected", str_eq(code, a->body));
    }
}

/* How many stand in each state, of the body that is asked for. */
static void states_put(struct ctx *cx, const struct asked *a, const int *counts, struct json *v)
{
    struct json *list = json_put(v, STR("states"), json_new_arr(cx->mem));
    for (int i = 0; i < TARGET_STATE_COUNT; i++) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        state_put(cx, (enum target_state)i, o);
        json_put_str(cx->mem, o, "count", number_text(cx, counts[i]));
        json_put_bool(cx->mem, o, "selected", str_eq(json_str(o, "state"), a->state));
    }
}

static enum rc rows_put(struct ctx *cx, const struct asked *a, struct json *v)
{
    struct target_list all;
    int counts[TARGET_STATE_COUNT] = {0};
    struct asked any = {.body = a->body};
    TRY(target_all(cx, &all));
    struct json *list = json_put(v, STR("rows"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all.n; i++) {
        struct progress_line *p = arena_new_of(cx->mem, struct progress_line);
        if (!is_wanted(&any, &all.v[i], TARGET_TOLD))
            continue;
        TRY(target_progress(cx, &all.v[i], p));
        counts[p->state]++;
        if (is_wanted(a, &all.v[i], p->state))
            target_put_words(cx, &all.v[i], p, json_push(list, json_new_obj(cx->mem)));
    }
    bodies_put(cx, a, &all, v);
    states_put(cx, a, counts, v);
    json_put_bool(cx->mem, v, "has_rows", list->n > 0);
    return RC_OK;
}

enum rc get_targets(struct ctx *cx, struct req *rq)
{
    struct asked a = {req_str(rq, "body"), req_str(rq, "state")};
    struct owed_list owed;
    struct json *v = goals_view(cx, "goals.title", STR_NULL);
    int64_t late = 0;
    TRY(rows_put(cx, &a, v));
    TRY(target_owed(cx, (struct unit_id){0}, &owed));
    for (size_t i = 0; i < owed.n; i++)
        late += owed.v[i].is_overdue;
    json_put_str(cx->mem, v, "owed", number_text(cx, (int64_t)owed.n));
    json_put_str(cx->mem, v, "late", number_text(cx, late));
    json_put_str(cx->mem, v, "filter",
                 str_fmt(cx->mem, "?body=%.*s&state=%.*s", STR_ARG(a.body), STR_ARG(a.state)));
    json_put_bool(cx->mem, v, "may_officers", unit_led(cx) != NULL);
    json_put_bool(cx->mem, v, "may_alerts",
                  cx->who && who_can(cx, cx->who, CAP_FIGURES, (struct unit_id){0}));
    return reply_page(cx, rq, "goals/list", v);
}

static void csv_row(struct buf *b, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_put(b, i ? STR(",") : STR(""));
        csv_cell(b, cells[i]);
    }
    buf_put(b, STR("\r\n"));
}

enum rc get_targets_csv(struct ctx *cx, struct req *rq)
{
    static const char *const head[] = {"id",      "name",        "body",   "body_name",
                                       "promise", "promise_day", "latest", "latest_day",
                                       "state",   "quote",       "source"};
    enum { COLUMNS = sizeof head / sizeof *head };
    struct asked a = {req_str(rq, "body"), req_str(rq, "state")};
    struct target_list all;
    struct str cells[COLUMNS];
    struct buf *b = buf_new(cx->mem, CSV_MAX);
    TRY(target_all(cx, &all));
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = str_from(head[i]);
    csv_row(b, cells, COLUMNS);
    for (size_t i = 0; i < all.n; i++) {
        const struct target_decl *d = all.v[i].decl;
        struct progress_line *p = arena_new_of(cx->mem, struct progress_line);
        struct json *o = json_new_obj(cx->mem);
        TRY(target_progress(cx, &all.v[i], p));
        if (!is_wanted(&a, &all.v[i], p->state))
            continue;
        target_put_words(cx, &all.v[i], p, o);
        const struct str row[COLUMNS] = {all.v[i].id,
                                         json_str(o, "name"),
                                         d->body,
                                         json_str(o, "body"),
                                         json_str(o, "promise"),
                                         json_str(o, "promise_day"),
                                         json_str(o, "latest"),
                                         json_str(o, "latest_day"),
                                         json_str(o, "state"),
                                         d->quote,
                                         d->source};
        csv_row(b, row, COLUMNS);
    }
    return reply_csv(cx, rq, STR("targets"), buf_str(b));
}

/* -- what is owed -- */

static void owed_row(struct ctx *cx, const struct owed *o, struct json *list)
{
    const struct target *t = &o->target;
    struct json *r = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, r, "id", t->id);
    json_put_str(cx->mem, r, "name", label_text(cx, t->ind->name));
    json_put_str(cx->mem, r, "body", target_body_name(cx, t));
    json_put_bool(cx->mem, r, "is_elsewhere", !t->unit);
    json_put_str(cx->mem, r, "speaker", unit_name(cx, t->speaker));
    json_put_str(cx->mem, r, "period", period_text(cx, o->period));
    json_put_str(cx->mem, r, "due", day_text(cx->mem, o->due));
    json_put_bool(cx->mem, r, "is_overdue", o->is_overdue);
    json_put_str(cx->mem, r, "days", number_text(cx, (int64_t)day_of(cx->now_us) - o->due));
    json_put_int(cx->mem, r, "missing", o->missing);
    json_put_bool(cx->mem, r, "has_more", o->missing > 1);
    bool may = cx->who && cx->who->account && figure_may_enter(cx, t->decl->body);
    json_put_str(cx->mem, r, "period_id", may ? period_id(cx->mem, o->period) : STR(""));
}

enum rc get_owed(struct ctx *cx, struct req *rq)
{
    struct str code = req_str(rq, "unit");
    const struct unit *u = code.n ? unit_find(cx, code) : NULL;
    struct owed_list owed;
    struct json *v = goals_view(cx, "goals.owed.title", STR("/targets"));
    if (code.n && !u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    TRY(target_owed(cx, u ? u->id : (struct unit_id){0}, &owed));
    struct json *list = json_put(v, STR("rows"), json_new_arr(cx->mem));
    for (size_t i = 0; i < owed.n; i++)
        owed_row(cx, &owed.v[i], list);
    json_put_bool(cx->mem, v, "has_rows", list->n > 0);
    json_put_str(cx->mem, v, "unit", u ? unit_name(cx, u) : STR(""));
    return reply_page(cx, rq, "goals/owed", v);
}

static const struct param list_params[] = {
    {"body", IN_QUERY, P_CODE, false, 0, UNIT_CODE_MAX, "only this body's"},
    {"state", IN_QUERY, P_CODE, false, 0, 20, "only those that stand so, as \"behind\""},
    {0},
};
static const struct param owed_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 0, UNIT_CODE_MAX,
     "what this unit and those below it owe"},
    {0},
};
static const struct param alerts_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 0, UNIT_CODE_MAX, "of this unit and those below it"},
    {"alert", IN_QUERY, P_INT, false, 0, INT64_MAX,
     "the event that raised it: this one alone, with up to 200 of its dossiers"},
    {0},
};
static const struct param target_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 90, "id of the target"},
    {0},
};
static const struct param evidence_params[] = {
    {"entry", IN_PATH, P_INT, true, 0, INT64_MAX, "the event that brought it"},
    {0},
};

const struct route goal_routes[] = {
    {GET, "/targets", get_targets, CAP_NONE, 0, list_params, "targets",
     "What bodies promised and how far they are", NULL},
    {GET, "/targets/csv", get_targets_csv, CAP_NONE, 0, list_params, "targets",
     "The same as comma-separated values", NULL},
    {GET, "/targets/owed", get_owed, CAP_NONE, 0, owed_params, "targets",
     "Figures that are owed, and by whom", NULL},
    {GET, "/targets/evidence/{entry}", get_evidence, CAP_FIGURES,
     ROUTE_NO_STORE | ROUTE_JOURNALS, evidence_params, "targets",
     "The evidence of an entered figure", NULL},
    {GET, "/targets/{id}", get_target, CAP_NONE, 0, target_params, "targets",
     "A target: its values, path and forecast", NULL},
    {GET, "/targets/{id}/enter", get_enter, CAP_FIGURE_ENTER, ROUTE_NO_STORE, enter_params,
     "targets", "The form for a figure", NULL},
    {POST, "/targets/{id}/enter", post_enter, CAP_FIGURE_ENTER,
     ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_NO_STORE, enter_body_params, "targets",
     "Enters a figure", NULL},
    {GET, "/targets/verify/{entry}", get_verify, CAP_FIGURE_VERIFY, ROUTE_NO_STORE,
     verify_params, "targets", "The form for what the authority found", NULL},
    {POST, "/targets/verify/{entry}", post_verify, CAP_FIGURE_VERIFY,
     ROUTE_WRITES | ROUTE_NO_STORE, verify_body_params, "targets", "Verifies a figure", NULL},
    {GET, "/alerts", get_alerts, CAP_FIGURES, ROUTE_NO_STORE, alerts_params, "targets",
     "Figures of one's units that passed a bound or left their trend", NULL},
    {GET, "/officers", get_officers, CAP_FIGURES, ROUTE_NO_STORE, officers_params, "targets",
     "Officers by Circular 01/2018, for their own leaders", NULL},
    {GET, "/officers.csv", get_officers_csv, CAP_FIGURES, ROUTE_NO_STORE, officers_params,
     "targets", "The same as comma-separated values", NULL},
    {0},
};
