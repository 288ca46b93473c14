/* goals.h - pages of what was promised, entered and owed, and of alerts. See
 * docs/internals/target.md. */
#ifndef GOALS_GOALS_H
#define GOALS_GOALS_H

#include "web/web.h"

extern const struct route goal_routes[];

#endif
