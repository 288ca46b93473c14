/* import_priv.h - what both readers make and the writer prints. See docs/internals/import.md. */
#ifndef IMPORT_IMPORT_PRIV_H
#define IMPORT_IMPORT_PRIV_H

#include "import/import.h"

enum { WHO_MAX = 8, DRAFT_ACTS_MAX = 30, DRAFT_BRANCHES_MAX = 8, DRAFT_ID_MAX = 41 };

/* Both readers fill a draft, which keeps what they understood; what our flows have no words for
 * is noted (note_add) and left out. The writer prints the rest; pack check says what fails. */

/* A way out of a step. */
struct draft_act {
    struct str id, label;
    size_t to;          /* index of a state, or… */
    struct str to_name; /* …the name of one that there is not */
};
struct draft_branch {
    struct str id, label, duty, role;
};
struct draft_state {
    struct str id, label, source; /* source: their id */
    int line;
    bool is_end;
    struct str by[WHO_MAX];
    size_t nby;
    struct draft_act acts[DRAFT_ACTS_MAX];
    size_t nacts;
    struct str within; /* "2wd"; empty: none */
    struct str after;  /* "30cd"; empty: no timer */
    size_t after_to;
    struct draft_branch branches[DRAFT_BRANCHES_MAX];
    size_t nbranches, join_to;
};
struct draft {
    struct ctx *cx;
    struct imported *out;
    struct str id, name, budget;
    struct draft_state *states;
    size_t nstates, start;
};

/* -- import.c -- */
/* What was left out or guessed: line 1 up, 0: the file as a whole; what: their own word for it, cut
 * to 60 characters; key: import.KEY in po/, filled with arg (cut to 120). Beyond
 * IMPORT_NOTES_MAX it is dropped. */
void note_add(struct draft *d, int line, struct str what, const char *key, struct str arg);
/* An id of our shape from any text, `gap` between its words: "Hồ sơ mới" -> "ho_so_moi". At most
 * DRAFT_ID_MAX - 4 bytes, so that a number fits behind it; "x" when nothing is left. */
struct str slug(struct ctx *cx, struct str text, char gap);
/* A new state; TOO_LARGE beyond IMPORT_NODES_MAX. Its id is one that no other has. */
MUST_USE enum rc state_add(struct draft *d, struct str source, struct str label, int line,
                           struct draft_state **ret);
/* A way out; its id is made from the label and is one that the state does not have yet. NULL, and
 * noted, when it has DRAFT_ACTS_MAX. */
struct draft_act *act_add(struct draft *d, struct draft_state *s, struct str label, size_t to);
/* Which of our roles a role or lane of theirs is, by its words; "specialist" is a guess, which
 * is noted. */
struct str role_of(struct draft *d, int line, struct str theirs);
/* One role more that acts in a state: each once, and none beyond WHO_MAX. */
void by_add(struct draft_state *s, struct str role);

/* A DIGIT business service as JSON; BPMN 2.0 XML, without a DOCTYPE or entities, and
 * nothing is fetched. MALFORMED: it is none; TOO_LARGE: over IMPORT_NODES_MAX steps. */
MUST_USE enum rc digit_read(struct draft *d, struct str text);
MUST_USE enum rc bpmn_read(struct draft *d, struct str text);
/* The files of the pack, into out->files: our own readers take each of them. */
void draft_write(struct draft *d);

#endif
