/* number.c - the shape of personal identification numbers and tax codes. */
#include "number/number.h"

#include "base/time.h"

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

static int digits_int(struct str s, size_t from, size_t to)
{
    int v = 0;
    for (size_t i = from; i < to; i++)
        v = v * 10 + (s.p[i] - '0');
    return v;
}

static bool is_province(int prefix)
{
    switch (prefix) {
#define PROVINCE(number, name) case number:
#include "number/provinces.def"
#undef PROVINCE
        return true;
    default:
        return false;
    }
}

/* The fourth digit tells century and sex: 0 and 1 are a man and a woman of
 * 1900-1999, 2 and 3 of 2000-2099, and so on. */
bool identity_number_is(struct str s, int32_t birth)
{
    if (s.n != 12 || !is_digits(s) || !is_province(digits_int(s, 0, 3)))
        return false;
    int year = 1900 + digits_int(s, 3, 4) / 2 * 100 + digits_int(s, 4, 6);
    return birth == INT32_MIN || civil_of_day(birth).year == year;
}

bool tax_code_is(struct str s)
{
    struct str branch, rest = str_split(s, '-', &branch);
    if (branch.n != 10 || !is_digits(branch))
        return false;
    return !rest.p || (rest.n == 3 && is_digits(rest));
}
