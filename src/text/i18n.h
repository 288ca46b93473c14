/* i18n.h - what people read, in Vietnamese and English. See docs/internals/text.md.
 *
 * Messages are po/vi.po and po/en.po (gettext syntax; msgid is a dotted key), compiled into
 * the binary by tools/po2c, which refuses a key that one language lacks. Placeholders are
 * {name}, filled from a json object. Packs bring their own texts as {vi: …, en: …}. */
#ifndef TEXT_I18N_H
#define TEXT_I18N_H

#include "text/json.h"

/* The raw message; the key itself when there is none (and a warning in the log). */
struct str msg_get(enum lang lang, struct str key);
bool msg_has(struct str key);
/* The message with its {placeholders} filled from args (NULL for none); absent ones stay. */
struct str msg_fill(struct ctx *cx, struct str key, const struct json *args);
/* The same for a text that is not a key. */
struct str text_fill(struct arena *mem, struct str text, const struct json *args);
/* The text in the ctx's language of a {vi: …, en: …} value, of a plain string as it is. */
struct str label_text(struct ctx *cx, const struct json *label);

/* The next {name} at or after `from`: where its brace stands and what it names. Braces around
 * anything but a-z 0-9 _ . are plain text. */
MUST_USE bool placeholder_next(struct str text, size_t from, size_t *start, struct str *name);

const char *lang_code(enum lang lang); /* "vi", "en" */
enum lang lang_parse(struct str code); /* anything unknown is Vietnamese */

/* People's spelling of quantities: "1.234.567", "10.000 đồng" / "VND 10,000". */
struct str number_text(struct ctx *cx, int64_t n);
struct str money_text(struct ctx *cx, int64_t amount_vnd);

/* Folds Vietnamese for search: lower case, marks and đ removed ("Đăng ký" -> "dang ky"). */
struct str text_fold(struct arena *mem, struct str s);

#endif
