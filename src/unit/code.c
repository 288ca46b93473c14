/* code.c - the two forms of an agency's code, and from one to the other. */
#include "unit/unit_priv.h"

static const char *const kinds[UNIT_KIND_COUNT] = {
    [UNIT_NATION] = "nation",     [UNIT_MINISTRY] = "ministry",
    [UNIT_PROVINCE] = "province", [UNIT_DEPARTMENT] = "department",
    [UNIT_DISTRICT] = "district", [UNIT_COMMUNE] = "commune",
    [UNIT_OFFICE] = "office",
};

const char *unit_kind_name(enum unit_kind k)
{
    return k < UNIT_KIND_COUNT ? kinds[k] : "";
}

bool unit_kind_parse(struct str s, enum unit_kind *ret)
{
    for (int k = 0; k < UNIT_KIND_COUNT; k++)
        if (str_eq(s, str_from(kinds[k]))) {
            *ret = (enum unit_kind)k;
            return true;
        }
    return false;
}

static bool all_digits(struct str s, size_t n)
{
    if (s.n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

/* "H07": a letter A-Y and two digits, in both forms. */
static bool is_level1(struct str s)
{
    return s.n == 3 && s.p[0] >= 'A' && s.p[0] <= 'Y' && all_digits(str_skip(s, 1), 2);
}

bool code_old_is(struct str s)
{
    return s.n == 13 && s.p[3] == '.' && s.p[6] == '.' && s.p[9] == '.' &&
           all_digits(str_cut(s, 0, 3), 3) && all_digits(str_cut(s, 4, 6), 2) &&
           all_digits(str_cut(s, 7, 9), 2) && is_level1(str_skip(s, 10));
}

struct str code_first(struct str code)
{
    return str_cut(code, 0, str_find(code, '.', 0));
}

bool code_new_is(struct str s)
{
    if (s.n < 3 || s.n > UNIT_CODE_MAX || s.p[s.n - 1] == '.')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                    (c == '.' && i > 0 && s.p[i - 1] != '.');
        if (!fits)
            return false;
    }
    /* QD 20/2020, articles 5 and 6: bodies outside the state's own tree are Zxx and what they
     * chose. */
    struct str first = code_first(s);
    return is_level1(first) ||
           (first.n >= 3 && first.p[0] == 'Z' && all_digits(str_cut(first, 1, 3), 2));
}

bool unit_code_is(struct str s)
{
    return code_new_is(s) || code_old_is(s);
}

/* "00" or "000": this level is not used. */
static bool is_zero(struct str level)
{
    return str_eq(level, STR("00")) || str_eq(level, STR("000"));
}

struct str unit_code_to_old(struct arena *mem, struct str code)
{
    struct str level[4], rest = code;
    static const size_t width[] = {3, 2, 2, 3};
    static const char *const zero[] = {"", "00", "00", "000"};
    if (!code_new_is(code) || code.p[0] == 'Z')
        return STR_NULL;
    for (int i = 0; i < 4; i++) {
        level[i] = str_from(zero[i]);
        if (!rest.p)
            continue;
        rest = str_split(rest, '.', &level[i]);
        if (i > 0 && (!all_digits(level[i], width[i]) || is_zero(level[i])))
            return STR_NULL;
    }
    if (rest.p)
        return STR_NULL;
    return str_fmt(mem, "%.*s.%.*s.%.*s.%.*s", STR_ARG(level[3]), STR_ARG(level[2]),
                   STR_ARG(level[1]), STR_ARG(level[0]));
}

struct str unit_code_from_old(struct arena *mem, struct str code_old)
{
    if (!code_old_is(code_old))
        return STR_NULL;
    struct str level[] = {str_skip(code_old, 10), str_cut(code_old, 7, 9),
                          str_cut(code_old, 4, 6), str_cut(code_old, 0, 3)};
    size_t depth = 4;
    while (depth > 1 && is_zero(level[depth - 1]))
        depth--;
    struct str code = level[0];
    for (size_t i = 1; i < depth; i++) {
        if (is_zero(level[i])) /* a level left out has no place in the new form */
            return STR_NULL;
        code = str_fmt(mem, "%.*s.%.*s", STR_ARG(code), STR_ARG(level[i]));
    }
    return code;
}
