/* unit_priv.h - what the files of unit/ share: code forms and snapshots.

 *
 * Loading: rows of three tables are read into lists (unit_lines), which live in the reader's arena;
 * unit_tree_new makes of them one block that is never changed. A process keeps every snapshot that
 * it ever served, because pointers into them may be held by requests that still run. */
#ifndef UNIT_UNIT_PRIV_H
#define UNIT_UNIT_PRIV_H

#include "unit/unit.h"

/* QCVN 102:2016/BTTTT: level 4, 3, 2, 1: 3 digits . 2 . 2 . letter A-Y and 2 digits. */
bool code_old_is(struct str s);
/* QD 20/2020/QD-TTg: level 1 first, at most 35 of . 0-9 A-Z. */
bool code_new_is(struct str s);
struct str code_first(struct str code); /* level 1 of a QD 20/2020 code */

/* One row of the unit table, as read. */
struct unit_line {
    struct unit_line *next;
    struct unit u; /* texts in the reader's arena; parent, children, successors not set */
    int64_t parent;
};
/* "Whose work went where": one successor of one ended unit. */
struct unit_follow {
    struct unit_follow *next;
    int64_t unit, successor;
};
struct unit_duty {
    struct unit_duty *next;
    int64_t unit;
    struct str duty;
};
/* What a reading of the tables gives: lists in order of rows, with what they will take as one
 * block. Texts are shared, not copied, until the tree is built. */
struct unit_lines {
    struct unit_line *first, **end;
    struct unit_follow *follow, **follow_end;
    struct unit_duty *duty, **duty_end; /* those of one unit stand together */
    size_t n, text;                     /* rows; bytes of their texts */
};

/* An immutable tree. */
struct unit_tree {
    struct unit *v; /* by order of code */
    size_t n;
    const struct unit **all;   /* parents before children */
    const struct unit **by_id; /* open addressing */
    size_t slots;              /* a power of two */
    struct map *by_code;       /* both forms */
    struct unit_tree_mark {
        int64_t units, ended, duties, duties_ended;
    } mark; /* all are only added, and ended once, so the counts tell versions apart */
};

/* At most this much of an arena is taken by unit_tree_new. */
size_t unit_tree_bytes(const struct unit_lines *in);
/* Builds in mem. CORRUPT on a parent or successor that is not there, a second root or a
 * cycle. */
MUST_USE enum rc unit_tree_new(struct ctx *cx, struct arena *mem, const struct unit_lines *in,
                               struct unit_tree **ret);
/* By id in constant time; NULL when the tree has none of it. */
const struct unit *unit_tree_of(const struct unit_tree *t, int64_t id);

/* -- duty.c -- */
struct event;
MUST_USE enum rc unit_duty_fold(struct ctx *cx, const struct event *ev);

#endif
