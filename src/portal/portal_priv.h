/* portal_priv.h - what the files of portal/ share. See docs/internals/portal.md.
 *
 * Views are json in cx->mem for templates/portal/, in the words of cx->lang. Errors stand in
 * the summary above and beside the input (WCAG 2.2 3.3.1); the page is then answered with
 * 422. */
#ifndef PORTAL_PORTAL_PRIV_H
#define PORTAL_PORTAL_PRIV_H

#include "app/app.h"
#include "casework/casework.h"
#include "measure/measure.h"
#include "portal/portal.h"

/* Parameters that several tables declare. */
#define PARAM_DRAFT                                                                            \
    {                                                                                          \
        "id", IN_PATH, P_CODE, true, 8, 64, "the draft's token"                                \
    }
#define PARAM_CODE                                                                             \
    {                                                                                          \
        "code", IN_PATH, P_CODE, true, 3, 64, "code of the dossier"                            \
    }
#define PARAM_SERVICE                                                                          \
    {                                                                                          \
        "id", IN_PATH, P_CODE, true, 2, 60, "id of the service"                                \
    }

/* -- view.c: parts of views -- */
/* {title, back}; key: a message; back: STR_NULL for a page without a way back. */
struct json *view_new(struct ctx *cx, const char *key, struct str back);
struct json *view_titled(struct ctx *cx, struct str title, struct str back);
/* Adds to errors (the summary at the top), err.FIELD (beside the input) and has_errors. */
void view_error(struct ctx *cx, struct json *view, const char *field, struct str text);
void view_error_key(struct ctx *cx, struct json *view, const char *field, const char *key);
/* The page as it was posted, with its errors. */
MUST_USE enum rc reply_refused(struct ctx *cx, struct req *rq, const char *tpl,
                               struct json *view);
/* A path of ours to go to, or fallback: never another site. */
struct str safe_path(struct str typed, struct str fallback);
struct str path_of(struct ctx *cx, const char *fmt, struct str a, struct str b);
bool is_signed_in(const struct ctx *cx);
struct str size_text(struct ctx *cx, int64_t bytes);
/* Fees that these answers call for (answers NULL: all that the service knows), each {about,
 * amount, is_free}, and their sum when it is known: fees, fee_total, is_free. */
void fees_put(struct ctx *cx, const struct pack *p, const struct json *answers,
              struct json *view);
/* "3 working days" of the legal clock; empty without one. */
struct str limit_text(struct ctx *cx, const struct pack *p);

/* Where all units together can say more, one with few of its own says nothing: "nine of ten"
 * of a single dossier. */
bool wait_is_told(const struct wait *here, const struct wait *all);
/* How long this service really took: wait:{wait_unit, here, everywhere, is_small}, in words,
 * when there is anything to say; u NULL: all units only. */
MUST_USE enum rc wait_put(struct ctx *cx, const struct pack *p, const struct unit *u,
                          struct json *view);

/* -- papers.c -- */
/* The papers these answers call for: [{id, name, hint, required, files:[…], is_missing, is_full,
 * is_given}]. Files that belong to no paper asked for are left out. */
struct json *papers_view(struct ctx *cx, const struct pack *p, const struct json *answers,
                         const struct file_list *files);
/* Stores an upload and gives it its paper. */
MUST_USE enum rc upload_store(struct ctx *cx, const struct upload *u, struct str document,
                              struct file *ret);

/* -- submit.c -- */
/* A draft for its page; when it was filed meanwhile, *ret is NULL and the reply leads to what
 * was filed: one who presses Back is not lost. */
MUST_USE enum rc draft_open(struct ctx *cx, struct req *rq, struct draft **ret);

/* -- dossier.c -- */
/* The signed-in person's dossier, or by its provisional code an anonymous one. */
MUST_USE enum rc own_open(struct ctx *cx, struct str code, struct dossier **ret);

/* -- submit.c -- */
/* {field, message, href} of what is missing or wrong in a draft. */
void draft_errors_put(struct ctx *cx, const struct draft *d, const struct form_errors *errs,
                      struct json *view);

#endif
