/* said.c - what is wrong with an expression or a table, in a person's language.
 *
 * What is found is written once, in English, for the log and for whoever reads it there. For
 * people it is found again by its sentence: the English one of po/ is the pattern, and what
 * stands in its places goes into the other language's. */
#include "text/said.h"

#include "base/arena.h"
#include "base/buf.h"

enum { PLACES = 3, TOLD_MAX = 2000 };

/* Longer sentences before those that they begin with. */
static const char *const sayings[] = {
    "need_date",   "need",        "compare_date", "compare",      "need_unit",   "order",
    "no_name",     "no_fields",   "no_field",     "no_index",     "field_named", "list_one",
    "map_keys",    "key_twice",   "map_one",      "map_single",   "list_cannot", "day_hours",
    "wd_date",     "wd_facts",    "text_sum",     "lists_join",   "sum",         "ends",
    "shapes",      "by_zero",     "want",         "no_day",       "no_instant",  "no_duration",
    "size",        "has",         "matches",      "table_no",     "table_name",  "table_none",
    "table_count", "join",        "before",       "facts_day",    "deep",        "missing",
    "parts",       "item_name",   "no_function",  "value_before", "value_end",   "after_dot",
    "brackets",    "two_compare", "goes_on",      "large",        "fraction",    "after_number",
    "escape",      "unclosed",    "sign_equals",  "sign",         "bytes",       "utf8",
    "as_text",     "p_large",     "p_class",      "p_collate",    "p_range",     "p_square",
    "p_signs",     "p_round",     "p_escape",     "p_before",     "p_times",     "p_braces",
    "p_twice",     "p_bytes",     "p_closing",    "t_words",      "t_range",     "t_column",
    "t_name",      "t_type_key",  "t_type",       "t_columns",    "t_empty",     "t_rows",
    "t_sides",     "t_spans",     "t_named",      "t_cell",       "t_result",    "t_tables",
    "no_choice",
};
static const char *const words[] = {
    "null",   "boolean", "number", "text", "date", "timestamp", "duration", "list",
    "object", "any",     "wd",     "wh",   "cd",   "exact",     "result",   "date_or_time",
};

static struct str saying(struct arena *mem, enum lang lang, const char *family,
                         const char *name)
{
    return msg_get(lang, str_fmt(mem, "expr.%s.%s", family, name));
}

/* "{a}" at the beginning: which place; -1: none. */
static int place_at(struct str s)
{
    bool is_place =
        s.n >= 3 && s.p[0] == '{' && s.p[2] == '}' && s.p[1] >= 'a' && s.p[1] < 'a' + PLACES;
    return is_place ? s.p[1] - 'a' : -1;
}

static size_t literal_length(struct str s)
{
    size_t n = 0;
    while (n < s.n && place_at(str_skip(s, n)) < 0)
        n++;
    return n;
}

static bool begins(struct str s, struct str with)
{
    return s.n >= with.n && memcmp(s.p, with.p, with.n) == 0;
}

/* Does the sentence say what the pattern says? What stands in its places into v. */
static bool is_said(struct str pattern, struct str s, struct str v[PLACES])
{
    while (pattern.n) {
        int place = place_at(pattern);
        size_t from = 0;
        if (place >= 0)
            pattern = str_skip(pattern, 3);
        struct str literal = str_cut(pattern, 0, literal_length(pattern));
        bool is_last = literal.n == pattern.n;
        if (place >= 0 && is_last)
            from = s.n >= literal.n ? s.n - literal.n : 0;
        while (place >= 0 && from < s.n && !begins(str_skip(s, from), literal))
            from++;
        if (!begins(str_skip(s, from), literal))
            return false;
        if (place >= 0)
            v[place] = str_cut(s, 0, from);
        s = str_skip(s, from + literal.n);
        pattern = str_skip(pattern, literal.n);
    }
    return s.n == 0;
}

static struct str word_in(struct arena *mem, enum lang lang, struct str word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(saying(mem, LANG_EN, "word", words[i]), word))
            return saying(mem, lang, "word", words[i]);
    return word;
}

static struct str filled(struct arena *mem, enum lang lang, struct str pattern,
                         const struct str v[PLACES])
{
    struct buf *b = buf_new(mem, TOLD_MAX);
    while (pattern.n) {
        int place = place_at(pattern);
        size_t n = place < 0 ? literal_length(pattern) : 3;
        buf_put(b, place < 0 ? str_cut(pattern, 0, n) : word_in(mem, lang, v[place]));
        pattern = str_skip(pattern, n);
    }
    return buf_str(b);
}

static bool tell_one(struct arena *mem, enum lang lang, struct str s, struct str *ret)
{
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
        struct str v[PLACES] = {{0}};
        if (!is_said(saying(mem, LANG_EN, "say", sayings[i]), s, v))
            continue;
        *ret = filled(mem, lang, saying(mem, lang, "say", sayings[i]), v);
        return true;
    }
    return false;
}

/* "column 8: …" and "pattern: …" are said around the rest. */
static bool tell_within(struct arena *mem, enum lang lang, struct str s, struct str *ret)
{
    struct str v[PLACES] = {{0}}, inner = STR_NULL;
    bool is_column = is_said(saying(mem, LANG_EN, "say", "column"), s, v);
    const char *name = is_column ? "column" : "pattern";
    size_t at = is_column ? 1 : 0;
    if (!is_column && !is_said(saying(mem, LANG_EN, "say", "pattern"), s, v))
        return tell_one(mem, lang, s, ret);
    bool is_known =
        is_column ? tell_within(mem, lang, v[at], &inner) : tell_one(mem, lang, v[at], &inner);
    v[at] = is_known ? inner : v[at];
    *ret = filled(mem, lang, saying(mem, lang, "say", name), v);
    return is_known;
}

bool said_in(struct arena *mem, enum lang lang, struct str detail, struct str *ret)
{
    *ret = detail;
    return tell_within(mem, lang, detail, ret);
}
