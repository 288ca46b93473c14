/* letter_priv.h - what the files of letter/ share. See docs/internals/letter.md. */
#ifndef LETTER_LETTER_PRIV_H
#define LETTER_LETTER_PRIV_H

#include "app/app.h"
#include "letter/letter.h"

#endif
