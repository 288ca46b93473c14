/* letters.c - API: a dossier's letters, a unit's register, and whether a letter was issued. */
#include "letter/letter.h"

#include "api/api.h"

enum { FORM_ID_MAX = 41 };

static enum rc letters_get(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct letter_list list;
    TRY(dossier_open(cx, req_str(rq, "code"), &d));
    TRY(letters_of(cx, d, &list));
    struct json *o = json_new_obj(cx->mem);
    json_put(o, STR("letters"), letters_view(cx, &list));
    return reply_json(cx, rq, 200, o);
}

static enum rc letter_get(struct ctx *cx, struct req *rq, struct letter *ret)
{
    struct dossier *d;
    TRY(dossier_open(cx, req_str(rq, "code"), &d));
    return letter_issue(cx, d, req_str(rq, "form"), req_int(rq, "of", -1), ret);
}

static enum rc pdf_get(struct ctx *cx, struct req *rq)
{
    struct letter l;
    TRY(letter_get(cx, rq, &l));
    return reply_text(cx, rq, "application/pdf", l.pdf);
}

static enum rc sig_get(struct ctx *cx, struct req *rq)
{
    struct letter l;
    struct str sig;
    TRY(letter_get(cx, rq, &l));
    TRY(letter_sign(cx, &l, &sig));
    return reply_text(cx, rq, "text/plain; charset=utf-8", sig);
}

static enum rc register_get(struct ctx *cx, struct req *rq)
{
    struct letter l;
    struct register_span s = {.unit = unit_find(cx, req_str(rq, "unit"))};
    if (!s.unit)
        return FAIL(cx, NOT_FOUND, "unit", "no such unit");
    if (!day_parse(req_str(rq, "from"), &s.from) || !day_parse(req_str(rq, "to"), &s.to))
        return FAIL(cx, INVALID, "from", "not a day");
    TRY(register_issue(cx, &s, &l));
    return reply_text(cx, rq, "application/pdf", l.pdf);
}

static enum rc digest_get(struct ctx *cx, struct req *rq)
{
    struct hash h;
    struct json *o;
    if (!hash_parse(req_str(rq, "digest"), &h))
        return FAIL(cx, INVALID, "digest", "64 hexadecimal digits");
    TRY(letter_by_digest(cx, &h, &o));
    return reply_json(cx, rq, 200, o);
}

static const struct param code_params[] = {
    {"code", IN_PATH, P_CODE, true, 8, 60, "dossier code, or the provisional one"},
    {0},
};
static const struct param letter_params[] = {
    {"code", IN_PATH, P_CODE, true, 8, 60, "dossier code, or the provisional one"},
    {"form", IN_PATH, P_CODE, true, 1, FORM_ID_MAX, "01 to 05, or a pack's own"},
    {"of", IN_PATH, P_INT, true, 0, INT64_MAX, "the step that gave it, as the list names it"},
    {0},
};
static const struct param register_params[] = {
    {"unit", IN_PATH, P_CODE, true, 3, UNIT_CODE_MAX, "code of the unit"},
    {"from", IN_QUERY, P_DATE, true, 0, 0, "first day"},
    {"to", IN_QUERY, P_DATE, true, 0, 0, "last day; at most 366 days"},
    {0},
};
static const struct param digest_params[] = {
    {"digest", IN_PATH, P_CODE, true, 64, 64, "SHA-256 of the PDF, hexadecimal"},
    {0},
};

enum { READ = ROUTE_API | ROUTE_JOURNALS | ROUTE_NO_STORE };

const struct route api_letter_routes[] = {
    {GET, "/api/v1/dossiers/{code}/letters", letters_get, CAP_SELF, READ, code_params,
     "letters", "The letters that a dossier's steps gave, latest first", NULL},
    {GET, "/api/v1/dossiers/{code}/letters/{form}/{of}", pdf_get, CAP_SELF, READ, letter_params,
     "letters", "A letter as PDF, in the language asked for", NULL},
    {GET, "/api/v1/dossiers/{code}/letters/{form}/{of}/sig", sig_get, CAP_SELF, READ,
     letter_params, "letters", "Its detached signature: a C2SP signed note", NULL},
    {GET, "/api/v1/units/{unit}/register", register_get, CAP_CASE_READ, READ, register_params,
     "letters", "Form 06 as PDF: what the unit received in a span of days", NULL},
    {GET, "/api/v1/letters/{digest}", digest_get, CAP_NONE, ROUTE_API, digest_params, "letters",
     "Whether a letter with this digest was issued, by whom and when", NULL},
    {0},
};
