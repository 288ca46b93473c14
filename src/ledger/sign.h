/* sign.h - other texts under the log's key. See docs/internals/ledger.md. */
#ifndef LEDGER_SIGN_H
#define LEDGER_SIGN_H

#include "base/ctx.h"

/* A text of whole lines under the log's key, as a C2SP signed note (Ed25519; "— ORIGIN
 * BASE64"). Its first line must name what it is and must not be the origin: nobody may take it
 * for a checkpoint of the log. INTERNAL: such a text, our own mistake. STATE: without the
 * folder's keys, as in an offline copy. In cx->mem; not an event, and any thread may sign. */
MUST_USE enum rc ledger_note(struct ctx *cx, struct str text, struct str *ret);
/* Offline: the signed text of such a note, with its last line end. PROOF: vkey is none (field
 * vkey), or its key did not sign this text (sig). Signatures of other keys beside it are passed
 * over. */
MUST_USE enum rc note_verify(struct ctx *cx, struct str note, struct str vkey, struct str *ret);

#endif
