/* tpl.h - pages: mustache templates over json values. See docs/internals/page.md.
 *
 * Templates are templates/<name>.html, embedded and compiled once at start-up; an unknown
 * partial or message key, or an unclosed section, is an error then. The language is mustache
 * without lambdas, plus two tags:
 *
 *   {{name}} {{a.b}} {{.}}       escaped text            {{{name}}}  the same; says: JSON_HTML
 *   {{#x}}…{{/x}} {{^x}}…{{/x}}  section (list, object, true) and its opposite
 *   {{>partial}}                 another template with the same context
 *   {{@key}}                     message `key` in the page's language; its {placeholders} are
 *                                looked up in the context
 *   {{@(name)}}                  the message whose key is the value of `name`
 *   {{!comment}}
 *
 * A JSON_HTML value goes out as it is from both forms; all else is escaped by both.
 * Names are looked up from the innermost section outwards. False are: absent, null, false, 0,
 * "", []. Inside a list section {{@first}} {{@last}} {{@index}} do not exist: put it in the
 * view. Whole-line section tags leave no blank line. */
#ifndef TEXT_TPL_H
#define TEXT_TPL_H

#include "text/json.h"

struct tpl_set;

struct tpl_source {
    struct str name, text;
};

/* Lives in cx->mem; the sources' bytes must live as long. A mistake is MALFORMED, with the
 * template's name as field and its line in the detail. */
MUST_USE enum rc tpl_compile(struct ctx *cx, const struct tpl_source *src, size_t n,
                             struct tpl_set **ret);
bool tpl_has(const struct tpl_set *set, struct str name);
/* Writes template `name` in cx->lang. Unknown name is INTERNAL. */
MUST_USE enum rc tpl_render(struct ctx *cx, const struct tpl_set *set, struct str name,
                            const struct json *view, struct buf *out);

#endif
