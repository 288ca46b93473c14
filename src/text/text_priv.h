/* text_priv.h - what the files of this module share. */
#ifndef TEXT_TEXT_PRIV_H
#define TEXT_TEXT_PRIV_H

#include "base/str.h"

/* The next {name} at or after `from`: where its brace stands and what it names. Braces around
 * anything but a-z 0-9 _ . are plain text. */
MUST_USE bool placeholder_next(struct str text, size_t from, size_t *start, struct str *name);

#endif
