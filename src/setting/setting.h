/* setting.h - the settings of a node. See settings.def and docs/internals/setting.md.
 *
 * Read once at start and never changed while the process runs: every thread may read them
 * without a lock. */
#ifndef SETTING_SETTING_H
#define SETTING_SETTING_H

#include "base/ctx.h"

struct settings {
#define SETTING_INT(name, def, least, most, text) int64_t name;
#define SETTING_TEXT(name, def, text) struct str name;
#include "settings.def"
#undef SETTING_INT
#undef SETTING_TEXT
};

void settings_default(struct settings *s);
/* Reads `name = value` lines ('#' begins a comment line). A missing file is all defaults; an
 * unknown name, a wrong type or a value out of range is INVALID: the setting as field, "line N:
 * …" as detail. A name that stands twice: the last one holds. IO: the file cannot be read;
 * TOO_LARGE: over 64 KiB. Texts are one line of at most 1024 bytes, UTF-8 without control
 * characters, and are copied into cx->mem, which must live as long as *s. A rollup_parent that is
 * no address is warned of only: folders have it from before it was checked. */
MUST_USE enum rc settings_load(struct ctx *cx, struct str file, struct settings *s);
/* One setting from text, as on a command line; *s is unchanged when it fails (INVALID), as of a
 * rollup_parent that is no address. */
MUST_USE enum rc settings_set(struct ctx *cx, struct settings *s, struct str name,
                              struct str value);

/* For `motcua settings` and the reference page. */
struct setting_row {
    const char *name, *text;
    bool is_text;
    int64_t least, most; /* whole numbers only */
};
/* The i-th setting and its present value as text; false past the end. */
bool settings_at(struct arena *mem, const struct settings *s, size_t i, struct setting_row *row,
                 struct str *value);

#endif
