/* embed.h - the files that travel inside the binary. See docs/internals/page.md.
 *
 * tools/embed turns everything below templates/, assets/ (built ones in assets/dist/), packs/,
 * sql/ and demo/ into one table, sorted by name. Names are paths from the top of the tree:
 * "templates/home.html", "sql/migrations/0001_store.sql". */
#ifndef TEXT_EMBED_H
#define TEXT_EMBED_H

#include "base/str.h"

struct embed_file {
    struct str name, data;
    struct str gzip;       /* assets only; empty when it would not be smaller */
    const char *sha256hex; /* of data: 64 hex digits, serves as ETag */
    const char *mime;      /* "text/css; charset=utf-8" */
};

size_t embed_count(void);
/* The i-th file in order of name; NULL beyond the end. */
const struct embed_file *embed_at(size_t i);
const struct embed_file *embed_find(struct str name); /* NULL when absent */
/* Index of the first file whose name is >= prefix: where a walk over "packs/" starts. */
size_t embed_first(struct str prefix);

#endif
