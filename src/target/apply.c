/* apply.c - folds figure.entered, figure.verified and the alerts into their tables. */
#include "target/target_priv.h"

static enum rc target_apply(struct ctx *cx, const struct event *ev)
{
    switch (ev->kind) {
    case EV_FIGURE_ENTERED:
        return entered_apply(cx, ev);
    case EV_FIGURE_VERIFIED:
        return verified_apply(cx, ev);
    case EV_ALERT_RAISED:
        return raised_apply(cx, ev);
    case EV_ALERT_CLEARED:
        return cleared_apply(cx, ev);
    default:
        return RC_OK;
    }
}

static const char *const tables[] = {"entered", "alert", NULL};
const struct ledger_subscriber target_subscriber = {"target", target_apply, tables};
