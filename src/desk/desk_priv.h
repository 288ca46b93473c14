/* desk_priv.h - what the files of desk/ share. See docs/internals/desk.md. */
#ifndef DESK_DESK_PRIV_H
#define DESK_DESK_PRIV_H

#include "work/work.h"
#include "desk/desk.h"

#define PARAM_CODE                                                                             \
    {                                                                                          \
        "code", IN_PATH, P_CODE, true, 3, 64, "code of the dossier"                            \
    }

enum { UNPROCESSABLE = 422 };

/* -- view.c -- */
/* {title, at_desk, back}; key: a message; back: STR_NULL for none. */
struct json *desk_view(struct ctx *cx, const char *key, struct str back);
/* Opens a dossier. *ret is NULL, and the reply made, when it belongs to another unit: casework
 * has journalled the try. */
MUST_USE enum rc desk_open(struct ctx *cx, struct req *rq, struct dossier **ret);
/* The unit the address names, or the officer's first one with that right; *ret is NULL when
 * there is none. FORBIDDEN for a unit where the officer has no such right. */
MUST_USE enum rc desk_unit(struct ctx *cx, struct req *rq, enum cap need,
                           const struct unit **ret);
/* unit, unit_code, units:[{code, name, selected}] and has_units when there is a choice. */
void desk_units_put(struct ctx *cx, enum cap need, const struct unit *now, struct json *view);
/* Appends name=value to an address, percent-encoded, with ? or &; nothing for an empty value. */
void query_put(struct buf *b, const char *name, struct str value);
/* Adds {field, message, id, is_here} to list. */
void error_push(struct ctx *cx, struct json *list, struct str id, struct str message);
/* An array of the non-empty lines of a text, trimmed. */
struct json *lines_of(struct ctx *cx, struct str text);

/* -- page.c -- */
/* What was posted and refused, to be shown again beside its errors; NULL: a fresh page. */
struct refused {
    const struct act *act;
    struct str items, note; /* as typed */
    const struct form_errors *errs;
    const struct answer *answer; /* an opinion without what it needs */
};
MUST_USE enum rc dossier_page(struct ctx *cx, struct req *rq, const struct dossier *d,
                              const struct refused *refused);
/* Somebody was faster: what happened since `version`. */
MUST_USE enum rc conflict_page(struct ctx *cx, struct req *rq, int64_t version);

#endif
