/* html.h - HTML is a type: what is escaped is a struct html, everything else is not.
 * See docs/internals/page.md. */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "text/json.h"

struct html {
    struct str s;
}; /* well-formed, escaped; only this module's code makes one */

/* & < > " ' as entities: fit for text and for quoted attributes, not for scripts, styles or
 * names. */
void html_escape(struct buf *out, struct str s);
struct html html_of(struct arena *mem, struct str text);
/* Running text of the limited kind packs may write: blank line = paragraph, "- " = list item,
 * **bold**, [words](https://…), no other scheme. Everything else is escaped. A mark that does
 * not close within 2048 bytes is text; the result is at most 20 times as long as the text. */
struct html html_prose(struct arena *mem, struct str text);
/* A value that templates put as it is: the only way past their escaping. */
struct json *json_new_html(struct arena *mem, struct html h);

#endif
