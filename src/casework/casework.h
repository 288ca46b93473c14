/* casework.h - dossiers: drafts, submission, acts, files, lists. See docs/internals/casework.md.
 *
 * A dossier is a fold of its events; the tables here are projections. Commands check, take the
 * write turn, append and leave the commit to the caller (dispatch, a scenario, the demo). */
#ifndef CASEWORK_CASEWORK_H
#define CASEWORK_CASEWORK_H

#include "ledger/ledger.h"
#include "pack/pack.h"

enum channel { CHANNEL_COUNTER = 1, CHANNEL_ONLINE, CHANNEL_POST }; /* KenhThucHien */

enum { DRAFTS_MAX = 20, FILES_MAX = 60, NOTE_MAX = 4000, LIST_MAX = 100 };

/* -- drafts: a person's own, sealed, autosaved at every step, erased after settings.draft_days -- */
struct draft {
    struct str id; /* random token: the address of the draft */
    const struct pack *pack;
    const struct unit *unit;
    struct subject_id owner; /* 0: anonymous; then the token is the only key */
    struct json *answers;
    int64_t changed_us;
};
MUST_USE enum rc draft_new(struct ctx *cx, const struct pack *p, const struct unit *u,
                           struct draft **ret);
MUST_USE enum rc draft_get(struct ctx *cx, struct str id, struct draft **ret);
MUST_USE enum rc draft_save(struct ctx *cx, struct draft *d);
MUST_USE enum rc draft_delete(struct ctx *cx, struct str id);
struct draft_list {
    struct draft **v;
    size_t n;
};
MUST_USE enum rc drafts_of(struct ctx *cx, struct subject_id who, struct draft_list *ret);

/* -- files: stored once by digest below DATA/files/, streamed, never in memory whole -- */
struct file {
    struct file_id id;
    struct str document; /* the pack's document id, or "result", "supplement" */
    struct str name;     /* as the person named it */
    struct str mime; /* sniffed: image/jpeg image/png image/heic image/webp … application/pdf */
    struct hash digest;
    int64_t size;
    struct str path; /* in the data folder */
};
struct file_list {
    struct file *v;
    size_t n;
};
/* Takes over a spool file. UNSUPPORTED when its content is neither an image nor a PDF,
 * TOO_LARGE over settings.web_file_max. Same bytes are stored once. */
MUST_USE enum rc file_store(struct ctx *cx, struct str spool, const struct hash *digest,
                            struct str name, struct file *ret);
MUST_USE enum rc draft_file_add(struct ctx *cx, struct str draft, struct str document,
                                const struct file *f, struct file_id *ret);
MUST_USE enum rc draft_file_remove(struct ctx *cx, struct str draft, struct file_id id);
MUST_USE enum rc draft_files(struct ctx *cx, struct str draft, struct file_list *ret);

/* -- submission -- */
struct submission {
    const struct pack *pack;
    const struct unit *unit;
    struct subject_id applicant; /* 0: anonymous, if the pack allows */
    struct json *answers;
    enum channel channel;
    struct str draft;         /* its files come along and it ends; empty: none */
    struct subject_id helper; /* who typed it in at the counter; 0 = the applicant */
};
struct dossier_ref {
    struct dossier_id id;
    struct str code; /* public handle: provisional until reception, then the dossier code */
    int64_t seq;     /* of the event, for the receipt */
};
/* INVALID with errs filled when answers or papers are missing or wrong. */
MUST_USE enum rc dossier_submit(struct ctx *cx, struct submission *s, struct form_errors *errs,
                                struct dossier_ref *ret);

/* -- a dossier -- */
struct dossier {
    struct dossier_id id;
    struct str code;  /* H07.21.01-260827-0001 after reception; before: a provisional one */
    struct str track; /* random token for looking up without signing in */
    const struct pack *pack;
    const struct unit *unit;
    const struct flow_state *state;
    enum status status;
    enum channel channel;
    struct subject_id applicant;
    struct str applicant_name;
    int64_t holder;                              /* account; 0 = nobody yet */
    int64_t submitted_us, received_us, ended_us; /* TIME_NONE until then */
    int32_t due;                                 /* civil day; INT32_MIN = none */
    bool is_late;                                /* ever ran over; stays */
    int64_t version;                             /* last event's seq: for optimistic locking */
    unsigned entries[FLOW_STATES_MAX];
};
/* By code, old or provisional code, or track token. Journals nothing: status only. */
MUST_USE enum rc dossier_find(struct ctx *cx, struct str code, struct dossier **ret);
/* May this person open it? NOT_FOUND for strangers (and the refusal is journalled), FORBIDDEN
 * for officers of another unit. Officers' reads are journalled (ground: the dossier). */
MUST_USE enum rc dossier_open(struct ctx *cx, struct str code, struct dossier **ret);
/* What was answered (unsealed); after dossier_open. */
MUST_USE enum rc dossier_answers(struct ctx *cx, const struct dossier *d, struct json **ret);
MUST_USE enum rc dossier_files(struct ctx *cx, const struct dossier *d, struct file_list *ret);
/* Days left: counted working days to the due day, negative when over. */
int32_t dossier_days_left(struct ctx *cx, const struct dossier *d);

/* -- acts -- */
struct act {
    struct str id;
    struct str reason, law, comment, answer;
    const struct json *items; /* array of texts */
    const struct file *result;
    int rating;
    struct json *answers; /* a supplement's changed answers, or NULL */
    int64_t version;      /* CONFLICT when the dossier moved on; 0 = do not check */
};
/* The acts cx->who may do now, in the flow's order. */
MUST_USE enum rc dossier_acts(struct ctx *cx, const struct dossier *d,
                              const struct flow_act *ret[FLOW_ACTS_MAX], size_t *n);
MUST_USE enum rc dossier_act(struct ctx *cx, struct dossier *d, const struct act *a,
                             struct form_errors *errs, struct dossier_ref *ret);
MUST_USE enum rc dossier_assign(struct ctx *cx, struct dossier *d, int64_t account);
MUST_USE enum rc dossier_note(struct ctx *cx, struct dossier *d, struct str text);
MUST_USE enum rc dossier_rate(struct ctx *cx, struct dossier *d, int score, struct str words);
/* Timers that are due (states with `after`): moves up to `max` dossiers as the system. */
MUST_USE enum rc dossier_timers(struct ctx *cx, size_t max, size_t *moved);

/* -- lists -- */
enum inbox { INBOX_MINE, INBOX_FREE, INBOX_UNIT, INBOX_LATE, INBOX_DONE };
struct dossier_list {
    struct dossier **v;
    size_t n;
    int64_t total;
};
struct dossier_query {
    struct unit_id unit;
    enum inbox box;
    struct str procedure, text; /* text: code or applicant's name, folded */
    int64_t after;              /* paging: last id seen; 0 = from the start */
    size_t limit;
};
/* Sorted by what is due. Only what cx->who may see. */
MUST_USE enum rc dossier_inbox(struct ctx *cx, const struct dossier_query *q,
                               struct dossier_list *ret);
MUST_USE enum rc dossiers_of(struct ctx *cx, struct subject_id who, struct dossier_list *ret);

/* -- views -- */
/* {code, track, name, unit, state, status, status_name, due, due_text, days_left, is_late, holder, since, next,
 * timeline:[{time, text, by, unit, reason, items, answer, seq}], acts:[…], files:[…], percent} in words for
 * the applicant, or for officers when cx->who is one. */
struct json *dossier_view(struct ctx *cx, const struct dossier *d, bool for_officer);
/* A row of a list: the same without timeline. */
struct json *dossier_row_view(struct ctx *cx, const struct dossier *d);

extern const struct ledger_subscriber casework_subscriber;

#endif
