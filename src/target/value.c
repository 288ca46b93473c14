/* value.c - values as people write them, and as figures hold them. */
#include "target/target_priv.h"

enum { GROUP = 3, DIGITS_MAX = 16 };

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static bool is_mark(char c)
{
    return c == '.' || c == ',';
}

static bool has_mark(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_mark(s.p[i]))
            return true;
    return false;
}

/* Whole numbers with or without marks or blanks between groups of three. */
static bool whole_parse(struct str s, char group, int64_t *ret)
{
    char digits[DIGITS_MAX + 1], mark = 0;
    size_t n = 0, since = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == group || c == ' ') {
            if (n == 0 || digits[0] == '0' || (mark ? since != GROUP || c != mark : n > GROUP))
                return false; /* thousands do not begin with a nought */
            mark = c;
            since = 0;
            continue;
        }
        if (c < '0' || c > '9' || n == DIGITS_MAX)
            return false;
        digits[n++] = c;
        since++;
    }
    return (!mark || since == GROUP) && n > 0 && str_int(str_n(digits, n), ret);
}

/* The part behind the mark of the decimals; part.p NULL: there is none. */
static enum value_fault part_parse(struct str part, int64_t *ret)
{
    *ret = 0;
    if (!part.p)
        return VALUE_READ;
    if (has_mark(part))
        return VALUE_MARKS; /* "12,345,6", "1,234.50" */
    if (!is_digits(part))
        return VALUE_NONE;
    if (part.n >= GROUP || !str_int(part, ret))
        return VALUE_DECIMALS;
    *ret *= part.n == 1 ? 10 : 1;
    return VALUE_READ;
}

enum value_fault value_parse(struct str s, enum lang lang, int64_t *hundredths)
{
    char point = lang == LANG_EN ? '.' : ',', group = lang == LANG_EN ? ',' : '.';
    struct str whole, part = STR_NULL;
    int64_t units, rest;
    s = str_trim(s);
    if (s.n > 1 && s.p[s.n - 1] == '%')
        s = str_trim(str_cut(s, 0, s.n - 1));
    bool is_negative = s.n && s.p[0] == '-';
    whole = is_negative ? str_skip(s, 1) : s;
    size_t at = str_find(whole, point, 0);
    if (at < whole.n) {
        part = str_skip(whole, at + 1);
        whole = str_cut(whole, 0, at);
    }
    enum value_fault fault = part_parse(part, &rest);
    if (fault != VALUE_READ)
        return fault;
    if (!whole_parse(whole, group, &units))
        return has_mark(whole) ? VALUE_MARKS : VALUE_NONE;
    *hundredths = (units * 100 + rest) * (is_negative ? -1 : 1);
    return VALUE_READ;
}

bool value_split(const struct indicator *ind, int64_t hundredths, int64_t *num, int64_t *den)
{
    if (indicator_is_plain(ind)) {
        *num = hundredths / 100;
        *den = 0;
        return hundredths % 100 == 0;
    }
    *num = hundredths;
    *den = ind->unit == IND_PERCENT ? 10000 : 100;
    return true;
}

/* Halves go away from zero, for what shrinks as for what grows. */
int64_t entered_value_of(const struct indicator *ind, const struct entered_value *v)
{
    if (!v->is_given)
        return DB_NULL;
    if (indicator_is_plain(ind))
        return v->num * 100;
    if (v->den <= 0)
        return DB_NULL;
    int64_t scaled = v->num * (ind->unit == IND_PERCENT ? 10000 : 100);
    return (scaled < 0 ? scaled - v->den / 2 : scaled + v->den / 2) / v->den;
}

/* num over den against bounds in hundredths, exactly: 100.001 % of all is more than all. */
bool value_is_within(const struct indicator *ind, const struct value_range *r, int64_t num,
                     int64_t den)
{
    if (!r->is_given || indicator_is_plain(ind) || den <= 0)
        return true;
    __int128 scaled = (__int128)num * (ind->unit == IND_PERCENT ? 10000 : 100);
    return scaled >= (__int128)r->least * den && scaled <= (__int128)r->most * den;
}
