/* setting.c - the settings of a node: settings.def as a table, read from a file of lines. */
#include "setting/setting.h"

#include <errno.h>
#include <stdio.h>

enum { SETTINGS_FILE_MAX = 64 * 1024, SETTING_TEXT_MAX = 1024 };

struct setting_def {
    struct setting_row row;
    size_t at; /* offset in struct settings */
    int64_t def_int;
    const char *def_text;
};

static const struct setting_def defs[] = {
#define SETTING_INT(name, def, least, most, text)                                              \
    {{#name, text, false, least, most}, offsetof(struct settings, name), def, NULL},
#define SETTING_TEXT(name, def, text)                                                          \
    {{#name, text, true, 0, 0}, offsetof(struct settings, name), 0, def},
#include "settings.def"
#undef SETTING_INT
#undef SETTING_TEXT
};

enum { DEFS = sizeof defs / sizeof defs[0] };

static int64_t *as_int(struct settings *s, const struct setting_def *d)
{
    return (int64_t *)((char *)s + d->at);
}

static struct str *as_text(struct settings *s, const struct setting_def *d)
{
    return (struct str *)((char *)s + d->at);
}

void settings_default(struct settings *s)
{
    for (size_t i = 0; i < DEFS; i++) {
        if (defs[i].row.is_text)
            *as_text(s, &defs[i]) = str_from(defs[i].def_text);
        else
            *as_int(s, &defs[i]) = defs[i].def_int;
    }
}

static const struct setting_def *def_find(struct str name)
{
    for (size_t i = 0; i < DEFS; i++)
        if (str_eq(name, str_from(defs[i].row.name)))
            return &defs[i];
    return NULL;
}

static bool is_printable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return utf8_is(s);
}

#define ADDRESS_ADVICE "write an address that begins with https:// or http://, without quotes"

/* The node above is an address; quotes around it would be part of it. */
static bool address_is_wrong(const struct setting_row *row, struct str value)
{
    bool is_address = str_starts(value, STR("https://")) || str_starts(value, STR("http://"));
    return strcmp(row->name, "rollup_parent") == 0 && value.n && !is_address;
}

static enum rc def_get(struct ctx *cx, struct str name, const struct setting_def **ret)
{
    *ret = def_find(name);
    return *ret ? RC_OK : FAIL(cx, INVALID, "setting", "no setting %.*s", STR_ARG(name));
}

static enum rc value_set(struct ctx *cx, struct settings *s, const struct setting_def *d,
                         struct str value)
{
    const struct setting_row *row = &d->row;
    if (row->is_text) {
        if (value.n > SETTING_TEXT_MAX || !is_printable(value))
            return FAIL(cx, INVALID, row->name, "not a line of at most %d bytes",
                        SETTING_TEXT_MAX);
        *as_text(s, d) = str_dup(cx->mem, value);
        return RC_OK;
    }
    int64_t n;
    if (!str_int(value, &n))
        return FAIL(cx, INVALID, row->name, "not a whole number: %.*s", STR_ARG(value));
    if (n < row->least || n > row->most)
        return FAIL(cx, INVALID, row->name, "%s is %lld, not %lld to %lld", row->name,
                    (long long)n, (long long)row->least, (long long)row->most);
    *as_int(s, d) = n;
    return RC_OK;
}

enum rc settings_set(struct ctx *cx, struct settings *s, struct str name, struct str value)
{
    const struct setting_def *d;
    TRY(def_get(cx, name, &d));
    if (address_is_wrong(&d->row, value))
        return FAIL(cx, INVALID, d->row.name, ADDRESS_ADVICE ": %.*s", STR_ARG(value));
    return value_set(cx, s, d, value);
}

static enum rc file_load(struct ctx *cx, struct str file, struct str *ret)
{
    const char *path = str_z(cx->mem, file);
    FILE *f = fopen(path, "re");
    if (!f && errno == ENOENT) {
        *ret = STR("");
        return RC_OK;
    }
    if (!f)
        return FAIL(cx, IO, NULL, "%s: errno %d", path, errno);
    char *text = arena_alloc(cx->mem, SETTINGS_FILE_MAX + 1);
    size_t n = fread(text, 1, SETTINGS_FILE_MAX + 1, f);
    bool failed = ferror(f);
    fclose(f);
    if (failed)
        return FAIL(cx, IO, NULL, "reading %s failed", path);
    if (n > SETTINGS_FILE_MAX)
        return FAIL(cx, TOO_LARGE, NULL, "%s is over %d bytes", path, SETTINGS_FILE_MAX);
    *ret = str_n(text, n);
    return RC_OK;
}

/* Puts the line number before the recorded cause. */
static enum rc at_line(struct ctx *cx, enum rc rc, int line)
{
    char cause[ERR_DETAIL_MAX];
    snprintf(cause, sizeof cause, "%s", cx->err.detail);
    snprintf(cx->err.detail, sizeof cx->err.detail, "line %d: %.200s", line, cause);
    return rc;
}

static enum rc line_load(struct ctx *cx, struct settings *s, struct str line)
{
    line = str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return RC_OK;
    const struct setting_def *d;
    struct str name;
    struct str value = str_split(line, '=', &name);
    if (!value.p)
        return FAIL(cx, INVALID, "setting", "not `name = value`");
    TRY(def_get(cx, str_trim(name), &d));
    value = str_trim(value);
    TRY(value_set(cx, s, d, value));
    if (address_is_wrong(&d->row, value)) /* a folder that opened before this was asked opens */
        LOGW("motcua.conf: %s = %.*s: " ADDRESS_ADVICE, d->row.name, STR_ARG(value));
    return RC_OK;
}

enum rc settings_load(struct ctx *cx, struct str file, struct settings *s)
{
    settings_default(s);
    struct str text;
    TRY(file_load(cx, file, &text));
    for (int line = 1; text.p; line++) {
        struct str head;
        text = str_split(text, '\n', &head);
        enum rc rc = line_load(cx, s, head);
        if (rc != RC_OK)
            return at_line(cx, rc, line);
    }
    return RC_OK;
}

bool settings_at(struct arena *mem, const struct settings *s, size_t i, struct setting_row *row,
                 struct str *value)
{
    if (i >= DEFS)
        return false;
    const char *at = (const char *)s + defs[i].at;
    *row = defs[i].row;
    if (row->is_text)
        *value = *(const struct str *)at;
    else
        *value = str_fmt(mem, "%lld", (long long)*(const int64_t *)at);
    return true;
}
