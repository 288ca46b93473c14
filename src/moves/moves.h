/* moves.h - many dossiers at once: one act on each, another version of their pack. See
 * docs/internals/moves.md.
 *
 * Rights, states and versions are casework's to check, dossier by dossier; this module only
 * says in which turns it happens. Neither call may run while cx holds a turn of its own. */
#ifndef MOVES_MOVES_H
#define MOVES_MOVES_H

#include "casework/casework.h"

enum { BULK_MAX = 100 };
struct bulk_item {
    struct str code;
    int64_t version;        /* as seen in the list; 0 = do not check */
    enum rc rc;             /* out: what became of this one */
    struct str field;       /* out: what was wrong; empty: nothing in particular */
    struct dossier_ref ref; /* out, when rc is RC_OK */
};
/* The same act, without files, on each: a turn and a commit of its own, its own result. A
 * dossier named twice is moved once. Fails as a whole only for none or more than BULK_MAX, or
 * nobody signed in; cx must hold no turn. */
MUST_USE enum rc dossiers_act(struct ctx *cx, struct bulk_item *v, size_t n,
                              const struct act *a);

/* -- another version for what is open -- */
/* A dossier is decided by the rules it was filed under unless a newer version is better for
 * it or the law says otherwise: moving open dossiers is an act that somebody decides, never a
 * consequence of publishing. */
struct migration_plan {
    struct str pack, from, to; /* id and versions */
    const struct json *map;    /* {old state: new state}; the same id needs none. NULL: none */
    bool dry_run;
};
/* Moves every open dossier of pack@from to pack@to, in turns of MIGRATION_BATCH. A dossier
 * whose state (or open branch) the new flow does not have, or whose answers its form refuses,
 * stays. *ret: {pack, from, to, dry_run, open, moved, stay, unmapped:[{state, n}],
 * unfit:[code], redated:[{code, due_old, due_new}]}; lists have at most 200 rows. */
enum { MIGRATION_BATCH = 100 };
MUST_USE enum rc dossiers_migrate(struct ctx *cx, const struct migration_plan *p,
                                  struct json **ret);

#endif
