/* target.h - what named bodies promised, how far they are, what they owe. See
 * docs/internals/target.md. */
#ifndef TARGET_TARGET_H
#define TARGET_TARGET_H

#include "target/entered.h"

extern const struct ledger_subscriber target_subscriber; /* folds figure.* and alert.* */

#endif
