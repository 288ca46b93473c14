/* sign.h - other texts under the log's key. See docs/internals/ledger.md. */
#ifndef LEDGER_SIGN_H
#define LEDGER_SIGN_H

#include "base/ctx.h"

/* A text of whole lines under the log's key, as a C2SP signed note. Its first line must name what
 * it is and must not be the origin. STATE without the folder's keys. */
MUST_USE enum rc ledger_note(struct ctx *cx, struct str text, struct str *ret);
/* Offline: the signed text of such a note. PROOF when the key did not sign it. */
MUST_USE enum rc note_verify(struct ctx *cx, struct str note, struct str vkey, struct str *ret);

#endif
