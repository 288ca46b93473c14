/* period.c - months, quarters, halves and years: written, read, and the ones beside them. */
#include "target/period.h"

#include "text/i18n.h"

static const struct {
    const char *name;
    enum span span;
} names[] = {
    {"month", SPAN_MONTH}, {"quarter", SPAN_QUARTER}, {"half", SPAN_HALF}, {"year", SPAN_YEAR}};
enum { NAMES = sizeof names / sizeof *names };

const char *span_name(enum span e)
{
    for (size_t i = 0; i < NAMES; i++)
        if (names[i].span == e)
            return names[i].name;
    return "";
}

bool span_parse(struct str s, enum span *ret)
{
    for (size_t i = 0; i < NAMES; i++)
        if (str_eq(s, str_from(names[i].name))) {
            *ret = names[i].span;
            return true;
        }
    return false;
}

/* Months are counted from year 0, so that neighbours are a sum away. */
static struct period period_months(int from, int n)
{
    int to = from + n;
    return (struct period){day_make(from / 12, from % 12 + 1, 1),
                           day_make(to / 12, to % 12 + 1, 1)};
}

enum span period_span(struct period p)
{
    struct civil from = civil_of_day(p.from), to = civil_of_day(p.to);
    int n = (int)(month_of(p.to) - month_of(p.from));
    bool is_whole = from.day == 1 && to.day == 1 && n >= 1 && n <= 12;
    if (!is_whole || from.year < PERIOD_YEAR_MIN || from.year > PERIOD_YEAR_MAX)
        return SPAN_NONE;
    bool is_known = n == SPAN_MONTH || n == SPAN_QUARTER || n == SPAN_HALF || n == SPAN_YEAR;
    return is_known && (from.month - 1) % n == 0 ? (enum span)n : SPAN_NONE;
}

/* "06", "Q3", "H1": months and the number of the part. */
static bool part_parse(struct str s, enum span *span, int64_t *n)
{
    *span = SPAN_MONTH;
    if (s.n == 2 && (s.p[0] == 'Q' || s.p[0] == 'H')) {
        *span = s.p[0] == 'Q' ? SPAN_QUARTER : SPAN_HALF;
        s = str_skip(s, 1);
    } else if (s.n != 2 || s.p[0] < '0') {
        return false;
    }
    return str_int(s, n) && *n >= 1 && *n <= 12 / *span;
}

bool period_parse(struct str s, struct period *ret)
{
    struct str year;
    enum span span = SPAN_YEAR;
    int64_t y = 0, n = 1;
    struct str part = str_split(s, '-', &year);
    if (year.n != 4 || !str_int(year, &y) || y < PERIOD_YEAR_MIN || y > PERIOD_YEAR_MAX)
        return false;
    if (part.p && !part_parse(part, &span, &n))
        return false;
    *ret = period_months((int)y * 12 + ((int)n - 1) * (int)span, (int)span);
    return true;
}

struct str period_id(struct arena *mem, struct period p)
{
    struct civil from = civil_of_day(p.from);
    switch (period_span(p)) {
    case SPAN_YEAR:
        return str_fmt(mem, "%04d", from.year);
    case SPAN_HALF:
        return str_fmt(mem, "%04d-H%d", from.year, from.month / 6 + 1);
    case SPAN_QUARTER:
        return str_fmt(mem, "%04d-Q%d", from.year, from.month / 3 + 1);
    case SPAN_MONTH:
        return str_fmt(mem, "%04d-%02d", from.year, from.month);
    default:
        return STR_NULL;
    }
}

/* Which one of its year: "III", "đầu", "6". */
static struct str part_text(struct ctx *cx, enum span span, int n)
{
    static const char *const roman[] = {"I", "II", "III", "IV"};
    if (span == SPAN_HALF)
        return msg_get(cx->lang, n ? STR("target.half.second") : STR("target.half.first"));
    if (span == SPAN_QUARTER && cx->lang == LANG_VI)
        return str_from(roman[n % 4]);
    return str_fmt(cx->mem, "%d", n + 1);
}

struct str period_text(struct ctx *cx, struct period p)
{
    struct civil from = civil_of_day(p.from);
    enum span span = period_span(p);
    struct json *args = json_new_obj(cx->mem);
    if (span == SPAN_NONE)
        return str_fmt(cx->mem, "%.*s – %.*s", STR_ARG(day_text(cx->mem, p.from)),
                       STR_ARG(day_text(cx->mem, p.to - 1)));
    json_put_str(cx->mem, args, "year", str_fmt(cx->mem, "%d", from.year));
    json_put_str(cx->mem, args, "n", part_text(cx, span, (from.month - 1) / (int)span));
    return msg_fill(cx, str_fmt(cx->mem, "target.period.%s", span_name(span)), args);
}

struct period period_at(int32_t day, enum span span)
{
    int month = (int)month_of(day);
    return period_months(month - month % (int)span, (int)span);
}

/* Of any year: a picture may begin before, or a promise lie behind, those that may be entered. */
static enum span length_of(struct period p)
{
    int n = (int)(month_of(p.to) - month_of(p.from));
    return n > 0 ? (enum span)n : SPAN_MONTH;
}

struct period period_before(struct period p)
{
    return period_at(p.from - 1, length_of(p));
}

struct period period_next(struct period p)
{
    return period_at(p.to, length_of(p));
}
