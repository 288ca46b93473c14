/* targets.c - API: what was promised, what is entered, what is owed, what rings. */
#include "api/api.h"

#include "store/store.h"
#include "target/alert.h"
#include "target/period.h"
#include "target/target.h"
#include "text/i18n.h"

/* Hundredths as a decimal that loses nothing: "18.30". */
static void decimal_put(struct ctx *cx, struct json *o, const char *key, int64_t v)
{
    int64_t rest = v % 100;
    if (v == DB_NULL)
        return;
    json_put_str(cx->mem, o, key,
                 str_fmt(cx->mem, "%s%lld.%02lld", v < 0 && v > -100 ? "-" : "",
                         (long long)(v / 100), (long long)(rest < 0 ? -rest : rest)));
}

static enum rc target_put(struct ctx *cx, const struct target *t, struct progress_line *p,
                          struct json *o)
{
    const struct target_decl *d = t->decl;
    TRY(target_progress(cx, t, p));
    json_put_str(cx->mem, o, "id", t->id);
    json_put_str(cx->mem, o, "name", label_text(cx, d->name));
    json_put_str(cx->mem, o, "body", d->body);
    json_put_str(cx->mem, o, "body_name", target_body_name(cx, t));
    json_put_str(cx->mem, o, "indicator", t->ind ? t->ind->id : d->indicator.id);
    json_put_str(cx->mem, o, "state", str_from(target_state_name(p->state)));
    if (d->op != GOAL_NONE) {
        json_put_str(cx->mem, o, "op", str_from(goal_op_name(d->op)));
        decimal_put(cx, o, "promised", d->goal.value);
        json_put_str(cx->mem, o, "promised_day", day_iso(cx->mem, d->goal.day));
    }
    decimal_put(cx, o, "latest", p->latest);
    decimal_put(cx, o, "expected", p->expected);
    decimal_put(cx, o, "forecast", p->forecast);
    json_put_str(cx->mem, o, "quote", d->quote);
    json_put_str(cx->mem, o, "source", d->source);
    return RC_OK;
}

static enum rc targets_get(struct ctx *cx, struct req *rq)
{
    struct target_list all;
    struct str body = req_str(rq, "body");
    struct json *out = json_new_obj(cx->mem);
    struct json *list = json_put(out, STR("targets"), json_new_arr(cx->mem));
    TRY(target_all(cx, &all));
    for (size_t i = 0; i < all.n; i++) {
        struct progress_line *p = arena_new_of(cx->mem, struct progress_line);
        if (!body.n || str_eq(body, all.v[i].decl->body))
            TRY(target_put(cx, &all.v[i], p, json_push(list, json_new_obj(cx->mem))));
    }
    return reply_json(cx, rq, 200, out);
}

static enum rc target_get_one(struct ctx *cx, struct req *rq)
{
    static const char *const sources[] = {"baseline", "known", "computed", "self", "verified"};
    struct target t;
    struct progress_line *p = arena_new_of(cx->mem, struct progress_line);
    struct json *o = json_new_obj(cx->mem);
    TRY(target_by_id(cx, req_str(rq, "id"), &t));
    TRY(target_put(cx, &t, p, o));
    struct json *list = json_put(o, STR("values"), json_new_arr(cx->mem));
    for (size_t i = 0; i < p->n; i++) {
        struct json *v = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, v, "day", day_iso(cx->mem, p->points[i].day));
        decimal_put(cx, v, "value", p->points[i].value);
        json_put_str(cx->mem, v, "from", str_from(sources[p->points[i].source]));
    }
    return reply_json(cx, rq, 200, o);
}

static enum rc owed_get(struct ctx *cx, struct req *rq)
{
    struct str code = req_str(rq, "unit");
    const struct unit *u = code.n ? unit_find(cx, code) : NULL;
    struct owed_list owed;
    struct json *out = json_new_obj(cx->mem);
    struct json *list = json_put(out, STR("owed"), json_new_arr(cx->mem));
    if (code.n && !u)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    TRY(target_owed(cx, u ? u->id : (struct unit_id){0}, &owed));
    for (size_t i = 0; i < owed.n; i++) {
        const struct owed *o = &owed.v[i];
        struct json *r = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, r, "target", o->target.id);
        json_put_str(cx->mem, r, "indicator", o->target.ind->id);
        json_put_str(cx->mem, r, "body", o->target.decl->body);
        json_put_str(cx->mem, r, "entered_by", o->target.speaker->code);
        json_put_str(cx->mem, r, "period", period_id(cx->mem, o->period));
        json_put_str(cx->mem, r, "due", day_iso(cx->mem, o->due));
        json_put_bool(cx->mem, r, "overdue", o->is_overdue);
        json_put_int(cx->mem, r, "missing", o->missing);
    }
    return reply_json(cx, rq, 200, out);
}

static void value_put(struct ctx *cx, struct json *o, const char *key,
                      const struct entered_value *v)
{
    if (!v->is_given)
        return;
    struct json *c = json_put(o, str_from(key), json_new_obj(cx->mem));
    json_put_int(cx->mem, c, "num", v->num);
    json_put_int(cx->mem, c, "den", v->den);
    json_put_int(cx->mem, c, "event", v->seq);
    json_put_str(cx->mem, c, "time", time_iso(cx->mem, v->time_us));
}

static void values_put(struct ctx *cx, const struct entered *e, struct json *o)
{
    value_put(cx, o, "self", &e->self);
    value_put(cx, o, "verified", &e->verified);
}

static void words_put(struct ctx *cx, const struct entered *e, struct json *o)
{
    json_put_str(cx->mem, o, "method", e->method);
    json_put_str(cx->mem, o, "note", e->note);
    json_put_str(cx->mem, o, "evidence_sha256", e->file);
}

/* What was entered for the period before it was corrected, latest first. A correction may have
 * removed words that ought not to stand there: they are for those who may open the evidence. */
static enum rc earlier_put(struct ctx *cx, const struct entered *e, bool may_open,
                           struct json *o)
{
    struct entered_list all;
    struct json *list = json_put(o, STR("earlier"), json_new_arr(cx->mem));
    TRY(entered_history(cx, e->indicator, e->body, e->period, &all));
    for (size_t i = 1; i < all.n; i++) {
        struct json *was = json_push(list, json_new_obj(cx->mem));
        values_put(cx, &all.v[i], was);
        if (may_open)
            words_put(cx, &all.v[i], was);
    }
    return RC_OK;
}

static enum rc entered_get_all(struct ctx *cx, struct req *rq)
{
    struct entered_list list;
    struct period all = {day_make(PERIOD_YEAR_MIN, 1, 1), INT32_MAX};
    bool may_open = figure_may_open(cx, req_str(rq, "body"));
    struct json *out = json_new_obj(cx->mem);
    struct json *rows = json_put(out, STR("entered"), json_new_arr(cx->mem));
    TRY(entered_series(cx, req_str(rq, "indicator"), req_str(rq, "body"), all, &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct entered *e = &list.v[i];
        struct json *o = json_push(rows, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "period", period_id(cx->mem, e->period));
        values_put(cx, e, o);
        words_put(cx, e, o);
        TRY(earlier_put(cx, e, may_open, o));
    }
    return reply_json(cx, rq, 200, out);
}

static enum rc entry_keep(struct ctx *cx, struct req *rq, int64_t seq)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_int(cx->mem, o, "event", seq);
    reply_result(rq, o);
    return RC_OK;
}

/* After the commit, also of a request that came before under the same key. */
static enum rc entry_after(struct ctx *cx, struct req *rq)
{
    return reply_json(cx, rq, 201, json_copy(cx->mem, req_result(rq)));
}

static enum rc figure_post(struct ctx *cx, struct req *rq)
{
    struct str name = req_str(rq, "body_name");
    struct entered_new e = {.indicator = req_str(rq, "indicator"),
                            .body = req_str(rq, "body"),
                            .body_name = name.p ? name : STR(""),
                            .num = req_int(rq, "num", 0),
                            .den = req_int(rq, "den", 0),
                            .method = req_str(rq, "method"),
                            .note = req_str(rq, "note")};
    int64_t seq;
    if (!period_parse(req_str(rq, "period"), &e.period))
        return FAIL(cx, INVALID, "period", "2025, 2025-H1, 2025-Q3 or 2025-06");
    TRY(figure_enter(cx, &e, &seq));
    return entry_keep(cx, rq, seq);
}

static enum rc verification_post(struct ctx *cx, struct req *rq)
{
    struct verified_new v = {.seq = req_int(rq, "entry", -1),
                             .num = req_int(rq, "num", 0),
                             .den = req_int(rq, "den", 0),
                             .note = req_str(rq, "note")};
    TRY(figure_verify(cx, &v));
    return entry_keep(cx, rq, v.seq);
}

static enum rc alerts_get(struct ctx *cx, struct req *rq)
{
    struct alert_list all;
    struct json *out = json_new_obj(cx->mem);
    struct json *list = json_put(out, STR("alerts"), json_new_arr(cx->mem));
    TRY(alerts_find(cx, (struct unit_id){0}, true, &all));
    for (size_t i = 0; i < all.n; i++) {
        const struct alert *a = &all.v[i];
        struct json *o = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "indicator", a->ind->id);
        json_put_str(cx->mem, o, "unit", a->unit->code);
        json_put_str(cx->mem, o, "rule", a->rule);
        json_put_str(cx->mem, o, "from", day_iso(cx->mem, a->period.from));
        json_put_str(cx->mem, o, "to", day_iso(cx->mem, a->period.to - 1));
        decimal_put(cx, o, "value", a->value);
        decimal_put(cx, o, "bound", a->bound);
        json_put_str(cx->mem, o, "since", time_iso(cx->mem, a->raised_us));
    }
    return reply_json(cx, rq, 200, out);
}

static const struct param targets_params[] = {
    {"body", IN_QUERY, P_CODE, false, 1, UNIT_CODE_MAX, "only this body's"},
    {0},
};
static const struct param one_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 90, "id of the target"},
    {0},
};
static const struct param owed_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 1, UNIT_CODE_MAX, "what it and those below it owe"},
    {0},
};
static const struct param entered_params[] = {
    {"indicator", IN_QUERY, P_CODE, true, 1, 80, "id of the indicator"},
    {"body", IN_QUERY, P_CODE, true, 1, UNIT_CODE_MAX, "code of the body"},
    {0},
};
static const struct param figure_params[] = {
    {"indicator", IN_BODY, P_CODE, true, 1, 80, "id of the indicator"},
    {"body", IN_BODY, P_CODE, true, 1, UNIT_CODE_MAX, "code of the body"},
    {"body_name", IN_BODY, P_TEXT, false, 0, UNIT_NAME_MAX, "when it is no unit of this node"},
    {"period", IN_BODY, P_CODE, true, 4, 7, "2025, 2025-H1, 2025-Q3 or 2025-06"},
    {"num", IN_BODY, P_INT, true, -INT64_C(10000000000000000), INT64_C(10000000000000000),
     "numerator; of counts and money the amount itself"},
    {"den", IN_BODY, P_INT, false, 0, INT64_C(100000000000000),
     "denominator; none for amounts"},
    {"method", IN_BODY, P_TEXT, true, 1, ENTERED_TEXT_MAX, "how it was found"},
    {"note", IN_BODY, P_TEXT, true, 1, ENTERED_TEXT_MAX,
     "its source by name (document number, address); why it is corrected. Public"},
    {0},
};
static const struct param verification_params[] = {
    {"entry", IN_PATH, P_INT, true, 0, INT64_MAX, "the event that brought the figure"},
    {"num", IN_BODY, P_INT, true, -INT64_C(10000000000000000), INT64_C(10000000000000000),
     "numerator found"},
    {"den", IN_BODY, P_INT, false, 0, INT64_C(100000000000000), "denominator found"},
    {"note", IN_BODY, P_TEXT, false, 0, ENTERED_TEXT_MAX, "why it differs. Public"},
    {0},
};

const struct route api_target_routes[] = {
    {GET, "/api/v1/targets", targets_get, CAP_NONE, ROUTE_API, targets_params, "targets",
     "What bodies promised and how far they are", NULL},
    {GET, "/api/v1/targets/{id}", target_get_one, CAP_NONE, ROUTE_API, one_params, "targets",
     "A target with its values", NULL},
    {GET, "/api/v1/figures/owed", owed_get, CAP_NONE, ROUTE_API, owed_params, "targets",
     "Figures that are owed, and by whom", NULL},
    {GET, "/api/v1/figures/entered", entered_get_all, CAP_NONE, ROUTE_API, entered_params,
     "targets",
     "What was entered and verified; words that were corrected, for who may open evidence",
     NULL},
    {POST, "/api/v1/figures/entered", figure_post, CAP_FIGURE_ENTER,
     ROUTE_API | ROUTE_WRITES | ROUTE_IDEMPOTENT, figure_params, "targets", "Enters a figure",
     entry_after},
    {POST, "/api/v1/figures/entered/{entry}/verification", verification_post, CAP_FIGURE_VERIFY,
     ROUTE_API | ROUTE_WRITES | ROUTE_IDEMPOTENT, verification_params, "targets",
     "Says what the authority found", entry_after},
    {GET, "/api/v1/alerts", alerts_get, CAP_FIGURES, ROUTE_API | ROUTE_NO_STORE, NULL,
     "targets", "What rings in one's units", NULL},
    {0},
};
