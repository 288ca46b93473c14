/* evidence.h - a file named on the command line becomes evidence of a figure. See
 * docs/internals/target.md. */
#ifndef APP_FIGURES_EVIDENCE_H
#define APP_FIGURES_EVIDENCE_H

#include "casework/draft.h"

/* Copies the file into the data folder and stores it as attachments are: the same bytes once,
 * under their SHA-256. The file itself stays where it is. NOT_FOUND when it cannot be opened,
 * TOO_LARGE over settings.web_file_max (bytes), UNSUPPORTED when it is neither an image nor a
 * PDF, NO_ROOM when the disk is nearly full. The caller names it in an event within the hour, or
 * the sweep takes it away again. */
MUST_USE enum rc evidence_store(struct ctx *cx, struct str path, struct file *ret);

#endif
