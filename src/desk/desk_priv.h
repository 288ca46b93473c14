/* desk_priv.h - what the files of desk/ share. See docs/internals/desk.md.
 *
 * Views are json in cx->mem for templates/desk/. A function named _put adds keys to a view;
 * those that return enum rc may fail as the kernel function that they ask does. A refusal is
 * a page with status 422 and every error twice: in the summary above and beside its field. */
#ifndef DESK_DESK_PRIV_H
#define DESK_DESK_PRIV_H

#include "casework/file.h"
#include "work/work.h"
#include "desk/desk.h"

#define PARAM_CODE                                                                             \
    {                                                                                          \
        "code", IN_PATH, P_CODE, true, 3, 64, "code of the dossier"                            \
    }

enum {
    UNPROCESSABLE = 422,
    DESK_LIST_MAX = 600, /* bytes of a list's filter in an address */
    DESK_ROWS = 50,      /* of a page of a list */
    DESK_PICKS = 100     /* dossiers taken together */
};
#define PARAM_LIST(where)                                                                      \
    {                                                                                          \
        "list", where, P_TEXT, false, 0, DESK_LIST_MAX, "the list one came from"               \
    }
#define PARAM_DID                                                                              \
    {                                                                                          \
        "did", IN_QUERY, P_CODE, false, 3, 64, "the dossier that was just dealt with"          \
    }

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
/* can_intake, can_act, can_figures. */
void desk_may_put(struct ctx *cx, const struct unit *u, struct json *view);
/* Each officer once, but `without`: {account, officer, selected}. */
void officers_once_put(struct ctx *cx, const struct officer_list *all, int64_t selected,
                       int64_t without, struct json *list);
/* Appends name=value to an address, percent-encoded, with ? or &; nothing for an empty value. */
void query_put(struct buf *b, const char *name, struct str value);
/* Adds {field, message, id, is_here} to list. */
void error_push(struct ctx *cx, struct json *list, struct str id, struct str message);
/* An array of the non-empty lines of a text, trimmed. */
struct json *lines_of(struct ctx *cx, struct str text);

/* -- inbox.c -- */
/* What a procedure's current version calls itself; the code itself when none has it. */
struct str service_name(struct ctx *cx, struct str procedure);
/* is_likely, likely: percent of the like that ran late. */
MUST_USE enum rc forecast_put(struct ctx *cx, const struct dossier *d, struct json *row);

/* -- list.c: where an officer stands in a list -- */
struct dossier_query list_of_request(struct req *rq, const struct unit *u);
/* "unit=…&box=…" of list_text back; false when it names no list of one's own. */
MUST_USE bool list_read(struct ctx *cx, struct str text, struct dossier_query *ret);
struct str list_text(struct ctx *cx, const struct dossier_query *q);
struct str list_path(struct ctx *cx, const struct dossier_query *q);
struct str desk_path(struct ctx *cx, struct str code, struct str list, struct str did);
/* The dossier to go on with after d, asked before d moves; empty: none. */
MUST_USE enum rc next_find(struct ctx *cx, const struct dossier *d, struct str list,
                           struct str *ret);
/* There, or to the list, or without a list back to d. */
MUST_USE enum rc next_go(struct ctx *cx, struct req *rq, const struct dossier *d,
                         struct str list, struct str next);
/* did:{did_code, did_state, did_undo, did_version}: what was just done, and may be undone. */
MUST_USE enum rc did_put(struct ctx *cx, struct str code, struct json *view);
/* undo_s: the seconds of the setting, in words; empty when moves cannot be taken back. */
void undo_hint_put(struct ctx *cx, struct json *view);

/* -- dossiers taken together -- */
struct picks {
    struct dossier **v;
    size_t n;
};
/* From "CODE" or "CODE VERSION" each; what is not of one's units is left out. A version that is
 * not the dossier's own any more is set to one that never fits: CONFLICT then. */
MUST_USE enum rc picks_read(struct ctx *cx, const struct json *texts, struct picks *ret);
/* picks:[{code, name, state_name, due_text, days_text, is_over, item}], has_picks, n_picks. */
void picks_put(struct ctx *cx, const struct picks *p, struct json *view);
/* What became of each: results:[{code, text, is_ok}], n_ok, n_all; field: what was wrong. */
void result_put(struct ctx *cx, struct json *view, struct str code, enum rc rc,
                struct str field);

/* -- page.c -- */
/* Where one came from; and what was posted and refused, to be shown again beside its errors. */
struct refused {
    const struct act *act;
    struct str items, note, list; /* as typed; list: where one came from */
    const struct form_errors *errs;
    const struct answer *answer; /* an opinion without what it needs */
    bool reason_missing;         /* of a hand-over */
};
MUST_USE enum rc dossier_page(struct ctx *cx, struct req *rq, const struct dossier *d,
                              const struct refused *refused);
/* Somebody was faster: what happened since `version`. */
MUST_USE enum rc conflict_page(struct ctx *cx, struct req *rq, int64_t version);

#endif
