/* draft.h - drafts and files: what comes before a submission. See docs/internals/casework.md.
 * Included by casework/casework.h. */
#ifndef CASEWORK_DRAFT_H
#define CASEWORK_DRAFT_H

#include "crypt/crypt.h"
#include "pack/pack.h"

struct dossier;

/* -- drafts: a person's own, sealed, saved at each step, kept settings.draft_days -- */
struct draft {
    struct str id; /* random token: the address of the draft */
    const struct pack *pack;
    const struct unit *unit;
    struct subject_id owner;     /* 0: anonymous; then the token is the only key */
    struct subject_id applicant; /* for whom it was begun at a counter; 0: the owner */
    struct json *answers;
    int64_t changed_us;
    /* Where people give up; empty texts are kept as before. The page at which it stands now, and
     * those that it got to so far, so that each is counted once (quality/walk.c). */
    struct str page, seen;
};
struct draft_list {
    struct draft **v;
    size_t n;
};
/* What is known of the person signed in stands in it already. INVALID above DRAFTS_MAX of a
 * person; NO_ROOM above settings.draft_anonymous_max of all who are not signed in. */
MUST_USE enum rc draft_new(struct ctx *cx, const struct pack *p, const struct unit *u,
                           struct draft **ret);
MUST_USE enum rc draft_get(struct ctx *cx, struct str id, struct draft **ret);
/* NOT_FOUND when it ended meanwhile. Read it within the turn that saves it: else what another
 * page saved in between is lost. */
MUST_USE enum rc draft_save(struct ctx *cx, struct draft *d);
MUST_USE enum rc draft_delete(struct ctx *cx, struct str id);
/* The provisional code of the dossier that a draft becomes: filing twice finds the first. */
struct str draft_track(struct ctx *cx, struct str id);
/* The dossier that it has become, whoever's it is, as this ctx sees it: with a reader the last
 * commit, in a turn also what its group holds. NULL: none. */
MUST_USE enum rc draft_filed(struct ctx *cx, struct str id, struct dossier **ret);
/* The same after `why` refused a submission of it, whose turn and error end. No turn is taken to
 * look: a draft or its papers that are gone went in a commit that readers see. Only CONFLICT, met
 * in the turn, may come of a group that is not committed yet: then a turn is taken and stays, so
 * that the answer waits for that group. Other reasons say nothing of an earlier press: NULL. */
MUST_USE enum rc draft_filed_before(struct ctx *cx, struct str id, enum rc why,
                                    struct dossier **ret);
/* Their own and those that they began at a counter, last changed first. */
MUST_USE enum rc drafts_of(struct ctx *cx, struct subject_id who, struct draft_list *ret);

/* -- files: stored once by digest below DATA/files/, streamed, never in memory whole -- */
struct file {
    struct file_id id;
    struct str document; /* the pack's document id, or "result", "supplement" */
    struct str name;     /* as the person named it; STR_NULL after erasure */
    struct str mime; /* sniffed: image/jpeg image/png image/heic image/webp … application/pdf */
    struct hash digest;
    int64_t size;
    int64_t seq;     /* of the event that brought it to a dossier */
    struct str path; /* in the data folder */
    bool is_reused,
        is_from_store; /* taken from what was digitised before; from the person's store */
};
struct file_list {
    struct file *v;
    size_t n;
};
struct files_count {
    int64_t files, faults;
};
/* Takes over a spool file. UNSUPPORTED when its content is neither an image nor a PDF,
 * TOO_LARGE over settings.web_file_max, NO_ROOM when the disk has less left than
 * settings.disk_floor_mib (disk_floor_anonymous_mib). Same bytes are stored once. */
MUST_USE enum rc file_store(struct ctx *cx, struct str spool, const struct hash *digest,
                            struct str name, struct file *ret);
/* document: a paper of the pack, or the path of a question that a file answers: then it takes
 * the place of the file before it and the draft's answers follow. UNDECLARED when the pack asks
 * for neither, INVALID when there are as many as may be. */
MUST_USE enum rc draft_file_add(struct ctx *cx, struct str draft, struct str document,
                                const struct file *f, struct file_id *ret);
MUST_USE enum rc draft_file_remove(struct ctx *cx, struct str draft, struct file_id id);
MUST_USE enum rc draft_files(struct ctx *cx, struct str draft, struct file_list *ret);
/* Until cx->mem ends, no paper is swept, by whichever process, also what nothing names any more. */
MUST_USE enum rc files_keep(struct ctx *cx);
/* Hashes every paper that a dossier names; each that is missing or has other bytes is told
 * through say(arg, text) by its digest and counted. Reads only. */
MUST_USE enum rc files_verify(struct ctx *cx, void (*say)(void *arg, struct str text),
                              void *arg, struct files_count *ret);
/* Housekeeping: old drafts, in a turn of its own with an event draft.abandoned each, then files
 * that nothing names, without one. */
MUST_USE enum rc casework_sweep(struct ctx *cx, size_t *removed);

#endif
