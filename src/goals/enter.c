/* enter.c - forms: a body enters its figure, the authority above verifies it. */
#include "goals/goals_priv.h"

#include "casework/casework.h"
#include "store/store.h"
#include "text/i18n.h"

enum { UNPROCESSABLE = 422, PERIODS_OFFERED = 12, VALUE_MAX = 40 };

static void wrong(struct ctx *cx, struct json *v, const char *field)
{
    struct json *list = json_get(v, STR("errors"));
    list = list ? list : json_put(v, STR("errors"), json_new_arr(cx->mem));
    struct json *e = json_push(list, json_new_obj(cx->mem));
    struct str text = msg_get(cx->lang, str_fmt(cx->mem, "goals.wrong.%s", field));
    json_put_str(cx->mem, e, "href", str_fmt(cx->mem, "#%s", field));
    json_put_str(cx->mem, e, "message", text);
    json_put_str(cx->mem, v, str_z(cx->mem, str_fmt(cx->mem, "wrong_%s", field)), text);
    json_put_bool(cx->mem, v, "has_errors", true);
}

static bool is_ratio(const struct indicator *ind)
{
    return ind->unit != IND_COUNT && (ind->unit != IND_VND || ind->has_of);
}

/* A value alone, or what it is made of. False with the field that is wrong told. */
static bool amount_read(struct ctx *cx, struct req *rq, const struct indicator *ind,
                        struct json *v, int64_t *num, int64_t *den)
{
    struct str value = req_str(rq, "value"), n = req_str(rq, "num"), d = req_str(rq, "den");
    int64_t hundredths, parts[2];
    if (is_ratio(ind) && (str_trim(n).n || str_trim(d).n)) {
        bool ok = value_parse(n, &parts[0]) && value_parse(d, &parts[1]) &&
                  parts[0] % 100 == 0 && parts[1] % 100 == 0;
        *num = ok ? parts[0] / 100 : 0;
        *den = ok ? parts[1] / 100 : 0;
        if (!ok || *den <= 0)
            wrong(cx, v, "den");
        return ok && *den > 0;
    }
    bool ok = value_parse(value, &hundredths) && value_split(ind, hundredths, num, den);
    if (!ok)
        wrong(cx, v, "value");
    return ok;
}

/* What was typed; rq NULL: nothing yet. */
static void typed_put(struct ctx *cx, struct req *rq, struct json *v)
{
    static const char *const fields[] = {"value", "num", "den", "note"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct str s = rq ? req_str(rq, fields[i]) : STR("");
        json_put_str(cx->mem, v, fields[i], s.p ? s : STR(""));
    }
}

/* -- entering -- */

static enum span span_of(const struct indicator *ind)
{
    return ind->every == EVERY_MONTH     ? SPAN_MONTH
           : ind->every == EVERY_QUARTER ? SPAN_QUARTER
                                         : SPAN_YEAR;
}

static void periods_put(struct ctx *cx, const struct target *t, struct str now, struct json *v)
{
    struct json *list = json_put(v, STR("periods"), json_new_arr(cx->mem));
    struct period p = period_before(period_at(day_of(cx->now_us), span_of(t->ind)));
    for (int i = 0; i < PERIODS_OFFERED; i++, p = period_before(p)) {
        struct json *o = json_push(list, json_new_obj(cx->mem));
        struct str id = period_id(cx->mem, p);
        json_put_str(cx->mem, o, "id", id);
        json_put_str(cx->mem, o, "label", period_text(cx, p));
        json_put_bool(cx->mem, o, "selected", str_eq(id, now));
    }
}

static enum rc target_open(struct ctx *cx, struct req *rq, struct target *t)
{
    TRY(target_by_id(cx, req_str(rq, "id"), t));
    if (!t->ind)
        return FAIL(cx, NOT_FOUND, "id", "its indicator is not declared here");
    if (!t->ind->is_entered && t->unit)
        return FAIL(cx, STATE, "id", "events give it");
    return figure_may_enter(cx, t->decl->body)
               ? RC_OK
               : FAIL(cx, FORBIDDEN, "id", "not one's to enter");
}

static struct json *enter_view(struct ctx *cx, const struct target *t, struct str period)
{
    struct str back = str_fmt(cx->mem, "/targets/%.*s", STR_ARG(t->id));
    struct json *v = goals_view(cx, "goals.enter.title", back);
    json_put_str(cx->mem, v, "id", t->id);
    json_put_str(cx->mem, v, "indicator_name", label_text(cx, t->ind->name));
    json_put_str(cx->mem, v, "about", label_text(cx, t->ind->about));
    json_put_str(cx->mem, v, "body", target_body_name(cx, t));
    json_put_str(cx->mem, v, "declared",
                 t->ind->method ? label_text(cx, t->ind->method) : STR(""));
    json_put_bool(cx->mem, v, "is_ratio", is_ratio(t->ind));
    json_put_bool(cx->mem, v, "is_percent", t->ind->unit == IND_PERCENT);
    json_put_bool(cx->mem, v, "is_money", t->ind->unit == IND_VND);
    typed_put(cx, NULL, v);
    json_put_str(cx->mem, v, "method", STR(""));
    periods_put(cx, t, period, v);
    return v;
}

enum rc get_enter(struct ctx *cx, struct req *rq)
{
    struct target t;
    TRY(target_open(cx, rq, &t));
    return reply_page(cx, rq, "goals/enter", enter_view(cx, &t, req_str(rq, "period")));
}

static enum rc evidence_take(struct ctx *cx, struct req *rq, struct file *f, bool *has)
{
    const struct upload *up = req_upload(rq, 0);
    *has = up && up->size > 0;
    return *has ? file_store(cx, up->path, &up->digest, up->name, f) : RC_OK;
}

/* Fields as the kernel names them, as the form has them. */
static const char *field_of(const struct ctx *cx, enum rc rc)
{
    struct str f = str_from(cx->err.field);
    if (rc == RC_UNSUPPORTED || rc == RC_TOO_LARGE)
        return "evidence";
    if (str_eq(f, STR("note")) || str_eq(f, STR("method")) || str_eq(f, STR("period")))
        return str_eq(f, STR("note")) ? "note" : str_eq(f, STR("method")) ? "method" : "period";
    return str_eq(f, STR("den")) ? "den" : "value";
}

static bool is_about_a_field(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_UNSUPPORTED || rc == RC_TOO_LARGE;
}

static enum rc go_to(struct ctx *cx, struct req *rq, struct str id, const char *key)
{
    reply_flash(cx, rq, key, "success");
    return reply_redirect(cx, rq, str_fmt(cx->mem, "/targets/%.*s", STR_ARG(id)));
}

enum rc post_enter(struct ctx *cx, struct req *rq)
{
    struct target t;
    struct file evidence = {0};
    bool has = false;
    TRY(target_open(cx, rq, &t));
    struct json *v = enter_view(cx, &t, req_str(rq, "period"));
    typed_put(cx, rq, v);
    json_put_str(cx->mem, v, "method",
                 req_str(rq, "method").p ? req_str(rq, "method") : STR(""));
    struct entered_new e = {.indicator = t.ind->id,
                            .body = t.decl->body,
                            .body_name = label_text(cx, t.decl->body_name),
                            .method = str_trim(req_str(rq, "method")),
                            .note = str_trim(req_str(rq, "note"))};
    if (!period_parse(req_str(rq, "period"), &e.period))
        wrong(cx, v, "period");
    if (!amount_read(cx, rq, t.ind, v, &e.num, &e.den) || json_get(v, STR("errors")))
        return reply_page_status(cx, rq, UNPROCESSABLE, "goals/enter", v);
    enum rc rc = evidence_take(cx, rq, &evidence, &has);
    e.evidence = has ? &evidence : NULL;
    if (rc == RC_OK)
        rc = figure_enter(cx, &e, NULL);
    if (!is_about_a_field(rc))
        return rc == RC_OK ? go_to(cx, rq, t.id, "goals.done.entered") : rc;
    wrong(cx, v, field_of(cx, rc));
    ctx_clear(cx);
    return reply_page_status(cx, rq, UNPROCESSABLE, "goals/enter", v);
}

/* -- verifying -- */

static enum rc verify_open(struct ctx *cx, struct req *rq, struct target *t, struct entered *e)
{
    TRY(entered_by_seq(cx, req_int(rq, "entry", -1), e));
    TRY(target_of_figure(cx, e->indicator, e->body, t));
    return figure_may_verify(cx, e->body)
               ? RC_OK
               : FAIL(cx, FORBIDDEN, "entry", "no authority above it");
}

static struct json *verify_view(struct ctx *cx, const struct target *t, const struct entered *e)
{
    struct str back = str_fmt(cx->mem, "/targets/%.*s", STR_ARG(t->id));
    struct json *v = goals_view(cx, "goals.verify.title", back);
    json_put_int(cx->mem, v, "entry", e->self.seq);
    json_put_str(cx->mem, v, "indicator_name", label_text(cx, t->ind->name));
    json_put_str(cx->mem, v, "body", target_body_name(cx, t));
    json_put_str(cx->mem, v, "period", period_text(cx, e->period));
    json_put_str(cx->mem, v, "self",
                 target_value_text(cx, t, entered_value_of(t->ind, &e->self)));
    json_put_str(cx->mem, v, "entered_note", e->note);
    json_put_str(cx->mem, v, "entered_method", e->method);
    json_put_bool(cx->mem, v, "has_file", e->file.n > 0);
    json_put_bool(cx->mem, v, "is_ratio", is_ratio(t->ind));
    typed_put(cx, NULL, v);
    return v;
}

enum rc get_verify(struct ctx *cx, struct req *rq)
{
    struct target t;
    struct entered e;
    TRY(verify_open(cx, rq, &t, &e));
    return reply_page(cx, rq, "goals/verify", verify_view(cx, &t, &e));
}

enum rc post_verify(struct ctx *cx, struct req *rq)
{
    struct target t;
    struct entered e;
    TRY(verify_open(cx, rq, &t, &e));
    struct json *v = verify_view(cx, &t, &e);
    struct verified_new n = {.seq = e.self.seq,
                             .num = e.self.num,
                             .den = e.self.den,
                             .note = str_trim(req_str(rq, "note"))};
    typed_put(cx, rq, v);
    bool is_same = req_bool(rq, "same");
    if (!is_same && !amount_read(cx, rq, t.ind, v, &n.num, &n.den))
        return reply_page_status(cx, rq, UNPROCESSABLE, "goals/verify", v);
    enum rc rc = figure_verify(cx, &n);
    if (rc == RC_OK)
        return go_to(cx, rq, t.id, "goals.done.verified");
    if (!is_about_a_field(rc))
        return rc;
    wrong(cx, v, field_of(cx, rc));
    ctx_clear(cx);
    return reply_page_status(cx, rq, UNPROCESSABLE, "goals/verify", v);
}

const struct param enter_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 90, "id of the target"},
    {"period", IN_QUERY, P_CODE, false, 0, 10, "chosen in the form: 2025, 2025-Q3, 2025-06"},
    {0},
};
const struct param enter_body_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 90, "id of the target"},
    {"period", IN_BODY, P_CODE, true, 0, 10, "2025, 2025-H1, 2025-Q3 or 2025-06"},
    {"value", IN_BODY, P_TEXT, false, 0, VALUE_MAX, "the value, as people write it"},
    {"num", IN_BODY, P_TEXT, false, 0, VALUE_MAX, "numerator, instead of the value"},
    {"den", IN_BODY, P_TEXT, false, 0, VALUE_MAX, "denominator, with the numerator"},
    {"method", IN_BODY, P_TEXT, false, 0, ENTERED_TEXT_MAX, "how it was found"},
    {"note", IN_BODY, P_TEXT, false, 0, ENTERED_TEXT_MAX,
     "source; why it is corrected. Public"},
    {"evidence", IN_BODY, P_FILE, false, 0, 1, "an image or a PDF"},
    {0},
};
const struct param verify_params[] = {
    {"entry", IN_PATH, P_INT, true, 0, INT64_MAX, "the event that brought the figure"},
    {0},
};
const struct param verify_body_params[] = {
    {"entry", IN_PATH, P_INT, true, 0, INT64_MAX, "the event that brought the figure"},
    {"same", IN_BODY, P_BOOL, false, 0, 0, "the value is as entered"},
    {"value", IN_BODY, P_TEXT, false, 0, VALUE_MAX, "else: the value found"},
    {"num", IN_BODY, P_TEXT, false, 0, VALUE_MAX, "numerator, instead of the value"},
    {"den", IN_BODY, P_TEXT, false, 0, VALUE_MAX, "denominator, with the numerator"},
    {"note", IN_BODY, P_TEXT, false, 0, ENTERED_TEXT_MAX, "why it differs. Public"},
    {0},
};
