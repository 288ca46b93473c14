/* compare.c - two lists of days off, and a list against the moon. */
#include "calendar/version.h"
#include "text/i18n.h"

static bool row_is(const struct json *a, const struct json *b)
{
    static const char *const keys[] = {"day", "kind", "name", "unit"};
    for (size_t i = 0; i < 4; i++)
        if (!str_eq(json_str(a, keys[i]), json_str(b, keys[i])))
            return false;
    return true;
}

static bool rows_have(const struct json *rows, const struct json *row)
{
    JSON_EACH (rows, r)
        if (row_is(r, row))
            return true;
    return false;
}

static void missing_put(struct ctx *cx, const struct json *from, const struct json *in,
                        const char *sign, struct json *out)
{
    JSON_EACH (from, r) {
        if (rows_have(in, r))
            continue;
        struct json *o = json_push(out, json_new_obj(cx->mem));
        json_put_str(cx->mem, o, "sign", str_from(sign));
        json_put_str(cx->mem, o, "day", json_str(r, "day"));
        json_put_str(cx->mem, o, "kind", json_str(r, "kind"));
        json_put_str(cx->mem, o, "name", json_str(r, "name"));
        json_put_str(cx->mem, o, "unit", json_str(r, "unit"));
    }
}

struct json *calendar_diff(struct ctx *cx, const struct json *old, const struct json *new)
{
    struct json *out = json_new_arr(cx->mem);
    missing_put(cx, old, new, "-", out);
    missing_put(cx, new, old, "+", out);
    return out;
}

/* -- against the moon -- */

static bool is_nodes_holiday(const struct json *row)
{
    return !json_str(row, "unit").n && str_eq(json_str(row, "kind"), STR("holiday"));
}

static bool day_is_listed(const struct json *rows, int32_t day)
{
    int32_t d = 0;
    JSON_EACH (rows, r)
        if (is_nodes_holiday(r) && day_parse(json_str(r, "day"), &d) && d == day)
            return true;
    return false;
}

static void fault_put(struct ctx *cx, struct json *out, int32_t day, const char *holiday,
                      const char *fault, struct str name)
{
    struct json *o = json_push(out, json_new_obj(cx->mem));
    json_put_int(cx->mem, o, "year", civil_of_day(day).year);
    json_put_str(cx->mem, o, "day", day_iso(cx->mem, day));
    json_put_str(cx->mem, o, "holiday", str_from(holiday));
    json_put_str(cx->mem, o, "fault", str_from(fault));
    json_put_str(cx->mem, o, "name", name);
}

static bool has_word(struct str folded, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= folded.n; i++)
        if (memcmp(folded.p + i, word, n) == 0)
            return true;
    return false;
}

/* A day that is called Tết or Hùng Kings' and lies where the moon has neither. The Prime
 * Minister fixes the five days of Tết: they lie within three days before and five after. */
static void contradictions_put(struct ctx *cx, const struct json *rows, struct json *out)
{
    enum { TET_BEFORE = 3, TET_AFTER = 5 };
    int32_t day = 0;
    JSON_EACH (rows, r) {
        if (!is_nodes_holiday(r) || !day_parse(json_str(r, "day"), &day))
            continue;
        int year = civil_of_day(day).year;
        struct str name = json_str(r, "name"), folded = text_fold(cx->mem, name);
        int32_t tet = lunar_tet(year);
        bool is_tet = has_word(folded, "tet am lich") || has_word(folded, "tet nguyen dan");
        if (is_tet && (day < tet - TET_BEFORE || day > tet + TET_AFTER))
            fault_put(cx, out, day, "tet", "contradicts", name);
        if (has_word(folded, "hung vuong") && day != lunar_hung_kings(year))
            fault_put(cx, out, day, "hung_kings", "contradicts", name);
    }
}

struct json *calendar_lunar_faults(struct ctx *cx, const struct json *rows)
{
    struct json *out = json_new_arr(cx->mem);
    int from = 9999, to = 0;
    int32_t day = 0;
    JSON_EACH (rows, r) {
        if (!is_nodes_holiday(r) || !day_parse(json_str(r, "day"), &day))
            continue;
        int year = civil_of_day(day).year;
        from = year < from ? year : from;
        to = year > to ? year : to;
    }
    for (int year = from; year <= to; year++) {
        if (!day_is_listed(rows, lunar_tet(year)))
            fault_put(cx, out, lunar_tet(year), "tet", "lacks", STR(""));
        if (!day_is_listed(rows, lunar_hung_kings(year)))
            fault_put(cx, out, lunar_hung_kings(year), "hung_kings", "lacks", STR(""));
    }
    contradictions_put(cx, rows, out);
    return out;
}
