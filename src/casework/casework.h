/* casework.h - dossiers: drafts, submission, acts, files, lists. See docs/internals/casework.md.
 *
 * A dossier is a fold of its events; the tables here are projections. Commands check, take the
 * write turn, append and leave the commit to the caller (dispatch, a scenario, the demo). */
#ifndef CASEWORK_CASEWORK_H
#define CASEWORK_CASEWORK_H

#include "ledger/ledger.h"
#include "pack/pack.h"

enum { DRAFTS_MAX = 20, FILES_MAX = 60, NOTE_MAX = 4000, LIST_MAX = 100 };

#include "casework/draft.h"
#include "casework/submit.h"

/* -- a dossier -- */
struct clock_run {             /* one clock of the flow, as it ran since it last began */
    int64_t start_us, stop_us; /* TIME_NONE: not begun, still running */
    struct pause pauses[PAUSES_MAX];
    size_t npauses;
    struct due due; /* as it was counted last; an open pause moves it on */
    bool is_late;   /* ever ran over */
};
struct dossier {
    struct dossier_id id;
    struct str code;  /* H07.21.01-260827-0001 after reception; before: the provisional one */
    struct str track; /* provisional code: looks up without signing in, for ever */
    const struct pack *pack;
    const struct unit *unit; /* whose it is: figures, the code */
    const struct unit *at;   /* who acts now: inboxes and rights */
    const struct flow_state *state;
    enum status status;
    enum channel channel;
    struct subject_id applicant;
    struct str applicant_name;                   /* STR_NULL: anonymous or erased */
    bool is_anonymous, is_late;                  /* late: ever ran over; stays */
    int64_t holder;                              /* account; 0 = nobody yet */
    int64_t submitted_us, received_us, ended_us; /* TIME_NONE until then */
    int64_t entered_us;                          /* into the present state */
    int64_t finished_us;                         /* the clocks stopped */
    struct clock_run clocks[FLOW_CLOCKS_MAX];    /* as in the flow; [0] is the legal one */
    int32_t due;         /* of the legal clock: civil day; INT32_MIN = none */
    struct due promised; /* what the applicant was last told */
    int redated;         /* 1: an apology named another day; never twice */
    unsigned warned;     /* bit per late.at, and one for the drafted apology: done */
    int64_t warn_us;     /* when the next of them is */
    int64_t escalated;   /* account that was told of the delay; 0: nobody */
    int64_t after_us;    /* the state's timer */
    int supplements;     /* asked so far */
    int rating;          /* 0: not rated */
    bool has_result;
    bool by_track;       /* found by its provisional code: an anonymous applicant's key */
    bool is_asked;       /* opened by an officer of a unit that only answers a branch */
    int64_t answers_seq; /* the event that holds the answers in force */
    int64_t version;     /* last event's seq: for optimistic locking */
    int64_t undo_us;     /* until then the last move may be undone; TIME_NONE: it may not */
    int64_t told_seq;    /* dossier_as_told: events after it are not told yet; 0: all are */
    unsigned entries[FLOW_STATES_MAX];
};
/* By code (either form of unit code), provisional code, or handle. Journals nothing: status
 * only. */
MUST_USE enum rc dossier_find(struct ctx *cx, struct str code, struct dossier **ret);
/* What to call d before cx->who: its code; before reception of an anonymous one, but to whoever
 * holds its provisional code, "K-" and the dossier's number, which opens nothing by itself. */
struct str dossier_handle(struct ctx *cx, const struct dossier *d);
/* Is cx->who the applicant (or the bearer of an anonymous dossier's code)? */
bool dossier_is_own(const struct ctx *cx, const struct dossier *d);
MUST_USE enum rc dossier_by_id(struct ctx *cx, struct dossier_id id, struct dossier **ret);
/* To read it as the applicant or an officer. NOT_FOUND for strangers, FORBIDDEN for officers of
 * another unit; both are journalled in a turn of their own (a turn that cx holds is rolled
 * back). Officers' reads are journalled in cx's turn, once in 10 minutes each. */
MUST_USE enum rc dossier_open(struct ctx *cx, struct str code, struct dossier **ret);
/* Before an officer is shown what is known of a person, for whom a dossier of p is to be made:
 * data.read in cx's turn, without a dossier; the person sees it among who looked. */
MUST_USE enum rc person_journal(struct ctx *cx, const struct pack *p, const struct unit *u,
                                struct subject_id person);
/* What was answered (unsealed); after dossier_open. GONE after erasure. */
MUST_USE enum rc dossier_answers(struct ctx *cx, const struct dossier *d, struct json **ret);
MUST_USE enum rc dossier_files(struct ctx *cx, const struct dossier *d, struct file_list *ret);
/* Working days to the due day, negative when over; 0 without one. */
int32_t dossier_days_left(struct ctx *cx, const struct dossier *d);

/* -- acts -- */
struct act {
    struct str id;
    struct str reason, law, comment, answer;
    const struct json *items; /* array of texts */
    const struct file *result;
    int rating;
    bool is_paid;         /* a payment gateway says that the fees were paid over the network */
    struct json *answers; /* a supplement's changed answers (null empties one), or NULL */
    const struct file_list *files; /* a supplement's further papers, or NULL */
    int64_t version;               /* CONFLICT when the dossier moved on; 0 = do not check */
};
/* The acts cx->who may do now, in the flow's order; conditions over the answers are met. */
MUST_USE enum rc dossier_acts(struct ctx *cx, const struct dossier *d,
                              const struct flow_act *ret[FLOW_ACTS_MAX], size_t *n);
/* *d follows. INVALID with errs filled (fields: reason, law, …, form fields, document ids). */
MUST_USE enum rc dossier_act(struct ctx *cx, struct dossier *d, const struct act *a,
                             struct form_errors *errs, struct dossier_ref *ret);
MUST_USE enum rc dossier_note(struct ctx *cx, struct dossier *d, struct str text);
MUST_USE enum rc dossier_rate(struct ctx *cx, struct dossier *d, int score, struct str words);
/* What is due by itself: timers move dossiers, running out of time is told; at most max.
 * Within a turn that cx holds all stays in it and the first failure is returned. Without one:
 * turns of its own, committed; a dossier that fails is logged and left, the others go on. */
MUST_USE enum rc dossier_timers(struct ctx *cx, size_t max, size_t *done);

#include "casework/branch.h" /* what other units are asked; undoing */
#include "casework/due.h"    /* why a date is what it is; dates that move */
#include "casework/view.h"   /* lists and views */

/* -- who holds what -- */
/* Takes a dossier that nobody holds (CASE_ACT), hands on one's own (then the reason is asked
 * for), or gives anybody's (CASE_ASSIGN). The reason stays among officers. INVALID (account)
 * when that officer cannot act in the state, (reason) when it is missing or too long. */
MUST_USE enum rc dossier_give(struct ctx *cx, struct dossier *d, int64_t account,
                              struct str reason);
enum { GIVE_MAX = 200 }; /* at once */
/* Gives all of them in one turn; rc[i] says what became of v[i]: what fails leaves the others.
 * Fails itself only when the store does. */
MUST_USE enum rc dossiers_give(struct ctx *cx, const struct dossier_list *list, int64_t account,
                               struct str reason, enum rc *rc);

extern const struct ledger_subscriber casework_subscriber;
#endif
