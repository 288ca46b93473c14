/* letters.c - one's letters as PDF, and the page where anybody checks one. */
#include "letter/letter.h"
#include "portal/portal_priv.h"

enum { FORM_ID_MAX = 41, LETTERS_AT_ONCE = 1 };

/* -- one's own -- */

static enum rc letter_get(struct ctx *cx, struct req *rq, struct letter *ret)
{
    struct dossier *d;
    TRY(own_open(cx, req_str(rq, "code"), &d));
    return letter_issue(cx, d, req_str(rq, "form"), req_int(rq, "of", -1), ret);
}

/* "H07.21.01-260827-0001_TNHS.pdf": a file's name holds no slash. */
static void name_put(struct ctx *cx, struct req *rq, const struct letter *l, const char *end)
{
    struct str symbol, code, rest = str_split(l->number, '/', &code);
    str_split(rest, '/', &symbol);
    reply_header(rq, "Content-Disposition",
                 str_fmt(cx->mem, "inline; filename=\"%.*s_%.*s.pdf%s\"", STR_ARG(code),
                         STR_ARG(symbol), end));
}

static enum rc get_pdf(struct ctx *cx, struct req *rq)
{
    struct letter l;
    TRY(letter_get(cx, rq, &l));
    name_put(cx, rq, &l, "");
    return reply_text(cx, rq, "application/pdf", l.pdf);
}

static enum rc get_sig(struct ctx *cx, struct req *rq)
{
    struct letter l;
    struct str sig;
    TRY(letter_get(cx, rq, &l));
    TRY(letter_sign(cx, &l, &sig));
    name_put(cx, rq, &l, ".sig");
    return reply_text(cx, rq, "text/plain; charset=utf-8", sig);
}

/* -- checking: nothing personal is shown, whoever asks -- */

static struct json *check_view(struct ctx *cx)
{
    struct json *v = view_new(cx, "portal.letter.title", STR("/"));
    json_put_str(cx->mem, v, "vkey", ledger_vkey(cx));
    json_put_str(cx->mem, v, "most_size", size_text(cx, LETTER_BYTES_MAX));
    return v;
}

/* A file is compared byte by byte; a QR code may stand on any paper. */
static bool rq_is_upload(const struct req *rq)
{
    return req_upload(rq, 0) != NULL;
}

static enum rc check_reply(struct ctx *cx, struct req *rq, enum rc rc, struct json *found,
                           const char *absent)
{
    struct json *v = check_view(cx);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    ctx_clear(cx);
    if (rc == RC_OK) {
        json_put(v, STR("found"), found);
        json_put_bool(cx->mem, v, "by_bytes", rq_is_upload(rq));
        return reply_page(cx, rq, "portal/letter", v);
    }
    json_put_str(cx->mem, v, "absent", msg_get(cx->lang, str_from(absent)));
    return reply_page_status(cx, rq, 404, "portal/letter", v);
}

static enum rc get_check(struct ctx *cx, struct req *rq)
{
    return reply_page(cx, rq, "portal/letter", check_view(cx));
}

static enum rc get_mark(struct ctx *cx, struct req *rq)
{
    struct json *found = NULL;
    enum rc rc = letter_by_mark(cx, req_str(rq, "code"), req_str(rq, "mark"), &found);
    return check_reply(cx, rq, rc, found, "portal.letter.no_mark");
}

/* Only the digest is looked at; the file is gone with the request. */
static enum rc post_check(struct ctx *cx, struct req *rq)
{
    struct json *found = NULL;
    const struct upload *u = req_upload(rq, 0);
    if (!u || u->size == 0) {
        struct json *v = check_view(cx);
        view_error_key(cx, v, "file", "portal.letter.no_file");
        return reply_refused(cx, rq, "portal/letter", v);
    }
    enum rc rc = letter_by_digest(cx, &u->digest, &found);
    return check_reply(cx, rq, rc, found, "portal.letter.no_digest");
}

static const struct param letter_params[] = {
    PARAM_CODE,
    {"form", IN_PATH, P_CODE, true, 1, FORM_ID_MAX, "01 to 04, or a pack's own"},
    {"of", IN_PATH, P_INT, true, 0, INT64_MAX, "the step that gave it"},
    {0},
};
static const struct param mark_params[] = {
    PARAM_CODE,
    {"mark", IN_PATH, P_CODE, true, 1, 64, "what the QR code carries"},
    {0},
};
static const struct param check_params[] = {
    {"file", IN_BODY, P_FILE, false, 0, LETTERS_AT_ONCE, "the PDF to be checked"},
    {0},
};

const struct route portal_letter_routes[] = {
    {GET, "/dossier/{code}/letter/{form}/{of}", get_pdf, CAP_NONE,
     ROUTE_JOURNALS | ROUTE_NO_STORE, letter_params, "portal", "A letter as PDF", NULL},
    {GET, "/dossier/{code}/letter/{form}/{of}/sig", get_sig, CAP_NONE,
     ROUTE_JOURNALS | ROUTE_NO_STORE, letter_params, "portal", "A letter's signature", NULL},
    {GET, "/letter", get_check, CAP_NONE, 0, NULL, "portal", "Where a letter is checked", NULL},
    {POST, "/letter", post_check, CAP_NONE, ROUTE_WRITES | ROUTE_UPLOAD | ROUTE_NO_STORE,
     check_params, "portal", "Checks a letter by its file", NULL},
    {GET, "/letter/{code}/{mark}", get_mark, CAP_NONE, ROUTE_NO_STORE, mark_params, "portal",
     "Checks a letter by its QR code", NULL},
    {0},
};
