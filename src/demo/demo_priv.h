/* demo_priv.h - what the files of demo/ share. See docs/internals/demo.md. */
#ifndef DEMO_DEMO_PRIV_H
#define DEMO_DEMO_PRIV_H

#include "casework/casework.h"
#include "demo/demo.h"
#include "identity/identity.h"

/* The demo's own random numbers (splitmix64): the same seed, the same province. */
struct dice {
    uint64_t state;
};
uint64_t dice_roll(struct dice *d);
int64_t dice_between(struct dice *d, int64_t least, int64_t most); /* both included */
/* An element of a json array; with weights when each is [value, weight]. */
const struct json *dice_pick(struct dice *d, const struct json *list);

/* Lists from demo/…: read once. */
struct demo_lists {
    const struct json *names, *streets;
    const struct json *plays; /* demo/plays.yaml */
    const struct json *rows;  /* {list name: array}, for $row */
};
MUST_USE enum rc demo_lists_load(struct ctx *cx, struct demo_lists *ret);
MUST_USE enum rc demo_yaml(struct ctx *cx, const char *name, struct json **ret);

struct str demo_name(struct ctx *cx, struct dice *d, const struct demo_lists *l, bool male);
/* LAW: ND137/2015 - the right shape for that birth day, province and sex; random in the rest. */
struct str demo_number(struct ctx *cx, struct dice *d, int32_t birth, bool male);

/* What a generated value may look at. */
struct value_scope {
    struct dice *dice;
    const struct demo_lists *lists;
    const struct json *row;     /* the dossier's row of its play's list, or NULL */
    const struct json *answers; /* given so far */
    const struct unit *unit;
};
/* Makes the value that a spec of demo/plays.yaml describes ($pick, $name, …; see that file). */
MUST_USE enum rc demo_value(struct ctx *cx, const struct value_scope *s,
                            const struct json *spec, struct json **ret);

enum { DEMO_CITIZENS = 2000, DEMO_PASSWORD_TEXT_MAX = 32 };
#define DEMO_PASSWORD "motcua-demo"

/* Adds the citizens from … to-1, each a subject with an account. */
MUST_USE enum rc demo_citizens(struct ctx *cx, int64_t seed, size_t from, size_t to);
/* The i-th citizen's identity number is a function of i: found again without a list. */
struct str demo_citizen_number(struct ctx *cx, size_t i, int32_t *birth, bool *male);

/* When somebody who comes to a counter at `at` is served: at once, or when it opens next. In a
 * plan whose time is over, within it: who came after the last closing came a day or more before. */
int64_t demo_served_at(struct ctx *cx, const struct demo_plan *plan, int64_t at);

#endif
