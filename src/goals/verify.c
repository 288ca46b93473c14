/* verify.c - the form of the authority above: as entered, or what it found. */
#include "goals/goals_priv.h"

#include "store/store.h"
#include "text/i18n.h"

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
    amount_put(cx, t, v);
    return v;
}

enum rc get_verify(struct ctx *cx, struct req *rq)
{
    struct target t;
    struct entered e;
    struct entered_by by;
    TRY(verify_open(cx, rq, &t, &e));
    TRY(entered_by_get(cx, &e.self, &by));
    if (entered_is_own(cx, &by))
        return goals_tell(cx, rq, 403, t.id, "goals.verify.own");
    return reply_page(cx, rq, "goals/verify", verify_view(cx, &t, &e));
}

/* "As it was entered" beside another value: which of them was meant is not guessed. */
static void found_read(struct ctx *cx, struct req *rq, const struct target *t, struct json *v,
                       struct amount *found)
{
    if (!req_bool(rq, "same"))
        (void)!amount_read(cx, rq, t, v, found);
    else if (amount_is_typed(rq))
        goals_wrong_key(cx, v, "value", "same");
    if (utf8_len(typed_str(rq, "note")) > ENTERED_TEXT_MAX)
        goals_wrong_key(cx, v, "note", "note.long");
}

enum rc post_verify(struct ctx *cx, struct req *rq)
{
    struct target t;
    struct entered e;
    TRY(verify_open(cx, rq, &t, &e));
    struct json *v = verify_view(cx, &t, &e);
    struct amount found = {e.self.num, e.self.den};
    typed_put(cx, rq, v);
    found_read(cx, rq, &t, v, &found);
    if (json_get(v, STR("errors")))
        return reply_page_status(cx, rq, UNPROCESSABLE, "goals/verify", v);
    struct verified_new n = {
        .seq = e.self.seq, .num = found.num, .den = found.den, .note = typed_str(rq, "note")};
    enum rc rc = figure_verify(cx, &n);
    if (rc == RC_OK)
        return goals_done(cx, rq, t.id, "goals.done.verified");
    if (rc != RC_INVALID)
        return rc;
    const char *field = goals_field_of(cx);
    goals_wrong_key(cx, v, field, field);
    ctx_clear(cx);
    return reply_page_status(cx, rq, UNPROCESSABLE, "goals/verify", v);
}

const struct param verify_params[] = {
    {"entry", IN_PATH, P_INT, true, 0, INT64_MAX, "the event that brought the figure"},
    {0},
};
const struct param verify_body_params[] = {
    {"entry", IN_PATH, P_INT, true, 0, INT64_MAX, "the event that brought the figure"},
    {"same", IN_BODY, P_BOOL, false, 0, 0, "the value is as entered"},
    {"value", IN_BODY, P_TEXT, false, 0, TYPED_MAX, "else: the value found"},
    {"num", IN_BODY, P_TEXT, false, 0, TYPED_MAX, "numerator, instead of the value"},
    {"den", IN_BODY, P_TEXT, false, 0, TYPED_MAX, "denominator, with the numerator"},
    {"note", IN_BODY, P_TEXT, false, 0, TYPED_MAX, "why it differs. Public"},
    {0},
};
