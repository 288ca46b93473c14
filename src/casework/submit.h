/* submit.h - a submission: checked and built before the write turn, which then only appends.
 * See docs/internals/casework.md. */
#ifndef CASEWORK_SUBMIT_H
#define CASEWORK_SUBMIT_H

#include "ledger/ledger.h"
#include "pack/pack.h"

enum channel { CHANNEL_COUNTER = 1, CHANNEL_ONLINE, CHANNEL_POST }; /* KenhThucHien */
struct submission {
    const struct pack *pack;
    const struct unit *unit;
    struct subject_id applicant; /* 0: anonymous, if the pack allows */
    struct json *answers;
    enum channel channel;
    struct str draft;             /* its files come along and it ends; empty: none */
    const struct file_list *more; /* further stored files; NULL: none */
    bool is_verified;             /* the applicant proved who they are with the national e-ID */
};
struct dossier_ref {
    struct dossier_id id;
    struct str code; /* public handle: provisional until reception, then the dossier code */
    int64_t seq;     /* of the event, for the receipt */
};
/* CONFLICT when the draft was filed, or changed, since it was read.
 * INVALID with errs filled when answers or papers (field: the document's id) are missing or
 * wrong. For another person: only with CASE_INTAKE in the unit. */
MUST_USE enum rc dossier_submit(struct ctx *cx, struct submission *s, struct form_errors *errs,
                                struct dossier_ref *ret);

/* Its two halves. prepare checks, prints and seals without a turn, on whatever thread; file takes
 * the turn and appends. What is filed is what was checked: cx->now_us of prepare is when it came.
 * *s, its lists and the arena of prepare's cx live until then. */
struct filing;
MUST_USE enum rc dossier_prepare(struct ctx *cx, struct submission *s, struct form_errors *errs,
                                 struct filing **ret);
MUST_USE enum rc dossier_file(struct ctx *cx, struct filing *f, struct dossier_ref *ret);

#endif
