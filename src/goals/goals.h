/* goals.h - pages of what was promised, entered and owed, and of alerts. See
 * docs/internals/target.md. */
#ifndef GOALS_GOALS_H
#define GOALS_GOALS_H

#include "web/web.h"

/* Everybody: /targets, a target's path, what is owed and by whom. CAP_FIGURES: evidence, alerts
 * and officers of one's own units. CAP_FIGURE_ENTER and _VERIFY: the two forms; each post is
 * one event. Handlers hold words and layout only: what is allowed and computed, target/ and
 * score/ know. */
extern const struct route goal_routes[];

#endif
