/* unit.h - agencies: a tree with codes, validity and successors. See docs/internals/unit.md.
 *
 * A unit has both code forms: QCVN 102:2016 ("000.00.00.H07", lowest level first) and
 * QD 20/2020/QD-TTg ("H07.01.05", highest level first). Old dossiers keep the code they were
 * given; a merged unit ends on a day and names its successors. The tree is an immutable
 * snapshot in memory, swapped after a change commits; pointers stay valid for the process.
 *
 * Days are civil days of Viet Nam since 1970. Errors: INVALID names the field; DUPLICATE a code
 * that stands; NOT_FOUND a code that does not. Reading is from memory, by any thread, without a
 * query; writing takes the turn, and is seen after the caller's commit and units_reload.
 *
 * LAW: QD20/2020/QD-TTg - codes of agencies, at most 35 characters; QCVN 102:2016/BTTTT - the
 * form before it, still on older dossiers. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include "base/ctx.h"

/* What a unit is; packs say which kinds offer them (offered_by). */
enum unit_kind {
    UNIT_NATION,
    UNIT_MINISTRY,
    UNIT_PROVINCE,
    UNIT_DEPARTMENT,
    UNIT_DISTRICT,
    UNIT_COMMUNE,
    UNIT_OFFICE,
    UNIT_KIND_COUNT
};

/* Code and duty: bytes. Name: code points. A tree deeper or larger than that is refused when a unit
 * is added, so that every walk over it is bounded. */
enum { UNIT_CODE_MAX = 35, UNIT_NAME_MAX = 200, UNIT_DEPTH_MAX = 6, UNITS_MAX = 20000 };
enum { UNIT_SUCCESSORS_MAX = 16, UNIT_DUTIES_MAX = 16, UNIT_DUTY_MAX = 40 };

/* One agency in one snapshot: never changed, never freed. Two snapshots have two structs of one
 * unit: compare ids (or codes), not pointers kept over a reload. */
struct unit {
    struct unit_id id;
    struct str code;     /* "H07.01.05": QD 20/2020 form, the one used in addresses */
    struct str code_old; /* "000.05.01.H07": QCVN 102:2016 form; empty: never had one */
    struct str name_vi, name_en;
    enum unit_kind kind;
    const struct unit *parent;
    int32_t from, to; /* civil days; to is exclusive, INT32_MAX while it stands */
    const struct unit *const *children;
    size_t nchildren;
    const struct unit *const *successors;
    size_t nsuccessors;
    const struct str *duties; /* what it does for others: "fire", "environment" */
    size_t nduties;
};

struct units;
struct ledger_subscriber;
extern const struct ledger_subscriber unit_subscriber; /* folds unit.* into its tables */
/* Loads the tree; it lives in cx->app->mem. The functions below read cx->app->units. */
MUST_USE enum rc units_open(struct ctx *cx, struct units **ret);
/* After a commit. Nothing when nothing changed. All snapshots of a process together stay
 * below UNIT_BYTES_MAX: then OVERLOADED, and the old tree serves until a restart. */
enum { UNIT_BYTES_MAX = 256 << 20 };
MUST_USE enum rc units_reload(struct ctx *cx);

/* Looking up. Ended units are found, too: dossiers and figures of before name them. */
const struct unit *unit_of(struct ctx *cx, struct unit_id id); /* NULL when absent */
const struct unit *unit_find(struct ctx *cx, struct str code); /* either form, or NULL */
struct str unit_code_of(struct ctx *cx, struct unit_id id);    /* empty when absent */
struct str unit_name(struct ctx *cx, const struct unit *u);    /* in the ctx's language */
const struct unit *unit_root(struct ctx *cx);                  /* NULL when empty */
/* Every unit, parents before children, ended ones among them: whoever wants those of a day asks
 * `from` and `to`. */
const struct unit *const *unit_all(struct ctx *cx, size_t *n);
bool unit_is_within(const struct unit *u, const struct unit *ancestor); /* itself counts */
bool unit_has_duty(const struct unit *u, struct str duty);
/* Who does it for `from` today: itself, else the nearest: going up, at each level the ancestor,
 * then its children by code. NULL: nobody. */
const struct unit *unit_with_duty(struct ctx *cx, const struct unit *from, struct str duty);
bool unit_duty_is(struct str s);              /* [a-z-]{1,40}, not beginning with '-' */
const char *unit_kind_name(enum unit_kind k); /* "commune" */
MUST_USE bool unit_kind_parse(struct str s, enum unit_kind *ret);
bool unit_code_is(struct str s); /* has the shape of a code, in either form */
/* The same code in the other form; STR_NULL when it has none. */
struct str unit_code_to_old(struct arena *mem, struct str code);
struct str unit_code_from_old(struct arena *mem, struct str code_old);

/* What unit_add asks for; from: the first day on which it stands. */
struct unit_new {
    struct str code, code_old, name_vi, name_en, parent; /* parent: code, empty for a root */
    enum unit_kind kind;
    int32_t from;
};
/* Checks, appends unit.added; visible to unit_of after the commit and units_reload. An empty
 * code_old is derived where code can be converted. Who may do so is the caller's question. */
MUST_USE enum rc unit_add(struct ctx *cx, const struct unit_new *u, struct unit_id *ret);
/* The unit stands until `day`; its work goes to the successors (codes), which must stand on
 * that day. STATE when it ended before or a unit below it still stands. */
MUST_USE enum rc unit_end(struct ctx *cx, struct str code, int32_t day,
                          const struct str *successors, size_t n);
/* DUPLICATE, NOT_FOUND when there is nothing to give or to end; seen after the reload. */
MUST_USE enum rc unit_duty_add(struct ctx *cx, struct str code, struct str duty);
MUST_USE enum rc unit_duty_end(struct ctx *cx, struct str code, struct str duty);

#endif
