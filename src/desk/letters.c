/* letters.c - a dossier's letters for officers, and the unit's register (form 06). */
#include "letter/letter.h"

#include "desk/desk_priv.h"

enum { FORM_ID_MAX = 41, REGISTER_FIRST_DAYS = 30 };

static enum rc letter_get(struct ctx *cx, struct req *rq, bool *is_here, struct letter *ret)
{
    struct dossier *d;
    TRY(desk_open(cx, rq, &d));
    *is_here = d != NULL;
    return d ? letter_issue(cx, d, req_str(rq, "form"), req_int(rq, "of", -1), ret) : RC_OK;
}

/* A file's name holds no slash. */
static void name_put(struct ctx *cx, struct req *rq, const struct letter *l, const char *end)
{
    struct str code, symbol = str_split(l->number, '/', &code);
    reply_header(rq, "Content-Disposition",
                 str_fmt(cx->mem, "inline; filename=\"%.*s_%.*s.pdf%s\"", STR_ARG(code),
                         STR_ARG(symbol), end));
}

static enum rc pdf_reply(struct ctx *cx, struct req *rq, const struct letter *l)
{
    name_put(cx, rq, l, "");
    return reply_text(cx, rq, "application/pdf", l->pdf);
}

static enum rc get_pdf(struct ctx *cx, struct req *rq)
{
    struct letter l;
    bool is_here;
    TRY(letter_get(cx, rq, &is_here, &l));
    return is_here ? pdf_reply(cx, rq, &l) : RC_OK;
}

static enum rc get_sig(struct ctx *cx, struct req *rq)
{
    struct letter l;
    struct str sig;
    bool is_here;
    TRY(letter_get(cx, rq, &is_here, &l));
    if (!is_here)
        return RC_OK;
    TRY(letter_sign(cx, &l, &sig));
    name_put(cx, rq, &l, ".sig");
    return reply_text(cx, rq, "text/plain; charset=utf-8", sig);
}

/* -- the register -- */

static struct json *register_view(struct ctx *cx, const struct register_span *s)
{
    struct json *v = desk_view(cx, "desk.letters.register", STR("/desk"));
    desk_units_put(cx, CAP_CASE_READ, s->unit, v);
    json_put_str(cx->mem, v, "from", day_iso(cx->mem, s->from));
    json_put_str(cx->mem, v, "to", day_iso(cx->mem, s->to));
    json_put_str(cx->mem, v, "most", number_text(cx, REGISTER_ROWS_MAX));
    json_put(v, STR("errors"), json_new_arr(cx->mem));
    return v;
}

static enum rc register_refused(struct ctx *cx, struct req *rq, const struct register_span *s,
                                const char *key)
{
    struct json *v = register_view(cx, s);
    struct str words = msg_get(cx->lang, str_from(key));
    error_push(cx, json_get(v, STR("errors")), STR("from"), words);
    json_put_str(cx->mem, v, "error", words);
    return reply_page_status(cx, rq, UNPROCESSABLE, "desk/register", v);
}

/* Without days: the page that asks for them. */
static enum rc get_register(struct ctx *cx, struct req *rq)
{
    struct letter l;
    int32_t today = day_of(cx->now_us);
    struct register_span s = {.from = today - REGISTER_FIRST_DAYS, .to = today};
    TRY(desk_unit(cx, rq, CAP_CASE_READ, &s.unit));
    if (!s.unit)
        return FAIL(cx, FORBIDDEN, "unit", "reads no unit's dossiers");
    struct str from = req_str(rq, "from"), to = req_str(rq, "to");
    if (!from.n && !to.n)
        return reply_page(cx, rq, "desk/register", register_view(cx, &s));
    if (!day_parse(from, &s.from) || !day_parse(to, &s.to))
        return register_refused(cx, rq, &s, "desk.register.wrong");
    enum rc rc = register_issue(cx, &s, &l);
    if (rc == RC_INVALID || rc == RC_TOO_LARGE) {
        ctx_clear(cx);
        return register_refused(
            cx, rq, &s, rc == RC_INVALID ? "desk.register.wrong" : "desk.register.too_many");
    }
    TRY(rc);
    return pdf_reply(cx, rq, &l);
}

static const struct param letter_params[] = {
    PARAM_CODE,
    {"form", IN_PATH, P_CODE, true, 1, FORM_ID_MAX, "01 to 05, or a pack's own"},
    {"of", IN_PATH, P_INT, true, 0, INT64_MAX, "the step that gave it"},
    {0},
};
static const struct param register_params[] = {
    {"unit", IN_QUERY, P_CODE, false, 3, UNIT_CODE_MAX, "code of one's unit"},
    {"from", IN_QUERY, P_TEXT, false, 0, 10, "first day, YYYY-MM-DD"},
    {"to", IN_QUERY, P_TEXT, false, 0, 10, "last day"},
    {0},
};

const struct route desk_letter_routes[] = {
    {GET, "/desk/dossier/{code}/letter/{form}/{of}", get_pdf, CAP_CASE_READ,
     ROUTE_JOURNALS | ROUTE_NO_STORE, letter_params, "desk", "A letter as PDF", NULL},
    {GET, "/desk/dossier/{code}/letter/{form}/{of}/sig", get_sig, CAP_CASE_READ,
     ROUTE_JOURNALS | ROUTE_NO_STORE, letter_params, "desk", "A letter's signature", NULL},
    {GET, "/desk/register", get_register, CAP_CASE_READ, ROUTE_JOURNALS | ROUTE_NO_STORE,
     register_params, "desk", "The unit's register (form 06)", NULL},
    {0},
};
