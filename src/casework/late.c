/* late.c - what happens as the time runs out: warnings, escalation, apology. */
#include "casework/casework_priv.h"

int64_t late_next(struct ctx *cx, const struct dossier *d)
{
    (void)cx;
    (void)d;
    return TIME_NONE;
}
