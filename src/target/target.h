/* target.h - what named bodies promised, how far they are, what they owe. See
 * docs/internals/target.md.
 *
 * Targets come from packs (targets.yaml). A target is an indicator of one body: its cells give
 * it when the body is a unit here and events count it; else it is entered (entered.h). Values
 * are hundredths of the indicator's unit, days are civil days.
 *
 * Nothing of a target is stored: lists, paths, forecasts and what is owed are worked out of packs,
 * cells and entered figures when somebody looks, so that they cannot be out of date.
 * Errors: NOT_FOUND (field target, unit). Threads: any with a reader; everything returned lives in
 * cx->mem, declarations with the packs. */
#ifndef TARGET_TARGET_H
#define TARGET_TARGET_H

#include "target/entered.h"

/* One row of targets.yaml, bound to what this node knows of it. */
struct target {
    struct str id; /* as in the file; PACK.ID in a pack that is a service */
    const struct target_decl *decl;
    const struct pack *pack;
    const struct indicator *ind; /* NULL: declared by no pack of this node */
    const struct unit *unit;     /* the body; NULL: not of this node */
    const struct unit *speaker; /* who enters its figures: the body, or the root; may be NULL */
};
/* In cx->mem; pointers within it go to packs, indicators and units, which stay for the process. */
struct target_list {
    struct target *v;
    size_t n;
};
/* Of all packs in force, in their order. */
MUST_USE enum rc target_all(struct ctx *cx, struct target_list *ret);
/* NOT_FOUND. Those that cards ask of a unit are found, too. */
MUST_USE enum rc target_by_id(struct ctx *cx, struct str id, struct target *ret);
/* -- figures that a scorecard asks of a unit beside, or instead of, what events give -- */
/* They are told, not promised (TARGET_TOLD), and have no row in target_all: one for each unit and
 * indicator would be thousands. id: "CARD.INDICATOR.UNIT". The cards that are for the unit. */
struct str target_asked_id(struct ctx *cx, struct str card, struct str indicator,
                           const struct unit *u);
MUST_USE enum rc target_asked(struct ctx *cx, const struct unit *u, struct target_list *ret);
/* The target under which a body's figure is shown: a promise, else what a card asks. NOT_FOUND
 * (field entry): neither names it. */
MUST_USE enum rc target_of_figure(struct ctx *cx, struct str indicator, struct str body,
                                  struct target *ret);
/* The unit's own name today, else the one that the pack gives the agency; in the ctx's
 * language. */
struct str target_body_name(struct ctx *cx, const struct target *t);

/* -- progress -- */
enum point_source { POINT_BASELINE, POINT_KNOWN, POINT_COMPUTED, POINT_SELF, POINT_VERIFIED };
/* One value and where it is from: the pack's baseline, what was published since, cells, what the
 * body entered, what the authority above it found. */
struct target_point {
    int32_t day; /* the last one that the value speaks for */
    int64_t value;
    enum point_source source;
    struct period period; /* computed and entered ones */
};
/* When there are more points than that the oldest but the very first go. The forecast looks at the
 * last FORECAST_POINTS and is not made from fewer than FORECAST_LEAST. */
enum { TARGET_POINTS_MAX = 60, FORECAST_POINTS = 12, FORECAST_LEAST = 3 };

enum target_state {
    TARGET_TOLD,    /* nothing was promised: the figure is told */
    TARGET_UNKNOWN, /* no value after the baseline, or none at all */
    TARGET_REACHED,
    TARGET_ON_PATH, /* at or beyond the straight line from the first value to the promise */
    TARGET_BEHIND,
    TARGET_OPEN,   /* not reached, still time, and no first value to draw a path from */
    TARGET_MISSED, /* the day passed */
    TARGET_STATE_COUNT
};
/* Stable words for JSON, CSV and the keys of po/ ("goals.state.on_path"). */
const char *target_state_name(enum target_state s); /* "on_path" */

/* How far a body is. Values are compared on the day that they speak for, not on the day of looking:
 * a figure of December is held against the path's December. */
struct progress_line {
    struct target_point points[TARGET_POINTS_MAX]; /* oldest first */
    size_t n;
    enum target_state state;
    int64_t latest;   /* DB_NULL: nothing known */
    int64_t expected; /* what the path asks for today; DB_NULL: no path */
    /* The straight line through the last FORECAST_POINTS values (least squares), carried on to
     * the promised day; DB_NULL with fewer than FORECAST_LEAST, or when that day passed. */
    int64_t forecast;
    int32_t reach_day; /* when that line reaches the promise; INT32_MAX: not within 30 years */
};
/* Computed months end with the last one that is over, or with the promised day. A value counts for
 * its own day only: 92 days before a promised day that has passed it says nothing of the
 * promise. */
MUST_USE enum rc target_progress(struct ctx *cx, const struct target *t,
                                 struct progress_line *ret);
/* The value in the unit of the target's indicator: "80,00 %". */
struct str target_value_text(struct ctx *cx, const struct target *t, int64_t value);
struct str target_promise_text(struct ctx *cx, const struct target *t); /* "≥ 80 %"; or "" */

/* -- what is owed -- */
/* A figure that a body owes. due: period's end and the days of grace; overdue from the day
 * after. */
struct owed {
    struct target target; /* one of those that the figure is for */
    struct period period; /* the last one that ended and has no figure */
    int32_t due;          /* its last day for entering, with settings.figure_grace_days */
    bool is_overdue;
    int missing; /* periods without a figure since the last one given, this one included */
};
struct owed_list {
    struct owed *v;
    size_t n;
};
/* One row for each indicator and body that has a promise, is entered regularly and lacks the
 * figure of its last period; and the same of what scorecards ask of the node's own unit (its root:
 * units below may enter theirs, but nobody waits for it). The longest overdue first. of: only what
 * that unit and those below it speak for; 0: all. */
MUST_USE enum rc target_owed(struct ctx *cx, struct unit_id of, struct owed_list *ret);

extern const struct ledger_subscriber target_subscriber; /* folds figure.* and alert.* */

#endif
