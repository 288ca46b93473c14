/* casework_priv.h - what the files of casework/ share. See docs/internals/casework.md. */
#ifndef CASEWORK_CASEWORK_PRIV_H
#define CASEWORK_CASEWORK_PRIV_H

#include "casework/casework.h"
#include "casework/clock.h"
#include "casework/file.h"

enum {
    TRACK_CHARS_TIME = 3,
    TRACK_CHARS = TRACK_CHARS_TIME + 10, /* of 32 letters: 50 bits of chance */
    DUE_NONE = INT32_MAX /* in the table, so that what has no due day sorts last */
};

/* -- dossier.c -- */
MUST_USE enum rc dossier_get(struct ctx *cx, int64_t id, struct dossier **ret);
/* Never where cx->who is the applicant: nobody handles their own case. */
bool dossier_is_officer(struct ctx *cx, const struct dossier *d, enum cap cap);
/* CONFLICT when the row is no longer at d->version; within the write turn. */
MUST_USE enum rc dossier_version_check(struct ctx *cx, const struct dossier *d);
/* An event about d, filled but for facts and secret. */
struct event dossier_event(struct ctx *cx, const struct dossier *d, enum event_kind kind);

/* -- clock.c; the fold of a move stands in casework/clock.h -- */
bool clock_ever_ended(const struct dossier *d); /* once finished, perhaps taken up again */
int64_t clock_wake(const struct dossier *d); /* when the system must look; TIME_NONE: never */
int32_t clock_used(struct ctx *cx, const struct dossier *d, int64_t at_us); /* working days */
struct str pauses_print(struct arena *mem, const struct clock_run *c);
struct str clocks_print(struct arena *mem, const struct dossier *d);
void clocks_read(struct str text, struct dossier *d);
struct str entries_print(struct arena *mem, const struct dossier *d);
void entries_read(struct str text, struct dossier *d);

/* Commands count (clock.h), events carry, the fold takes. */
void clocks_facts(struct ctx *cx, const struct dossier *d, struct json *facts);
void clocks_take(const struct json *facts, struct dossier *d);
size_t clock_told(const struct dossier *d); /* index of the clock that people are told of */
/* Open dossiers with an id above `after`, by id; ret->total is the last id looked at. What does
 * not load is logged, counted and NULL in the list. */
MUST_USE enum rc dossiers_running(struct ctx *cx, int64_t after, size_t most,
                                  struct dossier_list *ret, int64_t *broken);
/* The legal due day; while it is paused: as if the pause ended now. */
int32_t due_now(struct ctx *cx, const struct dossier *d);

/* -- late.c -- */
int64_t late_next(struct ctx *cx, const struct dossier *d);     /* when the next warning is */
MUST_USE enum rc timer_move(struct ctx *cx, struct dossier *d); /* act.c */

/* -- told.c -- */
/* What an entry's detail says, as `detail` of a row of the timeline. */
MUST_USE enum rc detail_put(struct ctx *cx, struct str kind, struct str detail, struct json *o);
/* {warned, warned_text, is_escalated, is_escalated_to_me, is_redated, has_apology_draft,
 * promised, promised_text} into a row. */
void late_put(struct ctx *cx, const struct dossier *d, struct json *o);

/* -- act.c -- */
/* A move: by an act, or (fa NULL) by the system: a timer, a join. */
struct move {
    const struct flow_act *fa;
    const struct flow_state *to;
    struct str act;
    unsigned roles; /* of the officer who acts */
    struct json *secret;
    bool is_paid;       /* over the network, with this act */
    bool is_systems;    /* nobody's, though somebody's answer made it happen */
    int64_t since;      /* version before the act's own files; 0: none came */
    int64_t delegation; /* by which the officer had the role; 0: by their own */
};
MUST_USE enum rc move_append(struct ctx *cx, struct dossier *d, const struct move *m,
                             struct dossier_ref *ret);
/* Bit per state of the flow in which cx->who acted before. */
MUST_USE enum rc acted_in(struct ctx *cx, const struct dossier *d, uint64_t *ret);
MUST_USE enum rc filed_append(struct ctx *cx, struct dossier *d, const struct file_list *files);

/* -- branch.c -- */
/* The unit that `at` means, seen from d's own; STATE when there is none. */
MUST_USE enum rc unit_at(struct ctx *cx, const struct dossier *d, struct str at,
                         const struct unit **ret);
/* Whom entering `to` asks, until when: into the move's facts. */
MUST_USE enum rc branches_ask(struct ctx *cx, const struct dossier *d,
                              const struct flow_state *to, struct json *facts);
/* `branch` into a guard's variables. */
MUST_USE enum rc branches_vars(struct ctx *cx, const struct dossier *d, struct json *vars);
/* A unit of cx->who that is asked about d now; NULL: none. */
MUST_USE enum rc branch_unit_of(struct ctx *cx, const struct dossier *d,
                                const struct unit **ret);
/* May cx->who answer it? FORBIDDEN when not. */
MUST_USE enum rc branch_check(struct ctx *cx, const struct dossier *d, const struct branch *b);
/* branches, has_branches, can_undo into the view o. */
MUST_USE enum rc branches_put(struct ctx *cx, const struct dossier *d,
                              const struct branch_list *all, struct json *o);
/* Moves d on when enough units have answered. */
MUST_USE enum rc join_if_met(struct ctx *cx, struct dossier *d, struct dossier_ref *ret);
/* What silence means, for the dossiers with branches whose time is over; adds to *done. */
MUST_USE enum rc branch_timers(struct ctx *cx, size_t most, size_t *done);
MUST_USE enum rc branches_fold_opened(struct ctx *cx, const struct event *ev,
                                      const struct flow_state *to);
MUST_USE enum rc branch_fold_answered(struct ctx *cx, const struct event *ev);
MUST_USE enum rc branch_fold_escalated(struct ctx *cx, const struct event *ev);

/* -- apply.c -- */
/* The columns that a move changes, from d. was: the row before it (was_print) while d->undo_us
 * lets it be taken back, else null. */
MUST_USE enum rc dossier_store(struct ctx *cx, const struct dossier *d, int64_t seq,
                               struct str was);
/* d as it was before its last move, whose event came after *version; CORRUPT when that is not
 * known: only while dossier.undo_us is set. */
MUST_USE enum rc was_read(struct ctx *cx, struct dossier *d, int64_t *version);
/* Until when the move of that event may be undone; TIME_NONE: it may not. */
int64_t undo_until(const struct event *ev);

/* -- submit.c -- */
void errors_add(struct ctx *cx, struct form_errors *errs, struct str field, const char *rule);
/* [{id, document, mime, digest, size}] with new ids, and the names beside them. */
void papers_facts(struct ctx *cx, const struct file_list *files, struct json *facts,
                  struct json *secret);
/* Bits of dossier.marks: what is counted of a dossier besides its way. */
enum { MARK_VERIFIED = 1, MARK_REUSED = 2, MARK_FROM_STORE = 4 };
enum { MARK_PAID = 8, MARK_NUMBERED = 16 }; /* paid online; under a personal number */
int64_t marks_of(const struct file_list *files);
/* The facts about what is marked in bits into the event's, and back. */
void marks_facts(struct ctx *cx, int64_t marks, struct json *facts);
int64_t marks_take(const struct json *facts);
/* What indicators count of a move (facts.def), besides where it leads. */
MUST_USE enum rc counted_facts(struct ctx *cx, const struct dossier *was,
                               const struct dossier *d, const struct move *m,
                               struct json *facts);
/* Has the applicant appealed against the result before? */
MUST_USE enum rc complained_get(struct ctx *cx, const struct dossier *d, bool *ret);
/* Do the files fit the pack's documents? fresh: are the required ones asked for, too? */
void papers_check(struct ctx *cx, const struct pack *p, const struct json *answers,
                  const struct file_list *files, struct form_errors *errs, bool fresh);

/* Fields whose source is the applicant take what is known of the person. */
void answers_prefill(struct ctx *cx, const struct pack *p, const struct subject *person,
                     struct json *answers);

/* -- file.c -- */
struct str file_path(struct ctx *cx, struct str digest_hex);
/* mime by the first bytes; STR_NULL: not accepted. */
struct str file_sniff(struct str head);
MUST_USE enum rc files_sweep(struct ctx *cx, size_t *removed);

/* -- draft.c -- */
struct str draft_row(struct ctx *cx, const struct draft *d); /* the key of its row */
/* CONFLICT when it is gone, or was changed later than changed_us. */
MUST_USE enum rc draft_end(struct ctx *cx, struct str row, int64_t changed_us);
MUST_USE enum rc draft_files_of(struct ctx *cx, const struct draft *d, struct file_list *ret);
#endif
