/* said.h - an English sentence of ours, said again in a person's language.
 * See docs/internals/text.md.
 *
 * What is wrong with an expression or a table is found deep down and written once, in English,
 * into the failure's detail. For people the sentence is recognised by the pattern that
 * po/en.po keeps under expr.say.* and filled into the other language's. */
#ifndef TEXT_SAID_H
#define TEXT_SAID_H

#include "text/i18n.h"

/* "column 8: nothing is called sise" in lang. False, and *ret is the detail itself, when it is
 * no sentence of po/; also the words in its places (expr.word.*) are said in lang. */
bool said_in(struct arena *mem, enum lang lang, struct str detail, struct str *ret);

#endif
