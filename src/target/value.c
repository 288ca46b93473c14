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

/* "12,5" and "1.234,50": a last mark with one or two digits behind it parts the decimals. */
static struct str decimals_of(struct str s, struct str *whole)
{
    size_t at = s.n;
    while (at > 0 && !is_mark(s.p[at - 1]))
        at--;
    size_t behind = s.n - at;
    bool is_part = at > 1 && behind >= 1 && behind < GROUP;
    *whole = is_part ? str_cut(s, 0, at - 1) : s;
    return is_part ? str_skip(s, at) : STR("");
}

/* The mark of the decimals parts no thousands: "12,345,6" is a slip, not a number. */
static bool is_mixed(struct str whole, struct str part)
{
    return part.n && str_find(whole, part.p[-1], 0) < whole.n;
}

/* Whole numbers with or without marks or blanks between groups of three. */
static bool whole_parse(struct str s, int64_t *ret)
{
    char digits[DIGITS_MAX + 1];
    size_t n = 0, since = 0;
    bool is_grouped = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (is_mark(c) || c == ' ') {
            if (n == 0 || digits[0] == '0' || (is_grouped ? since != GROUP : since > GROUP))
                return false; /* "0,125" is no 125: thousands do not begin with a nought */
            is_grouped = true;
            since = 0;
            continue;
        }
        if (c < '0' || c > '9' || n == DIGITS_MAX)
            return false;
        digits[n++] = c;
        since++;
    }
    return (!is_grouped || since == GROUP) && n > 0 && str_int(str_n(digits, n), ret);
}

bool value_parse(struct str s, int64_t *hundredths)
{
    struct str whole;
    int64_t units, rest = 0;
    s = str_trim(s);
    if (s.n > 1 && s.p[s.n - 1] == '%')
        s = str_trim(str_cut(s, 0, s.n - 1));
    bool is_negative = s.n && s.p[0] == '-';
    struct str part = decimals_of(is_negative ? str_skip(s, 1) : s, &whole);
    if (is_mixed(whole, part) || !whole_parse(whole, &units) ||
        (part.n && (!is_digits(part) || !str_int(part, &rest))))
        return false;
    rest *= part.n == 1 ? 10 : 1;
    *hundredths = (units * 100 + rest) * (is_negative ? -1 : 1);
    return true;
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
