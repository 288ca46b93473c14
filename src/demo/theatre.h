/* theatre.h - what a play of lives is made of, for play.c and arrive.c. */
#ifndef DEMO_THEATRE_H
#define DEMO_THEATRE_H

#include "base/map.h"
#include "demo/demo_priv.h"

enum { CODE_MAX = 63 };

struct life {
    const struct json *play, *course; /* of plays.yaml */
    const struct unit *unit;
    const struct json *step; /* what happens next; NULL: the submission */
    size_t citizen;          /* which of the demo's, from 0 */
    struct dice dice;        /* its own: what happens to others changes nothing here */
    bool online;
    char code[CODE_MAX + 1]; /* as filed, then as issued; empty before */
};
/* When something happens in a life: UTC, and its place in theatre.lives. */
struct wakeup {
    int64_t at_us;
    size_t life;
};
/* In order of time; of the same instant, of lives. Below zero: a comes first. */
int wakeup_cmp(const void *a, const void *b);

struct arrivals;
struct theatre {
    struct demo_lists lists;
    struct dice dice;
    struct map *people;  /* login -> struct who: a session each */
    struct wakeup *heap; /* the earliest first */
    size_t nheap;
    struct life *lives;
    struct arrivals *arrivals;
    struct file image, pdf; /* stand for every paper: stored once */
    int32_t today;          /* the civil day that the play has come to */
    struct demo_report *report;
};
/* Who acts, as signed in, kept for the whole play: the officer with that role in that unit, the
 * citizen whose life it is. NOT_FOUND: the demo has no such account. */
MUST_USE enum rc officer_of(struct ctx *cx, struct theatre *t, const struct unit *u,
                            struct str role, const struct who **ret);
MUST_USE enum rc citizen_of(struct ctx *cx, struct theatre *t, const struct life *l,
                            const struct who **ret);
/* What a spec of plays.yaml says of this life at cx->now_us. */
MUST_USE enum rc life_value(struct ctx *cx, const struct theatre *t, struct life *l,
                            const struct json *spec, struct json **ret);

/* The submissions of v (the heap at the start, in any order, up to until_us; 0: all), checked,
 * printed and sealed some dozens ahead by a thread of their own. Until t->arrivals' mem ends. */
struct arrivals *arrivals_new(struct arena *mem, struct app *app, struct theatre *t,
                              int64_t until_us);
/* That of the next wakeup in order, which is at life `l`; it lives until the one after it. */
MUST_USE enum rc arrival_take(struct ctx *cx, struct arrivals *a, size_t life,
                              struct filing **ret);

#endif
