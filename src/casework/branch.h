/* branch.h - what other units are asked about a dossier, and taking a move back.
 *
 * See docs/internals/casework.md. Included by casework/casework.h. */
#ifndef CASEWORK_BRANCH_H
#define CASEWORK_BRANCH_H

#include "base/ctx.h"
#include "flow/flow.h"

struct dossier;
struct dossier_ref;
struct file;

/* -- branches -- */
struct branch {
    const struct flow_branch *fb; /* id, name, duty */
    const struct flow_state *state;
    const struct unit *unit; /* that is asked */
    unsigned roles;          /* who may answer there: 1 << enum role */
    int64_t seq, opened_us;  /* the move that asked */
    int32_t due;             /* civil day */
    int64_t due_us;          /* the first instant at which its time has run out */
    bool is_open, is_late;
    bool is_escalated;             /* the leader, or the unit above, is asked now */
    bool is_silent;                /* nobody answered: the outcome is what silence means */
    struct str outcome;            /* agree refuse silent not_needed; STR_NULL while open */
    int64_t closed_us, closed_seq; /* TIME_NONE while open; the event that closed it */
    struct str comment; /* of the answer: for officers and the applicant; may be erased */
    bool is_current;    /* of the last time that its state was entered */
};
struct branch_list {
    struct branch *v;
    size_t n;
};
/* Every time that a unit was asked, oldest first. */
MUST_USE enum rc dossier_branches(struct ctx *cx, const struct dossier *d,
                                  struct branch_list *ret);
/* What a unit is asked: open ones by what is due, then those of the last week that are needed no
 * more, so that nobody goes on working on them. FORBIDDEN without CASE_READ in the unit. */
struct opinion {
    struct dossier *d;
    struct branch b;
};
struct opinion_list {
    struct opinion *v;
    size_t n;
};
enum { ASKED_MAX = 200 };
MUST_USE enum rc branches_asked(struct ctx *cx, struct unit_id unit, struct opinion_list *ret);
/* {id, name, unit, unit_code, outcome (open agree refuse silent not_needed), outcome_text,
 * is_open, is_late, is_over, is_silent, is_escalated, is_current, opened, due, closed (with
 * _text), comment, can_answer (d NULL: not asked)}. Late stays; is_over: `due` is, too, which
 * is a leader's new day once that one was asked. */
struct json *branch_view(struct ctx *cx, const struct dossier *d, const struct branch *b);
/* detail: of the entry by which b's leader was asked; STR_NULL leaves b as it is. b becomes what
 * was first asked: whom, and until when. */
MUST_USE enum rc branch_as_asked(struct ctx *cx, struct str detail, struct branch *b);
/* That entry in words: what was not answered, and who is to answer until when. */
MUST_USE enum rc branch_escalated_text(struct ctx *cx, const struct branch *b,
                                       struct str detail, struct str *ret);

/* An officer of the unit that is asked answers: outcome agree or refuse (then comment is
 * required), comment goes to the applicant too, file NULL or the unit's opinion. The answer
 * that completes the join moves the dossier in the same turn; *d follows. NOT_FOUND: no open
 * branch of that id; FORBIDDEN: another unit's, by role, not_by, or who answered another
 * branch of this fork. */
struct answer {
    struct str branch, outcome, comment;
    const struct file *file;
    int64_t version; /* CONFLICT when the dossier moved on; 0 = do not check */
};
MUST_USE enum rc dossier_answer(struct ctx *cx, struct dossier *d, const struct answer *a,
                                struct dossier_ref *ret);

/* -- undoing -- */
/* Whoever moved it last takes the move back: until d->undo_us, nothing since. STATE when it is
 * too late, when something came since, or the act gave a receipt, handed over or published;
 * FORBIDDEN for others; CONFLICT when somebody is quicker. */
MUST_USE enum rc dossier_undo(struct ctx *cx, struct dossier *d, struct dossier_ref *ret);
/* May cx->who do so now? */
MUST_USE enum rc dossier_undo_can(struct ctx *cx, const struct dossier *d, bool *ret);

#endif
