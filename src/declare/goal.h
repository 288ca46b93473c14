/* goal.h - targets.yaml and alerts.yaml: what a body promised, and when somebody is to be told.
 * See docs/internals/target.md and packs/README.md.
 *
 * Values are hundredths of the indicator's own unit; days are civil days. */
#ifndef DECLARE_GOAL_H
#define DECLARE_GOAL_H

#include "text/decl.h"

enum {
    TARGETS_MAX = 150, /* of one pack */
    TARGET_KNOWN_MAX = 12,
    ALERTS_MAX = 30,
    ALERT_LEAST = 10, /* dossiers, where a pack says nothing */
};
#define GOAL_VALUE_MAX INT64_C(1000000000000000000) /* hundredths: ten million billion */

struct goal_point {
    int64_t value; /* hundredths */
    int32_t day;
};
enum goal_op { GOAL_NONE, GOAL_AT_LEAST, GOAL_AT_MOST, GOAL_EQUAL, GOAL_TIMES };
const char *goal_op_name(enum goal_op op); /* ">="; "" for none */

/* Another pack's indicator is named {pack, id}; with an empty pack it is one of the own. */
struct goal_indicator {
    struct str pack, id;
};
struct target_decl {
    struct str id;
    const struct json *name, *body_name; /* {vi, en} */
    struct str body;                     /* "H23": code of a unit, here or elsewhere */
    struct goal_indicator indicator;
    bool has_baseline;
    struct goal_point baseline;
    struct goal_point known[TARGET_KNOWN_MAX]; /* published later, in order of days */
    size_t nknown;
    enum goal_op op;        /* GOAL_NONE: nothing was promised, the figure is told */
    struct goal_point goal; /* GOAL_TIMES: value is baseline × what the file says */
    int64_t times;          /* GOAL_TIMES: hundredths of the factor */
    struct str quote, source, note;
};
struct target_decls {
    struct target_decl *v;
    size_t n;
};
/* indicators: the list of the same pack's indicators.yaml, or NULL. Fails and notes as
 * text/decl.h says; the rules are P190 … P194. */
MUST_USE enum rc targets_read(struct ctx *cx, const struct json *yaml,
                              const struct json *indicators, struct decl_notes *notes,
                              struct target_decls *ret);

struct alert_decl {
    struct str id;
    const struct json *advice; /* {vi, en}: what to do; NULL: none */
    struct goal_indicator indicator;
    bool has_below, has_above, on_break;
    int64_t below, above; /* hundredths */
    bool is_weekly;       /* else monthly */
    int64_t least;        /* fewer dossiers than that are not judged */
};
struct alert_decls {
    struct alert_decl *v;
    size_t n;
};
/* The rules are P194, P195. */
MUST_USE enum rc alerts_read(struct ctx *cx, const struct json *yaml,
                             const struct json *indicators, struct decl_notes *notes,
                             struct alert_decls *ret);

#endif
