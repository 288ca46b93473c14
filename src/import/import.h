/* import.h - process definitions of other systems as packs to begin from: DIGIT's
 * `businessservice` (JSON) and a subset of BPMN 2.0 (XML). See docs/internals/import.md.
 *
 * What is read is somebody else's file: at most IMPORT_BYTES_MAX, no document type, no
 * entities, nothing from the network. The same bytes give the same files. */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "text/json.h"

enum {
    IMPORT_BYTES_MAX = 1 << 20,
    IMPORT_NODES_MAX = 400,  /* steps, gateways, events of one definition */
    IMPORT_EDGES_MAX = 1000, /* ways between them */
    IMPORT_NOTES_MAX = 200,
    IMPORT_FILES = 4
};

/* Something of the definition that the pack does not say, or says by a guess. */
struct import_note {
    int line;        /* of the file that was read; 0: unknown */
    struct str what; /* the id of their element */
    struct str key;  /* "import.KEY" of po/ has the words */
    struct str arg;  /* what exactly */
};
struct import_file {
    struct str name, data;
};
struct imported {
    struct str format; /* "digit" or "bpmn" */
    struct str id;     /* of the pack */
    struct import_file files[IMPORT_FILES];
    struct import_note notes[IMPORT_NOTES_MAX];
    size_t nnotes;
    size_t nstates, nacts;
};

/* MALFORMED when the text is neither format, TOO_LARGE over a ceiling. */
MUST_USE enum rc import_read(struct ctx *cx, struct str text, struct imported **ret);
/* The words of a note, in the language. */
struct str import_note_text(struct ctx *cx, enum lang lang, const struct import_note *n);

#endif
