/* enter.c - the form in which a body enters its figure. */
#include "goals/goals_priv.h"

#include "app/app.h"
#include "casework/casework.h"
#include "casework/file.h"
#include "store/store.h"
#include "text/i18n.h"

enum { PERIODS_OFFERED = 12 };

static enum span span_of(const struct indicator *ind)
{
    return ind->every == EVERY_MONTH     ? SPAN_MONTH
           : ind->every == EVERY_QUARTER ? SPAN_QUARTER
                                         : SPAN_YEAR;
}

/* What a period has already, in its own words; empty: nothing. */
static enum rc was_text(struct ctx *cx, const struct target *t, struct period p,
                        const char *key, struct str *ret)
{
    struct entered_list all;
    struct json *args = json_new_obj(cx->mem);
    TRY(entered_history(cx, t->ind->id, t->decl->body, p, &all));
    *ret = period_text(cx, p);
    if (!all.n)
        return RC_OK;
    int64_t value = entered_value_of(t->ind, &all.v[0].self);
    json_put_str(cx->mem, args, "period", *ret);
    json_put_str(cx->mem, args, "value", target_value_text(cx, t, value));
    json_put_str(cx->mem, args, "time", time_text(cx->mem, all.v[0].self.time_us));
    *ret = msg_fill(cx, str_from(key), args);
    return RC_OK;
}

static enum rc period_put(struct ctx *cx, const struct target *t, struct period p,
                          bool is_chosen, struct json *v)
{
    struct json *o = json_push(json_get(v, STR("periods")), json_new_obj(cx->mem));
    struct str label, was;
    TRY(was_text(cx, t, p, "goals.enter.has", &label));
    json_put_str(cx->mem, o, "id", period_id(cx->mem, p));
    json_put_str(cx->mem, o, "label", label);
    json_put_bool(cx->mem, o, "selected", is_chosen);
    if (!is_chosen || str_eq(label, period_text(cx, p)))
        return RC_OK;
    TRY(was_text(cx, t, p, "goals.enter.was", &was));
    json_put_str(cx->mem, v, "was", was);
    return RC_OK;
}

/* The last ones that ended, and one before them when it is asked for: it may be owed for long.
 * Without a word the last is chosen. */
static enum rc periods_put(struct ctx *cx, const struct target *t, struct str now,
                           struct json *v)
{
    struct period p = period_before(period_at(day_of(cx->now_us), span_of(t->ind))), asked;
    bool has_asked = period_parse(now, &asked) && period_span(asked) == span_of(t->ind);
    json_put(v, STR("periods"), json_new_arr(cx->mem));
    json_put_str(cx->mem, v, "was", STR(""));
    for (int i = 0; i < PERIODS_OFFERED; i++, p = period_before(p))
        TRY(period_put(cx, t, p, has_asked ? p.from == asked.from : i == 0 && !now.n, v));
    return has_asked && asked.to <= p.to ? period_put(cx, t, asked, true, v) : RC_OK;
}

static bool is_counted(const struct target *t)
{
    return t->ind && !t->ind->is_entered && t->unit;
}

static enum rc right_check(struct ctx *cx, const struct target *t)
{
    if (!t->ind)
        return FAIL(cx, NOT_FOUND, "id", "its indicator is not declared here");
    return figure_may_enter(cx, t->decl->body)
               ? RC_OK
               : FAIL(cx, FORBIDDEN, "id", "not one's to enter");
}

static enum rc enter_view(struct ctx *cx, const struct target *t, struct str period,
                          struct json **ret)
{
    struct str back = str_fmt(cx->mem, "/targets/%.*s", STR_ARG(t->id));
    struct json *v = goals_view(cx, "goals.enter.title", back);
    json_put_str(cx->mem, v, "id", t->id);
    json_put_str(cx->mem, v, "indicator_name", label_text(cx, t->ind->name));
    json_put_str(cx->mem, v, "about", label_text(cx, t->ind->about));
    json_put_str(cx->mem, v, "body", target_body_name(cx, t));
    json_put_str(cx->mem, v, "declared",
                 t->ind->method ? label_text(cx, t->ind->method) : STR(""));
    json_put_str(cx->mem, v, "file_most", file_size_text(cx, cx->app->settings.web_file_max));
    json_put_str(cx->mem, v, "method", STR(""));
    amount_put(cx, t, v);
    TRY(periods_put(cx, t, period, v));
    *ret = v;
    return RC_OK;
}

enum rc get_enter(struct ctx *cx, struct req *rq)
{
    struct target t;
    struct json *v;
    TRY(target_by_id(cx, req_str(rq, "id"), &t));
    if (is_counted(&t))
        return goals_tell(cx, rq, 409, t.id, "goals.enter.counted");
    TRY(right_check(cx, &t));
    TRY(enter_view(cx, &t, req_str(rq, "period"), &v));
    return reply_page(cx, rq, "goals/enter", v);
}

/* -- what was typed -- */

static void texts_check(struct ctx *cx, struct req *rq, struct json *v)
{
    const struct upload *up = req_upload(rq, 0);
    struct str method = typed_str(rq, "method"), note = typed_str(rq, "note");
    if (!method.n)
        goals_wrong_key(cx, v, "method", "method.none");
    else if (utf8_len(method) > ENTERED_TEXT_MAX)
        goals_wrong_key(cx, v, "method", "method");
    if (utf8_len(note) > ENTERED_TEXT_MAX)
        goals_wrong_key(cx, v, "note", "note.long");
    if (up && !up->size)
        goals_wrong_key(cx, v, "evidence", "evidence.empty");
    else if (!up && !note.n)
        goals_wrong_key(cx, v, "evidence", "evidence.none");
}

/* A browser does not send a file back: it has to be chosen again. */
static enum rc refused(struct ctx *cx, struct req *rq, struct json *v)
{
    const struct upload *up = req_upload(rq, 0);
    json_put_bool(cx->mem, v, "file_again", up && up->size);
    return reply_page_status(cx, rq, UNPROCESSABLE, "goals/enter", v);
}

static enum rc evidence_take(struct ctx *cx, struct req *rq, struct file *f,
                             struct entered_new *e)
{
    const struct upload *up = req_upload(rq, 0);
    if (!up)
        return RC_OK;
    e->evidence = f;
    return file_store(cx, up->path, &up->digest, up->name, f);
}

static enum rc entry_send(struct ctx *cx, struct req *rq, struct entered_new *e)
{
    struct file f;
    TRY(evidence_take(cx, rq, &f, e));
    return figure_enter(cx, e, NULL);
}

const char *goals_field_of(const struct ctx *cx)
{
    static const char *const fields[] = {"note", "method", "period", "den"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(cx->err.field, fields[i]) == 0)
            return fields[i];
    return "value";
}

enum rc goals_done(struct ctx *cx, struct req *rq, struct str id, const char *key)
{
    reply_flash(cx, rq, key, "success");
    return reply_redirect(cx, rq, str_fmt(cx->mem, "/targets/%.*s", STR_ARG(id)));
}

static enum rc outcome(struct ctx *cx, struct req *rq, struct json *v, enum rc rc)
{
    bool is_file = rc == RC_UNSUPPORTED || rc == RC_TOO_LARGE;
    if (rc != RC_INVALID && !is_file)
        return rc;
    const char *field = is_file ? "evidence" : goals_field_of(cx);
    goals_wrong_key(cx, v, field, field);
    ctx_clear(cx);
    return refused(cx, rq, v);
}

enum rc post_enter(struct ctx *cx, struct req *rq)
{
    struct target t;
    struct json *v;
    struct amount amount = {0};
    TRY(target_by_id(cx, req_str(rq, "id"), &t));
    if (is_counted(&t))
        return goals_tell(cx, rq, 409, t.id, "goals.enter.counted");
    TRY(right_check(cx, &t));
    TRY(enter_view(cx, &t, req_str(rq, "period"), &v));
    typed_put(cx, rq, v);
    json_put_str(cx->mem, v, "method", typed_str(rq, "method"));
    struct entered_new e = {.indicator = t.ind->id,
                            .body = t.decl->body,
                            .body_name = label_text(cx, t.decl->body_name),
                            .method = typed_str(rq, "method"),
                            .note = typed_str(rq, "note")};
    if (!period_parse(req_str(rq, "period"), &e.period))
        goals_wrong_key(cx, v, "period", "period");
    if (amount_read(cx, rq, &t, v, &amount)) {
        e.num = amount.num;
        e.den = amount.den;
    }
    texts_check(cx, rq, v);
    if (json_get(v, STR("errors")))
        return refused(cx, rq, v);
    enum rc rc = entry_send(cx, rq, &e);
    return rc == RC_OK ? goals_done(cx, rq, t.id, "goals.done.entered")
                       : outcome(cx, rq, v, rc);
}

const struct param enter_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 90, "id of the target"},
    {"period", IN_QUERY, P_CODE, false, 0, 10, "chosen in the form: 2025, 2025-Q3, 2025-06"},
    {0},
};
const struct param enter_body_params[] = {
    {"id", IN_PATH, P_CODE, true, 1, 90, "id of the target"},
    {"period", IN_BODY, P_CODE, true, 0, 10, "2025, 2025-H1, 2025-Q3 or 2025-06"},
    {"value", IN_BODY, P_TEXT, false, 0, TYPED_MAX, "the value, as people write it"},
    {"num", IN_BODY, P_TEXT, false, 0, TYPED_MAX, "numerator, instead of the value"},
    {"den", IN_BODY, P_TEXT, false, 0, TYPED_MAX, "denominator, with the numerator"},
    {"method", IN_BODY, P_TEXT, false, 0, TYPED_MAX, "how it was found"},
    {"note", IN_BODY, P_TEXT, false, 0, TYPED_MAX,
     "its source, without evidence; why it is corrected. Public"},
    {"evidence", IN_BODY, P_FILE, false, 0, 1, "an image or a PDF"},
    {0},
};
