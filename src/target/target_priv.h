/* target_priv.h - what the files of target/ share. See docs/internals/target.md. */
#ifndef TARGET_TARGET_PRIV_H
#define TARGET_TARGET_PRIV_H

#include "store/store.h"
#include "target/period.h"
#include "target/target.h"

/* -- declare.c -- */
/* Counts and money: an amount of their own, nothing to divide by. */
bool indicator_is_plain(const struct indicator *ind);
bool indicator_is_entered(struct ctx *cx, const struct indicator *ind);

/* -- entered.c -- */
MUST_USE enum rc entered_apply(struct ctx *cx, const struct event *ev);
MUST_USE enum rc verified_apply(struct ctx *cx, const struct event *ev);

#endif
